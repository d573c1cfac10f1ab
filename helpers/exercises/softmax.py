"""Exercises of lesson 10, softmax."""

import numpy as np
from numpy.typing import NDArray

from helpers import activations, losses
from helpers.checks.exercise import Exercise, Part, hint

__all__ = ["hint", "loss_gradient", "softmax", "train_step"]


def _columns_add_to_one(arguments: tuple, value: NDArray) -> str | None:
    total = np.sum(value, axis=0)
    if np.allclose(total, 1, atol=1e-4):
        return None
    if np.all((total > 0.9) & (total < 1)):
        return "the probabilities add to a little less than 1: divide by the sum, and no more."
    return "the probabilities of a sample do not add to 1."


def sum_over_all(scores: NDArray) -> NDArray:
    """Your sum runs over the whole matrix, so that all samples share one total.

    Each column is a sample of its own: sum along axis 0.
    """
    exponentials = np.exp(scores - np.max(scores))
    return exponentials / np.sum(exponentials)


def rows_as_samples(scores: NDArray) -> NDArray:
    """Your rows add to 1, but in this lesson a column is a sample: sum along axis 0."""
    exponentials = np.exp(scores - np.max(scores))
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def not_shifted(scores: NDArray) -> NDArray:
    """The formula is right, but `exp` of a large score is too large for a float.

    A number added to all scores of a sample changes no probability, so you may choose one that
    keeps every exponent at 0 or below.
    """
    return np.exp(scores) / np.sum(np.exp(scores), axis=0)


def one_shift_for_all(scores: NDArray) -> NDArray:
    """You subtract the largest score of all samples.

    A sample whose scores lie far below it is left with exponentials that are all 0. Each column
    needs its own maximum.
    """
    exponentials = np.exp(scores - np.max(scores))
    return exponentials / np.sum(exponentials, axis=0)


def mean_subtracted(scores: NDArray) -> NDArray:
    """You subtract the mean score, so that some exponents stay above 0 and may overflow.

    Subtract the largest score: then no exponent is above 0.
    """
    exponentials = np.exp(scores - np.mean(scores, axis=0))
    return exponentials / np.sum(exponentials, axis=0)


def smallest_subtracted(scores: NDArray) -> NDArray:
    """You subtract the smallest score, so that all other exponents lie above 0 and may overflow.

    Subtract the largest score: then no exponent is above 0.
    """
    exponentials = np.exp(scores - np.min(scores, axis=0))
    return exponentials / np.sum(exponentials, axis=0)


def scores_cut_off(scores: NDArray) -> NDArray:
    """You cut large scores off, so that 1000 and 1001 become the same.

    Subtract the largest score instead, which keeps all differences.
    """
    exponentials = np.exp(np.clip(scores, -500, 500))
    return exponentials / np.sum(exponentials, axis=0)


def not_divided(scores: NDArray) -> NDArray:
    """These are the exponentials. Divide them by their sum, and they add to 1."""
    return np.exp(scores - np.max(scores, axis=0))


def axis_one(scores: NDArray) -> NDArray:
    """Your sum runs along axis 1, which a single sample does not have.

    In a matrix axis 1 runs over the samples. The classes run along axis 0.
    """
    exponentials = np.exp(scores)
    return exponentials / np.sum(exponentials, axis=1, keepdims=True)


def rounded(scores: NDArray) -> NDArray:
    """You round the probabilities. Return all digits, and round only where you print."""
    return np.round(activations.softmax(scores), 4)


def no_exponential(scores: NDArray) -> NDArray:
    """You divide the scores themselves by their sum.

    A negative score would give a negative probability; softmax takes `exp` of the scores first.
    """
    return scores / np.sum(scores, axis=0)


def smallest_wins(scores: NDArray) -> NDArray:
    """The smallest score gets the largest probability: the sign in your `exp` is turned round."""
    return activations.softmax(-np.asarray(scores))


def logarithms(scores: NDArray) -> NDArray:
    """These are the logarithms of the probabilities; take `exp` of them."""
    return np.log(activations.softmax(np.clip(scores, -300, 300)))


