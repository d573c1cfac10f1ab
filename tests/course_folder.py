"""A small course in a temporary folder, for the tests of the `course` command."""

import shutil
from pathlib import Path

from helpers.cli.lessons import Lesson

PROJECT = Path(__file__).resolve().parents[1]

TEXT = '''---
kernelspec:
  display_name: Python 3 (ipykernel)
  language: python
  name: python3
---

# 10 · Softmax

A first cell of text (文字).

+++

A second one.

```{code-cell} ipython3
:tags: [softmax-vector]

print("one")
assert 1 + 1 == 2
```

```{code-cell} ipython3
---
nbgrader:
  grade: false
  grade_id: double
  locked: false
  schema_version: 3
  solution: true
  task: false
---
def double(x):
    """Return twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
```

```{code-cell} ipython3
---
nbgrader:
  grade: true
  grade_id: double-check
  locked: true
  points: 2
  schema_version: 3
  solution: false
  task: false
---
assert double(3) == 6
```

```{code-cell} ipython3
:tags: [raises-exception]

import json

json.loads("{")
```
'''


def new_course(root: Path, text: str = TEXT) -> Lesson:
    """Make a course of one lesson, not yet built."""
    lesson = Lesson(root, "networks", "10_softmax")
    lesson.text.parent.mkdir(parents=True)
    lesson.text.write_text(text, encoding="utf-8")
    for name in ("jupytext.toml", "nbgrader_config.py"):
        shutil.copy(PROJECT / name, root)
    return lesson


def copy_course(built: Path, root: Path) -> Lesson:
    """Copy a course of one lesson, for a test that changes it."""
    shutil.copytree(built, root)
    return Lesson(root, "networks", "10_softmax")


def contents(root: Path) -> dict[str, bytes]:
    """Return every file below a folder, by its path."""
    paths = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def replace(path: Path, old: str, new: str) -> None:
    """Edit a file as an author would."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
