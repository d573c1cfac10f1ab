"""Probes: how an answer that builds a graph is run and reduced to plain values.

A probe works in the answer's own process, so this module knows no wanted value and imports only
what that process may know. It lets the answer add to a fresh graph and to an ordinary one, runs a
session, and says what it saw in a dict whose keys are the phrases of the verdict.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers.checks.observe import WrongReturn
from helpers.checks.probes.both_graphs import in_both_graphs
from helpers.checks.probes.sessions import quick_session
from helpers.graphs.structure import executed

tf1 = tf.compat.v1


class NumberReturned(WrongReturn):
    """An answer returned a number, which is computed, where a node was asked for."""


class VariableExists(Exception):
    """`get_variable` was asked to create a variable whose name is taken."""


class NoSuchVariable(Exception):
    """`get_variable` was asked to reuse a variable that nobody has created."""


class UnknownShape(Exception):
    """`get_variable` was asked for a shape that is not known while the graph is built."""


class ShapeTwice(Exception):
    """`get_variable` was given a shape, and a tensor as initializer, which has one already."""


class NoSuchVariableHere(WrongReturn):
    """An answer that worked in one graph asks another for variables that it has not made there."""


class OfAnotherGraph(WrongReturn):
    """An answer uses a node or variable of another graph than that in which it was called."""


class NotInitialized(WrongReturn):
    """A variable has no value although all global variables have been initialized."""


class InitializerForValue(WrongReturn):
    """An answer calculated with a variable's initializer, which is an operation without a value."""


class StartReadsWeights(WrongReturn):
    """A variable's initial value cannot be computed before another variable has its value."""


# What `get_variable` complains about, all of it as ValueError.
_COMPLAINTS = {
    "already exists": VariableExists,
    "does not exist": NoSuchVariable,
    "should be fully defined": UnknownShape,
    "do not specify shape": ShapeTwice,
}
_REMEMBERED = (
    "What a function remembers between its calls, such as a global flag or variable, belongs to "
    "one graph and not to the next."
)
# How many times the weights of a layer are drawn, to see where their initializer ends.
DRAWS = 40


def _fetches(returned: Any, wanted: Sequence[str]) -> list[Any]:
    """Return what an answer returned as a list of things that a session can run."""
    asked = " and ".join(wanted)
    if returned is None:
        raise WrongReturn(f"it returned None, not {asked}; the last line should be a return")
    items = list(returned) if isinstance(returned, list | tuple) else [returned]
    if len(items) != len(wanted):
        raise WrongReturn(f"it returned {len(items)} thing{'s' * (len(items) != 1)}, not {asked}")
    for item, what in zip(items, wanted, strict=True):
        if isinstance(item, int | float | np.ndarray | np.generic):
            raise NumberReturned(f"for {what} it returned the number {item}, not a node")
        if not isinstance(item, tf.Tensor | tf.Variable | tf.Operation):
            kind = type(item).__name__
            raise WrongReturn(f"for {what} it returned a {kind}, which a session cannot run")
        if item.graph is not tf1.get_default_graph():
            raise OfAnotherGraph(
                f"for {what} it returned a node of another graph. Build in the graph that is "
                "current: open none of your own, and keep nothing from one call for the next."
            )
    return items


def _value(session: Any, nodes: Any, feeds: Any = None) -> Any:
    """Run nodes whose variables should have their values."""
    try:
        return session.run(nodes, feeds)
    except tf.errors.FailedPreconditionError:
        raise NotInitialized(
            "after global_variables_initializer a variable that you use has no value. Is it not "
            "one of the global variables?"
        ) from None


def _names_and_shapes(variables: Iterable[tf.Variable]) -> tuple[str, str]:
    """List variables in two strings, their names and their shapes."""
    listed = sorted((v.op.name, str(tuple(v.shape.as_list()))) for v in variables)
    names, shapes = ([text[i] for text in listed] for i in (0, 1))
    return ", ".join(names) or "none", ", ".join(shapes) or "none"


def counter(answer: Callable, start: int, step: int) -> dict[str, Any]:
    """Run the update of a counter three times: ``answer(start, step)`` -> variable, update.

    Examples
    --------
    >>> def broken(start, step):
    ...     state = tf1.Variable(start, name="counter")
    ...     return state, state + step
    >>> counter(broken, 5, 2)["state after 3 runs of update"]
    np.int32(5)
    """
    return in_both_graphs(lambda: _counter(answer, start, step))


