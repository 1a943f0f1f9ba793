"""Whether an event only says again what is known, at a later time: then every picture is what it was.

A picture holds no words and no `as_of`, so what only moves those changes no picture, unless it changes whose word
comes first or counts last: of the records of a person, of plan and cancellation, of a role and its end. Most A08 end
here.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Final
from uuid import UUID

from hub.matching.linking import is_told_anew
from hub.matching.region import Kept, RegionView
from hub.matching.whose import merged_first
from hub.records import EvidenceKind, LinkEvidence, SourceRecord, StayFacts
from processors.carer_matching.notices import registered_by, role_stands
from processors.carer_matching.pictures import last_word_on_death
from processors.carer_matching.rows import records_of, standing
from processors.carer_matching.standing import stands
from processors.carer_matching.stays import status_of
from processors.carer_matching.visits import goes_on_as, known_as, stands_alone


def says_it_again(before: RegionView, after: RegionView, changed: Iterable[Kept]) -> bool:
    """Whether the rows that change hold what they held, and nobody's words changed places."""
    rows = tuple(changed)
    if not all(holds_the_same(standing(before, row), row) for row in rows):
        return False
    if any(is_linked_anew(standing(before, row), row) for row in rows):
        return False
    if not all(was_merged_then(standing(before, row), row) for row in rows):
        return False
    stays = [row for row in rows if isinstance(row, StayFacts)]
    if not all(is_known_the_same(before, after, row) for row in stays):
        return False
    people = {before.person(record) for row in rows for record in records_of(row)}
    return all(ranks_the_same(before, after, person) for person in people) and stand_the_same(
        before, after, people
    )


MOVES: Final = frozenset({"words", "as_of", "last_said"})
"""Fields that say only when something was said."""

HELD: Final[dict[type[Kept], Callable[[Kept], object]]] = {
    kind: attrgetter(*(each.name for each in fields(kind) if each.name not in MOVES))
    for kind in (SourceRecord, StayFacts, LinkEvidence)
}
"""What a row holds besides; a picture holds nothing of `MOVES`."""


def holds_the_same(stood: Kept | None, row: Kept) -> bool:
    """Whether a row differs from what stood only in when it was last said."""
    held = HELD.get(type(row))
    return stood is not None and held is not None and held(stood) == held(row)


def is_linked_anew(stood: Kept | None, row: Kept) -> bool:
    """Whether somebody says whether they want to be linked: perhaps again, and later than another record of theirs."""
    return (
        isinstance(stood, SourceRecord)
        and isinstance(row, SourceRecord)
        and is_told_anew(stood, row)
    )


def was_merged_then(stood: Kept | None, row: Kept) -> bool:
    """Whether a record was merged first when it was: whose the stays are that were named since depends on it."""
    if not isinstance(stood, SourceRecord) or not isinstance(row, SourceRecord):
        return True
    return stood.merged_into is None or merged_first(stood) == merged_first(row)


def is_known_the_same(before: RegionView, after: RegionView, row: StayFacts) -> bool:
    """Whether the stay under the number that goes on is what it was: other numbers may have been spoken of since."""
    stood = before.stays.get(row.stay_id) or row
    if before.patient_of(stood) != after.patient_of(row):
        return False
    if stands_alone(before, row) and stands_alone(after, row):
        return status_of(stood) is status_of(row)
    heir = goes_on_as(after, row)
    if before.patient_of(before.stays.get(heir.stay_id) or heir) != after.patient_of(heir):
        return False
    was, now = (known_as(view, view.stays.get(heir.stay_id) or heir) for view in (before, after))
    return holds_the_same(was, now) and status_of(was) is status_of(now)


def ranks_the_same(before: RegionView, after: RegionView, person: UUID) -> bool:
    """Whether the records of a person come in the same order of time, and the same ones tell of death and practice."""
    were, are = before.members(person), after.members(person)
    return len(were) < 2 or ranks(were) == ranks(are)


def ranks(
    members: tuple[SourceRecord, ...],
) -> tuple[list[UUID], UUID | None, UUID | None]:
    """Records, the latest heard of last, and those with the latest word on a death and on the practice."""
    by_time = sorted(members, key=lambda each: (each.as_of, each.record_id.int))
    death, practice = last_word_on_death(members), registered_by(members)
    return (
        [each.record_id for each in by_time],
        death.record_id if death else None,
        practice.record_id if practice else None,
    )


def stand_the_same(before: RegionView, after: RegionView, people: Iterable[UUID]) -> bool:
    """Whether each piece of evidence about these people counts as it did."""
    links = {link.evidence_id: link for person in people for link in before.links_of(person)}
    return all(
        counts_in(before, link) == counts_in(after, after.evidence.get(each) or link)
        for each, link in links.items()
    )


def counts_in(view: RegionView, link: LinkEvidence) -> bool:
    """Whether a link counts, or a proxy role: of the latter the end is a row of its own, also beside the patient."""
    if link.kind is EvidenceKind.PROXY_ROLE:
        return role_stands(view, link)
    return stands(view, link)
