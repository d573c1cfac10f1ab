"""Exercises of lesson 02, tensors."""

from itertools import zip_longest
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import tensors as probes

__all__ = ["add_any", "broadcast_shape", "hint", "nearest"]

Shape = tuple[int, ...]


def _broadcast_shape(a: Shape, b: Shape) -> Shape | None:
    pairs = list(zip_longest(a[::-1], b[::-1], fillvalue=1))
    if any(one != other and 1 not in (one, other) for one, other in pairs):
        return None
    return tuple(max(pair) for pair in pairs)[::-1]


def lined_up_at_the_front(a: Shape, b: Shape) -> Shape | None:
    """You line the two shapes up at the front.

    They are lined up at their last axes, and it is the shorter one's *front* that is filled with 1.
    """
    rank = max(len(a), len(b))
    return _broadcast_shape(a + (1,) * (rank - len(a)), b + (1,) * (rank - len(b)))


def always_the_larger(a: Shape, b: Shape) -> Shape | None:
    """You take the larger size everywhere; two different sizes fit only if one of them is 1."""
    pairs = zip_longest(a[::-1], b[::-1], fillvalue=1)
    return tuple(max(pair) for pair in pairs)[::-1]


def ones_not_repeated(a: Shape, b: Shape) -> Shape | None:
    """You ask for equal sizes; an axis of size 1 fits any size, because it can be repeated."""
    pairs = list(zip_longest(a[::-1], b[::-1]))
    if any(None not in pair and pair[0] != pair[1] for pair in pairs):
        return None
    return a if len(a) > len(b) else b


def ranks_must_agree(a: Shape, b: Shape) -> Shape | None:
    """You refuse shapes of different lengths; the shorter one is filled with 1 at its front."""
    return _broadcast_shape(a, b) if len(a) == len(b) else None


def multiples_fit(a: Shape, b: Shape) -> Shape | None:
    """You accept a size that divides the other; only 1 is repeated, 2 never becomes 4."""
    pairs = list(zip_longest(a[::-1], b[::-1], fillvalue=1))
    if any(max(pair) % min(pair) for pair in pairs):
        return None
    return tuple(max(pair) for pair in pairs)[::-1]


def back_to_front(a: Shape, b: Shape) -> Shape | None:
    """Your shape is back to front: you went from the last axis to the first, so turn it round."""
    shape = _broadcast_shape(a, b)
    return None if shape is None else shape[::-1]


def front_cut_off(a: Shape, b: Shape) -> Shape | None:
    """Your result ends with the shorter shape: the longer one's front axes belong to it too."""
    shape = _broadcast_shape(a, b)
    rank = min(len(a), len(b))
    return None if shape is None else shape[len(shape) - rank :]


def nothing_returned(a: Shape, b: Shape) -> None:
    """Your function returns None for every pair of shapes, also where they fit.

    Does it end in a line that returns the shape?
    """


def _filled(a: Shape, b: Shape) -> list[tuple[int, int]]:
    rank = max(len(a), len(b))
    filled = [(1,) * (rank - len(shape)) + shape for shape in (a, b)]
    return list(zip(*filled, strict=True))


def _fit(one: int, other: int) -> bool:
    return one == other or 1 in (one, other)


def first_axis_only(a: Shape, b: Shape) -> Shape | None:
    """Your loop ends after its first turn: a `return` inside it belongs after it, or under an `if`.

    Only "they do not fit" is known before the last axis.
    """
    for one, other in _filled(a, b):
        return (max(one, other),) if _fit(one, other) else None
    return None


def pair_left_out(a: Shape, b: Shape) -> Shape:
    """Where two sizes do not fit you leave their axis out; then there is no shape: return None."""
    return tuple(max(pair) for pair in _filled(a, b) if _fit(*pair))


def always_the_smaller(a: Shape, b: Shape) -> Shape | None:
    """You take the smaller size, which is the 1; it is the 1 that is repeated: take the larger."""
    pairs = _filled(a, b)
    return tuple(map(min, pairs)) if all(_fit(*pair) for pair in pairs) else None


