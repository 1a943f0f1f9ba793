"""What a batch works on and what it comes to: values that its parts share."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from hub.decisions import Note
from hub.matching.region import RegionView
from hub.ports.dead_letters import Refusal
from hub.ports.unit import Deadline, Outgoing, Remembered
from hub.processor import StateKey


@dataclass(frozen=True, slots=True)
class Inbound:
    """One record of an in-topic, as bytes."""

    topic: str
    offset: int
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Marks:
    """How far time has come.

    Attributes:
        low_water: Everything appended before this time has been read.
        due_before: Reminders due before this time are said; later than `low_water` only when the region has been
            behind for longer than anybody should wait.
    """

    low_water: datetime
    due_before: datetime


PATIENCE: Final = timedelta(minutes=15)
"""How far a region may be behind before its reminders are said all the same, marked `behind`."""

UNCHANGED: Final = datetime.max.replace(tzinfo=UTC)
"""Stands for: the reminders were not touched."""


@dataclass(frozen=True, slots=True)
class Said:
    """An event in front of the chain.

    Attributes:
        place: Its place in the batch, or that of the record that led to it.
        only: The one processor that is given it; None = every one that reads it.
        letter: The dead letter that it was redriven from, which stays open where it is refused again.
    """

    place: int
    event: Any
    only: str | None = None
    letter: UUID | None = None


@dataclass
class Batch:
    """What a batch has come to so far."""

    lease_region: int
    overlay: RegionView
    offsets: dict[str, int]
    inbox: dict[UUID, str] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    state: dict[tuple[str, StateKey], Remembered] = field(default_factory=dict)
    outbox: list[tuple[int, Outgoing]] = field(default_factory=list)
    reminders: dict[tuple[str, UUID, str], Deadline | None] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    places: dict[int, Inbound] = field(default_factory=dict)
    redriven: dict[UUID, Outgoing] = field(default_factory=dict)
    failed_again: set[UUID] = field(default_factory=set)
    notes: list[tuple[UUID, Note]] = field(default_factory=list)
    defects_in_a_row: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch: the overlay joins the memory once the transaction is committed.

    `defects` are faults of ours: the processor and the kind of each. `notes` are for the log, each with its event.
    """

    overlay: RegionView
    offsets: dict[str, int]
    processed: int
    refused: int
    told: int
    next_due: datetime | None
    defects_in_a_row: dict[str, int]
    defects: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[UUID, Note], ...] = ()
