"""Probes of lesson 14: a descent is given a schedule and counted, a range test is unpacked."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers import schedules
from helpers.checks.observe import WrongReturn


class NoPair(WrongReturn):
    """A range test did not return two things."""


class NoStep(WrongReturn):
    """A schedule was asked for the rate of what is no step."""


def descend_with(
    answer: Callable,
    steepness: NDArray,
    start: NDArray,
    rates_by_step: Sequence[float],
    num_steps: int,
) -> dict[str, Any]:
    """Walk down a bowl whose gradient is ``steepness * weights``, at the listed rates.

    Examples
    --------
    >>> seen = descend_with(lambda gradient, start, *_: [start, start - gradient(start)],
    ...                     np.ones(1), np.ones(1), [1.0], 1)
    >>> seen["the number of gradients asked for"]
    1
    """
    places: list[NDArray] = []

    def gradient(weights: NDArray) -> NDArray:
        places.append(np.array(weights))
        return steepness * places[-1]

    def schedule(step: float) -> float:
        if step != int(step):
            raise NoStep(f"it asked for the rate of step {step:g}; steps are counted 0, 1, 2, …")
        return rates_by_step[int(step)]

    path = answer(gradient, start, schedule, num_steps)
    return {
        "the path": path,
        "the number of gradients asked for": len(places),
        "the list of the places of these gradients": places,
    }


def descend_as_named(
    steepness: Callable, start: NDArray, rates_by_step: Callable, num_steps: int
) -> NDArray:
    """Descend as `helpers.schedules.descend` does; a verdict prints these names before its numbers.

    It stands here because a sandbox lets another answer call it.
    """
    return schedules.descend(steepness, start, rates_by_step, num_steps)


# Losses do not travel between processes; their names do.
LOSSES: dict[str, Callable] = {
    "the sum of x ** 2": lambda x: np.sum(np.asarray(x) ** 2),
    "the largest of |x|": lambda x: np.max(np.abs(x)),
}


def range_test(
    answer: Callable,
    steepness: NDArray,
    loss: str,
    start: NDArray,
    low: float,
    high: float,
    num_steps: int,
) -> dict[str, Any]:
    """Test rates on a bowl whose gradient is ``steepness * weights``, with a loss of `LOSSES`.

    Examples
    --------
    >>> seen = range_test(lambda gradient, loss, start, *_: ([0.1], [loss(start)]),
    ...                   np.ones(1), "the sum of x ** 2", np.array([3.0]), 0.1, 1.0, 1)
    >>> seen["the losses"]
    [np.float64(9.0)]
    """
    returned = answer(
        lambda weights: steepness * np.asarray(weights), LOSSES[loss], start, low, high, num_steps
    )
    try:
        if isinstance(returned, dict):
            raise TypeError
        rates, losses = returned
    except (TypeError, ValueError):
        many = f" of {len(returned)}" if hasattr(returned, "__len__") else ""
        raise NoPair(
            f"what it returned is a {type(returned).__name__}{many}. Return two things, the rates "
            "and the losses: `return rates, losses`."
        ) from None
    return {"the rates": rates, "the losses": losses}
