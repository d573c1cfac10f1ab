"""The course's one style, and the picture object that every plot returns."""

import functools
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec

import matplotlib.style
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

# Okabe and Ito's colours: told apart with any colour vision, and as greys in print. In
# course.mplstyle, which cycles through them, each has a dash of its own.
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, BLACK, GREY = "#CC79A7", "#56B4E9", "#000000", "#999999"

WIDTH = 7.0  # inches: 700 pixels in a notebook
SCREEN_DPI, FILE_DPI = 100, 200
_STYLE = ["default", str(Path(__file__).with_name("course.mplstyle"))]


class Picture:
    """A finished picture with a sentence that says what it shows.

    Jupyter shows the image; the sentence is its text alternative.
    """

    def __init__(self, figure: Figure, says: str) -> None:
        self.figure = figure
        self.says = says

    def __repr__(self) -> str:
        """Return the sentence."""
        return f"[Picture: {self.says}]"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height on the screen, in pixels."""
        width, height = (round(inches * SCREEN_DPI) for inches in self.figure.get_size_inches())
        return width, height

    def pixels(self) -> NDArray:
        """Return what a PNG file of it shows, as red, green and blue of each pixel.

        >>> figure, axes = new(height=3.2)
        >>> Picture(figure, "axes without data").pixels().shape
        (640, 1400, 3)
        """
        # As `savefig` does it, which draws everything once more for the layout.
        with matplotlib.style.context(_STYLE):
            self._lay_out()
            self.figure.dpi = FILE_DPI
            canvas = FigureCanvasAgg(self.figure)
            canvas.draw()
        return np.asarray(canvas.buffer_rgba())[..., :3]

    def saved(self, format: str, **metadata: None) -> bytes:
        r"""Return the picture as a file of this format, without these of its usual metadata.

        A version of the software or a date in it would change the bytes where the data is the same.

        Examples
        --------
        >>> figure, axes = new()
        >>> Picture(figure, "axes without data").saved("png", Software=None)[:4]
        b'\x89PNG'
        """
        buffer = io.BytesIO()
        with matplotlib.style.context(_STYLE):  # ticks and texts are made now
            self._lay_out()
            self.figure.savefig(buffer, format=format, dpi=FILE_DPI, metadata=metadata)
        return buffer.getvalue()

    def _lay_out(self) -> None:
        """Lay the picture out; that of the drawing is then the second: titles need two."""
        if layout := self.figure.get_layout_engine():
            layout.execute(self.figure)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        image = self.saved("png", Software=None)
        width, height = self.size
        data = {"image/png": image, "text/plain": repr(self)}
        return data, {"image/png": {"width": width, "height": height, "alt": self.says}}


P = ParamSpec("P")


def in_style(plot: Callable[P, Picture]) -> Callable[P, Picture]:
    """Draw with the course's style, whatever the reader's own Matplotlib settings are."""

    @functools.wraps(plot)
    def styled(*args: P.args, **kwargs: P.kwargs) -> Picture:
        with matplotlib.style.context(_STYLE):
            return plot(*args, **kwargs)

    return styled


def new(rows: int = 1, columns: int = 1, height: float = 3.2, **subplots: Any) -> tuple[Any, Any]:
    """Return a figure of the course's width and its axes.

    Parameters
    ----------
    rows, columns : int, optional
    height : float, optional
        In inches.
    **subplots
        Passed to `matplotlib.figure.Figure.subplots`.
    """
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return figure, figure.subplots(rows, columns, **subplots)
