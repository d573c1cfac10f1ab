"""Layers with the names, the arguments and the defaults of tf-slim's."""

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from helpers.slim.scopes import add_arg_scope

tf1 = tf.compat.v1

Size = int | Sequence[int]

XAVIER, ZEROS = tf1.glorot_uniform_initializer(), tf1.zeros_initializer()


@add_arg_scope
def conv2d(
    inputs: tf.Tensor,
    num_outputs: int,
    kernel_size: Size,
    stride: Size = 1,
    padding: str = "SAME",
    *,
    rate: Size = 1,
    activation_fn: Callable | None = tf1.nn.relu,
    weights_initializer: Callable = XAVIER,
    weights_regularizer: Callable | None = None,
    biases_initializer: Callable | None = ZEROS,
    biases_regularizer: Callable | None = None,
    reuse: bool | None = None,
    trainable: bool = True,
    scope: Any = None,
) -> tf.Tensor:
    """Convolve maps, add biases, apply ReLU.

    Parameters
    ----------
    inputs : tf.Tensor, shape (batch, height, width, channels)
    num_outputs : int
    kernel_size, stride, rate : int or a pair
        Of the filter; by how many pixels it moves; how far apart its weights lie.
    padding : "SAME" or "VALID"
    activation_fn : callable, optional
        None: no activation.
    weights_initializer, biases_initializer : callable
        Xavier's and zeros. With None for the second there are no biases.
    weights_regularizer, biases_regularizer : callable, optional
        Their values are added to the collection "regularization_losses".
    reuse : bool, optional
        True: take the variables that exist in this scope.
    trainable : bool
    scope : str or variable scope, optional
        Default: "Conv", "Conv_1", …. The variables are its "weights" and "biases".

    Examples
    --------
    >>> with tf.Graph().as_default():
    ...     net = tf1.placeholder(tf.float32, [None, 8, 8, 3])
    ...     print(conv2d(net, 16, [1, 3], stride=2, scope="mixed").shape)
    ...     print(*[v.op.name for v in tf1.trainable_variables()])
    (None, 4, 4, 16)
    mixed/weights mixed/biases
    """
    with tf1.variable_scope(scope, "Conv", [inputs], reuse=reuse):
        inputs = tf1.convert_to_tensor(inputs)
        if inputs.shape.rank != 4:
            raise ValueError(f"conv2d takes inputs with 4 axes; the shape is {inputs.shape}.")
        steps, spread, padding = _pair(stride), _pair(rate), padding.upper()
        return _layer(
            lambda w: tf.nn.convolution(inputs, w, steps, padding, dilations=spread, name="Conv2D"),
            activation_fn,
            [*_pair(kernel_size), inputs.shape[-1], num_outputs],
            (inputs.dtype, weights_initializer, weights_regularizer, trainable),
            (inputs.dtype, biases_initializer, biases_regularizer, trainable),
        )


@add_arg_scope
def fully_connected(
    inputs: tf.Tensor,
    num_outputs: int,
    activation_fn: Callable | None = tf1.nn.relu,
    *,
    weights_initializer: Callable = XAVIER,
    weights_regularizer: Callable | None = None,
    biases_initializer: Callable | None = ZEROS,
    biases_regularizer: Callable | None = None,
    reuse: bool | None = None,
    trainable: bool = True,
    scope: Any = None,
) -> tf.Tensor:
    """Multiply the last axis by weights, add biases, apply ReLU. For the arguments see `conv2d`.

    Examples
    --------
    >>> with tf.Graph().as_default():
    ...     fully_connected(tf1.placeholder(tf.float32, [None, 5]), 2).name
    'fully_connected/Relu:0'
    """
    with tf1.variable_scope(scope, "fully_connected", [inputs], reuse=reuse):
        inputs = tf1.convert_to_tensor(inputs)
        return _layer(
            lambda w: (
                tf1.tensordot(inputs, w, 1) if inputs.shape.rank > 2 else tf1.matmul(inputs, w)
            ),
            activation_fn,
            [inputs.shape[-1], num_outputs],
            (inputs.dtype, weights_initializer, weights_regularizer, trainable),
            (inputs.dtype, biases_initializer, biases_regularizer, trainable),
        )


