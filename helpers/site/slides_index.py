"""The page of the slides: their headings in order, what was checked of each, what was wrong."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from helpers.facts import anchor, asserting, read_facts
from helpers.outline import read_outline
from helpers.site.header import read_header
from helpers.site.lesson_text import LessonText, read_lessons

GIVES = "each heading with its lesson, its results as checked, and what is wrong or out of date."

OPENING = """# The slides, heading by heading

The course follows the slides *Glimpse on Deep Learning: TensorFlow* (2017). Here is each of their
headings with its lesson, the results on it that can be checked, each with a link to the cell that
computes it again, and what is wrong or out of date. All {number} results are computed and compared
whenever the course is tested.
"""

# How a result of each kind is held; a fact's `rtol` is said as well.
HELD = {
    "exact": "exactly",
    "float": "to the printed digits",
    "shape": "in what it shows; its digits are random",
    "table": "figure by figure",
}


def page(root: Path) -> str:
    """Return the page in MyST Markdown."""
    facts = read_facts(root)
    lessons = {lesson.name: lesson for lesson in read_lessons(root)}
    parts = [OPENING.format(number=len(facts))]
    for unit in read_outline(root):
        parts.append(f"## {unit.title} {unit.chinese}\n")
        parts += [
            _section(lessons[lesson.name], facts)
            for lesson in unit.lessons
            if lesson.name in lessons
        ]
    return "\n".join(parts)


def _section(lesson: LessonText, facts: list[dict[str, str]]) -> str:
    """Return what the page says about one lesson's part of the slides."""
    headings = plain(read_header(lesson.cells[0].source).slides)
    return (
        f"### {lesson.name[:2]} · {headings}\n\n"
        f"Lesson {lesson.link}\n\n"
        f"**Checked**\n\n{''.join(_results(lesson, facts))}\n"
        f"**Corrected**\n\n{lesson.section('The slide, corrected')}\n"
    )


def _results(lesson: LessonText, facts: list[dict[str, str]]) -> Iterator[str]:
    """Yield a line for each result of a lesson."""
    cells = asserting(lesson.cells)
    for fact in facts:
        if fact["id"] in cells:
            links = "; ".join(_links(lesson, fact["id"], cells[fact["id"]]))
            yield f"- {plain(fact['says'])} ({_held(fact)}): {links}\n"


def _links(lesson: LessonText, fact: str, cells: list[int]) -> Iterator[str]:
    """Yield a link to each cell of a fact, named by the heading above the cell."""
    seen: Counter[str] = Counter()
    for number, index in enumerate(cells, start=1):
        heading = lesson.heading_above(index)
        seen[heading] += 1
        again = f" ({seen[heading]})" if seen[heading] > 1 else ""
        yield f"[{heading}{again}](#{anchor(fact, number)})"


def _held(fact: dict[str, str]) -> str:
    return f"within {100 * float(fact['rtol']):g} %" if "rtol" in fact else HELD[fact["kind"]]


def plain(text: str) -> str:
    r"""Return a text in which Markdown finds no marks.

    >>> print(plain("2*2*3 = 12 | w_1"))
    2\*2\*3 = 12 \| w\_1
    """
    return re.sub(r"([\\`*_{}\[\]<>|$^~#])", r"\\\1", text)
