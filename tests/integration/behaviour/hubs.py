"""What a case may do to a hub, and the hub in one process. The hub on the real parts stands in `real_hub.py`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Any, Protocol, TypeVar
from uuid import UUID

from hub import codec
from hub.decisions import Event
from hub.errors import Unavailable
from hub.matching.layered import Once
from hub.matching.region import KINDS, RegionView
from hub.ports.lease import Fenced, Lease
from hub.ports.unit import Unit, Written
from hub.processor import Chain
from hub.records.registry import Record
from hub.runtime.batch_state import Inbound
from hub.runtime.refusals import TooManyDefects
from hub.testing.memory_hub import MemoryHub
from hub.testing.memory_store import MemoryStore
from hub.testing.senders import at
from tests.integration.behaviour.scenes import MATCHER

R = TypeVar("R", bound=Record)
StatePlace = tuple[str, str, UUID]

MORNING = at("2099-11-23 09:30")
"""Where the hubs' clock stands at first: later than any broker's, so that what was appended lies in the past."""

KINDS_IN_MEMORY = tuple(kind.__name__ for kind in KINDS)


SPOILED = b"\x00\xff\xff\xff\xff"
"""No record of any schema."""


class Ended(Exception):
    """The owner of the region has stopped, for the reason given."""


class Killed(BaseException):
    """SIGKILL: nothing in between may catch it."""


class Commit(Enum):
    """What happens to the next transaction at its commit."""

    KILLED_BEFORE = auto()
    KILLED_AFTER = auto()
    ANSWER_LOST_BEFORE = auto()
    ANSWER_LOST_AFTER = auto()


@dataclass(frozen=True)
class Letter:
    """A dead letter as it lies in the store."""

    dead_letter_id: UUID
    processor: str | None
    topic: str | None
    offset: int | None
    event_id: UUID | None
    code: str
    defect: bool
    value: bytes


@dataclass(frozen=True)
class Rows:
    """Everything durable of a region that a case may compare."""

    offsets: Mapping[str, int]
    inbox: Mapping[UUID, str]
    state: Mapping[StatePlace, bytes]
    reminders: Mapping[tuple[str, UUID, str], datetime]


class HubUnderTest(Protocol):
    """A hub of one region. Verbs that change nothing but the log do not wait; `quiet` does."""

    chain: Chain
    now: datetime
    memory: RegionView | None

    async def publish(self, *events: Event) -> None:
        """Append events in this order, each on the topic of its type. Topics are read in no promised order."""

    async def append(self, topic: str, value: bytes | None) -> int:
        """Append bytes to a topic, whatever they are; give the offset."""

    async def quiet(self) -> None:
        """Wait until nothing is left to do at this hub's time; `Ended` when the owner has stopped."""

    async def said(self, record: type[R]) -> list[R]:
        """Everything said of a type so far, in order, as a reader of committed records sees it."""

    async def rows(self) -> Rows:
        """What is durable now."""

    async def letters(self) -> list[Letter]:
        """The dead letters that are not settled."""

    async def forget_inbox(self) -> None:
        """Prune the inbox to the last row."""

    async def kill(self) -> None:
        """kill -9: the owner and its memory are gone, the log and the rows stay."""

    async def start(self, *, most_records: int = 500) -> None:
        """The next owner takes over, with an empty memory."""

    async def claimed_by_another(self) -> None:
        """Another worker becomes the owner; this one has not noticed yet."""

    def at_commit(self, what: Commit) -> None:
        """Decide over the next transaction."""

    def read_twice(self) -> None:
        """Hand every record of the next batch to the chain twice."""

    def cannot_write(self, *events: UUID) -> None:
        """Have the database fail over every batch with one of these events, as over a value that it does not take."""

    async def spoil(self, processor: str) -> None:
        """Make every row of state of a processor unreadable."""


async def hear(hub: HubUnderTest, *events: Event) -> None:
    """Say events and let the hub work."""
    await hub.publish(*events)
    await hub.quiet()


async def advance(hub: HubUnderTest, to: datetime) -> None:
    """Move the time on and let the hub work."""
    hub.now = to
    await hub.quiet()


async def restart(hub: HubUnderTest, *, most_records: int = 500) -> None:
    """The next owner starts and works."""
    await hub.start(most_records=most_records)
    await hub.quiet()


