"""Handwritten digits that come with scikit-learn: 1797 images of 8 x 8 pixels."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Digits(NamedTuple):
    """Images as rows of 64 numbers from 0 (white) to 1 (black), and their labels from 0 to 9."""

    x_train: NDArray
    labels_train: NDArray
    x_test: NDArray
    labels_test: NDArray


def load(num_test: int = 597) -> Digits:
    """Return the digits, split into a training part and, from the end, a test part.

    Parameters
    ----------
    num_test : int, optional
        Number of test samples. They were written by other people than the training samples.

    Returns
    -------
    Digits
        ``x_*`` float32 of shape (samples, 64), ``labels_*`` int64 of shape (samples,).

    Examples
    --------
    >>> load().x_train.shape
    (1200, 64)
    """
    from sklearn.datasets import load_digits

    data = load_digits()
    x = (data.data / 16).astype(np.float32)
    labels = data.target.astype(np.int64)
    return Digits(x[:-num_test], labels[:-num_test], x[-num_test:], labels[-num_test:])
