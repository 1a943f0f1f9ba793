"""Who is one person by evidence, who is asked about, and who is neither; always in whatever order it is heard."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from random import Random

from hub.matching.index.keys import MOST_FINE
from hub.records import ReviewVerdict, Telecom
from tests.unit.matching.regions import WHEN, asked, link, pair, record, region, said, same

ADA, GRACE = "9990000018", "9990000026"
PRACTICE = record("practice", number=ADA)
WARD = record("ward")
OTHER_WARD = record("other ward", mobile="07700 900001")


def regions(*rows):
    """The region that heard these rows, in every order, and out of the database."""
    yield from (region(*order) for order in permutations(rows))
    yield region(*rows, cold=True)


def test_a_record_without_a_number_is_the_person_whose_name_birth_date_and_home_it_has():
    for view in regions(PRACTICE, WARD):
        assert same(view, PRACTICE, WARD)
        assert asked(view, PRACTICE, WARD) == set()


def test_two_verified_numbers_are_two_people_and_an_unverified_one_is_evidence():
    other = record("ward", number=GRACE)
    unverified = record("ward", number=ADA, nhs_number_status="02")
    for view in regions(PRACTICE, other):
        assert not same(view, PRACTICE, other)
        assert asked(view, PRACTICE, other) == set()
    for view in regions(PRACTICE, unverified):
        assert same(view, PRACTICE, unverified)


def test_two_records_of_one_person_are_no_rivals_of_each_other():
    for view in regions(PRACTICE, WARD, OTHER_WARD):
        assert same(view, PRACTICE, WARD, OTHER_WARD)
    for view in regions(WARD, OTHER_WARD):
        assert same(view, WARD, OTHER_WARD)


def test_two_people_who_are_as_like_are_a_question_until_the_other_one_turns_out_to_live_elsewhere():
    namesake = record("namesake", number=GRACE, born="1941-03-12")
    elsewhere = record(
        "namesake", "Olivia", "1990-01-31", number=GRACE, line="9 Far Lane", postcode="LS6 3HN"
    )
    nearly = record("nearly", born=None, mobile="07700 900001")
    known = record("practice", number=ADA, mobile="07700 900001")
    for view in regions(known, nearly, namesake):
        assert asked(view, nearly) == {pair(nearly, known)}
        overlay = view.overlay()
        overlay.put(elsewhere)
        overlay.join()
        assert same(view, nearly, known)


def test_whoever_is_listed_as_a_contact_of_somebody_is_not_that_person():
    for view in regions(PRACTICE, WARD, link(PRACTICE, WARD)):
        assert not same(view, PRACTICE, WARD)
        assert asked(view, WARD) == set()


def test_patient_and_contact_are_two_though_both_are_like_a_third():
    """A father and a son of one name: whoever of them the practice means, they are not one person."""
    contact = record("contact", mobile="07700 900001")
    known = record("practice", number=ADA, mobile="07700 900001")
    for view in regions(known, WARD, contact, link(WARD, contact)):
        assert not same(view, WARD, contact)
        assert {pair(known, WARD), pair(known, contact)} == asked(view, WARD, contact)


def test_an_answer_taken_back_lets_all_of_one_person_be_one_again():
    known = record("practice", number=ADA, mobile="07700 900001")
    wards = [record(name, mobile="07700 900001") for name in ("a", "b", "c")]
    view = region(known, *wards, said(wards[0], wards[1]))
    assert same(view, known, wards[2])
    assert len({view.person(each.record_id) for each in (known, *wards)}) == 3
    for later in (ReviewVerdict.REVOKED, None):
        overlay = view.overlay()
        answers = said(wards[0], wards[1], later) if later else said(wards[0], wards[1])
        overlay.put(answers)
        assert overlay.moved() >= {each.record_id for each in wards[:2]}
        overlay.join()
        assert same(view, known, *wards) == bool(later)


def test_what_a_reviewer_said_of_two_records_stands_whatever_evidence_says():
    for view in regions(PRACTICE, WARD, said(PRACTICE, WARD)):
        assert not same(view, PRACTICE, WARD)
        assert asked(view, WARD) == set()
    unlike = record("ward", given="Adah", born="1941-12-30", line="3 Mill Lane")
    for view in regions(PRACTICE, unlike, said(PRACTICE, unlike, ReviewVerdict.SAME)):
        assert same(view, PRACTICE, unlike)


def test_a_missing_birth_date_another_given_name_and_a_sensitive_record_are_questions():
    for ward in (
        record("ward", given="Ida"),
        record("ward", born="1941-03-02", shielded=True),
        record("ward", born=None),
    ):
        view = region(record("practice", number=ADA, family="Patel"), replaced(ward, "Patel"))
        assert not same(view, PRACTICE, ward)
        assert asked(view, ward) == {pair(PRACTICE, ward)}


def test_a_death_parts_two_where_one_of_them_was_heard_of_afterwards():
    died = replaced(record("ward", deceased=True), "Patel")
    practice = record("practice", number=ADA, family="Patel")
    later = replace(practice, as_of=WHEN + timedelta(seconds=1))
    for view in regions(practice, died):
        assert same(view, practice, died)
    for view in (region(later, died), region(practice, died, later)):
        assert not same(view, later, died)
        assert asked(view, died) == {pair(later, died)}


def replaced(one, family):
    """The record under another family name, a common one."""
    name = replace(one.facts.names[0], family=family)
    return replace(one, facts=replace(one.facts, names=(name,)))


def test_a_correction_undoes_a_join_and_what_failed_leaves_nothing():
    view = region(PRACTICE, WARD)
    attempt = view.overlay()
    attempt.put(record("ward", born="1990-01-31", given="Olivia"))
    attempt.settle()
    assert not same(attempt, PRACTICE, WARD)
    assert same(view, PRACTICE, WARD)
    attempt.join()
    assert not same(view, PRACTICE, WARD)
    assert {record_id.int for record_id, _ in view._by_evidence.register.items()} == set(
        view.records.own
    )


def test_who_says_less_of_the_same_person_is_no_sign_of_a_second_one():
    sparse = record("sparse", born=None, family="Patel")
    known, ward = (replaced(each, "Patel") for each in (PRACTICE, WARD))
    for view in regions(known, ward, sparse):
        assert same(view, known, ward)
        assert asked(view, known, ward, sparse) == {pair(known, sparse)}


def test_a_person_who_goes_on_under_another_id_takes_along_whoever_is_joined_by_evidence():
    known = record("practice", number=ADA, mobile="07700 900001")
    nearly = record("nearly", born=None, mobile="07700 900001")
    elsewhere = [
        record(name, "Olivia", number=ADA, family="Okonkwo", line="9 Far Lane", postcode="LS6 3HN")
        for name in ("a", "b", "c", "d")
    ]
    first = min(elsewhere, key=lambda each: each.record_id)
    assert first.record_id < known.record_id
    for view in regions(known, nearly, first):
        assert same(view, known, nearly, first)


def test_whoever_joins_a_person_with_a_number_changes_nobodys_id():
    wards = [record(name) for name in ("a", "b", "c", "d")]
    first = min(wards, key=lambda each: each.record_id)
    assert first.record_id < PRACTICE.record_id
    for view in regions(PRACTICE, first):
        assert {view.person(each.record_id) for each in (PRACTICE, first)} == {PRACTICE.record_id}


def test_the_telephone_of_a_home_is_nobodys_however_many_live_there():
    known = record("practice", "Ruth", number=ADA, mobile="07700 900001")
    undated = record("undated", "Ruth", None, mobile="07700 900001")
    for many in (MOST_FINE - 2, MOST_FINE):
        residents = [
            record(f"r{each}", f"Given{each}", f"19{10 + each // 2}-05-06", mobile="07700 900001")
            for each in range(many)
        ]
        view = region(*residents, known, undated, cold=True)
        assert not same(view, known, undated)
        for each in residents[
            1:
        ]:  # but for one: then it may be of these two alone, if that one is gone too
            view.put(replace(each, facts=replace(each.facts, telecoms=())))
        assert not same(view, known, undated)
        view.put(replace(residents[0], facts=replace(residents[0].facts, telecoms=())))
        assert same(view, known, undated)


def test_two_who_are_known_twice_each_are_not_joined_by_a_telephone_of_their_family():
    fathers = [record(name, "John", mobile="07700 900001") for name in ("a", "b")]
    sons = [record(name, "John", None, mobile="07700 900001") for name in ("c", "d")]
    mail = Telecom(system="email", value="john@example.org")
    sons = [
        replace(each, facts=replace(each.facts, telecoms=(*each.facts.telecoms, mail)))
        for each in sons
    ]
    mother = record("mother", "Ruth", "1944-05-06", mobile="07700 900001")
    orders = list(permutations((*fathers, *sons, mother)))
    for view in (region(*order) for order in Random(5).sample(orders, 12)):
        assert same(view, *fathers)
        assert same(view, *sons)
        assert not same(view, fathers[0], sons[0])


def test_a_telephone_of_two_people_joins_nobody_in_whatever_order_they_are_heard_of():
    father = record("father", "John", "1941-03-02", "9990000018", mobile="07700 900001")
    undated = record("undated", "John", None, mobile="07700 900001")
    mother = record("mother", "Ruth", "1944-05-06", "9990000026", mobile="07700 900001")
    for order in permutations((father, undated, mother)):
        view = region(*order)
        assert not same(view, father, undated)
        assert asked(view, undated) == {pair(father, undated)}
        hers = record("mother", "Ruth", "1944-05-06", "9990000026", mobile="07700 900002")
        assert same(region(*order, hers), father, undated)
    assert same(region(father, undated), father, undated)
