"""The checked results of the slides (`solutions/facts.yml`), and the cells that assert them."""

import ast
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import yaml
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode


def read_facts(root: Path) -> list[dict[str, str]]:
    """Return the facts in the order of the slides: `id`, `kind`, `slide`, `says` of each.

    >>> from helpers.outline import ROOT
    >>> read_facts(ROOT)[0]["id"]
    'first-matmul'
    """
    path = root / "solutions" / "facts.yml"
    return list(yaml.safe_load(path.read_text(encoding="utf-8")))


def asserting(cells: Sequence[NotebookNode]) -> dict[str, list[int]]:
    """Return, for each tag of a code cell that asserts something, the indices of these cells."""
    found = defaultdict(list)
    for index, cell in enumerate(cells):
        if cell.cell_type == "code" and asserts(cell.source):
            for tag in cell.metadata.get("tags", []):
                found[tag].append(index)
    return dict(found)


def anchors(cells: Sequence[NotebookNode], facts: Sequence[dict[str, str]]) -> dict[int, list[str]]:
    """Return, for each cell that asserts facts, the names by which other pages link to it.

    >>> from nbformat.v4 import new_code_cell
    >>> cell = new_code_cell("assert 1", metadata={"tags": ["feed"]})
    >>> anchors([cell, cell], [{"id": "feed"}])
    {0: ['fact-feed'], 1: ['fact-feed-2']}
    """
    found = asserting(cells)
    names = defaultdict(list)
    for fact in facts:
        for number, index in enumerate(found.get(fact["id"], []), start=1):
            names[index].append(anchor(fact["id"], number))
    return dict(names)


def anchor(fact: str, number: int) -> str:
    """Return the name of the cell that asserts a fact as the first, the second and so on.

    >>> anchor("feed", 1), anchor("feed", 2)
    ('fact-feed', 'fact-feed-2')
    """
    return f"fact-{fact}" if number == 1 else f"fact-{fact}-{number}"


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
