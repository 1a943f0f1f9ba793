"""How long a record is held back: only while somebody can look."""

from datetime import UTC, datetime

from hub.passing import Heard
from hub.runtime.passing_round import spot
from hub.runtime.patience import Patience


def held(offset: int) -> Heard:
    return Heard("t", 0, offset, b"k", b"v", datetime(2026, 11, 25, 9, tzinfo=UTC))


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_record_is_given_up_when_it_was_looked_for_long_enough():
    clock = Clock()
    patience = Patience(clock)
    patience.keep([held(1)])
    clock.now = 59.0
    patience.keep([held(1), held(2)])
    assert patience.gone(60) == frozenset()
    clock.now = 60.0
    patience.keep([held(1), held(2)])
    assert patience.gone(60) == {spot(held(1))}


def test_time_in_which_nobody_could_look_does_not_count():
    clock = Clock()
    patience = Patience(clock)
    patience.keep([held(1)])
    clock.now = 10.0
    patience.keep([held(1)])
    clock.now = 130.0  # away for 120 s
    patience.pause()
    assert patience.gone(60) == frozenset()
    clock.now = 131.0
    patience.keep([held(1)])
    assert patience.gone(60) == frozenset()
    clock.now = 181.0  # 10 s before and 50 s after
    patience.keep([held(1)])
    assert patience.gone(60) == {spot(held(1))}


def test_what_is_done_with_is_forgotten():
    clock = Clock()
    patience = Patience(clock)
    patience.keep([held(1)])
    clock.now = 60.0
    patience.keep([])
    patience.keep([held(1)])
    assert patience.gone(60) == frozenset()
