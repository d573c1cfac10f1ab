"""Pictures for the slide headed TFRecords."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from helpers import records
from helpers.plots import style
from helpers.plots.style import Picture

_FACES = {"length": "#CFE3F3", "its checksum": "#FFFFFF", "data": "#FBE3B4"}


def _boxes(axes: Any, part: records.Part, begin: int, changed: int | None) -> None:
    """Draw the bytes of a part, and its name under them."""
    for i, byte in enumerate(part.contents, start=part.start):
        hit, x = i == changed, i - begin
        value = byte ^ 1 if hit else byte
        edge, width = (style.RED, 2.2) if hit else (style.GREY, 0.6)
        box = Rectangle((x, 0), 1, 1, fc=_FACES[part.name], ec=edge, lw=width, zorder=1 + hit)
        axes.add_patch(box)
        look = {"ha": "center", "va": "center", "zorder": 3}
        axes.text(x + 0.5, 0.64, f"{value:02x}", fontsize=8, **look)
        if part.name == "data" and 32 < value < 127:
            axes.text(x + 0.5, 0.24, chr(value), fontsize=9, **look)
    middle = part.start - begin + len(part.contents) / 2
    axes.text(middle, -0.14, part.name, ha="center", va="top", fontsize=9)


@style.in_style
def file_bytes(items: Sequence[bytes], changed: int | None = None) -> Picture:
    """Draw the bytes of a file, a row for each record.

    Parameters
    ----------
    items : sequence of bytes
        The data of each record.
    changed : int, optional
        The byte of the file whose lowest bit is changed. It is marked, and so is the checksum that
        does not fit any more.
    """
    rows = records.parts(items)
    figure, panels = style.new(rows=len(rows), height=1.35 * len(rows) + 0.15, squeeze=False)
    said, notice = [], ""
    for axes, parts in zip(panels[:, 0], rows, strict=True):
        begin, end = parts[0].start, parts[-1].start + len(parts[-1].contents)
        for part in parts:
            _boxes(axes, part, begin, changed)
        for part, check in (parts[:2], parts[2:]):
            if changed is not None and part.start <= changed < check.start + len(check.contents):
                notice = f" Byte {changed} is changed: the checksum at byte {check.start}, of the "
                notice += f"{part.name}, does not fit."
                x = check.start - begin + len(check.contents) / 2
                axes.text(x, 1.12, "does not fit", ha="center", fontsize=9, color=style.RED)
        axes.set(xlim=(-0.1, 16.1 + max(map(len, items))), ylim=(-0.55, 1.4))
        axes.set_axis_off()
        axes.set_title(f"bytes {begin} to {end - 1}", loc="left", fontsize=10)
        said.append(f"bytes {begin} to {end - 1} hold {len(parts[2].contents)} of data")
    return Picture(
        figure,
        f"the bytes of a file in boxes, a row a record: {'; '.join(said)}. Before the data stand 8 "
        f"bytes of length and 4 of its checksum, behind it 4 of the data's.{notice}",
    )


@style.in_style
def sizes(found: Mapping[str, Mapping[str, int]]) -> Picture:
    """Draw the sizes of files as bars, a group for each kind of contents.

    Parameters
    ----------
    found : mapping of str to mapping of str to int
        The contents' name, to the compression's name, to the number of bytes.
    """
    figure, axes = style.new(height=2.6)
    names = list(next(iter(found.values())))
    looks = zip(names, [style.BLUE, style.ORANGE, style.SKY], ["", "//", "xx"], strict=False)
    height = 0.8 / len(names)
    for number, (name, colour, hatch) in enumerate(looks):
        places = [group + number * height for group in range(len(found))]
        values = [group[name] / 1000 for group in found.values()]
        axes.barh(places, values, height * 0.9, color=colour, hatch=hatch, ec="white", label=name)
    middle = (len(names) - 1) / 2 * height
    axes.set(xlabel="thousand bytes", yticks=[g + middle for g in range(len(found))])
    axes.set_yticklabels(found)
    axes.set_xlim(0, 1.32 * max(max(group.values()) for group in found.values()) / 1000)
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.legend(loc="center right", fontsize=10)
    said = [
        f"{contents}, {name}: about {round(size, -4) // 1000} thousand bytes"
        for contents, group in found.items()
        for name, size in group.items()
    ]
    return Picture(figure, f"bars of file sizes. {'; '.join(said)}.")


@style.in_style
def pictures(images: Sequence[NDArray], labels: Sequence[int]) -> Picture:
    """Draw images of any sizes, pixel for pixel, with size and label.

    Parameters
    ----------
    images : sequence of ndarray, shape (height, width)
        Pixels from 0 (white) to 1 (black).
    labels : sequence of int
    """
    figure, panels = style.new(columns=len(images), height=1.5, squeeze=False)
    said = []
    for axes, image, label in zip(panels[0], images, labels, strict=True):
        axes.imshow(image, cmap="gray_r", vmin=0, vmax=1)
        axes.set(xticks=[], yticks=[])
        axes.grid(visible=False)
        axes.set_anchor("N")
        for spine in axes.spines.values():
            spine.set(visible=True, color=style.GREY, linewidth=0.6)
        size = f"{image.shape[0]} x {image.shape[1]}"
        axes.set_title(f"label {label}\n{size}", fontsize=9)
        said.append(f"a {label} of {size} pixels")
    return Picture(figure, f"handwritten digits: {', '.join(said)}.")
