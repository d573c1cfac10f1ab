"""A sandbox of bubblewrap around a waiting process: kernels for the notebooks of one submission.

Inside there are a read-only Python, the course's code without exercises, and one folder in memory.
There is no network, no other process, no file of the host, and nothing of the class.
"""

import contextlib
import io
import os
import shutil
import signal
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

import psutil

from helpers.kernels.forks import ForkedKernel, Waiting

COURSE = Path(__file__).resolve().parents[1]
# An answer's process must not see what its exercise wants, nor how a class is graded.
HIDDEN = {"exercises", "grading", "cli", "__pycache__"}
INSIDE = COURSE / "grading" / "inside.py"
STAND_IN = COURSE / "grading" / "stand_in"
# The user's own word that submissions may run without a sandbox.
NO_SANDBOX = "GLIMPSE_NO_SANDBOX"
SECONDS_BETWEEN_LOOKS = 0.4
SECONDS_BETWEEN_POLLS = 0.01
SECONDS_TO_TIDY = 5.0
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
    """What the kernels of a sandbox may use; memory, disk and processes are of all together."""

    notebook_seconds: int = 300
    memory: int = 4 * 2**30
    disk: int = 256 * 2**20
    processes: int = 64
    output: int = 16 * 2**20  # bytes that a notebook may show


class NoSandbox(Exception):
    """A submission cannot be run safely here; the message says how to change that."""


@cache
def why_no_sandbox() -> str:
    """Say why bubblewrap cannot be used on this machine; an empty string where it can."""
    get_it = (
        "Install bubblewrap (Debian, Ubuntu: apt install bubblewrap), or grade without a sandbox, "
        f"at your own risk: course grade --no-sandbox, or {NO_SANDBOX}=1 for nbgrader's commands."
    )
    bubblewrap = shutil.which("bwrap")
    if bubblewrap is None:
        return f"Submissions run in a sandbox, and bubblewrap is not installed. {get_it}"
    tried = subprocess.run(
        [bubblewrap, *_ISOLATION, "--ro-bind", "/", "/", "true"], capture_output=True, text=True
    )
    if tried.returncode:
        reason = (tried.stderr.strip().splitlines() or ["no reason given"])[-1]
        return (
            f"Submissions run in a sandbox, and bubblewrap does not work here ({reason}). The "
            "system may forbid unprivileged user namespaces; its administrator can allow them. "
            + get_it.partition("), or ")[2].capitalize()
        )
    return ""


