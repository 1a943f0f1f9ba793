"""The relay of one region: moves outbox rows to their topics, exactly once for readers of committed records.

Its position is the committed offset of a topic that holds nothing, in the same Kafka transaction as the outputs.
The truth is the outbox; the transaction only keeps outputs from being doubled.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from hub.ports.lease import Fenced, Lease
from hub.ports.store import OutboxEdges, OutboxRow, Store
from hub.runtime import clock
from hub.runtime.connection import KafkaConnection
from hub.runtime.headers import headers_of
from hub.runtime.topics.wanted import MESSAGE_BYTES
from hub.topics import HUB_OUTBOX_POSITION
from hub.waiting import happens, let_go, opened

log = structlog.get_logger("relay")

MOST_ROWS: Final = 500
BROKER_SECONDS: Final = 30
"""No call to the broker may hang for ever: sending offsets to a missing topic does."""

AGAIN_SECONDS: Final = 0.3


class DatabaseWentBack(Exception):
    """More was told than the outbox ever held: the database was restored from the past."""


class Relay:
    """Runs until it is cancelled or its owner lost the region.

    Whatever else fails, it opens anew and asks where it stood.

    Attributes:
        wake: Set when there may be rows to tell.
        opened: Set once it is known how much was told, and when the relay has ended.
        failed: Why nothing more may be told.
    """

    def __init__(self, lease: Lease, hub_id: str, store: Store, kafka: KafkaConnection) -> None:
        self.wake = asyncio.Event()
        self.opened = asyncio.Event()
        self.failed: DatabaseWentBack | None = None
        self.told_up_to = 0
        self.beat = clock.now()
        self._epoch, self._region = lease.epoch, lease.region
        self._group = f"hub-relay-{hub_id}"
        self._transactional_id = f"hub-{hub_id}-{lease.region}"
        self._place = TopicPartition(HUB_OUTBOX_POSITION.name, lease.region)
        self._store, self._kafka = store, kafka

    async def run(self) -> None:
        """Relay for as long as the region is the owner's."""
        try:
            while True:
                await self._guarded_session()
        except DatabaseWentBack as gone:
            log.critical("database-went-back", region=self._region, why=str(gone))
            self.failed = gone
        except Fenced as fenced:
            log.warning("relay-fenced", region=self._region, why=str(fenced))
        finally:
            self.opened.set()

    async def _guarded_session(self) -> None:
        """One session; whatever the broker or the database does, another may follow."""
        try:
            await self._session()
        except (DatabaseWentBack, Fenced):
            raise
        except Exception as error:  # noqa: BLE001 - open anew; the position says where to go on
            log.warning("relay-again", region=self._region, error=type(error).__name__)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _session(self) -> None:
        """One producer's life: after it was fenced it is dead, and so is the session."""
        # First of all: opening a producer fences the one before, which must not be a new owner's.
        await self._edges()
        options = {**self._kafka.aiokafka_options(), "request_timeout_ms": 10_000}
        producer = AIOKafkaProducer(
            **options,
            transactional_id=self._transactional_id,
            transaction_timeout_ms=15_000,
            linger_ms=0,
            max_request_size=MESSAGE_BYTES,
            retry_backoff_ms=5,  # after each transaction the broker asks for patience; 100 ms would cost it in p99
        )
        consumer = AIOKafkaConsumer(**options, group_id=self._group, enable_auto_commit=False)
        try:
            async with asyncio.timeout(2 * BROKER_SECONDS):
                await opened(producer)  # fences a zombie; only then is the position stable
                await opened(consumer)
            consumer.assign([self._place])
            position = await self._start_position(consumer)
            log.info("relay-open", region=self._region, position=position)
            self.opened.set()
            await self._move(producer, position)
        finally:
            for client in (producer, consumer):
                await let_go(client)

    async def _start_position(self, consumer: AIOKafkaConsumer) -> int:
        """Where to go on: what Kafka says was told, never before the first row that is left, never the next id."""
        async with asyncio.timeout(BROKER_SECONDS):
            told = await consumer.committed(self._place) or 0
        edges = await self._edges()
        if told > edges.next:
            raise DatabaseWentBack(f"told up to {told}, the outbox ends at {edges.next}")
        return max(told, edges.first)

    async def _edges(self) -> OutboxEdges:
        edges = await asyncio.to_thread(self._store.edges, self._region)
        if edges.epoch != self._epoch:
            raise Fenced(f"relay {self._region}: at epoch {edges.epoch}")
        return edges

    async def _move(self, producer: AIOKafkaProducer, position: int) -> None:
        while True:
            self.wake.clear()
            rows = await asyncio.to_thread(self._store.waiting, self._region, position, MOST_ROWS)
            if rows:
                async with asyncio.timeout(BROKER_SECONDS):
                    await self._tell(producer, rows)
                position = self.told_up_to = rows[-1].id + 1
            if len(rows) < MOST_ROWS:
                await asyncio.to_thread(self._store.prune, self._region, position)
            self.beat = (
                clock.now()
            )  # everything that was there is told: a relay that fails again and again has none
            if not rows:
                await happens(self.wake, 1)

    async def _tell(self, producer: AIOKafkaProducer, rows: Sequence[OutboxRow]) -> None:
        async with producer.transaction():
            sent = [
                await producer.send(
                    row.topic,
                    row.value,
                    key=row.key.bytes,
                    partition=self._region,
                    headers=headers_of(row.event_id, row.topic),
                )
                for row in rows
            ]
            try:
                await producer.send_offsets_to_transaction(
                    {self._place: OffsetAndMetadata(rows[-1].id + 1, "")}, self._group
                )
            finally:
                await asyncio.gather(*sent, return_exceptions=True)
            for each in sent:
                each.result()
