"""The errors of TensorFlow that learners of graphs meet, and what is to be said of them.

To add one: raise it in `tests/test_explained_errors.py`, and give it an entry here. The first entry
that fits is taken. What varies from machine to machine, such as a path, is not repeated.
"""

from helpers.errors.entry import Known

ANOTHER_GRAPH = (
    "Build all parts in one `with graphs.fresh() as graph:` block and run them with "
    "tf1.Session(graph=graph). If the cell that builds the graph was run again, run the cells "
    "after it again too: what they hold still belongs to the old graph."
)
SAME_DTYPE = (
    "Convert one of the two, as in tf.cast(n, tf.float32), or give the dtype where the tensor is "
    "made, as in tf.constant([1, 2], tf.float32). TensorFlow never converts a tensor by itself."
)
MATRICES = (
    "Print the .shape of both. Swap them or transpose one (transpose_b=True) if they are the wrong "
    "way round; make a vector x a matrix of one row with x[tf.newaxis, :] or of one column with "
    "x[:, tf.newaxis]."
)
IMAGE_TOO_SMALL = (
    "Pad the image (padding SAME), or take a smaller filter or fewer layers that make the image "
    "smaller. Print the .shape that comes in: a missing first axis, or axes in another order, "
    "look like this, too."
)
SLOTS = (
    "Call minimize first, and run session.run(tf1.global_variables_initializer()) after it, in the "
    "same session: the initializer knows only the variables that are there when it is made."
)
OWN_NAMES = (
    "Give results names of their own, as in loss_value = session.run(loss), and run the cell that "
    "builds the graph again."
)
NO_IMAGES = (
    "A convolution or pooling takes images of four axes (batch, rows, columns, channels), and is "
    "given another number of axes."
)
IMAGES = (
    "Flat rows become images by x.reshape(-1, 28, 28, 1); grey images without the last axis get it "
    "by x[..., np.newaxis], and one image alone its first by x[np.newaxis]."
)
CHECKPOINT = (
    "Save before you restore, and restore from the path that save returned. A checkpoint is "
    "several files: give the part of the name before .index. tf.train.latest_checkpoint(folder) "
    "finds the last one, and is None where there is none."
)

