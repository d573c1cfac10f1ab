"""nbgrader preprocessors: put a submission right, run and judge it in a sandbox, trim its outputs.

`nbgrader_config.py` names them where nbgrader's own stand by default.
"""

import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import zmq
from nbclient.exceptions import DeadKernelError
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_notebook, new_output
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from traitlets import Bool

from helpers.checks.verdict import RECORD, Verdict
from helpers.grading import judging, left_out, provisioner
from helpers.grading.results import GRADING
from helpers.grading.sandbox import sandbox_name
from helpers.grading.submitted import (
    LARGEST_FILE,
    BadNotebook,
    SourceCell,
    grade_ids,
    put_right,
    read_submitted,
    source_cells,
    substitute,
)

MOST_RESTARTS = 3
SECONDS_TO_ANSWER = 5.0
SECONDS_TO_SETTLE = 0.3
LARGEST_TEXT = 100_000  # characters of one output in the graded notebook
LARGEST_PICTURE = 2_000_000


class SubmissionExporter(NotebookExporter):
    """Reads any submitted file; one that is no notebook becomes a notebook that says so."""

    def from_filename(
        self, filename: str, resources: Any = None, **options: Any
    ) -> tuple[Any, dict]:
        """Read, put through the preprocessors, and return the notebook's text."""
        try:
            with open(filename, "rb") as file:
                content = file.read(LARGEST_FILE + 1)
            notebook, resources["left_out"] = read_submitted(content)
        except BadNotebook as error:
            resources["unreadable"] = str(error)
            notebook = new_notebook()
        return self.from_notebook_node(notebook, resources, **options)


class PutRight(NbGraderPreprocessor):
    """Takes test cells, points, order and metadata from the gradebook, and answers as submitted."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook put right, with what was found in its metadata."""
        names = resources["nbgrader"]["notebook"], resources["nbgrader"]["assignment"]
        with Gradebook(resources["nbgrader"]["db_url"]) as gradebook:
            source = source_of(gradebook, CourseDirectory(parent=self), *names)
        said = resources.get("left_out", [])
        nb = put_right_and_note(nb, said, source, resources.get("unreadable", ""))
        for sentence in nb.metadata[GRADING]["put_right"]:
            self.log.warning("%s", sentence)
        return nb, resources


class Source(NamedTuple):
    """What the gradebook holds of a notebook, and the code of the lesson's own cells."""

    cells: list[SourceCell]
    kernelspec: dict | None
    lesson: frozenset[str] = frozenset()


def source_of(
    gradebook: Gradebook, course: CourseDirectory, notebook_id: str, assignment_id: str
) -> Source:
    """Read the source of a notebook from nbgrader's gradebook, in the order of the notebook."""
    kernelspec = gradebook.find_notebook(notebook_id, assignment_id).kernelspec
    notebook = source_notebook(course, notebook_id, assignment_id)
    cells = source_cells(gradebook, notebook_id, assignment_id, grade_ids(notebook))
    lesson = left_out.lesson_cells(notebook)
    return Source(cells, json.loads(kernelspec) if kernelspec else None, lesson)


def source_notebook(course: CourseDirectory, notebook_id: str, assignment_id: str) -> NotebookNode:
    """Read the notebook that an assignment was generated from; an empty one if it is not here."""
    folder = course.format_path(course.source_directory, ".", assignment_id)
    path = Path(folder, f"{notebook_id}.ipynb")
    return nbformat.read(path, as_version=4) if path.exists() else new_notebook()


def put_right_and_note(
    submitted: NotebookNode, said: Sequence[str], source: Source, unreadable: str = ""
) -> NotebookNode:
    """Return the notebook that is run, with what was put right in its metadata, and `said`."""
    if unreadable:
        notebook = substitute(source.cells, source.kernelspec, unreadable)
        sentences = [unreadable]
    else:
        notebook, sentences = put_right(submitted, source.cells, source.kernelspec)
    notebook.metadata[GRADING] = {
        "put_right": [*said, *sentences],
        "learner_saw": learners_points(submitted),
    }
    return notebook


def grading_of(notebook: NotebookNode) -> dict[str, Any]:
    """Return what was noted about a notebook so far."""
    noted = notebook.metadata.get(GRADING, {})
    return dict(noted) if isinstance(noted, dict) else {}


def learners_points(notebook: NotebookNode) -> dict[str, int]:
    """Return the points that the saved outputs of the notebook's own checks show, by exercise."""
    seen = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            metadata = output.get("metadata")
            record = metadata.get(RECORD) if isinstance(metadata, dict) else None
            if isinstance(record, dict) and isinstance(record.get("points"), int):
                seen[str(record.get("exercise"))[:100]] = record["points"]
    return seen


