"""The warm provisioner: a kernel in half a second, forked from a process that has imported it all.

Jupyter uses it where ``JUPYTER_DEFAULT_PROVISIONER_NAME`` is ``warm-provisioner``. A kernel that a
fork could not make as an ordinary one is started the ordinary way.
"""

import importlib.util
import json
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.launcher import launch_kernel
from jupyter_client.provisioning import LocalProvisioner

from helpers.kernels.coming import ComingKernel
from helpers.kernels.forks import ForkedKernel, Waiting, WaitingGone

LAUNCHER = ["-m", "ipykernel_launcher"]
# What differs from kernel to kernel and is read when a kernel starts, not at import.
READ_LATER = ("JPY_", "IPYTHONDIR", "PWD", "OLDPWD", "PYTEST_CURRENT_TEST")
UNDERSTOOD = {"env", "cwd", "stdout", "stderr", "independent", "extra_arguments", "kernel_id"}
MOST_WAITING = 2  # of different environments; each takes 300 MB
LARGEST_ENVIRONMENT = 2**17  # characters; a packet of Linux takes 208 KiB

_waiting: dict[tuple, tuple[dict, Waiting]] = {}
_lock = threading.Lock()
_said: set[str] = set()


class WarmProvisioner(LocalProvisioner):
    """Forks kernels from one waiting process; otherwise as Jupyter's own local provisioner."""

    process: Any

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Let the kernel be reached by names of its own in place of ports.

        A port that is free when it is chosen may be another program's when the kernel takes it.
        """
        manager: Any = self.parent
        own = LAUNCHER[-1] in self.kernel_spec.argv and not why_not_here()
        if own and manager.transport == "tcp":
            manager.transport = "ipc"
            manager.ip = f"@{uuid.uuid4()}"  # with an @ they are no files: they end with the kernel
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, or start an ordinary one where a fork would not do."""
        if reason := why_not_here() or why_not(cmd, kwargs):
            if reason not in _said:
                _said.add(reason)
                self.log.warning("Kernels start the ordinary way: %s", reason)
            return await super().launch_kernel(cmd, **kwargs)
        prepare(cmd, kwargs["env"])
        # What is passed by number or by name may mean something else when the kernel starts.
        kwargs["cwd"] = str(Path(kwargs.get("cwd") or ".").resolve())
        for name, default in _STREAMS:
            kwargs[name] = os.dup(_file(kwargs.get(name), default))
        # Not awaited: Jupyter's server cannot be ended while it awaits the start of a kernel.
        self.process = ComingKernel(lambda: bring(cmd, kwargs))
        self.pid = self.pgid = None  # signals go by way of the process
        self.cwd = kwargs["cwd"]
        return self.connection_info


def why_not_here() -> str:
    """Say why kernels cannot be forked on this machine; an empty string where they can."""
    if not hasattr(os, "pidfd_open"):
        return f"forking a process that has loaded TensorFlow is not safe on {sys.platform}."
    if any(Path("/dev").glob("nvidia[0-9]*")):
        return "TensorFlow initialises the GPU of this machine, which a fork does not survive."
    return ""


def why_not(cmd: Sequence[str], kwargs: Mapping[str, Any]) -> str:
    """Say why this one kernel cannot be forked as it would be started; else an empty string."""
    folder = Path(kwargs.get("cwd") or ".").absolute()
    if _launcher(cmd) is None:
        return f"`{' '.join(cmd[:3])}` is no IPython kernel of this environment."
    if unknown := sorted(set(kwargs) - UNDERSTOOD):
        return f"it is started with {', '.join(unknown)}."
    if kwargs.get("independent"):
        return "it is to outlive this process."
    if any(isinstance(kwargs.get(name), int) and kwargs[name] < 0 for name, _ in _STREAMS):
        return "its output goes to a pipe or nowhere."
    if not folder.is_dir():
        return f"there is no folder {folder}."
    if (folder / "matplotlibrc").exists():
        return "its folder holds a matplotlibrc, which Matplotlib reads when it is imported."
    if module := next(_modules_in_front(folder), None):
        return f"its folder holds {module}, which is imported in place of an installed module."
    env = kwargs["env"]
    if not all(map(os.path.isabs, env.get("PYTHONPATH", "/").split(os.pathsep))):
        return "its PYTHONPATH names folders relative to its own."
    if len(json.dumps(dict(env))) > LARGEST_ENVIRONMENT:
        return "its environment variables are too large to be sent."
    key = _key(cmd, env)
    with _lock:
        mine = {other: waiting for other, (_, waiting) in _waiting.items() if other[0] == key[0]}
    if key not in mine:
        if len(mine) >= MOST_WAITING:
            return "it has other environment variables than the kernels before it."
    elif mine[key].failed:
        return "the process that was to fork it has ended while it imported TensorFlow."
    return ""


