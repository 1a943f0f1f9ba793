"""Hard cases of joining by evidence: each test says what should be."""

from dataclasses import replace
from itertools import permutations

import pytest

from hub.matching.scoring.decision import Grade
from hub.records import (
    CarerPicture,
    HumanName,
    NoticeKind,
    ReviewItem,
    ReviewVerdict,
    StayPicture,
)
from hub.testing.answers import notice
from hub.testing.flags import Form, carer_flag
from hub.testing.visits import encounter
from processors.carer_matching.explaining import of_pair
from tests.flow.scenes import CARLA, STAY, orders, picture, stay_of
from tests.flow.test_by_evidence import (
    ADMITTED,
    BEN_FOR_SURE,
    CONTACT,
    FLAG,
    HOME,
    SON,
    UNNUMBERED,
    UNSURE,
    admitted,
    after,
    answer,
    carers,
    end_of,
    only_item,
)
from tests.flow.test_one_carer import with_death
from tests.unit.matching.regions import asked, pair, record, region, said, same

ADA, GRACE = "9990000018", "9990000026"


def open_items(hub):
    return [each for each in hub.last(ReviewItem).values() if not each.settled]


def held(view):
    view.settle()
    return {k: v for k, v in view._by_evidence.own.items() if v is not None}


def test_two_of_one_batch_find_each_other_by_a_key_that_too_many_share_no_more_than_after_a_restart():
    crowd = [record(f"r{number}") for number in range(80)]
    two = [record("one"), record("two")]
    view = region(*crowd, cold=True)
    overlay = view.overlay()
    overlay.load(two)
    overlay.join()
    fresh = region(*crowd, *two, cold=True)
    assert same(fresh, *two) == same(view, *two)
    assert held(view) == held(fresh)


def test_a_standby_that_takes_in_several_at_once_knows_that_a_key_counts_no_more():
    crowd = [record(f"r{number}") for number in range(63)]
    more = [record(f"s{number}") for number in range(3)]
    view = region(*crowd, cold=True)
    overlay = view.overlay()
    overlay.load(more)
    overlay.join()
    fresh = region(*crowd, *more, cold=True)
    assert same(fresh, *crowd[:2]) == same(view, *crowd[:2])
    assert held(view) == held(fresh)


def with_middle(name):
    plain = record(name)
    names = (HumanName(given=("Ada", name), family="Marsh"),)
    return replace(plain, facts=replace(plain.facts, names=names))


def test_an_answer_taken_back_lets_those_who_were_kept_out_join_whoever_was_one_without_them():
    """Two of other middle names, both like the same two: kept apart they are out; when not, all are one again."""
    two = [record(name, mobile="07700 900001") for name in ("p1", "p2")]
    rows = [with_middle("Rose"), *two, with_middle("Jane")]
    rows = [
        replace(each, record_id=number)
        for each, number in zip(rows, sorted(each.record_id for each in rows), strict=True)
    ]
    view = region(*rows, said(rows[0], rows[3]))
    assert same(view, *rows[1:3])
    assert not same(view, rows[0], rows[1])
    overlay = view.overlay()
    overlay.put(said(rows[0], rows[3], ReviewVerdict.REVOKED))
    assert {each.record_id for each in rows} <= overlay.moved()
    overlay.join()
    fresh = region(*rows, cold=True)
    assert same(view, *rows) == same(fresh, *rows)
    assert [view.ids_of(each.record_id) for each in rows] == [
        fresh.ids_of(each.record_id) for each in rows
    ]


def test_a_pair_that_is_asked_about_is_not_called_certain():
    known = record("practice", number=ADA)
    ward = record("ward", mobile="07700 900001")
    other = record("other", born=None, line=None, postcode="", mobile="07700 900001")
    view = region(known, ward, other)
    assert asked(view, other) == {pair(other, ward)}
    because = of_pair(view, other.record_id, ward.record_id, "question")
    assert (because.by, because.grade) == ("nothing", Grade.PROBABLE)


SHIELDED_LATER = carer_flag(SON, "2026-11-24 12:00", of=replace(HOME, shielded=True))


