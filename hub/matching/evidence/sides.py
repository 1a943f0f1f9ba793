"""Two people as far as they are certain, held against each other by evidence.

A side is everybody's records that are one person for certain: by NHS number, by a hospital's merge, or because somebody
said so. Of two sides the pair of records that agrees best counts.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple
from uuid import UUID

from hub.matching.candidates import LEAST_BITS, Matcher
from hub.matching.matcher import are_two_names, is_anothers, is_common
from hub.matching.normal.record import NOT_VERIFIED, Compared, Mark
from hub.matching.scoring.comparison import Levels
from hub.matching.scoring.decision import Rule
from hub.matching.scoring.fields import (
    BORN,
    FAMILY_OF,
    GIVEN_OF,
    MIDDLE,
    NAME,
    NHS,
    SEX,
    Born,
    Family,
    Given,
    Middle,
    Same,
)
from hub.matching.scoring.namesakes import has_namesake
from hub.matching.scoring.reached import NO_WAYS, Ways, ways_to_both
from hub.matching.scoring.rules import NOT_MET, Case, at_home_with
from hub.matching.scoring.weights import FieldBits

OF_A_PAIR: Final = frozenset(
    {
        Rule.TOO_FEW_BITS,
        Rule.GIVEN_NAME_DISAGREES,
        Rule.BIRTH_DATE_DISAGREES,
        Rule.TWIN,
        Rule.SEX_CONFLICT,
        Rule.NUMBER_CONFLICT,
        Rule.DECEASED,
    }
)
"""The conditions of AUTO that two sides meet or not, whoever else there is.

That one is shielded or objects to being linked is none of them: whom the other means is asked as if it were not so.
Else somebody less likely would be taken for whom it means, and nobody asked about the right one, nor protected.
"""

PROTECTED: Final = int(Mark.RESTRICTED | Mark.WITHDRAWN)
"""With such a mark a death is none of them either: the dead are protected as the living are."""
NOTHING_EXCUSED: Final = frozenset[Rule]()
NO_LIFE_AFTER: Final = frozenset({Rule.DECEASED})
"""Excused where nothing was heard of one after the other had died: the same death tells of both."""

SAME_GIVEN: Final = (Given.MISSING, Given.EXACT, Given.VARIANT)


class Side(NamedTuple):
    """Records that are one person for certain.

    Attributes:
        known_as: The smallest record id.
        records: As they are compared, by id.
        numbered: Whether one of them has a verified NHS number.
    """

    known_as: UUID
    records: tuple[tuple[UUID, Compared], ...]
    numbered: bool


class Pair(NamedTuple):
    """The two records of two sides that agree best: the ids, the evidence, the levels, and what they say.

    `contact`: what a contact of both adds; the bits hold it.
    """

    bits: float
    one: UUID
    other: UUID
    levels: Levels
    record: Compared
    best: Compared
    contact: FieldBits | None = None

    @property
    def by_contact(self) -> float:
        """Bits that a contact adds."""
        return 0.0 if self.contact is None else self.contact.bits


def pair_of(one: Side, other: Side, matcher: Matcher, found: Iterable[UUID] = ()) -> Pair | None:
    """The best pair of two sides, by ids where several are equally good. `found`: of the other side these alone."""
    only = frozenset(found)
    best: Pair | None = None
    agreement = matcher.agreement
    for one_id, record in one.records:
        for other_id, candidate in other.records:
            if only and other_id not in only:
                continue
            bits, levels = agreement(record, candidate)
            if best is None or (-bits, one_id, other_id) < (-best.bits, best.one, best.other):
                best = Pair(bits, one_id, other_id, levels, record, candidate)
    return best


def is_plausible(one: Compared, other: Compared, matcher: Matcher) -> bool:
    """Whether two records are worth a thousandth at least."""
    return matcher.agreement(one, other).bits >= LEAST_BITS


def is_strong(
    pair: Pair, matcher: Matcher, excused: frozenset[Rule], reached: Ways = NO_WAYS
) -> bool:
    """Whether two records meet every condition of AUTO that does not ask who else there is. Symmetric.

    `reached`: the mobile numbers and e-mail addresses that are known to be somebody else's as well.
    """
    if pair.bits < matcher.model.policy.auto_bits:
        return False
    case = case_of(pair, matcher, reached=reached)
    if (pair.record.marks | pair.best.marks) & PROTECTED:
        excused |= NO_LIFE_AFTER
    return not any(NOT_MET[rule](case) for rule in OF_A_PAIR - excused)


def says_nothing_else(pair: Pair) -> bool:
    """Whether two records contradict each other in nothing: the one is no sign that there is a second person."""
    levels = pair.levels
    return (
        GIVEN_OF[levels[NAME]] in SAME_GIVEN
        and FAMILY_OF[levels[NAME]] != Family.OTHER
        and levels[BORN] not in (Born.OTHER, Born.TWO_PARTS)
        and levels[SEX] != Same.OTHER
        and levels[MIDDLE] != Middle.OTHER
        and levels[NHS] != Same.OTHER
    )


def contradict(pair: Pair) -> bool:
    """Whether two records are of two people, whoever is like either: another given name, birth date or sex."""
    levels = pair.levels
    return (
        GIVEN_OF[levels[NAME]] == Given.OTHER
        or levels[BORN] == Born.OTHER
        or levels[SEX] == Same.OTHER
    )


def case_of(
    pair: Pair,
    matcher: Matcher,
    *,
    margin: float | None = None,
    posterior: float = 1.0,
    others: Iterable[Compared] = (),
    reached: Ways = NO_WAYS,
) -> Case:
    """The pair, beside everything that may speak against it. `reached`: what of it reaches others as well."""
    beside = tuple(others)
    ways = ways_to_both(pair.record, pair.best)
    housemates = at_home_with(pair.best, beside)
    return Case(
        query=pair.record,
        best=pair.best,
        levels=pair.levels,
        bits=pair.bits,
        margin=margin,
        posterior=posterior,
        housemates=housemates,
        namesake=has_namesake(pair.record, pair.best, pair.levels, housemates, matcher.comparison),
        number_is_anothers=is_anothers(pair.record, beside),
        reached_by_others=bool(ways) and ways <= reached,
        by_number=False,
        common=pair.levels[BORN] == Born.YEAR
        and (is_common(pair.record, matcher) or is_common(pair.best, matcher)),
        two_names=are_two_names(pair.record, pair.best, pair.levels[NAME], matcher),
        policy=matcher.model.policy,
    )


def is_verified(record: Compared) -> bool:
    """Whether a record has an NHS number that counts as an identity."""
    return bool(record.nhs) and not record.marks & NOT_VERIFIED
