"""How an answer is judged: cases are tried, what is wrong is said, and a likely cause."""

from __future__ import annotations

import inspect
import itertools
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.checks.causes.experiments import NoValue, Stopped, find_difference
from helpers.checks.causes.search import find_cause
from helpers.checks.causes.trial import Trial
from helpers.checks.compare import Difference, compare
from helpers.checks.forbidden import Use
from helpers.checks.mistakes.known import recognise
from helpers.checks.observe import Change, Observation, call, observe
from helpers.checks.relations import Case, Relation, find_relation
from helpers.checks.verdict import PartVerdict, Verdict
from helpers.checks.written import size_of, written

if TYPE_CHECKING:  # an exercise judges answers itself, and imports this
    from helpers.checks.exercise import Exercise, Part

# Fixed for the learner, so that a check says the same each time; the grader brings its own.
LEARNERS_SEED = 2017
RANDOM_CASES = 5
# Of a wrong answer without a known cause, to see whether what its cases have in common holds.
MORE_CASES = 12
MORE_SECONDS = 0.25
MOST_KNOWN = 20_000
_observed: dict[tuple, tuple[Exercise, Observation]] = {}
# What the released answer raises; NumPy and TensorFlow raise it as well, with a message.
_STUB = ("NotImplementedError", "")
# The name of what is told of an error whose cause is not known: what stood in its line.
STOPPED = "likely_stopped"
# Gives an answer one case after another, in this process or in another: what it does with each.
Run = Callable[[Iterable[tuple]], Iterator[Observation]]
# The answer's process did not come back: no further case is tried.
FATAL = ("Timeout", "KernelDied", "NoReply")


@dataclass(frozen=True)
class Tried:
    """A case that an answer was given: what it did, what was wanted, and what is wrong with it."""

    place: tuple
    arguments: tuple
    seen: Observation
    wanted: Any
    problem: Difference | None


def _case_name(exercise: Exercise, arguments: tuple) -> str:
    """Name a case by its arguments: ``scores = [1, 2, 3]``."""
    names = inspect.signature(exercise.reference).parameters
    return ", ".join(
        f"{name} = {written(argument)}" for name, argument in zip(names, arguments, strict=False)
    )


def _case_problem(
    exercise: Exercise, arguments: tuple, seen: Observation, wanted: Any
) -> Difference | None:
    """Return what is wrong with one observation, by the first layer that finds something."""

    def place() -> str:
        case = _case_name(exercise, arguments)
        return f"with {case}: " if case else ""

    if seen.failure:
        failure = seen.failure
        if failure.complaint:
            return Difference("type", f"{place()}{failure.message.rstrip('.')}.")
        if failure.type_name in FATAL:
            return Difference("stopped", f"{place() * seen.sure}{failure.message}")
        where = f" at line {failure.line_number}, `{failure.line}`" if failure.line else ""
        detail = f"{failure.type_name}: {failure.message.rstrip('.')}".removesuffix(": ")
        case = place().removesuffix(": ")
        return Difference("raised", f"{case} your code stopped with {detail}{where}.".strip())
    difference = compare(seen.value, wanted, exact=exercise.exact)
    if difference and difference.layer != "values":
        asked = " Does your function end in a return statement?"
        question = asked if difference.is_none and seen.ends_open else ""
        return Difference(difference.layer, f"{place()}{difference.sentence}{question}")
    rules = (rule(arguments, seen.value) for rule in exercise.properties)
    broken = next(filter(None, rules), None)
    if difference:
        # A wrong number says little by itself; the rule that it breaks says more.
        note = f" Note that {broken}" if broken else ""
        sentence = f"{place()}{difference.sentence}{note}"
        return Difference("values", sentence, difference.largest)
    if broken:
        return Difference("property", f"{place()}{broken}")
    if seen.changed_input:
        return Difference("property", f"{place()}{_changed(exercise, seen.changed_input)}")
    return None


