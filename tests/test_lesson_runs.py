"""Every lesson runs, again and again, and its exercises are worth what they say."""

import copy
import inspect
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path

import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade

from helpers.cli.answers import is_answer, is_check
from helpers.cli.lessons import Lesson
from helpers.needed import needed
from tests.kernels import WARM, as_default
from tests.lessons import LESSONS, read_notebook, tags

CELL_TIMEOUT = 300  # seconds; a lesson takes 30 at most, on a machine with nothing else to do

# Tests of one lesson share a kernel's run, so they go to one worker.
each_lesson = pytest.mark.parametrize(
    "lesson",
    [
        pytest.param(lesson, id=str(lesson), marks=pytest.mark.xdist_group(lesson.name))
        for lesson in LESSONS
    ],
)


@dataclass(frozen=True)
class Run:
    """What running a notebook gave."""

    file: str
    passes: list[NotebookNode]  # the notebook after each pass from top to bottom
    files_left: list[str]
    unlabelled_axes: list[str]


def watch_axes() -> None:
    """Note the axes that are drawn unlabelled. Runs in the lesson's kernel, before the lesson."""
    import re
    from typing import Any

    from matplotlib.backend_bases import FigureCanvasBase

    canvas_class: Any = FigureCanvasBase
    draw = canvas_class.print_figure

    def shows_numbers(axis: Any) -> bool:
        texts = [label.get_text() for label in axis.get_ticklabels() if label.get_visible()]
        return any(re.fullmatch(r"[-−]?[\d.]+%?|\$\\mathdefault.*", text) for text in texts)

    def figures_label(axis: Any) -> str:
        """Return the label that the axes of a figure share."""
        return str(getattr(axis.axes.figure, f"get_sup{axis.axis_name}label")())

    def unlabelled(axes: Any) -> list[str]:
        numbered = [axis for axis in (axes.xaxis, axes.yaxis) if shows_numbers(axis)]
        title = "".join(axes.get_title(place) for place in ("left", "center", "right"))
        # One axis of numbers beside one of names: the title may say what the numbers are.
        if not axes.axison or not axes.has_data() or (len(numbered) == 1 and title):
            return []
        picture = "a colour bar" if hasattr(axes, "_colorbar") else f"the axes titled {title!r}"
        return [
            f"the {axis.axis_name} axis of {picture}"
            for axis in numbered
            if not axis.get_label_text() and not figures_label(axis)
        ]

    def print_figure(canvas: Any, *arguments: Any, **options: Any) -> Any:
        canvas.figure.draw_without_rendering()
        for axes in canvas.figure.axes:
            canvas_class.unlabelled += unlabelled(axes)
        return draw(canvas, *arguments, **options)

    canvas_class.unlabelled = []
    canvas_class.print_figure = print_figure


START = f"{inspect.getsource(watch_axes)}\nwatch_axes()"
REPORT = """\
from matplotlib.backend_bases import FigureCanvasBase
import json
print(json.dumps(sorted(set(FigureCanvasBase.unlabelled))))"""


