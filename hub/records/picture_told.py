# Generated from schemas/avro/PictureTold.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureTold:
    """State of carer_matching: which picture of a subject was last published.

    Attributes:
        subject: The stay, the carer or the review item.
        version: Its version.
        digest: SHA-256 of what it said, without frame, version and as_of.
        event_id: The event that carried it.
        asked_at: Of an open question: since when it has been open. Null for everything else.
    """

    subject: UUID
    version: int
    digest: bytes
    event_id: UUID
    asked_at: datetime | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "subject": str(self.subject),
            "version": self.version,
            "digest": self.digest,
            "event_id": str(self.event_id),
            "asked_at": None if self.asked_at is None else (self.asked_at - _EPOCH) // _MS,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            subject=UUID(datum["subject"]),
            version=datum["version"],
            digest=datum["digest"],
            event_id=UUID(datum["event_id"]),
            asked_at=None if datum["asked_at"] is None else _EPOCH + datum["asked_at"] * _MS,
        )
