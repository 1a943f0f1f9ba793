"""Values that stand in a file and are none: counted, never shown."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from hub.matching.normal.person import Person
from hub.matching.normal.record import Compared


@dataclass(slots=True)
class Unread:
    """How many values of a file count as not known though something stands there.

    Attributes:
        birth_date: Neither a date nor near one, outside 1850 to 2100, or a placeholder (1900-01-01).
        nhs_number: Not ten digits, a wrong check digit, or a placeholder.
    """

    birth_date: int = 0
    nhs_number: int = 0

    def look(self, person: Person, record: Compared) -> None:
        """Count what of a person is not in the record that is compared."""
        self.birth_date += bool(person.born) and not record.born
        self.nhs_number += bool(person.nhs_number) and not record.nhs

    def counts(self) -> dict[str, int]:
        """By column, for the summary."""
        return asdict(self)

    def said(self, file: str) -> Iterator[str]:
        """Warnings, with numbers alone."""
        if self.birth_date:
            yield f"{file}: {self.birth_date} birth dates could not be read and count as not known."
        if self.nhs_number:
            yield (
                f"{file}: {self.nhs_number} NHS numbers are none (length, check digit or placeholder)"
                " and count as not known."
            )
