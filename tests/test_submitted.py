"""Reading a submitted notebook, whatever was sent, and putting it right."""

import copy
import gzip
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import compute_checksum, is_locked

from helpers.grading.preprocessors import Source, put_right_and_note
from helpers.grading.results import GRADING
from helpers.grading.submitted import (
    LARGEST_FILE,
    MOST_CELLS,
    WRONG_NOTEBOOK,
    BadNotebook,
    SourceCell,
    grade_ids,
    put_right,
    read_submitted,
    source_cells,
    substitute,
)
from tests.postgresql import postgresql

COURSE = Path(__file__).parents[1] / "course"
LESSON = COURSE / "basics" / "04_variables.ipynb"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
ANSWER = "def make_counter(start, step):\n    return start + step"
STUDENTS = {
    "make_counter": ANSWER,
    "shared_layer": "def shared_layer(x, units):\n    return x",
    "scaled_copy": "# mine\nscaled_copy = lambda weights, factor, name: weights",
}


def source_of(notebook: NotebookNode) -> list[SourceCell]:
    """Return what the gradebook holds of a released notebook."""
    cells = []
    for cell in notebook.cells:
        if meta := cell.metadata.get("nbgrader"):
            kinds = {kind: meta[kind] for kind in ("grade", "solution", "task")}
            points = float(meta.get("points", 0))
            checksum = compute_checksum(cell)
            content = (meta.grade_id, cell.cell_type, cell.source, is_locked(cell))
            cells.append(SourceCell(*content, **kinds, points=points, checksum=checksum))
    return cells


RELEASED = nbformat.read(LESSON, as_version=4)
SOURCE = source_of(RELEASED)
NAMES = [cell.name for cell in SOURCE]


def submission() -> NotebookNode:
    """Return the lesson with a student's answers, as JupyterLab saves it."""
    notebook = copy.deepcopy(RELEASED)
    for name, text in STUDENTS.items():
        find(notebook, name).source = text
    return notebook


