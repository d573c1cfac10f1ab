"""The course's own pooling and its gradient agree with TensorFlow's, whatever the sizes."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from helpers import pooling


@pytest.mark.parametrize("padding", ["VALID", "SAME"])
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_every_stride_agrees_with_tensorflow(size: int, padding: str) -> None:
    rng = np.random.default_rng(size)
    for height, width, stride in itertools.product((4, 5, 7), (4, 6), (1, 2, 3, 5)):
        x = rng.normal(size=(2, height, width, 3)) - 5  # zeros of a padding would be the largest
        largest = tf.nn.max_pool2d(x, size, stride, padding)
        np.testing.assert_allclose(pooling.max_pool(x, size, stride, padding), largest)
        mean = tf.nn.avg_pool2d(x, size, stride, padding)
        np.testing.assert_allclose(pooling.mean_pool(x, size, stride, padding), mean)


@pytest.mark.parametrize(("height", "width", "size"), [(4, 6, 2), (5, 7, 2), (7, 9, 3)])
def test_the_gradient_is_tensorflow_s_at_ties_too(height: int, width: int, size: int) -> None:
    rng = np.random.default_rng(0)
    x = rng.integers(0, 3, size=(2, height, width, 4)).astype(float)
    upstream = rng.normal(size=(2, height // size, width // size, 4))
    images = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(images)
        pooled = tf.nn.max_pool2d(images, size, size, "VALID")
    found = tape.gradient(pooled, images, output_gradients=tf.constant(upstream))
    np.testing.assert_allclose(pooling.max_pool_gradient(x, upstream, size), found)


def test_what_does_not_fit_is_named() -> None:
    with pytest.raises(ValueError, match="a filter of 4 does not fit into 3"):
        pooling.max_pool(np.ones((1, 3, 3, 1)), 4, 4)
