"""Which cases fail, and what their arguments have in common."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, permutations
from typing import Any

import numpy as np

from helpers.checks.causes.trial import Cause, Trial
from helpers.checks.compare import as_numbers

# What a condition needs to be said: one case; several cases; that no other condition fits as well.
ALONE, SEVERAL, WEAK = 2, 1, 0
ENOUGH = 3  # cases of either kind
ENOUGH_WEAK = 6  # where the condition is one of many that some cases are bound to fulfil
ENOUGH_WAYS = 20
ENOUGH_OTHERS = 4  # cases of the other kind, where a single one stands apart


def find_condition(trials: Sequence[Trial]) -> Cause | None:
    """Return a condition on the arguments that tells the failing cases from the others.

    Examples
    --------
    >>> trials = [Trial({"n": n}, 0, n, n < 0) for n in (-3, -2, -1, 0, 2, 4, 5, 7)]
    >>> find_condition(trials).sentence
    'it fails in each of the 3 cases in which `n` is negative, and in none of the 5 others.'
    """
    wrong = [trial.wrong for trial in trials]
    number, others = sum(wrong), len(wrong) - sum(wrong)
    if not number or not others:
        return None
    told = [dict(_conditions(trial.arguments)) for trial in trials]
    known = dict.fromkeys(words for each in told for words in each)
    matching = [each for each in known if [all_.get(each) for all_ in told] == wrong]
    if min(number, others) >= ENOUGH and math.comb(len(wrong), number) >= ENOUGH_WAYS:
        clear = [words for words, strength in matching if strength >= SEVERAL]
        kinds = _kinds(words for words, _ in matching)
        certain = len(kinds) == 1 and min(number, others) >= ENOUGH_WEAK
        said = clear[:1] or [words for words, _ in matching[:1] if certain]
    elif number == 1 and others >= ENOUGH_OTHERS:
        said = [words for words, strength in matching if strength == ALONE]
        if len(said) > 1:  # one of them, or none, is meant
            return None
    else:
        return None
    if not said:
        return None
    cases = "the only case" if number == 1 else f"each of the {number} cases"
    rest = "not in the other" if others == 1 else f"in none of the {others} others"
    return Cause("condition", f"it fails in {cases} in which {' and '.join(said)}, and {rest}.")


def _kinds(conditions: Iterable[str]) -> set[str]:
    return {re.sub("`.*?`", "", words) for words in conditions}


def _conditions(arguments: Mapping[str, Any]) -> Iterator[tuple[tuple[str, int], bool]]:
    """Yield conditions in words with their strength, and whether they hold."""
    lengths: dict[str, int] = {}
    scalars: dict[str, float] = {}
    for name, value in arguments.items():
        array = as_numbers(value)
        if isinstance(value, bool):
            yield (f"`{name}` is True", ALONE), value
            yield (f"`{name}` is False", ALONE), not value
        elif isinstance(value, str) or value is None:
            yield (f"`{name}` is {value!r}", ALONE), True
        elif array is not None and array.ndim == 0:
            scalars[name] = float(array)
            yield from _of_number(name, value, float(array))
        elif isinstance(value, list | tuple | np.ndarray):
            lengths[name] = len(value)
            one = "row" if array is not None and array.ndim > 1 else "element"
            yield (f"`{name}` is empty", ALONE), not len(value)
            yield (f"`{name}` has one {one}", ALONE), len(value) == 1
            yield (f"`{name}` has more than one {one}", SEVERAL), len(value) > 1
            yield (f"`{name}` has more than two {one}s", WEAK), len(value) > 2
            yield (f"`{name}` has an odd number of {one}s", WEAK), len(value) % 2 == 1
            yield (f"`{name}` has an even number of {one}s", WEAK), len(value) % 2 == 0
            if array is not None and array.size:
                yield from _of_array(name, value, array)
    for one, other in combinations(scalars, 2):
        yield (f"`{one}` is larger than `{other}`", ALONE), scalars[one] > scalars[other]
        yield (f"`{one}` is smaller than `{other}`", ALONE), scalars[one] < scalars[other]
        yield (f"`{one}` equals `{other}`", ALONE), scalars[one] == scalars[other]
    whole = {name: number for name, number in scalars.items() if number and number == int(number)}
    for one, other in permutations(whole, 2):
        yield (f"`{one}` is no multiple of `{other}`", ALONE), bool(whole[one] % whole[other])
    for name, length in lengths.items():
        for other, number in scalars.items():
            if number and number == int(number):
                words = f"the length of `{name}` is no multiple of `{other}`"
                yield (words, ALONE), bool(length % number)
                yield (
                    (f"the length of `{name}` is a multiple of `{other}`", SEVERAL),
                    not length % number,
                )
                yield (f"`{other}` is larger than the length of `{name}`", ALONE), number > length
    for one, other in combinations(lengths, 2):
        yield (f"`{one}` is longer than `{other}`", ALONE), lengths[one] > lengths[other]
        yield (f"`{one}` is shorter than `{other}`", ALONE), lengths[one] < lengths[other]
        yield (
            (f"`{one}` and `{other}` have the same length", SEVERAL),
            lengths[one] == lengths[other],
        )


def _of_number(name: str, value: Any, number: float) -> Iterator[tuple[tuple[str, int], bool]]:
    yield (f"`{name}` is 0", ALONE), number == 0
    yield (f"`{name}` is not 0", SEVERAL), number != 0
    yield (f"`{name}` is negative", ALONE), number < 0
    yield (f"`{name}` is 1", ALONE), number == 1
    yield (f"`{name}` is not 1", SEVERAL), number != 1
    yield (f"`{name}` is larger than 1", SEVERAL), number > 1
    yield (f"`{name}` is smaller than 1", WEAK), number < 1
    yield (f"`{name}` is positive", WEAK), number > 0
    if isinstance(value, int):
        yield (f"`{name}` is odd", WEAK), bool(value % 2)
        yield (f"`{name}` is even", WEAK), not value % 2


def _of_array(name: str, value: Any, array: np.ndarray) -> Iterator[tuple[tuple[str, int], bool]]:
    floats = array.astype(float)
    kind = array.dtype.kind
    yield (f"`{name}` holds integers", ALONE), kind in "iu"
    yield (f"`{name}` holds floating-point numbers", WEAK), kind == "f"
    yield (f"`{name}` is of float32", ALONE), array.dtype == np.float32
    yield (f"`{name}` is a list or tuple", ALONE), not isinstance(value, np.ndarray)
    yield (f"`{name}` has more than one axis", SEVERAL), array.ndim > 1
    yield (f"`{name}` has one axis", ALONE), array.ndim == 1
    yield (f"`{name}` has two axes", ALONE), array.ndim == 2
    yield (f"`{name}` has more than two axes", ALONE), array.ndim > 2
    if array.ndim >= 2:
        rows, columns = array.shape[:2]
        yield (f"`{name}` has one column", ALONE), columns == 1
        yield (f"`{name}` has more than one column", SEVERAL), columns > 1
        yield (f"`{name}` is square", SEVERAL), rows == columns
        yield (f"`{name}` is not square", ALONE), rows != columns
        yield (
            (f"`{name}` has more than one channel", SEVERAL),
            array.shape[-1] > 1 and array.ndim > 2,
        )
    yield (f"`{name}` holds a negative number", ALONE), bool((floats < 0).any())
    yield (f"`{name}` holds no negative number", WEAK), not (floats < 0).any()
    yield (f"`{name}` holds a 0", ALONE), bool((floats == 0).any())
    yield (f"`{name}` holds no 0", WEAK), bool((floats != 0).all())
    yield (f"`{name}` is 0 everywhere", ALONE), not floats.any()
    yield (f"`{name}` holds nan or infinity", ALONE), not np.isfinite(floats).all()
    yield (f"`{name}` holds a number beyond 50", ALONE), bool((np.abs(floats) > 50).any())
    if array.size < 2000:
        distinct = len(np.unique(floats))
        yield (f"`{name}` holds equal elements", ALONE), distinct < array.size
        yield (f"no two elements of `{name}` are equal", WEAK), distinct == array.size
        yield (f"all elements of `{name}` are equal", ALONE), distinct == 1 and array.size > 1
    largest = float(np.max(floats))
    yield (f"the largest of `{name}` occurs twice", ALONE), int((floats == largest).sum()) > 1
    if array.ndim == 1:
        yield (f"`{name}` is in ascending order", WEAK), bool((np.diff(floats) >= 0).all())
        yield (f"`{name}` is not in ascending order", WEAK), bool((np.diff(floats) < 0).any())
        yield (f"the first element of `{name}` is its largest", WEAK), floats[0] == largest
        yield (f"the last element of `{name}` is its largest", WEAK), floats[-1] == largest
