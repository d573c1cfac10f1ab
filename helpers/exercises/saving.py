"""Exercises of lesson 05, saving."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import saving as probes

tf1 = tf.compat.v1

__all__ = ["hint", "read_scope", "restore_matching", "saver_names"]


def _saver_names(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    return {
        old_scope + v.op.name.removeprefix(new_scope): v
        for v in variables
        if v.op.name.startswith(new_scope + "/")
    }


def new_names(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    """Your keys are the names in the new program, and the checkpoint does not know them.

    The key is the name under which the value was saved: with the old scope in front.
    """
    return {v.op.name: v for v in variables if v.op.name.startswith(new_scope + "/")}


def old_to_new_names(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, str]:
    """Your dict leads from names to names.

    A Saver has to know where the value goes: the value of each entry is the variable itself.
    """
    return {key: v.op.name for key, v in _saver_names(variables, old_scope, new_scope).items()}


def backwards(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[Any, str]:
    """Your dict is the wrong way round: the name in the checkpoint is the key."""
    return {v.ref(): key for key, v in _saver_names(variables, old_scope, new_scope).items()}


def names_of_tensors(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    """Your keys end in `:0`, which names an output of a node.

    A checkpoint keeps the name of the variable alone: `variable.op.name`.
    """
    return {f"{key}:0": v for key, v in _saver_names(variables, old_scope, new_scope).items()}


def no_scope(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    """You cut the new scope off and put nothing in its place: the old scope belongs there."""
    names = _saver_names(variables, old_scope, new_scope)
    return {key.removeprefix(old_scope + "/"): v for key, v in names.items()}


def no_slash(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    """A longer scope may begin with the same letters: compare with the scope and its slash."""
    return {
        old_scope + v.op.name.removeprefix(new_scope): v
        for v in variables
        if v.op.name.startswith(new_scope)
    }


def all_variables(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    """Your dict holds variables of other scopes too, and the checkpoint has nothing for them."""
    names = {v.op.name: v for v in variables}
    prefix = new_scope + "/"
    return {
        old_scope + name.removeprefix(new_scope) if name.startswith(prefix) else name: v
        for name, v in names.items()
    }


def every_occurrence(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    """You replace the scope wherever its letters occur in a name; it is a prefix, so cut it there.

    `name.removeprefix(new_scope)` cuts at the beginning only.
    """
    return {
        v.op.name.replace(new_scope, old_scope): v
        for v in variables
        if v.op.name.startswith(new_scope + "/")
    }


def first_word_only(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    """You compare with what stands before the first slash, and a scope may itself hold a slash.

    `name.startswith(new_scope + "/")` works for both.
    """
    found = {}
    for variable in variables:
        scope, slash, rest = variable.op.name.partition("/")
        if slash and scope == new_scope:
            found[f"{old_scope}/{rest}"] = variable
    return found


def first_word_compared(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    """You compare with the first word of each name: that takes in a variable named as the scope.

    And it finds no scope that has a slash inside. `name.startswith(new_scope + "/")` is right.
    """
    return {
        old_scope + v.op.name.removeprefix(new_scope): v
        for v in variables
        if v.op.name.split("/")[0] == new_scope
    }


def letters_stripped(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    """`lstrip` and `strip` take off any of these letters, not the word: use `removeprefix`."""
    chosen = [v for v in variables if v.op.name.startswith(new_scope + "/")]
    return {old_scope + v.op.name.lstrip(new_scope): v for v in chosen}


def letters_and_slash_stripped(
    variables: Sequence[Any], old_scope: str, new_scope: str
) -> dict[str, Any]:
    """`lstrip` takes off any of these letters, not the word: use `removeprefix`."""
    prefix = f"{new_scope}/"
    chosen = [v for v in variables if v.op.name.startswith(prefix)]
    return {f"{old_scope}/{v.op.name.lstrip(prefix)}": v for v in chosen}


def last_occurrence(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    """You look for the scope anywhere in a name, and keep what follows its last occurrence.

    A name in the scope begins with it: choose by `startswith`, and cut at the beginning only.
    """
    prefix = f"{new_scope}/"
    chosen = [v for v in variables if prefix in v.op.name]
    return {f"{old_scope}/{v.op.name.split(prefix)[-1]}": v for v in chosen}


def two_slashes(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    """Your keys have two slashes after the scope: one of them is left of the old name."""
    names = _saver_names(variables, old_scope, new_scope)
    return {f"{old_scope}/{key.removeprefix(old_scope)}": v for key, v in names.items()}


def scopes_swapped(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    """You look for the *old* scope in the program; its variables are in the new one."""
    return _saver_names(variables, new_scope, old_scope)


def last_word_only(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    """You keep only the last word of a name; what stands between scope and last word belongs to it.

    `name.removeprefix(new_scope)` cuts off the scope alone.
    """
    names = _saver_names(variables, old_scope, new_scope)
    return {f"{old_scope}/{key.split('/')[-1]}": v for key, v in names.items()}


def no_slash_between(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    """Your keys lack the slash after the old scope."""
    names = _saver_names(variables, old_scope, new_scope)
    return {old_scope + key.removeprefix(old_scope + "/"): v for key, v in names.items()}


def scope_itself_counted(
    variables: Sequence[Any], old_scope: str, new_scope: str
) -> dict[str, Any]:
    """A variable whose whole name is the scope's name is not *in* the scope: ask for the slash."""
    return {
        old_scope + v.op.name.removeprefix(new_scope): v
        for v in variables
        if f"{v.op.name}/".startswith(new_scope + "/")
    }


