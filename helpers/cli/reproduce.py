"""`course reproduce`: the slides' long runs in full, figure by figure."""

import itertools
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from helpers import reproduce as runs
from helpers.course_error import CourseError
from helpers.data.mnist import AllOfMnist, MnistError, load_all

TIMED = 40  # steps, after the first of a run, from which its time is foretold


def reproduce(root: Path, names: Sequence[str], num_steps: int | None = None) -> None:
    """Run the named programs, or all, in `reproduced/`, and print their figures.

    Raises CourseError for a name that is not there, without MNIST, or if a checkpoint does not fit.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before TensorFlow is imported
    for name in names:
        if name not in runs.PRINTED:
            raise CourseError(f"There is no run {name}. There are: {', '.join(runs.PRINTED)}.")
    if num_steps is not None and num_steps < 1:
        raise CourseError(f"--steps has to be 1 or more, and is {num_steps}.")
    try:
        data = load_all()
    except MnistError as error:
        raise CourseError(str(error)) from error
    console = Console(highlight=False)
    console.print(f"MNIST from {data.found}.")
    for name in names or runs.PRINTED:
        folder = root / "reproduced" / name
        _run(console, name, data, folder, num_steps)
        rows = runs.figures(name, data, folder)
        _print_figures(console, name, rows)
        runs.save(folder.with_suffix(".csv"), rows)
        console.print(f"Saved as {folder.with_suffix('.csv').relative_to(root)}.\n")


def _run(
    console: Console, name: str, data: AllOfMnist, folder: Path, num_steps: int | None
) -> None:
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")  # the Saver names each checkpoint
    total = num_steps or runs.program(name).num_steps
    training = runs.steps(name, data, folder, num_steps)
    columns = (TextColumn(name), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=console) as bar:
            task = bar.add_task(name, total=total)
            for step in _timed(console, training, total):
                bar.update(task, completed=step)
    except (tf.errors.NotFoundError, tf.errors.InvalidArgumentError, tf.errors.DataLossError) as e:
        raise CourseError(
            f"The last checkpoint in {folder.name} cannot be read, or is not of this network. "
            f"Move {folder} away; then the run begins anew."
        ) from e
    except KeyboardInterrupt:
        console.print("The same command will go on from the last checkpoint.")
        raise


def _timed(console: Console, training: Iterator[int], total: int) -> Iterator[int]:
    """Yield a run's steps, and say after the first ones how long all will take."""
    for first in itertools.islice(training, 1):
        yield first
        begun, step = time.monotonic(), first
        for step in itertools.islice(training, TIMED):
            yield step
        left = (total - step) * (time.monotonic() - begun) / max(1, step - first)
        if left > 60:
            console.print(f"{total - step:,} steps will take about {left / 60:.0f} minutes here.")
    yield from training


def _print_figures(console: Console, name: str, rows: Sequence[runs.Figure]) -> None:
    console.print(f"\n{name:>8}  {'after step':>10}  {'slide':>9}  {'today':>9}")
    for row in rows:
        slide = "-" if row.slide is None else f"{row.slide:.6g}"
        console.print(f"{row.name:>8}  {row.step:>10,}  {slide:>9}  {row.today:>9.6g}")
    wanted = runs.program(name).num_steps
    if not runs.PRINTED[name].losses:
        console.print("The slide prints no figures of this run.")
    elif rows[-1].step + runs.REPORT_EVERY <= wanted:
        console.print(f"The slide takes {wanted:,} steps: no verdict yet.")
    else:
        for holds, sentence in runs.verdicts(rows):
            console.print(f"{'holds' if holds else 'DOES NOT HOLD'}: {sentence}")
