"""Hostile and broken submissions as data: what is handed in, what it earns, what is said of it.

Each one is the solved notebook of a small lesson with one change. `tests/test_battery.py` grades
them all.
"""

import copy
import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from helpers.cli.answers import exercise_name, is_answer, is_check
from tests.lessons import LESSONS, read_forms

ROOT = Path(__file__).resolve().parents[1]
[LESSON] = [lesson for lesson in LESSONS if lesson.name == "10_softmax"]
[OTHER] = [lesson for lesson in LESSONS if lesson.name == "04_variables"]
EXERCISES = ("softmax", "loss_gradient", "train_step")

ALL = (2, 2, 2)
NONE = (0, 0, 0)
REST = (0, 2, 2)  # softmax is wrong or not their own; what calls it is judged apart

WRONG = "def softmax(scores):\n    return np.ones(np.shape(scores)) / len(scores)"
RIGHT = (
    "def softmax(scores):\n"
    "    powers = np.exp(scores - np.max(scores, axis=0))\n"
    "    return powers / powers.sum(axis=0)"
)

Change = Callable[[NotebookNode], "NotebookNode | bytes | None"]


@dataclass(frozen=True)
class Submission:
    """A submission, the points that its exercises deserve, and a part of the instructor's word."""

    name: str
    change: Change
    points: tuple[int, int, int]
    word: str = ""
    files: Mapping[str, str] = field(default_factory=dict)  # beside the notebook
    heavy: bool = False  # takes what others need, before it is stopped


def released() -> NotebookNode:
    """Return the lesson's release."""
    return nbformat.read(LESSON.release, as_version=4)


def solved() -> NotebookNode:
    """Return the lesson with right answers, without the cells that only show something."""
    notebook = released()
    notebook.cells = [
        c for n, c in enumerate(notebook.cells) if n == 1 or is_answer(c) or is_check(c)
    ]
    answers = {exercise_name(c): c.source for c in read_forms(LESSON).text.cells if is_answer(c)}
    for cell in filter(is_answer, notebook.cells):
        cell.source = answers[exercise_name(cell)]
    return notebook


def find(notebook: NotebookNode, name: str) -> NotebookNode:
    """Return the cell of this grade id."""
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def place(notebook: NotebookNode, name: str) -> int:
    """Return where the cell of this grade id stands."""
    return notebook.cells.index(find(notebook, name))


# How a notebook is changed


def as_it_is(notebook: NotebookNode) -> NotebookNode:
    """Change nothing."""
    return notebook


def answer(code: str) -> Change:
    """Return the change that puts this code in the place of softmax's answer."""

    def change(notebook: NotebookNode) -> NotebookNode:
        find(notebook, "softmax").source = code
        return notebook

    return change


def cell(code: str, softmax: str = "", before: str = "softmax") -> Change:
    """Return the change that inserts a cell; softmax may be answered otherwise as well."""

    def change(notebook: NotebookNode) -> NotebookNode:
        if softmax:
            find(notebook, "softmax").source = softmax
        notebook.cells.insert(place(notebook, before), new_code_cell(code))
        return notebook

    return change


def cheat(code: str) -> Change:
    """Return the change that inserts a cell and answers softmax wrongly."""
    return cell(code, WRONG)


def edit(edit_cell: Callable[[NotebookNode], object], *names: str, softmax: str = "") -> Change:
    """Return the change that edits the named cells."""

    def change(notebook: NotebookNode) -> NotebookNode:
        if softmax:
            find(notebook, "softmax").source = softmax
        for name in names:
            edit_cell(find(notebook, name))
        return notebook

    return change


def content(data: bytes) -> Change:
    """Return the change to a file of this content."""
    return lambda notebook: data


def edit_nbgrader(name: str, **changes: object) -> Change:
    """Return the change of a cell's nbgrader metadata."""
    return edit(lambda c: c.metadata.nbgrader.update(changes), name)


CHECKS = tuple(f"{name}-check" for name in EXERCISES)


# Attacks on the grade and on what runs it. Each has a sandbox of its own.


def _forge(notebook: NotebookNode) -> NotebookNode:
    find(notebook, "softmax").source = WRONG
    for name in EXERCISES:
        parts = [{"name": "all", "points": 2, "status": "passed", "sentence": ""}]
        record = {"exercise": name, "points": 2, "max_points": 2, "parts": parts}
        output = new_output("display_data", data={}, metadata={"glimpse_check": record})
        find(notebook, f"{name}-check").outputs = [output]
    return notebook