KNOWN = [
    # Variables
    Known(
        ("FailedPreconditionError", "NotFoundError"),
        # The last two in an ordinary graph; with "[Op:" a variable of today's style was deleted.
        r"(?:Attempting to use uninitialized value |Could not find resource: \w+/|"
        r"Could not find variable (?!.*\[Op:)|Resource \w+/)(?P<name>[^\s)]+?)"
        r"(?:/N10tensorflow3VarE|/class tensorflow::Var|\.\s|[\s)]|$)",
        "The variable {name} has no value yet: in this session its initializer has not been run.",
        "After the last variable is made, and in the same session, run the initializers: "
        "session.run(tf1.global_variables_initializer()). A local variable, such as the counter "
        "that num_epochs makes, needs tf1.local_variables_initializer() as well.",
    ),
    Known(
        ("InternalError",),
        r"Invalid variable reference\..*node \S*ResourceApply",
        "The optimizer's step meets a variable without a value: one that the optimizer made for "
        "itself when minimize was called, or one that it trains.",
        SLOTS,
    ),
    Known(
        ("ValueError",),
        r"Variable (?P<name>\S+) already exists, disallowed",
        "This graph has a variable {name} already, perhaps from an earlier run of this cell, and "
        "get_variable makes a new one unless it is told to reuse.",
        "To begin anew, build in `with graphs.fresh():`. To share the variable, enter its scope "
        "with tf1.variable_scope(name, reuse=tf1.AUTO_REUSE). Otherwise choose another name.",
    ),
    Known(
        ("ValueError",),
        r"Variable (?P<name>\S+) does not exist, or was not created with tf.get_variable",
        "With reuse=True, get_variable only looks up what get_variable has made in this graph, and "
        "it has made no {name}.",
        "Compare the name and the scopes around it with those of the first call. To make the "
        "variable where it is missing, say reuse=tf1.AUTO_REUSE. What tf1.Variable has made cannot "
        "be looked up.",
    ),
    Known(
        ("ValueError",),
        r"Trying to share variable (?P<name>\S+), but specified (?P<what>shape|dtype) "
        r"(?P<dtype_asked>\(.*?\)|\w+) and found (?:shape|dtype) (?P<dtype_found>\(.*?\)|\w+)",
        "The variable {name} exists with {what} {dtype_found}, and is asked for with {what} "
        "{dtype_asked}.",
        "Ask for it as it was made. If another variable was meant, give it another name or scope.",
    ),
    # Graphs and sessions
    Known(
        ("ValueError", "TypeError"),
        r"must be from the same graph as|is not an element of this graph|graph is different from "
        r"the session's graph",
        "Two graphs are mixed: a tensor belongs to the graph in which it was made, and cannot be "
        "used in, fed to or run in another one.",
        ANOTHER_GRAPH,
    ),
    Known(
        ("TypeError",),
        r"'(?P<name>[^']+?)(?::0)?' shape=.* is out of scope and cannot be used here",
        "The tensor {name} belongs to a graph, and this line stands outside of it.",
        "Use the tensor inside the `with graphs.fresh():` block, or the tf.function, that made it. "
        "To have its value outside, run it: value = session.run(tensor). A tf.function returns "
        "what is wanted outside.",
    ),
    Known(
        ("RuntimeError",),
        r"Attempted to use a closed Session",
        "The session is closed: a with block closes its session where it ends.",
        "Indent the line so that it stands inside the `with tf1.Session() as session:` block. A "
        "new session works too, but starts without the values of variables: initialize or restore "
        "them.",
    ),
    Known(
        ("ValueError",),
        r"No default session is registered",
        "eval() and run() of a tensor or an operation need a session, and none is open here.",
        "Put the line into a `with tf1.Session():` block, or write session.run(tensor).",
    ),
    Known(
        ("RuntimeError",),
        r"The Session graph is empty",
        "The session's graph is empty: what it is to run was made outside of a graph, or in "
        "another one.",
        ANOTHER_GRAPH,
    ),
    Known(
        ("RuntimeError",),
        r"Graph is finalized and cannot be modified",
        "This line adds a node to a graph that is closed for additions (finalized), as "
        "tf1.train.MonitoredTrainingSession and tf1.train.Supervisor do it to the graph they run.",
        "Make all nodes before the session is opened, the initializer, tf.cast and x + 1 as well, "
        "and in the loop only run them.",
    ),
    Known(
        ("AttributeError", "NotImplementedError"),
        r"Tensor.graph is undefined when eager|eval is not supported when eager",
        "This tensor was computed at once, outside of a graph: it has its value already, and no "
        "session can run it.",
        "Read its value with tensor.numpy(), or build it in a `with graphs.fresh():` block.",
    ),
    Known(
        ("RuntimeError",),
        r"not compatible with eager execution|not supported when eager execution is enabled|"
        r"When eager execution is enabled, `var_list`|"
        r"should be a function when eager execution is enabled",
        "No graph is being built here. Outside of one, today's TensorFlow computes each line at "
        "once, so that there is nothing to feed or to run later.",
        "Put the lines that build the graph, and the session that runs it, into a `with "
        "graphs.fresh():` block; or write it in today's style, without placeholder and session.",
    ),
    # Feeds
    Known(
        ("InvalidArgumentError",),
        r"You must feed a value for placeholder tensor '(?P<name>[^']+)' with dtype "
        r"(?P<dtype>\w+)",
        "What is run here needs the placeholder {name}, and feed_dict gives it no value. A feed "
        "holds for one run only.",
        "Feed it in each run that needs it: session.run(…, feed_dict={{placeholder: value}}), with "
        "values of dtype {dtype}.",
    ),
    Known(
        ("ValueError",),
        r"Cannot feed value of shape (?P<fed>\(.*?\)) for Tensor '?(?P<name>[^\s',]+?)(?::0)?'?, "
        r"which has shape '?(?P<shape>\(.*\))",
        "The value for {name} has shape {fed}, and the placeholder takes {shape}, where None is "
        "any number.",
        "Print np.shape(value). A single sample is a batch of one: [sample]. np.reshape(value, "
        "shape) arranges the same numbers anew; if the placeholder is wrong, change its shape.",
    ),
    Known(
        ("ValueError",),
        r"setting an array element with a sequence.*inhomogeneous shape",
        "The inner lists differ in length, and an array or a feed needs equal rows.",
        "Print the length of each row. Pad the short ones, or feed one row at a time.",
    ),
    Known(
        ("TypeError",),
        r"The value of a feed cannot be a tf.Tensor",
        "A tensor is given as the value of a feed, and a feed takes values: numbers, lists or "
        "arrays.",
        "Feed tensor.numpy() of a tensor of today's style, or session.run(tensor) of one in a "
        "graph.",
    ),
    Known(
        ("TypeError",),
        r"Cannot interpret feed_dict key as Tensor: The name '(?P<name>[^']+)' refers to",
        "The key '{name}' of feed_dict is text that is not the name of a tensor of this graph.",
        "Use the placeholder itself as the key, feed_dict={{x: value}} without quotes. The name of "
        "a tensor ends in the number of the output, as in 'x:0'.",
    ),
    Known(
        ("TypeError",),
        r"Cannot interpret feed_dict key as Tensor: Can not convert an? (?P<kind>\w+) into",
        "A key of feed_dict is a value ({kind}) and no placeholder. Perhaps the placeholder's name "
        "was given the value, or there never was a placeholder of it.",
        "The key is the placeholder, and the value stands after the colon: {{x: value}}. Give the "
        "value a name of its own, and run the cell that makes the placeholder again.",
    ),
    Known(
        ("TypeError",),
        r"unhashable type: '(?P<kind>numpy\.ndarray|list)'",
        "A key of feed_dict is a value ({kind}) and no placeholder. Perhaps the placeholder's name "
        "was given the value.",
        "The key is the placeholder, and the value stands after the colon: {{x: value}}. Give the "
        "value a name of its own, and run the cell that makes the placeholder again.",
        line=r"(?:\bsess\w*\.run\(|\.eval\(|\bfeed).*\{",
    ),
    Known(
        ("TypeError",),
        r"Argument `fetch` = .* has invalid type \"(?:function|method)\" must be",
        "session.run was given a Python function itself, and not what it returns.",
        "Call it, with parentheses: session.run(tf1.global_variables_initializer()).",
    ),
    Known(
        ("TypeError",),
        r"Argument `fetch` = .* has invalid type \"(?P<kind>float\d*|u?int\d*|bool_?|complex\d*|"
        r"ndarray|bytes_?)\" must be",
        "session.run was asked for a value ({kind}), and can run tensors and operations only. "
        "Perhaps the Python name of a tensor has been given the value.",
        OWN_NAMES,
    ),
    Known(
        ("TypeError",),
        r"Argument `fetch` = .* has invalid type \"(?P<kind>(?!NoneType)\w+)\" must be",
        "session.run was asked for an object of the class {kind}, and can run tensors and "
        "operations only.",
        "Run what its methods return: train = optimizer.minimize(loss), then session.run(train).",
    ),
    Known(
        ("ValueError",),
        r"Argument `fetch` = b['\"].* cannot be interpreted as a Tensor",
        "session.run was asked for bytes, which are a value: what running a summary, or a tensor "
        "of text, has given. Perhaps that tensor's Python name has been given the value.",
        OWN_NAMES,
    ),
    Known(
        ("ValueError",),
        r"Argument `fetch` = (?P<name>\S+) cannot be interpreted as a Tensor\. \(\"The name "
        r"'[^']+' refers to an? (?:Operation not in the graph|Tensor which does not exist)",
        "session.run was asked for text, '{name}', and the graph has nothing of that name.",
        "Use the tensor itself, without quotes. The name of a tensor ends in the number of the "
        "output, as in 'x:0'; print([node.name for node in graph.get_operations()]) lists all "
        "nodes.",
    ),
    Known(
        ("AttributeError",),
        r"'(?P<kind>numpy\.\w+|float|int|bytes)' object has no attribute '(?P<name>eval|numpy)'",
        "This is a value already ({kind}), and only a tensor has .{name}(). Perhaps the tensor's "
        "Python name has been given the value, as loss = loss.{name}() does.",
        OWN_NAMES + " If the value was meant, use it as it is.",
    ),
    Known(
        ("TypeError",),
        r"Argument `fetch` = None has invalid type",
        "session.run was asked for None: the Python name holds no tensor.",
        "Look where the name was given its value. A function without return gives None, and so "
        "does the gradient of what the loss does not depend on.",
    ),
    # Dtypes
    Known(
        ("TypeError",),
        r"of '(?P<op>\w+?)(?:V2)?' Op has type (?P<dtype_b>\w+) that does not match type "
        r"(?P<dtype_a>\w+) of",
        "{op} takes tensors of one dtype, and is given {dtype_a} and {dtype_b}.",
        SAME_DTYPE,
    ),
    Known(
        ("TypeError",),
        r"of '(?P<op>\w+?)(?:V2)?' Op have types \[(?P<types>.*?)\] that don't all match",
        "{op} takes tensors of one dtype, and is given {types}.",
        SAME_DTYPE,
    ),
    Known(
        ("InvalidArgumentError",),
        r"cannot compute (?:_Mkl)?(?P<op>\w+?)(?:V2)? as input #\d+\(zero-based\) was expected to "
        r"be a (?P<dtype_a>\w+) tensor but is a (?P<dtype_b>\w+) tensor",
        "{op} takes tensors of one dtype, and is given {dtype_a} and {dtype_b}.",
        SAME_DTYPE,
    ),
    Known(
        ("TypeError", "ValueError"),
        r"Tensor conversion requested dtype (?P<dtype_a>\w+) for Tensor with dtype "
        r"(?P<dtype_b>\w+)",
        "A tensor of dtype {dtype_b} stands where one of {dtype_a} is wanted.",
        SAME_DTYPE,
    ),
    Known(
        ("TypeError",),
        r"Expected (?P<dtype>\w+) passed to parameter .*, got (?P<value>\S+) of type",
        "A tensor of dtype {dtype} meets the Python number {value}, which is no {dtype}.",
        SAME_DTYPE,
    ),
    Known(
        ("TypeError",),
        r"Cannot convert (?P<value>\S+) to EagerTensor of dtype (?P<dtype>\w+)",
        "A tensor of dtype {dtype} meets the Python value {value}, which is no {dtype}.",
        SAME_DTYPE,
    ),
    Known(
        ("TypeError",),
        r"has DataType (?P<dtype>\w+) not in list of allowed values: (?P<allowed>\w+)",
        "This operation is not made for tensors of dtype {dtype}.",
        "Convert the tensor first, as in tf.cast(x, tf.float32). Whole numbers without a point, as "
        "in [1, 2], make an int32 tensor.",
    ),
    Known(
        ("InvalidArgumentError",),
        r"Value for attr '\w+' of (?P<dtype>\w+) is not in the list of allowed values",
        "This operation is not made for tensors of dtype {dtype}.",
        "Convert the tensor first, as in tf.cast(x, tf.float32). Whole numbers without a point, as "
        "in [1, 2], make an int32 tensor.",
    ),
    # Queues
    Known(
        ("OutOfRangeError",),
        r"is closed and has insufficient elements \(requested (?P<wanted>\d+), current size "
        r"(?P<left>\d+)\)",
        "The queue is closed and has fewer elements ({left}) than are wanted ({wanted}). Either "
        "all have been taken, which is how reading ends, or what fills it has stopped early.",
        "To read to the end, catch tf.errors.OutOfRangeError around the loop. If nothing was read "
        "at all: run tf1.local_variables_initializer() before tf1.train.start_queue_runners() when "
        "num_epochs is given, and see that the input files exist.",
    ),
    Known(
        ("CancelledError",),
        r"Queue '[^']*' is closed",
        "The queue has been closed, and takes no new elements after that.",
        "Run the enqueue operation before the close operation. Stop threads that still put "
        "elements in with coordinator.request_stop() and coordinator.join(threads) first.",
    ),
    Known(
        ("OutOfRangeError",),
        r"End of sequence",
        "The data set has come to its end: all elements have been taken.",
        "To read to the end, catch tf.errors.OutOfRangeError around the loop, or write "
        "`for element in dataset:`. To begin again by itself, use dataset.repeat().",
    ),
    Known(
        ("DeadlineExceededError",),
        r"Timed out waiting for notification",
        "The run waited for as long as it was allowed to. Mostly it takes elements from an empty "
        "queue, and nothing puts any in.",
        "Run the enqueue operation, or tf1.train.start_queue_runners(session), before what takes "
        "the elements out.",
    ),
    Known(
        ("ValueError",),
        r"All shapes must be fully defined: .*None",
        "A batch is one tensor, and TensorFlow does not know the shape of what it is to put "
        "together: None stands for a number that is known only when the graph runs.",
        "Say the shape: x.set_shape([784]), or tf.reshape(x, [784]). What really differs in length "
        "is padded by tf1.train.batch(…, dynamic_pad=True).",
    ),
    Known(
        ("ValueError",),
        r"capacity (?P<capacity>\d+) must be bigger than min_after_dequeue (?P<stay>\d+)",
        "The queue can hold {capacity} elements, and {stay} of them are to stay in it: nothing "
        "would ever come out.",
        "Make the capacity larger than min_after_dequeue by a few batches, as in capacity = "
        "min_after_dequeue + 3 * batch_size.",
    ),
    Known(
        ("RuntimeError",),
        r"REPLACED BY KeyboardInterrupt",
        "The cell was interrupted while session.run waited, and its session is closed.",
        "The kernel goes on working: correct what the run waited for, and run the cell that opens "
        "the session again.",
    ),
    # Records and files
    Known(
        ("InvalidArgumentError",),
        r"Feature: (?P<name>.+?) \(data type: (?P<dtype>\w+)\) is required but could not be found",
        "The record has no feature {name}, of dtype {dtype}, which is asked for without a default.",
        "Compare the names with those that were written: "
        "print(tf.train.Example.FromString(record)). A feature that some records lack gets a "
        "default: tf.io.FixedLenFeature([], tf.{dtype}, default_value=0).",
    ),
    Known(
        ("InvalidArgumentError",),
        r"Key: (?P<name>[^.,]+).*Data types don't match. Data type: (?P<dtype_file>\w+) but "
        r"expected type: (?P<dtype_asked>\w+)",
        "The feature {name} holds {dtype_file}, and is asked for as {dtype_asked}.",
        "Ask for the dtype that was written (a record knows int64, float32 and string only), and "
        "convert afterwards with tf.cast.",
    ),
    Known(
        ("InvalidArgumentError",),
        r"Key: (?P<name>[^.,]+).*(?:slice was not parsed|values != expected)",
        "The feature {name} has another number of values than its FixedLenFeature says.",
        "Give the number, as in tf.io.FixedLenFeature([784], …); where it differs from record to "
        "record, ask for tf.io.VarLenFeature or tf.io.RaggedFeature.",
    ),
    Known(
        ("InvalidArgumentError",),
        r"Input to DecodeRaw has length (?P<length>\d+) that is not a multiple of (?P<size>\d+), "
        r"the size of (?P<dtype>\w+)",
        "{length} bytes are no whole number of {dtype}, which takes {size} bytes.",
        "Decode with the dtype that the array had when its bytes were written: print(array.dtype). "
        "Bytes keep neither dtype nor shape.",
    ),
    Known(
        ("InvalidArgumentError",),
        r"Could not parse example input",
        "These bytes are no tf.train.Example.",
        "Write each record as example.SerializeToString(), and parse one record where one is "
        "given: parse_single_example, or parse_example for a batch.",
    ),
    Known(
        ("DataLossError",),
        r"(?P<what>corrupted|truncated) record at (?P<place>\d+)",
        "The file is damaged: a record is {what}, at byte {place}. At byte 0 it may be no "
        "TFRecord file at all, or a compressed one.",
        "Write the file again; close the writer, or use it in a with block, so that the end is "
        'written too. A compressed file is read with compression_type="GZIP".',
    ),
    Known(
        ("NotFoundError",),
        r"No such file or directory",
        "A file that is to be read does not exist.",
        "Compare the name with what is there: tf.io.gfile.glob(pattern). A name without a folder "
        "is looked for where the notebook runs.",
    ),
    Known(
        ("ValueError", "InvalidArgumentError"),
        r"string_input_producer requires a non-null input tensor",
        "The list of input files is empty: the pattern fits no file.",
        "Try the pattern by itself: tf.io.gfile.glob(pattern).",
    ),
    # Tensors in Python's own places
    Known(
        ("OperatorNotAllowedInGraphError", "TypeError"),
        r"Using a symbolic `?tf.Tensor`? as a Python `?bool`? is not allowed",
        "Python asks for true or false here (if, while, and, or, not), and a tensor of a graph has "
        "no value until it is run.",
        "For a choice inside the graph write tf.where(test, a, b) or tf.cond(test, lambda: a, "
        "lambda: b), and tf.logical_and for and. To choose in Python, use the value: "
        "if session.run(test):",
    ),
    Known(
        ("ValueError",),
        r"The truth value of an array with more than one element is ambiguous",
        "Python asks for one true or false here (if, while, and, or, not), and an array has one "
        "for each element.",
        "To choose for each element by itself, write np.where(test, a, b); & and | are and and or "
        "of arrays. Where all elements decide together: test.all() or test.any().",
    ),
    Known(
        ("OperatorNotAllowedInGraphError", "TypeError"),
        r"Iterating over a symbolic `?tf.Tensor`? is not allowed",
        "Python goes through the elements here (for, a, b = …, list, sum), and a tensor of a graph "
        "has no elements until it is run.",
        "Compute with the whole tensor, as in tf.reduce_sum(x), or take it apart with "
        "tf.unstack(x) where its length is known. To loop in Python, use the value: "
        "for element in session.run(x):",
    ),
    Known(
        ("RuntimeError",),
        r"`tf\.data\.Dataset` only supports Python-style iteration in eager mode",
        "Python goes through the elements of a data set here, and in a graph they have no values "
        "until it is run.",
        "Make a tensor of the next element, element = "
        "tf1.data.make_one_shot_iterator(dataset).get_next(), and run it once for each element. "
        "Outside of a graph, the loop works as it is.",
    ),
    Known(
        ("NotImplementedError",),
        r"Cannot convert a symbolic tf.Tensor \((?P<name>[^)]+?)(?::0)?\) to a numpy array",
        "NumPy wants numbers here, and {name} is a tensor of a graph, which has no value until it "
        "is run.",
        "Compute inside the graph with TensorFlow's function (tf.exp for np.exp), or give NumPy "
        "the value: session.run(tensor).",
    ),
    Known(
        ("TypeError", "AttributeError"),
        r"'SymbolicTensor' object (?:has no attribute 'numpy'|cannot be interpreted as an integer)|"
        r"real number, not 'SymbolicTensor'|len is not well defined for a symbolic Tensor",
        "Python wants a number here, and a tensor of a graph has no value until it is run.",
        "Use the value: session.run(tensor). The length is in tensor.shape, if it is known while "
        "the graph is built.",
    ),
    # Shapes
    Known(
        ("ValueError",),
        r"Dimensions must be equal, but are (?P<a>\d+) and (?P<b>\d+) for .* = (?:Batch)?MatMul.*"
        r"with input shapes: (?P<left>\[[^\]]*\]), (?P<right>\[[^\]]*\])",
        "A matrix product needs as many columns on the left as rows on the right, and the shapes "
        "are {left} and {right}: {a} is not {b}.",
        MATRICES,
    ),
    Known(
        ("InvalidArgumentError",),
        r"Matrix size-incompatible: In\[0\]: (?P<left>\[[^\]]*\]), In\[1\]: (?P<right>\[[^\]]*\])",
        "A matrix product needs as many columns on the left as rows on the right, and the shapes "
        "are {left} and {right}.",
        MATRICES,
    ),
    Known(
        ("ValueError",),
        r"Shape must be rank 2 but is rank (?P<rank>\d+) for .* = MatMul.*"
        r"with input shapes: (?P<left>\[[^\]]*\]), (?P<right>\[[^\]]*\])",
        "tf.matmul takes matrices, of rank 2, and the shapes are {left} and {right}.",
        MATRICES,
    ),
    Known(
        ("InvalidArgumentError",),
        # In TensorFlow's own words, and in oneDNN's, which computes on some processors.
        r"In\[[01]\] ndims must be >= 2|In\[0\] and In\[1\] has different ndims",
        "tf.matmul takes matrices, of rank 2, and is given a vector or a number.",
        MATRICES,
    ),
    Known(
        ("ValueError",),
        r"Dimensions must be equal, but are (?P<a>\d+) and (?P<b>\d+) for .* = (?P<op>\w+?)(?:V2)?"
        r"\[.*with input shapes: (?P<left>\[[^\]]*\]), (?P<right>\[[^\]]*\])",
        "{op} goes element by element, and the shapes {left} and {right} do not fit: {a} is not "
        "{b}.",
        "Print the .shape of both. Seen from the last dimension, the numbers must be equal, or one "
        "of them 1.",
    ),
    Known(
        ("InvalidArgumentError",),
        r"Incompatible shapes: (?P<left>\[[^\]]*\]) vs\. (?P<right>\[[^\]]*\])",
        "An operation goes element by element, and the shapes {left} and {right} do not fit.",
        "Print the .shape of both. Seen from the last dimension, the numbers must be equal, or one "
        "of them 1.",
    ),
    # Images and convolutions
    Known(
        ("ValueError", "InvalidArgumentError"),
        r"Negative dimension size caused by subtracting (?P<filter>\d+) from (?P<size>\d+) for "
        r".* = (?:Conv|MaxPool|AvgPool)|Computed output size would be negative: .*?input_size: "
        r"(?P<size_>\d+), effective_filter_size: (?P<filter_>\d+)",
        "The filter or window is larger than the image: {filter}{filter_} pixels do not fit into "
        "{size}{size_}.",
        IMAGE_TOO_SMALL,
    ),
    Known(
        ("ValueError",),
        r"Computed output size would be zero or negative.*inputs shape=(?P<images>\(.*?\))`.*"
        r"kernel shape=(?P<filters>\(.*?\))`",
        "The filter is larger than the image: the images have the shape {images}, the layer's "
        "weights {filters}.",
        IMAGE_TOO_SMALL,
    ),
    Known(
        ("ValueError", "InvalidArgumentError"),
        r"Depth of input \((?P<images>\d+)\) is not a multiple of input depth of filter \("
        r"(?P<filters>\d+)\)|input depth must be evenly divisible by filter depth: "
        r"(?P<images_>\d+) vs (?P<filters_>\d+)",
        "The channels do not fit: the images have {images}{images_}, and the filters are made for "
        "{filters}{filters_}.",
        "The last axis of the images and the third of the filters (rows, columns, channels in, "
        "channels out) have to be equal. Print both shapes.",
    ),
    Known(
        ("ValueError",),
        r"expected axis -1 of input shape to have value (?P<layer>\d+), but received input with "
        r"shape (?P<images>\(.*?\))",
        "This layer has been built for {layer} as the last size of its input, and gets the shape "
        "{images}.",
        "A layer keeps its weights' shape from its first input on. Give it inputs of that size, or "
        "make a new layer.",
    ),
    Known(
        ("ValueError", "InvalidArgumentError"),
        r"Shape must be rank 4 but is rank \d for .* = (?:Conv2D|MaxPool|AvgPool)|convolution "
        r"input must be 4-dimensional|tensor_in_shape must have 2 spatial dimensions",
        NO_IMAGES,
        IMAGES,
    ),
    Known(
        ("ValueError",),
        r"expected (?:min_)?ndim=4, found ndim=[0-3]\. Full shape received: (?P<shape>\(.*?\))",
        "The layer takes images of four axes (batch, rows, columns, channels), and gets the shape "
        "{shape}. Images of one channel need that axis, too.",
        IMAGES,
    ),
    Known(
        ("ValueError",),
        r"Invalid input shape for input .*Expected shape (?P<model>\(.*?\)), but input has "
        r"incompatible shape (?P<given>\(.*?\))",
        "The model was built for inputs of the shape {model}, and gets {given}; None stands for "
        "any number.",
        "Give the data the model's shape: x[np.newaxis] makes one sample a batch, .batch(32) the "
        "elements of a Dataset; x.reshape(-1, 28, 28, 1) makes images of flat rows, "
        "x.reshape(len(x), -1) the reverse.",
    ),
    Known(
        ("UnimplementedError", "InvalidArgumentError"),
        r"only supports (?:the )?NHWC (?:tensor format )?on (?:the |device type )CPU",
        "On a CPU, images have their channels last (NHWC); channels first (NCHW) is for GPUs.",
        "Leave out data_format, and move the channels to the end: tf.transpose(x, [0, 2, 3, 1]).",
    ),
    Known(
        ("ValueError", "TypeError", "InvalidArgumentError"),
        r"^Shape \(\d+, .*\) must have rank 0|^Cannot convert \[.* to EagerTensor of dtype int32|"
        r"\bconcat_dim\b",
        "A list of tensors stands where one integer is wanted. Before TensorFlow 1.0, tf.concat "
        "took the axis first, as tf.concat(3, values).",
        "Write the tensors first and the axis second: tf.concat(values, 3).",
    ),
    Known(
        ("ValueError", "InvalidArgumentError"),
        r"Dimension (?P<axis>\d) in both shapes must be equal(?:: shape\[0\] = (?P<a>\[.*?\]) vs\. "
        r"shape\[1\] = (?P<b>\[.*?\])|, but are .* = ConcatV2.*with input shapes: (?P<a_>\[.*?\]), "
        r"(?P<b_>\[.*?\]))",
        "Tensors are joined along one axis, and have to be equal along all others; axis {axis} of "
        "{a}{a_} and {b}{b_} differs.",
        "Branches that are joined need the same height and width: stride 1 and padding SAME in all "
        "of them. Print the .shape of each.",
    ),
    # Checkpoints
    Known(
        ("ValueError", "NotFoundError", "OSError"),
        r"The passed save_path is not a valid checkpoint|Failed to find any matching files for|"
        r"File does not exist\. Received: \S+\.meta",
        "There is no checkpoint of this name: nothing was saved yet, or it was saved in another "
        "folder or with another step number.",
        CHECKPOINT,
    ),
    Known(
        ("ValueError", "AttributeError"),
        r"Can't load save_path when it is None|'NoneType' object has no attribute "
        r"'(?:all_)?model_checkpoint_path",
        "There is None in place of a checkpoint: that is what tf.train.latest_checkpoint and "
        "get_checkpoint_state give for a folder without one.",
        CHECKPOINT,
    ),
    Known(
        ("NotFoundError",),
        r"Key (?P<name>\S+) not found in checkpoint",
        "The graph has a variable {name}, and the checkpoint has none of this name.",
        "List the names with tf.train.list_variables(path). Build the graph with the names that it "
        "was saved with, or restore under other names: tf1.train.Saver({{'old_name': variable}}).",
    ),
    Known(
        ("InvalidArgumentError",),
        r"Restoring from checkpoint failed.*lhs shape= ?(?P<graph>\[[^\]]*\]) rhs shape= ?"
        r"(?P<file>\[[^\]]*\])",
        "A variable of the graph has shape {graph}, and was saved with shape {file}.",
        "Build the graph with the sizes that it was saved with; tf.train.list_variables(path) "
        "shows them.",
    ),
]