def _changed(exercise: Exercise, change: Change) -> str:
    names = [f"`{name}`" for name in inspect.signature(exercise.reference).parameters]
    name = names[change.place] if change.place < len(names) else "an argument"
    now = f", which is now {change.now}" if change.now else ""
    return f"your code changes {name}{now}; the caller still needs it as it was. Work on a copy."


def _same(exercise: Exercise, case: tuple, a: Observation, b: Observation) -> bool:
    """Return whether two answers do the same with a case."""
    if a.failure and b.failure:
        return a.failure.type_name == b.failure.type_name
    if a.failure or b.failure or a.changed_input != b.changed_input:
        return False
    if compare(a.value, b.value, exact=exercise.exact):
        return False
    # Random values are never equal: then both break the same rules.
    return exercise.exact or _broken(exercise, case, a) == _broken(exercise, case, b)


def _broken(exercise: Exercise, case: tuple, seen: Observation) -> list[bool]:
    return [bool(rule(case, seen.value)) for rule in exercise.properties]


def _known(exercise: Exercise, function: Callable, case: tuple, place: tuple) -> Observation:
    """Return what one of the exercise's own functions does with a case, seen before or now.

    A class of answers is judged by the same cases; `place` tells one from another.
    """
    key = (id(exercise), function, place)
    if key not in _observed:
        if len(_observed) >= MOST_KNOWN:
            _observed.clear()
        # The exercise stays with it: another one must not get its number.
        _observed[key] = exercise, observe(function, case, exercise.probe)
    return _observed[key][1]


def wanted_values(exercise: Exercise, seed: int) -> dict[tuple, Any]:
    """Return what is wanted in all cases of a seed, by the cases' places."""
    tried = try_cases(exercise, lambda cases: (Observation() for _ in cases), seed)
    return {case.place: case.wanted for _, case in tried}


def take_wanted(exercise: Exercise, wanted: Mapping[tuple, Any]) -> None:
    """Take what is wanted from another process, which has run the reference."""
    for place, value in wanted.items():
        _observed[id(exercise), exercise.reference, place] = exercise, Observation(value)


def _recognise(exercise: Exercise, tried: list[Tried]) -> Callable | None:
    """Return the misconception that does the same as the answer in every case tried."""
    for wrong in exercise.misconceptions:
        if all(
            _same(exercise, t.arguments, t.seen, _known(exercise, wrong, t.arguments, t.place))
            for t in tried
        ):
            return wrong
    return None


def _untried(exercise: Exercise, status: str, sentence: str) -> Verdict:
    parts = [PartVerdict(part.name, part.points, status, sentence) for part in exercise.parts]
    return Verdict(exercise.name, exercise.lesson, parts)


def _reason(exercise: Exercise, used: Use) -> str:
    reason = exercise.refused[used.rule]
    return reason if f"`{used.name}`" in reason else f"{reason} Your code uses `{used.name}`."


def _not_attempted(exercise: Exercise, function: str) -> Verdict:
    if function in ("", exercise.name):
        return _untried(
            exercise,
            "not attempted",
            "not attempted yet. Replace `raise NotImplementedError()` by your answer, run that "
            "cell, then this one.",
        )
    sentence = f"your code calls `{function}`, which is not attempted yet. Write that one first."
    return _untried(exercise, "raised", sentence)


def _cases(exercise: Exercise, seed: int) -> Iterator[tuple[Part, tuple, tuple]]:
    """Yield the fixed cases of each part, then its random ones: part, place, arguments."""
    rng = np.random.default_rng(seed)
    for part_number, part in enumerate(exercise.parts):
        random_case = part.random_case
        randoms = (random_case(rng) for _ in range(RANDOM_CASES)) if random_case else ()
        for number, arguments in enumerate(itertools.chain(part.cases, randoms)):
            yield part, (seed, part_number, number), arguments


