import time

import pytest

from hub.errors import Rejected, Undecodable
from hub.hl7v2 import Charset, Limits, header_from, message_from, messages_from

HEADER = b"MSH|^~\\&|PAS|RXX|HUB|HUB|202601021010||ADT^A01^ADT_A01|77|P|2.4"
ANSWERED_WITHIN_SECONDS = 0.05  # of the processor: what else the machine does is not counted


def refusal(frame: bytes, **arguments: object) -> tuple[str, str]:
    with pytest.raises(Undecodable) as caught:
        message_from(frame, **arguments)
    assert caught.value.reason
    return caught.value.expression, caught.value.code


def with_charset(name: str, text: bytes) -> bytes:
    return HEADER + b"||||||" + name.encode() + b"\rPID|1||||" + text + b"\r"


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\r\r"])
@pytest.mark.parametrize("last", [True, False])
def test_segments_end_with_cr_lf_or_both_and_the_last_may_not_end(end, last):
    frame = end.join([HEADER, b"PID|1||X", b"PV1|1|I"]) + (end if last else b"")
    message = message_from(frame)
    assert [segment.name for segment in message.segments()] == ["MSH", "PID", "PV1"]
    assert message.value("PV1-2") == "I"


def test_custom_delimiters_are_those_of_the_header():
    message = message_from(b"MSH*!@%$*PAS*****x**ADT!A01\rPID*1**1!!!NHS@2!!!L**A$B!C%F%D\r")
    assert message.value("MSH-9.2") is None
    assert message.value("MSH-10.2") == "A01"
    assert message.value("PID-3[2].4") == "L"
    assert message.value("PID-5.1.2") == "B"
    assert message.value("PID-5.2") == "C*D"
    assert message.value("MSH-2") == "!@%$"


def test_delimiters_left_out_separate_nothing():
    message = message_from(b"MSH|^~|PAS\rPID|1||A&B\\T\\C^D\r")
    assert message.value("PID-3.1") == "A&B\\T\\C"
    assert message.value("PID-3.2") == "D"


def test_the_fifth_encoding_character_is_truncation():
    message = message_from(b"MSH|^~\\&#|PAS\rPID|1||A\\P\\B#\r")
    assert message.value("PID-3") == "A#B#"


@pytest.mark.parametrize(
    ("header", "place"),
    [
        (b"MSH", "MSH-1"),
        (b"MSH|", "MSH-2"),
        (b"MSH||", "MSH-2"),
        (b"MSH|^|x", "MSH-2"),
        (b"MSH|^^\\&|x", "MSH-2"),
        (b"MSH|^~\\|x", "MSH-2 is read as three"),
        (b"MSH|||||x", "MSH-2"),
        (b"MSH|^~\\&^|x", "MSH-2"),
        (b"MSH|^~\\&#!|x", "MSH-2"),
        (b"MSH|^~\\A|x", "MSH-2"),
        (b"MSH|^~\\ |x", "MSH-2"),
        (b'MSH|^~\\"|x', "MSH-2"),
        (b"MSH|^~\\\xa6|x", "MSH-2"),
        (b"MSHA^~\\&Ax", "MSH-1"),
        (b"MSH ^~\\& x", "MSH-1"),
        (b"MSH\x00^~\\&\x00x", "MSH-1"),
    ],
)
def test_odd_delimiters_are_refused_at_their_place(header, place):
    if place.endswith("three"):
        assert header_from(header).value("MSH-2") == "^~\\"
        return
    assert refusal(header + b"\rPID|1\r")[0] == place


@pytest.mark.parametrize("frame", [b"", b"\r", b"PID|1", b"GET / HTTP/1.1\r\n", b"FHS|^~\\&|"])
def test_a_frame_without_msh_first_is_refused(frame):
    assert refusal(frame)[0] == "MSH"


@pytest.mark.parametrize(
    ("before", "why"),
    [(b"\xef\xbb\xbf", "byte order mark"), (b"FHS|^~\\&\r", "A batch"), (b"BHS|\r", "A batch")],
)
def test_what_systems_put_before_a_message_is_called_by_its_name(before, why):
    with pytest.raises(Undecodable, match=why):
        message_from(before + HEADER)


