"""The hub in one process: topics as lists, rows as bytes, virtual time. Crash and replay are steps of a test."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from hub import codec
from hub.decisions import Event, Note
from hub.errors import Unavailable
from hub.matching.candidates import Matcher
from hub.matching.region import KINDS, RegionView
from hub.ports.dead_letters import Refusal
from hub.ports.lease import Fenced, Lease
from hub.processor import IN_TOPICS, Chain
from hub.records.registry import Record
from hub.runtime.batch import handle_batch
from hub.runtime.batch_state import PATIENCE, Inbound, Marks, Outcome
from hub.runtime.refusals import TooManyDefects
from hub.testing.memory_store import MemoryStore
from hub.testing.memory_unit import MemoryRows
from hub.topics import topic_of

R = TypeVar("R", bound=Record)

RESOLUTION = timedelta(milliseconds=1)
START = datetime(1970, 1, 1, tzinfo=UTC)
KEPT_IN_MEMORY = frozenset(kind.__name__ for kind in KINDS)


@dataclass(frozen=True, slots=True)
class Appended:
    """One record of a topic."""

    key: UUID
    value: bytes | None
    at: datetime


@dataclass
class MemoryHub:
    """One region. Time stands still until it is moved on; nothing is due before it is past.

    Attributes:
        chain: The processors in order.
        batch_size: How many records are read at once; 1 is event by event.
        now: The time, for appending and for reminders.
        topics: The log; another hub may go on with it.
        store: The truth; another hub may go on with it and becomes its owner.
        matcher: Joins by evidence who has no NHS number, or only weighs questions; None = neither.
        notes: What was said in the log of decisions by evidence, each with its event.
    """

    chain: Chain
    batch_size: int = 1
    now: datetime = START
    topics: dict[str, list[Appended]] = field(default_factory=dict)
    store: MemoryStore = field(default_factory=MemoryStore)
    matcher: Matcher | None = None
    notes: list[tuple[UUID, Note]] = field(default_factory=list)
    memory: RegionView = field(init=False, default_factory=RegionView)
    lease: Lease = field(init=False)
    _appended: dict[str, datetime] = field(init=False, default_factory=dict)
    _defects_in_a_row: dict[str, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Become the owner, with what the rows say in memory."""
        self.crash()

    @property
    def rows(self) -> MemoryRows:
        """Everything durable."""
        return self.store.rows

    def publish(self, event: Event, key: UUID | None = None) -> None:
        """Append an event to the topic of its type, as a connector does."""
        self.append(topic_of(type(event)).name, codec.encode(event), key or event.event_id)

    def append(self, topic: str, value: bytes | None, key: UUID) -> None:
        """Append bytes to a topic, whatever they are."""
        self.topics.setdefault(topic, []).append(Appended(key, value, self.now))

    def run(self) -> None:
        """Process everything that was said and is due, including what the hub says to itself.

        Raises:
            Fenced: Another hub owns the region now.
            TooManyDefects: Event after event failed by a fault of ours.
        """
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
        """Lose the memory, as kill -9 does; own the region again and load it anew from the rows."""
        self.lease = self.store.claim()
        self._appended = {}
        self.memory = RegionView(matcher=self.matcher)
        self.memory.load(
            codec.decode(body)
            for (_, kind, _), body in sorted(self.rows.state.items(), key=by_key)
            if kind in KEPT_IN_MEMORY
        )
        self.memory.settle()

    def redeliver(self) -> None:
        """Read every in-topic again from its beginning, as after a lost position: the inbox must hold."""
        self.rows.offsets.clear()
        self.run()

    def _batch(self) -> bool:
        records, appended = self._next_records()
        marks = self._marks(records, appended)
        if not records and marks is None:
            return False
        if self._isolated(records, marks):
            self._appended = appended
        return True

    def _isolated(self, records: list[Inbound], marks: Marks | None) -> bool:
        """Take in a batch; after a fault that is no event's own, record by record, as a region does."""
        try:
            return self._taken(records, marks)
        except (Fenced, TooManyDefects):
            raise
        except Exception:
            if not records:
                raise
        return all(self._taken_alone(record) for record in records)

    def _taken_alone(self, record: Inbound) -> bool:
        try:
            return self._taken([record])
        except (Fenced, TooManyDefects):
            raise
        except Exception as fault:  # noqa: BLE001 - it is kept as a dead letter
            return self._taken([record], fault=fault)

    def _taken(
        self,
        records: list[Inbound],
        marks: Marks | None = None,
        fault: Exception | None = None,
    ) -> bool:
        outcome = self._committed(records, marks, fault)
        if outcome is None:
            return False
        outcome.overlay.join()
        self.notes.extend(outcome.notes)
        self.lease = replace(self.lease, batch_no=self.lease.batch_no + 1)
        self._defects_in_a_row = outcome.defects_in_a_row
        return True

    def _next_records(self) -> tuple[list[Inbound], dict[str, datetime]]:
        """What is read next, and the time until which each topic has then been read."""
        found: list[Inbound] = []
        appended = dict(self._appended)
        for topic in sorted(self.topics.keys() & IN_TOPICS):
            start = self.rows.offsets.get(topic, 0)
            waiting = self.topics[topic][start : start + self.batch_size - len(found)]
            found.extend(
                Inbound(topic, start + number, each.value) for number, each in enumerate(waiting)
            )
            if waiting:
                appended[topic] = waiting[-1].at
        return found, appended

    def _marks(self, records: list[Inbound], appended: dict[str, datetime]) -> Marks | None:
        """How far time has come, as a region sees it: never past what was appended and not read."""
        due = min((each.due_at for each in self.rows.reminders.values()), default=self.now)
        if due >= self.now:
            return None
        positions = {**self.rows.offsets, **{each.topic: each.offset + 1 for each in records}}
        behind = [
            appended.get(topic, START)
            for topic in IN_TOPICS
            if positions.get(topic, 0) < len(self.topics.get(topic, ()))
        ]
        low_water = min([self.now, *behind])
        due_before = max(low_water, self.now - PATIENCE)
        return Marks(low_water, min(due_before, just_after(due))) if due < due_before else None

    def _committed(
        self, records: list[Inbound], marks: Marks | None, fault: Exception | None
    ) -> Outcome | None:
        """The outcome once it is durable; None when the batch must be read again."""
        pending: list[Outcome] = []
        try:
            with self.store.unit(self.lease) as unit:
                pending.append(
                    handle_batch(
                        self.chain,
                        records,
                        unit,
                        self.memory,
                        self.lease.region,
                        marks,
                        defects_in_a_row=self._defects_in_a_row,
                        fault=fault,
                    )
                )
        except Fenced:
            self.memory = RegionView(matcher=self.matcher)
            raise
        except Unavailable:
            if not (self.store.settled(self.lease) and pending):
                return None
        return pending[0]

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
