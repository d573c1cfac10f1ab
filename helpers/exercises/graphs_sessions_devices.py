"""Exercises of lesson 03, graphs, sessions and devices."""

import contextlib
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import tensorflow as tf

from helpers import graphs
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import graphs_sessions_devices as probes

tf1 = tf.compat.v1

__all__ = ["hint", "in_order", "needed_by", "predict_traces", "run_in_session"]


def _run_in_session(build: Callable) -> Any:
    with tf.Graph().as_default():
        fetches = build()
        with tf1.Session() as session:
            return session.run(fetches)


def never_closed(build: Callable) -> Any:
    """Your session stays open: a `with` block would close it when the block is left."""
    with tf.Graph().as_default():
        return tf1.Session().run(build())


def closed_if_all_goes_well(build: Callable) -> Any:
    """An error in the run skips your `session.close()`, so the session stays open.

    A `with` block, or `try` and `finally`, closes it on every way out.
    """
    with tf.Graph().as_default():
        fetches = build()
        session = tf1.Session()
        result = session.run(fetches)
        session.close()
        return result


def opened_too_early(build: Callable) -> Any:
    """If `build` itself raises, your session stays open: you open it before you are safe from that.

    Let the `with` block, or the `try`, begin with the session.
    """
    with tf.Graph().as_default() as graph:
        session = tf1.Session(graph=graph)
        fetches = build()
        try:
            return session.run(fetches)
        finally:
            session.close()


def error_swallowed(build: Callable) -> Any:
    """You catch the error and return None, so that the caller takes the run for a success.

    Close the session, and let the error through.
    """
    try:
        return _run_in_session(build)
    except Exception:
        return None


def built_in_the_callers_graph(build: Callable) -> Any:
    """You build in whatever graph is the default, and leave your nodes in it.

    Open a new graph first: `with tf.Graph().as_default():`.
    """
    with tf1.Session() as session:
        return session.run(build())


def session_of_another_graph(build: Callable) -> Any:
    """Your session does not run the graph that you have built.

    Without `graph=` a session takes the graph that is the default where it is opened: open it
    inside the graph's `with` block, or pass the graph.
    """
    with tf.Graph().as_default():
        fetches = build()
    with tf1.Session() as session:
        return session.run(fetches)


def built_outside(build: Callable) -> Any:
    """You call `build` outside of your new graph's `with` block, so that this graph stays empty.

    `tf.Graph()` alone makes a graph; `with graph.as_default():` makes it the one to build in.
    """
    graph = tf.Graph()
    fetches = build()
    with tf1.Session(graph=graph) as session:
        return session.run(fetches)


def default_graph_reset(build: Callable) -> Any:
    """`tf1.reset_default_graph()` throws the caller's graph away; your function has to leave it.

    Open a new graph beside it: `with tf.Graph().as_default():`.
    """
    tf1.reset_default_graph()
    with tf1.Session() as session:
        return session.run(build())


def error_of_the_run_swallowed(build: Callable) -> Any:
    """You catch TensorFlow's error and return None: the caller takes the run for a success.

    Close the session, and let the error through.
    """
    try:
        return _run_in_session(build)
    except tf.errors.OpError:
        return None


def error_replaced(build: Callable) -> Any:
    """You raise an error of your own in place of the run's; the caller is to get that one.

    A `with` block closes the session, and lets the error through as it is.
    """
    try:
        return _run_in_session(build)
    except tf.errors.OpError:
        raise RuntimeError("the run has failed") from None


def list_fetched(build: Callable) -> Any:
    """You run a list with one entry, and get a list of one value: leave the brackets out."""
    return [_run_in_session(build)]


def built_and_not_run(build: Callable) -> Any:
    """You return what `build` has built, and nothing has been run: pass it to `session.run`."""
    with tf.Graph().as_default():
        fetches = build()
        with tf1.Session():
            return fetches


def build_not_called(build: Callable) -> Any:
    """You hand the function `build` to the session, and nobody calls it.

    The parentheses are missing: `build()` builds the nodes, and returns what is to be fetched.
    """
    with tf.Graph().as_default():
        fetches = build
        with tf1.Session() as session:
            return session.run(fetches)


def one_graph_for_all(build: Callable) -> Any:
    """Your graph is made once, outside of the function, so that each call adds to what is there.

    Make the new graph inside the function: `with tf.Graph().as_default():` in its first line.
    """
    with tf.Graph().as_default():
        tf.constant(0)  # what an earlier call has built
        with tf1.Session() as session:
            return session.run(build())


