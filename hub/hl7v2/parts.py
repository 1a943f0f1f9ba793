"""One part of a text by its number: nothing is split before it is read, and no further than it must."""

from hub.hl7v2.escape import unescaped
from hub.hl7v2.notation import Notation
from hub.hl7v2.value import NULL, NULL_TEXT, Value


def part(text: str, delimiter: str, number: int) -> str:
    """The part of that number (0 is the first), empty when there are fewer.

    Null has as many parts as are asked for, each of them null.
    """
    parts = text.split(delimiter, number or 1)  # no further than it must
    if number <= len(parts):
        return parts[number - 1 if number else 0]
    return text if text == NULL_TEXT else ""


def value_in(
    raw: str, repetition: int, component: int, subcomponent: int, notation: Notation
) -> Value:
    """Read one subcomponent of the text of a field; a number not named is 0, and reads the first.

    Most reads of a message come through here, so a text is only split where it can have parts.
    """
    delimiters = notation.delimiters
    if repetition > 1 or delimiters.repetition in raw:
        raw = part(raw, delimiters.repetition, repetition)
    if component > 1:
        raw = part(raw, delimiters.component, component)
    elif delimiters.component in raw:
        raw = raw[: raw.index(delimiters.component)]
    if subcomponent > 1 or delimiters.subcomponent in raw:
        raw = part(raw, delimiters.subcomponent, subcomponent)
    if raw == NULL_TEXT:
        return NULL
    if delimiters.escape in raw:
        raw = unescaped(raw, notation)
    return raw or None
