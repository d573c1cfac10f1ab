"""Probes of lesson 09: what a network computes whose weights the answer chose."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.observe import WrongReturn


def _layer(layer: Any, inputs: int, name: str) -> tuple[NDArray, NDArray]:
    try:
        weights, biases = (np.asarray(part, dtype=float) for part in layer)
    except (TypeError, ValueError):
        raise WrongReturn(f"the {name} layer is no pair (weights, biases).") from None
    if weights.ndim != 2 or len(weights) != inputs:
        raise WrongReturn(
            f"the {name} layer's weights have shape {weights.shape}, and {inputs} rows were wanted."
        )
    if biases.shape != weights.shape[1:]:
        raise WrongReturn(
            f"the {name} layer's biases have shape {biases.shape}; {weights.shape[1:]} was wanted."
        )
    return weights, biases


def network_on_a_line(answer: Callable, knots: NDArray, values: NDArray) -> dict[str, float]:
    """Run the network that the answer returns, at the knots and halfway between them."""
    layers = answer(knots, values)
    try:
        first, second = layers
    except (TypeError, ValueError):
        raise WrongReturn("it returned no list of two layers.") from None
    weights, biases = _layer(first, 1, "first")
    output_weights, output_biases = _layer(second, weights.shape[1], "second")
    x = np.sort(np.concatenate([knots, (knots[1:] + knots[:-1]) / 2]))
    hidden = np.maximum(x[:, np.newaxis] @ weights + biases, 0)
    outputs = hidden @ output_weights + output_biases
    if outputs.shape[1] != 1:
        raise WrongReturn(f"the second layer has {outputs.shape[1]} outputs; 1 was wanted.")
    pairs = zip(x, outputs[:, 0], strict=True)
    return {f"the output at x = {at:.4g}": float(output) for at, output in pairs}
