"""The truth of a hand-made household is what a person would say who reads the decisions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from deploy.demo.script import AlertState, ReferralKey, ReferralState
from deploy.demo.world.area import LEICESTER_HOSPITALS, TOWNS
from deploy.demo.world.people import Caring, Home, Person
from deploy.demo.world.story import Agreed, Done, Known, Stay, Story
from deploy.demo.world.truth import expected

LONDON = ZoneInfo("Europe/London")
HOME = Home(
    TOWNS[0], "white_british", "1 Abbey Lane", "LE4 0CC", "0116 496 0001", TOWNS[0].practices[0]
)


def person(given: str, born: str, number: str) -> Person:
    return Person(number, given, "Marsh", "female", date.fromisoformat(born), HOME, "07700 900142")


ADA = person("Ada", "1941-03-02", "9990000018")
BEN = person("Ben", "1969-07-21", "9990000026")
CAT = person("Cat", "1972-01-30", "9990000034")
NINA = person("Nina", "2012-05-05", "9990000042")
BEN_FOR_ADA = Caring(BEN, ADA, "son", "practice", "several carers")
CAT_FOR_ADA = Caring(CAT, ADA, "daughter", "practice", "several carers")
NINA_FOR_ADA = Caring(NINA, ADA, "grandchild", "practice", "young")


def at(text: str) -> datetime:
    """A time on London's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


LONG_AGO = at("2024-02-03 11:00")
ADMITTED = at("2026-11-23 14:20")
NOW = at("2026-11-24 09:00")
STAY = Stay(LEICESTER_HOSPITALS, ADA, "H1", "V1", ADMITTED, "WARD23", "B4", "in hospital")
BY_BEN = {BEN_FOR_ADA: Known(LONG_AGO)}
BY_BOTH = {BEN_FOR_ADA: Known(LONG_AGO), CAT_FOR_ADA: Known(LONG_AGO)}
RAISED = AlertState(
    STAY.key,
    "requested",
    frozenset({"Ben Marsh"}),
    at("2026-11-24 10:00"),
    "WARD23",
    most_level=0,
)


def alert(stay: Stay = STAY, known=None, asked: datetime = NOW, dead=frozenset()):
    story = Story((stay,), BY_BEN if known is None else known, dead=dead)
    found = expected(story, asked).alerts
    return found[0] if found else None


def stay(**changes) -> Stay:
    return replace(STAY, **changes)


def with_done(*done: tuple[Person | None, str, str], **changes) -> Stay:
    return stay(done=tuple(Done(who, what, at(when)) for who, what, when in done), **changes)


# Whether there is one


def test_an_adult_in_patient_with_a_carer_has_an_alert_until_ten_the_next_morning():
    assert alert() == RAISED


@pytest.mark.parametrize(
    "changes",
    [
        {"patient_class": "E"},
        {"patient_class": "O"},
        {"patient_class": "DAYCASE"},
        {"planned": True},
        {"cancelled": True},
        {"unidentified": True},
        {"patient": NINA},
    ],
)
def test_there_is_none_for(changes):
    known = {Caring(BEN, NINA, "father", "practice", "x"): Known(LONG_AGO), **BY_BEN}
    assert alert(stay(**changes), known) is None


def test_there_is_none_without_a_carer():
    assert alert(known={}) is None


def test_the_duty_begins_on_the_eighteenth_birthday():
    today = replace(ADA, born=date(2008, 11, 23))
    tomorrow = replace(ADA, born=date(2008, 11, 24))
    assert alert(stay(patient=today), {replace(BEN_FOR_ADA, cared_for=today): Known(LONG_AGO)})
    assert not alert(
        stay(patient=tomorrow), {replace(BEN_FOR_ADA, cared_for=tomorrow): Known(LONG_AGO)}
    )


@pytest.mark.parametrize("gone", ["cancelled", "died"])
def test_one_that_was_raised_and_whose_reason_is_gone_is_withdrawn(gone):
    assert alert(stay(told=True, **{gone: True})) == AlertState(
        STAY.key, "cancelled", frozenset(), None, "WARD23"
    )


def test_one_whose_visit_goes_on_under_another_number_is_superseded_by_the_alert_of_that():
    heir = stay(visit="V1-2", admitted_at=at("2026-11-23 16:20")).key
    found = alert(stay(told=True, moved_to=heir))
    assert (found.status, found.goes_on_as, found.action) == ("cancelled", heir, "superseded")


def test_it_is_withdrawn_when_the_only_carer_is_none_any_more_or_has_died():
    over = {BEN_FOR_ADA: Known(LONG_AGO, ended=True)}
    told = stay(told=True)
    assert alert(told, over).status == "cancelled"
    assert alert(told, dead=frozenset({BEN.nhs_number})).status == "cancelled"


