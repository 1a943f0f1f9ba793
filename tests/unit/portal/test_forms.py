"""What is typed becomes an outcome, or a list of what is wrong."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from connectors.portal.alert_shown import alert_from
from connectors.portal.alert_words import OUTCOMES
from connectors.portal.contact_form import (
    ABLE,
    YOUNG_LEAD,
    Contact,
    Step,
    choices_for,
    chosen_before_typing,
    contact_from,
    step_from,
)
from connectors.portal.flash import Flash, flash_in
from connectors.portal.form import Fault, time_from, when_from
from connectors.portal.posted import fields_of, plain
from connectors.portal.referral_form import ServiceAnswer, service_answer_from
from connectors.portal.refusals import TooMuch
from hub.ports.pages import WorklistRow
from hub.records import AgeBand, OutcomeKind, ReferralOutcomeKind
from tests.unit.portal.desk_kit import ALERT, NOW, alert, carer, name, row_of

LINK = str(ALERT.carers[0].carer.link_id)
HIDDEN = {"nonce": "n" * 22, "version": "1"}
GOOD = {**HIDDEN, "carer": LINK, "outcome": "contacted_able", "staff_id": "40123456"}
CHILD = carer(1, age_band=AgeBand.YOUNG_CARER, names=name("Nina", "Marsh"))
CHILDS = str(CHILD.carer.link_id)


def shown(*carers):
    return alert_from(row_of(WorklistRow, alert(carers=carers or ALERT.carers)), NOW)


def faults_of(*carers, **typed) -> list[tuple[str, str]]:
    found = contact_from({**GOOD, **typed}, shown(*carers), NOW)
    assert isinstance(found, tuple), found
    return [(each.field, each.text) for each in found]


def test_a_form_that_is_filled_in_is_a_contact():
    contact = contact_from(GOOD, shown(), NOW)
    assert isinstance(contact, Contact)
    assert (contact.link_id, contact.kind) == (UUID(LINK), OutcomeKind.CONTACTED_ABLE)
    assert (contact.said.by, contact.said.at) == ("40123456", None)
    assert (contact.said.nonce, contact.said.seen_version) == ("n" * 22, 1)


def test_every_choice_of_the_form_can_be_sent():
    for outcome in OUTCOMES:
        link, carers = (CHILDS, (CHILD,)) if outcome == YOUNG_LEAD else (LINK, ALERT.carers)
        contact = contact_from({**GOOD, "carer": link, "outcome": outcome}, shown(*carers), NOW)
        assert contact.kind is OutcomeKind(outcome)


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_the_page():
    found = contact_from({**HIDDEN, "time": "25:00"}, shown(), NOW)
    assert [each.field for each in found] == ["carer", "outcome", "time", "staff_id"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"carer": ""}, "carer"),
        ({"carer": "nobody"}, "carer"),
        ({"outcome": ""}, "outcome"),
        ({"outcome": "seen"}, "outcome"),
        ({"outcome": "unknown"}, "outcome"),
        ({"staff_id": ""}, "staff_id"),
        ({"staff_id": "Mary"}, "staff_id"),
        ({"staff_id": "Mary Jones 1"}, "staff_id"),
        ({"staff_id": "<b>1</b>"}, "staff_id"),
        ({"staff_id": "1" * 65}, "staff_id"),
        ({"nonce": ""}, "form"),
        ({"nonce": "short"}, "form"),
        ({"version": "0"}, "form"),
        ({"version": "-1"}, "form"),
        ({"version": "9" * 12}, "form"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(typed, field):
    assert [where for where, _ in faults_of(**typed)] == [field]


@pytest.mark.parametrize("outcome", ABLE)
def test_a_child_is_never_asked_whether_they_are_able(outcome):
    ((field, text),) = faults_of(CHILD, carer=CHILDS, outcome=outcome)
    assert (field, "Nina Marsh is under 18" in text) == ("outcome", True)


def test_the_young_carer_lead_is_for_children_alone():
    ((field, _),) = faults_of(outcome=YOUNG_LEAD)
    assert field == "outcome"


def test_a_child_that_the_lead_was_told_of_is_not_planned_on():
    contact = contact_from({**GOOD, "carer": CHILDS, "outcome": YOUNG_LEAD}, shown(CHILD), NOW)
    assert contact.kind is OutcomeKind.YOUNG_CARER_LEAD_TOLD


def test_what_can_be_said_depends_on_who_the_carers_are():
    def offered(*carers):
        return {value for value, _ in choices_for(shown(*carers).carers)}

    adult, child = offered(carer()), offered(CHILD)
    assert set(ABLE) <= adult
    assert YOUNG_LEAD not in adult
    assert not set(ABLE) & child
    assert YOUNG_LEAD in child
    assert offered(carer(), CHILD) == adult | child


def test_the_only_carer_who_waits_is_chosen_beforehand():
    done = carer(2, outcome="contacted_able")
    assert chosen_before_typing(shown()) == LINK
    assert chosen_before_typing(shown(carer(), done)) == LINK
    assert chosen_before_typing(shown(carer(), carer(3))) == ""


def test_a_carer_of_an_older_version_can_be_named():
    other = str(UUID(int=7))
    assert contact_from({**GOOD, "carer": other}, shown(), NOW).link_id == UUID(other)


def test_a_step_needs_to_be_one_and_somebody_who_takes_it():
    step = step_from({**HIDDEN, "step": "accepted", "staff_id": "40123456"})
    assert isinstance(step, Step)
    assert step.kind is OutcomeKind.ACCEPTED
    assert [each.field for each in step_from({**HIDDEN, "step": "contacted_able"})] == [
        "form",
        "staff_id",
    ]


# When


def when(now=NOW, **typed):
    return when_from(typed, now)


def test_an_empty_date_and_time_is_now():
    assert when() is None
    assert when(day="", month="", year="", time="") is None


def test_a_time_alone_is_today():
    assert when(time="08:30") == datetime(2026, 11, 3, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("14:30", (14, 30)),
        ("14.30", (14, 30)),
        ("1430", (14, 30)),
        ("930", (9, 30)),
        ("2:30pm", (14, 30)),
        ("2pm", (14, 0)),
        ("12am", (0, 0)),
        ("12 PM", (12, 0)),
        ("0:05", (0, 5)),
        ("24:00", None),
        ("13pm", None),
        ("0am", None),
        ("9", None),
        ("9:60", None),
        ("noon", None),
        ("१४:३०", None),
    ],
)
def test_a_time_is_read_as_people_write_it(text, clock):
    assert time_from(text) == clock


@pytest.mark.parametrize("month", ["11", "Nov", "november"])
def test_a_month_is_a_number_or_a_word(month):
    assert when(day="2", month=month, year="2026", time="10:00") == datetime(
        2026, 11, 2, 10, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"day": "2", "month": "11", "year": "2026"}, "time"),
        ({"day": "2", "month": "11", "year": "", "time": "10:00"}, "day"),
        ({"day": "30", "month": "2", "year": "2026", "time": "10:00"}, "day"),
        ({"day": "x", "month": "11", "year": "2026", "time": "10:00"}, "day"),
        ({"day": "0", "month": "0", "year": "0", "time": "10:00"}, "day"),
        ({"time": "09:20"}, "day"),
        ({"day": "4", "month": "11", "year": "2026", "time": "08:00"}, "day"),
        ({"day": "1", "month": "10", "year": "2026", "time": "08:00"}, "day"),
        ({"day": "1", "month": "11", "year": "2025", "time": "08:00"}, "day"),
    ],
)
def test_a_time_that_cannot_be_is_said_at_its_field(typed, field):
    found = when(**typed)
    assert isinstance(found, Fault)
    assert found.field == field


def test_a_clock_that_is_a_minute_ahead_is_no_fault():
    assert when(time="09:13") == NOW + timedelta(minutes=1)


def test_of_the_doubled_hour_of_october_the_later_counts_unless_it_is_to_come():
    typed = {"day": "25", "month": "10", "year": "2026", "time": "01:30"}
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert when(now=NOW, **typed) == second
    assert when(now=first + timedelta(minutes=10), **typed) == first


# Services


ANSWER = {**HIDDEN, "answer": "declined", "reason": "full", "staff_id": "S77"}


def test_a_service_declines_with_a_reason():
    answer = service_answer_from(ANSWER, NOW)
    assert isinstance(answer, ServiceAnswer)
    assert (answer.kind, answer.reason) == (ReferralOutcomeKind.DECLINED, "full")


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"reason": ""}, ["reason"]),
        ({"reason": "because"}, ["reason"]),
        ({"answer": "accepted"}, ["reason"]),
        ({"answer": ""}, ["answer"]),
        ({"answer": "unknown"}, ["answer"]),
        ({"answer": "received"}, ["answer"]),
        ({"staff_id": "", "day": "1"}, ["time", "staff_id"]),
    ],
)
def test_what_a_service_cannot_say_is_said_at_its_field(typed, fields):
    assert [each.field for each in service_answer_from({**ANSWER, **typed}, NOW)] == fields


def test_an_end_takes_a_reason_and_needs_none():
    for reason in ("", "other"):
        answer = service_answer_from({**ANSWER, "answer": "closed", "reason": reason}, NOW)
        assert answer.reason == (reason or None)


# What is sent


def test_what_is_sent_is_one_line_without_controls():
    assert fields_of(b"a=+x%00%0d%0ay+&b=%ff&a=2") == {"a": "2", "b": "\ufffd"}
    assert plain("  x\x00\r\ny\u202e ") == "xy"
    assert len(plain("x" * 1000)) == 200


def test_more_fields_than_any_form_has_are_refused():
    with pytest.raises(TooMuch):
        fields_of(b"&".join(b"a%d=1" % number for number in range(41)))


# What was saved


SUBJECT = UUID(int=5)


@pytest.mark.parametrize(
    ("query", "flash"),
    [
        ({}, None),
        ({"saved": str(SUBJECT)}, Flash(SUBJECT)),
        ({"passing": str(SUBJECT), "at": "10:02"}, Flash(SUBJECT, "10:02")),
        ({"passing": str(SUBJECT), "at": "<b>"}, None),
        ({"passing": str(SUBJECT)}, None),
        ({"saved": "everything"}, None),
    ],
)
def test_an_address_says_nothing_that_a_page_of_ours_would_not_say(query, flash):
    assert flash_in(query) == flash


def test_what_was_saved_is_said_in_words():
    assert Flash(SUBJECT).text == "Saved"
    assert Flash(SUBJECT, "10:02").text == "Saved at 10:02, being passed on"
