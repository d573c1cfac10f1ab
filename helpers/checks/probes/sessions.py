"""The session in which a probe runs what an answer has built."""

from typing import Any

import tensorflow as tf

tf1 = tf.compat.v1


def quick_session() -> Any:
    """Return a session that runs a graph as it was built.

    TensorFlow rewrites a graph before its first run, so that later runs are faster. A probe's small
    graph runs a few times, and to rewrite it takes as long as all else.

    Examples
    --------
    >>> with tf.Graph().as_default(), quick_session() as session:
    ...     print(session.run(tf.add(1, 2)))
    3
    """
    config = tf1.ConfigProto()
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    return tf1.Session(config=config)
