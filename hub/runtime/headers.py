"""The headers of records: CloudEvents 1.0, Kafka binding, binary mode. Nothing of a person."""

from uuid import UUID

from hub.passing import HUB_SOURCE


def headers_of(
    said_id: UUID | str, topic: str, source: str = HUB_SOURCE
) -> list[tuple[str, bytes]]:
    """The headers of one record: its own id, the topic as its type, and who says it."""
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", str(said_id).encode()),
        ("ce_type", topic.encode()),
        ("ce_source", source.encode()),
        ("content-type", b"application/avro"),
    ]
