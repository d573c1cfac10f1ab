"""Exercises of lesson 14: a decay, its rate, a descent that follows it, and a range test."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers import schedules
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import learning_rate as probes

__all__ = ["decay_rate_for", "descend_with", "exponential_decay", "hint", "range_test"]

# A decay ------------------------------------------------------------------------------------


def first_rate_for_ever(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> float:
    """Your rate is the first one at every step: multiply it by a power of `decay_rate`."""
    return learning_rate


def counted_from_one(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> Any:
    """You are one step ahead: step 0 has the whole learning rate, because steps count from 0."""
    return schedules.exponential_decay(step + 1, learning_rate, decay_steps, decay_rate, staircase)


def each_step_decays(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> float:
    """Your rate is multiplied by `decay_rate` at every step.

    It takes `decay_steps` steps for that: divide the step by them in the exponent.
    """
    return learning_rate * decay_rate**step


def power_before_division(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> float:
    """You divide the power by `decay_steps`: `**` comes before `/`, so brackets are needed."""
    power = learning_rate * decay_rate**step
    return power // decay_steps if staircase else power / decay_steps


def multiplied_not_raised(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> float:
    """You multiply `decay_rate` by the exponent.

    Each period multiplies the rate once more by `decay_rate`: that is a power, `**`.
    """
    exponent = step // decay_steps if staircase else step / decay_steps
    return learning_rate * decay_rate * exponent


def share_taken_away(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> Any:
    """You raise 1 - decay_rate to the power: `decay_rate` is the share that stays."""
    return schedules.exponential_decay(step, learning_rate, decay_steps, 1 - decay_rate, staircase)


def inverse_time(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> float:
    """You divide by a number that grows with the step.

    That is inverse time decay, another schedule; this one multiplies by a power.
    """
    exponent = step // decay_steps if staircase else step / decay_steps
    return learning_rate / (1 + decay_rate * exponent)


def staircase_ignored(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> Any:
    """Your rate falls at every step even where a staircase is asked for.

    Then only whole periods count: the exponent is a whole number.
    """
    return schedules.exponential_decay(step, learning_rate, decay_steps, decay_rate)


def always_a_staircase(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> Any:
    """Your rate is a staircase where a smooth decay is asked for: `//` cuts the fraction off."""
    return schedules.exponential_decay(step, learning_rate, decay_steps, decay_rate, True)


def rounded_exponent(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> float:
    """You round the exponent, so that the rate falls in the middle of a period: cut it off."""
    exponent = step / decay_steps
    return learning_rate * decay_rate ** (round(exponent) if staircase else exponent)


def falls_with_step_one(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> float:
    """You round the number of periods up, so that the first stair is one step long: cut it off."""
    periods = math.ceil(step / decay_steps) if staircase else step / decay_steps
    return learning_rate * decay_rate**periods


def natural_exponential(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> float:
    """You raise e to the power of -decay_rate times the periods.

    That is natural exponential decay, another schedule; here `decay_rate` itself is raised.
    """
    periods = step // decay_steps if staircase else step / decay_steps
    return learning_rate * math.exp(-decay_rate * periods)


def product_raised(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> float:
    """You raise the learning rate to the power, too: only `decay_rate` is raised."""
    periods = step // decay_steps if staircase else step / decay_steps
    return (learning_rate * decay_rate) ** periods


def straight_line(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> float:
    """Your rate falls along a straight line: each period multiplies the rate by `decay_rate`."""
    periods = step // decay_steps if staircase else step / decay_steps
    return learning_rate * (1 - (1 - decay_rate) * periods)


def remainder(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> float:
    """Your staircase counts the steps since the last stair, `%`: whole periods are `//`."""
    periods = step % decay_steps if staircase else step / decay_steps
    return learning_rate * decay_rate**periods


def periods_upside_down(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> float:
    """Your exponent is decay_steps / step; it is the other way round, and 0 at step 0."""
    periods = decay_steps // step if staircase else decay_steps / step
    return learning_rate * decay_rate**periods


def never_above_the_first(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> float:
    """Your rate is never above the first one: with a `decay_rate` above 1 it grows."""
    rate = schedules.exponential_decay(step, learning_rate, decay_steps, decay_rate, staircase)
    return min(learning_rate, float(rate))


def decay_by_loop(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> float:
    """Multiply once a period, and for what is left over by a fraction's power."""
    while step >= decay_steps:
        learning_rate *= decay_rate
        step -= decay_steps
    return learning_rate if staircase else learning_rate * decay_rate ** (step / decay_steps)


