"""Hostile and broken submissions: each is graded as it deserves, and nothing else happens."""

import contextlib
import json
import os
import re
import secrets
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from multiprocessing import forkserver, get_context
from pathlib import Path
from threading import Timer
from typing import Any

import nbformat
import psutil
import pytest
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import determine_grade
from traitlets.config import Config

from helpers.checks import outside
from helpers.cli.answers import is_check
from helpers.course_error import CourseError
from helpers.grading import sandbox
from helpers.grading.preprocessors import Source
from helpers.grading.sandbox import Limits
from helpers.grading.saving import save
from helpers.grading.unit import Unit, make_job, open_unit, submitted
from helpers.grading.worker import Result, grade_submission, warm_up
from helpers.kernels.forks import ForkedKernel
from tests.battery import (
    ALL,
    ATTACKS,
    BROKEN,
    EXERCISES,
    LESSON,
    LINKS,
    MARKUP,
    NAMES,
    NONE,
    REST,
    UNNAMEABLE,
    Submission,
    as_it_is,
    cell,
    released,
    solved,
)
from tests.battery_summary import NOTE
from tests.lessons import ROOT
from tests.project import copy_project, run
from tests.test_submitted import source_of

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
SOURCE = Source(source_of(released()), KERNELSPEC)
TOTAL = sum(cell.points for cell in SOURCE.cells)
SETTINGS = {
    "timeout": 8,
    "kernel_name": "glimpse-sandbox",
    "raise_on_iopub_timeout": False,
    "shutdown_kernel": "immediate",
    "skip_cells_with_tag": "no tag skips a cell",
}
LIMITS = Limits(
    notebook_seconds=60,
    memory=3 * 2**29,
    disk=64 * 2**20,
    processes=32,
    output=2**20,
)
# Most attacks use no processor: they last until a limit of time ends them.
SIDE_BY_SIDE = 4
# A piece of what only the grader may know: a case, a solution, a misconception's code.
HIDDEN = [
    (ROOT / "helpers/exercises/softmax.py", "rng.normal(size=(3, 4)) + 100.0 * rng.integers"),
    (ROOT / "helpers/exercises/softmax.py", "return scores / np.sum(scores, axis=0)"),
    (LESSON.text, "### BEGIN SOLUTION"),
    (
        ROOT / "CONTRIBUTING.md",
        (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()[2],
    ),
]


@dataclass(frozen=True)
class Surroundings:
    """What a submission may try to reach."""

    secrets: list[str]
    listening: Mapping[str, Any]
    listeners: list[socket.socket]


@pytest.fixture(scope="module")
def surroundings(needs: Callable[[str], str]) -> Iterator[Surroundings]:
    """Plant secrets on this machine, listen, and grade with small limits."""
    needs("bwrap")
    for path, text in HIDDEN:
        assert text in path.read_text(encoding="utf-8")
    token = f"secret-{secrets.randbits(64):020}"
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setenv("BATTERY_TOKEN", token)
        patch.setattr(outside, "SECONDS", 3.0)
        Path(folder, "gradebook.db").write_text(token)
        tcp = socket.create_server(("", 0))
        listeners = [tcp, *(socket.socket(socket.AF_UNIX) for _ in range(2))]
        unix, abstract = f"{folder}/socket", f"battery-{os.getpid()}"
        for listener, address in zip(listeners[1:], [unix, f"\0{abstract}"], strict=True):
            listener.bind(address)
            listener.listen()
        for listener in listeners:
            listener.setblocking(False)
        ip = socket.gethostbyname(socket.gethostname())
        listening = {"port": tcp.getsockname()[1], "path": unix, "abstract": abstract, "ip": ip}
        warm_up()
        yield Surroundings([token, "REACHED", *(text for _, text in HIDDEN)], listening, listeners)
        sandbox.close()
        for listener in listeners:
            listener.close()


def lay_out(folder: Path, submission: Submission, name: str) -> None:
    """Write a submission's files, as they would have been handed in."""
    folder.mkdir(parents=True, exist_ok=True)
    notebook = submission.change(solved())
    if isinstance(notebook, bytes):
        (folder / f"{name}.ipynb").write_bytes(notebook)
    elif notebook is not None:
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    for file, text in submission.files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")


def unit_of(root: Path, *notebooks: str) -> Unit:
    """Return a unit with this lesson under each of the names."""
    config = Config({"Execute": SETTINGS})
    config.CourseDirectory.root = str(root)
    course = CourseDirectory(config=config)
    return Unit(root, LESSON.unit, config, course, dict.fromkeys(notebooks, SOURCE), {})


def contents(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def graded(root: Path, unit: Unit, student: str) -> Result:
    """Grade what the student handed in; the files must still be what they were."""
    before = contents(root)
    result = grade_submission(replace(make_job(unit, student), limits=LIMITS))
    assert contents(root) == before
    return result


def points(notebook: str) -> dict[str, float]:
    """Return what nbgrader reads from a graded notebook."""
    cells = nbformat.reads(notebook, as_version=4).cells
    checks = {c.metadata.nbgrader.grade_id: determine_grade(c) for c in cells if is_check(c)}
    return {name.removesuffix("-check"): float(p or 0) for name, (p, _) in checks.items()}


def word(remarks: Mapping[str, Any]) -> str:
    """Return what the instructor is told."""
    return " ".join(dict.fromkeys([*remarks["put_right"], *remarks["alarms"], remarks["why"]]))


def judge_result(
    submission: Submission,
    result: Result,
    name: str,
    surroundings: Surroundings,
    note: Callable[[str, object], None],
    left: int = 0,
) -> None:
    """Note how it went, then assert that it went as it should."""
    wanted = dict(zip(EXERCISES, map(float, submission.points), strict=True))
    found = points(result.notebooks[name]) if name in result.notebooks else {}
    said = word(result.remarks[name]) if found else ""
    seen = json.dumps(dict(result.remarks.get(name, {}))) + outputs(result.notebooks.get(name, ""))
    leaked = [secret for secret in surroundings.secrets if secret in seen]
    leaked += filter(None, map(connection, surroundings.listeners))
    summary = {
        "name": submission.name,
        "points": f"{sum(found.values()):g} of {TOTAL:g}",
        "word": said,
        "undeserved": sum(max(0.0, points - wanted[key]) for key, points in found.items()),
        "lost": int(set(found) != set(wanted)),
        "leaked": len(leaked),
        "left": left,
    }
    note(NOTE, summary)
    assert found == wanted, said
    assert submission.word in said
    assert submission.word or not result.remarks[name]["put_right"]
    assert not leaked
    assert not left


def outputs(notebook: str) -> str:
    """Return all that a graded notebook shows besides the student's own sources."""
    cells = nbformat.reads(notebook, as_version=4).cells if notebook else []
    return json.dumps([cell.get("outputs") for cell in cells], ensure_ascii=False)


def connection(listener: socket.socket) -> str:
    """Return who has connected to a socket of this process, if anybody has."""
    try:
        with listener.accept()[0] as reached:
            return f"connected: {reached}"
    except BlockingIOError:
        return ""


def processes() -> set[psutil.Process]:
    """Return what this process has started and what that has started, but for zombies.

    The process that it has kernels forked from may be another one's child.
    """
    running = set()
    for first in (psutil.Process(), psutil.Process(sandbox.prepare().process.pid)):
        for process in first.children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if process.status() != psutil.STATUS_ZOMBIE:
                    running.add(process)
    return running


def attack(root: Path) -> tuple[Result, int]:
    """Grade the student's submission in a folder; count the processes that it leaves."""
    unit = unit_of(root, LESSON.name)
    before = processes()
    result = graded(root, unit, "student")
    return result, len(processes() - before)


@pytest.fixture(scope="module")
def attacks(
    surroundings: Surroundings, tmp_path_factory: pytest.TempPathFactory, request: Any
) -> Iterator[Callable[[Submission], tuple[Result, int]]]:
    """Grade the attacks that are tested, side by side, the heavy ones alone; return one's result.

    Each of the processes has kernels forked for itself, as when a class is graded.
    """
    folders = {}
    for item in request.session.items:
        if getattr(item, "originalname", "") == "test_attack" and item.path == request.path:
            submission = item.callspec.params["submission"]
            root = folders[submission.name] = tmp_path_factory.mktemp("attack")
            folder = root / "submitted" / "student" / LESSON.unit
            lay_out(folder, submission, LESSON.name)
            listening = json.dumps(surroundings.listening)
            (folder / "listening.json").write_text(listening, encoding="utf-8")
    # As a class's workers are made: this process may have run TensorFlow, and cannot be forked.
    forkserver.set_forkserver_preload(["helpers.grading.forked_from"])
    context = get_context("forkserver")
    with ProcessPoolExecutor(SIDE_BY_SIDE, context, initializer=warm_up) as pool:
        results: dict[str, Future[tuple[Result, int]]] = {
            submission.name: pool.submit(attack, folders[submission.name])
            for submission in ATTACKS
            if submission.name in folders and not submission.heavy
        }

        def result_of(submission: Submission) -> tuple[Result, int]:
            if submission.heavy:
                wait(results.values())
                return attack(folders[submission.name])
            return results[submission.name].result()

        yield result_of


@pytest.mark.xdist_group("battery-attacks")
@pytest.mark.parametrize("submission", ATTACKS, ids=lambda submission: submission.name)
def test_attack(
    submission: Submission,
    surroundings: Surroundings,
    attacks: Callable[[Submission], tuple[Result, int]],
    record_property: Callable[[str, object], None],
) -> None:
    result, left = attacks(submission)
    judge_result(submission, result, LESSON.name, surroundings, record_property, left)


@pytest.mark.xdist_group("battery-attacks")
def test_the_next_cell_is_not_blamed_for_a_kernel_that_takes_its_time_to_end(
    surroundings: Surroundings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = ForkedKernel.kill
    monkeypatch.setattr(ForkedKernel, "kill", lambda kernel: Timer(1, at_once, [kernel]).start())
    name = "endless loop in the answer that swallows interrupts"
    submission = next(each for each in ATTACKS if each.name == name)
    lay_out(tmp_path / "submitted" / "student" / LESSON.unit, submission, LESSON.name)
    result = graded(tmp_path, unit_of(tmp_path, LESSON.name), "student")
    assert tuple(points(result.notebooks[LESSON.name]).values()) == REST
    [said] = result.remarks[LESSON.name]["alarms"]
    cells = nbformat.reads(result.notebooks[LESSON.name], as_version=4).cells
    assert cells[int(said.split()[1]) - 1].source.startswith("def softmax")


@pytest.fixture(scope="module")
def broken(surroundings: Surroundings, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Grade all broken submissions, handed in as the notebooks of one folder."""
    root = tmp_path_factory.mktemp("broken")
    for submission in BROKEN:
        lay_out(root / "submitted" / "student" / LESSON.unit, submission, submission.name)
    return graded(root, unit_of(root, *(each.name for each in BROKEN)), "student")


@pytest.mark.xdist_group("battery-broken")
@pytest.mark.parametrize("submission", BROKEN, ids=lambda submission: submission.name)
def test_broken(
    submission: Submission,
    surroundings: Surroundings,
    broken: Result,
    record_property: Callable[[str, object], None],
) -> None:
    judge_result(submission, broken, submission.name, surroundings, record_property)


@pytest.mark.xdist_group("battery-broken")
@pytest.mark.parametrize("name", LINKS)
def test_link(
    name: str,
    surroundings: Surroundings,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    submitted = tmp_path / "submitted"
    lay_out(submitted / "other" / LESSON.unit, Submission("", as_it_is, ALL), LESSON.name)
    (submitted / "other" / LESSON.unit / "mine.txt").write_text(surroundings.secrets[0])
    place, goal, word = LINKS[name]
    (submitted / place).parent.mkdir(parents=True, exist_ok=True)
    if place:
        (submitted / place).symlink_to(submitted / goal)
    unit = unit_of(tmp_path, LESSON.name)
    job = make_job(unit, "student")
    assert [notebook.content for notebook in job.notebooks.values()] == [b""]
    assert not job.files
    assert any("a link, which is not followed" in look for look in job.looks) == bool(place)
    result = grade_submission(replace(job, limits=LIMITS))
    judge_result(
        Submission(name, as_it_is, NONE, word),
        result,
        LESSON.name,
        surroundings,
        record_property,
    )


@pytest.mark.xdist_group("battery-broken")
def test_names_and_feedback(
    surroundings: Surroundings,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    copy_project(tmp_path, only=LESSON)
    run(tmp_path, "nbgrader", "generate_assignment", LESSON.unit, "--force")
    unit = open_unit(tmp_path, LESSON.unit)
    for name in NAMES:
        folder = tmp_path / "submitted" / name / LESSON.unit
        lay_out(folder, Submission(name, cell(MARKUP), ALL), LESSON.name)
    before = contents(tmp_path / "submitted")
    result = grade_submission(replace(make_job(unit, NAMES[0]), limits=LIMITS))
    rows = [save(unit, replace(result, student=name), "a key") for name in submitted(unit)]
    assert [(row.student, row.state) for row in rows] == [
        (name, "graded") for name in sorted(NAMES)
    ]
    for name, reason in UNNAMEABLE.items():
        with pytest.raises(CourseError, match=reason):
            save(unit, replace(result, student=name), "a key")
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        scores = {s.student.id: s.score for s in gradebook.assignment_submissions(LESSON.unit)}
    assert scores == dict.fromkeys(NAMES, TOTAL)
    assert contents(tmp_path / "submitted") == before
    judge_result(
        Submission("markup and script in the output", cell(MARKUP), ALL),
        result,
        LESSON.name,
        surroundings,
        record_property,
    )
    run(tmp_path, "nbgrader", "generate_feedback", LESSON.unit, "--student", NAMES[0])
    page = tmp_path / "feedback" / NAMES[0] / LESSON.unit / f"{LESSON.name}.html"
    shown = page.read_text(encoding="utf-8")
    harmful = (
        r"""<(?:script|iframe|form|style)[^<>]*>[^<]*of-the-student|<[^<>]*\bon\w+=[^<>]*of-the"""
    )
    assert not re.findall(harmful, shown)
    assert not re.findall(r"<(?:iframe|form|a)\b[^<>]*of-the-student", shown)
