"""What one organisation is told over Kafka: its own alone, the latest alone, and nothing that is not named for it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid5

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.kafka_out.mapping import steps_for, version_of
from connectors.kafka_out.settings import KafkaReceiver
from deploy.generating.examples import record_from_example
from hub import codec
from hub.disclosure import ReceiverKind
from hub.errors import Undecodable
from hub.passing import NOTHING_TOLD, Heard, Refuse, Say, Saying, Told
from hub.records import (
    AlertNotice,
    AlertStatus,
    CarerReferral,
    InvolvementAlert,
    ReferralAction,
    ReferralNotice,
)
from tests.unit.test_disclosure import (
    THE_SERVICE_SEES,
    THE_TRUST_SEES,
    alerts,
    canary,
    paths_of,
    referrals,
    uuid_canary,
)

TRUST = KafkaReceiver("RWE", ReceiverKind.TRUST)
OTHER = KafkaReceiver("RR8", ReceiverKind.TRUST)
SERVICE = KafkaReceiver("8J094", ReceiverKind.SERVICE)
COUNCIL = KafkaReceiver("8J094", ReceiverKind.COUNCIL)
EXAMPLES = Path(__file__).parents[3] / "schemas/examples"
RAISED = record_from_example(
    InvolvementAlert, json.loads((EXAMPLES / "alert.involvement.v1/raised.json").read_text())
)
AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
FEW = settings(max_examples=30)
"""Whole records with something in every place take a while to draw."""

SPACE = UUID("3b1f6a61-6a0f-5b8e-8f0e-2f2d5a0f7c55")


def heard(value: bytes | None, offset: int = 0) -> Heard:
    return Heard("a topic", 0, offset, b"key", value, AT)


def records(*said) -> list[Heard]:
    return [heard(codec.encode(each), number) for number, each in enumerate(said)]


def sayings(receiver: KafkaReceiver, *said, told: Told = NOTHING_TOLD) -> list[Saying]:
    steps = steps_for(receiver, records(*said), told)
    assert len(steps) == len(said)
    return [saying for step in steps for saying in step.sayings]


def everything_in(saying: Saying) -> str:
    """Key, headers and value, with the FHIR resource as text."""
    notice = codec.decode(saying.value)
    parts = [saying.key, saying.value, notice.resource]
    texts = [each.decode("utf-8", "replace") for each in parts]
    return " ".join(
        [*texts, saying.topic, saying.said_id, saying.source, str(UUID(bytes=saying.key))]
    )


def leaks(text: str, seen: set[str], kind: type) -> set[str]:
    """Places whose canary left although the receiver may not see them."""
    return {
        path
        for path in paths_of(kind)
        if not any(path == each or path.startswith(f"{each}.") for each in seen)
        and (canary(path) in text or str(uuid_canary(path)) in text)
    }


@FEW
@given(alerts())
def test_a_trust_is_told_nothing_but_what_is_named_for_it(alert):
    text = everything_in(one(TRUST, replace(alert, status=AlertStatus.REQUESTED)))
    # The trust's own code stands in the name of its topic.
    assert leaks(text, THE_TRUST_SEES, InvolvementAlert) == set()
    assert canary("ward") in text


@FEW
@given(referrals())
def test_a_service_is_told_nothing_but_what_is_named_for_it(referral):
    text = everything_in(one(SERVICE, replace(referral, action=ReferralAction.RAISED)))
    assert leaks(text, THE_SERVICE_SEES, CarerReferral) == set()
    assert canary("postcode") in text


def one(receiver: KafkaReceiver, record) -> Saying:
    (saying,) = sayings(receiver, record)
    return saying


@FEW
@given(alerts(), referrals())
def test_neither_key_nor_headers_hold_anything_but_the_notice_and_its_version(alert, referral):
    for receiver, record, own in (
        (TRUST, replace(alert, status=AlertStatus.REQUESTED), alert.alert_id),
        (SERVICE, replace(referral, action=ReferralAction.RAISED), referral.referral_id),
    ):
        saying = one(receiver, record)
        assert saying.key == own.bytes
        assert saying.said_id == f"{own}.{record.version}"
        assert (saying.source, saying.partition) == ("urn:carers-hub", 0)


@FEW
@given(alerts(), referrals())
def test_others_are_told_nothing(alert, referral):
    assert sayings(OTHER, alert) == []
    assert sayings(replace(SERVICE, ods_code="8J095"), referral) == []


@FEW
@given(alerts())
def test_a_withdrawn_alert_names_nobody(alert):
    told = Told({alert.alert_id.bytes: alert.version - 1} if alert.version > 1 else {})
    alert = replace(alert, version=max(2, alert.version), status=AlertStatus.CANCELLED)
    (saying,) = sayings(TRUST, alert, told=told)
    notice = codec.decode_as(AlertNotice, saying.value)
    assert notice.withdrawn
    seen = {"alert_id", "stay_id", "superseded_by", "site_ods", "ward", "bed"} | {
        "expected_discharge.precision"
    }
    assert leaks(everything_in(saying), seen, InvolvementAlert) == set()
    assert orjson.loads(notice.resource)["status"] == "cancelled"


@FEW
@given(referrals())
def test_a_council_that_is_a_service_is_told_the_same(referral):
    referral = replace(referral, action=ReferralAction.RAISED)
    (as_service,), (as_council,) = sayings(SERVICE, referral), sayings(COUNCIL, referral)
    assert as_service == as_council
    assert codec.decode_as(ReferralNotice, as_council.value).notice_id == referral.referral_id


# Which versions


@st.composite
def histories(draw):
    """Versions of a few alerts in the order of a topic: each alert's go up, any of them may be withdrawn."""
    counts = dict.fromkeys(range(3), 0)
    found = []
    for number in draw(st.lists(st.sampled_from(sorted(counts)), max_size=12)):
        counts[number] += 1
        found.append(
            replace(
                RAISED,
                alert_id=uuid5(SPACE, str(number)),
                version=counts[number],
                status=draw(st.sampled_from([AlertStatus.REQUESTED, AlertStatus.CANCELLED])),
            )
        )
    return found


