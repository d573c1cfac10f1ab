"""Names of TensorFlow 1 and NumPy 1 that are no more, and what to write today."""

import re
import sys

AT_ONCE = "none is needed, a line computes at once"
INITIALIZED = "none is needed, tf.Variable has its value at once"
NO_COLLECTION = "a list of your own; there are no collections"
DATASET = "tf.data.Dataset"

# What each is today. Names that are only written differently are found in tf.compat.v1.
TODAY = {
    "Session": AT_ONCE,
    "InteractiveSession": AT_ONCE,
    "ConfigProto": "tf.config, and no session to configure",
    "placeholder": "a parameter of a Python function, with @tf.function if speed matters",
    "placeholder_with_default": "a parameter with a default value",
    "get_variable": "tf.Variable, kept in a Python name or a layer",
    "variable_scope": "a Python function, class or layer that holds its variables",
    "get_variable_scope": "a Python function, class or layer that holds its variables",
    "global_variables_initializer": INITIALIZED,
    "initialize_all_variables": INITIALIZED,
    "local_variables_initializer": INITIALIZED,
    "get_default_graph": AT_ONCE,
    "reset_default_graph": AT_ONCE,
    "set_random_seed": "tf.random.set_seed",
    "assign": "variable.assign(value)",
    "assign_add": "variable.assign_add(value)",
    "add_to_collection": NO_COLLECTION,
    "get_collection": NO_COLLECTION,
    "GraphKeys": NO_COLLECTION,
    "global_variables": NO_COLLECTION,
    "trainable_variables": "model.trainable_variables, or your own list",
    "random_normal": "tf.random.normal",
    "random_uniform": "tf.random.uniform",
    "random_shuffle": "tf.random.shuffle",
    "truncated_normal": "tf.random.truncated_normal",
    "truncated_normal_initializer": "tf.keras.initializers.TruncatedNormal",
    "log": "tf.math.log",
    "div": "x / y, or x // y for whole numbers",
    "to_float": "tf.cast(x, tf.float32)",
    "to_int32": "tf.cast(x, tf.int32)",
    "FIFOQueue": "tf.queue.FIFOQueue, or a tf.data.Dataset",
    "RandomShuffleQueue": "tf.queue.RandomShuffleQueue, or tf.data.Dataset with .shuffle(…)",
    "FixedLenFeature": "tf.io.FixedLenFeature",
    "parse_single_example": "tf.io.parse_single_example",
    "decode_raw": "tf.io.decode_raw",
    "TFRecordReader": "tf.data.TFRecordDataset(files)",
    "python_io": "tf.io, as in tf.io.TFRecordWriter",
    "python_io.TFRecordWriter": "tf.io.TFRecordWriter",
    "layers": "tf.keras.layers",
    "losses.mean_squared_error": "tf.keras.losses.MeanSquaredError()",
    "train.Saver": "tf.train.Checkpoint, or model.save_weights(path)",
    "train.GradientDescentOptimizer": "tf.keras.optimizers.SGD",
    "train.MomentumOptimizer": "tf.keras.optimizers.SGD(rate, momentum=0.9)",
    "train.AdamOptimizer": "tf.keras.optimizers.Adam",
    "train.exponential_decay": "tf.keras.optimizers.schedules.ExponentialDecay",
    "train.string_input_producer": f"{DATASET}.from_tensor_slices(files)",
    "train.match_filenames_once": f"{DATASET}.list_files(pattern)",
    "train.batch": f"{DATASET} with .batch(size)",
    "train.batch_join": f"{DATASET} with .interleave(…).batch(size)",
    "train.shuffle_batch": f"{DATASET} with .shuffle(…).batch(size)",
    "train.shuffle_batch_join": f"{DATASET} with .interleave(…).shuffle(…).batch(size)",
    "train.QueueRunner": f"{DATASET} with .prefetch(…)",
    "train.add_queue_runner": f"{DATASET} with .prefetch(…)",
    "train.start_queue_runners": f"none is needed, a {DATASET} starts when it is read",
    "summary.FileWriter": "tf.summary.create_file_writer(folder)",
    "summary.merge_all": "none is needed, a summary is written where it is called",
}

