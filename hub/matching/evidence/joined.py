"""Who is one person by evidence, kept up in layers: each side's person, and each person's sides."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final
from uuid import UUID

from hub.matching.evidence.looking import Looking
from hub.matching.evidence.together import Ids, together
from hub.matching.layered import ById

NOBODY: Final[Ids] = frozenset()


class Joined:
    """One layer of it. A side that stands by itself is not kept."""

    __slots__ = ("parts", "whole")

    def __init__(self, under: "Joined | None" = None) -> None:
        self.whole: ById[UUID] = ById(under.whole if under else None)
        self.parts: ById[Ids] = ById(under.parts if under else None)

    def person(self, side: UUID) -> UUID:
        """The person that a side belongs to."""
        return self.whole.get(side) or side

    def sides(self, person: UUID) -> Ids:
        """The sides of a person, when there are several."""
        return self.parts.get(person) or NOBODY

    def join_anew(
        self, seeds: set[UUID], found: Looking, leads: Callable[[UUID], set[UUID]]
    ) -> set[UUID]:
        """See who is one person among these sides and whoever was one with them; the records that moved.

        Of a person the side with a number gives the name, else the smallest. So nobody who joins a person with a number
        changes whom others know it as.
        """
        sides = self._with_theirs(seeds)
        reached = sides.union(*_people_among(sides, found, leads))
        if reached != sides:  # they join people who until now were one without them
            sides = self._with_theirs(reached)
        were = {each: self.whole.get(each) for each in sides}
        for person in {each for each in were.values() if each is not None}:
            self._set(self.sides(person), None)
            self.parts.put(person, None)
        for one in _people_among(sides, found, leads):
            person = min(one, key=lambda each: (not found.side(each).numbered, each))
            self._set(one, person)
            self.parts.put(person, one)
        return {
            record
            for each, was in were.items()
            if self.whole.get(each) != was
            for record, _ in found.side(each).records
        }

    def join(self) -> None:
        """Make the changes of this layer part of the one under it."""
        self.whole.join()
        self.parts.join()

    def _with_theirs(self, sides: set[UUID]) -> set[UUID]:
        """Some sides with all that were one person with any of them."""
        return sides.union(*(self.sides(self.person(each)) for each in sides))

    def _set(self, sides: Ids, person: UUID | None) -> None:
        for each in sides:
            self.whole.put(each, person)


def _people_among(
    sides: Iterable[UUID], found: Looking, leads: Callable[[UUID], set[UUID]]
) -> Iterator[Ids]:
    """Those of several sides to whom any of these leads."""
    seen: set[UUID] = set()
    for each in sides:
        if each not in seen and found.side_of(each) == each:
            for one in together(each, leads, found.apart_from, found.contradicting):
                if not one & seen:
                    seen |= one
                    yield one
