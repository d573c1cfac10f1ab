"""Exercises of lesson 20, the restricted Boltzmann machine."""

import numpy as np
from numpy.typing import NDArray

from helpers import boltzmann
from helpers.activations import sigmoid
from helpers.boltzmann import Machine
from helpers.checks.exercise import Exercise, Part, hint

__all__ = ["contrastive_step", "free_energy", "gibbs_step", "hint"]

_THREE_BY_TWO = np.array([[2.0, -1.0], [-1.0, 0.5], [0.25, 1.0]])
_ALL_THREE = np.array(
    [[0.0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1], [1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]]
)


def _random_machine(rng: np.random.Generator, num_visible: int, num_hidden: int) -> tuple:
    weights = rng.normal(size=(num_visible, num_hidden))
    return weights, rng.normal(size=num_visible), rng.normal(size=num_hidden)


def _states(rng: np.random.Generator, num_samples: int, num_units: int) -> NDArray:
    return (rng.random((num_samples, num_units)) < 0.5).astype(float)


# Exercise 1


def _free_energy(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    return boltzmann.free_energy(Machine(weights, visible_biases, hidden_biases), visible)


def overflowing(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """Your result is infinite where the input x of a hidden unit is large.

    `exp` of a number above 709 is infinite, and so is the logarithm of a sigmoid that has become 0.
    For large x, ln(1 + exp(x)) is x itself; `np.logaddexp(0, x)` knows that.
    """
    inputs = visible @ weights + hidden_biases
    return -visible @ visible_biases - np.log(1 + np.exp(inputs)).sum(axis=1)


def sign_turned(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """The sign is turned round: the likelier an image, the *lower* is its free energy."""
    return -_free_energy(weights, visible_biases, hidden_biases, visible)


def hidden_term_added(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """You add the sum over the hidden units; both terms are subtracted."""
    inputs = visible @ weights + hidden_biases
    return -visible @ visible_biases + np.logaddexp(0, inputs).sum(axis=1)


def visible_bias_added(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """You add the term of the visible biases; both terms are subtracted."""
    inputs = visible @ weights + hidden_biases
    return visible @ visible_biases - np.logaddexp(0, inputs).sum(axis=1)


def visible_biases_forgotten(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """The visible biases are missing: an image also pays for its own pixels, -(v·a)."""
    return _free_energy(weights, np.zeros_like(visible_biases), hidden_biases, visible)


def hidden_biases_forgotten(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """The hidden biases are missing: a hidden unit's input is `visible @ weights` plus its bias."""
    return _free_energy(weights, visible_biases, np.zeros_like(hidden_biases), visible)


def all_hidden_on(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """You take the energy with every hidden unit at 1.

    The free energy counts both states of each hidden unit: its term is ln(1 + exp(x)), not x.
    """
    inputs = visible @ weights + hidden_biases
    return -visible @ visible_biases - inputs.sum(axis=1)


def best_hidden(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """You take the energy of the best hidden state only: max(x, 0) for each hidden unit.

    The other state counts as well, which makes of it ln(1 + exp(x)).
    """
    inputs = visible @ weights + hidden_biases
    return -visible @ visible_biases - np.maximum(inputs, 0).sum(axis=1)


def mean_hidden(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """You put the hidden units' probabilities into the energy.

    That is the mean energy; the free energy is lower, because it also counts in how many ways the
    hidden units can be set.
    """
    inputs = visible @ weights + hidden_biases
    return -visible @ visible_biases - (inputs * sigmoid(inputs)).sum(axis=1)


def sigmoids_summed(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """You sum sigmoids. The sigmoid is the *derivative* of ln(1 + exp(x)), which belongs here."""
    inputs = visible @ weights + hidden_biases
    return -visible @ visible_biases - sigmoid(inputs).sum(axis=1)


def log_after_sum(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """You sum over the hidden units first and take the logarithm then.

    Each hidden unit has a logarithm of its own: ln(1 + exp(x_1)) + ln(1 + exp(x_2)) + ….
    """
    inputs = visible @ weights + hidden_biases
    return -visible @ visible_biases - np.log(1 + np.exp(inputs).sum(axis=1))


def summed_over_samples(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """Your sum runs over the samples, or over everything.

    A row is a sample, and each has a free energy of its own: sum along axis 1.
    """
    return _free_energy(weights, visible_biases, hidden_biases, visible).sum()


def mean_over_hidden(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """You average over the hidden units. Their logarithms are added: a sum, not a mean."""
    inputs = visible @ weights + hidden_biases
    return -visible @ visible_biases - np.logaddexp(0, inputs).mean(axis=1)


def unnormalised_probability(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """This is exp(-F), what the probability is proportional to. Return F itself."""
    return np.exp(-_free_energy(weights, visible_biases, hidden_biases, visible))


def log_of_sigmoid(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """You take the logarithm of the sigmoid of x; ln(1 + exp(x)) is minus that of -x."""
    inputs = visible @ weights + hidden_biases
    return -visible @ visible_biases + np.logaddexp(0, -inputs).sum(axis=1)


def inputs_summed_first(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """You add up the inputs of the hidden units before ln(1 + exp(…)): each has its own."""
    inputs = visible @ weights + hidden_biases
    return -visible @ visible_biases - np.logaddexp(0, inputs.sum(axis=1))


def hidden_biases_outside(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """You add the hidden biases outside the logarithm: they are a part of the input x."""
    inputs = visible @ weights
    return -visible @ visible_biases - (np.logaddexp(0, inputs) + hidden_biases).sum(axis=1)


def inputs_cut_off(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """You cut off large inputs: ln(1 + exp(x)) then stays where it is, and is wrong."""
    inputs = np.clip(visible @ weights + hidden_biases, -50, 50)
    return -visible @ visible_biases - np.logaddexp(0, inputs).sum(axis=1)


def grey_rounded(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """You make grey pixels black or white: they enter the energy as the numbers that they are."""
    return _free_energy(weights, visible_biases, hidden_biases, (visible > 0.5).astype(float))


def free_energy_by_counting(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """Go through every hidden state, and add what belongs together with logaddexp."""
    import itertools

    total = np.full(len(visible), -np.inf)
    for hidden in itertools.product([0.0, 1.0], repeat=len(hidden_biases)):
        minus_energy = visible @ visible_biases + np.dot(hidden, hidden_biases)
        minus_energy = minus_energy + visible @ weights @ np.array(hidden)
        total = np.logaddexp(total, minus_energy)
    return -total


def free_energy_in_tensorflow(
    weights: NDArray, visible_biases: NDArray, hidden_biases: NDArray, visible: NDArray
) -> NDArray:
    """Use TensorFlow's softplus, the function ln(1 + exp(x))."""
    import tensorflow as tf

    softplus = tf.math.softplus(tf.matmul(visible, weights) + hidden_biases)
    return -tf.linalg.matvec(visible, visible_biases) - tf.reduce_sum(softplus, axis=1)


def _random_free_energy(rng: np.random.Generator) -> tuple:
    return (*_random_machine(rng, 5, 3), _states(rng, 4, 5))


free_energy = Exercise(
    name="free_energy",
    lesson="20_deep_belief_network",
    reference=_free_energy,
    parts=[
        Part(
            "the free energy",
            points=1,
            cases=[
                (
                    np.array([[2.0], [-1.0]]),
                    np.array([0.5, 0.0]),
                    np.array([-1.0]),
                    np.array([[1.0, 0.0], [0.0, 1.0]]),
                ),
                (_THREE_BY_TWO, np.array([0.5, -0.25, 1.0]), np.array([-1.0, 0.5]), _ALL_THREE),
                # ln(1 + exp(x)) is a little more than x: what the biases leave of it is seen.
                (np.array([[10.5], [-9.5]]), np.array([-10.5, 0.0]), np.zeros(1), np.eye(2)),
                # Grey pixels.
                (
                    np.array([[2.0], [-1.0]]),
                    np.array([0.5, 1.0]),
                    np.array([-1.0]),
                    np.array([[0.25, 0.75], [0.625, 0.5]]),
                ),
            ],
            random_case=_random_free_energy,
        ),
        Part(
            "large weights",
            points=1,
            cases=[
                (
                    np.array([[1000.0, -1000.0], [2000.0, 500.0]]),
                    np.array([1.0, -1.0]),
                    np.array([0.5, 0.0]),
                    np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
                ),
                (
                    np.array([[-1000.0], [1000.0]]),
                    np.array([2.0, 0.0]),
                    np.array([0.0]),
                    np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
                ),
            ],
        ),
    ],
    misconceptions=[
        overflowing,
        sign_turned,
        hidden_term_added,
        visible_bias_added,
        visible_biases_forgotten,
        hidden_biases_forgotten,
        all_hidden_on,
        best_hidden,
        mean_hidden,
        sigmoids_summed,
        log_after_sum,
        summed_over_samples,
        mean_over_hidden,
        unnormalised_probability,
        log_of_sigmoid,
        inputs_summed_first,
        hidden_biases_outside,
        inputs_cut_off,
        grey_rounded,
    ],
    also_right=[free_energy_by_counting, free_energy_in_tensorflow],
    forbidden={
        "helpers.boltzmann.free_energy": "The exercise is to write this yourself; "
        "`helpers.boltzmann.free_energy` is the answer."
    },
    hints=[
        "First the input of every hidden unit, for all samples at once: visible @ weights, plus "
        "the hidden biases. It has a row for each sample.",
        "Each input x contributes ln(1 + exp(x)). Sum these along axis 1, and do not forget the "
        "term of the visible biases, visible @ visible_biases. Both have a minus sign.",
        "For large x: np.logaddexp(a, b) is ln(exp(a) + exp(b)), without overflow. Which a makes "
        "exp(a) equal to 1?",
    ],
)


# Exercise 2


def _gibbs_step(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    machine = Machine(weights, visible_biases, hidden_biases)
    hidden = (hidden_draws < boltzmann.hidden_probabilities(machine, visible)).astype(float)
    return (visible_draws < boltzmann.visible_probabilities(machine, hidden)).astype(float)


def hidden_not_drawn(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """You pass the hidden *probabilities* on. In a Gibbs step the hidden units are 0 or 1.

    Draw them first: 1 where the draw lies below the probability.
    """
    hidden = sigmoid(visible @ weights + hidden_biases)
    return (visible_draws < sigmoid(hidden @ weights.T + visible_biases)).astype(float)


def probabilities_returned(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """You return the visible *probabilities*: draw the visible units, too, with visible_draws."""
    hidden = hidden_draws < sigmoid(visible @ weights + hidden_biases)
    return sigmoid(hidden @ weights.T + visible_biases)


def hidden_returned(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """You return the hidden units. The step is only half done: go back to the visible ones."""
    return (hidden_draws < sigmoid(visible @ weights + hidden_biases)).astype(float)


def above_instead(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """Your units are 1 where the draw lies *above* the probability.

    A draw lies below 0.9 nine times in ten: a unit is 1 where its draw is the smaller.
    """
    hidden = hidden_draws > sigmoid(visible @ weights + hidden_biases)
    return (visible_draws > sigmoid(hidden @ weights.T + visible_biases)).astype(float)


def rounded(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """You set a unit to 1 where its probability is above a half, and use no draws.

    Then the same image always gives the same next one. Compare with the draws instead.
    """
    hidden = sigmoid(visible @ weights + hidden_biases) > 0.5
    return (sigmoid(hidden @ weights.T + visible_biases) > 0.5).astype(float)


def no_sigmoid(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """You compare the draws with the inputs themselves; a probability is the input's sigmoid."""
    hidden = hidden_draws < visible @ weights + hidden_biases
    return (visible_draws < hidden @ weights.T + visible_biases).astype(float)


def draws_exchanged(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """The two arrays of draws are exchanged: hidden_draws has a column for each hidden unit."""
    hidden = visible_draws < sigmoid(visible @ weights + hidden_biases)
    return (hidden_draws < sigmoid(hidden @ weights.T + visible_biases)).astype(float)


def biases_exchanged(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """The biases are exchanged: on the way up add the hidden ones, on the way down the visible."""
    hidden = hidden_draws < sigmoid(visible @ weights + visible_biases)
    return (visible_draws < sigmoid(hidden @ weights.T + hidden_biases)).astype(float)


def biases_left_out(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """The biases are missing: each unit's input is a sum over the other layer plus its own bias."""
    hidden = hidden_draws < sigmoid(visible @ weights)
    return (visible_draws < sigmoid(hidden @ weights.T)).astype(float)


def not_transposed(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """On the way down the same weights are used the other way round: `hidden @ weights.T`."""
    hidden = hidden_draws < sigmoid(visible @ weights + hidden_biases)
    return (visible_draws < sigmoid(hidden @ weights + visible_biases)).astype(float)


def hidden_rounded(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """You set hidden units to 1 where their probability is above a half: use `hidden_draws`."""
    hidden = sigmoid(visible @ weights + hidden_biases) > 0.5
    return (visible_draws < sigmoid(hidden @ weights.T + visible_biases)).astype(float)


def visible_rounded(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """You set pixels to 1 where their probability is above a half: use `visible_draws`."""
    hidden = hidden_draws < sigmoid(visible @ weights + hidden_biases)
    return (sigmoid(hidden @ weights.T + visible_biases) > 0.5).astype(float)


def no_sigmoid_upwards(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """You compare `hidden_draws` with the inputs of the hidden units: take their sigmoid first."""
    hidden = hidden_draws < visible @ weights + hidden_biases
    return (visible_draws < sigmoid(hidden @ weights.T + visible_biases)).astype(float)


def no_sigmoid_downwards(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """You compare `visible_draws` with the inputs of the pixels: take their sigmoid first."""
    hidden = hidden_draws < sigmoid(visible @ weights + hidden_biases)
    return (visible_draws < hidden @ weights.T + visible_biases).astype(float)


def below_or_equal(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """You make a unit 1 as well where its draw equals its probability: only *below*."""
    hidden = hidden_draws <= sigmoid(visible @ weights + hidden_biases)
    return (visible_draws <= sigmoid(hidden @ weights.T + visible_biases)).astype(float)


def biases_subtracted(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """You subtract the biases: a unit's input is its sum over the other layer *plus* its bias."""
    hidden = hidden_draws < sigmoid(visible @ weights - hidden_biases)
    return (visible_draws < sigmoid(hidden @ weights.T - visible_biases)).astype(float)


def minus_for_0(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """Your hidden units are 1 and -1; here a unit is 1 or 0."""
    hidden = np.where(hidden_draws < sigmoid(visible @ weights + hidden_biases), 1.0, -1.0)
    return (visible_draws < sigmoid(hidden @ weights.T + visible_biases)).astype(float)


def hidden_weighted_by_draws(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """You multiply the hidden probabilities by the draws: compare them, 0 or 1 comes out."""
    hidden = hidden_draws * sigmoid(visible @ weights + hidden_biases)
    return (visible_draws < sigmoid(hidden @ weights.T + visible_biases)).astype(float)


def black_pixels_alone(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """You let a pixel be 1 only where it was 1: the new image does not contain the old one."""
    return visible * _gibbs_step(
        weights, visible_biases, hidden_biases, visible, hidden_draws, visible_draws
    )


def both_layers_returned(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> tuple[NDArray, NDArray]:
    """You return the hidden units, too: only the new images."""
    hidden = hidden_draws < sigmoid(visible @ weights + hidden_biases)
    new = visible_draws < sigmoid(hidden @ weights.T + visible_biases)
    return hidden.astype(float), new.astype(float)


def image_changed(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """You write the new images into `visible`, which belongs to the caller: return a new array."""
    visible[:] = _gibbs_step(
        weights, visible_biases, hidden_biases, visible, hidden_draws, visible_draws
    )
    return visible


def grey_drawn(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """You draw grey pixels black or white first: the hidden units are given the image as it is."""
    image = (visible_draws < visible).astype(float)
    return _gibbs_step(weights, visible_biases, hidden_biases, image, hidden_draws, visible_draws)


def grey_made_black_or_white(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """You round grey pixels to black or white: the hidden units are given the image as it is."""
    image = (visible > 0.5).astype(float)
    return _gibbs_step(weights, visible_biases, hidden_biases, image, hidden_draws, visible_draws)


def gibbs_by_loop(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """Go through the samples and the units with plain Python loops."""
    import math

    def unit(inputs: float, draw: float) -> float:
        return 1.0 if draw * (1 + math.exp(-inputs)) < 1 else 0.0

    rows = []
    for v, for_hidden, for_visible in zip(visible, hidden_draws, visible_draws, strict=True):
        hidden = [
            unit(sum(v * weights[:, j]) + hidden_biases[j], draw)
            for j, draw in enumerate(for_hidden)
        ]
        rows.append(
            [
                unit(sum(hidden * weights[i]) + visible_biases[i], draw)
                for i, draw in enumerate(for_visible)
            ]
        )
    return np.array(rows)


def gibbs_in_tensorflow(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    hidden_draws: NDArray,
    visible_draws: NDArray,
) -> NDArray:
    """Use TensorFlow's functions, and a cast of what a comparison gives."""
    import tensorflow as tf

    on = tf.sigmoid(tf.matmul(visible, weights) + hidden_biases)
    hidden = tf.cast(hidden_draws < on, tf.float64)
    on = tf.sigmoid(tf.matmul(hidden, weights, transpose_b=True) + visible_biases)
    return tf.where(visible_draws < on, 1.0, 0.0)


def _random_gibbs(rng: np.random.Generator) -> tuple:
    machine = _random_machine(rng, 5, 3)
    return (*machine, _states(rng, 6, 5), rng.random((6, 3)), rng.random((6, 5)))


gibbs_step = Exercise(
    name="gibbs_step",
    lesson="20_deep_belief_network",
    reference=_gibbs_step,
    parts=[
        Part(
            "a step",
            points=2,
            cases=[
                (
                    np.array([[2.0], [-1.0]]),
                    np.array([0.5, 0.0]),
                    np.array([-1.0]),
                    np.array([[1.0, 0.0]]),
                    np.array([[0.7]]),
                    np.array([[0.95, 0.2]]),
                ),
                (  # a draw equal to the probability
                    np.zeros((2, 2)),
                    np.zeros(2),
                    np.zeros(2),
                    np.array([[1.0, 0.0], [0.0, 1.0]]),
                    np.array([[0.5, 0.25], [0.75, 0.5]]),
                    np.array([[0.5, 0.25], [0.75, 0.5]]),
                ),
                (  # probabilities 0.82, 0.18 and 0.62, by the visible biases alone
                    np.zeros((3, 1)),
                    np.array([1.5, -1.5, 0.5]),
                    np.array([0.5]),
                    np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]),
                    np.array([[0.5], [0.6]]),
                    np.array([[0.7, 0.3, 0.55], [0.9, 0.1, 0.7]]),
                ),
                (  # one in the hidden layer, seen in the visible one
                    np.array([[4.0, -8.0, 0.0]]),
                    np.array([0.0]),
                    np.array([-4.0, 0.0, 0.0]),
                    np.array([[1.0], [0.0], [1.0]]),
                    np.array([[0.5, 0.5, 0.5], [0.01, 0.9, 0.1], [0.4, 0.5, 0.5]]),
                    np.array([[0.6], [0.6], [0.6]]),
                ),
                (  # grey pixels: the hidden probabilities are 0.27 and 0.73
                    np.array([[4.0], [-4.0]]),
                    np.array([-2.0, 2.0]),
                    np.array([0.0]),
                    np.array([[0.25, 0.5], [0.5, 0.25]]),
                    np.array([[0.4], [0.6]]),
                    np.array([[0.2, 0.2], [0.3, 0.3]]),
                ),
                # Many units: hardly a wrong answer agrees with another one in all of them.
                _random_gibbs(np.random.default_rng(20)),
                _random_gibbs(np.random.default_rng(21)),
            ],
            random_case=_random_gibbs,
        )
    ],
    misconceptions=[
        hidden_not_drawn,
        probabilities_returned,
        hidden_returned,
        above_instead,
        rounded,
        no_sigmoid,
        draws_exchanged,
        biases_exchanged,
        biases_left_out,
        not_transposed,
        hidden_rounded,
        visible_rounded,
        no_sigmoid_upwards,
        no_sigmoid_downwards,
        below_or_equal,
        biases_subtracted,
        minus_for_0,
        hidden_weighted_by_draws,
        black_pixels_alone,
        both_layers_returned,
        image_changed,
        grey_drawn,
        grey_made_black_or_white,
    ],
    also_right=[gibbs_by_loop, gibbs_in_tensorflow],
    forbidden={
        "helpers.boltzmann.gibbs_step": "The exercise is to write this yourself, with the given "
        "draws."
    },
    hints=[
        "Four lines of thought: the hidden probabilities, the hidden units, the visible "
        "probabilities, the visible units.",
        "Hidden probabilities: the sigmoid of visible @ weights + hidden_biases. Hidden units: "
        "hidden_draws < probabilities gives True and False, which count as 1 and 0.",
        "Down again: the sigmoid of hidden @ weights.T + visible_biases, compared with "
        "visible_draws. `.astype(float)` turns True and False into 1.0 and 0.0.",
    ],
)


# Exercise 3

_Step = tuple[NDArray, NDArray, NDArray]


def _contrastive_step(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    machine = Machine(weights, visible_biases, hidden_biases)
    data = boltzmann.correlations(machine, visible)
    model = boltzmann.correlations(machine, reconstruction)
    return (
        weights + learning_rate * (data.weights - model.weights),
        visible_biases + learning_rate * (data.visible_biases - model.visible_biases),
        hidden_biases + learning_rate * (data.hidden_biases - model.hidden_biases),
    )


def towards_the_dream(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """The sign is turned round: this makes the reconstruction likelier and the data less likely.

    Add what belongs to the data, subtract what belongs to the reconstruction.
    """
    return _contrastive_step(
        weights, visible_biases, hidden_biases, visible, reconstruction, -learning_rate
    )


def sum_over_samples(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """You sum over the samples. The brackets are means: divide by the number of rows."""
    return _contrastive_step(
        weights,
        visible_biases,
        hidden_biases,
        visible,
        reconstruction,
        learning_rate * len(visible),
    )


def weights_summed(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """The biases are right; the step of the weights is not divided by the number of samples.

    `visible.T @ hidden` sums over the rows, and the bracket is a mean.
    """
    _, new_visible, new_hidden = _contrastive_step(
        weights, visible_biases, hidden_biases, visible, reconstruction, learning_rate
    )
    new_weights, _, _ = _contrastive_step(
        weights,
        visible_biases,
        hidden_biases,
        visible,
        reconstruction,
        learning_rate * len(visible),
    )
    return new_weights, new_visible, new_hidden


def data_alone(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """You learn from the data alone, so that the weights would grow without end.

    What belongs to the reconstruction is subtracted.
    """
    data = boltzmann.correlations(Machine(weights, visible_biases, hidden_biases), visible)
    return (
        weights + learning_rate * data.weights,
        visible_biases + learning_rate * data.visible_biases,
        hidden_biases + learning_rate * data.hidden_biases,
    )


def same_hidden_for_both(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """You use the data's hidden probabilities for the reconstruction as well.

    The reconstruction has hidden probabilities of its own: compute them from it.
    """
    hidden = sigmoid(visible @ weights + hidden_biases)
    rate = learning_rate / len(visible)
    return (
        weights + rate * (visible - reconstruction).T @ hidden,
        visible_biases + rate * (visible - reconstruction).sum(axis=0),
        hidden_biases,
    )


def hidden_inputs(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """You use the hidden units' inputs for h; h is their probability, the sigmoid of the input."""
    data, model = visible @ weights + hidden_biases, reconstruction @ weights + hidden_biases
    rate = learning_rate / len(visible)
    return (
        weights + rate * (visible.T @ data - reconstruction.T @ model),
        visible_biases + rate * (visible - reconstruction).sum(axis=0),
        hidden_biases + rate * (data - model).sum(axis=0),
    )


def hidden_biases_left_out(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """Your hidden probabilities leave out the hidden biases."""
    step = _contrastive_step(
        weights,
        visible_biases,
        np.zeros_like(hidden_biases),
        visible,
        reconstruction,
        learning_rate,
    )
    return step[0], step[1], hidden_biases + step[2]


def rate_forgotten(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """You take the whole difference: it is first multiplied by learning_rate."""
    return _contrastive_step(weights, visible_biases, hidden_biases, visible, reconstruction, 1.0)


def biases_unmoved(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """The weights are right, the biases have not moved.

    They move by the difference of the means of v, and of h.
    """
    step = _contrastive_step(
        weights, visible_biases, hidden_biases, visible, reconstruction, learning_rate
    )
    return step[0], visible_biases, hidden_biases


def changes_returned(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """You return the changes. Add them to the old weights and biases, and return the new ones."""
    step = _contrastive_step(
        weights, visible_biases, hidden_biases, visible, reconstruction, learning_rate
    )
    return step[0] - weights, step[1] - visible_biases, step[2] - hidden_biases


def in_place(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """You change the arguments themselves: `weights += …` writes into the caller's array.

    `weights = weights + …` makes a new one.
    """
    step = _contrastive_step(
        weights, visible_biases, hidden_biases, visible, reconstruction, learning_rate
    )
    weights[:], visible_biases[:], hidden_biases[:] = step
    return weights, visible_biases, hidden_biases


def differences_returned(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """You return the differences of the means: times the learning rate, and add the old values."""
    step = changes_returned(
        weights, visible_biases, hidden_biases, visible, reconstruction, learning_rate
    )
    return step[0] / learning_rate, step[1] / learning_rate, step[2] / learning_rate


def hidden_states_taken(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """You take 0 or 1 for h: take the probability of the hidden unit."""
    data, model = (
        (sigmoid(rows @ weights + hidden_biases) > 0.5).astype(float)
        for rows in (visible, reconstruction)
    )
    rate = learning_rate / len(visible)
    return (
        weights + rate * (visible.T @ data - reconstruction.T @ model),
        visible_biases + rate * (visible - reconstruction).sum(axis=0),
        hidden_biases + rate * (data - model).sum(axis=0),
    )


def one_sample_less(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """You divide by one less than the number of samples: a mean divides by the number itself."""
    rate = learning_rate * len(visible) / max(len(visible) - 1, 1)
    return _contrastive_step(weights, visible_biases, hidden_biases, visible, reconstruction, rate)


def products_of_means(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """You multiply two means: the bracket is the mean of the products v_i h_j."""
    step = _contrastive_step(
        weights, visible_biases, hidden_biases, visible, reconstruction, learning_rate
    )
    data, model = (
        np.outer(rows.mean(axis=0), sigmoid(rows @ weights + hidden_biases).mean(axis=0))
        for rows in (visible, reconstruction)
    )
    return weights + learning_rate * (data - model), step[1], step[2]


def products_of_differences(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """You multiply two differences: it is the difference of two means of products."""
    step = _contrastive_step(
        weights, visible_biases, hidden_biases, visible, reconstruction, learning_rate
    )
    data, model = (sigmoid(rows @ weights + hidden_biases) for rows in (visible, reconstruction))
    rate = learning_rate / len(visible)
    return weights + rate * (visible - reconstruction).T @ (data - model), step[1], step[2]


def after_the_weights_moved(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """You compute the hidden biases' step with the new weights: all take the old ones."""
    step = _contrastive_step(
        weights, visible_biases, hidden_biases, visible, reconstruction, learning_rate
    )
    data, model = (sigmoid(rows @ step[0] + hidden_biases) for rows in (visible, reconstruction))
    return step[0], step[1], hidden_biases + learning_rate * (data - model).mean(axis=0)


def model_after_the_data(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """You learn from the data first and take the reconstruction's h from the new weights.

    Both come from the old ones.
    """
    new = data_alone(weights, visible_biases, hidden_biases, visible, reconstruction, learning_rate)
    model = boltzmann.correlations(Machine(*new), reconstruction)
    return (
        new[0] - learning_rate * model.weights,
        new[1] - learning_rate * model.visible_biases,
        new[2] - learning_rate * model.hidden_biases,
    )


def rate_for_weights_alone(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """You multiply only the weights' difference by the learning rate: the biases' too."""
    step = _contrastive_step(
        weights, visible_biases, hidden_biases, visible, reconstruction, learning_rate
    )
    whole = rate_forgotten(
        weights, visible_biases, hidden_biases, visible, reconstruction, learning_rate
    )
    return step[0], whole[1], whole[2]


def one_mean_for_all_biases(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """You take one mean over all units for the biases: over the samples, along axis 0."""
    step = changes_returned(
        weights, visible_biases, hidden_biases, visible, reconstruction, learning_rate
    )
    return weights + step[0], visible_biases + step[1].mean(), hidden_biases + step[2].mean()


def biases_in_other_order(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """You return the hidden biases before the visible ones: weights, visible, hidden."""
    step = _contrastive_step(
        weights, visible_biases, hidden_biases, visible, reconstruction, learning_rate
    )
    return step[0], step[2], step[1]


def weights_alone_returned(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> NDArray:
    """You return the weights alone: the two arrays of biases belong to it."""
    return _contrastive_step(
        weights, visible_biases, hidden_biases, visible, reconstruction, learning_rate
    )[0]


def weights_decay(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """You shrink the old weights and biases as well: they are kept whole."""
    step = _contrastive_step(
        weights, visible_biases, hidden_biases, visible, reconstruction, learning_rate
    )
    return (
        step[0] - learning_rate * weights,
        step[1] - learning_rate * visible_biases,
        step[2] - learning_rate * hidden_biases,
    )


def step_sample_by_sample(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """Go through the samples in a loop and add up outer products."""
    new = [weights.copy(), visible_biases.copy(), hidden_biases.copy()]
    for sign, rows in ((1, visible), (-1, reconstruction)):
        rate = sign * learning_rate / len(rows)
        for row in rows:
            hidden = 1 / (1 + np.exp(-(weights.T @ row + hidden_biases)))
            new[0] += rate * np.outer(row, hidden)
            new[1] += rate * row
            new[2] += rate * hidden
    return new[0], new[1], new[2]


def step_by_tape(
    weights: NDArray,
    visible_biases: NDArray,
    hidden_biases: NDArray,
    visible: NDArray,
    reconstruction: NDArray,
    learning_rate: float,
) -> _Step:
    """Descend on the mean free energy of the data less that of the reconstruction."""
    import tensorflow as tf

    variables = [tf.Variable(value) for value in (weights, visible_biases, hidden_biases)]

    def mean_free_energy(rows: NDArray) -> tf.Tensor:
        softplus = tf.math.softplus(tf.matmul(rows, variables[0]) + variables[2])
        return -tf.reduce_mean(
            tf.linalg.matvec(rows, variables[1]) + tf.reduce_sum(softplus, axis=1)
        )

    with tf.GradientTape() as tape:
        difference = mean_free_energy(visible) - mean_free_energy(reconstruction)
    slopes = tape.gradient(difference, variables)
    new = [v - learning_rate * slope for v, slope in zip(variables, slopes, strict=True)]
    return new[0], new[1], new[2]


def _random_contrast(rng: np.random.Generator) -> tuple:
    machine = _random_machine(rng, 4, 3)
    return (*machine, rng.random((5, 4)), _states(rng, 5, 4), 0.25)


contrastive_step = Exercise(
    name="contrastive_step",
    lesson="20_deep_belief_network",
    reference=_contrastive_step,
    parts=[
        Part(
            "a step of learning",
            points=2,
            cases=[
                (
                    np.zeros((2, 1)),
                    np.zeros(2),
                    np.zeros(1),
                    np.array([[1.0, 0.0], [1.0, 1.0]]),
                    np.array([[1.0, 0.0], [0.0, 0.0]]),
                    0.1,
                ),
                (
                    _THREE_BY_TWO,
                    np.array([0.5, -0.25, 1.0]),
                    np.array([-1.0, 0.5]),
                    _ALL_THREE[[5, 5, 6]],
                    _ALL_THREE[[5, 1, 0]],
                    0.5,
                ),
            ],
            random_case=_random_contrast,
        )
    ],
    misconceptions=[
        towards_the_dream,
        sum_over_samples,
        weights_summed,
        data_alone,
        same_hidden_for_both,
        hidden_inputs,
        hidden_biases_left_out,
        rate_forgotten,
        biases_unmoved,
        changes_returned,
        in_place,
        differences_returned,
        hidden_states_taken,
        products_of_means,
        products_of_differences,
        after_the_weights_moved,
        model_after_the_data,
        rate_for_weights_alone,
        one_mean_for_all_biases,
        biases_in_other_order,
        weights_alone_returned,
        weights_decay,
        one_sample_less,
    ],
    also_right=[step_sample_by_sample, step_by_tape],
    forbidden={
        name: "The exercise is to write the step yourself."
        for name in ("helpers.boltzmann.correlations", "helpers.boltzmann.contrastive_divergence")
    },
    hints=[
        "Everything stands there twice: once for the data and once for the reconstruction. Begin "
        "with the hidden probabilities of each.",
        "The mean over the samples of v_i h_j, for all i and j at once, is "
        "visible.T @ hidden / len(visible). For a bias it is the mean along axis 0.",
        "New weights: weights + learning_rate * (mean for the data - mean for the "
        "reconstruction), and the same for both biases. Not `+=`, which changes the caller's "
        "arrays.",
    ],
)