def decay_by_keras(
    step: int, learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool
) -> Any:
    """Compute as Keras does, in float32."""
    import tensorflow as tf

    exponent = tf.cast(step, tf.float32) / decay_steps
    exponent = tf.floor(exponent) if staircase else exponent
    return learning_rate * tf.pow(tf.cast(decay_rate, tf.float32), exponent)


def _random_decay(rng: np.random.Generator, staircase: bool) -> tuple:
    decay_steps = int(rng.integers(3, 20))
    step = decay_steps * int(rng.integers(1, 5)) + int(rng.integers(1, decay_steps))
    return (
        step,
        float(rng.uniform(0.1, 1.0)),
        decay_steps,
        float(rng.uniform(0.7, 0.95)),
        staircase,
    )


_OWN = "The exercise is to write this yourself; {} is the answer."
_FORBIDDEN = {
    "keras.optimizers.schedules": _OWN.format("the schedule of Keras"),
    "tensorflow.optimizers.schedules": _OWN.format("the schedule of Keras"),
    "helpers.schedules": _OWN.format("`helpers.schedules`"),
    "tensorflow.keras.optimizers.schedules": _OWN.format("the schedule of Keras"),
    "tensorflow.compat.v1.train": _OWN.format("the decay of TensorFlow 1"),
}

exponential_decay = Exercise(
    name="exponential_decay",
    lesson="14_learning_rate",
    reference=schedules.exponential_decay,
    parts=[
        Part(
            "smooth",
            points=1,
            cases=[
                (5, 0.8, 10, 0.25, False),
                (0, 0.1, 30, 0.5, False),
                (1, 0.1, 1, 0.96, False),
                (17, 0.3, 10, 0.9, False),
                # A rate that grows.
                (15, 0.1, 10, 4.0, False),
            ],
            random_case=lambda rng: _random_decay(rng, staircase=False),
        ),
        Part(
            "staircase",
            points=1,
            cases=[
                (5, 0.8, 10, 0.25, True),
                (0, 0.1, 30, 0.5, True),
                (29, 0.1, 30, 0.5, True),
                (30, 0.1, 30, 0.5, True),
                (17, 0.3, 5, 0.9, True),
                (18, 0.3, 5, 0.9, True),
                (15, 0.1, 10, 4.0, True),
            ],
            random_case=lambda rng: _random_decay(rng, staircase=True),
        ),
    ],
    misconceptions=[
        first_rate_for_ever,
        counted_from_one,
        each_step_decays,
        power_before_division,
        multiplied_not_raised,
        share_taken_away,
        inverse_time,
        staircase_ignored,
        always_a_staircase,
        rounded_exponent,
        falls_with_step_one,
        natural_exponential,
        product_raised,
        straight_line,
        remainder,
        periods_upside_down,
        never_above_the_first,
    ],
    also_right=[decay_by_loop, decay_by_keras],
    forbidden=_FORBIDDEN,
    hints=[
        "How many periods of decay_steps steps have passed? That number is the exponent.",
        "In a smooth decay the number of periods is a fraction; in a staircase only whole periods "
        "count. `/` and `//`.",
        "The rate is learning_rate times decay_rate to the power of that number. Choose the number "
        "by `if staircase`.",
    ],
)


# Its rate -----------------------------------------------------------------------------------


def upside_down(first: float, last: float, num_steps: int, decay_steps: int) -> float:
    """Your result is above 1, so the rate would grow: the ratio is the last by the first."""
    return schedules.decay_rate_for(last, first, num_steps, decay_steps)


def whole_way_at_once(first: float, last: float, num_steps: int, decay_steps: int) -> float:
    """You return last / first, the factor of the whole way.

    Only a part of the way is walked in `decay_steps` steps, and the parts multiply.
    """
    return last / first


def shared_by_dividing(first: float, last: float, num_steps: int, decay_steps: int) -> float:
    """You multiply the ratio by decay_steps / num_steps.

    The factors of the periods multiply, so the whole ratio is shared among them by a root, which is
    a power with that exponent.
    """
    return last / first * decay_steps / num_steps


