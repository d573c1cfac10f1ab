"""Exercises of lesson 25: counting a layer, a convolution by a table, and the nearest code."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers import lenet5
from helpers.checks.exercise import Exercise, Part, hint

__all__ = ["convolution_counts", "hint", "nearest_codes", "partial_convolution"]

# Counting a layer --------------------------------------------------------------------------------


def biases_forgotten(size: int, filter_size: int, table: NDArray) -> tuple:
    """You forget the biases: each map that goes out has one, which each of its pixels uses."""
    out, parameters, _ = lenet5.convolution_counts(size, filter_size, table)
    weights = parameters - table.shape[1]
    return out, weights, weights * out**2


def a_bias_for_each_pair(size: int, filter_size: int, table: NDArray) -> tuple:
    """You give each connected pair of maps a bias; a map that goes out has one in all."""
    out, _, _ = lenet5.convolution_counts(size, filter_size, table)
    parameters = (filter_size**2 + 1) * int(np.sum(table))
    return out, parameters, parameters * out**2


def everything_connected(size: int, filter_size: int, table: NDArray) -> tuple:
    """You count every pair of maps; only those that the table connects have a filter."""
    return lenet5.convolution_counts(size, filter_size, np.ones_like(table))


def table_transposed(size: int, filter_size: int, table: NDArray) -> tuple:
    """You give each map that comes *in* a bias; the table's columns are the maps that go out."""
    return lenet5.convolution_counts(size, filter_size, np.transpose(table))


def connections_by_the_input(size: int, filter_size: int, table: NDArray) -> tuple:
    """You count the connections of as many pixels as come in; each pixel that goes *out* has them.

    Without padding fewer go out.
    """
    out, parameters, _ = lenet5.convolution_counts(size, filter_size, table)
    return out, parameters, parameters * size**2


def one_pixel_too_few(size: int, filter_size: int, table: NDArray) -> tuple:
    """Your output is one pixel too small: a filter as large as its map still fits once."""
    _, parameters, _ = lenet5.convolution_counts(size, filter_size, table)
    out = size - filter_size
    return out, parameters, parameters * out**2


def as_if_padded(size: int, filter_size: int, table: NDArray) -> tuple:
    """Your output is as large as the input, as with SAME; LeNet-5 has no padding."""
    _, parameters, _ = lenet5.convolution_counts(size, filter_size, table)
    return size, parameters, parameters * size**2


def connections_once(size: int, filter_size: int, table: NDArray) -> tuple:
    """Your connections are as many as the parameters: each pixel that goes out has them again."""
    out, parameters, _ = lenet5.convolution_counts(size, filter_size, table)
    return out, parameters, parameters


def filters_of_one_row(size: int, filter_size: int, table: NDArray) -> tuple:
    """Your filters have `filter_size` weights; they are squares, with that many in each row."""
    out = size - filter_size + 1
    parameters = filter_size * int(np.sum(table)) + table.shape[1]
    return out, parameters, parameters * out**2


def biases_not_connected(size: int, filter_size: int, table: NDArray) -> tuple:
    """Your connections leave out the biases: each pixel that goes out has one to its map's bias."""
    out, parameters, _ = lenet5.convolution_counts(size, filter_size, table)
    return out, parameters, (parameters - table.shape[1]) * out**2


def a_row_of_pixels(size: int, filter_size: int, table: NDArray) -> tuple:
    """You count the connections of a row of pixels; the map that goes out is a square of them."""
    out, parameters, _ = lenet5.convolution_counts(size, filter_size, table)
    return out, parameters, parameters * out


def maps_counted_twice(size: int, filter_size: int, table: NDArray) -> tuple:
    """You multiply the connections by the number of maps; the parameters are all maps' already."""
    out, parameters, connections = lenet5.convolution_counts(size, filter_size, table)
    return out, parameters, connections * table.shape[1]


def one_map_alone(size: int, filter_size: int, table: NDArray) -> tuple:
    """You count the parameters of the first map; the layer's are those of all its maps."""
    out, parameters, _ = lenet5.convolution_counts(size, filter_size, table[:, :1])
    return out, parameters, parameters * out**2 * table.shape[1]


def one_filter_a_map(size: int, filter_size: int, table: NDArray) -> tuple:
    """You count one filter for each map that goes out; it has one for each map that it sees."""
    out, _, _ = lenet5.convolution_counts(size, filter_size, table)
    parameters = (filter_size**2 + 1) * table.shape[1]
    return out, parameters, parameters * out**2


