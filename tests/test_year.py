"""An instructor's year with nbgrader's own exchange: one machine, and two Unix users."""

import csv
import json
import os
import re
import shutil
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook

from helpers.cli.answers import exercise_name, is_answer
from tests.kernels import wait_until
from tests.lessons import LESSONS, ROOT, read_forms
from tests.project import copy_project, exchange, run, serve
from tests.unix_users import STUDENT, as_student

[LESSON] = [lesson for lesson in LESSONS if lesson.name == "10_softmax"]
UNIT = LESSON.unit
NOTEBOOK = LESSON.release.name
# Right on paper; it overflows: one of two points.
HALF_RIGHT = "def softmax(scores):\n    return np.exp(scores) / np.sum(np.exp(scores), axis=0)"
COMMENT = "The slope of which loss?"

pytestmark = pytest.mark.xdist_group("year")


@dataclass
class School:
    """A machine with an instructor's copy of the project, a student's, and an exchange."""

    folder: Path

    @property
    def instructors(self) -> Path:
        return self.folder / "instructor"

    @property
    def students(self) -> Path:
        return self.folder / "student"

    def instructor(self, *command: str) -> str:
        return run(self.instructors, *command)

    def student(self, *command: str) -> str:
        status, said = as_student(self.students, *command)
        assert status == 0, said
        return said

    def answer(self, **sources: str) -> None:
        """Write answers into the student's notebook, as its owner."""
        path = self.students / "work" / UNIT / NOTEBOOK
        notebook = nbformat.read(path, as_version=4)
        for cell in filter(is_answer, notebook.cells):
            cell.source = sources.get(exercise_name(cell), cell.source)
        nbformat.write(notebook, path)

    def grades(self) -> dict[str, tuple[float | None, float | None, float, bool]]:
        """Return points by the check and by hand, the most, and whether a person is asked."""
        with Gradebook(f"sqlite:///{self.instructors / 'gradebook.db'}") as gradebook:
            submission = gradebook.find_submission_notebook(LESSON.name, UNIT, STUDENT)
            return {
                g.name: (g.auto_score, g.manual_score, g.max_score, g.needs_manual_grade)
                for g in submission.grades
            }

    def scores(self) -> tuple[float, float]:
        """Return the student's score without penalty, and the penalty."""
        with Gradebook(f"sqlite:///{self.instructors / 'gradebook.db'}") as gradebook:
            submission = gradebook.find_submission(UNIT, STUDENT)
            return submission.score, submission.late_submission_penalty


@pytest.fixture
def school(needs: Callable[[str], str]) -> Iterator[School]:
    needs("bwrap")
    if os.geteuid() != 0:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(
            "Two Unix users take part in this test: run it as root, in a container for example."
        )
    # pytest's own temporary folders are closed to other users.
    with tempfile.TemporaryDirectory() as name:
        school = School(Path(name))
        school.folder.chmod(0o755)
        copy_project(school.instructors, only=LESSON)
        school.instructors.chmod(0o700)
        only_exercises(school.instructors / LESSON.notebook.relative_to(ROOT))
        copy_project(school.students, only=LESSON)
        for folder in (school.instructors, school.students):
            exchange(folder, school.folder / "exchange")
        for path in [school.students, *school.students.rglob("*")]:
            shutil.chown(path, STUDENT)
        yield school


def only_exercises(path: Path) -> None:
    """Leave of a lesson what its exercises need, which takes less time to run."""
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    notebook.cells = [code[0], *(cell for cell in code if "nbgrader" in cell.metadata)]
    nbformat.write(notebook, path)


def change_points(path: Path, check: str, points: float) -> None:
    """Give an exercise other points, as in JupyterLab's Create Assignment."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == check:
            cell.metadata.nbgrader.points = points
    nbformat.write(notebook, path)


@dataclass
class Formgrader:
    """nbgrader's formgrader, asked over HTTP as its pages ask it."""

    address: str  # with %s for a path

    def ask(self, path: str, data: dict[str, Any] | None = None) -> str:
        base, token = re.findall(r"(.*)/lab/tree/%s\?token=(.*)", self.address)[0]
        request = urllib.request.Request(
            f"{base}/formgrader/{path}",
            data=json.dumps(data).encode() if data else None,
            headers={"Authorization": f"token {token}"},
            method="PUT" if data else "GET",
        )
        with urllib.request.urlopen(request) as reply:
            return str(reply.read().decode())

    def answers(self) -> bool:
        """Return whether the server, which shows its address first, takes requests already."""
        try:
            return bool(self.ask("api/status"))
        except OSError:
            return False

    def submission(self) -> str:
        [submitted] = json.loads(self.ask(f"api/submitted_notebooks/{UNIT}/{LESSON.name}"))
        return str(submitted["id"])

    def give(self, check: str, points: float, comment: str = "") -> None:
        """Type points, and a comment to the answer, into the page of the submission."""
        for kind, name, field, value in (
            ("grade", check, "manual_score", points),
            ("comment", check.removesuffix("-check"), "manual_comment", comment),
        ):
            found = json.loads(self.ask(f"api/{kind}s?submission_id={self.submission()}"))
            [wanted] = [one for one in found if one["name"] == name]
            if value:
                self.ask(f"api/{kind}/{wanted['id']}", {field: value})

    def waits(self) -> bool:
        """Return whether the list of submissions says "needs manual grading"."""
        [submission] = json.loads(self.ask(f"api/submissions/{UNIT}"))
        return bool(submission["needs_manual_grade"])

    def page(self) -> str:
        return re.sub("<[^>]+>", "", self.ask(f"submissions/{self.submission()}/"))


