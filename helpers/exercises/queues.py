"""Exercises of lesson 28: a shuffle buffer, how well it mixes, and a queue that is emptied."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers import queues
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import queues as probes

__all__ = ["drain", "hint", "mixing", "shuffle_buffer"]

# A shuffle buffer --------------------------------------------------------------------------------


def buffer_not_refilled(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """You empty the buffer before you fill it again; it takes in an item each time it lets one out.

    Items of different fillings never meet that way.
    """
    result: list = []
    for first in range(0, len(items), buffer_size):
        part = items[first : first + buffer_size]
        result += queues.shuffle_buffer(part, len(part), draws[first : first + buffer_size])
    return result


def next_at_the_end(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """You put the next item at the buffer's end; it takes the place of the one that has left."""
    buffer, coming, result = list(items[:buffer_size]), list(items[buffer_size:]), []
    for draw in draws:
        result.append(buffer.pop(int(draw * len(buffer))))
        buffer += coming[:1]
        coming = coming[1:]
    return result


def last_ones_in_order(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """You let the last ones out in the order in which they stand; they leave by draws, too."""
    mixed = [*draws[: max(len(items) - buffer_size, 0)], *np.zeros(len(items))]
    return queues.shuffle_buffer(items, buffer_size, mixed[: len(items)])


def last_ones_lost(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """You stop when no item is left to take in; those in the buffer have to come out as well."""
    number = max(len(items) - buffer_size, 0)
    return queues.shuffle_buffer(items, buffer_size, draws)[:number]


def everything_shuffled(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """You choose among all items; the buffer holds `buffer_size` of them at a time."""
    return queues.shuffle_buffer(items, len(items), draws)


def place_of_the_whole_buffer(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """You multiply the draw by `buffer_size`; towards the end the buffer holds fewer items."""
    buffer, coming, result = list(items[:buffer_size]), list(items[buffer_size:]), []
    for draw in draws:
        place = min(int(draw * buffer_size), len(buffer) - 1)
        result.append(buffer[place])
        if coming:
            buffer[place] = coming.pop(0)
        else:
            del buffer[place]
    return result


def first_always(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """Your items leave in the order in which they came: that is a first-in-first-out queue."""
    return list(items)


def rounded_places(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """You round the place to the nearest number; int(...) cuts the fraction off."""
    buffer, coming, result = list(items[:buffer_size]), list(items[buffer_size:]), []
    for draw in draws:
        place = min(round(draw * len(buffer)), len(buffer) - 1)
        result.append(buffer[place])
        if coming:
            buffer[place] = coming.pop(0)
        else:
            del buffer[place]
    return result


def by_an_iterator(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """Take the next item from an iterator, with a mark for its end."""
    end = object()
    coming = iter(items)
    held: list = []
    while len(held) < buffer_size and (item := next(coming, end)) is not end:
        held.append(item)
    result = []
    for draw in draws:
        place = int(len(held) * draw)
        result.append(held[place])
        held[place : place + 1] = [x for x in [next(coming, end)] if x is not end]
    return result


def by_positions(items: Sequence, buffer_size: int, draws: NDArray) -> Any:
    """Shuffle the positions, and look the items up at the end."""
    held, new, order = list(range(min(buffer_size, len(items)))), buffer_size, []
    for draw in draws:
        place = int(draw * len(held))
        order.append(held.pop(place))
        if new < len(items):
            held.insert(place, new)
            new += 1
    return [items[i] for i in order]


def _random_buffer(rng: np.random.Generator) -> tuple:
    number = int(rng.integers(6, 12))
    return (
        rng.permutation(number + 10)[:number].tolist(),
        int(rng.integers(2, 5)),
        rng.random(number),
    )


shuffle_buffer = Exercise(
    name="shuffle_buffer",
    lesson="28_queues",
    reference=queues.shuffle_buffer,
    parts=[
        Part(
            "a buffer smaller than the data",
            points=2,
            cases=[
                (list("abcd"), 2, np.array([0.5, 0.0, 0.9, 0.0])),
                ([5, 6, 7, 8, 9, 10], 3, np.array([0.9, 0.6, 0.1, 0.7, 0.4, 0.0])),
            ],
            random_case=_random_buffer,
        ),
        Part(
            "a buffer of 1, and one larger than the data",
            points=1,
            cases=[
                ([3, 1, 2], 1, np.array([0.9, 0.5, 0.1])),
                ([3, 1, 2, 7], 9, np.array([0.8, 0.1, 0.6, 0.3])),
                ([], 2, np.array([])),
            ],
        ),
    ],
    misconceptions=[
        buffer_not_refilled,
        next_at_the_end,
        last_ones_in_order,
        last_ones_lost,
        everything_shuffled,
        place_of_the_whole_buffer,
        first_always,
        rounded_places,
    ],
    also_right=[by_an_iterator, by_positions],
    hints=[
        "Two lists: what is in the buffer, and what is still to come.",
        "At each draw one item leaves. If there is something to come, it takes its place; if not, "
        "the place itself is deleted.",
        "`del buffer[place]` closes the gap.",
    ],
)

# How well it mixes -------------------------------------------------------------------------------


def signed_moves(order: NDArray) -> float:
    """Your moves forwards and backwards cancel out; take their sizes, without the sign."""
    n = len(order)
    return float((np.asarray(order) - np.arange(n)).mean() / ((n - 1 / n) / 3))


def not_compared(order: NDArray) -> float:
    """You return the mean move in places; divide by that of a random order."""
    return float(np.abs(np.asarray(order) - np.arange(len(order))).mean())


def sum_of_the_moves(order: NDArray) -> float:
    """You add up the moves; take their mean."""
    return queues.mixing(order) * len(order)


def share_that_moved(order: NDArray) -> float:
    """You count which items have moved, and not how far."""
    return float(np.mean(np.asarray(order) != np.arange(len(order))))


def distance_of_neighbours(order: NDArray) -> float:
    """You measure from neighbour to neighbour; measure from the old place to the new one."""
    n = len(order)
    return float(np.abs(np.diff(order)).mean() / ((n - 1 / n) / 3))


def compared_with_n(order: NDArray) -> float:
    """You divide by the number of items; in a random order an item moves by (n - 1/n) / 3."""
    return not_compared(order) / len(order)


def counted_from_one(order: NDArray) -> float:
    """You count the places from 1; the items are numbered from 0."""
    n = len(order)
    return float(np.abs(np.asarray(order) - np.arange(1, n + 1)).mean() / ((n - 1 / n) / 3))


def mixing_by_a_loop(order: NDArray) -> float:
    """Go from place to place."""
    n, moved = len(order), 0
    for place, item in enumerate(order):
        moved += abs(int(item) - place)
    return moved / n / ((n - 1 / n) / 3)


def mixing_by_the_inverse(order: NDArray) -> Any:
    """Measure each item's move from its old place: the sum is the same."""
    n = len(order)
    return 3 * np.abs(np.argsort(order) - np.arange(n)).sum() / (n**2 - 1)


mixing = Exercise(
    name="mixing",
    lesson="28_queues",
    reference=queues.mixing,
    parts=[
        Part(
            "any order",
            points=1,
            cases=[
                (np.array([1, 0, 2]),),
                (np.array([3, 0, 1, 2, 4]),),
                (np.array([4, 3, 2, 1, 0]),),
                (np.array([0, 1, 2, 3]),),
            ],
            random_case=lambda rng: (rng.permutation(int(rng.integers(5, 12))),),
        ),
    ],
    misconceptions=[
        signed_moves,
        not_compared,
        sum_of_the_moves,
        share_that_moved,
        distance_of_neighbours,
        compared_with_n,
        counted_from_one,
    ],
    also_right=[mixing_by_a_loop, mixing_by_the_inverse],
    hints=[
        "np.arange(n) holds the places; how far is each entry of `order` from its place?",
        "The mean of these distances, over (n - 1/n) / 3.",
    ],
)

# Emptying a queue --------------------------------------------------------------------------------


def drain_reference(session: Any, queue: Any) -> list[float]:
    """Close the queue, and take elements until it says that there are no more."""
    session.run(queue.close())
    element, found = queue.dequeue(), []
    while True:
        try:
            found.append(float(session.run(element)))
        except tf.errors.OutOfRangeError:
            return found


def never_closed(session: Any, queue: Any) -> list[float]:
    """You take elements without closing the queue, and a run waits until the session's limit.

    An open queue may get more elements, so it lets you wait; a closed one says that it is empty.
    """
    element, found = queue.dequeue(), []
    while True:
        try:
            found.append(float(session.run(element)))
        except tf.errors.OutOfRangeError:
            return found


def error_let_through(session: Any, queue: Any) -> list[float]:
    """The error of the empty closed queue leaves your function: it is how the queue says "no more".

    Catch tf.errors.OutOfRangeError, and return what you have.
    """
    session.run(queue.close())
    element, found = queue.dequeue(), []
    while True:
        found.append(float(session.run(element)))


def size_without_closing(session: Any, queue: Any) -> list[float]:
    """You take as many as the queue holds, and leave it open.

    Whoever fills it goes on, and a RandomShuffleQueue that is open keeps `min_after_dequeue`
    elements.
    """
    try:
        size = int(session.run(queue.size()))
        found = [float(session.run(queue.dequeue())) for _ in range(size)]
    except tf.errors.DeadlineExceededError:
        return []
    return found


def first_element_alone(session: Any, queue: Any) -> list[float]:
    """You take one element; go on until the queue has none."""
    session.run(queue.close())
    return [float(session.run(queue.dequeue()))]


def last_element_left(session: Any, queue: Any) -> list[float]:
    """You stop one element too early."""
    session.run(queue.close())
    number = int(session.run(queue.size())) - 1
    return [float(session.run(queue.dequeue())) for _ in range(number)]


def nothing_returned(session: Any, queue: Any) -> None:
    """You return nothing; return the list of the elements."""
    drain_reference(session, queue)


def newest_first(session: Any, queue: Any) -> list[float]:
    """You return the elements in reverse; the order in which they leave the queue was asked for."""
    return drain_reference(session, queue)[::-1]


def drained_at_once(session: Any, queue: Any) -> list[float]:
    """Close it, ask how many there are, and take them in one run."""
    session.run(queue.close())
    size = session.run(queue.size())
    return session.run(queue.dequeue_up_to(max(int(size), 1))).tolist() if size else []


def drained_by_a_flag(session: Any, queue: Any) -> list[float]:
    """Loop with a flag, and take elements one by one."""
    session.run(queue.close())
    take, values, more = queue.dequeue(), [], True
    while more:
        try:
            values += [session.run(take).item()]
        except tf.errors.OutOfRangeError:
            more = False
    return values


drain = Exercise(
    name="drain",
    lesson="28_queues",
    reference=drain_reference,
    probe=probes.drained,
    parts=[
        Part(
            "a first-in-first-out queue",
            points=1,
            cases=[
                ("FIFOQueue", np.array([3.0, 1.0, 2.0]), 0),
                ("FIFOQueue", np.array([5.0]), 0),
                ("FIFOQueue", np.array([]), 0),
            ],
        ),
        Part(
            "a queue that keeps some back",
            points=1,
            cases=[
                ("RandomShuffleQueue", np.array([3.0, 1.0, 2.0, 4.0]), 2),
                ("RandomShuffleQueue", np.array([6.0, 5.0]), 2),
            ],
        ),
    ],
    misconceptions=[
        never_closed,
        error_let_through,
        size_without_closing,
        first_element_alone,
        last_element_left,
        nothing_returned,
        newest_first,
    ],
    also_right=[drained_at_once, drained_by_a_flag],
    hints=[
        "A closed queue gives what it holds, and then an error instead of waiting.",
        "Build the operation that takes an element once, and run it again and again.",
        "`except tf.errors.OutOfRangeError:` is where you return.",
    ],
)
