"""The page "then and now": the names of TensorFlow 1, and what to write today."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import yaml

from helpers.errors.removed import RENAMED, RETIRED, TODAY
from helpers.site.lesson_text import read_lessons

LIST = Path(__file__).with_name("then_and_now.yml")

GIVES = (
    "names of TensorFlow 1, such as `tf.placeholder`, `sess.run` or `tf.contrib`, and what to "
    "write today."
)

OPENING = """# Then and now

For everybody with a program of TensorFlow 1: what to write today, what changes, and the lesson that
shows both side by side, checked to give the same.

To run an old program first and rewrite it later, begin it with these two lines instead of
`import tensorflow as tf`. What is missing then stood in `tf.contrib` or `tensorflow.examples`, or
was renamed before TensorFlow 2; all such names of the course are below.

```python
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
```

In the lessons `tf` is TensorFlow 2, and `tf1` is `tf.compat.v1`: `tf.placeholder` of an old program
stands there as `tf1.placeholder`.
"""

OTHERS = """## Other names

No lesson needs these, but programs of that time do. What is missing here,
`tf_upgrade_v2 --infile old.py --outfile new.py` may know: the program comes with TensorFlow, and
writes the names of TensorFlow 2, or those of `tf.compat.v1`.
"""

# Code in a sentence for the terminal, which has no marks for it.
CODE = re.compile(
    r"@?\b(?:tf1?|model|variable|helpers)\.[\w.]*\w(?:\([^()]*\))*(?:\.\w+\([^()]*\))*"
    r"|import \w+ as \w+|-?\bx\b(?: \S+ [ywb]\b)*|\b\w+=\w+"
)


class Row(NamedTuple):
    """Names of TensorFlow 1, a lesson that shows then and now, today's form, what changes."""

    names: list[str]
    lesson: str
    now: str
    changes: str = ""


def page(root: Path) -> str:
    """Return the page in MyST Markdown."""
    links = {lesson.name: lesson.link for lesson in read_lessons(root)}
    parts = [OPENING]
    listed = read_rows()
    for topic, rows in listed.items():
        parts.append(f"## {topic}\n")
        parts.append(
            _entries(
                (row.names, f"**Now:** {row.now}\n\n  {row.changes} {links[row.lesson]}")
                for row in rows
                if row.lesson in links
            )
        )
    known = {name for rows in listed.values() for row in rows for name in row.names}
    parts.append(OTHERS)
    parts.append(_entries(([name], f"**Now:** {now}") for name, now in other_names(known).items()))
    return "\n".join(parts)


def _entries(entries: Iterable[tuple[list[str], str]]) -> str:
    """Return names with a text below, as a glossary: the search finds each by its name."""
    lines = ["```{glossary}"]
    for names, text in entries:
        lines += [f"`{as_written(name)}`" for name in names]
        lines += [f"  {text}", ""]
    return "\n".join([*lines, "```", ""])


def read_rows() -> dict[str, list[Row]]:
    """Return the rows of each topic."""
    listed = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return {
        topic["topic"]: [
            Row([names] if isinstance(names, str) else names, *rest)
            for names, *rest in topic["rows"]
        ]
        for topic in listed
    }


def other_names(listed: Iterable[str]) -> dict[str, str]:
    """Return what the notebook says, under an error, of names that are not listed."""
    known = {**TODAY, **RENAMED, **RETIRED}
    return {
        name: _as_form(now)
        for name, now in sorted(known.items(), key=lambda item: item[0].casefold())
        if name not in listed
    }


def _as_form(said: str) -> str:
    """Return an advice of the terminal as the page names today's form, its code marked.

    >>> _as_form("Use tf.keras.layers."), _as_form("none is needed, a line computes at once")
    ('`tf.keras.layers`', 'None is needed, a line computes at once')
    """
    form = re.sub(r"^Use (.+)\.$", r"\1", said)
    marked = CODE.sub(r"`\g<0>`", form)
    return marked[0].upper() + marked[1:]


def as_written(name: str) -> str:
    """Return a name of TensorFlow 1 as programs of that time write it.

    >>> as_written("placeholder"), as_written("examples.tutorials.mnist")
    ('tf.placeholder', 'tensorflow.examples.tutorials.mnist')
    >>> as_written("Session.run")
    'sess.run'
    """
    if name == "Session.run":  # a method of an object, which nearly all called so
        return "sess.run"
    return f"tensorflow.{name}" if name.startswith("examples") else f"tf.{name}"
