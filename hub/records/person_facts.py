# Generated from schemas/avro/PersonFacts.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from hub.records.address import Address
from hub.records.human_name import HumanName
from hub.records.identifier import Identifier
from hub.records.needs import Needs
from hub.records.telecom import Telecom

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_DAY_0 = date(1970, 1, 1).toordinal()


class Precision(StrEnum):
    """How much of a date or time is known."""

    UNKNOWN = "unknown"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What one record of one source says of a person.

    Attributes:
        names: All names, the current one first.
        nhs_number: Ten digits with a right check digit and not a placeholder; else null.
        nhs_number_status: NHS number verification status, 01 to 08; null when none was stated.
        unusable_nhs_number: Why a number that was sent is not used: check-digit, length,
            placeholder, test-range.
        identifiers: Other identifiers, hospital number first.
        birth_on: Date of birth; the first day of the month or year when only that is known.
        birth_precision: How much of birth_on is known.
        gender: FHIR administrative gender.
        addresses: All addresses, the current one first.
        telecoms: All ways to reach them.
        deceased: True when said to have died, false when said to be alive.
        died_at: When they died, if it was said.
        practice_ods: Registered practice, ODS code.
        needs: Language and formats.
        shielded: True when the record is sensitive: no address, phone or next of kin may leave.
    """

    names: tuple[HumanName, ...] = ()
    nhs_number: str | None = None
    nhs_number_status: str | None = None
    unusable_nhs_number: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    birth_on: date | None = None
    birth_precision: Precision = Precision.UNKNOWN
    gender: str | None = None
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()
    deceased: bool | None = None
    died_at: datetime | None = None
    practice_ods: str | None = None
    needs: Needs | None = None
    shielded: bool | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "names": [each.datum() for each in self.names],
            "nhs_number": self.nhs_number,
            "nhs_number_status": self.nhs_number_status,
            "unusable_nhs_number": self.unusable_nhs_number,
            "identifiers": [each.datum() for each in self.identifiers],
            "birth_on": None if self.birth_on is None else self.birth_on.toordinal() - _DAY_0,
            "birth_precision": self.birth_precision,
            "gender": self.gender,
            "addresses": [each.datum() for each in self.addresses],
            "telecoms": [each.datum() for each in self.telecoms],
            "deceased": self.deceased,
            "died_at": None if self.died_at is None else (self.died_at - _EPOCH) // _MS,
            "practice_ods": self.practice_ods,
            "needs": None if self.needs is None else ("hub.Needs", self.needs.datum()),
            "shielded": self.shielded,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            names=tuple([HumanName.from_datum(each) for each in datum["names"]]),
            nhs_number=datum["nhs_number"],
            nhs_number_status=datum["nhs_number_status"],
            unusable_nhs_number=datum["unusable_nhs_number"],
            identifiers=tuple([Identifier.from_datum(each) for each in datum["identifiers"]]),
            birth_on=None
            if datum["birth_on"] is None
            else date.fromordinal(datum["birth_on"] + _DAY_0),
            birth_precision=Precision(datum["birth_precision"]),
            gender=datum["gender"],
            addresses=tuple([Address.from_datum(each) for each in datum["addresses"]]),
            telecoms=tuple([Telecom.from_datum(each) for each in datum["telecoms"]]),
            deceased=datum["deceased"],
            died_at=None if datum["died_at"] is None else _EPOCH + datum["died_at"] * _MS,
            practice_ods=datum["practice_ods"],
            needs=None if datum["needs"] is None else Needs.from_datum(datum["needs"]),
            shielded=datum["shielded"],
        )
