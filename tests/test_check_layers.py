"""What a check says about an answer, layer by layer, and how it says it in a notebook."""

import html
import json
import pickle
import re
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_st
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade
from numpy.typing import NDArray

from helpers.checks import plain
from helpers.checks.compare import compare
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.judging import judge
from helpers.checks.observe import call, observe
from helpers.checks.verdict import RECORD, Verdict
from helpers.cli.answers import define
from helpers.exercises import softmax as exercises
from helpers.grading.judging import outputs_of
from tests.exercises import run_here
from tests.lesson_rules import ANSI

tf1 = tf.compat.v1


def _adds_to_zero(arguments: tuple, value: NDArray) -> str | None:
    return None if abs(np.sum(value)) < 1e-3 else "the numbers do not add to 0."


def centred(x: NDArray) -> NDArray:
    return np.asarray(x) - np.mean(x)


def mean_added(x: NDArray) -> NDArray:
    """You add the mean: subtract it."""
    return np.asarray(x) + np.mean(x)


EXERCISE = Exercise(
    name="centred",
    lesson="00_none",
    reference=centred,
    parts=[
        Part("one number", points=1, cases=[(np.array([2.0]),)]),
        Part("several numbers", points=2, cases=[(np.array([1.0, 2.0, 6.0]),)]),
    ],
    properties=[_adds_to_zero],
    misconceptions=[mean_added],
    also_right=[],
    hints=["First.", "Second.", "Third."],
)


def say(answer: Any, exercise: Exercise = EXERCISE) -> Verdict:
    return judge(exercise, run_here(exercise, answer))


def first_problem(answer: Any) -> tuple[str, str]:
    part = next(part for part in say(answer).parts if not part.passed)
    return part.status, part.sentence


# The layers


def test_right_answer() -> None:
    verdict = say(centred)
    assert str(verdict) == "centred: correct (3 points)."
    assert (verdict.points, verdict.max_points) == (3, 3)


def test_not_attempted() -> None:
    answer = define("def centred(x):\n    raise NotImplementedError()", "centred", {})
    assert str(say(answer)) == (
        "centred: not attempted yet. Replace `raise NotImplementedError()` by your answer, run "
        "that cell, then this one."
    )


def test_a_library_s_not_implemented_error_is_an_attempt() -> None:
    def answer(x: NDArray) -> Any:
        with tf.Graph().as_default():
            return np.square(tf1.placeholder(tf.float32, [3]))

    status, sentence = first_problem(answer)
    assert status == "raised"
    assert "NotImplementedError: Cannot convert a symbolic" in sentence


@pytest.mark.parametrize(
    ("body", "line", "sentence"),
    [
        ("y = 1\n    return x / 'a'", 3, "`return x / 'a'`"),
        ("return np.reshape(x, (5, 5))", 2, "`return np.reshape(x, (5, 5))`"),
        ("return inner(x)", 4, "`return x.missing`"),
        ("import json\n    return json.loads('[')", 3, "`return json.loads('[')`"),
    ],
)
def test_raised_names_the_learner_s_own_line(body: str, line: int, sentence: str) -> None:
    source = f"def centred(x):\n    {body}\n"
    if "inner" in body:
        source += "def inner(x):\n    return x.missing\n"
    status, found = first_problem(define(source, "centred", {"np": np}))
    assert status == "raised"
    assert found.endswith(f" at line {line}, {sentence}.")
    assert found.startswith("with x = [2] your code stopped with ")


