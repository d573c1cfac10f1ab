"""The text of an answer as a tree. Works in the answer's own process."""

import ast
import linecache
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from helpers.checks.forbidden import own_function


def tree_of(file: str) -> ast.Module | None:
    """Return what a file, or a cell of a notebook, holds; None if there is no such text."""
    return _parsed("".join(linecache.getlines(file)))


@lru_cache(maxsize=32)
def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text) if text else None
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def can_end_open(function: Any) -> bool:
    """Return whether a function of the answer's can come to its end without a return statement.

    So too where one that it defines, or whose result it returns, can do so.

    Examples
    --------
    >>> def first_positive(numbers):
    ...     for number in numbers:
    ...         if number > 0:
    ...             return number
    >>> can_end_open(first_positive)
    True
    """
    own = own_function(function)
    found = _definition(own)
    if own is None or found is None:
        return False
    others = []
    for node in ast.walk(found):
        match node:
            case ast.Return(value=ast.Call(func=ast.Name(id=name))):
                others.append(_definition(own_function(own.__globals__.get(name))))
    return any(map(_is_open, [found, *others]))


def _definition(function: Any) -> ast.FunctionDef | None:
    if function is None:
        return None
    code = function.__code__
    for node in ast.walk(tree_of(code.co_filename) or ast.Module([], [])):
        if isinstance(node, ast.FunctionDef) and node.name == code.co_name:
            lines = [node.lineno, *(each.lineno for each in node.decorator_list)]
            if min(lines) == code.co_firstlineno:
                return node
    return None


def _is_open(definition: ast.AST | None) -> bool:
    nodes = ast.walk(definition) if definition else ()
    return any(isinstance(node, ast.FunctionDef) and not _ends(node.body) for node in nodes)


def _ends(statements: list[ast.stmt]) -> bool:
    """Return whether nothing that follows these statements can be reached."""
    return any(map(_ends_with, statements))


def _ends_with(statement: ast.stmt) -> bool:
    match statement:
        case ast.Return() | ast.Raise():
            return True
        case ast.If(body=body, orelse=orelse):
            return _ends(body) and _ends(orelse)
        case ast.With(body=body):
            return _ends(body)
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            ways = [body + orelse, *(handler.body for handler in handlers)]
            return _ends(finalbody) or all(map(_ends, ways))
        case ast.While(test=ast.Constant(value=True), body=body):
            return not any(isinstance(n, ast.Break) for part in body for n in ast.walk(part))
        case ast.Match(cases=cases):
            return _takes_all(cases[-1]) and all(_ends(case.body) for case in cases)
    return False


def _takes_all(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and not (case.pattern.pattern or case.guard)


def names_in(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that stand in parts of a text.

    Examples
    --------
    >>> sorted(names_in(ast.parse("a = b.c + d").body))
    ['a', 'b', 'd']
    """
    return {n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name)}


def path_to(tree: ast.AST, span: tuple[int, int, int, int]) -> list[ast.AST]:
    """Return the nodes that hold a place of the text, from the largest to the smallest.

    Parameters
    ----------
    tree : ast.AST
    span : tuple of int
        First line, last line, first column and the one behind the last, as in `co_positions`.

    Examples
    --------
    >>> ast.unparse(path_to(ast.parse("a = b + f(c)"), (1, 1, 8, 12))[-1])
    'f(c)'
    """
    path = [tree]
    while inner := next((each for each in _parts(path[-1]) if _holds(each, span)), None):
        path.append(inner)
    return path


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if hasattr(child, "lineno"):
            yield child
        else:  # a comprehension's `for`, or the like, has no place of its own
            yield from _parts(child)


def _holds(node: Any, span: tuple[int, int, int, int]) -> bool:
    start, end, column, end_column = span
    return (node.lineno, node.col_offset) <= (start, column) and (end, end_column) <= (
        node.end_lineno,
        node.end_col_offset,
    )
