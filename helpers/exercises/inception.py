"""Exercises of lesson 26: what a branch costs, what arg_scope does, a module of four branches."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from helpers import inception as room
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import inception as probes
from helpers.networks import inception as networks

__all__ = ["branch_counts", "call_arguments", "hint", "inception_block"]

Filters = Sequence[tuple[int, int, int]]

# What a branch costs -----------------------------------------------------------------------------


def biases_forgotten(size: int, channels: int, filters: Filters) -> tuple:
    """You forget the biases: each map that goes out has one."""
    parameters, multiplications = room.branch_counts(size, channels, filters)
    return parameters - sum(outputs for *_, outputs in filters), multiplications


def biases_multiplied(size: int, channels: int, filters: Filters) -> tuple:
    """You count a multiplication for each bias too; a bias is only added."""
    parameters, _ = room.branch_counts(size, channels, filters)
    return parameters, parameters * size**2


def all_see_the_input(size: int, channels: int, filters: Filters) -> tuple:
    """Each of your convolutions sees the maps that come in first.

    They follow one another: the next one sees as many maps as the last one gives.
    """
    alone = [room.branch_counts(size, channels, [each]) for each in filters]
    return sum(each[0] for each in alone), sum(each[1] for each in alone)


def first_alone(size: int, channels: int, filters: Filters) -> tuple:
    """You count the first convolution alone: add up all of them."""
    return room.branch_counts(size, channels, filters[:1])


def one_place(size: int, channels: int, filters: Filters) -> tuple:
    """You count the multiplications at one place; the filters are applied at each pixel."""
    parameters, multiplications = room.branch_counts(size, channels, filters)
    return parameters, multiplications // size**2


def one_line_of_places(size: int, channels: int, filters: Filters) -> tuple:
    """You count `size` places; maps of that height *and* width have its square."""
    parameters, multiplications = room.branch_counts(size, channels, filters)
    return parameters, multiplications // size


def square_filters(size: int, channels: int, filters: Filters) -> tuple:
    """You count the filters as squares; a filter has rows times columns weights for each map."""
    return room.branch_counts(size, channels, [(rows, rows, each) for rows, _, each in filters])


def without_padding(size: int, channels: int, filters: Filters) -> tuple:
    """Your maps shrink from convolution to convolution; with SAME padding they keep their size."""
    parameters = multiplications = 0
    height = width = size
    for rows, columns, outputs in filters:
        height, width = height - rows + 1, width - columns + 1
        weights = rows * columns * channels * outputs
        parameters += weights + outputs
        multiplications += weights * height * width
        channels = outputs
    return parameters, multiplications


def one_map_is_seen(size: int, channels: int, filters: Filters) -> tuple:
    """Your filters see one map; a filter has weights for every map that comes in."""
    weights = sum(rows * columns * outputs for rows, columns, outputs in filters)
    return weights + sum(outputs for *_, outputs in filters), weights * size**2


def other_order(size: int, channels: int, filters: Filters) -> tuple:
    """You return the two numbers in another order: the parameters come first."""
    return room.branch_counts(size, channels, filters)[::-1]


def one_bias_a_layer(size: int, channels: int, filters: Filters) -> tuple:
    """You count one bias for each convolution; each map that goes out has its own."""
    parameters, multiplications = room.branch_counts(size, channels, filters)
    return parameters + sum(1 - outputs for *_, outputs in filters), multiplications


def biases_of_what_comes_in(size: int, channels: int, filters: Filters) -> tuple:
    """You count a bias for each map that comes in; the maps that go out have them."""
    parameters, multiplications = room.branch_counts(size, channels, filters)
    if filters:
        parameters += channels - filters[-1][2]
    return parameters, multiplications


def last_alone(size: int, channels: int, filters: Filters) -> tuple:
    """Your numbers are those of the last convolution: add up all of them with `+=`."""
    if not filters:
        return 0, 0
    seen = filters[-2][2] if len(filters) > 1 else channels
    return room.branch_counts(size, seen, filters[-1:])


def additions_counted(size: int, channels: int, filters: Filters) -> tuple:
    """You count additions, too; the multiplications alone were asked for."""
    parameters, multiplications = room.branch_counts(size, channels, filters)
    return parameters, 2 * multiplications


def maps_kept_beside(size: int, channels: int, filters: Filters) -> tuple:
    """You add what goes out to what comes in; the next convolution sees the new maps alone."""
    parameters = multiplications = 0
    for each in filters:
        more = room.branch_counts(size, channels, [each])
        parameters, multiplications = parameters + more[0], multiplications + more[1]
        channels += each[2]
    return parameters, multiplications


def maps_first(size: int, channels: int, filters: Filters) -> tuple:
    """You take the first integer of a tuple for the number of maps; it is the last one."""
    return room.branch_counts(size, channels, [(r, c, outputs) for outputs, r, c in filters])


def nothing_for_an_empty_list(size: int, channels: int, filters: Filters) -> tuple:
    """Your code takes a first or a last convolution for granted; an empty list gives 0 and 0."""
    filters[0], filters[-1]
    return room.branch_counts(size, channels, filters)


def multiplications_of_one_map(size: int, channels: int, filters: Filters) -> tuple:
    """Your multiplications leave out the maps that come in; your parameters count them."""
    parameters, _ = room.branch_counts(size, channels, filters)
    return parameters, sum(rows * columns * each for rows, columns, each in filters) * size**2


def maps_changed_too_early(size: int, channels: int, filters: Filters) -> tuple:
    """You set the number of maps to what goes out before you have used what comes in."""
    each = [rows * columns * outputs * outputs for rows, columns, outputs in filters]
    return sum(each) + sum(outputs for *_, outputs in filters), sum(each) * size**2


def in_32_bits(size: int, channels: int, filters: Filters) -> tuple:
    """Your numbers have 32 bits, in which none is larger than 2**31 - 1: take 64, or Python's."""
    parameters, multiplications = room.branch_counts(size, channels, filters)
    return parameters, (multiplications + 2**31) % 2**32 - 2**31