class ExecuteInSandbox(Execute):
    """Runs a notebook in a sandbox and judges each exercise where its check stands.

    Only the cells run that the answers need (`helpers/grading/left_out.py`), unless something goes
    wrong that may be due to the others. Then all do. A cell that ends its process costs what it
    defines, not the rest: the other cells run again, in a new kernel, without it.
    """

    all_cells = Bool(False, help="Run all cells, whether or not an answer needs them.").tag(
        config=True
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._left_out: set[int] = set()
        self._careful = False
        # Those of the configuration do for `nbgrader validate` what this class does here.
        self.on_notebook_start = self.on_cell_start = None

    def preprocess(
        self, nb: NotebookNode, resources: Any = None, km: Any = None
    ) -> tuple[NotebookNode, Any]:
        """Return the notebook with its outputs, the verdicts among them."""
        began = time.monotonic()
        self._begin(nb, self._cells_to_run(nb, resources))
        while True:
            self._sure = False
            try:
                nb, resources = super().preprocess(nb, resources, km)
                break
            except (_InDoubt, DeadKernelError, zmq.Again):  # it has ended, or closed its sockets
                if self._left_out_before(self._at):
                    self._begin(nb, frozenset(range(len(nb.cells))))
                    continue
                if not (self._sure or self._careful or _why_ended()):
                    # Which cell did it is not sure: it may have seemed done. Once more, slowly.
                    self._careful = True
                    continue
                self._note_end(nb)
                if len(self._ended) > MOST_RESTARTS:
                    self._give_up(nb)
                    break
        self._note(nb, time.monotonic() - began)
        return nb, resources

    def _cells_to_run(self, nb: NotebookNode, resources: Any) -> frozenset[int]:
        if self.all_cells:
            return frozenset(range(len(nb.cells)))
        if "lesson" in resources:
            lesson = resources["lesson"]
        else:
            names = resources["nbgrader"]["notebook"], resources["nbgrader"]["assignment"]
            lesson = left_out.lesson_cells(source_notebook(CourseDirectory(parent=self), *names))
        return left_out.cells_to_run(nb.cells, lesson, Path(resources["metadata"]["path"]))

    def _begin(self, nb: NotebookNode, places: frozenset[int]) -> None:
        """Make ready to run the cells at these places, as if nothing had been run before."""
        self._verdicts: dict[int, Verdict] = {}
        self._ended: dict[int, str] = {}
        self._slow: list[int] = []
        self._shown = 0
        self._careful = False
        self._at = 0
        code = {place for place, cell in enumerate(nb.cells) if cell.cell_type == "code"}
        self._left_out = code - places
        for place in code & places:
            nb.cells[place].outputs = []

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, index: int
    ) -> tuple[NotebookNode, Any]:
        """Run a cell, unless it is left out, ended a kernel before or is judged already."""
        if (
            cell.cell_type != "code"
            or index in self._left_out
            or index in self._ended
            or index in self._verdicts
        ):
            return cell, resources
        self._raise_if_dead()
        self._at = index
        return super().preprocess_cell(cell, resources, index)

    async def on_cell_executed(self, **kwargs: Any) -> None:
        """Judge a check cell; see that the kernel answers after a cell that took too long."""
        super().on_cell_executed(**kwargs)
        cell, index = kwargs["cell"], kwargs["cell_index"]
        error = kwargs["execute_reply"]["content"].get("ename")
        missing = error in left_out.MISSING and judging.exercise_of(cell) is None
        if self._left_out_before(index) and (missing or error == "CellTimeoutError"):
            raise _InDoubt
        if error == "CellTimeoutError":
            self._slow.append(index)
            self._sure = True
            await self._end_unless_it_answers()
        elif self._careful:
            await asyncio.sleep(SECONDS_TO_SETTLE)
        self._raise_if_dead()
        self._sure = False
        verdict = await judging.judge_cell(cell, self.nb.cells)
        if verdict is None:
            return
        if not self._careful:
            self._raise_if_dead()
        self._verdicts[index] = verdict
        seen = grading_of(self.nb).get("learner_saw", {}).get(verdict.exercise)
        if self._left_out_before(index) and left_out.in_doubt(verdict, seen):
            raise _InDoubt
        # If the kernel has ended now, it was while the answer was tried.
        places = {judging.grade_id(c): i for i, c in enumerate(self.nb.cells)}
        self._at = places.get(verdict.exercise, index)
        self._raise_if_dead()

    def _left_out_before(self, index: int) -> bool:
        return any(place < index for place in self._left_out)

    def _raise_if_dead(self) -> None:
        kernel = provisioner.current()
        if kernel is not None and kernel.process.poll() is not None:
            raise DeadKernelError("the kernel has ended")

    def process_message(self, msg: dict, cell: NotebookNode, cell_index: int) -> Any:
        """Keep an output of a cell as long as the notebook has not shown too much."""
        if msg["msg_type"] in ("stream", "display_data", "execute_result", "update_display_data"):
            before = self._shown
            self._shown += len(str(msg["content"]))
            most = provisioner.limits.output
            if self._shown > most:
                if before <= most:
                    text = f"\n[Output after {most / 2**20:g} MB was not kept.]\n"
                    cell.outputs.append(new_output("stream", name="stdout", text=text))
                return None
        return super().process_message(msg, cell, cell_index)

    async def _end_unless_it_answers(self) -> None:
        """End a kernel that swallows the interrupt, which would cost each later cell its time."""
        kernel = provisioner.current()
        request = ""
        end = time.monotonic() + SECONDS_TO_ANSWER
        while time.monotonic() < end:
            try:
                request = request or self.kc.kernel_info()
                reply = await self.kc.get_shell_msg(timeout=SECONDS_TO_ANSWER)
            except Exception:  # Empty, or whatever zmq raises while a kernel ends
                break
            if reply["parent_header"].get("msg_id") == request:
                return
        if kernel is not None:
            kernel.end_process()

    def _note_end(self, nb: NotebookNode) -> None:
        """Say in the cell that ended the kernel that it did."""
        index = self._at
        reason = _why_ended() or (
            "this cell ended its own process, or did not stop when it was interrupted."
        )
        self._ended[index] = reason
        cell = nb.cells[index]
        exercise = judging.exercise_of(cell)
        if exercise is not None and index not in self._verdicts:
            self._verdicts[index] = judging.stopped(exercise, reason)
            cell.outputs = judging.outputs_of(self._verdicts[index])
        elif exercise is None:
            cell.outputs = [*cell.get("outputs", [])[-20:], _error("KernelDied", reason)]

    def _give_up(self, nb: NotebookNode) -> None:
        for index, cell in enumerate(nb.cells):
            exercise = judging.exercise_of(cell)
            if exercise is not None and index not in self._verdicts:
                reason = f"the notebook ended its process {len(self._ended)} times."
                self._verdicts[index] = judging.stopped(exercise, reason)
                cell.outputs = judging.outputs_of(self._verdicts[index])

    def _note(self, nb: NotebookNode, seconds: float) -> None:
        """Write down what the instructor should know."""
        for place in self._left_out:
            left_out.mark(nb.cells[place])
        noted = grading_of(nb)
        seen = noted.pop("learner_saw", {})
        stale = []  # not worth a look by itself: the check was not run after the last change
        alarms = [
            f"cell {index + 1} ended the kernel: {reason}" for index, reason in self._ended.items()
        ]
        alarms += [
            f"cell {index + 1} was stopped after {self.timeout} seconds."
            for index in self._slow
            if index not in self._ended
        ]
        for verdict in self._verdicts.values():
            name, points = verdict.exercise, verdict.points
            shown = seen.get(name, points)
            if shown > points:
                alarms.append(
                    f"{name}: the submission's own output shows {shown} of {verdict.max_points} "
                    f"points, the verdict is {points}. The output is forged, or the answer works "
                    "only for the known cases or in another state."
                )
            elif shown < points:
                stale.append(
                    f"{name}: the submission's own output shows {shown} points, the verdict is "
                    f"{points}; its check was not run again after the last change."
                )
            if judging.UNJUDGED in str(verdict):
                alarms.append(f"{name}: {judging.UNJUDGED}. Grade it by hand.")
        looks = alarms + noted.get("put_right", [])
        nb.metadata[GRADING] = {
            **noted,
            "alarms": alarms + stale,
            "sandbox": sandbox_name(),
            "seconds": round(seconds, 1),
            "state": "needs a look" if looks else "graded",
            "why": " ".join(looks),
        }


