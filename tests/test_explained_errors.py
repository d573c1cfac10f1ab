"""Errors explained: each raised by TensorFlow itself in a kernel, as a reader would meet it."""

import operator
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jupyter_client.manager import start_new_kernel
from nbformat.v4 import new_output

from helpers.checks.verdict import CheckFailed, PartVerdict, Verdict
from helpers.cli.execute import tidy
from helpers.errors.entry import Known
from helpers.errors.explain import ALL_KNOWN, explanation
from helpers.errors.known import NO_IMAGES
from helpers.errors.live import LIVE
from helpers.errors.removed import (
    NUMPY,
    NUMPY_METHODS,
    NUMPY_VALUES,
    RENAMED,
    RETIRED,
    TODAY,
)

UNINITIALIZED = "The variable w has no value yet: in this session its initializer has not been run."
TWO_GRAPHS = (
    "Two graphs are mixed: a tensor belongs to the graph in which it was made, and cannot be used "
    "in, fed to or run in another one."
)
OUTSIDE = (
    "No graph is being built here. Outside of one, today's TensorFlow computes each line at once, "
    "so that there is nothing to feed or to run later."
)
HAS_ITS_VALUE = (
    "This tensor was computed at once, outside of a graph: it has its value already, and no "
    "session can run it."
)
NO_VALUE = "Python wants a number here, and a tensor of a graph has no value until it is run."
TRUTH = (
    "Python asks for true or false here (if, while, and, or, not), and a tensor of a graph has no "
    "value until it is run."
)
ELEMENTS = (
    "Python goes through the elements here (for, a, b = …, list, sum), and a tensor of a graph has "
    "no elements until it is run."
)
NO_CHECKPOINT = (
    "There is no checkpoint of this name: nothing was saved yet, or it was saved in another folder "
    "or with another step number."
)
NONE_FOR_CHECKPOINT = (
    "There is None in place of a checkpoint: that is what tf.train.latest_checkpoint and "
    "get_checkpoint_state give for a folder without one."
)
CHANNELS_LAST = (
    "On a CPU, images have their channels last (NHWC); channels first (NCHW) is for GPUs."
)
OLD_CONCAT = (
    "A list of tensors stands where one integer is wanted. Before TensorFlow 1.0, tf.concat took "
    "the axis first, as tf.concat(3, values)."
)
PRODUCT = "A matrix product needs as many columns on the left as rows on the right, and the shapes "
EXAMPLE = (
    "values = tf.train.Int64List(value=[1, 2])\n"
    "feature = tf.train.Features(feature={'i': tf.train.Feature(int64_list=values)})\n"
    "record = tf.train.Example(features=feature).SerializeToString()\n"
)
ENDED = "is no part of today's TensorFlow, nor of its tf.compat.v1."


def in_graph(code: str) -> str:
    return "with graphs.fresh(), tf1.Session() as session:\n" + textwrap.indent(code, "    ")


def kept(name: str) -> str:
    return (
        f"tf.{name} belongs to TensorFlow 1. TensorFlow 2 keeps it in tf.compat.v1, which this "
        "course calls tf1."
    )


