"""Activation functions of the slides, in NumPy: 激活函数 and softmax."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def relu(x: ArrayLike) -> NDArray:
    """Keep what is positive and replace the rest by 0: ``max(0, x)``.

    Parameters
    ----------
    x : array_like
        Any shape.

    Returns
    -------
    ndarray
        Same shape as `x`.

    Notes
    -----
    Slide: 激活函数, ReLU, Hard ReLU.

    Examples
    --------
    >>> relu([-2.0, 0.0, 3.0])
    array([0., 0., 3.])
    """
    return np.maximum(x, 0)


def relu_gradient(x: ArrayLike) -> NDArray:
    """Return the derivative of `relu`: 1 where `x` is positive, else 0.

    Parameters
    ----------
    x : array_like
        Any shape.

    Returns
    -------
    ndarray of float
        Same shape as `x`. At 0, where there is no derivative, it is 0, as in TensorFlow.

    Notes
    -----
    Slide: 激活函数, ReLU.

    Examples
    --------
    >>> relu_gradient([-2.0, 0.0, 3.0])
    array([0., 0., 1.])
    """
    return np.where(np.asarray(x) > 0, 1.0, 0.0)


def noisy_relu(x: ArrayLike, rng: np.random.Generator) -> NDArray:
    """Add noise to each number before `relu`: ``max(0, x + N(0, sigmoid(x)))``.

    Parameters
    ----------
    x : array_like
        Any shape.
    rng : numpy.random.Generator
        Where the noise is drawn from.

    Returns
    -------
    ndarray of float
        Same shape as `x`.

    Notes
    -----
    The second argument of N is the variance, so the noise has the standard deviation
    ``sqrt(sigmoid(x))``. Slide: 激活函数, Noise ReLU. Source: Nair and Hinton, Rectified Linear
    Units Improve Restricted Boltzmann Machines, ICML 2010, section 2.

    Examples
    --------
    >>> noisy_relu([-9.0, 9.0], np.random.default_rng(0)).round(1)
    array([0. , 8.9])
    """
    return relu(x + np.sqrt(sigmoid(x)) * rng.standard_normal(np.shape(x)))


def leaky_relu(x: ArrayLike, alpha: float = 0.2) -> NDArray:
    """Keep what is positive and multiply the rest by `alpha`.

    Parameters
    ----------
    x : array_like
        Any shape.
    alpha : float, optional
        Slope for negative `x`; TensorFlow's default is 0.2.

    Returns
    -------
    ndarray of float
        Same shape as `x`.

    Notes
    -----
    Source: Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models,
    ICML 2013, section 2.

    Examples
    --------
    >>> leaky_relu([-2.0, 3.0])
    array([-0.4,  3. ])
    """
    x = np.asarray(x)
    return np.where(x > 0, x, alpha * x)


def leaky_relu_gradient(x: ArrayLike, alpha: float = 0.2) -> NDArray:
    """Return the derivative of `leaky_relu`: 1 where `x` is positive, else `alpha`.

    Parameters
    ----------
    x : array_like
        Any shape.
    alpha : float, optional
        Slope for negative `x`.

    Returns
    -------
    ndarray of float
        Same shape as `x`.

    Examples
    --------
    >>> leaky_relu_gradient([-2.0, 3.0])
    array([0.2, 1. ])
    """
    return np.where(np.asarray(x) > 0, 1.0, alpha)


def elu(x: ArrayLike) -> NDArray:
    """Keep what is positive and bend the rest towards -1: ``exp(x) - 1``.

    Parameters
    ----------
    x : array_like
        Any shape.

    Returns
    -------
    ndarray of float
        Same shape as `x`.

    Notes
    -----
    Source: Clevert, Unterthiner and Hochreiter, Fast and Accurate Deep Network Learning by
    Exponential Linear Units (ELUs), ICLR 2016, section 3, with alpha = 1.

    Examples
    --------
    >>> elu([-2.0, 3.0]).round(4)
    array([-0.8647,  3.    ])
    """
    x = np.asarray(x)
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


def elu_gradient(x: ArrayLike) -> NDArray:
    """Return the derivative of `elu`: 1 where `x` is positive, else ``exp(x)``.

    Parameters
    ----------
    x : array_like
        Any shape.

    Returns
    -------
    ndarray of float
        Same shape as `x`.

    Examples
    --------
    >>> elu_gradient([-2.0, 3.0]).round(4)
    array([0.1353, 1.    ])
    """
    return np.exp(np.minimum(x, 0))


def sigmoid(x: ArrayLike, alpha: float = 1.0) -> NDArray:
    """Squash each number into (0, 1): ``1 / (1 + exp(-alpha x))``.

    Parameters
    ----------
    x : array_like
        Any shape.
    alpha : float, optional
        Steepness.

    Returns
    -------
    ndarray of float
        Same shape as `x`.

    Notes
    -----
    Written with ``exp(-|x|)``, which is never larger than 1 and so never overflows.
    Slide: 激活函数, S形函数.

    Examples
    --------
    >>> sigmoid([-1000.0, 0.0, 2.0]).round(4)
    array([0.    , 0.5   , 0.8808])
    """
    x = alpha * np.asarray(x)
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def sigmoid_gradient(x: ArrayLike, alpha: float = 1.0) -> NDArray:
    """Return the derivative of `sigmoid`: ``alpha f (1 - f)``, where f is its value.

    Parameters
    ----------
    x : array_like
        Any shape.
    alpha : float, optional
        Steepness.

    Returns
    -------
    ndarray of float
        Same shape as `x`, at most ``alpha / 4``.

    Notes
    -----
    Slide: 激活函数, S形函数.

    Examples
    --------
    >>> sigmoid_gradient([-5.0, 0.0, 5.0]).round(4)
    array([0.0066, 0.25  , 0.0066])
    """
    value = sigmoid(x, alpha)
    return alpha * value * (1 - value)


def tanh(x: ArrayLike) -> NDArray:
    """Squash each number into (-1, 1): ``(exp(x) - exp(-x)) / (exp(x) + exp(-x))``.

    Parameters
    ----------
    x : array_like
        Any shape.

    Returns
    -------
    ndarray of float
        Same shape as `x`.

    Notes
    -----
    NumPy's own does not overflow, as the formula does. Slide: 激活函数, 双曲正切函数.

    Examples
    --------
    >>> tanh([-1000.0, 0.0, 2.0]).round(4)
    array([-1.   ,  0.   ,  0.964])
    """
    return np.tanh(x)


def tanh_gradient(x: ArrayLike) -> NDArray:
    """Return the derivative of `tanh`: ``1 - f**2``, where f is its value.

    Parameters
    ----------
    x : array_like
        Any shape.

    Returns
    -------
    ndarray of float
        Same shape as `x`, at most 1.

    Examples
    --------
    >>> tanh_gradient([-2.0, 0.0, 2.0]).round(4)
    array([0.0707, 1.    , 0.0707])
    """
    return 1 - tanh(x) ** 2


def softmax(scores: ArrayLike, axis: int = 0) -> NDArray:
    """Turn scores into probabilities: ``exp(z_j) / sum_k exp(z_k)``.

    Parameters
    ----------
    scores : array_like
        Any shape; the classes run along `axis`. On the slide a column is a sample.
    axis : int, optional
        Axis along which the probabilities add to 1.

    Returns
    -------
    ndarray of float
        Same shape as `scores`.

    Notes
    -----
    The largest score is subtracted first. It changes nothing in exact arithmetic and keeps `exp`
    from overflowing, which the formula as written does from about 710 on (89 in float32).
    Slide: Softmax 代码实现.

    Examples
    --------
    >>> softmax([1.0, 2.0, 3.0]).round(8)
    array([0.09003057, 0.24472847, 0.66524096])
    >>> softmax([1000.0, 1000.0])
    array([0.5, 0.5])
    """
    scores = np.asarray(scores)
    exponentials = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return exponentials / exponentials.sum(axis=axis, keepdims=True)