def try_cases(
    exercise: Exercise, run: Run, seed: int = LEARNERS_SEED
) -> Iterator[tuple[Part, Tried]]:
    """Give an answer one case after another: the fixed ones of each part, then its random ones.

    For the arguments see `judge`.
    """
    cases, given = itertools.tee(_cases(exercise, seed))
    observations = run(arguments for _, _, arguments in given)
    for (part, place, arguments), seen in zip(cases, observations, strict=True):
        right = _known(exercise, exercise.reference, arguments, place)
        if right.failure:
            raise RuntimeError(f"the reference of {exercise.name} fails: {right.failure}")
        problem = _case_problem(exercise, arguments, seen, right.value)
        yield part, Tried(place, arguments, seen, right.value, problem)


def judge(exercise: Exercise, run: Run, seed: int = LEARNERS_SEED) -> Verdict:
    """Judge an answer by what it does.

    Parameters
    ----------
    exercise : Exercise
    run : callable
        See `Run`.
    seed : int, optional
        Seed of the random cases.
    """
    tried: dict[str, list[Tried]] = {part.name: [] for part in exercise.parts}
    for part, case in try_cases(exercise, run, seed):
        if used := case.seen.used:
            return _untried(exercise, "forbidden", _reason(exercise, used))
        failure = case.seen.failure
        if failure and (failure.type_name, failure.message) == _STUB:
            return _not_attempted(exercise, failure.function)
        if case.problem and case.problem.layer == "stopped":
            return _untried(exercise, "stopped", case.problem.sentence)
        tried[part.name].append(case)
    parts = [_judge_part(exercise, part, tried[part.name]) for part in exercise.parts]
    if any(not part.passed and _has_more_to_tell(part) for part in parts) and exercise.exact:
        parts = _with_likely_mistake(exercise, parts, tried)
        parts = _with_what_was_seen(exercise, parts, tried, run)
    return Verdict(exercise.name, exercise.lesson, parts)


def _has_more_to_tell(part: PartVerdict) -> bool:
    return part.misconception in (None, "likely_error", STOPPED)


def _with_likely_mistake(
    exercise: Exercise, parts: list[PartVerdict], tried: Mapping[str, list[Tried]]
) -> list[PartVerdict]:
    """Explain what has no cause yet by a small mistake that behaves as the answer does."""
    fixed = [case for part in exercise.parts for case in tried[part.name][: len(part.cases)]]
    rights = [Observation(case.wanted) for case in fixed]
    sentence = recognise(exercise.name, exercise.lesson, [case.seen for case in fixed], rights)
    if not sentence:
        return parts
    return [
        part
        if part.passed or part.misconception or part.status == "raised"  # the error says more
        else part.explained("likely_small_mistake", f"A likely cause: {sentence}")
        for part in parts
    ]


def _with_what_was_seen(
    exercise: Exercise,
    parts: list[PartVerdict],
    tried: Mapping[str, list[Tried]],
    run: Run,
) -> list[PartVerdict]:
    """Explain the first part that fails, the one that is shown, if nothing else does."""
    number = next(i for i, part in enumerate(parts) if not part.passed)
    part = parts[number]
    if not _has_more_to_tell(part) or part.status == "property":
        return parts
    names = [*inspect.signature(exercise.reference).parameters]
    ended = False

    def run_again(arguments: tuple) -> Observation:
        nonlocal ended
        if ended:
            raise NoValue
        [seen] = run([arguments])
        ended = seen.failure is not None and seen.failure.type_name in FATAL
        return seen

    def value_of(seen: Observation) -> Any:
        if seen.failure and not ended:
            raise Stopped
        if seen.failure or seen.used:
            raise NoValue
        return seen.value

    def trials(cases: Iterable[Tried]) -> list[Trial]:
        return [
            Trial(
                dict(zip(names, case.arguments, strict=False)),
                case.seen.value,
                case.wanted,
                case.problem is not None,
                case.seen.failure is not None,
            )
            for case in cases
        ]

    def found(arguments: tuple) -> Any:
        return value_of(run_again(arguments))

    def wanted(arguments: tuple) -> Any:
        return value_of(observe(exercise.reference, arguments, exercise.probe))

    cases = trials(tried[part.name])
    if part.misconception:  # what stood in the line of an error says more than any other cause
        cause = find_difference(cases, found, wanted)
    else:
        cause = find_cause(
            cases,
            trials(itertools.chain.from_iterable(tried.values())),
            found,
            wanted,
            lambda: trials(_more_cases(exercise, exercise.parts[number], run_again)),
        )
    if cause is None:
        return parts
    told = part.explained(f"likely_{cause.name}", f"Where to look: {cause.sentence}")
    return [*parts[:number], told, *parts[number + 1 :]]


