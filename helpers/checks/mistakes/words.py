"""A small change of a program in words, without the code that it changes.

The idea of telling a learner what a mutation did, and not how to undo it: Suzuki et al., "Exploring
the design space of automatically synthesized hints" (2017); Head et al., "Writing reusable code
feedback at scale" (L@S 2017).
"""

import ast

_OPERATIONS: dict[type, tuple[str, str]] = {
    # What is done, and the noun for it.
    ast.Add: ("added", "a sum"),
    ast.Sub: ("subtracted", "a difference"),
    ast.Mult: ("multiplied", "a product"),
    ast.Div: ("divided", "a quotient"),
    ast.FloorDiv: ("divided without a remainder", "a whole quotient"),
    ast.Mod: ("reduced to a remainder", "a remainder"),
    ast.Pow: ("raised to a power", "a power"),
    ast.MatMult: ("multiplied as matrices", "a matrix product"),
}
_FUNCTIONS = {
    "abs": "the absolute value",
    "all": "whether all hold",
    "amax": "the maximum",
    "amin": "the minimum",
    "any": "whether any holds",
    "argmax": "the place of the maximum",
    "argmin": "the place of the minimum",
    "argsort": "the order",
    "clip": "the limits",
    "cumsum": "the running total",
    "exp": "the exponential",
    "flatten": "the flat shape",
    "log": "the logarithm",
    "max": "the maximum",
    "maximum": "the larger of two",
    "mean": "the mean",
    "min": "the minimum",
    "minimum": "the smaller of two",
    "prod": "the product",
    "ravel": "the flat shape",
    "reduce_max": "the maximum",
    "reduce_mean": "the mean",
    "reduce_min": "the minimum",
    "reduce_prod": "the product",
    "reduce_sum": "the sum",
    "reshape": "the new shape",
    "round": "the rounding",
    "sorted": "the order",
    "sqrt": "the square root",
    "square": "the square",
    "sum": "the sum",
    "transpose": "the transposition",
}
_NUMBER_OF = {ast.Lt: 0, ast.LtE: 1, ast.Gt: 0, ast.GtE: 1}


def as_if(node: ast.AST, changed: ast.AST, arguments: list[str]) -> str | None:
    """Return what a change makes of the program, to follow "as if"; None where nobody does that.

    Parameters
    ----------
    node, changed : ast.AST
        A part of the right program, and what a mutant has in its place.
    arguments : list of str
        The names of the function's arguments, which its reader knows.

    Examples
    --------
    >>> quotient = ast.parse("a / b", mode="eval").body
    >>> as_if(quotient, quotient.left, [])
    'nothing were divided in one place'
    >>> call = ast.parse("np.exp(x)", mode="eval").body
    >>> as_if(call, call.args[0], [])
    'the exponential were left out'
    """
    match node:
        case ast.Constant(value=old):
            return _constant(old, changed)
        case ast.BinOp() | ast.AugAssign():
            return _operation(node, changed) or _statement(node, changed)
        case ast.BoolOp():
            turned = isinstance(changed, ast.BoolOp)
            return "an `and` and an `or` were exchanged" if turned else "a condition were left out"
        case ast.UnaryOp(op=ast.USub()):
            return "a minus sign were left out"
        case ast.UnaryOp(op=ast.Not()):
            return "a condition were turned round"
        case ast.Compare(ops=[old, *_]) if isinstance(changed, ast.Compare):
            return _comparison(type(old), type(changed.ops[0]))
        case ast.Call():
            return _call(node, changed)
        case ast.keyword(arg=name, value=old) if isinstance(changed, ast.keyword):
            return f"`{name}` were {ast.unparse(changed.value)}"
        case ast.Attribute(attr=name, value=value):
            if changed is value:
                return "a transposition were left out"
            return _instead(name, getattr(changed, "attr", ""))
        case ast.Slice():
            return _slice(node, changed)
        case ast.Subscript(value=value, slice=index):
            return _subscript(value, index, changed)
        case ast.Tuple(elts=old) | ast.List(elts=old):
            same_length = len(getattr(changed, "elts", [])) == len(old)
            return "two parts were exchanged" if same_length else "a part were left out"
        case ast.If() | ast.While() | ast.IfExp() if not isinstance(changed, ast.Pass):
            return "a condition were turned round"
        case ast.Name(id=name) if isinstance(changed, ast.Name):
            if name in arguments and changed.id in arguments:
                return f"`{changed.id}` stood in one place where `{name}` belongs"
            return _instead(name, changed.id)
        case ast.Return():
            return _returned(changed, arguments)
    return _statement(node, changed)


