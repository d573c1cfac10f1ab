"""The website's pages as one document to print: title, contents, lessons, what was folded.

On a page, what a fold hides is a click away. In the document it stands in a chapter at its end.
"""

import html
import posixpath
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag

STYLE = Path(__file__).with_name("book.css")
ANSWERS = "answers"


class Chapter(NamedTuple):
    """A page of the website: its name there, its title in the contents, what stands on it."""

    name: str
    title: str
    content: Tag


def book(site: Path) -> str:
    """Return the document as HTML, to be put beside the website's folder.

    The website's list of its pages gives the order. A link to a page leads to its place in the
    document, where each anchor has the page's name before it. Links of the class `page-number`
    are for whoever prints the document to write the number of their page into.

    Parameters
    ----------
    site : Path
        The built website.
    """
    front = _read(site / "index.html")
    units = {title: dict(links) for title, links in _units(front)}
    titles = {name: title for links in units.values() for name, title in links.items()}
    pages = {name: _read(site / f"{name}.html") for name in titles}
    loaded = _loaded(site.name, {"index": front, **pages})
    title_page = Chapter("index", "", _title_page(front))
    chapters = [Chapter(name, titles[name], _article(page)) for name, page in pages.items()]
    for chapter in [title_page, *chapters]:
        _lead_into_book(chapter, site.name, titles)
    answers = _element("<div><h1>Hints and answers</h1></div>")
    for chapter in chapters:
        answers.extend(_unfold(chapter))
    units["Answers"] = {ANSWERS: "Hints and answers"}
    chapters.append(Chapter(ANSWERS, "Hints and answers", answers))
    heads, bodies = zip(*map(_print, range(len(chapters)), chapters), strict=True)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{_text(title_page.content.h1)}</title>
{loaded}
<style>
{STYLE.read_text(encoding="utf-8")}
{"".join(heads)}
</style>
</head>
<body data-theme="light">
{title_page.content}
{_contents(units)}
{"".join(bodies)}
</body>
</html>
"""


def _read(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def _units(front: BeautifulSoup) -> Iterator[tuple[str, Iterator[tuple[str, str]]]]:
    """Yield the groups of the website's list of its pages: title, and pages by name."""
    for group in front.select(".sidebar-tree .caption + ul"):
        links = group.select("a")
        yield (
            _text(_before(group)),
            ((unquote(str(link["href"])).removesuffix(".html"), _text(link)) for link in links),
        )


def _article(page: BeautifulSoup) -> Tag:
    article = page.article
    assert article is not None
    return article


def _title_page(front: BeautifulSoup) -> Tag:
    """Return title, first words and map of the front page."""
    page = _element('<header class="title-page"></header>')
    parts = front.select("article h1, article h1 + p, article .course-map, .copyright")
    page.extend([part.extract() for part in parts])
    return page


def _lead_into_book(chapter: Chapter, folder: str, names: Container[str]) -> None:
    """Change what leads elsewhere, anchors, links, addresses of pictures; leave out the rest."""
    base = posixpath.dirname(chapter.name)
    for extra in chapter.content.select(".headerlink, .frames-sliders, script"):
        extra.decompose()
    # Marks without a look of their own, most of the code: the PDF is half as large without them.
    for mark in chapter.content.select(".highlight :is(.n, .nn, .p, .w), code .pre"):
        mark.unwrap()
    for tag in chapter.content.select("[id]"):
        tag["id"] = _anchor(chapter.name, str(tag["id"]))
    for picture in chapter.content.select("img"):
        if not str(picture["src"]).startswith("data:"):
            picture["src"] = posixpath.normpath(f"{folder}/{base}/{picture['src']}")
    for link in chapter.content.select("a[href]"):
        path, _, anchor = unquote(str(link["href"])).partition("#")
        name = posixpath.normpath(posixpath.join(base, path)).removesuffix(".html")
        if not path:
            link["href"] = "#" + _anchor(chapter.name, anchor)
        elif name in names:
            link["href"] = "#" + (_anchor(name, anchor) if anchor else name)
        elif "://" not in path:
            link.unwrap()  # a file to take away


