"""Small mistakes are put into every answer; its check has to notice each."""

import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

import pytest
import tensorflow as tf
import yaml

from helpers.checks.exercise import Exercise, Part
from helpers.checks.judging import Run, judge, try_cases
from helpers.checks.mistakes.limit import SECONDS, TimeIsUp, time_limit
from helpers.checks.mistakes.mutants import Mutant, find_mutants
from helpers.checks.observe import Observation
from helpers.cli.answers import EXERCISES, define, find_answer
from tests.exercises import each_exercise, remembering, run_here
from tests.lessons import ROOT
from tests.mutation_summary import NOTE

ENOUGH = 20
ASKED = 4  # mutants of each exercise whose verdict is read for its cause
LISTED: dict[str, list[dict[str, str]]] = yaml.safe_load(
    (ROOT / "tests" / "equivalent_mutants.yml").read_text(encoding="utf-8")
)


def within(seconds: float, run: Run) -> Run:
    """Return what runs cases and is stopped when one of them takes longer than this."""

    def limited(cases: Iterable[tuple]) -> Iterator[Observation]:
        for case in cases:
            with time_limit(seconds):
                [seen] = run([case])
            yield seen

    return limited


def fate(
    exercise: Exercise, mutant: Mutant, seen: dict[str, Any], seconds: float = SECONDS
) -> Literal["survives", "killed", "endless"]:
    """Tell what becomes of a mutant of which no case may take longer than this."""
    try:
        with time_limit(seconds):
            answer = define(mutant.source, exercise.name, seen)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for _, case in try_cases(exercise, within(seconds, run_here(exercise, answer))):
                if case.problem:  # one is enough
                    stopped = case.seen.failure and case.seen.failure.type_name == TimeIsUp.__name__
                    return "endless" if stopped else "killed"
        return "survives"
    except TimeIsUp:
        return "endless"


def enough_seconds(exercise: Exercise, source: str, seen: dict[str, Any]) -> float:
    """Return a time limit for a case: a mutant needs about the time of the original, or never ends.

    The first run of it pays for what TensorFlow sets up, and is not counted.
    """
    run = run_here(exercise, define(source, exercise.name, seen))
    for _ in range(2):
        longest = 0.0
        started = time.perf_counter()
        for _, case in try_cases(exercise, run):
            assert not case.problem, "the solution is refused"
            longest = max(longest, time.perf_counter() - started)
            started = time.perf_counter()
    return min(SECONDS, max(1.0, 3 * longest))


def cause(exercise: Exercise, mutant: Mutant, seen: dict[str, Any]) -> str | None:
    """Tell whether the verdict on a mutant names its true cause, another, or none.

    None if no part of it has wrong values: an error of Python's says its cause itself.
    """
    try:
        with time_limit(), warnings.catch_warnings():
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
    equivalent = {entry["mutant"] for entry in LISTED.get(exercise.name, [])}
    patience = {description: SECONDS for description in equivalent}  # these are known to end
    fates = {
        mutant: fate(quick, mutant, answer.seen, patience.get(mutant.description, seconds))
        for mutant in mutants
    }
    survivors = [mutant for mutant in mutants if fates[mutant] == "survives"]
    alive = [mutant for mutant in survivors if mutant.description not in equivalent]
    killed = [mutant for mutant in mutants if fates[mutant] != "survives"]
    answering = [mutant for mutant in killed if fates[mutant] == "killed"]
    sample = answering[:: -(-len(answering) // ASKED)]
    causes = [cause(quick, mutant, answer.seen) for mutant in sample]
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


def surviving(cases: list[tuple]) -> set[str]:
    exercise = exercise_of(cases)
    mutants = find_mutants(ANSWER, exercise.name)
    return {mutant.line for mutant in mutants if fate(exercise, mutant, {}) == "survives"}


def test_a_weak_check_has_survivors() -> None:
    strong, weak = surviving([(0,), (3,)]), surviving([(0,)])
    assert strong == {"return n"}  # which is right as well
    assert weak >= {"i += 2", "i -= 1", "pass"}


def test_a_mutant_that_never_ends_is_rejected() -> None:
    for_ever = "def count_to(n):\n    while True:\n        try:\n            n += 1\n"
    for_ever += "        except Exception:\n            n = 0"
    assert fate(exercise_of([(3,)]), Mutant(for_ever, "", ""), {}, seconds=0.2) == "endless"
