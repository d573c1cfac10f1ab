"""Small mistakes are put into every answer; its check has to notice each."""

import time
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import tensorflow as tf
import yaml

from helpers.checks.exercise import Exercise, Part, judge, try_cases
from helpers.checks.mistakes.limit import SECONDS, TimeIsUp, time_limit
from helpers.checks.mistakes.mutants import Mutant, find_mutants
from helpers.cli.answers import EXERCISES, define, find_answer
from tests.exercises import each_exercise, remembering, run_here
from tests.lessons import ROOT
from tests.mutation_summary import NOTE

ENOUGH = 20
ASKED = 4  # mutants of each exercise whose verdict is read for its cause
LISTED: dict[str, list[dict[str, str]]] = yaml.safe_load(
    (ROOT / "tests" / "equivalent_mutants.yml").read_text(encoding="utf-8")
)


def survives(
    exercise: Exercise, mutant: Mutant, seen: dict[str, Any], seconds: float = SECONDS
) -> bool:
    """Tell whether a mutant earns full points."""
    try:
        with time_limit(seconds), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answer = define(mutant.source, exercise.name, seen)
            tried = try_cases(exercise, run_here(exercise, answer))
            return not any(case.problem for _, case in tried)  # one is enough
    except TimeIsUp:
        return False


def enough_seconds(exercise: Exercise, source: str, seen: dict[str, Any]) -> float:
    """Return a time limit: one that is right needs about the time of the original, some never end.

    The first run of it pays for what TensorFlow sets up, and is not counted.
    """
    original = Mutant(source, "", "")
    for _ in range(2):
        started = time.perf_counter()
        assert survives(exercise, original, seen, seconds=10 * SECONDS), "the solution is refused"
    return min(SECONDS, max(2.0, 5 * (time.perf_counter() - started)))


def find_survivors(
    exercise: Exercise, source: str, seen: dict[str, Any], seconds: float = SECONDS
) -> list[Mutant]:
    return [m for m in find_mutants(source, exercise.name) if survives(exercise, m, seen, seconds)]


def cause(exercise: Exercise, mutant: Mutant, seen: dict[str, Any], seconds: float) -> str | None:
    """Tell whether the verdict on a mutant names its true cause, another, or none.

    None if no part of it has wrong values: an error of Python's says its cause itself.
    """
    try:
        with time_limit(seconds), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            verdict = judge(
                exercise, run_here(exercise, define(mutant.source, exercise.name, seen))
            )
    except TimeIsUp:
        return None
    wrong = [
        part
        for part in verdict.parts
        if part.status in ("type", "shape", "dtype", "values", "property")
    ]
    if not wrong:
        return None
    told = [part for part in wrong if part.explanation]
    # A misconception does the same in all cases, and a relation holds in all: they are true.
    true = [
        part
        for part in told
        if part.misconception != "likely_small_mistake" or (mutant.words or "") in part.explanation
    ]
    return "true" if true else "other" if told else "none"


