"""The layout of an explorer's pictures, which most of them have in common.

Matplotlib takes half the time of a picture to find it.
"""

from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from helpers.plots.style import FILE_DPI, SCREEN_DPI, Picture, in_style

# By the room that all takes which stands around the axes: place and shape of each axes.
Layouts = dict[tuple, list[tuple[Any, Any]]]


@in_style
def laid_out(picture: Picture, before: Layouts) -> Picture:
    """Lay a picture out, as one before it was whose labels take the same room, if there was one.

    Parameters
    ----------
    picture : Picture
        Not drawn yet.
    before : dict
        The layouts of the same plot's other pictures; a new one is added.

    Examples
    --------
    >>> from helpers.plots import softmax
    >>> before = {}
    >>> for first in range(5):
    ...     picture = laid_out(softmax.probabilities(first, 5, 3), before)
    >>> len(before)
    1
    """
    figure = picture.figure
    if (engine := figure.get_layout_engine()) is None:
        return picture
    room = _room(figure)
    if room not in before:
        for figure.dpi in (SCREEN_DPI, FILE_DPI):  # as for a picture that stands alone
            engine.execute(figure)
        before[room] = [(each.get_position(True), each.get_box_aspect()) for each in figure.axes]
    figure.set_layout_engine("none")
    for axes, (place, shape) in zip(figure.axes, before[room], strict=True):
        axes.set_position(place, which="original")
        axes.set_box_aspect(shape)
    return picture


def _room(figure: Figure) -> tuple:
    """Return the boxes of axes with their labels, and of legends beside them, in pixels."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = [axes.get_tightbbox(renderer, for_layout_only=True) for axes in figure.axes]
    boxes += [legend.get_tightbbox(renderer) for legend in figure.legends]
    return tuple(box and tuple(round(number, 2) for number in box.bounds) for box in boxes)
