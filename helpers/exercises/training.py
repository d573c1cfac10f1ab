"""Exercises of lesson 08: batches, a loss, a step of training."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import training as probes

__all__ = ["hint", "loss_of_logits", "take_batch", "take_step"]

# Batches ------------------------------------------------------------------------------------


def _take_batch(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    rows = [(step * batch_size + i) % len(x) for i in range(batch_size)]
    return x[rows], labels[rows]


def slice_of_the_slide(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """The last batch is too short.

    The slide's slice ends with the data. The rows that are missing then are the first ones: count
    every row number around, not only the first of them.
    """
    start = step * batch_size % len(x)
    return x[start : start + batch_size], labels[start : start + batch_size]


def never_around(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """Beyond the last row you find nothing: go on with row 0, by the remainder (`%`)."""
    rows = slice(step * batch_size, (step + 1) * batch_size)
    return x[rows], labels[rows]


def stays_at_the_end(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """Beyond the end you repeat the last row; the data are to begin again with row 0."""
    rows = np.minimum(step * batch_size + np.arange(batch_size), len(x) - 1)
    return x[rows], labels[rows]


def rest_left_out(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """You begin again at row 0 as soon as no whole batch is left.

    So the last rows are never seen. Take what is left, and fill the batch from the front.
    """
    start = step % (len(x) // batch_size) * batch_size
    return x[start : start + batch_size], labels[start : start + batch_size]


def one_row_further(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """Your batch begins at row `step`, so batches overlap: each step moves on by `batch_size`."""
    rows = (step + np.arange(batch_size)) % len(x)
    return x[rows], labels[rows]


def steps_from_one(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """You are a batch ahead: steps count from 0, and step 0 begins at row 0."""
    return _take_batch(x, labels, step + 1, batch_size)


def all_labels(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """You return the labels of all samples; the batch needs those of its own rows."""
    return _take_batch(x, labels, step, batch_size)[0], labels


def labels_first(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """You return the labels before x; the order is x, labels."""
    return _take_batch(x, labels, step, batch_size)[::-1]


def batch_by_take(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """Let NumPy wrap the row numbers."""
    rows = range(step * batch_size, step * batch_size + batch_size)
    return [np.take(array, rows, axis=0, mode="wrap") for array in (x, labels)]


def batch_by_roll(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """Turn the data until the batch stands in front."""
    x, labels = (np.roll(array, -step * batch_size, axis=0) for array in (x, labels))
    return x[:batch_size], labels[:batch_size]


def batch_in_tensorflow(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """Gather the rows with TensorFlow."""
    rows = tf.range(step * batch_size, (step + 1) * batch_size) % len(x)
    return tf.gather(x, rows), tf.gather(labels, rows)


def _numbered(num_samples: int) -> tuple[NDArray, NDArray]:
    """Return samples of which every number is another."""
    rows = np.arange(num_samples, dtype=np.float32)[:, np.newaxis]
    return np.hstack([rows, rows + 0.5]), 10 * rows


def _random_batch(rng: np.random.Generator) -> tuple:
    num_samples = int(rng.integers(7, 12))
    x = rng.normal(size=(num_samples, 2)).astype(np.float32)
    labels = rng.normal(size=(num_samples, 1)).astype(np.float32)
    return x, labels, int(rng.integers(4, 30)), int(rng.integers(4, 6))


take_batch = Exercise(
    name="take_batch",
    lesson="08_training",
    reference=_take_batch,
    parts=[
        Part(
            "batches that divide the data",
            points=1,
            cases=[(*_numbered(6), step, 2) for step in (0, 1, 2, 3, 7)],
        ),
        Part(
            "batches that go around the end",
            points=1,
            cases=[(*_numbered(5), step, 2) for step in (0, 2, 3, 7)],
            random_case=_random_batch,
        ),
    ],
    misconceptions=[
        slice_of_the_slide,
        never_around,
        stays_at_the_end,
        rest_left_out,
        one_row_further,
        steps_from_one,
        all_labels,
        labels_first,
    ],
    also_right=[batch_by_take, batch_by_roll, batch_in_tensorflow],
    hints=[
        "Write down the row numbers of the first few batches for 5 samples and batches of 2, as if "
        "the data never ended. What does the remainder by 5 make of them?",
        "np.arange counts from a first number up to, but without, a last one. The first is "
        "step * batch_size.",
        "An array can be indexed with an array of row numbers: x[rows], labels[rows]. Take the "
        "remainder of rows by len(x) before.",
    ],
)


# The loss -----------------------------------------------------------------------------------


def _loss_of_logits(logits: Any, labels: Any) -> Any:
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits))


def label_1_only(logits: Any, labels: Any) -> Any:
    """Only samples with label 1 count in your loss.

    Saying 1 to everything costs nothing then. A sample with label 0 costs minus the logarithm of
    1 - p.
    """
    return -tf.reduce_mean(labels * tf.math.log_sigmoid(logits))


def loss_of_the_slide(logits: Any, labels: Any) -> Any:
    """This is the slide's loss: the logit itself is taken for a probability.

    A logit may be any number. The sigmoid makes a probability of it.
    """
    return -tf.reduce_mean(labels * tf.math.log(tf.clip_by_value(logits, 1e-10, 1.0)))


def logarithm_of_zero(logits: Any, labels: Any) -> Any:
    """The formula is right, but a large logit makes the sigmoid exactly 1 or 0 in float32.

    The logarithm of 0 is minus infinity. Find a function that takes sigmoid and logarithm in one,
    and remember that 1 - sigmoid(z) is sigmoid(-z).
    """
    p = tf.sigmoid(logits)
    return -tf.reduce_mean(labels * tf.math.log(p) + (1 - labels) * tf.math.log(1 - p))


def clipped(logits: Any, labels: Any) -> Any:
    """The clip saves you from infinity and stops the learning.

    Where it cuts, its gradient is 0: of the worst mistakes the network learns nothing. Do not
    compute the probability at all; take the logarithm of the sigmoid from the logit in one.
    """
    p = tf.clip_by_value(tf.sigmoid(logits), 1e-7, 1 - 1e-7)
    return -tf.reduce_mean(labels * tf.math.log(p) + (1 - labels) * tf.math.log(1 - p))


def both_branches(logits: Any, labels: Any) -> Any:
    """Your loss is right and its gradient is not a number.

    `tf.where` computes both of its branches and differentiates both. The one that it does not take
    has overflowed, and infinity times 0 is nan. Use a formula without branches.
    """
    softplus = tf.where(
        logits > 0, logits + tf.math.log1p(tf.exp(-logits)), tf.math.log1p(tf.exp(logits))
    )
    return tf.reduce_mean(softplus - labels * logits)


def squared_error(logits: Any, labels: Any) -> Any:
    """This is the squared error of the probability, not its cross entropy.

    Its gradient vanishes where the network is most wrong.
    """
    return tf.reduce_mean((tf.sigmoid(logits) - labels) ** 2)


def summed(logits: Any, labels: Any) -> Any:
    """You add the losses of the samples; their mean is wanted.

    Otherwise twice as large a batch makes twice as long a step.
    """
    return _loss_of_logits(logits, labels) * tf.cast(tf.size(logits), tf.float32)


def one_a_sample(logits: Any, labels: Any) -> Any:
    """You return a loss for each sample; the network has one loss, their mean."""
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)


def minus_forgotten(logits: Any, labels: Any) -> Any:
    """The sign is turned round: logarithms of probabilities are negative, a loss is minus those."""
    return -_loss_of_logits(logits, labels)


def labels_exchanged(logits: Any, labels: Any) -> Any:
    """You charge label 1 for a high probability of 1, and label 0 for a low one: exchange them."""
    return _loss_of_logits(logits, 1 - labels)


def softmax_of_one(logits: Any, labels: Any) -> Any:
    """The softmax of a single number is always 1.

    So nothing depends on the logit. One output needs a sigmoid; softmax compares several.
    """
    return tf.reduce_mean(
        tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    ) + 0 * tf.reduce_sum(logits)


def loss_by_softplus(logits: Any, labels: Any) -> Any:
    """Use softplus, minus the logarithm of the other label's probability."""
    return tf.reduce_mean(tf.nn.softplus(logits) - labels * logits)


