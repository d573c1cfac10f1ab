"""The instructor's page and table of a unit's results.

Most of what is shown was written by students: every text passes `_text` on its way into the page,
and `_cell` into the table. The page holds all it needs, runs nothing and loads nothing.
"""

import base64
import csv
import hashlib
import html
import io
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.grading import pictures
from helpers.grading.anonymous import choose_example
from helpers.grading.results import STATUSES, Answer, Remarks, Results, printable
from helpers.plots.style import Picture

# Of misconceptions: in the picture and the open table; in the whole page.
_MOST_BARS, _MOST_MISCONCEPTIONS = 12, 60
# Of students in the sentence that names those who need a look.
_MOST_NAMED = 10

# What the statuses of a part mean to somebody who did not write the checks.
_PROBLEMS = {
    "raised": "an error",
    "type": "another type",
    "shape": "another shape",
    "dtype": "another dtype",
    "values": "other values",
    "property": "a broken rule",
    "forbidden": "something forbidden",
}

_STYLE = """
body { font: 16px/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; color: #1a1a1a;
  background: #fff; color-scheme: light; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.4rem 0 .4rem; break-after: avoid; }
p { margin: .4rem 0; }
img { display: block; width: 100%; height: auto; margin: .6rem 0; break-inside: avoid; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: .6rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0;
  border-bottom: 1px solid #ddd; overflow-wrap: anywhere; }
th { border-bottom: 2px solid #555; }
tr { break-inside: avoid; }
.number { text-align: right; padding-right: 1.2rem; white-space: nowrap; }
.name { min-width: 12.5rem; }
.student { min-width: 6rem; }
code, pre { font: .85em/1.4 ui-monospace, "DejaVu Sans Mono", monospace; }
pre { background: #f6f6f6; padding: .5rem .7rem; margin: .4rem 0; white-space: pre-wrap; }
summary { cursor: pointer; color: #00507d; }
footer { margin-top: 3rem; font-size: .85rem; color: #555; }
@media print { body { max-width: none; margin: 0; font-size: 11pt; } }
"""


