"""From a body to events: Bundles with an Encounter are hospital events, the rest are carer flags."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from connectors.fhir_api.settings import FhirSender
from hub.decisions import Frame
from hub.errors import InvalidResource, NotPermitted
from hub.fhir.body import json_from
from hub.fhir.bundle import Entries, Entry, bundle_entries, single_entry
from hub.fhir.encounter import encounter_news_from
from hub.fhir.flag import flag_news_from
from hub.fhir.patient import patient_news_from
from hub.fhir.record import hospital_number_of, person_record_id, stay_ids
from hub.fhir.recorded import recorded_at_from
from hub.fhir.related_person import related_person_news_from
from hub.identity import message_event_id
from hub.records import CarerFlagEvent, EncounterEvent

AHEAD: Final = timedelta(minutes=5)
"""How far a sender's clock may be ahead; a later time is taken as the time of receipt."""

SPOKEN_OF: Final = frozenset({"Patient", "Flag", "Condition", "RelatedPerson", "Encounter"})
"""Resource types that mean something here; others may come along."""

BUNDLES: Final = frozenset({"transaction", "batch", "message", "collection"})


@dataclass(frozen=True, slots=True)
class Keyed:
    """An event and the key that it is kept under."""

    key: UUID
    event: CarerFlagEvent | EncounterEvent


@dataclass(frozen=True, slots=True)
class Taken:
    """What a body comes to: the body itself and one event for each region."""

    body: dict[str, Any]
    events: tuple[Keyed, ...]

    @property
    def answered_by_entries(self) -> bool:
        """Whether the answer has one entry for each of the body's entries."""
        return self.body.get("type") in ("transaction", "batch")


def taken_from(
    body: bytes, sender: FhirSender, received_at: datetime, resource_type: str | None = None
) -> Taken:
    """Read a body.

    Args:
        body: JSON, UTF-8.
        sender: Who sent it.
        received_at: When, UTC.
        resource_type: From the address; None for a Bundle at the root.

    Raises:
        Undecodable: It is no JSON.
        InvalidResource: A resource breaks a rule; the place is a FHIRPath.
        NotPermitted: The sender may not speak of stays.
    """
    resource = json_from(body)
    entries = entries_of(resource, resource_type)
    if not isinstance(resource, dict):  # entries_of has refused it; this tells the type checker
        raise InvalidResource("Expected a JSON object.", expression="Resource")
    frame = frame_from(entries, resource, sender, received_at)
    if entries.of_type("Encounter"):
        keyed = tuple(
            encounter_event(entries, body, sender, {**frame, "region": region})
            for region in sender.regions[:1]
        )
    else:
        keyed = tuple(
            flag_event(entries, body, sender, {**frame, "region": region})
            for region in sender.regions
        )
    return Taken(resource, keyed)


def entries_of(resource: object, resource_type: str | None) -> Entries:
    """The entries of a Bundle, or the one resource that was sent to its own address."""
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    if resource_type is not None and kind != resource_type:
        raise InvalidResource(
            "The resource is not of the type in the address.",
            expression="Resource.resourceType",
            code="value",
        )
    entries = bundle_entries(resource) if kind == "Bundle" else single_entry(resource)
    if kind == "Bundle" and entries.type not in BUNDLES:
        raise InvalidResource(
            "Send a Bundle of type transaction, batch, message or collection.",
            expression="Bundle.type",
            code="value",
        )
    if not any(entry.type in SPOKEN_OF for entry in entries):
        raise InvalidResource(
            f"Nothing here is of use: send one of {', '.join(sorted(SPOKEN_OF))}.",
            expression=kind or "Resource",
            code="not-supported",
        )
    return entries


def frame_from(
    entries: Entries, resource: dict[str, Any], sender: FhirSender, received_at: datetime
) -> Frame:
    """The frame of the event; the region is filled in for each."""
    name = source_event_id(entries)
    canonical = orjson.dumps(resource, option=orjson.OPT_SORT_KEYS)
    event_id = message_event_id(sender.name, name, canonical)
    said = [moment for entry in entries if (moment := recorded_at_from(entry, entries)) is not None]
    recorded_at = max(said, default=received_at)
    if recorded_at > received_at + AHEAD:
        recorded_at = received_at
    return Frame(
        event_id=event_id,
        caused_by=None,
        correlation_id=event_id,
        source=sender.name,
        source_event_id=hashlib.sha256(name.encode()).hexdigest()[:32] if name else "",
        occurred_at=recorded_at,
        recorded_at=recorded_at,
        received_at=received_at,
        region=0,
    )


def source_event_id(entries: Entries) -> str:
    """Bundle.identifier, else MessageHeader.id, else nothing."""
    if entries.identifier is not None:
        return f"{entries.identifier.system}|{entries.identifier.value}"
    header = next(iter(entries.of_type("MessageHeader")), None)
    return str(header.resource.get("id") or "") if header else ""


def encounter_event(entries: Entries, body: bytes, sender: FhirSender, frame: Frame) -> Keyed:
    """A hospital event, keyed by its stay.

    Raises:
        NotPermitted: The sender is no trust.
        InvalidResource: Nothing names the stay or the patient.
    """
    if not sender.is_trust:
        raise NotPermitted(
            "Only a trust may send an Encounter.", expression=entries.of_type("Encounter")[0].path
        )
    encounter, patient = entries.of_type("Encounter")[0], first_patient(entries)
    facts = patient_news_from(patient.resource, patient.path, sender.test_numbers).facts
    news = encounter_news_from(encounter.resource, encounter.path)
    stays = stay_ids(sender.ods_code, news.facts, hospital_number_of(facts))
    if not stays:
        raise InvalidResource(
            "Nothing names the stay.", expression=f"{encounter.path}.identifier", code="required"
        )
    event = EncounterEvent(
        **frame, trust_ods=sender.ods_code, event=news.facts.status, resource=body
    )
    return Keyed(stays[0], event)


def first_patient(entries: Entries) -> Entry:
    """The Patient of the Bundle.

    Raises:
        InvalidResource: There is none.
    """
    found = entries.of_type("Patient")
    if not found:
        raise InvalidResource(
            "Send the Patient in the same Bundle.", expression="Bundle.entry", code="required"
        )
    return found[0]


def flag_event(entries: Entries, body: bytes, sender: FhirSender, frame: Frame) -> Keyed:
    """A carer flag, keyed by the record of the source that it speaks of.

    Every resource is read here already, so that what can never be right is refused at the door.
    """
    records = [
        person_record_id(
            sender.name,
            patient_news_from(each.resource, each.path, sender.test_numbers).facts,
            each.path,
        )
        for each in entries.of_type("Patient")
    ]
    for each in entries.of_type("RelatedPerson"):
        related_person_news_from(each.resource, each.path, sender.test_numbers)
    for kind in ("Flag", "Condition"):
        for each in entries.of_type(kind):
            flag_news_from(each.resource, each.path)
    key = records[-1] if records else frame["event_id"]
    return Keyed(key, CarerFlagEvent(**frame, source_record=key, resource=body))
