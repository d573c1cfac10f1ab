"""Time kernels: as Jupyter starts them and forked, in turn, and the course's notebooks under nbval.

Run with the environment's Python: `python benchmarks/warm_kernels.py`.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from jupyter_client.kernelspec import KernelSpecManager

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from helpers.kernels.server import prepare_own  # noqa: E402
from tests.kernels import ORDINARY, WARM, kernel, run  # noqa: E402

ROUNDS = 7
FIRST_CELL = "import tensorflow as tf\nprint(tf.constant(1).numpy())"
# As `make test` does it.
NBVAL = ["--nbval", "solutions", "-n", "2", "--dist", "loadfile", "--nbval-cell-timeout", "120"]


def start(way: str) -> tuple[float, float]:
    """Start a kernel; return after how many seconds it was ready, and its first cell done."""
    began = time.perf_counter()
    # TensorFlow writes to the terminal.
    with open(os.devnull, "w") as nowhere, kernel(way, stderr=nowhere) as (_, client):
        ready = time.perf_counter() - began
        assert run(client, FIRST_CELL) == "stdout: 1\n"
        return ready, time.perf_counter() - began


def nbval(way: str) -> float:
    """Run the course's notebooks; return how many seconds that took."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *NBVAL],
        cwd=ROOT,
        env={**os.environ, "JUPYTER_DEFAULT_PROVISIONER_NAME": way},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"nbval failed with {way}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    print(f"{way}: {done.stdout.strip().splitlines()[-1].strip('= ')}", flush=True)
    return time.perf_counter() - began


def report(name: str, ours: float, stock: float) -> None:
    """Print the line that all benchmarks end in."""
    print(f"{name}: ours {ours:.2f} s, stock {stock:.2f} s, ratio {stock / ours:.2f}", flush=True)


def main() -> None:
    """Measure both ways, and print a line for each quantity."""
    began = time.perf_counter()
    prepare_own(KernelSpecManager(), os.environ).wait_until_ready()
    print(f"the waiting process was ready after {time.perf_counter() - began:.2f} s")
    ours, stock = zip(*((start(WARM), start(ORDINARY)) for _ in range(ROUNDS)), strict=True)
    print(f"in medians of {ROUNDS} rounds, one kernel at a time:")
    for place, name in enumerate(("kernel ready", "first TensorFlow cell")):
        report(name, *(median(times[place] for times in way) for way in (ours, stock)))
    report("notebooks under nbval", *map(nbval, (WARM, ORDINARY)))


if __name__ == "__main__":
    main()
