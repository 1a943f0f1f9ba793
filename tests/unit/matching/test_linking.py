"""Of whose links nobody is told: who objects, and whoever nothing else keeps from being one person with them."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from hub.matching.linking import LINKING, objects
from hub.matching.national import nothing_said_of
from hub.matching.scoring.decision import Rule
from tests.unit.matching.regions import SAID, WHEN, asked, pair, record, region, same

NUMBER, OTHER_NUMBER = "9990000018", "9990000026"
MOBILE = "07700 900001"


def saying(row, *, may_be_linked=False, after=timedelta()):
    """A record with its word on being linked."""
    at = WHEN + after
    word = replace(SAID, about=LINKING, recorded_at=at, un_event=not may_be_linked)
    return replace(row, may_be_linked=may_be_linked, words=(word,))


ADA = record("practice", number=NUMBER, mobile=MOBILE)
ELSEWHERE = {"line": "3 Mill Lane", "postcode": "LS6 3HN"}
UNNUMBERED = record("ward", mobile=MOBILE)
RIVALS = {
    "nearly as like": record(
        "rival", number=OTHER_NUMBER, born="1941-03-12", mobile=MOBILE, **ELSEWHERE
    ),
    "of the same birthday": record("rival", number=OTHER_NUMBER, **ELSEWHERE),
}


@pytest.mark.parametrize("rival", RIVALS.values(), ids=RIVALS)
def test_whom_a_record_means_is_decided_as_if_nobody_objected_and_then_asked(rival):
    """A mark that hid whom it means would have it be somebody else's, or nobody's, and its links would stand."""
    assert same(region(ADA, rival, UNNUMBERED), ADA, UNNUMBERED)
    view = region(saying(ADA), rival, UNNUMBERED)
    judged = view.judged(UNNUMBERED.record_id)
    assert (judged.other, judged.because[0]) == (ADA.record_id, Rule.WITHDRAWN)
    assert [view.is_unlinked(view.person(each.record_id)) for each in (ADA, UNNUMBERED, rival)] == [
        True,
        True,
        False,
    ]
    assert not same(view, ADA, UNNUMBERED)


@pytest.mark.parametrize("rival", RIVALS.values(), ids=RIVALS)
@pytest.mark.parametrize("mark", [Rule.RESTRICTED, Rule.WITHDRAWN])
@pytest.mark.parametrize("died", [None, True])
def test_whom_a_record_means_is_asked_about_and_protected_beside_a_less_likely_rival(
    mark, died, rival
):
    """It was taken for the rival's: nobody was asked about the right one, and its home and links were shown."""
    shielded = True if mark is Rule.RESTRICTED else None
    ada = replace(ADA, facts=replace(ADA.facts, shielded=shielded, deceased=died))
    ada = ada if shielded else saying(ada)
    later = replace(UNNUMBERED, as_of=WHEN + timedelta(days=1))
    view = region(ada, rival, later)
    assert asked(view, ada, rival, later) == {pair(ada, later)}
    assert mark in view.judged(later.record_id).because
    protects = view.is_shielded if shielded else view.is_unlinked
    protected = [protects(view.person(each.record_id)) for each in (ada, later, rival)]
    assert protected == [True, True, False]


@pytest.mark.parametrize("number", [NUMBER, None])
@pytest.mark.parametrize("rivals", [(), *((each,) for each in RIVALS.values())])
def test_two_records_of_somebody_protected_are_one_with_each_other_and_both_are_protected(
    rivals, number
):
    theirs = replace(ADA, facts=replace(ADA.facts, nhs_number=number))
    shielded = replace(theirs, facts=replace(theirs.facts, shielded=True))
    two = (UNNUMBERED, record("other ward", mobile=MOBILE))
    for who in (shielded, saying(theirs)):
        for order in permutations((who, *two)):
            view = region(*rivals, *order)
            assert rivals or same(view, *two)
            assert not any(same(view, who, each) for each in two)
            protects = view.is_shielded if who is shielded else view.is_unlinked
            assert all(protects(view.person(each.record_id)) for each in (who, *two))


def test_whom_something_else_keeps_apart_is_nobody_who_objects():
    namesake = record("rival", number=OTHER_NUMBER, born="1941-03-12")
    view = region(saying(ADA), namesake, UNNUMBERED)
    assert Rule.NAMESAKE_AT_ADDRESS in view.judged(UNNUMBERED.record_id).because
    assert not view.is_unlinked(view.person(UNNUMBERED.record_id))


def test_an_objection_of_a_record_without_a_number_is_that_of_whoever_it_is():
    view = region(ADA, saying(UNNUMBERED))
    assert all(view.is_unlinked(view.person(each.record_id)) for each in (ADA, UNNUMBERED))
    assert not same(view, ADA, UNNUMBERED)


def test_the_latest_word_counts_and_of_one_time_the_objection():
    later = timedelta(days=1)
    no, yes = saying(ADA), saying(UNNUMBERED, may_be_linked=True)
    assert objects((no, yes))
    assert not objects((no, saying(UNNUMBERED, may_be_linked=True, after=later)))
    assert objects(
        (saying(ADA, after=2 * later), saying(UNNUMBERED, may_be_linked=True, after=later))
    )
    assert not objects((ADA, UNNUMBERED))


def test_a_word_on_a_number_is_that_of_everybody_who_has_it_for_certain():
    stranger = record("misfiled", given="Olivia", born="1987-06-05", number=NUMBER)
    unverified = record("ward", given="Nora", born="1955-01-09", number=NUMBER)
    unverified = replace(unverified, facts=replace(unverified.facts, nhs_number_status="02"))
    view = region(ADA, stranger, unverified, saying(nothing_said_of(NUMBER)))
    unlinked = [view.is_unlinked(each.record_id) for each in (ADA, stranger, unverified)]
    assert unlinked == [True, True, False]
