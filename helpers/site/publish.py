"""Put the finished website where it is wanted."""

import filecmp
import shutil
from pathlib import Path

# What Sphinx keeps beside the pages for its next build.
_NOT = (".buildinfo", ".doctrees")
_MARK = Path("_static") / "site.css"


def publish(built: Path, output: Path) -> list[Path]:
    """Make a folder hold the built site and nothing else; return the site's files.

    Raises
    ------
    FileExistsError
        Where the folder holds something else than an earlier site, which would be lost.
    """
    there = sorted(path for path in output.rglob("*") if path.is_file())
    if there and not (output / _MARK).exists():
        raise FileExistsError(
            f"{output} holds other files, such as {there[0].name}, and the site needs a folder of "
            "its own. Give another one: course site --output DIR"
        )
    files = [path.relative_to(built) for path in sorted(built.rglob("*")) if path.is_file()]
    files = [path for path in files if path.name not in _NOT]
    for path in there:
        if path.relative_to(output) not in files:
            path.unlink()
    for path in files:
        target = output / path
        if not target.exists() or not filecmp.cmp(built / path, target, shallow=False):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(built / path, target)
    return files
