"""In which order the records of several files are read, in plain Python: 输入文件队列."""

from collections.abc import Sequence
from typing import Any


def split_into_shards(items: Sequence[Any], num_shards: int, prefix: str) -> dict[str, list[Any]]:
    """Return which items go into which of several files.

    Parameters
    ----------
    items : sequence
    num_shards : int
        Number of files, at least 1.
    prefix : str
        What their names begin with.

    Returns
    -------
    dict of str to list
        From ``prefix-00000-of-00002`` on, in order; neighbours stay together, and the first files
        hold one item more where the items cannot be divided equally.

    Notes
    -----
    Slide: 输入文件队列.

    Examples
    --------
    >>> split_into_shards("abc", 2, "data")
    {'data-00000-of-00002': ['a', 'b'], 'data-00001-of-00002': ['c']}
    """
    size, larger = divmod(len(items), num_shards)
    shards, start = {}, 0
    for number in range(num_shards):
        stop = start + size + (number < larger)
        shards[f"{prefix}-{number:05}-of-{num_shards:05}"] = list(items[start:stop])
        start = stop
    return shards


def interleave(files: Sequence[Sequence[Any]], cycle_length: int, block_length: int) -> list[Any]:
    """Return records in the order in which ``tf.data.Dataset.interleave`` reads files.

    Parameters
    ----------
    files : sequence of sequence
        The records of each file.
    cycle_length : int
        Number of slots; each holds a file that is open. They take turns.
    block_length : int
        How many records a slot gives at its turn, at most.

    Returns
    -------
    list
        All records. At its turn an empty slot opens the next file, if there is one. A slot whose
        file ends during its turn is emptied, and the turn passes.

    Notes
    -----
    Slide: 输入文件队列; ``tf.data.Dataset.interleave``.

    Examples
    --------
    >>> interleave(["ab", "cdef", "g"], cycle_length=2, block_length=2)
    ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    >>> interleave(["ab", "cdef", "g"], cycle_length=2, block_length=1)
    ['a', 'c', 'b', 'd', 'e', 'g', 'f']
    """
    waiting = [list(file) for file in files]
    slots: list[list[Any] | None] = [None] * cycle_length
    result: list[Any] = []
    while waiting or any(slot is not None for slot in slots):
        for turn in range(cycle_length):
            if slots[turn] is None and waiting:
                slots[turn] = waiting.pop(0)
            slot = slots[turn]
            if slot is None:
                continue
            result += slot[:block_length]
            # A file that ends exactly with its block is noticed at the slot's next turn.
            slots[turn] = slot[block_length:] if len(slot) >= block_length else None
    return result
