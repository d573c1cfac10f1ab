"""Probes of lesson 03: what an answer does to sessions, and to the graph it builds in or reads."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from unittest import mock

import numpy as np
import tensorflow as tf

from helpers.checks.observe import WrongReturn
from helpers.checks.probes.both_graphs import in_both_graphs
from helpers.checks.probes.sessions import quick_session
from helpers.graphs.structure import executed

tf1 = tf.compat.v1


class NeverCalled(WrongReturn):
    """A session ran, and the function that builds its graph was not called."""


class NotAList(WrongReturn):
    """The answer returned no list."""


class ASet(NotAList):
    """The answer returned a set."""


class NotNames(WrongReturn):
    """The answer returned a list of something else than names."""


class NotSorted(WrongReturn):
    """The answer returned a list in another order than that of its names."""


class NotRunnable(WrongReturn):
    """What the answer returned is not one thing that a session can run."""


class AList(NotRunnable):
    """The answer returned a list."""


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

    A second call shows whether the graph is a new one each time. The two errors that a builder here
    is made to meet are noted: one of Python while it builds, one of TensorFlow when it is run.

    Examples
    --------
    >>> seen = run_in_session(lambda build: tf1.Session().run(build()), "lambda: tf.add(1, 2)")
    >>> print(seen["the result"], seen["the number of sessions left open"])
    3 1
    """
    found: list[int] = []

    def builder() -> Any:
        found.append(len(tf1.get_default_graph().get_operations()))
        return eval(build, {"tf": tf})()

    def another() -> Any:
        found.append(len(tf1.get_default_graph().get_operations()))
        return tf.constant(0)

    result, error = None, "none"
    with tf.Graph().as_default() as callers_graph, _sessions() as opened:
        tf.constant(1, name="the_callers")
        try:
            result = answer(builder)
        except (ZeroDivisionError, tf.errors.InvalidArgumentError) as passed_on:
            error = type(passed_on).__name__
        except (RuntimeError, TypeError) as refused:
            if not found and re.search("graph is empty|Fetch argument", str(refused)):
                raise NeverCalled("a session ran, and nobody has called `build`.") from None
            raise
        left_open = sum(map(_is_open, opened))
        nodes = len(callers_graph.get_operations()) - 1
        calls = len(found)
        if calls:
            with suppress(Exception):
                answer(another)
    return {
        "the result": result,
        "the error that your function let through": error,
        "the number of calls of build": calls,
        "the number of nodes left in the caller's graph": nodes,
        "whether build found an empty graph, at a second call too": not any(found),
        "the number of sessions left open": left_open,
    }


def needed_by(answer: Callable, fetch: str, graph: dict[str, list[str]]) -> dict[str, Any]:
    """Build a graph from names and inputs, and give the answer one of its nodes.

    The answer is called as in the lesson, where the graph is no longer the current one.

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
    built = tf.Graph()
    with built.as_default():
        for name, inputs in graph.items():
            _add_node(built, name, inputs)
    names = answer(built.as_graph_element(fetch))
    if not isinstance(names, list | tuple):
        kind = ASet if isinstance(names, set | frozenset) else NotAList
        raise kind(f"it returned a {type(names).__name__}, not a list of names.")
    if others := [type(name).__name__ for name in names if not isinstance(name, str)]:
        raise NotNames(f"the list holds a {others[0]}, not the name of an operation, a str.")
    if list(names) != sorted(names):
        raise NotSorted(f"the list is not sorted: {', '.join(names)}.")
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

    A run alone could be in order by luck, so it only shows what is executed. Every third step has
    two nodes. The answer builds in a fresh graph and in an ordinary one.

    Examples
    --------
    >>> seen = in_order(lambda steps: tf.group(*[step() for step in steps]), ["a", "b"])
    >>> seen["what must have finished before b begins"]
    'nothing'
    """
    return in_both_graphs(lambda: _steps(answer, steps))


def _steps(answer: Callable, steps: list[str]) -> dict[str, Any]:
    """Build the steps in the current graph, run what the answer returns, and look at the graph."""
    built: list[tuple[str, tf.Operation, tf.Operation]] = []  # name, first and last operation
    ran: list[str] = []

    def builder(name: str, kind: int) -> Callable:
        def run() -> Any:
            ran.append(name)
            return [] if kind == 1 else np.int32(1)

        def build() -> Any:
            node = tf.numpy_function(run, [], [] if kind == 1 else tf.int32, name=name)
            first = node if kind == 1 else node.op
            last = tf.add(node, 1, name=f"{name}_end") if kind == 2 else node
            built.append((name, first, getattr(last, "op", last)))
            return last

        return build

    returned = answer([builder(name, i % 3) for i, name in enumerate(steps)])
    if not isinstance(returned, tf.Tensor | tf.Operation):
        kind = AList if isinstance(returned, list | tuple) else NotRunnable
        what = "None" if returned is None else f"a {type(returned).__name__}"
        raise kind(f"it returned {what}, not an operation or a tensor.")
    with quick_session() as session:
        session.run(returned)
    waits = {
        f"what must have finished before {name} begins": _listed(
            other for other, _, end in built if end.name in executed([first]) - {first.name}
        )
        for name, first, _ in built
    }
    return {
        "the list of steps in the order in which they were built": _listed(n for n, _, _ in built),
        "the list of steps that a run of the result executes, from a to z": _listed(sorted(ran)),
    } | waits


def predict_traces(answer: Callable, arguments: str) -> Any:
    """Call ``answer`` with the list of that text, in which a verdict shows every dtype.

    Examples
    --------
    >>> predict_traces(len, "[np.float32([1, 2]), 7]")
    2
    """
    return answer(eval(arguments, {"np": np}))


def _listed(names: Iterator[str] | list[str]) -> str:
    return ", ".join(names) or "nothing"