def error_raised(a: Shape, b: Shape) -> Shape:
    """You raise an error where the shapes do not fit; the exercise asks to return None."""
    if not all(_fit(*pair) for pair in _filled(a, b)):
        raise ValueError("the shapes do not fit")
    return tuple(map(max, _filled(a, b)))


def paired_from_the_front(a: Shape, b: Shape) -> Shape | None:
    """`zip` pairs the first sizes with each other, and leaves out what is left of the longer shape.

    Fill the shorter one with 1 at its front before you use `zip`.
    """
    pairs = list(zip(a, b, strict=False))
    return tuple(map(max, pairs)) if all(_fit(*pair) for pair in pairs) else None


def a_alone_is_filled(a: Shape, b: Shape) -> Shape | None:
    """You fill `a` with 1; where `b` is the shorter one, it is `b` that needs it."""
    return paired_from_the_front((1,) * (len(b) - len(a)) + a, b)


def b_alone_is_filled(a: Shape, b: Shape) -> Shape | None:
    """You fill `b` with 1; where `a` is the shorter one, it is `a` that needs it."""
    return paired_from_the_front(a, (1,) * (len(a) - len(b)) + b)


def empty_for_none(a: Shape, b: Shape) -> Shape:
    """Where the two do not fit you return `()`, which is the shape of a scalar: return None."""
    shape = _broadcast_shape(a, b)
    return () if shape is None else shape


def a_alone_is_repeated(a: Shape, b: Shape) -> Shape | None:
    """You repeat a 1 in `a` only; a 1 in `b` is repeated just as well."""
    pairs = _filled(a, b)
    fit = all(one in (1, other) for one, other in pairs)
    return tuple(other for _, other in pairs) if fit else None


def b_alone_is_repeated(a: Shape, b: Shape) -> Shape | None:
    """You repeat a 1 in `b` only; a 1 in `a` is repeated just as well."""
    return a_alone_is_repeated(b, a)


def by_adding_arrays(a: Shape, b: Shape) -> Shape | None:
    """You make arrays of these shapes, add them, and look: then NumPy knows the rule, not you.

    And no computer has room for the largest.
    """
    try:
        return (np.empty(a) + np.empty(b)).shape
    except (ValueError, MemoryError):
        return None


def fit_decided_by_one_axis(a: Shape, b: Shape) -> Shape | None:
    """You accept the shapes as soon as one pair of sizes fits; all pairs have to.

    Return None at the first pair that does not fit, and the shape after the loop.
    """
    pairs = list(zip_longest(a[::-1], b[::-1], fillvalue=1))
    if pairs and all(one != other and 1 not in (one, other) for one, other in pairs):
        return None
    return tuple(max(pair) for pair in pairs)[::-1]


def first_shape_returned(a: Shape, b: Shape) -> Shape | None:
    """You return the first shape whenever the two fit, but `a` may be the one that is repeated."""
    return a if _broadcast_shape(a, b) is not None else None


def empty_refused(a: Shape, b: Shape) -> Shape | None:
    """You return None where a shape is empty; `()` is the shape of a scalar, which fits any other.

    An empty tuple counts as False in an `if`.
    """
    return _broadcast_shape(a, b) if a and b else None


def none_for_a_size(a: Shape, b: Shape) -> tuple[int | None, ...]:
    """You put None in the place of a size; where an axis does not fit, the whole answer is None."""
    return tuple(max(pair) if _fit(*pair) else None for pair in _filled(a, b))


def shape_by_recursion(a: Shape, b: Shape) -> list[int] | None:
    """Settle the last axis and leave the rest to another call; return a list."""
    if not a or not b:
        return list(a or b)
    before = shape_by_recursion(a[:-1], b[:-1])
    if before is None or (a[-1] != b[-1] and min(a[-1], b[-1]) > 1):
        return None
    return [*before, max(a[-1], b[-1])]


def shape_by_sets(a: Shape, b: Shape) -> Shape | None:
    """Collect the sizes other than 1 of each axis; at most one may be left."""
    sizes = [set(pair) - {1} for pair in zip_longest(reversed(a), reversed(b), fillvalue=1)]
    if max(map(len, sizes), default=0) > 1:
        return None
    return tuple(next(iter(size), 1) for size in sizes)[::-1]


