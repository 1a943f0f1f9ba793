"""Synthetic people for tests: made up, with NHS numbers of the 999 test range."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Somebody made up."""

    given: str
    family: str
    born: str
    nhs_number: str | None = None
    hospital_number: str | None = None
    phone: str | None = None
    postcode: str | None = None
    practice: str | None = None
    shielded: bool = False


ADA = Person("Ada", "Marsh", "1941-03-02", "9990000018", "H100")
BEN = Person("Ben", "Marsh", "1969-07-21", "9990000026", phone="0116 496 0001")
NINA = Person("Nina", "Marsh", "2011-01-15", "9990000034")
