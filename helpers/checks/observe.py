"""Run an answer once and keep what happened. Works in the answer's own process."""

import copy
import json
import re
import time
import types
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from helpers.checks import plain
from helpers.checks.forbidden import Use, watched
from helpers.checks.stopped import LONGEST_MESSAGE, find_place, safely, tell
from helpers.checks.syntax import can_end_open
from helpers.checks.written import size_of, written

SECONDS_AT_ONCE = 1.0  # after which a reply is sent, with the cases that are done
LETTERS_AT_ONCE = 2**20
LONGEST = 80  # letters of a changed argument that a sentence shows


class WrongReturn(Exception):
    """A probe's complaint: the answer returned what the probe cannot use.

    The message is a sentence, such as ``"it returned no list of two layers."``. A probe that meets
    several kinds of them derives a class for each: misconceptions are told apart by it.
    """


@dataclass(frozen=True)
class Failure:
    """Why there is no value: an exception of the answer's code, or a probe's complaint.

    What stood `there`, in the line, and the likely `cause` are sentences, empty where unknown.
    """

    type_name: str
    message: str
    line_number: int | None = None
    line: str = ""
    function: str = ""
    complaint: bool = False
    there: str = ""
    cause: str = ""


@dataclass(frozen=True)
class Change:
    """An argument that the answer has changed: its place, and as what it is written now, if short.

    Two are the same that change the same argument.
    """

    place: int
    now: str = field(default="", compare=False)


@dataclass(frozen=True)
class Observation:
    """What an answer did with one case: a plain value, or a failure; and what it must not use.

    A value may hold None because the answer `ends_open`: without a return statement. It is not
    `sure` that a failure is of this case, where the answer's process was lost with several cases.
    """

    value: Any = None
    failure: Failure | None = None
    changed_input: Change | None = None
    used: Use | None = None
    ends_open: bool = False
    sure: bool = True


def call(answer: Callable, *arguments: Any) -> Any:
    """Probe a function: call it. The probe of most exercises."""
    return answer(*arguments)


def _failure(error: BaseException) -> Failure:
    place = find_place(error)
    complaint = issubclass(type(error), WrongReturn)
    failure = Failure(type(error).__name__, _message(error), complaint=complaint)
    if place:
        number, line, function, *_ = place
        failure = replace(failure, line_number=number, line=line, function=function)
    return failure if complaint else replace(failure, **tell(error, place)._asdict())


def _message(error: BaseException) -> str:
    """Return the line of a message that says what is wrong."""
    text = re.sub(r"\x1b\[[\d;]*m", "", safely(lambda: str(error)[:LONGEST_MESSAGE], ""))
    # What comes first says only that a graph ran, or a tf.function was traced, or a layer called.
    begins = (
        r"\AGraph execution error:.*?^Node: [^\n]*",
        r"\Ain user code:.*^ {4}\w+:",
        r"\AException encountered when calling [^\n]*",
    )
    rest = re.sub("|".join(begins), "", text, flags=re.S | re.M)
    line = next((line.strip() for line in f"{rest}\n{text}".splitlines() if line.strip()), "")
    # TensorFlow puts names of nodes around its message that the reader never wrote.
    line = re.sub(r" for '\{\{node .*?\}\} = .*?' with input shapes: ", ", with ", line)
    return re.sub(r"^\{\{.*?\}\} | \[Op:\w+\].*", "", line)[:300]


