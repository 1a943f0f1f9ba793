"""Who is one person by evidence with either side of a hospital's merge, and with that one alone."""

import pytest

from hub.matching.answers import unasked
from processors.carer_matching.held import like_any
from processors.carer_matching.sides import sides_of
from tests.unit.matching.regions import link, merged, record, region, said

ADA, GRACE = "9990000018", "9990000026"
MOBILE = "07700 900001"
KNOWN = record("practice", number=ADA)
WARD = record("ward")
ANOTHER = record("another", born="1941-03-12", number=GRACE, line="3 Mill Lane", postcode="LE5 1AA")
NOWHERE = {"line": None, "postcode": ""}


def beside(gone, stays, *rows):
    """Of a merge, whom evidence adds to the one that is gone and to the one that goes on."""
    view = region(merged(gone, stays), stays, *rows, cold=True)
    pair = unasked(gone.record_id, stays.record_id)
    sides = sides_of(view, pair)
    left, right = sides.by_evidence
    return (left, right) if gone.record_id in sides.left else (right, left)


def test_whoever_is_like_one_side_alone_is_of_that_side_with_all_that_are_one_with_them():
    assert beside(WARD, ANOTHER, KNOWN) == ({KNOWN.record_id}, set())
    moved = record("other trust", number=ADA, line="9 Oak Road", postcode="LS6 3HN")
    assert beside(WARD, ANOTHER, KNOWN, moved) == ({KNOWN.record_id, moved.record_id}, set())


@pytest.mark.parametrize("apart", [link(WARD, KNOWN), said(WARD, KNOWN)], ids=["contact", "answer"])
def test_whoever_is_another_person_is_of_no_side(apart):
    assert beside(WARD, ANOTHER, KNOWN, apart) == (set(), set())


def test_whoever_is_hardly_more_like_the_one_side_than_the_other_side_is_of_neither():
    assert beside(WARD, record("another", number=GRACE), KNOWN) == (set(), set())


def test_whoever_is_like_both_sides_is_of_neither():
    gone = record("gone", mobile=MOBILE, **NOWHERE)
    stays = record("stays", number=GRACE)
    both = record("both", mobile=MOBILE)
    assert beside(gone, stays, both) == (set(), set())
    assert beside(gone, ANOTHER, both) == ({both.record_id}, set())


def test_whoever_died_or_is_shielded_counts_though_evidence_joins_nobody_with_them():
    for marks in ({"deceased": True}, {"shielded": True}):
        known = record("practice", number=ADA, **marks)
        assert beside(WARD, ANOTHER, known) == ({known.record_id}, set())


def test_whoever_finds_others_no_more_because_one_more_shares_a_key_is_looked_at_again():
    crowd = [record(f"r{number}") for number in range(64)]
    more = record("one more")
    before = region(*crowd, cold=True)
    after = before.overlay()
    after.put(more)
    assert before.like(frozenset({crowd[0].record_id}))
    assert not after.like(frozenset({crowd[0].record_id}))
    found = like_any(before, after, frozenset({more.record_id}), [more])
    assert found >= {each.record_id for each in crowd}
