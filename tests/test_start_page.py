"""The welcome page: made, kept in step with the course, and right about the learner."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import jupytext
import nbformat
import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from playwright.sync_api import Page as BrowserPage

from helpers import start
from helpers.checks import record
from helpers.checks.record import Record, Result
from helpers.cli.build import build
from helpers.cli.check import check
from helpers.cli.lessons import Lesson, find_lessons
from helpers.course_error import CourseError
from helpers.outline import read_outline
from helpers.start import next_lesson, reached
from tests.course_folder import replace
from tests.lessons import LESSONS, ROOT
from tests.project import PATIENCE, copy_project, environment_of, run, serve

[SOFTMAX] = [lesson for lesson in LESSONS if lesson.name == "10_softmax"]
UNITS = read_outline()
LISTED = [lesson for unit in UNITS for lesson in unit.lessons]
PRESENT = [lesson for lesson in LISTED if lesson.exercises is not None]


def full(*lessons: str, last: str | None = None) -> Record:
    """Return the record of a learner who has passed all of these lessons."""
    exercises = {lesson.name: lesson.exercises or {} for lesson in LISTED}
    results = {
        lesson: {name: Result(points, points) for name, points in exercises[lesson].items()}
        for lesson in lessons
    }
    return Record(results, last)


# The list of units and lessons


@pytest.mark.parametrize("lesson", LESSONS, ids=str)
def test_every_lesson_is_on_the_map_under_its_own_title(lesson: Lesson) -> None:
    titles = {(each.unit, each.name): each.title for each in LISTED}
    assert (lesson.unit, lesson.name) in titles, f"add {lesson} to solutions/units.yml"
    heading = jupytext.read(lesson.text).cells[0].source.partition("\n")[0]
    assert heading == f"# {lesson.name[:2]} · {titles[lesson.unit, lesson.name]}"


def test_lessons_are_numbered_through_the_course() -> None:
    assert [lesson.number for lesson in LISTED] == [f"{n:02}" for n in range(1, len(LISTED) + 1)]


def test_every_title_is_there_in_both_languages() -> None:
    titles = [(unit.title, unit.chinese) for unit in UNITS]
    titles += [(lesson.title, lesson.chinese) for lesson in LISTED]
    assert all(english and chinese for english, chinese in titles)


def test_only_lessons_with_a_release_are_ready() -> None:
    assert [lesson.name for lesson in PRESENT] == [
        lesson.name for lesson in LESSONS if lesson.release.exists()
    ]


# The build


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("built")
    copy_project(root, only=SOFTMAX)
    run(root, "course", "build", "00_welcome")
    return root


@pytest.fixture
def page(built: Path, tmp_path: Path) -> Lesson:
    """Return the built page, in a copy of its own."""
    shutil.copytree(built, tmp_path / "copy")
    return Lesson(tmp_path / "copy", "", "00_welcome")


def test_the_page_is_no_lesson_and_is_not_graded(built: Path) -> None:
    assert find_lessons(built) == [Lesson(built, SOFTMAX.unit, SOFTMAX.name)]
    notebook = nbformat.read(built / "course" / "00_welcome.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert not any("nbgrader" in cell.metadata for cell in notebook.cells)


def test_the_page_shows_the_course_before_it_is_run_and_predicts_nothing(built: Path) -> None:
    notebook = nbformat.read(built / "course" / "00_welcome.ipynb", as_version=4)
    shown = {
        cell.source.splitlines()[-1]: [output.data for output in cell.outputs]
        for cell in notebook.cells
        if cell.cell_type == "code"
    }
    [where], [picture], [table] = (
        shown[f"start.{name}()"] for name in ("go_on", "course_map", "standing")
    )
    assert 'href="networks/10_softmax.ipynb"' in where["text/html"]
    assert "1 here, 5 to come" in picture["text/plain"]
    assert "0 of 3" in table["text/html"]
    assert shown["sum(range(5))"] == shown["start.record_file()"] == []


def test_the_page_shows_code_only_where_the_learner_runs_it(built: Path) -> None:
    notebook = nbformat.read(built / "course" / "00_welcome.ipynb", as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    seen = [
        cell.source for cell in cells if not cell.metadata.get("jupyter", {}).get("source_hidden")
    ]
    assert seen == ["sum(range(5))", "start.record_file()"]


def test_same_course_gives_same_bytes_whoever_builds_it(
    page: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = page.release.read_bytes()
    kept = page.root / "record.json"
    kept.write_text('{"last_lesson": "10_softmax", "lessons": {"10_softmax": {}}}')
    monkeypatch.setenv(record.VARIABLE, str(kept))
    page.release.unlink()
    assert "wrote course/00_welcome.ipynb" in run(page.root, "course", "build", "00_welcome")
    assert page.release.read_bytes() == before
    assert "unchanged" in run(page.root, "course", "build", "00_welcome")


def test_check_passes_after_the_build(page: Lesson, capsys: pytest.CaptureFixture[str]) -> None:
    check(page.root)
    check(page.root, ["course/00_welcome.ipynb"])
    assert capsys.readouterr().out.splitlines() == [
        "In step are text, notebook and release of 1 lessons and of the welcome page.",
        "In step are text, notebook and release of the welcome page.",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("solutions/00_welcome.md", "Welcome", "Hello", "is not what solutions/00_welcome.md"),
        ("solutions/units.yml", "title: Basics", "title: Begin", "is not what"),
        ("course/networks/10_softmax.ipynb", '"points": 2', '"points": 3', "is not what"),
        ("course/00_welcome.ipynb", "Welcome", "Hello", "was edited, or run"),
        ("course/00_welcome.ipynb", "0 of 3", "3 of 3", "was edited, or run"),
        ("solutions/units.yml", "- unit:", "- unit", "solutions/units.yml, .* cannot be read"),
    ],
)
def test_check_names_a_page_that_is_out_of_step(
    page: Lesson, file: str, old: str, new: str, message: str
) -> None:
    replace(page.root / file, old, new)
    with pytest.raises(CourseError, match=message):
        check(page.root, ["00_welcome"])


def test_check_names_a_page_that_is_missing_or_has_no_text(page: Lesson) -> None:
    content = page.release.read_bytes()
    page.release.unlink()
    with pytest.raises(CourseError, match=r"00_welcome.ipynb is missing. Run: course build 0"):
        check(page.root)
    page.release.write_bytes(content)
    page.text.unlink()
    with pytest.raises(CourseError, match=r"^course/00_welcome.ipynb has no lesson in solutions"):
        check(page.root)


def test_a_page_that_was_edited_is_kept_by_the_build(page: Lesson) -> None:
    replace(page.release, "Welcome", "Hello")
    with pytest.raises(CourseError, match=r"course/00_welcome.ipynb was edited"):
        build(page.root, ["00_welcome"])
    assert "Hello" in page.release.read_text(encoding="utf-8")


def test_a_page_that_was_only_run_is_made_again(page: Lesson) -> None:
    before = page.release.read_bytes()
    replace(page.release, "0 of 3", "3 of 3")
    run(page.root, "course", "build", "00_welcome")
    assert page.release.read_bytes() == before


# What it says


def test_the_links_lead_to_the_lessons() -> None:
    links = re.findall(r'href="([^"]+)"', start.standing().html)
    assert links == [lesson.path for lesson in PRESENT]
    assert all((ROOT / "course" / link).is_file() for link in links)


def test_the_map_has_a_text_alternative() -> None:
    page = start.course_map()
    [says] = re.findall(r'<img [^>]*alt="([^"]+)"', page.html)
    assert says == page.words
    assert all(unit.title in says for unit in UNITS)


def test_standing_counts_the_learners_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(record.VARIABLE, str(tmp_path / "record.json"))
    first, second = PRESENT[:2]
    assert first.exercises
    assert second.exercises
    record._write(tmp_path / "record.json", full(first.name, last=first.name))
    count, points = len(first.exercises), sum(first.exercises.values())
    words = start.standing().words
    assert f"{count} of {count} ✓ exercises, {points:g} of {points:g} points" in words
    assert words.count("✓") == 1
    assert f"So far: {count} of " in words
    assert "1 of them complete" in start.course_map().words
    assert str(start.go_on()).endswith(f"({second.path})")


def test_a_result_counts_only_for_the_exercise_as_it_is_now() -> None:
    lesson = PRESENT[0]._replace(exercises={"first": 2.0, "second": 1.0})
    kept = Record({lesson.name: {"first": Result(1, 1), "gone": Result(5, 5)}}, None)
    assert reached(lesson, kept) == (0, 2, 1, 3)
    kept = Record({lesson.name: {"first": Result(3, 4), "second": Result(1, 1)}}, None)
    assert reached(lesson, kept) == (1, 2, 3, 3)


def test_the_way_goes_on_from_where_the_learner_left() -> None:
    names = [lesson.name for lesson in PRESENT]

    def leads_to(kept: Record) -> str:
        lesson, sentence = next_lesson(PRESENT, kept)
        return f"{sentence} {lesson.name if lesson else ''}".strip()

    assert leads_to(full()) == f"Begin with the first lesson: {names[0]}"
    assert leads_to(full(last="99_gone")) == f"Begin with the first lesson: {names[0]}"
    assert leads_to(full(names[0], last=names[2])) == f"Continue where you left off: {names[2]}"
    assert leads_to(full(names[1], names[2], last=names[1])).endswith(f"Go on with: {names[3]}")
    assert leads_to(full(*names[2:], last=names[-1])).endswith(f"Go on with: {names[0]}")
    assert leads_to(full(*names, last=names[3])).endswith("every lesson that is here.")


def test_a_damaged_record_is_said_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "record.json"
    path.write_text("{")
    monkeypatch.setenv(record.VARIABLE, str(path))
    for _ in range(2):
        assert f"It is kept as {tmp_path / 'record-damaged-1.json'}" in start.go_on().words
    (tmp_path / "record-damaged-1.json").unlink()
    assert "damaged" not in start.go_on().words


def test_a_record_that_cannot_be_read_is_said_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(record.VARIABLE, str(tmp_path))
    assert "cannot be read: " in start.go_on().words
    assert "So far: 0 of" in start.standing().words


# In the browser


def open_page(browser: Browser, address: str, theme: str, settings: Path) -> BrowserPage:
    """Open the welcome page in JupyterLab with one of its themes."""
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f'{{"theme": "JupyterLab {theme}"}}')
    page = browser.new_page(viewport={"width": 1280, "height": 2700})
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(address % "00_welcome.ipynb")
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    expect(
        page.locator(f"body[data-jp-theme-light={str(theme == 'Light').lower()}]")
    ).to_be_attached()
    expect(page.get_by_role("img", name="Map of the course")).to_be_visible()
    return page


def run_all_cells(page: BrowserPage) -> None:
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def look(page: BrowserPage, name: str) -> None:
    """Take a picture for a person to look at."""
    page.screenshot(path=ROOT / "screenshots" / f"00_welcome-{name}.png")


@pytest.mark.xdist_group("browser")
def test_a_learner_comes_back_runs_the_page_and_goes_on_by_keyboard(
    needs: Callable[[str], str], tmp_path: Path
) -> None:
    options = ["--disable-gpu", "--no-first-run", "--disable-background-networking"]
    options += ["--no-sandbox"] * (os.geteuid() == 0)
    chromium = needs("chromium")
    copy_project(tmp_path)
    environment = environment_of(tmp_path)
    kept = Path(environment["JUPYTER_DATA_DIR"]) / "glimpse-deep-learning" / "record.json"
    kept.parent.mkdir(parents=True)
    record._write(kept, full("09_activations", last="10_softmax"))
    themes = Path(environment["JUPYTER_CONFIG_DIR"]) / "lab" / "user-settings" / "@jupyterlab"
    themes = themes / "apputils-extension" / "themes.jupyterlab-settings"
    expect.set_options(timeout=PATIENCE * 1000)
    with serve(tmp_path, "course", "lab") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=options)
        page = open_page(browser, address, "Light", themes)
        expect(page.get_by_text("Begin with the first lesson:")).to_be_visible()
        look(page, "1-opened")
        run_all_cells(page)
        expect(page.get_by_text("Continue where you left off:")).to_be_visible()
        expect(page.get_by_role("img", name="You were last in lesson 10")).to_be_visible()
        expect(page.get_by_text(str(kept))).to_be_visible()
        look(page, "2-light")
        page.close()

        page = open_page(browser, address, "Dark", themes)
        run_all_cells(page)
        expect(page.get_by_text(str(kept))).to_be_visible()
        look(page, "3-dark")
        page.get_by_role("link", name="10 · Softmax").first.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("tab", name="10_softmax.ipynb")).to_be_visible()
        expect(page.get_by_role("heading", name="10 · Softmax")).to_be_visible()
        browser.close()
