"""A sandbox of bubblewrap for one kernel, which is forked from a process that has imported it all.

Inside there are a read-only Python, the course's code without exercises, and one folder in memory.
There is no network, no other process, no file of the host, and nothing of the class.
"""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
import psutil

from helpers.grading.failures import FEWER_WORKERS, FULL, NO_MEMORY, CannotGrade, full, no_memory
from helpers.kernels.forks import ForkedKernel, NotForked, Waiting, WaitingGone

COURSE = Path(__file__).resolve().parents[1]
# An answer's process must not see what its exercise wants, nor how a class is graded.
HIDDEN = {"exercises", "grading", "cli", "kernels", "__pycache__"}
STAND_IN = COURSE / "grading" / "stand_in"
# The user's own word that submissions may run without a sandbox.
NO_SANDBOX = "GLIMPSE_NO_SANDBOX"
SECONDS_BETWEEN_LOOKS = 0.4
SECONDS_BETWEEN_POLLS = 0.002
SECONDS_TO_END = 20.0
LARGEST_LESSON = 64 * 2**20  # bytes of files beside a notebook
# One thread a kernel: a class is graded in parallel, and lessons give the same with any number.
ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)
# How compiled libraries compute on this processor; nothing else of the environment gets in.
PASSED_ON = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "TF_ENABLE_ONEDNN_OPTS")


@dataclass(frozen=True)
class Limits:
    """What a notebook may use; memory, disk and processes are of all that it starts together."""

    notebook_seconds: int = 300
    memory: int = 4 * 2**30
    disk: int = 256 * 2**20
    processes: int = 64
    output: int = 16 * 2**20  # bytes that a notebook may show


class NoSandbox(CannotGrade):
    """A submission cannot be run safely here; the message says how to change that."""


@cache
def why_no_sandbox() -> str:
    """Say why bubblewrap cannot be used on this machine; an empty string where it can."""
    bubblewrap = shutil.which("bwrap")
    if bubblewrap is None:
        return (
            "Submissions run in a sandbox, and bubblewrap is not installed. Install it (Debian, "
            f"Ubuntu: apt install bubblewrap). {_WITHOUT}"
        )
    tried = subprocess.run(
        [bubblewrap, *_ISOLATION, "--ro-bind", "/", "/", "true"], capture_output=True, text=True
    )
    if tried.returncode:
        reason = (tried.stderr.strip().splitlines() or ["no reason given"])[-1]
        return (
            f"Submissions run in a sandbox, and bubblewrap does not work here ({reason}). The "
            "system may forbid unprivileged user namespaces; its administrator can allow them. "
            + _WITHOUT
        )
    return ""


_WITHOUT = (
    "Or grade without a sandbox, at your own risk: course grade --no-sandbox, "
    f"or {NO_SANDBOX}=1 for nbgrader's commands."
)
# Says that the sandbox is there, and keeps it until it is ended.
_PLACEHOLDER = ("sh", "-c", "echo ready; exec sleep infinity")
_ISOLATION = (
    *("--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000"),
    *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
    *("--hostname", "sandbox", "--die-with-parent", "--new-session"),
)


def sandbox_name() -> str:
    """Return what a submission would run in: "bubblewrap", or "none" on the user's own word.

    Raises
    ------
    NoSandbox
    """
    if os.environ.get(NO_SANDBOX) == "1":
        return "none"
    if reason := why_no_sandbox():
        raise NoSandbox(reason)
    return "bubblewrap"


_waiting: list[Waiting] = []
_lock = threading.Lock()


def prepare() -> Waiting:
    """Return the process that kernels are forked from; start it if need be.

    A process that was forked from one which has such a process gets its own from there: one import
    serves them all. It has not yet imported everything when this returns.
    """
    with _lock:
        if _waiting and _waiting[0].inherited:
            with contextlib.suppress(WaitingGone):
                _waiting[:] = [_waiting[0].another()]
        if not (_waiting and not _waiting[0].inherited and _waiting[0].alive):
            command = [sys.executable, "-m", "helpers.grading.entering"]
            # A submission can read the environment that this process began with. It has no home:
            # in a folder that others can write to, they could leave settings of Keras.
            env = _environment("/nonexistent")
            waiting = Waiting(command, env=env, cwd="/", stderr=subprocess.DEVNULL)
            _waiting[:] = [waiting]
        return _waiting[0]


def close() -> None:
    """End the process that kernels are forked from."""
    while _waiting:
        _waiting.pop().close()


