"""A Jupyter kernel provisioner whose kernels run in a sandbox.

A kernel specification names it (`glimpse-sandbox`, installed with the course). A sandbox serves the
notebooks of one folder, which is one submission; the next one is made while it runs.
"""

import asyncio
import contextlib
import math
import os
import time
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerBase, LocalProvisioner

from helpers.grading.sandbox import Limits, Sandbox
from helpers.kernels.forks import WaitingGone

LARGEST_MESSAGE = 32 * 2**20  # bytes; a larger one of a kernel is not received
# A kernel may close its sockets: then nothing can be sent to it, which must not take for ever.
MILLISECONDS_TO_SEND = 20_000
SECONDS_BETWEEN_POLLS = 0.01
PORTS = ("shell_port", "iopub_port", "stdin_port", "hb_port", "control_port")

limits = Limits()
# Whether another submission comes after this one: its sandbox is made while this one runs.
another_follows = False
_sandboxes: dict[Path, Sandbox] = {}
_spare: list[Sandbox] = []
_running: list["SandboxProvisioner"] = []
_last: list["SandboxProvisioner"] = []


def current() -> "SandboxProvisioner | None":
    """Return the provisioner of the kernel that was started last and has not been shut down."""
    return _running[-1] if _running else None


def last() -> "SandboxProvisioner | None":
    """Return the provisioner of the kernel that was started last, which may have ended."""
    return _last[0] if _last else None


def sandbox_for(folder: Path) -> Sandbox:
    """Return the sandbox of the submission in this folder, and end those of others.

    Raises
    ------
    NoSandbox
    """
    for other, sandbox in list(_sandboxes.items()):
        if not sandbox.alive or (other != folder and not sandbox.busy):
            sandbox.end()
            del _sandboxes[other]
    if folder not in _sandboxes:
        _sandboxes[folder] = _take()
    return _sandboxes[folder]


def prepare() -> None:
    """Begin to make the next sandbox, unless one is waiting."""
    if not any(sandbox.alive and sandbox.limits == limits for sandbox in _spare):
        _spare.append(Sandbox(limits))


def finish(folder: Path) -> float:
    """End the sandbox of a folder; return the processor time of its kernels, in seconds."""
    sandbox = _sandboxes.pop(folder.resolve(), None)
    if sandbox is None:
        return 0.0
    seconds = sandbox.kernels_seconds()
    sandbox.end()
    return seconds


def close() -> None:
    """End all sandboxes."""
    for sandbox in [*_sandboxes.values(), *_spare]:
        sandbox.end()
    _sandboxes.clear()
    _spare.clear()


def _take() -> Sandbox:
    while _spare:
        sandbox = _spare.pop()
        if sandbox.alive and sandbox.limits == limits:
            return sandbox
        sandbox.end()
    return Sandbox(limits)


def wary(context: zmq.Context) -> None:
    """Limit what the sockets of a context receive, and how long they try to send."""
    context.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
    context.setsockopt(zmq.SNDTIMEO, MILLISECONDS_TO_SEND)


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

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Write no connection file: the information travels with the request for a kernel."""
        kwargs.pop("extra_arguments", None)
        return await KernelProvisionerBase.pre_launch(self, cmd=["ipykernel"], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel in the sandbox of the working folder."""
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
        self.sandbox = sandbox_for(folder)
        try:
            self.process = self.sandbox.start_kernel(connection, folder)
        except WaitingGone:  # an earlier notebook of the submission has damaged it
            self.sandbox.end()
            self.sandbox = sandbox_for(folder)
            self.process = self.sandbox.start_kernel(connection, folder)
        # No group of processes: its leader may end while others go on, and all are ended later.
        self.pid = self.process.pid
        self.pgid = None
        [self._sockets] = self.process.files
        manager.ip = f"/proc/{os.getpid()}/fd/{self._sockets}/socket"
        self.connection_info = manager.get_connection_info()
        if another_follows:
            prepare()
        _running.append(self)
        _last[:] = [self]
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait for the kernel's end; Jupyter's own method looks for it every 0.1 s."""
        while self.process and self.process.poll() is None:
            await asyncio.sleep(SECONDS_BETWEEN_POLLS)
        return await super().wait()

    async def cleanup(self, restart: bool = False) -> None:
        """Forget the folder of the kernel's sockets."""
        if self in _running:
            _running.remove(self)
            os.close(self._sockets)