def test_raised_without_a_message() -> None:
    def answer(x: NDArray) -> Any:
        raise Unspeakable

    class Unspeakable(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert "stopped with Unspeakable at line" in first_problem(answer)[1]


def test_raised_by_tensorflow_is_told_without_names_of_nodes() -> None:
    _, sentence = first_problem(lambda x: tf.matmul(x, x))
    assert "InvalidArgumentError: In[0]" in sentence
    assert not [mark for mark in ("{{", "[Op", "name:") if mark in sentence]


def test_the_end_of_the_process_is_not_the_end_of_the_check() -> None:
    assert "SystemExit: 3" in first_problem(lambda x: exit_with(3))[1]
    with pytest.raises(KeyboardInterrupt):
        say(lambda x: stop())


def exit_with(code: int) -> Any:
    raise SystemExit(code)


def stop() -> Any:
    raise KeyboardInterrupt


class AlwaysEqual:
    def __eq__(self, other: object) -> bool:
        return True

    def __repr__(self) -> str:
        return "x" * 10**6

    __hash__ = None  # type: ignore[assignment]


def graph_tensor(x: NDArray) -> Any:
    with tf.Graph().as_default():
        return tf1.constant([1.0]) * 2.0


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (lambda x: None, "None; an array"),
        (lambda x: "2.0", "the str '2.0'; an array"),
        (lambda x: "a" * 10**6, "the str 'aaaaa"),
        (lambda x: 10**400, "the number 1000"),
        (lambda x: 10**5000, "the number of thousands of digits"),
        (lambda x: np.sum, "the function itself, not called"),
        (lambda x: dict, "the class itself, not called"),
        (lambda x: {"mean": 2.0}, "a dict with the keys ['mean']"),
        (lambda x: [[1.0], [1.0, 2.0]], "a list or tuple of 2"),
        (lambda x: (value for value in x), "an object of type generator"),
        (lambda x: AlwaysEqual(), "an object of type AlwaysEqual"),
        (lambda x: np.array([AlwaysEqual()]), "an array of Python objects"),
        (graph_tensor, "a tensor of a graph, which has no value before session.run"),
    ],
)
def test_type(answer: Callable, found: str) -> None:
    status, sentence = first_problem(answer)
    assert status == "type"
    assert sentence.startswith(f"with x = [2]: result is {found}")
    assert "was wanted." in sentence
    assert len(sentence) < 200


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ("y = x * 2", True),
        ("if x[0] > 5:\n        return x", True),
        ("for each in x:\n        return None", True),
        ("def inner():\n        x * 2\n    return inner()", True),
        ("return other(x)", True),
        ("return None", False),
        ("if x[0] > 5:\n        return x\n    return", False),
        ("if x[0] > 5:\n        return x\n    else:\n        return None", False),
        ("while True:\n        return None", False),
        ("try:\n        return x.missing\n    except AttributeError:\n        return None", False),
        ("with np.errstate(all='ignore'):\n        return None", False),
        (
            "match x:\n        case 5:\n            return x\n        case _:\n            return",
            False,
        ),
        ("print('', end='')\n    return x.sort()", False),
    ],
)
def test_a_return_statement_is_asked_for_where_there_may_be_none(body: str, asked: bool) -> None:
    source = f"def centred(x):\n    {body}\n\ndef other(x):\n    x + 1\n"
    status, sentence = first_problem(define(source, "centred", {"np": np}))
    assert status == "type"
    assert sentence.endswith("end in a return statement?") == asked


def test_a_list_or_tuple_where_several_values_are_wanted() -> None:
    wanted = [np.zeros((2, 2)), np.zeros(2)]
    assert compare([np.zeros((2, 2)), np.zeros(2)], wanted) is None
    assert compare(np.zeros((2, 2)), wanted).sentence.startswith("result[0] has shape (2,)")
    assert "result is a list or tuple of 1; a list or tuple of 2" in compare([1], wanted).sentence


def test_shape() -> None:
    _, sentence = first_problem(lambda x: centred(x)[:, np.newaxis])
    assert sentence == "with x = [2]: result has shape (1, 1); shape (1,) was wanted."


def test_dtype() -> None:
    status, sentence = first_problem(lambda x: np.zeros(len(x), dtype=int))
    assert status == "dtype"
    assert sentence == (
        "with x = [2]: result holds integers (int64); floating-point numbers were wanted."
    )


@pytest.mark.parametrize(
    "convert",
    [
        np.float32,
        list,
        tuple,
        tf.constant,
        tf.Variable,
        lambda y: y.view(np.matrix).A1,
        lambda y: [float(value) for value in y],
        lambda y: np.ma.masked_array(y, mask=False),
    ],
)
def test_the_form_of_a_right_answer_does_not_matter(convert: Callable) -> None:
    assert say(lambda x: convert(centred(x))).passed


def test_values() -> None:
    wrong = np.array([-2.0, -1.5, 3.25])
    verdict = say(lambda x: centred(x) if len(x) == 1 else wrong)
    assert [part.status for part in verdict.parts] == ["passed", "values"]
    assert verdict.parts[1].largest_difference == 0.5
    assert verdict.parts[1].sentence == (
        "with x = [1, 2, 6]: result[1] is -1.5; -1 was wanted. 2 of 3 values differ, by 0.5 at "
        "most (compared to a relative difference of 1e-06). Note that the numbers do not add to 0."
    )
    assert verdict.points == 1


def test_values_that_are_not_numbers() -> None:
    part = say(lambda x: x * np.nan).parts[1]
    assert "result[0] is nan; -2 was wanted. 3 of 3 values differ (compared" in part.sentence
    assert part.largest_difference is None
    assert compare(np.array([np.nan, np.inf]), np.array([np.nan, np.inf])) is None