def sigmoid_each(scores: NDArray) -> NDArray:
    """You map each score by itself, with the sigmoid.

    Softmax compares the scores of a sample: raising one lowers the probabilities of the others.
    """
    return activations.sigmoid(scores)


def winner_takes_all(scores: NDArray) -> NDArray:
    """Your result is 1 for the largest score and 0 for the others: that is an argmax.

    Softmax leaves the other classes a share.
    """
    scores = np.asarray(scores)
    return (scores == scores.max(axis=0)).astype(float)


def divided_by_largest(scores: NDArray) -> NDArray:
    """You divide the scores by the largest, which changes their differences: subtract it."""
    exponentials = np.exp(scores / np.max(scores, axis=0))
    return exponentials / np.sum(exponentials, axis=0)


def largest_of_each_class(scores: NDArray) -> NDArray:
    """You subtract the largest score of each class, which changes what is compared.

    All scores of a sample have to be shifted alike: take the maximum along axis 0.
    """
    exponentials = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    with np.errstate(invalid="ignore"):
        return exponentials / np.sum(exponentials, axis=0)


def largest_size_subtracted(scores: NDArray) -> NDArray:
    """You subtract the largest absolute value, which moves scores below 0 further down.

    Then their exponentials may all be 0. Subtract the largest score itself.
    """
    exponentials = np.exp(scores - np.max(np.abs(scores), axis=0))
    with np.errstate(invalid="ignore"):
        return exponentials / np.sum(exponentials, axis=0)


def sigmoids_shared_out(scores: NDArray) -> NDArray:
    """You divide the sigmoids of the scores by their sum; softmax divides their exponentials."""
    values = activations.sigmoid(scores)
    return values / np.sum(values, axis=0)


def cut_to_integers(scores: NDArray) -> NDArray:
    """Your result holds integers where the scores do, and every probability is cut to 0.

    An array made by `np.zeros_like(scores)` has their dtype. Make it with `np.zeros`.
    """
    return activations.softmax(scores).astype(np.asarray(scores).dtype)


def softmax_by_loop(scores: NDArray) -> NDArray:
    """Compute every column with plain Python loops."""
    import math

    columns = np.asarray(scores, dtype=float).reshape(len(scores), -1).T
    result = []
    for column in columns:
        powers = [math.exp(score - max(column)) for score in column]
        result.append([power / sum(powers) for power in powers])
    return np.array(result).T.reshape(np.shape(scores))


def softmax_in_tensorflow(scores: NDArray) -> NDArray:
    """Compute with TensorFlow's operations, in float32."""
    import tensorflow as tf

    scores = tf.cast(scores, tf.float32)
    shifted = scores - tf.reduce_max(scores, axis=0)
    return tf.exp(shifted - tf.math.log(tf.reduce_sum(tf.exp(shifted), axis=0)))


_OWN_FORMULA = (
    "The exercise is to write softmax yourself, from exp and a sum; a ready-made function is the "
    "answer."
)

softmax = Exercise(
    name="softmax",
    lesson="10_softmax",
    reference=activations.softmax,
    parts=[
        Part(
            "one sample and several",
            points=1,
            cases=[
                (np.array([1.0, 2.0, 3.0]),),
                (np.array([[1, 2, 3, 6], [2, 4, 5, 6], [3, 8, 7, 6]]),),
                (np.array([-1.5, 0.0]),),
            ],
            random_case=lambda rng: (rng.normal(scale=2.0, size=(4, 3)),),
        ),
        Part(
            "large scores",
            points=1,
            cases=[
                (np.array([1000.0, 1001.0, 1002.0]),),
                (np.array([[-1000.0, 0.0], [-1001.0, 1000.0]]),),
                (np.array([-1000.0, -1000.0, 1000.0]),),
                (np.array([-1000.0, -1001.0]),),
            ],
            random_case=lambda rng: (rng.normal(size=(3, 4)) + 100.0 * rng.integers(-9, 10, 4),),
        ),
    ],
    properties=[_columns_add_to_one],
    misconceptions=[
        not_shifted,
        sum_over_all,
        rows_as_samples,
        one_shift_for_all,
        mean_subtracted,
        smallest_subtracted,
        scores_cut_off,
        not_divided,
        axis_one,
        rounded,
        no_exponential,
        smallest_wins,
        logarithms,
        sigmoid_each,
        winner_takes_all,
        divided_by_largest,
        largest_of_each_class,
        largest_size_subtracted,
        sigmoids_shared_out,
        cut_to_integers,
    ],
    also_right=[softmax_by_loop, softmax_in_tensorflow],
    forbidden=dict.fromkeys(["softmax", "log_softmax", "Softmax", "Activation"], _OWN_FORMULA),
    hints=[
        "First the vector: np.exp(scores) gives one positive number a class. What do you divide "
        "by, so that they add to 1?",
        "For a matrix each column has its own sum: np.sum(..., axis=0) adds along a column, and "
        "the division broadcasts.",
        "For large scores: subtract each column's maximum, scores.max(axis=0), before np.exp.",
    ],
)


