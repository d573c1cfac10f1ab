"""Moving averages (滑动平均) of what a training changes, in NumPy."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def dynamic_decay(decay: float, num_updates: ArrayLike) -> NDArray:
    """Return the decay that TensorFlow uses while few updates have been made.

    Parameters
    ----------
    decay : float
        The decay of later on, from 0 to 1.
    num_updates : array_like of int
        Updates so far, from 0; any shape.

    Returns
    -------
    ndarray of float
        ``min(decay, (1 + num_updates) / (10 + num_updates))``, of the shape of `num_updates`.

    Notes
    -----
    Slide: 滑动平均模型, the first formula.

    Examples
    --------
    >>> dynamic_decay(0.99, [0, 8, 10000])
    array([0.1 , 0.5 , 0.99])
    """
    num_updates = np.asarray(num_updates)
    return np.minimum(decay, (1 + num_updates) / (10 + num_updates))


def moving_average(
    values: ArrayLike,
    start: ArrayLike,
    decay: float,
    num_updates: ArrayLike | None = None,
) -> NDArray:
    """Return the shadow of a variable after each update.

    Parameters
    ----------
    values : array_like of float, shape (steps, ...)
        The variable at each update.
    start : array_like of float, shape (...)
        The shadow before the first update: the variable's initial value.
    decay : float
        The share of the shadow that stays at an update, from 0 to 1.
    num_updates : array_like of int, shape (steps,), optional
        If given, each update uses its own `dynamic_decay`.

    Returns
    -------
    ndarray of float, shape (steps, ...)

    Notes
    -----
    Slide: 滑动平均模型, the second formula.

    Examples
    --------
    >>> moving_average([5, 10, 10], 0, 0.99, num_updates=[0, 10000, 10000])
    array([4.5    , 4.555  , 4.60945])
    """
    values = np.asarray(values, dtype=float)
    fixed = np.full(len(values), decay)
    decays = fixed if num_updates is None else dynamic_decay(decay, num_updates)
    shadow, shadows = np.asarray(start, dtype=float), []
    for value, keep in zip(values, decays, strict=True):
        shadow = keep * shadow + (1 - keep) * value
        shadows.append(shadow)
    return np.array(shadows)


def debiased_average(values: ArrayLike, decay: float) -> NDArray:
    """Return the moving average from zero, divided by the share that has come in so far.

    Parameters
    ----------
    values : array_like of float, shape (steps, ...)
    decay : float
        From 0 to below 1.

    Returns
    -------
    ndarray of float, shape (steps, ...)
        After step t = 1, 2, …: the average that started at 0, over ``1 - decay ** t``.

    Notes
    -----
    Kingma & Ba, Adam: A Method for Stochastic Optimization, 2015, algorithm 1 and section 3.

    Examples
    --------
    >>> debiased_average([5, 5, 10], 0.9).round(3)
    array([5.   , 5.   , 6.845])
    """
    values = np.asarray(values, dtype=float)
    shadows = moving_average(values, np.zeros(values.shape[1:]), decay)
    steps = np.arange(1, len(values) + 1).reshape(-1, *[1] * (values.ndim - 1))
    return shadows / (1 - decay**steps)
