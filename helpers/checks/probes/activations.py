"""Probes of lesson 09: layers as the lesson has them, and a network that the answer has built."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.observe import WrongReturn


class NoPair(WrongReturn):
    """The answer returned something else than weights and biases."""


class OneInAList(NoPair):
    """The answer returned a list with the layer in it."""


class NoList(WrongReturn):
    """The answer returned no list of arrays."""


class TooFew(NoList):
    """The list is too short."""


class TooMany(NoList):
    """The list is too long."""


def one_layer(answer: Callable, layers: list) -> Any:
    """Call ``answer(layers)``, and see that a pair comes back.

    Examples
    --------
    >>> one_layer(lambda layers: layers[0], [(np.eye(1), np.zeros(1))])
    (array([[1.]]), array([0.]))
    """
    found = answer(layers)
    if isinstance(found, list | tuple) and len(found) == 1:
        raise OneInAList("it returned a list with one layer in it.")
    if not isinstance(found, list | tuple) or len(found) != 2:
        what = (
            f"{len(found)} values"
            if isinstance(found, list | tuple)
            else f"one {type(found).__name__}"
        )
        raise NoPair(f"it returned {what}; two arrays were wanted, weights and biases.")
    return found


def gradients(answer: Callable, gradient: NDArray, slopes: list, layers: list) -> Any:
    """Call ``answer(gradient, slopes, layers)``, and see that a list with a place a layer comes."""
    num_layers = len(layers)
    found = answer(gradient, slopes, layers)
    if not isinstance(found, list | tuple):
        raise NoList(f"it returned no list but a {type(found).__name__}; wrap it in list(...).")
    if len(found) != num_layers:
        kind = TooFew if len(found) < num_layers else TooMany
        raise kind(f"the list holds {len(found)} arrays, and there are {num_layers} layers.")
    return found


def _layer(layer: Any, inputs: int, name: str) -> tuple[NDArray, NDArray]:
    try:
        weights, biases = (np.asarray(part, dtype=float) for part in layer)
    except (TypeError, ValueError):
        raise WrongReturn(f"the {name} layer is no pair (weights, biases).") from None
    if weights.ndim != 2 or len(weights) != inputs:
        wanted = "(1, h)" if name == "first" else f"({inputs}, 1)"
        raise WrongReturn(
            f"the {name} layer's weights have shape {weights.shape}; {wanted} was wanted."
        )
    if biases.shape != weights.shape[1:]:
        raise WrongReturn(
            f"the {name} layer's biases have shape {biases.shape}; {weights.shape[1:]} was wanted."
        )
    return weights, biases


def network_on_a_line(answer: Callable, knots: NDArray, values: NDArray) -> dict[str, float]:
    """Run the network that the answer returns, at the knots and at places between them."""
    layers = answer(knots, values)
    try:
        first, second = layers
    except (TypeError, ValueError):
        raise WrongReturn("it returned no list of two layers.") from None
    if isinstance(first, np.ndarray):
        raise WrongReturn("it returned one layer; a list of two layers was wanted.")
    weights, biases = _layer(first, 1, "first")
    output_weights, output_biases = _layer(second, weights.shape[1], "second")
    between = [knots[:-1] + share * np.diff(knots) for share in (0.25, 0.5, 0.75)]
    x = np.sort(np.concatenate([knots, *between]))
    hidden = np.maximum(x[:, np.newaxis] @ weights + biases, 0)
    outputs = hidden @ output_weights + output_biases
    if outputs.shape[1] != 1:
        raise WrongReturn(f"the second layer has {outputs.shape[1]} outputs; 1 was wanted.")
    pairs = zip(x, outputs[:, 0], strict=True)
    return {f"the output at x = {at:.4g}": float(output) for at, output in pairs}
