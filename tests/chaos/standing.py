"""What stands on the topics and in the database once the hub has nothing left to do."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from aiokafka import AIOKafkaConsumer, TopicPartition

from hub import codec
from hub.records import (
    AlertTold,
    CarerPicture,
    EncounterEvent,
    InvolvementAlert,
    PictureTold,
    ReviewItem,
    StayPicture,
)
from tests.chaos.checker import Encounter, Standing

QUIET_SECONDS = 0.4
ENCOUNTERS, ALERTS, LETTERS = (
    "hospital.encounter.v1",
    "alert.involvement.v1",
    "hub.dead-letter.v1",
)
PICTURES = ("picture.stay.v1", "picture.carer.v1", "review.item.v1")
"""Topics of what carer_matching tells; of all three the database remembers `PictureTold`."""
KINDS_TOLD = ["AlertTold", "PictureTold"]
LEFT = (
    "SELECT s.batch_no, (SELECT count(*) FROM outbox) + (SELECT count(*) FROM reminders WHERE due_at < now()) "
    "FROM shards s WHERE s.region = 0"
)


@asynccontextmanager
async def reader(bootstrap_servers: str) -> AsyncIterator[AIOKafkaConsumer]:
    """A reader of committed records."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=8 << 20,
        fetch_max_wait_ms=20,
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def records_of(consumer: AIOKafkaConsumer, topic: str, start: int = 0) -> list[Any]:
    """Every record of a topic's first partition from an offset on. Markers of transactions are none."""
    place = TopicPartition(topic, 0)
    consumer.assign([place])
    consumer.seek(place, start)
    end = (await consumer.end_offsets([place]))[place]
    found: list[Any] = []
    quiet_since = time.monotonic()
    while await consumer.position(place) < end and time.monotonic() < quiet_since + 3:
        for records in (await consumer.getmany(place, timeout_ms=200)).values():
            found += records
            quiet_since = time.monotonic()
    return [record for record in found if record.value is not None]


class Drain:
    """Waits until everything was read, decided and told."""

    def __init__(self, bootstrap_servers: str, database_url: str) -> None:
        self._servers, self._database_url = bootstrap_servers, database_url
        self._ends: dict[str, int] = {}
        self._moved: object = None
        self._moved_at = time.monotonic()

    async def unless_still_for(self, seconds: float) -> bool:
        """Whether the hub came to rest, however long that takes while it moves; not when nothing moves for so long.

        It is looked at twice: what a transaction of Kafka told is seen a moment after it ended.
        """
        rested_at = None
        self._moved_at = time.monotonic()
        async with reader(self._servers) as consumer:
            while time.monotonic() < self._moved_at + seconds:
                batch_no = await self._at_rest(consumer)
                if batch_no is not None and batch_no == rested_at:
                    return True
                rested_at = batch_no
                await asyncio.sleep(QUIET_SECONDS)
        return False

    async def _at_rest(self, consumer: AIOKafkaConsumer) -> int | None:
        """The last batch, when nothing waits, everything was read, and no batch came meanwhile."""
        try:
            before, left = await asyncio.to_thread(self._left)
            offsets = await asyncio.to_thread(self._offsets)
            for topic in offsets:
                await self._look(consumer, topic)
            if (now := (left, offsets)) != self._moved:
                self._moved, self._moved_at = now, time.monotonic()
            unread = [topic for topic, end in self._ends.items() if offsets[topic] < end]
            after, left_after = await asyncio.to_thread(self._left)
        except psycopg.OperationalError:
            return None
        return None if left or left_after or unread or before != after else after

    async def _look(self, consumer: AIOKafkaConsumer, topic: str) -> None:
        known = self._ends.get(topic, 0)
        records = await records_of(consumer, topic, known)
        self._ends[topic] = records[-1].offset + 1 if records else known

    def _left(self) -> tuple[int, int]:
        with psycopg.connect(self._database_url) as connection:
            batch_no, left = connection.execute(LEFT).fetchone() or (0, 0)
            return batch_no, left

    def _offsets(self) -> dict[str, int]:
        with psycopg.connect(self._database_url) as connection:
            rows = connection.execute("SELECT topic, next_offset FROM offsets WHERE region = 0")
            return dict(rows.fetchall())


async def standing_at(bootstrap_servers: str, database_url: str, *, drained: bool) -> Standing:
    """Read everything."""
    async with reader(bootstrap_servers) as consumer:
        encounters = await records_of(consumer, ENCOUNTERS)
        alerts = await records_of(consumer, ALERTS)
        pictures = [record for topic in PICTURES for record in await records_of(consumer, topic)]
        letters = await records_of(consumer, LETTERS)
    inbox, refused, ignored, told = await asyncio.to_thread(rows_of, database_url)
    return Standing(
        encounters=[encounter_from(record) for record in encounters],
        alerts=[codec.decode_as(InvolvementAlert, record.value) for record in alerts],
        pictures=[version_of(record.value) for record in pictures],
        letters=len(letters),
        inbox=inbox,
        refused=refused,
        ignored=ignored,
        alerts_told=told.alerts,
        pictures_told=told.pictures,
        drained=drained,
    )


def encounter_from(record: Any) -> Encounter:
    """A record of the hospital's topic."""
    event = codec.decode_as(EncounterEvent, record.value)
    return Encounter(event.event_id, UUID(bytes=record.key), event.original or b"")


def version_of(value: bytes) -> tuple[UUID, int]:
    """Subject and version of a record of `PICTURES`.

    Raises:
        TypeError: It is none of theirs.
    """
    match codec.decode(value):
        case StayPicture() as stay:
            return stay.stay_id, stay.version
        case CarerPicture() as carer:
            return carer.carer_id, carer.version
        case ReviewItem() as item:
            return item.item_id, item.version
        case other:
            raise TypeError(f"no picture: {type(other).__name__}")


@dataclass(frozen=True, slots=True)
class Told:
    """The version last told of each subject, by the database: of alerts, and of stays, carers and questions."""

    alerts: dict[UUID, int] = field(default_factory=dict)
    pictures: dict[UUID, int] = field(default_factory=dict)


def told_from(bodies: Iterable[bytes]) -> Told:
    """What rows of state of `KINDS_TOLD` say was told."""
    told = Told()
    for body in bodies:
        match codec.decode(body):
            case PictureTold() as picture:
                told.pictures[picture.subject] = picture.version
            case AlertTold() as alert if alert.alert is not None:
                told.alerts[alert.alert_id] = alert.alert.version
    return told


def rows_of(database_url: str) -> tuple[list[tuple[UUID, str]], list[str], int, Told]:
    """Inbox, dead letters, number of ignored messages, and the versions that were told."""
    with psycopg.connect(database_url) as connection:
        inbox = connection.execute("SELECT event_id, outcome FROM inbox").fetchall()
        refused = connection.execute("SELECT code, expression, reason FROM dead_letters").fetchall()
        ignored = connection.execute("SELECT count(*) FROM ignored").fetchone() or (0,)
        state = connection.execute(
            "SELECT body FROM state WHERE kind = ANY(%s)", (KINDS_TOLD,)
        ).fetchall()
    told = told_from(bytes(body) for (body,) in state)
    return inbox, [" ".join(row) for row in refused], ignored[0], told
