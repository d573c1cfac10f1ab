"""Exercises of lesson 29: a worker that stops, a coordinator, and producer and consumer in time."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers import threads as room
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import coordinator as probes

__all__ = ["hint", "make_coordinator", "run_worker", "timeline"]

# A worker that stops -----------------------------------------------------------------------------

_END = object()


def worker(coord: Any, items: Iterator, handle: Callable) -> int:
    """Look, take an item, handle it; report an error and end."""
    number = 0
    while not coord.should_stop():
        item = next(items, _END)
        if item is _END:
            break
        try:
            handle(item)
        except Exception as error:
            coord.request_stop(error)
            break
        number += 1
    return number


def _worker(items: Any, stop_during: Any, fails_at: Any) -> int:
    # The parameters' names are what a verdict prints; what comes is coord, items, handle.
    return worker(items, stop_during, fails_at)


def never_looks(coord: Any, items: Iterator, handle: Callable) -> int:
    """You never look at `should_stop`, so nobody can stop your worker before the items end."""
    number = 0
    for item in items:
        try:
            handle(item)
        except Exception as error:
            coord.request_stop(error)
            break
        number += 1
    return number


def looks_once(coord: Any, items: Iterator, handle: Callable) -> int:
    """You look at `should_stop` once, before the first item; look again before each."""
    return 0 if coord.should_stop() else never_looks(coord, items, handle)


def looks_too_late(coord: Any, items: Iterator, handle: Callable) -> int:
    """You take an item and look after that: an item that was taken and not handled is lost."""
    number = 0
    for item in items:
        if coord.should_stop():
            break
        try:
            handle(item)
        except Exception as error:
            coord.request_stop(error)
            break
        number += 1
    return number


def works_first(coord: Any, items: Iterator, handle: Callable) -> int:
    """You handle an item before you look for the first time; somebody may have asked before."""
    number = 0
    for item in items:
        try:
            handle(item)
        except Exception as error:
            coord.request_stop(error)
            break
        number += 1
        if coord.should_stop():
            break
    return number


def end_stops_all(coord: Any, items: Iterator, handle: Callable) -> int:
    """You ask all to stop when the items end; the others may still be busy with theirs.

    Whoever has nothing left to do simply returns.
    """
    number = worker(coord, items, handle)
    if not coord.should_stop():
        coord.request_stop()
    return number


def error_let_through(coord: Any, items: Iterator, handle: Callable) -> int:
    """You let the error end your thread: the others go on, and nobody is told.

    Catch it, and hand it over with coord.request_stop(error).
    """
    number = 0
    while not coord.should_stop():
        item = next(items, _END)
        if item is _END:
            break
        handle(item)
        number += 1
    return number


def error_passed_over(coord: Any, items: Iterator, handle: Callable) -> int:
    """You catch the error and go on with the next item; report it and end."""
    number = 0
    while not coord.should_stop():
        item = next(items, _END)
        if item is _END:
            break
        try:
            handle(item)
        except Exception:
            continue
        number += 1
    return number


def error_kept_secret(coord: Any, items: Iterator, handle: Callable) -> int:
    """Your worker ends at the error and tells nobody: the others go on, and `join` is silent."""
    number = 0
    while not coord.should_stop():
        item = next(items, _END)
        if item is _END:
            break
        try:
            handle(item)
        except Exception:
            break
        number += 1
    return number


def stop_without_the_error(coord: Any, items: Iterator, handle: Callable) -> int:
    """You ask to stop without a reason, so `join` ends as if all were well; hand over the error."""
    number = 0
    while not coord.should_stop():
        item = next(items, _END)
        if item is _END:
            break
        try:
            handle(item)
        except Exception:
            coord.request_stop()
            break
        number += 1
    return number


def failed_item_counted(coord: Any, items: Iterator, handle: Callable) -> int:
    """You count the item that failed; count those that were handled to their end."""
    number = 0
    while not coord.should_stop():
        item = next(items, _END)
        if item is _END:
            break
        number += 1
        try:
            handle(item)
        except Exception as error:
            coord.request_stop(error)
    return number


def nothing_counted(coord: Any, items: Iterator, handle: Callable) -> None:
    """You return nothing; return how many items were handled."""
    worker(coord, items, handle)


def end_reported(coord: Any, items: Iterator, handle: Callable) -> int:
    """You report the StopIteration of the last item as an error: it only says that none is left."""
    number = 0
    try:
        while not coord.should_stop():
            handle(next(items))
            number += 1
    except Exception as error:
        coord.request_stop(error)
    return number


def one_class_caught(coord: Any, items: Iterator, handle: Callable) -> int:
    """You catch errors of one class: `handle` may raise any exception, so catch `Exception`."""
    number = 0
    while not coord.should_stop():
        item = next(items, _END)
        if item is _END:
            break
        try:
            handle(item)
        except ValueError as error:
            coord.request_stop(error)
            break
        number += 1
    return number


def end_seen_in_handle(coord: Any, items: Iterator, handle: Callable) -> int:
    """You take a StopIteration of `handle` for the end of the items, and do not report it.

    Only `next` tells of the end: call `handle` outside of the `try` that catches StopIteration.
    """
    number = 0
    while not coord.should_stop():
        try:
            handle(next(items))
        except StopIteration:
            break
        except Exception as error:
            coord.request_stop(error)
            break
        number += 1
    return number


def other_error_reported(coord: Any, items: Iterator, handle: Callable) -> int:
    """You report an error of your own making: hand over the one that you have caught."""
    number = 0
    while not coord.should_stop():
        item = next(items, _END)
        if item is _END:
            break
        try:
            handle(item)
        except Exception as error:
            coord.request_stop(RuntimeError(str(error)))
            break
        number += 1
    return number


def dropped_when_asked(coord: Any, items: Iterator, handle: Callable) -> int:
    """You look again when you have taken an item, and drop it: what is taken is handled."""
    number = 0
    while not coord.should_stop():
        item = next(items, _END)
        if item is _END or coord.should_stop():
            break
        try:
            handle(item)
        except Exception as error:
            coord.request_stop(error)
            break
        number += 1
    return number


def all_taken_at_once(coord: Any, items: Iterator, handle: Callable) -> int:
    """You take all items at once, as `list` does: the others find none. Take one at a time."""
    return worker(coord, iter(list(items)), handle)


def zero_taken_for_the_end(coord: Any, items: Iterator, handle: Callable) -> int:
    """You take the item 0 for the end: compare with what `next` gives for none, by `is`."""
    number = 0
    while not coord.should_stop():
        item = next(items, None)
        if not item:
            break
        try:
            handle(item)
        except Exception as error:
            coord.request_stop(error)
            break
        number += 1
    return number


def none_taken_for_the_end(coord: Any, items: Iterator, handle: Callable) -> int:
    """You take an item None for the end: `items` may hold it. Catch StopIteration instead."""
    number = 0
    while not coord.should_stop():
        item = next(items, None)
        if item is None:
            break
        try:
            handle(item)
        except Exception as error:
            coord.request_stop(error)
            break
        number += 1
    return number


def reported_and_raised(coord: Any, items: Iterator, handle: Callable) -> int:
    """You report the error and raise it as well: the worker raises nothing itself."""
    number = 0
    while not coord.should_stop():
        item = next(items, _END)
        if item is _END:
            break
        try:
            handle(item)
        except Exception as error:
            coord.request_stop(error)
            raise
        number += 1
    return number


def text_reported(coord: Any, items: Iterator, handle: Callable) -> int:
    """You report the text of the error: hand over the exception itself."""

    class ByText:
        def request_stop(self, error: Any) -> None:
            coord.request_stop(str(error))

        def should_stop(self) -> bool:
            return bool(coord.should_stop())

    return worker(ByText(), items, handle)


def results_counted(coord: Any, items: Iterator, handle: Callable) -> int:
    """You count where `handle` returns something true: each item without an exception counts."""
    worker(coord, items, handle)
    return 0


def one_item_alone(coord: Any, items: Iterator, handle: Callable) -> int:
    """Your worker ends after one item: `return` belongs behind the loop, not into it."""
    return worker(coord, itertools.islice(items, 1), handle)


def items_returned(coord: Any, items: Iterator, handle: Callable) -> list:
    """You return the items: return how many of them were handled."""
    done = []
    while not coord.should_stop():
        item = next(items, _END)
        if item is _END:
            break
        try:
            handle(item)
        except Exception as error:
            coord.request_stop(error)
            break
        done.append(item)
    return done


def worker_in_a_with(coord: Any, items: Iterator, handle: Callable) -> int:
    """Let the coordinator's own context manager report what goes wrong."""
    done: list[Any] = []
    with coord.stop_on_exception():
        while not coord.should_stop():
            try:
                item = next(items)
            except StopIteration:
                break
            handle(item)
            done.append(item)
    return len(done)


