"""The website: what a page shows, what it must not show, and that it works from the disk."""

import fcntl
import html
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from itertools import count
from pathlib import Path
from unittest.mock import patch
from urllib.parse import unquote

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pypdf import PdfReader
from sphinx.builders.html import StandaloneHTMLBuilder

from helpers.cli.lessons import Lesson as Files
from helpers.cli.notebooks import dumps, new_notebook, read_notebook, read_text
from helpers.cli.release import make_release
from helpers.cli.site import site
from helpers.course_error import CourseError
from helpers.outline import Lesson, Unit
from helpers.site import source
from helpers.site.archive import archive
from helpers.site.frames import draw_frames
from helpers.site.front_page import PDF, front_page
from helpers.site.header import Header
from helpers.site.lesson_page import in_one_line
from helpers.site.pdf import PdfError, write_pdf
from helpers.site.publish import OutputError, publish
from helpers.site.sphinx_build import SiteError, build_html
from tests.course_folder import contents, replace
from tests.lessons import LESSONS, ROOT
from tests.project import copy_project, run

# A title in Chinese, a link between headings, formulas, a quiz, explorers, graphs, four in a cell.
SOME = ("02_tensors", "04_variables", "10_softmax", "26_inception")

pytestmark = pytest.mark.xdist_group("site")


def small_project(folder: Path) -> Path:
    """Copy the project with some of its lessons only; the others are to come."""
    copy_project(folder)
    for lesson in LESSONS:
        if lesson.name not in SOME:
            for path in (lesson.text, lesson.notebook, lesson.release):
                (folder / path.relative_to(ROOT)).unlink()
    return folder


@pytest.fixture(scope="module", autouse=True)
def few_frames() -> Iterator[None]:
    """Let explorers have few frames, which are soon drawn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "draw_frames", partial(draw_frames, most_bytes=200_000))
        yield


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small project of which both websites were built."""
    root = small_project(tmp_path_factory.mktemp("project"))
    site(root, None, solutions=False)
    site(root, root / "site-solutions", solutions=True)
    return root


def texts(folder: Path) -> dict[str, str]:
    """Return what a reader can find in each text file of a website, one line after the other."""
    found = {}
    for name, content in contents(folder).items():
        if name.endswith(".html"):
            found[name] = html.unescape(re.sub(r"<[^>]*>", "", content.decode()))
        elif name.endswith((".js", ".ipynb", ".json", ".txt", ".inv")):
            found[name] = content.decode(errors="replace")
    return found


