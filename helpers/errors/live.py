"""Errors that only the reader's own names or the live graph explain.

Each function here takes the error, the frame in which the reader's line was running and that line,
and returns what is to be said, or None where it cannot be certain.
"""

import ast
import linecache
import re
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType
from typing import Any, NamedTuple

from helpers.errors.known import OWN_NAMES, SLOTS
from helpers.errors.known_today import NOT_NONE
from helpers.errors.known_training import NO_GRADIENT


class Words(NamedTuple):
    """What is to be said: the likely cause, the remedy, and a node whose line is to be named."""

    cause: str
    remedy: str
    node: Any = None


FEEDS = r"\bsess\w*\.run\(|\.eval\(|\bfeed"
VALUES = r"float\d*|u?int\d*|bool_?|complex\d*|ndarray|bytes_?|NoneType|list"
STEPS = "its value stays the same, or jumps, when a variable changes a little"
BY_PYTHON = "Python computes it, and TensorFlow does not know how"
# Operations that give decimal numbers, and None for a gradient; all that give others are steps.
WITHOUT = dict.fromkeys(["Floor", "Ceil", "Round", "Rint", "FloorDiv"], STEPS)
WITHOUT |= dict.fromkeys(["PyFunc", "PyFuncStateless"], BY_PYTHON)
WITHOUT |= {"StopGradient": "it is there to stop gradients"}
SIZES = {"Shape", "ShapeN", "Rank", "Size"}  # of a variable: no way on which it could learn
SYMBOLIC = "SymbolicTensor"  # the class of a graph's tensors, whoever made the graph
VARIABLES = {"VarHandleOp", "VariableV2", "Variable", "AutoReloadVariable"}


def words(
    error: Any, trace: TracebackType | None, frame: FrameType | None, code: str
) -> Words | None:
    """Return what the live graph and the reader's names tell of an error, or None.

    Parameters
    ----------
    error : BaseException
    trace : traceback or None
    frame : frame or None
        The reader's own, in which the line stands.
    code : str
        The statement in that line.
    """
    kinds = {kind.__name__ for kind in type(error).__mro__}
    for kind, message, explain in LIVE:
        if kind in kinds and (found := re.search(message, str(error), re.S)):
            said = explain(error, trace, frame, code, found)
            if said:
                return said
    return None


def in_function(error: Any, trace: TracebackType | None) -> bool:
    """Tell whether a tensor of a tf.function, and of no graph of the reader's, raised this."""
    tensors: list[Any] = [getattr(error, "obj", None)]
    while trace is not None:
        tensors.append(trace.tb_frame.f_locals.get("self"))
        trace = trace.tb_next
    graphs = [tensor.graph for tensor in tensors if _kind(tensor) == SYMBOLIC]
    return bool(graphs) and hasattr(graphs[-1], "outer_graph")  # a FuncGraph has one


# What a name holds


def _fetched(error: Any, trace: Any, frame: Any, code: str, found: re.Match) -> Words | None:
    """Find the name whose tensor a value has replaced, among what is fetched."""
    kind = found["kind"] or "bytes"
    for name in _names(_run_arguments(code)):
        if _kind(_value(frame, name, missing=...)) != kind:
            continue
        if name not in _assigned_in(code):
            if kind == "NoneType":
                continue
            cause = f"The name {name} holds a value ({kind}), and session.run wants a tensor."
        elif kind == "NoneType":
            cause = (
                f"The name {name} holds None now. This line stores the result under the name of "
                "what it runs, and running an operation gives None, so that it works once only."
            )
        else:
            cause = (
                f"The name {name} holds a value ({kind}) now, and no tensor. This line stores the "
                "result under the tensor's own name, so that it works once only."
            )
        remedy = OWN_NAMES.replace("loss_value", "_" if kind == "NoneType" else f"{name}_value")
        return Words(cause, remedy.replace("(loss)", f"({name})"))
    return None


def _fed(error: Any, trace: Any, frame: Any, code: str, found: re.Match) -> Words | None:
    """Find the name whose placeholder a value has replaced, among the keys of feed_dict."""
    tree = _tree(code) if re.search(FEEDS, code) else None
    dicts = [node for node in ast.walk(tree) if isinstance(node, ast.Dict)] if tree else []
    for key in (key for node in dicts for key in node.keys):
        if isinstance(key, ast.Name) and _kind(_value(frame, key.id)) == found["kind"]:
            return Words(
                f"The name {key.id} holds a value ({found['kind']}), and a key of feed_dict has to "
                "be a placeholder.",
                f"Give the value a name of its own, {{{key.id}: value}}, and run the cell that "
                f"makes the placeholder {key.id} again.",
            )
    return None


