"""Passes on the real Kafka and PostgreSQL: exactly once for readers of committed records, whoever dies or is away."""

import asyncio
import json
import re
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import orjson
import psycopg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from sqlalchemy.engine import make_url

from connectors.fhir_api.settings import FhirSender
from connectors.kafka_in.inbound import answers_pass, flags_pass
from connectors.kafka_in.settings import Answering, Flagging
from connectors.kafka_out.outbound import pass_for
from connectors.kafka_out.settings import KafkaReceiver
from deploy.composition import known_codes
from deploy.configuration.load import DEMO, load
from deploy.generating.examples import record_from_example
from deploy.passes import read_as_at_the_door
from hub import codec
from hub.disclosure import ReceiverKind
from hub.errors import Unavailable
from hub.ledger import LEDGER, REFERRAL_LEDGER
from hub.passing import Heard, Pass, Say, Step, Told
from hub.processor import IN_TOPICS
from hub.records import (
    AlertNotice,
    AlertStatus,
    CarerFlagEvent,
    CarerReferral,
    InvolvementAlert,
    ReferralOutcome,
    ReferralOutcomeKind,
)
from hub.runtime import lag as lag_module
from hub.runtime import passes as passes_module
from hub.runtime import passing as passing_module
from hub.runtime import passing_session as session_module
from hub.runtime.connection import KafkaConnection
from hub.runtime.passes import Passes
from hub.runtime.projecting import Read, projected
from hub.store.door import PostgresDoor
from hub.store.engine import engine_for
from hub.store.ledger import PostgresLedger
from hub.store.read_models import PostgresReadModels
from hub.store.setup import prepare
from tests.integration.mortal import MortalProducer, Points

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "schemas/examples"
READ_IT = ROOT / "connectors/kafka_out/README.md"
SPACE = UUID("6f5a3d3e-6f0b-5e39-9b80-1c0c5a2e7b11")
WHILE_AGO = datetime.now(UTC).replace(microsecond=0) - timedelta(days=20)
"""An answer is of the last 28 days, and the broker has a clock of its own."""


def example(record, path):
    return record_from_example(record, json.loads((EXAMPLES / path).read_text()))


RAISED = example(InvolvementAlert, "alert.involvement.v1/raised.json")
REFERRED = example(CarerReferral, "referral.support.v1/raised.json")
ANSWERED = example(ReferralOutcome, "outcome.referral.v1/accepted.json")
FLAGGED = example(CarerFlagEvent, "from.ods.carer-flag.v1/as-the-supplier-sends-it.json")
PARTITIONS = 2


def alert(trust: str, number: int, version: int = 1, **changes) -> InvolvementAlert:
    own = uuid5(SPACE, f"{trust}-{number}")
    return replace(RAISED, alert_id=own, version=version, **{"trust_ods": trust, **changes})


def referral(service: str, number: int, version: int = 1, **changes) -> CarerReferral:
    own = uuid5(SPACE, f"{service}-{number}")
    return replace(
        REFERRED, referral_id=own, version=version, region=1, service_ods=service, **changes
    )


def answer(to: CarerReferral, kind=ReferralOutcomeKind.ACCEPTED, **changes) -> ReferralOutcome:
    return replace(
        ANSWERED,
        referral_id=to.referral_id,
        kind=kind,
        event_id=uuid5(SPACE, f"{to.referral_id}-{kind}"),
        **{"referral_version": 1, "occurred_at": WHILE_AGO, **changes},
    )


def elsewhere(given: Pass, topics: dict[str, str]) -> Pass:
    """The product's pass, between topics of a case's own."""

    async def steps(records: Sequence[Heard], told: Told) -> Sequence[Step]:
        return [moved(each) for each in await given.steps(records, told)]

    def moved(step: Step) -> Step:
        if not isinstance(step, Say):
            return step
        sayings = (replace(each, topic=topics.get(each.topic, each.topic)) for each in step.sayings)
        return replace(step, sayings=tuple(sayings))

    return replace(
        given,
        reads=tuple((topics.get(topic, topic), number) for topic, number in given.reads),
        writes=frozenset(topics.get(each, each) for each in given.writes),
        steps=steps,
    )