def worker_in_a_try(coord: Any, items: Iterator, handle: Callable) -> int:
    """Put the whole loop into one try."""
    count, going = 0, True
    try:
        while going and not coord.should_stop():
            going = False
            for item in items:
                handle(item)
                count, going = count + 1, True
                break
    except Exception as error:
        coord.request_stop(error)
    return count


def _random_work(rng: np.random.Generator) -> tuple:
    items = rng.permutation(20)[: int(rng.integers(4, 9))].tolist()
    return items, int(rng.choice(items[:-1])), None


def _random_failure(rng: np.random.Generator) -> tuple:
    items, during, _ = _random_work(rng)
    return items, None, during


run_worker = Exercise(
    name="run_worker",
    lesson="29_coordinator",
    reference=_worker,
    probe=probes.worked,
    parts=[
        Part(
            "to the end, or until somebody asks",
            points=1,
            cases=[
                ([3, 1, 2], None, None),
                ([5, 6, 7, 8], 6, None),
                ([5, 6, 7], -1, None),
                ([4, 0, 9], 9, None),
                ([5, None, 7], None, None),
                ([5, 6, 7, 8], "taking 6", None),
                ([], None, None),
            ],
            random_case=_random_work,
        ),
        Part(
            "an item that fails",
            points=1,
            cases=[
                ([5, 6, 7, 8], None, 7),
                ([5, 6], None, 5),
                ([2, 8], None, 8),
                ([4, 6, 5], None, 6),
            ],
            random_case=_random_failure,
        ),
    ],
    misconceptions=[
        never_looks,
        looks_once,
        looks_too_late,
        works_first,
        end_stops_all,
        error_let_through,
        error_passed_over,
        error_kept_secret,
        stop_without_the_error,
        failed_item_counted,
        nothing_counted,
        end_reported,
        one_class_caught,
        end_seen_in_handle,
        other_error_reported,
        dropped_when_asked,
        all_taken_at_once,
        zero_taken_for_the_end,
        none_taken_for_the_end,
        items_returned,
        reported_and_raised,
        text_reported,
        results_counted,
        one_item_alone,
    ],
    also_right=[worker_in_a_with, worker_in_a_try],
    hints=[
        "A `for` loop takes an item before its body runs. Where has the look to stand?",
        "`next(items, None)` takes one item; None says that there is none left.",
        "Around the call of `handle` goes a `try`, and its `except Exception as error` hands the "
        "error to the coordinator.",
    ],
)

