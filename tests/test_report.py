"""`course report`: the numbers are right, the page is harmless, nobody is named in it."""

import codecs
import csv
import html
import json
import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pytest
from nbgrader.api import Gradebook

from helpers.checks.verdict import RECORD, PartVerdict, Verdict
from helpers.cli.report import report
from helpers.course_error import CourseError
from helpers.grading import pictures
from helpers.grading.results import Results, read_results
from tests.course_folder import PROJECT

# SQLAlchemy warns of how nbgrader's own add_submission builds its objects.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

UNIT = "basics"
LESSONS = {
    "01_first_program": {"matrix_product": 2, "run_chain": 2},
    "02_tensors": {"add_any": 3},
}


class Given(NamedTuple):
    """An answer, as it stands in an autograded notebook and in the gradebook."""

    score: float | None
    source: str = "def answer():\n    return 1"
    parts: Sequence[PartVerdict] | None = None
    manual: float | None = None


RIGHT2, RIGHT3 = Given(2), Given(3)
STUB = [PartVerdict("all", 2, "not attempted", "Not attempted.")]


def wrong(name: str, explanation: str = "You multiply element by element.") -> PartVerdict:
    return PartVerdict("all", 2, "values", "Other values.", 1.0, name, explanation)


@pytest.fixture(scope="module")
def empty_gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a gradebook that knows the unit and no student; to be copied."""
    folder = tmp_path_factory.mktemp("gradebook")
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader finds alembic by PATH.
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        make_gradebook(gradebook_url(folder))
    return folder / "gradebook.db"


@pytest.fixture
def root(tmp_path: Path, empty_gradebook: Path) -> Path:
    """Return a project with a unit of two lessons, known to the gradebook, nothing handed in."""
    shutil.copy(PROJECT / "nbgrader_config.py", tmp_path)
    shutil.copy(empty_gradebook, tmp_path)
    for lesson in LESSONS:
        text = tmp_path / "solutions" / UNIT / f"{lesson}.md"
        text.parent.mkdir(parents=True, exist_ok=True)
        text.write_text("", encoding="utf-8")
    return tmp_path


def gradebook_url(root: Path) -> str:
    return f"sqlite:///{root}/gradebook.db"


def make_gradebook(url: str, lessons: Mapping[str, Mapping[str, int]] = LESSONS) -> None:
    with Gradebook(url, "glimpse") as gradebook:
        gradebook.add_assignment(UNIT)
        for lesson, points in lessons.items():
            gradebook.add_notebook(lesson, UNIT)
            for exercise, most in points.items():
                gradebook.add_grade_cell(
                    f"{exercise}-check", lesson, UNIT, max_score=most, cell_type="code"
                )


def hand_in(
    root: Path,
    student: str,
    answers: Mapping[str, Given],
    grading: Mapping[str, Any] | None = None,
    lessons: Mapping[str, Mapping[str, int]] = LESSONS,
    **fields: Any,
) -> None:
    """Put a graded submission into the folders and the gradebook, as autograding does.

    `grading` is what the grader says about every notebook; `fields` are the student's.
    """
    with Gradebook(gradebook_url(root), "glimpse") as gradebook:
        gradebook.update_or_create_student(student, **fields)
        gradebook.add_submission(UNIT, student)
        for lesson, points in lessons.items():
            notebook = nbformat.v4.new_notebook()
            if grading is not None:
                notebook.metadata["glimpse_grading"] = grading
            for exercise in points:
                given = answers.get(exercise, Given(0, parts=STUB))
                notebook.cells += _cells(lesson, exercise, given)
                grade = gradebook.find_grade(f"{exercise}-check", lesson, UNIT, student)
                grade.auto_score, grade.manual_score = given.score, given.manual
            path = root / "autograded" / student / UNIT / f"{lesson}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(nbformat.writes(notebook), encoding="utf-8")
        gradebook.db.commit()


def _cells(lesson: str, exercise: str, given: Given) -> list[nbformat.NotebookNode]:
    answer = nbformat.v4.new_code_cell(given.source)
    answer.metadata["nbgrader"] = {"grade_id": exercise, "grade": False, "solution": True}
    check = nbformat.v4.new_code_cell(f"check.{exercise}({exercise})")
    check.metadata["nbgrader"] = {"grade_id": f"{exercise}-check", "grade": True}
    if given.parts:
        record = Verdict(exercise, lesson, list(given.parts)).record()
        check.outputs = [nbformat.v4.new_output("display_data", metadata={RECORD: record})]
    return [answer, check]


def statuses(results: Results, exercise: str) -> dict[str, str]:
    return {a.student: a.status for a in results.answers if a.exercise == exercise}


def rows(root: Path) -> list[dict[str, str]]:
    with (root / "reports" / f"{UNIT}.csv").open(encoding="utf-8-sig", newline="") as table:
        return list(csv.DictReader(table))


def page(root: Path) -> str:
    return (root / "reports" / f"{UNIT}.html").read_text(encoding="utf-8")


def test_numbers_of_a_small_class(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(root, "amber", {"matrix_product": RIGHT2, "run_chain": RIGHT2, "add_any": RIGHT3})
    half = [PartVerdict("a", 1, "passed", ""), wrong("element_wise")]
    hand_in(root, "blue", {"matrix_product": Given(1, parts=half), "run_chain": RIGHT2})
    hand_in(root, "coral", {"matrix_product": Given(0, parts=[wrong("element_wise")])})
    results = read_results(root, UNIT)
    assert results.scores == {"amber": 7, "blue": 3, "coral": 0}
    assert results.max_score == 7
    assert statuses(results, "matrix_product") == {
        "amber": "full",
        "blue": "partial",
        "coral": "none",
    }
    assert statuses(results, "add_any")["coral"] == "not attempted"
    report(root, UNIT)
    assert capsys.readouterr().out.splitlines() == [
        f"reports/{UNIT}.html",
        f"reports/{UNIT}.csv",
        f"Unit {UNIT}: 3 students graded.",
        "The median is 3 of 7 points.",
        "No submission needs a look.",
        "The most common misconception is element_wise in matrix_product (2 students).",
    ]
    table = {(row["student"], row["exercise"]): row for row in rows(root)}
    assert len(table) == 9
    assert table["blue", "matrix_product"] == {
        "student": "blue",
        "lesson": "01_first_program",
        "exercise": "matrix_product",
        "score": "1.0",
        "max_score": "2.0",
        "status": "partial",
        "misconceptions": "element_wise",
        "alarm": "",
    }
    assert "You multiply element by element." in page(root)


def test_students_who_handed_in_nothing_are_missing_and_no_zeros(root: Path) -> None:
    hand_in(root, "amber", {"matrix_product": RIGHT2})
    with Gradebook(gradebook_url(root), "glimpse") as gradebook:
        gradebook.add_student("blue")
    (root / "submitted" / "李 明" / UNIT).mkdir(parents=True)  # handed in, unknown to the gradebook
    results = read_results(root, UNIT)
    assert results.missing == ["blue"]
    assert results.waiting == ["李 明"]
    assert results.scores == {"amber": 2}
    report(root, UNIT)
    text = page(root)
    assert "Not in this picture: 1 student without a submission and 1 submission not graded" in text
    table = root / "reports" / f"{UNIT}.csv"
    assert table.read_bytes().startswith(codecs.BOM_UTF8)  # else Excel garbles the Chinese name
    found = {(row["student"], row["status"], row["score"]) for row in rows(root)}
    assert {("blue", "missing", ""), ("李 明", "not graded", "")} <= found


def test_a_manual_grade_wins_over_the_program_and_one_still_owed_is_no_zero(root: Path) -> None:
    given = {"matrix_product": Given(0, parts=[wrong("x")], manual=1.5), "run_chain": Given(None)}
    hand_in(root, "amber", given)
    results = read_results(root, UNIT)
    assert results.scores == {"amber": 1.5}
    assert statuses(results, "matrix_product") == {"amber": "partial"}
    assert statuses(results, "run_chain") == {"amber": "not graded"}
    report(root, UNIT)
    assert "1 answer without a grade yet" in page(root)


@pytest.mark.parametrize(("penalty", "left"), [(0.5, 1.5), (9, 0)])
def test_a_late_penalty_is_taken_off_and_the_table_adds_up(
    root: Path, penalty: float, left: float
) -> None:
    hand_in(root, "amber", {"matrix_product": RIGHT2})
    with Gradebook(gradebook_url(root), "glimpse") as gradebook:
        notebook = gradebook.find_submission_notebook("01_first_program", UNIT, "amber")
        notebook.late_submission_penalty = penalty
        gradebook.db.commit()
    report(root, UNIT)
    assert read_results(root, UNIT).scores == {"amber": left}
    assert sum(float(row["score"]) for row in rows(root)) == left


def test_a_lesson_that_was_not_handed_in_is_not_attempted(root: Path) -> None:
    hand_in(root, "amber", {"matrix_product": RIGHT2, "add_any": Given(0)})
    (root / "autograded" / "amber" / UNIT / "02_tensors.ipynb").unlink()
    assert statuses(read_results(root, UNIT), "add_any") == {"amber": "not attempted"}


@pytest.mark.parametrize("gradebook", ["knows the class", "empty file", "no file"])
def test_nothing_graded_names_the_command(root: Path, gradebook: str) -> None:
    path = root / "gradebook.db"
    if gradebook == "knows the class":
        with Gradebook(gradebook_url(root), "glimpse") as opened:
            opened.add_student("amber")
            opened.add_submission(UNIT, "amber")
    elif gradebook == "empty file":
        path.write_bytes(b"")
    else:
        path.unlink()
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(CourseError, match=f"Nothing of unit {UNIT} was graded.*course grade"):
        report(root, UNIT)
    assert not (root / "reports").exists()
    assert (path.read_bytes() if path.exists() else None) == before  # a look makes no gradebook


@pytest.mark.parametrize(
    ("unit", "hint"), [("basic", "Did you mean basics?"), ("zzz", "There are: basics.")]
)
def test_unknown_unit(root: Path, unit: str, hint: str) -> None:
    with pytest.raises(CourseError, match=re.escape(f"There is no unit {unit}. {hint}")):
        report(root, unit)


def test_a_gradebook_that_cannot_be_read_is_named_without_its_password(root: Path) -> None:
    with (root / "nbgrader_config.py").open("a") as config:
        config.write("c.CourseDirectory.db_url = 'postgresql://me:secret@127.0.0.1:1/grades'\n")
    with pytest.raises(CourseError, match=r"gradebook postgresql://me:\*\*\*@") as error:
        report(root, UNIT)
    assert "secret" not in str(error.value)


def test_a_damaged_gradebook_is_one_sentence(root: Path) -> None:
    (root / "gradebook.db").write_bytes(b"no database" * 1000)
    with pytest.raises(CourseError, match=r"gradebook.db cannot be read: .*db_url"):
        report(root, UNIT)


class Seen(HTMLParser):
    """What a browser makes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.sources += [value or "" for name, value in attrs if name == "src"]


