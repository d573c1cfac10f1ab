"""Grade all submissions of a unit that are not graded yet, on all workers at once."""

import itertools
from collections.abc import Callable, Iterator

from distributed import as_completed

from helpers.grading.cluster import workers
from helpers.grading.saving import Row, graded_before, save
from helpers.grading.unit import Unit, key, make_job, misplaced, submitted
from helpers.grading.worker import grade_submission


def grade(
    unit: Unit,
    *,
    number: int,
    scheduler: str | None,
    no_sandbox: bool,
    tell: Callable[[int, int], None],
) -> Iterator[Row]:
    """Grade what is not graded yet; yield a row for each submission as it is done.

    `tell` is given how many submissions there are to do, and how many of them are done.
    """
    for student, why in misplaced(unit).items():
        yield Row(student, "failed", why)
    keys = {}
    to_do = []
    for student in submitted(unit):
        keys[student] = key(unit, student, no_sandbox)
        row = graded_before(unit, student, keys[student])
        if row:
            yield row
        else:
            to_do.append(student)
    tell(len(to_do), 0)
    if not to_do:
        return
    with workers(min(number, len(to_do)), scheduler) as client:
        begun = len(client.scheduler_info(n_workers=-1)["workers"])
        waiting = iter(to_do)
        futures = as_completed()
        owner = {}

        def submit(student: str) -> None:
            job = make_job(unit, student, no_sandbox)
            future = client.submit(grade_submission, job, pure=False, retries=0)
            owner[future.key] = student
            futures.add(future)

        # Two for each worker: one runs and one waits. A class's submissions are many and large.
        for student in itertools.islice(waiting, 2 * begun):
            submit(student)
        for done, future in enumerate(futures, start=1):
            student = owner[future.key]
            try:
                row = save(unit, future.result(), keys[student])
            except Exception as error:
                row = Row(student, "failed", f"{type(error).__name__}: {error}", again=True)
            del future
            yield row
            tell(len(to_do), done)
            for following in itertools.islice(waiting, 1):
                submit(following)
