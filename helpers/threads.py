"""Threads that take turns by a clock of their own (多线程), and when producer and consumer work."""

import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Patience is many short waits: a machine that stands still for a moment uses up one of them.
_WAITS = 20


class Span(NamedTuple):
    """From when to when somebody was busy with an item."""

    begin: float
    end: float
    name: str
    item: Any


class Clock:
    """A clock whose time passes while its threads sleep; it wakes them one at a time.

    With ``time.sleep`` the operating system decides which of several threads goes on first, and a
    program prints something else in each run. Here it is the one that has to wake first, and of
    several at the same time the one whose name comes first.

    Parameters
    ----------
    num_threads : int, optional
        How many threads sleep on it at most, besides those that `thread` makes.
    patience : float, optional
        A thread may be waiting for something else, such as a queue. If none has gone to sleep for
        so many real seconds, time passes without those that are missing.

    Attributes
    ----------
    now : float
        The time. It begins with 0.

    Notes
    -----
    Slide: 队列, whose five workers sleep for a second each.

    Examples
    --------
    >>> clock = Clock()
    >>> def work(seconds):
    ...     clock.sleep(seconds, "first")
    ...     clock.sleep(seconds, "second")
    >>> workers = [clock.thread(work, 3), clock.thread(work, 2)]
    >>> for worker in workers:
    ...     worker.start()
    >>> for worker in workers:
    ...     worker.join()
    >>> for span in clock.spans:
    ...     print(*span)
    0 2 worker 1 first
    0 3 worker 0 first
    2 4 worker 1 second
    3 6 worker 0 second
    """

    def __init__(self, num_threads: int = 0, patience: float = 5.0) -> None:
        self.now: float = 0
        self._spans: list[Span] = []
        self._num_threads = num_threads
        self._num_made = 0
        self._patience = patience
        self._asleep: list[tuple[float, str, str]] = []  # when it has to wake, name, item
        self._changed = threading.Condition()
        self._waits = 0  # of the thread whose turn it is, since the last change

    @property
    def spans(self) -> list[Span]:
        """The sleeps that have ended, by their begin, then by their end."""
        return sorted(self._spans, key=lambda span: (*span[:3], str(span.item)))

    def thread(self, target: Callable[..., Any], *arguments: Any) -> threading.Thread:
        """Return a thread, not started, that calls the target and sleeps on this clock.

        Make all threads before you start the first. Their names are ``worker 0``, ``worker 1``, ….
        """
        with self._changed:
            name = f"worker {self._num_made}"
            self._num_made += 1
            self._num_threads += 1

        def run() -> None:
            self._wait(0, name, "")  # for the others to start
            try:
                target(*arguments)
            finally:
                with self._changed:
                    self._num_threads -= 1
                    self._note_change()

        return threading.Thread(target=run, name=name, daemon=True)

    def sleep(self, seconds: float, item: Any = None, name: str | None = None) -> None:
        """Sleep, and keep the span.

        Parameters
        ----------
        seconds : float
            Of this clock.
        item : optional
            What the thread is busy with meanwhile.
        name : str, optional
            Whose span it is; the thread's own name by default.
        """
        name = name or threading.current_thread().name
        begin = self.now
        end = self._wait(seconds, name, str(item))
        self._spans.append(Span(begin, end, name, item))

    def _wait(self, seconds: float, name: str, item: str) -> float:
        """Return the time at which the thread has its turn, which is then the clock's."""
        with self._changed:
            me = (self.now + seconds, name, item)
            self._asleep.append(me)
            self._note_change()
            while min(self._asleep) != me or len(self._asleep) < self._num_threads:
                if min(self._asleep) != me:
                    self._changed.wait()
                elif self._waits == _WAITS:
                    break
                elif not self._changed.wait(self._patience / _WAITS):
                    self._waits += 1
            self._asleep.remove(me)
            self.now = me[0]
            self._note_change()
            return self.now

    def _note_change(self) -> None:
        # Patience begins anew, whoever made the change: who was woken a moment ago may be on the
        # way to its next sleep.
        self._waits = 0
        self._changed.notify_all()


def timeline(produce: ArrayLike, consume: ArrayLike, buffer_size: int) -> NDArray:
    """Return when each item is produced and consumed, with a buffer between the two.

    Parameters
    ----------
    produce, consume : array_like of float, shape (items,)
        How long it takes to produce and to consume each item.
    buffer_size : int
        How many items that are produced may wait. With 0 an item is produced when the consumer
        asks for it. Else the producer goes on as long as the buffer has a free place; an item
        leaves the buffer when its consumption begins.

    Returns
    -------
    ndarray of float, shape (items, 4)
        Of each item: begin and end of its production, begin and end of its consumption.

    Notes
    -----
    ``tf.data.Dataset.prefetch(buffer_size)``.

    Examples
    --------
    >>> timeline([3, 3], [2, 2], buffer_size=0)
    array([[ 0.,  3.,  3.,  5.],
           [ 5.,  8.,  8., 10.]])
    >>> timeline([3, 3], [2, 2], buffer_size=1)
    array([[0., 3., 3., 5.],
           [3., 6., 6., 8.]])
    """
    produce, consume = np.asarray(produce), np.asarray(consume)
    times = np.zeros((len(produce), 4))
    for i in range(len(produce)):
        produced, consumed = times[i - 1, [1, 3]] if i else (0.0, 0.0)
        if buffer_size == 0:
            begin = consumed
        elif i < buffer_size:
            begin = produced
        else:
            begin = max(produced, times[i - buffer_size, 2])
        end = begin + produce[i]
        taken = max(end, consumed)
        times[i] = begin, end, taken, taken + consume[i]
    return times
