"""Pictures for the slides headed softmax."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers import activations
from helpers.plots import style
from helpers.plots.style import Picture


@style.in_style
def curves(softmax: Callable[[NDArray], NDArray]) -> Picture:
    """Draw three probabilities while the first score moves and the others stay at 1 and 0.2.

    Parameters
    ----------
    softmax : callable
        Takes scores of shape (3, samples) and returns probabilities of the same shape.
    """
    x = np.arange(-2.0, 6.0, 0.1)
    scores = np.vstack([x, np.ones_like(x), 0.2 * np.ones_like(x)])
    figure, axes = style.new()
    for probabilities, name in zip(
        softmax(scores), ["score x", "score 1", "score 0.2"], strict=True
    ):
        axes.plot(x, probabilities, label=name)
    axes.axvline(1, color=style.GREY, linewidth=1, linestyle="-")
    axes.annotate("x = 1: two equal\nscores share equally", (1, 0.95), (-1.9, 0.86), va="top")
    axes.set(xlabel="x, the first score", ylabel="probability", ylim=(0, 1))
    axes.legend(loc="center right")
    return Picture(
        figure,
        "three curves; the probability of the moving score rises in an S from near 0 to near 1, "
        "the other two fall and keep their ratio.",
    )


@style.in_style
def probabilities(first: float, second: float, third: float) -> Picture:
    """Draw three scores as bars and, beside them, the probabilities that softmax makes of them."""
    scores = np.array([first, second, third])
    figure, (left, right) = style.new(columns=2, height=2.6)
    names = ["first", "second", "third"]
    colours = [style.BLUE, style.ORANGE, style.GREEN]
    for axes, values, form in [
        (left, scores, "{:.1f}"),
        (right, activations.softmax(scores), "{:.3f}"),
    ]:
        bars = axes.bar(names, values, color=colours)
        axes.bar_label(bars, [form.format(value) for value in values], padding=2)
        axes.grid(axis="x", visible=False)
    left.set(title="scores", ylim=(min(-0.5, scores.min() - 1), max(6.5, scores.max() + 1)))
    right.set(title="probabilities", ylim=(0, 1.12))
    return Picture(figure, f"bars of the scores {scores.tolist()} and of their probabilities.")


@style.in_style
def gradient(scores: ArrayLike, label: int) -> Picture:
    """Draw the probabilities, and the gradient of the cross entropy, for one sample's scores."""
    found = activations.softmax(scores)
    slope = found - np.eye(len(found))[label]
    figure, (left, right) = style.new(columns=2, height=2.8)
    names = [f"class {k}" + (" (right)" if k == label else "") for k in range(len(found))]
    for axes, values, title in [
        (left, found, "probabilities"),
        (right, slope, "gradient of the loss by score"),
    ]:
        bars = axes.bar(names, values, color=[style.BLUE if v >= 0 else style.RED for v in values])
        axes.bar_label(bars, [f"{v:.3f}" for v in values], padding=2)
        axes.axhline(0, color="#555555", linewidth=1, linestyle="-")
        axes.grid(axis="x", visible=False)
        axes.set_title(title)
    left.set_ylim(0, 1.12)
    right.set_ylim(slope.min() * 1.35, -slope.min() * 1.35)
    return Picture(
        figure,
        "bars of the probabilities and of the gradient; only the right class has a negative "
        "gradient, and all gradients add to 0.",
    )


@style.in_style
def exclusive_or_not(scores: ArrayLike, names: Sequence[str]) -> Picture:
    """Draw what softmax and what separate sigmoids make of the same scores."""
    figure, axes = style.new(height=2.8)
    places = np.arange(len(names))
    for shift, values, label, colour, hatch in [
        (-0.2, activations.softmax(scores), "softmax: one of them", style.BLUE, ""),
        (0.2, activations.sigmoid(scores), "sigmoids: each by itself", style.ORANGE, "//"),
    ]:
        bars = axes.bar(
            places + shift, values, 0.38, label=label, color=colour, hatch=hatch, edgecolor="white"
        )
        axes.bar_label(bars, [f"{value:.2f}" for value in values], padding=2)
    axes.set(xticks=places, xticklabels=names, ylabel="probability", ylim=(0, 1.3))
    axes.set_yticks(np.arange(6) / 5)
    axes.grid(axis="x", visible=False)
    axes.legend(loc="upper right", ncols=2)
    return Picture(
        figure,
        "grouped bars; the softmax probabilities add to 1, the sigmoid ones do not.",
    )


@style.in_style
def templates(weights: ArrayLike, shape: tuple[int, int] = (8, 8)) -> Picture:
    """Draw each class's weights as an image.

    Parameters
    ----------
    weights : array_like of float, shape (classes, pixels)
    shape : tuple of int, optional
        Rows and columns of an image.
    """
    weights = np.asarray(weights)
    limit = float(np.abs(weights).max())
    figure, axes = style.new(rows=2, columns=len(weights) // 2, height=3.0)
    for label, (one, row) in enumerate(zip(axes.flat, weights, strict=True)):
        image = one.imshow(row.reshape(shape), cmap="PuOr_r", vmin=-limit, vmax=limit)
        one.set_title(f"digit {label}")
        one.set_axis_off()
    figure.colorbar(image, ax=axes, label="weight", pad=0.02)
    return Picture(
        figure,
        "ten small images, one a digit: where ink speaks for the digit the weights are orange, "
        "where it speaks against it they are purple.",
    )


@style.in_style
def learning_curve(losses: Sequence[float]) -> Picture:
    """Draw the loss against the step."""
    figure, axes = style.new(height=2.6)
    axes.plot(losses)
    axes.set(xlabel="step", ylabel="mean cross entropy", ylim=(0, 1.05 * max(losses)))
    return Picture(figure, "the loss falls steeply at first and then ever more slowly.")
