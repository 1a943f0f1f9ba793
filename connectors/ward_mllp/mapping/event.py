"""An ADT message as an event: when it was true, when it was written down, and what it is about."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson

from connectors.ward_mllp.mapping.bundle import bundle_from, control_id_of, is_of_a_stay
from connectors.ward_mllp.mapping.triggers import trigger_of
from connectors.ward_mllp.mapping.values import Json, moment_from
from connectors.ward_mllp.settings import SenderSettings
from hub.errors import InvalidResource
from hub.fhir.encounter import SECONDARY, encounter_news_from
from hub.fhir.news import EncounterFacts
from hub.fhir.patient import patient_news_from
from hub.fhir.record import hospital_number_of, person_record_id, stay_ids
from hub.hl7v2 import Message, Timestamp
from hub.identity import message_event_id
from hub.records import EncounterEvent, Identifier

AHEAD: Final = timedelta(minutes=5)
"""How far a sender's clock may be ahead of receipt before its time is not believed."""
MEDIA_TYPE: Final = "x-application/hl7-v2+er7"
LONGEST_SEQUENCE: Final = 15
"""Digits of MSH-13."""

_PATIENT: Final = 1
_ENCOUNTER: Final = 2
"""Where they stand among the entries."""


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
    EVN-2, else MSH-7, and `received_at` when it is more than `AHEAD` of that.

    Raises:
        Ignored: The message is of no concern.
        InvalidResource: It breaks a rule, at the place that is named: EVN-2 and MSH-7 are both
            missing, nothing names the stay (PV1-19) or the person (PID-3), and others.
    """
    trigger = trigger_of(message)
    event_id = message_event_id(sender.name, control_id_of(message), frame)
    recorded = _moment(message, "EVN-2", received_at) or _moment(message, "MSH-7", received_at)
    if recorded is None:
        raise InvalidResource(
            "Say when it was recorded, here or in MSH-7.", expression="EVN-2", code="required"
        )
    occurred = _moment(message, "EVN-6", received_at) or recorded
    clamped = recorded.instant > received_at + AHEAD
    bundle = bundle_from(message, sender, event_id)
    event = EncounterEvent(
        event_id=event_id,
        correlation_id=event_id,
        source=sender.name,
        source_event_id=control_id_of(message),
        occurred_at=occurred.instant,
        recorded_at=received_at if clamped else recorded.instant,
        received_at=received_at,
        region=sender.region,
        trust_ods=sender.trust_ods,
        event=trigger,
        sequence=_sequence(message),
        resource=orjson.dumps(bundle),
        original=frame,
        original_type=MEDIA_TYPE,
    )
    of_a_stay = is_of_a_stay(message, trigger)
    return Keyed(_stay(bundle, sender) if of_a_stay else _person(bundle, sender), event, clamped)


def _moment(message: Message, place: str, not_after: datetime) -> Timestamp | None:
    written = message.text(place)
    return None if written is None else moment_from(written, place, not_after)


def _sequence(message: Message) -> int:
    """MSH-13; what is no number orders nothing."""
    written = message.text("MSH-13") or ""
    is_number = written.isascii() and written.isdigit() and len(written) <= LONGEST_SEQUENCE
    return int(written) if is_number else 0


def _stay(bundle: Json, sender: SenderSettings) -> UUID:
    """The id of the stay, as the region will read it from the Bundle."""
    encounter = bundle["entry"][_ENCOUNTER]["resource"]
    for identifier in encounter.get("identifier", ()):
        if identifier.get("use") != SECONDARY:  # the usual case, and three times as fast
            visit = Identifier(system=identifier["system"], value=identifier["value"])
            return stay_ids(sender.trust_ods, EncounterFacts(visit=visit), None)[0]
    patient = patient_news_from(bundle["entry"][_PATIENT]["resource"], "PID", sender.test_numbers)
    facts = encounter_news_from(encounter, "PV1").facts
    found = stay_ids(sender.trust_ods, facts, hospital_number_of(patient.facts))
    if not found:
        raise InvalidResource(
            "Nothing names the stay: send a visit number, or a hospital number and PV1-44.",
            expression="PV1-19",
            code="no-identifier",
        )
    return found[0]


def _person(bundle: Json, sender: SenderSettings) -> UUID:
    """The id of the patient's record, as the region will read it from the Bundle."""
    news = patient_news_from(bundle["entry"][_PATIENT]["resource"], "PID", sender.test_numbers)
    return person_record_id(sender.name, news.facts, "PID-3")
