"""The small mistakes whose behaviour is known, and which of them an answer behaves like."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from helpers.checks.mistakes.behaviour import behaviour, same
from helpers.checks.observe import Observation

FOLDER = Path(__file__).parent / "behaviours"
MOST = 3  # ways to say it; where there are more, nobody knows which


@cache
def read_known(lesson: str) -> dict[str, Any]:
    """Return what `course mistakes` wrote of a lesson: for each exercise a digest and mistakes."""
    path = FOLDER / f"{lesson}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def recognise(
    exercise: str, lesson: str, seen: Sequence[Observation], right: Sequence[Observation]
) -> str | None:
    """Return what the answer behaves as if it did, or None.

    Parameters
    ----------
    exercise, lesson : str
        Their names.
    seen, right : sequence of Observation
        What the answer, and what the reference does with each fixed case, in the same order.
    """
    mistakes = read_known(lesson).get(exercise, {}).get("mistakes", [])
    if not mistakes:
        return None
    found = [behaviour(each) for each in seen]
    wanted = [behaviour(each) for each in right]
    wrong = {str(i) for i, pair in enumerate(zip(found, wanted, strict=True)) if not same(*pair)}
    for words, cases in mistakes:
        if set(cases) == wrong and all(same(found[int(i)], cases[i]) for i in wrong):
            return f"your code behaves as if {', or as if '.join(words)}."
    return None