SCRIPT = "<script>alert(1)</script>"
HOSTILE = [
    SCRIPT,
    '"><img src=x onerror=alert(1)>',
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1+1",
    "$x$",
]


def test_nothing_submitted_becomes_markup_or_a_formula(root: Path) -> None:
    for number, text in enumerate(HOSTILE):
        source = f"def answer():\n    return {text!r}"
        parts = [wrong(text, explanation=f"`{text}` {text}\u202e")]
        grading = {
            "alarms": [text, f"x{text}"],
            "put_right": [text],
            "seconds": 10.0**number,
            "state": "needs a look",
            "why": text,
        }
        hand_in(
            root,
            f"{text}{number}".replace("/", ""),
            {"matrix_product": Given(0, source, parts)},
            grading,
        )
    report(root, UNIT)
    text = page(root)
    seen = Seen()
    seen.feed(text)
    assert not seen.tags & {"script", "a", "iframe", "link", "object", "form", "svg", "base"}
    assert seen.attributes <= {
        "alt",
        "src",
        "class",
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
    }
    assert seen.sources
    assert all(source.startswith("data:image/svg+xml;base64,") for source in seen.sources)
    assert "default-src 'none'" in text
    assert html.escape(SCRIPT) in text  # shown, as text
    assert "\u202e" not in text  # would turn the reading direction round
    every = [cell for row in rows(root) for cell in row.values()]
    assert any("cmd|" in cell for cell in every)
    assert not [cell for cell in every if cell.lstrip()[:1] in tuple("=+-@") and cell]


