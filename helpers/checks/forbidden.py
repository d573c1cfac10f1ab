"""Find in an answer's syntax tree what the exercise says it must not use."""

import ast
import inspect
import sys
import textwrap
import types
from collections.abc import Iterable, Mapping
from typing import Any

# The names that every lesson's setup cell gives.
COURSE_NAMES = {"tf": "tensorflow", "np": "numpy", "tf1": "tensorflow.compat.v1"}


def _aliases(tree: ast.AST, known: Mapping[str, str]) -> dict[str, str]:
    """Map each name that an import or ``nn = tf.nn`` binds to the full dotted name behind it."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                names[full if alias.name == "*" else alias.asname or alias.name] = full
        elif isinstance(node, ast.Assign) and (dotted := _dotted(node.value)):
            full = _full(dotted, {**known, **names})
            names |= {target.id: full for target in node.targets if isinstance(target, ast.Name)}
    return names


def _full(dotted: str, known: Mapping[str, str]) -> str:
    root, _, rest = dotted.partition(".")
    return f"{known.get(root, root)}.{rest}" if rest else known.get(root, root)


def _objects(forbidden: Iterable[str]) -> dict[int, str]:
    """Map the identity of what is forbidden, and of the modules around it, to its full name."""
    found = {}
    for name in forbidden:
        root, *parts = name.split(".")
        value: Any = sys.modules.get(root)  # what nobody has imported, nobody can have renamed
        for number, part in enumerate(parts, start=2):
            value = getattr(value, part, None)
            if value is not None:
                found[id(value)] = ".".join([root, *parts][:number])
    return found


def _address(value: Any) -> str | None:
    """Return where a package's function comes from: ``keras.src.ops.nn.softmax``."""
    module, name = getattr(value, "__module__", None), getattr(value, "__name__", None)
    if isinstance(value, type) or not (callable(value) and module and name):
        return None
    # TensorFlow's functions of today carry the number of their version.
    own = module.partition(".")[0] in ("__main__", "builtins", "helpers", "tests")
    return None if own else f"{module}.{name.removesuffix('_v2')}"


def _dotted(node: ast.AST) -> str | None:
    """Return the dotted name that an expression stands for, however it asks for it."""
    match node:
        case ast.Name(id=name):
            return name
        case (
            ast.Attribute(value=value, attr=attribute)
            | ast.Call(
                func=ast.Name(id="getattr"), args=[value, ast.Constant(value=str(attribute)), *_]
            )
            | ast.Subscript(
                value=ast.Attribute(value=value, attr="__dict__")
                | ast.Call(func=ast.Name(id="vars"), args=[value]),
                slice=ast.Constant(value=str(attribute)),
            )
        ):
            whole = _dotted(value)
            return whole and f"{whole}.{attribute}"
        case (
            ast.Call(
                func=ast.Name(id="import_module" | "__import__")
                | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(module)), *_],
            )
            | ast.Subscript(
                value=ast.Attribute(attr="modules"), slice=ast.Constant(value=str(module))
            )
        ):
            return module
    return None


def with_what_it_calls(answer: str, notebook: str) -> str:
    r"""Return an answer's text with the notebook's functions that it calls, and what they call.

    Examples
    --------
    >>> with_what_it_calls("def f(x): return g(x)", "def g(x): return h(x)\nh = abs\ng = 1")
    'def f(x): return g(x)\ndef g(x):\n    return h(x)'
    """
    try:
        new, defined = ast.parse(answer), ast.parse(notebook).body
    except SyntaxError:
        return answer
    functions: dict[str, list[ast.stmt]] = {}
    for statement in defined:
        match statement:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                functions.setdefault(name, []).append(statement)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
                functions.setdefault(name, []).append(statement)
    texts = [answer]
    waiting: list[ast.AST] = [new]
    while waiting:
        nodes = [*ast.walk(waiting.pop())]
        own = {node.arg for node in nodes if isinstance(node, ast.arg)}
        own |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        for name in {n.id for n in nodes if isinstance(n, ast.Name)} - own:
            called = functions.pop(name, [])
            waiting += called
            texts += map(ast.unparse, called)
    return "\n".join(texts)


def find_forbidden(
    source: str, forbidden: Mapping[str, str], names: Mapping[str, str] | None = None
) -> str | None:
    r"""Return the reason for the first forbidden name that the source uses, or None.

    Parameters
    ----------
    source : str
        Python text of the answer, or of the notebook up to it.
    forbidden : mapping of str to str
        Full dotted name of a function or module (``"tensorflow.nn.softmax"``) to the sentence that
        says why an answer must not use it. A name without a dot (``"softmax"``) stands for the
        functions of this name of all packages, whatever their address, but the course's own.
    names : mapping of str to str, optional
        What the answer's global names stand for, where the source does not import them itself.

    Examples
    --------
    >>> rule = {"scipy.special.softmax": "Write the formula yourself."}
    >>> find_forbidden("from scipy import special as s\ns.softmax([1, 2])", rule)
    'Write the formula yourself.'
    >>> find_forbidden("import keras\nkeras.ops.softmax([1, 2])", {"softmax": "Write it yourself."})
    'Write it yourself.'
    """
    try:
        tree = ast.parse(textwrap.dedent(source))
    except SyntaxError:
        return None  # an answer that does not parse does not run: the check says so
    known = {**COURSE_NAMES, **(names or {})}
    aliases = _aliases(tree, known)
    known |= aliases
    used = {*aliases.values()}
    used |= {_full(dotted, known) for node in ast.walk(tree) if (dotted := _dotted(node))}
    packages = {full.partition(".")[0] for full in known.values()} - {"helpers"}
    theirs = {full for full in used if full.partition(".")[0] in packages and "." in full}
    for name, reason in forbidden.items():
        module, _, last = name.rpartition(".")
        if not module:
            if any(name in full.split(".")[1:] for full in theirs):
                return reason
            if name in used and any(full.endswith(".*") for full in known.values()):
                return reason
            continue
        everything = f"{module}.*"
        if everything in used or (everything in known.values() and last in used):
            return reason
        if any(use == name or use.startswith(name + ".") for use in used):
            return reason
    return None


def names_in(source: str) -> dict[str, str]:
    r"""Return what the names mean that a notebook's imports and assignments bind.

    Examples
    --------
    >>> names_in("from tensorflow import nn\nmine = nn.softmax")
    {'nn': 'tensorflow.nn', 'mine': 'tensorflow.nn.softmax'}
    """
    try:
        return _aliases(ast.parse(source), COURSE_NAMES)
    except SyntaxError:
        return {}


def source_and_names(answer: Any, forbidden: Iterable[str]) -> tuple[str, dict[str, str]]:
    """Return the source of a function of this process and what its global names stand for.

    A module is known by its own name, and what is forbidden by the object itself, whatever other
    name another cell has given it.
    """
    objects = _objects(forbidden)
    if address := objects.get(id(answer)) or _address(answer):
        return address, {address.partition(".")[0]: address.partition(".")[0]}
    seen = getattr(answer, "__globals__", {})
    names = {name: v.__name__ for name, v in seen.items() if isinstance(v, types.ModuleType)}
    # TensorFlow has its own view of Keras.
    names = {k: name.replace("keras._tf_keras.keras", "keras") for k, name in names.items()}
    names |= {name: address for name, v in seen.items() if (address := _address(v))}
    names |= {name: objects[id(value)] for name, value in seen.items() if id(value) in objects}
    try:
        return inspect.getsource(answer), names
    except (OSError, TypeError):
        return "", {}
