"""Questions for somebody, never facts: two records that may be one person, one carer for too many people."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from hub.decisions import Event, frame_from
from hub.identity import review_item_id
from hub.matching.national import bearers
from hub.matching.region import RegionView
from hub.records import ReviewItem, StayStatus
from processors.carer_matching.standing import stands
from processors.carer_matching.stays import status_of
from processors.carer_matching.visits import known_as

IN_HOSPITAL = frozenset({StayStatus.IN_PATIENT, StayStatus.ON_LEAVE})
MOST_UNASKED = 8
"""More people than this are seldom one relative's: a care worker, a shared telephone, or somebody in need of help."""
CROWD = "cares-for-many"
JOINED = "superseded-number-with-other-carers"


def items_of(
    before: RegionView, after: RegionView, records: Iterable[UUID], event: Event, name: str
) -> Iterator[ReviewItem]:
    """The questions about these records as they now stand, and those that need no answer any more."""
    open_now: dict[UUID, tuple[UUID, UUID, tuple[str, ...]]] = {}
    for record in records:
        for other, verdict in after.unsure(record):
            left, right = sorted((record, other))
            open_now[review_item_id(left, right)] = (left, right, verdict.reasons)
    for item, (left, right, reasons) in sorted(open_now.items()):
        yield item_from(after, (item, left, right), reasons, event, name)
    for item, pair in sorted(asked_before(before, records).items()):
        if item not in open_now and after.told.get(item) is not None:
            yield settled(item, pair, event, name)


def crowds_of(
    view: RegionView, people: Iterable[UUID], event: Event, name: str
) -> Iterator[ReviewItem]:
    """The questions about those who look after more people than anybody well can; both records are the carer's."""
    for person in people:
        item = review_item_id(person, person)
        if looks_after_many(view, person):
            yield item_from(view, (item, person, person), (CROWD,), event, name)
        elif view.told.get(item) is not None:
            yield settled(item, (person, person), event, name)


def looks_after_many(view: RegionView, person: UUID) -> bool:
    """Whether somebody is said to look after more than `MOST_UNASKED` people."""
    links = view.links_of(person)
    if len(links) <= MOST_UNASKED:
        return False
    looked_after = {
        view.person(link.patient_record)
        for link in links
        if view.person(link.carer_record) == person and stands(view, link)
    }
    return len(looked_after - {person}) > MOST_UNASKED


def joined_by_number(
    before: RegionView, after: RegionView, people: Iterable[UUID], event: Event, name: str
) -> Iterator[ReviewItem]:
    """The questions about two numbers that became one person's, when each had carers of their own."""
    people = tuple(people)
    for old, new in sorted(
        {pair for view in (before, after) for pair in replaced_in(view, people)}
    ):
        item = review_item_id(old, new)
        if carers_differ(after, old, new):
            yield item_from(after, (item, old, new), (JOINED,), event, name)
        elif after.told.get(item) is not None:
            yield settled(item, (old, new), event, name)


def replaced_in(view: RegionView, people: Iterable[UUID]) -> Iterator[tuple[UUID, UUID]]:
    """The notices of superseded numbers of these people, each with that of the number in its place."""
    for person in people:
        for each in view.members(person):
            if each.notice_of is not None and each.merged_into is not None:
                yield each.record_id, each.merged_into


def carers_differ(view: RegionView, old: UUID, new: UUID) -> bool:
    """Whether both numbers are one person's here, and other people look after them under the one and the other."""
    one, other = carers_under(view, old), carers_under(view, new)
    joined = {view.person(each) for each in one} & {view.person(each) for each in other}
    were, are = set[UUID]().union(*one.values()), set[UUID]().union(*other.values())
    return bool(joined and were and are and were != are)


def carers_under(view: RegionView, notice: UUID) -> dict[UUID, set[UUID]]:
    """Each record with the number of a notice, and who looks after that person by what was said of this record."""
    record = view.records.get(notice)
    numbers = () if record is None or record.notice_of is None else (record.notice_of,)
    return {
        each: {
            view.person(link.carer_record)
            for link in view.links_of(view.person(each))
            if link.patient_record == each and stands(view, link)
        }
        for each in bearers(view, numbers)
    }


def asked_before(before: RegionView, records: Iterable[UUID]) -> dict[UUID, tuple[UUID, UUID]]:
    """The questions about these records as they stood."""
    return {
        review_item_id(record, other): (min(record, other), max(record, other))
        for record in records
        for other, _ in before.unsure(record)
    }


def item_from(
    view: RegionView,
    named: tuple[UUID, UUID, UUID],
    reasons: tuple[str, ...],
    event: Event,
    name: str,
) -> ReviewItem:
    """An open question; somebody who is in hospital now comes first."""
    item, left, right = named
    stays = [
        known_as(view, stay)
        for record in (left, right)
        for stay in view.stays_of(view.person(record))
    ]
    return ReviewItem(
        **frame_from(event, name, item),
        item_id=item,
        version=0,
        left=left,
        right=right,
        reasons=reasons,
        in_hospital=any(status_of(stay) in IN_HOSPITAL for stay in stays),
        settled=False,
    )


def settled(item: UUID, pair: tuple[UUID, UUID], event: Event, name: str) -> ReviewItem:
    """A question that answered itself: the records now agree, or no longer share what raised it."""
    left, right = pair
    return ReviewItem(
        **frame_from(event, name, item),
        item_id=item,
        version=0,
        left=left,
        right=right,
        in_hospital=False,
        settled=True,
        answer="no longer in question",
    )
