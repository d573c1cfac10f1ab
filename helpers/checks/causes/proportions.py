"""Whether results are off by one number in each case, or in each of their rows or columns."""

from collections.abc import Sequence

import numpy as np

from helpers.checks.causes.trial import Cause, Trial, close, pairs

ENOUGH = 4  # elements that could have been different
_GROUPS = [
    ("element", None, "in each case"),
    ("row", 1, "for each row"),
    ("column", 0, "for each column"),
]


def find_proportion(trials: Sequence[Trial]) -> Cause | None:
    """Return that results differ by a sum or a factor that many of their elements share.

    Examples
    --------
    >>> wanted = [np.array([1.0, 2.5, 4.0]), np.array([3.0, -1.0, 2.0])]
    >>> find_proportion([Trial({}, w - w.mean(), w, True) for w in wanted]).sentence
    'all elements of your result are off by the same number, another in each case.'
    """
    values = pairs([trial for trial in trials if trial.wrong])
    if values is None or sum(found.size for found, _ in values) > 20_000:
        return None
    if any(not np.isfinite(each).all() for pair in values for each in pair):
        return None
    for group, axis, another in _GROUPS:
        if axis is not None and any(found.ndim != 2 for found, _ in values):
            continue
        free = sum(f.size - (1 if axis is None else f.shape[1 - axis]) for f, _ in values)
        if free < ENOUGH or any(w.size and np.ptp(w) == 0 for _, w in values):
            continue
        elements = (
            "elements of your result" if axis is None else f"elements of a {group} of your result"
        )
        if all(_shared(f - w, axis, np.max(np.abs(w), initial=1)) for f, w in values):
            return Cause("off", f"all {elements} are off by the same number, another {another}.")
        if all(_proportional(f, w, axis) for f, w in values):
            return Cause(
                "multiple",
                f"all {elements} are the wanted ones times one number, another {another}.",
            )
    return None


def _shared(difference: np.ndarray, axis: int | None, scale: float) -> bool:
    """Return whether differences are the same along an axis, up to rounding."""
    spread = np.ptp(difference, axis=axis) if difference.size else np.zeros(1)
    return bool(np.all(spread <= 1e-6 * scale))


def _proportional(found: np.ndarray, wanted: np.ndarray, axis: int | None) -> bool:
    product = np.sum(found * wanted, axis=axis, keepdims=True)
    square = np.sum(wanted**2, axis=axis, keepdims=True)
    if not found.any() or not np.all(square):
        return False
    return bool(close(found, product / square * wanted).all())
