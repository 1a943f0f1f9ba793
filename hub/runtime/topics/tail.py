"""Look at a topic: place, key and ids of each record, never what it says about people."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from hub import codec
from hub.errors import Rejected, Undecodable
from hub.runtime.connection import KafkaConnection
from hub.runtime.topics.admin import TopicAdmin, translated
from hub.runtime.topics.kafka_python import KafkaConsumer, TopicPartition

WAIT_MS: Final = 500
HUB_KEY: Final = re.compile(r"[0-9a-f-]{32,64}")
SHOWN: Final = ("event_id", "caused_by", "correlation_id", "source", "recorded_at", "version")


@dataclass(frozen=True, slots=True)
class Seen:
    """One record, without its content.

    Attributes:
        topic: Where it stands.
        partition: Where it stands.
        offset: Where it stands.
        appended_at: The broker's time.
        key: A hub id or a keyed hash; anything else is not shown.
        record: The name of the record; `(none)` without a value, `(undecodable)` for what is none.
        bytes: The length of its value.
        ids: Those fields of the frame that hold ids, times and versions.
    """

    topic: str
    partition: int
    offset: int
    appended_at: datetime
    key: str
    record: str
    bytes: int
    ids: dict[str, str]


def tail(
    connection: KafkaConnection, topic: str, *, from_start: bool, follow: bool
) -> Iterator[Seen]:
    """Records of a topic as they were committed.

    Args:
        connection: The brokers.
        topic: Its name.
        from_start: From the oldest record on; else from the end on.
        follow: Wait for more, for ever; else stop at the present end.

    Raises:
        Rejected: There is no such topic.
        Unavailable: The brokers do not answer.
    """
    with TopicAdmin(connection) as admin:
        found = admin.cluster().topics.get(topic)
    if found is None:
        raise Rejected(f"There is no topic {topic}; hub topics diff names those that are missing.")
    with translated(connection):
        consumer = KafkaConsumer(
            **connection.kafka_python_options(),
            isolation_level="read_committed",
            enable_auto_commit=False,
        )
        try:
            partitions = [TopicPartition(topic, number) for number in range(found.partitions)]
            yield from _records(consumer, partitions, from_start=from_start, follow=follow)
        finally:
            consumer.close()


def _records(
    consumer: Any, partitions: list[Any], *, from_start: bool, follow: bool
) -> Iterator[Seen]:
    consumer.assign(partitions)
    if from_start:
        consumer.seek_to_beginning(*partitions)
    else:
        consumer.seek_to_end(*partitions)
    ends = consumer.end_offsets(partitions)
    while follow or any(consumer.position(each) < ends[each] for each in partitions):
        for records in consumer.poll(timeout_ms=WAIT_MS).values():
            yield from map(_seen, records)


def _seen(record: Any) -> Seen:
    name, ids = _described(record.value)
    return Seen(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        appended_at=datetime.fromtimestamp(record.timestamp / 1000, tz=UTC),
        key=_key(record.key),
        record=name,
        bytes=len(record.value or b""),
        ids=ids,
    )


def _key(key: bytes | None) -> str:
    """A hub id; the keys of an organisation's own topics could say anything."""
    if key is None:
        return "(none)"
    text = key.decode(errors="replace")
    return text if HUB_KEY.fullmatch(text) else "(not a hub id)"


def _described(value: bytes | None) -> tuple[str, dict[str, str]]:
    if not value:
        return "(none)", {}
    try:
        record = codec.decode(value)
    except Undecodable as undecodable:
        return "(undecodable)", {"code": undecodable.code}
    fields = {name: getattr(record, name, None) for name in SHOWN}
    return type(record).__name__, {
        name: str(field) for name, field in fields.items() if field is not None
    }