def counted_by_itself(size: int, channels: int, filters: Filters) -> list[int]:
    """Count the first, and the rest in the same way."""
    if len(filters) == 0:
        return [0, 0]
    rows, columns, outputs = filters[0]
    rest = counted_by_itself(size, outputs, filters[1:])
    weights = rows * columns * channels * outputs
    return [weights + outputs + rest[0], weights * size * size + rest[1]]


def counted_in_numpy(size: int, channels: int, filters: Filters) -> tuple:
    """Multiply columns of a table."""
    table = np.array(filters, dtype=int).reshape(-1, 3)
    seen = np.concatenate([[channels], table[:, 2]])[: len(table)]
    weights = int((table.prod(axis=1) * seen).sum())
    return weights + int(table[:, 2].sum()), np.int64(weights * size**2)


def _random_branch(rng: np.random.Generator) -> tuple:
    number = int(rng.integers(2, 4))
    filters = [
        (int(rng.integers(1, 4)), int(rng.integers(4, 8)), int(rng.integers(2, 9)))
        for _ in range(number)
    ]
    return int(rng.integers(8, 20)), int(rng.integers(9, 20)), filters


branch_counts = Exercise(
    name="branch_counts",
    lesson="26_inception",
    reference=room.branch_counts,
    parts=[
        Part(
            "one convolution, two, and none",
            points=2,
            cases=[
                (28, 192, [(1, 1, 16), (5, 5, 32)]),
                (28, 192, [(5, 5, 32)]),
                (17, 8, [(1, 7, 4), (7, 1, 6), (3, 3, 2)]),
                (8, 3, []),
                (112, 256, [(3, 3, 256)]),  # more than 2**31 multiplications
            ],
            random_case=_random_branch,
        )
    ],
    misconceptions=[
        biases_forgotten,
        biases_multiplied,
        all_see_the_input,
        first_alone,
        one_place,
        one_line_of_places,
        square_filters,
        without_padding,
        one_map_is_seen,
        other_order,
        one_bias_a_layer,
        biases_of_what_comes_in,
        last_alone,
        additions_counted,
        maps_kept_beside,
        maps_first,
        nothing_for_an_empty_list,
        multiplications_of_one_map,
        maps_changed_too_early,
        in_32_bits,
    ],
    also_right=[counted_by_itself, counted_in_numpy],
    hints=[
        "How many weights has one filter? It has a number for each of its places and each map that "
        "comes in.",
        "Go through the filters in a loop. What comes in at the second one is what goes out of the "
        "first.",
        "Each weight is used once at each of the size * size pixels; a bias costs no "
        "multiplication.",
    ],
)

# What arg_scope does -----------------------------------------------------------------------------


def outer_scope_wins(function: str, given: dict, scopes: Sequence) -> dict:
    """Where two scopes name the same argument, your outer one wins; the inner one is nearer."""
    stored = max((i for i, scope in enumerate(scopes) if isinstance(scope, dict)), default=0)
    return room.call_arguments(function, given, [*scopes[:stored], *scopes[stored:][::-1]])


def scope_wins(function: str, given: dict, scopes: Sequence) -> dict:
    """Your scopes overrule what the call gives: an explicit argument wins."""
    return {**given, **room.call_arguments(function, {}, scopes)}


