"""A mistake in an earlier answer is paid for once, and does not make a later one right."""

import ast
from typing import Any

import jupytext
import pytest

from helpers.checks.called import judge_apart
from helpers.checks.exercise import Exercise
from helpers.checks.judging import Run
from helpers.checks.observe import Observation, in_place, observe
from helpers.checks.verdict import Verdict
from helpers.cli.answers import EXERCISES, define, exercise_name, is_answer
from tests.lessons import LESSONS

SETUP = "import numpy as np\n"
SOFTMAX = """def softmax(scores):
    powers = np.exp(scores - np.max(scores, axis=0))
    return powers / powers.sum(axis=0)
"""
NOT_DIVIDED = SOFTMAX.replace(" / powers.sum(axis=0)", "")
NOT_ATTEMPTED = "def softmax(scores):\n    raise NotImplementedError()\n"
GRADIENT = """def loss_gradient(scores, labels):
    slope = softmax(scores)
    slope[labels, np.arange(len(labels))] -= 1
    return slope / len(labels)
"""
DIVIDES = GRADIENT.replace(
    "slope = softmax(scores)", "slope = softmax(scores)\n    slope /= slope.sum(axis=0)"
)


def judged(name: str, *answers: str) -> Verdict:
    """Judge the answer `name` of a notebook with these cells, as a learner's check does."""
    names: dict[str, Any] = {}
    texts = {}
    exec(SETUP, names)
    for source in answers:
        own = ast.parse(source).body[0].name  # type: ignore[attr-defined]
        names[own] = define(source, own, names)
        names[own].__globals__.update(names)
        texts[own] = source

    def run(exercise: Exercise, others: Any) -> Run:
        references = {other.name: other.reference for other in others}

        def once(case: tuple) -> Observation:
            with in_place(names[exercise.name], references):
                return observe(names[exercise.name], case, exercise.probe)

        return lambda cases: map(once, cases)

    return judge_apart(EXERCISES[name], run, lambda name: texts.get(name, ""))


def test_a_right_answer_that_calls_a_wrong_one_earns_its_points() -> None:
    verdict = judged("loss_gradient", NOT_DIVIDED, GRADIENT)
    assert verdict.points == 2
    assert (
        str(verdict) == "loss_gradient: correct (2 points); what it calls, `softmax`, is not yet."
    )
    assert verdict.record()["not_yet"] == ["softmax"]


def test_an_answer_that_is_not_attempted_is_no_mistake_of_the_next() -> None:
    assert judged("loss_gradient", NOT_ATTEMPTED, GRADIENT).passed


def test_what_works_only_with_a_wrong_answer_earns_nothing() -> None:
    transposed = SOFTMAX.replace("return powers", "return -powers")
    undone = GRADIENT.replace("softmax(scores)", "-softmax(scores)")
    verdict = judged("loss_gradient", transposed, undone)
    assert verdict.points == 0
    assert "tried with a right `softmax`" in str(verdict)


def test_a_wrong_answer_stays_wrong() -> None:
    verdict = judged("loss_gradient", NOT_DIVIDED, GRADIENT.replace(" / len(labels)", ""))
    assert verdict.points < 2
    assert "loss_gradient" in str(verdict) or "one sample" in str(verdict)


def test_right_answers_are_not_mentioned() -> None:
    assert str(judged("loss_gradient", SOFTMAX, GRADIENT)) == "loss_gradient: correct (2 points)."


def test_what_a_right_answer_gives_back_in_another_form_is_kept() -> None:
    """The course's own softmax gives back an array, which has no `numpy`."""
    tensor = (
        SOFTMAX.replace("return", "import tensorflow as tf\n    return tf.constant(").rstrip()
        + ")\n"
    )
    assert judged(
        "loss_gradient", tensor, GRADIENT.replace("softmax(scores)", "softmax(scores).numpy()")
    ).passed


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_what_answers_call_can_be_replaced_in_a_sandbox(lesson: Any) -> None:
    """A sandbox shows the mathematics rooms, and nothing of `helpers.exercises`."""
    cells = [cell for cell in jupytext.read(lesson.text).cells if is_answer(cell)]
    names = {exercise_name(cell) for cell in cells}
    for cell in cells:
        used = {n.id for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Name)}
        for name in (used & names) - {exercise_name(cell)}:
            module = EXERCISES[name].reference.__module__
            assert not module.startswith("helpers.exercises."), name
