"""Which sides are one person, by what each of them comes to.

A side without a number joins the one with a number that it means. Two without one are joined when each means the other,
or both mean the same third: whoever is joined by one of them alone is a question. Two of a person who must not be one,
or who contradict each other, are both left out, and asked about.
"""

from collections.abc import Callable, Iterable
from typing import TypeAlias
from uuid import UUID

from hub.matching.evidence.weighing import Judged
from hub.matching.scoring.decision import Outcome

Ids: TypeAlias = frozenset[UUID]
Judgement: TypeAlias = Callable[[UUID], Judged | None]
"""What a side comes to; None when it means nobody, or has a number."""


def leads_to(one: UUID, judgement: Judgement, asking: Callable[[UUID], Ids]) -> set[UUID]:
    """The sides that one is joined with. `asking`: those that mean a side."""
    judged = judgement(one)
    if judged is not None and judged.outcome is Outcome.AUTO:
        if judged.numbered:
            return {judged.other}
        return {each for each in judged.like if is_mutual(one, judgement(each))}
    if judged is not None:
        return set()
    return {each for each in asking(one) if means(one, judgement(each))}


def is_mutual(one: UUID, judged: Judged | None) -> bool:
    """Whether another side without a number comes to this one as well."""
    return (
        judged is not None
        and judged.outcome is Outcome.AUTO
        and not judged.numbered
        and one in judged.like
    )


def means(one: UUID, judged: Judged | None) -> bool:
    """Whether somebody is one with a number for certain enough."""
    return (
        judged is not None
        and judged.outcome is Outcome.AUTO
        and judged.numbered
        and judged.other == one
    )


def reached(start: UUID, leads: Callable[[UUID], set[UUID]], within: Ids | None = None) -> Ids:
    """All sides that lead to one another. `within`: through these alone."""
    found, waiting = {start}, [start]
    while waiting:
        for each in leads(waiting.pop()):
            if each not in found and (within is None or each in within):
                found.add(each)
                waiting.append(each)
    return frozenset(found)


def together(
    start: UUID,
    leads: Callable[[UUID], set[UUID]],
    apart_from: Callable[[UUID], Ids],
    contradicting: Callable[[Ids], Ids],
) -> list[Ids]:
    """The people of the sides that lead to one another, each of several sides; whoever is left out is in none."""
    whole = reached(start, leads)
    if len(whole) == 1:
        return []
    left_out = {each for each in whole if apart_from(each) & whole} | contradicting(whole)
    return people_of(whole - left_out, leads)


def people_of(sides: Iterable[UUID], leads: Callable[[UUID], set[UUID]]) -> list[Ids]:
    """Those of some sides that lead to one another without the others."""
    within, found = frozenset(sides), list[Ids]()
    left = set(within)
    while left:
        one = reached(min(left), leads, within)
        left -= one
        if len(one) > 1:
            found.append(one)
    return found