def test_nobody_is_named_outside_the_alarms(root: Path) -> None:
    tell_tale = '''
def matrix_product(a, b):
    """Written by Amber Lee."""
    # Amber Lee, 李明
    print("made by Amber Lee")
    print("李明", "amber7", "Lee")
    AMBER_lee = 0
    return a * b
'''
    given = {"matrix_product": Given(0, tell_tale, [wrong("element_wise")])}
    hand_in(root, "amber7", given, first_name="Amber", last_name="Lee")
    hand_in(root, "lm", {}, first_name="明", last_name="李", grading={"alarms": ["Odd."]})
    report(root, UNIT)
    text = page(root)
    examples = re.findall("<pre>(.*?)</pre>", text, re.DOTALL)
    assert len(examples) == 1
    assert "return a * b" in examples[0]
    assert "1 submission needs a look: lm (01_first_program: Odd. And 1 more.).</p>" in text
    for name in ("amber", "Amber", "Lee", "李"):
        assert name not in text
    elsewhere = re.sub("<p>1 submission needs a look.*?</p>", "", text)
    assert "lm" not in re.sub("<[^>]+>", " ", elsewhere[: elsewhere.index("needs a look")]).split()
    assert ">lm</td>" in text


def test_of_many_who_need_a_look_the_first_are_named_and_all_are_listed(root: Path) -> None:
    for number in range(12):
        hand_in(root, f"s{number:02}", {}, {"alarms": ["x" * 400]})
    report(root, UNIT)
    [sentence] = re.findall("<p>12 submissions need a look: (.*?)</p>", page(root))
    assert sentence.startswith(f"s00 (01_first_program: {'x' * 141}…")
    assert sentence.endswith("; and 2 more.")
    assert "s09" in sentence
    assert "s10" not in sentence
    assert ">s11</td>" in page(root)


