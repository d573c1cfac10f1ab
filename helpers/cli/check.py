"""`course build --check`: name each file that is out of step, without running anything."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from nbformat import NotebookNode

from helpers.cli.build import orphans
from helpers.cli.lessons import Lesson, choose_lessons, find_welcome
from helpers.cli.notebooks import new_notebook, notebook_inputs, read_notebook, read_text
from helpers.cli.release import make_release
from helpers.cli.welcome import find_welcome_drift
from helpers.course_error import CourseError


def check(root: Path, names: Sequence[str] = ()) -> None:
    """Compare text, executed notebook and release of the named lessons, or of all.

    The welcome page is compared whatever is named: it shows which lessons there are.

    Raises CourseError with a line for each file that is out of step, and its remedy.
    """
    page = find_welcome(root)
    lessons = [lesson for lesson in choose_lessons(root, names) if lesson not in page]
    if drifts := find_drifts(lessons + page) + orphans(root):
        raise CourseError("\n".join(drifts))
    compared = [f"{len(lessons)} lessons"] * bool(lessons) + ["the welcome page"] * bool(page)
    print(f"In step are text, notebook and release of {' and of '.join(compared)}.")


def find_drifts(lessons: Iterable[Lesson]) -> list[str]:
    """Return a line for each file of the lessons that is out of step, with its remedy."""
    drifts = []
    for lesson in lessons:
        find = find_drift if lesson.unit else find_welcome_drift
        try:
            drifts += [f"{drift} Run: course build {lesson}" for drift in find(lesson)]
        except CourseError as error:
            drifts.append(str(error))
    return drifts


def find_drift(lesson: Lesson) -> Iterator[str]:
    """Yield a sentence for each of a lesson's files that is not what the build would make."""
    text, path, release = (
        lesson.show(each) for each in (lesson.text, lesson.notebook, lesson.release)
    )
    if not lesson.text.exists():
        yield f"{text} is missing."
    if not lesson.notebook.exists():
        yield f"{path} is missing."
        return
    notebook = read_notebook(lesson.notebook)
    if lesson.text.exists():
        inputs = read_text(lesson)
        if notebook_inputs(lesson, notebook).text != inputs.text:
            yield f"{path} and {text} differ."
        elif _without_outputs(notebook) != new_notebook(lesson.root, inputs):
            yield f"{path} has other cell ids or metadata than the build gives."
        elif not _executed(notebook):
            yield f"{path} was not run from top to bottom."
    if not lesson.release.exists():
        yield f"{release} is missing."
    elif lesson.release.read_bytes().decode() != make_release(lesson, notebook):
        yield f"{release} is not what {path} gives."


def _without_outputs(notebook: NotebookNode) -> NotebookNode:
    return NotebookNode(
        notebook,
        cells=[
            NotebookNode(cell, outputs=[], execution_count=None)
            if cell.cell_type == "code"
            else cell
            for cell in notebook.cells
        ],
    )


def _executed(notebook: NotebookNode) -> bool:
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    return [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