def prepare(cmd: Sequence[str], env: Mapping[str, str]) -> Waiting:
    """Return the waiting process for kernels of this command and environment; start it if need be.

    It has not yet imported everything when this returns.
    """
    key = _key(cmd, env)
    state = _state(env)
    with _lock:
        if key in _waiting:
            then, waiting = _waiting[key]
            if then == state and (waiting.alive or waiting.failed):
                return waiting
            waiting.close()
        start = [*cmd[: _launcher(cmd)], "-m", "helpers.kernels.waiting"]
        # From a folder of no consequence: what an import finds in the working folder is read later.
        # Quiet, as what it would say is about no notebook; an import that fails, fails there too.
        waiting = Waiting(start, env=dict(env), cwd="/", stderr=subprocess.DEVNULL)
        _waiting[key] = state, waiting
    return waiting


def discard(waiting: Waiting) -> None:
    """End a waiting process that does not answer."""
    with _lock:
        for key in [key for key, (_, other) in _waiting.items() if other is waiting]:
            del _waiting[key]
            waiting.close()


def bring(cmd: Sequence[str], kwargs: Mapping[str, Any]) -> ForkedKernel | subprocess.Popen:
    """Return the kernel that this command starts: forked if possible, whatever happens."""
    try:
        for _ in range(2):
            waiting = prepare(cmd, kwargs["env"])
            try:
                return fork(waiting, cmd, kwargs)
            except WaitingGone:
                if waiting.failed:
                    break
                discard(waiting)
        return launch_kernel(list(cmd), **LocalProvisioner._scrub_kwargs(dict(kwargs)))
    finally:
        for name, _ in _STREAMS:
            os.close(kwargs[name])


def fork(waiting: Waiting, cmd: Sequence[str], kwargs: Mapping[str, Any]) -> ForkedKernel:
    """Fork the kernel that this command would start."""
    launcher = _launcher(cmd)
    specification = importlib.util.find_spec("ipykernel_launcher")
    assert launcher is not None
    assert specification is not None
    assert specification.origin is not None
    arguments = [specification.origin, *cmd[launcher + len(LAUNCHER) :]]
    env = {**kwargs["env"], "JPY_PARENT_PID": str(os.getpid())}
    return waiting.fork(arguments, env, kwargs["cwd"], kwargs["stdout"], kwargs["stderr"])


_STREAMS = (("stdout", 1), ("stderr", 2))


def _file(stream: Any, default: int) -> int:
    """Return the number of an open file for a stream as `subprocess.Popen` takes it."""
    if stream is None:
        return default
    return int(stream if isinstance(stream, int) else stream.fileno())


def _launcher(cmd: Sequence[str]) -> int | None:
    """Return the place of the launcher in the command of an IPython kernel of this environment."""
    for place in range(1, len(cmd)):
        if list(cmd[place : place + len(LAUNCHER)]) == LAUNCHER:
            return place if cmd[0] == sys.executable else None
    return None


def _key(cmd: Sequence[str], env: Mapping[str, str]) -> tuple:
    kept = sorted((name, env[name]) for name in env if not name.startswith(READ_LATER))
    # A process that was forked from this one cannot use its waiting processes.
    return (os.getpid(), *cmd[: _launcher(cmd)], *kept)


def _state(env: Mapping[str, str]) -> dict[str, int]:
    """Return when what is read at import last changed: installed packages, and settings."""
    home = Path(env.get("HOME", "/"))
    configuration = Path(env.get("XDG_CONFIG_HOME") or home / ".config") / "matplotlib"
    matplotlib = Path(env.get("MPLCONFIGDIR") or configuration) / "matplotlibrc"
    keras = Path(env.get("KERAS_HOME") or home / ".keras") / "keras.json"
    packages = [path for path in map(Path, sys.path) if path.name.endswith("-packages")]
    return {
        str(path): path.stat().st_mtime_ns
        for path in (*packages, matplotlib, keras)
        if path.exists()
    }


def _modules_in_front(folder: Path) -> Iterator[str]:
    """Yield the modules of a folder that hide others, but for a notebook of that folder only."""
    others = [place for place in sys.path if place and Path(place) != folder]
    for path in sorted(folder.iterdir()):
        name = path.name.partition(".")[0]
        if not (path.suffix in (".py", ".so") or (path / "__init__.py").exists()):
            continue
        specification = PathFinder.find_spec(name, others)
        if name in sys.stdlib_module_names or (specification and specification.origin):
            yield path.name
