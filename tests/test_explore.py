"""Pictures with sliders: alive where a kernel runs, a still picture where none does."""

from itertools import chain

import pytest

from helpers.cli.lessons import Lesson
from helpers.explore import explore
from helpers.plots import softmax, style
from tests.lessons import LESSONS, read_forms

SLIDERS = {"first": (-5, 5, 1), "second": (-5, 5, 5), "third": (-5, 5, 3)}


def test_a_moved_slider_draws_the_picture_of_its_value() -> None:
    still = softmax.probabilities(1, 5, 3)._repr_mimebundle_()[0]["image/png"]
    box = explore(softmax.probabilities, **SLIDERS)._widget(still, 700)
    *sliders, image = box.children
    assert [slider.value for slider in sliders] == [1, 5, 3]
    assert image.value == still
    sliders[0].value = 4.0
    moved = softmax.probabilities(4.0, 5.0, 3.0)._repr_mimebundle_()[0]["image/png"]
    assert image.value == moved != still


@style.in_style
def bars(height: float) -> style.Picture:
    """Draw two panels; a higher bar's numbers move the second one to the right."""
    figure, panels = style.new(columns=2, height=2)
    for axes in panels:
        axes.bar([0], [height])
    return style.Picture(figure, "a bar in each of two panels.")


@pytest.mark.parametrize("heights", [(1, 2, 1.5), (1, 1e5, -1.25, 2, 2e5)])
def test_a_moved_picture_is_laid_out_as_if_it_stood_alone(heights: tuple[float, ...]) -> None:
    explorer = explore(bars, height=(-2, 2e5, 1))
    for height in heights:
        moved, alone = (draw(height=height) for draw in (explorer.picture, bars))
        assert (moved.pixels() == alone.pixels()).all()
    assert 1 < len(explorer._layouts) < len(heights)


def test_a_live_kernel_is_offered_the_widget_and_the_still_picture() -> None:
    data, _ = explore(softmax.probabilities, **SLIDERS)._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"].startswith("[Explorer: bars of the scores")


@pytest.mark.parametrize("lesson", LESSONS, ids=str)
def test_a_saved_lesson_holds_the_still_picture_of_each_explorer(lesson: Lesson) -> None:
    notebook = read_forms(lesson).executed
    assert notebook is not None
    for cell in notebook.cells:
        if cell.cell_type == "code" and "explore(" in cell.source:
            kinds = set(chain.from_iterable(output.get("data", {}) for output in cell.outputs))
            assert "image/png" in kinds
            assert not [kind for kind in kinds if "widget" in kind]
