"""Categories as vectors: one-hot codes (独热编码) and what a table of rows makes of them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def one_hot(labels: ArrayLike, num_classes: int) -> NDArray:
    """Return a row for each label, which is 1 at the label's place and 0 elsewhere.

    Parameters
    ----------
    labels : array_like of int, shape (samples,)
        Counted from 0. A label that is no class, below 0 or from `num_classes` on, gets a row of
        zeros, as from ``tf.one_hot``.
    num_classes : int

    Returns
    -------
    ndarray of float, shape (samples, num_classes)

    Notes
    -----
    Slide: One-Hot 编码.

    Examples
    --------
    >>> one_hot([2, 0, 5], 3)
    array([[0., 0., 1.],
           [1., 0., 0.],
           [0., 0., 0.]])
    """
    return (np.asarray(labels)[:, np.newaxis] == np.arange(num_classes)).astype(float)


def encode(table: ArrayLike, seen: ArrayLike) -> NDArray:
    """Encode each column of a table by the categories that the same column of `seen` holds.

    Parameters
    ----------
    table : array_like, shape (samples, features)
    seen : array_like, shape (other samples, features)
        A feature's categories are the different values of its column here, in ascending order.

    Returns
    -------
    ndarray of float, shape (samples, categories of all features)
        The features' one-hot codes side by side; a category that was never seen is all zeros.

    Notes
    -----
    Slide: One-Hot 编码, Scikit-learn实例, with ``handle_unknown="ignore"``.

    Examples
    --------
    >>> encode([[0, 1, 3]], seen=[[0, 0, 3], [1, 1, 0], [0, 2, 1], [1, 0, 2]])
    array([[1., 0., 0., 1., 0., 0., 0., 0., 1.]])
    """
    table, seen = np.asarray(table), np.asarray(seen)
    blocks = [
        (column[:, np.newaxis] == np.unique(known)).astype(float)
        for column, known in zip(table.T, seen.T, strict=True)
    ]
    return np.hstack(blocks)


def embedding_gradient(ids: ArrayLike, gradient: ArrayLike, num_rows: int) -> NDArray:
    """Return the gradient by a table of the rows that were looked up in it.

    Parameters
    ----------
    ids : array_like of int, shape (samples,)
        The row of each sample; a row may be looked up several times.
    gradient : array_like of float, shape (samples, columns)
        The gradient by what was looked up.
    num_rows : int
        Rows of the table.

    Returns
    -------
    ndarray of float, shape (num_rows, columns)
        Each row holds the sum over the samples that looked it up.

    Notes
    -----
    A lookup is a one-hot code times the table, so this is the code, transposed, times `gradient`.

    Examples
    --------
    >>> embedding_gradient([1, 1], [[1.0, 2.0], [10.0, 20.0]], 3)
    array([[ 0.,  0.],
           [11., 22.],
           [ 0.,  0.]])
    """
    return one_hot(ids, num_rows).T @ np.asarray(gradient)
