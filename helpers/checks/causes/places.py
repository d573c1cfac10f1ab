"""Where in a result the wrong elements stand, and what they have in common."""

import math
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from helpers.checks.causes.trial import Cause, Trial, close, numbers, pairs

# As unlikely has it to be that the wrong elements stand just there by chance.
ENOUGH_WAYS = 50
CHANCE = 1e-3


def find_place(trials: list[Trial], where: str = "your result") -> Cause | None:
    """Return a condition that tells the wrong elements of all results from the right ones.

    Examples
    --------
    >>> xs = [np.array([1.0, -2.5, 4.0, -1.0]), np.array([3.0, -1.0, 2.0, 0.5, -3.0])]
    >>> find_place([Trial({"x": x}, np.maximum(x, 0), x, True) for x in xs]).sentence
    'your result is right except where `x` is negative; there it is 0.'
    """
    values = pairs(trials)
    if values is None or sum(found.size for found, _ in values) > 20_000:
        return None
    with np.errstate(all="ignore"):
        wrong = [~close(found, wanted) for found, wanted in values]
        flat = np.concatenate([each.ravel() for each in wrong])
        number, size = int(flat.sum()), flat.size
        if not 0 < number < size or not any(0 < w.sum() < w.size for w in wrong):
            return None
        found = [_masks(t.arguments, w) for t, (_, w) in zip(trials, values, strict=True)]
        masks = [dict(each) for each in found]
        common = [words for words in masks[0] if all(words in mask for mask in masks)]
        there = ""
        if math.comb(size, number) >= ENOUGH_WAYS:
            for words in common:
                if all(np.array_equal(m[words], w) for m, w in zip(masks, wrong, strict=True)):
                    there = _what(trials, values, wrong)
                    return Cause("place", f"{where} is right except {words}{there}.")
        for words in common:
            inside = np.concatenate([mask[words].ravel() for mask in masks])
            if inside[flat].all() and inside.mean() ** min(number, 40) < CHANCE:
                there = _what(trials, values, wrong)
                if "wanted value" in words and not there:
                    continue  # where 0 is wanted, much that is wrong gives 0 as well
                return Cause("place", f"whatever is wrong in {where} stands {words}{there}.")
    return None


def _what(
    trials: list[Trial], values: list[tuple[np.ndarray, np.ndarray]], wrong: list[np.ndarray]
) -> str:
    """Say what stands in the wrong places, where that is simple."""
    found = np.concatenate([f[w] for (f, _), w in zip(values, wrong, strict=True)])
    wanted = np.concatenate([x[w] for (_, x), w in zip(values, wrong, strict=True)])
    if found.size < 2:
        return ""
    if np.all(close(found, np.full_like(found, found[0]))) and np.isfinite(found[0]):
        return f"; there it is {found[0]:.4g}"
    if np.all(close(found, -wanted)):
        return "; there it has the opposite sign"
    for name in trials[0].arguments:
        arrays = [numbers(t.arguments.get(name)) for t in trials]
        if all(a is not None and a.shape == w.shape for a, w in zip(arrays, wrong, strict=True)):
            there = np.concatenate([a[w] for a, w in zip(arrays, wrong, strict=True)])  # type: ignore[index]
            if np.all(close(found, there)):
                return f"; there it is `{name}` itself"
    if len(set(np.round(wanted, 9))) > 1:
        ratio = found / wanted
        if np.isfinite(ratio).all() and np.allclose(ratio, ratio[0], rtol=1e-4):
            factor = ratio[0]
            if abs(factor) >= 1:
                return f"; there it is the wanted one times {factor:.4g}"
            return f"; there it is the wanted one divided by {1 / factor:.4g}" if factor else ""
        if np.allclose(found - wanted, found[0] - wanted[0], rtol=1e-4):
            more = "larger" if found[0] > wanted[0] else "smaller"
            return f"; there it is {more} by {abs(found[0] - wanted[0]):.4g}"
    return ""


