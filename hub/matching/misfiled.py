"""Whether an NHS number was filed with a twin: one number and one date of birth, and yet plainly two people.

No list of variants is read here, for a region need have none: only where the sex is another as well are two names two
people. So a short form that looks like another name ("Peggy") is a question only beside a wrong sex.
"""

from itertools import product
from typing import Final

from rapidfuzz.distance import JaroWinkler

from hub.matching.names import NO_GIVEN_NAME, family_names, folded_name
from hub.matching.normal.names import sound
from hub.matching.scoring.levels import NEAR
from hub.records import PersonFacts

SEXES: Final = frozenset({"male", "female"})
"""FHIR administrative gender; "other" and "unknown" are no other sex than anybody's."""


def is_twins(left: PersonFacts, right: PersonFacts) -> bool:
    """Whether given name and sex are both known and both plainly others. Symmetric."""
    return are_of_two_sexes(left, right) and are_plainly_two_names(left, right)


def are_of_two_sexes(left: PersonFacts, right: PersonFacts) -> bool:
    """Whether the one is said to be male and the other female."""
    return {left.gender, right.gender} == SEXES


def are_plainly_two_names(left: PersonFacts, right: PersonFacts) -> bool:
    """Whether no given name of the one, first or further, may be one of the other's, nor stands for its family name."""
    ours, theirs = all_given(left), all_given(right)
    if not ours or not theirs or crosswise(ours, right) or crosswise(theirs, left):
        return False
    return not any(may_be_one(*pair) for pair in product(ours, theirs))


def crosswise(given: frozenset[str], other: PersonFacts) -> bool:
    """Whether a given name is the other's family name: the two were typed the wrong way round."""
    return not given.isdisjoint(family_names(other.names))


def all_given(facts: PersonFacts) -> frozenset[str]:
    """All given names, folded, but for what is typed where none is known."""
    words = (word for name in facts.names for each in name.given for word in each.split())
    return frozenset(folded for each in words if (folded := folded_name(each))) - NO_GIVEN_NAME


def may_be_one(one: str, other: str) -> bool:
    """The same name, an initial or the beginning of it, one that is typed or sounds alike."""
    short, long = sorted((one, other), key=len)
    return (
        long.startswith(short)
        or JaroWinkler.similarity(one, other) >= NEAR
        or sound(one) == sound(other) != ""
    )
