"""`course lab`."""

import json
import os
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers.cli import lab as labs
from helpers.cli.lab import choose_port, copy_lessons, lab_command
from helpers.cli.lessons import Lesson
from helpers.course_error import CourseError
from tests.course_folder import copy_course, replace


@pytest.fixture
def lesson(built_course: Path, tmp_path: Path) -> Lesson:
    return copy_course(built_course, tmp_path / "course")


def copy_of(lesson: Lesson) -> Path:
    return lesson.root / "work" / "networks" / "10_softmax.ipynb"


def test_new_lessons_are_copied(lesson: Lesson) -> None:
    assert copy_lessons(lesson.root) == []
    assert copy_of(lesson).read_bytes() == lesson.release.read_bytes()
    assert os.listdir(copy_of(lesson).parent) == ["10_softmax.ipynb"]


def test_a_learners_file_is_never_touched(lesson: Lesson) -> None:
    copy_lessons(lesson.root)
    replace(copy_of(lesson), "# Your code here.", "return x + x")
    before = copy_of(lesson).read_bytes()
    assert copy_lessons(lesson.root) == []
    copy_of(lesson).with_name("notes.txt").write_text("mine")
    assert copy_lessons(lesson.root) == []
    assert copy_of(lesson).read_bytes() == before


def test_a_newer_version_is_announced_not_copied(lesson: Lesson) -> None:
    copy_lessons(lesson.root)
    before = copy_of(lesson).read_bytes()
    record = nbformat.read(lesson.release, as_version=4).metadata.course.release
    replace(lesson.release, record, "0" * 64)
    (line,) = copy_lessons(lesson.root)
    assert line.startswith("work/networks/10_softmax.ipynb is kept as it is")
    assert copy_of(lesson).read_bytes() == before


def test_a_file_that_is_no_notebook_is_kept(lesson: Lesson) -> None:
    copy_lessons(lesson.root)
    copy_of(lesson).write_text("not a notebook")
    assert copy_lessons(lesson.root) == []
    assert copy_of(lesson).read_text() == "not a notebook"


def test_course_that_was_not_built_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="Make them with: course build"):
        copy_lessons(tmp_path)


def test_port_in_use_is_refused_when_asked_for_and_passed_over_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(CourseError, match=f"Port {taken} cannot be used .*--port NUMBER"):
            choose_port(taken)
        monkeypatch.setattr(labs, "FIRST_PORT", taken)
        assert choose_port() > taken


def test_port_out_of_range_is_one_line() -> None:
    with pytest.raises(CourseError, match="Port 70000 cannot be used"):
        choose_port(70000)


def test_the_welcome_page_is_copied_once_and_opened(lesson: Lesson) -> None:
    def opens() -> list[str]:
        command = lab_command(lesson.root, port=8888, browser=True)
        return [part.partition("=")[2] for part in command if "default_url" in part]

    assert opens() == ["/lab/tree/networks/10_softmax.ipynb"]
    page = lesson.root / "course" / "00_welcome.ipynb"
    page.write_text("{}")
    assert opens() == ["/lab/tree/00_welcome.ipynb"]
    assert copy_lessons(lesson.root) == []
    mine = lesson.root / "work" / "00_welcome.ipynb"
    assert mine.read_text() == "{}"
    mine.write_text("mine")
    assert copy_lessons(lesson.root) == []
    assert mine.read_text() == "mine"


def test_lab_keeps_the_record_outside_of_the_course_and_runs_in_work(
    lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []
    monkeypatch.setattr(os, "execv", lambda *command: ran.append((os.getcwd(), dict(os.environ))))
    monkeypatch.setattr(os, "environ", {**os.environ, "JUPYTER_DATA_DIR": "data"})
    monkeypatch.chdir(tmp_path)
    labs.lab(lesson.root, browser=False)
    [(folder, environment)] = ran
    assert Path(folder) == lesson.root / "work"
    kept = tmp_path / "data" / "glimpse-deep-learning" / "record.json"
    assert environment["GLIMPSE_RECORD"] == str(kept)


def test_validate_works_and_nothing_is_paired_in_work(lesson: Lesson, tmp_path: Path) -> None:
    """JupyterLab as a learner has it, through the requests that its buttons make."""
    copy_lessons(lesson.root)
    port = choose_port()
    command = lab_command(lesson.root, port=port, browser=False)
    command.append("--IdentityProvider.token=test")
    log = (tmp_path / "log").open("w+")
    # Settings for graders, which a learner's Validate must not read.
    (lesson.root / "nbgrader_config.py").write_text("raise SystemExit('of the instructors')")
    # A learner's file must not stand in for a module of the server's.
    (lesson.root / "work" / "random.py").write_text("raise SystemExit('of the learner')")
    server = subprocess.Popen(command, cwd=lesson.root / "work", stdout=log, stderr=log)

    def ask(address: str, method: str = "GET", **content: Any) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/{address}",
            method=method,
            data=json.dumps(content).encode() if content else None,
            headers={"Authorization": "token test", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)

    try:
        end = time.monotonic() + 60
        while True:
            try:
                ask("api/status")
                break
            except OSError:
                assert server.poll() is None, Path(log.name).read_text()
                assert time.monotonic() < end, Path(log.name).read_text()
                time.sleep(0.2)
        page = f"api/contents/{copy_of(lesson).relative_to(lesson.root / 'work').as_posix()}"
        notebook = ask(page)["content"]
        validated = ask("assignments/validate", "POST", path="networks/10_softmax.ipynb")
        assert "NotImplementedError" in json.dumps(validated["value"]["failed"])
        notebook["cells"][3]["source"] = "def double(x):\n    return x + x"
        ask(page, "PUT", type="notebook", content=notebook)
        validated = ask("assignments/validate", "POST", path="networks/10_softmax.ipynb")
        assert validated == {"success": True, "value": {}}
        assert not list((lesson.root / "work").rglob("*.md"))
    finally:
        server.terminate()
        server.wait(30)
        log.close()
