"""Whether somebody else of a home has a name like the query's, and may be meant as well as the best candidate."""

from collections.abc import Iterable
from typing import Final

from hub.matching.normal.record import Compared
from hub.matching.scoring.comparison import Comparison, Levels
from hub.matching.scoring.fields import (
    BORN,
    FAMILY_OF,
    GIVEN_OF,
    MIDDLE,
    NAME,
    Born,
    Family,
    Given,
    Middle,
)
from hub.matching.scoring.levels import born_level, may_be_like, middle_level

NAMESAKE_GIVEN: Final = range(Given.EXACT, Given.OTHER)
NAMESAKE_FAMILY: Final = range(Family.EXACT, Family.OTHER)
IS_NAMESAKE: Final = tuple(
    given in NAMESAKE_GIVEN and family in NAMESAKE_FAMILY
    for given, family in zip(GIVEN_OF, FAMILY_OF, strict=True)
)
"""For each level of `name`."""
ONE_NAME: Final = (Given.EXACT, Given.VARIANT)


def has_namesake(
    query: Compared,
    best: Compared,
    levels: Levels,
    others: Iterable[Compared],
    comparison: Comparison,
) -> bool:
    """Whether somebody beside the best candidate is a namesake. `levels`: of the query and the best candidate."""
    likely = [other for other in others if may_be_namesakes(query, other)]
    return any(is_namesake(query, best, levels, other, comparison) for other in likely)


def may_be_namesakes(one: Compared, other: Compared) -> bool:
    """Whether it is worth comparing two names: it nearly never is, and the family name says so quickly."""
    if one.more is not None or other.more is not None:
        return True
    given, _, family = one[:3]  # a record begins with the parts of its name
    given_2, _, family_2 = other[:3]
    if not (family and family_2):
        return False
    return (
        family == family_2
        or may_be_like(family, family_2)
        or given[:1] == family_2[0]
        or family[0] == given_2[:1]
    )


def is_namesake(
    query: Compared, best: Compared, levels: Levels, other: Compared, comparison: Comparison
) -> bool:
    """Whether somebody beside the best candidate has a name like the query's, and nothing tells the two apart."""
    name = comparison.name_level(query, other)
    if not IS_NAMESAKE[name]:
        return False
    if not _has_the_very_birth_date(query, levels, other):
        return True
    return GIVEN_OF[name] in ONE_NAME and not _has_what_the_other_lacks(query, best, levels, other)


def _has_the_very_birth_date(query: Compared, levels: Levels, other: Compared) -> bool:
    """Whether name and date of birth are the best candidate's, and the other was born on quite another day.

    Then two things would have to be wrong at once for one whose name is only like it.
    """
    if levels[BORN] != Born.EXACT or GIVEN_OF[levels[NAME]] not in ONE_NAME:
        return False
    return other.born != 0 and born_level(query.born, other.born) == Born.OTHER


def _has_what_the_other_lacks(
    query: Compared, best: Compared, levels: Levels, other: Compared
) -> bool:
    """Of father and son of one name: a mobile number, an e-mail address, an NHS number or a middle name tells which.

    A date of birth alone does not: dates are copied within a home.
    """
    if any(
        (
            query.mobile and query.mobile == best.mobile != other.mobile,
            query.email and query.email == best.email != other.email,
            query.nhs and query.nhs == best.nhs != other.nhs,
        )
    ):
        return True
    whole = levels[MIDDLE] == Middle.EXACT and len(query.middle) > 1
    return whole and middle_level(query.middle, other.middle) == Middle.OTHER
