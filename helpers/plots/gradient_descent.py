"""Pictures for the slide headed 梯度下降: surfaces, the paths down them, and the noise."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.plots import style
from helpers.plots.style import Picture

_CELLS = 120  # of the map, in each direction
_LEVELS = 9
_COLOURS = (style.BLUE, style.ORANGE, style.GREEN, style.RED)
_MARKERS = "os^D"
_FEW_STEPS = 120  # of a path whose steps are marked


class Surface(NamedTuple):
    """A loss over two weights, and the part of it that is drawn.

    Attributes
    ----------
    loss : callable
        ``loss(weights, x, labels)``; for weights of shape (2, places) and samples of shape
        (samples, 1) it returns shape (places,).
    x, labels : ndarray, shape (samples,)
    across, up : tuple of str, float, float
        A weight's name, and its lowest and highest value.
    """

    loss: Callable[[NDArray, NDArray, NDArray], NDArray]
    x: NDArray
    labels: NDArray
    across: tuple[str, float, float]
    up: tuple[str, float, float]

    def height(self, weights: ArrayLike) -> NDArray:
        """Return the loss at places, shape (2, ...)."""
        places = np.asarray(weights, dtype=float)
        flat = places.reshape(2, -1)
        found = self.loss(flat, self.x[:, np.newaxis], self.labels[:, np.newaxis])
        return found.reshape(places.shape[1:])


def _draw(surface: Surface, axes: Any) -> Any:
    """Shade the map, white where the loss is lowest; return the shades, for a colour bar."""
    (name, left, right), (other, bottom, top) = surface.across, surface.up
    places = np.meshgrid(np.linspace(left, right, _CELLS), np.linspace(bottom, top, _CELLS))
    height = surface.height(places)
    # Closer together near the bottom, where the paths end.
    levels = height.min() + np.ptp(height) * np.linspace(0, 1, _LEVELS) ** 2
    # Sharp edges, not smoothed ones: the picture's file is a third as large.
    paint = {"cmap": "Greys", "vmin": height.min(), "vmax": 2.5 * height.max()}
    shades = axes.contourf(*places, height, levels, antialiased=False, **paint)
    lines = {"colors": "#8c8c8c", "linewidths": 0.7, "linestyles": "-"}
    axes.contour(*places, height, levels, antialiased=False, **lines)
    row, column = np.unravel_index(height.argmin(), height.shape)
    _point(axes, [place[row, column] for place in places], "+", "lowest")
    axes.grid(visible=False)
    axes.set(xlabel=name, ylabel=other, xlim=(left, right), ylim=(bottom, top), aspect="equal")
    return shades


def _point(axes: Any, place: ArrayLike, marker: str, name: str) -> None:
    axes.plot(*np.asarray(place), marker, color=style.BLACK, ms=12, mew=1.5, zorder=3)
    axes.annotate(name, place, (8, 5), textcoords="offset points", size=10, zorder=3)


def _looks(paths: Mapping[str, NDArray]) -> Iterator[tuple[str, NDArray, dict[str, Any]]]:
    for (name, path), colour, marker in zip(paths.items(), _COLOURS, _MARKERS, strict=False):
        few = len(path) <= _FEW_STEPS
        look = {"color": colour, "marker": marker, "ms": 3.5 if few else 0, "linestyle": "-"}
        yield name, path, look | {"linewidth": 1.4, "antialiased": few}


def _draw_paths(axes: Any, paths: Mapping[str, NDArray]) -> None:
    for name, path, look in _looks(paths):
        axes.plot(*path.T, label=name, **look)
    _point(axes, next(iter(paths.values()))[0], "*", "start")


def _legend(figure: Any, axes: Any, loc: str = "outside upper left", **settings: Any) -> None:
    """Explain the signs of one panel above all of them, or beside it."""
    signs, names = axes.get_legend_handles_labels()
    figure.legend(signs, names, loc=loc, columnspacing=1.4, **settings)


def _ends(surface: Surface, paths: Mapping[str, NDArray]) -> str:
    return "; ".join(
        f"{name} ends after {len(path) - 1} steps at a loss of {surface.height(path[-1]):.3f}"
        for name, path in paths.items()
    )


@style.in_style
def lines(x: NDArray, labels: NDArray, weights: Mapping[str, NDArray]) -> Picture:
    """Draw measurements, and lines through them.

    Parameters
    ----------
    x, labels : ndarray, shape (samples,)
    weights : mapping of str to ndarray, shape (2,)
        Name of a line to its slope and intercept.
    """
    figure, axes = style.new(height=2.2)
    axes.scatter(x, labels, s=12, color=style.GREY, label="measured")
    for name, (slope, intercept) in weights.items():
        axes.plot(x, slope * x + intercept, label=name)
    axes.set(xlabel="x", ylabel="label")
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    said = ", ".join(f"{name} at {np.round(line, 2).tolist()}" for name, line in weights.items())
    return Picture(figure, f"{len(x)} measured points and lines with slope and intercept: {said}.")


@style.in_style
def descent(surface: Surface, paths: Mapping[str, NDArray]) -> Picture:
    """Draw paths over the contours of a surface.

    Parameters
    ----------
    surface : Surface
    paths : mapping of str to ndarray, shape (steps + 1, 2)
        Name to the weights at the start and after each step; all from one start.
    """
    figure, axes = style.new(height=3.2)
    _draw(surface, axes)
    _draw_paths(axes, paths)
    _legend(figure, axes, loc="outside left upper")
    ends = _ends(surface, paths)
    return Picture(figure, f"contours of the loss, darker where it is higher, with paths; {ends}.")


@style.in_style
def race(
    surface: Surface, paths: Mapping[str, NDArray], lowest: float, costs: Mapping[str, int], of: str
) -> Picture:
    """Draw paths over the surface, and beside them the loss against what was paid for it.

    Parameters
    ----------
    surface : Surface
    paths : mapping of str to ndarray, shape (steps + 1, 2)
    lowest : float
        The lowest loss there is; the right panel shows what is above it.
    costs : mapping of str to int
        The cost of a step of the path of this name.
    of : str
        What the costs count.
    """
    figure, (left, right) = style.new(columns=2, height=2.8, width_ratios=[1.25, 1])
    _draw(surface, left)
    _draw_paths(left, paths)
    for name, path, look in _looks(paths):
        above = surface.height(path.T) - lowest
        right.semilogy(costs[name] * np.arange(len(path)), above, **look)
    right.set(xlabel=of, ylabel="loss above the lowest")
    _legend(figure, left, ncols=4)
    return Picture(
        figure,
        f"contours of the loss with paths, and the loss against the {of}; {_ends(surface, paths)}.",
    )


@style.in_style
def estimates(panels: Mapping[str, Mapping[str, NDArray]]) -> Picture:
    """Draw gradients as points of a plane, a panel for each place where they were taken.

    Parameters
    ----------
    panels : mapping of str to mapping of str to ndarray, shape (2, gradients)
        Title of the panel to its groups of gradients, from the widest to the single true one.
    """
    figure, both = style.new(columns=len(panels), height=3.0, sharex=True, sharey=True)
    looks: list[dict[str, Any]] = [
        {"color": style.SKY, "s": 14, "marker": "o"},
        {"color": style.RED, "s": 14, "marker": "^"},
        {"color": style.BLACK, "s": 150, "marker": "*"},
    ]
    for axes, (title, groups) in zip(both, panels.items(), strict=True):
        axes.axhline(0, color=style.GREY, linewidth=1, linestyle="-")
        axes.axvline(0, color=style.GREY, linewidth=1, linestyle="-")
        for (name, points), look in zip(groups.items(), looks, strict=True):
            axes.scatter(*points, label=name, linewidths=0, antialiased=False, **look)
        axes.set(title=title, xlabel="gradient by slope")
    both[0].set_ylabel("gradient by intercept")
    _legend(figure, both[0], ncols=3, markerscale=1.5)
    return Picture(
        figure,
        "two clouds of gradients; mini-batches lie closer to the full gradient than single samples "
        "do, and near the minimum the clouds surround 0.",
    )


@style.in_style
def noise(batch_sizes: ArrayLike, measured: Mapping[str, ArrayLike], law: ArrayLike) -> Picture:
    """Draw the variance of the gradient against the batch size, both logarithmic.

    Parameters
    ----------
    batch_sizes : array_like of int
    measured : mapping of str to array_like of float
        Name to the variance at each batch size; a variance of 0 is left out.
    law : array_like of float
        The variance of one sample's gradient divided by the batch size.
    """
    figure, axes = style.new(height=2.8)
    axes.loglog(batch_sizes, law, color=style.GREY, linewidth=1.5, label="falls as 1/n", base=2)
    axes.yaxis.set_major_formatter("{x:.2g}")
    for (name, values), marker, colour in zip(measured.items(), _MARKERS, _COLOURS, strict=False):
        kept = np.where(np.asarray(values) > 1e-12, values, np.nan)
        axes.plot(batch_sizes, kept, marker, color=colour, ms=7, linestyle="none", label=name)
    axes.set(xlabel="batch size n", ylabel="variance of the gradient")
    axes.set_xticks(batch_sizes, [str(n) for n in np.asarray(batch_sizes)])
    axes.legend()
    return Picture(
        figure,
        "the measured variances with replacement lie on a line that falls as 1/n; without "
        "replacement they leave it below when the batch nears the whole set.",
    )


@style.in_style
def curves(values: Mapping[str, ArrayLike], per: str, quantity: str) -> Picture:
    """Draw how a loss falls, on a logarithmic scale.

    Parameters
    ----------
    values : mapping of str to array_like of float
        Name to the loss after 0, 1, 2, … of what `per` counts.
    per, quantity : str
        What the axes say.
    """
    figure, axes = style.new(height=2.6)
    for name, curve in values.items():
        axes.semilogy(curve, label=name, linewidth=1.8)
    axes.set(xlabel=per, ylabel=quantity)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    ends = "; ".join(f"{name} ends at {np.asarray(c)[-1]:.2g}" for name, c in values.items())
    return Picture(figure, f"falling curves on a logarithmic scale; {ends}.")


@style.in_style
def valleys(surface: Surface, starts: NDArray, reached: NDArray, deep: float) -> Picture:
    """Mark each start by the depth of the valley that a descent from it reached.

    Parameters
    ----------
    surface : Surface
    starts : ndarray, shape (2, starts)
    reached : ndarray, shape (starts,)
        The loss at the end of each descent.
    deep : float
        A loss below this counts as the deepest valley's.
    """
    figure, axes = style.new(height=3.2)
    shades = _draw(surface, axes)
    figure.colorbar(shades, ax=axes, label="loss", format="%.2g", pad=0.02, aspect=30)
    arrived = reached < deep
    for name, chosen, marker, colour in [
        ("reaches the\ndeepest valley", arrived, "o", style.BLUE),
        ("ends in a\nhigher one", ~arrived, "X", style.RED),
    ]:
        look = {"marker": marker, "s": 38, "color": colour, "lw": 0, "antialiased": False}
        axes.scatter(*starts[:, chosen], label=name, zorder=3, **look)
    _legend(figure, axes, loc="outside left upper")
    return Picture(
        figure,
        f"contours of a loss with several valleys; of {len(reached)} starts {np.sum(arrived)}, all "
        "around the deepest valley, reach it.",
    )