def _random_shapes(rng: np.random.Generator) -> tuple[Shape, Shape]:
    whole = rng.integers(2, 6, size=4)

    def part() -> Shape:
        sizes = np.where(rng.random(4) < 0.4, 1, whole)
        if rng.random() < 0.2:
            sizes[3] = 7
        return tuple(sizes[rng.integers(0, 4) :].tolist())

    return part(), part()


broadcast_shape = Exercise(
    name="broadcast_shape",
    lesson="02_tensors",
    reference=_broadcast_shape,
    probe=probes.shape_of_sum,
    parts=[
        Part(
            "shapes of equal rank",
            points=1,
            cases=[
                ((3, 1), (3, 4)),
                ((2, 3), (2, 1)),
                ((3, 1), (1, 4)),
                ((2, 3), (2, 3)),
                ((2, 3), (3, 2)),
                ((2, 2), (4, 4)),
                ((5, 1), (5, 1)),
                ((2, 3, 4), (2, 5, 4)),
                ((2**60, 1), (1, 3)),
            ],
        ),
        Part(
            "shapes of any rank",
            points=1,
            cases=[
                ((3, 1), (4,)),
                ((4,), (3, 1)),
                ((3, 4), (3,)),
                ((8, 1, 3), (5, 1)),
                ((7,), (2, 5, 7)),
                ((), (2, 3)),
                ((6,), ()),
                ((), ()),
                ((1,), (1, 1, 1)),
                ((2, 3, 4), (2, 1)),
                ((2**60, 1), (3,)),
            ],
            random_case=_random_shapes,
        ),
    ],
    misconceptions=[
        lined_up_at_the_front,
        always_the_larger,
        ones_not_repeated,
        ranks_must_agree,
        multiples_fit,
        back_to_front,
        front_cut_off,
        first_shape_returned,
        fit_decided_by_one_axis,
        first_axis_only,
        pair_left_out,
        always_the_smaller,
        error_raised,
        paired_from_the_front,
        a_alone_is_filled,
        by_adding_arrays,
        nothing_returned,
        b_alone_is_filled,
        empty_for_none,
        a_alone_is_repeated,
        b_alone_is_repeated,
        empty_refused,
        none_for_a_size,
    ],
    also_right=[shape_by_recursion, shape_by_sets],
    forbidden={
        name: "The exercise is to write the rule yourself; this function is the answer."
        for name in [
            *("broadcast", "broadcast_shape", "broadcast_shapes", "broadcast_to"),
            *("broadcast_arrays", "broadcast_args", "broadcast_tensors"),
            *("broadcast_static_shape", "broadcast_dynamic_shape", "compute_broadcast_shape"),
            *("as_strided", "tensorflow.TensorShape.merge_with"),
        ]
    },
    hints=[
        "Make the two shapes equally long first: (1,) * 2 is (1, 1), and tuples are joined by +. "
        "On which side do the 1s go?",
        "Then go through both with zip. Of two sizes, which is the result's if they are equal, and "
        "which if one of them is 1? In every other case the answer is None, at once.",
        "For a pair `one, other`: if they are equal or `other` is 1, the size is `one`; if `one` "
        "is 1, it is `other`; otherwise the shapes do not fit. Join a size by += (size,).",
    ],
)

_ORDER = [tf.uint8, tf.int32, tf.float32, tf.float64]


def _written(values: Any, dtype: str) -> str:
    """Write a tensor as a line of Python: a verdict shows it, and the probe makes it."""
    return f"tf.constant({np.asarray(values).tolist()}, tf.{dtype})"


def _add_as(a: Any, b: Any, dtype: tf.DType) -> Any:
    return tf.cast(a, dtype) + tf.cast(b, dtype)


def _wider(a: Any, b: Any) -> Any:
    return _ORDER[max(_ORDER.index(a.dtype), _ORDER.index(b.dtype))]


def _add_any(a: Any, b: Any) -> Any:
    return _add_as(a, b, _wider(a, b))


def as_they_are(a: Any, b: Any) -> Any:
    """You add the two as they are, and TensorFlow refuses: cast them first."""
    return a + b


