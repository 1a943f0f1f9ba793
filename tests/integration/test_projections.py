"""Read models on the real Kafka and PostgreSQL: in step whatever happens, and somebody notices when they are not."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID, uuid5

import psycopg
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from sqlalchemy.engine import make_url

from connectors.portal.projection import REFERRAL_INBOX, WORKLIST
from deploy.generating.examples import record_from_example
from hub import codec
from hub.errors import Unavailable
from hub.ports.read_models import Projected
from hub.processor import IN_TOPICS
from hub.projection import Projection
from hub.records import AlertStatus, CarerReferral, InvolvementAlert
from hub.runtime.connection import KafkaConnection
from hub.runtime.projections import AgentsStopped, Projections
from hub.store.engine import engine_for
from hub.store.pages import PostgresReferralInbox, PostgresWorklist
from hub.store.read_models import PostgresReadModels
from hub.store.setup import prepare

pytestmark = pytest.mark.real

EXAMPLES = Path(__file__).parents[2] / "schemas/examples"
PARTITIONS = 2
SPACE = UUID("0b0e6a4e-9d3c-5c56-8f6c-6d1d7b0a9a11")


def example(record, path):
    return record_from_example(record, json.loads((EXAMPLES / path).read_text()))


RAISED = example(InvolvementAlert, "alert.involvement.v1/raised.json")
REFERRED = example(CarerReferral, "referral.support.v1/raised.json")


def alert(number: int, version: int = 1, **changes) -> InvolvementAlert:
    return replace(
        RAISED,
        alert_id=uuid5(SPACE, str(number)),
        version=version,
        **{"bed": f"B{number}", **changes},
    )


@dataclass(frozen=True)
class Elsewhere(Projection):
    """A projection of the product on a topic of this case's own."""

    place: str = ""

    @property
    def topic(self) -> str:
        return self.place


@dataclass(frozen=True)
class FaultyReadModels:
    """The product's tables, behind faults that a case asks for."""

    inner: PostgresReadModels
    frozen: dict[str, threading.Event] = field(default_factory=dict)
    away: threading.Event = field(default_factory=threading.Event)

    def write(self, batches: Sequence[Projected]) -> None:
        for each in batches:
            if each.model.name in self.frozen:
                self.frozen[each.model.name].wait(60)
        if self.away.is_set():
            raise Unavailable("The database is away.")
        self.inner.write(batches)

    def __getattr__(self, name):
        return getattr(self.inner, name)


@dataclass
class Case:
    kafka: KafkaConnection
    hub_id: str
    engine: object
    worklist: Elsewhere
    inbox: Elsewhere
    store: FaultyReadModels
    producer: AIOKafkaProducer

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Projections]:
        stop = asyncio.Event()
        found = Projections(
            self.hub_id, self.kafka, self.store, [self.worklist, self.inbox], PARTITIONS
        )
        task = asyncio.create_task(found.run(stop))
        try:
            yield found
        finally:
            stop.set()
            await asyncio.wait([task], timeout=20)
            if not task.done():
                task.cancel()
            elif task.exception() is not None and not isinstance(task.exception(), AgentsStopped):
                raise task.exception()

    async def say(self, record, partition: int = 0, key: UUID | None = None) -> None:
        topic = self.inbox.topic if isinstance(record, CarerReferral) else self.worklist.topic
        own = record.referral_id if isinstance(record, CarerReferral) else record.alert_id
        await self.producer.send_and_wait(
            topic, codec.encode(record), key=(key or own).bytes, partition=partition
        )

    async def say_bytes(self, value: bytes | None, key: UUID = RAISED.alert_id) -> None:
        await self.producer.send_and_wait(self.worklist.topic, value, key=key.bytes, partition=0)

    def beds(self) -> list[tuple[str, int]]:
        rows = PostgresWorklist(self.engine).open_for("RWE")
        return [(row.bed, row.version) for row in rows]

    def letters(self) -> list[tuple]:
        with self.engine.begin() as connection:
            return [
                tuple(row)
                for row in connection.exec_driver_sql(
                    'SELECT processor, topic, region, "offset", code, defect, value FROM dead_letters ORDER BY 4'
                )
            ]


