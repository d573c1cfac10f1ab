"""Exercises of lesson 27: a record written, a file read, an image of any size parsed."""

import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from helpers import records
from helpers.checks.exercise import Exercise, Part, hint
from helpers.checks.probes import tfrecords as probes

__all__ = ["frame", "hint", "parse_picture", "read_records"]

_OWN = "The exercise is to write this yourself, byte by byte, without TensorFlow's own."
_NOT_THE_WRITER = {
    "helpers.records.frame": _OWN,
    "helpers.records.parts": _OWN,
    "tensorflow.io.TFRecordWriter": _OWN,
    "tensorflow.compat.v1.io.TFRecordWriter": _OWN,
    "tensorflow.compat.v1.python_io.TFRecordWriter": _OWN,
}
_NOT_THE_READER = {
    "helpers.records.read": _OWN,
    "tensorflow.data.TFRecordDataset": _OWN,
    "tensorflow.compat.v1.data.TFRecordDataset": _OWN,
    "tensorflow.compat.v1.io.tf_record_iterator": _OWN,
    "tensorflow.compat.v1.python_io.tf_record_iterator": _OWN,
    "tensorflow.compat.v1.TFRecordReader": _OWN,
    "tensorflow.raw_ops": _OWN,
}

# A record written ---------------------------------------------------------------


def _length(data: bytes) -> bytes:
    return len(data).to_bytes(8, "little")


def big_end_first(data: bytes) -> bytes:
    """Your length has its highest byte first; in the file the lowest comes first ("little")."""
    length = len(data).to_bytes(8, "big")
    return length + records.checksum(length) + data + records.checksum(data)


def four_bytes(data: bytes) -> bytes:
    """Your length has 4 bytes: it takes 8, since a record may be longer than 4 gigabytes."""
    length = len(data).to_bytes(4, "little")
    return length + records.checksum(length) + data + records.checksum(data)


def one_byte(data: bytes) -> bytes:
    """Your length has a single byte: it takes 8, most of which are 0 for a short record."""
    length = bytes([len(data) % 256])
    return length + records.checksum(length) + data + records.checksum(data)


def length_unchecked(data: bytes) -> bytes:
    """The checksum behind the length is missing: a reader must not trust a damaged length."""
    return _length(data) + data + records.checksum(data)


def data_unchecked(data: bytes) -> bytes:
    """The checksum behind the data is missing."""
    length = _length(data)
    return length + records.checksum(length) + data


def checksum_of_everything(data: bytes) -> bytes:
    """Your last checksum is that of the whole record: it covers the data alone."""
    length = _length(data)
    record = length + records.checksum(length) + data
    return record + records.checksum(record)


def checksums_swapped(data: bytes) -> bytes:
    """Your checksums have changed places: each stands behind what it covers."""
    length = _length(data)
    return length + records.checksum(data) + data + records.checksum(length)


def checksum_first(data: bytes) -> bytes:
    """Your checksums stand in front of what they cover: they belong behind it."""
    length = _length(data)
    return records.checksum(length) + length + records.checksum(data) + data


def unmasked(data: bytes) -> bytes:
    """Your checksums are plain CRCs: in the file they are masked, as `records.checksum` does it."""
    length = _length(data)
    crcs = [records.crc32c(part).to_bytes(4, "little") for part in (length, data)]
    return length + crcs[0] + data + crcs[1]


def whole_length(data: bytes) -> bytes:
    """Your length counts the whole record: it is the number of bytes of the data alone."""
    length = (len(data) + 16).to_bytes(8, "little")
    return length + records.checksum(length) + data + records.checksum(data)


def not_joined(data: bytes) -> Any:
    """You return the four parts one by one: join them to one bytes object, with +."""
    length = _length(data)
    return [length, records.checksum(length), data, records.checksum(data)]


def one_checksum_for_both(data: bytes) -> bytes:
    """You store one checksum, of length and data together: each of the two has its own."""
    length = _length(data)
    return length + data + records.checksum(length + data)


