"""Changed code lists: what was decided by the ones before is decided anew, from what was kept."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from uuid import UUID

from hub.fhir.related_person import means_carer
from hub.matching.region import Kept, RegionView
from hub.records import EvidenceKind, LinkEvidence, PersonDecision, SourceRecord
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
    yield from sorted(links_of(view, records), key=lambda link: link.evidence_id)


def by_these_lists(record: SourceRecord, policy: MatchingPolicy) -> SourceRecord | None:
    """The record under these lists; None when nothing was ever said of caring."""
    statements = statements_on(record, policy)
    if not statements:
        return None
    return decided(replace(record, carer_statements=statements), policy)


def links_of(view: RegionView, records: dict[UUID, SourceRecord]) -> Iterator[LinkEvidence]:
    """Links whose flag says something else now. What the relationship itself says of caring stays."""
    for link in view.evidence.values():
        record = records.get(link.carer_record)
        if link.kind is not EvidenceKind.GP_FLAG or record is None:
            continue
        status = record.carer_status
        is_carer = (status is not None and status.is_carer) or any(
            means_carer(each) for each in link.relationships
        )
        if is_carer != link.is_carer:
            since = link.first_said if is_carer and link.active else None
            yield replace(link, is_carer=is_carer, first_carer_said=since)
