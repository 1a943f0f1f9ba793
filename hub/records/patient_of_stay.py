# Generated from schemas/avro/PatientOfStay.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from hub.records.human_name import HumanName

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_DAY_0 = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientOfStay:
    """The patient as the trust may see them.

    Attributes:
        person_id: The hub's person; may move when records are merged.
        names: Names as given.
        birth_on: Date of birth.
        birth_precision: How much of it is known: unknown, year, month, day.
        nhs_number: Ten digits.
        hospital_number: The trust's own number.
        deceased: True when known to have died.
        died_at: When, if known.
        shielded: True when the record is sensitive.
    """

    person_id: UUID
    names: tuple[HumanName, ...] = ()
    birth_on: date | None = None
    birth_precision: str = "unknown"
    nhs_number: str | None = None
    hospital_number: str | None = None
    deceased: bool = False
    died_at: datetime | None = None
    shielded: bool = False

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "person_id": str(self.person_id),
            "names": [each.datum() for each in self.names],
            "birth_on": None if self.birth_on is None else self.birth_on.toordinal() - _DAY_0,
            "birth_precision": self.birth_precision,
            "nhs_number": self.nhs_number,
            "hospital_number": self.hospital_number,
            "deceased": self.deceased,
            "died_at": None if self.died_at is None else (self.died_at - _EPOCH) // _MS,
            "shielded": self.shielded,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            person_id=UUID(datum["person_id"]),
            names=tuple([HumanName.from_datum(each) for each in datum["names"]]),
            birth_on=None
            if datum["birth_on"] is None
            else date.fromordinal(datum["birth_on"] + _DAY_0),
            birth_precision=datum["birth_precision"],
            nhs_number=datum["nhs_number"],
            hospital_number=datum["hospital_number"],
            deceased=datum["deceased"],
            died_at=None if datum["died_at"] is None else _EPOCH + datum["died_at"] * _MS,
            shielded=datum["shielded"],
        )
