"""Exercises of lesson 13: momentum, a descent with it, mini-batches."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers import optimizers
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import gradient_descent as probes
from helpers.data import batches

__all__ = ["descend", "hint", "minibatches", "momentum_step"]

# A step with momentum -----------------------------------------------------------------------

Step = tuple[NDArray, NDArray]


def no_memory(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> Step:
    """You take the step of plain descent: the new step also repeats a share of the old velocity."""
    return optimizers.momentum(weights, gradient, velocity, learning_rate, 0.0)


def uphill(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> Step:
    """Your gradient pushes uphill: it enters the velocity with a minus."""
    return optimizers.momentum(weights, gradient, velocity, -learning_rate, momentum)


def backwards(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> Step:
    """Your velocity is right, and you subtract it: it is the step itself, so add it.

    The minus is in the velocity already, before the gradient.
    """
    _, velocity = optimizers.momentum(weights, gradient, velocity, learning_rate, momentum)
    return weights - velocity, velocity


def old_velocity_moves(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> Step:
    """You move by the velocity of the step before; compute the new one first, then move by it."""
    _, new = optimizers.momentum(weights, gradient, velocity, learning_rate, momentum)
    return weights + velocity, new


def velocity_not_updated(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> Step:
    """The weights are right, but you return the old velocity.

    Then every step would remember what was given to the first.
    """
    new, _ = optimizers.momentum(weights, gradient, velocity, learning_rate, momentum)
    return new, velocity


def rate_forgotten(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> Step:
    """The whole gradient enters your velocity: multiply it by `learning_rate`."""
    return optimizers.momentum(weights, gradient, velocity, 1.0, momentum)


def weighted_mean(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> Step:
    """You weight the gradient by 1 - momentum, which makes a running mean.

    That is Adam's first moment. Here the gradient enters with its full learning rate, and a slope
    that stays is walked down faster and faster.
    """
    return optimizers.momentum(
        weights, gradient, velocity, learning_rate * (1 - momentum), momentum
    )


def as_in_tensorflow_1(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> Step:
    """You keep the sum of the gradients and multiply by the rate when you move, as TensorFlow 1.

    Here the velocity is the step itself: the learning rate goes into it.
    """
    total = momentum * velocity + gradient
    return weights - learning_rate * total, total


def rate_and_share_swapped(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> Step:
    """You multiply the velocity by the learning rate and the gradient by the momentum: swap."""
    return optimizers.momentum(weights, gradient, velocity, momentum, learning_rate)


def velocity_first(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> Step:
    """You return the velocity before the weights: the order is weights, velocity."""
    weights, velocity = optimizers.momentum(weights, gradient, velocity, learning_rate, momentum)
    return velocity, weights


def weights_alone(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> NDArray:
    """You return the weights alone: the next step needs the velocity as well."""
    return optimizers.momentum(weights, gradient, velocity, learning_rate, momentum)[0]


def plain_step_not_remembered(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> Step:
    """The velocity that you return is only the old one's share: this step's gradient is missing."""
    new, _ = optimizers.momentum(weights, gradient, velocity, learning_rate, momentum)
    return new, momentum * velocity


def rate_times_all(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> Step:
    """You multiply the old velocity by the learning rate, too; it is a step already."""
    velocity = learning_rate * (momentum * velocity - gradient)
    return weights + velocity, velocity


def nesterov(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> Step:
    """You add the share of the new velocity once more, as Nesterov's momentum does."""
    _, velocity = optimizers.momentum(weights, gradient, velocity, learning_rate, momentum)
    return weights + momentum * velocity - learning_rate * gradient, velocity


