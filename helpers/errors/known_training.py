"""Errors of training and of data: gradients, labels, dropout, text, devices, sizes known too late.

They are looked up before those of `helpers.errors.known`, since text among numbers reads there like
any other dtype.
"""

from helpers.errors.entry import Known

NUMBERS = (
    "Turn text into numbers first: float(text), array.astype(float) or tf.strings.to_number. Words "
    "that name classes become class numbers, names.index(word)."
)
NO_DEVICE = (
    "Leave out tf.device, or see what there is: tf.config.list_logical_devices(). In graph style "
    "tf1.ConfigProto(allow_soft_placement=True) lets the session take another device."
)
CLASSES = (
    "Classes are counted from 0: labels from 1 to 10 become y - 1. Compare labels.min() and "
    "labels.max() with the size of the last layer, and see that bytes were decoded with the right "
    "dtype."
)
LABELS_FIT = (
    "Class numbers, as in [3, 0, 1], go with tf.nn.sparse_softmax_cross_entropy_with_logits; one "
    "column a class (one-hot) with tf.nn.softmax_cross_entropy_with_logits. tf.one_hot(y, 10) and "
    "tf.argmax(y, 1) change one into the other."
)
LATE = (
    "Give the size where the placeholder or the input is made. Where it has to stay open, use "
    "tf.shape(x)[0] for a computation, and -1 in tf.reshape. A variable's shape must be known."
)
NO_GRADIENT = (
    "A loss is a number with a decimal point (float32) that is computed from the variables by "
    "operations that have gradients: no argmax, round or comparison, and no placeholder in place "
    "of the network's output."
)
KNOWN_TRAINING = [
    # Gradients
    Known(
        ("ValueError",),
        r"^No gradients provided for any variable(?:, check your graph|: \[)",
        "Between the loss and the variables that are to learn there is no way on which a gradient "
        "comes back.",
        NO_GRADIENT,
    ),
    Known(
        ("ValueError",),
        r"^No variables to optimize",
        "There is no variable to learn: this graph has no trainable one, or var_list is empty.",
        "Make the weights with tf1.Variable or tf1.get_variable before minimize is called, in the "
        "same graph and without trainable=False.",
    ),
    Known(
        ("ValueError",),
        r"Invalid type tf\.(?P<dtype>\w+) for (?P<name>\S+?)(?::\d+)?, expected: \[tf\.float32",
        "{name}, for which gradients are wanted, is of dtype {dtype}; only decimal numbers have "
        "gradients.",
        "Compute the loss from the network's output before argmax, round or a comparison; write "
        "variables with a point, [1.0, 2.0], so that they are float32.",
    ),
    Known(
        ("LookupError",),
        r"No gradient defined for operation ?'(?P<name>[^']+)' \(op type: (?P<op>\w+)\)",
        "The loss depends on a variable by way of {name}, and TensorFlow has no gradient for {op}.",
        "Use another operation there; tf.stop_gradient(x) around it treats what it gives as a "
        "constant.",
    ),
    Known(
        ("ValueError",),
        r"^(?:None values not supported|Attempt to convert a value \(None\) with an unsupported)",
        "None stands where a tensor or a number is wanted: a function without return, a gradient "
        "of what the loss does not depend on, a size that is not known yet, or labels left out "
        "of fit.",
        "Print the arguments of this line, and see where the one that is None comes from.",
    ),
    # Labels
    Known(
        ("InvalidArgumentError",),
        r"Received a label value of (?P<label>-?\d+) which is outside the valid range of "
        r"\[0, (?P<classes>\d+)\)",
        "A label is {label}, and the network has {classes} outputs: labels have to be from 0 to "
        "one less than that.",
        CLASSES,
    ),
    Known(
        ("InvalidArgumentError",),
        r"indices\[[\d,]+\] = (?P<index>-?\d+) is not in \[0, (?P<size>\d+)\)",
        "An index is {index}, and the table has {size} rows, from 0 to one less than that.",
        "Compare the smallest and the largest index with the number of rows. An Embedding needs "
        "one row more than the largest word number.",
    ),
    Known(
        ("InvalidArgumentError",),
        r"`(?P<what>labels|predictions)` (?:out of bound|contains negative values)",
        "A class among the {what} is not among the num_classes that are counted.",
        CLASSES,
    ),
    Known(
        ("ValueError",),
        r"`labels\.shape\.rank` must equal `logits\.shape\.rank - 1`\. Received: labels\.shape="
        r"(?P<labels>\(.*?\)) of rank \d+ and logits\.shape=(?P<logits>\(.*?\)) of rank",
        "This loss takes class numbers, one for each row of the logits; the labels' shape is "
        "{labels}, the logits' {logits}.",
        LABELS_FIT,
    ),
    Known(
        ("InvalidArgumentError",),
        r"labels must be 1-D, but got shape (?P<labels>\[.*?\])",
        "This loss takes class numbers, one for each row of the logits, and gets labels of the "
        "shape {labels}.",
        LABELS_FIT,
    ),
    Known(
        ("InvalidArgumentError",),
        r"logits and labels must be broadcastable: logits_size=(?P<logits>\[.*?\]) "
        r"labels_size=(?P<labels>\[.*?\])",
        "This loss takes labels of the logits' shape, one column a class; the labels' is "
        "{labels}, the logits' {logits}.",
        LABELS_FIT,
    ),
    Known(
        ("ValueError",),
        r"`logits` and `labels` must have the same shape, received \((?P<logits>\(.*?\)) vs "
        r"(?P<labels>\(.*?\))\)",
        "This loss compares labels and logits place by place; the labels' shape is {labels}, the "
        "logits' {logits}.",
        "Make them equal: labels[:, np.newaxis] makes a column, tf.squeeze(logits, 1) takes one "
        "away.",
    ),
    # Dropout
    Known(
        ("ValueError",),
        r"`rate` must be a scalar tensor or a float in the range \[0, 1\)\. Received: "
        r"rate=(?P<rate>\S+)",
        "keep_prob is the part of the values that stays, above 0 and up to 1; rate is the part "
        "that is dropped, 1 - keep_prob, from 0 to below 1. Here rate is {rate}.",
        "Write half as 0.5, not 50. To drop nothing say keep_prob=1.0 or rate=0.0.",
    ),
    Known(
        ("ValueError",),
        r"Invalid value received for argument `rate`\. Expected a float value between 0 and 1\. "
        r"Received: rate=(?P<rate>\S+)",
        "rate is the part of the values that is dropped, from 0 to 1, and here it is {rate}.",
        "Write half as 0.5, not 50. The keep_prob of TensorFlow 1 is 1 - rate.",
    ),
    Known(
        ("TypeError",),
        r"unexpected keyword argument 'keep_prob'|Dropout\.__init__\(\) missing 1 required "
        r"positional argument: 'rate'",
        "Today's dropout has no keep_prob, the part that stays: it takes rate, the part that is "
        "dropped.",
        "Write rate=1 - keep_prob. In graph style tf1.nn.dropout still takes keep_prob.",
        line=r"keep_prob",
    ),
    Known(
        ("ValueError",),
        r"`rate` must be provided\. Received: rate=None|Cannot specify both 'keep_prob' and 'rate'",
        "Dropout wants one number: keep_prob, the part that stays, or rate, the part that is "
        "dropped.",
        "Give one of the two, as in tf1.nn.dropout(x, keep_prob=0.5).",
    ),
    Known(
        ("ValueError",),
        r"`x\.dtype` must be a floating point tensor as `x` will be scaled\. Received: "
        r"x_dtype=<dtype: '(?P<dtype>\w+)'>",
        "Dropout multiplies what stays, so that it wants decimal numbers, and gets {dtype}.",
        "Convert first: tf.cast(x, tf.float32).",
    ),
    # Text
    Known(
        ("TypeError", "InvalidArgumentError"),
        r"has DataType string not in list of allowed values|"
        r"Value for attr '\w+' of string is not in the list of allowed values",
        "Text stands where numbers are wanted: this operation is not made for tensors of dtype "
        "string.",
        NUMBERS,
    ),
    Known(
        ("TypeError",),
        r"Cannot convert (?P<value>\[*['\"].*?) to EagerTensor of dtype (?P<dtype>\w+)|"
        r"Expected (?P<dtype_>u?int\d+|float\d+), but got (?P<value_>.*?) of type '(?:str|bytes)'",
        "Text, {value}{value_}, stands where a number of dtype {dtype}{dtype_} is wanted.",
        NUMBERS,
    ),
    Known(
        ("InvalidArgumentError", "TypeError"),
        r"was expected to be a string tensor but is a|was expected to be a \w+ tensor but is a "
        r"string tensor|Op has type \w+ that does not match type string of|Op has type string that "
        r"does not match|Cannot convert \S+ to EagerTensor of dtype string",
        "A number meets text: one of the two is of dtype string.",
        NUMBERS + " A number becomes text by tf.strings.as_string(x).",
    ),
    Known(
        ("UnimplementedError",),
        r"Cast string to (?P<dtype>\w+) is not supported",
        "This is text, and tf.cast does not read numbers from text.",
        "Write tf.strings.to_number(text, tf.float32). " + NUMBERS,
    ),
    Known(
        ("ValueError",),
        r"^could not convert string to float: (?:np\.str_\()?(?P<value>.*?)\)?$|"
        r"^invalid literal for int\(\) with base 10: (?:np\.str_\()?(?P<value_>.*?)\)?$",
        "Text stands where a number is wanted, and {value}{value_} cannot be read as one.",
        "Look for words, empty fields, a heading or a file's name among the data. Read the file "
        "before its contents are fed; words that name classes become class numbers, "
        "names.index(word).",
    ),
    Known(
        ("InvalidArgumentError",),
        r"StringToNumberOp could not correctly convert string: (?P<value>[^\[\n]*?)(?: \[Op|\n|$)",
        "Text is read as a number, and '{value}' is none.",
        "Look for words, empty fields or a heading among the data.",
    ),
    Known(
        ("InvalidArgumentError",),
        r"Field (?P<field>\d+) in record (?P<record>\d+) is not a valid (?P<dtype>\w+): "
        r"(?P<value>[^\[\n]*?)(?: \[Op|\n|$)",
        "Field {field} (counted from 0) of the line is read as a {dtype}, since its default is "
        "one, and '{value}' is none.",
        "Skip the heading; give a column of text a default of text: record_defaults=[[0.0], ['']].",
    ),
    Known(
        ("InvalidArgumentError",),
        r"Expect (?P<wanted>\d+) fields but have (?P<found>\d+) in record",
        "The number of fields in the line is {found}, and in record_defaults {wanted}.",
        "Give one default for each column, and see whether the file separates its fields by "
        "another sign (field_delim).",
    ),
    Known(
        ("ValueError",),
        r"^Invalid dtype: (?:str\d+|object)$|dtype='string' is not a valid dtype for Keras",
        "An array of text, or of Python objects, stands where numbers are wanted.",
        "Print x.dtype and y.dtype. " + NUMBERS,
    ),
    Known(
        ("ValueError",),
        r"Failed to convert a NumPy array to a Tensor \(Unsupported object type (?P<kind>\w+)\)",
        "The array holds Python objects (dtype object), such as {kind}: its columns are of several "
        "kinds, or its rows of several lengths.",
        "Make an array of numbers alone: drop or convert the columns of text, then "
        "x.astype(np.float32).",
    ),
    Known(
        ("ValueError",),
        r"Can't convert Python sequence with mixed types to Tensor",
        "The list holds values of several kinds, such as a number and text or None; a tensor has "
        "one dtype.",
        "Keep numbers and text in lists of their own, and put a number in place of None.",
    ),
    Known(
        ("TypeError",),
        r"ufunc '(?P<op>\w+)' did not contain a loop with signature matching types .*<U\d",
        "NumPy cannot compute {op} with text: one of the arrays holds strings.",
        NUMBERS,
    ),
    # Devices
    Known(
        ("InvalidArgumentError",),
        r"was explicitly assigned to (?P<device>\S+) but available devices are",
        "A node is to be computed on {device}, and this session has no such device.",
        NO_DEVICE,
    ),
    Known(
        ("InvalidArgumentError",),
        r"Could not satisfy device specification '(?:/job:localhost/replica:0/task:0)?"
        r"(?P<device>[^']+)'",
        "{device} is asked for, and this computer has no such device that TensorFlow can use.",
        NO_DEVICE,
    ),
    Known(
        ("ValueError",),
        r"Unknown attribute '?(?P<name>.+?)'? is encountered while parsing the device spec",
        "'{name}' is no name of a device.",
        "Write the kind and the number, as in tf.device('/CPU:0') or tf.device('/GPU:0').",
    ),
    Known(
        ("IndexError",),
        r"list index out of range",
        "TensorFlow sees fewer devices than this line asks for: on a computer without a GPU the "
        "list is empty.",
        "Ask first: if gpus: … , and go on with the CPU where there is none.",
        line=r"list_(?:physical|logical)_devices\(['\"]\w*GPU['\"]\)\[",
    ),
    Known(
        ("RuntimeError",),
        r"(?:Virtual|Visible|Physical) devices cannot be modified after being initialized|"
        r"(?:Inter|Intra) op parallelism cannot be modified after initialization|"
        r"Physical devices cannot be modified",
        "Devices are set up when TensorFlow computes for the first time, and keep their settings "
        "after that.",
        "Restart the kernel, and run this line right after import tensorflow, before anything is "
        "computed.",
    ),
    # Sizes known too late
    Known(
        ("ValueError",),
        r"The initializer passed is not valid\..*`shape` should be fully defined|"
        r"initial_value must have a shape specified: Tensor\(.*shape=(?P<shape>[^)]*\)|<unknown>)",
        "A variable is made with a size that is None, which is known only when the graph runs.",
        LATE,
    ),
    Known(
        ("ValueError", "TypeError"),
        r"Cannot convert a partially known TensorShape (?P<shape>\(.*?\)) to a Tensor|"
        r"Failed to convert elements of (?P<shape_>[\[(].*None.*?[\])]) to Tensor",
        "A size of this shape is None, which stands for a number that is known only when the "
        "graph runs: {shape}{shape_}.",
        LATE,
    ),
    Known(
        ("TypeError",),
        r"Expected int32, but got None of type 'NoneType'|"
        r"int\(\) argument must be .* not 'NoneType'|"
        r"'NoneType' object cannot be interpreted as an integer",
        "A size of this shape is None, which stands for a number that is known only when the "
        "graph runs.",
        LATE,
        line=r"\.(?:get_)?shape\b",
    ),
    Known(
        ("ValueError",),
        r"as_list\(\) is not defined on an unknown TensorShape",
        "This tensor's shape is not known at all: it comes from a placeholder or a file that says "
        "nothing of it.",
        "Say it: tf1.placeholder(tf.float32, [None, 784]), or x.set_shape([None, 784]).",
    ),
    Known(
        ("ValueError",),
        r"Cannot infer argument `num` from shape (?P<shape>\(.*?\))",
        "tf.unstack makes a Python list, and how long it is, is not known while the graph is "
        "built: the shape is {shape}.",
        "Say it: tf.unstack(x, num=10). A computation with the whole tensor needs no list.",
    ),
    Known(
        ("ValueError",),
        r"If initializer is a constant, do not specify shape",
        "get_variable is given both a shape and a tensor with the first values, which has a shape "
        "already.",
        "Leave out shape, or give an initializer: tf1.zeros_initializer() in place of "
        "tf.zeros([2]).",
    ),
]
