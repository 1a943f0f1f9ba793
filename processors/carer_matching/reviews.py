"""Pairs of records that may be one person: questions for somebody, never facts."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from hub.decisions import Event, frame_from
from hub.identity import review_item_id
from hub.matching.region import RegionView
from hub.records import ReviewItem, StayStatus
from processors.carer_matching.stays import status_of

IN_HOSPITAL = frozenset({StayStatus.IN_PATIENT, StayStatus.ON_LEAVE})


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
    stays = [stay for record in (left, right) for stay in view.stays_of(view.person(record))]
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
