"""Synthetic hospital events for tests: message Bundles, as small as they may be."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from hub.fhir.systems import (
    CONTACTS,
    DISCHARGE_METHOD_EXTENSION,
    PLANNED_END,
    REPLACES_VISIT,
    TRIGGER_EVENT,
    visit_authority,
)
from hub.records import EncounterEvent
from hub.testing.people import ADA, Person
from hub.testing.resources import entry, patient_resource
from hub.testing.senders import HOSPITAL, TRUST, frame_of


@dataclass(frozen=True)
class Visit:
    """What a hospital says of a stay, beside its event."""

    number: str = "V1"
    patient: Person = ADA
    patient_class: str = "IMP"
    ward: str | None = "Ward 23"
    admitted: str | None = None
    discharged: str | None = None
    discharge_method: tuple[str, str] | None = None
    expected: str | None = None
    contacts: tuple[dict[str, Any], ...] = field(default=())
    replaces_number: str | None = None
    replaces_visit: str | None = None


def encounter(
    event: str, recorded: str, visit: Visit, occurred: str | None = None, message: str | None = None
) -> EncounterEvent:
    """One ADT event, as the message Bundle that `ward_mllp` makes of it."""
    resources = [
        patient_resource(visit.patient, visit.replaces_number),
        *visit.contacts,
        header(event),
    ]
    if event not in ("A28", "A31", "A40"):
        resources.append(encounter_resource(visit))
    bundle = {
        "resourceType": "Bundle",
        "type": "message",
        "entry": [entry(each, number) for number, each in enumerate(resources)],
    }
    return EncounterEvent(
        **frame_of(HOSPITAL, message or f"{event}-{visit.number}-{recorded}", recorded, occurred),
        trust_ods=TRUST,
        event=event,
        resource=orjson.dumps(bundle),
    )


def header(event: str) -> dict[str, Any]:
    """A MessageHeader; the events that list all contacts say so."""
    resource: dict[str, Any] = {
        "resourceType": "MessageHeader",
        "eventCoding": {"system": TRIGGER_EVENT, "code": event},
        "source": {"endpoint": f"urn:carers-hub:sender:{HOSPITAL}"},
    }
    rule = "replace" if event in ("A01", "A04", "A05", "A08", "A28", "A31") else "add"
    return resource | {"extension": [{"url": CONTACTS, "valueCode": rule}]}


def encounter_resource(visit: Visit) -> dict[str, Any]:
    """An Encounter."""
    resource: dict[str, Any] = {
        "resourceType": "Encounter",
        "status": "unknown",
        "identifier": [visit_identifier(visit.number)],
        "class": {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "code": visit.patient_class,
        },
    }
    if visit.ward:
        resource["location"] = [
            {
                "location": {"display": visit.ward, "identifier": {"value": visit.ward}},
                "physicalType": WARD,
            }
        ]
    period = {
        name: f"{moment.replace(' ', 'T')}:00Z"
        for name, moment in (("start", visit.admitted), ("end", visit.discharged))
        if moment
    }
    if period:
        resource["period"] = period
    extensions: list[dict[str, Any]] = []
    if visit.expected:
        extensions.append({"url": PLANNED_END, "valueDateTime": visit.expected})
    if visit.discharge_method:
        system, code = visit.discharge_method
        method = {"coding": [{"system": system, "code": code}]}
        extensions.append({"url": DISCHARGE_METHOD_EXTENSION, "valueCodeableConcept": method})
    if visit.replaces_visit:
        extensions.append(
            {"url": REPLACES_VISIT, "valueIdentifier": visit_identifier(visit.replaces_visit)}
        )
    if extensions:
        resource["extension"] = extensions
    return resource


WARD = {
    "coding": [
        {"system": "http://terminology.hl7.org/CodeSystem/location-physical-type", "code": "wa"}
    ]
}


def visit_identifier(number: str) -> dict[str, Any]:
    """A visit number."""
    return {"system": visit_authority(TRUST, ""), "value": number}
