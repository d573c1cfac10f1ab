"""Exercises of lesson 18: one-hot codes, a table of features, the gradient of a lookup."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers import encodings
from helpers.checks.exercise import Exercise, Part, hint

__all__ = ["embedding_gradient", "encode", "hint", "one_hot"]

# One-hot ------------------------------------------------------------------------------------


def counted_from_one_here(labels: NDArray, num_classes: int) -> NDArray:
    """Your 1 stands one place too early: labels count from 0, so label 0 is the first place."""
    return encodings.one_hot(labels - 1, num_classes)


def from_the_right(labels: NDArray, num_classes: int) -> NDArray:
    """Your codes are mirrored: place 0 is the first column, on the left.

    The slide prints its six codes as binary numbers, whose last place is the smallest.
    """
    return encodings.one_hot(labels, num_classes)[:, ::-1]


def classes_as_rows(labels: NDArray, num_classes: int) -> NDArray:
    """Your result has a column for each sample; here a row is a sample: transpose it."""
    return encodings.one_hot(labels, num_classes).T


def from_the_end(labels: NDArray, num_classes: int) -> NDArray:
    """A negative label counts from the end, because NumPy's indices do.

    It is no class here, so its row is all zeros. Compare with all class numbers instead of
    indexing.
    """
    rows = np.zeros((len(labels), num_classes))
    for i, label in enumerate(labels):
        if label < num_classes:
            rows[i, label] = 1
    return rows


def outside_is_an_error(labels: NDArray, num_classes: int) -> NDArray:
    """Your code indexes with the label itself, and a label outside the classes is no index.

    Such a label gets a row of zeros: look before you index, or compare with all class numbers.
    """
    return np.eye(num_classes)[labels]


def outside_is_clipped(labels: NDArray, num_classes: int) -> NDArray:
    """You move a label outside the classes to the nearest class; its row is all zeros."""
    return encodings.one_hot(np.clip(labels, 0, num_classes - 1), num_classes)


def outside_wraps(labels: NDArray, num_classes: int) -> NDArray:
    """You take the label modulo the number of classes; a label outside them gets zeros."""
    return encodings.one_hot(labels % num_classes, num_classes)


def outside_left_out(labels: NDArray, num_classes: int) -> NDArray:
    """You drop labels outside the classes: every sample keeps its row, and such a one is zeros."""
    inside = labels[(labels >= 0) & (labels < num_classes)]
    return encodings.one_hot(inside, num_classes)


def as_integers(labels: NDArray, num_classes: int) -> NDArray:
    """The places are right, and the numbers are integers: a loss wants floats, `astype(float)`."""
    return encodings.one_hot(labels, num_classes).astype(int)


def as_booleans(labels: NDArray, num_classes: int) -> NDArray:
    """Your codes are True and False: make floats of them with `astype(float)`."""
    return encodings.one_hot(labels, num_classes).astype(bool)


def as_many_as_labels(labels: NDArray, num_classes: int) -> NDArray:
    """You make as many columns as the largest label asks for: there are `num_classes` of them."""
    return encodings.one_hot(labels, int(labels.max()) + 1)


def zero_hot(labels: NDArray, num_classes: int) -> NDArray:
    """Your codes are 0 at the label and 1 elsewhere: turn them round."""
    return 1 - encodings.one_hot(labels, num_classes)


def up_to_the_label(labels: NDArray, num_classes: int) -> NDArray:
    """You set all places up to the label: that is a thermometer code, which has an order."""
    return (np.arange(num_classes) <= labels[:, np.newaxis]).astype(float)


def rows_are_one(labels: NDArray, num_classes: int) -> NDArray:
    """Each of your rows holds the ones of all labels, as where all rows are one and the same list.

    `[row] * n` repeats one list; np.zeros((samples, num_classes)) makes rows of their own.
    """
    inside = labels[(labels >= 0) & (labels < num_classes)]
    return np.tile(np.isin(np.arange(num_classes), inside).astype(float), (len(labels), 1))


def one_hot_by_loop(labels: NDArray, num_classes: int) -> list[list[float]]:
    """Build lists in two loops."""
    return [[1.0 if label == k else 0.0 for k in range(num_classes)] for label in labels]


def one_hot_by_indexing(labels: NDArray, num_classes: int) -> NDArray:
    """Set ones by index, where there is a place."""
    rows = np.zeros((len(labels), num_classes), np.float32)
    inside = (labels >= 0) & (labels < num_classes)
    rows[np.flatnonzero(inside), labels[inside]] = 1
    return rows


_OWN = "The exercise is to write the encoding yourself; {} is the answer."

one_hot = Exercise(
    name="one_hot",
    lesson="18_one_hot",
    reference=encodings.one_hot,
    parts=[
        Part(
            "labels of the classes",
            points=1,
            cases=[
                (np.array([2, 0, 1]), 3),
                (np.array([0]), 2),
                (np.array([1, 1, 0, 3]), 5),
            ],
            random_case=lambda rng: (rng.integers(0, 6, 4), 6),
        ),
        Part(
            "labels that are no class",
            points=1,
            cases=[
                (np.array([2, 0, 5]), 3),
                (np.array([-1, 1]), 3),
                (np.array([3, -3, 2, -2]), 3),
                (np.array([-7, 7, 1]), 2),
            ],
            random_case=lambda rng: (rng.integers(-4, 8, 6), 4),
        ),
    ],
    misconceptions=[
        counted_from_one_here,
        from_the_right,
        classes_as_rows,
        from_the_end,
        outside_is_an_error,
        outside_is_clipped,
        outside_wraps,
        outside_left_out,
        as_integers,
        as_booleans,
        as_many_as_labels,
        zero_hot,
        up_to_the_label,
        rows_are_one,
    ],
    also_right=[one_hot_by_loop, one_hot_by_indexing],
    hints=[
        "For one label: compare it with each of 0, 1, …, num_classes - 1. Where is it equal?",
        "np.arange(num_classes) holds all class numbers; labels[:, np.newaxis] is a column, and "
        "comparing a column with a row gives a table.",
        "`==` gives True and False; `.astype(float)` makes 1.0 and 0.0 of them.",
    ],
    forbidden={
        "tensorflow.one_hot": _OWN.format("`tf.one_hot`"),
        "keras.utils.to_categorical": _OWN.format("`to_categorical`"),
        "keras.ops.one_hot": _OWN.format("`keras.ops.one_hot`"),
        "sklearn.preprocessing": _OWN.format("scikit-learn's encoder"),
    },
)

# A table ------------------------------------------------------------------------------------


def categories_of_the_table(table: NDArray, seen: NDArray) -> NDArray:
    """You learn the categories from the table itself, so that its codes have other columns.

    They are learned from `seen` alone: a later table gets the same columns.
    """
    return encodings.encode(table, table)


def categories_of_both(table: NDArray, seen: NDArray) -> NDArray:
    """You learn from `table` too: what `seen` does not hold gets zeros, not a column of its own."""
    return encodings.encode(table, np.vstack([seen, table]))


def every_number_up_to_the_largest(table: NDArray, seen: NDArray) -> NDArray:
    """You give a column to every number from 0 to the largest; only values in `seen` get one."""
    return np.hstack(
        [
            encodings.one_hot(column, int(known.max()) + 1)
            for column, known in zip(table.T, seen.T, strict=True)
        ]
    )


def as_many_as_different(table: NDArray, seen: NDArray) -> NDArray:
    """You take a value for its own place.

    The place is its rank among the categories: among 3, 5 and 9 the value 5 is at place 1.
    """
    return np.hstack(
        [
            encodings.one_hot(column, len(np.unique(known)))
            for column, known in zip(table.T, seen.T, strict=True)
        ]
    )


def in_order_of_appearance(table: NDArray, seen: NDArray) -> NDArray:
    """Your categories stand in the order in which `seen` shows them; sort them."""
    blocks = []
    for column, known in zip(table.T, seen.T, strict=True):
        order = list(dict.fromkeys(known.tolist()))
        blocks.append((column[:, np.newaxis] == np.array(order)).astype(float))
    return np.hstack(blocks)


def one_set_for_all(table: NDArray, seen: NDArray) -> NDArray:
    """You collect the categories of all features together; each feature has its own."""
    known = np.unique(seen)
    return np.hstack([(column[:, np.newaxis] == known).astype(float) for column in table.T])


def last_feature_first(table: NDArray, seen: NDArray) -> NDArray:
    """Your features stand in the opposite order: the first one comes first."""
    return encodings.encode(table[:, ::-1], seen[:, ::-1])


def rows_for_features(table: NDArray, seen: NDArray) -> NDArray:
    """You go through the rows; a feature is a column: loop over `table.T` and `seen.T`."""
    blocks = [
        (row[:, np.newaxis] == np.unique(known)).astype(float)
        for row, known in zip(table, seen, strict=False)
    ]
    return np.hstack(blocks)


def unseen_is_the_first(table: NDArray, seen: NDArray) -> NDArray:
    """A value that was not seen gets the code of another category; it gets zeros.

    `np.searchsorted` and `argmax` give a place even where nothing fits.
    """
    blocks = []
    for column, known in zip(table.T, seen.T, strict=True):
        equal = column[:, np.newaxis] == np.unique(known)
        blocks.append(encodings.one_hot(equal.argmax(axis=1), equal.shape[1]))
    return np.hstack(blocks)


def unseen_is_an_error(table: NDArray, seen: NDArray) -> NDArray:
    """Your code looks for the place of each value, and one that was not seen has no place.

    It gets zeros: compare with all categories instead.
    """
    blocks = []
    for column, known in zip(table.T, seen.T, strict=True):
        categories = np.unique(known).tolist()
        places = np.array([categories.index(value) for value in column.tolist()])
        blocks.append(encodings.one_hot(places, len(categories)))
    return np.hstack(blocks)


def table_as_integers(table: NDArray, seen: NDArray) -> NDArray:
    """The places are right, and the numbers are integers: return floats."""
    return encodings.encode(table, seen).astype(int)


def below_each_other(table: NDArray, seen: NDArray) -> Any:
    """You return the features' codes as a list: put them side by side, with `np.hstack`."""
    return [
        (column[:, np.newaxis] == np.unique(known)).astype(float)
        for column, known in zip(table.T, seen.T, strict=True)
    ]


