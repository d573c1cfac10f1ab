"""Probe of lesson 26: a block of branches is built and run."""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers import slim
from helpers.checks.observe import WrongReturn
from helpers.checks.probes.both_graphs import in_both_graphs
from helpers.checks.probes.sessions import quick_session

tf1 = tf.compat.v1

ACTIVATIONS = {"relu": tf1.nn.relu, "tanh": tf1.nn.tanh}


class NoMaps(WrongReturn):
    """The answer returned no tensor."""


class NothingGoesOut(WrongReturn):
    """A layer of the answer has no weights; to run it would end the process."""


class BranchesDiffer(Exception):
    """The branches' maps have different sizes, so that they cannot be put together."""


class NotWhole(Exception):
    """A number of maps is no integer."""


class NameTaken(Exception):
    """A variable's name is taken, by another layer of the block."""


def built_block(
    answer: Callable, x: NDArray, depth: int, scope: str, activation: str, stride: int
) -> dict[str, Any]:
    """Call ``answer(net, depth, scope)`` in a fresh graph, then in an ordinary one, as "next".

    Around both stands a scope that gives the convolutions an activation, a stride and a
    regularizer, and each variable numbers that depend on its name.

    Examples
    --------
    >>> def one_branch(net, depth, scope):
    ...     return slim.conv2d(net, depth, 1, scope=scope)
    >>> seen = built_block(one_branch, np.ones([1, 2, 2, 1]), 1, "mine", "tanh", 1)
    >>> seen["the shape of the block"], seen["the list of variables"]
    ('(None, 2, 2, 1)', 'mine/biases, mine/weights')
    """
    names = iter([scope, "next"])

    def look() -> dict[str, Any]:
        return _look_at_block(answer, x, depth, next(names), activation, stride)

    return in_both_graphs(look)


def _look_at_block(
    answer: Callable, x: NDArray, depth: int, name: str, activation: str, stride: int
) -> dict[str, Any]:
    net = tf1.placeholder(tf.float32, [None, *x.shape[1:]], name="net")
    with tf1.variable_scope(name):
        pass  # as where a part of a network is built in two places: the name has been used
    with _scope_around(activation, stride):
        block = _maps(_called(answer, net, depth, name))
    listed = sorted(
        (variable.op.name, str(tuple(variable.shape.as_list())))
        for variable in tf1.global_variables()
    )
    seen: dict[str, Any] = {"the shape of the block": str(block.shape)}
    for number in range(4):
        branch = f"{name}/Branch_{number}/"
        inside = [each for each in listed if each[0].startswith(branch)]
        layers = sorted({each.removeprefix(branch).rpartition("/")[0] for each, _ in inside})
        shapes = [shape for each, shape in inside if each.endswith("/weights")]
        seen[f"the list of layers in Branch_{number}"] = ", ".join(layers) or "none"
        seen[f"the list of weights' shapes in Branch_{number}"] = ", ".join(shapes) or "none"
    outside = {each.rpartition("/")[0] for each, _ in listed if f"{name}/Branch_" not in each}
    return seen | {
        "the list of layers in no branch": ", ".join(sorted(outside)) or "none",
        "the list of variables": ", ".join(each for each, _ in listed),
        "the list of their shapes": ", ".join(each for _, each in listed),
        "the number of regularized weights": len(
            tf1.get_collection(tf1.GraphKeys.REGULARIZATION_LOSSES)
        ),
        "the block": _run(block, net, x),
    }


def _scope_around(activation: str, stride: int) -> Any:
    return slim.arg_scope(
        [slim.conv2d],
        activation_fn=ACTIVATIONS[activation],
        stride=stride,
        weights_regularizer=slim.l2_regularizer(0.5),
        weights_initializer=_numbers_by_name,
        biases_initializer=_numbers_by_name,
    )


def _numbers_by_name(shape: Any, dtype: Any, partition_info: Any = None) -> NDArray:
    """Return numbers that depend on the layer's name, smaller where more of them are added up."""
    shape = [int(length) for length in shape]
    start = sum(place * ord(c) for place, c in enumerate(tf1.get_variable_scope().name, start=1))
    numbers = np.cos(start + np.arange(np.prod(shape, dtype=int))).reshape(shape)
    return np.asarray(numbers / np.sqrt(np.prod(shape[:-1], dtype=int)), np.float32)


def _run(block: tf.Tensor, net: tf.Tensor, x: NDArray) -> NDArray:
    for variable in tf1.global_variables():
        if 0 in variable.shape.as_list():
            raise NothingGoesOut(f"{variable.op.name} has the shape {variable.shape}: it is empty")
    with quick_session() as session:
        session.run(tf1.global_variables_initializer())
        return session.run(block, {net: x})


def _called(answer: Callable, *arguments: Any) -> Any:
    """Call an answer; give its errors about sizes and names types of their own."""
    kinds: dict[str, type[Exception]] = {
        "must be integer": NotWhole,
        "Dimension": BranchesDiffer,
        "already exists": NameTaken,
    }
    try:
        return answer(*arguments)
    except (TypeError, ValueError) as error:
        for phrase, kind in kinds.items():
            if phrase in str(error):
                sentence = str(error).split(" for '")[0].split(", disallowed")[0]
                sentence = sentence.split(" or None")[0]
                raise kind(sentence).with_traceback(error.__traceback__) from None
        raise


def _maps(returned: Any) -> tf.Tensor:
    if not isinstance(returned, tf.Tensor):
        kind = "None" if returned is None else f"a {type(returned).__name__}"
        raise NoMaps(f"it returned {kind}, not a tensor with the maps of all branches")
    return returned
