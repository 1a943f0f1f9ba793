"""What a page says of an alert at a time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.portal import alert_words
from connectors.portal.alert_shown import alert_from, ward_in_words
from connectors.portal.referral_shown import referral_from
from hub.matching.scoring.fields import FIELDS
from hub.ports.pages import ReferralRow, WorklistRow
from hub.records import (
    AgeBand,
    AlertStatus,
    ByEvidence,
    Confidence,
    ReferralAction,
    ServiceOffer,
    Sharing,
    SharingPosition,
)
from tests.unit.portal.desk_kit import ALERT, NOW, REFERRAL, alert, carer, name, row_of


def shown(now=NOW, **changes):
    return alert_from(row_of(WorklistRow, replace(ALERT, **changes)), now)


def test_an_alert_says_who_lies_where_and_by_when():
    said = shown()
    assert (said.place, said.patient) == ("Ward 30, bed B3-2", "Doris May Whitlock")
    assert (said.born, said.nhs_number) == ("17 May 1941 (aged 85)", "999 120 4318")
    assert (said.hospital_number, said.expected) == ("S2046317", "9 November 2026")
    assert (said.due, said.is_overdue) == ("Due today, 10:00", False)
    assert (said.status, said.marks) == ("New", ())


def test_a_carer_says_who_they_are_how_sure_and_what_may_be_shared():
    (said,) = shown().carers
    assert (said.name, said.relationship, said.age) == ("Susan Hale", "daughter", "")
    assert [(each.text, each.use) for each in said.contacts] == [("07700 900142", "mobile")]
    assert said.contacts[0].note == "After 4 pm; a message may be left."
    assert said.needs == ("large print",)
    assert said.sure == "Confirmed by the GP practice"
    assert said.sharing == "The patient agreed that you may share information with them."
    assert (said.outcome, said.is_waiting) == ("", True)


def test_overdue_is_said_in_words_from_the_moment_it_is_late():
    due = ALERT.due_at
    assert not shown(now=due).is_overdue
    late = shown(now=due + timedelta(seconds=1))
    assert (late.due, late.is_overdue) == ("Overdue: was due today, 10:00", True)
    later = shown(now=due + timedelta(days=3))
    assert later.due == "Overdue: was due 3 November 2026, 10:00"


def test_what_is_to_be_noticed_is_said_in_words():
    said = shown(went_home_without_contact=True, level=2, behind=True)
    assert said.expected == "the patient has gone home"
    assert said.marks == (
        "The patient went home without contact",
        "Reminded twice: no contact is recorded",
        "The hub was behind: this may have come late",
    )


@pytest.mark.parametrize("status", [AlertStatus.COMPLETED, AlertStatus.CANCELLED])
def test_a_closed_alert_asks_for_nothing(status):
    said = shown(status=status, went_home_without_contact=True, level=2)
    assert not said.is_open
    assert (said.due, said.is_overdue, said.marks, said.to_do) == ("", False, (), "")
    assert said.is_withdrawn == (status is AlertStatus.CANCELLED)


@pytest.mark.parametrize(
    ("status", "seen", "taken"),
    [
        (AlertStatus.REQUESTED, True, True),
        (AlertStatus.RECEIVED, False, True),
        (AlertStatus.ACCEPTED, False, False),
        (AlertStatus.IN_PROGRESS, False, False),
        (AlertStatus.COMPLETED, False, False),
    ],
)
def test_a_step_is_offered_while_it_is_news(status, seen, taken):
    said = shown(status=status)
    assert (said.can_be_seen, said.can_be_taken_on) == (seen, taken)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("young_carer_lead_told", "The young-carer lead was told, 3 November 2026, 09:12"),
        ("contacted_not_able", "Contacted, 3 November 2026, 09:12"),
    ],
)
def test_a_carer_under_18_is_marked_and_their_outcome_does_not_say_able(outcome, words):
    (said,) = shown(
        carers=(carer(age_band=AgeBand.YOUNG_CARER, outcome=outcome, outcome_at=NOW),)
    ).carers
    assert (said.is_young, said.age, said.is_waiting) == (True, "Under 18", False)
    assert said.outcome == words


OFFER = ServiceOffer(service_ods="8J094", service_name="Carers Leeds")


@pytest.mark.parametrize(
    ("of_carer", "words"),
    [
        ({"offer": OFFER}, "Ask whether they want support from Carers Leeds"),
        ({"offer": replace(OFFER, service_name="")}, "Ask whether they want support from 8J094"),
        (
            {"offer": OFFER, "outcome": "not_reached"},
            "Ask whether they want support from Carers Leeds",
        ),
        (
            {"offer": OFFER, "age_band": AgeBand.YOUNG_CARER},
            "The young-carer lead can offer support from Carers Leeds",
        ),
        ({"offer": OFFER, "outcome": "contacted_able"}, ""),
        ({"offer": ServiceOffer(service_ods="")}, ""),
        ({}, ""),
    ],
)
def test_who_could_be_referred_is_to_be_asked_for_and_nothing_is_said_of_anybody_else(
    of_carer, words
):
    assert [each.offer for each in shown(carers=(carer(**of_carer),)).carers] == [words]


def test_nothing_is_offered_on_an_alert_that_is_closed():
    (said,) = shown(carers=(carer(offer=OFFER),), status=AlertStatus.COMPLETED).carers
    assert said.offer == ""


def test_a_carer_who_was_not_reached_is_still_to_be_involved():
    tried, done = shown(
        carers=(
            carer(outcome="not_reached", outcome_at=NOW),
            carer(1, outcome="contacted_able", outcome_at=NOW),
        )
    ).carers
    assert (tried.is_waiting, done.is_waiting) == (True, False)
    assert tried.outcome == "Tried, not reached, 3 November 2026, 09:12"


@pytest.mark.parametrize(
    ("position", "begins"),
    [
        (SharingPosition.AGREED, "The patient agreed"),
        (SharingPosition.REFUSED, "The patient does not agree"),
        (SharingPosition.UNKNOWN, "Ask the patient before you share"),
    ],
)
def test_the_sharing_position_is_said_in_words(position, begins):
    (said,) = shown(carers=(carer(sharing=Sharing(position=position)),)).carers
    assert said.sharing.startswith(begins)


def test_what_is_not_known_is_empty_or_said_to_be():
    said = alert_from(
        replace(
            row_of(
                WorklistRow,
                alert(ward=None, bed=None, expected_discharge=None, due_at=None),
            ),
            birth_on=None,
            nhs_number=None,
            hospital_number=None,
            carers=[{}],
        ),
        NOW,
    )
    assert said.place == "No ward known, no bed known"
    assert (said.born, said.nhs_number, said.due, said.expected) == ("", "", "", "")
    (nobody,) = said.carers
    assert (nobody.name, nobody.contacts, nobody.sure) == (
        "",
        (),
        "Perhaps a carer, please check",
    )
    assert nobody.sharing.startswith("Ask the patient")


def test_a_ward_is_called_a_ward_once():
    assert [ward_in_words(each) for each in ("30", "WARD 30", "Ward 3b", "")] == [
        "Ward 30",
        "WARD 30",
        "Ward 3b",
        "No ward known",
    ]


def test_a_carer_of_the_hospitals_record_alone_is_to_be_checked():
    (said,) = shown(carers=(carer(confidence=Confidence.PROBABLE, evidence=()),)).carers
    assert said.sure == "In the hospital's record, please check"


# Referrals


def referral(**changes):
    return referral_from(row_of(ReferralRow, replace(REFERRAL, **changes)), NOW)


def test_a_referral_says_whom_to_reach_and_whom_they_look_after():
    said = referral()
    assert (said.name, said.age) == ("Susan Jane Hale", "Adult")
    assert (said.looks_after, said.postcode) == ("Doris (as daughter)", "LE18 1XX")
    assert said.expected == "9 November 2026"
    assert said.state == "New"
    assert [each.dial for each in said.contacts] == ["07700900142"]


def test_nobody_is_named_where_no_name_came():
    said = referral(cared_for_given_name=None, relationships=(), names=name("", ""))
    assert (said.looks_after, said.name) == ("somebody", "No name known")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("contact_attempted", "Tried, not reached, 3 November 2026"),
        ("received", "Seen, 3 November 2026"),
        ("a word of a later version", ""),
        (None, ""),
    ],
)
def test_a_referral_says_what_the_service_answered_last(answer, words):
    assert referral(last_answer=answer, last_answer_at=NOW if answer else None).last == words


@pytest.mark.parametrize(
    ("action", "offered", "not_offered"),
    [
        (ReferralAction.RAISED, {"accepted", "declined"}, {"assessment_done"}),
        (ReferralAction.CORRECTED, {"accepted", "closed"}, {"assessment_offered"}),
        (ReferralAction.ACCEPTED, {"assessment_done", "declined", "engaged"}, {"accepted"}),
    ],
)
def test_a_service_is_offered_what_makes_sense_now(action, offered, not_offered):
    answers = {code for code, _ in referral(action=action).answers}
    assert offered <= answers
    assert not not_offered & answers


def known(*ends, agreed=("name", "born", "home"), **changes):
    """What a page says of a carer of whose link these ends are known by evidence."""
    found = ByEvidence(ends=ends, agreed=agreed, model="1#a")
    (said,) = shown(carers=(carer(by_evidence=found, **changes),)).carers
    return said.matched


def test_who_is_known_by_evidence_is_said_in_words_with_what_to_do_about_it():
    (plain,) = shown().carers
    assert plain.matched == ""
    assert known("carer") == (
        "Matched by name, date of birth and address, without a verified NHS number: "
        "please check who it is when you call"
    )
    assert known("patient", agreed=("name", "middle", "sex", "mobile")) == (
        "The patient was matched by name and mobile number, without a verified NHS number: "
        "please check who it is when you call"
    )
    assert known("patient", "carer", agreed=()) == (
        "Patient and carer were matched without a verified NHS number: "
        "please check who it is when you call"
    )


def test_nobody_is_told_to_call_a_child():
    assert known("carer", age_band=AgeBand.YOUNG_CARER).endswith(": please check who it is")


def test_each_field_of_a_model_has_a_word_for_a_ward():
    assert alert_words.AGREED.keys() == set(FIELDS)


def test_a_row_of_before_says_nothing_of_it():
    row = row_of(WorklistRow, ALERT)
    carers = [{k: v for k, v in each.items() if k != "matched"} for each in row.carers]
    assert [each.matched for each in alert_from(replace(row, carers=carers), NOW).carers] == [""]
