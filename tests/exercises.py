"""Find every exercise of the course, and its answer in the lesson's text."""

import copy
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from helpers.checks import plain
from helpers.checks.exercise import Exercise
from helpers.checks.forbidden import is_theirs
from helpers.checks.judging import LEARNERS_SEED, Run, judge
from helpers.checks.observe import call, observe
from helpers.checks.verdict import Verdict
from helpers.cli.answers import EXERCISES

each_exercise = pytest.mark.parametrize(
    "exercise",
    [
        # Exercises of one lesson share its namespace, so they go to one worker.
        pytest.param(exercise, id=name, marks=pytest.mark.xdist_group(exercise.lesson))
        for name, exercise in EXERCISES.items()
    ],
)


@cache
def remembering(name: str) -> Exercise:
    """Return the exercise with a memory for what its own answers do, right and wrong ones.

    The tests ask for that again and again, and to build and run a graph takes time. Made anew are
    plain calls, which are fast, and those that change their arguments, which is to be seen.
    """
    exercise = EXERCISES[name]
    if exercise.probe is call:
        return exercise
    own = {exercise.reference, *exercise.misconceptions}
    seen: dict[tuple[Callable, str], tuple[Any, Exception | None]] = {}

    def probe(answer: Any, *arguments: Any) -> Any:
        if answer not in own:
            return exercise.probe(answer, *arguments)
        given = plain.dumps(plain.to_plain(arguments))
        value, error = seen.get((answer, given)) or outcome(exercise.probe, answer, arguments)
        if plain.dumps(plain.to_plain(arguments)) == given:
            seen[answer, given] = value, error
        if error:
            raise error
        return value

    return with_fields(exercise, probe=probe)


def outcome(probe: Callable, answer: Any, arguments: tuple) -> tuple[Any, Exception | None]:
    """Return what a probe of one of the course's own answers returns or raises.

    The error keeps no frame: they hold graphs, and tell only of answers that stand in a notebook.
    """
    try:
        return probe(answer, *arguments), None
    except Exception as raised:
        error: BaseException | None = raised
        while error:
            error.__traceback__ = None
            error = error.__cause__ or error.__context__
        return None, raised


def with_fields(exercise: Exercise, **fields: Any) -> Exercise:
    """Return a changed copy that does not take the exercise's place in the list for hints."""
    changed = copy.copy(exercise)
    for field, value in fields.items():
        object.__setattr__(changed, field, value)
    return changed


def run_here(exercise: Exercise, answer: Any) -> Run:
    """Return what runs an answer of this process on cases, for `judge`.

    The exercise's own answers may use what it forbids.
    """
    forbidden = exercise.refused if is_theirs(answer) else ()
    return lambda cases: (observe(answer, case, exercise.probe, forbidden) for case in cases)


def judge_here(exercise: Exercise, answer: Any, seed: int = LEARNERS_SEED) -> Verdict:
    """Judge an answer of this process."""
    exercise = remembering(exercise.name)
    return judge(exercise, run_here(exercise, answer), seed)
