"""Print the score of the mutants over all exercises, at the end of a test run."""

import pytest

NOTE = "mutation"
# Of each exercise a few with wrong values are asked for the cause that their verdict names.
COLUMNS = ("mutants", "killed", "equivalent", "survivors", "asked", "true cause", "other cause")


def write(terminalreporter: pytest.TerminalReporter, notes: list[tuple[str, list[int]]]) -> None:
    """Write a table of the exercises whose mutants were tried."""
    scores = dict(notes)
    total = [sum(column) for column in zip(*scores.values(), strict=True)]
    width = max(map(len, ["exercise", *scores]))
    terminalreporter.section("mutants of the answers")
    terminalreporter.line("  ".join([f"{'exercise':{width}}", *COLUMNS]))
    for name, numbers in [*scores.items(), ("total", total)]:
        cells = [
            f"{number:>{len(column)}}" for number, column in zip(numbers, COLUMNS, strict=True)
        ]
        terminalreporter.line("  ".join([f"{name:{width}}", *cells]))
