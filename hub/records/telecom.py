# Generated from schemas/avro/Telecom.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Telecom:
    """A way to reach somebody.

    Attributes:
        system: phone, email, sms, other.
        value: The number or address as sent.
        use: home, work, mobile, old.
        note: Safe-to-call note, in the giver's words.
    """

    system: str
    value: str
    use: str | None = None
    note: str | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "system": self.system,
            "value": self.value,
            "use": self.use,
            "note": self.note,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            system=datum["system"],
            value=datum["value"],
            use=datum["use"],
            note=datum["note"],
        )
