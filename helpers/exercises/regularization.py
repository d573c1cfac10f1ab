"""Exercises of lesson 15: what penalties cost, a soft threshold, a layer with a penalty."""

import itertools
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers import regularizers
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import regularization as probes

tf1 = tf.compat.v1

__all__ = ["hint", "paying_layer", "penalty", "soft_threshold"]

Layers = list[tuple[NDArray, NDArray]]

# What the penalties cost ------------------------------------------------------------------------


def half_forgotten(layers: Layers, l1_scale: float, l2_scale: float) -> float:
    """Your L2 penalty is twice too large: it is *half* the sum of the squares."""
    return regularizers.penalty(layers, l1_scale, 2 * l2_scale)


def both_halved(layers: Layers, l1_scale: float, l2_scale: float) -> float:
    """You halve the L1 penalty as well: only the squares get a half."""
    return regularizers.penalty(layers, l1_scale / 2, l2_scale)


def biases_pay(layers: Layers, l1_scale: float, l2_scale: float) -> float:
    """You penalise the biases too; only the weights pay."""
    both = [(part, part) for layer in layers for part in layer]
    return regularizers.penalty(both, l1_scale, l2_scale)


def means_not_sums(layers: Layers, l1_scale: float, l2_scale: float) -> float:
    """You take means over the weights; the penalties are sums, so that each weight counts."""
    return float(sum(l1_scale * np.abs(w).mean() + l2_scale * np.mean(w**2) / 2 for w, _ in layers))


def root_taken(layers: Layers, l1_scale: float, l2_scale: float) -> float:
    """You take the root of the squares' sum: that is the length, the penalty has no root."""
    return float(
        sum(l1_scale * np.abs(w).sum() + l2_scale * np.sqrt(np.sum(w**2)) / 2 for w, _ in layers)
    )


def signs_kept(layers: Layers, l1_scale: float, l2_scale: float) -> float:
    """Negative weights lower your L1 penalty: sum the absolute values."""
    return float(sum(l1_scale * w.sum() + l2_scale * np.sum(w**2) / 2 for w, _ in layers))


def sum_first(layers: Layers, l1_scale: float, l2_scale: float) -> float:
    """You sum the weights first, so that those of opposite signs cancel.

    Take the absolute value and the square of each weight, and then the sum.
    """
    return float(sum(l1_scale * abs(w.sum()) + l2_scale * w.sum() ** 2 / 2 for w, _ in layers))


def last_layer_only(layers: Layers, l1_scale: float, l2_scale: float) -> float:
    """You return the cost of one layer: add up all of them."""
    return regularizers.penalty(layers[-1:], l1_scale, l2_scale)


def first_layer_only(layers: Layers, l1_scale: float, l2_scale: float) -> float:
    """You return the cost of the first layer: a `return` inside of the loop ends the function."""
    return regularizers.penalty(layers[:1], l1_scale, l2_scale)


def l1_alone(layers: Layers, l1_scale: float, l2_scale: float) -> float:
    """The L2 penalty is missing from your cost."""
    return regularizers.penalty(layers, l1_scale, 0.0)


def l2_alone(layers: Layers, l1_scale: float, l2_scale: float) -> float:
    """The L1 penalty is missing from your cost."""
    return regularizers.penalty(layers, 0.0, l2_scale)


def scales_swapped(layers: Layers, l1_scale: float, l2_scale: float) -> float:
    """You have swapped the two scales."""
    return regularizers.penalty(layers, l2_scale, l1_scale)


def scale_squared(layers: Layers, l1_scale: float, l2_scale: float) -> float:
    """You square the scale together with the weights: `scale * w**2`, not `(scale * w)**2`."""
    return regularizers.penalty(layers, l1_scale, l2_scale**2)


def divided_by_their_number(layers: Layers, l1_scale: float, l2_scale: float) -> float:
    """You divide by the number of layers; the penalties are sums."""
    return regularizers.penalty(layers, l1_scale, l2_scale) / len(layers)


def largest_column(layers: Layers, l1_scale: float, l2_scale: float) -> float:
    """Your L1 penalty counts the largest column of each matrix alone: add up all weights.

    Of a matrix np.linalg.norm(w, 1) is that column's sum, not the sum of all |w|.
    """
    largest = sum(np.linalg.norm(w, 1) for w, _ in layers)
    return float(l1_scale * largest + regularizers.penalty(layers, 0.0, l2_scale))


