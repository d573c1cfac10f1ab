"""What the search for a likely cause sees of a case."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from helpers.checks.compare import as_numbers, compare
from helpers.checks.plain import Foreign
from helpers.checks.relations import places as places_of

MOST_PARTS = 4
MOST_NUMBERS = 50_000  # of a result; beyond, the search would take longer than a reader waits


class Trial(NamedTuple):
    """A case that was tried: its arguments by name, what came back, and what was wanted."""

    arguments: Mapping[str, Any]
    found: Any
    wanted: Any
    wrong: bool
    failed: bool = False


class Cause(NamedTuple):
    """A cause's name, for reports, and the sentence for the learner."""

    name: str
    sentence: str


def places(found: Any, wanted: Any) -> Iterator[tuple[str, tuple]]:
    """Yield the parts of a result that are compared by themselves, each with its place.

    The items of a short list, as a function returns them that has several results, are parts.
    """
    if (
        isinstance(wanted, list)
        and isinstance(found, list)
        and len(found) == len(wanted) <= MOST_PARTS
    ):
        for i, (f, w) in enumerate(zip(found, wanted, strict=True)):
            yield from places_of(f, w, f"result[{i}]")
    else:
        yield from places_of(found, wanted)


def wrong_entries(trials: Sequence[Trial]) -> list[tuple[str, list[Trial]]]:
    """Return the places of the results that are wrong in a case, each with its cases.

    Examples
    --------
    >>> trials = [Trial({"n": n}, {"a": n, "b": 0}, {"a": n, "b": n}, n > 0) for n in (0, 1)]
    >>> [(where, len(there)) for where, there in wrong_entries(trials)]
    [('b', 2)]
    """
    lengths = {len(t.wanted) if isinstance(t.wanted, list) else None for t in trials}
    split = places if len(lengths) == 1 and lengths != {1} else places_of
    known = [dict(split(trial.found, trial.wanted)) for trial in trials]
    entries = []
    for where in dict.fromkeys(name for each in known for name in each):
        there = []
        for trial, each in zip(trials, known, strict=True):
            if where in each:
                found, wanted = each[where]
                wrong = not same(found, wanted)
                there.append(trial._replace(found=found, wanted=wanted, wrong=wrong))
        if any(trial.wrong for trial in there):
            entries.append((where, there))
    return entries


def is_plain(value: Any) -> bool:
    """Return whether a value can be compared with another as a whole.

    Examples
    --------
    >>> is_plain({"path": [1, "a"]}), is_plain([1, None])
    (True, False)
    """
    if isinstance(value, list):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        return all(map(is_plain, value.values()))
    return value is not None and not isinstance(value, Foreign)


def same(found: Any, wanted: Any) -> bool:
    """Return whether two plain values are the same."""
    return compare(found, wanted) is None


def numbers(value: Any) -> np.ndarray | None:
    """Return a value as floats, None if it is not numbers or too many of them.

    Examples
    --------
    >>> numbers([1, 2]), numbers("one")
    (array([1., 2.]), None)
    """
    array = as_numbers(value)
    return None if array is None or array.size > MOST_NUMBERS else array.astype(float)


def pairs(trials: list[Trial]) -> list[tuple[np.ndarray, np.ndarray]] | None:
    """Return the found and the wanted numbers of each case, None if they cannot be compared."""
    found = [(numbers(trial.found), numbers(trial.wanted)) for trial in trials]
    known = [(f, w) for f, w in found if f is not None and w is not None and f.shape == w.shape]
    return known if len(known) == len(trials) else None


def close(found: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return which numbers are the same, with a tolerance that suits float32."""
    scale = float(np.max(np.abs(wanted), where=np.isfinite(wanted), initial=1e-3))
    return np.isclose(found, wanted, rtol=1e-4, atol=1e-6 * scale, equal_nan=True)


def entry(value: Any, where: str) -> Any:
    """Return the part of a result that stands at a place, None if there is none.

    Examples
    --------
    >>> entry([1, {"the path": "a"}], "the path"), entry("b", "result")
    ('a', 'b')
    """
    for split in (places, places_of):
        known = dict(split(value, value))
        if where in known:
            return known[where][0]
    return None
