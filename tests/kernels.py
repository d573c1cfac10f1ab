"""Kernels for tests: started one way or the other, and asked for values."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager, start_new_kernel
from jupyter_client.provisioning import KernelProvisionerFactory

WARM, ORDINARY = "warm-provisioner", "local-provisioner"
PATIENCE = 120.0  # seconds that a test waits for something which takes a few


@contextmanager
def as_default(way: str) -> Iterator[None]:
    """Let kernels be started this way."""
    factory = KernelProvisionerFactory.instance()
    before, factory.default_provisioner_name = factory.default_provisioner_name, way
    try:
        yield
    finally:
        factory.default_provisioner_name = before


@contextmanager
def kernel(way: str, **options: Any) -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    """Yield a kernel's manager and client, and shut it down."""
    manager = client = None
    try:
        with as_default(way):
            manager, client = start_new_kernel(kernel_name="python3", **options)
        yield manager, client
    finally:
        if client:
            client.stop_channels()
        if manager:
            manager.shutdown_kernel(now=True)


def run(client: BlockingKernelClient, code: str) -> str:
    """Run a cell; return all that a reader of the notebook would see, as text."""
    shown: list[str] = []
    stream = ""

    def note(message: dict[str, Any]) -> None:
        nonlocal stream
        content = message["content"]
        match message["msg_type"]:
            case "stream":  # comes in any number of parts
                shown.append("" if stream == content["name"] else f"{content['name']}: ")
                shown.append(content["text"])
                stream = content["name"]
            case "execute_result" | "display_data":
                shown.append(repr(sorted(content["data"].items())))
            case "error":
                shown.append(f"{content['ename']}: {content['evalue']}")

    client.execute_interactive(code, output_hook=note, timeout=PATIENCE, allow_stdin=False)
    return "".join(shown)


def values(client: BlockingKernelClient, *expressions: str) -> list[str]:
    """Return the repr of each expression."""
    reply = client.execute_interactive(
        "", user_expressions={e: e for e in expressions}, timeout=PATIENCE, output_hook=_ignore
    )
    results = reply["content"]["user_expressions"]
    return [
        str(results[e]["data"]["text/plain"] if "data" in results[e] else results[e])
        for e in expressions
    ]


def value(client: BlockingKernelClient, expression: str) -> Any:
    """Return what an expression gives, as a literal of Python."""
    return eval(values(client, expression)[0])


def wait_until(condition: Callable[[], object]) -> None:
    """Wait until it is so."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def _ignore(message: dict[str, Any]) -> None:
    pass
