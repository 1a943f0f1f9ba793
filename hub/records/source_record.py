# Generated from schemas/avro/SourceRecord.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from hub.records.coding import Coding
from hub.records.person_facts import PersonFacts
from hub.records.word import Word

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarerStatus:
    """The latest word on whether this person is a carer.

    Attributes:
        is_carer: True = is a carer.
        coding: The code that said it.
        source: Who said it.
        event_id: The event that said it.
        at: Its recorded_at.
    """

    is_carer: bool
    coding: Coding
    source: str
    event_id: UUID
    at: datetime

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "is_carer": self.is_carer,
            "coding": self.coding.datum(),
            "source": self.source,
            "event_id": str(self.event_id),
            "at": (self.at - _EPOCH) // _MS,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            is_carer=datum["is_carer"],
            coding=Coding.from_datum(datum["coding"]),
            source=datum["source"],
            event_id=UUID(datum["event_id"]),
            at=_EPOCH + datum["at"] * _MS,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """State of carer_matching: one record of one source about one person.

    Attributes:
        record_id: UUIDv5 of source, authority and identifier.
        source: The source, by its name in the configuration.
        facts: What it says, each field register by its latest word.
        carer_status: Whether a carer code or flag stands on this record.
        merged_into: The record that replaces this one (A40).
        words: The latest word on each register.
        as_of: The latest recorded_at taken in.
        notice_of: The NHS number of which national services speak here, so that it means whoever
            has that number; null in a source's own record.
    """

    record_id: UUID
    source: str
    facts: PersonFacts
    carer_status: CarerStatus | None = None
    merged_into: UUID | None = None
    words: tuple[Word, ...] = ()
    as_of: datetime
    notice_of: str | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "record_id": str(self.record_id),
            "source": self.source,
            "facts": self.facts.datum(),
            "carer_status": None
            if self.carer_status is None
            else ("hub.CarerStatus", self.carer_status.datum()),
            "merged_into": None if self.merged_into is None else str(self.merged_into),
            "words": [each.datum() for each in self.words],
            "as_of": (self.as_of - _EPOCH) // _MS,
            "notice_of": self.notice_of,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            record_id=UUID(datum["record_id"]),
            source=datum["source"],
            facts=PersonFacts.from_datum(datum["facts"]),
            carer_status=None
            if datum["carer_status"] is None
            else CarerStatus.from_datum(datum["carer_status"]),
            merged_into=None if datum["merged_into"] is None else UUID(datum["merged_into"]),
            words=tuple([Word.from_datum(each) for each in datum["words"]]),
            as_of=_EPOCH + datum["as_of"] * _MS,
            notice_of=datum["notice_of"],
        )
