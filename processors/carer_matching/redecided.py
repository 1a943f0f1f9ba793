"""Changed code lists: what was decided by the ones before is decided anew, from what was kept."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from hub.matching.region import Kept, RegionView
from hub.records import LinkEvidence, PersonDecision, SourceRecord
from processors.carer_matching.codes import Means, meaning_of
from processors.carer_matching.links import BY_ROLE, is_by_flag
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.statements import decided, statements_on

COMMAND: Final = "codes"
"""The operator's command to the owner of a region: decide by the lists as they are now."""


def is_asked_by(event: PersonDecision) -> bool:
    """Whether an operator asks for it."""
    return event.command is not None and event.command.name == COMMAND


def changes_from(view: RegionView, policy: MatchingPolicy) -> Iterator[Kept]:
    """Records whose status was decided by other lists, and links that a flag told of, as the lists have them now."""
    records = {
        record.record_id: after
        for record in view.records.values()
        if (after := by_these_lists(record, policy)) is not None
    }
    yield from (records[each] for each in sorted(records))
    yield from sorted(links_of(view, records, policy), key=lambda link: link.evidence_id)


def by_these_lists(record: SourceRecord, policy: MatchingPolicy) -> SourceRecord | None:
    """The record under these lists; None when nothing was ever said of caring."""
    statements = statements_on(record, policy)
    if not statements:
        return None
    return decided(replace(record, carer_statements=statements), policy)


def links_of(
    view: RegionView, records: Mapping[UUID, SourceRecord], policy: MatchingPolicy
) -> Iterator[LinkEvidence]:
    """Links whose flag says something else now. What the relationship itself says of caring stays.

    Whether they still are a carer is asked of their records whenever it matters (`standing`), and not kept in the link.
    """
    for link in view.evidence.values():
        if link.kind in BY_ROLE:
            continue
        own = [
            records.get(each.record_id, each)
            for each in view.members(view.person(link.carer_record))
            if each.source == link.source
        ]
        if not any(each.record_id in records for each in own):
            continue
        is_carer = not is_by_flag(link) or any(says_carer(each, policy) for each in own)
        if is_carer != link.is_carer:
            since = link.first_said if is_carer and link.active else None
            yield replace(link, is_carer=is_carer, first_carer_said=since)


def says_carer(record: SourceRecord, policy: MatchingPolicy) -> bool:
    """Whether any code that a record keeps says "is a carer", now or until it was taken away."""
    return any(
        meaning_of(each.codings, record.source, policy) is Means.CARER
        for each in record.carer_statements
    )
