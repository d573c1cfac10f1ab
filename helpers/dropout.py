"""Dropout (随机失活) in NumPy: which units work, what they put out, and the way back."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def dropout(
    x: ArrayLike, rate: float, rng: np.random.Generator, training: bool = True
) -> tuple[NDArray, NDArray]:
    """Drop each number with a probability, and make the others larger in its place.

    Parameters
    ----------
    x : array_like of float
        Any shape.
    rate : float
        The probability of being dropped, from 0 to below 1.
    rng : numpy.random.Generator
        One number between 0 and 1 is drawn for each of `x`; those below `rate` drop it.
    training : bool, optional
        If false, nothing is drawn, dropped or scaled.

    Returns
    -------
    outputs : ndarray of float
        Of the shape of `x`.
    factors : ndarray of float
        What each number was multiplied by: 0, or ``1 / (1 - rate)``; 1 outside of training.

    Notes
    -----
    Slide: dropout, ``tf.nn.dropout``. Srivastava et al., Dropout, 2014, section 4, with the
    scaling at training time of their section 10.

    Examples
    --------
    >>> outputs, factors = dropout([1.0, 2.0, 3.0], 0.5, np.random.default_rng(0))
    >>> outputs
    array([2., 0., 0.])
    """
    x = np.asarray(x, dtype=float)
    if not training:
        return x, np.ones_like(x)
    factors = (rng.random(x.shape) >= rate) / (1 - rate)
    return x * factors, factors


def layer_backward(
    gradient: ArrayLike, x: ArrayLike, weights: ArrayLike, sums: ArrayLike, factors: ArrayLike
) -> tuple[NDArray, NDArray, NDArray]:
    """Go back through a layer: dropout, ReLU, then the sums ``x @ weights + biases``.

    Parameters
    ----------
    gradient : array_like, shape (samples, units)
        By the layer's output, behind the dropout.
    x : array_like, shape (samples, features)
    weights : array_like, shape (features, units)
    sums, factors : array_like, shape (samples, units)

    Returns
    -------
    by_weights, by_biases, by_x : ndarray
        Of shape (features, units), (units,) and (samples, features).

    Notes
    -----
    Srivastava et al., Dropout, 2014, section 5.1: the units that were dropped get no gradient.

    Examples
    --------
    >>> back = layer_backward([[1.0, 1.0]], [[3.0]], [[1.0, 2.0]], [[3.0, 6.0]], [[2.0, 0.0]])
    >>> [part.tolist() for part in back]
    [[[6.0, 0.0]], [2.0, 0.0], [[2.0]]]
    """
    x, weights = np.asarray(x), np.asarray(weights)
    by_sums = np.asarray(gradient) * np.asarray(factors) * (np.asarray(sums) > 0)
    return x.T @ by_sums, by_sums.sum(axis=0), by_sums @ weights.T


def moments(x: ArrayLike, weights: ArrayLike, rate: float) -> tuple[float, float]:
    """Return mean and variance of a unit's sum whose inputs pass through dropout.

    Parameters
    ----------
    x, weights : array_like of float, shape (features,)
    rate : float
        From 0 to below 1.

    Returns
    -------
    mean, variance : float
        Of ``dropout(x) @ weights``, over the random choice.

    Notes
    -----
    Each factor is 0 with probability `rate`, else ``1 / (1 - rate)``: it has the mean 1 and the
    variance ``rate / (1 - rate)``. Wager, Wang & Liang, Dropout Training as Adaptive
    Regularization, 2013, section 2.

    Examples
    --------
    >>> moments([1.0, 2.0], [3.0, 1.0], 0.5)
    (5.0, 13.0)
    """
    parts = np.asarray(x) * np.asarray(weights)
    return float(parts.sum()), float(rate / (1 - rate) * np.square(parts).sum())