def sum_of_losses(scores: NDArray, labels: NDArray) -> NDArray:
    """This is the gradient of the sum of the losses; the mean divides by the number of samples."""
    return losses.softmax_cross_entropy_gradient(scores, labels)


def divided_by_classes(scores: NDArray, labels: NDArray) -> NDArray:
    """You divide by the number of classes.

    The mean runs over the samples: `len(labels)`, the number of columns.
    """
    return losses.softmax_cross_entropy_gradient(scores, labels) / len(scores)


def uphill(scores: NDArray, labels: NDArray) -> NDArray:
    """The sign is turned round: this direction makes the loss larger.

    The gradient is the probabilities minus 1 at the right class.
    """
    return -losses.mean_cross_entropy_gradient(scores, labels)


def right_class_forgotten(scores: NDArray, labels: NDArray) -> NDArray:
    """These are the probabilities alone: subtract 1 at each sample's right class."""
    return activations.softmax(scores) / len(labels)


def labels_from_one(scores: NDArray, labels: NDArray) -> NDArray:
    """You subtract 1 one class too early: labels count from 0, so class 1 is the second row."""
    return losses.mean_cross_entropy_gradient(scores, np.asarray(labels) - 1)


def one_everywhere(scores: NDArray, labels: NDArray) -> NDArray:
    """You subtract 1 at every class; only each sample's right class loses 1."""
    return (activations.softmax(scores) - 1) / len(labels)


def squared_error(scores: NDArray, labels: NDArray) -> NDArray:
    """This is the gradient of the squared error of the probabilities.

    It carries an extra factor from softmax's own derivative, which the cross entropy's logarithm
    cancels.
    """
    p = activations.softmax(scores)
    error = p - np.eye(len(p))[labels].T
    return p * (error - np.sum(p * error, axis=0)) / len(labels)


def one_minus_probability(scores: NDArray, labels: NDArray) -> NDArray:
    """At the right class you have 1 - p, which makes its score fall; it is p - 1."""
    gradient = losses.mean_cross_entropy_gradient(scores, labels)
    gradient[labels, np.arange(len(labels))] *= -1
    return gradient


def samples_averaged(scores: NDArray, labels: NDArray) -> NDArray:
    """You take a mean of the samples' gradients; each sample's scores keep their own column.

    The mean of the loss divides each column by the number of samples.
    """
    return np.sum(losses.mean_cross_entropy_gradient(scores, labels), axis=1)


def samples_averaged_in_a_column(scores: NDArray, labels: NDArray) -> NDArray:
    """You average the samples' columns into one, and each sample has a gradient of its own.

    That the loss is a mean only divides each column by the number of samples.
    """
    return samples_averaged(scores, labels)[:, np.newaxis]


def slope_of_a_sigmoid(scores: NDArray, labels: NDArray) -> NDArray:
    """You multiply by p (1 - p), as for a sigmoid with a squared error.

    The logarithm of the cross entropy cancels such a factor: it is the probability minus 1 or 0.
    """
    p = activations.softmax(scores)
    return losses.mean_cross_entropy_gradient(scores, labels) * p * (1 - p)


