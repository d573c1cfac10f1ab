"""A class graded by `course grade`, and by nbgrader's own commands with the course's settings."""

import copy
import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from distributed import Client
from nbgrader.api import Gradebook
from nbgrader.preprocessors import SaveAutoGrades

from helpers.cli.answers import exercise_name, is_answer
from helpers.course_error import CourseError
from helpers.grading.failures import CannotGrade
from helpers.grading.saving import save
from helpers.grading.unit import open_unit
from helpers.grading.worker import Result
from tests.kernels import wait_until
from tests.lessons import LESSONS, read_forms
from tests.postgresql import postgresql
from tests.project import PATIENCE, copy_project, environment_of, run

[LESSON] = [lesson for lesson in LESSONS if lesson.name == "10_softmax"]
UNIT = LESSON.unit
# Right on paper; it overflows.
HALF_RIGHT = "def softmax(scores):\n    return np.exp(scores) / np.sum(np.exp(scores), axis=0)"

pytestmark = pytest.mark.xdist_group("grading")


def solved() -> nbformat.NotebookNode:
    notebook = nbformat.read(LESSON.release, as_version=4)
    answers = {exercise_name(c): c.source for c in read_forms(LESSON).text.cells if is_answer(c)}
    for cell in filter(is_answer, notebook.cells):
        cell.source = answers[exercise_name(cell)]
    return notebook


def half_right() -> nbformat.NotebookNode:
    notebook = solved()
    for cell in filter(is_answer, notebook.cells):
        if exercise_name(cell) == "softmax":
            cell.source = HALF_RIGHT
    return notebook


