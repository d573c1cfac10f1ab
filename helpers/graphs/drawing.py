"""The drawing of a live graph, as SVG."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

import tensorflow as tf

from helpers.graphs.layout import Point, layered
from helpers.graphs.lookup import elements, graph_of
from helpers.graphs.structure import Edge, Node, executed, structure

MARGIN = 16
INK = "#1a1a1a"
PALE_INK, PALE_LINE = "#767676", "#b8b8b8"
# Fill and line of each kind; the kinds differ in shape and label too.
COLOURS = {
    "operation": ("#e3edf8", "#0a5a9c"),
    "variable": ("#fdebd3", "#a85400"),
    "placeholder": ("#d9f2e6", "#00694f"),
    "constant": ("#f2f2f2", "#4d4d4d"),
    "summary": ("#f3e6f0", "#8a3f73"),
}
MARK_COLOURS = {"must be fed": "#a4001d", "fed": "#00694f", "initialized": "#a85400"}


@dataclass(frozen=True)
class Drawing:
    """A picture of a graph: SVG in a notebook, a list of its nodes elsewhere."""

    svg: str = field(repr=False)
    text: str

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        """Give the drawing in words."""
        return self.text


def draw(
    graph_or_tensors: Any, fetches: Any = None, feeds: Any = (), detail: bool = False
) -> Drawing:
    """Draw a live graph; with fetches, show what ``session.run(fetches)`` executes.

    Data flows downwards, each arrow labelled with the tensor's shape, and its dtype unless that is
    float32. A dashed arrow is a control dependency. An arrow labelled "writes" points at the
    variable that an operation changes. With fetches, what runs has a thick border and the rest is
    pale.

    Parameters
    ----------
    graph_or_tensors : tf.Graph, or tensors, variables or operations of one graph
        A graph is drawn whole, a tensor with all that it depends on.
    fetches : what ``session.run`` accepts, optional
    feeds : tensors, names of tensors, or a feed dictionary
    detail : bool
        Draw each operation by itself. Otherwise a variable is one node together with its reads and
        initial value, and so are the gradients, an optimizer and a saver.

    Returns
    -------
    Drawing
        Shown by Jupyter as SVG; its text form lists the same nodes.

    Raises
    ------
    TypeError
        If something given belongs to no graph, such as an eager tensor.
    ValueError
        If the graph is empty, a fetch or feed is not in it, or two graphs are mixed.

    Examples
    --------
    >>> tf1 = tf.compat.v1
    >>> with tf.Graph().as_default():
    ...     x = tf1.placeholder(tf.float32, [2], name="x")
    ...     y = tf1.multiply(x, 3.0, name="y")
    >>> draw(y, fetches=y, feeds={x: [1.0, 2.0]})
    Graph of 3 nodes; 2 run.
    x: Placeholder [fed]
    y/y: Const = 3.0 [runs]
    y: Mul of x, y/y [runs, fetched]
    """
    graph = graph_of(graph_or_tensors)
    with graph.as_default():  # some properties of a variable are refused in eager mode
        fetched = None if fetches is None else elements(graph, fetches, "fetch")
        fed = elements(graph, list(feeds) if isinstance(feeds, dict) else feeds, "feed")
        drawn = None
        if not isinstance(graph_or_tensors, tf.Graph):
            targets = elements(graph, graph_or_tensors, "target")
            drawn = executed(targets + (fetched or []) + fed)
        nodes, edges = structure(graph, drawn, fetched, fed, detail)
    text = described(nodes, edges, fetched is not None)
    return Drawing(svg(nodes, edges, fetched is not None, text), text)


def described(nodes: list[Node], edges: list[Edge], with_runs: bool) -> str:
    """Put the drawing into words: a line for each node."""
    running = f"; {sum(node.runs for node in nodes)} run" if with_runs else ""
    lines = [f"Graph of {len(nodes)} node{'s' * (len(nodes) != 1)}{running}."]
    for node in nodes:
        line = f"{node.name}: {node.detail}"
        for kind, word in [("data", "of"), ("write", "writes"), ("control", "after")]:
            sources = [e.source for e in edges if e.target == node.name and e.kind == kind]
            line += f" {word} {', '.join(sources)}" if sources else ""
        notes = ["runs"] * (with_runs and node.runs) + list(node.marks)
        lines.append(line + (f" [{', '.join(notes)}]" if notes else ""))
    return "\n".join(lines)


def svg(nodes: list[Node], edges: list[Edge], with_runs: bool, text: str) -> str:
    """Draw nodes and edges as SVG, `text` being what stands for the picture in words.

    Everything is said in attributes: a style sheet or an id would reach into the whole notebook.
    """
    number = {node.name: i for i, node in enumerate(nodes)}
    centres, routes, spots = layered(
        [_size(node) for node in nodes],
        [(number[edge.source], number[edge.target]) for edge in edges],
        [_text_width(edge.label, 11) for edge in edges],
    )
    right = max(
        [x + _size(node)[0] // 2 for node, (x, _) in zip(nodes, centres, strict=True)]
        + [x + _text_width(e.label, 11) // 2 for e, (x, _) in zip(edges, spots, strict=True)]
        + [x for route in routes for x, _ in route]
    )
    bottom = max(y + _size(node)[1] // 2 for node, (_, y) in zip(nodes, centres, strict=True))

    key, key_width = _key(edges, with_runs, bottom + 28)
    width = max(right, key_width) + 2 * MARGIN
    height = bottom + (36 if key else 0) + 2 * MARGIN
    shift = MARGIN + max(0, key_width - right) // 2

    # What is pale is drawn first, so that it crosses below.
    layers = sorted(zip(edges, routes, strict=True), key=lambda pair: pair[0].runs)
    parts = [_edge(edge, route, not with_runs or edge.runs, with_runs) for edge, route in layers]
    parts += [
        _label(edge.label, spot, _ink(not with_runs or edge.runs))
        for edge, spot in zip(edges, spots, strict=True)
        if edge.label
    ]
    parts += [_node(node, at, with_runs) for node, at in zip(nodes, centres, strict=True)]
    title = text.split("\n", 1)[0]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" style="max-width: 100%; height: auto" role="img" '
            f'aria-label="{escape(text, {chr(34): "&quot;", chr(10): " "})}" '
            'font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" text-anchor="middle">',
            f"<title>{escape(title)}</title>",
            f"<desc>{escape(text)}</desc>",
            f'<rect width="{width}" height="{height}" rx="10" fill="#ffffff"/>',
            f'<g transform="translate({shift} {MARGIN})">',
            *parts,
            "</g>",
            *([f'<g transform="translate({MARGIN} {MARGIN})">', *key, "</g>"] if key else []),
            "</svg>\n",
        ]
    )


def _text_width(text: str, size: int) -> int:
    return (len(text) * size * 61 + 99) // 100  # monospaced: 0.6 em, and a little room


def _lines(node: Node) -> list[tuple[str, int, bool]]:
    """Text, size and weight of a node's lines: scope, name, detail."""
    scope, slash, name = node.name.rpartition("/")
    if len(scope) > 24:
        scope = "…" + scope[-23:]
    return [(scope + slash, 11, False)] * bool(scope) + [(name, 13, True), (node.detail, 11, False)]


