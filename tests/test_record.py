"""The record of a learner's results, as their checks keep it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.checks import record
from helpers.checks.exercise import Exercise, Part
from helpers.checks.record import Record, Result, keep, read
from helpers.checks.verdict import CheckFailed, NotAttempted, PartVerdict, Verdict

double = Exercise(
    name="double",
    lesson="01_numbers",
    reference=lambda x: 2 * x,
    parts=[Part("positive", 1, cases=[(2.0,)]), Part("negative", 2, cases=[(-2.0,)])],
    misconceptions=[],
    also_right=[],
    hints=[],
)


def of_size(x: float) -> float:
    """Earn one point of three."""
    return 2 * abs(x)


def released() -> Callable[[float], float]:
    """Return the answer as a learner finds it."""

    def double(x: float) -> float:
        raise NotImplementedError()

    return double


def verdict(lesson: str, exercise: str, points: int, of: int = 2) -> Verdict:
    parts = [
        PartVerdict(f"part {i}", 1, "passed" if i < points else "values", "") for i in range(of)
    ]
    return Verdict(exercise, lesson, parts)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "data" / "record.json"
    monkeypatch.setenv(record.VARIABLE, str(path))
    return path


def test_a_check_keeps_the_best_result(path: Path) -> None:
    with pytest.raises(CheckFailed):
        double(of_size)
    assert read(path) == Record({"01_numbers": {"double": Result(1, 3)}}, "01_numbers")
    double(lambda x: x + x)
    with pytest.raises(CheckFailed):
        double(of_size)
    with pytest.raises(CheckFailed):
        double(lambda x: x + 1)
    with pytest.raises(NotAttempted):
        double(released())
    assert read(path) == Record({"01_numbers": {"double": Result(3, 3)}}, "01_numbers")


def test_an_exercise_that_is_not_begun_only_says_where_the_learner_is(path: Path) -> None:
    with pytest.raises(NotAttempted):
        double(released())
    assert read(path) == Record({"01_numbers": {}}, "01_numbers")


def test_a_wrong_answer_is_a_result_of_no_points(path: Path) -> None:
    with pytest.raises(CheckFailed):
        double(lambda x: x + 1)
    assert read(path).lessons == {"01_numbers": {"double": Result(0, 3)}}


def test_lessons_are_kept_apart_and_the_last_one_is_known(path: Path) -> None:
    keep(verdict("02_b", "first", 1))
    keep(verdict("01_a", "first", 2))
    kept = read(path)
    assert kept.lessons == {"02_b": {"first": Result(1, 2)}, "01_a": {"first": Result(2, 2)}}
    assert kept.last_lesson == "01_a"


def test_a_result_of_an_exercise_that_has_changed_does_not_hold(path: Path) -> None:
    keep(verdict("01_a", "first", 2, of=2))
    keep(verdict("01_a", "first", 1, of=3))
    assert read(path).lessons["01_a"]["first"] == Result(1, 3)


def test_nothing_is_kept_outside_of_a_learners_lab(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parents[1])
    for setting in (lambda: monkeypatch.setenv(record.VARIABLE, ""), monkeypatch.undo):
        setting()
        assert not os.environ.get(record.VARIABLE)
        double(lambda x: x + x)
        assert list(path.parents[1].iterdir()) == []


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{",
        "[]",
        "null",
        '{"lessons": {}}',
        '{"lessons": {"a": 1}, "last_lesson": null}',
        "[" * 10**5,
    ],
)
def test_a_damaged_record_is_put_aside_and_a_new_one_begun(path: Path, damage: str) -> None:
    path.parent.mkdir()
    for number in (1, 2):
        path.write_text(damage)
        assert record.put_aside(path) == [
            path.with_name(f"record-damaged-{i}.json") for i in range(1, number)
        ]
        keep(verdict("01_a", "first", 2))
        assert read(path).lessons == {"01_a": {"first": Result(2, 2)}}
    assert [aside.read_text() for aside in record.put_aside(path)] == [damage, damage]


def test_a_record_that_is_no_text_is_put_aside_by_reading(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe\x00")
    assert read(path) == Record({}, None)
    [aside] = record.put_aside(path)
    assert aside.read_bytes() == b"\xff\xfe\x00"
    assert not path.exists()


@pytest.mark.parametrize("obstacle", ["a file for a folder", "a folder for the file"])
def test_a_record_that_cannot_be_written_does_not_disturb_the_check(
    path: Path, capfd: pytest.CaptureFixture[str], obstacle: str
) -> None:
    if obstacle == "a file for a folder":
        path.parent.write_text("in the way")
    else:
        path.mkdir(parents=True)
    double(lambda x: x + x)
    assert capfd.readouterr().err == ""


def test_a_failure_in_the_middle_leaves_the_record_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(verdict("01_a", "first", 1))
    before = path.read_bytes()

    def full(*arguments: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "replace", full)
    keep(verdict("01_a", "first", 2))
    assert path.read_bytes() == before
    assert sorted(each.name for each in path.parent.iterdir()) == ["record.json", "record.lock"]


def test_two_notebooks_at_once_lose_nothing(path: Path) -> None:
    code = (
        "import sys; from tests.test_record import keep, verdict\n"
        "for i in range(40): keep(verdict(sys.argv[1], f'exercise_{i}', 2))"
    )
    root = Path(__file__).resolve().parents[1]
    notebooks = [
        subprocess.Popen([sys.executable, "-c", code, lesson], cwd=root)
        for lesson in ("01_a", "02_b", "03_c")
    ]
    assert [notebook.wait(60) for notebook in notebooks] == [0, 0, 0]
    assert {name: len(results) for name, results in read(path).lessons.items()} == {
        "01_a": 40,
        "02_b": 40,
        "03_c": 40,
    }
    assert json.loads(path.read_text())["last_lesson"] in ("01_a", "02_b", "03_c")