def _constant(old: object, changed: ast.AST) -> str | None:
    new = getattr(changed, "value", None)
    if isinstance(old, bool):
        return "a True or False were turned round"
    if isinstance(old, int) and isinstance(new, int):
        return f"a whole number in it were {'larger' if new > old else 'smaller'} by 1"
    if isinstance(old, float):
        return "a number in it were twice as large" if old else "a number in it were 1, not 0"
    return None


def _operation(node: ast.BinOp | ast.AugAssign, changed: ast.AST) -> str | None:
    done, noun = _OPERATIONS.get(type(node.op), ("computed", "a result"))
    if isinstance(node, ast.AugAssign) and isinstance(changed, ast.Assign):
        return "a variable were set anew each time, and what it held before were lost"
    if isinstance(changed, ast.BinOp | ast.AugAssign) and type(changed.op) in _OPERATIONS:
        if type(changed.op) is not type(node.op):
            return f"something were {_OPERATIONS[type(changed.op)][0]} that is to be {done}"
        if isinstance(node, ast.BinOp) and isinstance(changed, ast.BinOp):
            exchanged = changed.left is node.right and changed.right is node.left
            return f"the two sides of {noun} were exchanged" if exchanged else None
    if isinstance(node, ast.BinOp):
        if changed is node.left:
            return f"nothing were {done} in one place"
        if changed is node.right:
            return f"of {noun} only the second part were left"
    return None


def _comparison(old: type, new: type) -> str | None:
    if old in _NUMBER_OF and new in _NUMBER_OF:
        if {old, new} in ({ast.Lt, ast.LtE}, {ast.Gt, ast.GtE}):
            counts = "counted as well" if _NUMBER_OF[new] else "did not count"
            return f"a limit itself {counts}"
        return "a comparison were turned round"
    return "a comparison were turned round"


def _call(node: ast.Call, changed: ast.AST) -> str | None:
    name = ast.unparse(node.func).rpartition(".")[2]
    what = _FUNCTIONS.get(name)
    if not isinstance(changed, ast.Call) or changed.func is not node.func:
        return f"{what} were left out" if what else "a call of a function were left out"
    if len(changed.keywords) < len(node.keywords):
        kept = {keyword.arg for keyword in changed.keywords}
        gone = next((k.arg for k in node.keywords if k.arg not in kept), None)
        return f"`{gone}` were not given" if gone else None
    if len(changed.args) < len(node.args):
        return "a function were called without one of its arguments"
    if [*map(ast.dump, changed.args)] == [*map(ast.dump, node.args)]:
        return None
    if name.endswith("range"):
        return "something began or ended one step too early or too late"
    return "two arguments of a function were exchanged"


def _instead(old: str, new: str) -> str | None:
    one, other = _FUNCTIONS.get(new), _FUNCTIONS.get(old)
    return f"{one} were taken instead of {other}" if one and other else None


def _slice(node: ast.Slice, changed: ast.AST) -> str | None:
    if not isinstance(changed, ast.Slice):
        return None
    if (changed.lower is None) != (node.lower is None):
        return "the first elements were left out" if node.lower is None else "nothing were left out"
    if (changed.upper is None) != (node.upper is None):
        return "the last element were left out" if node.upper is None else "nothing were left out"
    return "a range of elements began or ended one place off"


def _subscript(value: ast.expr, index: ast.expr, changed: ast.AST) -> str | None:
    if changed is value:
        return "all elements were taken, not some of them"
    if isinstance(index, ast.Tuple):
        return "two axes were exchanged"
    new = getattr(changed, "slice", None)
    if isinstance(new, ast.BinOp):
        after = isinstance(new.op, ast.Add)
        return f"the element {'after' if after else 'before'} the right one were taken"
    return None


def _returned(changed: ast.AST, arguments: list[str]) -> str | None:
    match changed:
        case ast.Return(value=ast.Name(id=name)) if name in arguments:
            return f"`{name}` were given back"
        case ast.Return(value=ast.Name()):
            return "the last step were left out"
        case ast.Return(value=ast.UnaryOp()):
            return "the sign of the result were turned round"
    return None  # no return at all: the check says that by itself


def _statement(node: ast.AST, changed: ast.AST) -> str | None:
    if isinstance(node, ast.Break | ast.Continue):
        return "a loop went on where it is to end, or ended where it is to go on"
    if not isinstance(changed, ast.Pass):
        return None
    match node:
        case ast.AugAssign(op=operator):
            done = _OPERATIONS.get(type(operator), ("computed", ""))[0]
            return f"a step were left out: nothing were {done} there"
        case ast.If():
            return "a special case were not treated"
        case ast.For() | ast.While():
            return "a loop never ran"
        case ast.Raise():
            return "bad input were not refused"
        case ast.Assign(targets=[ast.Subscript()]):
            return "a step were left out: some elements were not set"
        case ast.Assign() | ast.Expr() | ast.With():
            return "a step were left out"
    return None
