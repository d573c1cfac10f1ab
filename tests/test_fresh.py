"""`course fresh`."""

from pathlib import Path

import pytest

from helpers import cli
from helpers.cli.lab import copy_lessons
from helpers.cli.lessons import Lesson
from tests.course_folder import contents, copy_course


@pytest.fixture
def lesson(built_course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    monkeypatch.setattr(cli, "_root", lambda: tmp_path / "course")
    return copy_course(built_course, tmp_path / "course")


def test_each_copy_gets_a_name_of_its_own_and_nothing_is_touched(
    lesson: Lesson, capsys: pytest.CaptureFixture[str]
) -> None:
    copy_lessons(lesson.root)
    folder = lesson.root / "work" / "networks"
    (folder / "10_softmax.ipynb").write_text("broken")
    for number, name in enumerate(["10_softmax-fresh", "10_softmax-fresh-2", "10_softmax-fresh-3"]):
        before = contents(folder)
        assert cli.main(["fresh", ["10_softmax", "networks/10_softmax"][number % 2]]) == 0
        after = contents(folder)
        assert after.pop(f"{name}.ipynb") == lesson.release.read_bytes()
        assert after == before
        assert capsys.readouterr().out == (
            f"Made work/networks/{name}.ipynb. "
            "Yours, work/networks/10_softmax.ipynb, is as it was.\n"
        )


def test_a_lesson_that_is_gone_from_work_comes_back_under_its_own_name(
    lesson: Lesson, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["fresh", "10_softmax"]) == 0
    assert capsys.readouterr().out == "Made work/networks/10_softmax.ipynb.\n"
    assert list(contents(lesson.root / "work")) == ["networks/10_softmax.ipynb"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("10_sofmax", "There is no lesson 10_sofmax. Did you mean 10_softmax?"),
        ("10_softmax-fresh", "There is no lesson 10_softmax-fresh. Did you mean"),
    ],
)
def test_an_unknown_lesson_is_one_line(
    lesson: Lesson, capsys: pytest.CaptureFixture[str], name: str, message: str
) -> None:
    assert cli.main(["fresh", name]) == 1
    assert capsys.readouterr().err.startswith(message)
    assert not (lesson.root / "work").exists()


def test_a_lesson_that_was_not_built_is_one_line(
    lesson: Lesson, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson.release.unlink()
    assert cli.main(["fresh", "10_softmax"]) == 1
    assert "Make it with: course build networks/10_softmax" in capsys.readouterr().err
