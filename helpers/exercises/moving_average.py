"""Exercises of lesson 17: a moving average, its start made good, and an evaluation with it."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers import averages
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import moving_average as probes

__all__ = ["debiased_average", "evaluate_with", "hint", "moving_average"]

# A moving average -----------------------------------------------------------------------------


def shares_swapped(values: NDArray, start: float, decay: float, num_updates: Any = None) -> NDArray:
    """Your shares are swapped: `decay` is the share of the shadow, 1 - decay that of the value."""
    shadow, shadows = start, []
    for i, value in enumerate(values):
        keep = decay if num_updates is None else averages.dynamic_decay(decay, num_updates[i])
        shadow = (1 - keep) * shadow + keep * value
        shadows.append(shadow)
    return np.array(shadows)


def from_the_first_value(
    values: NDArray, start: float, decay: float, num_updates: Any = None
) -> NDArray:
    """Your average begins at the first value; the shadow begins at `start`."""
    return averages.moving_average(values, values[0], decay, num_updates)


def from_zero_always(
    values: NDArray, start: float, decay: float, num_updates: Any = None
) -> NDArray:
    """Your average begins at 0; the shadow begins at `start`, the variable's initial value."""
    return averages.moving_average(values, 0.0, decay, num_updates)


def start_included(values: NDArray, start: float, decay: float, num_updates: Any = None) -> NDArray:
    """Your result begins with `start`; it has one number for each update, made after it."""
    return np.append(start, averages.moving_average(values, start, decay, num_updates))


def only_the_last(values: NDArray, start: float, decay: float, num_updates: Any = None) -> Any:
    """You return the last average only; the averages after each update were asked for."""
    return averages.moving_average(values, start, decay, num_updates)[-1]


def updates_ignored(
    values: NDArray, start: float, decay: float, num_updates: Any = None
) -> NDArray:
    """You use the same decay at every update, although `num_updates` was given."""
    return averages.moving_average(values, start, decay)


def counted_by_itself(
    values: NDArray, start: float, decay: float, num_updates: Any = None
) -> NDArray:
    """You count the updates yourself: `num_updates` says how many to reckon with at each."""
    counted = None if num_updates is None else np.arange(len(values))
    return averages.moving_average(values, start, decay, counted)


def larger_of_the_two(
    values: NDArray, start: float, decay: float, num_updates: Any = None
) -> NDArray:
    """You take the larger of the two decays: the formula takes the smaller."""
    if num_updates is None:
        return averages.moving_average(values, start, decay)
    shadow, shadows = start, []
    for value, n in zip(values, num_updates, strict=True):
        keep = max(decay, (1 + n) / (10 + n))
        shadow = keep * shadow + (1 - keep) * value
        shadows.append(shadow)
    return np.array(shadows)


def always_dynamic(values: NDArray, start: float, decay: float, num_updates: Any = None) -> NDArray:
    """You reckon with a number of updates where None is given: then the decay is `decay`."""
    given = np.arange(len(values)) if num_updates is None else num_updates
    return averages.moving_average(values, start, decay, given)


def without_the_limit(
    values: NDArray, start: float, decay: float, num_updates: Any = None
) -> NDArray:
    """Your decay grows beyond `decay`: the formula takes the smaller of the two."""
    return averages.moving_average(values, start, decay if num_updates is None else 1, num_updates)


def weighted_old_value(
    values: NDArray, start: float, decay: float, num_updates: Any = None
) -> NDArray:
    """Each of your averages mixes `start` with one value: mix with the average before.

    The shadow has to be carried from update to update.
    """
    return np.array(
        [
            averages.moving_average(
                [value], start, decay, None if num_updates is None else [num_updates[i]]
            )[0]
            for i, value in enumerate(values)
        ]
    )


def decay_overwritten(
    values: NDArray, start: float, decay: float, num_updates: Any = None
) -> NDArray:
    """Your decay never grows again: the smaller share of one update is kept for the next ones.

    So it is where `decay` itself is overwritten in the loop. Give each update's share another name.
    """
    if num_updates is None:
        return averages.moving_average(values, start, decay)
    return averages.moving_average(values, start, decay, np.minimum.accumulate(num_updates))


