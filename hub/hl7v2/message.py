"""A message and its parts, by the standard's names and numbers: nothing is split before it is read.

Message > Segment > Field > Repetition > Component > Subcomponent, each counted from 1.
"""

from collections.abc import Sequence
from typing import Final

from hub.hl7v2.escape import unescaped
from hub.hl7v2.notation import Notation
from hub.hl7v2.place import Place, place_from
from hub.hl7v2.value import NULL, NULL_TEXT, Value

NAME_LENGTH: Final = 3
_DELIMITER_FIELDS: Final = (1, 2)


class Message:
    """One message. It is read by place; it is never changed."""

    __slots__ = ("_by_name", "_segments", "notation")

    def __init__(self, lines: Sequence[str], notation: Notation) -> None:
        """Take the segments as text, the header first; `hub.hl7v2.read` has checked them."""
        header = Header(lines[0][:NAME_LENGTH], 1, lines[0], notation)
        segments: list[Segment] = [header]
        by_name: dict[str, list[Segment]] = {header.name: [header]}
        for line in lines[1:]:
            name = line[:NAME_LENGTH]
            same = by_name.get(name)
            if same is None:
                same = by_name[name] = []
            segment = Segment(name, len(same) + 1, line, notation)
            same.append(segment)
            segments.append(segment)
        self.notation = notation
        self._segments = segments
        self._by_name = by_name

    def __repr__(self) -> str:
        """Sizes only: a message is personal data."""
        return f"<Message of {len(self._segments)} segments>"

    def only(self, segments: Sequence["Segment"]) -> "Message":
        """The header and these of its segments; each keeps the place that it has in the whole."""
        part = Message([self._segments[0].raw], self.notation)
        for segment in segments:
            part._by_name.setdefault(segment.name, []).append(segment)
            part._segments.append(segment)
        return part

    def value(self, place: str) -> Value:
        """Read one subcomponent: absent, null or unescaped text.

        What the place does not name is the first: `PID-5` reads `PID-5[1].1.1`, as the standard's
        rule for older receivers says. Below a null everything is null.
        """
        at = place_from(place)
        try:
            segment = self._by_name[at.segment][at.occurrence - 1]
        except (KeyError, IndexError):
            return None
        return segment.value_at(at)

    def text(self, place: str) -> str | None:
        """Read text where null and absent mean the same to the reader."""
        value = self.value(place)
        return None if value is NULL else value

    def raw(self, place: str) -> str:
        """The named part as written, escapes and separators included; empty when absent."""
        at = place_from(place)
        same = self._by_name.get(at.segment, [])
        return same[at.occurrence - 1].raw_at(at) if at.occurrence <= len(same) else ""

    def segments(self, name: str | None = None) -> tuple["Segment", ...]:
        """All segments, or those of one name, in the order in which they were sent."""
        return tuple(self._segments if name is None else self._by_name.get(name, ()))

    def repetitions(self, place: str) -> tuple["Repetition", ...]:
        """The repetitions of a field such as `PID-3`; none when the field is absent."""
        at = place_from(place)
        same = self._by_name.get(at.segment, [])
        if at.occurrence > len(same):
            return ()
        return same[at.occurrence - 1].field(at.field).repetitions


class Segment:
    """One segment, split into fields when the first of them is read."""

    __slots__ = ("_fields", "name", "notation", "occurrence", "raw")

    def __init__(self, name: str, occurrence: int, raw: str, notation: Notation) -> None:
        self.name = name
        self.occurrence = occurrence
        self.raw = raw
        self.notation = notation
        self._fields: list[str] | None = None

    def __repr__(self) -> str:
        """The place only: a segment is personal data."""
        return f"<Segment {self.place}>"

    @property
    def place(self) -> Place:
        """Where this segment stands among those of its name."""
        return Place(self.name, self.occurrence)

    def value(self, place: str) -> Value:
        """Read a place of this segment, as `nk1.value("NK1-2.1")`; an occurrence is not looked at.

        Raises:
            ValueError: The place is one of another segment, which is a defect in our code.
        """
        at = place_from(place)
        if at.segment != self.name:
            raise ValueError(f"{place} is not a place of {self.name}.")
        return self.value_at(at)

    def text(self, place: str) -> str | None:
        """Read text where null and absent mean the same to the reader."""
        value = self.value(place)
        return None if value is NULL else value

    def field(self, number: int) -> "Field":
        """The field of that number, absent or not."""
        return Field(self._field(number), Place(self.name, self.occurrence, number), self.notation)

    def value_at(self, at: Place) -> Value:
        """Read a parsed place, taken as one of this segment."""
        fields = self._fields or self._numbered()
        number = at.field or self._refuse_whole()
        raw = fields[number] if number < len(fields) else None
        if not raw:
            return None
        if at.component <= 1 and raw.isalnum():  # one part: no delimiter is a letter or a digit
            return raw if at.repetition <= 1 and at.subcomponent <= 1 else None
        return value_in(raw, at.repetition, at.component, at.subcomponent, self.notation)

    def raw_at(self, at: Place) -> str:
        """The part that a parsed place names, as written."""
        if not at.field:
            return self.raw
        delimiters = self.notation.delimiters
        raw = part(self._field(at.field), delimiters.repetition, at.repetition)
        if at.component:
            raw = part(raw, delimiters.component, at.component)
        return part(raw, delimiters.subcomponent, at.subcomponent) if at.subcomponent else raw

    def _field(self, number: int) -> str:
        fields = self._fields or self._numbered()
        number = number or self._refuse_whole()
        return fields[number] if number < len(fields) else ""

    def _numbered(self) -> list[str]:
        """The fields by number, kept; the name stands at 0."""
        self._fields = fields = self._split()
        return fields

    def _split(self) -> list[str]:
        return self.raw.split(self.notation.delimiters.field)

    def _refuse_whole(self) -> int:
        raise ValueError(f"Name a field of {self.name}: a whole segment has no value.")


