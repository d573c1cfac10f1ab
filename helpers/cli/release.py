"""Make the student's version of a lesson with nbgrader's own converter."""

import logging
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config.loader import PyFileConfigLoader

from helpers.cli.lessons import Lesson
from helpers.cli.notebooks import canonical_text, digest, dumps
from helpers.course_error import CourseError


def make_release(lesson: Lesson, notebook: NotebookNode) -> str:
    """Return the content of the student's version of a lesson's executed notebook.

    nbgrader works on a copy: nothing of the project is touched, no gradebook is made.

    Raises CourseError with nbgrader's own words where it refuses the notebook.
    """
    config = PyFileConfigLoader("nbgrader_config.py", path=str(lesson.root)).load_config()
    config.SaveCells.enabled = False
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        config.CourseDirectory.update(
            root=str(root),
            source_directory="source",
            release_directory="release",
            assignment_id=lesson.unit,
            notebook_id=lesson.name,
        )
        source = root / "source" / lesson.unit / lesson.notebook.name
        source.parent.mkdir(parents=True)
        source.write_text(dumps(notebook), encoding="utf-8")
        converter = GenerateAssignment(
            coursedir=CourseDirectory(config=config), config=config, no_database=True
        )
        with _captured_log() as log:
            try:
                converter.start()
            except NbGraderException as error:
                reasons = re.findall(r"^[\w.]+Error: .+$", log.getvalue(), re.MULTILINE)
                reason = reasons[-1] if reasons else str(error)
                raise CourseError(f"{lesson.show(lesson.notebook)}: nbgrader: {reason}") from error
        released = nbformat.read(root / "release" / lesson.unit / source.name, as_version=4)
    released.metadata.course = {"release": digest(canonical_text(lesson.root, released))}
    return dumps(released)


@contextmanager
def _captured_log() -> Iterator[StringIO]:
    """Capture what nbgrader logs, which would bury our one line, instead of showing it."""
    log = StringIO()
    handler = logging.StreamHandler(log)
    logger = logging.getLogger("traitlets")
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield log
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate
