"""Pictures for the slides headed 卷积神经网络 and 卷积层."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from helpers import convolution
from helpers.plots import style
from helpers.plots.style import Picture


def _numbers(axes: Any, values: np.ndarray, title: str, limit: float) -> None:
    """Draw a matrix as squares with their numbers in them."""
    axes.imshow(np.nan_to_num(values), cmap="PuOr_r", vmin=-limit, vmax=limit)
    for (row, column), value in np.ndenumerate(values):
        if not np.isnan(value):
            dark = abs(value) > 0.65 * limit
            axes.text(
                column,
                row,
                f"{value + 0.0:g}",
                ha="center",
                va="center",
                color="w" if dark else "k",
            )
    axes.set(title=title, xticks=[], yticks=[])
    axes.grid(visible=False)


@style.in_style
def walk(image: ArrayLike, weights: ArrayLike, place: int) -> Picture:
    """Draw a filter at one of its places: what it covers, each product, and the results so far.

    Parameters
    ----------
    image : array_like, shape (height, width)
    weights : array_like, shape (rows, columns)
    place : int
        Counted from 0, row by row; the filter moves by one pixel, without padding.
    """
    image, weights = np.asarray(image, dtype=float), np.asarray(weights, dtype=float)
    rows, columns = weights.shape
    result = convolution.conv2d(image[None, :, :, None], weights[:, :, None, None])[0, :, :, 0]
    row, column = divmod(place, result.shape[1])
    window = image[row : row + rows, column : column + columns]
    products = window * weights
    so_far = np.where(np.arange(result.size).reshape(result.shape) <= place, result, np.nan)
    figure, panels = style.new(columns=4, height=2.3)
    limit = max(np.abs(array).max() for array in (image, weights, result))
    titles = ("image", "filter", f"products: sum {products.sum() + 0.0:g}", "results so far")
    for axes, values, title in zip(panels, (image, weights, products, so_far), titles, strict=True):
        _numbers(axes, values, title, limit)
    for axes, (top, left), (high, wide) in (
        (panels[0], (row, column), (rows, columns)),
        (panels[3], (row, column), (1, 1)),
    ):
        square = {"fill": False, "edgecolor": style.BLACK, "linewidth": 2.5, "zorder": 5}
        axes.add_patch(_rectangle((left - 0.5, top - 0.5), wide, high, **square))
    return Picture(
        figure,
        f"a filter of {rows} by {columns} at row {row}, column {column} of an image; its products "
        f"add up to {products.sum():g}.",
    )


def _rectangle(corner: tuple[float, float], width: float, height: float, **look: Any) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle(corner, width, height, **look)


@style.in_style
def places(size: int, filter_size: int, stride: int) -> Picture:
    """Draw a row of pixels with the zeros that SAME adds, and every place of a filter below it.

    Parameters
    ----------
    size, filter_size, stride : int
    """
    before, after = convolution.pad_amounts(size, filter_size, stride)
    number = convolution.output_size(size, filter_size, stride, "SAME")
    figure, axes = style.new(height=0.32 * (number + 2) + 0.2)
    for pixel in range(-before, size + after):
        zero = not 0 <= pixel < size
        look = {"facecolor": "white" if zero else style.SKY, "edgecolor": style.BLACK}
        axes.add_patch(_rectangle((pixel, 0), 1, 0.8, linestyle=":" if zero else "-", **look))
        name = "0" if zero else f"$x_{{{pixel}}}$"
        axes.text(pixel + 0.5, 0.4, name, ha="center", va="center")
    for place in range(number):
        left = place * stride - before
        look = {"facecolor": style.ORANGE, "edgecolor": style.BLACK}
        axes.add_patch(_rectangle((left, -1.0 * place - 1.1), filter_size, 0.6, **look))
    axes.set(xlim=(-before - 0.2, size + after + 0.2), ylim=(-number - 0.3, 1))
    axes.set_title(f"{size} pixels, filter of {filter_size}, stride {stride}, SAME")
    axes.axis("off")
    return Picture(
        figure,
        f"{size} pixels in a row with {before} zeros before and {after} after them, and {number} "
        f"places of a filter of {filter_size}, {stride} apart.",
    )