def test_a_carer_who_is_none_any_more_is_taken_from_it():
    known = {BEN_FOR_ADA: Known(LONG_AGO, ended=True), CAT_FOR_ADA: Known(LONG_AGO)}
    assert alert(known=known) == replace(RAISED, carers=frozenset({"Cat Marsh"}))


def test_a_young_carer_is_a_carer():
    assert alert(known={NINA_FOR_ADA: Known(LONG_AGO)}).carers == {"Nina Marsh"}


# By when


@pytest.mark.parametrize(
    ("admitted", "since", "due"),
    [
        ("2026-11-23 09:59", "2024-01-01 09:00", "2026-11-23 10:00"),
        ("2026-11-23 10:00", "2024-01-01 09:00", "2026-11-24 10:00"),
        ("2026-11-22 14:20", "2026-11-23 15:00", "2026-11-24 10:00"),
        ("2026-10-24 14:20", "2024-01-01 09:00", "2026-10-25 10:00"),
        ("2026-07-01 23:50", "2024-01-01 09:00", "2026-07-02 10:00"),
    ],
)
def test_it_is_due_at_the_first_ten_after_admission_and_first_word(admitted, since, due):
    found = alert(stay(admitted_at=at(admitted)), {BEN_FOR_ADA: Known(at(since))})
    assert found.due_at == at(due)


@pytest.mark.parametrize(
    ("home_by", "due"),
    [
        (date(2026, 11, 24), "2026-11-24 10:00"),
        (date(2026, 11, 26), "2026-11-24 10:00"),
        (at("2026-11-24 09:30"), "2026-11-24 09:30"),
        (at("2026-11-24 14:00"), "2026-11-24 10:00"),
    ],
)
def test_it_is_due_no_later_than_the_expected_discharge(home_by, due):
    assert alert(stay(expected=home_by)).due_at == at(due)


@pytest.mark.parametrize(
    ("went", "due"),
    [
        ("2026-11-23 15:59", "2026-11-23 17:00"),
        ("2026-11-23 16:00", "2026-11-23 17:00"),
        ("2026-11-23 16:01", "2026-11-24 10:00"),
        ("2026-11-23 21:00", "2026-11-24 10:00"),
    ],
)
def test_home_without_a_contact_it_is_due_the_same_day_or_the_next_morning(went, due):
    found = alert(stay(discharged_at=at(went)))
    assert (found.due_at, found.went_home_without_contact) == (at(due), True)


def test_a_carer_first_heard_of_after_the_patient_went_home_opens_nothing():
    home = stay(discharged_at=at("2026-11-23 18:00"))
    assert alert(home, {BEN_FOR_ADA: Known(at("2026-11-23 18:00"))}) is not None
    assert alert(home, {BEN_FOR_ADA: Known(at("2026-11-23 18:01"))}) is None


@pytest.mark.parametrize(
    ("asked", "level"),
    [
        ("2026-11-24 10:00", 0),
        ("2026-11-24 10:01", 1),
        ("2026-11-25 10:01", 2),
        ("2026-11-26 10:01", 3),
        ("2026-11-30 10:01", 3),
    ],
)
def test_each_morning_without_a_contact_raises_it_up_to_three_times(asked, level):
    assert alert(asked=at(asked)).level == level


def test_a_day_that_ends_after_the_closing_time_is_raised_in_the_next_mornings():
    home = stay(discharged_at=at("2026-11-23 15:00"))
    assert alert(home, asked=at("2026-11-23 17:01")).level == 1
    assert alert(home, asked=at("2026-11-24 10:01")).level == 2


@pytest.mark.parametrize(
    ("changes", "earlier", "asked", "levels"),
    [
        ({}, {}, "2026-11-24 09:59", (0, 0)),
        ({}, {}, "2026-11-24 12:00", (1, 1)),
        ({"discharged_at": "2026-11-24 09:30"}, {}, "2026-11-24 09:59", (0, 0)),
        ({"discharged_at": "2026-11-24 09:30"}, {}, "2026-11-24 12:00", (0, 1)),
        ({}, {"expected": "2026-11-24 09:00"}, "2026-11-24 08:59", (0, 0)),
        ({}, {"expected": "2026-11-24 09:00"}, "2026-11-24 09:01", (0, 1)),
        ({}, {"discharged_at": "2026-11-23 15:30"}, "2026-11-23 17:01", (0, 1)),
        ({}, {"discharged_at": "2026-11-23 15:30"}, "2026-11-24 10:01", (1, 2)),
        ({"discharged_at": "2026-11-27 09:00"}, {}, "2026-11-27 12:00", (0, 3)),
    ],
)
def test_a_deadline_that_stood_before_the_last_may_have_raised_it_and_no_other(
    changes, earlier, asked, levels
):
    told = stay(**{name: at(when) for name, when in earlier.items()})
    now = stay(**{name: at(when) for name, when in changes.items()}, earlier=(told,))
    found = alert(now, asked=at(asked))
    assert (found.level, found.most_level) == levels


