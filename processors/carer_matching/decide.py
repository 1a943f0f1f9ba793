"""Take in one event, and publish the pictures that it changes.

Whatever the event was, the same three steps: what rows of state stand after it; which people that touches; which
of their pictures now say something else than was last published. An unchanged picture is not published.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, TypeAlias
from uuid import UUID

from hub.decisions import Decisions, Remember
from hub.matching.decided import around
from hub.matching.noted import notes_on
from hub.matching.region import Kept, RegionView, decisive
from hub.matching.whose import merged_first
from hub.records import (
    CarerFlagEvent,
    EncounterEvent,
    LinkEvidence,
    PersonDecision,
    PersonNotice,
    ReminderDue,
    ReviewKept,
    SourceRecord,
    StayFacts,
)
from processors.carer_matching import (
    agreements,
    answers,
    encounters,
    flags,
    held,
    links,
    notices,
    redecided,
    statement_ends,
)
from processors.carer_matching.beside import reading_otherwise
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.publishing import Change, what_differs
from processors.carer_matching.rows import key_of, records_before, records_of, standing
from processors.carer_matching.sameness import says_it_again
from processors.carer_matching.visits import goes_on_as
from processors.carer_matching.withheld import beside_unlinked, perhaps_unlinked, read_otherwise

NAME: Final = "carer_matching"

Heard: TypeAlias = EncounterEvent | CarerFlagEvent | PersonDecision | PersonNotice | ReminderDue
"""What a region hears of people and their stays."""


def decide(view: RegionView, event: Heard, policy: MatchingPolicy) -> Decisions:
    """The rows that change, the pictures that now differ, and what evidence decides otherwise.

    Raises:
        Undecodable: The event's resource is no JSON.
        InvalidResource: It breaks a rule; the place is a FHIRPath.
    """
    after = view.overlay()
    changed = [row for row in changes_from(view, event, policy) if taken_in(after, row)]
    if says_it_again(view, after, changed) and not after.moved():
        return remembered(view, changed)
    people = people_touched(view, after, changed)
    held_anew = held.changes_from(view, after, people, changed)
    waiting = [row for row in held_anew if taken_in(after, row)]
    if waiting:
        changed += waiting
        people = people_touched(view, after, changed)
    records = in_question(view, after, changed) | held.held_back(after, people)
    records |= read_otherwise(view, after, people)
    change = Change(view, after, people, records, event, NAME)
    return (*remembered(view, changed), *what_differs(change, policy), *notes_on(view, after))


def remembered(view: RegionView, changed: list[Kept]) -> Decisions:
    """The rows that change, to be kept, and when their time is over."""
    return (
        *[Remember(key_of(row), row) for row in changed],
        *links.reminders_of(view, changed),
        *statement_ends.reminders_of(view, changed),
        *agreements.reminders_of(view, changed),
    )


def changes_from(view: RegionView, event: Heard, policy: MatchingPolicy) -> Iterator[Kept]:
    """The rows of state as they stand after the event."""
    match event:
        case EncounterEvent():
            return encounters.changes_from(view, event, policy)
        case CarerFlagEvent():
            return flags.changes_from(view, event, policy)
        case PersonDecision() if redecided.is_asked_by(event):
            return redecided.changes_from(view, policy)
        case PersonDecision() if answers.is_asked_by(event):
            return answers.changes_from(view, event)
        case PersonDecision():
            return agreements.changes_from(view, event, policy)
        case ReminderDue():
            return chain(
                links.ended_by_time(view, event),
                statement_ends.ended_by_time(view, event, policy),
                agreements.ended_by_time(view, event),
            )
        case PersonNotice():
            return notices.changes_from(view, event)


def taken_in(after: RegionView, row: Kept) -> bool:
    """Put a row where it differs from what stands; say whether it did."""
    if standing(after, row) == row:
        return False
    after.put(row)
    return True


def in_question(before: RegionView, after: RegionView, changed: Iterable[Kept]) -> set[UUID]:
    """The records of which a question may read differently: those that changed, and of whoever's stay changed, or link.

    Whoever is in hospital and looks after somebody may leave them alone. Who is protected now protects all of their
    records, and whoever is one person with any of those.
    """
    changed_records = {
        record
        for row in changed
        if isinstance(row, SourceRecord | ReviewKept)
        for record in records_of(row)
    }
    of_stays = {
        member.record_id
        for row in changed
        if isinstance(row, StayFacts)
        for record in (
            *records_of(row),
            *records_before(before, row),
            *patients(before, after, row),
        )
        for member in after.members(after.person(record))
    }
    of_carers = {
        member.record_id
        for row in changed
        if isinstance(row, LinkEvidence)
        for record in (row.carer_record, *records_before(before, row))
        for member in after.members(after.person(record))
    }
    changed_records |= parted_anew(before, after, changed) | after.moved()
    changed_records |= reading_otherwise(before, after, changed_records)
    return sharing_a_notice(before, after, changed_records) | of_stays | of_carers


def sharing_a_notice(before: RegionView, after: RegionView, records: set[UUID]) -> set[UUID]:
    """These records, and those whose notices they may take away or bring by having the same NHS number."""
    return records.union(*(view.sharing_a_notice(records) for view in (before, after)))


def parted_anew(before: RegionView, after: RegionView, changed: Iterable[Kept]) -> frozenset[UUID]:
    """Where people have decided anything: everybody who may be joined or parted because these records changed."""
    records = [
        record
        for row in changed
        if isinstance(row, ReviewKept)
        or (isinstance(row, SourceRecord) and not decides_the_same(standing(before, row), row))
        for record in records_of(row)
    ]
    if not (records and after.is_asked_about_any()):
        return frozenset()
    return around(before, records) | around(after, records)


def decides_the_same(stood: Kept | None, row: SourceRecord) -> bool:
    """Whether neither a match nor whose a stay is depends on anything that changed in a record."""
    return (
        isinstance(stood, SourceRecord)
        and decisive(stood) == decisive(row)
        and merged_first(stood) == merged_first(row)
    )


def patients(before: RegionView, after: RegionView, row: StayFacts) -> Iterator[UUID]:
    """Whose a stay was and is, and the stay that it goes on as."""
    for view in (before, after):
        stay = view.stays.get(row.stay_id)
        if stay is not None:
            yield view.patient_of(stay)
            if stay.superseded_by is not None:
                yield view.patient_of(goes_on_as(view, stay))


def people_touched(before: RegionView, after: RegionView, changed: Iterable[Kept]) -> set[UUID]:
    """Everybody whose pictures may look different: the people of the changed rows, and those linked with them."""
    records = {
        record for row in changed for record in (*records_of(row), *records_before(before, row))
    }
    stays = [row for row in changed if isinstance(row, StayFacts)]
    records |= {each for row in stays for each in patients(before, after, row)}
    records |= parted_anew(before, after, changed) | after.moved()
    records = sharing_a_notice(before, after, records)
    reached = {view.person(record) for view in (before, after) for record in records}
    members = {
        each.record_id
        for view in (before, after)
        for person in reached
        for each in view.members(person)
    }
    people = {view.person(record) for view in (before, after) for record in records | members}
    people |= perhaps_unlinked(before, after, people)
    linked = {
        view.person(end)
        for view in (before, after)
        for person in people
        for link in view.links_of(person)
        for end in (link.patient_record, link.carer_record)
    }
    return people | linked | beside_unlinked(before, after, people)
