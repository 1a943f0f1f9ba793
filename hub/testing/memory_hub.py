"""The hub in one process: topics as lists, state as rows of bytes, virtual time. Crash and replay are steps of a test."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from hub import codec
from hub.decisions import Event
from hub.matching.region import KINDS, RegionView
from hub.ports import Refusal
from hub.processor import IN_TOPICS, Chain
from hub.records.registry import Record
from hub.runtime.batch import handle_batch
from hub.runtime.batch_state import Inbound, Marks
from hub.testing.memory_unit import MemoryRows, MemoryUnit
from hub.topics import topic_of

R = TypeVar("R", bound=Record)

REGION = 0
RESOLUTION = timedelta(milliseconds=1)
START = datetime(1970, 1, 1, tzinfo=UTC)
KEPT_IN_MEMORY = frozenset(kind.__name__ for kind in KINDS)


@dataclass(frozen=True, slots=True)
class Appended:
    """One record of a topic."""

    key: UUID
    value: bytes | None


@dataclass
class MemoryHub:
    """One region. Time stands still until it is moved on; nothing is due before it is past.

    Attributes:
        chain: The processors in order.
        batch_size: How many records are read at once; 1 is event by event.
    """

    chain: Chain
    batch_size: int = 1
    now: datetime = START
    topics: dict[str, list[Appended]] = field(default_factory=dict)
    rows: MemoryRows = field(default_factory=MemoryRows)
    memory: RegionView = field(default_factory=RegionView)
    defects_in_a_row: int = 0

    def publish(self, event: Event, key: UUID | None = None) -> None:
        """Append an event to the topic of its type, as a connector does."""
        self.append(topic_of(type(event)).name, codec.encode(event), key or event.event_id)

    def append(self, topic: str, value: bytes | None, key: UUID) -> None:
        """Append bytes to a topic, whatever they are."""
        self.topics.setdefault(topic, []).append(Appended(key, value))

    def run(self) -> None:
        """Process everything that was said, including what the hub says to itself, until nothing is left."""
        while self._batch() or self._relay():
            pass

    def hear(self, *events: Event) -> None:
        """Publish events one by one and process each before the next."""
        for event in events:
            self.publish(event)
            self.run()

    def advance(self, to: datetime) -> None:
        """Move the time on; reminders that are then past are said and processed, the earliest first."""
        self.now = max(self.now, to)
        while any(each.due_at < self.now for each in self.rows.reminders.values()):
            first = min(each.due_at for each in self.rows.reminders.values())
            self._transact([], Marks(self.now, min(self.now, just_after(first))))
            self.run()

    def said(self, record: type[R]) -> list[R]:
        """Everything said of a type, in order."""
        return [
            codec.decode_as(record, each.value)
            for each in self.topics.get(topic_of(record).name, ())
            if each.value
        ]

    def last(self, record: type[R]) -> dict[UUID, R]:
        """The last version of each key of a type."""
        found = self.topics.get(topic_of(record).name, ())
        return {each.key: codec.decode_as(record, each.value) for each in found if each.value}

    @property
    def refusals(self) -> list[Refusal]:
        """What could not be used."""
        return list(self.rows.refusals.values())

    def crash(self) -> None:
        """Lose the memory, as kill -9 does, and load it anew from the rows."""
        self.memory = RegionView()
        self.memory.load(
            codec.decode(body)
            for (_, kind, _), body in sorted(self.rows.state.items(), key=by_key)
            if kind in KEPT_IN_MEMORY
        )

    def redeliver(self) -> None:
        """Read every in-topic again from its beginning, as after a lost position: the inbox must hold."""
        self.rows.offsets.clear()
        self.run()

    def _batch(self) -> bool:
        records = self._next_records()
        if records:
            self._transact(records, None)
        return bool(records)

    def _next_records(self) -> list[Inbound]:
        found: list[Inbound] = []
        for topic in sorted(self.topics):
            if topic in IN_TOPICS:
                start = self.rows.offsets.get(topic, 0)
                waiting = self.topics[topic][start : start + self.batch_size - len(found)]
                found.extend(
                    Inbound(topic, start + number, each.value)
                    for number, each in enumerate(waiting)
                )
        return found

    def _transact(self, records: list[Inbound], marks: Marks | None) -> None:
        unit = MemoryUnit(self.rows)
        outcome = handle_batch(
            self.chain,
            records,
            unit,
            self.memory,
            REGION,
            marks,
            defects_in_a_row=self.defects_in_a_row,
        )
        self.defects_in_a_row = outcome.defects_in_a_row
        self.rows = unit.rows
        outcome.overlay.join()

    def _relay(self) -> bool:
        waiting, self.rows.outbox = self.rows.outbox, []
        for row in waiting:
            self.append(row.topic, row.value, row.key)
        return bool(waiting)


def by_key(item: tuple[tuple[str, str, UUID], bytes]) -> tuple[str, int]:
    """The order of a cold load: kind by kind, key by key."""
    (_, kind, key), _ = item
    return (kind, key.int)


def just_after(moment: datetime) -> datetime:
    """The next instant that a reminder can tell apart."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000) + RESOLUTION
