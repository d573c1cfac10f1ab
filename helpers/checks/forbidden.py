"""Notice what an answer uses that its exercise forbids, while it is tried.

What counts is not how the answer writes it, but what its code calls or hands to a library to call:
by another name, by a name put together as it runs, from another cell. What libraries call for
themselves is theirs.
"""

import dis
import inspect
import itertools
import re
import sys
import sysconfig
import threading
import types
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

_COURSE = str(Path(__file__).resolve().parents[1])
_PATHS = sysconfig.get_paths()
# Code of these files is not the answer's.
NOT_THEIRS = (_COURSE, *(_PATHS[name] for name in ("stdlib", "purelib", "platlib")), "<frozen")

MOST_MEMBERS = 100  # of a list that an answer reads, or a dict: each may keep a graph
# Kinds of functions written in C that have a name, and no identity: each `x.dot` is a new one.
_METHODS = (types.BuiltinFunctionType, types.MethodDescriptorType, types.MethodWrapperType)


class Use(NamedTuple):
    """What an answer used: the rule that forbids it, and its full name."""

    rule: str
    name: str


@contextmanager
def watched(answer: Any, rules: Iterable[str], allowed: Iterable[Any] = ()) -> Iterator[list[Use]]:
    """Note in a list what is used of what is forbidden, by the code of an answer's author.

    On Python 3.11 a call of a ufunc, such as ``np.matmul``, leaves no trace of its own: there it is
    noticed by what leads to it in the code that runs.

    Parameters
    ----------
    answer : object
        The answer that is going to be called.
    rules : iterable of str
        The full name of a function or a class, or of a module for all that it holds
        (``"tensorflow.nn.softmax"``); a name without a dot (``"softmax"``) for what all packages
        but the course call so; or an operator (``"@"``).
    allowed : iterable, optional
        Functions that may be called all the same.

    Examples
    --------
    >>> import textwrap
    >>> def answer(line):
    ...     return getattr(textwrap, "de" + "dent")(line)
    >>> with watched(answer, ["textwrap.dedent"]) as used:
    ...     answer("  a")
    'a'
    >>> used
    [Use(rule='textwrap.dedent', name='textwrap.dedent')]
    """
    meaning, files = _meaning(tuple(rules), len(sys.modules))
    meant = {**meaning}
    for key in {key for function in allowed for key in _keys(function)}:
        meant.pop(key, None)
    used: list[Use] = []
    if not meant:
        yield used
        return

    def note(*keys: int | str) -> None:
        use = next(filter(None, map(meant.get, keys)), None)
        if use and use not in used:
            used.append(use)

    def begins(frame: types.FrameType) -> None:
        if id(frame.f_code) in meant and _is_asked_for(frame, by_probe=not is_theirs(answer)):
            note(id(frame.f_code))
        if _is_theirs(frame.f_code):
            read(frame.f_code, frame.f_globals)
            read_run_before(_globals(frame.f_code, frame.f_globals))

    def read(code: types.CodeType, names: Mapping[str, Any]) -> None:
        for keys in _named(code, names):
            note(*keys)

    def read_run_before(values: Iterable[Any]) -> None:
        for function in _run_before(values):
            read(function.__code__, function.__globals__)

    note(*_keys(answer))
    read_run_before([answer])
    with _listening(meant, files, begins, lambda function: note(*_keys(function))):
        yield used


def is_theirs(function: Any) -> bool:
    """Return whether a function is written by the answer's author."""
    return _is_theirs(_code(function) or _code(type(function).__call__))


def _is_theirs(code: types.CodeType | None) -> bool:
    return code is not None and not code.co_filename.startswith(NOT_THEIRS)


def _code(value: Any) -> types.CodeType | None:
    """Return the code of a function, behind all that decorates it."""
    try:
        return _behind(value).__code__
    except Exception:  # an object of the answer's may do as it likes
        return None


def _behind(value: Any) -> Any:
    return inspect.unwrap(value.pyfunc if isinstance(value, np.vectorize) else value)


def own_function(value: Any) -> types.FunctionType | None:
    """Return the author's function that a value is, or decorates."""
    try:
        function = _behind(value)
    except Exception:
        return None
    is_own = type(function) is types.FunctionType and _is_theirs(function.__code__)
    return function if is_own else None


