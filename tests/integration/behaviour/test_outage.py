"""The database or the broker is away for a while: nothing is lost, nothing is doubled, nobody has to help."""

import asyncio

import pytest

from hub.errors import Unavailable
from hub.records import AlertAction, InvolvementAlert
from hub.runtime import publisher, region
from hub.runtime.batch import handle_batch
from tests.integration.behaviour.hubs import assert_memory_is_what_a_fresh_load_gives, hear
from tests.integration.behaviour.scenes import (
    ADMISSION,
    FLAG,
    OTHER_ADMISSION,
    OTHER_FLAG,
    alert_after,
    seen,
)

pytestmark = pytest.mark.real

EVENTS = (FLAG, ADMISSION, OTHER_FLAG, OTHER_ADMISSION)


@pytest.fixture
async def hub(a_real_hub):
    async with a_real_hub() as hub:
        yield hub


async def assert_everything_counted_once(hub) -> None:
    actions = [alert.action for alert in await hub.said(InvolvementAlert)]
    assert actions == [AlertAction.RAISED, AlertAction.RAISED]
    assert set((await hub.rows()).inbox) == {event.event_id for event in EVENTS}
    assert await hub.letters() == []
    await assert_memory_is_what_a_fresh_load_gives(hub)


async def test_what_arrives_while_the_database_is_away_is_processed_when_it_is_back(
    hub, real_parts
):
    postgres = real_parts.parts.postgres
    await hear(hub, FLAG)
    await asyncio.to_thread(postgres.stop)
    try:
        await hub.publish(ADMISSION, OTHER_FLAG)
        await asyncio.sleep(1.5)
        assert not hub.owner.task.done()
    finally:
        await asyncio.to_thread(postgres.start)
    await hear(hub, OTHER_ADMISSION)
    await assert_everything_counted_once(hub)


async def test_database_that_is_killed_loses_nothing_that_was_committed(hub, real_parts):
    postgres = real_parts.parts.postgres
    await hear(hub, FLAG, ADMISSION)
    before = await hub.rows()
    await asyncio.to_thread(postgres.kill)
    await asyncio.to_thread(postgres.start)
    assert await hub.rows() == before
    await hear(hub, OTHER_FLAG, OTHER_ADMISSION)
    await assert_everything_counted_once(hub)


async def test_records_that_take_too_long_together_are_taken_in_smaller_parts(
    a_real_hub, monkeypatch
):
    sizes = []

    def patient_with_two(chain, records, *others, **more):
        """The database's patience, which ends a transaction that does not come on."""
        sizes.append(len(records))
        if len(records) > 2:
            raise Unavailable("The database did not answer as it should: IdleInTransaction.")
        return handle_batch(chain, records, *others, **more)

    monkeypatch.setattr(region, "handle_batch", patient_with_two)
    async with a_real_hub() as hub:
        await hub.kill()
        await hub.publish(*EVENTS, *seen(alert_after(FLAG, ADMISSION), "2099-11-23 09:05"))
        await hub.start()
        await hub.quiet()
        assert max(sizes) > 2
        assert set((await hub.rows()).inbox) >= {event.event_id for event in EVENTS}
        assert await hub.letters() == []


async def test_sender_is_refused_while_the_broker_is_away_and_heard_when_it_is_back(
    hub, real_parts, monkeypatch
):
    kafka = real_parts.parts.kafka
    monkeypatch.setattr(publisher, "APPEND_SECONDS", 1.0)
    await hear(hub, FLAG, ADMISSION)
    await asyncio.to_thread(kafka.stop)
    try:
        with pytest.raises(Unavailable):
            await hub.publish(OTHER_FLAG)
        assert not hub.owner.task.done()
    finally:
        await asyncio.to_thread(kafka.start)
    monkeypatch.undo()
    await said_again(hub)
    await hub.quiet()
    await assert_everything_counted_once(hub)


async def said_again(hub) -> None:
    """A sender that was refused sends again until it is answered."""
    for event in (OTHER_FLAG, OTHER_ADMISSION):
        for _ in range(20):
            try:
                await hub.publish(event)
                break
            except Unavailable:
                await asyncio.sleep(0.5)
