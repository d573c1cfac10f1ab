"""Probes of lesson 06: initializers and activations, which cannot travel as plain arguments."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def draws(answer: Callable, fan_in: int, fan_out: int, seed: int) -> dict[str, Any]:
    """Let the answer draw weights from two generators of this seed.

    Examples
    --------
    >>> draws(lambda m, n, rng: rng.integers(9, size=(m, n)), 1, 2, 0)["result"]
    array([[7, 5]])
    """
    weights = answer(fan_in, fan_out, np.random.default_rng(seed))
    again = answer(fan_in, fan_out, np.random.default_rng(seed))
    return {
        "that two generators of one seed give the same weights": bool(
            np.array_equal(weights, again)
        ),
        "result": weights,
    }


def relu(z: NDArray) -> NDArray:
    """Return ``max(0, z)``."""
    return np.maximum(z, 0)


def half(z: NDArray) -> NDArray:
    """Return half of each number."""
    return z / 2


ACTIVATIONS = {"relu": relu, "tanh": np.tanh, "half": half}


def with_activation(answer: Callable, activation: str, z: NDArray) -> Any:
    """Call the answer with the activation of this name.

    Examples
    --------
    >>> with_activation(lambda activation, z: activation(z), "relu", np.array([-1.0, 2.0]))
    array([0., 2.])
    """
    return answer(ACTIVATIONS[activation], z)