def _counter(answer: Callable, start: int, step: int) -> dict[str, Any]:
    returned = _call_with_named_errors(answer, start, step)
    state, update = _fetches(returned, ["the variable", "its update"])
    names, shapes = _names_and_shapes(tf1.global_variables())
    with quick_session() as session:
        session.run(tf1.global_variables_initializer())
        seen = {
            "the list of variables": names,
            "the list of their shapes": shapes,
            "state after the initializer": _value(session, state),
            "state after the initializer, read again": _value(session, state),
        }
        for runs in (1, 2, 3):
            _value(session, update)
            seen[f"state after {runs} run{'s' * (runs > 1)} of update"] = _value(session, state)
    types = tf1.get_default_graph().get_operation_by_name
    ran = executed([getattr(update, "op", update)])
    return seen | {"whether update stores a value": any("Assign" in types(n).type for n in ran)}


def shared_layer(answer: Callable, x: NDArray, units: int, calls: int) -> dict[str, Any]:
    """Call ``answer(x, units)`` several times in one graph, on a placeholder each; then in another.

    The placeholders are fed ``x``, ``x + 1``, …. After a look at their initial values the variables
    are set to numbers that depend on their shape only.
    """
    graphs_seen: list[tf.Graph] = []

    def look() -> dict[str, Any]:
        graphs_seen.append(tf1.get_default_graph())
        try:
            return _shared_layer(answer, x, units, calls)
        except NoSuchVariable as error:
            if len(graphs_seen) == 1:
                raise
            raise NoSuchVariableHere(
                f"your layer asked for variables that only another graph has. {_REMEMBERED}"
            ) from error

    return in_both_graphs(look)


def _shared_layer(answer: Callable, x: NDArray, units: int, calls: int) -> dict[str, Any]:
    inputs = [tf1.placeholder(tf.float32, [None, x.shape[1]], name=f"x_{i}") for i in range(calls)]
    returned = [_call_with_named_errors(answer, given, units) for given in inputs]
    outputs = [_fetches(one, ["the output"])[0] for one in returned]
    variables = tf1.global_variables()
    names, shapes = _names_and_shapes(variables)
    local, _ = _names_and_shapes(tf1.local_variables())
    trainable, _ = _names_and_shapes(tf1.trainable_variables())
    settings = [v.assign(_numbers_of_shape(v)) for v in variables]
    # Only a first call is looked at so closely; it takes the most time.
    weights = [v.initial_value for v in variables if v.shape.rank == 2 and calls == 1]
    with quick_session() as session:
        session.run(tf1.global_variables_initializer())
        starts = session.run(variables)
        draws = [np.stack([session.run(one) for _ in range(DRAWS)]) for one in weights]
        session.run(settings)
        found = _value(session, outputs, {given: x + i for i, given in enumerate(inputs)})
    seen = {
        "the list of variables": names,
        "the list of their shapes": shapes,
        "the list of local variables": local,
        "the list of trainable variables": trainable,
        "whether the biases start at zeros": not any(np.any(s) for s in starts if s.ndim == 1),
        "whether the weights start from different numbers": all(
            np.ptp(s) > 0 for s in starts if s.ndim == 2
        ),
    }
    if calls == 1:
        by_default = all(map(_as_by_default, draws))
        seen["whether the weights start as get_variable draws them by default"] = by_default
    return seen | {f"the output of call {i}": value for i, value in enumerate(found, start=1)}


def _as_by_default(draws: NDArray) -> bool:
    """Tell whether many draws fill Xavier's range, from -limit to limit."""
    limit = np.sqrt(6 / sum(draws.shape[1:]))
    return bool(0.9 * limit < np.abs(draws).max() < 1.000001 * limit)


def _call_with_named_errors(answer: Callable, *arguments: Any) -> Any:
    """Call an answer; give the complaints of `get_variable` types of their own."""
    try:
        return answer(*arguments)
    except ValueError as error:
        for phrase, kind in _COMPLAINTS.items():
            if phrase in str(error):
                sentence = str(error).split(" Did you mean")[0].rstrip(".")
                raise kind(sentence).with_traceback(error.__traceback__) from None
        if "from the same graph" in str(error):
            message = f"your code uses a node of another graph. {_REMEMBERED}"
            raise OfAnotherGraph(message) from None
        raise
    except TypeError as error:
        if re.search("operand.*'Operation'|'Operation'.*operand", str(error)):
            raise InitializerForValue(
                "you calculate with an operation, which has no value: the initializer is the node "
                "that stores the initial value."
            ) from None
        raise


