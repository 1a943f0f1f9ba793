"""The flow from a carer's agreement to a service that answers. Without an agreement nobody is referred."""

from dataclasses import replace
from itertools import permutations
from uuid import UUID

import orjson
import pytest

from hub.fhir.systems import NHS_NUMBER
from hub.records import (
    CarerPicture,
    CarerReferral,
    InvolvementAlert,
    ReferralOutcome,
    ReferralOutcomeKind,
    ReviewItem,
)
from hub.services import Area, Service
from hub.testing.flags import NO_LONGER, agreement, carer_flag
from hub.testing.memory_hub import MemoryHub
from hub.testing.people import ADA, BEN, NINA, Person
from hub.testing.senders import at, frame_of
from hub.testing.visits import Visit, encounter
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.processor import carer_matching
from processors.discharge_involvement.policy import AlertPolicy
from processors.discharge_involvement.processor import discharge_involvement
from processors.support_referral.policy import ReferralPolicy
from processors.support_referral.processor import support_referral

LEICESTER = "E06000016"
POLICY = ReferralPolicy(
    services=(
        Service("ADULT", frozenset({LEICESTER}), frozenset({"adult", "young_adult"})),
        Service("YOUNG", frozenset({LEICESTER}), frozenset({"young_carer"})),
    ),
    areas=(Area(LEICESTER, ("LE1", "LE2")), Area("E10000018", ("LE19",))),
)
MATCHING = MatchingPolicy(
    test_numbers="accept",
    carer_codes=frozenset({"http://snomed.info/sct|224484003"}),
    not_carer_codes=frozenset({"http://snomed.info/sct|199361000000101"}),
)
BEN_AT_HOME = replace(BEN, postcode="LE2 1AA")
NINA_AT_HOME = replace(NINA, postcode="LE1 1AA")


@pytest.fixture
def hub() -> MemoryHub:
    return new_hub()


def new_hub() -> MemoryHub:
    return MemoryHub(
        (carer_matching(MATCHING), discharge_involvement(AlertPolicy()), support_referral(POLICY))
    )


def answer(
    referral: CarerReferral, kind: ReferralOutcomeKind, recorded: str, reason: str | None = None
) -> ReferralOutcome:
    return ReferralOutcome(
        **frame_of("portal", f"{kind}-{recorded}", recorded),
        referral_id=referral.referral_id,
        agreement_id=referral.agreement_id,
        referral_version=referral.version,
        kind=kind,
        reason=reason,
        by="staff-9",
        organisation_ods=referral.service_ods,
    )


def told(hub: MemoryHub) -> list[tuple[str, str]]:
    return [(each.action.value, each.service_ods) for each in hub.said(CarerReferral)]


def last(hub: MemoryHub) -> CarerReferral:
    return hub.said(CarerReferral)[-1]


def test_without_an_agreement_nobody_is_referred(hub):
    hub.hear(carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA))
    assert [picture.cares_for[0].given_name for picture in hub.last(CarerPicture).values()] == [
        "Ada"
    ]
    assert told(hub) == []


def test_an_agreement_hands_the_carer_to_the_service_of_the_area(hub):
    hub.hear(
        carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA),
        agreement(BEN_AT_HOME, "2026-11-04 09:00"),
    )
    assert told(hub) == [("raised", "ADULT")]
    referral = last(hub)
    assert (referral.names[0].given, referral.cared_for_given_name, referral.postcode) == (
        ("Ben",),
        "Ada",
        "LE2 1AA",
    )


def test_an_agreement_that_comes_first_waits_for_the_flag(hub):
    hub.hear(agreement(BEN_AT_HOME, "2026-11-02 09:00"))
    assert told(hub) == []
    hub.hear(carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA))
    assert told(hub) == [("raised", "ADULT")]


def test_a_young_carer_goes_to_the_young_carers_service(hub):
    hub.hear(
        carer_flag(NINA_AT_HOME, "2026-11-03 12:00", of=ADA),
        agreement(NINA_AT_HOME, "2026-11-04 09:00"),
    )
    assert told(hub) == [("raised", "YOUNG")]
    assert last(hub).age_band == "young_carer"


