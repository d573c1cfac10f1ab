"""Probe of lesson 11: a training loop is given a gradient that it has not met."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def _linear_neuron(
    weights: NDArray, biases: float, x: NDArray, labels: NDArray
) -> tuple[NDArray, float]:
    error = weights @ x + biases - labels
    return x @ error / len(labels), float(np.mean(error))


def _pull_to_zero(
    weights: NDArray, biases: float, x: NDArray, labels: NDArray
) -> tuple[NDArray, float]:
    return weights * np.sum(x**2, axis=1), biases - float(np.sum(labels))


# Functions do not travel between processes; their names do.
GRADIENTS = {"linear neuron": _linear_neuron, "pull to zero": _pull_to_zero}


def learn(answer: Callable, gradient: str, *arguments: Any) -> dict[str, Any]:
    """Call ``answer(gradient, *arguments)`` with the gradient of this name.

    Examples
    --------
    >>> seen = learn(lambda gradient, weights, *rest: gradient(weights, *rest), "linear neuron",
    ...              np.array([1.0]), 0.5, np.array([[2.0]]), np.array([1.0]))
    >>> seen["the path"]
    (array([3.]), 1.5)
    """
    given = copy.deepcopy(arguments)
    path = answer(GRADIENTS[gradient], *given)
    unchanged = all(map(np.array_equal, arguments, given))
    return {"the path": path, "whether the arguments are as they were": unchanged}
