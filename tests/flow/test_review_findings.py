"""What a review of joining by evidence found: each test says what should be, with why it matters."""

from dataclasses import replace

import pytest

from tests.unit.matching.regions import asked, link, pair, record, region, said, same

ADA, GRACE = "9990000018", "9990000026"


def held(view):
    view.settle()
    return {k: v for k, v in view._by_evidence.own.items() if v is not None}


def together(rows):
    """The region that takes these in as one batch of a standby, on top of what it has."""
    return rows


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
