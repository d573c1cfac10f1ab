"""Names of TensorFlow 1 and NumPy 1 that are no more, and what to write today."""

import re
import sys

AT_ONCE = "none is needed, a line computes at once"
INITIALIZED = "none is needed, tf.Variable has its value at once"
NO_COLLECTION = "a list of your own; there are no collections"
DATASET = "tf.data.Dataset"
HOOKS = "model.fit, with tf.keras.callbacks in place of hooks"
FLAGS = "Python's argparse"
RECURRENT = "tf.keras.layers.RNN(cell), or a layer such as tf.keras.layers.LSTM"

# What each is today. Names that are only written differently are found in tf.compat.v1.
TODAY = {
    "Session": AT_ONCE,
    "InteractiveSession": AT_ONCE,
    "ConfigProto": "tf.config, and no session to configure",
    "GPUOptions": "tf.config.experimental.set_memory_growth(gpu, True)",
    "enable_eager_execution": AT_ONCE,
    "placeholder": "a parameter of a Python function, with @tf.function if speed matters",
    "placeholder_with_default": "a parameter with a default value",
    "get_variable": "tf.Variable, kept in a Python name or a layer",
    "variable_scope": "a Python function, class or layer that holds its variables",
    "get_variable_scope": "a Python function, class or layer that holds its variables",
    "global_variables_initializer": INITIALIZED,
    "initialize_all_variables": INITIALIZED,
    "initialize_variables": INITIALIZED,
    "initialize_local_variables": INITIALIZED,
    "is_variable_initialized": INITIALIZED,
    "tables_initializer": "none is needed, a table has its values at once",
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
    "local_variables": NO_COLLECTION,
    "model_variables": NO_COLLECTION,
    "moving_average_variables": NO_COLLECTION,
    "all_variables": NO_COLLECTION,
    "trainable_variables": "model.trainable_variables, or your own list",
    "random_normal": "tf.random.normal",
    "random_uniform": "tf.random.uniform",
    "random_shuffle": "tf.random.shuffle",
    "truncated_normal": "tf.random.truncated_normal",
    "random_crop": "tf.image.random_crop",
    "multinomial": "tf.random.categorical",
    "truncated_normal_initializer": "tf.keras.initializers.TruncatedNormal",
    "orthogonal_initializer": "tf.keras.initializers.Orthogonal",
    "variance_scaling_initializer": "tf.keras.initializers.VarianceScaling",
    "log": "tf.math.log",
    "log1p": "tf.math.log1p",
    "ceil": "tf.math.ceil",
    "erf": "tf.math.erf",
    "is_nan": "tf.math.is_nan",
    "count_nonzero": "tf.math.count_nonzero",
    "squared_difference": "tf.math.squared_difference",
    "arg_max": "tf.argmax",
    "div": "x / y, or x // y for whole numbers",
    "floordiv": "x // y",
    "mod": "x % y",
    "to_float": "tf.cast(x, tf.float32)",
    "to_double": "tf.cast(x, tf.float64)",
    "to_int32": "tf.cast(x, tf.int32)",
    "to_int64": "tf.cast(x, tf.int64)",
    "diag": "tf.linalg.tensor_diag",
    "cholesky": "tf.linalg.cholesky",
    "matrix_inverse": "tf.linalg.inv",
    "global_norm": "tf.linalg.global_norm",
    "check_numerics": "tf.debugging.check_numerics",
    "sparse_tensor_to_dense": "tf.sparse.to_dense",
    "string_split": "tf.strings.split",
    "string_to_number": "tf.strings.to_number",
    "depth_to_space": "tf.nn.depth_to_space",
    "space_to_depth": "tf.nn.space_to_depth",
    "extract_image_patches": "tf.image.extract_patches",
    "image.resize_images": "tf.image.resize",
    "nn.xw_plus_b": "x @ w + b",
    "nn.static_rnn": RECURRENT,
    "nn.dynamic_rnn": RECURRENT,
    "nn.bidirectional_dynamic_rnn": "tf.keras.layers.Bidirectional(layer)",
    "py_func": "tf.numpy_function",
    "Print": "tf.print",
    "app": f"{FLAGS} for flags, and a call of your own function for run",
    "flags": FLAGS,
    "logging": "Python's logging",
    "gfile": "tf.io.gfile",
    "FIFOQueue": "tf.queue.FIFOQueue, or a tf.data.Dataset",
    "RandomShuffleQueue": "tf.queue.RandomShuffleQueue, or tf.data.Dataset with .shuffle(…)",
    "FixedLenFeature": "tf.io.FixedLenFeature",
    "parse_single_example": "tf.io.parse_single_example",
    "parse_example": "tf.io.parse_example",
    "VarLenFeature": "tf.io.VarLenFeature",
    "decode_raw": "tf.io.decode_raw",
    "decode_csv": "tf.io.decode_csv",
    "read_file": "tf.io.read_file",
    "TFRecordReader": "tf.data.TFRecordDataset(files)",
    "TextLineReader": "tf.data.TextLineDataset(files)",
    "FixedLengthRecordReader": "tf.data.FixedLengthRecordDataset(files, record_bytes)",
    "WholeFileReader": f"{DATASET}.list_files(pattern).map(tf.io.read_file)",
    "python_io": "tf.io, as in tf.io.TFRecordWriter",
    "python_io.TFRecordWriter": "tf.io.TFRecordWriter",
    "losses.mean_squared_error": "tf.keras.losses.MeanSquaredError()",
    "train.Saver": "tf.train.Checkpoint, or model.save_weights(path)",
    "train.GradientDescentOptimizer": "tf.keras.optimizers.SGD",
    "train.MomentumOptimizer": "tf.keras.optimizers.SGD(rate, momentum=0.9)",
    "train.AdamOptimizer": "tf.keras.optimizers.Adam",
    "train.RMSPropOptimizer": "tf.keras.optimizers.RMSprop",
    "train.AdagradOptimizer": "tf.keras.optimizers.Adagrad",
    "train.AdadeltaOptimizer": "tf.keras.optimizers.Adadelta",
    "train.FtrlOptimizer": "tf.keras.optimizers.Ftrl",
    "train.exponential_decay": "tf.keras.optimizers.schedules.ExponentialDecay",
    "train.Supervisor": HOOKS,
    "train.MonitoredTrainingSession": HOOKS,
    "train.SessionRunHook": "tf.keras.callbacks.Callback",
    "train.import_meta_graph": "tf.saved_model.load(folder), for what tf.saved_model.save wrote",
    "saved_model.loader": "tf.saved_model.load(folder)",
    "saved_model.simple_save": "tf.saved_model.save(model, folder)",
    "train.string_input_producer": f"{DATASET}.from_tensor_slices(files)",
    "train.slice_input_producer": f"{DATASET}.from_tensor_slices(arrays)",
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
    "image_summary": "tf.summary.image",
    "train.SummaryWriter": "tf.summary.create_file_writer(folder)",
}