@contextmanager
def formgrader(school: School) -> Iterator[Formgrader]:
    with serve(school.instructors, "jupyter", "lab", "--allow-root") as address:
        page = Formgrader(address)
        wait_until(page.answers)
        yield page


def readme_penalty() -> str:
    """Return the settings that the README shows for late submissions."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    [block] = re.findall(r"```python\n(.*?)```", text, flags=re.S)
    return str(block)


@pytest.mark.long
def test_a_year(school: School) -> None:
    # Released, fetched, handed in twice, collected.
    school.instructor("nbgrader", "generate_assignment", UNIT, "--force")
    school.instructor("nbgrader", "release_assignment", UNIT)
    school.student("nbgrader", "fetch_assignment", UNIT)
    right = {
        exercise_name(cell): cell.source
        for cell in filter(is_answer, read_forms(LESSON).text.cells)
    }
    school.student("nbgrader", "submit", UNIT)
    school.answer(softmax=HALF_RIGHT, loss_gradient=right["loss_gradient"])
    school.student("nbgrader", "submit", UNIT)
    status, _ = as_student(school.students, "ls", str(school.folder / "exchange/glimpse/inbound"))
    assert status != 0, "a student sees who else has handed in"
    school.instructor("nbgrader", "collect", UNIT)
    said = school.instructor("course", "grade", UNIT)
    assert "1 submissions: 1 graded, 0 needs a look" in said
    assert school.grades() == {
        "softmax-check": (1, None, 2, False),
        "loss_gradient-check": (2, None, 2, False),
        "train_step-check": (0, None, 2, False),
    }

    with formgrader(school) as page:
        # Points and a comment by hand; then a change of one answer, and of an exercise's points.
        assert not page.waits()
        page.give("loss_gradient-check", 1.5)
        page.give("train_step-check", 0.5, COMMENT)
        school.answer(train_step=right["train_step"])
        school.student("nbgrader", "submit", UNIT)
        school.instructor("nbgrader", "collect", UNIT, "--update")
        source = school.instructors / LESSON.notebook.relative_to(ROOT)
        change_points(source, "softmax-check", 4)
        school.instructor("nbgrader", "generate_assignment", UNIT, "--force")
        said = school.instructor("course", "grade", UNIT)
        assert school.grades() == {
            "softmax-check": (2, None, 4, False),
            "loss_gradient-check": (2, 1.5, 2, False),
            "train_step-check": (2, 0.5, 2, True),
        }
        assert "0 graded, 1 needs a look" in said
        assert page.waits()
        shown = page.page()
        assert "Needs a look" in shown
        assert "train_step-check was given 0.5 of 2 points by hand before" in shown
        assert "loss_gradient-check was given" not in shown
        page.give("train_step-check", 1)
        assert not page.waits()
        assert "Needs a look" not in page.page()

    # A due date and a penalty that come late themselves: nothing is run again for them.
    settings = school.instructors / "nbgrader_config.py"
    settings.write_text(settings.read_text() + readme_penalty())
    school.instructor("nbgrader", "db", "assignment", "add", UNIT, "--duedate=2020-01-31 12:00 UTC")
    said = school.instructor("course", "grade", UNIT)
    assert "1 graded, 0 needs a look, 0 failed. 0 graded now" in said
    assert school.scores() == (4.5, 4.5)

    # Feedback, for the student alone; what was fetched is not handed in again.
    school.instructor("nbgrader", "generate_feedback", UNIT, "--force")
    school.instructor("nbgrader", "release_feedback", UNIT)
    school.student("nbgrader", "fetch_feedback", UNIT)
    [feedback] = (school.students / "work" / UNIT / "feedback").glob(f"*/{LESSON.name}.html")
    text = re.sub("<[^>]+>", "", feedback.read_text(encoding="utf-8"))
    assert COMMENT in text
    assert "Late submission penalty (Score: -4.5)" in text
    assert "by hand" not in text
    kept = {path.name for path in (school.instructors / "feedback" / STUDENT / UNIT).iterdir()}
    assert kept == {f"{LESSON.name}.html", "timestamp.txt", "submission_secret.txt"}
    school.student("nbgrader", "submit", UNIT)
    assert not [*(school.folder / "exchange/glimpse/inbound").glob("*/feedback")]

    with Gradebook(f"sqlite:///{school.instructors / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_student(STUDENT, last_name="Wang, Fang")
    school.instructor("nbgrader", "export")
    with (school.instructors / "grades.csv").open(newline="", encoding="utf-8") as file:
        [row] = csv.DictReader(file)
    columns = ("last_name", "raw_score", "late_submission_penalty", "score", "max_score")
    assert [row[name] for name in columns] == ["Wang, Fang", "4.5", "4.5", "0.0", "8.0"]
