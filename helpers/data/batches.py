"""Mini-batches of a data set: 梯度下降."""

from collections.abc import Iterator

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