# Modules of which tf.compat.v1 has nothing either, each before what was in it. The longest
# beginning that fits is taken.
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
    "estimator": "Use tf.keras: model.compile, model.fit, model.evaluate.",
    "layers": "Use tf.keras.layers.",
    "layers.dense": "Use tf.keras.layers.Dense(units).",
    "layers.conv2d": "Use tf.keras.layers.Conv2D(filters, kernel_size).",
    "layers.max_pooling2d": "Use tf.keras.layers.MaxPooling2D(pool_size).",
    "layers.flatten": "Use tf.keras.layers.Flatten().",
    "layers.dropout": "Use tf.keras.layers.Dropout(rate).",
    "layers.batch_normalization": "Use tf.keras.layers.BatchNormalization().",
    "nn.rnn_cell": "Use tf.keras.layers, as in tf.keras.layers.GRUCell.",
    "nn.rnn_cell.LSTMCell": "Use tf.keras.layers.LSTMCell(units).",
    "nn.rnn_cell.BasicLSTMCell": "Use tf.keras.layers.LSTMCell(units).",
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
    if family := next((each for each in RETIRED if f"{name}.".startswith(f"{each}.")), None):
        return _retired(family, name, code)
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


def _retired(family: str, name: str, code: str) -> tuple[str, str]:
    # TensorFlow misses the first part only; what the reader wanted stands in the line.
    written = re.search(rf"\b{re.escape(family)}(?:\.\w+)*", code.replace(" import ", "."))
    words = (written[0] if written else name).split(".")
    known = (".".join(words[:length]) for length in range(len(words), 0, -1))
    place = "tensorflow.examples" if family == "examples" else f"tf.{family}"
    return (
        f"{place} is no part of today's TensorFlow, nor of its tf.compat.v1.",
        RETIRED[next(name for name in known if name in RETIRED)],
    )


def _in_tensorflow_1(name: str) -> bool:
    place = getattr(getattr(sys.modules.get("tensorflow"), "compat", None), "v1", None)
    for part in name.split("."):
        place = getattr(place, part, None)
    return place is not None
