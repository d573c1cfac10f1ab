"""How far a change of an argument reaches into a result, and by how much it changes it."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from helpers.checks.causes.experiments import SECONDS, NoValue, TryCase
from helpers.checks.causes.trial import Cause, Trial, close, entry, numbers

MOST_CASES = 3
ENOUGH = 2  # cases in which the same is seen


def find_reach(trials: Sequence[Trial], where: str, run: TryCase, ask: TryCase) -> Cause | None:
    """Return which elements change, or do not, where one number of an argument is changed.

    Parameters
    ----------
    trials : sequence of Trial
        The cases of a place in the results.
    where : str
        That place.
    run, ask : callable
        Give the value of the answer and of the reference for a case's arguments. They raise
        `NoValue` where there is none.

    Examples
    --------
    >>> xs = [np.array([1.0, 2.5, 4.0]), np.array([3.0, 1.0])]
    >>> trials = [Trial({"x": x}, x / x.sum(), x, True) for x in xs]
    >>> find_reach(trials, "result", lambda a: a[0] / a[0].sum(), lambda a: a[0]).sentence[:35]
    'where one number of `x` was changed'
    """
    end = time.monotonic() + SECONDS
    failing = sorted((t for t in trials if t.wrong), key=lambda t: _size(t.arguments.values()))
    for name in trials[0].arguments:
        for way, changed in _WAYS:
            seen = []
            for trial in failing:
                if time.monotonic() > end:
                    return None
                value = trial.arguments[name]
                if not isinstance(value, np.ndarray) or value.dtype.kind != "f" or value.size < 2:
                    continue
                said = _compared(trial, name, where, changed(value), run, ask)
                if said is not None:
                    seen.append(said)
                if len(seen) == MOST_CASES or "" in seen:
                    break
            if len(seen) >= ENOUGH and len({*seen}) == 1 and seen[0]:
                return Cause("reach", way.format(name) + f", {seen[0]}.")
    return None


def _size(values: Any) -> int:
    return sum(int(np.size(value)) for value in values if isinstance(value, np.ndarray))


def _compared(
    trial: Trial, name: str, where: str, value: np.ndarray, run: TryCase, ask: TryCase
) -> str | None:
    """Say how a changed argument has changed the result, and how it should; "" if alike."""
    arguments = tuple({**trial.arguments, name: value}.values())
    try:
        wanted, found = numbers(entry(ask(arguments), where)), numbers(entry(run(arguments), where))
    except NoValue:
        return None
    before, wanted_before = numbers(trial.found), numbers(trial.wanted)
    if found is None or wanted is None or before is None or wanted_before is None:
        return None
    if found.shape != before.shape or wanted.shape != wanted_before.shape or not wanted.size:
        return None
    if not all(np.isfinite(each).all() for each in (found, wanted, before, wanted_before)):
        return None
    moved, should = ~close(found, before), ~close(wanted, wanted_before)
    if not should.any():
        return "your result changed; it should have stayed as it was" if moved.all() else ""
    if not moved.any():
        return "your result stayed as it was; it should have changed" if should.all() else ""
    if found.shape != wanted.shape or found.size < 2:
        return ""
    if (moved & ~should).any() and not (should & ~moved).any():
        return "elements of your result changed that it should not have reached"
    if (should & ~moved).any() and not (moved & ~should).any():
        return "elements of your result stayed as they were that should have changed"
    return ""


def _one_changed(value: np.ndarray) -> np.ndarray:
    changed = value.copy()
    other = value.max() if value.flat[0] != value.max() else value.min()
    changed.flat[0] = (value.flat[0] + other) / 2 if other != value.flat[0] else other / 2
    return changed


def _first_changed(value: np.ndarray) -> np.ndarray:
    changed = value.copy()
    changed[0] = (value[0] + value.mean()) / 2
    return changed


# What is done to an argument, and how.
_WAYS: list[tuple[str, Callable[[np.ndarray], np.ndarray]]] = [
    ("where one number of `{}` was changed", _one_changed),
    ("where only `{}[0]` was changed", _first_changed),
    ("where the same number was added to all of `{}`", lambda value: value + 0.5),
    ("where all of `{}` was multiplied by 2", lambda value: value * 2),
    ("where `{}` was given in reverse order", lambda value: value[::-1].copy()),
]
