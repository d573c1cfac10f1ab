"""Exercises of lesson 07, fetch and feed."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import fetch_and_feed as probes

tf1 = tf.compat.v1

__all__ = ["as_function", "hint", "in_batches", "what_if"]


def _batch_results(
    x: NDArray, batch_size: int, placeholder: Any, output: Any, session: Any
) -> list[NDArray]:
    starts = range(0, len(x), batch_size)
    batches = [x[start : start + batch_size] for start in starts]
    return [session.run(output, {placeholder: batch}) for batch in batches]


def _in_batches(x: NDArray, batch_size: int, *graph: Any) -> NDArray:
    return np.concatenate(_batch_results(x, batch_size, *graph))


def all_at_once(x: NDArray, batch_size: int, placeholder: Any, output: Any, session: Any) -> Any:
    """You feed the whole of `x` in one run; feed `batch_size` rows at a time."""
    return session.run(output, {placeholder: x})


def one_by_one(x: NDArray, batch_size: int, *graph: Any) -> Any:
    """You feed one row at a time; feed `batch_size` rows at a time."""
    return _in_batches(x, 1, *graph)


def rest_left_out(x: NDArray, batch_size: int, *graph: Any) -> Any:
    """The samples of the last, smaller batch are missing; it has to be fed as well."""
    return _in_batches(x[: len(x) // batch_size * batch_size], batch_size, *graph)


def rest_filled_with_zeros(x: NDArray, batch_size: int, *graph: Any) -> Any:
    """You fill the last batch up with samples that do not exist, and get results for them.

    A dimension of None takes a smaller batch too.
    """
    missing = -len(x) % batch_size
    padding = [(0, missing)] + [(0, 0)] * (x.ndim - 1)
    return _in_batches(np.pad(x, padding), batch_size, *graph)


def last_batch_from_the_end(x: NDArray, batch_size: int, *graph: Any) -> Any:
    """Your last batch reaches back, so that some samples are in two batches.

    It may be smaller than the others.
    """
    starts = [min(start, max(len(x) - batch_size, 0)) for start in range(0, len(x), batch_size)]
    results = [_in_batches(x[start : start + batch_size], batch_size, *graph) for start in starts]
    return np.concatenate(results)


def last_batch_cut(x: NDArray, batch_size: int, *graph: Any) -> Any:
    """Your last batch reaches back, and its results do not belong to the last samples.

    It may be smaller than the others.
    """
    return last_batch_from_the_end(x, batch_size, *graph)[: len(x)]


def rest_filled_and_cut(x: NDArray, batch_size: int, *graph: Any) -> Any:
    """Your results are right, but you feed samples that do not exist to fill the last batch up.

    A dimension of None takes a smaller batch too.
    """
    return rest_filled_with_zeros(x, batch_size, *graph)[: len(x)]


def batches_of_like_size(x: NDArray, batch_size: int, *graph: Any) -> Any:
    """Your batches are nearly equal; all but the last one have `batch_size` samples.

    `np.array_split` shares out; slices of `batch_size` leave the rest to the last.
    """
    batches = np.array_split(x, -(-len(x) // batch_size))
    return np.concatenate([_in_batches(batch, batch_size, *graph) for batch in batches])


def as_many_batches(x: NDArray, batch_size: int, *graph: Any) -> Any:
    """You take `batch_size` for the number of batches; it is the number of rows in a batch."""
    return _in_batches(x, -(-len(x) // batch_size), *graph)


def overlapping(x: NDArray, batch_size: int, *graph: Any) -> Any:
    """Your batches overlap: the next one begins where the last one ended, not one row later."""
    batches = [x[start : start + batch_size] for start in range(len(x))]
    return np.concatenate([_in_batches(batch, batch_size, *graph) for batch in batches])


def not_joined(x: NDArray, batch_size: int, *graph: Any) -> Any:
    """You return a list with the result of each batch; join them: `np.concatenate`."""
    return _batch_results(x, batch_size, *graph)


def stacked_as_rows(x: NDArray, batch_size: int, *graph: Any) -> Any:
    """You stack the results as rows, `np.vstack`: where a sample has one number, a row is a batch.

    Join them along the axis of the samples, which is the first.
    """
    return np.vstack(_batch_results(x, batch_size, *graph))


def last_result_only(x: NDArray, batch_size: int, *graph: Any) -> Any:
    """You return the result of the last batch; collect those of all batches, and join them."""
    return _batch_results(x, batch_size, *graph)[-1]


def first_result_only(x: NDArray, batch_size: int, *graph: Any) -> Any:
    """You return after the first batch; the `return` belongs after the loop."""
    return _batch_results(x, batch_size, *graph)[0]


def tensors_returned(
    x: NDArray, batch_size: int, placeholder: Any, output: Any, session: Any
) -> Any:
    """You return the tensor, not its values: only `session.run` computes."""
    return output


def callers_session_closed(
    x: NDArray, batch_size: int, placeholder: Any, output: Any, session: Any
) -> Any:
    """Your result is right, but you close the session, and it is not yours to close.

    `with session:` closes it at the end of the block. Call `session.run` as it is.
    """
    with session:
        return _in_batches(x, batch_size, placeholder, output, session)


def list_fetched(x: NDArray, batch_size: int, *graph: Any) -> Any:
    """Your result has one axis too many, in front.

    Do you run a list of one tensor, or return a list of one array? Leave the brackets out.
    """
    return _in_batches(x, batch_size, *graph)[np.newaxis]


def batches_row_by_row(
    x: NDArray, batch_size: int, placeholder: Any, output: Any, session: Any
) -> list[Any]:
    """Cut off the front of `x` until nothing is left, and extend a list."""
    results: list[Any] = []
    while len(x):
        results.extend(session.run(output, feed_dict={placeholder: x[:batch_size].tolist()}))
        x = x[batch_size:]
    return results


def batches_split_by_numpy(
    x: NDArray, batch_size: int, placeholder: Any, output: Any, session: Any
) -> NDArray:
    """Let NumPy split, and fetch by name."""
    batches = np.split(x, np.arange(batch_size, len(x), batch_size))
    feeds = [{placeholder.name: batch} for batch in batches]
    return np.hstack([session.run(output.name, feed).T for feed in feeds]).T


def _rows(rng: np.random.Generator) -> tuple:
    x = rng.normal(size=(rng.integers(5, 12), 3)).astype(np.float32)
    return x, int(rng.integers(2, 5))


def _whole_batches(rng: np.random.Generator) -> tuple:
    batch_size = int(rng.integers(2, 5))
    x = rng.normal(size=(3 * batch_size, 2)).astype(np.float32)
    return x, batch_size


_IMAGES = np.arange(28, dtype=np.float32).reshape(7, 2, 2)

in_batches = Exercise(
    name="in_batches",
    lesson="07_fetch_and_feed",
    reference=_in_batches,
    probe=probes.in_batches,
    parts=[
        Part(
            "batches that come out even",
            points=1,
            cases=[
                (np.array([[1, 2], [3, 4], [5, 6], [7, 8], [9, 10], [11, 12]], np.float32), 2),
                (_IMAGES[:6], 3),
            ],
            random_case=_whole_batches,
        ),
        Part(
            "a last batch that is smaller",
            points=1,
            cases=[
                (np.array([[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]], np.float32), 2),
                (_IMAGES, 3),
                (np.array([[1, 2], [3, 4]], np.float32), 5),
            ],
            random_case=_rows,
        ),
    ],
    misconceptions=[
        all_at_once,
        one_by_one,
        rest_left_out,
        rest_filled_with_zeros,
        last_batch_from_the_end,
        as_many_batches,
        overlapping,
        not_joined,
        stacked_as_rows,
        last_result_only,
        first_result_only,
        tensors_returned,
        last_batch_cut,
        rest_filled_and_cut,
        batches_of_like_size,
        callers_session_closed,
        list_fetched,
    ],
    also_right=[batches_row_by_row, batches_split_by_numpy],
    hints=[
        "One run for each batch, its result appended to a list. After the loop the list is joined.",
        "`range(0, len(x), batch_size)` gives the row at which each batch begins. A slice of NumPy "
        "that reaches beyond the end stops at the end, so the last batch needs no care.",
        "In the loop: `results.append(session.run(output, {placeholder: x[start : start + "
        "batch_size]}))`; after it `np.concatenate(results)`.",
    ],
)


def _as_function(placeholders: Sequence[Any], fetches: Any, session: Any = None) -> Callable:
    def function(*values: Any) -> Any:
        if len(values) != len(placeholders):
            raise ValueError(f"{len(values)} values for {len(placeholders)} placeholders")
        return session.run(fetches, dict(zip(placeholders, values, strict=True)))

    return function


def run_at_once(placeholders: Sequence[Any], fetches: Any, session: Any) -> Any:
    """You run the session while the function is made, when there are no values yet.

    Define a function inside yours, run the session in that one, and return it.
    """
    return session.run(fetches)


def values_in_a_list(placeholders: Sequence[Any], fetches: Any, session: Any) -> Callable:
    """Your function takes one argument, a list; it is to be called with a value for each.

    `def function(*values)` collects all arguments of a call into one tuple.
    """
    return lambda values: session.run(fetches, dict(zip(placeholders, values, strict=True)))


def not_counted(placeholders: Sequence[Any], fetches: Any, session: Any) -> Callable:
    """Your function feeds what it is given, and does not see that there are too few or too many.

    `zip` stops at the shorter of the two: a value too many is dropped in silence. With
    `strict=True` it raises.
    """
    return lambda *values: session.run(fetches, dict(zip(placeholders, values, strict=False)))


def only_too_many_refused(placeholders: Sequence[Any], fetches: Any, session: Any) -> Callable:
    """You refuse too many values only; with too few, too, the function raises a ValueError.

    `!=` compares both ways.
    """

    def function(*values: Any) -> Any:
        if len(values) > len(placeholders):
            raise ValueError("too many values")
        return session.run(fetches, dict(zip(placeholders, values, strict=False)))

    return function


def only_too_few_refused(placeholders: Sequence[Any], fetches: Any, session: Any) -> Callable:
    """You refuse too few values only; with too many, too, the function raises a ValueError.

    `!=` compares both ways.
    """

    def function(*values: Any) -> Any:
        if len(values) < len(placeholders):
            raise ValueError("too few values")
        return session.run(fetches, dict(zip(placeholders, values, strict=False)))

    return function


def another_error(placeholders: Sequence[Any], fetches: Any, session: Any) -> Callable:
    """Your function raises a TypeError for a wrong number of values: raise a ValueError."""

    def function(*values: Any) -> Any:
        if len(values) != len(placeholders):
            raise TypeError("a wrong number of values")
        return session.run(fetches, dict(zip(placeholders, values, strict=True)))

    return function


def numbers_only(placeholders: Sequence[Any], fetches: Any, session: Any) -> Callable:
    """It works with single numbers only, and a placeholder may want an array.

    Feed the values as they are: make no `float` of them, and no key of a dict or cache.
    """
    return lambda *values: _as_function(placeholders, fetches, session)(*map(float, values))


def session_entered(placeholders: Sequence[Any], fetches: Any, session: Any) -> Callable:
    """`with session:` closes the session at the end of its block, and it is not yours to close.

    Call `session.run` as it is; whoever has opened the session closes it.
    """

    def function(*values: Any) -> Any:
        with session:
            return _as_function(placeholders, fetches, session)(*values)

    return function


def backwards(placeholders: Sequence[Any], fetches: Any, session: Any) -> Callable:
    """Your values go to the wrong placeholders: the first value is for the first of them."""
    return _as_function(list(placeholders)[::-1], fetches, session)


def first_call_kept(placeholders: Sequence[Any], fetches: Any, session: Any) -> Callable:
    """Your function gives its first result for ever; each call has to run the session."""
    kept: list[Any] = []
    run = _as_function(placeholders, fetches, session)

    def function(*values: Any) -> Any:
        if len(values) != len(placeholders):
            raise ValueError
        if not kept:
            kept.append(run(*values))
        return kept[0]

    return function


def session_of_its_own(placeholders: Sequence[Any], fetches: Any, session: Any) -> Callable:
    """You open a new session, in which no variable has a value; use the one that is given."""
    return _as_function(placeholders, fetches, tf1.Session())


def wrapped_in_a_list(placeholders: Sequence[Any], fetches: Any, session: Any) -> Callable:
    """You fetch a list with `fetches` in it; pass `fetches` on as it is, and so is the answer."""
    return _as_function(placeholders, [fetches], session)


def nothing_returned(placeholders: Sequence[Any], fetches: Any, session: Any) -> Callable:
    """Your function runs the session and returns nothing: the inner function needs a `return`."""
    run = _as_function(placeholders, fetches, session)

    def function(*values: Any) -> None:
        run(*values)

    return function


def result_returned(placeholders: Sequence[Any], fetches: Any, session: Any) -> Any:
    """You return a result; asked for is a function, which will compute it when it is called.

    Define a function inside yours, run the session in that one, and return it.
    """
    return session.run(fetches, dict.fromkeys(placeholders, 0.0))


def inner_not_returned(placeholders: Sequence[Any], fetches: Any, session: Any) -> None:
    """You define a function and do not hand it out: end with `return` and its name."""


def nothing_fed(placeholders: Sequence[Any], fetches: Any, session: Any) -> Callable:
    """Your function does not feed its values: the second argument of `run` is the feed."""
    return lambda *values: session.run(fetches)


def a_run_for_each_fetch(placeholders: Sequence[Any], fetches: Any, session: Any) -> Callable:
    """You run the parts of `fetches` one at a time, and each run computes all anew.

    Random numbers then differ from part to part. `session.run` takes a whole list or dict.
    """
    if isinstance(fetches, dict):
        parts = {name: _as_function(placeholders, part, session) for name, part in fetches.items()}
        return lambda *values: {name: part(*values) for name, part in parts.items()}
    if isinstance(fetches, list):
        several = [_as_function(placeholders, part, session) for part in fetches]
        return lambda *values: [part(*values) for part in several]
    return _as_function(placeholders, fetches, session)


def function_by_loop(placeholders: Sequence[Any], fetches: Any, session: Any) -> Callable:
    """Fill the feed in a loop."""

    def function(*values: Any) -> Any:
        if len(values) != len(placeholders):
            raise ValueError("a value for each placeholder, please")
        feed = {}
        for i, placeholder in enumerate(placeholders):
            feed[placeholder.name] = np.float32(values[i])
        return session.run(fetches, feed_dict=feed)

    return function


def function_in_two_steps(placeholders: Sequence[Any], fetches: Any, session: Any) -> Callable:
    """Let `functools.partial` keep the session."""
    import functools

    def run(keys: Sequence[Any], what: Any, *values: Any) -> Any:
        feed = {key: value for key, value in zip(keys, values, strict=True)}
        return session.run(what, feed)

    return functools.partial(run, placeholders, fetches)


as_function = Exercise(
    name="as_function",
    lesson="07_fetch_and_feed",
    reference=_as_function,
    probe=probes.as_function,
    parts=[
        Part(
            "one fetch",
            points=1,
            cases=[(["a"], "total"), (["a", "b"], "scaled"), (["a", "pair"], "total")],
        ),
        Part(
            "lists and dicts of fetches",
            points=1,
            cases=[
                (["a", "b"], ["total", "scaled"]),
                # One run draws once, two runs draw twice.
                (["a"], ["noise", "noise"]),
                (["a", "b", "c"], {"one": "scaled", "both": ["total", "scaled"]}),
            ],
        ),
    ],
    misconceptions=[
        run_at_once,
        values_in_a_list,
        not_counted,
        backwards,
        first_call_kept,
        session_of_its_own,
        wrapped_in_a_list,
        nothing_returned,
        inner_not_returned,
        nothing_fed,
        only_too_many_refused,
        only_too_few_refused,
        another_error,
        numbers_only,
        session_entered,
        result_returned,
        a_run_for_each_fetch,
    ],
    also_right=[function_by_loop, function_in_two_steps],
    hints=[
        "Define a function inside `as_function`, and return it. The inner one sees the arguments "
        "of the outer one, also after that has returned.",
        "`def function(*values):` takes any number of arguments, as a tuple. Its body makes the "
        "feed, a dict from placeholders to values, and returns what the run gives.",
        "`dict(zip(placeholders, values, strict=True))` pairs them, and raises ValueError if "
        "their numbers differ.",
    ],
)


def _rows_with(values: NDArray, activations: NDArray, unit: int) -> list[NDArray]:
    """Return the activations once for each value, with one unit's column replaced."""
    changed = [activations.copy() for _ in values]
    for array, value in zip(changed, values, strict=True):
        array[:, unit] = value
    return changed


