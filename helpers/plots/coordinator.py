"""Pictures for the slide headed 队列, on threads: who is busy when."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from helpers import threads
from helpers.plots import style
from helpers.plots.style import Picture

_LIGHT = 0.45


def _rows(spans: Sequence[threads.Span]) -> list[tuple[str, list[threads.Span]]]:
    """Return a row for each name, or several where a name's spans overlap, the last name first."""
    rows: list[tuple[str, list[threads.Span]]] = []
    for span in sorted(spans, key=lambda span: (span.begin, str(span.item))):
        for name, row in rows:
            if name == span.name and row[-1].end <= span.begin:
                row.append(span)
                break
        else:
            rows.append((span.name, [span]))
    return sorted(rows, key=lambda row: row[0], reverse=True)


def _draw(axes: Any, spans: Sequence[threads.Span], colours: Mapping[str, str]) -> None:
    rows = _rows(spans)
    for height, (name, row) in enumerate(rows):
        for span in row:
            axes.barh(
                height,
                span.end - span.begin,
                0.7,
                span.begin,
                color=colours.get(name, style.SKY),
                alpha=_LIGHT,
                edgecolor=style.BLACK,
                linewidth=0.8,
            )
            middle = (span.begin + span.end) / 2
            if span.item is not None:
                axes.text(middle, height, str(span.item), ha="center", va="center", fontsize=9)
    axes.set(yticks=range(len(rows)), yticklabels=[name for name, _ in rows])
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.grid(axis="y", visible=False)


@style.in_style
def workers(spans: Sequence[threads.Span], asked: tuple[str, float]) -> Picture:
    """Draw what each worker was busy with, a row each, and who asked all to stop.

    Parameters
    ----------
    spans : sequence of Span
    asked : tuple of (str, float)
        The name of the worker, and when it asked.
    """
    name, time = asked
    figure, axes = style.new(height=2.9)
    _draw(axes, spans, {})
    place = [row for row, _ in _rows(spans)].index(name)
    axes.axvline(time, color=style.RED, linestyle="--", linewidth=1.2)
    axes.plot(time, place, "*", color=style.RED, ms=17, mec=style.BLACK, zorder=3)
    last = max(span.end for span in spans)
    axes.set(xlabel="seconds of the clock", xlim=(0, last + 0.5))
    return Picture(
        figure,
        f"pieces of work of five workers as bars. At {time:g} {name} asks all to stop, drawn as a "
        f"star; no bar begins later, and the last one ends at {last:g}.",
    )


@style.in_style
def timelines(found: Mapping[str, Sequence[threads.Span]]) -> Picture:
    """Draw who produces and who consumes which item and when, a panel for each way.

    Parameters
    ----------
    found : mapping of str to sequence of Span
        The name of a way, to its spans, whose names are `producer` and `consumer`.
    """
    numbers = [len(_rows(spans)) for spans in found.values()]
    figure, panels = style.new(
        rows=len(found),
        height=0.36 * sum(numbers) + 0.45 * len(found) + 0.4,
        squeeze=False,
        sharex=True,
        height_ratios=numbers,
    )
    colours = {"producer": style.ORANGE, "consumer": style.BLUE}
    said = []
    for axes, (way, spans) in zip(panels[:, 0], found.items(), strict=True):
        _draw(axes, spans, colours)
        axes.set_title(way)
        last = max(span.end for span in spans)
        said.append(f"{way}, the last item is consumed at {last:g}")
    panels[-1, 0].set(xlabel="seconds of the clock")
    return Picture(figure, f"when each item is produced and consumed: {'; '.join(said)}.")


@style.in_style
def buffered(buffer_size: float, produce: float, consume: float, items: int = 8) -> Picture:
    """Draw the timeline of producer and consumer with a buffer, as computed.

    Parameters
    ----------
    buffer_size : float
        Rounded: sliders give floats.
    produce, consume : float
        How long each item takes on average: every other item takes half as long as the one before
        it to produce.
    items : int, optional
    """
    size = round(buffer_size)
    uneven = produce * np.where(np.arange(items) % 2, 2 / 3, 4 / 3)
    times = threads.timeline(uneven, np.full(items, consume), size)
    spans = [threads.Span(row[0], row[1], "producer", i) for i, row in enumerate(times)]
    spans += [threads.Span(row[2], row[3], "consumer", i) for i, row in enumerate(times)]
    picture = timelines({f"buffer {size}": [span for span in spans if span.end > span.begin]})
    picture.figure.axes[0].set_xlim(0, items * 7)
    return picture


@style.in_style
def totals(sizes: ArrayLike, seconds: ArrayLike, least: float) -> Picture:
    """Draw how long all items take by the size of the buffer.

    Parameters
    ----------
    sizes : array_like of int
    seconds : array_like of float
        At which the last item is consumed.
    least : float
        What the slower of the two would need alone.
    """
    figure, axes = style.new(height=2.5)
    axes.axhline(least, color=style.GREY, linestyle="--", label="the slower one alone")
    axes.plot(sizes, seconds, "o-", color=style.BLUE, label="producer and consumer")
    axes.set(xlabel="buffer size", ylabel="seconds for all items", xticks=np.asarray(sizes))
    axes.legend()
    pairs = ", ".join(
        f"{s}: {t:.0f}" for s, t in zip(*map(np.asarray, (sizes, seconds)), strict=True)
    )
    return Picture(
        figure, f"seconds for all items by buffer size, falling towards {least:.0f}: {pairs}."
    )
