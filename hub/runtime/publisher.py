"""Say an event on its topic and wait until every in-sync copy has it. Only then may anybody be answered."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Final
from uuid import UUID

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, RecordListTooLargeError
from aiokafka.producer.message_accumulator import BatchBuilder

from hub import codec
from hub.decisions import Event
from hub.errors import Rejected, Unavailable
from hub.passing import sender_source
from hub.runtime.connection import KafkaConnection
from hub.runtime.headers import headers_of
from hub.runtime.health import Check
from hub.runtime.topics.wanted import MESSAGE_BYTES
from hub.topics import topic_of
from hub.waiting import let_go

ASK_SECONDS: Final = 2.0
APPEND_SECONDS: Final = 10.0
"""A sender waits this long for its answer at most; then it is told to send again."""

MOST_BYTES: Final = MESSAGE_BYTES - 4096
"""Of an encoded event; the rest of what the topics take is room for key, headers and Kafka's own frame."""

BATCH_BYTES: Final = 256 * 1024
"""Of one append. What comes while an append is on its way goes together into the next one, from all connections; at
the 16 KiB that aiokafka has by itself this would be two messages, and the rest would wait for a turn that newcomers
take first. A topic takes 1 MiB unless it was set to less."""

TOO_LARGE: Final = (MessageSizeTooLargeError, RecordListTooLargeError)


class KafkaPublisher:
    """One idempotent producer, made anew after a failure that it cannot come back from."""

    def __init__(self, kafka: KafkaConnection) -> None:
        self._kafka = kafka
        self._producer: AIOKafkaProducer | None = None
        self._opening = asyncio.Lock()

    async def publish(self, event: Event, key: UUID) -> None:
        """See `hub.ports.publisher.Publisher.publish`."""
        await self.publish_all(((event, key),))

    async def publish_all(self, said: Sequence[tuple[Event, UUID]]) -> None:
        """See `hub.ports.publisher.BulkPublisher.publish_all`."""
        values = [codec.encode(event) for event, _ in said]
        if any(len(value) > MOST_BYTES for value in values):
            raise too_large()
        producer = None
        try:
            async with asyncio.timeout(APPEND_SECONDS):
                producer = self._producer or await self._open()
                if len(said) == 1:
                    [(event, key)], [value] = said, values
                    await (await sent(producer, event, key, value))
                else:
                    await many_sent(producer, said, values)
        except TimeoutError as error:
            raise Unavailable("The broker did not confirm in time.") from error
        except KafkaError as error:
            if producer is not None and not error.retriable:
                await self._give_up(producer)
            if isinstance(error, TOO_LARGE):  # a topic that was set to take less
                raise too_large() from error
            raise Unavailable(f"The broker did not take it: {type(error).__name__}.") from error

    async def _open(self) -> AIOKafkaProducer:
        async with self._opening:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    **self._kafka.aiokafka_options(),
                    enable_idempotence=True,
                    acks="all",
                    linger_ms=0,
                    max_batch_size=BATCH_BYTES,
                    request_timeout_ms=8_000,
                    retry_backoff_ms=20,
                    max_request_size=MESSAGE_BYTES,
                )
                try:
                    await producer.start()
                except BaseException:
                    with contextlib.suppress(Exception):
                        await producer.stop()
                    raise
                self._producer = producer
            return self._producer

    async def _give_up(self, failed: AIOKafkaProducer) -> None:
        """Stop the producer that failed; one that was made since, after another append of the same batch, stays.

        It has counted what was refused, even what was too large: the broker would take its next record as out of order.
        """
        if self._producer is failed:
            self._producer = None
        await let_go(failed)

    async def check(self) -> Check:
        """Whether the broker answers."""
        try:
            async with asyncio.timeout(ASK_SECONDS):
                producer = await self._open()
                known = await producer.client.force_metadata_update()
        except (KafkaError, TimeoutError, OSError):
            known = False
        return Check("kafka", ok=bool(known), why="the broker does not answer")

    async def stop(self) -> None:
        """Let the broker go."""
        if self._producer is not None:
            await self._give_up(self._producer)


async def sent(
    producer: AIOKafkaProducer, event: Event, key: UUID, value: bytes
) -> "asyncio.Future[object]":
    """Hand a record to the producer; what is given back is done when every in-sync copy has it."""
    topic = topic_of(type(event)).name
    append: asyncio.Future[object] = await producer.send(
        topic,
        value,
        key=key.bytes,
        partition=event.region,
        headers=headers_of(event.event_id, topic, sender_source(event.source)),
    )
    return append


async def many_sent(
    producer: AIOKafkaProducer, said: Sequence[tuple[Event, UUID]], values: Sequence[bytes]
) -> None:
    """Hand records over in full batches, at a tenth of what one costs alone, and return when all of them are kept."""
    batches: dict[tuple[str, int], list[BatchBuilder]] = defaultdict(list)
    for (event, key), value in zip(said, values, strict=True):
        topic = topic_of(type(event)).name
        made = batches[topic, event.region]
        add = partial(
            BatchBuilder.append,
            timestamp=None,
            key=key.bytes,
            value=value,
            headers=headers_of(event.event_id, topic, sender_source(event.source)),
        )
        if not made or add(made[-1]) is None:
            made.append(producer.create_batch())
            add(made[-1])
    appends = [
        await producer.send_batch(batch, topic, partition=region)
        for (topic, region), made in batches.items()
        for batch in made
    ]
    await asyncio.gather(*appends)


def too_large() -> Rejected:
    """The refusal of an event that no broker takes."""
    return Rejected(
        "The event is larger than the log takes. Send the message without its documents and images.",
        code="too-large",
    )
