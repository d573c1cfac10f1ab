"""Probes of lesson 03: what an answer does to sessions, and to the graph it builds in or reads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import numpy as np
import tensorflow as tf

from helpers import graphs
from helpers.graphs.structure import executed

tf1 = tf.compat.v1


class NotAList(Exception):
    """The answer returned no list."""


class NotNames(Exception):
    """The answer returned a list of something else than names."""


class NotRunnable(Exception):
    """What the answer returned cannot be run in a session."""


@contextmanager
def _sessions() -> Iterator[list[Any]]:
    """Keep every session that is opened, and close what is left open at the end."""
    opened: list[Any] = []
    base = tf1.Session.__base__  # of InteractiveSession too
    initialize = base.__init__

    def keep(session: Any, *args: Any, **kwargs: Any) -> None:
        # Where the next line raises, its destructor would complain on stderr without this.
        session._session = None
        initialize(session, *args, **kwargs)
        opened.append(session)

    with mock.patch.object(base, "__init__", keep):
        try:
            yield opened
        finally:
            for session in opened:
                session.close()


def _is_open(session: Any) -> bool:
    try:
        session.run([])
    except RuntimeError as error:
        return "closed" not in str(error)
    return True


def run_in_session(answer: Callable, build: str) -> dict[str, Any]:
    """Call ``answer(build)`` with the function of that text, and count what it leaves behind.

    The two errors that a builder here is made to meet are noted: one of Python while it builds, one
    of TensorFlow when it is run.

    Examples
    --------
    >>> seen = run_in_session(lambda build: tf1.Session().run(build()), "lambda: tf.add(1, 2)")
    >>> print(seen["the result"], seen["the number of sessions left open"])
    3 1
    """
    calls = []

    def builder() -> Any:
        calls.append(build)
        return eval(build, {"tf": tf})()

    result, error = None, "none"
    with graphs.fresh() as callers_graph, _sessions() as opened:
        try:
            result = answer(builder)
        except (ZeroDivisionError, tf.errors.InvalidArgumentError) as passed_on:
            error = type(passed_on).__name__
        left_open = sum(map(_is_open, opened))
    return {
        "the result": result,
        "the error that your function let through": error,
        "the number of calls of build": len(calls),
        "the number of nodes left in the caller's graph": len(callers_graph.get_operations()),
        "the number of sessions left open": left_open,
    }


def needed_by(answer: Callable, fetch: str, graph: dict[str, list[str]]) -> dict[str, Any]:
    """Build a graph from names and inputs, and give the answer one of its nodes.

    Parameters
    ----------
    answer : callable
    fetch : str
        As TensorFlow writes it: "a:0" for the tensor, "a" for the operation.
    graph : dict of str to list of str
        Each node's inputs; "^a" is a control input.

    Examples
    --------
    >>> def only_itself(fetch):
    ...     return [fetch.name]
    >>> needed_by(only_itself, "b", {"a": [], "b": ["a"]})
    {'the list of names': 'b'}
    """
    with graphs.fresh() as built:
        for name, inputs in graph.items():
            _add_node(built, name, inputs)
        names = answer(built.as_graph_element(fetch))
    if not isinstance(names, list | tuple):
        raise NotAList(f"it returned a {type(names).__name__}, not a list of names.")
    if others := [type(name).__name__ for name in names if not isinstance(name, str)]:
        raise NotNames(f"the list holds a {others[0]}, not the name of an operation, a str.")
    return {"the list of names": ", ".join(names)}


def _add_node(graph: tf.Graph, name: str, inputs: list[str]) -> None:
    after = [graph.get_operation_by_name(i[1:]) for i in inputs if i.startswith("^")]
    values = [graph.get_tensor_by_name(f"{i}:0") for i in inputs if i[0] != "^"]
    with tf.control_dependencies(after):
        if values:
            tf.add_n(values, name=name)
        else:
            tf.constant(1.0, name=name)


def in_order(answer: Callable, steps: list[str]) -> dict[str, Any]:
    """Call ``answer`` with a builder for each name; read from the graph which must wait for which.

    A run alone could be in order by luck, so it only shows what is executed.

    Examples
    --------
    >>> seen = in_order(lambda steps: tf.group(*[step() for step in steps]), ["a", "b"])
    >>> seen["what must have finished before b begins"]
    'nothing'
    """
    built: list[tuple[str, tf.Operation]] = []
    ran: list[str] = []

    def builder(name: str, with_output: bool) -> Callable:
        def run() -> Any:
            ran.append(name)
            return np.int32(1) if with_output else []

        def build() -> Any:
            dtype = tf.int32 if with_output else []
            result = tf.numpy_function(run, [], dtype, name=name)
            built.append((name, result.op if with_output else result))
            return result

        return build

    with graphs.fresh(), tf1.Session() as session:
        returned = answer([builder(name, i % 2 == 0) for i, name in enumerate(steps)])
        if not isinstance(returned, tf.Tensor | tf.Operation):
            raise NotRunnable(
                f"it returned a {type(returned).__name__}, not an operation or a tensor."
            )
        session.run(returned)
    waits = {
        f"what must have finished before {name} begins": _listed(
            other for other, node in built if node.name in executed([op]) - {op.name}
        )
        for name, op in built
    }
    return {
        "the list of steps in the order in which they were built": _listed(n for n, _ in built),
        "the list of steps that a run of the result executes, from a to z": _listed(sorted(ran)),
    } | waits


def _listed(names: Iterator[str] | list[str]) -> str:
    return ", ".join(names) or "nothing"
