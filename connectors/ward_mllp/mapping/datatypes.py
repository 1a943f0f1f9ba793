"""Data types of HL7 v2 as FHIR data types: names, addresses, telecoms, identifiers, codes."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from connectors.ward_mllp.mapping.codes import (
    ADDRESS_USE,
    HOSPITAL_NUMBER,
    MAIL,
    MOBILE,
    NAME_USE,
    NHS_AUTHORITIES,
    NHS_TYPES,
    NO_HOME,
    NOT_A_PHONE,
    NUMBER_TYPES,
    PERHAPS_NHS_TYPE,
    TELECOM_USE,
)
from connectors.ward_mllp.mapping.fields import Fields, Parts
from connectors.ward_mllp.mapping.values import Json, cleared, code_of
from hub.fhir.nhs_number import LENGTH
from hub.fhir.systems import CONTACT_NOTE, IDENTIFIER_TYPE, NHS_NUMBER, patient_authority

_ADDRESS: Final = ("city", "district", "postalCode", "country")
"""XAD.3 to XAD.6."""


def listed(fields: Fields, number: int, read: Callable[[Parts], Json | None]) -> list[Json]:
    """The repetitions of a field, each read; a field that is null is one cleared element."""
    if not fields.raws[number]:
        return []
    if fields.is_null(number):
        return [cleared()]
    return [element for parts in fields.repetitions(number) if (element := read(parts)) is not None]


def name_from(parts: Parts) -> Json | None:
    """XPN as HumanName; None when it names nobody."""
    family, first, others, _, prefix, _, kind = parts[:7]
    use = NAME_USE.get(kind or "")
    given = ([] if first is None else [first]) + ([] if others is None else others.split())
    if family is None and not given:
        return None
    name: Json = {}
    if use is not None:
        name["use"] = use
    if family is not None:
        name["family"] = family
    if given:
        name["given"] = given
    if prefix is not None:
        name["prefix"] = [prefix]
    return name


def alias_from(parts: Parts) -> Json | None:
    """A name that somebody also goes by."""
    name = name_from(parts)
    return None if name is None else {"use": "nickname"} | name


def address_from(parts: Parts) -> Json | None:
    """XAD as Address; None when it says nothing, or only where somebody was born."""
    kind = parts[6]
    if kind in NO_HOME:
        return None
    address: Json = {
        name: value for name, value in zip(_ADDRESS, parts[2:6], strict=True) if value is not None
    }
    lines = [line for line in parts[:2] if line is not None]
    if lines:
        address["line"] = lines
    if not address:
        return None
    use = ADDRESS_USE.get(kind or "")
    if use is not None:
        address["use"] = use
    return address


def telecoms_from(fields: Fields, number: int, use: str) -> Iterator[Json]:
    """XTN as ContactPoints: a number, a mail address, or both. `use` counts unless it says."""
    for parts in fields.repetitions(number):
        telephone, kind, equipment, mail = parts[:4]
        if telephone is None:
            telephone = _telephone_of(parts)
        elif "@" in telephone or equipment in MAIL:
            telephone, mail = None, mail or telephone
        note = parts[8]
        if telephone is not None:
            system = NOT_A_PHONE.get(equipment or "", "phone")
            said = "mobile" if equipment == MOBILE else TELECOM_USE.get(kind or "", use)
            yield _telecom(system, telephone, said, note)
        if mail is not None:
            yield _telecom("email", mail, use, note)


def identifiers_from(fields: Fields, number: int, trust_ods: str) -> list[Json]:
    """CX as Identifiers: NHS numbers, and numbers of this trust."""
    if not fields.raws[number]:
        return []
    if fields.is_null(number):
        return [cleared()]
    found = []
    for parts, is_null in zip(fields.repetitions(number), fields.are_null(number), strict=True):
        if _is_nhs_number(parts):
            if is_null:
                found.append({"system": NHS_NUMBER, "_value": cleared()})
            elif parts[0] is not None:
                found.append({"system": NHS_NUMBER, "value": parts[0]})
        elif parts[0] is not None:
            found.append(_local_identifier(parts, trust_ods))
    return found


@lru_cache(maxsize=64)
def identifier_type(code: str) -> Json:
    """The type of an identifier, table 0203."""
    return {"coding": [{"system": IDENTIFIER_TYPE, "code": code}]}


@lru_cache(maxsize=1024)
def concept(value: str, system: str, known: frozenset[str]) -> Json:
    """A value as a code of that system if it is one, else as text: what people type is kept."""
    code = code_of(value)
    return {"coding": [{"system": system, "code": code}]} if code in known else {"text": value}


def _telephone_of(parts: Parts) -> str | None:
    """The number where it was sent unformatted, or put together from its parts."""
    return parts[11] or " ".join(filter(None, parts[4:7])) or None


def _telecom(system: str, value: str, use: str, note: str | None) -> Json:
    telecom: Json = {"system": system, "value": value, "use": use}
    if note is not None:
        telecom["extension"] = [{"url": CONTACT_NOTE, "valueString": note}]
    return telecom


def _local_identifier(parts: Parts, trust_ods: str) -> Json:
    kind = parts[4]
    return {
        "type": identifier_type(kind if kind in NUMBER_TYPES else HOSPITAL_NUMBER),
        "system": patient_authority(trust_ods, parts[3] or ""),
        "value": parts[0],
    }


def _is_nhs_number(parts: Parts) -> bool:
    number, _, _, authority, kind = parts[:5]
    if kind in NHS_TYPES or authority in NHS_AUTHORITIES:
        return True
    if kind != PERHAPS_NHS_TYPE or authority is not None:
        return False
    digits = (number or "").replace(" ", "")
    return len(digits) == LENGTH and digits.isdigit()
