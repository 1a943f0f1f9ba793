"""From what an organisation sent over Kafka to events of the hub. Only what it says is taken, never its frame.

The region, the agreement, the source and every id come from the hub; a time is never later than the broker's, which
is when the hub had the record in hand.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from connectors.kafka_in.settings import Answering
from hub import codec
from hub.decisions import Event
from hub.errors import InvalidResource, Rejected, Undecodable
from hub.identity import derived
from hub.outcomes import KEPT, Answer, ReferralKnown, referral_outcome
from hub.passing import Heard, HoldBack, Refuse, Say, Saying, Step, sender_source
from hub.records import CarerFlagEvent, PersonDecision, ReferralOutcome
from hub.topics import topic_of

MOST_OUTCOME_BYTES: Final = 4096
"""Of an answer: ids, a code and a staff id need a few hundred."""

MOST_BODY_BYTES: Final = 5 * 1024 * 1024
"""Of a FHIR body, as at the FHIR door."""

Keyed: TypeAlias = tuple[UUID, CarerFlagEvent | PersonDecision]
"""What a body says, and the key that it is kept under."""

Read: TypeAlias = Callable[[bytes, datetime], Iterable[Keyed]]
"""FHIR R4 body and when it was received -> what it says for its sender. Raises `Rejected`."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a service said of a referral, before anybody has looked whether it is its own."""

    said: ReferralOutcome
    heard_at: datetime


def answered_in(heard: Heard) -> Answered | Refuse:
    """The answer in a record."""
    value = heard.value
    if value is None:
        return Refuse(Undecodable("The record is empty. Send a ReferralOutcome.", code="no-value"))
    if len(value) > MOST_OUTCOME_BYTES:
        reason = f"An answer may be {MOST_OUTCOME_BYTES} bytes at most."
        return Refuse(Undecodable(reason, code="too-large"))
    try:
        return Answered(codec.decode_as(ReferralOutcome, value), heard.appended_at)
    except Rejected as error:
        return Refuse(error)


def step_from(service: Answering, answered: Answered, known: ReferralKnown | None) -> Step:
    """The event of an answer, to the referral as the ledger knows it.

    A referral of somebody else and one that is not there look the same. The ledger may be behind what the service was
    told, so both wait, as does an answer to a version that is not there yet.
    """
    said = answered.said
    if said.occurred_at < answered.heard_at - KEPT:
        return Refuse(
            InvalidResource(
                f"Say what was done in the last {KEPT.days} days.",
                expression="occurred_at",
                code="too-long-ago",
            )
        )
    if known is None or known.owner_ods != service.ods_code:
        return HoldBack(
            said.referral_id,
            Rejected(
                "This organisation has no referral of this id. Answer one that it was told.",
                expression="referral_id",
                code="no-such-referral",
            ),
        )
    try:
        event = referral_outcome(known, answer_from(service, answered), said.kind, said.reason)
    except Rejected as error:
        ahead = said.referral_version > known.version
        return HoldBack(said.referral_id, error) if ahead else Refuse(error)
    return Say((saying(event, event.referral_id),), said.referral_id)


def answer_from(service: Answering, answered: Answered) -> Answer:
    """Who answered, and when.

    The event's id follows from what was said, so that the same answer twice is one event, while an id that the
    service used for two answers is two.
    """
    said = answered.said
    event_id = derived(
        "event",
        service.name,
        said.event_id,
        said.referral_id,
        said.referral_version,
        said.kind.value,
        said.reason or "",
        said.by,
        said.occurred_at.isoformat(),
    )
    return Answer(
        event_id=event_id,
        correlation_id=event_id,
        source=service.name,
        source_event_id=str(said.event_id),
        at=said.occurred_at,
        received_at=answered.heard_at,
        by=said.by,
        seen_version=said.referral_version,
    )


def flag_step(heard: Heard, read: Read) -> Step:
    """What a carer flag comes to: its body is read as the FHIR door reads it; the rest of the record is not used."""
    try:
        body = body_in(heard)
        said = tuple(read(body, heard.appended_at))
    except Rejected as error:
        return Refuse(error)
    return Say(tuple(saying(not_later(event), key) for key, event in said))


def body_in(heard: Heard) -> bytes:
    """The FHIR body in a record.

    Raises:
        Undecodable: The bytes are no carer flag.
        InvalidResource: The body is encrypted, or too large.
    """
    if heard.value is None:
        raise Undecodable("The record is empty. Send a CarerFlagEvent.", code="no-value")
    flag = codec.decode_as(CarerFlagEvent, heard.value)
    if flag.key_id is not None:
        raise InvalidResource(
            "Send the resource as it is, not encrypted.", expression="key_id", code="not-supported"
        )
    if len(flag.resource) > MOST_BODY_BYTES:
        raise InvalidResource(
            f"The resource may be {MOST_BODY_BYTES} bytes at most.",
            expression="resource",
            code="too-large",
        )
    return flag.resource


def not_later(event: CarerFlagEvent | PersonDecision) -> CarerFlagEvent | PersonDecision:
    """The event with no time after the broker's."""
    latest = event.received_at
    return replace(
        event,
        recorded_at=min(event.recorded_at, latest),
        occurred_at=min(event.occurred_at, latest),
    )


def saying(event: Event, key: UUID) -> Saying:
    """The record on the hub's own topic, in the partition of its region."""
    return Saying(
        topic=topic_of(type(event)).name,
        partition=event.region,
        key=key.bytes,
        value=codec.encode(event),
        said_id=str(event.event_id),
        source=sender_source(event.source),
    )