def whole_numbers_kept(
    values: NDArray, start: float, decay: float, num_updates: Any = None
) -> NDArray:
    """Your averages are cut to whole numbers where `start` is one: collect them as floats.

    np.full(steps, start), and np.array([start]), take their type from `start`.
    """
    shadows = averages.moving_average(values, start, decay, num_updates)
    if not isinstance(start, int):
        return shadows
    kept = np.full(len(values) + 1, start)
    for i, value in enumerate(values):
        keep = decay if num_updates is None else averages.dynamic_decay(decay, num_updates[i])
        kept[i + 1] = keep * kept[i] + (1 - keep) * value
    return kept[1:]


def results_cut_off(
    values: NDArray, start: float, decay: float, num_updates: Any = None
) -> NDArray:
    """Your results are cut to whole numbers where `start` is one, since they are stored among such.

    np.full(steps, start) takes its type from `start`: collect them as floats.
    """
    shadows = averages.moving_average(values, start, decay, num_updates)
    return shadows.astype(int) if isinstance(start, int) else shadows


def truth_of_an_array(
    values: NDArray, start: float, decay: float, num_updates: Any = None
) -> NDArray:
    """You ask whether `num_updates` is true; of an array with several numbers nobody can say.

    Ask `if num_updates is not None`.
    """
    if num_updates:
        return averages.moving_average(values, start, decay, num_updates)
    return averages.moving_average(values, start, decay)


def average_by_correction(
    values: NDArray, start: float, decay: float, num_updates: Any = None
) -> list[Any]:
    """Move the shadow towards the value by a share of their difference, as TensorFlow does."""
    shadow, shadows = start, []
    for i, value in enumerate(values):
        keep = decay
        if num_updates is not None:
            keep = min(keep, (num_updates[i] + 1) / (num_updates[i] + 10))
        shadow = shadow - (shadow - value) * (1 - keep)
        shadows.append(shadow)
    return shadows


def average_in_tensorflow(
    values: NDArray, start: float, decay: float, num_updates: Any = None
) -> Any:
    """Let a variable take each value, in float64."""
    import tensorflow as tf

    shadow = tf.Variable(start, dtype=tf.float64)
    kept = []
    for i, value in enumerate(values):
        keep = decay if num_updates is None else averages.dynamic_decay(decay, num_updates[i])
        shadow.assign(keep * shadow + (1 - keep) * value)
        kept.append(shadow.numpy())
    return tf.stack(kept)


def _random_values(rng: np.random.Generator) -> tuple:
    return rng.normal(size=6), float(rng.normal()), float(rng.uniform(0.5, 0.99)), None


def _random_updates(rng: np.random.Generator) -> tuple:
    values, start, decay, _ = _random_values(rng)
    return values, start, decay, rng.integers(0, 200, 6)


moving_average = Exercise(
    name="moving_average",
    lesson="17_moving_average",
    reference=averages.moving_average,
    parts=[
        Part(
            "a fixed decay",
            points=1,
            cases=[
                (np.array([5.0, 5.0, 10.0]), 0.0, 0.9, None),
                (np.array([1.0, -2.0]), 4.0, 0.5, None),
                (np.array([3.0]), 1.0, 0.75, None),
                (np.array([2.0, 6.0]), 3.0, 0.0, None),
                # A start that is no float.
                (np.array([5.0, 5.0, 10.0]), 2, 0.9, None),
            ],
            random_case=_random_values,
        ),
        Part(
            "a decay that grows with the updates",
            points=1,
            cases=[
                (np.array([5.0, 10.0, 10.0]), 0.0, 0.99, np.array([0, 10000, 10000])),
                (np.array([1.0, 2.0, 4.0]), 8.0, 0.5, np.array([0, 8, 100])),
                (np.array([1.0, 2.0, 4.0, 8.0]), 2.0, 0.8, np.array([3, 3, 35, 36])),
            ],
            random_case=_random_updates,
        ),
    ],
    misconceptions=[
        shares_swapped,
        from_the_first_value,
        from_zero_always,
        start_included,
        only_the_last,
        updates_ignored,
        counted_by_itself,
        larger_of_the_two,
        always_dynamic,
        without_the_limit,
        weighted_old_value,
        decay_overwritten,
        whole_numbers_kept,
        results_cut_off,
        truth_of_an_array,
    ],
    also_right=[average_by_correction, average_in_tensorflow],
    hints=[
        "Keep one number, the shadow. What is it before the first update, and what after it?",
        "In a loop over the values: the new shadow is a share `decay` of the old one plus the "
        "rest, 1 - decay, of the value; collect each in a list.",
        "With num_updates, the share of this update is the smaller of decay and "
        "(1 + n) / (10 + n), where n is this update's entry.",
    ],
)

