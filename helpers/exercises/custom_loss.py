"""Exercises of lesson 12: what a shop earns, its best order, and a loss that says so."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import custom_loss as probes

__all__ = ["best_constant", "hint", "profit", "shop_loss"]


def _prices(rng: np.random.Generator) -> tuple[float, float, float]:
    """Return a selling price, a lower purchase price, and a salvage below that."""
    salvage = float(rng.uniform(0.5, 2.0))
    purchase = salvage + float(rng.uniform(1.0, 3.0))
    return purchase + float(rng.uniform(1.0, 6.0)), purchase, salvage


# What a day earns ---------------------------------------------------------------------------


def _profit(
    orders: NDArray, demand: NDArray, price: float, purchase: float, salvage: float
) -> NDArray:
    days = []
    for ordered, wanted in zip(orders, demand, strict=True):
        sold = min(ordered, wanted)
        days.append(price * sold + salvage * (ordered - sold) - purchase * ordered)
    return np.array(days)


def everything_sold(
    orders: NDArray, demand: NDArray, price: float, purchase: float, salvage: float
) -> NDArray:
    """You sell all that was ordered; no more is sold than customers want."""
    return (price - purchase) * orders


def everybody_served(
    orders: NDArray, demand: NDArray, price: float, purchase: float, salvage: float
) -> NDArray:
    """You sell to every customer; no more is sold than the shop has."""
    return price * demand + salvage * np.maximum(orders - demand, 0) - purchase * orders


def salvage_forgotten(
    orders: NDArray, demand: NDArray, price: float, purchase: float, salvage: float
) -> NDArray:
    """You leave out what comes back for the pieces left over, salvage for each."""
    return price * np.minimum(orders, demand) - purchase * orders


def salvage_below_zero(
    orders: NDArray, demand: NDArray, price: float, purchase: float, salvage: float
) -> NDArray:
    """On a day with too few pieces you take salvage away for those that are missing.

    What is left over is orders minus what was sold, which is never negative.
    """
    return price * np.minimum(orders, demand) + salvage * (orders - demand) - purchase * orders


def only_sold_are_paid(
    orders: NDArray, demand: NDArray, price: float, purchase: float, salvage: float
) -> NDArray:
    """The shop pays only for what it sells; it has to pay for everything that it ordered."""
    sold = np.minimum(orders, demand)
    return (price - purchase) * sold + salvage * (orders - sold)


def income(
    orders: NDArray, demand: NDArray, price: float, purchase: float, salvage: float
) -> NDArray:
    """This is what comes in: take away what the shop pays for the pieces it ordered."""
    sold = np.minimum(orders, demand)
    return price * sold + salvage * (orders - sold)


def all_days_together(
    orders: NDArray, demand: NDArray, price: float, purchase: float, salvage: float
) -> Any:
    """You return one number for all days; each day's own profit is asked for."""
    return np.sum(_profit(orders, demand, price, purchase, salvage))


def profit_from_the_loss(
    orders: NDArray, demand: NDArray, price: float, purchase: float, salvage: float
) -> NDArray:
    """Take what the perfect order earns, less what was lost."""
    gap = orders - demand
    lost = np.where(gap > 0, (purchase - salvage) * gap, (purchase - price) * gap)
    return (price - purchase) * demand - lost


def profit_in_tensorflow(
    orders: NDArray, demand: NDArray, price: float, purchase: float, salvage: float
) -> Any:
    """Use TensorFlow in float32."""
    import tensorflow as tf

    orders, demand = tf.cast(orders, tf.float32), tf.cast(demand, tf.float32)
    sold = tf.where(orders < demand, orders, demand)
    return (price - salvage) * sold - (purchase - salvage) * orders


_ORDERS, _DEMAND = np.array([90.0, 100.0, 110.0, 40.0]), np.array([100.0, 100.0, 100.0, 75.0])

profit = Exercise(
    name="profit",
    lesson="12_custom_loss",
    reference=_profit,
    parts=[
        Part(
            "nothing back for what is left over",
            points=1,
            cases=[(_ORDERS, _DEMAND, 11.0, 1.0, 0.0), (_DEMAND, _ORDERS, 3.0, 2.0, 0.0)],
        ),
        Part(
            "something back",
            points=1,
            cases=[(_ORDERS, _DEMAND, 12.0, 9.0, 1.0)],
            random_case=lambda rng: (
                rng.uniform(0, 100, 6),
                rng.uniform(0, 100, 6),
                *_prices(rng),
            ),
        ),
    ],
    misconceptions=[
        everything_sold,
        everybody_served,
        salvage_forgotten,
        salvage_below_zero,
        only_sold_are_paid,
        income,
        all_days_together,
    ],
    also_right=[profit_from_the_loss, profit_in_tensorflow],
    hints=[
        "How many pieces are sold on a day depends on two numbers, and is never above either of "
        "them. NumPy has a function for the smaller of two arrays, element by element.",
        "Three amounts of money: price for each piece sold, salvage for each piece ordered and not "
        "sold, and purchase, to be paid, for each piece ordered.",
        "With sold = the smaller of orders and demand, what is left over is orders - sold. Two of "
        "the three amounts come in, one goes out.",
    ],
)

