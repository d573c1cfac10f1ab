"""Pictures for the slide headed 深度信念网络."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.plots import images, style
from helpers.plots.style import Picture

_MARKERS = "os^D"


@style.in_style
def states(pictures: NDArray, shares: Mapping[str, ArrayLike], shape: tuple[int, int]) -> Picture:
    """Draw how likely each of a few images is, with the image under its bars.

    Parameters
    ----------
    pictures : ndarray of float, shape (pictures, pixels)
        From 0 (white) to 1 (black).
    shares : mapping of str to array_like
        Name of a series to its number for each image.
    shape : tuple of int
        Rows and columns of an image.
    """
    figure, (bars, below) = style.new(
        rows=2, height=3.2, sharex=True, gridspec_kw={"height_ratios": [5, 1]}
    )
    places = np.arange(len(pictures))
    width = 0.8 / len(shares)
    fills = zip([style.BLUE, style.ORANGE], ["", "//"], strict=True)
    for i, ((name, values), (colour, hatch)) in enumerate(zip(shares.items(), fills, strict=False)):
        left = places - 0.4 + (i + 0.5) * width
        bars.bar(left, values, width, label=name, color=colour, hatch=hatch, edgecolor="white")
    bars.set(ylabel="probability", xlim=(-0.6, len(pictures) - 0.4))
    bars.grid(axis="x", visible=False)
    bars.tick_params(bottom=False, labelbottom=False)
    if len(shares) > 1:
        bars.legend(loc="upper right")
    for place, image in zip(places, pictures, strict=True):
        extent = (place - 0.32, place + 0.32, 0.0, 0.64)
        below.imshow(image.reshape(shape), cmap="gray_r", vmin=0, vmax=1, extent=extent)
        below.plot(*_frame(extent), color=style.GREY, linewidth=1, linestyle="-")
    below.set(xlim=(-0.6, len(pictures) - 0.4), ylim=(-0.05, 0.7), aspect="equal")
    below.set_axis_off()
    largest = max(float(np.max(values)) for values in shares.values())
    return Picture(
        figure,
        f"bars for {len(pictures)} small images, which stand below them: {' and '.join(shares)}. "
        f"The highest bar is {largest:.2f}.",
    )


def _frame(extent: tuple[float, float, float, float]) -> tuple[list[float], list[float]]:
    left, right, bottom, top = extent
    return [left, right, right, left, left], [bottom, bottom, top, top, bottom]


def _bare(axes: Any) -> None:
    """Leave nothing but the image, and a label if there is one."""
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)


@style.in_style
def filters(weights: NDArray, shape: tuple[int, int], rows: int = 3, columns: int = 12) -> Picture:
    """Draw the weights of the hidden units that have the largest ones, each as an image.

    Parameters
    ----------
    weights : ndarray of float, shape (pixels, hidden)
    shape : tuple of int
        Rows and columns of an image.
    rows, columns : int, optional
        How many images.
    """
    strongest = np.argsort(-np.abs(weights).sum(axis=0))[: rows * columns]
    figure, axes = style.new(rows=rows, columns=columns, height=0.62 * rows)
    for one, unit in zip(axes.flat, strongest, strict=True):
        limit = float(np.abs(weights[:, unit]).max())
        one.imshow(weights[:, unit].reshape(shape), cmap="PuOr_r", vmin=-limit, vmax=limit)
        _bare(one)
    return Picture(
        figure,
        f"{rows * columns} small images, one a hidden unit: orange where ink switches the unit on, "
        "purple where ink switches it off.",
    )


def dreams(seen: Mapping[str, NDArray]) -> Picture:
    """Draw what some chains have come to: a row for each number of steps, a column a chain.

    Parameters
    ----------
    seen : mapping of str to ndarray of float, shape (chains, pixels)
        From 0 (white) to 1 (black), as `helpers.boltzmann.dream` returns it.
    """
    first, *others = seen
    columns = len(seen[first])
    return images.rows(
        seen,
        f"rows of {columns} small images: {first} above, and below it, ever more like digits, what "
        f"chains come to after {', '.join(others)}.",
    )


@style.in_style
def gradients(sizes: Mapping[str, Sequence[float]]) -> Picture:
    """Draw the size of the gradient in each layer, on a logarithmic axis.

    Parameters
    ----------
    sizes : mapping of str to sequence of float
        Name of a network to its layers' numbers, from the layer next to the input up.
    """
    figure, axes = style.new(height=3.2)
    for (name, values), marker in zip(sizes.items(), _MARKERS, strict=False):
        axes.semilogy(np.arange(1, len(values) + 1), values, marker=marker, label=name)
    layers = len(next(iter(sizes.values())))
    axes.set(
        xlabel="layer (1: next to the input)",
        ylabel="size of the gradient",
        xticks=range(1, layers + 1),
    )
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    ends = "; ".join(
        f"{name}: {values[0]:.0e} in layer 1 and {values[-1]:.0e} in layer {layers}"
        for name, values in sizes.items()
    )
    return Picture(figure, f"the size of the gradient by layer. {ends}.")


@style.in_style
def accuracies(passes: Sequence[int], panels: Mapping[str, Mapping[str, NDArray]]) -> Picture:
    """Draw accuracy by passes over the labelled samples: mean of the seeds, and their range.

    Parameters
    ----------
    passes : sequence of int
    panels : mapping of str to mapping of str to ndarray of float, shape (seeds, len(passes))
        Title of a panel to its networks.
    """
    figure, row = style.new(columns=len(panels), height=3.4, sharey=True)
    for axes, (title, networks) in zip(row, panels.items(), strict=True):
        for (name, values), marker in zip(networks.items(), _MARKERS, strict=False):
            (line,) = axes.plot(passes, values.mean(axis=0), marker=marker, markevery=4, label=name)
            axes.fill_between(
                passes, values.min(axis=0), values.max(axis=0), color=line.get_color(), alpha=0.2
            )
        axes.set(title=title, xlabel="passes over the labels", ylim=(0, 1))
    row[0].set_ylabel("accuracy on test images")
    handles, names = row[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=2)
    ends = "; ".join(
        f"{title}, {name}: {values[:, -1].mean():.2f}"
        for title, networks in panels.items()
        for name, values in networks.items()
    )
    return Picture(figure, f"accuracy by passes over the labelled images. At the end {ends}.")
