"""The mechanical rules of a lesson: functions that yield what is wrong, with the remedy."""

import ast
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from helpers.cli.answers import exercise_name, is_answer, is_check
from helpers.facts import asserts
from tests.lessons import Forms, tags

# A finding: the number of the cell that it is about (None: the lesson as a whole), and a sentence.
Finding = tuple[int | None, str]
Check = Callable[[Forms, list[NotebookNode]], Iterator[Finding]]

LONGEST_CELL = 20  # lines
EXERCISES = range(2, 5)
QUESTIONS = range(3, 6)
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
STUB = "raise NotImplementedError()"

# The `##` sections that every lesson has, in this order; its story stands before the first.
SECTIONS = ("As on the slide, as today", "Exercises", "The slide, corrected", "小结 Summary")
TITLE_BLOCK = ("Slides", "You will", "Needs", "Minutes")

# Words that readers stumbled over, and what to write instead.
PLAIN_WORDS = {
    "afresh": "again",
    "foretell": "predict",
    "foretold": "predicted",
    "mend": "fix",
    "mended": "fixed",
    "mends": "fixes",
}

# Their slides have formulas, or NumPy, but no program of TensorFlow 1.
NO_PROGRAM = {
    "09_activations",
    "10_softmax",
    "11_losses",
    "13_gradient_descent",
    "20_deep_belief_network",
}

NBVAL_TAGS = {"raises-exception", "nbval-ignore-output"}

NAMES = {
    "lr": "learning_rate",
    "eta": "learning_rate",
    "n_steps": "num_steps",
    "max_steps": "num_steps",
    "W": "weights",
    "bias": "biases",
    "X": "x",
    "Y": "y",
    "y_": "labels",
    "y_true": "labels",
    "logit": "logits",
}

NETWORK_MODULES = {"urllib", "requests", "httpx", "http", "socket", "ftplib", "aiohttp"}
NETWORK_MODULES |= {"tensorflow_datasets", "tensorflow_hub", "kagglehub"}
NETWORK_NAMES = {"load_data", "get_file", "fetch_openml", "urlopen", "urlretrieve"}

# What a saved output must not hold, because it differs from run to run or from machine to machine.
UNSTABLE = {
    "an address": r"\b0x[0-9a-fA-F]{4,}",
    "a path of a machine": r"(/home/|/Users/|/root/|/tmp/|site-packages|\b[A-Z]:\\)",
    "a date": r"\b(19|20)\d\d-\d\d-\d\d\b|\b\d{1,2}:\d\d:\d\d\b",
    "a timing": r"\b\d+(\.\d+)?\s?(ns|µs|us|ms|sec|secs|seconds?|s)\b(/step)?",
    "a warning": r"\bWarning\b|\b\w+Warning:|\bWARNING\b",
}
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Rule:
    """A rule: the form of the lesson that it reads, and the function that reads it."""

    form: str  # "text", "executed" or "release"
    check: Check


RULES: dict[str, Rule] = {}


def rule(form: str) -> Callable[[Check], Check]:
    """Add a function to the rules; `form` says which form's cells it is given."""

    def add(check: Check) -> Check:
        RULES[check.__name__] = Rule(form, check)
        return check

    return add


def broken(name: str, lesson: Forms) -> list[str]:
    """Apply one rule to a lesson; return its messages, each naming file, cell and remedy."""
    form = RULES[name].form
    notebook = getattr(lesson, form)
    file = {
        "text": f"solutions/{lesson.unit}/{lesson.name}.md",
        "executed": f"solutions/{lesson.unit}/{lesson.name}.ipynb",
        "release": f"course/{lesson.unit}/{lesson.name}.ipynb",
    }[form]
    if notebook is None:
        return [f"{file}: not there. Run: course build {lesson.name}"]
    cells = list(notebook.cells)
    return [
        f"{file}{'' if number is None else _place(number, cells[number])}: {sentence}"
        for number, sentence in RULES[name].check(lesson, cells)
    ]


def _place(number: int, cell: NotebookNode) -> str:
    first = next((line for line in cell.source.splitlines() if line.strip()), "empty")
    return f", cell {number + 1} ({first[:50]})"


# Reading cells


def _code(cells: list[NotebookNode]) -> Iterator[tuple[int, NotebookNode]]:
    return ((i, cell) for i, cell in enumerate(cells) if cell.cell_type == "code")


