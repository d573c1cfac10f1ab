"""What the welcome page shows: where to go on, the map of the course, how far a learner is."""

import base64
import html
from collections.abc import Sequence
from typing import Any, NamedTuple

from helpers.checks import record
from helpers.checks.record import Record, Result
from helpers.outline import Lesson, Unit, read_outline
from helpers.plots import course_map as plots


class Page(NamedTuple):
    """A piece of the welcome page: as HTML for Jupyter, and in words for any other reader."""

    html: str
    words: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.words}

    def __repr__(self) -> str:
        """Return the words."""
        return self.words


class Standing(NamedTuple):
    """How far a learner is in a lesson, or in several."""

    passed: int
    exercises: int
    points: float
    max_points: float

    @property
    def complete(self) -> bool:
        """Whether every exercise is passed."""
        return self.passed == self.exercises


def go_on() -> Page:
    """Return a link to the lesson to go on with: the one last worked on, or the next."""
    kept, note = _record()
    lessons = _present(read_outline())
    lesson, sentence = next_lesson(lessons, kept)
    if lesson is None:
        return _page([sentence, note])
    label = f"{lesson.number} · {lesson.title}"
    link = f'<a href="{lesson.path}"><strong>{html.escape(label)}</strong></a>'
    return Page(
        f"<p>{html.escape(sentence)} {link}</p>{_page([note]).html}",
        " ".join(filter(None, [sentence, label, f"({lesson.path})", note])),
    )


def course_map() -> Page:
    """Return the map of the course as a picture."""
    kept, _ = _record()
    units = read_outline()
    rows = [(unit.title, [_stop(lesson, kept) for lesson in unit.lessons]) for unit in units]
    says = describe(units, kept)
    image, shown = plots.course_map(rows, says)._repr_mimebundle_()
    # As HTML, for JupyterLab gives a picture of type image/png no text alternative.
    source = base64.b64encode(image["image/png"]).decode()
    width = shown["image/png"]["width"]
    return Page(
        f'<img src="data:image/png;base64,{source}" width="{width}" alt="{html.escape(says)}">',
        says,
    )


def standing() -> Page:
    """Return a table of the lessons: exercises passed of all, and points."""
    kept, _ = _record()
    units = read_outline()
    rows = [_row("th", ["Lesson", "中文", "Exercises passed", "Points"])]
    words = []
    for number, unit in enumerate(units, start=1):
        title = f"{number} · {unit.title} {unit.chinese}"
        rows.append(_wide("th", html.escape(title)))
        words.append(title)
        for lesson in _present([unit]):
            label = f"{lesson.number} · {lesson.title}"
            score = reached(lesson, kept)
            passed = f"{score.passed} of {score.exercises}{' ✓' if score.complete else ''}"
            points = f"{score.points:g} of {score.max_points:g}"
            link = f'<a href="{lesson.path}">{html.escape(label)}</a>'
            rows.append(_row("td", [link, html.escape(lesson.chinese), passed, points]))
            words.append(f"  {label} {lesson.chinese}: {passed} exercises, {points} points")
        if planned := [each for each in unit.lessons if each.exercises is None]:
            names = [f"{each.number} {each.title} ({each.chinese})" for each in planned]
            rows.append(_wide("td", html.escape(f"To come: {', '.join(names)}")))
            words.append(f"  To come: {', '.join(names)}")
    total = add([reached(lesson, kept) for lesson in _present(units)])
    so_far = (
        f"So far: {total.passed} of {total.exercises} exercises passed, "
        f"{total.points:g} of {total.max_points:g} points."
    )
    return Page(f"<table>{''.join(rows)}</table><p>{so_far}</p>", "\n".join([*words, so_far]))


def record_file() -> Page:
    """Say where the learner's record lies."""
    path = record.place()
    return _page([f"Your record: {path}" if path else "None: this is not course lab."])


def reached(lesson: Lesson, kept: Record) -> Standing:
    """Return how far the record says that a learner is in a lesson.

    >>> tensors = Lesson("basics", "02_tensors", "Tensors", "张量", {"sum_of": 1, "shape_of": 2})
    >>> reached(tensors, Record({"02_tensors": {"shape_of": Result(1, 2)}}, None))
    Standing(passed=0, exercises=2, points=1, max_points=3)
    """
    results = kept.lessons.get(lesson.name, {})
    exercises = lesson.exercises or {}
    best = [(results.get(name, Result(0, points)), points) for name, points in exercises.items()]
    return Standing(
        passed=sum(result.passed and result.points >= points for result, points in best),
        exercises=len(best),
        points=sum(min(result.points, points) for result, points in best),
        max_points=sum(exercises.values()),
    )


