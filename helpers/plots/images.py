"""Rows of images: what several lessons show of handwriting."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from helpers.plots import style
from helpers.plots.style import Picture


@style.in_style
def rows(images: Mapping[str, ArrayLike], says: str, signed: bool = False) -> Picture:
    """Draw rows of square images, each with a name on its left.

    Parameters
    ----------
    images : mapping of str to array_like, shape (number, pixels)
        A row's name, to its images. Pixels from 0 (white) to 1 (black).
    says : str
        The picture's text alternative.
    signed : bool, optional
        Pixels are weights of either sign: orange where positive, purple where negative.
    """
    arrays = {name: np.asarray(row) for name, row in images.items()}
    longest = max(len(row) for row in arrays.values())
    side = round(np.sqrt(next(iter(arrays.values())).shape[1]))
    each = min(0.62, 5.9 / longest)
    figure, panels = style.new(
        rows=len(arrays), columns=longest, height=(each + 0.06) * len(arrays) + 0.15, squeeze=False
    )
    for line, (name, row) in zip(panels, arrays.items(), strict=True):
        limit = float(np.abs(row).max()) if signed else 1.0
        look = {"cmap": "PuOr_r", "vmin": -limit} if signed else {"cmap": "gray_r", "vmin": 0}
        for axes in line:
            axes.set(xticks=[], yticks=[])
            axes.grid(visible=False)
            for spine in axes.spines.values():
                spine.set_visible(False)
        for axes, image in zip(line, row, strict=False):
            axes.imshow(image.reshape(side, side), vmax=limit, **look)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=10)
    return Picture(figure, says)
