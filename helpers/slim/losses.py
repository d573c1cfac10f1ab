"""tf-slim's losses: logits come first, and each loss is added to the collection "losses"."""

from typing import Any

import tensorflow as tf

tf1 = tf.compat.v1

add_loss = tf1.losses.add_loss
get_losses = tf1.losses.get_losses
get_regularization_losses = tf1.losses.get_regularization_losses
get_total_loss = tf1.losses.get_total_loss


def softmax_cross_entropy(
    logits: tf.Tensor,
    onehot_labels: tf.Tensor,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: str | None = None,
) -> tf.Tensor:
    """Return the mean cross entropy of the samples whose weight is not 0.

    Examples
    --------
    >>> with tf.Graph().as_default(), tf1.Session() as session:
    ...     loss = softmax_cross_entropy(tf.zeros([5, 2]), tf.one_hot([0, 0, 1, 1, 1], 2))
    ...     print(session.run(loss).round(3), get_losses() == [loss])
    0.693 True
    """
    return tf1.losses.softmax_cross_entropy(onehot_labels, logits, weights, label_smoothing, scope)


def sparse_softmax_cross_entropy(
    logits: tf.Tensor, labels: tf.Tensor, weights: Any = 1.0, scope: str | None = None
) -> tf.Tensor:
    """Return the same for labels that are class numbers."""
    return tf1.losses.sparse_softmax_cross_entropy(labels, logits, weights, scope)
