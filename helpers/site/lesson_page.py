"""From a lesson's executed notebook to its page: a notebook for MyST-NB."""

import copy
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

from helpers.checks.verdict import marked_up
from helpers.facts import anchors
from helpers.outline import Lesson
from helpers.site.exercise_notes import Notes
from helpers.site.header import read_header, replace_header
from helpers.site.lesson_text import FENCED

_DETAILS = re.compile(r"<details>.*?</details>", re.DOTALL)
_FORMULA = re.compile(r"\$([^$]+)\$")
# Where no link is made: code, HTML, links.
_CODE = r"(`+)[^`]+?\1"
_LEFT_ALONE = rf"{_CODE}|<details>.*?</details>|\[[^]]*\]\([^)]*\)"
# What Sphinx does not look after: in HTML, pictures and links to another page; pictures elsewhere.
_UNSEEN = re.compile(
    r"""<\w[^>]*\b(?:src=|href=(?!["']?\w+:))[^>]*>|!\[[^]]*\]\(\s*<?\w+://[^)]*\)"""
)
_NOTEBOOK_LINK = re.compile(r"\]\(((?:\.\./\w+/)?\w+\.ipynb)#([^)]+)\)")
_COLOUR = re.compile(r"\x1b\[[\d;]*m")  # as terminals are told
_IMAGES = ("image/png", "image/svg+xml")


class Course(NamedTuple):
    """What a lesson's page knows of the rest of the course."""

    lessons: Sequence[Lesson]
    facts: Sequence[dict[str, str]]


def lesson_page(
    lesson: Lesson,
    executed: NotebookNode,
    released: NotebookNode,
    course: Course,
    notes: Notes,
    players: Mapping[int, str],
    solutions: bool,
) -> NotebookNode:
    """Return the page of a lesson.

    Parameters
    ----------
    lesson : Lesson
    executed, released : NotebookNode
        The lesson's solution with its outputs, and the students' version: the same cells.
    course : Course
    notes : Notes
        Hints and a verdict, shown below the checks.
    players : mapping of int to str
        By number of the cell, the HTML that stands in place of an explorer's picture.
    solutions : bool
        Whether each answer stands, folded, below its exercise's cell.
    """
    page = nbformat.v4.new_notebook(metadata={"kernelspec": executed.metadata.kernelspec})
    linked = anchors(executed.cells, course.facts)
    for number, (cell, release) in enumerate(zip(executed.cells, released.cells, strict=True)):
        if cell.cell_type == "markdown":
            check_addresses(cell.source)
            text = link_lessons(with_anchors(with_formulas(cell.source)), lesson, course)
            added = [_text(text)]
        else:
            added = [_text(f"({name})=") for name in linked.get(number, [])]
            added += _code_cells(cell, release, notes, players.get(number), solutions)
        for each in added:
            each.metadata["lesson_cell"] = number + 1  # for a warning to name
        page.cells += added
    first = page.cells[0]
    first.source = replace_header(first.source, _header(lesson, first.source))
    first.source = first.source.replace("\n", f" {_chinese(lesson)}\n", 1)
    for number, cell in enumerate(page.cells):
        cell.id = f"cell-{number}"
    return page


def check_addresses(text: str) -> None:
    """Raise ValueError for a link or a picture in a text that nothing would look after.

    >>> check_addresses("`<img src=...>` and [a lesson](02_tensors.ipynb)")
    >>> check_addresses('<a href="02_tensors.ipynb">a lesson</a>')
    Traceback (most recent call last):
        ...
    ValueError: <a href="02_tensors.ipynb">: write a link in Markdown, let a cell draw a picture
    """
    if found := _UNSEEN.search(re.sub(_CODE, "", FENCED.sub("", text))):
        raise ValueError(f"{found[0]}: write a link in Markdown, let a cell draw a picture")


