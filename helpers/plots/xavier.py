"""Pictures for the slide headed Xaiver initialization."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.plots import style
from helpers.plots.style import Picture

_LIMIT = 1.05  # tanh ends at 1


@style.in_style
def histograms(networks: Mapping[str, Sequence[NDArray]], shown: Sequence[int]) -> Picture:
    """Draw how the activations of some layers are distributed: a row a network.

    Parameters
    ----------
    networks : mapping of str to sequence of ndarray
        Name of a network to its layers' activations, between -1 and 1; layer 0 is the input.
    shown : sequence of int
        The layers to draw.
    """
    figure, rows = style.new(
        rows=len(networks), columns=len(shown), height=1.55 * len(networks), sharex=True
    )
    colours = [style.BLUE, style.ORANGE, style.GREEN]  # as the lines of `variances`
    for axes_of_row, (name, layers), colour in zip(rows, networks.items(), colours, strict=False):
        for axes, layer in zip(axes_of_row, shown, strict=True):
            axes.hist(layers[layer].ravel(), bins=41, range=(-_LIMIT, _LIMIT), color=colour)
            axes.set(xlim=(-_LIMIT, _LIMIT), xticks=[-1, 0, 1], yticks=[])
            axes.grid(visible=False)
            axes.spines["left"].set_visible(False)
        axes_of_row[0].set_ylabel(name)
    for axes, layer in zip(rows[0], shown, strict=True):
        axes.set_title(f"layer {layer}")
    figure.supxlabel("activation", fontsize=12)
    return Picture(
        figure,
        "small histograms of activations, a row a network and a column a layer. With small "
        "weights all activations gather at 0, with large ones at -1 and 1, with the middle ones "
        "they stay spread out.",
    )


@style.in_style
def variances(panels: Mapping[str, Mapping[str, ArrayLike]]) -> Picture:
    """Draw variances by layer on a logarithmic axis.

    Parameters
    ----------
    panels : mapping of str to mapping of str to array_like
        Title of a panel to its curves: name of a curve to the variance at layer 0, 1, ….
    """
    figure, row = style.new(columns=len(panels), height=3.0, sharey=True, squeeze=False)
    for axes, (title, curves) in zip(row.flat, panels.items(), strict=True):
        for (name, values), marker in zip(curves.items(), "os^Dv", strict=False):
            axes.semilogy(np.arange(len(np.asarray(values))), values, marker=marker, label=name)
        axes.set(title=title, xlabel="layer (0: the input)")
    row[0, 0].set_ylabel("variance")
    row[0, -1].legend(loc="best")
    ends = [
        f"{title}{': ' if title else ''}{name} ends at {np.asarray(values)[-1]:.1g}"
        for title, curves in panels.items()
        for name, values in curves.items()
    ]
    return Picture(figure, f"variance by layer, on a logarithmic axis. {'; '.join(ends)}.")


@style.in_style
def signal(layers: Sequence[NDArray]) -> Picture:
    """Draw the variance of each layer's activations and the histogram of the last layer's.

    Parameters
    ----------
    layers : sequence of ndarray
        Activations between -1 and 1 of each layer; layer 0, the input, may lie outside.
    """
    figure, (left, right) = style.new(columns=2, height=2.8)
    found = [float(np.var(layer)) for layer in layers]
    left.semilogy(found, marker="o")
    left.set(xlabel="layer (0: the input)", ylabel="variance", ylim=(1e-8, 3))
    right.hist(layers[-1].ravel(), bins=41, range=(-_LIMIT, _LIMIT), color=style.BLUE)
    right.set(xlabel=f"activation in layer {len(layers) - 1}", yticks=[], xlim=(-_LIMIT, _LIMIT))
    right.grid(visible=False)
    right.spines["left"].set_visible(False)
    at_ends = np.mean(np.abs(layers[-1]) > 0.9)
    return Picture(
        figure,
        f"on the left the variance falls from {found[0]:.2g} at the input to {found[-1]:.3g} at "
        "the last layer; on the right the histogram of that layer's activations, of which "
        f"{at_ends:.0%} are beyond 0.9.",
    )


@style.in_style
def distributions(draws: Mapping[str, NDArray]) -> Picture:
    """Draw histograms of weights, with lines at plus and minus one standard deviation."""
    figure, row = style.new(columns=len(draws), height=2.6, sharex=True, sharey=True)
    edge = max(float(np.abs(weights).max()) for weights in draws.values())
    for axes, (name, weights) in zip(row, draws.items(), strict=True):
        axes.hist(weights.ravel(), bins=61, range=(-edge, edge), color=style.SKY)
        for side in (-1, 1):
            axes.axvline(side * weights.std(), color=style.BLACK, linestyle="--", linewidth=1.2)
        axes.set(title=name, xlabel="weight", yticks=[])
        axes.grid(visible=False)
        axes.spines["left"].set_visible(False)
    return Picture(
        figure,
        "two histograms of weights, a flat one that ends sharply and a bell with tails; the dashed "
        "lines at one standard deviation stand at the same places.",
    )


@style.in_style
def learning_curves(curves: Mapping[str, Sequence[float]]) -> Picture:
    """Draw the loss of several networks against the step."""
    figure, axes = style.new(height=2.8)
    for name, losses in curves.items():
        axes.plot(losses, label=name)
    axes.set(xlabel="step", ylabel="mean cross entropy", ylim=(0, None))
    axes.legend(loc="best")
    ends = "; ".join(f"{name} ends at {losses[-1]:.1f}" for name, losses in curves.items())
    return Picture(figure, f"the loss by step. {ends}.")
