"""Start a waiting process and ask it for kernels."""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from helpers.kernels.waiting import LARGEST_MESSAGE, MOST_FILES

SECONDS_TO_IMPORT = 300  # a cold disk, on a machine with other things to do
SECONDS_TO_FORK = 30


class NotForked(Exception):
    """The waiting process could not make this kernel; the message says why.

    `errno` is the system's number of the reason, where it gave one.
    """

    errno: int | None = None


class WaitingGone(Exception):
    """The waiting process has ended, or does not answer."""


class Waiting:
    """A waiting process, which this process alone talks to.

    Parameters
    ----------
    command : sequence of str
        Starts `helpers.kernels.waiting`; the number of the channel is appended.
    env : mapping, optional
        Of the waiting process, and so of all that is read at import.
    **options
        Further ones of `subprocess.Popen`.
    """

    def __init__(
        self,
        command: Sequence[str],
        env: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        # A packet is a message, and the end of this process is the end of the channel.
        with self._open_channel() as theirs:
            self.process: subprocess.Popen | ForkedKernel = subprocess.Popen(
                [*command, str(theirs.fileno())],
                env=env,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                pass_fds=[theirs.fileno()],
                **options,
            )

    def _open_channel(self) -> socket.socket:
        """Open the channel and return its other end."""
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        self._ends: dict[int, tuple[int, float]] = {}
        self._ready = False
        self._ended = False  # the process itself may take a moment longer
        self._client = os.getpid()
        return theirs

    @property
    def inherited(self) -> bool:
        """Whether it was started by the process that has forked this one."""
        return self._client != os.getpid()

    def another(self) -> "Waiting":
        """Return one for this process, forked from the one that is inherited.

        Raises
        ------
        WaitingGone
        """
        new = object.__new__(Waiting)
        client = os.pidfd_open(os.getpid())
        try:
            with new._open_channel() as theirs:
                sent = [theirs.fileno(), client]
                socket.send_fds(self._channel, [b'{"another": true}'], sent)
            message, files = new._receive(SECONDS_TO_IMPORT)
        except OSError as error:
            raise WaitingGone(str(error)) from error
        finally:
            os.close(client)
        new._ready = True
        new.process = ForkedKernel(new, message["started"], *files)
        return new

    def fork(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        cwd: str,
        stdout: int = 1,
        stderr: int = 2,
        files: Sequence[int] = (),
        **more: Any,
    ) -> "ForkedKernel":
        """Return a new kernel; waits until the waiting process has imported everything.

        `files` and `more` are for what the waiting process does in the forked one first.

        Raises
        ------
        WaitingGone, NotForked
        """
        request = json.dumps({"argv": list(argv), "env": dict(env), "cwd": cwd, **more}).encode()
        # By this the kernel sees this process end, however it does.
        client = os.pidfd_open(os.getpid())
        sent = [stdout, stderr, client, *files]
        try:
            with self._lock:
                self.wait_until_ready()
                socket.send_fds(self._channel, [request], sent)
                while True:
                    message, received = self._receive(SECONDS_TO_FORK)
                    if "started" in message:
                        return ForkedKernel(self, message["started"], *received)
                    if "failed" in message:
                        failure = NotForked(message["failed"])
                        failure.errno = message.get("errno")
                        raise failure
        except (OSError, ValueError) as error:
            raise WaitingGone(str(error)) from error
        finally:
            os.close(client)

    def wait_until_ready(self) -> None:
        """Return once the waiting process has imported everything; raise WaitingGone if it ends."""
        while not self._ready:
            self._receive(SECONDS_TO_IMPORT)

    @property
    def ready(self) -> bool:
        """Whether it has imported everything; does not wait."""
        # The lock is held while another thread waits for the same.
        if not self._ready and self._lock.acquire(blocking=False):
            with contextlib.suppress(OSError, ValueError, WaitingGone):
                self._receive(0)
            self._lock.release()
        return self._ready

    @property
    def failed(self) -> bool:
        """Whether it has ended before it was ready."""
        return not self.alive and not self.ready

    def end_of(self, number: int) -> tuple[int, float]:
        """Return the exit status and processor time of a kernel that has ended."""
        end = time.monotonic() + 1
        with self._lock, contextlib.suppress(OSError, ValueError, WaitingGone):
            while number not in self._ends:
                self._receive(max(0, end - time.monotonic()))
        return self._ends.pop(number, (-signal.SIGKILL, 0.0))  # if it cannot be known

    @property
    def alive(self) -> bool:
        """Whether the waiting process runs."""
        return not self._ended and self.process.poll() is None

    def close(self) -> None:
        """End the waiting process; its kernels go on."""
        self.process.kill()
        self.process.wait()
        with self._lock:
            self._channel.close()

    def _receive(self, seconds: float) -> tuple[dict[str, Any], list[int]]:
        """Read one message, take note of it, and return it with the files that came along."""
        if not _readable(self._channel.fileno(), seconds):
            raise WaitingGone("the waiting process does not answer")
        data, files, _, _ = socket.recv_fds(self._channel, LARGEST_MESSAGE, MOST_FILES)
        if not data:
            self._ended = True
            raise WaitingGone("the waiting process has ended")
        message = json.loads(data)
        self._ready = self._ready or "ready" in message
        if "ended" in message:
            self._ends[message["ended"]] = message["status"], message["seconds"]
        return message, files


class ForkedKernel:
    """A kernel process that is nobody's child here, with the methods of `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, waiting: Waiting, number: int, pidfd: int, *files: int) -> None:
        self.waiting, self._number, self._pidfd = waiting, number, pidfd
        self.files = files  # what came along
        self.returncode: int | None = None
        self.seconds = 0.0  # of processor time, with its children's; known at its end
        self._polling = threading.Lock()
        with open(f"/proc/self/fdinfo/{pidfd}") as about:
            # The number by which this process knows it, -1 once it has ended.
            self.pid = next(int(line.split()[1]) for line in about if line.startswith("Pid:"))

    def poll(self) -> int | None:
        """Return the exit status, or None while the kernel runs."""
        with self._polling:
            if self.returncode is None and _readable(self._pidfd, 0):
                self.returncode, self.seconds = self.waiting.end_of(self._number)
                os.close(self._pidfd)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the kernel's end and return its exit status."""
        if self.returncode is None:
            if not _readable(self._pidfd, timeout):
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
            self.poll()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel, if it still runs."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)


def _readable(file: int, seconds: float | None) -> bool:
    """Wait until an open file can be read; return False if that takes longer."""
    # `select.select` refuses numbers from 1024 on, which a server with many kernels reaches.
    poll = select.poll()
    poll.register(file, select.POLLIN)
    return bool(poll.poll(None if seconds is None else seconds * 1000))
