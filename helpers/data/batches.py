"""Mini-batches of a data set: 梯度下降."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


def minibatches(
    x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator
) -> Iterator[tuple[NDArray, NDArray]]:
    """Yield one epoch: every sample once, in a new random order, a batch at a time.

    Parameters
    ----------
    x : ndarray, shape (samples, ...)
    labels : ndarray, shape (samples, ...)
    batch_size : int
        The last batch is smaller where this does not divide the number of samples.
    rng : numpy.random.Generator
        Draws the order; called again it draws another.

    Yields
    ------
    x, labels : ndarray
        The rows of a batch.

    Notes
    -----
    Slide: 梯度下降, mini-batch.

    Examples
    --------
    >>> x, labels = np.array([10, 11, 12, 13, 14]), np.array([0, 1, 2, 3, 4])
    >>> for batch in minibatches(x, labels, 2, np.random.default_rng(0)):
    ...     print(*batch)
    [12 14] [2 4]
    [13 10] [3 0]
    [11] [1]
    """
    order = rng.permutation(len(x))
    for first in range(0, len(x), batch_size):
        chosen = order[first : first + batch_size]
        yield x[chosen], labels[chosen]


def rows_of_step(step: int, num_samples: int, batch_size: int, seed: int = 0) -> NDArray:
    """Return the rows of the batch of one step: the same whenever and wherever it is asked for.

    So a training that was interrupted goes on with the batches that it would have had.

    Parameters
    ----------
    step : int
        Counted from 0.
    num_samples, batch_size : int
        What does not fill a batch at the end of an epoch is left out.
    seed : int, optional
        Another seed gives another order.

    Returns
    -------
    ndarray, shape (batch_size,)
        Each epoch has its own random order, and in it each row at most once.

    Notes
    -----
    Slide: MNIST 数字识别实例, ``mnist.train.next_batch``.

    Examples
    --------
    >>> [rows_of_step(step, num_samples=6, batch_size=3).tolist() for step in (0, 1, 2)]
    [[3, 2, 5], [4, 0, 1], [1, 4, 3]]
    """
    epoch, batch = divmod(step, num_samples // batch_size)
    return _order(num_samples, seed, epoch)[batch * batch_size :][:batch_size]


@lru_cache(maxsize=1)
def _order(num_samples: int, seed: int, epoch: int) -> NDArray:
    return np.random.default_rng([seed, epoch]).permutation(num_samples)