def one_byte_and_seven_zeros(data: bytes) -> bytes:
    """Only the first byte of your length is made from a number: a byte ends at 255."""
    length = bytes([len(data)]) + bytes(7)
    return length + records.checksum(length) + data + records.checksum(data)


def length_modulo_256(data: bytes) -> bytes:
    """Your length begins again at 256: its second byte counts how often the first has been full."""
    length = bytes([len(data) % 256]) + bytes(7)
    return length + records.checksum(length) + data + records.checksum(data)


def both_checksums_of_the_data(data: bytes) -> bytes:
    """Both of your checksums are those of the data: the first one covers the length."""
    checksum = records.checksum(data)
    return len(data).to_bytes(8, "little") + checksum + data + checksum


def length_covered_twice(data: bytes) -> bytes:
    """Your last checksum covers the length as well: it covers the data alone."""
    record = records.frame(data)
    return record[:-4] + records.checksum(record[:8] + data)


def as_many_zeros(data: bytes) -> bytes:
    """You write `bytes(number)`, which is that many zeros: take `number.to_bytes`."""
    length = bytes(len(data))
    return length + records.checksum(length) + data + records.checksum(data)


def length_as_digits(data: bytes) -> bytes:
    """Your length is written in digits, as text: the file holds the number itself, in 8 bytes."""
    length = str(len(data)).encode().ljust(8, b"\0")
    return length + records.checksum(length) + data + records.checksum(data)


def end_stripped(data: bytes) -> bytes:
    """You strip the data of blanks or zeros at its end: they are bytes like the others."""
    return records.frame(data.rstrip(b"\0\n "))


def nothing_for_nothing(data: bytes) -> bytes:
    """You write nothing where there is no data: that is a record too, of 16 bytes."""
    return records.frame(data) if data else b""


def by_struct(data: bytes) -> bytes:
    """Pack the numbers with struct."""
    length = struct.pack("<Q", len(data))
    return b"".join([length, records.checksum(length), data, records.checksum(data)])


def by_numpy(data: bytes) -> bytes:
    """Let NumPy write the length, and grow the record part by part."""
    record = bytearray()
    for part in (np.array(len(data), "<u8").tobytes(), data):
        record += part
        record += records.checksum(part)
    return bytes(record)


def _random_text(rng: np.random.Generator) -> tuple:
    return ("".join(map(chr, rng.integers(0, 256, size=rng.integers(1, 12)))),)


frame = Exercise(
    name="frame",
    lesson="27_tfrecords",
    reference=records.frame,
    probe=probes.framed,
    parts=[
        Part(
            "a record",
            points=1,
            cases=[("deep",), ("learning",), ("",), ("\x00\xff",), ("x" * 300,), (" a\n\x00",)],
            random_case=_random_text,
        )
    ],
    misconceptions=[
        big_end_first,
        four_bytes,
        one_byte,
        length_unchecked,
        data_unchecked,
        checksum_of_everything,
        checksums_swapped,
        checksum_first,
        unmasked,
        whole_length,
        not_joined,
        one_checksum_for_both,
        one_byte_and_seven_zeros,
        as_many_zeros,
        length_as_digits,
        nothing_for_nothing,
        end_stripped,
        length_modulo_256,
        both_checksums_of_the_data,
        length_covered_twice,
    ],
    also_right=[by_struct, by_numpy],
    hints=[
        "Four pieces of bytes, one behind the other. Only the first of them, the length, has to be "
        "made from a number.",
        'number.to_bytes(size, "little") gives a number as bytes, the lowest one first.',
        "The second piece covers the first, and the fourth the third: records.checksum(piece).",
    ],
    forbidden=_NOT_THE_WRITER,
)

# A file read ---------------------------------------------------------------


def _read_records(file: bytes, contents: Any = None) -> Any:
    # The parameters' names are what a verdict prints before a case's two values.
    return records.read(file)


Step = tuple[bytes, bool, bool, int]


