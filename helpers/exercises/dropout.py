"""Exercises of lesson 16: dropout forwards, backwards, and what it does to a sum."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers import dropout as room
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import dropout as probes

__all__ = ["hint", "layer_backward", "moments", "my_dropout"]

# Forwards ---------------------------------------------------------------


def _my_dropout(x: NDArray, rate: float, seed_of_rng: Any, training: bool) -> Any:
    # The parameters' names are what a verdict prints before a case's values.
    return room.dropout(x, rate, seed_of_rng, training)


def keeps_with_rate(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """You keep where you should drop: `rate` is the probability of being dropped.

    TensorFlow 1's `keep_prob` was the other way round.
    """
    return room.dropout(x, 1 - rate, rng, training) if rate else (x, np.ones_like(x))


def drops_above(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """You drop where the random number is `rate` or more; those *below* `rate` drop."""
    if not training:
        return x, np.ones_like(x)
    factors = (rng.random(x.shape) < rate) / (1 - rate)
    return x * factors, factors


def not_scaled(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """The right numbers are dropped, and the others are not made larger.

    Without the factor 1 / (1 - rate) the next layer gets less than at test time.
    """
    _, factors = room.dropout(x, rate, rng, training)
    return x * (factors > 0), (factors > 0).astype(float)


def scaled_by_rate(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """You divide by `rate`: the share that is *kept* is 1 - rate."""
    if not training:
        return x, np.ones_like(x)
    factors = (rng.random(x.shape) >= rate) / (rate or 1)
    return x * factors, factors


def divided_by_a_rate_of_0(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """You enlarge by 1 / rate: the share that is *kept* is 1 - rate, which is never 0."""
    if not training:
        return x, np.ones_like(x)
    factors = (rng.random(x.shape) >= rate) * (1 / rate)
    return x * factors, factors


def kept_below(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """You keep where the random number is below 1 - rate; those below `rate` are to be dropped.

    That is as many, but not the same ones.
    """
    if not training:
        return x, np.ones_like(x)
    factors = (rng.random(x.shape) < 1 - rate) / (1 - rate)
    return x * factors, factors


def multiplied_by_kept(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """You multiply by 1 - rate, which makes the outputs smaller still: divide by it."""
    if not training:
        return x, np.ones_like(x)
    factors = (rng.random(x.shape) >= rate) * (1 - rate)
    return x * factors, factors


def always_drops(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """You drop outside of training too; then the input comes back as it is."""
    return room.dropout(x, rate, rng)


def scaled_in_testing(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """You scale outside of training; the scaling in training was for that: leave `x` as it is."""
    if training:
        return room.dropout(x, rate, rng)
    factors = np.full(x.shape, 1 - rate)
    return x * factors, factors


def draws_in_testing(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """You draw random numbers outside of training, where nothing is to be drawn."""
    found = room.dropout(x, rate, rng)
    return found if training else (x, np.ones_like(x))


def rows_dropped(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """You draw one number for a whole row; each number of `x` gets its own."""
    if not training:
        return x, np.ones_like(x)
    kept = rng.random((len(x), *[1] * (x.ndim - 1))) >= rate
    factors = np.broadcast_to(kept / (1 - rate), x.shape) + np.zeros(x.shape)
    return x * factors, factors


def mask_returned(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """The outputs are right; your second result is a mask of 0 and 1, and has to be the factors."""
    outputs, factors = room.dropout(x, rate, rng, training)
    return outputs, (factors > 0).astype(float)


def normal_numbers(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """Your random numbers are not uniform between 0 and 1: use `rng.random(x.shape)`."""
    if not training:
        return x, np.ones_like(x)
    factors = (rng.normal(size=x.shape) >= rate) / (1 - rate)
    return x * factors, factors


def outputs_only(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """You return the outputs alone: the factors are needed for the way back."""
    return room.dropout(x, rate, rng, training)[0]


def factors_by_dividing(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """You find the factors by dividing the outputs by x: where x is 0 that is 0 / 0.

    The factors do not depend on x; make them first, then multiply.
    """
    outputs, factors = room.dropout(x, rate, rng, training)
    return outputs, np.where(x == 0, np.nan, factors) if training else factors


def one_mask_for_all(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """All rows of yours drop the same places: draw a number for each number of x, in its shape."""
    if not training:
        return x, np.ones_like(x)
    factors = np.broadcast_to((rng.random(x.shape[-1]) >= rate) / (1 - rate), x.shape)
    return x * factors, factors


def drawn_twice(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """Outputs and factors are drawn each for itself, and belong to different masks: draw once."""
    return room.dropout(x, rate, rng, training)[0], room.dropout(x, rate, rng, training)[1]


def by_where(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """Choose with `where`, and divide afterwards."""
    if not training:
        return x.copy(), np.ones(x.shape)
    dropped = rng.random(x.shape) < rate
    return np.where(dropped, 0, x) / (1 - rate), np.where(dropped, 0, 1) / (1 - rate)


def in_tensorflow(x: NDArray, rate: float, rng: Any, training: bool) -> Any:
    """Let TensorFlow multiply."""
    import tensorflow as tf

    if not training:
        return tf.identity(x), tf.ones_like(x)
    kept = tf.cast(rng.random(x.shape) >= rate, tf.float64)
    return x * kept / (1 - rate), kept / (1 - rate)


def _random_dropout(rng: np.random.Generator) -> tuple:
    x = rng.normal(size=(3, 5))
    return x, float(rng.uniform(0.2, 0.8)), int(rng.integers(1000)), True


_ROW = np.array([1.0, 2.0, 3.0, -4.0])
_TABLE = np.arange(1.0, 7.0).reshape(2, 3)

my_dropout = Exercise(
    name="my_dropout",
    lesson="16_dropout",
    reference=_my_dropout,
    probe=probes.dropped,
    parts=[
        Part(
            "in training and outside",
            points=2,
            cases=[
                (_ROW, 0.5, 0, True),
                (_TABLE, 0.25, 1, True),
                (_TABLE, 0.0, 2, True),
                # The first number that is drawn: it is not below itself.
                (_ROW, float(np.random.default_rng(0).random()), 0, True),
                (_ROW, 0.5, 0, False),
                (_TABLE, 0.9, 3, False),
                # The factor of a 0 is known as well.
                (np.array([0.0, 1.0, 0.0, 2.0]), 0.5, 0, True),
            ],
            random_case=_random_dropout,
        )
    ],
    misconceptions=[
        keeps_with_rate,
        drops_above,
        not_scaled,
        scaled_by_rate,
        divided_by_a_rate_of_0,
        kept_below,
        multiplied_by_kept,
        always_drops,
        scaled_in_testing,
        draws_in_testing,
        rows_dropped,
        mask_returned,
        normal_numbers,
        outputs_only,
        factors_by_dividing,
        one_mask_for_all,
        drawn_twice,
    ],
    also_right=[by_where, in_tensorflow],
    hints=[
        "Begin with the case that nothing is trained: what are outputs and factors then?",
        "rng.random(x.shape) < rate is true where a number is dropped; >= is true where it stays.",
        "True counts as 1 when you compute with it. Divide what stays by the share that stays.",
    ],
    forbidden={"helpers.dropout.dropout": "The exercise is to write this yourself."},
)

# Backwards ---------------------------------------------------------------

Back = tuple[NDArray, NDArray, NDArray]


def _through(by_sums: NDArray, x: NDArray, weights: NDArray) -> Back:
    return x.T @ by_sums, by_sums.sum(axis=0), by_sums @ weights.T


def factors_forgotten(
    gradient: NDArray, x: NDArray, weights: NDArray, sums: NDArray, factors: NDArray
) -> Back:
    """You leave out the dropout: its factors multiply the gradient as they did the outputs."""
    return _through(gradient * (sums > 0), x, weights)


def divided_by_factors(
    gradient: NDArray, x: NDArray, weights: NDArray, sums: NDArray, factors: NDArray
) -> Back:
    """You divide by the factors where they are not 0; on the way back too one multiplies."""
    inverse = np.divide(1.0, factors, out=np.zeros_like(factors), where=factors > 0)
    return _through(gradient * inverse * (sums > 0), x, weights)


def scale_lost(
    gradient: NDArray, x: NDArray, weights: NDArray, sums: NDArray, factors: NDArray
) -> Back:
    """You use the factors as a mask: where they are not 0 they also enlarge the gradient."""
    return _through(gradient * (factors > 0) * (sums > 0), x, weights)


def slope_at_zero(
    gradient: NDArray, x: NDArray, weights: NDArray, sums: NDArray, factors: NDArray
) -> Back:
    """You let the gradient through where a sum is exactly 0: there ReLU's slope is 0."""
    return _through(gradient * factors * (sums >= 0), x, weights)


