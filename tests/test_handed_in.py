"""What students hand in, by clumsiness or on purpose: the right notebook is graded, or named."""

import copy
import gzip
import os
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from helpers.grading import handed_in
from helpers.grading.handed_in import HandedIn, read_handed_in
from helpers.grading.preprocessors import Source
from tests.lessons import ROOT
from tests.test_submitted import source_of

UNIT = "networks"
SOFTMAX, LOSSES = "10_softmax", "11_losses"
RELEASED = {
    name: nbformat.read(ROOT / "course" / UNIT / f"{name}.ipynb", as_version=4)
    for name in (SOFTMAX, LOSSES)
}
SOURCES = {name: Source(source_of(RELEASED[name]), None) for name in RELEASED}
IGNORED = [".ipynb_checkpoints", "__pycache__", "*.pyc", "*.md", "__MACOSX", "._*"]


def worked_on(lesson: str, answer: str = "mine = 1") -> NotebookNode:
    """Return a lesson with its first exercise answered."""
    notebook = copy.deepcopy(RELEASED[lesson])
    first = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("solution"))
    first.source = answer
    return notebook


def text(notebook: NotebookNode) -> str:
    return nbformat.writes(notebook)


def without_metadata(lesson: str) -> NotebookNode:
    notebook = worked_on(lesson)
    for cell in notebook.cells:
        cell.metadata = {}
    return notebook


MINE, OTHER = text(worked_on(SOFTMAX)), text(worked_on(SOFTMAX, "mine = 2"))
STUB, LOSS = text(RELEASED[SOFTMAX]), text(worked_on(LOSSES))

BOTH = text(nbformat.v4.new_notebook(cells=worked_on(SOFTMAX).cells + worked_on(LOSSES).cells))


