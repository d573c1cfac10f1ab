"""The checker outside the answer's process, against real kernels."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from helpers.checks import outside
from helpers.checks.judging import RANDOM_CASES
from helpers.checks.observe import call
from helpers.checks.written import written
from helpers.exercises import softmax as exercises

RIGHT = """
import numpy as np
def softmax(scores):
    e = np.exp(scores - np.max(scores, axis=0))
    return e / e.sum(axis=0)
"""


@pytest.fixture
def kernel() -> Iterator[Any]:
    manager, client = start_new_kernel(kernel_name="python3")
    yield manager, client
    client.stop_channels()
    if manager.has_kernel:
        manager.shutdown_kernel(now=True)


def judged(kernel: Any, answer: str, seed: int | None = None) -> Any:
    manager, client = kernel
    client.execute_interactive(answer, timeout=60, output_hook=lambda message: None)
    return outside.judge_in_kernel(exercises.softmax, manager, client, answer, seed=seed)


def test_right_and_wrong_answers_and_how_a_wrong_one_is_wrong(kernel: Any) -> None:
    assert judged(kernel, RIGHT).points == 2
    verdict = judged(kernel, RIGHT.replace("axis=0", "axis=-1, keepdims=True"))
    assert verdict.points == 0
    assert verdict.parts[0].misconception == "rows_as_samples"
    verdict = judged(kernel, "def softmax(scores):\n    total = 0\n    return scores / total.sum()")
    assert "AttributeError" in str(verdict)
    assert "at line 3, `return scores / total.sum()`" in str(verdict)
    assert "\nIn `total.sum`, `total` is 0." in str(verdict)
    assert verdict.parts[0].misconception == "likely_stopped"
    verdict = judged(kernel, "def softmax(scores):\n    scores / 2")
    assert "Does your function end in a return statement?" in str(verdict)
    assert judged(kernel, "def softmax(scores):\n    raise NotImplementedError()").points == 0
    verdict = judged(kernel, "del softmax")
    assert {part.status for part in verdict.parts} == {"not attempted"}


def test_a_mistake_in_an_earlier_answer_is_paid_for_once(kernel: Any) -> None:
    manager, client = kernel
    wrong = RIGHT.replace(" / e.sum(axis=0)", "")
    gradient = """
import numpy as np
def loss_gradient(scores, labels):
    slope = softmax(scores)
    slope[labels, np.arange(len(labels))] -= 1
    return slope / len(labels)
"""
    assert judged(kernel, wrong).points == 0
    client.execute_interactive(gradient, timeout=60, output_hook=lambda message: None)
    verdict = outside.judge_in_kernel(exercises.loss_gradient, manager, client, wrong + gradient)
    assert verdict.passed
    assert verdict.not_yet == ["softmax"]
    assert judged(kernel, wrong).points == 0  # its own answer is back in its place


def test_an_answer_that_knows_only_the_published_cases_fails(kernel: Any) -> None:
    memorised = """
import numpy as np
from helpers.exercises import softmax as exercises
known = [c for part in exercises.softmax.parts for (c,) in part.cases]
def softmax(scores):
    if any(np.array_equal(scores, c) for c in known):
        e = np.exp(scores - np.max(scores, axis=0))
        return e / e.sum(axis=0)
    return np.zeros(np.shape(scores))
