"""The restricted Boltzmann machine against counting, against differences, and scikit-learn's."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.neural_network import BernoulliRBM

from helpers import boltzmann
from helpers.boltzmann import Machine

VISIBLE, HIDDEN = 4, 3
ALL_VISIBLE = np.array(list(itertools.product([0.0, 1.0], repeat=VISIBLE)))
ALL_HIDDEN = np.array(list(itertools.product([0.0, 1.0], repeat=HIDDEN)))
DATA = np.array([[1.0, 0, 1, 0], [0, 1, 0, 1], [1, 1, 0, 0], [1, 0, 1, 0], [1, 1, 1, 1]])


@pytest.fixture
def machine() -> Machine:
    rng = np.random.default_rng(3)
    return Machine(rng.normal(size=(VISIBLE, HIDDEN)), rng.normal(size=VISIBLE), rng.normal(size=3))


def _joint(machine: Machine) -> NDArray:
    """Return the probability of each pair of states, shape (visible states, hidden states)."""
    energies = [
        [boltzmann.energy(machine, v[np.newaxis], h[np.newaxis])[0] for h in ALL_HIDDEN]
        for v in ALL_VISIBLE
    ]
    unnormalised = np.exp(-np.array(energies))
    return unnormalised / unnormalised.sum()


def _log_likelihood(machine: Machine) -> float:
    """Return the mean log probability of the data, by counting all states."""
    p = _joint(machine).sum(axis=1)
    rows = [int(np.flatnonzero((v == ALL_VISIBLE).all(axis=1))[0]) for v in DATA]
    return float(np.mean(np.log(p[rows])))


def _model_correlations(machine: Machine) -> Machine:
    """Return what `correlations` estimates, under the machine's own distribution."""
    joint = _joint(machine)
    return Machine(
        ALL_VISIBLE.T @ joint @ ALL_HIDDEN,
        joint.sum(axis=1) @ ALL_VISIBLE,
        joint.sum(axis=0) @ ALL_HIDDEN,
    )


def test_energy_term_by_term(machine: Machine) -> None:
    for v, h in itertools.product(ALL_VISIBLE, ALL_HIDDEN):
        wanted = 0.0
        for i in range(VISIBLE):
            wanted -= v[i] * machine.visible_biases[i]
            wanted -= sum(v[i] * h[j] * machine.weights[i, j] for j in range(HIDDEN))
        wanted -= sum(h[j] * machine.hidden_biases[j] for j in range(HIDDEN))
        assert boltzmann.energy(machine, [v], [h]) == pytest.approx([wanted])


def test_free_energy_counts_the_hidden_states(machine: Machine) -> None:
    p = np.exp(-boltzmann.free_energy(machine, ALL_VISIBLE))
    np.testing.assert_allclose(p / p.sum(), _joint(machine).sum(axis=1))


def test_free_energy_does_not_overflow() -> None:
    machine = Machine(np.full((2, 1), 1000.0), np.zeros(2), np.zeros(1))
    found = boltzmann.free_energy(machine, [[1, 1], [0, 0], [-1, -1]])
    np.testing.assert_allclose(found, [-2000, -np.log(2), 0])


def test_conditionals_by_counting(machine: Machine) -> None:
    joint = _joint(machine)
    given_visible = joint @ ALL_HIDDEN / joint.sum(axis=1, keepdims=True)
    given_hidden = joint.T @ ALL_VISIBLE / joint.sum(axis=0)[:, np.newaxis]
    np.testing.assert_allclose(boltzmann.hidden_probabilities(machine, ALL_VISIBLE), given_visible)
    np.testing.assert_allclose(boltzmann.visible_probabilities(machine, ALL_HIDDEN), given_hidden)


def test_data_minus_model_is_the_gradient(machine: Machine) -> None:
    data, model = boltzmann.correlations(machine, DATA), _model_correlations(machine)
    little = 1e-6
    for part in range(3):
        formula = data[part] - model[part]
        for index in np.ndindex(formula.shape):
            likelihoods = []
            for sign in (1, -1):
                moved = [array.copy() for array in machine]
                moved[part][index] += sign * little
                likelihoods.append(_log_likelihood(Machine(*moved)))
            measured = (likelihoods[0] - likelihoods[1]) / (2 * little)
            assert formula[index] == pytest.approx(measured, abs=1e-8)


def test_many_gibbs_steps_draw_from_the_machine(machine: Machine) -> None:
    rng = np.random.default_rng(0)
    visible = np.zeros((40_000, VISIBLE))
    for _ in range(30):
        visible = boltzmann.gibbs_step(machine, visible, rng)
    found = [np.mean((visible == v).all(axis=1)) for v in ALL_VISIBLE]
    np.testing.assert_allclose(found, _joint(machine).sum(axis=1), atol=0.01)


def test_contrastive_divergence_nears_the_gradient(machine: Machine) -> None:
    data, model = boltzmann.correlations(machine, DATA), _model_correlations(machine)
    exact = np.concatenate([(d - m).ravel() for d, m in zip(data, model, strict=True)])
    distances = []
    for num_steps in (1, 20):
        rng = np.random.default_rng(0)
        found = boltzmann.contrastive_divergence(
            machine, np.repeat(DATA, 8000, axis=0), rng, num_steps
        )
        distances.append(np.abs(np.concatenate([f.ravel() for f in found]) - exact).max())
    assert distances[1] < 0.01 < distances[0]