def test_what_is_said_of_a_students_folder_needs_a_look(root: Path) -> None:
    hand_in(root, "amber", {}, {"state": "graded"})
    hand_in(root, "blue", {}, {"state": "graded", "alarms": ["Its check was not run again."]})
    record = root / "autograded" / "amber" / UNIT / ".graded.json"
    record.write_text(json.dumps({"row": {"looks": ["Not read: a.csv.", 7]}}))
    report(root, UNIT)
    assert "1 submission needs a look: amber (Not read: a.csv.)." in page(root)
    before, _, noted = page(root).partition("Noted, with no need of a look")
    assert "Its check was not run again." in noted
    assert "Its check was not run again." not in before


@pytest.mark.parametrize(
    ("values", "most", "shown"),
    [
        ([0, 6, 6, 5], 6, "0: 1; 1: 0; 2: 0; 3: 0; 4: 0; 5: 1; 6: 2."),
        ([0.5, 1, 2], 2, "0: 0; 0.5: 1; 1: 1; 1.5: 0; 2: 1."),
        ([1.25, 2], 2, "1 to below 1.5: 1; 1.5 to below 2: 0; 2: 1."),
        ([4, 5, 59.5, 60, 60], 60, "0 to below 5: 1; 5 to below 10: 1;"),
        ([4, 5, 59.5, 60, 60], 60, "55 to below 60: 1; 60: 2."),
        ([-1, 7], 6, "6: 1."),
    ],
)
def test_whole_points_and_the_full_score_have_bars_of_their_own(
    values: list[float], most: float, shown: str
) -> None:
    assert shown in pictures.scores(values, most).says


def test_the_shortest_answer_that_needs_no_name_removed_is_the_example(root: Path) -> None:
    parts = [wrong("element_wise")]
    for student, source in [
        ("amber", "def f(a, b): return amber"),
        ("blue", "def f(a, b):\n    c = a * b\n    return c  # the long way"),
        ("coral", "def f(a, b):\n    # " + "explained at length " * 20 + "\n    return b * a"),
    ]:
        hand_in(root, student, {"matrix_product": Given(0, source, parts)})
    report(root, UNIT)
    assert "<pre>def f(a, b):\n    return b * a</pre>" in page(root)


