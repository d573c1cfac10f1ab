"""Probes of lesson 15: a layer that puts its penalty into a collection, in both kinds of graph."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers.checks.observe import WrongReturn
from helpers.checks.probes.both_graphs import in_both_graphs
from helpers.checks.probes.sessions import quick_session

tf1 = tf.compat.v1
KEY = "losses"
MANY = 400


class NoNode(WrongReturn):
    """What the answer returned cannot be run."""


class NotANode(WrongReturn):
    """The collection holds a list of nodes, or nothing."""


class NumberInCollection(WrongReturn):
    """The collection holds a number, which nobody computes from the weights."""


def layers(answer: Callable, x: NDArray, units: Sequence[int], scale: float) -> dict[str, Any]:
    """Stack layers by ``answer(inputs, units, scale)``, each in a scope of its own.

    Built in a fresh graph and in an ordinary one, whose variables are of today's kind.

    Examples
    --------
    >>> seen = layers(lambda inputs, units, scale: inputs, np.ones((1, 2)), [3], 0.5)
    >>> seen["the number of penalties in the collection"]
    0
    """

    def look() -> dict[str, Any]:
        with quick_session() as session:
            return _built(answer, x, units, scale, session)

    return in_both_graphs(look)


def _built(
    answer: Callable, x: NDArray, units: Sequence[int], scale: float, session: Any
) -> dict[str, Any]:
    inputs = tf1.placeholder(tf.float32, [None, x.shape[1]], name="x")
    outputs = inputs
    for number, size in enumerate(units, start=1):
        with tf1.variable_scope(f"layer{number}"):
            outputs = answer(outputs, size, scale)
        if not isinstance(outputs, tf.Tensor):
            kind = type(outputs).__name__
            raise NoNode(f"it returned a {kind}, not the layer's output, a tensor of the graph")
    penalties = tf1.get_collection(KEY)
    for each in penalties:
        if isinstance(each, int | float | np.ndarray | np.generic):
            raise NumberInCollection(
                f"the collection holds the number {each}, not a tensor that is computed from the "
                "weights in every run"
            )
        if isinstance(each, list | tuple | dict | None):
            raise NotANode(f"the collection holds a {type(each).__name__}, not a tensor")
    variables = sorted(tf1.trainable_variables(), key=lambda v: v.op.name)
    session.run(tf1.global_variables_initializer())
    starts = session.run(variables)
    settings = [v.assign(_numbers_of_shape(v.shape.as_list())) for v in variables]
    session.run(settings)
    return {
        "the list of trainable variables": ", ".join(v.op.name for v in variables) or "none",
        "the list of their shapes": ", ".join(str(tuple(v.shape.as_list())) for v in variables),
        # A few random numbers say little; many of another initializer have another spread.
        "whether the weights start as random_normal_initializer says": all(
            np.ptp(s) > 0 and (s.size < MANY or 0.8 < np.std(s) < 1.2)
            for s in starts
            if s.ndim == 2 and s.size > 1
        ),
        "the list of the biases' starts": [float(np.max(s)) for s in starts if s.ndim == 1],
        "the number of penalties in the collection": len(penalties),
        "the list of penalties": [float(np.sum(p)) for p in session.run(penalties)],
        "the output": session.run(outputs, {inputs: x}),
    }


def _numbers_of_shape(shape: Sequence[int]) -> NDArray:
    return np.cos(1.0 + np.arange(np.prod(shape, dtype=int))).reshape(shape)
