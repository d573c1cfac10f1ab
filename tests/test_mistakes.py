"""An answer that behaves as a right one with a small mistake is told the mistake, in words."""

import numpy as np
import pytest

from helpers.checks.exercise import Exercise
from helpers.checks.judging import judge
from helpers.checks.mistakes.known import MOST, read_known, recognise
from helpers.checks.mistakes.mutants import find_mutants
from helpers.checks.observe import Observation
from helpers.cli.answers import EXERCISES, define
from helpers.cli.mistakes import collect, digest
from tests.exercises import each_exercise, run_here, with_fields


@each_exercise
def test_what_is_known_is_up_to_date(exercise: Exercise) -> None:
    known = read_known(exercise.lesson).get(exercise.name, {})
    assert known.get("digest") == digest(exercise.name), (
        f"the answer to {exercise.name}, its cases or its probe have changed. "
        f"Run: course mistakes {exercise.lesson}"
    )
    assert all(len(words) <= MOST for words, _ in known["mistakes"])


def test_what_is_known_is_what_the_mistakes_do() -> None:
    for name in ("softmax", "loss_gradient", "train_step"):
        assert read_known("10_softmax")[name]["mistakes"] == collect(name), name


# In other words than the course's own answer.
LOOP = """
import math
def softmax(scores):
    scores = np.asarray(scores, dtype=float)
    columns = scores.reshape(len(scores), -1)
    result = np.zeros(columns.shape)
    for j in range(columns.shape[1]):
        column = [math.exp(s - max(columns[:, j])) for s in columns[:, j]]
        for i, power in enumerate(column):
            result[i, j] = power / sum(column)
    return result.reshape(scores.shape)
"""


@pytest.mark.parametrize(
    ("right", "wrong", "cause"),
    [
        (
            "/ sum(column)",
            "/ (sum(column) / len(column))",
            "the mean were taken instead of the sum",
        ),
        ("power / sum(column)", "power * sum(column)", "multiplied that is to be divided"),
        ("power / sum(column)", "power / sum(column) + 0.01 * i", None),
    ],
)
def test_a_mistake_is_recognised_in_another_style(
    right: str, wrong: str, cause: str | None
) -> None:
    assert right in LOOP
    exercise = with_fields(EXERCISES["softmax"], misconceptions=())
    answer = define(LOOP.replace(right, wrong), "softmax", {"np": np})
    verdict = judge(exercise, run_here(exercise, answer))
    assert not verdict.passed
    explanations = [part.explanation for part in verdict.parts if not part.passed]
    if cause:
        assert any(cause in each for each in explanations)
    else:
        assert not any("behaves as if" in each for each in explanations)


def test_words_never_show_the_answer() -> None:
    source = "def f(x, y):\n    secret = np.exp(x) - y\n    return secret / np.sum(secret, axis=0)"
    for mutant in find_mutants(source, "f"):
        assert "secret" not in (mutant.words or "")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("return x + 1", "something were subtracted that is to be added"),
        ("return x / y", "the two sides of a quotient were exchanged"),
        ("return x / y", "nothing were divided in one place"),
        ("return -x", "a minus sign were left out"),
        ("return x < y", "a limit itself counted as well"),
        ("return x <= y", "a limit itself did not count"),
        ("return np.max(x)", "the minimum were taken instead of the maximum"),
        ("return np.exp(x)", "the exponential were left out"),
        ("return x.sum(axis=0)", "`axis` were 1"),
        ("return x.sum(axis=0)", "`axis` were None"),
        ("return x[1:]", "nothing were left out"),
        ("return x[:-1]", "nothing were left out"),
        ("return x[y]", "the element after the right one were taken"),
        ("return x.T", "a transposition were left out"),
        ("return x, y", "two parts were exchanged"),
        ("return np.dot(x, y)", "two arguments of a function were exchanged"),
        ("return x * x", "`y` stood in one place where `x` belongs"),
        ("x -= y\n    return x", "a step were left out: nothing were subtracted there"),
        ("if x: return y\n    return x", "a special case were not treated"),
        ("for i in range(x): y += i\n    return y", "a loop never ran"),
    ],
)
def test_changes_in_words(line: str, words: str) -> None:
    said = {mutant.words for mutant in find_mutants(f"def f(x, y):\n    {line}", "f")}
    assert words in said


def test_a_lesson_without_behaviours_says_nothing() -> None:
    assert recognise("none", "00_none", [Observation(1)], [Observation(2)]) is None
