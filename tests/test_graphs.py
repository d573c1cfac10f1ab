import os
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import tensorflow as tf

from helpers import graphs
from helpers.graphs.layout import layered
from helpers.graphs.lookup import elements
from helpers.graphs.structure import executed, structure

tf1 = tf.compat.v1
W1 = [[-0.81131822, 1.48459876, 0.06532937], [-2.44270396, 0.0992484, 0.59122431]]
Case = tuple[Any, dict[Any, Any]]  # fetches and feeds


def counter() -> dict[str, Any]:
    state = tf1.Variable(0, name="counter")
    new_value = tf1.add(state, tf1.constant(1, name="one"), name="new_value")
    update = tf1.assign(state, new_value, name="update")
    return {"state": state, "new_value": new_value, "update": update}


def network() -> dict[str, Any]:
    x = tf1.placeholder(tf.float32, [None, 2], name="x")
    labels = tf1.placeholder(tf.float32, [None, 1], name="labels")
    w1 = tf1.get_variable("w1", [2, 3])
    w2 = tf1.get_variable("w2", [3, 1])
    hidden = tf1.matmul(x, w1, name="hidden")
    logits = tf1.matmul(hidden, w2, name="logits")
    loss = tf1.reduce_mean(tf1.square(logits - labels), name="loss")
    return {"x": x, "labels": labels, "w1": w1, "w2": w2, "hidden": hidden, "logits": logits,
            "loss": loss}  # fmt: skip


# The fresh graph


def test_a_cell_with_a_fresh_graph_runs_twice() -> None:
    names = []
    for _ in range(2):
        with graphs.fresh():
            names.append(tf1.get_variable("n", [1]).name)
    assert names == ["n:0", "n:0"]


def test_a_fresh_graph_gives_the_figures_of_the_slide() -> None:
    with graphs.fresh():
        w1 = tf1.Variable(tf1.random_normal([2, 3], stddev=1, seed=1))
        with tf1.Session() as session:
            session.run(tf1.global_variables_initializer())
            np.testing.assert_allclose(session.run(w1), W1, rtol=1e-6)


@pytest.mark.parametrize("op_seed", [None, 1])
def test_a_seed_gives_the_same_random_values_again(op_seed: int | None) -> None:
    def values(seed: int) -> list[float]:
        with graphs.fresh(seed=seed), tf1.Session() as session:
            return session.run(tf1.random_normal([4], seed=op_seed)).tolist()

    assert values(1) == values(1) != values(2)


def test_random_numbers_are_drawn_on_the_cpu_and_nothing_else_is_placed() -> None:
    """A GPU draws other numbers from the same seed."""
    with graphs.fresh(seed=1) as graph:
        tf1.get_variable("weights", [2, 3], initializer=tf1.glorot_uniform_initializer())
        tf1.nn.dropout(tf1.truncated_normal([4]) + tf1.random_normal([4]), rate=0.5)
        tf1.random_shuffle(tf1.range(5))
        tf1.random_uniform([3], maxval=9, dtype=tf.int32)
        tf1.multinomial([[0.5, 0.5]], 3)
        with tf1.device("/device:CPU:1"):
            said = tf1.random_normal([1])
    placed = {op for op in graph.get_operations() if op.device == "/device:CPU:0"}
    drawn = {
        op for op in graph.get_operations() if op.op_def.is_stateful and "seed2" in op.node_def.attr
    }
    own = next(op for op in drawn if op.device == "/device:CPU:1")
    assert said.op.device == own.device
    assert placed == drawn - {own}
    assert len(placed) == 7


def test_variables_are_called_and_compared_as_on_the_slide() -> None:
    with graphs.fresh():
        v, v1 = tf1.Variable([1.0], name="v"), tf1.Variable([1.0], name="v")
        assert (v.name, v1.name, v == v1, v == v) == ("v:0", "v_1:0", False, True)
        assert repr(v) == "<tf.Variable 'v:0' shape=(1,) dtype=float32_ref>"
        with tf1.variable_scope("foo"):
            first = tf1.get_variable("v", [1])
            with pytest.raises(ValueError, match="foo/v already exists"):
                tf1.get_variable("v", [1])
        with tf1.variable_scope("foo", reuse=True):
            assert (tf1.get_variable("v", [1]) == first) is True
        with tf1.variable_scope("", reuse=True):
            assert tf1.get_variable("foo/v", [1]) is first