def whole_rows(scores: NDArray, labels: NDArray) -> NDArray:
    """You subtract 1 from whole rows, in the columns of other samples too.

    One index picks a row; two, `[labels, np.arange(len(labels))]`, pick one element a column.
    """
    gradient = activations.softmax(scores)
    gradient[labels] -= 1
    return gradient / len(labels)


def logarithms_instead(scores: NDArray, labels: NDArray) -> NDArray:
    """You subtract 1 from the logarithm of the probability; the gradient has no logarithm left."""
    one_hot = np.equal.outer(np.arange(len(scores)), labels)
    return (np.log(activations.softmax(scores)) - one_hot) / len(labels)


def labels_subtracted(scores: NDArray, labels: NDArray) -> NDArray:
    """You subtract the label itself; a label is the number of the row that loses 1."""
    return (activations.softmax(scores) - labels) / len(labels)


def right_class_alone(scores: NDArray, labels: NDArray) -> NDArray:
    """Your gradient is 0 at the wrong classes; there it is the probability, which lowers them."""
    one_hot = np.equal.outer(np.arange(len(scores)), labels)
    return losses.mean_cross_entropy_gradient(scores, labels) * one_hot


def one_not_divided(scores: NDArray, labels: NDArray) -> NDArray:
    """You divide by the number of samples before you subtract 1: divide the difference."""
    one_hot = np.equal.outer(np.arange(len(scores)), labels)
    return activations.softmax(scores) / len(labels) - one_hot


def gradient_by_one_hot(scores: NDArray, labels: NDArray) -> NDArray:
    """Subtract a one-hot matrix instead of indexing."""
    one_hot = np.equal.outer(np.arange(len(scores)), labels)
    return (activations.softmax(scores) - one_hot) / scores.shape[1]


def gradient_by_tape(scores: NDArray, labels: NDArray) -> NDArray:
    """Let TensorFlow differentiate its own loss; samples are its rows."""
    import tensorflow as tf

    variable = tf.Variable(scores.T)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=variable)
        )
    return tf.transpose(tape.gradient(loss, variable))


def _random_scores(rng: np.random.Generator) -> tuple:
    return rng.normal(scale=2.0, size=(4, 6)), rng.integers(0, 4, 6)


loss_gradient = Exercise(
    name="loss_gradient",
    lesson="10_softmax",
    reference=losses.mean_cross_entropy_gradient,
    parts=[
        Part(
            "one sample",
            points=1,
            cases=[
                (np.array([[1.0], [5.0], [3.0]]), np.array([1])),
                (np.array([[0.5], [-0.5]]), np.array([0])),
            ],
        ),
        Part(
            "several samples",
            points=1,
            cases=[
                (np.array([[1.0, 2.0], [2.0, 0.5], [3.0, -1.0]]), np.array([2, 2])),
                (np.array([[0.0, 1.0, 2.0], [0.5, 0.0, -1.0]]), np.array([0, 1, 0])),
            ],
            random_case=_random_scores,
        ),
    ],
    misconceptions=[
        sum_of_losses,
        divided_by_classes,
        uphill,
        right_class_forgotten,
        labels_from_one,
        one_everywhere,
        squared_error,
        one_minus_probability,
        samples_averaged,
        whole_rows,
        logarithms_instead,
        labels_subtracted,
        right_class_alone,
        one_not_divided,
        samples_averaged_in_a_column,
        slope_of_a_sigmoid,
    ],
    also_right=[gradient_by_one_hot, gradient_by_tape],
    hints=[
        "Start from softmax(scores). What has to happen at row labels[i] of column i?",
        "Indexing with two arrays picks one element a column: "
        "gradient[labels, np.arange(len(labels))].",
        "The loss is the mean over the samples, so the gradient of each sample is divided by "
        "len(labels).",
    ],
)


def _step(
    weights: NDArray, biases: NDArray, x: NDArray, labels: NDArray, learning_rate: float
) -> tuple[NDArray, NDArray]:
    slope = losses.mean_cross_entropy_gradient(weights @ x + biases[:, np.newaxis], labels)
    return weights - learning_rate * slope @ x.T, biases - learning_rate * slope.sum(axis=1)


