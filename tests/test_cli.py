"""The `course` command as a whole: quick to start, clear when it fails."""

import subprocess
import sys
from pathlib import Path

import pytest

from helpers import cli
from helpers.cli.lessons import Lesson
from tests.course_folder import new_course, replace

HEAVY = ("tensorflow", "nbgrader", "jupytext", "nbclient", "jupyterlab", "IPython", "matplotlib")


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    monkeypatch.setattr(cli, "_root", lambda: tmp_path)
    return new_course(tmp_path)


@pytest.mark.parametrize("statement", ["import helpers", "helpers.cli.main(['--help'])"])
def test_starting_loads_nothing_heavy(statement: str) -> None:
    code = (
        f"import sys, helpers.cli\ntry:\n    {statement}\nexcept SystemExit:\n    pass\n"
        f"print('loaded:', [name for name in {HEAVY} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.splitlines()[-1] == "loaded: []", result.stderr


def test_installed_command_lists_the_subcommands() -> None:
    course = Path(sys.executable).with_name("course")
    result = subprocess.run([course, "--help"], capture_output=True, text=True)
    assert result.returncode == 0
    assert all(name in result.stdout for name in ("lab", "build", "coverage"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "11_losses"], "There is no lesson 11_losses."),
        (["build", "--check"], "solutions/networks/10_softmax.ipynb is missing."),
        (["lab"], "There are no lessons in course/ yet."),
        (["coverage"], "facts.yml is missing"),
    ],
)
def test_a_failure_is_lines_on_stderr_and_exit_code_1(
    lesson: Lesson, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert cli.main(arguments) == 1
    written = capsys.readouterr()
    assert written.err.startswith(message)
    assert "Traceback" not in written.err
    assert written.out == ""


def test_a_lesson_with_a_problem_is_exit_code_1(
    lesson: Lesson, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(lesson.text, 'print("one")', "print(")
    assert cli.main(["build"]) == 1
    assert capsys.readouterr().err.startswith("solutions/networks/10_softmax.md, line 19 (cell 3)")
