"""A shuffle buffer and how well it mixes, in plain Python: 队列."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


def shuffle_buffer(items: Sequence[Any], buffer_size: int, draws: ArrayLike) -> list[Any]:
    """Return items in the order in which a shuffle buffer lets them out.

    The buffer takes in the first `buffer_size` items. Then it lets out one of those that it holds
    and takes in the next item in its place, until none is left to take in; the last ones leave in
    random order.

    Parameters
    ----------
    items : sequence
    buffer_size : int
        At least 1; it may be larger than the number of items.
    draws : array_like of float, shape (items,)
        Random numbers from 0 up to 1, 1 itself excluded: draw d chooses, of n items in the buffer,
        the one at place ``int(d * n)``.

    Returns
    -------
    list
        All items, each once.

    Notes
    -----
    Slide: 队列, RandomShuffleQueue; ``tf.data.Dataset.shuffle``.

    Examples
    --------
    >>> shuffle_buffer("abcd", buffer_size=2, draws=[0.5, 0.0, 0.9, 0.0])
    ['b', 'a', 'c', 'd']
    """
    buffer, coming = list(items[:buffer_size]), list(items[buffer_size:])
    result = []
    for draw in np.asarray(draws)[: len(items)]:
        place = int(draw * len(buffer))
        result.append(buffer[place])
        if coming:
            buffer[place] = coming.pop(0)
        else:
            del buffer[place]
    return result


def mixing(order: ArrayLike) -> float:
    """Return how far items have moved, as a share of what a perfect shuffle moves them by.

    Parameters
    ----------
    order : array_like of int, shape (n,)
        The numbers 0 to n - 1 in some order: at each place, the number of the item that stood
        there before shuffling. n is at least 2.

    Returns
    -------
    float
        0 if nothing has moved; about 1 for a random order, in which an item moves by
        (n - 1/n) / 3 places on average.

    Notes
    -----
    Slide: 队列.

    Examples
    --------
    >>> mixing([0, 1, 2]), mixing([1, 0, 2])
    (0.0, 0.75)
    """
    places = np.asarray(order)
    n = len(places)
    moved = np.abs(places - np.arange(n)).mean()
    return float(moved / ((n - 1 / n) / 3))
