"""What stood in an expression that failed: its operands and their values, in words.

Nothing of the answer's is called: a value is read and described only if its class is Python's,
NumPy's or TensorFlow's, and short.
"""

import ast
import os
import re
import sys
import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from helpers.checks.syntax import names_in

MOST_NAMES = 4
LONGEST_VALUE = 40  # letters
LONGEST_OPERAND = 60
_PLAIN = (int, float, bool, str, type(None))


def read_operands(
    nodes: Iterable[ast.AST], frame: types.FrameType, hidden: set[str]
) -> dict[str, Any]:
    """Return the largest expressions that can be read without a call, with their values.

    Parameters
    ----------
    nodes : iterable of ast.AST
        What was being computed.
    frame : frame
        Where it was.
    hidden : set of str
        Names that need not be what they were.

    Examples
    --------
    >>> x, y = [3, 1], 2
    >>> read_operands(ast.parse("x[0] + abs(y)").body, sys._getframe(), set())
    {'x[0]': 3, 'y': 2}
    """
    return dict(_operands(nodes, frame, hidden))


def _operands(
    nodes: Iterable[ast.AST], frame: types.FrameType, hidden: set[str], outermost: bool = True
) -> Iterator[tuple[str, Any]]:
    for node in nodes:
        if (
            isinstance(node, ast.Name | ast.Attribute | ast.Subscript)
            and not names_in([node]) & hidden
        ):
            try:
                yield ast.unparse(node), _read(node, frame)
                continue
            except (LookupError, TypeError, ValueError):
                pass
        yield from _operands(_inside(node, frame, outermost), frame, hidden, False)


def _inside(node: ast.AST, frame: types.FrameType, outermost: bool) -> list[ast.AST]:
    match node:
        case ast.Lambda():
            return []
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return [node.generators[0].iter]  # what else there is has names of its own
        case ast.Assign(targets=targets, value=value):
            return [*(each for each in targets if isinstance(each, ast.Subscript)), value]
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name)), args=arguments) if not outermost:
            if _is_one_of(frame.f_locals.get(name), list, dict, set):
                return [*arguments]  # `list.pop()` was called, and may have changed the list
    return [*ast.iter_child_nodes(node)]


def _read(node: ast.AST, frame: types.FrameType) -> Any:
    """Return the value of a name, or of an element of what is Python's own or NumPy's."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
            return -value
        case ast.Name(id=name):
            names = frame.f_locals if name in frame.f_locals else frame.f_globals
            return _ordinary(names[name])
        case ast.Attribute(value=inner, attr="T" | "shape" | "ndim" | "size" as name):
            array = _read(inner, frame)
            if type(array) is np.ndarray:
                return getattr(array, name)
        case ast.Subscript(value=inner, slice=place):
            holder, key = _read(inner, frame), _read(place, frame)
            if _is_one_of(holder, list, tuple, dict, np.ndarray) and _is_one_of(key, int, str):
                return _ordinary(holder[key])
    raise LookupError


def _ordinary(value: Any) -> Any:
    """Return an array as NumPy's own, without the methods that another class gives it."""
    return np.ndarray.view(value, np.ndarray) if issubclass(type(value), np.ndarray) else value


def _is_one_of(value: Any, *classes: type) -> bool:
    return any(type(value) is each for each in classes)


def describe(found: Mapping[str, Any], message: str) -> str:
    """Say what expressions are, with the dtypes where they are not all usual; "" if unknown.

    Parameters
    ----------
    found : mapping of str to object
        Values of expressions, by their text.
    message : str
        The error's own.

    Examples
    --------
    >>> describe({"x": np.ones((2, 3)), "by": [3]}, "")
    '`x` has shape (2, 3) and `by` is [3]'
    """
    dtypes = {str(_dtype(value)) for value in found.values() if _dtype(value) is not None}
    usual = dtypes == {"float64"} and not re.search("type|integer|float", message, re.I)
    told = []
    for text, value in found.items():
        words = _words(value, message)
        if words and len(text) <= LONGEST_OPERAND:
            dtype = None if usual else _dtype(value)
            told.append(f"`{text}` {words}{f' ({dtype})' if dtype is not None else ''}")
    *first, last = told[:MOST_NAMES] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _dtype(value: Any) -> Any:
    if type(value) is np.ndarray:
        return value.dtype
    return value.dtype.base_dtype.name if _tensor(value) else None


def _tensor(value: Any) -> str:
    """Return which kind of tensor a value is, "" if none."""
    tensorflow = sys.modules.get("tensorflow")
    kind = type(value)
    if tensorflow is None or not kind.__module__.startswith("tensorflow."):
        return ""
    if issubclass(kind, tensorflow.Variable):
        return "a variable"
    if issubclass(kind, tensorflow.Tensor):
        return "a graph's tensor" if kind.__name__ == "SymbolicTensor" else "a tensor"
    return ""


def _words(value: Any, message: str) -> str:
    """Say what a value is; nothing of a function, a module, or what only its class tells."""
    if type(value) is np.ndarray:
        few = value.size <= 2 and value.ndim <= 1 and value.dtype.kind in "biuf"
        return (
            f"is {_short(value.tolist())}, of shape {value.shape}"
            if few
            else f"has shape {value.shape}"
        )
    if kind := _tensor(value):
        return f"is {kind} of shape {value.shape}"
    if _is_one_of(value, *_PLAIN):
        return f"is {short}" if (short := _short(value)) else ""
    if _is_one_of(value, list, tuple):
        noun = "list" if type(value) is list else "tuple"
        return f"is {_short(value) or f'a {noun} of {len(value)}'}"
    if type(value) is dict:
        keys = _short([*value]) if len(value) <= 8 else ""
        return f"is a dict with the keys {keys[1:-1]}" if keys else f"is a dict of {len(value)}"
    if issubclass(type(value), np.generic) and type(value).__module__ == "numpy":
        return f"is {_short(value.item()) or 'a number'} ({value.dtype})"
    name = type(value).__name__
    if issubclass(type(value), BaseException):
        return f"is an error of the class {name}"
    return f"is an object of the class {name}" if f"'{name}'" in message else ""


def _short(value: Any) -> str:
    """Write numbers, texts and lists of them; "" where there is anything else, or too much."""
    if _is_one_of(value, list, tuple):
        parts = [_short(each) for each in value[:20]]
        inside = ", ".join(parts)
        if len(value) > 20 or not all(parts) or len(inside) > LONGEST_VALUE:
            return ""
        return f"[{inside}]" if type(value) is list else f"({inside}{',' * (len(value) == 1)})"
    if not _is_one_of(value, *_PLAIN) or (type(value) is int and value.bit_length() > 64):
        return ""
    if type(value) is str and (len(value) > LONGEST_VALUE or os.path.isabs(value)):
        return ""  # a path is another on each machine
    text = repr(value)
    if type(value) is float and len(text) > 10:
        text = f"{value:.6g}"
    return text if len(text) <= LONGEST_VALUE else ""
