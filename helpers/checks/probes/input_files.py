"""Probes of lesson 30: an answer reads files that were written for it, in a temporary folder."""

import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tensorflow as tf

from helpers import graphs
from helpers.checks.observe import WrongReturn
from helpers.checks.probes.both_graphs import in_both_graphs
from helpers.checks.probes.in_vain import giving_up_soon

tf1 = tf.compat.v1

LAST_STEP = 0.15  # seconds that a runner still takes when it has closed its queue, if not joined
UNASKED = 0.5  # seconds that `join` waits for somebody to ask its threads to stop
LIMIT = 2.0  # seconds that a run of an answer may wait; one that need not takes milliseconds


class Waited(WrongReturn):
    """A run of the answer waited until the session's limit."""


class ErrorOfTheEnd(WrongReturn):
    """The error of the end left the answer."""


class JoinWaits(WrongReturn):
    """The answer waits for threads that nobody has asked to stop."""


class SessionEntered(WrongReturn):
    """The answer opens the session that is open."""


class SessionClosed(WrongReturn):
    """The answer closed the session."""


class NotInAGraph(WrongReturn):
    """The answer does what works only at once."""


class NeverEnds(WrongReturn):
    """The answer reads on and on."""


class NotBytes(WrongReturn):
    """The answer returned no list of bytes."""


class Texts(WrongReturn):
    """The answer returned texts for bytes."""


class Disordered(WrongReturn):
    """The files of the answer's dict are not in order."""


RUNTIME_ERRORS = {
    "not re-entrant": SessionEntered,
    "only supports Python-style iteration": NotInAGraph,
}


def sharded(answer: Callable, items: list, num_shards: int, prefix: str) -> Any:
    """Call ``answer(items, num_shards, prefix)`` and see in which order the files stand.

    Examples
    --------
    >>> sharded(lambda items, num_shards, prefix: {prefix: items}, [1], 1, "x")
    {'x': [1]}
    """
    returned = answer(items, num_shards, prefix)
    if isinstance(returned, dict) and [*returned] != sorted(returned, key=str):
        raise Disordered("the files do not stand in order in the dict")
    return returned


def files_read(answer: Callable, files: Sequence[Sequence[str]], num_epochs: int) -> dict[str, Any]:
    """Write files of these records, call ``answer(session, paths, num_epochs)``; see what it read.

    Examples
    --------
    >>> seen = files_read(lambda session, paths, num_epochs: [], [["a"]], 1)
    >>> seen["the list of records"], seen["the number of threads that still run"]
    ('empty', 0)
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder) / f"{number}.tfrecords") for number in range(len(files))]
        for path, records in zip(paths, files, strict=True):
            with tf.io.TFRecordWriter(path) as writer:
                for record in records:
                    writer.write(record.encode("latin-1"))
        most = 100 + 10 * num_epochs * sum(len(records) for records in files)

        def look() -> dict[str, Any]:
            tf1.set_random_seed(1)
            with graphs.session(seconds=LIMIT) as session:
                return _read_here(answer, session, list(paths), num_epochs, most)

        return in_both_graphs(look)


def _read_here(
    answer: Callable, session: Any, paths: list[str], num_epochs: int, most: int
) -> dict[str, Any]:
    before = set(threading.enumerate())
    run, main, runs = session.run, threading.current_thread(), 0
    giving_up = giving_up_soon(session)
    joined: set[threading.Thread] = set()
    ending = threading.Condition()

    def counting(*arguments: Any, **named: Any) -> Any:
        nonlocal runs
        if threading.current_thread() is not main:
            # A runner closes its queue. Then it is about to end, and who does not join is early.
            try:
                return run(*arguments, **named)
            finally:
                with ending:
                    ending.wait_for(lambda: threading.current_thread() in joined, LAST_STEP)
        runs += 1
        if runs > most:
            raise NeverEnds(f"after {most} runs your code still reads")
        return giving_up(*arguments, **named)

    session.run = counting
    try:
        with _watched_join(joined, ending):
            returned = answer(session, paths, num_epochs)
    except RuntimeError as error:
        for phrase, kind in RUNTIME_ERRORS.items():
            if phrase in str(error):
                raise kind(f"your code stopped with RuntimeError: {error}") from error
        raise
    except tf.errors.DeadlineExceededError as error:
        raise Waited("a run waited for a record that never came") from error
    except tf.errors.OutOfRangeError as error:
        raise ErrorOfTheEnd("the OutOfRangeError of the end left your function") from error
    finally:
        session.run = run
    mine = [t for t in set(threading.enumerate()) - before if t.name.startswith("QueueRunner")]
    alive = [thread for thread in mine if thread.is_alive()]
    try:
        session.run(tf.no_op())
    except RuntimeError as error:
        raise SessionClosed("the session is closed, and the caller still needs it") from error
    return {
        "the list of records": _words(returned),
        "the number of threads that still run": len(alive),
    }


@contextmanager
def _watched_join(joined: set[threading.Thread], ending: threading.Condition) -> Iterator[None]:
    """Note the threads that a `join` waits for, and end one whose threads are never asked to stop.

    One of these waits for that.
    """
    coordinator = tf.train.Coordinator
    join = coordinator.join

    def joining(self: Any, threads: Any = None, *arguments: Any, **named: Any) -> Any:
        if not self.wait_for_stop(UNASKED):
            self.request_stop()
            raise JoinWaits("`join` waited for threads that nobody had asked to stop")
        with ending:  # those that have registered are waited for as well
            joined.update(self._registered_threads, threads or ())
            ending.notify_all()
        return join(self, threads, *arguments, **named)

    coordinator.join = joining
    try:
        yield
    finally:
        coordinator.join = join


def _words(returned: Any) -> Any:
    if returned is None:
        return None
    if not isinstance(returned, list | tuple):
        raise NotBytes(f"it returned something of type {type(returned).__name__}, not a list")
    for record in returned:
        if isinstance(record, str):
            raise Texts("a record of the list is a str, not bytes")
        if not isinstance(record, bytes):
            raise NotBytes(f"a record of the list is of type {type(record).__name__}, not bytes")
    words = [record.decode("latin-1") for record in returned]
    return " ".join(word.rpartition("/")[2] for word in words) or "empty"
