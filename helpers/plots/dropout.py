"""Pictures for the slides headed dropout."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.plots import style
from helpers.plots.style import Picture

_SIZES = (4, 6, 6, 2)


def _network(axes: Any, working: Sequence[NDArray]) -> None:
    places = [
        [(layer, unit - (size - 1) / 2) for unit in range(size)]
        for layer, size in enumerate(_SIZES)
    ]
    for layer in range(len(_SIZES) - 1):
        for a, one in enumerate(places[layer]):
            for b, other in enumerate(places[layer + 1]):
                if working[layer][a] and working[layer + 1][b]:
                    line = zip(one, other, strict=True)
                    axes.plot(*line, color=style.GREY, linewidth=0.6, linestyle="-", zorder=1)
    for layer, units in enumerate(places):
        for place, works in zip(units, working[layer], strict=True):
            face = style.BLUE if works else "white"
            edge = style.BLUE if works else style.GREY
            axes.plot(*place, "o", color=face, mec=edge, markersize=9, zorder=2)
            if not works:
                axes.plot(*place, "x", color=style.GREY, markersize=6, zorder=3)
    axes.set_axis_off()


@style.in_style
def thinned(rate: float) -> Picture:
    """Draw four random thinnings of a small network, whose two inner layers are dropped from."""
    rng = np.random.default_rng(0)
    figure, panels = style.new(columns=4, height=2.3)
    left = []
    for number, axes in enumerate(panels, start=1):
        working = [
            np.ones(size, bool) if layer in (0, len(_SIZES) - 1) else rng.random(size) >= rate
            for layer, size in enumerate(_SIZES)
        ]
        _network(axes, working)
        axes.set_title(f"step {number}", fontsize=10)
        left.append(int(sum(layer.sum() for layer in working[1:-1])))
    return Picture(
        figure,
        "a network of 4, 6, 6 and 2 units, four times; crossed out are the units that a step "
        f"drops. Of the 12 inner units {', '.join(map(str, left))} work.",
    )


@style.in_style
def sums(found: Mapping[str, NDArray], wanted: float) -> Picture:
    """Draw how often a unit's sum had which value, a panel for each way.

    Parameters
    ----------
    found : mapping of str to ndarray, shape (runs,)
    wanted : float
        The sum without dropout: drawn as a line.
    """
    figure, panels = style.new(columns=len(found), height=2.6, sharex=True, sharey=True)
    said = []
    for axes, (name, values) in zip(panels, found.items(), strict=True):
        axes.hist(values, bins=40, color=style.BLUE)
        axes.axvline(wanted, color=style.RED, linestyle="-", linewidth=1.5)
        axes.set(title=name, xlabel="the unit's sum")
        said.append(f"{name}: mean {np.mean(values):.2f}")
    panels[0].set_ylabel("runs")
    return Picture(
        figure,
        f"hills of sums, and a line at {wanted:.2f}, the sum of all inputs. {'; '.join(said)}.",
    )


@style.in_style
def errors(steps: ArrayLike, curves: Mapping[str, Mapping[str, NDArray]]) -> Picture:
    """Draw losses on training and test images by the step, a panel for each rate.

    Parameters
    ----------
    steps : array_like of int, shape (points,)
    curves : mapping of str to mapping of str to ndarray, shape (trainings, points)
        A panel's title, to the name of each curve, to that of each training.
    """
    figure, panels = style.new(columns=len(curves), height=3.0, sharey=True)
    said = []
    for axes, (title, losses) in zip(panels, curves.items(), strict=True):
        looks = zip(losses.items(), [style.BLUE, style.ORANGE], ["-", "--"], strict=True)
        for (name, values), colour, dashes in looks:
            for number, one in enumerate(values):
                label = name if number == 0 else None
                axes.plot(steps, one, color=colour, linestyle=dashes, linewidth=1.3, label=label)
            said.append(f"{title}, {name}: {values[:, -1].mean():.2f} at the end")
        axes.set(title=title, xlabel="step")
    panels[0].set(ylabel="mean cross entropy", ylim=(0, None))
    panels[0].legend(loc="upper right", fontsize=10)
    return Picture(figure, f"losses of several trainings by the step. {'; '.join(said)}.")


@style.in_style
def opinions(images: Sequence[NDArray], probabilities: Sequence[NDArray]) -> Picture:
    """Draw images and, beside each, what many thinned networks make of it.

    Parameters
    ----------
    images : sequence of ndarray, shape (64,)
    probabilities : sequence of ndarray, shape (runs, 10)
    """
    figure, panels = style.new(
        rows=len(images), columns=2, height=1.7 * len(images), width_ratios=[1, 3.4]
    )
    said = []
    for (left, right), image, found in zip(panels, images, probabilities, strict=True):
        left.imshow(image.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
        left.set_axis_off()
        mean = found.mean(axis=0)
        low, high = np.quantile(found, [0.1, 0.9], axis=0)
        spread = np.clip([mean - low, high - mean], 0, None)
        right.bar(range(10), mean, yerr=spread, color=style.SKY, ecolor="#333333", capsize=2)
        right.set(xticks=range(10), ylim=(0, 1.05), xlabel="digit", ylabel="probability")
        right.grid(axis="x", visible=False)
        best = int(mean.argmax())
        said.append(f"{best} with {mean[best]:.2f}, from {low[best]:.2f} to {high[best]:.2f}")
    return Picture(
        figure,
        "images of digits with bars of mean probabilities, and how far eight in ten of the thinned "
        f"networks lie apart: {'; '.join(said)}.",
    )
