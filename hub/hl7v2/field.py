"""A field and its parts: Field > Repetition > Component > Subcomponent, each counted from 1."""

from hub.hl7v2.notation import Notation
from hub.hl7v2.parts import value_in
from hub.hl7v2.place import Place
from hub.hl7v2.value import NULL, Value


class Part:
    """What stands at one place of a segment, as written."""

    __slots__ = ("notation", "place", "raw")

    def __init__(self, raw: str, place: Place, notation: Notation) -> None:
        self.raw = raw
        self.place = place
        self.notation = notation

    def __repr__(self) -> str:
        """The place only: what stands there is personal data."""
        return f"<{type(self).__name__} {self.place}>"


class Field(Part):
    """One field: a list of repetitions, mostly of one."""

    __slots__ = ()

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


class Repetition(Part):
    """One repetition of a field: a list of components."""

    __slots__ = ()

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


class Component(Part):
    """One component: a list of subcomponents, mostly of one."""

    __slots__ = ()

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


class Subcomponent(Part):
    """The smallest part: it holds a value and nothing else."""

    __slots__ = ()

    @property
    def value(self) -> Value:
        """Absent, null or unescaped text."""
        return value_in(self.raw, 1, 1, 1, self.notation)
