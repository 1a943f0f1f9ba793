"""Whether agents move on while there is something to read. Faust can stop in silence: somebody else must look."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from hub.runtime.connection import KafkaConnection
from hub.waiting import let_go, opened

log = structlog.get_logger("projections")

STILL_SECONDS: Final = 10.0
"""An agent that has not moved for so long although it could is said to stand still."""

ASK_SECONDS: Final = 5.0
PROBE_MS: Final = 500
FRESH_SECONDS: Final = 15.0


@dataclass
class Place:
    """One partition of one read model.

    Attributes:
        reached: The next offset that its agent will read.
        waiting: Offsets up to the end; a few of them may be marks of transactions.
        still: Whether it stands still although there is something to read.
        since: When it last moved or had nothing to read, on the monotonic clock.
    """

    model: str
    partition: TopicPartition
    reached: Callable[[], int]
    waiting: int = 0
    still: bool = False
    since: float = field(default_factory=time.monotonic)
    seen: int = -1
    empty_to: int = -1

    @property
    def still_seconds(self) -> float:
        """For how long it has stood still; 0 when it does not."""
        return time.monotonic() - self.since if self.still else 0.0

    def moved(self, position: int) -> None:
        """It moved, or there is nothing to read."""
        self.seen, self.since, self.still = position, time.monotonic(), False


class Lag:
    """Compares where agents are with where topics end, with a consumer of its own and no group."""

    def __init__(self, kafka: KafkaConnection, places: Sequence[Place]) -> None:
        self.places = tuple(places)
        self._kafka = kafka
        self._probe: AIOKafkaConsumer | None = None
        self._looked_at = -FRESH_SECONDS

    @property
    def broker_answers(self) -> bool:
        """Whether the broker answered lately."""
        return time.monotonic() - self._looked_at < FRESH_SECONDS

    async def look(self) -> None:
        """Look once; a broker that does not answer is no fault of the agents'."""
        try:
            async with asyncio.timeout(ASK_SECONDS):
                probe = await self._open()
                ends = await probe.end_offsets([each.partition for each in self.places])
            for place in self.places:
                async with asyncio.timeout(ASK_SECONDS):
                    await self._judge(place, ends, probe)
            self._looked_at = time.monotonic()
        except (KafkaError, TimeoutError, OSError) as error:
            log.warning("lag-unknown", error=type(error).__name__)

    async def _judge(
        self, place: Place, ends: Mapping[TopicPartition, int], probe: AIOKafkaConsumer
    ) -> None:
        position, end = place.reached(), ends[place.partition]
        place.waiting = 0 if end == place.empty_to else max(0, end - position)
        if place.waiting == 0 or position != place.seen:
            place.moved(position)
        elif time.monotonic() - place.since > STILL_SECONDS and not place.still:
            place.still = await something_to_read(probe, place.partition, position)
            if place.still:
                log.error(
                    "agent-stands-still", processor=place.model, partition=place.partition.partition
                )
            else:
                place.empty_to = end
                place.moved(position)

    async def _open(self) -> AIOKafkaConsumer:
        if self._probe is None:
            probe = AIOKafkaConsumer(
                **self._kafka.aiokafka_options(),
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                request_timeout_ms=10_000,
            )
            try:
                await opened(probe)
            except BaseException:
                with contextlib.suppress(Exception):
                    await probe.stop()
                raise
            self._probe = probe
        return self._probe

    async def stop(self) -> None:
        """Let the broker go."""
        probe, self._probe = self._probe, None
        if probe is not None:
            await let_go(probe)


async def something_to_read(
    probe: AIOKafkaConsumer, partition: TopicPartition, position: int
) -> bool:
    """Whether a record lies at an offset or behind it. Marks of transactions are none."""
    probe.assign([partition])
    probe.seek(partition, position)
    try:
        found = await probe.getmany(partition, timeout_ms=PROBE_MS, max_records=1)
        return bool(found.get(partition))
    finally:
        probe.unsubscribe()