# A cell; the line that is named, with its code; the likely cause; where the node was made.
CASES: list[tuple[str, str, str, str]] = [
    # Variables
    (
        in_graph("w = tf1.Variable([1.0], name='w')\nsession.run(w * 2)"),
        "line 3: session.run(w * 2)",
        UNINITIALIZED,
        "w/read was made in line 2: w = tf1.Variable([1.0], name='w')",
    ),
    (
        in_graph("w = tf1.Variable(1.0, name='w', use_resource=True)\ny = w * 2\nsession.run(y)"),
        "line 4: session.run(y)",
        UNINITIALIZED,
        "ReadVariableOp was made in line 3: y = w * 2",
    ),
    (
        in_graph(
            "w = tf1.Variable(1.0, name='w', use_resource=True)\n"
            "step = w.assign_add(1.0)\n"
            "session.run(step)"
        ),
        "line 4: session.run(step)",
        UNINITIALIZED,
        "AssignAddVariableOp was made in line 3: step = w.assign_add(1.0)",
    ),
    (
        in_graph("tf1.get_variable('w', [1])\ntf1.get_variable('w', [1])"),
        "line 3: tf1.get_variable('w', [1])",
        "This graph has a variable w already, perhaps from an earlier run of this cell, and "
        "get_variable makes a new one unless it is told to reuse.",
        "",
    ),
    (
        in_graph("with tf1.variable_scope('foo', reuse=True):\n    tf1.get_variable('w', [1])"),
        "line 3: tf1.get_variable('w', [1])",
        "With reuse=True, get_variable only looks up what get_variable has made in this graph, and "
        "it has made no foo/w.",
        "",
    ),
    (
        in_graph(
            "with tf1.variable_scope('', reuse=tf1.AUTO_REUSE):\n"
            "    tf1.get_variable('w', [1])\n"
            "    tf1.get_variable('w', [2])"
        ),
        "line 4: tf1.get_variable('w', [2])",
        "The variable w exists with shape (1,), and is asked for with shape (2,).",
        "",
    ),
    # Graphs and sessions
    (
        "with graphs.fresh():\n    a = tf1.constant(1.0)\n" + in_graph("a + tf1.constant(1.0)"),
        "line 4: a + tf1.constant(1.0)",
        TWO_GRAPHS,
        "",
    ),
    (
        "with graphs.fresh():\n    a = tf1.constant(1.0)\n"
        + in_graph("b = tf1.constant(1.0)\nsession.run([a])"),
        "line 5: session.run([a])",
        TWO_GRAPHS,
        "",
    ),
    (
        "with graphs.fresh():\n    a = tf1.constant(1.0)\n" + in_graph("a.eval()"),
        "line 4: a.eval()",
        TWO_GRAPHS,
        "",
    ),
    (
        "with graphs.fresh():\n    a = tf1.constant(1.0, name='a')\na + 1.0",
        "line 3: a + 1.0",
        "The tensor a belongs to a graph, and this line stands outside of it.",
        "",
    ),
    (
        in_graph("a = tf1.constant(1.0)") + "\nsession.run(a)",
        "line 3: session.run(a)",
        "The session is closed: a with block closes its session where it ends.",
        "",
    ),
    (
        "with graphs.fresh():\n    tf1.constant(1.0).eval()",
        "line 2: tf1.constant(1.0).eval()",
        "eval() and run() of a tensor or an operation need a session, and none is open here.",
        "",
    ),
    (
        "tf1.placeholder(tf.float32)",
        "line 1: tf1.placeholder(tf.float32)",
        OUTSIDE,
        "",
    ),
    (
        "a = tf.constant(1.0)\n" + in_graph("b = tf1.constant(1.0)\nsession.run(a)"),
        "line 4: session.run(a)",
        HAS_ITS_VALUE,
        "",
    ),
    (
        "a = tf.constant(1.0)\n" + in_graph("session.run(a)"),
        "line 3: session.run(a)",
        "The session's graph is empty: what it is to run was made outside of a graph, or in "
        "another one.",
        "",
    ),
    ("tf1.train.Saver()", "line 1: tf1.train.Saver()", OUTSIDE, ""),
    ("tf.gradients(1.0, 1.0)", "line 1: tf.gradients(1.0, 1.0)", OUTSIDE, ""),
    ("tf.constant(1.0).eval()", "line 1: tf.constant(1.0).eval()", HAS_ITS_VALUE, ""),
    # Feeds
    (
        in_graph("x = tf1.placeholder(tf.float32, [None, 3], name='x')\nsession.run(x + 1)"),
        "line 3: session.run(x + 1)",
        "What is run here needs the placeholder x, and feed_dict gives it no value. A feed holds "
        "for one run only.",
        "x was made in line 2: x = tf1.placeholder(tf.float32, [None, 3], name='x')",
    ),
    (
        in_graph(
            "x = tf1.placeholder(tf.float32, [None, 3], name='x')\n"
            "session.run(\n    x + 1,\n    feed_dict={x: [1.0, 2.0]},\n)"
        ),
        "line 3: session.run( x + 1, feed_dict={x: [1.0, 2.0]}, )",
        "The value for x has shape (2,), and the placeholder takes (None, 3), where None is any "
        "number.",
        "",
    ),
    (
        in_graph("x = tf1.placeholder(tf.float32)\nsession.run(x, {x: [[1.0], [1.0, 2.0]]})"),
        "line 3: session.run(x, {x: [[1.0], [1.0, 2.0]]})",
        "The inner lists differ in length, and an array or a feed needs equal rows.",
        "",
    ),
    (
        in_graph("x = tf1.placeholder(tf.float32)\nsession.run(x, {x: tf1.constant(1.0)})"),
        "line 3: session.run(x, {x: tf1.constant(1.0)})",
        "A tensor is given as the value of a feed, and a feed takes values: numbers, lists or "
        "arrays.",
        "",
    ),
    (
        in_graph("x = tf1.placeholder(tf.float32, name='x')\nsession.run(x, {'x': 1.0})"),
        "line 3: session.run(x, {'x': 1.0})",
        "The key 'x' of feed_dict is text that is not the name of a tensor of this graph.",
        "",
    ),
    (
        in_graph("a = tf1.constant(1.0)\nsession.run(None)"),
        "line 3: session.run(None)",
        "session.run was asked for None: the Python name holds no tensor.",
        "",
    ),
    # Dtypes
    (
        in_graph("tf1.constant([1.0]) + tf1.constant([1])"),
        "line 2: tf1.constant([1.0]) + tf1.constant([1])",
        "Add takes tensors of one dtype, and is given float32 and int32.",
        "",
    ),
    (
        in_graph("tf1.concat([tf1.constant([1.0]), tf1.constant([1])], 0)"),
        "line 2: tf1.concat([tf1.constant([1.0]), tf1.constant([1])], 0)",
        "Concat takes tensors of one dtype, and is given float32, int32.",
        "",
    ),
    (
        "tf.matmul([[1.0]], tf.constant([[1.0]], tf.float64))",
        "line 1: tf.matmul([[1.0]], tf.constant([[1.0]], tf.float64))",
        "MatMul takes tensors of one dtype, and is given float32 and float64.",
        "",
    ),
    (
        in_graph("w = tf1.Variable(1.0, use_resource=True)\nw.assign(tf1.constant(1))"),
        "line 3: w.assign(tf1.constant(1))",
        "A tensor of dtype int32 stands where one of float32 is wanted.",
        "",
    ),
    (
        in_graph("tf1.constant([1, 2]) * 0.5"),
        "line 2: tf1.constant([1, 2]) * 0.5",
        "A tensor of dtype int32 meets the Python number 0.5, which is no int32.",
        "",
    ),
    (
        "tf.constant([1, 2]) * 0.5",
        "line 1: tf.constant([1, 2]) * 0.5",
        "A tensor of dtype int32 meets the Python value 0.5, which is no int32.",
        "",
    ),
    (
        in_graph("tf1.nn.softmax(tf1.constant([1, 2]))"),
        "line 2: tf1.nn.softmax(tf1.constant([1, 2]))",
        "This operation is not made for tensors of dtype int32.",
        "",
    ),
    (
        "tf.nn.softmax(tf.constant([1, 2]))",
        "line 1: tf.nn.softmax(tf.constant([1, 2]))",
        "This operation is not made for tensors of dtype int32.",
        "",
    ),
    # Queues
    (
        in_graph(
            "queue = tf1.FIFOQueue(3, tf.float32)\n"
            "session.run(queue.enqueue(1.0))\n"
            "session.run(queue.close())\n"
            "taken = queue.dequeue()\n"
            "print(session.run(taken))\n"
            "session.run(taken)"
        ),
        "line 7: session.run(taken)",
        "The queue is closed and has fewer elements (0) than are wanted (1). Either all have been "
        "taken, which is how reading ends, or what fills it has stopped early.",
        "fifo_queue_Dequeue was made in line 5: taken = queue.dequeue()",
    ),
    (
        in_graph(
            "queue = tf1.FIFOQueue(3, tf.float32)\n"
            "session.run(queue.close())\n"
            "session.run(queue.enqueue(1.0))"
        ),
        "line 4: session.run(queue.enqueue(1.0))",
        "The queue has been closed, and takes no new elements after that.",
        "",
    ),
    (
        in_graph(
            "taken = tf1.FIFOQueue(3, tf.float32).dequeue()\n"
            "session.run(taken, options=tf1.RunOptions(timeout_in_ms=50))"
        ),
        "line 3: session.run(taken, options=tf1.RunOptions(timeout_in_ms=50))",
        "The run waited for as long as it was allowed to. Mostly it takes elements from an empty "
        "queue, and nothing puts any in.",
        "",
    ),
    (
        "iter(tf.data.Dataset.range(0)).get_next()",
        "line 1: iter(tf.data.Dataset.range(0)).get_next()",
        "The data set has come to its end: all elements have been taken.",
        "",
    ),
    # Tensors in Python's own places
    (
        in_graph("x = tf1.constant(1.0)\nif x > 0:\n    print(x)"),
        "line 3: if x > 0:",
        TRUTH,
        "",
    ),
    (in_graph("x = tf1.constant([1, 2])\na, b = x"), "line 3: a, b = x", ELEMENTS, ""),
    (
        "x = np.array([1, 2])\nif x > 1:\n    print(x)",
        "line 2: if x > 1:",
        "Python asks for one true or false here (if, while, and, or, not), and an array has one "
        "for each element.",
        "",
    ),
    (
        in_graph("for element in tf1.constant([1, 2]):\n    print(element)"),
        "line 2: for element in tf1.constant([1, 2]):",
        ELEMENTS,
        "",
    ),
    (
        in_graph("for element in tf.data.Dataset.range(2):\n    print(element)"),
        "line 2: for element in tf.data.Dataset.range(2):",
        "Python goes through the elements of a data set here, and in a graph they have no values "
        "until it is run.",
        "",
    ),
    (
        in_graph("np.exp(tf1.constant(1.0, name='x'))"),
        "line 2: np.exp(tf1.constant(1.0, name='x'))",
        "NumPy wants numbers here, and x is a tensor of a graph, which has no value until it is "
        "run.",
        "",
    ),
    (in_graph("tf1.constant(1.0).numpy()"), "line 2: tf1.constant(1.0).numpy()", NO_VALUE, ""),
    (in_graph("float(tf1.constant(1.0))"), "line 2: float(tf1.constant(1.0))", NO_VALUE, ""),
    (in_graph("range(tf1.constant(3))"), "line 2: range(tf1.constant(3))", NO_VALUE, ""),
    (in_graph("len(tf1.constant([3]))"), "line 2: len(tf1.constant([3]))", NO_VALUE, ""),
    # Shapes
    (
        in_graph("tf1.matmul(tf1.ones([2, 3]), tf1.ones([2, 3]))"),
        "line 2: tf1.matmul(tf1.ones([2, 3]), tf1.ones([2, 3]))",
        PRODUCT + "are [2,3] and [2,3]: 3 is not 2.",
        "",
    ),
    (
        in_graph("tf1.matmul(tf1.ones([2, 3]), tf1.ones([3]))"),
        "line 2: tf1.matmul(tf1.ones([2, 3]), tf1.ones([3]))",
        "tf.matmul takes matrices, of rank 2, and the shapes are [2,3] and [3].",
        "",
    ),
    (
        in_graph(
            "x = tf1.placeholder(tf.float32)\n"
            "y = tf1.matmul(x, tf1.ones([3, 2]))\n"
            "session.run(y, {x: np.ones([1, 4])})"
        ),
        "line 4: session.run(y, {x: np.ones([1, 4])})",
        PRODUCT + "are [1,4] and [3,2].",
        "MatMul was made in line 3: y = tf1.matmul(x, tf1.ones([3, 2]))",
    ),
    (
        "tf.matmul(tf.ones([2, 3]), tf.ones([2, 3]))",
        "line 1: tf.matmul(tf.ones([2, 3]), tf.ones([2, 3]))",
        PRODUCT + "are [2,3] and [2,3].",
        "",
    ),
    (
        "tf.matmul(tf.ones([2, 3]), tf.ones([3]))",
        "line 1: tf.matmul(tf.ones([2, 3]), tf.ones([3]))",
        "tf.matmul takes matrices, of rank 2, and is given a vector or a number.",
        "",
    ),
    (
        in_graph("tf1.ones([2, 3]) + tf1.ones([2, 2])"),
        "line 2: tf1.ones([2, 3]) + tf1.ones([2, 2])",
        "Add goes element by element, and the shapes [2,3] and [2,2] do not fit: 3 is not 2.",
        "",
    ),
    (
        "tf.ones([2, 3]) + tf.ones([2, 2])",
        "line 1: tf.ones([2, 3]) + tf.ones([2, 2])",
        "An operation goes element by element, and the shapes [2,3] and [2,2] do not fit.",
        "",
    ),
    # Checkpoints
    (
        in_graph("w = tf1.Variable(1.0)\ntf1.train.Saver().restore(session, 'nowhere/model')"),
        "line 3: tf1.train.Saver().restore(session, 'nowhere/model')",
        NO_CHECKPOINT,
        "",
    ),
    (
        "tf.train.Checkpoint().read('nowhere/model')",
        "line 1: tf.train.Checkpoint().read('nowhere/model')",
        NO_CHECKPOINT,
        "",
    ),
    (
        in_graph("tf1.train.import_meta_graph('nowhere/model.meta')"),
        "line 2: tf1.train.import_meta_graph('nowhere/model.meta')",
        NO_CHECKPOINT,
        "",
    ),
    (
        in_graph(
            "w = tf1.Variable(1.0)\n"
            "tf1.train.Saver().restore(session, tf.train.latest_checkpoint('nowhere'))"
        ),
        "line 3: tf1.train.Saver().restore(session, tf.train.latest_checkpoint('nowhere'))",
        NONE_FOR_CHECKPOINT,
        "",
    ),
    (
        "tf.train.get_checkpoint_state('nowhere').model_checkpoint_path",
        "line 1: tf.train.get_checkpoint_state('nowhere').model_checkpoint_path",
        NONE_FOR_CHECKPOINT,
        "",
    ),
    (
        in_graph("v = tf1.Variable(1.0, name='v')\ntf1.train.Saver().restore(session, SAVED_W)"),
        "line 3: tf1.train.Saver().restore(session, SAVED_W)",
        "The graph has a variable v, and the checkpoint has none of this name.",
        "",
    ),
    (
        in_graph("w = tf1.Variable([1.0], name='w')\ntf1.train.Saver().restore(session, SAVED_W)"),
        "line 3: tf1.train.Saver().restore(session, SAVED_W)",
        "A variable of the graph has shape [1], and was saved with shape [].",
        "",
    ),
    # What TensorFlow 2 does not have
    ("tf.Session()", "line 1: tf.Session()", kept("Session"), ""),
    (
        "x = tf.placeholder(tf.float32)",
        "line 1: x = tf.placeholder(tf.float32)",
        kept("placeholder"),
        "",
    ),
    (
        "tf.train.GradientDescentOptimizer(0.1)",
        "line 1: tf.train.GradientDescentOptimizer(0.1)",
        kept("train.GradientDescentOptimizer"),
        "",
    ),
    (
        "from tensorflow import placeholder",
        "line 1: from tensorflow import placeholder",
        kept("placeholder"),
        "",
    ),
    (
        "tf1.select(True, 1, 2)",
        "line 1: tf1.select(True, 1, 2)",
        "tf.select was renamed before TensorFlow 2.",
        "",
    ),
    (
        "tf.layers.dense(tf.ones([1, 2]), 3)",
        "line 1: tf.layers.dense(tf.ones([1, 2]), 3)",
        f"tf.layers {ENDED}",
        "",
    ),
    (
        "cell = tf.nn.rnn_cell.LSTMCell(3)",
        "line 1: cell = tf.nn.rnn_cell.LSTMCell(3)",
        f"tf.nn.rnn_cell {ENDED}",
        "",
    ),
    (
        "tf.contrib.layers.l2_regularizer(0.1)",
        "line 1: tf.contrib.layers.l2_regularizer(0.1)",
        f"tf.contrib {ENDED}",
        "",
    ),
    (
        "from tensorflow.examples.tutorials.mnist import input_data",
        "line 1: from tensorflow.examples.tutorials.mnist import input_data",
        f"tensorflow.examples {ENDED}",
        "",
    ),
    # Batches, records and files
    (
        in_graph("x = tf1.placeholder(tf.float32, [None])\ntf1.train.batch([x], 2)"),
        "line 3: tf1.train.batch([x], 2)",
        "A batch is one tensor, and TensorFlow does not know the shape of what it is to put "
        "together: None stands for a number that is known only when the graph runs.",
        "",
    ),
    (
        in_graph("tf1.train.shuffle_batch([1.0], 3, capacity=10, min_after_dequeue=30)"),
        "line 2: tf1.train.shuffle_batch([1.0], 3, capacity=10, min_after_dequeue=30)",
        "The queue can hold 10 elements, and 30 of them are to stay in it: nothing would ever come "
        "out.",
        "",
    ),
    (  # the real one is interrupted in test_waiting.py
        "raise RuntimeError('ORIGINAL CancelledError REPLACED BY KeyboardInterrupt')",
        "line 1: raise RuntimeError('ORIGINAL CancelledError REPLACED BY KeyboardInterrupt')",
        "The cell was interrupted while session.run waited, and its session is closed.",
        "",
    ),
    (
        EXAMPLE + "tf.io.parse_single_example(record, {'y': tf.io.FixedLenFeature([], tf.int64)})",
        "line 4: tf.io.parse_single_example(record, {'y': tf.io.FixedLenFeature([], tf.int64)})",
        "The record has no feature y, of dtype int64, which is asked for without a default.",
        "",
    ),
    (
        EXAMPLE + "tf.io.parse_example([record], {'i': tf.io.FixedLenFeature([], tf.float32)})",
        "line 4: tf.io.parse_example([record], {'i': tf.io.FixedLenFeature([], tf.float32)})",
        "The feature i holds int64, and is asked for as float32.",
        "",
    ),
    (
        EXAMPLE + "tf.io.parse_single_example(record, {'i': tf.io.FixedLenFeature([], tf.int64)})",
        "line 4: tf.io.parse_single_example(record, {'i': tf.io.FixedLenFeature([], tf.int64)})",
        "The feature i has another number of values than its FixedLenFeature says.",
        "",
    ),
    (
        "tf.io.decode_raw([b'abc'], tf.float32)",
        "line 1: tf.io.decode_raw([b'abc'], tf.float32)",
        "3 bytes are no whole number of float32, which takes 4 bytes.",
        "",
    ),
    (
        "tf.io.parse_single_example(b'abcd', {'i': tf.io.FixedLenFeature([], tf.int64)})",
        "line 1: tf.io.parse_single_example(b'abcd', {'i': tf.io.FixedLenFeature([], tf.int64)})",
        "These bytes are no tf.train.Example.",
        "",
    ),
    (
        "with open('text', 'w') as file:\n    print('x' * 99, file=file)\n"
        "list(tf.data.TFRecordDataset('text'))",
        "line 3: list(tf.data.TFRecordDataset('text'))",
        "The file is damaged: a record is corrupted, at byte 0. At byte 0 it may be no "
        "TFRecord file at all, or a compressed one.",
        "",
    ),
    (
        "list(tf.data.TFRecordDataset('nothing.tfrecords'))",
        "line 1: list(tf.data.TFRecordDataset('nothing.tfrecords'))",
        "A file that is to be read does not exist.",
        "",
    ),
    (
        in_graph("tf1.train.string_input_producer([])"),
        "line 2: tf1.train.string_input_producer([])",
        "The list of input files is empty: the pattern fits no file.",
        "",
    ),
    # Images and convolutions
    (
        in_graph(
            "x = tf1.ones([1, 3, 3, 1])\ntf1.nn.conv2d(x, tf1.ones([5, 5, 1, 1]), 1, 'VALID')"
        ),
        "line 3: tf1.nn.conv2d(x, tf1.ones([5, 5, 1, 1]), 1, 'VALID')",
        "The filter or window is larger than the image: 5 pixels do not fit into 3.",
        "",
    ),
    (
        in_graph("tf1.nn.max_pool(tf1.ones([1, 3, 4, 1]), 4, 4, 'VALID')"),
        "line 2: tf1.nn.max_pool(tf1.ones([1, 3, 4, 1]), 4, 4, 'VALID')",
        "The filter or window is larger than the image: 4 pixels do not fit into 3.",
        "",
    ),
    (
        "tf.nn.conv2d(np.ones([1, 3, 3, 1]), np.ones([5, 5, 1, 1]), 1, 'VALID')",
        "line 1: tf.nn.conv2d(np.ones([1, 3, 3, 1]), np.ones([5, 5, 1, 1]), 1, 'VALID')",
        "The filter or window is larger than the image: 5 pixels do not fit into 3.",
        "",
    ),
    (
        "tf.keras.layers.Conv2D(4, 5)(np.ones([1, 3, 3, 1]))",
        "line 1: tf.keras.layers.Conv2D(4, 5)(np.ones([1, 3, 3, 1]))",
        "The filter is larger than the image: the images have the shape (1, 3, 3, 1), the layer's "
        "weights (5, 5, 1, 4).",
        "",
    ),
    (
        in_graph("x = tf1.ones([1, 8, 8, 3])\ntf1.nn.conv2d(x, tf1.ones([3, 3, 2, 4]), 1, 'SAME')"),
        "line 3: tf1.nn.conv2d(x, tf1.ones([3, 3, 2, 4]), 1, 'SAME')",
        "The channels do not fit: the images have 3, and the filters are made for 2.",
        "",
    ),
    (
        "tf.nn.conv2d(np.ones([1, 8, 8, 3]), np.ones([3, 3, 2, 4]), 1, 'SAME')",
        "line 1: tf.nn.conv2d(np.ones([1, 8, 8, 3]), np.ones([3, 3, 2, 4]), 1, 'SAME')",
        "The channels do not fit: the images have 3, and the filters are made for 2.",
        "",
    ),
    (
        "layer = tf.keras.layers.Conv2D(1, 2)\n"
        "layer(np.ones([1, 8, 8, 3]))\n"
        "layer(np.ones([1, 8, 8, 1]))",
        "line 3: layer(np.ones([1, 8, 8, 1]))",
        "This layer has been built for 3 as the last size of its input, and gets the shape "
        "(1, 8, 8, 1).",
        "",
    ),
    (
        in_graph(
            "x = tf1.placeholder(tf.float32, [None, 784])\n"
            "tf1.nn.conv2d(x, tf1.ones([5, 5, 1, 4]), 1, 'SAME')"
        ),
        "line 3: tf1.nn.conv2d(x, tf1.ones([5, 5, 1, 4]), 1, 'SAME')",
        NO_IMAGES,
        "",
    ),
    (
        "tf.nn.conv2d(np.ones([5, 28, 28]), np.ones([5, 5, 1, 4]), 1, 'SAME')",
        "line 1: tf.nn.conv2d(np.ones([5, 28, 28]), np.ones([5, 5, 1, 4]), 1, 'SAME')",
        NO_IMAGES,
        "",
    ),
    (
        in_graph(
            "x = tf1.placeholder(tf.float32, [None, 28, 28, 1], name='x-input')\n"
            "session.run(x * 2, {x: np.ones([5, 784])})"
        ),
        "line 3: session.run(x * 2, {x: np.ones([5, 784])})",
        "The value for x-input has shape (5, 784), and the placeholder takes (None, 28, 28, 1), "
        "where None is any number.",
        "",
    ),
    (
        in_graph(
            "x = tf1.placeholder(tf.float32, [None, 784], name='x-input')\n"
            "session.run(x * 2, {x: np.ones([5, 28, 28, 1])})"
        ),
        "line 3: session.run(x * 2, {x: np.ones([5, 28, 28, 1])})",
        "The value for x-input has shape (5, 28, 28, 1), and the placeholder takes (None, 784), "
        "where None is any number.",
        "",
    ),
    (
        "tf.keras.layers.Conv2D(4, 3)(np.ones([5, 28, 28]))",
        "line 1: tf.keras.layers.Conv2D(4, 3)(np.ones([5, 28, 28]))",
        "The layer takes images of four axes (batch, rows, columns, channels), and gets the shape "
        "(5, 28, 28). Images of one channel need that axis, too.",
        "",
    ),
    (
        "layers = [tf.keras.layers.Input([28, 28, 1]), tf.keras.layers.Flatten()]\n"
        "model = tf.keras.Sequential(layers)\n"
        "model.predict(np.ones([5, 784]), verbose=0)",
        "line 3: model.predict(np.ones([5, 784]), verbose=0)",
        "The model was built for inputs of the shape (None, 28, 28, 1), and gets (5, 784); None "
        "stands for any number.",
        "",
    ),
    (
        "tf.nn.max_pool2d(np.ones([1, 1, 4, 4]), 2, 2, 'SAME', data_format='NCHW')",
        "line 1: tf.nn.max_pool2d(np.ones([1, 1, 4, 4]), 2, 2, 'SAME', data_format='NCHW')",
        CHANNELS_LAST,
        "",
    ),
    (
        "x, w = np.ones([1, 1, 4, 4]), np.ones([2, 2, 1, 1])\n"
        "tf.nn.conv2d(x, w, 1, 'SAME', data_format='NCHW')",
        "line 2: tf.nn.conv2d(x, w, 1, 'SAME', data_format='NCHW')",
        CHANNELS_LAST,
        "",
    ),
    (
        in_graph("tf1.concat(3, [tf1.ones([1, 2, 2, 1]), tf1.ones([1, 2, 2, 3])])"),
        "line 2: tf1.concat(3, [tf1.ones([1, 2, 2, 1]), tf1.ones([1, 2, 2, 3])])",
        OLD_CONCAT,
        "",
    ),
    (
        in_graph("x = tf1.ones([1, 2, 2, 1])\ntf1.concat(3, [x, x])"),
        "line 3: tf1.concat(3, [x, x])",
        OLD_CONCAT,
        "",
    ),
    (
        "x = tf.ones([1, 2, 2, 1])\ntf.concat(3, [x, x])",
        "line 2: tf.concat(3, [x, x])",
        OLD_CONCAT,
        "",
    ),
    (
        in_graph("tf1.concat([tf1.ones([1, 8, 8, 2]), tf1.ones([1, 4, 8, 2])], 3)"),
        "line 2: tf1.concat([tf1.ones([1, 8, 8, 2]), tf1.ones([1, 4, 8, 2])], 3)",
        "Tensors are joined along one axis, and have to be equal along all others; axis 1 of "
        "[1,8,8,2] and [1,4,8,2] differs.",
        "",
    ),
    (
        "tf.concat([tf.ones([1, 8, 8, 2]), tf.ones([1, 8, 4, 2])], 3)",
        "line 1: tf.concat([tf.ones([1, 8, 8, 2]), tf.ones([1, 8, 4, 2])], 3)",
        "Tensors are joined along one axis, and have to be equal along all others; axis 2 of "
        "[1,8,8,2] and [1,8,4,2] differs.",
        "",
    ),
    (
        in_graph(
            "tf1.get_variable('w', [5, 5, 1, 32])\n"
            "tf1.train.Saver().restore(session, SAVED_FILTERS)"
        ),
        "line 3: tf1.train.Saver().restore(session, SAVED_FILTERS)",
        "A variable of the graph has shape [5,5,1,32], and was saved with shape [3,3,1,32].",
        "",
    ),
]

