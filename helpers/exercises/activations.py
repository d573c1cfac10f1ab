"""Exercises of lesson 09: linear layers collapse, ReLU bends, gradients shrink on the way back."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import activations as probes

__all__ = ["backward", "broken_line", "collapse", "hint"]

# One layer for many -------------------------------------------------------------------------


def _collapse(layers: Sequence) -> Any:
    def output(x: NDArray) -> NDArray:
        for weights, biases in layers:
            x = x @ weights + biases
        return x

    unit_vectors = np.eye(len(layers[0][0]))
    start = output(np.zeros(len(unit_vectors)))
    return output(unit_vectors) - start, start


def biases_only_added(layers: Sequence) -> Any:
    """You add up the biases as they are.

    A layer's biases go through the weights of all later layers, like everything else that the
    layer puts out.
    """
    return _collapse(layers)[0], sum(biases for _, biases in layers)


def last_biases_only(layers: Sequence) -> Any:
    """Your biases are those of the last layer.

    The biases of the layers before it reach the output too, through the later weights.
    """
    return _collapse(layers)[0], layers[-1][1]


def biases_through_own_weights(layers: Sequence) -> Any:
    """You send a layer's biases through the weights of that same layer.

    They are added behind these weights, so they meet only those of the layers that follow.
    """
    weights, biases = layers[0]
    biases = biases @ weights
    for next_weights, next_biases in layers[1:]:
        weights, biases = weights @ next_weights, (biases + next_biases) @ next_weights
    return weights, biases


def biases_through_all_weights(layers: Sequence) -> Any:
    """You multiply the biases by the product of all weights so far, those before them too.

    The biases of a layer have not gone through its own weights, nor through those before it.
    """
    weights, biases = layers[0]
    for next_weights, next_biases in layers[1:]:
        weights = weights @ next_weights
        biases = biases @ weights + next_biases
    return weights, biases


def layers_used_up(layers: list) -> Any:
    """You work on the list that was handed to you.

    `pop` and `reverse` change the caller's own list, and `+=` an array in it. Go through the list
    with a loop, and write `biases = biases + ...`, which makes a new array.
    """
    weights, biases = layers.pop(0)
    while layers:
        next_weights, next_biases = layers.pop(0)
        weights, biases = weights @ next_weights, biases @ next_weights + next_biases
    return weights, biases


def in_a_list(layers: Sequence) -> Any:
    """You return a list of layers; one layer is wanted, as weights and biases."""
    return [_collapse(layers)]


def multiplied_from_behind(layers: Sequence) -> Any:
    """You multiply the weights in the wrong order.

    Here a sample is a row, x @ weights, so the first layer's weights stand on the left.
    """
    weights = layers[-1][0]
    for earlier, _ in reversed(layers[:-1]):
        weights = weights @ earlier
    return weights, _collapse(layers)[1]


def weights_added(layers: Sequence) -> Any:
    """You add the weights; to go through two layers is to multiply by two matrices."""
    return sum(weights for weights, _ in layers), _collapse(layers)[1]


def samples_in_columns(layers: Sequence) -> Any:
    """You multiply from the left, as for samples that are columns.

    Here a sample is a row, x @ weights, so the next layer's weights stand on the right.
    """
    weights, biases = layers[0]
    for next_weights, next_biases in layers[1:]:
        weights, biases = next_weights @ weights, next_weights @ biases + next_biases
    return weights, biases


def elementwise_product(layers: Sequence) -> Any:
    """You multiply the weights element by element; `@` is the matrix product."""
    weights = layers[0][0]
    for next_weights, _ in layers[1:]:
        weights = weights * next_weights
    return weights, _collapse(layers)[1]


def columns_as_samples(layers: Sequence) -> Any:
    """Your weights are turned round (transposed): here they have a row for each input."""
    weights, biases = _collapse(layers)
    return weights.T, biases


def biases_first(layers: Sequence) -> Any:
    """You return the biases before the weights; the order is weights, biases."""
    return _collapse(layers)[::-1]


def first_two_layers(layers: Sequence) -> Any:
    """You stop after the second layer; there may be any number of them."""
    return _collapse(layers[:2])


def return_in_the_loop(layers: Sequence) -> Any:
    """Your `return` stands inside the loop, so that it ends in its first round."""
    if len(layers) == 1:
        return None
    return _collapse(layers[:2])


def relu_between(layers: Sequence) -> Any:
    """You apply ReLU between the layers; here no activation stands between them."""
    weights, biases = layers[0]
    for next_weights, next_biases in layers[1:]:
        weights = np.maximum(weights, 0) @ next_weights
        biases = np.maximum(biases, 0) @ next_weights + next_biases
    return weights, biases


def biases_in_a_row(layers: Sequence) -> Any:
    """Your biases have two axes; a layer's biases have one, with a number for each output."""
    weights, biases = _collapse(layers)
    return weights, biases[np.newaxis]


