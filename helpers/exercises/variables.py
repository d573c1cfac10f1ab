"""Exercises of lesson 04, variables."""

from typing import Any

import numpy as np
import tensorflow as tf

from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import variables as probes

tf1 = tf.compat.v1

__all__ = ["hint", "make_counter", "scaled_copy", "shared_layer"]


def _make_counter(start: int, step: int) -> tuple[Any, Any]:
    state = tf1.Variable(start, name="counter")
    return state, tf1.assign_add(state, step)


def never_assigned(start: int, step: int) -> tuple[Any, Any]:
    """Your update computes the sum, and nobody stores it.

    `state + step` is a new tensor; only a run of an assign node changes the variable.
    """
    state = tf1.Variable(start, name="counter")
    return state, state + step


def assigns_a_constant(start: int, step: int) -> tuple[Any, Any]:
    """Your update stores the same number at every run.

    It adds to the start, which stays as it is: `start + step` in Python, computed once while the
    graph is built, or to `initial_value`. Add to the variable, whose value grows.
    """
    state = tf1.Variable(start, name="counter")
    return state, tf1.assign(state, start + step)


def assigns_the_step(start: int, step: int) -> tuple[Any, Any]:
    """Your update stores `step` itself: assign replaces the value, it does not add to it."""
    state = tf1.Variable(start, name="counter")
    return state, tf1.assign(state, step)


def always_one(start: int, step: int) -> tuple[Any, Any]:
    """Your update adds 1, as the slide's does, and here it has to add `step`."""
    state = tf1.Variable(start, name="counter")
    return state, tf1.assign_add(state, 1)


def from_zero(start: int, step: int) -> tuple[Any, Any]:
    """Your counter begins at 0; its initial value is `start`."""
    state = tf1.Variable(0, name="counter")
    return state, tf1.assign_add(state, step)


def one_step_ahead(start: int, step: int) -> tuple[Any, Any]:
    """Your counter has counted before the first run of its update: it begins at `start`."""
    state = tf1.Variable(start + step, name="counter")
    return state, tf1.assign_add(state, step)


def update_first(start: int, step: int) -> tuple[Any, Any]:
    """You return the update before the variable.

    So fetching the first of them counts: return the variable first.
    """
    state = tf1.Variable(start, name="counter")
    return tf1.assign_add(state, step), state


def counts_up_only(start: int, step: int) -> tuple[Any, Any]:
    """Your update adds as many as `step` says, and never takes away: `step` may be negative."""
    state = tf1.Variable(start, name="counter")
    return state, tf1.assign_add(state, abs(step))


def floating_point(start: int, step: int) -> tuple[Any, Any]:
    """Your counter holds floating-point numbers; integers in, an integer variable out.

    `get_variable` makes float32 where nothing tells it the dtype; `Variable` takes the dtype of its
    initial value.
    """
    state = tf1.Variable(float(start), name="counter")
    return state, tf1.assign_add(state, float(step))


def a_second_variable(start: int, step: int) -> tuple[Any, Any]:
    """You build two variables; one was asked for, and the step needs none: add the number."""
    state = tf1.Variable(start, name="counter")
    return state, tf1.assign_add(state, tf1.Variable(step, name="step"))


def nameless(start: int, step: int) -> tuple[Any, Any]:
    """It counts, but under TensorFlow's own choice of a name: give the variable the name."""
    state = tf1.Variable(start)
    return state, tf1.assign_add(state, step)


def python_numbers(start: int, step: int) -> tuple[Any, Any]:
    """You return numbers that Python has computed.

    In a graph nothing is computed yet: return the variable and the assign node, and a session will
    run them.
    """
    return start, start + step


def named_by_a_scope(start: int, step: int) -> tuple[Any, Any]:
    """A scope has the name, and the variable in it another one behind a slash.

    `name="counter"` of the variable itself gives it the name.
    """
    with tf1.variable_scope("counter"):
        state = tf1.Variable(start)
    return state, tf1.assign_add(state, step)


