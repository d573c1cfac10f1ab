"""Probes of lesson 29: a worker with a coordinator, and a coordinator of one's own."""

import builtins
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import tensorflow as tf

from helpers.checks.observe import WrongReturn

LIMIT = 1.0  # seconds for a `join` of an answer, whose threads end at once
ENOUGH = 100  # looks at `should_stop`, for an answer that would go on for ever


class JoinHangs(WrongReturn):
    """The answer's `join` goes on waiting when all threads have ended."""


class ReportedAndRaised(WrongReturn):
    """The answer reported an error, and raised it as well."""


class ErrorNeeded(WrongReturn):
    """The answer's `request_stop` cannot be called without an error."""


class Endless(BaseException):
    """An answer goes round and round; no `except Exception` of it may hold this up."""


class Watched(tf.train.Coordinator):
    """A coordinator that keeps what is reported, and ends an answer that does not end itself."""

    def __init__(self) -> None:
        super().__init__()
        self.reported: list[str] = []
        self.looks = 0

    def should_stop(self) -> bool:
        """Tell whether somebody has asked to stop."""
        self.looks += 1
        if self.looks > ENOUGH:
            raise Endless(f"should_stop was asked {ENOUGH} times: your loop has no end.")
        return bool(super().should_stop())

    def request_stop(self, ex: Any = None) -> None:
        """Ask to stop."""
        error = ex[1] if isinstance(ex, tuple) else ex
        self.reported.append("no error" if error is None else f"{type(error).__name__}: {error}")
        super().request_stop()


def worked(
    answer: Callable,
    items: Sequence[int | None],
    stop_during: int | str | None,
    fails_at: int | None,
) -> dict[str, Any]:
    """Let an answer work on items, and see what it has done.

    Parameters
    ----------
    answer : callable
        ``answer(coord, items, handle)``.
    items : sequence of int or None
        All different.
    stop_during : int, str or None
        The item during which somebody else asks to stop; -1 for before the first; ``"taking 6"``
        for while the worker takes item 6.
    fails_at : int or None
        The item that raises an error: a StopIteration if it can be divided by 3; else a ValueError
        or a KeyError.

    Examples
    --------
    >>> seen = worked(lambda coord, items, handle: handle(next(items)), [5, 6], None, None)
    >>> seen["the items handled"], seen["the items left"]
    ([5], [6])
    """
    coord = Watched()
    handled: list[int | None] = []

    def stop() -> None:
        tf.train.Coordinator.request_stop(coord)

    def handle(item: int | None) -> None:
        if len(handled) > ENOUGH:
            raise Endless(f"handle was called {ENOUGH} times: your loop has no end.")
        handled.append(item)
        if item is not None and item == stop_during:
            stop()
        if item is not None and item == fails_at:
            raise (StopIteration, ValueError, KeyError)[item % 3](f"item {item} is damaged")

    def giving() -> Iterator[int | None]:
        for item in items:
            if stop_during == f"taking {item}":
                stop()
            yield item

    if stop_during == -1:
        stop()
    left = giving()
    try:
        returned = answer(coord, left, handle)
    except Exception as error:
        if f"{type(error).__name__}: {error}" in coord.reported:
            raise ReportedAndRaised(
                f"the {type(error).__name__} was reported, and left your function as well"
            ) from error
        raise
    return {
        "the items handled": handled,
        "the items left": list(left),
        "what was reported to the coordinator": coord.reported,
        "what is returned": returned,
    }


class StandIn:
    """A thread that ends when somebody waits for it; it may report an error at its end."""

    def __init__(self, at_its_end: Callable[[], None] | None = None) -> None:
        self._at_its_end = at_its_end
        self._looks = 0
        self.ended = False

    def start(self) -> None:
        """Refuse, as a thread does that runs already."""
        raise RuntimeError("threads can only be started once")

    def join(self, timeout: float | None = None) -> None:
        """Wait for it; with a timeout, not long enough."""
        if not self.ended and timeout is None:
            self.ended = True
            if self._at_its_end:
                self._at_its_end()

    def is_alive(self) -> bool:
        """Tell whether it runs; it ends after three looks."""
        self._looks += 1
        if self._looks > 3:
            self.join()
        return not self.ended


def coordinated(answer: Callable, clean: Sequence[str], script: Sequence[str]) -> dict[str, Any]:
    """Make a coordinator with an answer, call its functions, and see what they do.

    Parameters
    ----------
    answer : callable
        ``answer(clean)``, which returns ``should_stop, request_stop, join``.
    clean : sequence of str
        Names of classes of exceptions.
    script : sequence of str
        What is done: ``look``; ``ask``, or ``ask ValueError``; ``join 2`` with two threads, or
        ``join 2 ValueError``, of which the second one reports this error at its end.

    Examples
    --------
    >>> def never(clean):
    ...     return lambda: False, lambda error=None: None, lambda threads: None
    >>> coordinated(never, [], ["ask", "look", "join 1"])["2. should_stop()"]
    False
    """
    classes = tuple(getattr(builtins, name) for name in clean)
    should_stop, request_stop, join = _three_functions(answer(classes))
    other_should_stop, _, _ = _three_functions(answer(classes))
    made: list[Exception] = []

    def report(name: str) -> None:
        made.append(getattr(builtins, name)(f"error {len(made) + 1}"))
        request_stop(made[-1])

    seen: dict[str, Any] = {}
    for number, line in enumerate(script, start=1):
        what, *rest = line.split()
        if what == "look":
            seen[f"{number}. should_stop()"] = should_stop()
        elif what == "ask" and not rest:
            _ask_without_an_error(request_stop)
        elif what == "ask":
            report(rest[0])
        else:
            some = [StandIn() for _ in range(int(rest[0]))]
            if rest[1:]:
                some[-1] = StandIn(partial(report, rest[1]))
            call = f"{number}. join(…) after {', '.join(script[: number - 1]) or 'nothing'}"
            try:
                result = _in_time(join, some, request_stop)
                seen[call] = "returned None" if result is None else "returned a value"
            except Exception as error:
                # An error of its own that is made of ours is a result, and a wrong one.
                ours = any(
                    one in (error, error.__cause__) or str(one) == str(error) for one in made
                )
                if not ours:
                    raise
                seen[call] = f"raised {type(error).__name__}, {error}"
            ended = sum(thread.ended for thread in some)
            seen[f"{number}. the number of threads that join has waited for"] = ended
    seen["should_stop() of another coordinator"] = other_should_stop()
    return seen


def _ask_without_an_error(request_stop: Callable) -> None:
    try:
        request_stop()
    except TypeError as error:
        if "missing 1 required" not in str(error):
            raise
        raise ErrorNeeded(f"request_stop() stopped with TypeError: {error}") from error


def _in_time(join: Callable, some: list[StandIn], request_stop: Callable) -> Any:
    """Call ``join(some)``, which may report an error, in a thread that can be left alone."""
    found: dict[str, Any] = {}

    def call() -> None:
        try:
            found["result"] = join(some)
        except BaseException as error:
            found["error"] = error

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(LIMIT)
    if thread.is_alive():
        request_stop()  # what it may be waiting for, so that it ends after all
        raise JoinHangs("your `join` did not come back, though all threads have ended")
    if "error" in found:
        raise found["error"]
    return found["result"]


def _three_functions(returned: Any) -> tuple[Callable, Callable, Callable]:
    try:
        one, two, three = returned
    except (TypeError, ValueError):
        raise WrongReturn("it did not return three functions.") from None
    if not (callable(one) and callable(two) and callable(three)):
        raise WrongReturn("it did not return three functions.")
    return one, two, three
