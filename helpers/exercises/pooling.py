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
    return (
        image.reshape(height // 2, 2, width // 2, 2)
        .swapaxes(1, 2)
        .reshape(height // 2, width // 2, 4)
    )


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


def four_in_a_row(image: NDArray) -> NDArray:
    """You reshape to groups of four, which are neighbours in a row; a window has two rows.

    Split both axes: (height // 2, 2, width // 2, 2).
    """
    image = _padded(image, 0)
    return image.reshape(image.shape[0] // 2, image.shape[1] // 2, 4).mean(axis=2)


def begun_at_its_number(image: NDArray) -> NDArray:
    """You cut window i out at pixel i; it begins at pixel 2 * i."""
    rows, columns = (range((side + 1) // 2) for side in image.shape)
    return np.array([[image[r : r + 2, c : c + 2].mean() for c in columns] for r in rows])


def one_window_more(image: NDArray) -> NDArray:
    """You count `side // 2 + 1` windows: an even side has one fewer, and your last is empty."""
    rows, columns = (range(side // 2 + 1) for side in image.shape)
    windows = [[image[2 * r : 2 * r + 2, 2 * c : 2 * c + 2] for c in columns] for r in rows]
    return np.array([[window.mean() for window in row] for row in windows])


def height_for_both_sides(image: NDArray) -> NDArray:
    """You go through as many columns as there are rows; the image need not be a square."""
    steps = range(0, image.shape[0], 2)
    return np.array([[image[r : r + 2, c : c + 2].mean() for c in steps] for r in steps])


def rows_alone(image: NDArray) -> NDArray:
    """You take means of two rows; a window is two columns wide as well."""
    return np.array([image[r : r + 2].mean(axis=0) for r in range(0, image.shape[0], 2)])


def columns_alone(image: NDArray) -> NDArray:
    """You take means of two columns; a window is two rows high as well."""
    return rows_alone(image.T).T


def middle_of_the_window(image: NDArray) -> NDArray:
    """You take the median of each window; the mean was asked for."""
    rows, columns = (range(0, side, 2) for side in image.shape)
    return np.array([[np.median(image[r : r + 2, c : c + 2]) for c in columns] for r in rows])


def zeros_not_counted(image: NDArray) -> NDArray:
    """You divide by how many pixels are not 0; a pixel of the image may be 0, and counts."""
    windows = _quarters(_padded(image, 0))
    return windows.sum(axis=2) / np.maximum((windows != 0).sum(axis=2), 1)


def corner_by_two(image: NDArray) -> NDArray:
    """Where both sides are odd, the last window has one pixel; you divide it by two."""
    means = pooling.halve(image)
    if image.shape[0] % 2 and image.shape[1] % 2:
        means[-1, -1] /= 2
    return means


def half_windows_first(image: NDArray) -> NDArray:
    """Where a side is odd, your first window is the short one; windows stand from the top left."""
    return pooling.halve(image[::-1, ::-1])[::-1, ::-1]


def border_reflected(image: NDArray) -> NDArray:
    """You pad with pixels of the window before, as np.pad does with "reflect": "edge" fits."""
    height, width = image.shape
    return _quarters(np.pad(image, [(0, height % 2), (0, width % 2)], "reflect")).mean(axis=2)


def both_sides_odd_alone(image: NDArray) -> NDArray:
    """You see to an odd height and width together: each of them may be odd alone."""
    if all(side % 2 for side in image.shape):
        return pooling.mean_pool(image[None, :, :, None], 2, 2, "SAME")[0, :, :, 0]
    return border_left_out(image)


def odd_sides_reshaped(image: NDArray) -> NDArray:
    """Pixels in an odd number cannot be reshaped to pairs: the last window has one of them."""
    height, width = image.shape
    return image.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))


def beyond_the_border(image: NDArray) -> NDArray:
    """Your last window reaches beyond the border: a slice ends there, a single index does not."""
    height, width = image.shape
    image[height - 1 + height % 2, width - 1 + width % 2]
    return pooling.mean_pool(image[None, :, :, None], 2, 2, "SAME")[0, :, :, 0]


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
        four_in_a_row,
        begun_at_its_number,
        one_window_more,
        height_for_both_sides,
        rows_alone,
        columns_alone,
        middle_of_the_window,
        zeros_not_counted,
        corner_by_two,
        half_windows_first,
        border_reflected,
        both_sides_odd_alone,
        odd_sides_reshaped,
        beyond_the_border,
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


def _by_windows(x: NDArray, upstream: NDArray, size: int, choose: Callable) -> NDArray:
    """Go from window to window; `choose` gives shares of its slope to the pixels of a window."""
    gradient = np.zeros(x.shape)
    for b, r, c, channel in np.ndindex(upstream.shape):
        place = np.s_[b, r * size : (r + 1) * size, c * size : (c + 1) * size, channel]
        gradient[place] = choose(x[place]) * upstream[b, r, c, channel]
    return gradient


def shared_among_equal_ones(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """Of equal pixels you give each its share of the slope; the first gets the whole of it."""

    def choose(window: NDArray) -> NDArray:
        return (window == window.max()) / (window == window.max()).sum()

    return _by_windows(x, upstream, size, choose)


def first_down_the_columns(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """Of equal pixels you choose the first by columns; the first row by row gets the slope."""
    back = pooling.max_pool_gradient(x.swapaxes(1, 2), upstream.swapaxes(1, 2), size)
    return back.swapaxes(1, 2)


def largest_above_zero(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """You compare with 0 at first, so a window without a positive pixel has no largest one.

    Begin with the window's own first pixel, or with minus infinity.
    """
    return pooling.max_pool_gradient(x, upstream, size) * (x > 0)


def smallest_pixel(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """Your slopes go to the smallest pixel of each window; the largest one was kept."""
    return pooling.max_pool_gradient(-x, upstream, size)


def largest_without_its_sign(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """You compare without signs: -5 is smaller than 3."""
    return pooling.max_pool_gradient(np.abs(x), upstream, size)


def pixels_for_slopes(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """You put back the largest pixels themselves; a gradient has the slopes in their places."""
    return pooling.max_pool_gradient(x, np.ones_like(upstream), size) * x


def windows_of_two(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """Your windows have two rows and two columns in any case; they have `size` of each."""
    height, width = upstream.shape[1] * 2, upstream.shape[2] * 2
    gradient = np.zeros_like(x)
    gradient[:, :height, :width] = pooling.max_pool_gradient(x[:, :height, :width], upstream, 2)
    return gradient


def one_winner_a_window(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """You choose one winner among the channels of a window; each channel has a winner of its own.

    An argmax over the whole window with its channels does that.
    """
    return pooling.max_pool_gradient(x, upstream, size) * (
        _spread(x, pooling.max_pool(x, size, size).max(axis=3, keepdims=True), size) == x
    )


def place_of_all_channels(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """You choose one place for all channels, that of the largest pixel of any: each has its own."""
    together = np.repeat(x.max(axis=3, keepdims=True), x.shape[3], axis=3)
    return pooling.max_pool_gradient(together, upstream, size)


def place_turned_over(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """You exchange row and column of the winner: `np.argmax` counts row by row in a window.

    `divmod(place, size)` gives the row first.
    """

    def choose(window: NDArray) -> NDArray:
        chosen = np.zeros(window.shape)
        column, row = divmod(int(np.argmax(window)), size)
        chosen[row, column] = 1
        return chosen

    return _by_windows(x, upstream, size, choose)


def nearly_as_large(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """You take a pixel that is nearly as large for the largest: compare with `==`."""
    return _by_windows(
        x,
        upstream,
        size,
        lambda w: np.arange(w.size).reshape(w.shape) == np.argmax(np.isclose(w, w.max())),
    )


def winner_of_the_first_channel(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """You look at the first channel, and give the slopes of all to its winner's place."""
    return pooling.max_pool_gradient(np.repeat(x[..., :1], x.shape[3], axis=3), upstream, size)


def first_image_alone(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """The gradient of your first image is there; all images of the batch have one."""
    gradient = np.zeros_like(x)
    gradient[:1] = pooling.max_pool_gradient(x[:1], upstream[:1], size)
    return gradient


def places_within_the_window(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """You take the place in a window for the place in the image: add where the window begins."""
    gradient = np.zeros_like(x)
    for b, r, c, channel in np.ndindex(upstream.shape):
        window = x[b, r * size : (r + 1) * size, c * size : (c + 1) * size, channel]
        down, right = divmod(int(window.argmax()), size)
        gradient[b, down, right, channel] = upstream[b, r, c, channel]
    return gradient


def windows_that_overlap(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """Your windows move by one pixel; they stand side by side."""
    gradient = np.zeros_like(x)
    for b, r, c, channel in np.ndindex(upstream.shape):
        window = x[b, r : r + size, c : c + size, channel]
        down, right = divmod(int(window.argmax()), size)
        gradient[b, r + down, c + right, channel] += upstream[b, r, c, channel]
    return gradient


def border_joined(x: NDArray, upstream: NDArray, size: int) -> NDArray:
    """You add the pixels that are left over to the last windows; no window covers them."""
    gradient = np.zeros_like(x)
    for b, r, c, channel in np.ndindex(upstream.shape):
        bottom = x.shape[1] if r == upstream.shape[1] - 1 else (r + 1) * size
        end = x.shape[2] if c == upstream.shape[2] - 1 else (c + 1) * size
        window = x[b, r * size : bottom, c * size : end, channel]
        down, right = divmod(int(window.argmax()), window.shape[1])
        gradient[b, r * size + down, c * size + right, channel] = upstream[b, r, c, channel]
    return gradient


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
                (
                    np.array([[-5.0, -2.0], [-3.0, -9.0]]).reshape(1, 2, 2, 1),
                    np.full((1, 1, 1, 1), 3.0),
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
                (  # the largest pixel is larger by a little
                    np.array([[400000.0, 300000.0], [7.0, 400001.0]]).reshape(1, 2, 2, 1),
                    np.full((1, 1, 1, 1), 4.0),
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
        shared_among_equal_ones,
        first_down_the_columns,
        largest_above_zero,
        smallest_pixel,
        largest_without_its_sign,
        pixels_for_slopes,
        windows_of_two,
        one_winner_a_window,
        winner_of_the_first_channel,
        first_image_alone,
        places_within_the_window,
        windows_that_overlap,
        border_joined,
        place_of_all_channels,
        place_turned_over,
        nearly_as_large,
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


def _moved(images: NDArray, shift: int) -> NDArray:
    moved = np.zeros_like(images)
    moved[:, :, shift:] = images[:, :, : images.shape[2] - shift]
    return moved


def _share(after: Any, before: Any) -> float:
    """Return the norm of a difference over the norm of what it was."""
    return float(np.linalg.norm(np.subtract(after, before)) / np.linalg.norm(before))


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


def representation_moved_as_images(represent: Callable, images: NDArray, shift: int) -> float:
    """You move what `represent` returns, and it need not have three axes; move the images.

    Ask `represent` twice: for the images as they are, and for the moved ones.
    """
    before = represent(images)
    moved = np.zeros_like(before)
    moved[:, :, shift:] = before[:, :, : before.shape[2] - shift]
    return _share(moved, before)


def difference_represented(represent: Callable, images: NDArray, shift: int) -> float:
    """You give the difference of the images to `represent`; it sees each of them by itself.

    What is made of a difference is not the difference of what is made.
    """
    before = np.linalg.norm(represent(images))
    return float(np.linalg.norm(represent(_moved(images, shift) - images)) / before)


def norms_compared(represent: Callable, images: NDArray, shift: int) -> float:
    """You subtract two norms; take the norm of the difference.

    Two arrays may differ a lot and have the same norm.
    """
    before, after = (np.linalg.norm(represent(x)) for x in (images, _moved(images, shift)))
    return float(abs(after - before) / before)


def absolute_values_added(represent: Callable, images: NDArray, shift: int) -> float:
    """You add up absolute values; a norm is the root of the sum of squares."""
    before, after = represent(images), represent(_moved(images, shift))
    return float(np.abs(after - before).sum() / np.abs(before).sum())


def over_the_norm_of_the_images(represent: Callable, images: NDArray, shift: int) -> float:
    """You divide by the norm of the images; divide by that of what is made of them."""
    before, after = represent(images), represent(_moved(images, shift))
    return float(np.linalg.norm(after - before) / np.linalg.norm(images))


def mean_of_each_images_share(represent: Callable, images: NDArray, shift: int) -> float:
    """You take the mean of each image's own share; one norm is over all images together."""
    before, after = (
        np.reshape(represent(x), (len(x), -1)) for x in (images, _moved(images, shift))
    )
    return float(np.mean(np.linalg.norm(after - before, axis=1) / np.linalg.norm(before, axis=1)))


def only_the_first_image(represent: Callable, images: NDArray, shift: int) -> float:
    """You measure the first image; the norm is over all images together."""
    return pooling.change_by_shift(represent, images[:1], shift)


def border_repeated(represent: Callable, images: NDArray, shift: int) -> float:
    """What comes in on the left of your images is their first column again; zeros come in."""
    wider = np.pad(images, [(0, 0), (0, 0), (shift, 0)], mode="edge")
    return _share(represent(wider[:, :, : images.shape[2]]), represent(images))


def left_side_kept(represent: Callable, images: NDArray, shift: int) -> float:
    """Your moved images keep their old left side: what came from there is seen twice.

    Begin with zeros, and not with a copy of the images.
    """
    moved = images.copy()
    moved[:, :, shift:] = images[:, :, : images.shape[2] - shift]
    return _share(represent(moved), represent(images))


def frame_widened(represent: Callable, images: NDArray, shift: int) -> float:
    """Your images get wider, so nothing leaves them; what leaves on the right is lost."""
    before = represent(np.pad(images, [(0, 0), (0, 0), (0, shift)]))
    return _share(represent(np.pad(images, [(0, 0), (0, 0), (shift, 0)])), before)


def nothing_before_minus_zero(represent: Callable, images: NDArray, shift: int) -> float:
    """`[:-shift]` of a shift of 0 is `[:0]`, which is empty: write the end as width - shift."""
    moved = np.zeros_like(images)
    moved[:, :, shift:] = images[:, :, :-shift]
    return _share(represent(moved), represent(images))


def images_given_one_by_one(represent: Callable, images: NDArray, shift: int) -> float:
    """You give `represent` one image without the batch's axis; it takes them all at once."""
    before = np.array([represent(image) for image in images])
    return _share(np.array([represent(image) for image in _moved(images, shift)]), before)


def whole_width_for_none(represent: Callable, images: NDArray, shift: int) -> float:
    """You take a shift by the whole width for none: nothing but zeros is left then."""
    return _share(represent(_moved(images, shift % images.shape[2])), represent(images))


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
# Two columns are free on the right, and the left one has ink.
_WIDE = np.array(
    [
        [[2.0, 0.0, 5.0, 1.0, 0.0, 0.0], [1.0, 3.0, 0.0, 4.0, 0.0, 0.0]],
        [[7.0, 6.0, 0.0, 2.0, 0.0, 0.0], [5.0, 0.0, 1.0, 8.0, 0.0, 0.0]],
    ]
)

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
                ("every second pixel", _WIDE, 1),
                ("the largest pixel of each column", _WIDE, 2),
            ],
        ),
        Part(
            "images that leave it",
            points=1,
            cases=[
                ("the sum of all pixels", _IMAGES, 2),
                ("every second pixel", np.arange(40.0).reshape(2, 4, 5), 3),
                ("the largest pixel of each column", _WIDE, 4),
                ("the image itself", _WIDE, 6),
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
        representation_moved_as_images,
        difference_represented,
        norms_compared,
        absolute_values_added,
        over_the_norm_of_the_images,
        mean_of_each_images_share,
        only_the_first_image,
        border_repeated,
        left_side_kept,
        frame_widened,
        nothing_before_minus_zero,
        images_given_one_by_one,
        whole_width_for_none,
    ],
    also_right=[change_by_padding, change_by_columns],
    hints=[
        "Make the moved images first: zeros of the same shape, into which a slice is copied.",
        "The columns from `shift` on get what stood in the first columns.",
        "np.linalg.norm of an array of any shape is the root of its sum of squares.",
    ],
)
