"""Pictures for the slide headed Inception 模型."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from helpers import inception
from helpers.plots import style
from helpers.plots.style import Picture

SIZE, CHANNELS, OUTPUTS = 28, 192, 32  # of GoogLeNet's first module, its branch of 5 x 5 filters


@style.in_style
def maps(images: Mapping[str, ArrayLike], says: str) -> Picture:
    """Draw an image and maps of it side by side, negative numbers as 0.

    Parameters
    ----------
    images : mapping of str to array_like, shape (height, width)
        From 0 (white) to 1 (black).
    says : str
        The picture's text alternative.
    """
    figure, panels = style.new(columns=len(images), height=2.0)
    for axes, (name, image) in zip(panels, images.items(), strict=True):
        axes.imshow(np.asarray(image), cmap="gray_r", vmin=0, vmax=1)
        axes.set_title(name, fontsize=10)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(True)
        axes.grid(visible=False)
    return Picture(figure, says)


@style.in_style
def bottleneck(width: float) -> Picture:
    """Draw what a 5 x 5 convolution of 192 maps costs without and with a bottleneck.

    Parameters
    ----------
    width : float
        Number of the maps that the 1 x 1 convolution gives; rounded.
    """
    width = max(1, round(width))
    alone, narrow, wide = (
        inception.branch_counts(SIZE, channels, [filters])[1] / 1e6
        for channels, filters in [
            (CHANNELS, (5, 5, OUTPUTS)),
            (CHANNELS, (1, 1, width)),
            (width, (5, 5, OUTPUTS)),
        ]
    )
    figure, axes = style.new(height=1.9)
    axes.barh("5 x 5 alone", alone, color=style.BLUE)
    axes.barh(f"1 x 1 to {width} maps", narrow, color=style.ORANGE, hatch="//", label="1 x 1")
    axes.barh(f"1 x 1 to {width} maps", wide, left=narrow, color=style.BLUE, label="5 x 5")
    axes.axvline(alone, color=style.GREY, linewidth=1, linestyle=":")
    axes.set(xlabel="multiplications, in millions", xlim=(0, 150))
    axes.invert_yaxis()
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return Picture(
        figure,
        f"bars of the multiplications: {alone:.1f} million for the 5 x 5 filters alone, "
        f"{narrow:.1f} + {wide:.1f} million with a bottleneck of {width} maps before them.",
    )


@style.in_style
def versions(errors: Mapping[str, Sequence[float]], ways: Sequence[str]) -> Picture:
    """Draw the errors of several networks, each measured in several ways.

    Parameters
    ----------
    errors : mapping of str to sequence of float
        A network's name, to its errors in percent, one for each way.
    ways : sequence of str
        How they were measured.
    """
    figure, axes = style.new(height=3.0)
    for name, values in errors.items():
        axes.plot(ways, values, marker="o", ms=5, label=name)
        axes.annotate(
            name,
            (0, values[0]),
            xytext=(-8, 0),
            textcoords="offset points",
            ha="right",
            va="center",
        )
        lift = -14 if name == list(errors)[-1] else 5  # the lowest line's numbers stand below it
        for place, value in enumerate(values):
            axes.annotate(
                str(value),
                (place, value),
                xytext=(0, lift),
                textcoords="offset points",
                fontsize=9,
            )
    axes.set(ylabel="top-5 error, percent", ylim=(2, 11), xlim=(-0.3, len(ways) - 0.7))
    said = "; ".join(f"{name} {', '.join(map(str, values))}" for name, values in errors.items())
    measured = "; ".join(way.replace("\n", " ") for way in ways)
    return Picture(figure, f"falling lines of top-5 errors by {measured}. {said}.")
