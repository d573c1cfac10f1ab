"""What can be told of an answer that stopped with an error: what stood in its line, and why.

Works in the answer's own process, where the values are, and calls nothing of the answer's.
"""

import ast
import builtins
import difflib
import linecache
import re
import types
from collections.abc import Callable
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from helpers.checks.forbidden import NOT_THEIRS
from helpers.checks.operands import describe, read_operands
from helpers.checks.syntax import can_end_open, names_in, path_to, tree_of
from helpers.errors.explain import TRACED_LINE, words_of

LONGEST_PIECE = 60  # letters
LONGEST_SENTENCE = 500
LONGEST_MESSAGE = 50_000  # an error's own, in which a cause is looked for
# Methods that change what they belong to, or what they are given, and return None.
IN_PLACE = {"append", "extend", "insert", "remove", "reverse", "shuffle", "sort", "update", "add"}
T = TypeVar("T")


class Place(NamedTuple):
    """Where an error came out of the reader's own code.

    There is no frame where TensorFlow has traced a function and runs what it made of it.
    """

    number: int
    line: str
    function: str = ""
    frame: types.FrameType | None = None
    instruction: int = 0


class Told(NamedTuple):
    """Sentences about an error: what stood there, and the likely cause; empty where unknown."""

    there: str = ""
    cause: str = ""


def safely(look: Callable[[], T], otherwise: T) -> T:
    """Return what a look at an object of the answer's gives; it may do as it likes.

    Examples
    --------
    >>> safely(lambda: 1 // 0, 0)
    0
    """
    try:
        return look()
    except KeyboardInterrupt:
        raise
    except BaseException:
        return otherwise


def find_place(error: BaseException) -> Place | None:
    """Return the last line of the reader's own that an error came through."""
    traceback, found = safely(lambda: error.__traceback__, None), None
    while traceback is not None:
        frame, number = traceback.tb_frame, traceback.tb_lineno
        if line := _own_line(frame.f_code.co_filename, number):
            found = Place(number, line, frame.f_code.co_name, frame, traceback.tb_lasti)
        traceback = traceback.tb_next
    return safely(lambda: _traced(error), None) or found


def _traced(error: BaseException) -> Place | None:
    """Return the last own line of a tf.function: what ran was made of it, and only names it."""
    if not hasattr(error, "ag_error_metadata"):
        return None
    lines = TRACED_LINE.findall(str(error)[:LONGEST_MESSAGE])
    own = [(int(number), line) for file, number in lines if (line := _own_line(file, int(number)))]
    return Place(*own[-1]) if own else None


def _own_line(file: str, number: int) -> str:
    return "" if file.startswith(NOT_THEIRS) else linecache.getline(file, number).strip()


def tell(error: BaseException, place: Place | None) -> Told:
    """Return what can be told of an error.

    Examples
    --------
    >>> def answer(x, by):
    ...     return x + sum(by)
    >>> try:
    ...     answer([1, 2], [3])
    ... except TypeError as error:
    ...     tell(error, find_place(error)).there
    'There `x` is [1, 2] and `by` is [3].'
    """
    there = safely(lambda: _one_line(_there(error, place)), "")
    return Told(there, safely(lambda: _one_line(_cause(error, place)), ""))


def _one_line(sentence: str) -> str:
    text = " ".join(sentence.split())
    return text if len(text) <= LONGEST_SENTENCE and text.isprintable() else ""


# What stood there


def _there(error: BaseException, place: Place | None) -> str:
    sentences = [_made(error, place)]
    if place is not None:
        path = _path(place)
        piece, whole = _piece(path), _header(path)
        if told := describe(_found(path, place), str(error)):
            text = ast.unparse(piece[0]) if len(piece) == 1 else ""
            within = 0 < len(text) <= LONGEST_PIECE and names_in(piece) != names_in(whole)
            sentences.append(f"{f'In `{text}`,' if within else 'There'} {told}.")
    return " ".join(filter(None, sentences))


def _made(error: Any, place: Place | None) -> str:
    """Say which line made the node of a graph that failed, if it is not the line that ran it."""
    made = getattr(getattr(error, "op", None), "traceback", None) or []
    lines = [(f.lineno, line) for f in made if (line := _own_line(f.filename, f.lineno))]
    if not lines or (place and lines[-1][0] == place.number):
        return ""
    number, line = lines[-1]
    return f"What failed was made at line {number}, `{line}`."