def one_bias_in_all(size: int, filter_size: int, table: NDArray) -> tuple:
    """You count a single bias for the layer; each map that goes out has its own."""
    out, parameters, _ = lenet5.convolution_counts(size, filter_size, table)
    parameters += 1 - table.shape[1]
    return out, parameters, parameters * out**2


def no_bias_where_nothing_is_seen(size: int, filter_size: int, table: NDArray) -> tuple:
    """You give a bias to the maps that see something; *each* map that goes out has one."""
    out, parameters, _ = lenet5.convolution_counts(size, filter_size, table)
    parameters -= int((~np.any(table, axis=0)).sum())
    return out, parameters, parameters * out**2


def height_and_width(size: int, filter_size: int, table: NDArray) -> tuple:
    """You return height and width of the maps; the first number is the height alone."""
    out, parameters, connections = lenet5.convolution_counts(size, filter_size, table)
    return (out, out), parameters, connections


def height_last(size: int, filter_size: int, table: NDArray) -> tuple:
    """Your three numbers stand in another order: the height comes first."""
    out, parameters, connections = lenet5.convolution_counts(size, filter_size, table)
    return parameters, connections, out


def compared_by_is(size: int, filter_size: int, table: NDArray) -> tuple:
    """You connect nothing: an entry of an array is never `True` itself, so leave out `is True`."""
    return lenet5.convolution_counts(size, filter_size, np.zeros_like(table))


def first_map_for_all(size: int, filter_size: int, table: NDArray) -> tuple:
    """You count what the first map sees, and take it for all: each column of the table differs."""
    same = np.repeat(table[:, :1], table.shape[1], axis=1)
    return lenet5.convolution_counts(size, filter_size, same)


def in_32_bits(size: int, filter_size: int, table: NDArray) -> tuple:
    """Your numbers have 32 bits, in which none is larger than 2**31 - 1: take 64, or Python's."""
    out, parameters, connections = lenet5.convolution_counts(size, filter_size, table)
    return out, parameters, (connections + 2**31) % 2**32 - 2**31


def counted_by_loops(size: int, filter_size: int, table: NDArray) -> list[int]:
    """Count map by map."""
    parameters = 0
    for output in range(len(table[0])):
        parameters += 1
        for row in table:
            if row[output]:
                parameters += filter_size * filter_size
    places = len(range(filter_size, size + 1))
    return [places, parameters, parameters * places * places]


def counted_by_columns(size: int, filter_size: int, table: NDArray) -> tuple:
    """Let NumPy add up the columns."""
    each = np.count_nonzero(table, axis=0) * filter_size**2 + 1
    out = size - (filter_size - 1)
    return out, int(each.sum()), int((each * out**2).sum())


def _random_layer(rng: np.random.Generator) -> tuple:
    filter_size = int(rng.integers(2, 5))
    size = filter_size + int(rng.integers(1, 6))
    inputs, outputs = int(rng.integers(2, 4)), int(rng.integers(4, 6))
    table = rng.random((inputs, outputs)) < 0.6
    table[:, :2] = [[True, False]] * inputs
    return size, filter_size, table


convolution_counts = Exercise(
    name="convolution_counts",
    lesson="25_lenet5",
    reference=lenet5.convolution_counts,
    parts=[
        Part(
            "all maps connected",
            points=1,
            cases=[
                (32, 5, np.ones((1, 6), dtype=bool)),
                (5, 5, np.ones((16, 120), dtype=bool)),
                (6, 3, np.ones((3, 2), dtype=bool)),
            ],
        ),
        Part(
            "a table with gaps",
            points=1,
            cases=[
                (6, 3, np.array([[True, True, False, True], [False, True, False, False]])),
                (14, 5, lenet5.connection_table(lenet5.C3_SEES, 6)),
                (420, 5, np.ones((8, 64), dtype=bool)),  # more than 2**31 connections
            ],
            random_case=_random_layer,
        ),
    ],
    misconceptions=[
        biases_forgotten,
        a_bias_for_each_pair,
        everything_connected,
        table_transposed,
        connections_by_the_input,
        one_pixel_too_few,
        as_if_padded,
        connections_once,
        filters_of_one_row,
        biases_not_connected,
        a_row_of_pixels,
        maps_counted_twice,
        one_map_alone,
        one_filter_a_map,
        one_bias_in_all,
        no_bias_where_nothing_is_seen,
        height_and_width,
        height_last,
        compared_by_is,
        first_map_for_all,
        in_32_bits,
    ],
    also_right=[counted_by_loops, counted_by_columns],
    hints=[
        "How many filters are there? The table says it: one for each True.",
        "A map that goes out has one bias, however many maps it sees.",
        "Each pixel of a map that goes out uses all filters and the bias of its map once.",
    ],
)

