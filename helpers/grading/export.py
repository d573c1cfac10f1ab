"""The grades as a CSV file, for `nbgrader export`."""

import csv
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin

COLUMNS = (
    *("assignment", "duedate", "timestamp"),
    *("student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)


class CsvGrades(ExportPlugin):
    """Writes what nbgrader's own export writes, which breaks at a comma in a name."""

    def export(self, gradebook: Gradebook) -> None:
        """Write a row for each unit and student; who handed in nothing has no points."""
        target = self.to or "grades.csv"
        with open(target, "w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(COLUMNS)
            for unit in gradebook.assignments:
                for student in gradebook.students:
                    if _wanted(unit.name, self.assignment) and _wanted(student.id, self.student):
                        rows.writerow(_row(gradebook, unit, student))
        self.log.info("Exporting grades to %s", target)


def _wanted(name: str, names: list[Any]) -> bool:
    return not names or name in map(str, names)


def _row(gradebook: Gradebook, unit: Any, student: Any) -> list[Any]:
    person = [student.id, student.last_name, student.first_name, student.email]
    try:
        submission = gradebook.find_submission(unit.name, student.id)
    except MissingEntry:
        return [unit.name, unit.duedate, None, *person, 0.0, 0.0, 0.0, unit.max_score]
    score, penalty = submission.score, submission.late_submission_penalty
    scores = [score, penalty, max(0.0, score - penalty)]
    return [unit.name, unit.duedate, submission.timestamp, *person, *scores, unit.max_score]