def _masks(arguments: Mapping[str, Any], wanted: np.ndarray) -> Iterator[tuple[str, Any]]:
    """Yield conditions on an element, in words, and where they hold."""
    shape = wanted.shape
    arrays = {name: numbers(value) for name, value in arguments.items()}
    fitted: dict[str, np.ndarray] = {}
    for name, array in arrays.items():
        if array is not None and array.ndim and (fit := _fit(array, shape)) is not None:
            fitted[name] = fit
    for name, array in fitted.items():
        for words, holds in (
            ("is negative", array < 0),
            ("is 0", array == 0),
            ("is positive", array > 0),
            ("is not 0", array != 0),
            ("is 0 or negative", array <= 0),
            ("is 0 or positive", array >= 0),
            ("is 1", array == 1),
            ("is larger than 1", array > 1),
            ("is smaller than 1", array < 1),
            ("is larger than 1 or smaller than -1", np.abs(array) > 1),
        ):
            yield f"where `{name}` {words}", holds
        flat = array.ravel()
        if array.ndim == 1:
            counts = np.array([(flat == x).sum() for x in flat]) if flat.size < 500 else flat * 0
            yield f"where a number stands in `{name}` more than once", counts > 1
            yield f"where `{name}` is largest", flat == np.max(flat, initial=-np.inf)
        for other, scalar in arrays.items():
            if scalar is not None and scalar.ndim == 0:
                yield f"where `{name}` is larger than `{other}`", array > scalar
                yield f"where `{name}` is smaller than `{other}`", array < scalar
                yield f"where `{name}` equals `{other}`", array == scalar
    for one, other in combinations(fitted, 2):
        yield f"where `{one}` is larger than `{other}`", fitted[one] > fitted[other]
        yield f"where `{one}` is smaller than `{other}`", fitted[one] < fitted[other]
        yield f"where `{one}` and `{other}` are equal", fitted[one] == fitted[other]
    yield from _by_position(wanted)
    for words, holds in (
        ("0", wanted == 0),
        ("not 0", wanted != 0),
        ("negative", wanted < 0),
        ("positive", wanted > 0),
    ):
        yield f"where the wanted value is {words}", holds
    if wanted.ndim == 1:
        yield "where the wanted value is largest", wanted == np.max(wanted, initial=-np.inf)
        yield "where the wanted value is smallest", wanted == np.min(wanted, initial=np.inf)


def _fit(array: np.ndarray, shape: tuple) -> np.ndarray | None:
    if array.shape == shape:
        return array
    if array.ndim == 1 and len(shape) == 2 and shape[0] != shape[1]:
        if len(array) == shape[1]:
            return np.broadcast_to(array, shape)
        if len(array) == shape[0]:
            return np.broadcast_to(array[:, np.newaxis], shape)
    return None


def _by_position(wanted: np.ndarray) -> Iterator[tuple[str, Any]]:
    places = np.indices(wanted.shape)
    shape = wanted.shape
    if wanted.ndim == 1:
        (i,) = places
        yield "in its first element", i == 0
        yield "in its last element", i == len(wanted) - 1
        yield "in its first and last element", (i == 0) | (i == len(wanted) - 1)
        yield "between its first and its last element", (i > 0) & (i < len(wanted) - 1)
        yield "after its first element", i > 0
        yield "before its last element", i < len(wanted) - 1
        yield "in every second element", i % 2 == 1
        yield "in its second half", i >= (len(wanted) + 1) // 2
        yield "in its first half", i < len(wanted) // 2
    if wanted.ndim >= 2:
        i, j = places[0], places[1]
        if wanted.ndim == 2:
            rows, columns = "row", "column"
        else:
            rows, columns = "element along axis 0", "element along axis 1"
        for name, at, n in ((rows, i, shape[0]), (columns, j, shape[1])):
            yield f"in its first {name}", at == 0
            yield f"in its last {name}", at == n - 1
            yield f"after its first {name}", at > 0
            yield f"before its last {name}", at < n - 1
            yield f"in every second {name}", at % 2 == 1
        if wanted.ndim == 2:
            border = (i == 0) | (i == shape[0] - 1) | (j == 0) | (j == shape[1] - 1)
            yield "at its border", border
            yield "inside its border", ~border
            yield "on its diagonal", i == j
            yield "off its diagonal", i != j
            yield "above its diagonal", i < j
            yield "below its diagonal", i > j
        else:
            last = places[-1]
            yield "in its last channel", last == shape[-1] - 1
            yield "in its first channel", last == 0
            yield "after its first channel", last > 0


