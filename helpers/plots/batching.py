"""Pictures for the slide headed 组合训练数据."""

from collections.abc import Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from helpers import batching
from helpers.plots import style
from helpers.plots.style import Picture


@style.in_style
def contents(
    files: Sequence[NDArray],
    min_after_dequeue: float,
    num_readers: float,
    batch_size: int = 50,
    num_batches: int = 40,
) -> Picture:
    """Draw how often each digit occurs in the first batches of a random queue.

    Parameters
    ----------
    files : sequence of ndarray of int
        The labels in each file, from 0 to 9, in the order in which they are read.
    min_after_dequeue, num_readers : float
        Rounded: sliders give floats.
    batch_size, num_batches : int, optional
    """
    stay, readers = round(min_after_dequeue), round(num_readers)
    records = batching.read_in_turn(files, readers)
    rng = np.random.default_rng(31)
    batches = batching.shuffled_batches(records, batch_size, stay, rng)
    counts = np.array([np.bincount(b, minlength=10) for b in islice(batches, num_batches)])
    figure, axes = style.new(height=2.7)
    image = axes.imshow(counts.T, cmap="Blues", vmin=0, vmax=batch_size / 2, aspect="auto")
    axes.set(xlabel="batch", ylabel="digit", yticks=range(10))
    axes.set_title(f"min_after_dequeue {stay}, readers {readers}")
    axes.grid(visible=False)
    bar = figure.colorbar(image, ax=axes, extend="max")
    bar.set_label(f"how many of {batch_size}")
    different = np.mean((counts > 0).sum(axis=1))
    return Picture(
        figure,
        f"digits in {len(counts)} batches, with min_after_dequeue {stay} and {readers} "
        f"reader{'s' if readers > 1 else ''}: on average {different:.1f} different ones each.",
    )


@style.in_style
def padding(batches: Mapping[str, Sequence[NDArray]], columns: int = 12) -> Picture:
    """Draw batches of padded sequences: data in blue, padding hatched, the rest not stored.

    Parameters
    ----------
    batches : mapping of str to sequence of ndarray of int, shape (sequences,)
        For each way of batching, the lengths in each batch.
    columns : int, optional
        How many of the batches are drawn. The sentence and the titles speak of all.
    """
    figure, panels = style.new(rows=len(batches), height=2.1 * len(batches), sharey=True)
    said = []
    for axes, (name, found) in zip(panels, batches.items(), strict=True):
        place = 0
        for lengths in found[:columns]:
            where = place + np.arange(len(lengths))
            missing = lengths.max() - lengths
            axes.bar(where, lengths, width=1, color=style.BLUE)
            axes.bar(
                where,
                missing,
                1,
                bottom=lengths,
                color="white",
                ec=style.ORANGE,
                hatch="////",
                lw=0,
            )
            place += len(lengths) + 2
        stored = sum(len(lengths) * lengths.max() for lengths in found)
        share = 1 - sum(lengths.sum() for lengths in found) / stored
        axes.set(title=f"{name}: {share:.0%} padding", ylabel="numbers", xticks=[])
        axes.yaxis.get_major_locator().set_params(integer=True)
        axes.grid(axis="x", visible=False)
        said.append(f"{name}, {share:.0%} is padding")
    panels[-1].set_xlabel("sequences, batch by batch")
    highest = max(lengths.max() for found in batches.values() for lengths in found[:columns])
    panels[0].set_ylim(0, 1.05 * highest)
    return Picture(figure, f"batches of sequences as bars, filled up: {'; '.join(said)}.")
