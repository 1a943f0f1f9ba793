# Generated from schemas/avro/AlertTold.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from hub.records.alert_outcome import OutcomeKind
from hub.records.involvement_alert import InvolvementAlert
from hub.records.stay_picture import StayPicture
from hub.records.word import Word

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeKept:
    """One recorded outcome.

    Attributes:
        event_id: The event.
        evidence_id: The carer; null = the whole alert.
        kind: What was done.
        at: When it was done.
        word: Its place in time.
        recorded_on: The alert that it was recorded on, where that one's visit goes on as this; null
            = this alert.
    """

    event_id: UUID
    evidence_id: UUID | None = None
    kind: OutcomeKind
    at: datetime
    word: Word
    recorded_on: UUID | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "event_id": str(self.event_id),
            "evidence_id": None if self.evidence_id is None else str(self.evidence_id),
            "kind": self.kind,
            "at": (self.at - _EPOCH) // _MS,
            "word": self.word.datum(),
            "recorded_on": None if self.recorded_on is None else str(self.recorded_on),
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            event_id=UUID(datum["event_id"]),
            evidence_id=None if datum["evidence_id"] is None else UUID(datum["evidence_id"]),
            kind=OutcomeKind(datum["kind"]),
            at=_EPOCH + datum["at"] * _MS,
            word=Word.from_datum(datum["word"]),
            recorded_on=None if datum["recorded_on"] is None else UUID(datum["recorded_on"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertTold:
    """State of discharge_involvement: what was last said of one stay, and what people did about it.

    Attributes:
        alert_id: The alert.
        alert: The last version; null when nothing was said yet.
        picture: The last picture, so that an outcome can be decided without it.
        outcomes: What people did.
        fired: Deadlines that have passed, each once.
        reminded_for: The deadline that is being waited for.
    """

    alert_id: UUID
    alert: InvolvementAlert | None = None
    picture: StayPicture | None = None
    outcomes: tuple[OutcomeKept, ...] = ()
    fired: tuple[datetime, ...] = ()
    reminded_for: datetime | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "alert_id": str(self.alert_id),
            "alert": None if self.alert is None else ("hub.InvolvementAlert", self.alert.datum()),
            "picture": None if self.picture is None else ("hub.StayPicture", self.picture.datum()),
            "outcomes": [each.datum() for each in self.outcomes],
            "fired": [(each - _EPOCH) // _MS for each in self.fired],
            "reminded_for": None
            if self.reminded_for is None
            else (self.reminded_for - _EPOCH) // _MS,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            alert_id=UUID(datum["alert_id"]),
            alert=None if datum["alert"] is None else InvolvementAlert.from_datum(datum["alert"]),
            picture=None if datum["picture"] is None else StayPicture.from_datum(datum["picture"]),
            outcomes=tuple([OutcomeKept.from_datum(each) for each in datum["outcomes"]]),
            fired=tuple([_EPOCH + each * _MS for each in datum["fired"]]),
            reminded_for=None
            if datum["reminded_for"] is None
            else _EPOCH + datum["reminded_for"] * _MS,
        )
