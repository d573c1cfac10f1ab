"""Exercises of lesson 22: accuracy over batches, the latest checkpoint, and one training step."""

import collections
import re
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


def _accuracy_of_batches(logits_of_all: Any, labels_of_all: Any = None, sizes: Any = None) -> float:
    # The parameters' names are what a verdict prints before a case's values.
    return evaluation.accuracy_of_batches(logits_of_all)


def _case(batches: Iterable[tuple[NDArray, NDArray]]) -> tuple:
    logits, labels = zip(*batches, strict=True)
    return np.concatenate(logits), np.concatenate(labels), [len(each) for each in labels]


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


def first_batch_alone(batches: Batches) -> float:
    """Your accuracy is that of the first batch: `return` stands in the loop, or you take one."""
    return evaluation.accuracy_of_batches([b for b in batches if len(b[1])][:1])


def last_batch_left_out(batches: Batches) -> float:
    """You leave out the last batch."""
    return evaluation.accuracy_of_batches(list(batches)[:-1])


def over_all_logits(batches: Batches) -> float:
    """You divide by the number of logits; a sample has one for each class."""
    batches = list(batches)
    return number_right(batches) / sum(logits.size for logits, _ in batches)


def more_than_half(batches: Batches) -> float:
    """You ask for a probability above a half; the largest may be smaller than that."""
    right = [
        np.exp(row[label] - row.max()) / np.exp(row - row.max()).sum() > 0.5
        for logits, labels in batches
        for row, label in zip(logits, labels, strict=True)
    ]
    return float(np.mean(right))


def above_zero(batches: Batches) -> float:
    """You ask whether the label's logit is above 0; ask whether it is the largest."""
    right = [
        row[label] > 0
        for logits, labels in batches
        for row, label in zip(logits, labels, strict=True)
    ]
    return float(np.mean(right))


def softmax_first(batches: Batches) -> float:
    """Your softmax is nan where `exp` of a logit is infinite: compare the logits themselves."""
    softmax = [
        (np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True), labels)
        for logits, labels in batches
    ]
    return evaluation.accuracy_of_batches(softmax)


def logits_cut_off(batches: Batches) -> float:
    """You make whole numbers of the logits: then others are as large as the largest."""
    whole = [(logits.astype(int), labels) for logits, labels in batches]
    return evaluation.accuracy_of_batches(whole)


def nan_for_empty(batches: Batches) -> float:
    """The accuracy of a batch without samples is 0 / 0, nan: add up how many are right."""
    batches = list(batches)
    shares = [np.mean(logits.argmax(axis=1) == labels) for logits, labels in batches]
    sizes = [len(labels) for _, labels in batches]
    return float(np.dot(shares, sizes) / np.sum(sizes))


def stops_at_empty(batches: Batches) -> float:
    """You stop at a batch without samples; others may follow: `continue`, not `break`."""
    import itertools

    before = itertools.takewhile(lambda batch: len(batch[1]), batches)
    return evaluation.accuracy_of_batches(list(before))


def empty_counts_as_one(batches: Batches) -> float:
    """You count a batch without samples as one sample: it has none."""
    batches = list(batches)
    return number_right(batches) / sum(max(len(labels), 1) for _, labels in batches)


def batches_all_right(batches: Batches) -> float:
    """You count batches that are right as a whole; count samples."""
    return float(np.mean([np.all(logits.argmax(axis=1) == labels) for logits, labels in batches]))


def one_for_each_batch(batches: Batches) -> list[float]:
    """You return an accuracy for each batch; one for all samples was asked for."""
    return [evaluation.accuracy_of_batches([b]) for b in batches if len(b[1])]


def median_of_batches(batches: Batches) -> float:
    """You take the median of the batches' accuracies; count over all samples."""
    return float(np.median(one_for_each_batch(batches)))


def largest_without_its_sign(batches: Batches) -> float:
    """You compare the logits without their signs: -5 is smaller than 3."""
    return evaluation.accuracy_of_batches([(np.abs(logits), labels) for logits, labels in batches])


def whole_division(batches: Batches) -> int:
    """`//` cuts off the fraction, so that your share is 0 or 1: divide with `/`."""
    return int(evaluation.accuracy_of_batches(batches))


def largest_itself(batches: Batches) -> float:
    """You compare the largest logit itself with the label: `np.argmax` gives its place."""
    batches = list(batches)
    right = sum(np.sum(np.max(logits, axis=1) == labels) for logits, labels in batches)
    return float(right / sum(len(labels) for _, labels in batches))


