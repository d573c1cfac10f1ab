"""`course grade`: grade all that was submitted for a unit, and say how it went."""

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from helpers.course_error import CourseError
from helpers.grading.by_hand import open_questions
from helpers.grading.class_grades import grade
from helpers.grading.cluster import NoWorkers
from helpers.grading.late import NoPenalties, assign_penalties
from helpers.grading.sandbox import NoSandbox, why_no_sandbox
from helpers.grading.saving import Row
from helpers.grading.unit import open_unit


def grade_unit(
    root: Path,
    name: str,
    *,
    number: int | None = None,
    scheduler: str | None = None,
    no_sandbox: bool = False,
    all_cells: bool = False,
) -> None:
    """Grade the submissions of a unit that are new or have changed; print a closing table.

    Raises
    ------
    CourseError
        If there is nothing to grade, no safe way to do it, or a submission failed.
    """
    unit = open_unit(root, name)
    if all_cells:
        unit.config.ExecuteInSandbox.all_cells = True
    if not (no_sandbox or scheduler) and (reason := why_no_sandbox()):
        raise CourseError(reason)
    if number is not None and number < 1:
        raise CourseError(f"--workers {number}: at least one worker has to do the work.")
    console = Console()
    rows: list[Row] = []
    began = time.monotonic()
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    try:
        with Progress(*columns, console=console, refresh_per_second=1) as bar:
            task = bar.add_task(name, total=None)

            def tell(total: int, done: int) -> None:
                bar.update(task, total=total, completed=done)

            for row in grade(
                unit,
                number=number or os.cpu_count() or 1,
                scheduler=scheduler,
                no_sandbox=no_sandbox,
                tell=tell,
            ):
                rows.append(row)
    except (NoWorkers, NoSandbox) as error:
        raise CourseError(str(error)) from error
    rows = list(_as_in_gradebook(rows, open_questions(unit.course.db_url, name)))
    _say(console, rows, time.monotonic() - began)
    try:
        assign_penalties(unit)
    except NoPenalties as error:
        raise CourseError(str(error)) from error
    if failed := [_printable(row.student) for row in rows if row.state == "failed"]:
        raise CourseError(
            f"Not graded: {', '.join(failed)}. Nothing of theirs was changed; when the reason is "
            f"gone, run again: course grade {name}"
        )


def _as_in_gradebook(rows: Iterable[Row], asked: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    """Say of each submission what the formgrader says: a person may have had the look."""
    for row in rows:
        if row.state == "failed":
            yield row
        elif row.student in asked:
            why = " ".join([row.why, *asked[row.student]]).strip()
            yield replace(row, state="needs a look", why=why)
        elif row.state == "needs a look":
            yield replace(row, state="graded", why="")
        else:
            yield row


def _say(console: Console, rows: list[Row], seconds: float) -> None:
    """Print the submissions that are not plainly graded, and then the sums."""
    special = [row for row in sorted(rows, key=lambda r: (r.state, r.student)) if row.why]
    if special:
        table = Table("student", "state", "why", show_edge=False)
        for row in special:
            table.add_row(*(Text(_printable(cell)) for cell in (row.student, row.state, row.why)))
        console.print(table)
    fresh = [row for row in rows if row.again]
    counts = [(state, sum(row.state == state for row in rows)) for state in STATES]
    console.print(
        f"{len(rows)} submissions: "
        + ", ".join(f"{number} {state}" for state, number in counts)
        + f". {len(fresh)} graded now in {seconds:.0f} s, "
        + f"{len(rows) - len(fresh)} unchanged since they were graded.",
        highlight=False,
        soft_wrap=True,
    )


STATES = ("graded", "needs a look", "failed")


def _printable(text: str) -> str:
    """Return a text of a submission without signs that would steer the terminal."""
    short = text if len(text) <= 600 else f"{text[:600]} ..."
    return "".join(sign if sign.isprintable() else " " for sign in short)
