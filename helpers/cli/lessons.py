"""Find the lessons of the course, and the three files of each."""

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from helpers.course_error import CourseError

LESSON = "[0-9][0-9]_*"
WELCOME = "00_welcome"


class Lesson(NamedTuple):
    """Where a lesson stands: `solutions/<unit>/<name>.md` and the files made from it.

    >>> Lesson(Path("/glimpse"), "networks", "10_softmax").release.as_posix()
    '/glimpse/course/networks/10_softmax.ipynb'
    """

    root: Path
    unit: str
    name: str

    @property
    def text(self) -> Path:
        """The text that an author edits."""
        return self.root / "solutions" / self.unit / f"{self.name}.md"

    @property
    def notebook(self) -> Path:
        """The executed solution."""
        return self.text.with_suffix(".ipynb")

    @property
    def release(self) -> Path:
        """The student's version."""
        return self.root / "course" / self.unit / f"{self.name}.ipynb"

    def show(self, path: Path) -> str:
        """Return a path of this lesson as a reader of the project writes it."""
        return path.relative_to(self.root).as_posix()

    def __str__(self) -> str:
        """Return the lesson's name as commands take it: unit/name."""
        return f"{self.unit}/{self.name}" if self.unit else self.name


def find_lessons(root: Path) -> list[Lesson]:
    """Return all lessons under `solutions/`, in the order of the course.

    Raises CourseError where there are none.
    """
    lessons = _found(root, "solutions")
    if not lessons:
        raise CourseError("There are no lessons: no file solutions/<unit>/NN_name.md was found.")
    return sorted(lessons, key=lambda lesson: (lesson.name, lesson.unit))


def find_for_learner(root: Path) -> list[Lesson]:
    """Return all lessons, those of which there is only a release too, as in the website's archive.

    >>> from helpers.outline import ROOT
    >>> find_for_learner(ROOT)[1].name
    '02_tensors'
    """
    return sorted(_found(root, "solutions") | _found(root, "course"), key=lambda each: each.name)


def _found(root: Path, folder: str) -> set[Lesson]:
    paths = root.glob(f"{folder}/*/{LESSON}")
    files = [path for path in paths if path.suffix in (".md", ".ipynb")]
    return {Lesson(root, path.parent.name, path.stem) for path in files}


def find_welcome(root: Path) -> list[Lesson]:
    """Return the welcome page, where the course has one: no lesson, and in no unit.

    It has no executed notebook in `solutions/`: its release is executed.
    """
    page = Lesson(root, "", WELCOME)
    return [page] if page.text.exists() else []


def choose_lessons(root: Path, names: Sequence[str]) -> list[Lesson]:
    """Return what is named, or all lessons where no name is given.

    A name is `10_softmax`, `networks/10_softmax` or the path of the lesson's text or notebook; the
    welcome page is named in the same ways. Raises CourseError for a name that no lesson has.
    """
    lessons = find_lessons(root)
    return [choose(lessons + find_welcome(root), name) for name in names] or lessons


def choose(lessons: list[Lesson], name: str) -> Lesson:
    """Return the lesson that a name stands for; raise CourseError where there is none."""
    path = Path(name)
    stem = path.stem if path.suffix in (".md", ".ipynb") else path.name
    unit = path.parent.name  # empty for a bare name
    for lesson in lessons:
        if lesson.name == stem and (unit in ("", lesson.unit) or not lesson.unit):
            return lesson
    known = [lesson.name for lesson in lessons] + [str(lesson) for lesson in lessons]
    near = difflib.get_close_matches(f"{unit}/{stem}" if unit else stem, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(map(str, lessons))}."
    raise CourseError(f"There is no lesson {name}. {hint}")


def find_orphans(root: Path) -> list[Path]:
    """Return the notebooks under `course/` that no lesson of `solutions/` stands behind."""
    releases = {lesson.release for lesson in find_lessons(root) + find_welcome(root)}
    return sorted({*root.glob("course/*.ipynb"), *root.glob("course/*/*.ipynb")} - releases)
