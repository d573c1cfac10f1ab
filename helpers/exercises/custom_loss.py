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


def left_over_always(
    orders: NDArray, demand: NDArray, price: float, purchase: float, salvage: float
) -> NDArray:
    """You get salvage for every piece ordered, sold or not: only the rest goes back."""
    return price * np.minimum(orders, demand) + (salvage - purchase) * orders


def larger_of_the_two(
    orders: NDArray, demand: NDArray, price: float, purchase: float, salvage: float
) -> NDArray:
    """You sell the larger of order and demand; it is the smaller."""
    sold = np.maximum(orders, demand)
    return price * sold + salvage * (orders - sold) - purchase * orders


def margin_on_every_customer(
    orders: NDArray, demand: NDArray, price: float, purchase: float, salvage: float
) -> NDArray:
    """You take away what was lost by customers who left: that is in the pieces sold already."""
    missed = (price - purchase) * np.maximum(demand - orders, 0)
    return _profit(orders, demand, price, purchase, salvage) - missed


def whole_pieces(
    orders: NDArray, demand: NDArray, price: float, purchase: float, salvage: float
) -> NDArray:
    """You cut the pieces that are sold to whole numbers; here they may be any numbers."""
    sold = np.trunc(np.minimum(orders, demand))
    return price * sold + salvage * (orders - sold) - purchase * orders


def smallest_of_all_days(
    orders: NDArray, demand: NDArray, price: float, purchase: float, salvage: float
) -> NDArray:
    """You sell the same number on all days, the smallest of all.

    `min` of a whole array is a single number; np.minimum compares two arrays day by day.
    """
    sold = min(np.min(orders), np.min(demand))
    return price * sold + salvage * (orders - sold) - purchase * orders


def rest_carried_over(
    orders: NDArray, demand: NDArray, price: float, purchase: float, salvage: float
) -> NDArray:
    """You sell what was left over on the day before; it has gone back for `salvage`."""
    days, rest = [], 0.0
    for ordered, wanted in zip(orders, demand, strict=True):
        sold = min(ordered + rest, wanted)
        rest += ordered - sold
        days.append(price * sold + salvage * rest - purchase * ordered)
    return np.array(days)


def salvage_as_a_share(
    orders: NDArray, demand: NDArray, price: float, purchase: float, salvage: float
) -> NDArray:
    """You multiply `salvage` by the price: it is not a share, it is what comes back for a piece."""
    return _profit(orders, demand, price, purchase, salvage * price)


def demand_is_paid(
    orders: NDArray, demand: NDArray, price: float, purchase: float, salvage: float
) -> NDArray:
    """The shop pays for what customers want; it has to pay for all that it ordered."""
    sold = np.minimum(orders, demand)
    return price * sold + salvage * (orders - sold) - purchase * demand


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
        left_over_always,
        larger_of_the_two,
        margin_on_every_customer,
        whole_pieces,
        smallest_of_all_days,
        demand_is_paid,
        rest_carried_over,
        salvage_as_a_share,
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


def _totals(demand: NDArray, price: float, purchase: float, salvage: float) -> NDArray:
    """Return what each day's demand would earn as the order of all days."""
    orders = [np.full(len(demand), order) for order in demand]
    totals = [_profit(each, demand, price, purchase, salvage).sum() for each in orders]
    return np.round(totals, 6)


