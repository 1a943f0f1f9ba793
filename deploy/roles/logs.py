"""Logs as JSON lines on standard error: allowed fields only, one line each, and never a storm."""

import json
import logging
import sys
import time
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

import structlog

from hub.catalogue.logs import FIELDS

STORM_PER_SECOND: Final = 3
"""Of one message of a library: without a broker aiokafka writes 1,200 lines a second."""

COORDINATOR: Final = ("aiokafka.consumer.group_coordinator", "Group Coordinator Request failed: %s")
"""Logger and text of what aiokafka says as an error, and tries again, while a broker that just began makes the topic
of consumer groups."""
NO_COORDINATOR_YET: Final = (
    "Kafka has no coordinator for a consumer group yet, as at a first start; it is asked again."
)


def set_up_logs(level: str) -> None:
    """Configure this process once."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            allowed_only,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LibraryLine())
    handler.addFilter(NoStorm())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(threshold, logging.WARNING))


def allowed_only(_: object, __: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """The line without fields that the catalogue does not know."""
    return {name: value for name, value in line.items() if name in FIELDS}


class LibraryLine(logging.Formatter):
    """A library's line as its logger and level; its text may quote anything, so it is left out."""

    def format(self, record: logging.LogRecord) -> str:
        """One JSON line."""
        where = f"{record.name}:{record.lineno}"
        line = {"event": "library", "logger": where, "level": record.levelname.lower()}
        if (record.name, record.msg) == COORDINATOR and is_tried_again(record):
            line |= {"level": "info", "why": NO_COORDINATOR_YET}
        return json.dumps(line)


def is_tried_again(record: logging.LogRecord) -> bool:
    """Whether the error that a library's line names passes by itself."""
    return any(getattr(each, "retriable", False) for each in record.args or ())


class NoStorm(logging.Filter):
    """Lets a few of the same line through in a second."""

    def __init__(self) -> None:
        super().__init__()
        self._second = 0
        self._seen: dict[tuple[str, int], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this one is written."""
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._seen = second, {}
        place = (record.name, record.lineno)
        self._seen[place] = self._seen.get(place, 0) + 1
        return self._seen[place] <= STORM_PER_SECOND