def test_variables_keep_their_style_when_the_graph_is_entered_again() -> None:
    with graphs.fresh() as graph:
        pass
    with graph.as_default():
        assert tf1.Variable(0).op.type == "VariableV2"


def test_a_variable_can_start_from_another_variable() -> None:
    with graphs.fresh(seed=1):
        weights = tf1.Variable(tf1.random_normal([50, 20]), name="weights")
        w2 = tf1.Variable(weights.initialized_value(), name="w2")
        fifth = tf1.Variable(weights.initialized_value() * 0.2, name="w_twice")
        averages = tf1.train.ExponentialMovingAverage(0.9)
        averages.apply([weights])
        with tf1.Session() as session:
            session.run(tf1.global_variables_initializer())
            first, second, third = session.run([weights, w2, fifth])
            average = session.run(averages.average(weights))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_allclose(third, first * np.float32(0.2))
    np.testing.assert_array_equal(first, average)


@pytest.mark.parametrize("error", [None, KeyError("in the cell")])
def test_nothing_leaks_out_of_a_fresh_graph(error: Exception | None) -> None:
    tf.random.set_seed(5)
    before = tf.random.uniform([3]).numpy()
    tf.random.set_seed(5)
    try:
        with graphs.fresh(seed=1) as graph, tf1.Session() as session:
            session.run(tf1.random_normal([2]))
            if error:
                raise error
    except KeyError:
        pass
    assert tf.executing_eagerly()
    assert tf1.get_default_graph() is not graph
    assert tf1.get_default_session() is None
    assert tf1.resource_variables_enabled()
    assert tf1.control_flow_v2_enabled()
    np.testing.assert_array_equal(tf.random.uniform([3]).numpy(), before)
    assert tf.Variable(2.0).numpy() + 1 == 3
    with tf.Graph().as_default():
        assert tf1.Variable(0).op.type == "VarHandleOp"


# What runs, against TensorFlow's own record


def ran(session: Any, fetches: Any, feeds: dict[Any, Any]) -> set[str]:
    """Names of the operations in what TensorFlow handed to its executors."""
    record = tf1.RunMetadata()
    options = tf1.RunOptions(output_partition_graphs=True)
    session.run(fetches, feeds, options=options, run_metadata=record)
    plumbing = {"_Arg", "_Retval", "_Send", "_Recv"}
    return {
        node.name
        for part in record.partition_graphs
        for node in part.node
        if node.op not in plumbing
    }


def unoptimised_session() -> Any:
    config = tf1.ConfigProto()
    config.graph_options.optimizer_options.opt_level = tf1.OptimizerOptions.L0
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    return tf1.Session(config=config)


def counter_case() -> Case:
    return counter()["update"], {}


def variable_case() -> Case:
    return counter()["state"], {}


def initializer_case() -> Case:
    counter()
    return tf1.global_variables_initializer(), {}


def fed_variable_case() -> Case:
    made = counter()
    return made["new_value"], {made["state"].op.outputs[0].consumers()[-1].outputs[0]: 5}


def network_case() -> Case:
    made = network()
    return made["loss"], {made["x"]: [[1.0, 2.0]], made["labels"]: [[1.0]]}


def fed_in_the_middle_case() -> Case:
    made = network()
    return [made["logits"]], {made["hidden"]: [[1.0, 2.0, 3.0]]}


def fetched_and_fed_case() -> Case:
    made = network()
    return {"h": made["hidden"], "w": made["w2"]}, {made["hidden"]: [[1.0, 2.0, 3.0]]}


def training_case() -> Case:
    made = network()
    train = tf1.train.AdamOptimizer(0.1).minimize(made["loss"])
    return train, {made["x"]: [[1.0, 2.0]], made["labels"]: [[1.0]]}


def control_case() -> Case:
    made = counter()
    with tf1.control_dependencies([made["update"]]):
        after = tf1.identity(tf1.constant(7, name="seven"), name="after")
    tf1.multiply(after, 2, name="not_run")
    return after, {}


def fed_control_case() -> Case:
    x = tf1.placeholder_with_default(3.0, [], name="x")
    waits = tf1.placeholder(tf.float32, [], name="waits")
    with tf1.control_dependencies([x, waits]):
        after = tf1.constant(1.0, name="after")
    return after, {x: 1.0, waits: 2.0}


def one_of_two_outputs_case() -> Case:
    left, right = tf1.split(tf1.constant([1.0, 2.0], name="both"), 2, name="split")
    return tf1.add(left, right, name="sum"), {left: [5.0]}