def loss_by_maximum(logits: Any, labels: Any) -> Any:
    """Use the formula whose exponential never overflows."""
    rest = tf.math.log1p(tf.exp(-tf.abs(logits)))
    return tf.reduce_mean(tf.maximum(logits, 0.0) - logits * labels + rest)


def loss_by_two_scores(logits: Any, labels: Any) -> Any:
    """Take the logit and 0 for the scores of two classes."""
    scores = tf.concat([tf.zeros_like(logits), logits], axis=1)
    both = tf.concat([1 - labels, labels], axis=1)
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=both, logits=scores))


def _column(*numbers: float) -> NDArray:
    return np.array(numbers, np.float32)[:, np.newaxis]


def _random_logits(rng: np.random.Generator) -> tuple:
    logits = rng.normal(scale=2.0, size=(6, 1)).astype(np.float32)
    return logits, rng.permutation(_column(0, 0, 0, 1, 1, 1))


_OWN_LOSS = "The exercise is to write this loss yourself, from logarithms; `{}` is the answer."

loss_of_logits = Exercise(
    name="loss_of_logits",
    lesson="08_training",
    reference=_loss_of_logits,
    probe=probes.loss_and_gradient,
    parts=[
        Part(
            "the loss and its gradient",
            points=1,
            cases=[
                (_column(2.0, -1.0), _column(1, 0)),
                (_column(0.5), _column(0)),
                (_column(-1.5, 0.25, 1.0), _column(1, 1, 0)),
            ],
            random_case=_random_logits,
        ),
        Part(
            "large logits",
            points=1,
            cases=[
                (_column(1000.0, -1000.0), _column(0, 1)),
                (_column(1000.0, -1000.0, 1.0), _column(1, 0, 1)),
                (_column(-40.0, 40.0), _column(1, 0)),
            ],
        ),
    ],
    misconceptions=[
        label_1_only,
        loss_of_the_slide,
        logarithm_of_zero,
        clipped,
        both_branches,
        squared_error,
        summed,
        one_a_sample,
        minus_forgotten,
        labels_exchanged,
        softmax_of_one,
    ],
    also_right=[loss_by_softplus, loss_by_maximum, loss_by_two_scores],
    forbidden={
        f"{module}.{name}": _OWN_LOSS.format(name)
        for module, names in {
            "tensorflow.nn": [
                "sigmoid_cross_entropy_with_logits",
                "weighted_cross_entropy_with_logits",
            ],
            "tensorflow.compat.v1.nn": [
                "sigmoid_cross_entropy_with_logits",
                "weighted_cross_entropy_with_logits",
            ],
            "tensorflow.compat.v1.losses": ["sigmoid_cross_entropy"],
            "tensorflow.keras.losses": ["BinaryCrossentropy", "binary_crossentropy"],
            "tensorflow.losses": ["BinaryCrossentropy", "binary_crossentropy"],
            "keras.losses": ["BinaryCrossentropy", "binary_crossentropy"],
        }.items()
        for name in names
    },
    hints=[
        "Two terms: labels times the logarithm of p, and 1 - labels times the logarithm of 1 - p. "
        "One of them is 0 for each sample. What sign makes a loss of it?",
        "Never compute p. tf.math.log_sigmoid takes a logit to the logarithm of its probability, "
        "whatever its size.",
        "1 - p is the sigmoid of the negative logit, so the same function gives its logarithm, of "
        "-logits. Take tf.reduce_mean at the end.",
    ],
)