def neighbours_place(table: NDArray, seen: NDArray) -> NDArray:
    """A value that was not seen gets the 1 of a neighbour, as np.searchsorted finds its place.

    Ask whether the value at that place is the wanted one.
    """
    blocks = []
    for column, known in zip(table.T, seen.T, strict=True):
        values = np.unique(known)
        places = np.minimum(np.searchsorted(values, column), len(values) - 1)
        blocks.append(np.eye(len(values))[places])
    return np.hstack(blocks)


def encode_by_loops(table: NDArray, seen: NDArray) -> list[list[float]]:
    """Build each row in plain Python."""
    known = [sorted(set(column)) for column in seen.T.tolist()]
    return [
        [
            float(value == category)
            for value, set_ in zip(row, known, strict=True)
            for category in set_
        ]
        for row in table.tolist()
    ]


def encode_by_places(table: NDArray, seen: NDArray) -> NDArray:
    """Find each value's place by bisection, and check that it is there."""
    blocks = []
    for column, known in zip(table.T, seen.T, strict=True):
        categories = np.unique(known)
        places = np.searchsorted(categories, column)
        inside = places < len(categories)
        inside[inside] = categories[places[inside]] == column[inside]
        blocks.append(np.eye(len(categories) + 1)[np.where(inside, places, -1), :-1])
    return np.concatenate(blocks, axis=1)


