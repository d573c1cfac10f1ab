"""What a few more runs of the answer tell: whether it is the same twice, and what it depends on."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from helpers.checks.causes.trial import Cause, Trial, entry, is_plain, numbers, places, same
from helpers.checks.written import written

SECONDS = 0.25  # for more runs of answer and reference, in each of two places
MOST_CASES = 6  # that are changed
ENOUGH = 6  # changes of an argument
LONGEST = 60  # letters of a value that a sentence shows

TryCase = Callable[[tuple], Any]  # gives a value, or raises `NoValue`


class NoValue(Exception):
    """There is no value for these arguments."""


class Stopped(NoValue):
    """An answer, or the reference, stopped with an error."""


def find_difference(trials: Sequence[Trial], run: TryCase, ask: TryCase) -> Cause | None:
    """Return that the answer does something else when it is called again, where it does.

    Parameters
    ----------
    trials : sequence of Trial
        Cases. Of those that have a value, two that are wrong and one that is right are tried again.
    run, ask : callable
        See `find_effect`.

    Examples
    --------
    >>> calls = []
    >>> def run(arguments):
    ...     calls.append(arguments)
    ...     return len(calls)
    >>> find_difference([Trial({"x": 2}, run((2,)), 5, True)], run, lambda _: 5).sentence[:84]
    'called again with the same arguments, your function gives 2; the first time it was 1'
    """
    end = time.monotonic() + SECONDS / 2
    with_value = [trial for trial in trials if not trial.failed and is_plain(trial.found)]
    wrong = [trial for trial in with_value if trial.wrong]
    right = [trial for trial in with_value if not trial.wrong]
    for trial in [*wrong[:2], *right[:1]]:
        if time.monotonic() > end:
            return None
        said = _again(trial, run)
        if said and _is_same_again(trial, ask):
            return Cause(
                "differs",
                f"called again with the same arguments, your function {said}. It keeps something "
                "from one call to the next, draws random numbers of its own, or returns elements "
                "of an `np.empty` that it never set.",
            )
    return None


def _again(trial: Trial, run: TryCase) -> str:
    """Say what another call does, if it is not the same."""
    try:
        again = run(tuple(trial.arguments.values()))
    except Stopped:
        return "stops with an error; the first time it gave a result"
    except NoValue:
        return ""
    return "" if same(again, trial.found) else _compared(again, trial.found)


def _is_same_again(trial: Trial, ask: TryCase) -> bool:
    try:
        return same(ask(tuple(trial.arguments.values())), trial.wanted)
    except NoValue:  # a probe may take more than the arguments with a name
        return False


def _compared(again: Any, before: Any) -> str:
    for where, (now, then) in places(again, before):
        one, other = written(now), written(then)
        if not same(now, then) and one != other and max(len(one), len(other)) <= LONGEST:
            what = "" if where == "result" else f" `{where}`:"
            return f"gives{what} {one}; the first time it was {other}"
    return "gives another result"


def find_effect(trials: Sequence[Trial], where: str, run: TryCase, ask: TryCase) -> Cause | None:
    """Return which arguments change the result as they should, and which do not.

    Parameters
    ----------
    trials : sequence of Trial
        All cases of a part, with a value each.
    where : str
        The place in the results that is wrong.
    run, ask : callable
        Give the value of the answer and of the reference for a case's arguments. They raise
        `NoValue` where there is none.

    Examples
    --------
    >>> trials = [Trial({"x": x, "by": by}, x, x * by, True) for x in (2, 3) for by in (4, 5, 6, 7)]
    >>> find_effect(trials, "result", lambda a: a[0], lambda a: a[0] * a[1]).sentence
    'where `by` alone was changed, your result stayed the same each time; the right one changes.'
    """
    end = time.monotonic() + SECONDS
    right: list[str] = []
    wrong: list[str] = []
    for name in trials[0].arguments:
        seen = _effect(name, trials, where, run, ask, end)
        if seen == "none":
            return Cause(
                "unused",
                f"where `{name}` alone was changed, your result stayed the same each time; "
                "the right one changes.",
            )
        if seen:
            (right if seen == "right" else wrong).append(f"`{name}`")
        if time.monotonic() > end:
            return None
    if not wrong or len(wrong) > min(3, len(right) + 1) or not right:
        return None
    does = " or ".join(wrong)
    return Cause(
        "effect",
        f"where {' or '.join(right)} alone was changed, your result changed in the right way; "
        f"where {does} alone was changed, in a wrong way. Look at what you do with {does}.",
    )


def _effect(
    name: str, trials: Sequence[Trial], where: str, run: TryCase, ask: TryCase, end: float
) -> str | None:
    """Return the effect of an argument: "none", "right" or "wrong"; None if that is unknown."""
    tries = none = right = 0
    cases = set()
    for number, trial, arguments in _changed(name, trials):
        if time.monotonic() > end:
            return None
        try:
            wanted = ask(arguments)
            if same(entry(wanted, where), entry(trial.wanted, where)):
                continue
            found = run(arguments)
        except NoValue:
            continue  # these arguments do not go together
        tries += 1
        cases.add(number)
        none += same(found, trial.found)
        right += _same_change(trial, entry(found, where), entry(wanted, where), where)
        if tries >= ENOUGH and len(cases) > 1:
            break
        if tries > 2 and not none and not right:
            return "wrong"
    if tries < ENOUGH or len(cases) < 2:
        return None
    if none == tries:
        return "none"
    return "right" if right == tries else "wrong"


def _same_change(trial: Trial, found: Any, wanted: Any, where: str) -> bool:
    """Return whether both results have changed by the same amounts, or in the same proportion."""
    values = [
        numbers(value)
        for value in (entry(trial.found, where), entry(trial.wanted, where), found, wanted)
    ]
    if any(value is None for value in values):
        return False
    f, w, new_f, new_w = values
    if not f.shape == w.shape == new_f.shape == new_w.shape:  # type: ignore[union-attr]
        return False
    scale = max(float(np.max(np.abs(value), initial=0)) for value in values)  # type: ignore[arg-type]
    with np.errstate(all="ignore"):
        if np.allclose(new_f - f, new_w - w, rtol=1e-5, atol=1e-6 * scale):  # type: ignore[operator]
            return True
        ratio, wanted_ratio = new_f / f, new_w / w  # type: ignore[operator]
    known = np.isfinite(ratio) & np.isfinite(wanted_ratio)
    return bool(known.all() and known.size and np.allclose(ratio, wanted_ratio, rtol=1e-5))


def _changed(name: str, trials: Sequence[Trial]) -> Iterator[tuple[int, Trial, tuple]]:
    """Yield cases with another value of one argument, such as other cases have."""
    failing = [trial for trial in trials if trial.wrong and not trial.failed][:MOST_CASES]
    others = [trial.arguments[name] for trial in trials]
    rng = np.random.default_rng(0)
    ways = [_values(trial.arguments[name], others, rng) for trial in failing]
    for _ in range(2 * ENOUGH):
        for number, (trial, values) in enumerate(zip(failing, ways, strict=True)):
            for other in values:
                yield number, trial, tuple({**trial.arguments, name: other}.values())
                break


def _values(value: Any, others: Sequence[Any], rng: np.random.Generator) -> Iterator[Any]:
    """Yield other values within the range of those that the cases have."""
    array = numbers(value)
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, np.ndarray) and array is not None and value.size and value.ndim:
        low, high = value.min(), value.max()
        for _ in range(ENOUGH):
            if value.dtype.kind == "f":
                yield rng.uniform(low, high, value.shape).astype(value.dtype)
            elif value.dtype.kind in "iu":
                yield rng.integers(low, high, value.shape, endpoint=True).astype(value.dtype)
    elif isinstance(value, int | float | str):
        kin: list[Any] = [o for o in others if type(o) is type(value) and o != value]
        yield from dict.fromkeys(kin)
        if kin and isinstance(value, float):
            ends = min(kin), max(kin)
            yield from (float(rng.uniform(*ends)) for _ in range(ENOUGH))
    elif isinstance(value, list | tuple) and len(value) > 1:
        yield type(value)(reversed(value))
        yield from (other for other in others if len(other) == len(value))
