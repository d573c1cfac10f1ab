"""Put the finished website where it is wanted."""

import filecmp
import shutil
from pathlib import Path

# What Sphinx keeps beside the pages for its next build.
_NOT = (".buildinfo", ".doctrees")
# Names the site's own files: only these are deleted when they are gone from the course.
_LIST = Path("_static") / "files.txt"


def publish(built: Path, output: Path) -> list[Path]:
    """Copy the built site into a folder, without what an earlier one has left; return its files.

    Other files that somebody has put into an earlier site stay.

    Raises
    ------
    FileExistsError
        Where the folder holds other files and no earlier site.
    """
    there = sorted(path for path in output.rglob("*") if path.is_file())
    if there and not (output / _LIST).exists():
        raise FileExistsError(
            f"{output} holds other files, such as {there[0].name}, and the site needs a folder of "
            "its own. Give another one: course site --output DIR"
        )
    before = map(Path, (output / _LIST).read_text("utf-8").splitlines()) if there else ()
    files = [path.relative_to(built) for path in sorted(built.rglob("*")) if path.is_file()]
    files = [path for path in files if path.name not in _NOT]
    for path in set(before) - set(files):
        (output / path).unlink(missing_ok=True)
    for path in files:
        target = output / path
        if not target.exists() or not filecmp.cmp(built / path, target, shallow=False):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(built / path, target)
    names = "".join(f"{path.as_posix()}\n" for path in files)
    (output / _LIST).parent.mkdir(parents=True, exist_ok=True)
    (output / _LIST).write_text(names, encoding="utf-8")
    return files
