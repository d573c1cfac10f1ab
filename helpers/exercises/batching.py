"""Exercises of lesson 31: padding a batch, the sizes of batches, and bucketing by length."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers import batching as room
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import batching as probes

__all__ = ["batch_sizes", "bucket_batches", "hint", "pad_batch"]

# Padding ------------------------------------------------------------------------------------------

Sequences = Sequence[NDArray]


def _pad_batch(sequences: Sequences, value: float) -> Any:
    return room.pad(sequences, value)


def filled_in_front(sequences: Sequences, value: float) -> Any:
    """You fill the rows up in front; a row begins with its sequence, and is filled up behind it."""
    padded, lengths = room.pad([sequence[::-1] for sequence in sequences], value)
    return padded[:, ::-1], lengths


def always_zeros(sequences: Sequences, value: float) -> Any:
    """You fill up with 0, whatever `value` is: 0 may be a number of the sequences themselves."""
    return room.pad(sequences, 0)


def cut_to_the_shortest(sequences: Sequences, value: float) -> Any:
    """You cut all sequences to the shortest one; the longest one says how wide the array is."""
    shortest = min(map(len, sequences))
    padded, lengths = room.pad(sequences, value)
    return padded[:, :shortest], lengths


def always_floats(sequences: Sequences, value: float) -> Any:
    """Your array holds floats whatever came in: np.zeros and np.full do, unless given a dtype.

    Take the dtype of the sequences.
    """
    padded, lengths = room.pad(sequences, value)
    return padded.astype(np.float64), lengths


def always_integers(sequences: Sequences, value: float) -> Any:
    """Your array holds integers though floats came in: take the dtype of the sequences."""
    padded, lengths = room.pad(sequences, value)
    return padded.astype(np.int64), lengths


def time_first(sequences: Sequences, value: float) -> Any:
    """Your sequences stand in the columns; each is to be a row."""
    padded, lengths = room.pad(sequences, value)
    return padded.T, lengths


def width_as_length(sequences: Sequences, value: float) -> Any:
    """Your lengths are all the same, the width of the array.

    The lengths say which part of a row is data, so they are those before the padding.
    """
    padded, lengths = room.pad(sequences, value)
    return padded, np.full_like(lengths, padded.shape[1])


def lengths_by_value(sequences: Sequences, value: float) -> Any:
    """You count what differs from `value`; a sequence may hold that number itself."""
    padded, _ = room.pad(sequences, value)
    return padded, np.sum(padded != value, axis=1)


def width_of_the_first(sequences: Sequences, value: float) -> Any:
    """Your array is as wide as the first sequence is long; the longest may stand anywhere."""
    padded, lengths = room.pad(sequences, value)
    return padded[:, : len(sequences[0])], lengths


def one_too_wide(sequences: Sequences, value: float) -> Any:
    """Your array is wider than the longest sequence, which needs no filling."""
    padded, lengths = room.pad(sequences, value)
    return np.pad(padded, [(0, 0), (0, 1)], constant_values=value), lengths


def last_number_repeated(sequences: Sequences, value: float) -> Any:
    """You repeat a sequence's last number; fill up with `value`."""
    padded, lengths = room.pad(sequences, value)
    for row, length in zip(padded, lengths, strict=True):
        row[length:] = row[length - 1] if length else value
    return padded, lengths


def array_alone(sequences: Sequences, value: float) -> Any:
    """You return the array alone: without the lengths nobody knows what in it is data."""
    return room.pad(sequences, value)[0]


def as_numpy_chooses(sequences: Sequences, value: float) -> Any:
    """Your array has the dtype that NumPy makes of Python's numbers: give it the sequences' own."""
    padded, lengths = room.pad(sequences, value)
    return np.array(padded.tolist()), lengths


def as_lists(sequences: Sequences, value: float) -> Any:
    """Your rows are a list of lists: make an array of them, with the sequences' dtype."""
    padded, lengths = room.pad(sequences, value)
    return padded.tolist(), lengths