def secret_lines(root: Path) -> set[str]:
    """Return the lines of the solutions that stand neither in a released lesson nor in a hint."""
    notes = json.loads((root / ".site" / "notes.json").read_text(encoding="utf-8"))["notes"]
    secrets, known = set(), str([each["hints"] for each in notes.values()])
    for path in root.glob("solutions/*/*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            for part in re.findall(r"### BEGIN SOLUTION\n(.*?)### END", cell.source, re.DOTALL):
                secrets |= {line.strip() for line in part.splitlines()}
        released = root / "course" / path.relative_to(root / "solutions")
        for cell in nbformat.read(released, as_version=4).cells:
            known += cell.source
    return {line for line in secrets if len(line) > 15 and line not in known}


def test_students_version_holds_no_line_of_a_solution(project: Path) -> None:
    secrets = secret_lines(project)
    assert len(secrets) > 20
    students = "\n".join(texts(project / "site").values())
    authors = "\n".join(texts(project / "site-solutions").values())
    assert [line for line in secrets if line in students] == []
    assert [line for line in secrets if line not in authors] == []


def test_archive_holds_the_released_lessons_and_no_solution(project: Path) -> None:
    [path] = (project / "site" / "_downloads").rglob("course.zip")
    with zipfile.ZipFile(path) as files:
        names = [name.partition("/")[2] for name in files.namelist()]
        for name in SOME:
            [notebook] = [each for each in names if each.endswith(f"/{name}.ipynb")]
            released = (project / notebook).read_bytes()
            assert files.read(f"glimpse-deep-learning/{notebook}") == released
    assert [name for name in names if name.startswith("solutions/")] == ["solutions/units.yml"]
    assert not [name for name in names if "__pycache__" in name]


def test_archive_leaves_out_what_editors_leave(project: Path, tmp_path: Path) -> None:
    course = shutil.copytree(project, tmp_path / "course", ignore=shutil.ignore_patterns(".*"))
    before = archive(course)
    for name in ("docs/lab.png~", "docs/.notes.swp", "course/.ipynb_checkpoints/a.ipynb"):
        (course / name).parent.mkdir(exist_ok=True)
        (course / name).write_text("not for others")
    assert archive(course) == before


def test_page_is_described_by_its_first_words(project: Path) -> None:
    page = (project / "site/networks/10_softmax.html").read_text(encoding="utf-8")
    [described] = re.findall(r'<meta name="description" content="([^"<>]+)">', page)
    assert described.startswith("A network that tells ten digits apart ends in ten numbers")
    assert described.endswith("and all of its code is yours.")


def test_a_learner_can_work_with_the_archive(project: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(BytesIO(archive(project))) as files:
        files.extractall(tmp_path)
    course = tmp_path / "glimpse-deep-learning"
    copy = "from helpers.cli.lab import *; copy_lessons(Path.cwd())"
    run(course, "python", "-c", copy)
    assert (course / "work/basics/02_tensors.ipynb").exists()
    assert "02_tensors-fresh.ipynb" in run(course, "course", "fresh", "02_tensors")


def test_every_link_and_picture_of_the_site_is_there(project: Path) -> None:
    folder = project / "site"
    ids: dict[Path, set[str]] = {}
    for page in folder.rglob("*.html"):
        ids[page] = set(re.findall(r'\bid="([^"]+)"', page.read_text(encoding="utf-8")))
    missing = []
    for page in ids:
        for target in re.findall(r'\b(?:href|src)="([^"]+)"', page.read_text(encoding="utf-8")):
            path, _, anchor = html.unescape(target).partition("#")
            if path.startswith(("https:", "data:")):
                continue
            file = (page.parent / unquote(path.partition("?")[0])) if path else page
            if not file.exists() or (
                anchor
                and file.resolve() in ids
                and page.name != "search.html"
                and anchor not in ids[file.resolve()]
            ):
                missing.append((page.name, target))
    assert missing == []


def test_nothing_is_loaded_from_elsewhere(project: Path) -> None:
    for page in (project / "site").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r'<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)="([^"]+)"', text)
        assert [each for each in loaded if "://" in each] == []


def test_every_picture_is_there_and_says_what_it_shows(project: Path) -> None:
    for path in project.glob("solutions/*/*.ipynb"):
        outputs = [o for c in nbformat.read(path, as_version=4).cells for o in c.get("outputs", [])]
        data = [o.get("data", {}) for o in outputs]
        drawn = [d["text/plain"] for d in data if {"image/png", "image/svg+xml"} & {*d}]
        wanted = [re.sub(r"^\[\w+: (.*)\]$", r"\1", in_one_line(text)) for text in drawn]
        page = project / "site" / path.relative_to(project / "solutions").with_suffix(".html")
        images = re.findall(r"<img\b[^>]*>", page.read_text(encoding="utf-8"))
        said = [re.findall(r'\balt="([^"]*)"', image) for image in images]
        assert [[html.unescape(alt) for alt in alts] for alts in said] == [[w] for w in wanted]


def with_the_work_of(project: Path, root: Path) -> Path:
    """Give a project the verdicts and frames of another, of the same code; return it."""
    own = shutil.ignore_patterns("students", "solutions")
    shutil.copytree(project / ".site", root / ".site", ignore=own)
    return root


def edit(root: Path, old: str, new: str) -> None:
    """Edit lesson 02 as an author would, and make notebook and release of it without a run."""
    lesson = Files(root, "basics", "02_tensors")
    replace(lesson.text, old, new)
    before, after = read_notebook(lesson.notebook), new_notebook(root, read_text(lesson))
    for cell, ran in zip(after.cells, before.cells, strict=True):
        if cell.cell_type == "code":
            cell.update(outputs=ran.outputs, execution_count=ran.execution_count)
    lesson.notebook.write_text(dumps(after), encoding="utf-8")
    lesson.release.write_text(make_release(lesson, after), encoding="utf-8")


BEGINS = "One mean has to stand"  # a cell, below what the pages add to the exercises


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("[there](../basics/99_nothing.ipynb)", r"\.md, line LINE \(cell \d+\): .*99_nothing"),
        ("##### Too deep", r"\.md, line LINE \(cell \d+\): .*header level"),
        ("![a picture](nothing.png)", r"\.md.*nothing\.png"),
        ("![a picture](../../docs/lab.png)", r"\.md.*docs/lab\.png"),
        ('<img src="nothing.png" alt="a picture">', r"\.md: .*nothing\.png"),
        ("![a picture](https://example.com/picture.png)", r"\.md: .*example\.com"),
        ("An oracle (神谕) knows.", "神谕"),
    ],
)
def test_what_is_wrong_names_the_place_as_often_as_the_site_is_built(
    project: Path, tmp_path: Path, new: str, said: str
) -> None:
    root = with_the_work_of(project, small_project(tmp_path / "project"))
    edit(root, BEGINS, f"{new}\n\n{BEGINS}")
    text = (root / "solutions/basics/02_tensors.md").read_text(encoding="utf-8")
    said = said.replace("LINE", str(text.splitlines().index(new) + 1))
    for _ in range(2):
        with pytest.raises(CourseError, match=rf"^(solutions/basics/)?02_tensors\b.*{said}"):
            site(root, tmp_path / "out", solutions=False)
    assert not (tmp_path / "out").exists()


