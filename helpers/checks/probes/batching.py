"""Probes of lesson 31: an answer gets lists, which have to stay as they are."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.observe import WrongReturn


class ChangedInput(WrongReturn):
    """The answer changed a list that it was given, or an array in it."""


class NoPair(WrongReturn):
    """The answer did not return two things."""


class NoArray(WrongReturn):
    """The first thing that the answer returned is a list."""


def padded(answer: Callable, sequences: list[NDArray], value: float) -> dict[str, Any]:
    """Call ``answer(sequences, value)``; see what it returns and that the sequences stay.

    Examples
    --------
    >>> padded(lambda sequences, value: (np.stack(sequences), [1]), [np.ones(1)], 0)["its dtype"]
    'float64'
    """
    arrays = [sequence.copy() for sequence in sequences]
    given = list(arrays)
    returned = answer(given, value)
    same = len(given) == len(arrays) and all(map(_is, given, arrays))
    if not same or not all(map(np.array_equal, arrays, sequences)):
        raise ChangedInput("your code changes `sequences`, and the caller still needs them")
    if not isinstance(returned, tuple | list) or len(returned) != 2:
        raise NoPair("it did not return two things, the array and the lengths")
    if isinstance(returned[0], tuple | list):
        raise NoArray("the first of the two is a list, not an array")
    array = np.asarray(returned[0])
    return {"the array": array, "its dtype": array.dtype.name, "the lengths": returned[1]}


def _is(one: Any, other: Any) -> bool:
    return one is other


def bucketed(answer: Callable, lengths: list, boundaries: list, sizes: list) -> Any:
    """Call ``answer(lengths, boundaries, sizes)`` and see that the three lists stay as they are.

    Examples
    --------
    >>> bucketed(lambda lengths, boundaries, sizes: [[0]], [4], [], [1])
    [[0]]
    """
    given = {"lengths": list(lengths), "boundaries": list(boundaries), "sizes": list(sizes)}
    returned = answer(*given.values())
    before = {"lengths": lengths, "boundaries": boundaries, "sizes": sizes}
    for name, values in given.items():
        if values != list(before[name]):
            raise ChangedInput(f"your code changes the list `{name}`: the caller still needs it")
    return returned
