"""The waiting process of a grader: it forks kernels that go into a sandbox before they run.

Run as ``python -m helpers.grading.entering CHANNEL``. It stays outside, out of reach, so that one
import of TensorFlow serves all submissions. A forked process joins the namespaces of a sandbox that
bubblewrap has made (setns(2), as nsenter does), gives up all privileges, and becomes the kernel.
"""

import ctypes
import errno
import importlib
import json
import os
import resource
import socket
import struct
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from helpers.kernels import waiting

# user, mount, process, network, System V and POSIX objects, host name, control groups
NAMESPACES = 0x10000000 | 0x20000 | 0x20000000 | 0x40000000 | 0x8000000 | 0x4000000 | 0x2000000
# Of prctl(2) and capset(2).
DUMPABLE, SECCOMP, DROP, NO_NEW_PRIVILEGES, AMBIENT = 4, 22, 24, 38, 47
CAPABILITIES_VERSION = 0x20080522

# Memory that no process and no folder is seen to hold: memfd_create, memfd_secret, shmget; keys,
# which outlive a sandbox: add_key, request_key, keyctl; what reaches a process of which a file is
# open: pidfd_getfd, pidfd_send_signal. By machine, the kernel's numbers of it and of these calls.
REFUSED = {
    "x86_64": (0xC000003E, (319, 447, 29, 248, 249, 250, 438, 424)),
    "aarch64": (0xC00000B7, (279, 447, 194, 217, 218, 219, 438, 424)),
}
_libc = ctypes.CDLL(None, use_errno=True)


def enter(channel: socket.socket, request: dict[str, Any], files: list[int]) -> None:
    """Go into the sandbox; return in the kernel's process, which has no privileges there.

    The request's connection comes as data and the lesson's files as an archive, the fourth file:
    nothing of the host's file system is shared with a kernel. The fifth is the sandbox, unless the
    request says that there is none.
    """
    limits, sandboxed = request.pop("limits"), request.pop("sandboxed")
    try:
        if sandboxed:
            _call("setns", files[4], NAMESPACES)
            os.close(files.pop())
        archive = files.pop()
        sockets = _make_folders(request, archive)
        pid = os.fork()  # only a child is in the process namespace too
        if pid:
            waiting.tell_started(channel, pid, sockets)
    except Exception as error:
        failed = {
            "failed": f"{type(error).__name__}: {error}",
            "errno": getattr(error, "errno", None),
        }
        channel.send(json.dumps(failed).encode())
        os._exit(1)
    if pid:
        os._exit(0)
    os.close(sockets)
    if sandboxed and os.getppid():  # whoever is in a process namespace of its own sees no parent
        os._exit(1)
    _limit(**limits)
    _call("prctl", NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if sandboxed:
        _give_up_privileges()
    _refuse_calls()
    _call("prctl", DUMPABLE, 1, 0, 0, 0)  # its own /proc is its own; a change of user took it away
    importlib.invalidate_caches()


def _make_folders(request: dict[str, Any], archive: int) -> int:
    """Make a folder with the lesson's files and one for the kernel's sockets; open the latter."""
    place = request.pop("folder")
    folder = Path(tempfile.mkdtemp(prefix="notebook-", dir=place))
    with os.fdopen(archive, "rb") as file, tarfile.open(fileobj=file) as content:
        # Asked for so, Python 3.11.2 extracts as well, which knows no filters.
        content.extraction_filter = getattr(tarfile, "data_filter", None)
        content.extractall(folder)
    sockets = Path(tempfile.mkdtemp(prefix="kernel-", dir=place))
    connection = sockets / "connection.json"
    information = {**request.pop("connection"), "ip": str(sockets / "socket")}
    connection.write_text(json.dumps(information))
    request["argv"] = [*request["argv"], "-f", str(connection)]
    request["cwd"] = str(folder)
    tempfile.tempdir = None  # found again where it is now
    return os.open(sockets, os.O_RDONLY | os.O_DIRECTORY)


def _limit(memory: int, disk: int, processes: int | None = None) -> None:
    """Limit this process and its children, in bytes and numbers."""
    for kind, most in (
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_FSIZE, disk),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_CORE, 0),
    ):
        if most is None:
            continue
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


def _give_up_privileges() -> None:
    """Give up all capabilities, for good: whoever joins a sandbox has them in it at first."""
    _call("prctl", AMBIENT, 4, 0, 0, 0)
    number = 0
    while _libc.prctl(DROP, number, 0, 0, 0) == 0:
        number += 1
    none = struct.pack("6I", *[0] * 6)
    _call("capset", struct.pack("Ii", CAPABILITIES_VERSION, 0), none)


def _refuse_calls() -> None:
    """Let these system calls fail, here and in all that this process starts."""
    if os.uname().machine not in REFUSED:
        return
    architecture, calls = REFUSED[os.uname().machine]
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
    by_program = 2
    _call("prctl", SECCOMP, by_program, header, 0, 0)


def _call(name: str, *arguments: Any) -> None:
    """Call a function of the C library that returns 0."""
    if getattr(_libc, name)(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


if __name__ == "__main__":
    waiting.main(enter)