def first_only(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    """Your dict has one entry only.

    Does `return` stand inside the loop, or is the dict made again at each turn?
    """
    return dict(list(_saver_names(variables, old_scope, new_scope).items())[:1])


def inner_scopes_left_out(
    variables: Sequence[Any], old_scope: str, new_scope: str
) -> dict[str, Any]:
    """You leave out what is in scopes inside the scope: `b/h/v` is in `b`, too."""
    names = _saver_names(variables, old_scope, new_scope)
    return {key: v for key, v in names.items() if "/" not in key.removeprefix(old_scope + "/")}


def first_occurrence(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    """You take a name that has the scope anywhere; it has to begin with it: `startswith`."""
    found = {}
    for variable in variables:
        _, inside, rest = f"/{variable.op.name}".partition(f"/{new_scope}/")
        if inside:
            found[f"{old_scope}/{rest}"] = variable
    return found


def names_by_a_loop(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    """Split each name at its slashes, in a loop."""
    found, scope = {}, new_scope.split("/")
    for variable in variables:
        words = variable.name.removesuffix(":0").split("/")
        if len(words) > len(scope) and words[: len(scope)] == scope:
            found["/".join([old_scope, *words[len(scope) :]])] = variable
    return found


def names_by_slices(variables: Sequence[Any], old_scope: str, new_scope: str) -> dict[str, Any]:
    """Count letters, and replace once."""
    prefix, length = f"{new_scope}/", len(new_scope) + 1
    chosen = filter(lambda v: v.name[:length] == prefix, variables)
    return {v.op.name.replace(prefix, f"{old_scope}/", 1): v for v in chosen}


def _random_names(rng: np.random.Generator) -> tuple:
    old, new = (f"{word}{rng.integers(100)}" for word in ("old", "new"))
    layers = [f"{new}/layer{i}/weights" for i in range(rng.integers(1, 4))]
    return [*layers, f"{new}/{new}/v", f"{new}er/v", f"{old}/v", "step"], old, new


def _random_inner_scope(rng: np.random.Generator) -> tuple:
    names, old, new = _random_names(rng)
    return [f"net/{name}" for name in names], f"{old}/inner", f"net/{new}"


saver_names = Exercise(
    name="saver_names",
    lesson="05_saving",
    reference=_saver_names,
    probe=probes.names_for_saver,
    parts=[
        Part(
            "one scope", points=1, cases=[(["b/v"], "a", "b"), (["new/x", "new/y"], "old", "new")]
        ),
        Part(
            "among other variables",
            points=1,
            cases=[
                (["b/v", "step", "a/w"], "a", "b"),
                (["net/weights", "net2/weights"], "digits", "net"),
                (["net/h/w", "net/net/b"], "digits", "net"),
                (["reader/v", "reader"], "digits", "reader"),
                (["step", "a/v"], "a", "b"),
                (["net/hidden/v", "net/output/v", "hidden/v"], "digits/first", "net/hidden"),
                (["b/v", "c/b/v"], "a", "b"),
            ],
            random_case=lambda rng: (_random_names, _random_inner_scope)[rng.integers(2)](rng),
        ),
    ],
    misconceptions=[
        new_names,
        old_to_new_names,
        backwards,
        names_of_tensors,
        no_scope,
        no_slash,
        all_variables,
        every_occurrence,
        first_word_only,
        first_word_compared,
        letters_stripped,
        two_slashes,
        scopes_swapped,
        last_word_only,
        no_slash_between,
        scope_itself_counted,
        first_only,
        letters_and_slash_stripped,
        last_occurrence,
        inner_scopes_left_out,
        first_occurrence,
    ],
    also_right=[names_by_a_loop, names_by_slices],
    hints=[
        "One entry for each variable whose name begins with the new scope and a slash. What is the "
        "key, and what the value?",
        "The value is the variable. The key is its variable.op.name, with the old scope where the "
        "new one stands.",
        "old_scope + variable.op.name.removeprefix(new_scope) is the key; "
        'variable.op.name.startswith(new_scope + "/") chooses.',
    ],
)


def _matching(path: str) -> list[Any]:
    saved = dict(tf.train.list_variables(path))
    return [v for v in tf1.global_variables() if saved.get(v.op.name) == v.shape.as_list()]


def _names(variables: Sequence[Any]) -> list[str]:
    return sorted(v.op.name for v in variables)


def _restore(session: Any, path: str, variables: Sequence[Any]) -> list[str]:
    session.run(tf1.global_variables_initializer())
    if variables:
        tf1.train.Saver(variables).restore(session, path)
    return _names(variables)


def _restore_matching(saved: Any, starts: Any, values_before: Any = None) -> list[str]:
    # The parameters' names are what a verdict prints before the dicts of a case.
    session, path = saved, starts
    return _restore(session, path, _matching(path))


def everything_restored(session: Any, path: str) -> list[str]:
    """You restore all variables, and the checkpoint does not have them all.

    A Saver without a list wants every variable of the graph: give it those that match.
    """
    return _restore(session, path, tf1.global_variables())


def shapes_ignored(session: Any, path: str) -> list[str]:
    """You compare names only, and a saved value of another shape does not fit.

    `tf.train.list_variables` tells the saved shape as well; `variable.shape` is the other one.
    """
    saved = dict(tf.train.list_variables(path))
    return _restore(session, path, [v for v in tf1.global_variables() if v.op.name in saved])


def nothing_matches(session: Any, path: str) -> list[str]:
    """Nothing is restored: you find no variable of the graph in the checkpoint.

    `path` is the checkpoint itself, no folder. Shapes: a list never equals a tuple, `[2] == (2,)`
    is False; compare with `variable.shape` or `variable.shape.as_list()`. Names: the checkpoint
    has `variable.op.name`, without `:0`.
    """
    saved = dict(tf.train.list_variables(path))
    variables = tf1.global_variables()
    return _restore(session, path, [v for v in variables if saved.get(v.op.name) == tuple(v.shape)])


def tried_one_by_one(session: Any, path: str) -> list[str]:
    """You let a Saver try, and in an ordinary graph it takes a value of another shape, too.

    No error tells you. Compare the shapes before you restore.
    """
    session.run(tf1.global_variables_initializer())
    found = []
    for variable in tf1.global_variables():
        try:
            tf1.train.Saver([variable]).restore(session, path)
            found.append(variable.op.name)
        except (tf.errors.OpError, ValueError):
            continue
    return sorted(found)


def other_shape_without_value(session: Any, path: str) -> list[str]:
    """You initialize what the checkpoint does not name; a saved value of another shape is no value.

    Initialize every variable that you do not restore.
    """
    matching, saved = _matching(path), dict(tf.train.list_variables(path))
    others = [v for v in tf1.global_variables() if v.op.name not in saved]
    session.run(tf1.variables_initializer(others))
    if matching:
        tf1.train.Saver(matching).restore(session, path)
    return _names(matching)


def session_of_its_own(session: Any, path: str) -> list[str]:
    """You give values to the variables in a session of your own; each session has values apart.

    Use the session that your function is given.
    """
    with tf1.Session() as another:
        return _restore(another, path, _matching(path))


def names_in_the_file(session: Any, path: str) -> list[str]:
    """The values are right, but you name what the checkpoint holds; return what was restored."""
    _restore(session, path, _matching(path))
    return sorted(dict(tf.train.list_variables(path)))


def variables_returned(session: Any, path: str) -> list[Any]:
    """You return variables; asked for are their names, `variable.op.name`."""
    _restore(session, path, _matching(path))
    return sorted(_matching(path), key=lambda v: v.op.name)


def trainable_only(session: Any, path: str) -> list[str]:
    """You look at the trainable variables only; a counter of integers is a variable as well."""
    trained = {v.op.name for v in tf1.trainable_variables()}
    return _restore(session, path, [v for v in _matching(path) if v.op.name in trained])


def scalars_left_out(session: Any, path: str) -> list[str]:
    """A scalar is not restored: its shape is `[]`, which counts as False in an `if`.

    Ask `name in saved`, or compare with the other shape.
    """
    saved = dict(tf.train.list_variables(path))
    return _restore(session, path, [v for v in _matching(path) if saved.get(v.op.name)])


def sizes_compared(session: Any, path: str) -> list[str]:
    """You compare how many numbers there are: a shape of (2, 3) does not fit one of (3, 2)."""
    saved = dict(tf.train.list_variables(path))
    variables = [v for v in tf1.global_variables() if v.op.name in saved]
    same = [v for v in variables if np.prod(saved[v.op.name]) == v.shape.num_elements()]
    return _restore(session, path, same)


def empty_list(session: Any, path: str) -> list[str]:
    """A Saver with nothing to restore is an error: make none where no variable matches."""
    session.run(tf1.global_variables_initializer())
    matching = _matching(path)
    tf1.train.Saver(matching).restore(session, path)
    return _names(matching)


def initialized_afterwards(session: Any, path: str) -> list[str]:
    """All variables end at their initial values, and those that match should not.

    If you do restore them, look at what runs afterwards: an initializer writes over everything.
    """
    names = _restore(session, path, _matching(path))
    session.run(tf1.global_variables_initializer())
    return names


def rest_without_values(session: Any, path: str) -> list[str]:
    """What was not in the checkpoint has no value at all: initialize it."""
    matching = _matching(path)
    if matching:
        tf1.train.Saver(matching).restore(session, path)
    return _names(matching)


def all_names(session: Any, path: str) -> list[str]:
    """The values are right, but you name all variables; return those that were restored."""
    _restore(session, path, _matching(path))
    return _names(tf1.global_variables())


def names_of_the_rest(session: Any, path: str) -> list[str]:
    """The values are right, but you name what you initialized; return what was restored."""
    restored = _restore(session, path, _matching(path))
    return [name for name in _names(tf1.global_variables()) if name not in restored]


def with_output_number(session: Any, path: str) -> list[str]:
    """The values are right, but your names end in `:0`: return `variable.op.name`."""
    return [f"{name}:0" for name in _restore(session, path, _matching(path))]


def names_unsorted(session: Any, path: str) -> list[str]:
    """The values are right, but your list is not sorted."""
    _restore(session, path, _matching(path))
    return [v.op.name for v in _matching(path)]


def stops_at_the_first(session: Any, path: str) -> list[str]:
    """You stop at the first variable that does not match, and those after it are not looked at.

    `break` and `return` end the loop; `continue`, or an `if`, goes on with the next variable.
    """
    saved, matching = dict(tf.train.list_variables(path)), []
    for variable in tf1.global_variables():
        if saved.get(variable.op.name) != variable.shape:
            break
        matching.append(variable)
    return _restore(session, path, matching)


def value_before_kept(session: Any, path: str) -> list[str]:
    """You initialize only what has no value yet; what is not restored starts anew in any case."""
    matching, variables = _matching(path), tf1.global_variables()
    if matching:
        tf1.train.Saver(matching).restore(session, path)
    empty = session.run(tf1.report_uninitialized_variables(variables))
    session.run([v.initializer for v in variables if v.op.name.encode() in empty])
    return _names(matching)


def rest_initialized_afterwards(session: Any, path: str) -> list[str]:
    """Restore first, then initialize the others, and give the Saver a dict."""
    reader = tf.train.load_checkpoint(path)
    shapes = reader.get_variable_to_shape_map()
    matching, others = {}, []
    for variable in tf1.global_variables():
        name = variable.op.name
        if reader.has_tensor(name) and list(variable.shape) == shapes[name]:
            matching[name] = variable
        else:
            others.append(variable)
    if matching:
        tf1.train.Saver(matching).restore(session, path)
    session.run(tf1.variables_initializer(others))
    return sorted(matching)


def values_fed(session: Any, path: str) -> list[str]:
    """Use no Saver: feed the saved values to the initializers."""
    reader = tf.train.load_checkpoint(path)
    feeds, names = {}, []
    for variable in tf1.global_variables():
        name = variable.op.name
        if reader.has_tensor(name) and reader.get_tensor(name).shape == tuple(variable.shape):
            feeds[variable.initial_value] = reader.get_tensor(name)
            names.append(name)
    session.run(tf1.global_variables_initializer(), feeds)
    return sorted(names)


def _random_restore(rng: np.random.Generator) -> tuple:
    def value(*shape: int) -> Any:
        return rng.normal(size=shape).round(2)

    saved = {"b/v": value(3), "a/v": value(2, 2), "c/v": value(2), "gone": value(1)}
    starts = {"b/v": value(3), "a/v": value(2, 2), "c/v": value(4), "here": value(1)}
    saved |= {"step": 7, "rate": value()}
    starts |= {"step": 0, "rate": value()}
    return saved, starts


restore_matching = Exercise(
    name="restore_matching",
    lesson="05_saving",
    reference=_restore_matching,
    probe=probes.restored,
    parts=[
        Part(
            "names",
            points=1,
            cases=[
                ({"v": [1.0]}, {"v": [0.0]}),
                ({"b": [1.0], "a": [2.0]}, {"b": [0.0], "a": [0.0], "c": [9.0]}),
                ({"step": 7, "v": 1.0}, {"step": 0, "v": 0.0}),
            ],
        ),
        Part(
            "names and shapes",
            points=1,
            cases=[
                ({"a": [1.0], "b": [2.0, 3.0]}, {"b": [5.0], "a": [4.0]}),
                ({"a": [1.0]}, {"b": [2.0], "c": 3.0}),
                (
                    {"a": [1.0], "b": [2.0, 3.0], "c": [4.0]},
                    {"a": [0.0], "b": [5.0], "c": [0.0]},
                    {"b": [9.0], "c": [9.0]},
                ),
                (
                    {"a": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "b": 1.0},
                    {"a": [[0.0, 0.0], [0.0, 0.0], [0.0, 0.0]], "b": [0.0]},
                ),
            ],
            random_case=_random_restore,
        ),
    ],
    misconceptions=[
        everything_restored,
        shapes_ignored,
        nothing_matches,
        tried_one_by_one,
        other_shape_without_value,
        session_of_its_own,
        names_in_the_file,
        variables_returned,
        trainable_only,
        scalars_left_out,
        sizes_compared,
        empty_list,
        initialized_afterwards,
        rest_without_values,
        all_names,
        with_output_number,
        names_unsorted,
        names_of_the_rest,
        stops_at_the_first,
        value_before_kept,
    ],
    also_right=[rest_initialized_afterwards, values_fed],
    hints=[
        "First make the list of the variables that match: dict(tf.train.list_variables(path)) "
        "gives the shape saved under each name, tf1.global_variables() the variables.",
        "saved.get(variable.op.name) == variable.shape says whether a variable matches, also where "
        "its name is missing.",
        "Run tf1.global_variables_initializer() first; then, if the list is not empty, "
        "tf1.train.Saver(matching).restore(session, path) writes over it.",
    ],
)


def _read_scope(checkpoint: str, scope: str) -> dict[str, Any]:
    # The first parameter's name is what a verdict prints before the values of a case.
    prefix = scope + "/"
    reader = tf.train.load_checkpoint(checkpoint)
    return {
        name.removeprefix(prefix): reader.get_tensor(name)
        for name in reader.get_variable_to_shape_map()
        if name.startswith(prefix)
    }


def whole_names(path: str, scope: str) -> dict[str, Any]:
    """Your names still have the scope in front: cut it off, with its slash."""
    return {f"{scope}/{name}": value for name, value in _read_scope(path, scope).items()}


def slash_left(path: str, scope: str) -> dict[str, Any]:
    """Your names begin with a slash: the prefix to cut off is the scope and its slash."""
    return {f"/{name}": value for name, value in _read_scope(path, scope).items()}


def whole_checkpoint(path: str, scope: str) -> dict[str, Any]:
    """You return everything in the checkpoint; only names inside the scope were asked for."""
    reader = tf.train.load_checkpoint(path)
    names = reader.get_variable_to_shape_map()
    return {name.removeprefix(scope + "/"): reader.get_tensor(name) for name in names}


def letters_only(path: str, scope: str) -> dict[str, Any]:
    """A longer scope may begin with the same letters: ask for the scope and its slash."""
    reader = tf.train.load_checkpoint(path)
    return {
        name[len(scope) + 1 :]: reader.get_tensor(name)
        for name in reader.get_variable_to_shape_map()
        if name.startswith(scope)
    }


def cut_everywhere(path: str, scope: str) -> dict[str, Any]:
    """You cut the scope out wherever it occurs; a name inside may be the same word.

    `name.removeprefix(...)` cuts at the beginning only.
    """
    reader = tf.train.load_checkpoint(path)
    return {
        name.replace(scope + "/", ""): reader.get_tensor(name)
        for name in reader.get_variable_to_shape_map()
        if name.startswith(scope + "/")
    }


def last_word(path: str, scope: str) -> dict[str, Any]:
    """You keep only the last word, which mixes up inner scopes: cut off the scope alone."""
    values = sorted(_read_scope(path, scope).items())  # as `tf.train.list_variables` gives them
    return {name.split("/")[-1]: value for name, value in values}


def before_the_first_slash(path: str, scope: str) -> dict[str, Any]:
    """You compare with what stands before the first slash, and a scope may hold a slash itself.

    `name.startswith(scope + "/")` works for both.
    """
    return _read_scope(path, scope) if "/" not in scope else {}


def found_anywhere(path: str, scope: str) -> dict[str, Any]:
    """You take a name that has the scope anywhere; it has to begin with it: `startswith`."""
    reader = tf.train.load_checkpoint(path)
    return {
        name.removeprefix(scope + "/"): reader.get_tensor(name)
        for name in reader.get_variable_to_shape_map()
        if scope + "/" in name
    }


def stripped(path: str, scope: str) -> dict[str, Any]:
    """`lstrip` and `strip` take off any of these letters, not the word: use `removeprefix`."""
    prefix = scope + "/"
    return {
        (prefix + name).lstrip(prefix): value for name, value in _read_scope(path, scope).items()
    }


def one_value(path: str, scope: str) -> dict[str, Any]:
    """Your dict has one entry only.

    Does `return` stand inside the loop, or is the dict made again at each turn?
    """
    return dict(sorted(_read_scope(path, scope).items())[:1])


def all_float32(path: str, scope: str) -> dict[str, Any]:
    """You turn every value into float32; a counter in the file holds integers: leave them so."""
    return {name: np.float32(value) for name, value in _read_scope(path, scope).items()}


def graph_rebuilt(path: str, scope: str) -> dict[str, Any]:
    """The values are right, but you build a graph for them: the reader gives them without one."""
    with tf.Graph().as_default():
        return _read_scope(path, scope)


def flat_values(path: str, scope: str) -> dict[str, Any]:
    """Your values have lost their shape: leave each as `get_tensor` gives it."""
    return {name: np.ravel(value) for name, value in _read_scope(path, scope).items()}


def direct_members_only(path: str, scope: str) -> dict[str, Any]:
    """You leave out what is in scopes inside the scope: `a/b/v` is in `a` too, as `b/v`."""
    return {name: value for name, value in _read_scope(path, scope).items() if "/" not in name}


def shapes(path: str, scope: str) -> dict[str, Any]:
    """Your dict holds shapes: `get_tensor` of the reader gives the values."""
    return {name: np.shape(value) for name, value in _read_scope(path, scope).items()}


def asked_without_scope(path: str, scope: str) -> dict[str, Any]:
    """You ask the checkpoint for the shortened name; it knows the whole one, with the scope.

    Only the key of your dict is without it.
    """
    reader = tf.train.load_checkpoint(path)
    return {name: reader.get_tensor(name) for name in _read_scope(path, scope)}


def lists_of_numbers(path: str, scope: str) -> dict[str, Any]:
    """Your values are lists or Python numbers, which have no dtype: leave the arrays as they are.

    `get_tensor` gives each value as an array, with the dtype that it has in the file.
    """
    return {name: value.tolist() for name, value in _read_scope(path, scope).items()}


def list_of_pairs(path: str, scope: str) -> list[Any]:
    """You return a list of pairs; make it a dict, so that a value is found by its name."""
    return list(_read_scope(path, scope).items())


def no_scalars(path: str, scope: str) -> dict[str, Any]:
    """A scalar is left out: its shape is `[]`, which counts as False in an `if`."""
    return {name: value for name, value in _read_scope(path, scope).items() if np.ndim(value)}


def after_the_first_slash(path: str, scope: str) -> dict[str, Any]:
    """You cut a name at its first slash, and a scope may hold a slash itself.

    Cut off the scope and its slash: `name.removeprefix(scope + "/")`.
    """
    names = _read_scope(path, scope).items()
    return {f"{scope}/{name}".split("/", 1)[1]: value for name, value in names}


def read_by_load_variable(path: str, scope: str) -> dict[str, Any]:
    """Open the checkpoint again for each name, in a loop."""
    found = {}
    for name, _ in tf.train.list_variables(path):
        before, inside, rest = name.partition(f"{scope}/")
        if inside and not before:
            found[rest] = tf.train.load_variable(path, name)
    return found


def read_by_operation(path: str, scope: str) -> dict[str, Any]:
    """Run the operation that a Saver puts into its graph, and return tensors."""
    names = [n for n, _ in tf.train.list_variables(str(Path(path))) if n.startswith(f"{scope}/")]
    if not names:
        return {}
    dtypes = tf.train.load_checkpoint(path).get_variable_to_dtype_map()
    tensors = tf.raw_ops.RestoreV2(
        prefix=path,
        tensor_names=names,
        shape_and_slices=[""] * len(names),
        dtypes=[dtypes[name] for name in names],
    )
    return {n[len(scope) + 1 :]: tensor for n, tensor in zip(names, tensors, strict=True)}


def _random_scope(rng: np.random.Generator) -> tuple:
    scope = ("", "whole/")[rng.integers(2)] + f"net{rng.integers(10)}"
    names = [f"{scope}/{scope}/v", f"{scope}/b", f"{scope}/a/v", f"{scope}0/v", "v"]
    return {name: rng.normal(size=rng.integers(1, 4, size=2)) for name in names}, scope


read_scope = Exercise(
    name="read_scope",
    lesson="05_saving",
    reference=_read_scope,
    probe=probes.values_in_scope,
    parts=[
        Part(
            "a scope",
            points=2,
            cases=[
                ({"a/v": [1.0], "a/w": [[2.0, 3.0]], "b/v": [4.0]}, "a"),
                ({"net/hidden/v": [1.0], "net/top/v": [2.0], "network/v": [3.0]}, "net"),
                ({"a/v": [1.0]}, "b"),
                ({"a/step": 7, "a/v": 0.5, "a": [1.0]}, "a"),
                ({"net/hidden/v": [1.0], "net/output/v": [2.0], "hidden/v": [3.0]}, "net/hidden"),
                ({"a/v": [1.0], "b/a/v": [2.0]}, "a"),
                ({"b/a/v": [1.0]}, "a"),
            ],
            random_case=_random_scope,
        )
    ],
    misconceptions=[
        whole_names,
        slash_left,
        whole_checkpoint,
        letters_only,
        cut_everywhere,
        before_the_first_slash,
        found_anywhere,
        stripped,
        one_value,
        direct_members_only,
        last_word,
        all_float32,
        flat_values,
        graph_rebuilt,
        shapes,
        list_of_pairs,
        asked_without_scope,
        lists_of_numbers,
        no_scalars,
        after_the_first_slash,
    ],
    also_right=[read_by_load_variable, read_by_operation],
    hints=[
        "tf.train.load_checkpoint(path) gives a reader, and tf.train.list_variables(path) the "
        "names. Which of them are inside the scope?",
        'Those that begin with prefix = scope + "/". The reader\'s get_tensor(name) wants the '
        "whole name, your dict the rest of it.",
        "{name.removeprefix(prefix): reader.get_tensor(name) for name, shape in "
        "tf.train.list_variables(path) if ...}",
    ],
)
