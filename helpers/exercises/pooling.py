"""Exercises of lesson 24: halving an image, the gradient through max pooling, and invariance."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers import pooling
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import pooling as probes

__all__ = ["change_by_shift", "halve", "hint", "max_pool_gradient"]

# Halving an image --------------------------------------------------------------------------------


def _padded(image: NDArray, value: float) -> NDArray:
    height, width = image.shape
    return np.pad(image, [(0, height % 2), (0, width % 2)], constant_values=value)


def _quarters(image: NDArray) -> NDArray:
    """Return the windows of an image of even sides, shape (height, width, 4)."""
    height, width = image.shape
    return image.reshape(height // 2, 2, width // 2, 2).swapaxes(1, 2).reshape(-1, width // 2, 4)


def always_by_four(image: NDArray) -> NDArray:
    """You divide by 4 at the border, too, where a window has two pixels or one.

    The zeros of the padding do not count.
    """
    return _quarters(_padded(image, 0)).mean(axis=2)


def border_left_out(image: NDArray) -> NDArray:
    """You leave out the last row or column of an image of odd size; it has windows of its own."""
    height, width = image.shape
    return _quarters(image[: height - height % 2, : width - width % 2]).mean(axis=2)


def sum_of_the_window(image: NDArray) -> NDArray:
    """You add the pixels up; divide by how many there are."""
    return _quarters(_padded(image, 0)).sum(axis=2)


def largest_of_the_window(image: NDArray) -> NDArray:
    """You take the largest pixel: that is max pooling; the mean was asked for."""
    return _quarters(_padded(image, -np.inf)).max(axis=2)


def overlapping_windows(image: NDArray) -> NDArray:
    """Your windows move by one pixel; they stand side by side."""
    return pooling.mean_pool(image[None, :, :, None], 2, 1, "SAME")[0, :, :, 0]


def every_second_pixel(image: NDArray) -> NDArray:
    """You keep every second pixel, and throw three quarters of the image away unseen."""
    return image[::2, ::2]


def halved_by_slices(image: NDArray) -> NDArray:
    """Take the mean of each slice, which is shorter at the border by itself."""
    height, width = image.shape
    rows, columns = range(0, height, 2), range(0, width, 2)
    return np.array([[image[r : r + 2, c : c + 2].mean() for c in columns] for r in rows])


def halved_by_counting(image: NDArray) -> NDArray:
    """Add up, and divide by how many there were."""
    ones = _padded(np.ones_like(image), 0)
    return _quarters(_padded(image, 0)).sum(axis=2) / _quarters(ones).sum(axis=2)


def halved_by_tensorflow(image: NDArray) -> Any:
    """Ask TensorFlow."""
    import tensorflow as tf

    return tf.nn.avg_pool2d(image[None, :, :, None], 2, 2, "SAME")[0, :, :, 0]


def _random_image(rng: np.random.Generator) -> tuple:
    return (rng.integers(-9, 10, size=rng.integers(3, 7, size=2)).astype(float),)


halve = Exercise(
    name="halve",
    lesson="24_pooling",
    reference=pooling.halve,
    parts=[
        Part(
            "even sides",
            points=1,
            cases=[(np.arange(8.0).reshape(2, 4),), (np.arange(24.0).reshape(6, 4) % 7 - 3,)],
            random_case=lambda rng: (rng.integers(-9, 10, size=(4, 6)).astype(float),),
        ),
        Part(
            "odd sides",
            points=1,
            cases=[
                (np.array([[1.0, -1.0, 0.0], [-1.0, 2.0, 1.0], [0.0, 2.0, -2.0]]),),
                (np.array([[4.0, 2.0, 5.0]]),),
                (np.array([[3.0], [-5.0], [6.0], [8.0]]),),
            ],
            random_case=_random_image,
        ),
    ],
    misconceptions=[
        always_by_four,
        border_left_out,
        sum_of_the_window,
        largest_of_the_window,
        overlapping_windows,
        every_second_pixel,
    ],
    also_right=[halved_by_slices, halved_by_counting, halved_by_tensorflow],
    hints=[
        "How many windows has a row of five pixels? And how many pixels has the last of them?",
        "A slice that goes past the end of an array is simply shorter, and .mean() sees that.",
    ],
)

# The gradient through max pooling ----------------------------------------------------------------


def _spread(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """Return each window's slope at all of its pixels."""
    result = np.zeros_like(x)
    wide = upstream.repeat(size, axis=1).repeat(size, axis=2)
    result[:, : wide.shape[1], : wide.shape[2]] = wide
    return result


def _is_largest(x: NDArray, size: int) -> NDArray:
    pooled = pooling.max_pool(x, size, size)
    covered = np.zeros(x.shape, dtype=bool)
    wide = pooled.repeat(size, axis=1).repeat(size, axis=2)
    covered[:, : wide.shape[1], : wide.shape[2]] = x[:, : wide.shape[1], : wide.shape[2]] == wide
    return covered


