"""What organisations send over Kafka: nothing of their frame is taken; each refusal says what, where, what to do."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.fhir_api.settings import FhirSender
from connectors.kafka_in.mapping import (
    MOST_BODY_BYTES,
    MOST_OUTCOME_BYTES,
    Answered,
    answered_in,
    flag_step,
    step_from,
)
from connectors.kafka_in.settings import FLAGS, OUTCOMES, Answering, Flagging
from deploy.composition import fhir_shapes, known_codes
from deploy.configuration.load import DEMO, load
from deploy.fhir_schema import LAID
from deploy.generating.examples import record_from_example
from deploy.passes import read_as_at_the_door
from hub import codec
from hub.fhir.consent import CARER_LINK, CARER_REFERRAL
from hub.fhir.systems import CONSENT_CODE
from hub.outcomes import ReferralKnown
from hub.passing import Heard, HoldBack, Refuse, Say
from hub.records import CarerFlagEvent, PersonDecision, ReferralOutcome, ReferralOutcomeKind
from hub.testing.flags import carer_flag
from hub.testing.people import ADA, BEN

EXAMPLES = Path(__file__).parents[3] / "schemas/examples"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
APPENDED = datetime(2026, 11, 25, 9, 0, 0, 123_000, tzinfo=UTC)
SERVICE = Answering("DEMO1", 0)
SENDER = FhirSender(
    name="c82901-kafka",
    ods_code="C82901",
    is_trust=False,
    regions=(0, 1),
    knows=known_codes(load(DEMO, {})),
    test_numbers="accept",
)
READ = read_as_at_the_door(SENDER, fhir_shapes(LAID))
FLAG = carer_flag(BEN, "2026-11-03 12:00", of=ADA)


def heard(value: bytes | None) -> Heard:
    return Heard(OUTCOMES.name_for("DEMO1"), 0, 5, b"anything", value, APPENDED)


SAID = record_from_example(
    ReferralOutcome,
    json.loads((EXAMPLES / "from.ods.outcome.v1/as-the-service-sends-it.json").read_text()),
)
KNOWN = ReferralKnown(
    referral_id=SAID.referral_id,
    version=3,
    region=1,
    owner_ods="DEMO1",
    status="raised",
    changed_at=APPENDED,
    agreement_id=UUID(int=9),
    resource={},
)


def step(said: ReferralOutcome, known: ReferralKnown | None = KNOWN):
    answered = answered_in(heard(codec.encode(said)))
    assert isinstance(answered, Answered)
    return step_from(SERVICE, answered, known)


def event(said: ReferralOutcome, known: ReferralKnown = KNOWN) -> ReferralOutcome:
    found = step(said, known)
    assert isinstance(found, Say)
    assert found.subject == said.referral_id
    (saying,) = found.sayings
    assert (saying.topic, saying.partition) == ("outcome.referral.v1", known.region)
    assert saying.key == said.referral_id.bytes
    return codec.decode_as(ReferralOutcome, saying.value)


ANY_TIME = st.integers(0, 7_000 * 365).map(lambda days: EPOCH + timedelta(days=days))

# Answers


@given(
    st.integers(-(2**31), 2**31 - 1),
    st.text(max_size=20),
    st.uuids(),
    ANY_TIME,
)
def test_nothing_of_the_frame_is_taken_but_when_it_was_done(number, text, some_id, moment):
    said = replace(
        SAID,
        caused_by=some_id,
        correlation_id=some_id,
        source=text,
        source_event_id=text,
        recorded_at=moment,
        received_at=moment,
        region=number,
        agreement_id=some_id,
        organisation_ods=text,
    )
    assert event(said) == event(SAID)


def test_the_region_and_the_agreement_come_from_the_ledger():
    found = event(SAID)
    assert (found.region, found.agreement_id, found.organisation_ods) == (1, UUID(int=9), "DEMO1")
    assert (found.source, found.source_event_id) == ("kafka_in-DEMO1", str(SAID.event_id))
    assert (found.referral_version, found.kind, found.by) == (
        SAID.referral_version,
        SAID.kind,
        SAID.by,
    )
    assert found.caused_by is None


@pytest.mark.parametrize("later", [timedelta(0), timedelta(milliseconds=1), timedelta(days=900)])
def test_no_time_is_later_than_the_brokers(later):
    found = event(replace(SAID, occurred_at=APPENDED + later))
    assert found.recorded_at == found.occurred_at == found.received_at == APPENDED


def test_what_was_done_before_keeps_its_time():
    found = event(SAID)
    assert found.occurred_at == found.recorded_at == SAID.occurred_at < found.received_at


@pytest.mark.parametrize(
    "changes",
    [
        {"event_id": UUID(int=1)},
        {"referral_version": 2},
        {"kind": ReferralOutcomeKind.CLOSED},
        {"reason": "other"},
        {"by": "w-9"},
        {"occurred_at": SAID.occurred_at + timedelta(seconds=1)},
    ],
)
def test_an_answer_that_differs_in_anything_is_another_event(changes):
    assert event(replace(SAID, **changes)).event_id != event(SAID).event_id


def test_the_same_answer_of_two_services_is_two_events():
    other = replace(KNOWN, owner_ods="DEMO4")
    answered = Answered(SAID, APPENDED)
    (saying,) = step_from(Answering("DEMO4", 0), answered, other).sayings
    assert codec.decode(saying.value).event_id != event(SAID).event_id


@pytest.mark.parametrize("known", [None, replace(KNOWN, owner_ods="DEMO2")])
def test_anothers_referral_and_one_that_is_not_there_look_the_same(known):
    found = step(SAID, known)
    assert isinstance(found, HoldBack)
    assert found.subject == SAID.referral_id
    assert (found.otherwise.code, found.otherwise.expression) == ("no-such-referral", "referral_id")
    assert found.otherwise.reason == step(SAID, None).otherwise.reason


def test_a_version_that_the_ledger_has_not_seen_may_come():
    found = step(replace(SAID, referral_version=4))
    assert isinstance(found, HoldBack)
    assert found.otherwise.code == "no-such-version"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"referral_version": 0}, "no-such-version"),
        ({"kind": ReferralOutcomeKind.UNKNOWN}, "unknown-outcome"),
        ({"kind": ReferralOutcomeKind.DECLINED, "reason": None}, "no-reason"),
        ({"kind": ReferralOutcomeKind.DECLINED, "reason": "Ben said so"}, "unknown-reason"),
        ({"by": "Ben Marsh"}, "staff-id"),
        ({"by": "ben1@example.org"}, "staff-id"),
    ],
)
def test_what_can_never_be_right_is_refused_at_once(changes, code):
    found = step(replace(SAID, **changes))
    assert isinstance(found, Refuse)
    assert found.error.code == code
    assert "Ben" not in found.error.reason


def test_an_answer_to_what_was_withdrawn_is_refused_at_once():
    found = step(SAID, replace(KNOWN, status="withdrawn"))
    assert isinstance(found, Refuse)
    assert found.error.code == "withdrawn"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "no-value"),
        (b"", "no-magic-byte"),
        (b"{}", "no-magic-byte"),
        (codec.encode(SAID)[:-1], "truncated"),
        (codec.encode(SAID) + b"x", "trailing-bytes"),
        (codec.encode(FLAG), "other-record"),
        (codec.encode(replace(SAID, by="x" * MOST_OUTCOME_BYTES)), "too-large"),
    ],
)
def test_bytes_that_are_no_answer_are_refused(value, code):
    found = answered_in(heard(value))
    assert isinstance(found, Refuse)
    assert found.error.code == code


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything(value):
    assert isinstance(answered_in(heard(value)), Refuse | Answered)
    assert isinstance(flag_step(heard(value), READ), Refuse | Say)


# Carer flags


def flagged(record: CarerFlagEvent = FLAG) -> tuple[CarerFlagEvent | PersonDecision, ...]:
    found = flag_step(heard(codec.encode(record)), READ)
    assert isinstance(found, Say)
    for each in found.sayings:
        assert each.partition == codec.decode(each.value).region
    return tuple(codec.decode(each.value) for each in found.sayings)


def with_body(change) -> CarerFlagEvent:
    body = orjson.loads(FLAG.resource)
    change(body)
    return replace(FLAG, resource=orjson.dumps(body))


@given(
    st.integers(-(2**31), 2**31 - 1),
    st.text(max_size=20),
    st.uuids(),
    ANY_TIME,
)
def test_nothing_of_a_flag_is_taken_but_its_body(number, text, some_id, moment):
    said = replace(
        FLAG,
        event_id=some_id,
        caused_by=some_id,
        correlation_id=some_id,
        source=text,
        source_event_id=text,
        occurred_at=moment,
        recorded_at=moment,
        received_at=moment,
        region=number,
        source_record=some_id,
        original=text.encode(),
        original_type=text,
    )
    assert flagged(said) == flagged()


def test_a_flag_goes_to_each_region_of_its_sender_under_its_source_record():
    first, second = flagged()
    assert (first.region, second.region) == (0, 1)
    assert first.source == SENDER.name
    assert first.event_id == second.event_id
    found = flag_step(heard(codec.encode(FLAG)), READ)
    assert {each.key for each in found.sayings} == {first.source_record.bytes}
    assert {each.topic for each in found.sayings} == {"gp.carer-flag.v1"}


def test_a_flag_that_was_recorded_later_than_it_came_was_recorded_when_it_came():
    said = with_body(lambda body: body.update(timestamp="2026-11-25T09:04:00Z"))
    assert {each.recorded_at for each in flagged(said)} == {APPENDED}


@pytest.mark.parametrize(
    ("code", "kind", "regions"), [(CARER_REFERRAL, "permit", [0]), (CARER_LINK, "deny", [0, 1])]
)
def test_an_agreement_is_a_decision_where_it_refers_and_a_word_on_being_linked_in_each_region(
    code, kind, regions
):
    consent = {
        "resourceType": "Consent",
        "identifier": [{"system": "urn:example", "value": "c-1"}],
        "status": "active",
        "scope": {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/consentscope",
                    "code": "patient-privacy",
                }
            ]
        },
        "category": [{"coding": [{"system": CONSENT_CODE, "code": code}]}],
        "patient": {"reference": orjson.loads(FLAG.resource)["entry"][0]["fullUrl"]},
        "dateTime": "2026-11-03T12:00:00Z",
        "policyRule": {"text": "agreed"},
        "provision": {"type": kind},
    }

    def agreed(body):
        body["entry"].append(
            {"fullUrl": "urn:uuid:5b0a1c0e-6f0b-5d0c-9a51-9d2f4f0c7a77", "resource": consent}
        )

    said = flagged(with_body(agreed))
    decisions = [each for each in said if isinstance(each, PersonDecision)]
    assert [each.region for each in said if isinstance(each, CarerFlagEvent)] == [0, 1]
    assert [each.region for each in decisions] == regions
    assert {each.organisation_ods for each in decisions} == {"C82901"}


def refusal(record: CarerFlagEvent) -> tuple[str, str]:
    found = flag_step(heard(codec.encode(record)), READ)
    assert isinstance(found, Refuse)
    assert "Marsh" not in found.error.reason
    return found.error.code, found.error.expression


def test_a_body_that_breaks_a_rule_is_refused_with_its_place():
    def no_day(body):
        body["entry"][0]["resource"]["birthDate"] = "Marsh"

    assert refusal(with_body(no_day)) == ("value", "Bundle.entry[0].resource.birthDate")
    assert refusal(replace(FLAG, resource=b"Marsh"))[0] == "not-json"


def test_what_is_encrypted_or_too_large_is_refused_with_its_place():
    assert refusal(replace(FLAG, key_id="k1")) == ("not-supported", "key_id")
    assert refusal(replace(FLAG, resource=bytes(MOST_BODY_BYTES + 1))) == ("too-large", "resource")


def test_a_practice_cannot_speak_of_stays():
    from hub.testing.visits import Visit, encounter

    stay = encounter("A01", "2026-11-22 09:30", Visit(patient=ADA, admitted="2026-11-22 09:20"))
    assert refusal(replace(FLAG, resource=stay.resource))[0] == "forbidden"


def test_an_empty_record_is_refused():
    found = flag_step(heard(None), READ)
    assert isinstance(found, Refuse)
    assert found.error.code == "no-value"


def test_each_organisation_has_topics_of_its_own():
    assert FLAGS.name_for("C82901") == Flagging("c82901-kafka", "C82901", (0,)).topic
    assert SERVICE.topic == "from.demo1.outcome.v1"


# When it was done


def test_an_answer_is_of_the_last_28_days():
    earliest = APPENDED - timedelta(days=28)
    assert event(replace(SAID, occurred_at=earliest)).occurred_at == earliest
    for at in (earliest - timedelta(milliseconds=1), datetime(1, 1, 1, tzinfo=UTC)):
        found = step_from(SERVICE, Answered(replace(SAID, occurred_at=at), APPENDED), KNOWN)
        assert isinstance(found, Refuse)
        assert (found.error.code, found.error.expression) == ("too-long-ago", "occurred_at")
