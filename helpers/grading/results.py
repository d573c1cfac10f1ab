"""Read what autograding left of a unit, from nbgrader's gradebook and folders, as plain data.

Scores come from the gradebook, which knows manual grades and late penalties. What was wrong comes
from the autograded notebooks; a student wrote most of their content, so that nothing in them is
relied on: a field that is missing or of another type counts as not there.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader import api
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config.loader import PyFileConfigLoader

from helpers.checks.verdict import RECORD
from helpers.course_error import CourseError

# In the metadata of an autograded notebook: what the grader has to say about it.
GRADING = "glimpse_grading"
# Beside a student's graded notebooks, written last: what they were graded by, and how it went.
GRADED = ".graded.json"

STATUSES = ("full", "partial", "none", "not attempted", "not graded")

_LARGEST_NOTEBOOK = 100_000_000  # bytes
_LONGEST_CODE = 20_000  # characters
_MOST_SENTENCES = 50


@dataclass(frozen=True)
class Answer:
    """A student's answer to one exercise.

    Attributes
    ----------
    points : float or None
        None while it waits for a person's grade.
    status : str
        One of `STATUSES`.
    problems : tuple of str
        The statuses of the parts that did not pass, see `helpers.checks.verdict.PartVerdict`.
    misconceptions : mapping of str to str
        Those recognised, by id, with the sentence that explains each.
    code : str
        The answer's text, where a misconception was recognised.
    """

    student: str
    lesson: str
    exercise: str
    points: float | None
    max_points: float
    status: str
    problems: tuple[str, ...] = ()
    misconceptions: Mapping[str, str] = field(default_factory=dict)
    code: str = ""


@dataclass(frozen=True)
class Remarks:
    """What the grader says about a student's notebook; `seconds` is its computing time.

    Without a lesson, it is said of all that the student has handed in. `alarms` need a look; so
    does what was put right; `notes` do not.
    """

    student: str
    lesson: str
    seconds: float | None = None
    alarms: tuple[str, ...] = ()
    put_right: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unprotected: bool = False


@dataclass(frozen=True)
class Results:
    """The results of a unit.

    Attributes
    ----------
    answers : list of Answer
        Of every graded student to every exercise, by student, lesson and exercise.
    remarks : list of Remarks
        A notebook each, by student and lesson.
    penalties : dict of str to float
        Points taken off for a late submission, by student.
    waiting, missing : list of str
        Students whose submission is not graded yet; those who handed in nothing.
    names : frozenset of str
        What must not be in an anonymous example: ids and names of the course's students.
    """

    unit: str
    answers: list[Answer]
    remarks: list[Remarks]
    penalties: dict[str, float]
    waiting: list[str]
    missing: list[str]
    names: frozenset[str]

    @property
    def scores(self) -> dict[str, float]:
        """The final score of every graded student."""
        sums: dict[str, float] = {}
        for answer in self.answers:
            sums[answer.student] = sums.get(answer.student, 0.0) + (answer.points or 0.0)
        return {student: points - self.penalties[student] for student, points in sums.items()}

    @property
    def max_score(self) -> float:
        """The points of all exercises of the unit."""
        return sum({(a.lesson, a.exercise): a.max_points for a in self.answers}.values())


def read_results(root: Path, unit: str) -> Results:
    """Read the results of a unit.

    Parameters
    ----------
    root : Path
        The project's folder, with `nbgrader_config.py`.
    unit : str

    Raises
    ------
    CourseError
        If nothing of the unit was graded yet, or the gradebook cannot be read.
    """
    course = _course_directory(root)
    try:
        grades = _read_gradebook(course, unit)
    except (SQLAlchemyError, ImportError) as error:  # ImportError: no driver for this database
        reason = str(error).partition("\n")[0]
        raise CourseError(
            f"The gradebook {_without_password(course.db_url)} cannot be read: {reason}. "
            "See CourseDirectory.db_url in nbgrader_config.py."
        ) from error
    handed_in = _handed_in(course, unit)
    if not grades.points:
        waiting = f" ({len(handed_in)} submissions wait in submitted/)" if handed_in else ""
        raise CourseError(
            f"Nothing of unit {unit} was graded yet{waiting}. "
            f"Put the submissions into submitted/STUDENT/{unit}/, then run: course grade {unit}"
        )
    answers: list[Answer] = []
    remarks: list[Remarks] = []
    for student in sorted(grades.points):
        folder = Path(course.format_path(course.autograded_directory, student, unit))
        new_answers, new_remarks = _read_student(folder, student, grades)
        answers += new_answers
        remarks += new_remarks
    waiting_students = (grades.submitted | handed_in) - grades.points.keys()
    return Results(
        unit,
        answers,
        remarks,
        grades.penalties,
        waiting=sorted(waiting_students),
        missing=sorted(grades.students - grades.points.keys() - waiting_students),
        names=grades.names,
    )


def printable(text: object, limit: int) -> str:
    r"""Return a text without characters that move, hide or turn others, cut to a length.

    >>> printable("one\ttwo\u202e", 40), printable("a long sentence", 8), printable(None, 8)
    ('one two�', 'a long …', '')
    """
    if not isinstance(text, str):
        return ""
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(
        sign if sign.isprintable() or sign == "\n" else " " if sign.isspace() else "�"
        for sign in text
    )


@dataclass(frozen=True)
class _Grades:
    """What the gradebook says about a unit; an exercise is a (lesson, id of its graded cell)."""

    exercises: dict[tuple[str, str], float]  # with the points that it can earn
    points: dict[str, dict[tuple[str, str], float | None]]  # of students with a grade
    penalties: dict[str, float]
    students: set[str]
    submitted: set[str]
    names: frozenset[str]


def _course_directory(root: Path) -> CourseDirectory:
    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    if "root" not in config.CourseDirectory:
        config.CourseDirectory.root = str(root)  # nbgrader's own default: the current folder
    return CourseDirectory(config=config)


def _read_gradebook(course: CourseDirectory, unit: str) -> _Grades:
    if not _has_tables(course.db_url):
        return _Grades({}, {}, {}, set(), set(), frozenset())  # nbgrader would make them
    with api.Gradebook(course.db_url, course_id="") as gradebook:  # without an id it writes none
        people = gradebook.db.query(
            api.Student.id, api.Student.first_name, api.Student.last_name
        ).all()
        students = {person[0] for person in people}
        names = frozenset(name for person in people for name in person if name and len(name) > 1)
        try:
            assignment = gradebook.find_assignment(unit)
        except api.MissingEntry:
            return _Grades({}, {}, {}, students, set(), names)
        exercises = {
            (notebook.name, cell.name): float(cell.max_score)
            for notebook in sorted(assignment.notebooks, key=lambda notebook: notebook.name)
            for cell in sorted(
                [*notebook.grade_cells, *notebook.task_cells], key=lambda cell: cell.name
            )
        }
        submissions = gradebook.db.query(
            api.SubmittedAssignment.student_id, api.SubmittedAssignment.late_submission_penalty
        ).filter(api.SubmittedAssignment.assignment_id == assignment.id)
        penalties = {student: float(penalty or 0) for student, penalty in submissions}
        grades = (
            gradebook.db.query(
                api.SubmittedAssignment.student_id,
                api.Notebook.name,
                api.BaseCell.name,
                api.Grade.score,
                api.Grade.auto_score,
                api.Grade.manual_score,
            )
            .select_from(api.Grade)
            .join(api.SubmittedNotebook, api.Grade.notebook_id == api.SubmittedNotebook.id)
            .join(
                api.SubmittedAssignment,
                api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id,
            )
            .join(api.Notebook, api.SubmittedNotebook.notebook_id == api.Notebook.id)
            .join(api.BaseCell, api.Grade.cell_id == api.BaseCell.id)
            .filter(api.SubmittedAssignment.assignment_id == assignment.id)
        )
        points: dict[str, dict[tuple[str, str], float | None]] = {}
        for student, lesson, cell, score, auto, manual in grades:
            by_person_or_program = auto is not None or manual is not None
            points.setdefault(student, {})[lesson, cell] = score if by_person_or_program else None
    points = {
        student: grades
        for student, grades in points.items()
        if any(score is not None for score in grades.values())
    }
    # As nbgrader's own export does: a penalty never takes more than there is.
    sums = {s: sum(filter(None, grades.values())) for s, grades in points.items()}
    submitted = set(penalties)
    penalties = {student: min(penalties[student], max(sums[student], 0.0)) for student in points}
    return _Grades(exercises, points, penalties, students, submitted, names)


def _without_password(db_url: str) -> str:
    try:
        return make_url(db_url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "of the configuration"


def _has_tables(db_url: str) -> bool:
    url = make_url(db_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return False  # connecting would make the file
    engine = create_engine(url)
    try:
        return inspect(engine).has_table(api.Assignment.__tablename__)
    finally:
        engine.dispose()


def _handed_in(course: CourseDirectory, unit: str) -> set[str]:
    """Return the students with a folder of the unit among the submissions."""
    pattern = course.directory_structure.format(
        nbgrader_step=course.submitted_directory, student_id="*", assignment_id=unit
    )
    place = Path(pattern).parts.index("*") if "*" in Path(pattern).parts else None
    if place is None:
        return set()
    return {
        path.relative_to(course.root).parts[place]
        for path in Path(course.root).glob(pattern)
        if path.is_dir()
    }


def _read_student(
    folder: Path, student: str, grades: _Grades
) -> tuple[list[Answer], list[Remarks]]:
    answers, remarks = [], []
    if not folder.is_dir():
        sentence = "The autograded notebooks are gone: this report knows the scores only."
        remarks.append(Remarks(student, "", alarms=(sentence,)))
    elif looks := _looks(folder / GRADED):
        remarks.append(Remarks(student, "", alarms=looks))
    for lesson in dict.fromkeys(lesson for lesson, _ in grades.exercises):
        path = folder / f"{lesson}.ipynb"
        notebook: Mapping = {}
        if path.exists():
            try:
                notebook = _read_notebook(path)
                remarks.append(_remarks(student, lesson, notebook))
            except (OSError, ValueError, RecursionError) as error:
                sentence = f"The autograded notebook cannot be read: {error}"
                remarks.append(Remarks(student, lesson, alarms=(printable(sentence, 300),)))
        cells = dict(_cells(notebook))
        answers += [
            _answer(
                student,
                lesson,
                cell,
                points=grades.points[student].get((lesson, cell)),
                max_points=max_points,
                cells=cells,
                handed_in=path.exists() or not folder.is_dir(),
            )
            for (where, cell), max_points in grades.exercises.items()
            if where == lesson
        ]
    return answers, remarks


def _read_notebook(path: Path) -> Mapping:
    if path.is_symlink() or not path.is_file():
        raise ValueError("it is not a file.")
    if path.stat().st_size > _LARGEST_NOTEBOOK:
        raise ValueError("it is larger than 100 MB.")
    return _mapping(json.loads(path.read_bytes()))


def _cells(notebook: Mapping) -> Iterator[tuple[str, Mapping]]:
    for cell in map(_mapping, _list(notebook.get("cells"))):
        name = _mapping(_mapping(cell.get("metadata")).get("nbgrader")).get("grade_id")
        if isinstance(name, str):
            yield name, cell


def _answer(
    student: str,
    lesson: str,
    cell: str,
    *,
    points: float | None,
    max_points: float,
    cells: Mapping[str, Mapping],
    handed_in: bool,
) -> Answer:
    exercise = cell.removesuffix("-check")
    parts = _parts(cells.get(cell, {}))
    misconceptions = {
        printable(part["misconception"], 80): printable(part.get("explanation"), 500)
        for part in parts
        if isinstance(part.get("misconception"), str) and part["misconception"]
    }
    problems = [printable(part.get("status"), 40) for part in parts]
    attempted = handed_in and (not parts or any(each != "not attempted" for each in problems))
    return Answer(
        student,
        lesson,
        exercise,
        points,
        max_points,
        status=_status(points, max_points, attempted),
        problems=tuple(each for each in problems if each != "passed"),
        misconceptions=misconceptions,
        code=_source(cells.get(exercise, {})) if misconceptions else "",
    )


def _status(points: float | None, max_points: float, attempted: bool) -> str:
    if points is None:
        return "not graded"
    if points >= max_points:
        return "full"
    if points > 0:
        return "partial"
    return "none" if attempted else "not attempted"


def _parts(check: Mapping) -> list[dict]:
    """Return the parts of the verdict that a check cell's outputs carry, or none."""
    for output in map(_mapping, _list(check.get("outputs"))):
        record = _mapping(_mapping(output.get("metadata")).get(RECORD))
        if parts := [part for part in _list(record.get("parts")) if isinstance(part, dict)]:
            return parts[:20]
    return []


