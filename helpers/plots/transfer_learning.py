"""Pictures for the slide headed 迁移学习."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from helpers.plots import style
from helpers.plots.style import Picture


@style.in_style
def by_labels(numbers: Sequence[int], accuracies: Mapping[str, NDArray], guess: float) -> Picture:
    """Draw accuracies by the number of labels, with the spread over the runs.

    Parameters
    ----------
    numbers : sequence of int
        Numbers of labels.
    accuracies : mapping of str to ndarray, shape (numbers, runs)
    guess : float
        The accuracy of guessing: drawn as a line.
    """
    figure, axes = style.new(height=3.3)
    places = np.arange(len(numbers))
    said = []
    for shift, (name, found) in enumerate(accuracies.items()):
        mean, spread = found.mean(axis=1), found.std(axis=1, ddof=1)
        offset = 0.07 * (shift - (len(accuracies) - 1) / 2)
        axes.errorbar(places + offset, mean, spread, label=name, marker="o", ms=4, capsize=3)
        said.append(f"{name} from {mean[0]:.2f} to {mean[-1]:.2f}")
    axes.axhline(guess, color=style.GREY, linewidth=1, linestyle=":")
    axes.annotate("guessing", (0, guess), (0, 4), textcoords="offset points", fontsize=9)
    axes.set(xlabel="labels to learn from", ylabel="accuracy on test images", ylim=(0, 1))
    axes.set(xticks=places, xticklabels=[str(number) for number in numbers])
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return Picture(figure, f"accuracies that rise with the number of labels: {'; '.join(said)}.")