def _none(error: Any, trace: Any, frame: Any, code: str, found: re.Match) -> Words | None:
    """Find the name that holds None because a gradient is None."""
    for name in _names(_tree(code)):
        value = _value(frame, name, missing=0)
        none = value is None or (isinstance(value, list) and any(v is None for v in value))
        if none and any(re.search(r"\bgradients?\(", text) for text in _sources(frame, name)):
            which = name if value is None else f"in {name}"
            return Words(
                f"The gradient {which} is None: the loss does not depend on that variable, or only "
                "by operations without gradients.",
                NOT_NONE if "tape" in {*frame.f_locals, *frame.f_globals} else NO_GRADIENT,
            )
    return None


def _no_device(error: Any, trace: Any, frame: Any, code: str, found: re.Match) -> Words | None:
    """Find the list of devices that is empty."""
    tree = _tree(code)
    for node in ast.walk(tree) if tree else []:
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            name = node.value.id
            sources = " ".join(_sources(frame, name))
            if _value(frame, name) == [] and re.search(r"list_\w+_devices\(", sources):
                return Words(
                    f"The list {name} is empty: TensorFlow sees no such device on this computer.",
                    f"Ask first, if {name}: … , and go on with the CPU where there is none.",
                )
    return None


# What the graph holds


def _slot(error: Any, trace: Any, frame: Any, code: str, found: re.Match) -> Words | None:
    """Tell a variable that an optimizer made for itself from one of the reader's."""
    if not error.op:
        return None
    name = found["name"]
    try:
        made = [f.filename for f in error.op.graph.get_operation_by_name(name).traceback]
    except (KeyError, ValueError):
        return None
    if any(file.endswith("moving_averages.py") for file in made):
        maker, when = "the moving average keeps", "apply"
    elif any(re.search(r"\b(?:optimizer|slot_creator)\.py$", f) for f in made):
        maker, when = "the optimizer keeps for itself", "minimize"
    else:
        return None
    return Words(
        f"A variable that {maker} has no value yet: {when} made it, and in this session no "
        f"initializer that was made after {when} has been run.",
        SLOTS.replace("minimize", when),
    )


def _gradient(error: Any, trace: Any, frame: Any, code: str, found: re.Match) -> Words | None:
    """Find where the way from the loss back to the variables ends."""
    names = _locals_of(trace, "minimize")
    loss, pairs = names.get("loss"), names.get("grads_and_vars")
    if loss is None or not pairs:
        return None
    wanted = {v.op for _, v in pairs}
    said = ", ".join(sorted(op.name for op in wanted)[:3])
    above = _ancestors(loss.op)
    if not wanted & above:
        others = sorted(op.name for op in above if op.type in VARIABLES)
        fed = sorted(op.name for op in above if op.type.startswith("Placeholder"))
        if others:
            way = f"it is computed from {', '.join(others[:3])}"
        elif fed:
            way = f"it is computed from what is fed ({', '.join(fed[:3])}) alone"
        else:
            way = "it is computed from constants alone"
        return Words(
            f"The loss (node {loss.op.name}) does not depend on the variables that are to learn "
            f"({said}): {way}.",
            "Compute the loss from the network's output, and the output from the variables. "
            + NO_GRADIENT,
        )
    blocked = _where_it_ends(loss.op, _behind(wanted, above))
    if blocked is None:
        return None
    return Words(
        f"On the way from the variables to the loss stands {_called(blocked)}, "
        f"which has no gradient: {WITHOUT.get(blocked.type, STEPS)}.",
        "Compute the loss from what goes into it. " + NO_GRADIENT,
        blocked,
    )


def _behind(wanted: set[Any], above: set[Any]) -> set[Any]:
    """Return what the variables lead to, among what is above the loss."""
    found, waiting = set(wanted), list(wanted)
    while waiting:
        for tensor in waiting.pop().outputs:
            following = [op for op in tensor.consumers() if op in above and op not in found]
            found.update(following)
            waiting += following
    return found