def largest_of_the_batch(batches: Batches) -> float:
    """You look for the largest logit of the whole batch: each sample has a largest one."""
    batches = list(batches)
    right = sum(
        logits[row, label] == logits.max()
        for logits, labels in batches
        for row, label in enumerate(labels)
    )
    return float(right / sum(len(labels) for _, labels in batches))


def largest_of_each_class(batches: Batches) -> float:
    """You look for the sample with the largest logit of each class: look along `axis=1`."""
    batches = list(batches)
    right = sum(np.sum(np.argmax(logits, axis=0) == labels) for logits, labels in batches)
    return float(right / sum(len(labels) for _, labels in batches))


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
    return _case(_batches(int(rng.integers(10**6)), sizes, int(rng.integers(3, 7))))


accuracy_of_batches = Exercise(
    name="accuracy_of_batches",
    lesson="22_dense_network",
    reference=_accuracy_of_batches,
    probe=probes.in_batches,
    parts=[
        Part(
            "batches of different sizes",
            points=1,
            cases=[
                (
                    np.array([[0.9, 0.1, 0.0], [2.0, 1.0, 0.5], [0.1, 3.0, 0.2], [0.0, 1.0, 4.0]]),
                    np.array([2, 0, 1, 2]),
                    [1, 3],
                ),
                _case(_batches(1, [5, 5, 2])),
                (  # the largest logit is larger by a little
                    np.array([[0.2, 0.7, 0.1], [0.3, 0.4, 0.5], [0.6, 0.5, 0.4]], np.float32),
                    np.array([1, 2, 0]),
                    [2, 1],
                ),
            ],
            random_case=_random_batches,
        ),
        Part(
            "an empty batch, and logits of all sizes",
            points=1,
            cases=[
                _case([*_batches(2, [4]), *_batches(0, [0]), *_batches(3, [3])]),
                _case([(logits - 9, labels) for logits, labels in _batches(4, [3, 4])]),
                _case([(logits + 800, labels) for logits, labels in _batches(5, [3, 2])]),
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
        first_batch_alone,
        last_batch_left_out,
        over_all_logits,
        more_than_half,
        above_zero,
        softmax_first,
        logits_cut_off,
        nan_for_empty,
        stops_at_empty,
        empty_counts_as_one,
        batches_all_right,
        one_for_each_batch,
        median_of_batches,
        largest_without_its_sign,
        whole_division,
        largest_itself,
        largest_of_the_batch,
        largest_of_each_class,
    ],
    also_right=[by_single_samples, all_batches_at_once, accuracy_in_tensorflow],
    forbidden={
        "helpers.evaluation.accuracy_of_batches": "The exercise is to write this yourself; "
        "`helpers.evaluation.accuracy_of_batches` is the answer."
    },
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


def _largest(steps: Iterable[str]) -> str | None:
    return f"model-{found}" if (found := max(map(int, steps), default=None)) is not None else None


def half_written_too(names: Sequence[str]) -> str | None:
    """You take a checkpoint whose other file is missing: it was being written, and cannot be read.

    Ask for both files.
    """
    return _largest(m[1] for name in names if (m := re.fullmatch(r"model-(\d+)\.index", name)))


def data_files_alone(names: Sequence[str]) -> str | None:
    """You look at the data files alone; without its index file a checkpoint cannot be read."""
    return _largest(m[1] for name in names if (m := re.match(r"model-(\d+)\.data-", name)))


def either_file(names: Sequence[str]) -> str | None:
    """You take a step that has one of the two files: it needs both."""
    return _largest(m[1] for name in names if (m := re.match(r"model-(\d+)\.(index|data-)", name)))


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


def none_if_the_newest_is_half(names: Sequence[str]) -> str | None:
    """You give up where the newest checkpoint lacks a file: an older one may be whole."""
    found = evaluation.latest_checkpoint(names)
    return found if found == either_file(names) else None


def newest_index_alone(names: Sequence[str]) -> str | None:
    """You look at the newest index file alone: where its data is missing, go on to older ones."""
    steps = [int(m[1]) for name in names if (m := re.fullmatch(r"model-(\d+)\.index", name))]
    found = evaluation.latest_checkpoint(names)
    return found if steps and found == f"model-{max(steps)}" else None


def steps_of_all_files(names: Sequence[str]) -> str | None:
    """You read a step from the name of every file; other files have none."""
    for name in names:
        int(name.split("-")[1].split(".")[0])
    return evaluation.latest_checkpoint(names)


def longest_name(names: Sequence[str]) -> str | None:
    """You take the longest name; of two that are as long, the steps decide."""
    whole = [n for n in (evaluation.latest_checkpoint([m, *_data(names)]) for m in names) if n]
    return max(whole, key=len, default=None)


def _with_data(names: Sequence[str], begins: str) -> str | None:
    indices = [m[1] for name in names if (m := re.fullmatch(r"model-(\d+)\.index", name))]
    return _largest(
        step
        for step in indices
        if any(name.startswith(begins.format(step)) and ".data-" in name for name in names)
    )


def beginning_of_another(names: Sequence[str]) -> str | None:
    """You take the data file of another step: `model-71` begins with `model-7`, too."""
    return _with_data(names, "model-{}")


def data_file_with_more(names: Sequence[str]) -> str | None:
    """You take a file with more behind `-of-00001` for the data file: compare the whole name."""
    return _with_data(names, "model-{}.")


def two_files_of_any_kind(names: Sequence[str]) -> str | None:
    """You count a step's files; which two they are decides, not how many."""
    found = [match[1] for name in names if (match := re.match(r"model-(\d+)\.", name))]
    return _largest(step for step, number in collections.Counter(found).items() if number > 1)


def step_0_forgotten(names: Sequence[str]) -> str | None:
    """You take step 0 for no checkpoint: only None should say that none has been found."""
    found = evaluation.latest_checkpoint(names)
    return None if found == "model-0" else found


def false_for_none(names: Sequence[str]) -> str | bool:
    """You return False where there is no whole checkpoint; None was asked for."""
    return evaluation.latest_checkpoint(names) or False


def largest_of_nothing(names: Sequence[str]) -> str:
    """Where there is no whole checkpoint, you take the largest of an empty list: return None."""
    if found := evaluation.latest_checkpoint(names):
        return found
    return max([])


def index_with_more(names: Sequence[str]) -> str | None:
    """You take another file for the index file: nothing stands before `model-`.

    `re.fullmatch` compares a whole name, `re.search` does not.
    """
    steps = [m[1] for name in names if (m := re.search(r"model-(\d+).*index", name))]
    return evaluation.latest_checkpoint([*names, *(f"model-{step}.index" for step in steps)])


def by_sets(names: Sequence[str]) -> str | None:
    """Let sets say which steps have both files."""
    model = [name.split("-", 1)[1].split(".", 1) for name in names if name.startswith("model-")]
    indices = {int(step) for step, end in model if end == "index"}
    data = {int(step) for step, end in model if end == "data-00000-of-00001"}
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
                (_files(0),),
                (_files(1001, 2001),),
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
                ([*_files(2), "model-7.index", "model-71.data-00000-of-00001"],),
                ([*_files(2), "model-9.index", "model-9.data-00000-of-00001.tempstate4"],),
                ([*_files(2), "model-9.index", "model-9.meta"],),
                ([*_files(2), "old-model-9.index", "model-9.data-00000-of-00001"],),
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
        none_if_the_newest_is_half,
        longest_name,
        beginning_of_another,
        data_file_with_more,
        either_file,
        two_files_of_any_kind,
        step_0_forgotten,
        false_for_none,
        largest_of_nothing,
        index_with_more,
        newest_index_alone,
        steps_of_all_files,
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


def _train_op(
    starts: Any, slopes_of_loss: Any, learning_rate: Any, decay: Any = None, runs: Any = None
) -> Any:
    # The parameters' names are what a verdict prints before a case's values.
    return training.train_op(starts, slopes_of_loss, learning_rate)


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


def counted_after_the_averages(loss: Any, learning_rate: Any, decay: float) -> Any:
    """The averages do not wait for the global step: they take its old value. It grows first."""
    step = tf1.train.get_or_create_global_step()
    averages = tf1.train.ExponentialMovingAverage(decay, step)
    optimizer = tf1.train.GradientDescentOptimizer(learning_rate)
    with tf1.control_dependencies([optimizer.minimize(loss)]):
        averaged = averages.apply(tf1.trainable_variables())
    with tf1.control_dependencies([averaged]):
        return tf1.group(tf1.assign_add(step, 1))


def _with(optimizer: Any, loss: Any, decay: Any, averaged: Any = None) -> Any:
    step = tf1.train.get_or_create_global_step()
    with tf1.control_dependencies([optimizer.minimize(loss, global_step=step)]):
        return tf1.train.ExponentialMovingAverage(decay, step).apply(averaged)


def momentum_taken(loss: Any, learning_rate: Any, decay: float) -> Any:
    """Your step has a momentum of 0.9: take plain gradient descent."""
    return _with(tf1.train.MomentumOptimizer(learning_rate, 0.9), loss, decay)


def adam_taken(loss: Any, learning_rate: Any, decay: float) -> Any:
    """Your first step is as long as the learning rate however steep the loss is.

    Adam does that, and so does a gradient that is clipped to 1: take plain gradient descent.
    """
    return _with(tf1.train.AdamOptimizer(learning_rate), loss, decay)


def decay_of_the_lesson(loss: Any, learning_rate: Any, decay: float) -> Any:
    """Your decay is always 0.99: it is an argument."""
    return training.train_op(loss, learning_rate, 0.99)


def rate_times_decay(loss: Any, learning_rate: Any, decay: float) -> Any:
    """You multiply the learning rate by `decay`: that is the decay of the averages."""
    return _with(tf1.train.GradientDescentOptimizer(learning_rate * decay), loss, decay)


def first_variable_alone(loss: Any, learning_rate: Any, decay: float) -> Any:
    """You average one variable: all that are trainable."""
    optimizer = tf1.train.GradientDescentOptimizer(learning_rate)
    return _with(optimizer, loss, decay, tf1.trainable_variables()[:1])


def others_averaged_too(loss: Any, learning_rate: Any, decay: float) -> Any:
    """You average other variables, too: `tf1.trainable_variables()` lists those to average."""
    floats = [each for each in tf1.global_variables() if each.dtype.is_floating]
    optimizer = tf1.train.GradientDescentOptimizer(learning_rate)
    return _with(optimizer, loss, decay, floats)


def counter_of_their_own(loss: Any, learning_rate: Any, decay: float) -> Any:
    """You count in a variable of your own: `tf1.train.get_or_create_global_step()` has the step."""
    step = tf1.get_variable("steps_taken", initializer=0, trainable=False)
    optimizer = tf1.train.GradientDescentOptimizer(learning_rate)
    with tf1.control_dependencies([optimizer.minimize(loss, global_step=step)]):
        return tf1.train.ExponentialMovingAverage(decay, step).apply()


def rate_as_a_number(loss: Any, learning_rate: Any, decay: float) -> Any:
    """A TypeError comes of a Python number made of the learning rate, which may be a tensor.

    It comes also of a global step made by hand: take `tf1.train.get_or_create_global_step()`.
    """
    return training.train_op(loss, float(learning_rate), decay)


def no_global_step(loss: Any, learning_rate: Any, decay: float) -> Any:
    """Your graph has no global step: `tf1.train.get_or_create_global_step()` makes one.

    `tf1.train.get_global_step()` gives None where there is none yet.
    """
    step = tf1.train.get_global_step()
    optimizer = tf1.train.GradientDescentOptimizer(learning_rate)
    with tf1.control_dependencies([optimizer.minimize(loss, global_step=step)]):
        averages = tf1.train.ExponentialMovingAverage(decay, step)
        return averages.apply(tf1.trainable_variables())


def nothing_awaited(loss: Any, learning_rate: Any, decay: float) -> Any:
    """The operation that you return does nothing: it waits neither for the step nor the averages.

    An operation waits if it is made within `with tf1.control_dependencies(…)`.
    """
    training.train_op(loss, learning_rate, decay)
    return tf1.no_op()


def rate_that_falls(loss: Any, learning_rate: Any, decay: float) -> Any:
    """Your learning rate falls from step to step: `decay` is that of the averages."""
    step = tf1.train.get_or_create_global_step()
    rate = tf1.train.exponential_decay(learning_rate, step, 1, decay)
    return training.train_op(loss, rate, decay)


def descent_by_assign(loss: Any, learning_rate: Any, decay: float) -> Any:
    """Subtract the gradients without an optimizer, and count."""
    step = tf1.train.get_or_create_global_step()
    variables = tf1.trainable_variables()
    pairs = zip(variables, tf1.gradients(loss, variables), strict=True)
    moves = [tf1.assign_sub(variable, learning_rate * slope) for variable, slope in pairs]
    with tf1.control_dependencies(moves):
        counted = tf1.assign_add(step, 1)
    with tf1.control_dependencies([counted]):
        return tf1.train.ExponentialMovingAverage(decay, step).apply(variables)


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
    reference=_train_op,
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
        counted_after_the_averages,
        momentum_taken,
        adam_taken,
        decay_of_the_lesson,
        rate_times_decay,
        first_variable_alone,
        others_averaged_too,
        counter_of_their_own,
        rate_as_a_number,
        no_global_step,
        nothing_awaited,
        rate_that_falls,
    ],
    also_right=[gradients_by_hand, averages_of_all_by_default, descent_by_assign],
    forbidden={
        "helpers.networks.training.train_op": "The exercise is to write this yourself; "
        "`helpers.networks.training.train_op` is the answer."
    },
    hints=[
        "Two operations: the descent, and the averages' `apply`. The one that you return has to "
        "need the other.",
        "What is built inside a `with` block of control dependencies runs after the operations in "
        "its list.",
        "The global step goes to two places: to `minimize`, which counts with it, and to the "
        "averages, as their num_updates.",
    ],
)
