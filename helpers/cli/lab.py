"""`course lab`: JupyterLab on the learner's own copies of the lessons."""

import json
import os
import shutil
import socket
import sys
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir

from helpers.checks.record import VARIABLE
from helpers.cli.lessons import LESSON, WELCOME
from helpers.course_error import CourseError

FIRST_PORT = 8888
# Turns off the question about Jupyter news, and nbgrader's tools for authors and graders.
SETTINGS = Path(__file__).parent / "jupyter"


def lab(root: Path, *, port: int | None = None, browser: bool = True) -> None:
    """Copy what is new into `work/` and become JupyterLab there; does not return.

    Raises CourseError where nothing was built or the port is taken.
    """
    port = choose_port(port)
    for line in copy_lessons(root):
        print(line, flush=True)
    # The kernels inherit it; their checks keep a learner's results there.
    os.environ[VARIABLE] = str(record_path())
    # Not in the project's root: nbgrader's Validate would find nbgrader_config.py there, and run
    # a learner's notebook by the instructors' settings.
    os.chdir(root / "work")
    # Terminals in JupyterLab, and nbgrader's own tools, find the programs of this environment.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    # Our settings come before the user's own Jupyter settings, which stay in force otherwise.
    settings = [str(SETTINGS), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, settings))
    command = lab_command(root, port=port, browser=browser)
    os.execv(command[0], command)


def record_path() -> Path:
    """Return where a learner's results are kept: with their data, not with the course.

    It survives when the project is deleted and downloaded again.
    """
    return Path(jupyter_data_dir()).absolute() / "glimpse-deep-learning" / "record.json"


def copy_lessons(root: Path) -> list[str]:
    """Copy each lesson that the learner does not have, and the welcome page; return what to say.

    A file in `work/` is never changed.

    Raises CourseError where `course/` has no lessons.
    """
    releases = _releases(root)
    said = []
    for release in releases:
        copy = root / "work" / release.relative_to(root / "course")
        name = copy.relative_to(root).as_posix()
        if not copy.exists():
            copy_file(release, copy)
        elif None not in (recorded := _record(copy), newest := _record(release)) and (
            recorded != newest
        ):
            said.append(
                f"{name} is kept as it is; the course has a newer version. "
                "To get that one, rename yours and start again."
            )
    return said


def choose_port(asked: int | None = None) -> int:
    """Return the port that was asked for, or the first free one from 8888.

    Raises CourseError where it is not free.
    """
    for port in [asked] if asked is not None else range(FIRST_PORT, FIRST_PORT + 100):
        try:
            with socket.socket() as probe:
                # As the server does: a port that was in use a moment ago counts as free.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
            return port
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or "not from 0 to 65535"
    raise CourseError(
        f"Port {port} cannot be used ({reason.lower()}). Name another: course lab --port NUMBER"
    )


def lab_command(root: Path, *, port: int, browser: bool) -> list[str]:
    """Return the command line of JupyterLab on `work/`.

    It opens the welcome page in front of what was open last; without one, the first lesson.
    """
    first = min(_releases(root), key=lambda path: path.name).relative_to(root / "course")
    command = [
        sys.executable,
        "-P",  # a learner's random.py in work/ is not Python's
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={root / 'work'}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.answer_yes=True",  # Ctrl-C ends at once
        "--ServerApp.log_level=ERROR",  # the address is shown all the same
        "--LabApp.log_level=ERROR",
        # What is open belongs to this course, not to the user's other projects.
        f"--LabApp.workspaces_dir={root / '.jupyter' / 'workspaces'}",
        f"--LabApp.default_url=/lab/tree/{first.as_posix()}",
    ]
    if not browser:
        command.append("--no-browser")
    if os.geteuid() == 0:  # in a container
        command.append("--allow-root")
    return command


def _releases(root: Path) -> list[Path]:
    """Return the lessons as they are released, and the welcome page before them."""
    lessons = sorted(root.glob(f"course/*/{LESSON}.ipynb"))
    if not lessons:
        raise CourseError("There are no lessons in course/ yet. Make them with: course build")
    return [*root.glob(f"course/{WELCOME}.ipynb"), *lessons]


def copy_file(source: Path, target: Path) -> None:
    """Copy a file whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        shutil.copyfile(source, unfinished)
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)


def _record(path: Path) -> str | None:
    """Return which version of the lesson a notebook was made from, or None if it does not say."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        return str(notebook["metadata"]["course"]["release"])
    except (ValueError, KeyError, TypeError):
        return None
