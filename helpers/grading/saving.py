"""Write the result of grading into nbgrader's folders and gradebook, by nbgrader itself."""

import json
import logging
import re
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from helpers.course_error import CourseError
from helpers.grading.by_hand import SaveGrades, ask_about
from helpers.grading.failures import CannotGrade, explained, full
from helpers.grading.results import GRADED
from helpers.grading.unit import Unit, folder_of, handed_in
from helpers.grading.worker import Result

NO_NAME = re.compile("[\n\ud800-\udfff]")
A_FULL_DISK = ("No space left on device", "Disk quota exceeded", "database or disk is full")
A_PATTERN = re.compile(r"[*?]|\[.+\]")


@dataclass(frozen=True)
class Row:
    """How the grading of one submission went."""

    student: str
    state: str  # "graded", "needs a look" or "failed"
    why: str = ""
    seconds: float = 0.0
    cell_seconds: float = 0.0
    again: bool = False  # False for one that was graded before and has not changed
    looks: Sequence[str] = ()  # what is said of the folder, and of no notebook


def graded_before(unit: Unit, student: str, wanted: str) -> Row | None:
    """Return how the grading went if it was done before by the same; else None."""
    key, row = _last(unit, student)
    return row if key == wanted else None


def _last(unit: Unit, student: str) -> tuple[str, Row | None]:
    """Return how the last grading went, and by what it was done."""
    path = folder_of(unit, unit.course.autograded_directory, student) / GRADED
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return record["key"], Row(**record["row"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", None


def save(unit: Unit, result: Result, wanted: str) -> Row:
    """Write a result into nbgrader's folders and gradebook, by nbgrader itself.

    Raises
    ------
    CourseError
        If nbgrader refuses.
    CannotGrade
        If the disk is full.
    """
    student = result.student
    if NO_NAME.search(student):
        raise CourseError(
            "nbgrader takes no name with line breaks, or with signs that are no text. Rename the "
            "folder."
        )
    _, before = _last(unit, student)
    if A_PATTERN.search(student):
        raise CourseError(
            f"nbgrader takes the name {student} for a pattern of names. Rename the folder without "
            "its *, ? or [...]."
        )
    place = str(unit.root)
    with explained(place), tempfile.TemporaryDirectory(prefix=".grading-", dir=place) as stage:
        folder = Path(stage) / student / unit.name
        _stage(unit, result, folder)
        config = Config(unit.config)
        config.CourseDirectory.update(submitted_directory=Path(stage).name, student_id=student)
        config.Exporter.optimistic_validation = True  # once, and not after each preprocessor
        config.Autograde = Config(
            sanitize_preprocessors=[],
            autograde_preprocessors=[SaveGrades],  # penalties are assigned when all are graded
            exporter_class=_AsStaged,
            force=True,
        )
        converter = Autograde(coursedir=CourseDirectory(config=config), config=config)
        said: list[str] = []  # instead of being shown: it is about the staged copy

        def note(record: logging.LogRecord) -> bool:
            said.append(record.getMessage())
            return False

        converter.log.addFilter(note)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # nbgrader's own use of SQLAlchemy
                converter.start()
        except NbGraderException as error:
            if any(sign in text for text in said for sign in A_FULL_DISK):
                raise CannotGrade(full(place)) from error
            tracebacks = [text for text in said if text.startswith("Traceback")]
            reason = tracebacks[0].strip().splitlines()[-1] if tracebacks else error
            raise CourseError(f"nbgrader could not save these grades: {reason}") from error
        finally:
            converter.log.removeFilter(note)
        row = _row(unit, result)
        if row.looks and (before is None or before.why != row.why):
            ask_about(unit.course.db_url, unit.name, student, min(result.notebooks))
        record = folder_of(unit, unit.course.autograded_directory, student) / GRADED
        record.write_text(json.dumps({"key": wanted, "row": asdict(row)}), encoding="utf-8")
    return replace(row, again=True)


class _AsStaged(NotebookExporter):
    """Reads and writes a notebook only where that changes it: nbgrader converts each one twice."""

    def from_filename(
        self, filename: str, resources: Any = None, **options: Any
    ) -> tuple[Any, dict]:
        """Return the notebook's text, and what is known about it."""
        if self._preprocessors:
            return super().from_filename(filename, resources, **options)
        return Path(filename).read_text(encoding="utf-8"), self._init_resources(resources)


def _stage(unit: Unit, result: Result, folder: Path) -> None:
    """Lay out a graded submission as nbgrader expects a submitted one."""
    folder.mkdir(parents=True)
    for name, content in result.notebooks.items():
        (folder / f"{name}.ipynb").write_text(content, encoding="utf-8")
    for name, file in handed_in(unit, result.student).files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(file)


def _row(unit: Unit, result: Result) -> Row:
    """Sum up a submission for the closing table."""
    looks = [
        f"{name}: {remark['why']}"
        for name, remark in result.remarks.items()
        if remark.get("state") == "needs a look"
    ]
    missing = [name for name in unit.sources if name not in result.notebooks]
    notes = [f"Not handed in: {', '.join(missing)}."] if missing else []
    state = "needs a look" if looks or result.looks else "graded"
    why = " ".join([*looks, *result.looks, *notes])
    seconds = (result.seconds, result.cell_seconds)
    return Row(result.student, state, why, *seconds, looks=result.looks)