def hand_in(folder: Path, student: str, notebook: nbformat.NotebookNode) -> Path:
    path = folder / "submitted" / student / UNIT / LESSON.release.name
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def scores(folder: Path, url: str = "") -> dict[str, float]:
    """Return each student's score in the unit, from nbgrader's gradebook."""
    with Gradebook(url or f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        submissions = gradebook.assignment_submissions(UNIT)
        return {submission.student.id: submission.score for submission in submissions}


@pytest.fixture(scope="module")
def released(needs: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a class of three whose unit is one lesson; nothing is graded yet."""
    needs("bwrap")
    folder = tmp_path_factory.mktemp("class")
    copy_project(folder, only=LESSON)
    run(folder, "nbgrader", "generate_assignment", UNIT, "--force")
    hand_in(folder, "right", solved())
    hand_in(folder, "half right", half_right())
    hand_in(folder, "王芳", nbformat.read(LESSON.release, as_version=4))
    return folder


@pytest.fixture
def class_folder(released: Path, tmp_path: Path) -> Path:
    shutil.copytree(released, tmp_path / "class")
    return tmp_path / "class"


RIGHT = read_forms(LESSON).points
WANTED = {"right": sum(RIGHT.values()), "half right": sum(RIGHT.values()) - 1, "王芳": 0.0}


def test_a_class_is_graded_fed_back_and_not_run_again(class_folder: Path) -> None:
    before = {p: p.read_bytes() for p in (class_folder / "submitted").rglob("*.ipynb")}
    said = run(class_folder, "course", "grade", UNIT, "--workers", "2")
    assert "3 submissions: 3 graded, 0 needs a look, 0 failed. 3 graded now" in said
    assert scores(class_folder) == WANTED
    assert {p: p.read_bytes() for p in (class_folder / "submitted").rglob("*.ipynb")} == before

    said = run(class_folder, "course", "grade", UNIT)
    assert "0 graded now" in said
    assert "3 unchanged" in said

    hand_in(class_folder, "王芳", solved())
    assert "1 graded now" in run(class_folder, "course", "grade", UNIT)
    assert scores(class_folder) == {**WANTED, "王芳": WANTED["right"]}

    run(class_folder, "nbgrader", "generate_feedback", UNIT)
    page = class_folder / "feedback" / "half right" / UNIT / f"{LESSON.name}.html"
    text = re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))
    assert "exp of a large score is too large for a float" in text
    assert "Known as: " in text
    assert "Hint: " in text


def test_clumsy_submissions_are_graded_or_named(class_folder: Path) -> None:
    submitted = class_folder / "submitted"
    right = submitted / "right" / UNIT / LESSON.release.name
    right.rename(right.with_name("10_softmax (1).ipynb"))
    for number in range(1000):
        (submitted / "half right" / UNIT / f"{number:04}.txt").touch()
    (submitted / "王芳" / UNIT).rename(submitted / "王芳" / UNIT.upper())
    before = {path for path in submitted.rglob("*")}
    done = subprocess.run(
        ["course", "grade", UNIT, "--workers", "2"],
        cwd=class_folder,
        env={**environment_of(class_folder), "COLUMNS": "300"},
        capture_output=True,
        text=True,
    )
    assert "10_softmax: The notebook was handed in as 10_softmax (1).ipynb and" in done.stdout
    assert "0204.txt and 795 more (more than 200 files)." in done.stdout
    assert f"There is no folder {UNIT}, but {UNIT.upper()}." in done.stdout
    assert "3 submissions: 0 graded, 2 needs a look, 1 failed. 2 graded now" in done.stdout
    assert done.returncode == 1
    assert done.stderr.startswith("Not graded: 王芳.")
    assert scores(class_folder) == {name: WANTED[name] for name in ("right", "half right")}
    assert {path for path in submitted.rglob("*")} == before
    kept = class_folder / "autograded" / "half right" / UNIT
    assert len(list(kept.glob("*.txt"))) == 200
    said = run(class_folder, "course", "report", UNIT)
    assert "2 submissions need a look: half right (Not read: 0200.txt, 0201.txt" in said
    assert "; right (10_softmax: The notebook was handed in as 10_softmax (1).ipynb" in said


def test_nbgraders_own_commands_use_the_same_sandbox_and_verdict(class_folder: Path) -> None:
    tagged = solved()
    tagged.cells[0].metadata.tags = ["skip-execution"]
    hand_in(class_folder, "right", tagged)
    run(class_folder, "nbgrader", "autograde", UNIT)
    assert scores(class_folder) == WANTED
    graded = nbformat.read(
        class_folder / "autograded" / "right" / UNIT / LESSON.release.name, as_version=4
    )
    assert graded.metadata.glimpse_grading.sandbox == "bubblewrap"
    assert graded.metadata.glimpse_grading.why.startswith("Cell 1 was tagged skip-execution")
    for student, sentence in {
        "right": "Success! Your notebook passes all the tests.",
        "half right": "VALIDATION FAILED ON 1 CELL(S)",
        "王芳": f"VALIDATION FAILED ON {len(RIGHT)} CELL(S)",
    }.items():
        path = f"submitted/{student}/{UNIT}/{LESSON.release.name}"
        assert sentence in run(class_folder, "nbgrader", "validate", path)


def test_what_nbgrader_stumbles_over_is_named(
    class_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = open_unit(class_folder, UNIT)
    notebook = nbformat.writes(solved())
    fields: dict[str, Any] = dict.fromkeys(Result.__dataclass_fields__, ())
    result = Result(
        **{**fields, "student": "right", "notebooks": {LESSON.name: notebook}, "remarks": {}}
    )
    for error, kind, sentence in (
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), CannotGrade, "The disk is full at"),
        (ValueError("no such cell"), CourseError, "these grades: ValueError: no such cell"),
    ):

        def fail(*arguments: Any, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(SaveAutoGrades, "preprocess", fail)
        with pytest.raises(kind, match=sentence):
            save(unit, result, "key")
    assert not list((class_folder / "autograded").glob("right/*/.graded.json"))


def test_a_killed_run_goes_on_where_it_stopped(class_folder: Path) -> None:
    for number in range(3):
        hand_in(class_folder, f"more-{number}", copy.deepcopy(solved()))
    command = [sys.executable, "-m", "helpers.cli", "grade", UNIT, "--workers", "1"]
    grader = subprocess.Popen(
        ["course", *command[3:]],
        cwd=class_folder,
        env=environment_of(class_folder),
        stdout=subprocess.DEVNULL,
    )
    end = time.monotonic() + PATIENCE
    while not (done := list((class_folder / "autograded").glob(f"*/{UNIT}/.graded.json"))):
        assert grader.poll() is None
        assert time.monotonic() < end
        time.sleep(0.05)
    processes = psutil.Process(grader.pid).children(recursive=True)
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    _, alive = psutil.wait_procs(processes, timeout=PATIENCE)
    assert not alive, "workers or sandboxes outlive a killed grader"
    said = run(class_folder, "course", "grade", UNIT, "--workers", "2")
    assert "6 submissions: 6 graded" in said
    unchanged = int(re.findall(r"(\d+) unchanged", said)[0])
    assert unchanged >= len(done)
    assert set(scores(class_folder).values()) == {0.0, WANTED["right"], WANTED["half right"]}


def test_a_gradebook_in_postgresql(needs: Callable[[str], str], class_folder: Path) -> None:
    with postgresql(needs("initdb")) as url:
        settings = class_folder / "nbgrader_config.py"
        text = settings.read_text() + f"\nc.CourseDirectory.db_url = {url!r}\n"
        settings.write_text(text)
        run(class_folder, "nbgrader", "generate_assignment", UNIT, "--force")
        assert "3 graded now" in run(class_folder, "course", "grade", UNIT, "--workers", "2")
        assert scores(class_folder, url) == WANTED
        assert not (class_folder / "gradebook.db").exists() or not scores(class_folder)


def test_workers_of_a_scheduler_get_nothing_but_messages(
    class_folder: Path, tmp_path: Path
) -> None:
    """Run workers that do not see the class's folder, as those of another machine."""
    other = tmp_path / "other machine"
    copy_project(other, only=LESSON)
    file = tmp_path / "scheduler.json"
    dask = shutil.which("dask", path=environment_of(other)["PATH"])
    assert dask
    # A port of the system's choice, told by the file.
    scheduler = [dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    worker = ["bwrap", "--dev-bind", "/", "/", "--tmpfs", str(class_folder), "--die-with-parent"]
    worker += [dask, "worker", "--nthreads", "1", "--no-dashboard", "--scheduler-file", str(file)]
    with ExitStack() as running:

        def start(*command: str) -> None:
            process = subprocess.Popen(
                command,
                cwd=other,
                env=environment_of(other),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            running.callback(process.wait, PATIENCE)
            running.callback(process.terminate)

        start(*scheduler, "--scheduler-file", str(file))
        wait_until(file.exists)
        address = json.loads(file.read_text())["address"]
        done = subprocess.run(
            ["course", "grade", UNIT, "--scheduler", address],
            cwd=class_folder,
            env=environment_of(class_folder),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 1
        assert f"dask worker --nthreads 1 {address}" in done.stderr
        start(*worker)
        with Client(address) as client:
            client.wait_for_workers(1, timeout=PATIENCE)
            seen = client.run(os.listdir, str(class_folder))
            assert list(seen.values()) == [[]]
        said = run(class_folder, "course", "grade", UNIT, "--scheduler", address)
        assert "3 graded now" in said
        assert scores(class_folder) == WANTED
        graded = nbformat.read(
            class_folder / "autograded" / "right" / UNIT / LESSON.release.name, as_version=4
        )
        assert graded.metadata.glimpse_grading.sandbox == "bubblewrap"


def test_without_a_sandbox_it_refuses_and_says_how_to_get_one(
    class_folder: Path, tmp_path: Path
) -> None:
    environment = environment_of(class_folder)
    programs = tmp_path / "programs"
    programs.mkdir()
    course = shutil.which("course", path=environment["PATH"])
    assert course
    done = subprocess.run(
        [course, "grade", UNIT],
        cwd=class_folder,
        env={**environment, "PATH": str(programs)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "apt install bubblewrap" in done.stderr
    assert "--no-sandbox" in done.stderr
    assert not (class_folder / "autograded").exists()

    shutil.rmtree(class_folder / "submitted" / "王芳")
    run(class_folder, "course", "grade", UNIT, "--no-sandbox")
    graded = nbformat.read(
        class_folder / "autograded" / "right" / UNIT / LESSON.release.name, as_version=4
    )
    assert graded.metadata.glimpse_grading.sandbox == "none"
    assert scores(class_folder)["half right"] == WANTED["half right"]
