"""Exercises of lesson 22: accuracy over batches, the latest checkpoint, and one training step."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers import evaluation
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import dense_network as probes
from helpers.networks import training

__all__ = ["accuracy_of_batches", "hint", "latest_checkpoint", "train_op"]

tf1 = tf.compat.v1

Batches = Iterable[tuple[NDArray, NDArray]]

# Accuracy over batches ---------------------------------------------------------------------------


def mean_of_the_batches(batches: Batches) -> float:
    """You average the batches' accuracies, so each sample of a small batch counts for more.

    Count the right ones and the samples over all batches, and divide once.
    """
    return float(np.mean([evaluation.accuracy_of_batches([b]) for b in batches if len(b[1])]))


def last_batch_alone(batches: Batches) -> float:
    """Your accuracy is that of the last batch; the slide's program for LeNet-5 looks at one, too.

    Add up over all batches.
    """
    return evaluation.accuracy_of_batches([b for b in batches if len(b[1])][-1:])


def number_right(batches: Batches) -> float:
    """You return how many are right; divide by the number of all samples."""
    batches = list(batches)
    return evaluation.accuracy_of_batches(batches) * sum(len(labels) for _, labels in batches)


def number_wrong(batches: Batches) -> float:
    """You return the share that is wrong: the error rate is 1 minus the accuracy."""
    return 1 - evaluation.accuracy_of_batches(batches)


def in_percent(batches: Batches) -> float:
    """You return a percentage; the accuracy is a share, from 0 to 1."""
    return 100 * evaluation.accuracy_of_batches(batches)


def smallest_logit(batches: Batches) -> float:
    """You take the class of the smallest logit; the network's guess is the class of the largest."""
    return evaluation.accuracy_of_batches([(-logits, labels) for logits, labels in batches])


def over_the_number_of_batches(batches: Batches) -> float:
    """You divide by the number of batches; divide by the number of samples."""
    batches = list(batches)
    return number_right(batches) / len(batches)


def over_the_first_batchs_size(batches: Batches) -> float:
    """You count each batch as if it had as many samples as the first one."""
    batches = list(batches)
    return number_right(batches) / (len(batches[0][1]) * len(batches))


def by_single_samples(batches: Batches) -> float:
    """Go through the samples one by one."""
    found = [
        max(range(len(row)), key=lambda k: row[k]) == label
        for logits, labels in batches
        for row, label in zip(logits, labels, strict=True)
    ]
    return found.count(True) / len(found)


def all_batches_at_once(batches: Batches) -> Any:
    """Put the batches together, and let NumPy take the mean."""
    logits, labels = zip(*batches, strict=True)
    return np.mean(np.vstack(logits).argmax(axis=-1) == np.concatenate(labels))


def accuracy_in_tensorflow(batches: Batches) -> Any:
    """Count with TensorFlow."""
    right, samples = tf.constant(0.0, tf.float64), 0
    for logits, labels in batches:
        right += tf.reduce_sum(tf.cast(tf.argmax(logits, 1) == labels, tf.float64))
        samples += len(labels)
    return (right / samples).numpy()


def _batches(seed: int, sizes: Sequence[int], classes: int = 4, right: float = 0.6) -> list:
    """Return batches whose logits choose the label's class about as often as `right` says."""
    rng = np.random.default_rng(seed)
    made = []
    for size in sizes:
        labels = rng.integers(classes, size=size)
        logits = rng.normal(size=(size, classes)).round(1)
        chosen = np.where(rng.random(size) < right, labels, (labels + 1) % classes)
        logits[np.arange(size), chosen] = 5.0
        made.append((logits, labels))
    return made


def _random_batches(rng: np.random.Generator) -> tuple:
    sizes = [*rng.integers(3, 9, size=2), int(rng.integers(1, 3))]
    return (_batches(int(rng.integers(10**6)), sizes, int(rng.integers(3, 7))),)