def built_twice(build: Callable) -> Any:
    """You call `build` twice, and so have every node twice: keep what the first call returns."""
    with tf.Graph().as_default():
        build()
        with tf1.Session() as session:
            return session.run(build())


def a_run_for_each_tensor(build: Callable) -> Any:
    """You run the tensors of a list or dict one at a time, and each run computes all anew.

    Random numbers then differ from tensor to tensor. `session.run` takes a whole list or dict.
    """
    with tf.Graph().as_default(), tf1.Session() as session:
        fetches = build()
        if isinstance(fetches, dict):
            return {name: session.run(tensor) for name, tensor in fetches.items()}
        if isinstance(fetches, list):
            return [session.run(tensor) for tensor in fetches]
        return session.run(fetches)


def run_and_close_finally(build: Callable) -> Any:
    """Close by hand, on every way out."""
    graph = tf.Graph()
    session = tf1.Session(graph=graph)
    try:
        with graph.as_default():
            return session.run(build())
    finally:
        session.close()


def run_in_fresh_graph(build: Callable) -> Any:
    """Use the course's fresh graph, and a session that is closed by `contextlib`."""
    with graphs.fresh(), contextlib.closing(tf1.InteractiveSession()) as session:
        return session.run(build())


def _random_build(rng: np.random.Generator) -> tuple:
    a, b = rng.integers(1, 99, size=(2, 3)).tolist()
    return (f"lambda: [tf.add({a}, {b}), tf.subtract({a}, {b})]",)


run_in_session = Exercise(
    name="run_in_session",
    lesson="03_graphs_sessions_devices",
    reference=_run_in_session,
    probe=probes.run_in_session,
    parts=[
        Part(
            "a run that succeeds",
            points=1,
            cases=[
                ("lambda: tf.add([1, 2, 3], [2, 3, 5])",),
                ("lambda: {'sum': tf.add(1.0, 2.0), 'product': tf.multiply(3, 4)}",),
                # One run draws once, two runs draw twice.
                ("lambda: [tf.random.uniform([2], seed=3)] * 2",),
            ],
            random_case=_random_build,
        ),
        Part(
            "runs of which some fail",
            points=1,
            cases=[
                ("lambda: tf.math.floordiv(12, 0)",),
                ("lambda: tf.constant(12 // 0)",),
                ("lambda: tf.math.floordiv(12, 5)",),
                ("lambda: tf.math.floordiv(12, 7)",),
            ],
        ),
    ],
    misconceptions=[
        never_closed,
        closed_if_all_goes_well,
        opened_too_early,
        error_swallowed,
        built_in_the_callers_graph,
        session_of_another_graph,
        built_and_not_run,
        build_not_called,
        one_graph_for_all,
        built_twice,
        built_outside,
        default_graph_reset,
        error_of_the_run_swallowed,
        error_replaced,
        list_fetched,
        a_run_for_each_tensor,
    ],
    also_right=[run_and_close_finally, run_in_fresh_graph],
    hints=[
        "Two things are opened here, a graph and a session. Each has a form with `with`, which "
        "cleans up on every way out.",
        "`with tf.Graph().as_default():` makes a new graph the default inside the block; call "
        "`build` there, and keep what it returns.",
        "A session that is opened inside that block belongs to that graph: `with tf1.Session() as "
        "session:`, and in it return the result of the run.",
    ],
)


def _needed_by(fetch: Any, graph: Any = None) -> list[str]:
    # The second parameter names the second argument of a case; the probe builds that graph.
    waiting, found = [getattr(fetch, "op", fetch)], {}
    while waiting:
        op = waiting.pop()
        if op.name not in found:
            found[op.name] = op
            waiting += [tensor.op for tensor in op.inputs] + list(op.control_inputs)
    return sorted(found)


def control_inputs_forgotten(fetch: Any) -> list[str]:
    """You follow the inputs only.

    A control input hands over no value, and still has to be executed first: follow
    `op.control_inputs`, too.
    """
    waiting, found = [getattr(fetch, "op", fetch)], {}
    while waiting:
        op = waiting.pop()
        if op.name not in found:
            found[op.name] = op
            waiting += [tensor.op for tensor in op.inputs]
    return sorted(found)