# A coordinator -----------------------------------------------------------------------------------

Functions = tuple[Callable[[], bool], Callable[..., None], Callable[[Sequence], None]]


def coordinator(clean: tuple[type[Exception], ...]) -> Functions:
    """Keep the first request's error; wait, then raise it."""
    asked: list[Exception | None] = []

    def should_stop() -> bool:
        return len(asked) > 0

    def request_stop(error: Exception | None = None) -> None:
        if not asked:
            asked.append(None if isinstance(error, clean) else error)

    def join(threads: Sequence) -> None:
        for thread in threads:
            thread.join()
        if asked and asked[0] is not None:
            raise asked[0]

    return should_stop, request_stop, join


def _variant(
    clean: tuple,
    keep: Callable[[list, Any], list],
    stops: Callable[[list], bool] = bool,
    join: Callable[[Callable, list, Sequence], None] | None = None,
) -> Functions:
    """Return a coordinator that differs in what it keeps, when it has stopped, or how it joins."""
    asked: list = []

    def request_stop(error: Any = None) -> None:
        asked[:] = keep(asked, None if isinstance(error, clean) else error)

    def usual(request: Callable, asked: list, threads: Sequence) -> None:
        for thread in threads:
            thread.join()
        if asked and asked[0] is not None:
            raise asked[0]

    return (
        lambda: stops(asked),
        request_stop,
        lambda threads: (join or usual)(request_stop, asked, threads),
    )


