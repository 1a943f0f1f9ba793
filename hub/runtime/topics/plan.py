"""Compare topics as they are with topics as they should be. Touches nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from hub.runtime.topics.differences import (
    AddPartitions,
    Advice,
    ChangeSetting,
    Create,
    Difference,
    Refusal,
)
from hub.runtime.topics.wanted import TIMESTAMP_TYPE, WantedTopic

MIN_IN_SYNC: Final = "min.insync.replicas"
COPIES_FOR_TWO: Final = 3
"""From this many copies on, an acknowledged record stands on two brokers."""


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """One topic as it is.

    Attributes:
        name: As Kafka knows it.
        topic_id: Kafka's own id; a topic deleted and made anew has another.
        partitions: How many.
        copies: Of its partitions, the smallest number.
        settings: All of its settings, those at their default included.
    """

    name: str
    topic_id: str
    partitions: int
    copies: int
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cluster:
    """The brokers and their topics as they are.

    Attributes:
        cluster_id: Kafka's own id.
        brokers: How many are there.
        version: Of the brokers, major and minor.
        topics: By name.
    """

    cluster_id: str
    brokers: int
    version: tuple[int, ...]
    topics: Mapping[str, FoundTopic]


@dataclass(frozen=True, slots=True)
class KnownTopic:
    """A topic as this hub's database remembers it."""

    topic_id: str
    record: str


@dataclass(frozen=True, slots=True)
class Known:
    """What this hub's database remembers of its log; empty before the first start.

    Attributes:
        cluster_id: The log it has always worked on.
        regions: Their names in the order of partitions.
        topics: By name.
    """

    cluster_id: str = ""
    regions: tuple[str, ...] = ()
    topics: Mapping[str, KnownTopic] = field(default_factory=dict)


def plan(
    cluster: Cluster,
    wanted: Sequence[WantedTopic],
    *,
    regions: Sequence[str],
    copies: int,
    known: Known | None = None,
) -> tuple[Difference, ...]:
    """Everything that differs; empty when all is as it should be.

    When these are not this hub's brokers or regions, that alone.

    Args:
        cluster: As it is.
        wanted: As it should be.
        regions: Names of the configured regions, in the order of partitions.
        copies: Wanted of each partition; there are never more than brokers.
        known: As the database remembers it.
    """
    remembered = known or Known()
    wrong_from_the_start = tuple(_identity(cluster, regions, remembered))
    if wrong_from_the_start:
        return wrong_from_the_start
    possible = min(copies, cluster.brokers)
    return tuple(
        difference
        for topic in wanted
        for difference in _differences(
            topic, cluster.topics.get(topic.name), possible, remembered.topics.get(topic.name)
        )
    )


def refusals(differences: Sequence[Difference]) -> tuple[Refusal, ...]:
    """Those that keep the hub from starting."""
    return tuple(each for each in differences if isinstance(each, Refusal))


def known_after(cluster: Cluster, wanted: Sequence[WantedTopic], regions: Sequence[str]) -> Known:
    """What the database is to remember once a plan was carried out and the cluster read again."""
    topics = {
        topic.name: KnownTopic(cluster.topics[topic.name].topic_id, topic.record)
        for topic in wanted
        if topic.name in cluster.topics
    }
    return Known(cluster.cluster_id, tuple(regions), topics)


def _identity(cluster: Cluster, regions: Sequence[str], known: Known) -> Iterator[Refusal]:
    if known.cluster_id and known.cluster_id != cluster.cluster_id:
        yield Refusal(
            "",
            f"the brokers are cluster {cluster.cluster_id}, this hub's data belong to "
            f"{known.cluster_id}; set kafka.bootstrap_servers to the right one",
        )
    for partition, name in enumerate(known.regions):
        if partition >= len(regions):
            yield Refusal(
                "",
                f"region {name} is gone from the configuration; put it back as number "
                f"{partition + 1}",
            )
        elif regions[partition] != name:
            yield Refusal(
                "",
                f"region {partition + 1} was {name} and is {regions[partition]} now; "
                "regions may only be appended",
            )


def _differences(
    wanted: WantedTopic, found: FoundTopic | None, copies: int, known: KnownTopic | None
) -> Iterator[Difference]:
    if known is not None and known.record != wanted.record:
        yield Refusal(
            wanted.name,
            f"carries {known.record or 'nothing'}, and this hub would write "
            f"{wanted.record or 'nothing'}; another record needs another topic",
        )
    if found is None:
        yield _absent(wanted, copies, known)
        return
    if known is not None and known.topic_id != found.topic_id:
        yield Refusal(
            wanted.name,
            "was deleted and made anew, so what it held is gone; restore it, or run hub rebuild",
        )
    yield from _partitions(wanted, found)
    yield from _settings(wanted, found)
    if found.copies < copies:
        yield Advice(
            wanted.name, f"has {found.copies} of {copies} copies; reassign it with Kafka's tools"
        )


def _absent(wanted: WantedTopic, copies: int, known: KnownTopic | None) -> Difference:
    if known is not None:
        return Refusal(
            wanted.name, "was deleted, so what it held is gone; restore it, or run hub rebuild"
        )
    return Create(wanted, copies, {**wanted.settings, MIN_IN_SYNC: _in_sync(copies)})


def _partitions(wanted: WantedTopic, found: FoundTopic) -> Iterator[Difference]:
    if found.partitions == wanted.partitions:
        return
    if wanted.by_region and found.partitions < wanted.partitions:
        yield AddPartitions(wanted.name, found.partitions, wanted.partitions)
    elif wanted.by_region:
        yield Refusal(
            wanted.name,
            f"has {found.partitions} partitions, and the configuration {wanted.partitions} "
            "regions; put back the missing region, a partition is never taken away",
        )
    else:
        yield Refusal(
            wanted.name,
            f"has {found.partitions} partitions and must have one; delete it if it is empty",
        )


def _settings(wanted: WantedTopic, found: FoundTopic) -> Iterator[Difference]:
    settings = {**wanted.settings, MIN_IN_SYNC: _in_sync(found.copies)}
    for setting, value in settings.items():
        has = found.settings.get(setting, "")
        if has == value:
            continue
        if setting == TIMESTAMP_TYPE:
            yield Refusal(
                wanted.name,
                f"{TIMESTAMP_TYPE} is {has or '(not set)'} and must be {value}: its records carry "
                "senders' clocks; delete it if it is empty, else move its records to a new topic",
            )
        else:
            yield ChangeSetting(wanted.name, setting, has, value)


def _in_sync(copies: int) -> str:
    return "2" if copies >= COPIES_FOR_TWO else "1"