def to_the_first(a: Any, b: Any) -> Any:
    """You cast the second to the dtype of the first, whichever it is.

    If the first holds integers, the second loses its fractions. Choose the later dtype of the list.
    """
    return _add_as(a, b, a.dtype)


def to_the_second(a: Any, b: Any) -> Any:
    """You cast the first to the dtype of the second, whichever it is.

    If the second holds integers, the first loses its fractions. Choose the later dtype of the list.
    """
    return _add_as(a, b, b.dtype)


def to_the_narrower(a: Any, b: Any) -> Any:
    """You choose the earlier of the two dtypes, which holds less: take the later one."""
    return _add_as(a, b, _ORDER[min(_ORDER.index(a.dtype), _ORDER.index(b.dtype))])


def always_float32(a: Any, b: Any) -> Any:
    """You always cast to float32; two integer tensors should give integers, and float64 stays."""
    return _add_as(a, b, tf.float32)


def always_float64(a: Any, b: Any) -> Any:
    """You always cast to float64; the result should have the wider of the *two* dtypes."""
    return _add_as(a, b, tf.float64)


def cast_afterwards(a: Any, b: Any) -> Any:
    """You cast the sum; cast both parts first.

    A sum computed in the narrow dtype has lost its digits or has run over before you widen it.
    """
    narrow = _ORDER[min(_ORDER.index(a.dtype), _ORDER.index(b.dtype))]
    return tf.cast(_add_as(a, b, narrow), _wider(a, b))


def numpys_rule(a: Any, b: Any) -> Any:
    """You use NumPy's rule, under which int32 and float32 give float64.

    The list above says float32.
    """
    wide = np.result_type(a.dtype.as_numpy_dtype, b.dtype.as_numpy_dtype)
    return _add_as(a, b, tf.as_dtype(wide))


def by_way_of_numpy(a: Any, b: Any) -> Any:
    """You go by way of NumPy; a tensor of a graph has no value yet, so it has no way to NumPy.

    `tf.cast` works on both kinds.
    """
    return tf.constant(a.numpy().astype(_wider(a, b).as_numpy_dtype)) + tf.cast(b, _wider(a, b))


def by_way_of_float32(a: Any, b: Any) -> Any:
    """On its way an int32 becomes a float32, which has no room for all of its digits.

    Cast each tensor once, from its own dtype to that of the result.
    """
    return _add_as(tf.cast(a, tf.float32), tf.cast(b, tf.float32), _wider(a, b))


def by_size(a: Any, b: Any) -> Any:
    """You compare how many bytes a number takes, and int32 and float32 both take four.

    Compare their places in the list of the four.
    """
    return _add_as(a, b, max(a.dtype, b.dtype, key=lambda dtype: dtype.size))


def by_alphabet(a: Any, b: Any) -> Any:
    """You compare the dtypes' names as words, and in the alphabet uint8 comes last.

    Compare their places in the list of the four.
    """
    return _add_as(a, b, max(a.dtype, b.dtype, key=lambda dtype: dtype.name))


def only_b_cast(a: Any, b: Any) -> Any:
    """You cast `b` and leave `a` as it is, which may be the one that has to be cast."""
    return a + tf.cast(b, _wider(a, b))


def only_a_cast(a: Any, b: Any) -> Any:
    """You cast `a` and leave `b` as it is, which may be the one that has to be cast."""
    return tf.cast(a, _wider(a, b)) + b


def by_way_of_a_session(a: Any, b: Any) -> Any:
    """You run a session, and today's tensors are in no graph: there is nothing that it could run.

    Nothing has to be run here: `tf.cast` and `+` work on both kinds of tensors.
    """
    with tf.compat.v1.Session() as session:
        return tf.constant(sum(session.run([a, b])))


def numpys_function(a: Any, b: Any) -> Any:
    """A function of NumPy wants numbers, and a tensor of a graph has none yet: use TensorFlow's."""
    return tf.constant(np.array(a) + np.array(b), _wider(a, b))


def element_by_element(a: Any, b: Any) -> Any:
    """A loop over a tensor works today, not in a graph: `a + b` adds all the numbers at once."""
    dtype = _wider(a, b)
    return tf.stack([tf.cast(x, dtype) + tf.cast(y, dtype) for x, y in zip(a, b, strict=True)])


