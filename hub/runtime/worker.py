"""Hold regions by lease: claim what is free, renew every second, give back on stop."""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from hub.errors import Unavailable
from hub.matching.candidates import Matcher
from hub.ports.store import Store
from hub.processor import Chain
from hub.runtime import clock
from hub.runtime.connection import KafkaConnection
from hub.runtime.following import Following
from hub.runtime.health import Check, Sample
from hub.runtime.redrive import Reread
from hub.runtime.region import LONG_AGO, Parts, Region
from hub.runtime.remembering import Warm
from hub.waiting import happens, let_go, opened

log = structlog.get_logger("worker")

RENEW_SECONDS: Final = 1.0
LEASE_FRESH: Final = timedelta(seconds=5)


@dataclass
class Worker:
    """One process's share of the regions.

    Attributes:
        warm: What the memory of a region was worth that was given up.
        following: The regions that others hold, with a memory that is kept up with them.
        follows: Whether to keep such memories: a takeover then takes seconds however many people there are.
        matcher: Joins by evidence who has no NHS number, or only weighs questions; None = neither.
    """

    hub_id: str
    store: Store
    kafka: KafkaConnection
    chain: Chain
    in_topics: tuple[str, ...]
    most_regions: int
    regions: dict[int, Region] = field(default_factory=dict)
    warm: dict[int, Warm] = field(default_factory=dict)
    following: dict[int, Following] = field(default_factory=dict)
    reread: Reread | None = None
    follows: bool = True
    matcher: Matcher | None = None
    _leased_at: datetime = LONG_AGO

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set.

        Raises:
            TooManyDefects: A region failed event after event by a fault of ours.
        """
        probe = AIOKafkaConsumer(
            **self.kafka.aiokafka_options(), isolation_level="read_uncommitted"
        )
        parts = Parts(
            self.hub_id,
            self.store,
            self.kafka,
            self.chain,
            self.in_topics,
            probe,
            self.reread,
            self.matcher,
        )
        try:
            await started(probe, stop)
            while not stop.is_set():
                await self._round(parts)
                await happens(stop, RENEW_SECONDS)
        finally:
            await self._let_go()
            await let_go(probe)

    async def _round(self, parts: Parts) -> None:
        """Renew, take what is free, drop what was lost."""
        ended = self._forget_the_ended()
        held = {number: region.lease.epoch for number, region in self.regions.items()}
        try:
            if ended:
                await asyncio.to_thread(self.store.release, ended)
            room = self.most_regions - len(held)
            kept, won = await asyncio.to_thread(
                self.store.renew_and_claim, held, room, self._ready()
            )
        except Unavailable as error:
            log.warning("lease-again", why=error.reason)
            return
        self._leased_at = clock.now()
        for number in self._stuck():
            log.critical("region-stuck", region=number)
            await self._drop(number)
        for number in set(held) - kept:
            log.warning("lease-lost", region=number)
            await self._drop(number)
        for lease in won:
            warm = await self._handed_over(lease.region)
            self.regions[lease.region] = Region(lease, parts, warm)
        if self.follows:
            await self._follow()

    async def _handed_over(self, number: int) -> Warm | None:
        """The memory of a region that is taken over, if there is one."""
        followed = self.following.pop(number, None)
        found = await followed.stop() if followed is not None else None
        return found or self.warm.pop(number, None)

    async def _follow(self) -> None:
        """Follow what others hold; what was given up goes on where it was left."""
        with contextlib.suppress(Unavailable):
            for number in await asyncio.to_thread(self.store.others, list(self.regions)):
                if number not in self.following:
                    warm = self.warm.pop(number, None)
                    self.following[number] = Following(number, self.store, warm, self.matcher)

    def _ready(self) -> list[int]:
        """The regions that could go on at once: with a memory that is whole."""
        followed = [number for number, each in self.following.items() if each.follows]
        return [*self.warm, *followed]

    def checks(self) -> list[Check]:
        """Whether the lease is renewed and each region moves. Holding none is ready: a standby."""
        renewed = self._leased_at > clock.now() - LEASE_FRESH
        leases = Check("database", ok=renewed, why="the leases have not been renewed for a while")
        return [leases, *(check for region in self.regions.values() for check in region.checks())]

    def samples(self) -> Iterator[Sample]:
        """The numbers of each region held."""
        now = clock.now()
        for number, region in self.regions.items():
            labels = (("region", str(number)),)
            counted = region.progress
            yield Sample("hub_region_held", 1, labels)
            yield Sample("hub_region_events_total", counted.events, labels)
            yield Sample("hub_region_refused_total", counted.refused, labels)
            yield Sample("hub_region_told_total", counted.told, labels)
            behind = (
                (now - counted.read_everything_at).total_seconds()
                if counted.read_everything_at > LONG_AGO
                else 0.0
            )
            yield Sample("hub_region_behind_seconds", behind, labels)

        for number, followed in self.following.items():
            labels = (("region", str(number)),)
            yield Sample("hub_region_followed", int(followed.follows), labels)

    def _stuck(self) -> list[int]:
        return [number for number, region in self.regions.items() if region.stuck]

    def _forget_the_ended(self) -> dict[int, int]:
        """Regions that ended by themselves, with their epochs: their leases go back at once."""
        ended = {number: region for number, region in self.regions.items() if region.task.done()}
        for number, region in ended.items():
            del self.regions[number]
            if region.failed is not None:
                raise region.failed
        return {number: region.lease.epoch for number, region in ended.items()}

    async def _drop(self, number: int) -> None:
        left = await self.regions.pop(number).stop()
        if left is not None:
            self.warm[number] = left

    async def _let_go(self) -> None:
        held = {number: region.lease.epoch for number, region in self.regions.items()}
        stopping = [region.stop() for region in self.regions.values()]
        stopping += [followed.stop() for followed in self.following.values()]
        await asyncio.gather(*stopping)
        with contextlib.suppress(Unavailable):
            await asyncio.to_thread(self.store.release, held)


async def started(probe: AIOKafkaConsumer, stop: asyncio.Event) -> None:
    """Wait until the broker answers, or until `stop` is set: a region without it could do nothing."""
    while not stop.is_set():
        try:
            await opened(probe)
        except KafkaError as error:
            log.warning("broker-away", error=type(error).__name__)
            await happens(stop, RENEW_SECONDS)
        else:
            return
