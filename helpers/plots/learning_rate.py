"""Pictures for the slide headed 学习率: rates, the paths they make, and how to find one."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers import schedules
from helpers.plots import style
from helpers.plots.style import Picture

_WIDE = 7.5  # the part of the parabola that is drawn, to both sides
_STEPS = 40  # of the walk with sliders
_FAR = 1e12  # no curve is followed further


def _draw_parabola(axes: Any, path: NDArray) -> None:
    """Draw f(x) = x^2 and a path on it, as far as it stays in the picture."""
    x = np.linspace(-_WIDE, _WIDE, 101)
    axes.plot(x, x**2, color=style.GREY, linewidth=1.2, linestyle="-")
    axes.plot(path, path**2, "o-", color=style.BLUE, ms=4, linewidth=1.2, clip_on=True)
    axes.plot(path[0], path[0] ** 2, "*", color=style.BLACK, ms=11, zorder=3)
    axes.set(xlim=(-_WIDE, _WIDE), ylim=(-3, _WIDE**2), xlabel="x")


@style.in_style
def parabolas(paths: Mapping[float, NDArray]) -> Picture:
    """Draw paths on f(x) = x^2, a panel for each learning rate.

    Parameters
    ----------
    paths : mapping of float to ndarray, shape (steps + 1,)
        Learning rate to x at the start and after each step.
    """
    figure, panels = style.new(columns=len(paths), height=2.6, sharey=True)
    for axes, (rate, path) in zip(panels, paths.items(), strict=True):
        _draw_parabola(axes, path)
        axes.set_title(f"rate {rate}")
    panels[0].set_ylabel("f(x)")
    ends = "; ".join(f"{rate} ends at {path[-1]:.3g}" for rate, path in paths.items())
    return Picture(
        figure,
        f"{len(paths)} parabolas with the paths of {len(path) - 1} steps from {path[0]:g}; {ends}.",
    )


@style.in_style
def curves(values: Mapping[Any, ArrayLike], per: str, quantity: str, every: int = 1) -> Picture:
    """Draw falling curves on a logarithmic scale.

    Parameters
    ----------
    values : mapping of str or float to array_like of float
        Name to the values after 0, `every`, 2 `every`, … of what `per` counts.
    per, quantity : str
        What the axes say.
    every : int, optional
    """
    figure, axes = style.new(height=3.2)
    for name, curve in values.items():
        curve = np.asarray(curve)
        axes.semilogy(every * np.arange(len(curve)), curve, label=str(name), linewidth=1.8)
    axes.set(xlabel=per, ylabel=quantity)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    ends = "; ".join(f"{name} ends at {np.asarray(c)[-1]:.2g}" for name, c in values.items())
    return Picture(figure, f"{quantity} against {per}, on a logarithmic scale; {ends}.")


@style.in_style
def rates(steps: ArrayLike, values: Mapping[str, ArrayLike]) -> Picture:
    """Draw learning rates against the step.

    Parameters
    ----------
    steps : array_like of float
    values : mapping of str to array_like of float
        Name of a schedule to its rates.
    """
    figure, axes = style.new(height=2.8)
    for name, curve in values.items():
        axes.plot(steps, curve, label=name)
    axes.set(xlabel="step", ylabel="learning rate", ylim=(0, None))
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    said = "; ".join(
        f"{name} from {np.asarray(c)[0]:.3g} to {np.asarray(c)[-1]:.3g}"
        for name, c in values.items()
    )
    return Picture(figure, f"learning rates against the step: {said}.")


@style.in_style
def walk(learning_rate: float, decay_rate: float) -> Picture:
    """Draw a descent on f(x) = x^2 from 5 whose rate is multiplied by `decay_rate` at each step.

    Parameters
    ----------
    learning_rate : float
        The rate of step 0.
    decay_rate : float
    """
    path = schedules.descend(
        lambda x: 2 * x,
        5.0,
        lambda step: schedules.exponential_decay(step, learning_rate, 1, decay_rate),
        _STEPS,
    )
    figure, (left, right) = style.new(columns=2, height=3.0)
    _draw_parabola(left, path)
    left.set_ylabel("f(x)")
    distance = np.abs(path)
    right.semilogy(np.where(distance < _FAR, np.maximum(distance, 1e-12), np.nan))
    right.set(xlabel="step", ylabel="|x|", ylim=(1e-6, 1e3), xlim=(0, _STEPS))
    return Picture(
        figure,
        f"a path on the parabola and its distance from 0: with the first rate {learning_rate:g} "
        f"and the decay rate {decay_rate:g} it ends at {path[-1]:.3g} after {_STEPS} steps.",
    )


@style.in_style
def range_tests(tests: Mapping[str, tuple[ArrayLike, ArrayLike]], edge: float) -> Picture:
    """Draw the loss against a rate that grows, and where curvature says the descent must break.

    Parameters
    ----------
    tests : mapping of str to (rates, losses)
    edge : float
        2 divided by the largest curvature at the start.
    """
    figure, axes = style.new(height=3.2)
    said = []
    for name, (tested, losses) in tests.items():
        tested, losses = np.asarray(tested), np.asarray(losses)
        axes.semilogx(tested, losses, label=name, linewidth=1.8)
        said.append(f"{name} is lowest at the rate {tested[losses.argmin()]:.2g}")
    axes.axvline(
        edge, color=style.BLACK, linewidth=1.2, linestyle="-", label="2 / curvature\nat the start"
    )
    axes.set(xlabel="learning rate, growing from step to step", ylabel="loss", ylim=(0, 5))
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return Picture(
        figure,
        "the loss falls while the rate grows, and then shoots up; a line marks the rate "
        f"{edge:.2g}; {'; '.join(said)}.",
    )


@style.in_style
def finals(constants: Mapping[float, float], levels: Mapping[str, float]) -> Picture:
    """Draw the loss at the end against the constant rate, and the losses of schedules as lines.

    Parameters
    ----------
    constants : mapping of float to float
        Rate to the final loss.
    levels : mapping of str to float
        Name of a schedule to its final loss.
    """
    figure, axes = style.new(height=3.0)
    axes.loglog(list(constants), list(constants.values()), "o-", label="constant rates")
    looks = zip((style.RED, style.GREEN, style.PURPLE), ("--", "-.", ":"), strict=True)
    for (name, value), (colour, dash) in zip(levels.items(), looks, strict=False):
        axes.axhline(value, color=colour, linestyle=dash, label=name)
    axes.set(xlabel="learning rate", ylabel="loss at the end")
    axes.set_xticks(list(constants), [f"{rate:g}" for rate in constants])
    axes.minorticks_off()
    axes.set_yticks(ticks := [0.01, 0.02, 0.05, 0.1], [f"{loss:g}" for loss in ticks])
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    best = min(constants, key=constants.__getitem__)
    said = "; ".join(f"{name} {value:.3f}" for name, value in levels.items())
    return Picture(
        figure,
        f"the final loss of constant rates is lowest at {best:g}, {constants[best]:.3f}; {said}.",
    )
