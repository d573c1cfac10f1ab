"""What runs in a sandbox: a waiting process that gives each kernel a fresh folder, and limits.

Run as ``python -m helpers.grading.inside MEMORY DISK PROCESSES CHANNEL``, all in bytes or numbers.
"""

import ctypes
import errno
import json
import os
import resource
import shutil
import struct
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.kernels import waiting

TEMPORARY = Path("/tmp")
FONTS = Path("/fonts")  # Matplotlib's list of fonts, which takes it seconds to make


# Memory that no process and no folder is seen to hold: memfd_create, memfd_secret, shmget. By
# machine, the kernel's number of its architecture and the numbers of these calls.
HIDDEN_MEMORY = {
    "x86_64": (0xC000003E, (319, 447, 29)),
    "aarch64": (0xC00000B7, (279, 447, 194)),
}


def main() -> None:
    """Limit this process and its children, then fork kernels."""
    memory, disk, processes = map(int, sys.argv[1:4])
    del sys.argv[1:4]
    for kind, most in (
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_FSIZE, disk),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))
    refuse_hidden_memory()
    settings = os.environ.setdefault("MPLCONFIGDIR", tempfile.mkdtemp())
    if FONTS.exists():
        shutil.copytree(FONTS, settings, dirs_exist_ok=True)
    there = {path.name for path in TEMPORARY.iterdir()}

    def prepare(request: dict[str, Any], files: list[int]) -> list[int]:
        if FONTS.exists():  # in a sandbox: what earlier notebooks wrote is not this one's
            _remove(path for path in TEMPORARY.iterdir() if path.name not in there)
        return _give_folders(request, files)

    waiting.main(prepare)


def refuse_hidden_memory() -> None:
    """Let these system calls fail, here and in all that this process starts."""
    if os.uname().machine not in HIDDEN_MEMORY:
        return
    architecture, calls = HIDDEN_MEMORY[os.uname().machine]
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06  # instructions of the kernel's filters
    allow, refuse = 0x7FFF0000, 0x00050000 | errno.EPERM
    count = len(calls)
    program = [
        (load, 0, 0, 4),
        (equal, 0, count + 3, architecture),  # another one numbers its calls otherwise
        (load, 0, 0, 0),
        (at_least, count + 1, 0, 0x40000000),  # as does x86_64 with short pointers
        *((equal, count - number, 0, call) for number, call in enumerate(calls)),
        (give, 0, 0, allow),
        (give, 0, 0, refuse),
    ]
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    text = ctypes.create_string_buffer(code)
    header = struct.pack("HP", len(program), ctypes.addressof(text))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    no_new_privileges, set_filter, by_program = 38, 22, 2
    if prctl(no_new_privileges, 1, 0, 0, 0) or prctl(set_filter, by_program, header, 0, 0):
        raise OSError(ctypes.get_errno(), "system calls cannot be refused")


def _give_folders(request: dict[str, Any], files: list[int]) -> list[int]:
    """Give a kernel a folder with the lesson's files and one for its sockets; return the latter.

    The request's connection comes as data and the lesson's files as an archive in the last file:
    nothing of the host's file system is shared with a kernel.
    """
    folder = Path(tempfile.mkdtemp(prefix="notebook-"))
    with os.fdopen(files.pop(), "rb") as archive, tarfile.open(fileobj=archive) as content:
        content.extractall(folder, filter="data")
    sockets = Path(tempfile.mkdtemp(prefix="kernel-"))
    connection = request.pop("connection")
    file = sockets / "connection.json"
    file.write_text(json.dumps({**connection, "ip": str(sockets / "socket")}))
    request["argv"] = [*request["argv"], "-f", str(file)]
    request["cwd"] = str(folder)
    request["env"] = dict(os.environ)
    return [os.open(sockets, os.O_RDONLY | os.O_DIRECTORY)]


def _remove(paths: Iterable[Path]) -> None:
    for path in list(paths):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


if __name__ == "__main__":
    main()