def step_uphill(
    weights: NDArray, biases: NDArray, x: NDArray, labels: NDArray, learning_rate: float
) -> tuple[NDArray, NDArray]:
    """You add the gradient, which climbs; descent subtracts it."""
    return _step(weights, biases, x, labels, -learning_rate)


def rate_forgotten(
    weights: NDArray, biases: NDArray, x: NDArray, labels: NDArray, learning_rate: float
) -> tuple[NDArray, NDArray]:
    """You subtract the whole gradient: it is first multiplied by learning_rate."""
    return _step(weights, biases, x, labels, 1.0)


def biases_stay(
    weights: NDArray, biases: NDArray, x: NDArray, labels: NDArray, learning_rate: float
) -> tuple[NDArray, NDArray]:
    """The biases have not moved: their gradient is the sum of the scores' gradient over samples."""
    return _step(weights, biases, x, labels, learning_rate)[0], biases


def biases_unused(
    weights: NDArray, biases: NDArray, x: NDArray, labels: NDArray, learning_rate: float
) -> tuple[NDArray, NDArray]:
    """Your scores leave out the biases: they are weights @ x plus one bias for each row."""
    new_weights, change = _step(weights, np.zeros_like(biases), x, labels, learning_rate)
    return new_weights, biases + change


def biases_by_mean(
    weights: NDArray, biases: NDArray, x: NDArray, labels: NDArray, learning_rate: float
) -> tuple[NDArray, NDArray]:
    """You average the biases' gradient over the samples.

    `loss_gradient` has divided by their number already: sum it.
    """
    new_weights, new_biases = _step(weights, biases, x, labels, learning_rate)
    return new_weights, biases + (new_biases - biases) / len(labels)


def biases_as_a_row(
    weights: NDArray, biases: NDArray, x: NDArray, labels: NDArray, learning_rate: float
) -> tuple[NDArray, NDArray]:
    """You add the biases to the rows of the scores, as if there were one for each sample.

    A bias belongs to a class, so they are added as a column: `biases[:, np.newaxis]`.
    """
    slope = losses.mean_cross_entropy_gradient(weights @ x + biases, labels)
    return weights - learning_rate * slope @ x.T, biases - learning_rate * slope.sum(axis=1)


def summed_over_classes(
    weights: NDArray, biases: NDArray, x: NDArray, labels: NDArray, learning_rate: float
) -> tuple[NDArray, NDArray]:
    """You add the slope over the classes; the biases need its sum over the samples, axis 1."""
    slope = losses.mean_cross_entropy_gradient(weights @ x + biases[:, np.newaxis], labels)
    return weights - learning_rate * slope @ x.T, biases - learning_rate * slope.sum(axis=0)


def biases_after_weights(
    weights: NDArray, biases: NDArray, x: NDArray, labels: NDArray, learning_rate: float
) -> tuple[NDArray, NDArray]:
    """The biases move by a gradient taken after the weights have moved: take one for both."""
    weights = _step(weights, biases, x, labels, learning_rate)[0]
    return weights, _step(weights, biases, x, labels, learning_rate)[1]


def divided_twice(
    weights: NDArray, biases: NDArray, x: NDArray, labels: NDArray, learning_rate: float
) -> tuple[NDArray, NDArray]:
    """You divide by the number of samples once more; `loss_gradient` has done so already."""
    return _step(weights, biases, x, labels, learning_rate / len(labels))


def rate_for_weights_only(
    weights: NDArray, biases: NDArray, x: NDArray, labels: NDArray, learning_rate: float
) -> tuple[NDArray, NDArray]:
    """The biases' gradient is multiplied by `learning_rate` too."""
    return (
        _step(weights, biases, x, labels, learning_rate)[0],
        _step(weights, biases, x, labels, 1.0)[1],
    )


def biases_in_a_column(
    weights: NDArray, biases: NDArray, x: NDArray, labels: NDArray, learning_rate: float
) -> tuple[NDArray, NDArray]:
    """Your new biases stand in a column; they keep the shape `(classes,)` that they had."""
    new_weights, new_biases = _step(weights, biases, x, labels, learning_rate)
    return new_weights, new_biases[:, np.newaxis]


