"""Kernels that are forked: as ordinary ones in all that a notebook sees, and in how they end."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.connect import LocalPortCache
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import KernelProvisionerFactory

from helpers.kernels import forks, server, warm
from tests.kernels import ORDINARY, PATIENCE, WARM, kernel, run, value, values, wait_until
from tests.project import copy_project, serve

pytestmark = pytest.mark.xdist_group("warm")


@pytest.fixture(scope="module", autouse=True)
def _own_waiting_processes() -> Iterator[None]:
    """Leave out of account what other tests of this process have started."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warm, "_waiting", {})
        yield


IMPORTS = """
import absl.logging, asyncio, faulthandler, gc, keras, ipywidgets, locale, logging, matplotlib
import multiprocessing, numpy, os, random, resource, signal, sklearn.datasets, subprocess, sys
import threading, time, warnings
import matplotlib.pyplot as plt
import tensorflow as tf
library_loggers = {n: logging.getLogger(n) for n in ("absl", "tensorflow", "matplotlib")}
callbacks = get_ipython().events.callbacks.items()
"""
# Each gives the same in both kernels, whatever it is.
SAME = """
sys.argv[0]
sys.orig_argv[:-1]
sys.path
sys.flags
sys.warnoptions
sys._xoptions
sys.executable
sys.ps1
sys.meta_path
sys.path_hooks
sys.getrecursionlimit()
sys.getswitchinterval()
sys.stdin.read()
sys.stdin.isatty()
sys.stdout
sys.stderr
sys.__stdout__
sys.__stderr__
sys.excepthook
sys.displayhook
sys.breakpointhook
sys.unraisablehook
sys.dont_write_bytecode
sys.getfilesystemencoding()
sorted(vars(sys.modules["__main__"]))
[name for name in sys.modules if name.startswith("helpers")]
__name__
os.getcwd()
sorted(os.environ.items())
sorted(subprocess.run(["env"], capture_output=True, text=True).stdout.splitlines())
os.getpid() == os.getpgrp() == os.getsid(0)
os.umask(18)
os.nice(0)
sorted(os.sched_getaffinity(0))
locale.getlocale()
locale.getpreferredencoding()
faulthandler.is_enabled()
gc.get_threshold()
gc.isenabled()
gc.callbacks
{s.name: str(signal.getsignal(s)) for s in signal.Signals}
signal.pthread_sigmask(signal.SIG_BLOCK, [])
sorted(thread.name for thread in threading.enumerate())
sorted(map(str, warnings.filters))
warnings.showwarning
logging.root.handlers
logging.root.level
logging.lastResort
sorted(logging.root.manager.loggerDict)
{name: (logger.handlers, logger.level) for name, logger in library_loggers.items()}
[type(handler.stream) for handler in tf.get_logger().handlers]
absl.logging.get_absl_handler().python_handler.stream
asyncio.get_event_loop_policy()
multiprocessing.get_start_method()
multiprocessing.current_process().name
dict(matplotlib.rcParams)
matplotlib.get_backend()
matplotlib.is_interactive()
numpy.geterr()
numpy.get_printoptions()
keras.config.backend()
keras.config.floatx()
keras.config.is_interactive_logging_enabled()
tf.executing_eagerly()
tf.config.threading.get_intra_op_parallelism_threads()
tf.config.list_physical_devices()
tf.get_logger().getEffectiveLevel()
sorted(get_ipython().config)
get_ipython().config.IPKernelApp.capture_fd_output
{event: len(known) for event, known in callbacks if event != "post_run_cell"}
sorted(get_ipython().magics_manager.magics["line"])
get_ipython().display_formatter.format_types
resource.getrlimit(resource.RLIMIT_NOFILE)
__import__("atexit")._ncallbacks()
"""
# Cells that show something.
CELLS = [
    "!echo $HOME",
    "%env HOME",
    "%pwd",
    "input('name? ')",
    "1/0",
    "import a_module_of_the_folder; a_module_of_the_folder.here",
    "import warnings; warnings.warn('as it is'); warnings.warn('gone', DeprecationWarning)",
    "import logging; logging.warning('the root logger'); logging.getLogger('other').error('other')",
    "tf.get_logger().warning('of TensorFlow'); absl.logging.error('of absl')",
    "tf.config.threading.set_intra_op_parallelism_threads(2); float(tf.reduce_sum(tf.ones(1000)))",
    "tf.config.threading.get_intra_op_parallelism_threads()",
    "tf.compat.v1.Session().run(tf.compat.v1.constant(1))",
    "plt.plot([1, 3, 2]); plt.title('a title')",
    "fig, ax = plt.subplots(); ax.bar([1, 2], [3, 4]); print('done')",
    "ipywidgets.IntSlider(value=3).value",
    "thread = threading.Thread(target=lambda: print(threading.current_thread().name)); "
    "thread.start(); thread.join()",
    "os.write(1, b'to the terminal')",
    "print(subprocess.run('echo out; echo err >&2', shell=True, capture_output=True))",
    "with multiprocessing.get_context('fork').Pool(1) as pool: print(pool.map(abs, [-1, -2]))",
    "with multiprocessing.get_context('spawn').Pool(1) as pool: print(pool.map(abs, [-1, -2]))",
    "tf.random.set_seed(1); tf.random.normal([3]).numpy()",
    "keras.utils.set_random_seed(1); print(random.random(), numpy.random.rand())",
    "keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])(numpy.ones((1, 2)))",
    "import sklearn.datasets; sklearn.datasets.load_digits().images[0]",
    "print('\\N{GREEK SMALL LETTER ALPHA}', file=sys.stderr)",
    "%timeit -n1 -r1 -q pass",
    "help(abs)",
    "abs?",
]


