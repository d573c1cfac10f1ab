"""LeNet-5 as its paper has it: what is connected to what, and how it decides: LeNet-5 模型."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Which of S2's six maps each of C3's sixteen sees: three neighbours, four neighbours, two pairs of
# neighbours, all (the maps stand in a circle). LeCun, Bottou, Bengio and Haffner (1998), table I.
C3_SEES = (
    *((0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5)),
    *((0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5)),
    *((0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5)),
    (0, 1, 2, 3, 4, 5),
)


def connection_table(sees: Sequence[Sequence[int]], inputs: int) -> NDArray[np.bool_]:
    """Return the table of connections of a layer's maps.

    Parameters
    ----------
    sees : sequence of sequence of int
        For each map of the layer the maps of the layer before that it is connected to.
    inputs : int
        Number of maps of the layer before.

    Returns
    -------
    ndarray of bool, shape (inputs, outputs)

    Notes
    -----
    Slide: LeNet-5 模型, the table of C3, some of whose crosses have slipped there.

    Examples
    --------
    >>> connection_table([(0, 1), (1,)], inputs=2).astype(int)
    array([[1, 0],
           [1, 1]])
    >>> int(connection_table(C3_SEES, inputs=6).sum())
    60
    """
    table = np.zeros((inputs, len(sees)), dtype=bool)
    for output, chosen in enumerate(sees):
        table[list(chosen), output] = True
    return table


def convolution_counts(size: int, filter_size: int, table: ArrayLike) -> tuple[int, int, int]:
    """Return the output's size, the parameters and the connections of a convolution.

    Parameters
    ----------
    size : int
        Height and width of the maps that come in.
    filter_size : int
        Height and width of the filters; they move by one pixel, without padding.
    table : array_like of bool, shape (inputs, outputs)
        Which map comes in where. Each connected pair has a filter, each map that goes out a bias.

    Returns
    -------
    output_size, parameters, connections : int
        Each pixel that goes out has as many connections as its map has parameters.

    Notes
    -----
    Slide: LeNet-5 模型. A dense layer is one of maps of a single pixel.

    Examples
    --------
    >>> convolution_counts(32, 5, np.ones((1, 6)))
    (28, 156, 122304)
    """
    connected = np.asarray(table, dtype=bool)
    output_size = size - filter_size + 1
    parameters = filter_size**2 * int(connected.sum()) + connected.shape[1]
    return output_size, parameters, parameters * output_size**2


def subsampling_counts(size: int, maps: int) -> tuple[int, int, int]:
    """Return the output's size, the parameters and the connections of a layer of subsampling.

    Each pixel that goes out adds four pixels, multiplies the sum by its map's coefficient and adds
    its map's bias.

    Parameters
    ----------
    size : int
        Height and width of the maps that come in; even.
    maps : int

    Notes
    -----
    Slide: LeNet-5 模型.

    Examples
    --------
    >>> subsampling_counts(28, 6)
    (14, 12, 5880)
    """
    output_size = size // 2
    return output_size, 2 * maps, (4 + 1) * maps * output_size**2


def partial_convolution(
    x: ArrayLike, filters: ArrayLike, biases: ArrayLike, table: ArrayLike
) -> NDArray[np.float64]:
    """Return a convolution whose maps see only a part of the maps before.

    Parameters
    ----------
    x : array_like, shape (batch, height, width, inputs)
    filters : array_like, shape (filter height, filter width, inputs, outputs)
        Those of maps that are not connected are ignored.
    biases : array_like, shape (outputs,)
    table : array_like of bool, shape (inputs, outputs)

    Returns
    -------
    ndarray, shape (batch, height - filter height + 1, width - filter width + 1, outputs)

    Notes
    -----
    Slide: LeNet-5 模型, C3.

    Examples
    --------
    >>> x = np.arange(8.0).reshape(1, 2, 2, 2)
    >>> partial_convolution(x, np.ones((2, 2, 2, 1)), [0.5], [[True], [False]])
    array([[[[12.5]]]])
    """
    kept = np.where(np.asarray(table, dtype=bool), filters, 0.0)
    windows = np.lib.stride_tricks.sliding_window_view(x, kept.shape[:2], axis=(1, 2))
    return np.einsum("bhwikl,klio->bhwo", windows, kept) + np.asarray(biases)


def nearest_codes(x: ArrayLike, codes: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return how far each sample is from each class' code, and the nearest class.

    Parameters
    ----------
    x : array_like, shape (samples, units)
        What F6 makes of the samples.
    codes : array_like, shape (classes, units)
        What it should make of each class.

    Returns
    -------
    distances : ndarray, shape (samples, classes)
        Squared Euclidean distances: the outputs of the radial basis functions.
    predicted : ndarray of int, shape (samples,)

    Notes
    -----
    Slide: LeNet-5 模型, RBF.

    Examples
    --------
    >>> nearest_codes([[1.0, 1.0]], [[-1.0, 1.0], [1.0, 0.5]])
    (array([[4.  , 0.25]]), array([1]))
    """
    difference = np.asarray(x, dtype=float)[:, np.newaxis] - np.asarray(codes, dtype=float)
    distances = np.square(difference).sum(axis=2)
    return distances, distances.argmin(axis=1)