def collapse_from_the_end(layers: Sequence) -> Any:
    """Put the last layers together first."""
    if len(layers) == 1:
        return layers[0]
    weights, biases = layers[0]
    later_weights, later_biases = collapse_from_the_end(layers[1:])
    return weights @ later_weights, biases @ later_weights + later_biases


def collapse_with_a_one(layers: Sequence) -> Any:
    """Put the biases into the matrix, as weights of an input that is always 1."""
    product = np.eye(len(layers[0][0]) + 1)
    for weights, biases in layers:
        square = np.zeros((len(weights) + 1, len(biases) + 1))
        square[:-1, :-1], square[-1, :-1], square[-1, -1] = weights, biases, 1
        product = product @ square
    return product[:-1, :-1], product[-1, :-1]


def collapse_in_tensorflow(layers: Sequence) -> Any:
    """Use TensorFlow's matrix product, in float32."""
    import tensorflow as tf

    weights, biases = (tf.cast(part, tf.float32) for part in layers[0])
    for layer in layers[1:]:
        more, offset = (tf.cast(part, tf.float32) for part in layer)
        weights = tf.matmul(weights, more)
        biases = tf.matmul(biases[tf.newaxis], more)[0] + offset
    return weights, biases


def _layers(rng: np.random.Generator, sizes: Sequence[int]) -> list:
    return [(rng.normal(size=(m, n)), rng.normal(size=n)) for m, n in pairwise(sizes)]


collapse = Exercise(
    name="collapse",
    lesson="09_activations",
    reference=_collapse,
    probe=probes.one_layer,
    parts=[
        Part(
            "two layers",
            points=1,
            cases=[
                (
                    [
                        (np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([1.0, 0.0])),
                        (np.array([[2.0, 0.0], [1.0, 3.0]]), np.array([0.0, 5.0])),
                    ],
                )
            ],
            random_case=lambda rng: (_layers(rng, [2, 2, 2]),),
        ),
        Part(
            "any number of layers, of any size",
            points=1,
            cases=[([(np.array([[3.0], [4.0]]), np.array([5.0]))],)],
            random_case=lambda rng: (_layers(rng, [2, 3, 4, 3, 1]),),
        ),
    ],
    misconceptions=[
        biases_only_added,
        last_biases_only,
        biases_through_own_weights,
        biases_through_all_weights,
        layers_used_up,
        in_a_list,
        multiplied_from_behind,
        samples_in_columns,
        weights_added,
        elementwise_product,
        columns_as_samples,
        biases_first,
        first_two_layers,
        return_in_the_loop,
        relu_between,
        biases_in_a_row,
    ],
    also_right=[collapse_from_the_end, collapse_with_a_one, collapse_in_tensorflow],
    hints=[
        "Write down two layers in one line, (x @ w1 + b1) @ w2 + b2, and multiply out. What stands "
        "behind x, and what is left?",
        "The weights become w1 @ w2, the biases b1 @ w2 + b2. For a third layer, put it together "
        "with the one layer that you have already.",
        "Begin with the first layer's weights and biases, loop over the others, and multiply what "
        "you have, both weights and biases, by each one's weights.",
    ],
)

