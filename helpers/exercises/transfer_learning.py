"""Exercises of lesson 21: smaller images, frozen layers, and whether a gain is one."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers import transfer
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import transfer_learning as probes

__all__ = ["block_mean", "freeze_all_but", "hint", "paired_gain"]

# Smaller images ---------------------------------------------------------------------------------


def every_nth_pixel(images: NDArray, size: int) -> NDArray:
    """You take one pixel of each block; the mean of all of them was asked for."""
    return images[:, ::size, ::size]


def largest_of_block(images: NDArray, size: int) -> NDArray:
    """You take the largest pixel of each block: that is pooling of another kind."""
    samples, side, _ = images.shape
    new = side // size
    return images.reshape(samples, new, size, new, size).max(axis=(2, 4))


def summed_blocks(images: NDArray, size: int) -> NDArray:
    """You add the pixels of a block: divide by their number."""
    return transfer.block_mean(images, size) * size**2


def wrong_axes(images: NDArray, size: int) -> NDArray:
    """You average over the blocks instead of within them.

    In the shape (samples, blocks, size, blocks, size) the pixels of a block run along the axes 2
    and 4.
    """
    samples, side, _ = images.shape
    new = side // size
    return images.reshape(samples, size, new, size, new).mean(axis=(1, 3))


def strips(images: NDArray, size: int) -> NDArray:
    """You cut the pixels of each image into strips: a block has rows and columns."""
    samples, side, _ = images.shape
    new = side // size
    return images.reshape(samples, new, new, size * size).mean(axis=3)


def rows_only(images: NDArray, size: int) -> NDArray:
    """You average along one direction only; a block is as wide as it is high."""
    samples, side, _ = images.shape
    return images.reshape(samples, side // size, size, side).mean(axis=2)


def columns_only(images: NDArray, size: int) -> NDArray:
    """You average along the rows only; a block is as high as it is wide."""
    samples, side, _ = images.shape
    return images.reshape(samples, side, side // size, size).mean(axis=3)


def every_window(images: NDArray, size: int) -> NDArray:
    """Your blocks overlap: the next one begins `size` pixels further on, not one."""
    from numpy.lib.stride_tricks import sliding_window_view

    return sliding_window_view(images, (size, size), axis=(1, 2)).mean(axis=(3, 4))


def one_size_for_all(images: NDArray, size: int) -> NDArray:
    """Your blocks have 2 x 2 pixels always: `size` is an argument."""
    return transfer.block_mean(images, 2)


def turned_over(images: NDArray, size: int) -> NDArray:
    """Rows and columns of your images are exchanged."""
    return transfer.block_mean(images, size).transpose(0, 2, 1)


def upside_down(images: NDArray, size: int) -> NDArray:
    """Your images stand upside down: keep the blocks in their order."""
    return transfer.block_mean(images, size)[:, ::-1]


def median_of_block(images: NDArray, size: int) -> NDArray:
    """You take the median of each block: the mean was asked for."""
    samples, side, _ = images.shape
    new = side // size
    return np.median(images.reshape(samples, new, size, new, size), axis=(2, 4))


def samples_averaged(images: NDArray, size: int) -> NDArray:
    """You average over the images as well: each image has blocks of its own."""
    return transfer.block_mean(images, size).mean(axis=0, keepdims=True)


def same_size_again(images: NDArray, size: int) -> NDArray:
    """You draw each mean `size` x `size` times: once, so that the image gets smaller."""
    return transfer.block_mean(images, size).repeat(size, axis=1).repeat(size, axis=2)


def images_changed(images: NDArray, size: int) -> NDArray:
    """You change `images` itself, as `images /= …` does: make a new array."""
    found = transfer.block_mean(images, size)
    images /= size
    return found


def flat_images(images: NDArray, size: int) -> NDArray:
    """Your images are flat rows: return them as squares."""
    found = transfer.block_mean(images, size)
    return found.reshape(len(found), -1)


def number_for_size(images: NDArray, size: int) -> NDArray:
    """You make `size` blocks along each side; `size` is the side of one block."""
    return transfer.block_mean(images, images.shape[1] // size)


def mean_so_far_halved(images: NDArray, size: int) -> NDArray:
    """You halve the mean so far and the next pixel, so later ones count more: divide once."""
    samples, side, _ = images.shape
    new = side // size
    blocks = images.reshape(samples, new, size, new, size).swapaxes(2, 3)
    pixels = np.moveaxis(blocks.reshape(samples, new, new, -1), -1, 0)
    mean = pixels[0]
    for pixel in pixels[1:]:
        mean = (mean + pixel) / 2
    return mean


def resized(images: NDArray, size: int) -> Any:
    """You let an image be resized: that mixes a few neighbours, and is no mean of a block.

    `tf.image.resize` does so unless its `method` is "area".
    """
    import tensorflow as tf

    new = images.shape[1] // size
    return tf.image.resize(images[..., np.newaxis], (new, new)).numpy()[..., 0]


def begun_at_its_number(images: NDArray, size: int) -> NDArray:
    """You cut block i out at pixel i; it begins at pixel i * size."""
    new = images.shape[1] // size
    return every_window(images, size)[:, :new, :new]


def one_mean_for_all_images(images: NDArray, size: int) -> NDArray:
    """Your mean runs over the images as well: give it the axes of the block, `axis=(1, 2)`."""
    found = transfer.block_mean(images, size)
    return np.broadcast_to(found.mean(axis=0), found.shape)


def block_mean_by_loops(images: NDArray, size: int) -> NDArray:
    """Cut each block out."""
    new = images.shape[1] // size
    result = np.zeros((len(images), new, new))
    for row in range(new):
        for column in range(new):
            block = images[:, row * size : (row + 1) * size, column * size : (column + 1) * size]
            result[:, row, column] = block.mean(axis=(1, 2))
    return result


def block_mean_in_tensorflow(images: NDArray, size: int) -> Any:
    """Pool with TensorFlow, in float32."""
    import tensorflow as tf

    pixels = tf.cast(images, tf.float32)[..., tf.newaxis]
    return tf.nn.avg_pool2d(pixels, size, size, "VALID")[..., 0]


def _random_images(rng: np.random.Generator) -> tuple:
    size = int(rng.integers(2, 4))
    side = size * int(rng.integers(4, 6))  # never as many blocks as pixels in a block's side
    return rng.random((3, side, side)), size


block_mean = Exercise(
    name="block_mean",
    lesson="21_transfer_learning",
    reference=transfer.block_mean,
    parts=[
        Part(
            "smaller images",
            points=2,
            cases=[
                (np.array([[[1.0, 3.0], [5.0, 7.0]]]), 2),
                (np.arange(72.0).reshape(2, 6, 6) ** 2, 2),
                (np.arange(64.0, dtype=np.float32).reshape(1, 8, 8) ** 2, 2),
                (np.arange(144.0).reshape(1, 12, 12) ** 2, 3),
            ],
            random_case=_random_images,
        )
    ],
    misconceptions=[
        every_nth_pixel,
        largest_of_block,
        summed_blocks,
        wrong_axes,
        strips,
        rows_only,
        flat_images,
        number_for_size,
        columns_only,
        every_window,
        one_size_for_all,
        turned_over,
        upside_down,
        median_of_block,
        samples_averaged,
        same_size_again,
        images_changed,
        mean_so_far_halved,
        resized,
        begun_at_its_number,
        one_mean_for_all_images,
    ],
    also_right=[block_mean_by_loops, block_mean_in_tensorflow],
    hints=[
        "Split each of the two axes of an image into two: which block, and which pixel within it.",
        "If there are n blocks along a side, the shape (samples, n, size, n, size) does this.",
        "The mean over the two axes of length size is what is wanted: axis=(2, 4).",
    ],
)

# Frozen layers ------------------------------------------------------------------------------------


def _freeze_all_but(units_of_model: Any, num_trainable: int, trainable_before: Any = None) -> int:
    # The parameters' names are what a verdict prints before a case's values.
    model = units_of_model
    for layer in model.layers:
        layer.trainable = False
    for layer in model.layers[len(model.layers) - num_trainable :]:
        layer.trainable = True
    return int(sum(np.prod(weights.shape) for weights in model.trainable_weights))


def freeze_the_last(model: Any, num_trainable: int) -> int:
    """You make the *first* layers trainable: they hold what is taken over. Count from the end."""
    for number, layer in enumerate(model.layers):
        layer.trainable = number < num_trainable
    return _count(model.trainable_weights)


def _count(weights: Any) -> int:
    return int(sum(np.prod(each.shape) for each in weights))


def frozen_ones_stay(model: Any, num_trainable: int) -> int:
    """You freeze the first layers and leave the others as they were.

    One that was frozen before has to become trainable: set `trainable` for every layer.
    """
    for layer in model.layers[: len(model.layers) - num_trainable]:
        layer.trainable = False
    return _count(model.trainable_weights)


def first_ones_stay(model: Any, num_trainable: int) -> int:
    """You make the last layers trainable and leave the first ones as they were: freeze them."""
    for layer in model.layers[len(model.layers) - num_trainable :]:
        layer.trainable = True
    return _count(model.trainable_weights)


def all_frozen(model: Any, num_trainable: int) -> int:
    """You freeze the whole model: then its last layers cannot learn either.

    `model.trainable = False` sets it for every layer.
    """
    model.trainable = False
    return _count(model.trainable_weights)


def everything_for_none(model: Any, num_trainable: int) -> int:
    """With `num_trainable` 0 your slice `[-0:]` is the whole list; count from the front."""
    for layer in model.layers:
        layer.trainable = False
    for layer in model.layers[-num_trainable:]:
        layer.trainable = True
    return _count(model.trainable_weights)


def layers_counted(model: Any, num_trainable: int) -> int:
    """You return the number of layers; count the single numbers in them."""
    _freeze_all_but(model, num_trainable)
    return num_trainable


def all_counted(model: Any, num_trainable: int) -> int:
    """You count all numbers of the model; those that are frozen do not count."""
    _freeze_all_but(model, num_trainable)
    return int(model.count_params())


def biases_left_out(model: Any, num_trainable: int) -> int:
    """You count the weights and not the biases; both are trained."""
    _freeze_all_but(model, num_trainable)
    return _count(each for each in model.trainable_weights if len(each.shape) == 2)


def arrays_counted(model: Any, num_trainable: int) -> int:
    """You count the arrays: `len(model.trainable_weights)`. Count the single numbers in them."""
    _freeze_all_but(model, num_trainable)
    return len(model.trainable_weights)


def frozen_counted(model: Any, num_trainable: int) -> int:
    """You count what is frozen; count what can be trained."""
    _freeze_all_but(model, num_trainable)
    return _count(model.non_trainable_weights)


def counted_before(model: Any, num_trainable: int) -> int:
    """You count before you freeze: the number is that of the model as it came."""
    number = _count(model.trainable_weights)
    _freeze_all_but(model, num_trainable)
    return number


def counted_only(model: Any, num_trainable: int) -> int:
    """Your number is right, and no layer was frozen: set `layer.trainable` for each of them.

    A copy, as `clone_model` makes it, has layers of its own.
    """
    flags = [layer.trainable for layer in model.layers]
    number = _freeze_all_but(model, num_trainable)
    for layer, flag in zip(model.layers, flags, strict=True):
        layer.trainable = flag
    return number


def last_ones_frozen(model: Any, num_trainable: int) -> int:
    """You have it the other way round: the last layers are frozen and the first ones trainable."""
    for number, layer in enumerate(model.layers):
        layer.trainable = number < len(model.layers) - num_trainable
    return _count(model.trainable_weights)


def one_layer_more(model: Any, num_trainable: int) -> int:
    """You make one layer too many trainable: of n layers the first n - `num_trainable` are frozen.

    They have the numbers from 0 on.
    """
    for number, layer in enumerate(model.layers):
        layer.trainable = number >= len(model.layers) - num_trainable - 1
    return _count(model.trainable_weights)


def one_layer_alone(model: Any, num_trainable: int) -> int:
    """You make one layer trainable, counted from the end: this one *and* those behind it."""
    for layer in model.layers:
        layer.trainable = False
    if num_trainable:
        model.layers[-num_trainable].trainable = True
    return _count(model.trainable_weights)


def model_stays_frozen(model: Any, num_trainable: int) -> int:
    """`model.trainable = False` freezes the model as well as its layers, and it stays so.

    Set `trainable` of the layers alone.
    """
    model.trainable = False
    last = model.layers[len(model.layers) - num_trainable :]
    for layer in last:
        layer.trainable = True
    return _count(weights for layer in last for weights in layer.trainable_weights)


def model_frozen_as_well(model: Any, num_trainable: int) -> int:
    """Your layers are right, and the model itself is frozen, so that nothing of it can be trained.

    `model.trainable = False` does that: set `trainable` of the layers alone.
    """
    model.trainable = False
    for layer in model.layers[len(model.layers) - num_trainable :]:
        layer.trainable = True
    return _count(model.trainable_weights)


def nothing_counted(model: Any, num_trainable: int) -> None:
    """The layers are right; return the number of numbers that can be trained."""
    _freeze_all_but(model, num_trainable)


def running_means_counted(model: Any, num_trainable: int) -> int:
    """You count a batch normalization's running means and variances, which are not trained.

    `count_params` counts all numbers of a layer; `trainable_weights` lists what can be trained.
    """
    _freeze_all_but(model, num_trainable)
    return sum(layer.count_params() for layer in model.layers if layer.trainable)


def layers_with_weights_alone(model: Any, num_trainable: int) -> int:
    """You count the layers that have weights; `model.layers` has others, and they count as well."""
    dense = [layer for layer in model.layers if layer.weights]
    for layer in model.layers:
        layer.trainable = False
    for layer in dense[len(dense) - num_trainable :]:
        layer.trainable = True
    return _count(model.trainable_weights)


def flags_turned_over(model: Any, num_trainable: int) -> int:
    """You turn `trainable` over in the last layers; it may have been true: set it to True."""
    first = len(model.layers) - num_trainable
    for number, layer in enumerate(model.layers):
        layer.trainable = number >= first and not layer.trainable
    return _count(model.trainable_weights)


def rows_counted(model: Any, num_trainable: int) -> int:
    """You count the rows of the arrays: a matrix holds rows times columns, `np.prod(w.shape)`."""
    _freeze_all_but(model, num_trainable)
    return sum(weights.shape[0] for weights in model.trainable_weights)


def as_many_frozen(model: Any, num_trainable: int) -> int:
    """You freeze the first `num_trainable` layers: that many at the *end* are to be trainable."""
    for number, layer in enumerate(model.layers):
        layer.trainable = number >= num_trainable
    return _count(model.trainable_weights)


def frozen_by_index(model: Any, num_trainable: int) -> int:
    """Set every layer by its number, and count its weights."""
    first = len(model.layers) - num_trainable
    total = 0
    for number, layer in enumerate(model.layers):
        layer.trainable = number >= first
        total += sum(weights.numpy().size for weights in layer.trainable_weights)
    return total


def frozen_from_behind(model: Any, num_trainable: int) -> Any:
    """Go through the layers backwards, and return a NumPy number."""
    for left, layer in zip(range(num_trainable, -99, -1), reversed(model.layers), strict=False):
        layer.trainable = left > 0
    return np.sum([each.numpy().size for each in model.trainable_variables], dtype=int)


_ALL = [True, True, True]

freeze_all_but = Exercise(
    name="freeze_all_but",
    lesson="21_transfer_learning",
    reference=_freeze_all_but,
    probe=probes.frozen,
    parts=[
        Part(
            "frozen layers",
            points=2,
            cases=[
                ([4, 3, 5], 1, _ALL),
                ([4, 3, 5], 2, [False, False, False]),
                ([4, 3, 5], 0, _ALL),
                ([2, 6, 3], 1, [True, False, False]),
                ([3, 2, 4], 3, [False, True, True]),
                ([4, "ReLU", 3], 2, _ALL),
                ([4, "BatchNormalization", 3], 2, [True, False, True]),
            ],
        )
    ],
    misconceptions=[
        freeze_the_last,
        frozen_ones_stay,
        first_ones_stay,
        all_frozen,
        everything_for_none,
        layers_counted,
        all_counted,
        biases_left_out,
        nothing_counted,
        arrays_counted,
        frozen_counted,
        counted_before,
        counted_only,
        last_ones_frozen,
        one_layer_more,
        one_layer_alone,
        model_stays_frozen,
        running_means_counted,
        layers_with_weights_alone,
        flags_turned_over,
        rows_counted,
        as_many_frozen,
        model_frozen_as_well,
    ],
    also_right=[frozen_by_index, frozen_from_behind],
    hints=[
        "Every layer has an attribute `trainable`. Which value does each of model.layers get?",
        "The first layer that stays trainable has the number len(model.layers) - num_trainable.",
        "model.trainable_weights lists the variables that are left; np.prod of a shape is how many "
        "numbers a variable holds.",
    ],
)

# A gain, or luck ----------------------------------------------------------------------------------


def of_all_runs(without: NDArray, with_transfer: NDArray) -> Any:
    """You compute the spread of both sets apart, as if the runs were not paired.

    Take the difference of each pair first: what both runs of a pair share falls out.
    """
    gain, _ = transfer.paired_gain(without, with_transfer)
    both = np.var(without, ddof=1) + np.var(with_transfer, ddof=1)
    return gain, float(np.sqrt(both / len(without)))


def spread_of_runs(without: NDArray, with_transfer: NDArray) -> Any:
    """You return the spread of single runs; the mean's error is smaller: over the root of n."""
    gain, error = transfer.paired_gain(without, with_transfer)
    return gain, float(error * np.sqrt(len(without)))


