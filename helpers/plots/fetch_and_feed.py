"""Pictures for the slide headed Fetch & Feed."""

import numpy as np
from numpy.typing import ArrayLike

from helpers.plots import style
from helpers.plots.style import Picture


@style.in_style
def lost_digits(changes: ArrayLike) -> Picture:
    """Draw how many images of each digit are read correctly more or less without each unit.

    Parameters
    ----------
    changes : array_like of int, shape (units, digits)
    """
    changes = np.asarray(changes)
    limit = np.abs(changes).max()
    figure, axes = style.new(height=4.2)
    image = axes.imshow(changes, cmap="PuOr", vmin=-limit, vmax=limit, aspect="auto")
    for (unit, digit), change in np.ndenumerate(changes):
        if change:
            colour = "white" if abs(change) > 0.6 * limit else "black"
            text = f"{change:+d}".replace("-", "\N{MINUS SIGN}")
            axes.text(digit, unit, text, ha="center", va="center", color=colour, fontsize=9)
    axes.set(xlabel="digit", ylabel="hidden unit fed with 0")
    axes.set_xticks(range(changes.shape[1]))
    axes.set_yticks(range(len(changes)))
    axes.grid(visible=False)
    figure.colorbar(image, ax=axes, label="change in images read correctly")
    unit, digit = np.unravel_index(changes.argmin(), changes.shape)
    return Picture(
        figure,
        "a table with a row for each hidden unit and a column for each digit; the largest loss is "
        f"{-changes.min()} images of the digit {digit}, without unit {unit}.",
    )


@style.in_style
def answers(
    pixels: ArrayLike, values: ArrayLike, probabilities: ArrayLike, actual: float, unit: int
) -> Picture:
    """Draw an image, and how its probabilities change with the value fed to a hidden unit.

    Parameters
    ----------
    pixels : array_like of float, shape (64,)
    values : array_like of float, shape (steps,)
        The values that were fed.
    probabilities : array_like of float, shape (steps, digits)
    actual : float
        The unit's own activation for this image.
    unit : int
        The number of the unit.
    """
    probabilities = np.asarray(probabilities)
    figure, (left, right) = style.new(columns=2, height=3.2, width_ratios=[1, 2])
    left.imshow(np.reshape(pixels, (8, 8)), cmap="Greys", vmin=0, vmax=1)
    left.set(xticks=[], yticks=[], title="the image")
    left.grid(visible=False)
    shown = np.flatnonzero(probabilities.max(axis=0) > 0.1)
    for digit in shown:
        right.plot(values, probabilities[:, digit], label=str(digit))
    right.axvline(actual, color=style.GREY, linewidth=1, linestyle="--")
    right.text(actual, 1.06, "computed", ha="center", va="bottom", color="#4d4d4d", fontsize=9)
    right.set(xlabel=f"value fed to hidden unit {unit}", ylabel="probability", ylim=(0, 1.05))
    right.legend(title="digit", loc="center left", bbox_to_anchor=(1, 0.5))
    return Picture(
        figure,
        f"an image, and the probabilities of the digits {', '.join(map(str, shown))} against the "
        f"value fed to hidden unit {unit}; a dashed line marks the value that the image gives it.",
    )
