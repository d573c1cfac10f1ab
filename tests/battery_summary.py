"""Print how the hostile and broken submissions were graded, at the end of a test run.

Imported by conftest, where pytest looks for the hook. What a test noted travels with its report,
so that it arrives from parallel workers as well.
"""

import pytest

NOTE = "battery"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write a line for each submission that was graded, and their totals."""
    reports = [r for status in ("passed", "failed") for r in terminalreporter.getreports(status)]
    rows = [
        value
        for report in reports
        if report.when == "call"
        for key, value in report.user_properties
        if key == NOTE
    ]
    if not rows:
        return
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
