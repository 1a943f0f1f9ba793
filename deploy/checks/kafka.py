"""Checks of the brokers. Facts in, findings out."""

from collections.abc import Sequence
from typing import Final

from deploy.checks.finding import Finding, State
from hub.errors import Unavailable
from hub.runtime.topics.differences import Advice, Difference, Refusal, by_reason
from hub.runtime.topics.plan import Cluster, Known
from hub.runtime.topics.wanted import APPEND_TIME, TIMESTAMP_TYPE, WantedTopic

OLDEST_BROKER: Final = (4, 0)  # the hub is run on 4.3; older lines have another log of their own


STARTS_REMEMBERING: Final = "starts with hub up, or with hub topics apply once there are tables"


def broker(cluster: Cluster) -> Finding:
    """Whether the brokers are new enough."""
    version = ".".join(map(str, cluster.version))
    says = f"{cluster.brokers} answering, version {version}, cluster {cluster.cluster_id}"
    if cluster.version < OLDEST_BROKER:
        oldest = ".".join(map(str, OLDEST_BROKER))
        return Finding("kafka", State.FAILED, says, f"update Kafka to {oldest} or later")
    return Finding("kafka", State.OK, says)


def broker_down(reason: str) -> Finding:
    """The brokers do not answer."""
    return Finding("kafka", State.DOWN, reason, "start Kafka, or mend kafka.bootstrap_servers")


def topics(differences: Sequence[Difference]) -> tuple[Finding, ...]:
    """Whether topics are as the configuration needs them."""
    refused = by_reason(each for each in differences if isinstance(each, Refusal))
    advised = [each for each in differences if isinstance(each, Advice)]
    to_do = [each for each in differences if not isinstance(each, Refusal | Advice)]
    findings = [
        *(Finding("topics", State.FAILED, line) for line in refused),
        *(Finding("topics", State.WARNING, str(each)) for each in advised),
    ]
    if to_do:
        more = f" (and {len(to_do) - 1} more; see hub topics diff)" if len(to_do) > 1 else ""
        says = f"to do: {to_do[0]}{more}"
        findings.append(Finding("topics", State.FAILED, says, "hub topics apply"))
    return tuple(findings) or (Finding("topics", State.OK, "as planned"),)


def memory(known: Known | Unavailable | None) -> Finding:
    """Whether the topics could be held against what the database remembers of them."""
    match known:
        case Unavailable():
            says = "topics were not held against what the database remembers: it was not asked"
            return Finding("log memory", State.NOT_RUN, says, "mend the database and look again")
        case None:
            says = "the database remembers no topics yet"
            return Finding("log memory", State.NOT_RUN, says, STARTS_REMEMBERING)
        case Known():
            says = f"the database belongs to cluster {known.cluster_id}"
            return Finding("log memory", State.OK, says)


def append_time(cluster: Cluster, wanted: Sequence[WantedTopic]) -> Finding:
    """Whether every topic carries the brokers' time, which the order of deadlines rests on."""
    there = [cluster.topics[topic.name] for topic in wanted if topic.name in cluster.topics]
    wrong = [topic.name for topic in there if topic.settings.get(TIMESTAMP_TYPE) != APPEND_TIME]
    if wrong:
        says = f"{', '.join(wrong)}: {TIMESTAMP_TYPE} is not {APPEND_TIME}"
        do = "delete those that are empty and run hub topics apply; move the others' records"
        return Finding("append time", State.FAILED, says, do)
    if not there:
        return Finding("append time", State.NOT_RUN, "there are no topics yet", "hub topics apply")
    return Finding("append time", State.OK, f"all {len(there)} topics carry the brokers' time")
