"""The headers of records: CloudEvents 1.0, Kafka binding, binary mode. Nothing of a person."""

from hub.passing import Saying


def headers_of(saying: Saying) -> list[tuple[str, bytes]]:
    """CloudEvents 1.0, Kafka binding, binary mode. Nothing of a person."""
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", saying.said_id.encode()),
        ("ce_type", saying.topic.encode()),
        ("ce_source", saying.source.encode()),
        ("content-type", b"application/avro"),
    ]
