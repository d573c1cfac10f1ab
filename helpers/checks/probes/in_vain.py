"""For probes of queues: a run of an answer that nothing can end is given up soon."""

import threading
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from helpers.graphs.waiting import waits_for

tf1 = tf.compat.v1

SOON = 0.25  # seconds


def giving_up_soon(session: Any, empty: Callable[[], bool] = lambda: True) -> Callable:
    """Return the session's `run`, in which a run that waits in vain does not take the whole limit.

    It waits in vain if it needs more than its queue holds, and the answer has started no thread
    that could put something in. Then it ends soon as it would at the session's limit, with
    ``tf.errors.DeadlineExceededError``. All other runs have that limit.

    Parameters
    ----------
    session : tf1.Session
        Of `graphs.session`.
    empty : callable, optional
        A quick look that tells whether it is worth to ask what a run waits for.

    Examples
    --------
    >>> from helpers import graphs
    >>> with graphs.fresh(), graphs.session(seconds=60) as session:
    ...     run = giving_up_soon(session)
    ...     try:
    ...         run(tf1.FIFOQueue(3, tf.float32).dequeue())
    ...     except tf.errors.DeadlineExceededError:
    ...         print("in vain")
    in vain
    """
    run, before = session.run, set(threading.enumerate())

    def can_tell() -> bool:
        alone = set(threading.enumerate()) <= before
        return alone and not session.graph.finalized  # to ask a queue takes an operation

    def running(*arguments: Any, **named: Any) -> Any:
        fetches = arguments[0] if arguments else named.get("fetches")
        own = len(arguments) > 2 or "options" in named
        if not own and can_tell() and empty() and waits_for(session, fetches):
            named["options"] = tf1.RunOptions(timeout_in_ms=round(1000 * SOON))
        return run(*arguments, **named)

    return running