# A bend a unit ------------------------------------------------------------------------------


def _two_layers(starts: Any, changes: Any, first_value: Any) -> Any:
    starts, changes = np.asarray(starts), np.asarray(changes)
    return [
        (np.ones((1, len(starts))), -starts),
        (changes[:, np.newaxis], np.array([first_value])),
    ]


def _broken_line(knots: NDArray, values: NDArray) -> Any:
    changes, slope = [], 0.0
    for i in range(len(knots) - 1):
        new_slope = (values[i + 1] - values[i]) / (knots[i + 1] - knots[i])
        changes.append(new_slope - slope)
        slope = new_slope
    return _two_layers(knots[:-1], changes, values[0])


def slopes_as_weights(knots: NDArray, values: NDArray) -> Any:
    """Your second layer's weights are the slopes of the pieces.

    A unit stays on to the right of its knot, so the slopes of all units so far add up. Each has to
    bring only the change of the slope at its knot.
    """
    return _two_layers(knots[:-1], np.diff(values) / np.diff(knots), values[0])


def rises_as_slopes(knots: NDArray, values: NDArray) -> Any:
    """You take how much a piece rises for its slope.

    That is right for knots that lie 1 apart; otherwise divide the rise by the distance.
    """
    return _two_layers(knots[:-1], np.diff(np.diff(values), prepend=0), values[0])


def bends_at_the_end(knots: NDArray, values: NDArray) -> Any:
    """Your units switch on at the right end of their piece.

    The first piece then stays level. The unit of a piece starts at the knot on its left.
    """
    changes = np.diff(np.diff(values) / np.diff(knots), prepend=0)
    return _two_layers(knots[1:], changes, values[0])


def begins_at_zero(knots: NDArray, values: NDArray) -> Any:
    """Your line has the right form and begins at 0.

    At the first knot all units are off, and what is left is the second layer's bias.
    """
    return _broken_line(knots, values - values[0])


def knots_added(knots: NDArray, values: NDArray) -> Any:
    """Your units switch on at -knot: relu(x + knot).

    A unit that is off to the left of its knot is relu(x - knot), so its bias is -knot.
    """
    changes = np.diff(np.diff(values) / np.diff(knots), prepend=0)
    return _two_layers(-knots[:-1], changes, values[0])


def values_as_weights(knots: NDArray, values: NDArray) -> Any:
    """Your second layer's weights are the values themselves.

    A unit's weight is not a height but a slope: by how much the line turns at the knot.
    """
    return _two_layers(knots[:-1], values[:-1], values[0])


def first_slope_lost(knots: NDArray, values: NDArray) -> Any:
    """Your first piece is level.

    Left of the first knot the line has slope 0, so the first unit brings the whole first slope.
    """
    slopes = np.diff(values) / np.diff(knots)
    return _two_layers(knots[:-1], np.diff(slopes, prepend=slopes[0]), values[0])


def changes_turned_round(knots: NDArray, values: NDArray) -> Any:
    """Your line bends the wrong way: a change is the new slope minus the old one."""
    slopes = np.diff(values) / np.diff(knots)
    changes = np.append(slopes[:1], slopes[:-1] - slopes[1:])
    return _two_layers(knots[:-1], changes, values[0])


def slopes_in_the_first_layer(knots: NDArray, values: NDArray) -> Any:
    """You put the changes of slope into the first layer.

    There a negative weight turns the unit round: it is on to the left of its knot. In the second
    layer a negative weight lets the line fall.
    """
    changes = np.diff(np.diff(values) / np.diff(knots), prepend=0)
    first = changes[np.newaxis], -changes * knots[:-1]
    return [first, (np.ones((len(changes), 1)), values[:1])]


