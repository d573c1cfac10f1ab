"""Exercises of lesson 19: noise, the gradients of an autoencoder, the angle between subspaces."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers import autoencoders
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import autoencoder as probes

__all__ = ["autoencoder_gradients", "corrupt", "hint", "largest_angle"]

# Noise ---------------------------------------------------------------------------------------


def _corrupt(x: NDArray, kind: str, amount: float, seed_of_rng: Any) -> NDArray:
    # The parameters' names are what a verdict prints before a case's values.
    return autoencoders.corrupt(x, kind, amount, seed_of_rng)


def not_cut_off(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """Your noisy pixels leave the range from 0 to 1: cut them off with `np.clip`."""
    if kind == "gaussian":
        return x + amount * rng.normal(size=x.shape)
    return autoencoders.corrupt(x, kind, amount, rng)


def variance_for_deviation(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """You take `amount` for the variance: it is the standard deviation, multiply by it."""
    return autoencoders.corrupt(x, kind, amount**0.5 if kind == "gaussian" else amount, rng)


def multiplicative(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """Your noise multiplies the pixels; additive noise reaches white pixels too."""
    if kind == "gaussian":
        return np.clip(x * (1 + amount * rng.normal(size=x.shape)), 0, 1)
    return autoencoders.corrupt(x, kind, amount, rng)


def uniform_for_normal(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """Your Gaussian noise is uniform: draw it with `rng.normal`."""
    if kind == "gaussian":
        return np.clip(x + amount * rng.random(x.shape), 0, 1)
    return autoencoders.corrupt(x, kind, amount, rng)


def keeps_the_amount(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """You keep the share `amount` of the pixels; that is the share that is set to 0."""
    if kind == "masking":
        return np.where(rng.random(x.shape) < amount, x, 0)
    return autoencoders.corrupt(x, kind, amount, rng)


def masked_above(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """You set other pixels to 0: those whose random number is below `amount`."""
    if kind == "masking":
        return np.where(rng.random(x.shape) > 1 - amount, 0, x)
    return autoencoders.corrupt(x, kind, amount, rng)


def masked_to_one(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """You set pixels to 1, which is black; masked pixels are 0."""
    if kind == "masking":
        return np.where(rng.random(x.shape) < amount, 1, x)
    return autoencoders.corrupt(x, kind, amount, rng)


def scaled_like_dropout(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """You make the other pixels larger, as dropout does; an image keeps them as they are."""
    if kind == "masking":
        return autoencoders.corrupt(x, kind, amount, rng) / (1 - amount)
    return autoencoders.corrupt(x, kind, amount, rng)


def one_mask_for_all(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """You draw one noise for all images: each pixel of each image gets its own number."""
    if kind == "masking":
        return np.where(rng.random(x.shape[1]) < amount, 0, x)
    return np.clip(x + amount * rng.normal(size=x.shape[1]), 0, 1)


def kinds_swapped(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """You have swapped the two kinds of noise."""
    other = "masking" if kind == "gaussian" else "gaussian"
    return autoencoders.corrupt(x, other, amount, rng)


def cut_off_below_only(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """You cut off what is below 0 and leave what is above 1."""
    if kind == "gaussian":
        return np.maximum(x + amount * rng.normal(size=x.shape), 0)
    return autoencoders.corrupt(x, kind, amount, rng)


def cut_off_above_only(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """You cut off what is above 1 and leave what is below 0."""
    if kind == "gaussian":
        return np.minimum(x + amount * rng.normal(size=x.shape), 1)
    return autoencoders.corrupt(x, kind, amount, rng)


def noise_cut_off(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """You cut off the noise: it has both signs. It is the noisy image that stays from 0 to 1."""
    if kind == "gaussian":
        return x + np.clip(amount * rng.normal(size=x.shape), 0, 1)
    return autoencoders.corrupt(x, kind, amount, rng)


def image_times_amount(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """You multiply the image by `amount` too: only the noise."""
    if kind == "gaussian":
        return np.clip(amount * (x + rng.normal(size=x.shape)), 0, 1)
    return autoencoders.corrupt(x, kind, amount, rng)


def masked_by_normal(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """You choose the pixels by normal numbers: `rng.random` draws evenly from 0 to 1."""
    if kind == "masking":
        return np.where(rng.normal(size=x.shape) < amount, 0, x)
    return autoencoders.corrupt(x, kind, amount, rng)


def both_drawn(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """You draw both kinds of random numbers each time: only those of `kind`, once."""
    normal, even = rng.normal(size=x.shape), rng.random(x.shape)
    if kind == "gaussian":
        return np.clip(x + amount * normal, 0, 1)
    return np.where(even < amount, 0, x)


def both_at_once(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """You add both kinds: only the one that `kind` names."""
    noisy = autoencoders.corrupt(x, "gaussian", amount, rng)
    return autoencoders.corrupt(noisy, "masking", amount, rng)


def rescaled(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """You stretch the noisy image to the range from 0 to 1: cut it off, with `np.clip`."""
    if kind != "gaussian":
        return autoencoders.corrupt(x, kind, amount, rng)
    noisy = x + amount * rng.normal(size=x.shape)
    return (noisy - noisy.min()) / (noisy.max() - noisy.min())


def scaled_and_cut_off(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """The pixels that stay become brighter with you, as in dropout: here they stay as they are."""
    if kind != "masking":
        return autoencoders.corrupt(x, kind, amount, rng)
    return np.clip(autoencoders.corrupt(x, kind, amount, rng) / (1 - amount), 0, 1)


def corrupt_by_product(x: NDArray, kind: str, amount: float, rng: Any) -> NDArray:
    """Multiply with a mask, and cut off by two comparisons."""
    if kind == "masking":
        return x * (rng.random(x.shape) >= amount)
    return np.minimum(np.maximum(x + rng.normal(0, amount, x.shape), 0), 1)


def corrupt_in_tensorflow(x: NDArray, kind: str, amount: float, rng: Any) -> Any:
    """Let TensorFlow choose and cut off."""
    import tensorflow as tf

    if kind == "gaussian":
        return tf.clip_by_value(x + rng.normal(scale=amount, size=x.shape), 0.0, 1.0)
    return tf.where(rng.random(x.shape) < amount, 0.0, tf.cast(x, tf.float32))


_IMAGES = np.array([[0.0, 0.25, 1.0, 0.5], [1.0, 0.75, 0.0, 0.125]])


def _random_noise(kind: str) -> Any:
    return lambda rng: (
        rng.random((3, 5)),
        kind,
        float(rng.uniform(0.2, 0.7)),
        int(rng.integers(1000)),
    )


corrupt = Exercise(
    name="corrupt",
    lesson="19_autoencoder",
    reference=_corrupt,
    probe=probes.corrupted,
    parts=[
        Part(
            "Gaussian noise",
            points=1,
            cases=[
                (_IMAGES, "gaussian", 0.5, 0),
                (_IMAGES[:1], "gaussian", 0.1, 1),
                (_IMAGES.astype(np.float32), "gaussian", 1.0, 3),
            ],
            random_case=_random_noise("gaussian"),
        ),
        Part(
            "masking noise",
            points=1,
            cases=[
                (_IMAGES, "masking", 0.5, 0),
                (_IMAGES.astype(np.float32), "masking", 0.25, 2),
                # The first number that is drawn: it is not below itself.
                (_IMAGES + 0.5, "masking", float(np.random.default_rng(3).random()), 3),
            ],
            random_case=_random_noise("masking"),
        ),
    ],
    misconceptions=[
        not_cut_off,
        variance_for_deviation,
        multiplicative,
        uniform_for_normal,
        keeps_the_amount,
        masked_above,
        masked_to_one,
        scaled_like_dropout,
        one_mask_for_all,
        kinds_swapped,
        both_at_once,
        cut_off_below_only,
        cut_off_above_only,
        noise_cut_off,
        image_times_amount,
        masked_by_normal,
        both_drawn,
        rescaled,
        scaled_and_cut_off,
    ],
    also_right=[corrupt_by_product, corrupt_in_tensorflow],
    hints=[
        "Two cases: what does each draw for every pixel, and what happens with the number?",
        "rng.normal(size=x.shape) has the standard deviation 1; times amount it has the right one. "
        "np.clip(…, 0, 1) cuts off.",
        "rng.random(x.shape) < amount is true for the pixels that go; np.where(test, 0, x) sets "
        "them.",
    ],
    forbidden={"helpers.autoencoders.corrupt": "The exercise is to write this yourself."},
)

# Gradients -----------------------------------------------------------------------------------

Pair = tuple[NDArray, NDArray]


def no_penalty(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """You leave out the penalty: it pulls at each code with `scale` times the code's sign."""
    return autoencoders.gradients(x, encoder, decoder, 0.0)


