# Generated from schemas/avro/AgreementKept.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from hub.records.word import Word

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementKept:
    """State of carer_matching: what one carer agreed to, by the latest word on it.

    Attributes:
        agreement_id: Consent.identifier as an id, or the form's nonce.
        carer_record: The record of the carer.
        scope: What for: carer-referral.
        asked_by: Who asked: an ODS code.
        given_at: Since when.
        withdrawn_at: Until when it stood; null while it stands.
        ends_at: When it will end while it stands; null when nobody said so.
        words: The latest word on it.
    """

    agreement_id: UUID
    carer_record: UUID
    scope: str
    asked_by: str | None = None
    given_at: datetime
    withdrawn_at: datetime | None = None
    ends_at: datetime | None = None
    words: tuple[Word, ...] = ()

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "agreement_id": str(self.agreement_id),
            "carer_record": str(self.carer_record),
            "scope": self.scope,
            "asked_by": self.asked_by,
            "given_at": (self.given_at - _EPOCH) // _MS,
            "withdrawn_at": None
            if self.withdrawn_at is None
            else (self.withdrawn_at - _EPOCH) // _MS,
            "ends_at": None if self.ends_at is None else (self.ends_at - _EPOCH) // _MS,
            "words": [each.datum() for each in self.words],
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            agreement_id=UUID(datum["agreement_id"]),
            carer_record=UUID(datum["carer_record"]),
            scope=datum["scope"],
            asked_by=datum["asked_by"],
            given_at=_EPOCH + datum["given_at"] * _MS,
            withdrawn_at=None
            if datum["withdrawn_at"] is None
            else _EPOCH + datum["withdrawn_at"] * _MS,
            ends_at=None if datum["ends_at"] is None else _EPOCH + datum["ends_at"] * _MS,
            words=tuple([Word.from_datum(each) for each in datum["words"]]),
        )