def over_n(without: NDArray, with_transfer: NDArray) -> Any:
    """You divide by the number of runs: the error falls with its *root*."""
    gain, error = transfer.paired_gain(without, with_transfer)
    return gain, float(error / np.sqrt(len(without)))


def population_spread(without: NDArray, with_transfer: NDArray) -> Any:
    """Your standard deviation divides by n; with a few runs it takes n - 1: `ddof=1`."""
    gain, error = transfer.paired_gain(without, with_transfer)
    return gain, float(error * np.sqrt((len(without) - 1) / len(without)))


def loss_for_gain(without: NDArray, with_transfer: NDArray) -> Any:
    """Your gain has the wrong sign: it is what transfer gives, less what comes without it."""
    gain, error = transfer.paired_gain(without, with_transfer)
    return -gain, error


def relative_gain(without: NDArray, with_transfer: NDArray) -> Any:
    """You divide by the accuracy without transfer; the difference itself was asked for."""
    ratio = with_transfer / without - 1
    return float(ratio.mean()), float(ratio.std(ddof=1) / np.sqrt(len(ratio)))


def best_runs(without: NDArray, with_transfer: NDArray) -> Any:
    """You compare the best runs: their means are what can be expected."""
    _, error = transfer.paired_gain(without, with_transfer)
    return float(with_transfer.max() - without.max()), error


