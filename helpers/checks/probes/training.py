"""Probes of lesson 08: an answer is given tensors and variables, and watched by a tape."""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers.checks.observe import WrongReturn


class NoTensor(WrongReturn):
    """What the answer returned is not a tensor, so nothing can be differentiated."""


class NoGradient(WrongReturn):
    """The tape found no way back from the loss."""


def loss_and_gradient(answer: Callable, logits: NDArray, labels: NDArray) -> dict[str, Any]:
    """Call ``answer(logits, labels)`` on tensors, and differentiate what it returns.

    Examples
    --------
    >>> loss_and_gradient(lambda logits, labels: tf.reduce_sum(logits**2), np.ones(1), np.ones(1))[
    ...     "its gradient by the logits"
    ... ].numpy()
    array([2.], dtype=float32)
    """
    given = tf.constant(logits, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(given)
        loss = answer(given, tf.constant(labels, tf.float32))
    if not isinstance(loss, tf.Tensor):
        raise NoTensor(
            f"it returned a {type(loss).__name__}, not a tensor. Compute with TensorFlow's "
            "functions and return the result as it is, so that a tape can follow."
        )
    gradient = tape.gradient(loss, given)
    if gradient is None:
        raise NoGradient(
            "the tape finds no way from the loss back to the logits. Compute with TensorFlow's "
            "functions all the way; .numpy() and np functions leave the tape."
        )
    return {"the loss": loss, "its gradient by the logits": gradient}


# Losses of one or more scalar variables, under the formula that a verdict shows.
LOSSES: dict[str, Callable] = {
    "the mean of (w * x - labels) ** 2": lambda w: (
        lambda x, labels: tf.reduce_mean((w * x - labels) ** 2)
    ),
    "the mean of (w * x + b - labels) ** 2": lambda w, b: (
        lambda x, labels: tf.reduce_mean((w * x + b - labels) ** 2)
    ),
    "the mean of (v * w * x + b - labels) ** 2": lambda v, w, b: (
        lambda x, labels: tf.reduce_mean((v * w * x + b - labels) ** 2)
    ),
}


def one_step(
    answer: Callable,
    variables: NDArray,
    compute_loss: str,
    x: NDArray,
    labels: NDArray,
    learning_rate: float,
) -> dict[str, Any]:
    """Call ``answer(variables, compute_loss, x, labels, learning_rate)`` and see what has moved.

    The answer is given a scalar variable for each starting value, and the loss of `LOSSES` that has
    the name `compute_loss`, as a function of ``x`` and ``labels``.

    Examples
    --------
    >>> lazy = lambda variables, compute_loss, x, labels, learning_rate: compute_loss(x, labels)
    >>> data = np.array([1.0, 2.0]), np.array([3.0, 6.0])
    >>> seen = one_step(lazy, np.array([2.0]), "the mean of (w * x - labels) ** 2", *data, 0.1)
    >>> seen["the variables after the step"]
    array([2.], dtype=float32)
    """
    held = [tf.Variable(start, dtype=tf.float32) for start in variables]
    given = tf.constant(x, tf.float32), tf.constant(labels, tf.float32)
    try:
        returned = answer(list(held), LOSSES[compute_loss](*held), *given, learning_rate)
    except TypeError as error:
        if "NoneType" not in str(error):
            raise
        raise NoGradient(f"a gradient is None. {error}").with_traceback(
            error.__traceback__
        ) from None
    return {
        "what is returned": returned,
        "the variables after the step": np.array([variable.numpy() for variable in held]),
    }
