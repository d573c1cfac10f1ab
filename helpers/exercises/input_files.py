"""Exercises of lesson 30: shards, the order of an interleaved reading, and reading by epochs."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from helpers import input_files
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import input_files as probes

__all__ = ["hint", "interleave", "read_epochs", "split_into_shards"]

tf1 = tf.compat.v1

# Shards ------------------------------------------------------------------------------------------


def dealt_like_cards(items: Sequence, num_shards: int, prefix: str) -> dict:
    """You deal the items out one by one; neighbours stay together in a file."""
    names = input_files.split_into_shards(items, num_shards, prefix)
    return {name: list(items[i::num_shards]) for i, name in enumerate(names)}


def rest_lost(items: Sequence, num_shards: int, prefix: str) -> dict:
    """The items that cannot be divided equally are missing; each of them goes into a file."""
    size = len(items) // num_shards
    names = input_files.split_into_shards(items, num_shards, prefix)
    return {n: list(items[i * size : (i + 1) * size]) for i, n in enumerate(names)}


def rest_in_the_last(items: Sequence, num_shards: int, prefix: str) -> dict:
    """Your last file gets all that is left over; the first files get one more item each."""
    size, names = len(items) // num_shards, input_files.split_into_shards(items, num_shards, prefix)
    shards = {n: list(items[i * size : (i + 1) * size]) for i, n in enumerate(names)}
    last = list(names)[-1]
    shards[last] = list(items[(num_shards - 1) * size :])
    return shards


def larger_ones_last(items: Sequence, num_shards: int, prefix: str) -> dict:
    """Your last files are the larger ones; the first files get one more item each."""
    size, larger = divmod(len(items), num_shards)
    names = input_files.split_into_shards(items, num_shards, prefix)
    shards, start = {}, 0
    for number, name in enumerate(names):
        stop = start + size + (number >= num_shards - larger)
        shards[name] = list(items[start:stop])
        start = stop
    return shards


def rounded_up(items: Sequence, num_shards: int, prefix: str) -> dict:
    """You fill each file up to the size rounded up, so that the last ones may stay empty.

    The sizes differ by one at most.
    """
    size = -(-len(items) // num_shards)
    names = input_files.split_into_shards(items, num_shards, prefix)
    return {n: list(items[i * size : (i + 1) * size]) for i, n in enumerate(names)}


def counted_from_one(items: Sequence, num_shards: int, prefix: str) -> dict:
    """You count the files from 1; they are counted from 0."""
    shards = input_files.split_into_shards(items, num_shards, prefix).values()
    return {f"{prefix}-{i:05}-of-{num_shards:05}": s for i, s in enumerate(shards, start=1)}


def without_zeros(items: Sequence, num_shards: int, prefix: str) -> dict:
    """Your numbers lack the zeros in front: with five digits, names sort as their numbers do."""
    shards = input_files.split_into_shards(items, num_shards, prefix).values()
    return {f"{prefix}-{i}-of-{num_shards}": s for i, s in enumerate(shards)}


def names_alone(items: Sequence, num_shards: int, prefix: str) -> list:
    """You return the names alone; a dict of the names and the items was asked for."""
    return list(input_files.split_into_shards(items, num_shards, prefix))


def _renamed(items: Sequence, num_shards: int, prefix: str, name: str) -> dict:
    shards = input_files.split_into_shards(items, num_shards, prefix).values()
    return {name.format(prefix=prefix, i=i, n=num_shards): s for i, s in enumerate(shards)}


def total_without_zeros(items: Sequence, num_shards: int, prefix: str) -> dict:
    """The number of files lacks its zeros: both numbers have five digits."""
    return _renamed(items, num_shards, prefix, "{prefix}-{i:05}-of-{n}")


def four_zeros_in_front(items: Sequence, num_shards: int, prefix: str) -> dict:
    """You write four zeros before each number: 12 has five digits with three of them."""
    return _renamed(items, num_shards, prefix, "{prefix}-0000{i}-of-0000{n}")


def filled_with_spaces(items: Sequence, num_shards: int, prefix: str) -> dict:
    """Your numbers are filled up with spaces: `:05` fills up with zeros, `:5` does not."""
    return _renamed(items, num_shards, prefix, "{prefix}-{i:5}-of-{n:5}")


def last_number_for_total(items: Sequence, num_shards: int, prefix: str) -> dict:
    """Behind `-of-` stands how many files there are, and not the number of the last one."""
    shards = input_files.split_into_shards(items, num_shards, prefix).values()
    return {f"{prefix}-{i:05}-of-{num_shards - 1:05}": s for i, s in enumerate(shards)}


def always_data(items: Sequence, num_shards: int, prefix: str) -> dict:
    """Your names begin with "data", as in the example: they begin with `prefix`."""
    return _renamed(items, num_shards, "data", "{prefix}-{i:05}-of-{n:05}")


def with_an_ending(items: Sequence, num_shards: int, prefix: str) -> dict:
    """Your names have an ending: they end with the number of files."""
    return _renamed(items, num_shards, prefix, "{prefix}-{i:05}-of-{n:05}.tfrecords")


def with_underscores(items: Sequence, num_shards: int, prefix: str) -> dict:
    """Your names are joined by `_`: it is `-`."""
    return _renamed(items, num_shards, prefix, "{prefix}_{i:05}_of_{n:05}")


def empty_ones_left_out(items: Sequence, num_shards: int, prefix: str) -> dict:
    """A file without items is missing: there is an entry for each file, also an empty list."""
    shards = input_files.split_into_shards(items, num_shards, prefix)
    return {name: shard for name, shard in shards.items() if shard}


def last_file_first(items: Sequence, num_shards: int, prefix: str) -> dict:
    """Your dict begins with the last file: its entries stand in the order of the numbers."""
    return dict(reversed(input_files.split_into_shards(items, num_shards, prefix).items()))


def pairs_in_a_list(items: Sequence, num_shards: int, prefix: str) -> list:
    """You return a list of pairs: a dict was asked for."""
    return list(input_files.split_into_shards(items, num_shards, prefix).items())


def arrays_for_lists(items: Sequence, num_shards: int, prefix: str) -> dict:
    """Your values are arrays: they are lists, with the items as they are."""
    shards = input_files.split_into_shards(items, num_shards, prefix)
    return {name: np.array(shard) for name, shard in shards.items()}


def items_taken_out(items: list, num_shards: int, prefix: str) -> dict:
    """You take the items out of the list that you are given: slices leave it as it is."""
    shards = input_files.split_into_shards(items, num_shards, prefix)
    items.clear()
    return shards


def items_of_an_array(items: Sequence, num_shards: int, prefix: str) -> dict:
    """An array makes other items of yours, such as the text "1" of a number: divide the list."""
    parts = np.array_split(np.array(items), num_shards)
    names = input_files.split_into_shards(items, num_shards, prefix)
    return {name: part.tolist() for name, part in zip(names, parts, strict=True)}


def sorted_before(items: Sequence, num_shards: int, prefix: str) -> dict:
    """You sort the items: neighbours are those that stand side by side in the list as it is."""
    return input_files.split_into_shards(sorted(items), num_shards, prefix)


def shards_of_numpy(items: Sequence, num_shards: int, prefix: str) -> Any:
    """Let NumPy split the positions."""
    parts = np.array_split(np.arange(len(items)), num_shards)
    return {
        f"{prefix}-%05d-of-%05d" % (i, num_shards): [items[k] for k in part]
        for i, part in enumerate(parts)
    }


def shards_by_counting(items: Sequence, num_shards: int, prefix: str) -> dict:
    """Say for each file where it begins."""
    ends = [-(-len(items) * 0)]
    for number in range(num_shards):
        ends.append(
            ends[-1] + (len(items) - ends[-1] + num_shards - number - 1) // (num_shards - number)
        )
    total = str(num_shards).zfill(5)
    return {
        "-".join([prefix, str(i).zfill(5), "of", total]): items[ends[i] : ends[i + 1]]
        for i in range(num_shards)
    }


split_into_shards = Exercise(
    name="split_into_shards",
    lesson="30_input_files",
    reference=input_files.split_into_shards,
    probe=probes.sharded,
    parts=[
        Part(
            "items that can be divided",
            points=1,
            cases=[
                (["a", "b", "c", "d"], 2, "data"),
                (list(range(6)), 3, "train"),
                ([7, 8], 1, "x"),
                ([("b", 1), ("a", 2)], 2, "pairs"),
            ],
        ),
        Part(
            "items that are left over",
            points=1,
            cases=[
                (list(range(8)), 3, "data"),
                (list(range(7)), 4, "d"),
                (["a"], 3, "few"),
                (list(range(23)), 12, "many"),
            ],
            random_case=lambda rng: (
                rng.permutation(30)[: int(rng.integers(4, 14))].tolist(),
                int(rng.integers(2, 6)),
                "r",
            ),
        ),
    ],
    misconceptions=[
        dealt_like_cards,
        rest_lost,
        rest_in_the_last,
        larger_ones_last,
        rounded_up,
        counted_from_one,
        without_zeros,
        names_alone,
        total_without_zeros,
        four_zeros_in_front,
        filled_with_spaces,
        last_number_for_total,
        always_data,
        with_an_ending,
        with_underscores,
        empty_ones_left_out,
        last_file_first,
        pairs_in_a_list,
        arrays_for_lists,
        items_taken_out,
        items_of_an_array,
        sorted_before,
    ],
    also_right=[shards_of_numpy, shards_by_counting],
    hints=[
        "divmod(len(items), num_shards) gives the size of a file and how many files get one more.",
        "Go from file to file with the place where it begins; the next one begins where it ends.",
        'f"{number:05}" writes a number with five digits.',
    ],
)

# Interleave --------------------------------------------------------------------------------------

Files = Sequence[Sequence[Any]]


def _interleave(files: Files, cycle_length: int, block_length: int) -> list:
    # A check also tries the reference with other numbers, and with 0 it would never end.
    if min(cycle_length, block_length) < 1:
        raise ValueError("there is at least one slot, and one record at a turn")
    return input_files.interleave(files, cycle_length, block_length)


def one_file_after_the_other(files: Files, cycle_length: int, block_length: int) -> list:
    """You read file after file; `cycle_length` of them are open at a time and take turns."""
    return [record for file in files for record in file]


def all_files_open(files: Files, cycle_length: int, block_length: int) -> list:
    """You open all files at once; only `cycle_length` are open at a time."""
    return input_files.interleave(files, len(files), block_length)


def one_record_a_turn(files: Files, cycle_length: int, block_length: int) -> list:
    """You take one record at a turn; a slot gives up to `block_length` of them."""
    return input_files.interleave(files, cycle_length, 1)


def numbers_swapped(files: Files, cycle_length: int, block_length: int) -> list:
    """You have swapped `cycle_length` and `block_length`."""
    return input_files.interleave(files, block_length, cycle_length)


def groups_of_files(files: Files, cycle_length: int, block_length: int) -> list:
    """You finish a group of files before you open another; a slot opens one when it is free."""
    result: list = []
    for first in range(0, len(files), cycle_length):
        result += input_files.interleave(
            files[first : first + cycle_length], cycle_length, block_length
        )
    return result


def opened_within_the_turn(files: Files, cycle_length: int, block_length: int) -> list:
    """When a file ends you open the next one in the same turn; the slot stays empty until its next.

    This holds for a file that ends exactly with its block, too: that is noticed a turn later.
    """
    waiting = [list(file) for file in files]
    slots: list = [[] for _ in range(cycle_length)]
    result: list = []
    while waiting or any(slots):
        for turn in range(cycle_length):
            block: list = []
            while len(block) < block_length and (slots[turn] or waiting):
                slots[turn] = slots[turn] or waiting.pop(0)
                block.append(slots[turn].pop(0))
            result += block
    return result


def noticed_at_once(files: Files, cycle_length: int, block_length: int) -> list:
    """You notice at once that a file ends with its block; that is noticed at the slot's next turn.

    So the slot loses that turn, and opens the next file one turn later.
    """
    waiting = [list(file) for file in files]
    slots: list = [None] * cycle_length
    result: list = []
    while waiting or any(slots):
        for turn in range(cycle_length):
            if not slots[turn] and waiting:
                slots[turn] = waiting.pop(0)
            slot = slots[turn] or []
            result += slot[:block_length]
            slots[turn] = slot[block_length:] or None
    return result


def last_records_lost(files: Files, cycle_length: int, block_length: int) -> list:
    """Of a file whose records do not fill its last block, you lose that last part."""
    whole = [file[: len(file) // block_length * block_length] for file in files]
    return input_files.interleave(whole, cycle_length, block_length)


def emptied_slots_move_up(files: Files, cycle_length: int, block_length: int) -> list:
    """You take an ended file's slot away and add the next file behind the others.

    A slot keeps its place in the cycle, and the next file is opened there.
    """
    waiting = [list(file) for file in files]
    slots: list[list] = []
    result: list = []
    while waiting or slots:
        while len(slots) < cycle_length and waiting:
            slots.append(waiting.pop(0))
        going_on = []
        for slot in slots:
            result += slot[:block_length]
            if len(slot) >= block_length:
                going_on.append(slot[block_length:])
        slots = going_on
    return result


def stops_with_the_last_file(files: Files, cycle_length: int, block_length: int) -> list:
    """You stop when the last file has been opened: the open ones still hold records."""
    waiting = [list(file) for file in files]
    slots: list = [None] * cycle_length
    result: list = []
    while waiting:
        for turn in range(cycle_length):
            if slots[turn] is None and waiting:
                slots[turn] = waiting.pop(0)
            slot = slots[turn] or []
            result += slot[:block_length]
            slots[turn] = slot[block_length:] if len(slot) >= block_length else None
    return result


def ends_with_an_empty_round(files: Files, cycle_length: int, block_length: int) -> list:
    """You end when a round gives nothing; files may hold no records, and others follow them."""
    waiting = [list(file) for file in files]
    slots: list = [None] * cycle_length
    result: list = []
    before = -1
    while len(result) > before:
        before = len(result)
        for turn in range(cycle_length):
            if slots[turn] is None and waiting:
                slots[turn] = waiting.pop(0)
            slot = slots[turn] or []
            result += slot[:block_length]
            slots[turn] = slot[block_length:] if len(slot) >= block_length else None
    return result


def slots_close_up(files: Files, cycle_length: int, block_length: int) -> list:
    """You delete an ended file's slot at its turn, so that the others move up and take it.

    A slot keeps its place in the cycle, and the next file is opened there.
    """
    waiting = [list(file) for file in files]
    slots, waiting = waiting[:cycle_length], waiting[cycle_length:]
    result: list = []
    turn = 0
    while slots:
        turn %= len(slots)
        result += slots[turn][:block_length]
        if len(slots[turn]) >= block_length:
            slots[turn] = slots[turn][block_length:]
            turn += 1
        else:
            del slots[turn]
            slots += [waiting.pop(0)] if waiting else []
    return result


def files_dealt_out(files: Files, cycle_length: int, block_length: int) -> list:
    """You divide the files among the slots beforehand: an empty slot opens the next."""
    shares = [
        [record for file in files[slot::cycle_length] for record in file]
        for slot in range(cycle_length)
    ]
    result: list = []
    while any(shares):
        for share in shares:
            result += share[:block_length]
            del share[:block_length]
    return result


def blocks_as_lists(files: Files, cycle_length: int, block_length: int) -> list:
    """You return a list of blocks: one list of all records was asked for, so use `+=`."""
    waiting = [list(file) for file in files]
    slots: list = [None] * cycle_length
    result: list = []
    while waiting or any(slot is not None for slot in slots):
        for turn in range(cycle_length):
            if slots[turn] is None and waiting:
                slots[turn] = waiting.pop(0)
            if slots[turn] is None:
                continue
            result.append(slots[turn][:block_length])
            full = len(result[-1]) == block_length
            slots[turn] = slots[turn][block_length:] if full else None
    return result


def files_for_all_slots(files: Files, cycle_length: int, block_length: int) -> list:
    """You open a file in each slot at the start: there may be fewer files than slots."""
    opened = [files[i] for i in range(cycle_length)]
    return _interleave([*opened, *files[cycle_length:]], cycle_length, block_length)


def files_emptied(files: Any, cycle_length: int, block_length: int) -> list:
    """You take things out of the lists that you are given; the caller needs them: copy first."""
    result = _interleave(files, cycle_length, block_length)
    files.clear()
    return result


def interleaved_by_iterators(files: Files, cycle_length: int, block_length: int) -> list:
    """Hold iterators in the slots, which notice their end by themselves."""
    waiting, slots, result = iter(files), {}, []  # type: ignore[var-annotated]
    place, opened = 0, True
    while opened or slots:
        if place not in slots:
            file = next(waiting, None)
            opened = file is not None
            if file is not None:
                slots[place] = iter(file)
        if place in slots:
            for _ in range(block_length):
                try:
                    result.append(next(slots[place]))
                except StopIteration:
                    del slots[place]
                    break
        place = (place + 1) % cycle_length
    return result


def interleaved_by_a_queue_of_turns(files: Files, cycle_length: int, block_length: int) -> list:
    """Number the turns, and note for each slot what is open."""
    rest, opened, result = [list(file) for file in files], 0, []
    slots = dict.fromkeys(range(cycle_length), -1)
    for turn in range(cycle_length * (len(files) * 2 + sum(len(file) for file in files))):
        slot = turn % cycle_length
        if slots[slot] < 0 and opened < len(files):
            slots[slot], opened = opened, opened + 1
        if slots[slot] >= 0:
            file = rest[slots[slot]]
            full = len(file) >= block_length
            result += [file.pop(0) for _ in range(min(block_length, len(file)))]
            slots[slot] = slots[slot] if full else -1
    return result


def _named(*sizes: int) -> list[list[str]]:
    return [[f"{'abcdefgh'[n]}{i}" for i in range(size)] for n, size in enumerate(sizes)]


def _random_files(rng: np.random.Generator) -> tuple:
    sizes = rng.integers(1, 6, size=int(rng.integers(4, 7)))
    return _named(*sizes.tolist()), int(rng.integers(2, 4)), int(rng.integers(1, 4))


interleave = Exercise(
    name="interleave",
    lesson="30_input_files",
    reference=_interleave,
    parts=[
        Part(
            "as many slots as files",
            points=1,
            cases=[
                (_named(3, 3), 2, 2),
                (_named(3, 1, 4), 3, 2),
                (_named(2, 2), 2, 1),
                (_named(5), 1, 2),
                (_named(3, 2), 4, 2),
            ],
        ),
        Part(
            "fewer slots than files",
            points=2,
            cases=[
                (_named(2, 4, 1), 2, 2),
                (_named(2, 4, 1), 2, 1),
                (_named(1, 3, 2, 3), 2, 2),
                (_named(4, 4, 1, 2, 3), 3, 2),
                (_named(0, 0, 0, 0, 0, 1), 1, 1),
            ],
            random_case=_random_files,
        ),
    ],
    misconceptions=[
        one_file_after_the_other,
        all_files_open,
        one_record_a_turn,
        numbers_swapped,
        groups_of_files,
        opened_within_the_turn,
        noticed_at_once,
        last_records_lost,
        emptied_slots_move_up,
        stops_with_the_last_file,
        files_dealt_out,
        blocks_as_lists,
        files_for_all_slots,
        files_emptied,
        ends_with_an_empty_round,
        slots_close_up,
    ],
    also_right=[interleaved_by_iterators, interleaved_by_a_queue_of_turns],
    hints=[
        "A list of slots, each empty (None) or with the records that its file still has; and a "
        "list of files that wait.",
        "At a turn: if the slot is empty, open a file; then give up to block_length records.",
        "If the slot had fewer records than block_length, its file has ended: the slot is empty. "
        "If it had exactly as many, it holds an empty list, which has fewer at its next turn.",
    ],
    forbidden={"helpers.input_files.interleave": "The exercise is to write this yourself."},
)

# Reading by epochs -------------------------------------------------------------------------------


def read_epochs_reference(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """Read all records of the files, in their order, as often as there are epochs."""
    names = tf1.train.string_input_producer(paths, num_epochs=num_epochs, shuffle=False)
    _, record = tf1.TFRecordReader().read(names)
    session.run(tf1.local_variables_initializer())
    coordinator = tf.train.Coordinator()
    threads = tf1.train.start_queue_runners(session, coordinator)
    found = []
    try:
        while True:
            found.append(session.run(record))
    except tf.errors.OutOfRangeError:
        pass
    coordinator.request_stop()
    coordinator.join(threads)
    return found


def _read_epochs(files: Any, num_epochs: Any, epochs: Any = None) -> list[bytes]:
    # The parameters' names are what a verdict prints; what comes is session, paths, num_epochs.
    return read_epochs_reference(files, num_epochs, epochs)


def _read(session: Any, record: Any) -> list[bytes]:
    coordinator = tf.train.Coordinator()
    threads = tf1.train.start_queue_runners(session, coordinator)
    found = []
    try:
        while True:
            found.append(session.run(record))
    except tf.errors.OutOfRangeError:
        coordinator.request_stop()
    coordinator.join(threads)
    return found


def counter_not_initialized(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """Your list is empty: the epochs' counter is a *local* variable, and has not been initialized.

    The runner dies of that, the queue is closed, and the first run finds it empty.
    """
    names = tf1.train.string_input_producer(paths, num_epochs=num_epochs, shuffle=False)
    _, record = tf1.TFRecordReader().read(names)
    session.run(tf1.global_variables_initializer())
    coordinator = tf.train.Coordinator()
    tf1.train.start_queue_runners(session, coordinator)
    found = []
    try:
        while True:
            found.append(session.run(record))
    except tf.errors.OutOfRangeError:
        return found


def runners_not_started(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """Your first run waits for a name that nobody puts into the queue: start the queue runners."""
    names = tf1.train.string_input_producer(paths, num_epochs=num_epochs, shuffle=False)
    _, record = tf1.TFRecordReader().read(names)
    session.run(tf1.local_variables_initializer())
    return [session.run(record)]


def end_not_caught(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """The error at the end of the last file leaves your function; it means "no more": catch it."""
    names = tf1.train.string_input_producer(paths, num_epochs=num_epochs, shuffle=False)
    _, record = tf1.TFRecordReader().read(names)
    session.run(tf1.local_variables_initializer())
    tf1.train.start_queue_runners(session, tf.train.Coordinator())
    found = []
    while True:
        found.append(session.run(record))


def one_epoch_alone(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """You read the files once; they are read `num_epochs` times."""
    return read_epochs_reference(session, paths, 1)


def one_epoch_more(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """You read the files once too often."""
    return read_epochs_reference(session, paths, num_epochs + 1)


def keys_instead(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """You return the reader's keys, which name file and place; the values are the records."""
    names = tf1.train.string_input_producer(paths, num_epochs=num_epochs, shuffle=False)
    key, _ = tf1.TFRecordReader().read(names)
    session.run(tf1.local_variables_initializer())
    return _read(session, key)


