"""What is told of an answer that stopped with an error: what stood in its line, and why."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from helpers.checks.exercise import Exercise, Part
from helpers.checks.judging import RANDOM_CASES, judge
from helpers.checks.observe import Failure, Observation, observe, respond
from helpers.checks.outside import _read
from helpers.checks.stopped import LONGEST_SENTENCE
from helpers.cli.answers import EXERCISES, define
from tests.exercises import run_here, with_fields

tf1 = tf.compat.v1
NAMES = {"np": np, "tf": tf, "tf1": tf1}
WIDE, TALL = np.ones((2, 4)), np.ones((3, 2))
GRAPH = "with tf.Graph().as_default():\n        "
SESSION = "with tf1.Session() as session:\n            "


def failure(body: str, *arguments: Any, more: str = "") -> Failure:
    """Return how a function of `x` and perhaps `y`, with this body, stops."""
    parameters = ", ".join("xy"[: len(arguments)])
    source = f"def answer({parameters}):\n    {body}\n{more}\n"
    seen = observe(define(source, "answer", NAMES), arguments)
    assert seen.failure
    return seen.failure


@pytest.mark.parametrize(
    ("body", "arguments", "there"),
    [
        # Arrays by their shapes, and by their dtypes where these matter.
        ("return x * y", (WIDE, TALL), "There `x` has shape (2, 4) and `y` has shape (3, 2)."),
        ("return x @ y.T", (WIDE, WIDE[:1, :3]), "There `x` has shape (2, 4) and `y.T` has shape"),
        ("x -= y\n    return x", (WIDE, TALL), "There `x` has shape (2, 4) and `y` has"),
        ("x[0] = y\n    return x", (WIDE, TALL), "There `x[0]` has shape (4,) and `y` has shape"),
        ("return WEIGHTS[x]", (np.array([1.5]),), "and `x` is [1.5], of shape (1,) (float64)."),
        (
            "scale = 2.0\n    return scale * (np.exp(x) - y)",
            (WIDE, TALL),
            "In `np.exp(x) - y`, `x` has shape (2, 4) and `y` has shape (3, 2).",
        ),
        ("return tf.matmul(\n        tf.constant(x),\n        y)", (WIDE, WIDE), "(2, 4) and `y`"),
        # Numbers, texts and lists as they are; what is long by its length.
        ("return x[y]", ([3, 1, 2], 1.0), "There `x` is [3, 1, 2] and `y` is 1.0."),
        ("return x[0] @ y", ([WIDE, TALL], TALL), "There `x[0]` has shape (2, 4) and `y` has"),
        ("return x['b']", ({"a": 1, "c": [2]},), "There `x` is a dict with the keys 'a', 'c'."),
        ("for each in x:\n        pass", (3.0,), "There `x` is 3.0."),
        ("a, b = x", ([1, 2, 3],), "There `x` is [1, 2, 3]."),
        ("return x + sum(y)", ([0] * 50, [1]), "There `x` is a list of 50 and `y` is [1]."),
        ("return [each + 'a' for each in x]", ([1, 2],), "In `each + 'a'`, `each` is 1."),
        ("return x.shape[2]", (WIDE,), "There `x.shape` is (2, 4)."),
        ("return np.mean(None) + x", (None,), ""),
        # What a reader has raised, with what it was raised for.
        (
            "if len(x) > y:\n        raise ValueError",
            ([1, 2], 1),
            "There `x` is [1, 2] and `y` is 1.",
        ),
        # Tensors and variables of a graph.
        (
            GRAPH + "a = tf1.placeholder('float', [2])\n        len(a)",
            (),
            "`a` is a graph's tensor of",
        ),
        # What cannot be known any more.
        (
            "try:\n        x + y\n    finally:\n        x = None",
            (WIDE, TALL),
            "There `y` has shape (3",
        ),
        ("return len(x.pop()) + x[0]", ([[1], [2]],), "There `x[0]` is [1]."),
        ("return y.index(x.pop())", ([1, 2], [5]), "There `y` is [5]."),
    ],
)
def test_what_stood_in_the_line_is_told(body: str, arguments: tuple, there: str) -> None:
    told = failure(body, *arguments, more="WEIGHTS = np.ones((3, 3))").there
    assert there in told if there else not told, told


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        # Known from the course's explained errors.
        (GRAPH + "if tf1.constant(1) > 0:\n            pass", "Python asks for true or false here"),
        (GRAPH + "return np.exp(tf1.placeholder('float'))", "NumPy wants numbers here"),
        (
            GRAPH + "a = tf1.placeholder('float', name='a')\n        " + SESSION + "session.run(a)",
            "needs the placeholder a, and feed_dict gives it no value",
        ),
        (GRAPH + SESSION + "pass\n    session.run(x)", "The session is closed"),
        (
            GRAPH + SESSION + "session.run(tf1.get_variable('w', [2]))",
            "The variable w has no value",
        ),
        ("return tf.constant(x) + tf.constant(1.0)", "takes tensors of one dtype"),
        ("return tf.placeholder(tf.float32)", "placeholder"),
        # A name that is nearly right; one that has no value yet.
        ("wieghts = 1\n    return weights + 1", "There is no `weights`; there is `wieghts`."),
        ("return np.exq(x)", "There is no `exq`; there is `exp`."),
        ("return x.shpae", "There is no `shpae`; there is `shape`."),
        ("for each in x:\n        total += each", "`total` is a name of this function alone"),
        # None, and where it comes from.
        ("a = shown(x)\n    return a @ x", "`a` is what `shown` returns, and that can end without"),
        ("a = [3, 1]\n    b = a.sort()\n    return b[0]", "`a.sort` changes a value in its place"),
        # Nothing is known.
        ("return x + {}", ""),
        ("return missing", ""),
    ],
)
def test_a_likely_cause_is_told(body: str, cause: str) -> None:
    told = failure(body, WIDE, more="def shown(x):\n    x.sum()").cause
    assert cause in told if cause else not told, told


def test_a_line_of_a_traced_function_is_the_reader_s_own() -> None:
    source = "@tf.function\ndef answer(x):\n    y = x + 1\n    return tf.matmul(y, y)\n"
    seen = observe(define(source, "answer", NAMES), (WIDE,)).failure
    assert seen
    assert (seen.line_number, seen.line) == (4, "return tf.matmul(y, y)")
    assert seen.message.startswith("Dimensions must be equal, but are 4 and 2")
    assert "A matrix product needs as many columns" in seen.cause


def test_a_message_says_what_is_wrong_and_not_that_a_graph_ran() -> None:
    run = "session.run(a, {a: [1.0, 2.0]}) + session.run(a + [1.0, 2, 3], {a: [1.0, 2.0]})"
    seen = failure(GRAPH + "a = tf1.placeholder('float')\n        " + SESSION + run)
    assert seen.message == "Incompatible shapes: [2] vs. [3]"
    made = failure(GRAPH + "a = tf.ones(2)\n        b = a + tf1.placeholder('float')\n        "
                   + SESSION + "session.run(b, {'Placeholder:0': [1.0, 2, 3]})")  # fmt: skip
    assert "What failed was made at line 4, `b = a + tf1.placeholder('float')`." in made.there


def test_nothing_of_the_answer_s_is_called() -> None:
    more = """