def write_report(results: Results, folder: Path) -> tuple[Path, Path]:
    """Write `UNIT.html` and `UNIT.csv` into a folder and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    page, table = folder / f"{results.unit}.html", folder / f"{results.unit}.csv"
    page.write_text(as_html(results), encoding="utf-8")
    # With the mark by which spreadsheets know UTF-8; they show Chinese names wrongly without.
    table.write_text(as_csv(results), encoding="utf-8-sig", newline="")
    return page, table


def summary(results: Results) -> list[str]:
    """Return sentences: who was graded, what they earned, who needs a look and why."""
    scores = list(results.scores.values())
    graded = [f"{_count(len(scores), 'student')} graded"]
    graded += [f"{len(results.waiting)} handed in and not graded"] if results.waiting else []
    graded += [f"{len(results.missing)} without a submission"] if results.missing else []
    median = statistics.median(scores)
    points = f"The median is {median:.4g} of {results.max_score:g} points"
    if len(scores) > 3:
        low, _, high = statistics.quantiles(scores, n=4, method="inclusive")
        points += f"; the middle half has {low:.4g} to {high:.4g}"
    found = _misconceptions(results)
    sentences = [
        f"Unit {results.unit}: {', '.join(graded)}.",
        f"{points}.",
        _who_needs_a_look(results),
    ]
    if found:
        sentences.append(
            f"The most common misconception is {found[0].name} in {found[0].exercise} "
            f"({_count(len(found[0].answers), 'student')})."
        )
    return sentences


def _who_needs_a_look(results: Results) -> str:
    """Name the students whose submission needs a look, each with the first reason."""
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for remarks in results.remarks:
        lesson = f"{remarks.lesson}: " if remarks.lesson else ""
        reasons[remarks.student] += [lesson + said for said in _looks(remarks)]
    named = []
    for student, (first, *others) in ((name, said) for name, said in reasons.items() if said):
        more = f" And {len(others)} more." if others else ""
        named.append(f"{printable(student, 80)} ({printable(first, 160)}{more})")
    if len(named) > _MOST_NAMED:
        named[_MOST_NAMED:] = [f"and {len(named) - _MOST_NAMED} more"]
    everybody = _needing_a_look(results)
    return f"{everybody}: {'; '.join(named)}." if named else f"{everybody}."


def _looks(remarks: Remarks) -> tuple[str, ...]:
    return remarks.alarms + remarks.put_right


def _needing_a_look(results: Results) -> str:
    number = len({remarks.student for remarks in results.remarks if _looks(remarks)})
    if not number:
        return "No submission needs a look"
    return f"{_count(number, 'submission')} {'needs' if number == 1 else 'need'} a look"


def as_html(results: Results) -> str:
    """Return the page."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
    body = "\n".join(
        [
            f"<h1>{_text(f'Unit {results.unit}: what the class knows')}</h1>",
            *(f"<p>{_text(sentence, limit=5000)}</p>" for sentence in summary(results)),
            *_scores_section(results),
            *_exercises_section(results),
            *_misconceptions_section(results),
            *_time_section(results),
            *_looks_section(results),
            "<footer>Scores are those of nbgrader's gradebook, with manual grades and late "
            "penalties. Examples are answers of this class, without comments, docstrings and "
            "sentences in strings; students are named where their submission needs a look, and in "
            "the CSV file.</footer>",
        ]
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{_text(f"{results.unit}: report")}</title>
<style>{_STYLE}</style>
</head>
<body>
{body}
</body>
</html>
"""


def as_csv(results: Results) -> str:
    """Return the table: a row a student and exercise, and one for each late penalty."""
    alarms: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for remarks in results.remarks:
        alarms[remarks.student, remarks.lesson] += remarks.alarms + remarks.notes
    rows: list[tuple[str, str, str, float | str, float | str, str, str, str]] = [
        (
            answer.student,
            answer.lesson,
            answer.exercise,
            "" if answer.points is None else answer.points,
            answer.max_points,
            answer.status,
            "; ".join(answer.misconceptions),
            " | ".join(alarms[answer.student, answer.lesson] + alarms[answer.student, ""]),
        )
        for answer in results.answers
    ]
    rows += [
        (student, "", "late penalty", -penalty, "", "", "", "")
        for student, penalty in results.penalties.items()
        if penalty
    ]
    asked = dict.fromkeys((a.lesson, a.exercise, a.max_points) for a in results.answers)
    for status, students in (("not graded", results.waiting), ("missing", results.missing)):
        rows += [(student, *exercise[:2], "", exercise[2], status, "", "")
                 for student in students for exercise in asked]  # fmt: skip
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(
        ["student", "lesson", "exercise", "score", "max_score", "status", "misconceptions", "alarm"]
    )
    for row in sorted(rows, key=lambda row: (row[0], row[1] == "", row[1])):
        writer.writerow(_cell(value) if isinstance(value, str) else value for value in row)
    return buffer.getvalue()


def _scores_section(results: Results) -> Iterable[str]:
    values = list(results.scores.values())
    half = results.max_score / 2
    above = sum(value >= half for value in values)
    yield _heading(
        f"Scores: {above} of {_count(len(values), 'student')} have half the points or more"
    )
    yield _image(pictures.scores(values, results.max_score))
    away = []
    if results.missing:
        away.append(f"{_count(len(results.missing), 'student')} without a submission")
    if results.waiting:
        away.append(f"{_count(len(results.waiting), 'submission')} not graded yet")
    if away:
        yield f"<p>Not in this picture: {_text(' and '.join(away))}.</p>"
    if late := [penalty for penalty in results.penalties.values() if penalty]:
        yield f"<p>{_text(_count(len(late), 'student'))} lost points for a late submission.</p>"
    if waiting := sum(answer.status == "not graded" for answer in results.answers):
        yield (
            f"<p>{_text(_count(waiting, 'answer'))} without a grade yet, counted as 0 points: "
            "grade them in nbgrader's formgrader.</p>"
        )


def _exercises_section(results: Results) -> Iterable[str]:
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for answer in results.answers:
        counts[answer.lesson, answer.exercise][answer.status] += 1
    hardest_first = sorted(
        counts,
        key=lambda name: (counts[name]["full"], counts[name]["partial"], name),
    )
    graded = len(results.scores)
    hardest, easiest = hardest_first[0], hardest_first[-1]
    finding = (
        f"{hardest[1]} is the hardest exercise: {counts[hardest]['full']} of {graded} solved it"
    )
    if counts[hardest]["full"] == counts[easiest]["full"]:
        finding = f"Each exercise was solved by {counts[hardest]['full']} of {graded}"
    yield _heading(finding)
    yield "<p>From the hardest to the easiest, by the number of students with full points.</p>"
    yield _image(pictures.exercises({_label(*name): counts[name] for name in hardest_first}))
    shown = [each for each in STATUSES if any(count[each] for count in counts.values())]
    rows = [
        [_text(lesson), _text(exercise), *(str(counts[lesson, exercise][each]) for each in shown)]
        for lesson, exercise in counts
    ]
    yield "<details><summary>The numbers, in the order of the course</summary>"
    heads = ["Lesson", "Exercise", *(each.capitalize() for each in shown)]
    yield _table(heads, rows, ["text", "text", *["number"] * len(shown)])
    yield "</details>"


@dataclass(frozen=True)
class _Misconception:
    exercise: str
    lesson: str
    name: str
    answers: list[Answer]

    @property
    def sentence(self) -> str:
        sentences = Counter(answer.misconceptions[self.name] for answer in self.answers)
        return max(sentences, key=lambda each: (sentences[each], bool(each)))


def _misconceptions(results: Results) -> list[_Misconception]:
    """Return the misconceptions of the class, the most common first."""
    found: defaultdict[tuple[str, str, str], list[Answer]] = defaultdict(list)
    for answer in results.answers:
        for name in answer.misconceptions:
            found[answer.exercise, answer.lesson, name].append(answer)
    ordered = sorted(found, key=lambda key: (-len(found[key]), key))
    return [_Misconception(*key, found[key]) for key in ordered]


def _misconceptions_section(results: Results) -> Iterable[str]:
    found = _misconceptions(results)
    wrong = [a for a in results.answers if a.status in ("none", "partial")]
    unknown = [answer for answer in wrong if not answer.misconceptions]
    if not found:
        yield _heading("No known misconception was recognised")
    else:
        first = found[0]
        yield _heading(
            f"The most common misconception: {first.name}, in {first.exercise} "
            f"({len(first.answers)} of {_count(len(results.scores), 'student')})"
        )
        graded = len(results.scores)
        yield _image(
            pictures.misconceptions(
                {
                    f"{each.name}, {_label(each.lesson, each.exercise)}": len(each.answers)
                    for each in found[:_MOST_BARS]
                },
                graded,
            )
        )
        yield _misconceptions_table(found[:_MOST_BARS], results)
        if rarer := found[_MOST_BARS:_MOST_MISCONCEPTIONS]:
            yield f"<details><summary>{_count(len(rarer), 'rarer misconception')}</summary>"
            yield _misconceptions_table(rarer, results)
            yield "</details>"
        if len(found) > _MOST_MISCONCEPTIONS:
            yield f"<p>{len(found) - _MOST_MISCONCEPTIONS} still rarer ones: see the CSV file.</p>"
    if unknown:
        places = Counter(_label(answer.lesson, answer.exercise) for answer in unknown)
        yield (
            f"<p>{_count(len(unknown), 'wrong answer')} matched no known misconception. "
            f"Most of them: {_listed(places)}. Many in one exercise may share a mistake that its "
            "checks do not know yet.</p>"
        )
        problems = (answer.problems[0] for answer in unknown if answer.problems)
        if kinds := Counter(_PROBLEMS.get(problem, problem) for problem in problems):
            yield f"<p>What the check saw in them first: {_listed(kinds)}.</p>"


def _listed(counts: Counter[str]) -> str:
    """Return the most common of some names, each with its number, as HTML."""
    return _text(", ".join(f"{name} {number}" for name, number in counts.most_common(6)), 1000)


def _misconceptions_table(found: Iterable[_Misconception], results: Results) -> str:
    rows = []
    for each in found:
        code = choose_example((answer.code for answer in each.answers), results.names)
        example = f"<pre>{_text(code, limit=4000)}</pre>" if code else ""
        name = f"<b>{_name(each.name)}</b><br>in {_text(_label(each.lesson, each.exercise))}"
        rows.append([str(len(each.answers)), name, f"{_prose(each.sentence)}{example}"])
    heads = ["Students", "Misconception", "What it is, and an answer that has it"]
    return _table(heads, rows, ["number", "name", "text"])


def _time_section(results: Results) -> Iterable[str]:
    times: defaultdict[str, list[float]] = defaultdict(list)
    for remarks in results.remarks:
        if remarks.seconds is not None:
            times[remarks.lesson].append(remarks.seconds)
    if not times:
        yield _heading("Computing time was not recorded")
        yield "<p>nbgrader alone does not measure it; <code>course grade</code> does.</p>"
        return
    slowest = max(times, key=lambda lesson: statistics.median(times[lesson]))
    total = sum(map(sum, times.values()))
    yield _heading(
        f"{slowest} computes longest: {_duration(statistics.median(times[slowest]))} in the median"
    )
    yield f"<p>All notebooks together ran for {_text(_duration(total))}.</p>"
    yield _image(pictures.seconds(dict(sorted(times.items()))))


def _looks_section(results: Results) -> Iterable[str]:
    yield _heading(_needing_a_look(results))
    if looks := [(r.student, r.lesson, _looks(r)) for r in results.remarks if _looks(r)]:
        yield _sentences_table(looks)
    if unprotected := sum(remarks.unprotected for remarks in results.remarks):
        verb = "was" if unprotected == 1 else "were"
        yield (
            f"<p><b>{_count(unprotected, 'notebook')} {verb} run without a sandbox</b>, by "
            "<code>--no-sandbox</code>: their code could read and change what its user can.</p>"
        )
    if results.waiting:
        yield _heading(f"{_count(len(results.waiting), 'submission')} not graded yet")
        yield f"<p>{_text(', '.join(results.waiting), limit=4000)}. Run: "
        yield f"<code>course grade {_text(results.unit)}</code></p>"
    if notes := [(r.student, r.lesson, r.notes) for r in results.remarks if r.notes]:
        yield "<p>Noted, with no need of a look:</p>"
        yield _sentences_table(notes)


def _sentences_table(rows: Iterable[tuple[str, str, Sequence[str]]]) -> str:
    cells = [
        [_text(student), _name(lesson), "<br>".join(map(_prose, sentences))]
        for student, lesson, sentences in rows
    ]
    return _table(["Student", "Lesson", "What"], cells, ["student", "name", "text"])


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], kinds: Sequence[str]) -> str:
    """Return a table of cells that are HTML already; `kinds` are the columns' classes."""

    def line(tag: str, cells: Sequence[str]) -> str:
        pairs = zip(kinds, cells, strict=True)
        return "".join(f'<{tag} class="{kind}">{cell}</{tag}>' for kind, cell in pairs)

    lines = [f"<tr>{line('td', cells)}</tr>" for cells in rows]
    return "\n".join(["<table>", f"<tr>{line('th', heads)}</tr>", *lines, "</table>"])


def _heading(finding: str) -> str:
    return f"<h2>{_text(finding)}</h2>"


def _image(picture: Picture) -> str:
    data = base64.b64encode(picture.saved("svg", Date=None, Creator=None)).decode()
    return f'<img alt="{_text(picture.says, limit=4000)}" src="data:image/svg+xml;base64,{data}">'


def _name(text: str) -> str:
    """Return a name as HTML that a narrow column may break at its underscores."""
    return _text(text).replace("_", "_<wbr>")


def _label(lesson: str, exercise: str) -> str:
    """Return an exercise's name as pictures show it: "10 softmax"."""
    number = lesson.partition("_")[0]
    return f"{number if number.isdecimal() else lesson} {exercise}"


def _text(text: str, limit: int = 300) -> str:
    """Return any text as HTML that shows it and does nothing else."""
    return html.escape(printable(text, limit))


def _prose(text: str) -> str:
    """Return a sentence as HTML, with `code` set as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", _text(text, limit=600))


def _cell(text: str) -> str:
    """Return any text as a cell that a spreadsheet shows and does not compute.

    >>> _cell("=1+1"), _cell("  @x"), _cell("softmax")
    ("'=1+1", "'  @x", 'softmax')
    """
    text = printable(text, 1000).replace("\n", " ")
    # Spreadsheets in Chinese and Japanese take the wide signs for formulas too.
    return f"'{text}" if re.match(r"\s*[=+\-@＝＋－＠]", text) else text


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds" if seconds >= 10 else f"{seconds:.1f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.1f} hours"
