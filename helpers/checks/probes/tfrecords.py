"""Probes of lesson 27: an answer gets the bytes of a record, of a file, or of an Example."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers import graphs
from helpers.checks.observe import WrongReturn
from helpers.checks.probes.sessions import quick_session
from helpers.data.records import image_example

tf1 = tf.compat.v1


class NotBytes(WrongReturn):
    """The answer did not return bytes."""


class NotJoined(WrongReturn):
    """The answer returned several things instead of one bytes object."""


class NotAPair(WrongReturn):
    """The answer did not return two things."""


class NotAList(WrongReturn):
    """The first thing that the answer returned is no list of bytes."""


class NotAPlace(WrongReturn):
    """The second thing that the answer returned is no int."""


class SeveralBytes(WrongReturn):
    """The answer decodes several bytes as one number."""


class NoImageFile(WrongReturn):
    """The answer takes the pixels for an image file."""


class NoSuchFeature(WrongReturn):
    """The answer asks for a feature that the Example does not have."""


class FailsInAGraph(WrongReturn):
    """The answer works when it is called, and not in a graph."""


def _kind(value: Any) -> str:
    name = type(value).__name__
    article = "an" if name[0] in "aeioAEIO" or name == "ndarray" else "a"
    return "None" if value is None else f"{article} {name}"


def _pair(returned: Any, what: str) -> tuple[Any, Any]:
    if not isinstance(returned, tuple | list) or len(returned) != 2:
        raise NotAPair(f"it returned {_kind(returned)}, not two things, {what}")
    return returned[0], returned[1]


def _numbers(data: bytes) -> NDArray:
    return np.frombuffer(data, np.uint8)


def framed(answer: Callable, data: str) -> dict[str, Any]:
    """Call ``answer(data)`` with these characters, a byte each, and take the result apart.

    Examples
    --------
    >>> framed(lambda data: data, "ab")["the number of bytes"]
    2
    """
    returned = answer(data.encode("latin-1"))
    if isinstance(returned, list | tuple):
        raise NotJoined(f"it returned {_kind(returned)} of {len(returned)}, not one bytes object")
    if not isinstance(returned, bytes):
        raise NotBytes(f"it returned {_kind(returned)}, not bytes")
    record, end = returned, 12 + len(data)
    return {
        "the number of bytes": len(record),
        "the length (8 bytes)": _numbers(record[:8]),
        "the checksum behind the length (4 bytes)": _numbers(record[8:12]),
        "the data": _numbers(record[12:end]),
        "the checksum behind the data (4 bytes)": _numbers(record[end:]),
    }


def records_read(answer: Callable, file: str, contents: NDArray) -> dict[str, Any]:
    """Call ``answer(contents)`` with the bytes of a file; `file` says what it is, for the verdict.

    Examples
    --------
    >>> records_read(lambda contents: ([], 0), "nothing", np.zeros(0, np.uint8))
    {'the number of records': 0, 'their lengths': [], 'all their bytes': array([], dtype=uint8), \
'the byte where reading ended': 0}
    """
    items, stop = _pair(answer(contents.tobytes()), "the records' data and where reading ended")
    if not isinstance(items, list | tuple):
        raise NotAList(f"the first of the two is {_kind(items)}, not a list of bytes")
    for item in items:
        if not isinstance(item, bytes | bytearray):
            raise NotAList(f"an item of the list is {_kind(item)}, not bytes")
    if isinstance(stop, bool) or not isinstance(stop, int | np.integer):
        raise NotAPlace(f"the second of the two is {_kind(stop)}, not an int")
    return {
        "the number of records": len(items),
        "their lengths": [len(item) for item in items],
        "all their bytes": _numbers(b"".join(items)),
        "the byte where reading ended": int(stop),
    }


def _parsed_at_once(answer: Callable, serialized: bytes) -> tuple[Any, Any]:
    try:
        return _pair(answer(tf.constant(serialized)), "an image and a label")
    except tf.errors.InvalidArgumentError as error:
        if "Input to DecodeRaw has length" in error.message:
            raise SeveralBytes(f"your code stopped with {_first_line(error)}") from error
        if "Unknown image file format" in error.message:
            raise NoImageFile(f"your code stopped with {_first_line(error)}") from error
        name = re.search(r"Feature: (\S+) .*required but could not be found", error.message)
        if name:
            raise NoSuchFeature(f"the Example has no feature {name[1]!r}") from error
        raise


def _first_line(error: Exception) -> str:
    said = (str(error).strip().splitlines() or [""])[0]
    return f"{type(error).__name__}: {re.sub(r'{{function_node .*?}} ', '', said)}"


def picture_parsed(answer: Callable, image: NDArray, label: int) -> dict[str, Any]:
    """Call ``answer(serialized)`` on this image and label, at once, in graphs and in ``tf.data``.

    Examples
    --------
    >>> def unread(serialized):
    ...     return tf.zeros([2, 3]), tf.constant(7)
    >>> picture_parsed(unread, np.zeros((2, 3)), 7)["the dtypes"]
    'float32 and int32'
    """
    serialized = image_example(image.astype(np.uint8), label).SerializeToString()
    at_once = _parsed_at_once(answer, serialized)
    seen: dict[str, Any] = {"the image": at_once[0], "the label": at_once[1]}
    seen["the dtypes"] = " and ".join(np.asarray(part).dtype.name for part in at_once)
    places = {
        "a fresh graph": lambda: _run(answer, serialized, graphs.fresh()),
        "an ordinary graph": lambda: _run(answer, serialized, tf.Graph().as_default()),
        "tf.data": lambda: _mapped(answer, serialized),
    }
    for place, parse in places.items():
        try:
            image_there, label_there = parse()
        except Exception as error:
            stops = f"it stops with {_first_line(error)}"
            message = f"called at once your code works, but in {place} {stops}"
            raise FailsInAGraph(message) from error
        seen |= {f"the image in {place}": image_there, f"the label in {place}": label_there}
    return seen


def _run(answer: Callable, serialized: bytes, graph: Any) -> Any:
    with graph, quick_session() as session:
        given = tf1.placeholder(tf.string, [])
        return session.run(_pair(answer(given), "an image and a label"), {given: serialized})


def _mapped(answer: Callable, serialized: bytes) -> Any:
    # As in a graph, nothing is translated from Python.
    as_written = tf.autograph.experimental.do_not_convert(answer)
    data = tf.data.Dataset.from_tensors(serialized).map(as_written)
    return _pair(next(iter(data)), "an image and a label")
