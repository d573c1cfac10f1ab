"""Probes of lesson 19: noise from a seeded generator, and angles as a cosine tells them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.observe import WrongReturn


class NothingDrawn(WrongReturn):
    """The given generator was not asked."""


class ChangedInPlace(WrongReturn):
    """An array of the caller's has other numbers than before."""


def _keep(arrays: dict[str, NDArray], before: dict[str, NDArray]) -> None:
    for name, array in arrays.items():
        if not np.array_equal(array, before[name]):
            raise ChangedInPlace(
                f"your code changes `{name}` in place, as `{name} += …` and `{name}[…] = 0` do, "
                f"and the caller still needs it. Work on `{name}.copy()`."
            )


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
    untouched, copy = rng.bit_generator.state, x.copy()
    images = answer(x, kind, amount, rng)
    _keep({"x": x}, {"x": copy})
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
    copies = {"a": a.copy(), "b": b.copy()}
    found = answer(a, b)
    _keep({"a": a, "b": b}, copies)
    return round(float(found), 4) if isinstance(found, float | np.floating) else found