"""
    assert judged(kernel, memorised).points == 0


def test_no_wanted_value_and_no_exercise_is_in_the_kernel(kernel: Any) -> None:
    judged(kernel, RIGHT)
    client = kernel[1]
    reply = client.execute_interactive(
        "",
        user_expressions={"loaded": "[m for m in __import__('sys').modules if 'helpers' in m]"},
        timeout=60,
    )
    loaded = reply["content"]["user_expressions"]["loaded"]["data"]["text/plain"]
    assert "helpers.checks.observe" in loaded
    assert "helpers.exercises" not in loaded
    assert "helpers.activations" not in loaded


def hostile(body: str) -> str:
    return f"import os, sys\ndef softmax(scores):\n    {body}\n"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (hostile("while True: pass"), "did not come back within"),
        (hostile("raise SystemExit"), "your code stopped with SystemExit"),
        (hostile("os._exit(0)"), "ended its own process"),
        (
            hostile("return __import__('numpy').zeros(20_000_000)"),
            "result is an array of shape (20000000,), too large to be looked at; an array of",
        ),
        (hostile("return ['x' * 7_000_000] * 2"), "a value that is too large to be looked at"),
        (hostile("return 'x' * 20_000_000"), "a text of 20000000 letters, too long to be"),
        (
            hostile("print('x' * 1_000_000, flush=True); return scores"),
            "result[0] is 1; 0.09003 was wanted",
        ),
        (
            "class Same:\n    __eq__ = lambda a, b: True\n    shape = dtype = 1\n"
            "def softmax(scores):\n    return Same()",
            "result is an object of type Same; an array of numbers was wanted",
        ),
        (
            "import numpy as np\n"
            "np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None\n"
            "np.isclose = np.allclose = lambda *a, **k: True\nnp.all = lambda *a, **k: True\n"
            "def softmax(scores):\n    return np.ones(np.shape(scores))",
            "result[0] is 1; 0.09003 was wanted",
        ),
        (
            "from helpers.checks import observe\n"
            "observe.respond = lambda *a: 'passed'\ndef softmax(scores): return 1",
            "could not be read",
        ),
        (
            "from helpers.checks import observe\n"
            "observe.respond = lambda *a: 'x' * 20_000_000\ndef softmax(scores): return 1",
            "could not be read",
        ),
        (
            "from helpers.checks import observe\nimport json\n"
            "value = json.dumps({'npy': 'gASVAAAAAAAAAAAu'})  # a pickle\n"
            "observe.respond = lambda *a: json.dumps([[value, None, None, None, False]])"
            "\ndef softmax(scores): return 1",
            "could not be read",
        ),
        *(
            (
                "from helpers.checks import observe\n"
                f"observe.respond = lambda *a: {reply!r}\ndef softmax(scores): return 1",
                "could not be read",
            )
            for reply in (
                '[["1", null, true, null, false]]',
                '[["1", null, [7, ""], null, false]]',
                '[["1", null, [true, ""], null, false]]',
                r'[["1", null, [0, "\u001b[31m"], null, false]]',
                '[[null, ["E", "", 1, "", "", false, "", 7], null, null, false]]',
                r'[[null, ["E", "", 1, "", "", false, "\u001b[31m", ""], null, null, false]]',
            )
        ),
    ],
    ids=[
        "loops",
        "exits",
        "dies",
        "huge",
        "long list",
        "long text",
        "prints",
        "equals",
        "numpy",
        "forges",
        "floods",
        "pickles",
        "changed what",
        "changed a seventh argument",
        "changed no number of an argument",
        "changed in colour",
        "stopped for a number",
        "stopped in colour",
    ],
)
def test_hostile_answers_get_a_clear_verdict_and_no_points(
    kernel: Any, monkeypatch: pytest.MonkeyPatch, answer: str, sentence: str
) -> None:
    monkeypatch.setattr(outside, "SECONDS", 3.0)
    verdict = judged(kernel, answer)
    assert verdict.points == 0
    assert sentence in str(verdict)


def test_a_loop_that_ignores_interrupts_is_killed(
    kernel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "SECONDS", 2.0)
    verdict = judged(
        kernel, hostile("import signal; signal.signal(2, signal.SIG_IGN)\n    while True: pass")
    )
    assert "did not come back" in str(verdict)
    assert not kernel[0].is_alive()


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("while calls == 2: pass", "with scores = {case}: your code did not come back"),
        (
            "while calls == 2:\n        try:\n            while True: pass\n"
            "        except KeyboardInterrupt: break",
            "with scores = {case}: your code did not come back",
        ),
        ("if calls == 2: os._exit(0)", "softmax: your code ended its own process."),
    ],
    ids=["loops", "swallows an interrupt", "dies"],
)
def test_of_several_cases_the_one_that_stops_is_named_or_none(
    kernel: Any, monkeypatch: pytest.MonkeyPatch, body: str, sentence: str
) -> None:
    monkeypatch.setattr(outside, "SECONDS", 3.0)
    counting = RIGHT.replace("    e =", f"    global calls\n    calls += 1\n    {body}\n    e =", 1)
    verdict = judged(kernel, f"import os\ncalls = 0\n{counting}")
    [second] = exercises.softmax.parts[0].cases[1]
    assert sentence.format(case=written(second)) in str(verdict)


def test_cases_that_are_slow_or_large_come_one_by_one(
    kernel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "SECONDS", 3.0)
    number = sum(len(part.cases) + RANDOM_CASES for part in exercises.softmax.parts)
    slow = RIGHT.replace("    e =", "    __import__('time').sleep(0.3)\n    e =", 1)
    assert 0.3 * number > 3
    assert judged(kernel, slow).points == 2
    manager, client = kernel
    client.execute_interactive("ones = np.ones", timeout=60, output_hook=lambda message: None)
    run = outside.run_in_kernel(manager, client, "ones", call)
    assert [seen.value.size for seen in run([(600_000,)] * 5)] == [600_000] * 5


def test_a_sentence_of_a_reply_has_an_end() -> None:
    def reply(sentence: str) -> str:
        failure = ["E", "", 1, "", "", False, sentence, ""]
        return repr(json.dumps([[None, failure, None, None, False]]))

    assert outside._read(reply("a" * 500), (), [()])[0].failure
    with pytest.raises(ValueError, match="no sentence"):
        outside._read(reply("a" * 501), (), [()])


def test_what_a_reply_may_not_be() -> None:
    good = ["1", None, None, None, False]
    assert len(outside._read(repr(json.dumps([good, good])), (), [(), ()])) == 2
    for text in [
        *("", "1", "'[]'", "'[1]'", "'[[1, [], true]]'", "'{}'", "__import__('os')"),
        *("'" + "[" * 9**5, repr(json.dumps([good] * 3)), repr(json.dumps(dict.fromkeys("ab")))),
    ]:
        with pytest.raises(ValueError, match=r".+"):
            outside._read(text, (), [(), ()])
