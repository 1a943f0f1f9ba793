"""Topics on real brokers: made, grown, changed, looked at, refused."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from hub import codec
from hub.errors import Rejected, Unavailable
from hub.records import ReminderDue
from hub.runtime.connection import KafkaConnection
from hub.runtime.topics.admin import TopicAdmin
from hub.runtime.topics.differences import TopicsRefused
from hub.runtime.topics.kafka_python import KafkaProducer
from hub.runtime.topics.plan import known_after, plan
from hub.runtime.topics.tail import tail
from hub.runtime.topics.wanted import TIMESTAMP_TYPE, WantedTopic, wanted_topics
from hub.topics import HUB_OUTBOX_POSITION, HUB_REMINDER, TOPICS

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def connection(real_parts) -> KafkaConnection:
    return KafkaConnection(real_parts.bootstrap_servers)


@pytest.fixture
def admin(connection) -> Iterator[TopicAdmin]:
    with TopicAdmin(connection) as one:
        yield one


@pytest.fixture
def wanted() -> tuple[WantedTopic, ...]:
    """All topics of two regions, under names of this test's own: the brokers are shared."""
    mark = uuid4().hex[:8]
    return tuple(
        replace(topic, name=f"t{mark}.{topic.name}")
        for topic in wanted_topics(TOPICS, regions=2, organisations=[("RWE", "trust")])
    )


def applied(admin: TopicAdmin, wanted, regions=("llr", "leeds")):
    admin.apply(plan(admin.cluster(), wanted, regions=regions, copies=3))


def test_topics_are_made_once_and_are_then_as_planned(admin, wanted):
    applied(admin, wanted)
    cluster = admin.cluster()
    assert plan(cluster, wanted, regions=("llr", "leeds"), copies=3) == ()
    for topic in wanted:
        found = cluster.topics[topic.name]
        assert (found.partitions, found.copies) == (topic.partitions, 1)
        assert found.settings.items() >= topic.settings.items()
    applied(admin, wanted)


def test_an_appended_region_adds_partitions_that_are_there_when_apply_returns(admin, wanted):
    applied(admin, wanted)
    grown = [replace(each, partitions=3) if each.by_region else each for each in wanted]
    applied(admin, grown, regions=("llr", "leeds", "kent"))
    topics = admin.cluster().topics
    assert {topics[each.name].partitions for each in grown if each.by_region} == {3}


def test_a_changed_retention_is_put_right(admin, wanted):
    first = next(each for each in wanted if "retention.ms" in each.settings)
    changed = replace(first, settings={**first.settings, "retention.ms": "3600000"})
    applied(admin, [changed])
    assert admin.cluster().topics[first.name].settings["retention.ms"] == "3600000"
    applied(admin, [first])
    found = admin.cluster().topics[first.name].settings["retention.ms"]
    assert found == first.settings["retention.ms"]


def test_senders_time_on_a_topic_is_refused_and_nothing_is_done(admin, wanted):
    wrong = replace(wanted[0], settings={**wanted[0].settings, TIMESTAMP_TYPE: "CreateTime"})
    applied(admin, [wrong])
    with pytest.raises(TopicsRefused, match=r"message.timestamp.type is CreateTime"):
        applied(admin, wanted[:2])
    assert wanted[1].name not in admin.cluster().topics


def test_a_deleted_topic_and_one_made_anew_are_refused(admin, connection, wanted):
    from aiokafka.admin import AIOKafkaAdminClient

    first = wanted[:1]
    applied(admin, first)
    known = known_after(admin.cluster(), first, ("llr", "leeds"))

    async def delete() -> None:
        client = AIOKafkaAdminClient(bootstrap_servers=connection.bootstrap_servers)
        await client.start()
        await client.delete_topics([first[0].name])
        await client.close()

    import asyncio

    asyncio.run(delete())

    def again():
        return plan(admin.cluster(), first, regions=("llr", "leeds"), copies=1, known=known)

    assert "was deleted, so what it held is gone" in str(again()[0])
    applied(admin, first)
    assert "was deleted and made anew" in str(again()[0])


def test_the_brokers_version_and_clock(admin, wanted):
    position = [each for each in wanted if each.name.endswith(HUB_OUTBOX_POSITION.name)]
    applied(admin, position)
    assert admin.cluster().version >= (4, 0)
    difference = admin.broker_clock(position[0].name) - datetime.now(UTC)
    assert abs(difference) < timedelta(seconds=2)


def test_a_broker_that_does_not_answer_is_unavailable_at_once():
    with pytest.raises(Unavailable, match="Connection refused"):
        TopicAdmin(KafkaConnection("127.0.0.1:1"))


def test_a_server_that_is_no_broker_is_unavailable_in_time(real_parts):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        servers = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(Unavailable, match=f"Kafka at {servers}"):
            TopicAdmin(KafkaConnection(servers), within_seconds=1)


def test_tail_shows_ids_and_never_content(admin, connection, wanted):
    topic = next(each.name for each in wanted if each.name.endswith(HUB_REMINDER.name))
    applied(admin, [each for each in wanted if each.name == topic])
    reminder = a_reminder()
    producer = KafkaProducer(bootstrap_servers=connection.bootstrap_servers)
    producer.send(
        topic, key=str(reminder.subject).encode(), value=codec.encode(reminder), partition=1
    )
    producer.send(topic, key=b"9990000018", value=b"Peter Smith", partition=0)
    producer.send(topic, key=str(reminder.subject).encode(), value=None, partition=0)
    producer.close()
    seen = sorted(
        tail(connection, topic, from_start=True, follow=False),
        key=lambda each: (each.partition, each.offset),
    )
    assert [(each.partition, each.offset, each.key, each.record) for each in seen] == [
        (0, 0, "(not a hub id)", "(undecodable)"),
        (0, 1, str(reminder.subject), "(none)"),
        (1, 0, str(reminder.subject), "ReminderDue"),
    ]
    assert seen[2].ids["event_id"] == str(reminder.event_id)
    assert "Peter" not in str(seen)
    assert list(tail(connection, topic, from_start=False, follow=False)) == []


def test_tail_of_no_topic(connection):
    with pytest.raises(Rejected, match="There is no topic nothing"):
        list(tail(connection, "nothing", from_start=True, follow=False))


def a_reminder() -> ReminderDue:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    frame = {
        "event_id": uuid4(),
        "correlation_id": uuid4(),
        "source": "hub",
        "source_event_id": "",
        "occurred_at": now,
        "recorded_at": now,
        "received_at": now,
        "region": 1,
    }
    return ReminderDue(
        **frame, processor="p", subject=uuid4(), reminder="due", due_at=now, behind=False
    )