class _InDoubt(Exception):
    """Something went wrong that may be due to a cell that was left out."""


def _why_ended() -> str:
    """Return the reason for which the last sandbox was ended from outside, or an empty string."""
    kernel = provisioner.last()
    return kernel.sandbox.ended_because if kernel and kernel.sandbox else ""


class TrimOutputs(NbGraderPreprocessor):
    """Cuts what would make the graded notebook and its feedback too large to open."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, cell_index: int
    ) -> tuple[NotebookNode, Any]:
        """Cut the texts and drop the pictures of a cell's outputs that are too large."""
        for output in cell.get("outputs", []):
            if "metadata" in output:  # a picture's width is written into the page as it is
                kept = {key: value for key, value in output.metadata.items() if key == RECORD}
                output.metadata = NotebookNode(kept)
            if "text" in output:
                output.text = _cut(output.text)
            if "evalue" in output:
                output.evalue = _cut(output.evalue)
                output.traceback = [_cut(line) for line in output.traceback[-50:]]
            for kind, value in list(output.get("data", {}).items()):
                if kind.startswith("text/") and isinstance(value, str):
                    output.data[kind] = _cut(value)
                elif len(str(value)) > LARGEST_PICTURE or not kind.startswith("image/"):
                    del output.data[kind]
        return cell, resources


def _cut(text: str) -> str:
    if len(text) <= LARGEST_TEXT:
        return text
    return f"{text[:LARGEST_TEXT]}\n[{len(text) - LARGEST_TEXT} characters more were not kept.]"


def _error(name: str, message: str) -> NotebookNode:
    return new_output("error", ename=name, evalue=message, traceback=[f"{name}: {message}"])