@pytest.mark.parametrize(
    ("found", "wanted", "sentence"),
    [
        (1.0, 1.00001, "result is 1; 1.00001 was wanted"),
        (np.array([123456]), np.array([123457]), "result[0] is 123456; 123457 was wanted"),
        (np.array([True]), np.array([False]), "result[0] is True; False was wanted"),
        (True, False, "result is True; False was wanted."),
        ("a", "b", "result is 'a'; 'b' was wanted."),
        (np.array(["a"]), np.array(["b"]), "result is array(['a']"),
        ({"the state": 1}, {"the state": 2}, "the state is 1; 2 was wanted"),
        ([1, [2, 3]], [1, [2, 4]], "result[1][1] is 3; 4 was wanted"),
        ({"the sums": [1, 2]}, {"the sums": [1, 3]}, "element [1] of the sums is 2; 3 was wanted"),
    ],
)
def test_both_values_can_be_told_apart(found: Any, wanted: Any, sentence: str) -> None:
    difference = compare(plain.to_plain(found), plain.to_plain(wanted))
    assert difference.layer == "values"
    assert difference.sentence.startswith(sentence)


def test_tolerance_follows_the_lower_precision() -> None:
    third = np.array([1 / 3])
    assert compare(third.astype(np.float32), third) is None
    assert compare(third + 1e-8, third) is None
    assert compare(third + 1e-5, third) is not None
    assert compare((third + 1e-3).astype(np.float32), third) is not None


def test_property_where_random_values_are_right() -> None:
    rule = "the numbers do not add to 0."
    random = Exercise(
        name="balanced",
        lesson="00_none",
        reference=lambda n: np.zeros(n),
        parts=[Part("numbers", points=1, cases=[(3,)])],
        properties=[_adds_to_zero],
        misconceptions=[],
        also_right=[],
        hints=[],
        exact=False,
    )
    assert say(lambda n: np.array([-1.0, 0.5, 0.5]), random).passed
    assert say(lambda n: np.ones(3), random).parts[0].status == "property"
    assert rule in str(say(lambda n: np.ones(3), random))


def test_argument_changed_in_place() -> None:
    def answer(x: NDArray) -> NDArray:
        x -= x.mean()
        return x

    status, sentence = first_problem(answer)
    assert status == "property"
    assert sentence == (
        "with x = [2]: your code changes `x`, which is now [0]; the caller still needs it as it "
        "was. Work on a copy."
    )
    assert np.array_equal(EXERCISE.parts[1].cases[0][0], [1.0, 2.0, 6.0])


def test_known_misconception() -> None:
    verdict = say(lambda x: x + sum(x) / len(x))
    assert str(verdict).splitlines()[1] == "You add the mean: subtract it."
    assert {part.misconception for part in verdict.parts} == {"mean_added"}


def test_one_problem_at_a_time() -> None:
    assert str(say(lambda x: x)).splitlines() == [
        "one number: with x = [2]: result[0] is 2; 0 was wanted. 1 of 1 values differ, by 2 at "
        "most (compared to a relative difference of 1e-06). Note that the numbers do not add to 0.",
        "several numbers: not yet.",
    ]


def test_a_function_without_arguments_has_no_case_to_name() -> None:
    one = Exercise(
        name="one",
        lesson="00_none",
        reference=lambda: 1.0,
        parts=[Part("it", points=1, cases=[()])],
        misconceptions=[],
        also_right=[],
        hints=[],
    )
    assert str(say(lambda: 2.0, one)).startswith("one: result is 2; 1 was wanted")
    assert str(say(lambda: 1 / 0, one)).startswith("one: your code stopped with ZeroDivisionError")


def test_a_subclass_that_says_it_is_equal() -> None:
    class Equal(np.ndarray):
        def __eq__(self, other: object) -> Any:
            return np.ones(self.shape, dtype=bool)

    assert first_problem(lambda x: (x + 1).view(Equal))[0] == "values"


def test_hints_come_one_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(4):
        hint("centred")
    assert capsys.readouterr().out.splitlines() == [
        "Hint 1 of 3: First.",
        "Hint 2 of 3: Second.",
        "Hint 3 of 3 (the last one): Third.",
        "Hint 3 of 3 (the last one): Third.",
    ]
    with pytest.raises(ValueError, match="There is no exercise 'centered' here; there are: "):
        hint("centered")


# What an answer must not use

BY_NAME = ["softmax", "Softmax"]
BY_ADDRESS = ["tensorflow.nn.softmax", "tensorflow.compat.v1.nn.softmax", "helpers.activations"]


