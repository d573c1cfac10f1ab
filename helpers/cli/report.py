"""`course report`: what a class knows of a unit, as a page and a table."""

import difflib
from pathlib import Path

from helpers.cli.lessons import find_lessons
from helpers.course_error import CourseError
from helpers.grading.report import summary, write_report
from helpers.grading.results import read_results


def report(root: Path, unit: str) -> None:
    """Write `reports/UNIT.html` and `reports/UNIT.csv`; print their paths and a summary.

    Raises CourseError for a unit that is not there, or of which nothing was graded yet.
    """
    units = sorted({lesson.unit for lesson in find_lessons(root)})
    if unit not in units:
        near = difflib.get_close_matches(unit, units, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(units)}."
        raise CourseError(f"There is no unit {unit}. {hint}")
    results = read_results(root, unit)
    for path in write_report(results, root / "reports"):
        print(path.relative_to(root).as_posix())
    for sentence in summary(results):
        print(sentence)
