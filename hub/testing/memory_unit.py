"""The memory store: the same verbs as PostgreSQL, all or nothing, with rows kept as bytes so that they round-trip."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from hub import codec
from hub.ports.dead_letters import KeptLetter, Refusal
from hub.ports.unit import Deadline, Outgoing, Written
from hub.processor import StateKey

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""When a dead letter was kept: nothing here has a clock."""
ReminderPlace = tuple[str, UUID, str]


@dataclass
class MemoryRows:
    """Everything durable of one region."""

    offsets: dict[str, int] = field(default_factory=dict)
    inbox: dict[UUID, str] = field(default_factory=dict)
    state: dict[tuple[str, str, UUID], bytes] = field(default_factory=dict)
    outbox: list[Outgoing] = field(default_factory=list)
    reminders: dict[ReminderPlace, Deadline] = field(default_factory=dict)
    refusals: dict[UUID, Refusal] = field(default_factory=dict)
    settled: set[UUID] = field(default_factory=set)

    def copy(self) -> "MemoryRows":
        """The rows as they are now."""
        return MemoryRows(
            dict(self.offsets),
            dict(self.inbox),
            dict(self.state),
            list(self.outbox),
            dict(self.reminders),
            dict(self.refusals),
            set(self.settled),
        )


class MemoryUnit:
    """One transaction on a copy of the rows; who opened it keeps the copy when the block ends well."""

    def __init__(self, rows: MemoryRows) -> None:
        self.rows = rows.copy()

    def fence(self) -> Mapping[str, int]:
        """See `hub.ports.unit.Unit.fence`; there is only one writer here."""
        return dict(self.rows.offsets)

    def seen(self, events: Sequence[UUID]) -> frozenset[UUID]:
        """See `hub.ports.unit.Unit.seen`."""
        return frozenset(event for event in events if event in self.rows.inbox)

    def states(self, processor: str, keys: Iterable[StateKey]) -> Mapping[StateKey, Any]:
        """See `hub.ports.unit.Unit.states`."""
        found = {
            each: self.rows.state.get((processor, each.kind.__name__, each.key)) for each in keys
        }
        return {each: codec.decode(body) for each, body in found.items() if body is not None}

    def arm(self, armed: Iterable[Deadline], cancelled: Iterable[ReminderPlace]) -> None:
        """See `hub.ports.unit.Unit.arm`."""
        for place in cancelled:
            self.rows.reminders.pop(place, None)
        for each in armed:
            self.rows.reminders[(each.processor, each.subject, each.reminder)] = each

    def take_due(self, before: datetime) -> Sequence[Deadline]:
        """See `hub.ports.unit.Unit.take_due`."""
        due = [each for each in self.rows.reminders.values() if each.due_at < before]
        for each in due:
            del self.rows.reminders[(each.processor, each.subject, each.reminder)]
        return sorted(due, key=lambda each: (each.due_at, each.subject.int, each.reminder))

    def next_due(self) -> datetime | None:
        """See `hub.ports.unit.Unit.next_due`."""
        return min((each.due_at for each in self.rows.reminders.values()), default=None)

    def letter(self, dead_letter_id: UUID) -> KeptLetter | None:
        """See `hub.ports.unit.Unit.letter`."""
        kept = self.rows.refusals.get(dead_letter_id)
        if kept is None or dead_letter_id in self.rows.settled:
            return None
        return KeptLetter(
            dead_letter_id=dead_letter_id,
            source=None,
            processor=kept.processor,
            topic=kept.topic,
            offset=kept.offset,
            code=kept.code,
            expression=kept.expression,
            reason=kept.reason,
            defect=kept.defect,
            value=kept.value,
            first_at=EPOCH,
        )

    def write(self, batch: Written) -> None:
        """See `hub.ports.unit.Unit.write`."""
        self.rows.offsets.update(batch.offsets)
        self.rows.inbox.update(batch.inbox)
        for row in batch.state:
            self.rows.state[(row.processor, type(row.value).__name__, row.key)] = row.body
        self.rows.outbox.extend(batch.outbox)
        self.rows.refusals.update({each.dead_letter_id: each for each in batch.refusals})
        self.rows.settled.difference_update(each.dead_letter_id for each in batch.refusals)
        self.rows.settled.update(batch.settled)