def _what_if(
    feed: dict, unit: int, values: NDArray, hidden: Any = None, output: Any = None, s: Any = None
) -> NDArray:
    changed = _rows_with(values, s.run(hidden, feed), unit)
    return np.stack([s.run(output, {hidden: array}) for array in changed])


def first_layer_again(
    feed: dict, unit: int, values: NDArray, hidden: Any, output: Any, s: Any
) -> Any:
    """Your numbers are right, but the first layer runs again for every value.

    Its result does not depend on the value: fetch it once, before the loop.
    """
    return np.stack(
        [_what_if(feed, unit, np.array([value]), hidden, output, s)[0] for value in values]
    )


def row_not_column(feed: dict, unit: int, values: NDArray, hidden: Any, output: Any, s: Any) -> Any:
    """You replace a row, which is a sample; a unit is a column: `[:, unit]`."""
    changed = s.run(hidden, feed)
    results = []
    for value in values:
        changed[unit] = value
        results.append(s.run(output, {hidden: changed}))
    return np.stack(results)


def added_to_it(feed: dict, unit: int, values: NDArray, hidden: Any, output: Any, s: Any) -> Any:
    """You add the value to the unit's activation; the value takes its place."""
    activations = s.run(hidden, feed)
    step = np.eye(activations.shape[1], dtype=np.float32)[unit]
    return np.stack([s.run(output, {hidden: activations + value * step}) for value in values])