def _more_cases(
    exercise: Exercise, part: Part, run: Callable[[tuple], Observation]
) -> Iterator[Tried]:
    """Try an answer with random cases of a part that it was not judged by, while time allows."""
    if part.random_case is None:
        return
    end = time.monotonic() + MORE_SECONDS
    rng = np.random.default_rng(LEARNERS_SEED + 1)
    for number in range(MORE_CASES):
        arguments = part.random_case(rng)
        try:
            seen = run(arguments)
        except NoValue:
            return
        right = observe(exercise.reference, arguments, exercise.probe)
        if time.monotonic() > end:
            return
        problem = _case_problem(exercise, arguments, seen, right.value)
        yield Tried((part.name, number), arguments, seen, right.value, problem)


def _judge_part(exercise: Exercise, part: Part, tried: list[Tried]) -> PartVerdict:
    wrong = [(case, case.problem) for case in tried if case.problem]
    if not wrong:
        return PartVerdict(part.name, part.points, "passed", f"cases tried: {len(tried)}")
    case, problem = _shown(wrong)
    failure = case.seen.failure
    verdict = PartVerdict(part.name, part.points, problem.layer, problem.sentence, problem.largest)
    if known := _recognise(exercise, tried):
        return verdict.explained(known.__name__, " ".join((known.__doc__ or "").split()))
    if failure and (why := failure.cause or _called_otherwise(exercise, case)):
        sentence = f"A likely cause: {why} {failure.there}".strip()
        return verdict.explained("likely_error", sentence)
    if failure and failure.there:
        return verdict.explained(STOPPED, failure.there)
    if relation := _relation(exercise, tried):
        return verdict.explained(f"likely_{relation.name}", f"A likely cause: {relation.sentence}")
    return verdict


def _called_otherwise(exercise: Exercise, case: Tried) -> str:
    """Say how an answer is called, if it cannot be called so."""
    message = rf"(?:.*\.)?{exercise.name}\(\) (?:missing|takes) "
    failure = case.seen.failure
    if exercise.probe is not call or not failure or not re.match(message, failure.message):
        return ""
    names = inspect.signature(exercise.reference).parameters
    arguments = ", ".join(itertools.islice(names, len(case.arguments)))
    return f"It is called as `{exercise.name}({arguments})`, with arguments in this order."


def _shown(wrong: list[tuple[Tried, Difference]]) -> tuple[Tried, Difference]:
    """Return what says most: the first case, unless another that fails so is much smaller."""
    first, problem = wrong[0]
    alike = [each for each in wrong if each[1].layer == problem.layer]
    smallest = min(alike, key=lambda each: size_of(each[0].arguments))
    return smallest if 2 * size_of(smallest[0].arguments) <= size_of(first.arguments) else wrong[0]


def _relation(exercise: Exercise, tried: list[Tried]) -> Relation | None:
    """Return the relation in which the results of a part stand to the wanted ones."""
    if not exercise.exact or any(case.seen.failure for case in tried):
        return None
    if all(case.problem is None or case.problem.layer == "property" for case in tried):
        return None  # the values are right
    names = [*inspect.signature(exercise.reference).parameters]

    def ask(arguments: tuple) -> Any:
        return observe(exercise.reference, arguments, exercise.probe).value

    cases = [
        Case(dict(zip(names, case.arguments, strict=False)), case.seen.value, case.wanted)
        for case in tried
    ]
    return find_relation(cases, ask)