# Not in tf.compat.v1 either: what they were renamed to.
RENAMED = {
    "select": "tf.where(test, a, b)",
    "sub": "tf.subtract(x, y), or x - y",
    "mul": "tf.multiply(x, y), or x * y",
    "neg": "tf.negative(x), or -x",
    "pack": "tf.stack",
    "unpack": "tf.unstack",
    "batch_matmul": "tf.matmul",
    "Coordinator": "tf.train.Coordinator",
    "QueueRunner": "tf1.train.QueueRunner",
    "scalar_summary": "tf.summary.scalar",
    "histogram_summary": "tf.summary.histogram",
}

# Modules that ended with TensorFlow 1. The longest beginning that fits is taken.
RETIRED = {
    "contrib": "Much of it is in tf.keras today; look for the same word there.",
    "contrib.data": "Use tf.data.Dataset.",
    "contrib.layers": "Use tf.keras.layers.",
    "contrib.layers.l1_regularizer": "Use tf.keras.regularizers.L1(scale).",
    "contrib.layers.l2_regularizer": "Use tf.keras.regularizers.L2(scale / 2): the old one halved "
    "the sum of the squares, this one does not.",
    "contrib.layers.xavier_initializer": "Use tf.keras.initializers.GlorotUniform(), or "
    "tf1.glorot_uniform_initializer() in graph style.",
    "contrib.learn": "Use tf.keras: model.compile, model.fit, model.evaluate.",
    "contrib.losses": "Use tf.keras.losses, or tf1.losses in graph style.",
    "contrib.losses.mean_squared_error": "In graph style use "
    "tf1.losses.mean_squared_error(labels, predictions), which takes the labels first; today "
    "tf.keras.losses.MeanSquaredError().",
    "contrib.rnn": "Use tf.keras.layers, as in tf.keras.layers.LSTM.",
    "contrib.slim": "Use tf.keras.layers, or the package tf-slim, which goes on with the old "
    "names: import tf_slim as slim.",
    "examples": "Load MNIST with tf.keras.datasets.mnist.load_data(), which downloads it, or the "
    "digits of this course with helpers.data.digits.load(). tf.one_hot(labels, 10) gives the form "
    "of one_hot=True.",
}

# Names that NumPy does not have any more; the methods are those of an array.
NUMPY = {
    "float": "float, or np.float32 as a dtype of TensorFlow",
    "int": "int, or np.int32 as a dtype of TensorFlow",
    "object": "object",
    "str": "str",
    "complex": "complex",
    "bool8": "np.bool_",
    "int0": "np.intp",
    "float_": "np.float64",
    "complex_": "np.complex128",
    "unicode_": "np.str_",
    "string_": "np.bytes_",
    "Inf": "np.inf",
    "infty": "np.inf",
    "PINF": "np.inf",
    "NINF": "-np.inf",
    "NaN": "np.nan",
    "NAN": "np.nan",
    "product": "np.prod",
    "cumproduct": "np.cumprod",
    "alltrue": "np.all",
    "sometrue": "np.any",
    "in1d": "np.isin",
    "trapz": "np.trapezoid",
    "round_": "np.round",
    "msort": "np.sort(x, axis=0)",
    "rank": "np.ndim",
    "asscalar": "x.item()",
    "asfarray": "np.asarray(x, float)",
    "cast": "np.asarray(x, dtype)",
    "mat": "np.asmatrix",
    "math": "import math, and math.sqrt and its like",
    "issubsctype": "np.issubdtype",
    "find_common_type": "np.result_type",
}
NUMPY_METHODS = {
    "tostring": "x.tobytes(), which gives the same bytes",
    "itemset": "x[i] = value",
    "ptp": "np.ptp(x)",
    "newbyteorder": "x.view(x.dtype.newbyteorder())",
}
NUMPY_VALUES = {
    r"binary mode of fromstring is removed": (
        "np.fromstring no longer reads numbers from bytes.",
        "Write np.frombuffer(data, np.uint8), which does; add .copy() if the array is to be "
        "changed.",
    ),
    r"Unable to avoid copy while creating an array": (
        "With copy=False NumPy 2 refuses to copy at all, and here a copy is needed. NumPy 1 "
        "copied where it had to.",
        "Write np.asarray(x), which copies only where it has to.",
    ),
    r"^Python integer -?\d+ out of bounds for u?int\d+$": (
        "The number does not fit into this dtype. NumPy 1 took what is left over after the dtype's "
        "range, NumPy 2 refuses.",
        "Convert the array first, as in x.astype(np.int32), or take the rest yourself: number % "
        "256 for uint8.",
    ),
}

