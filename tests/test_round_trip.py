"""A class's round trip with nbgrader itself: release, submissions, grades, feedback."""

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from nbgrader.api import Gradebook

from helpers.cli.answers import exercise_name, is_answer, is_check
from helpers.cli.lessons import Lesson
from tests.lessons import LESSONS, read_forms, read_notebook
from tests.project import copy_project, run

# One lesson in graph style and one in NumPy: the machinery is the same for all, and every
# lesson's own checks are run by test_lesson_runs.py.
ROUND_TRIPS = [lesson for lesson in LESSONS if lesson.name in ("04_variables", "10_softmax")]

pytestmark = pytest.mark.xdist_group("round_trip")


class Trip(NamedTuple):
    """A copy of the course with one lesson, after the round trip."""

    lesson: Lesson
    folder: Path
    released_by_build: str


@pytest.fixture(scope="module", params=ROUND_TRIPS, ids=str)
def trip(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trip:
    """Release a lesson, submit it with the answers and untouched, grade, give feedback."""
    lesson, folder = request.param, tmp_path_factory.mktemp("project")
    copy_project(folder, only=lesson)
    release = folder / lesson.release.relative_to(lesson.root)
    released_by_build = release.read_text(encoding="utf-8")
    release.unlink()
    run(folder, "nbgrader", "generate_assignment", lesson.unit, "--force")
    untouched = nbformat.read(release, as_version=4)
    solved = copy.deepcopy(untouched)
    answers = {exercise_name(c): c.source for c in read_forms(lesson).text.cells if is_answer(c)}
    for cell in filter(is_answer, solved.cells):
        cell.source = answers[exercise_name(cell)]
    for student, notebook in (("solved", solved), ("untouched", untouched)):
        submission = folder / "submitted" / student / lesson.unit / release.name
        submission.parent.mkdir(parents=True)
        nbformat.write(notebook, submission)
    run(folder, "nbgrader", "autograde", lesson.unit)
    run(folder, "nbgrader", "generate_feedback", lesson.unit)
    return Trip(lesson, folder, released_by_build)


def scores(trip: Trip, student: str) -> dict[str, tuple[float, float]]:
    """Return the points earned and possible of each exercise, from nbgrader's gradebook."""
    with Gradebook(f"sqlite:///{trip.folder / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission_notebook(trip.lesson.name, trip.lesson.unit, student)
        assert not submission.needs_manual_grade
        return {grade.name: (grade.score, grade.max_score) for grade in submission.grades}


def feedback(trip: Trip, student: str) -> str:
    """Return what a student reads in nbgrader's feedback."""
    folder = trip.folder / "feedback" / student / trip.lesson.unit
    page = (folder / f"{trip.lesson.name}.html").read_text(encoding="utf-8")
    return re.sub(r"<[^>]+>", "", page)


def checks(trip: Trip) -> Iterator[str]:
    return (
        cell.metadata.nbgrader.grade_id
        for cell in read_forms(trip.lesson).text.cells
        if is_check(cell)
    )


def test_nbgrader_releases_what_the_build_released(trip: Trip) -> None:
    release = read_notebook(trip.folder / trip.lesson.release.relative_to(trip.lesson.root))
    built = nbformat.reads(trip.released_by_build, as_version=4)
    assert release is not None
    assert [cell.source for cell in release.cells] == [cell.source for cell in built.cells]


def test_answers_earn_all_points(trip: Trip) -> None:
    points = read_forms(trip.lesson).points
    wanted = {check: points[check.removesuffix("-check")] for check in checks(trip)}
    assert scores(trip, "solved") == {check: (p, p) for check, p in wanted.items()}


def test_untouched_submission_earns_nothing(trip: Trip) -> None:
    found = scores(trip, "untouched")
    assert set(found) == set(checks(trip))
    assert all(score == 0 for score, _ in found.values())


def test_untouched_submission_is_told_that_nothing_was_attempted(trip: Trip) -> None:
    text = feedback(trip, "untouched")
    for check in checks(trip):
        assert f"{check.removesuffix('-check')}: not attempted yet" in text
    assert "No response." in text


def test_solved_submission_is_told_that_it_is_correct(trip: Trip) -> None:
    text = feedback(trip, "solved")
    assert text.count(": correct (") == len(list(checks(trip)))
    assert "No response." not in text
