"""NK1 as RelatedPerson: one for each segment, with every role that it names.

One person may stand in several NK1, as daughter and as carer; whoever reads them joins them.

Source: ITK HL7 v2 message specifications, NK1 and table 0063; HL7 v2-to-FHIR, NK1 to RelatedPerson.
"""

from functools import lru_cache
from typing import Final

from connectors.ward_mllp.mapping.codes import CARER, CARER_WORD, relationship_codings
from connectors.ward_mllp.mapping.datatypes import (
    address_from,
    identifiers_from,
    listed,
    name_from,
)
from connectors.ward_mllp.mapping.fields import PEOPLE, Fields, Parts, Written, written
from connectors.ward_mllp.mapping.patient import (
    put_birth,
    put_gender,
    put_language,
    put_list,
    telecoms,
)
from connectors.ward_mllp.mapping.values import Json, code_of, day_from
from connectors.ward_mllp.settings import SenderSettings
from hub.errors import InvalidResource
from hub.hl7v2 import Message

MOST: Final = 100
"""NK1 segments of one message. More is refused."""

_ROLES: Final = (3, 7)
_TELECOMS: Final = ((5, "home"), (6, "work"))
_PERIOD: Final = ((8, "start"), (9, "end"))


def related_persons_from(message: Message, sender: SenderSettings, patient_url: str) -> list[Json]:
    """Everybody that the message calls next of kin; a segment that says nothing is nobody.

    Raises:
        InvalidResource: A period ends before it starts, or there are more than are ever read.
    """
    segments = message.segments("NK1")
    if len(segments) > MOST:
        raise InvalidResource(
            f"At most {MOST} are read.", expression=f"NK1[{MOST + 1}]", code="too-many"
        )
    found = [_related_person(written(nk1), sender.trust_ods) for nk1 in segments]
    patient = {"reference": patient_url}
    return [{**related, "patient": patient} for related in found if related is not None]


def _related_person(segment: Written, trust_ods: str) -> Json | None:
    read = _related_person_from if segment.is_usual else _related_person_from.__wrapped__
    return read(segment, trust_ods)


@lru_cache(maxsize=PEOPLE)
def _related_person_from(segment: Written, trust_ods: str) -> Json | None:
    """What the segment says by itself. It is remembered and shared, so nobody changes what is in it."""
    nk1 = segment.fields()
    related: Json = {"resourceType": "RelatedPerson"}
    put_list(related, "identifier", identifiers_from(nk1, 33, trust_ods))
    related["patient"] = None  # whose it is changes from message to message; this is its place
    empty = len(related) if "identifier" not in related else 0
    put_list(related, "relationship", _relationships(nk1))
    put_list(related, "name", listed(nk1, 2, name_from))
    put_list(related, "telecom", telecoms(nk1, _TELECOMS))
    put_gender(related, nk1, 15)
    put_birth(related, nk1, 16)
    put_list(related, "address", listed(nk1, 4, address_from))
    _put_period(related, nk1)
    put_language(related, nk1, 20)
    return related if len(related) != empty else None


def _relationships(nk1: Fields) -> list[Json]:
    """Each role once, whichever of the two fields names it."""
    found: list[Json] = []
    for field in _ROLES:
        for parts in nk1.repetitions(field):
            relationship = _relationship_from(parts)
            if relationship is not None and relationship not in found:
                found.append(relationship)
    return found


def _relationship_from(parts: Parts) -> Json | None:
    """CE: a code, a text, or both, and perhaps the same again in another list (CE.4, CE.5).

    The word carer by itself, as local lists have it, is 20.
    """
    code, text, _, other_code, other_text = parts[:5]
    text = text or other_text
    if code is None and text is None and other_code is None:
        return None
    codings = () if code is None else relationship_codings(code_of(code))
    if other_code is not None:
        codings += tuple(
            each for each in relationship_codings(code_of(other_code)) if each not in codings
        )
    said = (code, text, other_code, other_text)
    if CARER not in codings and any(each and each.lower() == CARER_WORD for each in said):
        codings = (*codings, CARER)
    relationship: Json = {}
    if codings:
        relationship["coding"] = [
            {"system": system, "code": name} if system else {"code": name}
            for system, name in codings
        ]
    if text is not None:
        relationship["text"] = text
    return relationship


def _put_period(related: Json, nk1: Fields) -> None:
    """Dates without times; one that cannot be read says nothing."""
    period: dict[str, str] = {}
    for number, name in _PERIOD:
        value = nk1.text(number)
        day = None if value is None else day_from(value)
        if day is not None:
            period[name] = day
    if _is_backwards(period):
        raise InvalidResource("The end is before the start.", expression=nk1.place(9), code="value")
    if period:
        related["period"] = period


def _is_backwards(period: dict[str, str]) -> bool:
    """Compared as far as both are known: 2026-03 does not end before 2026-03-15."""
    start, end = period.get("start"), period.get("end")
    return start is not None and end is not None and end < start[: len(end)]
