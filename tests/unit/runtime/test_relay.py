"""What the relay does without a broker; whatever needs one stands in the integration tests."""

import asyncio
from contextlib import asynccontextmanager
from types import SimpleNamespace
from uuid import UUID

import pytest

from hub.ports.lease import Lease
from hub.ports.store import OutboxEdges, OutboxRow
from hub.runtime import relay as runtime_relay
from hub.runtime.connection import KafkaConnection
from hub.runtime.relay import Relay

ROW = OutboxRow(0, "topic", UUID(int=0), UUID(int=1), b"value")
ENDS_WITHIN = 5


class Client:
    """A producer and a consumer that have what they are asked for; asks for the relay's end when a batch is told."""

    end = staticmethod(lambda: None)

    def __init__(self, **_):
        pass

    async def start(self):
        pass

    async def stop(self):
        pass

    def assign(self, _):
        pass

    async def committed(self, _):
        return None

    @asynccontextmanager
    async def transaction(self):
        yield
        asyncio.get_running_loop().call_soon(self.end)

    async def send(self, *_, **__):
        sent = asyncio.get_running_loop().create_future()
        sent.set_result(None)
        return sent

    async def send_offsets_to_transaction(self, *_):
        pass


@pytest.fixture
def store():
    return SimpleNamespace(
        edges=lambda _: OutboxEdges(epoch=1, first=0, next=1),
        waiting=lambda region, start, most: [ROW] if start == 0 else [],
        prune=lambda region, below: None,
    )


async def test_a_relay_asked_to_end_in_the_moment_in_which_a_batch_is_told_ends(store, monkeypatch):
    monkeypatch.setattr(runtime_relay, "AIOKafkaProducer", Client)
    monkeypatch.setattr(runtime_relay, "AIOKafkaConsumer", Client)
    relay = Relay(Lease(0, 1, 0), "hub", store, KafkaConnection("nowhere:9092"))
    running = asyncio.create_task(relay.run())
    monkeypatch.setattr(Client, "end", staticmethod(running.cancel))
    ended, _ = await asyncio.wait([running], timeout=ENDS_WITHIN)
    assert ended, "it goes on as if nobody had asked"
    assert running.cancelled()