def test_build_that_was_interrupted_hides_no_warning(project: Path, tmp_path: Path) -> None:
    root = with_the_work_of(project, small_project(tmp_path / "project"))
    work = root / ".site" / "students"
    edit(root, BEGINS, f"##### Too deep\n\n{BEGINS}")
    source.write_source(root, work, solutions=False)
    interrupted = patch.object(StandaloneHTMLBuilder, "write_doc", side_effect=KeyboardInterrupt)
    with interrupted, pytest.raises(KeyboardInterrupt):
        build_html(work)
    with pytest.raises(SiteError, match="header level"):
        build_html(work)


def test_lesson_that_was_not_built_is_named(tmp_path: Path) -> None:
    small_project(tmp_path)
    replace(tmp_path / "solutions/basics/04_variables.md", "# 04 ·", "# 04 · New")
    (tmp_path / "course/networks/10_softmax.ipynb").unlink()
    (tmp_path / "solutions/basics/02_tensors.ipynb").unlink()
    with pytest.raises(CourseError) as caught:
        site(tmp_path, None, solutions=False)
    tensors, variables, softmax = str(caught.value).splitlines()
    assert tensors.endswith("02_tensors.ipynb is missing. Run: course build basics/02_tensors")
    assert variables.endswith("04_variables.md differ. Run: course build basics/04_variables")
    assert softmax.startswith("course/networks/10_softmax.ipynb is missing.")


def test_second_build_at_the_same_time_is_refused(project: Path, tmp_path: Path) -> None:
    with (project / ".site" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CourseError, match="Another `course site` is at work"):
            site(project, tmp_path / "out", solutions=False)


def test_same_input_same_bytes_whatever_was_built_before(project: Path, tmp_path: Path) -> None:
    root = with_the_work_of(project, small_project(tmp_path / "elsewhere" / "project"))
    edit(root, BEGINS, f"另一个 {BEGINS}")
    out = tmp_path / "out"
    site(root, out, solutions=False)
    assert contents(out) != contents(project / "site")
    edit(root, f"另一个 {BEGINS}", BEGINS)
    site(root, out, solutions=False)
    assert contents(out) == contents(project / "site")
    assert str(tmp_path).encode() not in b"".join(contents(out).values())


def small_site(folder: Path) -> Path:
    """Return the folder of a website of three files, as Sphinx leaves it."""
    (folder / "_static").mkdir(parents=True)
    for name in ("_static/site.css", "old.html", "index.html"):
        (folder / name).write_text(name)
    return folder


def test_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    built = small_site(tmp_path / "built")
    out = tmp_path / "thesis"
    out.mkdir()
    (out / "index.html").write_text("mine")
    with pytest.raises(OutputError, match=r"thesis holds other files, such as index\.html"):
        publish(built, out)
    assert contents(out) == {"index.html": b"mine"}
    with pytest.raises(OutputError, match=r"index\.html is a file"):
        publish(built, out / "index.html")


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    built = small_site(tmp_path / "built")
    with pytest.raises(OutputError, match=r"index.html/site: Not a directory"):
        publish(built, built / "index.html" / "site")


@pytest.mark.parametrize("work", ["copyfile", "replace"])
def test_interrupted_it_goes_on_the_next_time(tmp_path: Path, work: str) -> None:
    """While files are copied, the earlier site stays; later, it knows all of its files."""
    built, out = small_site(tmp_path / "built"), tmp_path / "out"
    holder = shutil if work == "copyfile" else Path
    calls, real = count(1), getattr(holder, work)

    def stop_at_the_third(*arguments: Path) -> object:
        if next(calls) == 3:
            raise KeyboardInterrupt
        return real(*arguments)

    for was_there in ({}, {"CNAME": b"somebody's own"}):
        calls = count(1)
        before = contents(out)
        with patch.object(holder, work, stop_at_the_third), pytest.raises(KeyboardInterrupt):
            publish(built, out)
        assert contents(out) == before or work == "replace"
        publish(built, out)
        assert contents(out) == {**contents(built), **was_there, **LISTED}
        (out / "CNAME").write_bytes(b"somebody's own")
        for path in contents(built):
            (built / path).write_text("new")