def multiplied(feed: dict, unit: int, values: NDArray, hidden: Any, output: Any, s: Any) -> Any:
    """You multiply the unit's activation by the value; the value takes its place."""
    activations = s.run(hidden, feed)
    arrays = _rows_with(np.ones(len(values), np.float32), activations, unit)
    for array, value in zip(arrays, values, strict=True):
        array[:, unit] = activations[:, unit] * value
    return np.stack([s.run(output, {hidden: array}) for array in arrays])


def other_units_zero(
    feed: dict, unit: int, values: NDArray, hidden: Any, output: Any, s: Any
) -> Any:
    """You set the other units to 0; they keep the activations that the samples give them."""
    arrays = _rows_with(values, np.zeros_like(s.run(hidden, feed)), unit)
    return np.stack([s.run(output, {hidden: array}) for array in arrays])


def all_units(feed: dict, unit: int, values: NDArray, hidden: Any, output: Any, s: Any) -> Any:
    """You give the value to every unit; only column `unit` is to change."""
    activations = s.run(hidden, feed)
    arrays = [np.full_like(activations, value) for value in values]
    return np.stack([s.run(output, {hidden: array}) for array in arrays])


def changed_and_not_fed(
    feed: dict, unit: int, values: NDArray, hidden: Any, output: Any, s: Any
) -> Any:
    """You change your copy of the activations, and the run does not use it.

    It computes the hidden layer anew from the images, unless `hidden` itself is fed.
    """
    s.run(hidden, feed)
    return np.stack([s.run(output, feed) for _ in values])


