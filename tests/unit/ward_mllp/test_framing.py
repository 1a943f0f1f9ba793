from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.ward_mllp.framing import (
    CARRIAGE_RETURN,
    EMPTY,
    END_BLOCK,
    START_BLOCK,
    STRAY,
    TOO_LARGE,
    Deframer,
    Frame,
    FrameEvent,
    framed,
)
from hub.hl7v2 import Limits

LIMITS = Limits(frame_bytes=16)


def fed(*packets: bytes, limits: Limits = LIMITS) -> list[FrameEvent]:
    deframer = Deframer(limits)
    return [event for packet in packets for event in deframer.feed(packet)]


def test_a_frame_is_what_stands_between_the_block_bytes():
    assert framed(b"MSH|") == START_BLOCK + b"MSH|" + END_BLOCK + CARRIAGE_RETURN
    assert fed(framed(b"MSH|")) == [Frame(b"MSH|")]


def test_two_frames_in_one_packet_are_given_in_order():
    assert fed(framed(b"one") + framed(b"two")) == [Frame(b"one"), Frame(b"two")]


def test_the_end_of_a_frame_may_be_split_over_packets():
    assert fed(b"\x0bone\x1c", b"\r\x0btwo", b"\x1c", b"\r") == [Frame(b"one"), Frame(b"two")]


def test_nothing_is_given_before_the_end_of_a_frame():
    deframer = Deframer(LIMITS)
    assert deframer.feed(b"\x0bone\x1c") == []
    assert deframer.inside
    assert deframer.feed(b"\r") == [Frame(b"one")]
    assert not deframer.inside


def test_an_end_block_without_a_carriage_return_is_part_of_the_message():
    assert fed(framed(b"a\x1cb")) == [Frame(b"a\x1cb")]
    assert fed(b"\x0ba\x1c", b"b\x1c\r") == [Frame(b"a\x1cb")]
    assert fed(framed(b"a\x1c")) == [Frame(b"a\x1c")]
    assert fed(b"\x0ba\x1c", b"\x1c", b"\r") == [Frame(b"a\x1c")]


def test_a_start_block_within_a_frame_is_part_of_the_message():
    assert fed(framed(b"a\x0bb")) == [Frame(b"a\x0bb")]


def test_line_ends_between_frames_are_stepped_over():
    assert fed(b"\r\n" + framed(b"one") + b"\n\r\n" + framed(b"two") + b"\r") == [
        Frame(b"one"),
        Frame(b"two"),
    ]


@pytest.mark.parametrize(
    "data", [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"MSH|^~\\&|", b"\x1c\r", b" "]
)
def test_anything_else_before_a_frame_closes(data):
    assert fed(data, framed(b"one")) == [STRAY]
    assert fed(framed(b"one") + data + framed(b"two")) == [Frame(b"one"), STRAY]
    assert STRAY.closes


def test_an_empty_frame_is_refused_and_the_next_one_is_read():
    assert fed(framed(b"") + framed(b"one")) == [EMPTY, Frame(b"one")]
    assert not EMPTY.closes


def test_a_frame_of_the_limit_is_read_and_one_byte_more_closes():
    assert fed(framed(b"x" * 16)) == [Frame(b"x" * 16)]
    assert fed(framed(b"x" * 17), framed(b"one")) == [TOO_LARGE]
    assert TOO_LARGE.closes


def test_a_frame_without_end_is_refused_at_the_limit_and_not_kept():
    deframer = Deframer(LIMITS)
    events = [deframer.feed(b"\x0b"), *(deframer.feed(b"x") for _ in range(100))]
    assert events == [[]] * 17 + [[TOO_LARGE]] + [[]] * 83
    assert not deframer.inside


def test_a_message_that_ends_its_own_frame_is_not_sent():
    with pytest.raises(ValueError, match="end of its own frame"):
        framed(b"a\x1c\rb")


STREAMS = st.lists(
    st.one_of(
        st.binary(max_size=18).filter(lambda payload: b"\x1c\r" not in payload).map(framed),
        st.text("\x0b\x1c\r\nA", max_size=8).map(str.encode),
    ),
    max_size=6,
).map(b"".join)


@given(stream=STREAMS, cuts=st.lists(st.integers(0, 120), max_size=8))
def test_any_split_of_the_stream_gives_the_same_frames(stream, cuts):
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    packets = [stream[start:stop] for start, stop in pairwise(edges)]
    whole = fed(stream)
    assert fed(*packets) == whole
    assert fed(*(bytes([byte]) for byte in stream)) == whole


@given(st.lists(st.binary(min_size=1, max_size=16).filter(lambda some: b"\x1c\r" not in some)))
def test_what_is_framed_comes_out(payloads):
    assert fed(b"".join(map(framed, payloads))) == [Frame(payload) for payload in payloads]