def with_formulas(text: str) -> str:
    r"""Return a text whose formulas in `<details>`, which Markdown leaves alone, are typeset too.

    >>> print(with_formulas("<details>$e^2$</details>"))
    <details><span class="math notranslate nohighlight">\(e^2\)</span></details>
    """
    span = r'<span class="math notranslate nohighlight">\\(\1\\)</span>'
    return _DETAILS.sub(lambda details: _FORMULA.sub(span, details[0]), text)


def with_anchors(text: str) -> str:
    """Return a text whose links to a heading of a lesson have the form that Sphinx knows.

    >>> with_anchors("[there](04_variables.ipynb#One-line,-four-nodes)")
    '[there](04_variables.ipynb#one-line-four-nodes)'
    """

    def link(found: re.Match) -> str:
        anchor = re.sub(r"[^\w -]", "", found[2].lower())
        return f"]({found[1]}#{anchor})"

    return _NOTEBOOK_LINK.sub(link, text)


def link_lessons(text: str, lesson: Lesson, course: Course) -> str:
    """Return a text in which each other lesson that it names is a link, without underscores.

    >>> tensors = Lesson("basics", "02_tensors", "Tensors", "张量", {})
    >>> variables = Lesson("basics", "04_variables", "Variables", "变量", {})
    >>> link_lessons("After 02 tensors.", variables, Course([tensors, variables], []))
    'After [02 tensors](../basics/02_tensors.ipynb).'
    >>> link_lessons("As in lesson 02.", variables, Course([tensors, variables], []))
    'As in [lesson 02](../basics/02_tensors.ipynb).'
    """
    targets = {f"lesson_{each.number}": f"../{each.path}" for each in course.lessons}
    del targets[f"lesson_{lesson.number}"]
    names = (_named(each) for each in course.lessons if each != lesson)

    def link(found: re.Match) -> str:
        target = targets.get(str(found.lastgroup))
        return f"[{found[0].replace('_', ' ')}]({target})" if target else found[0]

    return re.sub("|".join([_LEFT_ALONE, *names]), link, text, flags=re.DOTALL)


def _named(lesson: Lesson) -> str:
    """Return a pattern for a lesson as the texts name it: 02 tensors, 30 input_files, lesson 02."""
    words = r"(?:_|,? (?:and )?)".join(lesson.name[3:].split("_"))
    number = lesson.number
    return rf"(?P<lesson_{number}>\b(?:{number} {words}|[Ll]esson\s{number}(?: {words})?)\b)"


def _header(lesson: Lesson, text: str) -> str:
    """Return what stands under the lesson's first paragraph."""
    header = read_header(text)
    objectives = "\n".join(f"  - {each}" for each in header.you_will)
    course = "[the whole course](../index.md#to-work-through-it)"
    return f"""````{{container}} lesson-header

:You will:
{objectives}
:Needs: {header.needs}
:Slides: {header.slides}
:Minutes: {header.minutes}
:Notebook: {{download}}`{lesson.name}.ipynb </downloads/{lesson.path}>`, to be run within {course}
````"""


def _chinese(lesson: Lesson) -> str:
    """Return a lesson's Chinese title, less the words that stand in the English one.

    >>> _chinese(Lesson("networks", "10_softmax", "Softmax", "Softmax 回归", {}))
    '回归'
    """
    title = lesson.title.split()
    return " ".join(word for word in lesson.chinese.split() if word not in title)


def _code_cells(
    cell: NotebookNode,
    release: NotebookNode,
    notes: Notes,
    player: str | None,
    solutions: bool,
) -> list[NotebookNode]:
    """Return what stands on the page for a code cell."""
    grading = cell.metadata.get("nbgrader", {})
    if grading.get("solution"):
        return [_code(release.source), *_answer(cell.source, solutions)]
    if grading.get("grade"):
        exercise = grading.grade_id.removesuffix("-check")
        return [_code(cell.source), *_below_check(exercise, notes)]
    outputs = [_played(_without_widgets(output), player) for output in cell.outputs]
    apart = [part for output in outputs for part in in_plain_words(output)]
    return _with_alternatives(_code(cell.source), apart)


