"""Check an answer from outside its process: arguments go in, plain values come back.

The process that holds the answer, a Jupyter kernel, is given cases and never a wanted value.
Nothing that it sends is trusted: a reply is read as JSON with npy arrays, its size and the time to
wait for it are limited, and whatever else it prints is not read at all.
"""

import ast
import itertools
import json
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from queue import Empty
from types import MappingProxyType
from typing import Any

from helpers.checks import plain
from helpers.checks.called import judge_apart, texts_in
from helpers.checks.exercise import Exercise
from helpers.checks.forbidden import Use
from helpers.checks.judging import Run
from helpers.checks.observe import LONGEST, Change, Failure, Observation, respond
from helpers.checks.stopped import LONGEST_SENTENCE
from helpers.checks.verdict import Verdict

SECONDS = 20.0
LARGEST_REPLY = 16 * 2**20  # bytes
_INTERRUPT_SECONDS = 2.0


def _expression(
    name: str,
    probe: Callable,
    cases: Sequence[tuple],
    forbidden: Iterable[str],
    functions: Mapping[str, Callable],
) -> str:
    # One expression, evaluated by the kernel as a user expression: it leaves no name behind and
    # its value returns with the reply, apart from everything that the notebook prints.
    load = "__import__({!r}, fromlist=['_']).{}".format
    loaded = [f"{n!r}: {load(f.__module__, f.__qualname__)}" for n, f in functions.items()]
    given = [plain.dumps(list(arguments)) for arguments in cases]
    return (
        f"{load(respond.__module__, 'respond')}({name}, "
        f"{load(probe.__module__, probe.__qualname__)}, {given!r}, "
        f"{[*forbidden]!r}, {{{', '.join(loaded)}}})"
    )


def _read(text: str, forbidden: Iterable[str], cases: Sequence[tuple]) -> list[Observation]:
    """Read a reply, whoever wrote it. Raise ValueError if it is none of ours."""
    if len(text) > LARGEST_REPLY:
        raise ValueError("the reply is too large")
    try:
        replies = json.loads(ast.literal_eval(text))
        if not isinstance(replies, list) or not 0 < len(replies) <= len(cases):
            raise ValueError("not as many as cases")
        seen = [*map(_read_case, replies)]
    except (TypeError, SyntaxError, MemoryError, RecursionError) as error:
        raise ValueError(f"not a reply: {error}") from error
    for each, arguments in zip(seen, cases, strict=False):
        if each.used and each.used.rule not in forbidden:
            raise ValueError("a rule of its own")
        if each.changed_input and each.changed_input.place >= len(arguments):
            raise ValueError("no argument of the case")
    return seen


def _read_case(reply: Any) -> Observation:
    if reply is None:
        return _not_tried("KeyboardInterrupt")
    value, failure, changed, used, ends_open = reply
    if used is not None:
        return Observation(used=Use(*(str(part)[:300] for part in used)))
    if failure is None:
        found = _lists(plain.loads(value))
        return Observation(found, None, _read_change(changed), ends_open=ends_open is True)
    kind, message, number, line, function, complaint, there, cause = failure
    if not isinstance(number, int | None):
        raise ValueError("a line without a number")
    kind, message, line, function = (str(t)[:300] for t in (kind, message, line, function))
    told = _read_sentence(there), _read_sentence(cause)
    seen = Failure(kind, message, number, line, function, complaint is True, *told)
    return Observation(failure=seen)


def _read_change(change: Any) -> Change | None:
    if change is None:
        return None
    place, now = change
    if type(place) is not int or place < 0:
        raise ValueError("no place of an argument")
    if not isinstance(now, str) or len(now) > LONGEST or not now.isprintable():
        raise ValueError("no argument as a sentence shows it")
    return Change(place, now)


def _read_sentence(text: Any) -> str:
    if not isinstance(text, str) or len(text) > LONGEST_SENTENCE or not text.isprintable():
        raise ValueError("no sentence about an error")
    return text


def _lists(value: Any) -> Any:
    """Return a value with lists for tuples, as an honest reply has them."""
    if isinstance(value, list | tuple):
        return [_lists(item) for item in value]
    if isinstance(value, dict):
        return {key: _lists(item) for key, item in value.items()}
    return value


def _stopped(kind: str, message: str) -> Observation:
    return Observation(failure=Failure(kind, message))


def _not_tried(error: Any) -> Observation:
    return _stopped("NoReply", f"the answer could not be tried: {error}.")