def test_contrastive_divergence_is_right_on_average(machine: Machine) -> None:
    """CD-1 by counting: each datum, each hidden state, each reconstruction with its probability."""
    expected = np.zeros((VISIBLE, HIDDEN))
    for v in DATA:
        on = boltzmann.hidden_probabilities(machine, [v])[0]
        for h in ALL_HIDDEN:
            p_h = np.prod(np.where(h == 1, on, 1 - on))
            back = boltzmann.visible_probabilities(machine, [h])[0]
            for r in ALL_VISIBLE:
                p = p_h * np.prod(np.where(r == 1, back, 1 - back))
                expected += p * np.outer(r, boltzmann.hidden_probabilities(machine, [r])[0])
    expected = boltzmann.correlations(machine, DATA).weights - expected / len(DATA)
    many, rng = np.repeat(DATA, 20_000, axis=0), np.random.default_rng(1)
    found = boltzmann.contrastive_divergence(machine, many, rng).weights
    np.testing.assert_allclose(found, expected, atol=0.01)


def test_training_raises_the_likelihood() -> None:
    rng = np.random.default_rng(1)
    untrained = boltzmann.new(VISIBLE, HIDDEN, rng)
    trained = boltzmann.train(untrained, np.repeat(DATA, 4, axis=0), 0.1, 1000, 20, rng)
    assert _log_likelihood(trained) > _log_likelihood(untrained) + 0.5


def test_the_generator_alone_decides() -> None:
    stacks = [
        boltzmann.stack(DATA, [3, 2], 0.1, 3, 2, np.random.default_rng(seed)) for seed in (0, 0, 1)
    ]
    for one, same, other in zip(*stacks, strict=True):
        np.testing.assert_array_equal(one.weights, same.weights)
        assert not np.array_equal(one.weights, other.weights)


def test_a_stack_is_greedy() -> None:
    lower = boltzmann.stack(DATA, [3], 0.1, 3, 2, np.random.default_rng(0))[0]
    both = boltzmann.stack(DATA, [3, 2], 0.1, 3, 2, np.random.default_rng(0))
    np.testing.assert_array_equal(both[0].weights, lower.weights)


def test_a_dream_is_a_chain_of_gibbs_steps(machine: Machine) -> None:
    dreamt = boltzmann.dream(machine, 20_000, [1, 30], np.random.default_rng(0))
    assert list(dreamt) == ["noise", "step 1", "step 30"]
    assert set(np.unique(dreamt["noise"])) == {0, 1}
    model = _model_correlations(machine)
    np.testing.assert_allclose(dreamt["step 30"].mean(axis=0), model.visible_biases, atol=0.01)


def test_an_unrolled_stack_looks_up_as_the_stack_does() -> None:
    rng = np.random.default_rng(0)
    machines = boltzmann.stack(DATA, [3, 2], 0.1, 3, 2, rng)
    layers = boltzmann.unrolled(machines, 5, rng)
    up = by_machines = DATA
    for (weights, biases), machine in zip(layers[:-1], machines, strict=True):
        up = 1 / (1 + np.exp(-(up @ weights + biases)))
        by_machines = boltzmann.hidden_probabilities(machine, by_machines)
    np.testing.assert_allclose(up, by_machines)
    assert (up @ layers[-1][0] + layers[-1][1]).shape == (len(DATA), 5)


def _sklearns(machine: Machine) -> BernoulliRBM:
    theirs = BernoulliRBM(n_components=HIDDEN)
    theirs.components_ = machine.weights.T
    theirs.intercept_visible_ = machine.visible_biases
    theirs.intercept_hidden_ = machine.hidden_biases
    theirs.n_features_in_ = VISIBLE
    return theirs


def test_sklearns_conditionals_and_free_energy(machine: Machine) -> None:
    theirs = _sklearns(machine)
    np.testing.assert_allclose(
        boltzmann.hidden_probabilities(machine, ALL_VISIBLE), theirs.transform(ALL_VISIBLE)
    )
    np.testing.assert_allclose(
        boltzmann.free_energy(machine, ALL_VISIBLE), theirs._free_energy(ALL_VISIBLE)
    )


def test_sklearns_score(machine: Machine) -> None:
    """Its pseudo-likelihood flips one random pixel of each sample and compares free energies."""
    theirs = _sklearns(machine).set_params(random_state=0)
    flipped, pixel = DATA.copy(), np.random.RandomState(0).randint(0, VISIBLE, len(DATA))
    flipped[np.arange(len(DATA)), pixel] = 1 - flipped[np.arange(len(DATA)), pixel]
    rise = boltzmann.free_energy(machine, flipped) - boltzmann.free_energy(machine, DATA)
    np.testing.assert_allclose(theirs.score_samples(DATA), -VISIBLE * np.log1p(np.exp(-rise)))


def test_sklearns_gibbs_step_has_the_same_distribution(machine: Machine) -> None:
    theirs = _sklearns(machine).set_params(random_state=0)
    start = np.repeat(DATA[:1], 20_000, axis=0)
    theirs.random_state_ = np.random.RandomState(0)
    found = boltzmann.gibbs_step(machine, start, np.random.default_rng(0))
    np.testing.assert_allclose(found.mean(axis=0), theirs.gibbs(start).mean(axis=0), atol=0.02)