REPORTED = yaml.safe_load((Path(__file__).parent / "reported_errors.yml").read_text())
SESSIONS = {
    "fresh": "with graphs.fresh(), tf1.Session() as session:\n",
    "ordinary": "with tf.Graph().as_default(), tf1.Session() as session:\n",
}


def reported(what: str) -> list[Any]:
    """Return the cells of the kinds that have such, each with its kind in front, for pytest."""
    return [
        pytest.param(case, id=f"{kind['kind']}: {case['cell'].splitlines()[-1].strip()}")
        for kind in REPORTED
        for case in kind.get(what, [])
    ]


def cell_of(case: dict[str, Any]) -> str:
    if not case.get("graph"):
        return case["cell"]
    return SESSIONS[case["graph"]] + textwrap.indent(case["cell"], "    ")


Run = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """Return a function that runs a cell in one kernel and returns its outputs."""
    # oneDNN, which TensorFlow uses on some processors, has words of its own, and other limits.
    # Without a GPU the devices are the same everywhere, and so is what raises.
    plain = os.environ | {"TF_ENABLE_ONEDNN_OPTS": "0", "CUDA_VISIBLE_DEVICES": "-1"}
    manager, client = start_new_kernel(kernel_name="python3", env=plain)

    def cell(code: str) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = []
        client.execute_interactive(code, timeout=60, output_hook=messages.append)
        return [
            {"output_type": message["msg_type"], **message["content"]}
            for message in messages
            if message["msg_type"] in ("error", "stream", "execute_result")
        ]

    prepare = """
        import os, tempfile
        import numpy as np
        import tensorflow as tf
        from helpers import graphs
        tf1 = tf.compat.v1
        folder = tempfile.TemporaryDirectory()
        os.chdir(folder.name)
        with graphs.fresh(), tf1.Session() as session:
            session.run(tf1.Variable(1.0, name="w").initializer)
            SAVED_W = tf1.train.Saver().save(session, "saved/w")
        with graphs.fresh(), tf1.Session() as session:
            session.run(tf1.get_variable("w", [3, 3, 1, 32]).initializer)
            SAVED_FILTERS = tf1.train.Saver().save(session, "saved/filters")
    """
    try:
        assert cell(textwrap.dedent(prepare)) == []
        yield cell
    finally:
        client.execute_interactive("os.chdir('/'); folder.cleanup()", timeout=60)
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def raised(run: Run) -> Callable[[str], dict[str, Any]]:
    """Return a function that gives the error of a cell, and runs each cell once."""
    return cache(lambda code: error_of(run(code), warned=True))