def variance_returned(without: NDArray, with_transfer: NDArray) -> Any:
    """You return the square of the standard error: take the root."""
    gain, error = transfer.paired_gain(without, with_transfer)
    return gain, error**2


def gain_alone(without: NDArray, with_transfer: NDArray) -> Any:
    """You return the gain alone: without its error nobody can tell it from luck."""
    return transfer.paired_gain(without, with_transfer)[0]


def root_of_one_less(without: NDArray, with_transfer: NDArray) -> Any:
    """You divide by the root of n - 1: the deviation has the n - 1 already, here n stands."""
    gain, error = transfer.paired_gain(without, with_transfer)
    return gain, float(error * np.sqrt(len(without) / (len(without) - 1)))


def variance_over_root(without: NDArray, with_transfer: NDArray) -> Any:
    """You take the variance: it is the standard deviation, its root."""
    differences = with_transfer - without
    return differences.mean(), differences.var(ddof=1) / np.sqrt(len(differences))


def absolute_differences(without: NDArray, with_transfer: NDArray) -> Any:
    """You drop the signs of the differences: a run that lost counts against the gain."""
    differences = np.abs(with_transfer - without)
    return differences.mean(), differences.std(ddof=1) / np.sqrt(len(differences))


def median_of_differences(without: NDArray, with_transfer: NDArray) -> Any:
    """You take the median of the differences: the mean was asked for."""
    _, error = transfer.paired_gain(without, with_transfer)
    return float(np.median(with_transfer - without)), error


