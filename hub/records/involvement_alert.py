# Generated from schemas/avro/InvolvementAlert.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from hub.records.carer_of_stay import CarerOfStay
from hub.records.expected_discharge import ExpectedDischarge
from hub.records.patient_of_stay import PatientOfStay

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_DAY_0 = date(1970, 1, 1).toordinal()


class AlertAction(StrEnum):
    """What this version does."""

    RAISED = "raised"
    CORRECTED = "corrected"
    ESCALATED = "escalated"
    MOVED = "moved"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class AlertStatus(StrEnum):
    """FHIR Task status."""

    REQUESTED = "requested"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class AgeBand(StrEnum):
    """The carer's age at the admission."""

    UNKNOWN = "unknown"
    YOUNG_CARER = "young_carer"
    YOUNG_ADULT = "young_adult"
    ADULT = "adult"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOffer:
    """A service that a carer could be referred to, if they agree. Nobody has been referred.

    Attributes:
        service_ods: The service; empty when there is none to offer: they have agreed already, they
            are no carer here, or no service takes their area and age.
        service_name: Its name, as people write it.
    """

    service_ods: str
    service_name: str = ""

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "service_ods": self.service_ods,
            "service_name": self.service_name,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            service_ods=datum["service_ods"],
            service_name=datum["service_name"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CarerToInvolve:
    """One carer of the alert and what became of it.

    Attributes:
        carer: Who, how to reach them and how sure the hub is.
        age_band: Age at the admission: under 18, 18 to 25, over.
        outcome: The last outcome recorded for this carer, an OutcomeKind.
        outcome_at: When it was recorded.
        offer: The service that they could be referred to, if they agree. Null in what was said
            before it was worked out.
    """

    carer: CarerOfStay
    age_band: AgeBand
    outcome: str | None = None
    outcome_at: datetime | None = None
    offer: ServiceOffer | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "carer": self.carer.datum(),
            "age_band": self.age_band,
            "outcome": self.outcome,
            "outcome_at": None if self.outcome_at is None else (self.outcome_at - _EPOCH) // _MS,
            "offer": None if self.offer is None else ("hub.ServiceOffer", self.offer.datum()),
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            carer=CarerOfStay.from_datum(datum["carer"]),
            age_band=AgeBand(datum["age_band"]),
            outcome=datum["outcome"],
            outcome_at=None if datum["outcome_at"] is None else _EPOCH + datum["outcome_at"] * _MS,
            offer=None if datum["offer"] is None else ServiceOffer.from_datum(datum["offer"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InvolvementAlert:
    """Tell the discharge team: this patient has somebody who looks after them; involve them.

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
        alert_id: One alert per stay.
        version: Counts up with every change.
        action: What this version does.
        status: FHIR Task status.
        stay_id: The stay.
        picture_version: The picture that it was made from.
        superseded_by: The alert that goes on instead.
        trust_ods: The trust that is told.
        site_ods: The site.
        ward: The ward.
        bed: The bed.
        patient: Who is in hospital.
        admitted_at: Admission.
        expected_discharge: Expected discharge.
        ready_on: Ready for discharge since.
        discharged_at: Discharge.
        carers: Every carer known.
        due_at: By when a contact shall be recorded; null when nothing more is asked.
        level: 0 the ward; each escalation adds one.
        went_home_without_contact: True when the patient was discharged before any carer was
            contacted.
        behind: True when the hub was behind when it said this.
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
    alert_id: UUID
    version: int
    action: AlertAction
    status: AlertStatus
    stay_id: UUID
    picture_version: int
    superseded_by: UUID | None = None
    trust_ods: str
    site_ods: str | None = None
    ward: str | None = None
    bed: str | None = None
    patient: PatientOfStay
    admitted_at: datetime | None = None
    expected_discharge: ExpectedDischarge | None = None
    ready_on: date | None = None
    discharged_at: datetime | None = None
    carers: tuple[CarerToInvolve, ...] = ()
    due_at: datetime | None = None
    level: int = 0
    went_home_without_contact: bool = False
    behind: bool = False
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
            "alert_id": str(self.alert_id),
            "version": self.version,
            "action": self.action,
            "status": self.status,
            "stay_id": str(self.stay_id),
            "picture_version": self.picture_version,
            "superseded_by": None if self.superseded_by is None else str(self.superseded_by),
            "trust_ods": self.trust_ods,
            "site_ods": self.site_ods,
            "ward": self.ward,
            "bed": self.bed,
            "patient": self.patient.datum(),
            "admitted_at": None if self.admitted_at is None else (self.admitted_at - _EPOCH) // _MS,
            "expected_discharge": None
            if self.expected_discharge is None
            else ("hub.ExpectedDischarge", self.expected_discharge.datum()),
            "ready_on": None if self.ready_on is None else self.ready_on.toordinal() - _DAY_0,
            "discharged_at": None
            if self.discharged_at is None
            else (self.discharged_at - _EPOCH) // _MS,
            "carers": [each.datum() for each in self.carers],
            "due_at": None if self.due_at is None else (self.due_at - _EPOCH) // _MS,
            "level": self.level,
            "went_home_without_contact": self.went_home_without_contact,
            "behind": self.behind,
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
            alert_id=UUID(datum["alert_id"]),
            version=datum["version"],
            action=AlertAction(datum["action"]),
            status=AlertStatus(datum["status"]),
            stay_id=UUID(datum["stay_id"]),
            picture_version=datum["picture_version"],
            superseded_by=None if datum["superseded_by"] is None else UUID(datum["superseded_by"]),
            trust_ods=datum["trust_ods"],
            site_ods=datum["site_ods"],
            ward=datum["ward"],
            bed=datum["bed"],
            patient=PatientOfStay.from_datum(datum["patient"]),
            admitted_at=None
            if datum["admitted_at"] is None
            else _EPOCH + datum["admitted_at"] * _MS,
            expected_discharge=None
            if datum["expected_discharge"] is None
            else ExpectedDischarge.from_datum(datum["expected_discharge"]),
            ready_on=None
            if datum["ready_on"] is None
            else date.fromordinal(datum["ready_on"] + _DAY_0),
            discharged_at=None
            if datum["discharged_at"] is None
            else _EPOCH + datum["discharged_at"] * _MS,
            carers=tuple([CarerToInvolve.from_datum(each) for each in datum["carers"]]),
            due_at=None if datum["due_at"] is None else _EPOCH + datum["due_at"] * _MS,
            level=datum["level"],
            went_home_without_contact=datum["went_home_without_contact"],
            behind=datum["behind"],
            policy=datum["policy"],
        )
