"""What is said of a wrong answer that nobody foresaw is true of it, and said where it can be."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from helpers.checks.causes.conditions import find_condition
from helpers.checks.causes.experiments import NoValue
from helpers.checks.causes.search import find_cause
from helpers.checks.causes.trial import Trial, same
from helpers.checks.exercise import Exercise
from helpers.checks.judging import RANDOM_CASES, judge
from helpers.checks.observe import Failure, Observation, call, observe
from helpers.cli.answers import EXERCISES
from tests.exercises import each_exercise, run_here, with_fields

RNG = np.random.default_rng(3)
LINES = [{"x": RNG.normal(size=n)} for n in (3, 4, 5, 6, 7)]
TABLES = [{"x": RNG.normal(size=size)} for size in [(2, 3), (4, 2), (3, 5), (5, 4)]]
PAIRS = [{"x": RNG.normal(size=n), "by": by} for n, by in [(3, 2.0), (4, 0.5), (5, 3.0), (6, 1.5)]]
COUNTS = [{"n": n, "step": step} for n, step in [(4, 2), (5, 2), (6, 3), (7, 3), (9, 3), (8, 3)]]


def said(answer: Callable, right: Callable, cases: list[dict[str, Any]]) -> str:
    """Return what is said of an answer to a function that is right, '' for nothing."""

    def value(function: Callable) -> Callable:
        def run(arguments: tuple) -> Any:
            seen = observe(function, arguments)
            if seen.failure:
                raise NoValue
            return seen.value

        return run

    trials = []
    for case in cases:
        found, wanted = (observe(function, tuple(case.values())) for function in (answer, right))
        wrong = bool(found.failure) or not same(found.value, wanted.value)
        trials.append(Trial(case, found.value, wanted.value, wrong, bool(found.failure)))
    cause = find_cause(trials, trials, value(answer), value(right))
    return cause.sentence if cause else ""


@pytest.mark.parametrize(
    ("answer", "right", "cases", "words"),
    [
        # A quantity of the arguments makes the difference.
        (lambda x: x**3 + x, lambda x: x**3, LINES, "the wanted one plus `x`"),
        (lambda x: np.sin(x) - x.mean(), np.sin, LINES, "less the mean of `x`"),
        (lambda x, by: x * by, lambda x, by: np.exp(x * by), PAIRS, "is `x * by`"),
        # An argument is not used, or in another way.
        (lambda x, by: np.sin(x), lambda x, by: np.sin(x) ** by, PAIRS, "where `by` alone was"),
        (
            lambda x, by: np.sin(x) + by**3,
            lambda x, by: np.sin(x) + np.cos(by),
            PAIRS,
            "Look at what you do with `by`",
        ),
        # The wrong elements stand somewhere.
        (lambda x: np.maximum(x, 0), np.array, LINES, "it never falls below 0"),
        (
            lambda x: np.where(x < 0, -1.5 * np.exp(x), np.exp(x)),
            np.exp,
            LINES,
            "right except where `x` is negative",
        ),
        (lambda x: np.triu(np.sin(x)) + 7 * np.tril(x, -1), np.sin, TABLES, "below its diagonal"),
        (lambda x: np.append(np.sin(x[:-1]), x.sum()), np.sin, LINES, "in its last element"),
        (lambda x: np.round(x) // 1, np.array, TABLES, "rounded to integers"),
        (lambda x: np.log(np.where(x < 0, 0, np.exp(x))), np.array, LINES, "nan or infinite"),
        # The results are off by a shared number.
        (lambda x: x - x.max(axis=0), np.array, TABLES, "less the largest of `x` along axis 0"),
        (lambda x: np.sin(x) * (3 + x[:, :1] ** 3), np.sin, TABLES, "a row of your result are the"),
        # A change reaches too far, or not far enough.
        (
            lambda x: np.tanh(x) + np.prod(np.cos(x)) * x**2,
            lambda x: np.tanh(x) + x**4,
            LINES,
            "changed that it should not have reached",
        ),
        # Shapes, texts and lists.
        (lambda x: np.outer(x, x), lambda x: np.sin(x), LINES, "one axis more"),
        (lambda n, step: "Loss", lambda n, step: "loss", COUNTS, "only in capital letters"),
        (
            lambda n, step: [*"abcdefgh"[: n - step]],
            lambda n, step: [*"abcdefgh"[:n]],
            COUNTS,
            "stops too early",
        ),
        (
            lambda n, step: {"path": n * 1.5, "steps": n % step},
            lambda n, step: {"path": n * 1.5, "steps": n // step},
            COUNTS[:2],
            "only `steps` differs",
        ),
        # Nothing simple.
        (lambda x: np.sort(np.sin(x)) + np.cumsum(x) ** 2, np.tan, LINES[:1], ""),
    ],
)
def test_what_is_said(answer: Callable, right: Callable, cases: list, words: str) -> None:
    sentence = said(answer, right, cases)
    assert words in sentence if words else sentence == "", sentence


def test_what_does_not_change_has_not_changed_in_the_right_way() -> None:
    def answer(x: Any, by: float) -> dict[str, Any]:
        return {"sine": np.sin(x), "runs": by**2 + 1}

    def right(x: Any, by: float) -> dict[str, Any]:
        return {"sine": np.sin(x), "runs": by + 3}

    assert "only `runs` differs" in said(answer, right, PAIRS)


def test_something_is_kept_between_calls() -> None:
    kept: list[float] = []

    def answer(x: Any) -> Any:
        kept.append(float(x.sum()))
        return np.sin(x) + sum(kept)

    assert "from one call to the next" in said(answer, np.sin, LINES)


def test_elements_that_were_never_set_may_be_others_the_next_time() -> None:
    """Of large arrays, which are written as their shapes, it is not said that they are others."""
    memory = iter(range(1000))

    def answer(x: Any) -> Any:
        result = np.full(50, float(next(memory)))  # as np.empty may give it
        result[: len(x)] = x
        return result

    sentence = said(answer, lambda x: np.resize(x, 50), LINES)
    assert sentence.startswith("called again with the same arguments, your function gives another")
    assert sentence.endswith("or returns elements of an `np.empty` that it never set.")


def test_a_right_case_tells_too_that_something_is_kept_between_calls() -> None:
    kept: list[Any] = []

    def answer(x: Any) -> Any:
        kept.append(x)
        return np.sin(x[:2]) if len(kept) < 3 else None

    sentence = said(answer, lambda x: np.sin(x[:2]), LINES)
    assert "called again with the same arguments, your function gives None; the first" in sentence


def test_a_function_that_draws_from_what_it_is_given_keeps_nothing() -> None:
    """What differs from call to call for the right answer too says nothing."""
    drawn = np.random.default_rng(0)

    def answer(x: Any) -> Any:
        return x + drawn.normal()

    def right(x: Any) -> Any:
        return x - drawn.normal()

    assert "from one call to the next" not in said(answer, right, LINES)


@pytest.mark.parametrize(
    ("fails", "words"),
    [
        (lambda n, step: n % step, "`n` is no multiple of `step`"),
        (lambda n, step: step == 2, ""),  # two cases of it are no evidence
        (lambda n, step: n == 9, ""),
    ],
)
def test_which_cases_fail(fails: Callable, words: str) -> None:
    trials = [Trial(case, 0, 1, bool(fails(**case))) for case in COUNTS]
    cause = find_condition(trials)
    assert words in cause.sentence if cause else not words


def test_a_single_case_that_fails_stands_apart() -> None:
    lists = [[1.5, 2.0], [], [3.0, 0.5, 1.0], [2.5, 4.0], [1.0, 7.0, 2.0]]
    cause = find_condition([Trial({"x": x}, 0, 1, not x) for x in lists])
    assert cause
    assert cause.sentence.startswith("it fails in the only case in which `x` is empty")


def test_what_only_one_case_has_is_not_said_where_it_may_be_either_of_two_things() -> None:
    lists = [np.ones(n) for n in range(2, 7)]
    images = np.zeros((2, 2, 2))
    assert not find_condition([Trial({"x": x}, 0, 1, x is images) for x in [*lists, images]])


def test_a_weak_condition_needs_more_cases() -> None:
    def said(others: int) -> bool:
        numbers = [*range(1, 21, 2), *range(2, 2 + 2 * others, 2)]
        return bool(find_condition([Trial({"n": n}, 0, 1, n % 2 == 1) for n in numbers]))

    assert said(others=10)
    assert not said(others=4)


def test_of_all_that_an_answer_returns_it_is_not_said_that_it_alone_differs() -> None:
    def answer(x: Any, by: float) -> dict[str, Any]:
        return {"the result": [np.sin(x), by**2 + 1], "the number of runs": 1}

    def right(x: Any, by: float) -> dict[str, Any]:
        return {"the result": "sine", "the number of runs": 1}

    assert "only" not in said(answer, right, PAIRS)


def test_what_the_cases_have_in_common_has_to_hold_for_others() -> None:
    trials = [
        Trial(case, case["n"], case["step"], bool(case["n"] % case["step"])) for case in COUNTS
    ]

    def unable(arguments: tuple) -> Any:
        raise NoValue

    def with_fresh(wrong: bool) -> str:
        fresh = Trial({"n": 11, "step": 4}, 0, 1, wrong)
        cause = find_cause(trials, trials, unable, unable, lambda: [fresh])
        return cause.sentence if cause else ""

    assert "`n` is no multiple of `step`" in with_fresh(wrong=True)
    assert "multiple" not in with_fresh(wrong=False)


def test_an_answer_that_does_not_come_back_is_not_tried_again() -> None:
    exercise = with_fields(EXERCISES["softmax"], misconceptions=())
    number = sum(len(part.cases) + RANDOM_CASES for part in exercise.parts)
    given: list[tuple] = []
    waits: list[tuple] = []

    def once(case: tuple) -> Observation:
        if len(given) < number:
            given.append(case)
            return Observation(np.sin(case[0]) * np.arange(1, len(case[0]) + 1).sum())
        waits.append(case)
        return Observation(failure=Failure("Timeout", "too long"))

    assert not judge(exercise, lambda cases: map(once, cases)).passed
    assert len(waits) == 1


@each_exercise
def test_every_wrong_answer_gets_a_verdict(exercise: Exercise) -> None:
    """As if nobody had foreseen it: whatever the values are, the search comes to an end."""
    if exercise.probe is not call:
        return  # to build graphs takes long
    bare = with_fields(exercise, misconceptions=())
    for wrong in exercise.misconceptions:
        verdict = judge(bare, run_here(bare, wrong))
        first = next(part for part in verdict.parts if not part.passed)
        assert "helpers." not in first.explanation
        assert first.explanation == "" or first.explanation.endswith(".")


def test_names_of_arguments_are_those_of_the_exercise() -> None:
    exercise = with_fields(EXERCISES["train_step"], misconceptions=())
    names = [*inspect.signature(exercise.reference).parameters]

    def fixed_rate(*arguments: Any) -> Any:
        return exercise.reference(*arguments[:-1], 0.1)

    verdict = judge(exercise, run_here(exercise, fixed_rate))
    assert f"where `{names[-1]}` alone was changed, your result stayed the same" in str(verdict)