# A convolution by a table ------------------------------------------------------------------------


def table_ignored(x: NDArray, filters: NDArray, biases: NDArray, table: NDArray) -> NDArray:
    """Your maps see all maps; a filter counts only where the table is True."""
    return lenet5.partial_convolution(x, filters, biases, np.ones_like(table))


def table_the_other_way(x: NDArray, filters: NDArray, biases: NDArray, table: NDArray) -> NDArray:
    """You leave out what is connected and keep the rest: True means connected."""
    return lenet5.partial_convolution(x, filters, biases, ~table)


def bias_in_each_pair(x: NDArray, filters: NDArray, biases: NDArray, table: NDArray) -> NDArray:
    """You add the bias once for each map that is seen; it is added once in all."""
    return lenet5.partial_convolution(x, filters, biases * table.sum(axis=0), table)


def without_bias(x: NDArray, filters: NDArray, biases: NDArray, table: NDArray) -> NDArray:
    """You leave out the biases."""
    return lenet5.partial_convolution(x, filters, 0 * biases, table)


def filters_turned(x: NDArray, filters: NDArray, biases: NDArray, table: NDArray) -> NDArray:
    """Your filters are turned by half a circle, as mathematics has it.

    In networks the filter lies on the image as it is.
    """
    return lenet5.partial_convolution(x, filters[::-1, ::-1], biases, table)


def rows_and_columns_swapped(
    x: NDArray, filters: NDArray, biases: NDArray, table: NDArray
) -> NDArray:
    """You swap the rows and the columns of the filters."""
    return lenet5.partial_convolution(x, filters.swapaxes(0, 1), biases, table)


def mean_of_the_seen(x: NDArray, filters: NDArray, biases: NDArray, table: NDArray) -> NDArray:
    """You take the mean over the maps that are seen; a convolution adds them up."""
    number = np.maximum(table.sum(axis=0), 1)
    return lenet5.partial_convolution(x, filters / number, biases, table)


def cut_off_below_zero(x: NDArray, filters: NDArray, biases: NDArray, table: NDArray) -> NDArray:
    """You apply an activation to the result; the sum before it was asked for."""
    return np.maximum(lenet5.partial_convolution(x, filters, biases, table), 0)


def no_bias_without_a_map(x: NDArray, filters: NDArray, biases: NDArray, table: NDArray) -> NDArray:
    """A map that sees nothing is 0 in your result; it is its bias."""
    return lenet5.partial_convolution(x, filters, biases * table.any(axis=0), table)


def whole_inputs_left_out(x: NDArray, filters: NDArray, biases: NDArray, table: NDArray) -> NDArray:
    """You leave out the maps that nobody sees; the table says it for each pair of maps."""
    seen = np.repeat(table.any(axis=1, keepdims=True), table.shape[1], axis=1)
    return lenet5.partial_convolution(x, filters, biases, seen)


def squashed(x: NDArray, filters: NDArray, biases: NDArray, table: NDArray) -> NDArray:
    """You apply tanh to the result, as LeNet-5 does later; the sum before it was asked for."""
    return np.tanh(lenet5.partial_convolution(x, filters, biases, table))


