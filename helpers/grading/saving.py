"""Write the result of grading into nbgrader's folders and gradebook, by nbgrader itself."""

import json
import logging
import re
import shutil
import tempfile
import warnings
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, SaveAutoGrades
from traitlets.config import Config

from helpers.cli.errors import CourseError
from helpers.grading.unit import Unit, folder_of, linked
from helpers.grading.worker import Result

# Beside a student's graded notebooks, written last: what they were graded by, and how it went.
RECORD = ".graded.json"
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


def graded_before(unit: Unit, student: str, wanted: str) -> Row | None:
    """Return how the grading went if it was done before by the same; else None."""
    path = folder_of(unit, unit.course.autograded_directory, student) / RECORD
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return Row(**record["row"]) if record["key"] == wanted else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def save(unit: Unit, result: Result, wanted: str) -> Row:
    """Write a result into nbgrader's folders and gradebook, by nbgrader itself.

    Raises
    ------
    CourseError
        If nbgrader refuses.
    """
    student = result.student
    if A_PATTERN.search(student):
        raise CourseError(
            f"nbgrader takes the name {student} for a pattern of names. Rename the folder without "
            "its *, ? or [...]."
        )
    with tempfile.TemporaryDirectory(prefix=".grading-", dir=unit.root) as stage:
        folder = Path(stage) / student / unit.name
        _stage(unit, result, folder)
        config = Config(unit.config)
        config.CourseDirectory.update(submitted_directory=Path(stage).name, student_id=student)
        config.Autograde = Config(
            sanitize_preprocessors=[],
            autograde_preprocessors=[SaveAutoGrades, AssignLatePenalties, CheckCellMetadata],
            force=True,
        )
        converter = Autograde(coursedir=CourseDirectory(config=config), config=config)
        level = converter.log.level
        converter.log.setLevel(logging.CRITICAL)  # what it would say is about the staged copy
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # nbgrader's own use of SQLAlchemy
                converter.start()
        except NbGraderException as error:
            raise CourseError(f"nbgrader could not save these grades: {error}") from error
        finally:
            converter.log.setLevel(level)
    row = _row(unit, result)
    record = folder_of(unit, unit.course.autograded_directory, student) / RECORD
    record.write_text(json.dumps({"key": wanted, "row": asdict(row)}), encoding="utf-8")
    return replace(row, again=True)


def _stage(unit: Unit, result: Result, folder: Path) -> None:
    """Lay out a graded submission as nbgrader expects a submitted one."""
    folder.mkdir(parents=True)
    for name, content in result.notebooks.items():
        (folder / f"{name}.ipynb").write_text(content, encoding="utf-8")
    origin = folder_of(unit, unit.course.submitted_directory, result.student)
    for path in [] if linked(origin) else origin.glob("*"):
        if path.suffix != ".ipynb" and path.is_file() and not path.is_symlink():
            shutil.copyfile(path, folder / path.name)


def _row(unit: Unit, result: Result) -> Row:
    """Sum up a submission for the closing table."""
    looks = [
        f"{name}: {remark['why']}"
        for name, remark in result.remarks.items()
        if remark.get("state") == "needs a look"
    ]
    folder = folder_of(unit, unit.course.submitted_directory, result.student)
    if linked(folder):
        looks.append("The folder is a link, which is not followed.")
    for path in sorted(folder.rglob("*.ipynb")):
        if path.is_symlink():
            looks.append(f"{path.name} is a link, which is not followed.")
        elif path.parent != folder or path.stem not in unit.sources:
            looks.append(f"{path.relative_to(folder)} is no notebook of {unit.name}.")
    missing = [name for name in unit.sources if name not in result.notebooks]
    notes = [f"Not handed in: {', '.join(missing)}."] if missing else []
    state = "needs a look" if looks else "graded"
    why = " ".join([*looks, *notes])
    return Row(result.student, state, why, result.seconds, result.cell_seconds)
