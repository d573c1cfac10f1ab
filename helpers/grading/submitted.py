"""Read a submitted notebook, whatever was sent, and put it right by what the gradebook holds."""

import ast
import hashlib
import json
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.utils import compute_checksum

from helpers.grading.results import GRADING

LARGEST_FILE = 20_000_000  # bytes
MOST_CELLS = 5_000
MOST_LISTS = 300_000  # lists and objects; a real notebook has a few thousand
DEEPEST = 100  # lists and objects inside each other; a real notebook has about ten
MOST_PARSED = 200_000  # characters, to find an answer's function

# How files begin that are handed in under a notebook's name.
_OTHER_KINDS = {
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"%PDF": "a PDF",
    b"<": "a web page",
}
CELL_TYPES = ("code", "markdown", "raw")
SKIP = "skip-execution"  # nbclient's tag for a cell that is not run
WRONG_NOTEBOOK = (
    "This looks like another notebook: no cell of this lesson was found in it. The lesson's cells "
    "were added, with no answers."
)


class BadNotebook(Exception):
    """A submitted file cannot be read as a notebook; the text says why and what to do."""


@dataclass(frozen=True)
class SourceCell:
    """What nbgrader's gradebook holds of a cell that has a `grade_id`."""

    name: str
    cell_type: str
    source: str
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float
    checksum: str