def _path(place: Place) -> list[ast.AST]:
    """Return what failed in the text: the smallest expression, and what it stands in."""
    if place.frame is None:
        return []
    code = place.frame.f_code
    positions = next(islice(code.co_positions(), place.instruction // 2, None))
    tree = tree_of(code.co_filename)
    if tree is None or None in positions:
        return []
    return path_to(tree, positions)  # type: ignore[arg-type]


def _piece(path: list[ast.AST]) -> list[ast.AST]:
    """Return the expressions that were being computed."""
    if not path or isinstance(path[-1], ast.stmt) or _is_stored(path[-1]):
        return _header(path)
    return [path[-1]]


def _is_stored(node: ast.AST) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Store)


def _header(path: list[ast.AST]) -> list[ast.AST]:
    """Return what the innermost statement computes, without the statements in it."""
    number = max((i for i, node in enumerate(path) if isinstance(node, ast.stmt)), default=-1)
    match path[number] if path else None:
        case ast.For(iter=one) | ast.While(test=one) | ast.If(test=one) | ast.Match(subject=one):
            return [one]
        case ast.With(items=items):
            return [item.context_expr for item in items]
        case ast.Raise():  # says little by itself; what it was raised for stands above it
            above = path[number - 1]
            return [above.test] if isinstance(above, ast.If) else []
        case ast.Return(value=value) if value:
            return [value]
        case ast.Try() | ast.FunctionDef() | ast.ClassDef() | ast.Module() | None:
            return []
        case statement:
            return [statement]


def _found(path: list[ast.AST], place: Place) -> dict[str, Any]:
    """Return what can be read of the expressions that were being computed, with its values."""
    if place.frame is None:
        return {}
    return read_operands(_piece(path), place.frame, _hidden(path, place))


def _hidden(path: list[ast.AST], place: Place) -> set[str]:
    """Return the names that need not be what they were, now that the error has come through."""
    hidden, apart = set(), place.function.startswith("<")
    for node, inner in zip(path, [*path[1:], None], strict=True):
        if isinstance(node, ast.Try):
            after = [] if inner in node.finalbody else [*node.finalbody]
            hidden |= names_in([*after, *(node.handlers if inner in node.body else [])])
        elif isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp) and not apart:
            # From Python 3.12 on it has no frame of its own, and its variables are gone.
            hidden |= names_in([each.target for each in node.generators])
    return hidden


# Why


def _cause(error: BaseException, place: Place | None) -> str:
    """Say the cause, if the course's explained errors know it, or a name leads to it."""
    if len(str(error)) > LONGEST_MESSAGE:
        return ""
    frame, line = (place.frame, _statement(place)) if place else (None, "")
    known = words_of(error, error.__traceback__, frame, line)
    return (known[0] if known else "") or _of_a_name(error, place) or _of_none(error, place)


def _statement(place: Place) -> str:
    """Return the statement, which may go over several lines."""
    within = [node for node in _path(place) if isinstance(node, ast.stmt)]
    whole = within and not hasattr(within[-1], "body")
    return ast.unparse(within[-1]) if whole else place.line


def _of_a_name(error: Any, place: Place | None) -> str:
    """Say which name may have been meant."""
    if isinstance(error, UnboundLocalError):
        found = re.search("variable '(.+?)'", str(error))
        return (
            f"`{found[1]}` is a name of this function alone, since some line of it gives it a "
            "value; no such line has run before this one."
            if found
            else ""
        )
    if isinstance(error, NameError) and error.name and place and place.frame:
        known = [*place.frame.f_locals, *place.frame.f_globals, *vars(builtins)]
    elif isinstance(error, AttributeError) and error.name and error.obj is not None:
        known = dir(error.obj if type(error.obj) is types.ModuleType else type(error.obj))
    else:
        return ""
    name = str(error.name)
    public = (each for each in known if each[:1] != "_")
    near = difflib.get_close_matches(name, public, 1, 0.66) if len(name) > 2 else ()
    return f"There is no `{name}`; there is `{near[0]}`." if near else ""


def _of_none(error: BaseException, place: Place | None) -> str:
    """Say where a None comes from that stands in the line."""
    if place is None or not isinstance(error, TypeError | AttributeError | ValueError):
        return ""
    path = _path(place)
    for text, value in _found(path, place).items():
        calls = _calls(path, text, place.number) if value is None else []
        match calls[-1].func if calls else None:
            case ast.Name(id=name) if place.frame and can_end_open(place.frame.f_globals.get(name)):
                return f"`{text}` is what `{name}` returns, and that can end without a return."
            case ast.Attribute(attr=name) as method if name in IN_PLACE:
                return f"`{ast.unparse(method)}` changes a value in its place, and returns None."
    return ""


def _calls(path: list[ast.AST], name: str, before: int) -> list[ast.Call]:
    """Return the calls whose results a function gives to a name, before a line."""
    functions = [node for node in path if isinstance(node, ast.FunctionDef)]
    given = [
        node
        for node in (ast.walk(functions[-1]) if functions else ())
        if isinstance(node, ast.Assign)
        and node.lineno < before
        and [target.id for target in node.targets if isinstance(target, ast.Name)] == [name]
    ]
    given.sort(key=lambda node: node.lineno)
    return [node.value for node in given[-1:] if isinstance(node.value, ast.Call)]
