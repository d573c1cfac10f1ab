"""Which cells of a notebook have to run, so that some of them run as they would in the whole.

The question is asked backwards: from the wanted cells to what they read, and on to the cells that
bind or change it. A cell is taken to change all that it mentions, and all that may be reached from
there, but for what nobody can change: modules, and plain functions. Of a function it counts what
its body mentions, wherever the function is mentioned.

This holds where a notebook is made of what is known here: no name is built at run time, no
attribute of a module is set, and each function of a library that is used is known to leave no trace
(`LIBRARY`). In any other notebook all cells are needed.
"""

import ast
import builtins
import copy
import itertools
import re
import sys
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

# What libraries have that leaves no trace: nothing that a later cell could notice and that no name
# in the notebook stands for. A function may change its arguments, and the states below.
NO_TRACE = re.compile(
    r"""(abc|array|bisect|cmath|collections|contextlib|copy|dataclasses|enum|fractions|functools
    |heapq|itertools|math|numbers|operator|random|re|statistics|string|textwrap|types|typing
    |sys\.(stdout|stderr|maxsize|float_info|version_info)|time\.(time|perf_counter|process_time)
    |numpy|scipy|sklearn|tensorflow|keras|matplotlib\.pyplot|helpers)(\.|$)""",
    re.VERBOSE,
)
# But for these: they read and write files, keep settings, or make a name from a text.
TRACE = re.compile(
    r"""(functools\.(wraps|update_wrapper)|operator\.(attrgetter|methodcaller)
    |types\.(CodeType|FunctionType)
    |numpy\.(ctypeslib|f2py|fromfile|genfromtxt|lib|load|loadtxt|memmap|seterr\w*)
    |scipy\.io|sklearn\.datasets
    |tensorflow(\.compat\.v1)?\.(InteractiveSession|app|config|debugging|distribute|experimental
        |flags|get_logger|gfile|io(?!\.(\w+Feature|decode_\w+|encode_\w+|parse_\w+|read_file))
        |logging|profiler|python_io|saved_model|summary|test|tpu|\w+\.experimental)
    |helpers\.(checks|cli|errors|grading|kernels))(\.|$)
    |\.(backend|clear|disable|enable|import|mixed_precision|register|reset|save|set|write)(_|\.|$)
    |\.(save|to)(z|txt|file)\w*$|Writer$""",
    re.VERBOSE,
)
# States without a name in the notebook: what matches changes them, and depends on them.
STATES = {
    "random numbers": re.compile(
        r"""(random\b(?!\.(Random|SystemRandom))
        |numpy\.random\b(?!\.(default_rng|Generator|RandomState|SeedSequence))
        |(tensorflow|keras)\b(?!.*(Generator|stateless)).*
        (\brandom(\.|$)|\.(random_|truncated_normal|multinomial|set_random_seed|initializers\.)
        |[dD]ropout|[sS]huffle|(?<!zeros)(?<!ones)(?<!constant)_initializer$))""",
        re.VERBOSE,
    ),
    "figures": re.compile(r"matplotlib\.pyplot"),
}
# Without one of these, random numbers are others in each run, and nothing can depend on them.
SEED = re.compile(r".*\.(seed|set_seed|set_random_seed|set_state)$")
# Built-in functions that reach names, files or the kernel by another way than names.
STRANGE = re.compile(
    r"(__import__|breakpoint|compile|copyright|credits|delattr|dir|eval|exec|exit|getattr|globals"
    r"|hasattr|help|input|license|locals|memoryview|open|quit|setattr|vars)$"
)
USUAL = frozenset(["__init__", "__call__", "__name__", "__doc__", "__version__"])
# What IPython changes before Python reads a cell; in cells of one line it may change anything.
IPYTHON = re.compile(
    r"\A(\s*\n)?[ \t]|^\s*(%|>>>|\.\.\.|In \[|[/,;])|=\s*%|!(?!=)|\?", re.MULTILINE
)
# More than this no lesson has; to read it would take seconds.
MOST_CHARACTERS = 300_000
MOST_STATEMENTS = 1_000
MOST_ALIASES = 10  # of aliases
# Names that IPython binds to what was shown before.
HISTORY = re.compile(r"(_+|_\d+|_i+\d*|In|Out|_[iod]h|_exit_code)$")


