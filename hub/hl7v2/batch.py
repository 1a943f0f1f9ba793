"""Batches: a file of messages between FHS, BHS and BTS, FTS, cut into its messages.

Source: HL7 v2.5.1 chapter 2.10.3.
"""

import re
from typing import Final

from hub.errors import Undecodable
from hub.hl7v2.delimiters import delimiters_from
from hub.hl7v2.header import first_line

_CUT: Final = re.compile(rb"(?:\A|(?<=[\r\n]))(?=FHS|BHS|MSH|BTS|FTS)")
_BLANK: Final = b"\r\n"


def messages_from(batch: bytes) -> tuple[bytes, ...]:
    """Cut a batch, or a plain run of messages, into messages, each with the bytes as they were.

    One message alone is a batch of one. The header of the batch is not looked at further.

    Raises:
        Undecodable: There is no message, something stands before the first header, or the number
            in BTS-1 is not the number of messages: then the batch was cut off or mixed up.
    """
    before, *pieces = _CUT.split(batch)
    if before.strip(_BLANK):
        raise Undecodable("A batch begins with FHS, BHS or MSH.", expression="FHS")
    messages: list[bytes] = []
    seen = 0
    for piece in pieces:
        if piece.startswith(b"MSH"):
            messages.append(piece)
        elif piece.startswith(b"BTS"):
            _refuse_other_count(piece, messages[seen:])
            seen = len(messages)
    if not messages:
        raise Undecodable("The batch holds no message.", expression="MSH")
    return tuple(messages)


def _refuse_other_count(trailer: bytes, messages: list[bytes]) -> None:
    """Compare BTS-1, where it is written, with the messages since the trailer before."""
    if not messages:
        return
    separator = delimiters_from(first_line(messages[0])).field
    fields = first_line(trailer).split(separator)
    counted = fields[1] if len(fields) > 1 else ""
    if counted.isdecimal() and int(counted) != len(messages):
        raise Undecodable(
            "The batch does not hold as many messages as it says.", expression="BTS-1"
        )
