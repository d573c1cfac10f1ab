"""Read the lessons: each one's text, executed notebook and release, as plain data."""

import importlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jupytext
import nbformat
import yaml
from nbformat import NotebookNode

from helpers.checks.exercise import Exercise
from helpers.cli.lessons import Lesson, find_lessons

ROOT = Path(__file__).resolve().parents[1]
LESSONS = find_lessons(ROOT)


@dataclass(frozen=True)
class Forms:
    """A lesson in its three forms, and what the rest of the course says about it."""

    unit: str
    name: str
    text: NotebookNode
    executed: NotebookNode | None
    release: NotebookNode | None
    points: dict[str, float]  # of the unit's exercises, by name
    facts: frozenset[str]  # the ids of everything that the slides claim


def read_notebook(path: Path) -> NotebookNode | None:
    """Return the notebook, or None where it was not built."""
    return nbformat.read(path, as_version=4) if path.exists() else None


@cache
def facts() -> frozenset[str]:
    """Return the ids of the slides' facts."""
    text = (ROOT / "solutions" / "facts.yml").read_text(encoding="utf-8")
    return frozenset(fact["id"] for fact in yaml.safe_load(text))


@cache
def points(lesson: str) -> dict[str, float]:
    """Return the points that the lesson's exercises declare, by name of exercise."""
    values = vars(importlib.import_module(f"helpers.exercises.{lesson[3:]}")).values()
    return {value.name: value.points for value in values if isinstance(value, Exercise)}


@cache
def read_forms(lesson: Lesson) -> Forms:
    """Read one lesson with everything that the rules look at."""
    return Forms(
        unit=lesson.unit,
        name=lesson.name,
        text=jupytext.read(lesson.text),
        executed=read_notebook(lesson.notebook),
        release=read_notebook(lesson.release),
        points=points(lesson.name),
        facts=facts(),
    )


def tags(cell: NotebookNode) -> list[str]:
    """Return a cell's tags."""
    return list(cell.metadata.get("tags", []))
