"""Whether two who are said to be one are plainly two people: by numbers of their own, or by name and date of birth.

It asks more than two records that do not agree: whoever was registered twice has a slip in one of them. What stands for
nobody ("Unknown", 1 January 1900) tells nobody apart.
"""

from collections.abc import Callable, Collection, Iterable
from itertools import product
from typing import Final

from hub.matching.compare import counts_as_verified
from hub.matching.names import NO_GIVEN_NAME, given_names
from hub.matching.normal.dates import born
from hub.matching.normal.numbers import NO_NUMBER, nhs_number
from hub.matching.normal.person import person_from
from hub.records import PersonFacts

Family = Callable[[str], Collection[str]]
"""The numbers that are one by what superseded what, with the number itself."""

MONTH: Final = 100
YEAR: Final = 10_000


def plainly_two(left: Iterable[PersonFacts], right: Iterable[PersonFacts], family: Family) -> bool:
    """Whether no NHS number of the one side is one of the other's, or neither given name nor date of birth agrees.

    Each side is all that is known of one person. What is known of one side alone is no difference.
    """
    left, right = tuple(left), tuple(right)
    return have_other_numbers(left, right, family) or (
        are_named_otherwise(left, right) and were_born_otherwise(left, right)
    )


def have_other_numbers(
    left: Iterable[PersonFacts], right: Iterable[PersonFacts], family: Family
) -> bool:
    """Whether both have NHS numbers, verified where that was stated, and none replaced one of the other's."""
    ours, theirs = numbers_of(left), numbers_of(right)
    return bool(ours and theirs) and theirs.isdisjoint(each for one in ours for each in family(one))


def numbers_of(side: Iterable[PersonFacts]) -> frozenset[str]:
    """The NHS numbers of a person that count as theirs."""
    return frozenset(
        each.nhs_number
        for each in side
        if each.nhs_number and counts_as_verified(each) and nhs_number(each.nhs_number) != NO_NUMBER
    )


def are_named_otherwise(left: Iterable[PersonFacts], right: Iterable[PersonFacts]) -> bool:
    """Whether both have given names, and none in common."""
    ours, theirs = (
        frozenset(name for each in side for name in given_names(each.names)) - NO_GIVEN_NAME
        for side in (left, right)
    )
    return bool(ours and theirs) and ours.isdisjoint(theirs)


def were_born_otherwise(left: Iterable[PersonFacts], right: Iterable[PersonFacts]) -> bool:
    """Whether both have dates of birth, and each contradicts each of the other's."""
    ours, theirs = (
        frozenset(date for each in side if (date := born(person_from(each).born)))
        for side in (left, right)
    )
    return bool(ours and theirs) and all(contradict(*pair) for pair in product(ours, theirs))


def contradict(one: int, other: int) -> bool:
    """Whether a part of two dates, YYYYMMDD, is known of both and differs."""
    return any(
        mine and yours and mine != yours
        for mine, yours in zip(parts_of(one), parts_of(other), strict=True)
    )


def parts_of(date: int) -> tuple[int, int, int]:
    """Year, month and day; 0 for what is not known."""
    return (date // YEAR, date // MONTH % MONTH, date % MONTH)
