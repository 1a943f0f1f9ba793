"""What the publisher makes of a broker's answers; the broker itself stands in the integration tests."""

import asyncio
from dataclasses import replace

import pytest
from aiokafka.errors import (
    KafkaError,
    MessageSizeTooLargeError,
    NotLeaderForPartitionError,
    OutOfOrderSequenceNumber,
)
from aiokafka.producer.message_accumulator import BatchBuilder

from hub.errors import Rejected, Unavailable
from hub.runtime import publisher as runtime_publisher
from hub.runtime.connection import KafkaConnection
from hub.runtime.publisher import BATCH_BYTES, MOST_BYTES, KafkaPublisher
from hub.testing.people import ADA
from hub.testing.visits import Visit, encounter

EVENT = encounter("A01", "2026-11-23 09:00", Visit(patient=ADA))


def ended(error: KafkaError | None = None) -> asyncio.Future:
    """An append that the broker has answered."""
    append = asyncio.get_running_loop().create_future()
    if error is None:
        append.set_result(None)
    else:
        append.set_exception(error)
    return append


class Producer:
    """A producer that fails as it is told, and says when it was stopped."""

    def __init__(self, fails: KafkaError | None = None) -> None:
        self.fails, self.sent, self.stopped = fails, 0, False
        self.batches: list[int] = []

    async def send(self, *_, **__):
        self.sent += 1
        return ended(self.fails)

    def create_batch(self):
        return BatchBuilder(BATCH_BYTES, 0)

    async def send_batch(self, batch, topic, *, partition):
        self.sent += batch.record_count()
        self.batches.append(batch.size())
        return ended(self.fails)

    async def stop(self):
        self.stopped = True


def publisher(producer: Producer) -> KafkaPublisher:
    made = KafkaPublisher(KafkaConnection("nowhere:9092"))
    made._producer = producer
    return made


async def test_an_event_that_no_broker_takes_is_refused_and_the_producer_goes_on():
    producer = Producer()
    mine = publisher(producer)
    with pytest.raises(Rejected) as caught:
        await mine.publish(replace(EVENT, original=b"x" * MOST_BYTES), EVENT.event_id)
    assert caught.value.code == "too-large"
    await mine.publish(EVENT, EVENT.event_id)
    assert (producer.sent, producer.stopped) == (1, False)


async def test_of_many_events_none_is_said_when_one_is_too_large():
    producer = Producer()
    mine = publisher(producer)
    large = replace(EVENT, original=b"x" * MOST_BYTES)
    with pytest.raises(Rejected):
        await mine.publish_all([(each, each.event_id) for each in (EVENT, large)])
    assert producer.sent == 0
    await mine.publish_all([(EVENT, EVENT.event_id)] * 3)
    assert (producer.sent, len(producer.batches)) == (3, 1)


async def test_many_events_go_in_as_many_batches_as_they_need_and_none_is_left_out():
    producer = Producer()
    big = replace(EVENT, original=b"x" * (BATCH_BYTES // 3))
    await publisher(producer).publish_all([(big, big.event_id)] * 7 + [(EVENT, EVENT.event_id)])
    assert producer.sent == 8
    assert len(producer.batches) == 4
    assert max(producer.batches) <= BATCH_BYTES


async def test_one_event_larger_than_a_batch_is_a_batch():
    producer = Producer()
    large = replace(EVENT, original=b"x" * (2 * BATCH_BYTES))
    await publisher(producer).publish_all([(EVENT, EVENT.event_id), (large, large.event_id)])
    assert (producer.sent, len(producer.batches)) == (2, 2)


async def test_a_topic_that_takes_less_refuses_that_one_event():
    producer = Producer(MessageSizeTooLargeError())
    mine = publisher(producer)
    with pytest.raises(Rejected) as caught:
        await mine.publish(EVENT, EVENT.event_id)
    assert caught.value.code == "too-large"
    assert (producer.stopped, mine._producer) == (True, None)


@pytest.mark.parametrize(
    ("error", "made_anew"),
    [(NotLeaderForPartitionError(), False), (OutOfOrderSequenceNumber(), True)],
)
async def test_any_other_failure_is_worth_another_try(error, made_anew):
    producer = Producer(error)
    mine = publisher(producer)
    with pytest.raises(Unavailable):
        await mine.publish(EVENT, EVENT.event_id)
    assert (producer.stopped, mine._producer is None) == (made_anew, made_anew)


@pytest.mark.parametrize("error", [OutOfOrderSequenceNumber(), MessageSizeTooLargeError()])
async def test_a_late_failure_of_an_old_producer_leaves_the_new_one_alone(error):
    new = Producer()

    class Old(Producer):
        async def send(self, *_, **__):
            mine._producer = (
                new  # another append of the batch failed first, and somebody sent since
            )
            return ended(error)

    old = Old()
    mine = publisher(old)
    with pytest.raises((Unavailable, Rejected)):
        await mine.publish(EVENT, EVENT.event_id)
    assert (old.stopped, new.stopped, mine._producer is new) == (True, False, True)
    await mine.stop()
    assert (new.stopped, mine._producer) == (True, None)


async def test_what_comes_while_an_append_is_on_its_way_fits_into_the_next_one(monkeypatch):
    """As many connections as a gateway is measured with; a topic takes 1 MiB unless it was set."""
    options = {}

    class Noting(Producer):
        def __init__(self, **given):
            super().__init__()
            options.update(given)

        async def start(self):
            pass

    monkeypatch.setattr(runtime_publisher, "AIOKafkaProducer", Noting)
    mine = KafkaPublisher(KafkaConnection("nowhere:9092"))
    await mine.publish(EVENT, EVENT.event_id)
    await mine.publish(EVENT, EVENT.event_id)
    assert 32 * 7_000 < options["max_batch_size"] < 1024 * 1024
    assert (mine._producer.sent, options["acks"], options["enable_idempotence"]) == (2, "all", True)