def _first(asked: list, error: Any) -> list:
    return asked or [error]


def last_error_wins(clean: tuple) -> Functions:
    """Your later errors replace the first; those mostly follow from it, so the first one counts."""
    return _variant(clean, lambda asked, error: [error])


def error_after_the_request(clean: tuple) -> Functions:
    """You keep an error that comes after a request without one; only the first request counts.

    Threads that are asked to stop may fail because of that, and all is well.
    """
    return _variant(clean, lambda asked, error: asked if any(asked) else [error])


def error_before_waiting(clean: tuple) -> Functions:
    """You raise the error before the threads have ended, so some are left running."""

    def join(request_stop: Callable, asked: list, threads: Sequence) -> None:
        for thread in [None, *threads]:
            if asked and asked[0] is not None:
                raise asked[0]
            if thread:
                thread.join()

    return _variant(clean, _first, join=join)


def error_read_too_early(clean: tuple) -> Functions:
    """You read the error before you wait; a thread may report one while `join` waits for it."""

    def join(request_stop: Callable, asked: list, threads: Sequence) -> None:
        error = asked[0] if asked else None
        for thread in threads:
            thread.join()
        if error is not None:
            raise error

    return _variant(clean, _first, join=join)


def join_is_silent(clean: tuple) -> Functions:
    """Your `join` never raises the error that was handed over, so the main thread never learns."""

    def join(request_stop: Callable, asked: list, threads: Sequence) -> None:
        for thread in threads:
            thread.join()

    return _variant(clean, _first, join=join)


def join_does_not_wait(clean: tuple) -> Functions:
    """Your `join` does not wait for the threads, or not until they have ended."""

    def join(request_stop: Callable, asked: list, threads: Sequence) -> None:
        if asked and asked[0] is not None:
            raise asked[0]

    return _variant(clean, _first, join=join)


def join_asks_to_stop(clean: tuple) -> Functions:
    """Your `join` asks the threads to stop; it only waits, perhaps for threads that end by itself.

    Whoever wants them to stop calls `request_stop` first.
    """

    def join(request_stop: Callable, asked: list, threads: Sequence) -> None:
        request_stop()
        for thread in threads:
            thread.join()
        if asked[0] is not None:
            raise asked[0]

    return _variant(clean, _first, join=join)


def stops_only_for_errors(clean: tuple) -> Functions:
    """A request without an error does not stop your threads; it is the usual one."""
    return _variant(clean, _first, stops=any)


def request_raises(clean: tuple) -> Functions:
    """Your `request_stop` raises the error, in the thread that reports it; `join` has to raise it.

    The main thread is in `join`.
    """

    def keep(asked: list, error: Any) -> list:
        if error is not None:
            raise error
        return asked or [None]

    return _variant(clean, keep)


def clean_reported(clean: tuple) -> Functions:
    """You raise errors of the classes in `clean`; they mean that all is well."""
    return _variant((), _first)


def clean_ignored(clean: tuple) -> Functions:
    """You take no notice of errors of the classes in `clean`; they ask to stop like any request."""
    should_stop, request_stop, join = coordinator(())

    def only_others(error: Any = None) -> None:
        if not isinstance(error, clean):
            request_stop(error)

    return should_stop, only_others, join


_everybody: list = []


def exact_class_alone(clean: tuple) -> Functions:
    """You compare the error's own class alone: one derived from a class in `clean` is clean, too.

    `isinstance(error, clean)` knows both.
    """
    should_stop, request_stop, join = coordinator(())

    def ask(error: Any = None) -> None:
        request_stop(None if type(error) in clean else error)

    return should_stop, ask, join