_ISOLATION = (
    *("--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000"),
    *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
    *("--hostname", "sandbox", "--die-with-parent", "--new-session", "--clearenv"),
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


class Sandbox:
    """A sandbox; it is made at once, and ready to fork kernels after some seconds of importing.

    Make it in a thread that outlives it: bubblewrap ends with the thread that started it.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.name = sandbox_name()
        self.ended_because = ""
        self._began = time.monotonic()
        self._idle: set[int] = set()
        numbers = [str(n) for n in (limits.memory, limits.disk, limits.processes)]
        module = [sys.executable, "-m", "helpers.grading.inside", *numbers]
        outside = self.name == "none"
        # Without a sandbox it is a folder of the host, removed at the end.
        self._folder = tempfile.TemporaryDirectory() if outside else None
        command = module if outside else [*_command(limits), *module]
        self._waiting = Waiting(
            command,
            # Of bubblewrap itself, too: a submission can read the environment of its first process.
            env={**os.environ, **_environment(self._folder.name)}
            if self._folder
            else _environment("/tmp"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._kernel: ForkedKernel | None = None
        threading.Thread(target=self._watch, daemon=True).start()

    def start_kernel(self, connection: Mapping[str, Any], files: Path) -> ForkedKernel:
        """Fork a kernel, alone: what an earlier one left running is ended first.

        Parameters
        ----------
        connection : mapping
            Jupyter's connection information, without the addresses.
        files : Path
            A folder: the kernel gets copies of its files, but for notebooks.
        """
        with _archive(files) as archive, open(os.devnull, "wb") as nowhere:
            self._waiting.wait_until_ready()
            self._tidy()
            self._began = time.monotonic()
            self._kernel = self._waiting.fork(
                ["ipykernel_launcher"],
                {},
                "/",
                nowhere.fileno(),
                nowhere.fileno(),
                archive,
                connection=dict(connection),
            )
        return self._kernel

    @property
    def busy(self) -> bool:
        """Whether a kernel of this sandbox runs."""
        return self._kernel is not None and self._kernel.poll() is None

    @property
    def alive(self) -> bool:
        """Whether it can still fork kernels."""
        return self._waiting.alive

    def kernels_seconds(self) -> float:
        """Return the processor time of the kernels that have ended; 0 once the sandbox has."""
        self._tidy()
        for process in reversed(self._processes()):
            with contextlib.suppress(psutil.Error):
                times = process.cpu_times()
                if process.pid in self._idle and times.children_user:
                    return float(times.children_user + times.children_system)
        return 0.0

    def end(self, reason: str = "") -> None:
        """End everything in the sandbox."""
        self.ended_because = self.ended_because or reason
        processes = self._processes()
        for process in processes:
            with contextlib.suppress(psutil.Error):
                process.send_signal(signal.SIGKILL)
        self._waiting.process.wait()
        # Not until the system has forgotten them, which takes a second on some.
        end = time.monotonic() + SECONDS_TO_END
        while any(map(_runs, processes)) and time.monotonic() < end:
            time.sleep(SECONDS_BETWEEN_POLLS)
        if self._folder:
            self._folder.cleanup()

    def _processes(self) -> list[psutil.Process]:
        """Return the processes of the sandbox, the outermost first."""
        try:
            first = psutil.Process(self._waiting.process.pid)
            return [first, *first.children(recursive=True)]
        except psutil.Error:
            return []

    def _tidy(self) -> None:
        """End what earlier notebooks left; what ran before the first belongs to the sandbox."""
        if not self._idle:
            self._idle = {process.pid for process in self._processes()}
        end = time.monotonic() + SECONDS_TO_TIDY
        while left := [p for p in self._processes() if p.pid not in self._idle and _runs(p)]:
            for process in left:
                with contextlib.suppress(psutil.Error):
                    process.kill()
            if time.monotonic() > end:
                self.end("a process of the notebook could not be ended.")
                return
            time.sleep(SECONDS_BETWEEN_POLLS)
        # A notebook may have stopped what it was forked from.
        for process in self._processes():
            with contextlib.suppress(psutil.Error):
                process.resume()

    def _watch(self) -> None:
        """End the sandbox when it uses too much."""
        most = self.limits
        while self.alive:
            time.sleep(SECONDS_BETWEEN_LOOKS)
            if not self.busy:
                continue
            processes = self._processes()
            if len(processes) - len(self._idle) > most.processes:
                self.end(f"more than {most.processes} processes ran at once.")
            elif _memory(processes, most.memory) > most.memory:
                self.end(f"more than {most.memory / 2**30:g} GiB of memory were in use.")
            elif time.monotonic() - self._began > most.notebook_seconds:
                self.end(f"the notebook took longer than {most.notebook_seconds} seconds.")


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
    grading = INSIDE.parent
    command += ["--ro-bind", str(grading / "__init__.py"), str(grading / "__init__.py")]
    command += ["--ro-bind", str(INSIDE), str(INSIDE)]
    command += ["--ro-bind", str(STAND_IN), str(COURSE / "exercises")]
    if fonts := _fonts():
        command += ["--ro-bind", str(fonts), f"/fonts/{fonts.name}"]
    command += ["--proc", "/proc", "--dev", "/dev"]
    command += ["--size", str(limits.disk), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"]
    command += ["--remount-ro", "/"]
    for name, value in _environment("/tmp").items():
        command += ["--setenv", name, value]
    return [*command, "--chdir", "/tmp", "--"]


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
        "LANG": "C.UTF-8",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "NBGRADER_EXECUTION": "autograde",
    }


@cache
def _fonts() -> Path | None:
    """Return Matplotlib's list of fonts of this machine, made if need be."""
    # In a process of its own: importing Matplotlib here would be for nothing else.
    code = "import matplotlib, matplotlib.font_manager; print(matplotlib.get_cachedir())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    lists = sorted(Path(done.stdout.strip() or "/nowhere").glob("fontlist-*.json"))
    return lists[-1] if lists else None


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
