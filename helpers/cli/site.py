"""`course site`: the course as a website."""

import fcntl
import importlib.util
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.cli.check import find_drifts
from helpers.cli.lessons import find_lessons
from helpers.cli.notebooks import read_text
from helpers.course_error import CourseError


def site(root: Path, output: Path | None, solutions: bool, pdf: bool = False) -> None:
    """Build the website, with the course as one PDF if wanted, and say where it is.

    Raises CourseError with a line for each problem.
    """
    if not importlib.util.find_spec("myst_nb"):
        raise CourseError(
            "The website is built with Sphinx, which is not installed here: "
            'pip install --editable ".[site]"'
        )
    from helpers.site.frames import FramesError
    from helpers.site.front_page import PDF
    from helpers.site.pdf import PdfError, find_chromium, write_pdf
    from helpers.site.publish import OutputError, earlier_files, publish
    from helpers.site.source import LessonError, write_source
    from helpers.site.sphinx_build import SiteError, build_html

    start = time.perf_counter()
    output = output or root / "site"
    work = root / ".site" / ("solutions" if solutions else "students")
    try:
        earlier_files(output)
        chromium = find_chromium() if pdf else ""
        if drifts := find_drifts(find_lessons(root)):
            raise CourseError("\n".join(drifts))
        with _alone(work.parent):
            write_source(root, work, solutions, pdf)
            html = build_html(work)
            if pdf and not (html / PDF).exists():
                write_pdf(html, chromium)
            files = publish(html, output)
    except SiteError as error:
        raise CourseError(_with_lines(root, str(error))) from error
    except (FramesError, LessonError, OutputError, PdfError) as error:
        raise CourseError(str(error)) from error
    except OSError as error:
        raise CourseError(f"The website cannot be built in {work.parent}: {error}") from error
    size = sum((output / path).stat().st_size for path in files) / 1e6
    pages = sum(path.suffix == ".html" for path in files)
    seconds = time.perf_counter() - start
    print(f"{output / 'index.html'}: {pages} pages, {size:.0f} MB ({seconds:.0f} s)")


def _with_lines(root: Path, problems: str) -> str:
    """Return problems that name a cell of a lesson with the line of its text where it begins."""
    for lesson in find_lessons(root):
        cell = f"{lesson.show(lesson.text)}, cell"
        if cell in problems:
            for number, place in enumerate(read_text(lesson).places, start=1):
                problems = problems.replace(f"{cell} {number}:", f"{place}:")
    return problems


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep another build out of the builder's folder for as long as this one lasts or lives."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CourseError(
                "Another `course site` is at work in this project. Try again when it has ended."
            ) from error
        yield
