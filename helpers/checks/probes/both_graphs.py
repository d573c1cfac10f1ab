"""For the probes of many lessons: an answer builds in a fresh graph and in an ordinary one."""

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from helpers import graphs
from helpers.checks.observe import WrongReturn

tf1 = tf.compat.v1


def in_both_graphs(look: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Let an answer build in a fresh graph, then in an ordinary one; return what both show.

    A fresh graph has TensorFlow 1's reference variables, which hide some mistakes. Both calls are
    of one answer, so that what it remembers of the first graph shows in the second.

    Examples
    --------
    >>> def look():
    ...     tf1.Variable(1.0)
    ...     return {"the number of nodes": len(tf1.get_default_graph().get_operations())}
    >>> in_both_graphs(look)
    {'the number of nodes': 4, 'in an ordinary tf.Graph(), the number of nodes': 5}
    """
    with graphs.fresh():
        seen = look()
    with tf.Graph().as_default():
        try:
            ordinary = look()
        except Exception as error:
            name, lines = type(error).__name__, str(error).strip().splitlines()
            # A misconception is told by the class.
            kind = type(f"{name}InAnOrdinaryGraph", (WrongReturn,), {})
            said = (
                str(error) if isinstance(error, WrongReturn) else f"your code stopped with {name}"
            )
            detail = "" if isinstance(error, WrongReturn) or not lines else f": {lines[0]}"
            raise kind(f"in an ordinary tf.Graph() {said}{detail}") from None
    return seen | {f"in an ordinary tf.Graph(), {key}": value for key, value in ordinary.items()}