def padding_repeats(sequences: Sequences, value: float) -> Any:
    """`np.resize` begins the sequence again where it ends: fill up with `value`."""
    padded, lengths = room.pad(sequences, value)
    return np.stack([np.resize(s, padded.shape[1]) for s in sequences]), lengths


def added_to_the_filling(sequences: Sequences, value: float) -> Any:
    """You add the sequences to `value`, as `+=` does in a full array: put them in its place."""
    padded, lengths = room.pad(sequences, value)
    for row, length in zip(padded, lengths, strict=True):
        row[:length] += np.array(value).astype(padded.dtype)
    return padded, lengths


def filled_places_counted(sequences: Sequences, value: float) -> Any:
    """You count the places that are filled up; the lengths are those of the sequences."""
    padded, lengths = room.pad(sequences, value)
    return padded, padded.shape[1] - lengths


def longest_first(sequences: Sequences, value: float) -> Any:
    """You sort the sequences by their lengths: row i is the sequence i."""
    return room.pad(sorted(sequences, key=len, reverse=True), value)


def empty_ones_left_out(sequences: Sequences, value: float) -> Any:
    """A sequence of length 0 is missing: it is a row of nothing but `value`."""
    return room.pad([sequence for sequence in sequences if len(sequence)], value)


def lengths_first(sequences: Sequences, value: float) -> Any:
    """You return the lengths first: the array comes first."""
    return room.pad(sequences, value)[::-1]


def no_room_for_the_longest(sequences: Sequences, value: float) -> Any:
    """Your rows are as wide as the first sequence, and a longer one does not fit into them."""
    rows = np.full((len(sequences), len(sequences[0])), value, sequences[0].dtype)
    for row, sequence in zip(rows, sequences, strict=True):
        row[: len(sequence)] = sequence
    return rows, [len(sequence) for sequence in sequences]


def list_filled_in_place(sequences: Any, value: float) -> Any:
    """You write the padded sequences into the list that you are given: make a new one."""
    padded, lengths = room.pad(sequences, value)
    sequences[:] = list(padded)
    return padded, lengths


def row_by_row(sequences: Sequences, value: float) -> Any:
    """Put what is missing behind each sequence, then stack the rows."""
    longest = max(map(len, sequences))
    rows = []
    for sequence in sequences:
        missing = np.full(longest - len(sequence), value, sequence.dtype)
        rows.append(np.concatenate([sequence, missing]))
    return np.stack(rows), [len(sequence) for sequence in sequences]


def by_a_mask(sequences: Sequences, value: float) -> Any:
    """Fill all places at once where a position is below the length."""
    lengths = np.array([*map(len, sequences)])
    is_data = np.arange(lengths.max()) < lengths[:, None]
    padded = np.where(is_data, sequences[0].dtype.type(0), sequences[0].dtype.type(value))
    padded[is_data] = np.concatenate(sequences)
    return padded, lengths


def padded_in_tensorflow(sequences: Sequences, value: float) -> Any:
    """Let TensorFlow fill up each sequence."""
    import tensorflow as tf

    lengths = [len(sequence) for sequence in sequences]
    rows = [
        tf.pad(sequence, [[0, max(lengths) - len(sequence)]], constant_values=value)
        for sequence in sequences
    ]
    return tf.stack(rows), tf.constant(lengths)


def _random_sequences(rng: np.random.Generator) -> tuple:
    lengths = [*rng.integers(1, 6, size=rng.integers(2, 5)), 7, int(rng.integers(0, 7))]
    value = int(rng.integers(-3, 3))
    if rng.random() < 0.5:
        return [rng.integers(-3, 4, size=n) for n in lengths], value
    return [rng.normal(size=n).round(1) for n in lengths], value


_LIBRARY = "The exercise is to write this yourself, with NumPy or with plain operations."

