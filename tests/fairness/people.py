"""A register of made-up people in households: couples, children, twins, namesakes, landlines that a family shares."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from tests.fairness.mixes import MIXES, OUTCODES
from tests.fairness.names import Names, names_of

FEMALE: Final = "female"
MALE: Final = "male"
STREETS: Final = (
    "Abbey",
    "Station",
    "Mill",
    "Church",
    "Victoria",
    "Green",
    "Park",
    "London",
    "High",
    "Queens",
    "Spinney",
    "Nursery",
    "Canal",
    "Orchard",
)
KINDS: Final = ("Road", "Street", "Lane", "Close", "Avenue", "Drive")
OF_WOMEN: Final = {"south_asian_hindu_sikh": ("Kaur",), "south_asian_muslim": ("Begum", "Bibi")}
"""Names that stand in the place of a family name with women alone."""

ALL_NUMBERS: Final = 1_000_000
STEP: Final = 618_033
"""It has no factor in common with the range, so every number comes once, and neighbours look nothing alike."""

TODAY: Final = date(2026, 11, 25)

COUPLE, CHILDREN, TWINS, NAMESAKE, ELDER = 0.72, 0.55, 0.03, 0.04, 0.08
"""How often a household has two adults, children, twins among them, a son named as his father, a grandparent."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody made up, as their practice has them."""

    record_id: str
    group: str
    given: str
    middle: str
    family: str
    birth_date: date
    sex: str
    nhs_number: str
    address_line: str
    postcode: str
    phone: str


def register(area: str, people: int, seed: int) -> list[Person]:
    """So many people of an area, whole households first; the same for the same seed."""
    chance = random.Random(f"people of {area} {seed}")
    shares = MIXES[area]
    found: list[Person] = []
    numbers = nhs_numbers(chance)
    while len(found) < people:
        group = chance.choices([*shares], [*shares.values()])[0]
        for each in household(chance, group, area):
            found.append(replace(each, record_id=f"P{len(found):06}", nhs_number=next(numbers)))
    return found[:people]


def household(chance: random.Random, group: str, area: str) -> Iterator[Person]:
    """The people at one address."""
    names = names_of()[group]
    family = names.a_family(chance)
    while family in OF_WOMEN.get(group, ()):
        family = names.a_family(chance)
    home = {
        "address_line": f"{chance.randint(1, 180)} {chance.choice(STREETS)} {chance.choice(KINDS)}",
        "postcode": f"{chance.choice(OUTCODES[area])} {chance.randint(1, 9)}{letters(chance)}",
    }
    landline = f"0116 496 {chance.randint(0, 9999):04}" if chance.random() < 0.6 else ""
    born = TODAY - timedelta(days=chance.randint(22 * 365, 90 * 365))

    def person(sex: str, birth: date, given: str = "") -> Person:
        phone = landline if chance.random() < 0.45 else f"07700 9{chance.randint(0, 99_999):05}"
        return Person(
            record_id="",
            group=group,
            given=given or names.a_given(chance, sex),
            middle=names.a_given(chance, sex) if chance.random() < 0.4 else "",
            family=family_of(chance, group, family, sex),
            birth_date=birth,
            sex=sex,
            nhs_number="",
            phone=phone,
            **home,
        )

    first = person(chance.choice((FEMALE, MALE)), born)
    yield first
    if chance.random() < COUPLE:
        other = MALE if first.sex == FEMALE else FEMALE
        yield person(other, born + timedelta(days=chance.randint(-2500, 2500)))
    if chance.random() < CHILDREN:
        yield from children(chance, names, first, person)
    if chance.random() < ELDER:
        yield person(
            chance.choice((FEMALE, MALE)), born - timedelta(days=chance.randint(8000, 12_000))
        )


def children(
    chance: random.Random, names: Names, parent: Person, person: Callable[..., Person]
) -> Iterator[Person]:
    """Sons and daughters: perhaps twins, perhaps one who is called as the parent is."""
    called = {parent.given}

    def other_given(sex: str) -> str:
        while (given := names.a_given(chance, sex)) in called:
            pass
        called.add(given)
        return given

    for _ in range(chance.randint(1, 3)):
        birth = min(parent.birth_date + timedelta(days=chance.randint(7000, 13_000)), TODAY)
        sex = chance.choice((FEMALE, MALE))
        named = parent.given if sex == parent.sex and chance.random() < NAMESAKE else ""
        yield person(sex, birth, named or other_given(sex))
        if chance.random() < TWINS:
            other = chance.choice((FEMALE, MALE))
            yield person(other, birth, other_given(other))


def family_of(chance: random.Random, group: str, family: str, sex: str) -> str:
    """The family name of one of them: not all families have one name for all."""
    if sex == FEMALE:
        if family.endswith("ski"):
            return f"{family[:-1]}a"
        if family == "Singh" or (group in OF_WOMEN and chance.random() < 0.25):
            return chance.choice(OF_WOMEN[group])
    return family


def nhs_numbers(chance: random.Random) -> Iterator[str]:
    """Numbers of the range for tests, each once, with their check digits."""
    place = chance.randrange(ALL_NUMBERS)
    for _ in range(ALL_NUMBERS):
        place = (place + STEP) % ALL_NUMBERS
        nine = f"999{place:06}"
        check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(nine)) % 11
        if check != 10:
            yield nine + str(check % 11)


def letters(chance: random.Random) -> str:
    """The end of a postcode."""
    return "".join(chance.choice("ABDEFGHJLNPQRSTUWXYZ") for _ in range(2))