def ends_instead(knots: NDArray, values: NDArray) -> Any:
    """The second layer's bias is the last value.

    It is what is left where all units are off, and that is at the first knot.
    """
    return _broken_line(knots, values - values[0] + values[-1])


def changes_one_too_late(knots: NDArray, values: NDArray) -> Any:
    """Your changes of slope stand one knot too early, and the first slope is missing.

    The unit of the first knot brings the whole first slope; `np.diff` has to begin from a 0 in
    front (`prepend`), not to end with one.
    """
    slopes = np.diff(values) / np.diff(knots)
    return _two_layers(knots[:-1], np.diff(slopes, append=0), values[0])


def changes_of_changes(knots: NDArray, values: NDArray) -> Any:
    """You subtract the change at the knot before, and not the slope before it."""
    changes = np.diff(values) / np.diff(knots)
    for i in range(1, len(changes)):
        changes[i] -= changes[i - 1]
    return _two_layers(knots[:-1], changes, values[0])


def mean_slopes(knots: NDArray, values: NDArray) -> Any:
    """`np.gradient` gives a mean of the slopes on both sides of a knot.

    A piece has the slope of its own two ends: the rise divided by the distance.
    """
    slopes = np.gradient(values, knots)
    return _two_layers(knots, np.diff(slopes, prepend=0), values[0])


def floor_division(knots: NDArray, values: NDArray) -> Any:
    """`//` cuts the quotient to an integer; a slope is the whole quotient, by `/`."""
    slopes = np.diff(values) // np.diff(knots)
    return _two_layers(knots[:-1], np.diff(slopes, prepend=0), values[0])


def cut_to_integers(knots: NDArray, values: NDArray) -> Any:
    """Your numbers are cut to integers where knots and values are integers.

    An array made by `np.zeros_like(values)` has their dtype. Make it with `np.zeros`.
    """
    changes = np.zeros_like(values[1:])
    changes[:] = np.diff(np.diff(values) / np.diff(knots), prepend=0)
    return _two_layers(knots[:-1], changes, values[0])


def values_at_zero(knots: NDArray, values: NDArray) -> Any:
    """You give each knot a unit with its value for a weight.

    A unit stays on to the right of its knot, so the values pile up. Its weight is the change of the
    line's slope at the knot.
    """
    return _two_layers(knots, values, 0.0)


def one_distance_for_all(knots: NDArray, values: NDArray) -> Any:
    """You divide all rises by the distance of the first two knots; each piece has its own.

    `np.diff(knots)` gives all the distances.
    """
    slopes = np.diff(values) / (knots[1] - knots[0])
    return _two_layers(knots[:-1], np.diff(slopes, prepend=0.0), values[0])


def line_by_solving(knots: NDArray, values: NDArray) -> Any:
    """Find the second layer's weights from the values at the knots, as a system of equations."""
    hidden = np.maximum(knots[1:, np.newaxis] - knots[:-1], 0)
    weights = np.linalg.solve(hidden, values[1:, np.newaxis] - values[0])
    return [[np.ones((1, len(weights))), -knots[:-1]], [weights, values[:1]]]


def line_from_both_sides(knots: NDArray, values: NDArray) -> Any:
    """Begin at the second knot: a unit that faces left, and units that face right."""
    slopes = np.diff(values) / np.diff(knots)
    signs = np.array([[-1.0] + [1.0] * len(slopes)])
    starts = np.concatenate([knots[1:2], knots[1:2], knots[2:]])
    turns = np.concatenate([-slopes[:1], slopes[1:2], np.diff(slopes[1:]), [0.0]])
    return [(signs, -signs[0] * starts), (turns[:, np.newaxis], values[1:2])]


def _random_line(rng: np.random.Generator) -> tuple:
    knots = np.cumsum(rng.uniform(0.5, 2.0, 5)) - 4
    return knots, rng.normal(scale=2.0, size=5)