def runs_sorted(without: NDArray, with_transfer: NDArray) -> Any:
    """You sort the runs, so that they are no pairs any more: the place makes the pair."""
    return transfer.paired_gain(np.sort(without), np.sort(with_transfer))


def ratio_returned(without: NDArray, with_transfer: NDArray) -> Any:
    """You return the gain in standard errors: return the standard error."""
    gain, error = transfer.paired_gain(without, with_transfer)
    return gain, gain / error


def two_errors(without: NDArray, with_transfer: NDArray) -> Any:
    """You return two standard errors: one was asked for."""
    gain, error = transfer.paired_gain(without, with_transfer)
    return gain, 2 * error


def spread_with_transfer(without: NDArray, with_transfer: NDArray) -> Any:
    """You take the spread of the runs with transfer: that of the *differences*."""
    gain, _ = transfer.paired_gain(without, with_transfer)
    return gain, with_transfer.std(ddof=1) / np.sqrt(len(with_transfer))


def difference_of_spreads(without: NDArray, with_transfer: NDArray) -> Any:
    """You subtract two spreads: take the spread of the *differences*."""
    gain, _ = transfer.paired_gain(without, with_transfer)
    spreads = with_transfer.std(ddof=1) - without.std(ddof=1)
    return gain, spreads / np.sqrt(len(without))