@pytest.fixture
def forked() -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    with kernel(WARM) as pair:
        assert process_of(pair[0]).waiting.alive
        yield pair


def process_of(manager: KernelManager) -> Any:
    """Return the process of a forked kernel."""
    process = manager.provisioner.process.process  # type: ignore[union-attr]
    assert isinstance(process, warm.ForkedKernel)
    return process


def waiting_processes(client: psutil.Process) -> list[psutil.Process]:
    return [p for p in client.children() if "helpers.kernels.waiting" in p.cmdline()]


def cwd(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):  # of another user, or ended
        return str(process.cwd())
    return ""


def without_numbers(text: str) -> str:
    """Leave out what differs from run to run."""
    return re.sub(
        r"0x[0-9a-f]+|'kernel-[-\w]+\.json'|pid=\d+|ipykernel_\d+|<ipython[^>]+>", "#", text
    )


def test_a_forked_kernel_is_as_an_ordinary_one(tmp_path: Path) -> None:
    (tmp_path / "a_module_of_the_folder.py").write_text("here = __file__")
    with (
        kernel(WARM, cwd=str(tmp_path)) as (_, ours),
        kernel(ORDINARY, cwd=str(tmp_path)) as (
            _,
            theirs,
        ),
    ):
        for cell in (IMPORTS, *CELLS):
            assert without_numbers(run(ours, cell)) == without_numbers(run(theirs, cell)), cell
        lines = SAME.strip().splitlines()
        got, wanted = (
            dict(zip(lines, map(without_numbers, values(client, *lines)), strict=True))
            for client in (ours, theirs)
        )
        assert got == wanted


def test_a_breakpoint_stops_a_forked_kernel() -> None:
    """The debugger is imported before the fork."""
    code = "first = 1\nsecond = first + 1"
    with kernel(WARM) as (_, client):
        debug(client, "initialize", clientID="test", adapterID="", pathFormat="path")
        debug(client, "attach")
        path = debug(client, "dumpCell", code=code)["sourcePath"]
        place = {"source": {"path": path}, "breakpoints": [{"line": 2}]}
        debug(client, "setBreakpoints", sourceModified=False, **place)
        debug(client, "configurationDone")
        client.execute(code)
        while True:
            message = client.get_iopub_msg(timeout=PATIENCE)
            if message["content"].get("event") == "stopped":
                break
        thread = message["content"]["body"]["threadId"]
        frame, *_ = debug(client, "stackTrace", threadId=thread)["stackFrames"]
        assert frame["line"] == 2
        debug(client, "continue", threadId=thread)
        assert value(client, "second") == 2


def debug(client: BlockingKernelClient, command: str, **arguments: Any) -> dict[str, Any]:
    """Ask the kernel's debugger as JupyterLab does; return the body of its answer."""
    content = {"type": "request", "seq": 1, "command": command, "arguments": arguments}
    request = client.session.msg("debug_request", content)
    client.control_channel.send(request)
    while True:
        reply = client.get_control_msg(timeout=PATIENCE)
        if reply["parent_header"].get("msg_id") == request["header"]["msg_id"]:
            assert reply["content"]["success"], reply["content"]
            return reply["content"].get("body") or {}


