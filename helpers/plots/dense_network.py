"""Pictures for the slides headed MNIST 数字识别实例."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.plots import style
from helpers.plots.style import Picture
from helpers.reproduce import Figure


@style.in_style
def accuracies(steps: Sequence[int], found: Mapping[str, ArrayLike], below: float = 0.8) -> Picture:
    """Draw accuracies over the steps of a training, from `below` up.

    Parameters
    ----------
    steps : sequence of int
    found : mapping of str to array_like, shape (steps,)
    below : float, optional
        The lowest accuracy that the axis shows.
    """
    figure, axes = style.new(height=2.9)
    for name, values in found.items():
        axes.plot(steps, values, marker="o", ms=4, label=name)
    axes.set(xlabel="steps taken", ylabel="accuracy on 1,000 images", ylim=(below, 1))
    axes.legend(loc="lower right")
    said = "; ".join(f"{name} end at {np.asarray(v)[-1]:.2f}" for name, v in found.items())
    return Picture(figure, f"accuracies that rise over {steps[-1]} steps: {said}.")


@style.in_style
def mistakes(images: NDArray, labels: ArrayLike, predicted: ArrayLike, columns: int = 8) -> Picture:
    """Draw images above what they are and what they were taken for.

    Parameters
    ----------
    images : ndarray, shape (number, 784)
    labels, predicted : array_like of int, shape (number,)
    columns : int, optional
    """
    number = -(-len(images) // columns)
    figure, panels = style.new(number, columns, height=1.15 * number + 0.1, squeeze=False)
    for axes in panels.flat:
        axes.axis("off")
    names = list(zip(np.asarray(labels).tolist(), np.asarray(predicted).tolist(), strict=True))
    for axes, image, (label, taken) in zip(panels.flat, images, names, strict=False):
        axes.imshow(image.reshape(28, 28), cmap="gray_r", vmin=0, vmax=1)
        axes.set_title(f"{label}, read {taken}", fontsize=9)
    pairs = ", ".join(f"a {label} read as {taken}" for label, taken in names)
    return Picture(figure, f"{len(images)} handwritten digits that were misread: {pairs}.")


@style.in_style
def printed_and_today(rows: Sequence[Figure]) -> Picture:
    """Draw the losses that a slide prints, and today's at the same steps, on a logarithmic axis."""
    losses = [row for row in rows if row.name == "loss"]
    steps = [row.step for row in losses]
    figure, axes = style.new(height=3.0)
    axes.semilogy(steps, [row.slide for row in losses], "o", ms=5, mfc="none", label="on the slide")
    axes.semilogy(steps, [row.today for row in losses], label="today")
    axes.set(xlabel="step", ylabel="loss on the step's batch")
    axes.legend()
    first, last = losses[0], losses[-1]
    return Picture(
        figure,
        f"two falling curves that lie on each other: on the slide from {first.slide:.2f} to "
        f"{last.slide:.3f}, today from {first.today:.2f} to {last.today:.3f}.",
    )