def one_step_behind(start: int, step: int) -> tuple[Any, Any]:
    """Your counter begins one step before `start`; it is `start` before any run of its update."""
    state = tf1.Variable(start - step, name="counter")
    return state, tf1.assign_add(state, step)


def counter_as_on_the_slide(start: int, step: int) -> list[Any]:
    """Build every node by itself, and return a list."""
    state = tf1.Variable(initial_value=tf.constant(start), name="counter", trainable=False)
    new_value = tf.add(state, tf.constant(step))
    return [state, tf1.assign(state, new_value)]


def counter_by_get_variable(start: int, step: int) -> tuple[Any, Any]:
    """Use `get_variable`, the variable's own method, and return an operation without a value."""
    state = tf1.get_variable("counter", initializer=start, use_resource=True)
    return state, state.assign_add(step).op


def counter_in_tensorflow_2(start: int, step: int) -> tuple[Any, Any]:
    """Use today's variable inside the graph, and return a reading of it."""
    state = tf.Variable(start, name="counter")
    return state.read_value(), state.assign(step + state)


make_counter = Exercise(
    name="make_counter",
    lesson="04_variables",
    reference=_make_counter,
    probe=probes.counter,
    parts=[
        Part("in steps of 1", points=1, cases=[(0, 1), (4, 1)]),
        Part(
            "any start and step",
            points=1,
            cases=[(5, 2), (-3, 10), (7, -3)],
            random_case=lambda rng: (int(rng.integers(-99, 99)), int(rng.integers(2, 9))),
        ),
    ],
    misconceptions=[
        never_assigned,
        assigns_a_constant,
        assigns_the_step,
        always_one,
        from_zero,
        one_step_ahead,
        update_first,
        counts_up_only,
        floating_point,
        a_second_variable,
        nameless,
        python_numbers,
        named_by_a_scope,
        one_step_behind,
    ],
    also_right=[counter_as_on_the_slide, counter_by_get_variable, counter_in_tensorflow_2],
    hints=[
        "Two nodes are asked for: a tf1.Variable, and one that changes it when it is run. Nothing "
        "is run here.",
        "tf1.Variable makes the first, from its initial value and its name. The second is what "
        "tf1.assign returns.",
        "tf1.assign takes the variable and a node for its new value. A sum is such a node if the "
        "variable itself stands in it.",
    ],
)


def _layer(x: Any, units: int, **scope: Any) -> Any:
    """Build the layer in a scope with the given arguments; the wrong answers differ in these."""
    with tf1.variable_scope(**{"name_or_scope": "layer", "reuse": tf1.AUTO_REUSE} | scope):
        weights = tf1.get_variable("weights", [x.shape[-1], units])
        biases = tf1.get_variable("biases", [units], initializer=tf1.zeros_initializer())
    return tf.matmul(x, weights) + biases


def _shared_layer(x: Any, units: int) -> Any:
    return _layer(x, units)


def no_reuse(x: Any, units: int) -> Any:
    """Your first call creates the variables and the second wants to create them again.

    By default `get_variable` only creates. The scope's `reuse` says what to do with a name that
    exists already.
    """
    return _layer(x, units, reuse=None)


def only_reuse(x: Any, units: int) -> Any:
    """With `reuse=True` a variable must exist already, and at the first call in a graph none does.

    There is a third value of `reuse`, which creates at the first call and reuses afterwards. A flag
    of your own cannot replace it: it remembers earlier graphs.
    """
    return _layer(x, units, reuse=True)


def new_variables_each_call(x: Any, units: int) -> Any:
    """Every call makes variables of its own, so the calls do not share.

    `tf1.Variable` always makes a new one, and finds another name for it where the name is taken.
    `get_variable` is what looks a name up.
    """
    with tf1.variable_scope("layer"):
        start = tf1.glorot_uniform_initializer()([int(x.shape[1]), units])
        weights = tf1.Variable(start, name="weights")
        biases = tf1.Variable(tf1.zeros([units]), name="biases")
    return tf.matmul(x, weights) + biases