def fold(history: list, cuts: list[int], told: Told = NOTHING_TOLD) -> list[tuple[UUID, int, bool]]:
    """What is told of a history that is read in batches, as the runtime remembers it."""
    versions = dict(told.versions)
    found = []
    edges = sorted({0, *(min(cut, len(history)) for cut in cuts), len(history)})
    for start, end in pairwise(edges):
        for saying in sayings(TRUST, *history[start:end], told=Told(dict(versions), told.whole)):
            notice = codec.decode_as(AlertNotice, saying.value)
            versions[saying.key] = saying.version
            found.append((notice.notice_id, notice.version, notice.withdrawn))
    return found


@given(histories(), st.lists(st.integers(0, 12)))
def test_versions_go_up_and_the_last_one_stands_however_the_topic_is_cut(history, cuts):
    told = fold(history, cuts)
    for each in {notice_id for notice_id, *_ in told}:
        versions = [version for notice_id, version, _ in told if notice_id == each]
        assert versions == sorted(set(versions))
    last = {each.alert_id: each for each in history}
    stands = {notice_id: (version, gone) for notice_id, version, gone in told}
    for each in last.values():
        gone = each.status is AlertStatus.CANCELLED
        if each.alert_id in stands:
            assert stands[each.alert_id] == (each.version, gone) or gone
        else:
            assert gone  # it was withdrawn before it was ever told


@given(histories(), st.lists(st.integers(0, 12)))
def test_once_everything_is_known_nothing_is_withdrawn_that_was_not_told(history, cuts):
    told: set[UUID] = set()
    for notice_id, _, withdrawn in fold(history, cuts, Told({}, whole=True)):
        assert notice_id in told or not withdrawn
        told.add(notice_id)


@given(histories(), st.lists(st.integers(0, 12)), st.lists(st.integers(0, 12)))
def test_what_was_told_of_a_history_is_not_told_again_when_it_is_read_again(history, cuts, again):
    first = fold(history, cuts)
    versions = {notice_id.bytes: version for notice_id, version, _ in first}
    second = fold(history, again, Told(versions, whole=True))
    assert not {notice_id.bytes for notice_id, *_ in second} & versions.keys()


def test_a_first_version_that_is_withdrawn_is_not_told():
    born_gone = replace(RAISED, version=1, status=AlertStatus.CANCELLED)
    assert sayings(TRUST, born_gone) == []


def test_a_later_version_that_is_withdrawn_is_told_where_it_may_have_been_told_before():
    gone = replace(RAISED, version=2, status=AlertStatus.CANCELLED)
    assert len(sayings(TRUST, gone)) == 1
    assert sayings(TRUST, gone, told=Told({}, whole=True)) == []


def test_of_two_versions_in_hand_only_the_later_is_told_in_its_place():
    first = replace(RAISED, version=1, status=AlertStatus.REQUESTED)
    steps = steps_for(TRUST, records(first, replace(first, version=2)), NOTHING_TOLD)
    assert [len(step.sayings) for step in steps] == [0, 1]


# What cannot be used


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (b"", "no-magic-byte"),
        (b"no record", "no-magic-byte"),
        (b"\x00\xff\xff\xff\xff", "unknown-schema-id"),
    ],
)
def test_what_is_no_record_is_refused_and_holds_up_nothing(value, code):
    (step,) = steps_for(TRUST, [heard(value)], NOTHING_TOLD)
    assert isinstance(step, Refuse)
    assert step.error.code == code


def test_another_record_is_refused():
    (step,) = steps_for(SERVICE, records(RAISED), NOTHING_TOLD)
    assert isinstance(step, Refuse)
    assert step.error.code == "other-record"


def test_an_erased_key_says_nothing():
    assert steps_for(TRUST, [heard(None)], NOTHING_TOLD) == (Say(),)


def test_the_version_of_a_notice_is_read_from_its_bytes():
    assert version_of(one(TRUST, RAISED).value) == RAISED.version
    assert version_of(codec.encode(RAISED)) == 0
    with pytest.raises(Undecodable):
        version_of(b"no record")