def _run_before(values: Iterable[Any]) -> Iterator[types.FunctionType]:
    """Yield the author's functions that need not run again, as what decorates them keeps a graph.

    Or a result. With them come those that they call.
    """
    found = [
        own
        for value in _with_members(values)
        if type(value) is not types.FunctionType and (own := own_function(value))
    ]
    for function in found:
        yield function
        called = map(own_function, _globals(function.__code__, function.__globals__))
        found += [each for each in called if each and each not in found]


def _with_members(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        yield value
        if type(value) in (list, tuple, dict):
            members = value.values() if type(value) is dict else value
            yield from itertools.islice(members, MOST_MEMBERS)


def _keys(value: Any) -> Iterator[int | str]:
    """Yield what tells a function or a class when it is met: itself, and code of its own."""
    yield id(value)
    if isinstance(value, _METHODS):
        yield value.__name__
    yield from map(id, _codes(value))


def _codes(value: Any) -> Iterator[types.CodeType]:
    """Yield the code of a function, or of the methods that a class has of its own."""
    members = vars(value).values() if isinstance(value, type) else ()
    functions = [value, *(getattr(member, "__func__", member) for member in members)]
    yield from filter(None, map(_code, functions))


@lru_cache(maxsize=128)
def _meaning(
    rules: tuple[str, ...], modules: int
) -> tuple[Mapping[int | str, Use], Container[str]]:
    """Return what is forbidden, by its keys, and its files, while no further module is imported."""
    files = set()
    meant: dict[int | str, Use] = {rule: Use(rule, rule) for rule in rules if "." not in rule}
    for rule in rules:
        for name, value in sorted(_things(rule), key=_how_public):
            for key in _keys(value):
                meant.setdefault(key, Use(rule, name))
            files |= {code.co_filename for code in _codes(value)}
    return meant, files


def _how_public(thing: tuple[str, Any]) -> tuple:
    """Return a key that puts first, of a function's names, the one that its users know."""
    name, _ = thing
    return any(part.startswith("_") for part in name.split(".")), len(name), name


def _things(rule: str) -> Iterator[tuple[str, Any]]:
    """Yield what a rule means, of what has been imported: full name and function or class."""
    root, *parts = rule.split(".")
    if not parts:
        for module in [*sys.modules.values()]:
            name = getattr(module, "__name__", "")
            value = getattr(module, "__dict__", {}).get(rule)
            if callable(value) and name.partition(".")[0] not in ("__main__", "helpers", "tests"):
                # TensorFlow and Keras have modules whose names nobody needs to know.
                yield re.sub(r"\._api\.v2|\.src(?=\.)", "", f"{name}.{rule}"), value
        return
    value = sys.modules.get(root)
    for part in parts:
        value = getattr(value, part, None)
    yield from _members(rule, value)


def _members(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield a function or a class, or all that a module makes public."""
    if not isinstance(value, types.ModuleType):
        if callable(value):
            yield name, value
        return
    module = getattr(value, "__name__", name)
    for own in dir(value):  # some modules fill themselves when they are asked
        member = getattr(value, own, None)
        if isinstance(member, types.ModuleType):
            inside = getattr(member, "__name__", "").startswith(f"{module}.")
        else:  # what a module of the course imports is not its own
            inside = (
                not module.startswith("helpers.") or getattr(member, "__module__", "") == module
            )
        if inside and not own.startswith("_"):
            yield from _members(f"{name}.{own}", member)


def _is_asked_for(frame: types.FrameType, by_probe: bool) -> bool:
    """Return whether a function begins because an answer's code called it, or had it called.

    Between the two stands what decorates the function, or what was given it to call.
    """
    code, handed_on, caller = frame.f_code, frame.f_code, frame.f_back
    called = frame
    while caller and not caller.f_code.co_filename.startswith(_COURSE):
        if _is_theirs(caller.f_code):
            return called.f_code is handed_on or _holds(called, code)
        if called.f_code is handed_on and _holds(caller, handed_on):
            handed_on = caller.f_code
        called, caller = caller, caller.f_back
    # A probe, or a function of the course that the answer calls.
    return caller is not None and by_probe and (called.f_code is handed_on or _holds(called, code))


def _holds(frame: types.FrameType, code: types.CodeType) -> bool:
    """Return whether a function was made for a function with this code, or is given one."""
    values = [*frame.f_locals.values()]
    values += [each for value in values if isinstance(value, tuple) for each in value]
    values += [each for value in values if isinstance(value, dict) for each in value.values()]
    functions = [each for each in values if isinstance(each, types.FunctionType)]
    return any(function.__code__ is code for function in functions) or any(
        _code(each) is code for each in values
    )


def _named(code: types.CodeType, names: Mapping[str, Any]) -> Iterator[Iterable[int | str]]:
    """Yield what a code's text leads to: operators, and `matmul` of `np.matmul`, as keys."""
    value: Any = None
    for name, argument, text in _steps(code):
        match name:
            case "BINARY_OP":
                yield [text.rstrip("=")]
            case "LOAD_GLOBAL" | "LOAD_NAME":
                value = names.get(argument)
                yield _keys(value)
            case "IMPORT_NAME":
                value = sys.modules.get(argument)
            case "LOAD_ATTR" | "LOAD_METHOD" | "IMPORT_FROM":
                known = isinstance(value, types.ModuleType | type)
                value = getattr(value, argument, None) if known else None
                yield _keys(value)


def _globals(code: types.CodeType, names: Mapping[str, Any]) -> list[Any]:
    """Return the values of the global names that a code reads."""
    loads = ("LOAD_GLOBAL", "LOAD_NAME")
    return [names.get(argument) for name, argument, _ in _steps(code) if name in loads]


@lru_cache(maxsize=1024)
def _steps(code: types.CodeType) -> list[tuple[str, Any, str]]:
    return [(step.opname, step.argval, step.argrepr) for step in dis.get_instructions(code)]


@contextmanager
def _listening(
    meant: Container[int | str],
    files: Container[str],
    begins: Callable[[types.FrameType], None],
    calls: Callable[[Any], None],
) -> Iterator[None]:
    """Tell when a function begins that is meant or the answer's own, and what the latter calls.

    What it calls is told where no function of Python begins then.
    """
    if sys.version_info >= (3, 12):
        monitoring, tool = sys.monitoring, 3  # one of two numbers that have no use of their own
        events = monitoring.events
        own: list[types.CodeType] = []

        def start(code: types.CodeType, _: int) -> Any:
            if _is_theirs(code):
                own.append(code)
                monitoring.set_local_events(tool, code, events.CALL)
            elif id(code) not in meant:
                return monitoring.DISABLE
            begins(sys._getframe(1))
            return None

        def call(code: types.CodeType, _: int, function: Any, first: Any) -> None:
            calls(function)
            calls(first)

        monitoring.use_tool_id(tool, "course")
        monitoring.register_callback(tool, events.PY_START, start)
        monitoring.register_callback(tool, events.CALL, call)
        monitoring.restart_events()
        monitoring.set_events(tool, events.PY_START)
        try:
            yield
        finally:
            monitoring.set_events(tool, 0)
            for code in own:
                monitoring.set_local_events(tool, code, 0)
            monitoring.free_tool_id(tool)
        return

    dull: set[str] = set()

    def profile(frame: types.FrameType, event: str, function: Any) -> None:
        # A million times in a second of TensorFlow: what is not worth a look is left at once.
        if (event == "call" or event == "c_call") and frame.f_code.co_filename not in dull:
            look(frame, event, function)

    def look(frame: types.FrameType, event: str, function: Any) -> None:
        theirs = _is_theirs(frame.f_code)
        if not theirs and frame.f_code.co_filename not in files:
            dull.add(frame.f_code.co_filename)
        elif event == "call" and (theirs or id(frame.f_code) in meant):
            begins(frame)
        elif event == "c_call" and theirs:
            calls(function)

    before, before_in_threads = sys.getprofile(), threading.getprofile()
    threading.setprofile(profile)
    sys.setprofile(profile)
    try:
        yield
    finally:
        sys.setprofile(before)
        threading.setprofile(before_in_threads)
