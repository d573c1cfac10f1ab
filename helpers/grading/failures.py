"""What stops a grading that no submission is to blame for: a sentence each, with its remedy."""

import contextlib
import errno
from collections.abc import Iterator

from helpers.course_error import CourseError

FULL = (errno.ENOSPC, errno.EDQUOT)
NO_MEMORY = (errno.ENOMEM, errno.EAGAIN)  # the second: no further process
FEWER_WORKERS = "Grade with fewer workers, which need less at once: course grade UNIT --workers 1"


class CannotGrade(Exception):
    """A submission could not be graded now; the message says why, and what to do."""


def why_failed(error: Exception) -> str:
    """Return what an instructor reads of a submission that could not be graded.

    Examples
    --------
    >>> why_failed(ValueError("no JSON"))
    'ValueError: no JSON'
    """
    known = isinstance(error, CannotGrade | CourseError)
    return str(error) if known else f"{type(error).__name__}: {error}"


@contextlib.contextmanager
def explained(place: str) -> Iterator[None]:
    """Say so where the disk of `place`, or the machine's memory, is used up.

    Examples
    --------
    >>> with explained("/tmp"):
    ...     raise OSError(errno.ENOSPC, "No space left on device")
    Traceback (most recent call last):
    helpers.grading.failures.CannotGrade: The disk is full at /tmp. Free some space there.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise CannotGrade(full(place)) from error
        if error.errno in NO_MEMORY:
            raise CannotGrade(no_memory(error)) from error
        raise
    except MemoryError as error:
        raise CannotGrade(no_memory(error)) from error


def full(place: str) -> str:
    """Return the sentence for a disk that has no space for more."""
    return f"The disk is full at {place}. Free some space there."


def no_memory(reason: object) -> str:
    """Return the sentence for a machine that has no memory for more.

    Examples
    --------
    >>> no_memory("Cannot allocate memory")
    'The memory of the machine is used up (Cannot allocate memory). Grade with fewer workers, which
    need less at once: course grade UNIT --workers 1'
    """
    said = f" ({reason})" if str(reason) else ""
    return f"The memory of the machine is used up{said}. {FEWER_WORKERS}"
