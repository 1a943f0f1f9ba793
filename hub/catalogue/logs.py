"""The fields that may stand in a log line. Anything else is dropped, so that nothing of a person can slip in."""

from typing import Final

FIELDS: Final = frozenset(
    {
        "added",
        "batch",
        "changed",
        "code",
        "cold",
        "correlation_id",
        "defect",
        "ended",
        "epoch",
        "error",
        "event",
        "event_id",
        "http_port",
        "letter",
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
        "refused",
        "region",
        "role",
        "rows",
        "sender",
        "source",
        "timestamp",
        "topic",
        "unchanged",
        "what",
        "why",
    }
)
"""Names of ids, places, words of our own and counts. `why` and `what` hold our own sentences only."""
