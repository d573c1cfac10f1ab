"""Probes of lesson 22: an answer builds the operation of one step, which is then run."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers.checks.observe import WrongReturn
from helpers.checks.probes.both_graphs import in_both_graphs
from helpers.checks.probes.sessions import quick_session

tf1 = tf.compat.v1

AFTER, BEFORE, EITHER = "after the step", "before the step", "before or after it, as it happens"


class BatchesChanged(WrongReturn):
    """The answer changed the list of batches, or what is in it."""


class NoOperation(WrongReturn):
    """The answer returned nothing that a session can run."""


class NothingTrained(WrongReturn):
    """No operation of the graph takes a step of gradient descent."""


def in_batches(answer: Callable, logits: NDArray, labels: NDArray, sizes: Sequence[int]) -> Any:
    """Call ``answer(batches)`` with the samples cut into batches of these sizes.

    Examples
    --------
    >>> in_batches(len, np.zeros((3, 2)), np.zeros(3), [1, 0, 2])
    3
    """
    starts = np.cumsum([0, *sizes])[:-1]
    rows = [slice(start, start + size) for start, size in zip(starts, sizes, strict=True)]
    batches = [(logits[each].copy(), labels[each].copy()) for each in rows]
    given = list(batches)
    returned = answer(given)
    same = len(given) == len(batches) and all(
        np.array_equal(logits[each], a) and np.array_equal(labels[each], b)
        for each, (a, b) in zip(rows, given, strict=True)
    )
    if not same:
        raise BatchesChanged(
            "your code changes `batches`; the caller still needs it as it was. Work on a copy."
        )
    return returned


def steps_taken(
    answer: Callable,
    starts: NDArray,
    slopes: NDArray,
    learning_rate: float,
    decay: float,
    num_steps: int,
) -> dict[str, Any]:
    """Call ``answer(loss, learning_rate, decay)`` in two kinds of graph, and run what it returns.

    The graph has a scalar variable for each start, the loss is their sum weighted by the slopes,
    and there is one variable that is not trainable. In the graph of `graphs.fresh()` the learning
    rate is a number, in the ordinary one a tensor.

    Examples
    --------
    >>> def descent_alone(loss, learning_rate, decay):
    ...     return tf1.train.GradientDescentOptimizer(learning_rate).minimize(loss)
    >>> seen = steps_taken(descent_alone, np.array([2.0]), np.array([1.0]), 0.5, 0.9, 3)
    >>> seen["the variables"], seen["the list of averages"]
    ([0.5], 'empty')
    """
    kinds = iter([float, tf.constant])

    def look() -> dict[str, Any]:
        return _steps(answer, starts, slopes, next(kinds)(learning_rate), decay, num_steps)

    return in_both_graphs(look)


def _steps(
    answer: Callable,
    starts: NDArray,
    slopes: NDArray,
    learning_rate: Any,
    decay: float,
    num_steps: int,
) -> dict[str, Any]:
    with quick_session() as session:
        variables = [
            tf1.get_variable(f"w{i}", initializer=np.float32(start))
            for i, start in enumerate(starts)
        ]
        tf1.get_variable("kept", initializer=np.float32(7), trainable=False)
        loss = tf1.add_n([slope * v for slope, v in zip(slopes, variables, strict=True)])
        operation = answer(loss, learning_rate, decay)
        kind = type(operation).__name__
        # The last is what `assign` of an ordinary graph's variable returns.
        if not isinstance(operation, tf.Operation | tf.Tensor) and kind != "_UnreadVariable":
            kind = "None" if operation is None else f"an object of type {kind}"
            raise NoOperation(f"it returned {kind}, not an operation that a session can run.")
        shadows = {
            variable.op.name: variable
            for variable in tf1.global_variables()
            if variable.op.name.endswith("ExponentialMovingAverage")
        }
        when = _when_averaged(session.graph, variables, list(shadows.values()))
        session.run(tf1.global_variables_initializer())
        for _ in range(num_steps):
            session.run(operation)
        step = tf1.train.get_global_step()
        averages = [shadows[name] for name in sorted(shadows)]
        return {
            "the variables": _values(session, variables),
            "the global step": "none" if step is None else int(session.run(step)),
            "the list of averages": ", ".join(sorted(shadows)) or "empty",
            "the moment of averaging": when,
            # Without an order they are not the same at each run.
            "the averages": None if when == EITHER else _values(session, averages),
        }


def _values(session: Any, variables: Sequence[Any]) -> list[float]:
    return [float(value) for value in session.run(list(variables))]


def _when_averaged(graph: tf.Graph, variables: Sequence[Any], shadows: Sequence[Any]) -> str:
    """Say whether the graph lets averages wait for the step, the step for them, or neither."""
    updates, steps = _changes(graph, shadows), _changes(graph, variables)
    if not steps:
        raise NothingTrained("no operation of its graph takes a step of gradient descent.")
    if not updates:
        return "never"
    if all(set(steps) <= _needed_by(update) for update in updates):
        return AFTER
    if all(set(updates) <= _needed_by(step) for step in steps):
        return BEFORE
    return EITHER


def _changes(graph: tf.Graph, variables: Sequence[Any]) -> list[tf.Operation]:
    """Return the operations that write into these variables, but for their initializers."""
    places = {variable.op.name for variable in variables}
    first = {variable.initializer for variable in variables}
    return [
        operation
        for operation in graph.get_operations()
        if operation not in first
        and operation.inputs
        and operation.inputs[0].op.name in places
        and operation.type.removeprefix("Resource").startswith(("Apply", "Assign"))
    ]


def _needed_by(operation: tf.Operation) -> set[tf.Operation]:
    found, waiting = set(), [operation]
    while waiting:
        current = waiting.pop()
        for needed in [tensor.op for tensor in current.inputs] + list(current.control_inputs):
            if needed not in found:
                found.add(needed)
                waiting.append(needed)
    return found