def _record_at(contents: bytes, start: int, order: Any = "little") -> Step:
    """Return a record's data, whether its two checksums fit, and where it ends."""
    length = contents[start : start + 8]
    end = start + 12 + int.from_bytes(length, order)
    data = contents[start + 12 : end]
    length_fits = contents[start + 8 : start + 12] == records.checksum(length)
    data_fits = contents[end : end + 4] == records.checksum(data)
    return data, length_fits, data_fits, end + 4


def _walk(contents: bytes, whole: Callable[[Step], bool], order: Any = "little") -> Any:
    items, stop = [], 0
    while stop < len(contents):
        step = _record_at(contents, stop, order)
        if not whole(step):
            break
        items.append(step[0])
        stop = step[-1]
    return items, stop


def highest_byte_first(contents: bytes) -> Any:
    """You read the length with its highest byte first: the lowest one comes first ("little")."""
    return _walk(contents, lambda step: step[1] and step[2], "big")


def plain_crcs(contents: bytes) -> Any:
    """No record passes with you: compare the right four bytes, and with a masked checksum.

    `records.checksum` masks a CRC. The data begin 12 bytes behind the place where a record begins.
    """
    items: list[bytes] = []
    return items, 0


def records_counted(contents: bytes) -> Any:
    """Your second result counts records: it is the byte at which reading ended."""
    items, _ = records.read(contents)
    return items, len(items)


def items_alone(contents: bytes) -> Any:
    """You return the list alone: say too where reading ended, as in `return items, stop`."""
    return records.read(contents)[0]


def only_the_first(contents: bytes) -> Any:
    """You stop after the first record: go on where it ends, until the file does."""
    items, _ = records.read(contents)
    return items[:1], _record_at(contents, 0)[-1] if items else 0


def length_trusted(contents: bytes) -> Any:
    """You do not look at the checksum of the length, so a damaged one passes."""
    return _walk(contents, lambda step: step[2])


def data_trusted(contents: bytes) -> Any:
    """You do not look at the checksum of the data, so damaged or missing data passes."""
    return _walk(contents, lambda step: step[1])


def gone_on_too_early(contents: bytes) -> Any:
    """You move on before you compare the data: a damaged record ends reading where it begins."""
    items, stop = [], 0
    while stop < len(contents):
        length = contents[stop : stop + 8]
        if contents[stop + 8 : stop + 12] != records.checksum(length):
            break
        end = stop + 12 + int.from_bytes(length, "little")
        data, stop = contents[stop + 12 : end], end + 4
        if contents[end : end + 4] != records.checksum(data):
            break
        items.append(data)
    return items, stop


def last_checksum_not_skipped(contents: bytes) -> Any:
    """You go on 4 bytes too early: behind the data stands their checksum, and then a record."""
    items, stop = records.read(contents)
    if not items:
        return items, stop
    return items[:1], 12 + len(items[0])


def a_call_for_each_record(contents: bytes) -> Any:
    """Your function calls itself for each record; Python allows about a thousand calls: loop."""
    items, stop = records.read(contents)
    if len(items) > 1000:
        raise RecursionError("maximum recursion depth exceeded")
    return items, stop


def half_of_the_length(contents: bytes) -> Any:
    """You read 4 of the 8 bytes of the length: 4 gigabytes more go unnoticed."""
    items, stop = [], 0
    while stop < len(contents):
        _, length_fits, _, _ = _record_at(contents, stop)
        start = stop + 12
        end = start + int.from_bytes(contents[stop : stop + 4], "little")
        data = contents[start:end]
        if not length_fits or contents[end : end + 4] != records.checksum(data):
            break
        items.append(data)
        stop = end + 4
    return items, stop


def numbers_compared(contents: bytes) -> Any:
    """You compare numbers made of what is left: a checksum cut short may be the same number.

    If its last byte was 0, nothing is missing from the number. Compare the bytes, or count them.
    """

    def number(part: bytes) -> int:
        return int.from_bytes(part, "little")

    items, stop = [], 0
    while stop < len(contents):
        data, length_fits, _, end = _record_at(contents, stop)
        if not length_fits or number(contents[end - 4 : end]) != number(records.checksum(data)):
            break
        items.append(data)
        stop = end
    return items, stop


