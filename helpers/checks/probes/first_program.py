"""Probes of lesson 01: a product without the ready-made operator, and a program of TensorFlow 1."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn
from unittest import mock

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers.checks.observe import WrongReturn
from helpers.checks.probes.graphs_sessions_devices import run_in_session

tf1 = tf.compat.v1

# What libraries call a product of matrices or rows. A name counts wherever it leads.
READY_MADE = {
    *(
        "matmul",
        "mat_mul",
        "batch_mat_mul",
        "batch_mat_mul_v2",
        "batch_mat_mul_v3",
        "sparse_matmul",
    ),
    *("dot", "vdot", "inner", "vecdot", "matvec", "vecmat", "einsum", "tensordot", "multi_dot"),
    *("batch_dot", "Dot", "Dense", "sumprod", "correlate", "convolve", "matrix_multiply"),
    *("dgemm", "sgemm", "dgemv", "sgemv", "ddot", "sdot", "safe_sparse_dot", "mm", "bmm"),
}

# What goes wrong with the same class of Python, told apart by a phrase of the message.
_OWN_NAMES = {
    "attribute 'numpy'": "a tensor without a value",
    "attribute 'Session'": "a name of TensorFlow 1",
    "closed Session": "a closed session",
    "graph is empty": "an empty graph",
}


class ReadyMade(WrongReturn):
    """The answer multiplied its matrices with a product that NumPy or TensorFlow has ready."""


class _Numbers(np.ndarray):
    """An array that refuses to be multiplied as a matrix."""

    complaint = ""

    def _refuse(self) -> NoReturn:
        raise ReadyMade(self.complaint)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """Refuse a product of matrices; else compute with ordinary arrays."""
        if ufunc.__name__ in READY_MADE:
            self._refuse()
        if "out" in kwargs:
            kwargs["out"] = tuple(map(_ordinary, kwargs["out"]))
        return getattr(ufunc, method)(*map(_ordinary, inputs), **kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """Refuse a product of matrices; else compute as always."""
        if function.__name__ in READY_MADE:
            self._refuse()
        return super().__array_function__(function, types, args, kwargs)

    def dot(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse."""
        self._refuse()


class _ByHand(_Numbers):
    complaint = (
        "`@`, `dot` and their relatives are the ready-made product. Build it from `*` and a sum: "
        "that is the exercise."
    )


class _ByTensorFlow(_Numbers):
    complaint = "NumPy multiplied two of the matrices; every product belongs into the graph."


def _ordinary(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, _Numbers) else value


def product_by_hand(answer: Callable, a: NDArray, b: NDArray) -> Any:
    """Call ``answer(a, b)`` with arrays that refuse a ready-made product.

    Examples
    --------
    >>> product_by_hand(lambda a, b: float(a[0] * b[0]), np.array([3.0]), np.array([2.0]))
    6.0
    """
    return answer(a.view(_ByHand), b.view(_ByHand))


def call_with_named_errors(answer: Callable, own_names: Mapping[str, str], *arguments: Any) -> Any:
    """Call an answer; where its error has one of these phrases, add an own name to its class.

    A verdict then shows the class that was raised, and misconceptions are told apart by the name.

    Examples
    --------
    >>> call_with_named_errors(lambda: {}["a"], {"a": "no a"})
    Traceback (most recent call last):
    helpers.checks.probes.first_program.KeyError (no a): 'a'
    """
    try:
        return answer(*arguments)
    except Exception as error:
        for phrase, own_name in own_names.items():
            if phrase in str(error):
                kind = type(f"{type(error).__name__} ({own_name})", (Exception,), {})
                raise kind(str(error)).with_traceback(error.__traceback__) from None
        raise


def chain_in_session(answer: Callable, matrices: list[NDArray]) -> dict[str, Any]:
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
    guarded = [matrix.view(_ByTensorFlow) for matrix in matrices]

    def noted(session: Any, *args: Any, **kwargs: Any) -> Any:
        runs.append(session)
        return run(session, *args, **kwargs)

    def call(_: Any) -> Any:
        with mock.patch.object(base, "run", noted):
            return call_with_named_errors(answer, _OWN_NAMES, guarded)

    seen = run_in_session(call, "lambda: None")
    # What the answer did to its list is seen in the list that was given.
    matrices[:] = map(_ordinary, guarded)
    left = ["the number of nodes left in the caller's graph", "the number of sessions left open"]
    return {
        "the result": seen["the result"],
        "the number of runs": len(runs),
    } | {name: seen[name] for name in left}
