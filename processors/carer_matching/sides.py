"""The two sides of a merge: who would be two people without it.

"By itself" is by what is known without any merge of a hospital's and by what people said, so that no merge that waits
makes another one wait. ADR-0021.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from uuid import UUID

from hub.matching import national
from hub.matching.answers import APART, Stands, unasked
from hub.matching.decided import Reviews, Without, around, count_of
from hub.matching.differing import plainly_two
from hub.matching.region import RegionView
from hub.records import ReviewKept, SourceRecord

Ids = frozenset[UUID]
NOBODY: Final[Ids] = frozenset()


@dataclass(frozen=True, slots=True)
class Sides:
    """Two who would be one person by a merge and by nothing else.

    Attributes:
        left: The records of the one.
        right: Those of the other.
        ends: Of either, what is known of them without any merge of a hospital's.
        merged: The record that was merged, or the notice of the number that was superseded.
        by_evidence: Of either, the records that evidence takes for the same person and not for the other.
    """

    left: Ids
    right: Ids
    ends: tuple[Ids, Ids]
    merged: SourceRecord
    by_evidence: tuple[Ids, Ids] = (NOBODY, NOBODY)


def sides_of(view: RegionView, pair: ReviewKept) -> Sides | None:
    """The records of either side; None when the merge joins nobody who is not one person anyway.

    Who has two numbers, both merged into somebody else's, is not one person with them because there are two merges. A
    merge that is none by itself brings nobody to either side.
    """
    merged = merging(view, pair)
    if merged is None:
        return None
    ends = (people_at(view, pair.left), people_at(view, pair.right))
    whole = around(view, ends[0], Reviews.JOINED)
    if not whole & ends[1]:
        return None
    without = Without(
        frozenset((pair.left, pair.right)), pairs=none_by_themselves(view, pair, whole)
    )
    one, other = unmerged(view, pair, ends)
    if merged.notice_of is None and not one & other:
        without = replace(without, left=one, right=other)
    left, right = (around(view, end, Reviews.JOINED, without) for end in ends)
    if left & right:
        return None
    return Sides(left, right, (one, other), merged, by_evidence(view, left, right, without))


def by_evidence(view: RegionView, left: Ids, right: Ids, without: Without) -> tuple[Ids, Ids]:
    """Who is one person with either side by evidence, and not with the other.

    By pairs of records alone, so it is the same whether the merge waits or not, and whoever was heard of first. Who is
    like both sides is a sign for neither, and so is who is hardly more like the one than the other is.
    """
    found = [likes(view, *each, without) for each in ((left, right), (right, left))]
    both = found[0] & found[1]
    return found[0] - both, found[1] - both


def likes(view: RegionView, side: Ids, other: Ids, without: Without) -> Ids:
    """The records that evidence takes for the same person as a side, with all that are one with them."""
    alike = view.like(side)
    if not alike:
        return NOBODY
    between = view.likeness(side, other)
    least = None if between is None else between + view.auto_margin
    others = others_than(view, side)
    found = NOBODY
    for each, bits in alike.items():
        if least is None or bits >= least:
            whole = around(view, (each,), Reviews.JOINED, without)
            found |= NOBODY if whole & (others | other) else whole
    return found - side


def others_than(view: RegionView, side: Ids) -> Ids:
    """Records of other people: somebody said so, or the one is listed as a contact of the other."""
    said = frozenset(
        each
        for record in side
        for kept in view.reviews_of(record)
        if kept.answers and count_of(view, kept).stands in APART
        for each in (kept.left, kept.right)
    )
    links = view.links_under(side)
    listed = frozenset(end for link in links for end in (link.patient_record, link.carer_record))
    return (said | listed) - side


def unmerged(view: RegionView, pair: ReviewKept, ends: tuple[Ids, Ids]) -> tuple[Ids, Ids]:
    """What is known of either without any merge of a hospital's."""
    alone = Without(frozenset((pair.left, pair.right)), merges=True)
    one, other = (around(view, end, Reviews.JOINED, alone) for end in ends)
    return one, other


def none_by_themselves(view: RegionView, pair: ReviewKept, records: Ids) -> frozenset[Ids]:
    """The other merges among these records that people said are none, or of two who are plainly two without any."""
    others = {
        frozenset((each, record.merged_into))
        for each in records
        if (record := view.records.get(each)) is not None
        and record.merged_into in records
        and record.merged_into != each
    } - {frozenset((pair.left, pair.right))}
    return frozenset(each for each in others if is_none_by_itself(view, each))


def is_none_by_itself(view: RegionView, merge: Ids) -> bool:
    """Whether a merge is none, whatever other merges there are."""
    pair = unasked(*merge)
    pair = view.reviews.get(pair.item_id) or pair
    merged = merging(view, pair)
    stands = count_of(view, pair).stands if pair.answers else Stands.NOTHING
    if merged is None or merged.notice_of is not None or stands is Stands.SAME:
        return False
    if stands in APART:
        return True
    left, right = unmerged(view, pair, (frozenset((pair.left,)), frozenset((pair.right,))))
    return not left & right and are_two(view, left, right)


def people_at(view: RegionView, record_id: UUID) -> Ids:
    """The record; of a notice, whoever has its number."""
    record = view.records.get(record_id)
    number = None if record is None else record.notice_of
    return frozenset((record_id,)) if number is None else national.bearers(view, (number,))


def merging(view: RegionView, pair: ReviewKept) -> SourceRecord | None:
    """The record of a pair that was merged into the other; None when neither is, any more."""
    for one, other in ((pair.left, pair.right), (pair.right, pair.left)):
        record = view.records.get(one)
        if record is not None and record.merged_into == other and view.records.get(other):
            return record
    return None


def are_two(view: RegionView, left: Ids, right: Ids) -> bool:
    """Whether these records are of two who are plainly two."""
    family = partial(national.family, view, apart=True)
    return plainly_two(national.facts_of(view, left), national.facts_of(view, right), family)
