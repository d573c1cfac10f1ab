"""Grade a large class with workers that answer at once: memory and time of the grading process.

Run with the environment's Python: `python benchmarks/large_class.py [SUBMISSIONS]`.
"""

import os
import pickle
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from helpers.grading import class_grades  # noqa: E402
from helpers.grading.unit import open_unit  # noqa: E402
from helpers.grading.worker import Job, Result, grade_submission  # noqa: E402
from tests.lessons import LESSONS  # noqa: E402
from tests.project import copy_project, run  # noqa: E402

[LESSON] = [lesson for lesson in LESSONS if lesson.name == "10_softmax"]
LOOKS = 10  # at the memory, on the way


def hand_in(folder: Path, number: int) -> None:
    """Let each student of a class hand in the same notebook, which is on the disk once."""
    notebook = folder / LESSON.release.name
    nbformat.write(nbformat.read(LESSON.release, as_version=4), notebook)
    for student in range(number):
        path = folder / "submitted" / f"student-{student:05}" / LESSON.unit / notebook.name
        path.parent.mkdir(parents=True)
        os.link(notebook, path)


def answer(file: Path, job: Job, seed: int, wanted: object) -> Result:
    """Answer at once, as a worker that has graded this submission, with a result from a file."""
    result: Result = pickle.loads(file.read_bytes())
    return replace(result, student=job.student)


def peak() -> float:
    """Return the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(number: int) -> None:
    """Measure; print a line on the way ten times, and the sums last."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        copy_project(folder, only=LESSON)
        run(folder, "nbgrader", "generate_assignment", LESSON.unit, "--force")
        hand_in(folder, number)
        unit = open_unit(folder, LESSON.unit)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
            job = class_grades.make_job(unit, "student-00000")
            result = apart.submit(grade_submission, job).result()
        file = folder / "result"
        file.write_bytes(pickle.dumps(result))
        class_grades.grade_submission = partial(answer, file)
        began = time.perf_counter()
        rows = class_grades.grade(
            unit, number=1, scheduler=None, no_sandbox=False, tell=lambda total, done: None
        )
        for done, row in enumerate(rows, start=1):
            if row.state == "failed":
                sys.exit(f"{row.student}: {row.why}")
            if done % max(number // LOOKS, 1) == 0:
                print(f"{done} submissions: {peak():.0f} MB at most", flush=True)
        each = (time.perf_counter() - began) / number
    print(f"large class: {number} submissions, {peak():.0f} MB at most, {each:.3f} s a submission")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 10_000)
