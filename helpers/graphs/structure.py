"""What there is to draw of a live graph, and what a run of it would execute."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from helpers.graphs.grouping import PLACEHOLDERS, VARIABLES, homes, is_reference

WRITES = re.compile("Assign|Apply|Scatter|CountUpTo")


@dataclass(frozen=True)
class Node:
    """One box of the drawing: an operation, a variable, or a summary of many operations."""

    name: str
    kind: str  # "operation", "variable", "placeholder", "constant" or "summary"
    detail: str
    marks: tuple[str, ...]
    runs: bool


@dataclass(frozen=True)
class Edge:
    """One arrow of the drawing, between two nodes given by name."""

    source: str
    target: str
    kind: str  # "data", "control" or "write": then the target writes into the source
    label: str
    runs: bool


def executed(fetches: Iterable[Any], feeds: Iterable[tf.Tensor] = ()) -> set[str]:
    """Name the operations that ``session.run`` of these fetches executes.

    These are all that the fetches depend on, by inputs and control inputs, up to the fed tensors:
    what TensorFlow keeps of the graph before it optimises (where it may, for one, compute what is
    constant only once).

    Parameters
    ----------
    fetches : tensors and operations
    feeds : tensors

    Returns
    -------
    set of str

    Examples
    --------
    >>> with tf.Graph().as_default():
    ...     three, two = tf.constant(3.0, name="three"), tf.constant(2.0, name="two")
    ...     total = tf.add(three, two, name="total")
    ...     product = tf.multiply(three, total, name="product")
    >>> sorted(executed([product], feeds=[total]))
    ['product', 'three']
    """
    fed = {tensor.name for tensor in feeds}
    names: set[str] = set()
    waiting = [item for item in fetches if item.name not in fed]
    while waiting:
        item = waiting.pop()
        op = item if isinstance(item, tf.Operation) else item.op
        if op.name not in names:
            names.add(op.name)
            waiting += [tensor for tensor in op.inputs if tensor.name not in fed]
            # A fed placeholder is cut out wholly; any other operation still runs as a control.
            waiting += [
                control
                for control in op.control_inputs
                if control.type != "Placeholder" or control.outputs[0].name not in fed
            ]
    return names


def structure(
    graph: tf.Graph,
    drawn: set[str] | None = None,
    fetches: Iterable[Any] | None = None,
    feeds: Iterable[tf.Tensor] = (),
    detail: bool = False,
) -> tuple[list[Node], list[Edge]]:
    """List the nodes and edges to draw, in the order in which the graph was built.

    Parameters
    ----------
    graph : tf.Graph
    drawn : set of str, optional
        Names of the operations to draw; all of them if not given.
    fetches, feeds : see `executed`; without fetches nothing is marked as running.
    detail : bool
        Draw each operation by itself; else a variable is one node together with its reads and its
        initial value, and so are the gradients, an optimizer and a saver.

    Returns
    -------
    nodes : list of Node
    edges : list of Edge

    Examples
    --------
    >>> with tf.Graph().as_default() as graph:
    ...     total = tf.add(tf.constant(3.0), tf.constant(2.0), name="total")
    >>> nodes, edges = structure(graph)
    >>> [(edge.source, edge.target, edge.label) for edge in edges]
    [('Const', 'total', '()'), ('Const_1', 'total', '()')]
    """
    ops = [op for op in graph.get_operations() if drawn is None or op.name in drawn]
    fetches, feeds = list(fetches or ()), list(feeds)
    running = executed(fetches, feeds)
    fetched = {item.name if isinstance(item, tf.Operation) else item.op.name for item in fetches}
    fed = {tensor.op.name for tensor in feeds}
    home = {op.name: op.name for op in ops} if detail else homes(graph, ops, fetched | fed)

    members: dict[str, list[tf.Operation]] = {}
    for op in ops:
        members.setdefault(home[op.name], []).append(op)
    nodes = [_node(name, group, running, fetched, fed) for name, group in members.items()]

    bundles: dict[tuple[str, str, str], list[tuple[str, str, bool]]] = {}
    for op in ops:
        runs = op.name in running
        for tensor in op.inputs:
            writes = is_reference(tensor) and WRITES.search(op.type)
            key = (home[tensor.op.name], home[op.name], "write" if writes else "data")
            bundles.setdefault(key, []).append((tensor.name, _tensor_label(tensor), runs))
        for control in op.control_inputs:
            if control.name in home:
                key = (home[control.name], home[op.name], "control")
                bundles.setdefault(key, []).append((control.name, "", runs))
    summaries = {node.name for node in nodes if node.kind == "summary"}
    edges = [
        Edge(
            source,
            target,
            kind,
            _bundle_label(kind, parts, target in summaries),
            any(runs for _, _, runs in parts),
        )
        for (source, target, kind), parts in bundles.items()
        if source != target
    ]
    return nodes, edges


def _node(
    name: str, group: list[tf.Operation], running: set[str], fetched: set[str], fed: set[str]
) -> Node:
    types = {op.name: op.type for op in group}
    count = sum(op.name in running for op in group)
    main = group[0] if len(group) == 1 else next((op for op in group if op.name == name), None)
    if main is not None and main.type in VARIABLES:
        kind, detail = "variable", "Variable" if len(group) > 1 else main.type
    elif len(group) > 1:
        kind = "summary"
        detail = f"{count} of {len(group)}" if 0 < count < len(group) else f"{len(group)}"
        detail += " operations"
    elif types[name] in PLACEHOLDERS:
        kind, detail = "placeholder", types[name]
    elif types[name] == "Const":
        kind, detail = "constant", _constant_detail(group[0])
    else:
        kind, detail = "operation", types[name]
    marks = ["fetched"] if fetched & types.keys() else []
    if fed & types.keys():
        marks.append("fed")
    elif kind == "placeholder" and types[name] == "Placeholder" and count:
        marks.append("must be fed")
    if kind == "variable" and f"{name}/Assign" in running & types.keys():
        marks.append("initialized")
    return Node(name, kind, detail, tuple(marks), count > 0)


def _constant_detail(op: tf.Operation) -> str:
    value = tf.make_ndarray(op.get_attr("value"))
    if value.dtype == object or value.size > 6:
        return "Const"
    digits = np.array2string(
        value,
        separator=", ",
        formatter={"float_kind": lambda number: repr(float(f"{number:.4g}"))},
    )
    text = " ".join(digits.split())
    return f"Const = {text}" if len(text) <= 22 else "Const"


def _tensor_label(tensor: tf.Tensor) -> str:
    if tensor.dtype in (tf.resource, tf.variant):
        return ""
    shape = "(?)" if tensor.shape.rank is None else str(tuple(tensor.shape.as_list()))
    dtype = tensor.dtype.base_dtype.name
    return shape if dtype == "float32" else f"{shape} {dtype}"


def _bundle_label(kind: str, parts: list[tuple[str, str, bool]], summary: bool) -> str:
    if kind == "write":
        return "writes"
    if summary:  # takes in so much that labels would bury the picture
        return ""
    labels = {label for _, label, _ in parts}
    return labels.pop() if len(labels) == 1 else f"{len({name for name, _, _ in parts})} tensors"
