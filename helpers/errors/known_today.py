"""The errors of Keras and tf.function that learners meet, and what is to be said of them.

They are looked up before those of `helpers.errors.known`: what raises in a function that TensorFlow
traces reads as in a graph, and wants another remedy.
"""

from helpers.errors.entry import Known

TRACED_TENSOR = "by a tensor of a tf.function: "  # which the message itself does not say
IN_FUNCTION = r"^(?:in user code:|Exception encountered when calling).*"
TRACED = (
    "This code is traced: in a tf.function, in Dataset.map and in a model's call, Python runs only "
    "while the graph is made, when a tensor has no value yet. "
)
NOT_NONE = (
    "Compute the loss inside of the tape's block, without argmax, round, NumPy or .numpy(). A "
    "tf.Variable is watched by itself, a constant after tape.watch(x)."
)
LEAKED = (
    "{which} was made while a tf.function was traced. It is a part of that function's graph and "
    "has no value; Python such as list.append or self.x = … runs when the graph is made, and not "
    "again with each call."
)
RETURN = (
    "Return from the function what is wanted outside, as in return x, y, and append or keep the "
    "value that the call gives. What is to change in each call is a tf.Variable: "
    "counter.assign_add(1)."
)
UNBUILT = (
    "Keras makes a layer's weights when it learns the size of its input, and this {what} has not "
    "been told it yet."
)
BUILD = (
    "Begin the model with its input, tf.keras.Sequential([tf.keras.Input([784]), …]), or call it "
    "once on data, model(x), before its weights, inputs or outputs are asked for."
)
LABELS = (
    'Class numbers, as in [3, 0, 1], go with loss="sparse_categorical_crossentropy"; one column a '
    'class, as tf.keras.utils.to_categorical(y, 10) makes them, with "categorical_crossentropy"; '
    'one yes or no with Dense(1) and "binary_crossentropy".'
)
AXES = (
    "Print x.shape. One sample alone gets its first axis by x[np.newaxis]; the last one, of one "
    "feature or channel, comes by x[..., np.newaxis]. Between two LSTM layers say "
    "return_sequences=True."
)

