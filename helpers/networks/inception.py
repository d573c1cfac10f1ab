"""Inception modules in slim style: Inception 模型, TF-slim."""

import tensorflow as tf

from helpers import slim

tf1 = tf.compat.v1


def mixed_7c(net: tf.Tensor) -> tf.Tensor:
    """Return the last module of Inception-v3, built on maps, in the default graph.

    Parameters
    ----------
    net : tf.Tensor, float32, shape (batch, height, width, channels)
        On the slide (batch, 8, 8, 2048).

    Returns
    -------
    tf.Tensor, float32, shape (batch, height, width, 2048)
        The maps of four branches: 320, 768, 768, 192.

    Notes
    -----
    Slide: TF-slim, whose names the variables have. Szegedy et al., "Rethinking the Inception
    architecture for computer vision" (2015), figure 7; there each convolution is followed by batch
    normalization.

    Examples
    --------
    >>> with tf.Graph().as_default():
    ...     mixed = mixed_7c(tf1.placeholder(tf.float32, [None, 8, 8, 2048]))
    ...     print(mixed.shape, *[v.op.name for v in tf1.trainable_variables()[:1]])
    (None, 8, 8, 2048) Mixed_7c/Branch_0/Conv2d_0a_1x1/weights
    """
    layers = [slim.conv2d, slim.max_pool2d, slim.avg_pool2d]
    with slim.arg_scope(layers, stride=1, padding="SAME"), tf1.variable_scope("Mixed_7c"):
        with tf1.variable_scope("Branch_0"):
            branch_0 = slim.conv2d(net, 320, [1, 1], scope="Conv2d_0a_1x1")
        with tf1.variable_scope("Branch_1"):
            branch_1 = slim.conv2d(net, 384, [1, 1], scope="Conv2d_0a_1x1")
            branch_1 = _row_beside_column(branch_1, "Conv2d_0b_1x3", "Conv2d_0c_3x1")
        with tf1.variable_scope("Branch_2"):
            branch_2 = slim.conv2d(net, 448, [1, 1], scope="Conv2d_0a_1x1")
            branch_2 = slim.conv2d(branch_2, 384, [3, 3], scope="Conv2d_0b_3x3")
            branch_2 = _row_beside_column(branch_2, "Conv2d_0c_1x3", "Conv2d_0d_3x1")
        with tf1.variable_scope("Branch_3"):
            branch_3 = slim.avg_pool2d(net, [3, 3], scope="AvgPool_0a_3x3")
            branch_3 = slim.conv2d(branch_3, 192, [1, 1], scope="Conv2d_0b_1x1")
        return tf1.concat([branch_0, branch_1, branch_2, branch_3], axis=3)


def _row_beside_column(net: tf.Tensor, row: str, column: str) -> tf.Tensor:
    both = [slim.conv2d(net, 384, [1, 3], scope=row), slim.conv2d(net, 384, [3, 1], scope=column)]
    return tf1.concat(both, axis=3)


def block(net: tf.Tensor, depth: int, scope: str) -> tf.Tensor:
    """Return a module with filters of three sizes, as Inception-v1 has them.

    Parameters
    ----------
    net : tf.Tensor, float32, shape (batch, height, width, channels)
    depth : int
        Number of the maps that each branch gives; at least 4.
    scope : str
        Name of the variable scope.

    Returns
    -------
    tf.Tensor, float32, shape (batch, height, width, 4 * depth)

    Notes
    -----
    Slide: Inception 模型. Szegedy et al., "Going deeper with convolutions" (2014), figure 2(b).

    Examples
    --------
    >>> with tf.Graph().as_default():
    ...     block(tf1.placeholder(tf.float32, [None, 8, 8, 3]), 16, "first").shape
    TensorShape([None, 8, 8, 64])
    """
    layers = [slim.conv2d, slim.max_pool2d]
    with slim.arg_scope(layers, stride=1, padding="SAME"), tf1.variable_scope(scope):
        with tf1.variable_scope("Branch_0"):
            branch_0 = slim.conv2d(net, depth, [1, 1], scope="Conv2d_0a_1x1")
        with tf1.variable_scope("Branch_1"):
            branch_1 = slim.conv2d(net, depth // 2, [1, 1], scope="Conv2d_0a_1x1")
            branch_1 = slim.conv2d(branch_1, depth, [3, 3], scope="Conv2d_0b_3x3")
        with tf1.variable_scope("Branch_2"):
            branch_2 = slim.conv2d(net, depth // 4, [1, 1], scope="Conv2d_0a_1x1")
            branch_2 = slim.conv2d(branch_2, depth, [5, 5], scope="Conv2d_0b_5x5")
        with tf1.variable_scope("Branch_3"):
            branch_3 = slim.max_pool2d(net, [3, 3], scope="MaxPool_0a_3x3")
            branch_3 = slim.conv2d(branch_3, depth, [1, 1], scope="Conv2d_0b_1x1")
        return tf1.concat([branch_0, branch_1, branch_2, branch_3], axis=3)