def equal_integers_widened(a: Any, b: Any) -> Any:
    """Two uint8 come back as int32; of two equal dtypes the later one is the same: uint8."""
    narrow = a.dtype == b.dtype == tf.uint8
    return _add_as(a, b, tf.int32 if narrow else _wider(a, b))


def as_an_array(a: Any, b: Any) -> Any:
    """You return an array of NumPy: return the tensor, without `.numpy()` and without a session."""
    return np.zeros(a.shape, _wider(a, b).as_numpy_dtype)


def added_by_cases(a: Any, b: Any) -> Any:
    """Cast one only, whichever comes earlier."""
    if _ORDER.index(a.dtype) < _ORDER.index(b.dtype):
        a = tf.cast(a, b.dtype)
    elif _ORDER.index(b.dtype) < _ORDER.index(a.dtype):
        b = tf.cast(b, a.dtype)
    return tf.add(a, b)


def added_by_size(a: Any, b: Any) -> Any:
    """Compare dtypes by kind and size."""
    dtype = max(a.dtype, b.dtype, key=lambda dtype: (dtype.is_floating, dtype.size))
    return tf.add_n([tf.cast(a, dtype), tf.cast(b, dtype)])


def _random_pair(rng: np.random.Generator) -> tuple[str, str]:
    first, second = (dtype.name for dtype in rng.permutation(_ORDER)[:2])

    def values(dtype: str) -> str:
        numbers = rng.integers(130, 250, 3) + 0.5 * dtype.startswith("float")
        return _written(numbers.astype(dtype), dtype)

    return values(first), values(second)


add_any = Exercise(
    name="add_any",
    lesson="02_tensors",
    reference=_add_any,
    probe=probes.today_and_in_a_graph,
    parts=[
        Part(
            "dtypes that agree",
            points=1,
            cases=[
                (_written([1, 2, 3], "int32"), _written([2, 3, 5], "int32")),
                (_written([0.5, 2.0], "float32"), _written([0.25, 1.0], "float32")),
                (_written([0.5, 2.0], "float64"), _written([1e-9, 1.0], "float64")),
                (_written([1, 2], "uint8"), _written([4, 9], "uint8")),
                (_written([[1, 2], [3, 4]], "int32"), _written([[0, 1], [1, 0]], "int32")),
            ],
        ),
        Part(
            "dtypes that differ",
            points=2,
            cases=[
                (_written([200, 250], "uint8"), _written([100, 300], "int32")),
                (_written([100, 300], "int32"), _written([200, 250], "uint8")),
                (_written([1, 2, 3], "int32"), _written([0.5, 0.5, 0.25], "float32")),
                (_written([0.5, 0.5], "float32"), _written([1, 2], "int32")),
                (_written([200], "uint8"), _written([0.5], "float32")),
                (_written([0.5], "float32"), _written([200], "uint8")),
                (_written([0.5], "float32"), _written([1e-9], "float64")),
                (_written([1e-9], "float64"), _written([0.5], "float32")),
                (_written(16_777_217, "int32"), _written(-16_777_216.0, "float64")),
                (_written([[0.5], [1.0]], "float64"), _written([[7], [8]], "int32")),
                (_written([0.5], "float64"), _written([200], "uint8")),
                (_written([200], "uint8"), _written([0.5], "float64")),
            ],
            random_case=_random_pair,
        ),
    ],
    misconceptions=[
        as_they_are,
        to_the_first,
        to_the_second,
        to_the_narrower,
        always_float32,
        always_float64,
        cast_afterwards,
        numpys_rule,
        by_way_of_numpy,
        by_way_of_float32,
        by_size,
        only_b_cast,
        only_a_cast,
        by_way_of_a_session,
        numpys_function,
        element_by_element,
        equal_integers_widened,
        as_an_array,
        by_alphabet,
    ],
    also_right=[added_by_cases, added_by_size],
    hints=[
        "A tensor says its dtype without being run: a.dtype. order.index(a.dtype) is its place in "
        "a list `order` of the four.",
        "max can compare by place: max(a.dtype, b.dtype, key=order.index).",
        "Cast *both* to that dtype with tf.cast(..., dtype), then add; a cast to the dtype that a "
        "tensor already has changes nothing.",
    ],
)


