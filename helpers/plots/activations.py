"""Pictures for the slides headed 激活函数 (activation functions)."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter
from numpy.typing import ArrayLike, NDArray

from helpers import activations
from helpers.plots import style
from helpers.plots.style import Picture

# A point on ground of its own colour is right. The marks differ in shape, too.
_MARKS = {1: ("o", style.BLUE), 0: ("^", style.RED)}
_GROUND = ListedColormap(["#fae3d4", "#d3e6f3"])  # pale RED and BLUE


@style.in_style
def regions(
    sets: Mapping[str, tuple[NDArray, NDArray]],
    networks: Mapping[tuple[str, str], Callable[[NDArray], ArrayLike]],
) -> Picture:
    """Draw which label each trained network gives to every point of the plane.

    Parameters
    ----------
    sets : mapping of str to tuple of ndarray
        Name of a set to its points, of shape (samples, 2), and their labels, 0 or 1.
    networks : mapping of tuple of str to callable
        (name of the set, name of the network) to a function of points of shape (samples, 2) that
        returns one score a point; the label is 1 where it is positive.
    """
    names = list(dict.fromkeys(name for _, name in networks))
    figure, rows = style.new(
        rows=len(sets), columns=len(names), height=4.9, sharex=True, sharey=True, squeeze=False
    )
    ticks = np.linspace(-1, 1, 201)
    plane = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    for row, (title, (x, labels)) in zip(rows, sets.items(), strict=True):
        for axes, name in zip(row, names, strict=True):
            network = networks[title, name]
            surface = np.reshape(network(plane), (ticks.size, ticks.size))
            axes.pcolormesh(
                ticks, ticks, surface > 0, cmap=_GROUND, vmin=0, vmax=1, rasterized=True
            )
            for label, (marker, colour) in _MARKS.items():
                here = labels.ravel() == label
                axes.scatter(*x[here].T, s=10, marker=marker, color=colour, linewidths=0)
            share = np.mean((np.ravel(network(x)) > 0) == labels.ravel())
            axes.set(title=f"{name}: {share:.0%}", xlim=(-1, 1), ylim=(-1, 1))
            axes.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1], aspect="equal")
            axes.grid(visible=False)
        row[0].set_ylabel(f"{title}\n$x_2$")
    for axes in rows[-1]:
        axes.set_xlabel("$x_1$")
    return Picture(
        figure,
        "two rows of squares with coloured ground; without an activation one straight line parts "
        "the square, with ReLU a line with corners, with tanh a smooth curve.",
    )


@style.in_style
def noise(x: ArrayLike, values: ArrayLike) -> Picture:
    """Draw values of the noisy ReLU as points, and the ReLU as a line."""
    x = np.asarray(x)
    figure, axes = style.new(height=2.8)
    axes.scatter(x, values, s=6, color=style.SKY, linewidths=0, label="noisy ReLU")
    axes.plot(x, activations.relu(x), color=style.BLUE, label="ReLU")
    axes.set(xlabel="x", ylabel="value", xlim=(x.min(), x.max()))
    axes.legend(loc="upper left")
    return Picture(
        figure,
        "a cloud of points around the ReLU's line: hardly any noise on the left, where most "
        "points are 0, and noise of the same width everywhere on the right.",
    )


@style.in_style
def tangents(x: float, alpha: float, leak: float) -> Picture:
    """Draw a sigmoid and a leaky ReLU with their derivatives, and both tangents at `x`.

    Parameters
    ----------
    x : float
        Where the tangents touch.
    alpha : float
        Steepness of the sigmoid.
    leak : float
        Slope of the leaky ReLU for negative numbers.
    """
    ticks = np.linspace(-6, 6, 601)
    figure, panels = style.new(columns=2, height=3.2)
    slopes = []
    for axes, title, function, gradient, number, limits in [
        (
            panels[0],
            "sigmoid",
            activations.sigmoid,
            activations.sigmoid_gradient,
            alpha,
            (-0.2, 1.35),
        ),
        (
            panels[1],
            "leaky ReLU",
            activations.leaky_relu,
            activations.leaky_relu_gradient,
            leak,
            (-2, 6.6),
        ),
    ]:
        value, slope = float(function(x, number)), float(gradient(x, number))
        slopes.append(slope)
        axes.plot(ticks, function(ticks, number), label="function")
        axes.plot(ticks, gradient(ticks, number), label="its derivative")
        near = np.array([x - 1.5, x + 1.5])
        axes.plot(near, value + slope * (near - x), color=style.BLACK, linewidth=1.2, linestyle="-")
        axes.plot(x, value, "o", color=style.BLACK)
        axes.set(
            title=f"{title}: slope {slope:.4f} at {x:.2f}", xlabel="x", xlim=(-6, 6), ylim=limits
        )
        axes.set_ylabel("value")
        axes.legend(loc="upper left")
    return Picture(
        figure,
        f"a sigmoid of alpha {alpha:g} and a leaky ReLU of leak {leak:g} with tangents at {x:g}, "
        f"of slopes {slopes[0]:.4f} and {slopes[1]:.4f}, and their derivatives as dashed lines.",
    )


@style.in_style
def gallery(
    x: ArrayLike,
    then: Mapping[str, tuple[ArrayLike, ArrayLike]],
    since: Mapping[str, tuple[ArrayLike, ArrayLike]],
) -> Picture:
    """Draw activation functions and their derivatives as small pictures.

    Parameters
    ----------
    x : array_like of float
    then, since : mapping of str to tuple of array_like
        Name to the function's values at `x` and its derivative there. The seven of `then` fill two
        rows, but for the key; the four of `since` fill the last.
    """
    x = np.asarray(x)
    figure, rows = style.new(rows=3, columns=4, height=5.4, sharex=True, sharey=True)
    panels = list(rows.flat)
    key = panels.pop(7)
    key.set_axis_off()
    for axes, (name, (values, slopes)) in zip(panels, {**then, **since}.items(), strict=True):
        axes.plot(x, values, label="function")
        axes.plot(x, slopes, label="derivative")
        axes.set_title(name)
    key.legend(*panels[0].get_legend_handles_labels(), loc="center")
    for axes in rows[:, 0]:
        axes.set_ylabel("value")
    for axes in rows[-1]:
        axes.set_xlabel("x")
    rows[0, 0].set(xlim=(x.min(), x.max()), ylim=(-1.9, 2.6))
    return Picture(
        figure,
        "eleven small pictures of functions and derivatives; relu6's derivative falls back to 0 "
        "at 6, those of sigmoid, tanh and softsign are humps around 0.",
    )


@style.in_style
def gradient_by_layer(norms: Mapping[str, Sequence[float]]) -> Picture:
    """Draw the size of the gradient at each layer, on a log axis, for several activations.

    Parameters
    ----------
    norms : mapping of str to sequence of float
        Name of the activation to the sizes, from the first layer to the last.
    """
    figure, axes = style.new(height=3.4)
    for marker, (name, sizes) in zip("os^D", norms.items(), strict=False):
        axes.semilogy(range(1, len(sizes) + 1), sizes, marker=marker, label=name)
    axes.set(xlabel="layer (the loss sits behind the last)", ylabel="size of the gradient")
    axes.set(ylim=(1e-12, 1e4), yticks=[10.0**k for k in range(-12, 5, 4)])
    axes.yaxis.set_minor_locator(LogLocator(numticks=20))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
    ends = ", ".join(f"{name} {sizes[0]:.0e}" for name, sizes in norms.items())
    return Picture(
        figure, f"lines over the layers on a log axis; what arrives at the first layer: {ends}."
    )


@style.in_style
def broken_lines(
    wanted: Callable[[NDArray], NDArray], found: Mapping[int, Callable[[NDArray], NDArray]]
) -> Picture:
    """Draw a function from 0 to 1 and networks of more and more hidden units that follow it.

    Parameters
    ----------
    wanted : callable
        The function, of numbers of shape (samples, 1).
    found : mapping of int to callable
        Number of hidden units to the network, a function of the same kind.
    """
    ticks = np.linspace(0, 1, 401)[:, np.newaxis]
    figure, panels = style.new(columns=len(found), height=2.8, sharey=True)
    for axes, (units, network) in zip(panels, found.items(), strict=True):
        axes.plot(ticks, wanted(ticks), color=style.GREY, linewidth=4, linestyle="-", label="curve")
        axes.plot(ticks, network(ticks), label="network")
        axes.set(title=f"{units} hidden units", xlabel="x", xlim=(0, 1), xticks=[0, 0.5, 1])
    panels[0].set_ylabel("value")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside right upper")
    return Picture(
        figure,
        "a wavy curve and a network that follows it by straight pieces: the more hidden units, the "
        "closer.",
    )


@style.in_style
def learning_curves(curves: Mapping[str, Sequence[float]]) -> Picture:
    """Draw the loss against the passes over the training data, for several activations."""
    figure, axes = style.new(height=3.0)
    for name, losses in curves.items():
        axes.plot(range(1, len(losses) + 1), losses, label=name)
    axes.set(xlabel="pass over the training data", ylabel="mean cross entropy", ylim=(0, None))
    axes.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
    return Picture(
        figure,
        "three learning curves: with tanh and ReLU the loss falls towards 0, with the sigmoid it "
        "stays where guessing leaves it.",
    )
