"""Owners on the real parts: who reads, who writes, what a memory is worth, and what a slow commit comes to."""

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from hub.errors import Unavailable
from hub.processor import IN_TOPICS
from hub.records import AlertAction, InvolvementAlert
from hub.runtime.following import LOOK_SECONDS, Following
from hub.runtime.worker import Worker
from hub.store.engine import engine_for
from hub.store.postgres import HEAD_START
from hub.store.setup import OtherDatabase, prepare
from tests.integration.behaviour.hubs import (
    Ended,
    FaultyStore,
    assert_memory_is_what_a_fresh_load_gives,
    hear,
)
from tests.integration.behaviour.scenes import (
    ADMISSION,
    CHAIN,
    ELSEWHERE,
    FLAG,
    MATCHER,
    OTHER_ADMISSION,
    OTHER_FLAG,
)

pytestmark = pytest.mark.real


@pytest.fixture
async def hub(a_real_hub):
    async with a_real_hub() as hub:
        yield hub


async def actions(hub) -> list[AlertAction]:
    return [alert.action for alert in await hub.said(InvolvementAlert)]


async def ready(hub) -> None:
    async def is_ready() -> bool:
        return hub.owner.ready

    await hub.until(is_ready)


# Memory


async def test_memory_is_kept_by_an_owner_that_comes_back_when_nobody_wrote(hub):
    await hear(hub, FLAG)
    warm = await hub.owner.stop()
    await hub.own(await hub.claim(), warm)
    await ready(hub)
    assert hub.memory is warm.memory
    await hear(hub, ADMISSION)
    assert await actions(hub) == [AlertAction.RAISED]
    await assert_memory_is_what_a_fresh_load_gives(hub)


async def test_memory_of_an_owner_that_comes_back_is_caught_up_with_what_others_wrote(hub):
    await hear(hub, FLAG)
    warm = await hub.owner.stop()
    await hub.start()
    await hear(hub, ADMISSION)
    await hub.owner.stop()
    await hub.own(await hub.claim(), warm)
    await ready(hub)
    assert hub.memory is warm.memory
    await assert_memory_is_what_a_fresh_load_gives(hub)
    await hear(hub, OTHER_FLAG, OTHER_ADMISSION)
    assert await actions(hub) == [AlertAction.RAISED, AlertAction.RAISED]
    await assert_memory_is_what_a_fresh_load_gives(hub)


@pytest.mark.parametrize(
    "gone",
    [
        "DELETE FROM changes WHERE region = %(region)s AND batch_no = 1",
        "UPDATE shards SET batch_no = 0 WHERE region = %(region)s",
    ],
    ids=["what was changed is no longer known", "the database was restored from the past"],
)
async def test_memory_that_cannot_be_caught_up_is_loaded_anew(hub, gone):
    await hear(hub, FLAG)
    warm = await hub.owner.stop()
    assert warm.batch_no > 0
    warm = replace(warm, batch_no=0 if "changes" in gone else warm.batch_no)
    await hub.sql(gone)
    await hub.own(await hub.claim(), warm)
    await ready(hub)
    assert hub.memory is not warm.memory
    await assert_memory_is_what_a_fresh_load_gives(hub)


async def test_a_database_that_is_away_is_waited_for_and_the_region_is_not_given_up(hub):
    await hear(hub, FLAG)
    await hub.kill()
    known, hub.faults.next_due = hub.faults.next_due, away
    with capture_logs() as logs:
        await hub.own(await hub.claim())
        await asyncio.sleep(1)
        hub.faults.next_due = known
        await ready(hub)
    said = [each["event"] for each in logs]
    assert "region-start-again" in said
    assert "region-start-failed" not in said
    await hear(hub, ADMISSION)
    assert await actions(hub) == [AlertAction.RAISED]


# A standby


async def test_a_standby_follows_and_takes_over_with_the_same_memory_as_a_fresh_load(hub):
    await hear(hub, FLAG)
    standby = Following(hub.region, hub.faults, matcher=MATCHER)
    await hear(hub, ADMISSION)

    async def follows() -> bool:
        return standby.follows

    await hub.until(follows)
    await hear(hub, OTHER_FLAG, ELSEWHERE)
    await asyncio.sleep(2 * LOOK_SECONDS)
    await hear(hub, OTHER_ADMISSION)
    await hub.kill()
    warm = await standby.stop()
    by_evidence = [each for each in warm.memory.records.own if warm.memory.judged(UUID(int=each))]
    assert len(by_evidence) == 1
    with capture_logs() as logs:
        await hub.own(await hub.claim(), warm)
        await ready(hub)
    assert [each["cold"] for each in logs if each["event"] == "region-mine"] == [False]
    assert hub.memory is warm.memory
    await assert_memory_is_what_a_fresh_load_gives(hub)


