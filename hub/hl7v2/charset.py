"""The character set that MSH-18 names, and decoding by it without guessing.

Source: HL7 table 0211 and the spellings that English feeds use.
"""

from enum import StrEnum
from typing import Final

from hub.errors import Undecodable


class Charset(StrEnum):
    """A character set this hub reads; the value is Python's name of the codec."""

    ASCII = "ascii"
    UTF_8 = "utf-8"
    WINDOWS_1252 = "cp1252"


CHARSETS: Final = {
    "ASCII": Charset.ASCII,
    "UNICODE UTF-8": Charset.UTF_8,
    "UNICODE": Charset.UTF_8,  # what the ITK examples write; UTF-16 is refused by its NULs
    "UTF-8": Charset.UTF_8,
    "UTF8": Charset.UTF_8,
    # Senders on Windows declare ISO 8859-1 and send typographic quotes. The two differ only where
    # ISO 8859-1 has control characters, which no message means, so both are read as windows-1252.
    "8859/1": Charset.WINDOWS_1252,
    "ISO-8859-1": Charset.WINDOWS_1252,
    "ISO8859-1": Charset.WINDOWS_1252,
    "ISO_8859-1": Charset.WINDOWS_1252,
    "WINDOWS-1252": Charset.WINDOWS_1252,
    "CP1252": Charset.WINDOWS_1252,
}

_REFUSED: Final = {
    b"\0": "The message holds a NUL character, which no text may.",
    b"\x0b": "The message holds a start-block character inside: the frame before may have ended without FS CR.",
    b"\x1c": "The message holds an end-block character inside its text.",
}


def charset_named(name: str) -> Charset:
    """Read MSH-18, first repetition.

    Raises:
        Undecodable: The name is not in `CHARSETS`.
    """
    charset = _known_as(name)
    if charset is None:
        raise Undecodable(
            "The message names a character set that this hub does not read.", expression="MSH-18"
        )
    return charset


def is_read(name: str) -> bool:
    """Whether a name is one of a character set that this hub reads."""
    return _known_as(name) is not None


def _known_as(name: str) -> Charset | None:
    return CHARSETS.get(name) or CHARSETS.get(name.strip().upper())


def decoded(frame: bytes, charset: Charset) -> str:
    """Decode strictly: bytes that do not belong to the character set are never replaced.

    Raises:
        Undecodable: Wrong bytes, a NUL, or an MLLP block character.
    """
    for character, reason in _REFUSED.items():
        if character in frame:
            raise Undecodable(reason, expression="MSH-18")
    try:
        return frame.decode(charset.value)
    except UnicodeDecodeError:
        # The error object holds the message's bytes, so it is not kept as the cause.
        raise Undecodable(
            "The message holds bytes that its character set does not have.", expression="MSH-18"
        ) from None
