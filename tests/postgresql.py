"""A PostgreSQL server of a test's own, reached by a socket in a folder."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.project import PATIENCE


@contextmanager
def postgresql(initdb: str) -> Iterator[str]:
    """Run a server; yield the address of its database."""
    programs = Path(initdb).resolve().parent
    folder = tempfile.mkdtemp()
    # The server refuses to run as root; its package has made a user for it.
    user: dict[str, Any] = {"user": "postgres"} if os.geteuid() == 0 else {}
    if user:
        shutil.chown(folder, "postgres")
    data = f"{folder}/data"
    subprocess.run(
        [initdb, "-D", data, "-U", "glimpse", "-A", "trust", "-E", "UTF8"],
        check=True,
        capture_output=True,
        cwd=folder,
        **user,
    )
    with open(f"{folder}/log", "w") as log:
        server = subprocess.Popen(
            [str(programs / "postgres"), "-D", data, "-k", folder, "-h", ""],
            cwd=folder,
            stdout=log,
            stderr=log,
            **user,
        )
    try:
        end = time.monotonic() + PATIENCE
        ready = [str(programs / "pg_isready"), "-h", folder]
        while subprocess.run(ready, capture_output=True).returncode:
            assert server.poll() is None, Path(folder, "log").read_text()
            assert time.monotonic() < end, Path(folder, "log").read_text()
            time.sleep(0.1)
        yield f"postgresql://glimpse@/postgres?host={folder}"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=PATIENCE)
        shutil.rmtree(folder)
