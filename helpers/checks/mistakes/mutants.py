"""Mutants of a function's text: the small mistakes that a check must notice.

The mutation tools for Python rewrite the files of a package and run its test suite once a mutant;
none changes an axis, drops a statement or swaps two variables. What a lesson's answer needs is
less, and is here: every mutant of one function, as text.
"""

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, NamedTuple

from helpers.checks.mistakes.words import as_if

_OTHER_OPERATORS: dict[type, list[ast.AST]] = {
    ast.Add: [ast.Sub()],
    ast.Sub: [ast.Add()],
    ast.Mult: [ast.Div(), ast.Add()],
    ast.Div: [ast.Mult(), ast.Sub()],
    ast.FloorDiv: [ast.Div()],
    ast.Mod: [ast.FloorDiv()],
    ast.Pow: [ast.Mult()],
    ast.MatMult: [ast.Mult()],
    ast.BitAnd: [ast.BitOr()],
    ast.BitOr: [ast.BitAnd()],
    ast.And: [ast.Or()],
    ast.Or: [ast.And()],
    ast.Eq: [ast.NotEq()],
    ast.NotEq: [ast.Eq()],
    ast.Lt: [ast.LtE(), ast.Gt()],
    ast.LtE: [ast.Lt(), ast.GtE()],
    ast.Gt: [ast.GtE(), ast.Lt()],
    ast.GtE: [ast.Gt(), ast.LtE()],
    ast.Is: [ast.IsNot()],
    ast.IsNot: [ast.Is()],
    ast.In: [ast.NotIn()],
    ast.NotIn: [ast.In()],
}
_PAIRS = (
    "max min, amax amin, argmax argmin, maximum minimum, sum mean, sum prod, mean sum, prod sum, "
    "reduce_max reduce_min, reduce_sum reduce_mean, zeros ones, zeros_like ones_like, "
    "zeros_initializer ones_initializer, exp log, sin cos, vstack hstack, add subtract, "
    "multiply divide, assign_add assign_sub, assign assign_add, any all, "
    "global_variables_initializer local_variables_initializer"
)
_OTHER_NAMES: dict[str, set[str]] = {}
for _pair in _PAIRS.split(", "):
    _one, _other = _pair.split()
    _OTHER_NAMES.setdefault(_one, set()).add(_other)
    _OTHER_NAMES.setdefault(_other, set()).add(_one)
_OTHER_STATEMENTS: dict[type, type] = {ast.Break: ast.Continue, ast.Continue: ast.Break}
_AXES = ("axis", "axes", "dim")


class Mutant(NamedTuple):
    """A changed function: its text, what was changed, and its first line that is new.

    The words for the change follow "as if"; they are None where nobody makes that mistake.
    """

    source: str
    description: str
    line: str
    words: str | None = None


def _with(node: ast.AST, **fields: Any) -> Any:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _without_each(items: list) -> Iterator[list]:
    for i in range(len(items)):
        yield items[:i] + items[i + 1 :]


def _with_neighbours_swapped(items: list) -> Iterator[list]:
    for i in range(len(items) - 1):
        yield [*items[:i], items[i + 1], items[i], *items[i + 2 :]]


def _off_by_one(node: ast.expr) -> Iterator[ast.expr]:
    if not isinstance(node, ast.Constant):  # constants are changed anyway
        yield ast.BinOp(node, ast.Add(), ast.Constant(1))
        yield ast.BinOp(node, ast.Sub(), ast.Constant(1))


def _constants(node: ast.Constant) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        if value:
            yield ast.Constant(value - 1)
    elif isinstance(value, float):
        yield ast.Constant(value * 2 if value else 1.0)
    elif isinstance(value, str) and value:
        yield ast.Constant("")