def damaged_kept(contents: bytes) -> Any:
    """You keep the data of a damaged record: only what fits its checksum belongs into the list."""
    items, stop = records.read(contents)
    if stop < len(contents):
        items.append(_record_at(contents, stop)[0])
    return items, stop


def goes_on(contents: bytes) -> Any:
    """You skip the damaged record and go on: reading ends there."""
    items, stop = [], 0
    while stop < len(contents):
        data, length_fits, data_fits, end = _record_at(contents, stop)
        if not length_fits or end > len(contents):
            break
        if data_fits:
            items.append(data)
        stop = end
    return items, stop


def raises_at_damage(contents: bytes) -> Any:
    """You raise an error where a record is damaged: return what came before, and where it ends."""
    items, stop = records.read(contents)
    if stop < len(contents):
        raise ValueError(f"damaged record at {stop}")
    return items, stop


def header_expected(contents: bytes) -> Any:
    """You do not expect a file to end within a length: look how many bytes are left."""
    items, stop = records.read(contents)
    if stop < len(contents):
        struct.unpack_from("<QI", contents, stop)
    return items, stop


def place_of_the_data(contents: bytes) -> Any:
    """You say where the damaged part begins: say where its record begins, at the length."""
    items, stop = records.read(contents)
    if stop < len(contents) and _record_at(contents, stop)[1]:
        stop += 12
    return items, stop


def end_of_file(contents: bytes) -> Any:
    """You always say that reading ended at the end of the file: say where the damage begins."""
    return records.read(contents)[0], len(contents)


def all_or_nothing(contents: bytes) -> Any:
    """You give up all records because of one: what comes before the damage is good."""
    items, stop = records.read(contents)
    return (items if stop == len(contents) else []), stop


def cut_header_taken_for_the_end(contents: bytes) -> Any:
    """You take a few bytes that are left for the end: less than 12 are a record cut short, too."""
    items, stop = records.read(contents)
    return items, len(contents) if len(contents) - stop < 12 else stop


def data_only_counted(contents: bytes) -> Any:
    """You only count the bytes of the data: its checksum says whether they are the right ones."""
    return _walk(contents, lambda step: step[1] and step[-1] <= len(contents))


def skipped_and_noted(contents: bytes) -> Any:
    """You note where the damage is, and keep records that stand behind it: reading ends there."""
    items, _ = goes_on(contents)
    return items, records.read(contents)[1]


def kept_before_compared(contents: bytes) -> Any:
    """You put the data into the list before you compare its checksum: compare first."""
    items, stop = records.read(contents)
    if stop < len(contents):
        data, length_fits, _, _ = _record_at(contents, stop)
        items += [data] if length_fits else []
    return items, stop


def smallest_record_missed(contents: bytes) -> Any:
    """Your loop wants more than 16 bytes: a record without data has exactly 16."""
    items, stop = [], 0
    while stop + 16 < len(contents):
        data, length_fits, data_fits, end = _record_at(contents, stop)
        if not (length_fits and data_fits):
            break
        items.append(data)
        stop = end
    return items, stop


def empty_taken_for_the_end(contents: bytes) -> Any:
    """You stop at a record without data: that is a whole record, and others may follow."""
    return _walk(contents, lambda step: bool(step[0]) and step[1] and step[2])


def one_byte_of_the_length(contents: bytes) -> Any:
    """You read one of the 8 bytes of the length: data may be longer than 255 bytes."""
    items, stop = [], 0
    while stop < len(contents):
        _, length_fits, _, _ = _record_at(contents, stop)
        end = stop + 12 + contents[stop]
        data = contents[stop + 12 : end]
        if not length_fits or contents[end : end + 4] != records.checksum(data):
            break
        items.append(data)
        stop = end + 4
    return items, stop


def whole_length_expected(contents: bytes) -> Any:
    """You unpack 8 bytes where fewer may be left: look first how many there are."""
    items, stop = records.read(contents)
    if stop < len(contents):
        struct.unpack_from("<Q", contents, stop)
    return items, stop


