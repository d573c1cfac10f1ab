"""Probes of lesson 02: an answer is given tensors that have a value, and tensors that have none."""

from collections.abc import Callable
from typing import Any

import tensorflow as tf
from numpy.typing import NDArray

from helpers import graphs
from helpers.checks.observe import WrongReturn

tf1 = tf.compat.v1


class NoTensor(WrongReturn):
    """What the answer returned is not a tensor."""


def _tensor(returned: Any) -> tf.Tensor:
    if not isinstance(returned, tf.Tensor):
        raise NoTensor(f"it returned a {type(returned).__name__}, not a tensor.")
    return returned


def today_and_in_a_graph(answer: Callable, a: NDArray, b: NDArray) -> dict[str, Any]:
    """Call ``answer(a, b)`` on eager tensors, and again on tensors of a graph, which is then run.

    Examples
    --------
    >>> import numpy as np
    >>> today_and_in_a_graph(tf.add, np.ones(2), np.ones(2))["the dtype"]
    'float64'
    """
    eager = _tensor(answer(tf.constant(a), tf.constant(b)))
    seen: dict[str, Any] = {"the dtype": eager.dtype.name, "the sum": eager}
    with graphs.fresh(), tf1.Session() as session:
        symbolic = _tensor(answer(tf.constant(a), tf.constant(b)))
        return {
            **seen,
            "the dtype in a graph": symbolic.dtype.name,
            "the sum in a graph": session.run(symbolic),
        }
