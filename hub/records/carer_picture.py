# Generated from schemas/avro/CarerPicture.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from hub.records.by_evidence import ByEvidence
from hub.records.coding import Coding
from hub.records.expected_discharge import ExpectedDischarge
from hub.records.human_name import HumanName
from hub.records.needs import Needs
from hub.records.telecom import Telecom

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_DAY_0 = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What the carer agreed to.

    Attributes:
        agreement_id: The agreement.
        scope: What for.
        asked_by: Who asked: an ODS code.
        given_at: Since when.
        withdrawn_at: Until when.
    """

    agreement_id: UUID
    scope: str
    asked_by: str | None = None
    given_at: datetime
    withdrawn_at: datetime | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "agreement_id": str(self.agreement_id),
            "scope": self.scope,
            "asked_by": self.asked_by,
            "given_at": (self.given_at - _EPOCH) // _MS,
            "withdrawn_at": None
            if self.withdrawn_at is None
            else (self.withdrawn_at - _EPOCH) // _MS,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            agreement_id=UUID(datum["agreement_id"]),
            scope=datum["scope"],
            asked_by=datum["asked_by"],
            given_at=_EPOCH + datum["given_at"] * _MS,
            withdrawn_at=None
            if datum["withdrawn_at"] is None
            else _EPOCH + datum["withdrawn_at"] * _MS,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaredForStay:
    """Somebody this carer looks after, and what is happening to them.

    Attributes:
        link_id: The link.
        relationships: What the carer is to them.
        given_name: First name, for the service.
        stay_id: Their stay, if they are in hospital.
        stay_status: Where that stay is.
        expected_discharge: When they are expected home.
        by_evidence: Where an end of the link is known by evidence; null where neither is.
    """

    link_id: UUID
    relationships: tuple[Coding, ...] = ()
    given_name: str | None = None
    stay_id: UUID | None = None
    stay_status: str | None = None
    expected_discharge: ExpectedDischarge | None = None
    by_evidence: ByEvidence | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "link_id": str(self.link_id),
            "relationships": [each.datum() for each in self.relationships],
            "given_name": self.given_name,
            "stay_id": None if self.stay_id is None else str(self.stay_id),
            "stay_status": self.stay_status,
            "expected_discharge": None
            if self.expected_discharge is None
            else ("hub.ExpectedDischarge", self.expected_discharge.datum()),
            "by_evidence": None
            if self.by_evidence is None
            else ("hub.ByEvidence", self.by_evidence.datum()),
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            link_id=UUID(datum["link_id"]),
            relationships=tuple([Coding.from_datum(each) for each in datum["relationships"]]),
            given_name=datum["given_name"],
            stay_id=None if datum["stay_id"] is None else UUID(datum["stay_id"]),
            stay_status=datum["stay_status"],
            expected_discharge=None
            if datum["expected_discharge"] is None
            else ExpectedDischarge.from_datum(datum["expected_discharge"]),
            by_evidence=None
            if datum["by_evidence"] is None
            else ByEvidence.from_datum(datum["by_evidence"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CarerPicture:
    """One carer as now understood: the whole of it, every time.

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
        carer_id: The carer, as a person of the hub.
        version: Counts up with every change.
        superseded_by: The person that this one was merged into.
        names: Names as given.
        birth_on: Date of birth.
        birth_precision: How much of it is known.
        postcode: For routing to the service of the area.
        practice_ods: For routing when there is no postcode.
        contacts: How to reach them.
        needs: Language and formats.
        agreements: Agreements to be referred, with their ends.
        cares_for: Whom they look after; at most 20.
        own_stay_id: The carer's own stay, if they are in hospital themselves.
        deceased: True when known to have died.
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
    carer_id: UUID
    version: int
    superseded_by: UUID | None = None
    names: tuple[HumanName, ...] = ()
    birth_on: date | None = None
    birth_precision: str = "unknown"
    postcode: str | None = None
    practice_ods: str | None = None
    contacts: tuple[Telecom, ...] = ()
    needs: Needs | None = None
    agreements: tuple[Agreement, ...] = ()
    cares_for: tuple[CaredForStay, ...] = ()
    own_stay_id: UUID | None = None
    deceased: bool = False
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
            "carer_id": str(self.carer_id),
            "version": self.version,
            "superseded_by": None if self.superseded_by is None else str(self.superseded_by),
            "names": [each.datum() for each in self.names],
            "birth_on": None if self.birth_on is None else self.birth_on.toordinal() - _DAY_0,
            "birth_precision": self.birth_precision,
            "postcode": self.postcode,
            "practice_ods": self.practice_ods,
            "contacts": [each.datum() for each in self.contacts],
            "needs": None if self.needs is None else ("hub.Needs", self.needs.datum()),
            "agreements": [each.datum() for each in self.agreements],
            "cares_for": [each.datum() for each in self.cares_for],
            "own_stay_id": None if self.own_stay_id is None else str(self.own_stay_id),
            "deceased": self.deceased,
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
            carer_id=UUID(datum["carer_id"]),
            version=datum["version"],
            superseded_by=None if datum["superseded_by"] is None else UUID(datum["superseded_by"]),
            names=tuple([HumanName.from_datum(each) for each in datum["names"]]),
            birth_on=None
            if datum["birth_on"] is None
            else date.fromordinal(datum["birth_on"] + _DAY_0),
            birth_precision=datum["birth_precision"],
            postcode=datum["postcode"],
            practice_ods=datum["practice_ods"],
            contacts=tuple([Telecom.from_datum(each) for each in datum["contacts"]]),
            needs=None if datum["needs"] is None else Needs.from_datum(datum["needs"]),
            agreements=tuple([Agreement.from_datum(each) for each in datum["agreements"]]),
            cares_for=tuple([CaredForStay.from_datum(each) for each in datum["cares_for"]]),
            own_stay_id=None if datum["own_stay_id"] is None else UUID(datum["own_stay_id"]),
            deceased=datum["deceased"],
            as_of=_EPOCH + datum["as_of"] * _MS,
        )