def used_by(source: str, rules: Sequence[str] = BY_NAME, cell: str = "") -> str:
    """Return the name of what the function f of this source uses of what is forbidden."""
    seen: dict[str, Any] = {"tf": tf, "tf1": tf.compat.v1, "np": np, "__name__": "__main__"}
    exec(cell, seen)
    seen_used = observe(define(source, "f", seen), (np.arange(3.0),), call, rules).used
    return seen_used.name if seen_used else ""


@pytest.mark.parametrize(
    "source",
    [
        "from tensorflow.nn import softmax as s\ndef f(x):\n    return s(x)",
        "def f(x):\n    import tensorflow as t\n    return t.nn.softmax(x)",
        "def f(x):\n    nn = tf.nn\n    return nn.softmax(x)",
        "def f(x):\n    return tf1.nn.softmax(x)",
        "def f(x):\n    return list(map(tf.nn.softmax, [x]))",
        "f = lambda x: tf.nn.softmax(x)",
        "f = tf.nn.softmax",
        "def f(x):\n    return getattr(tf.nn, 'soft' + 'max')(x)",
        "def f(x):\n    return vars(tf.nn)['soft' + 'max'](x)",
        "def f(x):\n    return eval('tf.nn.soft' + 'max')(x)",
        "import operator\ndef f(x):\n    return operator.attrgetter('nn.soft' + 'max')(tf)(x)",
        "from functools import partial\nf = partial(getattr(tf.nn, 'soft' + 'max'), axis=0)",
        "kept = [getattr(tf.nn, 'soft' + 'max')]\ndef f(x):\n    return kept[0](x)",
        "def g(x):\n    return getattr(tf.nn, 'soft' + 'max')(x)\ndef f(x):\n    return g(x)",
        "def d(g):\n    return lambda x: getattr(tf.nn, 'soft' + 'max')(g(x))\n"
        "@d\ndef f(x):\n    return x",
        "def f(x):\n    return tf.function(getattr(tf.nn, 'soft' + 'max'))(x)",
        "def f(x):\n    return tf.map_fn(getattr(tf.nn, 'soft' + 'max'), tf.stack([x]))",
        "def f(x):\n    return np.apply_along_axis(getattr(tf.nn, 'soft' + 'max'), 0, x)",
        "def f(x):\n    return tf.function(getattr(tf.nn, 'soft' + 'max')).__wrapped__(x)",
        "def f(x):\n"
        "    s = np.vectorize(getattr(tf.nn, 'soft' + 'max'), signature='(n)->(n)')\n"
        "    return s(x)",
    ],
)
@pytest.mark.parametrize("rules", [BY_NAME, BY_ADDRESS])
def test_a_forbidden_function_is_noticed_however_it_is_come_by(
    source: str, rules: Sequence[str]
) -> None:
    assert used_by(source, rules) in ("tensorflow.nn.softmax", "tensorflow.compat.v1.nn.softmax")


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("keras.ops.softmax", "import keras\ndef f(x):\n    return keras.ops.softmax(x)"),
        ("keras.ops.softmax", "from keras.ops import *\ndef f(x):\n    return softmax(x)"),
        (
            "keras.activations.softmax",
            "def f(x):\n    return tf.keras.activations.get('soft' + 'max')(tf.stack([x]))",
        ),
        ("keras.layers.Softmax", "def f(x):\n    return tf.keras.layers.Softmax()(x)"),
        (
            "sklearn.utils.extmath.softmax",
            "from sklearn.utils.extmath import softmax as s\ndef f(x):\n    return s(x[None])",
        ),
        (
            "scipy.special.softmax",
            "def f(x):\n    return vars(__import__('scipy.special').special)['soft' + 'max'](x)",
        ),
        (
            "tensorflow.python.ops.gen_nn_ops.softmax",
            "def f(x):\n    return getattr(tf.raw_ops, 'Soft' + 'max')(logits=x)",
        ),
    ],
)
def test_a_bare_name_means_the_functions_of_all_packages(name: str, source: str) -> None:
    assert used_by(source) == name


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return tf.exp(x) / tf.reduce_sum(tf.exp(x))",
        "def f(x):\n    'Like tf.nn.softmax.'\n    return x  # tf.nn.softmax",
        "def softmax(x):\n    return x\nf = softmax",
        "class Mine:\n    def softmax(x):\n        return x\ndef f(x):\n    return Mine.softmax(x)",
        "def f(x):\n    return tf.nn.softmax_cross_entropy_with_logits(x, x)",
        "def f(x):\n    return tf.keras.layers.Dense(3, 'softmax')(tf.stack([x]))",
        "def f(x):\n    return tf.keras.layers.Attention()([tf.ones((1, 2, 2))] * 2)",
    ],
)
def test_what_is_the_answer_s_own_or_a_library_s_is_not_forbidden(source: str) -> None:
    assert used_by(source) == ""


