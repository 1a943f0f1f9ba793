"""The names of kafka-python that are used here; its import warns of how it reads its own files."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from kafka import KafkaConsumer, KafkaProducer, TopicPartition
    from kafka.admin import ConfigResource, KafkaAdminClient, OffsetSpec
    from kafka.errors import KafkaError, RetriableError
    from kafka.net.compat import KafkaNetClient

__all__ = (
    "ConfigResource",
    "KafkaAdminClient",
    "KafkaConsumer",
    "KafkaError",
    "KafkaNetClient",
    "KafkaProducer",
    "OffsetSpec",
    "RetriableError",
    "TopicPartition",
)