def test_an_area_that_no_service_takes_is_not_guessed(hub):
    away = replace(BEN, postcode="LE19 4AA")
    hub.hear(carer_flag(away, "2026-11-03 12:00", of=ADA), agreement(away, "2026-11-04 09:00"))
    assert told(hub) == []


def test_a_withdrawn_agreement_withdraws_the_referral_and_given_again_it_is_raised_again(hub):
    hub.hear(
        carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA),
        agreement(BEN_AT_HOME, "2026-11-04 09:00"),
    )
    hub.hear(agreement(BEN_AT_HOME, "2026-11-05 09:00", status="inactive"))
    assert told(hub) == [("raised", "ADULT"), ("withdrawn", "ADULT")]
    hub.hear(agreement(BEN_AT_HOME, "2026-11-06 09:00"))
    assert told(hub)[-1] == ("raised", "ADULT")


def test_an_older_agreement_does_not_undo_a_withdrawal(hub):
    hub.hear(carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA))
    hub.hear(
        agreement(BEN_AT_HOME, "2026-11-05 09:00", status="inactive"),
        agreement(BEN_AT_HOME, "2026-11-04 09:00"),
    )
    assert told(hub) == []


def test_the_end_of_caring_withdraws_the_referral(hub):
    hub.hear(
        carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA),
        agreement(BEN_AT_HOME, "2026-11-04 09:00"),
    )
    hub.hear(carer_flag(BEN_AT_HOME, "2026-11-05 12:00", code=NO_LONGER))
    assert told(hub)[-1] == ("withdrawn", "ADULT")


def test_an_agreement_said_of_the_wrong_carer_refers_them_no_more_once_it_is_put_right(hub):
    hub.hear(
        carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA),
        carer_flag(NINA_AT_HOME, "2026-11-03 12:00", of=ADA),
    )
    hub.hear(agreement(BEN_AT_HOME, "2026-11-04 09:00", named="mistaken"))
    hub.hear(agreement(NINA_AT_HOME, "2026-11-05 09:00", named="mistaken"))
    assert told(hub) == [("raised", "ADULT"), ("withdrawn", "ADULT"), ("raised", "YOUNG")]
    hub.hear(carer_flag(BEN_AT_HOME, "2026-11-06 12:00", of=ADA))
    assert len(told(hub)) == 3


def test_the_services_answers_are_followed_to_the_end(hub):
    hub.hear(
        carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA),
        agreement(BEN_AT_HOME, "2026-11-04 09:00"),
    )
    hub.hear(answer(last(hub), ReferralOutcomeKind.RECEIVED, "2026-11-04 10:00"))
    hub.hear(answer(last(hub), ReferralOutcomeKind.ACCEPTED, "2026-11-04 11:00"))
    hub.hear(answer(last(hub), ReferralOutcomeKind.CLOSED, "2026-11-20 11:00", "supported"))
    assert [action for action, _ in told(hub)] == ["raised", "raised", "accepted", "closed"]
    assert (last(hub).reason, last(hub).last_answer) == ("supported", "closed")


STEPS = (
    ReferralOutcomeKind.ACCEPTED,
    ReferralOutcomeKind.CONTACT_ATTEMPTED,
    ReferralOutcomeKind.CONTACT_ATTEMPTED,
    ReferralOutcomeKind.ENGAGED,
    ReferralOutcomeKind.ASSESSMENT_OFFERED,
    ReferralOutcomeKind.ASSESSMENT_DONE,
)


def referred(hub: MemoryHub) -> CarerReferral:
    hub.hear(
        carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA),
        agreement(BEN_AT_HOME, "2026-11-04 09:00"),
    )
    return last(hub)


def answers_to(referral: CarerReferral) -> list[ReferralOutcome]:
    return [
        answer(referral, kind, f"2026-11-{day:02} 10:00") for day, kind in enumerate(STEPS, start=5)
    ]


def test_each_step_of_an_accepted_referral_is_a_version_of_its_own(hub):
    hub.hear(*answers_to(referred(hub)))
    steps = [(each.action.value, each.last_answer) for each in hub.said(CarerReferral)[1:]]
    assert steps == [("accepted", kind.value) for kind in STEPS]
    versions = [each.version for each in hub.said(CarerReferral)]
    assert versions == [1, 2, 3, 4, 5, 6, 7]
    assert last(hub).last_answer_at == at("2026-11-10 10:00")