def resource_case() -> Case:
    with tf1.variable_scope("modern", use_resource=True):
        state = tf1.get_variable("v", [2])
        return tf1.assign_add(state, [1.0, 1.0]), {}


def initialized_value_case() -> Case:
    weights = tf1.Variable(tf1.random_normal([2, 3]), name="weights")
    twice = tf1.Variable(weights.initialized_value() * 2.0, name="twice")
    return twice.initializer, {}


def condition_case() -> Case:
    x = tf1.placeholder(tf.float32, [], name="x")
    return tf1.cond(x > 0, lambda: x * 2, lambda: x * 3), {x: 1.0}


def loop_case() -> Case:
    start = tf1.constant(0, name="start")
    return tf1.while_loop(lambda i: i < 3, lambda i: i + 1, [start]), {}


CASES = [
    counter_case, variable_case, initializer_case, fed_variable_case, network_case,
    fed_in_the_middle_case, fetched_and_fed_case, training_case, control_case, fed_control_case,
    one_of_two_outputs_case, resource_case, initialized_value_case,
    condition_case, loop_case,
]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_said_to_run_is_what_tensorflow_runs(case: Callable[[], Case]) -> None:
    with graphs.fresh() as graph:
        fetches, feeds = case()
        init = tf1.global_variables_initializer()
        fetched = elements(graph, fetches, "fetch")
        fed = elements(graph, list(feeds), "feed")
        said = executed(fetched, fed)
        with unoptimised_session() as session:
            session.run(init)
            assert said == ran(session, fetches, feeds)

        detailed, _ = structure(graph, None, fetched, fed, detail=True)
        assert {node.name for node in detailed if node.runs} == said


# Nodes and edges


def names_that_run(graph: tf.Graph, fetches: Any, feeds: Any = ()) -> set[str]:
    fetched, fed = elements(graph, fetches, "fetch"), elements(graph, feeds, "feed")
    return {node.name for node in structure(graph, None, fetched, fed)[0] if node.runs}


def test_the_counter_is_drawn_as_a_learner_thinks_of_it() -> None:
    with graphs.fresh() as graph:
        counter()
        nodes, edges = structure(graph)
    assert [(node.name, node.kind) for node in nodes] == [
        ("counter", "variable"),
        ("one", "constant"),
        ("new_value", "operation"),
        ("update", "operation"),
    ]
    assert {(edge.source, edge.target, edge.kind, edge.label) for edge in edges} == {
        ("counter", "new_value", "data", "() int32"),
        ("one", "new_value", "data", "() int32"),
        ("new_value", "update", "data", "() int32"),
        ("counter", "update", "write", "writes"),
    }


def test_a_collapsed_variable_says_when_it_is_initialized() -> None:
    with graphs.fresh() as graph:
        made = counter()
        init = tf1.global_variables_initializer()
        assert "[runs, initialized]" in repr(graphs.draw(graph, fetches=init))
        assert "initialized" not in repr(graphs.draw(graph, fetches=made["update"]))
        assert names_that_run(graph, init) == {"counter", "init"}
        assert names_that_run(graph, made["state"]) == {"counter"}


def test_a_variable_that_starts_from_another_hangs_on_it_alone() -> None:
    with graphs.fresh() as graph:
        weights = tf1.Variable(tf1.random_normal([2, 3]), name="weights")
        tf1.Variable(weights.initialized_value() * 0.2, name="w_twice")
        nodes, edges = structure(graph)
    assert [node.name for node in nodes] == ["weights", "w_twice"]
    assert [(edge.source, edge.target) for edge in edges] == [("weights", "w_twice")]


def test_an_initial_value_is_shown_where_it_matters() -> None:
    with graphs.fresh() as graph:
        shared = tf1.constant(1.0, name="shared")
        tf1.Variable(shared, name="a")
        tf1.Variable(shared, name="b")
        alone = tf1.constant(2.0, name="alone")
        tf1.Variable(alone, name="c")
        assert {node.name for node in structure(graph)[0]} == {"shared", "a", "b", "c"}
        assert names_that_run(graph, alone) == {"alone"}


