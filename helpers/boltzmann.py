"""The restricted Boltzmann machine, in NumPy: 限制性玻尔兹曼机, 深度信念网络.

Every unit is 0 or 1. Visible units hold the data, hidden units what the machine makes of it; there
are weights between the two layers and none inside a layer. Rows are samples.

Sources, by their letters below: [A] Hinton, Training Products of Experts by Minimizing Contrastive
Divergence, Neural Computation 14, 2002. [B] Hinton, Osindero and Teh, A Fast Learning Algorithm for
Deep Belief Nets, Neural Computation 18, 2006. [C] Hinton and Salakhutdinov, Reducing the
Dimensionality of Data with Neural Networks, Science 313, 2006.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.activations import sigmoid


class Machine(NamedTuple):
    """Weights of shape (visible, hidden), and a bias for each visible and each hidden unit.

    The same three arrays hold a gradient.
    """

    weights: NDArray
    visible_biases: NDArray
    hidden_biases: NDArray


def new(num_visible: int, num_hidden: int, rng: np.random.Generator) -> Machine:
    """Return a machine before training: small normal weights (deviation 0.01), biases 0.

    Parameters
    ----------
    num_visible, num_hidden : int
    rng : numpy.random.Generator

    Returns
    -------
    Machine

    Examples
    --------
    >>> new(3, 2, np.random.default_rng(0)).weights.shape
    (3, 2)
    """
    weights = rng.normal(scale=0.01, size=(num_visible, num_hidden))
    return Machine(weights, np.zeros(num_visible), np.zeros(num_hidden))


def energy(machine: Machine, visible: ArrayLike, hidden: ArrayLike) -> NDArray:
    """Return the energy of states: ``-(v·a) - (h·b) - v W h``. Low energy is high probability.

    Parameters
    ----------
    machine : Machine
    visible : array_like of float, shape (samples, visible)
    hidden : array_like of float, shape (samples, hidden)

    Returns
    -------
    ndarray of float, shape (samples,)

    Notes
    -----
    [C], equation 1.

    Examples
    --------
    >>> machine = Machine(np.array([[2.0], [-1.0]]), np.array([0.5, 0.0]), np.array([-1.0]))
    >>> energy(machine, [[1, 0], [0, 1]], [[1], [1]])
    array([-1.5,  2. ])
    """
    visible, hidden = np.asarray(visible), np.asarray(hidden)
    biases = visible @ machine.visible_biases + hidden @ machine.hidden_biases
    return -biases - np.sum(visible @ machine.weights * hidden, axis=1)


def free_energy(machine: Machine, visible: ArrayLike) -> NDArray:
    """Return F, the energy of visible states with all hidden states counted: ``p(v) ~ exp(-F(v))``.

    It is ``-(v·a) - sum_j ln(1 + exp(b_j + (v W)_j))``.

    Parameters
    ----------
    machine : Machine
    visible : array_like of float, shape (samples, visible)

    Returns
    -------
    ndarray of float, shape (samples,)

    Notes
    -----
    ``exp(-F(v))`` is the sum of ``exp(-E(v, h))``, [C] equation 1, over all h.

    Examples
    --------
    >>> machine = Machine(np.array([[2.0], [-1.0]]), np.array([0.5, 0.0]), np.array([-1.0]))
    >>> free_energy(machine, [[1, 0], [0, 1]]).round(4)
    array([-1.8133, -0.1269])
    """
    visible = np.asarray(visible)
    hidden_inputs = visible @ machine.weights + machine.hidden_biases
    # ln(1 + exp(x)), which overflows for no x.
    return -visible @ machine.visible_biases - np.logaddexp(0, hidden_inputs).sum(axis=1)


def hidden_probabilities(machine: Machine, visible: ArrayLike) -> NDArray:
    """Return the probability that each hidden unit is 1, given the visible ones.

    Parameters
    ----------
    machine : Machine
    visible : array_like of float, shape (samples, visible)

    Returns
    -------
    ndarray of float, shape (samples, hidden)

    Notes
    -----
    [B], equation 1. With no weights inside a layer its units are independent of each other.

    Examples
    --------
    >>> machine = Machine(np.array([[2.0], [-1.0]]), np.array([0.5, 0.0]), np.array([-1.0]))
    >>> hidden_probabilities(machine, [[1, 0], [0, 1]]).round(4)
    array([[0.7311],
           [0.1192]])
    """
    return sigmoid(np.asarray(visible) @ machine.weights + machine.hidden_biases)


def visible_probabilities(machine: Machine, hidden: ArrayLike) -> NDArray:
    """Return the probability that each visible unit is 1, given the hidden ones.

    Parameters
    ----------
    machine : Machine
    hidden : array_like of float, shape (samples, hidden)

    Returns
    -------
    ndarray of float, shape (samples, visible)

    Notes
    -----
    [B], equation 1.

    Examples
    --------
    >>> machine = Machine(np.array([[2.0], [-1.0]]), np.array([0.5, 0.0]), np.array([-1.0]))
    >>> visible_probabilities(machine, [[1], [0]]).round(4)
    array([[0.9241, 0.2689],
           [0.6225, 0.5   ]])
    """
    return sigmoid(np.asarray(hidden) @ machine.weights.T + machine.visible_biases)


def sample(probabilities: NDArray, rng: np.random.Generator) -> NDArray:
    """Return 1 with the given probabilities, else 0.

    Parameters
    ----------
    probabilities : ndarray of float
        Any shape.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float
        Same shape as `probabilities`.

    Examples
    --------
    >>> sample(np.array([0.0, 0.5, 1.0]), np.random.default_rng(0))
    array([0., 1., 1.])
    """
    return (rng.random(probabilities.shape) < probabilities).astype(float)


def gibbs_step(machine: Machine, visible: ArrayLike, rng: np.random.Generator) -> NDArray:
    """Draw hidden states given the visible ones, then new visible states given the hidden ones.

    Parameters
    ----------
    machine : Machine
    visible : array_like of float, shape (samples, visible)
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float, shape (samples, visible)
        0 and 1.

    Notes
    -----
    Alternating Gibbs sampling: [A], [B] figure 4. Repeated for long, it draws from the machine's
    own distribution.

    Examples
    --------
    >>> machine = Machine(np.array([[9.0], [-9.0]]), np.zeros(2), np.zeros(1))
    >>> gibbs_step(machine, [[1, 0], [1, 0]], np.random.default_rng(0))
    array([[1., 0.],
           [1., 0.]])
    """
    hidden = sample(hidden_probabilities(machine, visible), rng)
    return sample(visible_probabilities(machine, hidden), rng)


def dream(
    machine: Machine, num_chains: int, steps: Sequence[int], rng: np.random.Generator
) -> dict[str, NDArray]:
    """Run Gibbs steps from noise, and return what they come to.

    Parameters
    ----------
    machine : Machine
    num_chains : int
    steps : sequence of int
        After which steps to look.
    rng : numpy.random.Generator

    Returns
    -------
    dict of str to ndarray of float, shape (num_chains, visible)
        The noise, and the visible probabilities of each step in `steps`, by name.

    Notes
    -----
    [B], section 7, where a network's dreams are looked at in this way.

    Examples
    --------
    >>> machine = Machine(np.zeros((2, 1)), np.array([9.0, -9.0]), np.zeros(1))
    >>> dream(machine, 1, [5], np.random.default_rng(0))["step 5"].round(2)
    array([[1., 0.]])
    """
    visible = sample(np.full((num_chains, len(machine.visible_biases)), 0.5), rng)
    seen = {"noise": visible}
    for step in range(1, max(steps) + 1):
        hidden = sample(hidden_probabilities(machine, visible), rng)
        probabilities = visible_probabilities(machine, hidden)
        visible = sample(probabilities, rng)
        if step in steps:
            seen[f"step {step}"] = probabilities
    return seen


def correlations(machine: Machine, visible: ArrayLike) -> Machine:
    """Return the means over the samples of ``v h``, ``v`` and ``h``, with h's probabilities for h.

    Parameters
    ----------
    machine : Machine
    visible : array_like of float, shape (samples, visible)

    Returns
    -------
    Machine
        By weight, by visible bias, by hidden bias.

    Notes
    -----
    The angle brackets of [C], equation 2.

    Examples
    --------
    >>> machine = Machine(np.zeros((2, 1)), np.zeros(2), np.zeros(1))
    >>> correlations(machine, [[1, 0], [1, 1]]).weights
    array([[0.5 ],
           [0.25]])
    """
    visible = np.asarray(visible)
    hidden = hidden_probabilities(machine, visible)
    return Machine(visible.T @ hidden / len(visible), visible.mean(axis=0), hidden.mean(axis=0))


def contrastive_divergence(
    machine: Machine, visible: ArrayLike, rng: np.random.Generator, num_steps: int = 1
) -> Machine:
    """Return the direction in which learning moves a machine: data minus reconstruction.

    Parameters
    ----------
    machine : Machine
    visible : array_like of float, shape (samples, visible)
        The data.
    rng : numpy.random.Generator
    num_steps : int, optional
        Gibbs steps from the data to the reconstruction. The more, the nearer to the gradient of the
        log likelihood.

    Returns
    -------
    Machine
        Add it, times a learning rate.

    Notes
    -----
    [A], where contrastive divergence is introduced, and [C], equation 2; the hidden states of both
    sides are probabilities, which has the same mean and less noise. The gradient itself has the
    machine's own distribution instead of the reconstruction: [B], on restricted Boltzmann machines.

    Examples
    --------
    >>> machine = Machine(np.zeros((2, 1)), np.array([9.0, 9.0]), np.zeros(1))
    >>> contrastive_divergence(machine, [[1, 0], [1, 0]], np.random.default_rng(0)).visible_biases
    array([ 0., -1.])
    """
    reconstruction = np.asarray(visible)
    for _ in range(num_steps):
        reconstruction = gibbs_step(machine, reconstruction, rng)
    data, model = correlations(machine, visible), correlations(machine, reconstruction)
    return Machine(*(a - b for a, b in zip(data, model, strict=True)))


def train(
    machine: Machine,
    x: NDArray,
    learning_rate: float,
    num_epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> Machine:
    """Return the machine after training by contrastive divergence.

    Parameters
    ----------
    machine : Machine
    x : ndarray of float, shape (samples, visible)
        From 0 to 1. What lies between is the probability of a 1, as in [C].
    learning_rate : float
    num_epochs : int
        How often the machine sees all samples.
    batch_size : int
    rng : numpy.random.Generator

    Returns
    -------
    Machine

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    >>> trained = train(new(3, 1, rng), x, 0.5, 1000, 2, rng)
    >>> visible_probabilities(trained, hidden_probabilities(trained, x)).round(1)
    array([[1., 1., 0.],
           [0., 0., 1.]])
    """
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for first in range(0, len(x), batch_size):
            change = contrastive_divergence(machine, x[order[first : first + batch_size]], rng)
            machine = Machine(
                *(p + learning_rate * c for p, c in zip(machine, change, strict=True))
            )
    return machine


def stack(
    x: NDArray,
    num_hidden: Sequence[int],
    learning_rate: float,
    num_epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> list[Machine]:
    """Train a machine on the data, another on its hidden probabilities, and so on: greedily.

    Parameters
    ----------
    x : ndarray of float, shape (samples, visible)
        From 0 to 1.
    num_hidden : sequence of int
        Hidden units of each machine, from the data up.
    learning_rate, num_epochs, batch_size, rng
        See `train`.

    Returns
    -------
    list of Machine
        A machine does not change once the next one is begun.

    Notes
    -----
    [B], section 4; [C], figure 1, pretraining.

    Examples
    --------
    >>> machines = stack(np.eye(6), [4, 3], 0.1, 5, 2, np.random.default_rng(0))
    >>> [machine.weights.shape for machine in machines]
    [(6, 4), (4, 3)]
    """
    machines: list[Machine] = []
    for number in num_hidden:
        machine = new(x.shape[1], number, rng)
        machines.append(train(machine, x, learning_rate, num_epochs, batch_size, rng))
        x = hidden_probabilities(machines[-1], x)
    return machines


def unrolled(
    machines: Sequence[Machine], num_outputs: int, rng: np.random.Generator
) -> list[tuple[NDArray, NDArray]]:
    """Return the layers of a network that begins as a stack: weights and biases of each.

    Parameters
    ----------
    machines : sequence of Machine
        From the data up; at least one.
    num_outputs : int
        Units of a last layer, with small normal weights (deviation 0.01) and biases 0.
    rng : numpy.random.Generator

    Returns
    -------
    list of (weights, biases)

    Notes
    -----
    [C], figure 1, unrolling; here for a classifier: a machine looks up as a layer of sigmoids does.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> [weights.shape for weights, _ in unrolled([new(6, 4, rng), new(4, 3, rng)], 2, rng)]
    [(6, 4), (4, 3), (3, 2)]
    """
    layers = [(machine.weights, machine.hidden_biases) for machine in machines]
    last = rng.normal(scale=0.01, size=(len(layers[-1][1]), num_outputs))
    return [*layers, (last, np.zeros(num_outputs))]
