"""What a sandbox shows of the exercises: names only. The grader judges answers from outside."""

from collections.abc import Callable
from typing import Any


class _Exercises:
    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *arguments: None


def __getattr__(lesson: str) -> Any:
    if lesson.startswith("__"):
        raise AttributeError(lesson)
    return _Exercises()