def callers_feed_changed(
    feed: dict, unit: int, values: NDArray, hidden: Any, output: Any, s: Any
) -> Any:
    """Your numbers are right, but you write `hidden` into the caller's feed, where it stays.

    The caller's next run would silently use your last value. Make a dict of your own.
    """
    activations = s.run(hidden, feed)
    results = []
    for array in _rows_with(values, activations, unit):
        feed[hidden] = array
        results.append(s.run(output, feed))
    return np.stack(results)


def first_value_only(
    feed: dict, unit: int, values: NDArray, hidden: Any, output: Any, s: Any
) -> Any:
    """You return the output for the first value; collect the outputs for all values."""
    return _what_if(feed, unit, values, hidden, output, s)[0]


def last_value_only(
    feed: dict, unit: int, values: NDArray, hidden: Any, output: Any, s: Any
) -> Any:
    """You return the output for the last value; collect the outputs for all values."""
    return _what_if(feed, unit, values, hidden, output, s)[-1]


def last_value_in_a_list(
    feed: dict, unit: int, values: NDArray, hidden: Any, output: Any, s: Any
) -> Any:
    """Your result has the output for the last value only; collect the outputs for all values."""
    return _what_if(feed, unit, values, hidden, output, s)[-1:]


def first_sample_only(
    feed: dict, unit: int, values: NDArray, hidden: Any, output: Any, s: Any
) -> Any:
    """You change the unit for the first sample only; `[:, unit]` is the unit of every sample."""
    activations = s.run(hidden, feed)
    results = []
    for value in values:
        changed = activations.copy()
        changed[0, unit] = value
        results.append(s.run(output, {hidden: changed}))
    return np.stack(results)


