"""The cells that are needed do, run alone, what they do in the whole notebook."""

import builtins
import contextlib
import io
import math
import os
import random
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.needed import needed

# Cells of small programs. A capital letter is replaced by one of a few names.
CELLS = r"""
A = 1
A = []
A = [B]
A = [1, [2]]
A = B
A, B = B, A
A = B[0]
A = {B: 1}
A = {'k': B}
*A, B = 1, 2, [3]
A: list = [B]
A += [B]
A += 1
A -= 1
A[0] = B
A['k'] = B
A.x = B
A.append(B)
A.append(B) or A.append(C)
A.extend([*B])
A.sort()
A.pop()
A.update(B)
A[0].append(B)
A.x.append(B)
A[:] = []
del A
del A[0]
print(A)
print(A, end=' ') or A.append(2)
print([A for A in B], A)
A = [B for C in A if C]
A = [lambda: B for B in A]
A = list(B)
A = iter(B)
A = (C for C in B)
A = next(B)
A = map(C, [*B])
A = sorted(B, key=C)
A = (B := [C])
[A := C for C in B]
A = lambda: B
A = lambda B=C: B
A = lambda x: x.append(B)
A = B()
A = B(C)
A(B)
A()
A(B, C)
A = A(B)
A = B.x
A = B + C
A = B and C
A = f"{len(B)} {C:d}"
A = len(B)
A = bool(B)
for A in B: pass
for A in [*B]: C.append(A)
for A in [1, 2]: B += A
for A[0] in B: pass
if A: B = 1
if A: B.append(C)
if A: del B
while A: A.pop()
with A as B: B.append(C)
with A: B = 2
import math as A
import math; A = math.sqrt(4)
import random; random.seed(3)
import random; A = random.random()
import random as A; B = A.random()
import random; A = random.Random(4)
A = A.random()
import copy; A = copy.copy(B)
import copy; A = copy.deepcopy(B)
import functools; A = functools.partial(B, C)
import itertools; A = itertools.chain(B, [8, 9])
import collections; A = collections.Counter(B)
from math import pi as A
try: A = B[5]\nexcept IndexError as C: A = 2
try: A = B[5]\nexcept (IndexError, TypeError) as C: D = C
try: A()\nfinally: B = 3
1 / 0\nA = 2
A = 2\n1 / 0
A = 2\nB = A
A = []\nB = [A]
A = B\nA.append(1)
assert A
raise A
match A:\n case [B, *C]: pass
match A:\n case {'k': B, **C}: pass
match A:\n case int() as B: pass
def A(): return B
def A(): return B()
def A(x): return B(x)
def A(x): x.append(B)
def A(x): B.append(x)
def A(): B.append(1); return B
def A(B): return B
def A(x=C): return x
def A(x=[]): x.append(1); return x
def A(x=1): return [x, B]
def A():\n global B\n B = 4
def A():\n global B\n B += 1\n return B
def A():\n global B\n del B
def A():\n B = 1\n def inner():\n  nonlocal B\n  B += 1\n  return B\n return inner
def A():\n import random as B\n B.seed(1)\n return B.random()
def A():\n import random\n return random.random()
def A():\n B = C\n B.append(2)
def A():\n B.x = 1\n return C
def A(x):\n x.y = B
def A():\n yield B\n yield C
def A():\n for B in [1]: C.append(B)
def A():\n return [B for B in C]
def A():\n return A()
def A():\n class B:\n  C = C\n return B.C
def A(): return B\nC = A()
def A(): return B\nA.x = [C]
def A(): return B\nD = A
@A\ndef B(): return C
@A\ndef B(x): return C
class A: pass
class A: x = B
class A: x = []
class A(B): pass
class A:\n def __init__(self): self.x = B
class A:\n def __init__(self, x): self.x = x
class A:\n def m(self): return B
class A:\n def m(self): self.x.append(B)
class A:\n count = 0\n def m(self): A.count += 1; return self.count
class A:\n def m(self): type(self).x = B
class A:\n def __add__(self, other): other.append(B); return self
class A:\n def __iter__(self): B.append(1); return iter([2])
class A:\n def __enter__(self): return B\n def __exit__(self, *all): C.append(1)
class A:\n def __call__(self, *all): B.append(1); return C
class A:\n B = 1\n C = B
class A:\n def __del__(self): B.append(1)
class A:\n def __getattr__(self, name): return B.append(name)
A = B.m()
A.m()
A = B.A
A.count = 5
A.x = A
B.append(A); C = A
A.__class__.x = B
A = type(B)
A = type('A', (), {'x': B})
A = getattr(B, 'x', 0)
setattr(A, 'x', B)
exec('A = B')
A = eval('B')
globals()['A'] = B
vars()['A'] = 5
A = vars(B)
import sys; sys.modules['__main__'].A = 1
import builtins; builtins.A = 6
A = __name__
from random import *
import math; math.tau = B
import math; A = math.tau
import random; random.random = A
import os; os.environ['A'] = 'x'
import os; A = os.environ.get('A')
import operator; operator.setitem(A, 0, B)
import bisect; bisect.insort(A, B)
len = A
A = len(A)
print = A
async def A(): return B
A = None; B = A
A = int
int = A
return A
A = (
%time A = B
!ls
A?
""".strip().splitlines()
WANTED = ["A", "A, B", "A()", "A(B)", "A.x", "A.m()", "[*A]", "A(), B, C", "A[0]", "len(A)"]
NAMES = "abcdfg"
FIRST = [
    "import random; random.seed(3)",
    "a = [1]",
    "b = [[2], 3]",
    "c = {4: 5}",
    "d = 6",
    "def f(): return 7",
    "def g(x): return [x]",
]


