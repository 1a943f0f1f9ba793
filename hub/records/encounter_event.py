# Generated from schemas/avro/EncounterEvent.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class EncounterEvent:
    """A hospital said something about a stay: admission, transfer, discharge, their cancellations,
    and everything else in ADT.

    Attributes:
        event_id: This event. Derived from its cause, so a redelivery is the same event.
        caused_by: The event that led to this one; null when it came from outside.
        correlation_id: Shared by everything that follows from one message.
        source: The sender, by its name in the configuration, or the processor that said it.
        source_event_id: The sender's own id of the message (MSH-10, Bundle.identifier, row), or
            empty.
        occurred_at: When it was true in the world (EVN-6).
        recorded_at: When the sender wrote it down (EVN-2, Provenance.recorded). Order is built on
            this.
        received_at: When the hub had it in hand.
        region: The region, which is the partition of every in-topic.
        trust_ods: The trust, from the sender's configuration.
        event: The HL7 v2 trigger, such as A01, or the FHIR Encounter status for an Encounter sent
            as FHIR.
        sequence: MSH-13, or 0.
        resource: The FHIR R4 message Bundle as JSON, UTF-8.
        original: The bytes as received; null when the resource is what was received.
        original_type: Media type of original, such as x-application/hl7-v2+er7.
        key_id: The key that resource and original are encrypted with; null = not encrypted.
    """

    event_id: UUID
    caused_by: UUID | None = None
    correlation_id: UUID
    source: str
    source_event_id: str
    occurred_at: datetime
    recorded_at: datetime
    received_at: datetime
    region: int
    trust_ods: str
    event: str
    sequence: int = 0
    resource: bytes
    original: bytes | None = None
    original_type: str | None = None
    key_id: str | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "event_id": str(self.event_id),
            "caused_by": None if self.caused_by is None else str(self.caused_by),
            "correlation_id": str(self.correlation_id),
            "source": self.source,
            "source_event_id": self.source_event_id,
            "occurred_at": (self.occurred_at - _EPOCH) // _MS,
            "recorded_at": (self.recorded_at - _EPOCH) // _MS,
            "received_at": (self.received_at - _EPOCH) // _MS,
            "region": self.region,
            "trust_ods": self.trust_ods,
            "event": self.event,
            "sequence": self.sequence,
            "resource": self.resource,
            "original": self.original,
            "original_type": self.original_type,
            "key_id": self.key_id,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            event_id=UUID(datum["event_id"]),
            caused_by=None if datum["caused_by"] is None else UUID(datum["caused_by"]),
            correlation_id=UUID(datum["correlation_id"]),
            source=datum["source"],
            source_event_id=datum["source_event_id"],
            occurred_at=_EPOCH + datum["occurred_at"] * _MS,
            recorded_at=_EPOCH + datum["recorded_at"] * _MS,
            received_at=_EPOCH + datum["received_at"] * _MS,
            region=datum["region"],
            trust_ods=datum["trust_ods"],
            event=datum["event"],
            sequence=datum["sequence"],
            resource=datum["resource"],
            original=datum["original"],
            original_type=datum["original_type"],
            key_id=datum["key_id"],
        )
