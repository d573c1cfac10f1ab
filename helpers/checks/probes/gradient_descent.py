"""Probes of lesson 13: a walk is watched for its gradients, an epoch for its samples."""

from collections.abc import Callable, Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.observe import WrongReturn


class NoBatches(WrongReturn):
    """What the answer returned cannot be read as batches of x and labels."""


def descend(
    answer: Callable,
    steepness: NDArray,
    start: NDArray,
    learning_rate: float,
    momenta: Sequence[float],
) -> dict[str, Any]:
    """Walk down a bowl whose gradient is ``steepness * weights``; count the gradients.

    Examples
    --------
    >>> seen = descend(lambda gradient, start, *_: [start, start - gradient(start)],
    ...                np.ones(1), np.ones(1), 1.0, [0.0])
    >>> seen["the number of gradients asked for"]
    1
    """
    places: list[NDArray] = []

    def gradient(weights: NDArray) -> NDArray:
        places.append(np.array(weights))
        return steepness * places[-1]

    path = answer(gradient, start, learning_rate, momenta)
    return {
        "the path": path,
        "the number of gradients asked for": len(places),
        "the list of the places of these gradients": places,
    }


def minibatches(
    answer: Callable, x: NDArray, labels: NDArray, batch_size: int, seed: int
) -> dict[str, Any]:
    """Run two epochs with one rng, and one with a new rng of the same seed.

    Every row of x, and every label, occurs once; so a batch tells which samples it holds.

    Examples
    --------
    >>> def as_they_come(x, labels, batch_size, rng):
    ...     return [(x[:2], labels[:2]), (x[2:], labels[2:])]
    >>> x, labels = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([5, 6, 7, 8])
    >>> seen = minibatches(as_they_come, x, labels, 2, 0)
    >>> seen["whether the samples came in the order of x"]
    True
    """
    rows = {row.tobytes(): number for number, row in enumerate(x)}
    places = {int(label): number for number, label in enumerate(labels)}
    rng, again = np.random.default_rng(seed), np.random.default_rng(seed)
    epochs = [_read(answer(x, labels, batch_size, given), x) for given in (rng, rng, again)]
    first, second, repeated = (
        [[rows.get(row.tobytes(), -1) for row in xs] for xs, _ in epoch] for epoch in epochs
    )
    order, later, order_again = (list(chain(*epoch)) for epoch in (first, second, repeated))
    by_labels = [places.get(int(label), -1) for _, batch in epochs[0] for label in batch]
    return {
        "the batches' sizes": ", ".join(str(len(batch)) for batch in first),
        "whether a sample was left out": set(order) != set(range(len(x))),
        "whether a sample came twice": len(set(order)) < len(order),
        "whether every sample kept its own label": order == by_labels,
        "whether the samples came in the order of x": order == sorted(order),
        "whether the labels came in their old order": by_labels == sorted(by_labels),
        "whether the order was that of x, only begun elsewhere": all(
            (after - before) % len(x) == 1 for before, after in pairwise(order)
        ),
        "whether each batch held only neighbours in x": 1 < batch_size < len(x)
        and all(max(batch) - min(batch) == len(batch) - 1 for batch in first if batch),
        "whether a second call with the same rng gave the same order": later == order,
        "whether a new rng of the same seed gave the same order": order_again == order,
    }


def _told(batch: Any) -> str:
    """Say in a few words what stands where a batch should be."""
    shape = getattr(batch, "shape", None)
    if shape is not None:
        return f"an array of shape {tuple(shape)}"
    kind = type(batch).__name__
    return f"a {kind} of {len(batch)}" if isinstance(batch, tuple | list | dict) else f"a {kind}"


def _read(returned: Any, x: NDArray) -> list[tuple[NDArray, NDArray]]:
    """Return the batches as pairs of arrays, or say why that cannot be done."""
    try:
        batches = list(returned)
    except TypeError:
        kind = type(returned).__name__
        raise NoBatches(
            f"it returned a {kind}, not batches. Return a list of pairs, or yield them."
        ) from None
    pairs = []
    for batch in batches:
        if not isinstance(batch, tuple | list) or len(batch) != 2:
            raise NoBatches(
                f"where a batch was wanted stands {_told(batch)}; a batch is a pair: the rows of "
                "x, and their labels."
            )
        xs, labels = (np.asarray(part) for part in batch)
        if xs.shape[1:] != x.shape[1:] or labels.shape != xs.shape[:1]:
            raise NoBatches(
                f"a batch held x of shape {xs.shape} and labels of shape {labels.shape}; wanted "
                f"were (n, {x.shape[1]}) and (n,)."
            )
        pairs.append((xs.astype(x.dtype), labels))
    return pairs
