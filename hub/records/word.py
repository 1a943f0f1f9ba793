# Generated from schemas/avro/Word.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """The place in time of one statement: later words win. Compared as (recorded_at, un_event,
    sequence, event_id).

    Attributes:
        about: The field registers it speaks of, with a blank between two.
        recorded_at: When the sender wrote it down.
        un_event: True for a cancel: it comes after the event that it cancels.
        sequence: MSH-13, or 0.
        event_id: The event; the last tie-break.
    """

    about: str
    recorded_at: datetime
    un_event: bool
    sequence: int
    event_id: UUID

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "about": self.about,
            "recorded_at": (self.recorded_at - _EPOCH) // _MS,
            "un_event": self.un_event,
            "sequence": self.sequence,
            "event_id": str(self.event_id),
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            about=datum["about"],
            recorded_at=_EPOCH + datum["recorded_at"] * _MS,
            un_event=datum["un_event"],
            sequence=datum["sequence"],
            event_id=UUID(datum["event_id"]),
        )
