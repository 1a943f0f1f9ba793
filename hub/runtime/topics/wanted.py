"""The topics that a hub needs, by its regions and organisations."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hub.records import AlertNotice, CarerFlagEvent, ReferralNotice, ReferralOutcome
from hub.records.registry import Record
from hub.topics import Topic

BUNDLE_BYTES: Final = 5 * 1024 * 1024
"""The largest Bundle that any door lets in."""

MESSAGE_BYTES: Final = 2 * BUNDLE_BYTES + 1024 * 1024
"""The largest value on a topic: a Bundle, the bytes it was made from, and the frame. A producer's
`max_request_size` must be as large."""

TOMBSTONES_KEPT: Final = timedelta(days=28)
"""As long as events: a reader that was away for less never misses that something was erased."""

APPEND_TIME: Final = "LogAppendTime"
"""Brokers' time on every record: the low-water mark of a region compares partitions by it."""

TIMESTAMP_TYPE: Final = "message.timestamp.type"

RECORDS_OF_KIND: Final[Mapping[str, tuple[type[Record], ...]]] = {
    "trust": (AlertNotice,),
    "practice": (CarerFlagEvent,),
    "council": (CarerFlagEvent, ReferralNotice, ReferralOutcome),
    "service": (ReferralNotice, ReferralOutcome),
}
"""What an organisation of each kind reads from, or writes to, topics of its own."""


@dataclass(frozen=True, slots=True)
class WantedTopic:
    """One topic as it should be.

    Attributes:
        name: As Kafka knows it.
        record: The name of the record it carries; empty when none.
        partitions: How many.
        by_region: Whether each region has its partition, so that a new region adds one.
        settings: Kafka's topic settings that the hub answers for.
    """

    name: str
    record: str
    partitions: int
    by_region: bool
    settings: Mapping[str, str]


def wanted_topics(
    topics: Iterable[Topic], *, regions: int, organisations: Iterable[tuple[str, str]] = ()
) -> tuple[WantedTopic, ...]:
    """Every topic that a hub needs, sorted by name.

    Args:
        topics: As declared in `hub.topics.TOPICS`.
        regions: How many there are.
        organisations: ODS code and kind of each that has topics of its own.
    """
    codes = tuple(organisations)
    wanted = [_wanted(topic, name, regions) for topic in topics for name in _names(topic, codes)]
    return tuple(sorted(wanted, key=lambda topic: topic.name))


def _names(topic: Topic, organisations: Iterable[tuple[str, str]]) -> Iterator[str]:
    if not topic.per_organisation:
        yield topic.name
        return
    for ods_code, kind in organisations:
        if topic.record in RECORDS_OF_KIND.get(kind, ()):
            yield topic.name_for(ods_code)


def _wanted(topic: Topic, name: str, regions: int) -> WantedTopic:
    by_region = topic.partitions == "region"
    return WantedTopic(
        name=name,
        record=topic.record.__name__ if topic.record else "",
        partitions=regions if by_region else 1,
        by_region=by_region,
        settings=_settings(topic),
    )


def _settings(topic: Topic) -> dict[str, str]:
    settings = {
        "cleanup.policy": topic.cleanup,
        "max.message.bytes": str(MESSAGE_BYTES),
        TIMESTAMP_TYPE: APPEND_TIME,
    }
    if topic.cleanup == "compact":
        settings["delete.retention.ms"] = _milliseconds(TOMBSTONES_KEPT)
    elif topic.retention_days is not None:
        settings["retention.ms"] = _milliseconds(timedelta(days=topic.retention_days))
    return settings


def _milliseconds(duration: timedelta) -> str:
    return str(duration // timedelta(milliseconds=1))