class Sandbox:
    """A sandbox with one kernel; it ends with the thread that has made it.

    Parameters
    ----------
    limits : Limits
    connection : mapping
        Jupyter's connection information, without the addresses.
    files : Path
        A folder: the kernel gets copies of its files, but for notebooks.

    Raises
    ------
    CannotGrade
        `NoSandbox`, where the reason is the sandbox itself.
    """

    def __init__(self, limits: Limits, connection: Mapping[str, Any], files: Path) -> None:
        self.limits = limits
        self.ended_because = ""
        self._first: list[subprocess.Popen | ForkedKernel] = []
        self._folder: tempfile.TemporaryDirectory | None = None
        with contextlib.ExitStack() as opened:
            if sandbox_name() == "none":  # a folder of the host, removed at the end
                self._folder = tempfile.TemporaryDirectory()
                place, entrance = self._folder.name, []
            else:
                place, entrance = "/tmp", [self._make()]
                opened.callback(os.close, entrance[0])
            archive = opened.enter_context(_archive(files))
            nowhere = opened.enter_context(open(os.devnull, "wb")).fileno()
            limited = ["memory", "disk"]
            if entrance:  # outside, the system counts all processes of the user together
                limited.append("processes")
            request = {
                "folder": place,
                "sandboxed": bool(entrance),
                "connection": dict(connection),
                "limits": {n: getattr(limits, n) for n in limited},
            }
            try:
                self.kernel = _fork(place, nowhere, [archive, *entrance], request)
            except (NotForked, WaitingGone) as error:
                self.end()
                raise self._why_no_kernel(error) from error
        self._own = len(self._processes())
        self._first.append(self.kernel)
        self._began = time.monotonic()
        threading.Thread(target=self._watch, daemon=True).start()

    def _make(self) -> int:
        """Let bubblewrap make the sandbox; return its first process as an open file."""
        told, tell = os.pipe()
        with os.fdopen(told, "rb") as information:
            # Of bubblewrap itself, too: a submission can read the environment of its first process.
            outer = subprocess.Popen(
                [*_command(self.limits), "--info-fd", str(tell), "--", *_PLACEHOLDER],
                env=_environment("/tmp"),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=[tell],
            )
            os.close(tell)
            self._first.append(outer)
            assert outer.stdout is not None
            assert outer.stderr is not None
            with outer.stdout as ready, outer.stderr as said:
                if not ready.readline():  # it is said when all is in place
                    outer.wait()
                    reason = said.read().decode(errors="replace").strip() or "no reason given"
                    raise NoSandbox(
                        f"bubblewrap made no sandbox ({reason}). It has made others here: most "
                        f"likely the system allows no more of them at once. {FEWER_WORKERS}"
                    )
            return os.pidfd_open(json.load(information)["child-pid"])

    def _why_no_kernel(self, error: NotForked | WaitingGone) -> CannotGrade:
        """Return the error of a kernel that could not be started, with its remedy."""
        if isinstance(error, WaitingGone):
            return CannotGrade(
                f"The process that kernels are forked from is gone ({error}). Mostly the memory "
                f"of the machine is used up. {FEWER_WORKERS}"
            )
        if error.errno in FULL and not self._folder:
            return CannotGrade(
                "The files beside the notebook do not fit into the sandbox, which has a disk of "
                f"{self.limits.disk / 2**20:g} MB. Take out of the submission's folder what the "
                "notebook does not need."
            )
        if error.errno in FULL:
            return CannotGrade(full(tempfile.gettempdir()))
        if error.errno in NO_MEMORY:
            return CannotGrade(no_memory(error))
        return NoSandbox(
            f"A kernel could not be started in its sandbox ({error}). If the system forbids setns "
            f"to ordinary users, its administrator can allow it. {_WITHOUT}"
        )

    def end(self, reason: str = "") -> None:
        """End everything in the sandbox."""
        self.ended_because = self.ended_because or reason
        processes = self._processes()
        for process in processes:
            with contextlib.suppress(psutil.Error):
                process.kill()
        for first in self._first:
            first.wait()
        # Not until the system has forgotten them, which takes a second on some.
        end = time.monotonic() + SECONDS_TO_END
        while any(map(_runs, processes)) and time.monotonic() < end:
            time.sleep(SECONDS_BETWEEN_POLLS)
        if self._folder:
            self._folder.cleanup()

    def _processes(self) -> list[psutil.Process]:
        """Return the processes of the sandbox: bubblewrap, the kernel, and what they started."""
        found = []
        for first in self._first:
            with contextlib.suppress(psutil.Error):
                if first.poll() is None:
                    found += _family(psutil.Process(first.pid))
        if self._folder and self._first:  # without a sandbox, orphans go to the waiting process
            with contextlib.suppress(psutil.Error):
                found += _family(psutil.Process(self.kernel.waiting.process.pid))[1:]
        return [*dict.fromkeys(found)]

    def _watch(self) -> None:
        """End the sandbox when it uses too much."""
        most = self.limits
        while self.kernel.poll() is None:
            time.sleep(SECONDS_BETWEEN_LOOKS)
            processes = self._processes()
            if len(processes) - self._own > most.processes:
                self.end(f"more than {most.processes} processes ran at once.")
            elif _memory(processes, most.memory) > most.memory:
                self.end(f"more than {most.memory / 2**30:g} GiB of memory were in use.")
            elif time.monotonic() - self._began > most.notebook_seconds:
                self.end(f"the notebook took longer than {most.notebook_seconds} seconds.")


