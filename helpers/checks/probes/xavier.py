"""Probes of lesson 06: what an initializer draws from a known generator."""

from collections.abc import Callable
from typing import Any

import numpy as np


def draws(answer: Callable, fan_in: int, fan_out: int, seed: int) -> dict[str, Any]:
    """Draw weights twice from equal generators.

    Examples
    --------
    >>> draws(lambda m, n, rng: rng.integers(9, size=(m, n)), 1, 2, 0)["the weights"]
    array([[7, 5]])
    """
    weights, again = (np.asarray(answer(fan_in, fan_out, np.random.default_rng(seed))) for _ in "ab")
    return {
        "that two equal generators give equal weights": np.array_equal(weights, again),
        "the weights": weights,
    }