def files_backwards(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """Your files are read from the last to the first."""
    return read_epochs_reference(session, paths[::-1], num_epochs)


def first_file_alone(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """You read the first file only."""
    return read_epochs_reference(session, paths[:1], num_epochs)


def nothing_given_back(session: Any, paths: list[str], num_epochs: int) -> None:
    """You return nothing; return the list of the records."""
    read_epochs_reference(session, paths, num_epochs)


def counter_without_a_value(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """The epochs' counter is a *local* variable without a value: initialize it.

    Run tf1.local_variables_initializer() after the producer is built and before its runners start.
    """
    names = tf1.train.string_input_producer(paths, num_epochs=num_epochs, shuffle=False)
    _, record = tf1.TFRecordReader().read(names)
    return _read(session, record)


def epochs_not_handed_on(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """Your producer knows no `num_epochs`, so that it begins again for ever: hand it on."""
    names = tf1.train.string_input_producer(paths, shuffle=False)
    _, record = tf1.TFRecordReader().read(names)
    session.run(tf1.local_variables_initializer())
    return _read(session, record)


def order_left_to_chance(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """Your files come in random order: `shuffle=False`, the producer shuffles if not told so."""
    names = tf1.train.string_input_producer(paths, num_epochs=num_epochs)
    _, record = tf1.TFRecordReader().read(names)
    session.run(tf1.local_variables_initializer())
    return _read(session, record)


def each_file_repeated(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """You read each file `num_epochs` times before the next: all files make an epoch."""
    return read_epochs_reference(session, [p for p in paths for _ in range(num_epochs)], 1)


def as_many_as_files(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """You read one record for each file and epoch: a file holds any number of them."""
    return read_epochs_reference(session, paths, num_epochs)[: len(paths) * num_epochs]


def texts_returned(session: Any, paths: list[str], num_epochs: int) -> list[str]:
    """You decode the records: they are any bytes, and come back as bytes."""
    return [r.decode() for r in read_epochs_reference(session, paths, num_epochs)]


def left_to_themselves(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """You start the runners without a coordinator: nobody waits until their threads have ended."""
    names = tf1.train.string_input_producer(paths, num_epochs=num_epochs, shuffle=False)
    _, record = tf1.TFRecordReader().read(names)
    session.run(tf1.local_variables_initializer())
    tf1.train.start_queue_runners(session)
    found = []
    try:
        while True:
            found.append(session.run(record))
    except tf.errors.OutOfRangeError:
        return found


def not_joined(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """Your threads run on: ask them to stop, and then wait for them with `coord.join(threads)`."""
    names = tf1.train.string_input_producer(paths, num_epochs=num_epochs, shuffle=False)
    _, record = tf1.TFRecordReader().read(names)
    session.run(tf1.local_variables_initializer())
    coordinator = tf.train.Coordinator()
    tf1.train.start_queue_runners(session, coordinator)
    found = []
    try:
        while True:
            found.append(session.run(record))
    except tf.errors.OutOfRangeError:
        coordinator.request_stop()
    return found


def empty_record_for_the_end(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """You end at an empty record: it is one like the others; the end is an OutOfRangeError."""
    records = read_epochs_reference(session, paths, num_epochs)
    return records[: records.index(b"")] if b"" in records else records


def lines_read(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """You read lines: a TFRecord file holds lengths and checksums as well, for `TFRecordReader`."""
    names = tf1.train.string_input_producer(paths, num_epochs=num_epochs, shuffle=False)
    _, record = tf1.TextLineReader().read(names)
    session.run(tf1.local_variables_initializer())
    return _read(session, record)


def stop_not_asked(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """You wait for threads that nobody has asked to stop: call `coord.request_stop()` first.

    One of them waits for that, to close the queue; without it `join` never comes back.
    """
    names = tf1.train.string_input_producer(paths, num_epochs=num_epochs, shuffle=False)
    _, record = tf1.TFRecordReader().read(names)
    session.run(tf1.local_variables_initializer())
    coordinator = tf.train.Coordinator()
    threads = tf1.train.start_queue_runners(session, coordinator)
    found = []
    try:
        while True:
            found.append(session.run(record))
    except tf.errors.OutOfRangeError:
        pass
    coordinator.join(threads)
    return found


def session_entered_again(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """You open the session again with `with session:`; it is open, and belongs to the caller."""
    with session:
        return read_epochs_reference(session, paths, num_epochs)


def session_closed(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """You close the session: the caller goes on with it."""
    found = read_epochs_reference(session, paths, num_epochs)
    session.close()
    return found


def data_set_in_a_loop(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """You loop over a data set, which works at once and not in a graph: let the session read.

    There `tf1.data.make_one_shot_iterator` gives the operation to run.
    """
    data = tf.data.TFRecordDataset(paths).repeat(num_epochs)
    return [record.numpy() for record in data]


def read_by_should_stop(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """Loop until the coordinator says so, and hand it the error of the end."""
    producer = tf1.train.string_input_producer(paths, num_epochs, shuffle=False, capacity=1)
    value = tf1.TFRecordReader().read(producer).value
    session.run([tf1.global_variables_initializer(), tf1.local_variables_initializer()])
    coord, values = tf.train.Coordinator(), []
    threads = tf1.train.start_queue_runners(sess=session, coord=coord)
    while not coord.should_stop():
        try:
            values.append(session.run(value))
        except tf.errors.OutOfRangeError as end:
            coord.request_stop(end)
    coord.join(threads)
    return values


def read_by_tf_data(session: Any, paths: list[str], num_epochs: int) -> list[bytes]:
    """Read with tf.data's iterator in the graph."""
    dataset = tf1.data.TFRecordDataset(paths).repeat(num_epochs)
    following = tf1.data.make_one_shot_iterator(dataset).get_next()
    values = []
    while True:
        try:
            values.append(session.run(following))
        except tf.errors.OutOfRangeError:
            break
    return values


read_epochs = Exercise(
    name="read_epochs",
    lesson="30_input_files",
    reference=_read_epochs,
    probe=probes.files_read,
    parts=[
        Part(
            "one epoch and several",
            points=2,
            cases=[
                ([["a", "b"], ["c"]], 2),
                ([["d"], [], ["e", "f"]], 1),
                ([["g", "\xff\x80"]], 3),
                ([["h", "", "i"], [""]], 1),
            ],
        ),
    ],
    misconceptions=[
        counter_not_initialized,
        runners_not_started,
        end_not_caught,
        one_epoch_alone,
        one_epoch_more,
        keys_instead,
        files_backwards,
        first_file_alone,
        nothing_given_back,
        counter_without_a_value,
        epochs_not_handed_on,
        order_left_to_chance,
        each_file_repeated,
        as_many_as_files,
        texts_returned,
        left_to_themselves,
        not_joined,
        empty_record_for_the_end,
        lines_read,
        stop_not_asked,
        session_entered_again,
        session_closed,
        data_set_in_a_loop,
    ],
    also_right=[read_by_should_stop, read_by_tf_data],
    hints=[
        "string_input_producer takes the list of names, num_epochs and shuffle; a TFRecordReader "
        "reads a record at each run.",
        "Initialize the *local* variables, then start the runners, then read in a loop.",
        "The loop ends with tf.errors.OutOfRangeError; after it, ask the threads to stop and join "
        "them.",
    ],
)
