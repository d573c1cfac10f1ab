"""The waiting process: it has imported what lessons import, and forks itself into kernels.

Run as ``python -m helpers.kernels.waiting CHANNEL`` by `helpers.kernels.forks`, with the number of
an inherited socket. It never runs an operation of TensorFlow: a process that has run one cannot be
forked. Whatever is read from the environment at import is therefore that of this process.
"""

import gc
import importlib
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
)
LARGEST_MESSAGE = 2**20
MOST_FILES = 4
INLINE = "module://matplotlib_inline.backend_inline"


Prepare = Callable[[dict[str, Any], list[int]], list[int]]


def main(prepare: Prepare = lambda request, files: []) -> None:
    """Import, say so, and fork a kernel for each request, until the other end is closed.

    `prepare` may change a request and take files that came with it; the files that it returns are
    sent back with the kernel.
    """
    channel = socket.socket(fileno=int(sys.argv[1]))
    del sys.path[0]  # the working folder, as ipykernel_launcher does
    # Matplotlib reads its backend when it is imported. A kernel sets the same just before.
    os.environ.setdefault("MPLBACKEND", INLINE)
    sys.ps1 = "In : "  # by which TensorFlow decides where to log
    for module in MODULES:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()  # a collection in a kernel would copy every page that is shared until then
    channel.send(b'{"ready": true}')
    _serve(channel, prepare)


def _serve(channel: socket.socket, prepare: Prepare) -> None:
    ended, wakeup = os.pipe()
    os.set_blocking(wakeup, False)
    signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    while True:
        ready = select.select([channel.fileno(), ended], [], [])[0]
        if ended in ready:
            os.read(ended, 4096)
            for message in _reap():
                channel.send(json.dumps(message).encode())
        if channel.fileno() in ready:
            data, files, _, _ = socket.recv_fds(channel, LARGEST_MESSAGE, MOST_FILES)
            if not data:
                return
            request = json.loads(data)
            answer = prepare(request, files)
            # Python 3.12 warns of threads at a fork: TensorFlow's and NumPy's are not running yet.
            with warnings.catch_warnings(action="ignore"):
                pid = os.fork()
            if pid == 0:
                channel.close()
                _become_kernel(files, **request)
            for file in files:
                os.close(file)
            # A number of a process means something else in another namespace, a pidfd does not.
            pidfd = os.pidfd_open(pid)
            socket.send_fds(channel, [json.dumps({"started": pid}).encode()], [pidfd, *answer])
            for file in (pidfd, *answer):
                os.close(file)


def _reap() -> list[dict[str, int]]:
    """Return a message for each kernel that has ended."""
    messages: list[dict[str, int]] = []
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return messages
        if pid == 0:
            return messages
        messages.append({"ended": pid, "status": os.waitstatus_to_exitcode(status)})


def _become_kernel(files: list[int], argv: list[str], env: dict[str, str], cwd: str) -> NoReturn:
    """Run an IPython kernel in this process, as a fresh interpreter would."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    closed, writer = os.pipe()
    os.close(writer)
    stdout, stderr, client = files
    for number, file in enumerate((closed, stdout, stderr)):
        os.dup2(file, number)
        os.close(file)
    # The client may end without a word. ipykernel would watch this process's parent, which is not
    # the client; 1 stands for a parent that never ends.
    threading.Thread(target=_exit_with, args=(client,), daemon=True).start()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update({**env, "JPY_PARENT_PID": "1"})
    sys.argv = argv
    # All kernels would draw the same numbers.
    importlib.import_module("numpy").random.seed()
    handlers = _log_handlers()
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance()
    app.initialize(argv[1:])
    if "JPY_PARENT_PID" in env:
        os.environ["JPY_PARENT_PID"] = env["JPY_PARENT_PID"]
    # As if the imports had been made now: they log into the notebook.
    for handler, stream in handlers:
        handler.setStream(getattr(sys, stream))
    app.start()
    sys.exit()


def _exit_with(client: int) -> None:
    """End this process when the client's end of the pipe is closed, which its own end does."""
    os.read(client, 1)
    os._exit(1)


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
