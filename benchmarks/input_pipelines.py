"""Time two input pipelines over the same records: TensorFlow 1's queues, and `tf.data`.

Run with the environment's Python: `python benchmarks/input_pipelines.py`.
Both read 5,000 images of MNIST from five files, two of them at once, parse, shuffle and batch them,
and compute nothing; each thread and buffer of the one has its like in the other.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

from helpers import batching, graphs  # noqa: E402
from helpers.data import mnist, records  # noqa: E402

tf1 = tf.compat.v1

ROUNDS = 5
EPOCHS = 4  # in a round
NUM_FILES, READERS = 5, 2
BATCH_SIZE, MIXED = 100, 1000
SHAPE = (28, 28, 1)


def write(folder: Path) -> list[str]:
    """Write all images that come with the course; return the files' paths."""
    data = mnist.load()
    images = np.rint(255 * np.concatenate([data.x_train, data.x_validation])).astype(np.uint8)
    labels = np.concatenate([data.labels_train, data.labels_validation])
    paths = [str(folder / f"digits-{i}-of-{NUM_FILES}") for i in range(NUM_FILES)]
    for i, path in enumerate(paths):
        records.write_images(path, images[i::NUM_FILES], labels[i::NUM_FILES])
    return paths


def by_queues(paths: Sequence[str]) -> tuple[int, float]:
    """Read all epochs through queues; return the number of images, and the seconds it took."""
    with graphs.fresh():
        names = tf1.train.string_input_producer(paths, num_epochs=EPOCHS)
        examples = [
            records.parse_image(tf1.TFRecordReader().read(names)[1], SHAPE) for _ in range(READERS)
        ]
        capacity = batching.capacity(BATCH_SIZE, MIXED, READERS)
        batch = tf1.train.shuffle_batch_join(
            examples, BATCH_SIZE, capacity, MIXED, allow_smaller_final_batch=True
        )
        with tf1.Session() as session:
            session.run(tf1.local_variables_initializer())
            coord, found = tf.train.Coordinator(), 0
            began = time.perf_counter()
            threads = tf1.train.start_queue_runners(session, coord)
            try:
                while True:
                    found += len(session.run(batch)[1])
            except tf.errors.OutOfRangeError:
                took = time.perf_counter() - began
            coord.request_stop()
            coord.join(threads)
    return found, took


def by_datasets(paths: Sequence[str]) -> tuple[int, float]:
    """Read all epochs through `tf.data`; return the number of images, and the seconds it took."""
    names = tf.data.Dataset.from_tensor_slices(list(paths)).shuffle(NUM_FILES).repeat(EPOCHS)
    serialized = names.interleave(
        tf.data.TFRecordDataset, cycle_length=READERS, num_parallel_calls=READERS
    )
    examples = serialized.map(lambda record: records.parse_image(record, SHAPE), READERS)
    batches = examples.shuffle(MIXED).batch(BATCH_SIZE).prefetch(READERS)
    began, found = time.perf_counter(), 0
    for _, labels in batches.as_numpy_iterator():
        found += len(labels)
    return found, time.perf_counter() - began


def measure(way: Callable[[Sequence[str]], tuple[int, float]], paths: Sequence[str]) -> float:
    """Return the seconds of one round, after a look at whether every image came."""
    found, took = way(paths)
    if found != EPOCHS * 5000:
        sys.exit(f"{way.__name__} gave {found} images, not {EPOCHS * 5000}")
    return took


def main() -> None:
    """Measure both ways in turn; print the throughput of each, and the ratio last."""
    tf.get_logger().setLevel("ERROR")
    with tempfile.TemporaryDirectory() as folder:
        paths = write(Path(folder))
        for way in (by_queues, by_datasets):
            measure(way, paths)  # the first time costs more
        pairs = [(measure(by_datasets, paths), measure(by_queues, paths)) for _ in range(ROUNDS)]
    datasets, queues = (median(times) for times in zip(*pairs, strict=True))
    images = EPOCHS * 5000
    print(
        f"in medians of {ROUNDS} rounds of {images:,} images: queues {images / queues:,.0f} "
        f"images per second, tf.data {images / datasets:,.0f}"
    )
    print(
        f"input pipelines: tf.data {datasets:.2f} s, queues {queues:.2f} s, "
        f"ratio {queues / datasets:.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
