"""The record that is compared: one flat tuple, so that a million of them fit and are read quickly."""

from collections.abc import Sequence
from enum import IntFlag
from typing import Final, NamedTuple, TypeVar

from hub.matching.normal.dates import born
from hub.matching.normal.names import NO_NAME, ComparedName, compared_name
from hub.matching.normal.numbers import Line, email, nhs_number, telephone
from hub.matching.normal.person import Person
from hub.matching.normal.places import address, postcode
from hub.matching.normal.tables import NameTables

MOST_EACH: Final = 8
"""Names, homes and numbers of one record that are compared: a record with more is a mistake, and must not cost more."""
VERIFIED: Final = ("", "01")
"""NHS number status that makes a number an identity: present and verified, or none stated."""
SEXES: Final = {"m": "m", "male": "m", "1": "m", "f": "f", "female": "f", "2": "f"}


class Mark(IntFlag):
    """What a record carries that forbids or weakens a match."""

    NONE = 0
    DECEASED = 1
    RESTRICTED = 2
    WITHDRAWN = 4
    NUMBER_NOT_VERIFIED = 8


NOT_VERIFIED: Final = int(Mark.NUMBER_NOT_VERIFIED)
"""As a plain number, which is tested much quicker."""


class ComparedHome(NamedTuple):
    """A postcode and an address, folded."""

    postcode: str
    address: str


class More(NamedTuple):
    """Whatever a record has besides the first of each: earlier names and homes, further numbers."""

    names: tuple[ComparedName, ...]
    homes: tuple[ComparedHome, ...]
    mobiles: tuple[int, ...]
    landlines: tuple[int, ...]
    emails: tuple[str, ...]


class Compared(NamedTuple):
    """A record as it is compared. Empty strings and zeroes are what is not known.

    Attributes:
        born: YYYYMMDD, zeroes for parts that are not known.
        sex: `m`, `f` or empty.
        mobile: E.164 without the plus: tells persons apart.
        landline: The same, of a household.
        nhs: A number with a right check digit.
    """

    given: str
    middle: str
    family: str
    born: int
    sex: str
    postcode: str
    address: str
    mobile: int
    landline: int
    email: str
    nhs: int
    marks: int
    more: More | None


Kind = TypeVar("Kind")


def _each_once(values: Sequence[Kind], nothing: object) -> tuple[Kind, ...]:
    """In order, without doubles and without what is not known."""
    if len(values) < 2:  # nearly always
        return tuple(values) if values and values[0] != nothing else ()
    kept = tuple(dict.fromkeys(value for value in values if value != nothing))
    return kept[:MOST_EACH]


MOBILE, HOME = Line.MOBILE, Line.HOME
NO_HOME: Final = ComparedHome("", "")


def compared(person: Person, tables: NameTables) -> Compared:
    """The record of a person. Pure; the same person and tables give the same record."""
    names = _each_once([compared_name(each, tables) for each in person.names], NO_NAME)
    homes = _each_once(
        [ComparedHome(postcode(each.postcode), address(each.line)) for each in person.homes],
        NO_HOME,
    )
    numbers = [telephone(each) for each in person.telephones]
    mobiles = _each_once([number for line, number in numbers if line is MOBILE], 0)
    landlines = _each_once([number for line, number in numbers if line is HOME], 0)
    emails = _each_once([email(each) for each in person.emails], "")
    more = More(names[1:], homes[1:], mobiles[1:], landlines[1:], emails[1:])
    return Compared(
        *(names[0] if names else NO_NAME),
        born(person.born),
        SEXES.get(person.sex.strip().casefold(), ""),
        *(homes[0] if homes else NO_HOME),
        mobiles[0] if mobiles else 0,
        landlines[0] if landlines else 0,
        emails[0] if emails else "",
        nhs_number(person.nhs_number),
        _marks(person),
        more if any(more) else None,
    )


def _marks(person: Person) -> int:
    marks = NOT_VERIFIED if person.nhs_number and person.nhs_number_status not in VERIFIED else 0
    if person.deceased or person.restricted or person.withdrawn:
        marks |= Mark.DECEASED if person.deceased else 0
        marks |= Mark.RESTRICTED if person.restricted else 0
        marks |= Mark.WITHDRAWN if person.withdrawn else 0
    return int(marks)


def names_of(record: Compared) -> tuple[ComparedName, ...]:
    """All names of a record."""
    first = ComparedName(record.given, record.middle, record.family)
    others = record.more.names if record.more else ()
    return others if first == NO_NAME else (first, *others)


def homes_of(record: Compared) -> tuple[ComparedHome, ...]:
    """All homes of a record."""
    first = ComparedHome(record.postcode, record.address)
    others = record.more.homes if record.more else ()
    return others if first == NO_HOME else (first, *others)
