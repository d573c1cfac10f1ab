"""What is run of a submission earns what the whole earns."""

import copy
from collections.abc import Callable, Iterator, Mapping

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from helpers.checks import outside
from helpers.cli.answers import exercise_name, is_answer, is_check
from helpers.cli.lessons import Lesson
from helpers.grading import sandbox
from helpers.grading.handed_in import Notebook
from helpers.grading.left_out import NOTE, lesson_cells
from helpers.grading.preprocessors import Source
from helpers.grading.worker import Job, grade_submission, warm_up
from tests.battery import RIGHT, find
from tests.lessons import LESSONS, read_forms
from tests.test_battery import SETTINGS, points
from tests.test_submitted import source_of

[SOFTMAX] = [lesson for lesson in LESSONS if lesson.name == "10_softmax"]


@pytest.fixture(scope="module", autouse=True)
def warm(needs: Callable[[str], str]) -> Iterator[None]:
    needs("bwrap")
    warm_up()
    yield
    sandbox.close()


def released(lesson: Lesson) -> NotebookNode:
    return nbformat.read(lesson.release, as_version=4)


def solved(lesson: Lesson) -> NotebookNode:
    notebook = released(lesson)
    answers = {exercise_name(c): c.source for c in read_forms(lesson).text.cells if is_answer(c)}
    for cell in filter(is_answer, notebook.cells):
        cell.source = answers[exercise_name(cell)]
    return notebook


def graded(
    lesson: Lesson, notebooks: Mapping[str, NotebookNode], **options: bool
) -> dict[str, NotebookNode]:
    """Grade notebooks of a lesson that are handed in together."""
    forms = read_forms(lesson)
    assert forms.executed is not None
    source = Source(source_of(released(lesson)), None, lesson_cells(forms.executed))
    contents = {
        name: Notebook(nbformat.writes(notebook).encode()) for name, notebook in notebooks.items()
    }
    job = Job("student", contents, {}, dict.fromkeys(notebooks, source), {**SETTINGS, **options})
    result = grade_submission(job)
    return {name: nbformat.reads(text, as_version=4) for name, text in result.notebooks.items()}


def earned(notebook: NotebookNode) -> dict[str, float]:
    return points(nbformat.writes(notebook))


def run_cells(notebook: NotebookNode) -> int:
    return sum(c.cell_type == "code" and c.execution_count is not None for c in notebook.cells)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_answers_earn_their_points_without_the_story(lesson: Lesson) -> None:
    results = graded(lesson, {"solved": solved(lesson), "released": released(lesson)})
    right = read_forms(lesson).points
    assert earned(results["solved"]) == right
    assert earned(results["released"]) == dict.fromkeys(right, 0.0)
    for notebook in results.values():
        assert run_cells(notebook) == 1 + 2 * len(right)  # the imports, answers and checks


# Cells that a student might add: what they do may matter to answers, or to the story's cells.
OWN = [
    cell.replace("\\n", "\n")
    for cell in r"""
x = softmax([1.0, 2.0])\nprint(x)
scores = 3
def helper(x): return np.exp(x)
np.random.seed(1)
np.exp = np.sin
tf.nn.softmax = None
del np
sum = 0
1 / 0
x = (
print(scores)
%matplotlib inline
softmax = lambda scores: scores
keep = softmax\ndef softmax(scores): return keep(scores)
import numpy as np\nnp.seterr(all='raise')
def loss_gradient(*all): return later(*all)
later = 2
global_calls = []
digits = None
import os\nos.chdir('/tmp')
from helpers.activations import *
""".strip("\n").splitlines()
]


@st.composite
def changed(draw: st.DrawFn) -> NotebookNode:
    """Draw a solved notebook whose cells were moved, deleted, doubled, changed, added to."""
    notebook = solved(SOFTMAX)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(1, len(notebook.cells) - 1))
        match draw(st.sampled_from(["add", "add", "add", "move", "delete", "double", "answer"])):
            case "add":
                notebook.cells.insert(place, new_code_cell(draw(st.sampled_from(OWN))))
            case "move":
                cell = notebook.cells.pop(place)
                notebook.cells.insert(draw(st.integers(1, len(notebook.cells))), cell)
            case "delete":
                del notebook.cells[place]
            case "double":
                notebook.cells.insert(place, copy.deepcopy(notebook.cells[place]))
            case "answer":
                answer = draw(
                    st.sampled_from([c for c in notebook.cells if is_answer(c)] or [None])
                )
                if answer:
                    own = draw(st.sampled_from(OWN))
                    answer.source = draw(st.sampled_from([f"{own}\n{answer.source}", own]))
    return notebook


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(changed())
def test_changed_notebooks_earn_what_the_whole_earns(notebook: NotebookNode) -> None:
    handed_in = {"notebook": notebook}
    part = graded(SOFTMAX, handed_in)["notebook"]
    whole = graded(SOFTMAX, handed_in, all_cells=True)["notebook"]
    assert earned(part) == earned(whole)


def test_a_cell_that_is_not_run_shows_what_was_handed_in() -> None:
    notebook = solved(SOFTMAX)
    story = [cell for cell in notebook.cells if cell.cell_type == "code"][3]
    story.outputs = [
        new_output("stream", name="stdout", text="as I saw it"),
        new_output("display_data", data={"text/plain": "1"}, metadata={"glimpse_check": {}}),
        new_output("error", ename="E", evalue="e", traceback=["E: e"]),
    ]
    [result] = graded(SOFTMAX, {"notebook": notebook}).values()
    [cell] = [c for c in result.cells if c.source == story.source]
    assert [output.output_type for output in cell.outputs] == [
        "display_data", "stream", "display_data", "error"
    ]  # fmt: skip
    assert cell.outputs[0].data["text/plain"] == NOTE
    assert cell.outputs[1].text == "as I saw it"
    assert not cell.outputs[2].metadata
    [result] = graded(SOFTMAX, {"notebook": notebook}, all_cells=True).values()
    assert NOTE not in nbformat.writes(result)
    assert "as I saw it" not in nbformat.writes(result)


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        ("def softmax(scores):\n    return missing", None),
        ("def softmax(scores):\n    return scores", 2),
        ("def softmax(scores):\n    while True: pass", None),
        ("def softmax(scores):\n    raise SystemExit\nimport os\nos._exit(0)", None),
    ],
)
def test_in_doubt_everything_is_run(
    answer: str, seen: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "SECONDS", 3.0)
    notebook = solved(SOFTMAX)
    notebook.cells = [
        c for n, c in enumerate(notebook.cells) if n == 1 or is_answer(c) or is_check(c)
    ]
    notebook.cells.insert(2, new_code_cell("number = 3"))
    find(notebook, "softmax").source = answer
    if seen:
        record = {"glimpse_check": {"exercise": "softmax", "points": seen}}
        output = new_output("display_data", data={}, metadata=record)
        find(notebook, "softmax-check").outputs = [output]
    [result] = graded(SOFTMAX, {"notebook": notebook}).values()
    assert result.cells[2].source == "number = 3"
    assert result.cells[2].execution_count is not None
    find(notebook, "softmax").source = RIGHT
    [result] = graded(SOFTMAX, {"notebook": notebook}).values()
    assert result.cells[2].execution_count is None
