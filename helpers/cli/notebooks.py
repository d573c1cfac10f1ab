"""A lesson's inputs in one canonical form, whether they were read from text or from a notebook.

The canonical form is the MyST text that jupytext writes with the project's `jupytext.toml`.
Two files hold the same lesson when their canonical texts are equal.
"""

import hashlib
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jupytext
import nbformat
from jupytext.config import JupytextConfiguration, load_jupytext_configuration_file
from jupytext.myst import myst_to_notebook
from nbformat import NotebookNode

from helpers.cli.lessons import Lesson
from helpers.course_error import CourseError

# The same on every machine: no version of Python, no name of an environment.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}


class Inputs(NamedTuple):
    """What a lesson's text or notebook says, without outputs."""

    text: str  # canonical
    path: str  # as shown in messages
    places: list[str]  # of the cells, as shown in messages

    @property
    def digest(self) -> str:
        """What the build records of these inputs."""
        return digest(self.text)


def read_text(lesson: Lesson) -> Inputs:
    """Read a lesson's text.

    Raises CourseError for a text that jupytext cannot read.
    """
    path = lesson.show(lesson.text)
    try:
        source = lesson.text.read_text(encoding="utf-8")
        notebook = myst_to_notebook(source, add_source_map=True)
    except Exception as error:  # jupytext raises whatever its YAML and Markdown parsers raise
        raise CourseError(f"{path}: {_one_line(error)}") from error
    lines = source.splitlines()
    places = []
    starts = notebook.metadata.source_map
    for number, (start, cell) in enumerate(zip(starts, notebook.cells, strict=True), start=1):
        first = cell.source.partition("\n")[0]
        line = lines.index(first, start) if first in lines[start:] else start
        places.append(f"{path}, line {line + 1} (cell {number})")
    return Inputs(canonical_text(lesson.root, notebook), path, places)


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook file.

    Raises CourseError for a file that is not a notebook.
    """
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat raises errors of JSON, of its schema, of the file system
        raise CourseError(
            f"{path.name} cannot be read as a notebook: {_one_line(error)}. Move it away, or "
            "restore it with git."
        ) from error


def notebook_inputs(lesson: Lesson, notebook: NotebookNode) -> Inputs:
    """Return the inputs of a lesson's notebook.

    Raises CourseError where a cell has a pasted picture, which text cannot hold.
    """
    path = lesson.show(lesson.notebook)
    places = [f"{path}, cell {number}" for number, _ in enumerate(notebook.cells, start=1)]
    for place, cell in zip(places, notebook.cells, strict=True):
        if cell.get("attachments"):
            raise CourseError(
                f"{place} has a pasted picture, which the lesson's text cannot hold. "
                "Draw it with code."
            )
    return Inputs(canonical_text(lesson.root, notebook), path, places)


def canonical_text(root: Path, notebook: NotebookNode) -> str:
    """Return a notebook's inputs as MyST text; outputs and view settings do not count."""
    plain = nbformat.v4.new_notebook(metadata=nbformat.from_dict(METADATA), cells=notebook.cells)
    return str(jupytext.writes(plain, fmt="md:myst", config=_settings(root)))


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal.

    >>> digest("one")[:8]
    '7692c3ad'
    """
    return hashlib.sha256(text.encode()).hexdigest()


def new_notebook(root: Path, inputs: Inputs) -> NotebookNode:
    """Return a notebook without outputs, with cell ids that depend on the cells' content only."""
    notebook = jupytext.reads(inputs.text, fmt="md:myst", config=_settings(root))
    notebook.metadata = nbformat.from_dict({**METADATA, "course": {"inputs": inputs.digest}})
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        content = json.dumps([cell.cell_type, cell.source])
        identity = hashlib.sha256(content.encode()).hexdigest()[:12]
        seen[identity] += 1
        cell.id = identity if seen[identity] == 1 else f"{identity}-{seen[identity]}"
    return notebook


def dumps(notebook: NotebookNode) -> str:
    """Return the content of the notebook's file."""
    return str(nbformat.writes(notebook)) + "\n"


def record(notebook: NotebookNode, name: str) -> Any:
    """Return what the build wrote into the notebook's metadata under `course`, or None."""
    return notebook.metadata.get("course", {}).get(name)


@cache
def _settings(root: Path) -> JupytextConfiguration:
    return load_jupytext_configuration_file(str(root / "jupytext.toml"))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
