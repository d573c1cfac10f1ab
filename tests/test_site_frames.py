"""The explorers of the website: frames that fit, drawn once, moved from the disk."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode
from PIL import Image, ImageColor
from playwright.sync_api import Browser, Page, expect, sync_playwright

from helpers.explore import explore
from helpers.explore.frames import MOST_PLACES, choices, frames, grid, packed
from helpers.plots import regularization, softmax, style
from helpers.site import frames as drawing
from helpers.site.frames import FramesError, draw_frames
from helpers.site.player import player
from tests.lessons import ROOT

pytestmark = pytest.mark.xdist_group("site-frames")

CELLS = """from helpers.explore import explore
from helpers.plots import style
---
raise SystemExit("no explorer needs this cell")
---
scale = 10
---
def line(slope, learning_rate):
    figure, axes = style.new(height=2)
    axes.plot([0, 1], [0, scale * slope + learning_rate])
    axes.set(xlabel="x", ylabel="y", ylim=(-20, 20))
    return style.Picture(figure, f"a line of slope {scale * slope + learning_rate:g} & <no> more.")


explore(line, slope=(-1, 1, 0), learning_rate=(0, 1, 0.5))"""
SAYS = "a line of slope 0.5 & <no> more."
MOST_BYTES = 30_000


def lesson(says: str = SAYS, old: str = "", new: str = "") -> NotebookNode:
    """Return an executed lesson with an explorer in its last cell."""
    cells = [nbformat.v4.new_code_cell(each.replace(old, new)) for each in CELLS.split("\n---\n")]
    data = {"text/plain": f"[Explorer: {says}]"}
    cells[-1].outputs = [nbformat.v4.new_output("display_data", data=data)]
    return nbformat.v4.new_notebook(cells=cells)


class Site(NamedTuple):
    folder: Path
    notebook: Path
    explorer: dict[str, Any]

    @property
    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (self.folder / "files/99_lines").iterdir()}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Draw the frames of a lesson of one explorer."""
    folder = tmp_path_factory.mktemp("site")
    notebook = folder / "99_lines.ipynb"
    drawn = draw_frames({notebook: lesson()}, folder, MOST_BYTES)[notebook]
    assert list(drawn) == [3]
    return Site(folder, notebook, drawn[3])


