"""Pictures for the slide headed One-Hot 编码."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from helpers.plots import style
from helpers.plots.style import Picture

_COLOURS = [style.BLUE, style.ORANGE, style.GREEN]


@style.in_style
def distances(names: Sequence[str]) -> Picture:
    """Draw three categories as numbers on a line and as one-hot codes, with their distances."""
    figure, (line, triangle) = style.new(columns=2, height=2.7)
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(0.75)]]) * np.sqrt(2)
    on_line = np.column_stack([[1.0, 2.0, 3.0], np.zeros(3)])
    for axes, places, title in [
        (line, on_line, "as numbers 1, 2, 3"),
        (triangle, corners, "as one-hot codes"),
    ]:
        for one, other in [(0, 1), (1, 2), (0, 2)]:
            # On the line the longest distance is drawn as an arc above the others.
            far = axes is line and (one, other) == (0, 2)
            axes.annotate(
                "",
                places[one],
                places[other],
                arrowprops={
                    "arrowstyle": "-",
                    "color": style.GREY,
                    "connectionstyle": "arc3,rad=0.35" if far else "arc3",
                },
            )
            middle = (places[one] + places[other]) / 2 + ([0, 0.42] if far else [0, 0.09])
            length = np.linalg.norm(places[one] - places[other])
            axes.annotate(f"{length:.2f}", middle, ha="center")
        for name, place, colour in zip(names, places, _COLOURS, strict=True):
            axes.plot(*place, "o", color=colour, markersize=9)
            axes.annotate(
                name, place, (0, -16), textcoords="offset points", ha="center", color="#333333"
            )
        axes.set_title(title)
        axes.set_axis_off()
    line.set(xlim=(0.6, 3.4), ylim=(-0.6, 1.0))
    triangle.set(xlim=(-0.4, 1.9), ylim=(-0.35, 1.45))
    return Picture(
        figure,
        "left, three jobs on a line: two neighbours are 1 apart, the outer two 2; right, the same "
        "as one-hot codes at the corners of a triangle, all 1.41 apart.",
    )


@style.in_style
def one_number(second: float, means: Sequence[float], names: Sequence[str]) -> Picture:
    """Draw the best straight line through three categories' means, with codes 1, `second` and 3."""
    codes = np.array([1.0, second, 3.0])
    line = np.polynomial.Polynomial.fit(codes, means, 1)
    error = float(np.mean((line(codes) - means) ** 2))
    figure, axes = style.new(height=2.9)
    ends = np.array([min(codes.min(), 0.5), max(codes.max(), 3.5)])
    axes.plot(ends, line(ends), color=style.GREY, label="best line")
    for code, mean, name, colour in zip(codes, means, names, _COLOURS, strict=True):
        axes.plot([code, code], [mean, line(code)], color=style.RED, linestyle="-", linewidth=1)
        axes.plot(code, mean, "o", color=colour, label=name, markersize=8, linestyle="none")
    axes.set(
        xlabel="the number that stands for the job",
        ylabel="hours a week",
        title=f"mean squared error {error:.1f}",
        ylim=(0, 70),
    )
    axes.legend(loc="upper left", ncols=4)
    return Picture(
        figure,
        f"three points, at 1, {second:.3g} and 3, and the best straight line, which misses them by "
        f"a mean squared error of {error:.1f}.",
    )


@style.in_style
def followers(probabilities: ArrayLike, letters: str) -> Picture:
    """Draw how likely each letter (column) follows each letter (row)."""
    probabilities = np.asarray(probabilities)
    figure, axes = style.new(height=5.4)
    image = axes.imshow(probabilities, cmap="Blues", vmin=0, vmax=1)
    shown = [letter if letter != " " else "␣" for letter in letters]
    places = range(len(letters))
    axes.set(xticks=places, xticklabels=shown, yticks=places, yticklabels=shown)
    axes.set(xlabel="next letter", ylabel="letter")
    axes.grid(visible=False)
    figure.colorbar(image, ax=axes, label="probability")
    best = int(np.argmax(np.where(np.eye(len(letters)), 0, probabilities).max(axis=1)))
    follower = shown[int(np.argmax(probabilities[best]))]
    return Picture(
        figure,
        "a square of probabilities, mostly near 0, with a few dark cells in each row; the darkest "
        f"says that {shown[best]} is followed by {follower}.",
    )
