"""Probes of lesson 01: a product without the ready-made operator, and a program of TensorFlow 1."""

from collections.abc import Callable, Sequence
from typing import Any
from unittest import mock

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers.checks.observe import WrongReturn
from helpers.checks.probes.graphs_sessions_devices import run_in_session

tf1 = tf.compat.v1


class ReadyMade(WrongReturn):
    """The answer multiplied its matrices with NumPy's operator or method."""


class _Numbers(np.ndarray):
    """An array that refuses to be multiplied as a matrix."""

    def __matmul__(self, other: Any) -> Any:
        """Refuse."""
        raise ReadyMade(
            "`@` and `dot` are the ready-made product. Build it from `*` and a sum: that is the "
            "exercise."
        )

    __rmatmul__ = dot = __matmul__  # type: ignore[assignment]


def product_by_hand(answer: Callable, a: NDArray, b: NDArray) -> Any:
    """Call ``answer(a, b)`` with arrays for which ``@`` and ``dot`` are refused.

    Examples
    --------
    >>> product_by_hand(lambda a, b: float(a[0] * b[0]), np.array([3.0]), np.array([2.0]))
    6.0
    """
    return answer(a.view(_Numbers), b.view(_Numbers))


def chain_in_session(answer: Callable, matrices: Sequence[NDArray]) -> dict[str, Any]:
    """Call ``answer(matrices)``; count its runs, and what it leaves behind.

    Examples
    --------
    >>> seen = chain_in_session(lambda matrices: tf.matmul(*matrices), [np.eye(2), np.eye(2)])
    >>> seen["the number of runs"], seen["the number of nodes left in the caller's graph"]
    (0, 3)
    """
    runs = []
    base = tf1.Session.__base__
    run = base.run

    def noted(session: Any, *args: Any, **kwargs: Any) -> Any:
        runs.append(session)
        return run(session, *args, **kwargs)

    def call(_: Any) -> Any:
        with mock.patch.object(base, "run", noted):
            return answer(matrices)

    seen = run_in_session(call, "lambda: None")
    left = ["the number of nodes left in the caller's graph", "the number of sessions left open"]
    return {
        "the result": seen["the result"],
        "the number of runs": len(runs),
    } | {name: seen[name] for name in left}
