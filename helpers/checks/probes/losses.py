"""Probes of lesson 11: gradients come as pairs; a loop is given a gradient that it has not met."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.observe import WrongReturn
from helpers.checks.syntax import can_end_open


class NoPair(WrongReturn):
    """The answer returned something else than two gradients."""


class NoPath(WrongReturn):
    """The answer returned no list of places."""


class OnePlace(NoPath):
    """The answer returned a single pair."""


class TooShort(NoPath):
    """The path lacks places."""


class StartMissing(TooShort):
    """The path does not begin where the parameters were."""


class TooLong(NoPath):
    """The path has places too many."""


class GradientUnused(NoPath):
    """The path was found with another gradient than the given one."""


class SameArray(WrongReturn):
    """Two places of the path are one array, which has been changed in between."""


def _named(value: Any) -> str:
    kind = type(value).__name__
    return (
        f"one {kind} of shape {np.shape(value)}" if isinstance(value, np.ndarray) else f"a {kind}"
    )


def two_gradients(answer: Callable, *arguments: Any) -> dict[str, Any]:
    """Call ``answer(weights, biases, x, labels)``, and see that two things come back.

    Examples
    --------
    >>> two_gradients(lambda *arguments: (1.0, 2.0), np.ones(1), 0.0, np.ones((1, 1)), np.ones(1))
    {'the gradient by the weights': 1.0, 'the gradient by the bias': 2.0}
    """
    found = answer(*arguments)
    if found is None:
        asked = " Does your function end in a return statement?" if can_end_open(answer) else ""
        raise NoPair(f"it returned None.{asked}")
    if not isinstance(found, list | tuple):
        raise NoPair(
            f"it returned {_named(found)}; two gradients were wanted, by weights and bias."
        )
    if len(found) != 2:
        raise NoPair(
            f"it returned {len(found)} values; two were wanted, by weights and by the bias."
        )
    return {"the gradient by the weights": found[0], "the gradient by the bias": found[1]}


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
    >>> place = np.array([1.0]), 0.5
    >>> stay = lambda gradient, weights, biases, *rest: [(weights, biases)]
    >>> learn(stay, "linear neuron", *place, np.array([[2.0]]), np.array([1.0]), 0.1, 0)
    {'the path': [(array([1.]), 0.5)]}
    """
    start, num_steps = np.array(arguments[0]), arguments[-1]
    asked = []

    def counted(*place: Any) -> tuple[NDArray, float]:
        asked.append(place)
        return GRADIENTS[gradient](*place)

    path = answer(counted, *arguments)
    if num_steps and not asked:
        raise GradientUnused("it never called `gradient`, the function that it was given.")
    _complain(path, start, num_steps)
    return {"the path": path}


def _complain(path: Any, start: NDArray, num_steps: int) -> None:
    """Say what is wrong with a path's form."""
    if not isinstance(path, list | tuple | np.ndarray):
        raise NoPath("it returned None." if path is None else f"it returned {_named(path)}.")
    if len(path) == 2 and isinstance(path[0], np.ndarray):
        raise OnePlace("it returned one pair; the list of all places was wanted.")
    pairs = [isinstance(place, list | tuple) and len(place) == 2 for place in path]
    if not all(pairs):
        raise NoPath(f"place {pairs.index(False)} of the path is no pair (weights, biases).")
    if len(path) != num_steps + 1:
        kind: type[NoPath] = TooShort if len(path) <= num_steps else TooLong
        if kind is TooShort and len(path) and not np.array_equal(path[0][0], start):
            kind = StartMissing
        wanted = f"the start and {num_steps} steps make {num_steps + 1}"
        raise kind(f"the path has {len(path)} places; {wanted}.")
    # Where the bias is the same as well, nothing has moved along: a place only came again.
    places = [place for place in path if isinstance(place[0], np.ndarray)]
    for i, (one, bias) in enumerate(places):
        for j in range(i):
            if np.shares_memory(places[j][0], one) and not np.array_equal(places[j][1], bias):
                raise SameArray(f"places {j} and {i} of the path hold the same array of weights.")
