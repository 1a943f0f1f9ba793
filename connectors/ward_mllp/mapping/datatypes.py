"""Data types of HL7 v2 as FHIR data types: names, addresses, telecoms, identifiers, codes."""

from collections.abc import Callable, Iterator
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
from connectors.ward_mllp.mapping.fields import Fields, Parts, text_in
from connectors.ward_mllp.mapping.values import Json, cleared, code_of, put
from hub.fhir.nhs_number import LENGTH
from hub.fhir.systems import CONTACT_NOTE, IDENTIFIER_TYPE, NHS_NUMBER, patient_authority
from hub.hl7v2 import NULL

_ADDRESS: Final = ((3, "city"), (4, "district"), (5, "postalCode"), (6, "country"))


def listed(fields: Fields, number: int, read: Callable[[Parts], Json | None]) -> list[Json]:
    """The repetitions of a field, each read; a field that is null is one cleared element."""
    if fields.is_null(number):
        return [cleared()]
    return [element for parts in fields.repetitions(number) if (element := read(parts)) is not None]


def name_from(parts: Parts) -> Json | None:
    """XPN as HumanName; None when it names nobody."""
    family, first, others = text_in(parts, 1), text_in(parts, 2), text_in(parts, 3)
    given = ([] if first is None else [first]) + ([] if others is None else others.split())
    if family is None and not given:
        return None
    name: Json = {}
    use = NAME_USE.get(text_in(parts, 7) or "")
    if use is not None:
        name["use"] = use
    if family is not None:
        name["family"] = family
    if given:
        name["given"] = given
    prefix = text_in(parts, 5)
    if prefix is not None:
        name["prefix"] = [prefix]
    return name


def alias_from(parts: Parts) -> Json | None:
    """A name that somebody also goes by."""
    name = name_from(parts)
    return None if name is None else {"use": "nickname"} | name


def address_from(parts: Parts) -> Json | None:
    """XAD as Address; None when it says nothing, or only where somebody was born."""
    kind = text_in(parts, 7) or ""
    if kind in NO_HOME:
        return None
    address: Json = {}
    use = ADDRESS_USE.get(kind)
    if use is not None:
        address["use"] = use
    lines = [line for line in (text_in(parts, 1), text_in(parts, 2)) if line is not None]
    if lines:
        address["line"] = lines
    for component, name in _ADDRESS:
        value = text_in(parts, component)
        if value is not None:
            address[name] = value
    return address if len(address) > (use is not None) else None


def telecoms_from(fields: Fields, number: int, use: str) -> Iterator[Json]:
    """XTN as ContactPoints: a number, a mail address, or both. `use` counts unless it says."""
    for parts in fields.repetitions(number):
        equipment = text_in(parts, 3) or ""
        telephone, mail = _telephone_in(parts), text_in(parts, 4)
        if telephone is not None and ("@" in telephone or equipment in MAIL):
            telephone, mail = None, mail or telephone
        note = text_in(parts, 9)
        if telephone is not None:
            said = "mobile" if equipment == MOBILE else TELECOM_USE.get(text_in(parts, 2) or "")
            yield _telecom(NOT_A_PHONE.get(equipment, "phone"), telephone, said or use, note)
        if mail is not None:
            yield _telecom("email", mail, use, note)


def identifier_from(parts: Parts, trust_ods: str) -> Json | None:
    """CX as Identifier: an NHS number, or a number of this trust. None without a value."""
    value = parts[0]
    if value is None:
        return None
    authority, kind = text_in(parts, 4) or "", text_in(parts, 5) or ""
    if _is_nhs_number(parts, authority, kind):
        identifier: Json = {"system": NHS_NUMBER}
        put(identifier, "value", value)
        return identifier
    if value is NULL:
        return None
    return {
        "type": identifier_type(kind if kind in NUMBER_TYPES else HOSPITAL_NUMBER),
        "system": patient_authority(trust_ods, authority),
        "value": value,
    }


def identifier_type(code: str) -> Json:
    """The type of an identifier, table 0203."""
    return {"coding": [{"system": IDENTIFIER_TYPE, "code": code}]}


def concept(value: str, system: str, known: frozenset[str]) -> Json:
    """A value as a code of that system if it is one, else as text: what people type is kept."""
    code = code_of(value)
    return {"coding": [{"system": system, "code": code}]} if code in known else {"text": value}


def _telephone_in(parts: Parts) -> str | None:
    """The number whole, or put together from its parts."""
    whole = text_in(parts, 1) or text_in(parts, 12)
    if whole is not None or len(parts) < 6:
        return whole
    return " ".join(filter(None, (text_in(parts, component) for component in (5, 6, 7)))) or None


def _telecom(system: str, value: str, use: str, note: str | None) -> Json:
    telecom: Json = {"system": system, "value": value, "use": use}
    if note is not None:
        telecom["extension"] = [{"url": CONTACT_NOTE, "valueString": note}]
    return telecom


def _is_nhs_number(parts: Parts, authority: str, kind: str) -> bool:
    if kind in NHS_TYPES or authority in NHS_AUTHORITIES:
        return True
    if kind != PERHAPS_NHS_TYPE or authority:
        return False
    digits = (text_in(parts, 1) or "").replace(" ", "")
    return len(digits) == LENGTH and digits.isdigit()
