# Generated from schemas/avro/ReferralOutcome.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


class ReferralOutcomeKind(StrEnum):
    """What the service answered."""

    UNKNOWN = "unknown"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CONTACT_ATTEMPTED = "contact_attempted"
    ENGAGED = "engaged"
    ASSESSMENT_OFFERED = "assessment_offered"
    ASSESSMENT_DONE = "assessment_done"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralOutcome:
    """What a carers' service did about a referral.

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
        referral_id: The referral.
        agreement_id: The agreement that the referral rests on, from the hub's own ledger.
        referral_version: The version that they saw.
        kind: What was answered.
        reason: For declined and closed: a code of the hub's list.
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
    referral_id: UUID
    agreement_id: UUID
    referral_version: int
    kind: ReferralOutcomeKind
    reason: str | None = None
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
            "referral_id": str(self.referral_id),
            "agreement_id": str(self.agreement_id),
            "referral_version": self.referral_version,
            "kind": self.kind,
            "reason": self.reason,
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
            referral_id=UUID(datum["referral_id"]),
            agreement_id=UUID(datum["agreement_id"]),
            referral_version=datum["referral_version"],
            kind=ReferralOutcomeKind(datum["kind"]),
            reason=datum["reason"],
            by=datum["by"],
            organisation_ods=datum["organisation_ods"],
        )
