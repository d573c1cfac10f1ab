"""Look up what a caller gives: the graph, its fetches and feeds."""

from typing import Any

import tensorflow as tf


def graph_of(given: Any) -> tf.Graph:
    """Find the one graph that a graph, a tensor or a list of tensors belongs to.

    Raises
    ------
    TypeError
        If something given belongs to no graph: an eager tensor, a number.
    ValueError
        If the graph is empty, or two graphs are involved.

    Examples
    --------
    >>> with tf.Graph().as_default() as graph:
    ...     two = tf.constant(2)
    >>> graph_of([two]) is graph
    True
    """
    if not isinstance(given, tf.Graph):
        graphs = []
        for item in tf.nest.flatten(given):
            # Eager tensors have the attribute, but reading it raises.
            if not isinstance(graph := getattr(item, "graph", None), tf.Graph):
                raise TypeError(
                    f"This {_described(item)} belongs to no graph: give a graph, or tensors built "
                    "inside `with graphs.fresh():`."
                )
            graphs.append(graph)
        if not graphs:
            raise ValueError("Nothing to draw: the list of tensors is empty.")
        if any(graph is not graphs[0] for graph in graphs):
            raise ValueError("The tensors belong to different graphs: draw one graph at a time.")
        given = graphs[0]
    if not given.get_operations():
        raise ValueError(
            "The graph is empty: build something inside `with graphs.fresh() as graph:` first."
        )
    return given


def elements(graph: tf.Graph, given: Any, role: str) -> list[Any]:
    """Look up what ``session.run`` would accept (tensors, operations, variables, names).

    Parameters
    ----------
    graph : tf.Graph
    given : fetches or feeds, alone or in lists, tuples and dictionaries
    role : str
        "fetch", "feed" or "target", for the message of an error.

    Returns
    -------
    list of tf.Tensor and tf.Operation

    Raises
    ------
    TypeError, ValueError
        If one is not in the graph, or cannot be fed.

    Examples
    --------
    >>> with tf.Graph().as_default() as graph:
    ...     two = tf.constant(2, name="two")
    >>> [item.name for item in elements(graph, {"a": two, "b": "two"}, "fetch")]
    ['two:0', 'two']
    """
    found = []
    for item in tf.nest.flatten(given):
        # A variable would be expanded into its handle, which is not what a fetch of it runs.
        whole = isinstance(item, tf.Variable)
        for part in [item] if whole else tf.nest.flatten(item, expand_composites=True):
            found.append(_element(graph, part, role))
    return found


def _element(graph: tf.Graph, item: Any, role: str) -> Any:
    if not isinstance(item, str | tf.Operation) and not hasattr(item, "graph"):
        raise TypeError(
            f"This {_described(item)} belongs to no graph, so that it cannot be a {role}: give a "
            "tensor, an operation or a variable of the graph, or the name of one."
        )
    try:
        element = graph.as_graph_element(item, allow_operation=role != "feed")
    except (KeyError, ValueError, TypeError):
        name = item if isinstance(item, str) else item.name
        ops = graph.get_operations()
        example = next((op.name for op in reversed(ops) if op.outputs), ops[-1].name)
        raise ValueError(
            f"The {role} {name!r} is not in this graph. Tensors are named like '{example}:0'"
            + (f", operations like '{example}'." if role != "feed" else ".")
        ) from None
    if role == "feed" and not graph.is_feedable(element):
        raise ValueError(f"The feed {element.name!r} cannot be fed: TensorFlow forbids it.")
    return element


def _described(item: Any) -> str:
    if isinstance(item, tf.Tensor | tf.Variable):
        return f"eager {'tensor' if isinstance(item, tf.Tensor) else 'variable'}"
    return f"object of type {type(item).__name__}"
