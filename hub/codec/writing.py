"""Records straight to Avro: one function for each record, its source made from the schema, put together once.

`fastavro` writes the same bytes from plain values, and a test holds both against each other. It needs those values
first, and asks each of them anew what it is; here the schema has settled that, so the function is a list of the
record's fields, as somebody would write it by hand:

    def write(out, value):
        put = out.append
        text = value.about.encode()
        ...

Source: Apache Avro 1.12 specification, binary encoding.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from struct import Struct
from typing import Any, Final, TypeAlias

Write: TypeAlias = Callable[[bytearray, Any], object]
Known: TypeAlias = dict[str, object]
"""The names that the lines of one function may use."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND: Final = timedelta(milliseconds=1)
DAY_0: Final = date(1970, 1, 1).toordinal()
MOST_KEPT: Final = 16_384
"""Ids and instants that are kept ready as bytes: a record names the same ones again and again."""
SHORT: Final = 64
"""A length or number below this is one byte."""
LONG_BITS: Final = 63
double_bytes: Final = Struct("<d").pack
"""Eight bytes, the least significant first, as IEEE 754 has them."""

REPEATED: Final = frozenset(
    {"PersonFacts", "PatientOfStay", "CarerOfStay", "StayPicture", "InvolvementAlert"}
)
"""Records that stand in others: one event writes the very same one up to five times, and a person who is told of
again is the same. Their bytes are kept for a while."""
MOST_REPEATED: Final = 4_096
"""Of each of them: as many as there are patients in the beds of two million people."""
LARGEST_REPEATED: Final = 4_096
"""Bytes of one that is kept, so that what is kept has an end in bytes as well; nearly every picture has fewer."""


class Writers:
    """The functions that write the records and enums of one schema, by their names."""

    def __init__(self) -> None:
        self._writes: dict[str, Write] = {}
        self._bytes_of_symbols: dict[str, dict[str, int]] = {}

    def of_record(self, schema: object) -> Write:
        """What writes a record, and every record and enum within it.

        Raises:
            TypeError: The schema is none of a record that the hub has.
        """
        match schema:
            case {"type": "record", "name": str(name), "fields": list(fields)}:
                write = self._put_together(fields)
                self._writes[name] = _kept_for_a_while(write) if name in REPEATED else write
                return self._writes[name]
            case _:
                raise TypeError("The schema holds a type that no record has.")

    def _put_together(self, fields: Iterable[Mapping[str, object]]) -> Write:
        known: Known = dict(GIVEN)
        lines = ["def write(out, value):", "    put = out.append"]
        for field in fields:
            lines += self._lines(field["type"], f"value.{field['name']}", known, 1)
        exec("\n".join(lines), known)  # noqa: S102 - made from our own schemas alone; held against fastavro
        write = known["write"]
        if not callable(write):
            raise TypeError("The lines make no function.")
        return write

    def _lines(self, schema: object, value: str, known: Known, depth: int) -> Iterator[str]:
        """The lines that write one value; `known` takes the functions that they call."""
        for line in self._statements(schema, value, known):
            yield "    " * depth + line

    def _statements(self, schema: object, value: str, known: Known) -> Iterator[str]:
        match schema:
            case ["null", inner]:
                yield f"part = {value}"
                yield "if part is None: put(0)"
                yield "else:"
                yield "    put(2)"
                yield from self._lines(inner, "part", known, 1)
            case {"type": "array", "items": items}:
                yield f"items = {value}"
                yield "if items:"
                yield "    write_long(out, len(items))"
                yield "    for item in items:"
                yield from self._lines(items, "item", known, 2)
                yield "put(0)"
            case {"logicalType": str(meaning)}:
                yield LOGICAL[meaning].format(value)
            case str(name) if name in PLAIN:
                yield from PLAIN[name].format(value).splitlines()
            case _:
                yield self._named(schema, value, known)

    def _named(self, schema: object, value: str, known: Known) -> str:
        """The line that writes an enum or a record, which may have been met before."""
        match schema:
            case {"type": "enum", "name": str(name), "symbols": list(symbols)}:
                if len(symbols) > SHORT:
                    raise TypeError("An enum has more symbols than one byte can tell apart.")
                self._bytes_of_symbols[name] = {symbol: n << 1 for n, symbol in enumerate(symbols)}
            case str(name):
                pass
            case {"name": str(name)}:
                self.of_record(schema)
            case _:
                raise TypeError("The schema holds a type that no record has.")
        if name in self._bytes_of_symbols:
            known[name] = self._bytes_of_symbols[name]
            return f"put({name}[{value}])"
        known[name] = self._writes[name]
        return f"{name}(out, {value})"


def write_long(out: bytearray, value: int) -> None:
    """A number: seven bits a byte, the sign in the last bit.

    Raises:
        OverflowError: It does not fit into 64 bits.
    """
    if value >> LONG_BITS not in (0, -1):
        raise OverflowError("does not fit into 64 bits")
    left = (value << 1) ^ (value >> LONG_BITS)
    while left >= 0x80:  # the eighth bit says that more follow
        out.append(left & 0x7F | 0x80)
        left >>= 7
    out.append(left)


@lru_cache(maxsize=MOST_KEPT)
def uuid_bytes(number: int) -> bytes:
    """A UUID as text with its length; asked for by number, which costs less to find than a UUID."""
    digits = f"{number:032x}"
    text = f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}".encode()
    return bytes((len(text) << 1,)) + text


@lru_cache(maxsize=MOST_KEPT)
def instant_bytes(value: datetime, _fold: int) -> bytes:
    """`_fold` is part of what is remembered: the two halves of the hour that comes twice are equal."""
    out = bytearray()
    write_long(out, (value - EPOCH) // MILLISECOND)
    return bytes(out)


def _kept_for_a_while(write: Write) -> Write:
    """The same, but the bytes of a record that was written lately are ready: records never change."""
    kept: dict[int, tuple[object, bytes]] = {}

    def write_or_repeat(out: bytearray, value: object) -> None:
        found = kept.get(id(value))
        if found is not None and found[0] is value:
            out += found[1]
            return
        start = len(out)
        write(out, value)
        if len(out) - start > LARGEST_REPEATED:
            return
        if len(kept) >= MOST_REPEATED:
            kept.clear()
        kept[id(value)] = (value, bytes(out[start:]))

    return write_or_repeat


GIVEN: Final[Known] = {
    "write_long": write_long,
    "uuid_bytes": uuid_bytes,
    "instant_bytes": instant_bytes,
    "double_bytes": double_bytes,
}
"""What every line may call."""

PLAIN: Final = {
    "string": "text = {}.encode()\n"
    "size = len(text)\n"
    f"put(size << 1) if size < {SHORT} else write_long(out, size)\n"
    "out += text",
    "bytes": "data = {}\nwrite_long(out, len(data))\nout += data",
    "int": "write_long(out, {})",
    "long": "write_long(out, {})",
    "boolean": "put(1 if {} else 0)",
    "double": "out += double_bytes({})",
}
LOGICAL: Final = {
    "uuid": "out += uuid_bytes({}.int)",
    "timestamp-millis": "at = {}; out += instant_bytes(at, at.fold)",
    "date": f"write_long(out, {{}}.toordinal() - {DAY_0})",
}
"""Type -> the line that writes a value of it."""
