"""`course coverage`: the facts of the slides, each with the lesson cells that assert it."""

import unicodedata
from collections import defaultdict
from pathlib import Path

import jupytext

from helpers.cli.lessons import find_lessons
from helpers.course_error import CourseError
from helpers.facts import asserting, read_facts


def coverage(root: Path) -> None:
    """Print each fact's id, its heading on the slides and where it is asserted; then the sum."""
    try:
        facts = read_facts(root)
    except FileNotFoundError as error:
        raise CourseError(
            "facts.yml is missing: it lists the facts of the slides. Restore it with git."
        ) from error
    asserted = find_asserted(root)
    rows = [
        (fact["id"], fact["slide"], "; ".join(asserted.get(fact["id"], ["-"]))) for fact in facts
    ]
    widths = [max(_width(row[column]) for row in rows) for column in (0, 1)]
    for row in rows:
        cells = [row[column] + " " * (widths[column] - _width(row[column])) for column in (0, 1)]
        print("  ".join([*cells, row[2]]))
    number = sum(fact["id"] in asserted for fact in facts)
    print(f"slides: {number} of {len(facts)} facts asserted")


def find_asserted(root: Path) -> dict[str, list[str]]:
    """Return, for each tag of a code cell that asserts something, the places of these cells."""
    asserted: defaultdict[str, list[str]] = defaultdict(list)
    for lesson in find_lessons(root):
        if not lesson.text.exists():
            continue
        cells = jupytext.read(lesson.text, fmt="md:myst").cells
        for tag, indices in asserting(cells).items():
            asserted[tag] += [f"{lesson.name}, cell {index + 1}" for index in indices]
    return dict(asserted)


def _width(text: str) -> int:
    """Return the columns that a text takes in a terminal: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