def penalty_squared(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """Your penalty's gradient is that of squares: an absolute value has the slope 1 or -1."""
    codes = x @ encoder
    error = (codes @ decoder - x) / len(x)
    return x.T @ (error @ decoder.T + scale * codes / len(x)), codes.T @ error


def sign_by_dividing(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """At a code of 0 you divide 0 by 0: np.sign is 0 there."""
    codes = x @ encoder
    with np.errstate(all="ignore"):
        slope = codes / np.abs(codes)
    error = codes @ decoder - x
    return x.T @ (error @ decoder.T + scale * slope) / len(x), codes.T @ error / len(x)


def penalty_of_the_weights(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """You penalise the encoder's weights; here the codes, `x @ encoder`, pay."""
    by_encoder, by_decoder = autoencoders.gradients(x, encoder, decoder, 0.0)
    return by_encoder + scale * np.sign(encoder), by_decoder


def summed_not_averaged(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """You add up the samples: the loss is their mean, so divide by the number of samples."""
    by_encoder, by_decoder = autoencoders.gradients(x, encoder, decoder, scale)
    return by_encoder * len(x), by_decoder * len(x)


def penalty_not_averaged(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """The penalty is not averaged over the samples, and the error is: divide both."""
    by_encoder, by_decoder = autoencoders.gradients(x, encoder, decoder, scale * len(x))
    return by_encoder, by_decoder


def half_forgotten(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """The error's part is twice too large: the loss has *half* of the squared error."""
    codes = x @ encoder
    error = 2 * (codes @ decoder - x) / len(x)
    return x.T @ (error @ decoder.T + scale * np.sign(codes) / len(x)), codes.T @ error


def averaged_over_pixels(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """You divide by the number of pixels as well; the error is a sum over the pixels."""
    by_encoder, by_decoder = autoencoders.gradients(x, encoder, decoder, scale)
    return by_encoder / x.shape[1], by_decoder / x.shape[1]


def climbing(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """The sign is turned round: the error is the reconstruction less the image.

    A gradient is what descent subtracts.
    """
    codes = x @ encoder
    error = (x - codes @ decoder) / len(x)
    return x.T @ (error @ decoder.T + scale * np.sign(codes) / len(x)), codes.T @ error


def pair_swapped(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """You return the decoder's gradient first: the encoder's comes first."""
    by_encoder, by_decoder = autoencoders.gradients(x, encoder, decoder, scale)
    return by_decoder, by_encoder


def decoder_skipped(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Any:
    """The way back to the encoder leads through the decoder: times `decoder.T`.

    `encoder` has that shape too, and is another matrix.
    """
    codes = x @ encoder
    error = (codes @ decoder - x) / len(x)
    return x.T @ (error @ encoder + scale * np.sign(codes) / len(x)), codes.T @ error


def absolute_values_for_signs(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """You add the codes' absolute values: the slope of an absolute value is the sign."""
    codes = x @ encoder
    error = (codes @ decoder - x) / len(x)
    return x.T @ (error @ decoder.T + scale * np.abs(codes) / len(x)), codes.T @ error


def signs_forgotten(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """You add `scale` to each code's slope: where the code is negative, `-scale`."""
    codes = x @ encoder
    error = (codes @ decoder - x) / len(x)
    return x.T @ (error @ decoder.T + scale / len(x)), codes.T @ error


def slope_at_0(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """You give a code of 0 the slope of a positive one: at 0 it is 0, as with `np.sign`."""
    codes = x @ encoder
    error = (codes @ decoder - x) / len(x)
    signs = np.where(codes >= 0, 1.0, -1.0)
    return x.T @ (error @ decoder.T + scale * signs / len(x)), codes.T @ error


def penalty_not_sent_back(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """You add the codes' slopes to the encoder's gradient as they are: times `x.T` first."""
    by_encoder, by_decoder = autoencoders.gradients(x, encoder, decoder, 0.0)
    return by_encoder + scale * np.sign(x @ encoder).mean(axis=0), by_decoder


def penalty_halved(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """You halve the penalty as well: only the squared error has a half."""
    return autoencoders.gradients(x, encoder, decoder, scale / 2)


def penalty_by_unit(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """You average the penalty over the units as well: it is a sum over a sample's codes."""
    return autoencoders.gradients(x, encoder, decoder, scale / encoder.shape[1])


def also_on_the_decoder(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """You penalise the decoder's weights as well: the codes alone pay."""
    by_encoder, by_decoder = autoencoders.gradients(x, encoder, decoder, scale)
    return by_encoder, by_decoder + scale * np.sign(decoder)


def one_step_taken(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """You return the weights after a step: return what a step subtracts, the gradients."""
    by_encoder, by_decoder = autoencoders.gradients(x, encoder, decoder, scale)
    return encoder - by_encoder, decoder - by_decoder


def weights_changed(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """Right numbers, but `encoder -= …` or `x -= …` writes into the caller's array.

    Write `encoder = encoder - …`, which makes a new one.
    """
    found = autoencoders.gradients(x, encoder, decoder, scale)
    encoder -= found[0]
    decoder -= found[1]
    return found


def penalty_on_the_decoder(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Pair:
    """You add the penalty to the decoder's gradient; the codes come before the decoder."""
    by_encoder, by_decoder = autoencoders.gradients(x, encoder, decoder, 0.0)
    codes = x @ encoder
    return by_encoder, by_decoder + scale * np.sign(codes).T @ x / len(x)


def gradients_by_tape(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Any:
    """Let a tape differentiate the loss."""
    import tensorflow as tf

    variables = [tf.Variable(encoder), tf.Variable(decoder)]
    with tf.GradientTape() as tape:
        codes = tf.constant(x) @ variables[0]
        error = tf.reduce_sum((codes @ variables[1] - x) ** 2, axis=1) / 2
        loss = tf.reduce_mean(error + scale * tf.norm(codes, ord=1, axis=1))
    return tape.gradient(loss, variables)


def gradients_by_sample(x: NDArray, encoder: NDArray, decoder: NDArray, scale: float) -> Any:
    """Add up the samples in a loop."""
    by_encoder, by_decoder = np.zeros(encoder.shape), np.zeros(decoder.shape)
    for image in x:
        code = image @ encoder
        error = code @ decoder - image
        by_decoder += np.outer(code, error) / len(x)
        by_encoder += np.outer(image, decoder @ error + scale * np.sign(code)) / len(x)
    return [by_encoder, by_decoder]


def _random_autoencoder(rng: np.random.Generator) -> tuple:
    sizes = [(5, 4), (4, 2), (2, 4)]
    return (*(rng.normal(size=size) for size in sizes), float(rng.uniform(0.2, 1)))


autoencoder_gradients = Exercise(
    name="autoencoder_gradients",
    lesson="19_autoencoder",
    reference=autoencoders.gradients,
    parts=[
        Part(
            "without a penalty",
            points=1,
            cases=[
                (np.array([[2.0, 0.0]]), np.array([[0.5], [0.0]]), np.array([[1.0, 0.0]]), 0.0),
                (
                    np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]]),
                    np.array([[1.0, 0.5], [-1.0, 0.0], [2.0, 1.0]]),
                    np.array([[0.5, 1.0, -1.0], [0.0, 2.0, 1.0]]),
                    0.0,
                ),
            ],
            random_case=lambda rng: (*_random_autoencoder(rng)[:3], 0.0),
        ),
        Part(
            "with the penalty",
            points=2,
            cases=[
                (np.array([[2.0, 0.0]]), np.array([[0.5], [0.0]]), np.array([[1.0, 0.0]]), 0.1),
                (
                    np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]]),
                    np.array([[1.0, 0.5], [-1.0, 0.0], [2.0, 1.0]]),
                    np.array([[0.5, 1.0, -1.0], [0.0, 2.0, 1.0]]),
                    0.5,
                ),
                # A code of 0 has the slope 0, also where the image is not 0.
                (
                    np.array([[1.0, 1.0], [1.0, 2.0]]),
                    np.array([[1.0, 1.0], [-1.0, 0.5]]),
                    np.eye(2) / 2,
                    0.25,
                ),
            ],
            random_case=_random_autoencoder,
        ),
    ],
    misconceptions=[
        no_penalty,
        penalty_squared,
        penalty_of_the_weights,
        summed_not_averaged,
        penalty_not_averaged,
        half_forgotten,
        averaged_over_pixels,
        climbing,
        pair_swapped,
        decoder_skipped,
        penalty_on_the_decoder,
        absolute_values_for_signs,
        signs_forgotten,
        slope_at_0,
        penalty_not_sent_back,
        penalty_halved,
        penalty_by_unit,
        also_on_the_decoder,
        one_step_taken,
        weights_changed,
        sign_by_dividing,
    ],
    also_right=[gradients_by_tape, gradients_by_sample],
    hints=[
        "Forwards: x through the encoder gives the codes, these through the decoder the images. "
        "The error is these images less x.",
        "By the decoder it is the codes, transposed, times the error, as for any layer.",
        "By the codes it is the error times decoder.T, plus scale times the codes' signs over the "
        "number of samples; from there on x.T leads to the encoder.",
    ],
)

# The angle between subspaces --------------------------------------------------------------------


def smallest_angle(a: NDArray, b: NDArray) -> float:
    """You return the smallest angle: two planes may share a line and still differ.

    The largest angle has the smallest cosine.
    """
    basis_a, basis_b = (np.linalg.qr(rows.T)[0] for rows in (a, b))
    cosines = np.linalg.svd(basis_a.T @ basis_b, compute_uv=False)
    return float(np.degrees(np.arccos(np.clip(cosines.max(), 0, 1))))


def in_radians(a: NDArray, b: NDArray) -> float:
    """Your angle is in radians: `np.degrees` makes degrees of it."""
    return float(np.radians(autoencoders.largest_angle(a, b)))


def cosine_returned(a: NDArray, b: NDArray) -> float:
    """You return the cosine: `np.arccos` gives the angle."""
    return float(np.cos(np.radians(autoencoders.largest_angle(a, b))))


def between_first_rows(a: NDArray, b: NDArray) -> float:
    """You compare single rows; the same plane is spanned by many different pairs of rows."""
    cosine = a[0] @ b[0] / np.linalg.norm(a[0]) / np.linalg.norm(b[0])
    return float(np.degrees(np.arccos(np.clip(abs(cosine), 0, 1))))


def rows_not_orthogonal(a: NDArray, b: NDArray) -> float:
    """You divide each row by its length, and rows of one matrix may still not be orthogonal.

    `np.linalg.qr` of the transposed matrix gives an orthonormal basis.
    """
    unit_a, unit_b = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (a, b))
    cosines = np.linalg.svd(unit_a @ unit_b.T, compute_uv=False)
    return float(np.degrees(np.arccos(np.clip(cosines.min(), 0, 1))))


def of_the_raw_rows(a: NDArray, b: NDArray) -> float:
    """You use the rows as they are, of any length: make orthonormal bases of them first."""
    cosines = np.linalg.svd(a @ b.T, compute_uv=False)
    return float(np.degrees(np.arccos(np.clip(cosines.min(), 0, 1))))


def column_space(a: NDArray, b: NDArray) -> float:
    """Your bases span all there is, so the angle is 0: `np.linalg.qr` works on columns.

    Give it the transposed matrix, in its usual mode: it returns as many vectors as there are rows.
    """
    basis_a, basis_b = (np.linalg.qr(rows)[0] for rows in (a, b))
    cosines = np.linalg.svd(basis_a.T @ basis_b, compute_uv=False)
    return float(np.degrees(np.arccos(np.clip(cosines.min(), 0, 1))))


def mean_angle(a: NDArray, b: NDArray) -> float:
    """You average the angles: the largest was asked for."""
    basis_a, basis_b = (np.linalg.qr(rows.T)[0] for rows in (a, b))
    cosines = np.linalg.svd(basis_a.T @ basis_b, compute_uv=False)
    return float(np.degrees(np.arccos(np.clip(cosines, 0, 1))).mean())


def cosine_above_1(a: NDArray, b: NDArray) -> float:
    """Rounding has made a cosine larger than 1, and `np.arccos` gives nan: `min(cosine, 1)`."""
    basis_a, basis_b = (np.linalg.qr(rows.T)[0] for rows in (a, b))
    return float(np.degrees(np.arccos(np.linalg.svd(basis_a.T @ basis_b)[1].min())))


def one_basis_only(a: NDArray, b: NDArray) -> float:
    """You make a basis orthonormal for one of the two: both need it."""
    basis_a = np.linalg.qr(a.T)[0]
    unit_b = b / np.linalg.norm(b, axis=1, keepdims=True)
    cosines = np.linalg.svd(basis_a.T @ unit_b.T, compute_uv=False)
    return float(np.degrees(np.arccos(np.clip(cosines.min(), 0, 1))))


def sine_for_cosine(a: NDArray, b: NDArray) -> float:
    """You take the singular values for sines: they are cosines, so `np.arccos`."""
    return 90 - autoencoders.largest_angle(a, b)


def diagonal_only(a: NDArray, b: NDArray) -> float:
    """You compare the first vectors, the second ones and so on: a basis may have any order.

    The singular values of the product do not depend on it.
    """
    basis_a, basis_b = (np.linalg.qr(rows.T)[0] for rows in (a, b))
    cosines = np.abs(np.diag(basis_a.T @ basis_b))
    return float(np.degrees(np.arccos(np.clip(cosines.min(), 0, 1))))


def eigenvalues_taken(a: NDArray, b: NDArray) -> float:
    """You take the eigenvalues of the product: the cosines are its singular values."""
    basis_a, basis_b = (np.linalg.qr(rows.T)[0] for rows in (a, b))
    cosines = np.abs(np.linalg.eigvals(basis_a.T @ basis_b))
    return float(np.degrees(np.arccos(np.clip(cosines.min(), 0, 1))))


def cosines_multiplied(a: NDArray, b: NDArray) -> float:
    """You multiply the cosines of all angles (the determinant does that): take the smallest."""
    basis_a, basis_b = (np.linalg.qr(rows.T)[0] for rows in (a, b))
    cosine = abs(np.linalg.det(basis_a.T @ basis_b))
    return float(np.degrees(np.arccos(min(cosine, 1))))


def cosines_squared(a: NDArray, b: NDArray) -> float:
    """You take the cosine's square, as an eigenvalue of the product with its transpose is."""
    cosine = np.cos(np.radians(autoencoders.largest_angle(a, b)))
    return float(np.degrees(np.arccos(cosine**2)))


def angle_by_scipy(a: NDArray, b: NDArray) -> Any:
    """Let SciPy do it."""
    from scipy.linalg import subspace_angles

    return np.degrees(subspace_angles(a.T, b.T).max())


def angle_by_cosines(a: NDArray, b: NDArray) -> float:
    """Take the smallest singular value of the product of two bases from a decomposition."""
    bases = [np.linalg.svd(rows, full_matrices=False)[2] for rows in (a, b)]
    cosine = np.linalg.svd(bases[0] @ bases[1].T)[1][-1]
    return float(np.degrees(np.arccos(min(1.0, cosine))))


def _random_planes(rng: np.random.Generator) -> tuple:
    return rng.normal(size=(2, 5)), rng.normal(size=(2, 5))


_LINES = [
    ([2.0, 3.0, 0.0, 3.0, 3.0, 4.0], -1),
    ([1.0, 2.0, 0.0, 3.0, 3.0, -1.0], 2),
    ([3.0, 1.0, 0.0, 3.0, -2.0, 3.0], -1),
    ([2.0, -1.0, -1.0, -3.0, 4.0, 4.0], 3),
]

largest_angle = Exercise(
    name="largest_angle",
    lesson="19_autoencoder",
    reference=autoencoders.largest_angle,
    probe=probes.angle,
    parts=[
        Part(
            "lines and planes",
            points=2,
            cases=[
                (np.array([[1.0, 0.0, 0.0]]), np.array([[3.0, 3.0, 0.0]])),
                (
                    np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]]),
                    np.array([[2.0, 0.0, 0.0], [1.0, 0.0, 5.0]]),
                ),
                (
                    np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]]),
                    np.array([[0.0, 3.0, 0.0], [5.0, 1.0, 0.0]]),
                ),
                (
                    np.array([[1.0, 2.0, 0.0, 0.0], [0.0, 1.0, 1.0, 0.0]]),
                    np.array([[1.0, 2.0, 0.5, 0.0], [1.0, 0.0, 1.0, 1.0]]),
                ),
                # Equal lines whose cosine rounding makes larger than 1, on all processors tried.
                *((np.array([line]), factor * np.array([line])) for line, factor in _LINES),
            ],
            random_case=_random_planes,
        )
    ],
    misconceptions=[
        smallest_angle,
        in_radians,
        cosine_returned,
        between_first_rows,
        rows_not_orthogonal,
        of_the_raw_rows,
        column_space,
        mean_angle,
        cosine_above_1,
        one_basis_only,
        sine_for_cosine,
        diagonal_only,
        eigenvalues_taken,
        cosines_multiplied,
        cosines_squared,
    ],
    also_right=[angle_by_scipy, angle_by_cosines],
    hints=[
        "An orthonormal basis of the rows: the first result of np.linalg.qr(rows.T), one vector a "
        "column.",
        "np.linalg.svd(basis_a.T @ basis_b, compute_uv=False) gives the cosines of the angles.",
        "The largest angle has the smallest cosine. Rounding may make a cosine larger than 1, "
        "which arccos refuses: np.clip.",
    ],
)