def test_steps_that_are_heard_backwards_end_the_same_and_say_nothing_old(hub):
    hub.hear(*reversed(answers_to(referred(hub))))
    assert len(told(hub)) == 2
    assert (last(hub).action.value, last(hub).last_answer) == ("accepted", "assessment_done")
    assert last(hub).last_answer_at == at("2026-11-10 10:00")


def test_received_is_shown_and_corrects_nothing(hub):
    seen = answer(referred(hub), ReferralOutcomeKind.RECEIVED, "2026-11-05 10:00")
    hub.hear(seen, seen)
    assert told(hub) == [("raised", "ADULT"), ("raised", "ADULT")]
    assert (last(hub).version, last(hub).last_answer) == (2, "received")


@pytest.mark.parametrize(
    ("kinds", "versions"),
    [
        (("received",), 2),
        (("accepted",), 2),
        (("received", "accepted"), 3),
        (("engaged",), 2),
        (("declined",), 2),
    ],
)
def test_a_service_that_answers_each_version_by_itself_is_not_told_for_ever(hub, kinds, versions):
    referral = referred(hub)
    for day in range(5, 15):
        for hour, kind in enumerate(kinds, start=10):
            hub.hear(answer(referral, ReferralOutcomeKind(kind), f"2026-11-{day:02} {hour}:00"))
    assert last(hub).version == versions
    assert last(hub).last_answer == kinds[-1]
    assert last(hub).last_answer_at == at(f"2026-11-05 {9 + len(kinds)}:00")


def test_a_correction_after_received_is_a_correction_and_keeps_the_answer(hub):
    hub.hear(answer(referred(hub), ReferralOutcomeKind.RECEIVED, "2026-11-05 10:00"))
    moved = replace(BEN_AT_HOME, postcode="LE1 1AA")
    hub.hear(carer_flag(moved, "2026-11-06 12:00", of=ADA))
    assert told(hub)[-1] == ("corrected", "ADULT")
    assert (last(hub).last_answer, last(hub).postcode) == ("received", "LE1 1AA")


def test_an_answer_that_this_version_does_not_know_says_nothing(hub):
    hub.hear(answer(referred(hub), ReferralOutcomeKind.UNKNOWN, "2026-11-05 10:00"))
    assert told(hub) == [("raised", "ADULT")]


def test_steps_are_said_once_whatever_crashes(hub):
    hub.hear(*answers_to(referred(hub)))
    hub.crash()
    hub.redeliver()
    assert len(told(hub)) == 1 + len(STEPS)


def test_a_decline_says_why(hub):
    hub.hear(
        carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA),
        agreement(BEN_AT_HOME, "2026-11-04 09:00"),
    )
    hub.hear(answer(last(hub), ReferralOutcomeKind.DECLINED, "2026-11-04 11:00", "out-of-area"))
    assert (last(hub).action.value, last(hub).reason) == ("declined", "out-of-area")


@pytest.mark.parametrize(
    "kind", [ReferralOutcomeKind.DECLINED, ReferralOutcomeKind.CLOSED], ids=lambda kind: kind.value
)
def test_a_service_that_said_no_or_is_done_hears_no_more_of_the_carer(hub, kind):
    hub.hear(answer(referred(hub), kind, "2026-11-05 10:00", "full"))
    before = last(hub)
    hub.hear(
        carer_flag(replace(BEN_AT_HOME, postcode="LE1 1AA"), "2026-11-06 12:00", of=ADA),
        encounter(
            "A01",
            "2026-11-22 09:30",
            Visit(admitted="2026-11-22 09:20", expected="2026-11-25"),
        ),
    )
    assert (last(hub), last(hub).postcode) == (before, "LE2 1AA")
    hub.hear(answer(before, kind, "2026-11-23 10:00", "other"))
    assert (last(hub).version, last(hub).reason) == (3, "other")
    assert (last(hub).postcode, last(hub).expected_discharge) == ("LE2 1AA", None)
    hub.hear(agreement(BEN_AT_HOME, "2026-11-24 09:00", status="inactive"))
    assert told(hub)[-1] == ("withdrawn", "ADULT")


