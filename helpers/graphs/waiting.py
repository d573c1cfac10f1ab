"""A session that cannot wait for ever, and what a run waits for."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, NamedTuple

import tensorflow as tf

tf1 = tf.compat.v1

# Operations that wait for a queue, each with the place of the queue among its inputs.
_TAKES = {
    "QueueDequeueV2": 0,
    "QueueDequeueManyV2": 0,
    "QueueDequeueUpToV2": 0,
    "ReaderReadV2": 1,
    "ReaderReadUpToV2": 1,
}
_PUTS = {"QueueEnqueueV2": 0, "QueueEnqueueManyV2": 0}


class Waiting(NamedTuple):
    """What a run waits for, in a sentence or two, and what to do."""

    cause: str
    remedy: str


@contextmanager
def session(seconds: float = 5.0) -> Iterator[tf.compat.v1.Session]:
    """Open a session in which no run waits longer than this, and an error says what it waits for.

    Parameters
    ----------
    seconds : float, optional
        A run that takes longer ends with ``tf.errors.DeadlineExceededError``. The session can be
        used after it.

    Yields
    ------
    tf1.Session
        Of the default graph.

    Raises
    ------
    tf.errors.DeadlineExceededError
        In the `with` block, from a run that waited too long.

    Notes
    -----
    Slide: 队列, whose random queue blocks at the ninth element.

    Examples
    --------
    >>> from helpers import graphs
    >>> with graphs.fresh(), session(seconds=0.2) as limited:
    ...     queue = tf1.FIFOQueue(3, tf.float32)
    ...     try:
    ...         limited.run(queue.dequeue())
    ...     except tf.errors.DeadlineExceededError:
    ...         print("nothing came;", limited.run(queue.size()), "elements")
    nothing came; 0 elements
    """
    limit = tf1.ConfigProto(operation_timeout_in_ms=round(1000 * seconds))
    with tf1.Session(config=limit) as opened:
        try:
            yield opened
        except tf.errors.DeadlineExceededError as error:
            # Now, since a session that is closed can no longer be asked.
            if run := _run_of(error.__traceback__):
                error.waiting = waits_for(*run)
            raise


def _run_of(trace: TracebackType | None) -> tuple[Any, Any] | None:
    """Return the session and the fetches of the call of ``session.run`` in a traceback."""
    while trace is not None:
        names = trace.tb_frame.f_locals
        if trace.tb_frame.f_code.co_name == "run" and "fetches" in names:
            return names["self"], names["fetches"]
        trace = trace.tb_next
    return None


def waits_for(opened: tf.compat.v1.Session, fetches: Any) -> Waiting | None:
    """Say which queue a run of these fetches waits for, and why; None if it waits for no queue.

    Parameters
    ----------
    opened : tf1.Session
        It must be open; another of its runs may be waiting. Its graph gets operations that ask
        the queues for their size.
    fetches : as for ``session.run``

    Returns
    -------
    Waiting or None

    Examples
    --------
    >>> from helpers import graphs
    >>> with graphs.fresh(), session() as opened:
    ...     queue = tf1.FIFOQueue(3, tf.float32, name="numbers")
    ...     opened.run(queue.enqueue_many([[1.0, 2.0]]))
    ...     print(waits_for(opened, queue.dequeue_many(3)).cause)
    The run waits for 3 elements in the queue numbers, and it holds 2. No runner fills this queue: \
