# Generated from schemas/avro/Identifier.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """An identifier with its authority.

    Attributes:
        system: The authority, as a URI or as sent (PID-3.4).
        value: The identifier.
        type: Its type code (PID-3.5).
    """

    system: str
    value: str
    type: str | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "system": self.system,
            "value": self.value,
            "type": self.type,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            system=datum["system"],
            value=datum["value"],
            type=datum["type"],
        )
