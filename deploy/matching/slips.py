"""Records of made-up people as they come in: with the errors of typing, hearing, moving and marrying."""

from dataclasses import replace
from random import Random
from typing import Final

from deploy.matching.made_up import ERRORS, Made, Register

LETTERS: Final = "aeioustrnlmdkh"
HEARD: Final = (
    ("ph", "f"), ("ck", "k"), ("ee", "i"), ("y", "ie"),
    ("ou", "u"), ("th", "t"), ("sh", "s"), ("z", "s"), ("kh", "k"), ("ai", "ay"),
)  # fmt: skip


def event_of(person: Made, others: Made, register: Register, chance: Random, name: str) -> Made:
    """One record of a person. `others` is somebody else of the register, whose number or birth date may slip in."""
    record = replace(person, record_id=name)
    record = _names(record, register, chance)
    record = _birth(record, others, chance)
    return _reach(_home(record, register, chance), chance)


def _happens(chance: Random, what: str) -> bool:
    return chance.random() < ERRORS[what]


def _names(record: Made, register: Register, chance: Random) -> Made:
    given, family = record.given, record.family
    if _happens(chance, "given"):
        given = slipped(given, chance)
    if _happens(chance, "family"):
        family = slipped(family, chance)
    if record.sex == "f" and _happens(chance, "married"):
        family = register.family()
    if _happens(chance, "initial"):
        given = given[:1]
    if _happens(chance, "no given"):
        given = ""
    if _happens(chance, "swapped"):
        given, family = family, given
    middle = "" if _happens(chance, "no middle") else record.middle
    return replace(record, given=given, family=family, middle=middle)


def _birth(record: Made, others: Made, chance: Random) -> Made:
    year, month, day = record.birth_date.split("-")
    if _happens(chance, "day and month") and int(day) <= 12:  # months
        return replace(record, birth_date=f"{year}-{day}-{month}")
    if _happens(chance, "digit of birth"):
        return replace(record, birth_date=f"{year}-{month}-{chance.randint(1, 28):02}")
    if _happens(chance, "of another"):
        return replace(record, birth_date=others.birth_date)
    return replace(record, birth_date="") if _happens(chance, "no birth") else record


def _home(record: Made, register: Register, chance: Random) -> Made:
    if _happens(chance, "moved"):
        line, code = register.home()
        return replace(record, address_line=line, postcode=code)
    if _happens(chance, "no home"):
        return replace(record, address_line="", postcode="")
    if _happens(chance, "address"):
        return replace(record, address_line=slipped(record.address_line, chance))
    return record


def _reach(record: Made, chance: Random) -> Made:
    phone = "" if _happens(chance, "no telephone") else record.phone
    if phone and _happens(chance, "new telephone"):
        phone = f"07{chance.randint(100_000_000, 999_999_999)}"
    return replace(
        record,
        phone=phone,
        nhs_number="" if _happens(chance, "no number") else record.nhs_number,
        email="" if _happens(chance, "no email") else record.email,
    )


def slipped(word: str, chance: Random) -> str:
    """A word as it is typed in haste, or heard."""
    if len(word) < 3:  # nothing to slip on
        return word
    heard = [(sound, other) for sound, other in HEARD if sound in word.lower()]
    if heard and chance.random() < 0.4:  # ours
        sound, other = chance.choice(heard)
        return word.lower().replace(sound, other, 1)
    place = chance.randrange(1, len(word) - 1)
    return chance.choice(
        (
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            word[:place] + word[place + 1 :],
            word[:place] + chance.choice(LETTERS) + word[place + 1 :],
            word[:place] + chance.choice(LETTERS) + word[place:],
        )
    )