def _answer(source: str, solutions: bool) -> list[NotebookNode]:
    if not solutions:
        return []
    marks = r" *### (BEGIN|END) SOLUTION\n?"
    answer = _code(re.sub(marks, "", source).rstrip())
    prompts = {"code_prompt_show": "Show the answer", "code_prompt_hide": "Hide the answer"}
    answer.metadata.update(tags=["hide-input"], mystnb=prompts)
    return [answer]


def _below_check(exercise: str, notes: Notes) -> Iterable[NotebookNode]:
    """Return the hints of an exercise, each in a fold, and what its check says, if it is noted."""
    hints = notes.hints[exercise]
    yield _text(
        "\n".join(
            f'<details class="hint"><summary>Hint {i} of {len(hints)}</summary>'
            f"{marked_up(' '.join(hint.split()))}</details>"
            for i, hint in enumerate(hints, start=1)
        )
    )
    if exercise == notes.exercise:
        yield _text(
            "What this check says to a typical wrong answer:\n\n"
            f'<div class="verdict">{notes.verdict}</div>'
        )


def _with_alternatives(cell: NotebookNode, outputs: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Return a cell with its outputs, each image with its size and text alternative.

    MyST-NB takes these from the cell: a further image gets a cell of its own, without input.
    """
    cells = [cell]
    for output in outputs:
        image = next((kind for kind in _IMAGES if kind in output.get("data", {})), None)
        if image and any("mystnb" in each.metadata for each in cells[-1:]):
            cells.append(_code("...", tags=["remove-input"]))  # an empty cell would be left out
        if image:
            said = output.metadata.get(image, {})
            alt = said.get("alt") or in_one_line(output.data["text/plain"])
            options = {"alt": alt}
            if "width" in said:
                options["width"] = f"{said['width']}px"
            cells[-1].metadata["mystnb"] = {"image": options}
        cells[-1].outputs.append(output)
    return cells


def _without_widgets(output: NotebookNode) -> NotebookNode:
    output = copy.deepcopy(output)
    output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    return output


def in_one_line(text: str) -> str:
    r"""Return in one line what a drawing says in several.

    >>> in_one_line("Graph of 2 nodes.\nx: Placeholder\nIdentity: Identity of x")
    'Graph of 2 nodes. x: Placeholder; Identity: Identity of x'
    """
    first, *others = text.splitlines()
    return f"{first} {'; '.join(others)}".rstrip()


def in_plain_words(output: NotebookNode) -> list[NotebookNode]:
    """Return an output; of an error, what the notebook says below it apart, as it is no code.

    >>> said = ["ValueError: no", "In plain words, line 1: f()", "Remedy: Give it an x."]
    >>> error = nbformat.v4.new_output("error", ename="ValueError", evalue="no", traceback=said)
    >>> error, words = in_plain_words(error)
    >>> error.traceback
    ['ValueError: no']
    >>> words.data["text/html"]
    '<div class="verdict"><p>In plain words, line 1: f()</p><p>Remedy: Give it an x.</p></div>'
    """
    traceback = output.get("traceback", [])
    first = next((i for i, line in enumerate(traceback) if "In plain words" in line), None)
    if first is None:
        return [output]
    lines = [" ".join(_COLOUR.sub("", line).split()) for line in traceback[first:]]
    said = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    words = {"text/html": f'<div class="verdict">{said}</div>'}
    error = NotebookNode({**output, "traceback": traceback[:first]})
    return [error, nbformat.v4.new_output("display_data", data=words)]


def _played(output: NotebookNode, player: str | None) -> NotebookNode:
    """Return an output, or the player if it is an explorer that has one."""
    if player and output.get("data", {}).get("text/plain", "").startswith("[Explorer: "):
        return nbformat.v4.new_output("display_data", data={"text/html": player})
    return output


def _text(source: str) -> NotebookNode:
    return nbformat.v4.new_markdown_cell(source)


def _code(source: str, **metadata: list[str]) -> NotebookNode:
    return nbformat.v4.new_code_cell(source, metadata=metadata)


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook of the project."""
    return nbformat.read(path, as_version=4)
