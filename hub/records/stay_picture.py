# Generated from schemas/avro/StayPicture.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from hub.records.by_evidence import ByEvidence
from hub.records.carer_of_stay import CarerOfStay
from hub.records.coding import Coding
from hub.records.expected_discharge import ExpectedDischarge
from hub.records.human_name import HumanName
from hub.records.patient_of_stay import PatientOfStay

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_DAY_0 = date(1970, 1, 1).toordinal()


class StayStatus(StrEnum):
    """Where the stay is in its life."""

    EXPECTED = "expected"
    ATTENDING = "attending"
    IN_PATIENT = "in_patient"
    ON_LEAVE = "on_leave"
    DISCHARGED = "discharged"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaredFor:
    """Somebody whom the patient looks after.

    Attributes:
        person_id: That person.
        names: Names as given.
        link_id: The link.
        by_evidence: Where an end of the link is known by evidence; null where neither is.
    """

    person_id: UUID
    names: tuple[HumanName, ...] = ()
    link_id: UUID
    by_evidence: ByEvidence | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "person_id": str(self.person_id),
            "names": [each.datum() for each in self.names],
            "link_id": str(self.link_id),
            "by_evidence": None
            if self.by_evidence is None
            else ("hub.ByEvidence", self.by_evidence.datum()),
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            person_id=UUID(datum["person_id"]),
            names=tuple([HumanName.from_datum(each) for each in datum["names"]]),
            link_id=UUID(datum["link_id"]),
            by_evidence=None
            if datum["by_evidence"] is None
            else ByEvidence.from_datum(datum["by_evidence"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StayPicture:
    """One stay as now understood: the whole of it, every time.

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
        stay_id: The stay.
        version: Counts up with every change.
        superseded_by: The stay that this one was merged into: nothing more will come.
        status: Where it is in its life; attending (emergency, day case, out-patient) never alerts.
        trust_ods: The trust.
        site_ods: The site.
        ward: The ward.
        bed: The bed.
        patient: Who is in hospital.
        admitted_at: Admission.
        expected_discharge: Expected discharge.
        ready_on: Ready for discharge since.
        pending_since: Discharge being planned since (A16).
        discharged_at: Discharge.
        discharge_method: How the stay ended.
        destination: Where the patient went.
        carers: Everybody known to look after the patient; at most 20.
        cares_for: Whom the patient looks after; at most 20.
        as_of: The latest recorded_at that this picture has taken in.
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
    stay_id: UUID
    version: int
    superseded_by: UUID | None = None
    status: StayStatus
    trust_ods: str
    site_ods: str | None = None
    ward: str | None = None
    bed: str | None = None
    patient: PatientOfStay
    admitted_at: datetime | None = None
    expected_discharge: ExpectedDischarge | None = None
    ready_on: date | None = None
    pending_since: datetime | None = None
    discharged_at: datetime | None = None
    discharge_method: Coding | None = None
    destination: Coding | None = None
    carers: tuple[CarerOfStay, ...] = ()
    cares_for: tuple[CaredFor, ...] = ()
    as_of: datetime

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
            "stay_id": str(self.stay_id),
            "version": self.version,
            "superseded_by": None if self.superseded_by is None else str(self.superseded_by),
            "status": self.status,
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
            "pending_since": None
            if self.pending_since is None
            else (self.pending_since - _EPOCH) // _MS,
            "discharged_at": None
            if self.discharged_at is None
            else (self.discharged_at - _EPOCH) // _MS,
            "discharge_method": None
            if self.discharge_method is None
            else ("hub.Coding", self.discharge_method.datum()),
            "destination": None
            if self.destination is None
            else ("hub.Coding", self.destination.datum()),
            "carers": [each.datum() for each in self.carers],
            "cares_for": [each.datum() for each in self.cares_for],
            "as_of": (self.as_of - _EPOCH) // _MS,
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
            stay_id=UUID(datum["stay_id"]),
            version=datum["version"],
            superseded_by=None if datum["superseded_by"] is None else UUID(datum["superseded_by"]),
            status=StayStatus(datum["status"]),
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
            pending_since=None
            if datum["pending_since"] is None
            else _EPOCH + datum["pending_since"] * _MS,
            discharged_at=None
            if datum["discharged_at"] is None
            else _EPOCH + datum["discharged_at"] * _MS,
            discharge_method=None
            if datum["discharge_method"] is None
            else Coding.from_datum(datum["discharge_method"]),
            destination=None
            if datum["destination"] is None
            else Coding.from_datum(datum["destination"]),
            carers=tuple([CarerOfStay.from_datum(each) for each in datum["carers"]]),
            cares_for=tuple([CaredFor.from_datum(each) for each in datum["cares_for"]]),
            as_of=_EPOCH + datum["as_of"] * _MS,
        )
