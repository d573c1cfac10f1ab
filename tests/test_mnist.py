"""All of MNIST is read where it is, and a damaged file is named with its remedy."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from helpers.data import mnist

SIZES = {"train": 60_000, "t10k": 10_000}


def write_idx(path: Path, values: np.ndarray) -> None:
    head = bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}i", *values.shape)
    path.write_bytes(gzip.compress(head + values.tobytes(), compresslevel=1))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of files of MNIST's sizes, whose pixels all hold the image's label."""
    folder = tmp_path_factory.mktemp("mnist")
    for part, number in SIZES.items():
        labels = (np.arange(number) % 10).astype(np.uint8)
        images = np.broadcast_to(labels[:, None, None] * 20, (number, 28, 28))
        write_idx(folder / f"{part}-labels-idx1-ubyte.gz", labels)
        write_idx(folder / f"{part}-images-idx3-ubyte.gz", images)
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """Return a folder of links to these files, in which a test may replace one."""
    for path in whole.iterdir():
        (tmp_path / path.name).symlink_to(path)
    return tmp_path


def replace(folder: Path, name: str, data: bytes) -> None:
    (folder / name).unlink()
    (folder / name).write_bytes(data)


def test_the_five_thousand_are_real_and_divided_once() -> None:
    data = mnist.load()
    again = mnist.load(num_validation=500)
    assert data.x_train.dtype == np.float32
    assert data.x_train.min() == 0
    assert data.x_train.max() == 1
    everything = np.vstack([data.x_train, data.x_validation])
    assert len(np.unique(everything, axis=0)) == 5000
    labels = np.concatenate([data.labels_train, data.labels_validation])
    np.testing.assert_array_equal(np.bincount(labels), 500)
    assert np.bincount(data.labels_validation).min() > 70
    np.testing.assert_array_equal(again.x_validation, data.x_validation[-500:])


def test_the_folder_of_the_four_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = mnist.load_all(folder)
    assert data.x_train.shape == (55_000, 784)
    assert data.x_validation.shape == (5_000, 784)
    assert data.x_test.shape == (10_000, 784)
    np.testing.assert_allclose(data.x_validation[:, 300], data.labels_validation * 20 / 255)
    np.testing.assert_allclose(data.x_train[:, 300], data.labels_train * 20 / 255)
    assert str(folder) in data.found
    monkeypatch.setenv("GLIMPSE_MNIST", str(folder))
    assert mnist.load_all().found == data.found


def test_files_without_compression(folder: Path) -> None:
    packed = folder / "train-labels-idx1-ubyte.gz"
    (folder / packed.stem).write_bytes(gzip.decompress(packed.read_bytes()))
    packed.unlink()
    assert mnist.load_all(folder).labels_train[0] == 0


def test_keras_own_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GLIMPSE_MNIST", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(mnist.MnistError, match=r"not on this machine.*GLIMPSE_MNIST"):
        mnist.load_all()
    (tmp_path / "datasets").mkdir()
    copy = tmp_path / "datasets" / "mnist.npz"
    images, labels = np.zeros((60_000, 28, 28), np.uint8), np.arange(60_000) % 10
    test = {"x_test": images[:10_000], "y_test": labels[:10_000]}
    np.savez_compressed(copy, x_train=images, y_train=labels, **test)  # type: ignore[arg-type]
    assert mnist.load_all().found == "Keras' copy"
    copy.write_bytes(copy.read_bytes()[:-1000])
    with pytest.raises(mnist.MnistError, match=r"mnist\.npz, is damaged.*download it again"):
        mnist.load_all()


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda data: data[: len(data) // 2], "cannot be read.*Copy it again"),
        (lambda data: b"<html>" + data, "cannot be read.*Copy it again"),
        (lambda data: gzip.compress(b"<html>"), "is no IDX file of 1 axes"),
        (lambda data: gzip.compress(gzip.decompress(data)[:-7]), "has 60001 bytes.* says 60008"),
        (
            lambda data: gzip.compress(bytes([0, 0, 8, 1, 0, 0, 0, 1, 5])),
            r"has the shape \(1,\), not \(60000,\)",
        ),
        (
            lambda data: gzip.compress(gzip.decompress(data)[:-1] + b"\x0a"),
            "holds labels beyond 9",
        ),
    ],
)
def test_a_damaged_file_is_named(folder: Path, damage: Callable[[bytes], bytes], says: str) -> None:
    name = "train-labels-idx1-ubyte.gz"
    replace(folder, name, damage((folder / name).read_bytes()))
    with pytest.raises(mnist.MnistError, match=says) as caught:
        mnist.load_all(folder)
    assert "train-labels-idx1-ubyte" in str(caught.value)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "t10k-images-idx3-ubyte.gz").unlink()
    with pytest.raises(mnist.MnistError, match="no file t10k-images-idx3-ubyte"):
        mnist.load_all(folder)
