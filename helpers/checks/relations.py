"""In which simple relation a wrong result stands to the wanted one: what an unforeseen mistake did.

A relation is said only if it holds in every case of a part. It is then true of the results, even
where the answer came to them in another way.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from helpers.checks.compare import as_numbers, compare

SECONDS = 2.0  # for asking the reference what it gives for other arguments


class Case(NamedTuple):
    """A case whose result has a value: its arguments by name, what was found, what was wanted."""

    arguments: Mapping[str, Any]
    found: Any
    wanted: Any


class Relation(NamedTuple):
    """A relation's name, for reports, and what it says of "your result"."""

    name: str
    sentence: str


def find_relation(
    cases: Sequence[Case], ask: Callable[[tuple], Any] = lambda arguments: None
) -> Relation | None:
    """Return the relation in which all results stand to the wanted ones, or None.

    Parameters
    ----------
    cases : sequence of Case
        All cases of a part, at least one of which fails.
    ask : callable, optional
        Returns what the reference gives for other arguments, None where it fails.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 4.0])
    >>> find_relation([Case({"x": x}, x * 3, x)]).sentence
    'your result is the wanted one times 3, the length of `x`.'
    """
    parts = [dict(places(case.found, case.wanted)) for case in cases]
    names = dict.fromkeys(name for part in parts for name in part)
    found: dict[str, Relation] = {}
    for name in names:
        there = [
            Case(case.arguments, *part[name])
            for case, part in zip(cases, parts, strict=True)
            if name in part
        ]
        if all(compare(case.found, case.wanted) is None for case in there):
            continue
        relation = _relation_at(there)
        if relation is None:
            found = {}
            break
        found[name] = relation
    if found and len(set(found.values())) == 1:
        relation = next(iter(found.values()))
        where = " and ".join(f"`{name}`" for name in found)
        if len(found) > 1:
            where = f"each of {where}"
        elif len(names) == 1:
            where = "your result"
        return Relation(relation.name, f"{where} {relation.sentence}.")
    return _other_arguments(cases, ask)


def places(found: Any, wanted: Any, where: str = "result") -> Iterator[tuple[str, tuple]]:
    """Yield the parts of a result that are compared by themselves, each with its place."""
    if isinstance(wanted, dict) and isinstance(found, dict) and set(wanted) == set(found):
        for key in wanted:
            yield from places(found[key], wanted[key], key)
    elif (
        isinstance(wanted, list)
        and isinstance(found, list)
        and len(wanted) == len(found)
        and as_numbers(wanted) is None
        and any(isinstance(item, np.ndarray | list | dict) for item in wanted)
    ):
        for i, (f, w) in enumerate(zip(found, wanted, strict=True)):
            yield from places(f, w, f"{where}[{i}]")
    else:
        numbers = as_numbers(found), as_numbers(wanted)
        yield where, (found, wanted) if any(n is None for n in numbers) else numbers


def _relation_at(cases: list[Case]) -> Relation | None:
    failing = [case for case in cases if compare(case.found, case.wanted) is not None]
    if sum(map(_size, failing)) < 2:
        return None  # a single number stands in some relation to any other
    for name, sentence, holds in _RELATIONS:
        if all(_true(holds, case) for case in cases):
            return Relation(name, sentence)
    if not all(_numeric(case) for case in cases):
        return None
    return _factor(cases) or _offset(cases) or _argument(cases) or _constant(cases)


def _size(case: Case) -> int:
    return len(case.found) if isinstance(case.found, list) else np.size(case.found)


def _numeric(case: Case) -> bool:
    pair = (case.found, case.wanted)
    return all(isinstance(each, np.ndarray) and each.dtype.kind in "biuf" for each in pair)


def _true(holds: Callable[[Any, Any], bool], case: Case) -> bool:
    try:
        with np.errstate(all="ignore"):
            return bool(holds(case.found, case.wanted))
    except Exception:  # the relation makes no sense for such values
        return False


def _same(found: Any, wanted: Any) -> bool:
    # What NumPy makes of a 0-d array is no array any more.
    return compare(found, np.asarray(wanted) if isinstance(wanted, np.generic) else wanted) is None


def _close(found: Any, wanted: Any) -> bool:
    """Compare numbers, whatever their kind."""
    found, wanted = np.asarray(found, float), np.asarray(wanted, float)
    return found.shape == wanted.shape and compare(found, wanted) is None


