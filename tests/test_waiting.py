"""A run that waits for a queue ends, says what it waited for, and leaves a kernel that works."""

import re
import textwrap
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jupyter_client.manager import KernelManager, start_new_kernel

PATIENCE = 60  # seconds until a cell has to end, whatever it does

PREPARE = """
import os, tempfile, threading
import numpy as np
import tensorflow as tf
from helpers import graphs
from helpers.errors import watch
tf1 = tf.compat.v1
tf1.logging.set_verbosity(tf1.logging.FATAL)  # what a runner logs, as the slides' did
watch.LOOK, watch.PATIENCE, watch.GRACE = 0.1, 0.5, 0.2
folder = tempfile.TemporaryDirectory()
os.chdir(folder.name)
with tf.io.TFRecordWriter("two.tfrecords") as writer:
    for i in range(2):
        feature = {"i": tf.train.Feature(int64_list=tf.train.Int64List(value=[i]))}
        features = tf.train.Features(feature=feature)
        writer.write(tf.train.Example(features=features).SerializeToString())
def read(files="two.tfrecords", **options):
    names = tf1.train.string_input_producer([files], shuffle=False, **options)
    _, record = tf1.TFRecordReader().read(names)
    return record
"""


class Kernel:
    """A kernel as JupyterLab starts it, and what a cell of it shows."""

    def __init__(self) -> None:
        self.manager: KernelManager
        self.manager, self.client = start_new_kernel(kernel_name="python3")

    def start(self, code: str) -> str:
        return self.client.execute(textwrap.dedent(code))

    def outputs(self, cell: str, until: Callable[[list[Any]], bool] | None = None) -> list[Any]:
        """Return the outputs of a cell once it has ended, or once `until` holds for them."""
        found: list[Any] = []
        end = time.monotonic() + PATIENCE
        while True:
            message = self.client.get_iopub_msg(timeout=max(0.1, end - time.monotonic()))
            if message["parent_header"].get("msg_id") != cell:
                continue
            content = message["content"]
            if message["msg_type"] == "status" and content["execution_state"] == "idle":
                return found
            if message["msg_type"] in ("stream", "error", "execute_result"):
                found.append({"output_type": message["msg_type"], **content})
                if until and until(found):
                    return found

    def run(self, code: str) -> list[Any]:
        return self.outputs(self.start(code))


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    started = Kernel()
    try:
        assert started.run(PREPARE) == []
        yield started
    finally:
        started.run("os.chdir('/'); folder.cleanup()")
        started.client.stop_channels()
        started.manager.shutdown_kernel(now=True)


def plain(text: str) -> str:
    return " ".join(re.sub(r"\x1b\[\d*m", "", text).split())


def explained(outputs: list[Any]) -> tuple[str, str]:
    """Return the class of the error and its explanation."""
    [error] = [output for output in outputs if output["output_type"] == "error"]
    text = plain("\n".join(error["traceback"]))
    assert "In plain words" in text, text
    return error["ename"], text.partition("In plain words")[2]


def in_session(code: str, build: str = "", opened: str = "graphs.session(seconds=1.5)") -> str:
    blocks = [("with graphs.fresh() as graph:", build), (f"    with {opened} as session:", code)]
    lines = []
    for indent, (head, body) in zip(("    ", "        "), blocks, strict=True):
        lines += [head, textwrap.indent(textwrap.dedent(body).strip(), indent)]
    return "\n".join(lines)