def samples_joined(feed: dict, unit: int, values: NDArray, hidden: Any, output: Any, s: Any) -> Any:
    """Your result has an axis too few: each value has a matrix of its own, also of one sample.

    `np.stack` puts them into a new first dimension, where `np.concatenate` lengthens the old one
    and `np.squeeze` takes an axis of one sample away.
    """
    return np.concatenate(_what_if(feed, unit, values, hidden, output, s))


def units_counted_from_one(
    feed: dict, unit: int, values: NDArray, hidden: Any, output: Any, s: Any
) -> Any:
    """You change the unit before the one that was asked for: units count from 0."""
    return _what_if(feed, unit - 1, values, hidden, output, s)


def samples_repeated(
    feed: dict, unit: int, values: NDArray, hidden: Any, output: Any, s: Any
) -> Any:
    """Samples and values do not go together: `np.repeat` puts each sample's copies side by side.

    `np.tile` repeats the whole batch, once for each value.
    """
    activations = s.run(hidden, feed)
    long = np.repeat(activations, len(values), axis=0)
    long[:, unit] = np.repeat(values, len(activations))
    return s.run(output, {hidden: long}).reshape(len(values), len(activations), -1)


def what_if_in_one_run(
    feed: dict, unit: int, values: NDArray, hidden: Any, output: Any, s: Any
) -> NDArray:
    """Feed all values at once, as one long batch."""
    activations = s.run(hidden, feed)
    long = np.tile(activations, (len(values), 1))
    long[:, unit] = np.repeat(values, len(activations))
    return s.run(output, {hidden: long}).reshape(len(values), len(activations), -1)