broken_line = Exercise(
    name="broken_line",
    lesson="09_activations",
    reference=_broken_line,
    probe=probes.network_on_a_line,
    parts=[
        Part(
            "knots that lie 1 apart",
            points=1,
            cases=[
                (np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.0])),
                (np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 2.5, 0.0, 1.0])),
            ],
        ),
        Part(
            "knots anywhere",
            points=2,
            cases=[
                (np.array([0.0, 0.5, 2.0]), np.array([1.0, 2.0, 0.5])),
                (np.array([-1.0, 1.0]), np.array([2.0, 1.0])),
                (np.array([-1, 1, 4]), np.array([0, 3, 1])),
                (np.array([-3.0, -1.0, 0.0, 4.0]), np.array([-1.0, 1.0, 1.0, -2.0])),
            ],
            random_case=_random_line,
        ),
    ],
    misconceptions=[
        slopes_as_weights,
        rises_as_slopes,
        bends_at_the_end,
        begins_at_zero,
        knots_added,
        values_as_weights,
        first_slope_lost,
        changes_turned_round,
        slopes_in_the_first_layer,
        ends_instead,
        changes_one_too_late,
        changes_of_changes,
        mean_slopes,
        floor_division,
        cut_to_integers,
        values_at_zero,
        one_distance_for_all,
    ],
    also_right=[line_by_solving, line_from_both_sides],
    hints=[
        "The unit relu(x - knot) is 0 left of the knot and has slope 1 right of it. Which weights "
        "and biases make the first layer compute x - knot for every knot but the last?",
        "The slopes of the pieces are np.diff(values) / np.diff(knots). Left of the first knot the "
        "slope is 0: by how much does it change at each knot?",
        "The second layer's weights are these changes, as a column: slopes[0], "
        "slopes[1] - slopes[0], and so on. Its bias is the value at the first knot.",
    ],
)

# The way back -------------------------------------------------------------------------------


