# Generated from schemas/avro/ExpectedDischarge.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedDischarge:
    """When the hospital expects the patient to go home.

    Attributes:
        at: The instant; when precision is day, 00:00 of that day in Europe/London.
        precision: minute or day.
    """

    at: datetime
    precision: str = "day"

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "at": (self.at - _EPOCH) // _MS,
            "precision": self.precision,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            at=_EPOCH + datum["at"] * _MS,
            precision=datum["precision"],
        )
