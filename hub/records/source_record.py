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
    """Whether this person is a carer, by the latest of what is said of it.

    Attributes:
        is_carer: True = is a carer.
        coding: The code that said it.
        source: Who said it.
        event_id: The event that said it.
        at: The date that counts: from when it holds, or when it ended or was written down.
        codes_version: Version of the code lists that it was decided by; empty = before versions
            were kept.
        withdrawn: True when its source ceased to list them, which says nothing of what others said.
    """

    is_carer: bool
    coding: Coding
    source: str
    event_id: UUID
    at: datetime
    codes_version: str = ""
    withdrawn: bool = False

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "is_carer": self.is_carer,
            "coding": self.coding.datum(),
            "source": self.source,
            "event_id": str(self.event_id),
            "at": (self.at - _EPOCH) // _MS,
            "codes_version": self.codes_version,
            "withdrawn": self.withdrawn,
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
            codes_version=datum["codes_version"],
            withdrawn=datum["withdrawn"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CarerStatement:
    """One coded statement about whether somebody is a carer, by its latest word. Only codes that
    the lists know are kept.

    Attributes:
        statement_id: By the source's own identifier, else by its codes.
        codings: Its code, as sent, in each code system that it was sent in.
        active: False = the source took it away.
        listed: False = the source ceased to list it, and said nothing more.
        starts_at: From when it holds; null = not said.
        ends_at: Up to when; null = not said.
        said: Its latest word.
    """

    statement_id: UUID
    codings: tuple[Coding, ...]
    active: bool
    listed: bool = True
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    said: Word

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "statement_id": str(self.statement_id),
            "codings": [each.datum() for each in self.codings],
            "active": self.active,
            "listed": self.listed,
            "starts_at": None if self.starts_at is None else (self.starts_at - _EPOCH) // _MS,
            "ends_at": None if self.ends_at is None else (self.ends_at - _EPOCH) // _MS,
            "said": self.said.datum(),
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            statement_id=UUID(datum["statement_id"]),
            codings=tuple([Coding.from_datum(each) for each in datum["codings"]]),
            active=datum["active"],
            listed=datum["listed"],
            starts_at=None if datum["starts_at"] is None else _EPOCH + datum["starts_at"] * _MS,
            ends_at=None if datum["ends_at"] is None else _EPOCH + datum["ends_at"] * _MS,
            said=Word.from_datum(datum["said"]),
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
        carer_statements: What the carer status is decided from, so that changed lists decide it
            anew.
        as_of: The latest recorded_at taken in.
        notice_of: The NHS number of which national services speak here, so that it means whoever
            has that number; null in a source's own record.
        may_be_linked: False = they do not want to be linked with whom they look after or who looks
            after them; true = they agreed again; null = nothing was said.
    """

    record_id: UUID
    source: str
    facts: PersonFacts
    carer_status: CarerStatus | None = None
    merged_into: UUID | None = None
    words: tuple[Word, ...] = ()
    carer_statements: tuple[CarerStatement, ...] = ()
    as_of: datetime
    notice_of: str | None = None
    may_be_linked: bool | None = None

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
            "carer_statements": [each.datum() for each in self.carer_statements],
            "as_of": (self.as_of - _EPOCH) // _MS,
            "notice_of": self.notice_of,
            "may_be_linked": self.may_be_linked,
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
            carer_statements=tuple(
                [CarerStatement.from_datum(each) for each in datum["carer_statements"]]
            ),
            as_of=_EPOCH + datum["as_of"] * _MS,
            notice_of=datum["notice_of"],
            may_be_linked=datum["may_be_linked"],
        )
