"""Pooling (池化) in NumPy: values, and the gradient's way back: 池化层."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers import convolution


def _windows(
    x: ArrayLike, size: int, stride: int, padding: str, fill: float
) -> NDArray[np.float64]:
    """Return the windows, shape (batch, height, width, channels, size, size), padded by `fill`."""
    x = np.asarray(x, dtype=float)
    for axis in (1, 2):
        convolution.output_size(x.shape[axis], size, stride, padding)
    if padding == "SAME":
        amounts = [convolution.pad_amounts(x.shape[axis], size, stride) for axis in (1, 2)]
        x = np.pad(x, [(0, 0), *amounts, (0, 0)], constant_values=fill)
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride]


def max_pool(x: ArrayLike, size: int, stride: int, padding: str = "VALID") -> NDArray[np.float64]:
    """Return the largest pixel of each window, channel by channel.

    Parameters
    ----------
    x : array_like, shape (batch, height, width, channels)
    size : int
        Height and width of the window.
    stride : int
    padding : {"VALID", "SAME"}, optional
        With SAME a window at the border has fewer pixels.

    Returns
    -------
    ndarray, shape (batch, output height, output width, channels)

    Raises
    ------
    ValueError
        If the window does not fit, or for another padding.

    Notes
    -----
    Slide: 池化层.

    Examples
    --------
    >>> x = np.array([[1.0, -1, 0], [-1, 2, 1], [0, 2, -2]]).reshape(1, 3, 3, 1)
    >>> max_pool(x, size=2, stride=2, padding="SAME")[0, :, :, 0]
    array([[ 2.,  1.],
           [ 2., -2.]])
    """
    return _windows(x, size, stride, padding, fill=-np.inf).max(axis=(4, 5))


def mean_pool(x: ArrayLike, size: int, stride: int, padding: str = "VALID") -> NDArray[np.float64]:
    """Return the mean of the pixels in each window, channel by channel.

    Parameters
    ----------
    x, size, stride, padding
        As for `max_pool`. With SAME the mean is over the pixels that the window has: the zeros
        around the image do not count.

    Returns
    -------
    ndarray, shape (batch, output height, output width, channels)

    Raises
    ------
    ValueError
        As for `max_pool`.

    Notes
    -----
    Slide: 池化层.

    Examples
    --------
    >>> x = np.array([[1.0, -1, 0], [-1, 2, 1], [0, 2, -2]]).reshape(1, 3, 3, 1)
    >>> mean_pool(x, size=2, stride=2, padding="SAME")[0, :, :, 0]
    array([[ 0.25,  0.5 ],
           [ 1.  , -2.  ]])
    """
    return np.nanmean(_windows(x, size, stride, padding, fill=np.nan), axis=(4, 5))


def global_mean(x: ArrayLike) -> NDArray[np.float64]:
    """Return the mean of each channel over the whole image.

    Parameters
    ----------
    x : array_like, shape (batch, height, width, channels)

    Returns
    -------
    ndarray, shape (batch, channels)

    Examples
    --------
    >>> global_mean(np.arange(8.0).reshape(1, 2, 2, 2))
    array([[3., 4.]])
    """
    return np.asarray(x, dtype=float).mean(axis=(1, 2))


def max_pool_gradient(x: ArrayLike, upstream: ArrayLike, size: int) -> NDArray[np.float64]:
    """Return the gradient of a loss by the images, through a max pooling without overlap.

    Parameters
    ----------
    x : array_like, shape (batch, height, width, channels)
        What was pooled by windows of `size`, `size` apart, without padding.
    upstream : array_like, shape (batch, height // size, width // size, channels)
        The loss's gradient by the pooled images.
    size : int

    Returns
    -------
    ndarray, shape (batch, height, width, channels)
        A window's slope goes to its largest pixel; of equal ones to the first, row by row. All
        other pixels get 0, those that no window covers too.

    Notes
    -----
    Slide: 池化层.

    Examples
    --------
    >>> x = np.array([[1.0, 4, 2], [3, 0, 5]]).reshape(1, 2, 3, 1)
    >>> max_pool_gradient(x, np.full((1, 1, 1, 1), 7.0), size=2)[0, :, :, 0]
    array([[0., 7., 0.],
           [0., 0., 0.]])
    """
    x, slopes = np.asarray(x, dtype=float), np.asarray(upstream, dtype=float)
    batch, height, width, channels = slopes.shape
    covered = x[:, : height * size, : width * size]
    blocks = covered.reshape(batch, height, size, width, size, channels).swapaxes(2, 3)
    flat = blocks.reshape(batch, height, width, size**2, channels)
    first = flat.argmax(axis=3)[:, :, :, np.newaxis]
    chosen = np.where(np.arange(size**2)[:, np.newaxis] == first, slopes[:, :, :, np.newaxis], 0.0)
    gradient = np.zeros_like(x)
    back = chosen.reshape(batch, height, width, size, size, channels).swapaxes(2, 3)
    gradient[:, : height * size, : width * size] = back.reshape(covered.shape)
    return gradient


def halve(image: ArrayLike) -> NDArray[np.float64]:
    """Return an image of half the size: the mean of each window of 2 by 2 pixels.

    Parameters
    ----------
    image : array_like, shape (height, width)
        Where a side is odd, the last windows have fewer pixels, and the mean is over those.

    Returns
    -------
    ndarray, shape (ceil(height / 2), ceil(width / 2))

    Notes
    -----
    Slide: 池化层, whose program does this.

    Examples
    --------
    >>> halve([[1.0, -1, 0], [-1, 2, 1], [0, 2, -2]])
    array([[ 0.25,  0.5 ],
           [ 1.  , -2.  ]])
    """
    image = np.asarray(image, dtype=float)
    return mean_pool(image[np.newaxis, :, :, np.newaxis], 2, 2, "SAME")[0, :, :, 0]


def change_by_shift(
    represent: Callable[[NDArray], ArrayLike], images: ArrayLike, shift: int
) -> float:
    """Return how much a representation changes when its images are moved to the right.

    Parameters
    ----------
    represent : callable
        Given images, returns an array of any shape: what is made of them.
    images : array_like, shape (batch, height, width)
    shift : int
        By how many pixels; what leaves on the right is lost, and zeros come in on the left.

    Returns
    -------
    float
        The norm of the difference over the norm of what is made of the images as they are: 0 for a
        representation that does not notice.

    Notes
    -----
    Slide: 池化层, which promises invariance.

    Examples
    --------
    >>> image = np.array([[[0.0, 3, 0, 0]]])
    >>> change_by_shift(lambda x: x.sum(axis=2), image, 1), change_by_shift(np.copy, image, 3)
    (0.0, 1.0)
    """
    x = np.asarray(images, dtype=float)
    moved = np.zeros_like(x)
    moved[:, :, shift:] = x[:, :, : x.shape[2] - shift]
    before, after = np.asarray(represent(x)), np.asarray(represent(moved))
    return float(np.linalg.norm(after - before) / np.linalg.norm(before))