class FaultyStore:
    """A store whose next transaction goes wrong at its commit."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.next: Commit | None = None
        self.refuses: frozenset[UUID] = frozenset()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextmanager
    def unit(self, lease: Lease) -> Iterator[Unit]:
        what, self.next = self.next, None
        with self._store.unit(lease) as unit:
            yield FaultyUnit(unit, self.refuses)
            fail(what, Commit.KILLED_BEFORE, Commit.ANSWER_LOST_BEFORE)
        fail(what, Commit.KILLED_AFTER, Commit.ANSWER_LOST_AFTER)


class FaultyUnit:
    """A transaction that cannot be written when it holds one of some events."""

    def __init__(self, unit: Unit, refuses: frozenset[UUID]) -> None:
        self._unit, self._refuses = unit, refuses

    def __getattr__(self, name: str) -> Any:
        return getattr(self._unit, name)

    def write(self, batch: Written) -> None:
        if self._refuses & batch.inbox.keys():
            raise ArithmeticError
        self._unit.write(batch)


def fail(what: Commit | None, killed: Commit, lost: Commit) -> None:
    if what is killed:
        raise Killed
    if what is lost:
        raise Unavailable("The answer to the commit was lost.")


def indexes(view: RegionView) -> dict[str, dict[Any, Any]]:
    """The records of a memory and what is derived from them with each row; not what was asked since the last one."""
    parts = {name: getattr(view, name) for name in RegionView.__slots__}
    return {
        name: {key: value for key, value in part.own.items() if value is not None}
        for name, part in parts.items()
        if not isinstance(part, Once)
    }


async def fresh_load(hub: HubUnderTest) -> RegionView:
    """A memory loaded from the rows alone, in the order of a cold load."""
    view, state = RegionView(matcher=MATCHER), (await hub.rows()).state
    for wanted in KINDS_IN_MEMORY:
        places = sorted((each for each in state if each[1] == wanted), key=lambda each: each[2])
        view.load(codec.decode(state[place]) for place in places)
    view.settle()
    return view


async def assert_memory_is_what_a_fresh_load_gives(hub: HubUnderTest) -> None:
    """Memory is never ahead of the rows, nor behind them."""
    assert hub.memory is not None
    assert indexes(hub.memory) == indexes(await fresh_load(hub))


class Twice(MemoryHub):
    """Reads the records of one batch twice when it is told to."""

    again = False

    def _next_records(self) -> tuple[list[Inbound], dict[str, datetime]]:
        records, appended = super()._next_records()
        if self.again and records:
            self.again = False
            records = [each for record in records for each in (record, record)]
        return records, appended


@dataclass
class MemoryHubUnderTest:
    """MemoryHub behind the verbs of the suite."""

    chain: Chain
    now: datetime = MORNING
    faults: FaultyStore = field(default_factory=lambda: FaultyStore(MemoryStore()))
    _hub: Twice | None = None
    _topics: dict[str, Any] = field(default_factory=dict)

    @property
    def memory(self) -> RegionView | None:
        return self._hub.memory if self._hub else None

    async def publish(self, *events: Event) -> None:
        for event in events:
            self._log.publish(event)

    async def append(self, topic: str, value: bytes | None) -> int:
        self._log.append(topic, value, UUID(int=0))
        return len(self._topics[topic]) - 1

    async def quiet(self) -> None:
        assert self._hub is not None
        self._hub.now = self.now
        try:
            self._hub.run()
        except (Fenced, TooManyDefects, Killed) as end:
            await self.kill()
            raise Ended(type(end).__name__) from end

    async def said(self, record: type[R]) -> list[R]:
        return self._log.said(record)

    async def rows(self) -> Rows:
        rows = self.faults.rows
        due = {place: each.due_at for place, each in rows.reminders.items()}
        return Rows(dict(rows.offsets), dict(rows.inbox), dict(rows.state), due)

    async def letters(self) -> list[Letter]:
        return [
            Letter(
                each.dead_letter_id,
                each.processor,
                each.topic,
                each.offset,
                each.event_id,
                each.code,
                each.defect,
                each.value,
            )
            for each in self.faults.rows.refusals.values()
            if each.dead_letter_id not in self.faults.rows.settled
        ]

    async def forget_inbox(self) -> None:
        self.faults.rows.inbox.clear()

    async def kill(self) -> None:
        self._hub = None

    async def start(self, *, most_records: int = 500) -> None:
        self._hub = Twice(
            self.chain, most_records, self.now, self._topics, self.faults, matcher=MATCHER
        )

    async def claimed_by_another(self) -> None:
        self.faults.claim()

    def at_commit(self, what: Commit) -> None:
        self.faults.next = what

    def read_twice(self) -> None:
        assert self._hub is not None
        self._hub.again = True

    def cannot_write(self, *events: UUID) -> None:
        self.faults.refuses = frozenset(events)

    async def spoil(self, processor: str) -> None:
        state = self.faults.rows.state
        state.update({place: SPOILED for place in state if place[0] == processor})

    @property
    def _log(self) -> MemoryHub:
        """Appends and reads without owning anything."""
        return MemoryHub((), now=self.now, topics=self._topics)