@pytest.mark.parametrize(
    "cell",
    [
        "ready = tf.nn.softmax",
        "from helpers.activations import softmax as ready",
        "from helpers import activations\nready = activations.softmax",
    ],
)
def test_what_another_cell_has_kept_is_noticed(cell: str) -> None:
    assert used_by("def f(x):\n    return ready(x)", BY_ADDRESS, cell).endswith(".softmax")


@pytest.mark.parametrize("decorator", ["tf.function", "functools.cache"])
def test_what_another_cell_has_run_is_noticed(decorator: str) -> None:
    cell = (
        "import functools\ndef g():\n    return tf.nn.softmax([1.0])\n"
        f"@{decorator}\ndef ready():\n    return g() if g else ready()\nready()"
    )
    for source in ("def f(x):\n    return ready()", "f = lambda x: [ready()]"):
        assert used_by(source, BY_ADDRESS, cell) == "tensorflow.nn.softmax"
    for kept, text in (("[ready]", "kept[0]()"), ("{'a': ready}", "kept['a']()")):
        source = f"def f(x):\n    return {text}"
        assert used_by(source, BY_ADDRESS, f"{cell}\nkept = {kept}") == "tensorflow.nn.softmax"
    harmless = cell.replace("softmax", "relu")
    assert not used_by("def f(x):\n    return ready()", BY_ADDRESS, harmless)
    itself = f"import functools\n@{decorator}\ndef f(x):\n    return tf.nn.softmax([1.0])\nf(())"
    assert used_by(f"{itself}\nf = f", BY_NAME) == "tensorflow.nn.softmax"


@pytest.mark.parametrize(
    "body",
    [
        "np.outer(x, x) @ x",
        "eval('np.outer(x, x) @ x')",
        "x.dot(x)",
        "np.array(x).dot(x)",
        "np.matmul(x, x)",
        "kept(x, x)",
        "__import__('operator').matmul(x, x)",
    ],
)
def test_operators_methods_and_functions_in_c(body: str) -> None:
    rules, cell = ["@", "dot", "matmul"], "kept = np.matmul"
    assert used_by(f"def f(x):\n    return {body}", rules, cell)
    assert not used_by("def f(x):\n    return (x[:, None] * x).sum(axis=0)", rules, cell)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python 3.11 tells of no call of a ufunc")
def test_a_ufunc_by_a_name_built_at_run_time() -> None:
    source = "def f(x):\n    return getattr(np, 'mat' + 'mul')(x, x)"
    assert used_by(source, ["matmul"]) == "numpy.matmul"


def test_a_module_is_forbidden_with_all_that_it_holds() -> None:
    source = "def f(x):\n    return list(getattr(tf, 'da' + 'ta').Dataset.range(3))"
    assert used_by(source, ["tensorflow.data"]) == "tensorflow.data.Dataset"
    # What a module of the course imports is not of this module.
    assert not used_by("def f(x):\n    return np.exp(x)", ["helpers.activations"])


def test_what_is_forbidden_is_told_though_the_answer_stops() -> None:
    source = "def f(x):\n    tf.nn.softmax(x)\n    raise ValueError"
    answer = define(source, "f", {"tf": tf})
    verdict = judge(exercises.softmax, run_here(exercises.softmax, answer))
    assert verdict.points == 0
    assert {part.status for part in verdict.parts} == {"forbidden"}
    assert str(verdict).startswith("softmax: The exercise is to write softmax yourself")
    assert str(verdict).endswith("Your code uses `tensorflow.nn.softmax`.")


def test_a_profiler_of_the_reader_s_is_left_as_it_was() -> None:
    before = sys.getprofile()
    used_by("f = tf.nn.softmax")
    assert sys.getprofile() is before


# In a notebook

CHECK = "check.softmax(softmax)"
WARNS = """\
import warnings
def softmax(scores):
    warnings.warn("careful")
    np.log(np.zeros(1))
    powers = np.exp(scores - np.max(scores, axis=0))
    return powers / powers.sum(axis=0)"""
NOTEBOOK = {
    "right": WARNS,
    "partly right": "def softmax(scores):\n    e = np.exp(scores)\n    return e / e.sum(axis=0)",
    "wrong": "def softmax(scores):\n    return 1 / (1 + np.exp(-scores))",
    "not attempted": "def softmax(scores):\n    # Your code here.\n    raise NotImplementedError()",
    "raises": "def softmax(scores):\n    # a comment\n    return np.exp(scores) @ np.ones((9, 9))",
    "exits": "def softmax(scores):\n    raise SystemExit",
    "forbidden": "ready = tf.nn.softmax\n---\ndef softmax(scores):\n    return ready(scores)",
    "not a function": "softmax = np.array([1.0])",
}