def data_inputs_forgotten(fetch: Any) -> list[str]:
    """You follow the control inputs only; the inputs that hand over a value are in `op.inputs`."""
    waiting, found = [getattr(fetch, "op", fetch)], {}
    while waiting:
        op = waiting.pop()
        if op.name not in found:
            found[op.name] = op
            waiting += op.control_inputs
    return sorted(found)


def _walk(fetch: Any, waits: Callable[[Any, bool], Sequence[Any]], goes_on: bool) -> list[str]:
    """Follow the inputs; `waits(op, first)` are the control inputs that are noted as well."""
    op = getattr(fetch, "op", fetch)
    waiting = [op]
    found: set[str] = set()
    noted: set[str] = set()
    while waiting:
        op = waiting.pop()
        if op.name in found:
            continue
        after = waits(op, not found)
        found.add(op.name)
        noted |= {other.name for other in after}
        waiting += [tensor.op for tensor in op.inputs] + (list(after) if goes_on else [])
    return sorted(found | noted)


def control_inputs_of_the_fetch_only(fetch: Any) -> list[str]:
    """You follow the control inputs of the fetch, and not those of the operations before it.

    Treat each operation that you come to like the first.
    """
    return _walk(fetch, lambda op, first: op.control_inputs if first else [], goes_on=True)


def control_inputs_not_followed(fetch: Any) -> list[str]:
    """You note an operation's control inputs, and do not go on from them.

    They have inputs of their own, which run as well.
    """
    return _walk(fetch, lambda op, first: op.control_inputs, goes_on=False)


def operation_asked_for_its_op(fetch: Any) -> list[str]:
    """You ask an operation for its `op`; only a tensor has one, and `fetch` may be either.

    `isinstance(fetch, tf.Operation)` tells them apart.
    """
    return _needed_by(fetch.op)


def first_input_only(fetch: Any) -> list[str]:
    """You follow the first input of each operation; it needs all its inputs: loop over them."""
    waiting, found = [getattr(fetch, "op", fetch)], {}
    while waiting:
        op = waiting.pop()
        if op.name not in found:
            found[op.name] = op
            waiting += [tensor.op for tensor in op.inputs[:1]] + list(op.control_inputs)
    return sorted(found)


def one_step_back(fetch: Any) -> list[str]:
    """You list what the fetch itself takes in; these operations need inputs of their own.

    Go on, from each operation that you find, until nothing new turns up.
    """
    op = getattr(fetch, "op", fetch)
    before = [tensor.op for tensor in op.inputs] + list(op.control_inputs)
    return sorted({op.name} | {other.name for other in before})


def fetch_left_out(fetch: Any) -> list[str]:
    """The fetched operation is missing from your list: it is executed as well."""
    return [name for name in _needed_by(fetch) if name != getattr(fetch, "op", fetch).name]


def whole_graph(fetch: Any) -> list[str]:
    """You list the whole graph; a run leaves alone what its fetch does not depend on."""
    return sorted(op.name for op in fetch.graph.get_operations())


def wrong_direction(fetch: Any) -> list[str]:
    """You walk downwards, to what is computed *from* the fetch.

    A run needs what lies upwards, the inputs.
    """
    waiting, found = [getattr(fetch, "op", fetch)], {}
    while waiting:
        op = waiting.pop()
        if op.name not in found:
            found[op.name] = op
            waiting += [user for tensor in op.outputs for user in tensor.consumers()]
    return sorted(found)


def listed_again(fetch: Any) -> list[str]:
    """Your list has names more than once, because several ways lead to the same operation.

    Remember what you have seen, and do not go there again.
    """

    def walk(op: Any, path: tuple) -> list[str]:
        if op.name in path:
            return []
        before = [tensor.op for tensor in op.inputs] + list(op.control_inputs)
        return [op.name] + [name for one in before for name in walk(one, (*path, op.name))]

    return sorted(walk(getattr(fetch, "op", fetch), ()))


def names_of_tensors(fetch: Any) -> list[str]:
    """You list names of tensors, which end in `:0`.

    What a run executes are operations: `tensor.op.name` is the name without the end.
    """
    return [f"{name}:0" for name in _needed_by(fetch)]


def a_set_of_names(fetch: Any) -> set[str]:
    """You return a set, which has no order: `sorted` makes a sorted list of it."""
    return set(_needed_by(fetch))


