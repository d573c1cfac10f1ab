"""An extension of Jupyter's server: the waiting process starts with the server.

`course lab` enables it by its own settings; the first notebook that is opened then does not wait
for the imports either.
"""

import os
from collections.abc import Mapping
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from jupyter_client.manager import KernelManager

from helpers.kernels.forks import Waiting
from helpers.kernels.warm import prepare, why_not_here


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    if reason := why_not_here():
        # Not to the log, of which `course lab` shows errors only.
        print(f"Kernels start the ordinary way: {reason}", flush=True)
        return
    # Later, as extensions that are loaded after this one may set variables.
    server.io_loop.add_callback(prepare_own, server.kernel_spec_manager, os.environ)


def prepare_own(specifications: KernelSpecManager, env: Mapping[str, str]) -> Waiting:
    """Start the waiting process for the environment's own kernels."""
    manager = KernelManager(
        kernel_name=NATIVE_KERNEL_NAME, kernel_spec_manager=specifications, connection_file=""
    )
    command = manager.format_kernel_cmd()
    return prepare(command, {**env, **specifications.get_kernel_spec(NATIVE_KERNEL_NAME).env})
