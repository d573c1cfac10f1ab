"""The slides' long runs in full, and their printed figures beside today's."""

import csv
import io
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from helpers.data.mnist import AllOfMnist
from helpers.whole_file import write_whole

if TYPE_CHECKING:  # TensorFlow is imported when a run begins
    from helpers.networks.training import Program

REPORT_EVERY = 1000  # steps, as on the slides, which print after steps 1, 1001, 2001, …

# MNIST 数字识别实例: the loss on the batch of steps 1, 1001, …, 29001.
_MNIST_LOSSES = """
    2.93368 0.238723 0.170218 0.156278 0.116478 0.104817 0.102203 0.0890646 0.0852515 0.0748403
    0.0748737 0.0618936 0.0644133 0.0574872 0.0486513 0.0491409 0.0477048 0.0535292 0.0507448
    0.0459789 0.0432968 0.042615 0.0445021 0.0410245 0.0367691 0.0383737 0.0341267 0.0337505
    0.0333108 0.0344076
"""


class Printed(NamedTuple):
    """What a slide prints of its run: nothing of LeNet's."""

    losses: tuple[float, ...] = ()
    accuracy: float | None = None


PRINTED = {
    "mnist": Printed(tuple(map(float, _MNIST_LOSSES.split())), 0.985),
    "lenet": Printed(),
}


class Figure(NamedTuple):
    """One figure of a run: what it is, after how many steps, on the slide (or None) and today."""

    name: str
    step: int
    slide: float | None
    today: float


def program(name: str) -> "Program":
    """Return the program of one of the names in `PRINTED`."""
    from helpers.networks import dense, lenet

    return {"mnist": dense, "lenet": lenet}[name].PROGRAM


def steps(
    name: str, data: AllOfMnist, folder: Path, num_steps: int | None = None
) -> Generator[int]:
    """Take a run's steps, those that its folder holds already excepted.

    Parameters
    ----------
    name : str
        One of `PRINTED`.
    data : AllOfMnist
    folder : Path
        For its checkpoints and its losses so far; made if it is not there. Interrupted at any
        moment, the run goes on from the last checkpoint.
    num_steps : int, optional
        Default: the slide's 30,000.

    Yields
    ------
    int
        The number of steps taken so far.
    """
    from helpers.networks.training import train

    losses = _read_losses(folder)
    training = train(
        program(name), data.x_train, data.labels_train, folder, num_steps, REPORT_EVERY
    )
    for step, loss in training:
        if step % REPORT_EVERY == 1:
            # A loss beyond the checkpoint that the run goes on from is written once more.
            losses[step] = loss
            _write_rows(folder / "losses.csv", ("step", "loss"), sorted(losses.items()))
        yield step


def figures(name: str, data: AllOfMnist, folder: Path) -> list[Figure]:
    """Return a run's figures as far as it has come; the accuracy is of the last checkpoint.

    Parameters
    ----------
    name, data, folder
        As for `steps`, which has to have saved a checkpoint.
    """
    from helpers.networks.training import evaluate

    slide = PRINTED[name]
    on_the_slide = dict(zip(range(1, 30_000, REPORT_EVERY), slide.losses, strict=False))
    rows = [
        Figure("loss", step, on_the_slide.get(step), loss)
        for step, loss in sorted(_read_losses(folder).items())
    ]
    evaluated = evaluate(program(name), data.x_validation, data.labels_validation, folder)
    if evaluated is None:
        raise FileNotFoundError(f"{folder} holds no checkpoint of a run yet.")
    step, accuracy = evaluated
    last = 1 + (program(name).num_steps - 1) // REPORT_EVERY * REPORT_EVERY
    return [*rows, Figure("accuracy", step, slide.accuracy if step == last else None, accuracy)]


def verdicts(rows: Sequence[Figure]) -> list[tuple[bool, str]]:
    """Return for each claim of the slide whether a full run's figures hold it, and a sentence.

    Examples
    --------
    >>> rows = [Figure("loss", 1, 2.93368, 2.8), Figure("accuracy", 29001, 0.985, 0.9786)]
    >>> for holds, sentence in verdicts(rows):
    ...     print(holds, sentence)
    True every loss is within a factor of 2 of the slide's
    False validation accuracy 0.9786, on the slide 0.985 ± 0.005
    """
    found = []
    losses = [(row.today, row.slide) for row in rows if row.name == "loss" and row.slide]
    if losses:
        near = all(printed / 2 < today < printed * 2 for today, printed in losses)
        found.append((near, "every loss is within a factor of 2 of the slide's"))
    for row in rows:
        if row.name == "accuracy" and row.slide is not None:
            near = abs(row.today - row.slide) <= 0.005
            sentence = f"validation accuracy {row.today:.4f}, on the slide {row.slide} ± 0.005"
            found.append((near, sentence))
    return found


def saved(name: str) -> list[Figure]:
    """Return the figures of the full run that the course keeps.

    Examples
    --------
    >>> saved("mnist")[0].slide
    2.93368
    """
    with (Path(__file__).parent / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Figure(
                row["name"],
                int(row["step"]),
                float(row["slide"]) if row["slide"] else None,
                float(row["today"]),
            )
            for row in csv.DictReader(lines)
        ]


def save(path: Path, rows: Sequence[Figure]) -> None:
    """Write figures as a table of comma-separated values, in one piece or not at all."""
    shown = [(name, step, slide, f"{today:.6g}") for name, step, slide, today in rows]
    _write_rows(path, Figure._fields, shown)


def _read_losses(folder: Path) -> dict[int, float]:
    path = folder / "losses.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        return {int(row["step"]): float(row["loss"]) for row in csv.DictReader(lines)}


def _write_rows(path: Path, names: Sequence[str], rows: Sequence[Sequence]) -> None:
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows([names, *rows])
    write_whole(path, lines.getvalue())
