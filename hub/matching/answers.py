"""What people said of two records, folded by the rule of order, and what it comes to: joined, apart or undecided.

Of each reviewer the latest answer and the latest revocation are kept, and what stands is worked out from them in the
order of time. So answers that come shuffled, repeated, late, or before the records that they speak of end the same.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from hub.identity import review_item_id
from hub.matching.words import later, order
from hub.records import ReviewerAnswer, ReviewKept, ReviewVerdict

MOST_ANSWERS: Final = 40
"""Answers and revocations on one pair that are kept, the latest ones: two decide."""
ALONE: Final = 1
TOGETHER: Final = 2
"""How many must agree: one, or two where reviewers disagree, somebody is shielded or it was asked of two. So many must
take it back."""

SAME: Final = ReviewVerdict.SAME
DIFFERENT: Final = ReviewVerdict.DIFFERENT
REVOKED: Final = ReviewVerdict.REVOKED


class Stands(StrEnum):
    """What the answers on a pair come to.

    Where it takes two, `WAITING`: one said "same". `PARTED`: one said "different", so they are apart meanwhile.
    """

    SAME = "same"
    DIFFERENT = "different"
    DISAGREED = "disagreed"
    WAITING = "waiting"
    PARTED = "parted"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Count:
    """The answers on a pair, counted.

    Attributes:
        stands: What they come to.
        needs: How many must agree.
        given: How many said same or different.
    """

    stands: Stands
    needs: int
    given: int


NONE_GIVEN: Final = Count(Stands.NOTHING, ALONE, 0)


def unasked(left: UUID, right: UUID) -> ReviewKept:
    """A pair of which nothing was said yet."""
    first, second = sorted((left, right))
    return ReviewKept(item_id=review_item_id(first, second), left=first, right=second)


def answered(kept: ReviewKept, answer: ReviewerAnswer) -> ReviewKept:
    """The pair after one reviewer's word, an answer or a revocation, if it is not too late."""
    own = [each for each in kept.answers if place_of(each) == place_of(answer)]
    if any(not later(answer.said, each.said) for each in own):
        return kept
    others = (each for each in kept.answers if place_of(each) != place_of(answer))
    return replace(kept, answers=in_order((*others, answer)))


def place_of(answer: ReviewerAnswer) -> tuple[tuple[str, str], bool]:
    """Which word of a reviewer it replaces: their answer, or their revocation."""
    return (who(answer), answer.answer is REVOKED)


def who(answer: ReviewerAnswer) -> tuple[str, str]:
    """The reviewer: a staff id means somebody in their organisation alone."""
    return (answer.organisation_ods, answer.by)


def in_order(answers: Iterable[ReviewerAnswer]) -> tuple[ReviewerAnswer, ...]:
    """The latest answers, by time."""
    return tuple(sorted(answers, key=lambda each: order(each.said))[-MOST_ANSWERS:])


def standing(kept: ReviewKept, *, restricted: bool) -> tuple[ReviewerAnswer, ...]:
    """The answers that nobody took back.

    A reviewer takes back their own answer, and alone those of others as well; but what needed two, or was said by two
    alike, a second one must take back too.
    """
    left: dict[tuple[str, str], ReviewerAnswer] = {}
    doubted: dict[tuple[str, str], int] = {}
    for each in kept.answers:
        if each.answer is not REVOKED:
            left[who(each)], doubted[who(each)] = each, 0
            continue
        alike = most_alike(left.values())
        left.pop(who(each), None)
        doubted = {one: doubted[one] + 1 for one in left}
        once = {one: left[one] for one in left if doubted[one] < TOGETHER}
        was_doubted = len(once) < len(left)
        needs_two = restricted or (most_alike(once.values()) if was_doubted else alike) >= TOGETHER
        left = once if needs_two else {}
    return tuple(left.values())


def most_alike(answers: Iterable[ReviewerAnswer]) -> int:
    """How many said the same of "same" and "different"."""
    return max(votes_in(answers).values(), default=0)


def votes_in(answers: Iterable[ReviewerAnswer]) -> Counter[ReviewVerdict]:
    """How many said "same", and how many "different"; "cannot tell" is no vote."""
    return Counter(each.answer for each in answers if each.answer in (SAME, DIFFERENT))


def counted(kept: ReviewKept, *, restricted: bool) -> Count:
    """What the answers come to.

    Where reviewers disagree nothing is joined until one side has two, and more than the other. Where somebody is
    shielded or two were asked, one "different" parts; that it is settled needs two as well.
    """
    votes = votes_in(standing(kept, restricted=restricted))
    same, different = votes[SAME], votes[DIFFERENT]
    disagreed = bool(same and different)
    needs = TOGETHER if restricted or disagreed or asked_of_two(kept) else ALONE
    given = same + different
    if not given:
        return replace(NONE_GIVEN, needs=needs)
    if max(same, different) >= needs and same != different:
        return Count(Stands.SAME if same > different else Stands.DIFFERENT, needs, given)
    if disagreed:
        return Count(Stands.DISAGREED, needs, given)
    return Count(Stands.PARTED if different else Stands.WAITING, needs, given)


def asked_of_two(kept: ReviewKept) -> bool:
    """Whether it was asked of two reviewers, neither of whom sees what the other says (ADR-0026).

    Each answer says how it was asked, so that another share than before undoes nothing.
    """
    return any(each.asked_of_two for each in kept.answers)


def may_be_joined(kept: ReviewKept) -> bool:
    """Whether what people said joins two records, whether anybody is shielded or nobody is."""
    return any(counted(kept, restricted=each).stands is Stands.SAME for each in (False, True))


def cannot_tell(kept: ReviewKept, evidence: str, *, restricted: bool) -> bool:
    """Whether somebody said that it cannot be told by what is known now, or two did where two were asked."""
    said = sum(
        each.answer is ReviewVerdict.CANNOT_TELL and each.evidence == evidence
        for each in standing(kept, restricted=restricted)
    )
    return said >= (TOGETHER if asked_of_two(kept) else ALONE)


def keeps_apart(kept: ReviewKept, stands: Stands) -> bool:
    """Whether two records must not be one person: it was said and not outvoted, or a merge waits for an answer."""
    return stands in APART or (kept.held and stands is not Stands.SAME)


APART: Final = frozenset({Stands.DIFFERENT, Stands.DISAGREED, Stands.PARTED})
