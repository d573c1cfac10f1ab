"""The course's slim against the package tf-slim: graphs, names, numbers, checkpoints, scopes."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
import tf_slim

from helpers import graphs, slim
from helpers.networks import inception

tf1 = tf.compat.v1

# tf-slim's layers are made of others, which have left the public names of TensorFlow.
pytestmark = pytest.mark.filterwarnings("ignore:.layer.apply", "ignore:.tf.layers")

LIMIT = 400  # lines of helpers/slim
LAYERS = ["conv2d", "fully_connected", "max_pool2d", "avg_pool2d", "flatten", "dropout"]

# What either package builds on two images of 9 x 8 pixels with three channels.
BUILT: dict[str, Callable[[Any, Any], Any]] = {
    "conv2d": lambda s, x: s.conv2d(x, 4, 3),
    "conv2d, two in a row": lambda s, x: s.conv2d(s.conv2d(x, 4, [3, 2]), 2, 1),
    "conv2d, by place": lambda s, x: s.conv2d(x, 4, (3, 2), 2, "VALID"),
    "conv2d, pairs": lambda s, x: s.conv2d(x, 4, [1, 3], stride=[2, 3], padding="same", scope="me"),
    "conv2d, rate": lambda s, x: s.conv2d(x, 4, 3, rate=2),
    "conv2d, pair of rates": lambda s, x: s.conv2d(x, 4, 3, rate=[1, 2], padding="VALID"),
    "conv2d, no activation": lambda s, x: s.conv2d(x, 4, 3, activation_fn=None),
    "conv2d, tanh": lambda s, x: s.conv2d(x, 4, 3, activation_fn=tf1.nn.tanh),
    "conv2d, no biases": lambda s, x: s.conv2d(x, 4, 3, biases_initializer=None),
    "conv2d, starts": lambda s, x: s.conv2d(
        x,
        4,
        3,
        weights_initializer=tf1.constant_initializer(0.1),
        biases_initializer=tf1.constant_initializer(-0.2),
    ),
    "conv2d, regularizers": lambda s, x: s.conv2d(
        s.conv2d(x, 4, 3, weights_regularizer=s.l2_regularizer(0.5), scope="a"),
        4,
        3,
        weights_regularizer=s.l2_regularizer(0.0),
        biases_regularizer=s.l2_regularizer(0.25, scope="small"),
    ),
    "conv2d, not trainable": lambda s, x: s.conv2d(x, 4, 3, trainable=False),
    "conv2d, reused": lambda s, x: (
        s.conv2d(x, 4, 3, scope="one", weights_regularizer=s.l2_regularizer(0.1))
        + s.conv2d(x, 4, 3, scope="one", reuse=True, weights_regularizer=s.l2_regularizer(0.1))
    ),
    "conv2d, float64": lambda s, x: s.conv2d(tf1.cast(x, tf.float64), 4, 3),
    "fully_connected": lambda s, x: s.fully_connected(s.flatten(x), 5),
    "fully_connected, two in a row": lambda s, x: s.fully_connected(
        s.fully_connected(s.flatten(x), 5), 2, None
    ),
    "fully_connected, more axes": lambda s, x: s.fully_connected(x, 5, scope="dense"),
    "fully_connected, settings": lambda s, x: s.fully_connected(
        s.flatten(x),
        5,
        activation_fn=tf1.nn.sigmoid,
        weights_initializer=tf1.constant_initializer(0.01),
        weights_regularizer=s.l2_regularizer(0.5),
        biases_initializer=tf1.ones_initializer(),
        biases_regularizer=s.l2_regularizer(0.5),
        trainable=False,
        scope="dense",
    ),
    "fully_connected, reused": lambda s, x: [
        s.fully_connected(x, 3, scope="a", biases_initializer=None, reuse=reuse)
        for reuse in (None, True)
    ],
    "max_pool2d": lambda s, x: s.max_pool2d(s.max_pool2d(x, 2), [2, 1]),
    "max_pool2d, settings": lambda s, x: s.max_pool2d(
        x, kernel_size=[3, 2], stride=[1, 2], padding="SAME", scope="pool"
    ),
    "avg_pool2d": lambda s, x: s.avg_pool2d(x, [2, 3]),
    "avg_pool2d, settings": lambda s, x: s.avg_pool2d(
        x, kernel_size=3, stride=1, padding="SAME", scope="pool"
    ),
    "flatten": lambda s, x: s.flatten(s.flatten(x, scope="flat")),
    "dropout": lambda s, x: s.dropout(x),
    "dropout, off": lambda s, x: s.dropout(x, keep_prob=0.3, is_training=False, scope="off"),
    "dropout, settings": lambda s, x: s.dropout(x, 0.3, noise_shape=[2, 1, 1, 3], seed=5),
    "dropout, told by a tensor": lambda s, x: s.dropout(x, 0.3, is_training=tf1.constant(True)),
    "dropout, told as it runs": lambda s, x: s.dropout(
        x, seed=2, is_training=tf1.placeholder_with_default(True, [])
    ),
    "in scopes": lambda s, x: network(s, x),
}
# With a noise shape tf-slim makes nodes of its own to fill in what is None there.
OTHER_NODES = {"dropout, settings"}

LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "softmax": lambda s, x: s.losses.softmax_cross_entropy(x, tf1.one_hot([0, 2], 3)),
    "softmax, settings": lambda s, x: s.losses.softmax_cross_entropy(
        x, tf1.one_hot([0, 2], 3), weights=[0.5, 2.0], label_smoothing=0.1, scope="mine"
    ),
    "softmax, without the first": lambda s, x: s.losses.softmax_cross_entropy(
        x, tf1.one_hot([0, 2], 3), [0.0, 3.0]
    ),
    "sparse": lambda s, x: s.losses.sparse_softmax_cross_entropy(x, tf1.constant([0, 2])),
    "sparse, settings": lambda s, x: s.losses.sparse_softmax_cross_entropy(
        x, tf1.constant([[0], [2]]), weights=0.5, scope="mine"
    ),
}


def network(package: Any, x: Any) -> Any:
    """Build a small network: scopes in scopes, names in names, a scope that is entered again."""
    small = package.l2_regularizer(0.01)
    with (
        package.arg_scope([package.conv2d, package.fully_connected], weights_regularizer=small),
        package.arg_scope([package.conv2d], padding="VALID", stride=2) as kept,
    ):
        y = package.conv2d(x, 4, 3)
        with tf1.variable_scope("Mixed"), tf1.variable_scope("Branch_0"):
            y = package.conv2d(y, 5, [1, 1], stride=1, scope="Conv2d_0a_1x1")
            y = package.avg_pool2d(y, 1, scope="AvgPool_0b_1x1")
            y = package.dropout(package.max_pool2d(y, 2, 1))
    with package.arg_scope(kept):
        y = package.conv2d(y, 3, 1)
    return package.fully_connected(package.flatten(y), 2, activation_fn=None)


def ordinary(seed: int) -> Any:
    """Open a graph as TensorFlow makes it, whose variables are resource variables."""
    graph = tf.Graph()
    graph.seed = seed
    return graph.as_default()


def described(graph: tf.Graph) -> dict[str, Any]:
    """Return all operations of a graph with their settings, and what the collections hold."""
    nodes = {}
    for node in graph.as_graph_def().node:
        # tf-slim's dropout counts a scope too many; the branches of a condition are numbered.
        text = str(node).replace("dropout_1", "dropout")
        nodes[node.name.replace("dropout_1", "dropout")] = re.sub(
            r"(?<=cond_)(true|false)_\d+", r"\1", text
        )
    collections = {
        key: [getattr(each, "name", str(each)) for each in graph.get_collection(key)]
        for key in graph.get_all_collection_keys()
        if key not in ("update_ops", "cond_context")  # tf-slim's, and empty; TensorFlow's own
    }
    return {"nodes": nodes, "order": list(nodes), **collections}


def run(graph: tf.Graph, result: Any) -> Any:
    """Run what was built, with weights that depend on the variables' shapes alone."""
    x = np.random.default_rng(1).normal(size=(2, 9, 8, 3))
    with graph.as_default(), tf1.Session() as session:
        for variable in tf1.global_variables():
            value = np.cos(1.0 + np.arange(variable.shape.num_elements()))
            variable.load(value.reshape(variable.shape), session)
        losses = tf1.losses.get_regularization_losses()
        return session.run([result, losses, tf1.losses.get_losses()], {"x:0": x})