def _all_differences(images: NDArray, means: NDArray) -> NDArray:
    return np.asarray(images)[:, np.newaxis] - np.asarray(means)


def _nearest(images: NDArray, means: NDArray) -> NDArray:
    return np.sum(_all_differences(images, means) ** 2, axis=(2, 3)).argmin(axis=1)


def farthest(images: NDArray, means: NDArray) -> NDArray:
    """You pick the largest distance; the nearest mean has the smallest one: argmin."""
    return np.sum(_all_differences(images, means) ** 2, axis=(2, 3)).argmax(axis=1)


def nearest_image(images: NDArray, means: NDArray) -> NDArray:
    """You found the nearest *image* for each mean.

    Let `argmin` go over the means, so that what is left has an entry for each image.
    """
    return np.sum(_all_differences(images, means) ** 2, axis=(2, 3)).argmin(axis=0)


def added_over_the_means(images: NDArray, means: NDArray) -> NDArray:
    """You add over the means: the axes are image, mean, row, column; add over the last two."""
    return np.sum(_all_differences(images, means) ** 2, axis=(1, 2)).argmin(axis=1)


def not_squared(images: NDArray, means: NDArray) -> NDArray:
    """You add the differences without squaring them.

    Too dark in one pixel and too light in another then cancel out, and the lowest sum is not even
    the smallest.
    """
    return np.sum(_all_differences(images, means), axis=(2, 3)).argmin(axis=1)


def squared_too_late(images: NDArray, means: NDArray) -> NDArray:
    """You compare how much ink there is: the pixels, or their differences, are added up first.

    Then too dark and too light cancel out, and any two images with equally much ink count as equal.
    Square each difference, then add.
    """
    return (np.sum(_all_differences(images, means), axis=(2, 3)) ** 2).argmin(axis=1)


def absolute(images: NDArray, means: NDArray) -> NDArray:
    """You add absolute differences; the distance asked for adds their squares."""
    return np.abs(_all_differences(images, means)).sum(axis=(2, 3)).argmin(axis=1)


def by_product(images: NDArray, means: NDArray) -> NDArray:
    """You pick the mean with the largest product, which favours means with much ink.

    Subtract and square instead.
    """
    return np.einsum("nij,kij->nk", images, means).argmax(axis=1)


def no_new_axis(images: NDArray, means: NDArray) -> NDArray:
    """You subtract without a new axis, so image 0 meets mean 0 only, or the shapes do not fit.

    Every image has to meet every mean: images[:, np.newaxis] has the shape (n, 1, rows, columns).
    """
    return np.sum((images - means) ** 2, axis=(1, 2)).argmin(axis=0)


def no_axis(images: NDArray, means: NDArray) -> Any:
    """You return a single number: `argmin` without an axis takes the smallest of *all* distances.

    Of a table of shape (images, means), axis=1 gives one index for each image.
    """
    return np.sum(_all_differences(images, means) ** 2, axis=(2, 3)).argmin()


def largest_difference(images: NDArray, means: NDArray) -> NDArray:
    """You look at the pixel that differs most; the distance adds the squares of all pixels."""
    return np.abs(_all_differences(images, means)).max(axis=(2, 3)).argmin(axis=1)


def first_image_only(images: NDArray, means: NDArray) -> NDArray:
    """You return the index for the first image only: there is one for *each* image."""
    return _nearest(images, means)[:1]


def means_returned(images: NDArray, means: NDArray) -> NDArray:
    """You return the nearest mean itself; asked for is its index, a single integer."""
    return means[_nearest(images, means)]


def counted_from_one(images: NDArray, means: NDArray) -> NDArray:
    """Your indexes are all one too large: the first mean has the index 0."""
    return _nearest(images, means) + 1


def one_row_of_pixels(images: NDArray, means: NDArray) -> NDArray:
    """You add over the wrong axes, so that a distance is left for each row of pixels.

    The differences have the axes image, mean, row, column: add over the last two.
    """
    return np.sum(_all_differences(images, means) ** 2, axis=3).argmin(axis=1)