def operations_themselves(fetch: Any) -> list[Any]:
    """Your list holds the operations; their names were asked for: `op.name`."""
    op = getattr(fetch, "op", fetch)
    return [op.graph.get_operation_by_name(name) for name in _needed_by(fetch)]


def not_sorted(fetch: Any) -> list[str]:
    """Your list is in the order in which you found or built the operations, not in that of names.

    `sorted` makes a sorted list of any collection.
    """
    return _needed_by(fetch)[::-1]


def needed_by_recursion(fetch: Any) -> list[str]:
    """Let a function call itself, and share one set."""
    seen: set[str] = set()

    def visit(op: Any) -> None:
        if op.name not in seen:
            seen.add(op.name)
            for before in [*op.control_inputs, *(tensor.op for tensor in op.inputs)]:
                visit(before)

    visit(fetch if isinstance(fetch, tf.Operation) else fetch.op)
    return sorted(seen)


def needed_by_the_graphs_text(fetch: Any) -> tuple[str, ...]:
    """Read the graph as the text that is sent to a session, and add until nothing is new."""
    inputs = {
        node.name: {name.removeprefix("^").split(":")[0] for name in node.input}
        for node in fetch.graph.as_graph_def().node
    }
    found: set[str] = set()
    grown = {fetch.name.split(":")[0]}
    while grown != found:
        found = grown
        grown = found.union(*(inputs[name] for name in found))
    return tuple(sorted(found))


def _random_graph(control: bool) -> Callable[[np.random.Generator], tuple]:
    def case(rng: np.random.Generator) -> tuple:
        names = rng.permutation([f"n{i}" for i in range(8)]).tolist()
        graph: dict[str, list[str]] = {names[0]: [], names[1]: []}
        for i, name in enumerate(names[2:], start=2):
            before = rng.permutation(names[:i]).tolist()
            graph[name] = sorted(before[: rng.integers(1, 3)])
            if control:
                graph[name].append("^" + before[-1])
        return f"{names[rng.integers(5, 8)]}" + ":0" * int(rng.integers(2)), graph

    return case


# In the order of building, which is not that of the names.
_DIAMOND = {"f": [], "b": ["f"], "a": ["f"], "d": ["b", "a"], "c": ["d"], "e": ["b"]}
# Deeper than the others, and with a scope in its names.
_CHAIN = {
    "a": [],
    "s/b": ["a"],
    "c": ["s/b"],
    "s/d": ["c"],
    "e": ["s/d"],
    "s/f": ["e"],
    "b": ["s/f"],
}
_ORDERED = {"f": [], "b": [], "c": ["b"], "a": ["f", "^c"], "e": ["^a"], "d": ["f", "^e"]}

needed_by = Exercise(
    name="needed_by",
    lesson="03_graphs_sessions_devices",
    reference=_needed_by,
    probe=probes.needed_by,
    parts=[
        Part(
            "inputs",
            points=1,
            cases=[("d:0", _DIAMOND), ("c", _DIAMOND), ("e:0", _DIAMOND), ("s/f:0", _CHAIN)],
            random_case=_random_graph(control=False),
        ),
        Part(
            "control inputs",
            points=1,
            cases=[("a:0", _ORDERED), ("e", _ORDERED), ("c:0", _ORDERED)],
            random_case=_random_graph(control=True),
        ),
    ],
    misconceptions=[
        control_inputs_forgotten,
        data_inputs_forgotten,
        one_step_back,
        fetch_left_out,
        whole_graph,
        wrong_direction,
        listed_again,
        names_of_tensors,
        a_set_of_names,
        operations_themselves,
        not_sorted,
        control_inputs_of_the_fetch_only,
        control_inputs_not_followed,
        operation_asked_for_its_op,
        first_input_only,
    ],
    also_right=[needed_by_recursion, needed_by_the_graphs_text],
    forbidden={
        name: "The exercise is to walk through the graph yourself; this function is the answer."
        for name in [
            "helpers.graphs.structure.executed",
            "tensorflow.compat.v1.graph_util.extract_sub_graph",
        ]
    },
    hints=[
        "Keep two things: the operations that you still have to look at, and the names that you "
        "have seen. At the beginning only the fetched operation waits.",
        "Take one operation out of the list. If its name is new, note it, and put what it depends "
        "on into the list: the operations of its inputs, and its control inputs.",
        "`while waiting:` goes on until the list is empty, and its `pop()` takes one out. Add "
        "twice to it: tensor.op for each tensor in op.inputs, and op.control_inputs.",
    ],
)


