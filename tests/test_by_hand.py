"""What a person is asked about, and when again; with nbgrader's gradebook, without a kernel."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbgrader.api import Gradebook
from traitlets.config import Config

from helpers.grading.by_hand import SaveGrades, ask_about, open_questions
from helpers.grading.results import GRADING

UNIT, LESSON, STUDENT = "networks", "10_softmax", "li"
NAMES = {"assignment": UNIT, "notebook": LESSON, "student": STUDENT}


class Class:
    """A gradebook with one submission of two exercises, two points each, graded once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.url = f"sqlite:///{root / 'gradebook.db'}"

    def hand_in(self) -> None:
        """Make a new submission, which is graded once."""
        with Gradebook(self.url, course_id="") as gradebook:
            gradebook.add_submission(UNIT, STUDENT)
        self.grade(graded())

    def grade(self, notebook: NotebookNode) -> None:
        resources = {"nbgrader": {**NAMES, "db_url": self.url}}
        config = Config({"CourseDirectory": {"root": str(self.root)}})
        SaveGrades(config=config).preprocess(notebook, resources)

    def give(self, check: str, points: float | None = None, extra: float | None = None) -> None:
        """Do what nbgrader's formgrader does when a person enters points."""
        with Gradebook(self.url, course_id="") as gradebook:
            grade = gradebook.find_grade(check, LESSON, UNIT, STUDENT)
            grade.manual_score, grade.extra_credit = points, extra
            grade.needs_manual_grade = False
            gradebook.db.commit()

    def asked(self) -> set[str]:
        with Gradebook(self.url, course_id="") as gradebook:
            notebook = gradebook.find_submission_notebook(LESSON, UNIT, STUDENT)
            return {grade.name for grade in notebook.grades if grade.needs_manual_grade}

    def questions(self) -> dict[str, list[str]]:
        return open_questions(self.url, UNIT)


def graded(
    *, double: str = "2 * x", points: int = 2, earned: int = 1, why: str = ""
) -> NotebookNode:
    """Return a graded notebook: two answers, of which `double` earns some of its points."""
    kinds = {"schema_version": 3, "task": False}
    answer, check = {"solution": True, "grade": False}, {"solution": False, "grade": True}

    def cell(name: str, source: str, kind: dict[str, bool], **more: object) -> NotebookNode:
        metadata = {"grade_id": name, "locked": not kind["solution"], **kinds, **kind, **more}
        return new_code_cell(source, metadata={"nbgrader": metadata})

    cells = [
        cell("double", double, answer),
        cell("double-check", "check.double(double)", check, points=points),
        cell("half", "x / 2", answer),
        cell("half-check", "check.half(half)", check, points=2),
    ]
    result = {"text/plain": str(earned)}
    cells[1].outputs = [new_output("execute_result", data=result)]
    noted = {"state": "needs a look" if why else "graded", "why": why}
    return new_notebook(cells=cells, metadata={GRADING: noted})


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("class")
    class_ = Class(root)
    with pytest.MonkeyPatch.context() as patch:
        # A new gradebook calls alembic by its name.
        programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        patch.setenv("PATH", programs)
        gradebook = Gradebook(class_.url, course_id="")
    with gradebook:
        gradebook.add_assignment(UNIT)
        gradebook.add_notebook(LESSON, UNIT)
        for name in ("double", "half"):
            check, cell = f"{name}-check", {"cell_type": "code"}
            gradebook.add_grade_cell(check, LESSON, UNIT, max_score=2, **cell)
            gradebook.add_source_cell(check, LESSON, UNIT, **cell)
            gradebook.add_solution_cell(name, LESSON, UNIT)
            gradebook.add_source_cell(name, LESSON, UNIT, **cell)
        gradebook.add_student(STUDENT)
    (root / "autograded" / STUDENT / UNIT).mkdir(parents=True)
    class_.hand_in()
    return root


@pytest.fixture
def class_(begun: Path, tmp_path: Path) -> Class:
    shutil.copytree(begun, tmp_path / "class")
    return Class(tmp_path / "class")


def test_nobody_is_asked_about_what_the_check_has_graded(class_: Class) -> None:
    assert class_.questions() == {}


CHANGES: dict[str, Callable[[], NotebookNode]] = {
    "its answer": lambda: graded(double="x + x"),
    "its points": lambda: graded(points=3),
    "what the check gives": lambda: graded(earned=0),
    "a look at it": lambda: graded(why="double: the output is forged."),
}


@pytest.mark.parametrize("change", CHANGES)
def test_points_by_hand_are_kept_and_asked_for_where_something_changed(
    class_: Class, change: str
) -> None:
    class_.give("double-check", 1.5)
    class_.give("half-check", 1)
    class_.grade(graded())
    assert class_.questions() == {}
    class_.grade(CHANGES[change]())
    assert class_.asked() == {"double-check"}
    [sentence] = class_.questions()[STUDENT]
    assert "double-check was given 1.5 of 2 points by hand" in sentence
    class_.grade(CHANGES[change]())
    assert class_.asked() == {"double-check"}, "graded again, it is no longer asked"
    class_.give("double-check", 2)
    class_.grade(CHANGES[change]())
    assert class_.asked() == set()


def test_extra_points_are_asked_for_as_well(class_: Class) -> None:
    class_.give("double-check", extra=0.5)
    class_.grade(graded(double="x + x"))
    assert "1 + 0.5 of 2 points" in class_.questions()[STUDENT][0]


def test_a_look_is_asked_for_once_at_the_exercise_that_is_named(class_: Class) -> None:
    class_.grade(graded(why="half: the output is forged."))
    assert class_.asked() == {"half-check"}
    assert class_.questions() == {STUDENT: []}
    class_.give("half-check", 0)
    class_.grade(graded(why="half: the output is forged."))
    assert class_.asked() == set()
    class_.grade(graded(why="Cell 3 ended the kernel."))
    assert class_.asked() == {"double-check", "half-check"}  # which has points by hand


def test_a_look_at_the_folder_is_asked_for_at_one_exercise(class_: Class) -> None:
    ask_about(class_.url, UNIT, STUDENT, LESSON)
    assert class_.questions() == {STUDENT: []}
    assert class_.asked() == {"double-check"}


def test_what_was_noted_of_a_deleted_submission_does_not_count(class_: Class) -> None:
    with Gradebook(class_.url, course_id="") as gradebook:
        gradebook.remove_submission(UNIT, STUDENT)
    class_.hand_in()
    assert class_.questions() == {}
