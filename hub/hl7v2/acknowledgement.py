r"""The answer to a message: a pure function of its bytes and the verdict.

No clock and no new id: the same bytes with the same verdict are answered with the same bytes, for
ever, with nothing stored. What other systems take from a clock or a counter is the message's own:
MSH-7 and MSH-10 of the answer are those of the message.

Source: HL7 v2.4 and v2.5.1 chapter 2 (ACK, MSA, ERR).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from hub.errors import Rejected, Unavailable
from hub.hl7v2.charset import is_read
from hub.hl7v2.delimiters import UNUSED, Delimiters
from hub.hl7v2.escape import escaped
from hub.hl7v2.header import BYTE_FOR_BYTE, header_or_what_is_left
from hub.hl7v2.place import Place, place_from
from hub.hl7v2.segment import Header
from hub.hl7v2.table_0357 import TABLE, Condition, condition_of


class AcknowledgementCode(StrEnum):
    """HL7 table 0008: A is the application's word, C says only that the message is kept."""

    AA = "AA"
    AE = "AE"
    AR = "AR"
    CA = "CA"
    CE = "CE"
    CR = "CR"


@dataclass(frozen=True, slots=True)
class Problem:
    """What an ERR segment says: the row of table 0357, the place and a reason without any value."""

    condition: Condition
    place: Place | None
    reason: str

    @classmethod
    def of(cls, error: Rejected | Unavailable) -> Self:
        """Say a refusal in the words of the standard. A FHIR expression is no HL7 place."""
        place = _place_of(error)
        return cls(condition_of(error, place), place, error.reason)


_ERR_OF_FIELDS_SINCE: Final = (2, 5)
_STRUCTURE_SINCE: Final = (2, 4)
_EVENT_SINCE: Final = (2, 3)
_NEWEST: Final = (2, 9)
_VERSION: Final = re.compile(r"([0-9])\.([0-9]{1,2})")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_ACCEPTED: Final = (AcknowledgementCode.AA, AcknowledgementCode.CA)
_END: Final = "\r"
_EVENT: Final = place_from("MSH-9.2")
_LAST_FIELD: Final = 18
"""Of the MSH, among those that an answer repeats."""


def acknowledgement(
    frame: bytes, code: AcknowledgementCode, problem: Problem | None = None
) -> bytes:
    """Answer a message, without the MLLP block bytes.

    It works with whatever of the MSH can be read: when nothing can, MSA-2 is empty.
    """
    return acknowledgement_under(header_or_what_is_left(frame), code, problem)


def acknowledgement_under(
    header: Header, code: AcknowledgementCode, problem: Problem | None = None
) -> bytes:
    """The same for whoever has read the header of the message already."""
    delimiters, said, version = header.notation.delimiters, _said(header), _version(header)
    msa = ["MSA", code.value, said[10]]
    segments = [_msh(header, said, version), msa]
    if problem is not None:
        if version < _ERR_OF_FIELDS_SINCE:
            msa.append(_reason(problem, delimiters))
        segments.append(_err(delimiters, version, code, problem))
    separator = delimiters.field
    lines = (separator.join(fields).rstrip(separator) + _END for fields in segments)
    return "".join(lines).encode(BYTE_FOR_BYTE)


def _said(header: Header) -> list[str]:
    """The fields of the message's own MSH by number, as far as an answer repeats them, and as written."""
    fields = list(header.written[: _LAST_FIELD + 1])
    fields += [""] * (_LAST_FIELD + 1 - len(fields))
    return [_echo(field) for field in fields] if _CONTROL.search(header.raw) else fields


def _msh(header: Header, said: list[str], version: tuple[int, int]) -> list[str]:
    return [
        "MSH",
        header.notation.delimiters.encoding_characters,
        said[5],
        said[6],
        said[3],
        said[4],
        said[7],
        "",
        _message_type(header, version),
        said[10],
        said[11],
        said[12],
        *[""] * 5,
        said[18] if is_read(said[18].split(header.notation.delimiters.repetition)[0]) else "",
    ]


def _message_type(header: Header, version: tuple[int, int]) -> str:
    event = _echo(header.raw_at(_EVENT))
    if not event or version < _EVENT_SINCE:
        return "ACK"
    structure = ["ACK"] if version >= _STRUCTURE_SINCE else []
    return header.notation.delimiters.component.join(["ACK", event, *structure])


def _reason(problem: Problem, delimiters: Delimiters) -> str:
    """MSA-3, where ERR has no field for the reason."""
    reason = f"{problem.place}: {problem.reason}" if problem.place else problem.reason
    return _written(reason, delimiters)


def _err(
    delimiters: Delimiters, version: tuple[int, int], code: AcknowledgementCode, problem: Problem
) -> list[str]:
    condition = [problem.condition.code, problem.condition.text, TABLE]
    place = _numbers(problem.place)
    if version < _ERR_OF_FIELDS_SINCE:
        parts = delimiters.subcomponent != UNUSED
        coded = delimiters.subcomponent.join(condition) if parts else problem.condition.code
        return ["ERR", delimiters.component.join([*(place + [""] * 3)[:3], coded])]
    return [
        "ERR",
        "",
        delimiters.component.join(place),
        delimiters.component.join(condition),
        "W" if code in _ACCEPTED else "E",
        *[""] * 3,
        _written(problem.reason, delimiters),
    ]


def _numbers(place: Place | None) -> list[str]:
    """The components of an ERL: segment, sequence, field, repetition, component, subcomponent."""
    if place is None:
        return []
    if not place.field:
        return [place.segment, str(place.occurrence)]
    numbers = (
        place.occurrence,
        place.field,
        place.repetition,
        place.component,
        place.subcomponent,
    )
    return [place.segment, *(str(number) for number in numbers if number)]


def _echo(raw: str) -> str:
    """A part of the message's own header as written, unless it could break a frame."""
    return "" if _CONTROL.search(raw) else raw


def _written(reason: str, delimiters: Delimiters) -> str:
    """A reason of our own in ASCII, which every character set of a message can carry."""
    return escaped(reason.encode("ascii", "replace").decode("ascii"), delimiters)


def _version(header: Header) -> tuple[int, int]:
    """What MSH-12 says, else the newest, whose answer every reader can take apart."""
    found = _VERSION.match(header.text("MSH-12") or "")
    return (int(found[1]), int(found[2])) if found else _NEWEST


def _place_of(error: Rejected | Unavailable) -> Place | None:
    if isinstance(error, Unavailable) or not error.expression:
        return None
    try:
        return place_from(error.expression)
    except ValueError:
        return None