@dataclass
class FaultyDoor:
    """The product's door, behind a database that may be away."""

    inner: PostgresDoor
    away: bool = False

    def keep_refused(self, refused) -> None:
        if self.away:
            raise Unavailable("The database is away.")
        self.inner.keep_refused(refused)


@dataclass
class Ground:
    """What all cases share."""

    kafka: KafkaConnection
    engine: object
    models: PostgresReadModels
    admin: AIOKafkaAdminClient
    producer: AIOKafkaProducer
    reader: AIOKafkaConsumer


@dataclass
class Case:
    ground: Ground
    trust: str
    service: str
    practice: str
    alerts: str
    referrals: str
    outcomes: str
    flags: str
    door: FaultyDoor

    # What runs

    @property
    def to_trust(self) -> Pass:
        receiver = KafkaReceiver(self.trust, ReceiverKind.TRUST)
        return elsewhere(pass_for(receiver, PARTITIONS), {"alert.involvement.v1": self.alerts})

    @property
    def to_service(self) -> Pass:
        receiver = KafkaReceiver(self.service, ReceiverKind.SERVICE)
        return elsewhere(pass_for(receiver, PARTITIONS), {"referral.support.v1": self.referrals})

    def from_service(self, patience: float = 60) -> Pass:
        service = Answering(self.service, 0, patience)
        given = answers_pass(service, PostgresLedger(self.ground.engine))
        return elsewhere(given, {"outcome.referral.v1": self.outcomes})

    @property
    def from_practice(self) -> Pass:
        sender = FhirSender(
            name=f"{self.practice.lower()}-kafka",
            ods_code=self.practice,
            is_trust=False,
            regions=(0, 1),
            knows=known_codes(load(DEMO, {})),
            test_numbers="accept",
        )
        given = flags_pass(
            Flagging(sender.name, self.practice, (0, 1)), read_as_at_the_door(sender, None)
        )
        return elsewhere(given, {"gp.carer-flag.v1": self.flags, "person.decision.v1": self.flags})

    @asynccontextmanager
    async def running(self, *given: Pass, hub_id: str = "one") -> AsyncIterator[Passes]:
        stop = asyncio.Event()
        passes = Passes(given, hub_id, self.ground.kafka, self.door)
        task = asyncio.create_task(passes.run(stop))
        try:
            yield passes
        finally:
            stop.set()
            await task

    # What is said and seen

    async def say(
        self, topic: str, value: bytes | None, partition: int = 0, key: bytes = b"k"
    ) -> None:
        await self.ground.producer.send_and_wait(topic, value, key=key, partition=partition)

    async def say_alert(self, *alerts: InvolvementAlert, partition: int = 0) -> None:
        for each in alerts:
            value = codec.encode(each)
            await self.say(self.alerts, value, partition, each.alert_id.bytes)

    async def say_answer(self, *answers: ReferralOutcome) -> None:
        for each in answers:
            await self.say(self.from_service().reads[0][0], codec.encode(each))

    async def know(self, *referrals: CarerReferral) -> None:
        """The ledger learns of referrals."""
        read = [Read(0, 0, each.referral_id.bytes, codec.encode(each)) for each in referrals]
        batches = projected((REFERRAL_LEDGER,), read)
        await asyncio.to_thread(self.ground.models.write, batches)

    async def read(self, topic: str, partition: int = 0) -> list[ConsumerRecord]:
        """What a reader of committed records finds."""
        reader, place = self.ground.reader, TopicPartition(topic, partition)
        reader.assign([place])
        (end,) = (await reader.end_offsets([place])).values()
        reader.seek(place, 0)
        found: list[ConsumerRecord] = []
        while await reader.position(place) < end:
            found += (await reader.getmany(place, timeout_ms=200)).get(place, [])
        return found

    async def told(self, given: Pass | None = None) -> list[tuple[UUID, int, bool]]:
        (topic,) = (given or self.to_trust).writes
        notices = [codec.decode(each.value) for each in await self.read(topic)]
        return [(each.notice_id, each.version, each.withdrawn) for each in notices]

    async def passed_on(self, partition: int = 1) -> list[tuple[UUID, str]]:
        """Answers as the region reads them."""
        found = [codec.decode(each.value) for each in await self.read(self.outcomes, partition)]
        return [(each.referral_id, each.kind.value) for each in found]

    def letters(self, given: Pass) -> list[tuple[str, str, bool, bytes]]:
        query = (
            "SELECT code, expression, defect, value FROM dead_letters "
            "WHERE source = %(name)s ORDER BY first_at, value"
        )
        with self.ground.engine.begin() as connection:
            rows = connection.exec_driver_sql(query, {"name": given.name})
            return [tuple(row) for row in rows]