def test_what_passed_before_anybody_was_called_a_carer_raises_nothing():
    known = {BEN_FOR_ADA: Known(at("2026-11-25 12:00"))}
    late = alert(stay(discharged_at=at("2026-11-26 09:00")), known, asked=at("2026-11-26 09:59"))
    assert (late.level, late.most_level) == (0, 0)


# What people did


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("contacted_able", "completed"),
        ("contacted_partly_able", "completed"),
        ("contacted_not_able", "completed"),
        ("young_carer_lead_told", "completed"),
        ("not_a_carer", "completed"),
        ("wrong_person", "completed"),
        ("patient_objects", "completed"),
        ("not_reached", "in_progress"),
    ],
)
def test_an_outcome_for_the_only_carer(outcome, status):
    assert alert(with_done((BEN, outcome, "2026-11-23 16:00"))).status == status


def test_somebody_looks_at_it_and_takes_it_on():
    seen = (None, "seen", "2026-11-23 16:00")
    assert alert(with_done(seen)).status == "received"
    assert alert(with_done(seen, (None, "accepted", "2026-11-23 16:05"))).status == "accepted"


def test_the_last_word_on_a_carer_counts():
    found = alert(
        with_done(
            (BEN, "contacted_able", "2026-11-23 17:00"), (BEN, "not_reached", "2026-11-23 16:00")
        )
    )
    assert found == replace(RAISED, status="completed", due_at=None)


def test_of_several_carers_each_needs_an_outcome_while_the_patient_is_there():
    one = with_done((BEN, "contacted_able", "2026-11-23 16:00"))
    assert alert(one, BY_BOTH).status == "in_progress"
    assert alert(replace(one, discharged_at=NOW), BY_BOTH).status == "completed"


def test_going_home_does_not_close_it_when_nobody_was_spoken_with():
    found = alert(
        with_done((BEN, "not_a_carer", "2026-11-23 16:00"), discharged_at=at("2026-11-24 08:00")),
        BY_BOTH,
    )
    assert (found.status, found.due_at) == ("in_progress", at("2026-11-24 17:00"))


def test_a_contact_counts_for_all_who_were_known_when_it_was_made():
    spoken = with_done((BEN, "contacted_able", "2026-11-23 16:00"))
    assert alert(spoken, BY_BOTH, asked=at("2026-11-27 12:00")).level == 0


def test_a_carer_found_after_a_contact_has_a_time_of_their_own():
    spoken = with_done((BEN, "contacted_able", "2026-11-23 16:00"))
    known = {**BY_BEN, CAT_FOR_ADA: Known(at("2026-11-24 11:00"))}
    found = alert(spoken, known, asked=at("2026-11-25 10:01"))
    assert (found.status, found.due_at, found.level) == ("in_progress", at("2026-11-25 10:00"), 1)


# Referrals


def agreed(carer: Person = BEN, **changes) -> Agreed:
    return replace(Agreed(carer, at("2026-11-23 12:00"), yes=True), **changes)


def referral(agreement: Agreed, known=None) -> ReferralState | None:
    story = Story(known=BY_BEN if known is None else known, agreed=(agreement,))
    found = expected(story, NOW).referrals
    return found[0] if found else None


def test_who_agreed_and_looks_after_somebody_is_referred_to_the_service_of_their_town():
    key = ReferralKey("DEMO1", "Ben", "Marsh", date(1969, 7, 21))
    assert referral(agreed()) == ReferralState(key, "raised")


def test_a_carer_under_eighteen_on_the_day_of_the_agreement_goes_to_the_young_carers_service():
    known = {NINA_FOR_ADA: Known(LONG_AGO)}
    assert referral(agreed(NINA), known).key.service_ods == "DEMO3"
    grown = agreed(NINA, given_at=at("2030-05-05 00:01"))
    assert referral(grown, known).key.service_ods == "DEMO1"


def test_nobody_is_referred_without_an_agreement_or_without_caring():
    assert referral(agreed(yes=False)) is None
    assert referral(agreed(), known={}) is None


def test_what_is_taken_back_is_withdrawn():
    assert referral(agreed(yes=False, told=True)).action == "withdrawn"
    over = {BEN_FOR_ADA: Known(LONG_AGO, ended=True)}
    assert referral(agreed(told=True), over).action == "withdrawn"


@pytest.mark.parametrize(
    ("answers", "action"),
    [
        (("accepted",), "accepted"),
        (("declined",), "declined"),
        (("accepted", "closed"), "closed"),
        (("accepted", "contact_attempted"), "accepted"),
    ],
)
def test_the_last_answer_of_the_service_counts(answers, action):
    said = tuple((each, NOW + timedelta(hours=hours)) for hours, each in enumerate(answers))
    assert referral(agreed(answers=said)).action == action
