"""The slides' programs that train and evaluate a network: MNIST 数字识别实例, LeNet-5类似实例."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers import graphs
from helpers.data.batches import rows_of_step

tf1 = tf.compat.v1

EVALUATED_AT_ONCE = 1000  # images; all 5,000 at once would take the convolutions 2 GB


class Program(NamedTuple):
    """What one of the slides' programs trains, and how."""

    inference: Callable[..., tf.Tensor]  # of images, training and regularizer
    image_shape: tuple[int, ...]
    learning_rate: float
    num_steps: int = 30_000
    batch_size: int = 100
    decay_rate: float = 0.99  # of the learning rate, once an epoch
    regularization: float = 0.0001
    moving_average: float = 0.99


def train_op(loss: tf.Tensor, learning_rate: tf.Tensor, moving_average: float) -> tf.Operation:
    """Return the operation that takes one step and then averages the new variables.

    Parameters
    ----------
    loss, learning_rate : tf.Tensor
        Of the default graph.
    moving_average : float
        The decay of the averages, smaller during the first steps (see ``num_updates``).

    Returns
    -------
    tf.Operation
        It adds 1 to the graph's global step, too.

    Notes
    -----
    Slide: MNIST 数字识别实例. There the averages may be taken before the step or after it, as it
    happens: nothing orders the two operations.

    Examples
    --------
    >>> with graphs.fresh(), tf1.Session() as session:
    ...     weight = tf1.get_variable("weight", initializer=8.0)
    ...     step = train_op(weight, tf.constant(1.0), 0.99)
    ...     session.run(tf1.global_variables_initializer())
    ...     session.run(step)
    ...     print(*session.run(tf1.global_variables()))
    7.0 1 7.181818
    """
    global_step = tf1.train.get_or_create_global_step()
    optimizer = tf1.train.GradientDescentOptimizer(learning_rate)
    descent = optimizer.minimize(loss, global_step=global_step)
    averages = tf1.train.ExponentialMovingAverage(moving_average, global_step)
    with tf1.control_dependencies([descent]):
        return averages.apply(tf1.trainable_variables())


def train(
    program: Program,
    x: NDArray,
    labels: NDArray,
    folder: str | Path,
    num_steps: int | None = None,
    save_every: int = 1000,
    seed: int = 0,
) -> Iterator[tuple[int, float]]:
    """Train, go on from the latest checkpoint in a folder, and save new ones there.

    Parameters
    ----------
    program : Program
    x : ndarray of float32, shape (samples, 784)
    labels : ndarray of int, shape (samples,)
    folder : str or Path
        Made if it is not there. A checkpoint is saved after the first step and then every
        `save_every` steps.
    num_steps : int, optional
        Steps in all, those before the checkpoint included. Default: the program's.
    seed : int, optional
        Of the initial weights, of dropout and of the order of the samples.

    Yields
    ------
    step : int
        The number of steps taken.
    loss : float
        The loss on the step's batch, before the step.

    Raises
    ------
    tf.errors.InvalidArgumentError, tf.errors.NotFoundError
        If the checkpoint is of another network.

    Notes
    -----
    Without dropout, a training that was interrupted continues exactly as it would have gone on.

    Examples
    --------
    >>> import tempfile
    >>> from helpers.networks import dense
    >>> program = dense.PROGRAM._replace(image_shape=(4,), batch_size=2)
    >>> x, labels = np.eye(4, dtype=np.float32), np.arange(4)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     first = [step for step, loss in train(program, x, labels, folder, 3, save_every=2)]
    ...     then = [step for step, loss in train(program, x, labels, folder, 5, save_every=2)]
    >>> first, then
    ([1, 2, 3], [4, 5])
    """
    with graphs.fresh(seed) as graph:
        images = tf1.placeholder(tf.float32, [None, *program.image_shape], name="x-input")
        targets = tf1.placeholder(tf.int64, [None], name="y-input")
        logits = program.inference(
            images, True, lambda weights: program.regularization * tf1.nn.l2_loss(weights)
        )
        errors = tf1.nn.sparse_softmax_cross_entropy_with_logits(labels=targets, logits=logits)
        loss = tf1.reduce_mean(errors) + tf1.add_n(tf1.get_collection("losses"))
        global_step = tf1.train.get_or_create_global_step()
        learning_rate = tf1.train.exponential_decay(
            program.learning_rate,
            global_step,
            len(x) / program.batch_size,
            program.decay_rate,
            staircase=True,
        )
        step_taken = train_op(loss, learning_rate, program.moving_average)
        initializer = tf1.global_variables_initializer()
        saver = tf1.train.Saver()
    # Neither it nor the graph is the default one for whoever takes the steps.
    session = tf1.Session(graph=graph)
    try:
        if latest := tf.train.latest_checkpoint(folder):
            with graph.as_default():
                saver.restore(session, latest)
            # So that it deletes the oldest of them, too, as it saves new ones.
            state = tf.train.get_checkpoint_state(folder)
            saver.recover_last_checkpoints(state.all_model_checkpoint_paths)
        else:
            session.run(initializer)
        first = int(session.run(global_step))
        for step in range(first, program.num_steps if num_steps is None else num_steps):
            rows = rows_of_step(step, len(x), program.batch_size, seed)
            feed = {images: x[rows].reshape(-1, *program.image_shape), targets: labels[rows]}
            _, value = session.run([step_taken, loss], feed)
            if step % save_every == 0:
                _save(saver, session, Path(folder), step + 1)
            yield step + 1, float(value)
    finally:
        session.close()


def _save(
    saver: tf.compat.v1.train.Saver, session: tf.compat.v1.Session, folder: Path, step: int
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with session.graph.as_default():
        saver.save(session, str(folder / "model"), step, write_meta_graph=False)


def evaluate(
    program: Program, x: NDArray, labels: NDArray, folder: str | Path
) -> tuple[int, float] | None:
    """Return the accuracy of the averages in a folder's latest checkpoint.

    It builds a graph of its own, without a loss, and restores into each variable its average.

    Parameters
    ----------
    program : Program
    x : ndarray of float32, shape (samples, 784)
    labels : ndarray of int, shape (samples,)
    folder : str or Path
        Where `train` has saved, or is saving.

    Returns
    -------
    (int, float) or None
        The steps that had been taken, and the share of the samples whose largest logit is their
        label's. None if there is no checkpoint.

    Notes
    -----
    Slides: MNIST 数字识别实例; LeNet-5类似实例, which evaluates a batch of training data instead.
    """
    latest = tf.train.latest_checkpoint(folder)
    if latest is None:
        return None
    with graphs.fresh():
        images = tf1.placeholder(tf.float32, [None, *program.image_shape], name="x-input")
        predicted = tf1.argmax(program.inference(images, False, None), axis=1)
        averages = tf1.train.ExponentialMovingAverage(program.moving_average)
        saver = tf1.train.Saver(averages.variables_to_restore())
        with tf1.Session() as session:
            saver.restore(session, latest)
            right = 0
            for first in range(0, len(x), EVALUATED_AT_ONCE):
                rows = slice(first, first + EVALUATED_AT_ONCE)
                feed = {images: x[rows].reshape(-1, *program.image_shape)}
                right += int(np.sum(session.run(predicted, feed) == labels[rows]))
    return int(latest.rpartition("-")[2]), right / len(x)
