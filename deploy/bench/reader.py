"""A reader of alerts in a process of its own: a line for each record, with the event that led to it and the time.

`python -m deploy.bench.reader SERVERS`. The time is that of `time.monotonic` once the record is read and decoded.
"""

import sys
import time
from contextlib import suppress

from deploy.output import data
from hub.records import InvolvementAlert
from hub.runtime.connection import KafkaConnection
from hub.runtime.topics.tail import tail
from hub.topics import topic_of


def read(servers: str) -> None:
    """From the oldest record on, for ever."""
    topic = topic_of(InvolvementAlert).name
    for seen in tail(KafkaConnection(servers), topic, from_start=True, follow=True):
        if "correlation_id" in seen.ids:
            data(f"{seen.ids['correlation_id']} {time.monotonic()}")
            sys.stdout.flush()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        read(sys.argv[1])