def largest_singular_value(layers: Layers, l1_scale: float, l2_scale: float) -> float:
    """Your L2 penalty takes the largest singular value of each matrix: square all weights.

    Of a matrix np.linalg.norm(w, 2) is that value, not the root of the squares' sum.
    """
    largest = sum(np.linalg.norm(w, 2) ** 2 for w, _ in layers)
    return float(regularizers.penalty(layers, l1_scale, 0.0) + l2_scale * largest / 2)


def penalty_in_tensorflow(layers: Layers, l1_scale: float, l2_scale: float) -> Any:
    """Add up TensorFlow's own sums."""
    costs = [
        l1_scale * tf.norm(weights, ord=1) + l2_scale * tf.nn.l2_loss(weights)
        for weights, _ in layers
    ]
    return tf.add_n(costs)


def penalty_of_one_vector(layers: Layers, l1_scale: float, l2_scale: float) -> Any:
    """Lay all weights into one vector."""
    flat = np.concatenate([np.ravel(weights) for weights, _ in layers])
    return l1_scale * np.linalg.norm(flat, 1) + 0.5 * l2_scale * flat @ flat


_TWO_LAYERS = [
    (np.array([[1.0, -2.0]]), np.array([9.0, 9.0])),
    (np.array([[3.0]]), np.array([9.0])),
]
_MATRIX = [(np.array([[1.0, -2.0], [-3.0, 4.0]]), np.array([0.5, -0.5]))]


def _random_layers(rng: np.random.Generator) -> tuple:
    sizes = [3, 4, 2]
    layers = [(rng.normal(size=(a, b)), rng.normal(size=b)) for a, b in itertools.pairwise(sizes)]
    return layers, float(rng.uniform(0.1, 1)), float(rng.uniform(0.1, 1))


penalty = Exercise(
    name="penalty",
    lesson="15_regularization",
    reference=regularizers.penalty,
    parts=[
        Part(
            "both penalties",
            points=2,
            cases=[
                (_TWO_LAYERS, 0.5, 0.1),
                (_MATRIX, 0.5, 0.0),
                (_MATRIX, 0.0, 0.5),
                (_MATRIX * 2, 0.25, 3.0),
            ],
            random_case=_random_layers,
        )
    ],
    misconceptions=[
        half_forgotten,
        both_halved,
        biases_pay,
        means_not_sums,
        root_taken,
        signs_kept,
        sum_first,
        last_layer_only,
        first_layer_only,
        l1_alone,
        l2_alone,
        scales_swapped,
        scale_squared,
        divided_by_their_number,
        largest_column,
        largest_singular_value,
    ],
    also_right=[penalty_in_tensorflow, penalty_of_one_vector],
    hints=[
        "Go through the layers: for weights, biases in layers. Which of the two pays?",
        "np.abs(weights).sum() for L1, np.sum(weights**2) / 2 for L2, each times its scale.",
        "Begin with a cost of 0 and add both penalties of each layer to it.",
    ],
)

# The step that makes zeros ----------------------------------------------------------------------


def everywhere_less(weights: NDArray, amount: float) -> NDArray:
    """You subtract from negative weights too, which moves them away from 0: mind the sign."""
    return weights - amount


def beyond_zero(weights: NDArray, amount: float) -> NDArray:
    """Small weights jump over 0: one that is closer to 0 than `amount` becomes 0."""
    return weights - amount * np.sign(weights)


def hard_threshold(weights: NDArray, amount: float) -> NDArray:
    """You set small weights to 0 and leave the others; these move towards 0 as well."""
    return np.where(np.abs(weights) > amount, weights, 0.0)


def sign_lost(weights: NDArray, amount: float) -> NDArray:
    """Your result has no negative numbers: give each weight its sign back."""
    return np.maximum(np.abs(weights) - amount, 0.0)


def cut_off(weights: NDArray, amount: float) -> NDArray:
    """You cut large weights off at `amount`: it is what is taken away, not what is left."""
    return np.clip(weights, -amount, amount)


def shrunk_by_a_share(weights: NDArray, amount: float) -> NDArray:
    """You take away a share of each weight: that is L2's step, which leaves no zeros."""
    return weights * (1 - amount)


def positives_only(weights: NDArray, amount: float) -> NDArray:
    """Negative weights have become 0: they move towards 0 from the other side."""
    return np.maximum(weights - amount, 0.0)


def moved_away(weights: NDArray, amount: float) -> NDArray:
    """Your weights move away from 0: the amount is subtracted from their size."""
    return np.sign(weights) * (np.abs(weights) + amount)