def no_scope(x: Any, units: int) -> Any:
    """Your variables lack the prefix: make them inside `tf1.variable_scope("layer", ...)`."""
    return _layer(x, units, name_or_scope="")


def random_biases(x: Any, units: int) -> Any:
    """Your biases start at random numbers.

    Without an initializer `get_variable` draws; ask for zeros with `tf1.zeros_initializer()`.
    """
    with tf1.variable_scope("layer", reuse=tf1.AUTO_REUSE):
        weights = tf1.get_variable("weights", [x.shape[1], units])
        biases = tf1.get_variable("biases", [units])
    return tf.matmul(x, weights) + biases


def zero_weights(x: Any, units: int) -> Any:
    """Your weights all start from the same number.

    Then all units compute the same and stay alike in training. `get_variable` draws different
    numbers if you give it no initializer.
    """
    with tf1.variable_scope("layer", reuse=tf1.AUTO_REUSE, initializer=tf1.zeros_initializer()):
        weights = tf1.get_variable("weights", [x.shape[1], units])
        biases = tf1.get_variable("biases", [units])
    return tf.matmul(x, weights) + biases


def another_initializer(x: Any, units: int) -> Any:
    """Your weights start from other numbers than those that `get_variable` draws by default.

    Leave their initializer out.
    """
    with tf1.variable_scope("layer", reuse=tf1.AUTO_REUSE):
        normal = tf1.random_normal_initializer(stddev=0.1)
        weights = tf1.get_variable("weights", [x.shape[1], units], initializer=normal)
        biases = tf1.get_variable("biases", [units], initializer=tf1.zeros_initializer())
    return tf.matmul(x, weights) + biases


def shape_and_tensor(x: Any, units: int) -> Any:
    """You give `get_variable` a shape, and a tensor as initializer, which has a shape already.

    An initializer object, `tf1.zeros_initializer()`, is a recipe for any shape and goes with one;
    a tensor such as `tf.zeros([units])` goes without.
    """
    with tf1.variable_scope("layer", reuse=tf1.AUTO_REUSE):
        weights = tf1.get_variable("weights", [x.shape[1], units])
        biases = tf1.get_variable("biases", [units], initializer=tf.zeros([units]))
    return tf.matmul(x, weights) + biases


def not_trainable(x: Any, units: int) -> Any:
    """Your variables are not to be trained, and a layer has to learn: leave `trainable` out."""
    with tf1.variable_scope("layer", reuse=tf1.AUTO_REUSE):
        weights = tf1.get_variable("weights", [x.shape[1], units], trainable=False)
        zeros = tf1.zeros_initializer()
        biases = tf1.get_variable("biases", [units], initializer=zeros, trainable=False)
    return tf.matmul(x, weights) + biases


def samples_for_features(x: Any, units: int) -> Any:
    """`get_variable` was not told a shape that is known while the graph is built.

    The number of samples, `x.shape[0]`, is not known, and the weights do not depend on it: their
    shape is (features, units), from `x.shape[1]`. That of the biases is `[units]`; an initializer
    object such as `tf1.zeros_initializer()` does not say it.
    """
    with tf1.variable_scope("layer", reuse=tf1.AUTO_REUSE):
        return tf.matmul(x, tf1.get_variable("weights", [x.shape[0], units]))


def biases_not_added(x: Any, units: int) -> Any:
    """You build the biases, and the output leaves them out: it is x @ weights + biases."""
    with tf1.variable_scope("layer", reuse=tf1.AUTO_REUSE):
        weights = tf1.get_variable("weights", [x.shape[1], units])
        tf1.get_variable("biases", [units], initializer=tf1.zeros_initializer())
    return tf.matmul(x, weights)


def activated(x: Any, units: int) -> Any:
    """You send the output through an activation; here it is x @ weights + biases as it is."""
    return tf.nn.relu(_layer(x, units))


