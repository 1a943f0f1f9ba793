"""What a processor may decide. Decisions are values; the shell carries them out, all in one transaction."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol, TypeAlias, TypedDict
from uuid import UUID

from hub.identity import caused_event_id
from hub.records import FieldWeight
from hub.records.registry import Record


class Event(Record, Protocol):
    """A record that begins with the frame: it arrives on a topic or leaves on one."""

    @property
    def event_id(self) -> UUID:
        """Its id."""
        ...

    @property
    def source(self) -> str:
        """Who said it."""
        ...

    @property
    def correlation_id(self) -> UUID:
        """Shared by everything that follows from one message."""
        ...

    @property
    def recorded_at(self) -> datetime:
        """When the sender wrote it down; order is built on this."""
        ...

    @property
    def occurred_at(self) -> datetime:
        """When it was true."""
        ...

    @property
    def received_at(self) -> datetime:
        """When the hub had it in hand."""
        ...

    @property
    def region(self) -> int:
        """The region."""
        ...


@dataclass(frozen=True, slots=True)
class Remember:
    """Keep `value` as the state of `key`; it replaces what was there."""

    key: UUID
    value: Record


@dataclass(frozen=True, slots=True)
class Publish:
    """Say `record` on the topic of its type, under `key`."""

    key: UUID
    record: Event


@dataclass(frozen=True, slots=True)
class Remind:
    """Say `ReminderDue` when `due_at` is past; it replaces the same reminder of the same subject. None cancels it."""

    subject: UUID
    reminder: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Say in the log, once this is durable, what two records came to be: ids, levels and bits, never values.

    Attributes:
        one: A record, by its id; of the side whose decision it is.
        other: The record that it is, or may be.
        outcome: What they are to each other now: joined, asked, settled (otherwise than by evidence) or nothing.
        was: The same, before.
        decision: AUTO, REVIEW or NONE.
        model: Version and hash of the model.
        grade: FHIR's match-grade; None with all that follows where nothing was weighed, or somebody is shielded.
        prior: Bits before anything was compared; with those of the fields they add up to `bits`.
        margin: Bits more than the runner-up; None without one.
        rules: The conditions of AUTO that are not met.
        fields: The fields that were compared.
        by: What decided: evidence; else the weights decided nothing, as in `ReviewItem.decided_by`.
    """

    one: UUID
    other: UUID
    outcome: str
    was: str
    decision: str
    model: str
    grade: str | None = None
    prior: float | None = None
    bits: float | None = None
    margin: float | None = None
    rules: tuple[str, ...] = ()
    fields: tuple[FieldWeight, ...] = ()
    by: str = "evidence"


Decision: TypeAlias = Remember | Publish | Remind | Note
Decisions: TypeAlias = tuple[Decision, ...]


class Frame(TypedDict):
    """The fields that every record of a topic begins with."""

    event_id: UUID
    caused_by: UUID | None
    correlation_id: UUID
    source: str
    source_event_id: str
    occurred_at: datetime
    recorded_at: datetime
    received_at: datetime
    region: int


NO_FRAME: Final = Frame(
    event_id=UUID(int=0),
    caused_by=None,
    correlation_id=UUID(int=0),
    source="",
    source_event_id="",
    occurred_at=datetime(1970, 1, 1, tzinfo=UTC),
    recorded_at=datetime(1970, 1, 1, tzinfo=UTC),
    received_at=datetime(1970, 1, 1, tzinfo=UTC),
    region=0,
)
"""Put in the place of a frame, it leaves what two versions of a record say, whatever event made a processor say it."""


def frame_from(cause: Event, processor: str, subject: UUID) -> Frame:
    """The frame of what a processor says of one subject because of `cause`: its times are the cause's."""
    return Frame(
        event_id=caused_event_id(cause.event_id, processor, subject),
        caused_by=cause.event_id,
        correlation_id=cause.correlation_id,
        source=processor,
        source_event_id="",
        occurred_at=cause.occurred_at,
        recorded_at=cause.recorded_at,
        received_at=cause.received_at,
        region=cause.region,
    )
