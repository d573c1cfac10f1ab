"""Run a lesson from top to bottom in a fresh kernel, and keep what does not vary."""

import base64
import re
import struct
import tempfile
from collections.abc import Sequence
from os import environ
from pathlib import Path

from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from helpers.checks.record import VARIABLE
from helpers.course_error import CourseError

SECONDS_PER_CELL = 60


def execute(notebook: NotebookNode, folder: Path, places: Sequence[str]) -> None:
    """Fill in the outputs of a notebook, run in `folder`.

    Raises CourseError where a cell raises (unless tagged raises-exception), takes over a minute,
    writes to stderr or shows an address, and where the lesson leaves files behind.
    """
    before = _files(folder)
    # All lessons of a build get their kernels from one process, which has imported TensorFlow.
    KernelProvisionerFactory.instance().default_provisioner_name = "warm-provisioner"
    with tempfile.TemporaryDirectory() as profile, tempfile.TemporaryFile() as log:
        client = NotebookClient(
            notebook,
            timeout=SECONDS_PER_CELL,
            kernel_name="python3",
            resources={"metadata": {"path": str(folder)}},
            record_timing=False,
            coalesce_streams=True,
        )
        # An author's own start-up files must not change a lesson's outputs, nor the author's own
        # record, if they build in a terminal of `course lab`.
        env = {**environ, "IPYTHONDIR": profile, VARIABLE: ""}
        with client.setup_kernel(env=env, stdout=log, stderr=log):
            for index, cell in enumerate(notebook.cells):
                if cell.cell_type == "code":
                    _execute_cell(client, cell, index, places[index])
    if left := sorted(_files(folder) - before):
        raise CourseError(
            f"{folder.name}: the lesson left {', '.join(left)} behind. "
            "Let it write to a tempfile.TemporaryDirectory()."
        )


def _execute_cell(client: NotebookClient, cell: NotebookNode, index: int, place: str) -> None:
    first_line = cell.source.partition("\n")[0]
    place = f"{place} `{first_line}`"
    try:
        client.execute_cell(cell, index)
    except CellExecutionError as error:
        message = " ".join(error.evalue.split())
        raise CourseError(f"{place}: {error.ename}: {message}") from error
    except CellTimeoutError as error:
        raise CourseError(f"{place}: still running after {SECONDS_PER_CELL} s.") from error
    except DeadKernelError as error:
        raise CourseError(
            f"{place}: the kernel died: out of memory, or a library crashed."
        ) from error
    for output in cell.outputs:
        if output.get("name") == "stderr":
            line = output.text.strip().partition("\n")[0]
            raise CourseError(f"{place}: writes to stderr, which no lesson may do: {line}")
        tidy(output)
        if found := re.search(r"\bat 0x[0-9a-fA-F]+", _words(output)):
            raise CourseError(
                f"{place}: shows an address ({found[0]}), which differs from run to run. "
                "Print what matters instead; end a plot's last line with a semicolon."
            )


def tidy(output: NotebookNode) -> None:
    """Remove from an output what differs from run to run or from machine to machine."""
    data = output.get("data", {})
    data.pop("application/vnd.jupyter.widget-view+json", None)  # the id of a widget that is gone
    if "image/png" in data:
        data["image/png"] = base64.b64encode(
            strip_png(base64.b64decode(data["image/png"]))
        ).decode()
    if output.output_type == "error":
        # Frames of libraries name the paths of this machine; the frames of cells stay.
        library = re.compile(r"(\x1b\[[\d;]*m)*File ")
        output.traceback = [frame for frame in output.traceback if not library.match(frame)]


def strip_png(png: bytes) -> bytes:
    """Return the picture without text chunks: they hold dates and versions of software.

    Source: PNG specification, section 5.3 (a chunk is length, type, data and CRC).
    """
    kept, position = [png[:8]], 8
    while position < len(png):
        (length,) = struct.unpack_from(">I", png, position)
        end = position + 12 + length
        if png[position + 4 : position + 8] not in (b"tEXt", b"zTXt", b"iTXt", b"tIME"):
            kept.append(png[position:end])
        position = end
    return b"".join(kept)


def _words(output: NotebookNode) -> str:
    """Return everything in an output that a reader reads."""
    data = [value for kind, value in output.get("data", {}).items() if kind.startswith("text/")]
    return "\n".join([output.get("text", ""), output.get("evalue", ""), *data])


def _files(folder: Path) -> set[str]:
    # Names with a dot belong to editors and to Jupyter.
    return {path.name for path in folder.iterdir() if path.name[0] not in "._"}