def error_of(outputs: list[dict[str, Any]], warned: bool = False) -> dict[str, Any]:
    [error] = [output for output in outputs if output["output_type"] == "error"]
    assert warned or not [output for output in outputs if output.get("name") == "stderr"]
    return error


def added(error: dict[str, Any]) -> list[str]:
    """Return the explanation: what follows the blank entry under the traceback, unwrapped."""
    [start] = [n for n, entry in enumerate(error["traceback"]) if "In plain words" in entry]
    assert error["traceback"][start - 1] == ""
    return [
        " ".join(re.sub(r"\x1b\[\d*m", "", entry).split()) for entry in error["traceback"][start:]
    ]


def without_cell_numbers(error: dict[str, Any]) -> list[str]:
    return [re.sub(r"In\[\d+\]", "In[]", entry) for entry in error["traceback"]]


@pytest.mark.parametrize(("code", "line", "cause", "made"), CASES, ids=[c[1] for c in CASES])
def test_an_error_is_explained(
    raised: Callable[[str], dict[str, Any]], code: str, line: str, cause: str, made: str
) -> None:
    heading, given_cause, *node, remedy = added(raised(code))
    assert heading == f"In plain words, {line}"
    assert given_cause == f"Likely cause: {cause}"
    assert node == ([f"The node {made}"] if made else [])
    assert remedy.startswith("Remedy: ")


