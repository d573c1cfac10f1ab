"""Pictures with sliders: where a kernel runs they move, elsewhere the still picture stands."""

from collections.abc import Callable
from typing import Any

from helpers.explore.layout import Layouts, laid_out
from helpers.plots.style import Picture


class Explorer:
    """A picture that is drawn again whenever a slider moves."""

    def __init__(
        self, plot: Callable[..., Picture], sliders: dict[str, tuple[float, float, float]]
    ) -> None:
        self.plot = plot
        self.sliders = sliders
        self._layouts: Layouts = {}

    def __repr__(self) -> str:
        """Return the still picture's sentence."""
        return f"[Explorer: {self._still().says}]"

    def _still(self) -> Picture:
        return self.plot(**{name: start for name, (_, _, start) in self.sliders.items()})

    def picture(self, **values: float) -> Picture:
        """Return the picture at other places of the sliders."""
        return laid_out(self.plot(**values), self._layouts)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        # The widget comes first where there is a live kernel; its random id is left out of the
        # saved notebook by the build, and the image remains.
        still = self._still()
        data, metadata = still._repr_mimebundle_()
        widget = self._widget(data["image/png"], metadata["image/png"]["width"])
        text = {"text/plain": f"[Explorer: {still.says}]"}
        return {**data, **widget._repr_mimebundle_(), **text}, metadata

    def _widget(self, still: bytes, width: int) -> Any:
        import ipywidgets

        image = ipywidgets.Image(value=still, format="png", width=width)
        sliders = {
            name: ipywidgets.FloatSlider(
                value=start,
                min=low,
                max=high,
                step=(high - low) / 100,
                description=name.replace("_", " "),
                continuous_update=True,
            )
            for name, (low, high, start) in self.sliders.items()
        }

        def redraw(change: Any) -> None:
            picture = self.picture(**{name: slider.value for name, slider in sliders.items()})
            image.value = picture._repr_mimebundle_()[0]["image/png"]

        for slider in sliders.values():
            slider.observe(redraw, "value")
        return ipywidgets.VBox([*sliders.values(), image])


def explore(plot: Callable[..., Picture], **sliders: tuple[float, float, float]) -> Explorer:
    """Return a picture with a slider for each argument of its plot.

    Parameters
    ----------
    plot : callable
        Takes the sliders' values by name and returns a `Picture`.
    **sliders
        ``name=(lowest, highest, start)``.

    Examples
    --------
    >>> from helpers.plots import softmax
    >>> explore(softmax.probabilities, first=(-5, 5, 1), second=(-5, 5, 5), third=(-5, 5, 3))
    [Explorer: bars of the scores [1, 5, 3] and of their probabilities.]
    """
    return Explorer(plot, sliders)