@pytest.fixture(scope="module")
def checked() -> dict[str, NotebookNode]:
    """Return the check's cell, after each answer was checked in a real kernel."""
    nbgrader: dict[str, Any] = {"grade": True, "solution": False, "locked": True, "points": 2}
    nbgrader |= {"grade_id": "softmax-check", "schema_version": 3, "task": False}
    start = "import numpy as np\nimport tensorflow as tf\n"
    start += "from helpers.exercises import softmax as check"
    cells, checks = [new_code_cell(start)], {}
    for name, answer in NOTEBOOK.items():
        cells += [new_code_cell(text) for text in answer.split("\n---\n")]
        checks[name] = len(cells)
        cells.append(new_code_cell(CHECK, metadata={"nbgrader": nbgrader}))
    notebook = new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3", timeout=300, allow_errors=True).execute()
    return {name: notebook.cells[place] for name, place in checks.items()}


def outputs(cell: NotebookNode, kind: str) -> list[NotebookNode]:
    return [output for output in cell.outputs if output.output_type == kind]


def record_of(cell: NotebookNode) -> dict[str, Any]:
    [record] = [output.metadata[RECORD] for output in outputs(cell, "display_data")]
    return dict(record)


@pytest.mark.parametrize(
    ("name", "points", "statuses"),
    [
        ("right", 2, ["passed", "passed"]),
        ("partly right", 1, ["passed", "values"]),
        ("wrong", 0, ["values", "values"]),
        ("not attempted", 0, ["not attempted"] * 2),
        ("raises", 0, ["raised"] * 2),
        ("exits", 0, ["raised"] * 2),
        ("forbidden", 0, ["forbidden"] * 2),
        ("not a function", 0, ["raised"] * 2),
    ],
)
def test_the_record_tells_the_points_part_by_part(
    checked: dict[str, NotebookNode], name: str, points: int, statuses: list[str]
) -> None:
    cell = checked[name]
    record = record_of(cell)
    assert (record["exercise"], record["lesson"]) == ("softmax", "10_softmax")
    assert (record["points"], record["max_points"]) == (points, 2)
    assert [part["status"] for part in record["parts"]] == statuses
    assert json.loads(json.dumps(record, allow_nan=False)) == record


def test_nothing_goes_to_stderr(checked: dict[str, NotebookNode]) -> None:
    for name, cell in checked.items():
        assert not outputs(cell, "stream"), name


def test_right_answer_in_a_notebook(checked: dict[str, NotebookNode]) -> None:
    [shown] = checked["right"].outputs
    assert shown.data["text/plain"] == "softmax: correct (2 points)."
    assert "softmax: correct (2 points)." in shown.data["text/html"]


def test_a_half_right_answer_in_a_notebook(checked: dict[str, NotebookNode]) -> None:
    cell = checked["partly right"]
    [error] = outputs(cell, "error")
    lines = error.evalue.splitlines()
    assert lines[0] == "one sample and several: correct."
    assert lines[1].startswith("large scores: with scores = [1000, 1001, 1002]: result[0] is nan")
    assert lines[2].startswith("The formula is right, but `exp`")
    assert record_of(cell)["parts"][1]["misconception"] == "not_shifted"
    assert record_of(cell)["parts"][0]["misconception"] is None


def test_partial_credit_as_the_grader_writes_and_nbgrader_reads_it() -> None:
    answer = define(NOTEBOOK["partly right"], "softmax", {"np": np})
    verdict = say(answer, exercises.softmax)
    nbgrader = {"grade": True, "solution": False, "points": 2}
    cell = new_code_cell(CHECK, metadata={"nbgrader": nbgrader}, outputs=outputs_of(verdict))
    assert determine_grade(cell) == (1, 2)
    shown, points = cell.outputs
    text = re.sub("</?code>", "`", shown.data["text/html"])
    assert all(html.escape(line) in text for line in str(verdict).splitlines())
    assert points.data["text/html"] == "1 of 2 points"


