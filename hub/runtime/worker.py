"""Hold regions by lease: claim what is free, renew every second, give back on stop."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer

from hub.errors import Unavailable
from hub.ports import Store
from hub.processor import Chain
from hub.runtime.connection import KafkaConnection
from hub.runtime.region import Parts, Region, Warm

log = structlog.get_logger("worker")

RENEW_SECONDS: Final = 1.0


@dataclass
class Worker:
    """One process's share of the regions."""

    hub_id: str
    store: Store
    kafka: KafkaConnection
    chain: Chain
    in_topics: tuple[str, ...]
    most_regions: int
    regions: dict[int, Region] = field(default_factory=dict)
    warm: dict[int, Warm] = field(default_factory=dict)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set.

        Raises:
            TooManyDefects: A region failed event after event by a fault of ours.
        """
        probe = AIOKafkaConsumer(
            **self.kafka.aiokafka_options(), isolation_level="read_uncommitted"
        )
        await probe.start()
        parts = Parts(self.hub_id, self.store, self.kafka, self.chain, self.in_topics, probe)
        try:
            while not stop.is_set():
                await self._round(parts)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), RENEW_SECONDS)
        finally:
            await self._let_go()
            with contextlib.suppress(Exception):
                await asyncio.wait_for(probe.stop(), 3)

    async def _round(self, parts: Parts) -> None:
        """Renew, take what is free, drop what was lost."""
        self._forget_the_ended()
        held = {number: region.lease.epoch for number, region in self.regions.items()}
        try:
            kept, won = await asyncio.to_thread(
                self.store.renew_and_claim, held, self.most_regions - len(held)
            )
        except Unavailable as error:
            log.warning("lease-again", why=error.reason)
            return
        for number in set(held) - kept:
            log.warning("lease-lost", region=number)
            await self._drop(number)
        for lease in won:
            self.regions[lease.region] = Region(lease, parts, self.warm.pop(lease.region, None))

    def _forget_the_ended(self) -> None:
        for number, region in list(self.regions.items()):
            if region.task.done():
                del self.regions[number]
                if region.failed is not None:
                    raise region.failed

    async def _drop(self, number: int) -> None:
        left = await self.regions.pop(number).stop()
        if left is not None:
            self.warm[number] = left

    async def _let_go(self) -> None:
        held = {number: region.lease.epoch for number, region in self.regions.items()}
        await asyncio.gather(*(region.stop() for region in self.regions.values()))
        with contextlib.suppress(Unavailable):
            await asyncio.to_thread(self.store.release, held)