def by_unpacking(contents: bytes) -> Any:
    """Use struct, check what is left first, and leave from the middle of the loop."""
    items: list[bytes] = []
    stop = 0
    while len(contents) - stop >= 16:
        (length,) = struct.unpack_from("<Q", contents, stop)
        end = stop + 16 + length
        if records.checksum(contents[stop : stop + 8]) != contents[stop + 8 : stop + 12]:
            return items, stop
        if end > len(contents):
            return items, stop
        data = contents[stop + 12 : end - 4]
        if records.checksum(data) != contents[end - 4 : end]:
            return items, stop
        items, stop = [*items, data], end
    return items, stop


def by_a_stream(contents: bytes) -> Any:
    """Read from the bytes as from an open file, and give the items as a tuple of bytearrays."""
    import io

    stream, items, stop = io.BytesIO(contents), [], 0
    while length := stream.read(8):
        if stream.read(4) != records.checksum(length):
            break
        size = int.from_bytes(length, "little")
        data = stream.read(size) if size <= len(contents) else b""
        if len(data) < size or stream.read(4) != records.checksum(data):
            break
        items.append(bytearray(data))
        stop = stream.tell()
    return tuple(items), np.int64(stop)


def _file(*items: bytes) -> bytes:
    return b"".join(map(records.frame, items))


def _changed(contents: bytes, place: int, by: int = 1) -> bytes:
    return contents[:place] + bytes([contents[place] ^ by]) + contents[place + 1 :]


def _case(file: str, contents: bytes) -> tuple[str, NDArray]:
    return file, np.frombuffer(contents, np.uint8)


def _random_file(rng: np.random.Generator) -> tuple:
    return _case("random records", _file(*_random_items(rng)))


def _random_items(rng: np.random.Generator) -> list[bytes]:
    return [rng.bytes(int(rng.integers(0, 9))) for _ in range(rng.integers(3, 6))]


def _random_damage(rng: np.random.Generator) -> tuple:
    items = _random_items(rng)
    # Something stands before the damage, so that it is never the first record.
    contents, first = _file(*items), 16 + len(items[0])
    place = int(rng.integers(first, len(contents)))
    if rng.random() < 0.5:
        return _case(f"random records, cut to {place} bytes", contents[:place])
    changed = _changed(contents, place, int(rng.integers(1, 256)))
    return _case(f"random records, byte {place} changed", changed)


_TWO = _file(b"deep", b"learning")
_LONG = (2**32 + 4).to_bytes(8, "little")
_ZERO_AT_THE_END = b"119"  # the last byte of its checksum is 0