def needed(
    sources: Sequence[str], wanted: Iterable[int], trusted: Collection[int] = ()
) -> set[int]:
    r"""Return which cells have to run, so that the wanted ones run as in the whole notebook.

    Parameters
    ----------
    sources : sequence of str
        The text of each code cell, in the order in which they run.
    wanted : iterable of int
        Places in `sources`. They are needed themselves.
    trusted : collection of int, optional
        Places of cells that are known to leave no trace but in what they mention and in `STATES`,
        whatever they use for it.

    Returns
    -------
    set of int
        All places up to the last wanted one, where a cell that is not trusted does what is not
        known here, or there is too much to read.

    Examples
    --------
    >>> cells = ["import numpy as np", "x = np.ones(3)", "print(x)", "def f(y): return y + np.pi"]
    >>> needed([*cells, "f(1)"], [4])
    {0, 3, 4}
    >>> needed([*cells, "f(x)"], [4])
    {0, 1, 2, 3, 4}
    """
    goals = set(wanted)
    last = max(goals, default=-1)
    everything = set(range(last + 1))
    try:
        if sum(map(len, sources)) > MOST_CHARACTERS:
            return everything
        cells = _told_apart(
            [
                (_read_once if place in trusted else _read)(source)
                for place, source in enumerate(sources[: last + 1])
            ]
        )
        if sum(map(len, cells)) > MOST_STATEMENTS:
            return everything
        notebook = _Notebook(cells, trusted)
        if any(notebook.is_strange(cells[place]) for place in everything.difference(trusted)):
            return everything
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return everything
    found: set[str] = set()
    result = set()
    for place in reversed(range(last + 1)):
        if place in goals or not found.isdisjoint(notebook.changed(cells[place])):
            result.add(place)
            found |= notebook.read(cells[place])
    return result


@dataclass
class _Statement:
    """What a statement at the top of a cell does with the notebook's names.

    A name may be dotted. One that begins with a dot is that of a library.
    """

    now: set[str] = field(default_factory=set)  # mentioned when it is executed
    later: set[str] = field(default_factory=set)  # in bodies of functions, when they are called
    # Bound by it: to what has a dotted name, to a plain function (True), to anything else (None).
    binds: dict[str, str | bool | None] = field(default_factory=dict)
    surely: set[str] = field(default_factory=set)  # bound if the cell goes on after it
    binds_later: set[str] = field(default_factory=set)
    sets: set[str] = field(default_factory=set)  # an item or attribute of these
    sets_attributes: bool = False  # of whatever, but for a method's own object
    doubtful: set[str] = field(default_factory=set)  # a class's own, or before that from outside
    values: set[str] = field(default_factory=set)  # mentioned otherwise than to be called
    strange: bool = False
    succeeds: bool = False  # always: a function is defined, or a module imported


_Cell = list[_Statement]


