"""Pictures for the slide headed 输入文件队列: from which file each record comes."""

from collections.abc import Mapping, Sequence

from helpers.plots import style
from helpers.plots.style import Picture

_COLOURS = (style.BLUE, style.ORANGE, style.GREEN, style.RED, style.PURPLE, style.SKY)


@style.in_style
def reading(orders: Mapping[str, Sequence[str]]) -> Picture:
    """Draw orders of records, a row each; a record's first letter is its file.

    Parameters
    ----------
    orders : mapping of str to sequence of str
        A way of reading, to the records in the order in which they come, such as ``"a0"``.
    """
    longest = max(len(order) for order in orders.values())
    figure, axes = style.new(height=0.5 * len(orders) + 0.5)
    for row, order in enumerate(orders.values()):
        for place, record in enumerate(order):
            axes.plot(place, -row, "s", ms=21, color=_COLOURS[ord(record[0]) % 6], alpha=0.45)
            axes.text(place, -row, record, ha="center", va="center", fontsize=9)
    axes.set(xlim=(-0.7, longest - 0.3), ylim=(0.6 - len(orders), 0.6))
    axes.set(yticks=[-row for row in range(len(orders))], yticklabels=list(orders))
    axes.set(xticks=[], xlabel="records in the order in which they are read")
    axes.grid(visible=False)
    said = "; ".join(f"{name}: {' '.join(order)}" for name, order in orders.items())
    return Picture(figure, f"records in the order in which they are read. {said}.")