@pytest.mark.parametrize("case", reported("explained"))
def test_a_reported_error_is_explained(
    raised: Callable[[str], dict[str, Any]], case: dict[str, Any]
) -> None:
    error = raised(cell_of(case))
    heading, cause, *node, remedy = added(error)
    assert heading == f"In plain words, line {case['line']}"
    assert cause == f"Likely cause: {case['cause']}"
    assert remedy.startswith("Remedy: ")
    # Which of several nodes fails first is chance, and not named here.
    assert [text.partition(" was made in line ")[2] for text in node] == (
        [case["made"]] if "made" in case else []
    )
    assert error["ename"] in "".join(error["traceback"][: -len(added(error))])
    assert not re.search(r"0x|/(?:tmp|home|usr|work)\b", " ".join(added(error)))


@pytest.mark.parametrize("case", reported("others"))
def test_a_near_miss_is_not_explained_so(run: Run, case: dict[str, Any]) -> None:
    outputs = run(cell_of(case))
    if "error" not in case:  # a warning's near miss
        assert "In plain words" not in str(outputs)
        return
    error = error_of(outputs, warned=True)
    assert error["ename"] == case["error"]
    if case["cause"] is None:
        assert "In plain words" not in "".join(error["traceback"])
    else:
        assert added(error)[1] == f"Likely cause: {case['cause']}"