def add(standings: Sequence[Standing]) -> Standing:
    """Return the sum of several standings."""
    return Standing(*(sum(column) for column in zip(*standings, strict=True)))


def next_lesson(lessons: Sequence[Lesson], kept: Record) -> tuple[Lesson | None, str]:
    """Return the lesson to go on with, and a sentence that leads to it."""
    last = next((i for i, each in enumerate(lessons) if each.name == kept.last_lesson), None)
    if last is None:
        return lessons[0], "Begin with the first lesson:"
    if not reached(lessons[last], kept).complete:
        return lessons[last], "Continue where you left off:"
    # The ones after it come first, then those that were passed over.
    for lesson in [*lessons[last + 1 :], *lessons[:last]]:
        if not reached(lesson, kept).complete:
            left = f"{lessons[last].number} · {lessons[last].title}"
            return lesson, f"You have passed every exercise of {left}. Go on with:"
    return None, "You have passed every exercise of every lesson that is here."


def describe(units: Sequence[Unit], kept: Record) -> str:
    """Say in words what the map shows."""
    parts = []
    for number, unit in enumerate(units, start=1):
        here = _present([unit])
        complete = sum(reached(lesson, kept).complete for lesson in here)
        there = [f"{len(here)} here"] if here else []
        there += [f"{complete} of them complete"] if complete else []
        planned = len(unit.lessons) - len(here)
        there += [f"{planned} to come"] if planned else []
        parts.append(f"{number}, {unit.title}: {', '.join(there)}")
    last = next((each for each in _present(units) if each.name == kept.last_lesson), None)
    where = f" You were last in lesson {last.number}, {last.title}." if last else ""
    return (
        f"Map of the course by units, with their numbers of lessons. {'; '.join(parts)}.{where} "
        "The table below lists each lesson."
    )


def _stop(lesson: Lesson, kept: Record) -> plots.Stop:
    score = reached(lesson, kept)
    here = lesson.exercises is not None
    mark = f"{score.passed}/{score.exercises}" if score.points else ""
    return plots.Stop(
        number=lesson.number,
        title=lesson.title,
        here=here,
        share=score.points / score.max_points if score.max_points else 0.0,
        mark="✓" if here and score.complete else mark,
        last=lesson.name == kept.last_lesson,
    )


def _present(units: Sequence[Unit]) -> list[Lesson]:
    return [each for unit in units for each in unit.lessons if each.exercises is not None]


def _record() -> tuple[Record, str]:
    """Return the learner's record, and what there is to say about its file."""
    path = record.place()
    if path is None:
        return Record({}, None), ""
    try:
        kept = record.read(path)
    except OSError as error:
        return Record({}, None), (
            f"The record of your results, {path}, cannot be read: {error.strerror or error}."
        )
    if not (aside := record.put_aside(path)):
        return kept, ""
    return kept, (
        f"The record of your results was damaged. It is kept as {aside[-1]}, and a new one was "
        "begun; run your checks again to fill it. Delete the damaged file, and this message goes."
    )


def _row(tag: str, cells: Sequence[str]) -> str:
    """Return a row of the table; names stand at the left, numbers at the right."""
    scope = ' scope="col"' if tag == "th" else ""
    sides = ("left", "left", "right", "right")
    return "<tr>{}</tr>".format(
        "".join(
            f'<{tag}{scope} style="text-align: {side}">{cell}</{tag}>'
            for side, cell in zip(sides, cells, strict=True)
        )
    )


def _wide(tag: str, cell: str) -> str:
    """Return a row of one cell."""
    scope = ' scope="rowgroup"' if tag == "th" else ""
    return f'<tr><{tag}{scope} colspan="4" style="text-align: left">{cell}</{tag}></tr>'


def _page(sentences: Sequence[str]) -> Page:
    said = [sentence for sentence in sentences if sentence]
    return Page("".join(f"<p>{html.escape(each)}</p>" for each in said), "\n".join(said))
