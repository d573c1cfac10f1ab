"""Grade all submissions of a unit: what there is to do, who does it, and where the grades go."""

import hashlib
import importlib.metadata
import itertools
import json
import logging
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from distributed import as_completed
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, SaveAutoGrades
from nbgrader.utils import find_all_files
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from helpers.cli.errors import CourseError
from helpers.grading.cluster import workers
from helpers.grading.preprocessors import Source, source_of
from helpers.grading.sandbox import COURSE
from helpers.grading.submitted import LARGEST_FILE as LARGEST_NOTEBOOK
from helpers.grading.worker import Job, Result, grade_submission

# Beside a student's graded notebooks, written last: what they were graded by, and how it went.
RECORD = ".graded.json"
LARGEST_FILE = 16 * 2**20
PACKAGES = ("tensorflow", "numpy", "ipykernel", "nbgrader", "nbclient")


@dataclass(frozen=True)
class Row:
    """How the grading of one submission went."""

    student: str
    state: str  # "graded", "needs a look" or "failed"
    why: str = ""
    seconds: float = 0.0
    cell_seconds: float = 0.0
    again: bool = False  # False for one that was graded before and has not changed


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
    beside = _read_files(source, find_all_files(str(source), [*course.ignore, "*.ipynb"]))
    return Unit(root, name, config, course, sources, beside)


def grade(
    unit: Unit,
    *,
    number: int,
    scheduler: str | None,
    no_sandbox: bool,
    tell: Callable[[int, int], None],
) -> Iterator[Row]:
    """Grade what is not graded yet; yield a row for each submission as it is done.

    `tell` is given how many submissions there are to do, and how many of them are done.
    """
    keys = {}
    to_do = []
    for student in submitted(unit):
        keys[student] = key(unit, student, no_sandbox)
        row = _graded_before(unit, student, keys[student])
        if row:
            yield row
        else:
            to_do.append(student)
    tell(len(to_do), 0)
    if not to_do:
        return
    with workers(min(number, len(to_do)), scheduler) as client:
        begun = len(client.scheduler_info(n_workers=-1)["workers"])
        waiting = iter(to_do)
        futures = as_completed()
        owner = {}

        def submit(student: str) -> None:
            job = make_job(unit, student, no_sandbox)
            future = client.submit(grade_submission, job, pure=False, retries=0)
            owner[future.key] = student
            futures.add(future)

        # Two for each worker: one runs and one waits. A class's submissions are many and large.
        for student in itertools.islice(waiting, 2 * begun):
            submit(student)
        for done, future in enumerate(futures, start=1):
            student = owner[future.key]
            try:
                row = save(unit, future.result(), keys[student])
            except Exception as error:
                row = Row(student, "failed", f"{type(error).__name__}: {error}", again=True)
            del future
            yield row
            tell(len(to_do), done)
            for following in itertools.islice(waiting, 1):
                submit(following)


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
    if not students:
        raise CourseError(
            f"Nothing was submitted for {unit.name}. Put each student's notebooks into "
            f"{unit.course.submitted_directory}/STUDENT/{unit.name}/"
        )
    return students


def make_job(unit: Unit, student: str, no_sandbox: bool = False) -> Job:
    """Read a submission, and put it with all that it is graded by."""
    folder = _folder(unit, unit.course.submitted_directory, student)
    settings = {k: v for k, v in unit.config.Execute.items() if not callable(v)}
    extra = [str(p) for p in folder.rglob("*") if p.suffix != ".ipynb"]
    return Job(
        student=student,
        notebooks=_read_files(folder, [str(folder / f"{name}.ipynb") for name in unit.sources], ""),
        files={**_read_files(folder, extra), **unit.files},
        sources=unit.sources,
        execute=settings,
        no_sandbox=no_sandbox,
    )


