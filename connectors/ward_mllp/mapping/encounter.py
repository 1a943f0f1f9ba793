"""PV1, PV2 and ZU1 as an Encounter with the Locations that it points at.

Source: HL7 v2.4 chapter 3; ITK HL7 v2 message specifications; HL7 v2-to-FHIR, PV1 to Encounter.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from connectors.ward_mllp.mapping import codes
from connectors.ward_mllp.mapping.addresses import Addressed
from connectors.ward_mllp.mapping.datatypes import concept, identifier_type
from connectors.ward_mllp.mapping.fields import Fields, first_of
from connectors.ward_mllp.mapping.incoming import Incoming
from connectors.ward_mllp.mapping.merge import replaced_visit_from
from connectors.ward_mllp.mapping.triggers import STATUS
from connectors.ward_mllp.mapping.values import (
    UNKNOWN,
    UNREADABLE,
    Json,
    absent,
    cleared,
    code_of,
    date_of,
    date_time_of,
    moment_at,
    put,
    readable_moment,
)
from connectors.ward_mllp.settings import SenderSettings
from hub.errors import InvalidResource
from hub.fhir.encounter import SECONDARY, VISIT_NUMBER
from hub.fhir.location import BED, SITE, WARD
from hub.fhir.systems import (
    ADMISSION_METHOD,
    ADMISSION_METHOD_EXTENSION,
    ADMISSION_SOURCE,
    DISCHARGE_DESTINATION,
    DISCHARGE_METHOD,
    DISCHARGE_METHOD_EXTENSION,
    DISCHARGE_READY,
    DISPOSITION_AS_SENT,
    ITK_DISPOSITION,
    ODS_ORGANISATION,
    ODS_SITE,
    PHYSICAL_TYPE,
    PLANNED_END,
    REPLACES_VISIT,
    place_authority,
    visit_authority,
)
from hub.hl7v2 import NULL, Precision, Timestamp, Value

_VISIT: Final = 19
_VISITS: Final = (_VISIT, 50)
_ODS_CODE: Final = re.compile("[A-Z0-9]{3,10}")


def encounter_from(
    incoming: Incoming, sender: SenderSettings, patient: Json, address: Addressed
) -> tuple[Json, list[tuple[str, Json]]]:
    """The stay of a message, and the places where the patient is, each with its fullUrl.

    Raises:
        InvalidResource: There is no PV1, or a time that matters cannot be read.
    """
    segments = incoming.message.segments("PV1")
    if not segments:
        raise InvalidResource("A visit is required.", expression="PV1", code="required")
    pv1 = Fields(segments[0])
    encounter: Json = {"resourceType": "Encounter"}
    extensions = list(_extensions(incoming, sender))
    destination, method = _discharge(pv1, sender, died=_has_died(patient))
    if method is not None:
        extensions.append({"url": DISCHARGE_METHOD_EXTENSION, "valueCodeableConcept": method})
    if extensions:
        encounter["extension"] = extensions
    identifiers = list(_identifiers(pv1, sender))
    if identifiers:
        encounter["identifier"] = identifiers
    encounter["status"] = STATUS[incoming.trigger]
    encounter["class"] = _class(pv1)
    _put_period(encounter, pv1)
    _put_hospitalization(encounter, pv1, destination)
    locations = _put_locations(encounter, pv1, sender, address)
    encounter["serviceProvider"] = {
        "type": "Organization",
        "identifier": {"system": ODS_ORGANISATION, "value": sender.trust_ods},
    }
    return encounter, locations


def _extensions(incoming: Incoming, sender: SenderSettings) -> Iterator[Json]:
    pv2 = first_of(incoming.message, "PV2")
    if pv2 is not None:
        yield from _dated(PLANNED_END, pv2.value(9), "valueDateTime", date_time_of)
    zu1 = first_of(incoming.message, "ZU1")
    if zu1 is not None:
        yield from _dated(DISCHARGE_READY, zu1.value(24), "valueDate", date_of)
    replaced = replaced_visit_from(incoming, sender)
    if replaced is not None:
        yield {"url": REPLACES_VISIT, "valueIdentifier": replaced}


def _dated(url: str, value: Value, name: str, told: Callable[[Timestamp], str]) -> Iterator[Json]:
    """An extension has parts or a value, so the reason for holding no date stands beside its url.

    A word in place of a date, such as TBC, is none of the stay's times and costs nobody the message.
    """
    if value is NULL:
        yield {"url": url, **cleared()}
    elif isinstance(value, str):
        moment = readable_moment(value)
        yield {"url": url, **(absent(UNREADABLE) if moment is None else {name: told(moment)})}


def _identifiers(pv1: Fields, sender: SenderSettings) -> Iterator[Json]:
    """The visit number, and what else names the stay or a part of it."""
    for number in _VISITS:
        value, _, _, authority = pv1.first(number)[:4]
        if value is None:
            continue
        system = visit_authority(sender.trust_ods, authority or "")
        if number == _VISIT and sender.visit_number_rule == "visit":
            yield {"type": identifier_type(VISIT_NUMBER), "system": system, "value": value}
        else:
            yield {"use": SECONDARY, "system": system, "value": value}


def _class(pv1: Fields) -> Json:
    value = pv1.value(2)
    if value is None:
        return absent(UNKNOWN)
    if value is NULL:
        return cleared()
    code = code_of(value)
    system, name = codes.CLASS.get(code.upper(), (codes.OTHER_CLASS, code))
    return {"system": system, "code": name}


def _put_period(encounter: Json, pv1: Fields) -> None:
    start, end = moment_at(pv1, 44), moment_at(pv1, 45)
    if isinstance(start, Timestamp) and isinstance(end, Timestamp) and _is_before(end, start):
        raise InvalidResource(
            "The discharge is before the admission.", expression="PV1-45", code="value"
        )
    period: Json = {}
    for name, moment in (("start", start), ("end", end)):
        if moment is not None:
            put(period, name, NULL if moment is NULL else date_time_of(moment))
    if period:
        encounter["period"] = period


def _is_before(end: Timestamp, start: Timestamp) -> bool:
    """Compared by days when one of them is only a day."""
    if Precision.DAY in (end.precision, start.precision):
        return date_of(end) < date_of(start)
    return end.instant < start.instant


def _put_hospitalization(encounter: Json, pv1: Fields, destination: Json | None) -> None:
    hospitalization: Json = {}
    method, source = pv1.text(4), pv1.text(14)
    if method is not None:
        told = concept(method, ADMISSION_METHOD, codes.ADMISSION_METHODS)
        hospitalization["extension"] = [
            {"url": ADMISSION_METHOD_EXTENSION, "valueCodeableConcept": told}
        ]
    if source is not None:
        hospitalization["admitSource"] = concept(source, ADMISSION_SOURCE, codes.ADMISSION_SOURCES)
    if destination is not None:
        hospitalization["dischargeDisposition"] = destination
    if hospitalization:
        encounter["hospitalization"] = hospitalization


def _discharge(
    pv1: Fields, sender: SenderSettings, *, died: bool
) -> tuple[Json | None, Json | None]:
    """Destination and method. Feeds put the destination in PV1-36 as often as in PV1-37."""
    disposition, destination = pv1.value(36), pv1.value(37)
    if disposition in codes.DESTINATIONS and destination not in codes.DESTINATIONS:
        disposition, destination = destination, disposition
    method = _method(disposition, destination, sender, died=died)
    if destination is None or destination is NULL:
        return (cleared() if destination is NULL else None), method
    return concept(destination, DISCHARGE_DESTINATION, codes.DESTINATIONS), method


def _method(value: Value, destination: Value, sender: SenderSettings, *, died: bool) -> Json | None:
    """The discharge method, in the system that the sender is known to use (see `disposition`).

    Where that is not known a 4 may be "died" or "referred to a clinic": it is the former only when
    the message says elsewhere that the patient died.
    """
    if not isinstance(value, str):
        return None
    code = code_of(value)
    if not code.isdigit():
        return {"text": value}
    if sender.disposition == "discharge-method":
        return concept(value, DISCHARGE_METHOD, codes.METHODS)
    if sender.disposition == "itk-0112":
        told = [{"system": ITK_DISPOSITION, "code": code}]
        if code == codes.ITK_DIED:
            told.append({"system": DISCHARGE_METHOD, "code": codes.METHOD_DIED})
        return {"coding": told}
    told = [{"system": DISPOSITION_AS_SENT, "code": code}]
    if _is_confirmed(code, destination, died=died):
        told.append({"system": DISCHARGE_METHOD, "code": code})
    return {"coding": told}


def _is_confirmed(code: str, destination: Value, *, died: bool) -> bool:
    """Whether the rest of the message says what an NHS discharge method of that code would say."""
    if code in codes.METHODS_OF_DEATH:
        return died or destination == codes.DESTINATION_DIED
    return code == codes.METHOD_NOT_FINISHED and destination == codes.DESTINATION_NOT_DISCHARGED


def _has_died(patient: Json) -> bool:
    return "deceasedDateTime" in patient or patient.get("deceasedBoolean") is True


def _put_locations(
    encounter: Json, pv1: Fields, sender: SenderSettings, address: Addressed
) -> list[tuple[str, Json]]:
    """Site, ward and bed as Locations, each part of the one before."""
    if pv1.is_null(3):
        encounter["location"] = [{"location": cleared()}]
        return []
    found: list[tuple[str, Json]] = []
    pointers: list[Json] = []
    for kind, identifier, name in _places(pv1, sender):
        url = address("Location", len(found) + 1)
        physical = {"coding": [{"system": PHYSICAL_TYPE, "code": kind}]}
        pointer: Json = {"reference": url}
        location: Json = {"resourceType": "Location"}
        if identifier is not None:
            pointer["identifier"] = identifier
            location["identifier"] = [identifier]
        if name is not None:
            pointer["display"] = name
            location["name"] = name
        location["physicalType"] = physical
        if found:
            location["partOf"] = {"reference": found[-1][0]}
        found.append((url, location))
        pointers.append({"location": pointer, "physicalType": physical})
    if pointers:
        encounter["location"] = pointers
    return found


def _places(pv1: Fields, sender: SenderSettings) -> Iterator[tuple[str, Json | None, str | None]]:
    """Point of care ^ ward ^ bed ^ site, as in the UK, where the ward is 3.1 when there is no 3.2.

    A sender whose ward is 3.1 has a room in 3.2, which is never taken for a ward.
    """
    point, second, bed, site, _, _, _, _, description = pv1.first(3)[:9]
    ward = point if sender.ward_component == 1 else second or point
    if site is not None:
        code = site.upper()
        is_code = _ODS_CODE.fullmatch(code) is not None
        yield (
            SITE,
            ({"system": ODS_SITE, "value": code} if is_code else None),
            (None if is_code else site),
        )
    for kind, name, value in ((WARD, "ward", ward or description), (BED, "bed", bed)):
        if value is not None:
            system = place_authority(sender.trust_ods, name)
            yield kind, {"system": system, "value": value}, value
