"""A time limit for mutants, some of which loop for ever, and a clean state after it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SECONDS = 10.0
_AGAIN = 5.0  # for a mutant that holds it up; before that it has time to close its sessions


class TimeIsUp(BaseException):
    """No `except Exception` of an answer may hold it up."""


@contextmanager
def time_limit(seconds: float = SECONDS) -> Iterator[None]:
    """Raise `TimeIsUp` in the main thread when the time is up; leave a graph that is still open.

    Examples
    --------
    >>> try:
    ...     with time_limit(0.01):
    ...         while True:
    ...             pass
    ... except TimeIsUp:
    ...     print("stopped")
    stopped
    """

    def stop(*_: Any) -> None:
        raise TimeIsUp

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        _leave_graphs()


def _leave_graphs() -> None:
    import tensorflow as tf
    from tensorflow.python.eager import context
    from tensorflow.python.framework import ops

    if not tf.executing_eagerly():
        # TensorFlow has no public way out of a graph that nobody holds any more.
        ops._default_graph_stack.reset()
        switches = context.context().context_switches.stack
        switches[:] = switches[:1]
        context.context()._thread_local_data.is_eager = True
        tf.compat.v1.enable_control_flow_v2()
