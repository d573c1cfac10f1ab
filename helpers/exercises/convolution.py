"""Exercises of lesson 23: sizes, a convolution as a product of matrices, and its gradient."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers import convolution
from helpers.checks.exercise import Exercise, Part, hint

__all__ = ["filter_gradient", "hint", "output_size", "patches"]

# The size of what comes out ----------------------------------------------------------------------


def rounded_down(size: int, filter_size: int, stride: int, padding: str) -> int:
    """You round down; both formulas round *up*, since a step that has begun is a place, too."""
    return (size if padding == "SAME" else size - filter_size + 1) // stride


def one_place_forgotten(size: int, filter_size: int, stride: int, padding: str) -> int:
    """With VALID you forget the place where the filter begins: a filter as large as the image fits.

    The formula has a + 1 before the division.
    """
    if padding == "SAME":
        return convolution.output_size(size, filter_size, stride, padding)
    return -(-(size - filter_size) // stride)


def one_added_after(size: int, filter_size: int, stride: int, padding: str) -> int:
    """With VALID you add 1 after dividing and rounding up, which counts a place too many."""
    if padding == "SAME":
        return convolution.output_size(size, filter_size, stride, padding)
    return -(-(size - filter_size) // stride) + 1


def paddings_swapped(size: int, filter_size: int, stride: int, padding: str) -> int:
    """You have swapped the two paddings: SAME adds zeros, VALID does not."""
    other = "VALID" if padding == "SAME" else "SAME"
    return convolution.output_size(size, filter_size, stride, other)


def never_padded(size: int, filter_size: int, stride: int, padding: str) -> int:
    """You use VALID's formula for SAME, too, which lets the filter stand at the border as well.

    Do you compare `padding` with "SAME", in capital letters?
    """
    return -(-(size - filter_size + 1) // stride)


def as_large_as_the_image(size: int, filter_size: int, stride: int, padding: str) -> int:
    """Your SAME gives the size of the image; that holds for stride 1 only.

    "Same" is the size before the strides are taken.
    """
    if padding == "SAME":
        return size
    return convolution.output_size(size, filter_size, stride, padding)


def stride_forgotten(size: int, filter_size: int, stride: int, padding: str) -> int:
    """You forget the stride: the filter moves by `stride` pixels at a time."""
    return convolution.output_size(size, filter_size, 1, padding)


def half_the_filter_at_each_end(size: int, filter_size: int, stride: int, padding: str) -> int:
    """Your SAME puts `filter_size // 2` zeros at each end: that fits odd filters only.

    TensorFlow adds as many as the last place needs, and the size is the image's divided by the
    stride, whatever the filter.
    """
    if padding == "SAME":
        return (size + 2 * (filter_size // 2) - filter_size) // stride + 1
    return convolution.output_size(size, filter_size, stride, padding)


def half_of_the_rest_at_each_end(size: int, filter_size: int, stride: int, padding: str) -> int:
    """Your SAME puts `(filter_size - 1) // 2` zeros at each end, one too few for an even filter.

    The number of zeros may be odd; the size is the image's divided by the stride, in any case.
    """
    if padding == "SAME":
        return (size + 2 * ((filter_size - 1) // 2) - filter_size) // stride + 1
    return convolution.output_size(size, filter_size, stride, padding)


def to_the_nearest(size: int, filter_size: int, stride: int, padding: str) -> int:
    """You round to the nearest integer; a step that has only begun is a place, so round *up*."""
    return round((size if padding == "SAME" else size - filter_size + 1) / stride)


def one_more_than_valid(size: int, filter_size: int, stride: int, padding: str) -> int:
    """Your SAME is VALID's number and one more: how many the zeros add depends on the filter.

    With SAME the filter stands at every `stride`-th pixel of the image.
    """
    return (size - filter_size) // stride + 1 + (padding == "SAME")


def both_sides(size: int, filter_size: int, stride: int, padding: str) -> tuple[int, int]:
    """You return a pair; one axis is asked for, and one number."""
    places = convolution.output_size(size, filter_size, stride, padding)
    return places, places


def not_a_whole_number(size: int, filter_size: int, stride: int, padding: str) -> float:
    """Your size has a fraction: round up to a whole number of places."""
    return (size if padding == "SAME" else size - filter_size + 1) / stride


def nearest_number_of_steps(size: int, filter_size: int, stride: int, padding: str) -> int:
    """You round the number of steps to the nearest: a step that has no room left is none.

    With VALID it is rounded down before 1 is added; with SAME the quotient is rounded *up*.
    """
    if padding == "SAME":
        return max(1, round(size / stride))
    return round((size - filter_size) / stride) + 1


def always_one_more(size: int, filter_size: int, stride: int, padding: str) -> int:
    """Your SAME is `size // stride + 1` always: that is one too many where nothing is left over."""
    if padding == "SAME":
        return size // stride + 1
    return convolution.output_size(size, filter_size, stride, padding)


def added_before_dividing(size: int, filter_size: int, stride: int, padding: str) -> int:
    """Python divides before it adds: without parentheses, only the 1 is divided by the stride."""
    if padding == "SAME":
        return convolution.output_size(size, filter_size, stride, padding)
    return size - filter_size + 1 // stride


def places_counted(size: int, filter_size: int, stride: int, padding: str) -> int:
    """Count the places where a filter may stand."""
    last = size if padding == "SAME" else size - filter_size + 1
    return len(range(0, last, stride))


def rounded_up_by_numpy(size: int, filter_size: int, stride: int, padding: str) -> int:
    """Divide, and let NumPy round up."""
    room = size - filter_size + 1 if padding == "VALID" else size
    return int(np.ceil(room / stride))


def _random_size(padding: str) -> Any:
    def draw(rng: np.random.Generator) -> tuple:
        filter_size = int(rng.integers(1, 6))
        size = filter_size + int(rng.integers(0, 20))
        return size, filter_size, int(rng.integers(2, 5)), padding

    return draw


output_size = Exercise(
    name="output_size",
    lesson="23_convolution",
    reference=convolution.output_size,
    parts=[
        Part(
            "VALID",
            points=1,
            cases=[
                (28, 5, 2, "VALID"),
                (32, 5, 1, "VALID"),
                (7, 3, 3, "VALID"),
                (5, 5, 1, "VALID"),
                (6, 2, 5, "VALID"),
            ],
            random_case=_random_size("VALID"),
        ),
        Part(
            "SAME",
            points=1,
            cases=[
                (28, 5, 2, "SAME"),
                (7, 3, 3, "SAME"),
                (9, 4, 1, "SAME"),
                (2, 5, 1, "SAME"),
                (3, 2, 5, "SAME"),
            ],
            random_case=_random_size("SAME"),
        ),
    ],
    misconceptions=[
        rounded_down,
        one_place_forgotten,
        one_added_after,
        paddings_swapped,
        never_padded,
        as_large_as_the_image,
        stride_forgotten,
        not_a_whole_number,
        half_the_filter_at_each_end,
        half_of_the_rest_at_each_end,
        to_the_nearest,
        one_more_than_valid,
        both_sides,
        nearest_number_of_steps,
        always_one_more,
        added_before_dividing,
    ],
    also_right=[places_counted, rounded_up_by_numpy],
    hints=[
        "At stride 1: how many places has a filter of 3 in a row of 5 pixels, without padding?",
        "With a larger stride you keep every stride-th of these places, beginning with the first.",
        "`-(-a // b)` divides integers and rounds up.",
    ],
)

# A convolution as a product ----------------------------------------------------------------------


def stride_of_one(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """You move the window by one pixel; it moves by `stride` pixels."""
    return convolution.patches(x, rows, columns, 1)


def channels_apart(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """Your patches hold the channels one after the other; those of a pixel belong together.

    A filter that is reshaped has its channels innermost, too.
    """
    seen = convolution.patches(x, rows, columns, stride)
    apart = seen.reshape(*seen.shape[:3], rows * columns, -1)
    return apart.swapaxes(3, 4).reshape(seen.shape)


def columns_before_rows(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """Your patches go down the columns; go along the rows, from left to right."""
    seen = convolution.patches(x, rows, columns, stride)
    turned = seen.reshape(*seen.shape[:3], rows, columns, -1)
    return turned.swapaxes(3, 4).reshape(seen.shape)


def windows_side_by_side(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """Your windows stand side by side; they overlap, since they move by `stride` pixels only."""
    return convolution.patches(x, rows, columns, 1)[:, ::rows, ::columns]


def stride_down_alone(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """Your stride holds downwards only; the window moves by `stride` pixels across as well."""
    return convolution.patches(x, rows, columns, 1)[:, ::stride]


def stride_across_alone(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """Your stride holds across only; the window moves by `stride` pixels downwards as well."""
    return convolution.patches(x, rows, columns, 1)[:, :, ::stride]


def begun_at_its_number(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """You count the places right, and cut place i out at pixel i; it begins at pixel i * stride."""
    _, down, across, _ = convolution.patches(x, rows, columns, stride).shape
    return convolution.patches(x, rows, columns, 1)[:, :down, :across]


def stride_within_the_window(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """Your window takes every stride-th pixel and moves by one; it is the window that moves by it.

    The pixels in a window are neighbours.
    """
    high, wide = (rows - 1) * stride + 1, (columns - 1) * stride + 1
    seen = convolution.patches(x, high, wide, 1)
    spread = seen.reshape(*seen.shape[:3], high, wide, -1)[:, :, :, ::stride, ::stride]
    return spread.reshape(*seen.shape[:3], -1)


def rows_for_both_sides(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """Your window is a square of `rows` by `rows` pixels; it is `columns` wide."""
    return convolution.patches(x, rows, rows, stride)


def images_in_the_third_axis(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """Your axes are places down, places across, images; the images come first."""
    return convolution.patches(x, rows, columns, stride).transpose(1, 2, 0, 3)


def places_of_all_images_mixed(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """You reshape where axes have to change places: one image's patches land in another.

    Your list has the places first and the images second. `np.stack` with `axis=1` or a transpose
    puts the images first.
    """
    seen = convolution.patches(x, rows, columns, stride)
    return seen.transpose(1, 2, 0, 3).reshape(seen.shape)


def one_image_alone(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """You cut the first image only; `x` holds a batch of them."""
    return convolution.patches(x[:1], rows, columns, stride)


def rows_and_columns_of_the_window_swapped(
    x: NDArray, rows: int, columns: int, stride: int
) -> NDArray:
    """Your window has `columns` rows and `rows` columns: the two sizes are swapped."""
    return convolution.patches(x, columns, rows, stride)


def windows_kept_square(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """Your windows keep their rows and columns; lay each out in one row of numbers."""
    seen = convolution.patches(x, rows, columns, stride)
    return seen.reshape(*seen.shape[:3], rows, columns, -1)


def places_in_one_row(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """You lay all places in one axis; the places keep their rows and columns."""
    seen = convolution.patches(x, rows, columns, stride)
    return seen.reshape(len(seen), -1, seen.shape[-1])


def last_place_forgotten(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """Your last row and column of places are missing: the filter still fits there."""
    return convolution.patches(x[:, :-1, :-1], rows, columns, stride)


def places_across_first(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """Your places across come before those down: the axis of the places down is the second."""
    return convolution.patches(x, rows, columns, stride).swapaxes(1, 2)


def places_down_each_column(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """You go down the columns of places: the places of a row follow one another."""
    seen = convolution.patches(x, rows, columns, stride)
    return seen.swapaxes(1, 2).reshape(seen.shape)


def windows_turned(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """You turn each window by half a circle: leave it as it lies in the image."""
    seen = convolution.patches(x, rows, columns, stride)
    windows = seen.reshape(*seen.shape[:3], rows, columns, -1)
    return windows[:, :, :, ::-1, ::-1].reshape(seen.shape)


def batch_flattened(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """You flatten the images of the batch together: keep their axis, `reshape(batch, -1)`."""
    seen = convolution.patches(x, rows, columns, stride)
    for i, j in np.ndindex(seen.shape[1:3]):
        seen[:, i, j] = seen[:, i, j].flatten()
    return seen


def counted_without_the_stride(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """You make room for a place at each pixel: there are `(height - rows) // stride + 1` down."""
    seen = convolution.patches(x, rows, columns, stride)
    room = np.zeros(convolution.patches(x, rows, columns, 1).shape)
    room[:, : seen.shape[1], : seen.shape[2]] = seen
    return room


def numbered_by_its_pixel(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """You number a place by the pixel where it begins; the next place has the next number."""
    seen = convolution.patches(x, rows, columns, stride)
    result = np.zeros(seen.shape)
    for i, j in np.ndindex(seen.shape[1:3]):
        result[:, i * stride, j * stride] = seen[:, i, j]
    return result


def patches_by_loops(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """Cut out window after window."""
    _, height, width, _ = x.shape
    lines = []
    for r in range(0, height - rows + 1, stride):
        line = [
            x[:, r : r + rows, c : c + columns].reshape(len(x), -1)
            for c in range(0, width - columns + 1, stride)
        ]
        lines.append(np.stack(line, axis=1))
    return np.stack(lines, axis=1)


def patches_in_tensorflow(x: NDArray, rows: int, columns: int, stride: int) -> Any:
    """Slice a tensor once for each weight, and join the slices along the channels."""
    import tensorflow as tf

    images = tf.constant(x)
    down = (x.shape[1] - rows) // stride * stride + 1
    across = (x.shape[2] - columns) // stride * stride + 1
    met = [
        images[:, r : r + down : stride, c : c + across : stride]
        for r in range(rows)
        for c in range(columns)
    ]
    return tf.concat(met, axis=3)


def patches_by_windows(x: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """Let NumPy show the windows, and put the channels last."""
    seen = np.lib.stride_tricks.sliding_window_view(x, (rows, columns), axis=(1, 2))
    seen = np.moveaxis(seen[:, ::stride, ::stride], 3, -1)
    return seen.reshape(*seen.shape[:3], -1)


def _images(seed: int, height: int, width: int, channels: int) -> NDArray:
    rng = np.random.default_rng(seed)
    return rng.integers(-9, 10, size=(2, height, width, channels)).astype(float)


def _random_patches(rng: np.random.Generator) -> tuple:
    rows, columns = (2, 3) if rng.random() < 0.5 else (3, 2)
    height, width, stride = (int(rng.integers(*ends)) for ends in ((5, 8), (5, 8), (1, 3)))
    return _images(int(rng.integers(10**6)), height, width, 2), rows, columns, stride


patches = Exercise(
    name="patches",
    lesson="23_convolution",
    reference=convolution.patches,
    parts=[
        Part(
            "one channel",
            points=1,
            cases=[
                (np.arange(12.0).reshape(1, 3, 4, 1), 2, 3, 1),
                (np.arange(25.0).reshape(1, 5, 5, 1), 3, 2, 2),
                (np.arange(4.0).reshape(1, 2, 2, 1), 2, 2, 1),
                (np.arange(42.0).reshape(1, 6, 7, 1), 2, 1, 3),
            ],
        ),
        Part(
            "several images and channels",
            points=2,
            cases=[(_images(1, 4, 4, 2), 2, 3, 1), (_images(2, 6, 5, 3), 3, 2, 2)],
            random_case=_random_patches,
        ),
    ],
    misconceptions=[
        stride_of_one,
        channels_apart,
        columns_before_rows,
        windows_side_by_side,
        rows_and_columns_of_the_window_swapped,
        windows_kept_square,
        places_in_one_row,
        last_place_forgotten,
        stride_down_alone,
        stride_across_alone,
        begun_at_its_number,
        stride_within_the_window,
        rows_for_both_sides,
        images_in_the_third_axis,
        places_of_all_images_mixed,
        one_image_alone,
        places_across_first,
        places_down_each_column,
        windows_turned,
        batch_flattened,
        counted_without_the_stride,
        numbered_by_its_pixel,
    ],
    also_right=[patches_by_loops, patches_in_tensorflow, patches_by_windows],
    forbidden=dict.fromkeys(
        ["extract_patches", "extract_image_patches", "ExtractImagePatches"],
        "The exercise is to cut the windows out yourself; this function is the answer.",
    ),
    hints=[
        "Two loops over the places; a slice of `x` gives the window at each, for all images.",
        "A window of shape (batch, rows, columns, channels) is reshaped to (batch, -1).",
        "np.stack puts arrays of one shape along a new axis; the axis says where.",
    ],
)

# The gradient ------------------------------------------------------------------------------------


def mean_over_the_places(
    x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int
) -> NDArray:
    """You take the mean over the places; each place adds its share to the gradient."""
    places = upstream.shape[1] * upstream.shape[2]
    return convolution.filter_gradient(x, upstream, rows, columns, stride) / places


def mean_over_the_images(
    x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int
) -> NDArray:
    """You take the mean over the images; where a loss is a mean, `upstream` holds that already."""
    return convolution.filter_gradient(x, upstream, rows, columns, stride) / len(x)


def upstream_ignored(
    x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int
) -> NDArray:
    """You ignore `upstream`: by the chain rule each patch is multiplied by its slope there."""
    return convolution.filter_gradient(x, np.ones_like(upstream), rows, columns, stride)


def first_image_alone(
    x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int
) -> NDArray:
    """You use the first image alone: every image of the batch adds to the gradient."""
    return convolution.filter_gradient(x[:1], upstream[:1], rows, columns, stride)


def last_image_alone(
    x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int
) -> NDArray:
    """You keep the gradient of the last image alone: every image adds to it, so write += not =."""
    return convolution.filter_gradient(x[-1:], upstream[-1:], rows, columns, stride)


def turned_by_half_a_circle(
    x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int
) -> NDArray:
    """Your gradient is turned by half a circle, which belongs to the gradient by the images."""
    return convolution.filter_gradient(x, upstream, rows, columns, stride)[::-1, ::-1]


def inputs_and_outputs_swapped(
    x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int
) -> NDArray:
    """Your last two axes are swapped: a filter's axes are rows, columns, inputs, outputs."""
    return convolution.filter_gradient(x, upstream, rows, columns, stride).swapaxes(2, 3)


