"""Pictures for the slides headed 变量 (variables)."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from helpers.plots import style
from helpers.plots.style import Picture


@style.in_style
def initial_values(draws: Mapping[str, ArrayLike], stddev: float) -> Picture:
    """Draw a histogram of each set of random numbers, with lines at two standard deviations.

    Parameters
    ----------
    draws : mapping of str to array_like of float
        Name of the distribution to the numbers drawn from it.
    stddev : float
        The standard deviation that the distributions were asked for.
    """
    limit = 2 * stddev
    figure, panels = style.new(columns=len(draws), height=2.8, sharex=True, sharey=True)
    bins = np.linspace(-2 * limit, 2 * limit, 49)  # a bin ends exactly at each line
    for axes, (name, values) in zip(np.atleast_1d(panels), draws.items(), strict=True):
        outside = np.abs(values) > limit
        axes.hist(
            [np.asarray(values)[~outside], np.asarray(values)[outside]],
            bins,
            stacked=True,
            color=[style.BLUE, style.RED],
        )
        for place in (-limit, limit):
            axes.axvline(place, color=style.GREY, linewidth=1, linestyle="--")
        axes.set(title=f"{name}\n{outside.mean():.1%} beyond", xlabel="value")
        axes.set_xticks([-limit, 0, limit])
        axes.grid(axis="x", visible=False)
    np.atleast_1d(panels)[0].set_ylabel("count")
    return Picture(
        figure,
        "histograms; the normal distribution has tails beyond two standard deviations, the "
        "truncated one ends there, the uniform one is flat.",
    )


@style.in_style
def before_and_after(start: ArrayLike, now: ArrayLike, shape: tuple[int, int] = (8, 8)) -> Picture:
    """Draw each digit's weights as an image, before training and after it.

    Parameters
    ----------
    start, now : array_like of float, shape (pixels, digits)
    shape : tuple of int, optional
        Rows and columns of an image.
    """
    start, now = np.asarray(start), np.asarray(now)
    limit = float(np.abs(now).max()) / 2  # the few largest saturate, so that the start shows
    figure, rows = style.new(rows=2, columns=now.shape[1], height=3.0)
    for axes_of_row, weights in zip(rows, [start, now], strict=True):
        for axes, column in zip(axes_of_row, weights.T, strict=True):
            image = axes.imshow(column.reshape(shape), cmap="PuOr_r", vmin=-limit, vmax=limit)
            axes.set(xticks=[], yticks=[])
            axes.grid(visible=False)
            axes.spines[:].set_visible(False)
    for label, axes in enumerate(rows[0]):
        axes.set_title(f"digit {label}")
    rows[0][0].set_ylabel("start")
    rows[1][0].set_ylabel("now")
    figure.colorbar(image, ax=rows, label="weight", pad=0.02, extend="both")
    return Picture(
        figure,
        "two rows of small images, one a digit; the first row is noise, in the second the digits' "
        "shapes can be seen, and the pixels at the edges have not changed.",
    )