class Header(Segment):
    """MSH, BHS or FHS: the fields 1 and 2 are the delimiters, and stand for themselves."""

    __slots__ = ()

    @property
    def written(self) -> Sequence[str]:
        """The fields as written, by number; the name stands at 0."""
        return self._fields or self._numbered()

    def value_at(self, at: Place) -> Value:
        """Read a parsed place; the delimiters are neither split nor unescaped."""
        if at.field in _DELIMITER_FIELDS:
            return self._field(at.field)
        return Segment.value_at(self, at)  # named, not super(): this is the hot path

    def raw_at(self, at: Place) -> str:
        """The part that a parsed place names, as written."""
        return self._field(at.field) if at.field in _DELIMITER_FIELDS else super().raw_at(at)

    def field(self, number: int) -> "Field":
        """The field of that number; use `value` for the delimiters, which have no parts.

        Raises:
            ValueError: The field is one of the two that hold the delimiters.
        """
        if number in _DELIMITER_FIELDS:
            raise ValueError(f"{self.name}-{number} holds delimiters, it has no repetitions.")
        return super().field(number)

    def _split(self) -> list[str]:
        separator = self.notation.delimiters.field
        fields = self.raw.split(separator)
        fields.insert(1, separator)
        return fields


class Field:
    """One field: a list of repetitions, mostly of one."""

    __slots__ = ("notation", "place", "raw")

    def __init__(self, raw: str, place: Place, notation: Notation) -> None:
        self.raw = raw
        self.place = place
        self.notation = notation

    def __repr__(self) -> str:
        """The place only: a field is personal data."""
        return f"<Field {self.place}>"

    @property
    def value(self) -> Value:
        """The first subcomponent of the first repetition."""
        return value_in(self.raw, 1, 1, 1, self.notation)

    @property
    def repetitions(self) -> tuple["Repetition", ...]:
        """All repetitions, empty ones included, so that each keeps its number."""
        if not self.raw:
            return ()
        name, occurrence, number = self.place.segment, self.place.occurrence, self.place.field
        return tuple(
            Repetition(raw, Place(name, occurrence, number, position), self.notation)
            for position, raw in enumerate(
                self.raw.split(self.notation.delimiters.repetition), start=1
            )
        )


class Repetition:
    """One repetition of a field: a list of components."""

    __slots__ = ("notation", "place", "raw")

    def __init__(self, raw: str, place: Place, notation: Notation) -> None:
        self.raw = raw
        self.place = place
        self.notation = notation

    def __repr__(self) -> str:
        """The place only: a repetition is personal data."""
        return f"<Repetition {self.place}>"

    def value(self, component: int = 1, subcomponent: int = 1) -> Value:
        """Read one subcomponent, as `identifier.value(4)` for the authority of a `PID-3`."""
        return value_in(self.raw, 1, component, subcomponent, self.notation)

    def text(self, component: int = 1, subcomponent: int = 1) -> str | None:
        """Read text where null and absent mean the same to the reader."""
        value = self.value(component, subcomponent)
        return None if value is NULL else value

    def place_of(self, component: int) -> str:
        """The place of a component, to name it in a refusal: `PID-3[2].1`."""
        return f"{self.place}.{component}"

    @property
    def components(self) -> tuple["Component", ...]:
        """All components, empty ones included; none when the repetition is empty."""
        at = self.place
        written = self.raw.split(self.notation.delimiters.component) if self.raw else ()
        return tuple(
            Component(
                raw,
                Place(at.segment, at.occurrence, at.field, at.repetition, position),
                self.notation,
            )
            for position, raw in enumerate(written, start=1)
        )


class Component:
    """One component: a list of subcomponents, mostly of one."""

    __slots__ = ("notation", "place", "raw")

    def __init__(self, raw: str, place: Place, notation: Notation) -> None:
        self.raw = raw
        self.place = place
        self.notation = notation

    def __repr__(self) -> str:
        """The place only: a component is personal data."""
        return f"<Component {self.place}>"

    @property
    def value(self) -> Value:
        """The first subcomponent."""
        return value_in(self.raw, 1, 1, 1, self.notation)

    @property
    def subcomponents(self) -> tuple["Subcomponent", ...]:
        """All subcomponents, empty ones included; none when the component is empty."""
        at = self.place
        written = self.raw.split(self.notation.delimiters.subcomponent) if self.raw else ()
        return tuple(
            Subcomponent(
                raw,
                Place(at.segment, at.occurrence, at.field, at.repetition, at.component, position),
                self.notation,
            )
            for position, raw in enumerate(written, start=1)
        )


class Subcomponent:
    """The smallest part: it holds a value and nothing else."""

    __slots__ = ("notation", "place", "raw")

    def __init__(self, raw: str, place: Place, notation: Notation) -> None:
        self.raw = raw
        self.place = place
        self.notation = notation

    def __repr__(self) -> str:
        """The place only: a subcomponent is personal data."""
        return f"<Subcomponent {self.place}>"

    @property
    def value(self) -> Value:
        """Absent, null or unescaped text."""
        return value_in(self.raw, 1, 1, 1, self.notation)


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