def relu_forgotten(
    gradient: NDArray, x: NDArray, weights: NDArray, sums: NDArray, factors: NDArray
) -> Back:
    """You leave out the ReLU: a unit whose sum is not positive passes nothing back."""
    return _through(gradient * factors, x, weights)


def times_the_sums(
    gradient: NDArray, x: NDArray, weights: NDArray, sums: NDArray, factors: NDArray
) -> Back:
    """You multiply by the ReLU's value; its slope is 1 where the sum is positive, else 0."""
    return _through(gradient * factors * np.maximum(sums, 0), x, weights)


def biases_by_mean(
    gradient: NDArray, x: NDArray, weights: NDArray, sums: NDArray, factors: NDArray
) -> Back:
    """You average the biases' gradient over the samples: sum it."""
    by_weights, by_biases, by_x = room.layer_backward(gradient, x, weights, sums, factors)
    return by_weights, by_biases / len(x), by_x


def biases_over_units(
    gradient: NDArray, x: NDArray, weights: NDArray, sums: NDArray, factors: NDArray
) -> Back:
    """The biases' gradient is summed over the wrong axis: one number for each unit, axis 0."""
    by_weights, _, by_x = room.layer_backward(gradient, x, weights, sums, factors)
    return by_weights, (gradient * factors * (sums > 0)).sum(axis=1), by_x


