"""Dates, numbers, people and how sure the hub is, in plain English."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from connectors.portal import alert_words, languages, referral_words, relationships, words
from connectors.portal.person import contacts_from, dialled, needs_in_words
from connectors.ward_mllp.mapping.codes import relationship_codings
from hub.fhir.systems import RELATIONSHIP_ROLE, ROLE_CODE, V2_CONTACT_ROLE
from hub.outcomes import REASONS, STEPS
from hub.records import (
    AgeBand,
    AlertStatus,
    EvidenceKind,
    OutcomeKind,
    ReferralAction,
    ReferralOutcomeKind,
    SharingPosition,
)

WINTER = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
FIRST_AND_LAST = (
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
)
SUMMER = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)


def test_a_day_is_written_out():
    assert words.day(date(2026, 11, 25)) == "25 November 2026"
    assert [words.day(date(2026, month, 1)).split()[1] for month in (1, 12)] == [
        "January",
        "December",
    ]


def test_times_are_londons_whatever_the_season():
    assert words.moment(WINTER) == "25 November 2026, 10:00"
    assert words.moment(SUMMER) == "1 July 2026, 00:30"


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (datetime(2026, 11, 25, 9, 0, tzinfo=UTC), "today, 10:00"),
        (datetime(2026, 11, 24, 23, 59, tzinfo=UTC), "tomorrow, 10:00"),
        (datetime(2026, 11, 26, 0, 0, tzinfo=UTC), "yesterday, 10:00"),
        (datetime(2026, 11, 27, 0, 0, tzinfo=UTC), "25 November 2026, 10:00"),
        (datetime(2025, 11, 25, 9, 0, tzinfo=UTC), "25 November 2026, 10:00"),
    ],
)
def test_what_is_near_is_said_as_people_say_it(now, said):
    assert words.near(WINTER, now) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (None, ""),
        (datetime(2026, 11, 9, tzinfo=UTC), "9 November 2026"),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), "1 July 2026"),
        (datetime(2026, 7, 1, tzinfo=UTC), "1 July 2026"),
        (datetime(2026, 11, 9, 14, 30, tzinfo=UTC), "9 November 2026, 14:30"),
    ],
)
def test_an_expected_discharge_without_a_time_is_a_day(at, said):
    assert words.expected(at) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [("9991204318", "999 120 4318"), (None, ""), ("123", "123")],
)
def test_an_nhs_number_stands_in_three_groups(number, said):
    assert words.nhs_number(number) == said


@pytest.mark.parametrize(
    ("today", "age"), [(date(2026, 5, 16), 84), (date(2026, 5, 17), 85), (date(2026, 11, 3), 85)]
)
def test_a_date_of_birth_says_the_age_of_today(today, age):
    assert words.born(date(1941, 5, 17), today) == f"17 May 1941 (aged {age})"


def test_somebody_without_a_name_is_said_to_have_none_known():
    assert words.full_name("", "") == "No name known"
    assert words.full_name("", "Marsh") == "Marsh"


# Whole tables


def test_every_word_of_a_record_has_words():
    assert set(alert_words.STATUSES) == set(AlertStatus)
    assert set(alert_words.AGES) == set(referral_words.AGES) == set(AgeBand)
    assert set(alert_words.SHARING) == set(SharingPosition)
    assert set(alert_words.SOURCES) == set(EvidenceKind)
    of_carers = set(OutcomeKind) - STEPS - {OutcomeKind.UNKNOWN}
    assert set(alert_words.OUTCOMES) == set(alert_words.YOUNG_OUTCOMES) == of_carers
    assert set(referral_words.STATES) == set(ReferralAction)
    assert set(referral_words.LAST_ANSWERS) == set(ReferralOutcomeKind) - {
        ReferralOutcomeKind.UNKNOWN
    }
    assert set(referral_words.ANSWERS) == set(ReferralOutcomeKind) - {
        ReferralOutcomeKind.UNKNOWN,
        ReferralOutcomeKind.RECEIVED,
    }
    assert tuple(referral_words.REASONS) == REASONS


def test_nobody_reads_whether_a_child_is_willing_or_able():
    said = " ".join(alert_words.YOUNG_OUTCOMES.values())
    assert "able" not in said
    assert "willing" not in said


@pytest.mark.parametrize(
    ("confidence", "kinds", "said"),
    [
        ("confirmed", ["gp_flag", "nk1"], "Confirmed by the GP practice"),
        (
            "confirmed",
            ["gp_flag", "self_declared", "related_person"],
            "Confirmed by the GP practice and the carer",
        ),
        ("confirmed", ["nk1"], "Confirmed"),
        ("probable", ["nk1", "nk1"], "In the hospital's record, please check"),
        ("probable", [], "In the hospital's record, please check"),
        ("probable", ["passport"], "Named by the carer's passport, please check"),
        ("check", ["nk1"], "Perhaps a carer, please check"),
        ("a word of a later version", [], "Perhaps a carer, please check"),
    ],
)
def test_how_sure_the_hub_is(confidence, kinds, said):
    assert alert_words.how_sure(confidence, kinds) == said


def test_reminders_are_counted_in_words():
    assert [alert_words.reminded(level) for level in (0, 1, 2, 3)] == [
        "",
        "Reminded once: no contact is recorded",
        "Reminded twice: no contact is recorded",
        "Reminded 3 times: no contact is recorded",
    ]


# Relationships


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ([(RELATIONSHIP_ROLE, "Carer", "Carer of patient")], ""),
        (
            [(RELATIONSHIP_ROLE, "Carer", ""), (ROLE_CODE, "DAUC", "daughter")],
            "daughter",
        ),
        ([(ROLE_CODE, "DAUC", ""), (ROLE_CODE, "DAU", "")], "daughter"),
        ([(V2_CONTACT_ROLE, "N", ""), (ROLE_CODE, "WIFE", "")], "next of kin, wife"),
        ([(V2_CONTACT_ROLE, "U", "Unknown")], ""),
        ([("", "7", "Lodger ")], "lodger"),
        ([("", "7", "")], ""),
        ([], ""),
    ],
)
def test_roles_are_said_once_and_without_that_they_care(roles, said):
    assert relationships.in_words(roles) == said


def test_every_role_that_a_hospital_sends_has_words_or_says_nothing():
    sent = {
        coding
        for code in [
            *map(str, range(1, 100)),
            *"CEFINOSU",
            "SPO",
            "DOM",
            "CHD",
            "GCH",
            "PAR",
            "EXF",
        ]
        for coding in relationship_codings(code)
        if coding[0] in (ROLE_CODE, RELATIONSHIP_ROLE)
    }
    known = set(relationships.ROLES) | relationships.SAYS_NOTHING | {relationships.CARER}
    assert len(sent) > 30
    assert sent <= known


# Contacts and needs


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        ("07700 900142", "07700900142"),
        ("+44 (0)7700-900.142", "+447700900142"),
        ("07700 900142 ext 3", ""),
        ("ask at the shop", ""),
        ("javascript:alert(1)", ""),
        ("999", ""),
    ],
)
def test_only_a_number_can_be_dialled(number, digits):
    assert dialled(number) == digits


def test_an_old_number_is_not_shown_and_an_address_is_not_dialled():
    shown = contacts_from(
        [
            {"system": "phone", "value": "07700 900142", "use": "old", "note": None},
            {"system": "email", "value": "0770@example.org", "use": None, "note": None},
            {"system": "phone", "value": "07700 900143", "use": "mobile", "note": "Not at night"},
        ]
    )
    assert [(each.text, each.dial, each.note) for each in shown] == [
        ("0770@example.org", "", ""),
        ("07700 900143", "07700900143", "Not at night"),
    ]


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        (None, ()),
        ({"language": "en-GB", "interpreter": False, "formats": []}, ()),
        ({"language": "gu", "interpreter": True, "formats": []}, ("Gujarati interpreter",)),
        ({"language": "en", "interpreter": True, "formats": []}, ("interpreter",)),
        ({"language": None, "interpreter": True, "formats": []}, ("interpreter",)),
        ({"language": "pl-PL", "interpreter": None, "formats": []}, ("speaks Polish",)),
        (
            {"language": "Ladakhi", "interpreter": None, "formats": ["large print"]},
            ("speaks Ladakhi", "large print"),
        ),
    ],
)
def test_needs_are_said_where_they_change_what_to_do(needs, said):
    assert needs_in_words(needs) == said


def test_a_language_is_named_by_its_tag_or_stays_as_sent():
    assert languages.in_words("zh-Hant") == "Chinese"
    assert languages.in_words("BN_BD") == "Bengali"
    assert languages.in_words("xx-unknown") == "xx-unknown"


@pytest.mark.parametrize("said", [words.moment, words.expected, lambda at: words.near(at, WINTER)])
@pytest.mark.parametrize(
    "clock", [UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=14))]
)
@pytest.mark.parametrize("at", FIRST_AND_LAST)
def test_every_instant_has_words(said, clock, at):
    assert str(at.year) in said(at.replace(tzinfo=clock))
