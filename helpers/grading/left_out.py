"""What of a submission is not run: cells that no answer needs, which show what was handed in."""

from collections.abc import Collection, Sequence
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output

from helpers.checks.verdict import Verdict
from helpers.needed import needed

NOTE = "Not run again: no answer needs this cell. What follows is what was handed in."
# Errors of something that is not there: was it made by a cell that was left out?
MISSING = ("NameError", "FileNotFoundError", "NotFoundError", "FailedPreconditionError")
IMPORTED = frozenset([".py", ".pyc", ".so"])


def lesson_cells(notebook: NotebookNode) -> frozenset[str]:
    """Return the code of a lesson's own cells, by which they are known in a submission."""
    return frozenset(cell.source.strip() for cell in notebook.cells if cell.cell_type == "code")


def cells_to_run(
    cells: Sequence[NotebookNode], lesson: Collection[str], folder: Path
) -> frozenset[int]:
    """Return the places of the cells that a submission's answers and checks need.

    Parameters
    ----------
    cells : sequence of NotebookNode
        All cells of the submission.
    lesson : collection of str
        See `lesson_cells`.
    folder : Path
        Where the notebook runs. With a module of the student's in it, an import may do anything.
    """
    places = [place for place, cell in enumerate(cells) if cell.cell_type == "code"]
    if any(path.suffix in IMPORTED for path in folder.rglob("*")):
        return frozenset(places)
    marks = [cells[place].metadata.get("nbgrader") or {} for place in places]
    run = needed(
        [cells[place].source for place in places],
        [n for n, mark in enumerate(marks) if mark.get("grade") or mark.get("solution")],
        [n for n, place in enumerate(places) if cells[place].source.strip() in lesson],
    )
    return frozenset(places[n] for n in run)


def mark(cell: NotebookNode) -> None:
    """Say in a cell that is not run that its outputs are those that were handed in."""
    if cell.outputs:
        page = f"<em>{NOTE}</em>"
        data = {"text/plain": NOTE, "text/html": page}
        cell.outputs = [new_output("display_data", data=data), *cell.outputs]


def in_doubt(verdict: Verdict, seen: int | None) -> bool:
    """Return whether a verdict may be another one when all cells run.

    Parameters
    ----------
    verdict : Verdict
    seen : int or None
        The points that the submission's own output shows.
    """
    return (seen is not None and seen > verdict.points) or any(
        part.status == "stopped"
        or (part.status == "raised" and any(name in part.sentence for name in MISSING))
        for part in verdict.parts
    )
