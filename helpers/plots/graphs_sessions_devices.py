"""Pictures for the slides headed 基本概念 (basic ideas): graph, session, devices."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from helpers.plots import style
from helpers.plots.style import Picture


@style.in_style
def executed(graph: Any, runs: Mapping[str, Sequence[str]]) -> Picture:
    """Draw which of a graph's operations each run executes, a row a run and a column an operation.

    Parameters
    ----------
    graph : tf.Graph
    runs : mapping of str to sequence of str
        What the run fetches, to the names of the operations that it executes.
    """
    names = [op.name for op in graph.get_operations()]
    filled = np.array([[name in set(run) for name in names] for run in runs.values()])
    figure, axes = style.new(height=0.5 * len(runs) + 1.0)
    axes.pcolormesh(np.where(filled, 1.0, 0.12), cmap="Blues", vmin=0, vmax=1.3, edgecolor="white")
    axes.set(
        xlabel=f"the {len(names)} operations of the graph, in the order in which they were built",
        yticks=np.arange(len(runs)) + 0.5,
        yticklabels=list(runs),
    )
    for row, count in enumerate(filled.sum(axis=1)):
        axes.text(len(names) + 1, row + 0.5, f"{count} run", va="center")
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    counts = ", ".join(
        f"{name} {count}" for name, count in zip(runs, filled.sum(axis=1), strict=True)
    )
    return Picture(
        figure,
        f"a row of squares for each fetch, one for each of {len(names)} operations, dark where the "
        f"run executes it: {counts}.",
    )


@style.in_style
def traces(numbers: Mapping[str, Sequence[int]]) -> Picture:
    """Draw how often a function has been traced, against how often it has been called.

    Parameters
    ----------
    numbers : mapping of str to sequence of int
        What the calls were given, to the number of traces after each call.
    """
    figure, axes = style.new(height=3.0)
    for label, counts in numbers.items():
        axes.step(range(1, len(counts) + 1), counts, where="post", label=label)
    axes.set(xlabel="calls", ylabel="traces", ylim=(0, None), xlim=(1, None))
    axes.legend(loc="upper left")
    ends = ", ".join(f"{label}: {counts[-1]}" for label, counts in numbers.items())
    return Picture(figure, f"traces against calls, a line for each way to call; at the end {ends}.")