def source_cells(
    gradebook: Any, notebook_id: str, assignment_id: str, order: Sequence[str] = ()
) -> list[SourceCell]:
    """Return the cells of a notebook that an open gradebook holds.

    The gradebook does not know their order. Without `order`, the names in the order of the
    source notebook, they come as the database gives them. That is the notebook's order until an
    assignment is generated again after submissions came: then SQLite keeps the old order, and
    PostgreSQL gives the changed cells last.
    """
    notebook = gradebook.find_notebook(notebook_id, assignment_id)
    grades = {cell.name: cell.max_score for cell in notebook.grade_cells}
    tasks = {cell.name: cell.max_score for cell in notebook.task_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    cells = [
        SourceCell(
            name=cell.name,
            cell_type=cell.cell_type,
            source=cell.source or "",
            locked=bool(cell.locked),
            grade=cell.name in grades,
            solution=cell.name in solutions,
            task=cell.name in tasks,
            points=float(grades.get(cell.name, tasks.get(cell.name, 0))),
            checksum=cell.checksum or "",
        )
        for cell in notebook.source_cells
    ]
    place = {name: number for number, name in enumerate(order)}
    return sorted(cells, key=lambda cell: place.get(cell.name, len(place)))


def grade_ids(notebook: NotebookNode) -> list[str]:
    """Return the names of a notebook's nbgrader cells, in its order."""
    ids = (_nbgrader(cell).get("grade_id") for cell in notebook.cells)
    return [name for name in ids if isinstance(name, str)]


def read_submitted(content: bytes) -> tuple[NotebookNode, list[str]]:
    """Return the notebook in a file's content, as far as grading needs it, and what was left out.

    Kept are the cells' types, sources, attachments, tags and nbgrader metadata, and of their
    outputs what was displayed. A cell of an unknown type becomes a raw cell; of one that cannot be
    read there stays an empty raw cell, so that the others keep their numbers. What grading has
    noted is kept for its second step; the first replaces it, so that nobody can hand it in.

    Raises
    ------
    BadNotebook
        Whatever is wrong with the file; nothing else is raised.

    Examples
    --------
    >>> read_submitted(b"")
    Traceback (most recent call last):
    helpers.grading.submitted.BadNotebook: The file is empty. Hand in the notebook again.
    """
    data = _parse(content)
    cells = data.get("cells")
    if data.get("nbformat") != 4 or not isinstance(cells, list):
        raise BadNotebook(
            "The file is JSON but not a notebook. Hand in the .ipynb file that JupyterLab saves."
        )
    if len(cells) > MOST_CELLS:
        raise BadNotebook(
            f"The notebook has {len(cells)} cells; {MOST_CELLS} are the most that are read. "
            "Delete what is not needed and hand it in again."
        )
    read = [_read_cell(cell) for cell in cells]
    bad = [number for number, node in enumerate(read, start=1) if node is None]
    nothing = {"cell_type": "raw", "source": "", "metadata": {}}
    nodes = [nbformat.from_dict(nothing) if node is None else node for node in read]
    said = [f"{_numbered(bad)} left out: no text can be read there."] if bad else []
    notebook = _notebook(nodes, None)
    metadata = data.get("metadata")
    if isinstance(metadata, dict) and isinstance(metadata.get(GRADING), dict):
        notebook.metadata[GRADING] = nbformat.from_dict(metadata[GRADING])
    return notebook, said


def put_right(
    notebook: NotebookNode, source: Sequence[SourceCell], kernelspec: dict | None
) -> tuple[NotebookNode, list[str]]:
    """Return a notebook that can be graded, and a sentence for each thing that was put right.

    Locked cells, points, order and metadata are those of `source`; answers and all other cells
    are the student's. The given notebook is not changed.
    """
    cells = [_Cell.of(cell, number) for number, cell in enumerate(notebook.cells, start=1)]
    said = _name(cells, source)
    cells, more = _single_out(cells, source)
    said += more
    said += _say_changes(cells, source)
    wrong = bool(source) and not any(cell.name for cell in cells)
    cells, more = _arrange(cells, source)
    said += [WRONG_NOTEBOOK] if wrong else more
    by_name = {cell.name: cell for cell in source}
    nodes = [_node(cell, by_name.get(cell.name)) for cell in cells]
    return _notebook(nodes, kernelspec), said


def substitute(source: Sequence[SourceCell], kernelspec: dict | None, reason: str) -> NotebookNode:
    """Return a notebook to grade where none can be read: the reason, then the released cells."""
    first = _node(_Cell(0, "markdown", reason), None)
    return _notebook([first, *(_node(_released(cell), cell) for cell in source)], kernelspec)


# Reading


def _parse(content: bytes) -> dict:
    """Return a notebook file's content as a dict in nbformat 4, if it can be had."""
    if not content.strip():
        raise BadNotebook("The file is empty. Hand in the notebook again.")
    if len(content) > LARGEST_FILE:
        raise BadNotebook(
            f"The file has more than {LARGEST_FILE / 1e6:.0f} MB, which is the most that is read. "
            "Clear the outputs of the notebook and hand it in again."
        )
    if content.count(b"[") + content.count(b"{") > MOST_LISTS:  # minutes to read; in 20 MB
        raise BadNotebook(
            f"The file has more than {MOST_LISTS:,} lists or objects, as no notebook has. Clear "
            "the outputs of the notebook and hand it in again."
        )
    for beginning, kind in _OTHER_KINDS.items():
        if content.lstrip().startswith(beginning):
            raise BadNotebook(f"The file is {kind}, whatever its name. Hand in the .ipynb file.")
    try:
        text = content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise BadNotebook(
            "The file is not text in UTF-8, as every notebook is. Hand in the .ipynb file that "
            "JupyterLab saves."
        ) from None
    too_deep = BadNotebook(
        f"The file's data are nested more than {DEEPEST} deep, as in no notebook. Hand in the "
        ".ipynb file that JupyterLab saves."
    )
    try:
        data = json.loads(text)
        if re.search(r"\\u[dD][89a-fA-F]", text):
            # Half a character, which can be written in JSON but in no file.
            data = json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))
    except json.JSONDecodeError as error:
        raise BadNotebook(
            f"The file is not a whole notebook: its JSON is broken in line {error.lineno}. Hand "
            "in the .ipynb file that JupyterLab saves."
        ) from None
    except ValueError:
        raise BadNotebook(
            "The file has a number of thousands of digits, as no notebook has. Hand in the .ipynb "
            "file that JupyterLab saves."
        ) from None
    except RecursionError:
        raise too_deep from None
    if _deeper_than(DEEPEST, data):
        raise too_deep
    if not isinstance(data, dict):
        return {}
    version = data.get("nbformat")
    if version in (1, 2, 3):
        return _upgraded(data, version)
    if isinstance(version, int) and version > 4:
        raise BadNotebook(
            f"The notebook is in format {version}, which is newer than format 4 that is read. "
            "Save it with the course's JupyterLab and hand it in again."
        )
    return data


def _deeper_than(limit: int, data: Any) -> bool:
    """Return whether lists and dicts are nested deeper than the limit."""
    level = [data]
    for _ in range(limit):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
        if not level:
            return False
    return True


