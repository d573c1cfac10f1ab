"""Probe of lesson 28: an answer empties a queue that holds elements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers import graphs
from helpers.checks.observe import WrongReturn
from helpers.checks.probes.both_graphs import in_both_graphs
from helpers.checks.probes.in_vain import giving_up_soon

tf1 = tf.compat.v1

LIMIT = 1.0  # seconds that a run of an answer may wait; one that need not takes milliseconds


class Waited(WrongReturn):
    """A run of the answer waited until the session's limit."""


class ErrorReachedCaller(WrongReturn):
    """The error of the empty closed queue left the answer."""


class ClosedSession(WrongReturn):
    """The answer closed the session."""


class NotAList(WrongReturn):
    """The answer returned an array."""


def drained(
    answer: Callable, kind: str, elements: NDArray, min_after_dequeue: int
) -> dict[str, Any]:
    """Fill a queue, call ``answer(session, queue)``, and see what has become of it.

    Parameters
    ----------
    answer : callable
    kind : {"FIFOQueue", "RandomShuffleQueue"}
    elements : ndarray of float
    min_after_dequeue : int
        Of a RandomShuffleQueue; its elements are compared in order of size.

    Examples
    --------
    >>> seen = drained(lambda session, queue: [], "FIFOQueue", np.array([1.0]), 0)
    >>> seen["the number of elements left"], seen["whether the queue is closed"]
    (1, False)
    """

    def look() -> dict[str, Any]:
        with graphs.session(seconds=LIMIT) as session:
            return _drained_here(answer, session, kind, elements, min_after_dequeue)

    return in_both_graphs(look)


def _drained_here(
    answer: Callable, session: Any, kind: str, elements: NDArray, min_after_dequeue: int
) -> dict[str, Any]:
    capacity = len(elements) + 2
    if kind == "FIFOQueue":
        queue = tf1.FIFOQueue(capacity, tf.float32, shapes=[[]])
    else:
        queue = tf1.RandomShuffleQueue(capacity, min_after_dequeue, tf.float32, shapes=[[]], seed=1)
    size, closed = queue.size(), queue.is_closed()
    session.run(queue.enqueue_many([elements]))
    run = session.run

    def empty() -> bool:
        left, is_closed = run([size, closed])
        return left <= min_after_dequeue and not is_closed

    with _noting_waits(session, giving_up_soon(session, empty)) as waits:
        try:
            returned = answer(session, queue)
        except tf.errors.DeadlineExceededError:
            pass
        except tf.errors.OutOfRangeError as error:
            raise ErrorReachedCaller("the empty closed queue's OutOfRangeError came out") from error
    if waits:
        raise Waited("a run waited for an element that never came")
    if isinstance(returned, np.ndarray):
        raise NotAList("it returned an array, not a list")
    try:
        left, is_closed = session.run([size, closed])
    except RuntimeError as error:
        raise ClosedSession("the session is closed, and the caller still needs it") from error
    if kind == "RandomShuffleQueue" and isinstance(returned, list | tuple):
        returned = sorted(returned)
    return {
        "what is returned": returned,
        "the number of elements left": int(left),
        "whether the queue is closed": bool(is_closed),
    }


@contextmanager
def _noting_waits(session: Any, giving_up: Callable) -> Iterator[list[str]]:
    """Note each run that reaches its limit, also where the answer catches its error."""
    waits: list[str] = []
    run = session.run

    def noting(*arguments: Any, **named: Any) -> Any:
        try:
            return giving_up(*arguments, **named)
        except tf.errors.DeadlineExceededError as error:
            waits.append(error.message)
            raise

    session.run = noting
    try:
        yield waits
    finally:
        session.run = run
