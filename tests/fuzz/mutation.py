"""Valid inputs made wrong: by bytes, by the parts of an HL7 message, of a JSON body, of a table, of an Avro record.

Every mutation takes a source of chance and an input, and gives another input. None knows what reads it.
"""

import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final, TypeAlias
from xml.sax.saxutils import quoteattr

Mutate: TypeAlias = Callable[[Random, bytes], bytes]

MOST_BYTES: Final = 128 * 1024
"""Of one input, but of a message; a whole file or body may take longer, and each limit has tests of its own."""
MOST_OF_A_MESSAGE: Final = 1024 * 1024
MOST_AT_ONCE: Final = 4
"""Mutations of one input."""

ODD: Final = (
    b"\x00", b"\x0b", b"\x1c", b"\x1c\r", b"\r", b"\n", b"\r\n", b"\x1b[31m", b"\x7f", b"\xff", b"\xc0\xaf",
    b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe", "\u202e".encode(), "\u200b".encode(), b" ", "é".encode(),
    "😀".encode(), b'"', b'""', b"'", b"\\", b"|", b"^", b"~", b"&", b",", b";", b"=", b"{{7*7}}", b"<script>",
    b"%s%n", b"../", b"-1", b"0", b"9" * 40, b"1e999", b"NaN", b"null", b"MSH", b"\\X", b"\\X00\\", b"\\.sp99999\\",
)  # fmt: skip
"""Bytes that readers stumble over."""

TEXTS: Final = (
    "", '""', " ", "0", "-1", "Y", "99999999", "20250229", "00010101", "20991231", "19410712", "1941", "2026-13-01",
    "2026-02-30", "2026-03-29T01:30:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "24:00",
    "2026-01-01T00:00:60Z", "9990000018", "9999999999", "1234567890", "999 000 0018", "٩٩٩", "Ä" * 300, "x" * 5000,
    "urn:uuid:0", "#a", "Patient/1", "http://169.254.169.254/", "data:,", "a\\u0000b", "=cmd|'/c'!A1", "\u202egnp",
    "\u2028", "\ufeff", "𝔄", "I", "ADT^A01", "A40", "UNICODE UTF-8", "8859/1", "active", "replaced",
)  # fmt: skip
"""Texts that a field may hold."""


ELEMENTS: Final = ("extension", "modifierExtension", "contained", "resource", "entry", "identifier")


MARKUP: Final = (
    b"<!-- a -->", b"<![CDATA[a]]>", b"<?a b?>", b"<!DOCTYPE a [<!ENTITY b \"c\">]>", b"&b;", b"&#0;", b"&#x110000;",
    b"&lt;", b"text", b"<a/>", b"<a xmlns=\"urn:a\"/>", b"<b:a xmlns:b=\"http://hl7.org/fhir\"/>",
    b"<a" + b" b=\"c\"" * 99,
    b"<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">a</div></text>", b"<id id=\"a\"/>",
)  # fmt: skip
"""What XML may hold besides elements."""


def by_bytes(random: Random, data: bytes) -> bytes:
    """One change that knows nothing of what the bytes mean."""
    start = random.randrange(len(data) + 1)
    stop = min(len(data), start + random.choice((1, 1, 2, 4, 16, 256)))
    match random.randrange(8):
        case 0:
            return data[:start] + data[stop:]
        case 1:
            return data[:start]
        case 2:
            return data[:stop] + data[start:stop] * random.choice((1, 2, 100, 5000)) + data[stop:]
        case 3:
            return data[:start] + random.randbytes(random.choice((1, 2, 8))) + data[stop:]
        case 4 if start < len(data):
            return (
                data[:start] + bytes([data[start] ^ 1 << random.randrange(8)]) + data[start + 1 :]
            )
        case 5:
            return data[:start] + random.choice(ODD) * random.choice((1, 1, 1, 50)) + data[start:]
        case 6:
            return data[:start] + random.choice(ODD) + data[stop:]
        case _:
            other = random.randrange(len(data) + 1)
            return data[:start] + data[other : other + 64] + data[stop:]


