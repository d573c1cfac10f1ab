"""The folder from which Sphinx builds the website: pages and downloads."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat

from helpers.facts import read_facts
from helpers.outline import read_outline
from helpers.site import glossary, slides_index, then_and_now
from helpers.site.archive import archive
from helpers.site.exercise_notes import read_notes
from helpers.site.frames import draw_frames
from helpers.site.front_page import front_page
from helpers.site.header import Header, read_header
from helpers.site.lesson_page import Course, lesson_page, read_notebook
from helpers.site.player import player

REFERENCE = {"slides": slides_index, "then_and_now": then_and_now, "glossary": glossary}


class LessonError(Exception):
    """A lesson that cannot be made into a page; the message says which and why."""


def write_source(root: Path, work: Path, solutions: bool, pdf: bool = False) -> None:
    """Write `work/source`; a file that is up to date is not touched, so that Sphinx skips it.

    Parameters
    ----------
    root : Path
        The project.
    work : Path
        The builder's own folder for this website; what all have in common lies beside it.
    solutions : bool
        Whether the pages show the answers, folded.
    pdf : bool, optional
        Whether the front page offers the course as one PDF.

    Raises
    ------
    LessonError, FramesError
    """
    units = read_outline(root)
    lessons = [each for unit in units for each in unit.lessons if each.exercises is not None]
    paths = [root / "solutions" / each.path for each in lessons]
    notebooks = {path: read_notebook(path) for path in paths}
    course = Course(lessons, read_facts(root))
    headers: dict[str, Header] = {}
    files: dict[str, bytes] = {"course.zip": archive(root)}
    with ThreadPoolExecutor() as beside:  # both import TensorFlow, on one core each
        names = [lesson.name for lesson in lessons]
        reading = beside.submit(read_notes, names, work.parent / "notes.json")
        frames = draw_frames(notebooks, work.parent / "frames")
        notes = reading.result()
    for lesson, (path, executed) in zip(lessons, notebooks.items(), strict=True):
        players = {
            number: player(explorer, f"../frames/{lesson.name}", f"explorer-{number}")
            for number, explorer in frames[path].items()
        }
        release = root / "course" / lesson.path
        try:
            headers[lesson.name] = read_header(executed.cells[0].source)
            page = lesson_page(
                lesson,
                executed,
                read_notebook(release),
                course,
                notes[lesson.name],
                players,
                solutions,
            )
        except ValueError as error:
            raise LessonError(f"solutions/{lesson.unit}/{lesson.name}.md: {error}") from error
        files[lesson.path] = nbformat.writes(page).encode()
        files[f"downloads/{lesson.path}"] = release.read_bytes()
    for name, module in REFERENCE.items():
        try:
            files[f"{name}.md"] = module.page(root).encode()
        except ValueError as error:
            raise LessonError(str(error)) from error
    repository = os.environ.get("GITHUB_REPOSITORY", "")  # where GitHub itself builds
    reference = {name: module.GIVES for name, module in REFERENCE.items()}
    front = front_page(root, units, headers, reference, repository, pdf)
    files["index.md"] = front.encode()
    _write(work / "source", files)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder of the builder's hold these files and no others."""
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
