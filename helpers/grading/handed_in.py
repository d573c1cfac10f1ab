"""Read what a student handed in: which notebook is which lesson's, and the files beside it.

A folder may hold anything: notebooks under other names, links, pipes, more files than a disk.
What is not read is named to the instructor, and left as it is.
"""

import fnmatch
import os
import re
from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from nbgrader.utils import parse_utc

from helpers.grading.preprocessors import Source
from helpers.grading.results import printable
from helpers.grading.submitted import LARGEST_FILE as LARGEST_NOTEBOOK
from helpers.grading.submitted import BadNotebook, SourceCell, listed, put_right, read_submitted

MOST_FILES = 200  # besides the lessons' notebooks under their own names
LARGEST_FILE = 16 * 2**20  # bytes
LARGEST_TOGETHER = 32 * 2**20
MOST_FOLDERS = 4  # inside each other
MOST_SEEN = 100_000  # names that are looked at

TIMESTAMP = "timestamp.txt"  # nbgrader's: when the submission was handed in
_NOTEBOOK = re.compile(r"\.(ipynb\b[^/]*|json)$", re.IGNORECASE)  # browsers add .txt or .json
_ARCHIVE = re.compile(r"\.(zip|7z|rar|tar|tgz|gz|bz2|xz)$", re.IGNORECASE)
_GRADE_ID = re.compile(rb'"grade_id"\s*:\s*"([^"\\]+)"')


@dataclass(frozen=True)
class Notebook:
    """A lesson's notebook as it was handed in, or why there is none that can be graded."""

    content: bytes = b""
    said: tuple[str, ...] = ()  # on its name
    refused: str = ""


@dataclass(frozen=True)
class HandedIn:
    """What is graded of a student's folder; `looks` tell the instructor about the rest."""

    notebooks: Mapping[str, Notebook]
    files: Mapping[str, bytes]
    looks: Sequence[str]


def read_handed_in(
    folder: Path,
    sources: Mapping[str, Source],
    ignored: Collection[str] = (),
    taken: Collection[str] = (),
) -> HandedIn:
    """Read a student's folder of a unit.

    A lesson's notebook is known by its name; under another name, or where it is another lesson's,
    by its cells. Of several with different answers the one of the right name counts.

    Parameters
    ----------
    folder : Path
    sources : mapping of str to Source
        The unit's lessons, by name.
    ignored : collection of str
        Patterns of names that are passed over without a word, such as Jupyter's checkpoints.
    taken : collection of str
        Paths in the folder at which files of the unit's own will be put.
    """
    if folder.is_symlink() or folder.parent.is_symlink():
        reason = "The folder is a link, which is not followed."
        return HandedIn({next(iter(sources)): Notebook(refused=reason)}, {}, [reason])
    left: _Left = defaultdict(list)
    files = _read_files(folder, sources, ignored, left)
    looks = []
    if TIMESTAMP in files and not _is_time(files[TIMESTAMP]):
        del files[TIMESTAMP]
        looks.append(f"{TIMESTAMP} holds no time; the submission counts as one without.")
    candidates: dict[str, list[str]] = {name: [] for name in sources}
    for path in filter(_NOTEBOOK.search, files):
        if lesson := _lesson_of(path, files[path], sources):
            candidates[lesson].append(path)
        elif ".ipynb" in path.lower():
            looks.append(f"{shown(path)} is no notebook of this unit.")
    notebooks = {}
    places = set()
    for name, paths in candidates.items():
        if paths:
            notebooks[name], path = _choose(name, paths, files, sources[name])
            places.add(path.rpartition("/")[0])
    if len(notebooks) < len(sources) and (archives := list(filter(_ARCHIVE.search, files))):
        looks.append(
            f"An archive is not opened: {listed(map(shown, archives))}. Unpack it there, and "
            "grade again."
        )
    if not notebooks:
        reason = "No notebook of this unit was found in what was handed in."
        notebooks = {next(iter(sources)): Notebook(refused=reason)}
    used = {path for paths in candidates.values() for path in paths}
    others = {
        path: content
        for path, content in files.items()
        if path not in used and not path.endswith(".ipynb")
    }
    beside = _beside(others, places, taken, left)
    looks += [f"Not read: {listed(map(shown, names))} ({why})." for why, names in left.items()]
    return HandedIn(notebooks, beside, looks)


# Reading

_Left = defaultdict[str, list[str]]  # what is not read: the reason, and the paths


def _read_files(
    folder: Path, sources: Mapping[str, Source], ignored: Collection[str], left: _Left
) -> dict[str, bytes]:
    """Read the folder's files, by path, as far as the limits go."""
    expected = [*(f"{name}.ipynb" for name in sources), TIMESTAMP]
    files: dict[str, bytes] = {}
    others, together = 0, 0
    for path, entry in _find_files(folder, ignored, left):
        try:
            if path not in expected:
                size = entry.stat(follow_symlinks=False).st_size if others < MOST_FILES else 0
                if why := _too_much(others + 1, size, together + size):
                    left[why].append(path)
                    continue
                others, together = others + 1, together + size
            with open(entry.path, "rb") as file:
                files[path] = file.read(LARGEST_NOTEBOOK + 1)
        except OSError as error:
            left[f"{error.strerror}"].append(path)
    return files


def _too_much(number: int, size: int, together: int) -> str:
    """Return the limit that a file exceeds, or an empty string."""
    if number > MOST_FILES:
        return f"more than {MOST_FILES} files"
    if size > LARGEST_FILE:
        return f"larger than {LARGEST_FILE / 2**20:g} MiB"
    if together > LARGEST_TOGETHER:
        return f"more than {LARGEST_TOGETHER / 2**20:g} MiB together"
    return ""


