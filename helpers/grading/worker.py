"""Grade one submission in a Dask worker: all that it needs comes as a message, and so it answers.

Nothing is shared with the process that writes the gradebook, least of all a file system.
"""

import contextlib
import gc
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from traitlets.config import Config

from helpers.grading import judging, provisioner, sandbox
from helpers.grading.failures import explained
from helpers.grading.handed_in import Notebook
from helpers.grading.preprocessors import (
    GRADING,
    ExecuteInSandbox,
    Source,
    TrimOutputs,
    put_right_and_note,
)
from helpers.grading.sandbox import NO_SANDBOX, Limits
from helpers.grading.submitted import BadNotebook, read_submitted


@dataclass(frozen=True)
class Job:
    """A submission, and what it is graded by."""

    student: str
    notebooks: Mapping[str, Notebook]
    files: Mapping[str, bytes]  # beside the notebooks: the lesson's, and the student's own
    sources: Mapping[str, Source]
    execute: Mapping[str, Any] = field(default_factory=dict)  # nbgrader's settings of Execute
    limits: Limits = field(default_factory=Limits)
    no_sandbox: bool = False
    looks: Sequence[str] = ()  # for the instructor, on what else was handed in


@dataclass(frozen=True)
class Result:
    """The graded notebooks, as nbgrader's `autograded` folder takes them."""

    student: str
    notebooks: Mapping[str, str]
    remarks: Mapping[str, Mapping[str, Any]]
    seconds: float
    cell_seconds: float  # of processor time, used by the notebooks' kernels
    looks: Sequence[str] = ()  # as in the job


def grade_submission(
    job: Job, seed: int | None = None, wanted: Iterable[Mapping[str, Any]] = ()
) -> Result:
    """Put each notebook right, run it in a sandbox, judge it, and return it.

    Parameters
    ----------
    job : Job
    seed : int, optional
        Of the random cases; this process's own without one.
    wanted : iterable of mapping, optional
        See `helpers.grading.judging.judge_by`.

    Raises
    ------
    CannotGrade
    """
    began = time.monotonic()
    os.environ.pop(NO_SANDBOX, None)
    if job.no_sandbox:
        os.environ[NO_SANDBOX] = "1"
    provisioner.limits = job.limits
    provisioner.used = 0.0
    if seed is not None:
        judging.judge_by(seed, wanted)
    notebooks, remarks = {}, {}
    place = tempfile.gettempdir()
    with explained(place), tempfile.TemporaryDirectory() as folder:
        for name, content in job.files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for name, source in job.sources.items():
            if name in job.notebooks:
                graded = _grade_notebook(job, job.notebooks[name], source, folder)
                notebooks[name] = nbformat.writes(graded)
                remarks[name] = dict(graded.metadata[GRADING])
    seconds = time.monotonic() - began
    return Result(job.student, notebooks, remarks, seconds, provisioner.used, job.looks)


def _grade_notebook(
    job: Job, given: Notebook, source: Source, folder: str
) -> nbformat.NotebookNode:
    try:
        if given.refused:
            raise BadNotebook(given.refused)
        submitted, said = read_submitted(given.content)
        notebook = put_right_and_note(submitted, [*given.said, *said], source)
    except BadNotebook as error:
        nothing = nbformat.v4.new_notebook()
        notebook = put_right_and_note(nothing, given.said, source, unreadable=str(error))
    config = Config({"Execute": dict(job.execute)})
    resources: dict[str, Any] = {"metadata": {"path": folder}, "lesson": source.lesson}
    notebook, resources = ExecuteInSandbox(config=config).preprocess(notebook, resources)
    notebook, _ = TrimOutputs().preprocess(notebook, resources)
    return notebook


def warm_up() -> None:
    """Import what judging needs, here and in the process that kernels are forked from.

    Where this process is forked from one that has done so, there is little left to do.
    """
    sandbox.prepare()
    gc.disable()  # a fifth of the time: little of an import is garbage
    try:
        with _quiet():
            judging.exercises()
    finally:  # a worker of a scheduler lives on, whatever cannot be imported
        gc.enable()
    gc.freeze()  # the modules stay: no later collection looks at them


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Send to nowhere what compiled code writes: TensorFlow reports on drivers when imported."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