def test_whoever_was_joined_and_is_shielded_then_stays_protected_though_evidence_joins_them_no_more():
    for order in permutations((FLAG, SHIELDED_LATER, admitted(UNNUMBERED, contacts=(CONTACT,)))):
        hub = after(*order)
        stay = picture(hub)
        assert stay.patient.shielded
        assert [each.contacts for each in stay.carers] == [()]
        told = hub.last(CarerPicture).values()
        assert {each.stay_status for one in told for each in one.cares_for} == {None}
        for by, protected in (("1", True), ("2", False)):
            hub.hear(answer(only_item(hub), ReviewVerdict.DIFFERENT, f"25 1{by}:00", by))
            assert picture(hub).patient.shielded is protected


def test_a_question_about_somebody_shielded_does_not_say_whether_two_live_in_one_place():
    item = only_item(after(FLAG, admitted(replace(UNNUMBERED, shielded=True))))
    assert item.restricted
    assert (item.total, item.prior, item.weights, item.rules, item.rivals) == (
        None,
        None,
        (),
        (),
        (),
    )
    assert item.matchability > 0.9


def test_a_question_does_not_say_that_a_namesake_who_is_shielded_lives_there_whenever_that_is_heard():
    daughter = replace(HOME, born="1971-12-24", nhs_number="9990000042", hospital_number="H900")
    plain = admitted(daughter, "2026-11-19 09:00", "A31")
    shielded = admitted(replace(daughter, shielded=True), "2026-11-20 09:00", "A31")
    unsure = admitted(replace(UNNUMBERED, born="1941-03-12"))
    assert only_item(after(FLAG, unsure, plain)).rules == ("NAMESAKE_AT_ADDRESS",)
    for order in permutations((FLAG, unsure, plain, shielded)):
        hub = after(*order)
        (item,) = open_items(hub)
        assert (item.restricted, item.weights, item.rules, item.rivals) == (False, (), (), ())
        assert of_pair(hub.memory, item.left, item.right, "question").protected
        assert order[-1] is shielded or hub.notes[-1][1].rules == ()


@pytest.mark.parametrize("names", ["Amina Amira", "Samira Samina", "Hassan Hussain"])
def test_a_twin_whose_name_is_as_near_as_a_slip_is_asked_about_though_the_model_knows_neither_name(
    names,
):
    """The names of a model are those of its register: one that it has not seen is no slip for that."""
    one, other = names.split()
    known = record("practice", one, "2011-05-17", family="Warsame", number=ADA)
    ward = record("ward", other, "2011-05-17", family="Warsame")
    view = region(known, ward)
    assert not same(view, known, ward)
    assert asked(view, ward) == {pair(known, ward)}


def test_a_number_that_is_not_verified_and_is_somebody_elses_makes_a_question_however_unlike_they_are():
    known = record("practice", number=ADA)
    ward = record("ward", number=GRACE, nhs_number_status="02")
    grace = record(
        "grace", "Olivia", "1987-06-05", GRACE, family="Okonkwo", line=None, postcode="LS6 3HN"
    )
    for rows in permutations((known, ward, grace)):
        view = region(*rows)
        assert not same(view, known, ward)
        assert pair(known, ward) in asked(view, ward)
        assert held(view) == held(region(*rows, cold=True))
    assert same(region(known, ward), known, ward)


@pytest.mark.parametrize("number", [ADA, None])
def test_two_newcomers_of_one_name_year_and_hostel_whose_birthdays_are_unknown_are_a_question(
    number,
):
    hostel = {"family": "Ahmadzai", "line": "Hotel Royal, 1 Station Road", "postcode": "LE1 1AA"}
    one = record("one", "Ahmad", "1990-01-01", number, **hostel)
    other = record("other", "Ahmad", "1990-01-01", **hostel)
    view = region(one, other)
    assert not same(view, one, other)
    assert asked(view, other) == {pair(one, other)}


def test_two_who_contradict_each_other_are_not_both_the_one_who_is_a_slip_away_from_either():
    known = record("practice", number=ADA)
    one = record("one", born="1941-03-07", gender="male")
    other = record("other", born="1941-08-02", gender="female")
    for rows in permutations((known, one, other)):
        view = region(*rows)
        assert not same(view, known, one)
        assert not same(view, known, other)
        assert asked(view, known) == {pair(known, one), pair(known, other)}
    assert same(region(known, one), known, one)


