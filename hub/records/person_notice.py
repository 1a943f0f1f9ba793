# Generated from schemas/avro/PersonNotice.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


class NoticeKind(StrEnum):
    """What the notice is about."""

    UNKNOWN = "unknown"
    DEATH = "death"
    NHS_NUMBER_CHANGE = "nhs_number_change"
    CHANGE_OF_GP = "change_of_gp"
    PROXY_ROLE_CREATED = "proxy_role_created"
    PROXY_ROLE_CHANGED = "proxy_role_changed"
    PROXY_ROLE_DELETED = "proxy_role_deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNotice:
    """A national service said that something about a person changed.

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
        kind: What changed.
        nhs_number: The person it speaks of.
        new_nhs_number: The number that replaces it.
        practice_ods: The new practice.
        related_nhs_number: The other person of a proxy role.
        original: The notice as received.
        key_id: The key that original is encrypted with.
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
    kind: NoticeKind
    nhs_number: str
    new_nhs_number: str | None = None
    practice_ods: str | None = None
    related_nhs_number: str | None = None
    original: bytes | None = None
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
            "kind": self.kind,
            "nhs_number": self.nhs_number,
            "new_nhs_number": self.new_nhs_number,
            "practice_ods": self.practice_ods,
            "related_nhs_number": self.related_nhs_number,
            "original": self.original,
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
            kind=NoticeKind(datum["kind"]),
            nhs_number=datum["nhs_number"],
            new_nhs_number=datum["new_nhs_number"],
            practice_ods=datum["practice_ods"],
            related_nhs_number=datum["related_nhs_number"],
            original=datum["original"],
            key_id=datum["key_id"],
        )
