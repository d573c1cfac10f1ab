"""Exercises of lesson 11: two gradients, a training loop, a loss that no logit can break."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers import activations, losses
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import losses as probes

__all__ = ["cross_entropy_gradient", "hint", "learn", "mse_gradient", "stable_cross_entropy"]

Gradient = tuple[NDArray, Any]


def _by_parameters(slope: NDArray, x: NDArray) -> Gradient:
    """Go from each sample's gradient by the logit to the mean gradient by weights and bias."""
    return x @ slope / len(slope), np.mean(slope)


# The squared error --------------------------------------------------------------------------


def _mse_gradient(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    slope = losses.sigmoid_squared_error_gradient(weights @ x + biases, labels)
    return _by_parameters(slope, x)


def slope_forgotten(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """You multiply the error by the input alone: the slope of the sigmoid, a (1 - a), is missing.

    What you have is the gradient of another loss, which you will meet in the next exercise.
    """
    return _by_parameters(activations.sigmoid(weights @ x + biases) - labels, x)


def slope_at_the_output(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """Your slope is taken at the output a, not at the logit z.

    The sigmoid was applied once, to z. Either give z to the slope, or write a (1 - a).
    """
    outputs = activations.sigmoid(weights @ x + biases)
    return _by_parameters((outputs - labels) * activations.sigmoid_gradient(outputs), x)


def slope_of_a_line(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """You compare the labels with the logits: the neuron's output is the sigmoid of the logit."""
    return _by_parameters(weights @ x + biases - labels, x)


def twice(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """Your gradient is twice too large: the loss has a half in front, which takes the 2 away."""
    by_weights, by_biases = _mse_gradient(weights, biases, x, labels)
    return 2 * by_weights, 2 * by_biases


def mse_uphill(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """The sign is turned round: the error is the output minus the label."""
    by_weights, by_biases = _mse_gradient(weights, biases, x, labels)
    return -by_weights, -by_biases


def mse_summed(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """You add up the samples' gradients; the mean divides both by the number of samples."""
    by_weights, by_biases = _mse_gradient(weights, biases, x, labels)
    return by_weights * len(labels), by_biases * len(labels)


def mse_bias_summed(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """The weights' gradient is a mean, and that of the bias is a sum: divide it as well."""
    by_weights, by_biases = _mse_gradient(weights, biases, x, labels)
    return by_weights, by_biases * len(labels)


def error_squared(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """You leave the square: the derivative of (a - y)² / 2 by a is a - y."""
    outputs = activations.sigmoid(weights @ x + biases)
    return _by_parameters((outputs - labels) ** 2 * outputs * (1 - outputs), x)


def bias_outside(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """You add the bias to the output; it is a part of the logit, inside the sigmoid."""
    outputs = activations.sigmoid(weights @ x) + biases
    return _by_parameters((outputs - labels) * outputs * (1 - outputs), x)


def slope_of_tanh(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """Your slope is that of tanh, 1 - a²; the sigmoid's is a (1 - a)."""
    outputs = activations.sigmoid(weights @ x + biases)
    return _by_parameters((outputs - labels) * (1 - outputs**2), x)


def mse_by_features(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """You divide by the number of features; the mean goes over the samples, the columns of x."""
    by_weights, by_biases = _mse_gradient(weights, biases, x, labels)
    return by_weights * len(labels) / len(x), by_biases * len(labels) / len(x)


def mse_bias_without_slope(
    weights: NDArray, biases: float, x: NDArray, labels: NDArray
) -> Gradient:
    """The bias has the factor a (1 - a) too: it acts on the loss through the same logit."""
    error = activations.sigmoid(weights @ x + biases) - labels
    return _mse_gradient(weights, biases, x, labels)[0], np.mean(error)


def mse_input_forgotten(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """Your gradient by the weights lacks the last link, the input: w moves z by x."""
    by_biases = _mse_gradient(weights, biases, x, labels)[1]
    return np.full(len(weights), by_biases), by_biases


def mse_bias_first(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Any:
    """You return the bias's gradient first; the weights' comes first."""
    return _mse_gradient(weights, biases, x, labels)[::-1]


def mse_bias_unused(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """Your logits leave out the bias: they are weights @ x + biases."""
    return _mse_gradient(weights, 0.0, x, labels)


def loss_times_slope(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """You multiply the loss itself by the slope.

    The first link is the derivative of (a - y)² / 2 by a, which is a - y.
    """
    outputs = activations.sigmoid(weights @ x + biases)
    return _by_parameters((outputs - labels) ** 2 / 2 * outputs * (1 - outputs), x)


def product_of_means(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """You multiply the mean input by the mean slope; a mean of products is another number.

    Each sample's slope is multiplied by its own inputs first.
    """
    by_biases = _mse_gradient(weights, biases, x, labels)[1]
    return np.mean(x, axis=1) * by_biases, by_biases


def mse_by_tape(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Any:
    """Let TensorFlow differentiate the loss."""
    import tensorflow as tf

    variables = [tf.Variable(weights), tf.Variable(biases, dtype=tf.float64)]
    with tf.GradientTape() as tape:
        outputs = tf.sigmoid(tf.linalg.matvec(x.T, variables[0]) + variables[1])
        loss = tf.reduce_mean((labels - outputs) ** 2) / 2
    return tape.gradient(loss, variables)


def mse_sample_by_sample(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Any:
    """Add up the samples in a loop, in float32."""
    by_weights, by_biases = np.zeros(len(weights), np.float32), np.float32(0)
    for sample, label in zip(x.T.astype(np.float32), labels, strict=True):
        output = 1 / (1 + np.exp(-(weights @ sample + biases)))
        slope = (output - label) * (output - output**2) / len(labels)
        by_weights += slope * sample
        by_biases += slope
    return [by_weights, np.float32(by_biases)]


def _random_neuron(rng: np.random.Generator) -> tuple:
    labels = rng.integers(0, 2, 5).astype(float)
    labels[:2] = 0.0, 1.0
    return rng.normal(size=3), float(rng.normal()), rng.normal(size=(3, 5)), labels


_ONE_SAMPLE = Part(
    "one sample",
    points=1,
    cases=[
        (np.array([1.0]), 2.0, np.array([[2.0]]), np.array([0.0])),
        (np.array([0.5, -1.0]), 0.25, np.array([[1.0], [3.0]]), np.array([1.0])),
    ],
)
_SEVERAL_SAMPLES = Part(
    "several samples",
    points=1,
    cases=[
        (
            np.array([0.5, -1.0]),
            0.25,
            np.array([[1.0, 0.0, -2.0], [3.0, 1.0, 0.5]]),
            np.array([1.0, 0.0, 1.0]),
        )
    ],
    random_case=_random_neuron,
)
_OWN_GRADIENT = "The exercise is to write this gradient yourself; {} is the answer."

mse_gradient = Exercise(
    name="mse_gradient",
    lesson="11_losses",
    reference=_mse_gradient,
    probe=probes.two_gradients,
    parts=[_ONE_SAMPLE, _SEVERAL_SAMPLES],
    misconceptions=[
        slope_forgotten,
        slope_at_the_output,
        slope_of_a_line,
        twice,
        mse_uphill,
        mse_summed,
        mse_bias_summed,
        mse_bias_unused,
        error_squared,
        bias_outside,
        slope_of_tanh,
        mse_by_features,
        mse_bias_without_slope,
        mse_input_forgotten,
        mse_bias_first,
        loss_times_slope,
        product_of_means,
    ],
    also_right=[mse_by_tape, mse_sample_by_sample],
    forbidden={
        "helpers.losses.sigmoid_squared_error_gradient": _OWN_GRADIENT.format(
            "`losses.sigmoid_squared_error_gradient`"
        )
    },
    hints=[
        "First the outputs of all samples at once: the sigmoid of weights @ x + biases. Which two "
        "factors does each sample's gradient by its logit have?",
        "Call error times slope of all samples `slope`, of shape (samples,). The bias gets its "
        "mean.",
        "For the weights each sample's slope is multiplied by its input, and the samples are "
        "added: x @ slope does both. Then divide by the number of samples.",
    ],
)

# The cross entropy --------------------------------------------------------------------------


def _cross_entropy_gradient(
    weights: NDArray, biases: float, x: NDArray, labels: NDArray
) -> Gradient:
    slope = losses.sigmoid_cross_entropy_gradient(weights @ x + biases, labels)
    return _by_parameters(slope, x)


def slope_left_in(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """There is still a factor a (1 - a) in your gradient: this is the squared error's.

    The derivative of the logarithm has a (1 - a) in its denominator, and the two cancel.
    """
    return _mse_gradient(weights, biases, x, labels)


def cancelled_by_the_machine(
    weights: NDArray, biases: float, x: NDArray, labels: NDArray
) -> Gradient:
    """Your formula is right on paper, and you leave the cancelling to the machine.

    Where the output is exactly 0 or 1, a (1 - a) is 0, and 0 / 0 is nan. Cancel a (1 - a) before
    you program: then nothing is divided.
    """
    outputs = activations.sigmoid(weights @ x + biases)
    by_output = (outputs - labels) / (outputs * (1 - outputs))
    return _by_parameters(by_output * outputs * (1 - outputs), x)


def by_the_output(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """You stop at the derivative by the output a, (a - y) / (a (1 - a)).

    The chain goes on to the logit: multiply by the slope a (1 - a), and simplify.
    """
    outputs = activations.sigmoid(weights @ x + biases)
    return _by_parameters((outputs - labels) / (outputs * (1 - outputs)), x)


def no_sigmoid(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """You compare the labels with the logits: the error is the sigmoid of the logit minus it."""
    return _by_parameters(weights @ x + biases - labels, x)


def only_yes_counts(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """Samples with the label 0 have no say in your gradient.

    The loss has two terms, y ln a and (1 - y) ln(1 - a): for y = 0 the second one speaks.
    """
    outputs = activations.sigmoid(weights @ x + biases)
    return _by_parameters(labels * (outputs - 1), x)


def uphill(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """The sign is turned round: this direction makes the loss larger."""
    by_weights, by_biases = _cross_entropy_gradient(weights, biases, x, labels)
    return -by_weights, -by_biases


def summed(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """You add up the samples' gradients; the slide has 1/n in front of both sums."""
    by_weights, by_biases = _cross_entropy_gradient(weights, biases, x, labels)
    return by_weights * len(labels), by_biases * len(labels)


def bias_summed(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """The weights' gradient is a mean, that of the bias is a sum: it too has 1/n in front."""
    by_weights, by_biases = _cross_entropy_gradient(weights, biases, x, labels)
    return by_weights, by_biases * len(labels)


def by_features(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """You divide by the number of features; n is the number of samples, the columns of x."""
    by_weights, by_biases = _cross_entropy_gradient(weights, biases, x, labels)
    return by_weights * len(labels) / len(x), by_biases * len(labels) / len(x)


def input_forgotten(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """Your gradient by the weights lacks the inputs: each error is multiplied by its x."""
    by_biases = _cross_entropy_gradient(weights, biases, x, labels)[1]
    return np.full(len(weights), by_biases), by_biases


def twice_too_large(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """Your gradient is twice too large: no square stands in this loss, so no 2 comes down."""
    by_weights, by_biases = _cross_entropy_gradient(weights, biases, x, labels)
    return 2 * by_weights, 2 * by_biases


def tanh_instead(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """Your output is tanh of the logit; the neuron's is the sigmoid of it."""
    return _by_parameters(np.tanh(weights @ x + biases) - labels, x)


def not_cancelled(arguments: tuple, value: Any) -> str | None:
    """Say what becomes of a quotient, or of a bound, where the output is exactly 0 or 1."""
    weights, biases, x, _ = arguments
    if np.all(np.abs(weights @ x + biases) < 30):
        return None
    true = np.append(*_cross_entropy_gradient(*arguments))
    found = np.append(*value.values())
    if not np.all(np.isfinite(found)):
        return "where the output is exactly 0 or 1, a (1 - a) is 0. Cancel it before you program."
    if not np.any(found) and np.any(true):
        return (
            "where the neuron is most wrong your gradient is 0. A quotient of a (1 - a) is 0 / 0 "
            "there; a clip, or a small number added below, makes it 0. Cancel it before you "
            "program."
        )
    right = np.allclose(found, true, rtol=1e-4, atol=1e-5)
    if not right and np.allclose(found, true, rtol=0.1, atol=0.1):
        return "this is nearly right, as where outputs are clipped. No clip is needed here."
    return None


def rounded_outputs(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """You take the answer, yes or no, for the output; the output is the sigmoid itself."""
    outputs = (weights @ x + biases > 0).astype(float)
    return _by_parameters(outputs - labels, x)


def loss_itself(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """You multiply the inputs by the loss itself; its derivative by the logit is a - y."""
    outputs = activations.sigmoid(weights @ x + biases)
    with np.errstate(all="ignore"):
        loss = -(labels * np.log(outputs) + (1 - labels) * np.log(1 - outputs))
        return _by_parameters(loss, x)


def error_without_sign(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Gradient:
    """You take the absolute value of the error: its sign says in which direction to go."""
    return _by_parameters(np.abs(activations.sigmoid(weights @ x + biases) - labels), x)


def cross_entropy_by_tape(weights: NDArray, biases: float, x: NDArray, labels: NDArray) -> Any:
    """Let TensorFlow differentiate its own loss."""
    import tensorflow as tf

    variables = [tf.Variable(weights), tf.Variable(biases, dtype=tf.float64)]
    with tf.GradientTape() as tape:
        logits = tf.linalg.matvec(x.T, variables[0]) + variables[1]
        losses_ = tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)
        loss = tf.reduce_mean(losses_)
    return tape.gradient(loss, variables)


def cross_entropy_with_a_row_of_ones(
    weights: NDArray, biases: float, x: NDArray, labels: NDArray
) -> Any:
    """Treat the bias as the weight of an input that is always 1; the plain sigmoid."""
    inputs = np.vstack([x, np.ones(len(labels))])
    outputs = 1 / (1 + np.exp(-(np.append(weights, biases) @ inputs)))
    gradient = np.mean(inputs * (outputs - labels), axis=1)
    return gradient[:-1], gradient[-1]


def _random_saturated_neuron(rng: np.random.Generator) -> tuple:
    weights, biases, x, labels = _random_neuron(rng)
    return 1000 * weights, 1000 * biases, x, labels


cross_entropy_gradient = Exercise(
    name="cross_entropy_gradient",
    lesson="11_losses",
    reference=_cross_entropy_gradient,
    probe=probes.two_gradients,
    parts=[
        _SEVERAL_SAMPLES,
        Part(
            "large logits",
            points=1,
            cases=[
                (np.array([500.0]), 0.0, np.array([[2.0, -2.0, 1.0]]), np.array([0.0, 1.0, 1.0])),
                (np.array([-40.0, 40.0]), 10.0, np.array([[1.0], [1.5]]), np.array([0.0])),
            ],
            random_case=_random_saturated_neuron,
        ),
    ],
    misconceptions=[
        slope_left_in,
        cancelled_by_the_machine,
        by_the_output,
        no_sigmoid,
        only_yes_counts,
        uphill,
        summed,
        bias_summed,
        by_features,
        input_forgotten,
        rounded_outputs,
        twice_too_large,
        tanh_instead,
        loss_itself,
        error_without_sign,
    ],
    properties=[not_cancelled],
    also_right=[cross_entropy_by_tape, cross_entropy_with_a_row_of_ones],
    forbidden={
        "helpers.losses.sigmoid_cross_entropy_gradient": _OWN_GRADIENT.format(
            "`losses.sigmoid_cross_entropy_gradient`"
        )
    },
    hints=[
        "Your first answer is nearly it. Which factor of a sample's gradient by its logit goes?",
        "What is left of a sample's gradient by its logit is its error: output minus label.",
        "From there on all is as before: x @ error for the weights, the plain error for the bias, "
        "and the mean over the samples for both.",
    ],
)

# The loop -----------------------------------------------------------------------------------

Path = list[tuple[NDArray, Any]]


def _learn(
    gradient: Callable,
    weights: NDArray,
    biases: float,
    x: NDArray,
    labels: NDArray,
    learning_rate: float,
    num_steps: int,
) -> Path:
    path = [(weights, biases)]
    for _ in range(num_steps):
        by_weights, by_biases = gradient(weights, biases, x, labels)
        weights = weights - learning_rate * by_weights
        biases = biases - learning_rate * by_biases
        path.append((weights, biases))
    return path


def learn_uphill(gradient: Callable, *others: Any) -> Path:
    """You add the gradient, which makes the loss larger: subtract it."""
    return _learn(lambda *place: [-slope for slope in gradient(*place)], *others)


def rate_forgotten(gradient: Callable, *others: Any) -> Path:
    """You subtract the whole gradient: multiply it by learning_rate first."""
    *_, learning_rate, _ = others
    return _learn(lambda *place: [slope / learning_rate for slope in gradient(*place)], *others)


def start_missing(*arguments: Any) -> Path:
    """Your path begins after the first step: put the start in front.

    So there are num_steps + 1 places.
    """
    return _learn(*arguments)[1:]


def end_missing(*arguments: Any) -> Path:
    """Your path ends before the last step: it also holds where the last step leads.

    So there are num_steps + 1 places.
    """
    return _learn(*arguments)[:-1]


def only_the_end(*arguments: Any) -> Any:
    """You return where training ends; a learning curve needs every place on the way there."""
    return _learn(*arguments)[-1]


def one_after_the_other(
    gradient: Callable,
    weights: NDArray,
    biases: float,
    x: NDArray,
    labels: NDArray,
    learning_rate: float,
    num_steps: int,
) -> Path:
    """The bias moves by a gradient taken after the weights have moved.

    Both parts of a gradient belong to one place: call gradient once a step, then move both.
    """
    path = [(weights, biases)]
    for _ in range(num_steps):
        weights = weights - learning_rate * gradient(weights, biases, x, labels)[0]
        biases = biases - learning_rate * gradient(weights, biases, x, labels)[1]
        path.append((weights, biases))
    return path


def gradient_of_the_start(gradient: Callable, *others: Any) -> Path:
    """Every step repeats the gradient of the start: compute it again where you have come to."""
    *place, _, _ = others
    first = gradient(*place)
    return _learn(lambda *_: first, *others)


def bias_stays(gradient: Callable, *others: Any) -> Path:
    """The bias has not moved: it takes a step too, by the second part of the gradient."""
    return _learn(lambda *place: (gradient(*place)[0], 0.0), *others)


def in_place(
    gradient: Callable,
    weights: NDArray,
    biases: float,
    x: NDArray,
    labels: NDArray,
    learning_rate: float,
    num_steps: int,
) -> Path:
    """Places of your path are one and the same array, so earlier ones move along with later ones.

    `weights -= ...` changes an array that is already in the path, and `[pair] * n` repeats one.
    Write `weights = weights - ...`, which makes a new array, and append that.
    """
    path = [(weights, biases)]
    for _ in range(num_steps):
        by_weights, by_biases = gradient(weights, biases, x, labels)
        weights -= learning_rate * by_weights
        biases -= learning_rate * by_biases
        path.append((weights, biases))
    return path


def one_step_too_many(gradient: Callable, *others: Any) -> Path:
    """You take a step too many: num_steps steps lead to num_steps + 1 places."""
    path = _learn(gradient, *others)
    *_, x, labels, learning_rate, _ = others
    return path + _learn(gradient, *path[-1], x, labels, learning_rate, 1)[1:]


def path_of_gradients(gradient: Callable, *others: Any) -> Path:
    """Your path holds gradients; it is to hold the places, the parameters after each step."""
    path = _learn(gradient, *others)
    *_, x, labels, _, _ = others
    return [path[0], *(gradient(*place, x, labels) for place in path[:-1])]


def one_sample_a_step(
    gradient: Callable,
    weights: NDArray,
    biases: float,
    x: NDArray,
    labels: NDArray,
    learning_rate: float,
    num_steps: int,
) -> Path:
    """Each of your steps looks at one sample; give all of x and labels to the gradient."""
    path = [(weights, biases)]
    for step in range(num_steps):
        i = step % len(labels)
        path += _learn(gradient, *path[-1], x[:, [i]], labels[[i]], learning_rate, 1)[1:]
    return path


def rate_falls(gradient: Callable, *others: Any) -> Path:
    """Your learning rate becomes smaller from step to step; it is to stay as it is."""
    weights, biases, x, labels, learning_rate, num_steps = others
    path = [(weights, biases)]
    for step in range(num_steps):
        path += _learn(gradient, *path[-1], x, labels, learning_rate / (step + 1), 1)[1:]
    return path


def start_overwritten(gradient: Callable, weights: NDArray, *others: Any) -> Path:
    """The start that was handed to you has changed.

    `weights -= ...` works on the caller's own array, which is needed for the next training, and on
    each place of the path that holds it. Write `weights = weights - ...`.
    """
    path = _learn(gradient, weights.copy(), *others)
    weights[:] = path[-1][0]
    return path


def two_lists(*arguments: Any) -> Any:
    """You return a list of weights and a list of biases; pair them up, one pair for each step."""
    return list(zip(*_learn(*arguments), strict=True))


def appended_too_late(gradient: Callable, *others: Any) -> Path:
    """You append a place after you have moved, so the path lacks the start and goes a step too far.

    Begin the path with the start.
    """
    return _learn(gradient, *(*others[:-1], others[-1] + 1))[1:]


def start_twice(*arguments: Any) -> Path:
    """The start stands in your path twice, and where the last step leads is missing.

    So it is where a pair is appended before the step, or the parameters are not moved. Move them
    first, then append.
    """
    path = _learn(*arguments)
    return path[:1] + path[:-1] if len(path) > 1 else path


def stops_early(gradient: Callable, *others: Any) -> Path:
    """You stop where the gradient is small; take all `num_steps` steps."""
    small = np.max(np.abs(gradient(*others[:4])[0])) < 0.01
    return _learn(gradient, *(*others[:-1], 0 if small else others[-1]))


def learn_with_variables(
    gradient: Callable,
    weights: NDArray,
    biases: float,
    x: NDArray,
    labels: NDArray,
    learning_rate: float,
    num_steps: int,
) -> Any:
    """Keep the parameters in TensorFlow's variables and let an optimizer move them."""
    import tensorflow as tf

    variables = [tf.Variable(weights), tf.Variable(biases, dtype=tf.float64)]
    optimizer = tf.keras.optimizers.SGD(learning_rate)
    path = [[variable.numpy() for variable in variables]]
    while len(path) <= num_steps:
        slopes = gradient(*path[-1], x, labels)
        optimizer.apply_gradients(
            zip([tf.constant(slope) for slope in slopes], variables, strict=True)
        )
        path.append([variable.numpy() for variable in variables])
    return path


def learn_from_the_last_place(
    gradient: Callable,
    weights: NDArray,
    biases: float,
    x: NDArray,
    labels: NDArray,
    learning_rate: float,
    num_steps: int,
) -> Any:
    """Move both parameters in one expression, from copies of the start."""
    path = [[weights.copy(), np.float64(biases)]]
    for _ in range(num_steps):
        slopes = gradient(*path[-1], x, labels)
        path += [[at - learning_rate * by for at, by in zip(path[-1], slopes, strict=True)]]
    return path


def _random_training(rng: np.random.Generator) -> tuple:
    return "linear neuron", *_random_neuron(rng), float(rng.uniform(0.1, 0.3)), 4


_TWO_SAMPLES = np.array([[1.0, -2.0], [0.5, 1.0]]), np.array([1.0, 0.0])

learn = Exercise(
    name="learn",
    lesson="11_losses",
    reference=_learn,
    probe=probes.learn,
    parts=[
        Part(
            "one step",
            points=1,
            cases=[
                ("linear neuron", np.array([0.5, -1.0]), 0.25, *_TWO_SAMPLES, 0.5, 1),
                ("pull to zero", np.array([2.0, 1.0]), -0.5, *_TWO_SAMPLES, 0.125, 1),
            ],
        ),
        Part(
            "several steps",
            points=1,
            cases=[
                ("linear neuron", np.array([0.5, -1.0]), 0.25, *_TWO_SAMPLES, 0.5, 3),
                ("pull to zero", np.array([2.0, 1.0]), -0.5, *_TWO_SAMPLES, 0.125, 2),
                ("linear neuron", np.array([0.5, -1.0]), 0.25, *_TWO_SAMPLES, 0.5, 0),
                # A small gradient is no reason to stop.
                ("pull to zero", np.array([0.001, -0.002]), 1.0, *_TWO_SAMPLES, 0.125, 2),
            ],
            random_case=_random_training,
        ),
    ],
    misconceptions=[
        learn_uphill,
        rate_forgotten,
        start_missing,
        end_missing,
        only_the_end,
        one_after_the_other,
        gradient_of_the_start,
        bias_stays,
        in_place,
        start_overwritten,
        two_lists,
        one_step_too_many,
        path_of_gradients,
        one_sample_a_step,
        rate_falls,
        appended_too_late,
        stops_early,
        start_twice,
    ],
    also_right=[learn_with_variables, learn_from_the_last_place],
    hints=[
        "Begin with a list that holds one pair, the start, and append a pair after each step.",
        "In the loop: call gradient with the four things it takes, and unpack the two that it "
        "returns.",
        "Then each parameter becomes itself minus learning_rate times its part of the gradient, as "
        "a new array. Return the list after the loop.",
    ],
)

# The stable loss ----------------------------------------------------------------------------


def _stable_cross_entropy(logits: NDArray, labels: NDArray) -> NDArray:
    # The expectation, over the classes that might be right, of what each would cost.
    if_right = [
        losses.softmax_cross_entropy(logits, np.full(logits.shape[1], k))
        for k in range(len(logits))
    ]
    return np.sum(labels * np.array(if_right), axis=0)


def log_of_a_probability(logits: NDArray, labels: NDArray) -> NDArray:
    """You compute the probabilities first and then their logarithms.

    A probability that is too small for a float becomes 0, and the logarithm of 0 is -inf. The
    logarithm of a probability can be had without the probability: it is the logit minus the
    logarithm of the sum of exponentials.
    """
    return -np.sum(labels * np.log(activations.softmax(logits)), axis=0)


def clipped(logits: NDArray, labels: NDArray) -> NDArray:
    """You keep the probabilities away from 0 by a bound.

    Then no sample can cost more than minus the logarithm of the bound, however wrong it is, and
    from there on the gradient is 0. No probability is needed: start from ln of the softmax formula.
    """
    return -np.sum(labels * np.log(np.maximum(activations.softmax(logits), 1e-10)), axis=0)


def not_shifted(logits: NDArray, labels: NDArray) -> NDArray:
    """The formula is right, but `exp` of a large logit is too large for a float.

    Take the largest logit of each sample away first, as in softmax: the loss stays as it is.
    """
    return -np.sum(labels * (logits - np.log(np.sum(np.exp(logits), axis=0))), axis=0)


def one_shift_for_all(logits: NDArray, labels: NDArray) -> NDArray:
    """You subtract the largest logit of all samples.

    The exponentials of a sample far below it are all 0, and so is their sum. Each column needs its
    own maximum.
    """
    shifted = logits - np.max(logits)
    return -np.sum(labels * (shifted - np.log(np.sum(np.exp(shifted), axis=0))), axis=0)


def shifted_once(logits: NDArray, labels: NDArray) -> NDArray:
    """The largest logit is taken away inside the sum of exponentials, and not from the logit.

    Both have to be shifted by the same number, or the loss is wrong by just that number.
    """
    total = np.sum(np.exp(logits - np.max(logits, axis=0)), axis=0)
    return -np.sum(labels * (logits - np.log(total)), axis=0)


def only_the_likeliest(logits: NDArray, labels: NDArray) -> NDArray:
    """You ask only for the class with the largest label.

    The labels are a distribution here: every class counts with its probability.
    """
    return losses.softmax_cross_entropy(logits, np.argmax(labels, axis=0))


def turned_round(logits: NDArray, labels: NDArray) -> NDArray:
    """You swap p and q: the logarithm is taken of what the network claims, not of the labels."""
    return losses.cross_entropy(activations.softmax(logits), labels)


def mean_of_all(logits: NDArray, labels: NDArray) -> Any:
    """You return the mean over the samples; here each sample's own loss is asked for."""
    return np.mean(_stable_cross_entropy(logits, labels))


def negative(logits: NDArray, labels: NDArray) -> NDArray:
    """The sign is turned round: a logarithm of a probability is negative, a loss is not."""
    return -_stable_cross_entropy(logits, labels)


def nothing_where_it_is_zero(logits: NDArray, labels: NDArray) -> NDArray:
    """Where a probability has become 0 you leave its term out, and the worst samples cost nothing.

    The logarithm can be had without the probability: it is the logit minus the logarithm of the sum
    of exponentials.
    """
    q = activations.softmax(logits)
    return -np.sum(labels * np.log(np.where(q > 0, q, 1)), axis=0)


def cross_entropy_by_loop(logits: NDArray, labels: NDArray) -> NDArray:
    """Compute every sample with plain Python numbers."""
    found = []
    for column, wanted in zip(logits.T, labels.T, strict=True):
        largest = max(column)
        total = largest + math.log(sum(math.exp(logit - largest) for logit in column))
        found.append(sum(p * (total - logit) for p, logit in zip(wanted, column, strict=True)))
    return np.array(found)


def cross_entropy_by_logaddexp(logits: NDArray, labels: NDArray) -> NDArray:
    """Let NumPy add in logarithms, two at a time."""
    return np.logaddexp.reduce(logits, axis=0) - np.einsum("ij,ij->j", labels, logits)


def cross_entropy_in_tensorflow(logits: NDArray, labels: NDArray) -> Any:
    """Compute with TensorFlow's operations, in float32, on rows."""
    import tensorflow as tf

    rows = tf.transpose(tf.cast(logits, tf.float32))
    rows -= tf.reduce_max(rows, axis=1, keepdims=True)
    totals = tf.math.log(tf.reduce_sum(tf.exp(rows), axis=1))
    return totals - tf.reduce_sum(rows * tf.cast(labels.T, tf.float32), axis=1)


def over_the_samples(logits: NDArray, labels: NDArray) -> NDArray:
    """You add along the samples; the classes stand in a column, so the sums go over axis 0."""
    return _stable_cross_entropy(logits.T, labels.T)


def shifted_along_samples(logits: NDArray, labels: NDArray) -> NDArray:
    """You subtract the largest logit of each class.

    A sample's loss stays as it is only if all of its logits are shifted alike: each column needs
    its own maximum, over axis 0.
    """
    return _stable_cross_entropy(logits - np.max(logits, axis=1, keepdims=True), labels)


def not_added(logits: NDArray, labels: NDArray) -> NDArray:
    """You return a term for each class; a sample's loss is their sum over the classes."""
    shifted = logits - np.max(logits, axis=0)
    return -labels * (shifted - np.log(np.sum(np.exp(shifted), axis=0)))


def divided_by_classes(logits: NDArray, labels: NDArray) -> NDArray:
    """You take a mean over the classes; the labels add to 1 already, so their terms are added."""
    return _stable_cross_entropy(logits, labels) / len(logits)


def logarithm_to_base_2(logits: NDArray, labels: NDArray) -> NDArray:
    """Your logarithm has another base; np.log is the natural one."""
    return _stable_cross_entropy(logits, labels) / np.log(2)


def divergence(logits: NDArray, labels: NDArray) -> NDArray:
    """You take off the entropy of the labels: this is the Kullback-Leibler divergence."""
    return _stable_cross_entropy(logits, labels) - losses.cross_entropy(labels, labels)


def bounded_or_infinite(arguments: tuple, value: Any) -> str | None:
    """Say what a bound on the probabilities does, or its absence."""
    found, true = np.asarray(value, float), _stable_cross_entropy(*arguments)
    if not np.all(np.abs(found) < 1e100):
        return (
            "a probability or a sum of exponentials has become 0, or an exponential has "
            "overflowed. Start from ln of the softmax formula, and subtract each sample's own "
            "largest logit before exp."
        )
    far = true > 20
    bounded = (found[far] < 0.99 * true[far]) & (found[far] > 1)
    nearly = not np.any(far) and np.allclose(found, true, rtol=0, atol=0.01)
    if (np.any(far) and np.all(bounded)) or (nearly and not np.allclose(found, true, atol=1e-6)):
        return (
            "a sample that is far behind costs less than it should, as it does where a "
            "probability or a logit is clipped, or a small number added to the probability."
        )
    return None


def _distributions(rng: np.random.Generator, samples: int) -> NDArray:
    return rng.dirichlet(np.ones(4), size=samples).T


_OWN_LOSS = "The exercise is to write this loss from exp, a sum and log; {} is the answer."

stable_cross_entropy = Exercise(
    name="stable_cross_entropy",
    lesson="11_losses",
    reference=_stable_cross_entropy,
    parts=[
        Part(
            "ordinary logits",
            points=1,
            cases=[
                (
                    np.array([[1.0, 0.0], [5.0, 0.5], [3.0, -1.0]]),
                    np.array([[0.0, 0.25], [1.0, 0.75], [0.0, 0.0]]),
                ),
                (np.array([[0.5], [-0.5]]), np.array([[0.5], [0.5]])),
            ],
            random_case=lambda rng: (rng.normal(scale=2.0, size=(4, 3)), _distributions(rng, 3)),
        ),
        Part(
            "large logits",
            points=1,
            cases=[
                (
                    np.array([[1000.0, 2.0, -1000.0], [0.0, 1.0, -1001.0]]),
                    np.array([[0.0, 1.0, 0.5], [1.0, 0.0, 0.5]]),
                ),
                (np.array([[-1000.0, 999.0], [1000.0, 1000.0]]), np.eye(2)),
            ],
            random_case=lambda rng: (
                rng.normal(scale=300.0, size=(4, 5)) + 1000.0 * np.array([-1, 0, 1, -1, 1]),
                _distributions(rng, 5),
            ),
        ),
    ],
    misconceptions=[
        log_of_a_probability,
        clipped,
        not_shifted,
        one_shift_for_all,
        shifted_once,
        only_the_likeliest,
        turned_round,
        mean_of_all,
        negative,
        over_the_samples,
        shifted_along_samples,
        not_added,
        divided_by_classes,
        logarithm_to_base_2,
        divergence,
        nothing_where_it_is_zero,
    ],
    properties=[bounded_or_infinite],
    also_right=[cross_entropy_by_loop, cross_entropy_by_logaddexp, cross_entropy_in_tensorflow],
    forbidden={
        name: _OWN_LOSS.format(f"`{name.split('.', 1)[1]}`")
        for name in [
            "tensorflow.nn.softmax_cross_entropy_with_logits",
            "tensorflow.nn.sparse_softmax_cross_entropy_with_logits",
            "tensorflow.nn.log_softmax",
            "tensorflow.math.log_softmax",
            "tensorflow.reduce_logsumexp",
            "tensorflow.math.reduce_logsumexp",
            "tensorflow.losses",
            "tensorflow.raw_ops.LogSoftmax",
            "tensorflow.raw_ops.SoftmaxCrossEntropyWithLogits",
            "tensorflow.compat.v1.nn",
            "tensorflow.compat.v1.losses",
            "tensorflow.compat.v1.math.log_softmax",
            "tensorflow.compat.v1.math.reduce_logsumexp",
            "tensorflow.compat.v1.reduce_logsumexp",
            *(
                f"{keras}.{name}"
                for keras in ("tensorflow.keras", "keras", "tensorflow.compat.v1.keras")
                for name in (
                    "losses",
                    "metrics",
                    "activations.log_softmax",
                    "backend.categorical_crossentropy",
                    "ops.categorical_crossentropy",
                    "ops.log_softmax",
                    "ops.logsumexp",
                )
            ),
            "scipy.special.log_softmax",
            "scipy.special.logsumexp",
            "sklearn.metrics.log_loss",
            "helpers.losses.softmax_cross_entropy",
        ]
    },
    hints=[
        "Write ln of the softmax formula: the logarithm of a quotient is a difference, and ln(exp("
        "z)) is z. So the logarithm of each probability is a logit minus one number a sample.",
        "That number is np.log of the sum of np.exp over axis 0. To keep exp small, first subtract "
        "from each column of logits its maximum; use the shifted logits in both places.",
        "With the logarithms of the probabilities, of the shape of logits, multiply them by the "
        "labels, sum over axis 0 and turn the sign.",
    ],
)