def run(sources: Sequence[str]) -> str:
    """Run cells one after the other, as a notebook does; return what the last one shows."""
    names: dict[str, Any] = {"__name__": "__main__"}
    shown = io.StringIO()
    with as_before():
        for source in sources:
            shown = io.StringIO()
            with contextlib.redirect_stdout(shown):
                try:
                    exec(compile(source, "cell", "exec"), names)
                except Exception as error:
                    print(type(error).__name__)
    return re.sub("0x[0-9a-f]+", "0x", shown.getvalue())


@contextlib.contextmanager
def as_before() -> Iterator[None]:
    """Put back what programs change outside of their names."""
    kept = {module: dict(vars(module)) for module in (builtins, math, random)}
    environment, state = dict(os.environ), random.getstate()
    try:
        yield
    finally:
        for module, names in kept.items():
            for name in vars(module).keys() - names.keys():
                delattr(module, name)
            vars(module).update(names)
        os.environ.clear()
        os.environ.update(environment)
        random.setstate(state)


@st.composite
def programs(draw: st.DrawFn) -> list[str]:
    """Draw cells whose names are a few, so that they have to do with each other."""

    def filled(cell: str) -> str:
        names = {letter: draw(st.sampled_from(NAMES)) for letter in "ABCD"}
        return re.sub(r"\b[ABCD]\b", lambda found: names[found[0]], cell.replace("\\n", "\n"))

    cells = draw(st.lists(st.sampled_from(CELLS), min_size=2, max_size=9))
    wanted = f"print({draw(st.sampled_from(WANTED))})"
    return [*FIRST, *map(filled, cells), filled(wanted)]


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs())
@pytest.mark.filterwarnings("ignore")
def test_what_is_needed_shows_what_the_whole_shows(program: list[str]) -> None:
    last = len(program) - 1
    places = needed(program, [last])
    if len(places) <= last:
        assert run([program[place] for place in sorted(places)]) == run(program)


SETUP = "import numpy as np\nimport tensorflow as tf\ntf1 = tf.compat.v1"
STORY = (
    "data = np.ones((3, 4))\nweights = tf.Variable(data)\nfor _ in range(9): weights.assign(data)"
)
ANSWER = "def answer(x):\n    total = np.sum(x)\n    return tf.nn.relu(x - total)"
CHECK = "check(answer)"
NORMAL = "np.random.normal()"


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        # What costs time and says nothing of the answer is left out.
        ([SETUP, STORY, ANSWER], {0, 2}),
        ([SETUP, STORY, "print(weights)", ANSWER], {0, 3}),
        ([SETUP, STORY, ANSWER, "answer(data)"], {0, 2}),
        ([SETUP, STORY, f"{ANSWER}\nx = np.ones(3)\nprint(answer(x))", "x = weights"], {0, 2}),
        (["answer = 3", SETUP, STORY, ANSWER], {1, 3}),
        ([SETUP, "answer = tf.Variable(1)", "answer.assign(2)", ANSWER], {0, 3}),
        # A cell of several lines that is not Python does not run.
        ([SETUP, STORY, "x = (\ny = 2", ANSWER], {0, 3}),
        # What the answer reads is not.
        ([SETUP, STORY, "def answer(x): return x @ weights"], {0, 1, 2}),
        ([SETUP, "def f(x): return late", STORY, "late = 1", "answer = f"], {1, 3, 4}),
        (["calls = []", "def answer(x): calls.append(x)", "answer(1)", "2"], {0, 1, 2}),
        ([SETUP, "np.random.seed(1)", NORMAL, f"def answer(): {NORMAL}"], {0, 1, 2, 3}),
    ],
)
def test_what_is_left_out(cells: list[str], wanted: set[int]) -> None:
    last = len(cells)
    assert needed([*cells, CHECK], [last], trusted=[last]) == wanted | {last}


STRANGE = r"""
%matplotlib inline
!ls
x?
x = (
 x = 1
>>> x = 1\n>>> y = 2
get_ipython()
_
Out[1]
await x
exec('x = 1')
eval('x')
globals()['x'] = 1
vars(np)['sum'] = max
setattr(np, 'sum', max)
__import__('os')
import mine
from numpy import *
import os\nos.chdir('/')
import os\nos.environ['A'] = 'b'
import sys\nsys.path.append('a')
import warnings\nwarnings.simplefilter('error')
import threading\nthreading.Thread(target=print).start()
import matplotlib.pyplot as plt\nplt.rcParams['a'] = 1
open('a', 'w')
np.sum = max
del np.sum
np.sum.__globals__
np.random.seed = max
tf.nn.relu = max
nn = tf.nn\nnn.relu = max
def f():\n    nn = tf.nn\n    nn.relu = max
def f(module):\n    module.sum = max\nf(np)
np = tf
np.set_printoptions(precision=1)
tf.config.run_functions_eagerly(True)
tf1.disable_eager_execution()
class A:\n    def __del__(self): pass
""".strip("\n").splitlines()


@pytest.mark.parametrize("strange", STRANGE)
def test_with_what_is_not_known_everything_is_needed(strange: str) -> None:
    cells = [SETUP, STORY, strange.replace("\\n", "\n"), ANSWER, CHECK]
    assert needed(cells, [4], trusted=[4]) == {0, 1, 2, 3, 4}