@pytest.mark.parametrize(
    ("name", "kind", "sentence"),
    [
        ("partly right", "CheckFailed", "The formula is right, but `exp`"),
        ("wrong", "CheckFailed", "You map each score by itself, with the sigmoid."),
        ("not attempted", "NotAttempted", "softmax: not attempted yet."),
        ("raises", "CheckFailed", "at line 3, `return np.exp(scores) @ np.ones((9, 9))`."),
        ("exits", "CheckFailed", "stopped with SystemExit at line 2, `raise SystemExit`."),
        ("forbidden", "CheckFailed", "softmax: The exercise is to write softmax yourself"),
        ("not a function", "CheckFailed", "'numpy.ndarray' object is not callable"),
    ],
)
def test_the_cell_of_an_answer_that_does_not_pass_ends_with_the_sentences(
    checked: dict[str, NotebookNode], name: str, kind: str, sentence: str
) -> None:
    record, error = checked[name].outputs
    assert not any(record.data.values())
    assert error.ename == kind
    assert sentence in error.evalue
    shown = ANSI.sub("", "\n".join(error.traceback))
    assert sentence.replace("`", "") in shown
    assert "`" not in shown  # marked by its colour
    assert "Traceback" not in shown
    assert len(error.traceback) == len(error.evalue.splitlines())


# Answers to the softmax exercise, typed by hand: right ones in odd styles, wrong ones that are not
# in the catalogue, each with its points and what has to be said about it.

BY_HAND = {
    "exponentials of differences": (
        "z = np.asarray(scores, float)\nreturn 1 / np.exp(z[None] - z[:, None]).sum(axis=1)",
        2,
        "correct",
    ),
    "a logarithm first": (
        "z = np.asarray(scores, float)\nreturn np.exp(z - np.logaddexp.reduce(z, axis=0))",
        2,
        "correct",
    ),
    "lists and recursion": (
        "import math\n"
        "if np.ndim(scores) == 2:\n"
        "    return np.column_stack([softmax(column) for column in np.transpose(scores)])\n"
        "powers = [math.exp(score - max(scores)) for score in scores]\n"
        "return [power / math.fsum(powers) for power in powers]",
        2,
        "correct",
    ),
    "TensorFlow, by rows, float32": (
        "rows = tf.transpose(tf.cast(scores, tf.float32))\n"
        "powers = tf.exp(rows - tf.reduce_max(rows, axis=-1, keepdims=True))\n"
        "return tf.transpose(powers / tf.reduce_sum(powers, axis=-1, keepdims=True))",
        2,
        "correct",
    ),
    "the mean subtracted": (
        "e = np.exp(scores - scores.mean(axis=0))\nreturn e / e.sum(axis=0)",
        1,
        "large scores: with scores = [-1000, -1000, 1000]: result[2] is nan; 1 was wanted.",
    ),
    "scores cut off": (
        "e = np.exp(np.clip(scores, -500, 500))\nreturn e / e.sum(axis=0)",
        1,
        "large scores: with scores = [1000, 1001, 1002]: result[0] is 0.3333; 0.09003 was wanted.",
    ),
    "not divided": (
        "return np.exp(scores - scores.max(axis=0))",
        0,
        "Note that the probabilities of a sample do not add to 1.",
    ),
    "axis 1": (
        "e = np.exp(scores - scores.max(axis=0))\nreturn e / e.sum(axis=1, keepdims=True)",
        0,
        "AxisError: axis 1 is out of bounds for array of dimension 1 at line 3, `return e / e.sum(",
    ),
    "in place": (
        "scores -= scores.max(axis=0)\nreturn np.exp(scores) / np.exp(scores).sum(axis=0)",
        0,
        "with scores = [1, 2, 3]: your code changes `scores`, which is now [-2, -1, 0]; the caller",
    ),
    "printed": (
        "print(np.exp(scores) / np.exp(scores).sum(axis=0))",
        0,
        "result is None; an array of numbers was wanted. Does your function end in a return",
    ),
    "rounded": (
        "e = np.exp(scores - scores.max(axis=0))\nreturn np.round(e / e.sum(axis=0), 4)",
        0,
        "result[0] is 0.09; 0.09003 was wanted. 3 of 3 values differ, by 4.1e-05 at most",
    ),
    "turned round": (
        "e = np.exp(scores - scores.max(axis=0))\nreturn (e / e.sum(axis=0)).T",
        0,
        "result has shape (4, 3); shape (3, 4) was wanted.",
    ),
}


@pytest.mark.parametrize(("body", "points", "sentence"), BY_HAND.values(), ids=list(BY_HAND))
def test_answers_by_hand(body: str, points: int, sentence: str) -> None:
    source = "def softmax(scores):\n" + "\n".join(f"    {line}" for line in body.splitlines())
    answer = define(source, "softmax", {"np": np, "tf": tf})
    verdict = judge(exercises.softmax, run_here(exercises.softmax, answer))
    assert verdict.points == points
    assert sentence in str(verdict)


# Plain values