def _find_files(
    folder: Path, ignored: Collection[str], left: _Left
) -> Iterator[tuple[str, os.DirEntry]]:
    """Yield the regular files with their paths: those at the top first, then by name."""
    passed_over = re.compile("|".join(map(fnmatch.translate, ignored)) or r"(?!)")
    seen = 0
    places = deque([""])
    while places:
        place = places.popleft()
        try:
            with os.scandir(folder / place) as entries:
                found = sorted(islice(entries, MOST_SEEN - seen), key=lambda entry: entry.name)
        except OSError as error:
            left[f"{error.strerror}"].append(place.rstrip("/") or ".")
            continue
        seen += len(found)
        for entry in found:
            path = place + entry.name
            if passed_over.match(entry.name):
                continue
            if entry.is_symlink():
                left["a link, which is not followed"].append(path)
            elif not _is_plain(entry.name):
                left["a name with signs that are no text"].append(path)
            elif entry.is_file(follow_symlinks=False):
                yield path, entry
            elif not entry.is_dir(follow_symlinks=False):
                left["no file, but a pipe, a socket or a device"].append(path)
            elif place.count("/") == MOST_FOLDERS:
                left[f"more than {MOST_FOLDERS} folders inside each other"].append(path)
            else:
                places.append(f"{path}/")
        if seen == MOST_SEEN:
            left[f"there are more than {MOST_SEEN:,} files"].append("the rest of the folder")
            return


def _is_plain(name: str) -> bool:
    r"""Return whether a name is text in UTF-8 without line breaks and the like.

    >>> _is_plain("文件 (1).csv"), _is_plain("two\nlines"), _is_plain("caf\udce9")
    (True, False, False)
    """
    return not re.search("[\x00-\x1f\x7f\ud800-\udfff]", name)


def _is_time(content: bytes) -> bool:
    """Return whether nbgrader can read a time."""
    try:
        parse_utc(content.decode().strip())
    except Exception:  # dateutil raises more than it says
        return False
    return True


def _beside(
    files: Mapping[str, bytes], places: Collection[str], taken: Collection[str], left: _Left
) -> dict[str, bytes]:
    """Return the files by their path from the folder in which the notebooks are."""
    base = PurePosixPath(*places) if len(places) == 1 else PurePosixPath()
    beside = {}
    for name, content in files.items():
        path = PurePosixPath(name)
        if name != TIMESTAMP and not path.is_relative_to(base):
            left["not beside the notebooks"].append(name)
            continue
        inside = path if name == TIMESTAMP else path.relative_to(base)
        own = (PurePosixPath(each) for each in taken if each != str(inside))
        if any(inside.is_relative_to(each) or each.is_relative_to(inside) for each in own):
            left["at the place of a file of the unit's own"].append(name)
        else:
            beside[str(inside)] = content
    return beside


# Which notebook is which


def _lesson_of(path: str, content: bytes, sources: Mapping[str, Source]) -> str:
    """Return the lesson that a notebook is handed in for, or an empty string."""
    ids = {found.decode(errors="replace") for found in _GRADE_ID.findall(content)}
    cells = {
        name: sum(cell.name in ids for cell in source.cells) for name, source in sources.items()
    }
    named = path.removesuffix(".ipynb")
    if named in sources and (cells[named] or not any(cells.values())):
        return named
    if not any(cells.values()):  # an editor may have dropped the metadata
        cells = {name: _locked_cells(content, source.cells) for name, source in sources.items()}
    best = max(cells, key=lambda name: cells[name])
    return best if cells[best] else ""


def _locked_cells(content: bytes, source: Sequence[SourceCell]) -> int:
    """Return how many of the source's locked cells a notebook has, by their text."""
    try:
        notebook, _ = read_submitted(content)
    except BadNotebook:
        return 0
    texts = {cell.source for cell in notebook.cells}
    return sum(cell.locked and cell.source in texts for cell in source)


def _choose(
    lesson: str, paths: list[str], files: Mapping[str, bytes], source: Source
) -> tuple[Notebook, str]:
    """Return the notebook that counts of those with the lesson's cells, and its path."""
    right = f"{lesson}.ipynb"
    paths = sorted(paths, key=lambda path: path != right)
    different: dict[tuple[str, ...], str] = {}
    if len(paths) > 1:
        for path in paths:
            if answers := _answers(files[path], source):
                different.setdefault(answers, path)
    worked_on = list(different.values()) or paths[:1]
    chosen, *others = worked_on
    if chosen == right:
        said = []
        if others:
            said = [
                f"Other answers are in {listed(map(shown, others))}; {right} was graded, because "
                "of its name."
            ]
        return Notebook(files[chosen], tuple(said)), chosen
    if others:
        reason = (
            f"{len(worked_on)} notebooks hold different answers to this lesson, and none of them "
            f"is named {right}: {listed(map(shown, worked_on))}. None was graded. Hand in one of "
            "them under that name."
        )
        return Notebook(refused=reason), chosen
    said = [f"The notebook was handed in as {shown(chosen)} and graded as {right}."]
    if right in paths:
        said.append(f"The one handed in as {right} holds no answers.")
    return Notebook(files[chosen], tuple(said)), chosen


def _answers(content: bytes, source: Source) -> tuple[str, ...]:
    """Return a notebook's answers, if there is one that is not as it was released."""
    try:
        notebook, _ = put_right(read_submitted(content)[0], source.cells, source.kernelspec)
    except BadNotebook:
        return ()
    released = {cell.name: cell.source for cell in source.cells if not cell.locked}
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    answers = {name: cells[name].source for name in released}
    return tuple(answers.values()) if answers != released else ()


def shown(path: str) -> str:
    """Return a path that a student has chosen, as it may stand in a sentence."""
    return printable(path, 80)
