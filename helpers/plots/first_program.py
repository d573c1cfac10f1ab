"""Pictures for the slide headed 第一行代码 (first lines of code): what a matrix product is."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from helpers.plots import style
from helpers.plots.style import Picture


@style.in_style
def rows_times_columns(
    a: ArrayLike,
    b: ArrayLike,
    row: int = 0,
    column: int = 0,
    row_names: Sequence[str] = (),
    column_names: Sequence[str] = (),
) -> Picture:
    """Draw a matrix product: `a` on the left, `b` on top, the result where they meet.

    Parameters
    ----------
    a, b : array_like of float, shapes (rows, shared) and (shared, columns)
    row, column : int, optional
        The entry of the result whose sum is written out.
    row_names, column_names : sequence of str, optional
        What a row of `a` and a column of `b` stand for.
    """
    a, b = np.asarray(a, float), np.asarray(b, float)
    product = a @ b
    (rows, shared), columns = a.shape, b.shape[1]
    left, top = shared + 0.6, shared + 0.6
    figure, axes = style.new(height=0.5 * (shared + rows) + 0.8)
    marked_row, marked_column = np.zeros(a.shape, bool), np.zeros(b.shape, bool)
    marked_row[row], marked_column[:, column] = True, True
    marked = np.zeros(product.shape, bool)
    marked[row, column] = True
    _cells(axes, a, 0, top, marked_row, style.ORANGE)
    _cells(axes, b, left, 0, marked_column, style.SKY)
    _cells(axes, product, left, top, marked, style.GREEN)
    for i, name in enumerate(row_names):
        axes.text(-0.2, top + i + 0.5, name, ha="right", va="center")
    for j, name in enumerate(column_names):
        axes.text(left + j + 0.5, -0.25, name, ha="center", va="bottom", fontsize=9)
    terms = " + ".join(f"{x:g}·{y:g}" for x, y in zip(a[row], b[:, column], strict=True))
    says = f"{terms} = {product[row, column]:g}"
    axes.text(left + columns + 0.5, top + row + 0.5, says, va="center", fontsize=12)
    width, height = left + columns, top + rows
    room = 1.8 if row_names else 0.2
    axes.set(xlim=(-room, width + 4.5), ylim=(height + 0.2, -0.9 if column_names else -0.2))
    axes.set_aspect("equal")
    axes.set_axis_off()
    return Picture(
        figure,
        f"a matrix of shape {a.shape} on the left, one of shape {b.shape} above, their product of "
        f"shape {product.shape} where rows and columns cross; one entry is {says}.",
    )


def _cells(
    axes: Any, values: NDArray, left: float, top: float, marked: NDArray, colour: str
) -> None:
    for (i, j), value in np.ndenumerate(values):
        fill = colour if marked[i, j] else "#f2f2f2"
        corner = (left + j, top + i)
        axes.add_patch(
            Rectangle(
                corner, 1, 1, facecolor=fill, edgecolor="white", linewidth=2, linestyle="solid"
            )
        )
        weight = "bold" if marked[i, j] else "normal"
        axes.text(
            corner[0] + 0.5, corner[1] + 0.5, f"{value:g}", ha="center", va="center", weight=weight
        )


@style.in_style
def moved(points: ArrayLike, matrix: ArrayLike) -> Picture:
    """Draw a shape before and after a matrix moves its points, and the matrix's two columns.

    Parameters
    ----------
    points : array_like of float, shape (2, points)
        A column is a point; they are joined in this order.
    matrix : array_like of float, shape (2, 2)
    """
    points, matrix = np.asarray(points, float), np.asarray(matrix, float)
    figure, axes = style.new(height=4.2)
    axes.plot(*points, color=style.GREY, linestyle="--", label="before")
    after = matrix @ points
    axes.fill(*after, color=style.BLUE, alpha=0.15)
    axes.plot(*after, color=style.BLUE, linestyle="-", label="after")
    for end, colour, name in zip(
        matrix.T, [style.RED, style.GREEN], ["first column", "second column"], strict=True
    ):
        axes.quiver(
            0, 0, *end, color=colour, angles="xy", scale_units="xy", scale=1, width=0.008, zorder=3
        )
        axes.plot([], [], color=colour, linestyle="-", label=name)
    _frame(axes, 3)
    axes.set(xlim=(-3, 6))
    axes.legend(loc="upper right")
    entries = np.round(matrix, 2).tolist()
    return Picture(
        figure,
        f"a house, dashed, and what the matrix {entries} makes of it; an arrow for each column of "
        "the matrix.",
    )


@style.in_style
def side_by_side(shapes: Mapping[str, ArrayLike]) -> Picture:
    """Draw shapes beside each other, on equal axes.

    Parameters
    ----------
    shapes : mapping of str to array_like of float, shape (2, points)
        Title to points.
    """
    limit = 1.15 * max(np.abs(np.asarray(points)).max() for points in shapes.values())
    figure, all_axes = style.new(columns=len(shapes), height=2.9)
    for axes, (title, points) in zip(all_axes, shapes.items(), strict=True):
        axes.fill(*np.asarray(points), color=style.BLUE, alpha=0.15)
        axes.plot(*np.asarray(points), color=style.BLUE, linestyle="-")
        _frame(axes, limit)
        axes.set_title(title.replace(", ", ",\n"))
    return Picture(figure, f"the same house {len(shapes)} times: {'; '.join(shapes)}.")


def _frame(axes: Any, limit: float) -> None:
    axes.axhline(0, color="#555555", linewidth=0.8, linestyle="-")
    axes.axvline(0, color="#555555", linewidth=0.8, linestyle="-")
    axes.set(xlim=(-limit, limit), ylim=(-limit, limit), xlabel="x", ylabel="y")
    axes.set_aspect("equal")
