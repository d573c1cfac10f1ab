"""Images and their labels as TFRecords: TFRecords."""

from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:  # TensorFlow takes seconds to import, so only a call does it.
    import tensorflow as tf


def image_example(image: NDArray, label: int) -> "tf.train.Example":
    """Return an image and its label as an ``Example``.

    Parameters
    ----------
    image : ndarray of uint8
        Any shape.
    label : int

    Returns
    -------
    tf.train.Example
        ``image_raw``, the image's bytes row by row; ``label``; and, where the image has two axes,
        ``height`` and ``width``.

    Notes
    -----
    Slide: TFRecords, whose feature ``pixels`` forgets which of an image's axes is which.

    Examples
    --------
    >>> example = image_example(np.array([[1, 2, 3]], np.uint8), 7)
    >>> sorted(example.features.feature)
    ['height', 'image_raw', 'label', 'width']
    """
    import tensorflow as tf

    def integer(value: int) -> Any:
        return tf.train.Feature(int64_list=tf.train.Int64List(value=[value]))

    raw = tf.train.BytesList(value=[image.tobytes()])
    feature = {"image_raw": tf.train.Feature(bytes_list=raw), "label": integer(int(label))}
    if image.ndim == 2:
        feature |= {"height": integer(image.shape[0]), "width": integer(image.shape[1])}
    return tf.train.Example(features=tf.train.Features(feature=feature))


def write_images(
    path: str | PathLike[str], images: NDArray, labels: ArrayLike, options: Any = None
) -> None:
    """Write images and their labels to a file of TFRecords, an ``Example`` each.

    Parameters
    ----------
    path : str or path
        A file that is there already is replaced.
    images : ndarray of uint8, shape (samples, ...)
    labels : array_like of int, shape (samples,)
    options : tf.io.TFRecordOptions or str, optional
        ``"GZIP"`` or ``"ZLIB"`` compresses the file; whoever reads it has to say so too.

    Raises
    ------
    ValueError
        If the images are not of dtype uint8, or there is not one label of type int for each.

    Notes
    -----
    Slide: TFRecords. The features are those of `image_example`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_images(Path(folder) / "two", np.zeros([2, 3, 3], np.uint8), [4, 9])
    ...     Path(folder, "two").stat().st_size
    190
    """
    import tensorflow as tf

    labels = np.asarray(labels)
    if images.dtype != np.uint8:
        raise ValueError(f"images are written as bytes: {images.dtype} given, not uint8")
    if labels.shape != (len(images),):
        raise ValueError(f"{len(images)} images, and labels of shape {labels.shape}")
    if labels.size and labels.dtype.kind not in "iu":
        raise ValueError(f"labels are int, not {labels.dtype}")
    with tf.io.TFRecordWriter(str(path), options) as writer:
        for image, label in zip(images, labels, strict=True):
            writer.write(image_example(image, label).SerializeToString(deterministic=True))


def parse_image(serialized: Any, shape: tuple[int, ...]) -> "tuple[tf.Tensor, tf.Tensor]":
    """Return the image and the label of one record that `write_images` wrote.

    Parameters
    ----------
    serialized : tensor of strings, scalar
        A record's bytes: what a reader of TensorFlow 1 or ``tf.data.TFRecordDataset`` gives.
    shape : tuple of int
        Shape of an image.

    Returns
    -------
    image : tensor of float32, of the given shape
        Numbers from 0 to 1.
    label : tensor of int64, scalar

    Raises
    ------
    tf.errors.InvalidArgumentError
        When it runs, if a feature is missing or the bytes do not fill the shape.

    Notes
    -----
    Slide: TFRecords, ``parse_single_example`` and ``decode_raw``. The same lines serve a graph, a
    function of ``tf.data`` and a call.

    Examples
    --------
    >>> example = image_example(np.array([[0, 255], [51, 0]], np.uint8), 7)
    >>> image, label = parse_image(example.SerializeToString(), (2, 2))
    >>> print(image.numpy().tolist(), int(label))  # doctest: +ELLIPSIS
    [[0.0, 1.0], [0.2..., 0.0]] 7
    """
    import tensorflow as tf

    features = tf.io.parse_single_example(
        serialized,
        {
            "image_raw": tf.io.FixedLenFeature([], tf.string),
            "label": tf.io.FixedLenFeature([], tf.int64),
        },
    )
    pixels = tf.reshape(tf.io.decode_raw(features["image_raw"], tf.uint8), shape)
    return tf.cast(pixels, tf.float32) / 255, features["label"]