def to_all_pixels(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """You give each pixel of a window its slope; only the largest one has any influence."""
    return _spread(x, upstream, size)


def shared_as_by_a_mean(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """You share the slope among the window's pixels: that is the way back through mean pooling."""
    return _spread(x, upstream, size) / size**2


def to_all_largest(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """Of equal pixels you give the whole slope to each; the first of them gets it."""
    return _spread(x, upstream, size) * _is_largest(x, size)


def to_the_last_largest(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """Of equal pixels you choose the last; TensorFlow's gradient goes to the first, row by row."""
    height, width = upstream.shape[1] * size, upstream.shape[2] * size
    result = np.zeros_like(x)
    turned = x[:, :height, :width][:, ::-1, ::-1]
    back = pooling.max_pool_gradient(turned, upstream[:, ::-1, ::-1], size)
    result[:, :height, :width] = back[:, ::-1, ::-1]
    return result


def ones_for_slopes(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """You mark the largest pixels with 1; each gets its window's entry of `upstream`."""
    return pooling.max_pool_gradient(x, np.ones_like(upstream), size)


def times_the_pixel(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """You multiply by the pixel itself; the slope of the largest pixel's value is 1."""
    return pooling.max_pool_gradient(x, upstream, size) * x


def largest_of_the_channels(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """You look for the largest pixel over all channels together; each channel has its own."""
    together = np.repeat(x.sum(axis=3, keepdims=True), x.shape[3], axis=3)
    return pooling.max_pool_gradient(together, upstream, size)


def border_dropped(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """Your gradient lacks the rows and columns that no window covers; they get 0.

    A gradient has the shape of what it is a gradient by.
    """
    height, width = upstream.shape[1] * size, upstream.shape[2] * size
    return pooling.max_pool_gradient(x, upstream, size)[:, :height, :width]


def gradient_by_windows(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """Go from window to window."""
    gradient = np.zeros(x.shape)
    for b, r, c, channel in np.ndindex(upstream.shape):
        window = x[b, r * size : (r + 1) * size, c * size : (c + 1) * size, channel]
        down, right = divmod(int(window.argmax()), size)
        gradient[b, r * size + down, c * size + right, channel] = upstream[b, r, c, channel]
    return gradient


def gradient_of_a_tape(x: NDArray, upstream: NDArray, size: int) -> Any:
    """Let a tape differentiate."""
    import tensorflow as tf

    images = tf.Variable(x)
    with tf.GradientTape() as tape:
        pooled = tf.nn.max_pool2d(images, size, size, "VALID")
    return tape.gradient(pooled, images, output_gradients=tf.constant(upstream))


def _pooled_case(seed: int, height: int, width: int, size: int, highest: int) -> tuple:
    rng = np.random.default_rng(seed)
    shape = (2, height, width, 2)
    if highest:
        x = rng.integers(0, highest, size=shape).astype(float)
    else:
        x = rng.permutation(np.prod(shape)).reshape(shape) - 20.0
    upstream = rng.integers(1, 10, size=(2, height // size, width // size, 2)).astype(float)
    return x, upstream, size


max_pool_gradient = Exercise(
    name="max_pool_gradient",
    lesson="24_pooling",
    reference=pooling.max_pool_gradient,
    parts=[
        Part(
            "different pixels",
            points=1,
            cases=[
                (
                    np.array([[1.0, 4.0], [3.0, 0.0]]).reshape(1, 2, 2, 1),
                    np.full((1, 1, 1, 1), 7.0),
                    2,
                ),
                _pooled_case(1, 4, 6, 2, 0),
                _pooled_case(2, 3, 6, 3, 0),
            ],
            random_case=lambda rng: _pooled_case(int(rng.integers(10**6)), 6, 4, 2, 0),
        ),
        Part(
            "equal pixels, and pixels that no window covers",
            points=2,
            cases=[
                (
                    np.array([[2.0, 2.0, 9.0], [1.0, 2.0, 9.0]]).reshape(1, 2, 3, 1),
                    np.full((1, 1, 1, 1), 5.0),
                    2,
                ),
                _pooled_case(3, 5, 7, 2, 3),
            ],
            random_case=lambda rng: _pooled_case(int(rng.integers(10**6)), 7, 8, 3, 3),
        ),
    ],
    misconceptions=[
        to_all_pixels,
        shared_as_by_a_mean,
        to_all_largest,
        to_the_last_largest,
        ones_for_slopes,
        times_the_pixel,
        largest_of_the_channels,
        border_dropped,
    ],
    also_right=[gradient_by_windows, gradient_of_a_tape],
    hints=[
        "Begin with zeros of the shape of `x`, and go from window to window.",
        "argmax of a window of several axes gives a place in the flat window; divmod by the width "
        "makes row and column of it.",
        "argmax gives the first of equal ones, which is what is asked for.",
    ],
)

# Invariance --------------------------------------------------------------------------------------


def wrapped_around(represent: Callable, images: NDArray, shift: int) -> float:
    """What leaves your images on the right comes in on the left; it is lost, and zeros come in.

    np.roll does that.
    """
    before, after = represent(images), represent(np.roll(images, shift, axis=2))
    return float(np.linalg.norm(after - before) / np.linalg.norm(before))


def moved_to_the_left(represent: Callable, images: NDArray, shift: int) -> float:
    """You move the images to the left; they move to the right."""
    mirrored = lambda x: represent(x[:, :, ::-1])  # noqa: E731
    return pooling.change_by_shift(mirrored, images[:, :, ::-1], shift)


def moved_down(represent: Callable, images: NDArray, shift: int) -> float:
    """You move the images down; their last axis runs from left to right."""
    turned = lambda x: represent(x.swapaxes(1, 2))  # noqa: E731
    return pooling.change_by_shift(turned, images.swapaxes(1, 2), shift)


def not_relative(represent: Callable, images: NDArray, shift: int) -> float:
    """You return the difference's norm; divide by the norm of what is made of the images."""
    return pooling.change_by_shift(represent, images, shift) * float(
        np.linalg.norm(represent(images))
    )


def over_the_moved(represent: Callable, images: NDArray, shift: int) -> float:
    """You divide by the norm of what is made of the *moved* images; take that of the others."""
    moved = np.zeros_like(images)
    moved[:, :, shift:] = images[:, :, : images.shape[2] - shift]
    before, after = represent(images), represent(moved)
    return float(np.linalg.norm(after - before) / np.linalg.norm(after))


def squares_compared(represent: Callable, images: NDArray, shift: int) -> float:
    """You compare squares: a norm is the root of the sum of squares."""
    return pooling.change_by_shift(represent, images, shift) ** 2


def images_compared(represent: Callable, images: NDArray, shift: int) -> float:
    """You compare the images; what `represent` makes of them was asked for."""
    return pooling.change_by_shift(lambda x: x, images, shift)


def representation_moved(represent: Callable, images: NDArray, shift: int) -> float:
    """You move what is made of the images; move the images, and look what is made of them then."""
    before = np.asarray(represent(images))
    moved = np.zeros_like(before)
    if before.ndim == 3:
        moved[:, :, shift:] = before[:, :, : before.shape[2] - shift]
    elif before.ndim == 2:
        moved[:, shift:] = before[:, : before.shape[1] - shift]
    return float(np.linalg.norm(moved - before) / np.linalg.norm(before))


def change_by_padding(represent: Callable, images: NDArray, shift: int) -> Any:
    """Put zeros on the left and cut on the right."""
    wider = np.pad(images, [(0, 0), (0, 0), (shift, 0)])
    before, after = represent(images), represent(wider[..., : images.shape[-1]])
    return np.sqrt(((after - before) ** 2).sum() / (before**2).sum())


def change_by_columns(represent: Callable, images: NDArray, shift: int) -> Any:
    """Copy column by column."""
    width = len(images[0][0])
    moved = np.array(images) * 0
    for column in range(shift, width):
        moved[:, :, column] = images[:, :, column - shift]
    difference = np.ravel(represent(moved)) - np.ravel(represent(images))
    return np.hypot.reduce(difference) / np.hypot.reduce(np.ravel(represent(images)))


def _random_shift(rng: np.random.Generator) -> tuple:
    name = str(rng.choice(list(probes.REPRESENTATIONS)))
    return name, rng.integers(1, 9, size=(2, 4, 5)).astype(float), int(rng.integers(1, 4))


_IMAGES = np.array([[[0.0, 3.0, 4.0, 0.0], [1.0, 0.0, 2.0, 0.0]]])

change_by_shift = Exercise(
    name="change_by_shift",
    lesson="24_pooling",
    reference=pooling.change_by_shift,
    probe=probes.measured,
    parts=[
        Part(
            "images that stay within their frame",
            points=1,
            cases=[
                ("the image itself", _IMAGES, 1),
                ("the sum of each column", _IMAGES, 1),
                ("the sum of each row", _IMAGES, 1),
                ("the image itself", _IMAGES, 0),
            ],
        ),
        Part(
            "images that leave it",
            points=1,
            cases=[
                ("the sum of all pixels", _IMAGES, 2),
                ("every second pixel", np.arange(40.0).reshape(2, 4, 5), 3),
            ],
            random_case=_random_shift,
        ),
    ],
    misconceptions=[
        wrapped_around,
        moved_to_the_left,
        moved_down,
        not_relative,
        over_the_moved,
        squares_compared,
        images_compared,
        representation_moved,
    ],
    also_right=[change_by_padding, change_by_columns],
    hints=[
        "Make the moved images first: zeros of the same shape, into which a slice is copied.",
        "The columns from `shift` on get what stood in the first columns.",
        "np.linalg.norm of an array of any shape is the root of its sum of squares.",
    ],
)