def test_a_second_record_beside_one_like_somebody_shielded_leaves_both_protected():
    known = record("practice", number=ADA, shielded=True)
    wards = [record(name) for name in ("ward", "other ward")]
    for order in permutations((known, *wards)):
        view = region(*order)
        assert same(view, *wards)
        assert not same(view, known, wards[0])
        assert all(view.is_shielded(view.person(each.record_id)) for each in wards)


@pytest.mark.parametrize("swapped", [False, True])
def test_whichever_of_two_has_the_smaller_id_the_question_about_somebody_with_a_number_is_asked(
    swapped,
):
    known = record(
        "practice",
        number=ADA,
        born=None,
        given="A",
        line="3 Mill Lane",
        postcode="LE5 1AA",
        mobile="07700 900001",
        shielded=True,
    )
    plain, near = record("one"), record("other", mobile="07700 900001")
    ids = sorted((plain.record_id, near.record_id), reverse=swapped)
    plain, near = (
        replace(each, record_id=number) for each, number in zip((plain, near), ids, strict=True)
    )
    view = region(known, plain, near)
    assert same(view, plain, near)
    assert asked(view, known) == {pair(known, near)}


def test_a_question_about_somebody_with_a_number_is_not_lost_when_a_second_record_like_the_first_comes():
    known = record("practice", number=ADA)
    wards = [record(name, "Adele") for name in ("ward", "other ward")]
    assert len(asked(region(known, wards[0]), known)) == 1
    view = region(known, *wards)
    assert same(view, *wards)
    assert len(asked(view, known)) == 1


CARER_AT_HOME = replace(SON, postcode="LE2 7AB", phone="07700 900001")
LOOKS_AFTER = carer_flag(CARER_AT_HOME, "2026-11-03 12:00", of=HOME)
CARER_ADMITTED = admitted(replace(CARER_AT_HOME, nhs_number=None, hospital_number="H777"))


def test_that_a_patient_has_died_is_not_forgotten_because_a_death_takes_apart_who_was_joined():
    hub = after(FLAG, ADMITTED, notice(NoticeKind.DEATH, HOME, "2026-11-24 08:00"))
    assert picture(hub).patient.deceased


def test_a_question_is_told_anew_by_a_later_word_that_says_nothing_new_but_that_somebody_lives():
    """Heard of after a death, and so another person than whoever died: no row holds anything else than before."""
    died = notice(NoticeKind.DEATH, HOME, "2026-11-24 08:00")
    early, late = (admitted(UNSURE, f"2026-11-{day} 09:00", "A08") for day in ("23", "25"))
    hub = after(FLAG, admitted(UNSURE), early, died)
    assert only_item(hub).rules == ("GIVEN_NAME_DISAGREES",)
    hub.hear(late)
    assert only_item(hub).rules == ("DECEASED", "GIVEN_NAME_DISAGREES")


def test_that_a_carer_has_died_in_hospital_reaches_the_person_cared_for():
    died = admitted(
        replace(CARER_AT_HOME, nhs_number=None, hospital_number="H777"), "2026-11-23 09:00", "A08"
    )
    hub = after(LOOKS_AFTER, CARER_ADMITTED, replace(died, resource=with_death(died)))
    (told,) = hub.last(CarerPicture).values()
    assert told.deceased


def test_what_cannot_be_told_is_not_asked_again_because_the_same_is_said_by_one_record_more():
    for number in ("H900", "H901", "H902"):
        hub = after(FLAG, admitted(replace(UNNUMBERED, given="Adele")))
        item = only_item(hub)
        said_so = answer(item, ReviewVerdict.CANNOT_TELL, "23 12:00")
        hub.hear(
            replace(said_so, review=replace(said_so.review, evidence=item.evidence)),
            encounter(
                "A01",
                "2026-11-24 09:00",
                replace(STAY, number="V9", patient=replace(HOME, hospital_number=number)),
            ),
        )
        assert all(each.settled for each in hub.last(ReviewItem).values())


OTHER_ADA = replace(
    HOME, born="1941-03-12", nhs_number="9990000042", hospital_number="H200", postcode="LE5 1AA"
)
"""Another of her name, whom Carla looks after."""
HER_FLAG = carer_flag(CARLA, "2026-11-03 13:00", of=OTHER_ADA)
WRONG_MERGE = encounter(
    "A40", "2026-11-23 10:00", replace(STAY, patient=OTHER_ADA, replaces_number="H100")
)


