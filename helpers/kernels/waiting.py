"""The waiting process: it has imported what lessons import, and forks itself into kernels.

Run as ``python -m helpers.kernels.waiting CHANNEL`` by `helpers.kernels.forks`, with the number of
an inherited socket. It never runs an operation of TensorFlow: a process that has run one cannot be
forked. Whatever is read from the environment at import is therefore that of this process.
"""

import contextlib
import ctypes
import gc
import importlib
import inspect
import json
import logging
import os
import select
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Callable
from typing import Any, NoReturn

# Nothing that looks for a running kernel at import: pyplot and ipywidgets do.
MODULES = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "numpy",
    "matplotlib.figure",
    "matplotlib.font_manager",
    "matplotlib.backends.backend_agg",
    "tensorflow",
    "keras",
    "sklearn.datasets",
    # What a kernel imports at its start, and for its first traceback.
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "pygments.formatters.terminal256",
    "sqlite3",
    "stack_data",
    "tornado.platform.asyncio",
)
# What those modules read from the environment while they are imported.
READ_AT_IMPORT = (
    "KERAS_BACKEND",
    "KERAS_HOME",
    "MATPLOTLIBRC",
    "MPLBACKEND",
    "MPLCONFIGDIR",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "TF_ENABLE_ONEDNN_OPTS",
)
LARGEST_MESSAGE = 2**20
MOST_FILES = 8
INLINE = "module://matplotlib_inline.backend_inline"
ADOPT = 36  # of prctl(2)


Enter = Callable[[socket.socket, dict[str, Any], list[int]], None]


def main(enter: Enter | None = None) -> None:
    """Import, say so, and fork a kernel for each request, until the other end is closed.

    `enter` is called in the forked process. It takes the request's files from the fourth on, lets
    a child become the kernel, tells which one with `tell_started`, and ends this process.
    """
    channel = socket.socket(fileno=int(sys.argv[1]))
    # If it has forked others, the end of the channel does not tell.
    parent = os.pidfd_open(os.getppid())
    if not sys.flags.safe_path:
        del sys.path[0]  # the working folder, as ipykernel_launcher does
    _set_environment()
    before = dict(os.environ)
    sys.ps1 = "In : "  # by which TensorFlow decides where to log
    gc.disable()  # a fifth of the time: there is little to collect, and it is done below
    for module in MODULES:
        importlib.import_module(module)
    gc.enable()
    # A first traceback looks up the files of all modules, which takes a fifth of a second.
    inspect.getmodule(compile("", "<nowhere>", "exec"))
    for name in [name for name in sys.modules if name.partition(".")[0] == "helpers"]:
        del sys.modules[name]  # a notebook's folder may hold its own
    made = {name: value for name, value in os.environ.items() if before.get(name) != value}
    gc.collect()
    gc.freeze()  # a collection in a kernel would copy every page that is shared until then
    with contextlib.suppress(BrokenPipeError):
        channel.send(b'{"ready": true}')
        _serve(channel, parent, enter, made)


def _set_environment() -> None:
    """Set what a kernel sets before its first import."""
    from IPython.core.application import ENV_CONFIG_DIRS
    from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

    os.environ.setdefault("MPLBACKEND", INLINE)
    for folder in ENV_CONFIG_DIRS:
        with contextlib.suppress(ConfigFileNotFound):
            PyFileConfigLoader("ipython_kernel_config.py", folder).load_config()


def _serve(channel: socket.socket, parent: int, enter: Enter | None, made: dict[str, str]) -> None:
    """Fork kernels, whose environment has also what imports have `made`, and report their ends.

    On request it forks another waiting process as well, for a client of its own.
    """
    if enter:  # the kernels, whose parents end at once
        ctypes.CDLL(None).prctl(ADOPT, 1, 0, 0, 0)
    ended, wakeup = os.pipe()
    os.set_blocking(wakeup, False)
    signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    while True:
        ready = select.select([channel.fileno(), ended, parent], [], [])[0]
        if ended in ready:
            os.read(ended, 4096)
            for message in _reap():
                channel.send(json.dumps(message).encode())
        if parent in ready:
            return
        if channel.fileno() in ready:
            data, files, flags, _ = socket.recv_fds(channel, LARGEST_MESSAGE, MOST_FILES)
            if not data or flags & (socket.MSG_CTRUNC | socket.MSG_TRUNC):
                return
            request = json.loads(data)
            another = "another" in request
            # Python 3.12 warns of threads at a fork: TensorFlow's and NumPy's are not running yet.
            with warnings.catch_warnings(action="ignore"):
                pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for file in (ended, wakeup, parent):
                    os.close(file)
                if another:
                    channel.close()
                    channel, parent = socket.socket(fileno=files[0]), files[1]
                    tell_started(channel, os.getpid())
                    return _serve(channel, parent, enter, made)
                if enter:
                    enter(channel, request, files)
                channel.close()
                _become_kernel(files, **{**request, "env": {**made, **request["env"]}})
            for file in files:
                os.close(file)
            if enter and not another:
                os.waitpid(pid, 0)
            elif not another:
                tell_started(channel, pid)