def test_a_header_alone_is_a_message():
    assert message_from(b"MSH|^~\\&|").value("MSH-10") is None


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (b"second line of a note", "PID"),
        (b"pid|1", "PID"),
        (b"PIDX|1", "PID"),
        (b"OBX^1", "PID"),
        (b"12A|1", "PID"),
        (b"MSH|^~\\&|x", "MSH[2]"),
    ],
)
def test_a_line_that_is_no_segment_is_refused_after_its_neighbour(line, place):
    assert refusal(HEADER + b"\rPID|1\r" + line + b"\rPV1|1\r")[0] == place


def test_segments_of_our_own_and_empty_ones_stand_anywhere():
    message = message_from(HEADER + b"\rZPD\rPID|1\rPD1|\rZU8|Z|1|No\rPV1|1|I")
    assert message.value("ZU8-3") == "No"
    assert message.value("ZPD-1") is None


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("UNICODE UTF-8", "Zoë".encode(), "Zoë"),
        ("UNICODE", "Zoë".encode(), "Zoë"),
        ("utf-8", "Zoë".encode(), "Zoë"),
        ("8859/1", b"Zo\xeb", "Zoë"),
        ("8859/1", b"O\x92Hara", "O’Hara"),
        ("WINDOWS-1252", b"O\x92Hara", "O’Hara"),
        ("ASCII", b"Zoe", "Zoe"),
        ("UNICODE UTF-8~8859/1", "Zoë".encode(), "Zoë"),
        ("", "Zoë".encode(), "Zoë"),
        ('""', "Zoë".encode(), "Zoë"),
        ("UNICODE UTF-8", "\u202ebidi\u200b".encode(), "\u202ebidi\u200b"),
        ("UNICODE UTF-8", "line\u2028\u0085end".encode(), "line\u2028\u0085end"),
    ],
)
def test_text_is_decoded_by_msh_18(name, text, value):
    assert message_from(with_charset(name, text)).value("PID-5") == value


def test_without_msh_18_the_senders_setting_counts():
    frame = with_charset("", b"Zo\xeb")
    assert refusal(frame)[0] == "MSH-18"
    assert message_from(frame, default_charset=Charset.WINDOWS_1252).value("PID-5") == "Zoë"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("UNICODE UTF-8", b"Zo\xeb"),
        ("UNICODE UTF-8", b"\xc0\xaf"),
        ("UNICODE UTF-8", b"\xed\xa0\x80"),
        ("UNICODE UTF-8", "Zoë".encode("utf-16")),
        ("ASCII", "Zoë".encode()),
        ("8859/1", b"Zo\x81"),
        ("8859/1", b"Z\x00"),
        ("UNICODE UTF-8", b"a\x1cb"),
        ("UNICODE UTF-8", b"a\x0bb"),
        ("EBCDIC", b"Zoe"),
        ("utf-7", b"Zoe"),
        ("rot13", b"Zoe"),
    ],
)
def test_bytes_that_are_not_of_the_character_set_are_refused_at_msh_18(name, text):
    assert refusal(with_charset(name, text)) == ("MSH-18", "structure")


def test_a_utf_16_frame_is_refused():
    assert refusal((HEADER + b"\r").decode().encode("utf-16-le"))[0] == "MSH"


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (HEADER + b"\rPID|1||" + b"~" * 10**6, ("PID", "too-large")),
        (HEADER + b"\rPID|1||" + b"~".join([b"1"] * 10**6), ("MSH", "too-large")),
        (HEADER + b"\rPID|1||" + b"~" * 60_000, ("PID-3", "too-many")),
        (HEADER + b"\rPID|1||" + b"|~" * 30_000, ("MSH", "too-many")),
        (HEADER + b"\r" + b"NK1|\r" * 200_000, ("MSH", "too-many")),
        (HEADER + b"\r\n" + b"NK1|\r\n" * 150_000, ("MSH", "too-many")),
        (HEADER + b"\r" * 10**6, ("MSH", "too-many")),
        (HEADER + b"\n" * 10**6, ("MSH", "too-many")),
        (HEADER + b"|" * 10**6, ("MSH", "too-large")),
        (b"MSH|^~\\&" + b"\\" * 10**6, ("MSH", "too-large")),
        (b"MSH" + b"|" * 60_000, ("MSH-2", "structure")),
        (HEADER + b"~" * 60_000, ("MSH-12", "too-many")),
        (HEADER + (b"\rPID" + b"|^&\\" * 16_000) * 15, ("PID", "accepted")),
        (HEADER + (b"\rPID" + b"|^&~" * 16_000) * 15, ("MSH", "too-many")),
        (HEADER + b"\rPID|" + b"|A~B" * 1_998, ("PID", "accepted")),
        (HEADER + b"\r" + b"x" * 60_000, ("MSH", "structure")),
        (HEADER + b"\rPID|1||" + b"\\X" * 30_000, ("PID", "accepted")),
        (HEADER + b"\rPID|1||" + b"\\X4141" * 10_000, ("PID", "accepted")),
        (HEADER + b"\rPID|1||\\X" + b"41" * 30_000 + b"\\", ("PID", "accepted")),
        (HEADER + b"\rPID|1||" + b"\\.sp9999\\" * 7_000, ("PID", "accepted")),
        (b"\x00" * 60_000, ("MSH", "structure")),
        (b"\x00" * 2**20, ("MSH", "too-large")),
        (b"A" * (2**20 + 1), ("MSH", "too-large")),
    ],
)
def test_hostile_frames_are_answered_quickly(frame, expected):
    answers = [answered(frame) for _ in range(3)]
    assert [answer for answer, _ in answers] == [expected] * 3
    assert min(seconds for _, seconds in answers) < ANSWERED_WITHIN_SECONDS


