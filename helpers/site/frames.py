"""The frames of the lessons' explorers, drawn when the website is built and kept for the next time.

They depend on some cells of a lesson, on the course's code that these cells ran, and on libraries;
they are drawn again when one of these has changed.
"""

import asyncio
import base64
import hashlib
import json
import os
import platform
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from helpers.explore.frames import KIND
from helpers.needed import needed
from helpers.whole_file import write_whole

ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES = 1_500_000  # of the files of a lesson
SECONDS_PER_CELL = 300  # that of an explorer draws up to 81 pictures
LIBRARIES = ("matplotlib", "mlxtend", "numpy", "pillow", "scikit-learn", "tensorflow")

Frames = dict[int, dict[str, Any]]  # as `helpers.explore.frames` gives them, by number of the cell


class FramesError(Exception):
    """Frames that could not be drawn; the message says of which lesson, and why."""


def draw_frames(
    notebooks: Mapping[Path, NotebookNode], folder: Path, most_bytes: int = MOST_BYTES
) -> dict[Path, Frames]:
    """Return the frames of each lesson's explorers; draw those that are not there or not right.

    The files of each lesson, and of no other, then lie in `folder/files/NAME`.

    Parameters
    ----------
    notebooks : mapping of Path to NotebookNode
        The executed lessons.
    folder : Path
        One that the next build finds again.
    most_bytes : int, optional
        Of the files of a lesson.

    Raises
    ------
    FramesError
        After all lessons were tried, with a line for each that failed.
    """
    (folder / "files").mkdir(parents=True, exist_ok=True)
    # All lessons get their kernels from one process, which has imported TensorFlow.
    KernelProvisionerFactory.instance().default_provisioner_name = "warm-provisioner"

    async def draw_all() -> list[Frames | BaseException]:
        core = asyncio.Semaphore(os.cpu_count() or 1)
        drawing = [_frames(path, notebooks[path], folder, most_bytes, core) for path in notebooks]
        return await asyncio.gather(*drawing, return_exceptions=True)

    drawn, failures = {}, []
    for path, each in zip(notebooks, asyncio.run(draw_all()), strict=True):
        if isinstance(each, FramesError):
            failures.append(str(each))
        elif isinstance(each, BaseException):
            raise each
        else:
            drawn[path] = each
    if failures:
        raise FramesError("\n".join(failures))
    for old in (folder / "files").iterdir():
        if not any(path.stem == old.name for path in drawn if drawn[path]):
            (folder / f"{old.name}.json").unlink(missing_ok=True)
            shutil.rmtree(old)
    return drawn


