"""What is left to a person: points given by hand, and submissions that need a look.

nbgrader has one state for both, "needs manual grade", which its formgrader shows in every list and
at the cell. nbgrader itself asks for each score that was given by hand again whenever the notebook
is graded, whatever has changed. Here a cell is asked about once, and again when the answer, the
check, its points or what is said about the notebook are others than those that a person has seen.
"""

import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader import api
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.utils import determine_grade, is_grade, is_solution

from helpers.grading.judging import CHECK, grade_id
from helpers.grading.results import GRADED, GRADING


class SaveGrades(SaveAutoGrades):
    """Saves points as nbgrader does, and asks for a person only where there is something new."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Save the points of a notebook; note what they were given for."""
        names = resources["nbgrader"]
        course = CourseDirectory(parent=self)
        folder = Path(
            course.format_path(course.autograded_directory, names["student"], names["assignment"])
        )
        # Beside the folder, which nbgrader deletes before it grades again.
        record = folder.with_name(f".{folder.name}.json")
        seen = _read(record)
        self._seen = seen.get(names["notebook"], {})
        self._now: dict[str, str] = {}
        self._answers = {grade_id(c): c.source for c in nb.cells if is_solution(c)}
        self._looks = looks_by_cell(nb)
        nb, resources = super().preprocess(nb, resources)
        seen[names["notebook"]] = self._now
        record.write_text(json.dumps(seen), encoding="utf-8")
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        name = grade_id(cell)
        grade = self.gradebook.find_grade(
            name, self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score, points = determine_grade(cell, self.log)
        answer = self._answers.get(name.removesuffix(CHECK), list(self._answers.values()))
        look = self._looks.get(name, "")
        what = [grade.id, answer, cell.source, points, grade.auto_score, look]
        self._now[name] = hashlib.sha256(json.dumps(what).encode()).hexdigest()
        if self._now[name] != self._seen.get(name):
            grade.needs_manual_grade = bool(
                grade.auto_score is None or _given_by_hand(grade) or look
            )
        self.gradebook.db.commit()


def looks_by_cell(notebook: NotebookNode) -> dict[str, str]:
    """Return why a notebook needs a look, by the graded cells to look at.

    A cell is one whose exercise is named; where none is, the notebook's first.
    """
    noted = notebook.metadata.get(GRADING, {})
    if noted.get("state") != "needs a look":
        return {}
    why = str(noted.get("why", ""))
    cells = [grade_id(cell) for cell in notebook.cells if is_grade(cell)]
    named = [c for c in cells if re.search(rf"\b{re.escape(c.removesuffix(CHECK))}: ", why)]
    return dict.fromkeys(named or cells[:1], why)


def ask_about(db_url: str, unit: str, student: str, lesson: str) -> None:
    """Ask for a look at a submission, at a graded cell of one of its notebooks."""
    with api.Gradebook(db_url, course_id="") as gradebook:
        grades = gradebook.find_submission_notebook(lesson, unit, student).grades
        for grade in sorted(grades, key=lambda grade: grade.name)[:1]:
            grade.needs_manual_grade = True
        gradebook.db.commit()


def open_questions(db_url: str, unit: str) -> dict[str, list[str]]:
    """Return the students whose submissions wait for a person.

    With each stands what is asked about points that are given by hand; of a submission that needs
    a look for another reason, the list is empty.
    """
    with api.Gradebook(db_url, course_id="") as gradebook:
        grades = (
            gradebook.db.query(api.Grade)
            .join(api.SubmittedNotebook, api.Grade.notebook_id == api.SubmittedNotebook.id)
            .join(
                api.SubmittedAssignment,
                api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id,
            )
            .join(api.Assignment, api.SubmittedAssignment.assignment_id == api.Assignment.id)
            .filter(api.Assignment.name == unit, api.Grade.needs_manual_grade)
        )
        asked: dict[str, list[str]] = {}
        for grade in grades:
            sentences = asked.setdefault(grade.student.id, [])
            if sentence := _question(grade):
                sentences.append(f"{grade.notebook.name}: {sentence}")
    return {student: sorted(sentences) for student, sentences in asked.items()}


def _given_by_hand(grade: api.Grade) -> bool:
    return grade.manual_score is not None or bool(grade.extra_credit)


def _question(grade: api.Grade) -> str:
    """Return what is asked about points that a person gives; "" where that is not the question."""
    if _given_by_hand(grade):
        by_hand = grade.manual_score if grade.manual_score is not None else grade.auto_score or 0
        points = f"{by_hand:g}"
        if grade.extra_credit:
            points += f" + {grade.extra_credit:g}"
        check = "" if grade.auto_score is None else f" The check gives {grade.auto_score:g}."
        return (
            f"{grade.name} was given {points} of {grade.max_score:g} points by hand before the "
            f"answer, the check or its points changed.{check}"
        )
    return f"{grade.name} is graded by hand." if grade.auto_score is None else ""


class ShowQuestions(Preprocessor):
    """Puts over a submission, in nbgrader's formgrader, why it needs a look, and what to do."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook with a first cell that says it; feedback gets none."""
        if "submission_id" not in resources:
            return nb, resources
        db_url = CourseDirectory(parent=self).db_url
        with api.Gradebook(db_url, course_id="") as gradebook:
            submitted = gradebook.find_submission_notebook_by_id(resources["submission_id"])
            name, waits = submitted.name, submitted.needs_manual_grade
            asked = [q for g in submitted.grades if g.needs_manual_grade and (q := _question(g))]
        noted = nb.metadata.get(GRADING, {})
        folder = Path(resources["metadata"]["path"])
        first = min(path.stem for path in folder.glob("*.ipynb"))  # see `ask_about`
        looks = _read(folder / GRADED).get("row", {}).get("looks", []) if name == first else []
        sentences = [*filter(None, [noted.get("why")]), *looks, *asked]
        if sentences:
            nb.cells.insert(0, new_markdown_cell(_banner(sentences, waits)))
        return nb, resources


def _banner(sentences: list[str], waits: bool) -> str:
    items = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in sentences)
    end = (
        "To settle it, enter the points in the red field, or keep those given by hand: Resolve."
        if waits
        else "This was settled by hand."
    )
    title = "Needs a look" if waits else "Needed a look"
    return f"<b>{title}</b><ul>{items}</ul>{end}\n\n---"


def _read(record: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(record.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