@pytest.mark.parametrize("case", reported("warned"))
def test_retracing_is_explained_under_its_warning(run: Run, case: dict[str, Any]) -> None:
    said = "".join(o["text"] for o in run(cell_of(case)))
    warning, _, words = re.sub(r"\x1b\[\d*m", "", said).partition("In plain words")
    assert "triggered tf.function retracing" in warning
    cause, _, remedy = " ".join(words.split()).partition(" Remedy: ")
    assert cause == f"Likely cause: {case['cause']}"
    assert remedy


def test_each_kind_names_where_it_was_reported() -> None:
    for kind in REPORTED:
        assert kind["reported"], kind["kind"]
        assert kind["others"], f"{kind['kind']} has no near miss"
        for source in kind["reported"]:
            assert re.fullmatch(r"[\w.-]+/[\w.-]+#\d+", source)


def test_every_entry_is_met_by_an_error_of_tensorflow(
    raised: Callable[[str], dict[str, Any]],
) -> None:
    cells = [code for code, *_ in CASES]
    cells += [cell_of(case) for kind in REPORTED for case in kind.get("explained", [])]
    cells += [cell_of(c) for kind in REPORTED for c in kind["others"] if c["cause"]]
    texts = [" ".join(added(raised(code))) for code in cells]
    met = {known for known in ALL_KNOWN if any(says(known, text) for text in texts)}
    assert [known.message for known in ALL_KNOWN if known not in met] == []