def _numbers_of_shape(variable: tf.Variable) -> NDArray:
    shape = variable.shape.as_list()
    numbers = np.cos(1.0 + np.arange(np.prod(shape, dtype=int))).reshape(shape)
    return numbers.astype(variable.dtype.base_dtype.as_numpy_dtype)


def scaled_copy(
    answer: Callable, shape: Sequence[int], factor: float, name: str, dtype: str = "float32"
) -> dict[str, Any]:
    """Initialize random weights and ``answer(weights, factor, name)`` together, compare them.

    The weights differ from run to run, their ratio must not. The slide's `initialized_value` is
    there in a fresh graph only, and accepted.
    """
    fresh: list[dict[str, Any]] = []

    def look() -> dict[str, Any]:
        try:
            fresh.append(_scaled_copy(answer, shape, factor, name, dtype))
        except NotImplementedError as error:
            if not _came_from(error, "initialized_value"):
                raise
        return fresh[-1]

    return in_both_graphs(look)


def _scaled_copy(
    answer: Callable, shape: Sequence[int], factor: float, name: str, dtype: str
) -> dict[str, Any]:
    start = tf1.random_uniform(shape, 1.0, 2.0, dtype=dtype)
    weights = tf1.Variable(start, name="weights")
    returned = _call_with_named_errors(answer, weights, factor, name)
    [copy] = _fetches(returned, ["the new variable"])
    kind = "a new variable" if isinstance(copy, tf.Variable) else "a tensor"
    names, shapes = _names_and_shapes(tf1.global_variables())
    trainable, _ = _names_and_shapes(tf1.trainable_variables())
    if any(copy is variable for variable in tf1.global_variables()) and copy is not weights:
        _start_by_itself(copy)
    with quick_session() as session:
        session.run(tf1.global_variables_initializer())
        # One fetch a run: within a run nothing says what is read or written first.
        before = session.run(weights)
        first = _value(session, copy)
        after = session.run(weights)
        session.run(weights.assign(tf.constant(3.0, dtype) * after))
        later = session.run(copy)
    with quick_session() as session:  # another draw: a single number is a multiple of any other
        session.run(tf1.global_variables_initializer())
        before_again = session.run(weights)
        first_again = _value(session, copy)
    return {
        "what was returned": "the weights themselves" if copy is weights else kind,
        "the dtype of what was returned": first.dtype.name,
        "the list of variables": names,
        "the list of their shapes": shapes,
        "the list of trainable variables": trainable,
        "weights after the copy was read / weights before": _ratio((after, before)),
        "copy / weights, after the initializer": _ratio(
            (first, before), (first_again, before_again)
        ),
        "copy / its start, after the weights were changed": _ratio((later, first)),
    }


def _start_by_itself(copy: tf.Variable) -> None:
    """Run the copy's initializer alone, before the weights have a value.

    When all initializers run together, nothing says which comes first. A fresh graph puts the
    initial value in the place of a variable that an initial value reads, and an ordinary one does
    not.
    """
    with quick_session() as session:
        try:
            session.run(copy.initializer)
        except tf.errors.FailedPreconditionError:
            raise StartReadsWeights(
                "the start of your copy reads the weights, which may have no value yet when it is "
                "computed"
            ) from None


def _came_from(error: BaseException, function: str) -> bool:
    """Tell whether an error was raised in the function of this name."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_code.co_name == function


def _ratio(*pairs: tuple[NDArray, NDArray]) -> Any:
    """Divide in each pair; return one number, or a phrase if the ratio is not always the same."""
    ratios = [np.ravel(np.asarray(a, float) / np.asarray(b, float)) for a, b in pairs]
    ratio = np.concatenate(ratios)
    dtype = np.asarray(pairs[0][0]).dtype
    rtol = 1e-2 if dtype.itemsize == 2 else 1e-5
    same = np.allclose(ratio, ratio[0], rtol=rtol)
    return dtype.type(ratio.mean()) if same else "not always the same"
