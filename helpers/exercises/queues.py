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


def _walked(items: Sequence, buffer_size: int, draws: NDArray, place_of: Any) -> list:
    """Shuffle by a rule of its own for the place: of a draw, the buffer, and what is to come."""
    buffer, coming, result = list(items[:buffer_size]), list(items[buffer_size:]), []
    for draw in draws:
        place = place_of(draw, buffer)
        result.append(buffer[place])
        if coming:
            buffer[place] = coming.pop(0)
        else:
            del buffer[place]
    return result


def last_place_never(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """You multiply the draw by n - 1, so that the last place is never drawn: multiply by n.

    A draw is below 1, so `int(d * n)` is n - 1 at most.
    """
    return _walked(items, buffer_size, draws, lambda d, buffer: int(d * (len(buffer) - 1)))


def nearest_of_n_minus_1(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """You round the draw times n - 1, which gives both ends half a chance: take `int(d * n)`."""
    return _walked(items, buffer_size, draws, lambda d, buffer: round(d * (len(buffer) - 1)))


def place_beyond_the_end(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """You go on to multiply by `buffer_size` when the buffer is shorter: n is its length then."""
    return _walked(items, buffer_size, draws, lambda d, buffer: int(d * buffer_size))


def by_their_value(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """You look for the item by its value, and find the first of two equal ones: use its place."""
    return _walked(items, buffer_size, draws, lambda d, b: b.index(b[int(d * len(b))]))


def last_to_come_first(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """You take the last of the items to come: the next one is the first of them, `pop(0)`."""
    turned = [*items[:buffer_size], *items[buffer_size:][::-1]]
    return queues.shuffle_buffer(turned, buffer_size, draws)


def sorted_by_draws(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """You sort the items by their draws: that shuffles all of them at once, without a buffer."""
    return [items[i] for i in np.argsort(draws)]


def beside_its_place(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """`insert` leaves the item that comes out in the buffer, behind the new one: assign instead."""
    buffer, coming, result = list(items[:buffer_size]), list(items[buffer_size:]), []
    for draw in draws:
        place = int(draw * len(buffer))
        result.append(buffer[place])
        if coming:
            buffer.insert(place, coming.pop(0))
        else:
            del buffer[place]
    return result


def gap_kept(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """You leave an empty place where nothing is to come: delete it, so that n gets smaller."""
    buffer, coming, result = list(items[:buffer_size]), list(items[buffer_size:]), []
    for draw in draws:
        place = int(draw * len(buffer))
        result.append(buffer[place])
        buffer[place] = coming.pop(0) if coming else None
    return result


def gap_filled_from_the_end(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """You close the gap with the buffer's last item: delete the place, and the rest moves up."""
    buffer, coming, result = list(items[:buffer_size]), list(items[buffer_size:]), []
    for draw in draws:
        place = int(draw * len(buffer))
        result.append(buffer[place])
        buffer[place] = coming.pop(0) if coming else buffer[-1]
        if len(result) > len(items) - buffer_size:
            buffer.pop()
    return result


def full_buffer_expected(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """You take `buffer_size` items by their numbers, and there may be fewer: a slice takes all."""
    buffer = [items[i] for i in range(buffer_size)]
    return queues.shuffle_buffer([*buffer, *items[buffer_size:]], buffer_size, draws)


def as_an_array(items: Sequence, buffer_size: int, draws: NDArray) -> NDArray:
    """You return an array: a list was asked for, with the items as they are."""
    return np.array(queues.shuffle_buffer(items, buffer_size, draws))


def taken_from_the_caller(items: list, buffer_size: int, draws: NDArray) -> list:
    """You take the items out of the list that you are given: work on copies, such as slices."""
    result = queues.shuffle_buffer(items, buffer_size, draws)
    items.clear()
    return result


def zero_for_no_item(items: list, buffer_size: int, draws: NDArray) -> list:
    """You take a 0 for the end of the items: ask how many are left, or compare by `is`."""
    coming = iter(items)
    held: list = []
    result: list = []
    while len(held) < buffer_size and (item := next(coming, None)):
        held.append(item)
    for draw in draws:
        place = int(draw * len(held))
        if not held:
            break
        result.append(held[place])
        if item := next(coming, None):
            held[place] = item
        else:
            del held[place]
    return result


def draw_cut_off_first(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """You cut the draw off before you multiply, which leaves 0: the place is `int(d * n)`."""
    return queues.shuffle_buffer(list(items), buffer_size, np.zeros(len(draws)))


def refilled_from_the_front(items: Sequence, buffer_size: int, draws: NDArray) -> list:
    """You put items in again from the first one on: `items[buffer_size]` is the first to come."""
    again = [*items[:buffer_size], *items[: max(len(items) - buffer_size, 0)]]
    return queues.shuffle_buffer(again, buffer_size, draws)


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
                ([1, 2, 2, 3, 1, 3], 3, np.array([0.9, 0.5, 0.9, 0.8, 0.1, 0.3])),
                ([4, 3, 0, 7], 2, np.array([0.1, 0.6, 0.7, 0.2])),
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
        last_place_never,
        nearest_of_n_minus_1,
        place_beyond_the_end,
        by_their_value,
        last_to_come_first,
        sorted_by_draws,
        beside_its_place,
        gap_kept,
        gap_filled_from_the_end,
        full_buffer_expected,
        as_an_array,
        taken_from_the_caller,
        zero_for_no_item,
        draw_cut_off_first,
        refilled_from_the_front,
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


def a_third_of_n(order: NDArray) -> float:
    """You divide by n / 3, which is nearly right for many items: they move by (n - 1/n) / 3."""
    return not_compared(order) / (len(order) / 3)


def counted_from_one(order: NDArray) -> float:
    """You count the places from 1; the items are numbered from 0."""
    n = len(order)
    return float(np.abs(np.asarray(order) - np.arange(1, n + 1)).mean() / ((n - 1 / n) / 3))


def _of_moves(order: NDArray, measure: Any) -> float:
    n = len(order)
    return float(measure(np.abs(np.asarray(order) - np.arange(n))) / ((n - 1 / n) / 3))


def divided_from_the_left(order: NDArray) -> float:
    """You divide by n - 1/n and then by 3 as well: (n - 1/n) / 3 needs parentheses around it."""
    n = len(order)
    return not_compared(order) / (n - 1 / n) / 3


def one_off_before_the_division(order: NDArray) -> float:
    """You compute (n - 1) / n: the 1 alone is divided by n, and the quotient taken from n."""
    n = len(order)
    return not_compared(order) / ((n - 1) / n / 3)


def root_of_the_squares(order: NDArray) -> float:
    """You take the root of the mean square: take the mean of the distances as they are."""
    return _of_moves(order, lambda moved: np.sqrt((moved**2).mean()))


def squared_moves(order: NDArray) -> float:
    """You square the moves, so that far ones count more: take their sizes, np.abs."""
    return _of_moves(order, lambda moved: (moved**2).mean())


def moved_ones_alone(order: NDArray) -> float:
    """You average over the items that have moved: those that stay count as well, with 0."""
    return _of_moves(order, lambda moved: moved.sum() / max(np.count_nonzero(moved), 1))


def farthest_move(order: NDArray) -> float:
    """You take the farthest move: take the mean of all."""
    return _of_moves(order, np.max)


def middle_move(order: NDArray) -> float:
    """You take the median of the moves: "on average" is their mean here."""
    return _of_moves(order, np.median)


def share_compared(order: NDArray) -> float:
    """You count the items that have moved: add up how far each one is from its old place."""
    return _of_moves(order, lambda moved: (moved > 0).mean())


def largest_number_for_n(order: NDArray) -> float:
    """Your n is the largest number in `order`: they begin at 0, so there is one more."""
    n = len(order) - 1
    return not_compared(order) / ((n - 1 / n) / 3)


def at_most_one(order: NDArray) -> float:
    """You cut the result off at 1: an order may be farther from the old one than a random one."""
    return min(queues.mixing(order), 1.0)


def upside_down(order: NDArray) -> float:
    """Your quotient stands on its head: the moves are divided by those of a random order."""
    with np.errstate(divide="ignore"):
        return float(1 / np.float64(queues.mixing(order)))


def mean_over_n_minus_1(order: NDArray) -> float:
    """You divide the sum of the moves by n - 1: all n items count for the mean."""
    return queues.mixing(order) * len(order) / (len(order) - 1)


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
        a_third_of_n,
        counted_from_one,
        divided_from_the_left,
        one_off_before_the_division,
        root_of_the_squares,
        squared_moves,
        moved_ones_alone,
        farthest_move,
        middle_move,
        share_compared,
        largest_number_for_n,
        at_most_one,
        upside_down,
        mean_over_n_minus_1,
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


def _drain(kind: Any, elements: Any, min_after_dequeue: Any = None) -> list[float]:
    # The parameters' names are what a verdict prints; what comes is session, queue.
    return drain_reference(kind, elements)


def never_closed(session: Any, queue: Any) -> list[float]:
    """You take elements while the queue is open, and a run waits for one that never comes.

    An open queue may get more elements, so it lets you wait; a closed one says that it is empty.
    `queue.close()` makes an operation: it closes the queue when the session runs it.
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


def every_other_one(session: Any, queue: Any) -> list[float]:
    """You run the dequeue once to look and once to keep: each run takes an element out."""
    session.run(queue.close())
    element, found = queue.dequeue(), []
    try:
        while True:
            session.run(element)
            found.append(float(session.run(element)))
    except tf.errors.OutOfRangeError:
        return found


def session_of_its_own(session: Any, queue: Any) -> list[float]:
    """You open a session of your own: the elements are in the one that your function is given."""
    with tf.compat.v1.Session(graph=session.graph) as own:
        return drain_reference(own, queue)


def session_closed(session: Any, queue: Any) -> list[float]:
    """You close the session: close the queue alone, the caller goes on with its session."""
    found = drain_reference(session, queue)
    session.close()
    return found


def smallest_first(session: Any, queue: Any) -> list[float]:
    """You sort the elements: the order in which they come out was asked for."""
    return sorted(drain_reference(session, queue))


def elements_not_run(session: Any, queue: Any) -> list:
    """You return tensors: `session.run` gives the numbers that come out."""
    session.run(queue.close())
    return [queue.dequeue() for _ in range(int(session.run(queue.size())))]


def in_an_array(session: Any, queue: Any) -> NDArray:
    """You return an array: a list of floats was asked for."""
    return np.array(drain_reference(session, queue), np.float32)


def made_whole(session: Any, queue: Any) -> list[float]:
    """You make whole numbers of the elements: they are floats, and stay as they are."""
    return [float(int(element)) for element in drain_reference(session, queue)]


def zero_for_the_end(session: Any, queue: Any) -> list[float]:
    """You end at an element that is 0: it is one like the others; the end is an OutOfRangeError."""
    session.run(queue.close())
    element, found = queue.dequeue(), []
    try:
        while value := float(session.run(element)):
            found.append(value)
    except tf.errors.OutOfRangeError:
        pass
    return found


def returned_in_the_loop(session: Any, queue: Any) -> list[float]:
    """You return after the first element: `return` stands within your loop."""
    try:
        return first_element_alone(session, queue)
    except tf.errors.OutOfRangeError:
        return []


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
    reference=_drain,
    probe=probes.drained,
    parts=[
        Part(
            "a first-in-first-out queue",
            points=1,
            cases=[
                ("FIFOQueue", np.array([3.0, 1.0, 2.0]), 0),
                ("FIFOQueue", np.array([5.0]), 0),
                ("FIFOQueue", np.array([]), 0),
                ("FIFOQueue", np.arange(24.0) % 7, 0),
                ("FIFOQueue", np.array([1.5, 0.25]), 0),
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
        every_other_one,
        session_of_its_own,
        session_closed,
        smallest_first,
        elements_not_run,
        in_an_array,
        made_whole,
        zero_for_the_end,
        returned_in_the_loop,
    ],
    also_right=[drained_at_once, drained_by_a_flag],
    hints=[
        "A closed queue gives what it holds, and then an error instead of waiting.",
        "Build the operation that takes an element once, and run it again and again.",
        "`except tf.errors.OutOfRangeError:` is where you return.",
    ],
)
