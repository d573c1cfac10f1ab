"""Every lesson keeps the mechanical rules of a lesson, and every rule finds what it is for."""

from collections import Counter
from pathlib import Path

import jupytext
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output

from helpers.cli.answers import exercise_name, is_check
from helpers.cli.lessons import Lesson
from tests.lesson_rules import RULES, broken
from tests.lessons import LESSONS, Forms, read_forms

SAMPLE = Path(__file__).with_name("sample_lesson.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("lesson", LESSONS, ids=str)
def test_lesson_keeps_the_rule(lesson: Lesson, rule: str) -> None:
    messages = broken(rule, read_forms(lesson))
    assert not messages, "\n" + "\n".join(messages)


def test_numbers_of_lessons_are_unique() -> None:
    numbers = Counter(lesson.name[:2] for lesson in LESSONS)
    twice = [number for number, count in numbers.items() if count > 1]
    assert not twice, f"two lessons have the number {', '.join(twice)}: rename one of them"


@pytest.mark.parametrize("lesson", LESSONS, ids=str)
def test_a_notebook_is_quickly_opened(lesson: Lesson) -> None:
    size = lesson.notebook.stat().st_size
    assert size < 1e6, f"{size / 1e6:.1f} MB. Give its explorers fewer frames."


def test_exercises_have_names_of_their_own() -> None:
    where: dict[str, list[str]] = {}
    for lesson in LESSONS:
        for cell in filter(is_check, read_forms(lesson).text.cells):
            where.setdefault(exercise_name(cell), []).append(lesson.show(lesson.text))
    twice = {exercise: files for exercise, files in where.items() if len(files) > 1}
    assert not twice, f"exercises of the same name; rename one of each: {twice}"


# The rules themselves


def made_from(text: str) -> Forms:
    """Return a lesson made from its text, as the build makes it, but for running it."""
    executed = jupytext.reads(text, fmt="md:myst")
    release = jupytext.reads(text, fmt="md:myst")
    picture = new_output("display_data", data={"image/png": "iVBORw0KGgo=", "text/plain": "figure"})
    executed.cells[3].outputs = [new_output("stream", text="[1. 2. 3.]\n"), picture]
    for cell in release.cells:
        before, begin, rest = cell.source.partition("    ### BEGIN SOLUTION")
        if begin:
            after = rest.partition("### END SOLUTION")[2]
            cell.source = f"{before}    # Your code here.\n    raise NotImplementedError(){after}"
    return Forms(
        unit="sample",
        name="99_sample",
        text=jupytext.reads(text, fmt="md:myst"),
        executed=executed,
        release=release,
        points={"double": 1, "halve": 2},
        facts=frozenset({"first-matmul", "tensor-print"}),
    )


def all_broken(lesson: Forms) -> dict[str, list[str]]:
    """Return the messages of every rule that has any."""
    found = {name: broken(name, lesson) for name in RULES}
    return {name: messages for name, messages in found.items() if messages}


def test_the_sample_keeps_every_rule() -> None:
    assert all_broken(made_from(SAMPLE)) == {}


LONG_CELL = "\n".join(f"print({i})" for i in range(21))
VECTOR = "x = np.array([1.0, 2.0, 3.0])"

# Each row is the smallest bad lesson: rule, what is replaced in the sample, by what, and a part of
# the one message that must come.
BAD_TEXTS = [
    ("one_title", "# 99 · Sample", "# Sample", "Write: # 99 · Name"),
    ("one_title", "# 99 · Sample", "Sample", "Begin it with: # 99 · Name"),
    ("one_title", "## A vector can", "# A vector can", "Make it a section"),
    ("no_level_skipped", "### Exercise 1", "#### Exercise 1", "Give it 3 #, not 4"),
    ("title_block", "| **Slides** | 概述 |\n", "", "Add: | **Slides** | … |"),
    ("title_block", "; compare the two", "", "2 objectives. Give three"),
    ("title_block", "A sample shows the rules of a lesson at their shortest.\n", "", "no promise"),
    ("minutes_as_counted", "**Minutes** | 20", "**Minutes** | 90", "Write: | **Minutes** | 20 |"),
    ("minutes_as_counted", "Three numbers,", "Three numbers," + " word" * 6000, "55 is the most"),
    ("plain_words", "Three numbers, printed", "Three numbers, printed afresh", "Write: again"),
    ("program_of_2017", "with tf.Session()", "with tf.compat.v1.Session()", "in 2017"),
    ("sections_in_order", "## The slide, corrected", "## Notes", "'The slide, corrected' stands"),
    ("sections_in_order", "## A vector can be drawn\n", "", "there is no story"),
    ("quiz", SAMPLE[SAMPLE.index("**3. What") :], "", "2 quiz questions. Ask three to five"),
    ("quiz", "4</summary>No: that is twice", "4</summary>Right: that is twice", "question 2 has"),
    ("quiz", "<details><summary>4</summary>Right: twice 2.</details>", "", "question 1 has"),
    (
        "quiz",
        "</summary>Right: twice 2.",
        "</summary>Right: `2 * 2`.",
        "has an answer with backticks",
    ),
    ("setup_imports_only", "tf1 = tf.compat.v1", "print(tf)", "Move this elsewhere: print(tf)"),
    ("plain_python", VECTOR, "%matplotlib inline", "not Python"),
    ("plain_python", VECTOR, "x = np.array([1.0", "not Python"),
    ("cell_length", VECTOR, f"{VECTOR}\n{LONG_CELL}", "20 at most"),
    ("words_before_code", "Three numbers, printed with two digits.\n", "", "only a heading"),
    (
        "words_before_code",
        "print(x.round(2))",
        "print(x)\n```\n\n```{code-cell} ipython3\nprint(2 * x)",
        "no text before this cell",
    ),
    ("used_at_once", VECTOR, f"def f(x):\n    return x\n\n\n{VECTOR}", "f is defined and not used"),
    ("course_names", "import tensorflow as tf\n", "import tensorflow\n", "import tensorflow as tf"),
    (
        "course_names",
        "import tensorflow as tf\n",
        "import tensorflow.compat.v1 as tf\n",
        "tf1 = tf.compat.v1",
    ),
    ("course_names", "tf1.Session()", "tf.compat.v1.Session()", "write tf1"),
    ("course_names", VECTOR, f"lr = 0.1\n{VECTOR}", "learning_rate"),
    (
        "no_network",
        "import numpy as np",
        "import urllib.request\nimport numpy as np",
        "helpers.data",
    ),
    ("no_network", VECTOR, f"tf.keras.datasets.mnist.load_data()\n{VECTOR}", "load_data"),
    ("no_network", VECTOR, f'page = "https://example.org"\n{VECTOR}', "holds the address"),
    ("known_tags", "[first-matmul]", "[first-matmul, first_matmul]", "'first_matmul' is unknown"),
    ("known_tags", "[first-matmul]", "[first-matmul, nbval-ignore-output]", "Say in a comment"),
    ("facts_asserted", "assert product.tolist() == [[12]]", "print(product)", "claimed"),
    ("exercises", "### Exercise 2: halve\n", "", "1 exercises"),
    ("exercises", "### Exercise 2: halve", "### Exercise 3: halve", "Count from 1"),
    ("exercise_cells", "    ### BEGIN SOLUTION\n    return np", "    return np", "no solution"),
    ("exercise_cells", "grade_id: halve-check", "grade_id: double-check", "halve-check"),
    ("exercise_cells", "check.halve(halve)", "check.halve", "Write: check.halve("),
    ("exercise_cells", VECTOR, f"### BEGIN SOLUTION\n{VECTOR}", "outside an answer cell"),
    ("points_as_declared", "points: 2", "points: 3", "Write: points: 2"),
    ("points_as_declared", "points: 2", "points: null", "None points here, 2 in"),
    (
        "answer_not_given_away",
        "print(x.round(2))",
        "print(x)\nf = lambda x: np.asarray(x) / 2\nreturn_ = 0\n# return np.asarray(x) / 2",
        "gives away the answer to halve",
    ),
]


@pytest.mark.parametrize(("rule", "old", "new", "message"), BAD_TEXTS)
def test_rule_finds_what_is_wrong_in_the_text(rule: str, old: str, new: str, message: str) -> None:
    assert SAMPLE.count(old) >= 1, "the sample has changed; this case replaces nothing"
    found = broken(rule, made_from(SAMPLE.replace(old, new, 1)))
    assert len(found) == 1
    assert message in found[0]
    assert found[0].startswith("solutions/sample/99_sample.md")


BAD_OUTPUTS = [
    ("<object at 0x7f0123456789>", "an address"),
    ("saved in /home/ada/model", "a path of a machine"),
    ("C:\\Users\\ada", "a path of a machine"),
    ("2026-11-22", "a date"),
    ("12:30:05", "a date"),
    ("1.25 s", "a timing"),
    ("30ms/step", "a timing"),
    ("RuntimeWarning: overflow", "a warning"),
]


@pytest.mark.parametrize(("printed", "message"), BAD_OUTPUTS)
def test_unstable_output_is_found(printed: str, message: str) -> None:
    lesson = made_from(SAMPLE)
    for output in (
        new_output("stream", text=printed),
        new_output("execute_result", data={"text/plain": printed}),
        new_output("error", ename="ValueError", evalue="", traceback=[f"\x1b[31m{printed}"]),
    ):
        cell = code_cell(lesson.executed, tagged="first-matmul")
        cell.metadata.tags = ["first-matmul", "raises-exception"]
        cell.outputs = [output]
        assert list(all_broken(lesson)) == ["stable_outputs"]
        [sentence] = broken("stable_outputs", lesson)
        assert "99_sample.ipynb, cell 6 (with tf.Graph()" in sentence
        assert message in sentence


@pytest.mark.parametrize("printed", ["[1. 2. 3.]", "4 steps", "shape=(3,)", "x 4.000000", "v_1:0"])
def test_ordinary_output_is_not_found(printed: str) -> None:
    lesson = made_from(SAMPLE)
    code_cell(lesson.executed, "first-matmul").outputs = [new_output("stream", text=printed)]
    assert broken("stable_outputs", lesson) == []


def test_stderr_and_untagged_errors_are_found() -> None:
    lesson = made_from(SAMPLE)
    cell = code_cell(lesson.executed, "first-matmul")
    cell.outputs = [
        new_output("stream", name="stderr", text="oneDNN is on"),
        new_output("error", ename="ValueError", evalue="no", traceback=[]),
    ]
    stderr, error = broken("stable_outputs", lesson)
    assert "writes to stderr: 'oneDNN is on'" in stderr
    assert "ends in ValueError. Mend it, or tag it raises-exception." in error


def test_lesson_without_a_picture_is_found() -> None:
    lesson = made_from(SAMPLE)
    assert lesson.executed is not None
    lesson.executed.cells[3].outputs = []
    assert "no picture" in broken("drawn", lesson)[0]


def test_answer_in_the_release_is_found() -> None:
    lesson = made_from(SAMPLE)
    assert lesson.release is not None
    lesson.release.cells = lesson.text.cells
    found = broken("release_is_blank", lesson)
    for message in ("solution's marker", "where to write", "the answer to halve"):
        assert any(message in sentence for sentence in found)
    assert all(sentence.startswith("course/sample/99_sample.ipynb, cell") for sentence in found)


def test_output_in_the_release_is_found() -> None:
    lesson = made_from(SAMPLE)
    code_cell(lesson.release, "first-matmul").execution_count = 3
    assert "holds an output" in broken("release_is_blank", lesson)[0]


def test_lesson_that_was_not_built_says_so() -> None:
    lesson = made_from(SAMPLE)
    unbuilt = Forms(**{**vars(lesson), "executed": None})
    assert "not there. Run: course build 99_sample" in broken("stable_outputs", unbuilt)[0]


def test_every_rule_is_tested() -> None:
    tested = {row[0] for row in BAD_TEXTS} | {"stable_outputs", "drawn", "release_is_blank"}
    assert tested == set(RULES)


def code_cell(notebook: NotebookNode | None, tagged: str) -> NotebookNode:
    """Return the cell of a notebook that has this tag."""
    assert notebook is not None
    return next(cell for cell in notebook.cells if tagged in cell.metadata.get("tags", []))
