"""The chain as composed and the topics as declared say the same, in both directions."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest

from deploy.composition import chain_from
from deploy.configuration.load import load
from deploy.generate import ROOT
from deploy.generating.examples import record_from_example
from hub.decisions import Note, Publish, Remember, Remind
from hub.errors import Rejected
from hub.matching.region import RegionView
from hub.processor import IN_TOPICS, PROCESSORS
from hub.topics import TOPICS, topic_of

CHAIN = chain_from(load(ROOT / "deploy/demo/hub.yaml", {}, with_secrets=False))
EXAMPLES = ROOT / "schemas/examples"

NOT_YET_PROCESSORS: dict[str, str] = {}
NOT_YET_READ = {
    (
        "support_referral",
        "hub.reminder.v1",
    ): "a service that does not answer is not reminded yet",
}
NOT_YET_WRITTEN: dict[tuple[str, str], str] = {}
"""What the topics promise and the chain does not do yet, with reasons. What is done must go."""


def declared(side: str) -> set[tuple[str, str]]:
    """(processor, topic) as the topics declare it, for processors that are built."""
    built = PROCESSORS - NOT_YET_PROCESSORS.keys()
    return {
        (name, topic.name) for topic in TOPICS for name in getattr(topic, side) if name in built
    }


def composed(side: str) -> set[tuple[str, str]]:
    """(processor, topic) as the chain does it."""
    return {
        (processor.name, topic_of(record).name)
        for processor in CHAIN
        for record in getattr(processor, side)
    }


def test_the_chain_is_every_processor_but_those_not_built_yet():
    names = [processor.name for processor in CHAIN]
    assert len(names) == len(set(names))
    assert set(names) == PROCESSORS - NOT_YET_PROCESSORS.keys()


def test_processors_read_what_the_topics_say():
    assert composed("reads") == declared("read_by") - NOT_YET_READ.keys()


def test_processors_write_what_the_topics_say():
    assert composed("writes") == declared("written_by") - NOT_YET_WRITTEN.keys()


@pytest.mark.parametrize(("name", "topic"), [*NOT_YET_READ, *NOT_YET_WRITTEN])
def test_what_is_not_built_yet_is_declared(name, topic):
    assert (name, topic) in declared("read_by") | declared("written_by")


def test_nothing_is_written_that_nobody_reads():
    written = {topic for _, topic in composed("writes")}
    assert written <= {topic.name for topic in TOPICS if topic.read_by}


def test_nothing_is_read_that_nobody_writes():
    read = {topic for _, topic in composed("reads")}
    assert read <= {topic.name for topic in TOPICS if topic.written_by}


def test_nothing_flows_backwards():
    """A processor reads what those before it write; what comes later comes back as an event."""
    position = {processor.name: number for number, processor in enumerate(CHAIN)}
    for processor in CHAIN:
        for record in processor.reads:
            writers = set(topic_of(record).written_by) & position.keys()
            assert all(position[writer] < position[processor.name] for writer in writers)


def test_the_region_reads_each_in_topic_for_a_processor():
    read = {topic for _, topic in declared("read_by")}
    written = {topic for _, topic in declared("written_by")}
    of_others = {
        topic.name
        for topic in TOPICS
        if NOT_YET_PROCESSORS.keys() & set(topic.read_by) and not PROCESSORS & set(topic.written_by)
    }
    assert set(IN_TOPICS) == (read - written) | of_others


@pytest.mark.parametrize("processor", CHAIN, ids=lambda processor: processor.name)
def test_a_changed_policy_has_another_digest(processor):
    policy = processor.policy
    for number in (each for each in fields(policy) if isinstance(getattr(policy, each.name), int)):
        changed = replace(policy, **{number.name: getattr(policy, number.name) + 1})
        assert changed.digest != policy.digest


# Every example of what a processor reads


class OneEvent:
    """A reader of state that holds nothing yet."""

    def __init__(self) -> None:
        self.region = RegionView()

    def kept(self, kind: type, key: object) -> None:
        return None


def read_examples() -> list[Any]:
    return [
        pytest.param(processor, record, path, id=f"{processor.name}-{path.parent.name}-{path.stem}")
        for processor in CHAIN
        for record in processor.reads
        for path in sorted((EXAMPLES / topic_of(record).name).glob("*.json"))
    ]


@pytest.mark.parametrize(("processor", "record", "path"), read_examples())
def test_every_example_is_decided_or_rejected(processor, record, path):
    event = record_from_example(record, json.loads(path.read_text()))
    first, again = (decided(processor, event) for _ in range(2))
    assert first == again
    if isinstance(first, str):
        return
    for decision in first:
        assert isinstance(decision, Remember | Publish | Remind | Note)
        match decision:
            case Publish(record=said):
                assert isinstance(said, processor.writes)
            case Remember(value=value):
                assert isinstance(value, processor.remembers)


def decided(processor, event):
    """The decisions on an event as the first of all, or the word for its refusal."""
    try:
        return processor.decide(processor.state_of(OneEvent(), event), event, processor.policy)
    except Rejected as refusal:
        return refusal.code


def test_most_examples_are_decided():
    refused = [
        each.id
        for each in read_examples()
        if isinstance(
            decided(
                each.values[0],
                record_from_example(each.values[1], json.loads(each.values[2].read_text())),
            ),
            str,
        )
    ]
    assert refused == []