KNOWN_TODAY = [
    # tf.function
    Known(
        ("ValueError",),
        r"tf\.function only supports singleton tf\.Variables created on the first call|"
        r"tf\.function-decorated function tried to create variables on non-first call",
        "A variable is made each time this code runs, and code that TensorFlow traces (a "
        "tf.function, a model's call, Dataset.map) may make variables in its first call only. A "
        "layer and an optimizer make variables, too.",
        "Make the variable, layer or optimizer once, before the function or in the __init__ of a "
        "class, and only use it inside.",
    ),
    Known(
        ("AttributeError", "TypeError"),
        IN_FUNCTION + r"(?:'SymbolicTensor' object (?:has no attribute 'numpy'|cannot be "
        r"interpreted as an integer)|real number, not 'SymbolicTensor'|"
        r"len is not well defined for a symbolic Tensor)",
        TRACED + "Python wants a number here.",
        "Compute with TensorFlow's functions here, print with tf.print, and take .numpy() of what "
        "the function returns. A length is in tensor.shape, if it is fixed, else tf.shape(tensor).",
    ),
    Known(
        ("NotImplementedError",),
        IN_FUNCTION + r"Cannot convert a symbolic tf\.Tensor \((?P<name>[^)]+?)(?::0)?\) to a "
        r"numpy array",
        TRACED + "NumPy wants the numbers of {name} here.",
        "Use TensorFlow's function of the same meaning (tf.exp for np.exp), or compute with NumPy "
        "outside, on what the function returns.",
    ),
    Known(
        ("OperatorNotAllowedInGraphError", "TypeError"),
        IN_FUNCTION + r"(?:Using a symbolic `?tf\.Tensor`? as a Python `?bool`?|"
        r"Iterating over a symbolic `?tf\.Tensor`?) is not allowed",
        TRACED + "Python asks for true or false here, or goes through the elements (if, assert, "
        "and, for, list).",
        "Write tf.where(test, a, b) or tf.cond for a choice, tf.debugging.assert_greater and its "
        "like for assert, tf.unstack(x) or a computation with the whole tensor for a loop.",
    ),
    Known(
        ("InaccessibleTensorError",),
        r"<tf\.Tensor '(?P<name>[^']+?)(?::\d+)?' .* was defined in FuncGraph\("
        r"name=\w*while_(?:body|cond)",
        "The tensor {name} was made in a loop over tensors, whose lines are traced once: list."
        "append and other Python inside of it run once, too, and leave a tensor that is of no use "
        "after the loop.",
        "Loop over a Python range(n) if n is fixed. Else collect in a tf.TensorArray: results = "
        "results.write(i, value) in the loop, results.stack() after it.",
    ),
    Known(
        ("InaccessibleTensorError",),
        r"<tf\.Tensor '(?P<name>[^']+?)(?::\d+)?' .* was defined in FuncGraph\("
        r"name=\w*cond_(?:true|false)",
        "The tensor {name} was made in one branch of an if over tensors, and is used after it.",
        "Give the same Python name a value in both branches, and use that name after the if.",
    ),
    Known(
        ("InaccessibleTensorError", "TypeError"),
        r"<tf\.Tensor '(?P<name>[^']+?)(?::\d+)?' shape=.* is out of scope and cannot be used here"
        r".* was defined here:.*(?:polymorphic_function|structured_function)",
        LEAKED.format(which="The tensor {name}"),
        RETURN,
    ),
    Known(
        ("AttributeError", "TypeError", "NotImplementedError"),
        f"^{TRACED_TENSOR}" + r"(?:'SymbolicTensor' object (?:has no attribute 'numpy'|cannot be "
        r"interpreted as an integer)|.*real number, not 'SymbolicTensor'|"
        r"len is not well defined for a symbolic Tensor|Cannot convert a symbolic tf\.Tensor)",
        LEAKED.format(which="This tensor"),
        RETURN,
    ),
    Known(
        ("ValueError",),
        r"'(?P<name>\w+)' must also be initialized in the (?P<branch>\w+) branch",
        "The {branch} branch of this if gives {name} no value. The test is a tensor, so that "
        "TensorFlow makes a graph of both branches, and each has to give the same names.",
        "Give {name} a value before the if, or in both branches.",
    ),
    Known(
        ("ValueError",),
        r"the (?P<branch>\w+) branch must also have a return statement",
        "One branch of this if returns and the {branch} branch does not. The test is a tensor, so "
        "that TensorFlow makes a graph of both branches, and each has to return.",
        "Return a tensor of the same dtype in both branches.",
    ),
    Known(
        ("TypeError",),
        r"'[^']+' has dtype (?P<dtype_a>\w+) in the main branch, but dtype (?P<dtype_b>\w+) in the "
        r"else branch",
        "One branch of this if gives {dtype_a} and the other {dtype_b}. The test is a tensor, so "
        "that TensorFlow makes a graph of both branches, and their results have to be alike.",
        "Give the same dtype in both branches, as in tf.constant(1.0).",
    ),
    Known(
        ("ValueError",),
        r"'(?P<name>\w+)' has shape (?P<before>\(.*?\)) before the loop, but shape "
        r"(?P<after>\(.*?\)) after one iteration",
        "{name} has the shape {before} before the loop and {after} after its first turn; in a "
        "loop over tensors a name keeps its shape.",
        "Collect in a tf.TensorArray, or loop over a Python range(n) if n is fixed.",
    ),
    Known(
        ("TypeError",),
        r"Binding inputs to tf\.function failed due to `Can not cast TensorSpec\("
        r"shape=(?P<given>\(.*?\)), dtype=tf\.(?P<dtype_given>\w+).*? to TensorSpec\("
        r"shape=(?P<wanted>\(.*?\)), dtype=tf\.(?P<dtype_wanted>\w+)",
        "The function's input_signature says {dtype_wanted} of shape {wanted}, and it is called "
        "with {dtype_given} of shape {given}.",
        "Convert the argument, as in tf.cast(x, tf.float32), or widen the signature: None stands "
        "for any number, tf.TensorSpec(None) for any shape.",
    ),
    Known(
        ("TypeError",),
        r"'(?:\S*\.EagerTensor|SymbolicTensor)' object does not support item assignment",
        "A tensor cannot be changed: x[0] = … is for arrays and lists.",
        "Make a new tensor, tf.tensor_scatter_nd_update(x, [[0]], [value]) or tf.where(test, a, "
        "x); or keep the numbers in a tf.Variable, x[0].assign(value).",
    ),
    # Gradients of today's style
    Known(
        ("ValueError",),
        r"^No gradients provided for any variable\.$",
        "All gradients are None: within `with tf.GradientTape() as tape:` nothing leads from these "
        "variables to the loss by operations that have gradients.",
        "Compute the loss inside of the block, with the model called there, and from decimal "
        "numbers: argmax, round, comparisons, tf.cast to integers, NumPy and .numpy() have no "
        "gradients.",
    ),
    Known(
        ("RuntimeError",),
        r"A non-persistent GradientTape can only be used to compute one set of gradients",
        "This tape has given its gradients already, and forgets what it recorded after that.",
        "Ask for all in one call, tape.gradient(loss, [w, b]), or make the tape with "
        "tf.GradientTape(persistent=True).",
    ),
    Known(
        ("AttributeError",),
        r"'numpy\.\w+' object has no attribute '_id'|'(?:float|int)' object has no attribute "
        r"'dtype'|'numpy\.dtypes\.\w+' object has no attribute 'base_dtype'",
        "The loss is a plain number: .numpy(), float() or NumPy has taken it out of TensorFlow, "
        "and a number does not know what it was computed from.",
        "Keep the loss a tensor until the gradient is taken: no .numpy(), float() or np functions "
        "on the way from the variables to it, and no loss = session.run(loss) before it.",
        line=r"\.(?:gradient|minimize)\(",
    ),
    Known(
        ("AttributeError",),
        r"'NoneType' object has no attribute 'dtype'",
        "The loss is None: the name was given no tensor.",
        "Look where the loss was given its value. A function without return gives None.",
        line=r"\.minimize\(",
    ),
    Known(
        ("TypeError",),
        r"unsupported operand type\(s\) for .*'NoneType'",
        "A gradient is None: the loss does not depend on that variable, or only by operations "
        "without gradients, or the tape does not watch it.",
        NOT_NONE,
        line=r"\.gradient\(",
    ),
    # Keras: labels and loss
    Known(
        ("ValueError",),
        r"Arguments `target` and `output` must have the same (?:rank \(ndim\)|shape)\. Received: "
        r"target\.shape=(?P<labels>\(.*?\)), output\.shape=(?P<model>\(.*?\))",
        "This loss compares the labels with the model's output place by place, and their shapes "
        "are {labels} and {model}; None stands for the number of samples.",
        LABELS + " The last layer has as many units as there are classes.",
    ),
    Known(
        ("ValueError",),
        r"Argument `output` must have rank \(ndim\) `target\.ndim - 1`\. Received: "
        r"target\.shape=(?P<labels>\(.*?\)), output\.shape=(?P<model>\(.*?\))",
        "This loss (sparse_categorical_crossentropy) takes class numbers: labels with the shape of "
        "the model's output without its last axis. The labels' shape is {labels}, the output's "
        "{model}; None stands for the number of samples.",
        LABELS
        + " If the output has an axis too many, put tf.keras.layers.Flatten() before the last "
        "layer.",
    ),
    Known(
        ("ValueError",),
        r"Data cardinality is ambiguous.*'x' sizes: (?P<x>[\d, ]+?)\s*'y' sizes: (?P<y>[\d, ]+)",
        "There are {x} samples and {y} labels: each sample needs one label.",
        "Print x.shape and y.shape, and see where rows were left out or joined; the first axis "
        "counts the samples.",
    ),
    Known(
        ("ValueError",),
        r"You must call `compile\(\)` before using the model",
        "The model has not been told how to learn: it was not compiled, or it was made anew after "
        "that.",
        'Call model.compile(optimizer="sgd", loss="mse") before fit and evaluate.',
    ),
    Known(
        ("ValueError",),
        r"No loss to compute\. Provide a `loss` argument in `compile\(\)`",
        "The model was compiled without a loss.",
        'Name one: model.compile(optimizer="sgd", loss="mse").',
    ),
    # Keras: inputs
    Known(
        ("ValueError",),
        r"of layer '(?P<layer>\w+)' is incompatible with the layer: expected (?:min_)?ndim="
        r"(?P<wanted>[235]), found ndim=\d\. Full shape received: (?P<shape>\(.*?\))",
        "The layer {layer} takes inputs of {wanted} axes, the first of which counts the samples, "
        "and gets the shape {shape}.",
        AXES,
    ),
    Known(
        ("ValueError",),
        r"Shapes used to initialize variables must be fully-defined.*Received: "
        r"shape=(?P<shape>\(.*?\)) for variable path='(?P<name>[^']+)'",
        "The weights {name} are made now, with the shape {shape}, and None stands for a size that "
        "is known only when data comes. Weights need the size of a layer's last axis.",
        "Say it in the input, tf.keras.Input([28, 28, 1]) rather than [None, None, 1] or [None]; "
        "or replace Flatten by tf.keras.layers.GlobalAveragePooling2D, whose size does not depend "
        "on the image's.",
    ),
    Known(
        ("ValueError", "TypeError", "NotImplementedError"),
        r"A KerasTensor cannot be used as input to a TensorFlow function|"
        r"A KerasTensor is symbolic: |A symbolic KerasTensor cannot be used as a boolean|"
        r"Iterating over a symbolic KerasTensor is not supported",
        "What tf.keras.Input and the layers called on it give is a plan of a model, without "
        "numbers: tf and np functions, if and for cannot work on it.",
        "Use the same function of tf.keras.ops, as in tf.keras.ops.square(x), or a layer. For a "
        "value, call the finished model on data.",
    ),
    Known(
        ("ValueError",),
        r"Unrecognized data type: x=(?!None\b).*\(of type <class '(?:list|float|int)'>\)",
        "fit, evaluate and predict take arrays, and x is a Python list or number.",
        "Give np.array(x), with the samples along its first axis.",
    ),
    # Keras: a model used before it is built
    Known(
        ("AttributeError", "ValueError"),
        r"You must build the layer before accessing `\w+`|"
        r"The layer \S+ has never been called and thus has no defined (?:in|out)put|"
        r"You tried to call `count_params` on layer",
        UNBUILT.format(what="layer or model"),
        BUILD,
    ),
    Known(
        ("AttributeError", "ValueError"),
        r"Sequential model '\w+' has no defined (?:in|out)puts yet|"
        r"You are (?:saving a|loading weights into a) model that has not yet been built",
        UNBUILT.format(what="model"),
        BUILD,
    ),
    # Keras: what Keras 3 has no more
    Known(
        ("AttributeError",),
        r"^`(?P<name>\w+)` is not available with Keras 3",
        "tf1.layers and the cells of tf1.nn ended with Keras 3: there is no {name}.",
        "Use tf.keras.layers, as in tf.keras.layers.Dense(10)(x), which works in a graph, too; or "
        "write the layer with tf1.get_variable and tf.matmul.",
    ),
    Known(
        ("AttributeError",),
        r"'\w+' object has no attribute '(?P<name>fit_generator|evaluate_generator|"
        r"predict_generator)'",
        "Keras 3 has no {name}.",
        "Give the generator to model.fit, model.evaluate or model.predict.",
    ),
    Known(
        ("AttributeError",),
        r"'(?:Sequential|Functional|Model)' object has no attribute '(?P<name>predict_classes|"
        r"predict_proba)'",
        "Keras 3 has no {name}.",
        "Write model.predict(x) for the probabilities, np.argmax(model.predict(x), axis=-1) for "
        "the classes.",
    ),
    Known(
        ("AttributeError",),
        r"'(?P<name>SGD|Adam\w*|RMSprop|Adagrad|Nadam|Ftrl)' object has no attribute 'minimize'",
        "An optimizer of Keras 3 has no minimize.",
        "Take the gradients with a tf.GradientTape and call optimizer.apply_gradients(zip("
        "gradients, variables)). In graph style use tf1.train.GradientDescentOptimizer.",
    ),
    Known(
        ("ValueError",),
        r"Argument\(s\) not recognized: \{'lr':",
        "The optimizers of Keras 3 call the rate learning_rate, and no longer lr.",
        "Write tf.keras.optimizers.Adam(learning_rate=0.1).",
    ),
]
