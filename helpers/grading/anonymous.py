"""Show a piece of a student's code without what may tell whose it is."""

import ast
import re
import warnings
from collections.abc import Collection, Iterable

_LONGEST = 1500  # characters that a reader is shown
_MOST_LINES = 30
# Two words in a row are a sentence; names of nodes and formulas of einsum are not.
_SENTENCE = re.compile(r"[^\W\d_]{2,}\s+[^\W\d_]{2,}")


def choose_example(sources: Iterable[str], names: Collection[str]) -> str:
    r"""Return the shortest of several answers, made anonymous; "" where none can be.

    Parameters
    ----------
    sources : iterable of str
    names : collection of str
        Ids and names that must not be seen. An answer without them is preferred; else they
        are replaced.

    Examples
    --------
    >>> choose_example(["f = lambda x: x + Li", "def f(x): return -x - x  # by Li"], ["Li"])
    'def f(x):\n    return -x - x'
    """
    patterns = map(_pattern, sorted(names, key=len, reverse=True))
    any_name = re.compile("|".join(patterns) or r"(?!)")
    examples = filter(None, map(without_words, sources))
    found = min(
        examples, key=lambda code: (bool(any_name.search(code)), len(code), code), default=""
    )
    code = any_name.sub("…", found)
    lines = code[:_LONGEST].splitlines()
    shortened = "\n".join(lines[:_MOST_LINES])
    return shortened if shortened == code else shortened + "\n…"


def _pattern(name: str) -> str:
    """Return what finds a name, and not the same letters inside a word: Max, but not softMax."""
    pattern = re.escape(name)
    if name.isascii():
        pattern = rf"(?<![^\W_]){pattern}(?![^\W_])"
    return rf"(?i:{pattern})" if len(name) > 3 else pattern  # nor np.max for Max


def without_words(source: str) -> str:
    r"""Return Python code without comments, docstrings and sentences; "" if it is not Python.

    >>> without_words('def f(x):\n    "By Li."\n    return tf.constant(x, name="Li Ming")')
    "def f(x):\n    return tf.constant(x, name='…')"
    """
    try:
        with warnings.catch_warnings():  # of the student's code, which are no concern here
            warnings.simplefilter("ignore")
            tree = _WithoutWords().visit(ast.parse(source))
        return ast.unparse(ast.fix_missing_locations(tree))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""


class _WithoutWords(ast.NodeTransformer):
    """Leave strings out that do nothing, and hide those that hold a sentence."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if getattr(node, "body", None) == [] and not isinstance(node, ast.Module):
            node.body = [ast.Pass()]  # type: ignore[attr-defined]
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str | bytes):
            return None
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        text = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
        if isinstance(text, str) and (not text.isascii() or _SENTENCE.search(text)):
            return ast.Constant("…")
        return node
