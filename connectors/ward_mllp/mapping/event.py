"""An ADT message as an event: when it was true, when it was written down, and what it is about."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Final
from uuid import UUID

import orjson

from connectors.ward_mllp.mapping.bundle import bundle_of
from connectors.ward_mllp.mapping.fields import Fields, first_of
from connectors.ward_mllp.mapping.incoming import Incoming, incoming_from
from connectors.ward_mllp.mapping.values import Json, moment_at
from connectors.ward_mllp.settings import SenderSettings
from hub.errors import InvalidResource
from hub.fhir.encounter import SECONDARY, encounter_news_from
from hub.fhir.news import EncounterFacts
from hub.fhir.patient import patient_news_from
from hub.fhir.record import hospital_number_of, person_record_id, stay_ids
from hub.fhir.recorded import believed
from hub.hl7v2 import NULL, Message, Timestamp
from hub.identity import MOST_KEPT, message_event_id
from hub.records import EncounterEvent, Identifier

MEDIA_TYPE: Final = "x-application/hl7-v2+er7"
LONGEST_SEQUENCE: Final = 15
"""Digits of MSH-13."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """An event with the key of its record on the topic.

    Attributes:
        key: The stay, or the patient's record for events of no stay.
        event: The event.
        clamped: Whether the sender's time was ahead of receipt and was put back to it.
    """

    key: UUID
    event: EncounterEvent
    clamped: bool = False


def encounter_event_from(
    frame: bytes, message: Message, sender: SenderSettings, received_at: datetime
) -> Keyed:
    """Read an ADT message. `frame` is what `message` was read from, without MLLP's block bytes.

    Times without an offset are Europe/London. `occurred_at` is EVN-6, else EVN-2; `recorded_at` is
    EVN-2, else MSH-7, and `received_at` when it is more than `hub.fhir.recorded.AHEAD` of that.

    Raises:
        Ignored: The message is of no concern.
        InvalidResource: It breaks a rule, at the place that is named: EVN-2 and MSH-7 are both
            missing, nothing names the stay (PV1-19) or the person (PID-3), and others.
    """
    incoming = incoming_from(message)
    event_id = message_event_id(sender.name, incoming.control_id, frame)
    recorded, occurred = _times(incoming, received_at)
    recorded_at = believed(recorded.instant, received_at)
    bundle = bundle_of(incoming, sender, event_id)
    event = EncounterEvent(
        event_id=event_id,
        correlation_id=event_id,
        source=sender.name,
        source_event_id=incoming.control_id,
        occurred_at=occurred.instant,
        recorded_at=recorded_at,
        received_at=received_at,
        region=sender.region,
        trust_ods=sender.trust_ods,
        event=incoming.trigger,
        sequence=_sequence(incoming),
        resource=orjson.dumps(bundle),
        original=frame,
        original_type=MEDIA_TYPE,
    )
    return Keyed(_key(bundle, sender), event, clamped=recorded_at != recorded.instant)


def _times(incoming: Incoming, received_at: datetime) -> tuple[Timestamp, Timestamp]:
    """When it was recorded, and when it was true."""
    recorded = occurred = None
    evn = first_of(incoming.message, "EVN")
    if evn is not None:
        recorded = _moment(evn, 2, received_at)
        occurred = _moment(evn, 6, received_at)
    recorded = recorded or _moment(incoming.header, 7, received_at)
    if recorded is None:
        raise InvalidResource(
            "Say when it was recorded, here or in MSH-7.", expression="EVN-2", code="required"
        )
    return recorded, occurred or recorded


def _moment(fields: Fields, number: int, received_at: datetime) -> Timestamp | None:
    moment = moment_at(fields, number, not_after=received_at)
    return None if moment is NULL else moment


def _sequence(incoming: Incoming) -> int:
    """MSH-13; what is no number orders nothing."""
    written = incoming.header.text(13) or ""
    is_number = written.isascii() and written.isdigit() and len(written) <= LONGEST_SEQUENCE
    return int(written) if is_number else 0


def _key(bundle: Json, sender: SenderSettings) -> UUID:
    """The id of the first stay, else of the first patient's record; all that is named must have an id."""
    resources = [entry["resource"] for entry in bundle["entry"]]
    stays = [
        _stay(patient, encounter, sender)
        for patient, encounter in pairwise(resources)
        if encounter["resourceType"] == "Encounter"
    ]
    if stays:
        return stays[0]
    people = [_person(each, sender) for each in resources if each["resourceType"] == "Patient"]
    return people[0]


def _stay(patient: Json, encounter: Json, sender: SenderSettings) -> UUID:
    """The id of a stay, as the region will read it from the Bundle, where its Encounter follows its Patient."""
    for identifier in encounter.get("identifier", ()):
        if identifier.get("use") != SECONDARY:  # the usual case
            return _stay_of(sender.trust_ods, identifier["system"], identifier["value"])
    person = patient_news_from(patient, "PID", sender.test_numbers)
    facts = encounter_news_from(encounter, "PV1").facts
    found = stay_ids(sender.trust_ods, facts, hospital_number_of(person.facts))
    if not found:
        raise InvalidResource(
            "Nothing names the stay: send a visit number, or a hospital number and PV1-44.",
            expression="PV1-19",
            code="no-identifier",
        )
    return found[0]


@lru_cache(maxsize=MOST_KEPT)
def _stay_of(trust_ods: str, system: str, visit_number: str) -> UUID:
    """A stay is spoken of again and again."""
    visit = Identifier(system=system, value=visit_number)
    return stay_ids(trust_ods, EncounterFacts(visit=visit), None)[0]


def _person(patient: Json, sender: SenderSettings) -> UUID:
    """The id of a patient's record, as the region will read it from the Bundle."""
    news = patient_news_from(patient, "PID", sender.test_numbers)
    return person_record_id(sender.name, news.facts, "PID-3")