def says(known: Known, text: str) -> bool:
    """Tell whether a text is an entry's: its sentences, whatever stands for the names."""
    parts = [re.sub(r"\{\w+\}", "\0", part) for part in (known.cause, known.remedy)]
    pattern = ".*".join(re.escape(" ".join(part.split())).replace("\0", ".*") for part in parts)
    return bool(re.search(pattern.replace(r"\{\{", r"\{").replace(r"\}\}", r"\}"), text))


@pytest.mark.parametrize("explain", {entry[2] for entry in LIVE})
def test_what_the_live_graph_tells_is_told_in_a_case(explain: Callable[..., Any]) -> None:
    words = {
        "_fetched": "stores the result under the tensor's own name",
        "_fed": "a key of feed_dict has to be a placeholder",
        "_none": "The gradient g is None",
        "_no_device": "The list gpus is empty",
        "_slot": "A variable that the optimizer keeps for itself has no value yet",
        "_gradient": "On the way from the variables to the loss stands ArgMax",
    }
    causes = " ".join(c["cause"] for kind in REPORTED for c in kind.get("explained", []))
    assert words[explain.__name__] in causes


def test_the_error_itself_stays_as_it_is(run: Run) -> None:
    code = "x = tf1.Session()\nx.close()\nx.run(1)"
    run("%unload_ext helpers.errors")
    plain = error_of(run(code))
    run("%load_ext helpers.errors")
    error = error_of(run(code))
    assert (error["ename"], error["evalue"]) == (plain["ename"], plain["evalue"])
    assert (error["ename"], error["evalue"]) == (
        "RuntimeError",
        "Attempted to use a closed Session.",
    )
    count = len(plain["traceback"])
    assert without_cell_numbers(error)[:count] == without_cell_numbers(plain)
    assert error["traceback"][count] == ""
    assert len(error["traceback"]) == count + 4


@pytest.mark.parametrize(
    "code",
    [
        "1 / 0",
        "tf.no_such_name",
        "import tensorflow.no_such_module",
        "raise RuntimeError('The printer is out of paper.')",
        "import math\nmath.placeholder",
        "raise KeyboardInterrupt",
        "raise SyntaxError('You must feed a value for placeholder tensor \"x\" with dtype float')",
        "exec('x = = 2')",
        "print(",
        "  1\n2",
        "'\\0'.encode('ascii').decode('utf-16')",
        "x = '\0'",
    ],
)
def test_another_error_is_shown_as_without(run: Run, code: str) -> None:
    explaining = error_of(run(code))
    run("%unload_ext helpers.errors")
    plain = error_of(run(code))
    run("%load_ext helpers.errors")
    no_file = re.compile(r"ipykernel_\d+/\d+")
    assert [no_file.sub("", entry) for entry in without_cell_numbers(explaining)] == [
        no_file.sub("", entry) for entry in without_cell_numbers(plain)
    ]


def test_a_failed_check_is_shown_in_its_own_words(run: Run) -> None:
    sentence = "it raises RuntimeError: Attempted to use a closed Session."
    verdict = Verdict("sum", "08_training", [PartVerdict("one", 1, "raised", sentence)])
    error = error_of(run(f"from helpers.checks.verdict import *\nraise CheckFailed({verdict!r})"))
    assert error["ename"] == "CheckFailed"
    assert error["traceback"] == CheckFailed(verdict)._render_traceback_()