@each_exercise
def test_mutants_are_rejected(
    exercise: Exercise, record_property: Callable[[str, object], None]
) -> None:
    answer = find_answer(exercise.name)
    mutants = list(find_mutants(answer.cell.source, exercise.name))
    quick = remembering(exercise.name)
    seconds = enough_seconds(quick, answer.cell.source, answer.seen)
    survivors = find_survivors(quick, answer.cell.source, answer.seen, seconds)
    equivalent = {entry["mutant"] for entry in LISTED.get(exercise.name, [])}
    alive = [mutant for mutant in survivors if mutant.description not in equivalent]
    killed = [mutant for mutant in mutants if mutant not in survivors]
    sample = killed[:: -(-len(killed) // ASKED)]
    causes = [cause(quick, mutant, answer.seen, seconds) for mutant in sample]
    numbers = [len(mutants), len(killed), len(survivors) - len(alive), len(alive)]
    numbers += [len(causes) - causes.count(None), causes.count("true"), causes.count("other")]
    record_property(NOTE, (exercise.name, numbers))
    assert len(mutants) >= ENOUGH
    assert not alive, (
        f"the check of {exercise.name} gives full points to these. Add a case that tells them from "
        "a right answer, or list them in tests/equivalent_mutants.yml with the reason:\n"
        + "\n".join(f"  {mutant.description}\n      now: {mutant.line}" for mutant in alive)
    )
    stale = equivalent - {mutant.description for mutant in survivors}
    assert not stale, f"listed as equivalent, but rejected or no longer made: {sorted(stale)}"


def test_list_of_equivalent_mutants_gives_reasons() -> None:
    assert set(LISTED) <= set(EXERCISES)
    for name, entries in LISTED.items():
        assert all(len(entry["reason"].split()) >= 3 for entry in entries), name


# The mutants themselves


@pytest.mark.parametrize(
    ("line", "mistakes"),
    [
        ("return x + 1", ["return x - 1", "return x", "return x + 2", "return x + 0", "pass"]),
        ("return x / y", ["return x * y", "return y / x", "return y / y", "return -(x / y)"]),
        ("return x @ y", ["return y @ x", "return x * y"]),
        ("return -x", ["return x"]),
        ("return x < y", ["return x <= y", "return x > y"]),
        ("return x and y", ["return x or y", "return y"]),
        ("return 0.5", ["return 1.0"]),
        ("return 0", ["return 1"]),
        ("return True", ["return False"]),
        ("return f(x, name='a')", ["return f(x, name='')", "return f(x)", "return f(name='a')"]),
        ("return f(x, y)", ["return f(y, x)", "return f(x)", "return x", "return f(x, x)"]),
        (
            "return x.sum(axis=0)",
            [f"return x.sum({axis})" for axis in ("axis=1", "axis=-1", "axis=None", "")],
        ),
        ("return np.max(x)", ["return np.min(x)", "return x"]),
        ("return max(x)", ["return min(x)"]),
        ("return x[1:]", ["return x[:]", "return x[1:-1]", "return x[2:]", "return x"]),
        ("return x[y]", ["return x[y + 1]", "return x[y - 1]", "return x"]),
        ("return range(x)", ["return range(x + 1)", "return range(x - 1)"]),
        ("return x, y", ["return (y, x)", "return (x,)", "return y"]),
        ("return x.T", ["return x"]),
        ("x -= y", ["x += y", "x = y", "pass"]),
        ("return x if y else 0", ["return x if not y else 0"]),
        ("while x: break", ["while not x:", "continue", "pass"]),
    ],
)
def test_mistakes_that_are_made(line: str, mistakes: list[str]) -> None:
    mutants = list(find_mutants(f"def answer(x, y):\n    {line}", "answer"))
    assert {mutant.line for mutant in mutants} >= set(mistakes)
    assert len({mutant.source for mutant in mutants}) == len(mutants)


def test_docstring_and_signature_stay() -> None:
    source = 'def answer(x: float = 1.0) -> float:\n    """Say it."""\n    return x'
    for mutant in find_mutants(source, "answer"):
        assert mutant.source.startswith("def answer(x: float=")


def test_equal_changes_of_one_line_have_their_own_names() -> None:
    described = [m.description for m in find_mutants("def f(x):\n    return x[0] + x[0]", "f")]
    assert len(set(described)) == len(described)
    assert "line 2: 0 -> 1 (2)" in described


def test_a_graph_that_was_left_open_does_not_reach_the_next_test() -> None:
    with time_limit():
        tf.Graph().as_default().__enter__()
    assert tf.executing_eagerly()
    assert [int(number) for number in tf.data.Dataset.range(2)] == [0, 1]


# The judgement of them


def count_to(n: int) -> int:
    """Count up to n."""
    return n


def exercise_of(cases: list[tuple]) -> Exercise:
    return Exercise(
        name="count_to",
        lesson="00_none",
        reference=count_to,
        parts=[Part("counts", points=1, cases=cases)],
        misconceptions=[],
        also_right=[],
        hints=[],
    )


ANSWER = "def count_to(n):\n    i = 0\n    for _ in range(n):\n        i += 1\n    return i"


def test_a_weak_check_has_survivors() -> None:
    strong = {mutant.line for mutant in find_survivors(exercise_of([(0,), (3,)]), ANSWER, {})}
    weak = {mutant.line for mutant in find_survivors(exercise_of([(0,)]), ANSWER, {})}
    assert strong == {"return n"}  # which is right as well
    assert weak >= {"i += 2", "i -= 1", "pass"}


def test_a_mutant_that_never_ends_is_rejected() -> None:
    for_ever = "def count_to(n):\n    while True:\n        try:\n            n += 1\n"
    for_ever += "        except Exception:\n            n = 0"
    assert not survives(exercise_of([(3,)]), Mutant(for_ever, "", ""), {}, seconds=0.2)
