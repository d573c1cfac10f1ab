"""A fresh graph for a cell that can be run again and again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import tensorflow as tf

tf1 = tf.compat.v1

# On a GPU the same seed gives other numbers.
_RANDOM = {
    "Multinomial",
    "ParameterizedTruncatedNormal",
    "RandomGamma",
    "RandomPoissonV2",
    "RandomShuffle",
    "RandomStandardNormal",
    "RandomUniform",
    "RandomUniformInt",
    "TruncatedNormal",
}


@contextmanager
def fresh(seed: int | None = None) -> Iterator[tf.Graph]:
    """Build in a new, empty graph, in the style of TensorFlow 1.

    Inside, no variable exists yet, so that nothing left by an earlier run can clash. Variables
    are TensorFlow 1's reference variables, whose printed names, errors and methods are those of
    the slides (``initialized_value`` is gone from today's). A tensor's condition or loop is built
    of single operations. Random numbers are drawn on the CPU, unless you say otherwise, so that
    they are the same on a machine with a GPU. Afterwards eager execution goes on as before.

    Parameters
    ----------
    seed : int, optional
        Seed of the graph, as ``tf1.set_random_seed`` sets it. TensorFlow mixes it with the seed
        of each random operation: the slides' figures come from operations with a seed in a graph
        without one. A random operation without a seed gets one from its place in the graph.

    Yields
    ------
    tf.Graph
        The graph, which is the default graph inside the context.

    Examples
    --------
    >>> with fresh() as graph:
    ...     total = tf1.add(tf1.constant([1, 2, 3]), tf1.constant([2, 3, 5]), name="add")
    ...     with tf1.Session() as session:
    ...         print(session.run(total))
    [3 5 8]
    """
    graph = tf.Graph()
    with graph.as_default(), graph.device(_random_on_cpu), tf1.variable_creator_scope(_variable):
        tf1.set_random_seed(seed)
        # The scope belongs to the graph; tf1.disable_resource_variables() would outlive it.
        tf1.get_variable_scope().set_use_resource(False)
        with _single_operation_control_flow():
            yield graph


def _random_on_cpu(operation: tf.Operation) -> str:
    # What is said in the graph comes first.
    return (
        "/device:CPU:0" if operation.type in _RANDOM and not operation.device else operation.device
    )


def _variable(create: Callable[..., Any], **arguments: Any) -> Any:
    """Create a variable whose initial value follows the graph's device function.

    TensorFlow computes it outside of all device scopes.
    """
    initial = arguments["initial_value"]

    def initial_on_cpu() -> Any:
        with tf1.device(_random_on_cpu):
            return initial()

    return create(
        **{**arguments, "initial_value": initial_on_cpu if callable(initial) else initial}
    )


@contextmanager
def _single_operation_control_flow() -> Iterator[None]:
    # Today's conditions read a reference variable before it is known to be initialized, so that
    # `initialized_value` and moving averages would fail.
    enabled = tf1.control_flow_v2_enabled()
    tf1.disable_control_flow_v2()
    try:
        yield
    finally:
        if enabled:
            tf1.enable_control_flow_v2()
