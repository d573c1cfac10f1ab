"""An explorer as frames: its picture at some places of its sliders, for a page without a kernel.

The website is made of them. Where a picture needs a kernel's variables, `show_frames` makes that
kernel show every explorer as its frames.
"""

import base64
import functools
import hashlib
import io
import itertools
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from helpers.explore import Explorer
from helpers.plots.style import Picture

KIND = "application/vnd.glimpse.frames+json"  # of the output that holds them
MOST = 49  # of one explorer, or three places of each slider: seven of each of two
MOST_PLACES = 48  # of one slider
AREA = 300  # pixels of a colour; a picture has about a million


def show_frames(most_bytes: int) -> None:
    """Make this kernel show explorers as frames, and other pictures not at all.

    Parameters
    ----------
    most_bytes : int
        Of the frames of one explorer.
    """
    from IPython import get_ipython

    def show(explorer: Explorer, **_: Any) -> dict[str, Any]:
        try:
            shown = frames(explorer, most_bytes)
        except Exception as error:  # which IPython would not pass on
            shown = {"failure": f"{type(error).__name__}: {error}"}
        return {KIND: shown, "text/plain": ""}

    formatter = get_ipython().display_formatter.mimebundle_formatter
    formatter.for_type(Explorer, show)
    formatter.for_type(Picture, lambda picture, **_: {"text/plain": ""})


def frames(explorer: Explorer, most_bytes: int) -> dict[str, Any]:
    """Draw an explorer at as many places of its sliders as fit into so many bytes.

    Returns
    -------
    dict
        ``names`` of the sliders; ``places`` of each; ``starts``: which place of each is that of the
        still picture; ``shown``: for each combination of places, the last slider's first,
        the name of its file and what the picture says; ``start``: which of them is the still
        picture; ``files``: their contents, in base64; ``size``: width and height on the screen, in
        pixels; ``code``: the course's files that drew them.
    """

    @functools.cache
    def draw(*values: float) -> tuple[bytes, str, tuple[int, int]]:
        picture = explorer.picture(**dict(zip(explorer.sliders, values, strict=True)))
        return packed(picture), picture.says, picture.size

    sliders = {
        name: (_rounded(low), _rounded(high), _rounded(start))
        for name, (low, high, start) in explorer.sliders.items()
    }
    still = tuple(start for _, _, start in sliders.values())
    most = max(MOST, 3 ** len(still))
    # How many fit is foretold from one of them, and put right if the others are larger.
    most = min(most, most_bytes // len(draw(*still)[0]))
    while True:
        places = grid(sliders, most)
        combinations = list(itertools.product(*places))
        shown = [draw(*values) for values in combinations]
        files = {f"{hashlib.sha256(image).hexdigest()[:16]}.webp": image for image, _, _ in shown}
        if (total := sum(map(len, files.values()))) <= most_bytes:
            break
        if len(shown) > most:
            raise ValueError(f"the fewest frames of an explorer take {total} bytes: too many")
        most = min(len(shown) - 1, len(shown) * most_bytes // total)
    sizes = {size for _, _, size in shown}
    if len(sizes) > 1:
        raise ValueError(f"the pictures of an explorer differ in size: {sorted(sizes)} pixels")
    names = {image: name for name, image in files.items()}
    return {
        "names": list(explorer.sliders),
        "places": places,
        "starts": [each.index(start) for each, start in zip(places, still, strict=True)],
        "shown": [[names[image], says] for image, says, _ in shown],
        "start": combinations.index(still),
        "files": {name: base64.b64encode(image).decode() for name, image in files.items()},
        "size": sizes.pop(),
        "code": loaded_code(),
    }


def _rounded(number: float) -> float:
    """Return a slider's number as an author would write it, though float32 has other digits."""
    return number if isinstance(number, int) else float(f"{number:.6g}")


def grid(sliders: Mapping[str, tuple[float, float, float]], most: int) -> list[list[float]]:
    """Return the places of each slider, as many as make `most` frames, and about as many of each.

    >>> grid({"size": (1, 10, 3)}, most=20)
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]
    >>> grid({"rate": (0, 1, 0.1), "momentum": (0, 1, 0.9)}, most=16)
    [[0.0, 0.1, 0.5, 1.0], [0.0, 0.5, 0.9, 1.0]]
    """
    finer = [choices(*slider) for slider in sliders.values()]
    chosen = [options.pop(0) for options in finer]
    while True:
        for number in sorted(range(len(chosen)), key=lambda number: len(chosen[number])):
            others = math.prod(len(each) for each in chosen) // len(chosen[number])
            if finer[number] and others * len(finer[number][0]) <= most:
                chosen[number] = finer[number].pop(0)
                break
        else:
            return chosen


def choices(low: float, high: float, start: float) -> list[list[float]]:
    """Return the possible places of a slider, from few to many.

    They go in round steps from zero or from the start, which is always one of them; an end that is
    more than half a step away from the others is one too. A slider that is given in whole numbers
    moves by whole numbers.

    >>> choices(1, 5, 3)
    [[1, 3, 5], [1, 2, 3, 4, 5]]
    """
    whole = all(float(value).is_integer() for value in (low, high, start))
    finest = math.floor(math.log10((high - low) / MOST_PLACES))
    best: dict[int, tuple[tuple[bool, bool, float], list[float]]] = {}
    for exponent, digit in itertools.product(range(finest, finest + 4), (1, 2, 5)):
        step = digit * 10.0**exponent
        if step > high - low or (whole and step < 1):
            continue
        for zero in (0.0, float(start)):
            turns = range(math.ceil((low - zero) / step), math.floor((high - zero) / step) + 1)
            places = {round(zero + turn * step, 10) + 0.0 for turn in turns}
            even = start in places
            places.add(start)
            for end in (low, high):
                if all(abs(end - place) > step / 2 for place in places):
                    places.add(end)
            quality = (0.0 in places, even, max(places) - min(places))
            if 1 < len(places) <= MOST_PLACES:
                candidate = quality, sorted(map(int if whole else float, places))
                best[len(places)] = max(best.get(len(places), candidate), candidate)
    return [best[count][1] for count in sorted(best)]


def packed(picture: Picture) -> bytes:
    """Return a picture as WebP.

    The colours of areas are kept. Those of single pixels, where lines are smoothed, are very many
    and take half the bytes: they are rounded, by so little that nobody sees it.
    """
    pixels = np.ascontiguousarray(picture.pixels())
    numbers = pixels @ np.array([2**16, 2**8, 1], dtype=np.uint32)
    colours, counts = np.unique(numbers, return_counts=True)
    is_rounded = np.zeros(2**24, dtype=bool)
    is_rounded[colours[counts < AREA]] = True
    single = is_rounded[numbers]
    levels = (np.arange(256) / 17).round().astype(np.uint8) * 17  # 16 of them
    pixels[single] = levels[pixels[single]]
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "webp", lossless=True)
    return buffer.getvalue()


def loaded_code() -> list[str]:
    """Return the course's modules that this process has loaded, and the data beside them.

    >>> "helpers/plots/course.mplstyle" in loaded_code()
    True
    """
    names = [name for name in sys.modules if name.partition(".")[0] == "helpers"]
    modules = {Path(file) for name in names if (file := sys.modules[name].__file__)}
    beside = {path for module in modules for path in module.parent.glob("*[!y]") if path.is_file()}
    root = Path(__file__).parents[2]
    return sorted(path.relative_to(root).as_posix() for path in modules | beside)
