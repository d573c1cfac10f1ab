"""The map of the course: its units and lessons, and how far a learner has come."""

import textwrap
from collections.abc import Sequence
from itertools import count
from typing import Any, NamedTuple

from matplotlib.patches import FancyBboxPatch, Rectangle

from helpers.plots import style
from helpers.plots.style import Picture

COLUMNS = 4
# All in inches.
_HEADING, _BOX, _STEP, _GAP = 0.34, 0.34, 0.40, 0.16
_COLUMN = style.WIDTH / COLUMNS
_INK, _FAINT, _FILL = "#1a1a1a", "#5f5f5f", "#cfe6f5"


class Stop(NamedTuple):
    """A lesson on the map.

    Attributes
    ----------
    here : bool
        Whether the lesson is there yet.
    share : float
        Share of its points that were earned, from 0 to 1.
    mark : str
        Stands at the right of the box: a tick, or exercises passed of all.
    last : bool
        Whether it is the lesson last worked on.
    """

    number: str
    title: str
    here: bool
    share: float = 0.0
    mark: str = ""
    last: bool = False


@style.in_style
def course_map(units: Sequence[tuple[str, Sequence[Stop]]], says: str) -> Picture:
    """Draw the units one below the other, in columns, with a box for each lesson.

    Parameters
    ----------
    units : sequence of (title, stops)
    says : str
        The picture's text alternative.
    """
    columns = flow([len(stops) + 1 for _, stops in units])
    legend_top = max(_height([units[i] for i in column]) for column in columns)
    height = legend_top + 0.62
    figure, axes = style.new(height=height)
    axes.set(xlim=(0, style.WIDTH), ylim=(height, 0))
    axes.set_axis_off()
    for number, column in enumerate(columns):
        left, top = number * _COLUMN + 0.05, 0.0
        for i in column:
            title, stops = units[i]
            heading = f"{i + 1}  {title}"
            axes.text(left, top + 0.17, heading, fontsize=10, fontweight="bold", va="center")
            top += _HEADING
            for stop in stops:
                _draw(axes, left, top, stop)
                top += _STEP
            top += _GAP
    _legend(axes, legend_top + 0.1)
    return Picture(figure, says)


def flow(sizes: Sequence[int]) -> list[list[int]]:
    """Return which units stand in which column: in order, the longest column as short as can be.

    >>> flow([9, 7, 5, 4, 2, 5, 6])
    [[0], [1], [2, 3, 4], [5, 6]]
    """
    for limit in count(max(sizes)):
        columns: list[list[int]] = [[]]
        for i, size in enumerate(sizes):
            if sum(sizes[j] for j in columns[-1]) + size > limit:
                columns.append([])
            columns[-1].append(i)
        if len(columns) <= COLUMNS:
            return columns
    raise AssertionError("unreachable")


def _height(units: Sequence[tuple[str, Sequence[Stop]]]) -> float:
    return sum(_HEADING + _STEP * len(stops) + _GAP for _, stops in units)


def _draw(axes: Any, left: float, top: float, stop: Stop) -> None:
    """Draw a lesson's box with what stands in it."""
    width = _COLUMN - 0.14
    _box(axes, left, top, width, _BOX, stop)
    ink, middle = _INK if stop.here else _FAINT, top + _BOX / 2
    lines = textwrap.wrap(stop.title, 18)
    text = {"va": "center_baseline" if len(lines) == 1 else "center", "fontsize": 8, "color": ink}
    axes.text(left + 0.29, middle, "\n".join(lines), linespacing=1.05, **text)
    text |= {"va": "center_baseline", "fontweight": "bold"}
    axes.text(left + 0.07, middle, stop.number, **text)
    axes.text(left + width - 0.06, middle, stop.mark, ha="right", **text)


def _box(axes: Any, left: float, top: float, width: float, height: float, stop: Stop) -> None:
    """Draw a box whose edge says whether the lesson is there, and whose filling how far it is."""
    edge, thickness, dash = (style.BLUE, 1.2, "-") if stop.here else (style.GREY, 1.0, (0, (3, 2)))
    if stop.last:
        edge, thickness = style.RED, 2.6
    shape = "round,pad=0,rounding_size=0.05"
    box = FancyBboxPatch(
        (left, top), width, height, shape, fill=False, ec=edge, lw=thickness, ls=dash, zorder=2
    )
    filled = Rectangle((left, top), width * stop.share, height, fc=_FILL, ec="none", zorder=1)
    axes.add_patch(box)
    axes.add_patch(filled)
    filled.set_clip_path(box)


def _legend(axes: Any, top: float) -> None:
    """Say what the boxes mean, in two lines."""
    samples = [
        (0, 0, Stop("", "", here=True), "ready"),
        (0, 1, Stop("", "", here=False), "to come"),
        (1, 0, Stop("", "", here=True, share=0.5), "begun: your points fill it"),
        (1, 1, Stop("", "", here=True, last=True), "where you were last"),
        (2.4, 0, Stop("", "", here=True, share=0.5, mark="1/3"), "exercises passed, of all"),
        (2.4, 1, Stop("", "", here=True, share=1.0, mark="✓"), "every exercise passed"),
    ]
    for column, row, stop, meaning in samples:
        left, y = 0.05 + column * _COLUMN, top + 0.26 * row
        _box(axes, left, y, 0.4, 0.18, stop)
        text = {"fontsize": 8, "va": "center_baseline", "color": _INK}
        axes.text(left + 0.36, y + 0.09, stop.mark, ha="right", fontweight="bold", **text)
        axes.text(left + 0.5, y + 0.09, meaning, **text)
