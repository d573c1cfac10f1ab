"""Probes of lesson 17: an answer evaluates variables with their averages in place, and leaves."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray


class EvaluationFailed(Exception):
    """What the evaluation of a case raises on purpose."""


def evaluated(
    answer: Callable, weights: Sequence[NDArray], averages: Sequence[NDArray], fails: bool
) -> dict[str, Any]:
    """Call ``answer(variables, averages, evaluate)`` and see what the variables held, and when.

    Parameters
    ----------
    answer : callable
    weights, averages : sequence of ndarray
        What the variables hold at first, and what they are to hold meanwhile.
    fails : bool
        Whether the evaluation raises an error after it has looked at the variables.

    Examples
    --------
    >>> seen = evaluated(
    ...     lambda variables, averages, evaluate: evaluate(), [np.ones(1)], [np.zeros(1)], False
    ... )
    >>> seen["the variables while they are evaluated"]
    [array([1.])]
    """
    variables = [tf.Variable(array) for array in weights]
    during: list[Any] = []

    def evaluate() -> float:
        during.append([variable.numpy() for variable in variables])
        if fails:
            raise EvaluationFailed("the evaluation went wrong")
        return float(sum(np.sum(array) for array in during[-1]))

    try:
        returned = answer(list(variables), averages, evaluate)
    except EvaluationFailed:
        returned = "the evaluation's error"
    return {
        "the number of evaluations": len(during),
        "the variables while they are evaluated": during[0] if during else "none",
        "what is returned or raised": returned,
        "the variables afterwards": [variable.numpy() for variable in variables],
    }