async def test_a_standby_loads_anew_when_it_was_away_for_too_long(hub):
    await hear(hub, FLAG)
    standby = Following(hub.region, hub.faults, matcher=MATCHER)

    async def follows() -> bool:
        return standby.follows

    await hub.until(follows)
    before = standby._warm.memory
    await hear(hub, ADMISSION)
    await hub.sql("DELETE FROM changes WHERE region = %(region)s")
    await hear(hub, OTHER_FLAG, OTHER_ADMISSION)

    async def anew() -> bool:
        return standby._warm is not None and standby._warm.memory is not before

    await hub.until(anew)
    await hub.kill()
    await hub.own(await hub.claim(), await standby.stop())
    await ready(hub)
    await assert_memory_is_what_a_fresh_load_gives(hub)


async def test_a_standby_goes_on_from_where_it_was_after_the_database_was_away(hub):
    await hear(hub, FLAG)
    standby = Following(hub.region, hub.faults, matcher=MATCHER)

    async def follows() -> bool:
        return standby.follows

    await hub.until(follows)
    before = standby._warm.memory
    known, hub.faults.changed_since = hub.faults.changed_since, away
    await asyncio.sleep(2 * LOOK_SECONDS)
    await hear(hub, ADMISSION)
    hub.faults.changed_since = known
    await asyncio.sleep(2 * LOOK_SECONDS)
    await hub.kill()
    warm = await standby.stop()
    assert warm.memory is before
    await hub.own(await hub.claim(), warm)
    await ready(hub)
    await assert_memory_is_what_a_fresh_load_gives(hub)


def away(*_: Any) -> None:
    raise Unavailable("The database did not answer.")


async def test_memory_of_an_owner_that_was_fenced_is_not_given_away(hub):
    await hear(hub, FLAG)
    zombie = hub.owner
    await hub.claimed_by_another()
    with pytest.raises(Ended, match="Fenced"):
        await hear(hub, ADMISSION)
    assert await zombie.stop() is None


async def test_owner_that_counts_its_batches_wrongly_cannot_write(hub):
    """A wrong belief about a commit ends in a fence, not in a second run."""
    await hear(hub, FLAG)
    before = await hub.rows()
    hub.owner.lease = replace(hub.owner.lease, batch_no=hub.owner.lease.batch_no - 1)
    with pytest.raises(Ended, match="Fenced"):
        await hear(hub, ADMISSION)
    assert await hub.rows() == before
    await hub.start()
    await hub.quiet()
    assert await actions(hub) == [AlertAction.RAISED]


# Readers


async def test_batch_that_arrives_while_its_reader_is_stopped_is_left_to_the_next_owner(hub):
    await ready(hub)
    first, asked, arrived = hub.owner, asyncio.Event(), asyncio.Event()
    getmany = first._reading._consumer.getmany

    async def deaf(*partitions: Any, **how: Any) -> Any:
        """Hands over what it has found, although it was asked to stop."""
        asked.set()
        while not (found := await getmany(*partitions, **how)):
            pass
        arrived.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        return found

    first._reading._consumer.getmany = deaf
    async with asyncio.timeout(10):
        await asked.wait()
    await hub.publish(FLAG, ADMISSION)
    async with asyncio.timeout(10):
        await arrived.wait()
    assert await first.stop() is not None
    assert (await hub.rows()).inbox == {}
    await hub.start()
    await hub.quiet()
    assert first.progress.batches == 0
    assert set((await hub.rows()).inbox) == {FLAG.event_id, ADMISSION.event_id}
    assert await actions(hub) == [AlertAction.RAISED]


async def test_reading_position_that_moved_by_itself_is_set_right(hub):
    """Ahead, past an event that nobody has read: the fence protects rows, not the reading."""
    await hear(hub, FLAG)
    reading = hub.owner._reading
    fetch, held, go_on = reading.fetch, asyncio.Event(), asyncio.Event()

    async def moved(offsets: Any, most: int) -> Any:
        held.set()
        await go_on.wait()
        reading.fetch = fetch
        for partition in reading.partitions:
            reading._consumer.seek(partition, offsets[partition.topic] + 1)
        return await fetch(offsets, most)

    reading.fetch = moved
    async with asyncio.timeout(10):
        await held.wait()
    with capture_logs() as said:
        await hub.publish(ADMISSION)
        go_on.set()
        await hub.quiet()
    assert "reading-position-moved" in {each["event"] for each in said}
    assert await actions(hub) == [AlertAction.RAISED]


# In-topics


async def test_program_with_other_in_topics_than_the_database_reads_nothing(hub):
    await hear(hub, FLAG)
    before = await hub.rows()
    await hub.kill()
    lease = await hub.claim()
    for topics in (IN_TOPICS[1:], (*IN_TOPICS, "picture.stay.v1")):
        await hub.own(lease, in_topics=topics)
        with pytest.raises(Ended, match="Fenced"):
            await hub.until(never)
    await hub.publish(ADMISSION)
    assert await hub.rows() == before
    await hub.start()
    await hub.quiet()
    assert await actions(hub) == [AlertAction.RAISED]


async def never() -> bool:
    return False


@pytest.mark.parametrize("topics", [IN_TOPICS[1:], (*IN_TOPICS, "picture.stay.v1")])
def test_database_that_reads_other_in_topics_refuses_the_program(place, topics):
    engine = engine_for(place.database_url, connections=1)
    with pytest.raises(OtherDatabase, match="in-topics"):
        prepare(engine, place.regions, topics)
    engine.dispose()


