"""Pictures for the slide headed 自定义代价函数."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from helpers import losses
from helpers.data import toy
from helpers.plots import style
from helpers.plots.style import Picture


@style.in_style
def best_order(cost_over: float, cost_under: float) -> Picture:
    """Draw the days by their demand, and the mean loss of one order for all days, by its size.

    Parameters
    ----------
    cost_over, cost_under : float
        What a piece too many and a piece too few cost.
    """
    _, labels = toy.noisy_sum()
    demand = np.sort(labels[:, 0])
    orders = np.linspace(0, 2, 401)
    mean_loss = losses.asymmetric_absolute_error(
        orders[:, np.newaxis], demand, cost_over, cost_under
    ).mean(axis=1)
    best = orders[mean_loss.argmin()]
    share = cost_under / (cost_over + cost_under)
    figure, (left, right) = style.new(columns=2, height=3.3)
    bins = np.arange(0, 2.01, 0.1)
    left.hist(demand[demand <= best], bins, color=style.SKY, label="enough")
    left.hist(demand[demand > best], bins, color=style.RED, label="too little", hatch="///")
    left.axvline(best, color=style.BLACK, linestyle="-")
    left.set(
        xlabel="demand (1000 pieces)",
        ylabel="days",
        title=f"enough on {np.mean(demand <= best):.0%} of the days",
        ylim=(0, 16),  # room for the legend
    )
    left.legend(loc="upper left", fontsize=9)
    right.plot(orders, mean_loss, color=style.BLUE)
    right.plot(best, mean_loss.min(), "o", color=style.BLACK)
    right.axvline(demand.mean(), color=style.GREY, linestyle="--", linewidth=1.2)
    right.annotate(
        "mean demand",
        (demand.mean(), mean_loss.max()),
        (-4, -4),
        textcoords="offset points",
        ha="right",
        va="top",
        fontsize=9,
    )
    right.set(
        xlabel="order for all days (1000 pieces)",
        ylabel="mean loss (1000 yuan)",
        title=f"lowest at {best:.2f}; a / (a + b) = {share:.0%}",
        ylim=(0, None),
    )
    return Picture(
        figure,
        f"with costs {cost_over:g} over and {cost_under:g} under, the mean loss is lowest at an "
        f"order of {best:.2f}, which is enough on {np.mean(demand <= best):.0%} of the days.",
    )


@style.in_style
def paths(found: Mapping[str, NDArray]) -> Picture:
    """Draw both weights by the step.

    Parameters
    ----------
    found : mapping of str to ndarray, shape (steps, 2)
        The weights, by what the run is called.
    """
    figure, axes = style.new(columns=2, height=3.5, sharey=True)
    for i, panel in enumerate(axes):
        panel.axhline(1, color=style.GREY, linewidth=1, linestyle="-")
        for name, path in found.items():
            panel.plot(path[:, i], label=name)
        panel.set(xlabel="step", ylabel=f"weight of x{i + 1}")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return Picture(
        figure,
        f"both weights by the step, for {', '.join(found)}: all runs end near 1, not in the same "
        "place.",
    )


@style.in_style
def misses(found: Mapping[str, NDArray]) -> Picture:
    """Draw how far orders are above demand, a histogram for each shop.

    Parameters
    ----------
    found : mapping of str to ndarray, shape (days,)
        Orders minus demand, in pieces.
    """
    figure, axes = style.new(rows=len(found), height=1.2 + 1.1 * len(found), sharex=True)
    low, high = (edge(np.concatenate([*found.values()])) for edge in (np.min, np.max))
    bins = np.arange(np.floor(low / 10) * 10, high + 10, 10)
    for panel, (name, miss) in zip(axes, found.items(), strict=True):
        panel.hist(miss[miss > 0], bins, color=style.SKY)
        panel.hist(miss[miss <= 0], bins, color=style.RED, hatch="///")
        panel.axvline(0, color=style.BLACK, linestyle="-", linewidth=1.5)
        panel.set_title(f"{name}: too few on {np.mean(miss < 0):.0%} of the days", fontsize=11)
        panel.set(yticks=[], ylabel="days")
    axes[-1].set(xlabel="order minus demand (pieces)")
    says = ", ".join(f"{name}: {np.mean(miss < 0):.0%}" for name, miss in found.items())
    return Picture(figure, f"histograms of order minus demand; days with too few, for {says}.")