def test_a_service_that_changes_its_mind_is_told_of_the_carer_as_they_are_now(hub):
    declined = answer(referred(hub), ReferralOutcomeKind.DECLINED, "2026-11-05 10:00", "full")
    moved = replace(BEN_AT_HOME, postcode="LE1 1AA")
    hub.hear(declined, carer_flag(moved, "2026-11-06 12:00", of=ADA))
    hub.hear(answer(last(hub), ReferralOutcomeKind.ACCEPTED, "2026-11-07 10:00"))
    assert (told(hub)[-1], last(hub).postcode) == (("accepted", "ADULT"), "LE1 1AA")


def test_an_admission_of_the_person_cared_for_corrects_the_referral(hub):
    hub.hear(
        carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA),
        agreement(BEN_AT_HOME, "2026-11-04 09:00"),
    )
    stay = Visit(admitted="2026-11-22 09:20", expected="2026-11-25")
    hub.hear(encounter("A01", "2026-11-22 09:30", stay))
    assert told(hub) == [("raised", "ADULT"), ("corrected", "ADULT")]
    assert last(hub).expected_discharge is not None
    (alert,) = hub.last(InvolvementAlert).values()
    assert alert.carers[0].carer.agreement_id == last(hub).agreement_id


def test_a_crash_and_a_redelivery_refer_nobody_twice(hub):
    hub.hear(
        carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA),
        agreement(BEN_AT_HOME, "2026-11-04 09:00"),
    )
    hub.crash()
    hub.redeliver()
    assert told(hub) == [("raised", "ADULT")]


def test_two_records_with_one_number_and_two_birth_dates_are_a_question_and_never_a_fact(hub):
    stranger = replace(ADA, given="Zoe", born="1980-12-12", hospital_number=None)
    hub.hear(
        carer_flag(BEN, "2026-11-03 12:00", of=stranger),
        encounter("A01", "2026-11-22 09:30", Visit(admitted="2026-11-22 09:20")),
    )
    (item,) = hub.last(ReviewItem).values()
    assert (item.settled, item.in_hospital, item.reasons) == (
        False,
        True,
        ("nhs-number", "number-conflict"),
    )
    assert hub.said(InvolvementAlert) == []


def test_a_question_is_settled_when_the_records_agree(hub):
    mistyped = replace(ADA, given="Zoe", born="1980-12-12", hospital_number=None)
    hub.hear(
        carer_flag(BEN, "2026-11-03 12:00", of=mistyped),
        encounter("A01", "2026-11-22 09:30", Visit(admitted="2026-11-22 09:20")),
    )
    corrected = replace(ADA, hospital_number=None)
    hub.hear(carer_flag(BEN, "2026-11-23 12:00", of=corrected))
    (item,) = hub.last(ReviewItem).values()
    assert (item.settled, item.version) == (True, 2)
    assert len(hub.last(InvolvementAlert)) == 1


NUMBERS = (
    "9990000069",
    "9990000077",
    "9990000085",
    "9990000093",
    "9990000107",
    "9990000115",
    "9990000123",
    "9990000131",
    "9990000158",
)


def test_somebody_who_looks_after_more_than_eight_people_is_a_question_until_they_do_not(hub):
    people = [
        Person(f"Ida{place}", "Quill", f"19{place + 30}-01-01", number)
        for place, number in enumerate(NUMBERS)
    ]
    flags = [
        carer_flag(BEN, f"2026-11-03 12:{place:02}", of=each) for place, each in enumerate(people)
    ]
    hub.hear(*flags[:8])
    assert hub.said(ReviewItem) == []
    hub.hear(flags[8])
    (item,) = hub.last(ReviewItem).values()
    assert (item.left, item.reasons, item.settled) == (item.right, ("cares-for-many",), False)
    hub.hear(carer_flag(BEN, "2026-11-04 12:00", code=NO_LONGER))
    (item,) = hub.last(ReviewItem).values()
    assert item.settled


def test_keys_are_ids_of_the_hub(hub):
    hub.hear(
        carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA),
        agreement(BEN_AT_HOME, "2026-11-04 09:00"),
    )
    assert all(isinstance(key, UUID) for key in hub.last(CarerReferral))


