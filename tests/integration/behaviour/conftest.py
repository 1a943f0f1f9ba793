"""One hub for each case: in one process, or a region of its own on the real parts."""

import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import psycopg
import pytest
from sqlalchemy.engine import make_url

from hub.processor import IN_TOPICS, Chain
from hub.runtime import clock
from hub.runtime.connection import KafkaConnection
from hub.runtime.topics.admin import TopicAdmin
from hub.runtime.topics.plan import plan
from hub.runtime.topics.wanted import wanted_topics
from hub.store.engine import engine_for
from hub.store.postgres import PostgresStore
from hub.store.setup import prepare
from hub.topics import TOPICS
from tests.integration.behaviour.hubs import HubUnderTest, MemoryHubUnderTest
from tests.integration.behaviour.real_hub import Place, RealHub, real_hub
from tests.integration.behaviour.scenes import CHAIN

REGIONS = 96
DATABASE = "behaviour"

MakeHub = Callable[..., AbstractAsyncContextManager[HubUnderTest]]
MakeRealHub = Callable[..., AbstractAsyncContextManager[RealHub]]


@pytest.fixture(scope="session")
def place(real_parts) -> Iterator[Place]:
    """Topics with a partition for each case, and a database of the suite's own in which nobody finds a free region."""
    kafka = KafkaConnection(real_parts.bootstrap_servers)
    names = [f"case-{number}" for number in range(REGIONS)]
    with TopicAdmin(kafka, within_seconds=60) as admin:
        wanted = wanted_topics(TOPICS, regions=REGIONS)
        admin.apply(plan(admin.cluster(), wanted, regions=names, copies=1))
    with psycopg.connect(real_parts.database_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")
    own = make_url(real_parts.database_url).set(database=DATABASE)
    url = own.render_as_string(hide_password=False)
    engine = engine_for(url)
    hub_id = prepare(engine, REGIONS, IN_TOPICS)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE shards SET lease_until = 'infinity'")
    yield Place(kafka, url, PostgresStore(engine), str(hub_id), REGIONS)
    engine.dispose()


@pytest.fixture(scope="session")
def unused_regions() -> Iterator[int]:
    return itertools.count()


@pytest.fixture
def a_real_hub(place, unused_regions, monkeypatch) -> MakeRealHub:
    """Makes hubs on the real parts whose clock is the hub's `now`."""

    @asynccontextmanager
    async def make(chain: Chain = CHAIN, *, most_records: int = 500) -> AsyncIterator[RealHub]:
        async with real_hub(place, next(unused_regions), chain) as hub:
            monkeypatch.setattr(clock, "now", lambda: hub.now)
            await hub.start(most_records=most_records)
            yield hub

    return make


@pytest.fixture(params=["memory", pytest.param("real", marks=pytest.mark.real)])
def a_hub(request) -> MakeHub:
    """Makes hubs of either kind."""
    if request.param == "real":
        return request.getfixturevalue("a_real_hub")

    @asynccontextmanager
    async def make(
        chain: Chain = CHAIN, *, most_records: int = 500
    ) -> AsyncIterator[MemoryHubUnderTest]:
        hub = MemoryHubUnderTest(chain)
        await hub.start(most_records=most_records)
        yield hub

    return make


@pytest.fixture
async def hub(a_hub) -> AsyncIterator[HubUnderTest]:
    """A started hub of either kind, with the product's chain."""
    async with a_hub() as hub:
        yield hub
