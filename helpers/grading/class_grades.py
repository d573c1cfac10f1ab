"""Grade all submissions of a unit that are not graded yet, on all workers at once.

However large the class, few submissions are in memory at a time: each is read when there will be a
worker for it, and forgotten when its grades are saved.
"""

import contextlib
import functools
import secrets
from collections.abc import Callable, Iterable, Iterator

from distributed import Client, Future, KilledWorker, as_completed
from distributed.client import FutureCancelledError

from helpers.grading.cluster import NoWorkers, workers
from helpers.grading.failures import FEWER_WORKERS, why_failed
from helpers.grading.judging import wanted_in
from helpers.grading.saving import Row, graded_before, save
from helpers.grading.unit import Unit, key, make_job, misplaced, submitted
from helpers.grading.worker import Job, grade_submission

AT_ONCE = 2  # submissions of a worker: one is graded, one waits
MOST_TRIES = 3
WORKER_LOST = (
    f"Its worker ended before it was graded, {MOST_TRIES} times. Mostly the memory of the machine "
    f"is used up. {FEWER_WORKERS}"
)
NO_WORKER_LEFT = (
    "No worker is left that could grade. What was graded is saved: when there are workers again, "
    "run the same command."
)
SCHEDULER_GONE = (
    "The Dask scheduler does not answer any more. What was graded is saved: when it runs again, "
    "run the same command."
)


def grade(
    unit: Unit,
    *,
    number: int,
    scheduler: str | None,
    no_sandbox: bool,
    tell: Callable[[int, int], None],
) -> Iterator[Row]:
    """Grade what is not graded yet; yield a row for each submission as it is done.

    `tell` is given how many submissions there are, and how many of them are done.

    Raises
    ------
    NoWorkers
    """
    for student, why in misplaced(unit).items():
        yield Row(student, "failed", why)
    students = submitted(unit)
    tell(len(students), 0)
    with contextlib.ExitStack() as opened:

        def open_workers() -> Client:
            return opened.enter_context(workers(min(number, len(students)), scheduler))

        read = functools.partial(make_job, unit, no_sandbox=no_sandbox)
        rows = _rows(unit, map(read, students), read, open_workers)
        for done, row in enumerate(rows, start=1):
            yield row
            tell(len(students), done)


def _rows(
    unit: Unit,
    jobs: Iterable[Job],
    read: Callable[[str], Job],
    open_workers: Callable[[], Client],
) -> Iterator[Row]:
    """Yield a row for each submission; start workers when the first has to be graded."""
    team: _Team | None = None
    for job in jobs:
        wanted = key(unit, job)
        if row := graded_before(unit, job.student, wanted):
            yield row
            continue
        team = team or _Team(unit, open_workers(), read)
        while team.busy:
            yield from team.finish()
        team.send(job, wanted)
    while team and team.running:
        yield from team.finish()


class _Team:
    """The workers, and what they are grading."""

    def __init__(self, unit: Unit, client: Client, read: Callable[[str], Job]) -> None:
        self._unit, self._client, self._read = unit, client, read
        self._most = AT_ONCE * len(client.scheduler_info(n_workers=-1)["workers"])
        self._finished = as_completed()
        # One seed for all: the random cases are the same, and each reference runs them once.
        self._seed = secrets.randbits(64)
        self._wanted = [client.submit(wanted_in, lesson, self._seed) for lesson in unit.sources]
        self.running: dict[Future, tuple[str, str, int]] = {}

    @property
    def busy(self) -> bool:
        """Whether each worker has enough to do."""
        return len(self.running) >= self._most

    def send(self, job: Job, wanted: str, tries: int = 1) -> None:
        """Send a submission to a worker."""
        try:
            # Apart from the task, which the scheduler keeps: a submission may be large.
            [data] = self._client.scatter([job], hash=False)
            future = self._client.submit(
                grade_submission, data, self._seed, self._wanted, pure=False
            )
        except Exception as error:  # of several kinds, where the scheduler is gone
            if self._client.status != "running":
                raise NoWorkers(SCHEDULER_GONE) from error
            if isinstance(error, TimeoutError):
                raise NoWorkers(NO_WORKER_LEFT) from error
            raise
        self.running[future] = job.student, wanted, tries
        self._finished.add(future)

    def finish(self) -> Iterator[Row]:
        """Wait for a worker, and save what it has graded; yield how that went."""
        future = next(self._finished)
        student, wanted, tries = self.running.pop(future)
        try:
            yield save(self._unit, future.result(), wanted)
        except (FutureCancelledError, KilledWorker) as error:
            if self._client.status != "running":
                raise NoWorkers(SCHEDULER_GONE) from error
            if tries == MOST_TRIES:
                yield Row(student, "failed", WORKER_LOST, again=True)
            else:
                job = self._read(student)
                self.send(job, key(self._unit, job), tries + 1)
        except Exception as error:
            yield Row(student, "failed", why_failed(error), again=True)
