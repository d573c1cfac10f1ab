"""Pictures for the slides headed LeNet-5 模型 and LeNet-5类似实例."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from helpers.plots import style
from helpers.plots.style import Picture


@style.in_style
def connections(table: ArrayLike) -> Picture:
    """Draw which maps of one layer the maps of the next one see: a cross for each connection.

    Parameters
    ----------
    table : array_like of bool, shape (inputs, outputs)
    """
    crosses = np.asarray(table, dtype=bool)
    inputs, outputs = crosses.shape
    figure, axes = style.new(height=0.33 * inputs + 0.8)
    rows, columns = np.nonzero(crosses)
    axes.plot(columns, rows, "x", color=style.BLUE, ms=8, mew=2)
    axes.set(xlabel="map of C3", ylabel="map of S2", xlim=(-0.6, outputs - 0.4))
    axes.set(xticks=range(outputs), yticks=range(inputs), ylim=(inputs - 0.4, -0.6))
    return Picture(
        figure, f"a table of {inputs} rows and {outputs} columns with {crosses.sum()} crosses."
    )


@style.in_style
def bitmaps(codes: ArrayLike, shape: tuple[int, int], names: Sequence[str]) -> Picture:
    """Draw codes of -1 (white) and 1 (black) as small images.

    Parameters
    ----------
    codes : array_like, shape (number, height * width)
    shape : (int, int)
        Height and width.
    names : sequence of str
    """
    images = np.asarray(codes).reshape(-1, *shape)
    figure, panels = style.new(columns=len(images), height=1.4)
    for axes, image, name in zip(panels, images, names, strict=True):
        axes.imshow(image, cmap="gray_r", vmin=-1, vmax=1)
        axes.set_title(name, fontsize=10)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set(visible=True, color=style.GREY, linewidth=0.5)
        axes.grid(visible=False)
    return Picture(
        figure, f"{len(images)} images of {shape[0]} by {shape[1]} black or white squares."
    )


@style.in_style
def batch_accuracies(accuracies: ArrayLike, validation: float) -> Picture:
    """Draw how accuracies of single batches scatter, and the accuracy on all validation images.

    Parameters
    ----------
    accuracies : array_like, shape (batches,)
    validation : float
    """
    values, counts = np.unique(np.asarray(accuracies).round(4), return_counts=True)
    figure, axes = style.new(height=2.6)
    axes.bar(values, counts, width=0.006, label="batches of 100 training images")
    axes.axvline(validation, color=style.RED, linestyle="--", label="all validation images")
    axes.set(xlabel="accuracy", ylabel="number of batches")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return Picture(
        figure,
        f"accuracies of {np.size(accuracies)} batches from {values[0]:.2f} to {values[-1]:.2f}; a "
        f"line at {validation:.2f} for all validation images.",
    )
