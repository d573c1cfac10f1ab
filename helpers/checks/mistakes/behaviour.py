"""What an answer did with a case, short enough to be kept, exact enough to be recognised."""

from typing import Any

import numpy as np

from helpers.checks.compare import as_numbers
from helpers.checks.observe import Observation

# Of each array a few sums are kept, with weights that no order or sign of its elements repeats.
SUMS = 3
RTOL, ATOL = 1e-3, 1e-5

Behaviour = list[Any]


def behaviour(seen: Observation) -> Behaviour:
    """Return the form of an observation, as text, and numbers that go with it.

    Examples
    --------
    >>> behaviour(Observation(np.array([1.0, 2.0])))
    ['f(2,)', [1.0, 2.0]]
    >>> behaviour(Observation(["a", None]))
    ["['a' None]", []]
    """
    if seen.failure:
        return [f"stopped: {seen.failure.type_name}", []]
    form, numbers = _form(seen.value)
    if seen.changed_input:
        form += " argument changed"
    return [form, [float(f"{number:.6g}") for number in numbers]]


def _form(value: Any) -> tuple[str, list[float]]:
    numbers = as_numbers(value)
    if numbers is not None:
        kind = {"u": "i"}.get(numbers.dtype.kind, numbers.dtype.kind)
        flat = numbers.astype(float).ravel()
        finite = np.isfinite(flat)
        lost = "" if finite.all() else "".join(map(str, np.flatnonzero(~finite)[:9]))
        return f"{kind}{numbers.shape}{lost}", _sums(np.where(finite, flat, 0.0))
    if isinstance(value, list | dict):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        forms, all_numbers = [], []
        for key, item in items:
            form, some = _form(item)
            forms.append(f"{key}: {form}" if isinstance(value, dict) else form)
            all_numbers += some
        ends = "{}" if isinstance(value, dict) else "[]"
        return f"{ends[0]}{' '.join(forms)}{ends[1]}", all_numbers
    return repr(value)[:200], []


def _sums(flat: np.ndarray) -> list[float]:
    if flat.size <= SUMS:
        return flat.tolist()
    places = np.arange(1, flat.size + 1)
    return [float(flat @ np.cos(k * places**0.5 + k)) for k in range(1, SUMS + 1)]


def same(one: Behaviour, other: Behaviour) -> bool:
    """Return whether two behaviours are the same, but for rounding.

    Examples
    --------
    >>> same(["f(1,)", [0.5]], ["f(1,)", [0.5000001]]), same(["f(1,)", [0.5]], ["f(1,)", [0.51]])
    (True, False)
    """
    return one[0] == other[0] and np.allclose(one[1], other[1], rtol=RTOL, atol=ATOL)
