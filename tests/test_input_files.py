"""The order in which files are read is tf.data's, for every small set of files."""

import itertools

import pytest
import tensorflow as tf

from helpers import input_files


@pytest.mark.parametrize(("cycle_length", "block_length"), itertools.product((1, 2, 3), (1, 2, 3)))
def test_the_interleaved_order_is_tf_data_s(cycle_length: int, block_length: int) -> None:
    for sizes in itertools.product((0, 1, 2, 4), repeat=3):
        files = [[f"{n}{i}" for i in range(size)] for n, size in enumerate(sizes)]
        ours = input_files.interleave(files, cycle_length, block_length)
        ragged = tf.ragged.constant(files, dtype=tf.string, ragged_rank=1)
        dataset = tf.data.Dataset.from_tensor_slices(ragged).interleave(
            tf.data.Dataset.from_tensor_slices,
            cycle_length=cycle_length,
            block_length=block_length,
            num_parallel_calls=None,
        )
        assert ours == [record.numpy().decode() for record in dataset], sizes


@pytest.mark.parametrize("num_shards", [1, 2, 3, 7])
def test_shards_hold_everything_once_and_are_of_nearly_one_size(num_shards: int) -> None:
    for number in range(12):
        shards = input_files.split_into_shards(range(number), num_shards, "d")
        assert len(shards) == num_shards
        assert [item for shard in shards.values() for item in shard] == list(range(number))
        sizes = [len(shard) for shard in shards.values()]
        assert sizes == sorted(sizes, reverse=True)
        assert sizes[0] - sizes[-1] <= 1
