"""Messages by the ITK's tables, from a seed, with a count of what every field was at some time."""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from random import Random
from typing import Final

from tests.itk.tables import ESCAPES, EVENTS, FIELDS, REPEATING, VALUES, Field


class Way(StrEnum):
    """How a field stands in a message."""

    PRESENT = "present"
    ABSENT = "absent"
    NULL = '""'
    REPEATED = "repeated"
    ESCAPED = "escaped"


Coverage = Counter[tuple[str, Way]]
"""Place such as `PID-3` and the way it stood there -> in how many segments."""

WAYS: Final = (Way.PRESENT, Way.PRESENT, Way.PRESENT, Way.ABSENT, Way.NULL, Way.REPEATED, Way.ESCAPED)  # fmt: skip
REQUIRED: Final = (("PID", 3, Way.PRESENT), ("PV1", 19, Way.PRESENT), ("EVN", 2, Way.PRESENT))
"""Without these a message means nothing. They stand there in `WHOLE` of all messages, else they are as the others."""
WHOLE: Final = 0.7


def messages(seed: int, number: int, coverage: Coverage | None = None) -> Iterator[bytes]:
    """So many messages. The same seed gives the same ones."""
    random = Random(f"itk {seed}")
    counts = Counter() if coverage is None else coverage
    for position in range(number):
        yield message(random, position, counts)


def message(random: Random, position: int, coverage: Coverage) -> bytes:
    """One message, of an event by lot."""
    trigger = random.choice(tuple(EVENTS))
    structure, names = EVENTS[trigger]
    lines = [
        rf"MSH|^~\&|PAS|RWE|ROUTE|ROUTE|20260301101500||ADT^{trigger}^{structure}"
        f"|M{position}|P|2.4|{position}||||GBR|UNICODE|EN||iTKv1.0"
    ]
    whole = random.random() < WHOLE
    for name in ("EVN", *names):
        times = random.randint(0 if name in REPEATING else 1, REPEATING.get(name, 1))
        lines += [segment(random, name, coverage, whole=whole) for _ in range(times)]
    return ("\r".join(lines) + "\r").encode()


def segment(random: Random, name: str, coverage: Coverage, *, whole: bool) -> str:
    """One segment; fields that the tables do not use are empty."""
    fields = [""] * (FIELDS[name][-1].number + 1)
    fields[0] = name
    for each in FIELDS[name]:
        way = random.choice(WAYS)
        if whole and (name, each.number, Way.PRESENT) in REQUIRED:
            way = Way.PRESENT
        if way is Way.REPEATED and not each.repeats and random.random() < 0.5:
            way = Way.PRESENT  # a repetition that the tables forbid comes as well, but less often
        fields[each.number] = written(random, each, way)
        coverage[f"{name}-{each.number}", way] += 1
    return "|".join(fields).rstrip("|")


def written(random: Random, field: Field, way: Way) -> str:
    """A field in one of the ways."""
    values = VALUES[field.kind]
    match way:
        case Way.ABSENT:
            return ""
        case Way.NULL:
            return '""'
        case Way.REPEATED:
            return "~".join(random.choices((*values, "", '""'), k=random.randint(2, 3)))
        case Way.ESCAPED:
            return random.choice(ESCAPES) + random.choice(values)
        case Way.PRESENT:
            return random.choice(values)


def not_covered(coverage: Coverage) -> list[str]:
    """Fields of the tables that never stood in one of the ways."""
    return [
        f"{name}-{field.number} {way.value}"
        for name, fields in FIELDS.items()
        for field in fields
        for way in Way
        if not coverage[f"{name}-{field.number}", way]
    ]
