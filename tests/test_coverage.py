"""`course coverage`."""

from pathlib import Path

import pytest

from helpers.cli.coverage import coverage
from helpers.cli.lessons import Lesson
from helpers.course_error import CourseError
from helpers.facts import asserts
from tests.course_folder import new_course, replace

FACTS = """
- {id: softmax-vector, slide: Softmax 代码实现, says: "one"}
- {id: decay, slide: 学习率, says: "two"}
"""


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    made = new_course(tmp_path)
    (tmp_path / "solutions" / "facts.yml").write_text(FACTS, encoding="utf-8")
    return made


def test_facts_are_listed_with_the_cells_that_assert_them(
    lesson: Lesson, capsys: pytest.CaptureFixture[str]
) -> None:
    coverage(lesson.root)
    assert capsys.readouterr().out.splitlines() == [
        "softmax-vector  Softmax 代码实现  10_softmax, cell 3",
        "decay           学习率            -",
        "slides: 1 of 2 facts asserted",
    ]


def test_a_tagged_cell_that_asserts_nothing_does_not_count(
    lesson: Lesson, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(lesson.text, "assert 1 + 1 == 2", "1 + 1 == 2")
    coverage(lesson.root)
    assert capsys.readouterr().out.endswith("slides: 0 of 2 facts asserted\n")


def test_missing_facts_are_one_line(lesson: Lesson) -> None:
    (lesson.root / "solutions" / "facts.yml").unlink()
    with pytest.raises(CourseError, match=r"facts.yml is missing"):
        coverage(lesson.root)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("assert x", True),
        ("for x in y:\n    assert x", True),
        ("np.testing.assert_allclose(x, y)", True),
        ("tf.debugging.assert_near(x, y)", True),
        ("assert_array_equal(x, y)", True),
        ("%matplotlib inline\nassert x", True),
        ("print(x == y)  # assert x", False),
        ("mock.assert_called()", False),
        ("assert (", False),
    ],
)
def test_what_counts_as_an_assertion(source: str, expected: bool) -> None:
    assert asserts(source) is expected
