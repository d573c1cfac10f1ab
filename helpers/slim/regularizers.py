"""What keeps weights small, as the layers take it."""

from collections.abc import Callable
from numbers import Integral

import tensorflow as tf

tf1 = tf.compat.v1


def l2_regularizer(scale: float, scope: str | None = None) -> Callable[[tf.Tensor], tf.Tensor]:
    """Return a function that gives ``scale`` times half of the sum of the squared weights.

    With a scale of 0.0 it gives None: nothing to add to the loss. A negative scale is a ValueError,
    and so is an integer, which is taken for a mistake.

    Examples
    --------
    >>> float(l2_regularizer(0.1)(tf.constant([3.0, 1.0])))
    0.5
    """
    if isinstance(scale, Integral) or scale < 0:
        raise ValueError(f"scale has to be a float of 0.0 or more, not {scale!r}.")

    def regularizer(weights: tf.Tensor) -> tf.Tensor:
        with tf1.name_scope(scope, "l2_regularizer", [weights]) as name:
            factor = tf1.convert_to_tensor(scale, weights.dtype.base_dtype, name="scale")
            return tf1.multiply(factor, tf1.nn.l2_loss(weights), name=name)

    return regularizer if scale else lambda weights: None
