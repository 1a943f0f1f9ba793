r"""Escape sequences of text fields: `\F\`, `\T\`, `\X0D\`, `\.br\` and their like.

Only whole, known sequences are replaced; anything else survives as written, because losing a
backslash from a free text is worse than showing one. The text never grows: each sequence becomes
fewer characters than it was written with.

Source: HL7 v2.5.1 chapter 2.7.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from hub.hl7v2.delimiters import UNUSED, Delimiters
from hub.hl7v2.notation import Notation

_LINE_BREAKS: Final = ("br", "sp", "ce")
_HIGHLIGHTING: Final = ("H", "N")
_SEQUENCE: Final = (
    r"[FSTREPHN]|X(?:[0-9A-Fa-f]{2})+|\.(?:br|ce|fi|nf|(?:sp|sk|in|ti)[+-]?[0-9]{0,4})"
)


def unescaped(text: str, notation: Notation) -> str:
    """Replace the escape sequences of one subcomponent."""
    escape = notation.delimiters.escape
    if escape not in text:
        return text
    return _pattern(escape).sub(_replacement(notation), text)


def escaped(text: str, delimiters: Delimiters) -> str:
    """Make any text safe to write as one subcomponent. `unescaped` gives the same text back.

    A message without an escape character cannot carry its own delimiters: each becomes a space.
    """
    return text.translate(_table(delimiters))


@lru_cache(maxsize=64)
def _pattern(escape: str) -> re.Pattern[str]:
    character = re.escape(escape)
    return re.compile(f"{character}({_SEQUENCE}){character}")


@lru_cache(maxsize=64)
def _letters(delimiters: Delimiters) -> dict[str, str]:
    letters = {
        "F": delimiters.field,
        "S": delimiters.component,
        "R": delimiters.repetition,
        "E": delimiters.escape,
        "T": delimiters.subcomponent,
        "P": delimiters.truncation,
    }
    return {letter: character for letter, character in letters.items() if character != UNUSED}


@lru_cache(maxsize=64)
def _table(delimiters: Delimiters) -> dict[int, str]:
    escape = delimiters.escape
    sequences = {character: letter for letter, character in _letters(delimiters).items()}
    sequences |= {"\r": "X0D", "\n": "X0A"}
    if escape == UNUSED:
        return {ord(character): " " for character in sequences}
    return {ord(character): f"{escape}{body}{escape}" for character, body in sequences.items()}


def _replacement(notation: Notation) -> Callable[[re.Match[str]], str]:
    letters = _letters(notation.delimiters)

    def replaced(found: re.Match[str]) -> str:
        body = found.group(1)
        if body.startswith("X"):
            return _from_hexadecimal(body[1:], notation) or found.group()
        if body.startswith("."):
            return _from_formatting(body[1:3])
        if body in _HIGHLIGHTING:
            return ""
        return letters.get(body, found.group())

    return replaced


def _from_hexadecimal(digits: str, notation: Notation) -> str:
    """Empty when the bytes are not text, or would bring in the NUL that `decoded` refused."""
    try:
        text = bytes.fromhex(digits).decode(notation.charset.value)
    except UnicodeDecodeError:
        return ""
    return "" if "\0" in text else text


def _from_formatting(command: str) -> str:
    if command in _LINE_BREAKS:
        return "\n"
    return " " if command == "sk" else ""