def _remarks(student: str, lesson: str, notebook: Mapping) -> Remarks:
    grading = _mapping(_mapping(notebook.get("metadata")).get(GRADING))
    alarms, put_right = _list(grading.get("alarms")), _list(grading.get("put_right"))
    state = grading.get("state")
    if state in ("failed", "needs a look"):
        reason = str(grading.get("why") or "")
        for said in (each for each in [*alarms, *put_right] if isinstance(each, str) and each):
            reason = reason.replace(said, "")  # it repeats what is said elsewhere
        if state == "failed" or reason.strip():
            kind = "Failed" if state == "failed" else "Needs a look"
            alarms = [f"{kind}: {' '.join(reason.split()) or 'no reason is given.'}", *alarms]
    remarks = tuple(_sentences(alarms))
    alarming = state != "graded" or put_right  # with it, a look is needed anyway
    return Remarks(
        student,
        lesson,
        seconds=_seconds(grading.get("seconds")),
        alarms=remarks if alarming else (),
        notes=() if alarming else remarks,
        put_right=tuple(_sentences(put_right)),
        unprotected=grading.get("sandbox") == "none",
    )


def _looks(record: Path) -> tuple[str, ...]:
    """Return what `course grade` says of a student's folder, and of no notebook in it."""
    try:
        row = _mapping(_read_notebook(record)).get("row")
    except (OSError, ValueError, RecursionError):
        return ()
    return tuple(_sentences(_list(_mapping(row).get("looks"))))


def _sentences(values: Iterable[object]) -> Iterator[str]:
    texts = [printable(value, 300) for value in values if isinstance(value, str)]
    yield from texts[:_MOST_SENTENCES]
    if len(texts) > _MOST_SENTENCES:
        yield f"and {len(texts) - _MOST_SENTENCES} more."


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        seconds = float(value)
    except OverflowError:
        return None
    return seconds if math.isfinite(seconds) and 0 <= seconds < 1e6 else None


def _source(cell: Mapping) -> str:
    source: Any = cell.get("source")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) and len(source) <= _LONGEST_CODE else ""


def _mapping(value: object) -> Mapping:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list:
    return value if isinstance(value, list) else []