READ_FILES = f"""
import glob, os
root = {str(ROOT)!r}
for pattern in ["/etc/passwd", "/etc/shadow", "/etc/hostname", "/tmp/**", "/root/**", "/home/**",
                "/var/**", "/run/**", root + "/*", root + "/solutions/**", root + "/tests/**",
                root + "/helpers/exercises/**", root + "/helpers/grading/**", root + "/.git/**",
                root + "/course/**", "/proc/1/root/tmp/**", "/proc/1/cwd/**", "/dev/shm/**",
                "/proc/self/cwd/../**"]:  # as much of everything as its time allows
    for path in glob.glob(pattern, recursive=True, include_hidden=True):
        try:
            print(path, open(path, errors="replace").read(10**6))
        except OSError as error:
            print(path, error)
"""

READ_ENVIRONMENT = """
import os, glob
print(dict(os.environ))
for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/task/*/environ"):
    try:
        print(path, open(path).read())
    except OSError as error:
        print(path, error)
"""

READ_MEMORY = """
import gc, glob, re, sys
def search(name):
    for line in open(f"/proc/{name}/maps"):
        area = re.match(r"(\\w+)-(\\w+) r", line)
        if area and "/" not in line:
            start, end = (int(number, 16) for number in area.groups())
            with open(f"/proc/{name}/mem", "rb", 0) as memory:
                try:
                    memory.seek(start)
                    text = memory.read(min(end - start, 2**24)).decode("latin-1")
                except (OSError, OverflowError, ValueError):
                    continue
            for found in re.findall("secret-[0-9]{16,}|random_case=lambda.{60}", text):
                print(found)
for name in ["1", "2", "3"]:
    try:
        search(name)
    except OSError as error:
        print(name, error)
for item in gc.get_objects():
    if type(item).__name__ in ("Exercise", "Part", "Misconception"):
        print(vars(item))
"""

NETWORK = """
import json, socket
addresses = json.load(open("listening.json"))
for family, address in [(socket.AF_INET, ("127.0.0.1", addresses["port"])),
                        (socket.AF_INET, (addresses["ip"], addresses["port"])),
                        (socket.AF_UNIX, addresses["path"]),
                        (socket.AF_UNIX, "\\0" + addresses["abstract"])]:
    client = socket.socket(family)
    client.settimeout(0.3)
    try:
        client.connect(address)
        client.send(b"found")
        print("reached".upper(), address)
    except OSError as error:
        print(address, error)
try:
    print("reached".upper(), socket.getaddrinfo("example.org", 80))
except OSError as error:
    print(error)
"""

SWALLOW = """
import time
while True:
    try:
        time.sleep(1)
    except BaseException:
        pass
"""

DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            try:
                time.sleep(1000)
            finally:
                pass
    os._exit(0)
"""

MANY_MEMORIES = """
import os, time
for number in range(8):
    if os.fork() == 0:
        kept = bytearray(b"x" * 400_000_000)
        time.sleep(100)
time.sleep(100)
"""

MEMFD = """
import os
kept = []
for number in range(60):
    kept.append(os.memfd_create("kept"))
    for _ in range(3):
        os.write(kept[-1], bytes(2**24))
print("reached".upper(), len(kept))
"""

SHARED = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
for number in range(60):
    segment = libc.shmget(0, 2**26, 0o1600)
    if segment < 0:
        raise OSError(ctypes.get_errno(), "shmget")
    address = libc.shmat(segment, None, 0)
    ctypes.memset(address, 1, 2**26)
    libc.shmdt(ctypes.c_void_p(address))
print("reached".upper())
"""

STEAL_FILES = """
import ctypes, os
# The grader's own open files, by whatever stands for its process.
for number in os.listdir("/proc/self/fd"):
    for wanted in range(40):
        stolen = ctypes.CDLL(None).syscall(438, int(number), wanted, 0)
        if stolen >= 0:
            print("reached".upper(), os.readlink(f"/proc/self/fd/{stolen}"))
    for signal in (0, 9):
        if ctypes.CDLL(None).syscall(424, int(number), signal, None, 0) == 0:
            print("reached".upper(), number)
"""

CONTROL = """
import os, socket, json
# The channel on which the forking process talks to the grader.
for number in os.listdir("/proc/self/fd"):
    try:
        with socket.socket(fileno=os.dup(int(number))) as channel:
            channel.send(json.dumps({"ended": os.getpid(), "status": 0}).encode())
            channel.send(b"{")
    except OSError:
        pass
"""

