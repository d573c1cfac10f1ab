"""TensorFlow's warning that a tf.function is traced again and again, in plain words under it.

The warning itself stays as it is. What is said here is printed once for a cell, when the cell ends.
"""

import logging
import re
import sys
from types import FrameType
from typing import Any

WARNING = re.compile(
    r"calls to (?:<(?:function|bound method) (?P<name>\S+) )?.* triggered tf\.function retracing"
)
OF_KERAS = re.compile(r"make_(?P<method>train|test|predict)_function")
KERAS = {"train": "fit", "test": "evaluate", "predict": "predict"}

_words: list[tuple[str, str]] = []  # cause and remedy, for the end of the cell


class _Listener(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        try:
            if not _words and (found := WARNING.search(record.getMessage())):
                _words.append(words(found["name"] or "", *_call(sys._getframe())))
        except Exception:  # the warning is worth more than its explanation
            return


_listener = _Listener(logging.WARNING)


def begin(ip: Any) -> None:
    """Explain the warning from now on."""
    # A name is enough: TensorFlow need not be loaded, and keeps what it finds here.
    logger = logging.getLogger("tensorflow")
    logger.addHandler(_listener)
    # The first, whether TensorFlow was loaded before, as in a warm kernel, or comes later.
    logger.handlers.sort(key=lambda handler: handler is not _listener)
    ip.events.register("post_run_cell", _cell_ends)


def end(ip: Any) -> None:
    """Leave the warning alone."""
    logging.getLogger("tensorflow").removeHandler(_listener)
    if _cell_ends in ip.events.callbacks["post_run_cell"]:
        ip.events.unregister("post_run_cell", _cell_ends)


def words(name: str, arguments: list[Any], traces: int) -> tuple[str, str]:
    """Return why a function is traced so often, and what to do.

    Parameters
    ----------
    name : str
        The function's, as the warning has it; empty if it has none.
    arguments : list
        What it was called with.
    traces : int
        How often this one has been traced.

    Examples
    --------
    >>> words("double", [3], traces=5)[0]
    'double is called with the Python value 3, and tf.function makes a new graph for each new one.'
    """
    if found := OF_KERAS.search(name):
        method = f"model.{KERAS[found['method']]}"
        return (
            f"{method} makes a graph for each new model, and for each new size of a batch; in this "
            "loop it makes one in nearly every turn.",
            f"Make the model once, before the loop, and call {method} on many samples at a time; "
            "for a few samples model(x) makes no graph.",
        )
    name = "the function" if name in ("", "<lambda>") else name.rpartition(".")[2]
    if traces == 1:
        return (
            f"tf.function is applied to {name} anew each time, and a new one begins without any "
            "graph.",
            "Move tf.function, or the def under @tf.function, out of the loop.",
        )
    values = [a for a in arguments if isinstance(a, bool | int | float | str)]
    if values:
        return (
            f"{name} is called with the Python value {values[0]!r}, and tf.function makes a new "
            "graph for each new one.",
            "Give numbers that change as tensors, as in tf.constant(i).",
        )
    if any(hasattr(a, "shape") for a in arguments):
        return (
            f"{name} is called with tensors of many shapes or dtypes, and tf.function makes a "
            "graph for each.",
            "Write @tf.function(reduce_retracing=True), or say the shape with None where it "
            "varies: input_signature=[tf.TensorSpec([None, 784])].",
        )
    return (
        f"{name} is called with a new Python object each time, and tf.function makes a new graph "
        "for each.",
        "Give tensors, or the same object again.",
    )


def _call(frame: FrameType | None) -> tuple[list[Any], int]:
    """Return the arguments of the call that warns, and how often its function has been traced."""
    while frame is not None:
        if "args" in frame.f_locals and hasattr(
            frame.f_locals.get("self"), "experimental_get_tracing_count"
        ):
            names = frame.f_locals
            given = [*names["args"], *names.get("kwds", {}).values()]
            return given, names["self"].experimental_get_tracing_count()
        frame = frame.f_back
    return [], 0


def _cell_ends(result: Any = None) -> None:
    if _words:
        from helpers.errors.explain import BOLD, PLAIN, wrapped

        cause, remedy = _words.pop()
        texts = [f"Likely cause: {cause}", f"Remedy: {remedy}"]
        print("\n".join([f"{BOLD}In plain words{PLAIN}", *map(wrapped, texts)]))