DRAWS = """
import random, numpy, tensorflow as tf, keras
generator = tf.random.Generator.from_non_deterministic_state()
print([random.random(), numpy.random.rand(), numpy.random.default_rng().random(),
       float(tf.random.uniform([])), float(generator.uniform([])),
       float(keras.random.uniform([])), float(keras.initializers.GlorotUniform()((1, 1))[0, 0])])
"""


def test_kernels_started_at_once_are_different_ones_of_one_waiting_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    factory = KernelProvisionerFactory.instance()
    monkeypatch.setattr(factory, "default_provisioner_name", WARM)
    barrier = threading.Barrier(3, timeout=120)

    def use(number: int) -> tuple[int, int, list[float]]:
        with kernel(WARM) as (manager, client):
            drawn = run(client, DRAWS).removeprefix("stdout: ")
            barrier.wait()  # all run at the same time
            parent = value(client, "__import__('os').getppid()")
            return process_of(manager).pid, parent, json.loads(drawn)

    with ThreadPoolExecutor(3) as pool:
        pids, parents, draws = zip(*pool.map(use, range(3)), strict=True)
    assert len(set(pids)) == 3
    assert len(set(parents)) == 1
    for same_call in zip(*draws, strict=True):
        assert len(set(same_call)) == 3, "two kernels draw the same numbers"


@pytest.mark.parametrize("busy", ["time.sleep(600)", "while True: pass"])
def test_an_interrupt_ends_the_cell_and_not_the_kernel(
    forked: tuple[KernelManager, BlockingKernelClient], tmp_path: Path, busy: str
) -> None:
    manager, client = forked
    with ThreadPoolExecutor(1) as pool:
        began = tmp_path / "began"
        cell = f"import time, pathlib; pathlib.Path({str(began)!r}).touch(); kept = 5\n{busy}"
        shown = pool.submit(run, client, cell)
        wait_until(began.exists)
        manager.interrupt_kernel()
        assert shown.result() == "KeyboardInterrupt: "
    assert value(client, "kept") == 5


def test_a_restarted_kernel_is_a_new_one_in_the_same_folder(tmp_path: Path) -> None:
    with kernel(WARM, cwd=str(tmp_path)) as (manager, client):
        run(client, "kept = 5")
        before = process_of(manager)
        manager.restart_kernel()
        client.wait_for_ready(timeout=120)
        assert "NameError" in values(client, "kept")[0]
        assert value(client, "__import__('os').getcwd()") == str(tmp_path)
        assert process_of(manager).pid != before.pid
        assert not psutil.pid_exists(before.pid)


def test_a_shut_down_kernel_runs_what_is_registered_once_and_is_gone(
    forked: tuple[KernelManager, BlockingKernelClient], tmp_path: Path
) -> None:
    manager, client = forked
    process = process_of(manager)
    note = tmp_path / "note"
    run(client, f"import atexit; atexit.register(lambda: open({str(note)!r}, 'a').write('x'))")
    manager.shutdown_kernel()
    assert note.read_text() == "x"
    assert process.returncode == 0
    assert not manager.is_alive()
    assert not psutil.pid_exists(process.pid)


def test_a_kernel_shut_down_at_once_is_gone(
    forked: tuple[KernelManager, BlockingKernelClient],
) -> None:
    manager, client = forked
    process = process_of(manager)
    client.execute("while True: pass")
    manager.shutdown_kernel(now=True)
    assert process.returncode == -signal.SIGKILL
    assert not psutil.pid_exists(process.pid)


@pytest.mark.parametrize(
    ("end", "status"), [("os.kill(os.getpid(), 9)", -9), ("os._exit(7)", 7)], ids=["killed", "exit"]
)
def test_a_dead_kernel_is_noticed(
    forked: tuple[KernelManager, BlockingKernelClient], end: str, status: int
) -> None:
    manager, client = forked
    client.execute(f"import os; {end}")
    wait_until(lambda: not manager.is_alive())
    assert process_of(manager).poll() == status