# Whom an agreement names.

PRACTICES_OWN = "https://practice.example/patients"


def with_own_number(event):
    """The event, with the practice's own number beside the NHS number of every Patient and contact in it."""
    bundle = orjson.loads(event.resource)
    for each in bundle["entry"]:
        numbers = each["resource"].get("identifier", [])
        if each["resource"]["resourceType"] in ("Patient", "RelatedPerson"):
            own = {"system": PRACTICES_OWN, "value": f"own-{numbers[0]['value'][-3:]}"}
            numbers.append(own)
    return replace(event, resource=orjson.dumps(bundle))


def alone(event):
    """The event with the Consent only."""
    bundle = orjson.loads(event.resource)
    consents = [each for each in bundle["entry"] if each["resource"]["resourceType"] == "Consent"]
    return replace(event, resource=orjson.dumps({**bundle, "entry": consents}))


BEN_FLAG = carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA)
BEN_AGREES = agreement(BEN_AT_HOME, "2026-11-04 09:00")


def test_an_agreement_by_nhs_number_is_that_of_the_patient_beside_it_whatever_their_other_numbers(
    hub,
):
    hub.hear(with_own_number(BEN_FLAG), with_own_number(BEN_AGREES))
    assert told(hub) == [("raised", "ADULT")]


@pytest.mark.parametrize("known", [BEN_FLAG, with_own_number(BEN_FLAG)], ids=["nhs", "nhs and own"])
def test_an_agreement_by_nhs_number_alone_is_that_of_whom_the_sender_tells_of(known):
    again = alone(agreement(BEN_AT_HOME, "2026-11-05 09:00", "inactive"))
    for order in permutations((known, alone(BEN_AGREES))):
        hub = new_hub()
        hub.hear(*order)
        assert told(hub) == [("raised", "ADULT")]
        hub.hear(again)
        assert told(hub)[-1] == ("withdrawn", "ADULT")


def test_an_agreement_does_not_move_to_nobody_known(hub):
    hub.hear(agreement(NINA_AT_HOME, "2026-11-04 09:00", named="x"))
    hub.hear(alone(agreement(BEN_AT_HOME, "2026-11-05 09:00", "inactive", named="x")))
    (refused,) = hub.refusals
    assert (refused.code, refused.expression) == (
        "not-found",
        "Bundle.entry[0].resource.patient",
    )
    assert "send the Patient in the same Bundle" in refused.reason
    assert BEN.nhs_number not in refused.reason


def test_a_number_that_two_people_of_the_sender_have_is_nobodys_agreement(hub):
    other = replace(BEN_AT_HOME, given="Zoe", born="1980-12-12", hospital_number="77")
    hub.hear(BEN_FLAG, carer_flag(other, "2026-11-03 13:00"), alone(BEN_AGREES))
    assert [each.code for each in hub.refusals] == ["multiple-matches"]
    assert told(hub) == []


def test_a_flag_by_nhs_number_is_that_of_the_patient_beside_it(hub):
    bundle = orjson.loads(with_own_number(BEN_FLAG).resource)
    flag = bundle["entry"][-1]["resource"]
    flag["subject"] = {"identifier": {"system": NHS_NUMBER, "value": BEN.nhs_number}}
    hub.hear(replace(BEN_FLAG, resource=orjson.dumps(bundle)))
    flagged = [each for each in hub.memory.records.values() if each.carer_status is not None]
    assert [each.facts.names[0].given for each in flagged] == [("Ben",)]


def test_an_agreement_that_moved_to_another_carer_and_was_withdrawn_refers_nobody(hub):
    given = agreement(NINA_AT_HOME, "2026-11-04 09:00", named="x")
    moved = with_own_number(agreement(BEN_AT_HOME, "2026-11-05 09:00", "inactive", named="x"))
    flag = carer_flag(NINA_AT_HOME, "2026-11-03 12:00", of=ADA)
    for order in permutations((flag, given, moved)):
        each = new_hub()
        each.hear(*order)
        assert [r.action.value for r in each.last(CarerReferral).values()] in ([], ["withdrawn"])
    hub.hear(flag, given, moved)
    assert told(hub) == [("raised", "YOUNG"), ("withdrawn", "YOUNG")]
