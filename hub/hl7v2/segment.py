"""A segment, split into fields when the first of them is read; and the header, whose first two are the delimiters."""

from collections.abc import Sequence
from typing import Final

from hub.hl7v2.field import Field
from hub.hl7v2.notation import Notation
from hub.hl7v2.parts import part, value_in
from hub.hl7v2.place import Place, place_from
from hub.hl7v2.value import NULL, Value

_DELIMITER_FIELDS: Final = (1, 2)


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

    def field(self, number: int) -> Field:
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

    def field(self, number: int) -> Field:
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
