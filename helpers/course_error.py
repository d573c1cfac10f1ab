"""What a command of the course raises when it cannot do what it was asked for."""


class CourseError(Exception):
    """An expected failure; the message says what was wrong and what to do, one line a problem."""
