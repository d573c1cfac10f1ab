"""Pictures for the slide headed 滑动平均模型."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.plots import style
from helpers.plots.style import Picture


@style.in_style
def averaged(values: ArrayLike, averages: Mapping[str, NDArray]) -> Picture:
    """Draw a variable as points, and moving averages of it as lines.

    Parameters
    ----------
    values : array_like of float, shape (steps,)
    averages : mapping of str to ndarray, shape (steps,)
        What an average is called, to its value after each step.
    """
    figure, axes = style.new(height=3.0)
    steps = np.arange(1, len(np.asarray(values)) + 1)
    axes.plot(steps, values, ".", color=style.GREY, markersize=3, label="the variable")
    for name, average in averages.items():
        axes.plot(steps, average, label=name)
    axes.set(xlabel="step", ylabel="value")
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    roughness = {name: np.abs(np.diff(average)).mean() for name, average in averages.items()}
    said = ", ".join(f"{name} moves by {size:.2g} a step" for name, size in roughness.items())
    return Picture(figure, f"scattered points of a variable, and smoother lines: {said}.")


@style.in_style
def shares(decays: Sequence[float], num_steps: int = 300) -> Picture:
    """Draw which share of a moving average each earlier value has, by its age."""
    figure, axes = style.new(height=2.8)
    age = np.arange(num_steps)
    for decay in decays:
        axes.plot(age, (1 - decay) * decay**age, label=f"decay {decay:g}")
        axes.plot(1 / (1 - decay), (1 - decay) / np.e, "k|", markersize=12)
    axes.set(xlabel="steps ago", ylabel="share in the average", yscale="log", ylim=(1e-5, 1))
    axes.legend(loc="upper right")
    return Picture(
        figure,
        "straight lines falling on a logarithmic scale, one a decay; a tick on each, at "
        f"{', '.join(f'{1 / (1 - decay):.0f}' for decay in decays)} steps, marks where the share "
        "has fallen to a third.",
    )


@style.in_style
def starts(averages: Mapping[str, NDArray], value: float) -> Picture:
    """Draw how averages of a constant value begin.

    Parameters
    ----------
    averages : mapping of str to ndarray, shape (steps,)
    value : float
        The constant: drawn as a line.
    """
    figure, axes = style.new(height=2.8)
    axes.axhline(value, color=style.GREY, linewidth=1, linestyle="-")
    axes.annotate("the variable", (0, value), (4, 5), textcoords="offset points")
    for name, average in averages.items():
        axes.plot(np.arange(1, len(average) + 1), average, label=name)
    axes.set(xlabel="step", ylabel="average", ylim=(0, 1.25 * value))
    axes.legend(loc="lower right")
    said = "; ".join(f"{name}: {average[19]:.2f} after 20" for name, average in averages.items())
    return Picture(figure, f"averages that rise from 0 to {value:g}, each at its own pace: {said}.")


@style.in_style
def loss_curves(curves: Mapping[str, NDArray], lowest: float) -> Picture:
    """Draw by how much losses lie above the lowest one, on a logarithmic scale."""
    figure, axes = style.new(height=2.8)
    for name, losses in curves.items():
        axes.plot(losses - lowest, label=name, linestyle="-", linewidth=1.2)
    axes.set(xlabel="step", ylabel="loss above the lowest", yscale="log")
    axes.legend(loc="upper right")
    ends = ", ".join(f"{name} {np.mean(c[-100:]) - lowest:.1g}" for name, c in curves.items())
    return Picture(figure, f"two losses by the step; over the last 100 steps: {ends}.")


@style.in_style
def error_lines(steps: ArrayLike, errors: Mapping[str, Sequence[float]]) -> Picture:
    """Draw the share of test samples that are read wrongly, by the step of the evaluation."""
    figure, axes = style.new(height=2.8)
    for name, shares in errors.items():
        axes.plot(steps, 100 * np.asarray(shares), marker="o", markersize=4, label=name)
    axes.set(xlabel="step", ylabel="test error in %", ylim=(0, None))
    axes.legend(loc="upper right")
    said = ", ".join(
        f"{name} between {min(shares[4:]):.0%} and {max(shares[4:]):.0%}"
        for name, shares in errors.items()
    )
    return Picture(figure, f"two lines of test errors; after the first steps: {said}.")
