"""`course mistakes`: how small mistakes in each answer behave, for checks to recognise them."""

import hashlib
import importlib
import inspect
import json
import os
import time
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from helpers.checks.mistakes import behaviour as behaviours
from helpers.checks.mistakes import mutants, words
from helpers.checks.mistakes.behaviour import Behaviour, behaviour, same
from helpers.checks.mistakes.known import FOLDER, MOST
from helpers.checks.mistakes.limit import TimeIsUp, time_limit
from helpers.checks.observe import Observation, call, observe
from helpers.cli.lessons import choose_lessons


def mistakes(root: Path, names: Sequence[str] = ()) -> None:
    """Write how the mistakes of the named lessons behave, or of all, where that is out of date."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before TensorFlow is imported
    from helpers.cli.answers import EXERCISES

    for lesson in choose_lessons(root, names):
        start = time.perf_counter()
        path = FOLDER / f"{lesson.name}.json"
        known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        own = [name for name, exercise in EXERCISES.items() if exercise.lesson == lesson.name]
        new = {name: known.get(name, {}) for name in own}
        for name in own:
            if new[name].get("digest") != digest(name):
                new[name] = {"digest": digest(name), "mistakes": collect(name)}
        outcome = "unchanged"
        if new != known and own:
            outcome = f"wrote {path.relative_to(root).as_posix()}"
            path.write_text(_dumps(new), encoding="utf-8")
        print(f"{lesson}: {outcome} ({time.perf_counter() - start:.1f} s)", flush=True)


def digest(name: str) -> str:
    """Return the digest of all that the behaviours of an exercise's mistakes depend on."""
    from helpers.checks import plain
    from helpers.cli.answers import EXERCISES, find_answer

    exercise = EXERCISES[name]
    probe = exercise.probe
    # A probe calls functions of its module; what calls the answer and no more stands by itself.
    text = inspect.getsource(probe if probe is call else importlib.import_module(probe.__module__))
    parts = [
        find_answer(name).cell.source,
        *(
            plain.dumps(plain.to_plain(list(case)))
            for part in exercise.parts
            for case in part.cases
        ),
        text,
        *map(inspect.getsource, (mutants, words, behaviours)),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def collect(name: str) -> list[list[Any]]:
    """Return the mistakes in an exercise's answer: words, and the behaviour in each wrong case.

    Left out are mutants that behave as the right answer does, that stop in the first case, where
    the error says more, and those behind whose behaviour too many mistakes may stand.
    """
    from helpers.cli.answers import EXERCISES, define, find_answer

    exercise, answer = EXERCISES[name], find_answer(name)
    if not exercise.exact:
        return []
    cases = [case for part in exercise.parts for case in part.cases]
    right = [behaviour(observe(exercise.reference, case, exercise.probe)) for case in cases]
    found: list[tuple[list[str], dict[str, Behaviour]]] = []
    for mutant in mutants.find_mutants(answer.cell.source, name):
        if mutant.words is None:
            continue
        try:
            with time_limit(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                changed = define(mutant.source, name, answer.seen)
                wrong = _wrong_cases((observe(changed, c, exercise.probe) for c in cases), right)
        except TimeIsUp:
            continue
        if not wrong:
            continue
        alike = [known_words for known_words, known in found if _all_same(known, wrong)]
        if not alike:
            found.append(([mutant.words], wrong))
        elif mutant.words not in alike[0]:
            alike[0].append(mutant.words)
    return [[words, wrong] for words, wrong in found if len(words) <= MOST]


def _wrong_cases(seen: Iterable[Observation], right: Sequence[Behaviour]) -> dict[str, Behaviour]:
    """Return the behaviour in each case where it is not right; nothing if the first case stops."""
    wrong: dict[str, Behaviour] = {}
    for i, (observation, wanted) in enumerate(zip(seen, right, strict=True)):
        does = behaviour(observation)
        if i == 0 and observation.failure:
            break
        if not same(does, wanted):
            wrong[str(i)] = does
    return wrong


def _all_same(one: dict[str, Behaviour], other: dict[str, Behaviour]) -> bool:
    return one.keys() == other.keys() and all(same(one[case], other[case]) for case in one)


def _dumps(known: dict[str, Any]) -> str:
    """Write a line for each mistake, so that a change of one is a change of one line."""
    lines = []
    for name, entry in known.items():
        each = ",\n".join(
            json.dumps(mistake, separators=(",", ":")) for mistake in entry["mistakes"]
        )
        lines.append(f'"{name}":{{"digest":"{entry["digest"]}","mistakes":[\n{each}\n]}}')
    return "{" + ",\n".join(lines) + "}\n"
