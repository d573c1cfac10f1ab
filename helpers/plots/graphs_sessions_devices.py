"""Pictures for the slides headed 基本概念 (basic ideas): graph, session, devices."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.patches import FancyBboxPatch

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
def parts(partition_graphs: Iterable[Any]) -> Picture:
    """Draw the part of a graph that each device executes, and what is sent between them.

    Parameters
    ----------
    partition_graphs : iterable of GraphDef
        As a run leaves them in its `RunMetadata`.
    """
    nodes = {node.name: node for part in partition_graphs for node in part.node}
    before = _inputs(nodes)
    level = _levels(before)
    devices = sorted({node.device for node in nodes.values()})
    figure, axes = style.new(height=0.62 * max(level.values()) + 1.3)
    boxes = {}
    for column, device in enumerate(devices):
        here = [name for name, node in nodes.items() if node.device == device]
        _draw_device(axes, 2.4 * column, device, max(level.values()))
        for name in here:
            row = sorted(other for other in here if level[other] == level[name])
            x = 2.4 * column + 0.95 * (row.index(name) - (len(row) - 1) / 2)
            boxes[name] = _draw_node(axes, x, level[name], nodes[name])
    for name, sources in before.items():
        for source in sources:
            sent = nodes[source].device != nodes[name].device
            axes.annotate(
                "",
                boxes[name].get_position(),
                boxes[source].get_position(),
                arrowprops={
                    "arrowstyle": "-|>",
                    "color": style.RED if sent else "#333333",
                    "linestyle": "--" if sent else "-",
                    "linewidth": 2.0 if sent else 1.3,
                    "mutation_scale": 14,
                    "patchA": boxes[source].get_bbox_patch(),
                    "patchB": boxes[name].get_bbox_patch(),
                },
            )
    axes.set(xlim=(-1.15, 2.4 * len(devices) - 1.25), ylim=(max(level.values()) + 0.65, -0.95))
    axes.set_axis_off()
    sends = sum(node.op == "_Send" for node in nodes.values())
    return Picture(
        figure,
        f"a column for each of {len(devices)} devices with the nodes that it executes; "
        f"{sends} dashed arrows join a _Send node of one to a _Recv node of the other.",
    )


def _inputs(nodes: Mapping[str, Any]) -> dict[str, list[str]]:
    """List what each node waits for; a _Recv node waits for the _Send node of the same tensor."""
    senders = {
        node.attr["tensor_name"].s: name for name, node in nodes.items() if node.op == "_Send"
    }
    return {
        name: [senders[node.attr["tensor_name"].s]]
        if node.op == "_Recv"
        else [source.removeprefix("^").partition(":")[0] for source in node.input]
        for name, node in nodes.items()
    }


def _levels(before: Mapping[str, list[str]]) -> dict[str, int]:
    """Give each node a row below all that it waits for, and a constant the row above its use."""
    level: dict[str, int] = {}

    def place(name: str) -> int:
        if name not in level:
            level[name] = 1 + max((place(source) for source in before[name]), default=-1)
        return level[name]

    for name in before:
        place(name)
    for name, sources in before.items():
        if not sources:
            level[name] = (
                min((level[user] for user in before if name in before[user]), default=1) - 1
            )
    return level


def _draw_device(axes: Any, x: float, device: str, last_row: int) -> None:
    box = (x - 0.95, -0.45), 1.9, last_row + 0.9
    axes.add_patch(FancyBboxPatch(*box, boxstyle="round,pad=0.1", fc="#f2f2f2", ec="none"))
    axes.text(x, -0.72, f"/{device.rpartition('device:')[2].lower()}", ha="center", weight="bold")


def _draw_node(axes: Any, x: float, y: float, node: Any) -> Any:
    face, edge = ("#fdebd3", style.RED) if node.op in ("_Send", "_Recv") else ("white", "#555555")
    return axes.text(
        x,
        y,
        f"{node.op}\n{_label(node.name)}",
        ha="center",
        va="center",
        fontsize=10,
        bbox={"boxstyle": "round,pad=0.35", "facecolor": face, "edgecolor": edge},
    )


def _label(name: str) -> str:
    """Return the name of a node without what TensorFlow has added to it."""
    if name.startswith("_retval_"):
        return "to Python"
    head, slash, tail = name.rpartition("/")
    return head if slash and tail.startswith("_") else name


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
