"""What several tests need: programs that are not part of the environment."""

import gc
import glob
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.cli.build import build
from helpers.site import pdf
from tests import battery_summary, mutation_summary
from tests.course_folder import new_course


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long tests first, so that at the end no worker waits for another.

    pytest-xdist hands out large groups first, and groups of the same size in this order: without a
    mark, long tests that stand alone would come last.
    """
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Keep Python from looking for garbage among all that has been imported, again and again."""
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the tables of the tests that have one, of what they noted.

    A note travels with its test's report, so that it arrives from parallel workers as well.
    """
    reports = [r for status in ("passed", "failed") for r in terminalreporter.getreports(status)]
    for summary in (mutation_summary, battery_summary):
        notes = [
            value
            for report in reports
            if report.when == "call"
            for key, value in report.user_properties
            if key == summary.NOTE
        ]
        if notes:
            summary.write(terminalreporter, notes)


# Run in a terminal of `course lab`, the tests' checks are nobody's results.
os.environ.pop("GLIMPSE_RECORD", None)

# The names under which an optional program may be installed, and how to get it.
PROGRAMS = {
    "chromium": (
        pdf.PROGRAMS,
        "Install Chromium or Chrome (Debian, Ubuntu: apt install chromium) to run this test.",
    ),
    "bwrap": (
        ["bwrap"],
        "Install bubblewrap (Debian, Ubuntu: apt install bubblewrap) to run this test.",
    ),
    "initdb": (
        ["initdb", *sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))],
        "Install PostgreSQL (Debian, Ubuntu: apt install postgresql) to run this test.",
    ),
}


@pytest.fixture(scope="session")
def needs() -> Callable[[str], str]:
    """Return a function that finds an optional program; without it the test skips, in CI fails."""

    def find(program: str) -> str:
        names, remedy = PROGRAMS[program]
        found = next(filter(None, map(shutil.which, names)), None)
        if found is None:
            (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(remedy)
        return str(found)

    return find


@pytest.fixture(scope="session")
def built_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course of one lesson that was built; tests change copies of it."""
    root = tmp_path_factory.mktemp("course")
    new_course(root)
    build(root)
    return root