def none_is_nothing(function: str, given: dict, scopes: Sequence) -> dict:
    """You take None for "not given"; `activation_fn=None` is an explicit argument."""
    said = {name: value for name, value in given.items() if value is not None}
    return {**given, **room.call_arguments(function, said, scopes)}


def for_every_function(function: str, given: dict, scopes: Sequence) -> dict:
    """You give the defaults to functions that the scope does not list."""
    everywhere = [s if isinstance(s, dict) else ([function], s[1]) for s in scopes]
    return room.call_arguments(function, given, everywhere)


def innermost_alone(function: str, given: dict, scopes: Sequence) -> dict:
    """Only your innermost scope holds; the scopes around it hold too, where it says nothing."""
    return room.call_arguments(function, given, scopes[-1:])


def last_that_lists_it(function: str, given: dict, scopes: Sequence) -> dict:
    """A scope that lists the function makes you forget what the outer scopes say about it."""
    defaults: dict = {}
    for scope in scopes:
        if isinstance(scope, dict):
            defaults = scope.get(function, {})
        elif function in scope[0]:
            defaults = scope[1]
    return {**defaults, **given}


def unlisted_starts_again(function: str, given: dict, scopes: Sequence) -> dict:
    """A scope that does not list the function makes you forget the outer scopes."""
    defaults: dict = {}
    for scope in scopes:
        if isinstance(scope, dict):
            defaults = scope.get(function, {})
        else:
            defaults = {**defaults, **scope[1]} if function in scope[0] else {}
    return {**defaults, **given}


def stored_is_added(function: str, given: dict, scopes: Sequence) -> dict:
    """You add a stored scope to those around it; it takes their place."""
    pairs = [([function], s.get(function, {})) if isinstance(s, dict) else s for s in scopes]
    return room.call_arguments(function, given, pairs)


def stored_without_it_is_ignored(function: str, given: dict, scopes: Sequence) -> dict:
    """You keep the outer defaults where a stored scope does not know the function.

    It takes the place of all scopes around it: the function has no defaults then.
    """
    kept = [s for s in scopes if not isinstance(s, dict) or function in s]
    return room.call_arguments(function, given, kept)


def stored_ends_it(function: str, given: dict, scopes: Sequence) -> dict:
    """You stop at the stored scope; scopes that are opened inside of it hold as well."""
    for scope in scopes:
        if isinstance(scope, dict):
            return {**scope.get(function, {}), **given}
    return room.call_arguments(function, given, scopes)


def defaults_alone(function: str, given: dict, scopes: Sequence) -> dict:
    """You return the scopes' defaults alone; what the call gives belongs to it too."""
    return room.call_arguments(function, {}, scopes)


def scopes_are_changed(function: str, given: dict, scopes: Sequence) -> dict:
    """You change the scopes, where the next call finds what you have left of them: copy first."""
    found = room.call_arguments(function, given, scopes)
    for scope in scopes:
        if isinstance(scope, dict):
            scope.setdefault(function, {}).update(found)
        elif function in scope[0]:
            scope[1].update(found)
    return found


def given_is_changed(function: str, given: dict, scopes: Sequence) -> dict:
    """You fill the defaults into `given` itself: begin with a new dict and put both into it."""
    for name, value in room.call_arguments(function, given, scopes).items():
        given.setdefault(name, value)
    return given


def defaults_of_a_scope_are_changed(function: str, given: dict, scopes: Sequence) -> dict:
    """Your defaults are the dict of a scope, and what you add to them is added to it: copy it."""
    defaults: dict = {}
    for scope in scopes:
        if isinstance(scope, dict):
            defaults = scope.get(function, {})
        elif function in scope[0]:
            defaults.update(scope[1])
    return {**defaults, **given}


def names_that_contain_it(function: str, given: dict, scopes: Sequence) -> dict:
    """You look for the function's name within longer names; `conv2d` is not `separable_conv2d`.

    `function in names` compares whole names where `names` is a list.
    """
    pairs = [
        s if isinstance(s, dict) else ([function] * (function in " ".join(s[0])), s[1])
        for s in scopes
    ]
    return room.call_arguments(function, given, pairs)


def known_names_alone(function: str, given: dict, scopes: Sequence) -> dict:
    """You keep the arguments that a scope knows; all that the call gives belongs to it."""
    found = room.call_arguments(function, given, scopes)
    return {name: found[name] for name in room.call_arguments(function, {}, scopes)}


