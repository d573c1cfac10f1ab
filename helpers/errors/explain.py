"""An error in plain words: the reader's own line, the likely cause, the remedy."""

import linecache
import re
import textwrap
import traceback
from collections.abc import Callable, Iterable, Iterator
from types import FrameType, TracebackType
from typing import Any, NamedTuple

from helpers.errors import live
from helpers.errors.entry import Known
from helpers.errors.known import KNOWN
from helpers.errors.known_today import KNOWN_TODAY, TRACED_TENSOR
from helpers.errors.known_training import KNOWN_TRAINING
from helpers.errors.removed import removed

ALL_KNOWN = (*KNOWN_TODAY, *KNOWN_TRAINING, *KNOWN)  # the first entry that fits is taken
WIDTH = 76  # nbgrader's Validate cuts longer lines
LONGEST_CODE = 88
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"
# As TensorFlow's C++ code names them, and as they are written in Python.
DTYPES = {"float": "float32", "double": "float64", "half": "float16"}

# In the message of an error in a tf.function, a line of the reader's own.
TRACED_LINE = re.compile(r'^ {4}File "(.+)", line (\d+), in .*  \*$', re.M)

# IPython's `format_code_name`: of a file name, ("Cell", "In[3]") if it is that of a cell, or None.
CellOf = Callable[[str], tuple[str, str] | None]


class Place(NamedTuple):
    """A statement in a cell."""

    cell: str
    line: int
    code: str


def paragraphs(error: BaseException, trace: TracebackType | None, cell_of: CellOf) -> list[str]:
    """Return what is to stand under the traceback; nothing for an error that is not known.

    Parameters
    ----------
    error : BaseException
    trace : traceback or None
    cell_of : callable
        IPython's `format_code_name`: of the name of a cell's file, ("Cell", "In[3]"), else None.
    """
    places = list(_places(traceback.extract_tb(trace), cell_of))
    places += _traced_places(error, cell_of)
    raised = places[-1] if places else None
    code = raised.code if raised else ""
    frames = [f for f, _ in traceback.walk_tb(trace) if cell_of(f.f_code.co_filename)]
    words = words_of(error, trace, frames[-1] if frames else None, code)
    if words is None:
        return []
    cause, remedy, *node = words
    current = places[0].cell if places else ""
    chosen = next(filter(None, node), getattr(error, "op", None))
    made = _made(chosen, raised, current, cell_of)
    texts = [f"Likely cause: {cause}", *made, f"Remedy: {remedy}"]
    where = f", {_named(raised, current)}" if raised else ""
    return ["", f"{BOLD}In plain words{where}{PLAIN}", *map(wrapped, texts)]


def words_of(
    error: BaseException, trace: TracebackType | None, frame: FrameType | None, code: str
) -> tuple | None:
    """Return the likely cause and the remedy, perhaps with a node, by all that can be looked at.

    Parameters
    ----------
    error : BaseException
    trace : traceback or None
    frame : frame or None
        The reader's own, in which the statement stands.
    code : str
        The statement.

    Examples
    --------
    >>> words_of(RuntimeError("Attempted to use a closed Session."), None, None, "")[0]
    'The session is closed: a with block closes its session where it ends.'
    """
    return (
        _of_queues(error, trace)
        or live.words(error, trace, frame, code)
        or explanation(error, code, live.in_function(error, trace))
    )


def explanation(
    error: BaseException, code: str = "", traced: bool = False
) -> tuple[str, str] | None:
    """Return the likely cause of an error and the remedy, or None if it is not known.

    Parameters
    ----------
    error : BaseException
    code : str
        The statement that raised it, where more can be read than in ``tf.contrib`` is missing.
    traced : bool
        Whether it was raised by a tensor of a tf.function, which the message does not say.

    Examples
    --------
    >>> error = RuntimeError("Attempted to use a closed Session.")
    >>> cause, remedy = explanation(error)
    >>> cause
    'The session is closed: a with block closes its session where it ends.'
    """
    message = f"{TRACED_TENSOR}{error}" if traced else str(error)
    kinds = {kind.__name__ for kind in type(error).__mro__}
    return next(_fitting(kinds, message, code), None) or removed(error, message, code)


def _of_queues(error: Any, trace: TracebackType | None) -> tuple[str, str] | None:
    """Explain what only the live queues tell: what a run waited for, why a queue was closed."""
    if waiting := getattr(error, "waiting", None):  # noted by graphs.session, before it closed
        return waiting
    if type(error).__name__ not in ("OutOfRangeError", "CancelledError") or not error.op:
        return None
    from helpers.graphs.waiting import first_failure

    frames = [frame for frame, _ in traceback.walk_tb(trace)]
    values = (v for f in frames for v in [*f.f_locals.values(), *f.f_globals.values()])
    first = first_failure(error.op.graph, list(values))
    if first is None or isinstance(first, type(error)):
        return None
    lines = [line for line in str(first).splitlines() if line.strip()]
    known = explanation(first)
    said = known[0] if known else f"{type(first).__name__}: {lines[0] if lines else ''}"
    return (
        "The queue was closed, since the runner that fills it has stopped with an error first. "
        f"{said}",
        known[1] if known else "Put that error right; the closed queue only follows from it.",
    )


def _fitting(kinds: set[str], message: str, code: str) -> Iterator[tuple[str, str]]:
    for known in ALL_KNOWN:
        if not kinds.intersection(known.kinds) or not re.search(known.line, code):
            continue
        if found := re.search(known.message, message, re.S):
            yield _filled(known, found)


def _filled(known: Known, found: re.Match) -> tuple[str, str]:
    words = {
        name: DTYPES.get(text, text) if name.startswith("dtype") else text
        for name, text in found.groupdict(default="").items()
    }
    return known.cause.format(**words), known.remedy.format(**words)


def _places(frames: Iterable[Any], cell_of: CellOf) -> Iterator[Place]:
    for frame in frames:
        if cell := cell_of(frame.filename):
            code = _statement(frame)
            if not code.startswith("get_ipython()"):  # a magic, as IPython writes it for itself
                yield Place(cell[1], frame.lineno, code)


def _traced_places(error: BaseException, cell_of: CellOf) -> Iterator[Place]:
    """Yield the lines of a tf.function: its frames are gone, and its message names them."""
    for file, line in TRACED_LINE.findall(str(error)):
        if cell := cell_of(file):
            yield Place(cell[1], int(line), linecache.getline(file, int(line)).strip())


def _statement(frame: Any) -> str:
    code = linecache.getline(frame.filename, frame.lineno).strip()
    if not code.endswith(":"):  # what follows a colon is not the statement's own
        for number in range(frame.lineno, getattr(frame, "end_lineno", None) or 0):
            code += " " + linecache.getline(frame.filename, number + 1).strip()
    return code


def _made(node: Any, raised: Place | None, current: str, cell_of: CellOf) -> Iterator[str]:
    """Say where the node was made in which a session failed, if that is another line."""
    places = list(_places(getattr(node, "traceback", None) or [], cell_of))
    if node and places and places[-1] != raised:
        yield f"The node {node.name} was made in {_named(places[-1], current)}"


def _named(place: Place, current: str) -> str:
    where = "line" if place.cell == current else f"{place.cell}, line"
    return f"{where} {place.line}: {textwrap.shorten(place.code, LONGEST_CODE, placeholder=' …')}"


def wrapped(text: str) -> str:
    """Return a text in lines that every front end shows whole."""
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
