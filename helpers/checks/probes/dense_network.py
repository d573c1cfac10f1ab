"""Probes of lesson 22: an answer builds the operation of one step, which is then run."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers import graphs
from helpers.checks.observe import WrongReturn

tf1 = tf.compat.v1

AFTER, BEFORE, EITHER = "after the step", "before the step", "before or after it, as it happens"


class NoOperation(WrongReturn):
    """The answer returned nothing that a session can run."""


class NothingTrained(WrongReturn):
    """No operation of the graph takes a step of gradient descent."""


def steps_taken(
    answer: Callable,
    starts: NDArray,
    slopes: NDArray,
    learning_rate: float,
    decay: float,
    num_steps: int,
) -> dict[str, Any]:
    """Call ``answer(loss, learning_rate, decay)`` in a fresh graph, and run what it returns.

    The graph has a scalar variable for each start, the loss is their sum weighted by the slopes,
    and there is one variable that is not trainable.

    Examples
    --------
    >>> def descent_alone(loss, learning_rate, decay):
    ...     return tf1.train.GradientDescentOptimizer(learning_rate).minimize(loss)
    >>> seen = steps_taken(descent_alone, np.array([2.0]), np.array([1.0]), 0.5, 0.9, 3)
    >>> seen["the variables"], seen["the list of averages"]
    ([0.5], 'empty')
    """
    with graphs.fresh() as graph, tf1.Session() as session:
        variables = [
            tf1.get_variable(f"w{i}", initializer=np.float32(start))
            for i, start in enumerate(starts)
        ]
        tf1.get_variable("kept", initializer=np.float32(7), trainable=False)
        loss = tf1.add_n([slope * v for slope, v in zip(slopes, variables, strict=True)])
        operation = answer(loss, learning_rate, decay)
        if not isinstance(operation, tf.Operation | tf.Tensor):
            kind = "None" if operation is None else f"a {type(operation).__name__}"
            raise NoOperation(f"it returned {kind}, not an operation that a session can run.")
        shadows = {
            variable.op.name: variable
            for variable in tf1.global_variables()
            if variable.op.name.endswith("ExponentialMovingAverage")
        }
        when = _when_averaged(graph, list(shadows.values()))
        session.run(tf1.global_variables_initializer())
        for _ in range(num_steps):
            session.run(operation)
        step = tf1.train.get_global_step()
        seen = {
            "the variables": _values(session, variables),
            "the global step": "none" if step is None else int(session.run(step)),
            "the list of averages": ", ".join(sorted(shadows)) or "empty",
            "the moment of averaging": when,
        }
        # Without an order they are not the same at each run.
        if when != EITHER:
            seen["the averages"] = _values(session, [shadows[name] for name in sorted(shadows)])
        return seen


def _values(session: Any, variables: Sequence[Any]) -> list[float]:
    return [float(value) for value in session.run(list(variables))]


def _when_averaged(graph: tf.Graph, shadows: Sequence[Any]) -> str:
    """Say whether the graph lets averages wait for the step, the step for them, or neither."""
    names = {shadow.op.name for shadow in shadows}
    updates, steps = [], []
    for operation in graph.get_operations():
        if operation.type == "ApplyGradientDescent":
            steps.append(operation)
        elif operation.type == "AssignSub" and operation.inputs[0].op.name in names:
            updates.append(operation)
    if not steps:
        raise NothingTrained("no operation of its graph takes a step of gradient descent.")
    if not updates:
        return "never"
    if all(set(steps) <= _needed_by(update) for update in updates):
        return AFTER
    if all(set(updates) <= _needed_by(step) for step in steps):
        return BEFORE
    return EITHER


def _needed_by(operation: tf.Operation) -> set[tf.Operation]:
    found, waiting = set(), [operation]
    while waiting:
        current = waiting.pop()
        for needed in [tensor.op for tensor in current.inputs] + list(current.control_inputs):
            if needed not in found:
                found.add(needed)
                waiting.append(needed)
    return found