async def until(met: Callable[[], bool | Awaitable[bool]], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while True:
        found = met()
        if found if isinstance(found, bool) else await found:
            return
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    return iter(range(1000))


@pytest.fixture(scope="module")
def database(real_parts) -> Iterator[tuple[object, PostgresReadModels]]:
    with psycopg.connect(real_parts.database_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE passing")
    url = make_url(real_parts.database_url).set(database="passing")
    engine = engine_for(url.render_as_string(hide_password=False), connections=2)
    prepare(engine, PARTITIONS, IN_TOPICS)
    models = PostgresReadModels(engine, LEDGER)
    models.prepare()
    yield engine, models
    engine.dispose()


@pytest.fixture
async def ground(real_parts, database) -> AsyncIterator[Ground]:
    kafka = KafkaConnection(real_parts.bootstrap_servers)
    options = kafka.aiokafka_options()
    ground = Ground(
        kafka,
        *database,
        AIOKafkaAdminClient(**options),
        AIOKafkaProducer(**options, acks="all"),
        AIOKafkaConsumer(**options, isolation_level="read_committed", fetch_max_wait_ms=50),
    )
    clients = (ground.admin, ground.producer, ground.reader)
    for client in clients:
        await client.start()
    yield ground
    await ground.admin.close()
    await ground.producer.stop()
    await ground.reader.stop()


@pytest.fixture
async def case(ground, numbers, monkeypatch) -> Case:
    monkeypatch.setattr(passing_module, "LONGEST_PAUSE", 0.3)
    number = next(numbers)
    case = Case(
        ground,
        f"RT{number}",
        f"SV{number}",
        f"PR{number}",
        *(f"test.{name}.{number}" for name in ("alerts", "referrals", "outcomes", "flags")),
        FaultyDoor(PostgresDoor(ground.engine)),
    )
    inner = [case.alerts, case.referrals, case.outcomes, case.flags]
    own = [
        *case.to_trust.writes,
        *case.to_service.writes,
        case.from_service().reads[0][0],
        case.from_practice.reads[0][0],
    ]
    appended = {"message.timestamp.type": "LogAppendTime"}
    await ground.admin.create_topics(
        [
            *(NewTopic(each, PARTITIONS, 1, topic_configs=appended) for each in inner),
            *(NewTopic(each, 1, 1, topic_configs=appended) for each in own),
        ]
    )
    return case


def ids(*alerts: InvolvementAlert) -> list[tuple[UUID, int, bool]]:
    return [(each.alert_id, each.version, each.status is AlertStatus.CANCELLED) for each in alerts]


# What a trust and a service are told


async def test_a_trust_is_told_of_its_own_alerts_and_of_no_others(case):
    mine, withdrawn = alert(case.trust, 1), alert(case.trust, 1, 2, status=AlertStatus.CANCELLED)
    async with case.running(case.to_trust, case.to_service) as passes:
        await case.say_alert(mine, alert("RZZ", 2))
        await until(lambda: is_told(case, ids(mine)))
        await case.say_alert(withdrawn)
        await until(lambda: is_told(case, ids(mine, withdrawn)))  # Kafka orders no two partitions
        await case.say_alert(alert(case.trust, 3), partition=1)
        asked = referral(case.service, 4)
        await case.say(case.referrals, codec.encode(asked), 1)
        await until(lambda: is_told(case, ids(mine, withdrawn, alert(case.trust, 3))))
        await until(lambda: is_told(case, [(asked.referral_id, 1, False)], case.to_service))
        assert all(check.ok for check in passes.checks())
    first, second, _ = await case.read(*case.to_trust.writes)
    assert first.key == mine.alert_id.bytes
    assert dict(first.headers) == {
        "ce_specversion": b"1.0",
        "ce_id": f"{mine.alert_id}.1".encode(),
        "ce_type": next(iter(case.to_trust.writes)).encode(),
        "ce_source": b"urn:carers-hub",
        "content-type": b"application/avro",
    }
    assert b"Hale" in codec.decode_as(AlertNotice, first.value).resource
    assert b"Hale" not in second.value


async def is_told(case: Case, expected: list, given: Pass | None = None) -> bool:
    return await case.told(given) == expected


async def test_what_is_withdrawn_before_it_was_told_is_never_told(case):
    first = alert(case.trust, 1)
    gone = alert(case.trust, 1, 2, status=AlertStatus.CANCELLED)
    born_gone = alert(case.trust, 2, status=AlertStatus.CANCELLED)
    last = alert(case.trust, 3, 2)
    await case.say_alert(first, gone, born_gone, alert(case.trust, 3), last)
    async with case.running(case.to_trust):
        await until(lambda: is_told(case, ids(last)))
        back = alert(case.trust, 1, 3)
        await case.say_alert(back)
        await until(lambda: is_told(case, ids(last, back)))


async def test_nothing_is_told_twice_when_the_process_is_started_again(case):
    one, two = alert(case.trust, 1), alert(case.trust, 2)
    async with case.running(case.to_trust):
        await case.say_alert(one)
        await until(lambda: is_told(case, ids(one)))
    await case.say_alert(two)
    async with case.running(case.to_trust):
        await until(lambda: is_told(case, ids(one, two)))


async def test_no_version_goes_back_when_the_position_was_lost(case):
    """A broker forgets positions that were not kept for a week. Another hub id stands for that: it has none."""
    old, new = alert(case.trust, 1), alert(case.trust, 1, 2)
    never = alert(case.trust, 2, 4, status=AlertStatus.CANCELLED)
    await case.say_alert(old, new)
    async with case.running(case.to_trust):
        await until(lambda: is_told(case, ids(new)))
    await case.say_alert(never)
    after = alert(case.trust, 3)
    await case.say_alert(after)
    async with case.running(case.to_trust, hub_id="two"):
        await until(lambda: is_told(case, ids(new, after)))
        gone = alert(case.trust, 1, 3, status=AlertStatus.CANCELLED)
        await case.say_alert(gone)
        await until(lambda: is_told(case, ids(new, after, gone)))


async def test_what_is_no_record_is_kept_and_holds_up_nobody(case):
    async with case.running(case.to_trust) as passes:
        await case.say(case.alerts, b"no record")
        await case.say(case.alerts, None)
        await case.say_alert(alert(case.trust, 1))
        await until(lambda: is_told(case, ids(alert(case.trust, 1))))
        assert passes.passings[0].counts.refused == 1
    assert case.letters(case.to_trust) == [("no-magic-byte", "", False, b"no record")]


async def test_a_record_that_meets_a_fault_of_ours_is_kept_and_holds_up_nobody(case):
    faulty = codec.encode(alert(case.trust, 1))
    given = case.to_trust

    async def steps(records: Sequence[Heard], told: Told) -> Sequence[Step]:
        if any(each.value == faulty for each in records):
            raise ZeroDivisionError
        return await given.steps(records, told)

    await case.say_alert(alert(case.trust, 1), alert(case.trust, 2))
    async with case.running(replace(given, steps=steps)):
        await until(lambda: is_told(case, ids(alert(case.trust, 2))))
    assert case.letters(given) == [("ZeroDivisionError", "", True, faulty)]


async def test_a_fault_of_ours_in_record_after_record_stops_the_pass_and_no_other(case):
    async def steps(records: Sequence[Heard], told: Told) -> Sequence[Step]:
        raise ZeroDivisionError

    for number in range(25):
        await case.say_alert(alert(case.trust, number))
    await case.say(case.referrals, codec.encode(referral(case.service, 1)), 1)
    async with case.running(replace(case.to_trust, steps=steps), case.to_service) as passes:
        await until(lambda: "stopped" in passes.checks()[0].why)
        await until(lambda: passes.checks()[1].ok)
        assert not passes.checks()[0].ok
    assert case.letters(case.to_trust) == []


# Whoever dies


@pytest.mark.parametrize(
    "point", ["opened", "begun", "one sent", "all sent", "position sent", "committed"]
)
async def test_everything_is_passed_on_exactly_once_wherever_a_pass_dies(case, monkeypatch, point):
    points = Points(point)
    monkeypatch.setattr(MortalProducer, "points", points, raising=False)
    monkeypatch.setattr(session_module, "AIOKafkaProducer", MortalProducer)
    monkeypatch.setattr(session_module, "MOST_RECORDS", 2)
    monkeypatch.setattr(passing_module, "AGAIN_SECONDS", 0.01)
    alerts = [alert(case.trust, number) for number in range(5)]
    asked = [referral(case.service, number) for number in range(3)]
    await case.know(asked[0], asked[2])
    await case.say_alert(*alerts)
    await case.say_answer(*(answer(each) for each in asked))
    async with case.running(case.to_trust, case.from_service()) as passes:
        await until(lambda: is_told(case, ids(*alerts)))
        await until(lambda: is_passed_on(case, (asked[0], "accepted"), (asked[2], "accepted")))
        await case.know(asked[1])
        expected = [(asked[number], "accepted") for number in (0, 2, 1)]
        await until(lambda: is_passed_on(case, *expected))
        await until(lambda: all(check.ok for check in passes.checks()))
    assert points.deaths == 2
    assert await case.told() == ids(*alerts)
    assert await is_passed_on(case, *expected)


async def is_passed_on(case: Case, *expected: tuple[CarerReferral, str]) -> bool:
    return await case.passed_on() == [(each.referral_id, kind) for each, kind in expected]


async def test_a_second_process_takes_over_and_the_first_comes_back_when_it_has_gone(
    case, monkeypatch
):
    monkeypatch.setattr(passing_module, "FENCED_SECONDS", 0.5)
    alerts = [alert(case.trust, number) for number in range(4)]
    async with case.running(case.to_trust) as first:
        await case.say_alert(alerts[0])
        await until(lambda: is_told(case, ids(alerts[0])))
        monkeypatch.setattr(passing_module, "FENCED_SECONDS", 3600.0)
        async with case.running(case.to_trust) as second:
            await until(lambda: second.checks()[0].ok)
            await case.say_alert(alerts[1])
            await until(lambda: is_told(case, ids(*alerts[:2])))
            await until(lambda: first.passings[0].standby)
            assert first.checks()[0].ok
            assert second.passings[0].counts.said == 1
            assert first.passings[0].counts.said == 1
            await case.say_alert(alerts[2])
            await until(lambda: is_told(case, ids(*alerts[:3])))
    async with case.running(case.to_trust):
        await case.say_alert(alerts[3])
        await until(lambda: is_told(case, ids(*alerts)))


async def test_a_fenced_process_goes_on_when_the_other_has_gone(case, monkeypatch):
    monkeypatch.setattr(passing_module, "FENCED_SECONDS", 0.2)
    alerts = [alert(case.trust, number) for number in range(6)]
    async with case.running(case.to_trust) as first, case.running(case.to_trust) as second:
        for number, each in enumerate(alerts, start=1):
            await case.say_alert(each)
            await until(lambda number=number: is_told(case, ids(*alerts[:number])))
        said = [each.passings[0].counts.said for each in (first, second)]
        assert sum(said) == len(alerts)


# Whoever is away


async def test_a_receiver_without_a_topic_delays_only_itself(case):
    nobody = KafkaReceiver(f"{case.trust}X", ReceiverKind.TRUST)
    missing = elsewhere(pass_for(nobody, PARTITIONS), {"alert.involvement.v1": case.alerts})
    await case.say_alert(alert(nobody.ods_code, 1), alert(case.trust, 1))
    async with case.running(missing, case.to_trust) as passes:
        await until(lambda: is_told(case, ids(alert(case.trust, 1))))
        await until(lambda: passes.checks()[1].ok)
        check = passes.checks()[0]
        assert (check.name, check.ok) == (f"pass {nobody.name}", False)
        await until(lambda: nobody.topic in passes.checks()[0].why)
        await case.ground.admin.create_topics([NewTopic(nobody.topic, 1, 1)])
        await until(lambda: is_told(case, ids(alert(nobody.ods_code, 1)), missing))
        await until(lambda: all(check.ok for check in passes.checks()))


async def test_a_topic_that_goes_away_while_it_is_told_is_said_by_name(case, monkeypatch):
    monkeypatch.setattr(session_module, "REQUEST_MS", 1_000)
    async with case.running(case.to_trust, case.to_service) as passes:
        await until(lambda: all(check.ok for check in passes.checks()))
        await case.ground.admin.delete_topics(list(case.to_trust.writes))
        await case.say_alert(alert(case.trust, 1))
        await case.say(case.referrals, codec.encode(referral(case.service, 1)), 1)
        mine = [(referral(case.service, 1).referral_id, 1, False)]
        await until(lambda: is_told(case, mine, case.to_service))
        await until(lambda: next(iter(case.to_trust.writes)) in passes.checks()[0].why)
        assert passes.checks()[1].ok


async def test_a_dead_letter_that_cannot_be_kept_is_waited_for(case):
    case.door.away = True
    async with case.running(case.to_trust) as passes:
        await case.say(case.alerts, b"no record")
        await case.say_alert(alert(case.trust, 1))
        await until(lambda: passes.checks()[0].why == "The database is away.")
        assert await case.told() == []
        case.door.away = False
        await until(lambda: is_told(case, ids(alert(case.trust, 1))))
    assert len(case.letters(case.to_trust)) == 1


async def test_what_was_aborted_is_stepped_over(case):
    given = case.to_trust
    writer = AIOKafkaProducer(**case.ground.kafka.aiokafka_options(), transactional_id=case.alerts)
    await writer.start()
    async with case.running(given) as passes:
        await until(lambda: passes.checks()[0].ok)
        await writer.begin_transaction()
        await writer.send_and_wait(case.alerts, codec.encode(alert(case.trust, 1)), partition=0)
        await writer.abort_transaction()
        await writer.stop()
        place = TopicPartition(case.alerts, 0)
        end = (await case.ground.reader.end_offsets([place]))[place]
        assert end == 2  # the record and the mark
        await until(lambda: passes.passings[0].places[0].reached() == end)
        assert await case.told() == []


async def test_a_turn_that_never_ends_is_given_up_and_begun_anew(case, monkeypatch):
    monkeypatch.setattr(passing_module, "TURN_SECONDS", 1.0)
    given, hung = case.to_trust, []

    async def steps(records: Sequence[Heard], told: Told) -> Sequence[Step]:
        if not hung:
            hung.append(True)
            await asyncio.Event().wait()
        return await given.steps(records, told)

    await case.say_alert(alert(case.trust, 1))
    async with case.running(replace(given, steps=steps)):
        await until(lambda: is_told(case, ids(alert(case.trust, 1))))


class DeafConsumer(AIOKafkaConsumer):
    """The first one of a case hears nothing."""

    deaf: set[int]

    async def getmany(self, *partitions, **how):
        if not self.deaf:
            self.deaf.add(id(self))
        if id(self) in self.deaf:
            await asyncio.sleep(0.05)
            return {}
        return await super().getmany(*partitions, **how)


async def test_a_pass_that_stands_still_is_named_and_begun_anew(case, monkeypatch):
    monkeypatch.setattr(DeafConsumer, "deaf", set(), raising=False)
    monkeypatch.setattr(session_module, "AIOKafkaConsumer", DeafConsumer)
    monkeypatch.setattr(passes_module, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(lag_module, "STILL_SECONDS", 0.2)
    monkeypatch.setattr(passes_module, "STUCK_SECONDS", 1.0)
    await case.say_alert(alert(case.trust, 1))
    async with case.running(case.to_trust) as passes:
        await until(lambda: "stands still at partition 0" in passes.checks()[0].why)
        assert not passes.checks()[0].ok
        await until(lambda: is_told(case, ids(alert(case.trust, 1))))
        await until(lambda: passes.checks()[0].ok)


# What a service answers


async def test_an_answer_goes_to_the_region_of_its_referral(case):
    asked = referral(case.service, 1)
    await case.know(asked)
    said = answer(asked, occurred_at=WHILE_AGO, region=0, source="somebody-else", by="w-3")
    async with case.running(case.from_service()):
        await case.say_answer(said)
        await until(lambda: is_passed_on(case, (asked, "accepted")))
    (record,) = await case.read(case.outcomes, 1)
    event = codec.decode_as(ReferralOutcome, record.value)
    assert (event.region, event.agreement_id) == (1, asked.agreement_id)
    assert (event.source, event.organisation_ods) == (f"kafka_in-{case.service}", case.service)
    assert event.recorded_at == WHILE_AGO
    assert record.key == asked.referral_id.bytes
    assert event.received_at > WHILE_AGO


async def test_the_same_answer_twice_is_one_event(case):
    asked = referral(case.service, 1)
    await case.know(asked)
    async with case.running(case.from_service()):
        await case.say_answer(answer(asked), answer(asked))
        await until(lambda: is_passed_on(case, (asked, "accepted"), (asked, "accepted")))
    events = [codec.decode(each.value).event_id for each in await case.read(case.outcomes, 1)]
    assert len(set(events)) == 1


async def test_a_time_that_has_not_come_is_the_brokers(case):
    asked = referral(case.service, 1)
    await case.know(asked)
    async with case.running(case.from_service()):
        await case.say_answer(answer(asked, occurred_at=datetime(2999, 1, 1, tzinfo=UTC)))
        await until(lambda: is_passed_on(case, (asked, "accepted")))
    (record,) = await case.read(case.outcomes, 1)
    (sent,) = await case.read(case.from_service().reads[0][0])
    event = codec.decode_as(ReferralOutcome, record.value)
    appended = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=sent.timestamp)
    assert event.recorded_at == event.occurred_at == event.received_at == appended


async def test_a_referral_of_others_and_one_that_is_nowhere_end_alike(case):
    others, nowhere, mine = referral("SVX", 1), referral(case.service, 2), referral(case.service, 3)
    await case.know(others, mine)
    given = case.from_service(patience=0.3)
    await case.say_answer(answer(others), answer(nowhere), answer(mine))
    async with case.running(given):
        await until(lambda: len(case.letters(given)) == 2)
        await until(lambda: is_passed_on(case, (mine, "accepted")))
    kinds = {(code, expression, defect) for code, expression, defect, _ in case.letters(given)}
    assert kinds == {("no-such-referral", "referral_id", False)}
    assert {value for *_, value in case.letters(given)} == {
        codec.encode(answer(each)) for each in (others, nowhere)
    }


async def test_an_answer_waits_for_the_ledger_and_holds_up_no_other_referral(case):
    late, known = referral(case.service, 1), referral(case.service, 2)
    await case.know(known)
    accepted, closed = answer(late), answer(late, ReferralOutcomeKind.ENGAGED)
    await case.say_answer(accepted, answer(known), closed)
    async with case.running(case.from_service()) as passes:
        await until(lambda: is_passed_on(case, (known, "accepted")))
        await until(lambda: passes.passings[0].counts.held == 2)
    async with case.running(case.from_service()) as passes:
        await until(lambda: passes.passings[0].counts.held == 2)
        await case.know(late)
        await until(
            lambda: is_passed_on(case, (known, "accepted"), (late, "accepted"), (late, "engaged"))
        )
        await until(lambda: passes.passings[0].counts.held == 0)
    assert case.letters(case.from_service()) == []


async def test_an_answer_to_a_version_that_the_ledger_has_not_seen_waits_for_it(case):
    asked = referral(case.service, 1)
    await case.know(asked)
    await case.say_answer(answer(asked, referral_version=2))
    async with case.running(case.from_service()) as passes:
        await until(lambda: passes.passings[0].counts.held == 1)
        await case.know(replace(asked, version=2))
        await until(lambda: is_passed_on(case, (asked, "accepted")))


async def test_a_pass_that_holds_back_all_it_may_reads_no_further(case, monkeypatch):
    monkeypatch.setattr(session_module, "MOST_HELD_BACK", 3)
    unknown = [referral(case.service, number) for number in range(3)]
    known = referral(case.service, 9)
    await case.know(known)
    await case.say_answer(*(answer(each) for each in unknown), answer(known))
    async with case.running(case.from_service()) as passes:
        await until(lambda: passes.passings[0].counts.held == 3)
        assert passes.passings[0].counts.heard == 3
        assert await case.passed_on() == []
        await case.know(unknown[1])
        await until(lambda: is_passed_on(case, (unknown[1], "accepted"), (known, "accepted")))


async def test_poison_of_a_service_is_kept_and_holds_up_nobody(case):
    asked, given = referral(case.service, 1), case.from_service()
    await case.know(asked)
    poison = [b"no record", codec.encode(RAISED), bytes(5000)]
    async with case.running(given):
        for each in poison:
            await case.say(given.reads[0][0], each)
        await case.say(given.reads[0][0], None)
        await case.say_answer(
            answer(asked, ReferralOutcomeKind.DECLINED, reason="because"), answer(asked)
        )
        await until(lambda: is_passed_on(case, (asked, "accepted")))
    assert sorted(code for code, *_ in case.letters(given)) == [
        "no-magic-byte",
        "no-value",
        "other-record",
        "too-large",
        "unknown-reason",
    ]


# What a practice says of carers


async def test_a_carer_flag_goes_to_each_region_of_its_sender(case):
    given = case.from_practice
    broken = orjson.loads(FLAGGED.resource)
    broken["entry"][0]["resource"]["birthDate"] = "yesterday"
    async with case.running(given):
        await case.say(
            given.reads[0][0],
            codec.encode(replace(FLAGGED, resource=orjson.dumps(broken), region=7)),
        )
        await case.say(given.reads[0][0], codec.encode(replace(FLAGGED, region=7, source="x")))
        await until(lambda: is_heard(case, 0))
        await until(lambda: is_heard(case, 1))
    for region in (0, 1):
        (record,) = await case.read(case.flags, region)
        event = codec.decode_as(CarerFlagEvent, record.value)
        assert (event.source, event.region) == (given.name, region)
        assert event.resource == FLAGGED.resource
        assert event.recorded_at <= event.received_at
        assert record.key == event.source_record.bytes
    ((code, expression, defect, _),) = case.letters(given)
    assert (code, defect) == ("value", False)
    assert expression == "Bundle.entry[0].resource.birthDate"


async def is_heard(case: Case, region: int) -> bool:
    return len(await case.read(case.flags, region)) == 1


# How an organisation reads its topic


async def test_the_readme_shows_how_to_read_a_topic(case):
    (program,) = re.findall(r"^```python\n(.*?)^```", READ_IT.read_text(), re.DOTALL | re.MULTILINE)
    for here, there in (
        ('"to.rwe.alert.v1"', repr(next(iter(case.to_trust.writes)))),
        ('"127.0.0.1:9092"', repr(case.ground.kafka.bootstrap_servers)),
        ('"worklist"', repr(case.trust)),
    ):
        assert program.count(here) == 1
        program = program.replace(here, there)
    mine, gone = alert(case.trust, 1), alert(case.trust, 1, 2, status=AlertStatus.CANCELLED)
    async with case.running(case.to_trust):
        await case.say_alert(mine)
        await until(lambda: is_told(case, ids(mine)))
        await case.say_alert(gone)
        await until(lambda: is_told(case, ids(mine, gone)))
    reading = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(60):
            lines = [await reading.stdout.readline() for _ in range(2)]
    finally:
        reading.kill()
        await reading.wait()
    assert [each.decode().split() for each in lines] == [
        [str(mine.alert_id), "1", "False", "requested"],
        [str(mine.alert_id), "2", "True", "cancelled"],
    ]
