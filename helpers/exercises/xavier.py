"""Exercises of lesson 06, Xavier initialization."""

import itertools
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from helpers import initializers
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import xavier as probes

__all__ = ["backward_variances", "gain_of", "hint", "xavier_normal"]


def variance_as_scale(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray:
    """You pass the variance where NumPy wants the standard deviation, which is its square root."""
    return rng.normal(0.0, 2 / (fan_in + fan_out), (fan_in, fan_out))


def forward_only(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray:
    """Your variance is 1 / fan_in: the signal keeps its size, and the gradient need not.

    Take the compromise between both.
    """
    return rng.normal(0.0, np.sqrt(1 / fan_in), (fan_in, fan_out))


def backward_only(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray:
    """Your variance is 1 / fan_out: the gradient keeps its size, and the signal need not.

    Take the compromise between both.
    """
    return rng.normal(0.0, np.sqrt(1 / fan_out), (fan_in, fan_out))


def limit_as_deviation(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray:
    """Your standard deviation is the limit of the uniform distribution: its square is too large.

    The 6 holds the 3 of a^2 / 3. The square of a normal distribution's deviation is the variance.
    """
    return rng.normal(0.0, np.sqrt(6 / (fan_in + fan_out)), (fan_in, fan_out))


def one_over_the_sum(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray:
    """Your variance is 1 / (fan_in + fan_out), half of what it should be.

    With fan_in = fan_out = n it has to become 1 / n.
    """
    return rng.normal(0.0, np.sqrt(1 / (fan_in + fan_out)), (fan_in, fan_out))


def mean_of_both(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray:
    """Your variance is the plain mean of 1 / fan_in and 1 / fan_out.

    The compromise averages the two numbers of units, and then takes one over it.
    """
    return rng.normal(0.0, np.sqrt((1 / fan_in + 1 / fan_out) / 2), (fan_in, fan_out))


def still_uniform(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray:
    """Mean and variance are right, but these are the slide's uniform weights: draw normal ones."""
    return initializers.xavier_uniform(fan_in, fan_out, rng)


def outputs_first(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray:
    """Your rows are the outputs. In `x @ weights` the rows of the weights belong to the inputs."""
    return initializers.xavier_normal(fan_out, fan_in, rng)


def one_number(fan_in: int, fan_out: int, rng: np.random.Generator) -> float:
    """You draw one number. Tell the generator the shape, (fan_in, fan_out)."""
    return rng.normal(0.0, np.sqrt(2 / (fan_in + fan_out)))


def he_weights(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray:
    """Your variance is 2 / fan_in, which is meant for ReLU: the compromise has both numbers.

    It is 2 / (fan_in + fan_out).
    """
    return initializers.he_normal(fan_in, fan_out, rng)


def product_of_both(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray:
    """You divide by fan_in times fan_out; the compromise divides by their sum."""
    return rng.normal(0.0, np.sqrt(2 / (fan_in * fan_out)), (fan_in, fan_out))


def root_of_the_2_only(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray:
    """You take the root of 2 alone; the standard deviation is the root of the whole fraction."""
    return rng.normal(0.0, np.sqrt(2) / (fan_in + fan_out), (fan_in, fan_out))


def generator_of_its_own(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray:
    """You draw with a generator of your own: use the one that is given, `rng`.

    Whoever calls your function decides by it whether two draws are equal.
    """
    return initializers.xavier_normal(fan_in, fan_out, np.random.default_rng(0))


def whole_number_division(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray:
    """All your weights are 0.

    Is their variance cut to a whole number? `//` does that, and `int`: divide with `/`.
    """
    return rng.normal(0.0, np.sqrt(2 // (fan_in + fan_out)), (fan_in, fan_out))


def standard_numbers_scaled(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray:
    """Scale standard normal numbers."""
    return rng.standard_normal((fan_in, fan_out)) * (0.5 * (fan_in + fan_out)) ** -0.5


def number_by_number(fan_in: int, fan_out: int, rng: np.random.Generator) -> list[list[float]]:
    """Draw every weight by itself, into lists."""
    deviation = (2 / (fan_in + fan_out)) ** 0.5
    return [[rng.normal(0, deviation) for _ in range(fan_out)] for _ in range(fan_in)]


def _random_fans(rng: np.random.Generator) -> tuple:
    return int(rng.integers(3, 9)), int(rng.integers(10, 20)), int(rng.integers(1000))


xavier_normal = Exercise(
    name="xavier_normal",
    lesson="06_xavier",
    reference=initializers.xavier_normal,
    probe=probes.draws,
    parts=[
        Part("normal weights", points=2, cases=[(4, 2, 0), (3, 5, 1)], random_case=_random_fans)
    ],
    misconceptions=[
        variance_as_scale,
        forward_only,
        backward_only,
        limit_as_deviation,
        one_over_the_sum,
        mean_of_both,
        still_uniform,
        outputs_first,
        one_number,
        he_weights,
        product_of_both,
        root_of_the_2_only,
        generator_of_its_own,
        whole_number_division,
    ],
    also_right=[standard_numbers_scaled, number_by_number],
    hints=[
        "The condition is on mean and variance, so it holds for any distribution. Which variance?",
        "rng.normal takes mean, standard deviation and shape. The standard deviation is the square "
        "root of the variance.",
        "The variance is 2 / (fan_in + fan_out), the shape (fan_in, fan_out), the mean 0.",
    ],
)


def _gradients(gradient: NDArray, weights: Sequence[NDArray]) -> list[NDArray]:
    """Return the gradients from the input's to the output's; the wrong answers begin here."""
    found = [np.asarray(gradient)]
    for matrix in reversed(weights):
        found.insert(0, found[0] @ matrix.T)
    return found


def _backward_variances(gradient: NDArray, weights: Sequence[NDArray]) -> NDArray:
    return np.array([np.var(g) for g in _gradients(gradient, weights)])


def not_transposed(gradient: NDArray, weights: Sequence[NDArray]) -> NDArray:
    """You multiply by the weights as they are, which is the way forward.

    On the way back a sum runs over a layer's outputs: multiply by the transposed matrix.
    """
    return _backward_variances(gradient, [matrix.T for matrix in weights])


def first_layer_first(gradient: NDArray, weights: Sequence[NDArray]) -> NDArray:
    """You go through the layers from the first to the last.

    The gradient comes from the output, so that it meets the last layer's weights first.
    """
    return _backward_variances(gradient, list(weights)[::-1])


def output_comes_first(gradient: NDArray, weights: Sequence[NDArray]) -> NDArray:
    """Your numbers are right and in the order in which they were computed.

    Return them in the order of the layers, the input's first.
    """
    return _backward_variances(gradient, weights)[::-1]


def gradient_left_out(gradient: NDArray, weights: Sequence[NDArray]) -> NDArray:
    """The last number is missing: the variance of the gradient that was given."""
    return _backward_variances(gradient, weights)[:-1]


def input_left_out(gradient: NDArray, weights: Sequence[NDArray]) -> NDArray:
    """The first number is missing: the gradient goes through the first layer too, to the input."""
    return _backward_variances(gradient, weights[1:])


def deviations(gradient: NDArray, weights: Sequence[NDArray]) -> NDArray:
    """These are standard deviations; their squares are the variances."""
    return np.sqrt(_backward_variances(gradient, weights))


def mean_squares(gradient: NDArray, weights: Sequence[NDArray]) -> NDArray:
    """You average the squares. The variance averages the squares of the distances to the mean."""
    return np.array([np.mean(g**2) for g in _gradients(gradient, weights)])


def unit_by_unit(gradient: NDArray, weights: Sequence[NDArray]) -> NDArray:
    """You take each unit's variance over the samples and average these.

    Take one variance over all numbers of a layer.
    """
    return np.array([np.mean(np.var(g, axis=0)) for g in _gradients(gradient, weights)])


def divided_by_one_less(gradient: NDArray, weights: Sequence[NDArray]) -> NDArray:
    """You divide by one less than the number of values; `np.var` as it is divides by all."""
    return np.array([np.var(g, ddof=1) for g in _gradients(gradient, weights)])


def predicted_variances(gradient: NDArray, weights: Sequence[NDArray]) -> NDArray:
    """You multiply variances by n Var[w], which holds on average; measure it on the gradient.

    One layer turns the gradient into `gradient @ matrix.T`.
    """
    found = [np.var(gradient)]
    for matrix in reversed(weights):
        found.insert(0, found[0] * matrix.shape[1] * np.var(matrix))
    return np.array(found)


def each_from_the_output(gradient: NDArray, weights: Sequence[NDArray]) -> NDArray:
    """You send the gradient that was given through each layer by itself.

    A layer receives what the one after it has passed on: let each go on from the last result.
    """
    return np.array([np.var(g) for g in [*(gradient @ w.T for w in weights), gradient]])


def backward_by_recursion(gradient: NDArray, weights: Sequence[NDArray]) -> list[float]:
    """Let each layer ask for what lies below it."""
    here = float(np.mean(np.square(gradient)) - np.mean(gradient) ** 2)
    if not len(weights):
        return [here]
    return [*backward_by_recursion(gradient @ weights[-1].T, weights[:-1]), here]


def backward_by_tape(gradient: NDArray, weights: Sequence[NDArray]) -> list:
    """Ask TensorFlow for the gradients by the output of each layer."""
    import tensorflow as tf

    layers = [tf.zeros([len(gradient), weights[0].shape[0]], tf.float64)]
    with tf.GradientTape() as tape:
        tape.watch(layers[0])
        for matrix in weights:
            layers.append(layers[-1] @ tf.constant(matrix))
        loss = tf.reduce_sum(layers[-1] * gradient)
    return [tf.math.reduce_variance(g) for g in tape.gradient(loss, layers)]


def _random_way_back(rng: np.random.Generator) -> tuple:
    widths = rng.integers(2, 6, 4)
    weights = [rng.normal(size=(m, n)) for m, n in itertools.pairwise(widths)]
    return rng.normal(0.5, 1.0, (3, widths[-1])), weights


backward_variances = Exercise(
    name="backward_variances",
    lesson="06_xavier",
    reference=_backward_variances,
    parts=[
        Part(
            "layers of one width",
            points=1,
            cases=[
                (np.array([[1.0, 0.0]]), [np.array([[1.0, 2.0], [3.0, 4.0]])]),
                (
                    np.array([[1.0, 2.0], [0.0, 3.0]]),
                    [np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[3.0, 0.0], [1.0, 1.0]])],
                ),
            ],
        ),
        Part(
            "layers of any width",
            points=1,
            cases=[
                (
                    np.array([[2.0], [1.0]]),
                    [np.array([[1.0, 0.0, 2.0], [1.0, 3.0, 1.0]]), np.array([[1.0], [4.0], [2.0]])],
                )
            ],
            random_case=_random_way_back,
        ),
    ],
    misconceptions=[
        not_transposed,
        first_layer_first,
        output_comes_first,
        gradient_left_out,
        input_left_out,
        deviations,
        mean_squares,
        unit_by_unit,
        divided_by_one_less,
        predicted_variances,
        each_from_the_output,
    ],
    also_right=[backward_by_recursion, backward_by_tape],
    hints=[
        "It is `forward` in the other direction: begin with the gradient that is given, and keep "
        "the variance after every layer.",
        "Go through reversed(weights). One layer turns the gradient into gradient @ matrix.T.",
        "Begin a list with np.var of the given gradient, append one for each layer, and return it "
        "turned round: [::-1].",
    ],
)


def _gain(activation: Callable[[NDArray], NDArray], z: NDArray) -> float:
    return float(np.sqrt(np.mean(z**2) / np.mean(activation(z) ** 2)))


def variance_of_activations(activation: Callable, z: NDArray) -> float:
    """You compare the variances before and after.

    The next layer's sums grow with the mean of the *squares* of its inputs, and where the
    activations have a mean, as ReLU's have, that is more than their variance.
    """
    return float(np.sqrt(np.var(z) / np.var(activation(z))))


def variance_after_only(activation: Callable, z: NDArray) -> float:
    """You take the variance of the activations; the next layer's sums grow with their mean square.

    Where the activations have a mean, as ReLU's have, the mean square is larger.
    """
    return float(np.sqrt(np.mean(z**2) / np.var(activation(z))))


def mean_of_the_activations(activation: Callable, z: NDArray) -> float:
    """You take the plain mean of the activations: square them first, and take the root after."""
    return float(np.sqrt(np.mean(z**2)) / np.mean(activation(z)))


def mean_of_ratios(activation: Callable, z: NDArray) -> float:
    """You divide number by number and average these; where an activation is 0 you divide by 0.

    Take the two mean squares first, then divide once.
    """
    return float(np.sqrt(np.mean(z**2 / activation(z) ** 2)))


def factor_of_the_variance(activation: Callable, z: NDArray) -> float:
    """This is the factor for the variance. The weights themselves are multiplied by its root."""
    return _gain(activation, z) ** 2


def upside_down(activation: Callable, z: NDArray) -> float:
    """This is what the activation takes; the gain has to give it back: divide the other way."""
    return 1 / _gain(activation, z)


def mean_of_finite_ratios(activation: Callable, z: NDArray) -> float:
    """You divide number by number and average the quotients, where the activation is not 0.

    Take the two mean squares first, of all numbers, then divide once.
    """
    after = activation(z)
    kept = after != 0
    return float(np.sqrt(np.mean(z[kept] ** 2 / after[kept] ** 2)))


def absolute_values(activation: Callable, z: NDArray) -> float:
    """You compare mean absolute values. The variance of a sum is made of mean squares."""
    return float(np.mean(np.abs(z)) / np.mean(np.abs(activation(z))))


def unit_variance_assumed(activation: Callable, z: NDArray) -> float:
    """You take for granted that the sums `z` have the mean square 1: measure theirs as well."""
    return float(np.sqrt(1 / np.mean(activation(z) ** 2)))


def always_relu(activation: Callable, z: NDArray) -> float:
    """You return the factor of ReLU, whatever the activation: measure the one that is given."""
    return float(np.sqrt(2))


def squares_activated(activation: Callable, z: NDArray) -> float:
    """You square before the activation. The next layer receives the activations: square these."""
    return float(np.sqrt(np.mean(z**2) / np.mean(activation(z**2))))


def variance_of_the_sums(activation: Callable, z: NDArray) -> float:
    """You take the variance of `z`, and the mean of these few sums is not exactly 0.

    Compare like with like: the mean of `z**2` before, the mean of the squares after.
    """
    return float(np.sqrt(np.var(z) / np.mean(activation(z) ** 2)))


def gain_by_norms(activation: Callable, z: NDArray) -> float:
    """Compare the lengths of the two vectors: their number of entries is the same."""
    return float(np.linalg.norm(z) / np.linalg.norm(activation(z)))


def gain_by_loop(activation: Callable, z: NDArray) -> float:
    """Add up squares one by one."""
    before = after = 0.0
    for number in z:
        before += number * number
        after += float(activation(np.array([number]))[0]) ** 2
    return (before / after) ** 0.5


def gain_in_tensorflow(activation: Callable, z: NDArray) -> object:
    """Compute in TensorFlow, in float32."""
    import tensorflow as tf

    before, after = (tf.cast(values, tf.float32) for values in (z, activation(z)))
    return tf.sqrt(tf.reduce_mean(before**2) / tf.reduce_mean(after**2))


def _random_sums(rng: np.random.Generator) -> tuple:
    name = list(probes.ACTIVATIONS)[rng.integers(len(probes.ACTIVATIONS))]
    return name, rng.uniform(0.3, 3.0) * rng.normal(size=12)


gain_of = Exercise(
    name="gain_of",
    lesson="06_xavier",
    reference=_gain,
    probe=probes.with_activation,
    parts=[
        Part(
            "any activation",
            points=2,
            cases=[
                ("relu", np.array([-2.0, -1.0, 0.5, 3.0])),
                ("tanh", np.array([-1.5, -0.5, 0.25, 2.0])),
                ("half", np.array([-3.0, 1.0, 2.0])),
            ],
            random_case=_random_sums,
        )
    ],
    misconceptions=[
        variance_of_the_sums,
        variance_of_activations,
        factor_of_the_variance,
        upside_down,
        absolute_values,
        unit_variance_assumed,
        always_relu,
        squares_activated,
        variance_after_only,
        mean_of_the_activations,
        mean_of_ratios,
        mean_of_finite_ratios,
    ],
    also_right=[gain_by_norms, gain_by_loop, gain_in_tensorflow],
    hints=[
        "Var[z] = n Var[w] E[x^2]. If x is z itself, and n Var[w] is 1, the variance stays. What "
        "does it become if x is activation(z)?",
        "Compare the mean of z**2 with the mean of activation(z)**2.",
        "Their ratio is the factor that the variance of the weights needs; the weights themselves "
        "need its square root.",
    ],
)
