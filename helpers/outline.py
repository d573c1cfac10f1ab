"""The outline of the course: units and lessons, those to come included, and the exercises."""

import json
from pathlib import Path
from typing import NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[1]


class Lesson(NamedTuple):
    """A lesson; `exercises` holds each one's points, and is None for a lesson to come."""

    unit: str
    name: str
    title: str
    chinese: str
    exercises: dict[str, float] | None

    @property
    def number(self) -> str:
        """The lesson's number in the course, in two digits."""
        return self.name[:2]

    @property
    def path(self) -> str:
        """Where its notebook lies, seen from the welcome page."""
        return f"{self.unit}/{self.name}.ipynb"


class Unit(NamedTuple):
    """A unit of the course and its lessons, in order."""

    name: str
    title: str
    chinese: str
    lessons: list[Lesson]


def read_outline(root: Path = ROOT) -> list[Unit]:
    """Return the units that `solutions/units.yml` lists, with what `course/` has of them.

    >>> read_outline()[1].lessons[1].title
    'Softmax'
    """
    listed = yaml.safe_load((root / "solutions" / "units.yml").read_text(encoding="utf-8"))
    return [
        Unit(
            name=unit["unit"],
            title=unit["title"],
            chinese=unit["chinese"],
            lessons=[
                Lesson(
                    unit=unit["unit"],
                    name=name,
                    title=lesson["title"],
                    chinese=lesson["chinese"],
                    exercises=_exercises(root / "course" / unit["unit"] / f"{name}.ipynb"),
                )
                for name, lesson in unit["lessons"].items()
            ],
        )
        for unit in listed
    ]


def _exercises(notebook: Path) -> dict[str, float] | None:
    """Return the points of a lesson's exercises, by name, from the cells that nbgrader grades."""
    if not notebook.exists():
        return None
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    grading = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    return {
        each["grade_id"].removesuffix("-check"): each["points"]
        for each in grading
        if each.get("grade")
    }
