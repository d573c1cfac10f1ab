"""Probes of lesson 02: an answer is given tensors that have a value, and tensors that have none."""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from helpers.checks.observe import WrongReturn
from helpers.checks.probes.both_graphs import in_both_graphs
from helpers.checks.probes.first_program import call_with_named_errors
from helpers.checks.probes.sessions import quick_session

# What goes wrong with the same class of Python, told apart by a phrase of the message.
_OWN_NAMES = {
    "attribute 'numpy'": "a tensor without a value",
    "graph is empty": "an empty graph",
}


class NoTensor(WrongReturn):
    """What the answer returned is not a tensor."""


class AnArray(NoTensor):
    """The answer returned an array of NumPy."""


class NoShape(WrongReturn):
    """What the answer returned is not a shape."""


def _shape(returned: Any) -> str:
    """Write a shape as Python writes a tuple."""
    if returned is None:
        return "None"
    if isinstance(returned, tf.TensorShape):
        returned = returned.as_list()
    if isinstance(returned, np.ndarray | tf.Tensor) and returned.ndim == 1:
        returned = list(returned)
    if not isinstance(returned, tuple | list):
        raise NoShape(f"it returned {returned!r}, which is no shape: a tuple or a list of sizes")
    sizes = [size.numpy() if isinstance(size, tf.Tensor) else size for size in returned]
    for size in sizes:
        if not isinstance(size, int | np.integer) or isinstance(size, bool):
            raise NoShape(f"it returned {returned!r}, and {size!r} is no size: an integer")
    return str(tuple(map(int, sizes)))


def shape_of_sum(answer: Callable, a: tuple[int, ...], b: tuple[int, ...]) -> dict[str, str]:
    """Call ``answer(a, b)``.

    Examples
    --------
    >>> shape_of_sum(lambda a, b: [*a, *b], (2,), (3,))
    {'the shape': '(2, 3)'}
    """
    return {"the shape": _shape(answer(a, b))}


def _tensor(returned: Any) -> tf.Tensor:
    if isinstance(returned, np.ndarray | np.generic):
        raise AnArray("it returned an array of NumPy, not a tensor.")
    if not isinstance(returned, tf.Tensor):
        raise NoTensor(f"it returned a {type(returned).__name__}, not a tensor.")
    return returned


def today_and_in_a_graph(answer: Callable, a: str, b: str) -> dict[str, Any]:
    """Call ``answer(a, b)`` on eager tensors, and again in two graphs, which are then run.

    The tensors are given as text, so that a verdict shows their dtypes. One of the graphs is as the
    course makes it, the other an ordinary one.

    Examples
    --------
    >>> today_and_in_a_graph(tf.add, "tf.ones(2)", "tf.ones(2)")["the dtype"]
    'float32'
    """

    def call() -> tf.Tensor:
        built = (eval(text, {"tf": tf}) for text in (a, b))
        return _tensor(call_with_named_errors(answer, _OWN_NAMES, *built))

    eager = call()
    seen: dict[str, Any] = {"the dtype": eager.dtype.name, "the sum": eager}

    def look() -> dict[str, Any]:
        with quick_session() as session:
            symbolic = call()
            return {
                "the dtype in a session": symbolic.dtype.name,
                "the sum in a session": session.run(symbolic),
            }

    return seen | in_both_graphs(look)