def _operations(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(left, operator, right) | ast.AugAssign(left, operator, right):
            for other in _OTHER_OPERATORS.get(type(operator), []):
                yield _with(node, op=other)
            if isinstance(node, ast.AugAssign):
                yield ast.Assign([left], right)
                return
            yield left
            yield right
            if not isinstance(operator, ast.Add | ast.Mult):
                yield _with(node, left=right, right=left)
        case ast.BoolOp(operator, values):
            yield _with(node, op=_OTHER_OPERATORS[type(operator)][0])
            yield from values
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.Compare(ops=[operator, *others]):
            for other in _OTHER_OPERATORS[type(operator)]:
                yield _with(node, ops=[other, *others])


def _calls(node: ast.AST, bound: list[str]) -> Iterator[ast.AST]:
    match node:
        case ast.Call(function, arguments, keywords):
            if isinstance(function, ast.Attribute):
                owner = function.value
                if not isinstance(owner, ast.Name) or owner.id in bound:
                    yield owner
            for rest in _without_each(arguments):
                yield _with(node, args=rest)
            for swapped in _with_neighbours_swapped(arguments):
                yield _with(node, args=swapped)
            for rest in _without_each(keywords):
                yield _with(node, keywords=rest)
            yield from arguments[:1]
            if ast.unparse(function).endswith("range"):  # arange as well
                for i, argument in enumerate(arguments):
                    for other in _off_by_one(argument):
                        yield _with(node, args=[*arguments[:i], other, *arguments[i + 1 :]])
        case ast.keyword(name, value) if name in _AXES:
            for axis in ("0", "1", "-1", "None"):
                if axis != ast.unparse(value):
                    yield _with(node, value=ast.parse(axis, mode="eval").body)
        case ast.Attribute(attr=name, value=value):
            for other_name in sorted(_OTHER_NAMES.get(name, ())):
                yield _with(node, attr=other_name)
            if name == "T":
                yield value


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Slice(lower, upper):
            yield _with(node, lower=ast.Constant(1)) if lower is None else _with(node, lower=None)
            yield _with(node, upper=ast.Constant(-1)) if upper is None else _with(node, upper=None)
            for bound, name in ((lower, "lower"), (upper, "upper")):
                for other in _off_by_one(bound) if bound else ():
                    yield _with(node, **{name: other})
        case ast.Subscript(value, ast.Tuple() as index, ast.Load()):
            yield value
            for swapped in _with_neighbours_swapped(index.elts):
                yield _with(node, slice=_with(index, elts=swapped))
        case ast.Subscript(value, index, ast.Load()):
            yield value
            if not isinstance(index, ast.Slice):
                for other in _off_by_one(index):
                    yield _with(node, slice=other)
        case ast.Tuple(elements, ast.Load()) | ast.List(elements, ast.Load()):
            for items in [*_with_neighbours_swapped(elements), *_without_each(elements)]:
                yield _with(node, elts=items)
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            yield _with(node, test=ast.UnaryOp(ast.Not(), test))


def _names(node: ast.AST, bound: list[str]) -> Iterator[ast.AST]:
    match node:
        case ast.Name(name, ast.Load()) if name in bound:
            for other in bound:
                if other != name:
                    yield ast.Name(other, ast.Load())
        case ast.Name(name, ast.Load()):
            for other in sorted(_OTHER_NAMES.get(name, ())):
                yield ast.Name(other, ast.Load())
        case ast.Return(value):
            for name in bound:
                yield ast.Return(ast.Name(name, ast.Load()))
            if value and not isinstance(value, ast.Tuple):
                yield ast.Return(ast.UnaryOp(ast.USub(), value))


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    if type(node) in _OTHER_STATEMENTS:
        yield _OTHER_STATEMENTS[type(node)]()
    elif isinstance(node, ast.stmt) and not isinstance(node, ast.Pass):
        yield ast.Pass()


def _changes(node: ast.AST, bound: list[str]) -> Iterator[ast.AST]:
    if isinstance(node, ast.Constant):
        yield from _constants(node)
    yield from _operations(node)
    yield from _calls(node, bound)
    yield from _parts(node)
    yield from _names(node, bound)
    yield from _statements(node)


def _places(tree: ast.AST) -> Iterator[tuple[Any, Any, ast.AST]]:
    """Yield each node with the list or attributes that hold it, and its key there."""
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if isinstance(value, list):
                yield from ((value, i, n) for i, n in enumerate(value) if isinstance(n, ast.AST))
            elif isinstance(value, ast.AST):
                yield vars(parent), field, value


def _bound_before(function: ast.FunctionDef, line: int) -> list[str]:
    """Return the names of the arguments and of the variables that are set before a line."""
    arguments = [argument.arg for argument in ast.walk(function.args) if hasattr(argument, "arg")]
    variables = [
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.lineno < line
    ]
    return list(dict.fromkeys(arguments + variables))


def find_mutants(source: str, name: str) -> Iterator[Mutant]:
    r"""Yield every mutant of the function `name`, each with one change.

    Parameters
    ----------
    source : str
        The text of the cell that defines the function.
    name : str
        The function's name.

    Examples
    --------
    >>> for mutant in find_mutants("last = 1\ndef first(x):\n    return x[0]", "first"):
    ...     print(mutant.description)
    line 3: return x[0] -> return x
    line 3: return x[0] -> return -x[0]
    line 3: return x[0] -> pass
    line 3: 0 -> 1
    """
    tree = ast.parse(source)
    function = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name)
    if ast.get_docstring(function):
        del function.body[0]
    original = ast.unparse(tree)
    found: dict[str, Mutant] = {}
    returned, described = set[str](), Counter[str]()
    arguments = [node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)]
    for holder, key, node in list(_places(function)):
        line = getattr(node, "lineno", None)
        if line is None or isinstance(node, ast.arg):
            continue
        for changed in _changes(node, _bound_before(function, line)):
            holder[key] = ast.copy_location(changed, node)
            text = ast.unparse(tree)
            holder[key] = node
            words = as_if(node, changed, arguments)
            if text == original:
                continue
            if text in found:
                # Of two ways to the same text the later one says more if it changes less.
                if words and text in returned:
                    found[text] = found[text]._replace(words=words)
                continue
            description = f"line {line}: {ast.unparse(node)} -> {ast.unparse(changed)}"
            described[description] += 1
            if described[description] > 1:
                description += f" ({described[description]})"
            lines = zip_longest(original.splitlines(), text.splitlines(), fillvalue="")
            new = next(b.strip() for a, b in lines if a != b)
            found[text] = Mutant(text, description, new, words)
            if isinstance(node, ast.Return):
                returned.add(text)
    yield from found.values()
