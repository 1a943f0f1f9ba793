# Generated from schemas/avro/HumanName.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanName:
    """A name as people write it.

    Attributes:
        family: Family name.
        given: Given names in order; the first is the one used for matching.
        prefix: Titles.
        use: FHIR name use: official, usual, nickname, maiden, old.
        text: The whole name where it was sent unsplit.
    """

    family: str | None = None
    given: tuple[str, ...] = ()
    prefix: tuple[str, ...] = ()
    use: str | None = None
    text: str | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "family": self.family,
            "given": list(self.given),
            "prefix": list(self.prefix),
            "use": self.use,
            "text": self.text,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            family=datum["family"],
            given=tuple(datum["given"]),
            prefix=tuple(datum["prefix"]),
            use=datum["use"],
            text=datum["text"],
        )