# The start made good ----------------------------------------------------------------------------


def not_corrected(values: NDArray, decay: float) -> NDArray:
    """This is the average from 0, too small at first: divide by the share that has come in."""
    return averages.moving_average(values, np.zeros(values.shape[1:]), decay)


def _divided(values: NDArray, decay: float, shares: NDArray) -> NDArray:
    shares = shares.reshape(-1, *[1] * (values.ndim - 1))
    return not_corrected(values, decay) / shares


def step_from_zero(values: NDArray, decay: float) -> NDArray:
    """You count the steps from 0, so that you divide by 0 at first: after one update t is 1."""
    with np.errstate(all="ignore"):
        return _divided(values, decay, 1 - decay ** np.arange(len(values)))


def one_division_for_all(values: NDArray, decay: float) -> NDArray:
    """You divide by the same 1 - decay at every step.

    The share that has come in grows: after t updates it is 1 - decay ** t.
    """
    return _divided(values, decay, np.full(len(values), 1 - decay))


def multiplied(values: NDArray, decay: float) -> NDArray:
    """You multiply by the share that has come in: an average that is too small is divided by it."""
    return _divided(values, decay, 1 / (1 - decay ** np.arange(1, len(values) + 1)))


def what_is_missing(values: NDArray, decay: float) -> NDArray:
    """You divide by decay ** t, the share still missing; divide by 1 - decay ** t."""
    return _divided(values, decay, decay ** np.arange(1, len(values) + 1))


def fed_back(values: NDArray, decay: float) -> NDArray:
    """You go on from the corrected average.

    The correction is for the reader only: the shadow itself goes on uncorrected.
    """
    shadow, shadows = np.zeros(values.shape[1:]), []
    for t, value in enumerate(values, start=1):
        shadow = (decay * shadow + (1 - decay) * value) / (1 - decay**t)
        shadows.append(shadow)
    return np.array(shadows)


def start_at_first(values: NDArray, decay: float) -> NDArray:
    """You begin at the first value, which then has too large a share; begin at 0 and divide."""
    return averages.moving_average(values, values[0], decay)


def all_weights_together(values: NDArray, decay: float) -> NDArray:
    """You mix the weights of a step: each weight has an average of its own."""
    flat = values.reshape(len(values), -1).mean(axis=1)
    found = averages.debiased_average(flat, decay)
    return np.broadcast_to(found.reshape(-1, *[1] * (values.ndim - 1)), values.shape)


def plain_mean(values: NDArray, decay: float) -> NDArray:
    """You give all values so far the same share; a moving average forgets the old ones."""
    steps = np.arange(1, len(values) + 1).reshape(-1, *[1] * (values.ndim - 1))
    return np.cumsum(values, axis=0) / steps


def last_corrected_only(values: NDArray, decay: float) -> NDArray:
    """You return the last average only; one after each step was asked for."""
    return averages.debiased_average(values, decay)[-1]


def debiased_by_weights(values: NDArray, decay: float) -> NDArray:
    """Weigh all values so far, with weights that add to 1."""
    result = []
    for t in range(1, len(values) + 1):
        weights = decay ** np.arange(t)[::-1]
        result.append(np.tensordot(weights / weights.sum(), values[:t], axes=1))
    return np.array(result)