def what_if_with_the_feed(
    feed: dict, unit: int, values: NDArray, hidden: Any, output: Any, s: Any
) -> list[Any]:
    """Feed the images as well, in a dict of its own, and return a list."""
    activations = s.run(hidden, feed)
    keep = np.arange(activations.shape[1]) != unit
    results = []
    for value in values:
        changed = np.where(keep, activations, value)
        results.append(s.run(output, {**feed, hidden: changed}))
    return results


_SAMPLES = np.array([[1, 2], [3, -1], [0.5, 2.5]], np.float32)


def _random_what_if(rng: np.random.Generator) -> tuple:
    x = rng.normal(size=(4, 2)).astype(np.float32)
    return x, int(rng.integers(3)), rng.normal(size=3).astype(np.float32)


what_if = Exercise(
    name="what_if",
    lesson="07_fetch_and_feed",
    reference=_what_if,
    probe=probes.what_if,
    parts=[
        Part(
            "one sample",
            points=1,
            cases=[
                (_SAMPLES[:1], 1, np.array([0, 2], np.float32)),
                (_SAMPLES[1:2], 0, np.array([2, 0.5], np.float32)),
            ],
        ),
        Part(
            "several samples",
            points=2,
            cases=[
                (_SAMPLES, 2, np.array([0, 1, 5], np.float32)),
                (_SAMPLES, 0, np.array([3, -1], np.float32)),
            ],
            random_case=_random_what_if,
        ),
    ],
    misconceptions=[
        first_layer_again,
        row_not_column,
        added_to_it,
        multiplied,
        other_units_zero,
        all_units,
        changed_and_not_fed,
        callers_feed_changed,
        first_value_only,
        last_value_only,
        samples_joined,
        last_value_in_a_list,
        first_sample_only,
        units_counted_from_one,
        samples_repeated,
    ],
    also_right=[what_if_in_one_run, what_if_with_the_feed],
    hints=[
        "The hidden layer is a tensor: you can fetch it in one run, and feed it in another. What "
        "of the first layer is executed in that second run?",
        "Run `hidden` once with the caller's feed: an array of shape (samples, units). For each "
        "value set its column `unit`, and feed that array in place of `hidden`.",
        "Index a column as `array[:, number]`. The feed of the second run is a new dict with one "
        "entry, whose key is `hidden`; `np.stack` makes one array of the list of results.",
    ],
)