def read(folder: Path, files: Mapping[str, str | bytes]) -> HandedIn:
    """Lay out a submission and read it; nothing of it is changed."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = read_handed_in(folder, SOURCES, IGNORED)
    assert {name: (folder / name).read_bytes() for name in files} == {
        name: content if isinstance(content, bytes) else content.encode()
        for name, content in files.items()
    }
    return found


RENAMED = [
    "10_softmax (1).ipynb",
    "10_softmax-Copy1.ipynb",
    "10_Softmax.ipynb",
    "10_SOFTMAX.IPYNB",
    "10 softmax.ipynb",
    "Copy of 10_softmax.ipynb",
    "10_softmax.ipynb.txt",
    "10_softmax.json",
    "10_softmax.ipynb ",
    "第十课.ipynb",
    "networks/10_softmax.ipynb",
    "home/me/work/networks/10_softmax.ipynb",
]


@pytest.mark.parametrize("name", RENAMED)
@pytest.mark.parametrize("notebook", [MINE, text(without_metadata(SOFTMAX))], ids=["", "bare"])
def test_a_lone_notebook_of_another_name_is_graded_and_reported(
    tmp_path: Path, name: str, notebook: str
) -> None:
    found = read(tmp_path / UNIT, {name: notebook})
    assert list(found.notebooks) == [SOFTMAX]
    assert found.notebooks[SOFTMAX].content.decode() == notebook
    assert found.notebooks[SOFTMAX].said == (
        f"The notebook was handed in as {name} and graded as 10_softmax.ipynb.",
    )
    assert not found.looks


RIGHT, COPY, COPY2 = "10_softmax.ipynb", "10_softmax (1).ipynb", "10_softmax (2).ipynb"
# What is handed in; what is graded, or nothing; what is said of it.
SEVERAL: dict[str, tuple[dict[str, str], str, str]] = {
    "the same twice": ({RIGHT: MINE, COPY: MINE}, MINE, ""),
    "a copy that was never worked on": ({RIGHT: MINE, COPY: STUB}, MINE, ""),
    "the right name and another answer": (
        {RIGHT: MINE, COPY: OTHER},
        MINE,
        f"Other answers are in {COPY}; {RIGHT} was graded, because of its name.",
    ),
    "worked on in the copy": (
        {RIGHT: STUB, COPY: MINE},
        MINE,
        f"The notebook was handed in as {COPY} and graded as {RIGHT}. "
        f"The one handed in as {RIGHT} holds no answers.",
    ),
    "the one of the right name is damaged": (
        {RIGHT: "", COPY: MINE},
        MINE,
        f"The notebook was handed in as {COPY} and graded as {RIGHT}. "
        f"The one handed in as {RIGHT} holds no answers.",
    ),
    "two copies": (
        {COPY: MINE, COPY2: OTHER},
        "",
        "2 notebooks hold different answers to this lesson, and none of them is named "
        f"{RIGHT}: {COPY}, {COPY2}. None was graded. Hand in one of them under that name.",
    ),
    "two copies, the same": (
        {COPY: MINE, COPY2: MINE},
        MINE,
        f"The notebook was handed in as {COPY} and graded as {RIGHT}.",
    ),
    "two copies, one never worked on": (
        {COPY: STUB, COPY2: MINE},
        MINE,
        f"The notebook was handed in as {COPY2} and graded as {RIGHT}.",
    ),
    "nothing worked on": ({RIGHT: STUB, COPY: STUB}, STUB, ""),
    "a copy in a folder": (
        {RIGHT: MINE, "old/10_softmax.ipynb": OTHER},
        MINE,
        f"Other answers are in old/10_softmax.ipynb; {RIGHT} was graded, because of its name.",
    ),
    "Jupyter's checkpoint": (
        {RIGHT: MINE, ".ipynb_checkpoints/10_softmax-checkpoint.ipynb": OTHER},
        MINE,
        "",
    ),
    "what macOS puts into archives": ({RIGHT: MINE, "__MACOSX/._10_softmax.ipynb": "x"}, MINE, ""),
    "under another lesson's name": (
        {"11_losses.ipynb": MINE},
        MINE,
        f"The notebook was handed in as 11_losses.ipynb and graded as {RIGHT}.",
    ),
    "with cells of another lesson": (
        {
            RIGHT: text(
                nbformat.v4.new_notebook(cells=worked_on(SOFTMAX).cells + RELEASED[LOSSES].cells)
            )
        },
        text(nbformat.v4.new_notebook(cells=worked_on(SOFTMAX).cells + RELEASED[LOSSES].cells)),
        "",
    ),
}


@pytest.mark.parametrize(("files", "graded", "said"), SEVERAL.values(), ids=SEVERAL)
def test_one_of_several_is_graded_or_none(
    tmp_path: Path, files: dict[str, str], graded: str, said: str
) -> None:
    found = read(tmp_path / UNIT, files)
    assert list(found.notebooks) == [SOFTMAX]
    notebook = found.notebooks[SOFTMAX]
    assert " ".join([*notebook.said, notebook.refused]).strip() == said
    assert bool(notebook.refused) == (not graded)
    assert notebook.content.decode() == graded
    assert not found.looks


def test_two_lessons_under_each_others_names_are_told_apart(tmp_path: Path) -> None:
    found = read(tmp_path / UNIT, {"10_softmax.ipynb": LOSS, "11_losses.ipynb": MINE})
    assert {name: each.content.decode() for name, each in found.notebooks.items()} == {
        SOFTMAX: MINE,
        LOSSES: LOSS,
    }
    assert all(each.said for each in found.notebooks.values())


def test_the_files_of_a_folder_inside_the_folder_come_along(tmp_path: Path) -> None:
    files = {"in/11_losses.ipynb": LOSS, "in/a/x.csv": "1", "above.csv": "2", "timestamp.txt": NOW}
    found = read(tmp_path / UNIT, files)
    assert found.files == {"a/x.csv": b"1", "timestamp.txt": NOW.encode()}
    assert found.looks == ["Not read: above.csv (not beside the notebooks)."]


NOW = "2026-11-30 08:00:00.000000 UTC"
NOTHING = "No notebook of this unit was found in what was handed in."


@pytest.mark.parametrize(
    ("files", "look"),
    [
        ({}, ""),
        ({"notes.ipynb": "{}"}, "notes.ipynb is no notebook of this unit."),
        ({"10_softmax (1).ipynb": "{"}, "10_softmax (1).ipynb is no notebook of this unit."),
        ({"data.json": "{}"}, ""),
        (
            {"networks.zip": b"PK\x03\x04", "x.tar.gz": gzip.compress(b"")},
            "An archive is not opened: networks.zip, x.tar.gz. Unpack it there, and grade again.",
        ),
    ],
)
def test_without_a_notebook_the_first_lessons_feedback_says_so(
    tmp_path: Path, files: dict[str, str | bytes], look: str
) -> None:
    (tmp_path / UNIT).mkdir()
    found = read(tmp_path / UNIT, files)
    assert {name: each.refused for name, each in found.notebooks.items()} == {SOFTMAX: NOTHING}
    assert list(found.looks) == ([look] if look else [])


# Files beside the notebook


def left_out(folder: Path, files: Mapping[str, str | bytes] | None = None) -> str:
    """Return what is said of a submission whose notebook is right and whose other files are not."""
    found = read(folder, {RIGHT: MINE, "timestamp.txt": NOW, **(files or {})})
    assert found.notebooks[SOFTMAX].content == MINE.encode()
    assert found.files["timestamp.txt"] == NOW.encode()
    return " ".join(found.looks)


def test_of_too_many_files_the_first_are_read_and_the_rest_named(tmp_path: Path) -> None:
    for number in range(2000):
        (tmp_path / f"{number:05}.txt").touch()
    assert left_out(tmp_path) == (
        "Not read: 00200.txt, 00201.txt, 00202.txt, 00203.txt, 00204.txt and 1795 more "
        "(more than 200 files)."
    )


def test_more_files_than_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handed_in, "MOST_SEEN", 10)
    said = left_out(tmp_path, {f"a/{number}.txt": "" for number in range(20)})
    assert said == "Not read: the rest of the folder (there are more than 10 files)."


def sparse(*names: str, size: int) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        for name in names:
            with (folder / name).open("wb") as file:
                file.truncate(size)

    return make


def listening(folder: Path) -> None:
    here = os.getcwd()
    os.chdir(folder)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")
    os.chdir(here)


def deep(folder: Path) -> None:
    (folder / "/".join("abcdefgh")).mkdir(parents=True)


ODD: dict[str, tuple[Callable[[Path], object], str]] = {
    "a terabyte": (
        sparse("big.bin", size=2**40),
        "Not read: big.bin (larger than 16 MiB).",
    ),
    "large ones together": (
        sparse("a", "b", "c", "d", size=15 * 2**20),
        "Not read: c, d (more than 32 MiB together).",
    ),
    "deep": (deep, "Not read: a/b/c/d/e (more than 4 folders inside each other)."),
    "a pipe": (
        lambda folder: os.mkfifo(folder / "pipe"),
        "Not read: pipe (no file, but a pipe, a socket or a device).",
    ),
    "a pipe as the second notebook": (
        lambda folder: os.mkfifo(folder / "11_losses.ipynb"),
        "Not read: 11_losses.ipynb (no file, but a pipe, a socket or a device).",
    ),
    "a socket": (listening, "Not read: socket (no file, but a pipe, a socket or a device)."),
    "a link to a file": (
        lambda folder: (folder / "key").symlink_to("/etc/passwd"),
        "Not read: key (a link, which is not followed).",
    ),
    "a link to the folder itself": (
        lambda folder: (folder / "again").symlink_to(folder),
        "Not read: again (a link, which is not followed).",
    ),
    "a link to nothing": (
        lambda folder: (folder / "gone").symlink_to("nowhere"),
        "Not read: gone (a link, which is not followed).",
    ),
    "a name of two lines": (
        lambda folder: (folder / "two\nlines").touch(),
        "Not read: two\nlines (a name with signs that are no text).",
    ),
    "a name in Latin-1": (
        lambda folder: Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.csv")).touch(),
        "Not read: caf�.csv (a name with signs that are no text).",
    ),
    "a folder as a notebook": (
        lambda folder: (folder / "11_losses.ipynb").mkdir(),
        "",
    ),
}


@pytest.mark.parametrize(("make", "said"), ODD.values(), ids=ODD)
def test_what_is_not_read_is_named(
    tmp_path: Path, make: Callable[[Path], object], said: str
) -> None:
    make(tmp_path)
    assert left_out(tmp_path) == said


def test_odd_names_that_are_text_are_read(tmp_path: Path) -> None:
    names = [
        "x" * 251 + ".csv",
        "图.png",
        "👩‍🔬.txt",
        "a b'\"`$(c);&|<>*?[d]",
        "DATA",
        "data",
        "-rf",
    ]
    assert left_out(tmp_path, dict.fromkeys(names, "1")) == ""
    assert set(read_handed_in(tmp_path, SOURCES).files) == {*names, "timestamp.txt"}


@pytest.mark.parametrize(
    "content",
    ["yesterday", "", "9" * 400, "2026-11-30\n" * 1000, b"\xff\xfe2\x000\x00", b"\0" * 100],
)
def test_a_timestamp_that_is_no_time_is_left_out(tmp_path: Path, content: str | bytes) -> None:
    found = read(tmp_path, {RIGHT: MINE, "timestamp.txt": content})
    assert found.files == {}
    assert found.looks == ["timestamp.txt holds no time; the submission counts as one without."]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder that other users than root can enter."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@contextmanager
def no_root() -> Iterator[None]:
    """Be an ordinary user, also where the tests run as root, who may read everything."""
    user = os.geteuid()
    os.seteuid(user or 65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_what_may_not_be_read_is_named_and_the_rest_is_graded(open_folder: Path) -> None:
    for name in (RIGHT, "11_losses.ipynb", "shut/x.csv", "shut.csv"):
        (open_folder / name).parent.mkdir(exist_ok=True)
        (open_folder / name).write_text(MINE)
    shut = ("11_losses.ipynb", "shut.csv", "shut")
    for name in shut:
        (open_folder / name).chmod(0)
    with no_root():
        found = read_handed_in(open_folder, SOURCES)
    (open_folder / "shut").chmod(0o755)
    assert list(found.notebooks) == [SOFTMAX]
    assert found.looks == [f"Not read: {', '.join(shut)} (Permission denied)."]


def test_files_of_the_unit_keep_their_places(tmp_path: Path) -> None:
    for name, content in {RIGHT: MINE, "data": "1", "x.csv/y": "2", "z.csv": "3"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    found = read_handed_in(tmp_path, SOURCES, taken=["data/a.csv", "x.csv", "z.csv"])
    assert found.files == {"z.csv": b"3"}
    assert found.looks == ["Not read: data, x.csv/y (at the place of a file of the unit's own)."]