def debiased_in_tensorflow(values: NDArray, decay: float) -> Any:
    """Let TensorFlow's own class start from zero and correct."""
    import tensorflow as tf

    total, result = tf.zeros_like(tf.constant(values[0])), []
    for t, value in enumerate(values, start=1):
        total = total * decay + value * (1 - decay)
        result.append(total / (1 - decay**t))
    return tf.stack(result)


debiased_average = Exercise(
    name="debiased_average",
    lesson="17_moving_average",
    reference=averages.debiased_average,
    parts=[
        Part(
            "one weight",
            points=1,
            cases=[
                (np.array([5.0, 5.0, 10.0]), 0.9),
                (np.array([-2.0]), 0.5),
                (np.array([1.0, 3.0, -4.0, 2.0]), 0.75),
                (np.array([1.0, 2.0]), 0.0),
            ],
            random_case=lambda rng: (rng.normal(size=5), float(rng.uniform(0.5, 0.99))),
        ),
        Part(
            "several weights",
            points=1,
            cases=[
                (np.array([[1.0, 2.0], [3.0, -4.0], [5.0, 0.0]]), 0.9),
                (np.arange(12.0).reshape(3, 2, 2) ** 2, 0.5),
            ],
            random_case=lambda rng: (rng.normal(size=(4, 3)), float(rng.uniform(0.5, 0.99))),
        ),
    ],
    misconceptions=[
        not_corrected,
        step_from_zero,
        one_division_for_all,
        multiplied,
        what_is_missing,
        fed_back,
        start_at_first,
        all_weights_together,
        plain_mean,
        last_corrected_only,
    ],
    also_right=[debiased_by_weights, debiased_in_tensorflow],
    hints=[
        "Start with the average from 0, as in exercise 1. Which share of it has come from values "
        "after one update? After two?",
        "After t updates the zero at the start still has the share decay ** t, so the values have "
        "the rest. t counts from 1: enumerate(values, start=1).",
        "Keep the uncorrected shadow for the next step, and append shadow / (1 - decay**t).",
    ],
)

# An evaluation with the averages ------------------------------------------------------------------


def _evaluate_with(variables: Any, averages: Any, evaluate_fails: Callable[[], Any]) -> Any:
    # The last parameter's name is what a verdict prints before whether the evaluation fails.
    evaluate = evaluate_fails
    before = [variable.numpy() for variable in variables]
    try:
        for variable, average in zip(variables, averages, strict=True):
            variable.assign(average)
        return evaluate()
    finally:
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)


def not_swapped(variables: Any, averages: Any, evaluate: Callable[[], Any]) -> Any:
    """The evaluation sees the old values: first assign the averages to all variables.

    Only after the evaluation do the old values come back.
    """
    return evaluate()


def not_put_back(variables: Any, averages: Any, evaluate: Callable[[], Any]) -> Any:
    """The variables keep the averages, so that training would go on from there.

    Put the old values back. A list of the variables changes with them: keep `variable.numpy()`.
    """
    for variable, average in zip(variables, averages, strict=True):
        variable.assign(average)
    return evaluate()


def not_after_an_error(variables: Any, averages: Any, evaluate: Callable[[], Any]) -> Any:
    """If the evaluation fails, the old values are not put back.

    What has to happen in any case stands in `finally`.
    """
    before = [variable.numpy() for variable in variables]
    for variable, average in zip(variables, averages, strict=True):
        variable.assign(average)
    result = evaluate()
    for variable, value in zip(variables, before, strict=True):
        variable.assign(value)
    return result


def error_swallowed(variables: Any, averages: Any, evaluate: Callable[[], Any]) -> Any:
    """The evaluation's error does not reach your caller.

    An `except` that catches it keeps it from them, and so does a `return` inside `finally`. Return
    inside `try`, and let `finally` do nothing but put the values back.
    """
    try:
        return _evaluate_with(variables, averages, evaluate)
    except Exception:
        return None