def without_none(function: str, given: dict, scopes: Sequence) -> dict:
    """You leave out arguments that are None; they are explicit, and belong to the result."""
    found = room.call_arguments(function, given, scopes)
    return {name: value for name, value in found.items() if value is not None}


def defaults_of_all_functions(function: str, given: dict, scopes: Sequence) -> dict:
    """You take the defaults of all functions of a stored scope; those of this one hold."""
    mixed = [
        {function: {k: v for d in s.values() for k, v in d.items()}} if isinstance(s, dict) else s
        for s in scopes
    ]
    return room.call_arguments(function, given, mixed)


def stored_is_left_out(function: str, given: dict, scopes: Sequence) -> dict:
    """You leave out the stored scopes; each takes the place of all scopes around it."""
    return room.call_arguments(function, given, [s for s in scopes if not isinstance(s, dict)])


def stored_has_to_know_it(function: str, given: dict, scopes: Sequence) -> dict:
    """You ask a stored scope for the function, which need not be in it: it has no defaults then."""
    defaults: dict = {}
    for scope in scopes:
        if isinstance(scope, dict):
            defaults = dict(scope[function])
        elif function in scope[0]:
            defaults = {**defaults, **scope[1]}
    return {**defaults, **given}


def defaults_without_none(function: str, given: dict, scopes: Sequence) -> dict:
    """You pass over a default that is None: it overrules an outer one, as any value does."""

    def kept(defaults: dict) -> dict:
        return {name: value for name, value in defaults.items() if value is not None}

    known: list = [
        {name: kept(defaults) for name, defaults in scope.items()}
        if isinstance(scope, dict)
        else (scope[0], kept(scope[1]))
        for scope in scopes
    ]
    return room.call_arguments(function, given, known)


def tuples_without_effect(function: str, given: dict, scopes: Sequence) -> dict:
    """Your tuples have no effect: the names are in `scope[0]`, and the type is `tuple`."""
    return room.call_arguments(function, given, [s for s in scopes if isinstance(s, dict)])


def whole_stored_scope(function: str, given: dict, scopes: Sequence) -> dict:
    """You take a stored scope whole, with its names: this function's part are its defaults."""
    known = [{function: scope} if isinstance(scope, dict) else scope for scope in scopes]
    return room.call_arguments(function, given, known)


def from_the_inside(function: str, given: dict, scopes: Sequence) -> dict:
    """Go outwards; set what is not there yet, and stop at a stored scope."""
    found = dict(given)
    for scope in reversed(scopes):
        if isinstance(scope, dict):
            return {**scope.get(function, {}), **found}
        if function in scope[0]:
            found = {**scope[1], **found}
    return found


def by_chain_map(function: str, given: dict, scopes: Sequence) -> Any:
    """Let a chain of dicts look them up."""
    from collections import ChainMap

    chain: ChainMap = ChainMap()
    for scope in scopes:
        if isinstance(scope, dict):
            chain = ChainMap(dict(scope.get(function, {})))
        elif function in scope[0]:
            chain = chain.new_child(dict(scope[1]))
    return dict(chain.new_child(dict(given)))


_NAMES = ["stride", "padding", "scope", "rate"]
_VALUES = [1, 2, "SAME", "VALID", None]


def _random_defaults(rng: np.random.Generator) -> dict:
    chosen = rng.permutation(len(_NAMES))[: rng.integers(1, 4)]
    return {_NAMES[i]: _VALUES[rng.integers(len(_VALUES))] for i in chosen}


def _random_scopes(rng: np.random.Generator) -> tuple:
    scopes: list = []
    for _ in range(int(rng.integers(3, 6))):
        listed = ["conv2d"] * bool(rng.random() < 0.7) + ["max_pool2d"] * bool(rng.random() < 0.5)
        if rng.random() < 0.2:
            scopes.append({name: _random_defaults(rng) for name in listed})
        else:
            scopes.append((listed, _random_defaults(rng)))
    return "conv2d", _random_defaults(rng), scopes


_BOTH = ["conv2d", "max_pool2d"]

