"""One transaction of one region: what a batch reads, and what it changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from hub.ports.dead_letters import KeptLetter, Refusal
from hub.processor import StateKey
from hub.records.registry import Record


@dataclass(frozen=True, slots=True)
class Deadline:
    """A reminder that is waited for. A processor has at most one of a name for one subject."""

    processor: str
    subject: UUID
    reminder: str
    due_at: datetime
    correlation_id: UUID


@dataclass(frozen=True, slots=True)
class Remembered:
    """A row of state to write, as a value and as the bytes of it."""

    processor: str
    key: UUID
    value: Record
    body: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to be relayed to its topic."""

    topic: str
    key: UUID
    event_id: UUID
    value: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """Everything that one batch changes; the store makes it durable in one transaction or not at all.

    Attributes:
        offsets: Topic -> next offset, for the topics that moved.
        inbox: Event id -> what became of it: `processed`, or `ignored: <reason>`.
        settled: Dead letters that were processed after all.
    """

    offsets: Mapping[str, int]
    inbox: Mapping[UUID, str]
    state: Sequence[Remembered]
    outbox: Sequence[Outgoing]
    refusals: Sequence[Refusal]
    settled: Sequence[UUID] = ()


class Unit(Protocol):
    """One transaction of one region."""

    def fence(self) -> Mapping[str, int]:
        """Lock the region's row and give the next offset of each in-topic.

        Raises:
            Fenced: Epoch or batch number are not those of the lease.
        """
        ...

    def seen(self, events: Sequence[UUID]) -> frozenset[UUID]:
        """Which of these were processed before (within the 14 days that the inbox is kept)."""
        ...

    def states(self, processor: str, keys: Iterable[StateKey]) -> Mapping[StateKey, Any]:
        """The rows of state that exist."""
        ...

    def arm(self, armed: Iterable[Deadline], cancelled: Iterable[tuple[str, UUID, str]]) -> None:
        """Set and cancel reminders. Each replaces the one of the same processor, subject and name."""
        ...

    def take_due(self, before: datetime) -> Sequence[Deadline]:
        """Take away the reminders due before a time, the earliest first."""
        ...

    def write(self, batch: Written) -> None:
        """Write everything, advance offsets and batch number."""
        ...

    def next_due(self) -> datetime | None:
        """The earliest reminder that is waited for, after what this unit changed."""
        ...

    def letter(self, dead_letter_id: UUID) -> KeptLetter | None:
        """A dead letter of this region, or of no region, that is not settled."""
        ...