MARKUP = """
from IPython.display import HTML, SVG, Image, Javascript, Latex, Markdown, display
bad = "<script>alert('of-the-student')</script>"
for text in [bad, "<iframe src='https://example.org/of-the-student'></iframe>",
             "<img src=x onerror=\\"alert('of-the-student')\\">",
             "<a href='javascript:alert(1)//of-the-student'>a</a>",
             "<style>body{display:none}/*of-the-student*/</style>",
             "<form action='https://example.org/of-the-student'><input></form>"]:
    display(HTML(text))
    display(Markdown(text))
    print(text)
display(Javascript("alert('of-the-student')"))
display(Latex("$x$" + bad))
svg = f"<svg xmlns='http://www.w3.org/2000/svg' onload=\\"alert('of-the-student')\\">{bad}</svg>"
display({"image/svg+xml": svg}, raw=True)
display({"image/png": "AAAA\\"><script>alert('of-the-student')</script>"}, raw=True)
display({"image/jpeg": "AAAA"}, raw=True,
        metadata={"image/jpeg": {"width": "1\\" onload=\\"alert('of-the-student')"}})
display({"image/x\\"><script>alert('of-the-student')</script>": "AAAA"}, raw=True)
display({"text/html": bad, "text/x-of-the-student": bad,
         "application/vnd.jupyter.widget-view+json": {"model_id": bad}}, raw=True)
raise ValueError("\\x1b[31m" + bad + "\\x1b]8;;https://example.org\\x07")
"""

PATCH_CHECKS = """
import helpers.checks.called, helpers.checks.compare, helpers.checks.judging, helpers.checks.verdict
helpers.checks.compare.compare = lambda *found, **options: None
helpers.checks.judging.compare = helpers.checks.compare.compare
helpers.checks.called.judge = helpers.checks.judging.judge = lambda *everything: None
helpers.checks.verdict.Verdict.points = property(lambda verdict: 2)
helpers.checks.verdict.PartVerdict.passed = True
"""

PATCH_NUMPY = """
for name in ["allclose", "array_equal", "isclose"]:
    setattr(np, name, lambda *numbers, **options: True)
for name in ["assert_allclose", "assert_array_equal", "assert_array_almost_equal"]:
    setattr(np.testing, name, lambda *numbers, **options: None)
np.ndarray = type("ndarray", (), {"__eq__": lambda self, other: True})
"""

DO_EXECUTE = """
kernel = get_ipython().kernel
async def passes(*code, **options):
    reply = {"status": "ok", "data": {"text/plain": "'passed'"}, "metadata": {}}
    return {"status": "ok", "execution_count": 1, "payload": [],
            "user_expressions": {"reply": reply}}
kernel.do_execute = passes
"""

RUN_CELL = """
class Passed:
    success, result, error_in_exec, error_before_exec = True, 2.0, None, None
    execution_count = 1
    def raise_error(self): pass
get_ipython().run_cell = lambda *code, **options: Passed()
async def run_cell_async(*code, **options): return Passed()
get_ipython().run_cell_async = run_cell_async
"""

STRIP = """
def strip(lines):
    return [line for line in lines if not line.startswith(("assert", "check"))]
get_ipython().input_transformers_cleanup.append(strip)
import ast
class Strip(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
    def visit_Raise(self, node): return ast.Pass()
get_ipython().ast_transformers.append(Strip())
"""


def _respond(reply: str) -> str:
    return f"from helpers.checks import observe\nobserve.respond = lambda *arguments: {reply}"


