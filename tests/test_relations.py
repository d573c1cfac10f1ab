"""The relation in which wrong results stand to the wanted ones is named, and only a true one."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from helpers.checks.exercise import Exercise, Part
from helpers.checks.judging import judge
from helpers.checks.relations import Case, find_relation
from tests.exercises import run_here

X = np.array([[0.5, -1.25, 3.0], [2.0, 0.75, -0.3]])
ROWS = np.array([[1.5, 2.25], [-0.5, 4.0], [3.25, 1.0], [2.0, -2.0]])


def said(wrong: Callable, *wanted: Any, **arguments: list[Any]) -> str | None:
    """Return what is said where each result is `wrong(wanted)`."""
    cases = [
        Case({name: values[i] for name, values in arguments.items()}, wrong(w), w)
        for i, w in enumerate(wanted)
    ]
    relation = find_relation(cases)
    return relation and relation.sentence


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (np.negative, "opposite sign"),
        (np.transpose, "transposed"),
        (lambda w: w[::-1], "in reverse order"),
        (lambda w: w[:, ::-1], "each row is in reverse order"),
        (lambda w: w[1:], "begins one element too late"),
        (lambda w: w[:-1], "ends one element too early"),
        (lambda w: np.concatenate([w, w[:1]]), "one element too many at its end"),
        (lambda w: np.concatenate([w[:1], w]), "one element too many at its beginning"),
        (lambda w: w.ravel(), "another shape"),
        (np.trunc, "fractions cut off"),
        (np.round, "rounded to integers"),
        (lambda w: np.round(w, 1), "rounded"),
        (np.abs, "lost its signs"),
        (np.square, "the square of"),
        (np.exp, "the exponential of"),
        (np.reciprocal, "1 divided by"),
        (lambda w: 1 - w, "add to 1"),
        (lambda w: np.cumsum(w, axis=0), "the running total of"),
        (lambda w: np.diff(w, axis=0, prepend=0), "their running total was wanted"),
        (lambda w: np.asarray(w.sum()), "the sum of the wanted one"),
        (lambda w: w.sum(axis=0), "the sum of the wanted one along axis 0"),
        (lambda w: w.mean(axis=1), "the mean of the wanted one along axis 1"),
        (lambda w: np.stack([w, w]) / 2, "the wanted one is its sum along axis 0"),
        (lambda w: w * 3, "times 3"),
        (lambda w: w / 255, "divided by 255"),
        (lambda w: w - 1, "smaller by 1"),
        (lambda w: w * 0, "0 everywhere"),
        (lambda w: w.ravel()[[1, 0, 3, 2, 5, 4]].reshape(w.shape), "another order"),
        (np.tanh, None),
        (lambda w: w**2 + w, None),
    ],
)
def test_a_relation_is_named(wrong: Callable, words: str | None) -> None:
    sentence = said(wrong, X, X[:, ::-1] + 0.2)
    assert sentence is None if words is None else words in (sentence or "")


def test_one_place_too_late_or_early() -> None:
    line, other = np.array([1.0, 5.0, 2.0, 7.0]), np.array([3.0, 1.0, 1.5])
    assert "too late" in str(said(lambda w: np.roll(w, 1), line, other))
    assert "too early" in str(said(lambda w: np.append(w[1:], 0), line, other))


def test_one_of_many_equal_numbers_is_not_called_their_mean() -> None:
    sentence = said(lambda w: float(w[0]), np.ones(3), np.ones(4))
    assert "mean" not in (sentence or "")
    assert "largest" not in (sentence or "")


def test_a_size_is_told_by_the_words_of_the_case() -> None:
    samples = [X, ROWS]
    assert "`x.shape[0]`" in str(said(lambda w: w * len(w), *samples, x=samples))
    assert "divided by `x.shape[1]`" in str(said(lambda w: w / w.shape[1], *samples, x=samples))
    lines = [X[0], ROWS[:, 0]]
    assert "the length of `x`" in str(said(lambda w: w * len(w), *lines, x=lines))
    rates = [0.25, 3.0]
    cases = [Case({"rate": r}, w * r, w) for r, w in zip(rates, samples, strict=True)]
    assert find_relation(cases).sentence == "your result is the wanted one times `rate`."  # type: ignore[union-attr]


def test_the_argument_given_back() -> None:
    cases = [Case({"x": x}, x, np.tanh(x) + x**3) for x in (X, ROWS)]
    assert "the argument `x` itself" in find_relation(cases).sentence  # type: ignore[union-attr]


def test_a_list_that_holds_one_array_many_times() -> None:
    wanted = [X, X + 1, X * 2], [ROWS, ROWS * 3]
    assert "keep a copy" in str(said(lambda w: [w[-1]] * len(w), *wanted))


def test_a_relation_has_to_hold_in_every_case() -> None:
    assert said(lambda w: -w if w is X else w * 2, X, ROWS) is None


def test_single_numbers_have_relations_as_arrays_have() -> None:
    wanted = [np.array(0.5), np.array(3.0), np.array(1.25)]
    assert "the logarithm of" in str(said(lambda w: np.asarray(np.log(w)), *wanted))


def test_arguments_of_any_form_are_no_hindrance() -> None:
    odd = [[("conv2d", 2), {"stride": 1}], [1, [2, 3]], {"a": 1}, None, "text", (1, (2,)), [[]]]
    for value in odd:
        assert "times 2" in str(said(lambda w: w * 2, X, ROWS, odd=[value, value]))


def test_words_and_lists_have_relations_too() -> None:
    assert "reverse" in str(said(lambda w: w[::-1], ["a", "b", "c"], ["d", "e"]))
    assert "too early" in str(said(lambda w: w[:-1], ["a", "b", "c"], ["d", "e"]))


def test_a_part_of_a_result_is_named() -> None:
    def doubled(w: dict) -> dict:
        return {**w, "slope": w["slope"] * 2}

    wanted = [{"loss": np.array(1.0), "slope": X}, {"loss": np.array(0.5), "slope": ROWS}]
    assert said(doubled, *wanted) == "`slope` is the wanted one times 2."


def test_the_reference_is_asked_only_for_numbers_like_those_of_the_cases() -> None:
    """With others it may do anything: loop for ever, or fill the memory."""
    asked: list[tuple] = []
    cases = [Case({"x": X, "step": step, "rate": 0.5}, X**2 + step, X) for step in (1, 2, 4)]
    find_relation(cases, ask=asked.append)
    assert asked
    assert {step for _, step, _ in asked} <= {1, 2, 3, 4}
    assert {rate for _, _, rate in asked} == {0.5}


def power(base: float, exponent: int) -> float:
    return base**exponent


EXERCISE = Exercise(
    name="power",
    lesson="00_none",
    reference=power,
    parts=[Part("powers", points=1, cases=[(3.0, 2), (0.5, 3), (2.0, 1), (1.0, 5), (-2.0, 2)])],
    misconceptions=[],
    also_right=[],
    hints=[],
)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda base, exponent: base ** (exponent - 1), "divided by `base`"),
        (lambda base, exponent: float(exponent) ** int(base), None),  # base is no integer always
        (lambda base, exponent: base ** (exponent + 1) + 0 * base, "times `base`"),
        (lambda base, exponent: base, "the argument `base` itself"),
        (lambda base, exponent: (1 - base) ** exponent, "what is right for `1 - base`"),
        (lambda base, exponent: base**exponent * 2, "times 2"),
        (lambda base, exponent: math.log(base + 3) + exponent**2 * 0.7, None),
    ],
)
def test_a_likely_cause_is_in_the_verdict(wrong: Callable, words: str | None) -> None:
    part = judge(EXERCISE, run_here(EXERCISE, wrong)).parts[0]
    assert not part.passed
    if words is None:
        assert (part.misconception, part.explanation) == (None, "")
    else:
        assert part.explanation.startswith("A likely cause: ")
        assert words in part.explanation
        assert part.misconception