def _reply(client: Any, alive: Callable[[], bool], request: str, seconds: float) -> Any:
    """Wait for the reply to a request: its content, or the failure that came instead."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            message = client.get_shell_msg(timeout=min(0.5, max(0.0, end - time.monotonic())))
        except Empty:
            if not alive():
                return _stopped("KernelDied", "your code ended its own process.")
            continue
        if message["parent_header"].get("msg_id") == request:
            return message["content"]
    return _stopped("Timeout", f"your code did not come back within {SECONDS:g} seconds.")


def run_in_kernel(
    manager: Any,
    client: Any,
    name: str,
    probe: Callable,
    forbidden: Iterable[str] = (),
    functions: Mapping[str, Callable] = MappingProxyType({}),
) -> Run:
    """Return a stand-in for the answer `name` of a running kernel, for `judge`.

    Parameters
    ----------
    manager : jupyter_client.KernelManager
        Of the kernel that has run the learner's notebook.
    client : jupyter_client.BlockingKernelClient
        Connected to it.
    name : str
        The answer's name in that kernel.
    probe : callable
        The exercise's probe, a function of a module that the kernel can import.
    forbidden : iterable of str, optional
        What the answer must not use.
    functions : mapping of str to callable, optional
        Functions of such modules that the answer is to find under these names.

    Returns
    -------
    callable
        See `helpers.checks.judging.Run`. After a time-out the kernel is interrupted and, if that
        does not help, killed.
    """

    def ask(cases: Sequence[tuple]) -> list[Observation]:
        """Return what the answer does with the first of the cases, at least one."""
        if not manager.is_alive():
            return [_stopped("KernelDied", "your code ended its own process.")]
        expression = _expression(name, probe, cases, forbidden, functions)
        request = client.execute(
            "", silent=True, store_history=False, user_expressions={"reply": expression}
        )
        content = _reply(client, manager.is_alive, request, SECONDS)
        if not isinstance(content, Observation):
            return read(content, cases)
        late: Any = content
        if content.failure and content.failure.type_name == "Timeout":
            manager.interrupt_kernel()
            late = _reply(client, manager.is_alive, request, _INTERRUPT_SECONDS)
            if isinstance(late, Observation):
                manager.shutdown_kernel(now=True)
        if isinstance(late, Observation):
            return [replace(content, sure=len(cases) == 1)]
        *in_time, last = read(late, cases)
        return [*in_time, replace(content, sure=last.sure)]

    def read(content: Any, cases: Sequence[tuple]) -> list[Observation]:
        result = content.get("user_expressions", {}).get("reply", {})
        if result.get("status") == "error":
            if result.get("ename") == "NameError":
                # The cell was not run, or stopped before it defined the answer.
                return [_stopped("NotImplementedError", "")]
            return [replace(_not_tried(result.get("ename")), sure=len(cases) == 1)]
        try:
            return _read(result["data"]["text/plain"], forbidden, cases)
        except (KeyError, ValueError):
            lost = _stopped("NoReply", "what came back from your code could not be read.")
            return [replace(lost, sure=len(cases) == 1)]

    def run(cases: Iterable[tuple]) -> Iterator[Observation]:
        # The first alone: an answer that is not written has no use for the others.
        coming = iter(cases)
        waiting = [*itertools.islice(coming, 1)]
        while waiting:
            seen = ask(waiting)
            yield from seen
            waiting = waiting[len(seen) :] or [*coming]

    return run


def judge_in_kernel(
    exercise: Exercise,
    manager: Any,
    client: Any,
    notebook: str = "",
    seed: int | None = None,
    known: Mapping[str, Verdict] = MappingProxyType({}),
) -> Verdict:
    """Judge the answer that a running kernel holds, with fresh random cases.

    Parameters
    ----------
    exercise : Exercise
    manager, client
        See `run_in_kernel`.
    notebook : str, optional
        All code of the notebook, in which the functions are found that the answer calls.
    seed : int, optional
        Seed of the random cases; drawn anew if not given.
    known : mapping of str to Verdict, optional
        Of answers of this notebook that have been judged.
    """

    def run(exercise: Exercise, others: Sequence[Exercise]) -> Run:
        references = {other.name: other.reference for other in others}
        name, probe, refused = exercise.name, exercise.probe, exercise.refused
        return run_in_kernel(manager, client, name, probe, refused, references)

    if seed is None:
        seed = secrets.randbits(64)
    texts = texts_in(notebook)
    return judge_apart(exercise, run, lambda name: texts.get(name, ""), seed, known)
