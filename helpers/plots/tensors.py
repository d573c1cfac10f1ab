"""Pictures for the slide on tensors: ranks, broadcasting, and digits beside their means."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from helpers.plots import style
from helpers.plots.style import Picture


def _blank(axes: Any) -> None:
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)


def _pixels(axes: Any, image: NDArray, left: float = 0, top: float = 0, order: int = 1) -> None:
    """Draw pixels from 0 (white) to 1 (black) with a frame, each one unit wide."""
    rows, columns = image.shape
    extent = (left, left + columns, top + rows, top)
    axes.imshow(image, vmin=0, vmax=1, extent=extent, zorder=order)
    _frame(axes, left, top, columns, rows, "#555555", order)


def _frame(
    axes: Any, left: float, top: float, width: float, height: float, colour: str, order: float
) -> None:
    box = Rectangle((left, top), width, height, fill=False, edgecolor=colour, linewidth=2)
    box.set(zorder=order + 0.5, clip_on=False)
    axes.add_patch(box)


@style.in_style
def ranks(images: NDArray, row: int, column: int) -> Picture:
    """Draw a pixel, a row, an image and a batch of images, each a part of the next.

    Parameters
    ----------
    images : ndarray of shape (images, rows, columns)
        Pixels from 0 (white) to 1 (black). The first one is taken apart.
    row, column : int
        The row that is the vector, and the column of the pixel in it.
    """
    first, (rows, columns) = images[0], images.shape[1:]
    figure, panels = style.new(columns=4, height=2.6, width_ratios=[8.6, 8.6, 8.6, 12.5])
    _pixels(panels[0], first[row : row + 1, column : column + 1], column, row)
    _frame(panels[0], column, row, 1, 1, style.RED, 2)
    _pixels(panels[1], first[row : row + 1], 0, row)
    _frame(panels[1], 0, row, columns, 1, style.ORANGE, 2)
    _frame(panels[1], column, row, 1, 1, style.RED, 3)
    _pixels(panels[2], first)
    _frame(panels[2], 0, row, columns, 1, style.ORANGE, 2)
    _frame(panels[2], column, row, 1, 1, style.RED, 3)
    shown = images[:4]
    step = 1.3
    for i, image in enumerate(shown):
        _pixels(panels[3], image, step * i, -step * i, len(shown) - i)
    names = ["scalar", "vector", "matrix", "rank 3"]
    parts: list[NDArray] = [first[row, column], first[row], first, images]
    for axes, name, part in zip(panels, names, parts, strict=True):
        _blank(axes)
        axes.set_title(f"{name}\nshape {part.shape}")
        high = step * (len(shown) - 1)
        right = high if axes is panels[3] else 0
        axes.set(xlim=(-0.3, columns + right + 0.3), ylim=(rows + 0.3, -high - 0.3))
        axes.set_aspect("equal")
    return Picture(
        figure,
        "a pixel is a scalar, a row of pixels a vector, an image a matrix, and a batch of images "
        "a tensor of rank 3; each is a part of the next.",
    )


def _numbers(axes: Any, values: NDArray, own: NDArray, title: str, colour: str) -> None:
    """Draw a matrix of numbers; cells that are not the operand's own are pale."""
    for (i, j), value in np.ndenumerate(values):
        face = colour if own[i, j] else "white"
        axes.add_patch(
            Rectangle((j, i), 1, 1, facecolor=face, alpha=0.35 if own[i, j] else 1, linewidth=0)
        )
        edge = "#555555" if own[i, j] else style.GREY
        line = "-" if own[i, j] else ":"
        axes.add_patch(
            Rectangle((j, i), 1, 1, fill=False, edgecolor=edge, linestyle=line, linewidth=1.2)
        )
        weight, ink = ("bold", "black") if own[i, j] else ("normal", "#777777")
        axes.text(
            j + 0.5, i + 0.5, f"{value:g}", ha="center", va="center", weight=weight, color=ink
        )
    rows, columns = values.shape
    _blank(axes)
    axes.set(xlim=(-0.1, columns + 0.1), ylim=(rows + 0.1, -0.1), title=title)
    axes.set_aspect("equal")


@style.in_style
def broadcasting(a: ArrayLike, b: ArrayLike) -> Picture:
    """Draw the sum of two arrays of one or two axes, each repeated to the common shape.

    Raises
    ------
    ValueError
        If the two shapes do not broadcast.
    """
    arrays = [np.asarray(a), np.asarray(b)]
    total = arrays[0] + arrays[1]
    figure, panels = style.new(columns=3, height=2.2)
    wide = np.atleast_2d(total)
    for axes, array, sign, colour in zip(
        panels, arrays, ["", "+   "], [style.BLUE, style.ORANGE], strict=False
    ):
        own = np.zeros(wide.shape, bool)
        own[tuple(slice(size) for size in np.atleast_2d(array).shape)] = True
        repeated = np.broadcast_to(array, wide.shape)
        _numbers(axes, repeated, own, f"{sign}shape {array.shape}", colour)
    everywhere = np.ones(wide.shape, bool)
    _numbers(panels[2], wide, everywhere, f"=   shape {total.shape}", style.GREEN)
    return Picture(
        figure,
        f"an array of shape {arrays[0].shape} plus one of shape {arrays[1].shape}, each repeated "
        f"along its axes of size 1 to the shape {total.shape}.",
    )


@style.in_style
def compared(image: NDArray, means: NDArray, distances: Sequence[float] | NDArray) -> Picture:
    """Draw mean images, an image minus each of them, and the distance below.

    Parameters
    ----------
    image : ndarray of shape (rows, columns)
    means : ndarray of shape (means, rows, columns)
    distances : sequence of float
        One for each mean; the smallest is framed.
    """
    figure, panels = style.new(2, len(means) + 1, height=2.2)
    panels[0, 0].remove()
    panels[1, 0].imshow(image, vmin=0, vmax=1)
    panels[1, 0].set_title("image", fontsize=10)
    _blank(panels[1, 0])
    nearest = int(np.argmin(distances))
    for k, mean in enumerate(means):
        upper, lower = panels[:, k + 1]
        upper.imshow(mean, vmin=0, vmax=1)
        upper.set_title(f"mean {k}", fontsize=10)
        lower.imshow(image - mean, vmin=-1, vmax=1, cmap="PuOr")
        weight = "bold" if k == nearest else "normal"
        lower.set_xlabel(f"{distances[k]:.1f}", fontsize=11, fontweight=weight)
        for axes in (upper, lower):
            _blank(axes)
        if k == nearest:
            rows, columns = mean.shape
            _frame(lower, -0.5, -0.5, columns, rows, style.BLACK, 3)
    return Picture(
        figure,
        f"the mean images of {len(means)} digits, and below each the image minus that mean with "
        f"their distance; the smallest distance is that of {nearest}.",
    )