def tell_started(channel: socket.socket, pid: int, *files: int) -> None:
    """Send a kernel to the client, with files that are closed here."""
    # A number of a process means something else in another namespace, a pidfd does not.
    files = (os.pidfd_open(pid), *files)
    socket.send_fds(channel, [json.dumps({"started": pid}).encode()], files)
    for file in files:
        os.close(file)


def _reap() -> list[dict[str, Any]]:
    """Return a message for each kernel that has ended, with its processor time in seconds."""
    messages: list[dict[str, Any]] = []
    while True:
        try:
            pid, status, used = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return messages
        if pid == 0:
            return messages
        seconds = used.ru_utime + used.ru_stime
        code = os.waitstatus_to_exitcode(status)
        messages.append({"ended": pid, "status": code, "seconds": seconds})


def _become_kernel(files: list[int], argv: list[str], env: dict[str, str], cwd: str) -> NoReturn:
    """Run an IPython kernel in this process, as a fresh interpreter would."""
    os.setsid()
    closed, writer = os.pipe()
    os.close(writer)
    stdout, stderr, client = files
    for number, file in enumerate((closed, stdout, stderr)):
        os.dup2(file, number)
        os.close(file)
    os.set_inheritable(client, False)
    os.chdir(cwd)
    at_import = {name: os.environ.get(name) for name in READ_AT_IMPORT}
    os.environ.clear()
    os.environ.update(env)
    sys.argv = argv
    sys.orig_argv[sys.orig_argv.index("-m") :] = ["-m", "ipykernel_launcher", *argv[1:]]
    # All kernels would draw the same numbers.
    importlib.import_module("numpy").random.seed()
    handlers = _log_handlers()
    from ipykernel.kernelapp import IPKernelApp

    # It would watch this process's parent, which is not the client; 1 stands for one without end.
    app = IPKernelApp.instance(parent_handle=1)
    poller = threading.Thread(target=_exit_with, args=(client,), daemon=True)
    poller.name = "Thread-1"  # the name of ipykernel's own, which a notebook may see
    app.initialize(argv[1:])
    app.poller = poller
    # As if the imports had been made now: they log into the notebook.
    for handler, stream in handlers:
        handler.setStream(getattr(sys, stream))
    said: set[str] = set()
    app.shell.events.register("post_run_cell", lambda result: _warn_once(at_import, said))
    app.start()
    sys.exit()


def _exit_with(client: int) -> None:
    """End this process when the client ends, which may do so without a word."""
    select.select([client], [], [])
    os._exit(1)


def _warn_once(at_import: dict[str, str | None], said: set[str]) -> None:
    """Say which variables a cell has set too late, though it may look as if before the import."""
    for name, value in at_import.items():
        if name not in said and os.environ.get(name) != value:
            said.add(name)
            print(
                f"{name} has no effect in this notebook: it is read when a library is loaded, and "
                "this kernel has loaded its libraries before it began. Set the variable before "
                "Jupyter is started.",
                file=sys.stderr,
            )


def _log_handlers() -> list[tuple[logging.StreamHandler, str]]:
    """Return the handlers that the imports have made, each with the name of its stream in sys."""
    # Listed before the kernel begins, which makes logging forget them.
    made = [reference() for reference in logging._handlerList]  # type: ignore[attr-defined]
    return [
        (handler, name)
        for handler in made
        for name in ("stdout", "stderr")
        if isinstance(handler, logging.StreamHandler) and handler is not logging.lastResort
        if handler.stream is getattr(sys, name)
    ]


if __name__ == "__main__":
    main()
