"""What a review of joining by evidence found: each test says what should be, with why it matters."""

from dataclasses import replace



from hub.matching.scoring.decision import Grade
from hub.records import ReviewVerdict
from processors.carer_matching.explaining import of_pair
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


def test_an_answer_taken_back_lets_those_who_were_kept_out_join_whoever_was_one_without_them():
    """Two who contradict each other, both like the same two: kept apart they are out; when not, all are one again."""
    rows = [
        record("p0", born="1941-03-07"),
        record("p1"),
        record("p2"),
        record("p3", born="1941-08-02"),
    ]
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
