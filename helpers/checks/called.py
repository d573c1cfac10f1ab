"""What an answer calls of its lesson's earlier answers: a mistake is paid for once."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from helpers.checks.judging import LEARNERS_SEED, Run, judge
from helpers.checks.verdict import Verdict

if TYPE_CHECKING:  # an exercise judges answers itself, and imports this
    from helpers.checks.exercise import Exercise

# Given an exercise, and those whose references are to stand in the places of the answers to them,
# returns what runs its answer on cases.
Runner = Callable[["Exercise", Sequence["Exercise"]], Run]


def judge_apart(
    exercise: Exercise,
    runner: Runner,
    text_of: Callable[[str], str],
    seed: int = LEARNERS_SEED,
    known: Mapping[str, Verdict] = MappingProxyType({}),
) -> Verdict:
    """Judge an answer; where answers that it calls are wrong, with the references in their places.

    Parameters
    ----------
    exercise, seed
        As for `judge`.
    runner : callable
        See `Runner`.
    text_of : callable
        Returns the text of the notebook's function of this name, or an empty one.
    known : mapping of str to Verdict, optional
        Of other exercises' answers, by name, where they have been judged.
    """

    def is_right(other: Exercise) -> bool:
        verdict = known.get(other.name) or judge(other, runner(other, ()), seed=seed)
        return verdict.passed and not verdict.not_yet

    wrong = [other for other in _called(exercise, text_of) if not is_right(other)]
    verdict = judge(exercise, runner(exercise, wrong), seed)
    return replace(verdict, not_yet=[other.name for other in wrong])


def _called(exercise: Exercise, text_of: Callable[[str], str]) -> list[Exercise]:
    """Return the exercises of the same lesson whose answers this one calls, directly or not."""
    seen = [exercise.name]
    for name in seen:
        seen += [other for other in _names(text_of(name)) if other not in seen]
    others = exercise.neighbours
    # A sandbox cannot import the exercises, and grader and learner judge alike.
    return [
        others[name]
        for name in seen[1:]
        if name in others and not others[name].reference.__module__.startswith("helpers.exercises.")
    ]


def _names(source: str) -> list[str]:
    """Return the names that a text reads and does not bind itself."""
    try:
        nodes = [*ast.walk(ast.parse(textwrap.dedent(source)))]
    except SyntaxError:
        return []
    own = {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    names = (node.id for node in nodes if isinstance(node, ast.Name) and node.id not in own)
    return [*dict.fromkeys(names)]


@lru_cache(maxsize=8)  # asked for each answer of a notebook
def texts_in(notebook: str) -> Mapping[str, str]:
    r"""Return the text of each function and class that a notebook defines, by name.

    Examples
    --------
    >>> texts_in("def f(x): return g(x)\ng = lambda x: x\nh = 1")
    {'f': 'def f(x):\n    return g(x)', 'g': 'g = lambda x: x'}
    """
    try:
        statements = ast.parse(notebook).body
    except SyntaxError:
        return {}
    texts: dict[str, str] = {}
    for statement in statements:
        match statement:
            case (
                ast.FunctionDef(name=name)
                | ast.ClassDef(name=name)
                | ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda())
            ):
                texts[name] = f"{texts.get(name, '')}\n{ast.unparse(statement)}".strip()
    return texts