async def until(met: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end
        await asyncio.sleep(0.05)


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    return iter(range(1000))


@pytest.fixture
async def case(real_parts, numbers) -> AsyncIterator[Case]:
    number = next(numbers)
    kafka = KafkaConnection(real_parts.bootstrap_servers)
    database = f"projections_{number}"
    with psycopg.connect(real_parts.database_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database}")
    url = make_url(real_parts.database_url).set(database=database)
    engine = engine_for(url.render_as_string(hide_password=False), connections=2)
    hub_id = await asyncio.to_thread(prepare, engine, PARTITIONS, IN_TOPICS)
    worklist, inbox = (
        Elsewhere(each.name, each.reads, each.table, each.rows_from, f"test.{each.name}.{number}")
        for each in (WORKLIST, REFERRAL_INBOX)
    )
    admin = AIOKafkaAdminClient(**kafka.aiokafka_options())
    await admin.start()
    await admin.create_topics([NewTopic(each.topic, PARTITIONS, 1) for each in (worklist, inbox)])
    await admin.close()
    producer = AIOKafkaProducer(**kafka.aiokafka_options(), acks="all")
    await producer.start()
    store = PostgresReadModels(engine, [worklist, inbox])
    await asyncio.to_thread(store.prepare)
    try:
        yield Case(kafka, str(hub_id), engine, worklist, inbox, FaultyReadModels(store), producer)
    finally:
        await producer.stop()
        engine.dispose()


async def test_each_read_model_shows_the_latest_version_of_every_region(case):
    await case.say(alert(1))
    async with case.running() as projections:
        await until(lambda: case.beds() == [("B1", 1)])
        await case.say(alert(2), partition=1)
        await case.say(alert(1, version=3, ward="31"))
        await case.say(alert(1, version=2, ward="32"))
        await case.say(alert(3, status=AlertStatus.COMPLETED))
        await case.say(REFERRED)
        await until(lambda: case.beds() == [("B2", 1), ("B1", 3)])
        await until(lambda: len(PostgresReferralInbox(case.engine).open_for("8J094")) == 1)
        await until(lambda: projections.agents[0].events == 5)
        assert [row.ward for row in PostgresWorklist(case.engine).open_for("RWE", ward="31")] == [
            "31"
        ]
        assert PostgresWorklist(case.engine).open_for("RRK") == []
        shown = PostgresWorklist(case.engine).open_for("RWE")[1]
        assert shown.carers[0]["name"] == "Susan Hale"
        assert shown.due_at == RAISED.due_at
        await until(lambda: all(check.ok for check in projections.checks()))


async def test_what_cannot_be_used_is_kept_and_holds_up_nobody(case):
    await case.say(alert(1))
    await case.say_bytes(b"no record")
    await case.say(alert(4, version=2**31 - 1, level=2**31 - 1, ward="a\x00b"))
    await case.say_bytes(codec.encode(REFERRED))
    await case.say(alert(2))
    async with case.running() as projections:
        await until(lambda: {bed for bed, _ in case.beds()} == {"B1", "B2", "B4"})
        await until(lambda: projections.agents[0].events == 5)
        assert projections.agents[0].refused == {"worklist": 2}
    assert case.letters() == [
        (
            "projection:worklist",
            case.worklist.topic,
            0,
            1,
            "no-magic-byte",
            False,
            b"no record",
        ),
        (
            "projection:worklist",
            case.worklist.topic,
            0,
            3,
            "other-record",
            False,
            codec.encode(REFERRED),
        ),
    ]
    assert "a\ufffdb" in [row.ward for row in PostgresWorklist(case.engine).open_for("RWE")]


async def test_what_was_erased_is_gone_and_what_comes_after_is_shown(case):
    await case.say(alert(1))
    await case.say(alert(2))
    async with case.running() as projections:
        await until(lambda: len(case.beds()) == 2)
        await case.say_bytes(None, alert(1).alert_id)
        await until(lambda: case.beds() == [("B2", 1)])
        await case.say(alert(1, version=1))
        await until(lambda: len(case.beds()) == 2)
        assert projections.agents[0].refused.total() == 0


async def test_an_agent_that_stands_still_is_named_within_thirty_seconds(case):
    async with case.running() as projections:
        await case.say(alert(1))
        await case.say(REFERRED)
        await until(lambda: case.beds() and all(check.ok for check in projections.checks()))
        go_on = case.store.frozen["worklist"] = threading.Event()
        await case.say(alert(2))
        frozen_at = time.monotonic()

        def failing():
            return [check for check in projections.checks() if not check.ok]

        await until(failing, 30)
        assert time.monotonic() - frozen_at < 30
        assert [check.name for check in failing()] == ["projection worklist"]
        assert "partition 0" in failing()[0].why
        await case.say(replace(REFERRED, version=2))
        inbox = PostgresReferralInbox(case.engine)
        await until(lambda: inbox.open_for("8J094")[0].version == 2)
        go_on.set()
        await until(lambda: not failing())
        assert len(case.beds()) == 2


async def test_a_database_that_is_away_is_waited_for(case):
    async with case.running() as projections:
        await case.say(alert(1))
        await until(lambda: case.beds() == [("B1", 1)])
        case.store.away.set()
        await case.say(alert(1, version=2))
        await until(lambda: not {c.name: c.ok for c in projections.checks()}["database"])
        case.store.away.clear()
        await until(lambda: case.beds() == [("B1", 2)])
        await until(lambda: {c.name: c.ok for c in projections.checks()}["database"])


async def test_what_was_read_but_not_written_when_it_stopped_is_read_again(case):
    async with case.running():
        await case.say(alert(1))
        await until(lambda: case.beds() == [("B1", 1)])
        case.store.away.set()
        await case.say(alert(1, version=2))
        await case.say(alert(2), partition=1)
        await asyncio.sleep(1)
    case.store.away.clear()
    async with case.running():
        await until(lambda: case.beds() == [("B1", 2), ("B2", 1)])


async def test_records_of_an_aborted_transaction_change_nothing_in_the_end(case):
    """Faust reads them; what the relay sends is final and is sent again, so they are the same."""
    relay = AIOKafkaProducer(
        **case.kafka.aiokafka_options(), transactional_id=case.worklist.topic, acks="all"
    )
    await relay.start()
    try:
        async with case.running() as projections:
            for ending in (relay.abort_transaction, relay.commit_transaction):
                await relay.begin_transaction()
                said = alert(1, version=2)
                await relay.send_and_wait(
                    case.worklist.topic, codec.encode(said), key=said.alert_id.bytes, partition=0
                )
                await ending()
            await until(lambda: projections.agents[0].events == 2)
            assert case.beds() == [("B1", 2)]
            await asyncio.sleep(13)  # longer than an agent may stand still
            assert all(check.ok for check in projections.checks())
    finally:
        await relay.stop()


async def test_a_rebuild_empties_the_tables_and_reads_everything_again(case):
    await case.say(alert(1))
    async with case.running() as projections:
        await until(lambda: case.beds() == [("B1", 1)])
        first = projections.group
        await asyncio.to_thread(case.store.rebuild)
        assert case.beds() == []
    async with case.running() as projections:
        await until(lambda: case.beds() == [("B1", 1)])
        assert projections.group != first


async def test_a_database_that_went_back_is_noticed_and_everything_is_read_again(case):
    await case.say(alert(1))
    async with case.running():
        await until(lambda: case.beds() == [("B1", 1)])
        await asyncio.sleep(1.5)  # offsets are committed each second
    with case.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM worklist")
        connection.exec_driver_sql("DELETE FROM read_positions")
    async with case.running():
        await until(lambda: case.beds() == [("B1", 1)])


async def test_a_table_of_another_shape_is_made_anew(case):
    await case.say(alert(1))
    async with case.running():
        await until(lambda: case.beds() == [("B1", 1)])
    with case.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE worklist DROP COLUMN bed")
        connection.exec_driver_sql("UPDATE read_models SET shape = 'as it was before'")
    await asyncio.to_thread(case.store.prepare)
    async with case.running():
        await until(lambda: case.beds() == [("B1", 1)])
