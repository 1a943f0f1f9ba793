"""Answers "same" that were given before it was known that the two have two NHS numbers: they count no more.

Whoever answers is shown both numbers, so an answer says whether there were two. Two are shown because of a hospital's
merge, or because such an answer is asked again. So this follows from what was said and what records say now, in any
order of arrival, and a number that is taken back lets the answer count again. ADR-0020.
"""

from dataclasses import replace
from functools import partial
from typing import Final

from hub.matching import national
from hub.matching.differing import have_other_numbers
from hub.records import ReviewerAnswer, ReviewKept, ReviewVerdict

SHOWN_TWO: Final = "+two-numbers"
"""How the digest of what a reviewer was shown ends, when the two had two numbers."""
REASON: Final = "two-numbers-since-the-answer"
"""Why it is asked again."""


def have_two_numbers(people: national.People, kept: ReviewKept) -> bool:
    """Whether two records have verified NHS numbers of their own, of which neither replaced the other."""
    left, right = (people.records.get(each) for each in (kept.left, kept.right))
    if left is None or right is None:
        return False
    family = partial(national.family, people, apart=True)
    return have_other_numbers((left.facts,), (right.facts,), family)


def counting(people: national.People, kept: ReviewKept) -> ReviewKept:
    """The pair without the answers that what its records say now contradicts; the same one where none is."""
    unaware = [each for each in kept.answers if is_unaware(people, kept, each)]
    if not unaware or not have_two_numbers(people, kept):
        return kept
    return replace(kept, answers=tuple(each for each in kept.answers if each not in unaware))


def is_contradicted(people: national.People, kept: ReviewKept) -> bool:
    """Whether an answer "same" counts no more, so that it must be asked again."""
    return counting(people, kept) is not kept


def is_unaware(people: national.People, kept: ReviewKept, answer: ReviewerAnswer) -> bool:
    """Whether it says "same" of two who were not shown with two numbers.

    Who does not say what was shown can have seen two only where a merge leads from the one to the other.
    """
    if answer.answer is not ReviewVerdict.SAME or answer.evidence.endswith(SHOWN_TWO):
        return False
    return bool(answer.evidence) or not are_merged(people, kept)


def are_merged(people: national.People, kept: ReviewKept) -> bool:
    """Whether one of two records was merged into the other."""
    left, right = (people.records.get(each) for each in (kept.left, kept.right))
    return (left is not None and left.merged_into == kept.right) or (
        right is not None and right.merged_into == kept.left
    )