only a run of an enqueue operation does.
    """
    graph = opened.graph
    operations = _operations(graph, fetches)
    return _first_blocked(opened, operations, seen=set()) if operations else None


def _operations(graph: tf.Graph, fetches: Any) -> list[tf.Operation]:
    found = []
    for item in tf.nest.flatten(fetches):
        try:
            element = graph.as_graph_element(item, allow_tensor=True, allow_operation=True)
        except (TypeError, ValueError, KeyError):
            continue
        found.append(element if isinstance(element, tf.Operation) else element.op)
    return found


def _ancestors(operations: Iterable[tf.Operation]) -> Iterator[tf.Operation]:
    """Yield the operations and all that they need, the nearest first."""
    waiting, seen = list(operations), set(operations)
    for operation in waiting:
        yield operation
        for needed in [tensor.op for tensor in operation.inputs] + list(operation.control_inputs):
            if needed not in seen:
                seen.add(needed)
                waiting.append(needed)


def _first_blocked(
    opened: tf.compat.v1.Session, operations: Iterable[tf.Operation], seen: set[tf.Operation]
) -> Waiting | None:
    for operation in list(_ancestors(operations)):
        place = (_TAKES | _PUTS).get(operation.type)
        if place is None:
            continue
        queue = operation.inputs[place].op
        if queue in seen or not queue.type.endswith("QueueV2"):
            continue
        seen.add(queue)
        size, closed = _state(opened, queue)
        if closed:
            continue
        if operation.type in _PUTS:
            if waiting := _full(operation, queue, size):
                return waiting
        elif waiting := _too_few(opened, operation, queue, size, seen):
            return waiting
    return None


def _state(opened: tf.compat.v1.Session, queue: tf.Operation) -> tuple[int, bool]:
    """Return the number of elements in a queue, and whether it is closed."""
    with opened.graph.as_default(), tf.control_dependencies(None), tf1.name_scope(None):
        asked = [
            tf.raw_ops.QueueSizeV2(handle=queue.outputs[0]),
            tf.raw_ops.QueueIsClosedV2(handle=queue.outputs[0]),
        ]
    size, closed = opened.run(asked)
    return int(size), bool(closed)


def joins(coordinator: tf.train.Coordinator, threads: Iterable[threading.Thread]) -> Waiting | None:
    """Say for which threads a coordinator's `join` waits, and why; None if all have ended.

    Examples
    --------
    >>> stop = threading.Event()
    >>> worker = threading.Thread(target=stop.wait, name="worker", daemon=True)
    >>> worker.start()
    >>> joins(tf.train.Coordinator(), [worker]).cause
    'coord.join waits for 1 thread (worker), and nobody has asked it to stop.'
    >>> stop.set()
    """
    alive = [thread.name for thread in threads if thread.is_alive()]
    if not alive:
        return None
    names = ", ".join(alive[:3]) + (", …" if len(alive) > 3 else "")
    many = f"{len(alive)} thread{'s' if len(alive) > 1 else ''} ({names})"
    them = "them" if len(alive) > 1 else "it"
    if coordinator.should_stop():
        return Waiting(
            f"coord.join waits for {many}, asked to stop and still running.",
            "A thread has to look at coord.should_stop() again and again; one that waits for a "
            "queue ends when that queue or the session is closed.",
        )
    return Waiting(
        f"coord.join waits for {many}, and nobody has asked {them} to stop.",
        "Call coord.request_stop() before coord.join(threads).",
    )


def _full(operation: tf.Operation, queue: tf.Operation, size: int) -> Waiting | None:
    capacity = queue.get_attr("capacity")
    first = operation.inputs[1]
    new = 1 if operation.type == "QueueEnqueueV2" else (first.shape[:1].as_list() or [None])[0] or 1
    if capacity < 0 or size + new <= capacity:
        return None
    held = "is full" if size == capacity else f"holds {size}"
    return Waiting(
        f"The run waits to put {_counted(new)} into the queue {queue.name}, which {held}: its "
        f"capacity is {capacity}.",
        "Take elements out first, or start what takes them out. A larger capacity helps only if "
        "more goes in than comes out for a while.",
    )


def _too_few(
    opened: tf.compat.v1.Session,
    operation: tf.Operation,
    queue: tf.Operation,
    size: int,
    seen: set[tf.Operation],
) -> Waiting | None:
    many = "Many" in operation.type or "UpTo" in operation.type
    number = tf.get_static_value(operation.inputs[1]) if many and "Queue" in operation.type else 1
    wanted = 1 if number is None else int(number)
    stay = queue.get_attr("min_after_dequeue") if queue.type.startswith("RandomShuffle") else 0
    if size - wanted >= stay:
        return None
    what = "file names" if operation.type.startswith("Reader") else "elements"
    held = f"The run waits for {_counted(wanted, what)} in the queue {queue.name}, and it holds "
    held += "none." if not size else f"{size}."
    if stay:
        held += f" At least {stay} stay in it (min_after_dequeue)."
    why, remedy = _why_not_filled(opened, queue, stay, seen)
    return Waiting(f"{held} {why}", remedy)


def _counted(number: int, what: str = "elements") -> str:
    return f"{number} {what}" if number != 1 else f"one of the {what}"


def _why_not_filled(
    opened: tf.compat.v1.Session, queue: tf.Operation, stay: int, seen: set[tf.Operation]
) -> tuple[str, str]:
    runners = [
        runner
        for runner in opened.graph.get_collection(tf1.GraphKeys.QUEUE_RUNNERS)
        if runner.queue.name == queue.name
    ]
    if not runners:
        remedy = "Run enqueue operations before, ask for fewer elements"
        remedy += ", or make min_after_dequeue smaller" if stay else ""
        return (
            "No runner fills this queue: only a run of an enqueue operation does.",
            f"{remedy}; session.run(queue.close()) lets the last ones out.",
        )
    failed = first_failure(opened.graph)
    if isinstance(failed, tf.errors.DeadlineExceededError):
        return (
            "Its runner waited longer than the session allows, and was ended as this run is.",
            "Take elements out more often, or give the session a longer limit: "
            "graphs.session(seconds=…).",
        )
    if failed:
        return (
            f"Its runner has stopped, with {_named(failed)}",
            "Put right what the runner stopped with; what waits for it then goes on.",
        )
    if not any(_runs(runner) for runner in runners):
        return (
            "It has runners, and they do not run.",
            "Start them before the first run: tf1.train.start_queue_runners(sess=session, "
            "coord=coord). Initialize the variables before that.",
        )
    enqueued = [operation for runner in runners for operation in runner.enqueue_ops]
    inner = [tensor.op for operation in enqueued for tensor in operation.inputs[1:]]
    if above := _first_blocked(opened, inner, seen):
        return f"Its runners wait themselves. {above.cause}", above.remedy
    return (
        "Its runners run, and have put in no more yet.",
        "Look at what the runners compute: perhaps it takes long, or never ends.",
    )


def _runs(runner: tf.compat.v1.train.QueueRunner) -> bool:
    """Tell whether one of a runner's threads is alive; they are named after their queue."""
    name = f"QueueRunnerThread-{runner.name}-"
    return any(thread.name.startswith(name) for thread in threading.enumerate())


def _named(error: BaseException) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    message = next((line for line in lines if not line.startswith("Graph execution error")), "")
    return f"{type(error).__name__}: {message.strip()}"


def first_failure(graph: tf.Graph, names: Iterable[Any] = ()) -> BaseException | None:
    """Return the exception with which a queue runner of a graph has stopped, or None.

    Parameters
    ----------
    graph : tf.Graph
    names : iterable, optional
        Values among which the runners' coordinators are looked for: with a coordinator, it is the
        one that keeps the exception.
    """
    runners = graph.get_collection(tf1.GraphKeys.QUEUE_RUNNERS)
    failures = [error for runner in runners for error in runner.exceptions_raised]
    # A runner that the session's limit has cut off only waited itself: mostly for the failed one.
    failures.sort(key=lambda error: isinstance(error, tf.errors.DeadlineExceededError))
    for error in failures:
        return error
    for value in names:
        if isinstance(value, tf.train.Coordinator):
            try:
                value.raise_requested_exception()
            except Exception as error:
                return error
    return None