CALLED = []
class Spy:
    def __getattribute__(self, name):
        CALLED.append(name)
        raise SystemExit
    __repr__ = __str__ = __eq__ = __len__ = __iter__ = __getitem__ = __bool__ = (
        lambda *_: CALLED.append("method")
    )
    __hash__ = None
class Array(np.ndarray):
    @property
    def shape(self):
        CALLED.append("shape")
class Number(int):
    __repr__ = __str__ = lambda self: CALLED.append("repr")
"""
    body = (
        "a, b, c = Spy(), Number(3), np.ones(3).view(Array)\n"
        "    d = {'spy': a, 'list': [a, b]}\n"
        "    return len([a, b, c, d, d['spy'], d['list'][0], c.missing.shape, None + 1])"
    )
    source = f"def answer():\n    {body}\n{more}"
    answer = define(source, "answer", NAMES)
    seen = observe(answer, ()).failure
    assert seen
    assert "None" not in seen.there
    assert answer.__globals__["CALLED"] == []


def test_an_error_of_the_answer_s_may_do_as_it_likes() -> None:
    more = """
class Odd(ValueError):
    def __str__(self):
        raise SystemExit
    def __getattribute__(self, name):
        raise SystemExit
"""
    seen = failure("raise Odd", 1, more=more)
    assert (seen.type_name, seen.message, seen.there, seen.cause) == ("Odd", "", "", "")


def test_what_is_told_is_short_and_travels() -> None:
    body = "return " + " + ".join(f"x['{'k' * n}']" for n in range(1, 30)) + " + None"
    given = {"k" * n: n for n in range(1, 30)}
    seen = failure(body, given)
    assert len(seen.there) <= LONGEST_SENTENCE
    answer = define("def answer(x, y):\n    return x * y", "answer", NAMES)
    probe = respond.__globals__["call"]
    reply = respond(answer, probe, ['[{"tuple": [1, 2]}, "b\\u001b[31m"]'])
    [read] = [seen.failure for seen in _read(repr(reply), (), [()])]
    assert read
    assert read.there == r"There `x` is (1, 2) and `y` is 'b\x1b[31m'."


def test_no_path_of_a_machine_is_told() -> None:
    there = failure("return x + y", ["/home/reader/model"], "/home/reader/model").there
    assert there == "There `x` is a list of 1."


# In the verdict


def test_the_exercise_s_own_misconception_comes_first() -> None:
    exercise = EXERCISES["softmax"]

    def unpacks(scores: Any) -> Any:
        """You take the scores apart."""
        first, second = scores
        return first, second

    own = with_fields(exercise, misconceptions=(unpacks,))
    assert judge(own, run_here(own, unpacks)).parts[0].explanation == "You take the scores apart."
    bare = with_fields(exercise, misconceptions=())
    part = judge(bare, run_here(bare, unpacks)).parts[0]
    assert part.misconception == "likely_stopped"
    assert part.explanation.startswith("There `scores` has shape (3,)")


def test_a_cause_and_what_stood_there_are_told_in_one_line() -> None:
    exercise = with_fields(EXERCISES["softmax"], misconceptions=())
    source = "def softmax(scores):\n    e = np.exp(scores)\n    return e / e.numpy()"
    part = judge(exercise, run_here(exercise, define(source, "softmax", NAMES))).parts[0]
    assert part.misconception == "likely_error"
    assert part.explanation.startswith("A likely cause: This is a value already (numpy.ndarray)")
    assert part.explanation.endswith(" There `e` has shape (3,).")


@pytest.mark.parametrize("head", ["softmax()", "softmax(scores, axis)"])
def test_how_an_answer_is_called_is_told_where_it_cannot_be_called_so(head: str) -> None:
    exercise = with_fields(EXERCISES["softmax"], misconceptions=())
    answer = define(f"def {head}:\n    return 1", "softmax", NAMES)
    verdict = judge(exercise, run_here(exercise, answer))
    assert "It is called as `softmax(scores)`, with arguments in this order." in str(verdict)


def test_what_is_kept_between_calls_comes_before_the_error_that_follows_from_it() -> None:
    exercise = Exercise(
        name="doubled",
        lesson="00_none",
        reference=lambda x: 2 * x,
        parts=[Part("arrays", 1, [(np.ones(n),) for n in (2, 3, 4)])],
        misconceptions=(),
        also_right=(),
        hints=(),
    )
    source = "def doubled(x, kept=[]):\n    kept.append(x)\n    return sum(kept) + kept[-1]"
    part = judge(exercise, run_here(exercise, define(source, "doubled", NAMES))).parts[0]
    assert part.status == "raised"
    assert part.misconception == "likely_differs"
    assert "your function stops with an error; the first time it gave a result" in part.explanation


def test_an_answer_whose_error_is_told_is_run_again_only_to_see_whether_it_does_the_same() -> None:
    exercise = Exercise(
        name="halves",
        lesson="00_none",
        reference=lambda x: x / 2,
        parts=[
            Part(
                "arrays",
                1,
                [(np.ones(n),) for n in (2, 3, 4, 5, 6, 7)],
                random_case=lambda rng: (rng.normal(size=rng.integers(2, 8)),),
            )
        ],
        misconceptions=(),
        also_right=(),
        hints=(),
    )
    source = "def halves(x):\n    if x[0] == 1:\n        return x / 2\n    return x / 'two'"
    run = run_here(exercise, define(source, "halves", NAMES))
    given: list[tuple] = []

    def noted(cases: Iterable[tuple]) -> Iterator[Observation]:
        for case in cases:
            given.append(case)
            yield from run([case])

    part = judge(exercise, noted).parts[0]
    assert part.misconception == "likely_stopped"
    assert len(given) == len(exercise.parts[0].cases) + RANDOM_CASES + 1  # a right case, once more


def test_a_fractional_step_of_a_schedule_is_called_so() -> None:
    exercise = EXERCISES["descend_with"]
    source = """def descend_with(gradient, start, schedule, num_steps):
    path = [start]
    for step in range(num_steps):
        path.append(path[-1] - schedule({}) * gradient(path[-1]))
    return np.array(path)
"""
    answer = define(source.format("step / num_steps"), "descend_with", NAMES)
    assert "it asked for the rate of step 0.5; steps are counted" in str(
        judge(exercise, run_here(exercise, answer))
    )
    answer = define(source.format("float(step)"), "descend_with", NAMES)
    assert judge(exercise, run_here(exercise, answer)).passed
