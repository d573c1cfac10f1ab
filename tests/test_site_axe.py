"""Everybody can read every page of the website: colours, structure, keyboard, a narrow window."""

import os
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from helpers.site import source
from helpers.site.sphinx_build import build_html
from tests.lessons import LESSONS, ROOT

pytestmark = pytest.mark.xdist_group("site-axe")

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
WIDE: ViewportSize = {"width": 1400, "height": 900}
NARROW: ViewportSize = {"width": 360, "height": 800}

# A page as it is looked at: its formulas set, its folds open. Most of its elements are the marks of
# highlighted code, whose look depends on their class alone: one of each class is enough.
PREPARE = """async () => {
  await window.MathJax?.startup.promise;
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const seen = new Set();
  for (const mark of document.querySelectorAll("pre span")) {
    const short = mark.textContent.trim().length < 2; // axe looks at no single character
    if (short || seen.has(mark.className)) mark.replaceWith(...mark.childNodes);
    else seen.add(mark.className);
  }
  for (const mark of document.querySelectorAll("code .pre")) mark.replaceWith(...mark.childNodes);
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-look], input" }] });
}"""

# Nearly all of axe's time went into the contrast of texts. It depends on a text's own style and on
# what its ancestors put behind it: one visible text of each such look is enough. (Of a text that
# something else covers, axe says nothing.)
MARK = """() => {
  const behind = new Map([[null, ""]]);
  const seen = new Set();
  for (const each of document.querySelectorAll("*")) {
    const style = getComputedStyle(each);
    const { backgroundColor, backgroundImage, opacity, filter } = style;
    const own = [backgroundColor, backgroundImage, opacity, filter].join();
    const adds = own !== "rgba(0, 0, 0, 0),none,1,none";
    behind.set(each, behind.get(each.parentElement) + (adds ? own : ""));
    const { color, fontSize, fontWeight, textShadow } = style;
    const look = [behind.get(each), color, fontSize, fontWeight, textShadow].join();
    const isText = [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const isNew = isText && each.checkVisibility() && !seen.has(look);
    each.toggleAttribute("data-look", isNew);
    if (isNew) seen.add(look);
  }
}"""

# Formulas that MathJax left as they were, or in which it met an error or an unknown name.
NOT_SET = """() => [...document.querySelectorAll(".math")]
  .filter(each => !each.querySelector("mjx-container")
    || each.querySelector("[data-mml-node='merror'], [mathcolor='red']"))
  .map(each => each.textContent)"""

# The theme changes nothing but colours: in the dark only these are looked at again.
LOOK = """async theme => {
  const colours = { runOnly: ["color-contrast", "link-in-text-block"] };
  const options = theme === "dark" ? colours : {};
  const found = await axe.run({ resultTypes: ["violations"], ...options });
  return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html}`));
}"""

# What the page does after a change of its width, it does before it is drawn again.
SWITCH_TO = """async theme => {
  document.body.dataset.theme = theme;
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


def stills(notebooks: Mapping[Path, NotebookNode], folder: Path) -> dict[Path, Any]:
    """Give each explorer two sliders, and draw nothing."""
    (folder / "files").mkdir(parents=True)
    frames = {
        "names": ["learning_rate", "step"],
        "places": [[0, 1], [0, 1]],
        "starts": [0, 0],
        "start": 0,
        "shown": [["frame.png", "a picture of an explorer"]] * 4,
        "size": [1400, 600],
    }
    return {
        path: {
            number: frames
            for number, cell in enumerate(notebook.cells)
            for output in cell.get("outputs", [])
            if output.get("data", {}).get("text/plain", "").startswith("[Explorer: ")
        }
        for path, notebook in notebooks.items()
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the website of the whole course."""
    work = tmp_path_factory.mktemp("site") / "students"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "draw_frames", stills)
        source.write_source(ROOT, work, solutions=False)
    return build_html(work)


@pytest.fixture(scope="module")
def browser(needs: Callable[[str], str]) -> Iterator[Browser]:
    options = ["--disable-gpu", "--disable-background-networking"]
    options += ["--no-sandbox"] * (os.geteuid() == 0)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needs("chromium"), args=options)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_context(offline=True).new_page()
    yield page
    page.context.close()


def test_axe_finds_nothing_on_any_page_in_both_themes(site: Path, page: Page) -> None:
    paths = sorted(site.rglob("*.html"))
    assert len(paths) > len(LESSONS)
    problems = []
    for path in paths:
        page.goto(path.as_uri())
        page.evaluate(AXE)
        page.evaluate(PREPARE)
        problems += [f"{path.stem}: no formula: {each}" for each in page.evaluate(NOT_SET)]
        for theme, size in product(("light", "dark"), (WIDE, NARROW)):
            page.set_viewport_size(size)
            page.evaluate(SWITCH_TO, theme)
            page.evaluate(MARK)
            found = page.evaluate(LOOK, theme)
            if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                found.append("the page scrolls sideways")
            problems += [f"{path.stem}, {theme}, {size['width']} pixels: {each}" for each in found]
        says = page.locator("article img").evaluate_all("images => images.map(each => each.alt)")
        problems += [f"{path.stem}: a picture says {each!r}" for each in says if len(each) < 10]
    assert problems == []


SWITCH = "Toggle Light / Dark / Auto color theme"


def stops(page: Page) -> list[str]:
    """Return what the keyboard reaches, one press of Tab after the other: its name, or its HTML."""
    reached: list[str] = []
    while len(reached) < 1000:
        page.keyboard.press("Tab")
        here = """() => {
          const e = document.activeElement;
          return e === document.body ? "" :
            e.ariaLabel || e.labels?.[0]?.innerText || e.innerText || e.outerHTML;
        }"""
        if not (name := page.evaluate(here)):
            break
        reached.append(name.strip())
    return reached


# A link, the switch of the colours, a slider, a fold.
OF_THE_PAGE = {"10_softmax.ipynb", SWITCH, "learning rate", "Hint 1 of 3"}


def test_keyboard_reaches_all_that_can_be_used(site: Path, page: Page) -> None:
    page.set_viewport_size(WIDE)
    page.goto((site / "networks/10_softmax.html").as_uri())
    reached = stops(page)
    assert {"Search", "11 · Losses", "Exercises"} | OF_THE_PAGE <= set(reached)
    page.get_by_label(SWITCH).and_(page.locator(":visible")).focus()
    before = page.evaluate("document.body.dataset.theme")
    page.keyboard.press("Enter")
    assert page.evaluate("document.body.dataset.theme") != before


@pytest.mark.parametrize(
    ("menu", "of_menu"),
    [
        ("Lessons", {"Search", "11 · Losses"}),
        ("Sections of this page", {"Exercises"}),
    ],
)
def test_keyboard_opens_the_menus_of_a_narrow_window(
    site: Path, page: Page, menu: str, of_menu: set[str]
) -> None:
    page.set_viewport_size(NARROW)
    page.goto((site / "networks/10_softmax.html").as_uri())
    reached = stops(page)
    assert set(reached) >= OF_THE_PAGE
    assert not of_menu & set(reached)
    page.get_by_role("button", name=menu).press("Enter")
    assert of_menu <= set(stops(page))
