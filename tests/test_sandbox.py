"""Sandboxes: each kernel is in one of its own, or it is not started at all."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config import Config

from helpers.grading import provisioner, sandbox
from helpers.grading.failures import CannotGrade
from helpers.grading.preprocessors import ExecuteInSandbox
from helpers.grading.sandbox import Limits, NoSandbox
from helpers.kernels.forks import NotForked
from tests.kernels import wait_until

pytestmark = pytest.mark.xdist_group("sandbox")


@pytest.fixture(scope="module", autouse=True)
def _sandboxes(needs: Callable[[str], str]) -> Iterator[None]:
    needs("bwrap")
    yield
    sandbox.close()


def run(folder: Path, *cells: str) -> list[str]:
    """Run a notebook in the sandbox; return what each cell prints."""
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    settings = Config(
        {
            "Execute": {"kernel_name": "glimpse-sandbox", "shutdown_kernel": "immediate"},
            "ExecuteInSandbox": {"all_cells": True},  # no answer needs them
        }
    )
    done, _ = ExecuteInSandbox(config=settings).preprocess(
        notebook, {"metadata": {"path": str(folder)}}
    )
    return [_shown(cell) for cell in done.cells]


def _shown(cell: nbformat.NotebookNode) -> str:
    return "".join(output.get("text", output.get("evalue", "")) for output in cell.outputs)


def namespaces(of: str) -> str:
    names = ("cgroup", "ipc", "mnt", "net", "pid", "user", "uts")
    return f"[os.readlink(f'/proc/{of}/ns/{{name}}') for name in {names}]"


def test_a_kernel_is_in_all_namespaces_of_its_sandbox_without_any_privilege(tmp_path: Path) -> None:
    _, inside, status, placeholder = run(
        tmp_path,
        "import os, re",
        f"print({namespaces('self')})",
        "text = open('/proc/self/status').read()\n"
        "print(re.findall(r'Cap...:\\s(\\S+)', text), re.findall(r'NoNewPrivs:\\s(.)', text))",
        f"print({namespaces('2')})",
    )
    assert inside == placeholder
    assert not set(eval(inside)) & set(eval(namespaces("self")))
    assert status == f"{['0' * 16] * 5} ['1']\n"


def test_a_kernel_that_cannot_go_into_a_sandbox_is_not_started() -> None:
    """Ask for one in a sandbox, give none, and give something that is none."""
    waiting = sandbox.prepare()
    request = {
        "folder": "/tmp",
        "connection": {},
        "limits": {"memory": 2**32, "disk": 2**28, "processes": 64},
        "sandboxed": True,
    }
    with open(os.devnull, "wb") as nowhere:
        archive = nowhere.fileno()
        for files in ([archive], [archive, archive]):
            with pytest.raises(NotForked, match="Error"):
                waiting.fork(["ipykernel_launcher"], {}, "/", archive, archive, files, **request)
    wait_until(lambda: not psutil.Process(waiting.process.pid).children())


def test_files_that_do_not_fit_are_no_reason_to_do_without_a_sandbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "large.csv").write_bytes(bytes(2**21))
    monkeypatch.setattr(provisioner, "limits", Limits(disk=2**20))
    with pytest.raises(CannotGrade, match=r"do not fit into .* a disk of 1 MB") as raised:
        run(tmp_path, "1")
    assert "without a sandbox" not in str(raised.value)


def test_a_sandbox_that_is_not_made_gives_bubblewraps_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuses = ["sh", "-c", "echo 'bwrap: No space left on device' >&2; exit 1"]
    monkeypatch.setattr(sandbox, "_command", lambda limits: refuses)
    with pytest.raises(NoSandbox, match=r"No space left on device.*--workers 1"):
        run(tmp_path, "1")


def test_notebooks_have_one_waiting_process_which_is_replaced_when_it_has_ended(
    tmp_path: Path,
) -> None:
    cell = "import os; print(os.listdir('/tmp')); open('/tmp/left', 'w').close()"
    first = sandbox.prepare()
    seen = [json.loads(run(tmp_path, cell)[0].replace("'", '"')) for _ in range(2)]
    assert sandbox.prepare() is first
    assert "left" not in seen[1]
    first.process.kill()
    first.process.wait()
    assert "left" not in run(tmp_path, cell)[0]
    assert sandbox.prepare() is not first


def test_without_a_sandbox_nothing_outlives_the_notebook_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(sandbox.NO_SANDBOX, "1")
    [number] = run(
        tmp_path,
        "import subprocess\n"
        "daemon = 'setsid sleep 1000 > /dev/null 2>&1 & echo $!'\n"
        "print(subprocess.run(['sh', '-c', daemon], capture_output=True, text=True).stdout)",
    )
    assert not psutil.pid_exists(int(number))