@cache
def run(path: Path, passes: int, checks_only: bool = False) -> Run:
    """Run a notebook in one fresh kernel, from top to bottom, one or more times."""
    source = read_notebook(path)
    assert source is not None, f"{path.name} is not built. Run: course build {path.stem}"
    if checks_only:
        cells = [cell for cell in source.cells if cell.cell_type == "code"]
        wanted = [place for place, cell in enumerate(cells) if is_check(cell)]
        run = needed([cell.source for cell in cells], wanted, range(len(cells)))
        source.cells = [cells[place] for place in sorted(run)]
    start, report = (new_notebook(cells=[new_code_cell(code)]) for code in (START, REPORT))
    done = []
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            start,
            kernel_name="python3",
            timeout=CELL_TIMEOUT,
            allow_errors=True,
            coalesce_streams=True,
            resources={"metadata": {"path": folder}},
        )
        # Under pytest, ipykernel would not catch what compiled code writes to stderr.
        environment = {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"}
        with as_default(WARM), client.setup_kernel(env=environment):
            for notebook in [start, *(copy.deepcopy(source) for _ in range(passes)), report]:
                client.nb = notebook
                for i, cell in enumerate(notebook.cells):
                    client.execute_cell(cell, i)
                done.append(notebook)
        left = sorted(str(p.relative_to(folder)) for p in Path(folder).rglob("*"))
    place = "/".join(path.parts[-3:])
    return Run(place, done[1:-1], left, json.loads(report.cells[0].outputs[0].text))


def run_solution(lesson: Lesson) -> Run:
    return run(lesson.notebook, passes=2)


def run_checks(lesson: Lesson) -> Run:
    """Run the release's checks, and what they need."""
    return run(lesson.release, passes=1, checks_only=True)


def code_cells(notebook: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """Yield each code cell with how a message names it."""
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code" and cell.source.strip():
            yield f"cell {number} ({cell.source.strip().splitlines()[0][:50]})", cell


def error_of(cell: NotebookNode) -> str:
    """Return the message of the exception that a cell ended in, or an empty string."""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    return f"{errors[0].ename}: {errors[0].evalue}" if errors else ""


def comparable(cell: NotebookNode) -> list[dict]:
    """Return a cell's outputs without what a second run may change: counters and widgets' ids."""
    kept = []
    for output in cell.outputs:
        output = {k: v for k, v in output.items() if k not in {"execution_count", "traceback"}}
        if "data" in output:
            output["data"] = {
                mime: data for mime, data in output["data"].items() if "widget-view" not in mime
            }
        kept.append(output)
    return kept


def as_nbval_compares(cell: NotebookNode) -> list[dict]:
    """Return a cell's outputs without what nbval leaves out as well: pictures and metadata.

    A picture's text stays: it says what is in it.
    """
    kept = []
    for output in comparable(cell):
        output = {key: value for key, value in output.items() if key != "metadata"}
        if "data" in output:
            output["data"] = {k: v for k, v in output["data"].items() if not k.startswith("image/")}
        kept.append(output)
    return kept


# With the answers


@each_lesson
def test_lesson_runs_twice_without_error(lesson: Lesson) -> None:
    done = run_solution(lesson)
    for number, notebook in enumerate(done.passes, start=1):
        for place, cell in code_cells(notebook):
            if "raises-exception" in tags(cell):
                assert error_of(cell), f"{done.file}, {place}: no error, though its tag says so"
            else:
                assert not error_of(cell), (
                    f"{done.file}, {place}, run {number}: {error_of(cell)}. A name in a graph or "
                    "a changed global is the usual reason if run 1 went well."
                )


@each_lesson
def test_lesson_writes_nothing_to_stderr(lesson: Lesson) -> None:
    done = run_solution(lesson)
    for place, cell in (pair for notebook in done.passes for pair in code_cells(notebook)):
        written = [output.text for output in cell.outputs if output.get("name") == "stderr"]
        assert not written, f"{done.file}, {place}: keep this off stderr: {written[0][:300]}"


@each_lesson
def test_first_run_shows_what_is_saved(lesson: Lesson) -> None:
    # `make test` runs nbval with one thread, in kernels as Jupyter starts them. This is the other
    # extreme: forked kernels, and TensorFlow and NumPy compute with all that the machine has.
    saved, done = read_notebook(lesson.notebook), run_solution(lesson)
    assert saved is not None
    pairs = zip(code_cells(saved), code_cells(done.passes[0]), strict=True)
    for (place, before), (_, after) in pairs:
        if "nbval-ignore-output" not in tags(before):
            assert as_nbval_compares(before) == as_nbval_compares(after), (
                f"{done.file}, {place}: it shows something else than what is saved. Run: course "
                f"build {lesson}. If it differs from machine to machine, show fewer digits."
            )


@each_lesson
def test_second_run_shows_the_same(lesson: Lesson) -> None:
    done = run_solution(lesson)
    first, second = (list(code_cells(notebook)) for notebook in done.passes)
    for (place, before), (_, after) in zip(first, second, strict=True):
        assert comparable(before) == comparable(after), (
            f"{done.file}, {place}: run twice in one kernel, it shows something else. Begin from a "
            "fresh graph, seed what is random, and change no value of an earlier cell in place."
        )


@each_lesson
def test_answers_earn_all_points(lesson: Lesson) -> None:
    done = run_solution(lesson)
    for place, cell in code_cells(done.passes[0]):
        if is_check(cell):
            earned, worth = determine_grade(cell)
            assert earned == worth, f"{done.file}, {place}: {earned} of {worth}. {error_of(cell)}"


@each_lesson
def test_lesson_leaves_no_files(lesson: Lesson) -> None:
    done = run_solution(lesson)
    assert not done.files_left, f"{done.file} leaves {done.files_left}; use a temporary folder"


@each_lesson
def test_axes_are_labelled(lesson: Lesson) -> None:
    done = run_solution(lesson)
    assert not done.unlabelled_axes, (
        f"{done.file}: no label on {'; '.join(done.unlabelled_axes)}. Say what it measures."
    )


# As a student opens it


@each_lesson
def test_nothing_before_the_first_exercise_needs_an_answer(lesson: Lesson) -> None:
    # These cells ran in `run_solution`, from the top of a fresh kernel. In the release they are
    # the same, up to the first answer.
    solution, release = (read_notebook(path) for path in (lesson.notebook, lesson.release))
    assert solution is not None
    assert release is not None
    story = [
        [cell.source for _, cell in takewhile(lambda each: not is_answer(each[1]), cells)]
        for cells in map(code_cells, (solution, release))
    ]
    assert story[0] == story[1], f"{lesson.release.name} is not the lesson. Run: course build"


@each_lesson
def test_no_check_of_the_release_passes(lesson: Lesson) -> None:
    done = run_checks(lesson)
    for place, cell in code_cells(done.passes[0]):
        if is_check(cell):
            earned, worth = determine_grade(cell)
            assert earned == 0, f"{done.file}, {place}: {earned} of {worth} points for nothing"
            assert "not attempted" in error_of(cell), f"{done.file}, {place}: {error_of(cell)}"
