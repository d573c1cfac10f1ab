"""A Jupyter kernel provisioner whose kernels run in a sandbox.

A kernel specification names it (`glimpse-sandbox`, installed with the course).
"""

import asyncio
import contextlib
import math
import os
import time
from pathlib import Path
from queue import Empty
from subprocess import TimeoutExpired
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerBase, LocalProvisioner

from helpers.grading.sandbox import SECONDS_BETWEEN_POLLS, Limits, Sandbox

LARGEST_MESSAGE = 32 * 2**20  # bytes; a larger one of a kernel is not received
# A kernel may close its sockets: then nothing can be sent to it, which must not take for ever.
MILLISECONDS_TO_SEND = 20_000
# ZeroMQ's tenth of a second, each time that the kernel has not opened its sockets yet, adds up.
MILLISECONDS_TO_TRY_AGAIN = 5
SECONDS_TO_END = 5.0
PORTS = ("shell_port", "iopub_port", "stdin_port", "hb_port", "control_port")

limits = Limits()
# The processor time of the kernels that have ended, in seconds.
used = 0.0
_running: list["SandboxProvisioner"] = []
_last: list["SandboxProvisioner"] = []


def current() -> "SandboxProvisioner | None":
    """Return the provisioner of the kernel that was started last and has not been shut down."""
    return _running[-1] if _running else None


def last() -> "SandboxProvisioner | None":
    """Return the provisioner of the kernel that was started last, which may have ended."""
    return _last[0] if _last else None


def wary(context: zmq.Context) -> None:
    """Limit what the sockets of a context receive, and how long they wait."""
    context.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
    context.setsockopt(zmq.SNDTIMEO, MILLISECONDS_TO_SEND)
    context.setsockopt(zmq.RECONNECT_IVL, MILLISECONDS_TO_TRY_AGAIN)


class WaryClient(AsyncKernelClient):
    """A client that a kernel can neither flood with one message nor keep waiting for ever."""

    def _context_default(self) -> zmq.asyncio.Context:
        context = super()._context_default()
        wary(context)
        return context

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers, and its outputs arrive here too.

        Jupyter's own method then listens for 0.2 s more, which a class of notebooks adds up.
        """
        end = time.monotonic() + (timeout or math.inf)
        while time.monotonic() < end:
            self.kernel_info()
            with contextlib.suppress(Empty):
                await self.get_shell_msg(timeout=1)
                await self.get_iopub_msg(timeout=0.2)
                return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout:.0f} seconds")


class SandboxProvisioner(LocalProvisioner):
    """Starts kernels in a sandbox, which is reached through an open folder of its file system."""

    process: Any
    sandbox: Sandbox | None = None
    verdicts: dict[str, Any]  # of the notebook's answers, as they are judged

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Write no connection file: the information travels with the request for a kernel."""
        kwargs.pop("extra_arguments", None)
        return await KernelProvisionerBase.pre_launch(self, cmd=["ipykernel"], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel in a sandbox of its own, with the files of the working folder."""
        folder = Path(kwargs.get("cwd") or ".").resolve()
        self.cwd = folder
        manager: Any = self.parent
        manager.transport = "ipc"
        wary(manager.context)
        manager.client_factory = WaryClient
        for number, port in enumerate(PORTS, start=1):
            setattr(manager, port, number)
        information = manager.get_connection_info()
        connection = {
            key: value.decode() if isinstance(value, bytes) else value
            for key, value in information.items()
            if isinstance(value, str | int | bytes)
        }
        self.sandbox = Sandbox(limits, connection, folder)
        self.verdicts = {}
        self.process = self.sandbox.kernel
        # No group of processes: its leader may end while others go on, and all are ended later.
        self.pid = self.process.pid
        self.pgid = None
        [self._sockets] = self.process.files
        manager.ip = f"/proc/{os.getpid()}/fd/{self._sockets}/socket"
        self.connection_info = manager.get_connection_info()
        _running.append(self)
        _last[:] = [self]
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """End the kernel, and see that it has ended; Jupyter's manager looks every 0.1 s."""
        await super().kill(restart=restart)
        end = time.monotonic() + SECONDS_TO_END
        while self.process and self.process.poll() is None and time.monotonic() < end:
            await asyncio.sleep(SECONDS_BETWEEN_POLLS)

    def end_process(self) -> None:
        """End the kernel's process, and return when it has ended.

        A process with much memory takes its time: until then it looks as if it ran, and the next
        cell would be blamed for its end.
        """
        self.process.kill()
        try:
            self.process.wait(SECONDS_TO_END)
        except TimeoutExpired:  # where its many processes leave no time for its end
            assert self.sandbox is not None
            self.sandbox.end("the notebook's processes could not be ended one by one.")

    async def cleanup(self, restart: bool = False) -> None:
        """End what the kernel has left, and forget the folder of its sockets."""
        global used
        if self in _running:
            _running.remove(self)
            os.close(self._sockets)
            assert self.sandbox is not None
            self.sandbox.end()
            used += self.sandbox.kernel.seconds
