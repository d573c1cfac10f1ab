"""Watch the running cell from a thread: a run that waits is explained, and can be interrupted.

While ``session.run`` waits inside TensorFlow, Python's own handler of signals gets no turn: such a
cell could not be stopped, and its kernel had to be killed. Here the signal also writes to a pipe,
a thread reads it and closes the session, and the run ends.
"""

import os
import select
import signal
import sys
import threading
from types import FrameType
from typing import Any

PATIENCE = 4.0  # seconds that a run may wait before it is explained
LOOK = 1.0  # seconds from one look at the running cell to the next
GRACE = 0.5  # seconds in which an interrupted run may end by itself

_WAKE, _READ = b"\0", 64
_writing: int | None = None  # the end of the pipe that signals are written to
_cell_runs = threading.Event()
_told: set[str] = set()  # what the running cell was told already


def begin(ip: Any) -> None:
    """Watch every cell from now on."""
    ip.events.register("pre_run_cell", _cell_begins)
    ip.events.register("post_run_cell", _cell_ends)


def end(ip: Any) -> None:
    """Watch no further cell."""
    for event, function in (("pre_run_cell", _cell_begins), ("post_run_cell", _cell_ends)):
        if function in ip.events.callbacks[event]:
            ip.events.unregister(event, function)


def _cell_begins(info: Any = None) -> None:
    if threading.current_thread() is not threading.main_thread():
        return  # only the main thread gets signals
    writing = _start()
    # Another owner of signals, such as an event loop, keeps them.
    if (before := signal.set_wakeup_fd(writing, warn_on_full_buffer=False)) not in (-1, writing):
        signal.set_wakeup_fd(before)
    _told.clear()
    _cell_runs.set()
    os.write(writing, _WAKE)


def _cell_ends(result: Any = None) -> None:
    _cell_runs.clear()
    if threading.current_thread() is not threading.main_thread():
        return
    if (owner := signal.set_wakeup_fd(-1)) not in (-1, _writing):
        signal.set_wakeup_fd(owner)


def _start() -> int:
    """Return the end of the pipe to write to; with the first cell, make it and start the thread."""
    global _writing
    if _writing is None:
        reading, _writing = os.pipe()
        os.set_blocking(_writing, False)
        threading.Thread(target=_watch, args=(reading,), daemon=True, name="watch").start()
    return _writing


def _watch(reading: int) -> None:
    frame: FrameType | None = None
    looks = 0
    while True:
        cell_runs = _cell_runs.is_set()
        if not cell_runs:
            frame = None  # it holds what the cell's run holds
        ready, _, _ = select.select([reading], [], [], LOOK if cell_runs else None)
        if ready:
            if bytes([signal.SIGINT]) in os.read(reading, _READ):
                _interrupt()
            continue
        now = _waiting_frame()
        looks = looks + 1 if now is not None and now is frame else 0
        frame = now
        if frame is not None and looks * LOOK >= PATIENCE:
            looks = 0
            _tell(frame)


def _waiting_frame() -> FrameType | None:
    """Return the main thread's frame in which TensorFlow runs a graph, or a coordinator joins."""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    while frame is not None:
        code = frame.f_code
        if code.co_name == "_call_tf_sessionrun":
            return frame
        if code.co_name == "join" and code.co_filename.endswith("coordinator.py"):
            return frame
        frame = frame.f_back
    return None


def _interrupt() -> None:
    """Close the session of a run that does not end by itself."""
    frame = _waiting_frame()
    threading.Event().wait(GRACE)
    if frame is not None and _waiting_frame() is frame and frame.f_code.co_name != "join":
        frame.f_locals["self"].close()


def _tell(frame: FrameType) -> None:
    """Print what a run waits for; nothing if it waits for no queue."""
    try:
        words = _words(frame)
    except Exception:  # a queue or a session that was closed meanwhile
        return
    if words and words not in _told:
        _told.add(words)
        print(words, flush=True)


def _words(frame: FrameType) -> str:
    from helpers.errors.explain import BOLD, PLAIN, wrapped
    from helpers.graphs.waiting import joins, waits_for

    names = frame.f_locals
    if frame.f_code.co_name == "join":
        waiting = joins(names["self"], names["threads"])
    else:
        waiting = waits_for(names["self"], _fetches(frame))
    if waiting is None or _waiting_frame() is not frame:
        return ""
    stop = "To stop waiting, interrupt the kernel (the square button)."
    if frame.f_code.co_name != "join":
        stop += " That closes this session."
    texts = [waiting.cause, f"Remedy: {waiting.remedy}", stop]
    return "\n".join([f"{BOLD}This cell waits{PLAIN}", *map(wrapped, texts)])


def _fetches(frame: FrameType) -> Any:
    """Return what `session.run` was called with."""
    above = frame.f_back
    while above is not None:
        if above.f_code.co_name == "run" and "fetches" in above.f_locals:
            return above.f_locals["fetches"]
        above = above.f_back
    return []