call_arguments = Exercise(
    name="call_arguments",
    lesson="26_inception",
    reference=room.call_arguments,
    parts=[
        Part(
            "scopes in scopes",
            points=2,
            cases=[
                (
                    "conv2d",
                    {"num_outputs": 8, "stride": 2},
                    [(_BOTH, {"stride": 1, "padding": "SAME"}), (["conv2d"], {"padding": "VALID"})],
                ),
                (
                    "max_pool2d",
                    {"kernel_size": 3},
                    [(_BOTH, {"stride": 1, "padding": "SAME"}), (["conv2d"], {"padding": "VALID"})],
                ),
                ("flatten", {"scope": "flat"}, [(_BOTH, {"stride": 1})]),
                ("conv2d", {"scope": None}, [(["conv2d"], {"scope": "here", "rate": 2})]),
                ("conv2d", {}, [(_BOTH, {"rate": 2, "stride": 3}), (["conv2d"], {"rate": None})]),
                ("conv2d", {"rate": 2}, []),
                (
                    "conv2d",
                    {"rate": 2},
                    [(["conv2d"], {"stride": 1}), (["separable_conv2d"], {"stride": 3})],
                ),
            ],
        ),
        Part(
            "a scope that is entered again",
            points=2,
            cases=[
                (
                    "conv2d",
                    {"rate": 2},
                    [
                        (["conv2d"], {"stride": 1, "padding": "SAME"}),
                        {"conv2d": {"stride": 4}, "max_pool2d": {"stride": 3}},
                    ],
                ),
                (
                    "conv2d",
                    {},
                    [(["conv2d"], {"stride": 1}), {"max_pool2d": {"stride": 3}}],
                ),
                (
                    "conv2d",
                    {},
                    [
                        (["conv2d"], {"rate": 3}),
                        {"conv2d": {"stride": 4, "padding": "SAME"}},
                        (_BOTH, {"padding": "VALID"}),
                    ],
                ),
                (
                    "conv2d",
                    {},
                    [{"conv2d": {"stride": 4}}, (["conv2d"], {"rate": 2}), {"conv2d": {"rate": 5}}],
                ),
            ],
            random_case=_random_scopes,
        ),
    ],
    misconceptions=[
        outer_scope_wins,
        scope_wins,
        none_is_nothing,
        for_every_function,
        innermost_alone,
        last_that_lists_it,
        unlisted_starts_again,
        stored_is_added,
        stored_without_it_is_ignored,
        stored_ends_it,
        defaults_alone,
        scopes_are_changed,
        given_is_changed,
        defaults_of_a_scope_are_changed,
        names_that_contain_it,
        known_names_alone,
        without_none,
        defaults_of_all_functions,
        stored_is_left_out,
        stored_has_to_know_it,
        defaults_without_none,
        tuples_without_effect,
        whole_stored_scope,
    ],
    also_right=[from_the_inside, by_chain_map],
    hints=[
        "Begin with an empty dict of defaults and go through the scopes, the outermost first.",
        "{**a, **b} is a new dict with what is in a and in b; where both have a name, b wins.",
        "isinstance(scope, dict) tells a stored scope from a pair. It replaces the defaults that "
        "you have so far, also where it does not know the function; get(function, {}) helps.",
    ],
)

# A module of four branches -----------------------------------------------------------------------


def _module(
    net: Any,
    depth: int,
    scope: str,
    bottlenecks: tuple[float, float] = (2, 4),
    join: Callable = lambda maps: _joined(maps, 3),
    variable_scope: Callable | None = None,
    pool: str = "max_pool2d",
    settings: dict | None = None,
    seen: str = "few",
    pooled: str = "before",
) -> Any:
    """Build the module with a fault: other bottlenecks, another way to join, ...."""
    import tensorflow as tf

    from helpers import slim

    inside = variable_scope or tf.compat.v1.variable_scope
    layers = [slim.conv2d, slim.max_pool2d, slim.avg_pool2d]
    with (
        slim.arg_scope(layers, stride=1, padding="SAME"),
        slim.arg_scope([slim.conv2d], **(settings or {})),
        inside(scope),
    ):
        with inside("Branch_0"):
            branches = [slim.conv2d(net, depth, 1, scope="Conv2d_0a_1x1")]
        for number, size in ((1, 3), (2, 5)):
            with inside(f"Branch_{number}"):
                few = int(depth / bottlenecks[number - 1])
                maps = slim.conv2d(net, few, 1, scope="Conv2d_0a_1x1")
                name = f"Conv2d_0b_{size}x{size}"
                maps = net if seen == "net" else maps
                branches.append(slim.conv2d(maps, depth, size, scope=name))
        with inside("Branch_3"):
            maps = (
                getattr(slim, pool)(net, 3, scope="MaxPool_0a_3x3") if pooled == "before" else net
            )
            maps = slim.conv2d(maps, depth, 1, scope="Conv2d_0b_1x1")
            branches.append(maps if pooled == "before" else getattr(slim, pool)(maps, 3))
        return join(branches)


def _joined(maps: list, axis: int) -> Any:
    import tensorflow as tf

    return tf.compat.v1.concat(maps, axis=axis)


