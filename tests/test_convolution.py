"""The course's own convolution agrees with TensorFlow's, whatever the sizes."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from helpers import convolution

SIZES = range(1, 13)


@pytest.mark.parametrize("filter_size", SIZES)
def test_every_size_and_stride_agrees_with_tensorflow(filter_size: int) -> None:
    rng = np.random.default_rng(filter_size)
    filters = rng.normal(size=(filter_size, 1, 1, 1))
    for size, stride, padding in itertools.product(SIZES, SIZES, ("VALID", "SAME")):
        if padding == "VALID" and filter_size > size:
            continue
        x = rng.normal(size=(1, size, 1, 1))
        found = tf.nn.conv2d(x, filters, stride, padding).numpy()
        assert found.shape[1] == convolution.output_size(size, filter_size, stride, padding)
        ours = convolution.conv2d(x, filters, stride=stride, padding=padding)
        np.testing.assert_allclose(ours, found, atol=1e-12)


@pytest.mark.parametrize("padding", ["VALID", "SAME"])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_images_channels_and_biases_agree_with_tensorflow(padding: str, stride: int) -> None:
    rng = np.random.default_rng(0)
    x, filters, biases = (rng.normal(size=s) for s in ((2, 9, 7, 3), (4, 2, 3, 5), (5,)))
    found = tf.nn.conv2d(x, filters, stride, padding) + biases
    ours = convolution.conv2d(x, filters, biases, stride, padding)
    np.testing.assert_allclose(ours, found, atol=1e-12)
    assert convolution.num_parameters(4, 2, 3, 5) == filters.size + biases.size


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_the_gradient_is_tensorflow_s(stride: int) -> None:
    rng = np.random.default_rng(1)
    x, filters = rng.normal(size=(2, 8, 6, 3)), tf.constant(rng.normal(size=(3, 2, 3, 4)))
    with tf.GradientTape() as tape:
        tape.watch(filters)
        y = tf.nn.conv2d(x, filters, stride, "VALID")
        weights = rng.normal(size=y.shape)
        loss = tf.reduce_sum(y * weights)
    ours = convolution.filter_gradient(x, weights, 3, 2, stride)
    np.testing.assert_allclose(ours, tape.gradient(loss, filters), atol=1e-12)


def test_what_does_not_fit_is_named() -> None:
    x = np.ones((1, 3, 3, 2))
    with pytest.raises(ValueError, match="a filter of 4 does not fit into 3"):
        convolution.conv2d(x, np.ones((4, 4, 2, 1)))
    with pytest.raises(ValueError, match="the filters are for 3 channels"):
        convolution.conv2d(x, np.ones((2, 2, 3, 1)))
    with pytest.raises(ValueError, match="padding is VALID or SAME, and not 'same'"):
        convolution.output_size(3, 2, 1, "same")