pad_batch = Exercise(
    name="pad_batch",
    lesson="31_batching",
    reference=_pad_batch,
    probe=probes.padded,
    parts=[
        Part(
            "sequences of different lengths",
            points=2,
            cases=[
                ([np.array([3, 1, 4]), np.array([1])], 0),
                ([np.array([2, 0]), np.array([7, 0, 5, 0]), np.array([], int)], -1),
                ([np.array([0.5, -1.5]), np.array([2.5]), np.array([1.0, 2.0, 0.25])], 0),
                ([np.array([6, 5]), np.array([4, 3])], 9),
                ([np.array([9, 8, 9])], 9),
                ([np.array([], int), np.array([], int)], 3),
                ([np.array([0.5, 2.0], np.float32), np.array([1.5], np.float32)], -1),
                ([np.array([4], np.int32), np.array([2, 6, 5], np.int32)], 7),
            ],
            random_case=_random_sequences,
        )
    ],
    misconceptions=[
        filled_in_front,
        always_zeros,
        cut_to_the_shortest,
        always_floats,
        always_integers,
        time_first,
        width_as_length,
        lengths_by_value,
        width_of_the_first,
        one_too_wide,
        last_number_repeated,
        array_alone,
        as_numpy_chooses,
        as_lists,
        padding_repeats,
        longest_first,
        empty_ones_left_out,
        lengths_first,
        no_room_for_the_longest,
        list_filled_in_place,
        added_to_the_filling,
        filled_places_counted,
    ],
    also_right=[row_by_row, by_a_mask, padded_in_tensorflow],
    hints=[
        "Begin with the lengths: the largest of them is the width of the array.",
        "Make an array that is full of `value` and has the right dtype, then write into its rows.",
        "np.full takes a shape, a value and a dtype. The beginning of a row is row[:length].",
    ],
    forbidden={
        "helpers.batching.pad": _LIBRARY,
        "tensorflow.ragged": _LIBRARY,
        "tensorflow.RaggedTensor": _LIBRARY,
        "tensorflow.data": _LIBRARY,
        "tensorflow.keras.utils.pad_sequences": _LIBRARY,
        "tensorflow.keras.preprocessing": _LIBRARY,
        "keras.utils.pad_sequences": _LIBRARY,
        "keras.preprocessing": _LIBRARY,
        "zip_longest": "It fills up columns; the exercise is to do it without.",
    },
)

# The sizes of batches -----------------------------------------------------------------------------