def test_a_merge_of_somebody_joined_by_evidence_waits_in_whatever_order_its_reasons_are_heard():
    events = (FLAG, ADMITTED, HER_FLAG, WRONG_MERGE)
    first = end_of(events)
    for order in orders(*events, most=10):
        hub = after(*order)
        (item,) = open_items(hub)
        assert (carers(hub), item.reasons) == (BEN_FOR_SURE, ("merged-with-other-carers",))
        assert end_of(order, 3) == first
    hub.hear(answer(item, ReviewVerdict.SAME, "24 10:00"))
    assert [name for name, _ in carers(hub)] == ["Carla"]


NOBODY_LIKE = carer_flag(
    SON, "2026-11-24 12:00", of=replace(HOME, given="Olivia", born="1987-06-05")
)
"""The practice corrects whom it meant."""
SAME_CARER = carer_flag(SON, "2026-11-24 13:00", of=OTHER_ADA)
HERS_NO_MORE = carer_flag(
    CARLA, "2026-11-24 14:00", of=OTHER_ADA, form=Form(None, link_active=False)
)


@pytest.mark.parametrize(
    ("then", "left"), [((NOBODY_LIKE,), "Carla"), ((SAME_CARER, HERS_NO_MORE), "Ben")]
)
def test_a_merge_that_waits_because_of_evidence_goes_through_when_evidence_or_the_carers_agree(
    then, left
):
    events = (FLAG, ADMITTED, HER_FLAG, WRONG_MERGE, *then)
    _, people = end_of(events)
    for order in orders(*events, most=8):
        hub = after(*order)
        assert ([name for name, _ in carers(hub)], open_items(hub)) == ([left], [])
        assert end_of(order, 3)[1] == people


def test_a_merge_into_whom_evidence_means_as_well_waits_for_nobody():
    right = encounter(
        "A40",
        "2026-11-23 10:00",
        replace(STAY, patient=replace(HOME, hospital_number="H200"), replaces_number="H100"),
    )
    other = replace(UNNUMBERED, hospital_number="H300", phone="07700 900009")
    elsewhere = carer_flag(CARLA, "2026-11-04 13:00", of=other)
    hub = after(FLAG, ADMITTED, elsewhere, right)
    assert hub.last(ReviewItem) == {}
    assert sorted(name for name, _ in carers(hub)) == ["Ben", "Carla"]


SHIELDED_ON_THE_WARD = admitted(replace(HOME, born="1950-05-05", shielded=True))
ELSEWHERE = encounter(
    "A01",
    "2026-11-22 12:00",
    replace(STAY, number="V9", patient=replace(UNSURE, hospital_number="H900")),
)
"""Somebody of whom it is asked whether they are Ada."""


def test_whoever_is_said_to_be_one_with_somebody_shielded_by_an_earlier_answer_needs_two_answers_too():
    heard = (FLAG, SHIELDED_ON_THE_WARD, ELSEWHERE)
    asked_of = {each.reasons: each for each in open_items(after(*heard))}
    shielded, likely = asked_of["nhs-number", "number-conflict"], asked_of["may-be-the-same",]
    assert not likely.restricted
    answers = [answer(shielded, ReviewVerdict.SAME, f"23 1{by}:00", by) for by in ("1", "2")]
    answers.append(answer(likely, ReviewVerdict.SAME, "23 15:00"))
    for order in permutations(answers):
        hub = after(*heard, *order)
        (item,) = open_items(hub)
        assert (item.item_id, item.restricted, item.needs, item.answers) == (
            likely.item_id,
            True,
            2,
            1,
        )
        elsewhere = hub.last(StayPicture)[stay_of("V9")]
        assert (elsewhere.carers, elsewhere.patient.shielded) == ((), True)
    assert end_of((*heard, *answers)) == end_of((*answers, *reversed(heard)), 3)
    hub.hear(answer(item, ReviewVerdict.SAME, "23 16:00", by="2"))
    assert len(hub.last(StayPicture)[stay_of("V9")].carers) == 1
