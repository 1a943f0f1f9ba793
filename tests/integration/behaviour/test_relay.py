"""The relay on the real parts: each row once for readers of committed records, wherever it dies."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from aiokafka import AIOKafkaProducer
from structlog.testing import capture_logs

from hub.identity import derived
from hub.ports.lease import Lease
from hub.ports.unit import Outgoing, Written
from hub.records import InvolvementAlert
from hub.runtime import relay as relay_module
from hub.runtime.relay import Relay
from hub.topics import topic_of
from tests.integration.behaviour.hubs import Ended, hear
from tests.integration.behaviour.real_hub import PATIENCE_SECONDS, RealHub, real_hub
from tests.integration.behaviour.scenes import (
    ADMISSION,
    CHAIN,
    FLAG,
    OTHER_ADMISSION,
    OTHER_FLAG,
)
from tests.integration.mortal import MortalProducer, Points

pytestmark = pytest.mark.real

TOPIC = topic_of(InvolvementAlert).name
ROWS = tuple(f"row {number}".encode() for number in range(5))


class MortalStore:
    def __init__(self, store: Any, points: Points) -> None:
        self._store, self._points = store, points

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def waiting(self, region: int, start: int, most: int) -> Sequence[Any]:
        rows = self._store.waiting(region, start, most)
        if rows:
            self._points.reach("rows read")
        return rows

    def prune(self, region: int, below: int) -> None:
        self._points.reach("before pruning")
        self._store.prune(region, below)
        self._points.reach("pruned")


@pytest.fixture
async def hub(place, unused_regions) -> AsyncIterator[RealHub]:
    """A region that nobody works on: only its outbox is filled."""
    async with real_hub(place, next(unused_regions), CHAIN) as hub:
        yield hub


def put(hub: RealHub, lease: Lease, *values: bytes) -> Lease:
    """Commit a batch with these outputs."""
    outbox = [
        Outgoing(TOPIC, UUID(int=0), derived("row", hub.region, each), each) for each in values
    ]
    with hub.place.store.unit(lease) as unit:
        unit.fence()
        unit.write(Written({}, {}, (), outbox, ()))
    return Lease(lease.region, lease.epoch, lease.batch_no + 1)


@asynccontextmanager
async def relaying(
    hub: RealHub, lease: Lease, store: Any = None, hub_id: str = ""
) -> AsyncIterator[Any]:
    """A relay at work; gives its task."""
    relay = Relay(lease, hub_id or hub.place.hub_id, store or hub.place.store, hub.place.kafka)
    task = asyncio.create_task(relay.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def told(hub: RealHub) -> list[bytes | None]:
    await hub.observer.look()
    return [each.value for each in hub.observer.relayed]


async def until_told(hub: RealHub, *values: bytes) -> None:
    """Wait for the rows and for the outbox to be empty; then nothing else may have been told."""

    async def is_told() -> bool:
        await hub.observer.look()
        left = await hub.sql("SELECT count(*) FROM outbox WHERE region = %(region)s")
        return len(hub.observer.relayed) >= len(values) and left == [(0,)]

    await hub.until(is_told)
    await asyncio.sleep(0.2)
    assert await told(hub) == list(values)


@pytest.mark.parametrize(
    "point",
    [
        "opened",
        "rows read",
        "begun",
        "one sent",
        "all sent",
        "position sent",
        "committed",
        "before pruning",
        "pruned",
    ],
)
async def test_rows_are_told_exactly_once_wherever_the_relay_dies(hub, monkeypatch, point):
    points = Points(point)
    monkeypatch.setattr(MortalProducer, "points", points, raising=False)
    monkeypatch.setattr(relay_module, "AIOKafkaProducer", MortalProducer)
    monkeypatch.setattr(relay_module, "MOST_ROWS", 2)
    monkeypatch.setattr(relay_module, "AGAIN_SECONDS", 0.01)
    lease = put(hub, await hub.claim(), *ROWS)
    async with relaying(hub, lease, MortalStore(hub.place.store, points)):
        await until_told(hub, *ROWS)
    assert points.deaths == 2


async def test_first_relay_of_a_region_begins_at_the_first_row_and_not_at_the_next_id(hub):
    lease = put(hub, await hub.claim(), *ROWS)
    async with relaying(hub, lease):
        await until_told(hub, *ROWS)


async def test_rows_that_were_told_and_not_pruned_are_not_told_again(hub, monkeypatch):
    lease = put(hub, await hub.claim(), *ROWS)
    with monkeypatch.context() as without_pruning:
        without_pruning.setattr(hub.place.store, "prune", lambda *_: None)
        async with relaying(hub, lease):

            async def all_told() -> bool:
                return await told(hub) == list(ROWS)

            await hub.until(all_told)
    assert await hub.sql("SELECT count(*) FROM outbox WHERE region = %(region)s") == [(5,)]
    lease = put(hub, lease, b"one more")
    async with relaying(hub, lease):
        await until_told(hub, *ROWS, b"one more")


async def test_relay_whose_position_kafka_has_forgotten_begins_at_the_first_row_that_is_left(hub):
    lease = put(hub, await hub.claim(), *ROWS)
    async with relaying(hub, lease):
        await until_told(hub, *ROWS)
    lease = put(hub, lease, b"one more")
    async with relaying(hub, lease, hub_id="another-group"):
        await until_told(hub, *ROWS, b"one more")


async def test_database_that_is_older_than_what_was_told_stops_the_relay_loudly(hub):
    lease = put(hub, await hub.claim(), *ROWS)
    async with relaying(hub, lease):
        await until_told(hub, *ROWS)
    await hub.sql("UPDATE shards SET next_outbox = 2 WHERE region = %(region)s")
    with capture_logs() as said:
        async with relaying(hub, lease) as task:
            async with asyncio.timeout(10):
                await task
    assert [(each["event"], each["log_level"]) for each in said] == [
        ("database-went-back", "critical")
    ]
    assert await told(hub) == list(ROWS)


async def test_region_whose_database_is_older_than_what_was_told_processes_nothing(
    a_real_hub, monkeypatch
):
    """Else its new outputs would pass for those that were told, and nobody would hear them."""
    async with a_real_hub() as hub:
        await hear(hub, FLAG, ADMISSION, OTHER_FLAG, OTHER_ADMISSION)
        await hub.kill()
        heard = await told(hub)
        await hub.forget_inbox()
        await hub.sql("DELETE FROM state WHERE region = %(region)s")
        await hub.sql("DELETE FROM reminders WHERE region = %(region)s")
        await hub.sql("UPDATE offsets SET next_offset = 0 WHERE region = %(region)s")
        await hub.sql("UPDATE shards SET next_outbox = 0 WHERE region = %(region)s")
        monkeypatch.setattr(relay_module, "AIOKafkaProducer", SlowProducer)
        await hub.start()
        with pytest.raises(Ended, match="DatabaseWentBack"):
            await hub.until(never)
        assert (await hub.rows()).inbox == {}
        assert await told(hub) == heard


class SlowProducer(AIOKafkaProducer):
    async def start(self) -> None:
        await asyncio.sleep(1)
        await super().start()


async def never() -> bool:
    return False


async def test_relay_of_an_owner_that_lost_its_region_tells_nothing_twice_and_leaves(hub):
    first = await hub.claim()
    async with relaying(hub, first) as zombie:
        first = put(hub, first, *ROWS[:2])
        await until_told(hub, *ROWS[:2])
        async with relaying(hub, await hub.claim()):
            lease = Lease(first.region, first.epoch + 1, first.batch_no)
            for row in ROWS[2:]:
                lease = put(hub, lease, row)
                await asyncio.sleep(0.5)
            await until_told(hub, *ROWS)
        await asyncio.wait([zombie], timeout=PATIENCE_SECONDS)
        assert zombie.done()
