"""The lessons as the website's reference pages read them."""

import re
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

from helpers.outline import read_outline

HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*$", flags=re.M)
FENCED = re.compile(r"^(```|~~~).*?^\1`*$", flags=re.M | re.S)


class LessonText(NamedTuple):
    """A lesson: where its page lies, what it is called, the cells of its executed notebook."""

    unit: str
    name: str
    title: str
    cells: list[NotebookNode]

    @property
    def link(self) -> str:
        """A link to the lesson's page, for a page at the top of the website's sources.

        >>> LessonText("networks", "10_softmax", "Softmax", []).link
        '{doc}`10 · Softmax <networks/10_softmax>`'
        """
        return f"{{doc}}`{self.name[:2]} · {self.title} <{self.unit}/{self.name}>`"

    @property
    def markdown(self) -> list[str]:
        """The Markdown cells."""
        return [cell.source for cell in self.cells if cell.cell_type == "markdown"]

    @property
    def code(self) -> list[str]:
        """The code cells."""
        return [cell.source for cell in self.cells if cell.cell_type == "code"]

    def section(self, title: str) -> str:
        """Return the Markdown of a `##` section, without its heading."""
        text = "\n\n".join(self.markdown)
        found = re.search(rf"^## {re.escape(title)}\s*$(.*?)(?=^## |\Z)", text, re.M | re.S)
        return found[1].strip() if found else ""

    def heading_above(self, index: int) -> str:
        """Return the heading that a cell stands under."""
        text = "\n\n".join(c.source for c in self.cells[:index] if c.cell_type == "markdown")
        return HEADING.findall(FENCED.sub("", text))[-1][1]


def read_lessons(root: Path) -> list[LessonText]:
    """Return the lessons that are built, in the order of the course."""
    return [
        LessonText(lesson.unit, lesson.name, lesson.title, nbformat.read(path, 4).cells)
        for unit in read_outline(root)
        for lesson in unit.lessons
        if (path := root / "solutions" / lesson.unit / f"{lesson.name}.ipynb").exists()
    ]
