# Generated from schemas/avro/PersonNotice.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from hub.records.coding import Coding

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_DAY_0 = date(1970, 1, 1).toordinal()


class NoticeKind(StrEnum):
    """What the notice is about."""

    UNKNOWN = "unknown"
    DEATH = "death"
    NHS_NUMBER_CHANGE = "nhs_number_change"
    CHANGE_OF_GP = "change_of_gp"
    PROXY_ROLE_CREATED = "proxy_role_created"
    PROXY_ROLE_CHANGED = "proxy_role_changed"
    PROXY_ROLE_DELETED = "proxy_role_deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNotice:
    """A national service said that something about a person changed.

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
        kind: What changed.
        nhs_number: The person it speaks of.
        new_nhs_number: The number that replaces it.
        practice_ods: The new practice.
        related_nhs_number: The other person of a proxy role.
        deceased: True when they died, false when a death was taken back; null for other kinds.
        died_at: When they died, if it was said.
        birth_on: Date of birth of the person it speaks of, so that nobody else with the number is
            meant.
        birth_precision: How much of birth_on is known: unknown, year, month, day.
        role_id: What names a proxy role at its service: the id of the Consent.
        role_active: Whether the proxy role stands; null when it was not said.
        role_ends_at: Until when the proxy role was given.
        relationships: What the proxy is to the person, as sent.
        original: The notice as received.
        key_id: The key that original is encrypted with.
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
    kind: NoticeKind
    nhs_number: str
    new_nhs_number: str | None = None
    practice_ods: str | None = None
    related_nhs_number: str | None = None
    deceased: bool | None = None
    died_at: datetime | None = None
    birth_on: date | None = None
    birth_precision: str = "unknown"
    role_id: str | None = None
    role_active: bool | None = None
    role_ends_at: datetime | None = None
    relationships: tuple[Coding, ...] = ()
    original: bytes | None = None
    key_id: str | None = None

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
            "kind": self.kind,
            "nhs_number": self.nhs_number,
            "new_nhs_number": self.new_nhs_number,
            "practice_ods": self.practice_ods,
            "related_nhs_number": self.related_nhs_number,
            "deceased": self.deceased,
            "died_at": None if self.died_at is None else (self.died_at - _EPOCH) // _MS,
            "birth_on": None if self.birth_on is None else self.birth_on.toordinal() - _DAY_0,
            "birth_precision": self.birth_precision,
            "role_id": self.role_id,
            "role_active": self.role_active,
            "role_ends_at": None
            if self.role_ends_at is None
            else (self.role_ends_at - _EPOCH) // _MS,
            "relationships": [each.datum() for each in self.relationships],
            "original": self.original,
            "key_id": self.key_id,
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
            kind=NoticeKind(datum["kind"]),
            nhs_number=datum["nhs_number"],
            new_nhs_number=datum["new_nhs_number"],
            practice_ods=datum["practice_ods"],
            related_nhs_number=datum["related_nhs_number"],
            deceased=datum["deceased"],
            died_at=None if datum["died_at"] is None else _EPOCH + datum["died_at"] * _MS,
            birth_on=None
            if datum["birth_on"] is None
            else date.fromordinal(datum["birth_on"] + _DAY_0),
            birth_precision=datum["birth_precision"],
            role_id=datum["role_id"],
            role_active=datum["role_active"],
            role_ends_at=None
            if datum["role_ends_at"] is None
            else _EPOCH + datum["role_ends_at"] * _MS,
            relationships=tuple([Coding.from_datum(each) for each in datum["relationships"]]),
            original=datum["original"],
            key_id=datum["key_id"],
        )
