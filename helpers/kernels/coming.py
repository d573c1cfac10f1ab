"""A kernel that is on its way: its start goes on while others of the server's tasks do."""

import contextlib
import os
import signal
import threading
from collections.abc import Callable
from subprocess import TimeoutExpired
from typing import Any


class ComingKernel:
    """A process that is being started, with the methods of `subprocess.Popen`.

    Before it is there it is alive, cannot be interrupted, and can be ended.

    Parameters
    ----------
    start : callable
        Returns the process; runs in a thread.
    """

    stdin = stdout = stderr = None

    def __init__(self, start: Callable[[], Any]) -> None:
        self._process: Any = None
        self._status: int | None = None  # if it ended before it was there
        self._lock = threading.Lock()
        self._there = threading.Event()
        threading.Thread(target=self._come, args=(start,), daemon=True).start()

    def _come(self, start: Callable[[], Any]) -> None:
        try:
            process = start()
        except Exception:
            self._status = 1
            raise
        else:
            with self._lock:
                self._process = process
                if self._status is not None:
                    process.kill()
        finally:
            self._there.set()

    @property
    def process(self) -> Any:
        """The process itself; waits until it is there."""
        self._there.wait()
        return self._process

    def poll(self) -> int | None:
        """Return the exit status, or None while the kernel runs or is coming."""
        with self._lock:
            if self._process is not None and self._status is None:
                return int(status) if (status := self._process.poll()) is not None else None
            return self._status

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the kernel's end and return its exit status."""
        if self._status is None and not self._there.wait(timeout):
            raise TimeoutExpired("kernel", timeout or 0)
        return int(self._process.wait(timeout)) if self._status is None else self._status

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel and the processes that it has started."""
        with self._lock:
            if self._process is None:
                if number != signal.SIGINT:
                    self._status = -number
                return
        try:
            os.killpg(self._process.pid, number)
        except OSError:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)