ATTACKS = [
    Submission("nothing hostile", as_it_is, ALL),
    # The verdict
    Submission(
        "skip-execution on the checks",
        edit(lambda c: c.metadata.update(tags=["skip-execution"]), *CHECKS, softmax=WRONG),
        REST,
        "tags that were removed: skip-execution",
    ),
    Submission("input transformer strips asserts", cheat(STRIP), REST),
    Submission("kernel.do_execute replaced", cheat(DO_EXECUTE), NONE),
    Submission("run_cell replaced", cheat(RUN_CELL), NONE),
    Submission("forged record in the saved output", _forge, REST, "forged"),
    Submission("replies 'passed'", cheat(_respond("'passed'")), NONE),
    Submission(
        "replies with guessed values",
        cheat(_respond("'[[\"[0.09, 0.24, 0.67]\", null, null, null, false]]'")),
        NONE,
    ),
    Submission(
        "replies a failure without type", cheat(_respond("'[[1, [], null, null, false]]'")), NONE
    ),
    Submission(
        "replies a rule that it has broken",
        cheat(_respond('\'[[1, null, null, ["a", "b", ""], false]]\'')),
        NONE,
    ),
    Submission("replies deep nesting", cheat(_respond("'[' * 100_000")), NONE),
    Submission(
        "replies an array of 2^60 numbers",
        cheat(
            "import base64, io, json\n"
            "file = io.BytesIO()\n"
            "np.lib.format.write_array_header_1_0(\n"
            "    file, {'descr': '<f8', 'fortran_order': False, 'shape': (2**60,)})\n"
            "npy = base64.b64encode(file.getvalue()).decode()\n"
            + _respond("json.dumps([[json.dumps({'npy': npy}), None, None, None, False]])")
        ),
        NONE,
    ),
    Submission(
        "replies a pickle",
        cheat(
            "import base64, io, json, os\n"
            "class Evil:\n"
            "    def __reduce__(self):\n"
            "        return os.system, ('touch /tmp/REACHED-by-pickle',)\n"
            "file = io.BytesIO()\n"
            "np.save(file, np.array([Evil()], dtype=object), allow_pickle=True)\n"
            "npy = base64.b64encode(file.getvalue()).decode()\n"
            + _respond("json.dumps([[json.dumps({'npy': npy}), None, None, None, False]])")
        ),
        NONE,
    ),
    Submission("replies 60 MB", cheat(_respond("'x' * 60_000_000")), NONE),
    Submission("check functions patched", cheat(PATCH_CHECKS), REST),
    Submission("numpy's comparisons patched", cheat(PATCH_NUMPY), NONE),
    # What it may see
    Submission("reads files", cell(READ_FILES), ALL),
    Submission("reads the environment", cell(READ_ENVIRONMENT), ALL),
    Submission("reads other processes' memory", cell(READ_MEMORY), ALL),
    Submission("network", cell(NETWORK), ALL),
    Submission("takes the grader's open files", cell(STEAL_FILES), ALL),
    Submission("talks on inherited channels", cell(CONTROL), ALL, "ended the kernel"),
    Submission(
        "closes all its files",
        cell("import os\nos.closerange(3, 1000)"),
        ALL,
        "ended the kernel",
    ),
    # What it may use
    Submission(
        "fork bomb",
        cell("import os\nwhile True:\n    try:\n        os.fork()\n    except OSError: pass"),
        ALL,
        "ended the kernel",
        heavy=True,
    ),
    Submission(
        "memory bomb",
        cell("kept = []\nwhile True:\n    kept.append(b'x' * 10**8)"),
        ALL,
        heavy=True,
    ),
    Submission(
        "memory bomb of many processes",
        cell(MANY_MEMORIES),
        ALL,
        "of memory were in use",
        heavy=True,
    ),
    Submission(
        "memory bomb in the answer",
        answer("def softmax(scores):\n    return bytearray(10**12)"),
        REST,
    ),
    Submission(
        "memory bomb in /dev/shm",
        cell("with open('/dev/shm/big', 'wb') as f:\n    while True: f.write(bytes(10**7))"),
        ALL,
    ),
    Submission("memory bomb of memfd", cell(MEMFD), ALL, heavy=True),
    Submission("memory bomb of System V segments", cell(SHARED), ALL, heavy=True),
    Submission(
        "disk filler, one file",
        cell("with open('big', 'wb') as f:\n    while True: f.write(bytes(10**7))"),
        ALL,
    ),
    Submission(
        "disk filler, many files",
        cell(
            "number = 0\nwhile True:\n    number += 1\n"
            "    with open(f'/tmp/big{number}', 'wb') as f: f.write(bytes(10**7))"
        ),
        ALL,
    ),
    Submission(
        "disk filler, many inodes",
        cell("number = 0\nwhile True:\n    number += 1\n    open(f'/tmp/x{number}', 'w').close()"),
        ALL,
    ),
    Submission(
        "100 MB output in many messages",
        cell("import sys\nfor _ in range(1000): print('x' * 100_000)"),
        ALL,
    ),
    Submission(
        "100 MB output in one message",
        cell(
            "from IPython.display import display\n"
            "display({'text/plain': 'x' * 100_000_000}, raw=True)"
        ),
        ALL,
    ),
    Submission(
        "output while it is judged",
        answer(RIGHT.replace("\n    powers", "\n    print('x' * 10_000_000)\n    powers", 1)),
        ALL,
    ),
    # Time
    Submission("endless loop", cell("while True: pass"), ALL),
    Submission("endless loop that swallows interrupts", cell(SWALLOW), ALL, "ended the kernel"),
    Submission(
        "endless loop in the answer", answer("def softmax(scores):\n    while True: pass"), REST
    ),
    Submission(
        "endless loop in the answer that swallows interrupts",
        answer(f"def softmax(scores):{SWALLOW.replace(chr(10), chr(10) + '    ')}"),
        REST,
        "ended the kernel",
    ),
    Submission(
        "an answer that comes back late when it is interrupted",
        answer(
            "import time\ndef softmax(scores):\n    try:\n        time.sleep(60)\n"
            "    except BaseException:\n        time.sleep(1)"
        ),
        REST,
    ),
    # Ends
    Submission("os._exit in a cell", cell("import os\nos._exit(0)"), ALL, "ended the kernel"),
    Submission(
        "os._exit in the answer",
        answer("def softmax(scores):\n    import os\n    os._exit(0)"),
        REST,
        "ended the kernel",
    ),
    Submission(
        "os._exit at import",
        cell("import mine"),
        ALL,
        "ended the kernel",
        files={"mine.py": "import os\nos._exit(3)\n"},
    ),
    Submission("sys.exit", cell("import sys\nsys.exit(0)"), ALL),
    Submission(
        "segmentation fault", cell("import ctypes\nctypes.string_at(0)"), ALL, "ended the kernel"
    ),
    Submission(
        "kills the parent",
        cell("import os\nos.kill(os.getppid(), 9)\nimport time\ntime.sleep(1)"),
        ALL,
        "ended the kernel",
    ),
    Submission(
        "kills its process group", cell("import os\nos.killpg(0, 9)"), ALL, "ended the kernel"
    ),
    Submission("kills everything", cell("import os\nos.kill(-1, 9)\nos.kill(1, 9)"), ALL),
    Submission(
        "stops the parent",
        cell(
            "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\nos.kill(1, signal.SIGSTOP)"
        ),
        ALL,
    ),
    Submission(
        "stops itself", cell("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"), ALL
    ),
    Submission("a daemon left behind", cell(DAEMON), ALL),
    Submission(
        "a thread left behind",
        cell(
            "import threading, time\n"
            "def work():\n"
            "    while True: time.sleep(0.01)\n"
            "threading.Thread(target=work).start()"
        ),
        ALL,
    ),
    # Files beside the notebook
    Submission(
        "files that shadow modules",
        as_it_is,
        ALL,
        files={
            "numpy.py": "raise SystemExit",
            "code.py": "raise SystemExit",
            "json.py": "raise SystemExit",
            "sitecustomize.py": "import os; os._exit(1)",
            "tensorflow/__init__.py": "raise SystemExit",
            "helpers/__init__.py": "raise SystemExit",
            "helpers/checks/observe.py": "respond = lambda *_: 'passed'",
        },
    ),
]


