"""Learning rates (学习率) that change with the step, in NumPy, and descents that follow them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray


def exponential_decay(
    step: ArrayLike,
    learning_rate: float,
    decay_steps: float,
    decay_rate: float,
    staircase: bool = False,
) -> NDArray:
    """Multiply a rate by `decay_rate` once in every `decay_steps` steps.

    Parameters
    ----------
    step : array_like of int
        Number of the step, from 0; any shape.
    learning_rate : float
        The rate of step 0.
    decay_steps : float
    decay_rate : float
        Between 0 and 1; above 1 the rate grows.
    staircase : bool, optional
        Let the rate fall at whole multiples of `decay_steps` only.

    Returns
    -------
    ndarray of float
        The rate of each step, of the shape of `step`.

    Notes
    -----
    Slide: 学习率, ``tf.train.exponential_decay``.

    Examples
    --------
    >>> exponential_decay([0, 5, 10], 0.8, 10, 0.25)
    array([0.8, 0.4, 0.2])
    >>> exponential_decay([0, 5, 10], 0.8, 10, 0.25, staircase=True)
    array([0.8, 0.8, 0.2])
    """
    exponent = np.asarray(step) / decay_steps
    if staircase:
        exponent = np.floor(exponent)
    return learning_rate * decay_rate**exponent


def decay_rate_for(first: float, last: float, num_steps: float, decay_steps: float) -> float:
    """Return the `decay_rate` that takes a rate from `first` to `last` in `num_steps` steps.

    Parameters
    ----------
    first, last : float
        The rates of step 0 and of step `num_steps`.
    num_steps : float
    decay_steps : float
        As in `exponential_decay`.

    Notes
    -----
    The formula of the slide 学习率, solved for ``decay_rate``.

    Examples
    --------
    >>> decay_rate_for(0.8, 0.2, num_steps=100, decay_steps=50)
    0.5
    """
    return (last / first) ** (decay_steps / num_steps)


def descend(
    gradient: Callable[[NDArray], ArrayLike],
    start: ArrayLike,
    schedule: Callable[[int], ArrayLike],
    num_steps: int,
) -> NDArray:
    """Walk downhill with the learning rate that a schedule gives for each step.

    Parameters
    ----------
    gradient : callable
        Takes weights and returns the loss's gradient there, of the same shape.
    start : array_like of float
        The first weights, of any shape.
    schedule : callable
        Takes the number of the step, from 0, and returns its learning rate.
    num_steps : int

    Returns
    -------
    ndarray of float, shape (num_steps + 1, *start.shape)
        The weights at the start and after each step.

    Notes
    -----
    Slide: 学习率.

    Examples
    --------
    >>> descend(lambda x: 2 * x, 8.0, lambda step: 0.25 / (step + 1), num_steps=2)
    array([8., 4., 3.])
    """
    weights = np.asarray(start, dtype=float)
    path = [weights]
    for step in range(num_steps):
        weights = weights - schedule(step) * np.asarray(gradient(weights))
        path.append(weights)
    return np.array(path)


def range_test(
    gradient: Callable[[NDArray], ArrayLike],
    loss: Callable[[NDArray], float],
    start: ArrayLike,
    low: float,
    high: float,
    num_steps: int,
) -> tuple[NDArray, NDArray]:
    """Walk with a rate that grows at every step, and note the loss after each.

    Parameters
    ----------
    gradient, loss : callable
        Take weights, of the shape of `start`.
    start : array_like of float
    low, high : float
        The first and the last rate; between them each is the same multiple of the one before.
    num_steps : int
        At least 2.

    Returns
    -------
    rates, losses : ndarray of float, shape (num_steps,)

    Notes
    -----
    Smith (2017), section 3.3, where the rate grows by equal steps.

    Examples
    --------
    >>> rates, losses = range_test(lambda x: 2 * x, lambda x: x**2, 1.0, 0.25, 4.0, num_steps=3)
    >>> rates, losses
    (array([0.25, 1.  , 4.  ]), array([ 0.25,  0.25, 12.25]))
    """
    growth = decay_rate_for(low, high, num_steps - 1, 1)
    rates = exponential_decay(np.arange(num_steps), low, 1, growth)
    path = descend(gradient, start, lambda step: rates[step], num_steps)
    return rates, np.array([loss(weights) for weights in path[1:]])
