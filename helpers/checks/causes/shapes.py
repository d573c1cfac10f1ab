"""What is wrong with the shape of results, where their numbers cannot be compared."""

from collections.abc import Mapping, Sequence
from typing import Any

from helpers.checks.causes.trial import Cause, Trial
from helpers.checks.compare import as_numbers


def find_shape(trials: Sequence[Trial]) -> Cause | None:
    """Return what the shapes of all results of a wrong shape have in common.

    Examples
    --------
    >>> import numpy as np
    >>> trials = [Trial({"x": np.ones((n, 2))}, np.ones((n, 2)), np.ones(n), True) for n in (3, 4)]
    >>> find_shape(trials).sentence
    'your result has the shape of `x`; one axis less was wanted.'
    """
    shapes = [(_shape(t.found), _shape(t.wanted), t.arguments) for t in trials if t.wrong]
    if not shapes or any(f is None or w is None for f, w, _ in shapes):
        return None
    different = [(f, w, arguments) for f, w, arguments in shapes if f != w]
    if not different:
        return None
    for name, sentence in _said(different):
        return Cause(name, f"your result {sentence}.")
    return None


def _shape(value: Any) -> tuple | None:
    array = as_numbers(value)
    return None if array is None else array.shape


def _said(different: Sequence[tuple[Any, Any, Mapping[str, Any]]]) -> Any:
    pairs = [(f, w) for f, w, _ in different]
    axes = {len(f) - len(w) for f, w in pairs}
    count = {1: "one axis less was wanted", -1: "one axis more was wanted", 0: "another was wanted"}
    for name in different[0][2]:
        if all(f and _shape(a.get(name)) == f for f, _, a in different):
            wanted = count.get(min(axes), count[0]) if len(axes) == 1 else count[0]
            yield "shape_argument", f"has the shape of `{name}`; {wanted}"
    if all(f == () for f, _ in pairs):
        yield (
            "shape_number",
            "is a single number, where an array was wanted: an axis too many is gone",
        )
    if all(len(w) == 2 and f == w[::-1] for f, w in pairs):
        yield "shape_exchanged", "has as many rows as columns were wanted, and the reverse"
    if all(
        len(f) > len(w) and tuple(n for n in f if n != 1) == tuple(n for n in w if n != 1)
        for f, w in pairs
    ):
        yield "shape_kept", "has an axis of length 1 that was not wanted"
    if all(
        len(f) < len(w) and tuple(n for n in f if n != 1) == tuple(n for n in w if n != 1)
        for f, w in pairs
    ):
        yield "shape_lost", "lacks an axis of length 1 that was wanted"
    if all(len(f) == len(w) == 1 for f, w in pairs):
        more = {f[0] - w[0] for f, w in pairs}
        if len(more) == 1 and len(pairs) > 1:
            by = more.pop()
            long = "many" if by > 0 else "few"
            elements = "element" if abs(by) == 1 else "elements"
            yield "shape_length", f"has always {abs(by)} {elements} too {long}"
    if axes == {1}:
        yield "shape_axis_more", "has one axis more than the wanted one"
    if axes == {-1}:
        yield "shape_axis_less", "has one axis less than the wanted one"
    if all(len(f) == len(w) for f, w in pairs):
        wrong = [{i for i, (a, b) in enumerate(zip(f, w, strict=True)) if a != b} for f, w in pairs]
        if len(set(map(frozenset, wrong))) == 1 and len(pairs[0][0]) > 1:
            along = " and ".join(map(str, sorted(wrong[0])))
            more = {f[i] - w[i] for (f, w), at in zip(pairs, wrong, strict=True) for i in at}
            by = ""
            if len(more) == 1 and len(pairs) > 1:
                n = more.pop()
                by = f": {abs(n)} too {'many' if n > 0 else 'few'}"
            yield "shape_along", f"has the wrong length along axis {along}{by}"
