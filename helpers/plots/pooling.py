"""Pictures for the slide headed 池化层."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from helpers.plots import style
from helpers.plots.style import Picture


@style.in_style
def pooled(images: Mapping[str, ArrayLike], says: str) -> Picture:
    """Draw images of different sizes side by side, each as large as the others.

    Parameters
    ----------
    images : mapping of str to array_like, shape (height, width)
        Of numbers from 0 (white) to 1 (black).
    says : str
        The picture's text alternative.
    """
    figure, panels = style.new(columns=len(images), height=1.9)
    for axes, (name, image) in zip(panels, images.items(), strict=True):
        image = np.asarray(image)
        axes.imshow(image, cmap="gray_r", vmin=0, vmax=1)
        axes.set_title(f"{name}\n{image.shape[0]} x {image.shape[1]}", fontsize=10)
        axes.set(xticks=[], yticks=[])
        axes.grid(visible=False)
    return Picture(figure, says)


@style.in_style
def changes(shifts: Sequence[int], found: Mapping[str, ArrayLike]) -> Picture:
    """Draw how much representations change when the images are moved.

    Parameters
    ----------
    shifts : sequence of int
        In pixels.
    found : mapping of str to array_like, shape (shifts,)
        A representation's name, to its relative changes.
    """
    figure, axes = style.new(height=3.0)
    for name, values in found.items():
        axes.plot(shifts, values, marker="o", ms=4, label=name)
    axes.set(xlabel="pixels that the images are moved", ylabel="relative change", xticks=shifts)
    axes.set_ylim(bottom=0)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    said = "; ".join(f"{name} {np.asarray(values)[1]:.2f}" for name, values in found.items())
    return Picture(figure, f"changes that grow with the shift; for one pixel: {said}.")