def velocity_points_back(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> Step:
    """Your velocity points uphill, and you subtract it: here it is the step, which is added."""
    velocity = momentum * velocity + learning_rate * gradient
    return weights - velocity, velocity


def share_of_all(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> Step:
    """You multiply the new part by `momentum` as well: only the old velocity is."""
    return optimizers.momentum(weights, momentum * gradient, velocity, learning_rate, momentum)


def rate_twice(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> Step:
    """Your velocity is right, and you move by its product with the rate, which is in it already."""
    _, velocity = optimizers.momentum(weights, gradient, velocity, learning_rate, momentum)
    return weights + learning_rate * velocity, velocity


def step_by_keras(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> Any:
    """Let Keras take the step, from its own slot."""
    import tensorflow as tf

    optimizer = tf.keras.optimizers.SGD(learning_rate, momentum=momentum)
    variable = tf.Variable(weights)
    optimizer.build([variable])
    slot = optimizer.variables[-1]
    slot.assign(velocity)
    optimizer.apply([tf.constant(gradient)], [variable])
    return [variable, slot.numpy()]


def step_number_by_number(
    weights: NDArray, gradient: NDArray, velocity: NDArray, learning_rate: float, momentum: float
) -> Any:
    """Compute each weight by itself, in float32."""
    moved, kept = np.zeros_like(weights, np.float32), np.zeros_like(weights, np.float32)
    for place in np.ndindex(weights.shape):
        kept[place] = velocity[place] * momentum - gradient[place] * learning_rate
        moved[place] = weights[place] + kept[place]
    return moved, kept


def _random_step(rng: np.random.Generator) -> tuple:
    # Settings that float32 holds exactly: Keras rounds to it, and a sum near 0 would show that.
    settings = float(rng.integers(1, 8) / 32), float(rng.integers(4, 8) / 8)
    return *rng.normal(size=(3, 2, 3)), *settings


_OWN_STEP = "The exercise is to write the step yourself; {} is the answer."

momentum_step = Exercise(
    name="momentum_step",
    lesson="13_gradient_descent",
    reference=optimizers.momentum,
    parts=[
        Part(
            "a step",
            points=2,
            cases=[
                (np.array([1.0, 2.0]), np.array([0.5, -1.0]), np.array([0.2, 0.1]), 0.1, 0.9),
                (np.array([[1.0, -1.0]]), np.array([[2.0, 4.0]]), np.array([[0.5, 0.0]]), 0.5, 0.5),
                # Any shape, that of a number too.
                (np.array(1.0), np.array(2.0), np.array(-0.4), 0.1, 0.5),
            ],
            random_case=_random_step,
        )
    ],
    misconceptions=[
        no_memory,
        uphill,
        backwards,
        old_velocity_moves,
        velocity_not_updated,
        rate_forgotten,
        weighted_mean,
        as_in_tensorflow_1,
        rate_and_share_swapped,
        velocity_first,
        weights_alone,
        plain_step_not_remembered,
        rate_times_all,
        nesterov,
        velocity_points_back,
        share_of_all,
        rate_twice,
    ],
    also_right=[step_by_keras, step_number_by_number],
    forbidden={"helpers.optimizers": _OWN_STEP.format("`helpers.optimizers`")},
    hints=[
        "Two lines: the new velocity, then the weights moved by it. Return both.",
        "The new velocity has two parts: the share `momentum` of the old one, and a step of plain "
        "descent, which points against the gradient.",
        "The plain part is -learning_rate * gradient. The velocity is added to the weights.",
    ],
)


# A descent ----------------------------------------------------------------------------------


Gradient = Callable[[NDArray], NDArray]


def _descend(
    steepness: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    # The first parameter's name is what a verdict prints before the steepness of a case's bowl;
    # the answer is given the bowl's gradient.
    gradient = steepness
    return optimizers.descend(gradient, start, learning_rate, momenta)


def start_left_out(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """Your path begins after the first step: its first row is the start."""
    return optimizers.descend(gradient, start, learning_rate, momenta)[1:]


def only_the_end(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """You return the last weights alone; keep those after every step, and return all."""
    return optimizers.descend(gradient, start, learning_rate, momenta)[-1]


def velocity_lost(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """Your velocity is 0 before every step, so that no step remembers the one before.

    Set it to 0 once, before the loop, and take over what `momentum_step` returns.
    """
    return optimizers.descend(gradient, start, learning_rate, [0.0] * len(momenta))


def gradient_of_the_start(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """You use the gradient at the start for all steps: ask for a new one wherever you are."""
    there = gradient(start)
    return optimizers.descend(lambda weights: there, start, learning_rate, momenta)


def one_array_many_times(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """All rows of your path are the same, because they are one array that you change in place.

    `weights += ...` changes what is in the path already; `weights = weights + ...` makes a new
    array.
    """
    end = optimizers.descend(gradient, start, learning_rate, momenta)[-1]
    return np.array([end] * (len(momenta) + 1))


def start_moved(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """You move the caller's start: `weights = start` gives the same array a second name.

    `weights += ...` then changes start, and every row of the path with it. Write
    `weights = weights + ...`, which makes a new array.
    """
    end = only_the_end(gradient, start.copy(), learning_rate, momenta)
    start[...] = end
    return np.array([end] * (len(momenta) + 1))


def rows_share_an_array(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """All rows after the start are the same, because they are one array.

    You go on changing it in place when it is in the path already: `weights += ...`. Write
    `weights = weights + ...`, or append a copy.
    """
    path = optimizers.descend(gradient, start, learning_rate, momenta)
    return np.array([path[0]] + [path[-1]] * len(momenta))


def first_row_moves(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """The first row of your path is not the start but the end.

    `weights = path[0]` is no copy: `weights += ...` afterwards changes that row as well.
    """
    path = optimizers.descend(gradient, start, learning_rate, momenta)
    path[0] = path[-1]
    return path


def rows_share_the_start(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """Your path begins with a copy of the start, and then you move the caller's start itself.

    `weights = start` is no copy: `weights += ...` changes start, and all rows after the first are
    this one array. Write `weights = weights + ...`.
    """
    path = rows_share_an_array(gradient, start.copy(), learning_rate, momenta)
    start[...] = path[-1]
    return path


def start_moved_in_a_right_path(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """The path is right, and the caller's start has moved to its end.

    `weights = start` is no copy: `weights += ...` changes start. Write `weights = weights + ...`.
    """
    path = optimizers.descend(gradient, start.copy(), learning_rate, momenta)
    start[...] = path[-1]
    return path


def gradient_at_the_end_too(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """The path is right, and you ask for one gradient more, at its end, for no step."""
    path = optimizers.descend(gradient, start, learning_rate, momenta)
    gradient(path[-1])
    return path


def end_left_out(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """Your path ends before the last step: append the weights after each step, not before it."""
    return optimizers.descend(gradient, start, learning_rate, momenta)[:-1]


def uphill_all_the_way(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """You walk uphill: the learning rate times the gradient is subtracted."""
    return optimizers.descend(gradient, start, -learning_rate, momenta)


def last_velocity_moves(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """Each step of yours moves by the velocity of the step before, so that the first stands still.

    Compute the new velocity first, then move by it.
    """
    weights, velocity, path = start, np.zeros_like(start), [start]
    for share in momenta:
        slope = gradient(weights)
        weights = weights + velocity
        velocity = share * velocity - learning_rate * slope
        path.append(weights)
    return np.array(path)


def one_step_too_few(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """You take one step too few: the first momentum belongs to a step as well."""
    return optimizers.descend(gradient, start, learning_rate, momenta[1:])


def moving_at_first(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """Your first velocity is a step of plain descent: it is 0, and the first step makes it."""
    weights, velocity, path = start, -learning_rate * gradient(start), [start]
    for share in momenta:
        weights, velocity = optimizers.momentum(
            weights, gradient(weights), velocity, learning_rate, share
        )
        path.append(weights)
    return np.array(path)


def velocities_instead(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """After the start your path holds the velocities: append the weights."""
    path = optimizers.descend(gradient, start, learning_rate, momenta)
    return np.concatenate([path[:1], np.diff(path, axis=0)])


def two_gradients_a_step(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """The path is right, at twice the price: ask for the gradient once a step."""

    def asked_twice(weights: NDArray) -> NDArray:
        gradient(weights)
        return gradient(weights)

    return optimizers.descend(asked_twice, start, learning_rate, momenta)


def one_momentum_for_all(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """You use the first momentum for every step; each step has its own."""
    return optimizers.descend(gradient, start, learning_rate, [momenta[0]] * len(momenta))


def gradient_ahead(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """You take the gradient at the place where the velocity would lead.

    That is Nesterov's momentum, a good idea and another one. Here the gradient is that of the
    weights as they are.
    """
    weights, velocity = start, np.zeros_like(start)
    path = [start]
    for share in momenta:
        velocity = share * velocity - learning_rate * gradient(weights + share * velocity)
        weights = weights + velocity
        path.append(weights)
    return np.array(path)


def returns_swapped(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """You take the velocity for the weights: `momentum_step` returns the weights first."""
    path, velocity = [start], np.zeros_like(start)
    for share in momenta:
        velocity, weights = optimizers.momentum(
            path[-1], gradient(path[-1]), velocity, learning_rate, share
        )
        path.append(weights)
    return np.array(path)


def velocities_alone(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """Your path holds the velocities; it is made of the weights, with the start in front."""
    path = optimizers.descend(gradient, start, learning_rate, momenta)
    return np.concatenate([np.zeros_like(path[:1]), np.diff(path, axis=0)])


def stops_early(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """You stop where a step is small: take a step for each of the momenta."""
    weights, velocity, path = start, np.zeros_like(start), [start]
    for share in momenta:
        velocity = share * velocity - learning_rate * gradient(weights)
        weights = weights + velocity
        path.append(weights)
        if np.max(np.abs(velocity)) < 0.01:
            break
    return np.array(path)


def momentum_before(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """Each step of yours has the momentum of the step before: the first one is momenta[0]."""
    return optimizers.descend(gradient, start, learning_rate, [0.0, *momenta[:-1]])


def steps_on_the_last_axis(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """The steps stand on the last axis of your path: they belong on the first."""
    return np.moveaxis(optimizers.descend(gradient, start, learning_rate, momenta), 0, -1)


def descend_by_accumulate(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> Any:
    """Let itertools carry the state, and return a list."""

    def step(state: Step, share: float) -> Step:
        velocity = share * state[1] - learning_rate * gradient(state[0])
        return state[0] + velocity, velocity

    states = itertools.accumulate(momenta, step, initial=(start, 0.0 * start))
    return [weights for weights, _ in states]


def descend_from_the_path(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> Any:
    """Read the velocity off the path: it is the last difference. In TensorFlow's float32."""
    import tensorflow as tf

    path = [tf.cast(start, tf.float32)] * 2
    for share in momenta:
        slope = tf.cast(gradient(path[-1].numpy()), tf.float32)
        path.append(path[-1] + share * (path[-1] - path[-2]) - learning_rate * slope)
    return tf.stack(path[1:])


def descend_in_place(
    gradient: Gradient, start: NDArray, learning_rate: float, momenta: Sequence[float]
) -> NDArray:
    """Fill an array, row by row."""
    path = np.empty((len(momenta) + 1, *start.shape))
    path[0] = start
    velocity = np.zeros(start.shape)
    for number, share in enumerate(momenta):
        velocity *= share
        velocity -= learning_rate * gradient(path[number])
        path[number + 1] = path[number] + velocity
    return path


def _random_descent(rng: np.random.Generator) -> tuple:
    return (
        rng.uniform(0.5, 5.0, size=3),
        rng.normal(size=3),
        float(rng.uniform(0.05, 0.2)),
        rng.uniform(0.3, 0.9, size=int(rng.integers(4, 9))).tolist(),
    )


descend = Exercise(
    name="descend",
    lesson="13_gradient_descent",
    reference=_descend,
    probe=probes.descend,
    parts=[
        Part(
            "without momentum",
            points=1,
            cases=[
                (np.array([1.0, 4.0]), np.array([2.0, 1.0]), 0.25, [0.0, 0.0]),
                # Weights of any shape.
                (np.array([[3.0], [1.0]]), np.array([[1.0], [-2.0]]), 0.1, [0.0, 0.0, 0.0]),
                # A small step is no reason to stop.
                (np.array([1.0, 2.0]), np.array([0.001, -0.002]), 0.25, [0.0, 0.0, 0.0]),
            ],
        ),
        Part(
            "with momentum",
            points=2,
            cases=[
                (np.array([1.0, 4.0]), np.array([2.0, 1.0]), 0.1, [0.9, 0.9, 0.9, 0.9]),
                (np.array([1.0, 4.0]), np.array([2.0, 1.0]), 0.1, [0.5, 0.5, 0.9, 0.9]),
            ],
            random_case=_random_descent,
        ),
    ],
    misconceptions=[
        start_left_out,
        only_the_end,
        velocity_lost,
        gradient_of_the_start,
        one_array_many_times,
        start_moved,
        rows_share_an_array,
        rows_share_the_start,
        first_row_moves,
        start_moved_in_a_right_path,
        gradient_at_the_end_too,
        end_left_out,
        one_step_too_few,
        moving_at_first,
        uphill_all_the_way,
        last_velocity_moves,
        velocities_instead,
        two_gradients_a_step,
        one_momentum_for_all,
        gradient_ahead,
        returns_swapped,
        velocities_alone,
        stops_early,
        momentum_before,
        steps_on_the_last_axis,
    ],
    also_right=[descend_by_accumulate, descend_from_the_path, descend_in_place],
    forbidden={"helpers.optimizers": _OWN_STEP.format("`helpers.optimizers`")},
    hints=[
        "Before the loop: the weights are the start, the velocity is 0 in the start's shape, and "
        "the path is a list that holds the start.",
        "Loop over the momenta. In each round momentum_step gives new weights and a new velocity, "
        "from the gradient where you are now; append the weights to the path.",
        "for momentum in momenta: weights, velocity = momentum_step(weights, ..., velocity, "
        "learning_rate, momentum). At the end make one array of the path.",
    ],
)


# Mini-batches -------------------------------------------------------------------------------

Batches = Iterator[tuple[NDArray, NDArray]]


def _minibatches(x: NDArray, labels: NDArray, batch_size: int, seed: Any) -> Batches:
    # The parameter's name is what a verdict prints; the answer is given the generator.
    return batches.minibatches(x, labels, batch_size, np.random.default_rng(seed))


def _by_order(x: NDArray, labels: NDArray, batch_size: int, order: NDArray) -> Batches:
    for first in range(0, len(order), batch_size):
        chosen = order[first : first + batch_size]
        yield x[chosen], labels[chosen]


def not_shuffled(x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator) -> Batches:
    """Your samples come in the order of x.

    Data are often sorted, and then a batch says little about the whole: draw a random order first.
    """
    return _by_order(x, labels, batch_size, np.arange(len(x)))


def only_batches_shuffled(
    x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator
) -> Batches:
    """Each of your batches holds neighbours in x, so that the same samples always meet.

    Shuffle all samples first, then cut.
    """
    whole = list(_by_order(x, labels, batch_size, np.arange(len(x))))
    starts = rng.permutation(len(whole))
    return iter([whole[number] for number in starts])


def with_replacement(
    x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator
) -> Batches:
    """You draw each sample anew, so that some come twice in an epoch and others never.

    A permutation of all row numbers holds each once.
    """
    return _by_order(x, labels, batch_size, rng.integers(len(x), size=len(x)))


def each_batch_from_all(
    x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator
) -> Batches:
    """You draw each batch from all samples, whether they had their turn or not.

    Draw one order for the whole epoch, and cut it into batches.
    """
    for _ in range(0, len(x), batch_size):
        rows = rng.integers(len(x), size=batch_size)
        yield x[rows], labels[rows]


def last_samples_dropped(
    x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator
) -> Batches:
    """The samples that do not fill a whole batch are left out: the last batch is a smaller one."""
    whole = batches.minibatches(x, labels, batch_size, rng)
    return (batch for batch in whole if len(batch[0]) == batch_size)


def shuffled_within(
    x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator
) -> Batches:
    """You cut first and shuffle within each batch, so that the same samples always meet.

    Shuffle all samples first, then cut.
    """
    for first in range(0, len(x), batch_size):
        rows = first + rng.permutation(len(x[first : first + batch_size]))
        yield x[rows], labels[rows]


def empty_batch_at_the_end(
    x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator
) -> Batches:
    """A last batch of yours is empty where `batch_size` divides the number of samples."""
    yield from batches.minibatches(x, labels, batch_size, rng)
    if len(x) % batch_size == 0:
        yield x[:0], labels[:0]


def small_batch_first(
    x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator
) -> Batches:
    """Your smaller batch comes first; it is the last one: cut from the front."""
    order, first = rng.permutation(len(x)), len(x) % batch_size
    if first:
        yield x[order[:first]], labels[order[:first]]
    yield from _by_order(x, labels, batch_size, order[first:])


def equal_parts(x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator) -> Batches:
    """You cut the samples into parts as equal as can be, as `np.array_split` does.

    Every batch but the last has exactly `batch_size` samples.
    """
    order = rng.permutation(len(x))
    for rows in np.array_split(order, -(-len(x) // batch_size)):
        yield x[rows], labels[rows]


def batch_size_is_their_number(
    x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator
) -> Batches:
    """You make `batch_size` batches: it is the number of samples in one."""
    order = rng.permutation(len(x))
    for rows in np.array_split(order, batch_size):
        yield x[rows], labels[rows]


def begun_elsewhere(
    x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator
) -> Batches:
    """Your order is that of x, only begun at a random place: neighbours stay neighbours.

    Draw an order in which every sample may follow every other.
    """
    order = np.roll(np.arange(len(x)), 1 + rng.integers(1, len(x) - 1))
    return _by_order(x, labels, batch_size, order)


def labels_shuffled_apart(
    x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator
) -> Batches:
    """You shuffle x and the labels each for itself, so that images get the labels of others.

    Draw one order and index both with it.
    """
    x, labels = x[rng.permutation(len(x))], labels[rng.permutation(len(x))]
    return _by_order(x, labels, batch_size, np.arange(len(x)))


def data_shuffled(
    x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator
) -> Batches:
    """You shuffle x and labels themselves, each in another order, and the caller's data with them.

    Draw an order of row numbers and index both with it: `x[rows]` is a new array.
    """
    rng.shuffle(x)
    rng.shuffle(labels)
    return _by_order(x, labels, batch_size, np.arange(len(x)))


def labels_stay(x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator) -> Batches:
    """You shuffle x, and the labels stay where they were: index both with the same rows."""
    return _by_order(x[rng.permutation(len(x))], labels, batch_size, np.arange(len(x)))


def own_seed(x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator) -> Batches:
    """A second epoch of yours has the order of the first.

    So it is where each call makes a generator of its own, or keeps the order of an earlier call.
    Draw a new order from `rng`, which goes on from where it was, in every call.
    """
    order = np.random.Generator(np.random.PCG64(7)).permutation(len(x))
    return _by_order(x, labels, batch_size, order)


def not_from_rng(x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator) -> Batches:
    """Your order does not come from `rng`, so nobody can repeat the run: draw it from `rng`."""
    order = np.random.Generator(np.random.PCG64()).permutation(len(x))
    return _by_order(x, labels, batch_size, order)


def filled_up(x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator) -> Batches:
    """You fill the last batch with samples that had their turn: it is smaller instead."""
    order = rng.permutation(len(x))
    return _by_order(x, labels, batch_size, np.resize(order, -(-len(x) // batch_size) * batch_size))


def columns_shuffled_apart(
    x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator
) -> Batches:
    """Your batches hold rows that do not stand in x: its columns are shuffled each for itself.

    `rng.permuted` does so. Draw one order of row numbers, and index x and labels with it.
    """
    both = rng.permuted(np.column_stack([x, labels]), axis=0)
    return _by_order(both[:, :-1], both[:, -1], batch_size, np.arange(len(x)))


def epoch_by_sorting(x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator) -> Any:
    """Sort random numbers for an order, and cut it by a list of ends."""
    order = np.argsort(rng.random(len(x)))
    cuts = np.split(order, np.arange(batch_size, len(x), batch_size))
    return [(x[rows], labels[rows]) for rows in cuts]


def epoch_by_pairs(x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator) -> Any:
    """Shuffle a list of pairs, and take them off its end."""
    pairs = list(zip(x, labels, strict=True))
    rng.shuffle(pairs)
    found = []
    while pairs:
        taken, pairs = pairs[:batch_size], pairs[batch_size:]
        found.append([np.array(part) for part in zip(*taken, strict=True)])
    return found


def epoch_by_dataset(x: NDArray, labels: NDArray, batch_size: int, rng: np.random.Generator) -> Any:
    """Let tf.data shuffle and cut, from a seed that rng draws."""
    import tensorflow as tf

    seed = int(rng.integers(2**31))
    data = tf.data.Dataset.from_tensor_slices((x, labels))
    return data.shuffle(len(x), seed=seed).batch(batch_size)


def _samples(number: int) -> tuple[NDArray, NDArray]:
    """Return samples that are all different, so that each can be told by its row or its label.

    Most cases have many, lest a right order looks like a wrong one by chance.
    """
    return np.arange(2.0 * number).reshape(number, 2), 100 + np.arange(number)


def _random_epoch(rng: np.random.Generator) -> tuple:
    return *_samples(int(rng.integers(20, 40))), int(rng.integers(3, 8)), int(rng.integers(1000))


minibatches = Exercise(
    name="minibatches",
    lesson="13_gradient_descent",
    reference=_minibatches,
    probe=probes.minibatches,
    parts=[
        Part(
            "an epoch",
            points=2,
            cases=[
                (*_samples(20), 4, 1),
                (*_samples(21), 4, 2),
                (*_samples(8), 10, 3),
                (*_samples(19), 1, 4),
            ],
            random_case=_random_epoch,
        )
    ],
    misconceptions=[
        not_shuffled,
        only_batches_shuffled,
        with_replacement,
        each_batch_from_all,
        last_samples_dropped,
        shuffled_within,
        empty_batch_at_the_end,
        small_batch_first,
        equal_parts,
        batch_size_is_their_number,
        begun_elsewhere,
        labels_shuffled_apart,
        data_shuffled,
        labels_stay,
        own_seed,
        not_from_rng,
        filled_up,
        columns_shuffled_apart,
    ],
    also_right=[epoch_by_sorting, epoch_by_pairs, epoch_by_dataset],
    forbidden={
        "helpers.data.batches": "The exercise is to write mini-batches yourself; "
        "`helpers.data.batches` is the answer."
    },
    hints=[
        "Do not shuffle the samples: draw one random order of their row numbers, for x and labels "
        "alike.",
        "rng.permutation(n) holds each of 0 to n - 1 once. Cut it into pieces of batch_size; a "
        "slice that reaches beyond the end is only shorter.",
        "for first in range(0, n, batch_size): the rows of this batch are order[first : first + "
        "batch_size]; index x and labels with them.",
    ],
)