read_records = Exercise(
    name="read_records",
    lesson="27_tfrecords",
    reference=_read_records,
    probe=probes.records_read,
    parts=[
        Part(
            "whole files",
            points=1,
            cases=[
                _case("'deep' and 'learning'", _TWO),
                _case("an empty record, then 'deep'", _file(b"", b"deep")),
                _case("nothing", b""),
                _case("300 bytes, then 'deep'", _file(b"x" * 300, b"deep")),
                _case("'deep' alone", _file(b"deep")),
                _case("'deep', then an empty record", _file(b"deep", b"")),
                _case("1,200 empty records", _file(*[b""] * 1200)),
            ],
            random_case=_random_file,
        ),
        Part(
            "damaged and cut files",
            points=2,
            cases=[
                _case("'deep' and 'learning', byte 33 (data) changed", _changed(_TWO, 33)),
                _case("'deep' and 'learning', byte 29 (a checksum) changed", _changed(_TWO, 29)),
                _case("'deep' and 'learning', byte 41 (a checksum) changed", _changed(_TWO, 41)),
                _case("'deep' and 'learning', byte 20 (a length) changed", _changed(_TWO, 20)),
                _case(
                    "'deep', 'is', 'fun', byte 32 changed",
                    _changed(_file(b"deep", b"is", b"fun"), 32),
                ),
                _case("'deep' and 'learning', byte 13 changed", _changed(_TWO, 13)),
                _case("'deep' and 'learning', the first 43 bytes", _TWO[:43]),
                _case("'deep' and 'learning', the first 36 bytes", _TWO[:36]),
                _case("'deep' and 'learning', the first 32 bytes", _TWO[:32]),
                _case("'deep' and 'learning', the first 23 bytes", _TWO[:23]),
                _case("'deep' and 'learning', the first 30 bytes", _TWO[:30]),
                _case("the first 3 bytes of a file", _TWO[:3]),
                _case(
                    "a record without its last byte, which was 0",
                    _file(_ZERO_AT_THE_END)[:-1],
                ),
                _case(
                    "a length of 2**32 + 4, then 'deep'",
                    _LONG + records.checksum(_LONG) + b"deep" + records.checksum(b"deep"),
                ),
            ],
            random_case=_random_damage,
        ),
    ],
    misconceptions=[
        highest_byte_first,
        plain_crcs,
        records_counted,
        items_alone,
        only_the_first,
        length_trusted,
        data_trusted,
        half_of_the_length,
        numbers_compared,
        damaged_kept,
        goes_on,
        raises_at_damage,
        header_expected,
        place_of_the_data,
        end_of_file,
        all_or_nothing,
        cut_header_taken_for_the_end,
        data_only_counted,
        skipped_and_noted,
        kept_before_compared,
        smallest_record_missed,
        empty_taken_for_the_end,
        one_byte_of_the_length,
        whole_length_expected,
        gone_on_too_early,
        a_call_for_each_record,
        last_checksum_not_skipped,
    ],
    also_right=[by_unpacking, by_a_stream],
    hints=[
        "Let stop be the byte at which the next record begins. While it is before the end of the "
        "file: where do the record's four parts begin and end?",
        'The length is at contents[stop : stop + 8]; int.from_bytes(part, "little") makes a number '
        "of it. The data begins 12 bytes behind stop.",
        "Compare each checksum in the file with records.checksum of what stands before it, and "
        "leave the loop where they differ. A slice that goes over the end is only shorter, and so "
        "never equal to a checksum.",
    ],
    forbidden=_NOT_THE_READER,
)

# An image of any size ---------------------------------------------------------------

Parsed = tuple[Any, Any]


def _features(serialized: Any) -> dict[str, Any]:
    names = {"image_raw": tf.string, "height": tf.int64, "width": tf.int64, "label": tf.int64}
    wanted = {name: tf.io.FixedLenFeature([], dtype) for name, dtype in names.items()}
    return tf.io.parse_single_example(serialized, wanted)


def _bytes(features: dict[str, Any], dtype: Any = tf.uint8) -> Any:
    return tf.io.decode_raw(features["image_raw"], dtype)


def _sides(features: dict[str, Any]) -> list[Any]:
    return [features["height"], features["width"]]


def _parse_picture(image: Any, label: Any = None) -> Parsed:
    # The parameters' names are what a verdict prints; what comes is one serialized Example.
    features = _features(image)
    pixels = tf.reshape(_bytes(features), _sides(features))
    return tf.cast(pixels, tf.float32) / 255, features["label"]


def always_28(serialized: Any) -> Parsed:
    """Your images always have 28 rows and columns: take height and width from the record."""
    features = _features(serialized)
    pixels = tf.reshape(_bytes(features), [28, 28])
    return tf.cast(pixels, tf.float32) / 255, features["label"]


def always_square(serialized: Any) -> Parsed:
    """You use the height for both sides: the width is a feature of its own."""
    features = _features(serialized)
    pixels = tf.reshape(_bytes(features), [features["height"], features["height"]])
    return tf.cast(pixels, tf.float32) / 255, features["label"]


def sides_swapped(serialized: Any) -> Parsed:
    """You reshape to width by height: the bytes stand row by row, so the height comes first."""
    features = _features(serialized)
    pixels = tf.reshape(_bytes(features), _sides(features)[::-1])
    return tf.cast(pixels, tf.float32) / 255, features["label"]


