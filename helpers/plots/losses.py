"""Pictures for the slide headed 代价函数."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers import activations, losses
from helpers.plots import style
from helpers.plots.style import Picture

LINES = "#555555"
_LOGITS = np.linspace(-8, 8, 161)


def _mark_start(axes: Any, logit: float) -> None:
    axes.axvline(logit, color=style.GREY, linewidth=1, linestyle="-")


@style.in_style
def factors(logit: float, label: float) -> Picture:
    """Draw the two factors of the squared error's gradient, and their product, by the logit.

    Parameters
    ----------
    logit : float
        Where the lesson's neuron starts: marked.
    label : float
    """
    figure, axes = style.new(height=3.0)
    axes.plot(_LOGITS, activations.sigmoid(_LOGITS) - label, label="error a - y")
    axes.plot(_LOGITS, activations.sigmoid_gradient(_LOGITS), label="slope σ'(z)")
    axes.plot(_LOGITS, losses.sigmoid_squared_error_gradient(_LOGITS, label), label="their product")
    _mark_start(axes, logit)
    axes.annotate("the start", (logit, 0.5), (5, 0), textcoords="offset points")
    axes.set(xlabel="logit z", ylabel="value")
    axes.legend(loc="upper left")
    return Picture(
        figure,
        "three curves by the logit: the error rises from 0 to 1, the slope is a hill around 0, and "
        "their product is a smaller hill that is almost 0 where the error is largest.",
    )


@style.in_style
def two_losses(logit: float, label: float) -> Picture:
    """Draw both losses and both gradients by the logit; see `factors` for the parameters."""
    figure, (left, right) = style.new(columns=2, height=3.0)
    for name, loss, gradient in [
        (
            "squared error",
            losses.sigmoid_squared_error,
            losses.sigmoid_squared_error_gradient,
        ),
        ("cross entropy", losses.sigmoid_cross_entropy, losses.sigmoid_cross_entropy_gradient),
    ]:
        left.plot(_LOGITS, loss(_LOGITS, label), label=name)
        right.plot(_LOGITS, gradient(_LOGITS, label), label=name)
    for axes, title in [(left, "loss"), (right, "gradient by the logit")]:
        _mark_start(axes, logit)
        axes.set(xlabel="logit z", ylabel=title)
    left.legend(loc="upper left")
    return Picture(
        figure,
        "left, the squared error bends into a plateau and the cross entropy goes on rising in a "
        "straight line; right, the gradient of the first returns to 0, that of the second stays 1.",
    )


Gradient = Callable[[ArrayLike, ArrayLike], NDArray]


def _walk(gradient: Gradient, weights: float, learning_rate: float) -> NDArray:
    """Return the logit before each of 300 steps, and after: input 2, label 0, bias 2 at first."""
    x, biases = 2.0, 2.0
    logits = [weights * x + biases]
    for _ in range(300):
        slope = float(gradient(logits[-1], 0.0))
        weights, biases = weights - learning_rate * slope * x, biases - learning_rate * slope
        logits.append(weights * x + biases)
    return np.array(logits)


@style.in_style
def learning_curves(start_weight: float, learning_rate: float) -> Picture:
    """Draw how a neuron learns to answer 0 with either loss, and the sigmoid's slope beside it.

    The neuron has the input 2 and the start bias 2; both losses get the same start and rate.
    """
    figure, (left, right) = style.new(columns=2, height=3.4)
    says = []
    for name, gradient in [
        ("squared error", losses.sigmoid_squared_error_gradient),
        ("cross entropy", losses.sigmoid_cross_entropy_gradient),
    ]:
        logits = _walk(gradient, start_weight, learning_rate)
        below = np.flatnonzero(logits < 0)
        says.append(f"{name}: step {below[0]}" if len(below) else f"{name}: after step 300")
        left.plot(activations.sigmoid(logits), label=says[-1])
        right.plot(activations.sigmoid_gradient(logits), label=name)
    left.axhline(0.5, color=style.GREY, linewidth=1, linestyle="-")
    left.set(xlabel="step", ylabel="output, should be 0", ylim=(0, 1.02))
    right.set(xlabel="step", ylabel="slope σ'(z)", ylim=(0, 0.26))
    figure.legend(
        *left.get_legend_handles_labels(),
        loc="outside lower center",
        ncols=2,
        title="the output is below one half from",
    )
    return Picture(
        figure,
        f"the output by the step from start weight {start_weight:g} at learning rate "
        f"{learning_rate:g}; it is below one half from: {'; '.join(says)}.",
    )


@style.in_style
def entropies(shares: Sequence[float]) -> Picture:
    """Draw H(p, q) for two outcomes by q, one curve for each share p of the first outcome."""
    q = np.linspace(0.005, 0.995, 199)
    figure, axes = style.new(height=3.2)
    for share in shares:
        p = np.array([share, 1 - share])
        [line] = axes.plot(
            q, losses.cross_entropy(p[:, np.newaxis], [q, 1 - q]), label=f"p = {share:g}"
        )
        axes.plot(share, losses.cross_entropy(p, p), "o", color=line.get_color(), clip_on=False)
    axes.set(
        xlabel="q, the probability that the network gives to the first outcome",
        ylabel="cross entropy H(p, q)",
        xlim=(0, 1),
        ylim=(0, 3),
    )
    axes.legend(loc="upper right", title="true probability")
    return Picture(
        figure,
        "each curve is lowest where q equals its p; only for p = 1 is that lowest value 0.",
    )


def _draw_while_finite(axes: Any, x: ArrayLike, y: ArrayLike, **line: Any) -> None:
    """Draw a line with gaps where y is not finite; say so where the first gap begins."""
    x, y = np.asarray(x), np.asarray(y)
    finite = np.isfinite(y)
    [drawn] = axes.plot(x, np.where(finite, y, np.nan), **line)
    if not finite.all():
        last = int(np.argmin(finite)) - 1
        axes.plot(x[last], y[last], "X", color=drawn.get_color(), markersize=12, zorder=3)
        axes.annotate(
            f"then {y[last + 1]}",
            (x[last], y[last]),
            (10, -16),
            textcoords="offset points",
            color=drawn.get_color(),
        )


@style.in_style
def three_ways(
    margins: ArrayLike, found: Mapping[str, tuple[Sequence[float], Sequence[float]]]
) -> Picture:
    """Draw losses and gradients, as computed, by how far the right class is behind.

    Parameters
    ----------
    margins : array_like of float, shape (n,)
        Logit of the wrong class less that of the right one.
    found : mapping of str to (losses, gradients)
        What each way of computing gave: n losses, and n gradients by the right class's logit.
    """
    figure, (left, right) = style.new(columns=2, height=3.4)
    for number, (name, (values, slopes)) in enumerate(found.items()):
        for axes, numbers in [(left, values), (right, slopes)]:
            # The later lines are thinner, so that the earlier ones can be seen behind them.
            _draw_while_finite(axes, margins, numbers, label=name, linewidth=7 - 2.5 * number)
    left.set(xlabel="how far the right class is behind", ylabel="loss")
    right.set(
        xlabel="how far the right class is behind",
        ylabel="gradient by its logit",
        ylim=(-1.15, 0.1),
    )
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return Picture(
        figure,
        "computed together the loss is a straight line and the gradient -1 throughout; in two "
        "steps both end before 90; with a clip the loss is flat and the gradient 0 from 23 on.",
    )


Path = Sequence[tuple[NDArray, float]]


@style.in_style
def distances(x: NDArray, labels: NDArray, paths: Mapping[str, Path]) -> Picture:
    """Draw the mean distance of a neuron's outputs from the labels, by the step.

    Parameters
    ----------
    x : ndarray of float, shape (features, samples)
    labels : ndarray of float, shape (samples,)
    paths : mapping of str to sequence of (weights, biases)
        The parameters before the first step and after each.
    """
    figure, axes = style.new(height=3.0)
    for name, path in paths.items():
        outputs = [activations.sigmoid(weights @ x + biases) for weights, biases in path]
        axes.plot(np.abs(np.array(outputs) - labels).mean(axis=1), label=name)
    axes.set(xlabel="step", ylabel="mean distance |a - y|", ylim=(0, 1.02))
    axes.legend(loc="upper right")
    return Picture(figure, f"the mean distance by the step, for: {', '.join(paths)}.")


@style.in_style
def losses_by_step(curves: Mapping[str, Sequence[float]]) -> Picture:
    """Draw losses by the step on a logarithmic axis; a value that is not finite leaves a gap."""
    figure, axes = style.new(height=3.0)
    for name, values in curves.items():
        _draw_while_finite(axes, range(len(values)), values, label=name)
    axes.set(xlabel="step", ylabel="mean cross entropy", yscale="log", ylim=(0.3, None))
    axes.legend(loc="upper right")
    return Picture(figure, f"the loss by the step as computed in these ways: {', '.join(curves)}.")
