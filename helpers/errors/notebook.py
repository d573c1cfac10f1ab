"""The IPython extension: the original traceback, and the explanation as its last entries."""

from traceback import walk_tb
from types import TracebackType
from typing import Any

from helpers.errors import retracing, watch

OWN_FORM = "_render_traceback_"  # the method by which an error tells IPython how to show it


def load_ipython_extension(ip: Any) -> None:
    """Explain known errors from now on. Another handler of errors that is in place stays."""
    if not ip.custom_exceptions:
        ip.set_custom_exc((Exception,), show)
        watch.begin(ip)
        retracing.begin(ip)


def unload_ipython_extension(ip: Any) -> None:
    """Show errors as IPython does by itself."""
    ip.set_custom_exc((), None)
    watch.end(ip)
    retracing.end(ip)


def show(
    ip: Any,
    kind: type[BaseException],
    error: BaseException,
    traceback: TracebackType,
    tb_offset: int | None = None,
) -> None:
    """Show an error as IPython does; under it, if it is known, the explanation.

    Still one error, of the same name and message: front ends, nbval and nbgrader see nothing new.
    """
    if not _ran(ip, traceback):  # IPython asks here, too, where a cell is no Python
        ip.showindentationerror() if issubclass(kind, IndentationError) else ip.showsyntaxerror()
        return
    try:
        explained = [] if hasattr(error, OWN_FORM) else _explained(ip, error, traceback)
        if explained:
            vars(error)[OWN_FORM] = lambda: [
                *ip.InteractiveTB.structured_traceback(kind, error, traceback, tb_offset=tb_offset),
                *explained,
            ]
    except Exception:  # the error itself is worth more than its explanation
        explained = []
    try:
        ip.showtraceback((kind, error, traceback), tb_offset=tb_offset, running_compiled_code=True)
    finally:
        if explained:  # where it is raised again, it is explained again
            del vars(error)[OWN_FORM]


def _explained(ip: Any, error: BaseException, traceback: TracebackType) -> list[str]:
    from helpers.errors.explain import paragraphs  # when the first error comes, not before

    return paragraphs(error, traceback, ip.compile.format_code_name)


def _ran(ip: Any, traceback: TracebackType) -> bool:
    return any(frame.f_globals is ip.user_global_ns for frame, _ in walk_tb(traceback))