def _upgraded(data: dict, version: int) -> dict:
    """Return a notebook of before 2015 in nbformat 4; its outputs are not read."""
    sheets = data.get("worksheets")
    cells = []
    for sheet in sheets if isinstance(sheets, list) else [None]:
        if not isinstance(sheet, dict) or not isinstance(sheet.get("cells"), list):
            raise BadNotebook(
                f"The notebook is in the old format {version} and cannot be converted to format "
                "4. Open it in JupyterLab, save it, and hand it in again."
            )
        cells += sheet["cells"]
    return {"nbformat": 4, "cells": [_upgraded_cell(cell) for cell in cells]}


def _upgraded_cell(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    kind, source = cell.get("cell_type"), cell.get("source", "")
    if kind == "code":
        source = cell.get("input", "")
    elif kind in ("heading", "html"):
        level = cell.get("level", 1) if kind == "heading" else 0
        text = _joined(source)
        if text is not None and isinstance(level, int) and 0 < level <= 6:
            source = f"{'#' * level} {text}"
        kind = "markdown"
    return {"cell_type": kind, "source": source, "metadata": cell.get("metadata")}


def _read_cell(cell: Any) -> NotebookNode | None:
    """Return a valid cell with what grading needs of the given one; None if it has no text."""
    source = _joined(cell.get("source", "")) if isinstance(cell, dict) else None
    if source is None:
        return None
    kind = cell.get("cell_type")
    metadata = cell.get("metadata")
    node = NotebookNode(
        cell_type=kind if kind in CELL_TYPES else "raw", metadata=NotebookNode(), source=source
    )
    if isinstance(cell.get("id"), str):
        node.id = cell["id"]
    if isinstance(metadata, dict):
        if isinstance(metadata.get("nbgrader"), dict):
            node.metadata.nbgrader = nbformat.from_dict(metadata["nbgrader"])
        if tags := _tags(metadata):
            node.metadata.tags = tags
    if node.cell_type == "code":
        node.execution_count = None
        node.outputs = list(_outputs(cell.get("outputs")))
    elif attachments := _attachments(cell.get("attachments")):
        node.attachments = attachments
    return node


def _joined(text: Any) -> str | None:
    """Return a text that may be stored as a list of lines; None if it is no text."""
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        return "".join(text)
    return text if isinstance(text, str) else None


def _tags(metadata: dict) -> list[str]:
    tags = metadata.get("tags")
    texts = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    return [tag for tag in dict.fromkeys(texts) if re.fullmatch("[^,\n]+", tag)]


def _outputs(outputs: Any) -> Iterable[NotebookNode]:
    """Yield what a cell showed, among it the points that the learner saw."""
    for output in outputs if isinstance(outputs, list) else []:
        match output:
            case {"output_type": "display_data" | "execute_result", "data": dict(data), **rest}:
                metadata = rest.get("metadata")
                metadata = nbformat.from_dict(metadata if isinstance(metadata, dict) else {})
                yield new_output("display_data", data=_mime_bundle(data), metadata=metadata)
            case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": text}:
                yield new_output("stream", name=name, text=_joined(text) or "")
            case {"output_type": "error", "ename": str(name), "evalue": str(value)}:
                lines = output.get("traceback")
                lines = lines if isinstance(lines, list) else []
                lines = [line for line in lines if isinstance(line, str)]
                yield new_output("error", ename=name, evalue=value, traceback=lines)


def _attachments(attachments: Any) -> NotebookNode:
    named = attachments.items() if isinstance(attachments, dict) else []
    bundles = ((name, _mime_bundle(data)) for name, data in named)
    return NotebookNode({name: bundle for name, bundle in bundles if bundle})


def _mime_bundle(data: Any) -> NotebookNode:
    texts = ((kind, _joined(x)) for kind, x in data.items()) if isinstance(data, dict) else []
    return NotebookNode({kind: text for kind, text in texts if text is not None})


# Putting right


@dataclass(eq=False)  # two cells with the same content are two cells
class _Cell:
    number: int  # in the submission, as shown in messages
    cell_type: str
    source: str
    id: Any = None
    nbgrader: dict = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    attachments: dict = field(default_factory=dict)
    outputs: list[NotebookNode] = field(default_factory=list)
    name: str = ""  # of the source's cell that this one is

    @classmethod
    def of(cls, cell: NotebookNode, number: int) -> "_Cell":
        return cls(
            number,
            cell.cell_type,
            cell.source,
            cell.get("id"),
            _nbgrader(cell),
            _tags(cell.metadata),
            _attachments(cell.get("attachments")),
            cell.get("outputs", []),
        )


def _nbgrader(cell: NotebookNode) -> dict:
    metadata = cell.metadata.get("nbgrader")
    return metadata if isinstance(metadata, dict) else {}


def _released(source: SourceCell) -> _Cell:
    return _Cell(0, source.cell_type, source.source, name=source.name)


def _label(source: SourceCell) -> str:
    kind = "answer" if source.solution else "test cell" if source.grade else "cell"
    return f"The {kind} {source.name}"


def _shown(text: object) -> str:
    """Return a student's word as it may stand in a message: short, of plain characters."""
    return re.sub(r"[^\w .:-]", "?", str(text)[:40])


def listed(things: Iterable[object]) -> str:
    """Return the first few things with commas, and how many more there are.

    >>> listed(range(8))
    '0, 1, 2, 3, 4 and 3 more'
    """
    texts = [str(thing) for thing in things]
    more = f" and {len(texts) - 5} more" if len(texts) > 5 else ""
    return ", ".join(texts[:5]) + more


def _numbered(cells: list[int]) -> str:
    return f"Cell {cells[0]} was" if len(cells) == 1 else f"Cells {listed(cells)} were"


def _name(cells: list[_Cell], source: Sequence[SourceCell]) -> list[str]:
    """Give each cell the name of the source's cell that it is, by its metadata or its text."""
    names = {cell.name for cell in source}
    for cell in cells:
        claim = cell.nbgrader.get("grade_id")
        cell.name = claim if isinstance(claim, str) and claim in names else ""
    claimed = {cell.name for cell in cells if cell.name}
    _recognise(cells, source)
    recognised = {cell.name: cell for cell in cells if cell.name and cell.name not in claimed}
    if recognised and not claimed:
        return [
            "The nbgrader metadata of all cells was lost, as some editors do; "
            f"{len(recognised)} of {len(source)} cells of the lesson were recognised by their text."
        ]
    said = []
    for wanted in source:
        if wanted.name in recognised:
            old = recognised[wanted.name].nbgrader.get("grade_id")
            what = f"had the name {_shown(old)}" if old else "had lost its nbgrader metadata"
            said.append(f"{_label(wanted)} {what}; it was recognised by its text.")
    marks = ("grade", "solution", "locked", "task")
    strange = [
        cell.number
        for cell in cells
        if claimed and not cell.name and any(cell.nbgrader.get(mark) for mark in marks)
    ]
    if strange:
        said.append(
            f"{_numbered(strange)} marked for grading under a name that this lesson does not "
            "have; the mark was removed."
        )
    return said


def _recognise(cells: list[_Cell], source: Sequence[SourceCell]) -> None:
    """Name cells by their text: first the locked ones, whose place then tells about answers."""
    claimed = {cell.name for cell in cells if cell.name}
    for wanted in source:
        if wanted.locked and wanted.name not in claimed:
            same = [cell for cell in cells if not cell.name and cell.source == wanted.source]
            for cell in same[:1]:
                cell.name = wanted.name
    for place, wanted in enumerate(source):
        if not wanted.locked and wanted.name not in claimed:
            test = next((later.name for later in source[place:] if later.locked), "")
            if answer := _answer_without_name(cells, wanted, test):
                answer.name = wanted.name


def _answer_without_name(cells: list[_Cell], wanted: SourceCell, test: str) -> _Cell | None:
    """Return the nearest cell before the answer's test, else the last, that can be the answer."""
    end = next((cell.number for cell in cells if test and cell.name == test), len(cells) + 1)
    nearest = sorted(
        (cell for cell in cells if not cell.name),
        key=lambda cell: (cell.number < end, cell.number),
        reverse=True,
    )
    released = (cell for cell in nearest if cell.source == wanted.source)
    able = [*islice(_defining(nearest, wanted), 1), *islice(released, 1)]
    return next((cell for cell in nearest if cell in able), None)


def _defining(cells: Iterable[_Cell], wanted: SourceCell) -> Iterator[_Cell]:
    """Yield the code cells that define the answer's function."""
    name = re.escape(wanted.name)
    definition = re.compile(rf"^(?:(?:async\s+)?def\s+{name}\b|{name}\s*[:=](?!=))", re.MULTILINE)
    left = MOST_PARSED
    for cell in cells:
        if cell.cell_type == wanted.cell_type == "code" and definition.search(cell.source):
            left -= len(cell.source)
            if left < 0 or _defines(cell.source, wanted.name):
                yield cell


def _defines(source: str, name: str) -> bool:
    """Return whether code defines a name at its top level, or cannot be parsed.

    >>> _defines("async def f(): pass", "f"), _defines("g = f", "f")
    (True, False)
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return any(name in _defined(statement) for statement in ast.parse(source).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True  # a magic of IPython, or an error of the student's


def _defined(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return [name]
    return []


def _single_out(cells: list[_Cell], source: Sequence[SourceCell]) -> tuple[list[_Cell], list[str]]:
    """Leave each name to one cell; drop the copies that hold nothing of the student's."""
    said = []
    dropped: set[_Cell] = set()
    after = 0
    for wanted in source:
        copies = [cell for cell in cells if cell.name == wanted.name]
        if not copies:
            continue
        keep = (
            _test_among(copies, wanted, after) if wanted.locked else _answer_among(copies, wanted)
        )
        after = keep.number
        if len(copies) == 1:
            continue
        said.append(
            f"{_label(wanted)} stood in {len(copies)} cells, "
            f"{listed(cell.number for cell in copies)}; the one that counts is cell "
            f"{keep.number}. The others stay as ordinary cells, except unchanged copies."
        )
        for cell in copies:
            if cell is not keep:
                cell.name, cell.nbgrader = "", {}
                if cell.source == wanted.source:
                    dropped.add(cell)
    return [cell for cell in cells if cell not in dropped], said


def _test_among(copies: list[_Cell], wanted: SourceCell, after: int) -> _Cell:
    """Return the copy of a locked cell that is unchanged and at its place, as far as there is."""
    same = [cell for cell in copies if cell.source == wanted.source] or copies
    return next((cell for cell in same if cell.number > after), same[0])


def _answer_among(copies: list[_Cell], wanted: SourceCell) -> _Cell:
    """Return the last copy that defines the function, else the last that is not the stub."""
    ranked = sorted(
        copies, key=lambda cell: (cell.source != wanted.source, cell.number), reverse=True
    )
    return next(_defining(ranked, wanted), ranked[0])


def _say_changes(cells: list[_Cell], source: Sequence[SourceCell]) -> list[str]:
    """Say what else differs from the source; it is put right when the cells are made."""
    said = []
    by_name = {cell.name: cell for cell in source}
    for cell in cells:
        wanted = by_name.get(cell.name)
        if wanted is None:
            continue
        label = _label(wanted)
        if cell.cell_type != wanted.cell_type:
            said.append(
                f"{label} was a {cell.cell_type} cell; it is a {wanted.cell_type} cell again."
            )
        # Of a release before the instructor changed the cell or its points: nothing to look at.
        earlier = wanted.locked and _as_released(cell)
        if wanted.locked and cell.source != wanted.source and not earlier:
            said.append(f"{label} was changed; its own text was put back.")
        its_own = cell.nbgrader.get("grade_id") == wanted.name
        if its_own and _remarked(cell.nbgrader, wanted) and not earlier:
            said.append(f"{label} had other points or another kind; its own were put back.")
        if cell.tags:
            tags = listed(_shown(tag) for tag in cell.tags)
            said.append(f"{label} had tags that were removed: {tags}.")
    skipped = [cell.number for cell in cells if SKIP in cell.tags and not cell.name]
    if skipped:
        said.append(f"{_numbered(skipped)} tagged {SKIP}; the tag was removed.")
    return said


def _as_released(cell: _Cell) -> bool:
    """Return whether nbgrader's checksum in a cell fits its text, kind and points."""
    node = NotebookNode(
        cell_type=cell.cell_type,
        source=cell.source,
        metadata=NotebookNode(nbgrader=cell.nbgrader),
    )
    try:
        return bool(compute_checksum(node) == cell.nbgrader["checksum"])
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
        return False


def _remarked(metadata: dict, wanted: SourceCell) -> bool:
    """Return whether nbgrader's metadata say something else than the source."""
    grade, solution, task = (bool(metadata.get(key)) for key in ("grade", "solution", "task"))
    locked = not solution and (grade or bool(metadata.get("locked")))  # as nbgrader sees it
    return (grade, solution, task, locked) != (
        wanted.grade,
        wanted.solution,
        wanted.task,
        wanted.locked,
    ) or ((wanted.grade or wanted.task) and metadata.get("points") != wanted.points)


def _arrange(cells: list[_Cell], source: Sequence[SourceCell]) -> tuple[list[_Cell], list[str]]:
    """Bring the source's cells into its order, and add those that are missing."""
    said = []
    present = {cell.name: cell for cell in cells if cell.name}
    in_place = _in_order(list(present.values()), source)
    arranged = [cell for cell in cells if not cell.name or cell in in_place]
    before: _Cell | None = None
    for wanted in source:
        cell = present.get(wanted.name) or _released(wanted)
        if cell not in in_place:
            if before is not None:
                place = arranged.index(before) + 1
            else:  # in front of the first cell of the lesson that is there
                starts = (n for n, other in enumerate(arranged) if other.name)
                place = next(starts, len(arranged))
            arranged.insert(place, cell)
            what = "had been moved; it is at its place again"
            if wanted.name not in present:
                what = "was missing; it was put back as it was released"
            said.append(f"{_label(wanted)} {what}.")
        before = cell
    return arranged, said


def _in_order(cells: list[_Cell], source: Sequence[SourceCell]) -> set[_Cell]:
    """Return the most cells that stand in the source's order; of equally many, most answers.

    An answer that stays keeps the student's cells around it, which it may need.
    """
    rank = {cell.name: number for number, cell in enumerate(source)}
    chains: list[tuple[int, int, list[_Cell]]] = []  # the best that ends in each cell
    for cell in cells:
        earlier = [chain for chain in chains if rank[chain[2][-1].name] < rank[cell.name]]
        count, answers, chain = max(earlier, key=lambda chain: chain[:2], default=(0, 0, []))
        answer = not source[rank[cell.name]].locked
        chains.append((count + 1, answers + answer, [*chain, cell]))
    return set(max(chains, key=lambda chain: chain[:2], default=(0, 0, []))[2])


# Making notebooks


def _node(cell: _Cell, source: SourceCell | None) -> NotebookNode:
    """Return a cell with nbgrader's metadata and no other, and what its outputs show."""
    node = NotebookNode(
        cell_type=source.cell_type if source else cell.cell_type,
        id=cell.id,
        metadata=NotebookNode(),
        source=source.source if source and source.locked else cell.source,
    )
    if source:
        node.metadata.nbgrader = _metadata(source)
    if node.cell_type == "code":
        node.execution_count = None
        node.outputs = [_without_metadata(output) for output in cell.outputs]
    elif cell.attachments:
        node.attachments = nbformat.from_dict(cell.attachments)
    return node


def _without_metadata(output: NotebookNode) -> NotebookNode:
    """Return an output without what only the grader may say of it."""
    return NotebookNode(output, metadata=NotebookNode()) if "metadata" in output else output


def _metadata(source: SourceCell) -> NotebookNode:
    metadata = NotebookNode(
        schema_version=3,
        grade_id=source.name,
        grade=source.grade,
        solution=source.solution,
        task=source.task,
        locked=source.locked,
        cell_type=source.cell_type,
    )
    if source.grade or source.task:
        metadata.points = source.points
    if source.checksum:
        metadata.checksum = source.checksum
    return metadata


def _notebook(cells: list[NotebookNode], kernelspec: dict | None) -> NotebookNode:
    """Return a notebook of Python; its cells get ids where theirs are wrong or doubled."""
    taken: set[str] = set()
    without = []
    for cell in cells:
        identity = cell.get("id")
        valid = isinstance(identity, str) and re.fullmatch("[A-Za-z0-9_-]{1,64}", identity)
        if valid and identity not in taken:
            taken.add(identity)
        else:
            without.append(cell)
    seen: Counter[str] = Counter()
    for cell in without:
        content = json.dumps([cell.cell_type, cell.source]).encode()
        identity = start = hashlib.sha256(content).hexdigest()[:12]
        while identity in taken:
            seen[start] += 1
            identity = f"{start}-{seen[start]}"
        cell.id = identity
        taken.add(identity)
    metadata = NotebookNode(language_info=NotebookNode(name="python"))
    if kernelspec:
        metadata.kernelspec = nbformat.from_dict(kernelspec)
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=metadata, cells=cells)
