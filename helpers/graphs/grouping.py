"""Which operations are drawn as one node: a variable, the gradients, an optimizer, a saver."""

import re

import tensorflow as tf

VARIABLES = {"Variable", "VariableV2", "VarHandleOp"}
PLACEHOLDERS = {"Placeholder", "PlaceholderWithDefault"}
GRADIENTS = re.compile(r"((?:.*/)?gradients(?:_\d+)?)/")
IDLE = re.compile(r"/(switch_[tf]|Switch)$")
APPLY = re.compile("^(Resource)?(Sparse)?Apply")


def homes(graph: tf.Graph, ops: list[tf.Operation], kept: set[str]) -> dict[str, str]:
    """Map each operation to the node that it is drawn in.

    Parameters
    ----------
    graph : tf.Graph
    ops : list of tf.Operation
        What is drawn of the graph, in the order in which it was built.
    kept : set of str
        Operations that stay visible: an initial value that is fetched, for one.

    Returns
    -------
    dict of str to str
        Of each operation's name: the name of a variable or scope, or its own.

    Examples
    --------
    >>> with tf.Graph().as_default() as graph:
    ...     counter = tf.compat.v1.Variable(0, name="counter", use_resource=False)
    ...     later = tf.add(counter, 1, name="later")
    >>> node_of = homes(graph, graph.get_operations(), kept=set())
    >>> [name for name in node_of if node_of[name] == "counter"]
    ['counter/initial_value', 'counter', 'counter/Assign', 'counter/read']
    """
    home: dict[str, str] = {}
    for scope in _summary_scopes(ops):
        for op in ops:
            if op.name == scope or op.name.startswith(scope + "/"):
                home.setdefault(op.name, scope)
    optimizers = {home[op.name] for op in ops if APPLY.search(op.type) and op.name in home}
    for op in ops:
        if op.type in VARIABLES:
            home.setdefault(op.name, op.name)
        elif _is_read(op) or _is_initializer(op):
            home.setdefault(op.name, home[op.inputs[0].op.name])

    users: dict[str, list[str]] = {op.name: [] for op in ops}
    for op in ops:
        for source in [tensor.op for tensor in op.inputs] + list(op.control_inputs):
            if source.name in users:
                users[source.name].append(op.name)
    # TensorFlow may initialize from a guarded copy of the value that the user gave.
    for variable in graph.get_collection("variables") + graph.get_collection("local_variables"):
        given = variable.initial_value  # None in some imported graphs
        if given is not None and given.op.name in users and variable.initializer.name in home:
            users[given.op.name].append(variable.initializer.name)
    _hide_initial_values(ops, home, users, kept)
    _join_slots(ops, home, optimizers)
    return {op.name: home.get(op.name, op.name) for op in ops}


def _hide_initial_values(
    ops: list[tf.Operation], home: dict[str, str], users: dict[str, list[str]], kept: set[str]
) -> None:
    """Move what only initializes a variable into the variable's node."""
    hidden = {op.name for op in ops if _is_initializer(op)}
    # A condition leaves idle ends behind, which use its predicate and nothing uses.
    idle: set[str] = set()
    for op in reversed(ops):
        if IDLE.search(op.name) and op.name not in kept and idle.issuperset(users[op.name]):
            idle.add(op.name)

    size = -1
    while size < len(hidden):  # a condition's operations are not in the order of their use
        size = len(hidden)
        reads: dict[str, set[str]] = {}  # of each node: the variables that it takes in
        for op in ops:
            node = home.get(op.name, op.name)
            reads.setdefault(node, set()).update(tensor.op.name for tensor in op.inputs)
        for op in reversed(ops):
            used_by = set(users[op.name]) - idle
            free = op.name not in home and op.name not in kept and op.type not in PLACEHOLDERS
            if free and used_by and used_by <= hidden:
                places = sorted({home[user] for user in used_by})
                # Of variables that are initialized from one another, the first has the value.
                owners = [p for p in places if all(p in reads[q] for q in places if q != p)]
                if owners:
                    home[op.name] = owners[0]
                    hidden.add(op.name)
    for op in ops:
        if op.name in idle and op.inputs[0].op.name in hidden:
            home.setdefault(op.name, home[op.inputs[0].op.name])
            hidden.add(op.name)


def _summary_scopes(ops: list[tf.Operation]) -> list[str]:
    scopes: dict[str, None] = {}
    for op in ops:
        if match := GRADIENTS.match(op.name):
            scopes[match[1]] = None
        elif APPLY.search(op.type) and "/update_" in op.name:
            scopes[op.name.split("/update_")[0]] = None
        elif op.type in ("SaveV2", "RestoreV2") and "/" in op.name:
            scopes[op.name.rpartition("/")[0]] = None
    return list(scopes)


def _join_slots(ops: list[tf.Operation], home: dict[str, str], optimizers: set[str]) -> None:
    """Move an optimizer's own variables (momenta, powers of its rates) into its node."""
    written: dict[str, str] = {}
    read = set()
    for op in ops:
        if home.get(op.name) in optimizers:
            for i, tensor in enumerate(op.inputs):
                variable = home.get(tensor.op.name, "")
                slot = i > 0 and is_reference(tensor)  # of an Apply operation
                if slot or not is_reference(tensor) or op.type == "ReadVariableOp":
                    read.add(variable)
                if slot or (is_reference(tensor) and not APPLY.search(op.type)):
                    written[variable] = home[op.name]
    for name, place in home.items():
        # The optimizer only writes, and does not read, the global step: that is the user's.
        if place in read and place in written and place not in optimizers:
            home[name] = written[place]


def is_reference(tensor: tf.Tensor) -> bool:
    """Tell whether a tensor is a variable itself, that can be written, not its value."""
    return tensor.dtype == tf.resource or tensor.dtype.name.endswith("_ref")


def _of_variable(op: tf.Operation) -> str:
    return op.inputs[0].op.name if op.inputs and op.inputs[0].op.type in VARIABLES else ""


def _is_read(op: tf.Operation) -> bool:
    variable = _of_variable(op)
    named = op.type == "Identity" and op.name == f"{variable}/read"
    state = op.type in ("ReadVariableOp", "VarIsInitializedOp")
    # A read that waits for something is a step of the program: it stays visible.
    return bool(variable) and (named or state) and not op.control_inputs


def _is_initializer(op: tf.Operation) -> bool:
    return bool(variable := _of_variable(op)) and op.name == f"{variable}/Assign"