def _trees(cells: list[NotebookNode]) -> Iterator[tuple[int, ast.Module]]:
    """Yield the syntax tree of every code cell that has one."""
    for i, cell in _code(cells):
        try:
            yield i, ast.parse(cell.source)
        except SyntaxError:
            continue


def _headings(cells: list[NotebookNode]) -> list[tuple[int, int, str]]:
    """Return (cell, level, text) of every heading; `#` inside a code block is none."""
    found = []
    for i, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            text = re.sub(r"^(```|~~~).*?^\1", "", cell.source, flags=re.M | re.S)
            for marks, title in re.findall(r"^(#{1,6})\s+(.+?)\s*$", text, flags=re.M):
                found.append((i, len(marks), title))
    return found


def _section(cells: list[NotebookNode], title: str) -> str:
    """Return the Markdown of a `##` section."""
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    found = re.search(rf"^## {re.escape(title)}.*?(?=^## |\Z)", text, flags=re.M | re.S)
    return found.group() if found else ""


def _solution(source: str) -> str:
    """Return what stands between the solution's markers, without its indentation."""
    found = re.search(rf"^[ ]*{BEGIN}\n(.*?)^[ ]*{END}", source, flags=re.M | re.S)
    return textwrap.dedent(found.group(1)).strip() if found else ""


def _dotted(node: ast.AST) -> str:
    """Return `a.b.c` for the attribute node of that name, or an empty string."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (left := _dotted(node.value)):
        return f"{left}.{node.attr}"
    return ""


def _output_text(output: NotebookNode) -> str:
    """Return everything of an output that can be read."""
    parts = [output.get("text", ""), output.get("evalue", "")]
    parts += output.get("traceback", [])
    parts += [text for mime, text in output.get("data", {}).items() if mime.startswith("text/")]
    return ANSI.sub("", "\n".join("".join(part) for part in parts))


# The text as a whole


@rule("text")
def one_title(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask for one `#` heading, the first line, with the lesson's number."""
    titles = [(i, text) for i, level, text in _headings(cells) if level == 1]
    number = lesson.name[:2]
    if not titles or not cells[0].source.startswith("# "):
        yield 0, f"the lesson does not begin with its title. Begin it with: # {number} · Name"
    elif not re.fullmatch(rf"{number} · \S.*", titles[0][1]):
        yield 0, f"the title does not fit the file's name. Write: # {number} · Name"
    for i, text in titles[1:]:
        yield i, f"a second title, {text!r}. Make it a section: ## {text}"