def spread_about_0(without: NDArray, with_transfer: NDArray) -> Any:
    """You square the differences themselves: subtract their mean first."""
    differences = with_transfer - without
    squares = (differences**2).sum() / (len(differences) - 1)
    return differences.mean(), np.sqrt(squares / len(differences))


def errors_added(without: NDArray, with_transfer: NDArray) -> Any:
    """You add the errors of both sets: take that of the *differences*, one for each pair."""
    gain, _ = transfer.paired_gain(without, with_transfer)
    spreads = with_transfer.std(ddof=1) + without.std(ddof=1)
    return gain, spreads / np.sqrt(len(without))


def runs_changed(without: NDArray, with_transfer: NDArray) -> Any:
    """You change an argument, as `with_transfer -= …` and `without.sort()` do: make a new array."""
    found = transfer.paired_gain(without, with_transfer)
    with_transfer -= without
    return found


def gain_by_sums(without: NDArray, with_transfer: NDArray) -> Any:
    """Add up in plain Python."""
    pairs = list(zip(without.tolist(), with_transfer.tolist(), strict=True))
    gain = sum(b - a for a, b in pairs) / len(pairs)
    squares = sum((b - a - gain) ** 2 for a, b in pairs)
    return gain, (squares / (len(pairs) - 1) / len(pairs)) ** 0.5


