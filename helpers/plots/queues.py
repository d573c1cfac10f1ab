"""Pictures for the slide headed 队列: queues as rows of boxes, and how buffers mix."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from helpers.plots import style
from helpers.plots.style import Picture


@style.in_style
def boxes(states: Mapping[str, Sequence], capacity: int) -> Picture:
    """Draw what a queue holds over time: a row for each moment, the front on the left.

    Parameters
    ----------
    states : mapping of str to sequence
        What has happened, to what the queue holds after it, the next to leave first.
    capacity : int
        Empty places are drawn as dotted boxes.
    """
    figure, axes = style.new(height=0.42 * len(states) + 0.3)
    for row, held in enumerate(states.values()):
        for place in range(capacity):
            full = place < len(held)
            box = Rectangle((place, -row), 0.9, 0.75, edgecolor=style.BLACK)
            box.set(facecolor=style.SKY if full else "white", linestyle="-" if full else ":")
            axes.add_patch(box)
            if full:
                axes.text(place + 0.45, 0.375 - row, str(held[place]), ha="center", va="center")
    for row, name in enumerate(states):
        axes.text(-0.2, 0.375 - row, name, ha="right", va="center")
    axes.annotate("front", (0.45, 0.9), ha="center")
    axes.annotate("rear", (capacity - 0.55, 0.9), ha="center")
    axes.set(xlim=(-3.2, max(capacity, 5)), ylim=(0.7 - len(states), 1.2))
    axes.axis("off")
    rows = "; ".join(f"{name}: {', '.join(map(str, held))}" for name, held in states.items())
    return Picture(figure, f"a queue of {capacity} places over time, front first. {rows}.")


@style.in_style
def orders(found: Mapping[str, ArrayLike]) -> Picture:
    """Draw which item stands at which place after shuffling, side by side.

    Parameters
    ----------
    found : mapping of str to array_like of int, shape (items,)
        A buffer's name, to the items' numbers in the order in which they came out.
    """
    figure, panels = style.new(columns=len(found), height=2.4, sharey=True, squeeze=False)
    for axes, (name, order) in zip(panels[0], found.items(), strict=True):
        axes.plot(np.asarray(order), ".", ms=1.5)
        axes.set(title=name, xlabel="place")
    panels[0, 0].set_ylabel("number of the item")
    return Picture(
        figure,
        "the numbers of items by their place after shuffling, from a line to an even cloud: "
        f"{', '.join(found)}.",
    )
