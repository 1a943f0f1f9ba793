"""An agent acknowledges what is written and nothing else, and never raises."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from hub.errors import Rejected, Unavailable
from hub.runtime import projections
from hub.runtime.projections import Agent
from tests.unit.runtime.test_projecting import Things


@dataclass
class Stream:
    """What a Faust stream does for an agent."""

    values: list
    acknowledged: list = field(default_factory=list)
    enable_acks: bool = True

    async def events(self):
        for offset, value in enumerate(self.values):
            message = SimpleNamespace(partition=0, offset=offset, key=bytes(16), value=value)
            yield SimpleNamespace(message=message)
        await asyncio.sleep(60)

    async def ack(self, event):
        self.acknowledged.append(event.message.offset)
        return True


@dataclass
class Store:
    """Takes rows, unless told otherwise."""

    faults: list = field(default_factory=list)
    bad_version: int = -1
    rows: list = field(default_factory=list)
    refused: list = field(default_factory=list)

    def write(self, model, batch):
        if self.faults:
            raise self.faults.pop(0)
        if any(row["version"] == self.bad_version for row in batch.rows):
            raise Rejected("not this one", code="not-storable")
        self.rows += [row["version"] for row in batch.rows]
        self.refused += [refusal.code for _, refusal in batch.refusals]


async def heard(agent, stream, met):
    task = asyncio.create_task(agent.hear(stream))
    for _ in range(1000):
        if met():
            break
        await asyncio.sleep(0.01)
    assert met()
    task.cancel()
    await asyncio.wait([task])


VALUES = [b"1 1", b"2 2", b"3 3"]


async def test_what_is_written_is_acknowledged_in_order():
    stream, store = Stream(VALUES), Store()
    agent = Agent(Things(), store)
    await heard(agent, stream, lambda: len(stream.acknowledged) == 3)
    assert not stream.enable_acks
    assert (stream.acknowledged, sorted(store.rows)) == ([0, 1, 2], [1, 2, 3])
    assert (agent.events, agent.position(0), agent.position(1)) == (3, 3, 0)


async def test_nothing_is_acknowledged_while_the_database_is_away():
    stream, store = Stream(VALUES), Store(faults=[Unavailable("away")] * 1000)
    agent = Agent(Things(), store)
    await heard(agent, stream, lambda: agent.database_away)
    assert (stream.acknowledged, agent.events) == ([], 0)


async def test_the_same_is_written_again_until_the_database_answers():
    stream, store = Stream(VALUES), Store(faults=[Unavailable("away")] * 2)
    agent = Agent(Things(), store)
    await heard(agent, stream, lambda: len(stream.acknowledged) == 3)
    assert sorted(store.rows) == [1, 2, 3]
    assert not agent.database_away


async def test_a_value_that_the_database_refuses_is_kept_and_the_others_are_shown():
    stream, store = Stream(VALUES), Store(bad_version=2)
    agent = Agent(Things(), store)
    await heard(agent, stream, lambda: len(stream.acknowledged) == 3)
    assert (sorted(store.rows), store.refused) == ([1, 3], ["not-storable"])
    assert (agent.events, agent.refused) == (3, 1)


@pytest.mark.parametrize("fault", [ZeroDivisionError(), KeyError("x")])
async def test_a_fault_of_ours_is_told_to_whoever_watches_and_nothing_is_acknowledged(fault):
    stream = Stream(VALUES)
    agent = Agent(Things(), Store(faults=[fault]))
    await heard(agent, stream, lambda: agent.failed)
    assert (agent.failed, stream.acknowledged) == (fault, [])


def test_one_transaction_is_bounded():
    assert projections.MOST_RECORDS <= 1000