def _in_order(steps: Sequence[Callable]) -> Any:
    done = tf.no_op()
    for step in steps:
        with tf.control_dependencies([done]):
            done = step()
    return tf.group(done)


def no_order(steps: Sequence[Callable]) -> Any:
    """A run executes all your steps, and in any order.

    `tf.group` waits for all and orders nothing, and a node that was built *before* a
    `control_dependencies` block does not wait, whatever stands in the block. Call each step inside
    such a block.
    """
    return tf.group(*[step() for step in steps])


def only_the_last(steps: Sequence[Callable]) -> Any:
    """A run of what you return executes the last step only: nothing ties the others to it.

    A node that was built *before* a `control_dependencies` block does not wait, whatever stands in
    the block: call each step inside such a block.
    """
    return [step() for step in steps][-1]


def backwards(steps: Sequence[Callable]) -> Any:
    """Your order is turned round: the first step of the list has to be finished first."""
    return _in_order(list(steps)[::-1])


def all_after_the_first(steps: Sequence[Callable]) -> Any:
    """All the others wait for the first step, and not for each other.

    Each step has to wait for the one just before it.
    """
    first, *others = steps
    with tf.control_dependencies([first()]):
        return tf.group(*[step() for step in others])


def last_after_the_first(steps: Sequence[Callable]) -> Any:
    """All the others wait for the first step, and a run of the last leaves out those between.

    Each step has to wait for the one just before it.
    """
    node = first = steps[0]()
    with tf.control_dependencies([first]):
        for step in steps[1:]:
            node = step()
    return node


def all_before_the_last(steps: Sequence[Callable]) -> Any:
    """Your last step waits for all the others, and these have no order among themselves."""
    *others, last = steps
    with tf.control_dependencies([step() for step in others]):
        return last()


def only_the_last_node_waits(steps: Sequence[Callable]) -> Any:
    """Only the last node of a step waits; its other nodes may run at any time.

    Call the step inside the `control_dependencies` block: then all that it builds waits.
    """
    done = None
    for step in steps:
        node = step()
        operation = getattr(node, "op", node)
        if done is not None:
            operation._add_control_input(done)
        done = operation
    return node


def one_after_another_at_the_end(steps: Sequence[Callable]) -> Any:
    """Your blocks come too late: the last steps run, and the nodes in them were built before.

    A block applies to the nodes that are built inside it. Call each step inside a block that waits
    for the step before.
    """
    done = [step() for step in steps]
    for before, node in pairwise(done):
        with tf.control_dependencies([before]):
            result = tf.group(node)
    return result if len(done) > 1 else done[0]


def first_returned(steps: Sequence[Callable]) -> Any:
    """You return the first step, and a run of it stops there: return the last one."""
    first = done = steps[0]()
    for step in steps[1:]:
        with tf.control_dependencies([done]):
            done = step()
    return first


def a_list_of_all(steps: Sequence[Callable]) -> Any:
    """You return a list; one operation or tensor was asked for. The last step needs all others."""
    with tf.control_dependencies([]):
        return [step() for step in steps]


def op_of_a_step(steps: Sequence[Callable]) -> Any:
    """You ask what a step returns for its `op`; that may be an operation, which has none.

    `tf.control_dependencies` takes operations and tensors as they are.
    """
    done = steps[0]()
    for step in steps[1:]:
        with tf.control_dependencies([done.op]):
            done = step()
    return done


def called_twice(steps: Sequence[Callable]) -> Any:
    """You call a step once to build it and once more to wait for it, and so it is built twice.

    Keep what the first call returns, and wait for that.
    """
    done = steps[0]()
    for before, step in pairwise(steps):
        with tf.control_dependencies([before()]):
            done = step()
    return done


def in_order_by_nesting(steps: Sequence[Callable]) -> Any:
    """Stay inside all blocks, so that each step waits for all that came before."""
    with contextlib.ExitStack() as blocks:
        for step in steps:
            done = step()
            blocks.enter_context(tf.control_dependencies([done]))
        return tf.no_op()