def everything_averaged(
    gradient: NDArray, x: NDArray, weights: NDArray, sums: NDArray, factors: NDArray
) -> Any:
    """You divide by the number of samples; `gradient` is divided already, if at all."""
    back = room.layer_backward(gradient, x, weights, sums, factors)
    return back[0] / len(x), back[1] / len(x), back[2]


def wrong_order(
    gradient: NDArray, x: NDArray, weights: NDArray, sums: NDArray, factors: NDArray
) -> Any:
    """You return the gradients in another order: by weights, by biases, by x."""
    return room.layer_backward(gradient, x, weights, sums, factors)[::-1]


def gradient_unchanged_for_x(
    gradient: NDArray, x: NDArray, weights: NDArray, sums: NDArray, factors: NDArray
) -> Back:
    """Your gradient by x comes from the one behind ReLU and dropout: take both back first."""
    by_weights, by_biases, _ = room.layer_backward(gradient, x, weights, sums, factors)
    return by_weights, by_biases, gradient @ weights.T


def backward_by_tape(
    gradient: NDArray, x: NDArray, weights: NDArray, sums: NDArray, factors: NDArray
) -> Any:
    """Build the layer again, so that it has these sums, and let a tape go back."""
    import tensorflow as tf

    biases = sums - x @ weights
    held = [tf.Variable(weights), tf.Variable(tf.zeros(weights.shape[1], tf.float64))]
    given = tf.Variable(x)
    with tf.GradientTape() as tape:
        outputs = tf.nn.relu(given @ held[0] + held[1] + biases) * factors
        loss = tf.reduce_sum(outputs * gradient)
    return tape.gradient(loss, [*held, given])


