"""Default arguments for the functions that are listed: arg_scope, and the decorator it needs."""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

Scope = Mapping[Callable, Mapping[str, Any]]

_current: ContextVar[Scope] = ContextVar("arg_scope", default=MappingProxyType({}))


def add_arg_scope(function: Callable) -> Callable:
    """Let `arg_scope` give the arguments of a function other defaults. A decorator.

    Examples
    --------
    >>> @add_arg_scope
    ... def power(base, exponent=2):
    ...     return base**exponent
    >>> with arg_scope([power], exponent=3):
    ...     power(10), power(10, 4), power(10, exponent=1)
    (1000, 10000, 10)
    """
    names = list(inspect.signature(function).parameters)

    @functools.wraps(function)
    def scoped(*arguments: Any, **named: Any) -> Any:
        # What the call gives, by name or by its place, wins.
        given = names[: len(arguments)]
        defaults = _current.get().get(scoped, {})
        left_out = {name: value for name, value in defaults.items() if name not in given}
        return function(*arguments, **{**left_out, **named})

    scoped._takes_arg_scope = True  # type: ignore[attr-defined]
    return scoped


@contextmanager
def arg_scope(functions: Sequence[Callable] | Scope, **defaults: Any) -> Iterator[Scope]:
    """Give arguments of the listed functions other defaults, for the calls inside.

    Parameters
    ----------
    functions : list or tuple of callable, or a scope
        Functions decorated with `add_arg_scope`; where this scope says nothing, the scopes around
        it hold. Or what an earlier `arg_scope` has given: that scope is entered again as it was.
    **defaults
        The new defaults. Each of the functions must have all of these arguments.

    Yields
    ------
    mapping
        Each function's defaults. Store it to enter this scope again.

    Raises
    ------
    TypeError
        If a function lacks an argument, or is in no list.
    ValueError
        If a function is not decorated, or a stored scope comes with new defaults.

    Examples
    --------
    >>> @add_arg_scope
    ... def line(length, sign="-"):
    ...     return sign * length
    >>> with arg_scope([line], sign="=") as double:
    ...     line(4), line(4, sign="~")
    ('====', '~~~~')
    >>> with arg_scope(double):
    ...     line(2)
    '=='
    """
    if isinstance(functions, Mapping):
        if defaults:
            raise ValueError(f"a stored scope takes no new defaults: {', '.join(defaults)}.")
        scope = functions
    elif isinstance(functions, list | tuple):
        outer = _current.get()
        for function in functions:
            _refuse_unknown(function, defaults)
        listed = {each: {**outer.get(each, {}), **defaults} for each in functions}
        scope = {**outer, **listed}
    else:
        raise TypeError("arg_scope takes a list of functions, or a scope that it gave before.")
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


def _refuse_unknown(function: Callable, defaults: Mapping[str, Any]) -> None:
    name = getattr(function, "__name__", repr(function))
    if not hasattr(function, "_takes_arg_scope"):
        raise ValueError(f"{name} takes no defaults: decorate it with add_arg_scope.")
    parameters = inspect.signature(function).parameters
    for argument in defaults:
        if argument not in parameters:
            raise TypeError(f"{name} has no argument {argument!r}; it has {', '.join(parameters)}.")
