# Generated from schemas/avro/DeadLetter.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """Something could not be used: reason and place. The bytes stay in the database until it is
    settled.

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
        dead_letter_id: This dead letter.
        processor: The processor that failed; null when nothing was decoded.
        topic: Where it was read; null when it never reached a topic.
        partition: Its partition.
        offset: Its offset.
        code: A short stable word.
        expression: The place: HL7 or FHIRPath.
        reason: One sentence without personal data.
        defect: True when the fault is ours.
        settled: True when it was processed after all, or given up by an operator.
        times: How often it has failed.
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
    dead_letter_id: UUID
    processor: str | None = None
    topic: str | None = None
    partition: int | None = None
    offset: int | None = None
    code: str
    expression: str
    reason: str
    defect: bool
    settled: bool
    times: int = 1

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
            "dead_letter_id": str(self.dead_letter_id),
            "processor": self.processor,
            "topic": self.topic,
            "partition": self.partition,
            "offset": self.offset,
            "code": self.code,
            "expression": self.expression,
            "reason": self.reason,
            "defect": self.defect,
            "settled": self.settled,
            "times": self.times,
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
            dead_letter_id=UUID(datum["dead_letter_id"]),
            processor=datum["processor"],
            topic=datum["topic"],
            partition=datum["partition"],
            offset=datum["offset"],
            code=datum["code"],
            expression=datum["expression"],
            reason=datum["reason"],
            defect=datum["defect"],
            settled=datum["settled"],
            times=datum["times"],
        )
