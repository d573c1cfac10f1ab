"""The network like LeNet-5: two convolutions, two poolings, two dense layers: LeNet-5类似实例."""

from collections.abc import Callable

import tensorflow as tf

from helpers.networks.training import Program

tf1 = tf.compat.v1

Regularizer = Callable[[tf.Tensor], tf.Tensor]


def inference(
    images: tf.Tensor, training: bool, regularizer: Regularizer | None = None
) -> tf.Tensor:
    """Return the logits of images, in the default graph.

    Parameters
    ----------
    images : tf.Tensor, float32, shape (batch, 28, 28, 1)
    training : bool
        Whether half of the 512 units of the dense layer are dropped at random.
    regularizer : callable, optional
        Its values for the weights of the two dense layers are added to the collection "losses".

    Returns
    -------
    tf.Tensor, float32, shape (batch, 10)

    Notes
    -----
    Slide: LeNet-5类似实例. The number of images in a batch may be unknown, so that an evaluation
    can take a last batch that is smaller; on the slide it is fixed at 100.

    Examples
    --------
    >>> from helpers import graphs
    >>> with graphs.fresh():
    ...     logits = inference(tf1.placeholder(tf.float32, [None, 28, 28, 1]), training=False)
    ...     print(logits.shape, *[v.op.name for v in tf1.trainable_variables()[:2]])
    (None, 10) layer1-conv1/weight layer1-conv1/bias
    """
    x = _convolution("layer1-conv1", images, number=32)
    x = tf1.nn.max_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME", name="layer2-pool1")
    x = _convolution("layer3-conv2", x, number=64)
    x = tf1.nn.max_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME", name="layer4-pool2")
    x = tf1.reshape(x, [-1, 7 * 7 * 64])
    x = tf1.nn.relu(_dense("layer5-fc1", x, 512, regularizer))
    if training:
        x = tf1.nn.dropout(x, rate=0.5)
    return _dense("layer6-fc2", x, 10, regularizer)


def _convolution(scope: str, x: tf.Tensor, number: int) -> tf.Tensor:
    with tf1.variable_scope(scope):
        weights = _weights([5, 5, x.shape[-1], number])
        biases = tf1.get_variable("bias", [number], initializer=tf1.constant_initializer(0.0))
        z = tf1.nn.conv2d(x, weights, strides=[1, 1, 1, 1], padding="SAME")
        return tf1.nn.relu(tf1.nn.bias_add(z, biases))


def _dense(scope: str, x: tf.Tensor, units: int, regularizer: Regularizer | None) -> tf.Tensor:
    with tf1.variable_scope(scope):
        weights = _weights([x.shape[-1], units])
        if regularizer is not None:
            tf1.add_to_collection("losses", regularizer(weights))
        biases = tf1.get_variable("bias", [units], initializer=tf1.constant_initializer(0.1))
        return tf1.matmul(x, weights) + biases


def _weights(shape: list[int]) -> tf.Variable:
    return tf1.get_variable(
        "weight", shape, initializer=tf1.truncated_normal_initializer(stddev=0.1)
    )


PROGRAM = Program(inference, (28, 28, 1), learning_rate=0.01)