def test_alarms_and_what_was_put_right_reach_the_instructor(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grading = {
        "put_right": ["The cell `add_any-check` was missing."],
        "alarms": ["The notebook's own check disagrees."],
        "sandbox": "none",
        "seconds": 3.5,
        "state": "failed",
        "why": "It ran for too long.",
    }
    hand_in(root, "amber", {}, grading)
    hand_in(root, "blue", {}, {"state": "graded", "seconds": 1, "sandbox": "bubblewrap"})
    report(root, UNIT)
    text = page(root)
    reason = "amber (01_first_program: Failed: It ran for too long. And 5 more.)"
    assert f"<p>1 submission needs a look: {reason}.</p>" in text
    assert f"1 submission needs a look: {reason}." in capsys.readouterr().out
    assert (
        "Failed: It ran for too long.<br>The notebook&#x27;s own check disagrees.<br>"
        "The cell <code>add_any-check</code> was missing."
    ) in text
    assert "2 notebooks were run without a sandbox" in text
    assert "All notebooks together ran for 9.0 seconds." in text
    alarms = {row["student"]: row["alarm"] for row in rows(root)}
    assert alarms["amber"] == "Failed: It ran for too long. | The notebook's own check disagrees."
    assert alarms["blue"] == ""


def test_wrong_answers_of_no_known_kind_are_counted_by_what_went_wrong(root: Path) -> None:
    raised = [PartVerdict("all", 2, "raised", "It raises NameError.")]
    for student in ("amber", "blue"):
        hand_in(root, student, {"matrix_product": Given(0, parts=raised), "run_chain": RIGHT2})
    report(root, UNIT)
    text = page(root)
    assert "No known misconception was recognised" in text
    assert "2 wrong answers matched no known misconception" in text
    assert "Most of them: 01 matrix_product 2." in text
    assert "an error 2." in text


def test_a_reason_that_repeats_what_is_said_elsewhere_is_shown_once(root: Path) -> None:
    grading = {
        "alarms": ["The output is forged."],
        "put_right": ["A cell was missing."],
        "state": "needs a look",
        "why": "The output is forged. A cell was missing.",
    }
    hand_in(root, "amber", {}, grading)
    hand_in(root, "blue", {}, {"put_right": [], "state": "needs a look", "why": "It is empty."})
    remarks = {each.student: each for each in read_results(root, UNIT).remarks}
    assert remarks["amber"].alarms == ("The output is forged.",)
    assert remarks["blue"].alarms == ("Needs a look: It is empty.",)


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"cells": 7, "metadata": []}',
        '{"cells": [7, {"metadata": {"nbgrader": {"grade_id": [1]}}}], "metadata": {}}',
        json.dumps(
            {
                "metadata": {"glimpse_grading": {"seconds": "x", "alarms": "no", "state": []}},
                "cells": [
                    {
                        "metadata": {"nbgrader": {"grade_id": "matrix_product-check"}},
                        "outputs": [{"metadata": {RECORD: {"parts": [{"misconception": {}}, 1]}}}],
                    }
                ],
            }
        ),
        '{"metadata": {"glimpse_grading": {"seconds": NaN}}}',
        '{"metadata": {"glimpse_grading": {"seconds": 1' + "0" * 400 + "}}}",
        "[" * 100_000,
    ],
)
def test_an_odd_notebook_costs_only_what_it_does_not_say(root: Path, content: str) -> None:
    hand_in(root, "amber", {"matrix_product": RIGHT2})
    path = root / "autograded" / "amber" / UNIT / "01_first_program.ipynb"
    path.write_text(content, encoding="utf-8")
    report(root, UNIT)
    assert read_results(root, UNIT).scores == {"amber": 2}
    assert "Computing time was not recorded" in page(root)


def test_a_notebook_that_cannot_be_read_is_an_alarm(root: Path) -> None:
    hand_in(root, "amber", {"matrix_product": RIGHT2})
    path = root / "autograded" / "amber" / UNIT / "01_first_program.ipynb"
    path.write_text("{", encoding="utf-8")
    secret = root / "secret.ipynb"
    secret.write_text("{}", encoding="utf-8")
    other = path.with_name("02_tensors.ipynb")
    other.unlink()
    other.symlink_to(secret)
    remarks = read_results(root, UNIT).remarks
    assert [each.lesson for each in remarks if each.alarms] == list(LESSONS)


def test_the_same_results_give_the_same_bytes(root: Path) -> None:
    hand_in(root, "amber", {"matrix_product": RIGHT2}, {"seconds": 1.0})
    report(root, UNIT)
    first = page(root)
    report(root, UNIT)
    assert page(root) == first
