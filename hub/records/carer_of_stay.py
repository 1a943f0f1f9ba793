# Generated from schemas/avro/CarerOfStay.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from hub.records.by_evidence import ByEvidence
from hub.records.coding import Coding
from hub.records.evidence import Confidence, Evidence
from hub.records.human_name import HumanName
from hub.records.needs import Needs
from hub.records.telecom import Telecom

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_DAY_0 = date(1970, 1, 1).toordinal()


class SharingPosition(StrEnum):
    """What is known of consent."""

    UNKNOWN = "unknown"
    AGREED = "agreed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Whether the patient's information may be shared with this carer.

    Attributes:
        position: What is known.
        at: Since when.
        source: Who said it.
    """

    position: SharingPosition
    at: datetime | None = None
    source: str | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "position": self.position,
            "at": None if self.at is None else (self.at - _EPOCH) // _MS,
            "source": self.source,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            position=SharingPosition(datum["position"]),
            at=None if datum["at"] is None else _EPOCH + datum["at"] * _MS,
            source=datum["source"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CarerOfStay:
    """One carer of a patient, with everything that a discharge team may need to involve them.

    Attributes:
        link_id: The link: the smallest of its evidence ids.
        carer_id: The carer as a person of the hub.
        names: Names as given.
        birth_on: Date of birth.
        birth_precision: How much of it is known.
        relationships: All roles, in the senders' codes: a daughter who is a carer stays both.
        contacts: How to reach them; empty when shielded.
        needs: Language and formats.
        confidence: How sure the hub is.
        evidence: Why, the earliest first.
        sharing: Consent of the patient to share with this carer.
        agreement_id: The carer's agreement to be referred, where one is active.
        ended_at: When the caring ended, if it has.
        area: ONS code of the local authority where they live; empty when it is not known, or is not
            to be told. Null in what was said before it was worked out.
        by_evidence: Where an end of the link is known by evidence; null where neither is.
    """

    link_id: UUID
    carer_id: UUID | None = None
    names: tuple[HumanName, ...] = ()
    birth_on: date | None = None
    birth_precision: str = "unknown"
    relationships: tuple[Coding, ...] = ()
    contacts: tuple[Telecom, ...] = ()
    needs: Needs | None = None
    confidence: Confidence
    evidence: tuple[Evidence, ...] = ()
    sharing: Sharing = Sharing(position=SharingPosition.UNKNOWN, at=None, source=None)
    agreement_id: UUID | None = None
    ended_at: datetime | None = None
    area: str | None = None
    by_evidence: ByEvidence | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "link_id": str(self.link_id),
            "carer_id": None if self.carer_id is None else str(self.carer_id),
            "names": [each.datum() for each in self.names],
            "birth_on": None if self.birth_on is None else self.birth_on.toordinal() - _DAY_0,
            "birth_precision": self.birth_precision,
            "relationships": [each.datum() for each in self.relationships],
            "contacts": [each.datum() for each in self.contacts],
            "needs": None if self.needs is None else ("hub.Needs", self.needs.datum()),
            "confidence": self.confidence,
            "evidence": [each.datum() for each in self.evidence],
            "sharing": self.sharing.datum(),
            "agreement_id": None if self.agreement_id is None else str(self.agreement_id),
            "ended_at": None if self.ended_at is None else (self.ended_at - _EPOCH) // _MS,
            "area": self.area,
            "by_evidence": None
            if self.by_evidence is None
            else ("hub.ByEvidence", self.by_evidence.datum()),
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            link_id=UUID(datum["link_id"]),
            carer_id=None if datum["carer_id"] is None else UUID(datum["carer_id"]),
            names=tuple([HumanName.from_datum(each) for each in datum["names"]]),
            birth_on=None
            if datum["birth_on"] is None
            else date.fromordinal(datum["birth_on"] + _DAY_0),
            birth_precision=datum["birth_precision"],
            relationships=tuple([Coding.from_datum(each) for each in datum["relationships"]]),
            contacts=tuple([Telecom.from_datum(each) for each in datum["contacts"]]),
            needs=None if datum["needs"] is None else Needs.from_datum(datum["needs"]),
            confidence=Confidence(datum["confidence"]),
            evidence=tuple([Evidence.from_datum(each) for each in datum["evidence"]]),
            sharing=Sharing.from_datum(datum["sharing"]),
            agreement_id=None if datum["agreement_id"] is None else UUID(datum["agreement_id"]),
            ended_at=None if datum["ended_at"] is None else _EPOCH + datum["ended_at"] * _MS,
            area=datum["area"],
            by_evidence=None
            if datum["by_evidence"] is None
            else ByEvidence.from_datum(datum["by_evidence"]),
        )
