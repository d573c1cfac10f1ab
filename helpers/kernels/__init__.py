"""How kernels run: settings of the environment, provisioners."""
