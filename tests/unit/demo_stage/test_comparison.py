"""Right, missed or wrong: what the demonstration judges by."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from deploy.demo.script import AlertState, Expected, ReferralKey, ReferralState
from deploy.demo.stage.comparison import UNEXPECTED, Difference, Tally, compared
from deploy.demo.stage.states import alert_state, alert_states, referral_state
from hub.records import AlertAction, AlertStatus, ReferralAction
from tests.unit.demo_stage.records import NOW, alert, carer, referral

ALERT = alert_state(alert(carer("Ben Marsh"), carer("Nina Marsh")))
OTHER = replace(ALERT, key=replace(ALERT.key, hospital_number="H200"))
REFERRAL = referral_state(referral())
ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)


def judged(expected, seen, expected_referrals=(), seen_referrals=None):
    return compared(Expected(expected, expected_referrals), seen, seen_referrals or {})


def test_what_stands_as_it_must_is_right():
    found = judged([ALERT, OTHER], {ONE: OTHER, TWO: ALERT}, [REFERRAL], {THREE: REFERRAL})
    assert found.equal
    assert (found.alerts, found.referrals) == (Tally(2, 2, 0, 0), Tally(1, 1, 0, 0))


def test_an_alert_that_never_came_is_missed():
    found = judged([ALERT, OTHER], {ONE: OTHER})
    assert found.differences == (Difference("alert", "missed", "RWE"),)
    assert found.alerts == Tally(expected=2, right=1, missed=1, wrong=0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"carers": frozenset({"Ben Marsh"})}, "carers"),
        ({"carers": frozenset({"Ben Marsh", "Nora Marsh"})}, "carers"),
        ({"due_at": ALERT.due_at + timedelta(minutes=1)}, "due_at"),
        ({"due_at": None}, "due_at"),
        ({"status": "completed"}, "status"),
        ({"ward": "WARD24"}, "ward"),
        ({"went_home_without_contact": True}, "went_home_without_contact"),
    ],
)
def test_an_alert_that_differs_is_wrong_and_says_in_what(change, field):
    found = judged([ALERT], {ONE: replace(ALERT, **change)})
    assert found.differences == (Difference("alert", "wrong", "RWE", ONE, (field,)),)
    assert found.alerts == Tally(expected=1, right=0, missed=0, wrong=1)


@pytest.mark.parametrize(
    ("least", "most", "right"),
    [(0, None, {0}), (1, None, {1}), (0, 0, {0}), (1, 2, {1, 2}), (0, 3, {0, 1, 2, 3})],
)
def test_a_level_is_right_from_the_least_to_the_most_that_may_be(least, most, right):
    must_be = replace(ALERT, level=least, most_level=most)
    found = {level: judged([must_be], {ONE: replace(ALERT, level=level)}) for level in range(4)}
    assert {level for level, each in found.items() if each.equal} == right
    assert {fields_of(found[level]) for level in found.keys() - right} <= {("level",)}


def fields_of(comparison):
    (difference,) = comparison.differences
    return difference.fields


SUPERSEDED = alert(
    status=AlertStatus.CANCELLED,
    action=AlertAction.SUPERSEDED,
    due_at=None,
    superseded_by=UUID(int=2),
)
HEIR = alert(number=2, admitted_at=NOW + timedelta(hours=1))
MOVED = replace(
    alert_state(SUPERSEDED), goes_on_as=alert_state(HEIR).key, action=AlertAction.SUPERSEDED.value
)


def test_an_alert_whose_visit_goes_on_is_right_when_the_heir_stands_for_it():
    seen = alert_states({ONE: SUPERSEDED, TWO: HEIR})
    assert judged([MOVED, alert_state(HEIR)], seen).equal


@pytest.mark.parametrize(
    ("seen", "differing"),
    [
        (replace(SUPERSEDED, superseded_by=None), ("goes_on_as",)),
        (replace(SUPERSEDED, superseded_by=UUID(int=3)), ("goes_on_as",)),
        (replace(SUPERSEDED, superseded_by=UUID(int=1)), ("goes_on_as",)),
        (replace(SUPERSEDED, action=AlertAction.WITHDRAWN), ("action",)),
    ],
    ids=["none stands for it", "one nobody saw", "another one", "called withdrawn"],
)
def test_a_visit_that_goes_on_is_not_right_when(seen, differing):
    found = judged([MOVED, alert_state(HEIR)], alert_states({ONE: seen, TWO: HEIR}))
    assert fields_of(found) == differing


def test_an_alert_that_must_be_withdrawn_is_not_right_when_another_stands_for_it():
    withdrawn = replace(MOVED, goes_on_as=None, action="")
    seen = alert_states({ONE: SUPERSEDED, TWO: HEIR})
    assert fields_of(judged([withdrawn, alert_state(HEIR)], seen)) == ("goes_on_as",)


def test_an_alert_that_nobody_expected_is_wrong():
    found = judged([ALERT], {ONE: ALERT, TWO: OTHER})
    assert found.differences == (Difference("alert", "wrong", "RWE", TWO, (UNEXPECTED,)),)
    assert found.alerts == Tally(expected=1, right=1, missed=0, wrong=1)


def test_the_same_alert_twice_is_one_too_many_and_the_better_one_counts():
    found = judged([ALERT], {ONE: replace(ALERT, due_at=None), TWO: ALERT})
    assert found.differences == (Difference("alert", "wrong", "RWE", ONE, (UNEXPECTED,)),)
    assert found.alerts == Tally(expected=1, right=1, missed=0, wrong=1)


def test_of_a_withdrawn_alert_nobody_is_compared():
    withdrawn = alert_state(alert(status=AlertStatus.CANCELLED, due_at=None))
    assert withdrawn.carers == frozenset()
    expected = replace(withdrawn, carers=frozenset({"Ben Marsh"}))
    assert judged([expected], {ONE: withdrawn}).equal
    assert not judged([replace(expected, ward="WARD24")], {ONE: withdrawn}).equal


def test_a_referral_with_another_end_or_at_another_service_is_not_right():
    accepted = referral_state(referral(ReferralAction.ACCEPTED))
    found = judged([], {}, [REFERRAL], {THREE: accepted})
    assert [str(each) for each in found.differences] == [f"wrong referral {THREE} at DEMO1: action"]
    elsewhere = replace(REFERRAL, key=replace(REFERRAL.key, service_ods="DEMO2"))
    found = judged([], {}, [REFERRAL], {THREE: elsewhere})
    assert found.referrals == Tally(expected=1, right=0, missed=1, wrong=1)


def test_what_is_said_of_a_difference_names_nobody():
    found = judged([ALERT, OTHER], {ONE: replace(ALERT, carers=frozenset({"Nora Marsh"}))})
    said = " ".join(map(str, found.differences))
    assert "Marsh" not in said
    assert "H100" not in said


def test_a_record_becomes_the_state_that_a_script_names():
    state = alert_state(alert(carer("Ben Marsh"), level=1))
    assert state == AlertState(
        key=ALERT.key,
        status="requested",
        carers=frozenset({"Ben Marsh"}),
        due_at=ALERT.due_at,
        ward="WARD23",
        level=1,
        action="raised",
    )
    assert state.key.admitted_at == NOW.replace(second=0)


def test_a_corrected_referral_stands_as_raised():
    corrected = referral_state(referral(ReferralAction.CORRECTED))
    key = ReferralKey("DEMO1", "Ben", "Marsh", corrected.key.birth_on)
    assert corrected == ReferralState(key, "raised")
