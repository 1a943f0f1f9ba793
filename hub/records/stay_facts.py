# Generated from schemas/avro/StayFacts.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from hub.records.coding import Coding
from hub.records.expected_discharge import ExpectedDischarge
from hub.records.word import Word

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_DAY_0 = date(1970, 1, 1).toordinal()


class AdmissionState(StrEnum):
    """What is known of the admission."""

    UNKNOWN = "unknown"
    PLANNED = "planned"
    ADMITTED = "admitted"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientNamed:
    """That a record was said to be the patient of a stay.

    Attributes:
        patient_record: The record.
        said: When it was said; about `patient`, or `move` where the event says by what it is that
            the visit is now theirs (A44, A45).
    """

    patient_record: UUID
    said: Word

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "patient_record": str(self.patient_record),
            "said": self.said.datum(),
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            patient_record=UUID(datum["patient_record"]),
            said=Word.from_datum(datum["said"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StayFacts:
    """State of carer_matching: one stay, each field register by its latest word.

    Attributes:
        stay_id: The stay.
        trust_ods: The trust.
        source: The sender.
        patient_record: The record of the patient, register patient.
        superseded_by: The stay that it was merged into.
        admission: Register admission.
        plan: What is known of a planned admission, register plan.
        patient_class: HL7 PV1-2 or FHIR Encounter.class, register class.
        admitted_at: Register admission.
        hospital_number: Register patient.
        site_ods: Register location.
        ward: Register location.
        bed: Register location.
        expected_discharge: Register expected.
        ready_on: Register ready.
        pending_since: Register pending.
        on_leave_since: Register leave.
        discharged_at: Register discharge.
        discharge_method: Register discharge.
        destination: Register discharge.
        words: The latest word on each register.
        as_of: The latest recorded_at taken in.
        other_patients: Records that were said to be its patient at other times, at most 8.
        named: What was said of whose it is beside the latest word (register patient): of each
            record the first and the last word and every move, by time. Empty where only one record
            was named and no move: its first word is register first-named then.
    """

    stay_id: UUID
    trust_ods: str
    source: str
    patient_record: UUID
    superseded_by: UUID | None = None
    admission: AdmissionState
    plan: AdmissionState = AdmissionState.UNKNOWN
    patient_class: str | None = None
    admitted_at: datetime | None = None
    hospital_number: str | None = None
    site_ods: str | None = None
    ward: str | None = None
    bed: str | None = None
    expected_discharge: ExpectedDischarge | None = None
    ready_on: date | None = None
    pending_since: datetime | None = None
    on_leave_since: datetime | None = None
    discharged_at: datetime | None = None
    discharge_method: Coding | None = None
    destination: Coding | None = None
    words: tuple[Word, ...] = ()
    as_of: datetime
    other_patients: tuple[UUID, ...] = ()
    named: tuple[PatientNamed, ...] = ()

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "stay_id": str(self.stay_id),
            "trust_ods": self.trust_ods,
            "source": self.source,
            "patient_record": str(self.patient_record),
            "superseded_by": None if self.superseded_by is None else str(self.superseded_by),
            "admission": self.admission,
            "plan": self.plan,
            "patient_class": self.patient_class,
            "admitted_at": None if self.admitted_at is None else (self.admitted_at - _EPOCH) // _MS,
            "hospital_number": self.hospital_number,
            "site_ods": self.site_ods,
            "ward": self.ward,
            "bed": self.bed,
            "expected_discharge": None
            if self.expected_discharge is None
            else ("hub.ExpectedDischarge", self.expected_discharge.datum()),
            "ready_on": None if self.ready_on is None else self.ready_on.toordinal() - _DAY_0,
            "pending_since": None
            if self.pending_since is None
            else (self.pending_since - _EPOCH) // _MS,
            "on_leave_since": None
            if self.on_leave_since is None
            else (self.on_leave_since - _EPOCH) // _MS,
            "discharged_at": None
            if self.discharged_at is None
            else (self.discharged_at - _EPOCH) // _MS,
            "discharge_method": None
            if self.discharge_method is None
            else ("hub.Coding", self.discharge_method.datum()),
            "destination": None
            if self.destination is None
            else ("hub.Coding", self.destination.datum()),
            "words": [each.datum() for each in self.words],
            "as_of": (self.as_of - _EPOCH) // _MS,
            "other_patients": [str(each) for each in self.other_patients],
            "named": [each.datum() for each in self.named],
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            stay_id=UUID(datum["stay_id"]),
            trust_ods=datum["trust_ods"],
            source=datum["source"],
            patient_record=UUID(datum["patient_record"]),
            superseded_by=None if datum["superseded_by"] is None else UUID(datum["superseded_by"]),
            admission=AdmissionState(datum["admission"]),
            plan=AdmissionState(datum["plan"]),
            patient_class=datum["patient_class"],
            admitted_at=None
            if datum["admitted_at"] is None
            else _EPOCH + datum["admitted_at"] * _MS,
            hospital_number=datum["hospital_number"],
            site_ods=datum["site_ods"],
            ward=datum["ward"],
            bed=datum["bed"],
            expected_discharge=None
            if datum["expected_discharge"] is None
            else ExpectedDischarge.from_datum(datum["expected_discharge"]),
            ready_on=None
            if datum["ready_on"] is None
            else date.fromordinal(datum["ready_on"] + _DAY_0),
            pending_since=None
            if datum["pending_since"] is None
            else _EPOCH + datum["pending_since"] * _MS,
            on_leave_since=None
            if datum["on_leave_since"] is None
            else _EPOCH + datum["on_leave_since"] * _MS,
            discharged_at=None
            if datum["discharged_at"] is None
            else _EPOCH + datum["discharged_at"] * _MS,
            discharge_method=None
            if datum["discharge_method"] is None
            else Coding.from_datum(datum["discharge_method"]),
            destination=None
            if datum["destination"] is None
            else Coding.from_datum(datum["destination"]),
            words=tuple([Word.from_datum(each) for each in datum["words"]]),
            as_of=_EPOCH + datum["as_of"] * _MS,
            other_patients=tuple([UUID(each) for each in datum["other_patients"]]),
            named=tuple([PatientNamed.from_datum(each) for each in datum["named"]]),
        )