@pytest.mark.parametrize("opened", [graphs.fresh, ordinary])
@pytest.mark.parametrize("name", BUILT)
def test_the_same_graph_and_the_same_numbers(name: str, opened: Callable) -> None:
    seen, numbers = [], []
    for package in (slim, tf_slim):
        with opened(seed=3) as graph:
            x = tf1.placeholder(tf.float32, [2, 9, 8, 3], name="x")
            result = BUILT[name](package, x)
        seen.append(described(graph))
        numbers.append(tf.nest.flatten(run(graph, result)))
    if name not in OTHER_NODES:
        assert seen[0] == seen[1]
    for ours, theirs in zip(*numbers, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", LOSSES)
def test_losses_have_tf_slims_names_and_numbers(name: str) -> None:
    seen = []
    for package in (slim, tf_slim):
        with graphs.fresh(), tf1.Session() as session:
            logits = tf1.constant([[0.5, -1.0, 2.0], [3.0, 0.25, -0.5]])
            loss = LOSSES[name](package, logits)
            package.losses.add_loss(tf1.constant(0.75, name="mine_too"))
            package.fully_connected(
                logits,
                2,
                weights_initializer=tf1.ones_initializer(),
                weights_regularizer=package.l2_regularizer(0.5),
            )
            totals = [
                package.losses.get_total_loss(),
                package.losses.get_total_loss(add_regularization_losses=False, name="bare"),
            ]
            every = package.losses.get_losses() + package.losses.get_regularization_losses()
            session.run(tf1.global_variables_initializer())
            names = [each.name for each in [loss, *totals, *every]]
            seen.append((names, session.run([loss, *totals, *every])))
    assert seen[0][0] == seen[1][0]
    np.testing.assert_allclose(seen[0][1], seen[1][1], rtol=1e-6)


def test_every_argument_is_compared() -> None:
    tried: dict[str, set[str]] = {}

    def noted(name: str) -> Callable:
        layer = getattr(slim, name)

        def call(*arguments: Any, **named: Any) -> Any:
            given = inspect.signature(layer).bind(*arguments, **named).arguments
            tried.setdefault(name, set()).update(given)
            return layer(*arguments, **named)

        return call

    package = SimpleNamespace(**{**vars(slim), **{name: noted(name) for name in LAYERS}})
    for name, build in BUILT.items():
        if name != "in scopes":
            with graphs.fresh():
                build(package, tf1.placeholder(tf.float32, [2, 9, 8, 3], name="x"))
    for name in LAYERS:
        ours, theirs = (inspect.signature(getattr(p, name)).parameters for p in (slim, tf_slim))
        assert tried[name] == set(ours)
        assert set(ours) <= set(theirs)
        # What can be given by its place has the same place.
        places = [n for n, each in ours.items() if each.kind is each.POSITIONAL_OR_KEYWORD]
        assert places == list(theirs)[: len(places)]


def test_weights_begin_with_xaviers_limit() -> None:
    with graphs.fresh(seed=0), tf1.Session() as session:
        slim.conv2d(tf1.zeros([1, 9, 8, 3]), 500, 3)
        session.run(tf1.global_variables_initializer())
        weights, biases = session.run(tf1.global_variables())
    limit = np.sqrt(6 / (9 * 3 + 9 * 500))
    assert 0.99 * limit < np.abs(weights).max() <= limit
    assert not biases.any()


def test_a_checkpoint_of_tf_slim_loads(tmp_path: Path) -> None:
    x = np.random.default_rng(2).normal(size=(2, 9, 8, 3))
    with graphs.fresh(seed=1), tf1.Session() as session:
        theirs = network(tf_slim, tf1.placeholder(tf.float32, [2, 9, 8, 3], name="x"))
        session.run(tf1.global_variables_initializer())
        path = tf1.train.Saver().save(session, str(tmp_path / "model"))
        wanted = session.run(theirs, {"x:0": x})
    with graphs.fresh(seed=1), tf1.Session() as session:
        ours = network(slim, tf1.placeholder(tf.float32, [2, 9, 8, 3], name="x"))
        tf1.train.Saver().restore(session, path)
        np.testing.assert_array_equal(session.run(ours, {"x:0": x}), wanted)


def mixed_7c(s: Any, net: Any) -> Any:
    """Build the slide's module with either package, written from a table."""
    branches: list[list[tuple]] = [
        [("Conv2d_0a_1x1", 320, [1, 1])],
        [("Conv2d_0a_1x1", 384, [1, 1]), ("Conv2d_0b_1x3", "Conv2d_0c_3x1")],
        [
            ("Conv2d_0a_1x1", 448, [1, 1]),
            ("Conv2d_0b_3x3", 384, [3, 3]),
            ("Conv2d_0c_1x3", "Conv2d_0d_3x1"),
        ],
        [("AvgPool_0a_3x3",), ("Conv2d_0b_1x1", 192, [1, 1])],
    ]
    found = []
    with (
        s.arg_scope([s.conv2d, s.max_pool2d, s.avg_pool2d], stride=1, padding="SAME"),
        tf1.variable_scope("Mixed_7c"),
    ):
        for number, layers in enumerate(branches):
            with tf1.variable_scope(f"Branch_{number}"):
                maps = net
                for layer in layers:
                    if len(layer) == 1:
                        maps = s.avg_pool2d(maps, [3, 3], scope=layer[0])
                    elif len(layer) == 2:
                        row = s.conv2d(maps, 384, [1, 3], scope=layer[0])
                        maps = tf1.concat([row, s.conv2d(maps, 384, [3, 1], scope=layer[1])], 3)
                    else:
                        name, depth, size = layer
                        maps = s.conv2d(maps, depth, size, scope=name)
                found.append(maps)
        return tf1.concat(found, axis=3)


def test_the_slides_module_is_tf_slims() -> None:
    """Only the graph: the numbers are compared in lesson 26, with Keras."""
    seen = []
    for build in (inception.mixed_7c, lambda net: mixed_7c(tf_slim, net)):
        with graphs.fresh(seed=1) as graph:
            build(tf1.placeholder(tf.float32, [None, 8, 8, 2048]))
        seen.append(described(graph))
    assert seen[0] == seen[1]
    assert len(seen[0]["variables"]) == 18


# Scopes -----------------------------------------------------------------


def with_scopes(package: Any) -> list[Any]:
    """Go through scopes in scopes, kept scopes and errors; return what the calls got."""

    @package.add_arg_scope
    def first(a: int, b: int = 1, c: int = 2) -> tuple:
        """Give back what came."""
        return "first", a, b, c

    @package.add_arg_scope
    def second(a: int, b: int = 1) -> tuple:
        return "second", a, b

    seen = [first(0), second(0)]
    with package.arg_scope([first, second], b=10) as outer:
        seen += [first(0), second(0), first(0, b=11), first(0, c=12)]
        with package.arg_scope([first], c=20) as inner:
            seen += [first(0), second(0), first(0, b=11)]
            with package.arg_scope((first,), b=None):
                seen += [first(0), second(0)]
            with package.arg_scope(outer):
                seen += [first(0), second(0)]
            seen += [first(0), second(0)]
        seen += [first(0), second(0)]
    seen += [first(0), second(0)]
    with package.arg_scope([second], b=5):
        with package.arg_scope(inner):
            seen += [first(0), second(0)]
            with package.arg_scope([second], b=6):
                seen += [first(0), second(0)]
        seen += [first(0), second(0)]
    try:
        with package.arg_scope(inner):
            raise RuntimeError
    except RuntimeError:
        seen += [first(0), second(0)]
    with package.arg_scope([]), package.arg_scope([first]):
        seen += [first(0), second(0)]
    with package.arg_scope([first], a=30):  # not a default, and yet
        seen += [first(), first(a=1)]
    return [*seen, first.__name__, first.__doc__]


def test_scopes_do_as_tf_slims() -> None:
    ours = with_scopes(slim)
    assert ours == with_scopes(tf_slim)
    assert ("first", 0, 10, 20) in ours


@slim.add_arg_scope
def shape(width: int, height: int = 1, depth: int = 2) -> tuple[int, int, int]:
    return width, height, depth


def test_an_argument_given_by_its_place_wins() -> None:
    with slim.arg_scope([shape], height=10):
        assert shape(0, 11) == (0, 11, 2)
        assert shape(0, depth=5) == (0, 10, 5)
    with slim.arg_scope([slim.max_pool2d], stride=1, padding="SAME"), graphs.fresh():
        assert slim.max_pool2d(tf1.zeros([1, 8, 8, 1]), 2, 2).shape.as_list() == [1, 4, 4, 1]


def test_a_kept_scope_does_not_change_later() -> None:
    with slim.arg_scope([shape], height=10) as kept:
        with slim.arg_scope([shape], height=11, depth=12):
            pass
        assert kept[shape] == {"height": 10}


def test_what_is_wrong_is_named() -> None:
    message = r"^shape has no argument 'lenght'; it has width, height, depth\.$"
    with pytest.raises(TypeError, match=message), slim.arg_scope([shape], lenght=1):
        pass
    assert shape(0) == (0, 1, 2)
    with pytest.raises(TypeError, match="max_pool2d has no argument 'activation_fn'"):
        slim.arg_scope([slim.conv2d, slim.max_pool2d], activation_fn=None).__enter__()
    with pytest.raises(ValueError, match="relu takes no defaults: decorate it"):
        slim.arg_scope([tf1.nn.relu], name="r").__enter__()
    with pytest.raises(ValueError, match="takes no new defaults: height"):
        slim.arg_scope({}, height=1).__enter__()
    with pytest.raises(TypeError, match="takes a list of functions"):
        slim.arg_scope(shape, height=1).__enter__()  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"conv2d\(\) got an unexpected .*'strides'"):
        slim.conv2d(tf1.zeros([1, 4, 4, 1]), 2, 3, strides=2)
    with graphs.fresh():
        flat = tf1.placeholder(tf.float32, [None, 784])
        with pytest.raises(ValueError, match=r"4 axes; the shape is \(None, 784\)"):
            slim.conv2d(flat, 4, 3)
        with pytest.raises(ValueError, match="fully defined"):
            slim.fully_connected(tf1.placeholder(tf.float32, [2, None]), 3)
        with pytest.raises(ValueError, match="flatten has to know"):
            slim.flatten(tf1.placeholder(tf.float32, [2, None, 3]))
    for scale in (1, -0.5):
        with pytest.raises(ValueError, match="scale has to be a float"):
            slim.l2_regularizer(scale)


def test_small_and_without_tf_slim() -> None:
    files = list(Path(slim.__file__).parent.glob("*.py"))
    texts = [file.read_text("utf-8") for file in files]
    assert sum(len(text.splitlines()) for text in texts) <= LIMIT
    assert not any("tf_slim" in text or "setattr(tf" in text for text in texts)
