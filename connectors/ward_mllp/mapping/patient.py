"""PID, PD1 and ZU8 as a Patient.

Source: HL7 v2.4 chapter 3; ITK HL7 v2 message specifications; HL7 v2-to-FHIR, PID to Patient.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from connectors.ward_mllp.mapping.codes import GENDER
from connectors.ward_mllp.mapping.datatypes import (
    address_from,
    alias_from,
    identifiers_from,
    listed,
    name_from,
    telecoms_from,
)
from connectors.ward_mllp.mapping.fields import (
    PEOPLE,
    Fields,
    Parts,
    Written,
    first_written,
    written,
)
from connectors.ward_mllp.mapping.values import (
    UNKNOWN,
    UNREADABLE,
    Json,
    absent,
    cleared,
    code_of,
    date_time_of,
    day_from,
    put,
    readable_moment,
)
from connectors.ward_mllp.settings import SenderSettings
from hub.errors import InvalidResource
from hub.fhir.systems import (
    CONFIDENTIALITY,
    GMC_NUMBER,
    GMP_NUMBER,
    HUMAN_LANGUAGE,
    NHS_NUMBER,
    ODS_ORGANISATION,
    VERIFICATION_STATUS,
    VERIFICATION_STATUS_EXTENSION,
)
from hub.hl7v2 import NULL, Message

_STATUS: Final = re.compile("NSTS(0[1-8])")
_PRACTICE: Final = re.compile("[A-HJ-NPVWY][0-9]{5}")
_GENERAL_PRACTITIONER: Final = re.compile("G[0-9]{7}")
_DOCTOR: Final = re.compile("C?[0-9]{7}")
_TELECOMS: Final = ((13, "home"), (14, "work"))
_YEAR: Final = len("1965")
_BIRTH_UNKNOWN: Final = "UD"
_BIRTH_ESTIMATED: Final = "ED"
_NOT_HIDDEN: Final = frozenset({"0", "N", "NO"})


def patient_from(message: Message, sender: SenderSettings) -> Json:
    """The patient of a message.

    What tells who somebody is not and cannot be read, such as a month 13 in a birth date, becomes
    an absent reason `error`.

    Raises:
        InvalidResource: There is no PID, PID-3 holds nothing, or there is more of something than is ever read.
    """
    segments = message.segments("PID")
    if not segments:
        raise InvalidResource("A patient is required.", expression="PID", code="required")
    if len(segments) > 1:
        raise InvalidResource(
            "One message may speak of one patient.", expression="PID[2]", code="too-many"
        )
    pid, pd1, zu8 = (
        written(segments[0]),
        first_written(message, "PD1"),
        first_written(message, "ZU8"),
    )
    usual = all(each is None or each.is_usual for each in (pid, pd1, zu8))
    read = _patient if usual else _patient.__wrapped__
    return dict(read(pid, pd1, zu8, sender.trust_ods))


@lru_cache(maxsize=PEOPLE)
def _patient(segment: Written, pd1: Written | None, zu8: Written | None, trust_ods: str) -> Json:
    """What the segments say by themselves. It is remembered and shared, so nobody changes what is in it."""
    pid = segment.fields()
    reliability = [parts[0] for parts in pid.repetitions(32)]
    patient: Json = {"resourceType": "Patient"}
    _put_shielding(patient, zu8)
    put_list(patient, "identifier", _identifiers(pid, trust_ods, reliability))
    put_list(patient, "name", listed(pid, 5, name_from) + listed(pid, 9, alias_from))
    put_list(patient, "telecom", telecoms(pid, _TELECOMS))
    put_gender(patient, pid, 8)
    if _BIRTH_UNKNOWN in reliability:
        patient["_birthDate"] = absent(UNKNOWN)
    else:
        put_birth(patient, pid, 7, estimated=_BIRTH_ESTIMATED in reliability)
    _put_death(patient, pid)
    put_list(patient, "address", listed(pid, 11, address_from))
    put_language(patient, pid, 15)
    _put_practice(patient, pd1)
    return patient


def put_list(element: Json, name: str, items: list[Json]) -> None:
    """Write a list, if anything stands in it; beside real elements a cleared one is left out."""
    if len(items) > 1:
        items = [item for item in items if item.keys() != {"extension"}] or items[:1]
    if items:
        element[name] = items


def telecoms(fields: Fields, uses: Collection[tuple[int, str]]) -> list[Json]:
    """All telecoms of these fields, each with its default use; cleared when all is null."""
    found = [telecom for number, use in uses for telecom in telecoms_from(fields, number, use)]
    if not found and any(fields.is_null(number) for number, _ in uses):
        return [cleared()]
    return found


def put_gender(element: Json, fields: Fields, number: int) -> None:
    """Write the sex as administrative gender."""
    value = fields.value(number)
    if isinstance(value, str):
        value = GENDER.get(value.upper())
        if value is None:
            element["_gender"] = absent(UNREADABLE)
    put(element, "gender", value)


def put_birth(element: Json, fields: Fields, number: int, *, estimated: bool = False) -> None:
    """Write the day as it stands on the calendar: no time and no offset moves it.

    Of an estimated date only the year is kept.
    """
    value = fields.value(number)
    if isinstance(value, str):
        value = day_from(value)
        if value is None:
            element["_birthDate"] = absent(UNREADABLE)
        elif estimated:
            value = value[:_YEAR]
    put(element, "birthDate", value)


def put_language(element: Json, fields: Fields, number: int) -> None:
    """Write the language that somebody speaks."""
    value = fields.value(number)
    if value is NULL:
        element["communication"] = [{"language": cleared()}]
    elif value is not None:
        coding = {"system": HUMAN_LANGUAGE, "code": code_of(value).lower()}
        element["communication"] = [{"language": {"coding": [coding]}, "preferred": True}]


def _identifiers(pid: Fields, trust_ods: str, reliability: list[str | None]) -> list[Json]:
    """All that PID-3 holds.

    A message without any would make another patient of the stay that it names: the carers who are known, and
    with them the alert, belong to the one who was there before.
    """
    found = identifiers_from(pid, 3, trust_ods)
    if not any("value" in identifier for identifier in found):
        raise InvalidResource(
            "Say who it is: send a hospital number or an NHS number.",
            expression=pid.place(3),
            code="required",
        )
    status = next(
        (match.group(1) for code in reliability if code and (match := _STATUS.fullmatch(code))),
        None,
    )
    if status is not None:
        for identifier in found:
            if identifier.get("system") == NHS_NUMBER and "value" in identifier:
                identifier["extension"] = [_verification(status)]
    return found


@lru_cache(maxsize=16)
def _verification(status: str) -> Json:
    coding = {"system": VERIFICATION_STATUS, "code": status}
    return {
        "url": VERIFICATION_STATUS_EXTENSION,
        "valueCodeableConcept": {"coding": [coding]},
    }


def _put_shielding(patient: Json, zu8: Written | None) -> None:
    """ZU8-4: any word but the known ones for "not hidden" is taken as hidden."""
    value = None if zu8 is None else zu8.fields().value(4)
    if value is NULL:
        patient["meta"] = {"security": [cleared()]}
    elif value is not None:
        code = "U" if value.upper() in _NOT_HIDDEN else "R"
        patient["meta"] = {"security": [{"system": CONFIDENTIALITY, "code": code}]}


def _put_death(patient: Json, pid: Fields) -> None:
    """PID-30, and PID-29 as much of it as was written.

    A date that cannot be read takes nothing from a death that PID-30 tells, and alone it tells of none.
    """
    indicator = pid.value(30)
    if indicator is NULL:
        patient["_deceasedBoolean"] = cleared()
    elif indicator is not None and indicator.upper() in ("N", "NO"):
        patient["deceasedBoolean"] = False
    else:
        said = pid.text(29)
        died_at = None if said is None else _death_from(said)
        if died_at is not None:
            patient["deceasedDateTime"] = died_at
        elif indicator is not None and indicator.upper() in ("Y", "YES"):
            patient["deceasedBoolean"] = True
        elif said is not None:
            patient["_deceasedDateTime"] = absent(UNREADABLE)


def _death_from(text: str) -> str | None:
    """A FHIR dateTime, only the month or year where no more was written."""
    moment = readable_moment(text)
    return day_from(text) if moment is None else date_time_of(moment)


def _put_practice(patient: Json, pd1: Written | None) -> None:
    if pd1 is not None:
        fields = pd1.fields()
        found = listed(fields, 3, _practice_from) + listed(fields, 4, _practitioner_from)
        put_list(patient, "generalPractitioner", found)


def _practice_from(parts: Parts) -> Json | None:
    """XON: the ODS code stands in the third component, or alone in the first."""
    name = parts[0]
    code = parts[2] or parts[9]
    if code is None and name is not None and _PRACTICE.fullmatch(name.upper()):
        code, name = name, None
    if code is None:
        return None
    reference: Json = {
        "type": "Organization",
        "identifier": {"system": ODS_ORGANISATION, "value": code_of(code).upper()},
    }
    if name is not None:
        reference["display"] = name
    return reference


def _practitioner_from(parts: Parts) -> Json | None:
    """XCN: only the number, and only where it is of a known kind."""
    number = (parts[0] or "").upper()
    if _GENERAL_PRACTITIONER.fullmatch(number):
        system = GMP_NUMBER
    elif _DOCTOR.fullmatch(number):
        system = GMC_NUMBER
    else:
        return None
    return {"type": "Practitioner", "identifier": {"system": system, "value": number}}
