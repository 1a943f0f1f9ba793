"""Whether a piece of evidence counts now, as the region knows it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from hub.identity import evidence_id
from hub.matching.region import RegionView
from hub.matching.words import later, order, word_on
from hub.records import EvidenceKind, LinkEvidence, SourceRecord, Word
from processors.carer_matching.contacts import contact_at
from processors.carer_matching.links import counts, is_by_flag
from processors.carer_matching.people import LISTED
from processors.carer_matching.succession import goes_on_as
from processors.carer_matching.withheld import is_withheld

FORMS: Final = frozenset({EvidenceKind.GP_FLAG, EvidenceKind.RELATED_PERSON})
"""The two forms in which a practice tells of a link: a RelatedPerson with a flag beside it, or alone."""


def stands(view: RegionView, evidence: LinkEvidence) -> bool:
    """By what was said of it, and neither of the two wants not to be linked."""
    return still_said(view, evidence) and not is_withheld(view, evidence, still_said)


def still_said(view: RegionView, evidence: LinkEvidence) -> bool:
    """Not ended, not missing from a later list, and no later word that its carer is none."""
    said, listed = latest_on(view, evidence)
    return (
        counts(said, listed)
        and not ended_another_way(view, said)
        and not no_longer_a_carer(view, said)
    )


def latest_on(view: RegionView, evidence: LinkEvidence) -> tuple[LinkEvidence, Word | None]:
    """The latest word on a contact, and when all contacts were last listed.

    After a merge its sender speaks of the record that goes on: what it says there of the same contact, and which
    contacts it lists, is said of this one.
    """
    patient = view.records.get(evidence.patient_record)
    if patient is None:
        return evidence, None
    said, listed = evidence, word_on(patient.words, LISTED)
    for heir, merge in goes_on_as(view, patient):
        contact = contact_at(view, evidence, heir.record_id)
        there = view.evidence.get(
            evidence_id(heir.record_id, contact, evidence.kind.value, evidence.source)
        )
        if there is not None and later(there.last_said, max(merge, said.last_said, key=order)):
            said = there
        list_there = word_on(heir.words, LISTED) if heir.source == evidence.source else None
        if list_there is not None and later(list_there, merge):
            listed = max(listed or list_there, list_there, key=order)
    return said, listed


def ended_another_way(view: RegionView, evidence: LinkEvidence) -> bool:
    """Whether the same sender ended the link later in its other form: with a flag beside it, or without."""
    if evidence.kind not in FORMS:
        return False
    others = (
        view.evidence.get(
            evidence_id(evidence.patient_record, evidence.carer_record, kind, evidence.source)
        )
        for kind in FORMS - {evidence.kind}
    )
    return any(
        other is not None
        and not other.active
        and order(other.last_said) > order(evidence.last_said)
        for other in others
    )


def no_longer_a_carer(view: RegionView, evidence: LinkEvidence) -> bool:
    """Whether the carer's records say that they are none: a later word ends every older link.

    That a source ceased to list somebody says nothing of what other sources say. A link that only a flag made one of
    caring follows what the flags of its source come to by date: an old code that is sent again makes nobody a carer.
    """
    told = [
        member
        for member in view.members(view.person(evidence.carer_record))
        if (status := member.carer_status) is not None
        and (not status.withdrawn or member.source == evidence.source)
    ]
    said = [verdict for member in told if (verdict := last_verdict(member, evidence)) is not None]
    if not said:
        return False
    latest, is_carer = max(said)
    if not is_carer and latest > order(evidence.last_said):
        return True
    return is_by_flag(evidence) and is_none_by_date(told, evidence.source)


def last_verdict(
    record: SourceRecord, evidence: LinkEvidence
) -> tuple[tuple[datetime, bool, int, int], bool] | None:
    """When a record last said whether somebody is a carer, and what; to its own links, that it lists them no more."""
    word, status = word_on(record.words, "carer"), record.carer_status
    if word is None or status is None:
        return None
    unlisted = [
        order(each.said)
        for each in record.carer_statements
        if not (each.listed or status.is_carer) and record.source == evidence.source
    ]
    return max([order(word), *unlisted]), status.is_carer


def is_none_by_date(records: Iterable[SourceRecord], source: str) -> bool:
    """Whether of the records of one source the one with the latest date says that they are no carer."""
    own = [
        (status.at, not status.is_carer)
        for each in records
        if each.source == source and (status := each.carer_status) is not None
    ]
    return bool(own) and max(own)[1]
