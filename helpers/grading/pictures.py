"""Pictures of a class's results."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from helpers.plots import style
from helpers.plots.style import Picture

_LINES = "#555555"
# By status: fill, and the colour of the number on it. In print darker is better.
_BARS = {
    "full": (style.BLUE, "white"),
    "partial": (style.SKY, "black"),
    "none": ("#f5c09a", "black"),
    "not attempted": ("white", "black"),
    "not graded": ("#eeeeee", "black"),
}


def lower_bounds(values: Sequence[float], max_score: float) -> list[float]:
    """Return where each bar of points begins: a round number, or the full score.

    A bar reaches to below the next one. Each whole point has a bar of its own, and each half
    where there are some, as long as these are at most 21; the full score always has its own.

    Examples
    --------
    >>> lower_bounds([0, 2, 3], 3), lower_bounds([0.5], 2)
    ([0.0, 1.0, 2.0, 3.0], [0.0, 0.5, 1.0, 1.5, 2.0])
    >>> lower_bounds([1, 58.5, 60], 60)[-3:]
    [50.0, 55.0, 60.0]
    """
    halves = [0.5] if any(value % 1 for value in values) else []
    wider = (10**power * digit for power in range(9) for digit in (1, 2, 5))
    width = next(each for each in (*halves, *wider) if max_score / each <= 20)
    return [*map(float, np.arange(0, max_score, width)), float(max_score)]


@style.in_style
def scores(values: Sequence[float], max_score: float) -> Picture:
    """Draw how many students have how many points."""
    bounds = lower_bounds(values, max_score)
    own = np.searchsorted(bounds, np.clip(values, 0, None), side="right") - 1
    counts = np.bincount(own, minlength=len(bounds))
    median = float(np.median(values))
    figure, axes = style.new(height=2.9)
    bars = axes.bar(range(len(bounds)), counts, width=0.9, color=style.BLUE)
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 3}  # over the line of the median
    labels = [str(count or "") for count in counts]
    axes.bar_label(bars, labels, padding=5, fontsize=10, bbox=paper)
    whole = set(values) <= set(bounds)
    # In the middle of its bar where that stands for one value, else between the bar's ends.
    at = np.interp(median, bounds, np.arange(len(bounds)) - (0 if whole else 0.5))
    if median >= max_score:
        at = len(bounds) - 1
    axes.axvline(at, color=style.BLACK, linestyle="--", linewidth=1.5)
    axes.annotate(
        f"median {median:g}", (at, 1), (5, -3), xycoords=("data", "axes fraction"),
        textcoords="offset points", va="top", backgroundcolor="white",
    )  # fmt: skip
    reach = "" if whole else "; a bar is from its number to below the next"
    axes.set(
        xlabel=f"points, of {max_score:g}{reach}", ylabel="students",
        xticks=range(len(bounds)), xticklabels=[f"{bound:g}" for bound in bounds],
        ylim=(0, counts.max() * 1.3),
    )  # fmt: skip
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    axes.grid(visible=False, axis="x")
    ends = [f" to below {end:g}" for end in bounds[1:]]
    listed = "; ".join(
        f"{bound:g}{'' if whole else end}: {count}"
        for bound, end, count in zip(bounds, [*ends, ""], counts, strict=True)
    )
    return Picture(
        figure, f"Bars of the number of students by points. {listed}. The median is {median:g}."
    )


@style.in_style
def exercises(bars: Mapping[str, Mapping[str, int]]) -> Picture:
    """Draw how many answers of each exercise earned what, in the order given.

    Parameters
    ----------
    bars : mapping of str to mapping of str to int
        Label to the number of students by status, see `helpers.grading.results.STATUSES`.
    """
    figure, axes = style.new(height=0.9 + 0.27 * len(bars))
    places = np.arange(len(bars))
    total = max(sum(counts.values()) for counts in bars.values())
    left = np.zeros(len(bars))
    for status, (colour, ink) in _BARS.items():
        widths = np.array([counts.get(status, 0) for counts in bars.values()])
        if not widths.any():
            continue
        drawn = axes.barh(
            places, widths, left=left, height=0.8, color=colour, edgecolor=_LINES, linewidth=0.6,
            label=status,
        )  # fmt: skip
        shown = [str(width) if width >= 0.03 * total else "" for width in widths]
        axes.bar_label(drawn, shown, label_type="center", color=ink, fontsize=9)
        left += widths
    _label_bars(axes, list(bars))
    axes.set(xlabel="students", xlim=(0, total))
    figure.legend(loc="outside upper center", ncols=5, handlelength=1.2, columnspacing=1.4)
    sentences = [
        f"{label}: " + ", ".join(f"{counts[each]} {each}" for each in _BARS if counts.get(each))
        for label, counts in bars.items()
    ]
    return Picture(
        figure, "A bar for each exercise, divided by what the answers earned. "
        + "; ".join(sentences) + "."
    )  # fmt: skip


@style.in_style
def misconceptions(counts: Mapping[str, int], graded: int) -> Picture:
    """Draw how many students have each misconception, in the order given."""
    figure, axes = style.new(height=0.8 + 0.3 * len(counts))
    bars = axes.barh(np.arange(len(counts)), list(counts.values()), height=0.7, color=style.BLUE)
    axes.bar_label(bars, padding=3, fontsize=10)
    _label_bars(axes, list(counts))
    axes.set(xlabel=f"students, of {graded}", xlim=(0, max(counts.values()) * 1.08 + 0.2))
    listed = "; ".join(f"{label}: {count}" for label, count in counts.items())
    return Picture(figure, f"Bars of the number of students by misconception. {listed}.")


@style.in_style
def seconds(times: Mapping[str, Sequence[float]]) -> Picture:
    """Draw each notebook's computing time as a point, and each lesson's median, as given."""
    figure, axes = style.new(height=0.9 + 0.36 * len(times))
    for place, values in enumerate(times.values()):
        # Spread by number, so that equal times are seen side by side; not at random.
        spread = (np.arange(len(values)) * 0.618) % 1 * 0.5 - 0.25
        axes.plot(
            np.sort(values), place + spread, "o", markersize=4.5, alpha=0.55, color=style.BLUE,
            markeredgewidth=0,
        )  # fmt: skip
        axes.plot([np.median(values)] * 2, [place - 0.38, place + 0.38], "-", color=style.BLACK)
    _label_bars(axes, list(times))
    every = np.concatenate([np.asarray(values) for values in times.values()])
    if every.max() > 20 * np.median(every):  # one endless loop would press all others together
        axes.set_xscale("symlog", linthresh=0.1)
        axes.xaxis.set_major_formatter("{x:g}")
        axes.set(xlabel="seconds, in powers of 10; black: median", xlim=every.min() / 2)
    else:
        axes.set(xlabel="seconds; black: median", xlim=0)
    listed = "; ".join(
        f"{label}: median {np.median(values):.3g}, longest {max(values):.3g}"
        for label, values in times.items()
    )
    return Picture(figure, f"A point for each notebook's seconds, in a row a lesson. {listed}.")


def _label_bars(axes: Any, labels: Sequence[str]) -> None:
    """Name the rows from the top down; a name is never taken for a formula."""
    axes.set_yticks(np.arange(len(labels)), labels, parse_math=False, fontsize=10)
    axes.set_ylim(len(labels) - 0.45, -0.55)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_color(_LINES)