def down_the_slope(x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """Your gradient has the wrong sign: the optimizer subtracts it, the gradient itself goes up."""
    return -convolution.filter_gradient(x, upstream, rows, columns, stride)


def stride_ignored(x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """You multiply neighbouring patches; the places of the output are `stride` pixels apart."""
    _, height, width, _ = upstream.shape
    seen = convolution.patches(x, rows, columns)[:, :height, :width]
    gradient = np.einsum("bhwp,bhwo->po", seen, upstream)
    return gradient.reshape(rows, columns, -1, upstream.shape[-1])


def mean_over_images_and_places(
    x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int
) -> NDArray:
    """You divide by the number of patches; a gradient adds them up.

    Where the loss is a mean, `upstream` has been divided already.
    """
    gradient = convolution.filter_gradient(x, upstream, rows, columns, stride)
    return gradient / upstream[..., 0].size


def sums_multiplied(x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int) -> NDArray:
    """You add up the patches and the slopes first, and multiply the sums.

    Each patch belongs to the slope at its own place: multiply the two, then add up.
    """
    seen = convolution.patches(x, rows, columns, stride)
    gradient = np.outer(seen.sum(axis=(0, 1, 2)), upstream.sum(axis=(0, 1, 2)))
    return gradient.reshape(rows, columns, x.shape[3], -1)


def last_place_alone(
    x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int
) -> NDArray:
    """Your gradient is that of the last place: each place adds its share with `+=`."""
    at_the_end = np.zeros_like(upstream)
    at_the_end[:, -1, -1] = upstream[:, -1, -1]
    return convolution.filter_gradient(x, at_the_end, rows, columns, stride)


def outputs_in_the_first_axis(
    x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int
) -> NDArray:
    """Your outputs stand in the first axis; a filter's axes are rows, columns, inputs, outputs.

    Multiply the patches, transposed, by `upstream`, and not the other way round.
    """
    gradient = convolution.filter_gradient(x, upstream, rows, columns, stride)
    return np.moveaxis(gradient, -1, 0)


def reshaped_from_outputs_first(
    x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int
) -> NDArray:
    """Your product has the outputs first, and a reshape does not move them to the end.

    Multiply the patches, transposed, by `upstream`, and not the other way round.
    """
    gradient = convolution.filter_gradient(x, upstream, rows, columns, stride)
    return np.moveaxis(gradient, -1, 0).reshape(gradient.shape)


def channels_added_up(
    x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int
) -> NDArray:
    """You add up the channels; each channel has weights, and a gradient, of its own."""
    return convolution.filter_gradient(x, upstream, rows, columns, stride).sum(2, keepdims=True)


def channels_outside_the_window(
    x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int
) -> NDArray:
    """Your patches have the channels outside the window; a filter has them inside each pixel."""
    gradient = convolution.filter_gradient(x, upstream, rows, columns, stride)
    return np.moveaxis(gradient, 2, 0).reshape(gradient.shape)


def slopes_of_places_exchanged(
    x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int
) -> NDArray:
    """The slopes go down the columns with you, and the patches along the rows: use one order."""
    turned = upstream.swapaxes(1, 2).reshape(upstream.shape)
    return convolution.filter_gradient(x, turned, rows, columns, stride)


def outputs_added_up(
    x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int
) -> NDArray:
    """You add up the outputs: each has a filter, and a gradient, of its own."""
    found = convolution.filter_gradient(x, upstream, rows, columns, stride)
    return np.broadcast_to(found.sum(axis=3, keepdims=True), found.shape)


def gradient_by_places(
    x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int
) -> NDArray:
    """Go through the places, and add up products of windows and slopes."""
    gradient = np.zeros((rows, columns, x.shape[3], upstream.shape[3]))
    for r in range(upstream.shape[1]):
        for c in range(upstream.shape[2]):
            top, left = r * stride, c * stride
            window = x[:, top : top + rows, left : left + columns]
            gradient += np.tensordot(window, upstream[:, r, c], axes=(0, 0))
    return gradient


def gradient_by_a_tape(x: NDArray, upstream: NDArray, rows: int, columns: int, stride: int) -> Any:
    """Let a tape differentiate."""
    import tensorflow as tf

    filters = tf.Variable(np.zeros((rows, columns, x.shape[3], upstream.shape[3])))
    with tf.GradientTape() as tape:
        y = tf.nn.conv2d(x, filters, stride, "VALID")
    return tape.gradient(y, filters, output_gradients=tf.constant(upstream))


def _gradient_case(
    seed: int,
    size: tuple[int, int],
    channels: tuple[int, int],
    window: tuple[int, int],
    stride: int,
) -> tuple:
    rng = np.random.default_rng(seed)
    places = [
        convolution.output_size(s, w, stride, "VALID") for s, w in zip(size, window, strict=True)
    ]
    x = rng.integers(-3, 4, size=(2, *size, channels[0])).astype(float)
    upstream = rng.integers(-2, 3, size=(2, *places, channels[1])).astype(float)
    return x, upstream, *window, stride


def _random_gradient(rng: np.random.Generator) -> tuple:
    height, width = rng.integers(5, 8, size=2).tolist()
    window = (2, 3) if rng.random() < 0.5 else (3, 2)
    return _gradient_case(int(rng.integers(10**6)), (height, width), (2, 3), window, 2)


filter_gradient = Exercise(
    name="filter_gradient",
    lesson="23_convolution",
    reference=convolution.filter_gradient,
    parts=[
        Part(
            "stride 1",
            points=1,
            cases=[
                (np.arange(9.0).reshape(1, 3, 3, 1), np.ones((1, 2, 2, 1)), 2, 2, 1),
                _gradient_case(1, (3, 4), (1, 1), (2, 2), 1),
                _gradient_case(2, (4, 5), (2, 3), (2, 3), 1),
            ],
        ),
        Part(
            "larger strides",
            points=1,
            cases=[
                _gradient_case(3, (5, 7), (1, 2), (3, 2), 2),
                _gradient_case(4, (9, 6), (2, 1), (3, 2), 2),
            ],
            random_case=_random_gradient,
        ),
    ],
    misconceptions=[
        mean_over_the_places,
        mean_over_the_images,
        upstream_ignored,
        first_image_alone,
        last_image_alone,
        turned_by_half_a_circle,
        inputs_and_outputs_swapped,
        down_the_slope,
        stride_ignored,
        mean_over_images_and_places,
        sums_multiplied,
        last_place_alone,
        outputs_in_the_first_axis,
        reshaped_from_outputs_first,
        channels_added_up,
        channels_outside_the_window,
        slopes_of_places_exchanged,
        outputs_added_up,
    ],
    also_right=[gradient_by_places, gradient_by_a_tape],
    hints=[
        "With P the patches as rows of a matrix and F the filters as a matrix, the output is P F. "
        "What is the gradient of a product of matrices by its second factor?",
        "It is P transposed times the gradient by the output. Both need all images and places in "
        "one axis: reshape to (-1, ...).",
        "At the end reshape to (rows, columns, inputs, outputs).",
    ],
)
