"""From the bytes of a frame to a message: bounds first, then header, character set and segments."""

import re
from functools import lru_cache
from typing import Final

from hub.errors import Undecodable
from hub.hl7v2.charset import Charset, charset_named, decoded
from hub.hl7v2.delimiters import Delimiters
from hub.hl7v2.header import BYTE_FOR_BYTE, header_from
from hub.hl7v2.limits import DEFAULT_LIMITS, Limits
from hub.hl7v2.message import NAME_LENGTH, Message
from hub.hl7v2.notation import Notation
from hub.hl7v2.place import Place
from hub.hl7v2.segment import Header

_ALL_BYTES: Final = bytes(range(256))
_NAME: Final = "(?!MSH)[A-Z][A-Z0-9]{2}"


def message_from(
    frame: bytes, limits: Limits = DEFAULT_LIMITS, default_charset: Charset = Charset.UTF_8
) -> Message:
    """Read one message. Segments end with CR, LF or both; the last one may have no end.

    `default_charset` counts when MSH-18 is empty.

    Raises:
        Undecodable: The frame is over a limit, its header or character set cannot be read, a line
            is not a segment, or it holds a second MSH.
    """
    bounded = _bounded(frame, limits)
    return _message(header_from(bounded), bounded, limits, default_charset)


def message_under(
    header: Header,
    frame: bytes,
    limits: Limits = DEFAULT_LIMITS,
    default_charset: Charset = Charset.UTF_8,
) -> Message:
    """The same for whoever has read the header of the frame already.

    Raises:
        Undecodable: As `message_from`.
    """
    return _message(header, _bounded(frame, limits), limits, default_charset)


def _message(header: Header, bounded: bytes, limits: Limits, default_charset: Charset) -> Message:
    declared = header.text("MSH-18")
    charset = charset_named(declared) if declared else default_charset
    notation = Notation(header.notation.delimiters, charset)
    text = decoded(bounded, charset)
    _refuse_other_lines(text, notation.delimiters.field)
    _refuse_many_repetitions(bounded, notation.delimiters, limits)
    return Message(list(filter(None, text.split("\r"))), notation)


def _bounded(frame: bytes, limits: Limits) -> bytes:
    """The frame with CR alone as the end of a segment, known to be within the limits of size."""
    if len(frame) > limits.frame_bytes:
        raise Undecodable(
            "The message is larger than this hub reads.", expression="MSH", code="too-large"
        )
    if b"\n" in frame:
        frame = frame.replace(b"\r\n", b"\r").replace(b"\n", b"\r")
    if frame.count(b"\r") > limits.segments:
        raise Undecodable(
            "The message has more segments than this hub reads.", expression="MSH", code="too-many"
        )
    if len(frame) > limits.segment_bytes:
        _refuse_long_segments(frame, limits)
    return frame


def _refuse_long_segments(frame: bytes, limits: Limits) -> None:
    for line in frame.split(b"\r"):
        if len(line) > limits.segment_bytes:
            name = re.match(_NAME, line[:NAME_LENGTH].decode(BYTE_FOR_BYTE))
            raise Undecodable(
                "A segment is longer than this hub reads.",
                expression=name.group() if name else "MSH",
                code="too-large",
            )


def _refuse_other_lines(text: str, separator: str) -> None:
    """Every line is a segment, and only the first is an MSH; an empty line is nothing."""
    other = _other_line(separator).search(text)
    if other is None:
        return
    if text.startswith("MSH", other.end()):
        raise Undecodable("One frame carries one message.", expression="MSH[2]", code="too-many")
    before = text[: other.start()].rstrip("\r")
    raise Undecodable(
        "The line after this segment does not begin with a segment's name and a separator.",
        expression=before[before.rfind("\r") + 1 :][:NAME_LENGTH],
    )


@lru_cache(maxsize=64)
def _other_line(separator: str) -> re.Pattern[str]:
    """Finds the end of a segment that another segment, an empty line or nothing does not follow."""
    return re.compile(rf"\r(?!{_NAME}(?:{re.escape(separator)}|\r|\Z)|\r|\Z)")


def _refuse_many_repetitions(frame: bytes, delimiters: Delimiters, limits: Limits) -> None:
    """Look for a long run of separators in what is left of the message without its text."""
    separator, end = delimiters.repetition.encode(), delimiters.field.encode()
    separators = frame.count(separator)
    if separators < min(limits.repetitions, limits.all_repetitions):
        return
    skeleton = frame.translate(None, _ALL_BYTES.translate(None, separator + end + b"\r"))
    run = skeleton.find(separator * limits.repetitions)
    if run < 0 and separators < limits.all_repetitions:
        return
    if run < 0:
        raise Undecodable(
            "The fields together have more repetitions than this hub reads.",
            expression="MSH",
            code="too-many",
        )
    before = skeleton[:run].split(b"\r")
    lines = frame.split(b"\r")[: len(before)]
    name = lines[-1][:NAME_LENGTH]
    place = Place(
        name.decode(BYTE_FOR_BYTE),
        occurrence=sum(line.startswith(name) for line in lines),
        field=before[-1].count(end) + (name == b"MSH"),
    )
    raise Undecodable(
        "A field has more repetitions than this hub reads.",
        expression=str(place),
        code="too-many",
    )