def one_for_all(clean: tuple) -> Functions:
    """All your coordinators share one state; each call has to make a new one.

    What is kept belongs inside `make_coordinator`, not before it.
    """
    _, request_stop, join = coordinator(clean)

    def ask(error: Any = None) -> None:
        _everybody.append(error)
        request_stop(error)

    return lambda: bool(_everybody), ask, join


def nothing_kept(clean: tuple) -> Functions:
    """Your requests have no effect: an inner function that assigns needs `nonlocal`.

    Without it, the name in `request_stop` is another variable, which ends with the call.
    """
    return _variant(clean, lambda asked, error: [])


def waits_for_a_request(clean: tuple) -> Functions:
    """Your `join` waits until somebody asks to stop: the threads may also end by themselves."""
    import time

    should_stop, request_stop, join = coordinator(clean)

    def waiting(threads: Sequence) -> None:
        while not should_stop():
            time.sleep(0.01)
        join(threads)

    return should_stop, request_stop, waiting


def waits_when_asked(clean: tuple) -> Functions:
    """Your `join` waits only if somebody has asked to stop: it waits in any case."""

    def join(request_stop: Callable, asked: list, threads: Sequence) -> None:
        for thread in threads if asked else []:
            thread.join()
        if asked and asked[0] is not None:
            raise asked[0]

    return _variant(clean, _first, join=join)


def waits_for_one(clean: tuple) -> Functions:
    """Your `join` waits for one thread: wait for each of them."""

    def join(request_stop: Callable, asked: list, threads: Sequence) -> None:
        threads[0].join()
        if asked and asked[0] is not None:
            raise asked[0]

    return _variant(clean, _first, join=join)


def error_returned(clean: tuple) -> Functions:
    """Your `join` returns the error: raise it, so that nobody overlooks it."""
    should_stop, request_stop, join = coordinator(clean)

    def returning(threads: Sequence) -> Any:
        try:
            join(threads)
        except Exception as error:
            return error
        return None

    return should_stop, request_stop, returning


def error_always_needed(clean: tuple) -> Any:
    """Your `request_stop` needs an error: it is called without one as well, `error=None`."""
    should_stop, request_stop, join = coordinator(clean)
    return should_stop, lambda error: request_stop(error), join


def threads_started(clean: tuple) -> Functions:
    """Your `join` starts the threads: they run already, and a thread cannot be started twice."""

    def join(request_stop: Callable, asked: list, threads: Sequence) -> None:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return _variant(clean, _first, join=join)


def request_stop_first(clean: tuple) -> Any:
    """You return the three in another order: `should_stop, request_stop, join`."""
    should_stop, request_stop, join = coordinator(clean)
    return request_stop, should_stop, join


def coordinator_of_a_class(clean: tuple) -> Any:
    """Write a class with a lock, and hand out its methods."""
    import threading

    class Coordinator:
        def __init__(self) -> None:
            self.lock, self.stop, self.error = threading.Lock(), threading.Event(), None

        def request_stop(self, error: Any = None) -> None:
            with self.lock:
                if not self.stop.is_set() and not isinstance(error, clean):
                    self.error = error
                self.stop.set()

        def join(self, threads: Any) -> None:
            while any([thread.is_alive() for thread in threads]):
                pass
            if self.error:
                raise self.error

    made = Coordinator()
    return made.stop.is_set, made.request_stop, made.join


def coordinator_with_nonlocal(clean: tuple) -> Any:
    """Keep two variables of the function around."""
    stop, kept = False, None

    def should_stop() -> bool:
        return stop

    def request_stop(error: Any = None) -> None:
        nonlocal stop, kept
        if stop:
            return
        stop = True
        if error is not None and not isinstance(error, clean):
            kept = error

    def join(threads: Any) -> None:
        [thread.join() for thread in threads]
        if kept:
            raise kept

    return [should_stop, request_stop, join]