def sample_by_sample(
    gradient: NDArray, x: NDArray, weights: NDArray, sums: NDArray, factors: NDArray
) -> Any:
    """Add up the samples in a loop."""
    by_weights, by_biases, by_x = np.zeros(weights.shape), np.zeros(weights.shape[1]), []
    for sample in range(len(x)):
        slope = np.where(sums[sample] > 0, factors[sample], 0) * gradient[sample]
        by_weights += np.outer(x[sample], slope)
        by_biases += slope
        by_x.append(weights @ slope)
    return [by_weights, by_biases, by_x]


def _random_layer(rng: np.random.Generator) -> tuple:
    x, weights = rng.normal(size=(4, 3)), rng.normal(size=(3, 5))
    sums = x @ weights + rng.normal(size=5)
    factors = (rng.random((4, 5)) >= 0.4) / 0.6
    return rng.normal(size=(4, 5)), x, weights, sums, factors


layer_backward = Exercise(
    name="layer_backward",
    lesson="16_dropout",
    reference=room.layer_backward,
    parts=[
        Part(
            "the way back",
            points=3,
            cases=[
                (
                    np.array([[1.0, 1.0]]),
                    np.array([[3.0]]),
                    np.array([[1.0, 2.0]]),
                    np.array([[3.0, 6.0]]),
                    np.array([[2.0, 0.0]]),
                ),
                (
                    np.array([[1.0, -2.0], [0.5, 1.0], [3.0, 1.0]]),
                    np.array([[1.0, 0.0], [0.0, 2.0], [-1.0, 1.0]]),
                    np.array([[1.0, -1.0], [2.0, 0.5]]),
                    np.array([[1.0, -1.0], [4.0, 1.0], [1.0, 0.0]]),
                    np.array([[4.0, 4.0], [0.0, 4.0], [4.0, 4.0]]),
                ),
            ],
            random_case=_random_layer,
        )
    ],
    misconceptions=[
        factors_forgotten,
        divided_by_factors,
        scale_lost,
        slope_at_zero,
        relu_forgotten,
        times_the_sums,
        biases_by_mean,
        biases_over_units,
        everything_averaged,
        wrong_order,
        gradient_unchanged_for_x,
    ],
    also_right=[backward_by_tape, sample_by_sample],
    hints=[
        "Three steps back, the last one first: the dropout, the ReLU, the sums.",
        "The dropout multiplied by factors, so the gradient is multiplied by them too. The slope "
        "of ReLU is sums > 0.",
        "With by_sums, the gradient by the sums: by the weights it is x.T @ by_sums, by the biases "
        "its sum over the samples, by x it is by_sums @ weights.T.",
    ],
)

# What it does to a sum ---------------------------------------------------------------


def mean_shrinks(x: NDArray, weights: NDArray, rate: float) -> Any:
    """Your mean is too small: the factor 1 / (1 - rate) makes good what is dropped."""
    mean, variance = room.moments(x, weights, rate)
    return (1 - rate) * mean, variance


def not_enlarged(x: NDArray, weights: NDArray, rate: float) -> Any:
    """Your variance is that of a mask of 0 and 1: the factors are 0 and 1 / (1 - rate)."""
    mean, variance = room.moments(x, weights, rate)
    return mean, variance * (1 - rate) ** 2


def standard_deviation(x: NDArray, weights: NDArray, rate: float) -> Any:
    """You return the standard deviation; the variance is its square."""
    mean, variance = room.moments(x, weights, rate)
    return mean, variance**0.5


def square_of_the_sum(x: NDArray, weights: NDArray, rate: float) -> Any:
    """You square the sum; the inputs are dropped one by one, so their squares are added."""
    mean, _ = room.moments(x, weights, rate)
    return mean, rate / (1 - rate) * mean**2


