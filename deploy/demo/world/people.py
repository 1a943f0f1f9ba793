"""People of the area, and who looks after whom. This is what the demonstration knows, and the hub must find out."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from deploy.demo.world.area import Practice, Town

Sex: TypeAlias = Literal["female", "male"]
KnownBy: TypeAlias = Literal["practice", "ward"]


@dataclass(frozen=True, slots=True)
class Home:
    """Where people live.

    Attributes:
        community: Whose names run in the family.
        postcode: None for somebody whose practice has no address.
    """

    town: Town
    community: str
    street: str
    postcode: str | None
    landline: str
    practice: Practice


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, as they are."""

    nhs_number: str
    given: str
    family: str
    sex: Sex
    born: date
    home: Home
    mobile: str

    @property
    def name(self) -> str:
        """As people say it."""
        return f"{self.given} {self.family}"


@dataclass(frozen=True, slots=True)
class Caring:
    """One person looks after another.

    Attributes:
        relationship: The carer is this to the person cared for.
        known_by: The carer's practice flags it, or only the ward hears of it.
        kind: What sort of household this is: "couple", "mutual", "young", "sandwich", "several carers" ...
    """

    carer: Person
    cared_for: Person
    relationship: str
    known_by: KnownBy
    kind: str


def age_on(born: date, day: date) -> int:
    """Whole years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
