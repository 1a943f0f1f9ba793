"""A batch that cannot be finished is taken in smaller parts, and the parts grow again."""

from hypothesis import given
from hypothesis import strategies as st

from hub.runtime.pace import STEADY, Pace


def after(pace: Pace, *, fits: int, batches: int) -> list[int]:
    """The sizes of so many batches where only those of at most `fits` records are finished."""
    sizes = []
    for _ in range(batches):
        sizes.append(pace.records)
        pace = pace.after_one_more() if pace.records <= fits else pace.slower()
    return sizes


def test_it_begins_with_as_many_as_it_may_take_and_stays_there():
    assert after(Pace.full(500), fits=500, batches=3) == [500, 500, 500]


def test_a_batch_that_is_not_finished_is_halved_down_to_one_record():
    assert after(Pace.full(500), fits=0, batches=12) == [
        500,
        250,
        125,
        62,
        31,
        15,
        7,
        3,
        1,
        1,
        1,
        1,
    ]


def test_a_larger_one_is_tried_after_a_steady_row_and_never_more_than_it_may_take():
    slow = Pace(most=500, records=300)
    assert after(slow, fits=500, batches=STEADY + 1) == [300] * STEADY + [500]


def test_what_is_tried_in_vain_is_one_batch_in_many():
    sizes = after(Pace.full(500), fits=300, batches=9 * STEADY)
    assert sum(size > 300 for size in sizes) <= len(sizes) // STEADY


@given(st.integers(1, 1000), st.lists(st.booleans(), max_size=200))
def test_a_batch_has_at_least_one_record_and_at_most_as_many_as_it_may(most, finished):
    pace = Pace.full(most)
    for each in finished:
        pace = pace.after_one_more() if each else pace.slower()
        assert 1 <= pace.records <= most
