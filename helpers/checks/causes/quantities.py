"""Whether a quantity that can be computed from the arguments makes the difference."""

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, permutations
from typing import Any

import numpy as np

from helpers.checks.causes.trial import Cause, Trial, close, numbers, pairs

ENOUGH = 3  # wrong numbers that differ; fewer may stand in a relation by chance

_OF_EACH: list[tuple[str, Callable]] = [
    ("`{}`", lambda x: x),
    ("`{}` squared", np.square),
    ("1 - `{}`", lambda x: 1 - x),
    ("the square root of `{}`", np.sqrt),
    ("the absolute value of `{}`", np.abs),
    ("the exponential of `{}`", np.exp),
    ("the logarithm of `{}`", np.log),
]
_OF_MANY: list[tuple[str, Callable]] = [
    ("the sum of `{}`", np.sum),
    ("the mean of `{}`", np.mean),
    ("the largest of `{}`", np.max),
    ("the smallest of `{}`", np.min),
    ("the standard deviation of `{}`", np.std),
    ("the sum of the squares of `{}`", lambda x, **how: np.sum(x**2, **how)),
    ("the mean of the squares of `{}`", lambda x, **how: np.mean(x**2, **how)),
    ("the length (norm) of `{}`", lambda x, **how: np.sqrt(np.sum(x**2, **how))),
]
_OF_TWO: list[tuple[str, Callable]] = [
    ("`{} * {}`", np.multiply),
    ("`{} + {}`", np.add),
    ("`{} - {}`", np.subtract),
    ("`{} / {}`", np.divide),
    ("`{} @ {}`", np.matmul),
]
# What your result is, given the wanted one and a quantity.
_MADE: list[tuple[str, Callable]] = [
    ("is {}", lambda w, q: q),
    ("is the wanted one plus {}", lambda w, q: w + q),
    ("is the wanted one less {}", lambda w, q: w - q),
    ("is the wanted one times {}", lambda w, q: w * q),
    ("is the wanted one divided by {}", lambda w, q: w / q),
    ("is {}, less the wanted one", lambda w, q: q - w),
    ("is the opposite of {}", lambda w, q: -q),
]


def quantities(arguments: Mapping[str, Any]) -> Iterator[tuple[str, Callable[[Mapping], Any]]]:
    """Yield the words for each quantity of such arguments, and what computes it."""
    arrays = {name: numbers(value) for name, value in arguments.items()}
    known = {n: a for n, a in arrays.items() if a is not None and not _is_bool(arguments[n])}
    for name in known:
        for words, function in _OF_EACH:
            yield words.format(name), _one(function, name)
    for name, array in known.items():
        for axis in range(array.ndim) if array.ndim == 2 else ():
            for words, function in _OF_MANY:
                along = f"{words.format(name)} along axis {axis}"
                yield along, _one(function, name, axis=axis, keepdims=True)
        if array.ndim:
            for words, function in _OF_MANY:
                yield words.format(name), _one(function, name)
    for pair in permutations(known, 2):
        for words, function in _OF_TWO:
            if words[4] in "-/@" or pair in combinations(known, 2):
                yield words.format(*pair), _two(function, *pair)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _one(function: Callable, name: str, **how: Any) -> Callable[[Mapping], Any]:
    return lambda arrays: function(arrays[name], **how)


def _two(function: Callable, one: str, other: str) -> Callable[[Mapping], Any]:
    return lambda arrays: function(arrays[one], arrays[other])


def find_quantity(trials: list[Trial]) -> Cause | None:
    """Return how the results are made of the wanted ones and a quantity of the arguments.

    Examples
    --------
    >>> xs = [np.array([1.0, 2.5, 4.0]), np.array([3.0, -1.0])]
    >>> find_quantity([Trial({"x": x}, x**3 + x, x**3, True) for x in xs]).sentence
    'your result is the wanted one plus `x`.'
    """
    values = pairs(trials)
    if values is None or not enough(values):
        return None
    with np.errstate(all="ignore"):
        cases = [
            ({n: a for n, v in t.arguments.items() if (a := numbers(v)) is not None}, *pair)
            for t, pair in zip(trials, values, strict=True)
        ]
        cases.sort(key=lambda case: -int(np.sum(~close(case[1], case[2]))))
        for words, quantity in quantities(trials[0].arguments):
            made = _how(cases, quantity)
            if made:
                return Cause("quantity", f"your result {made.format(words)}.")
    return None


def enough(values: list[tuple[np.ndarray, np.ndarray]]) -> bool:
    """Return whether there are enough wrong numbers that differ.

    Examples
    --------
    >>> enough([(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]))])
    True
    """
    wrong = {(float(f), float(w)) for found, wanted in values for f, w in _wrong(found, wanted)}
    return len({f for f, _ in wrong}) >= ENOUGH and len({w for _, w in wrong}) >= ENOUGH


def _wrong(found: np.ndarray, wanted: np.ndarray) -> Iterator[tuple[float, float]]:
    wrong = ~close(found, wanted) & np.isfinite(found) & np.isfinite(wanted)
    return zip(found[wrong][:100], wanted[wrong][:100], strict=True)


def _how(cases: list[tuple], quantity: Callable[[Mapping], Any]) -> str | None:
    possible = _MADE
    for arrays, found, wanted in cases:
        try:
            there = quantity(arrays)
            possible = [
                (words, made)
                for words, made in possible
                if np.shape(result := made(wanted, there)) in (found.shape, ())
                and np.all(close(found, np.broadcast_to(result, found.shape)))
            ]
        except (ValueError, TypeError, KeyError, IndexError):  # no such quantity in this case
            return None
        if not possible:
            return None
    return possible[0][0]
