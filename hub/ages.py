"""How old somebody is on a day, and the years in which a date of a living record can lie."""

from datetime import date
from typing import Final, Literal, TypeAlias

AgeBand: TypeAlias = Literal["young_carer", "young_adult", "adult", "unknown"]

EARLIEST_YEAR: Final = 1850  # before anybody in a living record was born; 0001 is a system's blank
LATEST_YEAR: Final = (
    2199  # 9999 is a system's "for ever"; whether 2099 makes sense is a rule's matter
)


def age_on(born: date, day: date) -> int:
    """Whole years on a day; somebody born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_band(born: date | None, day: date, *, young_below: int, young_up_to: int) -> AgeBand:
    """A carer's age band on a day, never stored as a fact: it changes by itself.

    Below `young_below` a young carer; up to and including `young_up_to` a young adult.
    """
    if born is None:
        return "unknown"
    age = age_on(born, day)
    if age < young_below:
        return "young_carer"
    return "young_adult" if age <= young_up_to else "adult"
