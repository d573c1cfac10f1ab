"""`course fresh`: a new copy of a lesson beside the learner's own, which stays as it is."""

from itertools import chain, count
from pathlib import Path

from helpers.cli.lab import copy_file
from helpers.cli.lessons import choose, find_for_learner, find_welcome
from helpers.course_error import CourseError


def fresh(root: Path, name: str) -> None:
    """Copy the named lesson into `work/` under a name that is free, and say which.

    Raises CourseError for a name that no lesson has, and for a lesson that was not built.
    """
    lesson = choose(find_for_learner(root) + find_welcome(root), name)
    if not lesson.release.exists():
        raise CourseError(
            f"{lesson.show(lesson.release)} is missing. Make it with: course build {lesson}"
        )
    own = root / "work" / lesson.unit / lesson.release.name
    endings = chain(["", "-fresh"], (f"-fresh-{number}" for number in count(2)))
    copies = (own.with_stem(own.stem + ending) for ending in endings)
    copy = next(path for path in copies if not path.exists())
    copy_file(lesson.release, copy)
    kept = "" if copy == own else f" Yours, {lesson.show(own)}, is as it was."
    print(f"Made {lesson.show(copy)}.{kept}")
