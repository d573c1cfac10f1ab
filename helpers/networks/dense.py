"""The network of one hidden layer: MNIST 数字识别实例."""

from collections.abc import Callable

import tensorflow as tf

from helpers.networks.training import Program

tf1 = tf.compat.v1


def inference(
    x: tf.Tensor,
    regularizer: Callable[[tf.Tensor], tf.Tensor] | None = None,
    hidden_units: int = 500,
) -> tf.Tensor:
    """Return the logits of flat images, in the default graph.

    Parameters
    ----------
    x : tf.Tensor, float32, shape (batch, 784)
    regularizer : callable, optional
        Its values for the weights of both layers are added to the collection "losses".
    hidden_units : int, optional

    Returns
    -------
    tf.Tensor, float32, shape (batch, 10)

    Notes
    -----
    Slide: MNIST 数字识别实例, whose names the variables have.

    Examples
    --------
    >>> from helpers import graphs
    >>> with graphs.fresh():
    ...     logits = inference(tf1.placeholder(tf.float32, [None, 784]))
    ...     print(*[v.op.name for v in tf1.trainable_variables()])
    layer1/weights layer1/biases layer2/weights layer2/biases
    """
    with tf1.variable_scope("layer1"):
        hidden = tf1.nn.relu(_layer(x, hidden_units, regularizer))
    with tf1.variable_scope("layer2"):
        return _layer(hidden, 10, regularizer)


def _layer(x: tf.Tensor, units: int, regularizer: Callable | None) -> tf.Tensor:
    weights = tf1.get_variable(
        "weights", [x.shape[-1], units], initializer=tf1.truncated_normal_initializer(stddev=0.1)
    )
    if regularizer is not None:
        tf1.add_to_collection("losses", regularizer(weights))
    biases = tf1.get_variable("biases", [units], initializer=tf1.constant_initializer(0.0))
    return tf1.matmul(x, weights) + biases


PROGRAM = Program(
    lambda images, training, regularizer: inference(images, regularizer), (784,), learning_rate=0.8
)
