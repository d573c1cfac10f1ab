"""Every exercise of the course, and its answer in the lesson's text."""

import importlib
import itertools
import linecache
import pkgutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jupytext
from nbformat import NotebookNode

from helpers import exercises
from helpers.checks.exercise import Exercise

ROOT = Path(__file__).resolve().parents[2]


def find_exercises() -> dict[str, Exercise]:
    """Return the exercises of all modules of `helpers.exercises`, by name."""
    modules = [
        importlib.import_module(f"{exercises.__name__}.{module.name}")
        for module in pkgutil.iter_modules(exercises.__path__)
    ]
    values = itertools.chain.from_iterable(vars(module).values() for module in modules)
    return {value.name: value for value in values if isinstance(value, Exercise)}


EXERCISES = find_exercises()


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


def is_check(cell: NotebookNode) -> bool:
    """Tell whether a cell decides an exercise's points."""
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def is_answer(cell: NotebookNode) -> bool:
    """Tell whether a cell holds an exercise's answer."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def exercise_name(cell: NotebookNode) -> str:
    """Return the name of the exercise that an answer or check cell belongs to."""
    return str(cell.metadata.nbgrader.grade_id).removesuffix("-check")