LISTED = {"_static/files.txt": b"_static/site.css\nindex.html\nold.html\n"}


def test_built_by_github_the_site_has_a_link_to_binder() -> None:
    units = [Unit("basics", "Basics", "基本概念", [Lesson("basics", "02_t", "T", "张量", {})])]
    headers = {"02_t": Header("张量", ["name a shape"], "nothing", 35)}
    pages = [front_page(ROOT, units, headers, {}, name) for name in ("somebody/their-course", "")]
    links = [re.findall(r"\((https://mybinder\.org/[^)]+)\)", text) for text in pages]
    welcome = "course/00_welcome.ipynb"
    address = f"https://mybinder.org/v2/gh/somebody/their-course/HEAD?urlpath=lab/tree/{welcome}"
    assert links == [[address], []]
    assert (ROOT / welcome).exists()


def test_what_is_gone_from_the_course_goes_from_the_site(tmp_path: Path) -> None:
    built, out = small_site(tmp_path / "built"), tmp_path / "out"
    publish(built, out)
    (out / "CNAME").write_text("somebody's own")
    (built / "old.html").unlink()
    publish(built, out)
    site = ["_static/files.txt", "_static/site.css", "index.html"]
    assert sorted(contents(out)) == ["CNAME", *site]


# On paper; before the browser's tests, as Playwright is open once in a process


def test_pdf_is_offered_and_has_right_page_numbers(
    project: Path, tmp_path: Path, needs: Callable[[str], str]
) -> None:
    needs("chromium")
    site(project, tmp_path, solutions=False, pdf=True)
    assert f'href="{PDF}"' in (tmp_path / "index.html").read_text(encoding="utf-8")
    pdf = PdfReader(tmp_path / PDF)
    texts = [page.extract_text() for page in pdf.pages]
    assert "10 Softmax" in texts[0]
    assert "Contents" in texts[1]
    numbers = dict(re.findall(r"^(\d\d · .+|Hints and answers) (\d+)$", texts[1], re.MULTILINE))
    assert [title[:2] for title in numbers] == [*(name[:2] for name in SOME), "Hi"]
    for title, number in numbers.items():
        head, its_number, heading, *_ = texts[int(number) - 1].splitlines()
        assert (head, its_number) == (title, number)
        assert heading.startswith(title)
    [hints] = {*re.findall(r"Exercise 1: softmax.*?Hints: page (\d+)", "\n".join(texts), re.DOTALL)}
    assert "np.exp(scores) gives one positive number a class" in texts[int(hints) - 1]
    assert pdf.metadata
    outline = [str(each.title) for each in pdf.outline if not isinstance(each, list)]
    assert outline[0] == "Glimpse on deep learning: TensorFlow, then and now"
    assert pdf.metadata.title == "Glimpse on deep learning: TensorFlow, then and now"
    assert b"(D:20" not in (tmp_path / PDF).read_bytes()  # no date


def test_pdf_without_chromium_is_an_error_that_says_what_to_do(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    with pytest.raises(CourseError, match="apt install chromium"):
        site(project, tmp_path / "out", solutions=False, pdf=True)
    assert not (tmp_path / "out").exists()


def test_chromium_that_does_not_start_is_an_error_with_its_own_words(
    project: Path, tmp_path: Path
) -> None:
    html = shutil.copytree(project / "site", tmp_path / "html")
    chromium = tmp_path / "chromium"
    chromium.write_text("#!/bin/sh\necho no libnss3.so >&2; exit 127\n")
    chromium.chmod(0o755)
    with pytest.raises(PdfError, match=r"chromium could not print the PDF(?s:.*)no libnss3\.so"):
        write_pdf(html, str(chromium))
    assert not (html / PDF).exists()


# In a browser, from the disk


@pytest.fixture(scope="module")
def browser(needs: Callable[[str], str]) -> Iterator[Browser]:
    options = ["--disable-gpu", "--disable-background-networking"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needs("chromium"), args=options)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, project: Path) -> Iterator[Page]:
    """Open the site's front page in Chromium, without a network; an error there is one here."""
    page = browser.new_context(offline=True).new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto((project / "site" / "index.html").as_uri())
    yield page
    page.context.close()
    assert errors == []


