"""A unit whose submissions are to be graded: what was handed in, and what it is graded by."""

import hashlib
import importlib.metadata
import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from helpers.course_error import CourseError
from helpers.grading.handed_in import HandedIn, read_handed_in, shown
from helpers.grading.preprocessors import Source, source_of
from helpers.grading.sandbox import COURSE
from helpers.grading.submitted import listed
from helpers.grading.worker import Job

PACKAGES = ("tensorflow", "numpy", "ipykernel", "nbgrader", "nbclient")


@dataclass(frozen=True)
class Unit:
    """A unit of the course as its gradebook and its folders have it."""

    root: Path
    name: str
    config: Config
    course: CourseDirectory
    sources: Mapping[str, Source]
    files: Mapping[str, bytes]


def open_unit(root: Path, name: str) -> Unit:
    """Read what the unit is graded by.

    Raises
    ------
    CourseError
        If the gradebook does not know the unit.
    """
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.CourseDirectory.update(root=str(root), assignment_id=name)
    course = CourseDirectory(config=config)
    try:
        with Gradebook(course.db_url, course.course_id) as gradebook:
            known = [assignment.name for assignment in gradebook.assignments]
            notebooks = gradebook.find_assignment(name).notebooks
            sources = {n.name: source_of(gradebook, course, n.name, name) for n in notebooks}
    except MissingEntry as error:
        raise CourseError(
            f"The gradebook has no unit {name}; it has: {', '.join(known) or 'none'}. "
            f"Release it first: nbgrader generate_assignment {name} --force"
        ) from error
    source = Path(course.format_path(course.source_directory, ".", name))
    names = map(Path, find_all_files(str(source), [*course.ignore, "*.ipynb"]))
    beside = {path.relative_to(source).as_posix(): path.read_bytes() for path in names}
    return Unit(root, name, config, course, sources, beside)


def submitted(unit: Unit) -> list[str]:
    """Return the students who have handed in this unit.

    Raises
    ------
    CourseError
        If nobody has.
    """
    pattern = unit.course.format_path(unit.course.submitted_directory, "*", unit.name)
    folders = sorted(Path(pattern).parents[1].glob(f"*/{unit.name}"))
    students = [folder.parent.name for folder in folders if folder.is_dir()]
    if not (students or misplaced(unit)):
        raise CourseError(
            f"Nothing was submitted for {unit.name}. Put each student's notebooks into "
            f"{unit.course.submitted_directory}/STUDENT/{unit.name}/"
        )
    return students


def misplaced(unit: Unit) -> dict[str, str]:
    """Return what is wrong with students' folders that hold this unit's work at another place."""
    students = Path(folder_of(unit, unit.course.submitted_directory, "*")).parents[1]
    alike = re.compile(rf"{re.escape(unit.name)}(\W.*)?|.*\.ipynb", re.IGNORECASE | re.DOTALL)
    found = {}
    for folder in sorted(students.iterdir()) if students.is_dir() else []:
        try:
            if folder.is_symlink() or not folder.is_dir() or (folder / unit.name).is_dir():
                continue
            names = sorted(path.name for path in folder.iterdir() if alike.fullmatch(path.name))
        except OSError as error:
            found[folder.name] = f"The folder cannot be read: {error.strerror}."
            continue
        if names:
            found[folder.name] = (
                f"There is no folder {unit.name}, but {listed(map(shown, names))}. Put the "
                "notebooks into a folder of that name."
            )
    return found


def make_job(unit: Unit, student: str, no_sandbox: bool = False) -> Job:
    """Read a submission, and put it with all that it is graded by."""
    given = handed_in(unit, student)
    settings = {**unit.config.Execute, **unit.config.ExecuteInSandbox}
    return Job(
        student=student,
        notebooks=given.notebooks,
        files={**given.files, **unit.files},
        looks=given.looks,
        sources=unit.sources,
        execute={k: v for k, v in settings.items() if not callable(v)},
        no_sandbox=no_sandbox,
    )


def handed_in(unit: Unit, student: str) -> HandedIn:
    """Read what a student has handed in for the unit."""
    folder = folder_of(unit, unit.course.submitted_directory, student)
    return read_handed_in(folder, unit.sources, unit.course.ignore, unit.files)


def folder_of(unit: Unit, step: str, student: str) -> Path:
    """Return a student's folder of a step of nbgrader's, such as `submitted_directory`."""
    return Path(unit.course.format_path(step, student, unit.name))


@cache
def _checks_digest() -> str:
    """Return a digest of the course's code and of the versions by which answers are judged."""
    digest = hashlib.sha256()
    for path in sorted(COURSE.rglob("*.py")):
        if path.relative_to(COURSE).parts[0] not in ("cli", "plots", "explore"):
            digest.update(path.read_bytes())
    for package in PACKAGES:
        digest.update(importlib.metadata.version(package).encode())
    return digest.hexdigest()


def key(unit: Unit, job: Job) -> str:
    """Return a digest of all that the grades of a submission depend on."""
    digest = hashlib.sha256(_checks_digest().encode())
    notebooks = {name: notebook.content for name, notebook in job.notebooks.items()}
    for content in (notebooks, job.files):
        for name in sorted(content):
            digest.update(f"{name} {len(content[name])} ".encode())
            digest.update(content[name])
    said = [[name, each.said, each.refused] for name, each in job.notebooks.items()]
    rest = [_plain(job.sources), dict(job.execute), asdict(job.limits), job.no_sandbox]
    digest.update(json.dumps([*rest, said, job.looks], sort_keys=True, default=str).encode())
    return digest.hexdigest()


def _plain(sources: Mapping[str, Source]) -> dict[str, Any]:
    return {
        name: [[asdict(cell) for cell in source.cells], source.kernelspec, sorted(source.lesson)]
        for name, source in sources.items()
    }
