"""What an answer calls of its lesson's earlier answers: a mistake is paid for once."""

import ast
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from helpers.checks.exercise import EXERCISES, LEARNERS_SEED, Exercise, judge
from helpers.checks.observe import Observation
from helpers.checks.verdict import Verdict

# Given an exercise, and those whose references are to stand in the places of the answers to them,
# returns what runs its answer on a case.
Runner = Callable[[Exercise, Sequence[Exercise]], Callable[[tuple], Observation]]


def judge_apart(
    exercise: Exercise,
    runner: Runner,
    source: str = "",
    names: Mapping[str, str] | None = None,
    seed: int = LEARNERS_SEED,
    text_of: Callable[[str], str] = lambda name: "",
    known: Mapping[str, Verdict] = MappingProxyType({}),
) -> Verdict:
    """Judge an answer; where answers that it calls are wrong, with the references in their places.

    Parameters
    ----------
    exercise, source, names, seed
        As for `judge`.
    runner : callable
        See `Runner`.
    text_of : callable, optional
        Returns the text of the answer with this name, where `source` does not hold it.
    known : mapping of str to Verdict, optional
        Of other exercises' answers, by name, where they have been judged.
    """

    def is_right(other: Exercise) -> bool:
        verdict = known.get(other.name) or judge(other, runner(other, ()), seed=seed)
        return verdict.passed and not verdict.not_yet

    wrong = [other for other in _called(exercise, source, text_of) if not is_right(other)]
    verdict = judge(exercise, runner(exercise, wrong), source, names, seed)
    return replace(verdict, not_yet=[other.name for other in wrong])


def _called(exercise: Exercise, source: str, text_of: Callable[[str], str]) -> list[Exercise]:
    """Return the exercises of the same lesson whose answers the source calls, directly or not."""
    found: dict[str, Exercise] = {}
    waiting = [source]
    while waiting:
        for name in _names(waiting.pop()):
            other = EXERCISES.get(name)
            if other is None or name in {exercise.name, *found}:
                continue
            # A sandbox cannot import the exercises, and grader and learner judge alike.
            importable = not other.reference.__module__.startswith("helpers.exercises.")
            if other.lesson == exercise.lesson and importable:
                found[name] = other
                waiting.append(text_of(name))
    return [*found.values()]


def _names(source: str) -> list[str]:
    try:
        tree = ast.parse(textwrap.dedent(source))
    except SyntaxError:
        return []
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return [*dict.fromkeys(names)]
