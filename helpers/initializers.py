"""Random initial weights of a layer, in NumPy: Xavier initialization."""

import numpy as np
from numpy.typing import NDArray


def xavier_uniform(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray:
    """Draw weights of mean 0 and variance ``2 / (fan_in + fan_out)``, all equally likely.

    Parameters
    ----------
    fan_in, fan_out : int
        Number of the layer's inputs and of its outputs.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float, shape (fan_in, fan_out)
        Between ``-a`` and ``a`` with ``a = sqrt(6 / (fan_in + fan_out))``.

    Raises
    ------
    ValueError
        If a layer without inputs or outputs is asked for.

    Notes
    -----
    Slide: Xaiver initialization. Glorot and Bengio (2010), equation 16.

    Examples
    --------
    >>> xavier_uniform(2, 4, np.random.default_rng(0)).round(2)
    array([[ 0.27, -0.46, -0.92, -0.97],
           [ 0.63,  0.83,  0.21,  0.46]])
    """
    limit = np.sqrt(3 * _xavier_variance(fan_in, fan_out))  # on [-a, a] the variance is a^2 / 3
    return rng.uniform(-limit, limit, (fan_in, fan_out))


def xavier_normal(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray:
    """Draw weights of mean 0 and variance ``2 / (fan_in + fan_out)``, normally distributed.

    Parameters
    ----------
    fan_in, fan_out : int
        Number of the layer's inputs and of its outputs.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float, shape (fan_in, fan_out)

    Raises
    ------
    ValueError
        If a layer without inputs or outputs is asked for.

    Notes
    -----
    Slide: Xaiver initialization. Glorot and Bengio (2010), equation 12.

    Examples
    --------
    >>> xavier_normal(300, 100, np.random.default_rng(0)).std().round(3)  # sqrt(2 / 400) = 0.071
    np.float64(0.071)
    """
    return rng.normal(0.0, np.sqrt(_xavier_variance(fan_in, fan_out)), (fan_in, fan_out))


def he_normal(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray:
    """Draw normally distributed weights of mean 0 and variance ``2 / fan_in``, made for ReLU.

    Parameters
    ----------
    fan_in, fan_out : int
        Number of the layer's inputs and of its outputs.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float, shape (fan_in, fan_out)

    Raises
    ------
    ValueError
        If a layer without inputs or outputs is asked for.

    Notes
    -----
    He, Zhang, Ren and Sun (2015), equation 10.

    Examples
    --------
    >>> he_normal(200, 100, np.random.default_rng(0)).std().round(1)
    np.float64(0.1)
    """
    _check(fan_in, fan_out)
    return rng.normal(0.0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def _xavier_variance(fan_in: int, fan_out: int) -> float:
    _check(fan_in, fan_out)
    return 2 / (fan_in + fan_out)


def _check(fan_in: int, fan_out: int) -> None:
    if min(fan_in, fan_out) < 1:
        raise ValueError(f"fan_in and fan_out must be at least 1, not {fan_in} and {fan_out}.")
