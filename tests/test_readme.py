"""The commands of README.md and CONTRIBUTING.md work, and their links lead somewhere."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lessons import LESSONS, ROOT
from tests.project import copy_project, exchange, run, serve

PAGES = ("README.md", "CONTRIBUTING.md")


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks() -> list[tuple[str, str]]:
    """Return every fenced sh block, with the page that it stands on."""
    fence = re.compile(r"^```sh\n(.*?)^```", flags=re.M | re.S)
    return [(page, block) for page in PAGES for block in fence.findall(text_of(page))]


def commands(block: str) -> list[list[str]]:
    lines = block.replace("\\\n", " ").splitlines()
    return [words for line in lines if (words := shlex.split(line, comments=True))]


# How each program of a block is tried without touching the checkout or the network. A program
# that is not here fails the test: add how it is tried.


def try_make(folder: Path, *arguments: str) -> None:
    """See what make would run, and that each of these programs is there."""
    for line in run(folder, "make", "--dry-run", *arguments).splitlines():
        if program := re.match(r"\.venv/bin/(\S+)", line):
            assert shutil.which(program.group(1), path=str(Path(sys.executable).parent))


def try_lab(folder: Path, *command: str) -> None:
    """Start JupyterLab, and stop it when it shows its address."""
    with serve(folder, *command):
        pass


def try_conda(folder: Path, *arguments: str) -> None:
    """See that the files and the environment named are there; test_versions.py reads the file."""
    name = re.search(r"^name: (\w+)$", text_of("environment.yml"), flags=re.M)
    assert name
    for word in arguments:
        assert (
            word in {"env", "create", "activate", name[1]}
            or word.startswith("-")
            or (folder / word).is_file()
        )


def try_pip(folder: Path, *arguments: str) -> None:
    run(folder, sys.executable, "-m", "pip", *arguments, "--dry-run")


def try_pytest(folder: Path, *arguments: str) -> None:
    run(folder, sys.executable, "-m", "pytest", "--collect-only", "-q", *arguments)


def try_command(folder: Path, *command: str) -> None:
    run(folder, *command)


TRIES: dict[str, Callable[..., None]] = {
    "make": try_make,
    "conda": try_conda,
    "pip": try_pip,
    "pytest": try_pytest,
    "course lab": lambda folder, *rest: try_lab(folder, "course", "lab", *rest),
    "course": lambda folder, *rest: try_command(folder, "course", *rest),
    "jupyter lab": lambda folder, *rest: try_lab(folder, "jupyter", "lab", *rest),
    "nbgrader": lambda folder, *rest: try_command(folder, "nbgrader", *rest),
}


@pytest.mark.parametrize(("page", "block"), blocks())
def test_commands_run(page: str, block: str, tmp_path: Path, needs: Callable[[str], str]) -> None:
    if "course grade" in block:
        needs("bwrap")
    # One lesson is enough to see a command work, and grading all of them would take long.
    [lesson] = [lesson for lesson in LESSONS if lesson.name == "10_softmax"]
    copy_project(tmp_path, only=lesson)
    submission = tmp_path / "submitted" / "student" / lesson.unit / lesson.release.name
    submission.parent.mkdir(parents=True)
    shutil.copy(lesson.release, submission)
    # As the exchange brings it, which is in this folder and not the machine's.
    (submission.parent / "timestamp.txt").write_text("2026-11-30 12:00:00 UTC")
    (submission.parent / "submission_secret.txt").write_text("a secret")
    exchange(tmp_path, tmp_path / "exchange")
    for words in commands(block):
        program = next((p for p in (" ".join(words[:2]), words[0]) if p in TRIES), None)
        assert program, f"{page}: {words[0]} is new here; say in TRIES how it is tried"
        TRIES[program](tmp_path, *words[len(program.split()) :])


def links() -> list[tuple[str, str]]:
    """Return every link of the pages that leads to a file or heading of the project."""
    found = [(page, link) for page in PAGES for link in re.findall(r"\]\(([^)]+)\)", text_of(page))]
    return [(page, link) for page, link in found if "://" not in link]


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub and GitLab give to a page's headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize(("page", "link"), links())
def test_link_leads_somewhere(page: str, link: str) -> None:
    path, _, anchor = link.partition("#")
    target = ROOT / (path or page)
    assert target.exists(), f"{page}: {path} is not there"
    assert not anchor or anchor in anchors(target), f"{page}: no heading {anchor} in {target.name}"


def test_files_that_are_linked_are_in_the_repository() -> None:
    ignored = [
        link
        for _, link in links()
        if subprocess.run(
            ["git", "check-ignore", "-q", link.partition("#")[0]], cwd=ROOT
        ).returncode
        == 0
    ]
    assert not ignored
