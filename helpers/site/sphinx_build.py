"""Sphinx at work: from the source folder to HTML; a warning is an error."""

import hashlib
import io
import re
import shutil
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import nbformat

SETTINGS = Path(__file__).parent
BUILDERS = ("furo", "myst-nb", "myst-parser", "sphinx", "sphinx-mathjax-offline")
# Of a line of a notebook MyST-NB says: 10000 x number of the cell + line in the cell.
_CELL = 10_000
_PLACE = re.compile(r"^(?P<path>.+?\.(?:ipynb|md))(?::(?P<line>\d*))?: \w+: (?P<message>.+)$")


class SiteError(Exception):
    """Something on the site is wrong; a line for each problem, with the lesson to mend."""


def build_html(work: Path) -> Path:
    """Build `work/source` into `work/html`, unless nothing has changed; return the folder.

    Sphinx reads the pages that have changed and writes all: its index of the search is complete,
    and the same each time, only if it is made at once.

    The files of the explorers' frames are put beside the pages.

    Raises
    ------
    SiteError
        With all warnings of Sphinx.
    """
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    html, built, read = work / "html", work / "built.txt", work / "doctrees"
    inputs = _digest([work / "source", SETTINGS])
    if built.exists() and built.read_text() == inputs:
        return html
    if not built.exists():
        # An earlier build was given up. Sphinx warns of a page only when it reads it: let it read
        # them all again.
        shutil.rmtree(read, ignore_errors=True)
    built.unlink(missing_ok=True)
    shutil.rmtree(html, ignore_errors=True)
    warnings = io.StringIO()
    with patch_docutils(str(SETTINGS)), docutils_namespace():
        Sphinx(
            srcdir=work / "source",
            confdir=SETTINGS,
            outdir=html,
            doctreedir=read,
            buildername="html",
            status=None,
            warning=warnings,
        ).build(force_all=True)
    if problems := [line for line in warnings.getvalue().splitlines() if line.strip()]:
        raise SiteError("\n".join(explain(line, work / "source") for line in problems))
    shutil.copytree(work.parent / "frames" / "files", html / "frames")
    built.write_text(inputs)
    return html


def _digest(folders: Iterable[Path]) -> str:
    """Return a digest of all files in folders, and of what builds a website from them."""
    digest = hashlib.sha256("".join(map(version, BUILDERS)).encode())
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        if "__pycache__" not in path.parts:
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def explain(warning: str, source: Path) -> str:
    """Return a warning of Sphinx with the place where an author mends it.

    >>> explain("/course/source/slides.md:3: WARNING: Unknown target", Path("/course/source"))
    'slides.md: Unknown target'
    """
    warning = re.sub(r"\x1b\[[0-9;]*m", "", warning)
    if not (found := _PLACE.match(warning)):
        return warning
    path = Path(found["path"])
    if path.is_relative_to(source):
        path = path.relative_to(source)
    place = path.as_posix()
    if path.suffix == ".ipynb":
        place = f"solutions/{path.with_suffix('.md').as_posix()}"
        if found["line"]:
            page = nbformat.read(source / path, as_version=4)
            cell = page.cells[int(found["line"]) // _CELL - 1].metadata["lesson_cell"]
            place += f", cell {cell}"
    return f"{place}: {found['message']}"