# A commit whose answer never comes


SLOW = """
CREATE FUNCTION slow_{region}() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER slow_{region} AFTER UPDATE OF batch_no ON shards DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.region = {region}) EXECUTE FUNCTION slow_{region}()
"""
FAST = "DROP FUNCTION slow_{region} CASCADE"


@asynccontextmanager
async def slow_commits(hub) -> AsyncIterator[None]:
    """Commits of this region take a second."""
    await hub.sql(SLOW.format(region=hub.region))
    yield
    await hub.sql(FAST.format(region=hub.region))


class CutStore(FaultyStore):
    """Something happens to the connection while the next commit is on its way."""

    def __init__(self, store: Any, cut: Any) -> None:
        super().__init__(store)
        self.cut = cut

    @contextmanager
    def unit(self, lease: Any) -> Iterator[Any]:
        cut, self.cut = self.cut, None
        with self._store.unit(lease) as unit:
            yield unit
            if cut is not None:
                threading.Timer(0.3, cut, [unit._connection.connection.driver_connection]).start()


def hang_up(connection: Any) -> None:
    """The network is gone; the backend has not noticed and goes on committing."""
    with socket.socket(fileno=os.dup(connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)


async def test_commit_that_ends_after_its_connection_was_cut_is_waited_for_and_not_repeated(hub):
    await hear(hub, FLAG)
    await hub.kill()
    hub.faults = CutStore(hub.place.store, hang_up)
    await hub.start()
    async with slow_commits(hub):
        with capture_logs() as said:
            await hear(hub, ADMISSION)
    assert "commit-answer-lost" in {each["event"] for each in said}
    assert await actions(hub) == [AlertAction.RAISED]
    await assert_memory_is_what_a_fresh_load_gives(hub)


async def test_commit_whose_backend_was_terminated_is_not_counted_and_the_batch_read_again(hub):
    await hear(hub, FLAG)
    await hub.kill()
    loop = asyncio.get_running_loop()

    def terminate(connection: Any) -> None:
        pid = connection.info.backend_pid
        ended = hub.sql("SELECT pg_terminate_backend(%(pid)s)", pid=pid)
        asyncio.run_coroutine_threadsafe(ended, loop).result(10)

    hub.faults = CutStore(hub.place.store, terminate)
    await hub.start()
    async with slow_commits(hub):
        with capture_logs() as said:
            await hear(hub, ADMISSION)
    events = {each["event"] for each in said}
    assert "commit-unanswered" in events
    assert "commit-answer-lost" not in events
    assert await actions(hub) == [AlertAction.RAISED]
    await assert_memory_is_what_a_fresh_load_gives(hub)


# Workers


async def test_region_of_a_silent_owner_is_left_for_a_moment_to_whoever_has_its_memory(hub):
    await hub.kill()

    async def wins(silent_seconds: float, ready: list[int]) -> bool:
        await hub.sql(
            "UPDATE shards SET lease_until = now() - make_interval(secs => %(silent)s) WHERE region = %(region)s",
            silent=silent_seconds,
        )
        _, won = await asyncio.to_thread(hub.place.store.renew_and_claim, {}, 1, ready)
        await hub.sql("UPDATE shards SET lease_until = 'infinity' WHERE region = %(region)s")
        return bool(won)

    moment = HEAD_START.total_seconds() / 2
    assert not await wins(moment, [])
    assert await wins(moment, [hub.region])
    assert await wins(moment + HEAD_START.total_seconds(), [])


async def test_standby_takes_over_what_a_stopping_worker_gives_back(hub):
    await hear(hub, FLAG)
    await hub.kill()
    stops, running = [asyncio.Event(), asyncio.Event()], []
    workers = [
        Worker(hub.place.hub_id, hub.place.store, hub.place.kafka, CHAIN, IN_TOPICS, most_regions=1)
        for _ in stops
    ]
    await hub.sql("UPDATE shards SET lease_until = '-infinity' WHERE region = %(region)s")

    async def taken(by: Worker) -> None:
        async def holds() -> bool:
            return hub.region in by.regions and by.regions[hub.region].ready

        await hub.until(holds)

    try:
        for worker, stop in zip(workers, stops, strict=True):
            running.append(asyncio.create_task(worker.run(stop)))
            await taken(workers[0])
        assert workers[1].regions == {}

        async def follows() -> bool:
            followed = workers[1].following.get(hub.region)
            return followed is not None and followed.follows

        await hub.until(follows)
        with capture_logs() as said:
            stops[0].set()
            await running[0]
            await taken(workers[1])
        mine = [each["cold"] for each in said if each["event"] == "region-mine"]
        assert mine == [False]
        await hear(hub, ADMISSION)
        assert await actions(hub) == [AlertAction.RAISED]
    finally:
        for stop in stops:
            stop.set()
        await asyncio.gather(*running)
        await hub.sql("UPDATE shards SET lease_until = 'infinity' WHERE region = %(region)s")