def _anchor(page: str, anchor: str) -> str:
    return f"{page}/{anchor}"


def _unfold(chapter: Chapter) -> Iterator[Tag]:
    """Take the folds out of a chapter; yield what stands for them in the chapter of answers."""
    runs = [fold for fold in chapter.content.select("details") if not _is_fold(_before(fold))]
    if runs:
        yield _element(f"<h2>{html.escape(chapter.title)}</h2>")
    for number, first in enumerate(runs):
        name = f"{ANSWERS}/{chapter.name}/{number}"
        folds = [first]
        for following in first.find_next_siblings(True):
            if not _is_fold(following):
                break
            folds.append(following)
        summaries = [fold.summary.extract() for fold in folds if fold.summary]
        classes = first.get_attribute_list("class")
        kind = next((kind for kind in _KINDS if kind in classes), "quiz")
        question = _before(first) if kind == "quiz" else first.find_previous("h3")
        yield _element(f'<p class="question" id="{name}">{_inner(question)}</p>')
        for summary, fold in zip(summaries, folds, strict=True):
            said = f"<strong>{_inner(summary)}</strong>: " if kind != "hide" else ""
            yield _element(f'<div class="unfolded">{said}{_inner(fold)}</div>')
        choices = "".join(f"<li>{_inner(summary)}</li>" for summary in summaries)
        first.insert_before(
            _element(
                f"<div>{f'<ul>{choices}</ul>' if kind == 'quiz' else ''}"
                f'<p class="see">{_KINDS[kind]}: page {_page_number(name)}</p></div>'
            )
        )
        for fold in folds:
            fold.decompose()


# What a reader finds at the end, by the class of a fold.
_KINDS = {"hint": "Hints", "hide": "The answer", "quiz": "Answers"}


def _is_fold(element: object) -> bool:
    return isinstance(element, Tag) and element.name == "details"


def _before(element: Tag) -> Tag | None:
    found = element.find_previous_sibling(True)
    return found if isinstance(found, Tag) else None


def _print(number: int, chapter: Chapter) -> tuple[str, str]:
    """Return the style of a chapter's sheets, with its title at their head, and the chapter."""
    title = chapter.title.replace('"', r"\"")
    return (
        f'@page chapter-{number} {{ @top-right {{ content: "{title}" }} }}\n',
        f'<article id="{chapter.name}" style="page: chapter-{number}">{chapter.content}</article>',
    )


def _contents(units: Mapping[str, Mapping[str, str]]) -> str:
    parts = [
        f"<h2>{html.escape(unit)}</h2>\n<ul>{''.join(map(_entry, pages, pages.values()))}</ul>"
        for unit, pages in units.items()
    ]
    return f'<nav class="book-contents"><h1>Contents</h1>{"".join(parts)}</nav>'


def _entry(name: str, title: str) -> str:
    link = f'<a href="#{name}">{html.escape(title)}</a>'
    return f"<li>{link}<span></span>{_page_number(name)}</li>\n"


def _page_number(name: str) -> str:
    return f'<a class="page-number" href="#{name}">000</a>'


def _loaded(folder: str, pages: Mapping[str, BeautifulSoup]) -> str:
    """Return what the website's pages load and paper needs: styles, and MathJax."""
    loaded: dict[str, None] = {}
    for name, page in pages.items():
        base = f"{folder}/{posixpath.dirname(name)}"
        for tag in page.select('link[rel="stylesheet"], head style, script'):
            if tag.name == "script" and "MathJax" not in str(tag) and "tex-svg" not in str(tag):
                continue
            for attribute in {"href", "src"} & tag.attrs.keys():
                tag[attribute] = posixpath.normpath(f"{base}/{tag[attribute]}")
            loaded[str(tag)] = None
    return "\n".join(loaded)


def _element(text: str) -> Tag:
    """Return the element that a piece of HTML is."""
    found = BeautifulSoup(text, "html.parser").find(True)
    assert isinstance(found, Tag)
    return found.extract()


def _inner(element: Tag | None) -> str:
    return element.decode_contents() if element else ""


def _text(element: Tag | None) -> str:
    return " ".join(element.get_text().split()) if element else ""
