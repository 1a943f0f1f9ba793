"""The hub on real Kafka and PostgreSQL: the shipped region, relay, publisher and store, in this process."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self, TypeVar
from uuid import UUID

import psycopg
from aiokafka import AIOKafkaConsumer, TopicPartition

from hub import codec
from hub.decisions import Event
from hub.errors import Unavailable
from hub.matching.region import RegionView
from hub.ports.lease import Lease
from hub.processor import IN_TOPICS, Chain
from hub.records.registry import Record
from hub.runtime.connection import KafkaConnection
from hub.runtime.publisher import KafkaPublisher
from hub.runtime.reading import Fetched
from hub.runtime.region import Parts, Region
from hub.runtime.remembering import Warm
from hub.store.postgres import PostgresStore
from hub.topics import HUB_OUTBOX_POSITION, TOPICS, topic_of
from hub.waiting import let_go
from tests.integration.behaviour.hubs import (
    MORNING,
    SPOILED,
    Commit,
    Ended,
    FaultyStore,
    Letter,
    Rows,
)
from tests.integration.behaviour.scenes import MATCHER

R = TypeVar("R", bound=Record)

PATIENCE_SECONDS = 30.0
LOOK_EVERY_SECONDS = 0.02
BY_REGION = tuple(
    topic for topic in TOPICS if topic.partitions == "region" and topic != HUB_OUTBOX_POSITION
)
RELAYED = frozenset(
    topic.name for topic in BY_REGION if "relay" in topic.written_by or topic.name not in IN_TOPICS
)
"""Topics that nobody writes but the relay."""

LEFT = (
    "SELECT next_outbox, (SELECT count(*) FROM outbox o WHERE o.region = s.region), "
    "(SELECT min(due_at) FROM reminders r WHERE r.region = s.region), "
    "(SELECT jsonb_object_agg(topic, next_offset) FROM offsets o WHERE o.region = s.region) "
    "FROM shards s WHERE region = %(region)s"
)


@dataclass(frozen=True)
class Place:
    """What all cases of a run share: brokers, a database with many regions, none of them free."""

    kafka: KafkaConnection
    database_url: str
    store: PostgresStore
    hub_id: str
    regions: int


@dataclass(frozen=True)
class Seen:
    """One record as a reader of committed records sees it."""

    topic: str
    offset: int
    event_id: str
    value: bytes | None


def seen_in(record: Any) -> Seen:
    event_id = dict(record.headers).get("ce_id", b"").decode()
    return Seen(record.topic, record.offset, event_id, record.value)


@dataclass
class Observer:
    """Reads every topic of a region to its end, again and again."""

    consumer: AIOKafkaConsumer
    region: int
    seen: list[Seen] = field(default_factory=list)

    @classmethod
    async def of(cls, kafka: KafkaConnection, region: int) -> Self:
        consumer = AIOKafkaConsumer(
            **kafka.aiokafka_options(),
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="none",
            fetch_max_wait_ms=20,
        )
        await consumer.start()
        partitions = [TopicPartition(topic.name, region) for topic in BY_REGION]
        consumer.assign(partitions)
        for partition in partitions:
            consumer.seek(partition, 0)
        return cls(consumer, region)

    async def look(self) -> None:
        """Read everything that is committed now."""
        partitions = list(self.consumer.assignment())
        ends = await self.consumer.end_offsets(partitions)
        while any([await self.consumer.position(each) < ends[each] for each in partitions]):
            found = await self.consumer.getmany(timeout_ms=20)
            self.seen += [seen_in(each) for records in found.values() for each in records]

    def of_topic(self, topic: str) -> list[Seen]:
        return [each for each in self.seen if each.topic == topic]

    @property
    def relayed(self) -> list[Seen]:
        """What the relay told, so far as seen."""
        return [each for each in self.seen if each.topic in RELAYED]


@dataclass
class RealHub:
    """One region of the shared place, from its first record to its last."""

    place: Place
    region: int
    chain: Chain
    publisher: KafkaPublisher
    observer: Observer
    probe: AIOKafkaConsumer
    faults: FaultyStore
    now: datetime = MORNING
    owner: Region | None = None
    others: list[Region] = field(default_factory=list)

    @property
    def memory(self) -> RegionView | None:
        return self.owner._memory if self.owner else None

    # The log.

    async def publish(self, *events: Event) -> None:
        for event in events:
            mine = replace(event, region=self.region)
            await self.publisher.publish(mine, event.event_id)

    async def append(self, topic: str, value: bytes | None) -> int:
        producer = await self.publisher._open()
        told = await producer.send_and_wait(topic, value, key=b"0", partition=self.region)
        return told.offset

    async def said(self, record: type[R]) -> list[R]:
        await self.observer.look()
        values = [each.value for each in self.observer.of_topic(topic_of(record).name)]
        return [codec.decode_as(record, value) for value in values if value]

    # The rows.

    async def sql(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """One statement on a connection of its own; `%(region)s` is this region."""
        connection = await psycopg.AsyncConnection.connect(self.place.database_url, autocommit=True)
        async with connection:
            done = await connection.execute(statement, {"region": self.region, **values})
            return await done.fetchall() if done.description else []

    async def rows(self) -> Rows:
        state = await self.sql(
            "SELECT processor, kind, key, body FROM state WHERE region = %(region)s"
        )
        due = await self.sql(
            "SELECT processor, subject, reminder, due_at FROM reminders WHERE region = %(region)s"
        )
        inbox = await self.sql("SELECT event_id, outcome FROM inbox WHERE region = %(region)s")
        return Rows(
            offsets=await self._offsets(),
            inbox=dict(inbox),
            state={(p, kind, key): bytes(body) for p, kind, key, body in state},
            reminders={(p, subject, name): at for p, subject, name, at in due},
        )

    async def letters(self) -> list[Letter]:
        found = await self.sql(
            'SELECT id, processor, topic, "offset", event_id, code, defect, value '
            "FROM dead_letters WHERE region = %(region)s AND settled_at IS NULL"
        )
        return [Letter(*row[:-1], bytes(row[-1])) for row in found]

    async def forget_inbox(self) -> None:
        await self.sql("DELETE FROM inbox WHERE region = %(region)s")

    # The owner.

    async def claim(self) -> Lease:
        """Wait out the lease of whoever has it, and take the region."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            await self.sql("UPDATE shards SET lease_until = '-infinity' WHERE region = %(region)s")
            won: tuple[Lease, ...] = ()
            with contextlib.suppress(Unavailable):
                _, won = await asyncio.to_thread(self.place.store.renew_and_claim, {}, 1)
            await self.sql("UPDATE shards SET lease_until = 'infinity' WHERE region = %(region)s")
            if won:
                (lease,) = won
                assert lease.region == self.region
                return lease
        raise AssertionError("the region could not be claimed")

    async def start(self, *, most_records: int = 500) -> None:
        await self.own(await self.claim(), most_records=most_records)

    async def own(self, lease: Lease, warm: Warm | None = None, **other: Any) -> None:
        """A region for a lease; `other` replaces what it is usually made of."""
        if self.owner is not None:
            self.others.append(self.owner)
        place = self.place
        usual = Parts(
            place.hub_id,
            self.faults,
            place.kafka,
            self.chain,
            IN_TOPICS,
            self.probe,
            matcher=MATCHER,
        )
        self.owner = Region(lease, replace(usual, **other), warm)

    async def kill(self) -> None:
        if self.owner is not None:
            await end(self.owner)
            self.owner = None

    async def claimed_by_another(self) -> None:
        await self.claim()

    def at_commit(self, what: Commit) -> None:
        self.faults.next = what

    def cannot_write(self, *events: UUID) -> None:
        self.faults.refuses = frozenset(events)

    async def spoil(self, processor: str) -> None:
        await self.sql(
            "UPDATE state SET body = %(body)s WHERE region = %(region)s AND processor = %(processor)s",
            body=SPOILED,
            processor=processor,
        )

    def read_twice(self) -> None:
        assert self.owner is not None
        reading = self.owner._reading
        fetch = reading.fetch

        async def twice(offsets: Any, most: int) -> Fetched:
            fetched = await fetch(offsets, most)
            if fetched.records:
                reading.fetch = fetch
            return replace(
                fetched, records=[each for record in fetched.records for each in (record, record)]
            )

        reading.fetch = twice

    # Waiting.

    async def quiet(self) -> None:
        await self.until(self._nothing_left)

    async def until(self, met: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until something is so; `Ended` when the owner stops before."""
        end = time.monotonic() + seconds
        while not await met():
            if self.owner is not None and self.owner.task.done():
                await self._ended(self.owner)
            assert time.monotonic() < end, "the hub does not come to rest"
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _ended(self, owner: Region) -> None:
        self.owner = None
        cause = owner.failed or owner.task.exception()
        raise Ended(type(cause).__name__ if cause else "Fenced") from cause

    async def _nothing_left(self) -> bool:
        """What was told has been seen, what was seen has been read, all as of one look at the rows."""
        ((told, left, due, offsets),) = await self.sql(LEFT)
        await self.observer.look()
        if left or len(self.observer.relayed) < told or (due is not None and due < self.now):
            return False
        return all(
            offsets[topic] == next_after(self.observer.of_topic(topic)) for topic in IN_TOPICS
        )

    async def _offsets(self) -> dict[str, int]:
        return dict(
            await self.sql("SELECT topic, next_offset FROM offsets WHERE region = %(region)s")
        )

    async def close(self) -> None:
        """Let everything go."""
        for region in (self.owner, *self.others):
            if region is not None:
                await end(region)
        for client in (self.publisher, self.observer.consumer, self.probe):
            await let_go(client, 5)


async def end(region: Region) -> None:
    """Break off whatever it is doing; one that had not begun has a client to let go of."""
    region.task.cancel()
    await asyncio.wait([region.task])
    await region._reading.stop()


def next_after(seen: list[Seen]) -> int:
    """The next offset to read after these."""
    return seen[-1].offset + 1 if seen else 0


@asynccontextmanager
async def real_hub(place: Place, region: int, chain: Chain) -> AsyncIterator[RealHub]:
    """A hub on one region that nobody has used before, not started yet."""
    probe = AIOKafkaConsumer(**place.kafka.aiokafka_options(), isolation_level="read_uncommitted")
    await probe.start()
    hub = RealHub(
        place,
        region,
        chain,
        KafkaPublisher(place.kafka),
        await Observer.of(place.kafka, region),
        probe,
        FaultyStore(place.store),
    )
    try:
        yield hub
    finally:
        await hub.close()
