"""Pictures for the slides headed TensorFlow训练神经网络 (training)."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.plots import style
from helpers.plots.style import Picture

# A point on ground of its own colour is right. The marks differ in shape, too.
_MARKS = {1: ("o", style.BLUE), 0: ("^", style.RED)}
_GROUND = ["#fae3d4", "#d3e6f3"]  # pale RED and BLUE


def _scatter(axes: Any, x: NDArray, labels: NDArray, size: float) -> None:
    for label, (marker, colour) in _MARKS.items():
        points = x[labels == label]
        axes.scatter(
            *points.T,
            s=size,
            marker=marker,
            color=colour,
            linewidths=0,
            clip_on=False,
            zorder=3,
            label=f"label {label}",
        )
    axes.set(xlim=(0, 1), ylim=(0, 1), xticks=[0, 0.5, 1], yticks=[0, 0.5, 1], aspect="equal")


@style.in_style
def samples(x: ArrayLike, labels: ArrayLike) -> Picture:
    """Draw the points, each with the mark of its label, and the line between the two labels."""
    figure, axes = style.new(height=3.4)
    _scatter(axes, np.asarray(x), np.ravel(labels), size=26)
    axes.plot([0, 1], [1, 0], color=style.GREY, linewidth=1.5, linestyle="--", label="$x_1+x_2=1$")
    axes.set(xlabel="$x_1$", ylabel="$x_2$")
    axes.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
    return Picture(
        figure,
        "points in the unit square; below the line from the upper left to the lower right corner "
        "all have label 1, above it all have label 0.",
    )


@style.in_style
def outputs(stages: Mapping[str, ArrayLike], labels: ArrayLike) -> Picture:
    """Draw the network's outputs on a line for each label, at several stages of training.

    Parameters
    ----------
    stages : mapping of str to array_like of float
        Title to the outputs, one a sample.
    labels : array_like of int
    """
    labels = np.ravel(labels)
    figure, panels = style.new(rows=len(stages), height=3.6, sharex=True, squeeze=False)
    spread = np.random.default_rng(0).uniform(-0.3, 0.3, labels.size)  # so that points part
    for axes, (title, values) in zip(panels.flat, stages.items(), strict=True):
        axes.axvspan(0, 1, color="#e6e6e6")
        axes.axvline(0.5, color=style.BLACK, linewidth=1, linestyle="-")
        for label, (marker, colour) in _MARKS.items():
            here = labels == label
            axes.scatter(
                np.ravel(values)[here], label + spread[here], s=16, marker=marker, color=colour
            )
        axes.set(title=title, yticks=[0, 1], yticklabels=["label 0", "label 1"], ylim=(-0.6, 1.6))
        axes.grid(axis="y", visible=False)
    panels.flat[-1].set_xlabel("output (grey: 0 to 1; line: 0.5)")
    return Picture(
        figure,
        "the outputs of both labels; those of label 0 are larger than those of label 1, at each "
        "stage, and after training nearly all lie above 1.",
    )


@style.in_style
def one_sample(
    outputs: ArrayLike, curves: Mapping[str, tuple[ArrayLike, ArrayLike]], xlabel: str
) -> Picture:
    """Draw the loss of one sample, and its gradient, against what the network says of it.

    Parameters
    ----------
    outputs : array_like of float, shape (points,)
    curves : mapping of str to tuple of two array_like of float
        Name of a label to the losses and the gradients, each of shape (points,).
    xlabel : str
        What the outputs are called.
    """
    figure, (left, right) = style.new(columns=2, height=2.9)
    for (name, (losses, gradients)), colour in zip(
        curves.items(), [style.BLUE, style.RED], strict=True
    ):
        for axes, values in [(left, losses), (right, gradients)]:
            axes.plot(outputs, values, color=colour, label=name)
    left.set(title="loss of one sample", xlabel=xlabel, ylabel="loss")
    right.set(title=f"gradient by the {xlabel}", xlabel=xlabel, ylabel="gradient")
    lowest = max(-8.0, min(np.min(gradients) for _, gradients in curves.values()))
    right.set_ylim(1.12 * lowest, max(1.12, -0.25 * lowest))
    left.legend()
    return Picture(figure, f"two curves, one a label: loss and gradient against the {xlabel}.")


@style.in_style
def boundaries(
    x: ArrayLike,
    labels: ArrayLike,
    scores: Mapping[str, Callable[[NDArray], NDArray]],
    columns: int = 2,
) -> Picture:
    """Draw where networks answer 1 and where 0, each with the share of samples that it gets right.

    Parameters
    ----------
    x : array_like of float, shape (samples, 2)
    labels : array_like of int, shape (samples, 1)
    scores : mapping of str to callable
        Title to a function of points, shape (points, 2), that is above 0 where the answer is 1.
    columns : int, optional
        Panels in a row.
    """
    x, labels = np.asarray(x), np.ravel(labels)
    rows = -(-len(scores) // columns)
    figure, panels = style.new(
        rows=rows,
        columns=columns,
        height=min(3.6, 6.9 / columns) * rows + 0.3,
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    side = np.linspace(0, 1, 41)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    shares = []
    for axes, (title, score) in zip(panels.flat, scores.items(), strict=False):
        height = np.reshape(score(grid), (side.size, side.size))
        axes.contourf(side, side, height, [-np.inf, 0, np.inf], colors=_GROUND)
        _scatter(axes, x, labels, size=14 + 22 / columns)
        shares.append(np.mean((np.ravel(score(x)) > 0) == labels))
        axes.set_title(f"{title}: {shares[-1]:.0%} right")
        axes.grid(visible=False)
    for axes in panels[-1]:
        axes.set_xlabel("$x_1$")
    for axes in panels[:, 0]:
        axes.set_ylabel("$x_2$")
    figure.legend(*panels[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    found = ", ".join(f"{title} {share:.0%}" for title, share in zip(scores, shares, strict=True))
    return Picture(figure, f"the regions answered 1 and 0 under the samples; right: {found}.")


@style.in_style
def learning(steps: ArrayLike, curves: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> Picture:
    """Draw loss and accuracy of several networks against the step.

    Parameters
    ----------
    steps : array_like of int, shape (records,)
    curves : mapping of str to tuple of two array_like of float
        Name to the losses and the accuracies, each of shape (records,).
    """
    figure, (left, right) = style.new(columns=2, height=3.0)
    for name, (losses, accuracies) in curves.items():
        left.plot(steps, losses, label=name)
        right.plot(steps, accuracies, label=name)
    left.set(title="mean loss", xlabel="step", ylabel="loss", ylim=(0, None))
    right.set(title="accuracy", xlabel="step", ylabel="share right", ylim=(0, 1.03))
    left.legend()
    return Picture(figure, f"loss and accuracy against the step, of: {', '.join(curves)}.")
