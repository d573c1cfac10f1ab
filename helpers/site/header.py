"""A lesson's header: the promise, the slides' headings, objectives, needs and minutes."""

import re
from typing import NamedTuple

_ROW = re.compile(r"^\| \*\*(.+?)\*\* \| (.*) \|$", re.MULTILINE)
_TABLE = re.compile(r"^\| \| \|\n\| --- \| --- \|\n(?:\|.*\|\n?)+", re.MULTILINE)


class Header(NamedTuple):
    """What stands above a lesson's first code cell."""

    slides: str
    you_will: list[str]
    needs: str
    minutes: int

    @property
    def sentence(self) -> str:
        """What the lesson gives, in one sentence.

        >>> Header("张量", ["name a shape", "slice a tensor"], "nothing", 35).sentence
        'Name a shape; slice a tensor.'
        """
        sentence = "; ".join(self.you_will)
        return f"{sentence[0].upper()}{sentence[1:]}."


def read_header(text: str) -> Header:
    r"""Read the table of a lesson's first cell.

    Raises ValueError where the table or one of its rows is missing.

    >>> read_header('''# 02 · Tensors
    ...
    ... | | |
    ... | --- | --- |
    ... | **Slides** | 张量 |
    ... | **You will** | name a shape; slice a tensor |
    ... | **Needs** | nothing |
    ... | **Minutes** | 35 |''').minutes
    35
    """
    rows = dict(_ROW.findall(text))
    try:
        return Header(
            slides=rows["Slides"],
            you_will=rows["You will"].split("; "),
            needs=rows["Needs"],
            minutes=int(rows["Minutes"]),
        )
    except KeyError as error:
        raise ValueError(f"its first cell has no row {error.args[0]!r} in its table") from error


def replace_header(text: str, block: str) -> str:
    """Return a lesson's first cell with another block in the place of its table."""
    return _TABLE.sub(lambda _: block + "\n", text, count=1)