@add_arg_scope
def max_pool2d(
    inputs: Any, kernel_size: Size, stride: Size = 2, padding: str = "VALID", *, scope: Any = None
) -> tf.Tensor:
    """Take the largest number of each window. For the arguments see `conv2d`.

    Examples
    --------
    >>> with tf.Graph().as_default():
    ...     max_pool2d(tf1.placeholder(tf.float32, [None, 8, 8, 3]), [3, 3]).shape
    TensorShape([None, 3, 3, 3])
    """
    with tf1.name_scope(scope, "MaxPool2D", [inputs]):
        return tf1.nn.max_pool(inputs, _pair(kernel_size), _pair(stride), padding.upper())


@add_arg_scope
def avg_pool2d(
    inputs: Any, kernel_size: Size, stride: Size = 2, padding: str = "VALID", *, scope: Any = None
) -> tf.Tensor:
    """Take the mean of each window, of those of its pixels that lie in the image."""
    with tf1.name_scope(scope, "AvgPool2D", [inputs]):
        return tf1.nn.avg_pool(inputs, _pair(kernel_size), _pair(stride), padding.upper())


@add_arg_scope
def flatten(inputs: tf.Tensor, *, scope: str | None = None) -> tf.Tensor:
    """Make one axis of all axes but the first.

    Examples
    --------
    >>> with tf.Graph().as_default():
    ...     flatten(tf1.placeholder(tf.float32, [None, 8, 8, 3])).shape
    TensorShape([None, 192])
    """
    with tf1.name_scope(scope, "Flatten", [inputs]), tf1.name_scope("flatten"):
        length = inputs.shape[1:].num_elements()
        if length is None:
            raise ValueError(f"flatten has to know all axes but the first: {inputs.shape}.")
        return tf1.reshape(inputs, tf1.constant([-1, length]))


@add_arg_scope
def dropout(
    inputs: tf.Tensor,
    keep_prob: float = 0.5,
    noise_shape: Any = None,
    is_training: Any = True,
    *,
    scope: Any = None,
    seed: int | None = None,
) -> tf.Tensor:
    """Keep each number with probability `keep_prob`, divided by it, and make the others 0.

    Where `noise_shape` has a 1, an axis is kept or dropped as a whole. If `is_training` is False, a
    bool or a tensor of one, the inputs come back as they are.
    """
    with tf1.variable_scope(scope, "Dropout", [inputs]):
        inputs = tf1.convert_to_tensor(inputs)

        def dropped() -> tf.Tensor:
            return tf1.nn.dropout(inputs, rate=1 - keep_prob, noise_shape=noise_shape, seed=seed)

        known = tf.get_static_value(is_training)
        if known is None:
            return tf1.cond(is_training, dropped, lambda: tf1.identity(inputs))
        return dropped() if known else tf1.identity(inputs)


def _layer(product: Callable, activation_fn: Any, shape: list[int], *made: tuple) -> tf.Tensor:
    """Return the activation of ``product(weights) + biases``; `made` says how they are made."""
    weights = _variable("weights", shape, *made[0])
    if made[1][1] is None:
        outputs = product(weights)
    else:
        biases = _variable("biases", shape[-1:], *made[1])
        outputs = tf1.nn.bias_add(product(weights), biases)
    return outputs if activation_fn is None else activation_fn(outputs)


def _variable(
    name: str,
    shape: list[int],
    dtype: tf.DType,
    initializer: Any,
    regularizer: Any,
    trainable: bool,
) -> tf.Variable:
    """Make or reuse a variable; add its regularizer's value if it is new."""
    known = len(tf1.global_variables())
    keys = [tf1.GraphKeys.GLOBAL_VARIABLES, tf1.GraphKeys.MODEL_VARIABLES]
    variable = tf1.get_variable(name, shape, dtype, initializer, None, trainable, keys)
    if regularizer and len(tf1.global_variables()) > known:
        # tf-slim names it after the Keras layer that it uses.
        with tf1.name_scope({"weights": "kernel", "biases": "bias"}[name] + "/Regularizer"):
            loss = regularizer(variable)
        if loss is not None:
            tf1.losses.add_loss(loss, tf1.GraphKeys.REGULARIZATION_LOSSES)
    return variable


def _pair(size: Size) -> list[int]:
    return [size, size] if isinstance(size, int) else list(size)