@rule("text")
def no_level_skipped(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask that a heading is at most one level below the one before."""
    above = 0
    for i, level, text in _headings(cells):
        if level > above + 1:
            yield i, f"heading {text!r} skips a level. Give it {above + 1} #, not {level}."
        above = level


@rule("text")
def title_block(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask for a promise and a table: the slide's headings, three objectives, needs, minutes."""
    block = cells[0].source if cells else ""
    rows = dict(re.findall(r"^\| \*\*(.+?)\*\* \| (.+) \|$", block, flags=re.M))
    for label in TITLE_BLOCK:
        if label not in rows:
            yield 0, f"the title block lacks a row. Add: | **{label}** | … |"
    if re.match(r"# .*\n\s*\|", block):
        yield 0, "no promise. Say below the title, in one sentence, why one would want this."
    objectives = [part for part in rows.get("You will", "").split(";") if part.strip()]
    if rows and len(objectives) != 3:
        yield 0, f"{len(objectives)} objectives. Give three, with ; between: | **You will** | … |"


@rule("text")
def minutes_as_counted(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask for the minutes that fit what readers felt, to the nearest five, and for 55 at most."""
    if lesson.release:  # it is what they read
        cells = lesson.release.cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    lines = [line for _, cell in _code(cells) for line in cell.source.splitlines() if line.strip()]
    exercises = sum(map(is_answer, cells))
    counted = len(text.split()) / 130 + len(lines) / 12 + 6 * exercises
    minutes = max(20, 5 * round(counted / 5))
    claimed = re.search(r"^\| \*\*Minutes\*\* \| (.+) \|$", text, flags=re.M)
    how = f"{counted:.0f} minutes as counted (words / 130 + lines of code / 12 + 6 an exercise)"
    if minutes > 55:
        yield 0, f"{how}. 55 is the most: say it in fewer words, with less code."
    elif claimed and claimed.group(1).strip() != str(minutes):
        yield 0, f"{how}. Write: | **Minutes** | {minutes} |"


@rule("text")
def plain_words(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask for the words that readers of English as a second language know."""
    for i, cell in enumerate(cells):
        for word, plain in PLAIN_WORDS.items():
            if cell.cell_type == "markdown" and re.search(rf"\b{word}\b", cell.source, re.I):
                yield i, f"the word {word!r}. Write: {plain}"


@rule("text")
def program_of_2017(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask for a program in the style of its time, so that a reader with old code recognises it."""
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    blocks = re.findall(r"^```python\n(.*?)^```", text, flags=re.M | re.S)
    old = any(re.search(r"\btf\.", block) and "compat" not in block for block in blocks)
    if not old and lesson.name not in NO_PROGRAM:
        remedy = "Show a short one of your own in a ```python block, before what runs today"
        yield None, f"no program as one wrote it in 2017. {remedy}."


@rule("text")
def sections_in_order(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask for the sections that every lesson has, after at least one of the story."""
    found = [text for _, level, text in _headings(cells) if level == 2]
    for section in SECTIONS:
        if found.count(section) != 1:
            yield None, f"section {section!r} stands there {found.count(section)} times, not once."
            return
    present = [text for text in found if text in SECTIONS]
    if tuple(present) != SECTIONS:
        yield None, f"the last sections are out of order. Put them as: {', '.join(SECTIONS)}."
    elif tuple(found[-3:]) != SECTIONS[1:]:
        yield None, f"nothing follows {SECTIONS[0]!r} but: {', '.join(SECTIONS[1:])}."
    elif found[0] in {"Setup", *SECTIONS} and found[1] in SECTIONS:
        yield None, f"there is no story. Put a section of its own before {SECTIONS[0]!r}."


@rule("text")
def quiz(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask for three to five questions in the summary, each with one answer that is right."""
    questions = re.split(r"^\*\*\d\. ", _section(cells, SECTIONS[-1]), flags=re.M)[1:]
    if len(questions) not in QUESTIONS:
        yield None, f"{len(questions)} quiz questions. Ask three to five, as: **1. …?**"
    for number, question in enumerate(questions, start=1):
        answers = re.findall(r"^<details><summary>.+</summary>(\w+)", question, flags=re.M)
        if answers.count("Right") != 1 or set(answers) != {"Right", "No"}:
            remedy = "Write one Right, and No to the others"
            form = "<details><summary>…</summary>Right: …</details>"
            yield None, f"question {number} has the answers {answers}. {remedy}: {form}"
        if re.search(r"^<details>.*`", question, flags=re.M):
            remedy = "Write <code>…</code> within <details>"
            yield None, f"question {number} has an answer with backticks, shown as such. {remedy}."


# The cells


@rule("text")
def setup_imports_only(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask that the first code cell imports, names `tf1`, and does nothing else."""
    i, tree = next(_trees(cells), (None, ast.Module([], [])))
    if not any(isinstance(node, ast.Import | ast.ImportFrom) for node in tree.body):
        yield i, "the first code cell is the setup. Put the lesson's imports there."
    for node in tree.body:
        if not isinstance(node, ast.Import | ast.ImportFrom) and (
            ast.unparse(node) != "tf1 = tf.compat.v1"
        ):
            yield i, f"the setup cell only imports. Move this elsewhere: {ast.unparse(node)}"


@rule("text")
def plain_python(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask that each code cell is Python, without magics or shell commands."""
    for i, cell in _code(cells):
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            if "raises-exception" not in tags(cell):
                yield i, f"line {error.lineno} is not Python: {error.msg}. Mend it."


@rule("text")
def cell_length(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask for at most 20 lines of code in a cell."""
    for i, cell in _code(cells):
        lines = [line for line in cell.source.splitlines() if line.strip() not in {BEGIN, END}]
        if len(lines) > LONGEST_CELL:
            yield i, f"{len(lines)} lines of code, {LONGEST_CELL} at most. Split the cell in two."


@rule("text")
def words_before_code(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask for text between code cells; only a check follows its answer at once."""
    setup = next((i for i, _ in _code(cells)), None)
    for i, cell in _code(cells):
        before = cells[i - 1] if i else None
        if before is None or before.cell_type == "code":
            if not (is_check(cell) and before is not None and is_answer(before)):
                yield i, "no text before this cell. Say in a sentence or two what to look for."
        elif i != setup and not re.sub(r"^#.*$", "", before.source, flags=re.M).strip():
            yield i, "only a heading before this cell. Say in a sentence or two what to look for."


@rule("text")
def used_at_once(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask that a function is used in the cell that defines it or in the next."""
    trees = list(_trees(cells))
    for place, (i, tree) in enumerate(trees):
        near = [t for _, t in trees[place : place + 2]]
        used = {n.id for t in near for n in ast.walk(t) if isinstance(n, ast.Name)}
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name not in used:
                yield i, f"{node.name} is defined and not used. Call it here or in the next cell."


@rule("text")
def course_names(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask for the course's names: tf, tf1, learning_rate, …."""
    for i, tree in _trees(cells):
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for name in node.names:
                    if name.name == "tensorflow" and name.asname != "tf":
                        yield i, "write: import tensorflow as tf"
                    if name.name.startswith("tensorflow.compat"):
                        yield i, "write: import tensorflow as tf, and then: tf1 = tf.compat.v1"
            elif isinstance(node, ast.ImportFrom) and node.module == "tensorflow":
                yield i, "write: import tensorflow as tf"
            elif isinstance(node, ast.Attribute) and _dotted(node) == "tf.compat.v1":
                if "tf1 = tf.compat.v1" not in ast.unparse(tree):
                    yield i, "write tf1 for tf.compat.v1; the setup cell says: tf1 = tf.compat.v1"
            elif isinstance(node, ast.Name | ast.arg):
                name_ = node.id if isinstance(node, ast.Name) else node.arg
                stored = isinstance(node, ast.arg) or isinstance(node.ctx, ast.Store)
                if stored and name_ in NAMES:
                    yield i, f"{name_} is called {NAMES[name_]} in this course. Rename it."
                if stored and name_ == "tf":
                    yield i, "tf is TensorFlow 2. Give this another name."


@rule("text")
def no_network(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask that nothing is fetched: the course's data comes with it."""
    remedy = "A lesson runs without a network: take the data from helpers.data."
    for i, tree in _trees(cells):
        for node in ast.walk(tree):
            modules: list[str] = []
            if isinstance(node, ast.Import):
                modules = [name.name for name in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or "", *(f".{name.name}" for name in node.names)]
            for module in modules:
                if module.split(".")[0] in NETWORK_MODULES or module[1:] in NETWORK_NAMES:
                    yield i, f"imports {module.lstrip('.')}. {remedy}"
            if isinstance(node, ast.Attribute) and node.attr in NETWORK_NAMES:
                yield i, f"calls {node.attr}. {remedy}"
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and re.match(r"(https?|ftp)://", text):
                yield i, f"holds the address {text}. {remedy}"


# Tags and facts


@rule("text")
def known_tags(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask that a tag is a fact's id or one of nbval's, and that an ignored output has a reason."""
    for i, cell in enumerate(cells):
        for tag in tags(cell):
            if tag not in NBVAL_TAGS | lesson.facts:
                yield i, f"tag {tag!r} is unknown. Tags are ids of facts.yml, {sorted(NBVAL_TAGS)}."
        if "nbval-ignore-output" in tags(cell) and "#" not in cell.source:
            yield i, "the output is not compared. Say in a comment of the cell why."


@rule("text")
def facts_asserted(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask that a cell tagged with a fact asserts something."""
    for i, cell in enumerate(cells):
        for fact in lesson.facts.intersection(tags(cell)):
            if not asserts(cell.source):
                yield i, f"{fact} is claimed, not asserted. Add an assert that compares the result."


# Exercises


@rule("text")
def exercises(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask for two to four numbered exercises, each with an answer cell and a check after it."""
    inside = _section(cells, "Exercises")
    titles = re.findall(r"^### (.+)", inside, flags=re.M)
    wanted = [title for title in titles if re.match(r"Exercise \d: \S", title)]
    answers = [i for i, cell in enumerate(cells) if is_answer(cell)]
    if len(wanted) not in EXERCISES:
        yield None, f"{len(wanted)} exercises. Give two to four, each headed: ### Exercise 1: …"
    elif len(answers) != len(wanted):
        yield None, f"{len(wanted)} headings of exercises and {len(answers)} answer cells."
    for number, title in enumerate(wanted, start=1):
        if not title.startswith(f"Exercise {number}:"):
            yield None, f"{title!r} is number {number}. Count from 1: ### Exercise {number}: …"
    for i in answers:
        if i + 1 == len(cells) or not is_check(cells[i + 1]):
            yield i, "no check follows this answer. Put its check cell directly below."


@rule("text")
def exercise_cells(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask that answer and check carry the ids, the markers and the metadata nbgrader needs."""
    for i, cell in enumerate(cells):
        metadata = cell.metadata.get("nbgrader")
        if metadata is None:
            if BEGIN in cell.source or END in cell.source:
                yield i, "a solution outside an answer cell. Give the cell nbgrader's metadata."
            continue
        if is_answer(cell) == is_check(cell) or metadata.get("task"):
            yield i, "an nbgrader cell is an answer (solution: true) or a check (grade: true)."
            continue
        name = exercise_name(cell)
        if metadata.get("schema_version") != 3 or metadata.get("locked") != is_check(cell):
            yield i, "write schema_version: 3, and locked: true for a check, false for an answer."
        if is_answer(cell):
            if not name.isidentifier():
                yield i, f"grade_id {name!r} is no name of Python. Use letters, digits and _."
            if not _solution(cell.source):
                yield i, f"no solution. Put it between {BEGIN} and {END}."
            if not re.search(r"^def \w+\(", cell.source, flags=re.M):
                yield i, "an answer is a function. Begin the answer cell with def."
        else:
            if not str(metadata.grade_id).endswith("-check"):
                yield i, f"a check's grade_id ends in -check. Write: {name}-check"
            elif i and is_answer(cells[i - 1]) and exercise_name(cells[i - 1]) != name:
                yield i, f"checks another exercise. Write: {exercise_name(cells[i - 1])}-check"
            elif not re.search(rf"^check\.{re.escape(name)}\(", cell.source, flags=re.M):
                yield i, f"the check is not called. Write: check.{name}(…)"


@rule("text")
def points_as_declared(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask that a check is worth what its exercise declares."""
    for i, cell in enumerate(cells):
        if not is_check(cell):
            continue
        name, worth = exercise_name(cell), cell.metadata.nbgrader.get("points")
        declared = lesson.points.get(name)
        if declared is None:
            yield i, f"helpers/exercises/{lesson.name[3:]}.py has no exercise {name}. Add it there."
        elif worth != declared:
            yield (
                i,
                f"{worth} points here, {declared} in the exercise. Write: points: {declared}",
            )


@rule("text")
def answer_not_given_away(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask that an exercise's solution stands in no other cell."""
    for answer in filter(is_answer, cells):
        solution = re.sub(r"\s+", " ", _solution(answer.source))
        for i, cell in enumerate(cells):
            if cell is not answer and solution and solution in re.sub(r"\s+", " ", cell.source):
                yield i, f"gives away the answer to {exercise_name(answer)}. Show something else."


# The executed notebook


@rule("executed")
def stable_outputs(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask that no output holds what differs between runs or machines, nor stderr, nor errors."""
    for i, cell in _code(cells):
        for output in cell.outputs:
            if output.output_type == "error" and "raises-exception" not in tags(cell):
                yield i, f"ends in {output.ename}. Mend it, or tag it raises-exception."
            if output.get("name") == "stderr":
                yield i, f"writes to stderr: {output.text.strip()[:80]!r}. Keep it silent."
            for what, pattern in UNSTABLE.items():
                if found := re.search(pattern, _output_text(output)):
                    yield i, f"the output holds {what}: {found.group()!r}. Print something else."


@rule("executed")
def drawn(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask for a picture."""
    shown = [mime for _, cell in _code(cells) for o in cell.outputs for mime in o.get("data", {})]
    if not any(mime.startswith("image/") for mime in shown):
        yield None, "no picture. Draw what a reader would rather see than read."


# The release


@rule("release")
def release_is_blank(lesson: Forms, cells: list[NotebookNode]) -> Iterator[Finding]:
    """Ask that the student's version has no outputs and no answers, and says where to write."""
    remedy = "It is made, not edited: run course build."
    answers = {exercise_name(c): _solution(c.source) for c in lesson.text.cells if is_answer(c)}
    for i, cell in enumerate(cells):
        if BEGIN in cell.source or END in cell.source:
            yield i, f"holds a solution's marker. {remedy}"
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count):
            yield i, f"holds an output. {remedy}"
        if is_answer(cell) and STUB not in cell.source:
            yield i, f"the answer cell does not say where to write. {remedy}"
        for name, solution in answers.items():
            if solution and solution in textwrap.dedent(cell.source):
                yield i, f"holds the answer to {name}. {remedy}"
    if len(cells) != len(lesson.text.cells):
        yield None, f"{len(cells)} cells; the text has {len(lesson.text.cells)}. {remedy}"
