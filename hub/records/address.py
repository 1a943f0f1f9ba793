# Generated from schemas/avro/Address.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address.

    Attributes:
        lines: Lines in order, without town and postcode.
        city: Town.
        postcode: Postcode as sent.
        use: FHIR address use: home, temp, old.
    """

    lines: tuple[str, ...] = ()
    city: str | None = None
    postcode: str | None = None
    use: str | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "lines": list(self.lines),
            "city": self.city,
            "postcode": self.postcode,
            "use": self.use,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            lines=tuple(datum["lines"]),
            city=datum["city"],
            postcode=datum["postcode"],
            use=datum["use"],
        )
