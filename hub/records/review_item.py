# Generated from schemas/avro/ReviewItem.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """Two records that may be one person: somebody must look.

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
        item_id: Derived from the two records, so the same question is asked once.
        version: Counts up with every change.
        left: One source record.
        right: The other.
        reasons: Why it was not decided, as codes.
        in_hospital: True when one of them is in hospital now: comes first.
        settled: True when there is nothing left to decide.
        answer: How it was settled.
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
    item_id: UUID
    version: int
    left: UUID
    right: UUID
    reasons: tuple[str, ...] = ()
    in_hospital: bool
    settled: bool
    answer: str | None = None

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
            "item_id": str(self.item_id),
            "version": self.version,
            "left": str(self.left),
            "right": str(self.right),
            "reasons": list(self.reasons),
            "in_hospital": self.in_hospital,
            "settled": self.settled,
            "answer": self.answer,
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
            item_id=UUID(datum["item_id"]),
            version=datum["version"],
            left=UUID(datum["left"]),
            right=UUID(datum["right"]),
            reasons=tuple(datum["reasons"]),
            in_hospital=datum["in_hospital"],
            settled=datum["settled"],
            answer=datum["answer"],
        )