def result_forgotten(variables: Any, averages: Any, evaluate: Callable[[], Any]) -> None:
    """You do not return what `evaluate()` returns."""
    _evaluate_with(variables, averages, evaluate)


def evaluated_twice(variables: Any, averages: Any, evaluate: Callable[[], Any]) -> Any:
    """You evaluate more than once; an evaluation may take long: keep its result in a name."""

    def twice() -> Any:
        evaluate()
        return evaluate()

    return _evaluate_with(variables, averages, twice)


def swapped_into_averages(variables: Any, averages: Any, evaluate: Callable[[], Any]) -> Any:
    """You overwrite the averages with the variables' values; the next update still needs them."""
    result = _evaluate_with(variables, averages, evaluate)
    for variable, average in zip(variables, averages, strict=True):
        average[...] = variable.numpy()
    return result


def first_only(variables: Any, averages: Any, evaluate: Callable[[], Any]) -> Any:
    """You swap the first variable only: go through all of them."""
    return _evaluate_with(variables[:1], averages[:1], evaluate)


def difference_taken_away(variables: Any, averages: Any, evaluate: Callable[[], Any]) -> Any:
    """The old values come back with an error of rounding: you add a difference and take it away.

    Keep the old values, `variable.numpy()`, and assign them.
    """
    changes = [
        average - variable.numpy() for variable, average in zip(variables, averages, strict=True)
    ]
    for variable, change in zip(variables, changes, strict=True):
        variable.assign_add(change)
    try:
        return evaluate()
    finally:
        for variable, change in zip(variables, changes, strict=True):
            variable.assign_sub(change)


def in_two_loops(variables: Any, averages: Any, evaluate: Callable[[], Any]) -> Any:
    """Count the variables, and keep tensors of their values."""
    import tensorflow as tf

    before = [tf.identity(variable) for variable in variables]
    for i in range(len(variables)):
        variables[i].assign(averages[i])
    try:
        result = evaluate()
    finally:
        for i in range(len(variables)):
            variables[i].assign(before[i])
    return result


def in_a_context(variables: Any, averages: Any, evaluate: Callable[[], Any]) -> Any:
    """Let a context manager put the values back."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        for variable, average in zip(variables, averages, strict=True):
            stack.callback(variable.assign, variable.value())
            variable.assign(average)
        return evaluate()


_ONE = [np.array([1.0, 2.0])], [np.array([3.0, 5.0])]
_TWO = [np.array([[1.0], [2.0]]), np.array([0.5])], [np.array([[4.0], [8.0]]), np.array([-0.25])]


def _random_swap(rng: np.random.Generator) -> tuple:
    weights = [rng.normal(size=(2, 3)), rng.normal(size=3)]
    return weights, [rng.normal(size=array.shape) for array in weights], bool(rng.integers(2))


evaluate_with = Exercise(
    name="evaluate_with",
    lesson="17_moving_average",
    reference=_evaluate_with,
    probe=probes.evaluated,
    parts=[
        Part(
            "an evaluation, also one that fails",
            points=2,
            cases=[
                (*_ONE, False),
                (*_TWO, False),
                (*_ONE, True),
                (*_TWO, True),
                # In float32 0.1 does not survive that 1,000,000 is added and taken away.
                ([np.array([0.1], np.float32)], [np.array([1e6], np.float32)], False),
            ],
            random_case=_random_swap,
        ),
    ],
    misconceptions=[
        not_swapped,
        not_put_back,
        not_after_an_error,
        error_swallowed,
        result_forgotten,
        evaluated_twice,
        swapped_into_averages,
        first_only,
        difference_taken_away,
    ],
    also_right=[in_two_loops, in_a_context],
    hints=[
        "Three things in order: keep what the variables hold, assign the averages, evaluate. "
        "What comes after that, whatever happens?",
        "variable.numpy() is a copy of the value; variable.assign(value) stores one.",
        "Evaluate inside try:, and assign the kept values under finally:, which runs after a "
        "return and after an error.",
    ],
)
