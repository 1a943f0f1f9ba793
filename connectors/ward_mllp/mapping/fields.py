"""A segment read field by field: every value without blanks around it, and never too long.

`hub.hl7v2` reads any place of any message. A mapping reads nearly all of a few segments, so here a
field is split once and its repetitions are lists of components; what is beyond the last is empty.
The bounds are those of `hub.fhir`: what the door lets in, the region can read.
"""

from dataclasses import dataclass, field
from typing import Final, TypeAlias

from hub.errors import InvalidResource
from hub.fhir.reading import LONGEST_TEXT, MOST_ITEMS
from hub.hl7v2 import NULL, Header, Message, Repetition, Segment, Value
from hub.hl7v2.notation import Notation

Parts: TypeAlias = list[str | None]
"""The first `PARTS` components of one repetition and some more that are empty, the first at 0.

Of each component one subcomponent; here null and absent mean the same.
"""

FIELDS: Final = 60
"""More than any field number that is read."""
PARTS: Final = 12
"""As many components as are read, XTN.12. What is beyond costs nothing."""

PEOPLE: Final = 4_096
"""Patients, and as many contacts, of which is remembered what their segments became: a feed tells of those in its
beds again and again, and nearly always in the same words."""
LARGEST: Final = 2_048
"""Characters of a segment of which is remembered what it became; a usual PID or NK1 has 300."""

_NO_FIELDS: Final = [""] * FIELDS
_NO_PARTS: Final[Parts] = [None] * PARTS
_NULL: Final = NULL.value
_QUOTE: Final = '"'
_START_OF_HEADER: Final = 9
"""Characters of a header in which the delimiters stand for themselves."""


class Fields:
    """One segment. Fields are named by their numbers, from 1.

    Attributes:
        raws: The fields as written, by number; a field beyond the last is empty.
    """

    __slots__ = ("_delimiters", "_plain", "raws", "segment")

    def __init__(self, segment: Segment) -> None:
        written = segment.raw
        self.segment = segment
        self._delimiters = delimiters = segment.notation.delimiters
        self.raws = written.split(delimiters.field) + _NO_FIELDS
        if isinstance(segment, Header):
            self.raws.insert(1, delimiters.field)
            written = written[_START_OF_HEADER:]
        self._plain = self._is_plain(written) and len(written) <= LONGEST_TEXT

    def value(self, number: int) -> Value:
        """The first component of the first repetition: absent, null or text."""
        raw = self.raws[number]
        if not raw:
            return None
        if self._plain and raw.isalnum():
            return raw
        raw = raw.split(self._delimiters.repetition, 1)[0]
        raw = raw.split(self._delimiters.component, 1)[0]
        return NULL if raw == _NULL else self._parts(raw, number, 1)[0]

    def text(self, number: int) -> str | None:
        """The same, where null and absent mean the same."""
        value = self.value(number)
        return None if value is NULL else value

    def first(self, number: int) -> Parts:
        """The components of the first repetition."""
        raw = self.raws[number]
        if not raw:
            return _NO_PARTS
        return self._parts(raw.split(self._delimiters.repetition, 1)[0], number, 1)

    def repetitions(self, number: int) -> list[Parts]:
        """The repetitions of a field, each split into its components.

        Raises:
            InvalidResource: There are more than are ever read.
        """
        raw = self.raws[number]
        if not raw:
            return []
        if self._delimiters.repetition not in raw:
            return [self._parts(raw, number, 1)]
        repetitions = raw.split(self._delimiters.repetition)
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

    def are_null(self, number: int) -> list[bool]:
        """Of each repetition of a field, whether its first component is null."""
        repetitions = self.raws[number].split(self._delimiters.repetition)
        return [raw.split(self._delimiters.component, 1)[0] == _NULL for raw in repetitions]

    def is_null(self, number: int) -> bool:
        """Whether the whole field is two double quotes, and not only its first part."""
        return self.raws[number] == _NULL

    def place(self, number: int, repetition: int = 1, component: int = 0) -> str:
        """A place to name in a refusal, such as `NK1[2]-5`."""
        place = f"{self.segment.place}-{number}"
        if repetition > 1:
            place += f"[{repetition}]"
        return f"{place}.{component}" if component else place

    def _parts(self, raw: str, number: int, repetition: int) -> Parts:
        written = raw.split(self._delimiters.component, PARTS)[:PARTS]
        if self._plain:
            return [part.strip() or None if part else None for part in written] + _NO_PARTS
        self._refuse_long(written, number, repetition)
        return [self._text(part) for part in written] + _NO_PARTS

    def _text(self, raw: str) -> str | None:
        """The first subcomponent, or the second where an authority has only its OID."""
        if not raw or self._is_plain(raw):
            return raw.strip() or None
        component = Repetition(raw, self.segment.place, self.segment.notation)
        text = component.text(1, 1) or component.text(1, 2)
        return None if text is None else text.strip() or None

    def _is_plain(self, raw: str) -> bool:
        """Whether every part of it is what it is written as."""
        delimiters = self._delimiters
        return (
            delimiters.escape not in raw
            and delimiters.subcomponent not in raw
            and _QUOTE not in raw
        )

    def _refuse_long(self, written: list[str], number: int, repetition: int) -> None:
        for position, part in enumerate(written, start=1):
            if len(part) > LONGEST_TEXT:
                raise InvalidResource(
                    f"At most {LONGEST_TEXT} characters are read here.",
                    expression=self.place(number, repetition, position),
                    code="too-long",
                )


@dataclass(frozen=True, slots=True)
class Written:
    """A segment as it was sent, to be recognised when it is sent again; its fields are read when somebody asks."""

    name: str
    occurrence: int
    text: str = field(repr=False)
    notation: Notation

    @property
    def is_usual(self) -> bool:
        """Whether it is short enough to be remembered."""
        return len(self.text) <= LARGEST

    def fields(self) -> Fields:
        """Its fields."""
        return Fields(Segment(self.name, self.occurrence, self.text, self.notation))


def written(segment: Segment) -> Written:
    """A segment as it was sent."""
    return Written(segment.name, segment.occurrence, segment.raw, segment.notation)


def first_written(message: Message, name: str) -> Written | None:
    """The first segment of that name as it was sent, if there is one."""
    segments = message.segments(name)
    return written(segments[0]) if segments else None


def first_of(message: Message, name: str) -> Fields | None:
    """The first segment of that name, if there is one."""
    segments = message.segments(name)
    return Fields(segments[0]) if segments else None
