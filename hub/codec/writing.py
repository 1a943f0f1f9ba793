"""Records straight to Avro: one writer for each type of a schema, put together once.

`fastavro` writes the same bytes from plain values, and a test holds both against each other. It needs those values
first, and asks each of them anew what it is; here the record's own type has settled that, which is three times as fast.

Source: Apache Avro 1.12 specification, binary encoding.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, TypeAlias
from uuid import UUID

Write: TypeAlias = Callable[[bytearray, Any], None]

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND: Final = timedelta(milliseconds=1)
DAY_0: Final = date(1970, 1, 1).toordinal()
MOST_KEPT: Final = 16_384
"""Ids and instants that are kept ready as bytes: a record names the same ones again and again."""
SHORT: Final = 64
"""A length or number below this is one byte."""
LONG_BITS: Final = 63


def writer_of(schema: object, named: dict[str, Write]) -> Write:
    """What writes values of a type; `named` holds the records and enums that were met before."""
    match schema:
        case str():
            return PLAIN.get(schema) or named[schema]
        case {"logicalType": str(meaning)}:
            return LOGICAL[meaning]
        case ["null", inner]:
            return _optional(writer_of(inner, named))
        case {"type": "array", "items": items}:
            return _array(writer_of(items, named))
        case {"type": "enum", "name": str(name), "symbols": list(symbols)}:
            named[name] = _enum(symbols)
            return named[name]
        case {"type": "record", "name": str(name), "fields": list(fields)}:
            written = [writer_of(field["type"], named) for field in fields]
            named[name] = _record([field["name"] for field in fields], written)
            return named[name]
        case _:
            raise TypeError("The schema holds a type that no record has.")


def _write_long(out: bytearray, value: int) -> None:
    if value >> LONG_BITS not in (0, -1):
        raise OverflowError("does not fit into 64 bits")
    left = (value << 1) ^ (value >> LONG_BITS)
    while left >= 0x80:  # seven bits a byte; the eighth says that more follow
        out.append(left & 0x7F | 0x80)
        left >>= 7
    out.append(left)


def _write_bytes(out: bytearray, value: bytes) -> None:
    if len(value) < SHORT:
        out.append(len(value) << 1)
    else:
        _write_long(out, len(value))
    out += value


def _write_string(out: bytearray, value: str) -> None:
    text = value.encode()
    if len(text) < SHORT:  # nearly every text, and one call less
        out.append(len(text) << 1)
        out += text
    else:
        _write_bytes(out, text)


def _write_boolean(out: bytearray, value: bool) -> None:
    out.append(1 if value else 0)


def _write_uuid(out: bytearray, value: UUID) -> None:
    out += _uuid_bytes(value)


def _write_instant(out: bytearray, value: datetime) -> None:
    out += _instant_bytes(value, value.fold)


def _write_date(out: bytearray, value: date) -> None:
    _write_long(out, value.toordinal() - DAY_0)


@lru_cache(maxsize=MOST_KEPT)
def _uuid_bytes(value: UUID) -> bytes:
    text = str(value).encode()
    return bytes((len(text) << 1,)) + text


@lru_cache(maxsize=MOST_KEPT)
def _instant_bytes(value: datetime, _fold: int) -> bytes:
    """`_fold` is part of what is remembered: the two halves of the hour that comes twice are equal."""
    out = bytearray()
    _write_long(out, (value - EPOCH) // MILLISECOND)
    return bytes(out)


def _optional(inner: Write) -> Write:
    def write(out: bytearray, value: object) -> None:
        if value is None:
            out.append(0)
        else:
            out.append(2)
            inner(out, value)

    return write


def _array(inner: Write) -> Write:
    def write(out: bytearray, values: tuple[object, ...]) -> None:
        if values:
            _write_long(out, len(values))
            for value in values:
                inner(out, value)
        out.append(0)

    return write


def _enum(symbols: list[str]) -> Write:
    places = {symbol: place for place, symbol in enumerate(symbols)}

    def write(out: bytearray, value: str) -> None:
        _write_long(out, places[value])

    return write


def _record(names: list[str], writers: list[Write]) -> Write:
    if len(names) == 1:
        (name,), (inner,) = names, writers
        return lambda out, value: inner(out, getattr(value, name))
    parts = attrgetter(*names)

    def write(out: bytearray, value: object) -> None:
        for inner, part in zip(writers, parts(value), strict=True):
            inner(out, part)

    return write


PLAIN: Final[dict[str, Write]] = {
    "string": _write_string,
    "bytes": _write_bytes,
    "int": _write_long,
    "long": _write_long,
    "boolean": _write_boolean,
}
LOGICAL: Final[dict[str, Write]] = {
    "uuid": _write_uuid,
    "timestamp-millis": _write_instant,
    "date": _write_date,
}