def changed_in_place(weights: NDArray, amount: float) -> NDArray:
    """Right numbers, but the array you were given has changed: compute a new one."""
    weights[...] = regularizers.soft_threshold(weights, amount)
    return weights


def half_of_the_amount(weights: NDArray, amount: float) -> NDArray:
    """You move by half the amount."""
    return regularizers.soft_threshold(weights, amount / 2)


def by_cases(weights: NDArray, amount: float) -> NDArray:
    """Tell three cases apart."""
    below = np.where(weights < -amount, weights + amount, 0.0)
    return np.where(weights > amount, weights - amount, below)


def by_relu(weights: NDArray, amount: float) -> Any:
    """Use two ReLUs, in float32."""
    weights = tf.cast(weights, tf.float32)
    return tf.nn.relu(weights - amount) - tf.nn.relu(-weights - amount)


soft_threshold = Exercise(
    name="soft_threshold",
    lesson="15_regularization",
    reference=regularizers.soft_threshold,
    parts=[
        Part(
            "weights of both signs",
            points=2,
            cases=[
                (np.array([3.0, -0.5, -2.0]), 1.0),
                (np.array([[0.25, -4.0], [1.5, 0.0]]), 0.5),
                (np.array([1.0, -2.0, 0.0]), 0.0),
                (np.array(-0.75), 0.5),
            ],
            random_case=lambda rng: (rng.normal(size=(3, 4)), float(rng.uniform(0.2, 0.8))),
        )
    ],
    misconceptions=[
        everywhere_less,
        beyond_zero,
        hard_threshold,
        sign_lost,
        cut_off,
        shrunk_by_a_share,
        positives_only,
        moved_away,
        changed_in_place,
        half_of_the_amount,
    ],
    also_right=[by_cases, by_relu],
    hints=[
        "Separate a weight into its sign, np.sign, and its size, np.abs. Which of them changes?",
        "The new size is the old one less the amount, and never below 0: np.maximum.",
        "Multiply the new size by the sign of the weight.",
    ],
)

# A layer that pays --------------------------------------------------------------------------------


def _layer(
    inputs: Any,
    units: int,
    penalty: Any = None,
    activation: Any = tf.nn.elu,
    names: tuple[str, str] = ("weights", "biases"),
    start: float = 0.1,
) -> Any:
    weights = tf1.get_variable(
        names[0], [inputs.shape[1], units], initializer=tf1.random_normal_initializer()
    )
    biases = tf1.get_variable(names[1], [units], initializer=tf1.constant_initializer(start))
    for each in penalty(weights, biases) if penalty else ():
        tf1.add_to_collection("losses", each)
    return activation(tf.matmul(inputs, weights) + biases)


def _paying_layer(inputs: Any, units: int, scale: float) -> Any:
    return _layer(inputs, units, lambda w, b: [scale * tf.nn.l2_loss(w)])


def nobody_pays(inputs: Any, units: int, scale: float) -> Any:
    """Nothing is in the collection "losses".

    Put the penalty in with `tf1.add_to_collection`, under exactly this name.
    """
    return _layer(inputs, units)


def scale_left_out(inputs: Any, units: int, scale: float) -> Any:
    """Your penalty lacks the factor `scale`."""
    return _layer(inputs, units, lambda w, b: [tf.nn.l2_loss(w)])


def without_half(inputs: Any, units: int, scale: float) -> Any:
    """Your penalty is twice too large: half the sum of squares, which is `tf.nn.l2_loss`."""
    return _layer(inputs, units, lambda w, b: [scale * tf.reduce_sum(w**2)])


def halved_twice(inputs: Any, units: int, scale: float) -> Any:
    """Your penalty is halved twice: `tf.nn.l2_loss` has the half already."""
    return _layer(inputs, units, lambda w, b: [scale * tf.nn.l2_loss(w) / 2])


def absolute_values(inputs: Any, units: int, scale: float) -> Any:
    """You add the L1 penalty, of absolute values; L2 takes squares."""
    return _layer(inputs, units, lambda w, b: [scale * tf.reduce_sum(tf.abs(w))])


def biases_too(inputs: Any, units: int, scale: float) -> Any:
    """You put the biases' penalty in as well; only the weights pay."""
    return _layer(inputs, units, lambda w, b: [scale * tf.nn.l2_loss(w), scale * tf.nn.l2_loss(b)])