@pytest.mark.parametrize(
    ("words", "lesson", "entry"),
    [
        ("张量", "02 · Tensors 张量", "Glossary 术语 > 张量"),
        ("softmax", "10 · Softmax 回归", "Glossary 术语"),
        ("AUTO_REUSE", "04 · Variables 变量", "Then and now > tf.AUTO_REUSE"),
        ("slim.conv2d", "26 · Inception 模型", "Then and now > tf.contrib.slim.conv2d"),
        ("tf.get_variable('v', [2])", "04 · Variables 变量", "Then and now > tf.get_variable"),
    ],
)
def test_search_finds_both_languages_and_code(
    page: Page, words: str, lesson: str, entry: str
) -> None:
    page.get_by_role("textbox", name="Search").fill(words)
    page.keyboard.press("Enter")
    expect(page.locator(".search-summary")).to_contain_text("Search finished")
    found = [each.strip() for each in page.locator("#search-results li a").all_inner_texts()]
    assert {lesson, entry} <= set(found)
    assert len(set(found)) == len(found)


def test_search_begins_with_the_lesson_of_that_name(page: Page) -> None:
    page.get_by_role("textbox", name="Search").fill("variables")
    page.keyboard.press("Enter")
    expect(page.locator(".search-summary")).to_contain_text("Search finished")
    expect(page.locator(".kind-text a").first).to_have_text("04 · Variables 变量")


def test_search_for_a_name_of_tensorflow_finds_no_page_without_it(
    page: Page, project: Path
) -> None:
    page.get_by_role("textbox", name="Search").fill("tf.nn.relu")
    page.keyboard.press("Enter")
    expect(page.locator(".search-summary")).to_contain_text("Search finished")
    found = {str(each.get_attribute("href")) for each in page.locator(".kind-text a").all()}
    words = texts(project / "site")
    assert {name for name in found if "relu" not in words[name].casefold()} == set()
    assert "convolution/26_inception.html" in found


def test_search_says_what_to_do_where_nothing_is_found(page: Page) -> None:
    page.get_by_role("textbox", name="Search").fill("xyzzy")
    page.keyboard.press("Enter")
    expect(page.locator(".search-summary")).to_contain_text("found nowhere")


def test_search_needs_no_term_of_the_glossary(page: Page) -> None:
    """A word that is no term finds lessons; an entry that leads to no place finds its page."""
    page.get_by_role("textbox", name="Search").fill("softmaxes")
    page.keyboard.press("Enter")
    expect(page.locator(".search-summary")).to_contain_text("Search finished")
    expect(page.locator("#search-results .kind-index")).to_have_count(0)
    expect(page.locator("#search-results .kind-text").first).to_be_visible()
    page.evaluate("""() => {
        Search._index.indexentries.placeless = [[0, "", "main"]];
        document.getElementById("search-results").replaceChildren();
        Search.performSearch("placeless");
    }""")
    expect(page.locator(".search-summary")).to_contain_text("Search finished")
    expect(page.locator("#search-results .kind-index")).to_have_count(1)


def test_lesson_reads_well_without_a_network(page: Page) -> None:
    page.locator(".course-map").get_by_role("link", name="10 Softmax").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("10 · Softmax 回归")
    header = page.locator(".lesson-header")
    for text in ("turn scores into probabilities", "Needs", "40", "Softmax 代码实现"):
        expect(header).to_contain_text(text)
    expect(header.get_by_role("link", name="10_softmax.ipynb")).to_be_visible()
    expect(header.get_by_role("link", name="the whole course")).to_be_visible()  # it needs helpers
    expect(page.locator("mjx-container").first).to_be_visible()  # a formula is typeset
    expect(page.get_by_text("do not add to 1")).to_be_visible()  # what the check says
    hint = page.locator("details.hint").first
    expect(hint).not_to_have_attribute("open", "")
    hint.locator("summary").press("Enter")
    expect(hint).to_have_attribute("open", "")
    page.get_by_role("link", name="Previous").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("04 · Variables")


def test_narrow_window_needs_no_scrolling_sideways(page: Page, project: Path) -> None:
    """Of a page nothing but code is cut off at the right."""
    page.set_viewport_size({"width": 360, "height": 800})
    wide = []
    for path in (project / "site").rglob("*.html"):
        page.goto(path.as_uri())
        page.evaluate("async () => { await window.MathJax?.startup.promise }")
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            wide.append(path.name)
        blocks = page.locator(".table-wrapper, mjx-container[display], .traceback pre")
        cut = blocks.evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth).length")
        wide += [path.name] * cut
    assert wide == []