def _size(node: Node) -> tuple[int, int]:
    texts = [_text_width(text, size) for text, size, _ in _lines(node)]
    marks = [_text_width(mark, 10) + 12 for mark in node.marks]
    extra = {"placeholder": 22, "summary": 10, "constant": 10}.get(node.kind, 0)
    cap = {"variable": 14, "summary": 6}.get(node.kind, 0)
    width = max(60, max(texts + marks) + 22 + extra)
    height = 16 * len(texts) + 17 * len(marks) + 10 + cap
    return width // 2 * 2, height // 2 * 2


def _ink(strong: bool) -> str:
    return INK if strong else PALE_INK


def _node(node: Node, centre: Point, with_runs: bool) -> str:
    x, y = centre
    width, height = _size(node)
    strong = not with_runs or node.runs or "fed" in node.marks
    fill, line = COLOURS[node.kind] if strong else ("#ffffff", PALE_LINE)
    thick = "3" if with_runs and node.runs else "1.3"
    paint = f'fill="{fill}" stroke="{line}" stroke-width="{thick}" stroke-linejoin="round"'
    parts = [f"<title>{escape(f'{node.name}: {node.detail}')}</title>"]
    parts.append(_outline(node.kind, x - width // 2, y - height // 2, width, height, paint))
    x -= 3 if node.kind == "summary" else 0  # the middle of the pile's top sheet
    baseline = y - height // 2 + (24 if node.kind == "variable" else 12) + 6
    for text, size, bold in _lines(node):
        ink = _ink(strong) if bold or not strong else "#4a4a4a"
        parts.append(_text(x, baseline, text, size, ink, bold))
        baseline += 16
    for mark in node.marks:
        wide = _text_width(mark, 10) + 12
        colour = MARK_COLOURS.get(mark, INK)
        parts.append(
            f'<rect x="{x - wide // 2}" y="{baseline - 11}" width="{wide}" height="15" rx="4" '
            f'fill="{colour}"/>'
        )
        parts.append(_text(x, baseline, mark, 10, "#ffffff", bold=True))
        baseline += 17
    return "<g>" + "".join(parts) + "</g>"


def _outline(kind: str, x: int, y: int, width: int, height: int, paint: str) -> str:
    right, bottom = x + width, y + height
    if kind == "variable":  # a drum, the sign for storage
        return (
            f'<path d="M{x} {y + 6}V{bottom - 6}A{width // 2} 6 0 0 0 {right} {bottom - 6}'
            f"V{y + 6}A{width // 2} 6 0 0 0 {x} {y + 6}A{width // 2} 6 0 0 0 {right} {y + 6}"
            f'A{width // 2} 6 0 0 0 {x} {y + 6}Z" {paint}/>'
        )
    if kind == "placeholder":  # a parallelogram, the sign for input
        corners = f"{x + 11},{y} {right},{y} {right - 11},{bottom} {x},{bottom}"
        return f'<polygon points="{corners}" {paint}/>'
    if kind == "summary":  # a pile
        sheet = f'width="{width - 5}" height="{height - 5}" rx="4" {paint}'
        return f'<rect x="{x + 5}" y="{y + 5}" {sheet}/><rect x="{x}" y="{y}" {sheet}/>'
    radius = height // 2 if kind == "constant" else 4
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" {paint}/>'


def _edge(edge: Edge, route: list[Point], strong: bool, with_runs: bool) -> str:
    if edge.kind == "write":
        route = route[::-1]
    x, y = route[-1]
    colour = COLOURS["variable"][1] if edge.kind == "write" else "#333333"
    colour = colour if strong else PALE_LINE
    down = 1 if route[0][1] < y else -1
    neck = y - 7 * down  # the line stops inside the arrowhead
    path = _curve([point for point in route if (neck - point[1]) * down > 0] + [(x, neck)])
    dash = ' stroke-dasharray="5 4"' if edge.kind == "control" else ""
    thick = "2.2" if strong and with_runs else "1.3"
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{thick}"{dash}/>'
        f'<polygon points="{x},{y} {x - 4},{y - 9 * down} {x + 4},{y - 9 * down}" fill="{colour}"/>'
    )


def _curve(points: list[Point]) -> str:
    """Join points smoothly; between two of them x never leaves their range."""
    lean = [0]  # change of x in 1000 units of y; vertical at both ends
    for (x1, y1), (x2, y2), (x3, y3) in zip(points, points[1:], points[2:], strict=False):
        before, after = 1000 * (x2 - x1) // (y2 - y1), 1000 * (x3 - x2) // (y3 - y2)
        turns = before * after <= 0
        lean.append(0 if turns else 2 * before * after // (before + after))
    lean.append(0)
    path = f"M{points[0][0]} {points[0][1]}"
    for i, ((x1, y1), (x2, y2)) in enumerate(pairwise(points)):
        third = (y2 - y1) // 3
        bend1, bend2 = x1 + third * lean[i] // 1000, x2 - third * lean[i + 1] // 1000
        path += f"C{bend1} {y1 + third} {bend2} {y2 - third} {x2} {y2}"
    return path


def _label(label: str, centre: Point, ink: str) -> str:
    (x, y), width = centre, _text_width(label, 11)
    ground = f'<rect x="{x - width // 2}" y="{y - 7}" width="{width}" height="14" fill="#ffffff"/>'
    return ground + _text(x, y + 4, label, 11, ink)


def _text(x: int, y: int, text: str, size: int, ink: str, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{ink}"{weight}>{escape(text)}</text>'


def _key(edges: Iterable[Edge], with_runs: bool, y: int) -> tuple[list[str], int]:
    """Explain the signs that do not explain themselves; return them and their width."""
    parts, x = [], 0
    entries = [("runs", "run"), ("does not run", "rest")] if with_runs else []
    if any(edge.kind == "control" for edge in edges):
        entries.append(("control dependency", "control"))
    for label, sign in entries:
        if sign == "control":
            parts.append(
                f'<path d="M{x} {y}H{x + 24}" stroke="#333333" stroke-width="1.3" '
                'stroke-dasharray="5 4"/>'
            )
        else:
            line, thick = (INK, "3") if sign == "run" else (PALE_LINE, "1.3")
            parts.append(
                f'<rect x="{x + 2}" y="{y - 6}" width="20" height="12" rx="3" fill="#ffffff" '
                f'stroke="{line}" stroke-width="{thick}"/>'
            )
        wide = _text_width(label, 11)
        parts.append(_text(x + 32 + wide // 2, y + 4, label, 11, "#4a4a4a"))
        x += wide + 52
    return parts, max(0, x - 20)
