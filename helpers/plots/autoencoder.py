"""Pictures for the slide headed 自编码器."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from helpers.plots import style
from helpers.plots.style import Picture

_SIDE = 28


@style.in_style
def code_map(codes: NDArray, labels: NDArray, images: NDArray) -> Picture:
    """Draw every image's code as a point of the plane, and some images at their place.

    Parameters
    ----------
    codes : ndarray, shape (samples, 2)
    labels : ndarray of int, shape (samples,)
    images : ndarray, shape (samples, pixels)
    """
    figure, axes = style.new(height=5.2)
    points = axes.scatter(*codes.T, c=labels, cmap="tab10", s=5, vmin=-0.5, vmax=9.5)
    low, high = np.quantile(codes, [0.01, 0.99], axis=0)
    width, height = (high - low) / [20, 15]
    taken: list[NDArray] = []
    for code, image in zip(codes, images, strict=True):
        inside = np.all((code > low) & (code < high))
        near = (np.abs(code - other) < [1.3 * width, 1.3 * height] for other in taken)
        if not inside or any(np.all(each) for each in near):
            continue
        taken.append(code)
        extent = (
            code[0] - width / 2,
            code[0] + width / 2,
            code[1] - height / 2,
            code[1] + height / 2,
        )
        axes.imshow(
            np.ma.masked_less(image.reshape(_SIDE, _SIDE), 0.3),
            cmap="gray_r",
            vmin=0,
            vmax=1,
            extent=extent,
            aspect="auto",
            zorder=3,
        )
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xlabel="code 1", ylabel="code 2")
    figure.colorbar(points, ax=axes, label="digit", ticks=range(10), pad=0.02)
    return Picture(
        figure,
        f"a map of {len(codes)} codes coloured by digit, with some of the images at their places: "
        "images of one digit lie together, and similar digits side by side.",
    )


@style.in_style
def decoded(
    first: float,
    second: float,
    decode: Callable[[NDArray], NDArray],
    codes: NDArray,
    labels: NDArray,
) -> Picture:
    """Draw what a decoder makes of one point of the plane, beside the map of all codes.

    Parameters
    ----------
    first, second : float
        The point.
    decode : callable
        Takes codes of shape (samples, 2), returns images of shape (samples, pixels).
    codes : ndarray, shape (samples, 2)
    labels : ndarray of int, shape (samples,)
    """
    point = np.array([[first, second]], np.float32)
    figure, (left, right) = style.new(columns=2, height=3.1)
    left.scatter(*codes.T, c=labels, cmap="tab10", s=3, vmin=-0.5, vmax=9.5, alpha=0.6)
    left.plot(first, second, "+", color=style.BLACK, markersize=14, mew=2)
    low, high = np.quantile(codes, [0.01, 0.99], axis=0)
    left.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xlabel="code 1", ylabel="code 2")
    right.imshow(np.asarray(decode(point)).reshape(_SIDE, _SIDE), cmap="gray_r", vmin=0, vmax=1)
    right.set_axis_off()
    return Picture(
        figure,
        f"the map of codes with a cross at the point chosen, {first:.1f} and {second:.1f}, and the "
        "image that the decoder makes of this point.",
    )


@style.in_style
def activity(shares: Mapping[str, NDArray]) -> Picture:
    """Draw how many hidden units work for an image, as a histogram for each network.

    Parameters
    ----------
    shares : mapping of str to ndarray, shape (samples,)
        Numbers of active units.
    """
    figure, axes = style.new(height=2.5)
    for (name, numbers), colour in zip(shares.items(), [style.BLUE, style.ORANGE], strict=True):
        bins = np.arange(numbers.max() + 2) - 0.5
        axes.hist(numbers, bins=bins, color=colour, alpha=0.8, label=name)
    axes.set(xlabel="active units", ylabel="images")
    axes.legend(loc="upper center")
    said = ", ".join(f"{name} {np.mean(numbers):.0f}" for name, numbers in shares.items())
    return Picture(figure, f"two hills of numbers of active units; on average: {said}.")
