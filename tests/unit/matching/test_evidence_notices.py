"""What a notice of a death says of whom evidence joins, whenever it is heard: the same as after a fresh load."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.matching.national import nothing_said_of
from hub.records import PersonFacts
from tests.unit.matching.regions import WHEN, asked, pair, record, region, same

ADA, GRACE = "9990000018", "9990000026"
MOBILE = "07700 900001"
KNOWN = record("practice", number=ADA, mobile=MOBILE)
OTHER = record("another practice", number=GRACE)


def on(day, row):
    """The row, heard of so many days later."""
    return replace(row, as_of=WHEN + timedelta(days=day))


def notice(day, deceased=True):
    """What is said of Ada's number."""
    return on(day, replace(nothing_said_of(ADA), facts=PersonFacts(deceased=deceased)))


WARD = on(2, record("ward", mobile=MOBILE))
ONE, TWO = "one person", "a question"


@pytest.mark.parametrize(
    ("told", "end"),
    [
        ((notice(3),), ONE),
        ((notice(1),), TWO),
        ((notice(1), notice(3)), ONE),
        ((notice(0, None), notice(1)), TWO),
        ((notice(1), notice(3, False)), ONE),
    ],
    ids=["after", "before", "said again later", "first of something else", "taken back"],
)
@pytest.mark.parametrize("beside", [(), (OTHER,)], ids=["alone", "beside another like them"])
def test_a_death_parts_from_whoever_was_heard_of_after_it_whatever_was_said_of_the_number_before(
    told, end, beside
):
    view = region(KNOWN, *beside, WARD, *told)
    fresh = region(KNOWN, *beside, WARD, told[-1], cold=True)
    assert held(view) == held(fresh)
    if not beside:
        assert same(view, KNOWN, WARD) is (end is ONE)
        assert asked(view, WARD) == (set() if end is ONE else {pair(KNOWN, WARD)})


def held(view):
    view.settle()
    return {key: value for key, value in view._by_evidence.own.items() if value is not None}