def _read(source: str) -> _Cell:
    """Return what a cell's statements do.

    Raises
    ------
    SyntaxError, ValueError, MemoryError, RecursionError
        Where it is not plain Python, but IPython may understand it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they are the author's concern
        try:
            tree = ast.parse(source)
        except SyntaxError:
            if "\n" not in source.strip() or IPYTHON.search(source):
                raise
            return []  # nothing of it will run
        compile(tree, "cell", "exec", dont_inherit=True)
    return [_Reader(statement).found for statement in tree.body]


_read_once = lru_cache(maxsize=1024)(_read)  # what a class has in common


class _Reader(ast.NodeVisitor):
    def __init__(self, statement: ast.stmt) -> None:
        self.found = _Statement(binds=_bound([statement]))
        # Of the functions, classes and comprehensions around a node: the names that are their own.
        self._scopes: list[tuple[type, dict[str, str | None]]] = []
        self._in_function = 0
        match statement:
            case ast.FunctionDef(name=name, decorator_list=decorators, args=arguments):
                self.found.surely = {name}
                defaults = [*arguments.defaults, *filter(None, arguments.kw_defaults)]
                if not decorators and all(isinstance(each, ast.Constant) for each in defaults):
                    self.found.binds[name] = self.found.succeeds = True
            case ast.ClassDef(name=name):
                self.found.surely = {name}
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
                self.found.surely = {name}
            case ast.Import() | ast.ImportFrom():
                self.found.surely = {*self.found.binds}
                self.found.succeeds = isinstance(statement, ast.Import)
            case ast.Assign(targets=targets):
                names = [part for part in _walk(targets) if isinstance(part, ast.Name)]
                self.found.surely = {name.id for name in names if isinstance(name.ctx, ast.Store)}
        self.visit(statement)

    def _resolved(self, name: str) -> str | None:
        """Return the name in the notebook of what is called so here, or None if it has none."""
        for depth, (kind, own) in enumerate(reversed(self._scopes)):
            root, dot, rest = name.partition(".")
            if root not in own or (kind is ast.ClassDef and depth):
                continue
            value = own[root]
            if value is None:
                if kind is not ast.ClassDef:
                    return None
                self.found.doubtful.add(root)
                return name
            name = value + dot + rest
            if value == root or value.startswith("."):  # declared global, or imported here
                return name
        return name

    def _use(self, local: str, context: ast.expr_context, called: bool = False) -> None:
        sets, dotted = not isinstance(context, ast.Load), "." in local
        name = self._resolved(local)
        self.found.sets_attributes |= sets and dotted and not local.startswith("self.")
        self.found.strange |= any(map(_is_strange_attribute, local.split(".")[1:]))
        if name is None or (sets and not dotted and name != local):
            return
        if sets and dotted:
            self.found.sets.add(name)
        elif sets and self._scopes:
            self.found.binds_later.add(name)
        if not called:
            self.found.values.add(name)
        if self._in_function:
            self.found.later.add(name)
        elif dotted or not isinstance(context, ast.Store):
            self.found.now.add(name)

    def visit_Name(self, node: ast.Name) -> None:
        self._use(node.id, node.ctx)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if name := _dotted(node):
            self._use(name, node.ctx)
            return
        self.found.sets_attributes |= not isinstance(node.ctx, ast.Load)
        self.found.strange |= _is_strange_attribute(node.attr)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if name := _dotted(node.func):
            self._use(name, ast.Load(), called=True)
        else:
            self.visit(node.func)
        for part in [*node.args, *(each.value for each in node.keywords)]:
            self.visit(part)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.generic_visit(node)
        if isinstance(node.target, ast.Name):
            self._use(node.target.id, ast.Load())

    def visit_Subscript(self, node: ast.Subscript) -> None:
        name = _dotted(node.value)
        if name and not isinstance(node.ctx, ast.Load) and (resolved := self._resolved(name)):
            self.found.sets.add(resolved)
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        self.found.strange |= not all(_may_be_imported(alias.name) for alias in node.names)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        star = any(alias.name == "*" for alias in node.names)
        self.found.strange |= star or node.level > 0 or not _may_be_imported(node.module or "")

    def _visit_inside(
        self, node: ast.AST, own: dict[str, str | None], parts: Sequence[ast.AST]
    ) -> None:
        function = isinstance(node, ast.FunctionDef | ast.Lambda)
        self._scopes.append((type(node), own))
        self._in_function += function
        for part in parts:
            self.visit(part)
        self._in_function -= function
        self._scopes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.Lambda) -> None:
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        arguments += filter(None, [node.args.vararg, node.args.kwarg])
        outside = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        if isinstance(node, ast.FunctionDef):
            self.found.strange |= node.name == "__del__"  # called at any time
            outside += [*node.decorator_list, *filter(None, [node.returns])]
            outside += [argument.annotation for argument in arguments if argument.annotation]
        for part in outside:
            self.visit(part)
        body = node.body if isinstance(node, ast.FunctionDef) else [node.body]
        self._visit_inside(node, _own_names(body, [arg.arg for arg in arguments]), body)

    visit_Lambda = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for part in [*node.decorator_list, *node.bases, *(each.value for each in node.keywords)]:
            self.visit(part)
        self._visit_inside(node, _own_names(node.body), node.body)

    def _visit_comprehension(self, node: Any) -> None:
        self.visit(node.generators[0].iter)
        targets = [generator.target for generator in node.generators]
        own: dict[str, str | None] = {
            name.id: None for name in _walk(targets) if isinstance(name, ast.Name)
        }
        self._visit_inside(node, own, [*ast.iter_child_nodes(node)])

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_comprehension

    def _visit_unknown(self, node: ast.AST) -> None:
        self.found.strange = True

    visit_AsyncFunctionDef = visit_AsyncFor = visit_AsyncWith = visit_Await = _visit_unknown
    visit_TypeAlias = _visit_unknown


def _told_apart(cells: list[_Cell]) -> list[_Cell]:
    """Return the cells with other names for what a name stands for from a function's definition on.

    Only where the definition is certain to be reached. A lesson may have called a number of its own
    by the name of an answer, before the answer.
    """
    defined = [
        [
            name
            for one in itertools.takewhile(_succeeds, cell)
            for name, kind in one.binds.items()
            if kind is True
        ]
        for cell in cells
    ]
    cells = [[*map(copy.copy, cell)] for cell in cells]  # what is read once is kept as it is
    latest: dict[str, str] = {}
    versions: dict[str, list[str]] = {name: [] for names in defined for name in names}

    def now(name: str) -> str:
        root, dot, rest = name.partition(".")
        return latest.get(root, root) + dot + rest

    def ever(found: set[str]) -> set[str]:
        parts = [name.partition(".") for name in found]
        return {
            each + dot + rest for root, dot, rest in parts for each in versions.get(root, [root])
        }

    for place, (cell, names) in enumerate(zip(cells, defined, strict=True)):
        latest |= {name: f"{name}@{place}" for name in names}
        for one in cell:
            for name in versions.keys() & {*one.binds, *one.binds_later}:
                versions[name].append(now(name))
            one.binds = {
                now(name): now(kind) if isinstance(kind, str) else kind
                for name, kind in one.binds.items()
            }
            one.now, one.surely = {*map(now, one.now)}, {*map(now, one.surely)}
    for one in itertools.chain.from_iterable(cells):
        one.later, one.binds_later = ever(one.later), ever(one.binds_later)
        one.sets, one.values = ever(one.sets), ever(one.values)
    return cells


def _succeeds(statement: _Statement) -> bool:
    return statement.succeeds


def _walk(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    for node in nodes:
        yield from ast.walk(node)


def _dotted(node: ast.AST) -> str:
    """Return a name with its attributes as text; an empty one for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attribute):
            whole = _dotted(value)
            return whole and f"{whole}.{attribute}"
    return ""


