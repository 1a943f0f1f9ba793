"""A made-up register for sizes and speeds that no public data has, and records of its people with errors in them.

People live in households: couples and families of one family name, twins, fathers and sons of one given name, lodgers.
Names follow a steep curve as real ones do: few are very common, most are rare. NHS numbers are of the 999 test range as
long as it lasts, then right numbers of another. The misspellings here are made by keys and ears and share no list with
the matcher.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from random import Random
from typing import Final

from deploy.matching.made_up_names import (
    BEGINNINGS,
    ENDINGS,
    FAMILIES,
    MEN,
    SOUNDS,
    STREETS,
    UNITS,
    WAYS,
    WOMEN,
)
from hub.matching.normal.person import Home, Name, Person

SHARES: Final = {
    "family differs": 0.12, "twin": 0.015, "named after": 0.03, "mobile": 0.7, "landline": 0.45, "nhs": 0.95,
    "email": 0.3, "middle": 0.55, "people in a postcode": 40, "1 January": 0.01,
}  # fmt: skip
"""Of households and people; ours, near to the census where it says."""
ERRORS: Final = {
    "given": 0.08, "family": 0.06, "married": 0.02, "initial": 0.01, "no given": 0.003, "day and month": 0.01,
    "digit of birth": 0.02, "no birth": 0.03, "moved": 0.10, "address": 0.10, "no home": 0.05, "no telephone": 0.3,
    "new telephone": 0.1, "no number": 0.6, "swapped": 0.006, "of another": 0.002, "no middle": 0.4, "no email": 0.7,
}  # fmt: skip
"""Of records that come in, each by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Somebody made up, in the columns that `hub match` reads."""

    record_id: str
    household: str
    given: str
    middle: str
    family: str
    birth_date: str
    sex: str
    nhs_number: str
    address_line: str
    postcode: str
    phone: str
    email: str


def person_of(made: Made) -> Person:
    """Somebody made up, as the matcher takes people."""
    return Person(
        names=(Name(given=made.given, middle=made.middle, family=made.family),),
        born=made.birth_date,
        sex=made.sex,
        nhs_number=made.nhs_number,
        homes=(Home(line=made.address_line, postcode=made.postcode),),
        telephones=(made.phone,),
        emails=(made.email,),
    )


class Draw:
    """Draws from a list along a steep curve: the nth is drawn as often as one in (n + 3)."""

    def __init__(self, chance: Random, values: Sequence[str]) -> None:
        self._chance = chance
        self._values = values
        self._sums = list(accumulate(1.0 / (number + 3) for number in range(len(values))))

    def __call__(self) -> str:
        """One of them."""
        return self._values[bisect(self._sums, self._chance.random() * self._sums[-1])]


class Register:
    """Makes people, household by household, from a seed."""

    def __init__(self, seed: int, people: int) -> None:
        self._chance = Random(seed)  # noqa: S311 - made-up people, the same for a seed
        self._people = people
        self._made = 0
        rare = [first + last for first in BEGINNINGS for last in ENDINGS]
        self._chance.shuffle(rare)
        self._family = Draw(self._chance, [*FAMILIES, *rare])
        self._given = {"m": Draw(self._chance, _more(MEN)), "f": Draw(self._chance, _more(WOMEN))}
        self._postcodes = max(50, people // int(SHARES["people in a postcode"]))

    def people(self) -> Iterator[Made]:
        """Everybody, neighbours of one household after each other."""
        while self._made < self._people:
            yield from self._household()

    def stranger(self) -> Made:
        """Somebody who lives somewhere and is in nobody's register."""
        self._made += 1
        return self._person(self.family(), self.home(), self._landline(), 1950)

    def _household(self) -> Iterator[Made]:
        chance = self._chance
        size = chance.choices((1, 2, 3, 4, 5, 6), (30, 34, 15, 13, 5, 3))[0]
        family, home, landline = self.family(), self.home(), self._landline()
        year = chance.randint(1930, 1995)
        before: list[Made] = []
        for place in range(size):
            if self._made == self._people:
                return
            self._made += 1
            child = place > 1
            name = self.family() if chance.random() < SHARES["family differs"] else family
            born = year + chance.randint(-4, 4) + (chance.randint(20, 38) if child else 0)
            person = self._person(name, home, landline, born)
            person = self._like(person, before)
            before.append(person)
            yield person

    def _like(self, person: Made, before: Sequence[Made]) -> Made:
        """Now and then a twin of the child before, or a child that is named after a parent."""
        chance = self._chance
        if len(before) > 2 and chance.random() < SHARES["twin"] * 10:  # two parents
            twin = before[-1]
            given = person.given
            born_with = {each.given[:3] for each in before if each.birth_date == twin.birth_date}
            while given[:3] in born_with:  # nobody calls twins, or three of one birth, by one name
                given = self.given(person.sex)
            return replace(person, given=given, birth_date=twin.birth_date, family=twin.family)
        if len(before) > 1 and chance.random() < SHARES["named after"]:
            parent = chance.choice(before[:2])
            return replace(person, given=parent.given, family=parent.family, sex=parent.sex)
        return person

    def _person(self, family: str, home: tuple[str, str], landline: str, year: int) -> Made:
        chance = self._chance
        sex = chance.choice("mf")
        given = self._given[sex]
        phone = self._mobile() if chance.random() < SHARES["mobile"] else landline
        day = (
            "01-01"
            if chance.random() < SHARES["1 January"]
            else f"{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        )
        first = given()
        return Made(
            record_id=f"p{self._made}",
            household=f"{home[0]}|{home[1]}",
            given=first,
            middle=given() if chance.random() < SHARES["middle"] else "",
            family=family,
            birth_date=f"{min(year, 2020)}-{day}",
            sex=sex,
            nhs_number=number_of(self._made) if chance.random() < SHARES["nhs"] else "",
            address_line=home[0],
            postcode=home[1],
            phone=phone,
            email=f"{first.lower()}.{self._made}@example.org"
            if chance.random() < SHARES["email"]
            else "",
        )

    def family(self) -> str:
        """A family name."""
        return self._family()

    def given(self, sex: str) -> str:
        """A given name."""
        return self._given[sex]()

    def home(self) -> tuple[str, str]:
        """An address line and a postcode."""
        chance = self._chance
        unit = chance.randrange(self._postcodes)
        district, rest = divmod(unit, 400)
        sector, rest = divmod(rest, 80)
        code = f"LE{district + 1} {sector}{UNITS[rest // 20]}{UNITS[rest % 20]}"
        street = f"{STREETS[unit % len(STREETS)]} {WAYS[unit // len(STREETS) % len(WAYS)]}"
        return f"{chance.randint(1, 80)} {street}", code

    def _landline(self) -> str:
        return (
            f"0116 {self._chance.randint(2_000_000, 2_999_999)}"
            if self._chance.random() < SHARES["landline"]
            else ""
        )

    def _mobile(self) -> str:
        return f"07{self._chance.randint(100_000_000, 999_999_999)}"


def _more(names: Sequence[str]) -> list[str]:
    """Names, and many rare ones made from their beginnings."""
    return [*names, *(name[:4] + sound for sound in SOUNDS for name in names)]


def number_of(made: int) -> str:
    """A right NHS number for a count: the test range first, then numbers that begin with 4."""
    nine = f"999{made:06}" if made < 1_000_000 else f"4{made:08}"  # six digits
    total = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True))
    digit = -total % 11
    return "" if digit == 10 else f"{nine}{digit}"  # such numbers are not given
