"""Probes: how an answer that builds a graph is run and reduced to plain values.

A probe works in the answer's own process, so this module knows no wanted value and imports only
what that process may know. It builds a fresh graph, lets the answer add to it, runs a session, and
says what it saw in a dict whose keys are the phrases of the verdict.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers import graphs
from helpers.checks.observe import WrongReturn

tf1 = tf.compat.v1


class NumberReturned(WrongReturn):
    """An answer returned a number, which is computed, where a node was asked for."""


class VariableExists(Exception):
    """`get_variable` was asked to create a variable whose name is taken."""


class NoSuchVariable(Exception):
    """`get_variable` was asked to reuse a variable that nobody has created."""


class UnknownShape(Exception):
    """`get_variable` was asked for a shape that is not known while the graph is built."""


# What `get_variable` complains about, all of it as ValueError.
_COMPLAINTS = {
    "already exists": VariableExists,
    "does not exist": NoSuchVariable,
    "should be fully defined": UnknownShape,
}


@contextmanager
def _session() -> Iterator[Any]:
    """Open a session of a fresh graph, and build in that graph."""
    with graphs.fresh(), tf1.Session() as session:
        yield session


def _fetches(returned: Any, wanted: Sequence[str]) -> list[Any]:
    """Return what an answer returned as a list of things that a session can run."""
    asked = " and ".join(wanted)
    if returned is None:
        raise WrongReturn(f"it returned None, not {asked}; the last line should be a return")
    items = list(returned) if isinstance(returned, list | tuple) else [returned]
    if len(items) != len(wanted):
        raise WrongReturn(f"it returned {len(items)} thing{'s' * (len(items) != 1)}, not {asked}")
    for item, what in zip(items, wanted, strict=True):
        if isinstance(item, int | float | np.ndarray | np.generic):
            raise NumberReturned(f"for {what} it returned the number {item}, not a node")
        if not isinstance(item, tf.Tensor | tf.Variable | tf.Operation):
            kind = type(item).__name__
            raise WrongReturn(f"for {what} it returned a {kind}, which a session cannot run")
    return items


def _names_and_shapes(variables: Iterable[tf.Variable]) -> tuple[str, str]:
    """List variables in two strings, their names and their shapes."""
    listed = sorted((v.op.name, str(tuple(v.shape.as_list()))) for v in variables)
    names, shapes = ([text[i] for text in listed] for i in (0, 1))
    return ", ".join(names) or "none", ", ".join(shapes) or "none"


def counter(answer: Callable, start: int, step: int) -> dict[str, Any]:
    """Run the update of a counter three times: ``answer(start, step)`` -> variable, update.

    Examples
    --------
    >>> def broken(start, step):
    ...     state = tf1.Variable(start, name="counter")
    ...     return state, state + step
    >>> counter(broken, 5, 2)["state after 3 runs of update"]
    np.int32(5)
    """
    with _session() as session:
        state, update = _fetches(answer(start, step), ["the variable", "its update"])
        names, shapes = _names_and_shapes(tf1.global_variables())
        session.run(tf1.global_variables_initializer())
        seen = {
            "the list of variables": names,
            "the list of their shapes": shapes,
            "state after the initializer": session.run(state),
            "state after the initializer, read again": session.run(state),
        }
        for runs in (1, 2, 3):
            session.run(update)
            seen[f"state after {runs} run{'s' * (runs > 1)} of update"] = session.run(state)
    return seen


def shared_layer(answer: Callable, x: NDArray, units: int, calls: int) -> dict[str, Any]:
    """Call ``answer(x, units)`` several times in one graph, on a placeholder each.

    The placeholders are fed ``x``, ``x + 1``, …. After a look at their initial values the variables
    are set to numbers that depend on their shape only.
    """
    with _session() as session:
        inputs = [
            tf1.placeholder(tf.float32, [None, x.shape[1]], name=f"x_{i}") for i in range(calls)
        ]
        returned = [_call_with_named_errors(answer, given, units) for given in inputs]
        outputs = [_fetches(one, ["the output"])[0] for one in returned]
        variables = tf1.trainable_variables()
        settings = [v.assign(_numbers_of_shape(v.shape.as_list())) for v in variables]
        session.run(tf1.global_variables_initializer())
        starts = session.run(variables)
        session.run(settings)
        found = session.run(outputs, {given: x + i for i, given in enumerate(inputs)})
    names, shapes = _names_and_shapes(variables)
    seen = {
        "the list of trainable variables": names,
        "the list of their shapes": shapes,
        "whether the biases start at zeros": not any(np.any(s) for s in starts if s.ndim == 1),
        "whether the weights start from different numbers": all(
            np.ptp(s) > 0 for s in starts if s.ndim == 2
        ),
    }
    return seen | {f"the output of call {i}": value for i, value in enumerate(found, start=1)}


def _call_with_named_errors(answer: Callable, *arguments: Any) -> Any:
    """Call an answer; give the complaints of `get_variable` types of their own."""
    try:
        return answer(*arguments)
    except ValueError as error:
        for phrase, kind in _COMPLAINTS.items():
            if phrase in str(error):
                sentence = str(error).split(" Did you mean")[0].rstrip(".")
                raise kind(sentence).with_traceback(error.__traceback__) from None
        raise


def _numbers_of_shape(shape: Sequence[int]) -> NDArray:
    return np.cos(1.0 + np.arange(np.prod(shape, dtype=int))).reshape(shape)


def scaled_copy(
    answer: Callable, shape: Sequence[int], factor: float, name: str, dtype: str = "float32"
) -> dict[str, Any]:
    """Initialize random weights and ``answer(weights, factor, name)`` together, compare them.

    The weights differ from run to run, their ratio must not.
    """
    reads = _start_reads_weights(answer, shape, factor, name, dtype)
    with _session() as session:
        start = tf1.random_uniform(shape, 1.0, 2.0, dtype=dtype)
        weights = tf1.Variable(start, name="weights")
        [copy] = _fetches(answer(weights, factor, name), ["the new variable"])
        kind = "a new variable" if isinstance(copy, tf.Variable) else "a tensor"
        names, shapes = _names_and_shapes(tf1.global_variables())
        trainable, _ = _names_and_shapes(tf1.trainable_variables())
        session.run(tf1.global_variables_initializer())
        # One fetch a run: within a run nothing says what is read or written first.
        before = session.run(weights)
        first = session.run(copy)
        after = session.run(weights)
        session.run(weights.assign(3.0 * after))
        later = session.run(copy)
    return {
        "what was returned": "the weights themselves" if copy is weights else kind,
        "whether the dtype is that of the weights": copy.dtype.base_dtype.name == dtype,
        "the list of variables": names,
        "the list of their shapes": shapes,
        "the list of trainable variables": trainable,
        "weights after the copy was read / weights before": _ratio(after, before),
        "copy / weights, after the initializer": _ratio(first, before),
        "copy / its start, after the weights were changed": _ratio(later, first),
        "whether its start reads the weights, which may have no value yet": reads,
    }


def _start_reads_weights(
    answer: Callable, shape: Sequence[int], factor: float, name: str, dtype: str
) -> bool:
    """Tell whether, in an ordinary graph, the copy's initializer reads the weights' variable.

    A fresh graph's reference variables hide it: there TensorFlow puts the initial value in the
    place of a variable that an initial value reads. In an ordinary graph nothing says whether the
    weights have been initialized before they are read.
    """
    with tf.Graph().as_default():
        weights = tf1.Variable(tf1.ones(shape, dtype), name="weights", use_resource=True)
        try:
            [copy] = _fetches(answer(weights, factor, name), ["the new variable"])
        except NotImplementedError as error:
            if not _came_from(error, "initialized_value"):
                raise
            return False  # the slide's method, which today's variables lack
        if copy is weights or not isinstance(copy, tf.Variable):
            return False
        waiting = [copy.initializer]
        for operation in waiting:
            waiting += {t.op for t in operation.inputs}.difference(waiting)
        return weights.handle.op in waiting


def _came_from(error: BaseException, function: str) -> bool:
    """Tell whether an error was raised in the function of this name."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_code.co_name == function


def _ratio(numerator: NDArray, denominator: NDArray) -> Any:
    """Divide; return one number, or a phrase if the ratio is not the same everywhere."""
    ratio = np.ravel(numerator / denominator)
    return ratio[0] if np.allclose(ratio, ratio[0]) else "different for each number"
