"""Commands run as a second Unix user, who sees this Python and nothing else that is closed."""

import os
import stat
import subprocess
import sys
from pathlib import Path

from tests.project import environment_of

# There is one on every Unix, and nobody's files belong to it.
STUDENT = "nobody"


def as_student(folder: Path, *command: str) -> tuple[int, str]:
    """Run a command in a copy of the project that belongs to the student.

    Returns
    -------
    tuple of int and str
        Its exit status, and what it prints.
    """
    shown = ["--dev-bind", "/", "/"]
    pythons = {sys.base_prefix, sys.prefix}
    # A folder that only its owner may enter, such as root's home, is empty but for Python.
    for closed in sorted({closed for path in pythons for closed in _closed_above(path)}):
        shown += ["--tmpfs", closed]
    for python in sorted(pythons):
        if _closed_above(python):
            shown += ["--ro-bind", python, python]
    place = ["bwrap", *shown, "--cap-add", "ALL", "--die-with-parent", "--chdir", str(folder)]
    user = ["setpriv", "--reuid", STUDENT, "--regid", "nogroup", "--clear-groups"]
    done = subprocess.run(
        [*place, *user, *command],
        env=environment_of(folder) | {"HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


def _closed_above(path: str) -> list[str]:
    """Return the first folder on the way to a path that others may not enter, or nothing."""
    for folder in reversed(Path(path).resolve().parents):
        if not stat.S_IMODE(os.stat(folder).st_mode) & stat.S_IXOTH:
            return [str(folder)]
    return []
