"""Create `.venv` with the locked versions of everything the course needs.

Run by `make` with whatever `python3` is: standard library only, and readable by
Python 3.6, so that an old Python is told what to do instead of failing on syntax.
"""

import os
import shutil
import subprocess
import sys

# Also in pyproject.toml and environment.yml; tests/test_versions.py compares them.
OLDEST, NEWEST = (3, 11), (3, 13)

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "bin")


class SetupError(Exception):
    """The environment could not be made; the message says what to do."""


def check_python(version: tuple) -> None:
    """Raise SetupError unless TensorFlow has a build for this Python version."""
    if not OLDEST <= version[:2] <= NEWEST:
        found, oldest, newest = (".".join(map(str, v[:2])) for v in (version, OLDEST, NEWEST))
        raise SetupError(
            f"This is Python {found}; the course needs Python {oldest} to {newest}. "
            f"Install one of them and run: make PYTHON=python{newest} lab"
        )


def run(step: str, *command: str) -> None:
    """Run one command; raise SetupError with its last lines and the likely remedy if it fails."""
    print(f"  {step}", flush=True)
    process = subprocess.run(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    if process.returncode == 0:
        return
    output = process.stdout.strip()
    if "ensurepip" in output:
        raise SetupError(
            "Python's venv module is incomplete here. On Debian or Ubuntu: apt install python3-venv"
        )
    network = ("NewConnectionError", "No matching distribution", "Name or service", "timed out")
    if any(sign in output for sign in network):
        raise SetupError(
            "The packages could not be downloaded. Check the network connection "
            "(and pip's proxy or index settings), then run make again."
        )
    if "HASHES" in output:
        raise SetupError(
            "A downloaded package is not the one that requirements.lock names "
            "(its hash differs). Check pip's index settings, then run make again."
        )
    if "No space left" in output:
        raise SetupError("The disk is full. The environment needs about 3 GB.")
    raise SetupError("\n".join(output.splitlines()[-5:]))


def install() -> None:
    """Install requirements.lock and this project into `.venv`, with bytecode compiled."""
    if not os.path.exists(os.path.join(BIN, "python")):
        run("creating .venv", sys.executable, "-m", "venv", "--clear", VENV)
    python = os.path.join(BIN, "python")
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
    run(
        "downloading and installing the locked packages (a few minutes the first time)",
        *pip,
        "--no-compile",
        "--require-hashes",
        "--requirement",
        "requirements.lock",
    )
    run("installing the course", *pip, "--no-build-isolation", "--editable", ".")
    # Compiled at once and in parallel: importing TensorFlow without bytecode takes more than twice
    # as long. -W and -qq: a few packages ship templates that are not meant to compile.
    print("  compiling", flush=True)
    folders = (os.path.join(VENV, "lib"), "helpers")
    subprocess.run([python, "-W", "ignore", "-m", "compileall", "-qq", "-j", "0", *folders])


def main() -> None:
    """Make the environment or remove what was begun; exit with one clear message."""
    had_environment = os.path.exists(os.path.join(VENV, "installed"))
    print("Setting up .venv:", flush=True)
    try:
        check_python(sys.version_info)
        install()
    except (SetupError, KeyboardInterrupt) as error:
        if not had_environment:
            shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(f"Set-up stopped: {error or 'interrupted'}")
    with open(os.path.join(VENV, "installed"), "w") as stamp:
        stamp.write("requirements.lock installed and compiled\n")


if __name__ == "__main__":
    main()