make_coordinator = Exercise(
    name="make_coordinator",
    lesson="29_coordinator",
    reference=coordinator,
    probe=probes.coordinated,
    parts=[
        Part(
            "ask, look and wait",
            points=1,
            cases=[
                ([], ["look", "join 2", "look"]),
                ([], ["look", "ask", "look", "ask", "look", "join 3"]),
                (["EOFError"], ["join 1", "ask", "join 1", "look"]),
                ([], ["ask ValueError", "look"]),
            ],
        ),
        Part(
            "errors",
            points=2,
            cases=[
                ([], ["ask ValueError", "look", "join 2"]),
                ([], ["ask ValueError", "ask KeyError", "join 2"]),
                ([], ["ask", "ask ValueError", "look", "join 2"]),
                ([], ["join 3 ValueError", "look"]),
                ([], ["ask ValueError", "join 3 OSError"]),
                ([], ["ask", "join 2 ValueError"]),
            ],
        ),
        Part(
            "errors that are none",
            points=1,
            cases=[
                (["EOFError"], ["ask EOFError", "look", "join 2"]),
                (["EOFError", "OSError"], ["ask OSError", "ask ValueError", "join 2"]),
                (["EOFError"], ["ask ValueError", "ask EOFError", "join 2"]),
                (["EOFError"], ["join 2 EOFError", "look", "join 1"]),
                (["LookupError"], ["ask KeyError", "look", "join 2"]),
            ],
        ),
    ],
    misconceptions=[
        last_error_wins,
        error_after_the_request,
        error_before_waiting,
        error_read_too_early,
        join_is_silent,
        join_does_not_wait,
        join_asks_to_stop,
        stops_only_for_errors,
        request_raises,
        clean_reported,
        clean_ignored,
        exact_class_alone,
        one_for_all,
        nothing_kept,
        waits_for_a_request,
        waits_when_asked,
        waits_for_one,
        error_returned,
        error_always_needed,
        request_stop_first,
        threads_started,
    ],
    also_right=[coordinator_of_a_class, coordinator_with_nonlocal],
    hints=[
        "The three functions share what is kept. A list that is made in `make_coordinator` and "
        "changed by an inner function is the simplest way.",
        "Let `request_stop` put into that list the error or None, unless it holds something.",
        "`join` waits for all threads first, and only then looks at the list.",
    ],
)

# Producer and consumer ---------------------------------------------------------------------------


def _simulated(
    produce: NDArray,
    consume: NDArray,
    free: Callable[[NDArray, int], float],
    taken: Callable[[float, float], float] = max,
) -> NDArray:
    """Return a timeline: `free(times, i)` says when there is a place for item i."""
    times = np.zeros((len(produce), 4))
    for i in range(len(produce)):
        begin = max(times[i - 1, 1] if i else 0.0, free(times, i))
        end = begin + produce[i]
        start = taken(end, times[i - 1, 3] if i else 0.0)
        times[i] = begin, end, start, start + consume[i]
    return times


def _place(times: NDArray, i: int, buffer_size: int, column: int = 2) -> float:
    """Return when item i has a place in the buffer."""
    if buffer_size == 0:
        return times[i - 1, 3] if i else 0.0
    return times[i - buffer_size, column] if i >= buffer_size else 0.0


def no_buffer_at_all(produce: NDArray, consume: NDArray, buffer_size: int) -> NDArray:
    """You use no buffer: your producer waits for the consumer whatever `buffer_size` is."""
    return room.timeline(produce, consume, 0)


def endless_buffer(produce: NDArray, consume: NDArray, buffer_size: int) -> NDArray:
    """Your producer never waits for a place; the buffer holds `buffer_size` items.

    Item i has a place when item i - buffer_size has been taken out, not when it has been produced.
    """
    return room.timeline(produce, consume, buffer_size and len(produce))


def zero_is_one(produce: NDArray, consume: NDArray, buffer_size: int) -> NDArray:
    """With a buffer of 0 your producer works ahead; it begins when the consumer asks for an item.

    That is when the item before has been consumed.
    """
    return room.timeline(produce, consume, max(buffer_size, 1))


def zero_is_endless(produce: NDArray, consume: NDArray, buffer_size: int) -> NDArray:
    """With a buffer of 0 your producer never waits; it begins when the consumer asks for an item.

    That is when the item before has been consumed.
    """
    return room.timeline(produce, consume, buffer_size or len(produce))


