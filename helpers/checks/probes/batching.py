"""Probe of lesson 31: an answer fills sequences up to one length."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.observe import WrongReturn


class NoPair(WrongReturn):
    """The answer did not return two things."""


class NoArray(WrongReturn):
    """The first thing that the answer returned is a list."""


def padded(answer: Callable, sequences: list[NDArray], value: float) -> dict[str, Any]:
    """Call ``answer(sequences, value)`` and see what it returns.

    Examples
    --------
    >>> padded(lambda sequences, value: (np.stack(sequences), [1]), [np.ones(1)], 0)["its dtype"]
    'float64'
    """
    returned = answer(sequences, value)
    if not isinstance(returned, tuple | list) or len(returned) != 2:
        raise NoPair("it did not return two things, the array and the lengths")
    if isinstance(returned[0], tuple | list):
        raise NoArray("the first of the two is a list, not an array")
    array = np.asarray(returned[0])
    return {"the array": array, "its dtype": array.dtype.name, "the lengths": returned[1]}