@pytest.fixture
def running_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a kernel an error."""

    async def run(*_: Any) -> Any:
        raise FramesError("drawn again")

    monkeypatch.setattr(drawing, "_run", run)


numbers = st.floats(-1e4, 1e4).map(lambda number: round(number, 2))


@given(st.lists(numbers, min_size=3, max_size=3, unique=True).map(sorted))
def test_each_choice_of_places_has_the_start_and_stays_on_the_slider(ends: list[float]) -> None:
    low, start, high = ends
    found = choices(low, high, start)
    assert found
    for places in found:
        assert start in places
        assert low <= places[0] < places[-1] <= high
        assert places == sorted(set(places))
        assert len(places) <= MOST_PLACES


def test_a_slider_of_whole_numbers_stands_on_each_and_two_share_the_frames() -> None:
    assert grid({"byte": (0, 43, 33)}, most=49) == [list(range(44))]
    rates, momenta = grid({"learning_rate": (0, 1, 0.1), "momentum": (0, 1, 0.9)}, most=49)
    assert 40 < len(rates) * len(momenta) <= 49
    assert {0, 0.1, 1} <= set(rates)
    assert {0, 0.9, 1} <= set(momenta)


def test_frames_fit_into_the_bytes_and_show_what_the_plot_draws(site: Site) -> None:
    explorer = site.explorer
    assert explorer["names"] == ["slope", "learning_rate"]
    assert explorer["places"] == [[-1, 0, 1], [0.0, 0.5, 1.0]]
    assert len(explorer["shown"]) == 9
    assert explorer["shown"][explorer["start"]][1] == SAYS
    assert explorer["shown"][5][1] == "a line of slope 1 & <no> more."
    assert {file for file, _ in explorer["shown"]} == set(site.files)
    assert sum(map(len, site.files.values())) <= MOST_BYTES
    sizes = {Image.open(site.folder / "files/99_lines" / file).size for file in site.files}
    assert sizes == {(1400, 400)}


@pytest.mark.parametrize(
    ("plot", "values", "areas"),
    [
        (softmax.probabilities, (1, 5, 3), [style.BLUE, "#FFFFFF"]),
        (regularization.budgets, (1.0,), ["#FFFFFF"]),
    ],
)
def test_a_frame_looks_like_the_still_picture(
    plot: Callable[..., style.Picture], values: tuple[float, ...], areas: list[str]
) -> None:
    with Image.open(io.BytesIO(plot(*values).saved("png"))) as still:
        wanted = np.asarray(still.convert("RGB")).astype(int)
    with Image.open(io.BytesIO(packed(plot(*values)))) as frame:
        got = np.asarray(frame).astype(int)
    assert np.abs(got - wanted).max() <= 8
    for colour in map(ImageColor.getrgb, areas):
        area = (wanted == colour).all(axis=2)
        assert area.any()
        assert (got[area] == colour).all()


@pytest.mark.usefixtures("running_nothing")
def test_frames_are_drawn_again_only_where_something_changed(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shutil.copytree(site.folder, folder)

    def draw(notebook: NotebookNode, most_bytes: int = MOST_BYTES) -> Any:
        return draw_frames({site.notebook: notebook}, folder, most_bytes)[site.notebook][3]

    assert draw(lesson()) == site.explorer
    assert draw(lesson(old="no explorer", new="nobody")) == site.explorer
    with pytest.raises(FramesError, match="drawn again"):
        draw(lesson(old="scale = 10", new="scale = 11"))
    with pytest.raises(FramesError, match="drawn again"):
        draw(lesson(), MOST_BYTES // 2)


def test_the_course_s_code_that_drew_the_frames_counts(
    site: Site, monkeypatch: pytest.MonkeyPatch, running_nothing: None
) -> None:
    read: list[str] = []
    code = drawing._code

    def changed(names: list[str]) -> dict[str, str]:
        read.extend(names)
        return {**code(names), "helpers/plots/course.mplstyle": "other"}

    monkeypatch.setattr(drawing, "_code", changed)
    with pytest.raises(FramesError, match="drawn again"):
        draw_frames({site.notebook: lesson()}, site.folder, MOST_BYTES)
    assert {"helpers/plots/style.py", "helpers/plots/course.mplstyle"} <= set(read)
    assert "helpers/plots/softmax.py" not in read


def test_the_same_lesson_gives_the_same_bytes(site: Site, tmp_path: Path) -> None:
    again = tmp_path / site.notebook.name
    drawn = draw_frames({again: lesson()}, tmp_path, MOST_BYTES)
    assert drawn[again][3] == site.explorer
    assert Site(tmp_path, again, drawn[again][3]).files == site.files


def test_ctrl_c_ends_the_drawing_of_all_lessons(tmp_path: Path) -> None:
    wait = "import time; time.sleep(3600); scale = 10"
    press = f"import os, signal; os.kill({os.getpid()}, signal.SIGINT); {wait}"
    notebooks = {
        tmp_path / "98_presses.ipynb": lesson(old="scale = 10", new=press),
        tmp_path / "99_waits.ipynb": lesson(old="scale = 10", new=wait),
    }
    with pytest.raises(KeyboardInterrupt):
        draw_frames(notebooks, tmp_path, MOST_BYTES)


def test_what_goes_wrong_is_said_with_the_lesson(tmp_path: Path) -> None:
    notebooks = {
        tmp_path / "95_cell.ipynb": lesson(old="scale = 10", new="scale = nothing"),
        tmp_path / "96_other.ipynb": lesson(says="another line."),
        tmp_path / "97_one_place.ipynb": lesson(old="[0, 1], [0,", new="[0, 1], [1 / (1 - slope),"),
        tmp_path / "98_sizes.ipynb": lesson(old="height=2", new="height=2 + slope"),
    }
    with pytest.raises(FramesError) as caught:
        draw_frames(notebooks, tmp_path, MOST_BYTES)
    cell, other, place, sizes = str(caught.value).split("\n")
    cannot = "its explorers cannot be drawn"
    assert cell == f"95_cell.ipynb: {cannot}: NameError: name 'nothing' is not defined"
    assert other == (
        "96_other.ipynb, cell 4: drawn for the website the picture says "
        f"`{SAYS}`, in the notebook `another line.`. Run: course build 96_other"
    )
    assert place == f"97_one_place.ipynb: {cannot}: ZeroDivisionError: division by zero"
    assert sizes.startswith(f"98_sizes.ipynb: {cannot}: ValueError: the pictures of an explorer")


def test_frames_that_cannot_fit_are_an_error() -> None:
    explorer = explore(partial(softmax.probabilities, 1, 5), third=(-5, 5, 3))
    with pytest.raises(ValueError, match="the fewest frames of an explorer take"):
        frames(explorer, most_bytes=8_000)


@pytest.fixture(scope="module")
def address(site: Site) -> str:
    """Return the address of a page with the explorer, on the disk."""
    shutil.copytree(ROOT / "helpers/site/static", site.folder / "_static")
    page = site.folder / "unit" / "99_lines.html"
    page.parent.mkdir()
    page.write_text(
        '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Lines</title>'
        '<meta name="viewport" content="width=device-width">'
        '<link rel="stylesheet" href="../_static/frames.css">'
        '<script src="../_static/frames.js" defer></script>'
        f"<main>{player(site.explorer, '../files/99_lines', 'explorer')}<p>below</p></main>",
        encoding="utf-8",
    )
    return page.as_uri()


@pytest.fixture(scope="module")
def browser(needs: Callable[[str], str]) -> Iterator[Browser]:
    options = ["--disable-gpu", "--no-first-run", "--disable-background-networking"]
    options += ["--no-sandbox"] * (os.geteuid() == 0)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needs("chromium"), args=options)
        yield browser
        browser.close()


def height_of(page: Page) -> float:
    return float(page.get_by_text("below").evaluate("line => line.getBoundingClientRect().top"))


def test_a_reader_moves_an_explorer_by_keyboard(site: Site, address: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 640}, offline=True)
    page.goto(address)
    picture = page.get_by_role("img")
    slope = page.get_by_role("slider", name="slope")
    rate = page.get_by_role("slider", name="learning rate")
    expect(picture).to_have_attribute("alt", SAYS)
    expect(slope).to_have_attribute("aria-valuetext", "0")
    still, height = picture.get_attribute("src"), height_of(page)

    page.keyboard.press("Tab")
    expect(slope).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(picture).to_have_attribute("alt", "a line of slope -9.5 & <no> more.")
    assert (picture.get_attribute("src") or "").endswith(site.explorer["shown"][1][0])
    expect(slope).to_have_attribute("aria-valuetext", "−1")
    expect(page.locator("output").first).to_have_text("−1")
    page.keyboard.press("Tab")
    expect(rate).to_be_focused()
    page.keyboard.press("End")
    expect(picture).to_have_attribute("alt", "a line of slope -9 & <no> more.")
    assert picture.get_attribute("src") != still
    assert picture.evaluate("image => image.naturalWidth") == 1400

    assert height_of(page) == height
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


def test_without_javascript_the_still_picture_stands_alone(address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_role("img", name=SAYS)).to_be_visible()
    expect(page.get_by_role("slider")).to_have_count(0)
    context.close()