def _is_strange_attribute(name: str) -> bool:
    return name.startswith("__") and name not in USUAL


def _may_be_imported(module: str) -> bool:
    """Return whether an import of this module has no effects."""
    root = module.partition(".")[0]
    return root in sys.stdlib_module_names or _leaves_no_trace(module) or root == "matplotlib"


def _leaves_no_trace(name: str) -> bool:
    """Return whether what a library has under this name leaves no trace."""
    return NO_TRACE.match(name) is not None and TRACE.search(name) is None


def _here(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield the nodes that are executed where these stand: nothing from inside of functions."""
    waiting = [*nodes]
    while waiting:
        node = waiting.pop()
        yield node
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                waiting += [*node.args.defaults, *filter(None, node.args.kw_defaults)]
                waiting += getattr(node, "decorator_list", [])
            case ast.ClassDef():
                waiting += [*node.decorator_list, *node.bases, *node.keywords]
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                waiting += [part for part in ast.walk(node) if isinstance(part, ast.NamedExpr)]
            case _:
                waiting += ast.iter_child_nodes(node)


def _bound(nodes: Iterable[ast.AST]) -> dict[str, str | bool | None]:
    """Return the names that nodes bind where they stand: to a dotted name, or to anything else."""
    found: dict[str, str | bool | None] = {}

    def bind(name: str, value: str | None = None) -> None:
        found[name] = value if found.get(name, value) == value else None

    aliases = set()
    for node in _here(nodes):
        match node:
            case ast.Import():
                for alias in node.names:
                    whole = alias.name if alias.asname else alias.name.partition(".")[0]
                    bind(alias.asname or whole, f".{whole}")
            case ast.ImportFrom():
                for alias in node.names:
                    bind(alias.asname or alias.name, f".{node.module}.{alias.name}")
            case ast.Assign(targets=[ast.Name(id=name) as target]) if whole := _dotted(node.value):
                bind(name, whole)
                aliases.add(target)
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) if node not in aliases:
                bind(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                bind(name)
            case ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
                bind(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                bind(name)
            case ast.MatchMapping(rest=str(name)):
                bind(name)
    return found


def _own_names(body: Sequence[ast.AST], arguments: Iterable[str] = ()) -> dict[str, str | None]:
    """Return the names that are a function's or a class's own, with what they stand for."""
    own: dict[str, Any] = {**_bound(body), **dict.fromkeys(arguments)}
    for name, value in own.items():
        if value and value.partition(".")[0] in own:
            own[name] = None
    for node in _here(body):
        if isinstance(node, ast.Nonlocal):
            for name in node.names:
                own.pop(name, None)
        elif isinstance(node, ast.Global):
            own.update((name, name) for name in node.names)
    return own


class _Notebook:
    """The names of a notebook, and what is reached by each of them."""

    def __init__(self, cells: Sequence[_Cell], trusted: Collection[int]) -> None:
        statements = [statement for cell in cells for statement in cell]
        self._kinds: dict[str, set[str | bool | None]] = {}
        for statement in statements:
            for name, kind in statement.binds.items():
                self._kinds.setdefault(name, set()).add(kind)
            for name in statement.binds_later:
                self._kinds.setdefault(name, set()).add(None)
        self._find_libraries()
        self._functions: dict[str, set[str]] = {
            name: set() for name, kinds in self._kinds.items() if kinds == {True}
        }
        own = [statement for n, cell in enumerate(cells) if n not in trusted for statement in cell]
        if any(statement.sets_attributes for statement in own):  # it may be one of a function
            for name in {name.partition(".")[0] for each in own for name in each.values}:
                self._functions.pop(name, None)
        for statement in statements:
            for name in self._functions.keys() & statement.binds.keys():
                self._functions[name] |= statement.later
        mentions = {name for each in statements for name in each.now | each.later}
        self._seeded = any(SEED.match(self._path(name)) for name in mentions)
        self._steps: dict[str, set[str]] = {}  # from a name to what may be reached at once
        self._reached: dict[str, set[str]] = {}
        for statement in statements:
            names = self._mentioned(statement.now | statement.later)
            names |= {*statement.binds, *statement.binds_later}
            for name in names - self._fixed(names):
                self._steps.setdefault(name, set()).update(names)

    def is_strange(self, cell: _Cell) -> bool:
        """Return whether a cell does what is not known here."""
        return any(
            statement.strange
            or any(map(self._path, statement.sets))
            or any("." not in path for path in map(self._path, statement.values) if path)
            or any(
                self._is_strange_name(name) and name.partition(".")[0] not in statement.doubtful
                for name in statement.now | statement.later
            )
            for statement in cell
        )

    def changed(self, cell: _Cell) -> set[str]:
        """Return the names that a cell may bind anew, or change the objects of."""
        names = set()
        bound: set[str] = set()
        for statement in cell:
            names |= self._mentioned(self._when_it_runs(statement))
            bound |= {*statement.binds, *statement.binds_later}
        reached = self._reach(names - self._fixed(names))
        return bound | (reached - self._fixed(reached))

    def read(self, cell: _Cell) -> set[str]:
        """Return the names on whose objects a cell depends, as they were before it."""
        names: set[str] = set()
        bound: set[str] = set()
        for statement in cell:
            names |= self._mentioned(self._when_it_runs(statement), bound)
            bound |= statement.surely
        return self._reach(names)

    def _find_libraries(self) -> None:
        """Find the full names of what is nothing but a module, or something of one."""
        self._libraries: dict[str, str] = {}
        for _ in range(MOST_ALIASES):
            found = {}
            for name in self._kinds.keys() - self._libraries.keys():
                kinds = self._kinds[name]
                paths = {self._path(kind) if isinstance(kind, str) else "" for kind in kinds}
                if len(paths) == 1 and (path := paths.pop()):
                    found[name] = path
            if not found:
                return
            self._libraries |= found
        raise ValueError("too many aliases of aliases")

    def _path(self, name: str) -> str:
        """Return the full name of what a library has under a name, or an empty string."""
        root, dot, rest = name.partition(".")
        if not root:
            return rest
        return f"{path}{dot}{rest}" if (path := self._libraries.get(root)) else ""

    def _fixed(self, names: Iterable[str]) -> set[str]:
        """Return those names whose objects nobody can change."""
        return {name for name in names if name in self._libraries or name in self._functions}

    def _when_it_runs(self, statement: _Statement) -> set[str]:
        plain = statement.binds.keys() & self._functions.keys()
        return statement.now if plain else statement.now | statement.later

    def _mentioned(self, names: Iterable[str], bound: Collection[str] = ()) -> set[str]:
        """Return names and states for dotted names, with those in the bodies of functions."""
        found: set[str] = set()
        called: set[str] = set()
        waiting = [*names]
        while waiting:
            name = waiting.pop()
            if path := self._path(name):
                states = {state for state, pattern in STATES.items() if pattern.match(path)}
                found |= states if self._seeded else states - {"random numbers"}
            root = name.partition(".")[0]
            if root in self._functions and root not in called:
                called.add(root)
                waiting += self._functions[root]
            if root in self._kinds and root not in bound:
                found.add(root)
        return found

    def _reach(self, names: Iterable[str]) -> set[str]:
        found: set[str] = set()
        for start in names:
            if start not in self._reached:
                reached: set[str] = set()
                waiting = [start]
                while waiting:
                    name = waiting.pop()
                    if name not in reached:
                        reached.add(name)
                        waiting += self._steps.get(name, ())
                # Who has steps is reached from where they lead to.
                self._reached.update(dict.fromkeys(reached & self._steps.keys() | {start}, reached))
            found |= self._reached[start]
        return found

    def _is_strange_name(self, name: str) -> bool:
        root = name.partition(".")[0]
        if path := self._path(name):
            if any(pattern.match(path) for pattern in STATES.values()):
                return False
            return not _leaves_no_trace(path)
        if kinds := self._kinds.get(root):
            imported = any(isinstance(kind, str) and kind.startswith(".") for kind in kinds)
            return imported or HISTORY.match(root) is not None
        return STRANGE.match(root) is not None or not (hasattr(builtins, root) or root == "display")