def distances_returned(images: NDArray, means: NDArray) -> NDArray:
    """These are the smallest distances; asked for is *which* mean is nearest: argmin, not min."""
    return np.sum(_all_differences(images, means) ** 2, axis=(2, 3)).min(axis=1)


def never_set_back(images: NDArray, means: NDArray) -> list[int]:
    """The smallest distance so far is kept from one image to the next: begin anew for each."""
    answers, smallest, place = [], np.inf, 0
    for image in images:
        for number, mean in enumerate(means):
            distance = np.sum((image - mean) ** 2)
            if distance < smallest:
                smallest, place = distance, number
        answers.append(place)
    return answers


def cut_to_integers(images: NDArray, means: NDArray) -> NDArray:
    """You make integers of the pixels, and these lie between 0 and 1: all greys become 0."""
    return _nearest(images.astype(int), means.astype(int))


def nearest_by_loops(images: NDArray, means: NDArray) -> list[int]:
    """Go through images and means, and keep the best so far."""
    found = []
    for image in images:
        distances = [float(((image - mean) ** 2).sum()) for mean in means]
        found.append(distances.index(min(distances)))
    return found


def nearest_in_tensorflow(images: NDArray, means: NDArray) -> Any:
    """Compute with TensorFlow, with the new axis in the means."""
    distances = tf.math.squared_difference(tf.constant(images), tf.constant(means)[:, tf.newaxis])
    return tf.argmin(tf.reduce_sum(distances, axis=[-2, -1]), axis=0)


def nearest_by_products(images: NDArray, means: NDArray) -> NDArray:
    """Multiply out the square, and leave away what is the same for all means."""
    products = np.einsum("nij,kij->nk", images, means)
    return np.argmin(np.sum(np.square(means), axis=(1, 2)) - 2 * products, axis=1)


def _random_images(rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    images, means = rng.random((12, 4, 5)), rng.random((6, 4, 5)) * rng.random((6, 1, 1))
    return images.astype(np.float32), means.astype(np.float32)


nearest = Exercise(
    name="nearest",
    lesson="02_tensors",
    reference=_nearest,
    parts=[
        Part(
            "every image and every mean",
            points=2,
            cases=[
                (
                    np.array([[[0, 1]], [[1, 0]], [[1, 1]]], np.float32),
                    np.array([[[0.75, 0]], [[0, 0.75]], [[1, 0.75]]], np.float32),
                ),
                (
                    np.array([[[0.0, 0.0], [0.75, 0.5]]], np.float32),
                    np.array(
                        [[[1, 0], [0, 0.25]], [[0, 0], [0, 0]], [[0.5, 0.5], [0.5, 0.5]]],
                        np.float32,
                    ),
                ),
                (
                    np.array([[[0.0, 1.0]], [[1.0, 1.0]]], np.float32),
                    np.ones((1, 1, 2), np.float32),
                ),
                (
                    np.array([[[0, 0, 0]], [[1, 1, 1]]], np.float32),
                    np.array([[[0.75, 0, 0]], [[0.5, 0.5, 0.5]], [[1, 0.75, 0.5]]], np.float32),
                ),
            ],
            random_case=_random_images,
        )
    ],
    misconceptions=[
        farthest,
        nearest_image,
        added_over_the_means,
        not_squared,
        squared_too_late,
        absolute,
        by_product,
        no_new_axis,
        no_axis,
        largest_difference,
        first_image_only,
        means_returned,
        counted_from_one,
        one_row_of_pixels,
        distances_returned,
        never_set_back,
        cut_to_integers,
    ],
    also_right=[nearest_by_loops, nearest_in_tensorflow, nearest_by_products],
    hints=[
        "The differences have four axes: image, mean, row, column. To which shape must you bring "
        "`images`, so that it broadcasts with means of shape (k, rows, columns)?",
        "images[:, np.newaxis] has the shape (n, 1, rows, columns). After the subtraction, square, "
        "and sum over the two axes of the pixels: axis=(2, 3).",
        "The distances have the shape (n, k). argmin along axis 1 gives, for each image, the place "
        "of its smallest distance.",
    ],
)
