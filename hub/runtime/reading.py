"""Read one region's in-topics from Kafka: one reader, by hand, from the database's offsets. No consumer group."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from hub.ports.lease import Fenced
from hub.runtime.batch_state import Inbound
from hub.runtime.connection import KafkaConnection
from hub.waiting import let_go

log = structlog.get_logger("region")

FETCH_WAIT_MS = 50
ASK_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """Records in the order read, and the append time of the last one of each topic."""

    records: Sequence[Inbound]
    appended: Mapping[str, datetime]


class Reading:
    """The only reader of a region's partitions."""

    def __init__(self, kafka: KafkaConnection, region: int, topics: Sequence[str]) -> None:
        self._partitions = {topic: TopicPartition(topic, region) for topic in topics}
        self._region = region
        self._expected: dict[str, int] = {}
        self._fetching: asyncio.Task[Any] | None = None
        self._stopping = False
        self._consumer = AIOKafkaConsumer(
            **kafka.aiokafka_options(),
            enable_auto_commit=False,
            isolation_level="read_committed",
            auto_offset_reset="none",
            fetch_max_wait_ms=FETCH_WAIT_MS,
            retry_backoff_ms=50,
            request_timeout_ms=10_000,
        )

    async def start(self, offsets: Mapping[str, int]) -> None:
        """Take the partitions and go to the database's offsets.

        Raises:
            Fenced: The database says other in-topics than this program.
        """
        if set(offsets) != set(self._partitions):
            raise Fenced(
                f"region {self._region}: the database reads other in-topics than this program"
            )
        await self._consumer.start()
        self._consumer.assign(list(self._partitions.values()))
        self.seek(offsets)

    def seek(self, offsets: Mapping[str, int]) -> None:
        """Go to these offsets."""
        for topic, partition in self._partitions.items():
            self._consumer.seek(partition, offsets[topic])
        self._expected = dict(offsets)

    async def fetch(self, offsets: Mapping[str, int], most: int) -> Fetched:
        """The next records, at most so many, possibly none. A reading position that moved by itself is set right first.

        Raises:
            Fenced: The reader is being stopped; what arrived is dropped, for the next owner to read.
        """
        if await self._positions() != self._expected:
            log.error("reading-position-moved", region=self._region)
            self.seek(offsets)
        self._fetching = asyncio.create_task(
            self._consumer.getmany(*self._partitions.values(), timeout_ms=200, max_records=most)
        )
        await asyncio.wait([self._fetching])
        if self._stopping:
            raise Fenced(f"region {self._region}: stopping")
        found = self._fetching.result()
        self._expected = await self._positions()
        return Fetched(
            [
                Inbound(partition.topic, each.offset, each.value)
                for partition, records in found.items()
                for each in records
            ],
            {
                partition.topic: instant(records[-1].timestamp)
                for partition, records in found.items()
                if records
            },
        )

    async def read_to(self, ends: Mapping[TopicPartition, int]) -> frozenset[str]:
        """The topics whose end has been reached."""
        positions = await self._positions()
        return frozenset(
            topic
            for topic, partition in self._partitions.items()
            if positions[topic] >= ends[partition]
        )

    @property
    def partitions(self) -> list[TopicPartition]:
        """What is read."""
        return list(self._partitions.values())

    async def _positions(self) -> dict[str, int]:
        return {
            topic: await self._consumer.position(partition)
            for topic, partition in self._partitions.items()
        }

    def interrupt(self) -> None:
        """Stop waiting for records."""
        self._stopping = True
        if self._fetching is not None:
            self._fetching.cancel()

    async def stop(self) -> None:
        """Let the broker go."""
        self.interrupt()
        await let_go(self._consumer, 4)


def instant(milliseconds: int) -> datetime:
    """An instant from Kafka's milliseconds since 1970."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
