"""What a lesson's page says below its checks: hints, and a verdict on a typical wrong answer."""

import importlib
import json
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

from helpers.whole_file import write_whole

HELPERS = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Notes:
    """Notes on a lesson's exercises.

    Attributes
    ----------
    hints : dict
        Each exercise's hints, by its name.
    exercise : str
        The first exercise, whose check gives the verdict.
    verdict : str
        What its check says to its first misconception, as HTML.
    """

    hints: dict[str, list[str]]
    exercise: str
    verdict: str


def read_notes(lessons: Sequence[str], kept: Path) -> dict[str, Notes]:
    """Return the notes of each lesson; judged anew where the course's code has changed.

    The file `kept` holds them from one build to the next.
    """
    digest = _digest()
    if kept.exists():
        saved = json.loads(kept.read_text(encoding="utf-8"))
        if saved["digest"] == digest and set(lessons) <= set(saved["notes"]):
            return {name: Notes(**saved["notes"][name]) for name in lessons}
    # A process of its own: TensorFlow and its messages stay out of the build.
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=_quiet) as process:
        notes = dict(zip(lessons, process.map(take_notes, lessons), strict=True))
    saved = {"digest": digest, "notes": {name: asdict(each) for name, each in notes.items()}}
    write_whole(kept, json.dumps(saved, ensure_ascii=False))
    return notes


def take_notes(lesson: str) -> Notes:
    """Take the notes of a lesson from its exercises: judge one wrong answer."""
    from helpers.checks.exercise import Exercise
    from helpers.checks.judging import judge
    from helpers.checks.observe import observe
    from helpers.checks.verdict import as_html

    module = importlib.import_module(f"helpers.exercises.{lesson[3:]}")
    exercises = [each for each in vars(module).values() if isinstance(each, Exercise)]
    first = exercises[0]
    wrong, probe = first.misconceptions[0], first.probe
    verdict = judge(first, lambda cases: (observe(wrong, case, probe) for case in cases))
    return Notes(
        hints={exercise.name: list(exercise.hints) for exercise in exercises},
        exercise=first.name,
        verdict=as_html(verdict),
    )


def _quiet() -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _digest() -> str:
    """Return a digest of the code that gives the notes."""
    parts = ("exercises", "checks", "graphs", "networks", "slim", "data")
    paths: Iterable[Path] = [
        *HELPERS.glob("*.py"),
        *(path for part in parts for path in (HELPERS / part).rglob("*.py")),
    ]
    digest = sha256()
    for path in sorted(paths):
        digest.update(path.read_bytes())
    return digest.hexdigest()