accuracy_of_batches = Exercise(
    name="accuracy_of_batches",
    lesson="22_dense_network",
    reference=evaluation.accuracy_of_batches,
    parts=[
        Part(
            "batches of different sizes",
            points=1,
            cases=[
                (
                    [
                        (np.array([[0.9, 0.1, 0.0]]), np.array([2])),
                        (
                            np.array([[2.0, 1.0, 0.5], [0.1, 3.0, 0.2], [0.0, 1.0, 4.0]]),
                            np.arange(3),
                        ),
                    ],
                ),
                (_batches(1, [5, 5, 2]),),
            ],
            random_case=_random_batches,
        ),
        Part(
            "an empty batch, and logits below 0",
            points=1,
            cases=[
                ([*_batches(2, [4]), (np.zeros((0, 4)), np.zeros(0, int)), *_batches(3, [3])],),
                ([(logits - 9, labels) for logits, labels in _batches(4, [3, 4])],),
            ],
        ),
    ],
    misconceptions=[
        mean_of_the_batches,
        last_batch_alone,
        number_right,
        number_wrong,
        in_percent,
        smallest_logit,
        over_the_number_of_batches,
        over_the_first_batchs_size,
    ],
    also_right=[by_single_samples, all_batches_at_once, accuracy_in_tensorflow],
    hints=[
        "Two numbers are enough: how many are right so far, and how many samples there were.",
        "np.argmax with axis=1 gives each row's class; comparing with the labels gives one truth "
        "value a sample.",
        "Divide once, after the last batch.",
    ],
)

# The latest checkpoint -------------------------------------------------------------------------


def last_as_text(names: Sequence[str]) -> str | None:
    """You compare names as text, where model-9001 comes after model-29001; compare the numbers."""
    found = [n.removesuffix(".index") for n in names if n.endswith(".index")]
    whole = [n for n in found if f"{n}.data-00000-of-00001" in names]
    return max(whole, default=None)


def half_written_too(names: Sequence[str]) -> str | None:
    """You take a checkpoint whose other file is missing: it was being written, and cannot be read.

    Ask for both files.
    """
    data = [f"{name.removesuffix('.index')}.data-00000-of-00001" for name in names]
    return evaluation.latest_checkpoint([*names, *data])


def data_files_alone(names: Sequence[str]) -> str | None:
    """You look at the data files alone; without its index file a checkpoint cannot be read."""
    index = [f"{name.split('.')[0]}.index" for name in names if ".data-" in name]
    return evaluation.latest_checkpoint([*names, *index])


def last_in_the_list(names: Sequence[str]) -> str | None:
    """You take the last one in the list; a folder's files come in no particular order."""
    whole = [n for n in (evaluation.latest_checkpoint([m, *_data(names)]) for m in names) if n]
    return whole[-1] if whole else None


def _data(names: Sequence[str]) -> list[str]:
    return [name for name in names if ".data-" in name]


def its_step(names: Sequence[str]) -> int | None:
    """You return the step; the checkpoint's name was asked for, such as "model-7"."""
    found = evaluation.latest_checkpoint(names)
    return int(found.removeprefix("model-")) if found else None


def its_file(names: Sequence[str]) -> str | None:
    """You return the name of a file; a checkpoint's name ends with its step, before the point."""
    found = evaluation.latest_checkpoint(names)
    return f"{found}.index" if found else None


def oldest(names: Sequence[str]) -> str | None:
    """You return the checkpoint of the smallest step: the oldest one."""
    whole = [n for n in (evaluation.latest_checkpoint([m, *_data(names)]) for m in names) if n]
    return min(whole, key=lambda n: int(n[6:]), default=None)


def empty_text_for_none(names: Sequence[str]) -> str:
    """You return an empty text where there is no whole checkpoint; None was asked for."""
    return evaluation.latest_checkpoint(names) or ""


def by_sets(names: Sequence[str]) -> str | None:
    """Let sets say which steps have both files."""
    model = [name.split("-", 1)[1].split(".", 1) for name in names if name.startswith("model-")]
    indices = {int(step) for step, end in model if end == "index"}
    data = {int(step) for step, end in model if end.startswith("data-")}
    both = indices & data
    return "model-" + str(sorted(both)[-1]) if both else None


def by_keeping_the_best(names: Sequence[str]) -> str | None:
    """Keep the best so far in a loop."""
    best = -1
    for name in names:
        stem, _, end = name.partition(".")
        data = stem + ".data-00000-of-00001"
        if end == "index" and stem.startswith("model-") and data in names:
            best = max(best, int(stem[6:]))
    return None if best < 0 else f"model-{best}"


def _files(*steps: int) -> list[str]:
    ends = ("index", "data-00000-of-00001")
    return [f"model-{step}.{end}" for step in steps for end in ends]


def _random_files(rng: np.random.Generator) -> tuple:
    steps = rng.choice([1, 7, 20, 101, 901, 1001, 9001, 10_001, 29_001], size=4, replace=False)
    lone = [f"model-{max(steps) + 1000}.index", f"model-{max(steps) + 2000}.data-00000-of-00001"]
    names = ["checkpoint", *_files(*steps), *lone]
    return ([names[i] for i in rng.permutation(len(names))],)


