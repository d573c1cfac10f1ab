"""Probes of lesson 19: noise from a seeded generator, and angles as a cosine tells them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.observe import WrongReturn


class NothingDrawn(WrongReturn):
    """The given generator was not asked."""


def corrupted(answer: Callable, x: NDArray, kind: str, amount: float, seed: int) -> dict[str, Any]:
    """Call ``answer(x, kind, amount, rng)`` and see what it returns and how much it has drawn.

    Examples
    --------
    >>> def keep_all(x, kind, amount, rng):
    ...     return np.where(rng.random(x.shape) < 0, 0, x)
    >>> corrupted(keep_all, np.zeros(2), "masking", 0.5, 0)["the images"]
    array([0., 0.])
    """
    rng = np.random.default_rng(seed)
    untouched = rng.bit_generator.state
    images = answer(x, kind, amount, rng)
    if images is not None and rng.bit_generator.state == untouched:
        raise NothingDrawn("your code has drawn no numbers from `rng`.")
    return {"the images": images, "the next number that the generator would draw": rng.random()}


def angle(answer: Callable, a: NDArray, b: NDArray) -> Any:
    """Call ``answer(a, b)`` and round: an angle near 0 is known from its cosine to 1e-6 only.

    Examples
    --------
    >>> angle(lambda a, b: 1e-6, np.eye(2), np.eye(2))
    0.0
    """
    found = answer(a, b)
    return round(float(found), 4) if isinstance(found, float | np.floating) else found