def _fork(place: str, nowhere: int, files: list[int], request: dict[str, Any]) -> ForkedKernel:
    """Fork a kernel; a waiting process that does not answer is replaced once."""
    arguments = ["ipykernel_launcher"], _environment(place), "/", nowhere, nowhere, files
    try:
        return prepare().fork(*arguments, **request)
    except WaitingGone:
        close()
        return prepare().fork(*arguments, **request)


def _family(process: psutil.Process) -> list[psutil.Process]:
    """Return a process and all that descend from it."""
    if not Path(f"/proc/{process.pid}/task/{process.pid}/children").exists():
        # Linux may be built without. Then all processes of the machine have to be looked through.
        return [process, *process.children(recursive=True)]
    found = [process]
    for member in found:
        for children in Path(f"/proc/{member.pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):  # the thread has ended
                for number in children.read_text().split():
                    with contextlib.suppress(psutil.Error):
                        found.append(psutil.Process(int(number)))
    return found


def _runs(process: psutil.Process) -> bool:
    """Return whether a process has not ended, though nobody may have asked for its status yet."""
    with contextlib.suppress(psutil.Error):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def _memory(processes: list[psutil.Process], most: int) -> int:
    """Return the bytes of memory in use, as exactly as it takes to compare them with `most`."""

    def used(process: psutil.Process, exactly: bool) -> int:
        with contextlib.suppress(psutil.Error, AttributeError):
            if exactly:  # slow: each shared page counts in parts
                return int(process.memory_full_info().pss)
            return int(process.memory_info().rss)
        return 0

    rough = sum(used(process, False) for process in processes)
    return rough if rough <= most else sum(used(process, True) for process in processes)


def _command(limits: Limits) -> list[str]:
    """Return the call of bubblewrap up to the program that it runs."""
    command = ["bwrap", *_ISOLATION, "--size", str(limits.disk), "--tmpfs", "/tmp"]
    for folder in ("/usr", "/etc/fonts", "/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime"):
        command += ["--ro-bind-try", folder, folder]
    for link in ("/bin", "/lib", "/lib32", "/lib64", "/sbin"):
        if os.path.islink(link):
            command += ["--symlink", os.readlink(link), link]
        else:
            command += ["--ro-bind-try", link, link]
    for python in dict.fromkeys((sys.base_prefix, sys.prefix)):
        if not python.startswith("/usr/"):
            command += ["--ro-bind", python, python]
    for path in sorted(COURSE.iterdir()):
        if path.name not in HIDDEN:
            command += ["--ro-bind", str(path), str(path)]
    command += ["--ro-bind", str(STAND_IN), str(COURSE / "exercises")]
    command += ["--proc", "/proc", "--dev", "/dev"]
    command += ["--size", str(limits.disk), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"]
    command += ["--remount-ro", "/"]
    return command


def _environment(folder: str) -> dict[str, str]:
    return {
        **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
        **dict.fromkeys(ONE_THREAD, "1"),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "PYTHONPATH": str(COURSE.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": folder,
        "TMPDIR": folder,
        "IPYTHONDIR": f"{folder}/.ipython",
        # Where Matplotlib keeps its list of fonts, which takes it seconds to make.
        "MPLCONFIGDIR": matplotlib.get_cachedir(),
        "LANG": "C.UTF-8",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "NBGRADER_EXECUTION": "autograde",
    }


@contextlib.contextmanager
def _archive(folder: Path) -> Iterator[int]:
    """Yield an open file, in memory, with the folder's files but for notebooks and links."""
    content = io.BytesIO()
    size = 0
    with tarfile.open(fileobj=content, mode="w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.suffix == ".ipynb" or path.is_symlink() or not path.is_file():
                continue
            size += path.stat().st_size
            if size > LARGEST_LESSON:
                break
            name = path.relative_to(folder).as_posix()
            information = tarfile.TarInfo(name)
            information.size = path.stat().st_size
            with path.open("rb") as file:
                archive.addfile(information, file)
    number = os.memfd_create("lesson")
    try:
        with os.fdopen(os.dup(number), "wb") as file:
            file.write(content.getvalue())
        os.lseek(number, 0, os.SEEK_SET)
        yield number
    finally:
        os.close(number)
