"""A file as lines of text, read one at a time and each of a bounded length."""

from collections.abc import Iterator
from typing import Final, Protocol

from connectors.gp_csv.charset import (
    BYTE_ORDER_MARK,
    PYTHON_NAMES,
    another_charset,
    is_utf_8,
    really_utf_8,
)
from connectors.gp_csv.extract import LONGEST_LINE, place
from connectors.gp_csv.settings import Encoding
from hub.errors import Undecodable

_TWO_BYTES_EACH: Final = (b"\xff\xfe", b"\xfe\xff")


class Lines(Protocol):
    """Where the lines come from, one at a time."""

    def readline(self, size: int, /) -> bytes:
        """The next line with its end, at most so many bytes of it; empty at the end."""
        ...


def texts_of(lines: Lines, charset: Encoding) -> Iterator[str]:
    """The lines as text. A byte order mark counts before what the configuration says.

    Raises:
        Undecodable: Another character set, or a line longer than any honest one.
    """
    name, number, beyond_ascii, makes_sense = PYTHON_NAMES[charset], 0, False, True
    while raw := lines.readline(LONGEST_LINE + 1):
        number += 1
        if number == 1:
            refuse_two_bytes_each(raw)
            if raw.startswith(BYTE_ORDER_MARK):
                raw, name = raw.removeprefix(BYTE_ORDER_MARK), "utf-8"
        if len(raw) > LONGEST_LINE:
            raise Undecodable(
                f"A line may have {LONGEST_LINE} bytes.", expression=place(number), code="too-long"
            )
        if name == "cp1252" and not raw.isascii():
            beyond_ascii, makes_sense = True, makes_sense and is_utf_8(raw)
        try:
            yield raw.decode(name)
        except UnicodeDecodeError:
            raise another_charset(charset, place(number)) from None
    if beyond_ascii and makes_sense:
        raise really_utf_8()


def refuse_two_bytes_each(first: bytes) -> None:
    """Refuse what Excel calls "Unicode text".

    Raises:
        Undecodable: It is that.
    """
    if first.startswith(_TWO_BYTES_EACH):
        raise Undecodable(
            "The file is UTF-16. Save it as CSV in UTF-8.", expression="file", code="charset"
        )
