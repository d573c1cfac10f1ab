"""A learner's first hour, in a real browser: open, run, answer, validate."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from helpers.cli.answers import exercise_name, is_answer
from tests.lessons import LESSONS, ROOT, read_forms
from tests.project import PATIENCE, copy_project, serve

[LESSON] = [lesson for lesson in LESSONS if lesson.name == "10_softmax"]
SCREENSHOTS = ROOT / "screenshots"

# Right on paper; it overflows.
SLIDES_ANSWER = """def softmax(scores):
    return np.exp(scores) / np.sum(np.exp(scores), axis=0)"""

pytestmark = pytest.mark.xdist_group("browser")


def answers() -> dict[str, str]:
    """Return what a learner would type into each answer cell, from the lesson's own solution."""
    cells = filter(is_answer, read_forms(LESSON).text.cells)
    marks = r" *### (BEGIN|END) SOLUTION\n?"
    return {exercise_name(c): re.sub(marks, "", c.source).rstrip() for c in cells}


@pytest.fixture
def page(needs: Callable[[str], str], tmp_path: Path) -> Iterator[Page]:
    """Open the lesson in JupyterLab, in Chromium."""
    options = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
    options += ["--disable-background-networking", "--disable-component-update"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    chromium = needs("chromium")
    copy_project(tmp_path)
    with serve(tmp_path, "course", "lab") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=options)
        page = browser.new_page(viewport={"width": 1280, "height": 960})
        page.set_default_timeout(PATIENCE * 1000)
        expect.set_options(timeout=PATIENCE * 1000)
        page.goto(address % f"{LESSON.unit}/{LESSON.name}.ipynb")
        yield page
        browser.close()


def look(page: Page, name: str) -> None:
    """Take a picture for a person to look at."""
    page.screenshot(path=SCREENSHOTS / f"{LESSON.name}-{name}.png")


def run_all_cells(page: Page) -> None:
    """Run the notebook by the menu, and wait until the kernel has come to rest."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=busy]")).to_be_attached()
    wait_for_idle(page)


def wait_for_idle(page: Page) -> None:
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_attached()


def cell_with(page: Page, text: str) -> Locator:
    """Return the code cell whose input holds a text, brought into view."""
    found = page.locator(".jp-CodeCell").filter(has=page.locator(".jp-InputArea", has_text=text))
    # Outputs above take their height only when they come near the view: scroll until it stays.
    page.wait_for_function(
        """cell => {
            const before = cell.getBoundingClientRect().top;
            cell.scrollIntoView({block: "center"});
            return Math.abs(cell.getBoundingClientRect().top - before) < 2;
        }""",
        arg=found.element_handle(),
        polling=200,
    )
    return found


def answer(page: Page, name: str, source: str) -> None:
    """Type an answer over what stands in its cell."""
    editor = cell_with(page, f"def {name}(").locator(".cm-content")
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source)
    expect(editor).not_to_contain_text("NotImplementedError")


def test_a_learner_meets_the_first_exercise_answers_and_validates(page: Page) -> None:
    typed = answers()
    first = next(iter(typed))
    expect(page.locator(".jp-NotebookPanel h1")).to_contain_text("Softmax")
    wait_for_idle(page)
    look(page, "1-opened")

    run_all_cells(page)
    expect(cell_with(page, f"check.{first}({first})")).to_contain_text("not attempted yet")
    look(page, "2-not-attempted")

    explorer = cell_with(page, "explore(plots")
    picture = explorer.locator("img.widget-image")
    still = picture.get_attribute("src")
    explorer.locator(".noUi-handle").first.press("ArrowRight")
    assert still
    expect(picture).not_to_have_attribute("src", still)
    look(page, "2-slider")

    answer(page, first, SLIDES_ANSWER)
    run_all_cells(page)
    check = cell_with(page, f"check.{first}({first})")
    expect(check).to_contain_text("exp of a large score is too large for a float")
    expect(check).to_contain_text("one sample and several: correct.")
    look(page, "3-explained")

    for name, source in typed.items():
        answer(page, name, source)
    run_all_cells(page)
    for name in typed:
        expect(cell_with(page, f"check.{name}({name})")).to_contain_text(f"{name}: correct")
        look(page, f"4-{name}")
    stderr = page.locator("[data-mime-type='application/vnd.jupyter.stderr']")
    expect(stderr).to_have_count(0)

    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog", has_text="Validation Results")
    expect(dialog).to_contain_text("Success! Your notebook passes all the tests.")
    look(page, "5-validated")


GRAPH_MODE = """import tensorflow as tf

with tf.Graph().as_default():
    total = tf.constant(1) + 1
    print(tf.Session().run(total))

# def softmax(scores): comes later"""


def test_an_error_is_explained_and_the_kernel_restarted_by_keyboard_alone(page: Page) -> None:
    wait_for_idle(page)
    answer(page, "softmax", GRAPH_MODE)
    page.keyboard.press("Shift+Enter")
    cell = cell_with(page, "tf.Session()")
    expect(cell).to_contain_text("has no attribute 'Session'")
    expect(cell).to_contain_text("In plain words, line 5: print(tf.Session().run(total))")
    expect(cell).to_contain_text("Remedy: ")
    look(page, "6-error-light")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Shift+C")
    page.keyboard.insert_text("Use Theme: JupyterLab Dark")
    page.keyboard.press("Enter")
    expect(page.locator("body[data-jp-theme-light=false]")).to_be_attached()
    cell_with(page, "tf.Session()")
    look(page, "6-error-dark")

    cell.locator(".cm-content").click()
    page.keyboard.press("Escape")
    page.keyboard.press("0")
    page.keyboard.press("0")
    expect(page.locator(".jp-Dialog")).to_contain_text("Restart Kernel?")
    page.keyboard.press("Enter")
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    wait_for_idle(page)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("import tensorflow as tf\nprint(float(tf.constant(1.5) + 1.0))")
    page.keyboard.press("Shift+Enter")
    restarted = cell_with(page, "float(tf.constant(1.5)")
    expect(restarted.locator(".jp-OutputArea-output")).to_have_text("2.5")
    expect(restarted.locator(".jp-InputPrompt")).to_have_text("[1]:")
    look(page, "7-restarted")
