"""Every exercise, found by itself: right answers pass, and wrong ones learn why they are wrong."""

import ast
import inspect
import itertools
from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

import pytest
from nbformat.v4 import new_notebook
from nbgrader.preprocessors import ClearSolutions
from traitlets.config import PyFileConfigLoader

from helpers.checks.exercise import Exercise
from helpers.checks.judging import LEARNERS_SEED, judge
from helpers.checks.observe import call, observe
from helpers.checks.verdict import Verdict
from helpers.cli.answers import EXERCISES, define, find_answer
from tests.exercises import each_exercise, judge_here, run_here, with_fields
from tests.lessons import ROOT

# To build a graph for every case takes a second a seed, so probes of graphs are given a few.
FRESH_SEEDS, FEW_SEEDS = range(20), range(3)


def has_random_cases(exercise: Exercise) -> bool:
    """Return whether a seed makes a difference."""
    return any(part.random_case for part in exercise.parts)


each_misconception = pytest.mark.parametrize(
    ("exercise", "wrong", "seed"),
    [
        pytest.param(
            exercise,
            wrong,
            seed,
            id=f"{exercise.name}-{wrong.__name__}-{seed}",
            marks=pytest.mark.xdist_group(exercise.lesson),
        )
        for exercise in EXERCISES.values()
        for wrong in exercise.misconceptions
        for seed in [LEARNERS_SEED, *(FEW_SEEDS if has_random_cases(exercise) else ())]
    ],
)


def sentence_of(wrong: Callable) -> str:
    return " ".join((wrong.__doc__ or "").split())


@cache
def solution(name: str) -> Callable:
    answer = find_answer(name)
    return define(answer.cell.source, name, answer.seen)


@cache
def released(name: str) -> str:
    """Return the answer's cell as nbgrader releases it."""
    settings = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    notebook = new_notebook(cells=[find_answer(name).cell.copy()])
    cleared, _ = ClearSolutions(config=settings).preprocess(notebook, {})
    return cleared.cells[0].source


def as_a_learner_s(function: Callable) -> Callable:
    """Return a function of the exercises as if it stood in a notebook."""
    code = function.__code__.replace(co_filename=f"<answer {function.__name__}>")
    own = (function.__globals__, function.__name__, function.__defaults__, function.__closure__)
    return FunctionType(code, *own)


def assert_passes(verdict: Verdict) -> None:
    assert verdict.points == verdict.max_points, str(verdict)


def test_there_are_exercises() -> None:
    assert EXERCISES


@each_exercise
def test_names_are_the_course_s(exercise: Exercise) -> None:
    same = [e.lesson for e in EXERCISES.values() if e.name == exercise.name]
    assert len(same) == 1, f"{exercise.name} is the name of exercises in {same}"


# Right answers


@each_exercise
def test_reference_passes(exercise: Exercise) -> None:
    assert_passes(judge_here(exercise, exercise.reference))


@each_exercise
def test_solution_of_the_lesson_passes(exercise: Exercise) -> None:
    assert_passes(judge_here(exercise, solution(exercise.name)))


@each_exercise
def test_right_answers_in_another_style_pass(exercise: Exercise) -> None:
    assert len(exercise.also_right) >= 2, "write down two right answers in another style"
    for answer in exercise.also_right:
        assert_passes(judge_here(exercise, answer))
        for part in exercise.parts:
            case, rules = part.cases[0], exercise.forbidden
            assert observe(as_a_learner_s(answer), case, exercise.probe, rules).used is None


@each_exercise
def test_right_answers_pass_with_fresh_random_cases(exercise: Exercise) -> None:
    if not has_random_cases(exercise):
        return  # each run tries the same fixed cases
    for answer in [exercise.reference, solution(exercise.name), *exercise.also_right]:
        for seed in FRESH_SEEDS if exercise.probe is call else FEW_SEEDS:
            verdict = judge_here(exercise, answer, seed=seed)
            assert verdict.passed, f"{answer.__name__} with seed {seed}: {verdict}"


# Not attempted


