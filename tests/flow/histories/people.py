"""Made-up people and visits, and what is true of them."""

from dataclasses import dataclass, field
from datetime import datetime

FLAGGED = {"Ada": "Cara", "Tom": "Carl", "Zoë": "Coco"}
"""Patient -> whom a practice calls their carer; no ward writes these names."""
WEIGHTS = range(10, 1, -1)


def nhs_number(serial: int) -> str:
    """The first number of the test range from this serial on whose check digit exists (modulus 11)."""
    while True:
        body = f"999{serial:06}"
        check = (
            11 - sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
        )
        if check != 10:
            return f"{body}{check % 11}"
        serial += 1


@dataclass(eq=False)
class Record:
    """A hospital's record of a patient.

    `earlier`: the last lists of contacts under numbers that became this one, as long as nothing was listed since;
    `is_told`: the hospital has sent it, so that its NHS number is known.
    """

    number: str
    family: str
    given: str
    born: str
    nhs: str | None
    contacts: tuple[tuple[str, bool], ...] = ()
    earlier: tuple[tuple[tuple[str, bool], ...], ...] = ()
    flagged: bool = False
    has_doubles: bool = False
    is_told: bool = False

    def is_of(self, other: "Record") -> bool:
        """Whether both are of one patient: a hospital merges no others here."""
        return (self.given, self.born) == (other.given, other.born)

    def is_plainly_not(self, other: "Record") -> bool:
        """Whether name and date of birth tell them apart."""
        return self.given != other.given and self.born != other.born

    @property
    def flagged_carers(self) -> list[str]:
        """Whom a practice calls a carer of this patient."""
        return [FLAGGED[self.given]] if self.flagged else []

    @property
    def carers(self) -> list[str]:
        """The given names of everybody who looks after this patient."""
        lists = (self.contacts, *self.earlier)
        named = {given for each in lists for given, is_carer in each if is_carer}
        return sorted({*named, *self.flagged_carers})

    def list_contacts(self, contacts: tuple[tuple[str, bool], ...]) -> None:
        """All contacts are listed; no list says nothing."""
        if contacts:
            self.contacts, self.earlier = contacts, ()

    def goes_on_for(self, other: "Record") -> None:
        """Another number of the patient became this one."""
        self.earlier = (*self.earlier, other.contacts, *other.earlier)
        self.flagged = self.flagged or (other.flagged and other.is_told)
        self.has_doubles = True

    def renumber(self, number: str) -> None:
        """The number becomes another one, under which nothing was listed yet."""
        self.number, self.contacts, self.earlier = number, (), (self.contacts, *self.earlier)


@dataclass(eq=False)
class Visit:
    """A visit as it truly is.

    `record` is under whom the hospital writes of it; `patient` whose it is, by all that was said without a wrong merge.
    """

    number: str
    record: Record
    patient: Record = field(init=False)
    kind: str = "I"
    ward: str = "W1"
    planned_by: str | None = None
    state: str = "none"  # none, planned, in, gone, cancelled
    on_leave: bool = False
    returned: bool = False
    moved: bool = False
    has_twin: bool = False
    pending: bool = False
    admitted: datetime | None = None
    left: datetime | None = None
    expected: str | None = None
    wards_before: list[str] = field(default_factory=list)
    goes_on_as: "Visit | None" = None

    def __post_init__(self) -> None:
        self.patient = self.record

    @property
    def is_under_its_patient(self) -> bool:
        """Whether the hospital writes of it under the patient's own number."""
        return self.patient is self.record

    @property
    def keeps_its_number(self) -> bool:
        """Nobody has moved it or its patient."""
        is_moved = self.moved or self.has_twin or not self.is_under_its_patient
        return not is_moved and self.admitted is not None

    @property
    def status(self) -> str:
        """Where the stay is in its life, in the hub's words."""
        if self.state == "cancelled":
            return "cancelled"
        if self.state == "planned":
            return "expected"
        if self.kind != "I":
            return "attending"
        if self.state == "gone":
            return "discharged"
        return "on_leave" if self.on_leave else "in_patient"
