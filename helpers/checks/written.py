"""How a value is written in a sentence."""

import re
from typing import Any

import numpy as np


def written(value: Any) -> str:
    """Write a value as a learner would, an array as its numbers or, if it is large, as its shape.

    Examples
    --------
    >>> written([np.array([1.0, 2.5]), "a"])
    "[[1, 2.5], 'a']"
    >>> written(np.zeros((5, 5)))
    'an array of shape (5, 5)'
    """
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(written, value))}{',' if len(value) == 1 else ''})"
    if not isinstance(value, np.ndarray):
        return repr(value)
    if value.size > 12:
        return f"an array of shape {value.shape}"
    text = np.array2string(value, separator=", ", precision=3, floatmode="maxprec")
    text = re.sub(r"\.? ?(?=[],])", "", " ".join(text.split()).replace("[ ", "["))
    usual = value.dtype.kind not in "fiu" or value.dtype in (np.float64, np.int64)
    return text if usual else f"{text} ({value.dtype})"


def size_of(value: Any) -> int:
    """Return how much there is to read of a value.

    Examples
    --------
    >>> size_of([np.zeros(3), "a"])
    5
    """
    if isinstance(value, list | tuple):
        return 1 + sum(map(size_of, value))
    if isinstance(value, dict):
        return 1 + sum(map(size_of, value.values()))
    return int(np.size(value))
