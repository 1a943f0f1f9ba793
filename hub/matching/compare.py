"""Two records: the same person for certain, a question for somebody, or nothing in common.

Version 1 decides by the deterministic tier alone: NHS number with date of birth, or with given name and two parts
of the date. It needs both numbers to be valid, and verified where a status was stated. A twin is a question.

Source: matching method, deterministic tier; Person_ID handbook of the Master Person Service (cross-check).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from hub.matching.misfiled import is_twins
from hub.matching.names import given_names
from hub.matching.normal.dates import stands_for_none
from hub.records import PersonFacts, Precision

VERIFIED: Final = "01"
"""NHS number verification status: present and verified. A number without a status is read as this one."""


class Answer(StrEnum):
    """What a comparison ends in."""

    SAME = "same"
    REVIEW = "review"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer with its reasons, as codes without values."""

    answer: Answer
    reasons: tuple[str, ...]


NOTHING: Final = Verdict(Answer.NONE, ())


def compared(left: PersonFacts, right: PersonFacts) -> Verdict:
    """Whether two records are one person. Symmetric; no clock, no frequencies."""
    if left.nhs_number is None or left.nhs_number != right.nhs_number:
        return NOTHING
    parts = birth_parts_agreeing(left, right)
    if not (counts_as_verified(left) and counts_as_verified(right)):
        return Verdict(Answer.REVIEW, ("nhs-number", "status-not-verified"))
    if parts == ALL_PARTS and not is_twins(left, right):
        return Verdict(Answer.SAME, ("nhs-number", "birth-date"))
    if parts >= TWO_PARTS and given_names(left.names) & given_names(right.names):
        return Verdict(Answer.SAME, ("nhs-number", "given-name", "two-parts-of-birth-date"))
    return Verdict(
        Answer.REVIEW,
        ("nhs-number", "number-conflict" if known(left) and known(right) else "birth-date-unknown"),
    )


ALL_PARTS: Final = 3
TWO_PARTS: Final = 2


def birth_parts_agreeing(left: PersonFacts, right: PersonFacts) -> int:
    """How many of day, month and year are known on both sides and equal."""
    return sum(
        one == other
        for one, other in zip(parts_of(left), parts_of(right), strict=True)
        if one and other
    )


def parts_of(facts: PersonFacts) -> tuple[int, int, int]:
    """Year, month and day; 0 for what is not known. A day that stands for none is not known."""
    born: date | None = facts.birth_on
    if born is None or (facts.birth_precision is Precision.DAY and stands_for_none(born)):
        return (0, 0, 0)
    month = born.month if facts.birth_precision in (Precision.MONTH, Precision.DAY) else 0
    return (born.year, month, born.day if facts.birth_precision is Precision.DAY else 0)


def contradicts(left: PersonFacts, right: PersonFacts) -> bool:
    """Whether a part of the date of birth is known on both sides and differs."""
    pairs = zip(parts_of(left), parts_of(right), strict=True)
    return any(one and other and one != other for one, other in pairs)


def are_two(left: PersonFacts, right: PersonFacts) -> bool:
    """Whether two with one number are known to differ in a part of the date of birth or in the given name."""
    names = given_names(left.names), given_names(right.names)
    return contradicts(left, right) or (all(names) and names[0].isdisjoint(names[1]))


def known(facts: PersonFacts) -> bool:
    """Whether the whole date of birth is known."""
    return all(parts_of(facts))


def counts_as_verified(facts: PersonFacts) -> bool:
    """A missing status reads as verified; a stated other one makes the number evidence only."""
    return facts.nhs_number_status in (None, VERIFIED)
