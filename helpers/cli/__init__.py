"""The `course` command: open the lessons, build them, list the facts that they assert."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from helpers.course_error import CourseError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one `course` command and return its exit code.

    An expected failure is one clear line on stderr (one per problem) and exit code 1.

    >>> main(["build", "--no-such-option"])
    Traceback (most recent call last):
        ...
    SystemExit: 2
    """
    options = _parser().parse_args(arguments)
    try:
        options.run(_root(), options)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `course coverage | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    parser = argparse.ArgumentParser(
        prog="course", description="Work with the lessons of the course."
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    lab = commands.add_parser("lab", help="open the lessons in JupyterLab, in your own copies")
    lab.add_argument("--port", type=int, help="port of JupyterLab (default: the first free one)")
    lab.add_argument("--no-browser", action="store_true", help="print the address only")
    lab.set_defaults(run=_lab)

    fresh = commands.add_parser("fresh", help="make a new copy of a lesson beside your own")
    fresh.add_argument("lesson", metavar="LESSON", help="such as 02_tensors")
    fresh.set_defaults(run=_fresh)

    grade = commands.add_parser("grade", help="grade all that was submitted for a unit")
    grade.add_argument("unit", metavar="UNIT", help="such as basics")
    grade.add_argument("--workers", type=int, metavar="N", help="default: one for each core")
    grade.add_argument("--scheduler", metavar="ADDRESS", help="of a running Dask scheduler")
    grade.add_argument(
        "--no-sandbox", action="store_true", help="run submissions unprotected, at your own risk"
    )
    grade.add_argument(
        "--all-cells", action="store_true", help="run also the cells that no answer needs"
    )
    grade.set_defaults(run=_grade)

    report = commands.add_parser("report", help="show what a class got wrong in a unit, and why")
    report.add_argument("unit", metavar="UNIT", help="such as basics")
    report.set_defaults(run=_report)

    build = commands.add_parser(
        "build", help="make the executed solutions and the students' versions from the texts"
    )
    build.add_argument("--check", action="store_true", help="only name what is out of step")
    build.add_argument("lessons", metavar="LESSON", nargs="*", help="default: all lessons")
    build.set_defaults(run=_build)

    mistakes = commands.add_parser(
        "mistakes", help="note how small mistakes in the answers behave, for the checks"
    )
    mistakes.add_argument("lessons", metavar="LESSON", nargs="*", help="default: all lessons")
    mistakes.set_defaults(run=_mistakes)

    reproduce = commands.add_parser("reproduce", help="run the slides' long programs in full")
    reproduce.add_argument("names", metavar="NAME", nargs="*", help="mnist, lenet (default: all)")
    reproduce.add_argument("--steps", type=int, metavar="N", help="fewer than the slide's")
    reproduce.set_defaults(run=_reproduce)

    site = commands.add_parser("site", help="build the course as a website, to read offline")
    site.add_argument(
        "--output", type=Path, metavar="DIR", help="a folder of its own (default: site)"
    )
    site.add_argument(
        "--solutions", action="store_true", help="with the answers, folded, for authors"
    )
    site.add_argument("--pdf", action="store_true", help="the whole course as one PDF as well")
    site.set_defaults(run=_site)

    coverage = commands.add_parser("coverage", help="list the slides' facts that a lesson asserts")
    coverage.set_defaults(run=_coverage)
    return parser


# Each command is imported when it is called: `course --help` has to be quick.
def _build(root: Path, options: argparse.Namespace) -> None:
    from helpers.cli.build import build
    from helpers.cli.check import check

    (check if options.check else build)(root, options.lessons)


def _mistakes(root: Path, options: argparse.Namespace) -> None:
    from helpers.cli.mistakes import mistakes

    mistakes(root, options.lessons)


def _lab(root: Path, options: argparse.Namespace) -> None:
    from helpers.cli.lab import lab

    lab(root, port=options.port, browser=not options.no_browser)


def _fresh(root: Path, options: argparse.Namespace) -> None:
    from helpers.cli.fresh import fresh

    fresh(root, options.lesson)


def _coverage(root: Path, options: argparse.Namespace) -> None:
    from helpers.cli.coverage import coverage

    coverage(root)


def _site(root: Path, options: argparse.Namespace) -> None:
    from helpers.cli.site import site

    site(root, options.output, options.solutions, options.pdf)


def _reproduce(root: Path, options: argparse.Namespace) -> None:
    from helpers.cli.reproduce import reproduce

    reproduce(root, options.names, options.steps)


def _grade(root: Path, options: argparse.Namespace) -> None:
    from helpers.cli.grade import grade_unit

    grade_unit(
        root,
        options.unit,
        number=options.workers,
        scheduler=options.scheduler,
        no_sandbox=options.no_sandbox,
        all_cells=options.all_cells,
    )


def _report(root: Path, options: argparse.Namespace) -> None:
    from helpers.cli.report import report

    report(root, options.unit)


def _root() -> Path:
    """Return the folder of the checkout that this package belongs to."""
    root = Path(__file__).resolve().parents[2]
    if not (root / "solutions").is_dir():
        raise CourseError(
            f"{root} has no folder solutions: the course command works in a checkout of the "
            "project. Clone it, then run there: pip install --no-deps --editable ."
        )
    return root
