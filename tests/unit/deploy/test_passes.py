"""Who is told and heard over Kafka, by the configuration: the same organisations that have topics."""

import re

import pytest

from connectors.kafka_in.settings import UNKNOWN_REFERRAL_SECONDS
from deploy.configuration.connections import configured_topics
from deploy.configuration.load import DEMO, load
from deploy.configuration.model import Configuration
from deploy.passes import pass_names, passes_from
from deploy.redriving import Published, rereader
from hub.errors import Rejected
from hub.ports.ledger import Ledger
from hub.testing.senders import at
from hub.topics import TOPICS

AREA = """
regions: [{name: llr}, {name: leeds}]
organisations:
  - {ods_code: RWE, kind: trust, name: A, regions: [llr], channels: [kafka]}
  - {ods_code: RR8, kind: trust, name: B, regions: [llr], channels: [portal]}
  - {ods_code: SVC1, kind: service, name: C, regions: [leeds, llr], channels: [portal, kafka]}
  - {ods_code: COU1, kind: council, name: D, regions: [leeds], channels: [kafka]}
  - {ods_code: PRA1, kind: practice, name: E, regions: [leeds], channels: [kafka]}
  - {ods_code: PRA2, kind: practice, name: F, regions: [leeds], channels: [kafka]}
senders:
  - {name: pra1-kafka, connector: kafka_in, organisation: PRA1, regions: [leeds, llr]}
  - {name: cou1-kafka, connector: kafka_in, organisation: COU1, regions: [leeds]}
kafka: {unknown_referral_seconds: 7}
"""


class NoLedger(Ledger):
    """Nobody is asked."""


class NoShapes:
    def knows(self, resource_type):
        return True

    def first_fault(self, resource_type, resource):
        return None


@pytest.fixture
def configuration(tmp_path) -> Configuration:
    path = tmp_path / "hub.yaml"
    path.write_text(AREA)
    return load(path, {})


@pytest.fixture
def passes(configuration):
    return {each.name: each for each in passes_from(configuration, NoLedger(), NoShapes)}


def test_each_organisation_has_a_pass_for_each_direction_it_uses(passes, configuration):
    assert set(passes) == {
        "kafka_out-RWE",
        "kafka_out-SVC1",
        "kafka_out-COU1",
        "kafka_in-SVC1",
        "kafka_in-COU1",
        "pra1-kafka",
        "cou1-kafka",
    }
    assert set(passes) == pass_names(configuration)


def test_what_is_read_and_written_is_among_the_topics_of_the_configuration(passes, configuration):
    wanted = {each.name: each.partitions for each in configured_topics(configuration)}
    for each in passes.values():
        assert each.writes <= wanted.keys()
        assert all(partition < wanted[topic] for topic, partition in (*each.reads, *each.own))


def test_every_topic_of_an_organisation_is_passed_on_but_that_of_a_practice_without_a_sender(
    passes, configuration
):
    own = {
        each.name
        for each in configured_topics(configuration)
        if each.name.startswith(("to.", "from."))
    }
    used = {topic for each in passes.values() for topic in (*each.writes, *dict(each.reads))}
    assert own - used == {"from.pra2.carer-flag.v1"}


def test_every_region_is_read(passes):
    assert passes["kafka_out-RWE"].reads == (
        ("alert.involvement.v1", 0),
        ("alert.involvement.v1", 1),
    )
    assert passes["kafka_out-SVC1"].reads == (
        ("referral.support.v1", 0),
        ("referral.support.v1", 1),
    )


def test_dead_letters_lie_in_the_first_region_of_the_sender(passes):
    assert passes["kafka_in-SVC1"].region == 1
    assert passes["pra1-kafka"].region == 1
    assert passes["kafka_out-RWE"].region is None


def test_patience_is_that_of_the_configuration(passes):
    assert passes["kafka_in-SVC1"].patience_seconds == 7
    assert load(DEMO, {}).kafka.unknown_referral_seconds == UNKNOWN_REFERRAL_SECONDS


def patterns(names) -> set[str]:
    """Topics as they are declared."""
    return {re.sub(r"^(to|from)\.[a-z0-9]+\.", r"\1.<ods>.", each) for each in names}


@pytest.mark.parametrize("connector", ["kafka_in", "kafka_out"])
def test_the_topics_name_each_connector_exactly_where_it_reads_and_writes(passes, connector):
    mine = [each for each in passes.values() if ("out" in each.name) == (connector == "kafka_out")]
    read = patterns(topic for each in mine for topic, _ in each.reads)
    written = patterns(topic for each in mine for topic in each.writes)
    assert read == {each.name for each in TOPICS if connector in each.read_by}
    assert written == {each.name for each in TOPICS if connector in each.written_by}


def test_without_the_channel_there_is_no_pass_and_no_schema_is_loaded(configuration):
    portal = [
        each.model_copy(update={"channels": ("portal",)}) for each in configuration.organisations
    ]
    quiet = configuration.model_copy(update={"organisations": tuple(portal), "senders": ()})

    def never():
        raise AssertionError

    assert passes_from(quiet, NoLedger(), never) == ()


def test_a_dead_letter_of_a_pass_is_not_redriven_but_sent_again(configuration):
    reread = rereader(configuration, Published(NoShapes, lambda: None))
    for name in pass_names(configuration):
        with pytest.raises(Rejected) as refused:
            reread(name, b"anything", at("2026-11-22 09:00"))
        assert refused.value.code == "send-again"
