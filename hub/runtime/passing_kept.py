"""The position of a pass as the broker keeps it."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.structs import OffsetAndMetadata

from hub.runtime.connection import KafkaConnection
from hub.waiting import STOP_SECONDS


async def kept_positions(
    kafka: KafkaConnection, name: str, places: Sequence[TopicPartition]
) -> Mapping[TopicPartition, OffsetAndMetadata]:
    """What the broker keeps of a position, with the note beside it, which a consumer does not give."""
    admin = AIOKafkaAdminClient(**kafka.aiokafka_options())
    try:
        await admin.start()
        found: Mapping[TopicPartition, OffsetAndMetadata] = await admin.list_consumer_group_offsets(
            name, partitions=list(places)
        )
        return found
    finally:
        with contextlib.suppress(Exception):
            async with asyncio.timeout(STOP_SECONDS):
                await admin.close()
