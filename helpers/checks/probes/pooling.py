"""Probes of lesson 24: an answer measures a representation of images."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Representations, under the words that a verdict shows. Of shape (batch, height, width).
REPRESENTATIONS: dict[str, Callable[[NDArray], NDArray]] = {
    "the image itself": lambda x: x,
    "the sum of all pixels": lambda x: x.sum(axis=(1, 2)),
    "the sum of each column": lambda x: x.sum(axis=1),
    "the sum of each row": lambda x: x.sum(axis=2),
    "every second pixel": lambda x: x[:, ::2, ::2],
    "the largest pixel of each column": lambda x: x.max(axis=1),
}


def measured(answer: Callable, represent: str, images: NDArray, shift: int) -> Any:
    """Call ``answer(represent, images, shift)``, with the function that has this name.

    Examples
    --------
    >>> measured(lambda represent, images, shift: represent(images), "the image itself", [[[1]]], 0)
    array([[[1.]]])
    """
    function = REPRESENTATIONS[represent]
    # No copy: an answer that changes its images is to be seen.
    return answer(function, np.asarray(images, dtype=float), shift)
