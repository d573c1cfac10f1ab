"""The lessons' clock for threads: whose turn it is, and that nobody waits for ever."""

import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from helpers import threads


def taken_turns(clock: threads.Clock, order: list[int]) -> list[tuple]:
    """Start three threads in an order, and return who slept when."""

    def work(number: int) -> None:
        for item in range(4):
            clock.sleep(1 + (number + item) % 3, item)

    workers = [clock.thread(work, number) for number in range(3)]
    for number in order:
        workers[number].start()
        time.sleep(0.01)
    for worker in workers:
        worker.join(10)
        assert not worker.is_alive()
    return [tuple(span) for span in clock.spans]


@pytest.mark.parametrize("order", [[1, 2, 0], [2, 1, 0]])
def test_turns_do_not_depend_on_who_was_started_first(order: list[int]) -> None:
    assert taken_turns(threads.Clock(), order) == taken_turns(threads.Clock(), [0, 1, 2])


def test_one_thread_is_awake_at_a_time() -> None:
    clock, awake, most = threads.Clock(), [0], [0]

    def work() -> None:
        for _ in range(5):
            clock.sleep(1)
            awake[0] += 1
            most[0] = max(most[0], awake[0])
            time.sleep(0.002)
            awake[0] -= 1

    workers = [clock.thread(work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(10)
    assert most == [1]
    assert clock.now == 5


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_fails_holds_nobody_up() -> None:
    clock = threads.Clock()

    def work(seconds: float) -> None:
        clock.sleep(seconds)
        if seconds == 1:
            raise ValueError("not expected by anybody")
        clock.sleep(seconds)

    workers = [clock.thread(work, seconds) for seconds in (1, 2)]
    begin = time.monotonic()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(10)
    assert time.monotonic() - begin < 2, "it waited for the thread that is gone"
    assert [span.end for span in clock.spans] == [1, 2, 4]


def test_time_passes_without_a_thread_that_does_not_come() -> None:
    clock = threads.Clock(num_threads=2, patience=0.02)
    clock.sleep(3, "alone", name="main")
    assert clock.spans == [threads.Span(0, 3, "main", "alone")]


def test_a_machine_that_stands_still_uses_up_no_patience() -> None:
    program = """
import threading, time
from helpers import threads
clock = threads.Clock(num_threads=2, patience=1)
def work():
    print(flush=True)
    for _ in range(10):
        time.sleep(0.02)  # it is on the way
    clock.sleep(1)
thread = threading.Thread(target=work)
thread.start()
clock.sleep(2)
thread.join()
print([span[:2] for span in clock.spans])
"""
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGSTOP)
        time.sleep(1.2)
        process.send_signal(signal.SIGCONT)
        assert process.stdout.read() == "[(0, 1), (0, 2)]\n"


def test_a_larger_buffer_is_never_slower() -> None:
    produce, consume = np.random.default_rng(0).uniform(0, 3, size=(2, 50))
    ends = [threads.timeline(produce, consume, size)[-1, 3] for size in range(8)]
    assert ends == sorted(ends, reverse=True)
    assert ends[0] == pytest.approx(produce.sum() + consume.sum())
    assert ends[-1] >= max(produce.sum(), consume.sum())


def test_who_was_woken_a_moment_ago_comes_before_a_later_one() -> None:
    """One thread never comes; the patience with it must not run out for several at once."""

    def twice(clock: threads.Clock) -> None:
        clock.sleep(3)
        time.sleep(0.005)  # it is on the way
        clock.sleep(2)

    for _ in range(10):
        clock = threads.Clock(num_threads=1, patience=0.05)
        workers = [clock.thread(twice, clock)]
        workers += [clock.thread(clock.sleep, later) for later in range(6, 14)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert [span[:2] for span in clock.spans if span.name == "worker 0"] == [(0, 3), (3, 5)]