def place_freed_at_the_end(produce: NDArray, consume: NDArray, buffer_size: int) -> NDArray:
    """Your producer waits too long for a place; it is free when an item is taken out.

    For item i, the consumption of item i - buffer_size must have begun, and not ended.
    """
    return _simulated(produce, consume, lambda times, i: _place(times, i, buffer_size, 3))


def one_place_too_many(produce: NDArray, consume: NDArray, buffer_size: int) -> NDArray:
    """Your buffer has a place too many: for item i, item i - buffer_size must have been taken."""
    return room.timeline(produce, consume, buffer_size and buffer_size + 1)


def consumer_does_two_at_once(produce: NDArray, consume: NDArray, buffer_size: int) -> NDArray:
    """Your consumer begins with an item as soon as it is there; it may be busy with the one before.

    The later of the two moments counts.
    """
    return _simulated(
        produce, consume, lambda times, i: _place(times, i, buffer_size), lambda end, free: end
    )


def item_not_awaited(produce: NDArray, consume: NDArray, buffer_size: int) -> NDArray:
    """Your consumer begins with an item that is not produced yet; it has to wait for its end."""
    times = room.timeline(produce, consume, buffer_size)
    ends = produce[0] + np.cumsum(consume)
    return np.column_stack([times[:, :2], ends - consume, ends])


def durations_returned(produce: NDArray, consume: NDArray, buffer_size: int) -> NDArray:
    """You return how long each step takes; return the moments at which it begins and ends."""
    times = room.timeline(produce, consume, buffer_size)
    return np.column_stack([times[:, 0], produce, times[:, 2], consume])


def consumer_first(produce: NDArray, consume: NDArray, buffer_size: int) -> NDArray:
    """Your columns are in another order: first the two moments of producing, then of consuming."""
    return room.timeline(produce, consume, buffer_size)[:, [2, 3, 0, 1]]


def one_place_too_few(produce: NDArray, consume: NDArray, buffer_size: int) -> NDArray:
    """Your buffer has a place too few: item i waits for item i - buffer_size, and no later one."""

    def free(times: NDArray, i: int) -> float:
        return 0.0 if buffer_size == 1 else _place(times, i, max(buffer_size - 1, 0))

    return _simulated(produce, consume, free)


def nobody_waits(produce: NDArray, consume: NDArray, buffer_size: int) -> NDArray:
    """Neither of the two waits for the other: the sums of the times alone are not the timeline."""
    ends = np.cumsum(produce)
    return np.column_stack([ends - produce, ends, ends, ends + consume])


def counted_from_the_end(produce: NDArray, consume: NDArray, buffer_size: int) -> NDArray:
    """For the first items i - buffer_size is negative, and Python counts from the end then.

    They find a free place.
    """
    return _simulated(
        produce,
        consume,
        lambda times, i: (
            0.0 if not i else times[i - buffer_size, 2] if buffer_size else times[i - 1, 3]
        ),
    )


def last_row_alone(produce: NDArray, consume: NDArray, buffer_size: int) -> NDArray:
    """You return the row of the last item alone: a row for each item was asked for."""
    return room.timeline(produce, consume, buffer_size)[-1]


def cut_to_whole_numbers(produce: NDArray, consume: NDArray, buffer_size: int) -> NDArray:
    """Your times are cut off to whole numbers, as in an array of integers: times are floats."""
    times = np.zeros((len(produce), 4), int)
    for i in range(len(produce)):
        begin = max(times[i - 1, 1] if i else 0, int(_place(times, i, buffer_size)))
        times[i, :2] = begin, begin + produce[i]
        start = max(times[i, 1], times[i - 1, 3] if i else 0)
        times[i, 2:] = start, start + consume[i]
    return times.astype(float)


def full_buffer_awaited(produce: NDArray, consume: NDArray, buffer_size: int) -> NDArray:
    """Your consumer waits until the buffer is full; it begins as soon as there is an item."""
    times = room.timeline(produce, consume, buffer_size)
    if buffer_size < 2:
        return times
    full = np.cumsum(produce)[min(buffer_size, len(produce)) - 1]
    for i in range(len(produce)):
        begin = max(times[i - 1, 1] if i else 0.0, _place(times, i, buffer_size))
        start = max(begin + produce[i], times[i - 1, 3] if i else full)
        times[i] = begin, begin + produce[i], start, start + consume[i]
    return times


