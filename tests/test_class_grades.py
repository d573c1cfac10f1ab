"""A class goes through memory a few submissions at a time; what fails says why, and what to do."""

import contextlib
import errno
import gc
import os
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, LocalCluster
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from helpers.checks import judging as checks
from helpers.checks.judging import RANDOM_CASES, _observed, try_cases
from helpers.checks.observe import Observation
from helpers.cli.answers import EXERCISES
from helpers.grading import class_grades, judging, sandbox, worker
from helpers.grading.class_grades import MOST_TRIES, grade
from helpers.grading.cluster import NoWorkers
from helpers.grading.failures import CannotGrade
from helpers.grading.judging import wanted_in
from helpers.grading.saving import Row
from helpers.grading.unit import Unit
from helpers.grading.worker import Job, Result

LARGE = 12_000_000  # bytes; from 10 MB on, Dask complains of what is sent with a task
STUDENTS = 60


@pytest.fixture
def unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Unit:
    """Return a unit whose submissions are made up when they are read, and saved nowhere."""
    students = [f"student-{number:02}" for number in range(STUDENTS)]
    monkeypatch.setattr(class_grades, "submitted", lambda unit: students)
    monkeypatch.setattr(class_grades, "make_job", made_up)
    monkeypatch.setattr(class_grades, "key", lambda unit, job: job.student)
    monkeypatch.setattr(class_grades, "graded_before", lambda *arguments: None)
    monkeypatch.setattr(
        class_grades,
        "save",
        lambda unit, result, key: Row(result.student, "graded", looks=result.looks),
    )
    return Unit(tmp_path, "unit", Config(), CourseDirectory(), {}, {})


def made_up(unit: Unit, student: str, no_sandbox: bool) -> Job:
    fields: dict[str, Any] = dict.fromkeys(Job.__dataclass_fields__, ())
    return Job(**{**fields, "student": student, "files": {}})


def at_once(job: Job, *cases: Any) -> Result:
    fields: dict[str, Any] = dict.fromkeys(Result.__dataclass_fields__, ())
    return Result(**{**fields, "student": job.student})


def end_the_worker(job: Job, *cases: Any) -> Result:
    os._exit(1)


def rows_of(
    unit: Unit, monkeypatch: pytest.MonkeyPatch, answer: Callable[..., Result], processes: bool
) -> Iterator[Row]:
    """Grade with workers that give this answer."""

    @contextlib.contextmanager
    def workers(number: int, scheduler: str | None) -> Iterator[Client]:
        quiet = {
            "dashboard_address": None,
            "scheduler_kwargs": {"dashboard_address": "127.0.0.1:0"},
        }
        with (
            LocalCluster(
                n_workers=2, threads_per_worker=1, processes=processes, **quiet
            ) as cluster,
            Client(cluster) as client,
        ):
            monkeypatch.setattr(class_grades, "the_cluster", cluster, raising=False)
            yield client

    monkeypatch.setattr(class_grades, "workers", workers)
    monkeypatch.setattr(class_grades, "grade_submission", answer)
    return grade(unit, number=2, scheduler=None, no_sandbox=True, tell=lambda total, done: None)


def alive(kind: type) -> int:
    gc.collect()
    return sum(isinstance(thing, kind) for thing in gc.get_objects())


def test_few_submissions_are_in_memory_however_large_the_class(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    for number, row in enumerate(rows_of(unit, monkeypatch, at_once, processes=False)):
        assert row.state == "graded"
        if number % 10 == 9:
            seen.append(alive(Job) + alive(Result))
    assert len(seen) == STUDENTS // 10
    # Two for each worker, and what is passed on at the moment.
    assert max(seen) <= 10


def with_its_cases(job: Job, seed: int, wanted: Sequence[Mapping[str, Any]]) -> Result:
    return replace(at_once(job), looks=[str(seed), *wanted[0]])


def test_a_class_is_judged_by_the_same_cases(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    sources: Any = {"10_softmax": None}
    softmax = replace(unit, sources=sources)
    rows = [
        row
        for _ in range(2)
        for row in rows_of(softmax, monkeypatch, with_its_cases, processes=False)
    ]
    assert {tuple(row.looks[1:]) for row in rows} == {("softmax", "loss_gradient", "train_step")}
    assert len({row.looks[0] for row in rows}) == 2  # another class, other cases


def test_what_is_wanted_is_computed_once_for_all_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = pickle.loads(pickle.dumps(wanted_in("04_variables", 7)))
    _observed.clear()
    monkeypatch.setattr(judging, "seed", judging.seed)
    judging.judge_by(7, [wanted])
    monkeypatch.delattr(checks, "observe")  # which would run the reference
    exercise = EXERCISES["make_counter"]
    tried = [*try_cases(exercise, lambda cases: (Observation() for _ in cases), judging.seed)]
    assert len(tried) == 5 + RANDOM_CASES


def test_a_large_submission_is_sent_without_a_word(
    unit: Unit, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    def large(unit: Unit, student: str, no_sandbox: bool) -> Job:
        job = made_up(unit, student, no_sandbox)
        job.files["data"] = bytes(LARGE)  # type: ignore[index]
        return job

    monkeypatch.setattr(class_grades, "submitted", lambda unit: ["one", "two", "three"])
    monkeypatch.setattr(class_grades, "make_job", large)
    assert [r.state for r in rows_of(unit, monkeypatch, at_once, processes=False)] == ["graded"] * 3
    assert not [str(warning.message) for warning in recwarn if "large" in str(warning.message)]


def test_a_submission_that_ends_its_worker_is_named_and_the_others_are_graded(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(class_grades, "submitted", lambda unit: ["one"])
    [row] = rows_of(unit, monkeypatch, end_the_worker, processes=True)
    assert row.state == "failed"
    assert f"worker ended before it was graded, {MOST_TRIES} times" in row.why
    assert "--workers 1" in row.why


def test_a_scheduler_that_is_gone_is_no_submissions_fault(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = rows_of(unit, monkeypatch, at_once, processes=False)
    next(rows)
    class_grades.the_cluster.close()  # type: ignore[attr-defined]
    with pytest.raises(NoWorkers, match=r"What was graded is saved"):
        list(rows)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "The disk is full at .*Free some space there"),
        (errno.ENOMEM, "The memory of the machine is used up.*--workers 1"),
    ],
)
def test_a_worker_without_disk_or_memory_says_so(
    number: int, sentence: str, monkeypatch: pytest.MonkeyPatch, unit: Unit
) -> None:
    def fail(*arguments: Any) -> None:
        raise OSError(number, os.strerror(number))

    job = made_up(unit, "one", True)
    job.files["data.csv"] = b"1"  # type: ignore[index]
    monkeypatch.setattr(worker.Path, "write_bytes", fail)
    with pytest.raises(CannotGrade, match=sentence):
        worker.grade_submission(job)


def test_a_refused_sandbox_names_the_systems_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "bwrap"
    program.write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    reason = sandbox.why_no_sandbox.__wrapped__()
    assert "does not work here (bwrap: No permissions to create new namespace)" in reason
    assert "its administrator can allow them" in reason
