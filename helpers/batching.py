"""Batches of records (组合训练数据): their sizes, what a queue mixes, and sequences, in NumPy."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray


def pad(sequences: Sequence[NDArray], value: float = 0) -> tuple[NDArray, NDArray]:
    """Return sequences as the rows of one array, filled up at their ends, and their lengths.

    Parameters
    ----------
    sequences : sequence of ndarray, shape (length,)
        At least one, all of the same dtype; a length may be 0.
    value : int or float, optional
        What the rows are filled up with.

    Returns
    -------
    padded : ndarray, shape (sequences, longest)
        Of the sequences' dtype.
    lengths : ndarray of int, shape (sequences,)

    Notes
    -----
    Slide: 组合训练数据, whose records all have the same size. ``tf.train.batch(dynamic_pad=True)``
    then, ``Dataset.padded_batch`` today.

    Examples
    --------
    >>> padded, lengths = pad([np.array([3, 1, 4]), np.array([1])])
    >>> padded.tolist(), lengths.tolist()
    ([[3, 1, 4], [1, 0, 0]], [3, 1])
    """
    lengths = np.array([len(sequence) for sequence in sequences])
    padded = np.full((len(sequences), lengths.max()), value, sequences[0].dtype)
    for row, sequence in zip(padded, sequences, strict=True):
        row[: len(sequence)] = sequence
    return padded, lengths


def batch_sizes(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> list[int]:
    """Return the sizes of all batches, in their order.

    Parameters
    ----------
    num_records : int
        In an epoch; it may be 0.
    num_epochs, batch_size : int
        At least 1.
    batch_first : bool
        True: each epoch is cut into batches for itself, as by ``batch`` before ``repeat``. False:
        a batch may hold records of two epochs, as by ``repeat`` before ``batch``, and in a queue.
    drop_remainder : bool
        Whether a batch that is not full is left out.

    Returns
    -------
    list of int

    Notes
    -----
    Slide: 组合训练数据. ``tf.train.batch`` is the case (False, True); with
    ``allow_smaller_final_batch`` it is (False, False).

    Examples
    --------
    >>> batch_sizes(10, 2, 4, batch_first=True, drop_remainder=False)
    [4, 4, 2, 4, 4, 2]
    >>> batch_sizes(10, 2, 4, batch_first=False, drop_remainder=False)
    [4, 4, 4, 4, 4]
    """
    at_once = num_records if batch_first else num_records * num_epochs
    sizes = [batch_size] * (at_once // batch_size)
    if at_once % batch_size and not drop_remainder:
        sizes.append(at_once % batch_size)
    return sizes * num_epochs if batch_first else sizes


def bucket(
    lengths: Sequence[int], boundaries: Sequence[int], batch_sizes: Sequence[int]
) -> list[list[int]]:
    """Return batches of sequences of similar lengths, in the order in which they are full.

    Parameters
    ----------
    lengths : sequence of int
        Of the sequences, in the order in which they arrive.
    boundaries : sequence of int
        Ascending. A sequence belongs into the bucket whose number is how many of the boundaries
        are not larger than its length.
    batch_sizes : sequence of int
        Of each bucket: one more than boundaries.

    Returns
    -------
    list of list of int
        The positions of a batch's sequences in `lengths`. What is left in the buckets at the end
        follows, bucket by bucket.

    Notes
    -----
    ``tf.contrib.training.bucket_by_sequence_length`` then, ``Dataset.bucket_by_sequence_length``
    today, whose order this is.

    Examples
    --------
    >>> bucket([1, 5, 2, 7, 6], [3], [2, 2])
    [[0, 2], [1, 3], [4]]
    """
    buckets: list[list[int]] = [[] for _ in batch_sizes]
    batches = []
    for position, length in enumerate(lengths):
        number = bisect_right(boundaries, length)
        buckets[number].append(position)
        if len(buckets[number]) == batch_sizes[number]:
            batches.append(buckets[number])
            buckets[number] = []
    return batches + [rest for rest in buckets if rest]


def capacity(batch_size: int, min_after_dequeue: int = 0, num_threads: int = 1) -> int:
    """Return the capacity that TensorFlow's guide gave for the queue of `shuffle_batch`.

    Parameters
    ----------
    batch_size, min_after_dequeue, num_threads : int

    Returns
    -------
    int
        What stays in the queue, a batch for each thread, and two to spare.

    Notes
    -----
    Slide: 组合训练数据, ``capacity = 1000 + 3 * batch_size``: there 1000 stands for
    `min_after_dequeue`, which is 30 in the same program.

    Examples
    --------
    >>> capacity(batch_size=3, min_after_dequeue=30)
    39
    """
    return min_after_dequeue + (num_threads + 2) * batch_size


def read_in_turn(files: Iterable[Iterable[Any]], num_readers: int = 1) -> Iterator[Any]:
    """Yield the records of files, one of each reader in turn.

    Parameters
    ----------
    files : iterable of iterable
        A reader that has finished a file takes the next one that nobody has taken.
    num_readers : int, optional

    Yields
    ------
    object
        A record.

    Notes
    -----
    Slide: 组合训练数据, ``batch_join``. Its threads take turns as it happens; these do strictly, as
    ``Dataset.interleave`` does.

    Examples
    --------
    >>> list(read_in_turn(["aa", "bbb", "c"], num_readers=2))
    ['a', 'b', 'a', 'b', 'c', 'b']
    """
    not_taken = iter(files)

    def read() -> Iterator[Any]:
        for file in not_taken:
            yield from file

    readers = [read() for _ in range(num_readers)]
    while readers:
        for reader in list(readers):
            try:
                yield next(reader)
            except StopIteration:
                readers.remove(reader)


def shuffled_batches(
    records: Iterable[Any], batch_size: int, min_after_dequeue: int, rng: np.random.Generator
) -> Iterator[NDArray]:
    """Yield batches as a random queue gives them whose runner is never late.

    Before each batch the queue is filled up to ``min_after_dequeue + batch_size`` records; which
    of them leave it is left to chance. At the end of the records it is emptied.

    Parameters
    ----------
    records : iterable
        In the order in which they are read.
    batch_size, min_after_dequeue : int
    rng : numpy.random.Generator

    Yields
    ------
    ndarray, shape (batch_size, ...)
        A last batch that is not full is left out.

    Notes
    -----
    Slide: 组合训练数据, ``shuffle_batch``.

    Examples
    --------
    >>> for batch in shuffled_batches(range(8), 2, 1, np.random.default_rng(0)):
    ...     print(batch)
    [2 0]
    [4 3]
    [6 1]
    [5 7]
    """
    arriving = iter(records)
    queue: list[Any] = []
    while True:
        queue += islice(arriving, min_after_dequeue + batch_size - len(queue))
        if len(queue) < batch_size:
            return
        order = rng.permutation(len(queue))
        yield np.array([queue[i] for i in order[:batch_size]])
        queue = [queue[i] for i in np.sort(order[batch_size:])]