def _where_it_ends(op: Any, behind: set[Any]) -> Any:
    """Return the operation nearest to the loss behind which gradients are None."""
    seen, row = {op}, [op]
    while row:
        following = []
        for node in row:
            if node.type in WITHOUT:
                return node
            for tensor in node.inputs:
                above = tensor.op
                if above in seen or above not in behind or above.type in SIZES | VARIABLES:
                    continue
                seen.add(above)
                if tensor.dtype.base_dtype.is_floating or tensor.dtype.base_dtype.is_complex:
                    following.append(above)
                else:
                    return _first_of_its_kind(above, behind)
        row = following
    return None


def _first_of_its_kind(op: Any, behind: set[Any]) -> Any:
    """Follow whole numbers and truth values back to what made them of decimal numbers."""
    seen = {op}
    while True:
        ways = [t for t in op.inputs if t.op in behind and t.op.type not in SIZES | VARIABLES]
        whole = [t.op for t in ways if not t.dtype.base_dtype.is_floating and t.op not in seen]
        if len(whole) < len(ways) or not whole:
            return op
        op = whole[0]
        seen.add(op)


def _called(op: Any) -> str:
    plain = re.sub(r"_\d+$", "", op.name.rpartition("/")[2]) == op.type
    return op.name if plain else f"{op.name} ({op.type})"


def _ancestors(op: Any) -> set[Any]:
    found, waiting = {op}, [op]
    while waiting:
        for tensor in waiting.pop().inputs:
            if tensor.op not in found:
                found.add(tensor.op)
                waiting.append(tensor.op)
    return found


# The reader's line


def _tree(code: str) -> ast.AST | None:
    for text in (code, f"{code} pass", f"with _:\n {code}"):
        try:
            return ast.parse(text)
        except SyntaxError:
            continue
    return None


def _names(node: ast.AST | None) -> list[str]:
    if node is None:
        return []
    return list(dict.fromkeys(n.id for n in ast.walk(node) if isinstance(n, ast.Name)))


def _run_arguments(code: str) -> ast.AST | None:
    """Return the first argument of the statement's run."""
    tree = _tree(code)
    for node in ast.walk(tree) if tree else []:
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "run":
            given = [k.value for k in node.keywords if k.arg == "fetches"] + node.args
            return given[0] if given else None
    return None


def _assigned_in(code: str) -> list[str]:
    tree = _tree(code)
    return [
        name
        for node in (ast.walk(tree) if tree else [])
        if isinstance(node, ast.Assign)
        for target in node.targets
        for name in _names(target)
    ]


def _value(frame: FrameType | None, name: str, missing: Any = None) -> Any:
    places = (frame.f_locals, frame.f_globals) if frame else ()
    return next((place[name] for place in places if name in place), missing)


def _kind(value: Any) -> str:
    return type(value).__name__


def _sources(frame: FrameType | None, name: str) -> Iterator[str]:
    """Yield what the reader's cell gives a name, as text."""
    if frame is None:
        return
    for line in linecache.getlines(frame.f_code.co_filename):
        if found := re.match(rf"\s*(?:\w+, )*{re.escape(name)}(?:, \w+)* = (.*)", line):
            yield found[1]


def _locals_of(trace: TracebackType | None, function: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while trace is not None:
        if trace.tb_frame.f_code.co_name == function and "loss" in trace.tb_frame.f_locals:
            found = trace.tb_frame.f_locals
        trace = trace.tb_next
    return found


Explain = Callable[[Any, Any, Any, str, re.Match], Words | None]
LIVE: list[tuple[str, str, Explain]] = [
    (
        "TypeError",
        rf"Argument `fetch` = .* has invalid type \"(?P<kind>{VALUES})\"",
        _fetched,
    ),
    ("ValueError", r"Argument `fetch` = b['\"](?P<kind>)", _fetched),
    ("TypeError", r"unhashable type: '(?:numpy\.)?(?P<kind>ndarray|list)'", _fed),
    ("TypeError", r"feed_dict key as Tensor: Can not convert an? (?P<kind>\w+) into", _fed),
    ("TypeError", r"unsupported operand type\(s\) for .*'NoneType'", _none),
    ("AttributeError", r"'NoneType' object has no attribute", _none),
    ("ValueError", r"None values not supported|convert a value \(None\)", _none),
    ("IndexError", r"list index out of range", _no_device),
    (
        "OpError",
        r"(?:uninitialized value |Could not find resource: \w+/|Could not find variable |"
        r"Resource \w+/)(?P<name>[^\s)]+?)(?:/N10tensorflow3VarE|/class|\.\s|[\s)]|$)",
        _slot,
    ),
    ("ValueError", r"^No gradients provided for any variable, check your graph", _gradient),
]
