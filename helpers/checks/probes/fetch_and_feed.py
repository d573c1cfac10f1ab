"""Probes of lesson 07: an answer runs a session of a small graph that counts what is executed."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers import graphs
from helpers.checks.observe import WrongReturn
from helpers.checks.probes.first_program import call_with_named_errors
from helpers.checks.probes.sessions import quick_session

tf1 = tf.compat.v1

# What goes wrong with the same class of Python, told apart by a phrase of the message.
_OWN_NAMES = {"positional argument": "another number of arguments"}


class NoFunction(WrongReturn):
    """The answer returned something that cannot be called."""


class NothingReturned(NoFunction):
    """The answer returned nothing at all."""


class RunTooEarly(WrongReturn):
    """The answer ran the session where it should only have made a function."""


def _counted(x: Any, sizes: list[int]) -> Any:
    """Hand a tensor on, and note the number of its rows at each execution."""

    def note(batch: NDArray) -> NDArray:
        sizes.append(len(batch))
        return batch

    noted = tf.numpy_function(note, [x], x.dtype)
    noted.set_shape(x.shape)
    return noted


def in_batches(answer: Callable, x: NDArray, batch_size: int) -> dict[str, Any]:
    """Run ``answer(x, batch_size, placeholder, output, session)``, and note the sizes it feeds.

    Rows of numbers give rows of two numbers, images give one integer each.

    Examples
    --------
    >>> def at_once(x, batch_size, placeholder, output, session):
    ...     return session.run(output, {placeholder: x})
    >>> in_batches(at_once, np.ones((3, 1), np.float32), 2)["the sizes of the batches"]
    [3]
    """
    sizes: list[int] = []
    # As in the lesson, the session is open and is not the default one.
    with graphs.fresh(), closing(quick_session()) as session:
        placeholder = tf1.placeholder(tf.float32, [None, *x.shape[1:]], name="x")
        batch = _counted(placeholder, sizes)
        if x.ndim == 2:
            total = tf.reduce_sum(batch, axis=1)
            output = tf.stack([total, 10 - total], axis=1)
        else:
            output = tf.cast(tf.reduce_sum(batch, axis=[1, 2]), tf.int32)
        result = answer(x, batch_size, placeholder, output, session)
        is_open = _is_open(session)
    return {
        "the result": result,
        "the sizes of the batches": sizes,
        "whether the caller's session is still open": is_open,
    }


def _is_open(session: Any) -> bool:
    try:
        session.run([])
    except RuntimeError:
        return False
    return True


def as_function(answer: Callable, placeholders: list[str], fetches: Any) -> dict[str, Any]:
    """Call what ``answer(placeholders, fetches, session)`` returns, with right and wrong counts.

    A placeholder is given by its name, and "pair" takes two numbers; a fetch is ``"total"``,
    ``"scaled"``, ``"noise"``, or a list or a dict of them. The session holds a variable, which
    grows by 10 between the two calls.

    Examples
    --------
    >>> def build(placeholders, fetches, session):
    ...     return lambda *values: session.run(fetches, dict(zip(placeholders, values)))
    >>> for what, seen in as_function(build, ["a", "b"], "total").items():
    ...     print(f"{what}: {seen}")
    the first call: 6.0
    the second call: 17.5
    with a value too few: InvalidArgumentError
    with a value too many: no error
    """
    with graphs.fresh(), quick_session() as session:
        shapes = [[2] if name == "pair" else [] for name in placeholders]
        given = [
            tf1.placeholder(tf.float32, shape, name=name)
            for name, shape in zip(placeholders, shapes, strict=True)
        ]
        numbers = [tf.reduce_sum(x) for x in given]
        state = tf1.Variable(1.0, name="state")
        grow = tf1.assign_add(state, 10.0)
        nodes = {
            "total": tf.add_n([*numbers, state]),
            "scaled": tf.add_n([(i + 2) * x for i, x in enumerate(numbers)]),
            "noise": tf.random.uniform([], seed=4),
        }
        session.run(state.initializer)
        wanted = tf.nest.map_structure(lambda name: nodes[name], fetches)
        try:
            function = answer(given, wanted, session)
        except tf.errors.InvalidArgumentError:
            raise RunTooEarly("it ran the session before there were values to feed.") from None
        if not callable(function):
            if function is None:
                raise NothingReturned("it returned None; a function was asked for.")
            what = type(function).__name__
            raise NoFunction(f"it returned a {what}; a function was asked for.")
        first: list[Any] = [np.full(shape, 2.0 + i)[()] for i, shape in enumerate(shapes)]
        second = [np.full(shape, 0.5 * i**2 + 6.0 * i)[()] for i, shape in enumerate(shapes)]
        seen = {"the first call": call_with_named_errors(function, _OWN_NAMES, *first)}
        session.run(grow)
        seen["the second call"] = function(*second)
        seen["with a value too few"] = _error(function, first[:-1])
        seen["with a value too many"] = _error(function, [*first, 7.0])
    return seen


def _error(function: Callable, values: list[Any]) -> str:
    try:
        function(*values)
    except Exception as error:
        return "ValueError" if isinstance(error, ValueError) else type(error).__name__
    return "no error"


def what_if(answer: Callable, feed: NDArray, unit: int, values: NDArray) -> dict[str, Any]:
    """Run ``answer(feed, unit, values, hidden, output, session)`` on a network of two layers.

    Note how often the first layer is executed, and how many entries the caller's feed has after.

    Examples
    --------
    >>> def unchanged(feed, unit, values, hidden, output, session):
    ...     return [session.run(output, feed) for value in values]
    >>> seen = what_if(unchanged, np.ones((1, 2), np.float32), 0, np.array([0, 1, 2], np.float32))
    >>> seen["the number of times that the first layer ran"]
    3
    """
    sizes: list[int] = []
    with graphs.fresh(), quick_session() as session:
        x = tf1.placeholder(tf.float32, [None, feed.shape[1]], name="x")
        first = np.array([[1, -2, 0.5], [0.5, 1, -1]], np.float32)[: feed.shape[1]]
        hidden = tf.nn.relu(tf.matmul(_counted(x, sizes), first), name="hidden")
        second = np.array([[1, 2, 0, -1], [0.5, -1, 1, 2], [3, 0, -2, 1]], np.float32)
        output = tf.square(tf.matmul(hidden, second), name="output")
        callers_feed = {x: feed}
        result = answer(callers_feed, unit, values, hidden, output, session)
    return {
        "the result": result,
        "the number of times that the first layer ran": len(sizes),
        "the number of entries in the caller's feed": len(callers_feed),
    }