def test_kernels_outlive_the_waiting_process_and_later_ones_come_from_a_new_one(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with kernel(WARM) as (manager, client):
        run(client, "kept = 5")
        first = process_of(manager).waiting.process
        first.send_signal(signal.SIGKILL)
        first.wait()
        with kernel(WARM) as (other, another_client):
            assert process_of(other).waiting.process.pid != first.pid
            assert value(another_client, "1 + 1") == 2
            assert value(client, "kept") == 5
        assert manager.is_alive()
        manager.shutdown_kernel()
        assert not manager.is_alive()
    assert not caplog.records


def test_a_waiting_process_that_does_not_answer_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with kernel(WARM) as (manager, _):
        first = process_of(manager).waiting
    os.kill(first.process.pid, signal.SIGSTOP)
    monkeypatch.setattr(forks, "SECONDS_TO_FORK", 1.0)
    with kernel(WARM) as (manager, _):
        assert process_of(manager).waiting is not first
        assert not first.alive


def test_a_kernel_can_be_ended_while_it_is_coming(monkeypatch: pytest.MonkeyPatch) -> None:
    began, go_on = threading.Event(), threading.Event()
    bring = warm.bring

    def slowly(*arguments: Any) -> Any:
        began.set()
        go_on.wait()
        return bring(*arguments)

    monkeypatch.setattr(warm, "bring", slowly)
    factory = KernelProvisionerFactory.instance()
    monkeypatch.setattr(factory, "default_provisioner_name", WARM)
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    assert began.wait(PATIENCE)
    assert manager.is_alive()
    manager.interrupt_kernel()
    assert manager.is_alive()
    coming = manager.provisioner.process  # type: ignore[union-attr]
    manager.shutdown_kernel(now=True)
    assert not manager.is_alive()
    go_on.set()
    assert coming.process.wait(PATIENCE) == -signal.SIGKILL
    assert not psutil.pid_exists(coming.process.pid)


CLIENT = """
import json, os, sys, time
from tests.kernels import WARM, kernel, value
with kernel(WARM) as (manager, client):
    pids = [value(client, "__import__('os').getpid()"), value(client, "__import__('os').getppid()")]
    child = os.fork() if "fork" in sys.argv else None
    if child != 0:
        print(json.dumps([*pids, child]), flush=True)
        if "leave" in sys.argv:
            os._exit(0)
    if "end" not in sys.argv:
        time.sleep(600)
"""


@pytest.mark.parametrize("how", ["killed", "killed fork", "leave", "end"])
def test_nothing_is_left_when_the_client_ends(how: str) -> None:
    command = [sys.executable, "-c", CLIENT, *how.split()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdout
        line = client.stdout.readline()
        *pids, child = json.loads(line)
        if "killed" in how:
            assert all(map(psutil.pid_exists, pids))
            client.kill()
        try:
            wait_until(lambda: not any(map(psutil.pid_exists, pids)))
            assert child is None or psutil.pid_exists(child)
        finally:
            if child:
                os.kill(child, signal.SIGKILL)


def test_a_kernel_has_the_variables_and_the_folder_of_its_notebook(tmp_path: Path) -> None:
    folder = tmp_path / "of the notebook"
    folder.mkdir()
    env = {**os.environ, "JPY_SESSION_NAME": "lesson.ipynb"}
    with kernel(WARM, cwd=str(folder), env=env) as (manager, client):
        process_of(manager)
        assert (
            run(client, "!echo $JPY_SESSION_NAME; pwd") == f"stdout: lesson.ipynb\r\n{folder}\r\n"
        )


def test_a_variable_set_too_late_is_named_once(
    forked: tuple[KernelManager, BlockingKernelClient],
) -> None:
    _, client = forked
    shown = run(client, "import os; os.environ['KERAS_BACKEND'] = 'torch'")
    assert shown.startswith("stderr: KERAS_BACKEND has no effect in this notebook")
    assert run(client, "import keras; print(keras.config.backend())") == "stdout: tensorflow\n"


def command_of(interpreter: str = sys.executable, *arguments: str) -> list[str]:
    return [interpreter, "-m", "ipykernel_launcher", "-f", "connection.json", *arguments]


def test_an_ordinary_kernel_is_started_where_a_fork_would_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm, "_waiting", {})
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "matplotlibrc").touch()
    (tmp_path / "shadow").mkdir()
    (tmp_path / "shadow" / "statistics.py").touch()
    fine = {"cwd": str(tmp_path), "env": {"HOME": "/"}}
    assert warm.why_not(command_of(), fine) == ""
    assert "no IPython kernel" in warm.why_not(command_of("/usr/bin/other-python"), fine)
    assert "no IPython kernel" in warm.why_not([sys.executable, "-m", "other_kernel"], fine)
    assert "outlive" in warm.why_not(command_of(), {**fine, "independent": True})
    assert "preexec_fn" in warm.why_not(command_of(), {**fine, "preexec_fn": print})
    assert "output" in warm.why_not(command_of(), {**fine, "stdout": subprocess.PIPE})
    assert "no folder" in warm.why_not(command_of(), {**fine, "cwd": str(tmp_path / "none")})
    for folder, file in (("settings", "matplotlibrc"), ("shadow", "statistics.py")):
        assert file in warm.why_not(command_of(), {**fine, "cwd": str(tmp_path / folder)})
    assert "PYTHONPATH" in warm.why_not(command_of(), {**fine, "env": {"PYTHONPATH": "src"}})
    assert "large" in warm.why_not(command_of(), {**fine, "env": {"X": "x" * 200_000}})
    monkeypatch.setattr(warm, "MOST_WAITING", 0)
    assert "other environment" in warm.why_not(command_of(), fine)


