"""The characters that separate the parts of a message, as its MSH-1 and MSH-2 declare them."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from hub.errors import Undecodable

UNUSED: Final = "\0"
"""Stands for a delimiter that MSH-2 leaves out; as NUL is refused in messages, it never splits."""

_FEWEST_ENCODING_CHARACTERS: Final = 2
_MOST_ENCODING_CHARACTERS: Final = 5


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The separators of one message, in the order of MSH-1 and MSH-2.

    Source: HL7 v2.5.1 chapter 2.5.4; the truncation character is from v2.7.
    """

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"
    truncation: str = UNUSED

    @property
    def encoding_characters(self) -> str:
        """MSH-2 as it is written."""
        written = (
            self.component + self.repetition + self.escape + self.subcomponent + self.truncation
        )
        return written.rstrip(UNUSED)


STANDARD: Final = Delimiters()


def delimiters_from(header: str) -> Delimiters:
    r"""Read the delimiters of a header segment (MSH, BHS, FHS), such as `MSH|^~\&|...`.

    Raises:
        Undecodable: MSH-1 or MSH-2 is missing, repeats a character or uses one that text needs.
    """
    separator = header[3:4]
    return _delimiters(separator, header[4:].split(separator, 1)[0] if separator else "")


@lru_cache(maxsize=64)
def _delimiters(separator: str, encoding_characters: str) -> Delimiters:
    if not _can_separate(separator):
        raise Undecodable(
            "The field separator is missing or is a character that text needs.",
            expression="MSH-1",
        )
    if not (
        _FEWEST_ENCODING_CHARACTERS <= len(encoding_characters) <= _MOST_ENCODING_CHARACTERS
    ) or not all(map(_can_separate, encoding_characters)):
        raise Undecodable(
            "The encoding characters are missing, too many, or characters that text needs.",
            expression="MSH-2",
        )
    written = separator + encoding_characters
    if len(set(written)) != len(written):
        raise Undecodable("A delimiter is used for two purposes.", expression="MSH-2")
    return Delimiters(separator, *encoding_characters.ljust(_MOST_ENCODING_CHARACTERS, UNUSED))


def _can_separate(character: str) -> bool:
    """Printable ASCII, no letter, digit or space, and not the double quote of HL7 null."""
    return (
        len(character) == 1
        and "!" <= character <= "~"
        and not character.isalnum()
        and character != '"'
    )
