"""Which pictures now say something else than was last published, each as a whole new version."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from hub import codec
from hub.decisions import NO_FRAME, Decision, Event, Frame, Publish, Remember, frame_from
from hub.matching.region import RegionView
from hub.records import CarerPicture, PictureTold, ReviewItem, StayPicture
from processors.carer_matching.bounds import MOST_BYTES, bounded
from processors.carer_matching.by_evidence import whatever_model
from processors.carer_matching.carer_pictures import carer_picture_from, heir_of
from processors.carer_matching.noted_items import note_on
from processors.carer_matching.pictures import stay_picture_from
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.reviews import Said, crowds_of, items_of
from processors.carer_matching.visits import known_as

SURELY_WITHIN: Final = MOST_BYTES - 1024
"""A picture without its frame that is no larger than this is within its bounds with it."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one event changed.

    Attributes:
        before: The region without the event.
        after: The region with it.
        people: Whose pictures may look different.
        records: Records of people of which a question may read differently.
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
    said = Said(change.event, change.processor)
    items = items_of(change.before, change.after, sorted(change.records), said)
    for item in (*items, *crowds_of(change.after, sorted(change.people), said)):
        told = tuple(said_if_new(change, item.item_id, item))
        yield from told
        if told:
            yield from note_on(change.before, change.after, item)


def stays_that_differ(change: Change, policy: MatchingPolicy) -> Iterator[Decision]:
    """The stays of these people, first those that go on under another number: what was done moves on with them."""
    stays = {
        stay.stay_id: known_as(change.after, stay)
        for person in change.people
        for stay in change.after.stays_of(person)
    }
    for stay_id in sorted(stays, key=lambda each: (stays[each].superseded_by is None, each)):
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
    bare, told = bare_bytes(said), change.after.told.get(subject)
    digest = hashlib.sha256(bare).digest()
    if told is not None and told.digest == digest:
        return
    if len(bare) > SURELY_WITHIN:
        said = within_bounds(said)
    version = told.version + 1 if told else 1
    event_id, asked_at = change.event.event_id, None
    if isinstance(said, ReviewItem):
        said = since_when(said, told)
        asked_at = said.asked_at
    now = PictureTold(
        subject=subject, version=version, digest=digest, event_id=event_id, asked_at=asked_at
    )
    yield Remember(subject, now)
    yield Publish(subject, replace(said, version=version))


def since_when(item: ReviewItem, told: PictureTold | None) -> ReviewItem:
    """An open question with the time since which it is open; one that was settled and is open again begins anew."""
    if item.settled:
        return item
    before = None if told is None else told.asked_at
    return replace(item, asked_at=before or item.recorded_at)


def within_bounds(
    said: StayPicture | CarerPicture | ReviewItem,
) -> StayPicture | CarerPicture | ReviewItem:
    """A picture that is cut where it is too large; a question never is."""
    match said:
        case StayPicture():
            return bounded(said)
        case CarerPicture():
            return bounded(said)
        case ReviewItem():
            return said


def bare_bytes(said: StayPicture | CarerPicture | ReviewItem) -> bytes:
    """What was said, without frame, version, as_of and which model weighed it."""
    bare = replace(whatever_model(said), **NO_FRAME, version=0)
    if not isinstance(bare, ReviewItem):
        bare = replace(bare, as_of=NO_FRAME["recorded_at"])
    return codec.encode(bare)