# The best order -----------------------------------------------------------------------------


def _best_constant(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    # Try them all: max keeps the first of equals, which is the smallest of sorted ones.
    def earned(order: float) -> float:
        return _profit(np.full(len(demand), order), demand, price, purchase, salvage).sum()

    return max(np.sort(demand), key=earned)


def _quantile(demand: NDArray, share: float) -> Any:
    return np.quantile(demand, share, method="inverted_cdf")


def costs_swapped(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """Your share is cost_over / (cost_over + cost_under), the wrong way round.

    The dearer it is to run out, the larger the share of days on which the order must be enough.
    """
    return _quantile(demand, (purchase - salvage) / (price - salvage))


def price_lost(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """A piece too few costs you the whole price.

    It was not bought either: what is lost is the price less the purchase.
    """
    return _quantile(demand, price / (price + purchase - salvage))


def purchase_lost(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """A piece too many costs you the whole purchase; salvage comes back."""
    return _quantile(demand, (price - purchase) / price)


def mean_demand(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """You order the mean, whatever the prices are: that is best for the squared error."""
    return np.mean(demand)


def median_demand(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """You order the median, whatever the prices are: best where both mistakes cost the same."""
    return _quantile(demand, 0.5)


def never_too_few(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """You order enough for the busiest day: most days pay dearly for what is left over."""
    return np.max(demand)


def between_two_days(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """Your share is right, and the result lies between the demands of two days.

    By itself, np.quantile draws a straight line between two values. Ask for a value that occurs:
    method="inverted_cdf".
    """
    return np.quantile(demand, (price - purchase) / (price - salvage))


def larger_of_equals(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """Two orders earn the same here, and you return the larger: the smaller was asked for."""
    orders = np.sort(demand)[::-1]
    earned = [
        _profit(np.full(len(demand), order), demand, price, purchase, salvage).sum()
        for order in orders
    ]
    return orders[int(np.argmax(np.round(earned, 6)))]


def best_by_sorting(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """Count the days off by hand."""
    share = (price - purchase) / (price - salvage)
    return sorted(demand.tolist())[int(np.ceil(share * len(demand))) - 1]


def best_by_the_loss(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """Compare the losses of all candidates, in float32."""
    candidates = np.sort(demand).astype(np.float32)
    gap = candidates[:, np.newaxis] - demand
    lost = np.maximum((purchase - salvage) * gap, (purchase - price) * gap)
    return candidates[lost.sum(axis=1).argmin()]


_WEEK = np.array([50.0, 20.0, 90.0, 40.0, 70.0, 30.0, 65.0])

best_constant = Exercise(
    name="best_constant",
    lesson="12_custom_loss",
    reference=_best_constant,
    parts=[
        Part(
            "nothing back for what is left over",
            points=1,
            cases=[
                (_WEEK, 10.0, 2.0, 0.0),
                (_WEEK, 10.0, 7.0, 0.0),
                # Enough on 3 of 7 days: 40 and 50 earn the same.
                (_WEEK, 7.0, 4.0, 0.0),
            ],
        ),
        Part(
            "something back",
            points=1,
            cases=[
                (_WEEK, 12.0, 9.0, 1.0),
                (_WEEK, 10.0, 5.0, 3.5),
            ],
            random_case=lambda rng: (rng.uniform(0, 100, 41), *_prices(rng)),
        ),
    ],
    misconceptions=[
        costs_swapped,
        price_lost,
        purchase_lost,
        mean_demand,
        median_demand,
        never_too_few,
        between_two_days,
        larger_of_equals,
    ],
    also_right=[best_by_sorting, best_by_the_loss],
    hints=[
        "First the two costs. What has the shop lost by one piece that nobody bought, and what by "
        "one customer who left without a piece?",
        "A piece too many costs purchase - salvage, a piece too few price - purchase. Which share "
        "of the days must the order be enough for?",
        'np.quantile(..., method="inverted_cdf") gives the smallest of its values that is enough '
        "for a share of them. The share is cost_under / (cost_over + cost_under).",
    ],
)

# The loss -----------------------------------------------------------------------------------


def _shop_loss(orders: Any, demand: Any, price: float, purchase: float, salvage: float) -> Any:
    import tensorflow as tf

    gap = orders - demand
    lost = tf.where(gap > 0, (purchase - salvage) * gap, (purchase - price) * gap)
    return tf.reduce_sum(lost) / lost.shape[0]


def slopes_swapped(orders: Any, demand: Any, price: float, purchase: float, salvage: float) -> Any:
    """You charge the cost of a piece too many for one too few, and the other way round."""
    return _shop_loss(demand, orders, price, purchase, salvage)


def whole_price(orders: Any, demand: Any, price: float, purchase: float, salvage: float) -> Any:
    """A missing piece costs you the whole price; the shop did not buy it, so take purchase off."""
    return _shop_loss(orders, demand, price + purchase, purchase, salvage)


def whole_purchase(orders: Any, demand: Any, price: float, purchase: float, salvage: float) -> Any:
    """A piece left over costs you the whole purchase; the shop gets salvage back for it."""
    return _shop_loss(orders, demand, price, purchase, 0.0)


def loss_summed(orders: Any, demand: Any, price: float, purchase: float, salvage: float) -> Any:
    """You add up the days; here the mean is asked for, which does not grow with the batch."""
    return _shop_loss(orders, demand, price, purchase, salvage) * orders.shape[0]


def minus_profit(orders: Any, demand: Any, price: float, purchase: float, salvage: float) -> Any:
    """You return minus the profit.

    Its gradient is right, and training would end in the same place. But a loss should be 0 where
    nothing was lost: compare each day with the perfect order.
    """
    import tensorflow as tf

    lost = _shop_loss(orders, demand, price, purchase, salvage)
    return lost - (price - purchase) * tf.reduce_mean(demand)


def profit_as_loss(orders: Any, demand: Any, price: float, purchase: float, salvage: float) -> Any:
    """You return the profit; training makes its loss small, and would ruin the shop."""
    return -minus_profit(orders, demand, price, purchase, salvage)


def squared(orders: Any, demand: Any, price: float, purchase: float, salvage: float) -> Any:
    """You square the differences; each piece costs the same, however many there are."""
    import tensorflow as tf

    gap = orders - demand
    cost = tf.where(gap > 0, purchase - salvage, price - purchase)
    return tf.reduce_mean(cost * gap**2)


def left_tensorflow(orders: Any, demand: Any, price: float, purchase: float, salvage: float) -> Any:
    """The value is right, but it was computed by NumPy, and the tape saw nothing of it.

    Then there is no gradient and nothing is learned. Use functions of tf from orders to loss.
    """
    gap = orders.numpy() - demand.numpy()
    lost = np.where(gap > 0, (purchase - salvage) * gap, (purchase - price) * gap)
    return np.mean(lost).astype(np.float32)


def loss_by_maximum(orders: Any, demand: Any, price: float, purchase: float, salvage: float) -> Any:
    """Take the larger of two straight lines."""
    import tensorflow as tf

    gap = orders - demand
    return tf.reduce_mean(tf.maximum((purchase - salvage) * gap, (purchase - price) * gap))


def loss_by_absolute_value(
    orders: Any, demand: Any, price: float, purchase: float, salvage: float
) -> Any:
    """Tilt the absolute value: half the costs' sum times it, and half their difference."""
    import tensorflow as tf

    gap = orders - demand
    tilt = 2 * purchase - salvage - price
    return tf.reduce_mean(tf.abs(gap) * (price - salvage) + gap * tilt) / 2


def _random_shop(rng: np.random.Generator) -> tuple:
    demand = rng.uniform(1, 2, 5)
    # Never within a rounding of the kink, where right answers differ.
    gaps = rng.uniform(0.1, 0.9, 5) * rng.choice([-1.0, 1.0], 5)
    gaps[:2] = np.abs(gaps[0]), -np.abs(gaps[1])
    return demand + gaps, demand, *_prices(rng)


shop_loss = Exercise(
    name="shop_loss",
    lesson="12_custom_loss",
    reference=_shop_loss,
    probe=probes.with_gradient,
    parts=[
        Part(
            "one day",
            points=1,
            cases=[
                (np.array([3.0]), np.array([1.0]), 12.0, 9.0, 1.0),
                (np.array([1.0]), np.array([3.5]), 12.0, 9.0, 1.0),
            ],
        ),
        Part(
            "several days",
            points=1,
            cases=[
                (
                    np.array([3.0, 1.0, 2.0, 0.5]),
                    np.array([1.0, 3.0, 1.5, 2.0]),
                    12.0,
                    9.0,
                    1.0,
                )
            ],
            random_case=_random_shop,
        ),
    ],
    misconceptions=[
        slopes_swapped,
        whole_price,
        whole_purchase,
        loss_summed,
        minus_profit,
        profit_as_loss,
        squared,
        left_tensorflow,
    ],
    also_right=[loss_by_maximum, loss_by_absolute_value],
    hints=[
        "You know the two costs from the exercise before. How many pieces too many are there on "
        "each day, and how many too few? One of the two is always 0.",
        "tf.nn.relu(z) is the larger of z and 0. Of orders - demand it gives the pieces too many. "
        "Of what does it give the pieces too few?",
        "Multiply the pieces too many by purchase - salvage and the pieces too few by "
        "price - purchase, add the two, and take tf.reduce_mean.",
    ],
)
