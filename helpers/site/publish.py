"""Put the finished website where it is wanted."""

import filecmp
import shutil
from collections.abc import Iterable
from pathlib import Path

# What Sphinx keeps beside the pages for its next build.
_NOT = (".buildinfo", ".doctrees")
# Names the site's own files: only these are deleted when they are gone from the course.
_LIST = Path("_static") / "files.txt"
# Where files are copied to before they take their places: the site is the old one or the new one.
_UNFINISHED = ".unfinished"


class OutputError(Exception):
    """A folder that the site cannot be put into; the message says why."""


def earlier_files(output: Path) -> set[Path]:
    """Return the files of the site that stands in a folder, which may be empty or missing.

    Raises
    ------
    OutputError
        Where the folder is none, or holds other files and no earlier site.
    """
    if not output.exists():
        return set()
    if not output.is_dir():
        raise OutputError(f"{output} is a file, and the site needs a folder. {_ANOTHER}")
    if (output / _LIST).exists():
        return set(map(Path, (output / _LIST).read_text("utf-8").splitlines()))
    if others := sorted(path.name for path in output.iterdir() if path.name != _UNFINISHED):
        raise OutputError(
            f"{output} holds other files, such as {others[0]}, and the site needs a folder of "
            f"its own. {_ANOTHER}"
        )
    return set()


_ANOTHER = "Give another one: course site --output DIR"


def publish(built: Path, output: Path) -> list[Path]:
    """Copy the built site into a folder, without what an earlier one has left; return its files.

    Other files that somebody has put into an earlier site stay. Interrupted while it copies, it
    has changed nothing.

    Raises
    ------
    OutputError
        Where the folder is not one for the site, or cannot be written.
    """
    before = earlier_files(output)
    files = [path.relative_to(built) for path in sorted(built.rglob("*")) if path.is_file()]
    files = [path for path in files if path.name not in _NOT]
    try:
        _replace(built, output, before, files)
    except OSError as error:
        raise OutputError(
            f"The site cannot be put into {output}: {error.strerror}. Make room there and let it "
            "be written, or give another folder: course site --output DIR"
        ) from error
    return files


def _replace(built: Path, output: Path, before: set[Path], files: list[Path]) -> None:
    unfinished = output / _UNFINISHED
    shutil.rmtree(unfinished, ignore_errors=True)
    changed = [path for path in files if not _same(built / path, output / path)]
    try:
        for path in changed:
            (unfinished / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(built / path, unfinished / path)
        # Whatever happens from here on, the list names all that is there of the site.
        _name(before.union(files), unfinished, output)
        for path in changed:
            (output / path).parent.mkdir(parents=True, exist_ok=True)
            (unfinished / path).replace(output / path)
        for path in before.difference(files):
            (output / path).unlink(missing_ok=True)
        _name(files, unfinished, output)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _same(new: Path, old: Path) -> bool:
    return old.exists() and filecmp.cmp(new, old, shallow=False)


def _name(files: Iterable[Path], unfinished: Path, output: Path) -> None:
    """Write the list of the site's files."""
    names = "".join(f"{path.as_posix()}\n" for path in sorted(files))
    written, there = unfinished / _LIST, output / _LIST
    for path in (written, there):
        path.parent.mkdir(parents=True, exist_ok=True)
    written.write_text(names, encoding="utf-8")
    written.replace(there)
