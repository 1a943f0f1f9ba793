"""A place in a message, written as the standard writes it: `PID-3[2].1`.

Everything is counted from 1. What is not named: the first segment of that name, the first
repetition; component and subcomponent stay 0, which reads as "the whole" or "the first" by context.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_NUMBER = r"([1-9][0-9]{0,5})"
_FORM: Final = re.compile(
    rf"([A-Z][A-Z0-9]{{2}})(?:\[{_NUMBER}\])?"
    rf"(?:-{_NUMBER}(?:\[{_NUMBER}\])?(?:\.{_NUMBER}(?:\.{_NUMBER})?)?)?"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A segment, field, repetition, component or subcomponent.

    Attributes:
        segment: The segment's name, such as `NK1`.
        occurrence: Which segment of that name; never the set id in the segment's first field.
        field: 0 when the place is the whole segment.
        repetition: Which repetition of the field.
        component: 0 when not named.
        subcomponent: 0 when not named.
    """

    segment: str
    occurrence: int = 1
    field: int = 0
    repetition: int = 1
    component: int = 0
    subcomponent: int = 0

    def __str__(self) -> str:
        """The shortest form that `place_from` reads back as this place."""
        parts = [self.segment, _in_brackets(self.occurrence)]
        if self.field:
            parts += [f"-{self.field}", _in_brackets(self.repetition)]
        if self.component:
            parts.append(f".{self.component}")
        if self.subcomponent:
            parts.append(f".{self.subcomponent}")
        return "".join(parts)


@lru_cache(maxsize=4096)
def place_from(text: str) -> Place:
    """Read `PID`, `PID-3`, `PID-3[2]`, `PID-3[2].1`, `PID-3[2].1.2` or, further on, `NK1[2]-2.1`.

    Raises:
        ValueError: The text is not a place. Places are written in our code, so this is a defect.
    """
    form = _FORM.fullmatch(text)
    if form is None:
        raise ValueError("Not a place: write it as the standard does, such as PID-3[2].1.")
    segment, occurrence, field, repetition, component, subcomponent = form.groups()
    return Place(
        segment,
        int(occurrence or 1),
        int(field or 0),
        int(repetition or 1),
        int(component or 0),
        int(subcomponent or 0),
    )


def _in_brackets(number: int) -> str:
    return "" if number == 1 else f"[{number}]"