def gain_by_statistics(without: NDArray, with_transfer: NDArray) -> Any:
    """Use the standard library."""
    import statistics

    differences = [float(b - a) for a, b in zip(without, with_transfer, strict=True)]
    error = statistics.stdev(differences) / len(differences) ** 0.5
    return [statistics.mean(differences), error]


paired_gain = Exercise(
    name="paired_gain",
    lesson="21_transfer_learning",
    reference=transfer.paired_gain,
    parts=[
        Part(
            "mean and error",
            points=2,
            cases=[
                (np.array([0.5, 0.7]), np.array([0.6, 0.9])),
                (np.array([0.5, 0.6, 0.9, 0.4]), np.array([0.75, 0.5, 0.9, 0.8])),
            ],
            random_case=lambda rng: (rng.random(6), rng.random(6)),
        )
    ],
    misconceptions=[
        of_all_runs,
        spread_of_runs,
        over_n,
        population_spread,
        loss_for_gain,
        relative_gain,
        best_runs,
        variance_returned,
        gain_alone,
        root_of_one_less,
        variance_over_root,
        absolute_differences,
        median_of_differences,
        runs_sorted,
        ratio_returned,
        two_errors,
        spread_with_transfer,
        difference_of_spreads,
        spread_about_0,
        runs_changed,
        errors_added,
    ],
    also_right=[gain_by_sums, gain_by_statistics],
    hints=[
        "Begin with the differences: one number for each pair of runs.",
        "The gain is their mean. Their standard deviation, with ddof=1, says how far single runs "
        "lie apart.",
        "The mean of n runs is more certain than one of them: divide by the root of n.",
    ],
)
