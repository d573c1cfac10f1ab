"""Pictures for the slides headed 正则化."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from helpers.plots import style
from helpers.plots.style import Picture

# The part of the plane that the slide draws.
ACROSS, UP = (-1.2, 1.2), (-0.2, 2.2)
_CELLS = 120


def grid() -> NDArray:
    """Return the places at which a network is asked for its map, shape (places, 2), float32."""
    places = np.meshgrid(np.linspace(*ACROSS, _CELLS), np.linspace(*UP, _CELLS))
    return np.stack(places, axis=-1).reshape(-1, 2).astype(np.float32)


def _points(axes: Any, x: NDArray, labels: NDArray) -> None:
    for label, colour, marker in [(0, style.BLUE, "o"), (1, style.ORANGE, "s")]:
        places = x[labels[:, 0] == label]
        name = "outside" if label else "inside"
        axes.scatter(*places.T, s=14, color=colour, marker=marker, linewidth=0.3, label=name)


def _legend(figure: Any, axes: Any) -> None:
    """Name what is drawn in these axes above all of them, where it hides nothing."""
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper right", ncols=2)


def _boundary(axes: Any, outputs: ArrayLike) -> None:
    across, up = np.linspace(*ACROSS, _CELLS), np.linspace(*UP, _CELLS)
    height = np.asarray(outputs).reshape(_CELLS, _CELLS)
    axes.contour(across, up, height, levels=[0.5], colors="k", linewidths=1.5, linestyles="-")
    axes.set(xlim=ACROSS, ylim=UP, xlabel="x₁", aspect="equal")
    axes.grid(visible=False)


def _true_circle(axes: Any) -> None:
    angle = np.linspace(0, np.pi, 100)
    axes.plot(np.cos(angle), np.sin(angle), color=style.GREY, linestyle=":", linewidth=1.2)


def _pieces(outputs: ArrayLike) -> int:
    """Count the parts into which the boundary cuts the picture."""
    above = np.asarray(outputs).reshape(_CELLS, _CELLS) > 0.5
    return sum(ndimage.label(side)[1] for side in (above, ~above))


@style.in_style
def boundaries(x: NDArray, labels: NDArray, outputs: Mapping[str, ArrayLike]) -> Picture:
    """Draw the points and, for each network, the line where its output is one half.

    Parameters
    ----------
    x : ndarray, shape (samples, 2)
    labels : ndarray, shape (samples, 1)
    outputs : mapping of str to array_like
        A network's name, to its output at each place of `grid`.
    """
    figure, panels = style.new(columns=len(outputs), height=3.7, sharey=True)
    for axes, (name, height) in zip(np.atleast_1d(panels), outputs.items(), strict=True):
        _points(axes, x, labels)
        _true_circle(axes)
        _boundary(axes, height)
        axes.set_title(name)
    np.atleast_1d(panels)[0].set_ylabel("x₂")
    _legend(figure, np.atleast_1d(panels)[0])
    said = "; ".join(f"{name}: {_pieces(h)} regions" for name, h in outputs.items())
    return Picture(
        figure, f"points inside and outside a circle, and the line that parts them. {said}."
    )


@style.in_style
def frame(
    number: float, x: NDArray, labels: NDArray, scales: Sequence[float], outputs: Sequence[NDArray]
) -> Picture:
    """Draw the network of one λ: that whose place in `scales` is nearest to `number`."""
    place = int(np.clip(round(number), 0, len(scales) - 1))
    figure, axes = style.new(height=3.9)
    _points(axes, x, labels)
    _true_circle(axes)
    _boundary(axes, outputs[place])
    axes.set(title=f"λ = {scales[place]:g}", ylabel="x₂")
    _legend(figure, axes)
    regions = _pieces(outputs[place])
    return Picture(figure, f"the boundary for λ = {scales[place]:g}: {regions} regions.")


@style.in_style
def errors_by_step(steps: ArrayLike, curves: Mapping[str, Mapping[str, ArrayLike]]) -> Picture:
    """Draw training and fresh errors by the step, a panel for each network.

    Parameters
    ----------
    steps : array_like of int, shape (points,)
    curves : mapping of str to mapping of str to array_like, shape (points,)
        A panel's title, to the name of each of its curves, to the errors.
    """
    figure, panels = style.new(columns=len(curves), height=2.9, sharey=True)
    said = []
    for axes, (title, errors) in zip(panels, curves.items(), strict=True):
        for name, values in errors.items():
            axes.plot(np.asarray(steps) / 1000, values, label=name)
            said.append(f"{title}, {name}: {np.asarray(values)[-1]:.3f} at the end")
        axes.set(title=title, xlabel="thousand steps", yscale="log")
    panels[0].set_ylabel("mean squared error")
    panels[-1].legend(loc="upper right")
    return Picture(figure, f"errors by the step on a logarithmic scale. {'; '.join(said)}.")


@style.in_style
def weights(wanted: ArrayLike, found: Mapping[str, NDArray]) -> Picture:
    """Draw the weights of linear models as bars, a panel each, beside the true ones.

    Parameters
    ----------
    wanted : array_like, shape (features,)
    found : mapping of str to ndarray, shape (features,)
    """
    wanted = np.asarray(wanted)
    figure, panels = style.new(rows=len(found), height=1.25 * len(found) + 0.5, sharex=True)
    features = np.arange(len(wanted))
    for axes, (name, values) in zip(panels, found.items(), strict=True):
        axes.bar(features, values, color=style.BLUE, label="found")
        axes.plot(features, wanted, "_", color=style.RED, markersize=11, mew=2, label="true")
        zeros = int(np.sum(values == 0))
        axes.set_title(f"{name}: {zeros} of {len(values)} weights are exactly 0", fontsize=10)
        axes.set_ylabel("weight")
        axes.grid(axis="x", visible=False)
    panels[-1].set(xlabel="input", xticks=features[::2])
    _legend(figure, panels[0])
    said = ", ".join(f"{name} {int(np.sum(v == 0))}" for name, v in found.items())
    return Picture(figure, f"bars of weights; exactly zero of {len(wanted)}: {said}.")


def _touching(kind: str, budget: float, centre: NDArray, shape: NDArray) -> tuple[NDArray, NDArray]:
    """Return the border of a budget and the place on it where the loss is lowest."""
    if kind == "L1":
        corners = np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [1, 0]]) * budget
        part = np.linspace(0, 1, 400)[:, np.newaxis]
        border = np.vstack([a + part * (b - a) for a, b in itertools.pairwise(corners)])
    else:
        angle = np.linspace(0, 2 * np.pi, 1600)
        border = budget * np.column_stack([np.cos(angle), np.sin(angle)])
    away = border - centre
    return border, border[np.einsum("ni,ij,nj->n", away, shape, away).argmin()]


@style.in_style
def budgets(budget: float) -> Picture:
    """Draw where the contours of a loss touch the square of L1 and the circle of L2.

    Parameters
    ----------
    budget : float
        What the penalty may be: the sum of absolute values, and the length.
    """
    centre, shape = np.array([0.5, 1.6]), np.array([[1.0, 0.35], [0.35, 1.0]])
    across, up = np.meshgrid(np.linspace(-1.6, 2.0, 120), np.linspace(-1.6, 2.6, 120))
    away = np.stack([across, up], axis=-1) - centre
    loss = np.einsum("...i,ij,...j->...", away, shape, away)
    figure, panels = style.new(columns=2, height=3.6, sharey=True)
    said = []
    for axes, kind, name in zip(panels, ["L1", "L2"], ["|w₁| + |w₂|", "w₁² + w₂²"], strict=True):
        border, touch = _touching(kind, budget, centre, shape)
        lowest = (touch - centre) @ shape @ (touch - centre)
        axes.contour(across, up, loss, levels=8, colors="#bbbbbb", linewidths=0.8, linestyles="-")
        axes.contour(across, up, loss, levels=[lowest], colors=style.ORANGE, linestyles="-")
        axes.fill(*border.T, color=style.SKY, alpha=0.5)
        axes.plot(*centre, "+", color=style.BLACK, markersize=10)
        axes.plot(*touch, "o", color=style.RED)
        axes.annotate(
            f"({touch[0]:.2f}, {touch[1]:.2f})", touch, (8, -14), textcoords="offset points"
        )
        axes.axhline(0, color=style.GREY, linewidth=0.8, linestyle="-")
        axes.axvline(0, color=style.GREY, linewidth=0.8, linestyle="-")
        axes.set(title=f"{kind}: {name} limited", xlabel="w₁", aspect="equal")
        said.append(f"{kind} at ({touch[0]:.2f}, {touch[1]:.2f})")
    panels[0].set_ylabel("w₂")
    return Picture(
        figure,
        "ellipses of a loss that touch a square standing on its corner, and a circle: "
        f"{' and '.join(said)}.",
    )