def still(cell: NotebookNode) -> str:
    """Return what the picture of a cell's explorer says in an executed notebook; empty without one.

    >>> still(nbformat.v4.new_code_cell("1 + 1"))
    ''
    """
    texts = [output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", [])]
    explorers = [text for text in texts if text.startswith("[Explorer: ")]
    return explorers[0].removeprefix("[Explorer: ").removesuffix("]") if explorers else ""


async def _frames(
    path: Path, notebook: NotebookNode, folder: Path, most_bytes: int, core: asyncio.Semaphore
) -> Frames:
    """Return the frames of a lesson, which are drawn when a core is free, or were before."""
    explorers = [number for number, cell in enumerate(notebook.cells) if still(cell)]
    if not explorers:
        return {}
    cells = _needed(notebook, explorers)
    table = folder / f"{path.stem}.json"
    inputs = [platform.python_version(), *map(version, LIBRARIES), most_bytes]
    key = _digest(json.dumps([*inputs, *(cell.source for cell in cells)]).encode())
    before = json.loads(table.read_text()) if table.exists() else {}
    if before.get("key") == key and before["code"] == _code(before["code"]):
        drawn = before["drawn"]
    else:
        async with core:
            drawn = await _run(path, cells, most_bytes // len(explorers))
        code = sorted({name for each in drawn for name in each.pop("code")})
        table.unlink(missing_ok=True)
        _write(folder / "files" / path.stem, [each.pop("files") for each in drawn])
        write_whole(table, json.dumps({"key": key, "code": _code(code), "drawn": drawn}))
    for number, each in zip(explorers, drawn, strict=True):
        says = each["shown"][each["start"]][1]
        if says != (saved := still(notebook.cells[number])):
            raise FramesError(
                f"{path.name}, cell {number + 1}: drawn for the website the picture says `{says}`, "
                f"in the notebook `{saved}`. Run: course build {path.stem}"
            )
    return dict(zip(explorers, drawn, strict=True))


def _needed(notebook: NotebookNode, explorers: Sequence[int]) -> list[NotebookNode]:
    """Return the cells that have to run, so that the explorers show what they do in the lesson."""
    numbers = [n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    sources = [notebook.cells[number].source for number in numbers]
    # The lesson's own cells, none of which leaves something behind that others find unnamed.
    trusted = range(len(sources))
    places = needed(sources, [numbers.index(number) for number in explorers], trusted)
    return [notebook.cells[numbers[place]] for place in sorted(places)]


def _code(names: Iterable[str]) -> dict[str, str]:
    """Return the digest of each file of the course; of one that is gone, an empty text."""
    paths = {name: ROOT / name for name in names}
    return {name: _digest(p.read_bytes()) if p.exists() else "" for name, p in paths.items()}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def _run(path: Path, cells: Iterable[NotebookNode], most_bytes: int) -> list[dict[str, Any]]:
    """Run cells of a lesson in a kernel that shows explorers as frames; return these."""
    show = f"from helpers.explore.frames import show_frames\n\nshow_frames({most_bytes})"
    sources = [nbformat.v4.new_code_cell(show)]
    sources += [nbformat.v4.new_code_cell(each.source, metadata=each.metadata) for each in cells]
    notebook = nbformat.v4.new_notebook(cells=sources)
    with tempfile.TemporaryDirectory() as profile, tempfile.TemporaryFile() as log:
        client = NotebookClient(
            notebook,
            timeout=SECONDS_PER_CELL,
            kernel_name="python3",
            resources={"metadata": {"path": str(path.parent)}},
        )
        env = {**os.environ, "IPYTHONDIR": profile}
        try:
            async with _kernel(client, env=env, stdout=log, stderr=log):
                for number, cell in enumerate(notebook.cells):
                    await client.async_execute_cell(cell, number)
        except CellExecutionError as error:
            raise _failure(path, f"{error.ename}: {error.evalue}") from error
        except (CellTimeoutError, DeadKernelError) as error:
            raise _failure(path, str(error)) from error
    outputs = [output for cell in notebook.cells for output in cell.outputs]
    found = [output.data[KIND] for output in outputs if KIND in output.get("data", {})]
    for each in found:
        if "failure" in each:
            raise _failure(path, each["failure"])
    return found


@asynccontextmanager
async def _kernel(client: NotebookClient, **options: Any) -> AsyncIterator[None]:
    """Give a client its kernel, as its own `async_setup_kernel` does, but leave Ctrl-C alone.

    There the client that was last set up takes the signal, and only its kernel is stopped.
    """
    manager = client.create_kernel_manager()
    await client.async_start_new_kernel(**options)
    try:
        await client.async_start_new_kernel_client()
        yield
    finally:
        if client.kc:
            client.kc.stop_channels()
        if manager.has_kernel:
            await manager.shutdown_kernel(now=True)


def _failure(path: Path, reason: str) -> FramesError:
    reason = " ".join(reason.split())
    return FramesError(f"{path.name}: its explorers cannot be drawn: {reason}")


def _write(folder: Path, frames: Iterable[Mapping[str, str]]) -> None:
    """Make a folder hold these files, whose contents are in base64, and no others."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for files in frames:
        for name, content in files.items():
            (folder / name).write_bytes(base64.b64decode(content))
