"""Files that are written whole or not at all, whatever stops their writer."""

import os
from pathlib import Path


def write_whole(path: Path, content: str) -> None:
    """Write a text file, and its folder where there is none; nobody sees half of it.

    Parameters
    ----------
    path : Path
    content : str
        Written in UTF-8, with the ends of lines that it has.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(Path(folder) / "kept" / "notes.txt", "one")
    ...     [path.name for path in (Path(folder) / "kept").iterdir()]
    ['notes.txt']
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(content, encoding="utf-8", newline="\n")
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
