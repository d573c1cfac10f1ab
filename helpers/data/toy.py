"""Toy sets of the slides: points in the plane, drawn from a fixed seed."""

import numpy as np
from numpy.typing import NDArray


def below_diagonal(num_samples: int = 128) -> tuple[NDArray, NDArray]:
    """Return points of the unit square, labelled 1 below the diagonal and 0 above it.

    Parameters
    ----------
    num_samples : int, optional

    Returns
    -------
    x : ndarray of float32, shape (num_samples, 2)
        Uniform between 0 and 1; the same points at each call.
    labels : ndarray of float32, shape (num_samples, 1)
        1 where the two coordinates add to less than 1, else 0.

    Notes
    -----
    Slide: TensorFlow训练神经网络, 完整实例程序.

    Examples
    --------
    >>> x, labels = below_diagonal(3)
    >>> np.hstack([x, labels]).round(2)
    array([[0.42, 0.72, 0.  ],
           [0.  , 0.3 , 1.  ],
           [0.15, 0.09, 1.  ]], dtype=float32)
    """
    x = np.random.RandomState(1).rand(num_samples, 2)
    labels = x.sum(axis=1, keepdims=True) < 1
    return x.astype(np.float32), labels.astype(np.float32)


def quadrants(num_samples: int = 200) -> tuple[NDArray, NDArray]:
    """Return points around the origin, labelled 1 where the signs of their coordinates differ.

    This is XOR for numbers: no straight line parts the labels.

    Parameters
    ----------
    num_samples : int, optional

    Returns
    -------
    x : ndarray of float32, shape (num_samples, 2)
        Uniform between -1 and 1; the same points at each call.
    labels : ndarray of float32, shape (num_samples, 1)

    Examples
    --------
    >>> x, labels = quadrants(3)
    >>> np.hstack([x, labels]).round(2)
    array([[-0.17,  0.44,  1.  ],
           [-1.  , -0.4 ,  0.  ],
           [-0.71, -0.82,  0.  ]], dtype=float32)
    """
    x = np.random.RandomState(1).uniform(-1, 1, (num_samples, 2))
    labels = x.prod(axis=1, keepdims=True) < 0
    return x.astype(np.float32), labels.astype(np.float32)


def disc(num_samples: int = 200) -> tuple[NDArray, NDArray]:
    """Return points around the origin, labelled 1 where they are closer to it than 0.8.

    The disc covers half of the square that the points come from.

    Parameters
    ----------
    num_samples : int, optional

    Returns
    -------
    x : ndarray of float32, shape (num_samples, 2)
        Uniform between -1 and 1; the same points at each call.
    labels : ndarray of float32, shape (num_samples, 1)

    Examples
    --------
    >>> x, labels = disc(3)
    >>> np.hstack([x, labels]).round(2)
    array([[-0.17,  0.44,  1.  ],
           [-1.  , -0.4 ,  0.  ],
           [-0.71, -0.82,  0.  ]], dtype=float32)
    """
    x = np.random.RandomState(1).uniform(-1, 1, (num_samples, 2))
    labels = np.linalg.norm(x, axis=1, keepdims=True) < 0.8
    return x.astype(np.float32), labels.astype(np.float32)


def noisy_sum(num_samples: int = 128, seed: int = 1) -> tuple[NDArray, NDArray]:
    """Return points of the unit square and, as labels, the sum of their coordinates with noise.

    Parameters
    ----------
    num_samples : int, optional
    seed : int, optional
        The slides' points come from 1; another seed gives new ones.

    Returns
    -------
    x : ndarray of float32, shape (num_samples, 2)
        Uniform between 0 and 1.
    labels : ndarray of float32, shape (num_samples, 1)
        The sum of the two coordinates, and noise that is uniform between -0.05 and 0.05.

    Notes
    -----
    Slide: 自定义代价函数, the simulated data.

    Examples
    --------
    >>> x, labels = noisy_sum(3)
    >>> np.hstack([x, labels]).round(2)
    array([[0.42, 0.72, 1.11],
           [0.  , 0.3 , 0.29],
           [0.15, 0.09, 0.23]], dtype=float32)
    """
    random = np.random.RandomState(seed)
    x = random.rand(num_samples, 2)
    noise = random.rand(num_samples, 1) / 10 - 0.05
    return x.astype(np.float32), (x.sum(axis=1, keepdims=True) + noise).astype(np.float32)


def circle(num_samples: int = 150, seed: int = 0) -> tuple[NDArray, NDArray]:
    """Return points labelled 0 inside the unit circle and 1 outside, moved a little afterwards.

    Parameters
    ----------
    num_samples : int, optional
    seed : int, optional
        The slide's points come from 0; another seed gives new ones.

    Returns
    -------
    x : ndarray of float32, shape (num_samples, 2)
        Uniform between -1 and 1, and between 0 and 2; then each is moved by noise of standard
        deviation 0.1, so that some lie on the wrong side.
    labels : ndarray of float32, shape (num_samples, 1)

    Notes
    -----
    Slide: 正则化, 实例代码.

    Examples
    --------
    >>> x, labels = circle(3)
    >>> np.hstack([x, labels]).round(2)
    array([[ 0.2 ,  1.65,  1.  ],
           [-0.06,  1.28,  1.  ],
           [ 0.94,  0.91,  1.  ]], dtype=float32)
    """
    random = np.random.RandomState(seed)
    x, labels = [], []
    for _ in range(num_samples):
        place = random.uniform(-1, 1), random.uniform(0, 2)
        labels.append([float(place[0] ** 2 + place[1] ** 2 > 1)])
        x.append([random.normal(coordinate, 0.1) for coordinate in place])
    return np.array(x, np.float32), np.array(labels, np.float32)
