"""Read the records of a few topics as they are committed. Synchronous: for commands, not for the loop."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from hub import codec
from hub.records.registry import Record
from hub.runtime.connection import KafkaConnection
from hub.runtime.topics.admin import translated
from hub.runtime.topics.kafka_python import KafkaConsumer, TopicPartition

WAIT_MS: Final = 100


def follow(
    connection: KafkaConnection,
    topics: Sequence[str],
    ready: Callable[[], None],
    going: Callable[[], bool],
) -> Iterator[Record]:
    """What is committed on these topics from now on, each partition in its order.

    Args:
        connection: The brokers.
        topics: Their names; all must be there.
        ready: Called once when nothing that is said from now on can be missed.
        going: Asked at least every tenth of a second; False ends it.

    Raises:
        Undecodable: A value is no record of the hub.
        Unavailable: The brokers do not answer.
    """
    with translated(connection):
        consumer = KafkaConsumer(
            **connection.kafka_python_options(),
            isolation_level="read_committed",
            enable_auto_commit=False,
            fetch_max_wait_ms=WAIT_MS,
        )
        try:
            places = [
                TopicPartition(topic, number)
                for topic in topics
                for number in consumer.partitions_for_topic(topic) or ()
            ]
            consumer.assign(places)
            for place, end in consumer.end_offsets(places).items():
                consumer.seek(place, end)
            ready()
            while going():
                for found in consumer.poll(timeout_ms=WAIT_MS).values():
                    yield from (codec.decode(each.value) for each in found if each.value)
        finally:
            consumer.close()
