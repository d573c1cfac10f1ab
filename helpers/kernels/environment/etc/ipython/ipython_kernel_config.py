"""Settings of every notebook kernel of this environment: in JupyterLab, nbval, nbgrader, the build.

Installed with the course to etc/ipython of the environment, where IPython looks for it.
"""

import os

c = get_config()  # noqa: F821 - given by IPython's configuration loader

# TensorFlow's C++ libraries report on drivers and processors while they are loaded. That depends on
# the machine and frightens readers; nbgrader's Validate even takes it for a failed check. What
# Python writes to sys.stderr is still shown in the notebook, what C++ writes goes to the terminal.
c.IPKernelApp.capture_fd_output = False
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# The lessons' matrices are small: a second thread of NumPy's BLAS gains nothing, and where other
# processes want the cores too, the two wait for each other and a lesson takes ten times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# On a GPU a lesson shows what it shows on a CPU: products keep all digits (no TensorFloat-32),
# convolutions add in the same order each time, and two notebooks share its memory.
os.environ.setdefault("NVIDIA_TF32_OVERRIDE", "0")
os.environ.setdefault("TF_CUDNN_DETERMINISTIC", "1")
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")

# No line on the terminal for each kernel that starts.
c.IPKernelApp.log_level = "ERROR"

# Errors that learners of graphs meet are explained under their traceback. It loads next to nothing.
c.InteractiveShellApp.extensions.append("helpers.errors")
