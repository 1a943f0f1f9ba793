"""Topics as they are against topics as they should be."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.runtime.topics.differences import (
    AddPartitions,
    Advice,
    ChangeSetting,
    Create,
    Refusal,
    TopicsRefused,
)
from hub.runtime.topics.plan import (
    MIN_IN_SYNC,
    Cluster,
    FoundTopic,
    Known,
    known_after,
    plan,
    refusals,
)
from hub.runtime.topics.wanted import (
    BUNDLE_BYTES,
    RECORDS_OF_KIND,
    TIMESTAMP_TYPE,
    WantedTopic,
    wanted_topics,
)
from hub.topics import TOPICS

REGIONS = ("llr", "leeds")
ORGANISATIONS = (("RWE", "trust"), ("C82901", "practice"), ("SVC1", "service"))
WANTED = wanted_topics(TOPICS, regions=2, organisations=ORGANISATIONS)
EMPTY = Cluster(cluster_id="c1", brokers=3, version=(4, 3), topics={})
NAMES = tuple(topic.name for topic in WANTED)


def as_wanted(topic: WantedTopic, copies: int = 3) -> FoundTopic:
    settings = {**topic.settings, MIN_IN_SYNC: "2" if copies >= 3 else "1", "segment.ms": "1"}
    return FoundTopic(topic.name, f"id-of-{topic.name}", topic.partitions, copies, settings)


def cluster(copies: int = 3, **changed: FoundTopic | None) -> Cluster:
    """A cluster as wanted, but for topics named by `dots_to_underscores`."""
    topics = {topic.name: as_wanted(topic, copies) for topic in WANTED}
    for name, found in changed.items():
        topics.pop(real(name))
        if found is not None:
            topics[real(name)] = found
    return replace(EMPTY, topics=topics)


def real(name: str) -> str:
    return next(each for each in NAMES if each.replace(".", "_").replace("-", "_") == name)


def found(name: str, **changes: object) -> FoundTopic:
    return replace(as_wanted(next(t for t in WANTED if t.name == real(name))), **changes)


def differences(is_now: Cluster, known: Known | None = None, regions=REGIONS, copies=3):
    wanted = wanted_topics(TOPICS, regions=len(regions), organisations=ORGANISATIONS)
    return plan(is_now, wanted, regions=regions, copies=copies, known=known)


def test_an_empty_cluster_gets_every_topic():
    planned = differences(EMPTY)
    assert [type(each) for each in planned] == [Create] * len(WANTED)
    assert {each.topic.name for each in planned if isinstance(each, Create)} == set(NAMES)


def test_a_cluster_as_wanted_needs_nothing():
    assert differences(cluster()) == ()


def test_carrying_a_plan_out_leaves_nothing_to_do():
    made = {
        each.topic.name: FoundTopic(
            each.topic.name, "id", each.topic.partitions, each.copies, each.settings
        )
        for each in differences(EMPTY)
        if isinstance(each, Create)
    }
    assert differences(replace(EMPTY, topics=made)) == ()


def test_every_topic_carries_the_brokers_time_and_the_largest_bundle_twice():
    for topic in WANTED:
        assert topic.settings[TIMESTAMP_TYPE] == "LogAppendTime"
        assert int(topic.settings["max.message.bytes"]) > 2 * BUNDLE_BYTES


def test_region_topics_have_a_partition_for_each_region_and_others_one():
    by_name = {topic.name: topic for topic in WANTED}
    assert by_name["hospital.encounter.v1"].partitions == 2
    assert by_name["hub.outbox-position.v1"].partitions == 2
    assert by_name["to.rwe.alert.v1"].partitions == 1


def test_retention_and_cleanup_follow_the_declaration():
    by_name = {topic.name: topic.settings for topic in WANTED}
    assert by_name["hospital.encounter.v1"]["cleanup.policy"] == "delete"
    assert by_name["hospital.encounter.v1"]["retention.ms"] == str(28 * 24 * 3600 * 1000)
    assert by_name["picture.stay.v1"]["cleanup.policy"] == "compact"
    assert "retention.ms" not in by_name["picture.stay.v1"]


def test_each_kind_of_organisation_gets_its_topics():
    own = {name for name in NAMES if name.startswith(("to.", "from."))}
    assert own == {
        "to.rwe.alert.v1",
        "from.c82901.carer-flag.v1",
        "to.svc1.referral.v1",
        "from.svc1.outcome.v1",
    }


def test_every_topic_of_an_organisation_belongs_to_some_kind():
    records = {record for each in RECORDS_OF_KIND.values() for record in each}
    assert {topic.record for topic in TOPICS if topic.per_organisation} == records


def test_an_appended_region_adds_a_partition_at_the_end():
    known = known_after(cluster(), WANTED, REGIONS)
    planned = differences(cluster(), known, regions=(*REGIONS, "kent"))
    assert {type(each) for each in planned} == {AddPartitions}
    assert AddPartitions("hub.outbox-position.v1", 2, 3) in planned
    assert len(planned) == len([topic for topic in WANTED if topic.by_region])


@pytest.mark.parametrize(
    ("regions", "line"),
    [
        (("leeds", "llr"), "refused: region 1 was llr and is leeds now; regions may only be"),
        (("kent", "llr", "leeds"), "refused: region 1 was llr and is kent now"),
        (("llr",), "refused: region leeds is gone from the configuration; put it back as number 2"),
    ],
)
def test_regions_that_moved_or_went_are_refused_and_nothing_else_is_said(regions, line):
    planned = differences(cluster(), known_after(cluster(), WANTED, REGIONS), regions=regions)
    assert str(planned[0]).startswith(line)
    assert refusals(planned) == planned


def test_more_partitions_than_regions_are_refused_in_one_line():
    planned = differences(cluster(), regions=("llr",))
    (line,) = str(TopicsRefused(refusals(planned))).splitlines()
    assert line.startswith("refused, alert.involvement.v1 (and 13 more): has 2 partitions, and ")


def test_partitions_on_a_topic_that_has_one_are_refused():
    wrong = found("to_rwe_alert_v1", partitions=2)
    (difference,) = differences(cluster(to_rwe_alert_v1=wrong))
    assert str(difference).startswith(
        "refused, to.rwe.alert.v1: has 2 partitions and must have one"
    )


def test_senders_time_on_a_topic_is_refused():
    settings = {**found("hospital_encounter_v1").settings, TIMESTAMP_TYPE: "CreateTime"}
    wrong = found("hospital_encounter_v1", settings=settings)
    (difference,) = differences(cluster(hospital_encounter_v1=wrong))
    assert isinstance(difference, Refusal)
    assert str(difference).startswith(
        "refused, hospital.encounter.v1: message.timestamp.type is CreateTime and must be Log"
    )


def test_a_topic_that_was_known_and_is_gone_is_refused_not_made_anew():
    known = known_after(cluster(), WANTED, REGIONS)
    (difference,) = differences(cluster(gp_carer_flag_v1=None), known)
    assert str(difference).startswith("refused, gp.carer-flag.v1: was deleted, so what it held")


def test_a_topic_never_known_is_made():
    (difference,) = differences(cluster(gp_carer_flag_v1=None))
    assert isinstance(difference, Create)


def test_a_topic_deleted_and_made_anew_is_refused():
    known = known_after(cluster(), WANTED, REGIONS)
    anew = found("gp_carer_flag_v1", topic_id="another")
    (difference,) = differences(cluster(gp_carer_flag_v1=anew), known)
    assert str(difference).startswith("refused, gp.carer-flag.v1: was deleted and made anew")


def test_another_record_on_a_topic_is_refused():
    known = known_after(cluster(), WANTED, REGIONS)
    topics = {
        name: replace(topic, record="OtherEvent") if name == "gp.carer-flag.v1" else topic
        for name, topic in known.topics.items()
    }
    (difference,) = differences(cluster(), replace(known, topics=topics))
    assert str(difference) == (
        "refused, gp.carer-flag.v1: carries OtherEvent, and this hub would write CarerFlagEvent; "
        "another record needs another topic"
    )


def test_another_cluster_is_refused():
    (difference,) = differences(cluster(), Known(cluster_id="c0"))
    assert str(difference).startswith("refused: the brokers are cluster c1, this hub's data belong")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("retention.ms", "1"),
        ("cleanup.policy", "compact"),
        ("max.message.bytes", "1048588"),
        (MIN_IN_SYNC, "1"),
    ],
)
def test_a_setting_that_may_change_under_way_is_changed(setting, value):
    declared = found("hospital_encounter_v1").settings
    wrong = found("hospital_encounter_v1", settings={**declared, setting: value})
    assert differences(cluster(hospital_encounter_v1=wrong)) == (
        ChangeSetting("hospital.encounter.v1", setting, value, declared[setting]),
    )


def test_settings_that_are_not_the_hubs_are_left_alone():
    mine = {**found("picture_stay_v1").settings, "segment.bytes": "1048576"}
    assert differences(cluster(picture_stay_v1=found("picture_stay_v1", settings=mine))) == ()


def test_topics_of_others_are_left_alone():
    others = {**cluster().topics, "payroll": FoundTopic("payroll", "x", 9, 1, {})}
    assert differences(replace(EMPTY, topics=others)) == ()


@pytest.mark.parametrize(
    ("brokers", "copies", "made", "in_sync"), [(1, 3, 1, "1"), (2, 3, 2, "1"), (5, 3, 3, "2")]
)
def test_never_more_copies_than_brokers(brokers, copies, made, in_sync):
    planned = differences(replace(EMPTY, brokers=brokers), copies=copies)
    assert {each.copies for each in planned if isinstance(each, Create)} == {made}
    assert {each.settings[MIN_IN_SYNC] for each in planned if isinstance(each, Create)} == {in_sync}


def test_a_topic_with_few_copies_stays_writable_and_is_pointed_out():
    one_copy = as_wanted(next(t for t in WANTED if t.name == "picture.stay.v1"), copies=1)
    (difference,) = differences(cluster(picture_stay_v1=one_copy))
    assert difference == Advice(
        "picture.stay.v1", "has 1 of 3 copies; reassign it with Kafka's tools"
    )


@given(
    st.dictionaries(st.sampled_from(NAMES), st.integers(1, 4), max_size=6),
    st.integers(1, 3),
    st.booleans(),
)
def test_no_plan_ever_takes_anything_away(partitions, regions, remembered):
    """Whatever is there, a plan creates, adds, changes or refuses; partitions never shrink."""
    topics = {
        name: replace(topic, partitions=partitions.get(name, topic.partitions))
        for name, topic in cluster().topics.items()
    }
    is_now = replace(EMPTY, topics=topics)
    names = ("llr", "leeds", "kent")[:regions]
    known = known_after(cluster(), WANTED, REGIONS) if remembered else None
    for each in differences(is_now, known, regions=names):
        assert not isinstance(each, Create)
        if isinstance(each, AddPartitions):
            assert each.has == topics[each.name].partitions < each.total == regions