def _read_files(folder: Path, names: Sequence[str], keep: str | None = None) -> dict[str, bytes]:
    """Read the regular files among the named ones; no link is followed."""
    found: dict[str, bytes] = {}
    if _linked(folder):
        return found
    for path in map(Path, names):
        inside = path.relative_to(folder)
        linked = any((folder / part).is_symlink() for part in [inside, *inside.parents][:-1])
        if path.is_symlink() or linked or not path.is_file():
            continue
        name = path.stem if keep == "" else inside.as_posix()
        with path.open("rb") as file:
            found[name] = file.read(LARGEST_NOTEBOOK + 1 if keep == "" else LARGEST_FILE)
    return found


def _linked(folder: Path) -> bool:
    """Return whether a student's folder, or the unit's in it, is a link to elsewhere."""
    return folder.is_symlink() or folder.parent.is_symlink()


def _folder(unit: Unit, step: str, student: str) -> Path:
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


def key(unit: Unit, student: str, no_sandbox: bool) -> str:
    """Return a digest of all that the grades of a submission depend on."""
    job = make_job(unit, student, no_sandbox)
    digest = hashlib.sha256(_checks_digest().encode())
    for content in (job.notebooks, job.files):
        for name in sorted(content):
            digest.update(f"{name} {len(content[name])} ".encode())
            digest.update(content[name])
    timestamp = unit.course.get_existing_timestamp(
        str(_folder(unit, unit.course.submitted_directory, student))
    )
    rest = [asdict_source(job.sources), dict(job.execute), asdict(job.limits), no_sandbox]
    digest.update(json.dumps([*rest, str(timestamp)], sort_keys=True, default=str).encode())
    return digest.hexdigest()


def asdict_source(sources: Mapping[str, Source]) -> dict[str, Any]:
    """Return the sources as JSON data."""
    return {
        name: [[asdict(cell) for cell in source.cells], source.kernelspec]
        for name, source in sources.items()
    }


def _graded_before(unit: Unit, student: str, wanted: str) -> Row | None:
    path = _folder(unit, unit.course.autograded_directory, student) / RECORD
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
    with tempfile.TemporaryDirectory(prefix=".grading-", dir=unit.root) as stage:
        folder = Path(stage) / student / unit.name
        _stage(unit, result, folder)
        config = Config(unit.config)
        config.CourseDirectory.update(
            submitted_directory=Path(stage).name, student_id=_escaped(student)
        )
        config.Autograde = Config(
            sanitize_preprocessors=[],
            autograde_preprocessors=[SaveAutoGrades, AssignLatePenalties, CheckCellMetadata],
            force=True,
        )
        converter = Autograde(coursedir=CourseDirectory(config=config), config=config)
        converter.log.setLevel(logging.CRITICAL)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # nbgrader's own use of SQLAlchemy
                converter.start()
        except NbGraderException as error:
            raise CourseError(f"nbgrader could not save these grades: {error}") from error
    row = _row(unit, result)
    record = _folder(unit, unit.course.autograded_directory, student) / RECORD
    record.write_text(json.dumps({"key": wanted, "row": asdict(row)}), encoding="utf-8")
    return replace(row, again=True)


def _escaped(student: str) -> str:
    # nbgrader takes the name for a pattern of file names.
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in student)


def _stage(unit: Unit, result: Result, folder: Path) -> None:
    """Lay out a graded submission as nbgrader expects a submitted one."""
    folder.mkdir(parents=True)
    for name, content in result.notebooks.items():
        (folder / f"{name}.ipynb").write_text(content, encoding="utf-8")
    origin = _folder(unit, unit.course.submitted_directory, result.student)
    for path in [] if _linked(origin) else origin.glob("*"):
        if path.suffix != ".ipynb" and path.is_file() and not path.is_symlink():
            shutil.copyfile(path, folder / path.name)


def _row(unit: Unit, result: Result) -> Row:
    """Sum up a submission for the closing table."""
    looks = [
        f"{name}: {remark['why']}"
        for name, remark in result.remarks.items()
        if remark.get("state") == "needs a look"
    ]
    folder = _folder(unit, unit.course.submitted_directory, result.student)
    if _linked(folder):
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