unhurried = settings(deadline=None)  # several tests share the machine
arrays: st.SearchStrategy[NDArray] = numpy_st.arrays(
    dtype=st.sampled_from([np.dtype(name) for name in ("f8", "f4", "i8", "u1", "?", "U3")]),
    shape=numpy_st.array_shapes(min_dims=0, min_side=0, max_side=3),
)
leaves = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | arrays
) | st.builds(plain.Foreign, st.text(max_size=5))
plain_values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def identical(a: Any, b: Any) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list):
        return len(a) == len(b) and all(map(identical, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(identical(a[key], b[key]) for key in a)
    return repr(a) == repr(b)


@unhurried
@given(plain_values)
def test_plain_values_travel_unchanged(value: Any) -> None:
    assert identical(plain.loads(plain.dumps(value)), value)
    assert identical(plain.to_plain(value), value) or "Foreign" in repr(value)


def _npy(data: bytes) -> str:
    return json.dumps({"npy": b64encode(data).decode("ascii")})


def _header(text: bytes) -> bytes:
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


def hostile_texts() -> Iterator[str]:
    yield from ("", "{", "nonsense", '{"npy": 3}', '{"npy": "?"}', '{"dict": 3}', '{"other": 1}')
    yield "[" * 100_000
    yield "9" * 5000
    yield _npy(pickle.dumps([1]))
    yield _npy(b"PK\x03\x04nonsense")  # a zip archive is not an array
    yield _npy(_header(b"{'descr': ("))
    for descr, shape in [("|O", "(1,)"), ("<f8", "(-1,)"), ("<f8", "(10**9,)"), ("<f8", "(9, 9)")]:
        text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n"
        yield _npy(_header(text.encode()))


@pytest.mark.parametrize("text", hostile_texts())
def test_what_is_no_plain_value_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a plain value"):
        plain.loads(text)


@unhurried
@given(st.text() | st.binary().map(_npy))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        value = plain.loads(text)
    except ValueError:
        return
    assert identical(plain.loads(plain.dumps(value)), value)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (np.float32(2), np.array(2, np.float32)),
        (np.bool_(True), np.array(True)),
        (np.str_("a"), "a"),
        (tf.constant([1, 2]), np.array([1, 2], np.int32)),
        ((1, (2.0,)), [1, [2.0]]),
        ({1: None}, {"1": None}),
    ],
)
def test_values_are_reduced_to_plain_ones(value: Any, wanted: Any) -> None:
    assert identical(plain.to_plain(value), wanted)


# Comparison


@unhurried
@given(plain_values)
def test_a_value_does_not_differ_from_itself(value: Any) -> None:
    assert compare(value, value) is None


whole = numpy_st.arrays(
    dtype=st.sampled_from([np.float64, np.float32, np.int64]),
    shape=numpy_st.array_shapes(max_dims=3, max_side=4),
    elements=st.integers(-1000, 1000),
)


@unhurried
@given(st.data(), whole)
def test_one_changed_number_is_found_at_its_place(data: st.DataObject, wanted: NDArray) -> None:
    place = tuple(data.draw(st.integers(0, side - 1)) for side in wanted.shape)
    found = wanted.copy()
    found[place] += 1
    for a, b in [(found, wanted), (wanted, found)]:
        difference = compare(a, b)
        assert difference.layer == "values"
        assert difference.largest == 1
        assert difference.sentence.startswith(f"result[{', '.join(map(str, place))}] is ")
        assert f"1 of {wanted.size} values differ" in difference.sentence


@unhurried
@given(whole, whole)
def test_which_of_two_is_wanted_does_not_matter(a: NDArray, b: NDArray) -> None:
    one, other = compare(a, b), compare(b, a)
    assert (one and one.layer) == (other and other.layer)


@unhurried
@given(plain_values, plain_values)
def test_any_two_values_are_compared_without_an_error(found: Any, wanted: Any) -> None:
    difference = compare(found, wanted)
    assert difference is None or len(difference.sentence) < 400


@pytest.mark.parametrize(
    ("argument", "change", "now"),
    [
        ([3, 1, 2], lambda given: given.sort(), "[1, 2, 3]"),
        ({"a": [1]}, lambda given: given["a"].append(2), "{'a': [1, 2]}"),
        ([np.zeros(2)], lambda given: given[0].fill(1), "[[1, 1]]"),
        (np.zeros(2), lambda given: given.fill(1), "[1, 1]"),
        (np.zeros(99), lambda given: given.fill(1), ""),
        (["a"], lambda given: given.append("b" * 99), ""),
        ([0], lambda given: given.append(given), ""),
    ],
)
def test_changes_in_place_are_seen_in_whatever_is_given(
    argument: Any, change: Callable, now: str
) -> None:
    seen = observe(lambda _, given: change(given), (None, argument)).changed_input
    assert seen
    assert (seen.place, seen.now) == (1, now)
    assert not observe(lambda given: None, (argument,)).changed_input