def _batch_sizes(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> list[int]:
    return room.batch_sizes(num_records, num_epochs, batch_size, batch_first, drop_remainder)


def rest_always_dropped(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """You never return a batch that is not full; it is left out only if `drop_remainder` is true.

    Else its records would be lost.
    """
    return room.batch_sizes(num_records, num_epochs, batch_size, batch_first, True)


def rest_always_kept(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """You keep the batch that is not full; if `drop_remainder` is true it is left out."""
    return room.batch_sizes(num_records, num_epochs, batch_size, batch_first, False)


def drop_turned_round(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """You leave the rest out where `drop_remainder` is false, and keep it where it is true."""
    return room.batch_sizes(num_records, num_epochs, batch_size, batch_first, not drop_remainder)


def last_one_filled(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """Your last batch is as large as the others; only the records that are left are in it."""
    sizes = room.batch_sizes(num_records, num_epochs, batch_size, batch_first, drop_remainder)
    return [batch_size] * len(sizes)


def rest_first(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """Your smaller batch comes first; it is what is left after the full ones."""
    return room.batch_sizes(num_records, num_epochs, batch_size, batch_first, drop_remainder)[::-1]


def empty_batch_added(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """You add a batch of 0 records where nothing is left over: then there is no further batch."""
    at_once = num_records if batch_first else num_records * num_epochs
    rest = [] if drop_remainder else [at_once % batch_size]
    return ([batch_size] * (at_once // batch_size) + rest) * (num_epochs if batch_first else 1)


def rest_joins_the_last(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """You put what is left into the last full batch; no batch is larger than `batch_size`."""
    at_once = num_records if batch_first else num_records * num_epochs
    sizes = [batch_size] * (at_once // batch_size)
    if not drop_remainder and at_once % batch_size:
        sizes = [*sizes[:-1], sum(sizes[-1:]) + at_once % batch_size]
    return sizes * num_epochs if batch_first else sizes


def number_of_batches(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """You return how many batches there are; a list of their sizes was asked for."""
    return len(room.batch_sizes(num_records, num_epochs, batch_size, batch_first, drop_remainder))


def epochs_always_cut(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """You cut each epoch for itself, whatever `batch_first` is.

    In a queue nothing marks where an epoch ends: a batch takes records of the next one.
    """
    return room.batch_sizes(num_records, num_epochs, batch_size, True, drop_remainder)


def epochs_never_cut(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """You let batches run on into the next epoch, whatever `batch_first` is.

    With `batch_first` each epoch ends with a batch of its own.
    """
    return room.batch_sizes(num_records, num_epochs, batch_size, False, drop_remainder)


def order_turned_round(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """You have `batch_first` the wrong way round: if it is true, each epoch is cut for itself."""
    return room.batch_sizes(num_records, num_epochs, batch_size, not batch_first, drop_remainder)


def one_epoch_alone(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """Your batches are those of one epoch alone; there are `num_epochs` epochs."""
    return room.batch_sizes(num_records, 1, batch_size, batch_first, drop_remainder)


def rests_at_the_end(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """Your smaller batches all come at the end; each follows the full ones of its epoch."""
    sizes = room.batch_sizes(num_records, num_epochs, batch_size, batch_first, drop_remainder)
    return sorted(sizes, reverse=True)


def last_one_always_dropped(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """You drop the last batch although it is full: only one that is not full is left out."""
    sizes = room.batch_sizes(num_records, num_epochs, batch_size, batch_first, False)
    return sizes[:-1] if drop_remainder else sizes


def dropped_once(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """You leave out one batch, the last of all: with `batch_first` each epoch has one to drop."""
    sizes = room.batch_sizes(num_records, num_epochs, batch_size, batch_first, False)
    return sizes[:-1] if drop_remainder and sizes and sizes[-1] < batch_size else sizes


def small_epochs_lost(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """An epoch with fewer records than a batch has gives nothing: its records are a batch, too."""
    if num_records < batch_size:
        return []
    return room.batch_sizes(num_records, num_epochs, batch_size, batch_first, drop_remainder)


def a_list_for_each_epoch(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """You return a list of lists, one for each epoch: one list of all sizes was asked for."""
    if batch_first:
        return [room.batch_sizes(num_records, 1, batch_size, True, drop_remainder)] * num_epochs
    return room.batch_sizes(num_records, num_epochs, batch_size, batch_first, drop_remainder)


def dropped_before_the_row(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """You drop each epoch's rest although the epochs form one row: only the row has a rest."""
    full = num_records // batch_size * batch_size if drop_remainder else num_records
    return room.batch_sizes(full, num_epochs, batch_size, batch_first, drop_remainder)


def zero_for_none(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """Where there is no batch you return a 0: the list is empty then."""
    return room.batch_sizes(num_records, num_epochs, batch_size, batch_first, drop_remainder) or [0]


def sizes_multiplied(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """You multiply the sizes by the number of epochs: the list comes again for each epoch."""
    if not batch_first:
        return room.batch_sizes(num_records, num_epochs, batch_size, batch_first, drop_remainder)
    sizes = room.batch_sizes(num_records, 1, batch_size, True, drop_remainder)
    return [size * num_epochs for size in sizes]


def epochs_joined_to_drop(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """With `drop_remainder` you forget `batch_first`: each epoch loses its own rest then."""
    first = batch_first and not drop_remainder
    return room.batch_sizes(num_records, num_epochs, batch_size, first, drop_remainder)


def sizes_alike(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """Your batches are of nearly the same size: all are full, but for the last one."""
    n, epochs = (num_records, num_epochs) if batch_first else (num_records * num_epochs, 1)
    number = n // batch_size if drop_remainder else -(-n // batch_size)
    return [n // number + (i < n % number) for i in range(number)] * epochs


def spread_alike(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """You spread the records over the batches: all are full, but for the last one."""
    n, epochs = (num_records, num_epochs) if batch_first else (num_records * num_epochs, 1)
    number = -(-n // batch_size)
    sizes = [n // number + (i < n % number) for i in range(number)]
    return [size for size in sizes if size == batch_size or not drop_remainder] * epochs


def missing_ones_counted(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """Your last number is how many are missing to a full batch: it is how many are left."""
    sizes = room.batch_sizes(num_records, num_epochs, batch_size, batch_first, drop_remainder)
    return [size if size == batch_size else batch_size - size for size in sizes]


def row_repeated(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """You repeat the long row for each epoch: it holds the records of all epochs already."""
    sizes = room.batch_sizes(num_records, num_epochs, batch_size, batch_first, drop_remainder)
    return sizes if batch_first else sizes * num_epochs


def record_by_record(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """Let the records arrive one by one."""
    sizes, waiting = [], 0
    for epoch in range(num_epochs):
        for _ in range(num_records):
            waiting += 1
            if waiting == batch_size:
                sizes.append(waiting)
                waiting = 0
        if waiting and (batch_first or epoch == num_epochs - 1):
            if not drop_remainder:
                sizes.append(waiting)
            waiting = 0
    return np.array(sizes, int)


def by_differences(
    num_records: int, num_epochs: int, batch_size: int, batch_first: bool, drop_remainder: bool
) -> Any:
    """Look at where each batch begins and ends."""
    found = []
    for total in [num_records] * num_epochs if batch_first else [num_records * num_epochs]:
        for first in range(0, total, batch_size):
            found.append(min(batch_size, total - first))
    return tuple(size for size in found if size == batch_size or not drop_remainder)


def _random_sizes(rng: np.random.Generator, num_epochs: int) -> tuple:
    batch_size = int(rng.integers(3, 7))
    full, rest = int(rng.integers(1, 4)), int(rng.integers(1, batch_size))
    flags = (bool(rng.random() < 0.5), bool(rng.random() < 0.5))
    return (full * batch_size + rest, num_epochs, batch_size, *flags)


batch_sizes = Exercise(
    name="batch_sizes",
    lesson="31_batching",
    reference=_batch_sizes,
    parts=[
        Part(
            "one epoch",
            points=1,
            cases=[
                (10, 1, 4, True, False),
                (10, 1, 4, True, True),
                (10, 1, 4, False, False),
                (10, 1, 4, False, True),
                (12, 1, 4, True, False),
                (12, 1, 4, False, True),
                (3, 1, 4, True, False),
                (3, 1, 4, False, True),
                (0, 1, 4, True, False),
                (0, 1, 4, True, True),
                (0, 1, 4, False, True),
            ],
            random_case=lambda rng: _random_sizes(rng, 1),
        ),
        Part(
            "several epochs",
            points=1,
            cases=[
                (10, 2, 4, True, False),
                (10, 2, 4, False, False),
                (10, 3, 4, False, False),
                (10, 3, 4, False, True),
                (10, 3, 4, True, True),
                (3, 3, 4, True, False),
                (3, 3, 4, False, False),
                (3, 3, 4, True, True),
                (8, 2, 4, True, True),
                (8, 2, 4, True, False),
                (8, 2, 4, False, True),
            ],
            random_case=lambda rng: _random_sizes(rng, int(rng.integers(2, 5))),
        ),
    ],
    misconceptions=[
        rest_always_dropped,
        rest_always_kept,
        drop_turned_round,
        last_one_filled,
        rest_first,
        empty_batch_added,
        rest_joins_the_last,
        number_of_batches,
        epochs_always_cut,
        epochs_never_cut,
        order_turned_round,
        one_epoch_alone,
        rests_at_the_end,
        last_one_always_dropped,
        dropped_once,
        small_epochs_lost,
        a_list_for_each_epoch,
        dropped_before_the_row,
        zero_for_none,
        sizes_multiplied,
        epochs_joined_to_drop,
        sizes_alike,
        spread_alike,
        missing_ones_counted,
        row_repeated,
    ],
    also_right=[record_by_record, by_differences],
    hints=[
        "Begin with one epoch: how many batches are full, and how many records are left?",
        "// gives the number of full batches, % what is left.",
        "Without batch_first, all epochs together are one long row of records. With it, each epoch "
        "gives the same sizes again.",
    ],
    forbidden={"helpers.batching.batch_sizes": _LIBRARY, "tensorflow.data": _LIBRARY},
)

# Buckets ------------------------------------------------------------------------------------------

Numbers = Sequence[int]


def _bucket_batches(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> list[list[int]]:
    # The parameters' names are what a verdict prints before a case's values.
    return room.bucket(lengths, boundaries, sizes)


def _filled(lengths: Numbers, numbers: Numbers, sizes: Numbers) -> tuple[list, list]:
    """Return the batches that become full, and what stays in each bucket."""
    buckets: list[list[int]] = [[] for _ in sizes]
    full = []
    for position, number in enumerate(numbers):
        buckets[number].append(position)
        if len(buckets[number]) == sizes[number]:
            full.append(buckets[number])
            buckets[number] = []
    return full, buckets


def _numbers(lengths: Numbers, boundaries: Numbers) -> list[int]:
    return [sum(length >= boundary for boundary in boundaries) for length in lengths]


def boundary_below(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """A length that equals a boundary belongs above it: bucket 0 holds lengths *below* the first.

    You put it into the lower bucket.
    """
    full, rest = _filled(lengths, [bisect_left(boundaries, n) for n in lengths], sizes)
    return full + [batch for batch in rest if batch]


def rest_lost(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """What is left in the buckets at the end is missing: it follows as smaller batches."""
    return _filled(lengths, _numbers(lengths, boundaries), sizes)[0]


def bucket_after_bucket(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """You return all batches of bucket 0, then those of bucket 1, and so on.

    A batch comes when it is full; nobody can wait for the end of the data.
    """
    numbers, batches = _numbers(lengths, boundaries), []
    for bucket, size in enumerate(sizes):
        inside = [position for position, number in enumerate(numbers) if number == bucket]
        batches += [inside[i : i + size] for i in range(0, len(inside), size)]
    return batches


def lengths_returned(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """You return the lengths; the *positions* of the sequences were asked for."""
    batches = room.bucket(lengths, boundaries, sizes)
    return [[lengths[position] for position in batch] for batch in batches]


def sorted_first(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """You sort by length first; the sequences are taken as they arrive."""
    order = sorted(range(len(lengths)), key=lambda position: lengths[position])
    batches = room.bucket([lengths[position] for position in order], boundaries, sizes)
    return [[order[i] for i in batch] for batch in batches]


def never_emptied(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """Your bucket is not emptied when its batch is out, so it is never full a second time."""
    buckets: list[list[int]] = [[] for _ in sizes]
    batches = []
    for position, number in enumerate(_numbers(lengths, boundaries)):
        buckets[number].append(position)
        if len(buckets[number]) == sizes[number]:
            batches.append(list(buckets[number]))
    return batches + [rest for rest in buckets if rest]


def one_size(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """You use the first batch size for all buckets; each bucket has its own."""
    return room.bucket(lengths, boundaries, [sizes[0]] * len(sizes))


def rest_from_the_top(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """You empty the last bucket first; at the end they follow from bucket 0 on."""
    full, rest = _filled(lengths, _numbers(lengths, boundaries), sizes)
    return full + [batch for batch in rest[::-1] if batch]


def rest_as_it_came(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """At the end you empty first what was begun first; the order is from bucket 0 on."""
    full, rest = _filled(lengths, _numbers(lengths, boundaries), sizes)
    return full + sorted(batch for batch in rest if batch)


def rest_in_one(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """You put all that is left into one batch; each bucket's rest is a batch of its own."""
    full, rest = _filled(lengths, _numbers(lengths, boundaries), sizes)
    together = [position for batch in rest for position in batch]
    return full + ([together] if together else [])


def empty_rests(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """You return empty batches at the end: a bucket in which nothing is left gives none."""
    full, rest = _filled(lengths, _numbers(lengths, boundaries), sizes)
    return full + rest


def last_bucket_lost(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """Sequences that reach the last boundary are missing: they are the last bucket."""
    numbers = _numbers(lengths, boundaries)
    kept = [i for i, number in enumerate(numbers) if number < len(boundaries)]
    batches = room.bucket([lengths[i] for i in kept], boundaries, sizes)
    return [[kept[i] for i in batch] for batch in batches]


def counted_from_one(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """Your positions begin with 1; the first sequence is number 0."""
    batches = room.bucket(lengths, boundaries, sizes)
    return [[position + 1 for position in batch] for batch in batches]


def cleared_with_its_batch(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """You clear a bucket that you have returned, and its batch with it: they are the same list.

    Let the bucket be a new list, `[]`.
    """
    buckets: list[list[int]] = [[] for _ in sizes]
    batches = []
    for position, number in enumerate(_numbers(lengths, boundaries)):
        buckets[number].append(position)
        if len(buckets[number]) == sizes[number]:
            batches.append(buckets[number])
            buckets[number].clear()
    return batches + [rest for rest in buckets if rest]


def one_list_for_all(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """`[[]] * n` is the same list n times, so that all buckets fill together."""
    buckets: list[list[int]] = [[]] * len(sizes)
    batches = []
    for position, number in enumerate(_numbers(lengths, boundaries)):
        buckets[number].append(position)
        if len(buckets[number]) == sizes[number]:
            batches.append(buckets[number])
            buckets[number] = []
    return batches + [rest for rest in buckets if rest]


def in_every_bucket_above(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """You put a sequence into each bucket whose boundary is above it: stop at the first of them."""
    buckets: list[list[int]] = [[] for _ in sizes]
    batches = []
    for position, first in enumerate(_numbers(lengths, boundaries)):
        for number in range(first, len(sizes)):
            buckets[number].append(position)
            if len(buckets[number]) == sizes[number]:
                batches.append(buckets[number])
                buckets[number] = []
    return batches + [rest for rest in buckets if rest]


def one_more_than_full(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """Your batches have one too many: a bucket is full as soon as it holds its batch size."""
    return room.bucket(lengths, boundaries, [size + 1 for size in sizes])


def rests_first(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """You return what is left before the full batches: it follows at the end."""
    full, rest = _filled(lengths, _numbers(lengths, boundaries), sizes)
    return [batch for batch in rest if batch] + full


def by_number_of_batch(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """You return a dict: a list of the batches was asked for."""
    return dict(enumerate(room.bucket(lengths, boundaries, sizes)))


def long_ones_in_the_last_but_one(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """Your loop ends at the last boundary: lengths from there on have a bucket of their own."""
    buckets: list[list[int]] = [[] for _ in sizes]
    batches = []
    for position, length in enumerate(lengths):
        if not boundaries:
            raise UnboundLocalError("the loop has no turn")
        reached = sum(length >= boundary for boundary in boundaries)
        number = min(reached, len(boundaries) - 1)
        buckets[number].append(position)
        if len(buckets[number]) == sizes[number]:
            batches.append(buckets[number])
            buckets[number] = []
    return batches + [rest for rest in buckets if rest]


def position_of_an_equal_one(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """`lengths.index` finds the first of equal lengths: count the positions, with enumerate."""
    batches = room.bucket(lengths, boundaries, sizes)
    return [[list(lengths).index(lengths[i]) for i in batch] for batch in batches]


def end_put_into_the_list(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """You change a list that you are given: put what you need into a new one."""
    batches = room.bucket(lengths, boundaries, sizes)
    for given in (lengths, boundaries, sizes):
        given.append(10**9)  # type: ignore[attr-defined]
    return batches


def last_number_kept(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """Lengths from the last boundary on have a bucket of their own, the last one.

    A loop with `break` keeps its last number where it finds nothing, and that is one too small.
    """
    if not boundaries:
        return room.bucket(lengths, boundaries, sizes)
    return long_ones_in_the_last_but_one(lengths, boundaries, sizes)


def one_list_of_positions(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """You return one list of all positions: each batch is a list, so `append` it."""
    return [position for batch in room.bucket(lengths, boundaries, sizes) for position in batch]


def counted_from_the_top(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """You count the boundaries above a length: those that it reaches are the bucket's number."""
    turned = [sum(length < boundary for boundary in boundaries) for length in lengths]
    return room.bucket(turned, range(1, len(sizes)), sizes)


def all_buckets_emptied(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """You empty all buckets when one is full: the others keep what they hold."""
    buckets: list[list[int]] = [[] for _ in sizes]
    batches = []
    for position, number in enumerate(_numbers(lengths, boundaries)):
        buckets[number].append(position)
        if len(buckets[number]) == sizes[number]:
            batches.append(buckets[number])
            buckets = [[] for _ in sizes]
    return batches + [rest for rest in buckets if rest]


def by_searchsorted(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """Find all buckets at once."""
    numbers = np.searchsorted(boundaries, lengths, side="right")
    buckets: dict[int, list[int]] = {}
    batches = []
    for position, number in enumerate(numbers):
        waiting = buckets.setdefault(int(number), [])
        waiting.append(position)
        if len(waiting) == sizes[number]:
            batches.append(np.array(buckets.pop(int(number))))
    return [*batches, *(tuple(buckets[number]) for number in sorted(buckets))]


def sorted_at_the_end(lengths: Numbers, boundaries: Numbers, sizes: Numbers) -> Any:
    """Cut every bucket by itself, and order the batches by when their last sequence arrived."""
    found = []
    for batch in bucket_after_bucket(lengths, boundaries, sizes):
        number = sum(lengths[batch[0]] >= boundary for boundary in boundaries)
        full = len(batch) == sizes[number]
        found.append((0, batch[-1], batch) if full else (1, number, batch))
    return [batch for _, _, batch in sorted(found)]


def _random_buckets(rng: np.random.Generator) -> tuple:
    boundaries = sorted(rng.choice(np.arange(2, 20), size=3, replace=False).tolist())
    lengths = rng.integers(1, 24, size=20)
    # Each boundary is met once, and each bucket has something.
    lengths[:5] = [*boundaries, 1, 23]
    sizes = rng.permutation([2, 3, 4, 5]).tolist()
    return rng.permutation(lengths).tolist(), boundaries, sizes


bucket_batches = Exercise(
    name="bucket_batches",
    lesson="31_batching",
    reference=_bucket_batches,
    parts=[
        Part(
            "sequences of any length",
            points=3,
            cases=[
                ([1, 5, 2, 7, 6], [3], [2, 2]),
                ([3, 2, 4, 3, 9, 1, 8, 3, 2, 4], [3, 5], [3, 2, 1]),
                ([9, 1, 8, 2, 7, 4, 1], [3, 5], [2, 4, 4]),
                ([12, 3, 5, 1, 11, 4], [4, 10], [4, 4, 4]),
                ([4, 4, 1, 4], [], [3]),
                ([2, 2, 2, 2], [3, 6], [2, 2, 2]),
                ([9], [3, 5], [2, 2, 2]),
                ([], [3], [2, 2]),
            ],
            random_case=_random_buckets,
        )
    ],
    misconceptions=[
        boundary_below,
        rest_lost,
        bucket_after_bucket,
        lengths_returned,
        sorted_first,
        never_emptied,
        one_size,
        rest_from_the_top,
        rest_as_it_came,
        rest_in_one,
        empty_rests,
        last_bucket_lost,
        counted_from_one,
        cleared_with_its_batch,
        one_list_for_all,
        in_every_bucket_above,
        one_more_than_full,
        rests_first,
        by_number_of_batch,
        long_ones_in_the_last_but_one,
        last_number_kept,
        position_of_an_equal_one,
        end_put_into_the_list,
        one_list_of_positions,
        counted_from_the_top,
        all_buckets_emptied,
    ],
    also_right=[by_searchsorted, sorted_at_the_end],
    hints=[
        "A list of lists can be the buckets. The number of a sequence's bucket is the number of "
        "boundaries that its length has reached.",
        "When a bucket holds as many positions as its batch size says, they are a batch, and the "
        "bucket becomes a new, empty list.",
        "After the last sequence go through the buckets once more, and leave out the empty ones.",
    ],
    forbidden={
        "helpers.batching.bucket": _LIBRARY,
        "tensorflow.data": _LIBRARY,
    },
)