def equal_differences(first: float, last: float, num_steps: int, decay_steps: int) -> float:
    """You let the rate fall along a straight line; this decay multiplies by one factor a period."""
    return 1 - (1 - last / first) * decay_steps / num_steps


def per_step(first: float, last: float, num_steps: int, decay_steps: int) -> float:
    """This is the factor of one step; `decay_rate` is that of `decay_steps` steps together."""
    return schedules.decay_rate_for(first, last, num_steps, 1)


def periods_as_power(first: float, last: float, num_steps: int, decay_steps: int) -> float:
    """You raise the ratio to the number of periods: to undo a power, take the root instead."""
    return schedules.decay_rate_for(first, last, decay_steps, num_steps)


def one_step_too_many(first: float, last: float, num_steps: int, decay_steps: int) -> float:
    """You count from step 1: from step 0 to step num_steps there are num_steps steps."""
    return schedules.decay_rate_for(first, last, num_steps - 1, decay_steps)


def exponent_cut_off(first: float, last: float, num_steps: int, decay_steps: int) -> float:
    """Your exponent is cut off by `//`: it is a fraction, so divide by `/`."""
    return (last / first) ** (decay_steps // num_steps)


def only_first_raised(first: float, last: float, num_steps: int, decay_steps: int) -> float:
    """You raise `first` alone: `**` comes before `/`, so put the ratio in brackets."""
    return last / first ** (decay_steps / num_steps)


def difference_shared(first: float, last: float, num_steps: int, decay_steps: int) -> float:
    """You share the difference of the rates; this decay multiplies, so it is their ratio."""
    return abs(first - last) ** (decay_steps / num_steps)


def whole_periods(first: float, last: float, num_steps: int, decay_steps: int) -> float:
    """You count whole periods, by `//`: their number may be a fraction, and less than 1."""
    return (last / first) ** (1 / (num_steps // decay_steps))


def always_falling(first: float, last: float, num_steps: int, decay_steps: int) -> float:
    """You divide the smaller rate by the larger: where `last` is above `first` the rate grows."""
    return schedules.decay_rate_for(max(first, last), min(first, last), num_steps, decay_steps)


def logarithm_returned(first: float, last: float, num_steps: int, decay_steps: int) -> float:
    """You return the logarithm of the factor: exp of it is the factor itself."""
    return math.log(last / first) * decay_steps / num_steps


def at_least_one_period(first: float, last: float, num_steps: int, decay_steps: int) -> float:
    """You count whole periods, and at least one: their number may be a fraction, and below 1."""
    return (last / first) ** (1 / max(1, num_steps // decay_steps))


def rate_by_logarithms(first: float, last: float, num_steps: int, decay_steps: int) -> float:
    """Share the logarithm of the ratio among the steps."""
    return math.exp(decay_steps * (math.log(last) - math.log(first)) / num_steps)


def rate_by_trying(first: float, last: float, num_steps: int, decay_steps: int) -> float:
    """Halve an interval until the decay hits the wanted rate."""
    low, high = 0.0, 8.0
    for _ in range(60):
        middle = (low + high) / 2
        reached = first * middle ** (num_steps / decay_steps)
        low, high = (middle, high) if reached < last else (low, middle)
    return low


def rate_in_float32(first: float, last: float, num_steps: int, decay_steps: int) -> Any:
    """Use TensorFlow, in float32."""
    import tensorflow as tf

    return tf.pow(tf.constant(last / first), decay_steps / num_steps)


decay_rate_for = Exercise(
    name="decay_rate_for",
    lesson="14_learning_rate",
    reference=schedules.decay_rate_for,
    parts=[
        Part(
            "the rate of a decay",
            points=1,
            cases=[
                (0.8, 0.2, 100, 50),
                (3.0, 0.3, 1500, 300),
                (0.1, 0.05, 20, 30),
                (0.5, 0.4, 7, 1),
                # All positive numbers: a rate that grows, and half a step.
                (0.01, 1.0, 4, 1),
                (0.9, 0.1, 2.5, 0.5),
            ],
            random_case=lambda rng: (
                float(rng.uniform(0.5, 1.0)),
                float(rng.uniform(0.05, 0.4)),
                int(rng.integers(50, 200)),
                int(rng.integers(5, 40)),
            ),
        )
    ],
    misconceptions=[
        upside_down,
        whole_way_at_once,
        shared_by_dividing,
        equal_differences,
        per_step,
        periods_as_power,
        one_step_too_many,
        exponent_cut_off,
        only_first_raised,
        difference_shared,
        whole_periods,
        always_falling,
        logarithm_returned,
        at_least_one_period,
    ],
    also_right=[rate_by_logarithms, rate_by_trying, rate_in_float32],
    forbidden=_FORBIDDEN,
    hints=[
        "Write down the formula of the decay for step num_steps; its value is `last`. Everything "
        "but decay_rate is known.",
        "Divide by `first`: decay_rate to the power of num_steps / decay_steps is last / first.",
        "A power is undone by the power with the exponent turned upside down.",
    ],
)


# A descent ----------------------------------------------------------------------------------

Gradient = Callable[[NDArray], NDArray]
Schedule = Callable[[int], float]


def step_from_one(
    gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int
) -> NDArray:
    """Your first update uses the rate of step 1: the first one is step 0."""
    return schedules.descend(gradient, start, lambda step: schedule(step + 1), num_steps)


def rate_asked_once(
    gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int
) -> NDArray:
    """You use the rate of step 0 for all steps: ask the schedule anew at every step."""
    return schedules.descend(gradient, start, lambda step: schedule(0), num_steps)


def rates_piled_up(
    gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int
) -> NDArray:
    """You multiply the rates of all steps so far.

    The schedule already gives the whole rate of a step; use it as it is.
    """
    rates = np.cumprod([schedule(step) for step in range(num_steps)])
    return schedules.descend(gradient, start, lambda step: rates[step], num_steps)


def uphill(gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int) -> NDArray:
    """You walk uphill: subtract the rate times the gradient."""
    return schedules.descend(gradient, start, lambda step: -schedule(step), num_steps)


def start_left_out(
    gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int
) -> NDArray:
    """Your path begins after the first step: its first row is the start."""
    return schedules.descend(gradient, start, schedule, num_steps)[1:]


def last_step_left_out(
    gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int
) -> NDArray:
    """You take one step too few: with the start, the path has num_steps + 1 rows."""
    return schedules.descend(gradient, start, schedule, num_steps - 1)


def only_the_end(gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int) -> NDArray:
    """You return the last weights alone; keep those after every step, and return all."""
    return schedules.descend(gradient, start, schedule, num_steps)[-1]


def gradient_of_the_start(
    gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int
) -> NDArray:
    """You use the gradient at the start for all steps: ask for a new one wherever you are."""
    there = gradient(start)
    return schedules.descend(lambda weights: there, start, schedule, num_steps)


def two_gradients_a_step(
    gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int
) -> NDArray:
    """The path is right, at twice the price: ask for the gradient once a step."""

    def asked_twice(weights: NDArray) -> NDArray:
        gradient(weights)
        return gradient(weights)

    return schedules.descend(asked_twice, start, schedule, num_steps)


def one_array_many_times(
    gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int
) -> NDArray:
    """All rows of your path are the same, because they are one array that you change in place.

    `weights -= ...` changes what is in the path already; `weights = weights - ...` makes a new
    array.
    """
    end = schedules.descend(gradient, start, schedule, num_steps)[-1]
    return np.array([end] * (num_steps + 1))


def start_moved(gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int) -> NDArray:
    """You move the caller's start: `weights = start` gives the same array a second name.

    `weights -= ...` then changes start, and every row of the path with it. Write
    `weights = weights - ...`, which makes a new array.
    """
    end = schedules.descend(gradient, start.copy(), schedule, num_steps)[-1]
    start[...] = end
    return np.array([end] * (num_steps + 1))


def start_moved_in_a_right_path(
    gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int
) -> NDArray:
    """The path is right, and the caller's start has moved to its end.

    `weights = start` is no copy: `weights -= ...` changes start. Write `weights = weights - ...`.
    """
    path = schedules.descend(gradient, start.copy(), schedule, num_steps)
    start[...] = path[-1]
    return path


def rows_share_an_array(
    gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int
) -> NDArray:
    """All rows after the start are the same, because they are one array.

    You go on changing it in place when it is in the path already: `weights -= ...`. Write
    `weights = weights - ...`, or append a copy.
    """
    path = schedules.descend(gradient, start, schedule, num_steps)
    return np.array([path[0]] + [path[-1]] * num_steps)


def rows_share_the_start(
    gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int
) -> NDArray:
    """Your path begins with a copy of the start, and then you move the caller's start itself.

    `weights = start` is no copy: `weights -= ...` changes start, and all rows after the first are
    this one array. Write `weights = weights - ...`.
    """
    path = rows_share_an_array(gradient, start.copy(), schedule, num_steps)
    start[...] = path[-1]
    return path


def first_row_moves(
    gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int
) -> NDArray:
    """The first row of your path is not the start but the end.

    `weights = path[0]` is no copy: `weights -= ...` afterwards changes that row as well.
    """
    path = schedules.descend(gradient, start, schedule, num_steps)
    path[0] = path[-1]
    return path


def gradient_at_the_end_too(
    gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int
) -> NDArray:
    """The path is right, and you ask for one gradient more, at its end, for no step."""
    path = schedules.descend(gradient, start, schedule, num_steps)
    gradient(path[-1])
    return path


def first_step_left_out(
    gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int
) -> NDArray:
    """Your first step is number 1, so that one is missing: `range(num_steps)` begins with 0."""
    return schedules.descend(gradient, start, lambda step: schedule(step + 1), num_steps - 1)


def last_rate_first(
    gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int
) -> NDArray:
    """You use the rates in the reverse order: the first step has the rate of step 0."""
    return schedules.descend(
        gradient, start, lambda step: schedule(num_steps - 1 - step), num_steps
    )


def step_before(gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int) -> NDArray:
    """Each step of yours has the rate of the step before: the first one is step 0."""
    return schedules.descend(gradient, start, lambda step: schedule(max(step - 1, 0)), num_steps)


def each_step_from_the_start(
    gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int
) -> NDArray:
    """Every step of yours sets out from the start; it begins where the last one has ended."""
    path = [start]
    for step in range(num_steps):
        path.append(start - schedule(step) * gradient(path[-1]))
    return np.array(path)


def descent_by_accumulate(
    gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int
) -> Any:
    """Let itertools carry the weights, and return a list."""
    return list(
        itertools.accumulate(
            range(num_steps), lambda x, step: x - schedule(step) * gradient(x), initial=start
        )
    )


def descent_by_keras(gradient: Gradient, start: NDArray, schedule: Schedule, num_steps: int) -> Any:
    """Set the rate of a Keras optimizer before each of its steps."""
    import tensorflow as tf

    weights, optimizer = tf.Variable(start, dtype=tf.float64), tf.keras.optimizers.SGD(0.0)
    path = [weights.numpy()]
    for step in range(num_steps):
        optimizer.learning_rate = schedule(step)
        optimizer.apply([tf.constant(gradient(weights.numpy()))], [weights])
        path.append(weights.numpy())
    return np.array(path)


def _random_descent(rng: np.random.Generator) -> tuple:
    num_steps = int(rng.integers(3, 7))
    return (
        rng.uniform(0.5, 2.0, size=2),
        rng.normal(size=2),
        # Far from 1 / steepness, where nothing would be left of x but its rounding errors.
        rng.uniform(0.1, 0.3, size=num_steps + 1).tolist(),
        num_steps,
    )


descend_with = Exercise(
    name="descend_with",
    lesson="14_learning_rate",
    reference=probes.descend_as_named,
    probe=probes.descend_with,
    parts=[
        Part(
            "a descent",
            points=2,
            cases=[
                (np.array([2.0]), np.array([8.0]), [0.25, 0.125, 0.5, 0.1], 2),
                (np.array([1.0, 4.0]), np.array([2.0, 1.0]), [0.4, 0.3, 0.2, 0.1], 3),
                (np.array([[3.0], [1.0]]), np.array([[1.0], [-2.0]]), [0.1, 0.5, 0.3, 0.2, 0.4], 4),
            ],
            random_case=_random_descent,
        )
    ],
    misconceptions=[
        step_from_one,
        rate_asked_once,
        rates_piled_up,
        uphill,
        start_left_out,
        last_step_left_out,
        only_the_end,
        gradient_of_the_start,
        two_gradients_a_step,
        one_array_many_times,
        start_moved,
        start_moved_in_a_right_path,
        rows_share_an_array,
        rows_share_the_start,
        first_row_moves,
        gradient_at_the_end_too,
        first_step_left_out,
        last_rate_first,
        step_before,
        each_step_from_the_start,
    ],
    also_right=[descent_by_accumulate, descent_by_keras],
    forbidden=_FORBIDDEN | {"helpers.optimizers": _OWN.format("`helpers.optimizers`")},
    hints=[
        "Before the loop the path holds the start alone: a list of one, or an array's first row.",
        "Loop over the steps from 0. In each round make new weights, from the rate of this step "
        "and the gradient where you are now, and append them to the path.",
        "The new weights are weights - (the rate of the step) * gradient(weights). A list becomes "
        "an array by np.array(path).",
    ],
)


# A range test -------------------------------------------------------------------------------

Loss = Callable[[NDArray], float]
Test = tuple[NDArray, NDArray]


def _range_test(
    steepness: Gradient, loss: Loss, start: NDArray, low: float, high: float, num_steps: int
) -> Test:
    # The first parameter's name is what a verdict prints; the answer is given the gradient.
    return schedules.range_test(steepness, loss, start, low, high, num_steps)


def _with_rates(
    gradient: Gradient, loss: Loss, start: NDArray, rates: NDArray, first: int = 1
) -> Test:
    path = schedules.descend(gradient, start, lambda step: rates[step], len(rates))
    return rates, np.array([loss(weights) for weights in path[first:]])


def evenly_spaced(
    gradient: Gradient, loss: Loss, start: NDArray, low: float, high: float, num_steps: int
) -> Test:
    """Your rates grow by equal differences, so that hardly any of them is small.

    Between `low` and `high` lie powers of ten: let each rate be the same multiple of the last.
    """
    return _with_rates(gradient, loss, start, np.linspace(low, high, num_steps))


def rates_as_exponents(
    gradient: Gradient, loss: Loss, start: NDArray, low: float, high: float, num_steps: int
) -> Test:
    """Your rates are powers of ten with `low` and `high` as exponents, as np.logspace makes them.

    np.geomspace takes the first and the last number themselves.
    """
    return _with_rates(gradient, loss, start, np.logspace(low, high, num_steps))


def high_not_reached(
    gradient: Gradient, loss: Loss, start: NDArray, low: float, high: float, num_steps: int
) -> Test:
    """Your last rate stays below `high`: the last step is number num_steps - 1."""
    rates = low * (high / low) ** (np.arange(num_steps) / num_steps)
    return _with_rates(gradient, loss, start, rates)


def first_rate_left_out(
    gradient: Gradient, loss: Loss, start: NDArray, low: float, high: float, num_steps: int
) -> Test:
    """Your first rate is above `low`: step 0 uses `low` itself."""
    rates = low * (high / low) ** (np.arange(1, num_steps + 1) / num_steps)
    return _with_rates(gradient, loss, start, rates)


def loss_before_the_step(
    gradient: Gradient, loss: Loss, start: NDArray, low: float, high: float, num_steps: int
) -> Test:
    """You note the loss before each step, which says nothing yet about the step's rate.

    Note the loss after it.
    """
    rates = np.geomspace(low, high, num_steps)
    _, losses = _with_rates(gradient, loss, start, rates, first=0)
    return rates, losses[:-1]


def loss_of_the_start_too(
    gradient: Gradient, loss: Loss, start: NDArray, low: float, high: float, num_steps: int
) -> Test:
    """You return one loss more than rates: that of the start belongs to no rate."""
    return _with_rates(gradient, loss, start, np.geomspace(low, high, num_steps), first=0)


def always_from_the_start(
    gradient: Gradient, loss: Loss, start: NDArray, low: float, high: float, num_steps: int
) -> Test:
    """You try every rate from the start.

    A range test is one descent: each step begins where the last has ended.
    """
    rates = np.geomspace(low, high, num_steps)
    return rates, np.array([loss(start - rate * gradient(start)) for rate in rates])


def low_for_ever(
    gradient: Gradient, loss: Loss, start: NDArray, low: float, high: float, num_steps: int
) -> Test:
    """The rates that you return grow, and those that you walk with do not: they are the same."""
    _, losses = _with_rates(gradient, loss, start, np.full(num_steps, low))
    return np.geomspace(low, high, num_steps), losses


def losses_first(
    gradient: Gradient, loss: Loss, start: NDArray, low: float, high: float, num_steps: int
) -> Test:
    """You return the losses first: the order is rates, losses."""
    rates, losses = schedules.range_test(gradient, loss, start, low, high, num_steps)
    return losses, rates


def stopped_when_it_explodes(
    gradient: Gradient, loss: Loss, start: NDArray, low: float, high: float, num_steps: int
) -> Test:
    """You stop when the loss explodes: take all steps, so that there are num_steps of both."""
    rates, losses = schedules.range_test(gradient, loss, start, low, high, num_steps)
    best = np.minimum.accumulate(losses)
    broken = np.flatnonzero(losses > 4 * best)
    end = broken[0] + 1 if len(broken) else num_steps
    return rates[:end], losses[:end]


def loss_only(
    gradient: Gradient, loss: Loss, start: NDArray, low: float, high: float, num_steps: int
) -> NDArray:
    """You return the losses alone: the rates are wanted as well, and come first."""
    return schedules.range_test(gradient, loss, start, low, high, num_steps)[1]


def one_step_too_many_taken(
    gradient: Gradient, loss: Loss, start: NDArray, low: float, high: float, num_steps: int
) -> Test:
    """You take one step too many: the rate has reached `high` at the last of num_steps steps."""
    factor = (high / low) ** (1 / (num_steps - 1))
    return _with_rates(gradient, loss, start, low * factor ** np.arange(num_steps + 1))


def falling_rates(
    gradient: Gradient, loss: Loss, start: NDArray, low: float, high: float, num_steps: int
) -> Test:
    """Your rates fall from `high` to `low`; a range test begins with the small ones."""
    return _with_rates(gradient, loss, start, np.geomspace(high, low, num_steps))


def test_by_geomspace(
    gradient: Gradient, loss: Loss, start: NDArray, low: float, high: float, num_steps: int
) -> Test:
    """Let NumPy space the rates."""
    return _with_rates(gradient, loss, start, np.geomspace(low, high, num_steps))


def test_by_loop(
    gradient: Gradient, loss: Loss, start: NDArray, low: float, high: float, num_steps: int
) -> Any:
    """Multiply the rate after every step, and return lists."""
    rates, losses, rate, weights = [], [], low, start
    for _ in range(num_steps):
        weights = weights - rate * gradient(weights)
        rates.append(rate)
        losses.append(float(loss(weights)))
        rate *= (high / low) ** (1 / (num_steps - 1))
    return rates, losses


def _random_test(rng: np.random.Generator) -> tuple:
    return (
        rng.uniform(0.5, 2.0, size=2),
        "the sum of x ** 2",
        rng.normal(size=2) + 3.0,
        float(rng.uniform(0.01, 0.1)),
        float(rng.uniform(1.0, 3.0)),
        int(rng.integers(4, 8)),
    )


range_test = Exercise(
    name="range_test",
    lesson="14_learning_rate",
    reference=_range_test,
    probe=probes.range_test,
    parts=[
        Part(
            "a range test",
            points=2,
            cases=[
                (np.array([2.0]), "the sum of x ** 2", np.array([1.0]), 0.25, 4.0, 3),
                (np.array([1.0, 4.0]), "the largest of |x|", np.array([2.0, 1.0]), 0.001, 1.0, 7),
                # The fewest steps, and a loss that explodes long before the last.
                (np.array([1.0]), "the sum of x ** 2", np.array([1.0]), 0.5, 1.5, 2),
                (np.array([2.0]), "the sum of x ** 2", np.array([1.0]), 0.3, 30.0, 6),
            ],
            random_case=_random_test,
        )
    ],
    misconceptions=[
        evenly_spaced,
        rates_as_exponents,
        high_not_reached,
        first_rate_left_out,
        loss_before_the_step,
        loss_of_the_start_too,
        always_from_the_start,
        low_for_ever,
        losses_first,
        stopped_when_it_explodes,
        loss_only,
        one_step_too_many_taken,
        falling_rates,
    ],
    also_right=[test_by_geomspace, test_by_loop],
    forbidden=_FORBIDDEN,
    hints=[
        "Find the factor from each rate to the next first: decay_rate_for has no objection to a "
        "`last` above its `first`.",
        "Let decay_steps be 1. The first rate is that of step 0 and the last that of step "
        "num_steps - 1, so the way from low to high takes num_steps - 1 steps.",
        "Make a schedule(step) from exponential_decay, walk with descend_with, and take the loss "
        "of all weights of the path but the first.",
    ],
)
