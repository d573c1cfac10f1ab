"""`course build --check`: name each file that is out of step, without running anything."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from nbformat import NotebookNode

from helpers.cli.build import orphans
from helpers.cli.errors import CourseError
from helpers.cli.lessons import Lesson, choose_lessons
from helpers.cli.notebooks import new_notebook, notebook_inputs, read_notebook, read_text
from helpers.cli.release import make_release


def check(root: Path, names: Sequence[str] = ()) -> None:
    """Compare text, executed notebook and release of the named lessons, or of all.

    Raises CourseError with a line for each file that is out of step, and its remedy.
    """
    lessons = choose_lessons(root, names)
    drifts = []
    for lesson in lessons:
        try:
            drifts += [f"{drift} Run: course build {lesson}" for drift in find_drift(lesson)]
        except CourseError as error:
            drifts.append(str(error))
    if drifts := drifts + orphans(root):
        raise CourseError("\n".join(drifts))
    print(f"{len(lessons)} lessons: texts, notebooks and releases are in step.")


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
