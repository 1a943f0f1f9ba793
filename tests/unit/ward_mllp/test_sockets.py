"""What a sender may do to a connection, over real sockets, and what the others notice of it: nothing."""

import asyncio
import socket
import struct

import pytest

from connectors.ward_mllp import inbound
from connectors.ward_mllp.conversation import Patience
from connectors.ward_mllp.wire import KEEPALIVE, Wire
from hub.hl7v2.limits import Limits
from tests.unit.ward_mllp.conftest import WITHIN, Line, Ward, admission, boxed, standing

HURRIED = Patience(frame=0.2, answer=0.2, close=0.2)


async def goes_on(ward: Ward, line: Line | None = None) -> bool:
    """Whether a message still gets its AA, on this connection or on a new one."""
    line = line or await ward.line()
    await line.say(boxed(admission("ok")))
    return await line.code() == "AA"


def reset(line: Line) -> None:
    """Break the connection off."""
    connection = line.writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.writer.transport.abort()


async def test_a_message_is_answered_with_its_control_id(ward):
    line = await ward.line()
    await line.say(boxed(admission("4711")))
    assert b"\rMSA|AA|4711\r" in await line.answer()
    assert [event.source_event_id for event in ward.published] == ["4711"]


async def test_a_frame_may_be_split_at_every_position(ward):
    line, data = await ward.line(), boxed(admission())
    connection = line.writer.get_extra_info("socket")
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for cut in range(1, len(data)):
        await line.say(data[:cut])
        await asyncio.sleep(0)
        await line.say(data[cut:])
        assert await line.code() == "AA"
    assert len(ward.published) == len(data) - 1


async def test_a_frame_that_comes_byte_by_byte_is_one_frame(ward):
    line = await ward.line()
    for byte in boxed(admission()):
        await line.say(bytes([byte]))
        await asyncio.sleep(0)
    assert await line.code() == "AA"


async def test_frames_in_one_packet_are_answered_in_their_order(ward):
    line = await ward.line()
    await line.say(boxed(*(admission(str(number)) for number in range(50))))
    answers = [await line.answer() for _ in range(50)]
    assert [answer.split(b"|")[-1] for answer in answers] == [b"%d\r" % n for n in range(50)]


async def test_what_was_right_before_the_garbage_keeps_its_answer(ward):
    line = await ward.line()
    await line.say(boxed(admission("9")))
    assert b"MSA|AA|9" in await line.answer()
    await line.say(b"?")
    assert await line.rest() == b""


@pytest.mark.parametrize("end", [b"", b"\x1c", b"\r"])
async def test_a_frame_whose_end_is_missing_is_no_message(ward, end):
    line = await ward.line()
    await line.say(boxed(admission())[:-2] + end)
    line.writer.write_eof()
    assert await line.rest() == b""
    assert (ward.published, ward.refused) == ([], [])
    assert await goes_on(ward)


async def test_a_frame_without_a_message_is_passed_over(ward):
    line = await ward.line()
    await line.say(boxed(b""))
    assert await goes_on(ward, line)
    assert ward.server.counts["empty-frame"] == 1


async def test_a_frame_over_the_limit_closes_and_is_not_kept_in_memory():
    async with standing(limits=Limits(frame_bytes=4096)) as ward:
        other, line = await ward.line(), await ward.line()
        await line.say(b"\x0bMSH|" + b"x" * 4096)
        assert await line.rest() == b""
        assert (ward.server.counts["too-large"], ward.published) == (1, [])
        assert await goes_on(ward, other)


async def test_a_long_segment_and_too_many_repetitions_name_their_place(ward):
    line = await ward.line()
    await line.say(boxed(admission() + b"OBX|1|TX|" + b"x" * 70_000))
    assert b"MSA|AR|1|OBX: " in await line.answer()
    many = "~".join(f"H{number}^^^RWE" for number in range(600))
    await line.say(boxed(admission(person=f"PID|1||{many}||Marsh^Ada")))
    assert b"MSA|AR|1|PID-3: " in await line.answer()
    assert [refused.code for refused in ward.refused] == ["too-large", "too-many"]