def transposed(serialized: Any) -> Parsed:
    """Your image is transposed: a row of pixels has become a column."""
    image, label = _parse_picture(serialized)
    return tf.transpose(image), label


def not_reshaped(serialized: Any) -> Parsed:
    """Your image is one long row, as the bytes are: reshape it to height by width."""
    image, label = _parse_picture(serialized)
    return tf.reshape(image, [-1]), label


def to_255(serialized: Any) -> Parsed:
    """Your pixels go up to 255: divide by it."""
    image, label = _parse_picture(serialized)
    return image * 255, label


def signed_bytes(serialized: Any) -> Parsed:
    """You decode signed bytes, so that bright pixels become negative: the dtype is tf.uint8."""
    features = _features(serialized)
    pixels = tf.reshape(_bytes(features, tf.int8), _sides(features))
    return tf.cast(pixels, tf.float32) / 255, features["label"]


def divided_by_256(serialized: Any) -> Parsed:
    """You divide by 256: the largest value of a byte is 255, and it becomes 1."""
    image, label = _parse_picture(serialized)
    return image * 255 / 256, label


def in_float64(serialized: Any) -> Parsed:
    """Your image is of dtype float64: cast to tf.float32."""
    image, label = _parse_picture(serialized)
    return tf.cast(image, tf.float64), label


def label_as_int32(serialized: Any) -> Parsed:
    """You cast the label to int32, as the slide does: here it stays int64, as in the record."""
    image, label = _parse_picture(serialized)
    return image, tf.cast(label, tf.int32)


def label_in_a_list(serialized: Any) -> Parsed:
    """Your label is an array of one number: its feature has the shape [], not [1]."""
    image, label = _parse_picture(serialized)
    return image, label[tf.newaxis]


def label_first(serialized: Any) -> Parsed:
    """You return the label first: the image comes first."""
    image, label = _parse_picture(serialized)
    return label, image


def only_at_once(serialized: Any) -> Parsed:
    """Your answer needs a value at once, as `.numpy()` does, and in a graph there is none yet.

    Compute with the tensors themselves: TensorFlow's functions take them.
    """
    features = tf.train.Example.FromString(serialized.numpy()).features.feature
    raw = np.frombuffer(features["image_raw"].bytes_list.value[0], np.uint8)
    sides = [features[name].int64_list.value[0] for name in ("height", "width")]
    label = tf.constant(features["label"].int64_list.value[0], tf.int64)
    return tf.constant(raw.reshape(sides) / np.float32(255)), label


def decoded_as_floats(serialized: Any) -> Parsed:
    """You decode four bytes as one float: each byte is a pixel, decode tf.uint8 and cast then."""
    features = _features(serialized)
    pixels = tf.reshape(_bytes(features, tf.float32), _sides(features))
    return pixels / 255, features["label"]


def not_decoded(serialized: Any) -> Parsed:
    """You cast the string itself: `tf.io.decode_raw` makes numbers of its bytes."""
    features = _features(serialized)
    pixels = tf.cast(features["image_raw"], tf.float32)
    return tf.reshape(pixels, _sides(features)) / 255, features["label"]


def as_an_image_file(serialized: Any) -> Parsed:
    """You decode an image file, such as PNG: `tf.io.decode_raw` makes numbers of plain pixels."""
    features = _features(serialized)
    pixels = tf.io.decode_image(features["image_raw"])
    return tf.cast(pixels, tf.float32) / 255, features["label"]


def divided_by_the_brightest(serialized: Any) -> Parsed:
    """You divide by the brightest pixel of the image: divide by 255, also where none has it."""
    image, label = _parse_picture(serialized)
    return image / tf.reduce_max(image), label


def stretched(serialized: Any) -> Parsed:
    """You stretch each image from its darkest to its brightest pixel: divide by 255, always."""
    image, label = _parse_picture(serialized)
    low, high = tf.reduce_min(image), tf.reduce_max(image)
    return (image - low) / (high - low), label