def in_order_by_recursion(steps: Sequence[Callable]) -> Any:
    """Build all but the last first, by the same rule."""
    if len(steps) == 1:
        return steps[0]()
    with tf1.get_default_graph().control_dependencies([in_order_by_recursion(steps[:-1])]):
        return steps[-1]()


def _random_steps(rng: np.random.Generator) -> tuple:
    return (rng.permutation(list("abcdefgh"))[: rng.integers(3, 6)].tolist(),)


in_order = Exercise(
    name="in_order",
    lesson="03_graphs_sessions_devices",
    reference=_in_order,
    probe=probes.in_order,
    parts=[
        Part(
            "any number of steps",
            points=2,
            cases=[(["a", "b"],), (["c", "a", "d", "b"],), (["a"],)],
            random_case=_random_steps,
        )
    ],
    misconceptions=[
        no_order,
        only_the_last,
        backwards,
        all_after_the_first,
        all_before_the_last,
        only_the_last_node_waits,
        one_after_another_at_the_end,
        first_returned,
        a_list_of_all,
        last_after_the_first,
        op_of_a_step,
        called_twice,
    ],
    also_right=[in_order_by_nesting, in_order_by_recursion],
    hints=[
        "A node waits if it is *built* inside `with tf.control_dependencies([...]):`. That is why "
        "you are given functions: you decide where to call them.",
        "Go through the steps with a for loop, and keep the node that the last call returned.",
        "Before the first step there is nothing to wait for: begin with `[]`, or with "
        "`tf.no_op()`. After the loop, the last node needs all the others.",
    ],
)


def _predict_traces(arguments: Sequence[Any]) -> int:
    keys = [
        ("tensor", argument.dtype, argument.shape)
        if isinstance(argument, np.ndarray)
        else ("Python", argument)
        for argument in arguments
    ]
    return len(set(keys))


def at_every_call(arguments: Sequence[Any]) -> int:
    """You count every call; a call with a key that was traced before reuses that graph."""
    return len(arguments)


def only_once(arguments: Sequence[Any]) -> int:
    """You count one trace for all these calls; there is one for each kind of argument.

    An array's kind is its dtype with its shape, and each value of a Python number is a kind.
    """
    return 1


def dtype_ignored(arguments: Sequence[Any]) -> int:
    """You count one trace for all arrays of a shape; another dtype needs a graph of its own."""
    return len({a.shape if isinstance(a, np.ndarray) else (None, a) for a in arguments})


def shape_ignored(arguments: Sequence[Any]) -> int:
    """You count one trace for all arrays of a dtype; another shape needs a graph of its own."""
    return len({a.dtype if isinstance(a, np.ndarray) else (None, a) for a in arguments})


def kind_instead_of_dtype(arguments: Sequence[Any]) -> int:
    """You take dtypes of one kind for one: float32 and float64 are two, each with a graph."""
    keys = {(a.dtype.kind, a.shape) if isinstance(a, np.ndarray) else (None, a) for a in arguments}
    return len(keys)


def size_instead_of_shape(arguments: Sequence[Any]) -> int:
    """You count how many numbers an array holds; (2, 3) and (3, 2) hold 6 each, and differ."""
    keys = {(a.dtype, a.size) if isinstance(a, np.ndarray) else (None, a) for a in arguments}
    return len(keys)


def rank_instead_of_shape(arguments: Sequence[Any]) -> int:
    """You look at the number of axes; two vectors of different lengths have different shapes."""
    return len({(a.dtype, a.ndim) if isinstance(a, np.ndarray) else (None, a) for a in arguments})


def numbers_by_type(arguments: Sequence[Any]) -> int:
    """You count Python numbers as arrays are counted, one trace for all of a type.

    A Python number becomes a constant of the graph, so each *value* needs a graph of its own.
    """
    return len({(np.asarray(a).dtype, np.shape(a), type(a)) for a in arguments})


def arrays_by_value(arguments: Sequence[Any]) -> int:
    """You count a trace for an array with new values; only its shape and dtype are looked at."""
    return len({(str(np.asarray(a).dtype), np.shape(a), str(a)) for a in arguments})


def texts_compared(arguments: Sequence[Any]) -> int:
    """You compare arguments as texts, which show an array's values and not its dtype.

    For an array only shape and dtype matter, its values do not.
    """
    return len({str(a) for a in arguments})


def numbers_left_out(arguments: Sequence[Any]) -> int:
    """You count the arrays only; a Python number as the argument is traced as well."""
    return _predict_traces([a for a in arguments if isinstance(a, np.ndarray)])