def find(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def place(notebook: NotebookNode, name: str) -> int:
    return notebook.cells.index(find(notebook, name))


def check_right(right: NotebookNode, source: list[SourceCell] = SOURCE) -> None:
    """Assert all that holds of every notebook that was put right."""
    # First of all: nbformat's validation would make the ids unique.
    assert len({cell.id for cell in right.cells}) == len(right.cells)
    nbformat.validate(right)
    MetadataValidator().validate_nb(right)
    assert grade_ids(right) == [cell.name for cell in source]
    for wanted in source:
        cell = find(right, wanted.name)
        meta = cell.metadata.nbgrader
        assert (cell.cell_type, meta.checksum) == (wanted.cell_type, wanted.checksum)
        assert (meta.grade, meta.solution) == (wanted.grade, wanted.solution)
        assert (meta.task, is_locked(cell)) == (wanted.task, wanted.locked)
        assert meta.get("points", 0) == wanted.points
        if wanted.locked:
            assert cell.source == wanted.source
            assert compute_checksum(cell) == wanted.checksum
    for cell in right.cells:
        assert set(cell.metadata) <= {"nbgrader"}
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
    assert right.metadata == {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    assert put_right(right, source, KERNEL) == (right, [])


# What a student's editor, or a student, does to a notebook; and what the instructor reads.


def delete(name: str) -> Callable[[NotebookNode], None]:
    return lambda notebook: notebook.cells.remove(find(notebook, name))


def change(name: str, **fields: Any) -> Callable[[NotebookNode], None]:
    return lambda notebook: find(notebook, name).update(fields)


def remark(name: str, **fields: Any) -> Callable[[NotebookNode], None]:
    return lambda notebook: find(notebook, name).metadata.nbgrader.update(fields)


def tag(number: int, *tags: str) -> Callable[[NotebookNode], None]:
    return lambda notebook: notebook.cells[number - 1].metadata.update(tags=list(tags))


def forget(*names: str) -> Callable[[NotebookNode], None]:
    def surgery(notebook: NotebookNode) -> None:
        for name in names or NAMES:
            find(notebook, name).metadata.clear()

    return surgery


def split(notebook: NotebookNode) -> None:
    """JupyterLab's "Split Cell": both parts keep the metadata."""
    number = place(notebook, "make_counter")
    first = copy.deepcopy(notebook.cells[number])
    first.source = "def helper():\n    return 1"
    notebook.cells.insert(number, first)


def copy_below(name: str, **fields: Any) -> Callable[[NotebookNode], None]:
    def surgery(notebook: NotebookNode) -> None:
        number = place(notebook, name)
        notebook.cells.insert(number + 1, copy.deepcopy(notebook.cells[number]))
        notebook.cells[number + 1].update(fields)

    return surgery


def move(name: str, after: str) -> Callable[[NotebookNode], None]:
    def surgery(notebook: NotebookNode) -> None:
        cell = find(notebook, name)
        notebook.cells.remove(cell)
        notebook.cells.insert(place(notebook, after) + 1, cell)

    return surgery


def add_marked_cell(notebook: NotebookNode) -> None:
    meta = {"grade_id": "mine", "grade": True, "locked": False, "solution": False, "points": 9}
    notebook.cells.insert(3, new_code_cell("1 + 1", metadata={"nbgrader": meta}))


def another_lesson(notebook: NotebookNode) -> None:
    notebook.cells = nbformat.read(COURSE / "networks" / "10_softmax.ipynb", as_version=4).cells


FIRST = place(RELEASED, "make_counter") + 1
SURGERY = {
    "a missing answer": (
        delete("shared_layer"),
        ["The answer shared_layer was missing; it was put back as it was released."],
    ),
    "the first answer missing": (
        delete("make_counter"),
        ["The answer make_counter was missing; it was put back as it was released."],
    ),
    "a missing test": (
        delete("scaled_copy-check"),
        ["The test cell scaled_copy-check was missing; it was put back as it was released."],
    ),
    "a split answer": (
        split,
        [
            f"The answer make_counter stood in 2 cells, {FIRST}, {FIRST + 1}; the one that counts "
            f"is cell {FIRST + 1}. The others stay as ordinary cells, except unchanged copies."
        ],
    ),
    "an answer copied, the copy not a function": (
        copy_below("make_counter", source="print(make_counter)"),
        [
            f"The answer make_counter stood in 2 cells, {FIRST}, {FIRST + 1}; the one that counts "
            f"is cell {FIRST}. The others stay as ordinary cells, except unchanged copies."
        ],
    ),
    "a released stub below the answer": (
        copy_below("make_counter", source=SOURCE[0].source),
        [
            f"The answer make_counter stood in 2 cells, {FIRST}, {FIRST + 1}; the one that counts "
            f"is cell {FIRST}. The others stay as ordinary cells, except unchanged copies."
        ],
    ),
    "an answer copied, the copy turned into text": (
        copy_below("make_counter", cell_type="markdown"),
        [
            f"The answer make_counter stood in 2 cells, {FIRST}, {FIRST + 1}; the one that counts "
            f"is cell {FIRST}. The others stay as ordinary cells, except unchanged copies."
        ],
    ),
    "a test copied to the top": (
        lambda notebook: notebook.cells.insert(
            0, copy.deepcopy(find(notebook, "make_counter-check"))
        ),
        [
            f"The test cell make_counter-check stood in 2 cells, 1, {FIRST + 2}; the one "
            f"that counts is cell {FIRST + 2}. The others stay as ordinary cells, except "
            "unchanged copies."
        ],
    ),
    "a copied test": (
        copy_below("make_counter-check"),
        [
            f"The test cell make_counter-check stood in 2 cells, {FIRST + 1}, {FIRST + 2}; the one "
            f"that counts is cell {FIRST + 1}. The others stay as ordinary cells, except "
            "unchanged copies."
        ],
    ),
    "a moved answer": (
        move("make_counter", after="scaled_copy-check"),
        ["The answer make_counter had been moved; it is at its place again."],
    ),
    "a moved test": (
        move("shared_layer-check", after="make_counter"),
        ["The test cell shared_layer-check had been moved; it is at its place again."],
    ),
    "a test before its answer": (
        move("make_counter", after="make_counter-check"),
        ["The test cell make_counter-check had been moved; it is at its place again."],
    ),
    "an answer as text": (
        change("make_counter", cell_type="markdown"),
        ["The answer make_counter was a markdown cell; it is a code cell again."],
    ),
    "a raw test": (
        change("make_counter-check", cell_type="raw"),
        ["The test cell make_counter-check was a raw cell; it is a code cell again."],
    ),
    "a changed test": (
        change("make_counter-check", source="7"),
        ["The test cell make_counter-check was changed; its own text was put back."],
    ),
    "other points": (
        remark("make_counter-check", points=200),
        [
            "The test cell make_counter-check had other points or another kind; its own were put "
            "back."
        ],
    ),
    "an unlocked test": (
        remark("make_counter-check", locked=False, solution=True),
        [
            "The test cell make_counter-check had other points or another kind; its own were put "
            "back."
        ],
    ),
    "a skipped test": (
        tag(FIRST + 1, "skip-execution"),
        ["The test cell make_counter-check had tags that were removed: skip-execution."],
    ),
    "a tagged answer": (
        tag(FIRST, "raises-exception", "hide-input"),
        ["The answer make_counter had tags that were removed: raises-exception, hide-input."],
    ),
    "a skipped ordinary cell": (
        tag(2, "skip-execution"),
        ["Cell 2 was tagged skip-execution; the tag was removed."],
    ),
    "an ordinary cell with another tag": (tag(2, "hide-input", "mine"), []),
    "a test without metadata": (
        forget("make_counter-check"),
        [
            "The test cell make_counter-check had lost its nbgrader metadata; it was recognised "
            "by its text."
        ],
    ),
    "an answer without metadata": (
        forget("scaled_copy"),
        ["The answer scaled_copy had lost its nbgrader metadata; it was recognised by its text."],
    ),
    "a renamed answer": (
        remark("shared_layer", grade_id="my_layer"),
        ["The answer shared_layer had the name my_layer; it was recognised by its text."],
    ),
    "everything without metadata": (
        forget(),
        [
            "The nbgrader metadata of all cells was lost, as some editors do; 6 of 6 cells of the "
            "lesson were recognised by their text."
        ],
    ),
    "a cell marked under a strange name": (
        add_marked_cell,
        [
            "Cell 4 was marked for grading under a name that this lesson does not have; the mark "
            "was removed."
        ],
    ),
    "another lesson": (another_lesson, [WRONG_NOTEBOOK]),
    "no cells": (lambda notebook: notebook.cells.clear(), [WRONG_NOTEBOOK]),
}


@pytest.mark.parametrize(("surgery", "expected"), SURGERY.values(), ids=SURGERY)
def test_surgery(surgery: Callable[[NotebookNode], None], expected: list[str]) -> None:
    submitted = submission()
    surgery(submitted)
    before = copy.deepcopy(submitted)
    right, said = put_right(submitted, SOURCE, KERNEL)
    assert said == expected
    assert submitted == before
    check_right(right)
    assert_nothing_lost(submitted, right)
    for name, text in STUDENTS.items():
        if text in texts(submitted):
            assert find(right, name).source == text


def texts(notebook: NotebookNode) -> Counter[str]:
    return Counter(cell.source for cell in notebook.cells)


def assert_nothing_lost(submitted: NotebookNode, right: NotebookNode) -> None:
    """Assert that what a student wrote outside of locked cells is there as often as it was."""
    released = {cell.source for cell in SOURCE}
    locked = [cell.name for cell in SOURCE if cell.locked]
    written = Counter(
        cell.source
        for cell in submitted.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") not in locked
        and cell.source not in released
    )
    assert written <= texts(right)


@pytest.mark.parametrize("path", sorted(COURSE.glob("*/*.ipynb")), ids=lambda path: path.stem)
def test_an_ordinary_submission_is_not_reported(path: Path) -> None:
    submitted, left_out = read_submitted(path.read_bytes())
    assert left_out == []
    source = source_of(nbformat.read(path, as_version=4))
    right, said = put_right(submitted, source, KERNEL)
    assert said == []
    check_right(right, source)
    assert [(c.cell_type, c.source) for c in right.cells] == [
        (c.cell_type, c.source) for c in submitted.cells
    ]


def test_a_missing_cell_comes_back_after_the_one_before_it() -> None:
    submitted = submission()
    delete("shared_layer")(submitted)
    delete("scaled_copy-check")(submitted)
    right, _ = put_right(submitted, SOURCE, KERNEL)
    assert place(right, "shared_layer") == place(right, "make_counter-check") + 1
    assert find(right, "shared_layer").source == SOURCE[2].source
    assert place(right, "scaled_copy-check") == place(right, "scaled_copy") + 1


def test_unchanged_copies_are_left_out() -> None:
    submitted = submission()
    copy_below("make_counter", source=SOURCE[0].source)(submitted)
    copy_below("shared_layer-check")(submitted)
    right, _ = put_right(submitted, SOURCE, KERNEL)
    assert texts(right) == texts(submission())


def test_students_cells_keep_their_places_when_cells_are_moved() -> None:
    submitted = submission()
    move("make_counter-check", after="shared_layer")(submitted)
    right, _ = put_right(submitted, SOURCE, KERNEL)
    free = [cell.source for cell in submitted.cells if "nbgrader" not in cell.metadata]
    assert [cell.source for cell in right.cells if "nbgrader" not in cell.metadata] == free
    assert place(right, "make_counter-check") == place(right, "make_counter") + 1


def test_an_answer_without_metadata_is_the_nearest_before_its_test() -> None:
    submitted = submission()
    forget()(submitted)
    number = next(n for n, cell in enumerate(submitted.cells) if cell.source == ANSWER)
    in_a_text = 'example = """\ndef make_counter():\n    pass\n"""'
    submitted.cells.insert(number, new_code_cell("def make_counter(): pass  # first try"))
    submitted.cells.insert(number + 2, new_code_cell(in_a_text))
    submitted.cells.insert(number + 3, new_markdown_cell("def make_counter(): pass"))
    submitted.cells.append(new_code_cell("def make_counter(): pass  # afterwards"))
    right, said = put_right(submitted, SOURCE, KERNEL)
    assert find(right, "make_counter").source == ANSWER
    assert "6 of 6" in said[0]


@pytest.mark.parametrize(
    "text",
    [
        "%%time\ndef make_counter(start, step): pass",
        "async def make_counter(start, step):\n    pass",
        "make_counter: object = print",
        "def make_counter(start, step):\n    return (",
        # More than Python's parser can take.
        "def make_counter(start, step):\n    return start" + ".real" * 10_000,
    ],
)
def test_an_answer_without_metadata_is_recognised_in_any_form(text: str) -> None:
    submitted = submission()
    change("make_counter", source=text, metadata=NotebookNode())(submitted)
    right, _ = put_right(submitted, SOURCE, KERNEL)
    assert find(right, "make_counter").source == text


def test_pasted_pictures_are_kept() -> None:
    submitted = submission()
    picture = {"image.png": {"image/png": "iVBORw0KGgo="}}
    submitted.cells.insert(1, new_markdown_cell("![](attachment:image.png)", attachments=picture))
    read, _ = read_submitted(nbformat.writes(submitted).encode())
    right, _ = put_right(read, SOURCE, KERNEL)
    assert right.cells[1].attachments == picture


def test_ids_are_made_valid_and_unique() -> None:
    submitted = submission()
    for cell, identity in zip(
        submitted.cells, ["same", "same", "no id", "x" * 65, ""], strict=False
    ):
        cell.id = identity
    del submitted.cells[5]["id"]
    right, said = put_right(submitted, SOURCE, KERNEL)
    assert said == []
    check_right(right)
    assert right.cells[0].id == "same"


def test_manually_graded_cells_and_tasks_stay_nbgraders() -> None:
    def cell(name: str, points: float, text: str, **kinds: bool) -> NotebookNode:
        flags = dict.fromkeys(("grade", "solution", "locked", "task"), False) | kinds
        meta = {"grade_id": name, "schema_version": 3, "points": points, **flags}
        return new_markdown_cell(text, metadata={"nbgrader": meta})

    released = new_notebook(
        cells=[
            cell("essay", 3, "Your text here.", grade=True, solution=True),
            cell("project", 5, "Plan a project.", task=True, locked=True),
            new_markdown_cell("Nothing yet."),
        ]
    )
    source = source_of(released)
    submitted = copy.deepcopy(released)
    submitted.cells[0].source = "My essay."
    submitted.cells[1].source = "Plan nothing."
    submitted.cells[1].metadata.nbgrader.points = 50
    right, said = put_right(submitted, source, KERNEL)
    assert said == [
        "The cell project was changed; its own text was put back.",
        "The cell project had other points or another kind; its own were put back.",
    ]
    check_right(right, source)
    assert right.cells[0].source == "My essay."
    copy_below("essay", source="Your text here.")(submitted)
    right, _ = put_right(submitted, source, KERNEL)
    assert right.cells[0].source == "My essay."
    assert len(right.cells) == len(released.cells)
    submitted = copy.deepcopy(released)
    for stripped in submitted.cells:
        stripped.metadata.clear()
    right, _ = put_right(submitted, source, KERNEL)
    assert texts(right) == texts(released)


def test_a_cell_of_an_earlier_release_is_replaced_without_a_word() -> None:
    submitted = submission()
    test = find(submitted, "make_counter-check")
    test.source, test.metadata.nbgrader.points = "check.an_earlier_name(make_counter)", 7
    test.metadata.nbgrader.checksum = compute_checksum(test)
    right, said = put_right(submitted, SOURCE, KERNEL)
    assert said == []
    check_right(right)


def test_a_substitute_says_why_and_has_all_cells() -> None:
    right = substitute(SOURCE, KERNEL, "The file is empty.")
    assert (right.cells[0].cell_type, right.cells[0].source) == ("markdown", "The file is empty.")
    assert [cell.source for cell in right.cells[1:]] == [cell.source for cell in SOURCE]
    check_right(right)


# Random surgery


def surgeries(notebook: NotebookNode, chance: random.Random) -> None:
    """Do something to a random cell, as an editor, a merge or a student may."""
    cells = notebook.cells
    if not cells:
        return
    number = chance.randrange(len(cells))
    cell = cells[number]
    kind = chance.choice(
        ["delete", "double", "move", "retype", "tag", "forget", "rename", "rewrite", "add", "id"]
    )
    if kind == "delete":
        del cells[number]
    elif kind == "double":
        cells.insert(chance.randrange(len(cells)), copy.deepcopy(cell))
    elif kind == "move":
        cells.insert(chance.randrange(len(cells)), cells.pop(number))
    elif kind == "retype":
        cell.cell_type = chance.choice(["code", "markdown", "raw"])
    elif kind == "tag":
        cell.metadata.tags = chance.sample(["skip-execution", "raises-exception", "x"], 2)
    elif kind == "forget":
        cell.metadata = NotebookNode()
    elif kind == "rename":
        cell.metadata.nbgrader = NotebookNode(
            grade_id=chance.choice([*NAMES, "strange", 7]), grade=chance.choice([True, False, "x"])
        )
    elif kind == "rewrite":
        name = chance.choice(list(STUDENTS))
        cell.source = chance.choice([f"def {name}(): pass", "", "1 +", SOURCE[1].source, "x\n"])
    elif kind == "add":
        cells.insert(number, new_code_cell(f"# note {chance.random()}"))
    else:
        cell.id = chance.choice(["", "same", "é", cells[0].get("id")])


# Only the lesson's exercises: the surgery then meets the cells that matter.
EXERCISES = new_notebook(
    cells=[
        cell
        for cell in submission().cells
        if "nbgrader" in cell.metadata or cell.source.startswith("### Exercise")
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 25), st.randoms(use_true_random=False))
def test_any_surgery_is_put_right(count: int, chance: random.Random) -> None:
    submitted = copy.deepcopy(EXERCISES)
    for _ in range(count):
        surgeries(submitted, chance)
    right, _ = put_right(submitted, SOURCE, KERNEL)
    check_right(right)
    assert_nothing_lost(submitted, right)


# Files that are no notebooks


def notebook_file(*cells: Any, **fields: Any) -> bytes:
    data = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}
    return json.dumps({**data, **fields}).encode()


BAD = {
    "empty": (b" \n", "The file is empty."),
    "too large": (b" " * LARGEST_FILE + b"{}", "The file has more than 20 MB"),
    "not UTF-8": ('{"a": "é"}'.encode("latin-1"), "not text in UTF-8"),
    "a zip": (b"PK\x03\x04\xff\xfe", "The file is a ZIP archive"),
    "gzip'ed": (gzip.compress(LESSON.read_bytes()), "The file is a gzip archive"),
    "a page": (b"\n<!DOCTYPE html>", "The file is a web page"),
    "broken JSON": (b'{"cells": [\n\n<<<<<<< HEAD', "broken in line 3"),
    "cut off": (LESSON.read_bytes()[:5000], "broken in line"),
    "a list": (b"[]", "not a notebook"),
    "another JSON": (b'{"name": "x"}', "not a notebook"),
    "cells are no list": (notebook_file(cells={}), "not a notebook"),
    "old": (notebook_file(nbformat=3), "old format 3"),
    "the future": (notebook_file(nbformat=5), "format 5, which is newer"),
    "nested beyond Python": (b"[" * 100_000 + b"]" * 100_000, "nested more than 100 deep"),
    "19 MB of lists": (b"[" + b"[]," * 6_000_000 + b"[]]", "more than 300,000 lists"),
    "nested": (b"[" * 200 + b"]" * 200, "nested more than 100 deep"),
    "a huge number": (b'{"cells": ' + b"1" * 5000 + b"}", "number of thousands of digits"),
    "too many cells": (notebook_file(*[{"source": ""}] * (MOST_CELLS + 1)), "has 5001 cells"),
}


@pytest.mark.parametrize(("content", "expected"), BAD.values(), ids=BAD)
def test_a_file_that_is_no_notebook_is_explained(content: bytes, expected: str) -> None:
    with pytest.raises(BadNotebook, match=expected) as error:
        read_submitted(content)
    assert str(error.value).endswith(".")


def test_an_old_notebook_is_read() -> None:
    cells = [new_markdown_cell("## Title"), new_code_cell(ANSWER), new_markdown_cell("a\nb")]
    old = nbformat.convert(new_notebook(cells=copy.deepcopy(cells)), 3)
    assert "cells" not in old
    read, _ = read_submitted(json.dumps(old).encode())
    assert [(c.cell_type, c.source) for c in read.cells] == [(c.cell_type, c.source) for c in cells]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_notebook_in_another_unicode_is_read(encoding: str) -> None:
    text = nbformat.writes(new_notebook(cells=[new_code_cell("x = '文'")])).replace("\n", "\r\n")
    read, left_out = read_submitted(text.encode(encoding))
    assert [cell.source for cell in read.cells] == ["x = '文'"]
    assert left_out == []


def test_cells_without_text_are_left_out_and_the_others_count() -> None:
    no_texts: list[Any] = [3, ["a", 1], {}]
    bad: list[Any] = [3, None, [], "x"]
    bad += [{"cell_type": "code", "source": each} for each in no_texts]
    answer = {"cell_type": "code", "source": ANSWER, "metadata": {}}
    read, left_out = read_submitted(notebook_file(*bad, answer))
    assert left_out == ["Cells 1, 2, 3, 4, 5 and 2 more were left out: no text can be read there."]
    assert [cell.source for cell in read.cells] == [""] * len(bad) + [ANSWER]
    right, _ = put_right(read, SOURCE, KERNEL)
    check_right(right)
    assert find(right, "make_counter").source == ANSWER
    old = {"cell_type": "code", "input": ANSWER}
    read, left_out = read_submitted(notebook_file(nbformat=3, worksheets=[{"cells": [7, old]}]))
    assert left_out == ["Cell 1 was left out: no text can be read there."]
    assert read.cells[1].source == ANSWER


def test_half_characters_can_be_written() -> None:
    cell = {"cell_type": "code", "source": "x = '\ud800'", "metadata": {}}
    read, _ = read_submitted(b"\xef\xbb\xbf" + notebook_file(cell))
    assert read.cells[0].source == "x = '?'"
    assert nbformat.writes(read).encode()


def test_what_grading_has_noted_is_kept_and_cannot_be_handed_in() -> None:
    noted = {GRADING: {"put_right": ["A sentence."], "learner_saw": {}}}
    read, said = read_submitted(notebook_file({"source": ""}, metadata={**noted, "x": 1}))
    assert read.metadata[GRADING] == noted[GRADING]
    right = put_right_and_note(read, said, Source(SOURCE, KERNEL))
    assert right.metadata[GRADING]["put_right"] == [WRONG_NOTEBOOK]


def test_shown_points_are_read() -> None:
    outputs = [{"output_type": "display_data", "data": {}, "metadata": {"record": {"points": 2}}}]
    cell = {"cell_type": "code", "source": ["a\n", "b"], "metadata": {}, "outputs": outputs}
    read, _ = read_submitted(notebook_file(cell))
    assert read.cells[0].source == "a\nb"
    assert read.cells[0].outputs[0].metadata.record.points == 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def wrong(**fields: Any) -> st.SearchStrategy[Any]:
    """Return a strategy of dicts, each of whose fields is as given, anything, or missing."""
    return st.fixed_dictionaries({}, optional={key: good | JSON for key, good in fields.items()})


OUTPUT = wrong(
    output_type=st.sampled_from(["display_data", "execute_result", "stream", "error"]),
    metadata=wrong(),
    data=wrong(**{"text/plain": st.lists(st.text(max_size=5), max_size=2)}),
    text=st.text(max_size=5),
)
CELL = wrong(
    id=st.sampled_from(["a", "a", "", "x" * 70]),
    cell_type=st.sampled_from(["code", "markdown", "raw", "heading"]),
    source=st.sampled_from([ANSWER, SOURCE[1].source, ["a\n", "b"], "\x00"]),
    input=st.text(max_size=5),
    metadata=wrong(
        nbgrader=wrong(
            grade_id=st.sampled_from([*NAMES, "other"]),
            grade=st.booleans(),
            solution=st.booleans(),
            locked=st.booleans(),
            points=st.integers(),
        ),
        tags=st.lists(st.sampled_from(["skip-execution", "a,b", "x"]), max_size=3),
    ),
    outputs=st.lists(OUTPUT, max_size=2),
    attachments=wrong(picture=wrong(mime=st.text(max_size=3))),
)
CELLS = st.lists(CELL, max_size=8)
NOTEBOOK = st.fixed_dictionaries(
    {"nbformat": st.sampled_from([4, 4, 4, 3, 2, 1]) | JSON, "cells": CELLS | JSON},
    optional={
        "nbformat_minor": st.integers(0, 6) | JSON,
        "metadata": wrong(kernelspec=JSON, language_info=JSON) | JSON,
        "worksheets": st.lists(wrong(cells=CELLS), max_size=2),
    },
)


def read_and_put_right(content: bytes) -> None:
    try:
        read, _ = read_submitted(content)
    except BadNotebook:
        return
    nbformat.validate(read)
    right, _ = put_right(read, SOURCE, KERNEL)
    check_right(right)
    assert_nothing_lost(read, right)
    nbformat.writes(right).encode()


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(NOTEBOOK)
def test_wrong_types_everywhere(data: Any) -> None:
    read_and_put_right(json.dumps(data).encode())


@given(st.binary())
def test_random_bytes(content: bytes) -> None:
    read_and_put_right(content)


@settings(deadline=None)
@given(st.data())
def test_a_file_with_a_piece_cut_out(data: st.DataObject) -> None:
    content = nbformat.writes(EXERCISES).encode()
    start = data.draw(st.integers(0, len(content)))
    read_and_put_right(content[:start] + content[data.draw(st.integers(start, len(content))) :])


# nbgrader's gradebook


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def gradebook(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    needs: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Gradebook]:
    # nbgrader finds alembic by PATH.
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    if request.param == "SQLite":
        with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
            yield gradebook
    else:
        with postgresql(needs("initdb")) as address, Gradebook(address) as gradebook:
            yield gradebook


def save(gradebook: Gradebook, cells: list[SourceCell]) -> None:
    """Save cells as nbgrader does when an assignment is generated."""
    where = ("04_variables", "basics")
    gradebook.update_or_create_assignment("basics")
    gradebook.update_or_create_notebook(*where)
    for cell in cells:
        if cell.grade:
            fields = {"max_score": cell.points, "cell_type": cell.cell_type}
            gradebook.update_or_create_grade_cell(cell.name, *where, **fields)
        if cell.solution:
            gradebook.update_or_create_solution_cell(cell.name, *where)
        gradebook.update_or_create_source_cell(
            cell.name,
            *where,
            cell_type=cell.cell_type,
            locked=cell.locked,
            source=cell.source,
            checksum=cell.checksum,
        )


def test_cells_come_from_the_gradebook_in_the_notebooks_order(gradebook: Gradebook) -> None:
    save(gradebook, SOURCE)
    assert source_cells(gradebook, "04_variables", "basics") == SOURCE
    # Generated again, with a cell changed and a cell put in between.
    first, *others = SOURCE
    first = SourceCell(**{**vars(first), "source": "# another stub"})
    inserted = SourceCell(**{**vars(SOURCE[1]), "name": "new-check"})
    again = [first, inserted, *others]
    save(gradebook, again)
    order = [cell.name for cell in again]
    assert source_cells(gradebook, "04_variables", "basics", order) == again
