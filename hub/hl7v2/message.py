"""A message and its parts, by the standard's names and numbers: nothing is split before it is read.

Message > Segment > Field > Repetition > Component > Subcomponent, each counted from 1.
"""

from collections.abc import Sequence
from typing import Final

from hub.hl7v2.field import Repetition
from hub.hl7v2.notation import Notation
from hub.hl7v2.place import place_from
from hub.hl7v2.segment import Header, Segment
from hub.hl7v2.value import NULL, Value

NAME_LENGTH: Final = 3


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

    def only(self, segments: Sequence[Segment]) -> "Message":
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

    def segments(self, name: str | None = None) -> tuple[Segment, ...]:
        """All segments, or those of one name, in the order in which they were sent."""
        return tuple(self._segments if name is None else self._by_name.get(name, ()))

    def repetitions(self, place: str) -> tuple[Repetition, ...]:
        """The repetitions of a field such as `PID-3`; none when the field is absent."""
        at = place_from(place)
        same = self._by_name.get(at.segment, [])
        if at.occurrence > len(same):
            return ()
        return same[at.occurrence - 1].field(at.field).repetitions