def test_a_machine_where_forks_are_unsafe_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "glob", lambda folder, pattern: iter([Path("/dev/nvidia0")]))
    assert "GPU" in warm.why_not_here()
    monkeypatch.delattr(os, "pidfd_open")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "not safe on darwin" in warm.why_not_here()


def test_the_lab_says_where_its_kernels_are_ordinary_ones(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(server, "why_not_here", lambda: "for a reason.")
    server._load_jupyter_server_extension(None)
    assert capsys.readouterr().out == "Kernels start the ordinary way: for a reason.\n"


def test_ordinary_kernels_work_and_the_reason_is_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(warm, "_said", set())
    monkeypatch.setattr(warm, "why_not_here", lambda: "for a reason.")
    for _ in range(2):
        with kernel(WARM) as (manager, client):
            assert isinstance(manager.provisioner.process, subprocess.Popen)  # type: ignore[union-attr]
            assert value(client, "1 + 1") == 2
    said = [record.getMessage() for record in caplog.records]
    assert said == ["Kernels start the ordinary way: for a reason."]


def test_a_waiting_process_that_cannot_import_is_no_obstacle_and_not_tried_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "sklearn.py").write_text("raise ImportError('broken')")
    monkeypatch.setattr(warm, "_waiting", {})
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    for said in ("", "Kernels start the ordinary way: the process that was to fork it has ended"):
        with kernel(WARM, env=env) as (_, client):
            assert value(client, "1 + 1") == 2
        assert said in caplog.text
    [(_, waiting)] = warm._waiting.values()
    assert waiting.failed


def test_after_a_change_of_packages_or_settings_everything_is_imported_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm, "_waiting", {})
    env = {**os.environ, "HOME": str(tmp_path), "KERAS_HOME": "", "MPLCONFIGDIR": ""}
    first = warm.prepare(command_of(), env)
    assert warm.prepare(command_of(), env) is first
    (tmp_path / ".keras").mkdir()
    (tmp_path / ".keras" / "keras.json").write_text("{}")
    second = warm.prepare(command_of(), env)
    assert second is not first
    assert not first.alive
    second.close()


def test_the_lab_has_a_waiting_process_from_its_start_which_its_kernels_come_from(
    tmp_path: Path,
) -> None:
    copy_project(tmp_path)
    with serve(tmp_path, "course", "lab") as address:
        work = str(tmp_path / "work")
        [jupyter] = [p for p in psutil.Process().children() if cwd(p) == work]
        wait_until(lambda: waiting_processes(jupyter))
        [waiting] = waiting_processes(jupyter)
        found = re.fullmatch(r"(.*)/lab/tree/%s[?]token=(.*)", address)
        assert found
        request = urllib.request.Request(
            f"{found[1]}/api/sessions?token={found[2]}",
            data=json.dumps(
                {
                    "path": "networks/10_softmax.ipynb",
                    "type": "notebook",
                    "kernel": {"name": "python3"},
                }
            ).encode(),
        )
        urllib.request.urlopen(request, timeout=120).close()
        wait_until(waiting.children)
        [forked_kernel] = waiting.children()
        assert waiting_processes(jupyter) == [waiting]
        assert forked_kernel.cwd() == str(tmp_path / "work" / "networks")
    wait_until(lambda: not waiting.is_running() and not forked_kernel.is_running())


def test_a_kernel_starts_though_its_ports_were_taken_by_another_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        monkeypatch.setattr(LocalPortCache, "find_available_port", lambda *_: taken)
        with kernel(WARM, startup_timeout=PATIENCE) as (_, client):
            assert value(client, "6 * 7") == 42
