"""Convolution (卷积) in NumPy: sizes, padding, values and gradients: 卷积层."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def output_size(size: int, filter_size: int, stride: int, padding: str) -> int:
    """Return at how many places a filter stands along one axis.

    Parameters
    ----------
    size, filter_size : int
        Number of pixels along the axis.
    stride : int
        By how many pixels the filter moves.
    padding : {"VALID", "SAME"}

    Returns
    -------
    int

    Raises
    ------
    ValueError
        For another padding, or with VALID if the filter does not fit.

    Notes
    -----
    Slide: 卷积层, which has the formula of VALID only.

    Examples
    --------
    >>> output_size(28, 5, 2, "VALID"), output_size(28, 5, 2, "SAME")
    (12, 14)
    """
    if padding == "SAME":
        return -(-size // stride)
    if padding != "VALID":
        raise ValueError(f"padding is VALID or SAME, and not {padding!r}.")
    if filter_size > size:
        raise ValueError(f"a filter of {filter_size} does not fit into {size} without padding.")
    return -(-(size - filter_size + 1) // stride)


def pad_amounts(size: int, filter_size: int, stride: int) -> tuple[int, int]:
    """Return how many zeros SAME puts before and after an axis; the odd one comes after.

    Parameters
    ----------
    size, filter_size, stride : int
        As for `output_size`.

    Notes
    -----
    Slide: 卷积层.

    Examples
    --------
    >>> pad_amounts(3, 2, 1), pad_amounts(3, 3, 1), pad_amounts(6, 2, 3)
    ((0, 1), (1, 1), (0, 0))
    """
    places = output_size(size, filter_size, stride, "SAME")
    total = max((places - 1) * stride + filter_size - size, 0)
    return total // 2, total - total // 2


def num_parameters(rows: int, columns: int, inputs: int, outputs: int) -> int:
    """Return how many numbers a convolution layer learns, biases included.

    Notes
    -----
    Slide: 卷积层.

    Examples
    --------
    >>> num_parameters(2, 2, 3, 5), num_parameters(5, 5, 3, 16)
    (65, 1216)
    """
    return rows * columns * inputs * outputs + outputs


def conv2d(
    x: ArrayLike,
    filters: ArrayLike,
    biases: ArrayLike = 0.0,
    stride: int = 1,
    padding: str = "VALID",
) -> NDArray[np.float64]:
    """Return what filters see at each of their places.

    Parameters
    ----------
    x : array_like, shape (batch, height, width, inputs)
    filters : array_like, shape (rows, columns, inputs, outputs)
    biases : array_like, shape (outputs,), optional
    stride : int, optional
        In both directions.
    padding : {"VALID", "SAME"}, optional

    Returns
    -------
    ndarray, shape (batch, output height, output width, outputs)

    Raises
    ------
    ValueError
        If the filters do not fit into the images, or have another number of inputs.

    Notes
    -----
    Slide: 卷积层. The filters are not turned, so in mathematics this is a cross-correlation.

    Examples
    --------
    >>> x = np.array([[1.0, -1, 0], [-1, 2, 1], [0, 2, -2]]).reshape(1, 3, 3, 1)
    >>> filters = np.array([[1.0, -1], [0, 2]]).reshape(2, 2, 1, 1)
    >>> conv2d(x, filters, [1.0], stride=2, padding="SAME")[0, :, :, 0]
    array([[ 7.,  1.],
           [-1., -1.]])
    """
    filters = np.asarray(filters, dtype=float)
    rows, columns, inputs, outputs = filters.shape
    seen = patches(padded(x, rows, columns, stride, padding), rows, columns, stride)
    if seen.shape[-1] != rows * columns * inputs:
        raise ValueError(f"the filters are for {inputs} channels, and the images have others.")
    return seen @ filters.reshape(-1, outputs) + np.asarray(biases)


def padded(x: ArrayLike, rows: int, columns: int, stride: int, padding: str) -> NDArray[np.float64]:
    """Return images with the zeros around them that a padding needs.

    Parameters
    ----------
    x : array_like, shape (batch, height, width, inputs)
    rows, columns, stride : int
    padding : {"VALID", "SAME"}

    Examples
    --------
    >>> padded(np.ones((1, 3, 3, 1)), rows=2, columns=2, stride=1, padding="SAME")[0, :, :, 0]
    array([[1., 1., 1., 0.],
           [1., 1., 1., 0.],
           [1., 1., 1., 0.],
           [0., 0., 0., 0.]])
    """
    x = np.asarray(x, dtype=float)
    output_size(x.shape[1], rows, stride, padding)
    output_size(x.shape[2], columns, stride, padding)
    if padding == "VALID":
        return x
    vertical = pad_amounts(x.shape[1], rows, stride)
    horizontal = pad_amounts(x.shape[2], columns, stride)
    return np.pad(x, [(0, 0), vertical, horizontal, (0, 0)])


def patches(x: ArrayLike, rows: int, columns: int, stride: int = 1) -> NDArray[np.float64]:
    """Return what a filter has under it at each of its places, laid out in a row (im2col).

    Parameters
    ----------
    x : array_like, shape (batch, height, width, inputs)
    rows, columns : int
        The filter's size.
    stride : int, optional

    Returns
    -------
    ndarray, shape (batch, output height, output width, rows * columns * inputs)
        Without padding. In each patch the inputs of a pixel stand together, as in filters that
        are reshaped to (rows * columns * inputs, outputs).

    Notes
    -----
    Slide: 卷积层.

    Examples
    --------
    >>> patches(np.arange(9.0).reshape(1, 3, 3, 1), rows=2, columns=2)[0, 1]
    array([[3., 4., 6., 7.],
           [4., 5., 7., 8.]])
    """
    windows = np.lib.stride_tricks.sliding_window_view(x, (rows, columns), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    return windows.reshape(*windows.shape[:3], -1)


def filter_gradient(
    x: ArrayLike, upstream: ArrayLike, rows: int, columns: int, stride: int = 1
) -> NDArray[np.float64]:
    """Return the gradient of a loss by the filters of a convolution without padding.

    Parameters
    ----------
    x : array_like, shape (batch, height, width, inputs)
    upstream : array_like, shape (batch, output height, output width, outputs)
        The loss's gradient by what the convolution returned.
    rows, columns : int
        The filters' size.
    stride : int, optional

    Returns
    -------
    ndarray, shape (rows, columns, inputs, outputs)

    Notes
    -----
    Slide: 卷积层. The convolution is a product of `patches` and filters, so this is the gradient of
    a product: the patches, transposed, times `upstream`.

    Examples
    --------
    >>> x = np.arange(9.0).reshape(1, 3, 3, 1)
    >>> filter_gradient(x, np.ones((1, 2, 2, 1)), rows=2, columns=2)[:, :, 0, 0]
    array([[ 8., 12.],
           [20., 24.]])
    """
    seen = patches(x, rows, columns, stride)
    slopes = np.asarray(upstream, dtype=float)
    gradient = seen.reshape(-1, seen.shape[-1]).T @ slopes.reshape(-1, slopes.shape[-1])
    return gradient.reshape(rows, columns, -1, slopes.shape[-1])
