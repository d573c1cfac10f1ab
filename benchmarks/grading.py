"""Time the grading of a class: stock `nbgrader autograde` and `course grade`, on the same files.

Run with the environment's Python: `python benchmarks/grading.py [SUBMISSIONS [SUBMISSIONS ...]]`.
The first number is graded both ways, in each unit; each further one by `course grade` alone, in the
first unit. Stock's time for these is extrapolated: it grades one notebook after the other.
"""

import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from helpers.cli.answers import exercise_name, is_answer  # noqa: E402
from helpers.cli.lessons import Lesson  # noqa: E402
from tests.lessons import LESSONS, read_forms  # noqa: E402
from tests.project import copy_project, environment_of  # noqa: E402

UNITS = ("basics", "convolution")
STOCK_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "glimpse"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "course"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "*.md"]
c.ClearSolutions.code_stub = {"python": "# Your code here.\\nraise NotImplementedError()"}
c.Execute.timeout = 120
"""


def right(source: str) -> str:
    """Answer as the lesson does."""
    return source


def wrong(source: str) -> str:
    """Return the negative of what the lesson returns, where it returns something."""
    return re.sub(r"return (.+)$", r"return -(\1)", source, count=1, flags=re.MULTILINE)


def empty(source: str) -> None:
    """Leave the cell as it was released."""
    return


def odd(source: str) -> str:
    """Write to stderr, and answer as the lesson does."""
    return f"import sys\nprint('trying', file=sys.stderr)\n{source}"


def lessons_of(unit: str) -> list[Lesson]:
    """Return the lessons of a unit."""
    return [lesson for lesson in LESSONS if lesson.unit == unit]


def hand_in(folder: Path, unit: str, student: str, kind: Callable[[str], str | None]) -> None:
    """Write a submission of the unit."""
    for lesson in lessons_of(unit):
        notebook = nbformat.read(lesson.release, as_version=4)
        answers = {
            exercise_name(c): c.source for c in read_forms(lesson).text.cells if is_answer(c)
        }
        for cell in filter(is_answer, notebook.cells):
            cell.source = kind(answers[exercise_name(cell)]) or cell.source
        path = folder / "submitted" / student / unit / lesson.release.name
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)


def seconds(folder: Path, *command: str) -> float:
    """Run a command in a copy of the project; return how long it took."""
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env=environment_of(folder), capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.perf_counter() - began


def new_class(folder: Path, unit: str, number: int, config: str = "") -> None:
    """Make a copy of the project with a class's submissions, equal parts of each kind."""
    folder.mkdir()
    copy_project(folder)
    if config:
        (folder / "nbgrader_config.py").write_text(config)
    seconds(folder, sys.executable, "-m", "compileall", "-q", "helpers")  # as the set-up does
    seconds(folder, "nbgrader", "generate_assignment", unit, "--force")
    kinds = itertools.cycle((right, wrong, empty, odd))
    for place, kind in zip(range(number), kinds, strict=False):
        hand_in(folder, unit, f"{kind.__name__}-{place:02}", kind)


def cell_seconds(folder: Path) -> float:
    """Return the processor time that the kernels of all submissions have used."""
    records = folder.glob("autograded/*/*/.graded.json")
    return sum(json.loads(path.read_text())["row"]["cell_seconds"] for path in records)


def grade(unit: str, number: int, workers: int, stock: float) -> float:
    """Grade a new class; print its throughput beside stock's, and the time beyond the cells' own.

    `stock` is its time for a submission. Returns our time for all.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "class")
        new_class(folder, unit, number)
        took = seconds(folder, "course", "grade", unit, "--workers", str(workers))
        cells = cell_seconds(folder)
    notebooks = number * len(lessons_of(unit))
    beyond = (took * workers - cells) / notebooks
    print(
        f"{unit}, course grade: {number} submissions ({notebooks} notebooks), workers {workers}: "
        f"{took:.1f} s, {took / number:.2f} s a submission, {stock * number / took:.2f} times "
        f"stock's throughput; the cells' own processor time {cells:.1f} s; {beyond:.2f} s of a "
        "worker beyond it for each notebook",
        flush=True,
    )
    return took


def grade_as_stock(unit: str, number: int) -> float:
    """Grade a new class with nbgrader alone; return how long it took."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "class")
        new_class(folder, unit, number, STOCK_CONFIG)
        took = seconds(folder, "nbgrader", "autograde", unit)
    print(f"{unit}, stock: {number} submissions, 1 process: {took:.1f} s", flush=True)
    return took


def main(numbers: Sequence[int]) -> None:
    """Measure; print a line for each way and size, and the ratios last."""
    first, *more = numbers
    workers = os.cpu_count() or 1
    sums = []
    for unit in UNITS:
        stock = grade_as_stock(unit, first)
        ours = grade(unit, first, workers, stock / first)
        name = f"grading {unit}"
        sums.append(f"{name}: ours {ours:.2f} s, stock {stock:.2f} s, ratio {stock / ours:.2f}")
        if unit == UNITS[0]:
            grade(unit, first, 1, stock / first)
            for number in more:
                grade(unit, number, workers, stock / first)
    print("\n".join(sums))


if __name__ == "__main__":
    main([*map(int, sys.argv[1:])] or [8, 16, 32, 64])
