"""`course coverage`: the facts of the slides, each with the lesson cells that assert it."""

import ast
import unicodedata
from collections import defaultdict
from pathlib import Path

import jupytext
import yaml
from IPython.core.inputtransformer2 import TransformerManager

from helpers.cli.lessons import find_lessons
from helpers.course_error import CourseError


def coverage(root: Path) -> None:
    """Print each fact's id, its heading on the slides and where it is asserted; then the sum."""
    facts = _read_facts(root / "solutions" / "facts.yml")
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
    asserted = defaultdict(list)
    for lesson in find_lessons(root):
        if not lesson.text.exists():
            continue
        notebook = jupytext.read(lesson.text, fmt="md:myst")
        for number, cell in enumerate(notebook.cells, start=1):
            if cell.cell_type == "code" and asserts(cell.source):
                for tag in cell.metadata.get("tags", []):
                    asserted[tag].append(f"{lesson.name}, cell {number}")
    return dict(asserted)


def asserts(source: str) -> bool:
    """Tell whether a cell holds an assert statement or calls an assertion of NumPy or TensorFlow.

    >>> asserts("np.testing.assert_allclose(x, y)"), asserts("print(x == y)")
    (True, False)
    """
    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError:
        return False
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Call) and _is_assertion(ast.unparse(node.func)))
        for node in ast.walk(tree)
    )


def _is_assertion(name: str) -> bool:
    """Tell whether a call's dotted name is of `numpy.testing` or `tf.debugging`."""
    module, _, function = name.rpartition(".")
    return function.startswith("assert_") and module.rpartition(".")[2] in (
        "",
        "testing",
        "debugging",
    )


def _read_facts(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        raise CourseError(
            f"{path.name} is missing: it lists the facts of the slides. Restore it with git."
        )
    return list(yaml.safe_load(path.read_text(encoding="utf-8")))


def _width(text: str) -> int:
    """Return the columns that a text takes in a terminal: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