async def test_the_time_of_a_frame_does_not_count_the_frames_before_it():
    async with standing(patience=Patience(frame=1.0)) as ward:
        line = await ward.line()
        first, second = boxed(admission("1")), boxed(admission("2"))
        await line.say(first[:9])
        conversations = ward.server._conversations
        await ward.met(lambda: any(each._wire._frame_ends for each in conversations.values()))
        ward.gate.clear()
        await line.say(first[9:] + second[:9])
        await asyncio.sleep(1.2)
        ward.gate.set()
        assert await line.code() == "AA"
        await line.say(second[9:])
        assert await line.code() == "AA"


async def test_an_idle_connection_may_stay_for_longer_than_a_frame_may_take():
    async with standing(patience=HURRIED) as ward:
        line = await ward.line()
        for _ in range(2):
            await asyncio.sleep(HURRIED.frame * 2)
            assert await goes_on(ward, line)


async def test_the_system_asks_a_silent_connection_whether_anybody_is_there(ward):
    line = await ward.line()
    assert await goes_on(ward, line)
    (conversation,) = ward.server._conversations.values()
    connection = conversation._wire.socket
    assert all(connection.getsockopt(level, option) == value for level, option, value in KEEPALIVE)


async def test_one_connection_too_many_is_closed_and_the_others_go_on(ward):
    lines = [await ward.line() for _ in range(inbound.MOST_CONNECTIONS)]
    await ward.met(lambda: ward.server.open_connections == inbound.MOST_CONNECTIONS)
    late = await ward.line()
    assert await late.rest() == b""
    assert ward.server.counts["too-many-connections"] == 1
    assert await goes_on(ward, lines[0])
    assert await goes_on(ward, lines[-1])
    await lines[0].close()
    await ward.met(lambda: ward.server.open_connections < inbound.MOST_CONNECTIONS)
    assert await goes_on(ward)


async def test_healthy_senders_are_answered_in_order_among_slow_broken_and_silent_ones(ward):
    """As many connections as there may be; a quarter are healthy, and only their messages are there."""
    lines = [await ward.line() for _ in range(inbound.MOST_CONNECTIONS)]
    await ward.met(lambda: ward.server.open_connections == inbound.MOST_CONNECTIONS)
    healthy, slow, broken, _silent = (lines[number::4] for number in range(4))
    for line in slow:
        await line.say(boxed(admission("slow"))[:40])
    for number, line in enumerate(broken):
        await line.say(b"GET /" if number % 2 else boxed(admission("x"))[:9])
        reset(line)
    for line in healthy:
        await line.say(boxed(*(admission(str(number)) for number in range(4))))
    for line in healthy:
        answers = [await line.answer() for _ in range(4)]
        assert [each.split(b"|")[-1] for each in answers] == [b"%d\r" % n for n in range(4)]
    await ward.met(lambda: ward.server.open_connections == len(lines) - len(broken))
    assert len(ward.published) == 4 * len(healthy)


async def test_a_sender_that_never_reads_its_answers_loses_its_connection_and_nobody_else_waits():
    async with standing(patience=HURRIED) as ward:
        large = b"x" * 16 * 1024 * 1024  # more than the system's buffers of both ends together

        async def answer(frame: bytes, shown: frozenset[str]) -> bytes:
            return large

        ward.server.answer_to = answer
        deaf = await ward.line()
        await deaf.say(boxed(admission()))
        del ward.server.answer_to
        assert await goes_on(ward)
        await ward.met(lambda: ward.server.counts["not-reading"] == 1)
        await ward.met(lambda: ward.server.open_connections == 1)


async def test_a_sender_that_has_said_everything_still_hears_the_answers(ward):
    line = await ward.line()
    await line.say(boxed(admission("1"), admission("2")))
    line.writer.write_eof()
    assert [await line.code(), await line.code()] == ["AA", "AA"]
    assert await line.rest() == b""


async def test_a_sender_that_hangs_up_before_the_answer_leaves_the_message_durable(ward):
    line = await ward.line()
    ward.gate.clear()
    await line.say(boxed(admission("1")))
    await ward.asked.wait()
    line.writer.transport.abort()
    ward.gate.set()
    await ward.met(lambda: ward.published)
    await ward.met(lambda: ward.server.open_connections == 0)
    assert await goes_on(ward)