def outputs_pay(inputs: Any, units: int, scale: float) -> Any:
    """You put another number into the collection: the penalty is computed from the weights."""
    output = _layer(inputs, units)
    tf1.add_to_collection("losses", scale * tf.nn.l2_loss(output[0]))
    return output


def list_in_collection(inputs: Any, units: int, scale: float) -> Any:
    """You put a list into the collection; `add_n` wants tensors: put the penalty itself in."""
    return _layer(inputs, units, lambda w, b: [[scale * tf.nn.l2_loss(w)]])


def no_activation(inputs: Any, units: int, scale: float) -> Any:
    """Your output lacks the activation: apply `tf.nn.elu` to the sum."""
    return _layer(inputs, units, lambda w, b: [scale * tf.nn.l2_loss(w)], activation=tf.identity)


def relu_instead(inputs: Any, units: int, scale: float) -> Any:
    """Your activation is ReLU; the slide's network has ELU, `tf.nn.elu`."""
    return _layer(inputs, units, lambda w, b: [scale * tf.nn.l2_loss(w)], activation=tf.nn.relu)


def penalty_returned(inputs: Any, units: int, scale: float) -> Any:
    """You return two things: the collection keeps the penalty, return the output alone."""
    output = _paying_layer(inputs, units, scale)
    return output, tf1.get_collection("losses")[-1]


def swapped_names(inputs: Any, units: int, scale: float) -> Any:
    """The variables have other names than `weights` and `biases`."""
    return _layer(inputs, units, lambda w, b: [scale * tf.nn.l2_loss(w)], names=("w", "b"))


def started_elsewhere(inputs: Any, units: int, scale: float) -> Any:
    """Your biases do not start at 0.1: give them `tf1.constant_initializer(0.1)`."""
    return _layer(inputs, units, lambda w, b: [scale * tf.nn.l2_loss(w)], start=0.0)


def ready_made_variables(inputs: Any, units: int, scale: float) -> Any:
    """Use `tf1.Variable`'s relative with an own variable scope, and the graph's own collection."""
    with tf1.variable_scope(tf1.get_variable_scope()):
        weights = tf1.get_variable(
            name="weights",
            initializer=tf1.random_normal([int(inputs.shape[-1]), units]),
        )
        biases = tf1.get_variable(name="biases", initializer=tf.constant(0.1, shape=[units]))
    half = tf.reduce_sum(weights * weights) / 2
    tf1.get_default_graph().add_to_collection("losses", half * scale)
    return tf.nn.elu(tf1.nn.xw_plus_b(inputs, weights, biases))


def by_regularizer_argument(inputs: Any, units: int, scale: float) -> Any:
    """Let `get_variable` compute the penalty, and copy it."""
    weights = tf1.get_variable(
        "weights",
        [inputs.shape[1], units],
        initializer=tf1.random_normal_initializer(),
        regularizer=lambda w: scale * tf.nn.l2_loss(w),
    )
    biases = tf1.get_variable("biases", [units], initializer=tf1.constant_initializer(0.1))
    penalty = tf1.get_collection(tf1.GraphKeys.REGULARIZATION_LOSSES)[-1]
    tf1.add_to_collection("losses", penalty)
    return tf.nn.elu(inputs @ weights + biases)


_X = np.array([[1.0, -2.0], [0.5, 3.0], [-1.0, 0.25]])

paying_layer = Exercise(
    name="paying_layer",
    lesson="15_regularization",
    reference=_paying_layer,
    probe=probes.layers,
    parts=[
        Part(
            "a layer",
            points=1,
            cases=[(_X, [4], 0.5), (_X, [200], 2.0)],
        ),
        Part(
            "layer upon layer",
            points=2,
            cases=[(_X, [3, 2], 0.5), (_X, [4, 3, 1], 0.003)],
        ),
    ],
    misconceptions=[
        nobody_pays,
        scale_left_out,
        without_half,
        halved_twice,
        absolute_values,
        biases_too,
        outputs_pay,
        list_in_collection,
        no_activation,
        relu_instead,
        penalty_returned,
        swapped_names,
        started_elsewhere,
    ],
    also_right=[ready_made_variables, by_regularizer_argument],
    hints=[
        "tf1.get_variable(name, shape, initializer=…) makes each variable; how many features do "
        "the inputs have? inputs.shape[1] says so.",
        "tf.nn.l2_loss(weights) is half the sum of the squares. "
        'tf1.add_to_collection("losses", …) puts a tensor in.',
        "The output is tf.nn.elu of tf.matmul(inputs, weights) plus the biases.",
    ],
)
