"""Probes of lesson 30: an answer reads files that were written for it, in a temporary folder."""

import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf

from helpers import graphs

tf1 = tf.compat.v1

LIMIT = 2.0  # seconds that a run of an answer may wait; one that need not takes milliseconds


def files_read(answer: Callable, files: Sequence[Sequence[str]], num_epochs: int) -> dict[str, Any]:
    """Write files of these records, call ``answer(session, paths, num_epochs)``; see what it read.

    Examples
    --------
    >>> seen = files_read(lambda session, paths, num_epochs: [], [["a"]], 1)
    >>> seen["the list of records"], seen["the number of threads that still run"]
    ('empty', 0)
    """
    before = set(threading.enumerate())
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder) / f"{number}.tfrecords") for number in range(len(files))]
        for path, records in zip(paths, files, strict=True):
            with tf.io.TFRecordWriter(path) as writer:
                for record in records:
                    writer.write(record.encode())
        with graphs.fresh(seed=1), graphs.session(seconds=LIMIT) as session:
            try:
                returned = answer(session, list(paths), num_epochs)
            except tf.errors.DeadlineExceededError:
                return {"what happened": "a run waited for a record that never came"}
            except tf.errors.OutOfRangeError:
                return {"what happened": "the OutOfRangeError of the end left your function"}
            running = [t for t in set(threading.enumerate()) - before if t.is_alive()]
            alive = [t for t in running if t.name.startswith("QueueRunner")]
    return {
        "the list of records": _words(returned),
        "the number of threads that still run": len(alive),
    }


def _words(returned: Any) -> Any:
    if not isinstance(returned, list | tuple):
        return returned
    words = [r.decode() if isinstance(r, bytes) else r for r in returned]
    if not all(isinstance(word, str) for word in words):
        return words
    return " ".join(word.rpartition("/")[2] for word in words) or "empty"