def zeros_around(x: NDArray, filters: NDArray, biases: NDArray, table: NDArray) -> NDArray:
    """You pad the images, as with SAME: without padding the maps get smaller."""
    rows, columns = filters.shape[:2]
    amounts = [(0, 0), ((rows - 1) // 2, rows // 2), ((columns - 1) // 2, columns // 2), (0, 0)]
    return lenet5.partial_convolution(np.pad(x, amounts), filters, biases, table)


def a_map_for_each_pair(x: NDArray, filters: NDArray, biases: NDArray, table: NDArray) -> NDArray:
    """You make a map for each connected pair; the ones that belong to one output are added up."""
    pairs = [
        lenet5.partial_convolution(
            x[..., i : i + 1], filters[:, :, i : i + 1, o : o + 1], biases[o], [[True]]
        )
        for i, o in np.argwhere(table)
    ]
    return np.concatenate(pairs, axis=3)


def last_input_alone(x: NDArray, filters: NDArray, biases: NDArray, table: NDArray) -> NDArray:
    """Each of your maps has what the last map that it sees gives; all that it sees add up.

    Write += and not =.
    """
    last = np.zeros_like(table)
    for i, o in np.argwhere(table):
        last[:, o], last[i, o] = False, True
    return lenet5.partial_convolution(x, filters, biases, last)


def first_image_alone(x: NDArray, filters: NDArray, biases: NDArray, table: NDArray) -> NDArray:
    """You convolve the first image of the batch and leave out the others."""
    return lenet5.partial_convolution(x[:1], filters, biases, table)


def first_bias_for_all(x: NDArray, filters: NDArray, biases: NDArray, table: NDArray) -> NDArray:
    """You add the first bias to all maps; each map has its own."""
    return lenet5.partial_convolution(x, filters, biases[:1], table)


def biases_on_the_weights(x: NDArray, filters: NDArray, biases: NDArray, table: NDArray) -> NDArray:
    """You add the biases to the weights; they are added to the sums."""
    return lenet5.partial_convolution(x, filters + biases, 0 * biases, table)


def map_by_map(x: NDArray, filters: NDArray, biases: NDArray, table: NDArray) -> Any:
    """Go through maps and pixels."""
    samples, height, width, inputs = np.shape(x)
    rows, columns, _, outputs = np.shape(filters)
    result = np.zeros((samples, height - rows + 1, width - columns + 1, outputs))
    for out in range(outputs):
        result[..., out] += biases[out]
        for r in range(height - rows + 1):
            for c in range(width - columns + 1):
                for i in range(inputs):
                    if table[i][out]:
                        window = x[:, r : r + rows, c : c + columns, i]
                        result[:, r, c, out] += (window * filters[:, :, i, out]).sum(axis=(1, 2))
    return result


def by_conv2d(x: NDArray, filters: NDArray, biases: NDArray, table: NDArray) -> Any:
    """Set filters to 0 and let TensorFlow convolve."""
    import tensorflow as tf

    kept = tf.cast(table, filters.dtype) * filters
    return tf.nn.conv2d(x, kept, strides=1, padding="VALID") + biases


def _images_and_filters(seed: int, size: int, filter_size: int, table: NDArray) -> tuple:
    rng = np.random.default_rng(seed)
    inputs, outputs = table.shape
    x = rng.integers(-3, 4, size=(2, size, size + 1, inputs)).astype(float)
    shape = (filter_size, filter_size + 1, inputs, outputs)
    filters = rng.integers(-2, 3, size=shape).astype(float)
    return x, filters, rng.integers(1, 5, size=outputs).astype(float), table


def _random_images(rng: np.random.Generator) -> tuple:
    table = rng.random((3, 4)) < 0.5
    table[:2, 0], table[:, 1], table[:, 2] = [True, False], [True, True, False], False
    return _images_and_filters(
        int(rng.integers(10**6)), int(rng.integers(4, 7)), int(rng.integers(2, 4)), table
    )


partial_convolution = Exercise(
    name="partial_convolution",
    lesson="25_lenet5",
    reference=lenet5.partial_convolution,
    parts=[
        Part(
            "one map in the table",
            points=1,
            cases=[
                (
                    np.arange(8.0).reshape(1, 2, 2, 2),
                    np.ones((2, 2, 2, 1)),
                    np.array([0.5]),
                    np.array([[True], [False]]),
                ),
                _images_and_filters(1, 3, 2, np.array([[True], [True], [False]])),
            ],
        ),
        Part(
            "many maps",
            points=2,
            cases=[
                _images_and_filters(2, 4, 2, np.array([[True, False, True], [True, True, False]])),
                # The second map sees nothing, and nobody sees the first one.
                _images_and_filters(3, 4, 2, np.array([[False, False], [True, False]])),
            ],
            random_case=_random_images,
        ),
    ],
    misconceptions=[
        table_ignored,
        table_the_other_way,
        bias_in_each_pair,
        without_bias,
        filters_turned,
        rows_and_columns_swapped,
        mean_of_the_seen,
        cut_off_below_zero,
        no_bias_without_a_map,
        whole_inputs_left_out,
        squashed,
        zeros_around,
        a_map_for_each_pair,
        last_input_alone,
        first_image_alone,
        first_bias_for_all,
        biases_on_the_weights,
    ],
    also_right=[map_by_map, by_conv2d],
    hints=[
        "A filter of zeros sees nothing. What do you get if you multiply filters by the table?",
        "The table has the shape of the filters' last two axes, so broadcasting does the rest.",
        "tf.nn.conv2d takes images and filters in just these shapes.",
    ],
)

# The nearest code --------------------------------------------------------------------------------


def distances_with_root(x: NDArray, codes: NDArray) -> tuple:
    """You take the root; the RBF's output is the *squared* distance."""
    distances, predicted = lenet5.nearest_codes(x, codes)
    return np.sqrt(distances), predicted


def absolute_differences(x: NDArray, codes: NDArray) -> tuple:
    """You add up absolute differences; their squares were asked for."""
    distances = np.abs(x[:, None] - codes).sum(axis=2)
    return distances, distances.argmin(axis=1)


def mean_of_the_squares(x: NDArray, codes: NDArray) -> tuple:
    """You take the mean over the units; the RBF adds the squares up."""
    distances, predicted = lenet5.nearest_codes(x, codes)
    return distances / codes.shape[1], predicted


def farthest_code(x: NDArray, codes: NDArray) -> tuple:
    """You choose the class of the largest output; here the *smallest* distance wins.

    With softmax it is the other way round, which is easily mixed up.
    """
    distances, _ = lenet5.nearest_codes(x, codes)
    return distances, distances.argmax(axis=1)


def products_with_the_codes(x: NDArray, codes: NDArray) -> tuple:
    """Your outputs are products of the units and the codes, as a dense layer has them.

    An RBF measures a distance.
    """
    products = x @ codes.T
    return products, products.argmax(axis=1)


def nearest_sample(x: NDArray, codes: NDArray) -> tuple:
    """You look for the nearest sample of each code; the nearest code of each sample was asked for.

    Look along the axis of the classes.
    """
    distances, _ = lenet5.nearest_codes(x, codes)
    return distances, distances.argmin(axis=0)


def classes_first(x: NDArray, codes: NDArray) -> tuple:
    """Your distances have a row for each class; a row for each sample was asked for."""
    distances, predicted = lenet5.nearest_codes(x, codes)
    return distances.T, predicted


def predicted_alone(x: NDArray, codes: NDArray) -> NDArray:
    """You return the predicted classes alone; the distances come first."""
    return lenet5.nearest_codes(x, codes)[1]


def nearest_codes_themselves(x: NDArray, codes: NDArray) -> tuple:
    """You return the nearest codes; what was asked for is their numbers, one for each sample."""
    distances, predicted = lenet5.nearest_codes(x, codes)
    return distances, codes[predicted]


def classes_as_one_hot(x: NDArray, codes: NDArray) -> tuple:
    """Your predicted classes are one-hot; one integer for each sample was asked for."""
    distances, predicted = lenet5.nearest_codes(x, codes)
    return distances, np.eye(len(codes), dtype=int)[predicted]


def smallest_distance_alone(x: NDArray, codes: NDArray) -> tuple:
    """You return each sample's smallest distance; its distances from all codes were asked for."""
    distances, predicted = lenet5.nearest_codes(x, codes)
    return distances.min(axis=1), predicted


def black_or_white_first(x: NDArray, codes: NDArray) -> tuple:
    """You make -1 or 1 of the units first; the distance is that of the units as they are."""
    return lenet5.nearest_codes(np.sign(x), codes)


def squares_that_differ(x: NDArray, codes: NDArray) -> tuple:
    """You count the units that differ; the squares of the differences were to be added up."""
    distances = (x[:, None] != codes).sum(axis=2)
    return distances, distances.argmin(axis=1)


def squared_after_the_sum(x: NDArray, codes: NDArray) -> tuple:
    """You add up first and square then; differences of both signs cancel. Square each of them."""
    distances = (x[:, None] - codes).sum(axis=2) ** 2
    return distances, distances.argmin(axis=1)


def lengths_compared(x: NDArray, codes: NDArray) -> tuple:
    """You subtract the sums of squares; square the differences, unit by unit."""
    distances = np.abs((x**2).sum(axis=1)[:, None] - (codes**2).sum(axis=1))
    return distances, distances.argmin(axis=1)


def middle_term_once(x: NDArray, codes: NDArray) -> tuple:
    """Your middle term lacks its 2: (a - b)² is a² - 2ab + b²."""
    distances = (x**2).sum(axis=1)[:, None] - x @ codes.T + (codes**2).sum(axis=1)
    return distances, distances.argmin(axis=1)


def made_probabilities(x: NDArray, codes: NDArray) -> tuple:
    """You make probabilities of the distances, as softmax does; the distances were asked for."""
    distances, predicted = lenet5.nearest_codes(x, codes)
    shares = np.exp(-distances)
    return shares / shares.sum(axis=1, keepdims=True), predicted


def first_sample_alone(x: NDArray, codes: NDArray) -> tuple:
    """You compare the first sample with all codes; `x` holds several samples."""
    distances, predicted = lenet5.nearest_codes(x[:1], codes)
    return distances[0], predicted[0]


def class_of_the_largest_product(x: NDArray, codes: NDArray) -> tuple:
    """Your distances are right, and your class is that of the largest product of units and code.

    A longer code has larger products: ask for the smallest distance.
    """
    distances, _ = lenet5.nearest_codes(x, codes)
    return distances, (x @ codes.T).argmax(axis=1)


def without_a_new_axis(x: NDArray, codes: NDArray) -> tuple:
    """You subtract row from row: each sample meets each code with `x[:, np.newaxis] - codes`."""
    distances = np.square(x - codes).sum(axis=1)
    return distances, np.argmin(distances)


def by_pairs(x: NDArray, codes: NDArray) -> list:
    """Go through samples and codes."""
    distances = [[sum((a - b) ** 2 for a, b in zip(s, c, strict=True)) for c in codes] for s in x]
    return [np.array(distances), [row.index(min(row)) for row in distances]]


def by_binomials(x: NDArray, codes: NDArray) -> Any:
    """Multiply out the square, in TensorFlow."""
    import tensorflow as tf

    squares = tf.reduce_sum(x**2, axis=1, keepdims=True) + tf.reduce_sum(codes**2, axis=1)
    distances = squares - 2 * tf.matmul(x, codes, transpose_b=True)
    return distances, tf.argmin(distances, axis=1)


def _random_units(rng: np.random.Generator) -> tuple:
    samples, classes, units = rng.permutation([2, 4, 5]) + 1
    # No code twice, or two classes would be as near as each other.
    numbers = rng.permutation(2**units)[:classes]
    codes = 2.0 * (numbers[:, None] >> np.arange(units) & 1) - 1
    return rng.normal(size=(samples, units)), codes


nearest_codes = Exercise(
    name="nearest_codes",
    lesson="25_lenet5",
    reference=lenet5.nearest_codes,
    parts=[
        Part(
            "distances, and the nearest class",
            points=2,
            cases=[
                (np.array([[1.0, 1.0]]), np.array([[-1.0, 1.0], [1.0, 0.5]])),
                (np.array([[1.0, 1.0]]), np.array([[1.0, 0.5], [3.0, 2.0]])),
                (
                    np.array([[0.5, -1.0, 0.0], [2.0, 1.5, -1.0]]),
                    np.array(
                        [[1.0, 1.0, 1.0], [1.0, -1.0, 1.0], [-1.0, 1.0, -1.0], [1.0, 1.0, -1.0]]
                    ),
                ),
            ],
            random_case=_random_units,
        ),
    ],
    misconceptions=[
        distances_with_root,
        absolute_differences,
        mean_of_the_squares,
        farthest_code,
        products_with_the_codes,
        nearest_sample,
        classes_first,
        predicted_alone,
        nearest_codes_themselves,
        classes_as_one_hot,
        smallest_distance_alone,
        black_or_white_first,
        squares_that_differ,
        squared_after_the_sum,
        lengths_compared,
        middle_term_once,
        made_probabilities,
        first_sample_alone,
        class_of_the_largest_product,
        without_a_new_axis,
    ],
    also_right=[by_pairs, by_binomials],
    hints=[
        "Give one of the arrays a new axis, so that every sample meets every code.",
        "`x[:, np.newaxis] - codes` has the axes samples, classes and units.",
        "Square, sum over the units, then ask for the smallest along the classes.",
    ],
)