_SLIDE = np.array([[0, 0, 3], [1, 1, 0], [0, 2, 1], [1, 0, 2]])
_GAPS = np.array([[9, 5], [3, -1], [5, 5], [3, 2]])


def _random_table(rng: np.random.Generator) -> tuple:
    return rng.integers(0, 9, (4, 3)), rng.integers(0, 9, (6, 3))


encode = Exercise(
    name="encode",
    lesson="18_one_hot",
    reference=encodings.encode,
    parts=[
        Part(
            "categories that were seen",
            points=1,
            cases=[
                (np.array([[0, 1, 3]]), _SLIDE),
                (np.array([[1, 2, 0], [0, 0, 2]]), _SLIDE),
                (np.array([[5, 2], [9, -1], [3, 5]]), _GAPS),
                (np.array([[3], [9], [3]]), np.array([[9], [3]])),
            ],
            random_case=lambda rng: (lambda seen: (seen[:4], seen))(rng.integers(0, 20, (6, 3))),
        ),
        Part(
            "categories never seen",
            points=1,
            cases=[
                (np.array([[0, 1, 7]]), _SLIDE),
                (np.array([[4, 2], [9, 0], [-9, 99]]), _GAPS),
            ],
            random_case=_random_table,
        ),
    ],
    misconceptions=[
        categories_of_the_table,
        categories_of_both,
        every_number_up_to_the_largest,
        as_many_as_different,
        in_order_of_appearance,
        one_set_for_all,
        last_feature_first,
        rows_for_features,
        unseen_is_the_first,
        unseen_is_an_error,
        table_as_integers,
        below_each_other,
        neighbours_place,
    ],
    also_right=[encode_by_loops, encode_by_places],
    hints=[
        "Take one feature at a time: a column of table, and the same column of seen.",
        "np.unique(known) gives a column's different values in ascending order; compare the "
        "column of table with them as in exercise 1.",
        "Collect the features' blocks in a list; np.hstack puts them side by side.",
    ],
    forbidden={"sklearn.preprocessing": _OWN.format("scikit-learn's encoder")},
)

# The gradient of a lookup ---------------------------------------------------------------------


def last_one_stays(ids: NDArray, gradient: NDArray, num_rows: int) -> NDArray:
    """Where a row was looked up several times, only its last gradient has arrived.

    `by_table[ids] += gradient` computes all sums from the old row, and the last one stays.
    `np.add.at`, a loop or a product adds all of them.
    """
    by_table = np.zeros((num_rows, gradient.shape[1]))
    by_table[ids] += gradient
    return by_table