def of_hl7(random: Random, data: bytes) -> bytes:
    """One change of a segment, field, repetition, component or of the header."""
    lines = data.split(b"\r")
    at = random.randrange(len(lines))
    if random.random() < 0.003:
        return _as_large_as_it_may_be(random, lines)
    match random.randrange(8):
        case 0:
            lines[at:at] = [lines[random.randrange(len(lines))]] * random.choice(
                (1, 1, 2, 2, 4, 20, 120)
            )
        case 1:
            lines.pop(at)
        case 2:
            other = random.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case 3:
            lines[0] = _with_part(random, lines[0], b"|")
        case 4:
            return _in_other_delimiters(random, data)
        case _:
            lines[at] = _with_part(random, lines[at], b"|")
    return b"\r".join(lines)


def _with_part(random: Random, text: bytes, separator: bytes) -> bytes:
    """A part of a text is changed, or a part of that part."""
    parts = text.split(separator)
    at = random.randrange(len(parts))
    below = {b"|": b"~", b"~": b"^", b"^": b"&"}.get(separator)
    if below is not None and random.random() < 0.6:
        parts[at] = _with_part(random, parts[at], below)
    else:
        parts[at] = _other_text(random, parts[at])
    if random.random() < 0.1:
        often = random.choice((1, 3, 60, 600))
        parts[at:at] = [parts[at]] * min(often, MOST_OF_A_MESSAGE // (len(parts[at]) + 1))
    return separator.join(parts)


def _other_text(random: Random, text: bytes) -> bytes:
    if random.random() < 0.3:
        return by_bytes(random, text)
    return random.choice(TEXTS).encode() * random.choice((1, 1, 1, 2))


def _as_large_as_it_may_be(random: Random, lines: list[bytes]) -> bytes:
    """One segment very often, and each of its fields as well."""
    at = random.randrange(len(lines))
    often = random.choice((1, 20, 199, 499))
    fields = [b"~".join([each] * often) if each else each for each in lines[at].split(b"|")[1:]]
    segment = b"|".join([lines[at][:3], *fields])
    lines[at : at + 1] = [segment] * min(
        random.choice((1, 99, 1_900)), MOST_OF_A_MESSAGE // (len(segment) + 1)
    )
    return b"\r".join(lines)


def _in_other_delimiters(random: Random, data: bytes) -> bytes:
    """The message in other delimiters, of which two may be the same."""
    return data.translate(
        bytes.maketrans(b"|^~\\&", bytes(random.choices(b"!#$%*+;:@|^~\\&", k=5)))
    )


def of_json(random: Random, data: bytes) -> bytes:
    """One change of a value, name or list of a JSON body; of what is none, one of its bytes."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        return by_bytes(random, data)
    places = _places(whole)
    if not places or random.random() < 0.05:
        return _said_twice(random, data)
    holder, key = random.choice(places)
    _change(random, holder, key, places)
    try:
        return json.dumps(whole, ensure_ascii=random.random() < 0.5).encode(
            "utf-8", "surrogatepass"
        )
    except (ValueError, RecursionError):  # it was put into itself
        return data


def _change(random: Random, holder: Any, key: Any, places: list[tuple[Any, Any]]) -> None:
    """What stands at a place goes, comes from elsewhere, or is called, wrapped or written otherwise."""
    match random.randrange(6):
        case 0:
            del holder[key]
        case 1:
            other, its = random.choice(places)
            holder[key] = other[its]
        case 2 if isinstance(holder, list):
            holder[key:key] = [holder[key]] * random.choice((1, 2, 50))
        case 3 if isinstance(holder, dict):
            name = random.choice((*TEXTS, *ELEMENTS, "_" + key))
            holder[name] = holder.pop(key)
        case 4:
            holder[key] = _wrapped(random, holder[key])
        case _:
            holder[key] = _other_value(random)


def _places(whole: Any) -> list[tuple[Any, Any]]:
    """Every object and list with each of its keys."""
    found, waiting = [], [whole]
    while waiting:
        part = waiting.pop()
        keys = list(part) if isinstance(part, dict) else range(len(part))
        for key in keys:
            found.append((part, key))
            if isinstance(part[key], dict | list):
                waiting.append(part[key])
    return found


def _other_value(random: Random) -> Any:
    match random.randrange(6):
        case 0:
            return random.choice((None, True, False, 0, -1, 10**29, 1.5, 1e308))
        case 1:
            return random.choice(
                ([], {}, [None], [[]], {"extension": []}, {"resourceType": "Patient"})
            )
        case _:
            return random.choice(TEXTS)


def _wrapped(random: Random, value: Any) -> Any:
    """A value inside others, deeper than anybody writes."""
    name = random.choice(("extension", "contained", "entry", "a", ""))
    for _ in range(random.choice((1, 3, 40, 90))):
        value = {name: value} if random.random() < 0.5 else [value]
    return value


def _said_twice(random: Random, data: bytes) -> bytes:
    """A name of an object once more, before it, with another value; in the bytes, which a dict cannot hold."""
    objects = [found.end() for found in re.finditer(rb"\{(?=\"\w+\")", data)]
    if not objects:
        return by_bytes(random, data)
    at = random.choice(objects)
    name = data[at : data.index(b'"', at + 1) + 1]
    value = json.dumps(_wrapped(random, _other_value(random))).encode()
    return data[:at] + name + b": " + value + b", " + data[at:]


def of_xml(random: Random, data: bytes) -> bytes:
    """One change of a tag, a value or a whole element of XML, as far as it looks like some."""
    tags = [*re.finditer(rb"<[^<>]{1,300}>", data)]
    if not tags:
        return by_bytes(random, data)
    tag, other = random.choice(tags), random.choice(tags)
    start, stop = sorted((tag.start(), other.end()))
    match random.randrange(7):
        case 0:
            return data[: tag.start()] + data[tag.end() :]
        case 1:
            return data[:stop] + data[start:stop] * random.choice((1, 2, 30)) + data[stop:]
        case 2:
            often = random.choice((1, 3, 60, 600))
            return data[: tag.start()] + tag.group() * often + data[tag.start() :]
        case 3:
            return data[: tag.start()] + other.group() + data[tag.end() :]
        case 4:
            return data[: tag.end()] + random.choice(MARKUP) + data[tag.end() :]
        case _:
            values = [*re.finditer(rb"value=\"[^\"]*\"", data)]
            if not values:
                return by_bytes(random, data)
            value = random.choice(values)
            text = quoteattr(random.choice(TEXTS)).encode()
            return data[: value.start()] + b"value=" + text + data[value.end() :]


def of_table(random: Random, data: bytes) -> bytes:
    """One change of a row, a field or the trailer of a CSV file, whose count is mostly mended."""
    end = b"\r\n" if b"\r\n" in data else b"\n"
    lines = data.split(end)
    at = random.randrange(len(lines))
    match random.randrange(6):
        case 0:
            lines[at:at] = [lines[random.randrange(len(lines))]] * random.choice((1, 2, 200))
        case 1:
            lines.pop(at)
        case 2:
            parts = lines[at].split(b",")
            random.shuffle(parts)
            lines[at] = b",".join(parts)
        case _:
            lines[at] = _with_part(random, lines[at], b",")
    if random.random() < 0.8:
        rows = sum(map(bool, lines)) - 2
        lines = [b"#END,%d" % rows if each.startswith(b"#END") else each for each in lines]
    return end.join(lines)


def of_avro(random: Random, data: bytes) -> bytes:
    """One change of a number as Avro writes it: a length, a count, a branch or a symbol, often beyond all range."""
    start = random.randrange(len(data) + 1)
    value = random.choice((0, 1, 2, 3, 63, 64, 127, 2**31, 2**62, 2**63 - 1))
    number = _varint(value if random.random() < 0.5 else value * 2)
    return data[:start] + number + data[start + random.choice((0, 1, 1, len(number))) :]


def _varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def spliced(random: Random, one: bytes, other: bytes) -> bytes:
    """The beginning of one and the end of another."""
    return one[: random.randrange(len(one) + 1)] + other[random.randrange(len(other) + 1) :]


def mutated(random: Random, data: bytes, corpus: Sequence[bytes], own: Mutate) -> bytes:
    """An input some changes away from a good one, and bounded."""
    for _ in range(random.randint(1, MOST_AT_ONCE)):
        chance = random.random()
        if chance < 0.05:
            data = spliced(random, data, random.choice(corpus))
        else:
            data = (own if chance < 0.75 and data else by_bytes)(random, data)
        data = data[: MOST_OF_A_MESSAGE if own is of_hl7 else MOST_BYTES]
    return data
