"""Which pictures now say something else than was last published, each as a whole new version."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from hub import codec
from hub.decisions import Decision, Event, Frame, Publish, Remember, frame_from
from hub.matching.region import RegionView
from hub.records import CarerPicture, PictureTold, ReviewItem, StayPicture
from processors.carer_matching.carer_pictures import carer_picture_from, heir_of
from processors.carer_matching.pictures import stay_picture_from
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.reviews import items_of

NOTHING: Final = UUID(int=0)
UNTIMED: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
NO_FRAME: Final = Frame(
    event_id=NOTHING,
    caused_by=None,
    correlation_id=NOTHING,
    source="",
    source_event_id="",
    occurred_at=UNTIMED,
    recorded_at=UNTIMED,
    received_at=UNTIMED,
    region=0,
)


@dataclass(frozen=True, slots=True)
class Change:
    """What one event changed.

    Attributes:
        before: The region without the event.
        after: The region with it.
        people: Whose pictures may look different.
        records: Records of people that changed.
        event: The cause.
        processor: Who says it.
    """

    before: RegionView
    after: RegionView
    people: set[UUID]
    records: set[UUID]
    event: Event
    processor: str

    def frame(self, subject: UUID) -> Frame:
        """The frame of what is said of a subject."""
        return frame_from(self.event, self.processor, subject)


def what_differs(change: Change, policy: MatchingPolicy) -> Iterator[Decision]:
    """New versions of stays, carers and questions that now say something else."""
    yield from stays_that_differ(change, policy)
    yield from carers_that_differ(change, policy)
    items = items_of(
        change.before, change.after, sorted(change.records), change.event, change.processor
    )
    for item in items:
        yield from said_if_new(change, item.item_id, item)


def stays_that_differ(change: Change, policy: MatchingPolicy) -> Iterator[Decision]:
    """The stays of these people."""
    stays = {
        stay.stay_id: stay for person in change.people for stay in change.after.stays_of(person)
    }
    for stay_id in sorted(stays):
        picture = stay_picture_from(change.after, stays[stay_id], change.frame(stay_id), policy)
        yield from said_if_new(change, stay_id, picture)


def carers_that_differ(change: Change, policy: MatchingPolicy) -> Iterator[Decision]:
    """The carers among these people; one who goes on under another id gets a last picture naming the heir."""
    for person in sorted(change.people):
        if change.after.person(person) != person:
            if change.after.told.get(person) is not None:
                yield from said_if_new(
                    change, person, heir_of(change.after, person, change.frame(person))
                )
            continue
        picture = carer_picture_from(change.after, person, change.frame(person), policy)
        if picture is not None:
            yield from said_if_new(change, person, picture)


def said_if_new(
    change: Change, subject: UUID, said: StayPicture | CarerPicture | ReviewItem
) -> Iterator[Decision]:
    """A new version, unless it says what the last one said."""
    digest, told = digest_of(said), change.after.told.get(subject)
    if told is not None and told.digest == digest:
        return
    version = told.version + 1 if told else 1
    event_id = change.event.event_id
    yield Remember(
        subject, PictureTold(subject=subject, version=version, digest=digest, event_id=event_id)
    )
    yield Publish(subject, replace(said, version=version))


def digest_of(said: StayPicture | CarerPicture | ReviewItem) -> bytes:
    """SHA-256 of what was said, without frame, version and as_of."""
    bare = replace(said, **NO_FRAME, version=0)
    if not isinstance(bare, ReviewItem):
        bare = replace(bare, as_of=UNTIMED)
    return hashlib.sha256(codec.encode(bare)).digest()
