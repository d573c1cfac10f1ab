"""Exercises of lesson 01, the first program."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers import graphs
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import first_program as probes

tf1 = tf.compat.v1

__all__ = ["hint", "matrix_product", "run_chain"]


def _matrix_product(a: NDArray, b: NDArray) -> NDArray:
    return np.array([[np.sum(row * column) for column in b.T] for row in a])


def elementwise(a: NDArray, b: NDArray) -> Any:
    """`a * b` multiplies numbers that stand in the same place.

    In a matrix product a row of `a` meets a *column* of `b`, and the products are added.
    """
    return a * b


def rows_with_rows(a: NDArray, b: NDArray) -> NDArray:
    """You pair rows of `a` with rows of `b`: `b[j]` is a row, its column is `b[:, j]`."""
    return np.array([[np.sum(row * other) for other in b] for row in a])


def row_of_that_number(a: NDArray, b: NDArray) -> NDArray:
    """You take row `j` of `b`, which is `b[j]`, where its column `j` is needed."""
    return np.array([[np.sum(row * b[j]) for j in range(b.shape[1])] for row in a])


def transposed(a: NDArray, b: NDArray) -> NDArray:
    """Your result lies on its side: the row of `a` gives the row of the result."""
    return _matrix_product(a, b).T


def second_first(a: NDArray, b: NDArray) -> NDArray:
    """You compute `b` times `a`: take the rows from `a` and the columns from `b`.

    For matrices, unlike numbers, the order matters.
    """
    return _matrix_product(b, a)


def wrong_axis(a: NDArray, b: NDArray) -> NDArray:
    """You add along the wrong axis: the axis that must disappear is the one that both share.

    It is the second axis of `a` and the first of `b`.
    """
    return np.sum(a[:, :, np.newaxis] * b, axis=0)


def not_added(a: NDArray, b: NDArray) -> NDArray:
    """You have all the products, and have not added them up: each entry is a sum."""
    return a[:, :, np.newaxis] * b


def flat(a: NDArray, b: NDArray) -> NDArray:
    """Your numbers are right, but stand in one long row.

    The result has a row for each row of `a` and a column for each column of `b`.
    """
    return _matrix_product(a, b).ravel()


def one_total(a: NDArray, b: NDArray) -> float:
    """You add everything into one number; each pair of a row and a column has its own sum."""
    return float(_matrix_product(a, b).sum())


def first_row_only(a: NDArray, b: NDArray) -> NDArray:
    """Only the first row is there.

    `return` ends the function, loop and all: it belongs after the loop, as far left as `for`. And
    does each turn of the loop take another row of `a`?
    """
    return _matrix_product(a[:1], b)


def as_many_columns_as_rows(a: NDArray, b: NDArray) -> NDArray:
    """Your result is square: it has a row for each row of `a`, and a column for each row of `a`.

    The columns are those of `b`, and there are `b.shape[1]` of them.
    """
    return np.array([[np.sum(row * b[:, j]) for j in range(len(a))] for row in a])


def averaged(a: NDArray, b: NDArray) -> NDArray:
    """You take the mean of the products; the entry is their sum."""
    return _matrix_product(a, b) / len(b)


def last_product_only(a: NDArray, b: NDArray) -> NDArray:
    """Each entry holds the last product only: `=` replaces what was there, `+=` adds to it."""
    return a[:, -1:] * b[-1]


def never_reset(a: NDArray, b: NDArray) -> NDArray:
    """Your sum goes on from entry to entry: set it back to 0 for each row and column."""
    product = _matrix_product(a, b)
    return product.cumsum().reshape(product.shape)


def one_row_many_times(a: NDArray, b: NDArray) -> list[Any]:
    """All your rows are equal, because they are the same list: `[row] * n` copies no list.

    Make a new list for each row, or fill an array from `np.zeros((rows, columns))`.
    """
    return [_matrix_product(a, b)[-1]] * len(a)


def last_product_missing(a: NDArray, b: NDArray) -> NDArray:
    """Your sums end one product too early: the last number of each row and column is left out.

    `range(n)` ends at n - 1 by itself.
    """
    return _matrix_product(a[:, :-1], b[:-1])


def first_product_missing(a: NDArray, b: NDArray) -> NDArray:
    """Your sums begin one product too late: the first number of each row and column is left out.

    Indices count from 0.
    """
    return _matrix_product(a[:, 1:], b[1:])


def reset_once_a_row(a: NDArray, b: NDArray) -> NDArray:
    """Your sum goes on along a row: set it back to 0 for each column, in the inner loop."""
    return _matrix_product(a, b).cumsum(axis=1)


def shape_of_a(a: NDArray, b: NDArray) -> NDArray:
    """Your result is made with the shape of `a`, and that fits only if `b` is square.

    It has a row for each row of `a` and a column for each column of `b`.
    """
    product = np.zeros_like(a)
    for i, row in enumerate(a):
        for j, column in enumerate(b.T):
            product[i, j] = np.sum(row * column)
    return product


def product_in_loops(a: NDArray, b: NDArray) -> list[list[float]]:
    """Use three loops and plain lists."""
    product = []
    for i in range(len(a)):
        row = []
        for j in range(len(b[0])):
            total = 0.0
            for k in range(len(b)):
                total += a[i][k] * b[k][j]
            row.append(total)
        product.append(row)
    return product


def product_by_broadcasting(a: NDArray, b: NDArray) -> Any:
    """Give the arrays a third axis, and add it up in TensorFlow."""
    return tf.reduce_sum(tf.expand_dims(a, 2) * tf.expand_dims(b, 0), axis=1)


def product_of_columns(a: NDArray, b: NDArray) -> NDArray:
    """Add up one table for each pair of a column and a row."""
    product = np.zeros((a.shape[0], b.shape[1]), dtype=np.float32)
    for column, row in zip(a.T, b, strict=True):
        product += np.multiply.outer(column, row)
    return product


def _random_pair(rng: np.random.Generator) -> tuple:
    shared = int(rng.integers(2, 5))  # with 1, a sum that lacks a product would be empty
    others = [n for n in (1, 2, 3, 4) if n != shared]
    rows, columns = (int(n) for n in rng.permutation(others)[:2])
    return (
        rng.integers(-9, 10, size=(rows, shared)).astype(float),
        rng.integers(-9, 10, size=(shared, columns)).astype(float),
    )


matrix_product = Exercise(
    name="matrix_product",
    lesson="01_first_program",
    reference=_matrix_product,
    probe=probes.product_by_hand,
    parts=[
        Part(
            "the product",
            points=2,
            cases=[
                (np.array([[3.0, 3.0]]), np.array([[2.0], [2.0]])),
                (np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0], [7.0, 8.0]])),
                (
                    np.array([[2.0, 0.0, 1.0], [1.0, 3.0, 2.0]]),
                    np.array([[3.0, 4.0], [2.0, 1.5], [5.0, 6.0]]),
                ),
                (
                    np.array([[0.5, -2.0]], np.float32),
                    np.array([[4.0, 0.25, 0.0], [-1.0, 3.0, 8.0]], np.float32),
                ),
            ],
            random_case=_random_pair,
        )
    ],
    misconceptions=[
        elementwise,
        rows_with_rows,
        row_of_that_number,
        transposed,
        second_first,
        wrong_axis,
        not_added,
        flat,
        one_total,
        averaged,
        first_row_only,
        as_many_columns_as_rows,
        last_product_only,
        never_reset,
        one_row_many_times,
        last_product_missing,
        first_product_missing,
        reset_once_a_row,
        shape_of_a,
    ],
    also_right=[product_in_loops, product_by_broadcasting, product_of_columns],
    forbidden={
        name: "This function is the whole product, ready-made. Build it from `*` and a sum: then "
        "you know what it does."
        for name in ["@", *sorted(probes.READY_MADE)]
    },
    hints=[
        "How many rows and columns has the result? Begin with that many zeros, "
        "np.zeros((rows, columns)), or with an empty list to which you append rows.",
        "Two loops visit each place of the result. `a[i]` is row i of `a`, and `b[:, j]` is column "
        "j of `b`; they are equally long.",
        "The entry in row i and column j is the sum of a[i] * b[:, j]: store it there in the inner "
        "loop, and return the array after both loops.",
    ],
)


def _run_chain(matrices: Sequence[NDArray]) -> Any:
    with tf.Graph().as_default():
        product = matrices[0]
        for matrix in matrices[1:]:
            product = tf.matmul(product, matrix)
        with tf1.Session() as session:
            return session.run(product)


def from_the_right_end(matrices: Sequence[NDArray]) -> Any:
    """You multiply in the opposite order, and the order matters for matrices.

    In `tf.matmul(product, matrix)` the new matrix stands on the right.
    """
    return _run_chain(list(matrices)[::-1])


def first_two_only(matrices: Sequence[NDArray]) -> Any:
    """You multiply two matrices and leave out the rest: a loop takes in each of the others."""
    return _run_chain(matrices[:2])


def a_run_for_each(matrices: Sequence[NDArray]) -> Any:
    """Your result is right, but you call `session.run` again and again.

    Build the whole chain first. `tf.matmul` accepts a tensor that has no value yet, and one run at
    the end computes all of it.
    """
    with tf.Graph().as_default(), tf1.Session() as session:
        product = matrices[0]
        for matrix in matrices[1:]:
            product = session.run(tf.matmul(product, matrix))
        return product


def not_run(matrices: Sequence[NDArray]) -> Any:
    """You return the last tensor of the graph, which has no value: pass it to `session.run`."""
    with tf.Graph().as_default():
        product = matrices[0]
        for matrix in matrices[1:]:
            product = tf.matmul(product, matrix)
        return product


def no_graph_of_its_own(matrices: Sequence[NDArray]) -> Any:
    """Your function builds in the graph of whoever calls it, and leaves its nodes there.

    Begin with `with tf.Graph().as_default():` and indent the rest.
    """
    product = matrices[0]
    for matrix in matrices[1:]:
        product = tf.matmul(product, matrix)
    with tf1.Session() as session:
        return session.run(product)


def as_today(matrices: Sequence[NDArray]) -> Any:
    """This is today's program: no graph of its own, no session.

    Here the slide's way is asked for: a new graph, then a session that runs it.
    """
    product = matrices[0]
    for matrix in matrices[1:]:
        product = tf.matmul(product, matrix)
    return product


def numpy_of_a_node(matrices: Sequence[NDArray]) -> Any:
    """`.numpy()` is today's way to a value; a tensor of a graph has none until a session runs it.

    Open a new graph, build in it, and pass the last tensor to `session.run`.
    """
    return as_today(matrices).numpy()


def session_of_2017(matrices: Sequence[NDArray]) -> Any:
    """`Session` has gone from `tf`: write `tf1.Session()`, as above."""
    with tf.Graph().as_default():
        product = _built(matrices)
        with tf.Session() as session:
            return session.run(product)


def closed_too_early(matrices: Sequence[NDArray]) -> Any:
    """Your session is closed before you run it: run it inside its `with` block, or close it later.

    The value that `run` has returned stays when the session is closed.
    """
    with tf.Graph().as_default():
        product = _built(matrices)
        with tf1.Session() as session:
            pass
        return session.run(product)


def always_the_first(matrices: Sequence[NDArray]) -> Any:
    """Each of your products begins with the first matrix again, and only the last one is returned.

    Let each go on from the product before: `product = tf.matmul(product, matrix)`.
    """
    return _run_chain([matrices[0], matrices[-1]])


def neighbours_only(matrices: Sequence[NDArray]) -> Any:
    """You multiply each matrix by the next, and only the product of the last two is returned.

    Let each go on from the product before: `product = tf.matmul(product, matrix)`.
    """
    return _run_chain(matrices[-2:])


def first_taken_twice(matrices: Sequence[NDArray]) -> Any:
    """You begin with the first matrix, and the loop multiplies it by itself: begin with the next.

    `matrices[1:]` is the list without its first element.
    """
    return _run_chain([matrices[0], *matrices])


def list_fetched(matrices: Sequence[NDArray]) -> Any:
    """You run a list of one tensor, and get a list of one value: leave the brackets out."""
    return [_run_chain(matrices)]


def without_tensorflow(matrices: Sequence[NDArray]) -> Any:
    """NumPy has multiplied before TensorFlow had anything to do: `@` on arrays computes at once.

    Build *every* product with `tf.matmul`, and let `session.run` compute the last one.
    """
    product = matrices[0]
    for matrix in matrices[1:]:
        product = product @ matrix
    return product


def never_closed(matrices: Sequence[NDArray]) -> Any:
    """Your session stays open: call `session.close()` before you return, or use `with`."""
    with tf.Graph().as_default():
        return tf1.Session().run(_built(matrices))


def session_of_another_graph(matrices: Sequence[NDArray]) -> Any:
    """Your session does not know the graph that you have built.

    A session takes the graph that is current where it is opened: open it inside the graph's `with`
    block.
    """
    with tf.Graph().as_default():
        product = _built(matrices)
    with tf1.Session() as session:
        return session.run(product)


def elementwise_chain(matrices: Sequence[NDArray]) -> Any:
    """You multiply place by place, with `*` or `tf.multiply`: the matrix product is `tf.matmul`."""
    with tf.Graph().as_default(), tf1.Session() as session:
        product = tf.constant(matrices[0])
        for matrix in matrices[1:]:
            product = product * matrix
        return session.run(product)


def _built(matrices: Sequence[NDArray]) -> Any:
    product = tf.constant(matrices[0])
    for matrix in matrices[1:]:
        product = product @ matrix
    return product


def multiplied_place_by_place(matrices: Sequence[NDArray]) -> Any:
    """`tf.multiply` multiplies numbers in the same place: the matrix product is `tf.matmul`."""
    with tf.Graph().as_default(), tf1.Session() as session:
        product = tf.constant(matrices[0])
        for matrix in matrices[1:]:
            product = tf.multiply(product, matrix)
        return session.run(product)


def computed_in_float32(matrices: Sequence[NDArray]) -> Any:
    """You compute in float32, which has no room for all the digits of float64 arrays.

    Leave the dtype out: a tensor made of an array keeps the array's own.
    """
    with tf.Graph().as_default(), tf1.Session() as session:
        product = tf.constant(matrices[0], tf.float32)
        for matrix in matrices[1:]:
            product = tf.matmul(product, tf.constant(matrix, tf.float32))
        return session.run(product)


def chain_closed_by_hand(matrices: Sequence[NDArray]) -> Any:
    """Close the session as the slide does, and begin with the unit matrix."""
    with graphs.fresh() as graph:
        product = tf.eye(len(matrices[0]), dtype=tf.float64)
        for matrix in matrices:
            product = tf1.matmul(product, tf.constant(matrix))
    session = tf1.Session(graph=graph)
    result = session.run(product)
    session.close()
    return result


def chain_by_recursion(matrices: Sequence[NDArray]) -> Any:
    """Multiply from the right: the brackets may stand anywhere, the order may not change."""

    def build(rest: Sequence[NDArray]) -> Any:
        return tf.constant(rest[0]) if len(rest) == 1 else tf.matmul(rest[0], build(rest[1:]))

    with tf.Graph().as_default(), tf1.Session() as session:
        return session.run(build(matrices)).astype(np.float32)


def _random_chain(rng: np.random.Generator) -> tuple:
    sizes = rng.integers(1, 4, size=int(rng.integers(3, 6)))
    return (
        [
            rng.integers(-5, 6, size=(int(rows), int(columns))).astype(float)
            for rows, columns in pairwise(sizes)
        ],
    )


run_chain = Exercise(
    name="run_chain",
    lesson="01_first_program",
    reference=_run_chain,
    probe=probes.chain_in_session,
    parts=[
        Part(
            "two matrices or more",
            points=2,
            cases=[
                ([np.array([[3.0, 3.0]]), np.array([[2.0], [2.0]])],),
                (
                    [
                        np.array([[1.0, 2.0], [3.0, 4.0]]),
                        np.array([[0.0, 1.0], [2.0, 0.0]]),
                        np.array([[1.0, 1.0], [0.0, 1.0]]),
                    ],
                ),
                ([np.array([[16_777_217.0, -16_777_216.0]]), np.array([[1.0], [1.0]])],),
            ],
            random_case=_random_chain,
        )
    ],
    misconceptions=[
        from_the_right_end,
        first_two_only,
        a_run_for_each,
        not_run,
        no_graph_of_its_own,
        as_today,
        numpy_of_a_node,
        session_of_2017,
        closed_too_early,
        always_the_first,
        neighbours_only,
        first_taken_twice,
        list_fetched,
        without_tensorflow,
        never_closed,
        session_of_another_graph,
        elementwise_chain,
        multiplied_place_by_place,
        computed_in_float32,
    ],
    also_right=[chain_closed_by_hand, chain_by_recursion],
    hints=[
        "Two phases: a loop that builds, without any result; then one run. All of it inside "
        "`with tf.Graph().as_default():`.",
        "Let `product` begin as the first matrix. Each of the others goes on the right of it: "
        "tf.matmul(product, matrix) is the new `product`.",
        "After the loop, still inside the graph's block: `with tf1.Session() as session:`, and in "
        "it run the last `product` and return its value. The session is closed on the way out.",
    ],
)