def sides_from_the_number_of_pixels(serialized: Any) -> Parsed:
    """You take the root of the number of pixels for the height: the record has both sides."""
    pixels, label = not_reshaped(serialized)
    side = tf.cast(tf.sqrt(tf.cast(tf.size(pixels), tf.float32)), tf.int32)
    return tf.reshape(pixels, [side, -1]), label


def from_minus_1(serialized: Any) -> Parsed:
    """Your pixels go from -1 to 1: from 0 to 1 was asked for, which is divided by 255 alone."""
    image, label = _parse_picture(serialized)
    return 2 * image - 1, label


def whole_division(serialized: Any) -> Parsed:
    """`//` cuts off the fraction, so that each pixel is 0 or 1: divide with `/`."""
    image, label = _parse_picture(serialized)
    return tf.floor(image), label


def in_2017(serialized: Any) -> Parsed:
    """Use the names of TensorFlow 1, and one number for all pixels."""
    tf1 = tf.compat.v1
    numbers = ["label", "width", "height"]
    wanted = {name: tf1.FixedLenFeature([], tf.int64) for name in numbers}
    features = tf1.parse_single_example(
        serialized, {**wanted, "image_raw": tf1.FixedLenFeature([], tf.string)}
    )
    pixels = tf1.to_float(tf1.decode_raw(features["image_raw"], tf.uint8))
    shape = tf.stack([features["height"], -1])
    return tf.reshape(pixels * (1 / 255), shape), features["label"]


def as_a_batch(serialized: Any) -> Parsed:
    """Parse a batch of one, with features of variable length, and convert by image dtype."""
    names = {"image_raw": tf.string, "height": tf.int64, "width": tf.int64, "label": tf.int64}
    wanted = {name: tf.io.RaggedFeature(dtype) for name, dtype in names.items()}
    features = tf.io.parse_example(tf.reshape(serialized, [1]), wanted)
    one = {name: feature.values[0] for name, feature in features.items()}
    pixels = tf.io.decode_raw(one["image_raw"], tf.uint8)
    image = tf.image.convert_image_dtype(pixels, tf.float32)
    return tf.reshape(image, [one["height"], one["width"]]), one["label"]


def _random_image(rng: np.random.Generator) -> tuple:
    height = int(rng.integers(2, 5))
    shape = height, height + int(rng.integers(1, 3))
    return rng.integers(0, 256, size=shape), int(rng.integers(0, 10))


parse_picture = Exercise(
    name="parse_picture",
    lesson="27_tfrecords",
    reference=_parse_picture,
    probe=probes.picture_parsed,
    parts=[
        Part(
            "images of several sizes",
            points=2,
            cases=[
                (np.array([[0, 51, 102], [153, 204, 255]]), 7),
                (np.array([[255, 0], [200, 100], [1, 2]]), 3),
                (np.array([[128, 255], [0, 64]]), 0),
                (np.arange(784).reshape(28, 28) % 256, 9),
                (np.array([[7, 70, 140, 210, 250]]), 4),
            ],
            random_case=_random_image,
        )
    ],
    misconceptions=[
        always_28,
        always_square,
        sides_swapped,
        transposed,
        not_reshaped,
        to_255,
        signed_bytes,
        divided_by_256,
        in_float64,
        label_as_int32,
        label_in_a_list,
        label_first,
        only_at_once,
        decoded_as_floats,
        not_decoded,
        as_an_image_file,
        divided_by_the_brightest,
        stretched,
        sides_from_the_number_of_pixels,
        from_minus_1,
        whole_division,
    ],
    also_right=[in_2017, as_a_batch],
    hints=[
        "Four features, each of them a single value. Which of them are whole numbers?",
        "tf.io.parse_single_example(serialized, {name: tf.io.FixedLenFeature([], dtype), ...}) "
        "gives a dict of tensors. The bytes of the image come out of it as one string.",
        "tf.io.decode_raw makes numbers of the string, tf.reshape an image of the numbers; a shape "
        "may be a list of tensors. At last cast to float, and divide.",
    ],
    forbidden={"helpers.data.records.parse_image": "The exercise is to write this yourself."},
)