def odds_turned_round(x: NDArray, weights: NDArray, rate: float) -> Any:
    """Your fraction is turned round: with rate 0 nothing is random, and the variance is 0."""
    mean, variance = room.moments(x, weights, rate)
    return mean, variance * ((1 - rate) / rate) ** 2 if rate else float("inf")


def second_moment(x: NDArray, weights: NDArray, rate: float) -> Any:
    """You return the mean of the factors' squares; the variance is that less the mean squared."""
    mean, _ = room.moments(x, weights, rate)
    return mean, float(np.sum((x * weights) ** 2) / (1 - rate))


def weights_not_squared(x: NDArray, weights: NDArray, rate: float) -> Any:
    """The weights multiply the numbers before they are squared: square x * weights."""
    mean, _ = room.moments(x, weights, rate)
    return mean, float(rate / (1 - rate) * np.sum(x**2 * weights))


def variance_of_the_parts(x: NDArray, weights: NDArray, rate: float) -> Any:
    """You take the variance of the inputs among each other; the random choice was asked about."""
    mean, _ = room.moments(x, weights, rate)
    return mean, float(np.var(x * weights))


def without_dropping(x: NDArray, weights: NDArray, rate: float) -> Any:
    """Your variance is 0, as if nothing were dropped."""
    return room.moments(x, weights, rate)[0], 0.0


def mean_of_the_inputs(x: NDArray, weights: NDArray, rate: float) -> Any:
    """You divide by the number of inputs: it is the sum whose mean is asked."""
    mean, variance = room.moments(x, weights, rate)
    return mean / len(x), variance


def moments_by_all_masks(x: NDArray, weights: NDArray, rate: float) -> Any:
    """Go through all choices with their probabilities."""
    import itertools

    mean = second = 0.0
    for kept in itertools.product([0, 1], repeat=len(x)):
        probability = np.prod([1 - rate if k else rate for k in kept])
        total = np.dot(np.array(kept) / (1 - rate) * x, weights)
        mean += probability * total
        second += probability * total**2
    return mean, second - mean**2


def moments_unit_by_unit(x: NDArray, weights: NDArray, rate: float) -> Any:
    """Add up what each input gives to both."""
    mean, variance = 0.0, 0.0
    for value, weight in zip(x, weights, strict=True):
        mean += value * weight
        variance += (value * weight) ** 2 * (1 / (1 - rate) - 1)
    return [mean, variance]


moments = Exercise(
    name="moments",
    lesson="16_dropout",
    reference=room.moments,
    parts=[
        Part(
            "mean and variance",
            points=2,
            cases=[
                (np.array([1.0, 2.0]), np.array([3.0, 1.0]), 0.5),
                (np.array([4.0]), np.array([-0.5]), 0.2),
                (np.array([1.0, -1.0, 2.0]), np.array([0.5, 2.0, 3.0]), 0.75),
                (np.array([2.0, 3.0]), np.array([1.0, 1.0]), 0.0),
            ],
            random_case=lambda rng: (
                rng.normal(size=4),
                rng.normal(size=4),
                float(rng.uniform(0.2, 0.8)),
            ),
        )
    ],
    misconceptions=[
        mean_shrinks,
        not_enlarged,
        standard_deviation,
        square_of_the_sum,
        odds_turned_round,
        second_moment,
        weights_not_squared,
        variance_of_the_parts,
        without_dropping,
        mean_of_the_inputs,
    ],
    also_right=[moments_by_all_masks, moments_unit_by_unit],
    hints=[
        "Take one input. Its factor is 0 with probability rate, else 1 / (1 - rate). What is the "
        "factor's mean?",
        "The variance of a factor is the mean of its square, less the square of its mean: "
        "1 / (1 - rate) - 1.",
        "The inputs are dropped independently, so the variances of x[i] * weights[i] * factor add "
        "up; a constant comes out of a variance squared.",
    ],
)
