"""Print how the hostile and broken submissions were graded, at the end of a test run."""

from typing import Any

import pytest

NOTE = "battery"


def write(terminalreporter: pytest.TerminalReporter, rows: list[dict[str, Any]]) -> None:
    """Write a line for each submission that was graded, and their totals."""
    total = {key: sum(row[key] for row in rows) for key in ("undeserved", "lost", "leaked", "left")}
    width = max(len(row["name"]) for row in rows)
    terminalreporter.section("hostile and broken submissions")
    for row in rows:
        line = f"{row['name']:{width}}  {row['points']:>6}  {row['word'] or 'graded'}"
        terminalreporter.line(line[:200])
    terminalreporter.line(
        "battery: {} submissions, {undeserved:g} undeserved points, {lost} lost, "
        "{leaked} leaked strings, {left} processes left".format(len(rows), **total)
    )