@each_exercise
def test_released_answer_is_not_attempted(exercise: Exercise) -> None:
    stub = released(exercise.name)
    assert "raise NotImplementedError()" in stub
    answer = define(stub, exercise.name, find_answer(exercise.name).seen)
    verdict = judge_here(exercise, answer)
    assert {part.status for part in verdict.parts} == {"not attempted"}
    assert verdict.points == 0
    assert str(verdict).startswith(f"{exercise.name}: not attempted yet.")


# Wrong answers


@each_exercise
def test_three_misconceptions_with_sentences_of_their_own(exercise: Exercise) -> None:
    sentences = {sentence_of(wrong) for wrong in exercise.misconceptions}
    assert len(exercise.misconceptions) >= 3
    assert len(sentences) == len(exercise.misconceptions), "two misconceptions say the same"
    assert len({wrong.__name__ for wrong in exercise.misconceptions}) == len(sentences)
    for sentence in sentences:
        assert sentence.endswith((".", "?")), f"not a sentence: {sentence!r}"


@each_misconception
def test_misconception_is_rejected_and_named(
    exercise: Exercise, wrong: Callable, seed: int
) -> None:
    verdict = judge_here(exercise, wrong, seed=seed)
    failed = [part for part in verdict.parts if not part.passed]
    assert failed, f"{wrong.__name__} earns full points"
    assert failed[0].misconception == wrong.__name__
    assert sentence_of(wrong) in str(verdict)
    others = {sentence_of(other) for other in exercise.misconceptions if other is not wrong}
    assert not [sentence for sentence in others if sentence in str(verdict)]


def answers_without_work(exercise: Exercise) -> dict[str, Callable]:
    """Return answers that a check must not reward, whatever is asked."""

    def raises(*_: Any) -> Any:
        raise ValueError("no answer")

    return {
        "None": lambda *_: None,
        "0": lambda *_: 0,
        "a str": lambda *_: "",
        "the first argument": lambda *arguments: arguments[0],
        "all arguments": lambda *arguments: arguments,
        "zeros": lambda *arguments: zeros(exercise.reference(*arguments)),
        "an exception": raises,
    }


def zeros(value: Any) -> Any:
    return tuple(map(zeros, value)) if isinstance(value, tuple) else value * 0


@each_exercise
def test_no_part_is_given_away(exercise: Exercise) -> None:
    for what, answer in answers_without_work(exercise).items():
        verdict = judge_here(exercise, answer)
        given = [part.name for part in verdict.parts if part.passed]
        assert not given, f"an answer that returns {what} earns {given}"


@each_exercise
def test_no_part_is_earned_by_one_learned_value(exercise: Exercise) -> None:
    if not inspect.signature(exercise.reference).parameters:
        return  # with nothing to depend on, the value is the answer
    for part in exercise.parts:
        learned: list[Any] = []

        def constant(*arguments: Any, learned: list[Any] = learned) -> Any:
            if not learned:
                learned.append(exercise.reference(*arguments))
            return learned[0]

        alone = with_fields(exercise, parts=[part])
        assert not judge(alone, run_here(alone, constant)).passed, (
            f"{part.name}: the value of the first case, returned always, earns its points. Add a "
            "case with another value, or random cases."
        )


@each_exercise
def test_every_part_has_a_name_points_and_a_fixed_case(exercise: Exercise) -> None:
    assert len({part.name for part in exercise.parts}) == len(exercise.parts) > 0
    for part in exercise.parts:
        assert part.name
        assert part.points > 0
        assert len(part.cases) > 0, f"{part.name} has no fixed case"


# In the lesson


@each_exercise
def test_points_are_the_lesson_s(exercise: Exercise) -> None:
    check = find_answer(exercise.name).check
    assert exercise.points == check.metadata.nbgrader.points
    assert check.source.strip() == f"check.{exercise.name}({exercise.name})"


@each_exercise
def test_hints_differ_and_leave_something_to_do(exercise: Exercise) -> None:
    assert len(exercise.hints) >= 2
    assert len(set(exercise.hints)) == len(exercise.hints)
    statements = {
        "".join(ast.unparse(node).split())
        for node in ast.walk(ast.parse(find_answer(exercise.name).cell.source))
        if isinstance(node, ast.Return | ast.Assign)
    }
    for hint, statement in itertools.product(exercise.hints, statements):
        assert statement not in "".join(hint.split()), f"{hint!r} holds a line of the answer"
