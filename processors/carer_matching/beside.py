"""Of whom a question reads otherwise though nothing changed in their own record: because of whom they are one with.

A question is about two records, and says of the two people whether they are protected, in hospital and leave somebody
alone. All of it may change by another record of the same person: one that is joined or parted, or that somebody
shielded is like. So it must not matter which of them was heard of last.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from hub.matching.region import RegionView
from processors.carer_matching.reviews import in_bed
from processors.carer_matching.standing import stands

Ids = frozenset[UUID]


class Looks(NamedTuple):
    """What questions say of a person, whatever is asked of them."""

    protected: bool
    in_hospital: bool
    looks_after_somebody: bool
    unlinked: bool = False


def looks_of(view: RegionView, person: UUID) -> Looks:
    """How a person looks in questions."""
    return Looks(
        view.is_shielded(person),
        in_bed(view, person),
        any(
            view.person(link.carer_record) == person and stands(view, link)
            for link in view.links_of(person)
        ),
        view.is_unlinked(person),
    )


def reading_otherwise(before: RegionView, after: RegionView, records: Iterable[UUID]) -> set[UUID]:
    """The other records of the people of these, before and after, whose person looks otherwise now.

    Where evidence moved anybody, also those who are one person with others than before.
    """
    own = frozenset(records)
    people = {view.ids_of(view.person(each)) for view in (before, after) for each in own}
    others = Ids().union(*people) - own
    if not others:  # nearly always
        return set()
    was, now = looks_by_record(before, others), looks_by_record(after, others)
    moved = after.moved()
    of_moved = Ids().union(*(ids for ids in people if not moved.isdisjoint(ids)))
    return {
        each
        for each in others
        if was[each] != now[each]
        or (
            each in of_moved
            and before.ids_of(before.person(each)) != after.ids_of(after.person(each))
        )
    }


def looks_by_record(view: RegionView, records: Ids) -> Mapping[UUID, Looks]:
    """How the people of some records look, each person asked for once."""
    persons = {each: view.person(each) for each in records}
    looks = {person: looks_of(view, person) for person in set(persons.values())}
    return {each: looks[person] for each, person in persons.items()}
