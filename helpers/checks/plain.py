"""Plain values: what an answer's result is reduced to before it is compared or sent.

Numbers, strings, None, NumPy arrays, and lists and dicts of them. They travel as JSON with arrays
as npy bytes, never as pickle: reading them cannot run code.
"""

import base64
import io
import json
from dataclasses import dataclass
from typing import Any

import numpy as np

LARGEST = 8 * 2**20  # bytes of an array, letters of a text: no exercise asks for one near it


@dataclass(frozen=True)
class Foreign:
    """A value that is not plain, of which only a description is kept."""

    description: str


def to_plain(value: Any) -> Any:
    """Reduce a value to plain data; eager tensors and variables become arrays.

    Examples
    --------
    >>> to_plain((1, np.float32(2)))
    [1, array(2., dtype=float32)]
    >>> to_plain(object())
    Foreign(description='an object of type object')
    >>> to_plain(np.zeros(20_000_000))
    Foreign(description='an array of shape (20000000,), too large to be looked at')
    """
    if type(value) is str and len(value) > LARGEST:
        return Foreign(f"a text of {len(value)} letters, too long to be looked at")
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, np.str_):
        return str(value)
    if isinstance(value, np.ndarray) and value.nbytes > LARGEST:
        # Copied, written and sent, it would take a kernel's memory and the time of the others.
        return Foreign(f"an array of shape {value.shape}, too large to be looked at")
    if isinstance(value, np.ndarray | np.generic):
        array = np.array(value, subok=False)
        return Foreign("an array of Python objects") if array.dtype.hasobject else array
    if type(value) in (list, tuple):
        return [to_plain(item) for item in value]
    if type(value) is dict:
        return {str(key): to_plain(item) for key, item in value.items()}
    if callable(getattr(value, "numpy", None)) and hasattr(value, "dtype"):
        try:
            return to_plain(np.asarray(value.numpy()))
        except (AttributeError, NotImplementedError, RuntimeError):
            pass
    if hasattr(value, "graph") and hasattr(value, "op"):
        return Foreign("a tensor of a graph, which has no value before session.run")
    if isinstance(value, type) or callable(value):
        return Foreign(
            f"the {'class' if isinstance(value, type) else 'function'} itself, not called"
        )
    return Foreign(f"an object of type {type(value).__name__}")


def _pack(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        buffer = io.BytesIO()
        np.save(buffer, value, allow_pickle=False)
        return {"npy": base64.b64encode(buffer.getvalue()).decode("ascii")}
    if isinstance(value, Foreign):
        return {"foreign": value.description}
    if isinstance(value, list):
        return [_pack(item) for item in value]
    if isinstance(value, tuple):  # of an argument; a result's tuples are lists
        return {"tuple": [_pack(item) for item in value]}
    if isinstance(value, dict):
        return {"dict": {key: _pack(item) for key, item in value.items()}}
    return value


def _unpack(value: Any) -> Any:
    if isinstance(value, list):
        return [_unpack(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "npy" in value:
        # Not np.load, which reads zip archives too.
        npy = io.BytesIO(base64.b64decode(value["npy"]))
        return np.lib.format.read_array(npy, allow_pickle=False)
    if "tuple" in value:
        return tuple(_unpack(value["tuple"]))
    if "foreign" in value:
        return Foreign(str(value["foreign"]))
    return {key: _unpack(item) for key, item in value["dict"].items()}


def dumps(value: Any) -> str:
    """Write a plain value as JSON text.

    Examples
    --------
    >>> loads(dumps({"probabilities": np.array([0.25, 0.75])}))
    {'probabilities': array([0.25, 0.75])}
    >>> loads(dumps([(3, 1), None]))
    [(3, 1), None]
    """
    return json.dumps(_pack(value))


def loads(text: str) -> Any:
    """Read a plain value from the JSON text of `dumps`.

    Raises
    ------
    ValueError
        If the text is not such a value.
    """
    try:
        return _unpack(json.loads(text))
    except Exception as error:  # whatever a broken or hostile text makes the two readers raise
        raise ValueError(f"not a plain value: {error}") from error
