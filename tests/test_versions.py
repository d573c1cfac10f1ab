"""Everything that names a version agrees, and the set-up explains what stops it."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from helpers.setup_environment import NEWEST, OLDEST, SetupError, check_python, run
from tests.lessons import ROOT

SETUP = ROOT / "helpers" / "setup_environment.py"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
# One logical line a package: the name with its version, then its hashes.
LOCKED_LINES = [line for line in LOCK.replace("\\\n", " ").splitlines() if line.strip()]
LOCKED = {
    canonicalize_name(requirement.name): requirement
    for requirement in (Requirement(line.split("--hash")[0]) for line in LOCKED_LINES)
}
EXTRAS = PROJECT["project"]["optional-dependencies"]
DEPENDENCIES = PROJECT["project"]["dependencies"] + [d for extra in EXTRAS.values() for d in extra]


def locked_version(name: str) -> str:
    return str(LOCKED[canonicalize_name(name)].specifier).removeprefix("==")


@pytest.mark.parametrize("dependency", DEPENDENCIES)
def test_dependency_is_locked_at_a_version_it_allows(dependency: str) -> None:
    wanted = Requirement(dependency)
    assert canonicalize_name(wanted.name) in LOCKED, "add it to requirements.lock"
    assert wanted.specifier.contains(locked_version(wanted.name))


def test_build_backend_is_locked() -> None:
    # The course itself is installed without build isolation.
    [backend] = map(Requirement, PROJECT["build-system"]["requires"])
    assert backend.specifier.contains(locked_version(backend.name))


def test_each_locked_line_is_one_version_with_hashes() -> None:
    pattern = r"\S+==\S+( ; [^-]+)?(\s+--hash=sha256:[0-9a-f]{64})+\s*"
    assert [line[:60] for line in LOCKED_LINES if not re.fullmatch(pattern, line)] == []


def test_lock_names_no_index() -> None:
    assert not re.search(r"://|index-url|find-links|trusted-host", LOCK)


def test_installed_versions_are_the_locked_ones() -> None:
    wrong = {
        name: (version(name), locked_version(name))
        for name, requirement in LOCKED.items()
        if not requirement.marker or requirement.marker.evaluate()
        if version(name) != locked_version(name)
    }
    assert not wrong, "installed, locked; remove .venv/installed and run make to repair"


def test_python_bounds_agree() -> None:
    allowed = SpecifierSet(PROJECT["project"]["requires-python"])
    minors = [f"3.{minor}" for minor in range(6, 30) if allowed.contains(f"3.{minor}")]
    assert minors == [f"3.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1)]
    oldest = ".".join(map(str, OLDEST))
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"
    assert PROJECT["tool"]["mypy"]["python_version"] == oldest


def test_conda_installs_the_lock_on_a_python_within_the_bounds() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, pip, by_pip = environment["dependencies"]
    assert environment["name"] == "glimpse"
    assert pip == "pip"
    assert by_pip == {"pip": ["-r requirements.lock"]}
    pinned = re.fullmatch(r"python=3\.(\d+)", python)
    assert pinned, "conda's Python is pinned to a minor version: python=3.11"
    assert OLDEST <= (3, int(pinned.group(1))) <= NEWEST


def test_binder_installs_the_course_as_environment_yml_says() -> None:
    command = "pip install --no-deps --no-build-isolation --editable ."
    assert command in (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert command in (ROOT / "postBuild").read_text(encoding="utf-8")
    assert os.access(ROOT / "postBuild", os.X_OK), "Binder runs it: chmod +x postBuild"


# The set-up's own messages


@pytest.mark.parametrize("found", [(3, 9, 18), (3, NEWEST[1] + 1, 0)])
def test_unfit_python_is_named_with_the_remedy(found: tuple[int, int, int]) -> None:
    with pytest.raises(SetupError) as error:
        check_python(found)
    message = str(error.value)
    assert f"This is Python {found[0]}.{found[1]}; the course needs Python 3.11 to" in message
    assert "make PYTHON=python3" in message


def old_pythons() -> list[str]:
    """Return the interpreters of this machine that are too old for the course, if any."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    names = [f"python3.{minor}" for minor in range(6, OLDEST[1])]
    candidates = [*filter(None, map(shutil.which, names)), *pyenv.glob("versions/3.*/bin/python")]
    run_ok = {}
    for python in map(str, candidates):
        code = f"import sys; sys.exit(sys.version_info >= {OLDEST})"
        run_ok[python] = subprocess.run([python, "-c", code], capture_output=True).returncode == 0
    return [python for python, ok in run_ok.items() if ok]


def test_setup_is_readable_by_an_old_python(tmp_path: Path) -> None:
    ast.parse(SETUP.read_text(encoding="utf-8"), feature_version=(3, 6))
    (tmp_path / "helpers").mkdir()
    script = shutil.copy(SETUP, tmp_path / "helpers")
    for python in old_pythons():
        process = subprocess.run([python, script], capture_output=True, text=True)
        assert process.returncode == 1
        assert re.fullmatch(r"Set-up stopped: This is Python 3\.\d+; .+\n", process.stderr)
        assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(
    ("output", "remedy"),
    [
        ("Error: ensurepip is not available", "apt install python3-venv"),
        ("NewConnectionError: Name or service not known", "Check the network connection"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "its hash differs"),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("something else", "something else"),
    ],
)
def test_failed_step_is_explained(output: str, remedy: str) -> None:
    with pytest.raises(SetupError, match=re.escape(remedy)):
        run("a step", sys.executable, "-c", f"print({output!r}); raise SystemExit(1)")


def test_without_a_network_setup_stops_with_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "helpers").mkdir()
    script = shutil.copy(SETUP, tmp_path / "helpers")
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9", "PIP_CONFIG_FILE": os.devnull}
    nowhere |= {"PIP_EXTRA_INDEX_URL": "", "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1"}
    process = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, env=os.environ | nowhere
    )
    assert process.returncode == 1
    assert re.fullmatch(r"Set-up stopped: .*Check the network connection.*\n", process.stderr)
    assert not (tmp_path / ".venv").exists()