def observe(
    answer: Any,
    arguments: tuple,
    probe: Callable = call,
    forbidden: Iterable[str] = (),
    allowed: Iterable[Callable] = (),
) -> Observation:
    """Run `probe(answer, *arguments)` on copies of the arguments; see what it uses (`watched`).

    A warning of the answer is not its reader's concern here, and would cost points where nbgrader
    reads stderr: warnings are silenced. KeyboardInterrupt goes through, for the Stop button.

    Examples
    --------
    >>> observe(lambda x: 1 / x, (0,)).failure.type_name
    'ZeroDivisionError'
    """
    given = copy.deepcopy(arguments)
    value, failure = None, None
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        with watched(answer, forbidden, allowed) as used:
            try:
                value = plain.to_plain(probe(answer, *given))
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # SystemExit too: a check must give a verdict, not end
                failure = _failure(error)
    changed = None if failure else _change(arguments, given)
    ends_open = not failure and _holds_none(value) and safely(lambda: can_end_open(answer), False)
    return Observation(value, failure, changed, used[0] if used else None, ends_open)


def _holds_none(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value is None or any(map(_holds_none, inner))


def _change(before: tuple, after: tuple) -> Change | None:
    """Return the first argument that is not as it was."""
    for place, (one, other) in enumerate(zip(before, after, strict=True)):
        if not _same(one, other):
            try:
                now = written(other) if size_of(other) <= 12 else ""
            except Exception:  # there may be anything in it now, even itself
                now = ""
            return Change(place, now if len(now) <= LONGEST else "")
    return None


def _same(before: Any, after: Any) -> bool:
    """Return whether an argument is as it was, with all that it holds."""
    if type(before) is not type(after):
        return False
    if isinstance(before, np.ndarray):
        return np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
    if isinstance(before, dict):
        return [*before] == [*after] and all(_same(before[key], after[key]) for key in before)
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(_same, before, after))
    # Whatever else is given, a function or a tensor, has no value to compare.
    return not isinstance(before, int | float | str) or before == after or before != before


@contextmanager
def in_place(answer: Any, functions: Mapping[str, Callable]) -> Iterator[None]:
    r"""Let an answer find these functions by their names, in place of what stands there.

    Examples
    --------
    >>> with in_place(respond, {"observe": lambda *arguments: Observation("else")}):
    ...     respond(abs, call, ["[-2]"])
    '[["\\"else\\"", null, null, null, false]]'
    """
    names = getattr(answer, "__globals__", {})
    before = {name: names[name] for name in functions if name in names}
    names.update(functions)
    try:
        yield
    finally:
        for name in functions:
            names.pop(name, None)
        names.update(before)


def respond(
    answer: Any,
    probe: Callable,
    cases: Iterable[str],
    forbidden: Iterable[str] = (),
    functions: Mapping[str, Callable] = types.MappingProxyType({}),
) -> str:
    """Run cases for a checker in another process; see `helpers.checks.outside`.

    The answer finds `functions` in place of its own of the same names. Cases are left, to be asked
    for again, when the reply is late or large enough; one that was interrupted is null.

    Examples
    --------
    >>> respond(abs, call, ["[-2]", "[3]"])
    '[["2", null, null, null, false], ["3", null, null, null, false]]'
    """
    replies: list[str] = []
    end = time.monotonic() + SECONDS_AT_ONCE
    try:
        for arguments in cases:
            replies.append(_respond_to_case(answer, probe, arguments, forbidden, functions))
            if time.monotonic() > end or sum(map(len, replies)) > LETTERS_AT_ONCE:
                break
    except KeyboardInterrupt:
        replies.append("null")
    return f"[{', '.join(replies)}]"


def _respond_to_case(
    answer: Any,
    probe: Callable,
    arguments: str,
    forbidden: Iterable[str],
    functions: Mapping[str, Callable],
) -> str:
    given = tuple(plain.loads(arguments))
    with in_place(answer, functions):
        seen = observe(answer, given, probe, forbidden, functions.values())
    failure = seen.failure and [*vars(seen.failure).values()]
    value = plain.dumps(seen.value)
    if len(value) > 1.5 * plain.LARGEST:  # written, an array takes 4/3 of its size
        value = plain.dumps(plain.Foreign("a value that is too large to be looked at"))
    changed = seen.changed_input and [*vars(seen.changed_input).values()]
    return json.dumps([value, failure, changed, seen.used, seen.ends_open])
