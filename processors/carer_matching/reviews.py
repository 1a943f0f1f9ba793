"""Questions for somebody, never facts: two records that may be one person, one carer for too many people."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from hub.decisions import Event, frame_from
from hub.identity import review_item_id
from hub.matching.region import RegionView
from hub.records import ReviewItem, StayStatus
from processors.carer_matching.standing import stands
from processors.carer_matching.stays import status_of
from processors.carer_matching.visits import known_as

IN_HOSPITAL = frozenset({StayStatus.IN_PATIENT, StayStatus.ON_LEAVE})
MOST_UNASKED = 8
"""More people than this are seldom one relative's: a care worker, a shared telephone, or somebody in need of help."""
CROWD = "cares-for-many"


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
