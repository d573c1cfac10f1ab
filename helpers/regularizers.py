"""Regularization (正则化) in NumPy: what a penalty on weights costs, and what it does to them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


def l1(weights: ArrayLike, scale: float) -> float:
    """Return `scale` times the sum of the weights' absolute values.

    Parameters
    ----------
    weights : array_like of float
        Any shape.
    scale : float
        The slide's λ; TensorFlow 1 does not divide it by the number of samples.

    Notes
    -----
    Slide: 正则化, L1; ``tf.contrib.layers.l1_regularizer(scale)``.

    Examples
    --------
    >>> l1([[1.0, -2.0], [-3.0, 4.0]], 0.5)
    5.0
    """
    return float(scale * np.abs(weights).sum())


def l2(weights: ArrayLike, scale: float) -> float:
    """Return `scale` times half the sum of the weights' squares.

    Parameters
    ----------
    weights : array_like of float
        Any shape.
    scale : float
        The slide's λ; TensorFlow 1 does not divide it by the number of samples.

    Notes
    -----
    Slide: 正则化, L2; ``tf.contrib.layers.l2_regularizer(scale)``, today ``scale *
    tf.nn.l2_loss(weights)``. Keras' L2 has no half.

    Examples
    --------
    >>> l2([[1.0, -2.0], [-3.0, 4.0]], 0.5)
    7.5
    """
    return float(scale * np.square(weights).sum() / 2)


def penalty(
    layers: Sequence[tuple[ArrayLike, ArrayLike]], l1_scale: float, l2_scale: float
) -> float:
    """Return what both penalties of a network cost together; biases cost nothing.

    Parameters
    ----------
    layers : sequence of pairs of array_like
        The weights and the biases of each layer.
    l1_scale, l2_scale : float

    Notes
    -----
    Slide: 正则化, both at once.

    Examples
    --------
    >>> penalty([([[1.0, -2.0]], [9.0]), ([[3.0]], [9.0])], l1_scale=0.5, l2_scale=0.1)
    3.7
    """
    return sum(l1(weights, l1_scale) + l2(weights, l2_scale) for weights, _ in layers)


def soft_threshold(weights: ArrayLike, amount: float) -> NDArray:
    """Move each weight towards 0 by `amount`, and to exactly 0 if it is closer than that.

    Parameters
    ----------
    weights : array_like of float
        Any shape.
    amount : float
        Not negative.

    Returns
    -------
    ndarray of float
        Of the shape of `weights`.

    Notes
    -----
    The weights that make ``amount * |w| + (w - weights) ** 2 / 2`` smallest: Tibshirani,
    Regression Shrinkage and Selection via the Lasso, 1996, equation 3.

    Examples
    --------
    >>> soft_threshold([3.0, -0.5, -2.0], 1.0)
    array([ 2.,  0., -1.])
    """
    weights = np.asarray(weights, dtype=float)
    return weights - np.clip(weights, -amount, amount)


def ridge(x: NDArray, labels: NDArray, scale: float) -> NDArray:
    """Return the weights of a linear model with an L2 penalty, by solving for them.

    Parameters
    ----------
    x : ndarray, shape (samples, features)
    labels : ndarray, shape (samples,)
    scale : float

    Returns
    -------
    ndarray of float, shape (features,)
        What makes half the mean squared error plus ``l2(weights, scale)`` smallest.

    Notes
    -----
    Hoerl & Kennard, Ridge Regression, 1970, equation 2.1, per sample.

    Examples
    --------
    >>> ridge(np.array([[1.0], [2.0]]), np.array([1.0, 2.0]), scale=2.5)
    array([0.5])
    """
    samples, features = x.shape
    return np.linalg.solve(x.T @ x / samples + scale * np.eye(features), x.T @ labels / samples)


def lasso(x: NDArray, labels: NDArray, scale: float, num_steps: int = 2000) -> NDArray:
    """Return the weights of a linear model with an L1 penalty, by descent and thresholds.

    Parameters
    ----------
    x : ndarray, shape (samples, features)
    labels : ndarray, shape (samples,)
    scale : float
    num_steps : int, optional

    Returns
    -------
    ndarray of float, shape (features,)
        What makes half the mean squared error plus ``l1(weights, scale)`` smallest.

    Notes
    -----
    Daubechies, Defrise & De Mol, An Iterative Thresholding Algorithm, 2004, equation 1.4.

    Examples
    --------
    >>> lasso(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([2.0, 0.1]), scale=0.5).round(6)
    array([1., 0.])
    """
    samples, features = x.shape
    learning_rate = samples / np.linalg.norm(x, ord=2) ** 2
    weights = np.zeros(features)
    for _ in range(num_steps):
        gradient = x.T @ (x @ weights - labels) / samples
        weights = soft_threshold(weights - learning_rate * gradient, learning_rate * scale)
    return weights
