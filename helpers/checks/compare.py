"""Compare a found plain value with the wanted one, layer by layer: type, shape, dtype, values."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.checks.plain import Foreign

# Relative and absolute tolerance by the lower precision (in bytes) of the two values. float64 may
# have passed through a float32 constant, such as a Keras optimizer's learning rate. The absolute
# one grows with the largest value of the array: what cancels there leaves its rounding here.
TOLERANCES = {2: (1e-2, 1e-3), 4: (1e-4, 1e-6), 8: (1e-6, 1e-8)}
_KINDS = {"b": "booleans", "i": "integers", "u": "integers", "f": "floating-point numbers"}


@dataclass(frozen=True)
class Difference:
    """The first layer in which two values differ, and a sentence about it.

    It `is_none` where None stands in the place of something else.
    """

    layer: str
    sentence: str
    largest: float | None = None
    is_none: bool = False


def describe(value: Any) -> str:
    """Say in a few words what a plain value is.

    Examples
    --------
    >>> describe(np.zeros((2, 3), dtype=np.float32))
    'an array of shape (2, 3) and dtype float32'
    """
    if isinstance(value, Foreign):
        return value.description
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        if value.shape == ():
            return f"the number {value:.6g}" if value.dtype.kind == "f" else f"the number {value}"
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    if isinstance(value, list):
        return f"a list or tuple of {len(value)}"
    if isinstance(value, dict):
        return f"a dict with the keys {_written(sorted(value))}"
    name = {bool: "bool", int: "number", float: "number", str: "str"}[type(value)]
    return f"the {name} {_written(value)}"


def _written(value: Any) -> str:
    try:
        text = repr(value)
    except ValueError:  # an int of more than 4300 digits
        return "of thousands of digits"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _is_numeric(value: Any) -> bool:
    if type(value) is int:
        return value.bit_length() < 64  # NumPy holds a longer one as a Python object
    return type(value) in (float, bool) or (
        isinstance(value, np.ndarray) and value.dtype.kind in "biuf"
    )


def as_numbers(value: Any) -> np.ndarray | None:
    """Return the value as an array of numbers, or None; lists of numbers count."""
    if _is_numeric(value):
        return np.asarray(value)
    if isinstance(value, list):
        try:
            array = np.array(value)
        except ValueError:
            return None
        return array if array.dtype.kind in "biuf" and array.size else None
    return None


def _precision(array: np.ndarray) -> int:
    return array.dtype.itemsize if array.dtype.kind == "f" else 8


def _pair(found: Any, wanted: Any) -> str:
    """Write two different numbers with as many digits as it takes to see it."""
    if np.asarray(found).dtype.kind != "f":
        return f"{found}; {wanted}"
    digits = next((d for d in (4, 6, 9) if f"{found:.{d}g}" != f"{wanted:.{d}g}"), 15)
    return f"{found:.{digits}g}; {wanted:.{digits}g}"


def _compare_numbers(found: np.ndarray, wanted: np.ndarray, where: str, exact: bool) -> Any:
    if found.shape != wanted.shape:
        return Difference(
            "shape", f"{where} has shape {found.shape}; shape {wanted.shape} was wanted."
        )
    kind_found, kind_wanted = (_KINDS[a.dtype.kind] for a in (found, wanted))
    if kind_found != kind_wanted:
        return Difference(
            "dtype", f"{where} holds {kind_found} ({found.dtype}); {kind_wanted} were wanted."
        )
    if not exact:
        return None
    if wanted.dtype.kind != "f":
        same = found == wanted
        tolerance = "exactly"
    else:
        rtol, atol = TOLERANCES[min(_precision(found), _precision(wanted), 8)]
        largest_wanted = np.max(np.abs(wanted), where=np.isfinite(wanted), initial=1)
        atol *= float(largest_wanted)
        same = np.isclose(found, wanted, rtol=rtol, atol=atol, equal_nan=True)
        tolerance = f"to a relative difference of {rtol:g}"
    if np.all(same):
        return None
    with np.errstate(all="ignore"):
        distance = np.abs(found.astype(float) - wanted.astype(float))
    largest = float(np.max(distance)) if np.all(np.isfinite(distance)) else None
    by = "" if largest is None else f", by {largest:.3g} at most"
    index = tuple(int(i) for i in np.argwhere(~same)[0]) if found.shape else ()
    if not index:
        return Difference(
            "values", f"{where} is {_pair(found, wanted)} was wanted, {tolerance}.", largest
        )
    place = ", ".join(map(str, index))
    count = int(np.size(same) - np.count_nonzero(same))
    return Difference(
        "values",
        f"{_element(where, place)} is {_pair(found[index], wanted[index])} was wanted. "
        f"{count} of {same.size} values differ{by} (compared {tolerance}).",
        largest,
    )


def _element(where: str, place: str) -> str:
    return f"element [{place}] of {where}" if " " in where else f"{where}[{place}]"


def _wrong_type(found: Any, wanted: str, where: str) -> Difference:
    sentence = f"{where} is {describe(found)}; {wanted} was wanted."
    return Difference("type", sentence, is_none=found is None)


def compare(found: Any, wanted: Any, where: str = "result", exact: bool = True) -> Any:
    """Return the first Difference between two plain values, or None.

    With ``exact=False`` (an answer with random values) numbers are compared in type, shape and
    dtype only. A list of numbers stands for an array, a Python number for a 0-d array; float32
    stands for float64 with a wider tolerance, an integer does not stand for a float.

    Examples
    --------
    >>> compare([0.5, 0.5], np.array([0.5, 0.5])) is None
    True
    >>> compare(np.array([1, 0]), np.array([0.5, 0.5])).layer
    'dtype'
    """
    if _is_numeric(wanted) and type(wanted) is not bool:
        numbers = as_numbers(found)
        if numbers is not None:
            return _compare_numbers(numbers, np.asarray(wanted), where, exact)
        kind = "a number" if np.shape(wanted) == () else "an array of numbers"
        return _wrong_type(found, kind, where)
    if isinstance(wanted, list):
        if isinstance(found, np.ndarray) and found.ndim:
            found = [np.asarray(item) for item in found]
        if not isinstance(found, list) or len(found) != len(wanted):
            return _wrong_type(found, describe(wanted), where)
        pairs = [
            (_element(where, str(i)), f, w)
            for i, (f, w) in enumerate(zip(found, wanted, strict=True))
        ]
    elif isinstance(wanted, dict):
        if not isinstance(found, dict) or set(found) != set(wanted):
            return _wrong_type(found, describe(wanted), where)
        # The probe's own keys are phrases, such as "the value after 3 runs".
        pairs = [(key, found[key], wanted[key]) for key in wanted]
    else:
        if isinstance(found, np.ndarray) and found.shape == () and found.dtype.kind == "b":
            found = bool(found)
        if type(found) is not type(wanted):
            kind = {str: "a str", bool: "True or False"}.get(type(wanted), "None")
            return _wrong_type(found, kind, where)
        if not np.array_equal(found, wanted):
            sentence = f"{where} is {_written(found)}; {_written(wanted)} was wanted."
            return Difference("values", sentence)
        return None
    for name, f, w in pairs:
        if difference := compare(f, w, name, exact):
            return difference
    return None
