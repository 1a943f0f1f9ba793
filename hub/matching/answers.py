"""What people said of two records, folded by the rule of order, and what it comes to: joined, apart or undecided.

Each reviewer's latest word counts, and a revocation takes away every word before it. So answers that come shuffled,
repeated, late, or before the records that they speak of end the same.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from hub.identity import review_item_id
from hub.matching.words import later, order
from hub.records import ReviewerAnswer, ReviewKept, ReviewVerdict, Word

MOST_ANSWERS: Final = 20
"""Reviewers whose answer on one pair is kept, the latest ones: two decide."""
ALONE: Final = 1
TOGETHER: Final = 2
"""How many must agree: one, or two where reviewers disagree or somebody is shielded."""

SAME: Final = ReviewVerdict.SAME
DIFFERENT: Final = ReviewVerdict.DIFFERENT


class Stands(StrEnum):
    """What the answers on a pair come to."""

    SAME = "same"
    DIFFERENT = "different"
    DISAGREED = "disagreed"
    WAITING = "waiting"
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
    """The pair after one reviewer's word, if it is not too late."""
    if kept.revoked is not None and not later(answer.said, kept.revoked):
        return kept
    own = [each for each in kept.answers if who(each) == who(answer)]
    if any(not later(answer.said, each.said) for each in own):
        return kept
    others = (each for each in kept.answers if who(each) != who(answer))
    return replace(kept, answers=in_order((*others, answer)))


def revoked(kept: ReviewKept, said: Word) -> ReviewKept:
    """The pair after a revocation: what was said before it is gone."""
    if kept.revoked is not None and not later(said, kept.revoked):
        return kept
    left = (each for each in kept.answers if later(each.said, said))
    return replace(kept, revoked=said, answers=in_order(left))


def who(answer: ReviewerAnswer) -> tuple[str, str]:
    """The reviewer: a staff id means somebody in their organisation alone."""
    return (answer.organisation_ods, answer.by)


def in_order(answers: Iterable[ReviewerAnswer]) -> tuple[ReviewerAnswer, ...]:
    """The latest answers, by time."""
    return tuple(sorted(answers, key=lambda each: order(each.said))[-MOST_ANSWERS:])


def counted(kept: ReviewKept, *, restricted: bool) -> Count:
    """What the answers come to.

    "Cannot tell" is no vote. Where reviewers disagree nothing is joined until one side has two, and more than
    the other.
    """
    votes = Counter(each.answer for each in kept.answers if each.answer in (SAME, DIFFERENT))
    same, different = votes[SAME], votes[DIFFERENT]
    disagreed = bool(same and different)
    needs = TOGETHER if restricted or disagreed else ALONE
    given = same + different
    if not given:
        return replace(NONE_GIVEN, needs=needs)
    most = max(same, different)
    if most >= needs and same != different:
        return Count(Stands.SAME if same > different else Stands.DIFFERENT, needs, given)
    return Count(Stands.DISAGREED if disagreed else Stands.WAITING, needs, given)


def cannot_tell(kept: ReviewKept, evidence: str) -> bool:
    """Whether somebody said that it cannot be told by what is known now."""
    return any(
        each.answer is ReviewVerdict.CANNOT_TELL and each.evidence == evidence
        for each in kept.answers
    )


def keeps_apart(kept: ReviewKept, stands: Stands) -> bool:
    """Whether two records must not be one person: it was said, reviewers disagree, or a merge waits to be looked at."""
    return stands in (Stands.DIFFERENT, Stands.DISAGREED) or (
        kept.held and stands is not Stands.SAME
    )
