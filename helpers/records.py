"""The format of a TFRecords file, byte by byte: TFRecords."""

from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import NamedTuple

LENGTH = 8  # bytes that hold a record's length
CHECKSUM = 4


@cache
def _table() -> tuple[int, ...]:
    """Return what each value of a byte does to a remainder of 0."""
    remainders = []
    for remainder in range(256):
        for _ in range(8):
            # Castagnoli's polynomial, its bits in reverse order.
            remainder = remainder >> 1 ^ (0x82F63B78 if remainder & 1 else 0)
        remainders.append(remainder)
    return tuple(remainders)


def crc32c(data: bytes) -> int:
    """Return the cyclic redundancy check CRC-32C of some bytes.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    int
        From 0 to 2 ** 32 - 1. A change of one, two or three bits of a short text always changes
        it, and any other change leaves it as it is about once in 2 ** 32.

    Notes
    -----
    Castagnoli, Bräuer and Herrmann, IEEE Transactions on Communications 41, 1993. The check value
    below is the one by which its programs are known.

    Examples
    --------
    >>> f"{crc32c(b'123456789'):x}"
    'e3069283'
    """
    table = _table()
    remainder = 0xFFFFFFFF
    for byte in data:
        remainder = table[(remainder ^ byte) & 0xFF] ^ remainder >> 8
    return remainder ^ 0xFFFFFFFF


def checksum(data: bytes) -> bytes:
    """Return the four bytes that stand behind some bytes in a TFRecords file: a masked CRC-32C.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    bytes
        The CRC with its lower 15 bits moved to the front, plus a constant; the lowest byte first.

    Notes
    -----
    Slide: TFRecords. The mask is TensorFlow's (``MaskedCrc`` of its ``crc32c.h``): the CRC of bytes
    that end in their own CRC is always the same number.

    Examples
    --------
    >>> checksum(b"deep").hex()
    '81e7268b'
    """
    crc = crc32c(data)
    rotated = crc >> 15 | crc << 17
    return ((rotated + 0xA282EAD8) % 2**32).to_bytes(CHECKSUM, "little")


def frame(data: bytes) -> bytes:
    """Return a record as it stands in a file: length, its checksum, data, its checksum.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    bytes
        16 more than `data`.

    Notes
    -----
    Slide: TFRecords, ``TFRecordWriter``. A file is nothing but records in a row.

    Examples
    --------
    >>> len(frame(b"deep"))
    20
    """
    length = len(data).to_bytes(LENGTH, "little")
    return length + checksum(length) + data + checksum(data)


def read(contents: bytes) -> tuple[list[bytes], int]:
    """Read records up to the end, or up to the first that is damaged or cut short.

    Parameters
    ----------
    contents : bytes
        Of a TFRecords file.

    Returns
    -------
    items : list of bytes
        The data of each whole record.
    stop : int
        Where reading ended: the number of bytes if all records are whole, else the byte at which
        the first one begins that is not.

    Notes
    -----
    Slide: TFRecords, ``TFRecordReader``. A damaged length cannot be trusted, so nothing is read
    behind it.

    Examples
    --------
    >>> contents = frame(b"deep") + frame(b"learning")
    >>> read(contents)
    ([b'deep', b'learning'], 44)
    >>> read(contents[:-1])
    ([b'deep'], 20)
    """
    items, stop = [], 0
    while stop < len(contents):
        length = contents[stop : stop + LENGTH]
        start = stop + LENGTH + CHECKSUM
        end = start + int.from_bytes(length, "little")
        data = contents[start:end]
        # What was cut off is shorter than a checksum, so it is never equal to one.
        if contents[stop + LENGTH : start] != checksum(length):
            break
        if contents[end : end + CHECKSUM] != checksum(data):
            break
        items.append(data)
        stop = end + CHECKSUM
    return items, stop


class Part(NamedTuple):
    """A part of a record: its name, where in the file it begins, and its bytes."""

    name: str
    start: int
    contents: bytes


def parts(items: Iterable[bytes]) -> list[list[Part]]:
    """Return the four parts of each record of a file.

    Parameters
    ----------
    items : iterable of bytes
        The data of each record.

    Returns
    -------
    list of list of Part
        A list for each record; the bytes of all parts in a row are the file.

    Examples
    --------
    >>> for part in parts([b"deep"])[0]:
    ...     print(part.start, part.name)
    0 length
    8 its checksum
    12 data
    16 its checksum
    """
    found, place = [], 0
    for data in items:
        record = frame(data)
        ends = LENGTH, LENGTH + CHECKSUM, len(record) - CHECKSUM, len(record)
        names = "length", "its checksum", "data", "its checksum"
        pieces = zip(names, pairwise((0, *ends)), strict=True)
        found.append([Part(name, place + a, record[a:b]) for name, (a, b) in pieces])
        place += len(record)
    return found
