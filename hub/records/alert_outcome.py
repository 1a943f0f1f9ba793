# Generated from schemas/avro/AlertOutcome.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


class OutcomeKind(StrEnum):
    """What became of an alert, for one carer or for the whole alert."""

    UNKNOWN = "unknown"
    SEEN = "seen"
    ACCEPTED = "accepted"
    CONTACTED_ABLE = "contacted_able"
    CONTACTED_PARTLY_ABLE = "contacted_partly_able"
    CONTACTED_NOT_ABLE = "contacted_not_able"
    NOT_REACHED = "not_reached"
    NOT_A_CARER = "not_a_carer"
    WRONG_PERSON = "wrong_person"
    PATIENT_OBJECTS = "patient_objects"
    YOUNG_CARER_LEAD_TOLD = "young_carer_lead_told"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOutcome:
    """What a discharge team did about an alert.

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
        alert_id: The alert.
        alert_version: The version that they saw.
        evidence_id: The carer, by a piece of evidence of the link; null = the whole alert.
        kind: What was done.
        by: Who: a staff id of the organisation, never a name.
        organisation_ods: The organisation they act for.
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
    alert_id: UUID
    alert_version: int
    evidence_id: UUID | None = None
    kind: OutcomeKind
    by: str
    organisation_ods: str

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
            "alert_id": str(self.alert_id),
            "alert_version": self.alert_version,
            "evidence_id": None if self.evidence_id is None else str(self.evidence_id),
            "kind": self.kind,
            "by": self.by,
            "organisation_ods": self.organisation_ods,
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
            alert_id=UUID(datum["alert_id"]),
            alert_version=datum["alert_version"],
            evidence_id=None if datum["evidence_id"] is None else UUID(datum["evidence_id"]),
            kind=OutcomeKind(datum["kind"]),
            by=datum["by"],
            organisation_ods=datum["organisation_ods"],
        )