latest_checkpoint = Exercise(
    name="latest_checkpoint",
    lesson="22_dense_network",
    reference=evaluation.latest_checkpoint,
    parts=[
        Part(
            "the largest step",
            points=1,
            cases=[
                (["checkpoint", *_files(29_001, 9001, 501, 1001)],),
                (_files(7)[::-1],),
                (["checkpoint", "losses.csv"],),
                ([],),
            ],
        ),
        Part(
            "whole checkpoints only",
            points=1,
            cases=[
                ([*_files(1001, 2001), "model-3001.index"],),
                ([*_files(2001, 1001), "model-3001.data-00000-of-00001"],),
                (["model-5.index", "model-15.data-00000-of-00001"],),
            ],
            random_case=_random_files,
        ),
    ],
    misconceptions=[
        last_as_text,
        half_written_too,
        data_files_alone,
        last_in_the_list,
        its_step,
        its_file,
        oldest,
        empty_text_for_none,
    ],
    also_right=[by_sets, by_keeping_the_best],
    hints=[
        "First find the steps that have an index file, then keep those that have a data file, too.",
        "int() turns the digits between the line and the point into a number, and numbers compare "
        "as you want them to.",
        "max of an empty list is an error; ask first whether there is anything in it.",
    ],
)

# One training step -------------------------------------------------------------------------------


def averages_at_any_moment(loss: Any, learning_rate: Any, decay: float) -> Any:
    """Nothing in your graph orders the step and the averages, as on the slide.

    So the averages are sometimes of the old variables and sometimes of the new ones. Make them wait
    for the step.
    """
    step = tf1.train.get_or_create_global_step()
    averages = tf1.train.ExponentialMovingAverage(decay, step)
    averaged = averages.apply(tf1.trainable_variables())
    optimizer = tf1.train.GradientDescentOptimizer(learning_rate)
    return tf1.group(optimizer.minimize(loss, global_step=step), averaged)


def averages_before_the_step(loss: Any, learning_rate: Any, decay: float) -> Any:
    """Your averages are taken before the step: they are always one step behind."""
    step = tf1.train.get_or_create_global_step()
    averages = tf1.train.ExponentialMovingAverage(decay, step)
    with tf1.control_dependencies([averages.apply(tf1.trainable_variables())]):
        optimizer = tf1.train.GradientDescentOptimizer(learning_rate)
        gradients = optimizer.compute_gradients(loss)
        return optimizer.apply_gradients(gradients, global_step=step)


def step_not_counted(loss: Any, learning_rate: Any, decay: float) -> Any:
    """Your global step stays at 0: give it to `minimize`, which adds 1 to it.

    Without it the averages' decay stays at 0.1, and a learning rate would never fall.
    """
    step = tf1.train.get_or_create_global_step()
    descent = tf1.train.GradientDescentOptimizer(learning_rate).minimize(loss)
    averages = tf1.train.ExponentialMovingAverage(decay, step)
    with tf1.control_dependencies([descent]):
        return averages.apply(tf1.trainable_variables())


def decay_the_same_always(loss: Any, learning_rate: Any, decay: float) -> Any:
    """Your averages have the full decay from the first step on: give them the global step, too.

    It is the argument `num_updates` of `ExponentialMovingAverage`.
    """
    step = tf1.train.get_or_create_global_step()
    optimizer = tf1.train.GradientDescentOptimizer(learning_rate)
    descent = optimizer.minimize(loss, global_step=step)
    with tf1.control_dependencies([descent]):
        return tf1.train.ExponentialMovingAverage(decay).apply(tf1.trainable_variables())


def step_without_averages(loss: Any, learning_rate: Any, decay: float) -> Any:
    """Your operation takes the step and makes no averages, which the evaluation will look for."""
    step = tf1.train.get_or_create_global_step()
    optimizer = tf1.train.GradientDescentOptimizer(learning_rate)
    return optimizer.minimize(loss, global_step=step)


def averages_never_run(loss: Any, learning_rate: Any, decay: float) -> Any:
    """Your graph has averages, and the operation that you return does not update them.

    A session runs what it is asked for and what that needs, and nothing else.
    """
    step = tf1.train.get_or_create_global_step()
    optimizer = tf1.train.GradientDescentOptimizer(learning_rate)
    descent = optimizer.minimize(loss, global_step=step)
    with tf1.control_dependencies([descent]):
        tf1.train.ExponentialMovingAverage(decay, step).apply(tf1.trainable_variables())
    return descent


