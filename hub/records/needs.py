# Generated from schemas/avro/Needs.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a person needs so that they can be spoken with.

    Attributes:
        language: Spoken language, BCP 47 or as sent.
        interpreter: True when an interpreter is needed.
        formats: Accessible-information needs in words, such as large print.
    """

    language: str | None = None
    interpreter: bool | None = None
    formats: tuple[str, ...] = ()

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "language": self.language,
            "interpreter": self.interpreter,
            "formats": list(self.formats),
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            language=datum["language"],
            interpreter=datum["interpreter"],
            formats=tuple(datum["formats"]),
        )
