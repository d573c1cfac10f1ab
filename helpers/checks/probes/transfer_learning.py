"""Probes of lesson 21: an answer freezes layers of a model, which is then looked at and trained."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from helpers.checks.observe import WrongReturn


class ModelReturned(WrongReturn):
    """The answer returned the model itself, which can be called as a function can."""


class WeightsChanged(WrongReturn):
    """The answer changed what the layers have learned."""


def frozen(
    answer: Callable, units: Sequence[int | str], num_trainable: int, before: Sequence[bool]
) -> dict[str, Any]:
    """Call ``answer(model, num_trainable)`` on a model whose layers are trainable as `before` says.

    A number in `units` makes a dense layer, a name another layer of Keras. The last one is dense.

    Examples
    --------
    >>> seen = frozen(lambda model, num_trainable: None, [2, 3], 1, [True, True])
    >>> seen["the list of layers that have moved in training"]
    'layer_0, layer_1'
    """
    keras.utils.set_random_seed(0)
    layers = [_layer(unit, f"layer_{i}") for i, unit in enumerate(units)]
    model = keras.Sequential([keras.Input([2]), *layers])
    for layer, trainable in zip(model.layers, before, strict=True):
        layer.trainable = trainable
    start = [layer.get_weights() for layer in model.layers]
    returned = answer(model, num_trainable)
    if isinstance(returned, keras.Layer):
        raise ModelReturned("it returned a model or a layer, not how many numbers can be trained.")
    if any(
        not np.array_equal(a, b)
        for layer, old in zip(model.layers, start, strict=False)
        for a, b in zip(layer.get_weights(), old, strict=True)
    ):
        raise WeightsChanged(
            "your code changes the weights themselves; it is `trainable` that decides who moves."
        )
    # Eagerly: a graph for each of many small models takes time, and TensorFlow warns of it.
    model.compile("sgd", "mse", run_eagerly=True)
    model.train_on_batch(np.array([[1.0, -2.0]]), np.full((1, model.output_shape[-1]), 50.0))
    moved = [
        layer.name
        for layer, old in zip(model.layers, start, strict=True)
        if any(not np.array_equal(a, b) for a, b in zip(layer.get_weights(), old, strict=True))
    ]
    return {
        "the list of layers": ", ".join(layer.name for layer in model.layers),
        "the list of layers that have moved in training": ", ".join(moved) or "none",
        "what is returned": returned,
    }


def _layer(unit: int | str, name: str) -> keras.Layer:
    if isinstance(unit, str):
        return getattr(keras.layers, unit)(name=name)
    return keras.layers.Dense(unit, name=name)
