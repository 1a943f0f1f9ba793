"""One producer's life in a pass: from the position that the broker keeps, turn by turn, each turn one transaction.

What is written and how far was read change together or not at all. Opening the producer fences whoever had the same
pass before and ends their transaction; only then is the position asked for.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from hub.errors import Rejected, Unavailable
from hub.passing import Heard, Pass, Saying, Told
from hub.ports.door import Door
from hub.runtime.connection import KafkaConnection
from hub.runtime.headers import headers_of
from hub.runtime.passing_kept import kept_positions
from hub.runtime.passing_round import (
    MOST_HELD_BACK,
    Place,
    Position,
    defects_in_a_row,
    moved,
    note_from,
    position_from,
    round_of,
)
from hub.runtime.passing_steps import steps_of
from hub.runtime.patience import Patience
from hub.runtime.topics.wanted import MESSAGE_BYTES
from hub.waiting import let_go, opened

log = structlog.get_logger("passes")

MOST_RECORDS: Final = 100
"""Of one transaction."""

FETCH_MS: Final = 500
AGAIN_MS: Final = 200
"""How often what is held back is looked at again."""

REQUEST_MS: Final = 10_000
BROKER_SECONDS: Final = 30
"""No call to the broker may hang for ever: sending offsets to a missing topic does."""

OPEN_SECONDS: Final = 300
"""To take up a position; what was ever said may have to be read again."""

KEEP_SECONDS: Final = 6 * 3600.0
"""A position is kept anew so often, though nothing was read: a broker forgets one that is 7 days old
(`offsets.retention.minutes`)."""

MOST_REMEMBERED: Final = 10_000
"""Keys whose last version is remembered when it need not be known for all."""


class Counts:
    """Counted for health."""

    def __init__(self) -> None:
        self.heard = self.said = self.refused = self.held = 0


class Session:
    """Opened with `opened`, then turned for ever; whatever fails, the next one begins where this one was.

    Attributes:
        positions: How far each partition was read and committed.
    """

    def __init__(
        self, given: Pass, position_name: str, door: Door, patience: Patience, counts: Counts
    ) -> None:
        self.positions: dict[Place, Position] = {}
        self._given, self._name, self._door = given, position_name, door
        self._patience, self._counts = patience, counts
        self._held: tuple[Heard, ...] = ()
        self._told: dict[bytes, int] = {}
        self._knows_all = False
        self._defects = 0
        self._kept_at = time.monotonic()
        self._consumer: AIOKafkaConsumer
        self._producer: AIOKafkaProducer

    @asynccontextmanager
    async def opened(self, kafka: KafkaConnection) -> AsyncIterator[None]:
        """Clients at the position.

        Raises:
            Unavailable: A topic is missing, or the broker is away.
        """
        options = {**kafka.aiokafka_options(), "request_timeout_ms": REQUEST_MS}
        self._consumer = AIOKafkaConsumer(
            **options,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="none",
            fetch_max_wait_ms=FETCH_MS,
            retry_backoff_ms=50,
        )
        self._producer = AIOKafkaProducer(
            **options,
            transactional_id=self._name,
            transaction_timeout_ms=15_000,
            linger_ms=0,
            max_request_size=MESSAGE_BYTES,
            retry_backoff_ms=5,  # as the relay: after each transaction the broker asks for patience
        )
        try:
            async with asyncio.timeout(BROKER_SECONDS):
                await opened(self._consumer)
                await self._all_there()
                await opened(self._producer)
            async with asyncio.timeout(OPEN_SECONDS):
                await self._begin(kafka)
            yield
        finally:
            for client in (self._producer, self._consumer):
                await let_go(client)

    async def _all_there(self) -> None:
        there = await self._consumer.topics()
        needed = {topic for topic, _ in self._given.reads} | self._given.writes
        if missing := sorted(needed - there):
            raise Unavailable(
                f"{', '.join(missing)}: not there, or closed to the hub; see `hub topics diff`."
            )

    # Where it stands

    async def _begin(self, kafka: KafkaConnection) -> None:
        """Take up the position, and what was held back with it."""
        self._patience.pause()  # every failure ends a session
        places = [TopicPartition(*each) for each in self._given.reads]
        kept = await kept_positions(kafka, self._name, places)
        begins = await self._consumer.beginning_offsets(places)
        ends = await self._consumer.end_offsets(places)
        for each in places:
            self.positions[each.topic, each.partition] = self._start(
                kept.get(each), begins[each], ends[each]
            )
        self._knows_all = any(each.is_new for each in self.positions.values())
        if self._knows_all:
            await self._read_own()
        self._consumer.assign(places)
        self._held = await self._read_held(begins)
        for place, position in self.positions.items():
            self._consumer.seek(TopicPartition(*place), position.next)
        log.info("pass-open", processor=self._given.name)

    def _start(self, kept: OffsetAndMetadata | None, begin: int, end: int) -> Position:
        """Where one partition is gone on with."""
        fresh = Position(begin, new_until=end if self._given.own else 0)
        if kept is None or kept.offset < 0:
            return fresh
        position = position_from(kept.offset, kept.metadata)
        if position.next > end:
            log.critical("log-went-back", processor=self._given.name)
            return fresh
        if position.next < begin:
            log.error("records-gone-unread", processor=self._given.name, position=begin)
        return Position(max(position.next, begin), position.held, position.new_until)

    async def _read_own(self) -> None:
        """Learn what was ever said, from the topics themselves."""
        own = [TopicPartition(*each) for each in self._given.own]
        self._consumer.assign(own)
        ends = await self._consumer.end_offsets(own)
        for place, begin in (await self._consumer.beginning_offsets(own)).items():
            self._consumer.seek(place, begin)
        while any([await self._consumer.position(each) < ends[each] for each in own]):
            for records in (await self._consumer.getmany(timeout_ms=AGAIN_MS)).values():
                for record in records:
                    self._learn(record)

    def _learn(self, record: ConsumerRecord[bytes, bytes]) -> None:
        with contextlib.suppress(Rejected):  # a record that is none of ours says nothing
            if record.key is not None and record.value is not None:
                self._told[record.key] = self._given.version_of(record.value)

    async def _read_held(self, begins: Mapping[TopicPartition, int]) -> tuple[Heard, ...]:
        """What was held back when the position was kept, read once more."""
        found: list[Heard] = []
        for place, position in self.positions.items():
            partition = TopicPartition(*place)
            for offset in position.held:
                record = (
                    await self._read_one(partition, offset) if offset >= begins[partition] else None
                )
                if record is None:
                    log.error("records-gone-unread", processor=self._given.name, position=offset)
                else:
                    found.append(record)
        return tuple(found)

    async def _read_one(self, partition: TopicPartition, offset: int) -> Heard | None:
        self._consumer.seek(partition, offset)
        while True:
            read = await self._consumer.getmany(partition, timeout_ms=FETCH_MS, max_records=1)
            for record in read.get(partition, ()):
                return heard_from(record) if record.offset == offset else None

    # One turn

    async def turn(self) -> None:
        """Read what is there, write what follows, and keep the position, in one transaction.

        Raises:
            Unavailable: The same again, in another session.
            TooManyDefects: Record after record fails by a fault of ours.
        """
        read = await self._fetch()
        records = (*self._held, *read)
        told = Told(self._told, self._knows_all)
        steps = await steps_of(self._given, records, told) if records else ()
        self._defects = defects_in_a_row(steps, self._defects)
        done = round_of(
            self._given,
            zip(records, steps, strict=True),
            self._patience.gone(self._given.patience_seconds),
        )
        for refused in done.refused:
            await asyncio.to_thread(self._door.keep_refused, refused)
            log.warning(
                "record-refused",
                processor=self._given.name,
                code=refused.code,
                defect=refused.defect,
            )
        after = moved(self.positions, await self._read_to(), done.held)
        if read or done.sayings or done.held != self._held or self._keeping_is_due():
            async with asyncio.timeout(BROKER_SECONDS):
                await self._tell(done.sayings, after)
            self._kept_at = time.monotonic()
        self.positions, self._held = after, done.held
        self._patience.keep(done.held)
        self._remember(done.sayings)
        self._counts.heard += len(read)
        self._counts.said += len(done.sayings)
        self._counts.refused += len(done.refused)
        self._counts.held = len(done.held)

    async def _read_to(self) -> Mapping[Place, int]:
        """Where reading goes on: behind what was given and behind marks and what was aborted."""
        return {
            place: await self._consumer.position(TopicPartition(*place)) for place in self.positions
        }

    def _keeping_is_due(self) -> bool:
        return time.monotonic() - self._kept_at > KEEP_SECONDS

    async def _fetch(self) -> list[Heard]:
        room = MOST_HELD_BACK - len(self._held)
        if room <= 0:
            await asyncio.sleep(AGAIN_MS / 1000)
            return []
        found = await self._consumer.getmany(
            timeout_ms=AGAIN_MS if self._held else FETCH_MS, max_records=min(room, MOST_RECORDS)
        )
        return [heard_from(each) for records in found.values() for each in records]

    async def _tell(self, sayings: Sequence[Saying], after: Mapping[Place, Position]) -> None:
        async with self._producer.transaction():
            sent = []
            try:
                for each in sayings:
                    sent.append(  # noqa: PERF401 - those sent before one fails are waited for
                        await self._producer.send(
                            each.topic,
                            each.value,
                            key=each.key,
                            partition=each.partition,
                            headers=headers_of(each.said_id, each.topic, each.source),
                        )
                    )
                await self._producer.send_offsets_to_transaction(
                    {
                        TopicPartition(*place): OffsetAndMetadata(
                            position.next, note_from(position)
                        )
                        for place, position in after.items()
                    },
                    self._name,
                )
            finally:
                await asyncio.gather(*sent, return_exceptions=True)
            for each_sent in sent:
                each_sent.result()

    def _remember(self, sayings: Sequence[Saying]) -> None:
        for each in sayings:
            if each.version:
                self._told.pop(each.key, None)
                self._told[each.key] = each.version
        too_many = len(self._told) - MOST_REMEMBERED
        if too_many > 0 and not self._knows_all:
            for key in list(self._told)[:too_many]:  # the oldest
                del self._told[key]
        self._knows_all = self._knows_all and any(each.is_new for each in self.positions.values())


def heard_from(record: ConsumerRecord[bytes, bytes]) -> Heard:
    """A record as it was read; its time is the broker's (`LogAppendTime`)."""
    return Heard(
        record.topic,
        record.partition,
        record.offset,
        record.key,
        record.value,
        datetime.fromtimestamp(record.timestamp / 1000, UTC),
    )
