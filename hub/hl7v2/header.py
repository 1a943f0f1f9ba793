"""The MSH alone: what is read before the character set is known, and when nothing else can be."""

import codecs
from typing import Final

from hub.errors import Undecodable
from hub.hl7v2.charset import Charset
from hub.hl7v2.delimiters import STANDARD, delimiters_from
from hub.hl7v2.notation import Notation
from hub.hl7v2.segment import Header

BYTE_FOR_BYTE: Final = "latin-1"
"""Decodes any byte to one character and back: for a header whose MSH-18 is not read yet."""

BATCHES: Final = (b"FHS", b"BHS")
"""What a batch file, or a batch in it, begins with (HL7 v2.5.1 chapter 2.10.3)."""

_STANDARD_NOTATION: Final = Notation(STANDARD, Charset.ASCII)


def header_from(frame: bytes) -> Header:
    """Read the MSH, one character for each byte.

    Raises:
        Undecodable: The frame does not begin with MSH, or its delimiters cannot be used.
    """
    if not frame.startswith(b"MSH"):
        raise Undecodable(why_no_message(frame), expression="MSH")
    raw = first_line(frame)
    return _header(raw, Notation(delimiters_from(raw), Charset.ASCII))


def why_no_message(frame: bytes) -> str:
    """What stands before the MSH, or in its place, as far as it is something that systems send."""
    if frame.startswith(codecs.BOM_UTF8):
        return "A message begins with MSH: send no byte order mark before it."
    if frame.startswith(BATCHES):
        return "A batch is no message: send its messages one by one."
    return "A message begins with MSH."


def header_or_what_is_left(frame: bytes) -> Header:
    """Read the MSH as far as it goes, to answer a frame that `header_from` refuses.

    A header with a bad MSH-2 is read with the standard's delimiters, anything else is an empty MSH.
    """
    try:
        return header_from(frame)
    except Undecodable:
        return _header(_with_standard_delimiters(first_line(frame)), _STANDARD_NOTATION)


def first_line(frame: bytes) -> str:
    """What stands before the first CR or LF, one character for each byte."""
    return frame.split(b"\r", 1)[0].split(b"\n", 1)[0].decode(BYTE_FOR_BYTE)


def _with_standard_delimiters(line: str) -> str:
    readable = line.startswith("MSH" + STANDARD.field)
    fields = line.split(STANDARD.field)[2:] if readable else []
    return STANDARD.field.join(["MSH", STANDARD.encoding_characters, *fields])


def _header(raw: str, notation: Notation) -> Header:
    return Header("MSH", 1, raw, notation)
