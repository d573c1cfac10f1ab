"""Find every exercise of the course, and its answer in the lesson's text."""

import copy
import importlib
import itertools
import linecache
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import jupytext
import pytest
from nbformat import NotebookNode

from helpers import exercises
from helpers.checks import plain
from helpers.checks.exercise import LEARNERS_SEED, Exercise, judge
from helpers.checks.observe import Observation, call, observe
from helpers.checks.verdict import Verdict
from tests.lessons import ROOT, exercise_name, is_answer, is_check


def find_exercises() -> dict[str, Exercise]:
    """Return the exercises of all modules of `helpers.exercises`, by name."""
    modules = [
        importlib.import_module(f"{exercises.__name__}.{module.name}")
        for module in pkgutil.iter_modules(exercises.__path__)
    ]
    values = itertools.chain.from_iterable(vars(module).values() for module in modules)
    return {value.name: value for value in values if isinstance(value, Exercise)}


EXERCISES = find_exercises()

each_exercise = pytest.mark.parametrize(
    "exercise",
    [
        # Exercises of one lesson share its namespace, so they go to one worker.
        pytest.param(exercise, id=name, marks=pytest.mark.xdist_group(exercise.lesson))
        for name, exercise in EXERCISES.items()
    ],
)


class Answer(NamedTuple):
    """The answer of a lesson's text: its cells, and the names that its cell could see."""

    cell: NotebookNode
    check: NotebookNode
    seen: dict[str, Any]


def define(source: str, name: str, seen: dict[str, Any]) -> Callable:
    """Run an answer's text as a cell of a notebook would, and return the function `name`."""
    file = f"<answer {name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    names = dict(seen)
    exec(compile(source, file, "exec"), names)
    return names[name]


@cache
def find_answer(name: str) -> Answer:
    """Return an exercise's answer, after the lesson's first code cell and the answers before it."""
    lesson = EXERCISES[name].lesson
    text = next(ROOT.glob(f"solutions/*/{lesson}.md"), None)
    assert text, f"the exercise {name} belongs to {lesson}, and there is no such lesson"
    cells = [cell for cell in jupytext.read(text).cells if cell.cell_type == "code"]
    check = [cell for cell in cells if is_check(cell) and exercise_name(cell) == name]
    assert check, f"{text.name} has no check cell of the exercise {name}"
    seen: dict[str, Any] = {"__name__": "__main__"}
    exec(cells[0].source, seen)
    for cell in filter(is_answer, cells):
        if exercise_name(cell) == name:
            return Answer(cell, check[0], seen)
        exec(cell.source, seen)
    raise AssertionError(f"{text.name} has no answer cell of the exercise {name}")


@cache
def remembering(name: str) -> Exercise:
    """Return the exercise with a memory for what its own answers do, right and wrong ones.

    The tests ask for that again and again, and to build and run a graph takes time. Plain calls
    are made anew: they are fast, and an answer may change its arguments.
    """
    exercise = EXERCISES[name]
    if exercise.probe is call:
        return exercise
    own = {exercise.reference, *exercise.misconceptions}
    seen: dict[tuple[Callable, str], Any] = {}

    def probe(answer: Any, *arguments: Any) -> Any:
        if answer not in own:
            return exercise.probe(answer, *arguments)
        key = answer, plain.dumps(plain.to_plain(arguments))
        if key not in seen:
            seen[key] = exercise.probe(answer, *arguments)
        return seen[key]

    return with_fields(exercise, probe=probe)


def with_fields(exercise: Exercise, **fields: Any) -> Exercise:
    """Return a changed copy that does not take the exercise's place in the list for hints."""
    changed = copy.copy(exercise)
    for field, value in fields.items():
        object.__setattr__(changed, field, value)
    return changed


def run_here(exercise: Exercise, answer: Any) -> Callable[[tuple], Observation]:
    """Return what runs an answer of this process on a case, for `judge`."""
    return lambda case: observe(answer, case, exercise.probe)


def judge_here(
    exercise: Exercise, answer: Any, source: str = "", seed: int = LEARNERS_SEED
) -> Verdict:
    """Judge an answer of this process; its text is searched for what is forbidden, if given."""
    exercise = remembering(exercise.name)
    return judge(exercise, run_here(exercise, answer), source, seed=seed)