async def in_hand(ward: Ward, line: Line) -> Wire:
    """Its second message, which waits for the broker, and the hub's end of its connection."""
    assert await goes_on(ward, line)
    ward.gate.clear()
    ward.asked.clear()
    await line.say(boxed(admission("2")))
    await ward.asked.wait()
    (conversation,) = ward.server._conversations.values()
    return conversation._wire


async def test_a_sender_that_said_everything_before_its_answer_still_hears_it(ward):
    line = await ward.line()
    wire = await in_hand(ward, line)
    line.writer.write_eof()
    await ward.met(lambda: wire._over)
    ward.gate.set()
    assert b"MSA|AA|2\r" in await line.answer()
    assert await line.rest() == b""


async def test_a_connection_that_breaks_before_the_answer_is_counted_and_the_message_durable(ward):
    line = await ward.line()
    wire = await in_hand(ward, line)
    reset(line)
    await ward.met(wire._gone.is_set)
    ward.gate.set()
    await ward.met(lambda: ward.server.open_connections == 0)
    assert ward.server.counts == {"understood": 2, "closed: ConnectionResetError": 1}
    assert len(ward.published) == 2


async def test_what_is_sent_while_the_door_closes_is_not_taken(ward):
    line = await ward.line()
    await in_hand(ward, line)
    stopping = asyncio.create_task(ward.server.stop())
    await ward.met(lambda: not ward.server._server.is_serving())
    await line.say(boxed(admission("3")))
    for _ in range(100):
        await asyncio.sleep(0)
    ward.gate.set()
    assert (await line.rest()).count(b"MSA|AA|") == 1
    async with asyncio.timeout(WITHIN):
        await stopping
    assert [event.source_event_id for event in ward.published] == ["ok", "2"]


async def test_a_sender_far_ahead_of_its_answers_is_held_up(ward):
    """The system's buffers are full, and of what is here no more than one read of them waits."""
    frame, line = boxed(admission()), await ward.line()
    ward.gate.clear()
    line.writer.write(frame)
    await ward.asked.wait()
    (conversation,) = ward.server._conversations.values()
    wire = conversation._wire
    many = 16 * 1024 * 1024 // len(frame)
    line.writer.write(frame * many)
    await ward.met(lambda: wire._paused)
    waiting = len(wire._arrived)
    assert 0 < waiting <= 256 * 1024 // len(frame) + 1
    for _ in range(100):
        await asyncio.sleep(0)
    assert len(wire._arrived) == waiting
    assert line.writer.transport.get_write_buffer_size() > 0
    ward.gate.set()
    for _ in range(waiting + 10):
        assert await line.code() == "AA"


async def test_what_was_accepted_is_answered_when_the_door_closes(ward):
    busy, idle, halfway = [await ward.line() for _ in range(3)]
    await halfway.say(boxed(admission())[:20])
    ward.gate.clear()
    await busy.say(boxed(admission("1"), admission("2")))
    await ward.asked.wait()
    await ward.met(lambda: ward.server.open_connections == 3)
    stopping = asyncio.create_task(ward.server.stop())
    assert await idle.rest() == await halfway.rest() == b""
    ward.gate.set()
    assert (await busy.rest()).count(b"MSA|AA|") == 1
    async with asyncio.timeout(WITHIN):
        await stopping
    assert [event.source_event_id for event in ward.published] == ["1"]
    with pytest.raises(OSError):  # noqa: PT011 - refused or reset, as the system likes
        await ward.line()


async def test_a_door_closes_though_its_broker_never_answers(ward, monkeypatch):
    monkeypatch.setattr(inbound, "DRAIN_SECONDS", 0.1)
    line = await ward.line()
    ward.gate.clear()
    await line.say(boxed(admission()))
    await ward.asked.wait()
    async with asyncio.timeout(WITHIN):
        await ward.server.stop()
    assert await line.rest() == b""
    assert ward.published == []
