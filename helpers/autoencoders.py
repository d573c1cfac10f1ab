"""Autoencoders (自编码器) in NumPy: noise for their input, their gradients, and what they span."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def corrupt(x: ArrayLike, kind: str, amount: float, rng: np.random.Generator) -> NDArray:
    """Return images with noise, for a denoising autoencoder.

    Parameters
    ----------
    x : array_like of float, shape (samples, pixels)
        From 0 to 1.
    kind : {"gaussian", "masking"}
        Add normal noise and cut off at 0 and 1 (加性高斯噪声), or set pixels to 0 (随机遮挡噪声).
    amount : float
        The noise's standard deviation, or the probability that a pixel is set to 0.
    rng : numpy.random.Generator
        Draws one number for each pixel, normal or uniform.

    Returns
    -------
    ndarray of float, shape (samples, pixels)

    Raises
    ------
    ValueError
        If there is no such kind.

    Notes
    -----
    Slide: 自编码器, (2). Vincent et al., Stacked Denoising Autoencoders, 2010, section 3.3.

    Examples
    --------
    >>> corrupt([[0.5, 1.0, 1.0]], "masking", 0.5, np.random.default_rng(0))
    array([[0.5, 0. , 0. ]])
    """
    x = np.asarray(x, dtype=float)
    if kind == "gaussian":
        return np.clip(x + amount * rng.normal(size=x.shape), 0, 1)
    if kind == "masking":
        return np.where(rng.random(x.shape) < amount, 0, x)
    raise ValueError(f"kind is 'gaussian' or 'masking', not {kind!r}.")


def loss(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> float:
    """Return what a linear autoencoder costs: half the squared error, and its codes' size.

    Parameters
    ----------
    x : ndarray, shape (samples, pixels)
    encoder : ndarray, shape (pixels, units)
    decoder : ndarray, shape (units, pixels)
    scale : float
        Of the penalty, the sum of the codes' absolute values.

    Returns
    -------
    float
        The mean over the samples.

    Notes
    -----
    Slide: 自编码器, (1).

    Examples
    --------
    >>> loss(np.array([[2.0, 0.0]]), np.array([[0.5], [0.0]]), np.array([[1.0, 0.0]]), 0.1)
    0.6
    """
    codes = x @ encoder
    error = np.square(codes @ decoder - x).sum(axis=1) / 2
    return float(np.mean(error + scale * np.abs(codes).sum(axis=1)))


def gradients(
    x: NDArray, encoder: NDArray, decoder: NDArray, scale: float
) -> tuple[NDArray, NDArray]:
    """Return the gradients of `loss` by the encoder and by the decoder.

    Examples
    --------
    >>> x, encoder, decoder = np.array([[2.0, 0.0]]), np.eye(2, 1) / 2, np.eye(1, 2)
    >>> by_encoder, by_decoder = gradients(x, encoder, decoder, 0.1)
    >>> by_encoder, by_decoder
    (array([[-1.8],
           [ 0. ]]), array([[-1.,  0.]]))
    """
    codes = x @ encoder
    error = (codes @ decoder - x) / len(x)
    by_codes = error @ decoder.T + scale * np.sign(codes) / len(x)
    return x.T @ by_codes, codes.T @ error


def largest_angle(a: ArrayLike, b: ArrayLike) -> float:
    """Return the largest principal angle between what the rows of two matrices span, in degrees.

    Parameters
    ----------
    a, b : array_like, shape (rows, features)
        As many independent rows each. Rows need not be orthogonal, nor of length 1.

    Returns
    -------
    float
        0 if both span the same, 90 if a direction of one is at right angles to all of the other.

    Notes
    -----
    Björck & Golub, Numerical Methods for Computing Angles, 1973, theorem 1: the cosines are the
    singular values of the product of orthonormal bases. For small angles the sines are exact.

    Examples
    --------
    >>> round(largest_angle([[1.0, 0.0, 0.0]], [[3.0, 3.0, 0.0]]), 6)
    45.0
    """
    basis_a, basis_b = (np.linalg.qr(np.asarray(rows, dtype=float).T)[0] for rows in (a, b))
    outside = basis_b - basis_a @ (basis_a.T @ basis_b)
    return float(np.degrees(np.arcsin(min(1.0, float(np.linalg.norm(outside, ord=2))))))
