"""One round of a pass: what is written, refused and held back, and what a broker keeps of a position."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import InvalidResource, Rejected
from hub.passing import Heard, HoldBack, Pass, Refuse, Say, Saying
from hub.runtime.passing_round import (
    MOST_DEFECTS_IN_A_ROW,
    MOST_HELD_BACK,
    Defect,
    Position,
    TooManyDefects,
    UnknownNote,
    defects_in_a_row,
    moved,
    note_from,
    position_from,
    round_of,
    spot,
    step_from,
)
from hub.runtime.publisher import MOST_BYTES

AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
ONE, TWO = UUID(int=1), UUID(int=2)
NOT_YET = Rejected("Not known yet.", code="not-yet")


async def no_steps(*_):
    return ()


GIVEN = Pass(name="a-pass", region=3, reads=(("t", 0),), writes=frozenset({"out"}), steps=no_steps)


def record(offset: int) -> Heard:
    return Heard("t", 0, offset, b"key", f"value {offset}".encode(), AT)


def saying(name: str, size: int = 1) -> Saying:
    return Saying(topic="out", partition=0, key=b"k", value=bytes(size), said_id=name)


def of(*steps, impatient: tuple[int, ...] = ()):
    records = [record(number) for number in range(len(steps))]
    spots = frozenset(spot(records[number]) for number in impatient)
    return round_of(GIVEN, zip(records, steps, strict=True), spots)


def said(done) -> list[str]:
    return [each.said_id for each in done.sayings]


def held(done) -> list[int]:
    return [each.offset for each in done.held]


def test_what_follows_is_said_in_the_order_of_the_records():
    done = of(Say((saying("a"), saying("b"))), Say(), Say((saying("c"),)))
    assert said(done) == ["a", "b", "c"]
    assert (done.refused, done.held) == ((), ())


def test_what_is_held_back_holds_back_what_is_about_the_same_and_nothing_else():
    done = of(
        HoldBack(ONE, NOT_YET),
        Say((saying("two"),), TWO),
        Say((saying("one"),), ONE),
        Say((saying("about nothing"),)),
        HoldBack(ONE, NOT_YET),
    )
    assert said(done) == ["two", "about nothing"]
    assert held(done) == [0, 2, 4]


def test_what_comes_before_a_record_that_is_held_back_is_said():
    assert said(of(Say((saying("one"),), ONE), HoldBack(ONE, NOT_YET))) == ["one"]


def test_when_patience_ends_it_is_refused_and_what_waited_behind_it_goes_on():
    done = of(HoldBack(ONE, NOT_YET), Say((saying("one"),), ONE), impatient=(0,))
    assert said(done) == ["one"]
    assert held(done) == []
    (refused,) = done.refused
    assert (refused.code, refused.reason, refused.value) == (
        "not-yet",
        "Not known yet.",
        b"value 0",
    )
    assert (refused.source, refused.region, refused.defect) == ("a-pass", 3, False)


def test_a_refusal_keeps_reason_place_and_bytes():
    error = InvalidResource("Not like this.", expression="Flag.code", code="value")
    (refused,) = of(Refuse(error)).refused
    assert (refused.reason, refused.expression, refused.code) == (
        "Not like this.",
        "Flag.code",
        "value",
    )


def test_a_fault_of_ours_is_a_defect_with_fixed_words():
    (refused,) = of(step_from(ValueError("Ada Marsh"))).refused
    assert refused.defect
    assert refused.code == "ValueError"
    assert "Marsh" not in refused.reason


def test_a_refusal_that_was_raised_is_one():
    assert step_from(NOT_YET) == Refuse(NOT_YET)


def test_what_no_broker_takes_is_refused():
    done = of(Say((saying("fits", MOST_BYTES),)), Say((saying("a"), saying("b", MOST_BYTES + 1))))
    assert said(done) == ["fits"]
    assert [each.code for each in done.refused] == ["too-large"]


def test_faults_in_a_row_stop_the_pass_and_others_between_them_do_not():
    fault = Defect("ValueError")
    most = [fault] * MOST_DEFECTS_IN_A_ROW
    assert defects_in_a_row(most, 0) == MOST_DEFECTS_IN_A_ROW
    assert defects_in_a_row([*most, Say(), fault], 0) == 1
    assert defects_in_a_row([], 7) == 7
    with pytest.raises(TooManyDefects):
        defects_in_a_row([fault], MOST_DEFECTS_IN_A_ROW)


# Positions


@given(
    st.integers(0, 2**60),
    st.lists(st.integers(1, 10**6), unique=True, max_size=MOST_HELD_BACK),
    st.integers(0, 2**60),
)
def test_a_position_comes_back_as_it_was_kept(offset, behind, until):
    position = Position(offset, tuple(offset - each for each in behind), until)
    back = position_from(offset, note_from(position))
    assert (back.next, back.held, back.is_new) == (offset, position.held, position.is_new)


def test_the_note_of_all_that_may_be_held_back_fits_beside_a_position():
    """4,096 bytes: Kafka's `offset.metadata.max.bytes`. Ten million records may lie between the first and the last."""
    offset = 2**60
    held = tuple(offset - 10**7 + each for each in range(MOST_HELD_BACK))
    assert len(note_from(Position(offset, held, 2**62))) < 4096


def test_an_empty_note_is_a_position_with_nothing_beside_it():
    assert position_from(7, "") == Position(7)
    assert note_from(Position(7)) == "{}"


@pytest.mark.parametrize("note", ["x", "[]", '{"held":["x"]}', '{"later":1}', '{"held":7}'])
def test_a_note_of_another_kind_is_not_guessed_at(note):
    with pytest.raises(UnknownNote):
        position_from(7, note)


def test_a_position_moves_behind_what_was_read_and_keeps_what_is_held_back():
    before = {("t", 0): Position(3, (), 9), ("u", 1): Position(5)}
    after = moved(before, {("t", 0): 8, ("u", 1): 5}, [record(4)])
    assert after == {("t", 0): Position(8, (4,), 9), ("u", 1): Position(5)}