def find_not_a_number(trials: list[Trial]) -> Cause | None:
    """Return that all wrong elements are not finite, where they are.

    Examples
    --------
    >>> trials = [Trial({}, np.array([1.0, np.nan]), np.array([1.0, 0.0]), True)]
    >>> find_not_a_number(trials).sentence.split(":")[0]
    'whatever is wrong in your result is nan or infinite'
    """
    values = pairs(trials)
    if values is None:
        return None
    wrong = [f[~close(f, w)] for f, w in values]
    there = np.concatenate([each.ravel() for each in wrong])
    if not there.size or np.isfinite(there).any():
        return None
    return Cause(
        "not_finite",
        "whatever is wrong in your result is nan or infinite: that comes of 0 / 0 or another "
        "division by 0, of an exponential that overflows, or of the logarithm of 0.",
    )


def find_way(trials: list[Trial]) -> Cause | None:
    """Return that all results begin right and go wrong on the way, where they do.

    Examples
    --------
    >>> trial = Trial({}, np.array([1, 2, 9, 9]), np.array([1, 2, 3, 4]), True)
    >>> find_way([trial, trial]).sentence
    'your result begins right and goes wrong on the way, first in its element 2.'
    """
    values = pairs([trial for trial in trials if trial.wrong])
    if values is None or any(not f.ndim or len(f) < 2 for f, _ in values):
        return None
    starts = []
    for found, wanted in values:
        wrong = ~np.all(close(found, wanted).reshape(len(found), -1), axis=1)
        first = int(np.argmax(wrong))
        if first == 0 or not wrong[first:].all():
            return None
        starts.append((first, len(wrong) - first))
    if len(starts) < 2 or sum(tail for _, tail in starts) < 4:
        return None
    where = f"in its element {starts[0][0]}"
    if len({first for first, _ in starts}) > 1:
        where += " in the first case that fails"
    return Cause("way", f"your result begins right and goes wrong on the way, first {where}.")


def find_cut(trials: list[Trial]) -> Cause | None:
    """Return that results are cut off at a limit, where they are.

    Examples
    --------
    >>> x = np.array([-2.0, 1.0, 3.0, -1.0, 2.0, 5.0])
    >>> find_cut([Trial({}, np.maximum(x, 0), x, True)]).sentence
    'your result is right but that it never falls below 0: where less is wanted, it is 0.'
    """
    values = pairs(trials)
    if values is None:
        return None
    found, wanted = (np.concatenate([pair[i].ravel() for pair in values]) for i in (0, 1))
    wrong = ~close(found, wanted)
    limit = found[wrong][0] if wrong.any() else np.nan
    others = int((~wrong).sum())
    enough = 1 if limit == 0 else 3
    if not np.isfinite(limit) or int(wrong.sum()) < enough or others < 4:
        return None
    if not close(found[wrong], np.full(int(wrong.sum()), limit)).all():
        return None
    if (wanted[wrong] < limit).all() and (found >= limit).all():
        said = f"never falls below {limit:.4g}: where less is wanted"
    elif (wanted[wrong] > limit).all() and (found <= limit).all():
        said = f"never rises above {limit:.4g}: where more is wanted"
    else:
        return None
    return Cause("cut", f"your result is right but that it {said}, it is {limit:.4g}.")


def find_whole(trials: list[Trial]) -> Cause | None:
    """Return that all results are whole numbers where fractions are wanted.

    Examples
    --------
    >>> x = np.array([0.5, 1.25, 3.0, -1.5])
    >>> find_whole([Trial({}, np.floor(x), x, True)]).sentence
    'your result holds whole numbers only: the fractions are lost on the way.'
    """
    values = pairs(trials)
    if values is None:
        return None
    found, wanted = (np.concatenate([pair[i].ravel() for pair in values]) for i in (0, 1))
    fractions = np.isfinite(wanted) & (wanted != np.round(wanted))
    if not np.array_equal(found, np.round(found)) or len({*found}) < 3 or fractions.sum() < 3:
        return None
    if np.max(np.abs(found[fractions] - wanted[fractions])) > max(3, np.max(np.abs(wanted)) / 3):
        return None
    return Cause(
        "whole", "your result holds whole numbers only: the fractions are lost on the way."
    )
