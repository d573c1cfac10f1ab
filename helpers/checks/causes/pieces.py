"""Which pieces of a result are right: elements of a list, letters of a text."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from helpers.checks.causes.trial import Cause, Trial
from helpers.checks.compare import as_numbers

MOST = 5_000  # elements


def find_piece(trials: Sequence[Trial]) -> Cause | None:
    """Return what is right in wrong texts, or in wrong lists.

    Examples
    --------
    >>> trials = [Trial({}, text, text.lower(), True) for text in ("Loss", "Step")]
    >>> find_piece(trials).sentence
    'your result differs from the wanted text only in capital letters.'
    """
    failing = [trial for trial in trials if trial.wrong]
    if all(_is_row(t.found) and _is_row(t.wanted) for t in failing):
        return _of_lists([([*t.found], [*t.wanted]) for t in failing])
    if all(isinstance(t.found, str) and isinstance(t.wanted, str) for t in failing):
        texts = [(t.found, t.wanted) for t in failing]
        lists = [(f.split(", "), w.split(", ")) for f, w in texts]
        several = any(len(each) > 1 for pair in lists for each in pair)
        return (_of_lists(lists) if several else None) or _of_texts(texts)
    return None


def _key(value: Any) -> str:
    array = as_numbers(value)
    return repr(value if array is None else np.round(array.astype(float), 6).tolist())


def _is_row(value: Any) -> bool:
    return isinstance(value, list) or (isinstance(value, np.ndarray) and value.ndim == 1)


def _of_lists(lists: Sequence[tuple[list, list]]) -> Cause | None:
    if sum(len(w) for _, w in lists) > MOST:
        return None
    keys = [([*map(_key, f)], [*map(_key, w)]) for f, w in lists]
    if all(not f for f, _ in keys):
        return Cause("empty", "your result is empty.")
    if all(len(f) < len(w) and w[: len(f)] == f for f, w in keys):
        return Cause("stops", "your result begins as wanted, and stops too early.")
    if all(len(f) > len(w) and f[: len(w)] == w for f, w in keys):
        return Cause("goes_on", "your result begins as wanted, and goes on where it should end.")
    both = [(Counter(f), Counter(w)) for f, w in keys]
    if not any(set(f) & set(w) for f, w in both):
        return None
    if all(f == w for f, w in both):
        return Cause("order", "your result has the wanted elements in another order.")
    if all(set(f) == set(w) for f, w in both):
        more = all(f >= w for f, w in both)
        said = "more often than" if more else "not as often as"
        return Cause("repeated", f"your result has only wanted elements, but {said} wanted.")
    if all(f <= w for f, w in both):
        return Cause("lacking", "your result has only wanted elements, but some are missing.")
    if all(f >= w for f, w in both):
        return Cause("besides", "your result has all wanted elements, and others besides.")
    return None


def _of_texts(both: Sequence[tuple[str, str]]) -> Cause | None:
    if all(f.lower() == w.lower() for f, w in both):
        return Cause("case", "your result differs from the wanted text only in capital letters.")
    if all("".join(f.split()) == "".join(w.split()) for f, w in both):
        return Cause("spaces", "your result differs from the wanted text only in its spaces.")
    if all(f and w.startswith(f) for f, w in both):
        return Cause(
            "text_end", "your result is the beginning of the wanted text; its end is missing."
        )
    if all(f and w.endswith(f) for f, w in both):
        return Cause(
            "text_start", "your result is the end of the wanted text; its beginning is missing."
        )
    if all(f.startswith(w) for f, w in both):
        return Cause("text_more", "your result begins as wanted, and goes on where it should end.")
    if all(f.endswith(w) for f, w in both):
        return Cause("text_before", "your result ends as wanted; before that stands too much.")
    if all(len(f.split()) == len(w.split()) > 1 for f, w in both):
        places = [
            [i for i, (a, b) in enumerate(zip(f.split(), w.split(), strict=True)) if a != b]
            for f, w in both
        ]
        if all(len(each) == 1 for each in places):
            f, w = both[0]
            i = places[0][0]
            return Cause(
                "word", f"your result differs in one word: `{f.split()[i]}` for `{w.split()[i]}`."
            )
    return None
