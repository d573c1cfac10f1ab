"""Probes of lesson 08: an answer is given tensors and variables, and watched by a tape."""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers.checks.observe import WrongReturn


class NoTensor(WrongReturn):
    """What the answer returned is not a tensor, so nothing can be differentiated."""


class NotFloat32(WrongReturn):
    """The loss has another dtype than the logits."""


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
    if loss.dtype != tf.float32:
        raise NotFloat32(
            f"it returned a tensor of dtype {loss.dtype.name}; logits and labels are float32, and "
            "so is the loss."
        )
    gradient = tape.gradient(loss, given)
    if gradient is None:
        raise NoGradient(
            "the tape finds no way from the loss back to the logits. Compute with TensorFlow's "
            "functions all the way; .numpy() and np functions leave the tape."
        )
    return {"the loss": loss, "its gradient by the logits": gradient}


class NumberForTape(WrongReturn):
    """The tape was asked for the gradient of a number that is no tensor."""


# Losses of one or more variables, under the formula that a verdict shows.
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
    "the mean of (x @ w + b - labels) ** 2": lambda w, b: (
        lambda x, labels: tf.reduce_mean((x @ w + b - labels) ** 2)
    ),
}


def one_step(
    answer: Callable,
    variables: list[NDArray],
    compute_loss: str,
    x: NDArray,
    labels: NDArray,
    learning_rate: float,
) -> dict[str, Any]:
    """Call ``answer(variables, compute_loss, x, labels, learning_rate)`` and see what has moved.

    The answer is given a variable for each starting value, of its dtype, and the loss of `LOSSES`
    that has the name `compute_loss`, as a function of ``x`` and ``labels``.

    Examples
    --------
    >>> lazy = lambda variables, compute_loss, x, labels, learning_rate: compute_loss(x, labels)
    >>> data = np.array([1.0, 2.0]), np.array([3.0, 6.0])
    >>> seen = one_step(lazy, [np.array(2.0)], "the mean of (w * x - labels) ** 2", *data, 0.1)
    >>> seen["the variables after the step"]
    [array(2.)]
    """
    held = [tf.Variable(start) for start in variables]
    given = tf.constant(x, held[0].dtype), tf.constant(labels, held[0].dtype)
    try:
        returned = answer(list(held), LOSSES[compute_loss](*held), *given, learning_rate)
    except AttributeError as error:
        if "'_id'" not in str(error):
            raise
        raise NumberForTape(
            "the tape was given a number of NumPy's. It needs the tensor: take .numpy() or float() "
            "after the gradient."
        ).with_traceback(error.__traceback__) from None
    except (TypeError, ValueError) as error:
        if "None" not in str(error):
            raise
        raise NoGradient(f"a gradient is None. {error}").with_traceback(
            error.__traceback__
        ) from None
    return {
        "what is returned": returned,
        "the variables after the step": [np.array(variable) for variable in held],
    }
