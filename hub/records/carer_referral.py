# Generated from schemas/avro/CarerReferral.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from hub.records.coding import Coding
from hub.records.expected_discharge import ExpectedDischarge
from hub.records.human_name import HumanName
from hub.records.needs import Needs
from hub.records.telecom import Telecom

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_DAY_0 = date(1970, 1, 1).toordinal()


class ReferralAction(StrEnum):
    """What this version does."""

    RAISED = "raised"
    CORRECTED = "corrected"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarerReferral:
    """Hand a carer, who agreed to it, to the support service of their area.

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
        referral_id: One referral per service and agreement.
        version: Counts up with every change.
        action: What this version does.
        service_ods: The service that is asked.
        agreement_id: The carer's agreement.
        carer_id: The carer.
        names: The carer's names.
        birth_on: The carer's date of birth.
        age_band: young_carer, young_adult, adult or unknown.
        postcode: The carer's postcode.
        contacts: How to reach the carer.
        needs: Language and formats.
        relationships: What the carer is to the person they look after.
        cared_for_given_name: First name of the person they look after.
        expected_discharge: When that person is expected home, if agreed.
        reason: Why it was declined, closed or withdrawn.
        last_answer: The last answer of the service, a ReferralOutcomeKind; null while it has said
            nothing.
        last_answer_at: When that was.
        policy: Hash of the policy that decided.
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
    version: int
    action: ReferralAction
    service_ods: str
    agreement_id: UUID
    carer_id: UUID
    names: tuple[HumanName, ...] = ()
    birth_on: date | None = None
    age_band: str = "unknown"
    postcode: str | None = None
    contacts: tuple[Telecom, ...] = ()
    needs: Needs | None = None
    relationships: tuple[Coding, ...] = ()
    cared_for_given_name: str | None = None
    expected_discharge: ExpectedDischarge | None = None
    reason: str | None = None
    last_answer: str | None = None
    last_answer_at: datetime | None = None
    policy: str

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
            "version": self.version,
            "action": self.action,
            "service_ods": self.service_ods,
            "agreement_id": str(self.agreement_id),
            "carer_id": str(self.carer_id),
            "names": [each.datum() for each in self.names],
            "birth_on": None if self.birth_on is None else self.birth_on.toordinal() - _DAY_0,
            "age_band": self.age_band,
            "postcode": self.postcode,
            "contacts": [each.datum() for each in self.contacts],
            "needs": None if self.needs is None else ("hub.Needs", self.needs.datum()),
            "relationships": [each.datum() for each in self.relationships],
            "cared_for_given_name": self.cared_for_given_name,
            "expected_discharge": None
            if self.expected_discharge is None
            else ("hub.ExpectedDischarge", self.expected_discharge.datum()),
            "reason": self.reason,
            "last_answer": self.last_answer,
            "last_answer_at": None
            if self.last_answer_at is None
            else (self.last_answer_at - _EPOCH) // _MS,
            "policy": self.policy,
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
            version=datum["version"],
            action=ReferralAction(datum["action"]),
            service_ods=datum["service_ods"],
            agreement_id=UUID(datum["agreement_id"]),
            carer_id=UUID(datum["carer_id"]),
            names=tuple([HumanName.from_datum(each) for each in datum["names"]]),
            birth_on=None
            if datum["birth_on"] is None
            else date.fromordinal(datum["birth_on"] + _DAY_0),
            age_band=datum["age_band"],
            postcode=datum["postcode"],
            contacts=tuple([Telecom.from_datum(each) for each in datum["contacts"]]),
            needs=None if datum["needs"] is None else Needs.from_datum(datum["needs"]),
            relationships=tuple([Coding.from_datum(each) for each in datum["relationships"]]),
            cared_for_given_name=datum["cared_for_given_name"],
            expected_discharge=None
            if datum["expected_discharge"] is None
            else ExpectedDischarge.from_datum(datum["expected_discharge"]),
            reason=datum["reason"],
            last_answer=datum["last_answer"],
            last_answer_at=None
            if datum["last_answer_at"] is None
            else _EPOCH + datum["last_answer_at"] * _MS,
            policy=datum["policy"],
        )