def arrays_without_axes_by_value(arguments: Sequence[Any]) -> int:
    """You take an array of shape () for a Python number; it is a tensor, and its value is free."""
    return len({(a.dtype, a.shape) if np.ndim(a) else float(a) for a in arguments})


def last_one_remembered(arguments: Sequence[Any]) -> int:
    """You count a trace whenever an argument differs in kind from the one before.

    All graphs are kept, so a kind that comes back later is not traced again.
    """
    changes = (_predict_traces(pair) - 1 for pair in pairwise(arguments))
    return 1 + sum(changes)


def traces_by_sorting_out(arguments: Sequence[Any]) -> int:
    """Keep a list of the kinds, without a set."""
    kinds: list[str] = []
    for argument in arguments:
        if hasattr(argument, "shape"):
            kind = f"{argument.dtype} {argument.shape}"
        else:
            kind = f"{type(argument)} {argument!r}"
        if kind not in kinds:
            kinds.append(kind)
    return len(kinds)


def traces_by_specification(arguments: Sequence[Any]) -> Any:
    """Let TensorFlow describe the arrays, and return a NumPy integer."""
    kinds = {
        tf.TensorSpec(a.shape, a.dtype) if isinstance(a, np.ndarray) else (type(a), a)
        for a in arguments
    }
    return np.int64(len(kinds))


def _random_arguments(rng: np.random.Generator) -> tuple:
    shapes = [(), (2,), (4,), (2, 2), (1, 4)]
    dtypes = ["float32", "float64", "int32"]
    arrays = [
        f"np.full({shapes[rng.integers(5)]}, {rng.integers(9)}, {dtypes[rng.integers(3)]!r})"
        for _ in range(8)
    ]
    arguments = [*arrays, *map(str, rng.integers(0, 4, size=4))]
    return (f"[{', '.join(rng.permutation(arguments))}]",)


predict_traces = Exercise(
    name="predict_traces",
    lesson="03_graphs_sessions_devices",
    reference=_predict_traces,
    probe=probes.predict_traces,
    parts=[
        Part(
            "arrays",
            points=1,
            cases=[
                ("[np.float32([1, 2]), np.float32([3, 4])]",),
                ("[np.float32([1, 2]), np.float32([1, 2, 3]), np.float32([1, 2])]",),
                ("[np.float32([1]), np.float32([1, 2]), np.float32([1, 2, 3])]",),
                ("[np.float32([1, 2]), np.int32([1, 2]), np.float32([3, 4])]",),
                ("[np.float32([1, 2]), np.float64([1, 2]), np.float16([1, 2])]",),
                ("[np.full((), 1, 'float32'), np.full((), 2, 'float32'), np.float32([1])]",),
                ("[np.zeros((2, 3)), np.zeros((3, 2)), np.zeros(6), np.ones((2, 3))]",),
            ],
        ),
        Part(
            "arrays and Python numbers",
            points=1,
            cases=[
                ("[1, 2, 1, 3]",),
                ("[2, np.full((), 2, 'int32'), np.full((), 3, 'int32'), 3, 2]",),
                ("[0.1, 0.2, 0.1, np.float32([1, 1])]",),
                # Equal, and not the same object.
                ("[float('0.5'), float('0.5'), 1000, int('1000')]",),
            ],
            random_case=_random_arguments,
        ),
    ],
    misconceptions=[
        at_every_call,
        only_once,
        dtype_ignored,
        shape_ignored,
        kind_instead_of_dtype,
        size_instead_of_shape,
        rank_instead_of_shape,
        numbers_by_type,
        arrays_by_value,
        numbers_left_out,
        last_one_remembered,
        texts_compared,
        arrays_without_axes_by_value,
    ],
    also_right=[traces_by_sorting_out, traces_by_specification],
    forbidden={
        "tensorflow.function": "The exercise is to foresee the number, not to let tf.function "
        "count: the next cell compares your prediction with it.",
    },
    hints=[
        "Two calls share a graph if they have the same key. What is the key of an array, what is "
        "the key of a Python number?",
        "isinstance(argument, np.ndarray) tells the two apart. A key can be a tuple, such as "
        "(argument.dtype, argument.shape).",
        "Put every key into a set, which keeps each only once; the answer is how many it holds.",
    ],
)