def _backward(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    gradients = [gradient]
    for k in range(len(slopes) - 1, -1, -1):
        weights, _ = layers[k + 1]
        gradients.insert(0, slopes[k] * (gradients[0] @ weights.T))
    return gradients


def slopes_left_out(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """Your gradient goes back through the weights, but not through the activations.

    What is sent back through the weights is multiplied, element by element, by the slopes.
    """
    return _backward(gradient, [np.ones_like(slope) for slope in slopes], layers)


def weights_left_out(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """Your gradient meets the slopes only; between two layers it also goes through the weights."""
    return _backward(gradient, slopes, [(np.eye(len(weights)), 0) for weights, _ in layers])


def last_layer_first(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """Your list begins with the last layer: turn it round, so that the first layer comes first."""
    return _backward(gradient, slopes, layers)[::-1]


def weights_not_transposed(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """You multiply by the weights as on the way forward.

    Backwards each unit collects from the units that it fed: that is the transposed matrix.
    """
    return _backward(gradient, slopes, [(weights.T, biases) for weights, biases in layers])


def weights_of_the_layer_before(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """You go back through the weights of the layer that you are going to.

    Its own weights stand before its sums. Between its sums and those of the next layer stand the
    next layer's weights.
    """
    return _backward(gradient, slopes, [layers[0], *layers[:-1]])


def slopes_before_weights(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """You multiply by the slopes before the weights.

    From behind, the weights come first: a layer's sums pass its activation and then the next
    layer's weights, and the gradient goes the other way.
    """
    gradients = [gradient]
    for slope, (weights, _) in zip(slopes[::-1], layers[::-1], strict=False):
        gradients.insert(0, (gradients[0] * slope) @ weights.T)
    return gradients


def not_carried_on(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """You send the last layer's gradient to every layer directly.

    A layer's gradient comes from the gradient of the layer behind it.
    """
    earlier = [
        gradient @ weights.T * slope for slope, (weights, _) in zip(slopes, layers[1:], strict=True)
    ]
    return [*earlier, gradient]


def last_layer_missing(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """Your list lacks the last layer, whose gradient is the one that you are given."""
    return _backward(gradient, slopes, layers)[:-1]


def slopes_from_the_front(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """You go through the weights from the last layer on, but through the slopes from the first."""
    return _backward(gradient, slopes[::-1], layers)


def one_layer_too_far(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """Your list holds one array more than there are layers.

    The last step back, through the first layer's weights, leads to the inputs, and nothing is
    asked about them.
    """
    gradients = _backward(gradient, slopes, layers)
    return [gradients[0] @ layers[0][0].T, *gradients]


def reversed_in_place(gradient: NDArray, slopes: list, layers: list) -> Any:
    """You work on the lists and arrays that were handed to you.

    `slopes.reverse()` turns the caller's own list, `pop` shortens it, `*=` changes an array.
    `reversed(slopes)` and `slopes[::-1]` leave the list alone, and `a = a * b` makes a new array.
    """
    gradients = _backward(gradient, slopes, layers)
    slopes.reverse()
    layers.reverse()
    return gradients


def slopes_one_too_early(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """You take the slopes of the layer before.

    Behind the sums of layer k stands the activation with the slopes slopes[k]; slopes[-1] is the
    last of the list.
    """
    return _backward(gradient, [slopes[k - 1] for k in range(len(slopes))], layers)


def biases_added_back(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """You add biases on the way back.

    A bias is added to a sum; the gradient passes through an addition as it is.
    """
    gradients = [gradient]
    for k in range(len(slopes) - 1, -1, -1):
        back = gradients[0] @ layers[k + 1][0].T + layers[k][1]
        gradients.insert(0, back * slopes[k])
    return gradients


def slopes_taken_for_values(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """You take the slopes for values of a sigmoid, s (1 - s); they are slopes already."""
    return _backward(gradient, [slope * (1 - slope) for slope in slopes], layers)


def mean_over_samples(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """You divide by the number of samples; each row is a sample's own gradient, and stays whole."""
    return [array / len(gradient) for array in _backward(gradient, slopes, layers)]


def last_weights_only(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """You send the given gradient straight to every layer, each time through the last weights.

    A layer's gradient comes from the gradient of the layer behind it, through that layer's weights.
    """
    back = gradient @ layers[-1][0].T
    if any(slope.shape != back.shape for slope in slopes):
        raise ValueError("operands could not be broadcast together")
    return [*(back * slope for slope in slopes), gradient]


def slopes_not_carried_on(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """Each layer's gradient meets its own slopes only, not those of the layers behind it.

    What goes on to the layer before is the gradient after it was multiplied by the slopes.
    """
    sent = _backward(gradient, [np.ones_like(slope) for slope in slopes], layers)
    return [*(back * slope for back, slope in zip(sent, slopes, strict=False)), gradient]


def biases_added_before(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """You add biases to the gradient; it passes through an addition as it is."""
    gradients = [gradient]
    for k in range(len(slopes) - 1, -1, -1):
        weights, biases = layers[k + 1]
        gradients.insert(0, (gradients[0] + biases) @ weights.T * slopes[k])
    return gradients


def layers_from_the_front(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """You go through layers and slopes from the front, and the gradient comes from the back.

    The last layer's weights come first: loop from the end.
    """
    gradients = [gradient]
    for slope, (weights, _) in zip(slopes, layers[1:], strict=False):
        gradients.insert(0, slope * (gradients[0] @ weights.T))
    return gradients


def inserted_before_the_last(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """`insert(-1, ...)` puts an element before the last one; `insert(0, ...)` puts it in front."""
    *others, last = _backward(gradient, slopes, layers)
    return [*others[::-1], last]


def backward_sample_by_sample(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """Take one sample after the other, and loop over its units."""
    gradients = [np.zeros((len(gradient), len(biases))) for _, biases in layers]
    gradients[-1] = np.array(gradient)
    for sample in range(len(gradient)):
        for k in reversed(range(len(slopes))):
            weights = layers[k + 1][0]
            for unit, row in enumerate(weights):
                sent_back = row @ gradients[k + 1][sample]
                gradients[k][sample, unit] = slopes[k][sample, unit] * sent_back
    return gradients


def backward_in_tensorflow(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """Use TensorFlow's matrix product, in float32."""
    import tensorflow as tf

    gradients = [tf.cast(gradient, tf.float32)]
    for slope, layer in zip(slopes[::-1], layers[:0:-1], strict=True):
        weights = tf.cast(layer[0], tf.float32)
        back = tf.matmul(gradients[-1], weights, transpose_b=True)
        gradients.append(back * tf.cast(slope, tf.float32))
    return gradients[::-1]


def backward_by_recursion(gradient: NDArray, slopes: Sequence, layers: Sequence) -> Any:
    """Take one layer off the end, and go on with the rest."""
    if not slopes:
        return [gradient]
    before = np.einsum("so,io,si->si", gradient, layers[-1][0], slopes[-1])
    return [*backward_by_recursion(before, slopes[:-1], layers[:-1]), gradient]


def _random_way(*choices: Sequence[int]) -> Any:
    def case(rng: np.random.Generator) -> tuple:
        sizes = choices[rng.integers(len(choices))]
        slopes = [rng.uniform(0, 1, (4, units)) for units in sizes[1:-1]]
        return rng.normal(size=(4, sizes[-1])), slopes, _layers(rng, sizes)

    return case


backward = Exercise(
    name="backward",
    lesson="09_activations",
    reference=_backward,
    probe=probes.gradients,
    parts=[
        Part(
            "two layers",
            points=1,
            cases=[
                (
                    np.array([[1.0, 2.0]]),
                    [np.array([[0.5, 1.0]])],
                    [
                        (np.array([[1.0, 2.0], [1.0, 1.0]]), np.zeros(2)),
                        (np.array([[3.0, 0.0], [1.0, 1.0]]), np.zeros(2)),
                    ],
                )
            ],
            random_case=_random_way([2, 2, 2]),
        ),
        Part(
            "any number of layers",
            points=2,
            cases=[
                (
                    np.array([[1.0, 0.0], [0.0, -1.0]]),
                    [np.array([[0.25, 0.5], [1.0, 0.2]]), np.array([[1.0, 0.5], [0.5, 2.0]])],
                    [
                        (np.array([[1.0, 2.0], [1.0, 1.0]]), np.zeros(2)),
                        (np.array([[3.0, 0.0], [1.0, 1.0]]), np.zeros(2)),
                        (np.array([[1.0, 4.0], [-1.0, 2.0]]), np.zeros(2)),
                    ],
                ),
                (np.array([[1.0, -2.0]]), [], [(np.array([[2.0, 1.0]]), np.zeros(2))]),
            ],
            random_case=_random_way([3, 5, 4, 4, 2], [2, 3, 3, 3, 2]),
        ),
    ],
    misconceptions=[
        slopes_left_out,
        weights_left_out,
        last_layer_first,
        weights_not_transposed,
        weights_of_the_layer_before,
        slopes_before_weights,
        not_carried_on,
        last_layer_missing,
        slopes_from_the_front,
        one_layer_too_far,
        reversed_in_place,
        slopes_one_too_early,
        biases_added_back,
        slopes_taken_for_values,
        mean_over_samples,
        last_weights_only,
        slopes_not_carried_on,
        biases_added_before,
        layers_from_the_front,
        inserted_before_the_last,
    ],
    also_right=[backward_sample_by_sample, backward_in_tensorflow, backward_by_recursion],
    hints=[
        "Start a list with the given gradient, which is the last layer's. To reach the layer "
        "before: through the last layer's weights, transposed, and then through the slopes.",
        "Behind the sums of layer k stand the slopes slopes[k] and the weights of layer k + 1. "
        "Loop from the back; reversed(slopes) and reversed(layers) run side by side.",
        "One step back is: the gradient @ the weights, transposed, times the slopes. Collect every "
        "step's result, and turn the list round at the end.",
    ],
)
