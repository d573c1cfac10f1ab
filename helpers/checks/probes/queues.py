"""Probes of lesson 28: an answer empties a queue that holds elements."""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers import graphs

tf1 = tf.compat.v1

LIMIT = 1.0  # seconds that a run of an answer may wait; one that need not takes milliseconds


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
    with graphs.fresh(seed=1), graphs.session(seconds=LIMIT) as session:
        capacity = len(elements) + 2
        if kind == "FIFOQueue":
            queue = tf1.FIFOQueue(capacity, tf.float32, shapes=[[]])
        else:
            queue = tf1.RandomShuffleQueue(
                capacity, min_after_dequeue, tf.float32, shapes=[[]], seed=1
            )
        size, closed = queue.size(), queue.is_closed()
        session.run(queue.enqueue_many([elements]))
        try:
            returned = answer(session, queue)
        except tf.errors.DeadlineExceededError:
            return {"what happened": "a run waited for an element that never came"}
        except tf.errors.OutOfRangeError:
            return {"what happened": "the error of the empty closed queue reached the caller"}
        if kind == "RandomShuffleQueue" and isinstance(returned, list | tuple | np.ndarray):
            returned = sorted(returned)
        return {
            "what is returned": returned,
            "the number of elements left": int(session.run(size)),
            "whether the queue is closed": bool(session.run(closed)),
        }
