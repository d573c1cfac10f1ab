"""`course build`: from a lesson's text to its executed notebook and the student's version.

A file that somebody edited is never overwritten. The build writes the digest of the inputs into
each notebook that it makes; a notebook whose inputs no longer have that digest was edited.
"""

import time
from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode

from helpers.cli.execute import execute
from helpers.cli.lessons import Lesson, choose_lessons, find_orphans, find_welcome
from helpers.cli.notebooks import (
    Inputs,
    canonical_text,
    digest,
    dumps,
    new_notebook,
    notebook_inputs,
    read_notebook,
    read_text,
    record,
)
from helpers.cli.problems import find_problems
from helpers.cli.release import make_release
from helpers.cli.welcome import seal
from helpers.course_error import CourseError
from helpers.whole_file import write_whole


def build(root: Path, names: Sequence[str] = ()) -> None:
    """Build the named lessons, or all, one after the other; print a line for each.

    The welcome page is built last, whatever is named: it shows which lessons there are.

    Raises CourseError, after all lessons were tried, with a line for each problem.
    """
    failures = []
    page = find_welcome(root)
    lessons = [lesson for lesson in choose_lessons(root, names) if lesson not in page]
    for lesson in lessons + page:
        start = time.perf_counter()
        try:
            changed = build_lesson(lesson) if lesson.unit else build_welcome(lesson)
        except CourseError as error:
            failures.append(str(error))
            outcome = "failed"
        else:
            outcome = f"wrote {', '.join(changed)}" if changed else "unchanged"
        print(f"{lesson}: {outcome} ({time.perf_counter() - start:.1f} s)", flush=True)
    failures += orphans(root)
    if failures:
        raise CourseError("\n".join(failures))


def build_lesson(lesson: Lesson) -> list[str]:
    """Execute a lesson and write what changed; return the paths of the files written.

    Raises CourseError, and writes nothing, where the lesson has a problem or where a file that
    would be overwritten holds somebody's edits.
    """
    files = (lesson.text, lesson.notebook, lesson.release)
    before = {path: _content(path) for path in files}
    inputs = choose_inputs(lesson)
    check_release_unedited(lesson)
    notebook = ready_notebook(lesson, inputs)
    execute(notebook, lesson.notebook.parent, inputs.places)
    after = {lesson.notebook: dumps(notebook), lesson.release: make_release(lesson, notebook)}
    if inputs.path == lesson.show(lesson.notebook):
        after[lesson.text] = inputs.text
    if edited := [path for path in files if _content(path) != before[path]]:
        raise CourseError(
            f"{lesson.show(edited[0])} was edited during the build; run: course build {lesson}"
        )
    changed = [path for path in files if path in after and after[path] != before[path]]
    for path in changed:
        write_whole(path, after[path])
    # Jupytext opens a pair in JupyterLab only while the text is the newer file of the two.
    lesson.text.touch()
    return [lesson.show(path) for path in changed]


def build_welcome(page: Lesson) -> list[str]:
    """Execute the welcome page and write its release if it changed; return the paths written.

    Raises CourseError, and writes nothing, as `build_lesson` does.
    """
    before = _content(page.release)
    inputs = read_text(page)
    check_release_unedited(page)
    notebook = ready_notebook(page, inputs)
    execute(notebook, page.text.parent, inputs.places)
    content = seal(page, inputs, notebook)
    if content == before:
        return []
    write_whole(page.release, content)
    return [page.show(page.release)]


def choose_inputs(lesson: Lesson) -> Inputs:
    """Return the newer inputs of a lesson: those of its text, or those of its notebook.

    Raises CourseError where both were edited, each in its own way.
    """
    text = read_text(lesson) if lesson.text.exists() else None
    if not lesson.notebook.exists():
        assert text is not None
        return text
    saved = read_notebook(lesson.notebook)
    notebook = notebook_inputs(lesson, saved)
    if text is None:
        return notebook
    built = record(saved, "inputs")
    if text.text == notebook.text or notebook.digest == built:
        return text
    if text.digest == built:
        return notebook
    raise CourseError(
        f"{text.path} and {notebook.path} were both edited, in different ways. "
        "Move one of them out of solutions, then run: "
        f"course build {lesson}"
    )


def ready_notebook(lesson: Lesson, inputs: Inputs) -> NotebookNode:
    """Return the lesson's notebook, not yet executed.

    Raises CourseError with a line for each problem that can be seen without running it.
    """
    notebook = new_notebook(lesson.root, inputs)
    if len(notebook.cells) != len(inputs.places):
        raise CourseError(
            f"{inputs.path}: a cell holds the mark of another cell (+++ or ```{{code-cell}}) "
            "and would be cut in two."
        )
    if problems := list(find_problems(notebook.cells, inputs.places)):
        raise CourseError("\n".join(problems))
    return notebook


def check_release_unedited(lesson: Lesson) -> None:
    """Raise CourseError where somebody edited the student's version in `course/`."""
    if not lesson.release.exists():
        return
    released = read_notebook(lesson.release)
    if digest(canonical_text(lesson.root, released)) != record(released, "release"):
        path = lesson.show(lesson.release)
        raise CourseError(
            f"{path} was edited, but is made by the build. "
            f"Move it away if you need it (students work in work/), delete it, "
            f"then run: course build {lesson}"
        )


def orphans(root: Path) -> list[str]:
    """Return a line for each student's version whose lesson is gone."""
    return [
        f"{path.relative_to(root).as_posix()} has no lesson in solutions any more; delete it."
        for path in find_orphans(root)
    ]


def _content(path: Path) -> str | None:
    return path.read_bytes().decode() if path.exists() else None
