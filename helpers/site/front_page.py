"""The website's front page: the course in a few words, its map, and what each lesson gives."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from helpers.outline import Lesson, Unit
from helpers.plots.course_map import flow
from helpers.site.header import Header


def front_page(
    root: Path,
    units: Sequence[Unit],
    headers: Mapping[str, Header],
    reference: Mapping[str, str],
    repository: str = "",
    pdf: bool = False,
) -> str:
    """Return the front page as MyST text.

    Parameters
    ----------
    root : Path
        The project, whose README has the title and the first words.
    units : sequence of Unit
    headers : mapping
        Each lesson's header, by the lesson's name.
    reference : mapping of str to str
        What each reference page is for, by the page's name.
    repository : str, optional
        ``OWNER/NAME`` on GitHub, for a link to Binder.
    pdf : bool, optional
        Whether the course as one PDF, printed from the pages, is to lie beside this one.
    """
    units = [unit for unit in units if _present(unit)]
    title, words = _first_words(root / "README.md")
    parts = [
        title,
        words,
        "## The map",
        "The lessons build on each other: read each column downwards.",
        _map(units),
        "## To work through it",
        _TO_WORK,
        _BINDER.format(repository=repository, welcome=_WELCOME) if repository else "",
        _TO_PRINT if pdf else "",
        "## To look things up",
        "\n".join(f"- {{doc}}`{page}`: {sentence}" for page, sentence in reference.items()),
        "## What each lesson gives",
        *(_unit(number, unit, headers) for number, unit in enumerate(units, start=1)),
        *(_toctree(f"{n} {unit.title}", _pages(unit)) for n, unit in enumerate(units, start=1)),
        _toctree("Reference", [*reference]),
    ]
    return "\n\n".join(parts) + "\n"


PDF = "glimpse-deep-learning.pdf"
# No link of Sphinx: the file comes after the pages.
_TO_PRINT = f'To read it on paper: <a href="{PDF}">the whole course as one PDF</a>.'
_TO_WORK = """Every lesson can be read here. To run its code and have your answers checked, take
{download}`the whole course <course.zip>` and unpack it. On a machine with Python 3.11, 3.12 or 3.13
and `make`, this command, given in its folder, sets it up and opens it in JupyterLab:

```sh
make lab
```

The first time, this takes a few minutes, a network and some 3 GB of disk. The README there says how
to do it with conda. The archive has all lessons and checks, but neither the solutions nor the
course's own tests: `make test`, and what the README tells authors, need those."""


_WELCOME = "lab/tree/course/00_welcome.ipynb"
_BINDER = """Or [open it on Binder](https://mybinder.org/v2/gh/{repository}/HEAD?urlpath={welcome}),
without installing anything. What you write there is not kept."""


def _first_words(readme: Path) -> tuple[str, str]:
    """Return the README's title and first paragraph."""
    title, words, *_ = readme.read_text(encoding="utf-8").split("\n\n")
    return title, words


def _map(units: Sequence[Unit]) -> str:
    """Return the drawing of the course, in the columns of the welcome page."""
    columns = flow([len(unit.lessons) + 1 for unit in units])
    return _block(
        "course-map", *(_block("", *(_stops(i + 1, units[i]) for i in c)) for c in columns)
    )


def _stops(number: int, unit: Unit) -> str:
    stops = "\n".join(
        f"- [{lesson.number} {lesson.title}]({lesson.path})" for lesson in _present(unit)
    )
    return f"**{number} {unit.title}** {unit.chinese}\n\n{stops}"


def _unit(number: int, unit: Unit, headers: Mapping[str, Header]) -> str:
    lessons = "\n".join(
        f"- **[{lesson.number} · {lesson.title}]({lesson.path})** {lesson.chinese}. "
        f"{headers[lesson.name].sentence} {headers[lesson.name].minutes} minutes."
        for lesson in _present(unit)
    )
    return f"### {number} · {unit.title} {unit.chinese}\n\n{lessons}"


def _block(name: str, *parts: str) -> str:
    """Return parts in a block of their own, whose fence is longer than those within."""
    content = "\n\n".join(parts)
    fence = "````" if "```" not in content else "`````"
    return f"{fence}{{container}} {name}\n{content}\n{fence}"


def _toctree(caption: str, pages: Sequence[str]) -> str:
    entries = "\n".join(pages)
    return f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{entries}\n```"


def _pages(unit: Unit) -> list[str]:
    return [
        f"{lesson.number} · {lesson.title} <{lesson.unit}/{lesson.name}>"
        for lesson in _present(unit)
    ]


def _present(unit: Unit) -> list[Lesson]:
    return [lesson for lesson in unit.lessons if lesson.exercises is not None]
