"""Judge the exercises of a notebook that runs in a sandbox, and write the verdicts into it.

The expected values stay in this process. A check cell's own output in the sandbox is empty; it is
replaced by the verdict, in the form from which nbgrader takes the points.
"""

import ast
import asyncio
import contextlib
import html
import importlib
import itertools
import pkgutil
import secrets
import signal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

import zmq
from jupyter_client import BlockingKernelClient
from nbformat import NotebookNode
from nbformat.v4 import new_output

from helpers.checks.judging import take_wanted, wanted_values
from helpers.checks.verdict import RECORD, PartVerdict, Verdict, as_html, failure_of
from helpers.grading import provisioner
from helpers.grading.provisioner import SandboxProvisioner, wary

# Of the random cases: all answers of a class are judged alike, by cases that nobody can know.
seed = secrets.randbits(64)

CHECK = "-check"
UNJUDGED = "the checker could not judge what your code returned"


class RunningKernel:
    """The kernel of a sandbox, as the outside caller of the checks wants it."""

    def __init__(self, kernel: SandboxProvisioner) -> None:
        self._kernel = kernel

    def is_alive(self) -> bool:
        """Return whether the kernel runs."""
        return self._kernel.process.poll() is None

    def interrupt_kernel(self) -> None:
        """Interrupt what the kernel runs."""
        self._kernel.process.send_signal(signal.SIGINT)

    def shutdown_kernel(self, now: bool = True) -> None:
        """End the kernel at once."""
        self._kernel.end_process()


@cache
def exercises() -> dict[str, Any]:
    """Return all exercises of the course by name."""
    package = importlib.import_module("helpers.exercises")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return importlib.import_module("helpers.checks.exercise").EXERCISES


def exercise_of(cell: NotebookNode) -> Any:
    """Return the exercise that a cell checks, or None."""
    name = grade_id(cell)
    if cell.cell_type != "code" or not name.endswith(CHECK) or not cell.metadata.nbgrader.grade:
        return None
    return exercises().get(name.removesuffix(CHECK))


async def judge_cell(cell: NotebookNode, cells: Sequence[NotebookNode]) -> Verdict | None:
    """Judge the answer that a check cell is about; put the verdict into the cell's outputs.

    Returns None, and leaves the cell as it is, where it checks no exercise of the course.
    """
    exercise = exercise_of(cell)
    if exercise is None:
        return None
    kernel = provisioner.current()
    assert kernel is not None
    # In a thread that knows nothing of this one's event loop, as a blocking client needs.
    loop = asyncio.get_running_loop()
    verdict = await loop.run_in_executor(None, _judge, exercise, kernel, list(cells))
    if kernel.sandbox and kernel.sandbox.ended_because:
        verdict = stopped(exercise, kernel.sandbox.ended_because)
    kernel.verdicts[exercise.name] = verdict
    cell.outputs = outputs_of(_weighted(verdict, float(cell.metadata.nbgrader.points)))
    return verdict


def _weighted(verdict: Verdict, points: float) -> Verdict:
    """Return a verdict in the points that the check earns by the gradebook.

    An instructor may give an exercise other points than the course does.
    """
    factor = points / verdict.max_points
    if factor == 1:
        return verdict
    parts = [replace(part, points=part.points * factor) for part in verdict.parts]
    return replace(verdict, parts=parts)


def wanted_in(lesson: str, seed: int) -> dict[str, dict[tuple, Any]]:
    """Return what is wanted of a lesson's answers in all cases of a seed, by exercise."""
    wanted = {}
    for name, exercise in exercises().items():
        if exercise.lesson == lesson:
            with contextlib.suppress(RuntimeError):  # of the reference; each answer will be told
                wanted[name] = wanted_values(exercise, seed)
    return wanted


def judge_by(new_seed: int, wanted: Iterable[Mapping[str, Mapping[tuple, Any]]]) -> None:
    """Judge from now on by the cases of this seed, of which this is wanted."""
    global seed
    if new_seed != seed:
        seed = new_seed
        for name, values in itertools.chain.from_iterable(each.items() for each in wanted):
            take_wanted(exercises()[name], values)


def stopped(exercise: Any, reason: str) -> Verdict:
    """Return the verdict on an exercise that could not be tried to its end."""
    parts = [PartVerdict(part.name, part.points, "stopped", reason) for part in exercise.parts]
    return Verdict(exercise.name, exercise.lesson, parts)


def _judge(exercise: Any, kernel: Any, cells: Sequence[NotebookNode]) -> Verdict:
    from helpers.checks.outside import judge_in_kernel

    code = [cell for cell in cells if cell.cell_type == "code"]
    context = zmq.Context()
    wary(context)
    client = BlockingKernelClient(context=context)
    client.load_connection_info(kernel.connection_info)
    client.start_channels(shell=True, iopub=False, stdin=False, hb=False, control=False)
    try:
        return judge_in_kernel(
            exercise,
            RunningKernel(kernel),
            client,
            notebook="\n".join(cell.source for cell in code if _parses(cell.source)),
            seed=seed,
            known=kernel.verdicts,
        )
    except Exception as error:
        # A reply that nobody thought of must not stop the class; the instructor is told.
        kind = type(error).__name__
        return stopped(exercise, f"{UNJUDGED} ({kind}); your instructor looks at it.")
    finally:
        client.stop_channels()
        context.destroy(linger=0)


def grade_id(cell: NotebookNode) -> str:
    """Return the name that nbgrader knows a cell by, or an empty string."""
    return str((cell.metadata.get("nbgrader") or {}).get("grade_id", ""))


@lru_cache(maxsize=1024)  # a class has most cells in common
def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def outputs_of(verdict: Verdict) -> list[NotebookNode]:
    """Return a verdict as the outputs of its check cell, with a hint for what is wrong.

    An error is no points for nbgrader, a number as the cell's result partial credit.
    """
    text, page = str(verdict), as_html(verdict)
    advice = _advice(verdict)
    metadata = {RECORD: verdict.record()}
    nothing = verdict.points == 0 and not verdict.passed
    if nothing:
        text, page = "", ""  # the error says it
    if advice:
        text = f"{text}\n{advice}".strip()
        page += f"<div style='padding: 2px 8px'>{html.escape(advice)}</div>"
    data = {"text/plain": text, "text/html": page}
    outputs = [new_output("display_data", data=data, metadata=metadata)]
    if nothing:
        error = failure_of(verdict)
        lines = error._render_traceback_()
        name = type(error).__name__
        outputs.append(new_output("error", ename=name, evalue=str(error), traceback=lines))
    elif not verdict.passed:
        points = f"{verdict.points:g} of {verdict.max_points:g} points"
        data = {"text/plain": repr(float(verdict.points)), "text/html": points}
        outputs.append(new_output("execute_result", data=data))
    return outputs


def _advice(verdict: Verdict) -> str:
    """Return the name of the misconception that was recognised, and the first hint."""
    wrong = [part for part in verdict.parts if not part.passed]
    if not wrong:
        return ""
    names = dict.fromkeys(part.misconception for part in wrong if part.misconception)
    misconception = [f"Known as: {', '.join(map(str, names))}."] if names else []
    hints = exercises()[verdict.exercise].hints[:1]
    return " ".join([*misconception, *(f"Hint: {hint}" for hint in hints)])