# What is run; the error; what its explanation says.
CASES = {
    "dequeue before the runners": (
        in_session("session.run(batch)", "batch = tf1.train.batch([read()], 2)"),
        "DeadlineExceededError",
        "waits for 2 elements in the queue batch/fifo_queue, and it holds none. It has runners, "
        "and they do not run. Remedy: Start them before the first run: "
        "tf1.train.start_queue_runners",
    ),
    "min_after_dequeue never reached": (
        in_session(
            """
            session.run(queue.enqueue_many([np.arange(10.0)]))
            for _ in range(9):
                session.run(element)
            """,
            """
            queue = tf1.RandomShuffleQueue(10, 2, tf.float64, name='shuffled')
            element = queue.dequeue()
            """,
        ),
        "DeadlineExceededError",
        "waits for one of the elements in the queue shuffled, and it holds 2. At least 2 stay in "
        "it (min_after_dequeue). No runner fills this queue",
    ),
    "a full queue": (
        in_session(
            "for _ in range(4):\n    session.run(put)",
            "put = tf1.FIFOQueue(3, tf.float32, name='small').enqueue([1.0])",
        ),
        "DeadlineExceededError",
        "waits to put one of the elements into the queue small, which is full: its capacity is 3.",
    ),
    "files that do not exist": (
        in_session(
            """
            coord = tf.train.Coordinator()
            threads = tf1.train.start_queue_runners(session, coord)
            session.run(batch)
            """,
            "batch = tf1.train.batch([read('none.tfrecords')], 2)",
        ),
        "OutOfRangeError",
        "the runner that fills it has stopped with an error first. A file that is to be read does "
        "not exist.",
    ),
    "runners that died without a coordinator": (
        in_session(
            """
            threads = tf1.train.start_queue_runners(session)
            session.run(batch)
            """,
            "batch = tf1.train.batch([read('none.tfrecords')], 2)",
        ),
        "DeadlineExceededError",
        "Its runner has stopped, with NotFoundError:",
    ),
    "a runner that the session's limit has ended": (
        in_session(
            """
            threads = tf1.train.start_queue_runners(session)
            for thread in threads:
                thread.join()  # each has filled its queue, and waited
            for _ in range(3):
                session.run(batch)
            """,
            "batch = tf1.train.batch([read()], 2, capacity=4)",
        ),
        "DeadlineExceededError",
        "Its runner waited longer than the session allows, and was ended as this run is. Remedy: "
        "Take elements out more often, or give the session a longer limit",
    ),
    "num_epochs without the local initializer": (
        in_session(
            """
            coord = tf.train.Coordinator()
            threads = tf1.train.start_queue_runners(session, coord)
            session.run(batch)
            """,
            "batch = tf1.train.batch([read(num_epochs=1)], 2)",
        ),
        "OutOfRangeError",
        "has stopped with an error first. The variable input_producer/limit_epochs/epochs has no "
        "value yet",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_run_that_waits_or_fails_is_explained(kernel: Kernel, name: str) -> None:
    code, kind, says = CASES[name]
    found, text = explained(kernel.run(code))
    assert found == kind
    assert says in text
    assert kernel.run("1 + 1")[0]["data"]["text/plain"] == "2"


def waits(outputs: list[Any]) -> bool:
    return any("To stop waiting" in output.get("text", "") for output in outputs)


def test_a_plain_session_that_waits_is_explained_and_can_be_interrupted(kernel: Kernel) -> None:
    build = "element = tf1.FIFOQueue(3, tf.float32, name='empty').dequeue()"
    cell = kernel.start(in_session("session.run(element)", build, "tf1.Session()"))
    said = plain("".join(o["text"] for o in kernel.outputs(cell, until=waits)))
    assert "waits for one of the elements in the queue empty, and it holds none." in said
    assert "No runner fills this queue" in said
    kernel.manager.interrupt_kernel()
    _, text = explained(kernel.outputs(cell))
    assert "The cell was interrupted while session.run waited" in text
    with_session = in_session("print(session.run(tf1.constant(5.0)))", "", "tf1.Session()")
    assert kernel.run(with_session.replace("graph:\n\n", "graph:\n"))[0]["text"] == "5.0\n"


def test_a_long_run_without_queues_is_interrupted_silently(kernel: Kernel) -> None:
    build = "loop = tf1.while_loop(lambda i: i < 10**12, lambda i: i + 1, [np.int64(0)])"
    cell = kernel.start(
        "print('begun')\n" + in_session("session.run(loop)", build, "tf1.Session()")
    )
    kernel.outputs(cell, until=lambda found: "begun" in str(found))
    time.sleep(2)  # longer than the watch waits before it speaks
    kernel.manager.interrupt_kernel()
    outputs = kernel.outputs(cell)
    assert not waits(outputs)
    assert "interrupted" in explained(outputs)[1]


def test_a_loop_of_runs_is_interrupted_without_closing_the_session(kernel: Kernel) -> None:
    kernel.run(
        """
        with graphs.fresh() as graph:
            one = tf1.constant(1.0)
        session = tf1.Session(graph=graph)
        """
    )
    cell = kernel.start("print('begun')\nwhile True:\n    session.run(one)")
    kernel.outputs(cell, until=lambda found: "begun" in str(found))
    kernel.manager.interrupt_kernel()
    assert kernel.outputs(cell)[-1]["ename"] == "KeyboardInterrupt"
    assert kernel.run("print(session.run(one)); session.close()")[0]["text"] == "1.0\n"


def test_a_join_that_nobody_asked_to_end(kernel: Kernel) -> None:
    code = """
        coord, end = tf.train.Coordinator(), threading.Event()
        worker = threading.Thread(target=end.wait, name="worker", daemon=True)
        worker.start()
        coord.join([worker])
        """
    cell = kernel.start(code)
    said = plain("".join(o["text"] for o in kernel.outputs(cell, until=waits)))
    assert "coord.join waits for 1 thread (worker), and nobody has asked it to stop." in said
    kernel.manager.interrupt_kernel()
    assert kernel.outputs(cell)[-1]["ename"] == "KeyboardInterrupt"
    assert kernel.run("end.set(); worker.join(); print(threading.active_count() > 0)")


def test_runners_that_nobody_joins_do_no_harm(kernel: Kernel) -> None:
    code = in_session(
        """
        threads = tf1.train.start_queue_runners(session, tf.train.Coordinator())
        print(len(session.run(batch)))
        """,
        "batch = tf1.train.batch([read()], 2)",
        "tf1.Session()",
    )
    outputs = kernel.run(code)
    assert [output.get("text") for output in outputs] == ["2\n"]
    assert kernel.run("1 + 1")[0]["data"]["text/plain"] == "2"
