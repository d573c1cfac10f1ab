"""Print the score of the mutants over all exercises, at the end of a test run.

Imported by conftest, where pytest looks for the hook. What a test noted travels with its report,
so that it arrives from parallel workers as well.
"""

import pytest

NOTE = "mutation"
COLUMNS = ("mutants", "killed", "equivalent", "survivors")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write a table of the exercises whose mutants were tried."""
    reports = [r for status in ("passed", "failed") for r in terminalreporter.getreports(status)]
    scores = dict(
        value
        for r in reports
        if r.when == "call"
        for key, value in r.user_properties
        if key == NOTE
    )
    if not scores:
        return
    total = [sum(column) for column in zip(*scores.values(), strict=True)]
    width = max(map(len, ["exercise", *scores]))
    terminalreporter.section("mutants of the answers")
    terminalreporter.line("  ".join([f"{'exercise':{width}}", *COLUMNS]))
    for name, numbers in [*scores.items(), ("total", total)]:
        cells = [
            f"{number:>{len(column)}}" for number, column in zip(numbers, COLUMNS, strict=True)
        ]
        terminalreporter.line("  ".join([f"{name:{width}}", *cells]))