# A step -------------------------------------------------------------------------------------

Loss = Callable[[Any, Any], Any]


def _gradients(variables: Sequence, compute_loss: Loss, x: Any, labels: Any) -> tuple[Any, Any]:
    with tf.GradientTape() as tape:
        loss = compute_loss(x, labels)
    return loss, tape.gradient(loss, variables)


def _take_step(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    loss, gradients = _gradients(variables, compute_loss, x, labels)
    for variable, gradient in zip(variables, gradients, strict=True):
        variable.assign_sub(learning_rate * gradient)
    return loss


def uphill(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """Your step climbs: the gradient points to where the loss grows, so subtract it."""
    return _take_step(variables, compute_loss, x, labels, -learning_rate)


def whole_gradient(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """You subtract the whole gradient: it is first multiplied by learning_rate."""
    return _take_step(variables, compute_loss, x, labels, 1.0)


def tape_too_late(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """Your tape recorded nothing, so its gradients are None.

    It records what is computed inside its `with` block: call `compute_loss` there.
    """
    loss = compute_loss(x, labels)
    with tf.GradientTape() as tape:
        pass
    for variable, gradient in zip(variables, tape.gradient(loss, variables), strict=True):
        variable.assign_sub(learning_rate * gradient)
    return loss


def not_stored(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """The variables have not moved.

    `variable - ...` and `variable = ...` make a new tensor and leave the variable as it is; its
    method `assign_sub` changes it.
    """
    return compute_loss(x, labels)


def step_instead(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """You assign the step itself: `assign` replaces the value, `assign_sub` subtracts from it."""
    loss, gradients = _gradients(variables, compute_loss, x, labels)
    for variable, gradient in zip(variables, gradients, strict=True):
        variable.assign(-learning_rate * gradient)
    return loss


def one_after_the_other(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """You compute the gradient anew after each variable.

    All gradients are to be taken at the same place, before any variable moves: one tape, asked once
    for the gradients by the whole list.
    """
    loss = compute_loss(x, labels)
    for variable in variables:
        _take_step([variable], compute_loss, x, labels, learning_rate)
    return loss


def first_only(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """Only the first variable has moved.

    Go through all of them, each with its own gradient; does your `return` stand inside the loop?
    """
    return _take_step(variables[:1], compute_loss, x, labels, learning_rate)


def loss_afterwards(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """You return the loss after the step; return the one that the tape has seen, before it."""
    _take_step(variables, compute_loss, x, labels, learning_rate)
    return compute_loss(x, labels)


def nothing_returned(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> None:
    """Your step is right; at its end return the loss, so that a caller can watch it fall."""
    _take_step(variables, compute_loss, x, labels, learning_rate)


def step_by_keras(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """Let an optimizer of Keras move the variables."""
    loss, gradients = _gradients(variables, compute_loss, x, labels)
    optimizer = tf.keras.optimizers.SGD(learning_rate)
    optimizer.apply_gradients(zip(gradients, variables, strict=True))
    return float(loss)


def step_by_tensorflow_1(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """Let an optimizer of TensorFlow 1 find the gradients and move the variables."""
    loss = compute_loss(x, labels)
    optimizer = tf.compat.v1.train.GradientDescentOptimizer(learning_rate)
    optimizer.minimize(lambda: compute_loss(x, labels), var_list=variables)
    return loss


def step_by_index(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """Ask a persistent tape for one gradient after another, then assign the new values."""
    with tf.GradientTape(persistent=True) as tape:
        loss = compute_loss(x, labels)
    slopes = [tape.gradient(loss, variable) for variable in variables]
    for i in range(len(variables)):
        variables[i].assign(variables[i] - slopes[i] * learning_rate)
    return loss.numpy()


_X, _LABELS = np.array([1.0, 2.0, -1.0]), np.array([3.0, 5.0, 0.0])


def _random_step(rng: np.random.Generator) -> tuple:
    name = "the mean of (v * w * x + b - labels) ** 2"
    return rng.normal(size=3), name, rng.normal(size=4), rng.normal(size=4), 0.125


take_step = Exercise(
    name="take_step",
    lesson="08_training",
    reference=_take_step,
    probe=probes.one_step,
    parts=[
        Part(
            "one variable",
            points=1,
            cases=[
                (np.array([2.0]), "the mean of (w * x - labels) ** 2", _X, _LABELS, 0.25),
                (np.array([-1.0]), "the mean of (w * x - labels) ** 2", _X, _LABELS, 0.125),
            ],
        ),
        Part(
            "several variables",
            points=1,
            cases=[
                (np.array([1.0, 0.5]), "the mean of (w * x + b - labels) ** 2", _X, _LABELS, 0.125),
            ],
            random_case=_random_step,
        ),
    ],
    misconceptions=[
        uphill,
        whole_gradient,
        tape_too_late,
        not_stored,
        step_instead,
        one_after_the_other,
        first_only,
        loss_afterwards,
        nothing_returned,
    ],
    also_right=[step_by_keras, step_by_tensorflow_1, step_by_index],
    hints=[
        "Three things: compute the loss while a tape records, ask the tape for the gradients, move "
        "the variables. The last comes after the with block.",
        "tape.gradient(loss, variables) gives a list, one gradient for each variable, in the same "
        "order; zip walks through both lists together.",
        "Each variable has a method assign_sub, which subtracts from it in place: give it the "
        "gradient times learning_rate. The loss that the tape saw is what you return.",
    ],
)