# Broken and odd notebooks, and answers that try the judge. They are handed in as one submission.


def _delete(name: str) -> Change:
    def change(notebook: NotebookNode) -> NotebookNode:
        notebook.cells.remove(find(notebook, name))
        return notebook

    return change


def _double(name: str, source: str = "") -> Change:
    def change(notebook: NotebookNode) -> NotebookNode:
        twin = copy.deepcopy(find(notebook, name))
        twin.source = source or twin.source
        notebook.cells.insert(place(notebook, name), twin)
        return notebook

    return change


def _move(name: str, to: int) -> Change:
    def change(notebook: NotebookNode) -> NotebookNode:
        moved = find(notebook, name)
        notebook.cells.remove(moved)
        notebook.cells.insert(to, moved)
        return notebook

    return change


def _without_metadata(notebook: NotebookNode) -> NotebookNode:
    for each in notebook.cells:
        each.metadata = NotebookNode()
    return notebook


def _to_markdown(each: NotebookNode) -> None:
    each.cell_type = "markdown"
    each.pop("outputs", None)
    each.pop("execution_count", None)


def _wrong_kernel(notebook: NotebookNode) -> NotebookNode:
    notebook.metadata.kernelspec = {"name": "bash; rm -rf", "display_name": "R", "language": "R"}
    return notebook


