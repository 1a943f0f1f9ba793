"""The fields that may stand in a log line. Anything else is dropped, so that nothing of a person can slip in."""

from typing import Final

FIELDS: Final = frozenset(
    {
        "batch",
        "code",
        "cold",
        "correlation_id",
        "defect",
        "epoch",
        "error",
        "event",
        "event_id",
        "http_port",
        "level",
        "logger",
        "milliseconds",
        "mllp_port",
        "offset",
        "outcome",
        "partition",
        "pid",
        "place",
        "position",
        "processor",
        "region",
        "role",
        "sender",
        "source",
        "timestamp",
        "topic",
        "what",
        "why",
    }
)
"""Names of ids, places, words of our own and counts. `why` and `what` hold our own sentences only."""