def test_an_error_that_says_how_it_is_shown_is_shown_so(run: Run) -> None:
    run(
        "class Own(RuntimeError):\n"
        "    def _render_traceback_(self):\n"
        "        return ['in its own words']"
    )
    error = error_of(run("raise Own('Attempted to use a closed Session.')"))
    assert error["traceback"] == ["in its own words"]


def test_an_error_that_is_raised_again_is_explained_again(run: Run) -> None:
    run("try:\n    tf.Session\nexcept AttributeError as error:\n    saved = error")
    assert added(error_of(run("raise saved")))[0].endswith(", line 2: tf.Session")
    again = error_of(run("\n\nraise saved"))
    assert added(again)[0].endswith(", line 2: tf.Session")
    assert run("hasattr(saved, '_render_traceback_')")[0]["data"] == {"text/plain": "False"}


def test_the_line_of_another_cell_is_named_with_its_cell(run: Run) -> None:
    run("def session_of_the_slide():\n    return tf.Session()")
    heading = added(error_of(run("session_of_the_slide()")))[0]
    assert re.fullmatch(r"In plain words, In\[\d+\], line 2: return tf\.Session\(\)", heading)


def test_a_line_that_ipython_has_rewritten_is_not_named(run: Run) -> None:
    assert added(error_of(run("%time tf.Session()")))[0] == "In plain words"


def test_a_file_of_cells_shows_its_errors(run: Run) -> None:
    run("with open('cells.ipy', 'w') as file:\n    print('tf.Session()', file=file)")
    for error in run("%run cells.ipy"):  # IPython shows it twice
        assert error["ename"] == "AttributeError"
        assert added(error)[1] == f"Likely cause: {kept('Session')}"


def test_the_error_is_shown_when_the_explanation_fails(run: Run) -> None:
    run("import helpers.errors.explain as e\nright, e.explanation = e.explanation, None")
    try:
        error = error_of(run("tf.Session"))
    finally:
        run("e.explanation = right")
    assert error["ename"] == "AttributeError"
    assert "module 'tensorflow' has no attribute 'Session'" in error["traceback"][-1]


def test_the_explanation_stays_when_a_lesson_is_saved(run: Run) -> None:
    code = in_graph("w = tf1.Variable(1.0, name='w')\nsession.run(w * 2)")
    error = error_of(run(code))
    saved = new_output(**error)
    tidy(saved)
    assert added(saved) == added(error)
    assert not re.search(r"0x|/(?:tmp|home|usr|work)", " ".join(added(error)))


def test_a_kernel_loads_it_and_nothing_with_it(run: Run) -> None:
    loaded = "'helpers.errors' in get_ipython().extension_manager.loaded"
    assert run(loaded)[0]["data"] == {"text/plain": "True"}
    script = "import sys, helpers.errors; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    names = set(modules.stdout.split())
    assert "helpers.errors" in names
    assert names.isdisjoint({"tensorflow", "numpy", "helpers.graphs", "helpers.errors.explain"})


def test_a_kernel_works_where_helpers_is_something_else(tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text("mine = 5\n")
    with open(tmp_path / "log", "w+") as log:
        manager, client = start_new_kernel(
            kernel_name="python3",
            cwd=str(tmp_path),
            stdout=log,
            stderr=log,
        )
        try:
            messages: list[dict[str, Any]] = []
            client.execute_interactive(
                "import helpers; helpers.mine", timeout=60, output_hook=messages.append
            )
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
        log.seek(0)
        assert log.read() == ""
    [result] = [message for message in messages if message["msg_type"] == "execute_result"]
    assert result["content"]["data"] == {"text/plain": "5"}


@pytest.mark.parametrize("name", [*TODAY, *RENAMED])
def test_a_name_of_the_slides_is_translated(name: str) -> None:
    import tensorflow as tf

    with pytest.raises(AttributeError) as missing:
        operator.attrgetter(name)(tf)
    found = explanation(missing.value)
    assert found is not None
    assert found[1].endswith(f" {ALL_NAMES[name]}.")


ALL_NAMES = {**TODAY, **RENAMED}


@pytest.mark.parametrize("module", RETIRED)
def test_a_retired_module_is_known(module: str) -> None:
    code = f"import tensorflow.{module}"
    with pytest.raises(ModuleNotFoundError) as missing:
        exec(code)
    found = explanation(missing.value, code)
    assert found is not None
    assert found[1] == RETIRED[module]


@pytest.mark.filterwarnings("ignore:In the future `np:FutureWarning")
@pytest.mark.parametrize("name", NUMPY)
def test_a_name_of_numpy_1_is_translated(name: str) -> None:
    import numpy as np

    with pytest.raises(AttributeError) as missing:
        getattr(np, name)
    found = explanation(missing.value)
    assert found == (f"NumPy has no np.{name} any more.", f"Write {NUMPY[name]}.")


@pytest.mark.parametrize("name", NUMPY_METHODS)
def test_a_method_of_numpy_1_is_translated(name: str) -> None:
    import numpy as np

    with pytest.raises(AttributeError) as missing:
        getattr(np.ones(2), name)
    found = explanation(missing.value)
    assert found is not None
    assert NUMPY_METHODS[name] in found[1]


def test_what_is_recommended_exists() -> None:
    import numpy as np
    import tensorflow as tf

    texts = [*ALL_NAMES.values(), *RETIRED.values(), *NUMPY.values(), *NUMPY_METHODS.values()]
    texts += [sentence for known in ALL_KNOWN for sentence in (known.cause, known.remedy)]
    texts += [remedy for _, remedy in NUMPY_VALUES.values()]
    places = {"tf": tf, "tf1": tf.compat.v1, "np": np}
    names = set(re.findall(r"\b(tf1?|np)\.([a-zA-Z_][\w.]*\w)", " ".join(texts)))
    names -= {("np", "fromstring")}  # named as what is no more
    assert len(names) > 50
    for place, name in sorted(names - {("tf", "contrib")}):
        operator.attrgetter(name)(places[place])
