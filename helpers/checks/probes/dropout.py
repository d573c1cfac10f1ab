"""Probes of lesson 16: an answer gets a generator that was seeded for the case."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.observe import WrongReturn


class NotAPair(WrongReturn):
    """The answer did not return two things."""


def dropped(answer: Callable, x: NDArray, rate: float, seed: int, training: bool) -> dict[str, Any]:
    """Call ``answer(x, rate, rng, training)`` and see what it returns and how much it has drawn.

    Examples
    --------
    >>> seen = dropped(lambda x, rate, rng, training: (x, np.ones(3)), np.zeros(3), 0.5, 0, True)
    >>> seen["the factors"]
    array([1., 1., 1.])
    """
    rng = np.random.default_rng(seed)
    returned = answer(x, rate, rng, training)
    if not isinstance(returned, tuple | list) or len(returned) != 2:
        kind = "None" if returned is None else f"a {type(returned).__name__}"
        raise NotAPair(f"it returned {kind}, not two things, the outputs and the factors")
    return {
        "the outputs": returned[0],
        "the factors": returned[1],
        "the next number that the generator would draw": rng.random(),
    }
