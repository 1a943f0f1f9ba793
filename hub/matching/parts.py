"""Records that lead to one another are one person, except where people said that two of them are not."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias
from uuid import UUID

Ids: TypeAlias = frozenset[UUID]
Edge: TypeAlias = tuple[int, UUID, UUID]
"""How strong it is, the strongest first, and its two ends, the smaller first."""


def parted(component: Ids, apart: Mapping[UUID, Ids], edges: Iterable[Edge]) -> list[Ids]:
    """The people of a component: joined edge by edge, the strongest first, unless that joins two who are kept apart.

    It depends on the sets alone, not on who was heard of first.
    """
    part_of: dict[UUID, Ids] = {each: frozenset((each,)) for each in component}
    for _, one, other in sorted(edges):
        left, right = part_of[one], part_of[other]
        if left == right or any(apart.get(each, frozenset()) & right for each in left):
            continue
        whole = left | right
        part_of.update(dict.fromkeys(whole, whole))
    return sorted(set(part_of.values()), key=min)
