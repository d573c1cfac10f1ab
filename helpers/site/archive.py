"""The whole course as one archive: what a learner needs, the same bytes each time."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

NAME = "glimpse-deep-learning"
# The lessons' solutions stay out: of that folder, only the outline is needed.
PARTS = (
    "course",
    "docs",
    "helpers",
    "solutions/units.yml",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "environment.yml",
    "jupytext.toml",
    "nbgrader_config.py",
    "postBuild",
    "pyproject.toml",
    "requirements.lock",
)
# What Python, Jupyter and editors leave in a folder.
_LEFT = re.compile(r"__pycache__|\..*|.*~")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first date that the format knows


def archive(root: Path) -> bytes:
    """Return a zip file of the course, without dates."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as files:
        for path in _files(root):
            entry = zipfile.ZipInfo(f"{NAME}/{path.relative_to(root).as_posix()}", _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, which knows a program from a text
            entry.external_attr = (0o755 if path.name == "postBuild" else 0o644) << 16
            files.writestr(entry, path.read_bytes())
    return content.getvalue()


def _files(root: Path) -> Iterator[Path]:
    for part in PARTS:
        path = root / part
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (
            each
            for each in found
            if each.is_file() and not any(map(_LEFT.fullmatch, each.relative_to(root).parts))
        )
