"""Verdicts for `nbgrader validate`, as hooks of its `Execute`, whose class cannot be set there."""

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from helpers.grading import judging

_cells: list[NotebookNode] = []
_check: list[NotebookNode] = []


def on_notebook_start(notebook: NotebookNode) -> None:
    """Take note of the cells, and put one after the last, at which that one is judged."""
    notebook.cells.append(new_markdown_cell())
    _cells[:] = notebook.cells
    _check.clear()


async def on_cell_start(cell: NotebookNode, cell_index: int) -> None:
    """Judge the check cell that has run before this one."""
    if _check:
        await judging.judge_cell(_check.pop(), _cells)
    if judging.exercise_of(cell):
        _check.append(cell)