def biases_of_rank_two(x: Any, units: int) -> Any:
    """Your biases have two axes; they have one, (units,), and broadcasting adds it to each row."""
    with tf1.variable_scope("layer", reuse=tf1.AUTO_REUSE):
        weights = tf1.get_variable("weights", [x.shape[1], units])
        biases = tf1.get_variable("biases", [1, units], initializer=tf1.zeros_initializer())
    return tf.matmul(x, weights) + biases


def no_biases(x: Any, units: int) -> Any:
    """Your layer has weights only; it needs a variable `biases` of shape (units,), too."""
    with tf1.variable_scope("layer", reuse=tf1.AUTO_REUSE):
        weights = tf1.get_variable("weights", [x.shape[1], units])
    return tf.matmul(x, weights)


def units_first(x: Any, units: int) -> Any:
    """Your weights have the shape (units, features), as in PyTorch; here it is (features, units).

    Then `x @ weights` needs no transposing.
    """
    with tf1.variable_scope("layer", reuse=tf1.AUTO_REUSE):
        weights = tf1.get_variable("weights", [units, x.shape[1]])
        biases = tf1.get_variable("biases", [units], initializer=tf1.zeros_initializer())
    return tf.matmul(x, weights, transpose_b=True) + biases


def new_biases_each_call(x: Any, units: int) -> Any:
    """The weights are shared, and every call makes biases of its own.

    `tf1.Variable` always makes a new one; `get_variable` looks its name up.
    """
    with tf1.variable_scope("layer", reuse=tf1.AUTO_REUSE):
        weights = tf1.get_variable("weights", [x.shape[1], units])
        biases = tf1.Variable(tf.zeros([units]), name="biases")
    return tf.matmul(x, weights) + biases


def layer_by_full_names(x: Any, units: int) -> Any:
    """Reach the variables from the outermost scope, by their full names, as resource variables."""
    with tf1.variable_scope("", reuse=tf1.AUTO_REUSE, use_resource=True):
        biases = tf1.get_variable("layer/biases", initializer=np.zeros(units, np.float32))
        weights = tf1.get_variable("layer/weights", shape=(int(x.shape[1]), units))
    return tf1.nn.xw_plus_b(x, weights, biases)


def layer_by_asking(x: Any, units: int) -> Any:
    """Look for the variables, and set `reuse` by what was found."""
    exists = any(variable.name == "layer/weights:0" for variable in tf1.global_variables())
    with tf1.variable_scope("layer", reuse=exists):
        weights = tf1.get_variable("weights", [x.get_shape()[1], units])
        biases = tf1.get_variable("biases", [units], initializer=tf1.constant_initializer(0.0))
    return [tf.add(biases, tf.matmul(x, weights))]


def layer_ready_made(x: Any, units: int) -> Any:
    """Try to create, and if the name is taken reuse."""

    def build() -> Any:
        weights = tf1.get_variable("weights", [x.shape[1], units])
        biases = tf1.get_variable("biases", [units], initializer=tf1.initializers.zeros())
        return x @ weights + biases

    with tf1.variable_scope("layer") as scope:
        try:
            return build()
        except ValueError:
            scope.reuse_variables()
            return build()


def _random_layer(rng: np.random.Generator) -> tuple:
    features, units = rng.integers(2, 6, size=2)
    samples = features + 1  # never square, so that no axis stands for another
    return rng.normal(size=(samples, features)).round(2), int(units), 3


shared_layer = Exercise(
    name="shared_layer",
    lesson="04_variables",
    reference=_shared_layer,
    probe=probes.shared_layer,
    parts=[
        Part(
            "one call",
            points=1,
            cases=[
                (np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]]), 2, 1),
                (np.array([[0.5, -1.0]]), 7, 1),
            ],
        ),
        Part(
            "several calls",
            points=2,
            cases=[(np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]]), 2, 2)],
            random_case=_random_layer,
        ),
    ],
    misconceptions=[
        no_reuse,
        only_reuse,
        new_variables_each_call,
        no_scope,
        random_biases,
        zero_weights,
        another_initializer,
        shape_and_tensor,
        not_trainable,
        samples_for_features,
        biases_not_added,
        no_biases,
        activated,
        biases_of_rank_two,
        units_first,
        new_biases_each_call,
    ],
    also_right=[layer_by_full_names, layer_by_asking, layer_ready_made],
    hints=[
        "Open a tf1.variable_scope named layer, and get both variables inside it. The weights' "
        "first dimension is x.shape[1].",
        "tf1.get_variable takes a name, a shape as a list and, if you give one, an `initializer`: "
        "for the biases that is tf1.zeros_initializer(), for the weights none.",
        "The scope decides what happens at the second call: its `reuse` may be True, False, or "
        "tf1.AUTO_REUSE. Which of them creates and looks up?",
    ],
)


