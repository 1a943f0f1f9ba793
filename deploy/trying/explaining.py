"""Which place of a message became what: found by leaving each place out and looking at what then differs.

So it is true of the mapping as it is, and there is no second table that could be wrong. Where nothing differs, the
place is read a second time with a word that nobody means: what then differs was only said twice in this message.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import orjson

from connectors.ward_mllp.senders import KnownSender
from deploy.trying.comparing import Json, comparable, differences
from deploy.trying.files import Piece
from deploy.trying.trial import read_message
from hub.fhir.location import PARTS
from hub.hl7v2.acknowledgement import AcknowledgementCode
from hub.hl7v2.acknowledgement_mode import answer
from hub.hl7v2.header import header_from
from hub.hl7v2.place import Place
from hub.records import EncounterEvent

MOST_PLACES: Final = 2_000
"""Of one message: each is a whole reading of it."""

NO_WORD: Final = b"Zq9"
"""No code, name, number or time."""

NO_ANSWER: Final = b"NE"
"""Of MSH-15 and MSH-16: never (HL7 table 0155)."""

_LINE: Final = re.compile(rb"[^\r\n]+")
_NAME: Final = 3
_FIRST_OF_HEADER: Final = 3
"""MSH-1 and MSH-2 are the delimiters, without which nothing is a message."""


@dataclass(frozen=True, slots=True)
class Part:
    """A component with something in it.

    Attributes:
        place: As the standard writes it, such as `PID-3[2].1`.
        start, end: Where it stands among the bytes.
    """

    place: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cut:
    """What stands between two separators, and where it begins."""

    start: int
    text: bytes


def explained(piece: Piece, wards: Sequence[KnownSender], event: EncounterEvent) -> dict[str, Json]:
    """What each place of an accepted message became.

    `became` has the FHIRPath of what is not the same without it, or a field of `EncounterEvent`; `needed` is what is
    refused or ignored without it, with the code; `said_again` is read, and another place says the same; `answer` only
    shapes the acknowledgement, or whether there is one (MSH-11 also says whether it is a test, which a hub without
    `test_numbers: accept` refuses); `not_used` changes nothing, whatever it holds. `read_as` is how the sender is set
    up to be read where senders differ most, and what came of it: ward and bed.
    """
    parts = list(parts_of(piece.content))
    if len(parts) > MOST_PLACES:
        return {"too_many": len(parts)}
    whole = comparable(event)
    became: dict[str, Json] = {}
    needed: dict[str, Json] = {}
    said_again: list[Json] = []
    answer_only: list[Json] = []
    not_used: list[Json] = []
    for part in parts:
        line, other = read_message(with_other(piece, part, b""), wards)
        if other is None:
            needed[part.place] = line.code
            continue
        paths: list[Json] = list(dict.fromkeys(differences(whole, comparable(other), "")))
        if paths:
            became[part.place] = paths
        elif is_read(piece, part, wards, whole):
            said_again.append(part.place)
        elif part.place.startswith("MSH-") and is_answered_by(piece, part):
            answer_only.append(part.place)
        else:
            not_used.append(part.place)
    return {
        "read_as": read_as(event, wards),
        "became": became,
        "needed": needed,
        "said_again": said_again,
        "answer": answer_only,
        "not_used": not_used,
    }


def places_of(piece: Piece) -> Iterator[str]:
    """Every place with something in it, in the order sent."""
    return (part.place for part in parts_of(piece.content))


def read_as(event: EncounterEvent, wards: Sequence[KnownSender]) -> dict[str, Json]:
    """The sender that a message was taken for, its component of PV1-3 for the ward, and the places found there."""
    sender = next(each.settings for each in wards if each.settings.name == event.source)
    found: dict[str, Json] = {"sender": sender.name, "ward_component": sender.ward_component}
    for entry in orjson.loads(event.resource)["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == "Location":
            kind = resource["physicalType"]["coding"][0]["code"]
            name = PARTS.get(kind)
            if name is not None:
                found[name] = resource["identifier"][0]["value"]
    return found


def is_answered_by(piece: Piece, part: Part) -> bool:
    """Whether the acknowledgement, or that there is one, is another without a place, or when it asks for none."""
    whole = answers(piece)
    return any(
        answers(with_other(piece, part, text)) != whole for text in (b"", NO_WORD, NO_ANSWER)
    )


def answers(piece: Piece) -> list[bytes | None]:
    """What the sender hears of a message that is accepted, and of one that is refused."""
    return [answer(piece.content, AcknowledgementCode(code)) for code in ("AA", "AR")]


def with_other(piece: Piece, part: Part, text: bytes) -> Piece:
    """The message with another text in one place."""
    return replace(piece, content=piece.content[: part.start] + text + piece.content[part.end :])


def is_read(piece: Piece, part: Part, wards: Sequence[KnownSender], whole: Json) -> bool:
    """Whether another text in this place would make a difference."""
    _, other = read_message(with_other(piece, part, NO_WORD), wards)
    return other is None or comparable(other) != whole


def parts_of(frame: bytes) -> Iterator[Part]:
    """Every component with something in it, in the order sent. All that is read here keeps ASCII's delimiters."""
    delimiters = header_from(frame).notation.delimiters
    separators = [
        each.encode() for each in (delimiters.field, delimiters.repetition, delimiters.component)
    ]
    seen: Counter[str] = Counter()
    for found in _LINE.finditer(frame):
        name = found[0][:_NAME].decode("ascii", "replace")
        seen[name] += 1
        beside = 1 if name == "MSH" else 0
        for number, part in enumerate(cut(found[0], separators[0], found.start()), start=beside):
            if number >= (_FIRST_OF_HEADER if beside else 1):
                yield from components_of(Place(name, seen[name], number), part, separators)


def components_of(place: Place, field: Cut, separators: Sequence[bytes]) -> Iterator[Part]:
    """The components of a field."""
    for repetition, one in enumerate(cut(field.text, separators[1], field.start), start=1):
        components = list(cut(one.text, separators[2], one.start))
        for position, each in enumerate(components, start=1):
            if each.text:
                component = position if len(components) > 1 else 0
                named = replace(place, repetition=repetition, component=component)
                yield Part(str(named), each.start, each.start + len(each.text))


def cut(text: bytes, separator: bytes, start: int) -> Iterator[Cut]:
    """What stands between separators."""
    for part in text.split(separator):
        yield Cut(start, part)
        start += len(part) + len(separator)
