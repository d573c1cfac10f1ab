"""Imports go down the table of CONTRIBUTING.md, never up."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.lessons import ROOT

MODULES = [
    path
    for path in sorted((ROOT / "helpers").rglob("*.py"))
    if not {"environment", "jupyter", "stand_in"} & set(path.parts)
]


def rows() -> dict[str, int]:
    """Return the number of the row that names each folder or module of the table."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = re.search(r"\| folder \| holds \|.*\n\|.*\n((?:\|.*\n)+)", text)
    assert table
    cells = [line.split("|")[1] for line in table[1].splitlines()]
    return {
        name.removeprefix("helpers/").rstrip("/"): number
        for number, cell in enumerate(cells)
        for name in re.findall(r"`([^`]+)`", cell)
    }


ROWS = rows()
FIRST = ROWS["activations.py"]  # "and their like": the mathematics has a module a lesson


def row(name: str) -> int:
    """Return the row of ``helpers.grading.unit`` or the like; 0 stands for `helpers` itself."""
    parts = name.split(".")
    if len(parts) == 1:
        return 0
    if (ROOT / "helpers" / f"{parts[1]}.py").is_file():
        return ROWS.get(f"{parts[1]}.py", FIRST)
    assert parts[1] in ROWS, f"helpers/{parts[1]}/ has no row in the table of CONTRIBUTING.md"
    return ROWS[parts[1]]


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the modules of the course that a module names, those within functions as well."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: the course writes full names"
            names = [node.module or ""]
            if node.module == "helpers":
                names = [f"helpers.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        yield from ((node.lineno, name) for name in names if name.split(".")[0] == "helpers")


def test_nothing_is_imported_from_below() -> None:
    for path in MODULES:
        shown = path.relative_to(ROOT)
        own = row(shown.with_suffix("").as_posix().replace("/", "."))
        for line, name in imports(path):
            assert row(name) <= own, f"{shown}, line {line}: {name} stands below it in the table"
