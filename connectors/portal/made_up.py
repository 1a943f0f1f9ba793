"""The hub's own made-up pairs: what reviewers meet every week, of people who do not exist.

Their NHS numbers are of the 999 range, which nobody is given. Levels come from the comparison that real records go
through. What a pair is stands beside it; whoever would answer otherwise has overlooked something that can be seen.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final, TypeAlias

from connectors.portal.known_pairs import KnownPair
from connectors.portal.review_queue import field_from
from hub.matching.side_by_side import fields_from
from hub.projection import Json
from hub.records import Address, HumanName, PersonFacts, Precision
from hub.reviewing import Told

Record: TypeAlias = tuple[str, str, str, str, str, str]
"""NHS number, family name, given names, date of birth, sex, postcode; empty = not known."""

CONFLICT: Final = ("nhs-number", "number-conflict")
NOT_VERIFIED: Final = ("nhs-number", "status-not-verified")

PAIRS: Final[Mapping[str, tuple[Told, tuple[str, ...], Record, Record]]] = {
    "day-and-month-swapped": (
        Told.SAME,
        CONFLICT,
        ("9990070016", "Ashdown", "Margaret", "1939-04-07", "female", "LE2 7AB"),
        ("9990070016", "Ashdown", "Margaret", "1939-07-04", "female", "LE2 7AB"),
    ),
    "one-slip-in-the-year": (
        Told.SAME,
        NOT_VERIFIED,
        ("9990070024", "Fernley", "Alan", "1946-11-23", "male", "LS6 3HN"),
        ("9990070024", "Fernley", "Alan", "1947-11-23", "male", "LS6 3HN"),
    ),
    "another-family-name-since": (
        Told.SAME,
        NOT_VERIFIED,
        ("9990070032", "Bramwell", "Judith Anne", "1958-02-19", "female", "LE15 1AA"),
        ("9990070032", "Oakes", "Judith", "1958-02-19", "female", "LE15 1AA"),
    ),
    "names-in-each-others-place": (
        Told.SAME,
        NOT_VERIFIED,
        ("9990070040", "Kaur", "Harjit", "1951-09-30", "female", "LE4 0AA"),
        ("9990070040", "Harjit", "Kaur", "1951-09-30", "female", "LE4 0AA"),
    ),
    "another-spelling": (
        Told.SAME,
        NOT_VERIFIED,
        ("9990070059", "Hussain", "Mohammed", "1962-01-01", "male", "LE5 1AA"),
        ("9990070059", "Hussein", "Muhammad", "1962-01-01", "male", "LE5 1AA"),
    ),
    "somebody-elses-number": (
        Told.DIFFERENT,
        CONFLICT,
        ("9990070067", "Pickering", "Thomas", "1944-06-12", "male", "LE1 8VC"),
        ("9990070067", "Lindqvist", "Astrid", "1977-10-03", "female", "LS1 1AA"),
    ),
    "father-and-son": (
        Told.DIFFERENT,
        CONFLICT,
        ("9990070075", "Whitcombe", "George", "1938-03-21", "male", "LE18 4AA"),
        ("9990070075", "Whitcombe", "George", "1966-08-14", "male", "LE18 4AA"),
    ),
    "twins": (
        Told.DIFFERENT,
        NOT_VERIFIED,
        ("9990070083", "Marlowe", "Ruth", "1949-12-05", "female", "LE3 1AA"),
        ("9990070083", "Marlowe", "Esther", "1949-12-05", "female", "LE3 1AA"),
    ),
    "husband-and-wife": (
        Told.DIFFERENT,
        CONFLICT,
        ("9990070091", "Patel", "Ramesh", "1950-05-17", "male", "LE4 6AA"),
        ("9990070091", "Patel", "Hansa", "1953-02-08", "female", "LE4 6AA"),
    ),
    "namesakes": (
        Told.DIFFERENT,
        CONFLICT,
        ("9990070105", "Smith", "John", "1941-07-29", "male", "LS8 1AA"),
        ("9990070105", "Smith", "John", "1972-04-02", "male", "LE2 1AA"),
    ),
}
"""By a name that never changes: truth, why it is asked, the two records."""


def made_up_pairs() -> tuple[KnownPair, ...]:
    """All of them as reviewers see them."""
    return tuple(
        KnownPair(f"hub-{name}", truth, compared(left, right), reasons)
        for name, (truth, reasons, left, right) in PAIRS.items()
    )


def compared(left: Record, right: Record) -> tuple[Mapping[str, Json], ...]:
    """Two records, field by field."""
    found = fields_from(facts_from(left), facts_from(right), restricted=False)
    return tuple(field_from(each) for each in found)


def facts_from(record: Record) -> PersonFacts:
    """A record as a source would say it."""
    nhs_number, family, given, born, sex, postcode = record
    return PersonFacts(
        names=(HumanName(family=family, given=tuple(given.split())),),
        nhs_number=nhs_number,
        birth_on=date.fromisoformat(born),
        birth_precision=Precision.DAY,
        gender=sex,
        addresses=(Address(postcode=postcode),),
    )