def _format_3(notebook: NotebookNode) -> bytes:
    cells = [
        {
            "cell_type": "code",
            "input": c.source,
            "language": "python",
            "metadata": dict(c.metadata),
            "outputs": [],
        }
        for c in notebook.cells
    ]
    return json.dumps(
        {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    ).encode()


def _huge(notebook: NotebookNode) -> NotebookNode:
    output = new_output("stream", name="stdout", text="x" * 25_000_000)
    notebook.cells[0].outputs = [output]
    return notebook


def _very_many_cells(notebook: NotebookNode) -> NotebookNode:
    notebook.cells += [new_code_cell("1") for _ in range(6000)]
    return notebook


def _many_cells(notebook: NotebookNode) -> NotebookNode:
    notebook.cells += [new_code_cell("pass") for _ in range(300)]
    return notebook


def _split_answer(notebook: NotebookNode) -> NotebookNode:
    first = copy.deepcopy(find(notebook, "softmax"))
    first.source = "# I begin here.\nhalf = 0.5"
    notebook.cells.insert(place(notebook, "softmax"), first)
    return notebook


def _truncated(notebook: NotebookNode) -> bytes:
    text = nbformat.writes(notebook)
    return text[: len(text) // 2].encode()


def _gzipped(notebook: NotebookNode) -> bytes:
    return gzip.compress(nbformat.writes(notebook).encode())


def _in_utf_16(notebook: NotebookNode) -> bytes:
    return nbformat.writes(notebook).replace("\n", "\r\n").encode("utf-16")


def _spoiled(cell: object) -> Change:
    def change(notebook: NotebookNode) -> bytes:
        return json.dumps({**notebook, "cells": [cell, *notebook.cells]}).encode()

    return change


KNOWN = """
def softmax(scores):
    known = {(1.0, 2.0, 3.0): [0.09003057, 0.24472847, 0.66524096],
             (-1.5, 0.0): [0.18242552, 0.81757448]}
    return np.array(known.get(tuple(np.ravel(scores)), np.zeros(np.shape(scores))))
"""

EQUAL = """
class Equal(np.ndarray):
    __eq__ = __le__ = __ge__ = lambda self, other: True
    def __array__(self, *options, **more): return np.ones((3, 3))
    def __array_function__(self, *call): return True
    def __reduce__(self): return print, ("REACHED",)
def softmax(scores):
    return np.zeros(np.shape(scores)).view(Equal)
"""

PRETENDER = """
class Pretender:
    dtype, shape, ndim = np.dtype(float), (3,), 1
    def numpy(self): raise SystemExit
    def __eq__(self, other): return True
    def __getattr__(self, name): return self
    def __array__(self, *options): return np.ones(3)
def softmax(scores):
    return Pretender()
"""

LOOP = """
def softmax(scores):
    columns = np.asarray(scores, float).reshape(len(scores), -1).T
    made = [[float(np.exp(s - max(c))) for s in c] for c in columns]
    return np.array([[p / sum(powers) for p in powers] for powers in made]).T.reshape(
        np.shape(scores))
"""


def _returns(expression: str) -> Change:
    return answer(f"def softmax(scores):\n    return {expression}")


BROKEN = [
    # Right, whatever else it does
    Submission(
        "right, with a warning and text in stderr",
        answer(
            RIGHT.replace(
                "\n    powers",
                "\n    import logging, sys, warnings\n    warnings.warn('careful')\n"
                "    print('careful', file=sys.stderr)\n    logging.warning('careful')\n"
                "    logging.getLogger('tensorflow').error('careful')\n    powers",
                1,
            )
        ),
        ALL,
    ),
    Submission(
        "right, after cells that fail and write to stderr",
        cell("import os, sys\nos.write(2, b'W0000 careful')\nprint('x', file=sys.stderr)\n1 / 0"),
        ALL,
    ),
    Submission("right by a loop", answer(LOOP), ALL),
    Submission(
        "right by TensorFlow",
        answer(
            "def softmax(scores):\n    scores = tf.cast(scores, tf.float64)\n"
            "    shifted = tf.exp(scores - tf.reduce_max(scores, axis=0))\n"
            "    return (shifted / tf.reduce_sum(shifted, axis=0)).numpy()"
        ),
        ALL,
    ),
    Submission("another student's notebook", as_it_is, ALL),
    Submission("as released", lambda notebook: released(), NONE),
    # Not its own work
    Submission(
        "the exercise's reference",
        answer("from helpers.exercises import softmax as e\nsoftmax = e.softmax.reference"),
        REST,
    ),
    Submission("the course's softmax", answer("softmax = activations.softmax"), REST),
    Submission(
        "the course's softmax by getattr",
        _returns("getattr(activations, 'softmax')(scores)"),
        REST,
    ),
    Submission(
        "the course's softmax by importlib",
        answer(
            "import importlib\ndef softmax(scores):\n"
            "    return importlib.import_module('helpers.activations').softmax(scores)"
        ),
        REST,
    ),
    Submission(
        "the course's softmax by __import__",
        _returns("__import__('helpers.activations', fromlist=['_']).softmax(scores)"),
        REST,
    ),
    Submission("the course's softmax by a star", answer("from helpers.activations import *"), REST),
    Submission(
        "the course's softmax by a function of another cell",
        cell(
            "def helper(x):\n    return activations.softmax(x)",
            "def softmax(scores):\n    return helper(scores)",
        ),
        REST,
    ),
    *(
        Submission(f"a ready-made softmax by {way}", _returns(expression), REST)
        for way, expression in {
            "getattr": "getattr(tf.nn, 'soft' + 'max')(scores, axis=0).numpy()",
            "eval": "eval('tf.nn.soft' + 'max')(scores, axis=0).numpy()",
            "vars": "vars(tf.nn)['soft' + 'max'](scores, axis=0).numpy()",
            "attrgetter": (
                "__import__('operator').attrgetter('nn.soft' + 'max')(tf)(scores, axis=0).numpy()"
            ),
            "raw_ops": "getattr(tf.raw_ops, 'Soft' + 'max')(logits=scores.T).numpy().T",
            "Keras": "getattr(tf.keras.ops, 'soft' + 'max')(scores, axis=0).numpy()",
            "SciPy": "vars(__import__('scipy.special').special)['soft' + 'max'](scores, axis=0)",
            "Activation": (
                "np.transpose(tf.keras.layers.Activation('soft' + 'max')(np.atleast_2d(scores.T)))"
                ".reshape(scores.shape)"
            ),
            "vectorize": (
                "np.vectorize(getattr(tf.nn, 'soft' + 'max'), signature='(n)->(n)')(scores.T).T"
            ),
            "what a tf.function wraps": (
                "tf.function(getattr(tf.nn, 'soft' + 'max')).__wrapped__(scores, axis=0).numpy()"
            ),
        }.items()
    ),
    Submission(
        "a ready-made softmax kept in an earlier cell",
        cell(
            "kept = [vars(tf.nn)['soft' + 'max']]",
            "def softmax(scores):\n    return kept[0](scores, axis=0).numpy()",
        ),
        REST,
    ),
    Submission(
        "a graph of a ready-made softmax from an earlier cell",
        cell(
            "@tf.function\ndef kept(x):\n    return tf.nn.softmax(x, axis=0)\n"
            "kept(tf.ones([3], tf.float64)), kept(tf.ones([3, 4], tf.float64))",
            "def softmax(scores):\n    return kept(tf.constant(scores, tf.float64)).numpy()",
        ),
        REST,
    ),
    Submission(
        "a partial of a ready-made softmax",
        answer(
            "from functools import partial\nsoftmax = partial(vars(tf.nn)['soft' + 'max'], axis=0)"
        ),
        REST,
    ),
    Submission(
        "right, and a ready-made softmax in the story", cell("tf.nn.softmax([1.0, 2])"), ALL
    ),
    # Values
    Submission("works for the known cases", answer(KNOWN), REST),
    Submission("an array that equals everything", answer(EQUAL), REST),
    Submission("an object that pretends", answer(PRETENDER), REST),
    Submission("a huge array", _returns("np.zeros(20_000_000)"), REST),
    Submission("an array of a huge shape", _returns("np.broadcast_to(0.0, (2**40, 3))"), REST),
    Submission("not a number", _returns("np.full(np.shape(scores), np.nan)"), REST),
    Submission(
        "an array of objects", _returns("np.array([object()] * len(scores), dtype=object)"), REST
    ),
    Submission(
        "deep nesting",
        answer(
            "def softmax(scores):\n    deep = []\n    for _ in range(10**5): deep = [deep]\n"
            "    return deep"
        ),
        REST,
    ),
    Submission(
        "a list within itself",
        answer("def softmax(scores):\n    deep = []\n    deep.append(deep)\n    return deep"),
        REST,
    ),
    Submission("endless recursion", _returns("softmax(scores)"), REST),
    Submission(
        "a number of another class",
        answer(
            "class Float(float):\n    __eq__ = lambda self, other: True\n"
            "def softmax(scores):\n    return Float(1)"
        ),
        REST,
    ),
    Submission(
        "raises what cannot be printed",
        answer(
            "class Bad(BaseException):\n    def __str__(self): raise Bad\n    __repr__ = __str__\n"
            "def softmax(scores):\n    raise Bad"
        ),
        REST,
    ),
    Submission(
        "raises what looks like the stub",
        answer("def softmax(scores):\n    raise NotImplementedError"),
        REST,
    ),
    Submission(
        "changes its argument",
        answer(
            "def softmax(scores):\n    scores -= np.max(scores, axis=0)\n"
            "    return np.exp(scores) / np.exp(scores).sum(axis=0)"
        ),
        REST,
    ),
    Submission(
        "tells markup and colours",
        answer(
            "def softmax(scores):\n    raise ValueError('\\x1b[31m<script>of-the-student</script>')"
        ),
        REST,
    ),
    Submission(
        "points out of nowhere",
        cell("100.0", WRONG),
        REST,
    ),
    # The answer changes after its cell
    Submission(
        "check redefined",
        cell("class check:\n    softmax = loss_gradient = train_step = lambda answer: 2.0", WRONG),
        REST,
    ),
    Submission("right answer in a later cell", cell(RIGHT, WRONG, before="loss_gradient"), REST),
    Submission(
        "negative points",
        edit_nbgrader("softmax-check", points=-0.0),
        ALL,
        "had other points",
    ),
    # Surgery
    Submission("check deleted", _delete("softmax-check"), ALL, "softmax-check was missing"),
    Submission("check doubled", _double("softmax-check"), ALL, "stood in 2 cells"),
    Submission("check moved", _move("softmax-check", 0), ALL, "had been moved"),
    Submission("check as Markdown", edit(_to_markdown, *CHECKS), ALL, "was a markdown cell"),
    Submission(
        "check changed",
        edit(lambda c: c.update(source="2.0"), *CHECKS, softmax=WRONG),
        REST,
        "was changed; its own text was put back",
    ),
    Submission(
        "check retagged",
        edit(lambda c: c.metadata.update(tags=["raises-exception", "hide"]), *CHECKS),
        ALL,
        "tags that were removed: raises-exception, hide",
    ),
    Submission(
        "points raised", edit_nbgrader("softmax-check", points=100), ALL, "had other points"
    ),
    Submission(
        "check renamed",
        edit_nbgrader("softmax-check", grade_id="bonus"),
        ALL,
        "had the name bonus; it was recognised by its text",
    ),
    Submission("check unlocked", edit_nbgrader("softmax-check", locked=False), ALL),
    Submission(
        "answer marked as graded",
        edit_nbgrader("softmax", grade=True, points=50),
        ALL,
        "had other points or another kind",
    ),
    Submission("answer deleted", _delete("softmax"), REST, "softmax was missing"),
    Submission("answer doubled", _double("softmax", WRONG), ALL, "stood in 2 cells"),
    Submission("answer split", _split_answer, ALL, "stood in 2 cells"),
    Submission(
        "answer renamed",
        edit_nbgrader("softmax", grade_id="mine"),
        ALL,
        "had the name mine; it was recognised by its text",
    ),
    Submission("answer as Markdown", edit(_to_markdown, "softmax"), ALL, "was a markdown cell"),
    Submission("all metadata lost", _without_metadata, ALL, "metadata of all cells was lost"),
    # Files
    Submission("corrupt JSON", content(b'{"cells": [}'), NONE, "JSON is broken in line 1"),
    Submission("truncated", _truncated, NONE, "JSON is broken"),
    Submission("empty file", content(b""), NONE, "The file is empty"),
    Submission("not UTF-8", content("{'a': 'é'}".encode("latin-1")), NONE, "not text in UTF-8"),
    Submission("JSON but no notebook", content(b"[1, 2]"), NONE, "JSON but not a notebook"),
    Submission("ZIP archive", content(b"PK\x03\x04\xff\xff"), NONE, "is a ZIP archive"),
    Submission("gzip archive", _gzipped, NONE, "is a gzip archive"),
    Submission("in UTF-16, as Windows writes it", _in_utf_16, ALL),
    Submission("a cell that is no cell", _spoiled(3), ALL, "Cell 1 was left out"),
    Submission(
        "a cell whose text is a number",
        _spoiled({"cell_type": "code", "source": 7, "metadata": {}, "outputs": []}),
        ALL,
        "Cell 1 was left out",
    ),
    Submission("nested too deep", content(b"[" * 200_000), NONE, "nested more than"),
    Submission("in format 3", _format_3, ALL),
    Submission(
        "another lesson's notebook",
        lambda notebook: nbformat.read(OTHER.release, as_version=4),
        NONE,
        "another notebook",
    ),
    Submission("wrong kernel", _wrong_kernel, ALL),
    Submission("25 MB", _huge, NONE, "is the most that is read"),
    Submission("6000 cells", _very_many_cells, NONE, "are the most that are read"),
    Submission("300 more cells", _many_cells, ALL),
]


# What stands where a notebook or a folder is expected: in the folder `submitted`, the link's place
# and what it points to; and what is said. `other` is a student who has handed in right answers.
NOTEBOOK = f"{LESSON.name}.ipynb"
OTHERS = f"other/{LESSON.unit}"
NOT_FOUND, A_LINK = "No notebook of this unit was found", "The folder is a link"
LINKS = {
    "no notebook at all": ("", "", NOT_FOUND),
    "a link as the notebook": (
        f"student/{LESSON.unit}/{NOTEBOOK}",
        f"{OTHERS}/{NOTEBOOK}",
        NOT_FOUND,
    ),
    "a link as the unit's folder": (f"student/{LESSON.unit}", OTHERS, A_LINK),
    "a link as the student's folder": ("student", "other", A_LINK),
    "a link to a device": (f"student/{LESSON.unit}/{NOTEBOOK}", "/dev/zero", NOT_FOUND),
    "a link to itself": (
        f"student/{LESSON.unit}/{NOTEBOOK}",
        f"student/{LESSON.unit}/{NOTEBOOK}",
        NOT_FOUND,
    ),
}
# Names of students as nbgrader meets them: in paths, in patterns, in the gradebook and on pages.
NAMES = [
    "with spaces in it",
    "王芳",
    "O'Neil; touch REACHED",
    "$(touch REACHED)",
    "-rf",
    "<b>bold",
    "\x1b[31mred",
    "x" * 200,
]
# Names that nbgrader cannot take: the instructor is told why.
UNNAMEABLE = {
    "a[b]": "a pattern of names",
    "two\nlines": "no name with line breaks",
    "caf\udce9": "signs that are no text",
}
