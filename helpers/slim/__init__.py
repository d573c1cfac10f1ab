"""Slim-style code in graph mode: layers that take their defaults from a scope: TF-slim.

The variables have the names that the package tf-slim gives them, so that its checkpoints load.
"""

from helpers.slim import losses
from helpers.slim.layers import avg_pool2d, conv2d, dropout, flatten, fully_connected, max_pool2d
from helpers.slim.regularizers import l2_regularizer
from helpers.slim.scopes import add_arg_scope, arg_scope

__all__ = ["add_arg_scope", "arg_scope", "l2_regularizer", "losses"]
__all__ += ["avg_pool2d", "conv2d", "dropout", "flatten", "fully_connected", "max_pool2d"]