@pytest.mark.parametrize("optimizer", ["Adam", "Momentum", "GradientDescent"])
@pytest.mark.parametrize("use_resource", [False, True])
def test_training_is_summarised(optimizer: str, use_resource: bool) -> None:
    with graphs.fresh() as graph, tf1.variable_scope("", use_resource=use_resource):
        made = network()
        given = {"momentum": 0.9} if optimizer == "Momentum" else {}
        train = getattr(tf1.train, f"{optimizer}Optimizer")(0.1, **given).minimize(made["loss"])
        nodes, edges = structure(graph, None, [train])
    summaries = [node.name for node in nodes if node.kind == "summary"]
    assert summaries == ["gradients", optimizer]
    assert [node.name for node in nodes if node.kind == "variable"] == ["w1", "w2"]
    writes = {(edge.source, edge.target) for edge in edges if edge.kind == "write"}
    assert writes == {("w1", optimizer), ("w2", optimizer)}
    assert not next(node for node in nodes if node.name == "loss").runs


def test_an_edge_is_dashed_for_a_control_dependency_only() -> None:
    with graphs.fresh() as graph:
        one = tf1.constant(1, name="one")
        with tf1.control_dependencies([one]):
            two = tf1.constant(2, name="two")
        _, edges = structure(graph)
        dashes = 'stroke-dasharray="5 4"'
        assert [(edge.source, edge.target, edge.kind) for edge in edges] == [
            ("one", "two", "control")
        ]
        assert graphs.draw(two).svg.count(dashes) == 2  # the arrow and the key
        assert dashes not in graphs.draw(tf1.add(one, one)).svg


def test_a_placeholder_without_its_feed_is_marked() -> None:
    with graphs.fresh() as graph:
        made = network()
        assert "x: Placeholder [runs, must be fed]" in repr(graphs.draw(graph, made["hidden"]))
        fed = graphs.draw(graph, made["hidden"], feeds={made["x"]: [[1.0, 2.0]]})
        assert "x: Placeholder [fed]" in repr(fed)
        assert "labels: Placeholder\n" in repr(fed)


def test_tensors_are_drawn_with_what_they_need_and_no_more() -> None:
    with graphs.fresh():
        made = network()
        assert "loss" not in repr(graphs.draw(made["hidden"]))
        assert repr(graphs.draw([made["hidden"]])) == repr(graphs.draw(made["hidden"]))


# The drawing


def test_a_drawing_leaves_its_graph_alone_and_needs_no_context() -> None:
    with graphs.fresh() as graph:
        made = network()
        tf1.get_variable("modern", [1], use_resource=True)
        tf1.train.AdamOptimizer(0.1).minimize(made["loss"])
        inside = graphs.draw(graph, fetches=made["loss"]).svg
    before = graph.as_graph_def().SerializeToString(deterministic=True)
    assert graphs.draw(graph, fetches=made["loss"]).svg == inside
    assert graph.as_graph_def().SerializeToString(deterministic=True) == before
    assert tf.executing_eagerly()


def test_what_does_not_run_is_pale_and_what_runs_is_not() -> None:
    with graphs.fresh() as graph:
        made = network()
        picture = ElementTree.fromstring(graphs.draw(graph, fetches=made["hidden"]).svg)
    svg = "{http://www.w3.org/2000/svg}"
    thick = {}
    for group in picture.iter(f"{svg}g"):
        if (title := group.find(f"{svg}title")) is not None:
            outline = group[1]
            thick[str(title.text).split(":")[0]] = outline.get("stroke-width") == "3"
    assert {name for name, is_thick in thick.items() if is_thick} == {"x", "w1", "hidden"}
    assert {"labels", "w2", "logits", "loss"} <= thick.keys()


