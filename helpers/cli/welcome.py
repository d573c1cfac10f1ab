"""The welcome page's release: executed, for it shows the course before anybody has run it."""

import json
from collections.abc import Iterator

import yaml
from nbformat import NotebookNode

from helpers.cli.lessons import Lesson
from helpers.cli.notebooks import Inputs, canonical_text, digest, dumps, read_notebook, read_text
from helpers.course_error import CourseError
from helpers.outline import read_outline

# Tags of a cell whose output is the learner's to find, and of one whose code is of no interest.
RUN_ME, HIDE_INPUT = "run-me", "hide-input"


def seal(page: Lesson, inputs: Inputs, notebook: NotebookNode) -> str:
    """Return the content of the release, which records what it was made from and how it was."""
    for cell in notebook.cells:
        if RUN_ME in cell.metadata.get("tags", []):
            cell.update(outputs=[], execution_count=None)
        if HIDE_INPUT in cell.metadata.get("tags", []):
            cell.metadata.jupyter = {"source_hidden": True}  # where JupyterLab looks
    notebook.metadata.course = {
        "inputs": _digest_of_inputs(page, inputs),
        "release": digest(canonical_text(page.root, notebook)),
    }
    notebook.metadata.course["page"] = digest(dumps(notebook))
    return dumps(notebook)


def find_welcome_drift(page: Lesson) -> Iterator[str]:
    """Yield a sentence for each of the page's files that is not what the build would make."""
    text, release = page.show(page.text), page.show(page.release)
    if page.notebook.exists():
        yield f"{page.show(page.notebook)} is not needed; take it over into {text} and delete it."
    if not page.release.exists():
        yield f"{release} is missing."
        return
    notebook = read_notebook(page.release)
    recorded = notebook.metadata.get("course", {})
    sealed = recorded.pop("page", None)
    if sealed != digest(dumps(notebook)):
        yield f"{release} was edited, or run, since it was built."
    elif recorded["inputs"] != _digest_of_inputs(page, read_text(page)):
        yield f"{release} is not what {text} and the lessons give."


def _digest_of_inputs(page: Lesson, inputs: Inputs) -> str:
    """Return the digest of the page's text and of the outline that it shows."""
    try:
        outline = read_outline(page.root)
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise CourseError(
            f"solutions/units.yml, the list of units and lessons, cannot be read: "
            f"{' '.join(str(error).split())}. Restore it with git."
        ) from error
    return digest(json.dumps([inputs.text, outline]))
