"""A verdict: what it says to the learner and to a program."""

import html
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

# Carried in the metadata of the cell's output, where nbgrader, feedback and reports find it.
RECORD = "glimpse_check"
_GREEN, _RED, _BOLD, _PLAIN = "\x1b[32m", "\x1b[31m", "\x1b[1m", "\x1b[0m"
_ITALIC, _UPRIGHT = "\x1b[3m", "\x1b[23m"
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=\S)([^*]+)(?<=\S)\*(?![\w*])")


@dataclass(frozen=True)
class PartVerdict:
    """The verdict on one part of an exercise.

    Attributes
    ----------
    status : str
        "passed", or the layer that found something: "not attempted", "forbidden", "raised",
        "stopped", "type", "shape", "dtype", "values" or "property".
    """

    name: str
    points: float
    status: str
    sentence: str
    largest_difference: float | None = None
    misconception: str | None = None
    explanation: str = ""

    @property
    def passed(self) -> bool:
        """Whether the part earns its points."""
        return self.status == "passed"

    def explained(self, misconception: str, explanation: str) -> "PartVerdict":
        """Return this verdict with the misconception that was recognised."""
        return replace(self, misconception=misconception, explanation=explanation)


@dataclass(frozen=True)
class Verdict:
    """The verdict on an answer to an exercise, part by part.

    Attributes
    ----------
    not_yet : sequence of str
        Earlier exercises whose answers it calls and which are not right: it was tried with right
        ones in their places.
    """

    exercise: str
    lesson: str
    parts: list[PartVerdict]
    not_yet: Sequence[str] = ()

    @property
    def points(self) -> float:
        """Points earned."""
        return sum(part.points for part in self.parts if part.passed)

    @property
    def max_points(self) -> float:
        """Points that could be earned."""
        return sum(part.points for part in self.parts)

    @property
    def passed(self) -> bool:
        """Whether every part passed."""
        return all(part.passed for part in self.parts)

    @property
    def attempted(self) -> bool:
        """Whether the answer was begun."""
        return any(part.status != "not attempted" for part in self.parts)

    def record(self) -> dict[str, Any]:
        """Return the verdict as JSON data."""
        return {
            "exercise": self.exercise,
            "lesson": self.lesson,
            "points": self.points,
            "max_points": self.max_points,
            "not_yet": [*self.not_yet],
            "parts": [asdict(part) for part in self.parts],
        }

    def lines(self) -> list[tuple[bool, str]]:
        """Return the sentences for the learner, each with whether it is good news."""
        calls = ", ".join(f"`{name}`" for name in self.not_yet)
        if self.passed:
            rest = f"; what it calls, {calls}, is not yet" if calls else ""
            points = _count(self.max_points, "point")
            return [(True, f"{self.exercise}: correct ({points}){rest}.")]
        first, *others = (part for part in self.parts if not part.passed)
        if len(self.parts) == 1 or all(part.sentence == first.sentence for part in self.parts):
            lines, title = [], self.exercise  # the whole exercise, not a part of it
        else:
            lines = [(True, f"{part.name}: correct.") for part in self.parts if part.passed]
            title = first.name
        lines.append((False, f"{title}: {first.sentence}"))
        if first.explanation:
            lines.append((False, first.explanation))
        if title == first.name:
            # One problem at a time: mending the first often mends the others.
            lines += [(False, f"{part.name}: not yet.") for part in others]
        if calls:
            lines.append((False, f"It was tried with a right {calls}: yours is not right yet."))
        return lines

    def __str__(self) -> str:
        """Return the sentences, one a line."""
        return "\n".join(text for _, text in self.lines())


def _count(number: float, noun: str) -> str:
    return f"{number:g} {noun}" if number == 1 else f"{number:g} {noun}s"


def marked_up(sentence: str) -> str:
    """Return a sentence as HTML, with its `code` and its *emphasis*.

    Examples
    --------
    >>> marked_up("Use *both* of `a * b` and `c * d`.")
    'Use <em>both</em> of <code>a * b</code> and <code>c * d</code>.'
    """
    pieces = re.split(r"`([^`]+)`", html.escape(sentence))
    pieces[::2] = [_EMPHASIS.sub(r"<em>\1</em>", text) for text in pieces[::2]]
    pieces[1::2] = [f"<code>{code}</code>" for code in pieces[1::2]]
    return "".join(pieces)


def coloured(sentence: str, style: str) -> str:
    """Return a sentence in a terminal's style, its `code` in plain, or in bold where all is plain.

    Examples
    --------
    >>> coloured("Use `a`.", "[red]").replace(_PLAIN, "[plain]")
    '[red]Use [plain]a[red].[plain]'
    """
    pieces = re.split(r"`([^`]+)`", sentence)
    pieces[::2] = [_EMPHASIS.sub(rf"{_ITALIC}\1{_UPRIGHT}", text) for text in pieces[::2]]
    pieces[1::2] = [f"{_PLAIN if style else _BOLD}{code}{style or _PLAIN}" for code in pieces[1::2]]
    return f"{style}{''.join(pieces)}{_PLAIN}"


def as_html(verdict: Verdict) -> str:
    """Return the sentences as HTML."""
    rows = []
    for good, text in verdict.lines():
        colour = "--jp-success-color1, #1b7f3b" if good else "--jp-error-color1, #b3261e"
        rows.append(
            f'<div style="border-left: 4px solid var({colour}); padding: 2px 8px; margin: 4px 0">'
            f"{marked_up(text)}</div>"
        )
    return "".join(rows)


class CheckFailed(AssertionError):
    """An answer that is not right in every part; the message explains why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(str(verdict))
        self.verdict = verdict

    def _render_traceback_(self) -> list[str]:
        """Show the explanation instead of a traceback; IPython asks for this."""
        lines = self.verdict.lines()
        first = next(i for i, (good, _) in enumerate(lines) if not good)
        # What explains it is to be read: in the text's own colour, not in red on pink.
        return [
            coloured(text, _GREEN + _BOLD if good else _RED + _BOLD if i == first else "")
            for i, (good, text) in enumerate(lines)
        ]


class NotAttempted(CheckFailed):
    """An exercise that was not begun, which is not the same as a wrong answer."""


def failure_of(verdict: Verdict) -> CheckFailed:
    """Return what a cell ends with whose answer did not pass."""
    return CheckFailed(verdict) if verdict.attempted else NotAttempted(verdict)


def show(verdict: Verdict) -> None:
    """Show a verdict in a notebook.

    Raises
    ------
    CheckFailed
        For an answer that did not pass; `NotAttempted` where nothing was tried.
    """
    from IPython.display import display

    metadata = {RECORD: verdict.record()}
    if not verdict.passed:
        # The sentences are the exception's; this output carries the record alone.
        display({"text/plain": "", "text/html": ""}, raw=True, metadata=metadata)
        raise failure_of(verdict)
    data = {"text/plain": str(verdict), "text/html": as_html(verdict)}
    display(data, raw=True, metadata=metadata)
