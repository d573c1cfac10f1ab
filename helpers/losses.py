"""Loss functions of the slides and their gradients, in NumPy: 代价函数."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.activations import sigmoid, sigmoid_gradient, softmax


def softmax_cross_entropy(scores: ArrayLike, labels: ArrayLike) -> NDArray:
    """Return each sample's cross entropy: minus the log of its right class's probability.

    Parameters
    ----------
    scores : array_like of float, shape (classes, samples)
        A column is a sample, as on the slide.
    labels : array_like of int, shape (samples,)
        The right class of each sample, from 0.

    Returns
    -------
    ndarray of float, shape (samples,)

    Notes
    -----
    Computed as ``log(sum_k exp(z_k)) - z_y`` with the largest score subtracted, so that a
    probability too small for a float still has a logarithm. Slide: softmax, the formula of L_i.

    Examples
    --------
    >>> softmax_cross_entropy([[1.0], [5.0], [3.0]], [1]).round(5)
    array([0.14293])
    """
    scores = np.asarray(scores, dtype=float)
    shifted = scores - scores.max(axis=0)
    right = shifted[np.asarray(labels), np.arange(scores.shape[1])]
    return np.log(np.exp(shifted).sum(axis=0)) - right


def softmax_cross_entropy_gradient(scores: ArrayLike, labels: ArrayLike) -> NDArray:
    """Return the gradient of each sample's cross entropy with respect to its scores.

    It is the probabilities, less 1 at the right class.

    Parameters
    ----------
    scores : array_like of float, shape (classes, samples)
    labels : array_like of int, shape (samples,)

    Returns
    -------
    ndarray of float, shape (classes, samples)

    Notes
    -----
    Slide: softmax, the partial derivative of L_i.

    Examples
    --------
    >>> softmax_cross_entropy_gradient([[1.0], [5.0], [3.0]], [1])[:, 0].round(5)
    array([ 0.01588, -0.13319,  0.11731])
    """
    gradient = softmax(np.asarray(scores, dtype=float))
    gradient[np.asarray(labels), np.arange(gradient.shape[1])] -= 1
    return gradient


def mean_cross_entropy_gradient(scores: ArrayLike, labels: ArrayLike) -> NDArray:
    """Return the gradient of the mean cross entropy of softmax with respect to the scores.

    Parameters
    ----------
    scores : array_like of float, shape (classes, samples)
    labels : array_like of int, shape (samples,)

    Returns
    -------
    ndarray of float, shape (classes, samples)

    Notes
    -----
    Slide: softmax, the partial derivative of L.

    Examples
    --------
    >>> mean_cross_entropy_gradient([[1.0, 1.0], [5.0, 5.0], [3.0, 3.0]], [1, 1])[:, 0].round(5)
    array([ 0.00794, -0.06659,  0.05866])
    """
    return softmax_cross_entropy_gradient(scores, labels) / len(np.asarray(labels))


def sigmoid_squared_error(logits: ArrayLike, labels: ArrayLike) -> NDArray:
    """Return half the squared error of each sigmoid output: ``(y - a)**2 / 2`` with a = sigma(z).

    Parameters
    ----------
    logits : array_like of float
        Any shape: what goes into the sigmoid, z on the slide.
    labels : array_like of float
        What should come out of it, from 0 to 1; y on the slide.

    Returns
    -------
    ndarray of float
        Of the shape of `logits` and `labels`.

    Notes
    -----
    Slide: 代价函数, the formula of C.

    Examples
    --------
    >>> sigmoid_squared_error([4.0, -1000.0], [0.0, 1.0]).round(4)
    array([0.4822, 0.5   ])
    """
    return (labels - sigmoid(logits)) ** 2 / 2


def sigmoid_squared_error_gradient(logits: ArrayLike, labels: ArrayLike) -> NDArray:
    """Return the gradient of `sigmoid_squared_error` with respect to the logits.

    It is ``(a - y) sigma'(z)``: the error times the slope of the sigmoid, which is nearly 0 where
    the sigmoid saturates, however large the error.

    Parameters
    ----------
    logits, labels : array_like of float
        Of the same shape.

    Returns
    -------
    ndarray of float
        Of the shape of `logits` and `labels`.

    Notes
    -----
    Slide: 代价函数, the derivative of C with respect to b; times the input, that with respect to w.

    Examples
    --------
    >>> sigmoid_squared_error_gradient([0.0, 4.0, 16.0], [0.0, 0.0, 0.0]).round(4)
    array([0.125 , 0.0173, 0.    ])
    """
    return (sigmoid(logits) - labels) * sigmoid_gradient(logits)


def sigmoid_cross_entropy(logits: ArrayLike, labels: ArrayLike) -> NDArray:
    """Return each output's cross entropy: ``-(y ln a + (1 - y) ln(1 - a))`` with a = sigma(z).

    Parameters
    ----------
    logits : array_like of float
        Any shape: what goes into the sigmoid.
    labels : array_like of float
        The probability of "yes" that the output should give, from 0 to 1.

    Returns
    -------
    ndarray of float
        Of the shape of `logits` and `labels`.

    Notes
    -----
    Computed as ``max(z, 0) - y z + ln(1 + exp(-|z|))``, which is the same and never overflows nor
    takes the logarithm of 0. Slide: 代价函数, H(p, q) for the two outcomes yes and no.

    Examples
    --------
    >>> sigmoid_cross_entropy([4.0, 1000.0, 1000.0], [0.0, 0.0, 1.0]).round(4)
    array([   4.0181, 1000.    ,    0.    ])
    """
    logits, labels = np.asarray(logits, dtype=float), np.asarray(labels, dtype=float)
    return np.maximum(logits, 0) - labels * logits + np.log1p(np.exp(-np.abs(logits)))


def sigmoid_cross_entropy_gradient(logits: ArrayLike, labels: ArrayLike) -> NDArray:
    """Return the gradient of `sigmoid_cross_entropy` with respect to the logits.

    It is the error alone, ``a - y``: the slope of the sigmoid has cancelled.

    Parameters
    ----------
    logits, labels : array_like of float
        Of the same shape.

    Returns
    -------
    ndarray of float
        Of the shape of `logits` and `labels`.

    Notes
    -----
    Slide: 代价函数, the derivative of the cross entropy with respect to b, for one sample.

    Examples
    --------
    >>> sigmoid_cross_entropy_gradient([0.0, 4.0, 16.0], [0.0, 0.0, 0.0]).round(4)
    array([0.5  , 0.982, 1.   ])
    """
    return sigmoid(logits) - labels


def cross_entropy(p: ArrayLike, q: ArrayLike) -> NDArray:
    """Return the cross entropy of two distributions: ``H(p, q) = -sum_x p(x) ln q(x)``.

    Parameters
    ----------
    p : array_like of float, shape (outcomes,) or (outcomes, samples)
        What is true; adds to 1 along axis 0.
    q : array_like of float, shape (outcomes,) or (outcomes, samples)
        What is claimed; adds to 1 along axis 0.

    Returns
    -------
    ndarray of float, shape () or (samples,)
        In nats. Infinite where `q` rules out what `p` allows.

    Notes
    -----
    Never negative, and smallest where q = p, where it is the entropy of p. Slide: 代价函数, the
    formula of H(p, q); an outcome with p = 0 adds nothing.

    Examples
    --------
    >>> cross_entropy([0.0, 1.0, 0.0], [0.25, 0.5, 0.25]).round(4)
    np.float64(0.6931)
    >>> cross_entropy([0.5, 0.5], [1.0, 0.0])
    np.float64(inf)
    """
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    with np.errstate(divide="ignore"):  # the logarithm of 0 is what it should be
        return -np.sum(p * np.log(np.where(p > 0, q, 1)), axis=0)


def asymmetric_absolute_error(
    predictions: ArrayLike, labels: ArrayLike, cost_over: float, cost_under: float
) -> NDArray:
    """Return what each prediction's distance costs, where too much and too little differ in price.

    Parameters
    ----------
    predictions, labels : array_like of float
        Of the same shape.
    cost_over : float
        For each unit that the prediction is above the label; loss_more on the slide, b.
    cost_under : float
        For each unit that it is below; loss_less on the slide, a.

    Returns
    -------
    ndarray of float
        Of the shape of `predictions` and `labels`.

    Notes
    -----
    Slide: 自定义代价函数, the formula of f. The constant with the least mean error is the quantile
    at ``cost_under / (cost_over + cost_under)`` of the labels: Koenker and Bassett (1978), section
    2.

    Examples
    --------
    >>> asymmetric_absolute_error([90.0, 100.0, 110.0], 100.0, cost_over=1, cost_under=10)
    array([100.,   0.,  10.])
    """
    difference = np.asarray(predictions, dtype=float) - labels
    return np.where(difference > 0, cost_over * difference, -cost_under * difference) + 0.0


def asymmetric_absolute_error_gradient(
    predictions: ArrayLike, labels: ArrayLike, cost_over: float, cost_under: float
) -> NDArray:
    """Return the gradient of `asymmetric_absolute_error` with respect to the predictions.

    It knows two values only: ``cost_over`` above the label and ``-cost_under`` below it.

    Parameters
    ----------
    predictions, labels : array_like of float
        Of the same shape.
    cost_over, cost_under : float
        As for `asymmetric_absolute_error`.

    Returns
    -------
    ndarray of float
        Of the shape of `predictions` and `labels`.

    Notes
    -----
    Where both are equal the error has a kink and any number between the two would do; here, as
    with the slide's ``greater``, it is ``-cost_under``. Slide: 自定义代价函数.

    Examples
    --------
    >>> asymmetric_absolute_error_gradient([90.0, 110.0], 100.0, cost_over=1, cost_under=10)
    array([-10.,   1.])
    """
    above = np.asarray(predictions) > labels
    return np.where(above, float(cost_over), -float(cost_under))
