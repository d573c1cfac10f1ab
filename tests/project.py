"""A copy of the project, in which a test may run commands that change something."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.cli.lessons import Lesson
from tests.lessons import LESSONS, ROOT

PATIENCE = 180  # seconds that a test waits for something which takes a few


def copy_project(folder: Path, only: Lesson | None = None) -> None:
    """Copy what git tracks, or would, into an empty folder; with `only`, no other lesson."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    left_out = {
        path
        for lesson in LESSONS
        if only and lesson != only
        for path in (lesson.text, lesson.notebook, lesson.release)
    }
    for path in (ROOT / name for name in listed.stdout.split("\0") if name):
        if path.is_file() and path not in left_out:
            copy = folder / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)


def environment_of(folder: Path) -> dict[str, str]:
    """Return the variables with which the commands of a copy run, and not the checkout's."""
    # Under pytest, ipykernel would not catch what compiled code writes to stderr.
    kept = {key: value for key, value in os.environ.items() if key != "PYTEST_CURRENT_TEST"}
    # nbgrader finds alembic by PATH; PYTHONPATH puts the copy before the installed course.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    # Nobody's own settings of Jupyter.
    jupyter = {
        name: str(folder / ".jupyter" / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    return kept | jupyter | {"PATH": path, "PYTHONPATH": str(folder)}


def exchange(folder: Path, root: Path) -> None:
    """Let nbgrader's commands in a copy use an exchange of their own, and not the machine's."""
    settings = Path(environment_of(folder)["JUPYTER_CONFIG_DIR"]) / "nbgrader_config.py"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f"c.Exchange.root = {str(root)!r}\n")


def run(folder: Path, *command: str) -> str:
    """Run a command in a copy and return what it prints; fail the test if it fails."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment_of(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-3000:]}"
    return done.stdout


@contextmanager
def serve(folder: Path, *command: str) -> Iterator[str]:
    """Run a JupyterLab in a copy; yield its address, with %s for a notebook's path."""
    log = folder / "lab.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [*command, "--no-browser", "--port", str(_free_port())],
            cwd=folder,
            env=environment_of(folder),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        end = time.monotonic() + PATIENCE
        while not (found := re.search(r"(http://127\.\S+?)/lab\S*(\?token=\S+)", log.read_text())):
            assert server.poll() is None, f"it has ended: {log.read_text()[-2000:]}"
            assert time.monotonic() < end, f"it shows no address: {log.read_text()[-2000:]}"
            time.sleep(0.1)
        yield "{}/lab/tree/%s{}".format(*found.groups())
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