def _one_many_times(found: Any, wanted: Any) -> bool:
    return (
        len(found) == len(wanted) > 1
        and _same(found[-1], wanted[-1])
        and all(_same(item, found[-1]) for item in found)
    )


def _sorted(values: Any) -> NDArray:
    return np.sort(np.asarray(values), axis=None)


def _reduced(function: Callable, axis: int | None) -> Callable[[Any, Any], bool]:
    def holds(f: Any, w: Any) -> bool:
        # A number in the place of many like it need not be their mean, nor the largest of them.
        telling = function is np.sum or np.min(w) < np.max(w)
        return np.ndim(w) > np.ndim(f) and telling and _close(f, function(w, axis=axis))

    return holds


def _unreduced(function: Callable, axis: int | None) -> Callable[[Any, Any], bool]:
    return lambda f, w: np.ndim(f) > np.ndim(w) and _close(function(f, axis=axis), w)


_REDUCTIONS: list[tuple[str, Callable]] = [("sum", np.sum), ("mean", np.mean), ("largest", np.max)]
_AXES = [(None, ""), (0, " along axis 0"), (1, " along axis 1")]

# Name, what it says of "your result", and the test; the more telling ones first.
_RELATIONS: list[tuple[str, str, Callable[[Any, Any], bool]]] = [
    (
        "one_many_times",
        "has the last element in each of its places. If that is one array that is changed in "
        "place, keep a copy each time",
        lambda f, w: _one_many_times(list(f), list(w)),
    ),
    ("sign", "has the opposite sign everywhere", lambda f, w: _same(f, -w)),
    (
        "transposed",
        "is transposed: rows and columns are exchanged",
        lambda f, w: np.ndim(w) == 2 and _same(f, w.T),
    ),
    ("reversed", "has the wanted elements in reverse order", lambda f, w: _same(f, w[::-1])),
    (
        "reversed_rows",
        "has the wanted elements, but each row is in reverse order",
        lambda f, w: np.ndim(w) == 2 and _same(f, w[:, ::-1]),
    ),
    ("last_missing", "ends one element too early", lambda f, w: _same(f, w[:-1])),
    ("first_missing", "begins one element too late", lambda f, w: _same(f, w[1:])),
    (
        "one_more",
        "has one element too many at its end",
        lambda f, w: len(f) == len(w) + 1 and _same(f[:-1], w),
    ),
    (
        "one_before",
        "has one element too many at its beginning",
        lambda f, w: len(f) == len(w) + 1 and _same(f[1:], w),
    ),
    (
        "late",
        "has each element one place too late",
        lambda f, w: len(f) == len(w) > 2 and _same(f[1:], w[:-1]),
    ),
    (
        "early",
        "has each element one place too early",
        lambda f, w: len(f) == len(w) > 2 and _same(f[:-1], w[1:]),
    ),
    (
        "kind",
        "has the right numbers; they are of another kind",
        lambda f, w: f.dtype.kind != w.dtype.kind and _close(f, w),
    ),
    (
        "shape",
        "has the right numbers; they stand in another shape",
        lambda f, w: f.shape != w.shape and _close(f.ravel(), w.ravel()),
    ),
    (
        "cut_off",
        "is the wanted one with its fractions cut off",
        lambda f, w: bool(np.any(f)) and _close(f, np.trunc(w)),
    ),
    (
        "rounded",
        "is the wanted one, rounded to integers",
        lambda f, w: bool(np.any(f)) and _close(f, np.round(w)),
    ),
    (
        "rounded",
        "is the wanted one, rounded",
        lambda f, w: any(np.array_equal(f, np.round(w, digits)) for digits in range(1, 6)),
    ),
    ("absolute", "has lost its signs", lambda f, w: _same(f, np.abs(w))),
    ("square", "is the square of the wanted one", lambda f, w: _same(f, w**2)),
    ("root", "is the square root of the wanted one", lambda f, w: _same(f, np.sqrt(w))),
    ("logarithm", "is the logarithm of the wanted one", lambda f, w: _same(f, np.log(w))),
    ("exponential", "is the exponential of the wanted one", lambda f, w: _same(f, np.exp(w))),
    ("reciprocal", "is 1 divided by the wanted one", lambda f, w: _same(f, 1 / w)),
    ("complement", "and the wanted one add to 1", lambda f, w: _close(f, 1 - np.asarray(w, float))),
    (
        "running_total",
        "is the running total of the wanted one",
        lambda f, w: _same(f, np.cumsum(w, axis=0)),
    ),
    (
        "no_running_total",
        "holds the single steps; their running total was wanted",
        lambda f, w: _same(np.cumsum(f, axis=0), w),
    ),
    *(
        (
            f"{name}_taken",
            f"is the {name} of the wanted one{along}",
            _reduced(function, axis),
        )
        for name, function in _REDUCTIONS
        for axis, along in _AXES
    ),
    *(
        (
            f"{name}_forgotten",
            f"has an axis too many: the wanted one is its {name}{along}",
            _unreduced(function, axis),
        )
        for name, function in _REDUCTIONS
        for axis, along in _AXES
    ),
    (
        "order",
        "has the wanted elements in another order",
        lambda f, w: (
            np.shape(f) == np.shape(w) and np.size(w) > 2 and _same(_sorted(f), _sorted(w))
        ),
    ),
]


