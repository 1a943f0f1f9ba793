"""Synthetic events for tests: a hospital's Bundles and carers' flags, as small as they may be.

People are made up and their NHS numbers come from the 999 test range. Each builder shows only what matters; what is
not given has a plain default.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import orjson

from hub.decisions import Frame
from hub.fhir.systems import (
    CONFIDENTIALITY,
    CONSENT_CODE,
    CONTACTS,
    DISCHARGE_METHOD_EXTENSION,
    NHS_NUMBER,
    ODS_ORGANISATION,
    PLANNED_END,
    REPLACES_VISIT,
    TRIGGER_EVENT,
    patient_authority,
    visit_authority,
)
from hub.identity import derived, source_record_id
from hub.records import (
    AlertOutcome,
    CarerFlagEvent,
    DecisionKind,
    EncounterEvent,
    NoticeKind,
    OutcomeKind,
    PersonDecision,
    PersonNotice,
)

TRUST = "RWE"
HOSPITAL = "rwe-pas"
PRACTICE = "c82009-gp"
CARER_ROLE = {
    "system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-AdditionalPersonRelationshipRole",
    "code": "Carer",
}
IS_A_CARER = {"system": "http://snomed.info/sct", "code": "224484003"}
NO_LONGER = {"system": "http://snomed.info/sct", "code": "199361000000101"}


def at(text: str) -> datetime:
    """An instant, UTC, such as `2026-11-23 09:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """Somebody made up."""

    given: str
    family: str
    born: str
    nhs_number: str | None = None
    hospital_number: str | None = None
    phone: str | None = None
    postcode: str | None = None
    practice: str | None = None
    shielded: bool = False


ADA = Person("Ada", "Marsh", "1941-03-02", "9990000018", "H100")
BEN = Person("Ben", "Marsh", "1969-07-21", "9990000026", phone="0116 496 0001")
NINA = Person("Nina", "Marsh", "2011-01-15", "9990000034")


def frame_of(
    source: str, source_event_id: str, recorded: str, occurred: str | None = None
) -> Frame:
    """A frame whose event id is derived from sender and message id."""
    event_id = derived("test-event", source, source_event_id)
    return Frame(
        event_id=event_id,
        caused_by=None,
        correlation_id=event_id,
        source=source,
        source_event_id=source_event_id,
        occurred_at=at(occurred or recorded),
        recorded_at=at(recorded),
        received_at=at(recorded),
        region=0,
    )


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


def entry(resource: dict[str, Any], number: int) -> dict[str, Any]:
    """One entry; the patient's address is `urn:uuid:` and zeros."""
    return {"fullUrl": f"urn:uuid:{UUID(int=number)}", "resource": resource}


def header(event: str) -> dict[str, Any]:
    """A MessageHeader; the events that list all contacts say so."""
    resource: dict[str, Any] = {
        "resourceType": "MessageHeader",
        "eventCoding": {"system": TRIGGER_EVENT, "code": event},
        "source": {"endpoint": f"urn:carers-hub:sender:{HOSPITAL}"},
    }
    rule = "replace" if event in ("A01", "A04", "A05", "A08", "A28", "A31") else "add"
    return resource | {"extension": [{"url": CONTACTS, "valueCode": rule}]}


def patient_resource(person: Person, replaces_number: str | None = None) -> dict[str, Any]:
    """A Patient."""
    identifiers: list[dict[str, Any]] = []
    if person.nhs_number:
        identifiers.append({"system": NHS_NUMBER, "value": person.nhs_number})
    if person.hospital_number:
        identifiers.append(
            {"system": patient_authority(TRUST, TRUST), "value": person.hospital_number}
        )
    resource: dict[str, Any] = {
        "resourceType": "Patient",
        "identifier": identifiers,
        "name": [{"family": person.family, "given": [person.given]}],
        "birthDate": person.born,
    }
    if person.postcode:
        resource["address"] = [{"postalCode": person.postcode}]
    if person.practice:
        practice = {"identifier": {"system": ODS_ORGANISATION, "value": person.practice}}
        resource["generalPractitioner"] = [practice]
    if person.shielded:
        resource["meta"] = {"security": [{"system": CONFIDENTIALITY, "code": "R"}]}
    if replaces_number:
        other = {
            "identifier": {"system": patient_authority(TRUST, TRUST), "value": replaces_number}
        }
        resource["link"] = [{"type": "replaces", "other": other}]
    return resource


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


def related(
    person: Person,
    *roles: dict[str, str],
    patient: str = f"urn:uuid:{UUID(int=0)}",
    active: bool = True,
) -> dict[str, Any]:
    """A RelatedPerson of the patient in the same Bundle."""
    resource: dict[str, Any] = {
        "resourceType": "RelatedPerson",
        "active": active,
        "patient": {"reference": patient},
        "name": [{"family": person.family, "given": [person.given]}],
        "birthDate": person.born,
        "relationship": [{"coding": [role]} for role in roles],
    }
    if person.nhs_number:
        resource["identifier"] = [{"system": NHS_NUMBER, "value": person.nhs_number}]
    if person.phone:
        resource["telecom"] = [{"system": "phone", "value": person.phone}]
    return resource


@dataclass(frozen=True, slots=True)
class Form:
    """How a practice says it.

    Attributes:
        status: Of the flag; None = there is none.
        link_active: Of the RelatedPerson, where somebody cared for is named.
    """

    status: str | None
    link_active: bool


TOLD: Final = Form("active", link_active=True)


def carer_flag(
    carer: Person,
    recorded: str,
    of: Person | None = None,
    code: dict[str, str] = IS_A_CARER,
    message: str | None = None,
    form: Form = TOLD,
) -> CarerFlagEvent:
    """A practice says that somebody is a carer, perhaps of whom."""
    resources = [patient_resource(of)] if of else []
    resources.append(patient_resource(carer))
    if of:
        resources.append(related(carer, CARER_ROLE, active=form.link_active))
    if form.status is not None:
        resources.append(
            {
                "resourceType": "Flag",
                "status": form.status,
                "code": {"coding": [code]},
                "subject": {"reference": f"urn:uuid:{UUID(int=1 if of else 0)}"},
            }
        )
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": at(recorded).isoformat(),
        "entry": [entry(each, number) for number, each in enumerate(resources)],
    }
    return CarerFlagEvent(
        **frame_of(PRACTICE, message or f"{code['code']}-{carer.given}-{recorded}", recorded),
        source_record=source_record_id(PRACTICE, NHS_NUMBER, carer.nhs_number or ""),
        resource=orjson.dumps(bundle),
    )


def agreement(
    carer: Person, recorded: str, status: str = "active", named: str | None = None
) -> PersonDecision:
    """A carer agrees to be referred, or no longer does. `named`: the agreement's own number, else by the carer."""
    consent = {
        "resourceType": "Consent",
        "status": status,
        "identifier": [
            {"system": "urn:practice:consents", "value": f"consent-{named or carer.given}"}
        ],
        "scope": {"coding": [{"system": CONSENT_CODE, "code": "carer-referral"}]},
        "category": [{"coding": [{"system": CONSENT_CODE, "code": "carer-referral"}]}],
        "patient": {"identifier": {"system": NHS_NUMBER, "value": carer.nhs_number}},
        "dateTime": recorded.replace(" ", "T") + ":00Z",
    }
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [entry(patient_resource(carer), 0), entry(consent, 1)],
    }
    return PersonDecision(
        **frame_of(PRACTICE, f"consent-{carer.given}-{recorded}", recorded),
        decision_key=derived("test-decision", carer.given),
        kind=DecisionKind.CONSENT,
        by="staff-1",
        organisation_ods="C82901",
        resource=orjson.dumps(bundle),
    )


def notice(kind: NoticeKind, of: Person, recorded: str, message: str | None = None) -> PersonNotice:
    """A national service says that something about a person changed; what it says besides is put beside it."""
    return PersonNotice(
        **frame_of("mns", message or f"{kind}-{of.given}-{recorded}", recorded),
        kind=kind,
        nhs_number=of.nhs_number or "",
    )


def outcome(
    kind: OutcomeKind, recorded: str, alert: UUID, evidence: UUID | None = None, version: int = 1
) -> AlertOutcome:
    """A discharge team records what it did."""
    return AlertOutcome(
        **frame_of("portal", f"{kind}-{recorded}-{evidence}", recorded),
        alert_id=alert,
        alert_version=version,
        evidence_id=evidence,
        kind=kind,
        by="staff-7",
        organisation_ods=TRUST,
    )
