"""The search for a likely cause, one layer after another, where no other layer knows one."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np

from helpers.checks.causes.conditions import find_condition
from helpers.checks.causes.experiments import TryCase, find_difference, find_effect
from helpers.checks.causes.pieces import find_piece
from helpers.checks.causes.places import (
    find_cut,
    find_not_a_number,
    find_place,
    find_way,
    find_whole,
)
from helpers.checks.causes.proportions import find_proportion
from helpers.checks.causes.quantities import enough, find_quantity
from helpers.checks.causes.reach import find_reach
from helpers.checks.causes.shapes import find_shape
from helpers.checks.causes.trial import MOST_NUMBERS, Cause, Trial, is_plain, pairs, wrong_entries
from helpers.checks.relations import Case, find_relation


def find_cause(
    trials: Sequence[Trial],
    everything: Sequence[Trial],
    run: TryCase,
    ask: TryCase,
    fresh: Callable[[], Sequence[Trial]] = list,
) -> Cause | None:
    """Return what is true of all wrong results of a part, the most telling first.

    Parameters
    ----------
    trials, everything : sequence of Trial
        The cases of the part, of which at least one fails, and those of all parts.
    run, ask : callable
        See `find_effect`.
    fresh : callable, optional
        Tries the answer with more cases of the part. It is called at most once.
    """
    fresh = cache(fresh)
    return next(filter(None, _causes(trials, everything, run, ask, fresh)), None)


def _causes(
    trials: Sequence[Trial],
    everything: Sequence[Trial],
    run: TryCase,
    ask: TryCase,
    fresh: Callable[[], Sequence[Trial]],
) -> Iterator[Cause | None]:
    yield find_difference(trials, run, ask)
    if any(trial.failed for trial in trials):
        yield _condition(everything, fresh) or _condition(trials, fresh)
        return
    if any(_is_too_large(trial.found) for trial in trials):
        return
    failing = [trial for trial in trials if trial.wrong]
    entries = wrong_entries(trials)
    plain = all(is_plain(trial.found) for trial in failing)
    for layer in (find_quantity, _where_wrong):
        yield from _of_entries(layer, entries)
    where, there = entries[0] if entries else ("result", [*trials])
    effect = find_effect(trials, where, run, ask) if plain else None
    if effect and effect.name == "unused":
        yield effect
    for layer in (find_not_a_number, find_cut, find_whole, find_place):
        yield from _of_entries(layer, entries)
    yield _condition(everything, fresh) or _condition(trials, fresh)
    yield _named(effect, where)
    yield from _of_entries(find_proportion, entries)
    yield _named(find_reach(there, where, run, ask) if plain else None, where)
    for layer in (find_shape, find_piece, find_way):
        yield from _of_entries(layer, entries)
    yield _other_entries(trials, entries)


def _condition(trials: Sequence[Trial], fresh: Callable[[], Sequence[Trial]]) -> Cause | None:
    """Return a condition that holds for cases which it was not made from, too.

    The same few cases always fail under some condition, which need not be why.
    """
    return find_condition([*trials, *fresh()]) if find_condition(trials) else None


def _is_too_large(value: Any) -> bool:
    size = value.size if isinstance(value, np.ndarray) else 0
    return max(size, len(value) if isinstance(value, list | str) else 0) > MOST_NUMBERS


def _of_entries(
    layer: Callable, entries: Sequence[tuple[str, list[Trial]]]
) -> Iterator[Cause | None]:
    for where, there in entries:
        yield _named(layer(there), where)


def _named(cause: Cause | None, where: str) -> Cause | None:
    """Name the place in a result that is spoken of, where it is not the whole result."""
    if cause is None or where == "result":
        return cause
    return cause._replace(sentence=cause.sentence.replace("your result", f"`{where}`"))


def _where_wrong(trials: list[Trial]) -> Cause | None:
    """Return the relation in which all wrong results stand to the wanted ones."""
    failing = [trial for trial in trials if trial.wrong]
    values = pairs(failing)
    if len(failing) < 2 or (values is not None and not enough(values)):
        return None
    cases = [Case(trial.arguments, trial.found, trial.wanted) for trial in failing]
    relation = find_relation(cases)
    found = Cause(*relation) if relation else find_quantity(failing)
    if found is None or len(failing) == len(trials):
        return found
    number = f"in {len(failing)} of {len(trials)} cases"
    return found._replace(sentence=f"where it is wrong, {number}, {found.sentence}")


def _other_entries(
    trials: Sequence[Trial], entries: Sequence[tuple[str, list[Trial]]]
) -> Cause | None:
    """Say how much of a result of several entries is right."""
    wanted = trials[0].wanted
    number = len(wanted) if isinstance(wanted, dict | list) else 0
    if not 0 < len(entries) < number or len(entries) > 3 or _is_all(entries):
        return None
    wrong = " and ".join(f"`{where}`" for where, _ in entries)
    differ = "differs" if len(entries) == 1 else "differ"
    others = "all else is" if number - len(entries) > 1 else "the other is"
    return Cause("entries", f"only {wrong} {differ} from what was wanted; {others} right.")


def _is_all(entries: Sequence[tuple[str, list[Trial]]]) -> bool:
    """Return whether what is wrong is what the answer returns, beside what a probe noted of it."""
    names = {where.removeprefix("in an ordinary tf.Graph(), ") for where, _ in entries}
    return names <= {"result", "the result"}