def _sizes(arguments: Mapping[str, Any]) -> dict[str, float]:
    """Return what in a case has a size, by the words for it."""
    sizes: dict[str, float] = {}
    for name, value in arguments.items():
        numbers = as_numbers(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            sizes[f"`{name}`"] = float(value)
        elif isinstance(value, list | tuple) or (numbers is not None and numbers.ndim == 1):
            sizes[f"the length of `{name}`"] = len(value)
        elif isinstance(value, np.ndarray) and value.ndim > 1:
            sizes |= {f"`{name}.shape[{i}]`": n for i, n in enumerate(value.shape)}
            sizes[f"`{name}.size`"] = value.size
    return sizes


def _which_size(cases: list[Case], numbers: list[float | None]) -> str | None:
    """Return the words for what has this size in each case; None stands for any number."""
    common = set.intersection(*({*_sizes(case.arguments)} for case in cases))
    for words in _sizes(cases[0].arguments):
        if words in common and all(
            number is None or np.isclose(number, _sizes(case.arguments)[words], rtol=1e-4)
            for case, number in zip(cases, numbers, strict=True)
        ):
            return words
    return None


def _ratio(found: NDArray, wanted: NDArray) -> float | None:
    """Return by what `wanted` is multiplied to give `found`: nan if by nothing, None if both 0."""
    if found.shape != wanted.shape or not (np.isfinite(found).all() and np.isfinite(wanted).all()):
        return np.nan
    scale = float(np.max(np.abs(wanted), initial=0))
    if scale == 0:
        return None if not found.any() else np.nan
    ratio = float(found.flat[np.argmax(np.abs(wanted))] / wanted.flat[np.argmax(np.abs(wanted))])
    return ratio if compare(found / scale, ratio * wanted / scale) is None else np.nan


def _factor(cases: list[Case]) -> Relation | None:
    pairs = [(np.asarray(c.found, float), np.asarray(c.wanted, float)) for c in cases]
    ratios = [_ratio(*pair) for pair in pairs]
    known = [ratio for ratio in ratios if ratio is not None]
    if not known or not np.isfinite(known).all():
        return None
    if not np.any(known):
        return Relation("zero", "is 0 everywhere") if sum(p[0].size for p in pairs) > 2 else None
    enough = len(known) > 1 or sum(pair[0].size for pair in pairs) > 2
    if not enough:
        return None
    if np.allclose(known, 1, rtol=0.01):
        return None  # something else has made this difference
    constant = np.allclose(known, known[0], rtol=1e-4)
    here = f" {known[0]:.4g}," if constant and known[0] >= 1 else ""
    if words := _which_size(cases, ratios):
        return Relation("factor", f"is the wanted one times{here} {words}")
    if 0 in known:
        return None
    inverse = [None if ratio is None else 1 / ratio for ratio in ratios]
    here = f" {1 / known[0]:.4g}," if constant and known[0] < 1 else ""
    if words := _which_size(cases, inverse):
        return Relation("factor", f"is the wanted one divided by{here} {words}")
    if not constant:
        return None
    by = f"times {known[0]:.4g}" if abs(known[0]) >= 1 else f"divided by {1 / known[0]:.4g}"
    return Relation("factor", f"is the wanted one {by}")


def _offset(cases: list[Case]) -> Relation | None:
    offsets = []
    for case in cases:
        found, wanted = np.asarray(case.found, float), np.asarray(case.wanted, float)
        if found.shape != wanted.shape or not found.size:
            return None
        offset = float((found - wanted).flat[0])
        if not np.isfinite(offset) or not _close(found, wanted + offset):
            return None
        offsets.append(offset)
    if sum(map(_size, cases)) < 3:
        return None
    for sign, more in [(1, "larger"), (-1, "smaller")]:
        if np.allclose(offsets, offsets[0], rtol=1e-4, atol=1e-9) and offsets[0] * sign > 0:
            return Relation("offset", f"is {more} by {abs(offsets[0]):.4g} everywhere")
        if words := _which_size(cases, [sign * offset for offset in offsets]):
            return Relation("offset", f"is {more} by {words} everywhere")
    return None


def _argument(cases: list[Case]) -> Relation | None:
    for name in cases[0].arguments:
        if all(_true(_close, c._replace(wanted=c.arguments[name])) for c in cases):
            return Relation("argument", f"is the argument `{name}` itself")
    return None


def _constant(cases: list[Case]) -> Relation | None:
    first = cases[0].found
    if not np.isfinite(first).all():
        return None  # nan is no value: each case may have come to it in its own way
    varied = any(not _same(case.wanted, cases[0].wanted) for case in cases)
    if len(cases) > 2 and varied and all(_same(case.found, first) for case in cases):
        return Relation("constant", "is the same in all cases, whatever the arguments are")
    return None


def _other_arguments(cases: Sequence[Case], ask: Callable[[tuple], Any]) -> Relation | None:
    """Find out whether the results are right for other arguments than those of the cases."""
    end = time.monotonic() + SECONDS
    numbers = {
        name: [case.arguments[name] for case in cases]
        for name, value in cases[0].arguments.items()
        if isinstance(value, int | float)
    }

    def allowed(arguments: Mapping[str, Any]) -> bool:
        # Outside of the range of the cases a reference may do anything, even loop for ever.
        return all(min(known) <= arguments[name] <= max(known) for name, known in numbers.items())

    for name, words, changed in _changes(cases[0].arguments):
        for case in cases:
            if time.monotonic() > end:
                return None
            try:
                arguments = changed(dict(case.arguments))
                other = ask(tuple(arguments.values())) if allowed(arguments) else None
            except Exception:  # these arguments cannot be changed so
                break
            if other is None or compare(case.found, other) is not None:
                break
        else:
            return Relation(name, f"your result is what is right {words}.")
    return None


def _exchanged(one: str, other: str) -> Callable[[dict], dict]:
    return lambda arguments: {**arguments, one: arguments[other], other: arguments[one]}


def _with(name: str, new: Callable[[Any], Any]) -> Callable[[dict], dict]:
    return lambda arguments: {**arguments, name: new(arguments[name])}


def _changes(arguments: Mapping[str, Any]) -> Iterator[tuple[str, str, Callable[[dict], dict]]]:
    """Yield ways to change a case's arguments: a name, the words for it, the function."""
    for one, other in combinations(arguments, 2):
        yield "exchanged", f"for `{one}` and `{other}` exchanged", _exchanged(one, other)
    for name, value in arguments.items():
        kind = "a" if isinstance(value, np.ndarray) and value.dtype.kind == "f" else type(value)
        for kinds, relation, words, new in _NEW_VALUES:
            if kind in kinds or (isinstance(value, np.ndarray) and value.ndim in kinds):
                yield relation, words.format(name), _with(name, new)


# For which arguments (a type; "a": an array of floats; a number of axes): name, words, change.
_NEW_VALUES: list[tuple[tuple, str, str, Callable[[Any], Any]]] = [
    ((bool,), "opposite", "for the opposite of `{}`", lambda v: not v),
    ((int,), "one_more_argument", "for `{} + 1`", lambda v: v + 1),
    ((int,), "one_less_argument", "for `{} - 1`", lambda v: v - 1),
    ((int, float), "left_out", "if `{}` were always 0", lambda v: type(v)(0)),
    ((int, float), "left_out", "if `{}` were always 1", lambda v: type(v)(1)),
    ((float,), "one_minus", "for `1 - {}`", lambda v: 1 - v),
    ((int, float, "a"), "argument_sign", "for `-{}`", lambda v: -v),
    (("a",), "argument_zero", "if `{}` were 0", np.zeros_like),
    ((2,), "argument_transposed", "for `{}.T`", lambda v: v.T),
]
