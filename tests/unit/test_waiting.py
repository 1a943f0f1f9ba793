"""Waits with an end."""

import asyncio
import contextlib

import pytest

from hub.waiting import happens, let_go, opened

SOON = 0.01


async def test_an_event_that_comes_is_heard():
    event = asyncio.Event()
    asyncio.get_running_loop().call_later(SOON, event.set)
    assert await happens(event, 60)


async def test_an_event_that_does_not_come_is_not_waited_for_any_longer():
    assert not await happens(asyncio.Event(), SOON)


async def test_who_is_cancelled_as_the_event_comes_stops():
    event = asyncio.Event()
    waiting = asyncio.create_task(happens(event, 60))
    await asyncio.sleep(0)
    event.set()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


class Client:
    def __init__(self, error=None):
        self.error, self.stopped = error, False

    async def stop(self):
        if self.error:
            raise self.error
        self.stopped = await asyncio.sleep(60, result=True)


async def test_a_client_that_fails_or_hangs_is_left_as_it_is():
    await let_go(Client(OSError()))
    hanging = Client()
    await let_go(hanging, SOON)
    assert not hanging.stopped


class Swallowing:
    """As aiokafka's clients: what it waits for is cancelled, and it goes on as if it had ended."""

    async def stop(self):
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)


async def test_who_is_cancelled_while_a_client_keeps_the_cancellation_stops():
    stopping = asyncio.create_task(let_go(Swallowing()))
    await asyncio.sleep(SOON)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping


async def test_a_client_that_keeps_the_end_of_its_time_for_itself_cancels_nobody():
    await let_go(Swallowing(), SOON)
    await asyncio.sleep(0)


class Opening:
    """Takes its time, and would leave something open if it were cancelled meanwhile."""

    def __init__(self, seconds):
        self.seconds, self.is_open = seconds, False

    async def start(self):
        await asyncio.sleep(self.seconds)
        self.is_open = True


async def test_a_client_whose_opener_is_cancelled_is_open_before_anybody_hears_of_it():
    client = Opening(5 * SOON)
    opening = asyncio.create_task(opened(client))
    await asyncio.sleep(SOON)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert client.is_open


async def test_a_client_that_does_not_open_holds_up_nobody_for_long():
    opening = asyncio.create_task(opened(Opening(60), SOON))
    await asyncio.sleep(SOON)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