def biases_made_square(
    weights: NDArray, biases: NDArray, x: NDArray, labels: NDArray, learning_rate: float
) -> tuple[NDArray, NDArray]:
    """You subtract a column from the biases, which broadcasts to a matrix.

    Their gradient has the shape `(classes,)`: sum without `keepdims`, or without a new axis.
    """
    new_weights, new_biases = _step(weights, biases, x, labels, learning_rate)
    return new_weights, biases + (new_biases - biases)[:, np.newaxis]


def a_step_for_each_sample(
    weights: NDArray, biases: NDArray, x: NDArray, labels: NDArray, learning_rate: float
) -> tuple[NDArray, NDArray]:
    """You take a step for each sample in turn; one step is asked for, by the mean over all."""
    for i in range(len(labels)):
        one = slice(i, i + 1)
        weights, biases = _step(weights, biases, x[:, one], labels[one], learning_rate)
    return weights, biases


def step_in_tensorflow(
    weights: NDArray, biases: NDArray, x: NDArray, labels: NDArray, learning_rate: float
) -> tuple[NDArray, NDArray]:
    """Take the step with variables, a tape and an optimizer."""
    import tensorflow as tf

    variables = [tf.Variable(weights), tf.Variable(biases)]
    with tf.GradientTape() as tape:
        logits = tf.transpose(variables[0] @ x) + variables[1]
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
        loss = tf.reduce_mean(loss)
    tf.keras.optimizers.SGD(learning_rate).apply_gradients(
        zip(tape.gradient(loss, variables), variables, strict=True)
    )
    return variables[0], variables[1]


def step_sample_by_sample(
    weights: NDArray, biases: NDArray, x: NDArray, labels: NDArray, learning_rate: float
) -> tuple[NDArray, NDArray]:
    """Add up the samples' gradients in a loop."""
    weight_sum, bias_sum = np.zeros_like(weights), np.zeros_like(biases)
    for sample, label in zip(x.T, labels, strict=True):
        slope = activations.softmax(weights @ sample + biases)
        slope[label] -= 1
        weight_sum += np.outer(slope, sample)
        bias_sum += slope
    rate = learning_rate / len(labels)
    return weights - rate * weight_sum, biases - rate * bias_sum


def _random_step(rng: np.random.Generator) -> tuple:
    weights, biases = rng.normal(size=(3, 5)), rng.normal(size=3)
    return weights, biases, rng.normal(size=(5, 7)), rng.integers(0, 3, 7), 0.5


train_step = Exercise(
    name="train_step",
    lesson="10_softmax",
    reference=_step,
    parts=[
        Part(
            "a step",
            points=2,
            cases=[
                (
                    np.zeros((2, 3)),
                    np.zeros(2),
                    np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
                    np.array([0, 1]),
                    0.1,
                ),
                # As many classes as samples: a sum along the wrong axis raises no error.
                (
                    np.array([[0.5, -1.0], [1.0, 0.0]]),
                    np.array([0.5, -1.0]),
                    np.array([[1.0, 2.0], [0.0, 1.0]]),
                    np.array([1, 1]),
                    0.1,
                ),
            ],
            random_case=_random_step,
        )
    ],
    misconceptions=[
        step_uphill,
        rate_forgotten,
        biases_stay,
        biases_unused,
        biases_by_mean,
        biases_as_a_row,
        summed_over_classes,
        biases_after_weights,
        divided_twice,
        rate_for_weights_only,
        biases_in_a_column,
        biases_made_square,
        a_step_for_each_sample,
    ],
    also_right=[step_in_tensorflow, step_sample_by_sample],
    hints=[
        "Three lines: the scores of all samples, their gradient, the two new parameters.",
        "scores = weights @ x + biases[:, np.newaxis]; the new axis adds each row's bias to all "
        "samples of that row.",
        "The gradient by the weights is slope @ x.T, the one by the biases slope.sum(axis=1), "
        "where slope = loss_gradient(scores, labels).",
    ],
)
