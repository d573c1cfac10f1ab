"""What an exercise is: data, which called in a notebook checks an answer."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from helpers.checks import observe as observing
from helpers.checks import record
from helpers.checks.called import judge_apart
from helpers.checks.forbidden import is_theirs
from helpers.checks.judging import Run
from helpers.checks.observe import Observation, in_place, observe
from helpers.checks.verdict import show


@dataclass(frozen=True)
class Part:
    """A part of an exercise that earns points of its own.

    Attributes
    ----------
    name : str
        What the part asks for, in a few words; the verdict names it.
    points : int
        What it earns when all its cases hold.
    cases : sequence of tuple
        Arguments of the fixed cases.
    random_case : callable, optional
        Given a `numpy.random.Generator`, returns the arguments of a new case.
    """

    name: str
    points: int
    cases: Sequence[tuple] = ()
    random_case: Callable[[np.random.Generator], tuple] | None = None


@dataclass(frozen=True)
class Exercise:
    """An exercise as data: what is asked, how answers are tried, and how they go wrong.

    Attributes
    ----------
    name : str
        The answer's name in the lesson and its grade id.
    lesson : str
        Such as ``"10_softmax"``.
    reference : callable
        A right answer: from the mathematics rooms, or slow and obvious.
    parts : sequence of Part
        What is tried; points are earned by part.
    misconceptions : sequence of callable
        Wrong answers as code. The function's name is the misconception's id, its docstring the
        sentence that an answer earns which gives the same results.
    also_right : sequence of callable
        Right answers in another style; the tests see that they pass.
    hints : sequence of str
        From a nudge to nearly the answer.
    probe : callable, optional
        ``probe(answer, *arguments)`` runs the answer and returns plain values; calls it by default.
        Its text travels to the answer's process: it must import what it needs by itself.
    properties : sequence of callable, optional
        ``rule(arguments, value)`` returns a sentence if the result breaks the rule, else None.
    forbidden : mapping of str to str, optional
        What an answer must not use, as `watched` takes it, to the sentence why.
    exact : bool, optional
        False where right answers differ in their random values: these are then held to type,
        shape, dtype and the properties only.
    """

    name: str
    lesson: str
    reference: Callable
    parts: Sequence[Part]
    misconceptions: Sequence[Callable]
    also_right: Sequence[Callable]
    hints: Sequence[str]
    probe: Callable = observing.call
    properties: Sequence[Callable[[tuple, Any], str | None]] = ()
    forbidden: Mapping[str, str] = field(default_factory=dict)
    exact: bool = True

    def __post_init__(self) -> None:
        """Make the exercise known by its name, for `hint`."""
        EXERCISES[self.name] = self

    @property
    def points(self) -> int:
        """All points that the exercise can earn."""
        return sum(part.points for part in self.parts)

    @property
    def neighbours(self) -> "dict[str, Exercise]":
        """The other exercises of its lesson, by name."""
        return {
            name: other
            for name, other in EXERCISES.items()
            if other.lesson == self.lesson and name != self.name
        }

    @property
    def refused(self) -> Mapping[str, str]:
        """What an answer must not use: what is forbidden, and the course's own answer."""
        module, name = self.reference.__module__, self.reference.__qualname__
        if not module.startswith("helpers.") or module.startswith("helpers.exercises."):
            return self.forbidden
        own = f"The exercise is to write this yourself; `{module}.{name}` is the answer."
        return {f"{module}.{name}": own, **self.forbidden}

    def __call__(self, answer: Any) -> None:
        """Check an answer in a notebook: show the verdict, raise unless it is right."""
        known = getattr(answer, "__globals__", {})

        def run(exercise: Exercise, others: Sequence[Exercise]) -> Run:
            tried = answer if exercise is self else known.get(exercise.name)
            references = {other.name: other.reference for other in others}

            def once(case: tuple) -> Observation:
                with in_place(tried, references):
                    return observe(
                        tried, case, exercise.probe, exercise.refused, references.values()
                    )

            return lambda cases: map(once, cases)

        def text_of(name: str) -> str:
            function: Any = answer if name == self.name else known.get(name)
            try:
                return inspect.getsource(function) if is_theirs(function) else ""
            except (OSError, TypeError):
                return ""

        verdict = judge_apart(self, run, text_of)
        record.keep(verdict)
        show(verdict)


EXERCISES: dict[str, Exercise] = {}
_hints_given: dict[str, int] = {}


def hint(name: str) -> None:
    """Print the next hint for the exercise of this name.

    Raises
    ------
    ValueError
        If there is no such exercise in the lesson's unit.
    """
    if name not in EXERCISES:
        raise ValueError(f"There is no exercise {name!r} here; there are: {', '.join(EXERCISES)}.")
    hints = EXERCISES[name].hints
    number = min(_hints_given.get(name, 0) + 1, len(hints))
    _hints_given[name] = number
    last = " (the last one)" if number == len(hints) else ""
    print(f"Hint {number} of {len(hints)}{last}: {hints[number - 1]}")
