"""Probes of lesson 05: an answer reads a checkpoint written for it, in a temporary folder."""

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from helpers.checks.observe import WrongReturn
from helpers.checks.probes.both_graphs import in_both_graphs
from helpers.checks.probes.sessions import quick_session

tf1 = tf.compat.v1


class NotADict(WrongReturn):
    """The answer returned no dict."""


class NoNames(WrongReturn):
    """The keys of the dict that the answer returned are not names."""


class NoVariables(WrongReturn):
    """The values of the dict that the answer returned are not variables."""


class NamesForVariables(NoVariables):
    """They are names."""


class NoArrays(WrongReturn):
    """The values of the dict that the answer returned are lists or numbers of Python."""


class NoList(WrongReturn):
    """The answer returned no list."""


class NoListOfNames(WrongReturn):
    """The list that the answer returned holds something else than names."""


def _tensor(value: ArrayLike) -> tf.Tensor:
    """Make a tensor of float32 or of int64."""
    whole = np.issubdtype(np.asarray(value).dtype, np.integer)
    return tf.constant(value, tf.int64 if whole else tf.float32)


@contextmanager
def checkpoint(values: Mapping[str, ArrayLike]) -> Iterator[str]:
    """Write a checkpoint of TensorFlow 1's format, and give its path.

    Examples
    --------
    >>> with checkpoint({"v1": [1.0, 2.0]}) as path:
    ...     tf.train.list_variables(path)
    [('v1', [2])]
    """
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model.ckpt")
        tensors = [_tensor(value) for value in values.values()]
        tf.raw_ops.SaveV2(
            prefix=path,
            tensor_names=list(values),
            shape_and_slices=[""] * len(tensors),
            tensors=tensors,
        )
        yield path


def _dict_of_names(returned: Any) -> dict[str, Any]:
    if not isinstance(returned, dict):
        kind = "None" if returned is None else f"a {type(returned).__name__}"
        raise NotADict(f"it returned {kind}, not a dict")
    for key in returned:
        if not isinstance(key, str):
            raise NoNames(f"a key of the dict is a {type(key).__name__}, not a name (a str)")
    return returned


def names_for_saver(
    answer: Callable, variables: Sequence[str], old_scope: str, new_scope: str
) -> dict[str, str]:
    """Build variables of these names; call ``answer(variables, old_scope, new_scope)``.

    Examples
    --------
    >>> names_for_saver(lambda variables, old, new: {old: variables[0]}, ["b/v"], "a", "b")
    {'the dict': 'a: b/v', 'in an ordinary tf.Graph(), the dict': 'a: b/v'}
    """

    def look() -> dict[str, str]:
        built = [tf1.get_variable(name, [1]) for name in variables]
        returned = _dict_of_names(answer(built, old_scope, new_scope))
        for value in returned.values():
            if not isinstance(value, tf.Variable):
                kind = NamesForVariables if isinstance(value, str) else NoVariables
                what = type(value).__name__
                raise kind(f"a value of the dict is a {what}, not a variable")
        entries = (f"{key}: {returned[key].op.name}" for key in sorted(returned))
        return {"the dict": ", ".join(entries) or "empty"}

    return in_both_graphs(look)


def restored(
    answer: Callable,
    saved: Mapping[str, ArrayLike],
    starts: Mapping[str, ArrayLike],
    values_before: Mapping[str, ArrayLike] | None = None,
) -> dict[str, Any]:
    """Call ``answer(session, path)`` in graphs whose variables have these initial values.

    Variables of integers are not trainable, as a counter of steps is not. Those of
    ``values_before`` have a value in the session already.

    Examples
    --------
    >>> seen = restored(lambda session, path: ["v1"], {"v1": [1.0]}, {"v1": [0.0]})
    >>> seen["the value of v1"], seen["the list that is returned"]
    ('none: it is not initialized', 'v1')
    """

    def look() -> dict[str, Any]:
        with quick_session() as session:
            variables = {name: _variable(name, start) for name, start in starts.items()}
            for name, value in (values_before or {}).items():
                session.run(variables[name].initializer, {variables[name].initial_value: value})
            names = _list_of_names(_call_with_whole_errors(answer, session, path))
            seen = {
                f"the value of {name}": _value(session, variable)
                for name, variable in variables.items()
            }
        return {**seen, "the list that is returned": ", ".join(names) or "empty"}

    with checkpoint(saved) as path:
        return in_both_graphs(look)


def _variable(name: str, start: ArrayLike) -> tf.Variable:
    initial = _tensor(start)
    return tf1.get_variable(name, initializer=initial, trainable=initial.dtype.is_floating)


def _list_of_names(returned: Any) -> Sequence[str]:
    if returned is None:
        raise NoList("it returned None, not a list of names; the last line should be a return")
    if not isinstance(returned, list | tuple):
        raise NoList(f"it returned a {type(returned).__name__}, not a list of names")
    if others := [type(name).__name__ for name in returned if not isinstance(name, str)]:
        raise NoListOfNames(f"the list that it returned holds a {others[0]}, not a name (a str)")
    return returned


def _call_with_whole_errors(answer: Callable, session: Any, path: str) -> Any:
    """Call an answer; of an error while restoring, pass on the line that says what was wrong.

    TensorFlow puts three sentences of advice before it, and a verdict has room for one line.
    """
    try:
        return answer(session, path)
    except (tf.errors.OpError, ValueError) as error:
        _, marked, original = str(error).partition("Original error:")
        if not marked:
            raise
        before_the_node = re.search(r"^(.+)\n\s*\[\[", original, flags=re.M)
        lines = before_the_node.group(1) if before_the_node else original
        sentence = lines.strip().splitlines()[0].strip()
        kind = type(type(error).__name__, (Exception,), {})
        raise kind(sentence).with_traceback(error.__traceback__) from None


def _value(session: Any, variable: tf.Variable) -> Any:
    try:
        return session.run(variable)
    except tf.errors.FailedPreconditionError:
        return "none: it is not initialized"


def values_in_scope(answer: Callable, saved: Mapping[str, ArrayLike], scope: str) -> dict[str, Any]:
    """Call ``answer(path, scope)`` on a checkpoint of these values, and count the graphs it makes.

    Examples
    --------
    >>> seen = values_in_scope(lambda path, scope: {"v": np.ones(1)}, {"a/v": [1.0]}, "a")
    >>> seen["the list of names"], seen["the number of graphs"]
    ('v', 0)
    """
    tf1.get_default_graph()  # it is made when it is first asked for
    made = []
    initialize = tf.Graph.__init__

    def noted(graph: tf.Graph, *args: Any, **kwargs: Any) -> None:
        made.append(graph)
        initialize(graph, *args, **kwargs)

    with checkpoint(saved) as path, mock.patch.object(tf.Graph, "__init__", noted):
        returned = _dict_of_names(answer(path, scope))
    for value in returned.values():
        if type(value) in (list, float, int):  # a float64 of NumPy is a float of Python, too
            raise NoArrays(f"a value of the dict is a {type(value).__name__}, not an array")
    names = sorted(returned)
    return {
        "the list of names": ", ".join(names) or "empty",
        "the list of values": [returned[name] for name in names],
        "the number of graphs": len(made),
    }
