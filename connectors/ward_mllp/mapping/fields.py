"""A segment read field by field: every value without blanks around it, and never too long.

`hub.hl7v2` reads any place of any message. A mapping reads nearly all of a few segments, so here a
field is split once and its repetitions are lists of components: three times as fast.
The bounds are those of `hub.fhir`: what the door lets in, the region can read.
"""

from collections.abc import Iterator
from typing import Final, TypeAlias

from hub.errors import InvalidResource
from hub.fhir.reading import LONGEST_TEXT, MOST_ITEMS
from hub.hl7v2 import NULL, Message, Segment, Value
from hub.hl7v2.message import value_in

Parts: TypeAlias = list[Value]
"""The components of one repetition, the first of them at 0; of each one subcomponent."""

_NULL: Final = NULL.value
_QUOTE: Final = '"'


class Fields:
    """One segment. Fields, repetitions and components are named by their numbers, from 1."""

    __slots__ = ("_fields", "segment")

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self._fields = segment.raw.split(segment.notation.delimiters.field)

    def value(self, number: int, component: int = 1) -> Value:
        """A component of the first repetition: absent, null or text."""
        raw = self._raw(number)
        if component == 1 and raw.isalnum() and len(raw) <= LONGEST_TEXT:
            return raw
        if not raw:
            return None
        parts = self._parts(raw.split(self.segment.notation.delimiters.repetition, 1)[0], number, 1)
        return parts[component - 1] if component <= len(parts) else None

    def text(self, number: int, component: int = 1) -> str | None:
        """A component of the first repetition, where null and absent mean the same."""
        value = self.value(number, component)
        return None if value is NULL else value

    def repetitions(self, number: int) -> list[Parts]:
        """The repetitions of a field, each split into its components.

        Raises:
            InvalidResource: There are more than are ever read.
        """
        raw = self._raw(number)
        if not raw:
            return []
        repetitions = raw.split(self.segment.notation.delimiters.repetition)
        if len(repetitions) > MOST_ITEMS:
            raise InvalidResource(
                f"At most {MOST_ITEMS} are read here.",
                expression=self.place(number),
                code="too-many",
            )
        return [
            self._parts(repetition, number, position)
            for position, repetition in enumerate(repetitions, start=1)
        ]

    def is_null(self, number: int) -> bool:
        """Whether the whole field is two double quotes, and not only its first part."""
        return self._raw(number) == _NULL

    def place(self, number: int, repetition: int = 1, component: int = 0) -> str:
        """A place to name in a refusal, such as `NK1[2]-5`."""
        place = f"{self.segment.place}-{number}"
        if repetition > 1:
            place += f"[{repetition}]"
        return f"{place}.{component}" if component else place

    def _raw(self, number: int) -> str:
        return self._fields[number] if number < len(self._fields) else ""

    def _parts(self, raw: str, number: int, repetition: int) -> Parts:
        delimiters = self.segment.notation.delimiters
        written = raw.split(delimiters.component)
        if len(raw) > LONGEST_TEXT:
            self._refuse_long(written, number, repetition)
        if delimiters.escape in raw or delimiters.subcomponent in raw or _QUOTE in raw:
            return [self._value(part) for part in written]
        return [part.strip() or None for part in written]

    def _value(self, raw: str) -> Value:
        """The first subcomponent, or the second where an authority has only its OID."""
        notation = self.segment.notation
        value = value_in(raw, 1, 1, 1, notation) or value_in(raw, 1, 1, 2, notation)
        return (value.strip() or None) if isinstance(value, str) else value

    def _refuse_long(self, written: list[str], number: int, repetition: int) -> None:
        for position, part in enumerate(written, start=1):
            if len(part) > LONGEST_TEXT:
                raise InvalidResource(
                    f"At most {LONGEST_TEXT} characters are read here.",
                    expression=self.place(number, repetition, position),
                    code="too-long",
                )


def text_in(parts: Parts, component: int) -> str | None:
    """A component of a repetition, where null and absent mean the same."""
    if component > len(parts):
        return None
    value = parts[component - 1]
    return None if value is NULL else value


def first_of(message: Message, name: str) -> Iterator[Fields]:
    """The first segment of that name, if there is one."""
    for segment in message.segments(name)[:1]:
        yield Fields(segment)
