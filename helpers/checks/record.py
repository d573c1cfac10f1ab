"""A learner's own record: the best result of each exercise, in one small file of this machine.

It is kept only where the variable GLIMPSE_RECORD names the file, as it does in `course lab`, and is
read by the welcome page alone.
"""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from helpers.checks.verdict import Verdict
from helpers.whole_file import write_whole

VARIABLE = "GLIMPSE_RECORD"
_SECONDS = 2.0  # to wait for another notebook that is writing


class Result(NamedTuple):
    """The best that was reached in an exercise."""

    points: float
    max_points: float

    @property
    def passed(self) -> bool:
        """Whether it has all its points."""
        return self.points >= self.max_points


class Record(NamedTuple):
    """What is kept: results by lesson and exercise, and the lesson last worked on."""

    lessons: dict[str, dict[str, Result]]
    last_lesson: str | None


def place() -> Path | None:
    """Return where the record is kept, or None where none is kept."""
    path = os.environ.get(VARIABLE)
    return Path(path) if path else None


def keep(verdict: Verdict) -> None:
    """Enter a verdict into the record, where one is kept; never raises, never prints."""
    path = place()
    if path is None:
        return
    try:
        with _locked(path):
            _write(path, enter(_read(path), verdict))
    except (OSError, sqlite3.Error, ValueError):
        pass  # A full disk or a folder that is read-only must not disturb the check.


def read(path: Path) -> Record:
    """Return the record; an empty one where nothing was kept yet.

    A file that is damaged is renamed, see `put_aside`, and a new record begins.

    Raises
    ------
    OSError
        Where the file cannot be read.
    """
    if not path.exists():
        return Record({}, None)
    try:
        with _locked(path):
            return _read(path)
    except sqlite3.Error as error:
        raise OSError(f"{path} cannot be read: {error}") from error


def put_aside(path: Path) -> list[Path]:
    """Return the damaged records that lie beside the record."""
    return sorted(path.parent.glob(f"{path.stem}-damaged-*{path.suffix}"))


def enter(record: Record, verdict: Verdict) -> Record:
    """Return the record with a verdict entered: an exercise keeps its best result.

    Examples
    --------
    >>> from helpers.checks.verdict import PartVerdict
    >>> verdict = Verdict("softmax", "10_softmax", [PartVerdict("vectors", 1, "passed", "")])
    >>> enter(Record({}, None), verdict).lessons
    {'10_softmax': {'softmax': Result(points=1, max_points=1)}}
    """
    new = Result(verdict.points, verdict.max_points)
    results = dict(record.lessons.get(verdict.lesson, {}))
    old = results.get(verdict.exercise)
    # Another number of points: the exercise has changed since.
    better = old is None or old.max_points != new.max_points or new.points > old.points
    if verdict.attempted and better:
        results[verdict.exercise] = new
    return Record({**record.lessons, verdict.lesson: results}, verdict.lesson)


def _read(path: Path) -> Record:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Record({}, None)
    except UnicodeDecodeError:
        text = ""
    try:
        return _parse(text)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        number = len(put_aside(path)) + 1
        while (aside := path.with_stem(f"{path.stem}-damaged-{number}")).exists():
            number += 1
        path.rename(aside)
        return Record({}, None)


def _parse(text: str) -> Record:
    data = json.loads(text)
    lessons = {
        str(lesson): {
            str(exercise): Result(float(result["points"]), float(result["max_points"]))
            for exercise, result in results.items()
        }
        for lesson, results in data["lessons"].items()
    }
    last = data["last_lesson"]
    return Record(lessons, None if last is None else str(last))


def _write(path: Path, record: Record) -> None:
    """Write the file whole or not at all."""
    lessons = {
        lesson: {exercise: result._asdict() for exercise, result in results.items()}
        for lesson, results in record.lessons.items()
    }
    text = json.dumps({"last_lesson": record.last_lesson, "lessons": lessons}, indent=1)
    write_whole(path, text + "\n")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the record, so that two notebooks do not write over each other's results."""
    # SQLite's lock: it works on every system, waits by itself, and ends with its process.
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = sqlite3.connect(path.with_suffix(".lock"), timeout=_SECONDS)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        lock.close()