def mean_of_the_samples(ids: NDArray, gradient: NDArray, num_rows: int) -> NDArray:
    """You average the gradients of a row that was looked up several times; add them."""
    total = encodings.embedding_gradient(ids, gradient, num_rows)
    counts = np.bincount(ids, minlength=num_rows)[:, np.newaxis]
    return total / np.maximum(counts, 1)


def divided_by_samples(ids: NDArray, gradient: NDArray, num_rows: int) -> NDArray:
    """You divide by the number of samples; `gradient` has been divided already, if at all."""
    return encodings.embedding_gradient(ids, gradient, num_rows) / len(ids)


def rows_looked_up(ids: NDArray, gradient: NDArray, num_rows: int) -> NDArray:
    """You look rows up once more; the way back puts each gradient into the row it came from."""
    return np.array([gradient[i % len(gradient)] for i in range(num_rows)])


def only_used_rows(ids: NDArray, gradient: NDArray, num_rows: int) -> NDArray:
    """You return the used rows only: the result has a row for each row of the table."""
    total = encodings.embedding_gradient(ids, gradient, num_rows)
    return total[np.unique(ids)]


def as_many_rows_as_ids(ids: NDArray, gradient: NDArray, num_rows: int) -> NDArray:
    """Your result ends at the largest id: it has `num_rows` rows, used or not."""
    return encodings.embedding_gradient(ids, gradient, int(ids.max()) + 1)


def table_transposed(ids: NDArray, gradient: NDArray, num_rows: int) -> NDArray:
    """Your result is transposed: its rows are those of the table."""
    return encodings.embedding_gradient(ids, gradient, num_rows).T


def downhill(ids: NDArray, gradient: NDArray, num_rows: int) -> NDArray:
    """You return the step against the gradient; the gradient itself was asked for."""
    return -encodings.embedding_gradient(ids, gradient, num_rows)


def counted_only(ids: NDArray, gradient: NDArray, num_rows: int) -> NDArray:
    """You count how often a row was looked up: add up the gradients, not ones."""
    return encodings.embedding_gradient(ids, np.ones_like(gradient), num_rows)


def ids_from_one(ids: NDArray, gradient: NDArray, num_rows: int) -> NDArray:
    """Your gradients arrive one row too early: ids count from 0."""
    return encodings.embedding_gradient(ids - 1, gradient, num_rows)


def gradient_by_add_at(ids: NDArray, gradient: NDArray, num_rows: int) -> NDArray:
    """Add without losing repeated rows."""
    by_table = np.zeros((num_rows, gradient.shape[1]))
    np.add.at(by_table, ids, gradient)
    return by_table


def lookup_by_tape(ids: NDArray, gradient: NDArray, num_rows: int) -> Any:
    """Let TensorFlow go back through the lookup."""
    import tensorflow as tf

    table = tf.Variable(tf.zeros((num_rows, gradient.shape[1]), tf.float64))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.gather(table, ids) * gradient)
    return tf.convert_to_tensor(tape.gradient(loss, table))


def _random_lookup(rng: np.random.Generator) -> tuple:
    return rng.integers(0, 5, 8), rng.normal(size=(8, 3)), 7


embedding_gradient = Exercise(
    name="embedding_gradient",
    lesson="18_one_hot",
    reference=encodings.embedding_gradient,
    parts=[
        Part(
            "each row once",
            points=1,
            cases=[
                (np.array([2, 0]), np.array([[1.0, 2.0], [3.0, 5.0]]), 4),
                (np.array([1]), np.array([[7.0, -1.0, 0.5]]), 2),
            ],
            random_case=lambda rng: (rng.permutation(6)[:4], rng.normal(size=(4, 2)), 6),
        ),
        Part(
            "rows that were looked up again",
            points=1,
            cases=[
                (np.array([1, 1]), np.array([[1.0, 2.0], [10.0, 20.0]]), 3),
                (
                    np.array([0, 2, 0, 2, 2]),
                    np.array([[1.0], [2.0], [4.0], [8.0], [16.0]]),
                    4,
                ),
            ],
            random_case=_random_lookup,
        ),
    ],
    misconceptions=[
        last_one_stays,
        mean_of_the_samples,
        divided_by_samples,
        rows_looked_up,
        only_used_rows,
        as_many_rows_as_ids,
        table_transposed,
        downhill,
        counted_only,
        ids_from_one,
    ],
    also_right=[gradient_by_add_at, lookup_by_tape],
    hints=[
        "Begin with zeros of the table's shape. To which row does the first sample's gradient go?",
        "A loop over zip(ids, gradient) that adds each slope to its row is enough.",
        "Without a loop: a lookup is a one-hot code times the table, so the way back is the code, "
        "transposed, times the gradient.",
    ],
)