def test_the_picture_says_in_words_what_it_shows() -> None:
    with graphs.fresh():
        drawing = graphs.draw(tf1.constant([1.0], name="a_b_c"))
    root = ElementTree.fromstring(drawing.svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "Graph of 1 node. a_b_c: Const = [1.0]"
    assert [child.text for child in root[:2]] == ["Graph of 1 node.", repr(drawing)]
    assert drawing._repr_svg_() == drawing.svg


def test_strings_in_a_graph_do_not_break_the_picture() -> None:
    with graphs.fresh():
        drawing = graphs.draw(tf1.strings.join([tf1.constant('<&">'), "b"]))
    ElementTree.fromstring(drawing.svg)


def test_the_same_graph_gives_the_same_bytes_in_every_process() -> None:
    program = (
        "import tensorflow as tf; from helpers import graphs; tf1 = tf.compat.v1\n"
        "with graphs.fresh() as graph:\n"
        "    w = tf1.Variable(tf1.random_normal([2, 3]), name='w')\n"
        "    tf1.Variable(w.initialized_value(), name='w2')\n"
        "    loss = tf1.reduce_sum(tf1.square(w))\n"
        "    train = tf1.train.AdamOptimizer(0.1).minimize(loss)\n"
        "    init = tf1.global_variables_initializer()\n"
        "    print(graphs.draw(graph, fetches=train).svg)\n"
        "    print(graphs.draw(graph, fetches=train, detail=True).svg)\n"
    )
    pictures = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed, "TF_CPP_MIN_LOG_LEVEL": "3"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(pictures) == 1
    picture = pictures.pop().decode()
    assert len(picture) > 5000
    assert not re.search(r'0x[0-9a-f]{6}| d="[^"]*\.', picture)  # no address, whole coordinates


@pytest.mark.parametrize("build", [counter, *CASES])
@pytest.mark.parametrize("detail", [False, True])
def test_nothing_is_drawn_over_a_node(build: Callable[[], Any], detail: bool) -> None:
    with graphs.fresh() as graph:
        build()
        nodes, edges = structure(graph, detail=detail)
        graphs.draw(graph, detail=detail)
    number = {node.name: i for i, node in enumerate(nodes)}
    sizes = [(8 * len(node.name) // 2 * 2 + 40, 40 + 2 * (i % 7)) for i, node in enumerate(nodes)]
    pairs = [(number[edge.source], number[edge.target]) for edge in edges]
    centres, routes, _ = layered(sizes, pairs, [7 * len(edge.label) for edge in edges])

    boxes = [
        (x - width // 2, y - height // 2, x + width // 2, y + height // 2)
        for (x, y), (width, height) in zip(centres, sizes, strict=True)
    ]
    for i, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert top >= 0
        for other_left, other_top, other_right, other_bottom in boxes[:i]:
            apart = left >= other_right or other_left >= right
            assert apart or top >= other_bottom or other_top >= bottom
        for (source, target), route in zip(pairs, routes, strict=True):
            for (x1, y1), (x2, y2) in pairwise(route):
                passes = max(y1, y2) > top and min(y1, y2) < bottom
                if passes and i not in (source, target):
                    assert x1 == x2 or not (min(x1, x2) < right and max(x1, x2) > left)
                    assert not left < x1 < right


# What cannot be drawn


def test_what_cannot_be_drawn_is_refused_in_one_clear_line() -> None:
    with graphs.fresh() as other:
        stranger = tf1.constant(1.0, name="stranger")
    with graphs.fresh() as graph:
        made = network()
    eager, variable = tf.constant(1.0), tf.Variable(1.0)
    refused: list[tuple[type[Exception], str, tuple[Any, ...], dict[str, Any]]] = [
        (ValueError, "graph is empty", (tf.Graph(),), {}),
        (ValueError, "list of tensors is empty", ([],), {}),
        (ValueError, "different graphs", ([stranger, made["loss"]],), {}),
        (TypeError, "eager tensor belongs to no graph", (eager,), {}),
        (TypeError, "eager variable belongs to no graph", (variable,), {}),
        (TypeError, "object of type str belongs to no graph", ("loss:0",), {}),
        (ValueError, "fetch 'stranger:0' is not in this graph", (graph,), {"fetches": stranger}),
        (ValueError, "fetch 'los' is not in this graph", (graph,), {"fetches": "los"}),
        (ValueError, "fetch 'loss:3' is not in this graph", (graph, ["loss:3"]), {}),
        (TypeError, "eager tensor belongs to no graph, so", (graph, eager), {}),
        (TypeError, "eager variable belongs to no graph, so", (graph, variable), {}),
        (TypeError, "object of type int belongs to no graph, so", (graph, 3), {}),
        (ValueError, "feed 'stranger:0' is not in", (graph, "loss"), {"feeds": {stranger: 1.0}}),
        (ValueError, "feed 'loss' is not in this graph", (graph, "loss"), {"feeds": ["loss"]}),
    ]
    for error, message, arguments, options in refused:
        with pytest.raises(error, match=message) as caught:
            graphs.draw(*arguments, **options)
        assert "\n" not in str(caught.value)
        assert "0x" not in str(caught.value)
    assert other.get_operations()


def test_a_tensor_that_must_not_be_fed_is_refused() -> None:
    with graphs.fresh() as graph:
        made = network()
        graph.prevent_feeding(made["hidden"])
        with pytest.raises(ValueError, match="'hidden:0' cannot be fed"):
            graphs.draw(graph, made["loss"], feeds=[made["hidden"]])


def test_the_helpers_are_imported_without_tensorflow() -> None:
    program = "import helpers, sys; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
