"""The workers that grade: processes of this machine, or those of a Dask scheduler elsewhere."""

import contextlib
import logging
import os
from collections.abc import Iterator
from multiprocessing import forkserver, get_context
from unittest import mock

import dask
from distributed import Client, LocalCluster

from helpers.grading.worker import warm_up

# A grader's processes compute with one thread each; none looks for a GPU.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
}
FORK = {"distributed.worker.multiprocessing-method": "forkserver"}
# Dask's looks at its own processes, a hundred a second by default, would take from the work.
FEW_LOOKS = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.admin.low-level-log-length": 100,  # of messages, which it would keep in memory
}
SECONDS_TO_CONNECT = 20


class NoWorkers(Exception):
    """The scheduler cannot be used; the message says why and what to do."""


@contextlib.contextmanager
def workers(number: int, scheduler: str | None = None) -> Iterator[Client]:
    """Yield a client of the workers.

    Parameters
    ----------
    number : int
        Of processes to start here, without a scheduler.
    scheduler : str, optional
        Address of a running Dask scheduler, such as ``"tcp://grader:8786"``.

    Raises
    ------
    NoWorkers
    """
    if scheduler is None:
        _import_once()
        with (
            dask.config.set({**FORK, **FEW_LOOKS}),
            LocalCluster(
                n_workers=number,
                threads_per_worker=1,  # nbgrader and a sandbox's watcher want their process
                memory_limit=0,
                dashboard_address=None,
                # It opens a port all the same: any that is free, and for this machine alone.
                scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                silence_logs=logging.CRITICAL,
                env=ENVIRONMENT,
            ) as cluster,
            Client(cluster) as client,
        ):
            client.run(warm_up)
            yield client
        return
    try:
        client = Client(scheduler, timeout=SECONDS_TO_CONNECT)
    except (OSError, ValueError) as error:
        raise NoWorkers(
            f"No Dask scheduler answers at {scheduler} ({error}). Start one there with: "
            "dask scheduler; and on each machine with the course installed: dask worker "
            "--nthreads 1 ADDRESS"
        ) from error
    with client:
        addresses = list(client.scheduler_info(n_workers=-1)["workers"])
        if not addresses:
            raise NoWorkers(
                f"The scheduler at {scheduler} has no workers. Start some on machines with the "
                f"course installed: dask worker --nthreads 1 {scheduler}"
            )
        try:
            client.run(warm_up)
        except Exception as error:
            raise NoWorkers(
                f"A worker of {scheduler} cannot grade ({type(error).__name__}: {error}). "
                "Install this version of the course on every worker's machine."
            ) from error
        yield client


def _import_once() -> None:
    """Start the process that workers are forked from; it imports what they all need."""
    get_context("forkserver").set_forkserver_preload(["helpers.grading.forked_from", "distributed"])
    with mock.patch.dict(os.environ, ENVIRONMENT):
        forkserver.ensure_running()