def last_of_equals(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """Of two orders that earn the same you return the one that comes later in `demand`.

    The smaller was asked for: try the orders from the smallest on, and keep the first of equals.
    """
    totals = _totals(demand, price, purchase, salvage)
    return demand[np.flatnonzero(totals == totals.max())[-1]]


def first_of_equals(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """Of two orders that earn the same you return the one that comes earlier in `demand`.

    The smaller was asked for: sort the orders before you try them.
    """
    return demand[_totals(demand, price, purchase, salvage).argmax()]


def day_number(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """You return the number of the day; its demand is asked for."""
    return _totals(demand, price, purchase, salvage).argmax()


def what_it_earns(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """You return what the best order earns; the order itself is asked for."""
    return _totals(demand, price, purchase, salvage).max()


def one_day_too_few(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """Your order is the value below the right one: it must be enough for the whole share of days.

    Round the number of days up, not down.
    """
    days = int((price - purchase) / (price - salvage) * len(demand))
    return np.sort(demand)[max(days - 1, 0)]


def salvage_added(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """A piece too many costs you purchase + salvage; salvage comes back, so take it off."""
    over, under = purchase + salvage, price - purchase
    return _quantile(demand, under / (over + under))


def next_to_the_mean(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """You order the demand next to the mean, whatever the prices are."""
    return demand[np.abs(demand - np.mean(demand)).argmin()]


def number_in_another_order(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """You found the best day's number in one order of the days, and look it up in another.

    Either sort the demand before you try its values, or not at all.
    """
    return np.sort(demand)[_totals(demand, price, purchase, salvage).argmax()]


def worst_order(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """You return the order that earns least: a profit is to be as large as can be."""
    orders = np.sort(demand)
    return orders[_totals(orders, price, purchase, salvage).argmin()]


def values_counted_once(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """A demand that occurs on several days counts for one day with you: it counts for each."""
    return _quantile(np.unique(demand), (price - purchase) / (price - salvage))


def nearest_day(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """Your order is a neighbour of the right one: the share is rounded to the nearest day.

    np.quantile does that with method="nearest"; "inverted_cdf" gives the first that is enough.
    """
    return np.quantile(demand, (price - purchase) / (price - salvage), method="nearest")


def whole_numbers_tried(demand: NDArray, price: float, purchase: float, salvage: float) -> Any:
    """You try whole numbers only; the best order is one of the demands, which may be fractions."""
    orders = np.arange(np.floor(demand.min()), np.ceil(demand.max()) + 1)
    earned = [
        _profit(np.full(len(demand), order), demand, price, purchase, salvage).sum()
        for order in orders
    ]
    return orders[int(np.argmax(earned))]


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
# Of 8 days a quarter or a half is a whole number of days, without rounding: there two orders earn
# the same. Tried in both orders, lest the right one of two is found by its place.
_EIGHT_DAYS = np.array([50.0, 20.0, 90.0, 40.0, 70.0, 30.0, 65.0, 80.0])

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
                # Enough on 2 of 8 days: 30 and 40 earn the same.
                (_EIGHT_DAYS, 8.0, 6.0, 0.0),
                (_EIGHT_DAYS[::-1].copy(), 8.0, 6.0, 0.0),
                # The median and the demand next to the mean are two.
                (np.array([10.0, 200.0, 30.0, 20.0, 50.0]), 10.0, 2.0, 0.0),
                # Equal days count each.
                (np.array([9.0, 1.0, 1.0, 1.0, 1.0]), 10.0, 4.0, 0.0),
            ],
        ),
        Part(
            "something back",
            points=1,
            cases=[
                (_WEEK, 12.0, 9.0, 1.0),
                (_WEEK, 10.0, 5.0, 3.5),
                # Enough on 6 of 8 days: 70 and 80 earn the same.
                (_EIGHT_DAYS, 12.0, 6.0, 4.0),
                (_EIGHT_DAYS[::-1].copy(), 12.0, 6.0, 4.0),
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
        last_of_equals,
        first_of_equals,
        day_number,
        what_it_earns,
        one_day_too_few,
        salvage_added,
        next_to_the_mean,
        number_in_another_order,
        worst_order,
        values_counted_once,
        nearest_day,
        whole_numbers_tried,
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
    """The value is right, but the tape finds no way from it back to the orders.

    Somewhere between you leave TensorFlow, for NumPy or numbers of Python, or stop the gradient.
    Then nothing is learned. Use functions of tf from orders to loss.
    """
    gap = orders.numpy() - demand.numpy()
    lost = np.where(gap > 0, (purchase - salvage) * gap, (purchase - price) * gap)
    return np.mean(lost).astype(np.float32)


def too_few_is_a_gain(
    orders: Any, demand: Any, price: float, purchase: float, salvage: float
) -> Any:
    """On a day with too few your loss is negative: there it is demand - orders that counts."""
    import tensorflow as tf

    gap = orders - demand
    return tf.reduce_mean(tf.where(gap > 0, (purchase - salvage) * gap, (price - purchase) * gap))


def too_many_alone(orders: Any, demand: Any, price: float, purchase: float, salvage: float) -> Any:
    """A day with too few costs nothing in your loss: add price - purchase for each one missing."""
    import tensorflow as tf

    return tf.reduce_mean((purchase - salvage) * tf.nn.relu(orders - demand))


def too_few_alone(orders: Any, demand: Any, price: float, purchase: float, salvage: float) -> Any:
    """A day with too many costs nothing in your loss: add purchase - salvage for each left over."""
    import tensorflow as tf

    return tf.reduce_mean((price - purchase) * tf.nn.relu(demand - orders))


def mean_first(orders: Any, demand: Any, price: float, purchase: float, salvage: float) -> Any:
    """You take the mean of the differences first, where too many and too few cancel.

    Take the loss of each day, and then the mean.
    """
    import tensorflow as tf

    gap = tf.reduce_mean(orders - demand)
    return tf.maximum((purchase - salvage) * gap, (purchase - price) * gap)


def every_day_with_every(
    orders: Any, demand: Any, price: float, purchase: float, salvage: float
) -> Any:
    """You compare every order with every day's demand: one of the two has lost its shape.

    With (days,) and (days, 1) the difference has the shape (days, days).
    """
    import tensorflow as tf

    return _shop_loss(tf.reshape(orders, [-1]), demand, price, purchase, salvage)


def one_loss_a_day(orders: Any, demand: Any, price: float, purchase: float, salvage: float) -> Any:
    """You return a loss for each day; the mean of all is asked for, one number."""
    import tensorflow as tf

    gap = orders - demand
    return tf.maximum((purchase - salvage) * gap, (purchase - price) * gap)


def one_loss_a_column(
    orders: Any, demand: Any, price: float, purchase: float, salvage: float
) -> Any:
    """You take the mean over axis 0 alone: of the shape (days, 1) that leaves one number in a list.

    Without an axis tf.reduce_mean goes over all of them.
    """
    import tensorflow as tf

    return tf.reduce_mean(one_loss_a_day(orders, demand, price, purchase, salvage), axis=0)


def divided_by_the_gap(
    orders: Any, demand: Any, price: float, purchase: float, salvage: float
) -> Any:
    """Where an order meets its demand you divide 0 by 0; the loss there is 0."""
    import tensorflow as tf

    gap = orders - demand
    share = (gap / tf.abs(gap) + 1) / 2
    cost = share * (purchase - salvage) + (1 - share) * (price - purchase)
    return tf.reduce_mean(cost * tf.abs(gap))


def numbers_as_constants(
    orders: Any, demand: Any, price: float, purchase: float, salvage: float
) -> Any:
    """You make constants of the prices, and of whole numbers these are integers.

    TensorFlow does not multiply them with float32: leave them numbers, or say dtype=tf.float32.
    """
    import tensorflow as tf

    over, under = tf.constant(purchase - salvage), tf.constant(price - purchase)
    too_many, too_few = tf.nn.relu(orders - demand), tf.nn.relu(demand - orders)
    return tf.reduce_mean(over * too_many + under * too_few)


def smaller_of_the_two(
    orders: Any, demand: Any, price: float, purchase: float, salvage: float
) -> Any:
    """You keep the negative differences; pieces too few, or too many, are 0 or more (`maximum`)."""
    import tensorflow as tf

    gap = tf.cast(orders - demand, tf.float32)
    many, few = tf.minimum(gap, 0.0), tf.minimum(-gap, 0.0)
    return tf.reduce_mean((purchase - salvage) * many + (price - purchase) * few)


def mean_of_each_kind(
    orders: Any, demand: Any, price: float, purchase: float, salvage: float
) -> Any:
    """You take a mean over the days with too many and another over those with too few.

    The mean of no day at all is nan, and the two kinds are not equally frequent: take one mean over
    all days.
    """
    import tensorflow as tf

    gap = orders - demand
    many = tf.reduce_mean(tf.boolean_mask(gap, gap > 0))
    few = tf.reduce_mean(tf.boolean_mask(-gap, gap <= 0))
    return (purchase - salvage) * many + (price - purchase) * few


def never_beyond_six(
    orders: Any, demand: Any, price: float, purchase: float, salvage: float
) -> Any:
    """In your loss a miss beyond 6 costs no more than 6: relu6 is cut off there, relu is not."""
    import tensorflow as tf

    many, few = tf.nn.relu6(orders - demand), tf.nn.relu6(demand - orders)
    return tf.reduce_mean((purchase - salvage) * many + (price - purchase) * few)


def softened(orders: Any, demand: Any, price: float, purchase: float, salvage: float) -> Any:
    """Your bend is softened, as by softplus: the loss is 0 where an order meets its demand."""
    import tensorflow as tf

    many, few = tf.nn.softplus(orders - demand), tf.nn.softplus(demand - orders)
    return tf.reduce_mean((purchase - salvage) * many + (price - purchase) * few)


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
                # Met exactly: nothing is lost.
                (np.array([2.0]), np.array([2.0]), 12.0, 9.0, 1.0),
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
                ),
                # Far from the demand, on both sides.
                (np.array([20.0, 1.0]), np.array([1.0, 30.0]), 12.0, 9.0, 1.0),
                # As a column, and with whole numbers for prices.
                (np.array([[3.0], [1.0]]), np.array([[1.0], [3.0]]), 12, 9, 1),
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
        too_few_is_a_gain,
        too_many_alone,
        too_few_alone,
        mean_first,
        every_day_with_every,
        one_loss_a_day,
        one_loss_a_column,
        divided_by_the_gap,
        numbers_as_constants,
        smaller_of_the_two,
        mean_of_each_kind,
        never_beyond_six,
        softened,
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
