"""Take in one event, and publish the pictures that it changes.

Whatever the event was, the same three steps: what rows of state stand after it; which people that touches; which
of their pictures now say something else than was last published. An unchanged picture is not published.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from hub.decisions import Decisions, Remember
from hub.matching.region import Kept, RegionView
from hub.records import (
    AgreementKept,
    CarerFlagEvent,
    EncounterEvent,
    LinkEvidence,
    PersonDecision,
    PictureTold,
    SourceRecord,
    StayFacts,
)
from processors.carer_matching import agreements, encounters, flags
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.publishing import Change, what_differs

NAME: Final = "carer_matching"


def decide(
    view: RegionView,
    event: EncounterEvent | CarerFlagEvent | PersonDecision,
    policy: MatchingPolicy,
) -> Decisions:
    """The rows that change and the pictures that now differ.

    Raises:
        Undecodable: The event's resource is no JSON.
        InvalidResource: It breaks a rule; the place is a FHIRPath.
    """
    after = view.overlay()
    changed = [row for row in changes_from(view, event, policy) if taken_in(after, row)]
    remembered = (Remember(key_of(row), row) for row in changed)
    records = {row.record_id for row in changed if isinstance(row, SourceRecord)}
    change = Change(view, after, people_touched(view, after, changed), records, event, NAME)
    return (*remembered, *what_differs(change, policy))


def changes_from(
    view: RegionView,
    event: EncounterEvent | CarerFlagEvent | PersonDecision,
    policy: MatchingPolicy,
) -> Iterator[Kept]:
    """The rows of state as they stand after the event."""
    match event:
        case EncounterEvent():
            return encounters.changes_from(view, event, policy)
        case CarerFlagEvent():
            return flags.changes_from(view, event, policy)
        case PersonDecision():
            return agreements.changes_from(view, event, policy)


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
        case AgreementKept():
            return view.agreements.get(row.agreement_id)
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
        case AgreementKept():
            return row.agreement_id
        case PictureTold():
            return row.subject


def records_of(row: Kept) -> tuple[UUID, ...]:
    """The records of people that a row speaks of."""
    match row:
        case SourceRecord():
            return (row.record_id,)
        case LinkEvidence():
            return (row.patient_record, row.carer_record)
        case StayFacts():
            return (row.patient_record,)
        case AgreementKept():
            return (row.carer_record,)
        case PictureTold():
            return ()


def people_touched(before: RegionView, after: RegionView, changed: Iterable[Kept]) -> set[UUID]:
    """Everybody whose pictures may look different: the people of the changed rows, and those linked with them."""
    records = {
        record for row in changed for record in (*records_of(row), *records_before(before, row))
    }
    reached = {view.person(record) for view in (before, after) for record in records}
    members = {
        each.record_id
        for view in (before, after)
        for person in reached
        for each in view.members(person)
    }
    people = {view.person(record) for view in (before, after) for record in records | members}
    linked = {
        view.person(end)
        for view in (before, after)
        for person in people
        for link in view.links_of(person)
        for end in (link.patient_record, link.carer_record)
    }
    return people | linked


def records_before(before: RegionView, row: Kept) -> tuple[UUID, ...]:
    """The records of people that the row spoke of until now; a stay or an agreement may have moved."""
    stood = standing(before, row)
    return () if stood is None else records_of(stood)