def _scaled_copy(weights_of_shape: Any, factor: float, name: str, dtype: str | None = None) -> Any:
    # The parameters' names are what a verdict prints before a case's shape and dtype.
    weights = weights_of_shape
    return tf1.Variable(weights.initial_value * factor, trainable=False, name=name)


def another_draw(weights: Any, factor: float, name: str) -> Any:
    """Your copy is no multiple of the weights' start.

    It may be another draw, which a session of your own makes as well, or something added to it, or
    the factor alone. The initializer gives the weights the value of the tensor
    `weights.initial_value`; in the same run the copy can start from that tensor, times `factor`.
    """
    draw = tf1.random_uniform(weights.shape, 1.0, 2.0, weights.dtype.base_dtype)
    start = draw * factor
    return tf1.Variable(start, trainable=False, name=name)


def factor_forgotten(weights: Any, factor: float, name: str) -> Any:
    """Your copy is as large as the weights: multiply their initial value by `factor`."""
    return tf1.Variable(weights.initial_value, trainable=False, name=name)


def cast_to_float32(weights: Any, factor: float, name: str) -> Any:
    """You cast to float32, and the weights may have another dtype: leave the cast out.

    A Python number takes the dtype of the tensor beside it.
    """
    start = tf.cast(weights.initial_value, tf.float32) * factor
    return tf1.Variable(start, trainable=False, name=name)


def a_tensor(weights: Any, factor: float, name: str) -> Any:
    """You return a tensor, which is computed again in every run; a variable keeps its value.

    Make the scaled initial value the initial value of a `tf1.Variable`.
    """
    return tf.multiply(weights, factor, name=name)


def a_tensor_of_the_start(weights: Any, factor: float, name: str) -> Any:
    """You return a tensor, which is computed again in every run; a variable keeps its value.

    Make this tensor the initial value of a `tf1.Variable`.
    """
    return tf.multiply(weights.initial_value, factor, name=name)


def assignment_not_run(weights: Any, factor: float, name: str) -> Any:
    """Your copy is still at its zeros: you built an assign node, and nobody runs it.

    Give the value as the variable's initial value, so that the initializer stores it.
    """
    copy = tf1.Variable(tf.zeros(weights.shape), trainable=False, name=name)
    tf1.assign(copy, weights * factor)
    return copy


def trainable_copy(weights: Any, factor: float, name: str) -> Any:
    """The values are right, but an optimizer may change your copy: say `trainable=False`."""
    return tf1.Variable(weights.initial_value * factor, name=name)


def weights_themselves(weights: Any, factor: float, name: str) -> Any:
    """You return the weights themselves: a second name in Python is no second variable."""
    return weights


def weights_changed(weights: Any, factor: float, name: str) -> Any:
    """You assign to the weights themselves; they must stay, and a second variable must start."""
    return tf1.assign(weights, weights * factor)


def unnamed_copy(weights: Any, factor: float, name: str) -> Any:
    """Your copy has not been given its name: pass `name=name` to the variable."""
    return tf1.Variable(weights.initial_value * factor, trainable=False)


def start_from_the_variable(weights: Any, factor: float, name: str) -> Any:
    """Your start reads the weights, which may have no value yet when it is computed.

    The initializers run together, in any order. `weights.initial_value` is the tensor that both
    variables can start from.
    """
    return tf1.Variable(weights * factor, trainable=False, name=name)


