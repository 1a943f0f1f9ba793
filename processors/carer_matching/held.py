"""Merges that wait for a person: of two who are plainly two, or while other people look after the one and the other.

Until somebody has looked they stay two people here, so each stay keeps its carers and nobody is told of the other's.
Of carers, what the merging hospital itself lists as contacts does not count: it says two numbers are one patient's, and
its own lists are no second opinion. The carers of whoever is one with a side by evidence count as its own. ADR-0021.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final
from uuid import UUID

from hub.identity import review_item_id
from hub.matching import national
from hub.matching.answers import unasked
from hub.matching.decided import Reviews, around
from hub.matching.region import Kept, RegionView
from hub.records import EvidenceKind, LinkEvidence, ReviewKept, SourceRecord
from processors.carer_matching.contacts import ANYBODY, Mark, mark_of
from processors.carer_matching.sides import NOBODY, Ids, Sides, are_two, sides_of
from processors.carer_matching.standing import stands

BY_NUMBER: Final = "superseded-number-with-other-carers"
BY_MERGE: Final = "merged-with-other-carers"
UNLIKE: Final = "merged-though-unlike"


def changes_from(
    before: RegionView, after: RegionView, people: Iterable[UUID], changed: Iterable[Kept]
) -> Iterator[ReviewKept]:
    """The pairs near these people, or whoever is like them, that must be held back from now on, or no longer."""
    records = {
        each.record_id
        for view in (before, after)
        for person in people
        for each in view.members(person)
    }
    records |= like_any(before, after, frozenset(records), changed)
    for pair in sorted(merges_near(after, records), key=sorted):
        left, right = sorted(pair)
        kept = after.reviews.get(review_item_id(left, right)) or unasked(left, right)
        held = bool(reasons_of(after, kept))
        if held != kept.held:
            yield replace(kept, held=held)


def like_any(before: RegionView, after: RegionView, records: Ids, changed: Iterable[Kept]) -> Ids:
    """Everybody around whoever was or is like one of these by evidence, or may be like others since these rows changed.

    Of these only patients count: nobody else brings carers to a side.
    """
    rows = frozenset(row.record_id for row in changed if isinstance(row, SourceRecord))
    patients = {after.certain(link.patient_record) for link in after.links_under(records)}
    whose = frozenset(each for each in records if after.certain(each) in patients)
    alike = after.at_edge(rows).union(before.like(whose & rows), after.like(whose))
    return around(after, alike, Reviews.JOINED) if alike else NOBODY


def held_back(view: RegionView, people: Iterable[UUID]) -> set[UUID]:
    """The records of these people that a merge waits for: whoever looks after them, it may be asked otherwise now."""
    if not view.is_asked_about_any():  # nearly always
        return set()
    return {
        each.record_id
        for person in people
        for each in view.members(person)
        if any(kept.held for kept in view.reviews_of(each.record_id))
    }


def merges_near(view: RegionView, records: set[UUID]) -> set[Ids]:
    """The merges of these records, and of whoever is one person with them by any of those."""
    found: set[Ids] = set()
    waiting = records | view.sharing_a_notice(records)
    seen: set[UUID] = set()
    while waiting:
        one = waiting.pop()
        seen.add(one)
        for pair in merges_of(view, one):
            if pair not in found:
                found.add(pair)
                near = around(view, pair)
                waiting |= (near | view.sharing_a_notice(set(near))) - seen
    return found


def merges_of(view: RegionView, record_id: UUID) -> Iterator[Ids]:
    """The merges of a record into another and of others into it, and those that are held back."""
    record = view.records.get(record_id)
    if record is None:
        return
    if record.merged_into is not None and record.merged_into != record_id:
        yield frozenset((record_id, record.merged_into))
    for each in view.candidates((national.merge_key(record_id),)) - {record_id}:
        yield frozenset((record_id, each))
    for kept in view.reviews_of(record_id):
        if kept.held:
            yield frozenset((kept.left, kept.right))


def reasons_of(view: RegionView, pair: ReviewKept) -> tuple[str, ...]:
    """Why a pair is held back, as codes; none when its merge goes through."""
    sides = sides_of(view, pair)
    if sides is None:
        return ()
    by_number = sides.merged.notice_of is not None
    found = []
    if carers_differ(view, sides):
        found.append(BY_NUMBER if by_number else BY_MERGE)
    if not by_number and are_unlike(view, sides):
        found.append(UNLIKE)
    return tuple(found)


def carers_differ(view: RegionView, sides: Sides) -> bool:
    """Whether either side has carers by more than the merger's lists, and they are not the same."""
    left, right = (carers_of(view, each) for each in evidence_of(view, sides))
    return bool(left and right) and not are_the_same(left, right)


def are_unlike(view: RegionView, sides: Sides) -> bool:
    """Whether they are plainly two, by all of either or without what other merges brought, which may be wrong too."""
    return any(are_two(view, *each) for each in (sides.ends, (sides.left, sides.right)))


def links_in_question(view: RegionView, pair: ReviewKept) -> tuple[LinkEvidence, ...]:
    """What is said of carers on either side of a merge; a new one is new evidence."""
    sides = sides_of(view, pair)
    return () if sides is None else tuple(chain(*evidence_of(view, sides)))


def evidence_of(
    view: RegionView, sides: Sides
) -> tuple[tuple[LinkEvidence, ...], tuple[LinkEvidence, ...]]:
    """What stands of who looks after either side."""
    merger = sides.merged.source
    left, right = sides.by_evidence
    return (
        evidence_on(view, sides.left | left, merger),
        evidence_on(view, sides.right | right, merger),
    )


def evidence_on(view: RegionView, side: Ids, merger: str) -> tuple[LinkEvidence, ...]:
    """What stands of who looks after these records, but for the contact lists of whoever merged them."""
    return tuple(
        link
        for link in view.links_under(side)
        if link.patient_record in side
        and link.carer_record not in side
        and not (link.kind is EvidenceKind.NK1 and link.source == merger)
        and stands(view, link)
    )


@dataclass(frozen=True, slots=True)
class Carer:
    """A carer, as far as two lists of carers are compared."""

    records: Ids
    marks: frozenset[Mark]


def carers_of(view: RegionView, links: Iterable[LinkEvidence]) -> tuple[Carer, ...]:
    """The carers whom this evidence names."""
    return tuple(carer_from(view, each) for each in sorted({link.carer_record for link in links}))


def carer_from(view: RegionView, record_id: UUID) -> Carer:
    """A carer by all their records, with whole name and date of birth where they are known."""
    records = around(view, (record_id,), Reviews.JOINED)
    known = (view.records.get(each) for each in records)
    marks = (mark_of(each) for each in known if each is not None)
    return Carer(records, frozenset(each for each in marks if each and each[0] == ANYBODY))


def are_the_same(left: tuple[Carer, ...], right: tuple[Carer, ...]) -> bool:
    """Whether each carer of one side is one of the other's."""
    return all(
        any(one.records & other.records or one.marks & other.marks for other in others)
        for ones, others in ((left, right), (right, left))
        for one in ones
    )
