"""The format of TFRecords, written and read by us, against TensorFlow's own."""

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import records
from helpers.data.records import parse_image, write_images

ITEMS = [b"", b"deep", bytes(300)]
tf1 = tf.compat.v1


def file_of(items: list[bytes], path: Path) -> bytes:
    with tf.io.TFRecordWriter(str(path)) as writer:
        for item in items:
            writer.write(item)
    return path.read_bytes()


def test_a_file_is_written_as_tensorflow_does(tmp_path: Path) -> None:
    assert b"".join(map(records.frame, ITEMS)) == file_of(ITEMS, tmp_path / "items")


def test_a_file_of_tensorflow_is_read(tmp_path: Path) -> None:
    contents = file_of(ITEMS, tmp_path / "items")
    assert records.read(contents) == (ITEMS, len(contents))


@given(st.lists(st.binary(max_size=40), max_size=5), st.data())
@settings(max_examples=50)
def test_every_changed_bit_and_every_cut_is_noticed(
    items: list[bytes], data: st.DataObject
) -> None:
    framed = [records.frame(item) for item in items]
    contents = b"".join(framed)
    begins = [0, *np.cumsum([len(record) for record in framed]).tolist()]
    for place in range(len(contents)):
        changed = bytearray(contents)
        changed[place] ^= 1 << data.draw(st.integers(0, 7))
        whole = max(n for n, begin in enumerate(begins) if begin <= place)
        for damaged in (bytes(changed), contents[:place]):
            assert records.read(damaged) == (items[:whole], begins[whole])


def test_the_parts_are_the_file() -> None:
    parts = [part for record in records.parts(ITEMS) for part in record]
    contents = b"".join(part.contents for part in parts)
    assert contents == b"".join(map(records.frame, ITEMS))
    assert all(contents[part.start :].startswith(part.contents) for part in parts)


@pytest.mark.parametrize("compression", ["", "GZIP", "ZLIB"])
def test_images_come_back_equal(tmp_path: Path, compression: str) -> None:
    images = np.random.default_rng(0).integers(0, 256, size=(5, 3, 4), dtype=np.uint8)
    labels = np.array([3, 1, 4, 1, 5])
    path = tmp_path / "images"
    write_images(path, images, labels, compression)
    read = tf.data.TFRecordDataset(str(path), compression)
    found = list(read.map(lambda record: parse_image(record, (3, 4))))
    np.testing.assert_allclose([image * 255 for image, _ in found], images, rtol=1e-6)
    assert [int(label) for _, label in found] == labels.tolist()
    first = next(read.as_numpy_iterator())
    with tf.Graph().as_default(), tf1.Session() as session:
        image, label = session.run(parse_image(first, (3, 4)))
    np.testing.assert_allclose(image * 255, images[0], rtol=1e-6)
    assert label == labels[0]


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        (np.zeros([2, 3, 3]), [1, 2]),
        (np.zeros([2, 3, 3], np.uint8), [1]),
        (np.zeros([2, 3, 3], np.uint8), [[0, 1], [1, 0]]),
        (np.zeros([2, 3, 3], np.uint8), [0.5, 1.0]),
    ],
)
def test_what_would_not_come_back_is_not_written(
    tmp_path: Path, images: np.ndarray, labels: list
) -> None:
    with pytest.raises(ValueError, match=r"images|labels"):
        write_images(tmp_path / "images", images, labels)
    assert not list(tmp_path.iterdir())