ABSENT = re.compile(
    r"module '(?P<module>tensorflow[\w.]*|keras\._tf_keras\.keras\.(?:losses|metrics))' "
    r"has no attribute '(?P<name>\w+)'"
    r"|cannot import name '(?P<imported>\w+)' from '(?P<source>tensorflow[\w.]*)'"
    r"|No module named 'tensorflow\.(?P<path>[\w.]+)'"
)


ABSENT_NUMPY = re.compile(
    r"module 'numpy' has no attribute '(?P<name>\w+)'"
    r"|^`np\.(?P<gone>\w+)` was removed in the NumPy 2\S* release\. Use `(?P<use>[^`]+)`"
    r"|cannot import name '(?P<imported>\w+)' from 'numpy' "
    r"|^'numpy\.\w+' object has no attribute '(?P<method>\w+)'"
)


def removed(error: BaseException, message: str, code: str) -> tuple[str, str] | None:
    """Return cause and remedy where TensorFlow or NumPy lacks a name that it once had.

    Examples
    --------
    >>> text = "module 'tensorflow' has no attribute 'select'"
    >>> removed(AttributeError(text), text, "y = tf.select(x > 0, x, -x)")[1]
    'Write tf.where(test, a, b).'
    """
    if words := _of_numpy(error, message):
        return words
    found = ABSENT.search(message) if isinstance(error, AttributeError | ImportError) else None
    if not found:
        return None
    module = found["module"] or found["source"] or "tensorflow"
    module = re.sub(
        r"^(tensorflow(\._api\.v2)?(\.compat\.v1)?|keras\._tf_keras\.keras)\.?", "", module
    )
    name = ".".join(filter(None, [module, found["name"] or found["imported"] or found["path"]]))
    if name.split(".")[0] in RETIRED:
        return _retired(name, code)
    if name in RENAMED:
        return f"tf.{name} was renamed before TensorFlow 2.", f"Write {RENAMED[name]}."
    if not _in_tensorflow_1(name):
        return None
    today = f" Today: {TODAY[name]}." if name in TODAY else ""
    return (
        f"tf.{name} belongs to TensorFlow 1. TensorFlow 2 keeps it in tf.compat.v1, which this "
        "course calls tf1.",
        f"In graph style write tf1.{name}, in a `with graphs.fresh():` block.{today}",
    )


def _of_numpy(error: BaseException, message: str) -> tuple[str, str] | None:
    if isinstance(error, ValueError | OverflowError):
        return next((v for k, v in NUMPY_VALUES.items() if re.search(k, message)), None)
    found = ABSENT_NUMPY.search(message)
    if not found or not isinstance(error, AttributeError | ImportError):
        return None
    name = found["name"] or found["gone"] or found["imported"]
    if name in NUMPY:
        return f"NumPy has no np.{name} any more.", f"Write {NUMPY[name]}."
    if found["use"]:
        return (
            f"NumPy has no np.{name} any more.",
            f"Write {found['use'].replace('numpy.', 'np.')}.",
        )
    if found["method"] in NUMPY_METHODS:
        return (
            f"NumPy's arrays have no method {found['method']} any more.",
            f"Write {NUMPY_METHODS[found['method']]}, where x is the array.",
        )
    return None


def _retired(name: str, code: str) -> tuple[str, str]:
    # TensorFlow misses the first part only; what the reader wanted stands in the line.
    family = name.split(".")[0]
    written = re.search(rf"\b{family}(?:\.\w+)*", code.replace(" import ", "."))
    words = (written[0] if written else name).split(".")
    known = (".".join(words[:length]) for length in range(len(words), 0, -1))
    place = "tensorflow.examples" if family == "examples" else "tf.contrib"
    return (
        f"{place} ended with TensorFlow 1; tf.compat.v1 does not have it either.",
        RETIRED[next(name for name in known if name in RETIRED)],
    )


def _in_tensorflow_1(name: str) -> bool:
    place = getattr(getattr(sys.modules.get("tensorflow"), "compat", None), "v1", None)
    for part in name.split("."):
        place = getattr(place, part, None)
    return place is not None
