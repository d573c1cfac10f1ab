"""Pictures for the slides headed 保存和恢复变量 (saving and restoring variables)."""

from collections.abc import Mapping, Sequence

import numpy as np

from helpers.plots import style
from helpers.plots.style import Picture


@style.in_style
def contents(shapes: Mapping[str, Sequence[int]], needed: Sequence[str]) -> Picture:
    """Draw how many numbers a checkpoint holds under each name.

    Parameters
    ----------
    shapes : mapping of str to sequence of int
        Name to shape.
    needed : sequence of str
        The names without which the network cannot be used; they are drawn in another colour.
    """
    sizes = [int(np.prod(shape, dtype=int)) for shape in shapes.values()]
    figure, axes = style.new(height=0.3 * len(sizes) + 0.9)
    for label, colour, hatch, wanted in [
        ("needed to use the network", style.BLUE, "", True),
        ("needed to continue training", style.ORANGE, "//", False),
    ]:
        chosen = [
            (i, size) for i, size in enumerate(sizes) if (list(shapes)[i] in needed) == wanted
        ]
        bars = axes.barh(
            [i for i, _ in chosen],
            [size for _, size in chosen],
            color=colour,
            hatch=hatch,
            edgecolor="white",
            label=label,
        )
        axes.bar_label(bars, padding=3)
    axes.set(
        xlabel="numbers saved under the name",
        yticks=range(len(sizes)),
        yticklabels=list(shapes),
        xlim=(0, 1.12 * max(sizes)),
    )
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.legend(loc="lower right")
    used = sum(size for name, size in zip(shapes, sizes, strict=True) if name in needed)
    return Picture(
        figure,
        f"a bar for each of {len(sizes)} names; of {sum(sizes)} numbers {used} are needed to use "
        "the network.",
    )


@style.in_style
def head_start(curves: Mapping[str, Sequence[float]]) -> Picture:
    """Draw the loss against the step, a line for each beginning."""
    figure, axes = style.new(height=2.8)
    for label, losses in curves.items():
        # Rounded, so that the last bits of a machine's arithmetic do not show.
        axes.plot(np.round(losses, 3), label=label)
    axes.set(xlabel="step", ylabel="loss on the test images", ylim=(0, None))
    axes.legend()
    ends = ", ".join(f"{name} {losses[-1]:.2f}" for name, losses in curves.items())
    return Picture(figure, f"a falling line for each beginning; the losses at the end: {ends}.")
