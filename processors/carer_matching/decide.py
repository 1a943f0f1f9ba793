"""Take in one event, and publish the pictures that it changes.

Whatever the event was, the same three steps: what rows of state stand after it; which people that touches; which
of their pictures now say something else than was last published. An unchanged picture is not published.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from hub import codec
from hub.decisions import Decision, Decisions, Event, Frame, Publish, Remember, frame_from
from hub.matching.region import Kept, RegionView
from hub.records import (
    CarerFlagEvent,
    EncounterEvent,
    LinkEvidence,
    PictureTold,
    SourceRecord,
    StayFacts,
    StayPicture,
)
from processors.carer_matching import encounters, flags
from processors.carer_matching.pictures import stay_picture_from
from processors.carer_matching.policy import MatchingPolicy

NAME: Final = "carer_matching"
NOTHING: Final = UUID(int=0)
UNTIMED: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def decide(
    view: RegionView, event: EncounterEvent | CarerFlagEvent, policy: MatchingPolicy
) -> Decisions:
    """The rows that change and the pictures that now differ.

    Raises:
        InvalidResource: The event's resource breaks a rule; the place is a FHIRPath.
    """
    after = view.overlay()
    changed = [row for row in changes_from(after, event, policy) if taken_in(after, row)]
    remembered: list[Decision] = [Remember(key_of(row), row) for row in changed]
    touched = people_touched(view, after, changed)
    return (*remembered, *pictures_that_differ(after, touched, event, policy))


def changes_from(
    view: RegionView, event: EncounterEvent | CarerFlagEvent, policy: MatchingPolicy
) -> Iterator[Kept]:
    """The rows of state as they stand after the event."""
    match event:
        case EncounterEvent():
            return encounters.changes_from(view, event, policy)
        case CarerFlagEvent():
            return flags.changes_from(view, event, policy)


def taken_in(after: RegionView, row: Kept) -> bool:
    """Put a row where it differs from what stands; say whether it did."""
    if standing(after, row) == row:
        return False
    after.put(row)
    return True


def standing(view: RegionView, row: Kept) -> Kept | None:
    """The row that this one would replace."""
    match row:
        case SourceRecord():
            return view.records.get(row.record_id)
        case LinkEvidence():
            return view.evidence.get(row.evidence_id)
        case StayFacts():
            return view.stays.get(row.stay_id)
        case PictureTold():
            return view.told.get(row.subject)


def key_of(row: Kept) -> UUID:
    """The key of a row of state."""
    match row:
        case SourceRecord():
            return row.record_id
        case LinkEvidence():
            return row.evidence_id
        case StayFacts():
            return row.stay_id
        case PictureTold():
            return row.subject


def people_touched(before: RegionView, after: RegionView, changed: Iterable[Kept]) -> set[UUID]:
    """Everybody whose stays may look different: the people of the changed rows, and those linked with them."""
    records: set[UUID] = set()
    for row in changed:
        match row:
            case SourceRecord():
                records.add(row.record_id)
            case LinkEvidence():
                records |= {row.patient_record, row.carer_record}
            case StayFacts():
                records.add(row.patient_record)
            case PictureTold():
                pass
    people = {view.person(record) for view in (before, after) for record in records}
    linked = {
        after.person(end)
        for person in people
        for link in after.links_of(person)
        for end in (link.patient_record, link.carer_record)
    }
    return people | linked


def pictures_that_differ(
    after: RegionView, people: set[UUID], event: Event, policy: MatchingPolicy
) -> Iterator[Decision]:
    """The stays of these people that now say something else, each as a whole new picture."""
    stays = {stay.stay_id: stay for person in sorted(people) for stay in after.stays_of(person)}
    for stay_id in sorted(stays):
        picture = stay_picture_from(after, stays[stay_id], frame_from(event, NAME, stay_id), policy)
        digest, told = digest_of(picture), after.told.get(stay_id)
        if told is not None and told.digest == digest:
            continue
        version = told.version + 1 if told else 1
        yield Remember(
            stay_id,
            PictureTold(subject=stay_id, version=version, digest=digest, event_id=event.event_id),
        )
        yield Publish(stay_id, replace(picture, version=version))


def digest_of(picture: StayPicture) -> bytes:
    """SHA-256 of what a picture says, without frame, version and as_of."""
    untimed = Frame(
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
    return hashlib.sha256(
        codec.encode(replace(picture, **untimed, version=0, as_of=UNTIMED))
    ).digest()
