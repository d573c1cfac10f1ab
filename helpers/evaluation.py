"""Evaluation in plain Python and NumPy: how many are right, and which checkpoint is asked."""

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray


def accuracy_of_batches(batches: Iterable[tuple[NDArray, NDArray]]) -> float:
    """Return the share of all samples whose largest logit is their label's.

    Parameters
    ----------
    batches : iterable of (logits, labels)
        ``logits`` of shape (samples, classes), ``labels`` of int of shape (samples,). Batches may
        differ in size, and be empty; there is at least one sample in all.

    Returns
    -------
    float

    Notes
    -----
    Slide: LeNet-5类似实例, whose evaluation takes a single batch.

    Examples
    --------
    >>> small, large = np.eye(3)[[0]], np.eye(3)[[0, 1, 2]]
    >>> accuracy_of_batches([(small, np.array([2])), (large, np.array([0, 1, 2]))])
    0.75
    """
    right = samples = 0
    for logits, labels in batches:
        right += int(np.sum(np.argmax(logits, axis=1) == labels))
        samples += len(labels)
    return right / samples


def latest_checkpoint(names: Sequence[str]) -> str | None:
    """Return the name of the newest whole checkpoint among a folder's files.

    Parameters
    ----------
    names : sequence of str
        File names in any order. The checkpoint of step 7 is ``model-7.index`` and
        ``model-7.data-00000-of-00001``; one of the two alone was being written when the program
        was ended.

    Returns
    -------
    str or None
        Such as ``"model-7"``: of the whole checkpoints the one of the largest step; None if there
        is none.

    Notes
    -----
    Slide: MNIST 数字识别实例, ``tf.train.get_checkpoint_state``.

    Examples
    --------
    >>> latest_checkpoint(["model-7.data-00000-of-00001", "checkpoint", "model-7.index"])
    'model-7'
    """
    indices = [re.fullmatch(r"model-(\d+)\.index", name) for name in names]
    steps = [int(index[1]) for index in indices if index]
    whole = [step for step in steps if f"model-{step}.data-00000-of-00001" in names]
    return f"model-{max(whole)}" if whole else None
