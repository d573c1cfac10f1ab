"""Optimizers (优化算法) of the slides, in NumPy: a step of each, and a walk of many steps."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray


def sgd(weights: ArrayLike, gradient: ArrayLike, learning_rate: float) -> NDArray:
    """Take a step against the gradient; nothing is kept for the next.

    Parameters
    ----------
    weights : array_like of float
        Any shape.
    gradient : array_like of float
        Of the loss by the weights; same shape.
    learning_rate : float

    Returns
    -------
    ndarray of float
        The new weights; the old ones stay as they are.

    Notes
    -----
    Whether the descent is batch, mini-batch or stochastic is a matter of the samples that the
    gradient was computed from. Slide: 梯度下降.

    Examples
    --------
    >>> sgd([1.0, 2.0], [10.0, -10.0], learning_rate=0.1)
    array([0., 3.])
    """
    return np.asarray(weights) - learning_rate * np.asarray(gradient)


def momentum(
    weights: ArrayLike,
    gradient: ArrayLike,
    velocity: ArrayLike,
    learning_rate: float,
    momentum: float,
) -> tuple[NDArray, NDArray]:
    """Take a step that repeats a share of the step before.

    Parameters
    ----------
    weights : array_like of float
        Any shape.
    gradient : array_like of float
        Of the loss by the weights; same shape.
    velocity : array_like of float
        The step before, of the same shape; 0 at first.
    learning_rate : float
    momentum : float
        The share of the step before, from 0 to 1.

    Returns
    -------
    weights : ndarray of float
        The new weights; the old ones stay as they are.
    velocity : ndarray of float
        The step that was taken.

    Notes
    -----
    Sutskever, Martens, Dahl and Hinton (2013), equations 1 and 2, and Keras. TensorFlow 1 keeps
    the velocity divided by minus the learning rate, which is the same path while the rate stays.
    Slide: 梯度下降, Momentum.

    Examples
    --------
    >>> weights, velocity = momentum([0.0], [1.0], [-0.1], learning_rate=0.1, momentum=0.9)
    >>> weights, velocity
    (array([-0.19]), array([-0.19]))
    """
    velocity = momentum * np.asarray(velocity) - learning_rate * np.asarray(gradient)
    return np.asarray(weights) + velocity, velocity


def adam(
    weights: ArrayLike,
    gradient: ArrayLike,
    moments: tuple[ArrayLike, ArrayLike],
    step: int,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[NDArray, tuple[NDArray, NDArray]]:
    """Take a step against the mean gradient, in units of the gradient's usual size.

    Parameters
    ----------
    weights : array_like of float
        Any shape.
    gradient : array_like of float
        Of the loss by the weights; same shape.
    moments : tuple of two array_like of float
        Running means of the gradient and of its square, as the step before returned them; both 0
        before the first step.
    step : int
        Number of the step, from 0.
    learning_rate : float, optional
    beta_1, beta_2 : float, optional
        How much of the two means is kept at each step.
    epsilon : float, optional
        Keeps the division possible where the gradient is 0.

    Returns
    -------
    weights : ndarray of float
        The new weights; the old ones stay as they are.
    moments : tuple of two ndarray of float
        The new means.

    Notes
    -----
    Kingma and Ba (2015), algorithm 1, computed in the order of the formula just before section
    2.1: the correction of the two means, which start at 0, is in the learning rate, and epsilon is
    added to the uncorrected root. ``tf1.train.AdamOptimizer`` and Keras compute in this order,
    too; their default epsilon differs: 1e-8 in TensorFlow 1, 1e-7 in Keras.
    Slide: TensorFlow训练神经网络, AdamOptimizer.

    Examples
    --------
    The first step has the length of the learning rate, however steep the slope:

    >>> weights, moments = adam([1.0, 1.0], [0.3, -5000.0], (0.0, 0.0), step=0)
    >>> weights.round(6)
    array([0.999, 1.001])
    """
    gradient = np.asarray(gradient)
    mean = beta_1 * np.asarray(moments[0]) + (1 - beta_1) * gradient
    square = beta_2 * np.asarray(moments[1]) + (1 - beta_2) * gradient**2
    rate = learning_rate * np.sqrt(1 - beta_2 ** (step + 1)) / (1 - beta_1 ** (step + 1))
    return np.asarray(weights) - rate * mean / (np.sqrt(square) + epsilon), (mean, square)


def descend(
    gradient: Callable[[NDArray], ArrayLike],
    start: ArrayLike,
    learning_rate: float,
    momenta: Iterable[float],
) -> NDArray:
    """Walk downhill, a step for each momentum, and return the whole path.

    Parameters
    ----------
    gradient : callable
        Takes weights and returns the loss's gradient there, of the same shape.
    start : array_like of float
        The first weights, of any shape.
    learning_rate : float
    momenta : iterable of float
        The momentum of each step; 0 is plain gradient descent.

    Returns
    -------
    ndarray of float, shape (steps + 1, *start.shape)
        The weights at the start and after each step.

    Notes
    -----
    Slide: 梯度下降.

    Examples
    --------
    >>> path = descend(lambda weights: 2 * weights, [8.0], learning_rate=0.25, momenta=[0, 0, 0.5])
    >>> path[:, 0]
    array([8., 4., 2., 0.])
    """
    weights = np.asarray(start, dtype=float)
    velocity = np.zeros_like(weights)
    path = [weights]
    for share in momenta:
        weights, velocity = momentum(weights, gradient(weights), velocity, learning_rate, share)
        path.append(weights)
    return np.array(path)
