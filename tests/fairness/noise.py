"""What a ward or a practice writes down of a person, with what is usually missing or other."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from tests.fairness.mixes import NOISE, Noise
from tests.fairness.names import names_of
from tests.fairness.people import FEMALE, Person, letters

NOBODY: Final = 0.10
"""The share of events about somebody who is not in the register."""

KEYS: Final = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Event:
    """An event, and whom it is about: None = nobody in the register."""

    event_id: str
    about: str | None
    said: Person
    birth_date: str


def events(
    people: list[Person],
    strangers: list[Person],
    many: int,
    seed: int,
    noise: Mapping[str, Noise] = NOISE,
) -> Iterator[Event]:
    """So many events about these people, and some about others; the same for the same seed. `noise`: by group."""
    chance = random.Random(f"events {seed}")
    for number in range(many):
        stranger = chance.random() < NOBODY
        person = chance.choice(strangers if stranger else people)
        said, birth = written(chance, person, noise[person.group])
        yield Event(f"E{number:06}", None if stranger else person.record_id, said, birth)


def written(chance: random.Random, person: Person, noise: Noise) -> tuple[Person, str]:
    """The person as somebody wrote them down, and the date of birth as text."""

    def happens(share: float) -> bool:
        return chance.random() < share

    said = replace(
        person,
        nhs_number="" if happens(noise.no_number) else person.nhs_number,
        middle="" if happens(noise.no_middle) else person.middle,
        phone="" if happens(noise.no_phone) else person.phone,
    )
    if happens(noise.other_phone) and said.phone:
        said = replace(said, phone=f"07700 9{chance.randint(0, 99_999):05}")
    if happens(noise.no_address):
        said = replace(said, address_line="", postcode="")
    elif happens(noise.moved):
        street = f"{chance.randint(1, 180)} Elsewhere Road"
        outcode = person.postcode.split()[0]
        said = replace(
            said, address_line=street, postcode=f"{outcode} {chance.randint(1, 9)}{letters(chance)}"
        )
    return named(chance, said, noise), born(chance, person, noise)


def named(chance: random.Random, said: Person, noise: Noise) -> Person:
    """The names as they were heard."""
    spelled = names_of()[said.group].spelled
    given, family = said.given, said.family
    if chance.random() < noise.spelled:
        given = chance.choice(spelled.get(given, (given,)))
    if chance.random() < noise.spelled:
        family = respelled(chance, family, spelled.get(family, ()))
    if chance.random() < noise.slip:
        given, family = (
            (slipped(chance, given), family)
            if chance.random() < 0.5
            else (given, slipped(chance, family))
        )
    if chance.random() < noise.married and said.sex == FEMALE:
        family = names_of()[said.group].a_family(chance)
    if chance.random() < noise.initial:
        given = given[:1]
    if chance.random() < noise.no_given:
        given = ""
    if chance.random() < noise.swapped:
        given, family = family, given
    return replace(said, given=given, family=family)


def respelled(chance: random.Random, family: str, others: tuple[str, ...]) -> str:
    """Another spelling, or the form of the other sex, or another title-like name."""
    if family.endswith(("ski", "ska")):
        return family[:-1] + ("a" if family.endswith("i") else "i")
    if family in ("Begum", "Bibi"):
        return chance.choice(("Begum", "Bibi", "Khatun"))
    return chance.choice(others) if others else family


def slipped(chance: random.Random, name: str) -> str:
    """A key beside the right one, one too few or two changed about."""
    if len(name) < 3:
        return name
    at = chance.randrange(1, len(name) - 1)
    match chance.randrange(3):
        case 0:
            return name[:at] + chance.choice(KEYS) + name[at + 1 :]
        case 1:
            return name[:at] + name[at + 1 :]
        case _:
            return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def born(chance: random.Random, person: Person, noise: Noise) -> str:
    """The date of birth as written."""
    day = person.birth_date
    if chance.random() < noise.no_birth_date:
        return ""
    if chance.random() < noise.january:
        return f"{day.year}-01-01"
    if chance.random() < noise.day_slip:
        return slip_of(chance, day)
    return day.isoformat()


def slip_of(chance: random.Random, day: date) -> str:
    """Day and month changed about where that is a date, else another day."""
    if day.day <= 12 and chance.random() < 0.5:
        return day.replace(month=day.day, day=day.month).isoformat()
    return day.replace(day=1 + (day.day + chance.randint(0, 26)) % 28).isoformat()
