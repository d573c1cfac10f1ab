"""What can be seen to be wrong with a lesson before it is run."""

import ast
import re
from collections.abc import Iterator, Sequence

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator


def find_problems(cells: Sequence[NotebookNode], places: Sequence[str]) -> Iterator[str]:
    """Yield one line for each problem: the place, what is wrong, what to do."""
    first: dict[str, str] = {}
    for cell, place in zip(cells, places, strict=True):
        grading = cell.metadata.get("nbgrader", {})
        name = grading.get("grade_id")
        if name in first:
            yield f"{place}: the grade_id {name} is also that of {first[name]}; rename one."
        elif name:
            first[name] = place
        for message in (_syntax(cell), _metadata(cell), _solution(cell)):
            if message:
                yield f"{place}: {message}"


def _syntax(cell: NotebookNode) -> str:
    if cell.cell_type != "code" or "raises-exception" in cell.metadata.get("tags", []):
        return ""
    try:
        ast.parse(TransformerManager().transform_cell(cell.source))
    except SyntaxError as error:
        return f"syntax error in the cell's line {error.lineno}: {error.msg}."
    return ""


def _metadata(cell: NotebookNode) -> str:
    try:
        MetadataValidator().validate_cell(cell)
    except Exception as error:  # of jsonschema, of nbgrader, or a KeyError for a missing field
        message = getattr(error, "message", None) or f"{type(error).__name__}: {error}"
        return f"nbgrader's metadata: {' '.join(message.split())}."
    return ""


def _solution(cell: NotebookNode) -> str:
    """Return what is wrong with the region of the answer that a student does not get to see."""
    marks = re.findall("(BEGIN|END) SOLUTION", cell.source)
    solution = cell.metadata.get("nbgrader", {}).get("solution")
    if marks and not solution:
        return "BEGIN SOLUTION in a cell whose nbgrader metadata does not say solution: true."
    if marks != ["BEGIN", "END"] * (len(marks) // 2):
        return "each ### BEGIN SOLUTION needs one ### END SOLUTION after it."
    if solution and cell.cell_type == "code" and not marks:
        return "an answer cell without ### BEGIN SOLUTION and ### END SOLUTION."
    return ""
