"""Probes of lesson 05: an answer reads a checkpoint written for it, in a temporary folder."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tensorflow as tf
from numpy.typing import ArrayLike

from helpers import graphs
from helpers.checks.observe import WrongReturn

tf1 = tf.compat.v1


class NotADict(WrongReturn):
    """The answer returned no dict."""


class NoNames(WrongReturn):
    """The keys of the dict that the answer returned are not names."""


class NoVariables(WrongReturn):
    """The values of the dict that the answer returned are not variables."""


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
        tensors = [tf.constant(value, tf.float32) for value in values.values()]
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
    {'the list of names in the checkpoint': 'a', 'the list of variables': 'b/v'}
    """
    with graphs.fresh():
        built = [tf1.get_variable(name, [1]) for name in variables]
        returned = _dict_of_names(answer(built, old_scope, new_scope))
    for value in returned.values():
        if not isinstance(value, tf.Variable):
            raise NoVariables(f"a value of the dict is a {type(value).__name__}, not a variable")
    return {
        "the list of names in the checkpoint": ", ".join(sorted(returned)) or "empty",
        "the list of variables": ", ".join(returned[key].op.name for key in sorted(returned))
        or "empty",
    }


def restored(
    answer: Callable, saved: Mapping[str, ArrayLike], starts: Mapping[str, ArrayLike]
) -> dict[str, Any]:
    """Call ``answer(session, path)`` in a graph whose variables have these initial values.

    Examples
    --------
    >>> seen = restored(lambda session, path: [], {"v1": [1.0]}, {"v1": [0.0]})
    >>> seen["the value of v1"]
    'none: it is not initialized'
    """
    with checkpoint(saved) as path, graphs.fresh(), tf1.Session() as session:
        variables = {
            name: tf1.get_variable(name, initializer=tf.constant(start, tf.float32))
            for name, start in starts.items()
        }
        names = answer(session, path)
        return {f"the value of {name}": _value(session, v) for name, v in variables.items()} | {
            "the list that is returned": names
        }


def _value(session: Any, variable: tf.Variable) -> Any:
    try:
        return session.run(variable)
    except tf.errors.FailedPreconditionError:
        return "none: it is not initialized"


def values_in_scope(answer: Callable, saved: Mapping[str, ArrayLike], scope: str) -> dict[str, Any]:
    """Call ``answer(path, scope)`` on a checkpoint of these values.

    Examples
    --------
    >>> values_in_scope(lambda path, scope: {"v": 1.0}, {"a/v": [1.0]}, "a")
    {'the list of names': 'v', 'the list of values': [1.0]}
    """
    with checkpoint(saved) as path:
        returned = _dict_of_names(answer(path, scope))
    names = sorted(returned)
    return {
        "the list of names": ", ".join(names) or "empty",
        "the list of values": [returned[name] for name in names],
    }
