# Generated from schemas/avro/LinkEvidence.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from hub.records.coding import Coding
from hub.records.evidence import EvidenceKind
from hub.records.word import Word

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEvidence:
    """State of carer_matching: somebody said once that one record looks after another.

    Attributes:
        evidence_id: UUIDv5 of the two records, the kind and the source.
        patient_record: Who is looked after.
        carer_record: Who looks after them.
        kind: Where it was said.
        source: Who said it.
        is_carer: False for a next of kin, who is kept but is no carer.
        relationships: The roles, by the latest word.
        active: False when the latest word ends it.
        ended_at: When it ended.
        first_said: The first word on it.
        last_said: The latest word on it.
        listed: True when it was one of a list: a later list without it ends it.
        first_carer_said: The first word that calls them a carer now; null where none does.
    """

    evidence_id: UUID
    patient_record: UUID
    carer_record: UUID
    kind: EvidenceKind
    source: str
    is_carer: bool
    relationships: tuple[Coding, ...] = ()
    active: bool
    ended_at: datetime | None = None
    first_said: Word
    last_said: Word
    listed: bool = False
    first_carer_said: Word | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "evidence_id": str(self.evidence_id),
            "patient_record": str(self.patient_record),
            "carer_record": str(self.carer_record),
            "kind": self.kind,
            "source": self.source,
            "is_carer": self.is_carer,
            "relationships": [each.datum() for each in self.relationships],
            "active": self.active,
            "ended_at": None if self.ended_at is None else (self.ended_at - _EPOCH) // _MS,
            "first_said": self.first_said.datum(),
            "last_said": self.last_said.datum(),
            "listed": self.listed,
            "first_carer_said": None
            if self.first_carer_said is None
            else ("hub.Word", self.first_carer_said.datum()),
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            evidence_id=UUID(datum["evidence_id"]),
            patient_record=UUID(datum["patient_record"]),
            carer_record=UUID(datum["carer_record"]),
            kind=EvidenceKind(datum["kind"]),
            source=datum["source"],
            is_carer=datum["is_carer"],
            relationships=tuple([Coding.from_datum(each) for each in datum["relationships"]]),
            active=datum["active"],
            ended_at=None if datum["ended_at"] is None else _EPOCH + datum["ended_at"] * _MS,
            first_said=Word.from_datum(datum["first_said"]),
            last_said=Word.from_datum(datum["last_said"]),
            listed=datum["listed"],
            first_carer_said=None
            if datum["first_carer_said"] is None
            else Word.from_datum(datum["first_carer_said"]),
        )