def pool_with_its_defaults(net: Any, depth: int, scope: str) -> Any:
    """The maps of your branches differ in size, so they cannot be put together.

    Every convolution and the pooling need stride 1 and SAME; `max_pool2d` has stride 2 and VALID
    unless it is told otherwise.
    """
    import tensorflow as tf

    from helpers import slim

    with tf.compat.v1.variable_scope(scope):
        wide = slim.conv2d(net, depth, 1, scope="Conv2d_0a_1x1")
        return _joined([wide, slim.max_pool2d(net, 3)], 3)


def stride_from_around(net: Any, depth: int, scope: str) -> Any:
    """Your convolutions follow the stride of a scope around the module; theirs is 1 in any case."""
    import tensorflow as tf

    from helpers import slim

    inside = tf.compat.v1.variable_scope
    with slim.arg_scope([slim.max_pool2d], stride=1, padding="SAME"), inside(scope):
        with inside("Branch_0"):
            branches = [slim.conv2d(net, depth, 1, scope="Conv2d_0a_1x1")]
        for number, size in ((1, 3), (2, 5)):
            with inside(f"Branch_{number}"):
                maps = slim.conv2d(net, depth // 2**number, 1, scope="Conv2d_0a_1x1")
                name = f"Conv2d_0b_{size}x{size}"
                # The second one would make the maps smaller again than those of the other branches.
                branches.append(slim.conv2d(maps, depth, size, stride=1, scope=name))
        with inside("Branch_3"):
            maps = slim.max_pool2d(net, 3, scope="MaxPool_0a_3x3")
            branches.append(slim.conv2d(maps, depth, 1, scope="Conv2d_0b_1x1"))
        return _joined(branches, 3)


def added_up(net: Any, depth: int, scope: str) -> Any:
    """You add the branches' maps up; they are put side by side, along the axis of the channels."""
    import tensorflow as tf

    return _module(net, depth, scope, join=tf.compat.v1.add_n)


def one_below_the_other(net: Any, depth: int, scope: str) -> Any:
    """You put the maps together along their rows; the channels are the last axis."""
    return _module(net, depth, scope, join=lambda maps: _joined(maps, 1))


def in_reverse(net: Any, depth: int, scope: str) -> Any:
    """Your branches stand in another order: Branch_0 comes first."""
    return _module(net, depth, scope, join=lambda maps: _joined(maps[::-1], 3))


def last_branch_alone(net: Any, depth: int, scope: str) -> Any:
    """You return the maps of the last branch alone: all four belong together."""
    return _module(net, depth, scope, join=lambda maps: maps[-1])


def alike_bottlenecks(net: Any, depth: int, scope: str) -> Any:
    """Both of your bottlenecks are alike: depth // 2 before the 3×3, depth // 4 before the 5×5."""
    return _module(net, depth, scope, bottlenecks=(2, 2))


def bottlenecks_swapped(net: Any, depth: int, scope: str) -> Any:
    """Your bottlenecks are swapped: the larger filter gets the fewer maps."""
    return _module(net, depth, scope, bottlenecks=(4, 2))


def wide_bottlenecks(net: Any, depth: int, scope: str) -> Any:
    """Your 1×1 convolutions before the larger filters give `depth` maps and save nothing."""
    return _module(net, depth, scope, bottlenecks=(1, 1))


def mean_pooled(net: Any, depth: int, scope: str) -> Any:
    """You take means in the pooling branch, as Mixed_7c does; here the largest number is taken."""
    return _module(net, depth, scope, pool="avg_pool2d")


def relu_in_any_case(net: Any, depth: int, scope: str) -> Any:
    """You set the activation; what a scope around the block says about it is lost."""
    import tensorflow as tf

    return _module(net, depth, scope, settings={"activation_fn": tf.nn.relu})


def without_biases(net: Any, depth: int, scope: str) -> Any:
    """Your convolutions have no biases; the block sets the strides and the padding alone."""
    return _module(net, depth, scope, settings={"biases_initializer": None})


def names_of_operations(net: Any, depth: int, scope: str) -> Any:
    """Two layers want the same name: each branch needs a `variable_scope` of its own.

    A `name_scope` names operations alone, and no variables.
    """
    import tensorflow as tf

    return _module(net, depth, scope, variable_scope=tf.compat.v1.name_scope)


def always_the_same_name(net: Any, depth: int, scope: str) -> Any:
    """Your block does not use its argument `scope`; a second block would find its names taken."""
    return _module(net, depth, "Mixed")


def one_after_the_other(net: Any, depth: int, scope: str) -> Any:
    """Each of your branches goes on from the last one; all four see `net`."""
    import tensorflow as tf

    from helpers import slim

    inside = tf.compat.v1.variable_scope
    with slim.arg_scope([slim.conv2d, slim.max_pool2d], stride=1, padding="SAME"), inside(scope):
        with inside("Branch_0"):
            branches = [slim.conv2d(net, depth, 1, scope="Conv2d_0a_1x1")]
        for number, size in ((1, 3), (2, 5)):
            with inside(f"Branch_{number}"):
                maps = slim.conv2d(branches[-1], depth // 2**number, 1, scope="Conv2d_0a_1x1")
                name = f"Conv2d_0b_{size}x{size}"
                branches.append(slim.conv2d(maps, depth, size, scope=name))
        with inside("Branch_3"):
            maps = slim.max_pool2d(branches[-1], 3, scope="MaxPool_0a_3x3")
            branches.append(slim.conv2d(maps, depth, 1, scope="Conv2d_0b_1x1"))
        return _joined(branches, 3)


def without_bottlenecks(net: Any, depth: int, scope: str) -> Any:
    """Your larger filters see all maps that come in; a 1×1 convolution stands before each."""
    import tensorflow as tf

    from helpers import slim

    inside = tf.compat.v1.variable_scope
    with slim.arg_scope([slim.conv2d, slim.max_pool2d], stride=1, padding="SAME"), inside(scope):
        branches = []
        for number, size in enumerate((1, 3, 5)):
            with inside(f"Branch_{number}"):
                name = f"Conv2d_0{'b' if number else 'a'}_{size}x{size}"
                branches.append(slim.conv2d(net, depth, size, scope=name))
        with inside("Branch_3"):
            maps = slim.max_pool2d(net, 3, scope="MaxPool_0a_3x3")
            branches.append(slim.conv2d(maps, depth, 1, scope="Conv2d_0b_1x1"))
        return _joined(branches, 3)


def large_filters_see_net(net: Any, depth: int, scope: str) -> Any:
    """Your larger filters see `net`; they see the maps that the 1×1 before them gives."""
    return _module(net, depth, scope, seen="net")


def pooled_afterwards(net: Any, depth: int, scope: str) -> Any:
    """You pool after the 1×1 convolution; the pooling comes first and sees `net`."""
    return _module(net, depth, scope, pooled="after")


def bottlenecks_rounded(net: Any, depth: int, scope: str) -> Any:
    """Your bottlenecks are rounded to the nearest; `//` rounds down."""
    return _module(
        net, depth, scope, bottlenecks=(depth / round(depth / 2), depth / round(depth / 4))
    )


def without_activation(net: Any, depth: int, scope: str) -> Any:
    """You leave out the activation: set nothing about it, and the scope around the block does."""
    return _module(net, depth, scope, settings={"activation_fn": None})


def weights_drawn_by_yourself(net: Any, depth: int, scope: str) -> Any:
    """You set the initializer; what a scope around the block says about it is lost."""
    import tensorflow as tf

    drawn = tf.compat.v1.truncated_normal_initializer(stddev=0.1, seed=1)
    return _module(net, depth, scope, settings={"weights_initializer": drawn})


def without_regularizer(net: Any, depth: int, scope: str) -> Any:
    """You set the regularizer; what a scope around the block says about it is lost."""
    return _module(net, depth, scope, settings={"weights_regularizer": None})


def activated_twice(net: Any, depth: int, scope: str) -> Any:
    """You put a ReLU on the whole; the convolutions have an activation, and it may be another."""
    import tensorflow as tf

    return _module(net, depth, scope, join=lambda maps: tf.nn.relu(_joined(maps, 3)))


def names_left_to_slim(net: Any, depth: int, scope: str) -> Any:
    """Your convolutions have names that slim made up: say `scope="Conv2d_0a_1x1"` at each call."""
    import tensorflow as tf

    from helpers import slim

    inside = tf.compat.v1.variable_scope
    with slim.arg_scope([slim.conv2d, slim.max_pool2d], stride=1, padding="SAME"), inside(scope):
        with inside("Branch_0"):
            branches = [slim.conv2d(net, depth, 1)]
        for number, size in ((1, 3), (2, 5)):
            with inside(f"Branch_{number}"):
                branches.append(slim.conv2d(slim.conv2d(net, depth // 2**number, 1), depth, size))
        with inside("Branch_3"):
            branches.append(slim.conv2d(slim.max_pool2d(net, 3), depth, 1))
        return _joined(branches, 3)


def scope_made_unique(net: Any, depth: int, scope: str) -> Any:
    """Your scope gets `_1` behind its name where the name was used before: it is `scope` itself.

    `tf1.variable_scope(None, default_name=scope)` does that.
    """
    import tensorflow as tf

    with tf.compat.v1.variable_scope(None, default_name=scope) as unique:
        return _module(net, depth, unique)


def halves_of_maps(net: Any, depth: int, scope: str) -> Any:
    """Your number of maps is a float: `/` makes one always, `depth // 2` is an integer."""
    from helpers import slim

    return slim.conv2d(net, depth / 2, 1, scope=scope)


def by_a_table(net: Any, depth: int, scope: str) -> Any:
    """Write the branches as data."""
    import tensorflow as tf

    from helpers import slim

    tf1 = tf.compat.v1
    table = [
        [("Conv2d_0a_1x1", depth, 1)],
        [("Conv2d_0a_1x1", depth // 2, 1), ("Conv2d_0b_3x3", depth, 3)],
        [("Conv2d_0a_1x1", depth // 4, 1), ("Conv2d_0b_5x5", depth, 5)],
        [("pool", 0, 3), ("Conv2d_0b_1x1", depth, 1)],
    ]
    joined = []
    for number, steps in enumerate(table):
        with tf1.variable_scope(f"{scope}/Branch_{number}"):
            maps = net
            for name, outputs, size in steps:
                if name == "pool":
                    maps = slim.max_pool2d(maps, size, 1, "SAME")
                else:
                    maps = slim.conv2d(maps, outputs, [size, size], 1, "SAME", scope=name)
            joined.append(maps)
    return tf.concat(joined, -1)


def with_every_setting(net: Any, depth: int, scope: str) -> Any:
    """Say everything at each layer, in no scope at all."""
    import tensorflow as tf

    from helpers import slim

    same = {"stride": 1, "padding": "SAME"}
    wide = slim.conv2d(net, depth, [1, 1], scope=f"{scope}/Branch_0/Conv2d_0a_1x1", **same)
    few = slim.conv2d(net, depth // 2, [1, 1], scope=f"{scope}/Branch_1/Conv2d_0a_1x1", **same)
    middle = slim.conv2d(few, depth, [3, 3], scope=f"{scope}/Branch_1/Conv2d_0b_3x3", **same)
    few = slim.conv2d(net, depth // 4, [1, 1], scope=f"{scope}/Branch_2/Conv2d_0a_1x1", **same)
    large = slim.conv2d(few, depth, [5, 5], scope=f"{scope}/Branch_2/Conv2d_0b_5x5", **same)
    largest = tf.nn.max_pool2d(net, 3, 1, "SAME")
    last = slim.conv2d(largest, depth, [1, 1], scope=f"{scope}/Branch_3/Conv2d_0b_1x1", **same)
    return tf.concat([wide, middle, large, last], axis=3)


def _images(seed: int, size: int, channels: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(2, size, size + 1, channels))


def _inception_block(
    net: Any, depth: int, scope: str, activation_around: str = "relu", stride_around: int = 1
) -> Any:
    # The parameters' names are what a verdict prints before a case's values.
    return networks.block(net, depth, scope)


inception_block = Exercise(
    name="inception_block",
    lesson="26_inception",
    reference=_inception_block,
    probe=probes.built_block,
    parts=[
        Part(
            "four branches, side by side",
            points=4,
            cases=[
                (_images(0, 4, 3), 8, "Mixed_5b", "relu", 1),
                (_images(1, 5, 2), 6, "mine", "tanh", 2),
            ],
        )
    ],
    misconceptions=[
        pool_with_its_defaults,
        stride_from_around,
        added_up,
        one_below_the_other,
        in_reverse,
        last_branch_alone,
        alike_bottlenecks,
        bottlenecks_swapped,
        wide_bottlenecks,
        mean_pooled,
        relu_in_any_case,
        without_biases,
        names_of_operations,
        always_the_same_name,
        one_after_the_other,
        without_bottlenecks,
        large_filters_see_net,
        pooled_afterwards,
        bottlenecks_rounded,
        without_activation,
        weights_drawn_by_yourself,
        without_regularizer,
        activated_twice,
        names_left_to_slim,
        scope_made_unique,
        halves_of_maps,
    ],
    also_right=[by_a_table, with_every_setting],
    hints=[
        "Begin with two lines of `with`: slim.arg_scope for the convolutions and the pooling, and "
        "tf1.variable_scope(scope).",
        "Inside of them each branch is a tf1.variable_scope of its own, with one or two layers. "
        "The first layer of every branch sees net.",
        "tf1.concat takes the list of the four branches' maps and the axis of the channels: images "
        "have the axes batch, rows, columns, channels.",
    ],
    forbidden={
        "helpers.networks.inception.block": "The exercise is to write this module yourself."
    },
)