def answered(frame: bytes) -> tuple[tuple[str, str], float]:
    """Where and why the frame was refused, or that it was read, and the processor's time that it took."""
    began = time.process_time()
    try:
        message = message_from(frame)
        assert len(message.text("PID-3") or "") <= Limits().segment_bytes
    except Undecodable as refused:
        return (refused.expression, refused.code), time.process_time() - began
    return ("PID", "accepted"), time.process_time() - began


def test_each_limit_is_inclusive():
    limits = Limits(frame_bytes=200, segment_bytes=100, segments=3, repetitions=2)
    frame = HEADER + b"\rPID|1||A~B\rPV1|1\r"
    assert message_from(frame, limits).value("PID-3[2]") == "B"
    assert refusal(HEADER + b"\rPID|1||A~B~C\r", limits=limits) == ("PID-3", "too-many")
    assert refusal(HEADER + b"\rNK1|1\rNK1|1||A~B~C\r", limits=limits) == ("NK1[2]-3", "too-many")
    assert refusal(frame + b"AL1\r", limits=limits) == ("MSH", "too-many")
    assert message_from(HEADER + b"\rPID|" + b"x" * 96, limits).value("PID-1") == "x" * 96
    assert refusal(HEADER + b"\rPID|" + b"x" * 97, limits=limits) == ("PID", "too-large")
    assert refusal(HEADER + b"\r" * 200, limits=limits) == ("MSH", "too-large")


def test_a_refusal_tells_nothing_of_the_message():
    with pytest.raises(Rejected) as caught:
        message_from(with_charset("UNICODE UTF-8", b"SECRET\xff"))
    assert "SECRET" not in caught.value.reason
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


FIRST = HEADER + b"\rPID|1\r"
SECOND = HEADER.replace(b"|77|", b"|78|") + b"\nPV1|1\n"


def test_a_message_alone_is_a_batch_of_one():
    assert messages_from(FIRST) == (FIRST,)


@pytest.mark.parametrize(
    "batch",
    [
        FIRST + SECOND,
        b"\r\n" + FIRST + SECOND,
        b"BHS|^~\\&|PAS\r" + FIRST + SECOND + b"BTS|2\r",
        b"FHS|^~\\&|PAS\rBHS|^~\\&|PAS\r" + FIRST + SECOND + b"BTS|2\rFTS|1\r",
        b"FHS|^~\\&|\nBHS|^~\\&|\n" + FIRST + b"BTS|1\nBHS|^~\\&|\n" + SECOND + b"BTS|\nFTS",
    ],
)
def test_a_batch_is_cut_into_its_messages_with_their_bytes(batch):
    assert messages_from(batch) == (FIRST, SECOND)


@pytest.mark.parametrize(
    ("batch", "place"),
    [
        (b"", "MSH"),
        (b"BHS|^~\\&|\rBTS|0\r", "MSH"),
        (b"name,date\r" + FIRST, "FHS"),
        (b"BHS|^~\\&|\r" + FIRST + b"BTS|2\r", "BTS-1"),
    ],
)
def test_a_batch_that_is_cut_off_or_none_is_refused(batch, place):
    with pytest.raises(Undecodable) as caught:
        messages_from(batch)
    assert caught.value.expression == place