def step_never_run(loss: Any, learning_rate: Any, decay: float) -> Any:
    """Your operation averages the variables, and no step is taken: nothing makes it wait for one.

    A session runs what it is asked for and what that needs, and nothing else.
    """
    step = tf1.train.get_or_create_global_step()
    optimizer = tf1.train.GradientDescentOptimizer(learning_rate)
    optimizer.minimize(loss, global_step=step)
    averages = tf1.train.ExponentialMovingAverage(decay, step)
    return averages.apply(tf1.trainable_variables())


def counted_twice(loss: Any, learning_rate: Any, decay: float) -> Any:
    """Your global step grows by 2 at each step: `minimize` adds 1 to it already."""
    step = tf1.train.get_or_create_global_step()
    optimizer = tf1.train.GradientDescentOptimizer(learning_rate)
    descent = optimizer.minimize(loss, global_step=step)
    averages = tf1.train.ExponentialMovingAverage(decay, step)
    with tf1.control_dependencies([descent]), tf1.control_dependencies([step.assign_add(1)]):
        return averages.apply(tf1.trainable_variables())


def uphill(loss: Any, learning_rate: Any, decay: float) -> Any:
    """Your step goes up the slope: the loss grows. `minimize` subtracts the gradient by itself."""
    return training.train_op(-loss, learning_rate, decay)


def gradients_by_hand(loss: Any, learning_rate: Any, decay: float) -> Any:
    """Compute and apply the gradients in two calls, and end in an operation that does nothing."""
    global_step = tf1.train.get_or_create_global_step()
    variables = tf1.trainable_variables()
    optimizer = tf1.train.GradientDescentOptimizer(learning_rate)
    pairs = list(zip(tf1.gradients(loss, variables), variables, strict=True))
    taken = optimizer.apply_gradients(pairs, global_step=global_step)
    ema = tf1.train.ExponentialMovingAverage(decay, num_updates=global_step)
    with tf1.control_dependencies([taken]):
        averaged = ema.apply(variables)
    with tf1.control_dependencies([taken, averaged]):
        return tf1.no_op(name="train")


def averages_of_all_by_default(loss: Any, learning_rate: Any, decay: float) -> Any:
    """Let the class find the trainable variables, as it does without an argument."""
    step = tf1.train.get_or_create_global_step()
    optimizer = tf1.train.GradientDescentOptimizer(learning_rate)
    with tf1.control_dependencies([optimizer.minimize(loss, step)]):
        averaged = tf1.train.ExponentialMovingAverage(decay, step).apply()
    return tf1.group(averaged)


def _random_steps(rng: np.random.Generator) -> tuple:
    number = int(rng.integers(1, 4))
    return (
        rng.normal(size=number).round(1) + 3,
        rng.choice([-2.0, -1.0, 0.5, 1.5], size=number),
        float(rng.choice([0.1, 0.5])),
        float(rng.choice([0.3, 0.9])),
        int(rng.integers(2, 5)),
    )


train_op = Exercise(
    name="train_op",
    lesson="22_dense_network",
    reference=training.train_op,
    probe=probes.steps_taken,
    parts=[
        Part(
            "one step",
            points=1,
            cases=[
                (np.array([8.0]), np.array([1.0]), 1.0, 0.99, 1),
                (np.array([3.0]), np.array([2.0]), 0.5, 0.9, 1),
            ],
        ),
        Part(
            "several steps and variables",
            points=2,
            cases=[
                (np.array([8.0, -1.0]), np.array([1.0, -2.0]), 0.5, 0.99, 3),
                (np.array([3.0]), np.array([2.0]), 0.1, 0.2, 4),
            ],
            random_case=_random_steps,
        ),
    ],
    misconceptions=[
        averages_at_any_moment,
        averages_before_the_step,
        step_not_counted,
        decay_the_same_always,
        step_without_averages,
        averages_never_run,
        step_never_run,
        counted_twice,
        uphill,
    ],
    also_right=[gradients_by_hand, averages_of_all_by_default],
    hints=[
        "Two operations: the descent, and the averages' `apply`. The one that you return has to "
        "need the other.",
        "What is built inside a `with` block of control dependencies runs after the operations in "
        "its list.",
        "The global step goes to two places: to `minimize`, which counts with it, and to the "
        "averages, as their num_updates.",
    ],
)
