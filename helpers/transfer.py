"""Transfer learning (迁移学习) in NumPy: small networks, trained, taken over and frozen."""

import itertools

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers import losses

Layers = list[tuple[NDArray, NDArray]]


def block_mean(images: ArrayLike, size: int) -> NDArray:
    """Return images made smaller: each pixel is the mean of a square block.

    Parameters
    ----------
    images : array_like of float, shape (samples, side, side)
    size : int
        Side of a block; it divides the side of the images.

    Returns
    -------
    ndarray of float, shape (samples, side / size, side / size)

    Raises
    ------
    ValueError
        If `size` does not divide the side.

    Examples
    --------
    >>> block_mean([[[1.0, 3.0], [5.0, 7.0]]], 2)
    array([[[4.]]])
    """
    images = np.asarray(images, dtype=float)
    samples, side, _ = images.shape
    if side % size:
        raise ValueError(f"blocks of {size} do not fill a side of {side} pixels.")
    new = side // size
    return images.reshape(samples, new, size, new, size).mean(axis=(2, 4))


def new_layers(sizes: list[int], rng: np.random.Generator) -> Layers:
    """Return random weights and zero biases of layers with these numbers of units.

    Notes
    -----
    He et al., Delving Deep into Rectifiers, 2015, equation 10.

    Examples
    --------
    >>> [weights.shape for weights, _ in new_layers([4, 3, 2], np.random.default_rng(0))]
    [(4, 3), (3, 2)]
    """
    return [
        (rng.normal(scale=np.sqrt(2 / before), size=(before, after)), np.zeros(after))
        for before, after in itertools.pairwise(sizes)
    ]


def _forward(layers: Layers, x: NDArray) -> tuple[list[NDArray], NDArray]:
    """Return each layer's inputs, and the logits; ReLU stands between the layers."""
    inputs = [x]
    for weights, biases in layers[:-1]:
        inputs.append(np.maximum(inputs[-1] @ weights + biases, 0))
    weights, biases = layers[-1]
    return inputs, inputs[-1] @ weights + biases


def accuracy(layers: Layers, x: NDArray, labels: NDArray) -> float:
    """Return the share of samples whose largest logit is that of their label.

    Examples
    --------
    >>> accuracy([(np.eye(2), np.zeros(2))], np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([0, 1]))
    0.5
    """
    return float(np.mean(_forward(layers, x)[1].argmax(axis=1) == labels))


def train(
    layers: Layers,
    x: NDArray,
    labels: NDArray,
    rng: np.random.Generator,
    num_steps: int = 300,
    learning_rate: float = 0.1,
    num_frozen: int = 0,
) -> Layers:
    """Return the layers after training by gradient descent; the given ones stay as they are.

    Parameters
    ----------
    layers : list of pairs of ndarray
        Weights of shape (inputs, units) and biases of shape (units,); ReLU between the layers.
    x : ndarray, shape (samples, inputs)
    labels : ndarray of int, shape (samples,)
    rng : numpy.random.Generator
        Draws the batches, of 50 samples at most.
    num_steps : int, optional
    learning_rate : float, optional
    num_frozen : int, optional
        So many layers, from the first on, do not change.

    Notes
    -----
    Slide: 迁移学习.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x, labels = np.eye(3), np.arange(3)
    >>> before = new_layers([3, 4, 3], rng)
    >>> after = train(before, x, labels, rng, num_frozen=1)
    >>> accuracy(after, x, labels), after[0] is before[0]
    (1.0, True)
    """
    for _ in range(num_steps):
        rows = rng.integers(0, len(x), min(50, len(x)))
        inputs, logits = _forward(layers, x[rows])
        gradient = losses.softmax_cross_entropy_gradient(logits.T, labels[rows]).T / len(rows)
        moved = list(layers)
        for number in reversed(range(num_frozen, len(layers))):
            weights, biases = layers[number]
            moved[number] = (
                weights - learning_rate * inputs[number].T @ gradient,
                biases - learning_rate * gradient.sum(axis=0),
            )
            gradient = gradient @ weights.T * (inputs[number] > 0)
        layers = moved
    return layers


def paired_gain(without: ArrayLike, with_transfer: ArrayLike) -> tuple[float, float]:
    """Return the mean gain over pairs of runs, and the standard error of that mean.

    Parameters
    ----------
    without, with_transfer : array_like of float, shape (runs,)
        The same run (same seed, same samples) at the same place; at least two runs.

    Returns
    -------
    gain, standard_error : float

    Notes
    -----
    The standard error is the standard deviation of the differences, with runs - 1 in its
    denominator, over the root of the number of runs.

    Examples
    --------
    >>> [round(number, 3) for number in paired_gain([0.5, 0.7], [0.6, 0.9])]
    [0.15, 0.05]
    """
    differences = np.subtract(with_transfer, without)
    error = differences.std(ddof=1) / np.sqrt(len(differences))
    return float(differences.mean()), float(error)
