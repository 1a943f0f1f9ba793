# Generated from schemas/avro/Coding.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """One coded value as it was sent.

    Attributes:
        system: The code system's URI; empty when none was given.
        code: The code.
        display: The text that came with it.
    """

    system: str
    code: str
    display: str | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "system": self.system,
            "code": self.code,
            "display": self.display,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            system=datum["system"],
            code=datum["code"],
            display=datum["display"],
        )