def timeline_of_lists(produce: NDArray, consume: NDArray, buffer_size: int) -> Any:
    """Keep four lists."""
    made_from: list[float] = []
    made: list[float] = []
    used_from: list[float] = []
    used: list[float] = []
    for i, (work, use) in enumerate(zip(produce, consume, strict=True)):
        waits_for = [0.0, *made[-1:]]
        if not buffer_size:
            waits_for += used[-1:]
        elif i - buffer_size >= 0:
            waits_for.append(used_from[i - buffer_size])
        made_from.append(float(max(waits_for)))
        made.append(made_from[i] + float(work))
        used_from.append(max([made[i], *used[-1:]]))
        used.append(used_from[i] + float(use))
    return list(zip(made_from, made, used_from, used, strict=True))


def timeline_by_events(produce: NDArray, consume: NDArray, buffer_size: int) -> Any:
    """Let two machines run, each with the time at which it is free."""
    n = len(produce)
    free_places = [0.0] * buffer_size
    producer = consumer = 0.0
    rows = np.empty((n, 4))
    for i in range(n):
        rows[i, 0] = max(producer, free_places.pop(0)) if buffer_size else consumer
        producer = rows[i, 1] = rows[i, 0] + produce[i]
        rows[i, 2] = np.maximum(producer, consumer)
        free_places.append(rows[i, 2])
        consumer = rows[i, 3] = rows[i, 2] + consume[i]
    return rows


def _random_times(rng: np.random.Generator, buffer_size: int) -> tuple:
    number = int(rng.integers(6, 10))
    produce, consume = rng.integers(1, 9, size=(2, number)) / 2
    return produce, consume, buffer_size


_slow_first = np.array([4.0, 1.0, 1.0, 1.0, 5.0, 1.0, 1.0])
_slow_last = np.array([1.0, 1.0, 3.0, 1.0, 4.0, 2.0, 6.0])

timeline = Exercise(
    name="timeline",
    lesson="29_coordinator",
    reference=room.timeline,
    parts=[
        Part(
            "without a buffer",
            points=1,
            cases=[
                (np.array([3.0, 3.0]), np.array([2.0, 2.0]), 0),
                (_slow_first, _slow_last, 0),
                (np.array([2.5]), np.array([1.0]), 0),
                (np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 3.0]), 0),
            ],
            random_case=lambda rng: _random_times(rng, 0),
        ),
        Part(
            "with a buffer",
            points=2,
            cases=[
                (np.array([3.0, 3.0]), np.array([2.0, 2.0]), 1),
                (_slow_first, _slow_last, 1),
                (_slow_first, _slow_last, 2),
                (np.ones(6), np.full(6, 3.0), 2),
                (np.ones(6), np.full(6, 3.0), 3),
                (_slow_last, _slow_first, 1),
                (_slow_first, _slow_last, 9),
            ],
            random_case=lambda rng: _random_times(rng, int(rng.integers(1, 4))),
        ),
    ],
    misconceptions=[
        no_buffer_at_all,
        endless_buffer,
        zero_is_one,
        zero_is_endless,
        place_freed_at_the_end,
        one_place_too_many,
        consumer_does_two_at_once,
        item_not_awaited,
        durations_returned,
        consumer_first,
        one_place_too_few,
        nobody_waits,
        counted_from_the_end,
        last_row_alone,
        cut_to_whole_numbers,
        full_buffer_awaited,
    ],
    also_right=[timeline_of_lists, timeline_by_events],
    hints=[
        "Go from item to item, and fill a row of four moments. What does each of them wait for?",
        "Two moments are sums, and the other two are the later one of what has to come first.",
        "The producer waits for the item before. If there is a buffer, it waits also for the "
        "moment at which the item `buffer_size` places earlier was taken out; the first ones find "
        "free places.",
    ],
)
