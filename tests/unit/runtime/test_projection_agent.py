"""An agent acknowledges what is written and nothing else, and never raises."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from hub.errors import Rejected, Unavailable
from hub.runtime import projections
from hub.runtime.projections import Agent
from tests.unit.runtime.test_projecting import THINGS, OfThings, thing


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
    """Takes rows, all or none, unless told otherwise.

    Attributes:
        bad: Name of a read model and a version that it does not take.
    """

    faults: list = field(default_factory=list)
    bad: tuple = ()
    rows: list = field(default_factory=list)
    refused: list = field(default_factory=list)

    def write(self, batches):
        if self.faults:
            raise self.faults.pop(0)
        rows = [(each.model.name, row["version"]) for each in batches for row in each.rows]
        if self.bad in rows:
            raise Rejected("not this one", code="not-storable")
        self.rows += rows
        self.refused += [
            (letter.processor, letter.code) for each in batches for _, letter in each.refusals
        ]

    def versions(self, model="things"):
        return sorted(version for name, version in self.rows if name == model)


async def heard(agent, stream, met):
    task = asyncio.create_task(agent.hear(stream))
    for _ in range(1000):
        if met():
            break
        await asyncio.sleep(0.01)
    assert met()
    task.cancel()
    await asyncio.wait([task])


VALUES = [thing(1, 1), thing(2, 2), thing(3, 3)]
OTHERS = OfThings("others", THINGS.reads, THINGS.table, THINGS.rows_from)


async def test_what_is_written_is_acknowledged_in_order():
    stream, store = Stream(VALUES), Store()
    agent = Agent([THINGS], store)
    await heard(agent, stream, lambda: len(stream.acknowledged) == 3)
    assert not stream.enable_acks
    assert (stream.acknowledged, store.versions()) == ([0, 1, 2], [1, 2, 3])
    assert (agent.events, agent.position(0), agent.position(1)) == (3, 3, 0)


async def test_nothing_is_acknowledged_while_the_database_is_away():
    stream, store = Stream(VALUES), Store(faults=[Unavailable("away")] * 1000)
    agent = Agent([THINGS], store)
    await heard(agent, stream, lambda: agent.database_away)
    assert (stream.acknowledged, agent.events) == ([], 0)


async def test_the_same_is_written_again_until_the_database_answers():
    stream, store = Stream(VALUES), Store(faults=[Unavailable("away")] * 2)
    agent = Agent([THINGS], store)
    await heard(agent, stream, lambda: len(stream.acknowledged) == 3)
    assert store.versions() == [1, 2, 3]
    assert not agent.database_away


async def test_a_value_that_the_database_refuses_is_kept_and_the_others_are_shown():
    stream, store = Stream(VALUES), Store(bad=("things", 2))
    agent = Agent([THINGS], store)
    await heard(agent, stream, lambda: len(stream.acknowledged) == 3)
    assert store.versions() == [1, 3]
    assert store.refused == [("projection:things", "not-storable")]
    assert (agent.events, agent.refused) == (3, {"things": 1})


async def test_another_read_model_of_the_topic_shows_what_one_of_them_cannot():
    stream, store = Stream(VALUES), Store(bad=("things", 2))
    agent = Agent([THINGS, OTHERS], store)
    await heard(agent, stream, lambda: len(stream.acknowledged) == 3)
    assert (store.versions("things"), store.versions("others")) == ([1, 3], [1, 2, 3])
    assert store.refused == [("projection:things", "not-storable")]
    assert (agent.events, agent.refused.total()) == (3, 1)


async def test_a_transaction_is_bounded_by_bytes_too(monkeypatch):
    monkeypatch.setattr(projections, "MOST_BYTES", len(VALUES[0]) + 1)
    stream, batches = Stream(VALUES), []

    class Counting(Store):
        def write(self, of_models):
            batches.append(sum(len(each.rows) for each in of_models))

    agent = Agent([THINGS], Counting())
    await heard(agent, stream, lambda: len(stream.acknowledged) == 3)
    assert sum(batches) == 3
    assert max(batches) <= 2


@pytest.mark.parametrize("fault", [ZeroDivisionError(), KeyError("x")])
async def test_a_fault_of_ours_is_told_to_whoever_watches_and_nothing_is_acknowledged(fault):
    stream = Stream(VALUES)
    agent = Agent([THINGS], Store(faults=[fault]))
    await heard(agent, stream, lambda: agent.failed)
    assert (agent.failed, stream.acknowledged) == (fault, [])


def test_one_transaction_is_bounded():
    assert projections.MOST_RECORDS <= 1000
