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


def jumps_to_the_front(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """Where a batch would pass the end, you start it at row 0.

    The last rows belong to that batch: take them, and fill it up from the front.
    """
    start = step * batch_size % len(x)
    if start + batch_size > len(x):
        start = 0
    return x[start : start + batch_size], labels[start : start + batch_size]


def once_around(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """You go around the end once, and later steps find nothing.

    The data begin again as often as it takes: use the remainder (`%`).
    """
    rows = slice(step * batch_size, (step + 1) * batch_size)
    return np.concatenate([x, x])[rows], np.concatenate([labels, labels])[rows]


def one_row_further(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """Your batch begins at row `step`, so batches overlap: each step moves on by `batch_size`."""
    rows = (step + np.arange(batch_size)) % len(x)
    return x[rows], labels[rows]


def steps_from_one(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """You are a batch ahead: steps count from 0, and step 0 begins at row 0."""
    return _take_batch(x, labels, step + 1, batch_size)


def turned_the_wrong_way(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """Your batches walk backwards through the data: step 1 takes the rows after step 0's."""
    return _take_batch(x, labels, -step, batch_size)


def all_labels(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """You return the labels of all samples; the batch needs those of its own rows."""
    return _take_batch(x, labels, step, batch_size)[0], labels


def labels_first(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """You return the labels before x; the order is x, labels."""
    return _take_batch(x, labels, step, batch_size)[::-1]


def every_pass_begins_anew(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """You begin every pass through the data at row 0.

    The rows that filled the last batch from the front have had their turn: go on behind them. Count
    the rows as if the data never ended, and take the remainder of each number.
    """
    return _take_batch(x, labels, step % -(-len(x) // batch_size), batch_size)


def labels_not_around(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """Your rows of x go around the end, and the labels do not: index both with the same rows."""
    start = step * batch_size % len(x)
    return _take_batch(x, labels, step, batch_size)[0], labels[start : start + batch_size]


def moved_back_at_the_end(x: NDArray, labels: NDArray, step: int, batch_size: int) -> Any:
    """Where a batch would pass the end, you move it back, and some rows come twice.

    It begins where it has to, and its missing rows are the first ones of the data.
    """
    start = min(step * batch_size % len(x), len(x) - batch_size)
    return x[start : start + batch_size], labels[start : start + batch_size]


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


def rows_that_follow(arguments: tuple, value: Any) -> str | None:
    """Say if the rows are not neighbours, or the labels those of other rows."""
    found = []
    for array, taken in zip(arguments, value, strict=False):
        rows, taken_rows = (np.reshape(part, (len(part), -1)) for part in (array, taken))
        same = (taken_rows[:, np.newaxis] == rows).all(axis=2)
        if not same.any(axis=1).all():
            return "some of these rows are in none of the data."
        found.append(same.argmax(axis=1))
    if np.any(np.diff(found[0]) % len(arguments[0]) != 1 % len(arguments[0])):
        return (
            "the rows do not follow each other in the data. A batch is made of neighbours, and "
            "after the last row comes row 0: nothing is drawn, shuffled or left out."
        )
    if not np.array_equal(*found):
        return "these labels belong to other rows than these samples."
    return None


def _random_batch(rng: np.random.Generator) -> tuple:
    num_samples, features = int(rng.integers(7, 12)), int(rng.integers(1, 4))
    x = rng.normal(size=(num_samples, features)).astype(np.float32)
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
            cases=[
                *((*_numbered(5), step, 2) for step in (0, 2, 3, 7)),
                *((*_numbered(5), step, 5) for step in (0, 1)),
                *((*_numbered(5), step, 4) for step in (1, 2, 3)),
                (*_numbered(3), 4, 1),
                (np.arange(20.0).reshape(5, 2, 2), np.arange(5)[:, np.newaxis], 3, 2),
            ],
            random_case=_random_batch,
        ),
    ],
    misconceptions=[
        slice_of_the_slide,
        never_around,
        stays_at_the_end,
        rest_left_out,
        jumps_to_the_front,
        once_around,
        one_row_further,
        steps_from_one,
        turned_the_wrong_way,
        all_labels,
        labels_first,
        every_pass_begins_anew,
        labels_not_around,
        moved_back_at_the_end,
    ],
    also_right=[batch_by_take, batch_by_roll, batch_in_tensorflow],
    properties=[rows_that_follow],
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


def one_axis_left(logits: Any, labels: Any) -> Any:
    """Your loss has the shape (1,), as of a mean over one axis of two: leave `axis` out."""
    losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)
    return tf.reduce_mean(losses, axis=0)


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


def sigmoid_twice(logits: Any, labels: Any) -> Any:
    """The sigmoid is applied twice.

    `log_sigmoid` takes the logit itself, and makes the probability on its way.
    """
    return _loss_of_logits(tf.sigmoid(logits), labels)


def labels_as_signs(logits: Any, labels: Any) -> Any:
    """Your formula is for labels 1 and -1.

    Here the other label is 0, and 0 times the logit charges such a sample ln 2, whatever the logit.
    """
    return tf.reduce_mean(tf.nn.softplus(-labels * logits))


def logarithm_to_base_2(logits: Any, labels: Any) -> Any:
    """You divide by ln 2, which makes logarithms to base 2; the natural logarithm is wanted."""
    return _loss_of_logits(logits, labels) / np.log(2.0)


def one_minus_the_logarithm(logits: Any, labels: Any) -> Any:
    """The logarithm of 1 - p is not 1 minus the logarithm of p.

    1 - p is a probability of its own: the sigmoid of the negative logit.
    """
    log_of_p = tf.math.log_sigmoid(logits)
    return -tf.reduce_mean(labels * log_of_p + (1 - labels) * (1 - log_of_p))


def logarithm_of_softmax(logits: Any, labels: Any) -> Any:
    """The softmax of a single number is always 1, and its logarithm is 0.

    One output needs a sigmoid; softmax compares several.
    """
    return -tf.reduce_mean(labels * tf.math.log(tf.nn.softmax(logits)))


def exponential_of_either_sign(logits: Any, labels: Any) -> Any:
    """With the maximum in front, the exponent is -|z|: you have left out the absolute value.

    So negative logits count twice, and their exponential may overflow.
    """
    rest = tf.math.log1p(tf.exp(-logits))
    return tf.reduce_mean(tf.maximum(logits, 0.0) - logits * labels + rest)


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
    return -tf.reduce_mean(tf.reduce_sum(both * tf.nn.log_softmax(scores), axis=1))


def _column(*numbers: float) -> NDArray:
    return np.array(numbers, np.float32)[:, np.newaxis]


def _random_logits(rng: np.random.Generator) -> tuple:
    logits = rng.normal(scale=2.0, size=(6, 1)).astype(np.float32)
    return logits, rng.permutation(_column(0, 0, 0, 1, 1, 1))


def not_finite(arguments: tuple, value: Any) -> str | None:
    """Say why a loss or a gradient is not a number."""
    if not np.isfinite(value["the loss"]):
        return (
            "the sigmoid of such a logit is exactly 0 or 1 in float32, or an exponential on the "
            "way to it overflows. Take sigmoid and logarithm in one function."
        )
    if not np.all(np.isfinite(value["its gradient by the logits"])):
        return "infinity times 0 on the way back, in a branch or factor that is not used, is nan."
    return None


def nothing_taught(arguments: tuple, value: Any) -> str | None:
    """Say what a bound on the probability does to the worst mistakes."""
    logits, labels = arguments
    worst = (np.abs(logits) > 15) & ((logits > 0) != (labels > 0.5))
    slopes = np.asarray(value["its gradient by the logits"])
    if not np.any(worst) or np.any(slopes[worst]) or not 5 < value["the loss"] < 900:
        return None
    return (
        "where the network is most wrong your loss is bounded and its gradient is 0, as it is "
        "where a probability or a logit is clipped, or a small number added to the probability."
    )


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
        one_axis_left,
        minus_forgotten,
        labels_exchanged,
        softmax_of_one,
        sigmoid_twice,
        labels_as_signs,
        logarithm_to_base_2,
        one_minus_the_logarithm,
        logarithm_of_softmax,
        exponential_of_either_sign,
    ],
    also_right=[loss_by_softplus, loss_by_maximum, loss_by_two_scores],
    properties=[not_finite, nothing_taught],
    forbidden={
        name: _OWN_LOSS.format(
            name.removeprefix("tensorflow.compat.v1.").removeprefix("tensorflow.")
        )
        for name in [
            *(
                f"tensorflow.{version}nn.{name}_cross_entropy_with_logits"
                for version in ("", "compat.v1.")
                for name in ("sigmoid", "weighted", "softmax", "sparse_softmax")
            ),
            "tensorflow.compat.v1.nn.softmax_cross_entropy_with_logits_v2",
            "tensorflow.compat.v1.losses",
            "tensorflow.losses",
            "tensorflow.metrics",
            "tensorflow.raw_ops.SoftmaxCrossEntropyWithLogits",
            *(
                f"{keras}.{name}"
                for keras in ("tensorflow.keras", "keras", "tensorflow.compat.v1.keras")
                for name in (
                    "losses",
                    "metrics",
                    "backend.binary_crossentropy",
                    "ops.binary_crossentropy",
                    "ops.nn.binary_crossentropy",
                )
            ),
        ]
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


def tape_asked_again(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """You ask the tape once for each variable, and after the first answer it has forgotten all.

    Ask once, with the list: `tape.gradient(loss, variables)` gives a gradient for each.
    """
    with tf.GradientTape() as tape:
        loss = compute_loss(x, labels)
    for variable in variables:
        variable.assign_sub(learning_rate * tape.gradient(loss, variable))
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
    """You compute the gradient again after each variable.

    All gradients are to be taken at the same place, before any variable moves: one tape, asked once
    for the gradients by the whole list.
    """
    loss = compute_loss(x, labels)
    for variable in variables:
        _take_step([variable], compute_loss, x, labels, learning_rate)
    return loss


def rate_as_float32(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """You made a float32 tensor of learning_rate, and the variables may be float64.

    Leave it a plain number: TensorFlow gives it the dtype of what it is multiplied by.
    """
    loss, gradients = _gradients(variables, compute_loss, x, labels)
    for variable, gradient in zip(variables, gradients, strict=True):
        variable.assign_sub(tf.constant(learning_rate) * gradient)
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


def rate_divides(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """You divide the gradient by learning_rate; multiply: a small rate makes a small step."""
    return _take_step(variables, compute_loss, x, labels, 1 / learning_rate)


def gradient_clipped(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """You clip the gradient to the range from -1 to 1; a plain step takes it whole."""
    loss, gradients = _gradients(variables, compute_loss, x, labels)
    for variable, gradient in zip(variables, gradients, strict=True):
        variable.assign_sub(learning_rate * tf.clip_by_value(gradient, -1.0, 1.0))
    return loss


def only_if_it_helps(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """You make the step shorter, or leave it out, where the loss would grow.

    A plain step is taken as it is: whoever chose the rate has to see what it does.
    """
    before = [variable.numpy() for variable in variables]
    loss = _take_step(variables, compute_loss, x, labels, learning_rate)
    if compute_loss(x, labels) > loss:
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)
    return loss


def mean_taken_again(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """You divide the step by the number of samples.

    Whether the loss is a mean is `compute_loss`'s business; its gradient is taken as it comes.
    """
    return _take_step(variables, compute_loss, x, labels, learning_rate / len(x))


def gradients_returned(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """You return the gradients; return the loss."""
    gradients = _gradients(variables, compute_loss, x, labels)[1]
    _take_step(variables, compute_loss, x, labels, learning_rate)
    return gradients


def nothing_returned(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> None:
    """Your step is right; at its end return the loss, so that a caller can watch it fall."""
    _take_step(variables, compute_loss, x, labels, learning_rate)


def step_in_a_graph(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """Make a graph of the loss, and ask it for the gradients as TensorFlow 1 did."""

    @tf.function
    def found() -> Any:
        loss = compute_loss(x, labels)
        return loss, tf.gradients(loss, list(variables))

    loss, gradients = found()
    for variable, gradient in zip(variables, gradients, strict=True):
        variable.assign_add(-learning_rate * gradient)
    return float(loss)


def step_inside_the_tape(
    variables: Sequence, compute_loss: Loss, x: Any, labels: Any, learning_rate: float
) -> Any:
    """Take the gradients one by one within the block, then move every variable."""
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch(variables)
        loss = compute_loss(x, labels)
        slopes = list(map(lambda variable: tape.gradient(loss, variable), variables))
    moved = [
        variable - tf.multiply(slope, learning_rate)
        for variable, slope in zip(variables, slopes, strict=True)
    ]
    for variable, value in zip(variables, moved, strict=True):
        variable.assign(value)
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


def _floats(*starts: Any) -> list[NDArray]:
    return [np.array(start, np.float32) for start in starts]


def every_variable_moves(arguments: tuple, value: Any) -> str | None:
    """Say if some variables have moved, and others have not."""
    pairs = zip(arguments[0], value["the variables after the step"], strict=True)
    moved = [not np.array_equal(before, after) for before, after in pairs]
    if any(moved) and not all(moved):
        return f"variable {moved.index(False)} of the list has not moved, and others have."
    return None


def _random_step(rng: np.random.Generator) -> tuple:
    name = "the mean of (v * w * x + b - labels) ** 2"
    return _floats(*rng.normal(size=3)), name, rng.normal(size=4), rng.normal(size=4), 0.125


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
                (_floats(2.0), "the mean of (w * x - labels) ** 2", _X, _LABELS, 0.25),
                (_floats(-1.0), "the mean of (w * x - labels) ** 2", _X, _LABELS, 0.125),
                (_floats(1.0), "the mean of (w * x - labels) ** 2", _X, _LABELS, 1.5),
            ],
        ),
        Part(
            "several variables",
            points=1,
            cases=[
                (_floats(1.0, 0.5), "the mean of (w * x + b - labels) ** 2", _X, _LABELS, 0.125),
                (
                    _floats([[1.0, -1.0], [0.5, 2.0]], [0.25, 0.0]),
                    "the mean of (x @ w + b - labels) ** 2",
                    np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]]),
                    np.array([[1.0, 0.0], [0.5, 0.5], [-1.0, 2.0]]),
                    0.125,
                ),
                (
                    [np.array(1.0), np.array(0.1)],
                    "the mean of (w * x + b - labels) ** 2",
                    _X,
                    _LABELS,
                    0.1,
                ),
            ],
            random_case=_random_step,
        ),
    ],
    misconceptions=[
        uphill,
        whole_gradient,
        tape_too_late,
        tape_asked_again,
        not_stored,
        step_instead,
        one_after_the_other,
        rate_as_float32,
        first_only,
        loss_afterwards,
        mean_taken_again,
        rate_divides,
        gradient_clipped,
        only_if_it_helps,
        gradients_returned,
        nothing_returned,
    ],
    also_right=[step_in_a_graph, step_inside_the_tape, step_by_index],
    properties=[every_variable_moves],
    forbidden={
        name: "The exercise is to move the variables yourself, without an optimizer."
        for name in [
            "tensorflow.optimizers",
            "tensorflow.keras.optimizers",
            "tensorflow.compat.v1.keras.optimizers",
            "tensorflow.compat.v1.train",
            "keras.optimizers",
            "helpers.optimizers",
        ]
    },
    hints=[
        "Three things: compute the loss while a tape records, ask the tape for the gradients, move "
        "the variables. The last comes after the with block.",
        "tape.gradient(loss, variables) gives a list, one gradient for each variable, in the same "
        "order; zip walks through both lists together.",
        "Each variable has a method assign_sub, which subtracts from it in place: give it the "
        "gradient times learning_rate. The loss that the tape saw is what you return.",
    ],
)