def float32_factor(weights: Any, factor: float, name: str) -> Any:
    """Your factor has a dtype of its own, and the weights may have another, such as float64.

    Multiply by the Python number itself, which takes the dtype of the tensor beside it.
    """
    start = tf.constant(factor, tf.float32) * weights.initial_value
    return tf1.Variable(start, trainable=False, name=name)


def constant_factor(weights: Any, factor: float, name: str) -> Any:
    """`tf.constant(factor)` is float32 or int32, and the weights may have another dtype.

    Multiply by the Python number itself, which takes the dtype of the tensor beside it.
    """
    return tf1.Variable(tf.constant(factor) * weights.initial_value, trainable=False, name=name)


def initializer_for_value(weights: Any, factor: float, name: str) -> Any:
    """`weights.initializer` is the node that stores the initial value, and has none itself.

    The value that it stores is the tensor `weights.initial_value`.
    """
    return tf1.Variable(weights.initializer * factor, trainable=False, name=name)


def shape_and_value(weights: Any, factor: float, name: str) -> Any:
    """You give `get_variable` a shape, and a tensor as initializer, which has one: leave it out."""
    start = weights.initial_value * factor
    return tf1.get_variable(name, weights.shape, initializer=start, trainable=False)


def copy_when_initialized(weights: Any, factor: float, name: str) -> Any:
    """Run the weights' initializer first, then read them."""
    with tf.control_dependencies([weights.initializer]):
        start = weights.read_value() * factor
    return tf1.Variable(start, name=name, trainable=False)


def copy_as_on_the_slide(weights: Any, factor: float, name: str) -> Any:
    """Use `initialized_value`, as the slide does."""
    start = tf.multiply(weights.initialized_value(), factor)
    return tf1.Variable(initial_value=start, name=name, trainable=False)


def copy_by_get_variable(weights: Any, factor: float, name: str) -> Any:
    """Use `get_variable`, with a tensor as the initializer, and resource variables."""
    start = weights.initial_value * tf.constant(factor, weights.dtype.base_dtype)
    return tf1.get_variable(name, initializer=start, trainable=False, use_resource=True)


def copy_by_function(weights: Any, factor: float, name: str) -> Any:
    """Give a function that makes the initial value, and return a list."""
    return [tf1.Variable(lambda: weights.initial_value * factor, name=name, trainable=False)]


scaled_copy = Exercise(
    name="scaled_copy",
    lesson="04_variables",
    reference=_scaled_copy,
    probe=probes.scaled_copy,
    parts=[
        Part(
            "a copy",
            points=2,
            cases=[
                ([3], 1.0, "start"),
                ([2, 3], 0.2, "w_fifth"),
                ([2], 0.5, "w_half", "float64"),
                ([2, 1, 3], 3, "w_three", "float16"),
                ([], -2, "w_minus"),
            ],
            random_case=lambda rng: (
                rng.integers(2, 5, size=2).tolist(),
                round(rng.uniform(2.0, 9.0), 1),
                f"copy_{rng.integers(100)}",
            ),
        )
    ],
    misconceptions=[
        another_draw,
        factor_forgotten,
        a_tensor,
        a_tensor_of_the_start,
        assignment_not_run,
        trainable_copy,
        weights_themselves,
        weights_changed,
        unnamed_copy,
        start_from_the_variable,
        float32_factor,
        constant_factor,
        initializer_for_value,
        shape_and_value,
        cast_to_float32,
    ],
    also_right=[
        copy_when_initialized,
        copy_as_on_the_slide,
        copy_by_get_variable,
        copy_by_function,
    ],
    hints=[
        "A new tf1.Variable is asked for. What may its initial value be, so that it does not "
        "matter which of the two variables is initialized first?",
        "weights.initial_value is the tensor that the weights' own initializer stores; in one run "
        "it is computed once, whoever uses it.",
        "The copy's own initial value is that tensor times the factor; two more arguments of "
        "tf1.Variable say that it is not trained, and its name.",
    ],
)
